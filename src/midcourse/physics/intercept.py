"""When a flight can be met, from which launch times.

For an intercept at time t the interceptor must leave at L(t) = t - T, where T is its earliest arrival at the
place where the threat will be: L is the latest launch that still meets the threat at t. A commit at time c
allows every intercept with L(t) >= c; whatever delays the commit, L stays the same, and so it is computed
once.
"""

import math

import numpy as np
from numpy.typing import NDArray

from .earth import Earth, height
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
from .kernel import kernel

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
def _between(approach: Array, i: int, f: float, out: Array) -> None:
    """The approach between its rows ``i`` and ``i + 1``, by the cubic through four rows."""
    j = min(max(i, 1), approach.shape[0] - 3)
    x = i + f - j
    a, b = -x * (x - 1.0) * (x - 2.0) / 6.0, (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0
    c, d = -(x + 1.0) * x * (x - 2.0) / 2.0, (x + 1.0) * x * (x - 1.0) / 6.0
    for k in range(5):
        out[k] = a * approach[j - 1, k] + b * approach[j, k] + c * approach[j + 1, k] + d * approach[j + 2, k]


@kernel
def _launch_time(table: Flyout, place: Array, limits: Array) -> float:
    """Latest launch that meets the flight at a place of its approach [s]; nan where it cannot be met
    there.
    """
    if place[HEIGHT] < limits[0]:
        return np.nan
    flight = arrival(table, place[BEARING], place[ANGLE], place[ABOVE])
    if not limits[1] <= flight <= limits[2]:
        return np.nan
    return place[TIME] - flight


@kernel
def _find_edges(
    table: Flyout, approach: Array, limits: Array, resolution: float, place: Array, curve: Array
) -> None:
    """Fill the odd rows of a curve whose even rows stand, to within ``resolution`` seconds."""
    for i in range(approach.shape[0] - 1):
        curve[2 * i + 1, 0] = curve[2 * i + 1, 1] = np.nan
        before, after = math.isnan(curve[2 * i, 1]), math.isnan(curve[2 * i + 2, 1])
        if before == after:
            continue
        met, missed = (1.0, 0.0) if before else (0.0, 1.0)
        part = resolution / (approach[i + 1, TIME] - approach[i, TIME])
        while abs(met - missed) > part:
            middle = 0.5 * (met + missed)
            _between(approach, i, middle, place)
            launch = _launch_time(table, place, limits)
            if math.isnan(launch):
                missed = middle
            else:
                met = middle
                curve[2 * i + 1, 0], curve[2 * i + 1, 1] = place[TIME], launch


@kernel
def latest_launch(table: Flyout, approach: Array, limits: Array, curve: Array) -> None:
    """The curve of latest launches of one flight.

    Parameters
    ----------
    approach : (n, 5) as of ``approaches``; n at least 4
    limits : (3,) lowest intercept [m above the ellipsoid], shortest and longest interceptor flight [s]
    curve : (2 n - 1, 2) takes time of intercept and latest launch [s]. Even rows stand at the times of the
        approach; between two of which one can be met and the other not, the odd row stands at the edge, found
        by bisection. nan where the flight cannot be met, or where there is no edge.
    """
    n = approach.shape[0]
    farthest = table.limit.max()
    reachable = False
    for i in range(n):
        reachable = reachable or approach[i, ANGLE] < farthest
    if not reachable:
        curve[:] = np.nan
        return
    for i in range(n):
        curve[2 * i, 0] = approach[i, TIME]
        curve[2 * i, 1] = _launch_time(table, approach[i], limits)
    _find_edges(table, approach, limits, 0.1, np.empty(5), curve)


@kernel
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


@kernel
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


@kernel
def shots(curves: Array, commit: float, assessment: float, interval: float, most: int) -> int:
    """Shots that can be taken one after another, each only when the outcome of the last is known.

    Parameters
    ----------
    curves : (batteries, rows, 2) as of ``latest_launch``; whichever battery meets the flight soonest shoots
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
def latest_launches(table: Flyout, approach: Array, limits: Array) -> Array:
    """``latest_launch`` for every flight: (flights, 2 n - 1, 2)."""
    curves = np.empty((approach.shape[0], 2 * approach.shape[1] - 1, 2))
    for f in range(approach.shape[0]):
        latest_launch(table, approach[f], limits, curves[f])
    return curves


@kernel
def blend_reach(tops: Array, edges: Array, weights: Array, base: Flyout) -> Flyout:
    """A table between tabulated ones, as far as its reach goes: highest point and farthest angles.

    Parameters
    ----------
    tops, edges : (k, ...) the fields ``top`` and ``limit`` of ``k`` tables of one site
    weights : (k,) adding up to one
    base : lends everything else, which is not blended; ``blended_arrival`` reads the times
    """
    top = np.zeros_like(base.top)
    limit = np.zeros_like(base.limit)
    for k in range(len(weights)):
        if weights[k] != 0.0:
            top += weights[k] * tops[k]
            limit += weights[k] * edges[k]
    return Flyout(base.site, top, limit, base.time, base.kick, base.speed)


@kernel
def blended_arrival(reach: Flyout, times: Array, weights: Array, place: Array) -> float:
    """Earliest flight time to a place of an approach between tables [s]; nan out of reach.

    Tables are numbered by height and distance relative to their own reach, and so is what lies between them:
    ``reach`` as of ``blend_reach`` says where in all of them to read, ``times`` (k, ...) are read there.
    """
    i, fx, j, fy, z = locate(reach, place[BEARING], place[ANGLE], place[ABOVE])
    if z < 0.0:
        return np.nan
    total = 0.0
    for k in range(len(weights)):
        if weights[k] != 0.0:
            total += weights[k] * read_cell(times[k], i, fx, j, fy, z)
    return total


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
def _time_between(arriving: Array, i: int, f: float) -> float:
    """Flight time between rows ``i`` and ``i + 1``, both known: by the cubic through four rows, or evenly."""
    j = min(max(i, 1), len(arriving) - 3)
    x = i + f - j
    smooth = (
        -x * (x - 1.0) * (x - 2.0) / 6.0 * arriving[j - 1]
        + (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0 * arriving[j]
        - (x + 1.0) * x * (x - 2.0) / 2.0 * arriving[j + 1]
        + (x + 1.0) * x * (x - 1.0) / 6.0 * arriving[j + 2]
    )
    if math.isnan(smooth):
        return float(arriving[i] + f * (arriving[i + 1] - arriving[i]))
    return float(smooth)


@kernel
def _sampled_edge(
    reach: Flyout, times: Array, weights: Array, limits: Array, approach: Array, i: int, arriving: Array,
    first: bool, place: Array, out: Array,
) -> None:  # fmt: skip
    """The edge between rows ``i`` and ``i + 1`` of an approach, into ``out``: time of intercept and launch
    [s].

    ``arriving`` holds the flight times to all rows. Where both ends are known, only heights and limits
    decide; else the tables are asked.
    """
    met, missed = (0.0, 1.0) if first else (1.0, 0.0)
    between = not (math.isnan(arriving[i]) or math.isnan(arriving[i + 1]))
    part = (0.3 if between else 2.0) / (approach[i + 1, TIME] - approach[i, TIME])
    while abs(met - missed) > part:
        middle = 0.5 * (met + missed)
        _between(approach, i, middle, place)
        if between:
            flight = _time_between(arriving, i, middle)
        else:
            flight = blended_arrival(reach, times, weights, place)
        if place[HEIGHT] >= limits[0] and limits[1] <= flight <= limits[2]:
            met = middle
            out[0], out[1] = place[TIME], place[TIME] - flight
        else:
            missed = middle


@kernel
def sampled_launches(
    tops: Array, edges: Array, times: Array, base: Flyout, known: Array, weights: Array, limits: Array,
    approach: Array,
) -> Array:  # fmt: skip
    """``latest_launches`` for a batch of interceptors that differ: (samples, flights, 2 n - 1, 2).

    Parameters
    ----------
    tops, edges, base, weights : as of ``blend_reach``, a row of weights a sample
    times : (k, ...) the tables' times
    known : (flights, n, k) ``arrivals`` of every table: where all tables that count reach a place, their
        blend is the arrival
    limits : (samples, 3) as of ``latest_launch``
    approach : (flights, n, 5) as of ``approaches``

    Notes
    -----
    Edges are found to within two seconds.
    """
    samples, flights, n = weights.shape[0], approach.shape[0], approach.shape[1]
    curves = np.full((samples, flights, 2 * n - 1, 2), np.nan)
    farthest = np.max(edges)
    place, arriving = np.empty(5), np.empty(n)
    for s in range(samples):
        reach = blend_reach(tops, edges, weights[s], base)
        for f in range(flights):
            if np.min(approach[f, :, ANGLE]) > farthest:
                continue
            curve = curves[s, f]
            for i in range(n):
                curve[2 * i, 0] = approach[f, i, TIME]
                flight, reached = 0.0, False
                for k in range(weights.shape[1]):
                    if weights[s, k] != 0.0:
                        flight += weights[s, k] * known[f, i, k]
                        reached = reached or not math.isnan(known[f, i, k])
                # Where some of the tables reach and others do not, their common reach decides.
                if reached and math.isnan(flight) and approach[f, i, HEIGHT] >= limits[s, 0]:
                    flight = blended_arrival(reach, times, weights[s], approach[f, i])
                arriving[i] = flight
                if approach[f, i, HEIGHT] >= limits[s, 0] and limits[s, 1] <= flight <= limits[s, 2]:
                    curve[2 * i, 1] = approach[f, i, TIME] - flight
            for i in range(n - 1):
                first = not math.isnan(curve[2 * i, 1])
                if first == math.isnan(curve[2 * i + 2, 1]):
                    _sampled_edge(
                        reach, times, weights[s], limits[s], approach[f], i, arriving, first, place,
                        curve[2 * i + 1],
                    )  # fmt: skip
    return curves


@kernel
def sampled_intercepts(curves: Array, which: Indices, commits: Array) -> Array:
    """Earliest intercept for every sample and flight: (samples, flights) [s]; nan where there is none.

    Parameters
    ----------
    curves : (distinct interceptors, flights, rows, 2)
    which : (samples,) row of ``curves`` that a sample uses
    commits : (samples, flights) [s]
    """
    out = np.empty(commits.shape)
    for s in range(commits.shape[0]):
        for f in range(commits.shape[1]):
            out[s, f] = first_intercept(curves[which[s], f], commits[s, f])
    return out


@kernel
def sampled_shots(
    curves: Array, which: Indices, commits: Array, assessment: Array, interval: Array, most: int
) -> Array:
    """``shots`` for every sample and flight: (samples, flights).

    Parameters
    ----------
    curves : (batteries, distinct interceptors, flights, rows, 2)
    which : (batteries, samples) row of each battery's ``curves``
    commits : (samples, flights) [s]
    """
    out = np.zeros(commits.shape)
    mine = np.empty((curves.shape[0], curves.shape[3], 2))
    for s in range(commits.shape[0]):
        for f in range(commits.shape[1]):
            if math.isnan(commits[s, f]):
                continue
            for b in range(curves.shape[0]):
                mine[b] = curves[b, which[b, s], f]
            out[s, f] = shots(mine, commits[s, f], assessment[s], interval[s], most)
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
