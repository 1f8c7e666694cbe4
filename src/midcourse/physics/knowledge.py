"""What a team of radars knows of a flight at a moment, and how near that tells where the flight will be.

Looks are added up only as far as somebody asks. What was known at the ends of cells is kept: more looks
never make an error larger, so what lies between two ends is bounded by both.
"""

import numpy as np

from .acquisition import gather
from .flight import Array
from .kernel import bare, kernel
from .observation import Bench, Watch, bench_for, frame, observe, structure_of, turn_to
from .pointer import point
from .prediction import error_radius, radius_from
from .radar import DELAY, WANDER
from .tracking import PACKED, RECORD, add_record, add_span, errors, factor

#: Which looks count toward what is known at a moment: those reported by it, no later than the last end of a
#: cell before it, or up to the first end of a cell after it.
EXACTLY, AT_LEAST, AT_MOST = range(3)
_NOTHING, _SOMETHING = 1, 2


@bare
def _build(watch: Watch, r: int, s: int, f: int, end: int, room: Bench) -> None:
    """Add up the looks of a radar to the end of the cell before ``end``."""
    v = watch.which[r]
    while room.built[r] < end:
        structure = structure_of(watch.views, v, f, room.built[r])
        gather(
            watch.radars[r, s], watch.views.times[f], room.levels[r], room.slants[r], structure,
            room.spans[r], room.built[r], room.weights[r], room.records[r],
        )  # fmt: skip
        room.built[r] += 1


@bare
def known_by(t: float, watch: Watch, s: int, f: int, room: Bench) -> bool:
    """What all radars of the team that ``room`` holds have reported by time ``t``, with what the cue told,
    into ``room.information``; whether any has reported at all.

    Within a cell looks come evenly from the start to the end of its span.
    """
    times = watch.views.times[f]
    for k in range(PACKED):
        room.information[k] = room.prior[k]
    told = False
    for k in range(room.team[0]):
        r = room.team[1 + k]
        start, last = room.cells[r, 0], room.cells[r, 1]
        radar, spans, records = watch.radars[r, s], room.spans[r], room.records[r]
        at = t - radar[DELAY]
        if at <= spans[start, 0]:
            continue
        told = True
        if at >= spans[last, 1]:
            _build(watch, r, s, f, last + 1, room)
            add_record(records[last + 1], radar, room.work, room.information)
            continue
        i, after = start, last + 1
        while after - i > 1:
            middle = (i + after) // 2
            if times[middle] <= at:
                i = middle
            else:
                after = middle
        begin, end = spans[i, 0], spans[i, 1]
        _build(watch, r, s, f, i + 1 if at > begin else i, room)
        if at >= end or at <= begin:
            add_record(records[i + 1 if at >= end else i], radar, room.work, room.information)
            continue
        for m in range(RECORD):
            room.gap[m] = records[i, m]
        share, length = (at - begin) / (end - begin), times[i + 1] - times[i]
        weights = room.weights[r, i]
        add_span(
            structure_of(watch.views, watch.which[r], f, i),
            (begin - times[i]) / length, (at - times[i]) / length,
            share * weights[0], share * weights[1], share * weights[2], begin / radar[WANDER],
            at / radar[WANDER], room.gap,
        )  # fmt: skip
        add_record(room.gap, radar, room.work, room.information)
    return told


@bare
def _tell(end: int, watch: Watch, r: int, s: int, f: int, room: Bench) -> None:
    """Work out what a radar's looks before the end of a cell tell of the state, for whatever team."""
    if room.counted[r, end]:
        return
    room.counted[r, end] = True
    _build(watch, r, s, f, end, room)
    for a in range(PACKED):
        room.told[r, end, a] = 0.0
    add_record(room.records[r, end], watch.radars[r, s], room.work, room.told[r, end])


@bare
def _known_at(k: int, watch: Watch, s: int, f: int, room: Bench) -> bool:
    """Whether anything is known of looks up to the end of a cell, by each radar's clock; the factor of it
    stands in ``room.factors``.
    """
    if room.states[k] == 0:
        room.states[k] = _NOTHING
        for m in range(PACKED):
            room.information[m] = room.prior[m]
        for m in range(room.team[0]):
            r = room.team[1 + m]
            if k <= room.cells[r, 0]:
                continue
            end = min(k, room.cells[r, 1] + 1)
            _tell(end, watch, r, s, f, room)
            for a in range(PACKED):
                room.information[a] += room.told[r, end, a]
            room.states[k] = _SOMETHING
        if room.states[k] == _SOMETHING and not factor(room.information, room.factors[k]):
            room.states[k] = _NOTHING
    return room.states[k] == _SOMETHING


@bare
def known_radius(t: float, order: int, s: int, f: int, which: int, watch: Watch, room: Bench) -> float:
    """Radius of the error in ``room.plane`` of the track as reported by time ``t`` [m]; inf where there is
    none.

    ``which`` looks count: ``EXACTLY`` gives the radius, ``AT_LEAST`` one that is no smaller, ``AT_MOST`` one
    that is no larger.
    """
    table = watch.orders.radii[order, s]
    if which == EXACTLY:
        if not known_by(t, watch, s, f, room):
            return np.inf
        return error_radius(room.information, room.plane, table, room.lower, room.one, room.two)
    times = watch.views.times[f]
    at = t - (room.lags[1] if which == AT_LEAST else room.lags[0])
    # The last end no later than the moment, or the first no earlier.
    low, high = -1, len(times)
    while high - low > 1:
        middle = (low + high) // 2
        if times[middle] <= at:
            low = middle
        else:
            high = middle
    k = low
    if which == AT_MOST and (low < 0 or times[low] < at):
        k = min(high, len(times) - 1)
    if k < 0 or not _known_at(k, watch, s, f, room):
        return np.inf
    return radius_from(room.factors[k], room.plane, table, room.one, room.two)


@kernel
def tracks(
    watch: Watch, s: int, f: int, times: Array, phis: Array, impact: Array
) -> tuple[Array, Array, Array]:
    """How well one flight is known over time to every radar of the first team by itself, and to all together.

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
    count, n, order = watch.radars.shape[0], len(times), watch.told[0]
    room = bench_for(watch)
    frame(watch, f, room)
    turn_to(watch, s, f, room)
    observe(watch, 0, s, f, room)
    known = np.full((count + 1, n, 3), np.nan)
    informations = np.empty((n, PACKED))
    team = room.team.copy()
    for r in range(count + 1):
        if r < count:
            looks = room.cells[r, 1] >= room.cells[r, 0]
            room.team[0], room.team[1] = 1 if looks else 0, r
        else:
            room.team[:] = team
        told = np.zeros(n, dtype=np.bool_)
        for i in range(n):
            told[i] = known_by(times[i], watch, s, f, room)
            informations[i] = room.information
            if told[i]:
                known[r, i, 2] = error_radius(
                    room.information, impact, watch.orders.radii[order, s], room.lower, room.one, room.two
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
def impact_radii(watch: Watch, impacts: Array) -> Array:
    """Radius on the ground that holds the place of impact with the confidence asked, once all looks of the
    first team are in: (samples, flights) [m]; nan where no radar has a track.

    ``impacts`` (flights, 13) as of ``prediction.impact_planes``. Errors of the air on the way down are left
    out.
    """
    order = watch.told[0]
    samples, flights = watch.orders.cues.shape[1], watch.orders.cues.shape[2]
    out = np.full((samples, flights), np.nan)
    looking = point(
        Watch(
            point(watch.views), watch.which, watch.radars, point(watch.orders), watch.members, watch.told
        )
    )  # fmt: skip
    bench = bench_for(watch)
    room = point(bench)
    for f in range(flights):
        frame(looking, f, room)
        for s in range(samples):
            turn_to(looking, s, f, room)
            observe(looking, 0, s, f, room)
            if known_by(np.inf, looking, s, f, room):
                out[s, f] = error_radius(
                    room.information, impacts[f], watch.orders.radii[order, s], room.lower, room.one, room.two
                )
    # Until here it must live.
    bench.doubt[0] = False
    return out
