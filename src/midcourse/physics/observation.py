"""What the radars of an architecture make of a flight together: who finds it, who is told, who then looks.

Architectures share radars. What a radar makes of a flight by itself is worked out once in a sample, however
many teams it belongs to; what it does on another's word differs from team to team.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .acquisition import FIRST_BODY, SUMMARY, TOTAL, find, follow, follow_booster, levels_at, slants
from .flight import Array
from .kernel import bare, inlined, kernel
from .pointer import array_at, pointer
from .prediction import PLANE
from .radar import DELAY, LOWEST, SLEW, SWERLING, SWERLING_BOOST, TILT
from .sight import LOW, SIGHT_COLUMNS
from .tracking import PACKED, RECORD, STRUCTURE, cue_information

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: A radar hands a body it has found on to others, which know it to about this [m].
HANDED_ON = 2e3
#: No radar looks lower than this [rad].
LOWEST_SIGHT = math.radians(-5.0)
# Knowledge of a flight that nobody has cued: none to speak of [m, m/s].
_NOWHERE, _ANY_SPEED = 1e6, 5e3


#: Columns of ``Views.arrays``.
BOOST, FREE, STRUCTURES, PARTINGS = range(4)


class Views(NamedTuple):
    """Flights as radars see them; nothing in it is sampled.

    Attributes
    ----------
    boost_times, times : (flights, b) and (flights, n) [s], the latter from burnout to impact
    arrays : (radars, 4) addresses of what belongs to each radar; whoever makes this keeps it there:

        - BOOST, FREE : (flights, b, 7) and (flights, n, 7) as of ``sight``
        - STRUCTURES : (cells, 225) as of ``tracking``, of the cells that ``cells_in_sight`` gives
        - PARTINGS : (flights, n, 3) as of ``acquisition``
    cells : (radars, flights) where in a radar's structures the first cell of a flight would stand
    swings : (radars, flights) angle to which the antenna turns from its rest [rad]
    burnouts : (flights, 6) state in ECI [m, m/s]
    flown : (flights,) ground distance at burnout [m]
    """

    boost_times: Array
    times: Array
    arrays: Indices
    cells: Indices
    swings: Array
    burnouts: Array
    flown: Array


class Orders(NamedTuple):
    """What architectures are told and ask, in every sample: (orders, samples) each unless said otherwise.

    Attributes
    ----------
    cues : (orders, samples, flights) when the satellites declare the launch [s]; inf where they never do
    place, heading, speed : errors of the cue [m, rad, m/s]
    goal : logarithm of the chance of missing a body at which it counts as seen
    decision : from a track to a launch [s]
    radii : (orders, samples, 17) as of ``prediction.radii``
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


class Watch(NamedTuple):
    """Who looks at the flights of one missile.

    Attributes
    ----------
    views : the flights as stations see them
    which : (radars,) index in ``views`` of each radar's station
    radars : (radars, samples, 28) as of ``physics.radar``
    orders : what architectures are told and ask
    members : (teams, most) radars of each team; -1 where there are no more
    told : (teams,) index of each team's orders
    """

    views: Views
    which: Indices
    radars: Array
    orders: Orders
    members: Indices
    told: Indices


class Bench(NamedTuple):
    """Room in which one flight is worked on.

    Attributes
    ----------
    frames, rises : of every radar, which sights may stand above its lowest elevation, and the time of the
        first [s]
    fixed : whether its tilt is the same in all samples
    boost_slants, boost_logs, slants, logs : how the flight lies to its face, as of ``acquisition``
    boost_levels, levels : of one look at it, in this sample
    own, asked : when it finds the body without being told [s], and by which orders that was worked out
    found : when it finds the body as a member of this team [s]
    followed : what of the following stands for: found when [s]
    summary, cells, spans : what it made of the flight from then on, as of ``acquisition``
    weights, records, built : its looks added up, and to the end of which cell they are
    told, counted : what they tell of the state alone at the ends of cells, and whether that is worked out
    team : radars of this team that look at the body, after their number
    lags : the shortest and the longest delay of their links [s]
    reported : when the first look after burnout is reported [s]
    prior, information : what the cue tells; what is known at a moment
    factors, states : Cholesky factors of what is known at ends of cells, and whether it is: 0 not asked yet,
        1 nothing, 2 something
    doubt : whether the last launch tried was not allowed
    lower, gap, work, one, two, plane, errors, spent : of no meaning between calls
    """

    frames: Indices
    rises: Array
    fixed: Flags
    boost_slants: Array
    boost_logs: Array
    slants: Array
    logs: Array
    boost_levels: Array
    levels: Array
    own: Array
    asked: Indices
    found: Array
    followed: Array
    summary: Array
    cells: Indices
    spans: Array
    weights: Array
    records: Array
    built: Indices
    told: Array
    counted: Flags
    team: Indices
    lags: Array
    reported: Array
    prior: Array
    information: Array
    factors: Array
    states: Indices
    doubt: Flags
    lower: Array
    gap: Array
    work: Array
    one: Array
    two: Array
    plane: Array
    errors: Array
    spent: Array


@inlined
def boost_of(views: Views, v: int, f: int) -> Array:
    """A flight in boost as a radar sees it: (b, 7)."""
    flights, looks = views.boost_times.shape
    return array_at(pointer(views.arrays[v, BOOST]), (flights, looks, SIGHT_COLUMNS))[f]


@inlined
def free_of(views: Views, v: int, f: int) -> Array:
    """A flight after burnout as a radar sees it: (n, 7)."""
    flights, n = views.times.shape
    return array_at(pointer(views.arrays[v, FREE]), (flights, n, SIGHT_COLUMNS))[f]


@inlined
def structure_of(views: Views, v: int, f: int, cell: int) -> Array:
    """What looks in a cell of a flight tell: (225,) as of ``tracking``."""
    row = views.cells[v, f] + cell
    return array_at(pointer(views.arrays[v, STRUCTURES]), (row + 1, STRUCTURE))[row]


@bare
def above(rows: Array, lowest: float) -> tuple[int, int]:
    """First sight and the one past the last that, or whose neighbour, stands above an elevation [rad]."""
    n = len(rows)
    first, last = n, -1
    for i in range(n):
        if rows[i, LOW] >= lowest:
            first, last = min(first, i), i
    return max(0, first - 1) if last >= 0 else 0, min(n, last + 2) if last >= 0 else 0


@kernel
def cells_in_sight(free: Array) -> Indices:
    """Cells of every flight between the first and the last sight that a radar may have: (flights, 2) from and
    to. ``free`` (flights, n, 7) as of ``Views``.
    """
    out = np.zeros((free.shape[0], 2), dtype=np.int64)
    for f in range(free.shape[0]):
        first, end = above(free[f], LOWEST_SIGHT)
        out[f, 0], out[f, 1] = first, max(first, end - 1)
    return out


@kernel
def bench(radars: int, boost: int, n: int) -> Bench:
    """Room for so many radars, and so many times in boost and after it."""
    return Bench(
        np.zeros((radars, 4), dtype=np.int64), np.empty(radars), np.zeros(radars, dtype=np.bool_),
        np.empty((radars, boost)), np.empty((radars, boost)), np.empty((radars, n)), np.empty((radars, n)),
        np.empty((radars, boost)), np.empty((radars, n)),
        np.empty(radars), np.zeros(radars, dtype=np.int64), np.empty(radars), np.empty(radars),
        np.empty((radars, SUMMARY)), np.zeros((radars, 2), dtype=np.int64), np.empty((radars, n - 1, 2)),
        np.empty((radars, n - 1, 3)), np.empty((radars, n, RECORD)), np.zeros(radars, dtype=np.int64),
        np.empty((radars, n, PACKED)), np.zeros((radars, n), dtype=np.bool_),
        np.zeros(radars + 1, dtype=np.int64), np.empty(2), np.empty(1), np.empty(PACKED), np.empty(PACKED),
        np.zeros((n, 6, 6)), np.zeros(n, dtype=np.int64), np.zeros(1, dtype=np.bool_), np.zeros((6, 6)),
        np.empty(RECORD), np.empty((2, 6)), np.empty(6), np.empty(6), np.empty(PLANE), np.empty(4),
        np.empty(4),
    )  # fmt: skip


@kernel
def bench_for(watch: Watch) -> Bench:
    """Room for the flights that are watched."""
    return bench(watch.radars.shape[0], watch.views.boost_times.shape[1], watch.views.times.shape[1])


@bare
def _slant(watch: Watch, r: int, s: int, f: int, room: Bench) -> None:
    """How a flight lies to a radar's face in a sample."""
    views, v = watch.views, watch.which[r]
    a, b, c, d = room.frames[r]
    boost, free = boost_of(views, v, f), free_of(views, v, f)
    slants(watch.radars[r, s], boost[a:b], room.boost_slants[r, a:b], room.boost_logs[r, a:b])
    slants(watch.radars[r, s], free[c:d], room.slants[r, c:d], room.logs[r, c:d])


@bare
def frame(watch: Watch, f: int, room: Bench) -> None:
    """Note in ``room`` what is the same of a flight in all samples."""
    views, radars = watch.views, watch.radars
    for r in range(radars.shape[0]):
        v = watch.which[r]
        boost, free = boost_of(views, v, f), free_of(views, v, f)
        lowest, fixed = np.inf, True
        for s in range(radars.shape[1]):
            lowest = min(lowest, radars[r, s, LOWEST])
            fixed = fixed and radars[r, s, TILT] == radars[r, 0, TILT]
        room.frames[r, 0], room.frames[r, 1] = above(boost, lowest)
        room.frames[r, 2], room.frames[r, 3] = above(free, lowest)
        a, b, c, d = room.frames[r]
        room.rises[r] = views.boost_times[f, a] if b > a else (views.times[f, c] if d > c else np.inf)
        room.fixed[r] = fixed
        if fixed:
            _slant(watch, r, 0, f, room)


@bare
def turn_to(watch: Watch, s: int, f: int, room: Bench) -> None:
    """Note in ``room``, as ``frame`` has left it, what is the same of a flight in one sample for all
    teams.
    """
    views = watch.views
    for r in range(watch.radars.shape[0]):
        v, radar = watch.which[r], watch.radars[r, s]
        boost, free = boost_of(views, v, f), free_of(views, v, f)
        a, b, c, d = room.frames[r]
        if not room.fixed[r]:
            _slant(watch, r, s, f, room)
        levels_at(radar, boost[a:b], room.boost_logs[r, a:b], True, room.boost_levels[r, a:b])
        levels_at(radar, free[c:d], room.logs[r, c:d], False, room.levels[r, c:d])
        room.asked[r] = -1
        room.followed[r] = -np.inf


@bare
def _find(
    watch: Watch, r: int, s: int, f: int, goal: float, told: float, place: float, drift: float, room: Bench
) -> float:
    """When a radar finds the body, booster or warhead; nan if never."""
    views, v, radar = watch.views, watch.which[r], watch.radars[r, s]
    since = views.times[f, 0]
    a, b, c, d = room.frames[r]
    boost, free = boost_of(views, v, f), free_of(views, v, f)
    found, missed = find(
        radar, views.boost_times[f, a:b], boost[a:b], room.boost_levels[r, a:b],
        room.boost_slants[r, a:b], int(radar[SWERLING_BOOST]), told, place, drift, since, goal, 0.0,
    )  # fmt: skip
    if math.isnan(found):
        found, _ = find(
            radar, views.times[f, c:d], free[c:d], room.levels[r, c:d], room.slants[r, c:d],
            int(radar[SWERLING]), told, place, drift, since, goal, missed,
        )  # fmt: skip
    return found


@bare
def _swing(watch: Watch, r: int, s: int, f: int) -> float:
    """Time in which an antenna turns to a cue [s]."""
    slew = watch.radars[r, s, SLEW]
    return watch.views.swings[watch.which[r], f] / slew if slew > 0.0 else 0.0


@bare
def _follow(watch: Watch, r: int, order: int, s: int, f: int, room: Bench) -> None:
    """What a radar makes of the body once found; what another team has had worked out stands."""
    views, v, radar, found = watch.views, watch.which[r], watch.radars[r, s], room.found[r]
    if found == room.followed[r] or (math.isnan(found) and math.isnan(room.followed[r])):
        return
    room.followed[r] = found
    room.cells[r, 0], room.cells[r, 1] = 0, -1
    if math.isnan(found):
        room.summary[r, :] = np.nan
        room.summary[r, TOTAL] = 0.0
        return
    a, b, c, d = room.frames[r]
    boost, free = boost_of(views, v, f), free_of(views, v, f)
    flights, n = views.times.shape
    partings = array_at(pointer(views.arrays[v, PARTINGS]), (flights, n, 3))[f]
    follow_booster(
        radar, views.boost_times[f, a:b], boost[a:b], room.boost_levels[r, a:b], found,
        room.summary[r],
    )  # fmt: skip
    first, last = follow(
        radar, views.times[f, c:d], free[c:d], room.levels[r, c:d], partings[c:d],
        found, watch.orders.parting[order, s], watch.orders.size[order, s], room.summary[r],
        room.spans[r, c:d],
    )  # fmt: skip
    if last >= 0:
        room.cells[r, 0], room.cells[r, 1] = first + c, last + c
        room.built[r] = first + c
        room.records[r, first + c] = 0.0
        room.counted[r] = False


@bare
def _cue(watch: Watch, order: int, s: int, f: int, room: Bench) -> tuple[float, float, float]:
    """When the satellites' cue comes [s], its error of place [m] and how that grows [m/s]; what it tells of
    the flight goes into ``room.prior``.
    """
    views, orders = watch.views, watch.orders
    cue, fast = orders.cues[order, s, f], orders.speed[order, s]
    state = views.burnouts[f]
    place, across = cue_errors(
        state, views.times[f, 0], views.flown[f], orders.place[order, s], orders.heading[order, s], fast
    )
    if math.isinf(cue):
        no_cue(state, room.prior)
    else:
        cue_information(state, place, max(1.0, fast), across, room.prior)
    return cue, place, math.sqrt(fast**2 + across * across)


@bare
def no_cue(state: Array, information: Array) -> None:
    """Set the information (21,) to what is known of a flight that nobody has cued."""
    cue_information(state, _NOWHERE, _ANY_SPEED, _ANY_SPEED, information)


@bare
def cue_errors(
    state: Array, burnout: float, flown: float, place: float, heading: float, fast: float
) -> tuple[float, float]:
    """Errors of a satellites' cue: of the place at burnout [m], and of the speed across the flight [m/s].

    Parameters
    ----------
    state : (6,) at burnout, in ECI
    burnout, flown : time [s] and ground distance [m] of it
    place, heading, fast : errors of the launch's place [m], the heading [rad], the speed [m/s]
    """
    speed = math.sqrt(state[3] ** 2 + state[4] ** 2 + state[5] ** 2)
    lag = fast * 0.5 * burnout
    return math.sqrt(place**2 + (heading * flown) ** 2 + lag * lag), max(1.0, heading * speed)


@bare
def observe(watch: Watch, team: int, s: int, f: int, room: Bench) -> None:
    """What the radars of a team make of one flight in one sample, into ``room``, as ``turn_to`` has left it.

    Every radar first looks on its own, cued from space or searching; then each that would have found the
    body later is told where it is by the first that has it, over that one's link.
    """
    order = watch.told[team]
    goal = watch.orders.goal[order, s]
    cue, place, drift = _cue(watch, order, s, f, room)
    soonest, finder = np.inf, -1
    for r in watch.members[team]:
        if r < 0:
            break
        # Who comes in view only once told by another can not have found the body before, and the satellites'
        # cue would have been no better than that one's word.
        told = max(soonest, min(soonest, cue) + _swing(watch, r, s, f))
        if room.rises[r] >= told and place >= HANDED_ON:
            room.found[r] = np.nan
            continue
        if room.asked[r] != order:
            room.asked[r] = order
            swung = cue + _swing(watch, r, s, f)
            room.own[r] = _find(watch, r, s, f, goal, swung, place, drift, room)
        room.found[r] = room.own[r]
        if room.found[r] + watch.radars[r, s, DELAY] < soonest:
            soonest, finder = room.found[r] + watch.radars[r, s, DELAY], r
    room.reported[0] = np.inf
    room.lags[0], room.lags[1] = np.inf, 0.0
    room.team[0] = 0
    room.states[:] = 0
    room.doubt[0] = False
    for r in watch.members[team]:
        if r < 0:
            break
        delay = watch.radars[r, s, DELAY]
        if r != finder and finder >= 0 and not room.found[r] <= soonest:
            told = max(soonest, min(soonest, cue) + _swing(watch, r, s, f))
            better = _find(watch, r, s, f, goal, told, HANDED_ON, 0.0, room)
            if not room.found[r] <= better:
                room.found[r] = better
        _follow(watch, r, order, s, f, room)
        if room.cells[r, 1] >= room.cells[r, 0]:
            room.team[0] += 1
            room.team[room.team[0]] = r
            room.reported[0] = min(room.reported[0], room.summary[r, FIRST_BODY] + delay)
            room.lags[0], room.lags[1] = min(room.lags[0], delay), max(room.lags[1], delay)
