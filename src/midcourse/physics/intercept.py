"""When a flight can be met, from which launch times.

For an intercept at time t the interceptor must leave at L(t) = t - T, where T is its earliest arrival at the place
where the threat will be: L is the latest launch that still meets the threat at t. A commit at time c allows every
intercept with L(t) >= c; whatever delays the commit, L stays the same, and so it is computed once.
"""

import math

import numpy as np

from .earth import Earth, height
from .flight import Array, ecef_state_at
from .flyout import Flyout, arrival, arrival_steering, arrival_velocity, site_coordinates
from .kernel import kernel


@kernel
def launch_time(
    table: Flyout,
    nodes: Array,
    count: int,
    t: float,
    limits: Array,
    earth: Earth,
    state: Array,
) -> float:
    """Latest launch that meets the flight at time ``t`` [s]; nan where it cannot be met then.

    ``limits`` are the lowest intercept [m above the ellipsoid] and the shortest and longest interceptor flight [s].
    """
    ecef_state_at(nodes, count, t, earth, state)
    if height(state[0], state[1], state[2], earth) < limits[0]:
        return np.nan
    bearing, angle, above = site_coordinates(state[0], state[1], state[2], table.site)
    flight = arrival(table, bearing, angle, above)
    if not limits[1] <= flight <= limits[2]:
        return np.nan
    return t - flight


@kernel
def latest_launch(
    table: Flyout,
    nodes: Array,
    count: int,
    start: float,
    limits: Array,
    earth: Earth,
    curve: Array,
) -> None:
    """The curve of latest launches of one flight.

    Parameters
    ----------
    start : no intercept before this, the end of the threat's boost [s]
    limits : (3,) as of ``launch_time``
    curve : (2 n - 1, 2) takes time of intercept and latest launch [s]. Even rows stand at even times from ``start`` to
        impact; between two of which one can be met and the other not, the odd row stands at the edge, found by
        bisection. nan where the flight cannot be met, or where there is no edge.
    """
    state = np.empty(6)
    n = (curve.shape[0] + 1) // 2
    end = nodes[count - 1, 0]
    for i in range(n):
        t = start + (end - start) * i / (n - 1.0)
        curve[2 * i, 0] = t
        curve[2 * i, 1] = launch_time(table, nodes, count, t, limits, earth, state)
    for i in range(n - 1):
        curve[2 * i + 1, 0] = curve[2 * i + 1, 1] = np.nan
        before, after = math.isnan(curve[2 * i, 1]), math.isnan(curve[2 * i + 2, 1])
        if before == after:
            continue
        met, missed = (
            (curve[2 * i + 2, 0], curve[2 * i, 0]) if before else (curve[2 * i, 0], curve[2 * i + 2, 0])
        )
        found = np.nan
        while abs(met - missed) > 0.05:
            middle = 0.5 * (met + missed)
            launch = launch_time(table, nodes, count, middle, limits, earth, state)
            if math.isnan(launch):
                missed = middle
            else:
                met, found = middle, launch
        if not math.isnan(found):
            curve[2 * i + 1, 0], curve[2 * i + 1, 1] = met, found


@kernel
def first_intercept(curve: Array, commit: float) -> float:
    """Earliest intercept of a flight by an interceptor launched at ``commit`` or later [s]; nan if there is none."""
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

    ``out`` (4,) takes the first and last launch and the first and last intercept [s]; false, and nan, if there is none.
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
        elif l0 >= commit:
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
def latest_launches(
    table: Flyout,
    nodes: Array,
    counts: Array,
    starts: Array,
    limits: Array,
    n: int,
    earth: Earth,
) -> Array:
    """``latest_launch`` for every flight: (flights, 2 n - 1, 2)."""
    curves = np.empty((nodes.shape[0], 2 * n - 1, 2))
    for f in range(nodes.shape[0]):
        latest_launch(table, nodes[f], int(counts[f]), starts[f], limits, earth, curves[f])
    return curves


@kernel
def windows(curves: Array, commits: Array) -> Array:
    """``window`` for every flight and its commit: (flights, 4); nan where there is none."""
    out = np.empty((curves.shape[0], 4))
    for f in range(curves.shape[0]):
        window(curves[f], commits[f], out[f])
    return out


@kernel
def blend(tops: Array, edges: Array, times: Array, weights: Array, base: Flyout) -> Flyout:
    """A fly-out table between tabulated ones.

    Parameters
    ----------
    tops, edges, times : (k, ...) the fields of ``k`` tables of one site
    weights : (k,) adding up to one
    base : lends the site, and steering and speeds, which are not blended
    """
    top = np.zeros_like(base.top)
    limit = np.zeros_like(base.limit)
    time = np.zeros_like(base.time)
    for k in range(len(weights)):
        w = weights[k]
        if w != 0.0:
            top += w * tops[k]
            limit += w * edges[k]
            time += w * times[k]
    return Flyout(base.site, top, limit, time, base.kick, base.speed)


@kernel
def sampled_launches(
    tops: Array, edges: Array, times: Array, base: Flyout, weights: Array, limits: Array,
    nodes: Array, counts: Array, starts: Array, n: int, earth: Earth,
) -> Array:  # fmt: skip
    """``latest_launches`` for a batch of interceptors that differ: (samples, flights, 2 n - 1, 2).

    Parameters
    ----------
    weights : (samples, k) of the tables, as of ``blend``
    limits : (samples, 3) as of ``launch_time``
    """
    curves = np.empty((weights.shape[0], nodes.shape[0], 2 * n - 1, 2))
    for s in range(weights.shape[0]):
        table = blend(tops, edges, times, weights[s], base)
        for f in range(nodes.shape[0]):
            latest_launch(
                table, nodes[f], int(counts[f]), starts[f], limits[s], earth, curves[s, f]
            )
    return curves


@kernel
def sampled_intercepts(curves: Array, which: Array, commits: Array) -> Array:
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
    curves: Array, which: Array, commits: Array, assessment: Array, interval: Array, most: int
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

    ``out`` (7,) takes position [m, ECEF], closing speed [m/s], interceptor flight time [s], azimuth and kick [rad];
    false where the flight cannot be met.
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
