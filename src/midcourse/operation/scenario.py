"""A raid and the shield that meets it, before anything happens: all that runs share.

Missiles are numbered in the order in which they leave; arrays of missiles follow it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..analysis.chances import shooters
from ..analysis.flight_set import FlightSet
from ..analysis.outlook import Station
from ..analysis.raiding import Missile, RaidSetting, draw, flown_as
from ..analysis.world import World
from ..dossier import Dossier
from ..dossier.defence import Doctrine, Link
from ..dossier.raid import Order
from ..model import Battery, Defence, Flights, Sensor
from ..model.memory import Memory
from ..physics import launching, observation, planning, radar, scan, sight, tracking
from ..physics.earth import WGS84
from ..physics.flight import Array

Indices = NDArray[np.int64]

_FIRST = np.zeros(1, dtype=np.int64)
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


@dataclass(frozen=True, eq=False)
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
    _growth: dict[int, Array] = field(default_factory=dict)

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
            tracking.anchors(*_ends(sensor), WGS84),
            data.track_interval.value,
            data.other_tracks.value,
            getattr(data, "track_limit", None) or _UNLIMITED,
            np.zeros((3, 2)),
            np.array([each.first for each in sights], dtype=np.int64),
            counts,
            np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
            looks,
            np.zeros((len(looks), 4)),
        )

    def growth(self, missile: int) -> Array:
        """What every radar's looks at a missile would add up to, had it nothing else to do:
        (sensors, g, 63), as of ``planning.growth``.
        """
        if missile not in self._growth:
            count = len(self.courses[missile].states) - 1
            grown = [planning.growth(face, self.bodies, missile, count, WGS84) for face in self.faces]
            self._growth[missile] = np.stack(grown) if grown else np.zeros((0, count, tracking.RECORD))
        return self._growth[missile]


def prepare(
    dossier: Dossier,
    architecture: str,
    orders: Sequence[Order],
    seed: int = 0,
    *,
    sure: bool = False,
    memory: Memory | None = None,
    workers: int = 1,
    report: Callable[[str], None] | None = None,
) -> Scenario:
    """Draw a raid and work out everything about it that chance does not change.

    ``sure`` lets everything that is seen be known without error.
    """
    memory = memory or Memory()
    raid = draw(dossier, orders, seed, memory, workers, report)
    setting = OperationSetting(dossier, raid, (), memory, workers, report)
    world = World(setting, {}, {}, 1)
    defence = setting.defence(architecture)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(7,)))
    courses, sights, arms = [], [], []
    for number, missile in enumerate(raid):
        kind = missile.kinds[0] if len(missile.kinds) == 1 else str(rng.choice(missile.kinds))
        flights = setting.flight_sets(flown_as(missile.threat, kind))[0]
        index = int(np.searchsorted(setting.flown[missile.threat], missile.pair))
        course = _course(f"M{number + 1}", missile, setting, world, architecture, flights, index, sure)
        courses.append(course)
        sights.append([_sight(each, course, setting, world, architecture) for each in defence.sensors])
        arms.append(tuple(_arm(each, course, setting, world, architecture) for each in defence.batteries))
    return Scenario(
        dossier,
        architecture,
        setting,
        defence,
        dossier.doctrine[defence.doctrine.name],
        {each.name: dossier.link[each.link] for each in defence.sensors if each.link is not None},
        tuple(courses),
        tuple(zip(*sights, strict=True)),
        tuple(arms),
        math.log(1.0 - dossier.doctrine[defence.doctrine.name].detection_confidence.value),
        sure,
    )


def _course(
    name: str,
    missile: Missile,
    setting: OperationSetting,
    world: World,
    architecture: str,
    flights: FlightSet,
    index: int,
    sure: bool,
) -> Course:
    own = flights.flights
    burnout, impact = float(own.burnout_s[index]), float(own.impact_s[index])
    times = burnout + scan.STEP * np.arange(int((impact - burnout) / scan.STEP) + 3)
    nodes, counts = own.nodes[index][None], own.counts[index][None]
    flying = np.minimum(times, impact)[None]
    states = sight.states_at(nodes, counts, flying)[0]
    # Errors grow on past the impact, where nobody asks.
    phis = tracking.many_transitions(
        nodes, counts, np.minimum(times, impact + np.arange(len(times)) * 1e-3)[None], WGS84
    )[0]
    orders = world.orders(architecture, flights, _FIRST)
    prior = np.empty(tracking.PACKED)
    heading, fast = float(orders.heading[0]), float(orders.speed[0])
    cue, across = observation.cue_errors(
        states[0], burnout, float(flights.flown_m[index]), float(orders.place[0]), heading, fast
    )
    declared = float(orders.cues[0, index])
    if math.isinf(declared):
        observation.no_cue(states[0], prior)
    else:
        tracking.cue_information(states[0], cue, max(1.0, fast), across, prior)
    if sure:
        tracking.cue_information(states[0], 1e-3, 1e-6, 1e-6, prior)
    data = setting.threat(missile.threat)
    targets = setting.places(data.to).point
    start, target = divmod(missile.pair, len(targets))
    return Course(
        name, setting.places(data.from_).point[start].name, targets[target].name, flights, index,
        missile.at_s, states, phis, declared, prior, cue, math.hypot(fast, across),
        setting.impact_planes(flights)[index],
    )  # fmt: skip


def _ends(sensor: Sensor) -> tuple[Array, Array]:
    """Where a sensor receives and transmits: latitude, longitude, altitude."""
    site, other = sensor.site, sensor.transmitter
    return np.array([site.lat, site.lon, site.altitude]), np.array([other.lat, other.lon, other.altitude])


def _sight(
    sensor: Sensor, course: Course, setting: OperationSetting, world: World, architecture: str
) -> Sight:
    flights, index = course.flights, course.index
    row = world.radar(sensor, flights.missile.name, _FIRST, None)[0]
    outlook = setting.outlook(flights, Station.of(sensor))
    if not outlook.seen:
        return Sight(row, 0, np.zeros((0, scan.LOOK_COLUMNS)), 0.0)
    orders = world.orders(architecture, flights, _FIRST)
    seconds = np.arange(math.ceil(course.impact_s), dtype=np.float64)
    looks = scan.look_table(
        row, flights.boost[0][index], outlook.boost[index], flights.cell_ends[0][index],
        outlook.free[index], outlook.partings[index], float(orders.parting[0]), float(orders.size[0]),
        float(orders.goal[0]), seconds,
    )  # fmt: skip
    useful = np.flatnonzero((looks[:, [scan.HOLDS, scan.SEARCHED, scan.LOOKED]] != 0.0).any(axis=1))
    first, end = (int(useful[0]), int(useful[-1]) + 1) if len(useful) else (0, 0)
    slew = float(row[radar.SLEW])
    swing = float(outlook.swings[index]) / slew if slew > 0.0 else 0.0
    return Sight(row, first, np.ascontiguousarray(looks[first:end]), swing)


def _arm(
    battery: Battery, course: Course, setting: OperationSetting, world: World, architecture: str
) -> planning.Arm | None:
    flights, index = course.flights, course.index
    if not setting.reaches(flights, battery):
        return None
    part = world.launching(battery, flights, _FIRST)
    curve = launching.launches(shooters([part], setting.closely), 0, 0, index)
    if np.isnan(curve[:, 1]).all():
        return None
    divert, homing, view, longest = (float(value) for value in part.vehicles[0])
    orders = world.orders(architecture, flights, _FIRST)
    return planning.Arm(
        curve, np.ascontiguousarray(setting.planes(flights, battery)[index]), float(part.burn), divert,
        homing, view, longest, orders.radii[0], bool(orders.uplink[0]),
    )  # fmt: skip
