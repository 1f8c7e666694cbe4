"""An interceptor's earliest arrival at any point in space.

Points are given in the site's own coordinates: bearing, central angle from the site, and height above the
site's radius, all geocentric. The curves of earliest arrivals (``flyout_curve``) are stored against

- bearing, evenly;
- height as ``q``: height rises from the lowest to the highest by 3 q^2 - 2 q^3, denser at both ends, where
  the farthest angle varies most;
- distance as ``s``: angle = limit * (3 s^2 - 2 s^3), where limit is the farthest angle at this bearing and
  height. At the envelope time grows as the square root of the distance left, and so smoothly in ``s``;
  overhead, every quantity is even in ``s``.
"""

import math
from typing import NamedTuple

import numpy as np

from .earth import Earth, site_axes, to_ecef
from .flight import Array, Vehicle
from .flyout_curve import MOST_POINTS, POINT_COLUMNS, between, edge_of, follow
from .flyout_sheet import STEP, around, fly_sheets
from .kernel import bare, kernel

BEARINGS = 24
HEIGHTS = 80
DISTANCES = 64


class Flyout(NamedTuple):
    """Earliest arrivals of an interceptor from a site.

    Attributes
    ----------
    site : (3,) position [m, ECEF]
    top : (2,) greatest height above the site's radius that is reached in time, and the lowest tabulated [m]
    limit : (bearing, height) farthest central angle [rad]
    time : (bearing, height, distance) flight time [s]
    kick : (bearing, height, distance, 2) tilt of the pitch-over [rad], its part toward the point and to the
        right
    speed : (bearing, height, distance, 3) velocity over the ground on arrival, up, outward, to the right
        [m/s]
    """

    site: Array
    top: Array
    limit: Array
    time: Array
    kick: Array
    speed: Array


@bare
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
    Within 0.5 s of direct flights from 110 to 2,000 km up, to 99.5 % of the farthest angle, for interceptors
    that burn out at 6 to 9 km/s (tests/physics/test_flyout.py). Arrivals are those of the booster's free
    flight: what the kill vehicle's own thrust could add is left as its margin.
    """
    site = np.array(to_ecef(lat, lon, altitude, earth))
    limit = np.zeros((BEARINGS, HEIGHTS))
    time = np.zeros((BEARINGS, HEIGHTS, DISTANCES))
    kick = np.zeros((BEARINGS, HEIGHTS, DISTANCES, 2))
    speed = np.zeros((BEARINGS, HEIGHTS, DISTANCES, 3))
    sheets = fly_sheets(vehicle, lat, lon, altitude, latest, lowest, earth)
    if sheets.places.shape[0] == 0:
        # It does not rise to the lowest height at all.
        return Flyout(site, np.zeros(2), limit, time, kick, speed)
    radius = math.sqrt(site[0] ** 2 + site[1] ** 2 + site[2] ** 2)
    top = 0.0
    for i in range(int(latest / STEP) + 1):
        top = max(top, sheets.places[0, 0, i, 2])
    top *= 0.999
    curve = np.empty((MOST_POINTS, POINT_COLUMNS))
    work = np.empty((12, 4))
    unit = 1.0 / (len(sheets.kicks) - 1.0)
    w, d = np.empty(4), np.empty(4)
    for a in range(BEARINGS):
        toward = 2.0 * math.pi * a / BEARINGS
        for h in range(HEIGHTS):
            q = h / (HEIGHTS - 1.0)
            level = lowest + (top - lowest) * q * q * (3.0 - 2.0 * q)
            n = follow(sheets, toward, level, curve, work)
            if n < 4:
                # Reached too near the vertical to follow outward.
                continue
            edge = edge_of(curve, n, latest, w, d)
            limit[a, h] = between(curve, n, 3, edge, w, d)
            row = 0
            for m in range(DISTANCES):
                s = m / (DISTANCES - 1.0)
                angle = limit[a, h] * s * s * (3.0 - 2.0 * s)
                while row + 1 < edge and curve[row + 1, 3] < angle:
                    row += 1
                low, high = float(row), min(row + 1.0, edge)
                for _ in range(12):
                    middle = 0.5 * (low + high)
                    if between(curve, n, 3, middle, w, d) < angle:
                        low = middle
                    else:
                        high = middle
                nearer, farther = between(curve, n, 3, low, w, d), between(curve, n, 3, high, w, d)
                if farther > nearer:
                    low += (high - low) * max(0.0, min(1.0, (angle - nearer) / (farther - nearer)))
                time[a, h, m] = between(curve, n, 2, low, w, d) * STEP
                p, right = between(curve, n, 0, low, w, d), between(curve, n, 1, low, w, d)
                tilt = around(sheets.flattest, toward + math.atan2(right, p), w, d) * unit
                kick[a, h, m, 0], kick[a, h, m, 1] = p * tilt, right * tilt
                bend = math.sin(angle) / angle if angle > 1e-9 else 1.0
                speed[a, h, m, 0] = between(curve, n, 6, low, w, d) / STEP
                speed[a, h, m, 1] = between(curve, n, 4, low, w, d) / STEP * (radius + level)
                speed[a, h, m, 2] = between(curve, n, 5, low, w, d) / STEP * (radius + level) * bend
    return Flyout(site, np.array([top, lowest]), limit, time, kick, speed)


@bare
def _weights(f: float) -> tuple[float, float, float, float]:
    """Catmull-Rom weights of nodes -1, 0, 1, 2 at ``f`` in 0..1."""
    return (
        0.5 * f * (-1.0 + f * (2.0 - f)),
        0.5 * (2.0 + f * f * (3.0 * f - 5.0)),
        0.5 * f * (1.0 + f * (4.0 - 3.0 * f)),
        0.5 * f * f * (f - 1.0),
    )


@bare
def _smooth_inverse(f: float) -> float:
    """The q in 0..1 at which 3 q^2 - 2 q^3 = f."""
    return 0.5 - math.sin(math.asin(1.0 - 2.0 * f) / 3.0)


@bare
def locate(
    tops: Array, limits: Array, bearing: float, angle: float, height: float
) -> tuple[int, float, int, float, float]:
    """Where a point falls in a table: azimuth cell and fraction, height cell and fraction, distance index.

    ``tops`` and ``limits`` are its fields ``top`` and ``limit``.

    The distance index is negative where the point is out of reach.
    """
    top, lowest = tops[0], tops[1]
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
        low, high = limits[row, j], limits[row, j + 1]
        if low <= 0.0 or high <= 0.0:
            return 0, 0.0, 0, 0.0, -1.0
        before = limits[row, j - 1] if j > 0 else high
        after = limits[row, j + 2] if j < HEIGHTS - 2 else 2.0 * high - low
        wy = _weights(fy)
        limit += wx[a] * (wy[0] * before + wy[1] * low + wy[2] * high + wy[3] * after)
    if angle > limit:
        return 0, 0.0, 0, 0.0, -1.0
    return i, fx, j, fy, _smooth_inverse(angle / limit) * (DISTANCES - 1.0)


@bare
def _distances(z: float) -> tuple[int, float, float, float, float]:
    """The first of four distances and their weights at a distance index: cubic, even overhead, continued by a
    parabola past the envelope.
    """
    k = int(min(z, DISTANCES - 2.0))
    w = _weights(z - k)
    if k == 0:
        return 0, w[1], w[0] + w[2], w[3], 0.0
    if k == DISTANCES - 2:
        return k - 2, 0.0, w[0] + w[3], w[1] - 3.0 * w[3], w[2] + 3.0 * w[3]
    return k - 1, w[0], w[1], w[2], w[3]


@bare
def _heights(j: int, f: float) -> tuple[int, float, float, float, float]:
    """The first of four heights and their weights: cubic, mirrored at the lowest, straight past the
    highest.
    """
    w = _weights(f)
    if j == 0:
        return 0, w[1], w[0] + w[2], w[3], 0.0
    if j == HEIGHTS - 2:
        return j - 2, 0.0, w[0], w[1] - w[3], w[2] + 2.0 * w[3]
    return j - 1, w[0], w[1], w[2], w[3]


@bare
def read_cell(values: Array, i: int, fx: float, j: int, fy: float, z: float) -> float:
    """Tricubic value at a place given by ``locate``."""
    wx = _weights(fx)
    row, y0, y1, y2, y3 = _heights(j, fy)
    k, z0, z1, z2, z3 = _distances(z)
    wy = (y0, y1, y2, y3)
    total = 0.0
    for a in range(4):
        plane = values[(i + a - 1) % BEARINGS]
        for b in range(4):
            line = plane[row + b]
            total += wx[a] * wy[b] * (z0 * line[k] + z1 * line[k + 1] + z2 * line[k + 2] + z3 * line[k + 3])
    return total


@bare
def read_blend(values: Array, weights: Array, i: int, fx: float, j: int, fy: float, z: float) -> float:
    """``read_cell`` of tables side by side, (bearing, height, distance, table), added up by their weights."""
    wx = _weights(fx)
    row, y0, y1, y2, y3 = _heights(j, fy)
    k, z0, z1, z2, z3 = _distances(z)
    wy = (y0, y1, y2, y3)
    total = 0.0
    for a in range(4):
        plane = values[(i + a - 1) % BEARINGS]
        for b in range(4):
            line, w = plane[row + b], wx[a] * wy[b]
            for n in range(len(weights)):
                if weights[n] != 0.0:
                    along = z0 * line[k, n] + z1 * line[k + 1, n] + z2 * line[k + 2, n] + z3 * line[k + 3, n]
                    total += w * weights[n] * along
    return total


@bare
def arrival(table: Flyout, bearing: float, angle: float, height: float) -> float:
    """Earliest flight time to a point in site coordinates [s]; nan where it is out of reach."""
    i, fx, j, fy, z = locate(table.top, table.limit, bearing, angle, height)
    if z < 0.0:
        return np.nan
    return read_cell(table.time, i, fx, j, fy, z)


@bare
def arrival_steering(table: Flyout, bearing: float, angle: float, height: float) -> tuple[float, float]:
    """Launch azimuth and kick [rad] of the earliest flight to a point; nan where it is out of reach."""
    i, fx, j, fy, z = locate(table.top, table.limit, bearing, angle, height)
    if z < 0.0:
        return np.nan, np.nan
    along = read_cell(table.kick[:, :, :, 0], i, fx, j, fy, z)
    right = read_cell(table.kick[:, :, :, 1], i, fx, j, fy, z)
    azimuth = bearing + math.atan2(right, along)
    return azimuth % (2.0 * math.pi), math.sqrt(along * along + right * right)


@bare
def arrival_velocity(table: Flyout, bearing: float, angle: float, height: float, out: Array) -> bool:
    """Velocity over the ground on arrival at a point [m/s, ECEF] into ``out[0:3]``; false out of reach."""
    i, fx, j, fy, z = locate(table.top, table.limit, bearing, angle, height)
    if z < 0.0:
        return False
    up = read_cell(table.speed[:, :, :, 0], i, fx, j, fy, z)
    outward = read_cell(table.speed[:, :, :, 1], i, fx, j, fy, z)
    right = read_cell(table.speed[:, :, :, 2], i, fx, j, fy, z)
    ex, ey, ez, nx, ny, nz, ux, uy, uz = site_axes(table.site)
    sb, cb = math.sin(bearing), math.cos(bearing)
    hx, hy, hz = sb * ex + cb * nx, sb * ey + cb * ny, sb * ez + cb * nz
    rx, ry, rz = cb * ex - sb * nx, cb * ey - sb * ny, cb * ez - sb * nz
    s, c = math.sin(angle), math.cos(angle)
    out[0] = up * (c * ux + s * hx) + outward * (c * hx - s * ux) + right * rx
    out[1] = up * (c * uy + s * hy) + outward * (c * hy - s * uy) + right * ry
    out[2] = up * (c * uz + s * hz) + outward * (c * hz - s * uz) + right * rz
    return True
