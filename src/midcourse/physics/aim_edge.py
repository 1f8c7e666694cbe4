"""The farthest flights from a place: with all propellant burnt.

Told along azimuths, by where they come down as ``aim_lattice`` tells places. Near the farthest the central
angle falls with the square of what the kick lacks; by the root of what the angle lacks, the kick changes
evenly.
"""

import math
from typing import NamedTuple

import numpy as np

from .aim_lattice import ahead, along_flight, difference, onward, six_around, standing
from .earth import Earth, to_geodetic
from .flight import (
    IMPACT,
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    Array,
    Vehicle,
    fly,
    full_burn,
)
from .flyout_sheet import cubic
from .kernel import bare, kernel
from .reach import GOOD_MISS, LATEST, ROUGH, ground_impact, impact_miss, shoot

#: Corrections after which a flight is left to be aimed at length.
CORRECTIONS = 6
# Misses from which a slope is measured again, and from which exact flights follow [m].
_AFAR, _NEAR = 3e4, 3e3
# Part of what reading by straight lines would err by which reading by fifth-degree polynomials may err.
_UNEVEN = 0.25
_GOLDEN = 0.3819660112501051


class Edge(NamedTuple):
    """The farthest flights, and those nearly as far, with all propellant burnt, by azimuth.

    Attributes
    ----------
    first, step : the first azimuth, and from each to the next [rad]
    farthest : (azimuths,) central angles ``ahead`` [rad]; half a turn where flights go on past the antipode
    depth : how far it is told [1]
    turned : (azimuths, depths) azimuth less the bearing ``ahead`` [rad], where the central angle lacks the
        square of an even part of ``depth`` of the farthest
    log_kick : (azimuths, depths); nan where it is not known
    """

    first: float
    step: float
    farthest: Array
    depth: float
    turned: Array
    log_kick: Array


@kernel
def _burnt_out(
    vehicle: Vehicle, center: Array, azimuth: float, log_kick: float, earth: Earth, nodes: Array
) -> tuple[float, float]:
    """Bearing and central angle ``ahead`` [rad] of where a flight comes down with all propellant burnt; more
    than half a turn where it has passed the antipode, zero where it fails.
    """
    status, n, _ = fly(
        vehicle, center[0], center[1], center[2], azimuth, math.exp(log_kick), full_burn(vehicle), LATEST,
        ROUGH, earth, nodes,
    )  # fmt: skip
    if status != IMPACT:
        return azimuth, 0.0
    x, y, z = ground_impact(nodes, n, earth)
    lat, lon, _ = to_geodetic(x, y, z, earth)
    toward, angle = ahead(center, lat, lon, True, earth)
    if angle > 0.5 * math.pi and abs(difference(toward - azimuth)) > 0.5 * math.pi:
        return toward + math.pi, 2.0 * math.pi - angle
    return toward, angle


@kernel
def burnt_out(vehicle: Vehicle, center: Array, azimuths: Array, log_kicks: Array, earth: Earth) -> Array:
    """Flights from a center with all propellant burnt: (azimuths, kicks + 1, 3) logarithm of the kick, and
    bearing and central angle ``ahead`` of where they come down [rad].

    Last on every azimuth stands the farthest flight; kicks beyond it are nan. Where flights pass the antipode
    the first that does stands there.
    """
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    count = len(log_kicks)
    out = np.full((len(azimuths), count + 1, 3), np.nan)
    width = log_kicks[1] - log_kicks[0]
    for a in range(len(azimuths)):
        best = 0
        for j in range(count):
            toward, angle = _burnt_out(vehicle, center, azimuths[a], log_kicks[j], earth, nodes)
            out[a, j, 0], out[a, j, 1], out[a, j, 2] = log_kicks[j], toward, angle
            if angle > out[a, best, 2]:
                best = j
            elif angle < 0.8 * out[a, best, 2]:
                break
            if angle > math.pi:
                break
        last = out[a, count]
        last[:] = out[a, best]
        if last[2] < math.pi:
            low, high = log_kicks[best] - width, log_kicks[best] + width
            while high - low > 1e-3:
                one, two = low + _GOLDEN * (high - low), high - _GOLDEN * (high - low)
                toward_1, angle_1 = _burnt_out(vehicle, center, azimuths[a], one, earth, nodes)
                toward_2, angle_2 = _burnt_out(vehicle, center, azimuths[a], two, earth, nodes)
                if angle_1 > angle_2:
                    high = two
                else:
                    low = one
                if angle_1 > last[2]:
                    last[0], last[1], last[2] = one, toward_1, angle_1
                if angle_2 > last[2]:
                    last[0], last[1], last[2] = two, toward_2, angle_2
        for j in range(count):
            if out[a, j, 0] >= last[0] or not out[a, j, 2] > 0.0:
                out[a, j] = np.nan
    return out


@kernel
def reaches_center(
    vehicle: Vehicle, center: Array, bearings: Array, log_kicks: Array, first: float, earth: Earth
) -> Array:
    """From how far flights come down at a center with all propellant burnt: (bearings,) central angles
    ``ahead`` [rad], half a turn where nowhere is too far. ``first`` is a guess.
    """
    out, place, azimuth = np.empty(len(bearings)), np.zeros(3), np.empty(1)
    for a in range(len(bearings)):
        angle = out[a - 1] if a > 0 else first
        off = 0.0
        # How far a flight gets depends on where it begins: that is closed in on.
        for _ in range(8):
            angle = min(angle, 0.97 * math.pi)
            place[0], place[1] = standing(center, bearings[a], angle, False, earth)
            toward = onward(place, center, bearings[a], angle, False, earth)
            azimuth[0] = toward + off
            farthest = burnt_out(vehicle, place, azimuth, log_kicks, earth)[0, -1]
            off += difference(toward - farthest[1])
            change, angle = farthest[2] - angle, farthest[2]
            if abs(change) < 2e-5:
                break
            if angle > math.pi and change > 0.9 * (angle - 0.97 * math.pi):
                break
        out[a] = min(angle, math.pi)
    return out


@bare
def edge_at(edge: Edge, toward: float, angle: float, work: Array, out: Array) -> bool:
    """What the edge says of a bearing and central angle ``ahead``: the farthest angle, by how much that may
    err, azimuth and logarithm of the kick of the flight, into ``out[0:4]``; false where it is not known.
    ``work`` is (3, 6).
    """
    w, v, unused = work[0], work[1], work[2]
    n, depths = len(edge.farthest), edge.turned.shape[1]
    azimuth, s = toward, 0.0
    for _ in range(12):
        x = ((azimuth - edge.first) % (2.0 * math.pi)) / edge.step
        if x > n - 1.0:
            return False
        a = six_around(x, n, w)
        far = 0.0
        for i in range(6):
            far += w[i] * edge.farthest[a + i]
        i = min(int(x), n - 2)
        straight = edge.farthest[i] + (x - i) * (edge.farthest[i + 1] - edge.farthest[i])
        s = math.sqrt(max(0.0, 1.0 - angle / far)) / edge.depth * (depths - 1)
        j = min(max(int(math.floor(s)), 1), depths - 3)
        cubic(s - j, v, unused)
        off, kick = 0.0, 0.0
        for i in range(6):
            t, u = edge.turned[a + i], edge.log_kick[a + i]
            for k in range(4):
                off += w[i] * v[k] * t[j - 1 + k]
                kick += w[i] * v[k] * u[j - 1 + k]
        before, azimuth = azimuth, toward + off
        if math.isnan(azimuth):
            azimuth = before
        out[0], out[1], out[2], out[3] = far, _UNEVEN * abs(far - straight), azimuth, kick
        if abs(azimuth - before) < 1e-7:
            break
    if s > depths - 1.0:
        out[3] = np.nan
    return True


@kernel
def burn_out_to(
    vehicle: Vehicle, launch: Array, target: Array, guess: Array, earth: Earth, nodes: Array, steering: Array
) -> tuple[bool, int, int]:
    """The higher flight that hits with all propellant burnt, into ``steering``; whether it was found, its
    nodes, and the first of them after thrust.

    ``guess`` is of ``edge_at``.
    """
    f0, fa, fu = np.empty(4), np.empty(4), np.empty(4)
    az, u, full = guess[2], guess[3], full_burn(vehicle)
    da, du = 2e-4, 2e-3
    r_a = r_u = b_a = b_u = det = 0.0
    measured = False
    for _ in range(4):
        if not shoot(vehicle, launch, target, az, u, full, ROUGH, earth, nodes, f0):
            return False, 0, 0
        right, beyond = along_flight(launch, target, f0[0], f0[1])
        off = math.hypot(right, beyond)
        if not measured or off > _AFAR:
            if not (
                shoot(vehicle, launch, target, az + da, u, full, ROUGH, earth, nodes, fa)
                and shoot(vehicle, launch, target, az, u - du, full, ROUGH, earth, nodes, fu)
            ):
                return False, 0, 0
            right_a, beyond_a = along_flight(launch, target, fa[0], fa[1])
            right_u, beyond_u = along_flight(launch, target, fu[0], fu[1])
            r_a, b_a = (right_a - right) / da, (beyond_a - beyond) / da
            r_u, b_u = (right - right_u) / du, (beyond - beyond_u) / du
            det = r_a * b_u - b_a * r_u
            measured = True
            # Past the fold the sheet is turned over.
            if not det > 0.0:
                return False, 0, 0
        az += max(-0.1, min(0.1, (-b_u * right + r_u * beyond) / det))
        u += max(-0.1, min(0.1, (b_a * right - r_a * beyond) / det))
        if off < _NEAR:
            break
    for _ in range(CORRECTIONS):
        ended, n, b = fly(
            vehicle, launch[0], launch[1], launch[2], az, math.exp(u), full, LATEST, TOLERANCE, earth, nodes
        )
        if ended != IMPACT:
            return False, 0, 0
        east, north = impact_miss(nodes, n, target, earth)
        off = math.hypot(east, north)
        if off < GOOD_MISS:
            steering[0], steering[1], steering[2], steering[3] = az % (2.0 * math.pi), math.exp(u), full, off
            return True, n, b
        if off > _AFAR:
            return False, 0, 0
        right, beyond = along_flight(launch, target, east, north)
        az += (-b_u * right + r_u * beyond) / det
        u += (b_a * right - r_a * beyond) / det
    return False, 0, 0
