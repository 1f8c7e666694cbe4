"""Raids: the flights of several missiles, and the shots that an architecture has at each.

Arrays run over (worlds, missiles, ...), missiles in the order in which they leave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier, InputError
from ..dossier.raid import Order
from ..model import Battery, Flights
from ..model import missile as make_missile
from ..model.flights import OutOfReach, aim_one
from ..model.memory import Memory
from ..physics.acquisition import RESOLVED
from .chances import Demand, Team
from .flight_set import FlightSet, flight_set
from .setting import Setting
from .world import World

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

# The random streams that flights are drawn from, and when each of them leaves.
_DRAW, _LEAVE = (1,), (1, 1)


@dataclass(frozen=True)
class Missile:
    """A missile of a raid.

    Attributes
    ----------
    threat, kinds : the threat it is of, and the missiles it may be
    pair : which launch and target, as of ``World``
    at_s : when it leaves after the raid begins
    """

    threat: str
    kinds: tuple[str, ...]
    pair: int
    at_s: float


class RaidSetting(Setting):
    """A setting of the flights of a raid alone: a threat of its own for every missile that flies a threat."""

    def __init__(
        self,
        dossier: Dossier,
        raid: Sequence[Missile],
        sampled: Sequence[str] = (),
        memory: Memory | None = None,
        workers: int = 1,
        report: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(dossier, sampled, memory, workers, report)
        self.raid = tuple(raid)
        self._sets: dict[str, FlightSet] = {}
        #: Of each threat's pairs, those that are flown.
        self.flown = {
            threat: np.unique([each.pair for each in raid if each.threat == threat])
            for threat in dict.fromkeys(each.threat for each in raid)
        }
        for threat, pairs in self.flown.items():
            for flights in super().flight_sets(threat):
                found = np.searchsorted(flights.pairs, pairs)
                arrays = {name: array[found] for name, array in flights.flights.arrays().items()}
                own = Flights.from_arrays(flights.missile, arrays)
                self._sets[flown_as(threat, flights.missile.name)] = flight_set(
                    own, np.arange(len(pairs)), self.looks
                )

    def pairs(self, threat: str) -> int:
        return len(self._sets[threat].pairs)

    def flight_sets(self, threat: str) -> tuple[FlightSet, ...]:
        return (self._sets[threat],)


def flown_as(threat: str, missile: str) -> str:
    """What a threat flown by one of its missiles is called in a ``RaidSetting``."""
    return f"{threat}, {missile}"


def draw(
    dossier: Dossier,
    orders: Sequence[Order],
    seed: int,
    memory: Memory,
    workers: int = 1,
    report: Callable[[str], None] | None = None,
) -> tuple[Missile, ...]:
    """The missiles of a raid, in the order in which they leave: each flies a launch-target pair of its threat
    by lot, among those that all missiles of the threat can fly, and leaves within its order's spread by lot.
    """
    setting = Setting(dossier, (), memory, workers, report)
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=_DRAW))
    # A stream of its own, so that a spread changes when missiles leave and not which flights they are.
    moments = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=_LEAVE))
    out = []
    for order in orders:
        kinds = setting.threat(order.threat).missile
        pairs = _common(setting, order)
        for k, pair in enumerate(random.choice(pairs, order.count)):
            at = order.at_s + k * order.spacing_s
            if order.spread_s > 0.0:
                at = float(moments.uniform(max(0.0, at - order.spread_s), at + order.spread_s))
            out.append(Missile(order.threat, kinds, int(pair), at))
    return tuple(sorted(out, key=lambda each: each.at_s))


def _common(setting: Setting, order: Order) -> Indices:
    """Pairs that every missile of a threat can fly. Where the only one is too far, ``OutOfReach``, or
    InputError with the place where that is written.
    """
    data = setting.threat(order.threat)
    if setting.pairs(order.threat) == 1:
        start, end = (setting.places(name).point[0] for name in (data.from_, data.to))
        for name in data.missile:
            begin, finish = ((point.lat.value, point.lon.value) for point in (start, end))
            try:
                aim_one(make_missile(setting.dossier, name), begin, finish)
            except OutOfReach as error:
                if order.where:
                    raise InputError(str(error), where=order.where) from None
                raise
    pairs: Indices | None = None
    try:
        for flights in setting.flight_sets(order.threat):
            pairs = flights.pairs if pairs is None else np.intersect1d(pairs, flights.pairs)
    except InputError as error:
        raise error.placed(error.where or order.where or None) from None
    if pairs is None or not len(pairs):
        raise InputError(
            f"no flight of {order.threat} is within reach of all its missiles", where=order.where or None
        )
    return pairs


@dataclass(frozen=True)
class Openings:
    """The shots that batteries have at the missiles of a raid [s after the raid begins].

    Attributes
    ----------
    windows : (worlds, missiles, batteries, 4) first and last launch, first and last intercept; nan where
        there is none
    turns : (worlds, missiles, subsets) shots that every one of ``subsets`` has in turn, each when the
        outcome of the last is known; empty where nobody looks
    pick : (worlds, missiles) that what is shot at is the warhead
    hit : (worlds, batteries) of a single shot at it
    interval, assessment : (worlds,) between launches of a site, and from an intercept to its outcome [s]
    """

    windows: Array
    turns: Array
    pick: Array
    hit: Array
    interval: Array
    assessment: Array

    def first(self, missiles: int) -> Openings:
        """Those of the first missiles."""
        cut = slice(None), slice(None, missiles)
        return replace(self, windows=self.windows[cut], turns=self.turns[cut], pick=self.pick[cut])

    def by(self, batteries: Sequence[int]) -> Openings:
        """Those of some batteries, where nobody looks."""
        own = list(batteries)
        return replace(self, windows=self.windows[:, :, own], hit=self.hit[:, own])


def subsets(batteries: int) -> list[tuple[int, ...]]:
    """Every choice of one battery or more."""
    return [each for size in range(1, batteries + 1) for each in combinations(range(batteries), size)]


def openings(
    world: World, architecture: str, firing: Sequence[Battery], choices: dict[str, Indices], look: bool
) -> Openings:
    """The shots that batteries of an architecture have in sampled worlds.

    ``choices`` says of threats of several missiles which one flies in each world.
    """
    setting = world.setting
    assert isinstance(setting, RaidSetting)
    raid, rows, count = setting.raid, world.rows, len(firing)
    groups = subsets(count) if look else []
    windows = np.full((rows, len(raid), count, 4), np.nan)
    turns = np.zeros((rows, len(raid), len(groups)))
    pick = np.zeros((rows, len(raid)))
    at = np.array([each.at_s for each in raid])
    for threat, flown in setting.flown.items():
        mine = np.array([i for i, each in enumerate(raid) if each.threat == threat])
        place = np.searchsorted(flown, [raid[i].pair for i in mine])
        kinds = raid[mine[0]].kinds
        choice = choices.get(threat, np.zeros(rows, dtype=np.int64))
        for k, kind in enumerate(kinds):
            own = np.flatnonzero(choice == k)
            if not len(own):
                continue
            name = flown_as(threat, kind)
            chosen = [tuple(firing[i] for i in group) for group in groups]
            world.expected = [(world, Demand(Team(name, architecture), each, shots=True)) for each in chosen]
            seen = world.chances(name, architecture, tuple(firing), closely=True)
            cells = np.ix_(own, mine)
            windows[cells] = seen.windows.transpose(1, 2, 0, 3)[np.ix_(own, place)]
            resolved = np.zeros((rows, len(flown)), dtype=bool)
            for sensor in setting.defence(architecture).sensors:
                resolved |= np.isfinite(world.sight(name, architecture, sensor.name)[..., RESOLVED])
            pick[cells] = world.pick(architecture, resolved)[np.ix_(own, place)]
            for g, batteries in enumerate(chosen):
                shots = np.nan_to_num(world.chances(name, architecture, batteries, shots=True).shots)
                turns[own[:, None], mine, g] = shots[np.ix_(own, place)]
    doctrine = f"doctrine.{setting.defence(architecture).doctrine.name}."
    kill = [world.value(f"interceptor.{each.interceptor.name}.kill_probability") for each in firing]
    return Openings(
        windows + at[:, None, None],
        turns,
        pick,
        np.stack(kill, axis=1),
        world.value(doctrine + "shot_interval"),
        world.value(doctrine + "assessment_delay"),
    )


def joined(parts: Sequence[Openings]) -> Openings:
    """The same missiles in more worlds."""
    fields = ("windows", "turns", "pick", "hit", "interval", "assessment")
    return Openings(*(np.concatenate([getattr(part, field) for part in parts]) for field in fields))
