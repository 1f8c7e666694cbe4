"""What the radars of an architecture make of a flight together: who finds it, who is told, what they then
know.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .acquisition import FIRST_BODY, SUMMARY, TOTAL, find, follow, follow_booster, look_levels
from .flight import Array
from .kernel import kernel
from .prediction import PLANE, error_radius, fuse
from .radar import DELAY, LOWEST, SLEW, SWERLING, SWERLING_BOOST
from .sight import LOW
from .tracking import PACKED, RECORD, STRUCTURE, cue_information, errors

Indices = NDArray[np.int64]

# A radar hands a body it has found on to others, which know it to about this [m].
_HANDED_ON = 2e3
# Knowledge of a flight that nobody has cued: none to speak of [m, m/s].
_NOWHERE, _ANY_SPEED = 1e6, 5e3


class Views(NamedTuple):
    """Flights as radars see them; nothing in it is sampled.

    Attributes
    ----------
    boost_times, boost : (flights, b) [s], (radars, flights, b, 7) as of ``sight``
    times, free : (flights, n) [s] from burnout to impact, (radars, flights, n, 7)
    structures : (radars, flights, n - 1, 225) as of ``tracking``
    partings : (radars, flights, n, 3) as of ``acquisition``
    swings : (radars, flights) angle to which the antenna turns from its rest [rad]
    burnouts : (flights, 6) state in ECI [m, m/s]
    flown : (flights,) ground distance at burnout [m]
    """

    boost_times: Array
    boost: Array
    times: Array
    free: Array
    structures: Array
    partings: Array
    swings: Array
    burnouts: Array
    flown: Array


class Orders(NamedTuple):
    """What an architecture is told and asks, in every sample: (samples,) each unless said otherwise.

    Attributes
    ----------
    cues : (samples, flights) when the satellites declare the launch [s]; inf where they never do
    place, heading, speed : errors of the cue [m, rad, m/s]
    goal : logarithm of the chance of missing a body at which it counts as seen
    decision : from a track to a launch [s]
    radii : (samples, 17) as of ``radii``
    uplink : whether the track is sent to interceptors in flight
    parting, size : speed between warhead and spent stage [m/s], half their lengths together [m]
    assessment, interval : from an outcome to the next launch, between two launches [s]
    """

    cues: Array
    place: Array
    heading: Array
    speed: Array
    goal: Array
    decision: Array
    radii: Array
    uplink: Array
    parting: Array
    size: Array
    assessment: Array
    interval: Array


class Bench(NamedTuple):
    """Room in which one flight in one sample is worked on: for every radar what ``acquisition`` takes and
    leaves, what looks at it tell, and for the fused track. ``reported`` is when the first look after burnout
    is reported, ``doubt`` whether the last launch tried was on a track that did not suffice by itself.
    """

    frames: Indices
    boost_levels: Array
    boost_cosines: Array
    levels: Array
    cosines: Array
    found: Array
    reported: Array
    summary: Array
    cells: Indices
    structures: Array
    spans: Array
    weights: Array
    records: Array
    prior: Array
    information: Array
    gap: Array
    work: Array
    lower: Array
    one: Array
    two: Array
    plane: Array
    errors: Array
    spent: Array
    doubt: NDArray[np.bool_]


@kernel
def bench(radars: int, boost: int, n: int) -> Bench:
    """Room for so many radars, and so many times in boost and after it."""
    return Bench(
        np.zeros((radars, 4), dtype=np.int64), np.empty((radars, boost)), np.empty((radars, boost)),
        np.empty((radars, n)), np.empty((radars, n)), np.empty(radars), np.empty(1),
        np.empty((radars, SUMMARY)), np.zeros((radars, 2), dtype=np.int64),
        np.empty((radars, n - 1, STRUCTURE)), np.empty((radars, n - 1, 2)),
        np.empty((radars, n - 1, 3)), np.empty((radars, n, RECORD)),
        np.empty(PACKED), np.empty(PACKED), np.empty(RECORD), np.empty((2, 6)), np.zeros((6, 6)), np.empty(6),
        np.empty(6), np.empty(PLANE), np.empty(4), np.empty(4), np.zeros(1, dtype=np.bool_),
    )  # fmt: skip


@kernel
def _above(rows: Array, lowest: float) -> tuple[int, int]:
    """First sight and the one past the last that, or whose neighbour, stands above an elevation."""
    n = len(rows)
    first, last = n, -1
    for i in range(n):
        if rows[i, LOW] >= lowest:
            first, last = min(first, i), i
    return max(0, first - 1) if last >= 0 else 0, min(n, last + 2) if last >= 0 else 0


@kernel
def frame(views: Views, which: Indices, radars: Array, f: int, room: Bench) -> None:
    """Note in ``room`` which part of a flight stands above the lowest elevation of each radar in any
    sample.
    """
    for r in range(radars.shape[0]):
        lowest = np.inf
        for s in range(radars.shape[1]):
            lowest = min(lowest, radars[r, s, LOWEST])
        room.frames[r, 0], room.frames[r, 1] = _above(views.boost[which[r], f], lowest)
        room.frames[r, 2], room.frames[r, 3] = _above(views.free[which[r], f], lowest)
        room.structures[r] = views.structures[which[r], f]


@kernel
def _find(
    views: Views, v: int, radar: Array, goal: float, f: int, r: int, told: float, place: float, drift: float,
    room: Bench,
) -> float:  # fmt: skip
    """When a radar finds the body, booster or warhead; nan if never."""
    since = views.times[f, 0]
    a, b, c, d = room.frames[r]
    found, missed = find(
        radar, views.boost_times[f, a:b], views.boost[v, f, a:b], room.boost_levels[r, a:b],
        room.boost_cosines[r, a:b], int(radar[SWERLING_BOOST]), told, place, drift, since, goal, 0.0,
    )  # fmt: skip
    if math.isnan(found):
        found, _ = find(
            radar, views.times[f, c:d], views.free[v, f, c:d], room.levels[r, c:d], room.cosines[r, c:d],
            int(radar[SWERLING]), told, place, drift, since, goal, missed,
        )  # fmt: skip
    return found


@kernel
def _swing(angle: float, radar: Array) -> float:
    """Time in which an antenna turns to a cue [s]."""
    return angle / radar[SLEW] if radar[SLEW] > 0.0 else 0.0


@kernel
def observe(
    views: Views, which: Indices, radars: Array, orders: Orders, s: int, f: int, keep: bool, room: Bench
) -> None:
    """What all radars make of one flight in one sample, into ``room``, as ``frame`` has left it.

    Every radar first looks on its own, cued from space or searching; then each that would have found the
    body later is told where it is by the first that has it, over that one's link.
    """
    cue = orders.cues[s, f]
    state = views.burnouts[f]
    speed = math.sqrt(state[3] ** 2 + state[4] ** 2 + state[5] ** 2)
    across = max(1.0, orders.heading[s] * speed)
    lag = orders.speed[s] * 0.5 * views.times[f, 0]
    place = math.sqrt(orders.place[s] ** 2 + (orders.heading[s] * views.flown[f]) ** 2 + lag * lag)
    drift = math.sqrt(orders.speed[s] ** 2 + across * across)
    if math.isinf(cue):
        cue_information(state, _NOWHERE, _ANY_SPEED, _ANY_SPEED, room.prior)
    else:
        cue_information(state, place, max(1.0, orders.speed[s]), across, room.prior)
    count = radars.shape[0]
    soonest, finder = np.inf, -1
    goal = orders.goal[s]
    for r in range(count):
        v, radar = which[r], radars[r, s]
        a, b, c, d = room.frames[r]
        boost, free = views.boost[v, f, a:b], views.free[v, f, c:d]
        look_levels(radar, boost, True, room.boost_levels[r, a:b], room.boost_cosines[r, a:b])
        look_levels(radar, free, False, room.levels[r, c:d], room.cosines[r, c:d])
        told = cue + _swing(views.swings[v, f], radar)
        room.found[r] = _find(views, v, radar, goal, f, r, told, place, drift, room)
        if room.found[r] + radar[DELAY] < soonest:
            soonest, finder = room.found[r] + radar[DELAY], r
    room.reported[0] = np.inf
    for r in range(count):
        v, radar = which[r], radars[r, s]
        if r != finder and finder >= 0 and not room.found[r] <= soonest:
            told = max(soonest, min(soonest, cue) + _swing(views.swings[v, f], radar))
            better = _find(views, v, radar, goal, f, r, told, _HANDED_ON, 0.0, room)
            if not room.found[r] <= better:
                room.found[r] = better
        room.cells[r, 0], room.cells[r, 1] = 0, -1
        if math.isnan(room.found[r]):
            room.summary[r, :] = np.nan
            room.summary[r, TOTAL] = 0.0
            continue
        a, b, c, d = room.frames[r]
        follow_booster(
            radar, views.boost_times[f, a:b], views.boost[v, f, a:b], room.boost_levels[r, a:b],
            room.found[r], room.summary[r],
        )  # fmt: skip
        records = room.records[r, c:d] if keep else room.records[r, :0]
        first, last = follow(
            radar, views.times[f, c:d], views.free[v, f, c:d], room.levels[r, c:d], room.cosines[r, c:d],
            room.structures[r, c:d], views.partings[v, f, c:d], room.found[r], orders.parting[s],
            orders.size[s], room.summary[r], room.spans[r, c:d], room.weights[r, c:d], records,
        )  # fmt: skip
        room.cells[r, 0], room.cells[r, 1] = first + c, last + c if last >= 0 else -1
        if last >= 0:
            room.reported[0] = min(room.reported[0], room.summary[r, FIRST_BODY] + radar[DELAY])


@kernel
def tracks(
    views: Views,
    which: Indices,
    radars: Array,
    orders: Orders,
    s: int,
    f: int,
    times: Array,
    phis: Array,
    impact: Array,
) -> tuple[Array, Array, Array]:
    """How well one flight is known over time to every radar by itself, and to all together.

    Parameters
    ----------
    times, phis : (n,) [s] and (n, 6, 6), of the moments asked about
    impact : (13,) as of ``prediction.impact_planes``

    Returns
    -------
    summaries : (r, 5) as of ``acquisition`` [s]
    spans : (r, cells, 2) from when to when the body is looked at in every cell after burnout [s]; nan where
        it is not
    known : (r + 1, n, 3) one-sigma error of position [m] and velocity [m/s], root of the sum over three
        axes, and the radius on the ground that holds the place of impact with the confidence asked [m]; the
        last for all together; nan before the first look
    """
    count, n = radars.shape[0], len(times)
    room = bench(count, views.boost_times.shape[1], views.times.shape[1])
    frame(views, which, radars, f, room)
    observe(views, which, radars, orders, s, f, True, room)
    known = np.full((count + 1, n, 3), np.nan)
    informations = np.empty((n, PACKED))
    for r in range(count + 1):
        low, high = (r, r + 1) if r < count else (0, count)
        told = np.zeros(n, dtype=np.bool_)
        for i in range(n):
            told[i] = fuse(
                times[i], views.times[f], room.prior, radars[low:high], s, room.structures[low:high],
                room.cells[low:high], room.spans[low:high], room.weights[low:high], room.records[low:high],
                room.gap, room.work, room.information,
            )  # fmt: skip
            informations[i] = room.information
            if told[i]:
                known[r, i, 2] = error_radius(
                    room.information, impact, orders.radii[s], room.lower, room.one, room.two
                )
        spreads = errors(informations, phis)
        for i in range(n):
            if told[i]:
                known[r, i, 0], known[r, i, 1] = spreads[i, 0], spreads[i, 1]
    for r in range(count):
        room.spans[r, : room.cells[r, 0]] = np.nan
        room.spans[r, room.cells[r, 1] + 1 :] = np.nan
    return room.summary, room.spans, known


@kernel
def impact_radii(views: Views, which: Indices, radars: Array, orders: Orders, impacts: Array) -> Array:
    """Radius on the ground that holds the place of impact with the confidence asked, once all looks are in:
    (samples, flights) [m]; nan where no radar has a track.

    ``impacts`` (flights, 13) as of ``prediction.impact_planes``. Errors of the air on the way down are left
    out.
    """
    samples, flights = orders.cues.shape
    out = np.full((samples, flights), np.nan)
    room = bench(radars.shape[0], views.boost_times.shape[1], views.times.shape[1])
    for f in range(flights):
        frame(views, which, radars, f, room)
        for s in range(samples):
            observe(views, which, radars, orders, s, f, True, room)
            if fuse(
                np.inf, views.times[f], room.prior, radars, s, room.structures, room.cells, room.spans,
                room.weights, room.records, room.gap, room.work, room.information,
            ):  # fmt: skip
                out[s, f] = error_radius(
                    room.information, impacts[f], orders.radii[s], room.lower, room.one, room.two
                )
    return out
