"""When an interceptor may be launched: the track must tell where the flight can be met.

A launch toward an intercept at time T rests on what the sensors have reported by the decision before it. The
track's error at T, in the plane across the closing velocity, has a radius e within which the doctrine's
probability lies. On its way the interceptor is told of the improved track: after burnout, half-way, and when
the kill vehicle turns to its own seeker. Each time, or when it pays, it makes good what it now knows to be
wrong. With radii e_0 at launch, e_1, e_2, e_3 at the three moments, that takes

    sqrt(e_0^2 - e_1^2) / (T - t_1) + sqrt(e_1^2 - e_2^2) / (T - t_2) + (sqrt(e_2^2 - e_3^2) + e_3) / (T -
    t_3)

of its divert, the last term for what only the seeker finds. The launch is allowed when the kill vehicle has
as much, when the seeker, opening its eyes, has the target in its view, e_3 <= closing speed x (T - t_3) x
tan(view / 2), and when a radar has a track at all. Where nothing is sent in flight, all of e_0 is left to
the seeker.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .acquisition import SUMMARY
from .flight import Array
from .kernel import kernel
from .observation import Bench, Orders, Views, bench, frame, observe
from .prediction import CLOSING, PLANE, error_radius, fuse

Indices = NDArray[np.int64]

# Rows of a curve (two a time) of which one is tried at first, and how many times what is there may be
# wanting at the best of them before the rows between are given up too.
_SIEVE = 4
_FAR_SHORT = 3.0


class Shooters(NamedTuple):
    """Batteries.

    Attributes
    ----------
    curves : (batteries, distinct, flights, 2 n - 1, 2) as of ``intercept.sampled_launches``
    which : (batteries, samples) row of ``curves`` that a sample uses
    planes : (batteries, flights, n, 13)
    burn : (batteries,) burn time of the interceptor [s]
    vehicles : (batteries, samples, 4) divert [m/s], homing time [s], tangent of half the seeker's view,
        longest flight [s]
    """

    curves: Array
    which: Indices
    planes: Array
    burn: Array
    vehicles: Array


@kernel
def _known_radius(
    t: float, s: int, f: int, views: Views, radars: Array, orders: Orders, room: Bench
) -> float:
    """Radius of the error in ``room.plane`` of the track as reported by time ``t`` [m]; nan where there is
    none.
    """
    if not fuse(
        t, views.times[f], room.prior, radars, s, room.structures, room.cells, room.spans,
        room.weights, room.records, room.gap, room.work, room.information,
    ):  # fmt: skip
        return np.nan
    return error_radius(room.information, room.plane, orders.radii[s], room.lower, room.one, room.two)


@kernel
def spare(
    meet: float, launch: float, row: float, b: int, s: int, f: int, views: Views, radars: Array, orders:
    Orders, shooters: Shooters, room: Bench,
) -> float:  # fmt: skip
    """Divert left over by a launch toward an intercept [m/s]; negative where the track does not suffice.

    ``row`` places the intercept among the times of the flight's planes.
    """
    decided = launch - orders.decision[s]
    if decided <= room.reported[0]:
        return -np.inf
    divert, homing, view = shooters.vehicles[b, s, 0], shooters.vehicles[b, s, 1], shooters.vehicles[b, s, 2]
    i = min(int(row), shooters.planes.shape[2] - 2)
    part = row - i
    for k in range(PLANE):
        low = shooters.planes[b, f, i, k]
        room.plane[k] = low + part * (shooters.planes[b, f, i + 1, k] - low)
    # What the seeker can be off by: by its view, and by what it can still make good.
    basket = min(room.plane[CLOSING] * view, divert) * homing
    handover, last = meet - homing, np.inf
    uplink = orders.uplink[s] != 0.0
    if uplink and room.doubt[0]:
        last = _known_radius(handover, s, f, views, radars, orders, room)
        if last > basket:
            return divert * (1.0 - last / basket)
    before = _known_radius(decided, s, f, views, radars, orders, room)
    # Good enough without any news, and news makes it no worse.
    room.doubt[0] = before > basket
    if before <= basket and (2.0 * before <= divert * homing or not uplink):
        return divert - before / homing
    if not uplink:
        return divert * (1.0 - before / basket)
    if math.isinf(last):
        last = _known_radius(handover, s, f, views, radars, orders, room)
    last = min(before, last)
    if last > basket:
        return divert * (1.0 - last / basket)
    burnout = launch + shooters.burn[b]
    # Least divert spent up to each moment, once what is known then has been made good; a moment may be let
    # pass.
    e, spent = room.errors, room.spent
    e[0], spent[0] = before, 0.0
    best = before / homing
    for k in range(1, 4):
        t = burnout + (handover - burnout) * 0.5 * (k - 1)
        e[k] = last if k == 3 else min(e[k - 1], _known_radius(t, s, f, views, radars, orders, room))
        spent[k] = np.inf
        for m in range(k):
            turn = math.sqrt(max(0.0, e[m] * e[m] - e[k] * e[k])) / (meet - t)
            spent[k] = min(spent[k], spent[m] + turn)
        best = min(best, spent[k] + e[k] / homing)
    return divert - best


@kernel
def chance(
    start: int, ready: float, b: int, s: int, f: int, views: Views, radars: Array, orders: Orders, shooters:
    Shooters, room: Bench,
) -> tuple[float, int]:  # fmt: skip
    """The first intercept by a battery from a row of its curve on, launched at ``ready`` or later and on a
    track good enough: its time [s], and the row at or before which it lies; nan where there is none.
    """
    curve = shooters.curves[b, shooters.which[b, s], f]
    before = -1
    for i in range(start, curve.shape[0]):
        t, launch = curve[i, 0], curve[i, 1]
        if math.isnan(t):
            continue
        if math.isnan(launch):
            before = -1
            continue
        if launch < ready or spare(t, launch, 0.5 * i, b, s, f, views, radars, orders, shooters, room) < 0.0:
            before = i
            continue
        if before < 0:
            return t, i
        # Between the two rows: where the launch is due, if the track suffices there; else to an eighth.
        t0, l0 = curve[before, 0], curve[before, 1]
        low, high = 0.0, 1.0
        if l0 < ready:
            low = (ready - l0) / (launch - l0)
            row = 0.5 * (before + low * (i - before))
            at = t0 + low * (t - t0)
            if spare(at, ready, row, b, s, f, views, radars, orders, shooters, room) >= 0.0:
                return at, i
        for _ in range(3):
            part = 0.5 * (low + high)
            row = 0.5 * (before + part * (i - before))
            at, due = t0 + part * (t - t0), l0 + part * (launch - l0)
            if spare(at, due, row, b, s, f, views, radars, orders, shooters, room) < 0.0:
                low = part
            else:
                high = part
        return t0 + high * (t - t0), i
    return np.nan, curve.shape[0]


@kernel
def _engages(
    b: int, s: int, f: int, views: Views, radars: Array, orders: Orders, shooters: Shooters, room: Bench
) -> bool:
    """Whether a battery can meet a flight at all.

    What is spare changes smoothly along the flight: every other intercept is tried, the latest first, on the
    best tracks; then the rest, unless all of them fall far short.
    """
    curve = shooters.curves[b, shooters.which[b, s], f]
    rows, most = curve.shape[0], -np.inf
    for sieve in range(2):
        for k in range(rows):
            i = rows - 1 - k
            if sieve == 0 and i % _SIEVE != 0:
                continue
            if sieve == 1 and i % _SIEVE == 0:
                continue
            t, launch = curve[i, 0], curve[i, 1]
            if math.isnan(t) or math.isnan(launch):
                continue
            left = spare(t, launch, 0.5 * i, b, s, f, views, radars, orders, shooters, room)
            if left >= 0.0:
                return True
            most = max(most, left)
        if -np.inf < most < -_FAR_SHORT * shooters.vehicles[b, s, 0]:
            return False
    return False


@kernel
def _window(
    b: int,
    s: int,
    f: int,
    views: Views,
    radars: Array,
    orders: Orders,
    shooters: Shooters,
    room: Bench,
    out: Array,
) -> None:
    """First and last launch, first and last intercept allowed [s], into ``out`` (4,); nan where there are
    none.
    """
    curve = shooters.curves[b, shooters.which[b, s], f]
    out[:] = np.nan
    out[2], row = chance(0, -np.inf, b, s, f, views, radars, orders, shooters, room)
    if math.isnan(out[2]):
        return
    out[3] = out[2]
    for i in range(row, curve.shape[0]):
        t, launch = curve[i, 0], curve[i, 1]
        if math.isnan(t) or math.isnan(launch):
            continue
        if spare(t, launch, 0.5 * i, b, s, f, views, radars, orders, shooters, room) < 0.0:
            continue
        out[3] = t
        out[1] = launch if math.isnan(out[1]) else max(out[1], launch)
        # The earliest launch that this intercept allows: no track before burnout and the decision.
        low = max(views.times[f, 0] + orders.decision[s], t - shooters.vehicles[b, s, 3])
        high = launch
        if not math.isnan(out[0]):
            if spare(t, min(out[0], launch), 0.5 * i, b, s, f, views, radars, orders, shooters, room) < 0.0:
                continue
            high = min(out[0], launch)
        while high - low > 0.5:
            middle = 0.5 * (low + high)
            if spare(t, middle, 0.5 * i, b, s, f, views, radars, orders, shooters, room) < 0.0:
                low = middle
            else:
                high = middle
        out[0] = high


@kernel
def _shots(
    most: int, s: int, f: int, views: Views, radars: Array, orders: Orders, shooters: Shooters, room: Bench
) -> int:
    """Shots one after another, each only when the outcome of the last is known; whichever battery meets the
    flight soonest shoots.
    """
    batteries = len(shooters.burn)
    ready, count = -np.inf, 0
    rows = np.zeros(batteries, dtype=np.int64)
    meets, launches = np.full(batteries, -np.inf), np.full(batteries, -np.inf)
    while count < most:
        best = -1
        for b in range(batteries):
            # A chance found earlier stands as long as its launch is still to come.
            if launches[b] < ready or meets[b] == -np.inf:
                meets[b], row = chance(rows[b], ready, b, s, f, views, radars, orders, shooters, room)
                if math.isnan(meets[b]):
                    launches[b] = np.inf
                    continue
                launches[b] = _launch_at(shooters.curves[b, shooters.which[b, s], f], meets[b])
                # An edge of the next window may lie one row back.
                rows[b] = max(0, row - 2)
            if not math.isnan(meets[b]) and (best < 0 or meets[b] < meets[best]):
                best = b
        if best < 0:
            break
        count += 1
        ready = max(launches[best] + orders.interval[s], meets[best] + orders.assessment[s])
    return count


@kernel
def _launch_at(curve: Array, t: float) -> float:
    """Latest launch toward an intercept at ``t``, evenly between the rows of a curve [s]."""
    t0, l0 = np.nan, np.nan
    for i in range(curve.shape[0]):
        t1, l1 = curve[i, 0], curve[i, 1]
        if math.isnan(t1) or math.isnan(l1):
            continue
        if t1 >= t:
            return l1 if math.isnan(t0) or t1 == t0 else l0 + (l1 - l0) * (t - t0) / (t1 - t0)
        t0, l0 = t1, l1
    return l0


@kernel
def sampled_chances(
    views: Views, which: Indices, radars: Array, orders: Orders, shooters: Shooters, most: int, closely: bool
) -> tuple[Array, NDArray[np.bool_], Array, Array]:
    """What an architecture makes of every flight in every sample.

    Parameters
    ----------
    which : (r,) index in ``views`` of each radar of the architecture
    radars : (r, samples, 28) as of ``physics.radar``
    most : shots after which no more are counted; 0 where shots are not asked for
    closely : whether whole windows are asked for

    Returns
    -------
    summaries : (r, samples, flights, 5) as of ``acquisition`` [s]
    engaged : (batteries, samples, flights) whether there is an intercept
    shots : (samples, flights)
    windows : (batteries, samples, flights, 4) first and last launch, first and last intercept [s]; empty
        unless asked for
    """
    samples, flights = orders.cues.shape
    batteries = len(shooters.burn)
    summaries = np.empty((radars.shape[0], samples, flights, SUMMARY))
    engaged = np.zeros((batteries, samples, flights), dtype=np.bool_)
    shots = np.zeros((samples, flights))
    windows = np.full((batteries if closely else 0, samples, flights, 4), np.nan)
    room = bench(radars.shape[0], views.boost_times.shape[1], views.times.shape[1])
    for f in range(flights):
        frame(views, which, radars, f, room)
        for s in range(samples):
            observe(views, which, radars, orders, s, f, batteries > 0, room)
            for r in range(radars.shape[0]):
                summaries[r, s, f] = room.summary[r]
            for b in range(batteries):
                if closely:
                    _window(b, s, f, views, radars, orders, shooters, room, windows[b, s, f])
                    engaged[b, s, f] = not math.isnan(windows[b, s, f, 2])
                else:
                    engaged[b, s, f] = _engages(b, s, f, views, radars, orders, shooters, room)
            if most > 0:
                shots[s, f] = _shots(most, s, f, views, radars, orders, shooters, room)
    return summaries, engaged, shots, windows
