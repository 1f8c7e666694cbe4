"""Finding the flight from a launch place to a target on the rotating, oblate Earth.

A flight is steered by azimuth, kick and cutoff (see ``flight``); a target on the ground fixes two of the
three. The third is fixed by what is asked for:

- ``LEAST_ENERGY``: the specific mechanical energy at cutoff is least: the field's minimum-energy trajectory.
  Where the missile has not the propellant to reach the target so, it burns out on the flight nearest to it;
- ``APOGEE``: the flight rises to a given height (lofted above the least-energy flight, depressed below it);
- ``FULL_BURN``: all propellant is burnt, on the higher of the two flights that then hit.

All are Newton iterations on finite differences of whole flights. While iterating, the last stage may burn on a
little beyond its propellant, so that a target just out of reach is told from a failure to converge.
"""

import math
from typing import NamedTuple

import numpy as np

from .earth import Earth, bearing, central_angle, height, to_ecef, to_geodetic
from .flight import (
    BURN,
    FLOW,
    IGNITION,
    IMPACT,
    MASS,
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    TOO_MANY_STEPS,
    Array,
    Vehicle,
    apogee,
    fly,
    full_burn,
)
from .kernel import kernel

LEAST_ENERGY, APOGEE, FULL_BURN = 0, 1, 2

# How an aim ended.
HIT, OUT_OF_REACH, TOO_CLOSE, NOT_CONVERGED = 0, 1, 2, 3

#: A miss below this ends the search [m].
GOOD_MISS = 5.0

#: Step tolerance while searching; the last corrections are flown at full accuracy.
_ROUGH = 1e-7
#: Miss (and error of apogee) from which a frozen Jacobian does for the last corrections [m].
_NEAR = 20e3
_LATEST = 12000.0
_KICKS = 24
_CUTOFFS = 12
_GOLDEN = 0.3819660112501051


class Ranges(NamedTuple):
    """Where a missile comes down when flown due north from the equator: first guesses for an aim.

    Attributes
    ----------
    log_kick : (k,) natural logarithm of the kick
    cutoff : (c,) thrust cutoff [s], the last at full burn
    range : (k, c) central angle from launch to impact [rad]; nan where the flight fails
    apogee : (k, c) [m]
    """

    log_kick: Array
    cutoff: Array
    range: Array
    apogee: Array


@kernel
def tabulate_ranges(vehicle: Vehicle, earth: Earth) -> Ranges:
    """Fly the missile over a grid of kicks and cutoffs (of the last stage) on an Earth at rest."""
    still = Earth(earth.mu, earth.j2, earth.radius, earth.flattening, 0.0)
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    log_kick = np.linspace(math.log(2e-3), math.log(1.4), _KICKS)
    last = vehicle.stages[-1]
    cutoff = last[IGNITION] + last[BURN] * np.linspace(0.04, 1.0, _CUTOFFS)
    ranges = np.full((_KICKS, _CUTOFFS), np.nan)
    tops = np.full((_KICKS, _CUTOFFS), np.nan)
    for i in range(_KICKS):
        for j in range(_CUTOFFS):
            status, n, _ = fly(
                vehicle, 0.0, 0.0, 0.0, 0.0, math.exp(log_kick[i]), cutoff[j], _LATEST, _ROUGH, still, nodes
            )
            if status == IMPACT:
                lat, lon, _ = to_geodetic(nodes[n - 1, 1], nodes[n - 1, 2], nodes[n - 1, 3], earth)
                ranges[i, j] = central_angle(0.0, 0.0, lat, lon)
                tops[i, j] = apogee(nodes, n, earth)[1]
    return Ranges(log_kick, cutoff, ranges, tops)


@kernel
def _impact(nodes: Array, n: int, earth: Earth) -> tuple[float, float, float]:
    t = nodes[n - 1, 0]
    angle = earth.rotation * t
    c, s = math.cos(angle), math.sin(angle)
    x, y = nodes[n - 1, 1], nodes[n - 1, 2]
    return c * x + s * y, -s * x + c * y, nodes[n - 1, 3]


@kernel
def miss_vector(px: float, py: float, pz: float, lat: float, lon: float, earth: Earth) -> tuple[float, float]:
    """East and north displacement of a ground point (ECEF) from a target, along the great circle [m]."""
    tx, ty, tz = to_ecef(lat, lon, 0.0, earth)
    sl, cl, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    dx, dy, dz = px - tx, py - ty, pz - tz
    east = -so * dx + co * dy
    north = -sl * co * dx - sl * so * dy + cl * dz
    chord = math.sqrt(dx * dx + dy * dy + dz * dz)
    flat = math.sqrt(east * east + north * north)
    if flat < 1.0:
        return east, north
    # Arc for chord, so that the vector grows monotonically out to the antipode.
    arc = 2.0 * earth.radius * math.asin(min(1.0, chord / (2.0 * earth.radius)))
    return east * arc / flat, north * arc / flat


@kernel
def _shoot(
    vehicle: Vehicle, launch: Array, target: Array, azimuth: float, log_kick: float, cutoff: float,
    tolerance: float, earth: Earth, nodes: Array, out: Array,
) -> bool:  # fmt: skip
    """Fly once; miss east, miss north, energy at cutoff and apogee into ``out``."""
    status, n, b = fly(
        vehicle, launch[0], launch[1], launch[2], azimuth, math.exp(log_kick), cutoff, _LATEST, tolerance,
        earth, nodes,
    )  # fmt: skip
    if status != IMPACT:
        return False
    x, y, z = _impact(nodes, n, earth)
    out[0], out[1] = miss_vector(x, y, z, target[0], target[1], earth)
    r = math.sqrt(nodes[b, 1] ** 2 + nodes[b, 2] ** 2 + nodes[b, 3] ** 2)
    out[2] = 0.5 * (nodes[b, 4] ** 2 + nodes[b, 5] ** 2 + nodes[b, 6] ** 2) - earth.mu / r
    out[3] = apogee(nodes, n, earth)[1]
    return True


@kernel
def _guess(ranges: Ranges, distance: float, mode: int, top: float) -> tuple[float, float]:
    """Kick and cutoff of the tabulated flight nearest to what is wanted; nan where none comes near."""
    best = 1e30
    log_kick, cutoff = np.nan, np.nan
    for i in range(len(ranges.log_kick)):
        for j in range(len(ranges.cutoff)):
            r, a = ranges.range[i, j], ranges.apogee[i, j]
            if not (r > 0.0):
                continue
            # The least-energy flight over a central angle leaves at (pi - angle) / 4 and so rises to this.
            wanted = top
            if mode == LEAST_ENERGY:
                half = 0.5 * distance
                wanted = 6.371e6 * 0.5 * (math.sin(half) + math.cos(half) - 1.0)
            off = abs(r - distance) / max(distance, 0.05)
            off += 0.5 * abs(math.log(max(a, 1e4) / max(wanted, 1e4)))
            if off < best:
                best, log_kick, cutoff = off, ranges.log_kick[i], ranges.cutoff[j]
    return log_kick, cutoff


@kernel
def aim(
    vehicle: Vehicle, ranges: Ranges, launch: Array, target: Array, mode: int, top: float, earth: Earth,
    steering: Array,
) -> int:  # fmt: skip
    """Find the flight from ``launch`` to ``target``.

    Parameters
    ----------
    launch, target : latitude, longitude, altitude [rad, rad, m]; the target lies on the ellipsoid
    mode : LEAST_ENERGY or APOGEE (``burn_out`` aims at full burn)
    top : the apogee asked for [m]; used with APOGEE only
    steering : (4,) is filled with azimuth [rad], kick [rad], cutoff [s] and miss distance [m]

    Returns
    -------
    HIT, OUT_OF_REACH, TOO_CLOSE or NOT_CONVERGED
    """
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    f0, fa, fu, ft = np.empty(4), np.empty(4), np.empty(4), np.zeros(4)
    last = vehicle.stages[-1]
    full = full_burn(vehicle)
    earliest = last[IGNITION] + 0.02 * last[BURN]
    # Overburn: until a quarter of the mass at burnout is gone too.
    most = full + 0.25 * (last[MASS] - last[FLOW] * last[BURN]) / last[FLOW]
    distance = central_angle(launch[0], launch[1], target[0], target[1])
    u, tc = _guess(ranges, distance, mode, top)
    if math.isnan(u):
        steering[0] = bearing(launch[0], launch[1], target[0], target[1])
        return OUT_OF_REACH
    # Aim where the target will be: the Earth turns under the flight.
    a_guess = 6.371e6 * distance / 6.0e3 + 500.0
    lead = earth.rotation * a_guess
    az = bearing(launch[0], launch[1], target[0], target[1] + lead * 0.9)
    da, dt, du = 2e-4, 2e-3 * last[BURN], 0.02
    miss = 1e30
    polish = False
    previous_slope, previous_u = np.nan, np.nan
    # Rows of the Jacobian: miss east, miss north, apogee; columns: azimuth, kick, cutoff.
    e_a = e_u = e_t = n_a = n_u = n_t = h_a = h_u = h_t = 0.0
    for iteration in range(48):
        if not _shoot(vehicle, launch, target, az, u, tc, TOLERANCE if polish else _ROUGH, earth, nodes, f0):
            # Fell back during boost, or flew away: climb more steeply, or burn less.
            if iteration % 2 == 1:
                tc = max(earliest, tc - 0.05 * last[BURN])
            else:
                u -= 0.15
            previous_slope = np.nan
            continue
        miss = math.sqrt(f0[0] ** 2 + f0[1] ** 2)
        if polish:
            if miss < GOOD_MISS and (mode != APOGEE or abs(top - f0[3]) < GOOD_MISS):
                break
        else:
            flew = _shoot(vehicle, launch, target, az + da, u, tc, _ROUGH, earth, nodes, fa)
            flew = flew and _shoot(vehicle, launch, target, az, u - du, tc, _ROUGH, earth, nodes, fu)
            flew = flew and _shoot(vehicle, launch, target, az, u, tc - dt, _ROUGH, earth, nodes, ft)
            if not flew:
                u -= 0.1
                continue
            e_a, n_a, h_a = (fa[0] - f0[0]) / da, (fa[1] - f0[1]) / da, (fa[3] - f0[3]) / da
            e_u, n_u, h_u = (f0[0] - fu[0]) / du, (f0[1] - fu[1]) / du, (f0[3] - fu[3]) / du
            e_t, n_t, h_t = (f0[0] - ft[0]) / dt, (f0[1] - ft[1]) / dt, (f0[3] - ft[3]) / dt
        det = e_a * n_t - n_a * e_t
        # Azimuth and cutoff that bring the impact to the target, and how they must follow the kick to keep it there.
        a_0 = -(f0[0] * n_t - f0[1] * e_t) / det
        t_0 = -(e_a * f0[1] - n_a * f0[0]) / det
        a_u = -(e_u * n_t - n_u * e_t) / det
        t_u = -(e_a * n_u - n_a * e_u) / det
        step_u = 0.0
        if mode == APOGEE:
            step_u = (top - f0[3] - h_a * a_0 - h_t * t_0) / (h_u + h_a * a_u + h_t * t_u)
            polish = polish or (miss < _NEAR and abs(top - f0[3]) < _NEAR)
        elif not polish:
            # Slope of the energy at cutoff along the flights that hit; its zero by the secant rule.
            slope = (f0[2] - fu[2]) / du + (fa[2] - f0[2]) / da * a_u + (f0[2] - ft[2]) / dt * t_u
            bend = (slope - previous_slope) / (u - previous_u)
            if bend > 0.0:
                step_u = -slope / bend
            else:
                step_u = -0.1 if slope > 0.0 else 0.1
            previous_slope, previous_u = slope, u
            polish = abs(step_u) < 4e-3 and miss < _NEAR
        step_u = max(-0.25, min(0.25, step_u))
        step_a = a_0 + a_u * step_u
        step_t = t_0 + t_u * step_u
        u += max(-0.3, min(0.3, step_u))
        az += max(-0.2, min(0.2, step_a))
        reach = 0.3 * last[BURN]
        tc = max(earliest, min(most, tc + max(-reach, min(reach, step_t))))
    steering[0] = az % (2.0 * math.pi)
    steering[1] = math.exp(u)
    steering[2] = tc
    steering[3] = miss
    if miss > GOOD_MISS:
        if tc >= most - 1e-6:
            return OUT_OF_REACH
        return TOO_CLOSE if tc <= earliest + 1e-6 else NOT_CONVERGED
    return OUT_OF_REACH if tc > full + 1e-6 else HIT


@kernel
def _burn_out_range(
    vehicle: Vehicle,
    launch: Array,
    azimuth: float,
    log_kick: float,
    tolerance: float,
    earth: Earth,
    nodes: Array,
) -> tuple[float, float]:
    """Range (central angle) and ground bearing of the impact at full burn [rad]; zero range where it fails."""
    status, n, _ = fly(
        vehicle, launch[0], launch[1], launch[2], azimuth, math.exp(log_kick), full_burn(vehicle), _LATEST,
        tolerance, earth, nodes,
    )  # fmt: skip
    if status != IMPACT:
        return 0.0, azimuth
    x, y, z = _impact(nodes, n, earth)
    lat, lon, _ = to_geodetic(x, y, z, earth)
    return central_angle(launch[0], launch[1], lat, lon), bearing(launch[0], launch[1], lat, lon)


@kernel
def _turn(angle: float) -> float:
    """An angle brought to -pi..pi [rad]."""
    return (angle + math.pi) % (2.0 * math.pi) - math.pi


@kernel
def longest_range(
    vehicle: Vehicle, ranges: Ranges, launch: Array, toward: float, earth: Earth
) -> tuple[float, float, float]:
    """The farthest impact along a ground bearing [rad]: central angle, launch azimuth, kick [rad]."""
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    start = 0
    for i in range(len(ranges.log_kick)):
        r = ranges.range[i, -1]
        if r > 0.0 and not (ranges.range[start, -1] >= r):
            start = i
    middle = ranges.log_kick[start]
    width = 2.0 * (ranges.log_kick[1] - ranges.log_kick[0])
    azimuth, best = toward, 0.0
    for _ in range(4):
        low, high = middle - width, middle + width
        best, went = 0.0, azimuth
        while high - low > 0.02 * width:
            a, b = low + _GOLDEN * (high - low), high - _GOLDEN * (high - low)
            range_a, bearing_a = _burn_out_range(vehicle, launch, azimuth, a, _ROUGH, earth, nodes)
            range_b, bearing_b = _burn_out_range(vehicle, launch, azimuth, b, _ROUGH, earth, nodes)
            if range_a > range_b:
                high = b
            else:
                low = a
            if max(range_a, range_b) > best:
                best = max(range_a, range_b)
                middle = a if range_a > range_b else b
                went = bearing_a if range_a > range_b else bearing_b
        error = _turn(toward - went)
        if abs(error) < 1e-5:
            break
        azimuth += error
        width *= 0.4
    return best, azimuth % (2.0 * math.pi), math.exp(middle)


@kernel
def _range_toward(
    vehicle: Vehicle,
    launch: Array,
    toward: float,
    azimuth: float,
    log_kick: float,
    earth: Earth,
    nodes: Array,
) -> tuple[float, float]:
    """Range at full burn along a ground bearing, and the launch azimuth that gives this bearing [rad]."""
    went = 0.0
    for _ in range(12):
        went, arrived = _burn_out_range(vehicle, launch, azimuth, log_kick, TOLERANCE, earth, nodes)
        error = _turn(toward - arrived)
        azimuth += error
        if abs(error) < 3e-8:
            break
    return went, azimuth


@kernel
def burn_out(
    vehicle: Vehicle, ranges: Ranges, launch: Array, target: Array, earth: Earth, steering: Array
) -> tuple[int, float]:
    """Find the higher of the two flights that reach the target with all propellant burnt.

    Takes and fills what ``aim`` does; returns its outcome and the longest range toward the target [rad].
    Between the farthest flight and a near-vertical one the range falls steadily, so the kick is bracketed.
    """
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    out = np.empty(4)
    distance = central_angle(launch[0], launch[1], target[0], target[1])
    toward = bearing(launch[0], launch[1], target[0], target[1])
    reach, azimuth, kick = longest_range(vehicle, ranges, launch, toward, earth)
    steering[0], steering[1], steering[2], steering[3] = azimuth, kick, full_burn(vehicle), np.nan
    if reach < distance:
        return OUT_OF_REACH, reach
    high = math.log(kick)
    went, azimuth = _range_toward(vehicle, launch, toward, azimuth, high, earth, nodes)
    over = went - distance
    if over < 0.0:
        return OUT_OF_REACH, reach
    low, under = high, over
    while under > 0.0 and low > -8.0:
        low -= 0.5
        went, azimuth = _range_toward(vehicle, launch, toward, azimuth, low, earth, nodes)
        under = went - distance
    if under > 0.0:
        return TOO_CLOSE, reach
    u = high
    for iteration in range(60):
        # Regula falsi, with a bisection now and then against slow ends.
        if iteration % 3 == 2:
            u = 0.5 * (low + high)
        else:
            u = high - over * (high - low) / (over - under)
        went, azimuth = _range_toward(vehicle, launch, toward, azimuth, u, earth, nodes)
        if abs(went - distance) * earth.radius < 0.2 * GOOD_MISS:
            break
        if went > distance:
            high, over = u, went - distance
        else:
            low, under = u, went - distance
    steering[0], steering[1] = azimuth % (2.0 * math.pi), math.exp(u)
    flew = _shoot(vehicle, launch, target, azimuth, u, full_burn(vehicle), TOLERANCE, earth, nodes, out)
    steering[3] = math.hypot(out[0], out[1]) if flew else np.nan
    # Near the farthest flight the last metres drown in the integration error; they do not matter.
    return (HIT if flew and steering[3] < 5.0 * GOOD_MISS else NOT_CONVERGED), reach


@kernel
def aim_many(
    vehicle: Vehicle, ranges: Ranges, launches: Array, targets: Array, mode: int, top: float, earth: Earth
) -> tuple[Array, Array, Array]:
    """Aim from every launch place to the target of the same row.

    Parameters
    ----------
    launches, targets : (p, 3) latitude, longitude, altitude [rad, rad, m]

    Returns
    -------
    status : (p,) as of ``aim``, as floats
    steering : (p, 4) azimuth [rad], kick [rad], cutoff [s], miss [m]
    reach : (p,) the longest range toward the target as a central angle [rad], where it had to be found; else nan
    """
    count = launches.shape[0]
    status = np.empty(count)
    steering = np.full((count, 4), np.nan)
    reach = np.full(count, np.nan)
    farthest = 0.0
    for i in range(len(ranges.log_kick)):
        if ranges.range[i, -1] > farthest:
            farthest = ranges.range[i, -1]
    for p in range(count):
        launch, target = launches[p], targets[p]
        distance = central_angle(launch[0], launch[1], target[0], target[1])
        outcome = NOT_CONVERGED
        # The Earth's rotation adds less than a third to any range.
        if mode != FULL_BURN and distance < farthest * 1.35:
            outcome = aim(vehicle, ranges, launch, target, mode, top, earth, steering[p])
        if mode == FULL_BURN or (
            mode == LEAST_ENERGY and (outcome == OUT_OF_REACH or outcome == NOT_CONVERGED)
        ):
            outcome, reach[p] = burn_out(vehicle, ranges, launch, target, earth, steering[p])
        elif outcome == OUT_OF_REACH or outcome == NOT_CONVERGED:
            toward = bearing(launch[0], launch[1], target[0], target[1])
            reach[p] = longest_range(vehicle, ranges, launch, toward, earth)[0]
            if reach[p] < distance:
                outcome = OUT_OF_REACH
        status[p] = outcome
    return status, steering, reach


@kernel
def fly_many(vehicle: Vehicle, launches: Array, steering: Array, earth: Earth) -> tuple[Array, Array]:
    """Fly every steered launch to the ground at full accuracy.

    Parameters
    ----------
    launches : (p, 3) latitude, longitude, altitude [rad, rad, m]
    steering : (p, 4) as of ``aim_many``

    Returns
    -------
    nodes : (p, n, 10) step ends as of ``fly``, ECI; rows shorter than the longest repeat their last node
    summary : (p, 5) status, nodes, first node after thrust, time [s] and height [m] of the apogee
    """
    count = launches.shape[0]
    scratch = np.empty((MOST_NODES, NODE_COLUMNS))
    kept = np.empty((count, MOST_NODES // 2, NODE_COLUMNS))
    summary = np.empty((count, 5))
    longest = 1
    for p in range(count):
        status, n, b = fly(
            vehicle, launches[p, 0], launches[p, 1], launches[p, 2], steering[p, 0], steering[p, 1],
            steering[p, 2], _LATEST, TOLERANCE, earth, scratch,
        )  # fmt: skip
        if n > kept.shape[1]:
            status, n = TOO_MANY_STEPS, kept.shape[1]
        kept[p, :n] = scratch[:n]
        kept[p, n:] = scratch[n - 1]
        longest = max(longest, n)
        when, top = apogee(scratch, n, earth)
        summary[p, 0], summary[p, 1], summary[p, 2] = status, n, b
        summary[p, 3], summary[p, 4] = when, top
    return kept[:, :longest].copy(), summary
