"""When a flight can be met, from which launch times.

For an intercept at time t the interceptor must leave at L(t) = t - T, where T is its earliest arrival at the
place where the threat will be: L is the latest launch that still meets the threat at t. A commit at time c
allows every intercept with L(t) >= c; whatever delays the commit, L stays the same, and so it is computed
once.
"""

import math

import numpy as np
from numpy.typing import NDArray

from .earth import Earth, height, to_ecef
from .flight import Array, ecef_state_at
from .flyout import (
    Flyout,
    arrival,
    arrival_steering,
    arrival_velocity,
    locate,
    read_cell,
    site_coordinates,
)
from .kernel import bare, kernel

Indices = NDArray[np.int64]

# Columns of an approach.
TIME, BEARING, ANGLE, ABOVE, HEIGHT = range(5)


@kernel
def approaches(nodes: Array, counts: Array, starts: Array, site: Array, n: int, earth: Earth) -> Array:
    """Every flight as an interceptor site sees it, at ``n`` even times from ``starts`` [s] to impact.

    Returns
    -------
    (flights, n, 5) time [s], bearing (unwrapped) and central angle [rad] and height above the radius of the
    site [m, ECEF], height above the ellipsoid [m]
    """
    out = np.empty((nodes.shape[0], n, 5))
    state = np.empty(6)
    for f in range(nodes.shape[0]):
        count = int(counts[f])
        end = nodes[f, count - 1, 0]
        for i in range(n):
            t = starts[f] + (end - starts[f]) * i / (n - 1.0)
            ecef_state_at(nodes[f], count, t, earth, state)
            bearing, angle, above = site_coordinates(state[0], state[1], state[2], site)
            if i > 0:
                before = out[f, i - 1, BEARING]
                bearing = before + (bearing - before + math.pi) % (2.0 * math.pi) - math.pi
            out[f, i, TIME], out[f, i, BEARING], out[f, i, ANGLE] = t, bearing, angle
            out[f, i, ABOVE], out[f, i, HEIGHT] = above, height(state[0], state[1], state[2], earth)
    return out


@kernel
def overhead(places: Array, site: Array, earth: Earth) -> Array:
    """Places (p, 3), latitude, longitude [rad] and altitude [m], as one approach of a site: (1, p, 5),
    at time 0.
    """
    out = np.zeros((1, len(places), 5))
    for p in range(len(places)):
        x, y, z = to_ecef(places[p, 0], places[p, 1], places[p, 2], earth)
        out[0, p, BEARING], out[0, p, ANGLE], out[0, p, ABOVE] = site_coordinates(x, y, z, site)
        out[0, p, HEIGHT] = places[p, 2]
    return out


@bare
def between_rows(approach: Array, i: int, f: float, out: Array) -> None:
    """The approach between its rows ``i`` and ``i + 1``, by the cubic through four rows."""
    j = min(max(i, 1), approach.shape[0] - 3)
    x = i + f - j
    a, b = -x * (x - 1.0) * (x - 2.0) / 6.0, (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0
    c, d = -(x + 1.0) * x * (x - 2.0) / 2.0, (x + 1.0) * x * (x - 1.0) / 6.0
    for k in range(5):
        out[k] = a * approach[j - 1, k] + b * approach[j, k] + c * approach[j + 1, k] + d * approach[j + 2, k]


@bare
def first_intercept(curve: Array, commit: float) -> float:
    """Earliest intercept of a flight by an interceptor launched at ``commit`` or later [s]; nan if there is
    none.
    """
    t0, l0 = np.nan, np.nan
    for i in range(curve.shape[0]):
        t1, l1 = curve[i, 0], curve[i, 1]
        if math.isnan(t1):
            continue
        if l1 >= commit:
            if l0 < commit:
                return float(t0 + (t1 - t0) * (commit - l0) / (l1 - l0))
            return float(t1)
        t0, l0 = t1, l1
    return np.nan


@bare
def window(curve: Array, commit: float, out: Array) -> bool:
    """Launch and intercept window of a flight for a commit time.

    ``out`` (4,) takes the first and last launch and the first and last intercept [s]; false, and nan, if
    there is none.
    """
    out[:] = np.nan
    first = first_intercept(curve, commit)
    if math.isnan(first):
        return False
    last, latest, lowest = first, commit, np.inf
    t0, l0 = np.nan, np.nan
    for i in range(curve.shape[0]):
        t1, l1 = curve[i, 0], curve[i, 1]
        if math.isnan(t1):
            continue
        if l1 >= commit:
            last = t1
            latest = max(latest, l1)
        elif l0 >= commit and not math.isnan(l1):
            last = t0 + (t1 - t0) * (l0 - commit) / (l0 - l1)
        if not math.isnan(l1):
            lowest = min(lowest, l1)
        t0, l0 = t1, l1
    out[0], out[1], out[2], out[3] = max(commit, lowest), latest, first, last
    return True


@bare
def shots(curves: Array, commit: float, assessment: float, interval: float, most: int) -> int:
    """Shots that can be taken one after another, each only when the outcome of the last is known.

    Parameters
    ----------
    curves : (batteries, rows, 2) as of ``launching.launches``; whichever battery meets the flight soonest
        shoots
    assessment : from an intercept to the next launch [s]
    interval : between two launches at least [s]
    """
    ready = commit
    count = 0
    while count < most:
        soonest = np.inf
        for b in range(curves.shape[0]):
            t = first_intercept(curves[b], ready)
            if t < soonest:
                soonest = t
        if soonest == np.inf:
            break
        count += 1
        ready = max(ready + interval, soonest + assessment)
    return count


@kernel
def arrivals(table: Flyout, approach: Array) -> Array:
    """Earliest flight times to every place of every approach: (flights, n) [s]; nan out of reach."""
    out = np.empty(approach.shape[:2])
    for f in range(approach.shape[0]):
        for i in range(approach.shape[1]):
            place = approach[f, i]
            out[f, i] = arrival(table, place[BEARING], place[ANGLE], place[ABOVE])
    return out


@kernel
def arrivals_by_table(tops: Array, limits: Array, times: Array, approach: Array) -> Array:
    """``arrivals`` by tables side by side: (flights, n, tables) [s].

    ``tops`` (tables, 2) and ``limits`` (tables, bearing, height) are their fields ``top`` and ``limit``,
    ``times`` is (bearing, height, distance, table).
    """
    count = times.shape[3]
    out = np.empty((approach.shape[0], approach.shape[1], count))
    for f in range(approach.shape[0]):
        for i in range(approach.shape[1]):
            place = approach[f, i]
            for k in range(count):
                a, fx, j, fy, z = locate(tops[k], limits[k], place[BEARING], place[ANGLE], place[ABOVE])
                out[f, i, k] = np.nan if z < 0.0 else read_cell(times[:, :, :, k], a, fx, j, fy, z)
    return out


@kernel
def meeting(table: Flyout, nodes: Array, count: int, t: float, earth: Earth, out: Array) -> bool:
    """Place, closing speed and steering of the intercept at time ``t``.

    ``out`` (7,) takes position [m, ECEF], closing speed [m/s], interceptor flight time [s], azimuth and kick
    [rad]; false where the flight cannot be met.
    """
    state = np.empty(6)
    velocity = np.empty(3)
    ecef_state_at(nodes, count, t, earth, state)
    bearing, angle, above = site_coordinates(state[0], state[1], state[2], table.site)
    if not arrival_velocity(table, bearing, angle, above, velocity):
        return False
    out[0], out[1], out[2] = state[0], state[1], state[2]
    out[3] = math.sqrt(
        (state[3] - velocity[0]) ** 2 + (state[4] - velocity[1]) ** 2 + (state[5] - velocity[2]) ** 2
    )
    out[4] = arrival(table, bearing, angle, above)
    out[5], out[6] = arrival_steering(table, bearing, angle, above)
    return True
