"""How well a ballistic body is known from what radars measure of it.

The body flies without thrust, so an error now is a linear map of the error at the start of its free flight.
Each look adds information about that starting state [1]_; radars are fused by adding what each contributes;
a radar's biases, which no averaging lowers, are unknowns of their own that are left out of the sum [2]_;
and the covariance at any time, before or after the last look, is the inverse of the information carried
there. Without process noise this is the information filter run along the true flight, and its covariance is
the Cramer-Rao bound of any unbiased tracker.

The state is that at burnout, in ECI, in km and m/s: so its numbers are alike in size. Symmetric matrices
are kept as their 21 upper elements, row by row.

References
----------
.. [1] Y. Bar-Shalom, X. Li, T. Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001,
   sections 2.7 and 7.2.
.. [2] B. Friedland, "Treatment of bias in recursive filtering", IEEE Trans. Automatic Control 14 (1969).
.. [3] O. Montenbruck and E. Gill, "Satellite Orbits", 2000, sections 4.1.4 (Nystrom steps), 7.1 and 7.2
   (variational equations).
.. [4] D. Barton, "Radar System Analysis and Modeling", 2005, sections 8.2 and 8.3 (angle, range and Doppler
   error).
"""

import math

import numpy as np
from numpy.typing import NDArray

from .earth import Earth
from .flight import Array, state_at
from .kernel import bare, kernel
from .radar import ANGLE_SLOPE, BEAM, CELL, DOPPLER, FLOOR, OFFSET, RANGE_SLOPE, SKEW
from .sight import anchor, line_from

# Longest step of the variational equations [s].
_STEP = 20.0
# Slope constant of Doppler measurement over a steady dwell [4]_.
_DOPPLER_SLOPE = 1.8

#: Elements of a symmetric matrix, and of a radar's record: information about the state (21), its products
#: with what the biases of range, azimuth and elevation are now and a quarter turn later (6 each), and about
#: these three pairs (3 each, the last two the same).
PACKED = 21
BIASES, PAIRS = 21, 57
RECORD = 63

# Columns of a structure. What looks of unit weight over all of a cell give by range, by both angles, by
# Doppler (21 each); how range and both angles change with the state in the middle, and the change of that
# toward the end (18 each): so much serves for a whole cell. Then how what a look gives changes toward its
# end, and with the square of the way there (63 each).
_RANGE, _ANGLES, _DOPPLER, _PRODUCTS, _CHANGE, _BEND = 0, 21, 42, 63, 99, 162
STRUCTURE = 225

# Below this the closed forms of ``_course`` lose digits, and a few terms of their series are exact.
_SHORT = 0.1

# Where between two times what looks measure is worked out (Gauss).
GAUSS = (0.5 - 0.5 / math.sqrt(3.0), 0.5 + 0.5 / math.sqrt(3.0))


@bare
def gravity_gradient(x: float, y: float, z: float, earth: Earth, out: Array) -> None:
    """Derivative of the acceleration of ``earth.gravity`` by position, into ``out[0:3, 0:3]`` [1/s^2].

    Differentiates the point mass and the J2 term in closed form.
    """
    r2 = x * x + y * y + z * z
    r = math.sqrt(r2)
    k = earth.mu / (r2 * r)
    q = 1.5 * earth.j2 * earth.radius * earth.radius / r2
    s = z * z / r2
    p = (x, y, z)
    # a_i = -k p_i (1 + q (c_i - 5 s)) with c = 1, 1, 3.
    for i in range(3):
        c = 3.0 if i == 2 else 1.0
        bulge = 1.0 + q * (c - 5.0 * s)
        for j in range(3):
            # d k = -3 k p_j / r2;  d q = -2 q p_j / r2;  d s = (2 z [j = 2] - 2 s p_j) / r2.
            ds = ((2.0 * z if j == 2 else 0.0) - 2.0 * s * p[j]) / r2
            d_bulge = -2.0 * q * p[j] / r2 * (c - 5.0 * s) - 5.0 * q * ds
            value = 3.0 * k * p[j] / r2 * p[i] * bulge - k * p[i] * d_bulge
            if i == j:
                value -= k * bulge
            out[i, j] = value


@bare
def _bend(gradient: Array, position: Array, velocity: Array, h: float, k: Array, out: Array) -> None:
    """``out = gradient @ (position + h velocity + h^2/2 k)``, (3, 6) each."""
    for j in range(6):
        x = position[0, j] + h * (velocity[0, j] + 0.5 * h * k[0, j])
        y = position[1, j] + h * (velocity[1, j] + 0.5 * h * k[1, j])
        z = position[2, j] + h * (velocity[2, j] + 0.5 * h * k[2, j])
        for a in range(3):
            out[a, j] = gradient[a, 0] * x + gradient[a, 1] * y + gradient[a, 2] * z


@kernel
def transitions(nodes: Array, count: int, times: Array, earth: Earth) -> Array:
    """How an error of the state at ``times[0]`` has grown at each of ``times``: (n, 6, 6), along a free
    flight [3]_.

    Errors of position in km, of velocity in m/s, in ECI. Nystrom's steps of fourth order of the variational
    equations, between them the cubic through both ends; drag is left out, so times should lie above the air.
    """
    n = len(times)
    out = np.zeros((n, 6, 6))
    state = np.empty(6)
    g0, g1, g2 = np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3))
    k1, k2, k3, none = np.empty((3, 6)), np.empty((3, 6)), np.empty((3, 6)), np.zeros((3, 6))
    # Columns in m and m/s per km and per m/s at the start.
    position, velocity = np.zeros((3, 6)), np.zeros((3, 6))
    for j in range(3):
        position[j, j] = 1e3
        velocity[j, 3 + j] = 1.0
    before, slope = position.copy(), velocity.copy()
    t = times[0]
    h = 0.0
    state_at(nodes, count, t, state)
    gravity_gradient(state[0], state[1], state[2], earth, g2)
    for i in range(n):
        while times[i] > t + h + 1e-9 or h == 0.0:
            t += h
            before[:], slope[:] = position, velocity
            g0[:] = g2
            h = min(_STEP, max(times[n - 1] - t, 1e-6))
            state_at(nodes, count, t + 0.5 * h, state)
            gravity_gradient(state[0], state[1], state[2], earth, g1)
            state_at(nodes, count, t + h, state)
            gravity_gradient(state[0], state[1], state[2], earth, g2)
            _bend(g0, before, slope, 0.0, none, k1)
            # Half a step: h/2 velocity + h^2/8 k1.
            _bend(g1, before, slope, 0.5 * h, k1, k2)
            _bend(g2, before, slope, h, k2, k3)
            for a in range(3):
                for j in range(6):
                    position[a, j] = (
                        before[a, j] + h * slope[a, j] + h * h / 6.0 * (k1[a, j] + 2.0 * k2[a, j])
                    )
                    velocity[a, j] = slope[a, j] + h / 6.0 * (k1[a, j] + 4.0 * k2[a, j] + k3[a, j])
        s = (times[i] - t) / h
        # Hermite's cubic of the position; the velocity is its slope.
        a0, a1 = 1.0 + s * s * (2.0 * s - 3.0), s * s * (3.0 - 2.0 * s)
        b0, b1 = h * s * (1.0 + s * (s - 2.0)), h * s * s * (s - 1.0)
        c = 6.0 * s * (1.0 - s) / h
        d0, d1 = 1.0 + s * (3.0 * s - 4.0), s * (3.0 * s - 2.0)
        for a in range(3):
            for j in range(6):
                p0, p1, v0, v1 = before[a, j], position[a, j], slope[a, j], velocity[a, j]
                out[i, a, j] = 1e-3 * (a0 * p0 + a1 * p1 + b0 * v0 + b1 * v1)
                out[i, 3 + a, j] = c * (p1 - p0) + d0 * v0 + d1 * v1
    return out


@kernel
def many_transitions(nodes: Array, counts: Array, times: Array, earth: Earth) -> Array:
    """``transitions`` of every flight: (flights, n, 6, 6) for (flights, n) times."""
    out = np.empty((times.shape[0], times.shape[1], 6, 6))
    for f in range(times.shape[0]):
        out[f] = transitions(nodes[f], int(counts[f]), times[f], earth)
    return out


@kernel
def anchors(receiver: Array, transmitter: Array, earth: Earth) -> Array:
    """Receiver and transmitter as of ``sight.anchor``; once only where they stand together: (1 or 2, 7)."""
    apart = receiver[0] != transmitter[0] or receiver[1] != transmitter[1]
    out = np.empty((2 if apart else 1, 7))
    anchor(receiver, earth, out[0])
    if apart:
        anchor(transmitter, earth, out[1])
    return out


@bare
def look_rows(
    t: float, state: Array, phi: Array, stations: Array, earth: Earth, line: Array, rows: Array
) -> None:
    """How what one look measures changes with the state at the start.

    ``stations`` as of ``anchors``. ``line`` (10,) is left as of ``line_of_sight`` from the receiver. ``rows``
    (4, 6) takes range [m], the angle across in which azimuth grows and elevation [rad], and range rate [m/s],
    per km and per m/s. Where transmitter and receiver stand apart, range is half the way the signal goes.
    """
    angle = earth.rotation * t
    sine, cosine = math.sin(angle), math.cos(angle)
    gx, gy, gz, ax, ay, az = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    share = 1.0 / stations.shape[0]
    # The receiver last: its line is kept.
    for i in range(stations.shape[0] - 1, -1, -1):
        line_from(stations[i], sine, cosine, state, earth, line)
        vx, vy, vz = state[3] - line[7], state[4] - line[8], state[5]
        closing = line[4] * vx + line[5] * vy + line[6] * vz
        near = share / line[3]
        gx, gy, gz = gx + share * line[4], gy + share * line[5], gz + share * line[6]
        ax += near * (vx - closing * line[4])
        ay += near * (vy - closing * line[5])
        az += near * (vz - closing * line[6])
    # Two directions across the line of sight: level, in which azimuth grows, and up from it.
    sl, cl = stations[0, 3], stations[0, 4]
    so = sine * stations[0, 6] + cosine * stations[0, 5]
    co = cosine * stations[0, 6] - sine * stations[0, 5]
    ux, uy, uz = line[4], line[5], line[6]
    level = 1.0 / math.sqrt(line[0] * line[0] + line[1] * line[1])
    sa, ca = line[0] * level, line[1] * level
    px, py, pz = sa * sl * co - ca * so, ca * co + sa * sl * so, -sa * cl
    qx, qy, qz = py * uz - pz * uy, pz * ux - px * uz, px * uy - py * ux
    near = 1e3 / line[3]
    for j in range(6):
        x, y, z = phi[0, j], phi[1, j], phi[2, j]
        rows[0, j] = 1e3 * (gx * x + gy * y + gz * z)
        rows[1, j] = near * (px * x + py * y + pz * z)
        rows[2, j] = near * (qx * x + qy * y + qz * z)
        rows[3, j] = 1e3 * (ax * x + ay * y + az * z) + gx * phi[3, j] + gy * phi[4, j] + gz * phi[5, j]


@kernel
def structures(
    times: Array, states: Array, phis: Array, receiver: Array, transmitter: Array, earth: Earth
) -> Array:
    """What looks of unit weight between two times tell of the state at the start: (flights, cells, 225).

    ``times`` (flights, 2 cells), ``states`` and ``phis`` stand at the two places of ``GAUSS`` in every
    cell, through which what is measured is taken to change evenly with time. The sums of range, of both
    angles and of Doppler stand apart, so that weights can be put on later.
    """
    flights, cells = times.shape[0], times.shape[1] // 2
    out = np.empty((flights * cells, STRUCTURE))
    every = np.zeros((flights, 2), dtype=np.int64)
    every[:, 1] = cells
    fill_structures(times, states, phis, every, receiver, transmitter, earth, out)
    return out.reshape(flights, cells, STRUCTURE)


@kernel
def fill_structures(
    times: Array, states: Array, phis: Array, cells: NDArray[np.int64], receiver: Array, transmitter: Array,
    earth: Earth, out: Array,
) -> None:  # fmt: skip
    """``structures`` of some cells of every flight, ``cells`` (flights, 2) from and to, one after another
    into ``out`` (..., 225).
    """
    row = 0
    line, stations = np.empty(10), anchors(receiver, transmitter, earth)
    rows, slopes = np.empty((4, 6)), np.empty((4, 6))
    for f in range(times.shape[0]):
        for i in range(cells[f, 0], cells[f, 1]):
            j = 2 * i
            look_rows(times[f, j], states[f, j], phis[f, j], stations, earth, line, rows)
            j += 1
            look_rows(times[f, j], states[f, j], phis[f, j], stations, earth, line, slopes)
            # In the middle of the cell, and from there to its end.
            for m in range(4):
                for a in range(6):
                    early, late = rows[m, a], slopes[m, a]
                    rows[m, a] = 0.5 * (early + late)
                    slopes[m, a] = 0.5 * math.sqrt(3.0) * (late - early)
            sums = out[row]
            row += 1
            sums[:] = 0.0
            for m in range(4):
                k = _RANGE if m == 0 else (_DOPPLER if m == 3 else _ANGLES)
                for a in range(6):
                    for b in range(a, 6):
                        sums[k] += rows[m, a] * rows[m, b] + slopes[m, a] * slopes[m, b] / 3.0
                        sums[_CHANGE + k] += rows[m, a] * slopes[m, b] + slopes[m, a] * rows[m, b]
                        sums[_BEND + k] += slopes[m, a] * slopes[m, b]
                        k += 1
            for m in range(3):
                for a in range(6):
                    sums[_PRODUCTS + 6 * m + a] = rows[m, a]
                    sums[_PRODUCTS + 18 + 6 * m + a] = slopes[m, a]


@bare
def look_weights(radar: Array, snr: float, broadening: float) -> tuple[float, float, float]:
    """Inverse variances of one look: of range [1/m^2], of an angle [1/rad^2], of range rate [s^2/m^2].

    ``radar`` is a row as of ``physics.radar``, ``broadening`` the widening of the beam off the face's
    normal. Errors fall with the root of twice the signal-to-noise ratio [4]_, toward the floor that the
    radar has however strong the echo.
    """
    noise, floor = 1.0 / (2.0 * snr), radar[FLOOR] * radar[FLOOR]
    cell, beam = radar[CELL], radar[BEAM] * broadening
    along = cell * cell * (noise / RANGE_SLOPE**2 + floor)
    across = beam * beam * (noise / ANGLE_SLOPE**2 + floor)
    rate = 0.0
    if radar[DOPPLER] > 0.0:
        rate = 1.0 / (radar[DOPPLER] ** 2 * (noise / _DOPPLER_SLOPE**2 + floor))
    return 1.0 / along, 1.0 / across, rate


@bare
def _add_pairs(weights: tuple[float, float], pairs: tuple[float, float, float], record: Array) -> None:
    """Add looks to what is known of the biases, by the last that ``_course`` gives."""
    for m in range(2):
        for k in range(3):
            record[PAIRS + 3 * m + k] += weights[m] * pairs[k]


@bare
def _course(begin: float, end: float) -> tuple[float, float, float, float, tuple[float, float, float]]:
    """Means over a span of the course x of the biases [rad], in closed form: of cos x, sin x, v sin x and
    -v cos x, where v goes from -1 to 1 over the span; and of cos^2 x, cos x sin x, sin^2 x.

    With h half the span, cos(hv) has the mean sin(h) / h, and v sin(hv) the mean (sin h - h cos h) / h^2.
    """
    middle, h = 0.5 * (begin + end), 0.5 * (end - begin)
    c, s, ch = math.cos(middle), math.sin(middle), math.cos(h)
    x = h * h
    if h < _SHORT:
        even = 1.0 - x / 6.0 * (1.0 - x / 20.0 * (1.0 - x / 42.0))
        odd = h / 3.0 * (1.0 - x / 10.0 * (1.0 - x / 28.0 * (1.0 - x / 54.0)))
    else:
        sh = math.sin(h)
        even, odd = sh / h, (sh - h * ch) / x
    twice = even * ch
    cc = 0.5 + 0.5 * twice * (c * c - s * s)
    return c * even, s * even, c * odd, s * odd, (cc, twice * c * s, 1.0 - cc)


@bare
def add_span(
    structure: Array, low: float, high: float, along: float, across: float, rate: float, begin: float, end:
    float, record: Array,
) -> None:  # fmt: skip
    """Add looks that come evenly over part of a cell, and whose weights sum to these, to a radar's record.

    ``low`` and ``high``, from 0 to 1, say over which part; ``begin`` and ``end`` are the course of the biases
    there [rad]. All sums are integrals in closed form: looks added never take away from what is known, which
    looks gathered at a few places would do where the biases turn far in one cell.
    """
    # From the middle, in half lengths: where looks stand in the mean, and in the mean of squares, less that
    # of the whole cell.
    a, b = 2.0 * low - 1.0, 2.0 * high - 1.0
    one, two = 0.5 * (a + b), (a * a + a * b + b * b - 1.0) / 3.0
    for k in range(PACKED):
        r, g, d = k, _ANGLES + k, _DOPPLER + k
        record[k] += (
            along * (structure[r] + one * structure[_CHANGE + r] + two * structure[_BEND + r])
            + across * (structure[g] + one * structure[_CHANGE + g] + two * structure[_BEND + g])
            + rate * (structure[d] + one * structure[_CHANGE + d] + two * structure[_BEND + d])
        )
    cosine, sine, rise, fall, pairs = _course(begin, end)
    half = 0.5 * (b - a)
    late, wane = one * cosine - half * fall, one * sine + half * rise
    for m in range(3):
        weight = along if m == 0 else across
        for k in range(6):
            middle, slope = structure[_PRODUCTS + 6 * m + k], structure[_PRODUCTS + 18 + 6 * m + k]
            record[BIASES + 12 * m + k] += weight * (cosine * middle + late * slope)
            record[BIASES + 12 * m + 6 + k] += weight * (sine * middle + wane * slope)
    _add_pairs((along, across), pairs, record)


@bare
def add_whole(
    structure: Array, along: float, across: float, rate: float, begin: float, end: float, record: Array
) -> None:
    """``add_span`` over all of a cell."""
    for k in range(PACKED):
        record[k] += along * structure[k] + across * structure[_ANGLES + k] + rate * structure[_DOPPLER + k]
    cosine, sine, rise, fall, pairs = _course(begin, end)
    for m in range(3):
        weight = along if m == 0 else across
        wc, ws, wr, wf = weight * cosine, weight * sine, weight * rise, weight * fall
        for k in range(6):
            middle, slope = structure[_PRODUCTS + 6 * m + k], structure[_PRODUCTS + 18 + 6 * m + k]
            record[BIASES + 12 * m + k] += wc * middle - wf * slope
            record[BIASES + 12 * m + 6 + k] += ws * middle + wr * slope
    _add_pairs((along, across), pairs, record)


@kernel
def filter_looks(
    times: Array, states: Array, phis: Array, receiver: Array, transmitter: Array, weights: Array, period:
    float, every: int, earth: Earth,
) -> Array:  # fmt: skip
    """A radar's record after every so many looks: (n // every, 63).

    ``weights`` (n, 3) as of ``look_weights``, zero where the radar does not see the body; ``phis`` (n, 6, 6);
    ``period`` as of ``radar.WANDER`` [s].
    """
    n = len(times)
    out = np.empty((n // every, RECORD))
    record = np.zeros(RECORD)
    line, rows, stations = np.empty(10), np.empty((4, 6)), anchors(receiver, transmitter, earth)
    off, sums = np.zeros(4), np.zeros(12)
    for i in range(n):
        along, across, rate = weights[i, 0], weights[i, 1], weights[i, 2]
        if along > 0.0 or across > 0.0 or rate > 0.0:
            look_rows(times[i], states[i], phis[i], stations, earth, line, rows)
            add_look(rows, (along, across, rate), off, times[i] / period, record, sums)
        if (i + 1) % every == 0:
            out[i // every] = record
    return out


@bare
def _part_bias(record: Array, m: int, size: float, work: Array) -> tuple[float, float, float]:
    """What the unknown bias of measurement ``m``, of a size, takes away: two rows, whose squares are to be
    taken from the information, into ``work`` (2, 6).

    Gives back Cholesky's factor of the pair's 2 x 2: the inverses of its diagonal, the other between them.
    """
    known = 1.0 / (size * size)
    pair = PAIRS + (0 if m == 0 else 3)
    first = 1.0 / math.sqrt(record[pair] + known)
    mixed = record[pair + 1] * first
    second = 1.0 / math.sqrt(record[pair + 2] + known - mixed * mixed)
    for a in range(6):
        work[0, a] = record[BIASES + 12 * m + a] * first
        work[1, a] = (record[BIASES + 12 * m + 6 + a] - mixed * work[0, a]) * second
    return first, mixed, second


@bare
def _take_away(work: Array, information: Array) -> None:
    k = 0
    for a in range(6):
        ua, va = work[0, a], work[1, a]
        for b in range(a, 6):
            information[k] -= ua * work[0, b] + va * work[1, b]
            k += 1


@bare
def add_record(record: Array, radar: Array, work: Array, information: Array) -> None:
    """Add what a radar has found to the information about the state (21,), its biases left unknown [2]_.

    A bias b wanders as b_1 cos(t / period) + b_2 sin(t / period), both of the size given: it is as large at
    any time, and after a quarter turn it is another. ``work`` is room for (2, 6).
    """
    for k in range(PACKED):
        information[k] += record[k]
    for m in range(3):
        size = radar[OFFSET] if m == 0 else radar[SKEW]
        if size > 0.0:
            _part_bias(record, m, size, work)
            _take_away(work, information)


@bare
def add_evidence(
    record: Array, sums: Array, radar: Array, work: Array, information: Array, evidence: Array
) -> None:
    """As ``add_record``, and add what was measured: the estimate is ``information`` over ``evidence`` (6,).

    ``sums`` (12,) as of ``add_look``.
    """
    for k in range(PACKED):
        information[k] += record[k]
    for a in range(6):
        evidence[a] += sums[a]
    for m in range(3):
        size = radar[OFFSET] if m == 0 else radar[SKEW]
        if size > 0.0:
            first, mixed, second = _part_bias(record, m, size, work)
            _take_away(work, information)
            one = sums[6 + 2 * m] * first
            two = (sums[7 + 2 * m] - mixed * one) * second
            for a in range(6):
                evidence[a] -= work[0, a] * one + work[1, a] * two


@bare
def add_look(
    rows: Array, weights: tuple[float, float, float], off: Array, course: float, record: Array, sums: Array
) -> None:
    """Add a look to a radar's record (63,), and what it measured to ``sums`` (12,).

    Parameters
    ----------
    rows : (4, 6) as of ``look_rows``
    weights : as of ``look_weights``
    off : (4,) by how much it is off, biases included: range [m], angle across and elevation [rad], range rate
        [m/s]
    course : of the biases [rad]
    sums : products of what is off with the rows (6), and with the biases of range, across and elevation now
        and a quarter turn later (2 each), all weighted
    """
    along, across, rate = weights
    c, s = math.cos(course), math.sin(course)
    k = 0
    for a in range(6):
        ra, pa, qa = along * rows[0, a], across * rows[1, a], across * rows[2, a]
        da = rate * rows[3, a]
        record[BIASES + a] += c * ra
        record[BIASES + 6 + a] += s * ra
        record[BIASES + 12 + a] += c * pa
        record[BIASES + 18 + a] += s * pa
        record[BIASES + 24 + a] += c * qa
        record[BIASES + 30 + a] += s * qa
        sums[a] += ra * off[0] + pa * off[1] + qa * off[2] + da * off[3]
        for b in range(a, 6):
            record[k] += ra * rows[0, b] + pa * rows[1, b] + qa * rows[2, b] + da * rows[3, b]
            k += 1
    for m in range(3):
        weight = along if m == 0 else across
        sums[6 + 2 * m] += weight * c * off[m]
        sums[7 + 2 * m] += weight * s * off[m]
    _add_pairs((along, across), (c * c, c * s, s * s), record)


@bare
def cue_information(state: Array, place: float, along: float, across: float, information: Array) -> None:
    """Set the information (21,) to what a cue tells of the state at burnout.

    ``place`` is its error of position on each axis [m], ``along`` and ``across`` its errors of speed, along
    the velocity and on each axis across it [m/s].
    """
    speed = math.sqrt(state[3] ** 2 + state[4] ** 2 + state[5] ** 2)
    ip, ia, ic = 1e6 / (place * place), 1.0 / (along * along), 1.0 / (across * across)
    k = 0
    for a in range(6):
        for b in range(a, 6):
            value = 0.0
            if a == b:
                value = ip if a < 3 else ic
            if a >= 3:
                value += (ia - ic) * state[a] * state[b] / (speed * speed)
            information[k] = value
            k += 1


@bare
def factor(information: Array, lower: Array) -> bool:
    """Cholesky's factor (6, 6) of an information (21,), with the inverses of its diagonal there; false where
    it is not positive.
    """
    k = 0
    for a in range(6):
        for b in range(a, 6):
            value = information[k]
            for m in range(a):
                value -= lower[a, m] * lower[b, m]
            if a == b:
                if not value > 0.0:
                    return False
                lower[a, a] = 1.0 / math.sqrt(value)
            else:
                lower[b, a] = value * lower[a, a]
            k += 1
    return True


@bare
def spread(lower: Array, row: Array, out: Array) -> None:
    """Divide a row (6,) by a factor as of ``factor``: the covariance of two linear functions of the state is
    the product of what this gives for both.
    """
    for a in range(6):
        value = row[a]
        for m in range(a):
            value -= lower[a, m] * out[m]
        out[a] = value * lower[a, a]


@bare
def solve(lower: Array, evidence: Array, work: Array, out: Array) -> None:
    """The state (6,) that an information, by its factor as of ``factor``, and evidence (6,) give; ``work`` is
    room for (6,).
    """
    spread(lower, evidence, work)
    for a in range(5, -1, -1):
        value = work[a]
        for b in range(a + 1, 6):
            value -= lower[b, a] * out[b]
        out[a] = value * lower[a, a]


@kernel
def errors(informations: Array, phis: Array) -> Array:
    """One-sigma errors of position [m] and velocity [m/s], root of the sum over three axes: (n, 2).

    ``informations`` (n, 21) about the state at the start, ``phis`` (n, 6, 6) to the times asked about; nan
    where the information does not suffice.
    """
    n = len(informations)
    out = np.full((n, 2), np.nan)
    lower, half = np.zeros((6, 6)), np.empty(6)
    for i in range(n):
        if not factor(informations[i], lower):
            continue
        for part in range(2):
            total = 0.0
            for a in range(3):
                spread(lower, phis[i, 3 * part + a], half)
                for m in range(6):
                    total += half[m] * half[m]
            out[i, part] = math.sqrt(total) * (1e3 if part == 0 else 1.0)
    return out
