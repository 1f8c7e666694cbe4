"""A radar at work, second by second: what it finds, follows, measures and loses, dividing its time.

What one look at a body would give in each second of its flight is worked out beforehand (``look_table``).
Then, second by second (``scan``), the radar's time goes round what it holds in track and what it is told to
look for; where that is more than it has, everything is looked at so much more rarely. What ``find`` and
``follow`` of ``acquisition`` make of one body seen alone, this makes of many, and instead of their chances it
draws what happens.

A body is found when the chance of having missed it so far has fallen below a limit that was drawn for it: the
limit of an exponential law, the time to the first event of a hazard that changes [1]_.

References
----------
.. [1] P. Lewis and G. Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval Research
   Logistics Quarterly 26 (1979): the inverse of the integrated rate.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .acquisition import cued_look, look_levels, search_rate, tells_apart, within_limits
from .earth import Earth
from .flight import Array
from .kernel import bare, kernel
from .observation import HANDED_ON
from .radar import BEAM, CELL, DOPPLER, DWELL, HIGHEST, NEEDED, SWERLING, SWERLING_BOOST, TOP, WANDER
from .search import acquisition_beams
from .sight import FAR
from .tracking import add_look, look_rows, look_weights

Indices = NDArray[np.int64]

#: Length of a turn of ``scan`` [s].
TURN = 1.0
#: Time between two places of ``Bodies`` [s].
STEP = 5.0

#: What one look at a body gives in a second of its flight: whether it holds a track; logarithm of the chance
#: that a second of search misses it [1/s]; the same for a look at where it is told to be, the time of such a
#: look at one beam [s], the distance [m] and the beamwidth [rad]; inverse variances as of
#: ``tracking.look_weights``; how far warhead and stage stand apart, in resolution cells less one.
HOLDS, SEARCHED, LOOKED, BEAM_TIME, DISTANCE, WIDTH, W_ALONG, W_ACROSS, W_RATE, APART = range(10)
LOOK_COLUMNS = 10

#: What ``scan`` tells of a body.
FOUND, TRACKED, TOLD_APART, LOST, MERGED, PARTED = range(6)

# A track is dropped when its body has not been seen for this long [s].
_DROP = 10.0
# Turns between two comparisons of what stands beside what.
_COMPARED = 5


class Bodies(NamedTuple):
    """Missiles in flight.

    Attributes
    ----------
    starts : (n,) launch [s after the raid begins]
    burnouts, ends : (n,) end of the burn, and of the flight: impact or interception [s after launch]
    first : (n,) where a missile's places begin
    states : (places, 6) every STEP from burnout on, in ECI at launch [m, m/s]
    phis : (places, 6, 6) how errors have grown since burnout
    """

    starts: Array
    burnouts: Array
    ends: Array
    first: Indices
    states: Array
    phis: Array


class Face(NamedTuple):
    """A radar and what it could see.

    Attributes
    ----------
    rows : (n, 28) as of ``physics.radar``, against each missile
    stations : as of ``tracking.anchors``
    interval : between looks at a body in track when there is time [s]
    others : bodies that it watches besides
    limit : bodies that it can hold in track
    biases : (3, 2) of range [m], angle across and elevation [rad], now and a quarter turn later
    first, seconds : (n,) the first second of each missile's flight in ``looks``, and how many
    place : (n,) where they begin in ``looks``
    looks : (seconds, 10) in the columns of this module
    noise : (seconds, 4) drawn from the unit normal law, for each measurement
    """

    rows: Array
    stations: Array
    interval: float
    others: float
    limit: int
    biases: Array
    first: Indices
    seconds: Indices
    place: Indices
    looks: Array
    noise: Array


class Tracks(NamedTuple):
    """What a radar knows of each missile; times are those of the raid [s].

    Attributes
    ----------
    told : from when it knows where to look; inf where nobody has told it
    place, drift, since : error of that [m], and its growth [m/s] from a time on
    missed, limit : logarithm of the chance of having missed it so far, and that at which it is found
    found : nan where it is not held in track
    seen : when it was last looked at
    apart : when warhead and stage were first told apart; nan where not
    leader : index of the missile in whose track it is hidden; -1 where it stands alone
    records, sums : (n, 63) and (n, 12) what its looks add up to, as of ``tracking``
    """

    told: Array
    place: Array
    drift: Array
    since: Array
    missed: Array
    limit: Array
    found: Array
    seen: Array
    apart: Array
    leader: Indices
    records: Array
    sums: Array


@kernel
def look_table(
    radar: Array, boost_times: Array, boost: Array, free_times: Array, free: Array, partings: Array,
    speed: float, size: float, most: float, seconds: Array,
) -> Array:  # fmt: skip
    """What one look gives at so many seconds after launch: (n, 10) in the columns of this module.

    Parameters
    ----------
    radar : (28,) as of ``physics.radar``
    boost_times, boost, free_times, free, partings : as of ``observation.Views``, of one flight
    speed, size : between warhead and stage [m/s], half their lengths together [m]
    most : logarithm of the chance that a whole round of search misses what it cannot fail to see
    """
    out = np.zeros((len(seconds), LOOK_COLUMNS))
    row, parting = np.empty(boost.shape[1]), np.zeros(3)
    burnout = free_times[0]
    levels, cosines = np.empty(len(boost_times)), np.empty(len(boost_times))
    look_levels(radar, boost, True, levels, cosines)
    free_levels, free_cosines = np.empty(len(free_times)), np.empty(len(free_times))
    look_levels(radar, free, False, free_levels, free_cosines)
    for k in range(len(seconds)):
        t = seconds[k]
        burning = t < burnout
        if burning:
            times, rows, level_at, cosine_at = boost_times, boost, levels, cosines
        else:
            times, rows, level_at, cosine_at = free_times, free, free_levels, free_cosines
        i = min(max(np.searchsorted(times, t) - 1, 0), len(times) - 2)
        f = min(max((t - times[i]) / (times[i + 1] - times[i]), 0.0), 1.0)
        for m in range(len(row)):
            row[m] = rows[i, m] + f * (rows[i + 1, m] - rows[i, m])
        look = out[k]
        look[APART] = -1.0
        level = level_at[i] + f * (level_at[i + 1] - level_at[i])
        cosine = cosine_at[i] + f * (cosine_at[i + 1] - cosine_at[i])
        case = int(radar[SWERLING_BOOST] if burning else radar[SWERLING])
        look[DISTANCE], look[WIDTH] = math.exp(0.5 * row[FAR]), radar[BEAM] / math.sqrt(cosine)
        if within_limits(radar, row, radar[TOP]):
            look[SEARCHED] = search_rate(radar, level, case, most)
        if not within_limits(radar, row, radar[HIGHEST]):
            continue
        look[LOOKED], look[BEAM_TIME] = cued_look(radar, level, case)
        if level < radar[NEEDED]:
            continue
        look[HOLDS] = 1.0
        if not burning:
            weights = look_weights(radar, math.exp(level), 1.0 / math.sqrt(cosine))
            look[W_ALONG], look[W_ACROSS], look[W_RATE] = weights
            for m in range(3):
                parting[m] = partings[i, m] + f * (partings[i + 1, m] - partings[i, m])
            look[APART] = tells_apart(parting, radar, speed, size)
    return out


@bare
def between(bodies: Bodies, i: int, t: float, state: Array, phi: Array) -> None:
    """State and transition of a missile ``t`` after its launch, in free flight, into (6,) and (6, 6)."""
    x = max(0.0, t - bodies.burnouts[i]) / STEP
    k = int(x)
    f = x - k
    a = bodies.first[i] + k
    for m in range(6):
        state[m] = bodies.states[a, m] + f * (bodies.states[a + 1, m] - bodies.states[a, m])
        for n in range(6):
            phi[m, n] = bodies.phis[a, m, n] + f * (bodies.phis[a + 1, m, n] - bodies.phis[a, m, n])


@bare
def _second(face: Face, bodies: Bodies, i: int, t: float) -> int:
    """Where in ``looks`` a missile's second stands that ends at a time of the raid; -1 where nothing can be
    seen of it.
    """
    after = t - bodies.starts[i]
    if after < 0.0 or after >= bodies.ends[i]:
        return -1
    k = int(after) - face.first[i]
    return int(face.place[i] + k) if 0 <= k < face.seconds[i] else -1


@bare
def _period(look: Array, tracks: Tracks, i: int, t: float) -> float:
    """Time of a search for a body where it is told to be [s]."""
    late = max(0.0, t - tracks.since[i]) * tracks.drift[i]
    error = math.sqrt(tracks.place[i] ** 2 + late * late)
    return acquisition_beams(error, look[DISTANCE], look[WIDTH]) * look[BEAM_TIME]


@kernel
def scan(
    t: float, face: Face, bodies: Bodies, tracks: Tracks, earth: Earth, news: Indices
) -> tuple[int, int, float]:
    """A radar's turn that ends at a time of the raid.

    Returns
    -------
    count : pairs of a missile and what is new about it in ``news`` (most, 2)
    near : missiles that are in track, or of which something could be seen now
    load : the time that what is in track asks for, as a share of what the radar has; searches for what it was
        told of come on top, and take no more than is there
    """
    n = len(bodies.starts)
    count, held, near = 0, 0, 0
    # What everything would like: looks at whatever is in track, searches for what was told.
    asked = face.others * face.rows[0, DWELL] / face.interval
    searches = 0.0
    for i in range(n):
        at = _second(face, bodies, i, t)
        if at < 0:
            continue
        look, spent = face.looks[at], face.rows[i, DWELL]
        if not math.isnan(tracks.found[i]):
            if look[HOLDS] > 0.0 and tracks.leader[i] < 0:
                held += 1 if math.isnan(tracks.apart[i]) else 2
                asked += (1.0 if math.isnan(tracks.apart[i]) else 2.0) * spent / face.interval
        elif tracks.told[i] <= t and look[LOOKED] < 0.0:
            period = _period(look, tracks, i, t)
            searches += period / max(face.interval, period)
    stretch = max(1.0, asked + searches)
    line, rows, off = np.empty(10), np.empty((4, 6)), np.empty(4)
    state, phi = np.empty(6), np.empty((6, 6))
    for i in range(n):
        at = _second(face, bodies, i, t)
        after = t - bodies.starts[i]
        near += 1 if at >= 0 or not math.isnan(tracks.found[i]) else 0
        if at < 0:
            if not math.isnan(tracks.found[i]) and t - tracks.seen[i] > _DROP:
                _drop(tracks, i, t)
                news[count, 0], news[count, 1] = i, LOST
                count += 1
            continue
        look, radar = face.looks[at], face.rows[i]
        if not math.isnan(tracks.found[i]):
            # Too faint to be followed, it is not lost as long as it can be found.
            if look[HOLDS] > 0.0 or look[LOOKED] < 0.0:
                tracks.seen[i] = t
            elif t - tracks.seen[i] > _DROP:
                _drop(tracks, i, t)
                news[count, 0], news[count, 1] = i, LOST
                count += 1
            if look[W_ALONG] <= 0.0 or tracks.leader[i] >= 0:
                continue
            if tracks.records[i, 0] == 0.0:
                news[count, 0], news[count, 1] = i, TRACKED
                count += 1
            if look[APART] >= 0.0 and math.isnan(tracks.apart[i]):
                tracks.apart[i] = t
                news[count, 0], news[count, 1] = i, TOLD_APART
                count += 1
            looks = TURN / (face.interval * stretch)
            weights = (looks * look[W_ALONG], looks * look[W_ACROSS], looks * look[W_RATE])
            between(bodies, i, after, state, phi)
            look_rows(after, state, phi, face.stations, earth, line, rows)
            course = t / radar[WANDER]
            for m in range(4):
                weight = weights[0] if m == 0 else (weights[2] if m == 3 else weights[1])
                off[m] = face.noise[at, m] / math.sqrt(weight) if weight > 0.0 else 0.0
                if m < 3:
                    off[m] += face.biases[m, 0] * math.cos(course) + face.biases[m, 1] * math.sin(course)
            add_look(rows, weights, off, course, tracks.records[i], tracks.sums[i])
            continue
        rate = look[SEARCHED]
        if tracks.told[i] <= t and look[LOOKED] < 0.0:
            rate += look[LOOKED] / max(face.interval * stretch, _period(look, tracks, i, t) * stretch)
        tracks.missed[i] += rate * TURN
        if rate < 0.0 and tracks.missed[i] <= tracks.limit[i] and held < face.limit:
            held += 1
            tracks.found[i] = tracks.seen[i] = t
            news[count, 0], news[count, 1] = i, FOUND
            count += 1
    if int(t) % _COMPARED == 0:
        count = _compare(t, face, bodies, tracks, earth, news, count)
    return count, near, asked


@bare
def _drop(tracks: Tracks, i: int, t: float) -> None:
    """Lose a track; where it was is still known, as well as from another radar's word."""
    tracks.found[i], tracks.missed[i] = np.nan, 0.0
    tracks.told[i], tracks.since[i] = t, t
    tracks.place[i], tracks.drift[i] = HANDED_ON, 0.0


@kernel
def _compare(
    t: float, face: Face, bodies: Bodies, tracks: Tracks, earth: Earth, news: Indices, count: int
) -> int:
    """Note what stands too near another body in track to be told from it: in range, in angle, by Doppler."""
    n = len(bodies.starts)
    one, two, phi = np.empty(6), np.empty(6), np.empty((6, 6))
    site = face.stations[0]
    for i in range(n):
        if math.isnan(tracks.found[i]) or _second(face, bodies, i, t) < 0:
            continue
        if t - bodies.starts[i] < bodies.burnouts[i]:
            continue
        leader = -1
        _ground(bodies, i, t, earth, one, phi)
        radar = face.rows[i]
        for j in range(i):
            if math.isnan(tracks.found[j]) or tracks.leader[j] >= 0 or _second(face, bodies, j, t) < 0:
                continue
            if t - bodies.starts[j] < bodies.burnouts[j]:
                continue
            _ground(bodies, j, t, earth, two, phi)
            if _alike(one, two, site, radar):
                leader = j
                break
        if leader != tracks.leader[i]:
            news[count, 0], news[count, 1] = i, MERGED if leader >= 0 else PARTED
            count += 1
            tracks.leader[i] = leader
    return count


@bare
def _ground(bodies: Bodies, i: int, t: float, earth: Earth, state: Array, phi: Array) -> None:
    """Place [m] and velocity over the ground [m/s] of a missile in ECEF, in free flight."""
    after = t - bodies.starts[i]
    between(bodies, i, after, state, phi)
    angle = earth.rotation * after
    c, s = math.cos(angle), math.sin(angle)
    x, y = c * state[0] + s * state[1], c * state[1] - s * state[0]
    vx, vy = c * state[3] + s * state[4], c * state[4] - s * state[3]
    state[0], state[1] = x, y
    state[3], state[4] = vx + earth.rotation * y, vy - earth.rotation * x


@bare
def _alike(one: Array, two: Array, site: Array, radar: Array) -> bool:
    """Whether two bodies stand within one resolution cell of a radar at a site, in every measurement."""
    ra, rb, dot, va, vb = 0.0, 0.0, 0.0, 0.0, 0.0
    for m in range(3):
        a, b = one[m] - site[m], two[m] - site[m]
        ra, rb, dot = ra + a * a, rb + b * b, dot + a * b
        va, vb = va + a * one[3 + m], vb + b * two[3 + m]
    ra, rb = math.sqrt(ra), math.sqrt(rb)
    if abs(ra - rb) > radar[CELL]:
        return False
    if math.acos(min(1.0, dot / (ra * rb))) > radar[BEAM]:
        return False
    return not (radar[DOPPLER] > 0.0 and abs(va / ra - vb / rb) > radar[DOPPLER])
