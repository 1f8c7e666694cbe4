"""What the radars of an architecture make of a flight together: who finds it, who is told, what they then
know.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .acquisition import SUMMARY, find, follow, follow_booster
from .flight import Array
from .kernel import kernel
from .prediction import PLANE, error_radius, fuse
from .radar import DELAY, SLEW
from .tracking import PACKED, RECORD, cue_information, errors

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
    structures : (radars, flights, n - 1, 81) as of ``tracking``
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
    """Room in which one flight in one sample is worked on."""

    prior: Array
    spans: Array
    records: Array
    information: Array
    gap: Array
    lower: Array
    one: Array
    two: Array
    plane: Array
    summary: Array
    found: Array


@kernel
def bench(radars: int, n: int) -> Bench:
    """Room for so many radars and times."""
    return Bench(
        np.zeros(PACKED), np.empty((radars, n - 1, 2)), np.zeros((radars, n, RECORD)), np.empty(PACKED),
        np.empty(RECORD), np.zeros((6, 6)), np.empty(6), np.empty(6), np.empty(PLANE), np.empty((radars,
        SUMMARY)), np.empty(radars),
    )  # fmt: skip


@kernel
def _find(views: Views, which: Indices, radars: Array, orders: Orders, s: int, f: int, r: int, told: float,
          place: float, drift: float) -> float:  # fmt: skip
    """When a radar finds the body, booster or warhead; nan if never."""
    v = which[r]
    radar = radars[r, s]
    since = views.times[f, 0]
    found, missed = find(
        radar, views.boost_times[f], views.boost[v, f], True, told, place, drift, since, orders.goal[s], 0.0
    )
    if math.isnan(found):
        found, _ = find(
            radar, views.times[f], views.free[v, f], False, told, place, drift, since, orders.goal[s], missed
        )
    return found


@kernel
def _swing(angle: float, radar: Array) -> float:
    """Time in which an antenna turns to a cue [s]."""
    return angle / radar[SLEW] if radar[SLEW] > 0.0 else 0.0


@kernel
def observe(
    views: Views, which: Indices, radars: Array, orders: Orders, s: int, f: int, keep: bool, room: Bench
) -> None:
    """What all radars make of one flight in one sample, into ``room``.

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
    for r in range(count):
        swing = _swing(views.swings[which[r], f], radars[r, s])
        room.found[r] = _find(views, which, radars, orders, s, f, r, cue + swing, place, drift)
        if room.found[r] + radars[r, s, DELAY] < soonest:
            soonest, finder = room.found[r] + radars[r, s, DELAY], r
    for r in range(count):
        if r != finder and finder >= 0 and not room.found[r] <= soonest:
            swing = _swing(views.swings[which[r], f], radars[r, s])
            told = max(soonest, min(soonest, cue) + swing)
            better = _find(views, which, radars, orders, s, f, r, told, _HANDED_ON, 0.0)
            if not room.found[r] <= better:
                room.found[r] = better
        if math.isnan(room.found[r]):
            room.summary[r, :] = np.nan
            room.summary[r, 3] = 0.0
            room.records[r, :, :] = 0.0
            room.spans[r, :, :] = 0.0
            continue
        v = which[r]
        follow_booster(radars[r, s], views.boost_times[f], views.boost[v, f], room.found[r], room.summary[r])
        records = room.records[r] if keep else room.records[r, :0]
        follow(
            radars[r, s], views.times[f], views.free[v, f], views.structures[v, f], views.partings[v, f],
            room.found[r], orders.parting[s], orders.size[s], room.summary[r], room.spans[r], records,
        )  # fmt: skip


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
    spans : (r, cells, 2) from when to when the body is looked at in every cell after burnout [s]
    known : (r + 1, n, 3) one-sigma error of position [m] and velocity [m/s], root of the sum over three
        axes, and the radius on the ground that holds the place of impact with the confidence asked [m]; the
        last for all together; nan before the first look
    """
    count, n = radars.shape[0], len(times)
    room = bench(count, views.times.shape[1])
    observe(views, which, radars, orders, s, f, True, room)
    known = np.full((count + 1, n, 3), np.nan)
    informations = np.empty((n, PACKED))
    for r in range(count + 1):
        low, high = (r, r + 1) if r < count else (0, count)
        told = np.zeros(n, dtype=np.bool_)
        for i in range(n):
            fuse(
                times[i], views.times[f], room.prior, radars[low:high], s, room.spans[low:high],
                room.records[low:high], room.gap, room.information,
            )  # fmt: skip
            informations[i] = room.information
            told[i] = np.any(room.information != room.prior)
            if told[i]:
                known[r, i, 2] = error_radius(
                    room.information, impact, orders.radii[s], room.lower, room.one, room.two
                )
        spreads = errors(informations, phis)
        for i in range(n):
            if told[i]:
                known[r, i, 0], known[r, i, 1] = spreads[i, 0], spreads[i, 1]
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
    room = bench(radars.shape[0], views.times.shape[1])
    for f in range(flights):
        for s in range(samples):
            observe(views, which, radars, orders, s, f, True, room)
            fuse(
                np.inf,
                views.times[f],
                room.prior,
                radars,
                s,
                room.spans,
                room.records,
                room.gap,
                room.information,
            )
            if np.any(room.information != room.prior):
                out[s, f] = error_radius(
                    room.information, impacts[f], orders.radii[s], room.lower, room.one, room.two
                )
    return out
