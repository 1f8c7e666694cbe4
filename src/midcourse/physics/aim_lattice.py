"""Least-energy flights on a lattice of places round one place, and the farthest flights from it.

Where a place stands is told by how it lies to where the Earth turns under the flight: its bearing and central
angle once the Earth has turned for about as long as the flight over that angle lasts (``ahead``). So told,
steering changes evenly nearly as far as the antipode.

Row by row the lattice is climbed: the flight to each place is found from the flights to those before it. Near
the antipode it ends where a flight of less energy would fall back into the air.
"""

import math
from typing import NamedTuple

import numpy as np

from .aim import LEAST_ENERGY, aim, least_energy_apogee
from .earth import Earth, bearing, central_angle, destination
from .flight import (
    BURN,
    FLOW,
    IGNITION,
    MASS,
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    Array,
    Vehicle,
    full_burn,
)
from .kernel import bare, kernel
from .reach import GOOD_MISS, ROUGH, Ranges, shoot, time_aloft

#: Columns of a lattice: azimuth less the bearing to where the target will be [rad], logarithm of the kick,
#: cutoff [s], and how azimuth (times the sine of the central angle) and cutoff must change with a miss to the
#: right and beyond [rad/m, s/m]; east and north would turn too fast near a pole.
STEERING = 7
# Columns of what is climbed: the first three of these, and how the energy at cutoff bends with the kick.
_CLIMBED = 4
# As near to half a turn as places are told by where they will be [rad].
_FARTHEST = 0.985 * math.pi
# Central angle under which the time of a flight can't be told [rad].
_NO_FLIGHT = 1e-6
# Misses from which exact flights follow rough ones, and from which one correction more is enough [m].
_NEAR, _CLOSE = 3e3, 50.0


class Lattice(NamedTuple):
    """Steering of least-energy flights round a center, by bearing and central angle ``ahead``.

    Attributes
    ----------
    first, step : the lattice's first bearing, and from each to the next [rad]
    middle, half : of its angles, which are ``middle - half cos(pi (k + 1/2) / angles)`` [rad]
    nearest : under which no flight is cut off soon enough [rad]; zero if that is not known
    steered : (bearings, angles, STEERING)
    """

    first: float
    step: float
    middle: float
    half: float
    nearest: float
    steered: Array


@bare
def turned(angle: float, earth: Earth) -> float:
    """How far the Earth turns under a flight over a central angle, about [rad]."""
    angle = min(max(angle, _NO_FLIGHT), _FARTHEST)
    return earth.rotation * time_aloft(angle, least_energy_apogee(angle, earth), earth)


@bare
def ahead(center: Array, lat: float, lon: float, outward: bool, earth: Earth) -> tuple[float, float]:
    """Bearing and central angle [rad] from a center of where a place will be when a flight comes down there;
    with flights that come down at the center, of where it was when they began, seen from then on.
    """
    sign = 1.0 if outward else -1.0
    angle = central_angle(center[0], center[1], lat, lon)
    there = lon
    for _ in range(40):
        there = lon + sign * turned(angle, earth)
        before, angle = angle, central_angle(center[0], center[1], lat, there)
        if abs(angle - before) < 1e-12:
            break
    return bearing(center[0], center[1], lat, there), angle


@bare
def standing(center: Array, toward: float, angle: float, outward: bool, earth: Earth) -> tuple[float, float]:
    """Latitude and longitude [rad] of the place that is ``ahead`` at a bearing and central angle."""
    lat, there = destination(center[0], center[1], toward, angle)
    return lat, there - turned(angle, earth) if outward else there + turned(angle, earth)


@bare
def onward(launch: Array, target: Array, toward: float, angle: float, outward: bool, earth: Earth) -> float:
    """Bearing at launch to where the target will be; bearing and angle ``ahead`` are known."""
    if outward:
        return toward
    return bearing(launch[0], launch[1], target[0], target[1] + turned(angle, earth))


@kernel
def all_ahead(center: Array, others: Array, outward: bool, earth: Earth) -> Array:
    """Bearing and central angle ``ahead`` of places from a center: (p, 2) [rad]."""
    out = np.empty((len(others), 2))
    for p in range(len(others)):
        out[p, 0], out[p, 1] = ahead(center, others[p, 0], others[p, 1], outward, earth)
    return out


@bare
def along_flight(launch: Array, target: Array, east: float, north: float) -> tuple[float, float]:
    """A miss of a target as seen by who comes from the launch place: to the right and beyond [m]."""
    going = bearing(target[0], target[1], launch[0], launch[1]) + math.pi
    s, c = math.sin(going), math.cos(going)
    return east * c - north * s, east * s + north * c


@bare
def difference(angle: float) -> float:
    """An angle brought to -pi..pi [rad]."""
    return (angle + math.pi) % (2.0 * math.pi) - math.pi


@bare
def bounds(vehicle: Vehicle) -> tuple[float, float]:
    """The earliest and the latest cutoff that a lattice knows [s]: soon after the last ignition, and until a
    quarter of the mass at burnout is gone too.
    """
    last = vehicle.stages[-1]
    spare = 0.25 * (last[MASS] - last[FLOW] * last[BURN]) / last[FLOW]
    return last[IGNITION] + 0.01 * last[BURN], full_burn(vehicle) + spare


@kernel
def _climb(
    vehicle: Vehicle, launch: Array, target: Array, earth: Earth, nodes: Array, steering: Array
) -> bool:
    """Improve azimuth, logarithm of the kick and cutoff until the flight is that of least energy.

    Newton on differences of rough flights, as ``aim`` does; the bend of the energy with the kick is taken
    from ``steering[3]`` until it is measured. False where flights fail on the way.
    """
    f0, fa, fu, ft = np.empty(4), np.empty(4), np.empty(4), np.empty(4)
    last = vehicle.stages[-1]
    earliest, most = bounds(vehicle)
    az, u, tc, bend = steering[0], steering[1], steering[2], steering[3]
    da, dt, du = 2e-4, 2e-3 * last[BURN], 0.02
    slope_before, u_before = np.nan, np.nan
    for _ in range(12):
        if not (
            shoot(vehicle, launch, target, az, u, tc, ROUGH, earth, nodes, f0)
            and shoot(vehicle, launch, target, az + da, u, tc, ROUGH, earth, nodes, fa)
            and shoot(vehicle, launch, target, az, u - du, tc, ROUGH, earth, nodes, fu)
            and shoot(vehicle, launch, target, az, u, tc - dt, ROUGH, earth, nodes, ft)
        ):
            return False
        e_a, n_a = (fa[0] - f0[0]) / da, (fa[1] - f0[1]) / da
        e_u, n_u = (f0[0] - fu[0]) / du, (f0[1] - fu[1]) / du
        e_t, n_t = (f0[0] - ft[0]) / dt, (f0[1] - ft[1]) / dt
        det = e_a * n_t - n_a * e_t
        a_0 = -(f0[0] * n_t - f0[1] * e_t) / det
        t_0 = -(e_a * f0[1] - n_a * f0[0]) / det
        a_u = -(e_u * n_t - n_u * e_t) / det
        t_u = -(e_a * n_u - n_a * e_u) / det
        slope = (f0[2] - fu[2]) / du + (fa[2] - f0[2]) / da * a_u + (f0[2] - ft[2]) / dt * t_u
        if abs(u - u_before) > 3e-3:
            measured = (slope - slope_before) / (u - u_before)
            if measured > 0.0:
                bend = measured
        step_u = -slope / bend if bend > 0.0 else -math.copysign(0.05, slope)
        step_u = max(-0.2, min(0.2, step_u))
        slope_before, u_before = slope, u
        done = abs(step_u) < 4e-3 and math.hypot(f0[0], f0[1]) < _NEAR
        u += step_u
        az += max(-0.2, min(0.2, a_0 + a_u * step_u))
        tc += max(-0.3 * last[BURN], min(0.3 * last[BURN], t_0 + t_u * step_u))
        if not earliest < tc < most:
            return False
        if done:
            steering[0], steering[1], steering[2], steering[3] = az, u, tc, bend
            return True
    return False


@bare
def _before(row: Array, d: int, way: int, k: int) -> float:
    """A column continued to place ``d`` of a row from the up to three places before it."""
    one, two, three = d - way, d - 2 * way, d - 3 * way
    n = len(row)
    if not 0 <= two < n or math.isnan(row[two, 0]):
        return float(row[one, k])
    if not 0 <= three < n or math.isnan(row[three, 0]):
        return float(2.0 * row[one, k] - row[two, k])
    return float(3.0 * row[one, k] - 3.0 * row[two, k] + row[three, k])


@kernel
def climbed(
    vehicle: Vehicle, ranges: Ranges, center: Array, bearings: Array, angles: Array, start: int, outward:
    bool, earth: Earth,
) -> Array:  # fmt: skip
    """Least-energy flights, roughly, to (from) places ``ahead`` at bearings and angles [rad]: (bearings,
    angles, 4) azimuth less bearing, logarithm of the kick, cutoff, bend; nan from where there are none on.

    Each row begins at angle number ``start``, where it is aimed at length.
    """
    count = len(angles)
    out = np.full((len(bearings), count, _CLIMBED), np.nan)
    nodes, steering, place = np.empty((MOST_NODES, NODE_COLUMNS)), np.empty(4), np.zeros(3)
    for a in range(len(bearings)):
        row = out[a]
        for way in (1, -1):
            d = start if way == 1 else start - 1
            while 0 <= d < count and (d == start or not math.isnan(row[d - way, 0])):
                place[0], place[1] = standing(center, bearings[a], angles[d], outward, earth)
                launch, target = (center, place) if outward else (place, center)
                toward = onward(launch, target, bearings[a], angles[d], outward, earth)
                if d == start:
                    aim(vehicle, ranges, launch, target, LEAST_ENERGY, 0.0, earth, steering)
                    if not steering[3] <= GOOD_MISS:
                        break
                    steering[1], steering[3] = math.log(steering[1]), 0.0
                else:
                    for k in range(3):
                        steering[k] = _before(row, d, way, k)
                    steering[0] += toward
                    steering[3] = row[d - way, 3]
                if not _climb(vehicle, launch, target, earth, nodes, steering):
                    break
                row[d, 0] = difference(steering[0] - toward)
                row[d, 1], row[d, 2], row[d, 3] = steering[1], steering[2], steering[3]
                d += way
    return out


@kernel
def extent(
    vehicle: Vehicle, ranges: Ranges, center: Array, bearings: Array, start: float, step: float, farthest:
    float, outward: bool, earth: Earth,
) -> Array:  # fmt: skip
    """The nearest and farthest central angles ``ahead`` with least-energy flights, on each bearing:
    (bearings, 2) [rad]; nan where there is none at ``start``. To a sixteenth of a ``step``; none past
    ``farthest``.
    """
    out = np.full((len(bearings), 2), np.nan)
    nodes, steering, trial, place = (
        np.empty((MOST_NODES, NODE_COLUMNS)),
        np.empty(4),
        np.empty(4),
        np.zeros(3),
    )
    for a in range(len(bearings)):
        found = climbed(vehicle, ranges, center, bearings[a : a + 1], np.array([start]), 0, outward, earth)[
            0, 0
        ]
        if math.isnan(found[0]):
            continue
        for side in range(2):
            angle, pace = start, step if side == 1 else -step
            steering[:] = found
            before, length = found.copy(), 0.0
            while abs(pace) > 0.05 * step:
                further = angle + pace
                ended = not 0.0 < further <= farthest
                if not ended:
                    place[0], place[1] = standing(center, bearings[a], further, outward, earth)
                    launch, target = (center, place) if outward else (place, center)
                    toward = onward(launch, target, bearings[a], further, outward, earth)
                    for k in range(3):
                        trial[k] = steering[k]
                        if length != 0.0:
                            trial[k] += (steering[k] - before[k]) * pace / length
                    trial[0] += toward
                    trial[3] = steering[3]
                    ended = not _climb(vehicle, launch, target, earth, nodes, trial)
                if ended:
                    pace *= 0.5
                    continue
                trial[0] = difference(trial[0] - toward)
                before[:] = steering
                steering[:] = trial
                angle, length = further, pace
            out[a, side] = angle
    return out


@kernel
def settled(
    vehicle: Vehicle, center: Array, bearings: Array, angles: Array, found: Array, outward: bool, earth: Earth
) -> Array:
    """A lattice (bearings, angles, STEERING) of flights that hit exactly with the kicks of those ``climbed``;
    nan where there is none.
    """
    out = np.full((len(bearings), len(angles), STEERING), np.nan)
    nodes, place = np.empty((MOST_NODES, NODE_COLUMNS)), np.zeros(3)
    f0, fa, ft = np.empty(4), np.empty(4), np.empty(4)
    da, dt = 2e-4, 2e-3 * vehicle.stages[-1, BURN]
    for a in range(len(bearings)):
        for d in range(len(angles)):
            if math.isnan(found[a, d, 0]):
                continue
            place[0], place[1] = standing(center, bearings[a], angles[d], outward, earth)
            launch, target = (center, place) if outward else (place, center)
            toward = onward(launch, target, bearings[a], angles[d], outward, earth)
            az, u, tc = toward + found[a, d, 0], found[a, d, 1], found[a, d, 2]
            if not (
                shoot(vehicle, launch, target, az, u, tc, ROUGH, earth, nodes, f0)
                and shoot(vehicle, launch, target, az + da, u, tc, ROUGH, earth, nodes, fa)
                and shoot(vehicle, launch, target, az, u, tc - dt, ROUGH, earth, nodes, ft)
            ):
                continue
            right, beyond = along_flight(launch, target, f0[0], f0[1])
            right_a, beyond_a = along_flight(launch, target, fa[0], fa[1])
            right_t, beyond_t = along_flight(launch, target, ft[0], ft[1])
            e_a, n_a = (right_a - right) / da, (beyond_a - beyond) / da
            e_t, n_t = (right - right_t) / dt, (beyond - beyond_t) / dt
            det = e_a * n_t - n_a * e_t
            a_right, a_beyond, t_right, t_beyond = -n_t / det, e_t / det, n_a / det, -e_a / det
            off, exact = math.hypot(right, beyond), False
            for _ in range(8):
                az += a_right * right + a_beyond * beyond
                tc += t_right * right + t_beyond * beyond
                if exact and off < _CLOSE:
                    break
                exact = off < _NEAR
                if not shoot(
                    vehicle, launch, target, az, u, tc, TOLERANCE if exact else ROUGH, earth, nodes, f0
                ):
                    exact = False
                    break
                right, beyond = along_flight(launch, target, f0[0], f0[1])
                off = math.hypot(right, beyond)
            if not (exact and off < _CLOSE):
                continue
            row = out[a, d]
            row[0], row[1], row[2] = difference(az - toward), u, tc
            row[3], row[4] = a_right * math.sin(angles[d]), a_beyond * math.sin(angles[d])
            row[5], row[6] = t_right, t_beyond
    return out


@bare
def _sixth(f: float, w: Array) -> None:
    """Lagrange weights of nodes -2, -1, 0, 1, 2, 3 at ``f``."""
    a, b, c, d, e, g = f + 2.0, f + 1.0, f, f - 1.0, f - 2.0, f - 3.0
    w[0] = -b * c * d * e * g / 120.0
    w[1] = a * c * d * e * g / 24.0
    w[2] = -a * b * d * e * g / 12.0
    w[3] = a * b * c * e * g / 12.0
    w[4] = -a * b * c * d * g / 24.0
    w[5] = a * b * c * d * e / 120.0


@bare
def six_around(x: float, n: int, w: Array) -> int:
    """The first of six nodes around a place among ``n``, and their weights."""
    i = min(max(int(math.floor(x)), 2), n - 4)
    _sixth(x - i, w)
    return i - 2


@bare
def read(lattice: Lattice, toward: float, angle: float, wa: Array, ws: Array, row: Array) -> bool:
    """Steering at a bearing and central angle ``ahead``, into ``row``; false where the lattice has none."""
    rows, columns = lattice.steered.shape[0], lattice.steered.shape[1]
    x = ((toward - lattice.first) % (2.0 * math.pi)) / lattice.step
    c = (lattice.middle - angle) / lattice.half
    if x > rows - 1.0 or abs(c) > 1.0:
        return False
    a = six_around(x, rows, wa)
    s = six_around(math.acos(c) / math.pi * columns - 0.5, columns, ws)
    for k in range(STEERING):
        row[k] = 0.0
        for i in range(6):
            for j in range(6):
                row[k] += wa[i] * ws[j] * lattice.steered[a + i, s + j, k]
    return not math.isnan(row[2])
