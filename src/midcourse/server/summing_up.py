"""What a layer says in a sentence: of the land it is about, by true area, and of the people there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..analysis.grid import Grid
from ..analysis.mapping import FLOWN
from ..analysis.maps import BOTH, GAINED, LOST, kind_of, values_of
from ..output.numbers import NARROW_SPACE, amount, significant
from ..study.mapping import MapQuestion

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def summary(data: xarray.Dataset, question: MapQuestion) -> str:
    """The sentence of the map that answers a question, or of a difference of two."""
    values, kind = values_of(data), kind_of(data)
    about = _About(question.grid, np.isfinite(values), question.quantity in FLOWN)
    if kind == "gain":
        return _gained(data, values, about, _VERBS[question.quantity])
    if kind == "change":
        return _changed(data, values, about, question.quantity)
    return _SENTENCES[question.quantity](question, values, about)


_VERBS = {"defended": "defends", "seen": "sees"}
_NOTHING = "The missiles reach nothing here."


class _About:
    """The part of a map that its sentence is about, as far as it has values: of what missiles reach the land,
    unless it is all sea.
    """

    def __init__(self, grid: Grid, known: Mask, flown: bool) -> None:
        self.area = grid.area
        self.people = np.where(known, grid.ground.people, 0).astype(np.float64)
        land = np.where(known, grid.area * grid.ground.land, 0.0)
        dry = flown and bool(land.sum() > 0.0)
        self.weights = land if dry else np.where(known, grid.area, 0.0)
        self.words = f"{'land' if dry else 'area'}{' that the missiles reach' if flown else ''}"

    @property
    def none(self) -> bool:
        return not self.weights.sum() > 0.0

    def share(self, chosen: Mask) -> float:
        return float(self.weights[chosen].sum() / self.weights.sum())

    def km2(self, chosen: Mask) -> str:
        return _km2(self.weights[chosen].sum())

    def mean(self, values: Array) -> float:
        return float((self.weights * np.nan_to_num(values)).sum() / self.weights.sum())


def _defended(_: MapQuestion, values: Array, about: _About) -> str:
    if about.none:
        return _NOTHING
    inside = values == 1.0
    people = ""
    if about.people.sum() > 0.0:
        lives = float(about.people[inside].sum() / about.people.sum())
        people = f", with {_percent(lives)} of the people in its cities"
    return f"{_percent(about.share(inside))} of the {about.words} is defended: {about.km2(inside)}{people}."


def _shots(_: MapQuestion, values: Array, about: _About) -> str:
    if about.none:
        return _NOTHING
    mean, bare = about.mean(values), about.share(values == 0.0)
    return (
        f"{amount(mean, 'shots', mean, 10.0 * mean)} in turn on average over the {about.words}; "
        f"{_percent(bare)} of it gets none."
    )


def _warning(_: MapQuestion, values: Array, about: _About) -> str:
    if about.none:
        return _NOTHING
    mean, bare = about.mean(values), about.share(values == 0.0)
    return f"{_seconds(mean)} of warning on average over the {about.words}; {_percent(bare)} of it gets none."


def _seen(question: MapQuestion, values: Array, about: _About) -> str:
    seen = values == 1.0
    share = float(about.area[seen].sum() / about.area.sum())
    return (
        f"Above {_percent(share)} of the area, {_km2(about.area[seen].sum())}, some radar sees "
        f"{question.rcs_m2:g}{NARROW_SPACE}m² at {_altitude(question)}."
    )


def _reach(question: MapQuestion, values: Array, about: _About) -> str:
    known = np.isfinite(values)
    if not known.any():
        return f"Interceptors do not get to {_altitude(question)} anywhere here."
    share = float(about.area[known].sum() / about.area.sum())
    return (
        f"Interceptors get to {_altitude(question)} above {_percent(share)} of the area, "
        f"{_km2(about.area[known].sum())}; the soonest after {_seconds(float(values[known].min()))}."
    )


def _altitude(question: MapQuestion) -> str:
    return amount(question.altitudes_m[0] / 1e3, "km")


_SENTENCES = {
    "defended": _defended, "shots": _shots, "warning": _warning, "seen": _seen, "reach": _reach,
}  # fmt: skip


def _gained(data: xarray.Dataset, values: Array, about: _About, verb: str) -> str:
    if about.none:
        return _NOTHING
    before, after = data.attrs["before"], data.attrs["after"]
    ours, theirs, shared = (
        f"{_percent(about.share(values == code))} ({about.km2(values == code)})"
        if (values == code).any()
        else "nothing"
        for code in (GAINED, LOST, BOTH)
    )
    return f"Of the {about.words}, {after} alone {verb} {ours}, {before} alone {theirs}, both {shared}."


def _changed(data: xarray.Dataset, values: Array, about: _About, quantity: str) -> str:
    before, after = data.attrs["before"], data.attrs["after"]
    if about.none:
        return f"There is nothing here that both {after} and {before} have a value for."
    mean = about.mean(values)
    size, more = abs(mean), mean >= 0.0
    if quantity == "reach":
        when = "later" if more else "sooner"
        text = f"interceptors of {after} get there {_seconds(size)} {when} than those of {before}"
    elif quantity == "shots":
        text = f"{after} gives {significant(size, size, 10.0 * size)} {'more' if more else 'fewer'} shots"
        text += f" than {before}"
    else:
        text = f"{after} gives {_seconds(size)} {'more' if more else 'less'} warning than {before}"
    return f"Over the {about.words}, {text} on average."


def _percent(share: float) -> str:
    """A share in whole per cent; what is not quite nothing or all says so."""
    if 0.0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1.0:
        return "over 99 %"
    return f"{100.0 * share:.0f} %"


def _km2(area_m2: float) -> str:
    """An area in two digits."""
    km2 = float(area_m2) / 1e6
    if km2 >= 1e6:
        return amount(km2 / 1e6, "million km^2", km2 / 1e6, km2 / 1e5)
    return amount(km2, "km^2", km2, 10.0 * km2)


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s"
