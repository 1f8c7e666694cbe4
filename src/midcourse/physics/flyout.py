"""An interceptor's earliest arrival at any point in space.

All flights of an interceptor from one site form a two-parameter family, azimuth and kick, and over the turning
ground each takes the same path whenever it is launched. Points are given in the site's own coordinates: bearing,
central angle from the site, and height above the site's radius, all geocentric.

For one bearing and one height, take the points that the flights cross at that height, from overhead outward:
first on the way up; then, past the flight that just touches the height, on the way down; until the envelope of
all flights turns back. Along this curve both the distance and the time grow, so the curve is the earliest
arrival. It is followed by continuation [1]_ over a sheet of flown trajectories and stored against

- height as ``q``: height rises from the lowest to the highest by 3 q^2 - 2 q^3, denser at both ends, where the
  farthest angle varies most;
- distance as ``s``: angle = limit * (3 s^2 - 2 s^3), where limit is the farthest angle at this bearing and height.
  At the envelope time grows as the square root of the distance left, and so smoothly in ``s``; overhead, every
  quantity is even in ``s``.

References
----------
.. [1] E. Allgower and K. Georg, "Introduction to Numerical Continuation Methods", SIAM, 2003, chapter 6.
"""

import math
from typing import NamedTuple

import numpy as np

from .earth import Earth, to_ecef
from .flight import (
    CRASHED,
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    Array,
    Vehicle,
    apogee,
    ecef_state_at,
    fly,
    full_burn,
)
from .kernel import kernel

BEARINGS = 24
HEIGHTS = 40
DISTANCES = 36

_SPOKES = 12
_KICKS = 56
# The flattest flight's apogee lies this far below the table, so that even its lowest row is crossed twice [m].
_BELOW = 10e3
_STEP = 8.0
_CURVE = 400


class Flyout(NamedTuple):
    """Earliest arrivals of an interceptor from a site.

    Attributes
    ----------
    site : (3,) position [m, ECEF]
    top : (2,) greatest height above the site's radius that is reached in time, and the lowest tabulated [m]
    limit : (bearing, height) farthest central angle [rad]
    time : (bearing, height, distance) flight time [s]
    kick : (bearing, height, distance, 2) tilt of the pitch-over [rad], its part toward the point and to the right
    speed : (bearing, height, distance, 3) velocity over the ground on arrival, up, outward, to the right [m/s]
    """

    site: Array
    top: Array
    limit: Array
    time: Array
    kick: Array
    speed: Array


@kernel
def site_axes(site: Array) -> tuple[float, ...]:
    """Geocentric east, north and up at a site, in ECEF, as nine numbers."""
    r = math.sqrt(site[0] ** 2 + site[1] ** 2 + site[2] ** 2)
    ux, uy, uz = site[0] / r, site[1] / r, site[2] / r
    c = math.sqrt(ux * ux + uy * uy)
    ex, ey = -uy / c, ux / c
    return ex, ey, 0.0, -uz * ey, uz * ex, ux * ey - uy * ex, ux, uy, uz


@kernel
def site_coordinates(x: float, y: float, z: float, site: Array) -> tuple[float, float, float]:
    """Bearing [rad], central angle [rad] and height above the site's radius [m] of a point in ECEF."""
    ex, ey, ez, nx, ny, nz, ux, uy, uz = site_axes(site)
    e = x * ex + y * ey + z * ez
    n = x * nx + y * ny + z * nz
    u = x * ux + y * uy + z * uz
    flat = math.sqrt(e * e + n * n)
    r = math.sqrt(x * x + y * y + z * z)
    radius = math.sqrt(site[0] ** 2 + site[1] ** 2 + site[2] ** 2)
    return math.atan2(e, n), math.atan2(flat, u), r - radius


@kernel
def _flattest_kick(
    vehicle: Vehicle, lat: float, lon: float, altitude: float, azimuth: float, latest: float, lowest: float,
    earth: Earth, nodes: Array,
) -> float:  # fmt: skip
    """The largest kick whose flight toward an azimuth still rises to ``lowest``, by bisection [rad]; 0 if none."""
    low, high = 0.0, 1.55
    cutoff = full_burn(vehicle)
    for _ in range(18):
        kick = 0.5 * (low + high)
        status, n, _ = fly(vehicle, lat, lon, altitude, azimuth, kick, cutoff, latest, 1e-7, earth, nodes)
        if status == CRASHED or apogee(nodes, n, earth)[1] < lowest:
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
    tries = 90
    kicks, elevations, speeds, tops = np.empty(tries), np.empty(tries), np.empty(tries), np.empty(tries)
    cutoff = full_burn(vehicle)
    for i in range(tries):
        kicks[i] = i / (tries - 1.0)
        _, n, _ = fly(
            vehicle, lat, lon, altitude, 0.0, kicks[i] * flattest, cutoff, latest, 1e-7, earth, nodes
        )
        ecef_state_at(nodes, n, min(cutoff, nodes[n - 1, 0]), earth, out)
        r = math.sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2)
        v = math.sqrt(out[3] ** 2 + out[4] ** 2 + out[5] ** 2)
        elevations[i] = math.asin((out[0] * out[3] + out[1] * out[4] + out[2] * out[5]) / (r * v))
        speeds[i] = math.log(v)
        tops[i] = math.log(apogee(nodes, n, earth)[1])
    # Even in the burnout's elevation, in the logarithm of its speed (flat flights lose speed to the air), and in that
    # of the apogee, by which flat flights differ most.
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
def _sheet(
    vehicle: Vehicle, lat: float, lon: float, altitude: float, azimuth: float, kicks: Array, latest: float,
    earth: Earth, sheet: Array,
) -> None:  # fmt: skip
    """Fly every kick toward one azimuth; places and their rates at even times into ``sheet``.

    ``sheet[k, i]`` holds the central angle's part along the azimuth and to its right, the height, and their time
    derivatives times the step. Once the ground is hit the height goes on falling, so that crossings stay single.
    """
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    out = np.empty(6)
    site = np.array(to_ecef(lat, lon, altitude, earth))
    ex, ey, ez, nx, ny, nz, ux, uy, uz = site_axes(site)
    radius = math.sqrt(site[0] ** 2 + site[1] ** 2 + site[2] ** 2)
    sa, ca = math.sin(azimuth), math.cos(azimuth)
    cutoff = full_burn(vehicle)
    for k in range(len(kicks)):
        _, n, _ = fly(vehicle, lat, lon, altitude, azimuth, kicks[k], cutoff, latest, TOLERANCE, earth, nodes)
        end = nodes[n - 1, 0]
        for i in range(sheet.shape[1]):
            t = i * _STEP
            if t > end:
                for c in range(2):
                    sheet[k, i, c] = sheet[k, i - 1, c]
                    sheet[k, i, 3 + c] = 0.0
                sheet[k, i, 2] = sheet[k, i - 1, 2] - 5e3 * _STEP
                sheet[k, i, 5] = -5e3 * _STEP
                continue
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
            sheet[k, i, 3] = (ratio * v_along + ratio_rate * along) * _STEP
            sheet[k, i, 4] = (ratio * v_right + ratio_rate * right) * _STEP
            sheet[k, i, 5] = v_r * _STEP


@kernel
def _cubic(f: float, w: Array, d: Array) -> None:
    """Lagrange weights, and their derivatives, of nodes -1, 0, 1, 2 at ``f``."""
    w[0] = -f * (f - 1.0) * (f - 2.0) / 6.0
    w[1] = (f + 1.0) * (f - 1.0) * (f - 2.0) / 2.0
    w[2] = -(f + 1.0) * f * (f - 2.0) / 2.0
    w[3] = (f + 1.0) * f * (f - 1.0) / 6.0
    d[0] = -(3.0 * f * f - 6.0 * f + 2.0) / 6.0
    d[1] = (3.0 * f * f - 4.0 * f - 1.0) / 2.0
    d[2] = -(3.0 * f * f - 2.0 * f - 2.0) / 2.0
    d[3] = (3.0 * f * f - 1.0) / 6.0


@kernel
def _around(values: Array, azimuth: float, w: Array, d: Array) -> float:
    """A quantity known at even azimuths, at any azimuth; cubic."""
    n = len(values)
    x = (azimuth / (2.0 * math.pi) % 1.0) * n
    i = int(math.floor(x))
    _cubic(x - i, w, d)
    total = 0.0
    for j in range(4):
        total += w[j] * values[(i - 1 + j) % n]
    return total


@kernel
def _uneven_cubic(x: float, a: float, b: float, c: float, e: float, w: Array, d: Array) -> None:
    """Lagrange weights, and their derivatives, of nodes a, b, c, e at ``x``."""
    xa, xb, xc, xe = x - a, x - b, x - c, x - e
    fa, fb = (a - b) * (a - c) * (a - e), (b - a) * (b - c) * (b - e)
    fc, fe = (c - a) * (c - b) * (c - e), (e - a) * (e - b) * (e - c)
    w[0], d[0] = xb * xc * xe / fa, (xc * xe + xb * xe + xb * xc) / fa
    w[1], d[1] = xa * xc * xe / fb, (xc * xe + xa * xe + xa * xc) / fb
    w[2], d[2] = xa * xb * xe / fc, (xb * xe + xa * xe + xa * xb) / fc
    w[3], d[3] = xa * xb * xc / fe, (xb * xc + xa * xc + xa * xb) / fe


@kernel
def _on_sheets(sheets: Array, kicks: Array, toward: float, p: float, q: float, t: float, work: Array) -> None:
    """Where a flight is, between the flights of the sheets.

    The flight's kick has parts ``p`` along the bearing ``toward`` and ``q`` to its right, in units of the mean
    spacing of ``kicks``; ``t`` is a time index. ``work[0, :3]`` takes the place along the bearing, to its right, and the height; rows 1 to 3 their
    derivatives by p, q and t.
    """
    spokes, n, m = sheets.shape[0], sheets.shape[1], sheets.shape[2]
    k = max(math.sqrt(p * p + q * q), 1e-6)
    offset = math.atan2(q, p)
    x = ((toward + offset) / (2.0 * math.pi) % 1.0) * spokes
    a0 = int(math.floor(x))
    unit = kicks[n - 1] / (n - 1.0)
    k0 = 1
    while k0 < n - 3 and kicks[k0 + 1] < k * unit:
        k0 += 1
    i0 = int(min(max(math.floor(t), 0.0), m - 2.0))
    wa, da, wk, dk = work[4], work[5], work[6], work[7]
    _cubic(x - a0, wa, da)
    _uneven_cubic(k * unit, kicks[k0 - 1], kicks[k0], kicks[k0 + 1], kicks[k0 + 2], wk, dk)
    f = t - i0
    h00, h10 = (1.0 + 2.0 * f) * (1.0 - f) ** 2, f * (1.0 - f) ** 2
    h01, h11 = f * f * (3.0 - 2.0 * f), f * f * (f - 1.0)
    g00, g10 = 6.0 * f * (f - 1.0), (1.0 - f) * (1.0 - 3.0 * f)
    g11 = f * (3.0 * f - 2.0)
    value, by_angle, by_kick, by_time = work[8], work[9], work[10], work[11]
    for c in range(3):
        value[c] = by_angle[c] = by_kick[c] = by_time[c] = 0.0
    for a in range(4):
        sheet = sheets[(a0 - 1 + a) % spokes]
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


@kernel
def _follow(sheets: Array, kicks: Array, toward: float, level: float, curve: Array, work: Array) -> int:
    """Follow the points at height ``level`` along a bearing outward from overhead; returns how many were tries.

    Rows of ``curve``: kick along and right of the bearing [mean spacings], time index, angle; rates of angle, of its part to
    the right, and of height, a time step. If the envelope was met, the last row lies beyond it.
    """
    first = sheets[0, 0]
    last_kick, last_time = sheets.shape[1] - 1.0, sheets.shape[2] - 1.0
    i = 0
    while i < sheets.shape[2] - 1 and first[i + 1, 2] < level:
        i += 1
    if i >= sheets.shape[2] - 1:
        return 0
    p, q, t = 1e-3, 0.0, i + (level - first[i, 2]) / (first[i + 1, 2] - first[i, 2])
    # Newton for the flight that passes overhead at this height.
    for _ in range(12):
        _on_sheets(sheets, kicks, toward, p, q, t, work)
        v, fp, fq, ft = work[0], work[1], work[2], work[3]
        v2 = v[2] - level
        det = (
            fp[0] * (fq[1] * ft[2] - ft[1] * fq[2])
            - fq[0] * (fp[1] * ft[2] - ft[1] * fp[2])
            + ft[0] * (fp[1] * fq[2] - fq[1] * fp[2])
        )
        dp = (
            v[0] * (fq[1] * ft[2] - ft[1] * fq[2])
            - fq[0] * (v[1] * ft[2] - ft[1] * v2)
            + ft[0] * (v[1] * fq[2] - fq[1] * v2)
        ) / det
        dq = (
            fp[0] * (v[1] * ft[2] - ft[1] * v2)
            - v[0] * (fp[1] * ft[2] - ft[1] * fp[2])
            + ft[0] * (fp[1] * v2 - v[1] * fp[2])
        ) / det
        dt = (
            fp[0] * (fq[1] * v2 - v[1] * fq[2])
            - fq[0] * (fp[1] * v2 - v[1] * fp[2])
            + v[0] * (fp[1] * fq[2] - fq[1] * fp[2])
        ) / det
        p, q, t = p - max(-1.0, min(1.0, dp)), q - max(-1.0, min(1.0, dq)), t - max(-4.0, min(4.0, dt))
        if abs(dp) + abs(dq) + abs(dt) < 1e-8:
            break
    # One unit of arc is one kick step or this many time steps; heights and angles count by the Earth's radius.
    scale = 8.0
    forward_p, forward_q, forward_t = 1.0, 0.0, 0.0
    n, arc, closing = 0, 0.25, False
    while n < curve.shape[0]:
        if n > 0:
            # Back onto the curve, across both constraints' gradients.
            for _ in range(5):
                _on_sheets(sheets, kicks, toward, p, q, t, work)
                b, c = work[0, 1], (work[0, 2] - level) / 6.4e6
                b0, b1, b2 = work[1, 1], work[2, 1], work[3, 1] * scale
                c0, c1, c2 = work[1, 2] / 6.4e6, work[2, 2] / 6.4e6, work[3, 2] * scale / 6.4e6
                bb, bc, cc = (
                    b0 * b0 + b1 * b1 + b2 * b2,
                    b0 * c0 + b1 * c1 + b2 * c2,
                    c0 * c0 + c1 * c1 + c2 * c2,
                )
                det = bb * cc - bc * bc
                lb, lc = (b * cc - c * bc) / det, (c * bb - b * bc) / det
                p -= lb * b0 + lc * c0
                q -= lb * b1 + lc * c1
                t -= (lb * b2 + lc * c2) * scale
                if abs(b) + abs(c) < 1e-9:
                    break
        _on_sheets(sheets, kicks, toward, p, q, t, work)
        if p * p + q * q > last_kick * last_kick or t > last_time:
            # Past the flattest flight or the last time: end close to the edge.
            arc *= 0.5
            if n == 0 or arc < 0.01:
                break
            closing = True
            p = curve[n - 1, 0] + arc * forward_p
            q = curve[n - 1, 1] + arc * forward_q
            t = curve[n - 1, 2] + arc * forward_t * scale
            continue
        row = curve[n]
        row[0], row[1], row[2], row[3] = p, q, t, work[0, 0]
        row[4], row[5], row[6] = work[3, 0], work[3, 1], work[3, 2]
        n += 1
        if n > 1 and row[3] <= curve[n - 2, 3]:
            break
        b0, b1, b2 = work[1, 1], work[2, 1], work[3, 1] * scale
        c0, c1, c2 = work[1, 2], work[2, 2], work[3, 2] * scale
        ap, aq, at = b1 * c2 - b2 * c1, b2 * c0 - b0 * c2, b0 * c1 - b1 * c0
        norm = math.sqrt(ap * ap + aq * aq + at * at)
        if ap * forward_p + aq * forward_q + at * forward_t < 0.0:
            norm = -norm
        forward_p, forward_q, forward_t = ap / norm, aq / norm, at / norm
        p += arc * forward_p
        q += arc * forward_q
        t += arc * forward_t * scale
        if not closing:
            arc = min(arc * 1.15, 0.8)
    return n


@kernel
def _between(curve: Array, n: int, column: int, at: float, w: Array, d: Array) -> float:
    """A column of the curve between its rows, cubic."""
    j = int(min(max(math.floor(at), 1.0), n - 3.0))
    _cubic(at - j, w, d)
    return float(
        w[0] * curve[j - 1, column]
        + w[1] * curve[j, column]
        + w[2] * curve[j + 1, column]
        + w[3] * curve[j + 2, column]
    )


@kernel
def _edge(curve: Array, n: int, latest: float, w: Array, d: Array) -> float:
    """Row (fractional) of the farthest point: at the envelope, or where time or flat flights run out."""
    edge = n - 1.0
    if curve[n - 1, 3] <= curve[n - 2, 3]:
        low, high = n - 3.0, n - 1.0
        for _ in range(50):
            b, c = low + 0.382 * (high - low), high - 0.382 * (high - low)
            if _between(curve, n, 3, b, w, d) > _between(curve, n, 3, c, w, d):
                high = c
            else:
                low = b
        edge = 0.5 * (low + high)
    if _between(curve, n, 2, edge, w, d) * _STEP > latest:
        low, high = 0.0, edge
        for _ in range(50):
            middle = 0.5 * (low + high)
            if _between(curve, n, 2, middle, w, d) * _STEP > latest:
                high = middle
            else:
                low = middle
        edge = low
    return edge


@kernel
def tabulate_flyout(
    vehicle: Vehicle, lat: float, lon: float, altitude: float, latest: float, lowest: float, earth: Earth
) -> Flyout:
    """Tabulate the earliest arrivals of an interceptor launched at a place.

    Parameters
    ----------
    lat, lon, altitude : the site [rad, rad, m]
    latest : longest flight [s]
    lowest : height at which the table begins [m above the site's radius]

    Notes
    -----
    Within 0.5 s of direct flights wherever the point can be reached (tests/physics/test_flyout.py). Arrivals are
    those of the booster's free flight: what the kill vehicle's own thrust could add is left as its margin.
    """
    site = np.array(to_ecef(lat, lon, altitude, earth))
    limit = np.zeros((BEARINGS, HEIGHTS))
    time = np.zeros((BEARINGS, HEIGHTS, DISTANCES))
    kick = np.zeros((BEARINGS, HEIGHTS, DISTANCES, 2))
    speed = np.zeros((BEARINGS, HEIGHTS, DISTANCES, 3))
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    flattest = np.empty(_SPOKES)
    for a in range(_SPOKES):
        azimuth = 2.0 * math.pi * a / _SPOKES
        flattest[a] = _flattest_kick(
            vehicle, lat, lon, altitude, azimuth, latest, lowest - _BELOW, earth, nodes
        )
    if flattest.min() < 1e-3:
        # It does not rise to the lowest height at all.
        return Flyout(site, np.zeros(2), limit, time, kick, speed)
    kicks = _spacing(vehicle, lat, lon, altitude, flattest[0], latest, earth)
    radius = math.sqrt(site[0] ** 2 + site[1] ** 2 + site[2] ** 2)
    steps = int(latest / _STEP) + 4
    sheets = np.empty((_SPOKES, len(kicks), steps, 6))
    for a in range(_SPOKES):
        azimuth = 2.0 * math.pi * a / _SPOKES
        _sheet(
            vehicle, lat, lon, altitude, azimuth, kicks * flattest[a], latest + 4.0 * _STEP, earth, sheets[a]
        )
    top = 0.0
    for i in range(int(latest / _STEP) + 1):
        top = max(top, sheets[0, 0, i, 2])
    top *= 0.999
    curve = np.empty((_CURVE, 7))
    work = np.empty((12, 4))
    unit = kicks[-1] / (len(kicks) - 1.0)
    w, d = np.empty(4), np.empty(4)
    for a in range(BEARINGS):
        toward = 2.0 * math.pi * a / BEARINGS
        for h in range(HEIGHTS):
            q = h / (HEIGHTS - 1.0)
            level = lowest + (top - lowest) * q * q * (3.0 - 2.0 * q)
            n = _follow(sheets, kicks, toward, level, curve, work)
            if n < 4:
                # Reached too near the vertical to follow outward.
                continue
            edge = _edge(curve, n, latest, w, d)
            limit[a, h] = _between(curve, n, 3, edge, w, d)
            for m in range(DISTANCES):
                s = m / (DISTANCES - 1.0)
                angle = limit[a, h] * s * s * (3.0 - 2.0 * s)
                low, high = 0.0, edge
                for _ in range(45):
                    middle = 0.5 * (low + high)
                    if _between(curve, n, 3, middle, w, d) < angle:
                        low = middle
                    else:
                        high = middle
                time[a, h, m] = _between(curve, n, 2, low, w, d) * _STEP
                p, right = _between(curve, n, 0, low, w, d), _between(curve, n, 1, low, w, d)
                tilt = _around(flattest, toward + math.atan2(right, p), w, d) * unit
                kick[a, h, m, 0], kick[a, h, m, 1] = p * tilt, right * tilt
                r = radius + level
                bend = math.sin(angle) / angle if angle > 1e-9 else 1.0
                speed[a, h, m, 0] = _between(curve, n, 6, low, w, d) / _STEP
                speed[a, h, m, 1] = _between(curve, n, 4, low, w, d) / _STEP * r
                speed[a, h, m, 2] = _between(curve, n, 5, low, w, d) / _STEP * r * bend
    return Flyout(site, np.array([top, lowest]), limit, time, kick, speed)


@kernel
def _weights(f: float) -> tuple[float, float, float, float]:
    """Catmull-Rom weights of nodes -1, 0, 1, 2 at ``f`` in 0..1."""
    return (
        0.5 * f * (-1.0 + f * (2.0 - f)),
        0.5 * (2.0 + f * f * (3.0 * f - 5.0)),
        0.5 * f * (1.0 + f * (4.0 - 3.0 * f)),
        0.5 * f * f * (f - 1.0),
    )


@kernel
def _smooth_inverse(f: float) -> float:
    """The q in 0..1 at which 3 q^2 - 2 q^3 = f."""
    return 0.5 - math.sin(math.asin(1.0 - 2.0 * f) / 3.0)


@kernel
def locate(
    table: Flyout, bearing: float, angle: float, height: float
) -> tuple[int, float, int, float, float]:
    """Where a point falls in the table: azimuth cell and fraction, height cell and fraction, distance index.

    The distance index is negative where the point is out of reach.
    """
    top, lowest = table.top[0], table.top[1]
    q = (height - lowest) / (top - lowest)
    if not (0.0 <= q <= 1.0):
        return 0, 0.0, 0, 0.0, -1.0
    y = _smooth_inverse(q) * (HEIGHTS - 1.0)
    j = int(min(y, HEIGHTS - 2.0))
    x = (bearing / (2.0 * math.pi) % 1.0) * BEARINGS
    i = int(x) % BEARINGS
    fx, fy = x - math.floor(x), y - j
    limit = 0.0
    wx = _weights(fx)
    for a in range(4):
        row = (i + a - 1) % BEARINGS
        low, high = table.limit[row, j], table.limit[row, j + 1]
        if low <= 0.0 or high <= 0.0:
            return 0, 0.0, 0, 0.0, -1.0
        before = table.limit[row, j - 1] if j > 0 else high
        after = table.limit[row, j + 2] if j < HEIGHTS - 2 else 2.0 * high - low
        wy = _weights(fy)
        limit += wx[a] * (wy[0] * before + wy[1] * low + wy[2] * high + wy[3] * after)
    if angle > limit:
        return 0, 0.0, 0, 0.0, -1.0
    return i, fx, j, fy, _smooth_inverse(angle / limit) * (DISTANCES - 1.0)


@kernel
def _along(row: Array, k: int, w: tuple[float, float, float, float]) -> float:
    """Cubic value along distance: even overhead, continued by a parabola past the envelope."""
    before = row[k - 1] if k > 0 else row[1]
    last = DISTANCES - 1
    after = row[k + 2] if k < last - 1 else 3.0 * row[last] - 3.0 * row[last - 1] + row[last - 2]
    return float(w[0] * before + w[1] * row[k] + w[2] * row[k + 1] + w[3] * after)


@kernel
def _read(values: Array, i: int, fx: float, j: int, fy: float, z: float) -> float:
    """Tricubic value at a place given by ``locate``."""
    k = int(min(z, DISTANCES - 2.0))
    wx, wy, wz = _weights(fx), _weights(fy), _weights(z - k)
    total = 0.0
    for a in range(4):
        plane = values[(i + a - 1) % BEARINGS]
        for b in range(4):
            row = j + b - 1
            if row >= HEIGHTS:
                # Past the highest row, straight on.
                line = 2.0 * _along(plane[HEIGHTS - 1], k, wz) - _along(plane[HEIGHTS - 2], k, wz)
            else:
                line = _along(plane[abs(row)], k, wz)
            total += wx[a] * wy[b] * line
    return total


@kernel
def arrival(table: Flyout, bearing: float, angle: float, height: float) -> float:
    """Earliest flight time to a point in site coordinates [s]; nan where it is out of reach."""
    i, fx, j, fy, z = locate(table, bearing, angle, height)
    if z < 0.0:
        return np.nan
    return _read(table.time, i, fx, j, fy, z)


@kernel
def arrival_steering(table: Flyout, bearing: float, angle: float, height: float) -> tuple[float, float]:
    """Launch azimuth and kick [rad] of the earliest flight to a point in site coordinates; nan out of reach."""
    i, fx, j, fy, z = locate(table, bearing, angle, height)
    if z < 0.0:
        return np.nan, np.nan
    along = _read(table.kick[:, :, :, 0], i, fx, j, fy, z)
    right = _read(table.kick[:, :, :, 1], i, fx, j, fy, z)
    azimuth = bearing + math.atan2(right, along)
    return azimuth % (2.0 * math.pi), math.sqrt(along * along + right * right)


@kernel
def arrival_velocity(table: Flyout, bearing: float, angle: float, height: float, out: Array) -> bool:
    """Velocity over the ground on arrival at a point [m/s, ECEF] into ``out[0:3]``; false out of reach."""
    i, fx, j, fy, z = locate(table, bearing, angle, height)
    if z < 0.0:
        return False
    up = _read(table.speed[:, :, :, 0], i, fx, j, fy, z)
    outward = _read(table.speed[:, :, :, 1], i, fx, j, fy, z)
    right = _read(table.speed[:, :, :, 2], i, fx, j, fy, z)
    ex, ey, ez, nx, ny, nz, ux, uy, uz = site_axes(table.site)
    sb, cb = math.sin(bearing), math.cos(bearing)
    hx, hy, hz = sb * ex + cb * nx, sb * ey + cb * ny, sb * ez + cb * nz
    rx, ry, rz = cb * ex - sb * nx, cb * ey - sb * ny, cb * ez - sb * nz
    s, c = math.sin(angle), math.cos(angle)
    out[0] = up * (c * ux + s * hx) + outward * (c * hx - s * ux) + right * rx
    out[1] = up * (c * uy + s * hy) + outward * (c * hy - s * uy) + right * ry
    out[2] = up * (c * uz + s * hz) + outward * (c * hz - s * uz) + right * rz
    return True
