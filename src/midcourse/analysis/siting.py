"""A battery or a radar of an architecture at other places: what the architecture then does, and the trade-off
between what it defends and what it could do about somebody else's missiles.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..model import Battery, Defence, Sensor
from ..model.defence import Place
from ..model.memory import Memory, Passing
from .chances import Demand, Team, answer
from .engaging import defended_people_share, engageable_share
from .layers import mean_shots
from .outlook import Station
from .quantity import Case
from .seeing import watchable_share
from .setting import Setting
from .world import World

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]
_T = TypeVar("_T")

#: Columns of what is measured of a place: shares of flights and of people, mean shots, share of the spared
#: threat's flights.
SHARE, PEOPLE, SHOTS, REACH = range(4)


class Moved(Setting):
    """A setting in which one part of an architecture stands elsewhere: as many architectures as places.

    Parameters
    ----------
    part : the battery or sensor that moves
    alone : whether the architecture has no other battery (or, where a radar moves, no other radar)
    """

    def __init__(
        self,
        dossier: Dossier,
        architecture: str,
        part: Battery | Sensor,
        alone: bool,
        memory: Memory | None = None,
        workers: int = 1,
        report: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(dossier, (), memory, workers, report)
        own = super().defence(architecture)
        every: tuple[Battery | Sensor, ...] = (*own.sensors, *own.batteries)
        part = next(each for each in every if type(each) is type(part) and each.name == part.name)
        self.part = part

        def stays(each: Battery | Sensor) -> bool:
            return not alone or each is part or type(each) is not type(part)

        self._own = replace(
            own,
            sensors=tuple(filter(stays, own.sensors)),
            batteries=tuple(filter(stays, own.batteries)),
        )
        self._standing = {Station.of(each) for each in self._own.sensors if each is not part}
        self._sites = {each.site for each in self._own.batteries if each is not part}
        self._families: set[int] = set()
        self._defences: dict[str, Defence] = {}

    def prepare(self) -> None:
        """Work out the fly-outs of the batteries that stay."""
        self._families = {self.family(each).key for each in self._own.batteries if each is not self.part}

    def at(self, places: Sequence[Place]) -> Moved:
        """The setting with the part at some places: one architecture for each, in their order."""
        found = copy.copy(self)
        found._defences = {f"place {i}": self._with(place) for i, place in enumerate(places)}
        found.memory = Passing(self.memory, self._lasts)
        found.report = lambda _: None
        # Batches are worked side by side.
        found.workers = 1
        return found

    def _with(self, place: Place) -> Defence:
        part, own = self.part, self._own
        if isinstance(part, Battery):
            moved = replace(part, site=place)
            return replace(own, batteries=tuple(moved if each is part else each for each in own.batteries))
        turned = replace(part, site=place, transmitter=place)
        return replace(own, sensors=tuple(turned if each is part else each for each in own.sensors))

    def _lasts(self, key: Hashable) -> bool:
        """Whether a result does not depend on where the part stands."""
        assert isinstance(key, tuple)
        kind = key[0]
        if kind == "outlook":
            return key[2] in self._standing
        if kind in ("family", "approach"):
            return key[2] in self._sites
        if kind in ("arrivals", "planes", "reaches"):
            return key[2] in self._families
        return kind in ("missile", "interceptor", "flights", "set", "transitions")

    @property
    def architectures(self) -> tuple[str, ...]:
        """The architectures' names, one for each place."""
        return tuple(self._defences)

    def defence(self, name: str) -> Defence:
        return self._defences[name] if name in self._defences else super().defence(name)

    @property
    def stations(self) -> tuple[Station, ...]:
        found = (Station.of(sensor) for each in self._defences.values() for sensor in each.sensors)
        return tuple(dict.fromkeys(found))


def measure(setting: Moved, places: Sequence[Place], threat: str, spare: str | None, *, shots: bool) -> Array:
    """What the architecture does with the part at each place, at nominal figures: (places, 4), in the columns
    ``SHARE`` to ``REACH``; nan where it was not asked for.

    ``REACH`` is the share of flights of ``spare`` that the moved battery can engage, or the moved radar
    watch.
    """
    here = setting.at(places)
    world, part = World(here, {}, {}, 1), setting.part
    fires = isinstance(part, Battery)
    asked: list[tuple[World, Demand]] = []
    for name in here.architectures:
        defence = here.defence(name)
        asked.append((world, Demand(Team(threat, name), defence.batteries, shots=shots)))
        if spare is not None and fires:
            asked.append((world, Demand(Team(spare, name), (defence.battery(part.name),))))
        elif spare is not None:
            asked.append((world, Demand(Team(spare, name), sights=True)))
    answer(asked)
    out = np.full((len(places), 4), np.nan)
    for row, name in zip(out, here.architectures, strict=True):
        case = Case(threat=threat, architecture=name)
        row[SHARE] = engageable_share(world, case)[0]
        row[PEOPLE] = defended_people_share(world, case)[0]
        if shots:
            row[SHOTS] = mean_shots(world, case)[0]
        if spare is not None:
            other = Case(threat=spare, architecture=name)
            if fires:
                row[REACH] = engageable_share(world, replace(other, battery=part.name))[0]
            else:
                row[REACH] = watchable_share(world, replace(other, sensor=part.name))[0]
    return out


@dataclass(frozen=True)
class Reached:
    """What a threat reaches: flights, and the people of each city that any of them reaches (cities,)."""

    flights: int
    people: Array


def reached(setting: Setting, threat: str) -> Reached:
    """What the first missile of a threat reaches."""
    found = World(setting, {}, {}, 1).reachable(threat)[0]
    points = setting.places(setting.threat(threat).to).point
    cities = found.reshape(-1, len(points)).any(axis=0)
    people = np.array([point.population or 0 for point in points], dtype=np.float64)
    return Reached(int(found.sum()), people[cities])


def pareto(defence: Array, reach: Array) -> Mask:
    """Which points (n,) nothing beats: no other has as much defence with less reach, or more with as much."""
    order = np.lexsort((reach, -defence))
    d, r = defence[order], reach[order]
    # The least reach among all that defend more: in order, all before the first with the same defence.
    least = np.concatenate([[np.inf], np.minimum.accumulate(r)])
    first = np.searchsorted(-d, -d, side="left")
    out = np.zeros(len(d), dtype=bool)
    out[order] = (r == r[first]) & (r < least[first])
    return out


def short_of_front(defence: Array, reach: Array, among: Mask) -> tuple[Array, Array]:
    """How far points (n,) are from the front of those in ``among``: how much more some place defends with no
    more reach, and how much less reach some place has that defends no less; 0 where none does.
    """
    d, r = defence[among], reach[among]
    up, across = np.argsort(r), np.argsort(d)
    most = np.concatenate([[-np.inf], np.maximum.accumulate(d[up])])
    more = most[np.searchsorted(r[up], reach, side="right")] - defence
    least = np.concatenate([np.minimum.accumulate(r[across][::-1])[::-1], [np.inf]])
    less = reach - least[np.searchsorted(d[across], defence, side="left")]
    return np.maximum(more, 0.0), np.maximum(less, 0.0)


def ranks(values: Array, among: Mask) -> Indices:
    """The rank of each value (n,), highest first: one more than how many of those in ``among`` are higher."""
    known = np.sort(values[among])
    return np.asarray(1 + len(known) - np.searchsorted(known, values, side="right"), dtype=np.int64)


def sparing_ranks(defence: Array, reach: Array, among: Mask) -> Indices:
    """Ranks of those in ``among`` by least reach, then by most defence (n,); 0 for all others."""
    out = np.zeros(len(defence), dtype=np.int64)
    pairs = np.column_stack([reach, -defence])[among]
    if len(pairs):
        _, which, counts = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
        before = np.concatenate([[0], np.cumsum(counts)[:-1]])
        out[among] = 1 + before[which.ravel()]
    return out
