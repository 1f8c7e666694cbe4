"""Quantities of outcome: what becomes of a missile that several interceptors are sent against."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..physics.acquisition import RESOLVED
from .quantity import Case, Detail, quantity, share
from .world import World

Array = NDArray[np.float64]


def salvo_hits(hit: Array, shots: int) -> Array:
    """Probability that at least one of so many shots hits, each by its own chance alone."""
    return np.asarray(1.0 - (1.0 - hit) ** shots)


def _parts(world: World, case: Case) -> tuple[NDArray[np.bool_], Array, Array]:
    """Of every flight whether it is engaged, and the chances that the warhead is picked and that a shot at it
    hits: (samples, pairs) each; the hit that of the best battery which can engage.
    """
    defence = world.setting.defence(case.architecture)
    firing = (defence.battery(case.battery),) if case.battery else defence.batteries
    chances = world.chances(case.threat, case.architecture, firing, sights=True)
    resolved = np.asarray(np.isfinite(chances.sights[..., RESOLVED]).any(axis=0))
    hit = np.zeros(resolved.shape)
    for battery, engaged in zip(firing, chances.engaged, strict=True):
        chance = world.value(f"interceptor.{battery.interceptor.name}.kill_probability")
        hit = np.maximum(hit, chance[:, None] * engaged)
    return np.asarray(chances.engaged.any(axis=0)), world.pick(case.architecture, resolved), hit


def _stopped(world: World, case: Case) -> Array:
    defence = world.setting.defence(case.architecture)
    firing = (defence.battery(case.battery),) if case.battery else defence.batteries
    if case.shots * case.missiles > sum(each.inventory for each in firing):
        return np.zeros(world.rows)
    _, picked, hit = _parts(world, case)
    each = picked * salvo_hits(hit, case.shots)
    reach = world.reachable(case.threat)
    one = np.where(reach, each, 0.0).sum(axis=1) / np.maximum(reach.sum(axis=1), 1)
    return np.asarray(one**case.missiles)


def _stopped_detail(world: World, case: Case) -> Detail:
    engaged, picked, hit = (part[0] for part in _parts(world, case))
    reach = world.reachable(case.threat)[0]
    met = engaged & reach
    rows = [("flights that can be engaged", f"{100 * share(engaged[None], reach[None])[0]:.0f} %")]
    if met.any():
        rows += [
            ("one shot at the warhead hits", f"{100 * hit[met].mean():.0f} %"),
            ("what is shot at is the warhead", f"{100 * picked[met].mean():.0f} %"),
        ]
    counts = sorted({1, 2, 4, case.shots})
    return rows + [
        (f"stopped by {count} {'shot' if count == 1 else 'shots'}", f"{100 * value:.0f} %")
        for count in counts
        for value in _stopped(world, replace(case, shots=count, missiles=1))
    ]


@quantity(
    "%",
    ["threat", "architecture", "shots"],
    ["missiles", "battery"],
    ["reach", "commit", "kill"],
    _stopped_detail,
)
def stop_probability(world: World, case: Case) -> Array:
    """Probability that a missile is stopped by so many interceptors sent at it, over all flights that reach
    their targets; with several missiles, that not one of them gets through. A flight must be one that can be
    engaged. Shots hit each by their own chance, but all go to the same object: it is the warhead with the
    doctrine's probability where a radar tells it from the spent stage, else with one in two. Nothing is
    stopped where that takes more interceptors than there are.
    """
    return _stopped(world, case)
