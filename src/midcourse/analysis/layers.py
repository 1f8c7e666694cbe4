"""Quantities that set proposals side by side: shots, warning, battle space, what is added to a defence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..physics.acquisition import FIRST
from .quantity import Case, quantity, share
from .world import World

Array = NDArray[np.float64]


def _over_flights(values: Array, reach: NDArray[np.bool_]) -> Array:
    """Mean over the flights that reach their targets, nothing where there is no number: (samples,)."""
    known = np.where(reach, np.nan_to_num(values), 0.0)
    return np.asarray(known.sum(axis=1) / np.maximum(reach.sum(axis=1), 1))


def _least(values: Array) -> Array:
    """Least over the first axis of what is a number; nan where nothing is."""
    infinite = np.min(np.where(np.isnan(values), np.inf, values), axis=0, initial=np.inf)
    return np.where(np.isinf(infinite), np.nan, infinite)


@quantity("shots", ["threat", "architecture"], [], ["reach", "commit", "shots"], most_rows=64)
def mean_shots(world: World, case: Case) -> Array:
    """Shots one after another, each taken only when the outcome of the last is known, over all batteries of
    the architecture; the mean over flights."""
    return _over_flights(world.shots(case.threat, case.architecture), world.reachable(case.threat))


@quantity("s", ["threat", "architecture"], [], ["sensor"])
def warning_time(world: World, case: Case) -> Array:
    """From the first sight by any radar of the architecture to impact; the mean over flights, those never
    seen counting as none. The satellites' warning, which comes before it, is left out."""
    sensors = world.setting.defence(case.architecture).sensors
    if not sensors:
        return np.zeros(world.rows)
    first = _least(
        np.stack([world.sight(case.threat, case.architecture, each.name)[:, :, FIRST] for each in sensors])
    )
    return _over_flights(world.timing(case.threat, "impact_s") - first, world.reachable(case.threat))


@quantity("s", ["threat", "architecture"], [], ["reach", "commit"], most_rows=32)
def battle_space(world: World, case: Case) -> Array:
    """From the first launch of an interceptor that the track allows to the last, over all batteries; the mean
    over flights, those that cannot be engaged counting as none."""
    windows = world.chances(case.threat, case.architecture, closely=True).windows
    span = -_least(-windows[..., 1]) - _least(windows[..., 0])
    return _over_flights(span, world.reachable(case.threat))


@quantity("%", ["threat", "architecture", "baseline"], [], ["reach", "commit"])
def layer_share(world: World, case: Case) -> Array:
    """Flights that can be engaged by a battery which the baseline does not have: the layer that the
    architecture adds."""
    defence = world.setting.defence(case.architecture)
    known = {(each.name, each.site) for each in world.setting.defence(case.baseline).batteries}
    own = [i for i, each in enumerate(defence.batteries) if (each.name, each.site) not in known]
    engaged = world.engaged(case.threat, case.architecture)[own]
    return share(np.asarray(engaged.any(axis=0)), world.reachable(case.threat))
