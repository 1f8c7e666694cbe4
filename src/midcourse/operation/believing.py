"""What command and control believes of a missile, beside what is: places, with how far they may be off."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..model.flights import geodetic
from ..physics import planning, scan
from ..physics.earth import WGS84
from .scenario import Course, Scenario

Array = NDArray[np.float64]


def state_at(course: Course, after_s: float) -> tuple[Array, Array]:
    """True state, (6,) in ECI at launch, and transition since burnout, (6, 6), in free flight."""
    x = max(0.0, after_s - course.burnout_s) / scan.STEP
    k = min(int(x), len(course.states) - 2)
    f = x - k
    return (
        (1.0 - f) * course.states[k] + f * course.states[k + 1],
        (1.0 - f) * course.phis[k] + f * course.phis[k + 1],
    )


def over_ground(place: Array, after_s: float) -> Array:
    """A place in ECEF, from ECI at launch [m]."""
    angle = WGS84.rotation * after_s
    c, s = math.cos(angle), math.sin(angle)
    return np.array([c * place[0] + s * place[1], c * place[1] - s * place[0], place[2]])


def belief(scenario: Scenario, missile: int, after_s: float, off: Array, lower: Array) -> dict[str, float]:
    """Where a missile is believed to be and to come down, and one sigma of both.

    ``off`` (6,) and ``lower`` (6, 6) as of ``planning.estimate``.
    """
    course = scenario.courses[missile]
    state, phi = state_at(course, max(after_s, course.burnout_s))
    place = state[:3] + 1e3 * phi[:3] @ off
    lat, lon, altitude = geodetic(over_ground(place, after_s)[None])[0]
    spread = planning.spread_along(lower, np.ascontiguousarray(phi))
    ground = course.ground
    east, north = 1e3 * ground[:6] @ off, 1e3 * ground[6:12] @ off
    halves = np.stack([planning.halved(lower, ground[:6]), planning.halved(lower, ground[6:12])])
    aim_lat, aim_lon = (float(value) for value in course.own.targets[course.index, :2])
    return {
        "lat_deg": math.degrees(lat),
        "lon_deg": (math.degrees(lon) + 180.0) % 360.0 - 180.0,
        "altitude_km": float(altitude) / 1e3,
        "sigma_km": math.sqrt(float(np.trace(spread))) / 1e3,
        "off_km": float(np.linalg.norm(phi[:3] @ off)),
        "impact_lat_deg": math.degrees(aim_lat + north / WGS84.radius),
        "impact_lon_deg": math.degrees(aim_lon + east / (WGS84.radius * math.cos(aim_lat))),
        "impact_sigma_km": math.sqrt(float((halves**2).sum())),
    }
