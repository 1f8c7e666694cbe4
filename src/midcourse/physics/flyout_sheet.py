"""The flights of an interceptor from one site, as sheets that can be read between.

All flights of an interceptor from a site form a two-parameter family, azimuth and kick, and over the turning
ground each takes the same path whenever it is launched. A sheet holds the flights of one azimuth, at every
kick up to the flattest and at even times. Between azimuths it is read by trigonometric polynomials [1]_,
between kicks by cubics, between times by the cubics that match place and velocity.

A flight that sinks below the lowest height of the table goes on as if there were neither air nor ground: what
is read above does not change, and varies smoothly right down to there.

References
----------
.. [1] L. Trefethen, "Spectral Methods in MATLAB", SIAM, 2000, chapter 3.
"""

import math
from typing import NamedTuple

import numpy as np

from .earth import Earth, height, site_axes, to_ecef
from .flight import (
    COAST,
    CRASHED,
    MOST_NODES,
    NODE_COLUMNS,
    Array,
    Vehicle,
    acceleration,
    apogee,
    ecef_state_at,
    fly,
    full_burn,
    keep_node,
    state_at,
    step,
)
from .kernel import bare, kernel

#: Time between two columns of a sheet [s].
STEP = 8.0

_SPOKES = 12
_FINER = 3
_KICKS = 56
_TRIES = 90
# Errors allowed in one step of the flights that are read between, and of those that only space them.
_TOLERANCE, _ROUGH = 1e-8, 1e-6
# The flattest flight rises this far below the table, so that even its lowest row is crossed twice [m].
_BELOW = 10e3


class Sheets(NamedTuple):
    """Flights of every azimuth and kick.

    Attributes
    ----------
    places : (azimuth, kick, time, 6) the central angle's part along the azimuth and to its right [rad], the
        height above the site's radius [m], and their changes over one STEP
    kicks : (kick,) as parts of the flattest, from zero to one
    flattest : (azimuth,) the largest kick [rad]
    """

    places: Array
    kicks: Array
    flattest: Array


@bare
def _first_rise(nodes: Array, count: int, earth: Earth) -> float:
    """Height at which a flight first stops climbing [m]."""
    top = -1e30
    for i in range(count):
        h = height(nodes[i, 1], nodes[i, 2], nodes[i, 3], earth)
        if h < top:
            break
        top = h
    return top


@kernel
def _flattest_kick(
    vehicle: Vehicle, lat: float, lon: float, altitude: float, azimuth: float, latest: float, lowest: float,
    earth: Earth, nodes: Array,
) -> float:  # fmt: skip
    """The largest kick whose flight still rises to ``lowest``, by bisection [rad]; 0 if none."""
    low, high = 0.0, 1.55
    cutoff = full_burn(vehicle)
    for _ in range(18):
        kick = 0.5 * (low + high)
        status, n, _ = fly(vehicle, lat, lon, altitude, azimuth, kick, cutoff, latest, _ROUGH, earth, nodes)
        if status == CRASHED or _first_rise(nodes, n, earth) < lowest:
            high = kick
        else:
            low = kick
    return low


@kernel
def _spacing(
    vehicle: Vehicle, lat: float, lon: float, altitude: float, flattest: float, latest: float, earth: Earth
) -> Array:
    """Kicks from zero to one, as parts of the flattest, spaced for interpolation."""
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    out = np.empty(6)
    tries = _TRIES
    kicks, elevations, speeds, tops = np.empty(tries), np.empty(tries), np.empty(tries), np.empty(tries)
    cutoff = full_burn(vehicle)
    for i in range(tries):
        kicks[i] = i / (tries - 1.0)
        _, n, _ = fly(
            vehicle, lat, lon, altitude, 0.0, kicks[i] * flattest, cutoff, latest, _ROUGH, earth, nodes
        )
        ecef_state_at(nodes, n, min(cutoff, nodes[n - 1, 0]), earth, out)
        r = math.sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2)
        v = math.sqrt(out[3] ** 2 + out[4] ** 2 + out[5] ** 2)
        elevations[i] = math.asin((out[0] * out[3] + out[1] * out[4] + out[2] * out[5]) / (r * v))
        speeds[i] = math.log(v)
        tops[i] = math.log(apogee(nodes, n, earth)[1])
    # Even in the burnout's elevation, in the logarithm of its speed (flat flights lose speed to the air), and
    # in that of the apogee, by which flat flights differ most.
    along = np.zeros(tries)
    for i in range(1, tries):
        bend = abs(elevations[i - 1] - elevations[i]) + 4.0 * abs(speeds[i] - speeds[i - 1])
        bend += abs(tops[i] - tops[i - 1])
        along[i] = along[i - 1] + bend
    chosen = np.zeros(_KICKS)
    for i in range(1, _KICKS):
        wanted = along[tries - 1] * i / (_KICKS - 1)
        j = 1
        while j < tries - 1 and along[j] < wanted:
            j += 1
        f = (wanted - along[j - 1]) / (along[j] - along[j - 1])
        chosen[i] = kicks[j - 1] + f * (kicks[j] - kicks[j - 1])
    return chosen


@kernel
def _leave_the_air(
    vehicle: Vehicle, void: Vehicle, least: float, latest: float, earth: Earth, nodes: Array, start: int, n:
    int
) -> int:  # fmt: skip
    """Let a flight that sinks below a radius go on from there as if there were neither air nor ground.

    No flight at all, but a smooth end for what is read between flights. The flight's free part begins at node
    ``start``; returns the number of nodes there are then.
    """
    y, trial, k, axis = np.empty(6), np.empty(6), np.empty((7, 6)), np.zeros(10)
    i = start
    while i < n and not _sunk(nodes[i, 1:7], least):
        i += 1
    if i == n:
        return n
    low, high = nodes[max(i - 1, start), 0], nodes[i, 0]
    for _ in range(40):
        middle = 0.5 * (low + high)
        state_at(nodes, n, middle, y)
        if _sunk(y, least):
            high = middle
        else:
            low = middle
    state_at(nodes, n, high, y)
    t = high
    for body in (vehicle, void):
        acceleration(t, y, COAST, 0, axis, body, earth, k[0])
        keep_node(nodes, i, t, y, k[0])
        i += 1
    while t < latest and i < nodes.shape[0]:
        h = min(30.0, latest - t)
        step(t, y, h, COAST, 0, axis, void, earth, k, trial)
        t += h
        y[:] = trial
        k[0] = k[6]
        keep_node(nodes, i, t, y, k[0])
        i += 1
    return i


@bare
def _sunk(y: Array, least: float) -> bool:
    """Whether a state is sinking below a radius."""
    down = y[0] * y[3] + y[1] * y[4] + y[2] * y[5] < 0.0
    return bool(down and y[0] ** 2 + y[1] ** 2 + y[2] ** 2 < least * least)


@kernel
def _sheet(
    vehicle: Vehicle, lat: float, lon: float, altitude: float, azimuth: float, kicks: Array, latest: float,
    lowest: float, earth: Earth, sheet: Array,
) -> None:  # fmt: skip
    """Fly every kick toward one azimuth; places and their rates at even times into ``sheet``.

    ``sheet[k, i]`` holds the central angle's part along the azimuth and to its right, the height, and their
    time derivatives times the step.
    """
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    out = np.empty(6)
    site = np.array(to_ecef(lat, lon, altitude, earth))
    ex, ey, ez, nx, ny, nz, ux, uy, uz = site_axes(site)
    radius = math.sqrt(site[0] ** 2 + site[1] ** 2 + site[2] ** 2)
    sa, ca = math.sin(azimuth), math.cos(azimuth)
    cutoff = full_burn(vehicle)
    void = Vehicle(
        vehicle.stages, vehicle.mach, vehicle.drag, vehicle.rise, vehicle.pitch, vehicle.hold, np.inf
    )
    for k in range(len(kicks)):
        _, n, b = fly(
            vehicle, lat, lon, altitude, azimuth, kicks[k], cutoff, latest, _TOLERANCE, earth, nodes
        )
        n = _leave_the_air(vehicle, void, radius + lowest, latest, earth, nodes, min(b, n - 1), n)
        end = nodes[n - 1, 0]
        for i in range(sheet.shape[1]):
            t = min(i * STEP, end)
            ecef_state_at(nodes, n, t, earth, out)
            e = out[0] * ex + out[1] * ey + out[2] * ez
            m = out[0] * nx + out[1] * ny + out[2] * nz
            u = out[0] * ux + out[1] * uy + out[2] * uz
            ve = out[3] * ex + out[4] * ey + out[5] * ez
            vm = out[3] * nx + out[4] * ny + out[5] * nz
            vu = out[3] * ux + out[4] * uy + out[5] * uz
            along, right = e * sa + m * ca, e * ca - m * sa
            v_along, v_right = ve * sa + vm * ca, ve * ca - vm * sa
            r = math.sqrt(e * e + m * m + u * u)
            v_r = (e * ve + m * vm + u * vu) / r
            flat = math.sqrt(e * e + m * m)
            if flat < 1.0:
                ratio, ratio_rate = 1.0 / r, -v_r / (r * r)
            else:
                angle = math.atan2(flat, u)
                v_flat = (e * ve + m * vm) / flat
                ratio = angle / flat
                ratio_rate = ((v_flat * u - vu * flat) / (r * r) - ratio * v_flat) / flat
            sheet[k, i, 0] = ratio * along
            sheet[k, i, 1] = ratio * right
            sheet[k, i, 2] = r - radius
            sheet[k, i, 3] = (ratio * v_along + ratio_rate * along) * STEP
            sheet[k, i, 4] = (ratio * v_right + ratio_rate * right) * STEP
            sheet[k, i, 5] = v_r * STEP


@kernel
def _between_spokes(spokes: Array) -> Array:
    """Sheets at ``_FINER`` times as many azimuths, by the trigonometric polynomial through the flown ones.

    What is flown varies smoothly round the compass, so that this errs far less than cubics between flown
    azimuths.
    """
    count = spokes.shape[0]
    sheets = np.zeros((count * _FINER, spokes.shape[1], spokes.shape[2], 6))
    flown = spokes.reshape(count, -1)
    read = sheets.reshape(count * _FINER, -1)
    for a in range(count * _FINER):
        for b in range(count):
            x = math.pi * (a / _FINER - b) / count
            if a % _FINER == 0:
                w = 1.0 if a // _FINER == b else 0.0
            else:
                w = math.sin(count * x) / (count * math.tan(x))
            if w != 0.0:
                for i in range(flown.shape[1]):
                    read[a, i] += w * flown[b, i]
    return sheets


@kernel
def fly_sheets(
    vehicle: Vehicle, lat: float, lon: float, altitude: float, latest: float, lowest: float, earth: Earth
) -> Sheets:
    """Fly an interceptor from a site toward every azimuth at every kick.

    ``latest`` is the longest flight [s], ``lowest`` the least height that flights must rise to [m]. No
    azimuth at all where a flight does not.
    """
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    flattest = np.empty(_SPOKES)
    for a in range(_SPOKES):
        azimuth = 2.0 * math.pi * a / _SPOKES
        flattest[a] = _flattest_kick(
            vehicle, lat, lon, altitude, azimuth, latest, lowest - _BELOW, earth, nodes
        )
    if flattest.min() < 1e-3:
        return Sheets(np.empty((0, 0, 0, 6)), np.empty(0), flattest)
    kicks = _spacing(vehicle, lat, lon, altitude, flattest[0], latest, earth)
    flown = np.empty((_SPOKES, _KICKS, int(latest / STEP) + 4, 6))
    for a in range(_SPOKES):
        azimuth = 2.0 * math.pi * a / _SPOKES
        _sheet(
            vehicle,
            lat,
            lon,
            altitude,
            azimuth,
            kicks * flattest[a],
            latest + 4.0 * STEP,
            lowest,
            earth,
            flown[a],
        )
    return Sheets(_between_spokes(flown), kicks, flattest)


@bare
def cubic(f: float, w: Array, d: Array) -> None:
    """Lagrange weights, and their derivatives, of nodes -1, 0, 1, 2 at ``f``."""
    w[0] = -f * (f - 1.0) * (f - 2.0) / 6.0
    w[1] = (f + 1.0) * (f - 1.0) * (f - 2.0) / 2.0
    w[2] = -(f + 1.0) * f * (f - 2.0) / 2.0
    w[3] = (f + 1.0) * f * (f - 1.0) / 6.0
    d[0] = -(3.0 * f * f - 6.0 * f + 2.0) / 6.0
    d[1] = (3.0 * f * f - 4.0 * f - 1.0) / 2.0
    d[2] = -(3.0 * f * f - 2.0 * f - 2.0) / 2.0
    d[3] = (3.0 * f * f - 1.0) / 6.0


@bare
def around(values: Array, azimuth: float, w: Array, d: Array) -> float:
    """A quantity known at even azimuths, at any azimuth; cubic."""
    n = len(values)
    x = (azimuth / (2.0 * math.pi) % 1.0) * n
    i = math.floor(x)
    cubic(x - i, w, d)
    total = 0.0
    for j in range(4):
        total += w[j] * values[(i - 1 + j) % n]
    return total


@bare
def uneven_cubic(x: float, a: float, b: float, c: float, e: float, w: Array, d: Array) -> None:
    """Lagrange weights, and their derivatives, of nodes a, b, c, e at ``x``."""
    xa, xb, xc, xe = x - a, x - b, x - c, x - e
    fa, fb = (a - b) * (a - c) * (a - e), (b - a) * (b - c) * (b - e)
    fc, fe = (c - a) * (c - b) * (c - e), (e - a) * (e - b) * (e - c)
    w[0], d[0] = xb * xc * xe / fa, (xc * xe + xb * xe + xb * xc) / fa
    w[1], d[1] = xa * xc * xe / fb, (xc * xe + xa * xe + xa * xc) / fb
    w[2], d[2] = xa * xb * xe / fc, (xb * xe + xa * xe + xa * xb) / fc
    w[3], d[3] = xa * xb * xc / fe, (xb * xc + xa * xc + xa * xb) / fe


@bare
def on_sheets(sheets: Sheets, toward: float, p: float, q: float, t: float, work: Array) -> None:
    """Where a flight is, between the flights of the sheets.

    The flight's kick has parts ``p`` along the bearing ``toward`` and ``q`` to its right, in units of the
    mean spacing of the sheets' kicks; ``t`` is a time index. ``work[0, :3]`` takes the place along the
    bearing, to its right, and the height; rows 1 to 3 their derivatives by p, q and t.
    """
    places, kicks = sheets.places, sheets.kicks
    spokes, n, m = places.shape[0], places.shape[1], places.shape[2]
    k = max(math.sqrt(p * p + q * q), 1e-6)
    offset = math.atan2(q, p)
    x = ((toward + offset) / (2.0 * math.pi) % 1.0) * spokes
    a0 = math.floor(x)
    unit = kicks[n - 1] / (n - 1.0)
    k0 = 1
    while k0 < n - 3 and kicks[k0 + 1] < k * unit:
        k0 += 1
    i0 = int(min(max(math.floor(t), 0.0), m - 2.0))
    wa, da, wk, dk = work[4], work[5], work[6], work[7]
    cubic(x - a0, wa, da)
    uneven_cubic(k * unit, kicks[k0 - 1], kicks[k0], kicks[k0 + 1], kicks[k0 + 2], wk, dk)
    f = t - i0
    h00, h10 = (1.0 + 2.0 * f) * (1.0 - f) ** 2, f * (1.0 - f) ** 2
    h01, h11 = f * f * (3.0 - 2.0 * f), f * f * (f - 1.0)
    g00, g10 = 6.0 * f * (f - 1.0), (1.0 - f) * (1.0 - 3.0 * f)
    g11 = f * (3.0 * f - 2.0)
    value, by_angle, by_kick, by_time = work[8], work[9], work[10], work[11]
    for c in range(3):
        value[c] = by_angle[c] = by_kick[c] = by_time[c] = 0.0
    for a in range(4):
        sheet = places[(a0 - 1 + a) % spokes]
        for j in range(4):
            row = sheet[k0 - 1 + j]
            for c in range(3):
                at = h00 * row[i0, c] + h10 * row[i0, 3 + c] + h01 * row[i0 + 1, c] + h11 * row[i0 + 1, 3 + c]
                rate = g00 * (row[i0, c] - row[i0 + 1, c]) + g10 * row[i0, 3 + c] + g11 * row[i0 + 1, 3 + c]
                value[c] += wa[a] * wk[j] * at
                by_angle[c] += da[a] * wk[j] * at
                by_kick[c] += wa[a] * dk[j] * at
                by_time[c] += wa[a] * wk[j] * rate
    for c in range(3):
        by_angle[c] *= spokes / (2.0 * math.pi)
        by_kick[c] *= unit
    # From the flight's own azimuth to the bearing, which lies ``offset`` to its left.
    co, so = math.cos(offset), math.sin(offset)
    for row in (value, by_angle, by_kick, by_time):
        along, right = row[0], row[1]
        row[0], row[1] = co * along - so * right, so * along + co * right
    by_angle[0] -= value[1]
    by_angle[1] += value[0]
    for c in range(3):
        work[0, c] = value[c]
        work[1, c] = by_kick[c] * co - by_angle[c] * so / k
        work[2, c] = by_kick[c] * so + by_angle[c] * co / k
        work[3, c] = by_time[c]
