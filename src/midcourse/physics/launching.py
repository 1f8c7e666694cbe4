"""Latest launches of sampled interceptors toward flights, worked out as they are asked for.

A curve of latest launches has a row at every time of an approach, and a row between two of which one can be
met and the other not, at the edge. Most questions are answered by a few of its rows.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import get_cfarray_intrinsic
from numpy.typing import NDArray

from .flight import Array
from .flyout import locate, read_cell
from .intercept import ABOVE, ANGLE, BEARING, HEIGHT, TIME, between_rows
from .kernel import bare, kernel
from .pointer import point

Indices = NDArray[np.int64]

# How closely an edge is found [s]: by the tables, by what stands at both rows beside it, and where the
# windows of a few flights are wanted as closely as the tables allow.
_BY_TABLES, _BY_ROWS, _FINE = 2.0, 0.3, 0.1


class Shooters(NamedTuple):
    """Batteries of interceptors that differ from sample to sample.

    Attributes
    ----------
    approach : (batteries, flights, n, 5) as of ``intercept.approaches``
    known : (batteries, flights, n, k) ``intercept.arrivals`` of every table: where all tables that count
        reach a place, their blend is the arrival
    weights : (batteries, samples, k) of the tables, adding up to one
    limits : (batteries, samples, 3) lowest intercept [m above the ellipsoid], shortest and longest flight
        [s]
    tops, edges : (batteries, samples, ...) the fields ``top`` and ``limit`` of the tables, blended
    tables : (batteries, 5) where in memory the times of a battery's tables stand, and their shape (k, ...);
        whoever makes this keeps them there
    fine : whether edges are found as closely as the tables allow
    planes : (batteries, flights, n, 13) as of ``prediction.planes``
    burn : (batteries,) burn time of the interceptor [s]
    vehicles : (batteries, samples, 4) divert [m/s], homing time [s], tangent of half the seeker's view,
        longest flight [s]
    """

    approach: Array
    known: Array
    weights: Array
    limits: Array
    tops: Array
    edges: Array
    tables: Indices
    fine: bool
    planes: Array
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


@kernel
def curves_for(shooters: Shooters) -> Curves:
    """Room for the curves of all batteries."""
    batteries, n = shooters.approach.shape[0], max(1, shooters.approach.shape[2])
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


def _as_pointer(_typing: Any, address: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


# An address as a pointer, and the array there; ``numba.carray`` would ask for counted memory.
_pointer: Any = intrinsic(_as_pointer)
_array_at: Any = get_cfarray_intrinsic("C", types.DType(types.float64))


@bare
def blended_arrival(tops: Array, edges: Array, weights: Array, table: Indices, place: Array) -> float:
    """Earliest flight time to a place of an approach between tables [s]; nan out of reach.

    Tables are numbered by height and distance relative to their own reach, and so is what lies between them:
    the blended reach, ``tops`` and ``edges``, says where in all of them to read. ``table`` is a row of
    ``Shooters.tables``.
    """
    i, fx, j, fy, z = locate(tops, edges, place[BEARING], place[ANGLE], place[ABOVE])
    if z < 0.0:
        return np.nan
    times = _array_at(_pointer(table[0]), (table[1], table[2], table[3], table[4]))
    total = 0.0
    for k in range(len(weights)):
        if weights[k] != 0.0:
            total += weights[k] * read_cell(times[k], i, fx, j, fy, z)
    return total


@bare
def _blended(b: int, s: int, shooters: Shooters, place: Array) -> float:
    """``blended_arrival`` of a battery in a sample."""
    return blended_arrival(
        shooters.tops[b, s], shooters.edges[b, s], shooters.weights[b, s], shooters.tables[b], place
    )


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
    weights, known, limits = shooters.weights[b, s], shooters.known[b, f, i], shooters.limits[b, s]
    place = shooters.approach[b, f, i]
    flight, reached = 0.0, False
    for k in range(len(weights)):
        if weights[k] != 0.0:
            flight += weights[k] * known[k]
            reached = reached or not math.isnan(known[k])
    # Where some of the tables reach and others do not, their common reach decides.
    if reached and math.isnan(flight) and place[HEIGHT] >= limits[0]:
        flight = _blended(b, s, shooters, place)
    curves.flights[b, i] = flight
    row = curves.rows[b, 2 * i]
    row[0], row[1] = place[TIME], np.nan
    if place[HEIGHT] >= limits[0] and limits[1] <= flight <= limits[2]:
        row[1] = place[TIME] - flight


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
    approach, limits, place = shooters.approach[b, f], shooters.limits[b, s], curves.place
    row = curves.rows[b, 2 * i + 1]
    row[0] = row[1] = np.nan
    first = not math.isnan(curves.rows[b, 2 * i, 1])
    if first != math.isnan(curves.rows[b, 2 * i + 2, 1]):
        return
    met, missed = (0.0, 1.0) if first else (1.0, 0.0)
    arriving = curves.flights[b]
    # The cubic through four rows takes two more.
    for k in range(max(0, i - 2), min(len(arriving), i + 4)):
        _see(k, b, s, f, shooters, curves)
    by_rows = not (shooters.fine or math.isnan(arriving[i]) or math.isnan(arriving[i + 1]))
    close = _FINE if shooters.fine else (_BY_ROWS if by_rows else _BY_TABLES)
    part = close / (approach[i + 1, TIME] - approach[i, TIME])
    while abs(met - missed) > part:
        middle = 0.5 * (met + missed)
        between_rows(approach, i, middle, place)
        if by_rows:
            flight = _time_between(arriving, i, middle)
        else:
            flight = _blended(b, s, shooters, place)
        if place[HEIGHT] >= limits[0] and limits[1] <= flight <= limits[2]:
            met = middle
            row[0], row[1] = place[TIME], place[TIME] - flight
        else:
            missed = middle


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
    batteries, (samples, flights) = shooters.approach.shape[0], commits.shape
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
