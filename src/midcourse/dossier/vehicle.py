"""Missiles and interceptors, their stages, motors and drag."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from . import parameter as p
from .errors import InputError
from .parameter import default
from .table import Band, Number, Ref, SourceKey, Table, Text
from .units import format_quantity


def _check_motor(gross: p.Parameter | None, empty: p.Parameter | None) -> None:
    if gross is None or empty is None or gross.lowest > empty.highest:
        return
    shown = f"gross_mass {_mass(gross.lowest)} is not above empty_mass {_mass(empty.highest)}"
    if gross.value > empty.value:
        shown = f"the low end of {shown} at its high end"
    raise InputError(
        shown, expected="a motor that holds propellant: gross_mass > empty_mass", key=("gross_mass",)
    )


def _mass(kilograms: float) -> str:
    return format_quantity(kilograms, "kg", digits=6)


class Motor(Table):
    """A rocket motor: masses in kg, mean thrust in vacuum in N, burn time in s, diameters in m."""

    name: Text | None = None
    gross_mass: p.Mass
    empty_mass: p.Mass
    thrust: p.Thrust
    burn_time: p.BurnTime
    diameter: p.Length
    nozzle_diameter: p.Length
    source: SourceKey | None = None

    @model_validator(mode="after")
    def _holds_propellant(self) -> Motor:
        _check_motor(self.gross_mass, self.empty_mass)
        return self


MOTOR_FIELDS = ("gross_mass", "empty_mass", "thrust", "burn_time", "diameter", "nozzle_diameter")


class Stage(Table):
    """A motor by name, or its fields written here; a field written beside ``motor`` replaces the motor's.

    ``coast`` is the unpowered time in s before the stage lights; ``extra_mass`` in kg is dropped with it, and
    is negative where the published motor holds something that this vehicle does not carry.
    """

    motor: Annotated[str, Ref("motor")] | None = None
    gross_mass: p.Mass | None = None
    empty_mass: p.Mass | None = None
    thrust: p.Thrust | None = None
    burn_time: p.BurnTime | None = None
    diameter: p.Length | None = None
    nozzle_diameter: p.Length | None = None
    coast: p.Duration = default(0.0, "s")
    extra_mass: p.ExtraMass = default(0.0, "kg")
    source: SourceKey | None = None

    @model_validator(mode="after")
    def _has_motor(self) -> Stage:
        missing = [field for field in MOTOR_FIELDS if getattr(self, field) is None]
        if self.motor is None and missing:
            raise InputError(
                f"a stage without {missing[0]}",
                expected='motor = "name", or all of ' + ", ".join(MOTOR_FIELDS),
            )
        _check_motor(self.gross_mass, self.empty_mass)
        return self


class Drag(Table):
    """Drag coefficient (on the area of the widest stage burning or carried) against Mach number."""

    mach: tuple[Number, ...]
    coefficient: tuple[Number, ...]
    source: SourceKey

    @model_validator(mode="after")
    def _is_a_curve(self) -> Drag:
        if len(self.mach) < 2:
            raise InputError("a drag curve of fewer than two points", value=list(self.mach), key=("mach",))
        if len(self.mach) != len(self.coefficient):
            raise InputError(
                f"{len(self.coefficient)} coefficients for {len(self.mach)} Mach numbers",
                expected="as many of one as of the other",
                key=("coefficient",),
            )
        if self.mach[0] < 0.0 or any(a >= b for a, b in zip(self.mach, self.mach[1:], strict=False)):
            raise InputError(
                "Mach numbers {value} do not ascend from zero", value=list(self.mach), key=("mach",)
            )
        if min(self.coefficient) <= 0.0:
            raise InputError(
                "drag coefficient {value} is not above zero",
                value=min(self.coefficient),
                key=("coefficient",),
            )
        return self


class Vehicle(Table):
    """What missiles and interceptors share: masses in kg, times in s."""

    name: Text
    stage: tuple[Stage, ...]
    payload: p.Mass
    drag: Annotated[str, Ref("drag")]
    rise_time: p.PositiveDuration
    pitch_time: p.PositiveDuration
    source: SourceKey | None = None

    @model_validator(mode="after")
    def _has_stages(self) -> Vehicle:
        if not self.stage:
            raise InputError("a vehicle without a stage", expected="at least one stage", key=("stage",))
        return self


def _swerling(written: object) -> object:
    if isinstance(written, bool) or not isinstance(written, int) or not 0 <= written <= 4:
        raise InputError(
            "{value} is no Swerling model",
            value=written,
            expected="0 (steady), 1 or 2 (many scatterers), 3 or 4 (one that prevails)",
        )
    return written


Swerling = Annotated[int, BeforeValidator(_swerling)]


class Missile(Vehicle):
    """``payload`` is all above the last stage; ``ballistic_coefficient`` in kg/m^2 is the re-entering
    body's.

    Cross-sections in m^2 are the warhead's (``rcs``) and the burning booster's (``rcs_boost``), nose- or
    tail-on; seen from the side they are ``rcs_side`` and ``rcs_boost_side``, or the same where these are
    left out. ``attitude`` is how the warhead's axis lies: held along its velocity at re-entry, along its
    velocity at each moment, or nowhere in particular. The spent stage leaves at ``separation_speed`` in m/s;
    lengths in m. The defaults are midcourse's estimates.
    """

    ballistic_coefficient: p.BallisticCoefficient
    range_class: p.Distance | None = None
    rcs: dict[Band, p.Area] = Field(default_factory=dict)
    rcs_side: dict[Band, p.Area] = Field(default_factory=dict)
    rcs_boost: dict[Band, p.Area] = Field(default_factory=dict)
    rcs_boost_side: dict[Band, p.Area] = Field(default_factory=dict)
    swerling: Swerling = 1
    swerling_boost: Swerling = 1
    attitude: Literal["reentry", "velocity", "tumbling"] = "reentry"
    separation_speed: p.Speed = default(3.0, "m/s")
    warhead_length: p.Length = default(2.0, "m")
    stage_length: p.Length = default(8.0, "m")


class Interceptor(Vehicle):
    """``divert`` in m/s is the kill vehicle's; ``burnout_speed`` in m/s, when given, is met by scaling the
    payload; ``minimum_altitude`` in m is that of the lowest intercept. For the last ``homing_time`` in s
    the kill vehicle is led by its own seeker, which sees ``seeker_view`` in rad, full width; the defaults of
    both are midcourse's estimates.
    """

    divert: p.Speed
    minimum_altitude: p.Height
    longest_flight: p.PositiveDuration
    kill_probability: p.Fraction
    burnout_speed: p.Speed | None = None
    homing_time: p.Duration = default(40.0, "s")
    seeker_view: p.Width = default(math.radians(2.0), "deg")
