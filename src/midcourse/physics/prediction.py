"""How well the place is known at which a tracked flight will be: where it is to be met, or where it comes
down.

References
----------
.. [1] R. Hoyt, "Probability functions for the modulus and angle of the normal complex variate", Bell System
   Technical Journal 26 (1947): the radius that holds a share of a two-dimensional normal error.
"""

import math

import numpy as np

from .earth import Earth, to_geodetic
from .flight import Array, state_at
from .flyout import Flyout, arrival_velocity
from .intercept import ABOVE, ANGLE, BEARING, TIME
from .kernel import bare, kernel
from .tracking import factor, spread

# Ratios of the axes of an error at which its radius is tabulated.
_RATIOS = 17
# Places over a quarter turn at which the share within a radius is summed.
_ANGLES = 24
#: Columns of a plane: how the predicted place moves in two directions with the state at burnout (6 each) [km
#: per km and m/s], and the closing speed [m/s].
ACROSS_1, ACROSS_2, CLOSING = 0, 6, 12
PLANE = 13


@bare
def share_within(radius: float, ratio: float) -> float:
    """Share of a two-dimensional normal error within a radius, both in units of its larger axis [1]_."""
    total = 0.0
    for i in range(_ANGLES):
        c = math.cos(0.5 * math.pi * (i + 0.5) / _ANGLES) ** 2
        total += 1.0 - math.exp(-0.5 * radius * radius / (c + ratio * ratio * (1.0 - c)))
    return total / _ANGLES


@kernel
def radii(shares: Array) -> Array:
    """Radius that holds each share, at even ratios of the axes from 0 to 1: (samples, 17)."""
    out = np.empty((len(shares), _RATIOS))
    for s in range(len(shares)):
        if s > 0 and shares[s] == shares[s - 1]:
            out[s] = out[s - 1]
            continue
        for i in range(_RATIOS):
            low, high = 0.0, 12.0
            for _ in range(24):
                middle = 0.5 * (low + high)
                if share_within(middle, i / (_RATIOS - 1.0)) < shares[s]:
                    low = middle
                else:
                    high = middle
            out[s, i] = high
    return out


@kernel
def planes(
    table: Flyout, nodes: Array, counts: Array, approach: Array, phis: Array, burnouts: Array, earth: Earth
) -> Array:
    """The planes across the closing velocity along every flight: (flights, n, 13).

    The interceptor comes in as it does on the table's earliest arrival; where the table does not reach, the
    flight's own velocity stands for the closing one.
    """
    flights, n = approach.shape[0], approach.shape[1]
    out = np.empty((flights, n, PLANE))
    state, velocity = np.empty(6), np.empty(3)
    p, q = np.empty(3), np.empty(3)
    for f in range(flights):
        b = burnouts[f]
        hx, hy, hz = b[1] * b[5] - b[2] * b[4], b[2] * b[3] - b[0] * b[5], b[0] * b[4] - b[1] * b[3]
        for i in range(n):
            row = approach[f, i]
            t = row[TIME]
            state_at(nodes[f], int(counts[f]), t, state)
            vx, vy, vz = state[3], state[4], state[5]
            if arrival_velocity(table, row[BEARING], row[ANGLE], row[ABOVE], velocity):
                # Over the ground in ECEF; to ECI.
                c, s = math.cos(earth.rotation * t), math.sin(earth.rotation * t)
                vx -= c * velocity[0] - s * velocity[1] - earth.rotation * state[1]
                vy -= s * velocity[0] + c * velocity[1] + earth.rotation * state[0]
                vz -= velocity[2]
            speed = math.sqrt(vx * vx + vy * vy + vz * vz)
            p[0], p[1], p[2] = vy * hz - vz * hy, vz * hx - vx * hz, vx * hy - vy * hx
            size = math.sqrt(p[0] ** 2 + p[1] ** 2 + p[2] ** 2)
            p /= size
            q[0] = (vy * p[2] - vz * p[1]) / speed
            q[1] = (vz * p[0] - vx * p[2]) / speed
            q[2] = (vx * p[1] - vy * p[0]) / speed
            for j in range(6):
                out[f, i, ACROSS_1 + j] = out[f, i, ACROSS_2 + j] = 0.0
                for a in range(3):
                    out[f, i, ACROSS_1 + j] += p[a] * phis[f, i, a, j]
                    out[f, i, ACROSS_2 + j] += q[a] * phis[f, i, a, j]
            out[f, i, CLOSING] = speed
    return out


@kernel
def impact_planes(nodes: Array, counts: Array, times: Array, phis: Array, earth: Earth) -> Array:
    """The ground at every flight's impact: (flights, 13), as of ``planes``.

    A body that is off comes down where its own way meets the ground: its error is carried along its
    velocity over the ground. ``times`` (flights,) [s] and ``phis`` (flights, 6, 6) are those of the impact.
    """
    out = np.zeros((len(times), PLANE))
    state = np.empty(6)
    for f in range(len(times)):
        state_at(nodes[f], int(counts[f]), times[f], state)
        lat, lon, _ = to_geodetic(state[0], state[1], state[2], earth)
        vx = state[3] + earth.rotation * state[1]
        vy = state[4] - earth.rotation * state[0]
        vz = state[5]
        sl, cl, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
        up = (cl * co, cl * so, sl)
        sink = up[0] * vx + up[1] * vy + up[2] * vz
        for m in range(2):
            level = (-so, co, 0.0) if m == 0 else (-sl * co, -sl * so, cl)
            slope = (level[0] * vx + level[1] * vy + level[2] * vz) / sink
            for j in range(6):
                for a in range(3):
                    out[f, 6 * m + j] += (level[a] - slope * up[a]) * phis[f, a, j]
        out[f, CLOSING] = math.sqrt(vx * vx + vy * vy + vz * vz)
    return out


@bare
def radius_from(lower: Array, plane: Array, table: Array, one: Array, two: Array) -> float:
    """Radius of the predicted error in a plane that holds the share tabulated [m], from the factor (6, 6) of
    what is known, as of ``tracking.factor``; ``one`` and ``two`` are room for (6,).
    """
    spread(lower, plane[ACROSS_1 : ACROSS_1 + 6], one)
    spread(lower, plane[ACROSS_2 : ACROSS_2 + 6], two)
    a, b, c = 0.0, 0.0, 0.0
    for m in range(6):
        a += one[m] * one[m]
        b += one[m] * two[m]
        c += two[m] * two[m]
    middle, half = 0.5 * (a + c), math.sqrt(0.25 * (a - c) ** 2 + b * b)
    large = middle + half
    small = max(0.0, (a * c - b * b) / large)
    place = math.sqrt(small / large) * (_RATIOS - 1.0)
    i = min(int(place), _RATIOS - 2)
    return 1e3 * math.sqrt(large) * (table[i] + (place - i) * (table[i + 1] - table[i]))


@bare
def error_radius(
    information: Array, plane: Array, table: Array, lower: Array, one: Array, two: Array
) -> float:
    """``radius_from`` an information (21,); inf where nothing is known."""
    if not factor(information, lower):
        return np.inf
    return radius_from(lower, plane, table, one, two)
