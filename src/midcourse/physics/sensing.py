"""What radars and warning satellites see of a flight.

A radar sees a body when it stands above the lowest and below the highest elevation, within the sector, and
returns enough for the signal-to-noise ratio that the radar needs. This is the seam at which fuller models of
detection and tracking come in: they replace ``track``.

References
----------
.. [1] M. Skolnik, "Introduction to Radar Systems", 3rd ed., McGraw-Hill, 2001, sections 1.2 and 2.1.
.. [2] D. Barton, "Radar System Analysis and Modeling", Artech House, 2005, eq. 8.2.1 (angle error).
"""

import math
from typing import Any, NamedTuple

import numpy as np

from .earth import Earth, height, to_ecef
from .flight import Array, ecef_state_at, segment
from .kernel import kernel

# A float, or an array of samples: numba compiles either.
Number = Any

BOLTZMANN = 1.380649e-23
LIGHT = 299792458.0

#: Looks a second that a track is taken to get, for the averaging of its angle errors.
_LOOKS = 1.0
# Slope constant of monopulse angle measurement [2]_.
_MONOPULSE = 1.6
#: Angles are not measured better than this part of the beam, however strong the echo: calibration and the
#: air.
ANGLE_FLOOR = 1.0 / 50.0


class Beam(NamedTuple):
    """A radar in track, as numbers.

    Attributes
    ----------
    strength : signal-to-noise ratio times range^4 over cross-section [m^2]
    needed : signal-to-noise ratio needed [1]
    beamwidth : of the receive aperture, half power [rad]
    lowest, highest : elevation limits [rad]
    half_width : of the sector to either side of a boresight; pi when the antenna turns [rad]
    """

    strength: float
    needed: float
    beamwidth: float
    lowest: float
    highest: float
    half_width: float


class Beams(NamedTuple):
    """Beams of one radar in many samples: the fields of ``Beam``, (samples,) each."""

    strength: Array
    needed: Array
    beamwidth: Array
    lowest: Array
    highest: Array
    half_width: Array


@kernel
def beam_strength(
    power: float, transmit_gain: float, receive_area: float, dwell: float, temperature: float, losses: float
) -> float:
    """Signal-to-noise ratio of one dwell, times range^4 over cross-section [m^2]. [1]_ eq. 2.52, energy form.

    S/N = P tau G A sigma / ((4 pi)^2 R^4 k T L), with mean power P [W], dwell tau [s], gain G [1], effective
    receive area A [m^2], system noise temperature T [K] and losses L [1].
    """
    return (
        power
        * dwell
        * transmit_gain
        * receive_area
        / ((4.0 * math.pi) ** 2 * BOLTZMANN * temperature * losses)
    )


@kernel
def aperture_gain(effective_area: float, wavelength: float) -> float:
    """Gain of an effective area [m^2] at a wavelength [m]. [1]_ eq. 1.8."""
    return 4.0 * math.pi * effective_area / wavelength**2


@kernel
def aperture_beamwidth(area: float, wavelength: float) -> float:
    """Half-power beamwidth of a round, evenly lit aperture of an area [m^2] [rad]. [2]_ table 6.1: 1.02
    lambda/D.
    """
    return 1.02 * wavelength / (4.0 * area / math.pi) ** 0.5


@kernel
def detection_range(strength: Number, needed: Number, cross_section: Number) -> Number:
    """Range at which a cross-section [m^2] just gives the ratio needed [m]."""
    return (strength * cross_section / needed) ** 0.25


@kernel
def cross_range_error(beam: Beam, cross_section: float, distance: float, duration: float) -> float:
    """Error across the line of sight of a track of ``duration`` seconds [m].

    Monopulse error of one look, beamwidth / (1.6 sqrt(2 S/N)) [2]_, averaged over one look a second; and a
    bias of ``ANGLE_FLOOR`` of the beam, which no averaging lowers.
    """
    ratio = beam.strength * cross_section / distance**4
    looks = max(1.0, duration * _LOOKS)
    noise = 1.0 / (_MONOPULSE * math.sqrt(2.0 * ratio * looks))
    return distance * beam.beamwidth * math.sqrt(noise * noise + ANGLE_FLOOR * ANGLE_FLOOR)


@kernel
def accurate_within(beam: Beam, cross_section: float, duration: float, largest: float) -> float:
    """Distance within which the cross-range error stays below ``largest`` [m], by bisection of its logarithm
    [m].
    """
    low, high = 0.0, 20.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if cross_range_error(beam, cross_section, math.exp(middle), duration) > largest:
            high = middle
        else:
            low = middle
    return math.exp(low)


@kernel
def even_times(nodes: Array, counts: Array, n: int, earth: Earth) -> tuple[Array, Array]:
    """Every flight at ``n`` even times from launch to impact.

    Returns
    -------
    times : (flights, n) [s]
    states : (flights, n, 6) position [m] and velocity over the ground [m/s] in ECEF
    """
    flights = nodes.shape[0]
    times = np.empty((flights, n))
    states = np.empty((flights, n, 6))
    for f in range(flights):
        count = int(counts[f])
        end = nodes[f, count - 1, 0]
        for i in range(n):
            times[f, i] = end * i / (n - 1.0)
            ecef_state_at(nodes[f], count, times[f, i], earth, states[f, i])
    return times, states


@kernel
def geometry(
    lat: float, lon: float, altitude: float, boresights: Array, states: Array, earth: Earth
) -> Array:
    """Where bodies stand as seen from a place.

    Parameters
    ----------
    boresights : (b,) azimuths [rad]; the nearest counts; none means that the antenna turns
    states : (flights, n, 6) in ECEF

    Returns
    -------
    (flights, n, 3) natural logarithm of the distance [m], elevation above the ellipsoid's horizontal [rad],
    azimuth off boresight [rad]
    """
    sx, sy, sz = to_ecef(lat, lon, altitude, earth)
    sl, cl, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    out = np.empty((states.shape[0], states.shape[1], 3))
    for f in range(states.shape[0]):
        for i in range(states.shape[1]):
            dx, dy, dz = states[f, i, 0] - sx, states[f, i, 1] - sy, states[f, i, 2] - sz
            east = -so * dx + co * dy
            north = -sl * co * dx - sl * so * dy + cl * dz
            up = cl * co * dx + cl * so * dy + sl * dz
            distance = math.sqrt(dx * dx + dy * dy + dz * dz)
            off = 0.0
            if len(boresights) > 0:
                azimuth = math.atan2(east, north)
                off = 4.0
                for b in boresights:
                    off = min(off, abs((azimuth - b + math.pi) % (2.0 * math.pi) - math.pi))
            out[f, i, 0] = math.log(distance)
            out[f, i, 1] = math.asin(max(-1.0, min(1.0, up / distance)))
            out[f, i, 2] = off
    return out


@kernel
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


@kernel
def track(
    times: Array, view: Array, burnout: float, beam: Beam, body: float, booster: float, cue: float,
    track_time: float, accurate_distance: float, out: Array,
) -> None:  # fmt: skip
    """What a radar makes of one flight.

    Parameters
    ----------
    times : (n,) [s]
    view : (n, 3) as of ``geometry``
    burnout : until then the booster is seen, after it the body [s]
    body, booster : cross-sections [m^2]
    cue : the radar looks from this time on [s]
    track_time : unbroken time in view after burnout that makes a track [s]
    accurate_distance : within it a track is good enough to commit on, as of ``accurate_within`` [m]
    out : (5,) takes first sight of booster or body, first sight of the body, last sight, total time in view
        [s], and the time at which a track is good enough; nan where it never happens

    Notes
    -----
    Between times, elevation and azimuth are taken to change evenly, and so the logarithm of the distance. A
    track begins after burnout: until then it does not say where the body will go.
    """
    out[0] = out[1] = out[2] = out[4] = np.nan
    out[3] = 0.0
    held = 0.0
    until = -1.0
    noise_body = math.log(beam.strength * body / beam.needed)
    noise_booster = math.log(beam.strength * booster / beam.needed)
    accurate = math.log(accurate_distance)
    for i in range(len(times) - 1):
        t0, t1 = times[i], times[i + 1]
        a, b = view[i, 0], view[i + 1, 0]
        if t1 <= cue:
            continue
        low = max(0.0, (cue - t0) / (t1 - t0))
        low, high = _span(view[i, 1] - beam.lowest, view[i + 1, 1] - beam.lowest, low, 1.0)
        low, high = _span(beam.highest - view[i, 1], beam.highest - view[i + 1, 1], low, high)
        low, high = _span(beam.half_width - view[i, 2], beam.half_width - view[i + 1, 2], low, high)
        if high <= low:
            continue
        parted = min(1.0, max(0.0, (burnout - t0) / (t1 - t0)))
        start, end = _span(noise_booster - 4.0 * a, noise_booster - 4.0 * b, low, min(high, parted))
        if end > start:
            out[2] = t0 + end * (t1 - t0)
            out[3] += (end - start) * (t1 - t0)
            if math.isnan(out[0]):
                out[0] = t0 + start * (t1 - t0)
        low, high = _span(noise_body - 4.0 * a, noise_body - 4.0 * b, max(low, parted), high)
        if high <= low:
            continue
        start, end = t0 + low * (t1 - t0), t0 + high * (t1 - t0)
        if math.isnan(out[0]):
            out[0] = start
        if math.isnan(out[1]):
            out[1] = start
        out[2] = end
        out[3] += end - start
        # A track is held on while each stretch begins where the last one ended.
        low, high = _span(accurate - a, accurate - b, low, high)
        if high <= low:
            continue
        start, end = t0 + low * (t1 - t0), t0 + high * (t1 - t0)
        if start > until + 1e-6:
            held = 0.0
        if math.isnan(out[4]) and held + end - start >= track_time:
            out[4] = start + track_time - held
        held += end - start
        until = end


@kernel
def track_samples(
    times: Array, views: Array, burnouts: Array, beams: Beams, body: Array, booster: Array, cues: Array,
    track_time: Array, largest_error: Array,
) -> Array:  # fmt: skip
    """``track`` for every sample and flight: (samples, flights, 5).

    The cross-sections and the last two are (samples,); ``cues`` is (samples,
    flights).
    """
    samples, flights = cues.shape
    out = np.empty((samples, flights, 5))
    for s in range(samples):
        beam = Beam(
            beams.strength[s],
            beams.needed[s],
            beams.beamwidth[s],
            beams.lowest[s],
            beams.highest[s],
            beams.half_width[s],
        )
        accurate = accurate_within(beam, body[s], track_time[s], largest_error[s])
        for f in range(flights):
            track(
                times[f], views[f], burnouts[f], beam, body[s], booster[s], cues[s, f],
                track_time[s], accurate, out[s, f],
            )  # fmt: skip
    return out


@kernel
def climb_times(nodes: Array, counts: Array, burnouts: Array, heights: Array, earth: Earth) -> Array:
    """When each burning booster passes each height [m]: (flights, heights) [s]; nan where it burns out
    below.
    """
    out = np.full((nodes.shape[0], len(heights)), np.nan)
    state = np.empty(6)
    for f in range(nodes.shape[0]):
        count = int(counts[f])
        last = segment(nodes[f], count, burnouts[f])
        for k in range(len(heights)):
            for i in range(last + 1):
                above = height(nodes[f, i + 1, 1], nodes[f, i + 1, 2], nodes[f, i + 1, 3], earth)
                if above >= heights[k]:
                    low, high = nodes[f, i, 0], nodes[f, i + 1, 0]
                    while high - low > 1e-3:
                        middle = 0.5 * (low + high)
                        ecef_state_at(nodes[f], count, middle, earth, state)
                        if height(state[0], state[1], state[2], earth) < heights[k]:
                            low = middle
                        else:
                            high = middle
                    if high <= burnouts[f]:
                        out[f, k] = high
                    break
    return out
