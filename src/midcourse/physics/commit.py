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
from .kernel import bare, kernel
from .knowledge import AT_LEAST, AT_MOST, EXACTLY, known_radius
from .launching import PLANES, Curves, Shooters, curves_for, ensure, forget
from .observation import Bench, Watch, bench_for, frame, observe, turn_to
from .pointer import array_at, point, pointer
from .prediction import CLOSING, PLANE

Indices = NDArray[np.int64]

# Rows of a curve (two a time) of which one is tried at first, and where on it, as a part of the flight, most
# flights can be met if at all.
_SIEVE = 4
_LIKELY = 0.8


class Questions(NamedTuple):
    """What is asked about the teams of a ``Watch``.

    Attributes
    ----------
    sights : (m,) teams of which it is told what every radar saw, in their order
    pairs : (p, 2) a team and a battery that may use its track, by team
    given : (p, q) earlier pairs that settle this one, -1 where there are no more: the same battery, the same
        orders, and a part of the team's radars. More radars never tell less, so what one of those engages
        this one does
    volleys : (v, most + 2) a team, the number of batteries that take shots in turn on its track, and these,
        by team
    most : shots after which no more are counted
    """

    sights: Indices
    pairs: Indices
    given: Indices
    volleys: Indices
    most: int


@bare
def _aim_at(row: float, b: int, f: int, shooters: Shooters, room: Bench) -> None:
    """The plane of an intercept, placed among the times of the flight's planes, into ``room``."""
    planes = array_at(pointer(shooters.arrays[b, PLANES]), (shooters.flights, shooters.n, PLANE))[f]
    i = min(int(row), shooters.n - 2)
    part = row - i
    for k in range(PLANE):
        room.plane[k] = planes[i, k] + part * (planes[i + 1, k] - planes[i, k])


@bare
def update_time(k: int, burnout: float, handover: float) -> float:
    """When the interceptor is told of the improved track for the k-th time, from 1 to 3 [s]."""
    return burnout + (handover - burnout) * 0.5 * (k - 1)


@bare
def divert_asked(errors: Array, burnout: float, meet: float, homing: float, spent: Array) -> float:
    """Divert that an interceptor needs [m/s] where the track's errors at launch and at the three moments are
    ``errors`` (4,) [m]; ``spent`` is room for (4,).

    A moment may be let pass.
    """
    # Least divert spent up to each moment, once what is known then has been made good.
    spent[0] = 0.0
    best = errors[0] / homing
    for k in range(1, 4):
        left = meet - update_time(k, burnout, meet - homing)
        spent[k] = np.inf
        for m in range(k):
            turn = math.sqrt(max(0.0, errors[m] * errors[m] - errors[k] * errors[k])) / left
            spent[k] = min(spent[k], spent[m] + turn)
        best = min(best, spent[k] + errors[k] / homing)
    return best


@bare
def _left(
    meet: float, launch: float, early: int, looks: int, b: int, order: int, s: int, f: int, watch: Watch,
    shooters: Shooters, room: Bench,
) -> float:  # fmt: skip
    """Divert left over by a launch toward an intercept in ``room.plane`` [m/s]; negative where the track does
    not suffice. Of what is known at the decision ``early`` looks count, as of ``knowledge``, of what is known
    later ``looks``.
    """
    divert, homing, view = shooters.vehicles[b, s, 0], shooters.vehicles[b, s, 1], shooters.vehicles[b, s, 2]
    # What the seeker can be off by: by its view, and by what it can still make good.
    basket = min(room.plane[CLOSING] * view, divert) * homing
    handover, last = meet - homing, np.inf
    decided = launch - watch.orders.decision[order, s]
    uplink = watch.orders.uplink[order, s] != 0.0
    if uplink and room.doubt[0]:
        last = known_radius(handover, order, s, f, looks, watch, room)
        if last > basket:
            return divert * (1.0 - last / basket)
    before = known_radius(decided, order, s, f, early, watch, room)
    # Good enough without any news, and news makes it no worse.
    if before <= basket and (2.0 * before <= divert * homing or not uplink):
        return divert - before / homing
    if not uplink:
        return divert * (1.0 - before / basket)
    if math.isinf(last):
        last = known_radius(handover, order, s, f, looks, watch, room)
    last = min(before, last)
    if last > basket:
        return divert * (1.0 - last / basket)
    burnout, e = launch + shooters.burn[b], room.errors
    e[0], e[3] = before, last
    for k in range(1, 3):
        t = update_time(k, burnout, handover)
        e[k] = min(e[k - 1], known_radius(t, order, s, f, looks, watch, room))
    return divert - divert_asked(e, burnout, meet, homing, room.spent)


@bare
def spare(
    meet: float, launch: float, row: float, b: int, order: int, s: int, f: int, watch: Watch, shooters:
    Shooters, room: Bench,
) -> float:  # fmt: skip
    """Divert left over by a launch toward an intercept [m/s]; negative where the track does not suffice.

    ``row`` places the intercept among the times of the flight's planes.
    """
    if launch - watch.orders.decision[order, s] <= room.reported[0]:
        return -np.inf
    _aim_at(row, b, f, shooters, room)
    return _left(meet, launch, EXACTLY, EXACTLY, b, order, s, f, watch, shooters, room)


@bare
def _try(
    meet: float, launch: float, row: float, b: int, order: int, s: int, f: int, watch: Watch, shooters:
    Shooters, room: Bench,
) -> float:  # fmt: skip
    """As ``spare``, of the same sign and no further below zero.

    What is known at ends of cells bounds what is known in between, and costs little once it is there: only
    launches that the bounds leave open are looked at closely.
    """
    if launch - watch.orders.decision[order, s] <= room.reported[0]:
        return -np.inf
    _aim_at(row, b, f, shooters, room)
    doubt = room.doubt[0]
    for step in range(4):
        # What decided the last launch is tried first; then with the decision, which most hangs on, looked at
        # closely.
        early = AT_MOST if (step % 2 == 0) == doubt else AT_LEAST
        looks = early
        if step >= 2:
            early = EXACTLY
        left = _left(meet, launch, early, looks, b, order, s, f, watch, shooters, room)
        if (left >= 0.0) == (looks == AT_LEAST):
            room.doubt[0] = left < 0.0
            return left
    left = _left(meet, launch, EXACTLY, EXACTLY, b, order, s, f, watch, shooters, room)
    room.doubt[0] = left < 0.0
    return left


@bare
def chance(
    start: int, ready: float, b: int, order: int, s: int, f: int, watch: Watch, shooters: Shooters, curves:
    Curves, room: Bench,
) -> tuple[float, float, int]:  # fmt: skip
    """The first intercept by a battery from a row of its curve on, launched at ``ready`` or later and on a
    track good enough: its time and that of the launch [s], and the row at or before which it lies; nan where
    there is none.
    """
    rows = curves.rows[b]
    before = -1
    for i in range(start, len(rows)):
        ensure(i, b, s, f, shooters, curves)
        t, launch = rows[i, 0], rows[i, 1]
        if math.isnan(t):
            continue
        if math.isnan(launch):
            before = -1
            continue
        if launch < ready or _try(t, launch, 0.5 * i, b, order, s, f, watch, shooters, room) < 0.0:
            before = i
            continue
        if before < 0:
            return t, launch, i
        # Between the two rows: where the launch is due, if the track suffices there; else to an eighth.
        t0, l0 = rows[before, 0], rows[before, 1]
        low, high = 0.0, 1.0
        if l0 < ready:
            low = (ready - l0) / (launch - l0)
            row = 0.5 * (before + low * (i - before))
            at = t0 + low * (t - t0)
            if _try(at, ready, row, b, order, s, f, watch, shooters, room) >= 0.0:
                return at, ready, i
        for _ in range(3):
            part = 0.5 * (low + high)
            row = 0.5 * (before + part * (i - before))
            at, due = t0 + part * (t - t0), l0 + part * (launch - l0)
            if _try(at, due, row, b, order, s, f, watch, shooters, room) < 0.0:
                low = part
            else:
                high = part
        return t0 + high * (t - t0), l0 + high * (launch - l0), i
    return np.nan, np.nan, len(rows)


@bare
def _engages(
    b: int, order: int, s: int, f: int, watch: Watch, shooters: Shooters, curves: Curves, room: Bench
) -> bool:
    """Whether a battery can meet a flight at all.

    A likely intercept is tried, then every other, the latest first, on the best tracks; then the rest.
    However far short the first fall, the rest may not: a track of a few looks tells next to nothing, one of a
    few more enough.
    """
    rows = curves.rows[b]
    likely = int(_LIKELY * len(rows)) // _SIEVE * _SIEVE
    for sieve in range(3):
        for k in range(len(rows) if sieve > 0 else 1):
            i = len(rows) - 1 - k if sieve > 0 else likely
            if sieve > 0 and ((i % _SIEVE == 0) != (sieve == 1) or i == likely):
                continue
            ensure(i, b, s, f, shooters, curves)
            t, launch = rows[i, 0], rows[i, 1]
            if math.isnan(t) or math.isnan(launch):
                continue
            if _try(t, launch, 0.5 * i, b, order, s, f, watch, shooters, room) >= 0.0:
                return True
    return False


@bare
def _window(
    b: int, order: int, s: int, f: int, watch: Watch, shooters: Shooters, curves: Curves, room: Bench,
    out: Array,
) -> None:  # fmt: skip
    """First and last launch, first and last intercept allowed [s], into ``out`` (4,); nan where there are
    none.
    """
    curve = curves.rows[b]
    out[:] = np.nan
    out[2], _, row = chance(0, -np.inf, b, order, s, f, watch, shooters, curves, room)
    if math.isnan(out[2]):
        return
    out[3] = out[2]
    for i in range(row, curve.shape[0]):
        ensure(i, b, s, f, shooters, curves)
        t, launch = curve[i, 0], curve[i, 1]
        if math.isnan(t) or math.isnan(launch):
            continue
        if _try(t, launch, 0.5 * i, b, order, s, f, watch, shooters, room) < 0.0:
            continue
        out[3] = t
        out[1] = launch if math.isnan(out[1]) else max(out[1], launch)
        # The earliest launch that this intercept allows: no track before burnout and the decision.
        low = max(watch.views.times[f, 0] + watch.orders.decision[order, s], t - shooters.vehicles[b, s, 3])
        high = launch
        if not math.isnan(out[0]):
            if _try(t, min(out[0], launch), 0.5 * i, b, order, s, f, watch, shooters, room) < 0.0:
                continue
            high = min(out[0], launch)
        while high - low > 0.5:
            middle = 0.5 * (low + high)
            if _try(t, middle, 0.5 * i, b, order, s, f, watch, shooters, room) < 0.0:
                low = middle
            else:
                high = middle
        out[0] = high


@bare
def _shots(
    volley: Indices, most: int, order: int, s: int, f: int, watch: Watch, shooters: Shooters, curves: Curves,
    room: Bench, due: Array, rows: Indices,
) -> int:  # fmt: skip
    """Shots one after another, each only when the outcome of the last is known; whichever battery of a row
    of ``Questions.volleys`` meets the flight soonest shoots.

    ``due`` (batteries, 2) and ``rows`` (batteries,) are of no meaning between calls.
    """
    batteries = volley[1]
    ready, count = -np.inf, 0
    for k in range(batteries):
        due[k, 0], due[k, 1], rows[k] = -np.inf, -np.inf, 0
    while count < most:
        best = -1
        for k in range(batteries):
            # A chance found earlier stands as long as its launch is still to come.
            if due[k, 1] < ready or due[k, 0] == -np.inf:
                b = volley[2 + k]
                due[k, 0], due[k, 1], row = chance(
                    rows[k], ready, b, order, s, f, watch, shooters, curves, room
                )
                if math.isnan(due[k, 0]):
                    due[k, 1] = np.inf
                    continue
                # An edge of the next window may lie one row back.
                rows[k] = max(0, row - 2)
            if not math.isnan(due[k, 0]) and (best < 0 or due[k, 0] < due[best, 0]):
                best = k
        if best < 0:
            break
        count += 1
        interval, assessment = watch.orders.interval[order, s], watch.orders.assessment[order, s]
        ready = max(due[best, 1] + interval, due[best, 0] + assessment)
    return count


@kernel
def sampled_chances(
    watch: Watch, shooters: Shooters, questions: Questions, closely: bool
) -> tuple[Array, NDArray[np.bool_], Array, Array]:
    """What architectures make of every flight in every sample.

    ``closely`` asks for whole windows.

    Returns
    -------
    summaries : (m, most, samples, flights, 5) of every member of these teams, as of ``acquisition`` [s]
    engaged : (pairs, samples, flights) whether there is an intercept
    shots : (volleys, samples, flights)
    windows : (pairs, samples, flights, 4) first and last launch, first and last intercept [s]; empty unless
        asked for
    """
    samples, flights = watch.orders.cues.shape[1], watch.orders.cues.shape[2]
    pairs, volleys = questions.pairs, questions.volleys
    teams, most = watch.members.shape
    summaries = np.full((len(questions.sights), most, samples, flights, SUMMARY), np.nan)
    engaged = np.zeros((len(pairs), samples, flights), dtype=np.bool_)
    shots = np.zeros((len(volleys), samples, flights))
    windows = np.full((len(pairs) if closely else 0, samples, flights, 4), np.nan)
    # Handed on by their address: see ``pointer``.
    looking = point(
        Watch(
            point(watch.views), watch.which, watch.radars, point(watch.orders), watch.members, watch.told
        )
    )  # fmt: skip
    firing, bench, kept = point(shooters), bench_for(watch), curves_for(shooters)
    room, curves = point(bench), point(kept)
    due, rows = np.empty((volleys.shape[1], 2)), np.zeros(volleys.shape[1], dtype=np.int64)
    for f in range(flights):
        frame(looking, f, room)
        for s in range(samples):
            turn_to(looking, s, f, room)
            forget(curves)
            m, p, v = 0, 0, 0
            for team in range(teams):
                order = watch.told[team]
                sights = m < len(questions.sights) and questions.sights[m] == team
                asking = sights or (v < len(volleys) and volleys[v, 0] == team)
                last = p
                while last < len(pairs) and pairs[last, 0] == team:
                    for k in range(questions.given.shape[1]):
                        earlier = questions.given[last, k]
                        if earlier >= 0 and engaged[earlier, s, f]:
                            engaged[last, s, f] = True
                    asking = asking or not engaged[last, s, f]
                    last += 1
                if asking:
                    observe(looking, team, s, f, room)
                if sights:
                    for k in range(most):
                        if watch.members[team, k] >= 0:
                            for i in range(SUMMARY):
                                summaries[m, k, s, f, i] = room.summary[watch.members[team, k], i]
                    m += 1
                while p < last:
                    b = pairs[p, 1]
                    if closely:
                        _window(b, order, s, f, looking, firing, curves, room, windows[p, s, f])
                        engaged[p, s, f] = not math.isnan(windows[p, s, f, 2])
                    elif not engaged[p, s, f] and room.team[0] > 0:
                        engaged[p, s, f] = _engages(b, order, s, f, looking, firing, curves, room)
                    p += 1
                while v < len(volleys) and volleys[v, 0] == team:
                    shots[v, s, f] = _shots(
                        volleys[v], questions.most, order, s, f, looking, firing, curves, room, due, rows
                    )
                    v += 1
    # Until here they must live.
    bench.doubt[0] = kept.states.size > 0 and kept.states[0, 0]
    return summaries, engaged, shots, windows
