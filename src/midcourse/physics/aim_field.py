"""Least-energy flights between one place and very many.

Steering changes smoothly with the place at the other end. It is found at length (``aim``) on a lattice of
bearings and distances round the one place, read between them by cubics, and corrected on the flight itself by
derivatives that are read likewise. What comes out hits its target as closely as any flight of ``aim``; its
kick is off that of least energy by what the cubics err, which energy, at its least, does not feel.

Where the lattice does not tell, nothing is made up: whoever asks aims at length.
"""

import math

import numpy as np

from .aim import LEAST_ENERGY, aim, lead_bearing, least_energy_apogee
from .earth import Earth, bearing, central_angle, destination
from .flight import (
    BURN,
    IGNITION,
    IMPACT,
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    Array,
    Vehicle,
    apogee,
    fly,
    full_burn,
)
from .flyout_sheet import cubic
from .kernel import bare, kernel
from .reach import (
    GOOD_MISS,
    HIT,
    LATEST,
    NOT_CONVERGED,
    OUT_OF_REACH,
    ROUGH,
    Ranges,
    impact_miss,
    longest_range,
    shoot,
)

#: Columns of a lattice: azimuth less the bearing to where the target will be [rad], logarithm of the kick,
#: cutoff [s], and how azimuth and cutoff must change with a miss to the right and beyond [rad/m, s/m]; east
#: and north would turn too fast near a pole.
STEERING = 7
# Part of a distance by which propellant may fall short for the least-energy flight, and another still reach.
_SHORT = 0.02
#: Corrections after which a flight is left to be aimed at length.
_CORRECTIONS = 5


@kernel
def polar(center: Array, others: Array) -> Array:
    """Bearing and central angle of places from another: (p, 2) [rad]."""
    out = np.empty((len(others), 2))
    for p in range(len(others)):
        out[p, 0] = bearing(center[0], center[1], others[p, 0], others[p, 1])
        out[p, 1] = central_angle(center[0], center[1], others[p, 0], others[p, 1])
    return out


@kernel
def reaches(
    vehicle: Vehicle, ranges: Ranges, center: Array, bearings: Array, outward: bool, earth: Earth
) -> Array:
    """The longest range between a place and others, by their bearing from it: (bearings,) central angles
    [rad].

    ``outward``: launched from ``center`` (latitude, longitude, altitude); else coming down there.
    """
    out = np.empty(len(bearings))
    place = np.zeros(3)
    for a in range(len(bearings)):
        if outward:
            out[a] = longest_range(vehicle, ranges, center, bearings[a], earth)[0]
            continue
        # How far a flight gets depends on where it begins: that is closed in on.
        out[a] = (
            out[a - 1] if a > 0 else longest_range(vehicle, ranges, center, bearings[a] + math.pi, earth)[0]
        )
        for _ in range(6):
            place[0], place[1] = destination(center[0], center[1], bearings[a], out[a])
            back = bearing(place[0], place[1], center[0], center[1])
            far = longest_range(vehicle, ranges, place, back, earth)[0]
            change, out[a] = far - out[a], far
            if abs(change) < 2e-5:
                break
    return out


@bare
def _along_flight(launch: Array, target: Array, east: float, north: float) -> tuple[float, float]:
    """A miss of a target as seen by who comes from the launch place: to the right and beyond [m]."""
    onward = bearing(target[0], target[1], launch[0], launch[1]) + math.pi
    s, c = math.sin(onward), math.cos(onward)
    return east * c - north * s, east * s + north * c


@kernel
def lattice(
    vehicle: Vehicle, ranges: Ranges, center: Array, bearings: Array, shares: Array, longest: Array, outward:
    bool, earth: Earth,
) -> Array:  # fmt: skip
    """Steering between a place and others: (bearings, shares, STEERING); nan where there is no flight.

    ``shares`` are distances as parts of the ``longest`` range on each bearing, which may run a little beyond
    it: the last stage then burns on in mind.
    """
    out = np.full((len(bearings), len(shares), STEERING), np.nan)
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    steering, f0, fa, ft = np.empty(4), np.empty(4), np.empty(4), np.empty(4)
    other = np.zeros(3)
    da, dt = 2e-4, 2e-3 * vehicle.stages[-1, BURN]
    for a in range(len(bearings)):
        for d in range(len(shares)):
            angle = shares[d] * longest[a]
            if not 0.0 < angle < 0.97 * math.pi:
                continue
            other[0], other[1] = destination(center[0], center[1], bearings[a], angle)
            launch, target = (center, other) if outward else (other, center)
            aim(vehicle, ranges, launch, target, LEAST_ENERGY, 0.0, earth, steering)
            if not steering[3] <= GOOD_MISS:
                continue
            az, u, tc = steering[0], math.log(steering[1]), steering[2]
            flew = shoot(vehicle, launch, target, az, u, tc, ROUGH, earth, nodes, f0)
            flew = flew and shoot(vehicle, launch, target, az + da, u, tc, ROUGH, earth, nodes, fa)
            flew = flew and shoot(vehicle, launch, target, az, u, tc - dt, ROUGH, earth, nodes, ft)
            if not flew:
                continue
            right_0, beyond_0 = _along_flight(launch, target, f0[0], f0[1])
            right_a, beyond_a = _along_flight(launch, target, fa[0], fa[1])
            right_t, beyond_t = _along_flight(launch, target, ft[0], ft[1])
            e_a, n_a = (right_a - right_0) / da, (beyond_a - beyond_0) / da
            e_t, n_t = (right_0 - right_t) / dt, (beyond_0 - beyond_t) / dt
            det = e_a * n_t - n_a * e_t
            toward = lead_bearing(launch, target, least_energy_apogee(angle, earth), earth)
            row = out[a, d]
            row[0] = (az - toward + math.pi) % (2.0 * math.pi) - math.pi
            row[1], row[2] = u, tc
            row[3], row[4] = -n_t / det, e_t / det
            row[5], row[6] = n_a / det, -e_a / det
    return out


@bare
def _stencil(x: float, n: int, w: Array, d: Array) -> int:
    """The first of four nodes around a place among ``n``, and their cubic weights."""
    i = min(max(int(math.floor(x)), 1), n - 3)
    cubic(x - i, w, d)
    return i - 1


@kernel
def aim_between(
    vehicle: Vehicle, center: Array, others: Array, first: float, step: float, shares: Array, longest: Array,
    steered: Array, outward: bool, earth: Earth,
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Aim between a place and others, by a lattice of ``steered`` at even bearings and even shares.

    Parameters
    ----------
    others : (p, 3) latitude, longitude, altitude [rad, rad, m]
    first, step : the lattice's first bearing, and from each to the next [rad]
    shares, longest, steered, outward : as of ``lattice``

    Returns
    -------
    status : (p,) HIT; OUT_OF_REACH where a place lies clearly beyond; NOT_CONVERGED where it must be aimed at
        length
    steering, nodes, summary : as of ``aim.aim_many`` and ``aim.fly_many``
    """
    count = others.shape[0]
    status = np.full(count, float(NOT_CONVERGED))
    steering = np.full((count, 4), np.nan)
    kept = np.empty((count, MOST_NODES // 2, NODE_COLUMNS))
    summary = np.zeros((count, 5))
    nodes, row = np.empty((MOST_NODES, NODE_COLUMNS)), np.empty(STEERING)
    wa, ws, unused = np.empty(4), np.empty(4), np.empty(4)
    last = vehicle.stages[-1]
    full = full_burn(vehicle)
    earliest = last[IGNITION] + 0.02 * last[BURN]
    rows, columns = steered.shape[0], steered.shape[1]
    most = 1
    for p in range(count):
        other = others[p]
        launch, target = (center, other) if outward else (other, center)
        angle = central_angle(center[0], center[1], other[0], other[1])
        x = ((bearing(center[0], center[1], other[0], other[1]) - first) % (2.0 * math.pi)) / step
        if x > rows - 1.0:
            continue
        a = _stencil(x, rows, wa, unused)
        far = 0.0
        for i in range(4):
            far += wa[i] * longest[a + i]
        share = angle / far
        if share > 1.01:
            status[p] = OUT_OF_REACH
            continue
        y = (share - shares[0]) / (shares[1] - shares[0])
        if y < 0.0 or y > columns - 1.0:
            continue
        s = _stencil(y, columns, ws, unused)
        for k in range(STEERING):
            row[k] = 0.0
            for i in range(4):
                for j in range(4):
                    row[k] += wa[i] * ws[j] * steered[a + i, s + j, k]
        if math.isnan(row[2]):
            continue
        az = lead_bearing(launch, target, least_energy_apogee(angle, earth), earth) + row[0]
        u, tc = row[1], row[2]
        for _ in range(_CORRECTIONS):
            ended, n, b = fly(
                vehicle, launch[0], launch[1], launch[2], az, math.exp(u), tc, LATEST, TOLERANCE, earth, nodes
            )
            if ended != IMPACT or n > kept.shape[1]:
                break
            east, north = impact_miss(nodes, n, target, earth)
            off = math.sqrt(east * east + north * north)
            if off >= GOOD_MISS:
                right, beyond = _along_flight(launch, target, east, north)
                az += row[3] * right + row[4] * beyond
                tc += row[5] * right + row[6] * beyond
                continue
            # Past its propellant ``aim`` knows whether burning out on another flight still gets there; by as
            # much as this it never does.
            if tc - full > _SHORT * angle * earth.radius * abs(row[6]):
                status[p] = OUT_OF_REACH
            elif earliest < tc <= full:
                status[p] = HIT
                steering[p, 0], steering[p, 1] = az % (2.0 * math.pi), math.exp(u)
                steering[p, 2], steering[p, 3] = tc, off
                kept[p, :n] = nodes[:n]
                kept[p, n:] = nodes[n - 1]
                most = max(most, n)
                when, top = apogee(nodes, n, earth)
                summary[p, 0], summary[p, 1], summary[p, 2] = ended, n, b
                summary[p, 3], summary[p, 4] = when, top
            break
    return status, steering, kept[:, :most].copy(), summary
