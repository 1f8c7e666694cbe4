"""What command and control makes of what it has been told: estimates, and the launches that it can plan.

What the radars have reported of a missile is fused; what they are still to report is foreseen from where they
stand. A launch is allowed by the rule of ``commit``, on what is known at the decision and what is foreseen to
be known when the interceptor is told of the improved track.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .commit import divert_asked, update_time
from .earth import Earth
from .flight import Array
from .intercept import first_intercept
from .kernel import bare, kernel
from .prediction import ACROSS_1, ACROSS_2, CLOSING, PLANE, radius_from
from .radar import WANDER
from .scan import HOLDS, STEP, TURN, W_ACROSS, W_ALONG, W_RATE, Bodies, Face, between
from .tracking import PACKED, RECORD, add_evidence, add_look, add_record, factor, look_rows, solve, spread

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Columns of a plan: decision, launch and intercept [s after the missile's launch], row of the curve, latest
#: launch that is foreseen to be allowed, earliest intercept.
DECIDED, LAUNCH, MEET, ROW, LATEST = range(5)
PLAN = 5


class Known(NamedTuple):
    """What has been reported of one missile; times are those after its launch [s].

    Attributes
    ----------
    rows : (radars, 28) as of ``physics.radar``
    records, sums : (radars, 63) and (radars, 12) as last reported, as of ``tracking``
    upto : (radars,) the time that the last report tells of; -inf where there is none
    counted : (radars,) whether looks to come are counted on
    growth : (radars, g, 63) what looks add up to between burnout and every STEP after it
    prior, evidence : (21,) and (6,) what the cue tells, as of ``tracking``
    """

    rows: Array
    records: Array
    sums: Array
    upto: Array
    counted: Flags
    growth: Array
    prior: Array
    evidence: Array


class Arm(NamedTuple):
    """A battery against one missile.

    Attributes
    ----------
    curve : (2 n - 1, 2) as of ``launching.Curves``
    planes : (n, 13) as of ``prediction.planes``
    burn : of the interceptor [s]
    divert, homing, half_view, longest : as of ``launching.Shooters.vehicles``
    radii : (17,) as of ``prediction.radii``
    uplink : whether the interceptor is told of the improved track
    """

    curve: Array
    planes: Array
    burn: float
    divert: float
    homing: float
    half_view: float
    longest: float
    radii: Array
    uplink: bool


@kernel
def growth(face: Face, bodies: Bodies, i: int, count: int, earth: Earth) -> Array:
    """What a radar's looks at a missile add up to that has nothing else to look at: (count, 63), from burnout
    to every STEP after it.
    """
    out = np.zeros((count, RECORD))
    line, rows, off, sums = np.empty(10), np.empty((4, 6)), np.zeros(4), np.zeros(12)
    state, phi = np.empty(6), np.empty((6, 6))
    looks = TURN / face.interval
    for k in range(1, count):
        out[k] = out[k - 1]
        low, high = bodies.burnouts[i] + (k - 1) * STEP, bodies.burnouts[i] + k * STEP
        first = max(int(math.ceil(low)) - face.first[i], 0)
        last = min(int(math.ceil(high)) - face.first[i], face.seconds[i])
        total = 0
        along, across, rate = 0.0, 0.0, 0.0
        for s in range(first, last):
            look = face.looks[face.place[i] + s]
            if look[HOLDS] > 0.0:
                total += 1
                along, across, rate = along + look[W_ALONG], across + look[W_ACROSS], rate + look[W_RATE]
        if total == 0:
            continue
        middle = 0.5 * (low + high)
        between(bodies, i, middle, state, phi)
        look_rows(middle, state, phi, face.stations, earth, line, rows)
        course = (bodies.starts[i] + middle) / face.rows[i, WANDER]
        add_look(rows, (looks * along, looks * across, looks * rate), off, course, out[k], sums)
    return out


@bare
def _information(
    t: float, burnout: float, now: float, known: Known, work: Array, gap: Array, out: Array
) -> bool:
    """What is known, or foreseen to be known, at a time, into ``out`` (21,); whether anything is."""
    for k in range(PACKED):
        out[k] = known.prior[k]
    told = False
    last = known.growth.shape[1] - 1
    end = min(max(int((t - burnout) / STEP), 0), last)
    for r in range(len(known.upto)):
        reported = known.upto[r] > -math.inf
        for a in range(RECORD):
            gap[a] = known.records[r, a] if reported else 0.0
        if t > now and known.counted[r]:
            begin = min(max(int((max(known.upto[r], now) - burnout) / STEP), 0), last)
            for a in range(RECORD):
                gap[a] += known.growth[r, end, a] - known.growth[r, min(begin, end), a]
        if gap[0] > 0.0:
            told = True
            add_record(gap, known.rows[r], work, out)
    return told


@kernel
def estimate(known: Known, lower: Array) -> tuple[bool, Array]:
    """How far the fused track is off at burnout, (6,) in km and m/s, and the factor of what is known, as of
    ``tracking.factor``, into ``lower`` (6, 6); false where nothing has been reported.
    """
    information, evidence = known.prior.copy(), known.evidence.copy()
    work, out = np.empty((2, 6)), np.zeros(6)
    told = False
    for r in range(len(known.upto)):
        if known.upto[r] > -math.inf and known.records[r, 0] > 0.0:
            told = True
            add_evidence(known.records[r], known.sums[r], known.rows[r], work, information, evidence)
    if not told or not factor(information, lower):
        return False, out
    solve(lower, evidence, work[0], out)
    return True, out


@bare
def _plane_at(row: float, planes: Array, out: Array) -> None:
    i = min(int(row), planes.shape[0] - 2)
    part = row - i
    for k in range(PLANE):
        out[k] = planes[i, k] + part * (planes[i + 1, k] - planes[i, k])


@kernel
def aim_error(planes: Array, row: float, off: Array) -> tuple[float, float]:
    """Where a track that is off by ``off`` (6,) at burnout puts the intercept at a row of the planes, beside
    the truth [m].
    """
    plane = np.empty(PLANE)
    _plane_at(row, planes, plane)
    one, two = 0.0, 0.0
    for k in range(6):
        one += plane[ACROSS_1 + k] * off[k]
        two += plane[ACROSS_2 + k] * off[k]
    return 1e3 * one, 1e3 * two


@kernel
def spread_along(lower: Array, phi: Array) -> Array:
    """Covariance of position at a time to which errors grow by ``phi``: (3, 3) [m^2]."""
    halves, out = np.empty((3, 6)), np.empty((3, 3))
    for a in range(3):
        spread(lower, phi[a], halves[a])
    for a in range(3):
        for b in range(3):
            total = 0.0
            for m in range(6):
                total += halves[a, m] * halves[b, m]
            out[a, b] = 1e6 * total
    return out


@kernel
def plan(now: float, delay: float, burnout: float, known: Known, arm: Arm) -> tuple[bool, bool, Array]:
    """The launch that meets a missile soonest of those that its track allows, as far as can be foreseen.

    Parameters
    ----------
    now : the time [s after the missile's launch]
    delay : from a decision to the launch [s]
    burnout : of the missile [s]

    Returns
    -------
    found : whether there is one
    timely : whether it could be met at all, by a launch from now on, were its track good enough
    plan : (5,) in the columns of this module [s]
    """
    out = np.full(PLAN, np.nan)
    m = arm.curve.shape[0]
    count = known.growth.shape[1]
    factors, states = np.zeros((count, 6, 6)), np.zeros(count, dtype=np.int64)
    present = np.zeros((6, 6))
    information, work, gap = np.empty(PACKED), np.empty((2, 6)), np.empty(RECORD)
    one, two, plane = np.empty(6), np.empty(6), np.empty(PLANE)
    errors, spent = np.empty(4), np.empty(4)
    timely = False
    for i in range(m):
        timely = timely or arm.curve[i, 1] >= now + delay
    if not timely:
        return False, False, out
    at_present = _information(now, burnout, now, known, work, gap, information) and factor(
        information, present
    )
    # Rows that the track is foreseen to bring within the seeker's view, and their errors then.
    last = np.full(m, np.inf)
    basket = np.empty(m)
    for i in range(m):
        t, latest = arm.curve[i, 0], arm.curve[i, 1]
        if math.isnan(t) or not latest >= now + delay:
            continue
        _plane_at(0.5 * i, arm.planes, plane)
        basket[i] = min(plane[CLOSING] * arm.half_view, arm.divert) * arm.homing
        # Without news in flight what is known at the launch has to do.
        at = t - arm.homing if arm.uplink else latest - delay
        k = _foreseen(at, burnout, now, known, factors, states, work, gap, information)
        if k >= 0:
            error = radius_from(factors[k], plane, arm.radii, one, two)
            if error <= basket[i]:
                last[i] = error
                out[LATEST] = latest if math.isnan(out[LATEST]) else max(out[LATEST], latest)
    if math.isnan(out[LATEST]):
        return False, True, out
    decided, step = now, 0
    while decided + delay <= out[LATEST]:
        launch = decided + delay
        if step == 0:
            here = -1
            told = at_present
        else:
            here = _foreseen(decided, burnout, now, known, factors, states, work, gap, information)
            told = here >= 0
        before = -1
        for i in range(m):
            t, latest = arm.curve[i, 0], arm.curve[i, 1]
            if math.isnan(t):
                continue
            if math.isnan(latest):
                before = -1
                continue
            if latest < launch or launch < t - arm.longest:
                before = i
                continue
            # Where the launch is due exactly, between two rows, the missile is met soonest.
            row, meet = 0.5 * i, t
            if before >= 0 and arm.curve[before, 1] < launch:
                part = (launch - arm.curve[before, 1]) / (latest - arm.curve[before, 1])
                row = 0.5 * (before + part * (i - before))
                meet = arm.curve[before, 0] + part * (t - arm.curve[before, 0])
            before = i
            if meet >= out[MEET]:
                break
            if not told or last[i] == np.inf:
                continue
            _plane_at(row, arm.planes, plane)
            handover, off = meet - arm.homing, launch + arm.burn
            if step == 0:
                errors[0] = radius_from(present, plane, arm.radii, one, two)
            else:
                errors[0] = radius_from(factors[here], plane, arm.radii, one, two)
            for n in range(1, 4):
                errors[n] = errors[n - 1]
                if arm.uplink:
                    at = update_time(n, off, handover)
                    k = _foreseen(at, burnout, now, known, factors, states, work, gap, information)
                    if k >= 0:
                        errors[n] = min(errors[n], radius_from(factors[k], plane, arm.radii, one, two))
            allowed = errors[3] <= min(plane[CLOSING] * arm.half_view, arm.divert) * arm.homing
            if allowed and divert_asked(errors, off, meet, arm.homing, spent) <= arm.divert:
                out[DECIDED], out[LAUNCH], out[MEET], out[ROW] = decided, launch, meet, row
                break
        # A later launch meets it no sooner than the launch would that now comes too late for what was found.
        if not math.isnan(out[MEET]) and first_intercept(arm.curve, launch) >= out[MEET] - STEP:
            break
        step += 1
        decided = burnout + STEP * (math.floor((now - burnout) / STEP) + step)
    return not math.isnan(out[MEET]), True, out


@bare
def _foreseen(
    t: float, burnout: float, now: float, known: Known, factors: Array, states: Indices, work: Array, gap:
    Array, information: Array,
) -> int:  # fmt: skip
    """Index in ``factors`` of what is known or foreseen at a time, worked out when first asked for; -1 where
    nothing is.
    """
    k = min(max(int((t - burnout) / STEP), 0), len(states) - 1)
    if states[k] == 0:
        states[k] = 1
        at = burnout + k * STEP
        if _information(at, burnout, now, known, work, gap, information) and factor(information, factors[k]):
            states[k] = 2
    return k if states[k] == 2 else -1


@kernel
def halved(lower: Array, row: Array) -> Array:
    """``tracking.spread`` of a row, with room of its own: (6,)."""
    out = np.empty(6)
    spread(lower, row, out)
    return out
