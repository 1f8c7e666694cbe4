"""Flights as the sensors of an architecture watch them: who sees them when, how well they are then known,
when interceptors may be launched, and what time remains.

The errors are those of the best tracker that the looks and their biases allow (see ``physics.tracking``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..model import missile as make_missile
from ..model.defence import Place
from ..model.flights import Flights, aim_one, geodetic
from ..model.memory import Memory
from ..model.radar import to_decibels
from ..physics import knowledge, sight, tracking
from ..physics.acquisition import FIRST, FIRST_BODY, RESOLVED, look_levels
from ..physics.earth import WGS84
from ..physics.radar import HALF, HIGHEST, LOWEST
from .engagement import FLIGHT, Engagement, OneFlight, engage_flight
from .flight_set import FlightSet
from .outlook import Station
from .setting import Setting
from .world import World

Array = NDArray[np.float64]

#: Errors are given this often [s].
_REPORT = 10.0
#: What gravity beyond J2, the target's own extent and the air on the way down add is of this size: position
#: [m], velocity [m/s], place of impact [m]. No smaller error is given.
LEAST = np.array([10.0, 0.05, 500.0])
#: Height below which the air counts [m].
_ENTRY = 100e3


@dataclass(frozen=True)
class TrackPoint:
    """One-sigma error of a track, root of the sum over three axes; and the radius on the ground that holds
    the place of impact with the doctrine's confidence.
    """

    t_s: float
    position_error_m: float
    velocity_error_m_s: float
    impact_radius_m: float


@dataclass(frozen=True)
class Watch:
    """What one sensor makes of the flight by itself [s after launch].

    Attributes
    ----------
    first_warhead_s : first look at the warhead in track
    intervals_s : unbroken spans in which the body is looked at in track
    levels_db : (n, 4) time and signal-to-noise ratio of a look while the body stands within the radar's
        limits, 1 where that is the booster's and 0 where it is the warhead's, and the number of the unbroken
        run of looks it belongs to
    needed_db : the ratio at which the radar holds a track
    resolved_s : from when warhead and spent stage are told apart
    """

    sensor: str
    radar: str
    site: Place
    first_seen_s: float | None
    first_warhead_s: float | None
    intervals_s: tuple[tuple[float, float], ...]
    best_snr_db: float | None
    levels_db: Array
    needed_db: float
    resolved_s: float | None
    track: tuple[TrackPoint, ...]


@dataclass(frozen=True)
class Watching:
    """A flight watched by every sensor and by all of them together, and what the architecture does about
    it [s after launch].

    Attributes
    ----------
    reentry_s : when it falls below 100 km
    heights : (n, 2) time and altitude [m]
    confidence : with which the place of impact lies within a track's ``impact_radius_m``
    """

    burnout_s: float
    reentry_s: float
    impact_s: float
    heights: Array
    declared_s: float | None
    sensors: tuple[Watch, ...]
    fused: tuple[TrackPoint, ...]
    confidence: float
    engagement: Engagement


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def watch(
    dossier: Dossier,
    architecture: str,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    *,
    apogee_m: float | None = None,
    memory: Memory | None = None,
) -> Watching:
    """Fly a missile between two places (latitude, longitude [rad]) and watch it, nominal figures throughout.

    ``OutOfReach`` where the missile cannot make the flight.
    """
    flights = aim_one(make_missile(dossier, missile), start, target, apogee_m)
    return watch_flight(OneFlight(dossier, flights, memory), architecture)


def report_times(only: FlightSet) -> Array:
    """When errors of a track are told: at burnout, and every ten seconds until re-entry [s]."""
    burnout, reentry = float(only.flights.burnout_s[0]), float(only.reentry_s[0])
    times = np.arange(np.ceil(burnout / _REPORT) * _REPORT, reentry, _REPORT)
    return np.concatenate([[burnout], times[times > burnout]])


def watch_flight(setting: OneFlight, architecture: str) -> Watching:
    """``watch`` for a flight already flown.

    The booster is seen until burnout, the warhead after it; tracks begin at burnout, for until then the
    flight is not free.
    """
    engagement = engage_flight(setting, architecture)
    only = setting.flight_sets(FLIGHT)[0]
    flights = only.flights
    world = World(setting, {}, {}, 1)
    burnout, impact = float(flights.burnout_s[0]), float(flights.impact_s[0])
    reentry, times = float(only.reentry_s[0]), report_times(only)
    phis = tracking.transitions(flights.nodes[0], int(flights.counts[0]), times, WGS84)
    seeing, looking = world.watching(architecture, only, np.zeros(1, dtype=np.int64))
    views, ground = looking.views, setting.impact_planes(only)[0]
    summaries, spans, known = knowledge.tracks(looking, 0, 0, times, phis, ground)
    watches = []
    defence = setting.defence(architecture)
    for i, sensor in enumerate(defence.sensors):
        names, needed = (sensor.name, sensor.radar.name, sensor.site), to_decibels(sensor.radar.needed)
        if i not in seeing:
            watches.append(Watch(*names, None, None, (), None, np.zeros((0, 4)), needed, None, ()))
            continue
        k = seeing.index(i)
        summary, radar = summaries[k], looking.radars[k, 0]
        outlook = setting.outlook(only, Station.of(sensor))
        levels = np.concatenate(
            [
                _levels(radar, views.boost_times[0], outlook.boost[0], True),
                _levels(radar, views.times[0], outlook.free[0], False),
            ]
        )
        looked = levels[levels[:, 0] >= np.nan_to_num(summary[FIRST], nan=np.inf)]
        watches.append(
            Watch(
                *names,
                _known(summary[FIRST]),
                _known(summary[FIRST_BODY]),
                _intervals(looked, spans[k], summary[FIRST], needed),
                float(looked[:, 1].max()) if len(looked) else None,
                levels,
                needed,
                _known(summary[RESOLVED]),
                _points(times, known[k]),
            )
        )
    entry = _falls_through(flights, reentry, impact)
    moments = np.unique(np.concatenate([np.arange(0.0, impact, _REPORT), [burnout, entry, impact]]))
    return Watching(
        burnout,
        entry,
        impact,
        np.stack([moments, geodetic(flights.states(0, moments))[:, 2]], axis=1),
        _known(engagement.declared_s),
        tuple(watches),
        _points(times, known[-1]),
        defence.doctrine.confidence,
        engagement,
    )


def _falls_through(flights: Flights, after: float, impact: float) -> float:
    """When a flight falls through 100 km, after a step of it that lies above [s]."""
    times = np.linspace(after, impact, 200)
    heights = geodetic(flights.states(0, times))[:, 2]
    return float(np.interp(-_ENTRY, -heights, times))


def _levels(radar: Array, times: Array, rows: Array, boost: bool) -> Array:
    """The looks at which the body stands within a radar's limits, as of ``Watch.levels_db``: (n, 4)."""
    within = (rows[:, sight.LOW] >= radar[LOWEST]) & (rows[:, sight.HIGH] <= radar[HIGHEST])
    within &= rows[:, sight.OFF] <= radar[HALF]
    levels, cosines = np.zeros(len(rows)), np.ones(len(rows))
    look_levels(radar, rows, boost, levels, cosines)
    levels *= 10.0 / np.log(10.0)
    runs = np.cumsum(np.diff(within.astype(int), prepend=0) > 0)
    return np.asarray(np.stack([times, levels, np.full(len(rows), float(boost)), runs], axis=1)[within])


def _intervals(looked: Array, spans: Array, first: float, needed: float) -> tuple[tuple[float, float], ...]:
    """Unbroken spans in which a radar looks at the body: in boost from the first sight to the last of the
    looks that return enough, then as of ``spans``.
    """
    early = looked[(looked[:, 2] > 0.0) & (looked[:, 1] >= needed), 0]
    pieces = [(first, early[-1])] if len(early) else []
    pieces += [(a, b) for a, b in spans if b > a]
    joined: list[tuple[float, float]] = []
    for a, b in pieces:
        if joined and a - joined[-1][1] < 1e-6 + 0.5:
            joined[-1] = (joined[-1][0], float(b))
        else:
            joined.append((float(a), float(b)))
    return tuple(joined)


def _points(times: Array, known: Array) -> tuple[TrackPoint, ...]:
    """Errors of a track from its first look on, none below what the model leaves out."""
    return tuple(
        TrackPoint(float(t), *(float(value) for value in np.maximum(row, LEAST)))
        for t, row in zip(times, known, strict=True)
        if not np.isnan(row[0])
    )


@dataclass(frozen=True)
class Spread:
    """A time over all flights of a threat [s]: how many flights have one, and its 5, 50 and 95 % points
    among them.
    """

    flights: int
    low_s: float | None
    median_s: float | None
    high_s: float | None


@dataclass(frozen=True)
class Timeline:
    """All flights of a threat against one architecture, nominal figures throughout [s after launch].

    Attributes
    ----------
    flights : that reach their targets
    declared, first_sight, track, commit, intercept : from launch to the declaration from space, to the
        first sight by a radar, to the first sight of the warhead, to the first launch that the track
        allows, and to the first intercept; flights on which that never happens are left out
    battle_space : from the first to the last launch; nothing on flights that cannot be engaged
    sensors : first sight by each sensor
    """

    architecture: str
    threat: str
    flights: int
    burnout: Spread
    declared: Spread
    first_sight: Spread
    track: Spread
    commit: Spread
    intercept: Spread
    battle_space: Spread
    impact: Spread
    sensors: tuple[tuple[str, Spread], ...]


def _spread(values: Array) -> Spread:
    known = values[np.isfinite(values)]
    if not len(known):
        return Spread(0, None, None, None)
    low, middle, high = (float(each) for each in np.percentile(known, [5, 50, 95]))
    return Spread(len(known), low, middle, high)


def timeline(setting: Setting, threat: str, architecture: str) -> Timeline:
    """Every flight of a threat against an architecture."""
    world = World(setting, {}, {}, 1)
    chances = world.chances(threat, architecture, closely=True, sights=True)
    reach = world.reachable(threat)[0]
    flights = setting.flight_sets(threat)[0]
    declared = world.declared(architecture, flights, np.zeros(1, dtype=np.int64))[0]
    if setting.defence(architecture).warning is None:
        declared = np.full_like(declared, np.nan)
    seen, tracked = (_soonest(chances.sights[:, 0, reach, column]) for column in (FIRST, FIRST_BODY))
    first, last = _soonest(chances.windows[:, 0, reach, 0]), -_soonest(-chances.windows[:, 0, reach, 1])
    return Timeline(
        architecture,
        threat,
        int(reach.sum()),
        _spread(flights.flights.burnout_s),
        _spread(declared),
        _spread(seen),
        _spread(tracked),
        _spread(first),
        _spread(_soonest(chances.windows[:, 0, reach, 2])),
        _spread(last - first),
        _spread(flights.flights.impact_s),
        tuple(
            (sensor.name, _spread(sights[0, reach, FIRST]))
            for sensor, sights in zip(setting.defence(architecture).sensors, chances.sights, strict=True)
        ),
    )


def acting(dossier: Dossier) -> list[str]:
    """The architectures that have both sensors and a doctrine to act by, in the order written."""
    found = ((name, dossier.resolved_architecture(name)) for name in dossier.architecture)
    return [name for name, data in found if data.sensor and data.doctrine is not None]


def _soonest(values: Array) -> Array:
    """Least over the first axis of what is a number; nan where nothing is."""
    out = np.full(values.shape[1:], np.nan)
    for each in values:
        out = np.fmin(out, each)
    return out
