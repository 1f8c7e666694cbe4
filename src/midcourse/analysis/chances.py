"""What architectures make of threats: who sees a flight, who may engage it, how often.

Demands of many claims, and of several parties' figures, over the same samples are answered together: a
radar's own view of a flight and an interceptor's way to it are worked out once, whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..model import Battery
from ..physics import acquisition, commit, launching, observation
from ..physics import radar as radar_columns
from .flight_set import FlightSet

if TYPE_CHECKING:
    from .world import World

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

#: Shoot-look-shoot is not counted beyond this.
MOST_SHOTS = 12


@dataclass(frozen=True)
class Team:
    """An architecture's sensors, as they look at a threat.

    Attributes
    ----------
    only : the one sensor that counts; all where it is None
    rcs_m2 : cross-section imposed on the warhead, from every side
    """

    threat: str
    architecture: str
    only: str | None = None
    rcs_m2: float | None = None


@dataclass(frozen=True)
class Demand:
    """What is asked of a team with some batteries: which flights they can engage, and, with ``shots``, how
    often in turn; ``closely`` asks for whole windows, ``sights`` for what each sensor sees.
    """

    team: Team
    batteries: tuple[Battery, ...] = ()
    shots: bool = False
    closely: bool = False
    sights: bool = False


@dataclass
class Answers:
    """What is known of one world; arrays run over (samples, pairs).

    Attributes
    ----------
    sights : by team, (sensors, samples, pairs, 5) in the columns of ``physics.acquisition`` [s]
    engaged : by team and battery, whether there is an intercept
    windows : by team and battery, (samples, pairs, 4) first and last launch, first and last intercept [s]
    shots : by team and batteries
    """

    sights: dict[Team, Array] = field(default_factory=dict)
    engaged: dict[tuple[Team, Any], NDArray[np.bool_]] = field(default_factory=dict)
    windows: dict[tuple[Team, Any], Array] = field(default_factory=dict)
    shots: dict[tuple[Team, Any], Array] = field(default_factory=dict)

    def lacks(self, demand: Demand) -> bool:
        """Whether part of a demand is not answered yet."""
        team, keys = demand.team, tuple(arm(battery) for battery in demand.batteries)
        known = self.windows if demand.closely else self.engaged
        return (
            (demand.sights and team not in self.sights)
            or any((team, key) not in known for key in keys)
            or (demand.shots and (team, keys) not in self.shots)
        )


def arm(battery: Battery) -> tuple[Any, ...]:
    """What tells a battery from another: its interceptor and its site."""
    return battery.interceptor.name, battery.interceptor.key, battery.site


class _Stack:
    """Rows of arrays, each kept once, however often it is added."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._known: dict[Any, int] = {}

    def add(self, key: Any, make: Callable[[], Any]) -> int:
        """Index of the row under a key, made at once when it is new."""
        if key not in self._known:
            self._known[key] = len(self.rows)
            self.rows.append(make())
        return self._known[key]


@dataclass
class _Group:
    """Demands about the same flights in the same samples, put so that the kernel can take them."""

    flights: FlightSet
    rows: Indices
    views: observation.Views
    radars: _Stack = field(default_factory=_Stack)
    orders: _Stack = field(default_factory=_Stack)
    teams: _Stack = field(default_factory=_Stack)
    arms: _Stack = field(default_factory=_Stack)
    sights: set[int] = field(default_factory=set)
    pairs: set[tuple[int, int]] = field(default_factory=set)
    volleys: set[tuple[int, tuple[int, ...]]] = field(default_factory=set)

    def team(self, world: World, team: Team) -> tuple[int, list[int]]:
        """Index of a team, and which of the architecture's sensors are in it."""
        looking = world.looking(team, self.flights, self.rows)
        members = tuple(self._radar(place, row) for _, place, row in looking)
        orders = world.orders(team.architecture, self.flights, self.rows)
        order = self.orders.add(tuple(each.tobytes() for each in orders), lambda: orders)
        return self.teams.add((members, order), lambda: (members, order)), [i for i, _, _ in looking]

    def _radar(self, place: int, row: Array) -> int:
        """Index of a radar, by its station's place in the views and its figures."""
        return self.radars.add((place, row.tobytes()), lambda: (place, row))

    def arm(self, world: World, battery: Battery) -> int | None:
        """Index of a battery; None where it reaches none of the flights."""
        if not world.setting.reaches(self.flights, battery):
            return None
        key = world.launching_key(battery, self.rows)
        return self.arms.add(key, lambda: world.launching(battery, self.flights, self.rows))

    def ranks(self) -> list[int]:
        """Where each team stands in the order in which they are asked: who is part of another before it."""
        order = sorted(range(len(self.teams.rows)), key=lambda team: len(self.teams.rows[team][0]))
        return [order.index(team) for team in range(len(order))]

    def watch(self, ranks: Sequence[int]) -> observation.Watch:
        """The teams together, as ``physics.observation`` takes them."""
        count = max((len(members) for members, _ in self.teams.rows), default=0)
        members = np.full((len(self.teams.rows), max(count, 1)), -1, dtype=np.int64)
        told = np.empty(len(self.teams.rows), dtype=np.int64)
        for i, (each, order) in zip(ranks, self.teams.rows, strict=True):
            members[i, : len(each)], told[i] = each, order
        radars = np.empty((len(self.radars.rows), len(self.rows), radar_columns.COLUMNS))
        for i, (_, row) in enumerate(self.radars.rows):
            radars[i] = row
        return observation.Watch(
            self.views,
            np.array([place for place, _ in self.radars.rows], dtype=np.int64),
            radars,
            observation.Orders(*(np.stack(field) for field in zip(*self.orders.rows, strict=True))),
            members,
            told,
        )


@dataclass(frozen=True)
class Launching:
    """A battery against some flights in some samples: what ``launching.Shooters`` tells of it.

    ``limits``, ``tops`` and ``vehicles`` stand there without their first axis, ``arrays`` in the order of
    their addresses there.
    """

    arrays: tuple[Array, ...]
    limits: Array
    tops: Array
    burn: float
    vehicles: Array

    @property
    def addresses(self) -> tuple[int, ...]:
        """A row of ``Shooters.arrays``."""
        assert all(each.flags.c_contiguous and each.dtype == np.float64 for each in self.arrays)
        found = (each.__array_interface__["data"][0] for each in self.arrays)
        return *found, self.arrays[launching.WEIGHTS].shape[-1]


def shooters(parts: Sequence[Launching], fine: bool) -> launching.Shooters:
    """Batteries together, as the kernels of ``physics.launching`` and ``physics.commit`` take them; the parts
    must live as long as it is used.
    """
    flights, n = parts[0].arrays[launching.APPROACH].shape[:2] if parts else (0, 1)

    def stack(field: str, width: int) -> Array:
        return np.stack([getattr(part, field) for part in parts]) if parts else np.zeros((0, 0, width))

    return launching.Shooters(
        np.array([part.addresses for part in parts], dtype=np.int64).reshape(-1, launching.TABLES + 1),
        flights,
        n,
        stack("limits", 3),
        stack("tops", 2),
        fine,
        np.array([part.burn for part in parts], dtype=np.float64),
        stack("vehicles", 4),
    )


def answer(asked: Iterable[tuple[World, Demand]]) -> None:
    """Answer demands of worlds over the same samples, in as few passes over the flights as can be."""
    wanted = [(world, demand) for world, demand in asked if world.answers.lacks(demand)]
    for closely in (False, True):
        groups: dict[Any, _Group] = {}
        scattered: dict[Any, list[tuple[World, Demand, int, list[int], list[int | None]]]] = {}
        for world, demand in wanted:
            if demand.closely != closely:
                continue
            _prepare(world, demand)
            for flights, rows in world.sets(demand.team.threat):
                views, _ = world.setting.views(flights)
                key = (flights.key, id(views), rows.tobytes())
                group = groups.setdefault(key, _Group(flights, rows, views))
                team, seeing = group.team(world, demand.team)
                arms = [group.arm(world, battery) for battery in demand.batteries]
                here = [i for i in arms if i is not None]
                group.pairs.update((team, i) for i in here)
                if demand.sights:
                    group.sights.add(team)
                if demand.shots:
                    group.volleys.add((team, tuple(here)))
                scattered.setdefault(key, []).append((world, demand, team, seeing, arms))
        for key, group in groups.items():
            _solve(group, scattered[key], closely)


def _prepare(world: World, demand: Demand) -> None:
    """Room for the answers to a demand, as if no flight were seen or met."""
    answers, team = world.answers, demand.team
    shape = (world.rows, world.setting.pairs(team.threat))
    if demand.sights and team not in answers.sights:
        sensors = world.setting.defence(team.architecture).sensors
        answers.sights[team] = np.full((len(sensors), *shape, acquisition.SUMMARY), np.nan)
        answers.sights[team][..., acquisition.TOTAL] = 0.0
    keys = tuple(arm(battery) for battery in demand.batteries)
    for key in keys:
        answers.engaged.setdefault((team, key), np.zeros(shape, dtype=bool))
        if demand.closely:
            answers.windows.setdefault((team, key), np.full((*shape, 4), np.nan))
    if demand.shots:
        answers.shots.setdefault((team, keys), np.full(shape, np.nan))


def _solve(
    group: _Group,
    scattered: Sequence[tuple[World, Demand, int, list[int], list[int | None]]],
    closely: bool,
) -> None:
    ranks = group.ranks()
    sights = sorted(ranks[team] for team in group.sights)
    pairs = sorted((ranks[team], battery) for team, battery in group.pairs)
    volleys = sorted((ranks[team], arms) for team, arms in group.volleys)
    watch = group.watch(ranks)
    most = max((len(arms) for _, arms in volleys), default=0)
    table = np.zeros((len(volleys), most + 2), dtype=np.int64)
    for i, (team, arms) in enumerate(volleys):
        table[i, : 2 + len(arms)] = team, len(arms), *arms
    questions = commit.Questions(
        np.array(sights, dtype=np.int64), np.array(pairs, dtype=np.int64).reshape(len(pairs), 2),
        np.empty((len(pairs), 0), dtype=np.int64) if closely else _given(watch, pairs), table, MOST_SHOTS,
    )  # fmt: skip
    firing = shooters(group.arms.rows, scattered[0][0].setting.closely)
    seen, engaged, fired, windows = commit.sampled_chances(watch, firing, questions, closely)
    sight_at = {team: i for i, team in enumerate(sights)}
    pair_at = {pair: i for i, pair in enumerate(pairs)}
    volley_at = {volley: i for i, volley in enumerate(volleys)}
    for world, demand, index, seeing, indices in scattered:
        answers, team = world.answers, ranks[index]
        cells = _cells(group, world.rows, world.setting.pairs(demand.team.threat))
        if demand.sights:
            for k, i in enumerate(seeing):
                answers.sights[demand.team][i][cells] = seen[sight_at[team], k]
        keys = tuple(arm(battery) for battery in demand.batteries)
        for key, battery in zip(keys, indices, strict=True):
            if battery is None:
                continue
            at = pair_at[team, battery]
            answers.engaged[demand.team, key][cells] = engaged[at]
            if closely:
                answers.windows[demand.team, key][cells] = windows[at]
        if demand.shots:
            here = tuple(i for i in indices if i is not None)
            answers.shots[demand.team, keys][cells] = fired[volley_at[team, here]]


def _given(watch: observation.Watch, pairs: Sequence[tuple[int, int]]) -> Indices:
    """Which earlier pairs settle each, as of ``commit.Questions``."""
    radars = [frozenset(int(each) for each in members if each >= 0) for members in watch.members]

    def settles(one: tuple[int, int], other: tuple[int, int]) -> bool:
        alike = one[1] == other[1] and watch.told[one[0]] == watch.told[other[0]]
        return bool(alike and radars[one[0]] < radars[other[0]])

    found = [[k for k, one in enumerate(pairs[:i]) if settles(one, pair)] for i, pair in enumerate(pairs)]
    out = np.full((len(pairs), max(map(len, found), default=0)), -1, dtype=np.int64)
    for row, each in zip(out, found, strict=True):
        row[: len(each)] = each
    return out


def _cells(group: _Group, rows: int, pairs: int) -> Any:
    """Where a group's samples and flights stand in the arrays of a world; all of them by a slice, which is
    faster.
    """
    whole = len(group.rows) == rows and len(group.flights.pairs) == pairs
    return slice(None) if whole else np.ix_(group.rows, group.flights.pairs)
