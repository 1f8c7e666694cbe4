"""Latest launches of sampled interceptors toward flights, worked out as they are asked for.

A curve of latest launches has a row at every time of an approach, and a row between two of which one can be
met and the other not, at the edge. Most questions are answered by a few of its rows.

An interceptor that could be somewhere before it has burnt out and its kill vehicle has homed gets there no
sooner than that. Rockets without thrust termination spend what speed they have too much by turning on their
way up [1]_; the more they spend, the later the direct flight to a place and the sooner the lofted one, until
both are the one flight that only just gets there. So every flight time from the direct to the lofted flight
can be flown, and the lofted one takes no less than the flight to the farthest place that high.

References
----------
.. [1] P. Zarchan, "Tactical and Strategic Missile Guidance", 6th ed., AIAA, 2012, chapter on Lambert
   guidance: general energy management.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .flight import Array
from .flyout import BEARINGS, DISTANCES, HEIGHTS, locate, read_blend
from .intercept import ABOVE, ANGLE, BEARING, HEIGHT, TIME, between_rows
from .kernel import bare, inlined, kernel
from .pointer import array_at, point, pointer

Indices = NDArray[np.int64]

# How closely an edge is found [s]: by the tables, by what stands at both rows beside it, and where the
# windows of a few flights are wanted as closely as the tables allow.
_BY_TABLES, _BY_ROWS, _FINE = 2.0, 0.3, 0.1


# Columns of an approach.
_APPROACH = 5
#: Columns of ``Shooters.arrays``, and how many tables a battery has.
APPROACH, KNOWN, PLANES, WEIGHTS, EDGES, TIMES, TABLES = range(7)


class Shooters(NamedTuple):
    """Batteries of interceptors that differ from sample to sample.

    Attributes
    ----------
    arrays : (batteries, 7) addresses of what belongs to each battery; whoever makes this keeps it there:

        - APPROACH : (flights, n, 5) as of ``intercept.approaches``
        - KNOWN : (flights, n, k) ``intercept.arrivals_by_table``: where all tables that count reach a place,
          their blend is the arrival
        - PLANES : (flights, n, 13) as of ``prediction.planes``
        - WEIGHTS : (samples, k) of the tables, adding up to one
        - EDGES : (samples, bearing, height) the fields ``limit`` of the tables, blended
        - TIMES : (bearing, height, distance, k) the fields ``time`` of the tables
        - TABLES : no address but k
    flights, n : how many flights, and times of an approach
    limits : (batteries, samples, 3) lowest intercept [m above the ellipsoid], shortest and longest flight
        [s]
    tops : (batteries, samples, 2) the fields ``top`` of the tables, blended
    fine : whether edges are found as closely as the tables allow
    burn : (batteries,) burn time of the interceptor [s]
    vehicles : (batteries, samples, 4) divert [m/s], homing time [s], tangent of half the seeker's view,
        longest flight [s]
    """

    arrays: Indices
    flights: int
    n: int
    limits: Array
    tops: Array
    fine: bool
    burn: Array
    vehicles: Array


class Curves(NamedTuple):
    """Curves of one flight in one sample, as far as they were asked for.

    Attributes
    ----------
    rows : (batteries, 2 n - 1, 2) time of intercept and latest launch [s]; even rows stand at the times of
        the approach, odd ones at edges; nan where the flight cannot be met, or where there is no edge
    states : (batteries, 2 n - 1) whether a row is worked out
    flights : (batteries, n) the interceptor's flight times to all rows [s]
    place : of no meaning between calls
    """

    rows: Array
    states: NDArray[np.bool_]
    flights: Array
    place: Array


@inlined
def approach_of(shooters: Shooters, b: int, f: int) -> Array:
    """A flight as a battery's site sees it: (n, 5)."""
    shape = (shooters.flights, shooters.n, _APPROACH)
    return array_at(pointer(shooters.arrays[b, APPROACH]), shape)[f]


@inlined
def weights_of(shooters: Shooters, b: int, s: int) -> Array:
    """Weights of a battery's tables in a sample: (k,)."""
    shape = (shooters.tops.shape[1], shooters.arrays[b, TABLES])
    return array_at(pointer(shooters.arrays[b, WEIGHTS]), shape)[s]


@inlined
def edges_of(shooters: Shooters, b: int, s: int) -> Array:
    """How far a battery's tables reach in a sample: (bearing, height)."""
    shape = (shooters.tops.shape[1], BEARINGS, HEIGHTS)
    return array_at(pointer(shooters.arrays[b, EDGES]), shape)[s]


@kernel
def curves_for(shooters: Shooters) -> Curves:
    """Room for the curves of all batteries."""
    batteries, n = shooters.arrays.shape[0], shooters.n
    return Curves(
        np.empty((batteries, 2 * n - 1, 2)), np.zeros((batteries, 2 * n - 1), dtype=np.bool_),
        np.empty((batteries, n)), np.empty(5),
    )  # fmt: skip


@bare
def forget(curves: Curves) -> None:
    """Make room for another flight or sample."""
    for b in range(curves.states.shape[0]):
        for i in range(curves.states.shape[1]):
            curves.states[b, i] = False


@bare
def blended_arrival(tops: Array, edges: Array, weights: Array, times: Array, place: Array) -> float:
    """Earliest flight time to a place of an approach between tables [s]; nan out of reach.

    Tables are numbered by height and distance relative to their own reach, and so is what lies between them:
    the blended reach, ``tops`` and ``edges``, says where to read in all of them, ``times`` (bearing, height,
    distance, table).
    """
    i, fx, j, fy, z = locate(tops, edges, place[BEARING], place[ANGLE], place[ABOVE])
    if z < 0.0:
        return np.nan
    return read_blend(times, weights, i, fx, j, fy, z)


@bare
def _blended(b: int, s: int, shooters: Shooters, place: Array) -> float:
    """``blended_arrival`` of a battery in a sample."""
    arrays = shooters.arrays[b]
    return blended_arrival(
        shooters.tops[b, s],
        edges_of(shooters, b, s),
        weights_of(shooters, b, s),
        array_at(pointer(arrays[TIMES]), (BEARINGS, HEIGHTS, DISTANCES, arrays[TABLES])),
        place,
    )


@bare
def _within_reach(b: int, s: int, shooters: Shooters, place: Array) -> bool:
    """Whether a battery reaches a place of an approach at all in a sample, however long it takes."""
    edges = edges_of(shooters, b, s)
    _, _, _, _, z = locate(shooters.tops[b, s], edges, place[BEARING], place[ANGLE], place[ABOVE])
    return z >= 0.0


@bare
def _latest(flight: float, b: int, s: int, shooters: Shooters, place: Array) -> float:
    """Latest launch that meets at a place whose earliest arrival takes ``flight`` [s]; nan if there is
    none.
    """
    lowest, shortest, longest = shooters.limits[b, s]
    if flight < shortest and _farthest(b, s, shooters, place) >= shortest:
        flight = shortest
    if place[HEIGHT] >= lowest and shortest <= flight <= longest:
        return float(place[TIME] - flight)
    return np.nan


@bare
def _farthest(b: int, s: int, shooters: Shooters, place: Array) -> float:
    """Flight time to the farthest place in the same direction and at the same height [s]."""
    arrays, edges = shooters.arrays[b], edges_of(shooters, b, s)
    i, fx, j, fy, _ = locate(shooters.tops[b, s], edges, place[BEARING], place[ANGLE], place[ABOVE])
    times = array_at(pointer(arrays[TIMES]), (BEARINGS, HEIGHTS, DISTANCES, arrays[TABLES]))
    return read_blend(times, weights_of(shooters, b, s), i, fx, j, fy, DISTANCES - 1.0)


@bare
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


@bare
def _fill(i: int, b: int, s: int, f: int, shooters: Shooters, curves: Curves) -> None:
    """Work out an even row, that of time ``i`` of the approach."""
    arrays, lowest = shooters.arrays[b], shooters.limits[b, s, 0]
    weights, place = weights_of(shooters, b, s), approach_of(shooters, b, f)[i]
    known = array_at(pointer(arrays[KNOWN]), (shooters.flights, shooters.n, arrays[TABLES]))[f, i]
    flight, reached = 0.0, False
    for k in range(len(weights)):
        if weights[k] != 0.0:
            flight += weights[k] * known[k]
            reached = reached or not math.isnan(known[k])
    # Where some of the tables reach and others do not, their common reach decides.
    if reached and math.isnan(flight) and place[HEIGHT] >= lowest:
        flight = _blended(b, s, shooters, place)
    curves.flights[b, i] = flight
    curves.rows[b, 2 * i, 0] = place[TIME]
    curves.rows[b, 2 * i, 1] = _latest(flight, b, s, shooters, place)


@bare
def _see(i: int, b: int, s: int, f: int, shooters: Shooters, curves: Curves) -> None:
    """See that an even row is worked out."""
    if not curves.states[b, 2 * i]:
        curves.states[b, 2 * i] = True
        _fill(i, b, s, f, shooters, curves)


@bare
def _fill_edge(i: int, b: int, s: int, f: int, shooters: Shooters, curves: Curves) -> None:
    """Work out the odd row between times ``i`` and ``i + 1`` of the approach, by bisection.

    Where both ends are within the interceptor's reach, only heights and limits decide; else the tables are
    asked.
    """
    approach, lowest, place = approach_of(shooters, b, f), shooters.limits[b, s, 0], curves.place
    row = curves.rows[b, 2 * i + 1]
    row[0] = row[1] = np.nan
    first = not math.isnan(curves.rows[b, 2 * i, 1])
    if first != math.isnan(curves.rows[b, 2 * i + 2, 1]):
        return
    met, missed = (0.0, 1.0) if first else (1.0, 0.0)
    arriving = curves.flights[b]
    by_rows = not (shooters.fine or math.isnan(arriving[i]) or math.isnan(arriving[i + 1]))
    close = _FINE if shooters.fine else (_BY_ROWS if by_rows else _BY_TABLES)
    part = close / (approach[i + 1, TIME] - approach[i, TIME])
    if by_rows:
        # The cubic through four rows takes two more.
        for k in range(max(0, i - 2), min(len(arriving), i + 4)):
            _see(k, b, s, f, shooters, curves)
    else:
        # As a rule it is the reach that ends, which is told without reading the times of all tables.
        here, gone = met, missed
        while abs(here - gone) > part:
            middle = 0.5 * (here + gone)
            between_rows(approach, i, middle, place)
            if place[HEIGHT] >= lowest and _within_reach(b, s, shooters, place):
                here = middle
            else:
                gone = middle
        if here == met:
            return
        between_rows(approach, i, here, place)
        row[1] = _latest(_blended(b, s, shooters, place), b, s, shooters, place)
        if not math.isnan(row[1]):
            row[0] = place[TIME]
            return
    while abs(met - missed) > part:
        middle = 0.5 * (met + missed)
        between_rows(approach, i, middle, place)
        if by_rows:
            flight = _time_between(arriving, i, middle)
        else:
            flight = _blended(b, s, shooters, place)
        launch = _latest(flight, b, s, shooters, place)
        if math.isnan(launch):
            missed = middle
        else:
            met = middle
            row[0], row[1] = place[TIME], launch


@bare
def ensure(row: int, b: int, s: int, f: int, shooters: Shooters, curves: Curves) -> None:
    """See that a row of a battery's curve is worked out."""
    i = row // 2
    if row % 2 == 0:
        _see(i, b, s, f, shooters, curves)
    elif not curves.states[b, row]:
        curves.states[b, row] = True
        _see(i, b, s, f, shooters, curves)
        _see(i + 1, b, s, f, shooters, curves)
        _fill_edge(i, b, s, f, shooters, curves)


@kernel
def launches(shooters: Shooters, b: int, s: int, f: int) -> Array:
    """The whole curve of a battery toward a flight in a sample: (2 n - 1, 2) as of ``Curves``."""
    curves = curves_for(shooters)
    for i in range(curves.rows.shape[1]):
        ensure(i, b, s, f, shooters, curves)
    return curves.rows[b].copy()


@kernel
def first_intercepts(shooters: Shooters, commits: Array) -> Array:
    """Earliest intercepts by launches at these times or later: (batteries, samples, flights) [s]; nan where
    there is none. ``commits`` is (samples, flights) [s].
    """
    batteries, (samples, flights) = shooters.arrays.shape[0], commits.shape
    out = np.full((batteries, samples, flights), np.nan)
    kept = curves_for(shooters)
    firing, curves = point(shooters), point(kept)
    for f in range(flights):
        for s in range(samples):
            forget(curves)
            commit = commits[s, f]
            for b in range(batteries):
                t0, l0 = np.nan, np.nan
                for i in range(curves.rows.shape[1]):
                    ensure(i, b, s, f, firing, curves)
                    t1, l1 = curves.rows[b, i, 0], curves.rows[b, i, 1]
                    if math.isnan(t1):
                        continue
                    if l1 >= commit:
                        out[b, s, f] = t0 + (t1 - t0) * (commit - l0) / (l1 - l0) if l0 < commit else t1
                        break
                    t0, l0 = t1, l1
    # Until here they must live.
    kept.states[:] = False
    return out


@kernel
def blend(fields: Array, weights: Array) -> Array:
    """Fields of tables (k, ...) blended by the weights (samples, k) of every sample: (samples, ...)."""
    flat = fields.reshape(fields.shape[0], -1)
    out = np.zeros((weights.shape[0], flat.shape[1]))
    for s in range(weights.shape[0]):
        for k in range(weights.shape[1]):
            if weights[s, k] != 0.0:
                for i in range(flat.shape[1]):
                    out[s, i] += weights[s, k] * flat[k, i]
    return out
