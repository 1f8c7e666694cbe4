"""The classes that pictures and polygons sort a map's values into, with their limits, names and colours.

Colours are told apart by the colour-blind, and run from light to dark, so that grey print keeps their order;
what grey print would confuse is hatched. Sequential and diverging colours are C. Brewer's (colorbrewer2.org,
Apache 2.0): YlGnBu without its darkest, in which coasts would drown, Blues and PuOr.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.maps import BOTH, GAINED, LOST, is_share, kind_of, quantity_of, values_of
from midcourse.dossier.errors import InputError

from ..numbers import MINUS, NARROW_SPACE, unit_name

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

SEQUENTIAL = ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8")
SHARES = ("#eff3ff", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
LESS = ("#fee0b6", "#fdb863", "#e08214", "#b35806")
MORE = ("#d8daeb", "#b2abd2", "#8073ac", "#542788")
INSIDE, KEPT, NEW, GONE, SAME, NONE = "#56a0cf", "#b9cbd8", "#0072b2", "#e69f00", "#f7f7f7", "#e8e8e8"

SHARE_LIMITS = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
MOST_CLASSES = 7
MOST_WHOLE = 8  # different whole numbers that get a class each


@dataclass(frozen=True, slots=True)
class Class:
    """Values of ``low`` up to below ``high``, or of one value where both are the same, by name and colour."""

    name: str
    colour: str
    low: float | None = None
    high: float | None = None
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Classes:
    """A map sorted: ``index`` (cells,) into ``classes``, -1 for what stays blank.

    ``heading`` goes over the legend. The class of cells without a value, if there are any, is the last, and
    ``missing`` its number, else -1.
    """

    heading: str
    classes: tuple[Class, ...]
    index: NDArray[np.int64]
    missing: int


def classify(data: xr.Dataset, levels: Sequence[float] | None = None) -> Classes:
    """Sort a map into classes, by given limits or chosen ones."""
    shown, kind, values = quantity_of(data), kind_of(data), values_of(data)
    unit = str(shown.attrs["units"])
    if levels is not None and kind in ("area", "gain"):
        raise InputError(
            "levels are for maps of numbers and shares, and this one shows an area", where="--levels"
        )
    if kind == "area":
        classes, index = (
            [Class(str(shown.attrs["long_name"]), INSIDE, 1.0, 1.0)],
            np.where(values == 1, 0, -1),
        )
        heading = ""
    elif kind == "gain":
        before, after = data.attrs["before"], data.attrs["after"]
        classes = [
            Class(f"with both {before} and {after}", KEPT, BOTH, BOTH),
            Class(f"gained: only with {after}", NEW, GAINED, GAINED),
            Class(f"lost: only with {before}", GONE, LOST, LOST, hatched=True),
        ]
        index = np.select([values == BOTH, values == GAINED, values == LOST], [0, 1, 2], -1)
        heading = str(shown.attrs["long_name"])
    else:
        known = values[np.isfinite(values)]
        limits = given_limits(levels, known) if levels is not None else chosen_limits(kind, known)
        whole = levels is None and kind != "share" and single_values(known)
        unit = "%" if is_share(data) else unit
        factor = 100.0 if is_share(data) else 1.0
        classes = [named(low, high, kind, unit, factor) for low, high in (whole or limits)]
        if whole:
            index = np.searchsorted(np.array([low for low, _ in whole]), values)
        else:
            index = np.searchsorted(np.array([low for low, _ in limits]), values, side="right") - 1
        classes = coloured(classes, kind)
        if kind == "change" and not whole and np.any(known == 0.0):
            classes.append(Class("no change", SAME, 0.0, 0.0))
            index = np.where(values == 0.0, len(classes) - 1, index)
        # What never happens stays blank, as what lies outside an area does.
        index = np.where(np.isfinite(values) & ~((kind == "share") & (values == 0.0)), index, -1)
        printed = unit_name(unit)
        heading = str(shown.attrs["long_name"]) + (f" [{printed}]" if printed else "")
    missing = -1
    if np.any(np.isnan(values)):
        missing = len(classes)
        classes.append(Class(str(shown.attrs["missing"]), NONE, hatched=True))
        index = np.where(np.isnan(values), missing, index)
    return Classes(heading[:1].upper() + heading[1:], tuple(classes), index.astype(np.int64), missing)


def given_limits(levels: Sequence[float], known: Floats) -> list[tuple[float, float]]:
    """Classes between limits, and open ones below and above where values lie there."""
    limits = [float(level) for level in levels]
    if len(limits) < 1 or not all(math.isfinite(level) for level in limits) or sorted(set(limits)) != limits:
        written = ",".join(f"{level:g}" for level in limits)
        raise InputError(
            "{value} are no class limits",
            where="--levels",
            value=written,
            expected="rising numbers: 300,600,900",
        )
    if len(limits) == 1 or (len(known) and known.min() < limits[0]):
        limits.insert(0, -math.inf)
    if (len(limits) == 2 and limits[0] == -math.inf) or (len(known) and known.max() > limits[-1]):
        limits.append(math.inf)
    return list(itertools.pairwise(limits))


def chosen_limits(kind: str, known: Floats) -> list[tuple[float, float]]:
    """Some half a dozen classes with round limits; of a change, as far below zero as above."""
    if kind == "share":
        return list(itertools.pairwise(SHARE_LIMITS))
    if not len(known):
        return []
    low, high = float(known.min()), float(known.max())
    if kind == "change":
        most = max(abs(low), abs(high))
        step = round_step(most / (MOST_CLASSES // 2))
        steps = max(1, math.ceil(most / step - 1e-9))
        limits = [step * i for i in range(-steps, steps + 1)]
    else:
        step = round_step((high - low) / MOST_CLASSES)
        first = math.floor(low / step + 1e-9)
        limits = [step * i for i in range(first, max(first + 1, math.ceil(high / step - 1e-9)) + 1)]
    return list(itertools.pairwise(limits))


def single_values(known: Floats) -> list[tuple[float, float]]:
    """A class for each value where all are whole and few: shots are counted, not ranged."""
    different = np.unique(known[: 10 * MOST_WHOLE])
    if len(different) > MOST_WHOLE or np.any(different != np.round(different)):
        return []
    different = np.unique(known)
    if not 0 < len(different) <= MOST_WHOLE or np.any(different != np.round(different)):
        return []
    return [(value, value) for value in different.tolist()]


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below ``least``."""
    if least <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= least * (1 - 1e-9)
    )


def named(low: float, high: float, kind: str, unit: str, factor: float) -> Class:
    """A class with its limits as its name: 300 to 600; under 300; 600 and more."""
    signed = kind == "change"
    first, last = number(low * factor, signed), number(high * factor, signed)
    if low == high:
        name = first
    elif low == -math.inf or (kind == "share" and low == 0.0):
        name = f"under {last}"
    elif high == math.inf:
        name = f"{first} and more"
    else:
        name = f"{first} to {last}"
    shown = unit_name(unit)
    return Class(f"{name}{NARROW_SPACE}{shown}" if shown else name, NONE, low, high)


def number(value: float, signed: bool) -> str:
    text = f"{abs(value):,.6g}" if abs(value) < 1e6 else f"{abs(value):,.0f}"
    if value < 0:
        return f"{MINUS}{text}"
    return f"+{text}" if signed and value > 0 else text


def coloured(classes: list[Class], kind: str) -> list[Class]:
    """Give classes their colours; what falls in a change is hatched."""
    if kind != "change":
        colours = blend(SHARES if kind == "share" else SEQUENTIAL, len(classes))
        return [replace(one, colour=colour) for one, colour in zip(classes, colours, strict=True)]
    falls = [one for one in classes if one.high is not None and one.high <= 0 and one.low != 0]
    same = [one for one in classes if one.low == one.high == 0]
    rises = classes[len(falls) + len(same) :]
    return [
        *(
            replace(one, colour=colour, hatched=True)
            for one, colour in zip(falls, reversed(blend(LESS, len(falls))), strict=True)
        ),
        *(replace(one, colour=SAME, name="no change") for one in same),
        *(replace(one, colour=colour) for one, colour in zip(rises, blend(MORE, len(rises)), strict=True)),
    ]


def blend(colours: Sequence[str], count: int) -> list[str]:
    """So many colours along a scale, its ends among them."""
    if count == 1:
        return [colours[len(colours) // 2]]
    channels = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours], dtype=float)
    place, known = np.linspace(0, len(colours) - 1, count), np.arange(len(colours))
    mixed = np.column_stack([np.interp(place, known, channels[:, i]) for i in range(3)])
    return ["#" + "".join(f"{round(channel):02x}" for channel in colour) for colour in mixed.tolist()]
