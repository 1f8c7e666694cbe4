"""Scenarios made ready: the raid drawn, its missiles flown, what every radar could see of them and every
battery do against them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..analysis.chances import shooters
from ..analysis.flight_set import FlightSet
from ..analysis.outlook import Station
from ..analysis.raiding import Missile, draw, flown_as
from ..analysis.world import World
from ..dossier import Dossier
from ..dossier.raid import Order
from ..model import Battery, Sensor
from ..model.memory import Memory
from ..physics import launching, observation, planning, radar, scan, sight, tracking
from ..physics.earth import WGS84
from .scenario import Course, OperationSetting, Scenario, Sight

_FIRST = np.zeros(1, dtype=np.int64)
# The random stream by which a missile that may be of several kinds is of one.
_KIND = 7


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
    setting = _flown(dossier, orders, seed, memory, workers, report)
    defence = setting.defence(architecture)
    courses, sights, arms = _parts(setting, architecture, seed, sure, 0)
    doctrine = dossier.doctrine[defence.doctrine.name]
    return Scenario(
        dossier, architecture, setting, defence, doctrine,
        {each.name: dossier.link[each.link] for each in defence.sensors if each.link is not None},
        courses, sights, arms, math.log(1.0 - doctrine.detection_confidence.value), sure, seed, memory,
    )  # fmt: skip


def joined(scenario: Scenario, order: Order, at_s: float) -> Scenario:
    """A scenario with one missile more, numbered last, that leaves at a time of the raid."""
    known = len(scenario.courses)
    seed = scenario.seed + known
    setting = _flown(scenario.dossier, (replace(order, at_s=at_s),), seed, scenario.memory, 1, None)
    courses, sights, arms = _parts(setting, scenario.architecture, seed, scenario.sure, known)
    both = tuple((*old, *new) for old, new in zip(scenario.sights, sights, strict=True))
    return replace(
        scenario, courses=scenario.courses + courses, sights=both, arms=scenario.arms + arms,
        _growth=dict(scenario._growth), _rows=dict(scenario._rows),
    )  # fmt: skip


def _flown(
    dossier: Dossier, orders: Sequence[Order], seed: int, memory: Memory, workers: int,
    report: Callable[[str], None] | None,
) -> OperationSetting:  # fmt: skip
    raid = draw(dossier, orders, seed, memory, workers, report)
    return OperationSetting(dossier, raid, (), memory, workers, report)


def _parts(
    setting: OperationSetting, architecture: str, seed: int, sure: bool, known: int
) -> tuple[tuple[Course, ...], tuple[tuple[Sight, ...], ...], tuple[tuple[planning.Arm | None, ...], ...]]:
    """Courses, sights by sensor and arms by missile of a setting's raid, numbered after those known."""
    world, defence = World(setting, {}, {}, 1), setting.defence(architecture)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_KIND,)))
    courses, sights, arms = [], [], []
    for number, missile in enumerate(setting.raid, start=known + 1):
        kind = missile.kinds[0] if len(missile.kinds) == 1 else str(rng.choice(missile.kinds))
        flights = setting.flight_sets(flown_as(missile.threat, kind))[0]
        index = int(np.searchsorted(setting.flown[missile.threat], missile.pair))
        course = _course(f"M{number}", missile, setting, world, architecture, flights, index, sure)
        courses.append(course)
        sights.append([_sight(each, course, setting, world, architecture) for each in defence.sensors])
        arms.append(tuple(_arm(each, course, setting, world, architecture) for each in defence.batteries))
    return tuple(courses), tuple(zip(*sights, strict=True)), tuple(arms)


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
