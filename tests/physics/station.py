"""A body in free flight and what a radar on the turning Earth measures of it, in numpy and pyproj alone."""

from __future__ import annotations

import numpy as np
import pyproj

#: Rate at which the Earth turns, WGS 84 [rad/s].
TURNING = 7.292115e-5
_MU, _J2, _RADIUS = 3.986004418e14, 1.082629821e-3, 6378137.0
_ECEF = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)


def _slope(y):
    square = y[0] * y[0] + y[1] * y[1] + y[2] * y[2]
    pull = -_MU * square**-1.5
    bulge = 1.5 * _J2 * _RADIUS**2 / square
    across = pull * (1.0 + bulge * (1.0 - 5.0 * y[2] * y[2] / square))
    return np.stack([y[3], y[4], y[5], across * y[0], across * y[1], (across + 2.0 * pull * bulge) * y[2]])


def fall(states, duration):
    """States (6, ...) after a free flight under J2, by Runge and Kutta's steps of fourth order [m, m/s]."""
    steps = max(1, int(np.ceil(duration / 10.0 - 1e-9)))
    h = duration / steps
    for _ in range(steps):
        k1 = _slope(states)
        k2 = _slope(states + 0.5 * h * k1)
        k3 = _slope(states + 0.5 * h * k2)
        k4 = _slope(states + h * k3)
        states = states + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return states


def transition(state, duration):
    """How the state after a free flight changes with the one before: (6, 6), by steps along the imaginary
    axis, which nothing cancels.
    """
    return fall(np.asarray(state)[:, None] + 1e-20j * np.eye(6), duration).imag / 1e-20


def turned(vectors, angle):
    """Vectors (..., 3) turned about the Earth's axis."""
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = np.moveaxis(np.asarray(vectors, dtype=float), -1, 0)
    return np.stack([c * x - s * y, s * x + c * y, z], axis=-1)


def station_state(place, t):
    """Position [m] and velocity [m/s] in ECI of a place (latitude, longitude [rad], altitude [m])."""
    lat, lon, altitude = place
    fixed = np.array(_ECEF.transform(np.degrees(lon), np.degrees(lat), altitude))
    here = turned(fixed, TURNING * t)
    return here, np.cross([0.0, 0.0, TURNING], here)


def axes(place, t):
    """East, north and up at a place in ECI: (3, 3)."""
    lat, lon = place[0], place[1] + TURNING * t
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    east = np.cross([0.0, 0.0, 1.0], up)
    east /= np.linalg.norm(east)
    return np.stack([east, np.cross(up, east), up])


def measure(t, states, receiver, transmitter=None):
    """Range [m], azimuth, elevation [rad] and range rate [m/s] of states (..., 6) in ECI: (..., 4).

    With a transmitter elsewhere, range and its rate are half those of the whole way.
    """
    states = np.asarray(states, dtype=float)
    here, moving = station_state(receiver, t)
    gap = states[..., :3] - here
    distance = np.linalg.norm(gap, axis=-1)
    rate = np.sum(gap * (states[..., 3:] - moving), axis=-1) / distance
    east, north, up = np.moveaxis(gap @ axes(receiver, t).T, -1, 0)
    length = distance
    if transmitter is not None:
        there, drifting = station_state(transmitter, t)
        other = states[..., :3] - there
        way = np.linalg.norm(other, axis=-1)
        length = 0.5 * (distance + way)
        rate = 0.5 * (rate + np.sum(other * (states[..., 3:] - drifting), axis=-1) / way)
    return np.stack([length, np.arctan2(east, north), np.arcsin(up / distance), rate], axis=-1)


def slopes(t, states, receiver, transmitter=None):
    """How what is measured changes with states (..., 6) at that time, by differences: (..., 4, 6) per m and
    m/s.
    """
    steps = np.array([100.0] * 3 + [1.0] * 3)
    states = np.asarray(states)[..., None, :]
    ahead = measure(t, states + np.diag(steps), receiver, transmitter)
    gaps = ahead - measure(t, states - np.diag(steps), receiver, transmitter)
    gaps[..., 1] = nearest_turn(gaps[..., 1])
    return np.swapaxes(gaps / (2.0 * steps[:, None]), -1, -2)


def nearest_turn(angle):
    """An angle between half a turn to either side [rad]."""
    return (angle + np.pi) % (2.0 * np.pi) - np.pi


def symmetric(packed):
    """A symmetric matrix from its 21 upper elements, row by row."""
    full = np.zeros((6, 6))
    full[np.triu_indices(6)] = packed
    return full + np.triu(full, 1).T


def packed(matrix):
    """The 21 upper elements of a symmetric matrix."""
    return np.ascontiguousarray(np.asarray(matrix)[np.triu_indices(6)])
