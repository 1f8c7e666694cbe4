"""The flight of a vehicle: staged boost, free flight, entry; with dense output.

Three degrees of freedom in ECI. A flight is steered by three numbers: the launch *azimuth*, the *kick*
(how far the pitch-over tilts the vehicle) and the *cutoff* (when thrust ends). It goes through

1. vertical rise, thrust along the local vertical;
2. pitch-over, thrust tilting at a constant rate from the vertical by the kick, toward the azimuth;
3. gravity turn, thrust along the velocity through the air, to the end of the first stage's burn;
4. held attitude, thrust fixed in inertial space along the velocity at that moment, for the upper stages;
   a constant direction is the linear-tangent law of [2]_ for a free end point;
5. free flight under J2 gravity, with drag by ballistic coefficient wherever there is air, to the ground.

Steps adapt to the error [1]_; ignitions, burnouts and changes of steering fall on step ends exactly,
and so does the impact. Every step end is kept with its acceleration, so that position and velocity at
any time follow from the quintic that joins two ends.

References
----------
.. [1] J. Dormand and P. Prince, "A family of embedded Runge-Kutta formulae", J. Comput. Appl. Math. 6 (1980);
   step control as in E. Hairer et al., "Solving Ordinary Differential Equations I", section II.4.
.. [2] A. Bryson and Y.-C. Ho, "Applied Optimal Control", 1975, section 2.4 (thrust direction programming).
.. [3] G. Sutton and O. Biblarz, "Rocket Propulsion Elements", 9th ed., chapters 2 and 4.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .atmosphere import TOP, air
from .earth import Earth, gravity, height, to_ecef
from .kernel import bare, kernel

Array = NDArray[np.float64]


class Vehicle(NamedTuple):
    """A staged vehicle as numbers.

    Attributes
    ----------
    stages : (n, 7) one row a stage: ignition time [s], burn time [s], vacuum thrust [N], nozzle exit area
        [m^2], mass at ignition [kg], mass flow [kg/s], drag reference area [m^2]
    mach, drag : (k,) drag coefficient against Mach number, linear between entries, constant beyond
    rise : duration of the vertical rise [s]
    pitch : duration of the pitch-over [s]
    hold : time at which the attitude is held in inertial space [s]
    ballistic_coefficient : of the body that flies on after the last burn [kg/m^2]
    """

    stages: Array
    mach: Array
    drag: Array
    rise: float
    pitch: float
    hold: float
    ballistic_coefficient: float


# Columns of Vehicle.stages.
IGNITION, BURN, THRUST, EXIT_AREA, MASS, FLOW, AREA = range(7)

# What ended a flight.
IMPACT, TIME_LIMIT, CRASHED, TOO_MANY_STEPS = 0, 1, 2, 3

#: Columns of a flight's nodes: time, position, velocity, acceleration, in ECI.
NODE_COLUMNS = 10
#: Step ends a flight can have; the longest seen has under 300.
MOST_NODES = 640
#: Error allowed in one step, relative to the Earth's radius and to orbital speed (6 mm, 8 um/s).
TOLERANCE = 1e-9
# A burn's steps are as many times as strict: its errors grow all along the flight, and the air's layers, the
# drag table's corners and the held direction add to them.
_STRICTER = 0.1

_LENGTH, _SPEED = 6.4e6, 7.9e3

# Steering of a phase.
COAST, _RISE, _PITCH, _TURN, _HOLD = 0, 1, 2, 3, 4

_C = np.array([0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0])
_A = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [1 / 5, 0, 0, 0, 0, 0],
        [3 / 40, 9 / 40, 0, 0, 0, 0],
        [44 / 45, -56 / 15, 32 / 9, 0, 0, 0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0, 0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
_E = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])


@bare
def full_burn(vehicle: Vehicle) -> float:
    """Time at which the last stage has spent its propellant [s]."""
    last = vehicle.stages[-1]
    return float(last[IGNITION] + last[BURN])


@bare
def drag_coefficient(mach: float, vehicle: Vehicle) -> float:
    """Drag coefficient at a Mach number, linear in the vehicle's table [1]."""
    m, c = vehicle.mach, vehicle.drag
    if mach <= m[0]:
        return float(c[0])
    for i in range(1, len(m)):
        if mach < m[i]:
            return float(c[i - 1] + (c[i] - c[i - 1]) * (mach - m[i - 1]) / (m[i] - m[i - 1]))
    return float(c[-1])


@bare
def acceleration(
    t: float, y: Array, steering: int, stage: int, axis: Array, vehicle: Vehicle, earth: Earth, out: Array
) -> None:
    """Acceleration of the vehicle in ECI [m/s^2], written to ``out[3:6]``; ``out[0:3]`` takes the velocity.

    ``axis`` holds the launch vertical and the launch azimuth in ECEF (six numbers), the kick [rad], and the
    held direction in ECI. Thrust is the vacuum thrust less ambient pressure times exit area ([3]_ eq. 2-14);
    mass falls at the constant rate that spends the propellant over the burn time.
    """
    x, yy, z = y[0], y[1], y[2]
    vx, vy, vz = y[3], y[4], y[5]
    ax, ay, az = gravity(x, yy, z, earth)
    h = height(x, yy, z, earth)
    # Velocity through air that turns with the Earth.
    wx, wy, wz = vx + earth.rotation * yy, vy - earth.rotation * x, vz
    w = math.sqrt(wx * wx + wy * wy + wz * wz)
    density, pressure, sound = 0.0, 0.0, 1.0
    if h < TOP:
        density, pressure, sound = air(h)
    if steering == COAST:
        if density > 0.0:
            k = -0.5 * density * w / vehicle.ballistic_coefficient
            ax += k * wx
            ay += k * wy
            az += k * wz
    else:
        row = vehicle.stages[stage]
        mass = row[MASS] - row[FLOW] * (t - row[IGNITION])
        thrust = row[THRUST] - pressure * row[EXIT_AREA]
        if steering == _HOLD:
            ux, uy, uz = axis[7], axis[8], axis[9]
        elif steering == _TURN:
            ux, uy, uz = wx / w, wy / w, wz / w
        else:
            tilt = 0.0
            if steering == _PITCH:
                tilt = axis[6] * (t - vehicle.rise) / vehicle.pitch
            c, s = math.cos(tilt), math.sin(tilt)
            bx, by = c * axis[0] + s * axis[3], c * axis[1] + s * axis[4]
            turned = earth.rotation * t
            ct, st = math.cos(turned), math.sin(turned)
            ux, uy, uz = ct * bx - st * by, st * bx + ct * by, c * axis[2] + s * axis[5]
        f = thrust / mass
        k = 0.0
        if density > 0.0:
            k = -0.5 * density * w * drag_coefficient(w / sound, vehicle) * row[AREA] / mass
        ax += f * ux + k * wx
        ay += f * uy + k * wy
        az += f * uz + k * wz
    out[0], out[1], out[2] = vx, vy, vz
    out[3], out[4], out[5] = ax, ay, az


@bare
def step(
    t: float, y: Array, h: float, steering: int, stage: int, axis: Array, vehicle: Vehicle, earth: Earth,
    k: Array, trial: Array,
) -> float:  # fmt: skip
    """One Dormand-Prince step of ``h`` seconds from ``y`` to ``trial``; returns its error relative to the
    planet.

    ``k[0]`` must hold the derivative at ``y``; ``k[6]`` then holds that at ``trial``.
    """
    for i in range(1, 7):
        for j in range(6):
            total = 0.0
            for m in range(i):
                total += _A[i, m] * k[m, j]
            trial[j] = y[j] + h * total
        acceleration(t + _C[i] * h, trial, steering, stage, axis, vehicle, earth, k[i])
    worst = 0.0
    for j in range(6):
        e = 0.0
        for m in range(7):
            e += _E[m] * k[m, j]
        e = abs(h * e) / (_LENGTH if j < 3 else _SPEED)
        worst = max(worst, e)
    return worst


@bare
def keep_node(nodes: Array, n: int, t: float, y: Array, k: Array) -> None:
    """Write a step's end into a flight's nodes."""
    nodes[n, 0] = t
    for j in range(6):
        nodes[n, 1 + j] = y[j]
    for j in range(3):
        nodes[n, 7 + j] = k[3 + j]


@bare
def launch_axes(lat: float, lon: float, azimuth: float, out: Array) -> None:
    """The launch vertical and the horizontal toward ``azimuth`` in ECEF, into ``out[0:6]``."""
    sl, cl, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    sa, ca = math.sin(azimuth), math.cos(azimuth)
    out[0], out[1], out[2] = cl * co, cl * so, sl
    out[3] = -so * sa - sl * co * ca
    out[4] = co * sa - sl * so * ca
    out[5] = cl * ca


@kernel
def coast(
    vehicle: Vehicle, t: float, y: Array, latest: float, tolerance: float, earth: Earth, nodes: Array, n: int
) -> tuple[int, int]:
    """Fly on without thrust from a state until it hits the ground or time is up.

    Parameters
    ----------
    vehicle : only its ballistic coefficient counts; an infinite one leaves the air out
    t, y : time [s], position [m] and velocity [m/s] in ECI (six numbers); ``y`` is left at the last state
    latest, tolerance, nodes : as of ``fly``
    n : index of the first node written

    Returns
    -------
    status, count : what ended the flight, number of nodes there are now
    """
    trial = np.empty(6)
    k = np.empty((7, 6))
    axis = np.zeros(10)
    acceleration(t, y, COAST, 0, axis, vehicle, earth, k[0])
    keep_node(nodes, n, t, y, k[0])
    n += 1
    suggested = 5.0
    while t < latest:
        if n >= nodes.shape[0] - 1:
            return TOO_MANY_STEPS, n
        last = suggested >= latest - t
        h = latest - t if last else suggested
        error = step(t, y, h, COAST, 0, axis, vehicle, earth, k, trial) / tolerance
        factor = min(5.0, max(0.2, 0.9 * (error + 1e-30) ** -0.2))
        if error > 1.0:
            suggested = h * factor
            continue
        grounded = height(trial[0], trial[1], trial[2], earth) <= 0.0
        if grounded:
            # Newton on the step's length until it ends on the ellipsoid.
            for _ in range(30):
                above = height(trial[0], trial[1], trial[2], earth)
                if abs(above) < 1e-3:
                    break
                r = math.sqrt(trial[0] ** 2 + trial[1] ** 2 + trial[2] ** 2)
                sink = (trial[0] * trial[3] + trial[1] * trial[4] + trial[2] * trial[5]) / r
                h = max(h - above / sink, 0.1 * h)
                step(t, y, h, COAST, 0, axis, vehicle, earth, k, trial)
        t = latest if last and not grounded else t + h
        y[:] = trial
        k[0] = k[6]
        keep_node(nodes, n, t, y, k[0])
        n += 1
        if grounded:
            return IMPACT, n
        suggested = h * factor
    return TIME_LIMIT, n


@kernel
def fly(
    vehicle: Vehicle, lat: float, lon: float, altitude: float, azimuth: float, kick: float, cutoff: float,
    latest: float, tolerance: float, earth: Earth, nodes: Array,
) -> tuple[int, int, int]:  # fmt: skip
    """Fly a vehicle from a place on the ground until it hits the ground or time is up.

    Parameters
    ----------
    lat, lon, altitude : launch place [rad, rad, m]
    azimuth : clockwise from north [rad]
    kick : tilt at the end of the pitch-over [rad]
    cutoff : time at which thrust ends; past its burnout the last stage goes on burning what it is made of, as
        ``aim`` lets it while searching [s]
    latest : time at which the flight is given up, burning or not [s]
    tolerance : error allowed in one step of free flight, normally TOLERANCE [1]
    nodes : (MOST_NODES, 10) is filled with time [s], position [m], velocity [m/s], acceleration [m/s^2]
        in ECI at every step end; where acceleration jumps, a time stands twice

    Returns
    -------
    status, count, burnout : what ended the flight, nodes written, index of the first node after thrust
    """
    y = np.empty(6)
    trial = np.empty(6)
    k = np.empty((7, 6))
    axis = np.zeros(10)
    launch_axes(lat, lon, azimuth, axis)
    axis[6] = kick
    y[0], y[1], y[2] = to_ecef(lat, lon, altitude, earth)
    y[3], y[4], y[5] = -earth.rotation * y[1], earth.rotation * y[0], 0.0
    t, n, held = 0.0, 0, False
    count = vehicle.stages.shape[0]
    cutoff = min(cutoff, latest)
    suggested = 1.0
    for s in range(count):
        row = vehicle.stages[s]
        if row[IGNITION] >= cutoff:
            break
        burnout = row[IGNITION] + row[BURN]
        if s == count - 1 or burnout > cutoff:
            burnout = cutoff
        while t < burnout:
            # The phase that starts now, and the moment at which it gives way to the next.
            if t < row[IGNITION]:
                steering, end = COAST, row[IGNITION]
            elif t < vehicle.rise:
                steering, end = _RISE, min(vehicle.rise, burnout)
            elif t < vehicle.rise + vehicle.pitch:
                steering, end = _PITCH, min(vehicle.rise + vehicle.pitch, burnout)
            elif t < vehicle.hold:
                steering, end = _TURN, min(vehicle.hold, burnout)
            else:
                steering, end = _HOLD, burnout
                if not held:
                    wx, wy, wz = y[3] + earth.rotation * y[1], y[4] - earth.rotation * y[0], y[5]
                    w = math.sqrt(wx * wx + wy * wy + wz * wz)
                    axis[7], axis[8], axis[9] = wx / w, wy / w, wz / w
                    held = True
            acceleration(t, y, steering, s, axis, vehicle, earth, k[0])
            keep_node(nodes, n, t, y, k[0])
            n += 1
            while t < end:
                if n >= nodes.shape[0] - 3:
                    return TOO_MANY_STEPS, n, n
                last = suggested >= end - t
                h = end - t if last else suggested
                error = step(t, y, h, steering, s, axis, vehicle, earth, k, trial) / (_STRICTER * tolerance)
                factor = min(5.0, max(0.2, 0.9 * (error + 1e-30) ** -0.2))
                if error > 1.0:
                    suggested = h * factor
                    continue
                t = end if last else t + h
                y[:] = trial
                k[0] = k[6]
                keep_node(nodes, n, t, y, k[0])
                n += 1
                # A step cut short by the phase's end says little about the next phase's scale.
                suggested = max(h * factor, suggested) if last else h * factor
                if height(y[0], y[1], y[2], earth) < altitude - 50.0:
                    return CRASHED, n, n
    burnout_node = n
    status, n = coast(vehicle, t, y, latest, tolerance, earth, nodes, n)
    return status, n, burnout_node


@bare
def segment(nodes: Array, count: int, t: float) -> int:
    """Index of the node that begins the step in which ``t`` lies, by bisection."""
    low, high = 0, count - 1
    while high - low > 1:
        middle = (low + high) // 2
        if nodes[middle, 0] <= t:
            low = middle
        else:
            high = middle
    return low


@bare
def state_at(nodes: Array, count: int, t: float, out: Array) -> None:
    """Position and velocity in ECI at time ``t`` within the flight, into ``out[0:6]``.

    The quintic that matches position, velocity and acceleration at both ends of a step; its error is far
    below that of the step itself.
    """
    i = segment(nodes, count, t)
    t0, t1 = nodes[i, 0], nodes[i + 1, 0]
    h = t1 - t0
    if h <= 0.0:
        for j in range(6):
            out[j] = nodes[i + 1, 1 + j]
        return
    s = (t - t0) / h
    for j in range(3):
        p0, p1 = nodes[i, 1 + j], nodes[i + 1, 1 + j]
        v0, v1 = nodes[i, 4 + j] * h, nodes[i + 1, 4 + j] * h
        a0, a1 = nodes[i, 7 + j] * h * h, nodes[i + 1, 7 + j] * h * h
        c3 = 10.0 * (p1 - p0) - 6.0 * v0 - 4.0 * v1 - 1.5 * a0 + 0.5 * a1
        c4 = -15.0 * (p1 - p0) + 8.0 * v0 + 7.0 * v1 + 1.5 * a0 - a1
        c5 = 6.0 * (p1 - p0) - 3.0 * (v0 + v1) - 0.5 * (a0 - a1)
        out[j] = p0 + s * (v0 + s * (0.5 * a0 + s * (c3 + s * (c4 + s * c5))))
        out[3 + j] = (v0 + s * (a0 + s * (3.0 * c3 + s * (4.0 * c4 + s * 5.0 * c5)))) / h


@bare
def ecef_state_at(nodes: Array, count: int, t: float, earth: Earth, out: Array) -> None:
    """Position [m] and velocity over the ground [m/s] in ECEF at time ``t``, into ``out[0:6]``."""
    state_at(nodes, count, t, out)
    angle = earth.rotation * t
    c, s = math.cos(angle), math.sin(angle)
    x, y = c * out[0] + s * out[1], -s * out[0] + c * out[1]
    vx, vy = c * out[3] + s * out[4], -s * out[3] + c * out[4]
    out[0], out[1] = x, y
    out[3], out[4] = vx + earth.rotation * y, vy - earth.rotation * x


@kernel
def apogee(nodes: Array, count: int, earth: Earth) -> tuple[float, float]:
    """Time [s] and greatest height [m] of a flight; its last node where it is still climbing."""
    best = 0
    top = -1e30
    for i in range(count):
        h = height(nodes[i, 1], nodes[i, 2], nodes[i, 3], earth)
        if h > top:
            top, best = h, i
    low, high = nodes[max(best - 1, 0), 0], nodes[min(best + 1, count - 1), 0]
    out = np.empty(6)
    golden = 0.3819660112501051
    for _ in range(40):
        if high - low < 1e-4:
            break
        a, b = low + golden * (high - low), high - golden * (high - low)
        state_at(nodes, count, a, out)
        ha = height(out[0], out[1], out[2], earth)
        state_at(nodes, count, b, out)
        hb = height(out[0], out[1], out[2], earth)
        if ha > hb:
            high = b
        else:
            low = a
    t = 0.5 * (low + high)
    state_at(nodes, count, t, out)
    return t, max(top, height(out[0], out[1], out[2], earth))
