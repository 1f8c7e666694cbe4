"""What a layer says in a sentence: of the land it is about, by true area, and of the people there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...analysis.grid import Grid
from ...analysis.maps import BOTH, GAINED, LOST, is_share, kind_of, values_of
from ..numbers import NARROW_SPACE, amount, counted, significant

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def summary(data: xarray.Dataset, grid: Grid, quantity: str) -> str:
    """The sentence of a map of a quantity on a grid, or of a difference of two."""
    values, kind = values_of(data), kind_of(data)
    about = _About(grid, np.isfinite(values), _FLOWN.get(quantity, ""))
    if kind == "gain":
        return _gained(data, values, about, _VERBS[quantity])
    if kind == "share":
        return _likely(values, about, quantity)
    if kind == "change":
        return _changed(data, values, about, quantity)
    return _SENTENCES[quantity](data, values, about)


_VERBS = {"defended": "defends", "seen": "sees", "denied": "denies"}
_NOTHING = "The missiles reach nothing here."
# What is said of the land that a map is about, where missiles fly.
_REACHED = " that the missiles reach"
_FLOWN = {
    "defended": _REACHED, "shots": _REACHED, "warning": _REACHED,
    "denied": " from which the missiles reach their target",
}  # fmt: skip


class _About:
    """The part of a map that its sentence is about, as far as it has values: of what missiles reach the land,
    unless it is all sea.

    ``flown`` is what is said of that land; nothing where no missiles fly.
    """

    def __init__(self, grid: Grid, known: Mask, flown: str) -> None:
        self.area = grid.area
        self.people = np.where(known, grid.ground.people, 0).astype(np.float64)
        land = np.where(known, grid.area * grid.ground.land, 0.0)
        dry = bool(flown and land.sum() > 0.0)
        self.weights = land if dry else np.where(known, grid.area, 0.0)
        self.words = f"{'land' if dry else 'area'}{flown}"

    @property
    def none(self) -> bool:
        return not self.weights.sum() > 0.0

    def share(self, chosen: Mask) -> float:
        return float(self.weights[chosen].sum() / self.weights.sum())

    def km2(self, chosen: Mask) -> str:
        return _km2(self.weights[chosen].sum())

    def mean(self, values: Array) -> float:
        return float((self.weights * np.nan_to_num(values)).sum() / self.weights.sum())


def _defended(_: xarray.Dataset, values: Array, about: _About) -> str:
    if about.none:
        return _NOTHING
    inside = values == 1.0
    people = ""
    if about.people.sum() > 0.0:
        lives = float(about.people[inside].sum() / about.people.sum())
        people = f", with {_percent(lives)} of the people in its cities"
    return f"{_percent(about.share(inside))} of the {about.words} is defended: {about.km2(inside)}{people}."


def _shots(_: xarray.Dataset, values: Array, about: _About) -> str:
    if about.none:
        return _NOTHING
    mean, bare = about.mean(values), about.share(values == 0.0)
    return (
        f"{amount(mean, 'shots', mean, 10.0 * mean)} in turn on average over the {about.words}; "
        f"{_percent(bare)} of it gets none."
    )


def _warning(_: xarray.Dataset, values: Array, about: _About) -> str:
    if about.none:
        return _NOTHING
    mean, bare = about.mean(values), about.share(values == 0.0)
    return f"{_seconds(mean)} of warning on average over the {about.words}; {_percent(bare)} of it gets none."


def _seen(data: xarray.Dataset, values: Array, about: _About) -> str:
    # Where several altitudes were asked about, the lowest from which it is seen; else yes or no.
    several = kind_of(data) == "number"
    seen = np.isfinite(values) if several else values == 1.0
    share = float(about.area[seen].sum() / about.area.sum())
    rcs_m2 = data.attrs.get("rcs_m2")
    target = "such a target" if rcs_m2 is None else f"{rcs_m2:g}{NARROW_SPACE}m²"
    return (
        f"Above {_percent(share)} of the area, {_km2(about.area[seen].sum())}, some radar sees "
        f"{target} at {'one of ' if several else ''}{_altitude(data)}."
    )


def _reach(data: xarray.Dataset, values: Array, about: _About) -> str:
    known = np.isfinite(values)
    if not known.any():
        return f"Interceptors do not get to {_altitude(data)} anywhere here."
    share = float(about.area[known].sum() / about.area.sum())
    return (
        f"Interceptors get to {_altitude(data)} above {_percent(share)} of the area, "
        f"{_km2(about.area[known].sum())}; the soonest after {_seconds(float(values[known].min()))}."
    )


def _altitude(data: xarray.Dataset) -> str:
    """The altitude or altitudes that a map is about, which older ones do not tell."""
    told = data.attrs.get("altitudes_km")
    return "the altitude asked about" if told is None else f"{told}{NARROW_SPACE}km"


def _denied(_: xarray.Dataset, values: Array, about: _About) -> str:
    if about.none:
        return "The missiles reach their target from nowhere here."
    inside = values == 1.0
    return (
        f"Flights from {_percent(about.share(inside))} of the {about.words} can be engaged: "
        f"{about.km2(inside)}."
    )


def _likely(values: Array, about: _About, quantity: str) -> str:
    if about.none:
        return _NOTHING
    what = "that flights from it can be engaged" if quantity == "denied" else "that it is defended"
    return (
        f"Over the {about.words} the chance {what} is {_percent(about.mean(values))} on average; on "
        f"{_percent(about.share(values == 1.0))} of it that is so in every world that was drawn, on "
        f"{_percent(about.share(values == 0.0))} in none."
    )


_SENTENCES = {
    "defended": _defended, "shots": _shots, "warning": _warning, "seen": _seen, "reach": _reach,
    "denied": _denied,
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
    if is_share(data):
        points = counted(round(100.0 * size), "percentage point")
        text = f"the chance is {points} {'higher' if more else 'lower'} with {after} than with {before}"
    elif quantity == "seen":
        far = f"{size:.0f}{NARROW_SPACE}km {'higher' if more else 'lower'}"
        text = f"a target must be {far} for {after} to see it than for {before}"
    elif quantity == "reach":
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
    """Seconds in three digits at most: a mean over a map carries no more."""
    return f"{float(f'{seconds:.3g}'):,.0f} s"
