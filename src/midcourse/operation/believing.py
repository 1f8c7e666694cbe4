"""What command and control believes of a missile, beside what is: places, with how far they may be off."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model.flights import geodetic
from ..physics import planning, scan
from ..physics.earth import WGS84
from .scenario import Course

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


def where(course: Course, after_s: float, off: Array, lower: Array) -> tuple[Array, Array]:
    """The place in ECEF (3,) [m] and its covariance (3, 3) [m^2], by a track as of ``planning.estimate``."""
    state, phi = state_at(course, after_s)
    turned = np.stack([over_ground(axis, after_s) for axis in np.eye(3)], axis=1)
    spread = turned @ planning.spread_along(lower, np.ascontiguousarray(phi)) @ turned.T
    return over_ground(state[:3] + 1e3 * phi[:3] @ off, after_s), spread


@dataclass(frozen=True, eq=False)
class Belief:
    """What is believed of a missile from a moment on, until something else is told: the track is flown on.

    Attributes
    ----------
    at_s : when it is told, after the raid begins
    off : (6,) how far the track is off at burnout, lower : (6, 6) the factor of what is known, as of
        ``planning.estimate``
    """

    at_s: float
    off: Array
    lower: Array

    def where(self, course: Course, at_s: float) -> tuple[Array, Array]:
        """Where the missile is believed to be at a time after the raid begins, as of ``where``."""
        return where(course, at_s - course.at_s, self.off, self.lower)

    def impact(self, course: Course) -> tuple[float, float]:
        """Where it is believed to come down: latitude and longitude [rad]."""
        lat, lon = (float(value) for value in course.own.targets[course.index, :2])
        east, north = 1e3 * course.ground[:6] @ self.off, 1e3 * course.ground[6:12] @ self.off
        return lat + float(north) / WGS84.radius, lon + float(east) / (WGS84.radius * math.cos(lat))

    def impact_spread(self, course: Course) -> Array:
        """Covariance of that place, east and north: (2, 2) [m^2]."""
        rows = course.ground[:12].reshape(2, 6)
        halves = np.stack([planning.halved(self.lower, np.ascontiguousarray(row)) for row in rows])
        return np.asarray(1e6 * halves @ halves.T)

    def told(self, course: Course) -> dict[str, float]:
        """What an event tells of it."""
        place, spread = self.where(course, self.at_s)
        lat, lon, altitude = geodetic(place[None])[0]
        impact_lat, impact_lon = self.impact(course)
        _, phi = state_at(course, self.at_s - course.at_s)
        return {
            "lat_deg": math.degrees(lat),
            "lon_deg": (math.degrees(lon) + 180.0) % 360.0 - 180.0,
            "altitude_km": float(altitude) / 1e3,
            "sigma_km": math.sqrt(float(np.trace(spread))) / 1e3,
            "off_km": float(np.linalg.norm(phi[:3] @ self.off)),
            "impact_lat_deg": math.degrees(impact_lat),
            "impact_lon_deg": math.degrees(impact_lon),
            "impact_sigma_km": math.sqrt(float(np.trace(self.impact_spread(course)))) / 1e3,
        }
