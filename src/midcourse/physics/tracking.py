"""How well a ballistic body is known from what radars measure of it.

The body flies without thrust, so an error now is a linear map of the error at the start of its free flight.
Each measurement adds information about that starting state; radars are fused by adding what each contributes;
and the covariance at any time, before or after the last measurement, is the inverse of the information
carried there. Without process noise this is the information filter run along the true flight, and its
covariance is the Cramer-Rao bound of any unbiased tracker.

References
----------
.. [1] Y. Bar-Shalom, X. Li, T. Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001,
   sections 2.7 and 7.2.
.. [2] O. Montenbruck and E. Gill, "Satellite Orbits", 2000, sections 7.1 and 7.2 (variational equations).
.. [3] D. Barton, "Radar System Analysis and Modeling", 2005, sections 8.2 and 8.3 (angle and range error).
"""

import math
from typing import NamedTuple

import numpy as np

from .earth import Earth, to_ecef
from .flight import Array, state_at
from .kernel import kernel
from .sensing import ANGLE_FLOOR

#: Slope constants of monopulse angle and of leading-edge range measurement [3]_.
_ANGLE_SLOPE = 1.6
_RANGE_SLOPE = 1.6
#: Range, like angle, is not measured better than this part of its cell, however strong the echo.
FLOOR = ANGLE_FLOOR
# Longest step of the variational equations [s].
_STEP = 10.0


class Accuracy(NamedTuple):
    """What one look measures.

    Attributes
    ----------
    beamwidth : half power [rad]
    range_cell : c / 2B [m]
    """

    beamwidth: float
    range_cell: float


@kernel
def gravity_gradient(x: float, y: float, z: float, earth: Earth, out: Array) -> None:
    """Derivative of the acceleration of ``earth.gravity`` by position, into ``out[0:3, 0:3]`` [1/s^2].

    Differentiates the point mass and the J2 term in closed form.
    """
    r2 = x * x + y * y + z * z
    r = math.sqrt(r2)
    k = earth.mu / (r2 * r)
    q = 1.5 * earth.j2 * earth.radius * earth.radius / r2
    s = z * z / r2
    p = (x, y, z)
    # a_i = -k p_i (1 + q (c_i - 5 s)) with c = 1, 1, 3.
    for i in range(3):
        c = 3.0 if i == 2 else 1.0
        bulge = 1.0 + q * (c - 5.0 * s)
        for j in range(3):
            # d k = -3 k p_j / r2;  d q = -2 q p_j / r2;  d s = (2 z [j = 2] - 2 s p_j) / r2.
            ds = ((2.0 * z if j == 2 else 0.0) - 2.0 * s * p[j]) / r2
            d_bulge = -2.0 * q * p[j] / r2 * (c - 5.0 * s) - 5.0 * q * ds
            value = 3.0 * k * p[j] / r2 * p[i] * bulge - k * p[i] * d_bulge
            if i == j:
                value -= k * bulge
            out[i, j] = value


@kernel
def transitions(nodes: Array, count: int, times: Array, earth: Earth) -> Array:
    """How an error of the state at ``times[0]`` has grown at each of ``times``: (n, 6, 6), along a free
    flight [2]_.

    Positions in m, velocities in m/s, in ECI. Fourth-order steps of the variational equations; drag is left
    out, so times should lie above the air.
    """
    n = len(times)
    out = np.zeros((n, 6, 6))
    state = np.empty(6)
    gradient = np.empty((3, 3))
    phi = np.eye(6)
    k1, k2, k3, k4 = np.empty((6, 6)), np.empty((6, 6)), np.empty((6, 6)), np.empty((6, 6))
    trial = np.empty((6, 6))
    out[0] = phi
    for i in range(1, n):
        span = times[i] - times[i - 1]
        steps = max(1, int(math.ceil(span / _STEP)))
        h = span / steps
        for m in range(steps):
            t = times[i - 1] + m * h
            for stage in range(4):
                at = t if stage == 0 else (t + h if stage == 3 else t + 0.5 * h)
                if stage != 2:
                    state_at(nodes, count, at, state)
                    gravity_gradient(state[0], state[1], state[2], earth, gradient)
                if stage == 0:
                    trial[:] = phi
                elif stage == 1:
                    trial[:] = phi + 0.5 * h * k1
                elif stage == 2:
                    trial[:] = phi + 0.5 * h * k2
                else:
                    trial[:] = phi + h * k3
                k = k1 if stage == 0 else (k2 if stage == 1 else (k3 if stage == 2 else k4))
                for a in range(3):
                    for b in range(6):
                        k[a, b] = trial[3 + a, b]
                        k[3 + a, b] = (
                            gradient[a, 0] * trial[0, b]
                            + gradient[a, 1] * trial[1, b]
                            + gradient[a, 2] * trial[2, b]
                        )
            phi += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        out[i] = phi
    return out


@kernel
def look_information(site: Array, state: Array, snr: float, accuracy: Accuracy, out: Array) -> None:
    """Information that one look gives about the position, into ``out[0:3, 0:3]`` [1/m^2].

    Range and two angles, each with an error that falls with the root of twice the signal-to-noise ratio [3]_,
    down to ``FLOOR`` of the cell; ``site`` and ``state`` are in one frame [m].
    """
    dx, dy, dz = state[0] - site[0], state[1] - site[1], state[2] - site[2]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    u = (dx / distance, dy / distance, dz / distance)
    noise = 1.0 / math.sqrt(2.0 * snr)
    along = accuracy.range_cell * max(FLOOR, noise / _RANGE_SLOPE)
    across = distance * accuracy.beamwidth * max(FLOOR, noise / _ANGLE_SLOPE)
    ia, ic = 1.0 / along**2, 1.0 / across**2
    for i in range(3):
        for j in range(3):
            out[i, j] = (ia - ic) * u[i] * u[j] + (ic if i == j else 0.0)


@kernel
def accumulate(
    nodes: Array, count: int, times: Array, phis: Array, seen: Array, ratios: Array, lat: float, lon: float,
    altitude: float, accuracy: Accuracy, earth: Earth,
) -> Array:  # fmt: skip
    """Information about the starting state gathered by one radar up to each time: (n, 6, 6).

    Parameters
    ----------
    times : looks [s]; ``phis`` as of ``transitions``
    seen : (n,) nonzero where the radar sees the body
    ratios : (n,) signal-to-noise ratio of each look [1]
    """
    n = len(times)
    out = np.zeros((n, 6, 6))
    total = np.zeros((6, 6))
    state, gain = np.empty(6), np.empty((3, 3))
    sx, sy, sz = to_ecef(lat, lon, altitude, earth)
    site = np.empty(3)
    for i in range(n):
        if seen[i] > 0.0:
            c, s = math.cos(earth.rotation * times[i]), math.sin(earth.rotation * times[i])
            site[0], site[1], site[2] = c * sx - s * sy, s * sx + c * sy, sz
            state_at(nodes, count, times[i], state)
            look_information(site, state, ratios[i], accuracy, gain)
            phi = phis[i]
            for a in range(6):
                for b in range(6):
                    value = 0.0
                    for j in range(3):
                        for k in range(3):
                            value += phi[j, a] * gain[j, k] * phi[k, b]
                    total[a, b] += value
        out[i] = total
    return out
