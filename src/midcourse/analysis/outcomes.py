"""What becomes of a raid that interceptors were allotted to: distributions, exact where missiles fare each by
itself, drawn where they share what is left in a magazine.

Arrays run over (worlds, missiles, ...); a distribution's last axis counts from none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

# The random stream of what happens in a raid.
_LUCK = 2


def added(parts: Array) -> Array:
    """Distribution of a sum of independent counts, by convolution: (worlds, total + 1).

    ``parts`` (worlds, counts, most + 1) are theirs. Of counts that are 0 or 1 it is the Poisson binomial.
    """
    worlds, counts, width = parts.shape
    out = np.zeros((worlds, counts * (width - 1) + 1))
    out[:, 0] = 1.0
    for i in range(counts):
        end = i * (width - 1) + 1
        before = out[:, :end].copy()
        out[:, :end] = 0.0
        for k in range(width):
            out[:, k : k + end] += before * parts[:, i, k, None]
    return out


def survivors(stopped: Array) -> Array:
    """Distribution of how many missiles get through, each stopped by its own chance (worlds, missiles)."""
    return added(np.stack([stopped, 1.0 - stopped], axis=2))


def fired(sequence: Indices, missed: Array, pick: Array, battery: int | None = None) -> Array:
    """Distribution of the interceptors that a battery, or all, spend on each missile by shoot-look-shoot:
    (worlds, missiles, most + 1).

    Parameters
    ----------
    sequence : (worlds, missiles, most) as of ``allocation.sequences``
    missed : (worlds, missiles, most + 1) as of ``allocation.missing``
    pick : (worlds, missiles) that what is shot at is the warhead; a wrong object is shot at to the last
    """
    flying = 1.0 - pick[:, :, None] + pick[:, :, None] * missed
    shots = (sequence >= 0).sum(axis=2)[:, :, None]
    # A shot is fired where the missile still flies after the shots before it.
    later = np.where(np.arange(1, missed.shape[2]) <= shots, flying[:, :, :-1], 0.0)
    least = np.concatenate([np.ones_like(flying[:, :, :1]), later, np.zeros_like(flying[:, :, :1])], axis=2)
    exactly = least[:, :, :-1] - least[:, :, 1:]
    mine = sequence >= 0 if battery is None else sequence == battery
    spent = np.concatenate([np.zeros_like(shots), np.cumsum(mine, axis=2)], axis=2)
    return np.stack([np.where(spent == k, exactly, 0.0).sum(axis=2) for k in range(missed.shape[2])], axis=2)


def draws(seed: int | Sequence[int], worlds: int, runs: int, missiles: int, most: int) -> tuple[Array, Array]:
    """Uniform numbers that decide a raid in every run of every world: whether each missile's warhead is
    picked (worlds, runs, missiles), whether each shot hits (worlds, runs, missiles, most).

    A raid of fewer missiles has the numbers of its first ones, whatever the doctrine and the inventory.
    """
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_LUCK,)))
    numbers = random.random((missiles, most + 1, worlds, runs)).transpose(2, 3, 0, 1)
    return np.ascontiguousarray(numbers[..., 0]), np.ascontiguousarray(numbers[..., 1:])


def fought(
    sequence: Indices,
    planned: Indices,
    due: Array,
    last: Array,
    interval: Array,
    hit: Array,
    pick: Array,
    inventory: Array,
    luck: tuple[Array, Array],
) -> tuple[Indices, Indices]:
    """A raid fought shot by shot by shoot-look-shoot, the missiles sharing what the batteries have.

    Shots come in the order in which they are due. One is fired where the missile still flies, and its battery
    has an interceptor and can launch in time: the first shots of a sequence, which are planned, in any case,
    the others only while there are more interceptors than planned shots still to come.

    Parameters
    ----------
    sequence : (worlds, missiles, most) battery of each shot in turn, -1 beyond the last
    planned : (worlds, missiles) how many of the shots are planned
    due : (worlds, missiles, most) when each would be fired at the earliest, evenly apart [s]
    last : (worlds, missiles, batteries) when each battery can launch at each missile at the latest [s]
    interval : (worlds,) between two launches of a battery [s]
    hit : (worlds, batteries) of a single shot at the right object
    pick : (worlds, missiles) that what is shot at is the warhead
    inventory : (worlds, batteries)
    luck : as of ``draws``

    Returns
    -------
    missiles that get through (worlds, runs), interceptors spent (worlds, runs, batteries)
    """
    worlds, missiles, most = sequence.shape
    runs, batteries = luck[0].shape[1], hit.shape[1]
    world, run = np.ogrid[:worlds, :runs]
    here = world[:, 0]
    picked = luck[0][:, :, :missiles] < pick[:, None, :]
    flying = np.ones((worlds, runs, missiles), dtype=bool)
    left = np.repeat(inventory[:, None, :], runs, axis=1).astype(np.int64)
    first = np.arange(most) < planned[:, :, None]
    owing = (sequence[..., None] == np.arange(batteries)) & first[..., None]
    # Planned shots from each one on, by battery: (worlds, missiles, most + 1, batteries).
    coming = np.cumsum(owing[:, :, ::-1], axis=2)[:, :, ::-1]
    coming = np.concatenate([coming, np.zeros_like(coming[:, :, :1])], axis=2)
    owed = np.repeat(coming[:, :, 0].sum(axis=1)[:, None, :], runs, axis=1)
    # When a battery is free, and when a missile's last shot is known to have missed.
    free, known = np.full((worlds, runs, batteries), -np.inf), np.full((worlds, runs, missiles), -np.inf)
    met = np.where(np.isinf(due), 0.0, due)
    wait = met[:, :, min(1, most - 1)] - met[:, :, 0]
    times = np.where(sequence < 0, np.inf, due).reshape(worlds, -1)
    turns = np.argsort(times, axis=1, kind="stable")
    for turn in turns.T[: (sequence >= 0).sum(axis=(1, 2)).max(initial=0)]:
        missile, shot = (each[:, None] for each in np.divmod(turn, most))
        battery = sequence[world, missile, shot]
        own = world, run, np.maximum(battery, 0)
        alive = flying[world, run, missile] & (battery >= 0)
        of_plan = first[world, missile, shot]
        launch = np.maximum(due[world, missile, shot], free[own])
        launch = np.maximum(launch, known[world, run, missile])
        in_time = launch <= last[world, missile, own[2]] + 1e-9
        fires = alive & in_time & (left[own] > 0) & (of_plan | (left[own] > owed[own]))
        left[own] -= fires
        owed[own] -= alive & of_plan
        free[own] = np.where(fires, launch + interval[:, None], free[own])
        seen = np.where(fires, launch + wait[here, missile[:, 0]][:, None], known[world, run, missile])
        known[world, run, missile] = seen
        stopped = fires & (luck[1][world, run, missile, shot] < hit[world, own[2]])
        stopped &= picked[world, run, missile]
        flying[world, run, missile] &= ~stopped
        # What was still planned against it is free for others.
        owed -= stopped[:, :, None] * coming[here, missile[:, 0], shot[:, 0] + 1][:, None, :]
    spent = inventory[:, None, :].astype(np.int64) - left
    return flying.sum(axis=2), spent


def counted(numbers: Indices, most: int) -> Array:
    """Distribution of drawn counts (worlds, runs) of at most so many: (worlds, most + 1)."""
    worlds, runs = numbers.shape
    out = np.zeros((worlds, most + 1))
    np.add.at(out, (np.repeat(np.arange(worlds), runs), numbers.ravel()), 1.0 / runs)
    return out


def point(distribution: Array, share: float) -> int:
    """The least count that so large a share of a distribution (counts,) does not exceed."""
    return int(np.argmax(np.cumsum(distribution) >= share - 1e-12))
