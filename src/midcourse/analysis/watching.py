"""One flight as the sensors of an architecture watch it: who sees it when, and how well each then knows it.

The errors are those of the best tracker that the measurements allow (see ``physics.tracking``), without the
biases of calibration and of the air, which no averaging lowers: a real radar does worse once these figures
get small. The rule by which interceptors are committed does not use them yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..model import Sensor
from ..model import missile as make_missile
from ..model.flights import aim_one
from ..model.memory import Memory
from ..physics import tracking
from ..physics.earth import WGS84
from ..physics.sensing import geometry
from .engagement import OneFlight
from .setting import FlightSet
from .world import World

Array = NDArray[np.float64]

#: Looks a second at a body in track.
LOOKS_PER_SECOND = 1.0
#: What is known of a body before anything is measured: next to nothing [m, m/s].
_PRIOR = np.diag([1.0 / 500e3**2] * 3 + [1.0 / 3e3**2] * 3)
#: Errors are given this often [s].
_REPORT = 10.0


@dataclass(frozen=True)
class TrackPoint:
    """One-sigma error of a track, root of the sum over three axes."""

    t_s: float
    position_error_m: float
    velocity_error_m_s: float


@dataclass(frozen=True)
class Watch:
    """What one sensor, or all together, make of the flight."""

    sensor: str
    first_seen_s: float | None
    intervals_s: tuple[tuple[float, float], ...]
    best_snr_db: float | None
    track: tuple[TrackPoint, ...]


@dataclass(frozen=True)
class Watching:
    """A flight watched by every sensor and by all of them fused."""

    burnout_s: float
    impact_s: float
    declared_s: float
    sensors: tuple[Watch, ...]
    fused: tuple[TrackPoint, ...]


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

    The booster is seen until burnout, the warhead after it; tracks begin at burnout, for until then the
    flight is not free. ``OutOfReach`` where the missile cannot make the flight.
    """
    flights = aim_one(make_missile(dossier, missile), start, target, apogee_m)
    setting = OneFlight(dossier, flights, memory)
    defence = setting.defence(architecture)
    only = setting.flight_sets("")[0]
    declared = float(
        World(setting, {}, {}, 1).declared(architecture, only, np.zeros(1, dtype=np.int64))[0, 0]
    )
    burnout, impact = float(flights.burnout_s[0]), float(flights.impact_s[0])
    times = np.arange(0.0, impact, 1.0 / LOOKS_PER_SECOND)
    free = times[times >= burnout]
    count = int(flights.counts[0])
    phis = tracking.transitions(flights.nodes[0], count, free, WGS84)
    states = flights.states(0, times)[None]
    fused = np.broadcast_to(_PRIOR, (len(free), 6, 6)).copy()
    watches = []
    for sensor in defence.sensors:
        seen, ratios = _look(sensor, only, states, times, burnout, declared)
        late = times >= burnout
        gathered = tracking.accumulate(
            flights.nodes[0],
            count,
            free,
            phis,
            seen[late].astype(np.float64),
            ratios[late],
            sensor.site.lat,
            sensor.site.lon,
            sensor.site.altitude,
            tracking.Accuracy(sensor.radar.beam.beamwidth, sensor.radar.range_resolution_m),
            WGS84,
        )
        fused += gathered
        best = float(10.0 * np.log10(ratios[seen].max())) if seen.any() else None
        watches.append(
            Watch(
                sensor.name,
                float(times[seen][0]) if seen.any() else None,
                _intervals(times, seen),
                best,
                _points(free, phis, gathered + _PRIOR, seen[late]),
            )
        )
    anyone = np.trace(fused, axis1=1, axis2=2) > np.trace(_PRIOR) * (1.0 + 1e-9)
    return Watching(burnout, impact, declared, tuple(watches), _points(free, phis, fused, anyone))


def _look(
    sensor: Sensor, flights: FlightSet, states: Array, times: Array, burnout: float, cue: float
) -> tuple[NDArray[np.bool_], Array]:
    """Whether each look sees the body, and its signal-to-noise ratio."""
    site, beam = sensor.site, sensor.radar.beam
    view = geometry(
        site.lat, site.lon, site.altitude, np.array(sensor.azimuths, dtype=np.float64), states, WGS84
    )[0]
    band = sensor.radar.band
    area = np.where(times < burnout, flights.missile.rcs_boost[band], flights.missile.rcs[band])
    ratios = beam.strength * area / np.exp(4.0 * view[:, 0])
    seen = (
        (times >= cue)
        & (view[:, 1] >= beam.lowest)
        & (view[:, 1] <= beam.highest)
        & (view[:, 2] <= beam.half_width)
        & (ratios >= beam.needed)
    )
    return seen, ratios


def _intervals(times: Array, seen: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    """Unbroken spans in which the body is seen."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]]).astype(int)))
    return tuple((float(times[a]), float(times[b - 1])) for a, b in edges.reshape(-1, 2))


def _points(times: Array, phis: Array, information: Array, seen: NDArray[np.bool_]) -> tuple[TrackPoint, ...]:
    """Errors of a track at even times from its first look to the impact."""
    if not seen.any():
        return ()
    first = int(np.argmax(seen))
    points = []
    every = max(1, round(_REPORT * LOOKS_PER_SECOND))
    # Metres and metres a second differ by orders of magnitude: balance before inverting.
    scale = np.array([1e3] * 3 + [1.0] * 3)
    for i in range(first, len(times), every):
        epoch = np.linalg.inv(information[i] * np.outer(scale, scale)) * np.outer(scale, scale)
        covariance = phis[i] @ epoch @ phis[i].T
        points.append(
            TrackPoint(
                float(times[i]),
                float(np.sqrt(np.trace(covariance[:3, :3]))),
                float(np.sqrt(np.trace(covariance[3:, 3:]))),
            )
        )
    return tuple(points)
