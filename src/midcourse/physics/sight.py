"""Where a flight stands as seen from a radar: distance, elevation, angle off the face, aspect of the body.

A flight is looked at from launch to burnout and from burnout to impact. Transmitter and
receiver may stand apart: then both must see the body.

References
----------
.. [1] E. Knott, J. Shaeffer, M. Tuley, "Radar Cross Section", 2nd ed., 2004, section 1.3 (bistatic echoes
   are close to the monostatic ones along the bisector, for small bistatic angles).
"""

import math

import numpy as np

from .earth import Earth, height, to_ecef
from .flight import Array, state_at
from .kernel import bare, kernel
from .refraction import refraction_at

#: Columns of a sight: logarithm of the product of the distances to transmitter and receiver [ln m^2];
#: lowest and highest apparent elevation from either [rad]; azimuth off the nearest boresight [rad];
#: components of the line of sight along that boresight's horizontal and along the vertical [1]; sine
#: squared of the angle between the line of sight and the body's axis [1].
FAR, LOW, HIGH, OFF, FORE, UP, ASPECT = range(7)
SIGHT_COLUMNS = 7

#: How a warhead is turned: its axis along its velocity at re-entry, along its velocity now, or anyhow.
AT_REENTRY, ALONG_VELOCITY, TUMBLING = range(3)
# Height at which re-entry begins [m].
_ENTRY = 100e3


@kernel
def reentry_times(nodes: Array, counts: Array, earth: Earth) -> Array:
    """When every flight falls through 100 km, to a step: (flights,) [s]; its last step if it stays below."""
    out = np.empty(nodes.shape[0])
    for f in range(nodes.shape[0]):
        i = int(counts[f]) - 2
        while i > 1 and height(nodes[f, i, 1], nodes[f, i, 2], nodes[f, i, 3], earth) < _ENTRY:
            i -= 1
        out[f] = nodes[f, i, 0]
    return out


@kernel
def states_at(nodes: Array, counts: Array, times: Array) -> Array:
    """Position [m] and velocity [m/s] in ECI of every flight at its times: (flights, n, 6) for (flights,
    n).
    """
    states = np.empty((times.shape[0], times.shape[1], 6))
    for f in range(times.shape[0]):
        for i in range(times.shape[1]):
            state_at(nodes[f], int(counts[f]), times[f, i], states[f, i])
    return states


@bare
def anchor(station: Array, earth: Earth, out: Array) -> None:
    """What stays of a station (latitude, longitude [rad], altitude [m]) as the Earth turns: its place in ECEF
    [m], sine and cosine of latitude and longitude, into ``out`` (7,).
    """
    out[0], out[1], out[2] = to_ecef(station[0], station[1], station[2], earth)
    out[3], out[4] = math.sin(station[0]), math.cos(station[0])
    out[5], out[6] = math.sin(station[1]), math.cos(station[1])


@bare
def line_from(anchored: Array, sine: float, cosine: float, place: Array, earth: Earth, out: Array) -> None:
    """``line_of_sight`` from a station as of ``anchor``, by sine and cosine of the angle that the Earth has
    turned.
    """
    sx, sy = cosine * anchored[0] - sine * anchored[1], sine * anchored[0] + cosine * anchored[1]
    dx, dy, dz = place[0] - sx, place[1] - sy, place[2] - anchored[2]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    ux, uy, uz = dx / distance, dy / distance, dz / distance
    sl, cl = anchored[3], anchored[4]
    so, co = sine * anchored[6] + cosine * anchored[5], cosine * anchored[6] - sine * anchored[5]
    along = co * ux + so * uy
    out[0] = -so * ux + co * uy
    out[1] = cl * uz - sl * along
    out[2] = cl * along + sl * uz
    out[3] = distance
    out[4], out[5], out[6] = ux, uy, uz
    out[7], out[8], out[9] = -earth.rotation * sy, earth.rotation * sx, 0.0


@kernel
def line_of_sight(station: Array, t: float, place: Array, earth: Earth, out: Array) -> None:
    """The line from a station to a place in ECI [m] at time ``t``.

    ``station`` holds latitude, longitude [rad], altitude [m]. ``out`` (10,) takes east, north and up
    components of the unit vector, the distance [m], the unit vector in ECI, and the station's velocity in
    ECI [m/s].
    """
    anchored = np.empty(7)
    anchor(station, earth, anchored)
    angle = earth.rotation * t
    line_from(anchored, math.sin(angle), math.cos(angle), place, earth, out)


@bare
def _apparent(line: Array, altitude: float) -> float:
    true = math.asin(max(-1.0, min(1.0, line[2])))
    return true + refraction_at(true, altitude, line[3])


@kernel
def sights(
    times: Array, states: Array, axes: Array, attitude: int, receiver: Array, transmitter: Array,
    boresights: Array, earth: Earth,
) -> Array:  # fmt: skip
    """What a radar's geometry is to bodies in flight.

    Parameters
    ----------
    times, states : (flights, n) [s] and (flights, n, 6) in ECI
    axes : (flights, 3) body axes for ``AT_REENTRY``
    attitude : AT_REENTRY, ALONG_VELOCITY (boosters too) or TUMBLING
    receiver, transmitter : (3,) latitude, longitude [rad], altitude [m]
    boresights : (b,) azimuths of the faces [rad]; the nearest counts; none means that the antenna turns

    Returns
    -------
    (flights, n, 7) in the columns of this module
    """
    flights, n = times.shape
    out = np.empty((flights, n, SIGHT_COLUMNS))
    line, other = np.empty(10), np.empty(10)
    here, there = np.empty(7), np.empty(7)
    anchor(receiver, earth, here)
    anchor(transmitter, earth, there)
    apart = receiver[0] != transmitter[0] or receiver[1] != transmitter[1]
    for f in range(flights):
        for i in range(n):
            angle = earth.rotation * times[f, i]
            sine, cosine = math.sin(angle), math.cos(angle)
            line_from(here, sine, cosine, states[f, i], earth, line)
            row = out[f, i]
            row[FAR] = 2.0 * math.log(line[3])
            row[LOW] = row[HIGH] = _apparent(line, receiver[2])
            bx, by, bz = line[4], line[5], line[6]
            if apart:
                line_from(there, sine, cosine, states[f, i], earth, other)
                row[FAR] = math.log(line[3]) + math.log(other[3])
                elevation = _apparent(other, transmitter[2])
                row[LOW], row[HIGH] = min(row[LOW], elevation), max(row[HIGH], elevation)
                bx, by, bz = bx + other[4], by + other[5], bz + other[6]
            level = math.sqrt(line[0] * line[0] + line[1] * line[1])
            row[OFF], row[FORE], row[UP] = 0.0, level, line[2]
            if len(boresights) > 0:
                azimuth = math.atan2(line[0], line[1])
                row[OFF] = 4.0
                for b in boresights:
                    row[OFF] = min(row[OFF], abs((azimuth - b + math.pi) % (2.0 * math.pi) - math.pi))
                row[FORE] = level * math.cos(row[OFF])
            if attitude == TUMBLING:
                row[ASPECT] = 0.5
                continue
            ax, ay, az = axes[f, 0], axes[f, 1], axes[f, 2]
            if attitude == ALONG_VELOCITY:
                ax, ay, az = states[f, i, 3], states[f, i, 4], states[f, i, 5]
            along = ax * bx + ay * by + az * bz
            size = (ax * ax + ay * ay + az * az) * (bx * bx + by * by + bz * bz)
            row[ASPECT] = 1.0 - min(1.0, along * along / size)
    return out


@kernel
def standing(places: Array, earth: Earth) -> Array:
    """Bodies that stand over places (p, 3), latitude, longitude [rad] and altitude [m]: states (p, 1, 6) at
    time 0.
    """
    out = np.zeros((len(places), 1, 6))
    for p in range(len(places)):
        out[p, 0, 0], out[p, 0, 1], out[p, 0, 2] = to_ecef(places[p, 0], places[p, 1], places[p, 2], earth)
    return out


@kernel
def bearings(times: Array, states: Array, station: Array, earth: Earth) -> Array:
    """Azimuth of bodies from a station: (flights, n) [rad]."""
    out = np.empty(times.shape)
    line = np.empty(10)
    for f in range(times.shape[0]):
        for i in range(times.shape[1]):
            line_of_sight(station, times[f, i], states[f, i], earth, line)
            out[f, i] = math.atan2(line[0], line[1])
    return out
