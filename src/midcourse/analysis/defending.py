"""A raid against an inventory: what plans are worth, which are best, and what becomes of it.

Shots at one missile hit each by its own chance, but all go to the same object: it is the warhead with the
doctrine's probability where a radar tells it from the spent stage, else with one in two (as of
``stopping.stop_probability``). Under the doctrine *salvo* the shots at a missile are fired without waiting
for outcomes, as many as fit into a battery's launch window; under *look* one after another, each when the
last is known to have missed, as many as the engagement model counts. Arrays run over (worlds, missiles, ...).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from . import allocation, outcomes
from .raiding import Openings, subsets

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Doctrine = Literal["salvo", "look"]

#: Interceptors sent at one missile at most, where nobody says how many: what officers were quoted with in
#: 2017 (source kessler-2017 of the dossier ``pacific``).
SHOTS = 4
#: Batteries that can fire at a raid together: plans are told apart in every combination of them.
MOST_BATTERIES = 5
#: Of plans by shoot-look-shoot that stop about as many, that of fewer shots at each missile is taken: what
#: each shot but the first costs.
_DEPTH = 2e-3
# How far from the best an allotment may be: a missile in five hundred that are stopped.
_GAP = 2e-3
# Launches of a site that needs no time between two.
_ANY = 10**6


@dataclass(frozen=True)
class Fate:
    """What becomes of a raid, as distributions over (worlds, counts).

    Attributes
    ----------
    through : missiles that get through
    spent, by_battery : interceptors spent by all, and by each: (batteries, worlds, counts)
    exact : whether these follow from the chances, or were drawn
    plans : (worlds, missiles, batteries) interceptors planned for each
    stopped : (worlds, missiles) probability that its plan stops each, where the magazine lasts
    """

    through: Array
    spent: Array
    by_battery: list[Array]
    exact: bool
    plans: Indices
    stopped: Array


@dataclass(frozen=True)
class Options:
    """What every plan is worth against every missile.

    Attributes
    ----------
    counts : (plans, batteries) as of ``allocation.plans``
    sequence : (worlds, missiles, plans, shots) as of ``allocation.sequences``
    missed : (worlds, missiles, plans, shots + 1) as of ``allocation.missing``
    stop : (worlds, missiles, plans) that the missile is stopped; nan where the plan cannot be carried out
    spend : (worlds, missiles, plans, batteries) interceptors that it is expected to spend
    slots : (worlds, missiles, batteries, 2) as of ``allocation.allocate``
    due : (worlds, missiles, shots) when shots would follow one another [s]
    """

    look: bool
    openings: Openings
    counts: Indices
    sequence: Indices
    missed: Array
    stop: Array
    spend: Array
    slots: Indices
    due: Array

    def first(self, missiles: int) -> Options:
        """Those of the first missiles."""
        cut = slice(None), slice(None, missiles)
        return replace(
            self, openings=self.openings.first(missiles), sequence=self.sequence[cut],
            missed=self.missed[cut], stop=self.stop[cut], spend=self.spend[cut], slots=self.slots[cut],
            due=self.due[cut],
        )  # fmt: skip

    def bound(self) -> Array:
        """How many get through when no battery is ever empty or busy: distribution, (worlds, counts)."""
        return outcomes.survivors(np.nanmax(self.stop, axis=2))


def options(openings: Openings, doctrine: Doctrine, shots: int) -> Options:
    """What plans of at most so many interceptors at one missile are worth."""
    look = doctrine == "look"
    windows, hit = openings.windows, openings.hit
    batteries = hit.shape[1]
    counts = allocation.plans(batteries, shots)
    fitting = _fitting(windows, openings.interval)
    if look:
        able = np.ones((*windows.shape[:2], len(counts)), dtype=bool)
        for g, group in enumerate(subsets(batteries)):
            wanted = np.asarray(counts[:, list(group)].sum(axis=1))
            np.logical_and(able, wanted <= openings.turns[:, :, g, None], out=able)
    else:
        able = np.asarray((counts <= fitting[:, :, None, :]).all(axis=3))
    sequence = allocation.sequences(counts, _soonest(windows)[:, :, None, :], shots)
    missed = allocation.missing(sequence, hit[:, None, None, :])
    pick = openings.pick[:, :, None]
    stop = np.where(able, pick * (1.0 - missed[..., -1]), np.nan)
    if look:
        flying = 1.0 - pick[..., None] + pick[..., None] * missed[..., :-1]
        mine = sequence[..., None] == np.arange(batteries)
        spend = (flying[..., None] * mine).sum(axis=3)
    else:
        spend = np.broadcast_to(counts.astype(np.float64), (*stop.shape, batteries))
    slots = _slots(windows[..., 0], openings.interval, fitting)
    return Options(look, openings, counts, sequence, missed, stop, spend, slots, _due(openings, shots))


def _soonest(windows: Array) -> Indices:
    """Batteries as they take their turns at each missile, whichever meets it soonest first."""
    meet = np.where(np.isnan(windows[..., 2]), np.inf, windows[..., 2])
    return np.asarray(np.argsort(meet, axis=2, kind="stable"))


def _fitting(windows: Array, interval: Array) -> Array:
    """Launches that fit into each window: (worlds, missiles, batteries)."""
    span = windows[..., 1] - windows[..., 0]
    step = interval[:, None, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        fitting = np.where(step > 0.0, np.floor(span / step + 1e-9) + 1.0, np.inf)
    return np.where(np.isnan(span), 0.0, fitting)


def _due(openings: Openings, shots: int) -> Array:
    """When shots at each missile would follow one another by the battery that is there first, and the
    quickest turn: (worlds, missiles, shots) [s].
    """
    first, meet = openings.windows[..., 0], openings.windows[..., 2]
    start, turn = (np.where(np.isnan(each), np.inf, each).min(axis=2) for each in (first, meet - first))
    turn = np.where(np.isinf(turn), 0.0, turn) + openings.assessment[:, None]
    return np.asarray(start[:, :, None] + turn[:, :, None] * np.arange(shots))


def _slots(first: Array, interval: Array, fitting: Array) -> Indices:
    """The slots in which each battery can launch at each missile, a shot interval each."""
    step = np.where(interval > 0.0, interval, 1.0)[:, None, None]
    begin = np.floor(np.nan_to_num(first) / step)
    many = np.where(np.isinf(fitting), _ANY, fitting)
    return np.stack([begin, begin + many - 1.0], axis=-1).astype(np.int64)


def fight(raid: Options, inventory: Indices, luck: tuple[Array, Array]) -> Fate:
    """The best allotment in every world, and what becomes of the raid under it.

    ``inventory`` is (batteries,); ``luck`` as of ``outcomes.draws``.
    """
    worlds, missiles = raid.stop.shape[:2]
    # A solver's program is one of a single world.
    chosen = np.stack(
        [
            allocation.allocate(
                raid.stop[w] - (_DEPTH * _deep(raid.counts) if raid.look else 0.0), raid.spend[w],
                inventory.astype(np.float64), raid.slots[w], whole=not raid.look, gap=_GAP,
            )
            for w in range(worlds)
        ]
    )  # fmt: skip
    if raid.look:
        return _looked(raid, chosen, inventory, luck)
    world, missile = np.ogrid[:worlds, :missiles]
    plans, stopped = raid.counts[chosen], raid.stop[world, missile, chosen]
    spent = plans.sum(axis=1)
    return Fate(
        outcomes.survivors(stopped), _certain(spent.sum(axis=1), int(inventory.sum())),
        [_certain(spent[:, b], int(most)) for b, most in enumerate(inventory)], True, plans, stopped,
    )  # fmt: skip


def _looked(raid: Options, chosen: Indices, inventory: Indices, luck: tuple[Array, Array]) -> Fate:
    """What becomes of a raid under plans of shoot-look-shoot. Interceptors that the plans turn out not to
    need are fired at whatever still flies and can still be met.
    """
    worlds, missiles = chosen.shape
    batteries = range(len(inventory))
    world, missile = np.ogrid[:worlds, :missiles]
    deepest = _deepest(raid, chosen)
    longest = raid.counts[deepest]
    if all(
        allocation.fits(longest[w].astype(np.float64), inventory.astype(np.float64), raid.slots[w])
        for w in range(worlds)
    ):
        sequence = np.asarray(raid.sequence[world, missile, deepest])
        missed = np.asarray(raid.missed[world, missile, deepest])
        every, *each = (
            outcomes.added(outcomes.fired(sequence, missed, raid.openings.pick, b))
            for b in (None, *batteries)
        )
        stopped = raid.stop[world, missile, deepest]
        return Fate(outcomes.survivors(stopped), every, each, True, longest, stopped)
    plans = raid.counts[chosen]
    through, used = outcomes.fought(
        _merged(raid, chosen, deepest), plans.sum(axis=2), raid.due, raid.openings.windows[..., 1],
        raid.openings.interval, raid.openings.hit, raid.openings.pick,
        np.broadcast_to(inventory, (worlds, len(inventory))), luck,
    )  # fmt: skip
    return Fate(
        outcomes.counted(through, missiles), outcomes.counted(used.sum(axis=2), int(inventory.sum())),
        [outcomes.counted(used[:, :, b], int(inventory[b])) for b in batteries], False, plans,
        raid.stop[world, missile, chosen],
    )  # fmt: skip


def _deep(counts: Indices) -> Array:
    """Shots beyond the first, each counting for one more than the last: (plans,)."""
    total = counts.sum(axis=1)
    return np.asarray(0.5 * total * np.maximum(total - 1, 0), dtype=np.float64)


def _certain(count: Indices, most: int) -> Array:
    """Distribution of a count that is known: (worlds, most + 1)."""
    return np.asarray(count[:, None] == np.arange(most + 1), dtype=np.float64)


def _deepest(raid: Options, chosen: Indices) -> Indices:
    """The longest plan that holds each chosen one and can be carried out: (worlds, missiles)."""
    total = raid.counts.sum(axis=1)
    holds = np.asarray((raid.counts[None] >= raid.counts[:, None]).all(axis=2))
    able = holds[chosen] & ~np.isnan(raid.stop)
    return np.asarray(np.argmax(np.where(able, total, -1), axis=2))


def _merged(raid: Options, chosen: Indices, deepest: Indices) -> Indices:
    """The shots of a chosen plan, then the others of the deepest: (worlds, missiles, shots)."""
    world, missile = np.ogrid[: chosen.shape[0], : chosen.shape[1]]
    base = raid.sequence[world, missile, chosen]
    extra = raid.counts[deepest] - raid.counts[chosen]
    shots = base.shape[2]
    more = allocation.sequences(extra, _soonest(raid.openings.windows), shots)
    had = (base >= 0).sum(axis=2, keepdims=True)
    place = np.arange(shots) - had
    return np.where(place < 0, base, np.take_along_axis(more, np.maximum(place, 0), axis=2))
