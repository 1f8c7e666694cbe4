"""How a layer is shown: classes, ramps and their legends, in the colours of maps on paper.

Scales hang on what is asked and not on what comes out, so that colours keep their meaning while a base is
dragged, and from one side of a split globe to the other. Only differences of numbers are scaled by what they
are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from ...analysis.maps import BOTH, GAINED, LOST, NEITHER, is_share, kind_of, quantity_of, values_of
from ..maps.classes import (
    GONE,
    INSIDE,
    LESS,
    MORE,
    NEW,
    NONE,
    SAME,
    SEQUENTIAL,
    SHARES,
    number,
)
from ..numbers import counted, unit_name

if TYPE_CHECKING:
    import xarray

Kind = Literal["classes", "ramp", "difference"]

#: Where the ramp of interceptors' flight times ends [s].
REACH_TOP_S = 900.0
_MINUTE_S = 60.0
# Round numbers of one digit or two.
_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_NOUNS = {
    "defended": "defence", "shots": "shots", "warning": "warning", "seen": "sight", "reach": "flight time",
    "denied": "engagement",
}  # fmt: skip
_YES_NO = {
    "defended": ("defended", "not defended"), "seen": ("seen", "not seen"),
    "denied": ("can be engaged", "cannot be engaged"),
}  # fmt: skip


class LegendEntry(BaseModel):
    """A value with its name and colour: of a class, or of a stop along a ramp."""

    model_config = ConfigDict(frozen=True)

    value: float
    label: str
    colour: str


@dataclass(frozen=True)
class Painted:
    """What a layer's values are shown as, in the fields of ``Layer``."""

    kind: Kind
    unit: str
    legend: tuple[LegendEntry, ...]
    noun: str
    missing: str


def paint(data: xarray.Dataset, quantity: str, top: float) -> Painted:
    """How a map of a quantity, or a difference of two, is shown.

    ``top`` is where a ramp ends: the most that the quantity can be, or most often is.
    """
    shown, kind = quantity_of(data), kind_of(data)
    unit = "shots" if quantity == "shots" else unit_name(str(shown.attrs["units"]))
    noun = _NOUNS[quantity]
    if is_share(data):
        unit, noun = "%", "probability"
    missing = str(shown.attrs["missing"])
    made: Kind = "classes"
    if kind == "gain":
        before, after = str(data.attrs["before"]), str(data.attrs["after"])
        entries = _difference(_YES_NO[quantity][0], after, before)
        made = "difference"
    elif kind == "area":
        yes, no = _YES_NO[quantity]
        entries = [(1.0, yes, INSIDE), (0.0, no, NONE)]
    elif kind == "change":
        made, entries = "ramp", _diverging(_most(data, whole=quantity == "shots"))
    elif kind == "share":
        made, entries = "ramp", _rising(100.0, SHARES)
    elif quantity == "shots":
        entries = _counts()
    else:
        made, entries = "ramp", _rising(top, SEQUENTIAL, open_ended=quantity == "reach")
    legend = tuple(LegendEntry(value=value, label=label, colour=colour) for value, label, colour in entries)
    return Painted(made, unit, legend, noun, missing)


def top_of(quantity: str, longest_s: float) -> float:
    """Where the ramp of a quantity ends; ``longest_s`` is how long the longest flight of its threat takes."""
    if quantity == "reach":
        return REACH_TOP_S
    steps = len(SEQUENTIAL) - 1
    return steps * _MINUTE_S * max(1, math.ceil(longest_s / (steps * _MINUTE_S)))


def top_found(data: xarray.Dataset, quantity: str) -> float:
    """Where the ramp of a map ends that nothing but its values is known of."""
    known = values_of(data)
    most = float(known[np.isfinite(known)].max(initial=0.0))
    return _round(most) if quantity == "seen" else top_of(quantity, most)


def _difference(what: str, first: str, second: str) -> list[tuple[float, str, str]]:
    return [
        (float(BOTH), f"{what} by both", INSIDE),
        (float(GAINED), f"only by {first}", NEW),
        (float(LOST), f"only by {second}", GONE),
        (float(NEITHER), f"{what} by neither", NONE),
    ]


def _counts() -> list[tuple[float, str, str]]:
    """A class for every number of shots, the last open."""
    last = len(SEQUENTIAL) - 1
    names = ["none", *(counted(i, "shot") for i in range(1, last)), f"{counted(last, 'shot')} and more"]
    return [(float(i), name, colour) for i, (name, colour) in enumerate(zip(names, SEQUENTIAL, strict=True))]


def _rising(top: float, colours: Sequence[str], *, open_ended: bool = False) -> list[tuple[float, str, str]]:
    stops = np.linspace(0.0, top, len(colours)).tolist()
    names = [number(stop, signed=False) for stop in stops]
    if open_ended:
        names[-1] += " and more"
    return list(zip(stops, names, colours, strict=True))


def _diverging(most: float) -> list[tuple[float, str, str]]:
    """A ramp with nothing in its middle."""
    colours = (LESS[3], LESS[1], SAME, MORE[1], MORE[3])
    stops: Sequence[float] = [most * part for part in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    return [(stop, number(stop, signed=True), colour) for stop, colour in zip(stops, colours, strict=True)]


def _most(data: xarray.Dataset, whole: bool) -> float:
    """A round number that no value exceeds either way; if ``whole``, one whose half is."""
    known = np.abs(values_of(data))
    most = float(known[np.isfinite(known)].max(initial=0.0)) * (100.0 if is_share(data) else 1.0)
    return 2.0 * max(1, math.ceil(most / 2.0)) if whole else _round(most)


def _round(least: float) -> float:
    """A round number that is no less than another, and not much more."""
    if least <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in _ROUND if factor * power >= least * (1.0 - 1e-9))
