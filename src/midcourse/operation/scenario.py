"""A raid and the shield that meets it, before anything happens: all that runs share.

Missiles are numbered in the order in which they leave; arrays of missiles follow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..analysis.flight_set import FlightSet
from ..analysis.raiding import RaidSetting
from ..dossier import Dossier
from ..dossier.defence import Doctrine, Link
from ..model import Defence, Flights, Sensor
from ..model.memory import Memory
from ..physics import planning, scan, tracking
from ..physics.earth import WGS84
from ..physics.flight import Array

Indices = NDArray[np.int64]

# Tracks that a radar without a limit can hold.
_UNLIMITED = 10**9


class OperationSetting(RaidSetting):
    """A raid's flights, looked at more closely than where thousands are."""

    looks = 70
    nodes = 101
    closely = True


@dataclass(frozen=True, eq=False)
class Course:
    """A missile of the raid and its flight.

    Attributes
    ----------
    name : by which the record calls it, "M1", "M2", ...
    start, target : names of places
    flights, index : the flight is the one at ``index`` of these
    at_s : launch after the raid begins
    states, phis : every ``scan.STEP`` from burnout on, as of ``scan.Bodies``
    declared_s : when the satellites see the launch, after it; inf where there are none
    prior : (21,) what their cue tells of the state at burnout
    cue_m, drift_m_s : error of the cue, and its growth after burnout
    ground : (13,) where it comes down, as of ``prediction.impact_planes``
    """

    name: str
    start: str
    target: str
    flights: FlightSet
    index: int
    at_s: float
    states: Array
    phis: Array
    declared_s: float
    prior: Array
    cue_m: float
    drift_m_s: float
    ground: Array

    @property
    def own(self) -> Flights:
        return self.flights.flights

    @property
    def burnout_s(self) -> float:
        return float(self.own.burnout_s[self.index])

    @property
    def impact_s(self) -> float:
        return float(self.own.impact_s[self.index])


@dataclass(frozen=True, eq=False)
class Sight:
    """What a radar could see of one missile: ``looks`` as of ``scan.look_table``, from second ``first`` of
    its flight on; ``row`` the radar against it, ``swing_s`` the time in which its antenna turns to it.
    """

    row: Array
    first: int
    looks: Array
    swing_s: float


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """A raid against an architecture.

    Attributes
    ----------
    doctrine, links : as written
    courses : missiles
    sights : (sensors, missiles)
    arms : by missile and battery; None where it cannot be met by it at all
    goal : logarithm of the chance of missing a body at which the analysis takes it as found
    sure : whether whatever is seen is known without error
    seed : that the raid was drawn with
    """

    dossier: Dossier
    architecture: str
    setting: OperationSetting
    defence: Defence
    doctrine: Doctrine
    links: dict[str, Link]
    courses: tuple[Course, ...]
    sights: tuple[tuple[Sight, ...], ...]
    arms: tuple[tuple[planning.Arm | None, ...], ...]
    goal: float
    sure: bool
    seed: int
    memory: Memory
    _growth: dict[int, Array] = field(default_factory=dict)
    _rows: dict[int, Array] = field(default_factory=dict)

    @cached_property
    def bodies(self) -> scan.Bodies:
        """Missiles as the kernels take them."""
        courses = self.courses
        sizes = [len(each.states) for each in courses]
        return scan.Bodies(
            np.array([each.at_s for each in courses]),
            np.array([each.burnout_s for each in courses]),
            np.array([each.impact_s for each in courses]),
            np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
            np.concatenate([each.states for each in courses]),
            np.concatenate([each.phis for each in courses]),
        )

    @cached_property
    def faces(self) -> tuple[scan.Face, ...]:
        """Radars as the kernels take them, without error."""
        return tuple(self._face(*each) for each in zip(self.defence.sensors, self.sights, strict=True))

    def _face(self, sensor: Sensor, sights: Sequence[Sight]) -> scan.Face:
        data = self.dossier.radar[sensor.radar.name]
        counts = np.array([len(each.looks) for each in sights], dtype=np.int64)
        looks = np.concatenate([each.looks for each in sights])
        return scan.Face(
            np.stack([each.row for each in sights]),
            tracking.anchors(*ends_of(sensor), WGS84),
            data.track_interval.value,
            data.other_tracks.value,
            data.track_limit or _UNLIMITED,
            np.zeros((3, 2)),
            np.array([each.first for each in sights], dtype=np.int64),
            counts,
            np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
            looks,
            np.zeros((len(looks), 4)),
        )

    def rows(self, missile: int) -> Array:
        """Every radar against a missile: (sensors, 28) as of ``physics.radar``."""
        if missile not in self._rows:
            self._rows[missile] = np.stack([sights[missile].row for sights in self.sights])
        return self._rows[missile]

    def growth(self, missile: int) -> Array:
        """What every radar's looks at a missile would add up to, had it nothing else to do:
        (sensors, g, 63), as of ``planning.growth``.
        """
        if missile not in self._growth:
            count = len(self.courses[missile].states) - 1
            grown = [planning.growth(face, self.bodies, missile, count, WGS84) for face in self.faces]
            self._growth[missile] = np.stack(grown) if grown else np.zeros((0, count, tracking.RECORD))
        return self._growth[missile]


def ends_of(sensor: Sensor) -> tuple[Array, Array]:
    """Where a sensor receives and transmits: latitude, longitude, altitude."""
    site, other = sensor.site, sensor.transmitter
    return np.array([site.lat, site.lon, site.altitude]), np.array([other.lat, other.lon, other.altitude])
