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


def state_at(course: Course, after_s: Array) -> tuple[Array, Array]:
    """True states, (n, 6) in ECI at launch, and transitions since burnout, (n, 6, 6), at times of free flight
    (n,) [s].
    """
    x = np.maximum(0.0, after_s - course.burnout_s) / scan.STEP
    k = np.minimum(x.astype(np.int64), len(course.states) - 2)
    f = (x - k)[:, None]
    states = (1.0 - f) * course.states[k] + f * course.states[k + 1]
    return states, (1.0 - f)[..., None] * course.phis[k] + f[..., None] * course.phis[k + 1]


def to_ground(after_s: Array) -> Array:
    """What turns ECI at launch into ECEF at times (n,) [s]: (n, 3, 3)."""
    angles = WGS84.rotation * after_s
    out = np.zeros((len(after_s), 3, 3))
    out[:, 0, 0] = out[:, 1, 1] = np.cos(angles)
    out[:, 0, 1] = np.sin(angles)
    out[:, 1, 0] = -out[:, 0, 1]
    out[:, 2, 2] = 1.0
    return out


def halves(lower: Array) -> Array:
    """The root of a covariance: what rows of (n, 6) times it have in common are their covariances; ``lower``
    as of ``planning.estimate``.
    """
    return np.stack([planning.halved(lower, row) for row in np.eye(6)])


def where(course: Course, after_s: Array, off: Array, lower: Array) -> tuple[Array, Array]:
    """Places in ECEF (n, 3) [m] at times after launch (n,) [s], and their covariances (n, 3, 3) [m^2], by a
    track as of ``planning.estimate``.
    """
    states, phis = state_at(course, after_s)
    turns = to_ground(after_s)
    places = states[:, :3] + 1e3 * phis[:, :3] @ off
    roots = 1e3 * turns @ phis[:, :3] @ halves(lower)
    return (turns @ places[..., None])[..., 0], roots @ roots.transpose(0, 2, 1)


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

    def where(self, course: Course, times_s: Array) -> tuple[Array, Array]:
        """Where the missile is believed to be at times after the raid begins, as of ``where``."""
        return where(course, times_s - course.at_s, self.off, self.lower)

    def impact(self, course: Course) -> tuple[float, float]:
        """Where it is believed to come down: latitude and longitude [rad]."""
        lat, lon = (float(value) for value in course.own.targets[course.index, :2])
        east, north = 1e3 * course.ground[:6] @ self.off, 1e3 * course.ground[6:12] @ self.off
        return lat + float(north) / WGS84.radius, lon + float(east) / (WGS84.radius * math.cos(lat))

    def impact_spread(self, course: Course) -> Array:
        """Covariance of that place, east and north: (2, 2) [m^2]."""
        roots = 1e3 * course.ground[:12].reshape(2, 6) @ halves(self.lower)
        return np.asarray(roots @ roots.T)

    def told(self, course: Course) -> dict[str, float]:
        """What an event tells of it."""
        now = np.array([self.at_s])
        places, spreads = self.where(course, now)
        lat, lon, altitude = geodetic(places)[0]
        impact_lat, impact_lon = self.impact(course)
        phi = state_at(course, now - course.at_s)[1][0]
        return {
            "lat_deg": math.degrees(lat),
            "lon_deg": (math.degrees(lon) + 180.0) % 360.0 - 180.0,
            "altitude_km": float(altitude) / 1e3,
            "sigma_km": math.sqrt(float(np.trace(spreads[0]))) / 1e3,
            "off_km": float(np.linalg.norm(phi[:3] @ self.off)),
            "impact_lat_deg": math.degrees(impact_lat),
            "impact_lon_deg": math.degrees(impact_lon),
            "impact_sigma_km": math.sqrt(float(np.trace(self.impact_spread(course)))) / 1e3,
        }
