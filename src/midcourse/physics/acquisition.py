"""How a radar finds a body in flight, follows it, and what its looks add up to.

A radar that is told of a launch turns to it and searches the volume in which the cue leaves the body, beam
by beam; a radar that searches comes round without being told. Each look finds the body with the probability
of detection of its signal-to-noise ratio; the body counts as seen when that has added up to the confidence
asked. From then on it is looked at regularly wherever it stands in view and returns enough, and every look
after burnout adds to the track.
"""

import math

import numpy as np

from .detection import single_look
from .earth import Earth
from .flight import Array
from .kernel import bare, kernel
from .radar import (
    ALARM,
    BEAM,
    BOOSTER,
    CELL,
    DOPPLER,
    DWELL,
    FLANK,
    FRAME,
    HALF,
    HIGHEST,
    INTERVAL,
    LOWEST,
    NEEDED,
    NOSE,
    SCAN,
    SEARCH,
    SIDE,
    STRENGTH,
    TILT,
    TOP,
    WANDER,
)  # fmt: skip
from .search import acquisition_beams
from .sight import ASPECT, FAR, FORE, HIGH, LOW, OFF, UP, line_of_sight
from .tracking import RECORD, add_span, add_whole, look_weights

#: What a radar makes of a flight [s], nan where it never happens: first seen, booster or body; first sight
#: of the body; last sight; time in view; when it first tells warhead and spent stage apart.
FIRST, FIRST_BODY, LAST, TOTAL, RESOLVED = range(5)
SUMMARY = 5

#: How warhead and spent stage stand apart as a radar sees them, for each m/s between them: along the line
#: of sight [m], across it [rad], and in range rate [m/s].
ALONG, ACROSS, RATE = range(3)

# No face is credited with less than this cosine of the angle off its normal.
_GRAZING = 0.05
# A look is not reckoned with where the ratio falls short of what a track needs by more than this [ln].
_HOPELESS = 3.0
# Part of the dwell of tracking that a look of a search for a cued body takes at least.
_BRIEFEST = 0.02
# Chance of missing a body never falls to nothing in one look.
_SURE = 1.0 - 1e-12


@bare
def slants(radar: Array, rows: Array, cosines: Array, logs: Array) -> None:
    """Cosine of the angle off the face's normal at every sight, and its logarithm: (n,) each; 1 and 0 where
    the antenna turns. Of a radar only its tilt counts, and whether it turns.
    """
    if radar[SCAN] == 0.0:
        cosines[:], logs[:] = 1.0, 0.0
        return
    fore, up = math.cos(radar[TILT]), math.sin(radar[TILT])
    for i in range(len(rows)):
        cosines[i] = max(_GRAZING, rows[i, FORE] * fore + rows[i, UP] * up)
        logs[i] = math.log(cosines[i])


@bare
def levels_at(radar: Array, rows: Array, logs: Array, boost: bool, levels: Array) -> None:
    """Signal-to-noise ratio of one tracking look at every sight: (n,) [ln].

    ``radar`` (28,) as of ``physics.radar``, ``rows`` (n, 7) as of ``physics.sight``, ``logs`` (n,) as of
    ``slants``; ``boost`` while the booster burns.
    """
    end, flank = (radar[BOOSTER], radar[FLANK]) if boost else (radar[NOSE], radar[SIDE])
    for i in range(len(rows)):
        row = rows[i]
        echo = end + row[ASPECT] * (flank - end)
        levels[i] = radar[STRENGTH] + echo - 2.0 * row[FAR] + radar[SCAN] * logs[i]


@kernel
def look_levels(radar: Array, rows: Array, boost: bool, levels: Array, cosines: Array) -> None:
    """``slants`` and ``levels_at`` together."""
    logs = np.empty(len(rows))
    slants(radar, rows, cosines, logs)
    levels_at(radar, rows, logs, boost, levels)


@bare
def _span(a: float, b: float, low: float, high: float) -> tuple[float, float]:
    """The part of [low, high] in which a quantity going evenly from a to b over [0, 1] is not negative."""
    if a >= 0.0 and b >= 0.0:
        return low, high
    if a < 0.0 and b < 0.0:
        return 1.0, 0.0
    root = a / (a - b)
    if a < 0.0:
        return max(low, root), high
    return low, min(high, root)


@bare
def _in_sight(a: Array, b: Array, radar: Array, top: float, low: float, high: float) -> tuple[float, float]:
    """The part of a cell between two sights in which the body stands within the radar's limits."""
    low, high = _span(a[LOW] - radar[LOWEST], b[LOW] - radar[LOWEST], low, high)
    if high <= low:
        return 1.0, 0.0
    low, high = _span(top - a[HIGH], top - b[HIGH], low, high)
    return _span(radar[HALF] - a[OFF], radar[HALF] - b[OFF], low, high)


@bare
def search_rate(radar: Array, level: float, fluctuation: int, most: float) -> float:
    """Logarithm of the chance that search misses a body, for a second of it [1/s]; 0 where there is no hope.

    ``level`` is that of a tracking look [ln]; ``most`` that logarithm for a whole round, however strong the
    echo: nothing is found before the search has come round.
    """
    ratio = level + radar[SEARCH] - radar[STRENGTH]
    if radar[FRAME] <= 0.0 or ratio < radar[NEEDED] - _HOPELESS:
        return 0.0
    chance = min(_SURE, single_look(math.exp(ratio), radar[ALARM], fluctuation))
    return float(max(math.log1p(-chance), most) / radar[FRAME])


@bare
def cued_look(radar: Array, level: float, fluctuation: int) -> tuple[float, float]:
    """Logarithm of the chance that a look at where the body is told to be misses it, 0 where there is no
    hope, and the time that it takes at one beam [s].
    """
    # Of a strong echo, a look takes no longer than a track needs.
    ratio = min(level, radar[NEEDED])
    if ratio < radar[NEEDED] - _HOPELESS:
        return 0.0, 0.0
    chance = min(_SURE, single_look(math.exp(ratio), radar[ALARM], fluctuation))
    return math.log1p(-chance), max(_BRIEFEST, math.exp(ratio - level)) * radar[DWELL]


@bare
def within_limits(radar: Array, row: Array, top: float) -> bool:
    """Whether a sight stands within a radar's limits, up to an elevation [rad]."""
    return bool(row[LOW] >= radar[LOWEST] and row[HIGH] <= top and row[OFF] <= radar[HALF])


@bare
def find(
    radar: Array, times: Array, rows: Array, levels: Array, cosines: Array, fluctuation: int, told: float,
    place: float, drift: float, since: float, goal: float, missed: float,
) -> tuple[float, float]:  # fmt: skip
    """When a radar has found a body in one part of its flight.

    Parameters
    ----------
    radar : (28,) as of ``physics.radar``
    times, rows : (n,) [s] and (n, 7) as of ``physics.sight``
    levels, cosines : (n,) as of ``look_levels``
    fluctuation : Swerling's case
    told : from when the radar knows where to look; until then it only searches [s]
    place, drift, since : error of the cue [m], and its growth [m/s] after a moment [s]
    goal : logarithm of the chance of having missed the body at which it counts as found
    missed : that logarithm at the start

    Returns
    -------
    found, missed : time [s], nan where it is not found, and the chance left at the end
    """
    for i in range(len(times) - 1):
        t0, t1 = times[i], times[i + 1]
        a, b = rows[i], rows[i + 1]
        if t1 <= told and radar[FRAME] <= 0.0:
            continue
        if a[LOW] < radar[LOWEST] and b[LOW] < radar[LOWEST]:
            continue
        level = 0.5 * (levels[i] + levels[i + 1])
        if level < radar[NEEDED] - _HOPELESS:
            continue
        part = min(1.0, max(0.0, (told - t0) / (t1 - t0)))
        # Search goes on beside what a cue asks for: it has its own share of the time.
        s_low, s_high, s_rate = 1.0, 1.0, 0.0
        c_low, c_high, c_rate = 1.0, 1.0, 0.0
        if radar[FRAME] > 0.0:
            low, high = _in_sight(a, b, radar, radar[TOP], 0.0, 1.0)
            searched = search_rate(radar, level, fluctuation, goal) if high > low else 0.0
            if searched < 0.0:
                s_low, s_high, s_rate = low, high, searched
        if part < 1.0:
            low, high = _in_sight(a, b, radar, radar[HIGHEST], part, 1.0)
            missing, beam_time = cued_look(radar, level, fluctuation) if high > low else (0.0, 0.0)
            if missing < 0.0:
                middle = 0.5 * (low + high)
                late = max(0.0, t0 + middle * (t1 - t0) - since) * drift
                width = radar[BEAM] / math.sqrt(cosines[i] + middle * (cosines[i + 1] - cosines[i]))
                far = a[FAR] + middle * (b[FAR] - a[FAR])
                beams = acquisition_beams(math.sqrt(place * place + late * late), math.exp(0.5 * far), width)
                period = max(radar[INTERVAL], beams * beam_time)
                c_low, c_high, c_rate = low, high, missing / period
        low = 0.0
        while low < 1.0:
            high = 1.0
            for edge in (s_low, s_high, c_low, c_high):
                if edge > low:
                    high = min(high, edge)
            rate = 0.0
            if s_low <= low < s_high:
                rate += s_rate
            if c_low <= low < c_high:
                rate += c_rate
            span = (high - low) * (t1 - t0)
            if rate < 0.0 and missed + rate * span <= goal:
                return t0 + low * (t1 - t0) + (goal - missed) / rate, goal
            missed += rate * span
            low = high
    return np.nan, missed


@bare
def tells_apart(row: Array, radar: Array, speed: float, size: float) -> float:
    """How far warhead and spent stage stand apart, in resolution cells, less one: by range, angle or
    Doppler.
    """
    cells = speed * row[ALONG] / (radar[CELL] + size)
    cells = max(cells, speed * row[ACROSS] / radar[BEAM])
    if radar[DOPPLER] > 0.0:
        cells = max(cells, speed * row[RATE] / radar[DOPPLER])
    return cells - 1.0


@bare
def follow_booster(
    radar: Array, times: Array, rows: Array, levels: Array, found: float, summary: Array
) -> None:
    """Time in view of the burning booster once found, into a fresh ``summary``."""
    summary[:] = np.nan
    summary[TOTAL] = 0.0
    summary[FIRST] = found
    for i in range(len(times) - 1):
        t0, t1 = times[i], times[i + 1]
        if t1 <= found:
            continue
        low = max(0.0, (found - t0) / (t1 - t0))
        low, high = _in_sight(rows[i], rows[i + 1], radar, radar[HIGHEST], low, 1.0)
        if high > low:
            low, high = _span(levels[i] - radar[NEEDED], levels[i + 1] - radar[NEEDED], low, high)
        if high > low:
            summary[TOTAL] += (high - low) * (t1 - t0)
            summary[LAST] = t0 + high * (t1 - t0)


@bare
def follow(
    radar: Array, times: Array, rows: Array, levels: Array, parting: Array, found: float, speed: float, size:
    float, summary: Array, spans: Array,
) -> tuple[int, int]:  # fmt: skip
    """What a radar makes of a body in free flight, once found.

    Parameters
    ----------
    parting : (n, 3) how warhead and spent stage part, in the columns of this module
    speed, size : between them [m/s], and half their lengths together [m]
    summary : (5,) as left by ``follow_booster``
    spans : (n - 1, 2) takes from when to when the body is looked at in every cell between the first and the
        last looked at [s]

    Returns
    -------
    first, last : cells looked at; the last before the first where there are none
    """
    first, last = len(times), -1
    needed = radar[NEEDED]
    for i in range(len(times) - 1):
        t0, t1 = times[i], times[i + 1]
        if not t1 > found or (rows[i, LOW] < radar[LOWEST] and rows[i + 1, LOW] < radar[LOWEST]):
            continue
        if levels[i] < needed and levels[i + 1] < needed:
            continue
        low, high = _in_sight(
            rows[i], rows[i + 1], radar, radar[HIGHEST], max(0.0, (found - t0) / (t1 - t0)), 1.0
        )
        low, high = _span(levels[i] - needed, levels[i + 1] - needed, low, high)
        if high <= low:
            continue
        start, end = t0 + low * (t1 - t0), t0 + high * (t1 - t0)
        if last < 0:
            first = i
            summary[FIRST_BODY] = start
        summary[LAST] = end
        summary[TOTAL] += end - start
        if math.isnan(summary[RESOLVED]):
            begin, close = _span(
                tells_apart(parting[i], radar, speed, size),
                tells_apart(parting[i + 1], radar, speed, size),
                low,
                high,
            )
            if close > begin:
                summary[RESOLVED] = t0 + begin * (t1 - t0)
        # Cells passed over add nothing.
        for k in range(last + 1 if last >= 0 else i, i):
            spans[k, 0] = spans[k, 1] = times[k + 1]
        spans[i, 0], spans[i, 1] = start, end
        last = i
    return first, last


@bare
def gather(
    radar: Array, times: Array, levels: Array, cosines: Array, structure: Array, spans: Array,
    i: int, weights: Array, records: Array,
) -> None:  # fmt: skip
    """Add the looks of one cell to what those before it add up to.

    Parameters
    ----------
    structure : (225,) of the cell, as of ``tracking.structures``
    spans : as left by ``follow``
    i : the cell
    weights : (n - 1, 3) takes the sums of the weights of these looks, as of ``tracking.look_weights``
    records : (n, 63) what the looks up to every time add up to; ``records[i]`` stands, ``records[i + 1]`` is
        set
    """
    for k in range(RECORD):
        records[i + 1, k] = records[i, k]
    start, end, length = spans[i, 0], spans[i, 1], times[i + 1] - times[i]
    if end <= start:
        return
    broadening = 1.0 / math.sqrt(0.5 * (cosines[i] + cosines[i + 1]))
    ratio = math.exp(0.5 * (levels[i] + levels[i + 1]))
    along, across, rate = look_weights(radar, ratio, broadening)
    looks = (end - start) / radar[INTERVAL]
    along, across, rate = looks * along, looks * across, looks * rate
    weights[i, 0], weights[i, 1], weights[i, 2] = along, across, rate
    begin, close = start / radar[WANDER], end / radar[WANDER]
    if start == times[i] and end == times[i + 1]:
        add_whole(structure, along, across, rate, begin, close, records[i + 1])
    else:
        add_span(
            structure, (start - times[i]) / length, (end - times[i]) / length, along, across, rate, begin,
            close, records[i + 1],
        )  # fmt: skip


@kernel
def partings(times: Array, states: Array, phis: Array, station: Array, earth: Earth) -> Array:
    """How two bodies that part at burnout, at 1 m/s along the flight, stand apart as a radar sees them:
    (flights, n, 3).

    ``states`` (flights, n, 6) and ``phis`` (flights, n, 6, 6) begin at burnout.
    """
    out = np.empty((times.shape[0], times.shape[1], 3))
    line, gap, drift = np.empty(10), np.empty(3), np.empty(3)
    for f in range(times.shape[0]):
        vx, vy, vz = states[f, 0, 3], states[f, 0, 4], states[f, 0, 5]
        speed = math.sqrt(vx * vx + vy * vy + vz * vz)
        for i in range(times.shape[1]):
            phi = phis[f, i]
            for a in range(3):
                gap[a] = 1e3 * (phi[a, 3] * vx + phi[a, 4] * vy + phi[a, 5] * vz) / speed
                drift[a] = (phi[3 + a, 3] * vx + phi[3 + a, 4] * vy + phi[3 + a, 5] * vz) / speed
            line_of_sight(station, times[f, i], states[f, i], earth, line)
            along, across, rate, closing = 0.0, 0.0, 0.0, 0.0
            for a in range(3):
                along += gap[a] * line[4 + a]
                closing += (states[f, i, 3 + a] - line[7 + a]) * line[4 + a]
            for a in range(3):
                side = gap[a] - along * line[4 + a]
                across += side * side
                turning = (states[f, i, 3 + a] - line[7 + a] - closing * line[4 + a]) / line[3]
                rate += drift[a] * line[4 + a] + gap[a] * turning
            out[f, i, ALONG], out[f, i, ACROSS], out[f, i, RATE] = (
                abs(along),
                math.sqrt(across) / line[3],
                abs(rate),
            )
    return out
