"""Missiles and interceptors, built from their stages."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier, InputError, format_quantity
from ..dossier.vehicle import Vehicle as VehicleData
from ..physics import aim, flight, sight
from ..physics.earth import WGS84, height
from ..physics.flight import Vehicle
from .memory import Lately

#: Burnout speed is that of a flight whose velocity over the ground then rises this steeply [rad], launched
#: north from this latitude [rad]: steeper flights lose a little more to gravity, flatter ones a little less.
REFERENCE_ELEVATION = math.radians(45.0)
REFERENCE_LATITUDE = math.radians(50.0)

#: A kill vehicle with its burnt-out stage; matters only below 150 km [kg/m^2].
_INTERCEPTOR_BALLISTIC_COEFFICIENT = 500.0
#: Payloads tried when one is scaled to meet a burnout speed [kg].
_LIGHTEST, _HEAVIEST = 1.0, 20000.0
#: Thrust for each kilogram at launch below which a vehicle stays where it is [m/s^2].
_LEAST_LIFT = 9.81
# Kick from which the reference flight is sought [rad].
_TYPICAL_KICK = 0.6
#: Step tolerance of reference flights: a centimetre a second at burnout.
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Burnout:
    """The moment at which thrust ends."""

    time_s: float
    altitude_m: float
    speed_m_s: float
    elevation_rad: float
    kick_rad: float


@dataclass(frozen=True, eq=False)
class Rocket:
    """A staged vehicle with the name of its entry."""

    kind: str
    name: str
    title: str
    payload_kg: float
    vehicle: Vehicle

    @cached_property
    def key(self) -> str:
        """Digest of every number that its flight depends on."""
        return vehicle_key(self.vehicle)

    @property
    def burn_time_s(self) -> float:
        return float(flight.full_burn(self.vehicle))

    def burnout(self) -> Burnout:
        """Burnout of the reference flight, speed and elevation over the ground."""
        return reference_burnout(self.vehicle)


#: How a warhead is turned, by the dossier's word for it.
ATTITUDES = {"reentry": sight.AT_REENTRY, "velocity": sight.ALONG_VELOCITY, "tumbling": sight.TUMBLING}


@dataclass(frozen=True, eq=False)
class Missile(Rocket):
    """A threat missile; ``attitude`` is how its warhead is turned, as of ``physics.sight``."""

    attitude: int

    @cached_property
    def ranges(self) -> aim.Ranges:
        """Where it comes down by kick and cutoff: first guesses for aiming."""
        return aim.tabulate_ranges(self.vehicle, WGS84)


@dataclass(frozen=True, eq=False)
class Interceptor(Rocket):
    """An interceptor; ``scaled_to_m_s`` is the imposed burnout speed that its payload was scaled to meet."""

    divert_m_s: float
    minimum_altitude_m: float
    longest_flight_s: float
    kill_probability: float
    scaled_to_m_s: float | None = None


# Payloads by vehicle and burnout speed.
_SCALED: Lately[tuple[str, float], float] = Lately(500)


def vehicle_key(vehicle: Vehicle) -> str:
    """Digest of every number of a vehicle."""
    digest = hashlib.sha256()
    for value in vehicle:
        digest.update(np.ascontiguousarray(value, dtype=np.float64).tobytes())
    return digest.hexdigest()[:16]


def missile(dossier: Dossier, name: str) -> Missile:
    """A missile of the dossier."""
    data = dossier.get("missile", name)
    vehicle = _vehicle(dossier, f"missile.{name}", data, data.payload.value, data.ballistic_coefficient.value)
    return Missile(
        "missile",
        name,
        data.name,
        data.payload.value,
        vehicle,
        ATTITUDES[data.attitude],
    )


def interceptor(dossier: Dossier, name: str) -> Interceptor:
    """An interceptor of the dossier, its payload scaled if a burnout speed is imposed."""
    data = dossier.get("interceptor", name)
    payload, scaled = data.payload.value, None
    if data.burnout_speed is not None:
        scaled = data.burnout_speed.value
        payload = _scaled(dossier, name, scaled)
    return Interceptor(
        "interceptor",
        name,
        data.name,
        payload,
        interceptor_vehicle(dossier, name, payload),
        data.divert.value,
        data.minimum_altitude.value,
        data.longest_flight.value,
        data.kill_probability.value,
        scaled,
    )


def _scaled(dossier: Dossier, name: str, speed_m_s: float) -> float:
    """``payload_for_speed``, found once for all dossiers that agree on the interceptor."""
    data = dossier.interceptor[name]
    key = (vehicle_key(interceptor_vehicle(dossier, name, data.payload.value)), speed_m_s)
    found = _SCALED.get(key)
    return _SCALED.put(key, payload_for_speed(dossier, name, speed_m_s)) if found is None else found


def interceptor_vehicle(dossier: Dossier, name: str, payload_kg: float) -> Vehicle:
    """An interceptor's vehicle with a payload of choice."""
    data = dossier.get("interceptor", name)
    return _vehicle(dossier, f"interceptor.{name}", data, payload_kg, _INTERCEPTOR_BALLISTIC_COEFFICIENT)


def payload_for_speed(dossier: Dossier, name: str, speed_m_s: float) -> float:
    """The payload with which an interceptor's reference flight burns out at a speed over the ground [kg].

    To a few parts in a million of the speed. InputError where no payload does it.
    """

    kick = _TYPICAL_KICK

    def slower(payload: float) -> float:
        nonlocal kick
        burnout = reference_burnout(interceptor_vehicle(dossier, name, payload), kick)
        if not math.isnan(burnout.speed_m_s):
            # Where no flight rises steeply enough, the kick says nothing about the next payload's.
            kick = burnout.kick_rad
        return burnout.speed_m_s - speed_m_s

    first = interceptor_vehicle(dossier, name, _LIGHTEST).stages[0]
    heaviest = min(_HEAVIEST, 0.999 * _sea_level_thrust(first) / _LEAST_LIFT - first[flight.MASS])
    nominal = min(heaviest, dossier.interceptor[name].payload.value)
    # Too heavy to rise steeply enough is too slow.
    payload = _root(slower, nominal, _LIGHTEST, heaviest, 5e-6, below=-speed_m_s)
    missed = slower(payload)
    if not abs(missed) < 1e-3 * speed_m_s:
        fast = payload < 2.0 * _LIGHTEST
        raise InputError(
            f"no payload lets {name} burn out at {{value}}"
            if fast
            else f"no payload that {name} can lift slows it to {{value}}",
            where=dossier.where(f"interceptor.{name}.burnout_speed"),
            value=format_quantity(speed_m_s, "km/s"),
            expected=f"at most {format_quantity(speed_m_s + missed, 'km/s')}, its motors' speed without one"
            if fast
            else f"at least {format_quantity(speed_m_s + slower(heaviest), 'km/s')}",
        )
    return payload


def _sea_level_thrust(stage: NDArray[np.float64]) -> float:
    return float(stage[flight.THRUST] - 101325.0 * stage[flight.EXIT_AREA])


def _root(
    margin: Callable[[float], float], guess: float, low: float, high: float, relative: float, below: float
) -> float:
    """Where a falling function crosses zero between two positive ends, found outward from a guess.

    The bracket grows from the guess by ever larger factors until it holds the root, then shrinks by secants
    of the logarithm. ``below`` stands for values that are not numbers.
    """

    def at(x: float) -> float:
        value = margin(math.exp(x))
        return below if math.isnan(value) else value

    least, most = math.log(low), math.log(high)
    a = b = math.log(guess)
    at_a = at_b = at(a)
    width = 0.02
    while at_a < 0.0 and a > least:
        b, at_b = a, at_a
        a = max(least, a - width)
        at_a = at(a)
        width *= 4.0
    while at_b > 0.0 and b < most:
        a, at_a = b, at_b
        b = min(most, b + width)
        at_b = at(b)
        width *= 4.0
    x = a
    for i in range(100):
        if b - a < relative or at_a == at_b:
            break
        # Regula falsi, with a bisection every fourth time against slow ends.
        x = 0.5 * (a + b) if i % 4 == 3 else a + (b - a) * at_a / (at_a - at_b)
        found = at(x)
        if abs(found) < relative * abs(below):
            break
        if found > 0.0:
            a, at_a = x, found
        else:
            b, at_b = x, found
    return math.exp(x)


def reference_burnout(vehicle: Vehicle, kick: float = _TYPICAL_KICK) -> Burnout:
    """Burnout of the flight north from 50 degrees that then rises at 45 degrees; nan where it cannot fly so.

    Speed, altitude and elevation are over the turning ground. The search begins at ``kick`` [rad].
    """
    nodes = np.empty((flight.MOST_NODES, flight.NODE_COLUMNS))
    state = np.empty(6)
    cutoff = flight.full_burn(vehicle)

    def fly(kick: float) -> float:
        """How much steeper than wanted the flight rises; the state is left in ``state``."""
        status, count, _ = flight.fly(
            vehicle, REFERENCE_LATITUDE, 0.0, 0.0, 0.0, kick, cutoff, cutoff, _TOLERANCE, WGS84, nodes
        )
        if status == flight.CRASHED:
            return math.nan
        flight.ecef_state_at(nodes, count, cutoff, WGS84, state)
        climb = float(state[:3] @ state[3:]) / math.sqrt(float(state[:3] @ state[:3]))
        return math.asin(climb / math.sqrt(float(state[3:] @ state[3:]))) - REFERENCE_ELEVATION

    kick = _root(fly, kick, 1e-3, 1.5, 1e-6, below=-1.0)
    off = fly(kick)
    if math.isnan(off) or abs(off) > 1e-3:
        return Burnout(cutoff, math.nan, math.nan, math.nan, kick)
    speed = math.sqrt(float(state[3:] @ state[3:]))
    return Burnout(
        cutoff, height(state[0], state[1], state[2], WGS84), speed, REFERENCE_ELEVATION + off, kick
    )


def _vehicle(
    dossier: Dossier, path: str, data: VehicleData, payload_kg: float, ballistic_coefficient: float
) -> Vehicle:
    """The numbers of a vehicle; InputError where it could not leave the ground, or turns before it has
    risen.
    """
    motors = [dossier.motor_of(stage) for stage in data.stage]
    masses = [
        motor.gross_mass.value + stage.extra_mass.value
        for motor, stage in zip(motors, data.stage, strict=True)
    ]
    rows = []
    start = 0.0
    for i, (motor, stage) in enumerate(zip(motors, data.stage, strict=True)):
        start += stage.coast.value
        widest = max(later.diameter.value for later in motors[i:])
        burn = motor.burn_time.value
        rows.append(
            (
                start,
                burn,
                motor.thrust.value,
                0.25 * math.pi * motor.nozzle_diameter.value**2,
                payload_kg + sum(masses[i:]),
                (motor.gross_mass.value - motor.empty_mass.value) / burn,
                0.25 * math.pi * widest**2,
            )
        )
        start += burn
    stages = np.array(rows)
    drag = dossier.get("drag", data.drag)
    first = stages[0]
    rise, pitch = data.rise_time.value, data.pitch_time.value
    if rise + pitch >= first[flight.IGNITION] + first[flight.BURN]:
        raise InputError(
            f"{path} pitches over until {format_quantity(rise + pitch, 's')}, past its first stage's burnout",
            where=dossier.where(f"{path}.pitch_time"),
            expected="rise_time + pitch_time shorter than the first burn",
        )
    lift = _sea_level_thrust(first)
    if lift <= first[flight.MASS] * _LEAST_LIFT:
        raise InputError(
            f"{path} does not leave the ground: {format_quantity(lift, 'kN')} of thrust at sea level "
            f"under {format_quantity(first[flight.MASS], 'kg')}",
            where=dossier.where(f"{path}.payload"),
            expected="thrust above weight (thrust is in vacuum; a wide nozzle takes from it at sea level)",
        )
    burnouts = stages[:, flight.IGNITION] + stages[:, flight.BURN]
    return Vehicle(
        stages,
        np.array(drag.mach, dtype=np.float64),
        np.array(drag.coefficient, dtype=np.float64),
        rise,
        pitch,
        float(burnouts[0]),
        ballistic_coefficient,
    )
