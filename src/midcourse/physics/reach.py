"""Where a missile comes down, and what lies within its reach.

A flight is steered by azimuth, kick and cutoff (see ``flight``). At full burn the places of impact are a
sheet over the two parts of the kick, east and north, that is smooth even through the vertical flight; folded
along the farthest impacts, it covers every place within reach twice. The first cover, from the vertical
flight to the fold, holds the higher of the two flights.
"""

import math
from typing import NamedTuple

import numpy as np

from .earth import Earth, bearing, central_angle, to_ecef, to_geodetic
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
from .kernel import bare, kernel

# How an aim ended.
HIT, OUT_OF_REACH, TOO_CLOSE, NOT_CONVERGED = 0, 1, 2, 3

#: A miss below this ends a search [m].
GOOD_MISS = 5.0
#: Step tolerance while searching; the last corrections are flown at full accuracy.
ROUGH = 3e-7
#: No flight lasts longer [s].
LATEST = 12000.0

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
                vehicle, 0.0, 0.0, 0.0, 0.0, math.exp(log_kick[i]), cutoff[j], LATEST, ROUGH, still, nodes
            )
            if status == IMPACT:
                lat, lon, _ = to_geodetic(nodes[n - 1, 1], nodes[n - 1, 2], nodes[n - 1, 3], earth)
                ranges[i, j] = central_angle(0.0, 0.0, lat, lon)
                tops[i, j] = apogee(nodes, n, earth)[1]
    return Ranges(log_kick, cutoff, ranges, tops)


@bare
def ground_impact(nodes: Array, n: int, earth: Earth) -> tuple[float, float, float]:
    """Where a flight has come down: ECEF [m]."""
    t = nodes[n - 1, 0]
    angle = earth.rotation * t
    c, s = math.cos(angle), math.sin(angle)
    x, y = nodes[n - 1, 1], nodes[n - 1, 2]
    return c * x + s * y, -s * x + c * y, nodes[n - 1, 3]


@bare
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
def shoot(
    vehicle: Vehicle, launch: Array, target: Array, azimuth: float, log_kick: float, cutoff: float,
    tolerance: float, earth: Earth, nodes: Array, out: Array,
) -> bool:  # fmt: skip
    """Fly once; miss east, miss north, energy at cutoff and apogee into ``out``."""
    status, n, b = fly(
        vehicle, launch[0], launch[1], launch[2], azimuth, math.exp(log_kick), cutoff, LATEST, tolerance,
        earth, nodes,
    )  # fmt: skip
    if status != IMPACT:
        return False
    out[0], out[1] = impact_miss(nodes, n, target, earth)
    r = math.sqrt(nodes[b, 1] ** 2 + nodes[b, 2] ** 2 + nodes[b, 3] ** 2)
    out[2] = 0.5 * (nodes[b, 4] ** 2 + nodes[b, 5] ** 2 + nodes[b, 6] ** 2) - earth.mu / r
    out[3] = apogee(nodes, n, earth)[1]
    return True


@bare
def impact_miss(nodes: Array, n: int, target: Array, earth: Earth) -> tuple[float, float]:
    """How far east and north of a target a flight has come down [m]."""
    x, y, z = ground_impact(nodes, n, earth)
    return miss_vector(x, y, z, target[0], target[1], earth)


@bare
def time_aloft(distance: float, top: float, earth: Earth) -> float:
    """Time of an impulsive flight over a central angle [rad] with a given apogee [m], on a sphere at rest
    [s].

    Kepler's equation between two points at the surface, symmetric about the apogee.
    """
    rise = earth.radius + top
    e = top / (rise - earth.radius * math.cos(0.5 * distance))
    a = rise / (1.0 + e)
    anomaly = 2.0 * math.atan(math.sqrt((1.0 - e) / (1.0 + e)) / math.tan(0.25 * distance))
    return 2.0 * math.sqrt(a**3 / earth.mu) * (math.pi - anomaly + e * math.sin(anomaly))


@bare
def _steep_kick(ranges: Ranges, distance: float) -> float:
    """Logarithm of the kick that flies a distance at full burn, steeply, by the table; nan beyond it."""
    for i in range(len(ranges.log_kick) - 1):
        low, high = ranges.range[i, -1], ranges.range[i + 1, -1]
        if low <= distance < high:
            f = (distance - low) / (high - low)
            return float(ranges.log_kick[i] + f * (ranges.log_kick[i + 1] - ranges.log_kick[i]))
        if high < low:
            break
    return np.nan


@kernel
def _steep_apogee(ranges: Ranges, log_kick: float) -> float:
    """Apogee at full burn of a kick, by the table [m]."""
    return float(np.interp(log_kick, ranges.log_kick, ranges.apogee[:, -1]))


@kernel
def _burn_out_near(
    vehicle: Vehicle, launch: Array, target: Array, azimuth: float, log_kick: float, earth: Earth, nodes:
    Array, steering: Array,
) -> bool:  # fmt: skip
    """Newton from a guess for the higher flight that hits at full burn; false where it does not get there."""
    cutoff = full_burn(vehicle)
    f0, fe, fn = np.empty(4), np.empty(4), np.empty(4)
    kick = math.exp(log_kick)
    e, n = kick * math.sin(azimuth), kick * math.cos(azimuth)
    ee = en = ne = nn = 0.0
    for iteration in range(14):
        rough = ROUGH if iteration < 3 else TOLERANCE
        if not shoot(
            vehicle,
            launch,
            target,
            math.atan2(e, n),
            math.log(math.hypot(e, n)),
            cutoff,
            rough,
            earth,
            nodes,
            f0,
        ):
            return False
        miss = math.hypot(f0[0], f0[1])
        if iteration >= 3 and miss < GOOD_MISS:
            kick = math.hypot(e, n)
            steering[0], steering[1] = math.atan2(e, n) % (2.0 * math.pi), kick
            steering[2], steering[3] = cutoff, miss
            # Past the fold the sheet is turned over.
            return ee * nn - en * ne > 0.0
        if iteration < 4 or iteration % 3 == 0:
            d = 2e-3 * math.hypot(e, n)
            if not shoot(
                vehicle, launch, target, math.atan2(e + d, n), math.log(math.hypot(e + d, n)), cutoff, rough,
                earth, nodes, fe,
            ):  # fmt: skip
                return False
            if not shoot(
                vehicle, launch, target, math.atan2(e, n + d), math.log(math.hypot(e, n + d)), cutoff, rough,
                earth, nodes, fn,
            ):  # fmt: skip
                return False
            ee, ne = (fe[0] - f0[0]) / d, (fe[1] - f0[1]) / d
            en, nn = (fn[0] - f0[0]) / d, (fn[1] - f0[1]) / d
        det = ee * nn - en * ne
        step_e, step_n = (f0[1] * en - f0[0] * nn) / det, (f0[0] * ne - f0[1] * ee) / det
        shorten = min(1.0, 0.3 * math.hypot(e, n) / math.hypot(step_e, step_n))
        e += shorten * step_e
        n += shorten * step_n
    return False


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
    """Range and ground bearing of the impact at full burn [rad]; zero range where it fails."""
    status, n, _ = fly(
        vehicle, launch[0], launch[1], launch[2], azimuth, math.exp(log_kick), full_burn(vehicle), LATEST,
        tolerance, earth, nodes,
    )  # fmt: skip
    if status != IMPACT:
        return 0.0, azimuth
    x, y, z = ground_impact(nodes, n, earth)
    lat, lon, _ = to_geodetic(x, y, z, earth)
    return central_angle(launch[0], launch[1], lat, lon), bearing(launch[0], launch[1], lat, lon)


@bare
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
            range_a, bearing_a = _burn_out_range(vehicle, launch, azimuth, a, ROUGH, earth, nodes)
            range_b, bearing_b = _burn_out_range(vehicle, launch, azimuth, b, ROUGH, earth, nodes)
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
    Newton from the tabulated flights, then from near the farthest; where both fail, the kick is bracketed:
    between the farthest flight and a near-vertical one the range falls steadily. The longest range is nan
    where it was not needed.
    """
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    out = np.empty(4)
    distance = central_angle(launch[0], launch[1], target[0], target[1])
    toward = bearing(launch[0], launch[1], target[0], target[1])
    guess = _steep_kick(ranges, distance)
    if not math.isnan(guess):
        # Aim where the target will be: the Earth turns under the flight.
        lead = earth.rotation * time_aloft(distance, _steep_apogee(ranges, guess), earth)
        ahead = bearing(launch[0], launch[1], target[0], target[1] + lead)
        if _burn_out_near(vehicle, launch, target, ahead, guess, earth, nodes, steering):
            return HIT, np.nan
    reach, azimuth, kick = longest_range(vehicle, ranges, launch, toward, earth)
    steering[0], steering[1], steering[2], steering[3] = azimuth, kick, full_burn(vehicle), np.nan
    if reach < distance:
        return OUT_OF_REACH, reach
    high = math.log(kick)
    for less in (0.03, 0.1, 0.3):
        if _burn_out_near(vehicle, launch, target, azimuth, high - less, earth, nodes, steering):
            return HIT, reach
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
        u = 0.5 * (low + high) if iteration % 3 == 2 else high - over * (high - low) / (over - under)
        went, azimuth = _range_toward(vehicle, launch, toward, azimuth, u, earth, nodes)
        if abs(went - distance) * earth.radius < 0.2 * GOOD_MISS:
            break
        if went > distance:
            high, over = u, went - distance
        else:
            low, under = u, went - distance
    steering[0], steering[1] = azimuth % (2.0 * math.pi), math.exp(u)
    flew = shoot(vehicle, launch, target, azimuth, u, full_burn(vehicle), TOLERANCE, earth, nodes, out)
    steering[3] = math.hypot(out[0], out[1]) if flew else np.nan
    # Near the farthest flight the last metres drown in the integration error; they do not matter.
    return (HIT if flew and steering[3] < 5.0 * GOOD_MISS else NOT_CONVERGED), reach
