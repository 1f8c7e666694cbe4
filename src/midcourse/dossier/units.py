"""Quantities at the edge: text with a unit in, SI floats out, and back again.

pint reads units, and nothing but units; a unit's factor is found once and kept. Angles are radians inside.
Levels in decibels stay decibels, because whether they mean a gain, a loss or a ratio is the model's business.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from .errors import InputError, nearest_names

if TYPE_CHECKING:
    from pint import UnitRegistry

DECIBEL = "dB"
DIMENSIONLESS = "1"

NUMBER_THEN_UNIT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S.*?)?\s*", re.DOTALL)
UNIT_TEXT = re.compile(r"%|[A-Za-zµ°][\w°*/^ ().-]{0,40}")
TYPOGRAPHY = str.maketrans({"−": "-", "·": "*", "²": "^2", "³": "^3", "μ": "µ"})

COMMON_UNITS = (
    *("m", "km", "cm", "mm", "ft", "in", "mi", "nmi", "m^2", "cm^2", "km^2", "ft^2"),
    *("s", "ms", "min", "h", "m/s", "km/s", "km/h", "ft/s", "mph", "knot"),
    *("kg", "g", "t", "lb", "kg/m^2", "lb/ft^2", "N", "kN", "MN", "kgf", "lbf", "Pa", "kPa"),
    *("W", "kW", "MW", "Hz", "kHz", "MHz", "GHz", "K", "deg", "rad", "mrad", "arcmin", "%", "dB"),
    *("deg/s", "deg/min", "rad/s", "dollars", "million dollars", "billion dollars"),
)


@dataclass(frozen=True)
class Dimension:
    """What a unit measures, in plain words, with an example for whoever wrote another one."""

    name: str
    example: str


DIMENSIONS = {
    DIMENSIONLESS: Dimension("plain number", '0.8 or "80 %"'),
    DECIBEL: Dimension("level in decibels", '"13 dB"'),
    "m": Dimension("length", '"120 km"'),
    "m^2": Dimension("area", '"105 m^2"'),
    "s": Dimension("time", '"68.4 s"'),
    "kg": Dimension("mass", '"800 kg"'),
    "K": Dimension("temperature", '"500 K"'),
    "rad": Dimension("angle", '"2 deg"'),
    "Hz": Dimension("frequency", '"9.5 GHz"'),
    "m/s": Dimension("speed", '"6.3 km/s"'),
    "rad/s": Dimension("angular speed", '"5 deg/s"'),
    "m/s^2": Dimension("acceleration", '"9.81 m/s^2"'),
    "N": Dimension("force", '"627 kN"'),
    "Pa": Dimension("pressure", '"100 kPa"'),
    "J": Dimension("energy", '"1 MJ"'),
    "W": Dimension("power", '"81 kW"'),
    "kg/m^2": Dimension("mass per area", '"5000 kg/m^2"'),
    "kg/s": Dimension("mass flow", '"220 kg/s"'),
    "dollar": Dimension("sum of money", '"12 billion dollars"'),
}


def parse_quantity(text: str | float, unit: str) -> float:
    """A quantity in SI units (radians, decibels for ``unit`` "dB") from text such as ``"6.3 km/s"``.

    ``unit`` is any unit of the wanted dimension; "1" or "" asks for a plain number, where a bare number or a
    percentage is accepted. Raises InputError for a missing unit, another dimension, or no finite number.
    """
    return read_quantity(text, unit)[0]


def read_quantity(text: object, unit: str, dimension: Dimension | None = None) -> tuple[float, str]:
    """The SI value and the unit as written. ``dimension`` words the error for this field."""
    wanted = dimension or dimension_of(unit)
    if isinstance(text, str):
        return _read_text(text, unit or DIMENSIONLESS, wanted)
    if isinstance(text, bool) or not isinstance(text, int | float):
        raise InputError("{value} is not a quantity", value=text, expected=_such_as(wanted))
    try:
        number = float(text)
    except OverflowError as error:
        raise InputError("{value} is too large", value=text, expected=_such_as(wanted)) from error
    if not math.isfinite(number):
        raise InputError("{value} is not a finite number", value=text, expected=_such_as(wanted))
    if unit not in ("", DIMENSIONLESS):
        raise InputError("{value} has no unit", value=text, expected=_such_as(wanted))
    return number, ""


@lru_cache(maxsize=16384)
def _read_text(text: str, unit: str, wanted: Dimension) -> tuple[float, str]:
    number, written = _split(text, wanted)
    if not written and unit != DIMENSIONLESS:
        raise InputError("{value} has no unit", value=text, expected=_such_as(wanted))
    if DECIBEL in (unit, written):
        if unit != written:
            raise _wrong_dimension(text, written, wanted)
        return number, DECIBEL
    factor, dimensionality = _factor(written or DIMENSIONLESS, text, wanted)
    if dimensionality != _factor(unit, text, wanted)[1]:
        raise _wrong_dimension(text, written, wanted)
    value = _product(number, factor)
    if not math.isfinite(value):
        raise InputError("{value} is too large", value=text, expected=_such_as(wanted))
    return value, written


def _product(number: float, factor: float) -> float:
    """The product as written in decimals, so that "32.2 kN" is 32200 N and not 32200.000000000004."""
    if not 1e-200 < abs(number) < 1e200:
        return number * factor
    return float(Decimal(repr(number)) * Decimal(repr(factor)))


def _split(text: str, wanted: Dimension) -> tuple[float, str]:
    match = NUMBER_THEN_UNIT.fullmatch(text.translate(TYPOGRAPHY))
    if match is None:
        known = re.fullmatch(r"\s*[+-]?(nan|inf(inity)?)\b.*", text, re.IGNORECASE | re.DOTALL)
        problem = "{value} is not a finite number" if known else "{value} is not a number with a unit"
        if wanted.name == DIMENSIONS[DIMENSIONLESS].name and not known:
            problem = "{value} is not a number"
        raise InputError(problem, value=text, expected=_such_as(wanted))
    number = float(match[1])
    if not math.isfinite(number):
        raise InputError("{value} is too large", value=text, expected=_such_as(wanted))
    return number, match[2] or ""


def _wrong_dimension(text: str, written: str, wanted: Dimension) -> InputError:
    found = dimension_of(written) if written else DIMENSIONS[DIMENSIONLESS]
    but = f" but {_article(found.name)}" if found.name != "quantity" else ""
    return InputError("{value} is not " + _article(wanted.name) + but, value=text, expected=_such_as(wanted))


def _such_as(wanted: Dimension) -> str:
    return f"{_article(wanted.name)} such as {wanted.example}"


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def written_unit(text: str) -> str:
    """The unit of a quantity's text, "" for a plain number; InputError when it is no quantity of any kind."""
    any_quantity = Dimension("number or quantity", '0.8, "63 %" or "7.7 km/s"')
    written = _split(text, any_quantity)[1]
    if written not in ("", DECIBEL):
        _factor(written, text, any_quantity)
    return written


def format_quantity(si: float, unit: str, digits: int = 3) -> str:
    """An SI value as text in ``unit``, to ``digits`` significant digits, which parse_quantity reads back.

    Digits before the decimal point are rounded, never dropped: 16202 kg to three digits is "16200 kg".
    """
    in_unit = from_si(si, unit)
    shown = f"{in_unit:.{digits}g}"
    if "e" in shown and 1e-4 <= abs(float(shown)) < 1e12:
        shown = f"{float(shown):.0f}" if abs(float(shown)) >= 1 else f"{float(shown):.10f}".rstrip("0")
    return shown if unit in ("", DIMENSIONLESS) else f"{shown} {unit}"


def from_si(si: float, unit: str) -> float:
    """The number that, followed by ``unit``, means the SI value."""
    return si / to_si(unit)


def to_si(unit: str) -> float:
    """How many SI units (radians) one ``unit`` is."""
    return 1.0 if unit in ("", DIMENSIONLESS, DECIBEL) else _factor(unit, unit, DIMENSIONS[DIMENSIONLESS])[0]


@cache
def dimension_of(unit: str) -> Dimension:
    """What a unit measures; "quantity" when plain words have no name for it."""
    if unit in DIMENSIONS:
        return DIMENSIONS[unit]
    if not unit:
        return DIMENSIONS[DIMENSIONLESS]
    dimensionality = _factor(unit, unit, Dimension("unit", '"km/s"'))[1]
    for known, dimension in DIMENSIONS.items():
        if known != DECIBEL and _factor(known, known, dimension)[1] == dimensionality:
            return dimension
    return Dimension("quantity", f'"1 {unit}"')


def _factor(written: str, text: str, wanted: Dimension) -> tuple[float, str]:
    """SI units in one ``written`` and its dimensions; the text is only for the error."""
    if written == DIMENSIONLESS:
        return 1.0, _DIMENSIONLESS
    found = _known_unit(written.translate(TYPOGRAPHY)) if UNIT_TEXT.fullmatch(written) else None
    if found is None:
        raise InputError(
            f'unknown unit "{written}" in {{value}}' if text != written else "unknown unit {value}",
            value=text,
            expected=_such_as(wanted),
            nearest=nearest_names(written, COMMON_UNITS),
        )
    return found


_DIMENSIONLESS = ""


@lru_cache(maxsize=1024)
def _known_unit(written: str) -> tuple[float, str] | None:
    import pint

    units = _registry()
    try:
        unit = units.parse_units(written)
        base = (1.0 * unit).to_base_units()
    except (
        pint.errors.PintError,
        TypeError,
        ValueError,
        ArithmeticError,
        SyntaxError,
        AttributeError,
        KeyError,
    ):
        return None
    mass = int(base.dimensionality.get("[mass]", 0))
    factor = float(base.magnitude) / 1000.0**mass
    dimensions = " ".join(f"{name}{power:g}" for name, power in sorted(base.dimensionality.items()))
    return (factor, dimensions) if math.isfinite(factor) and factor > 0.0 else None


@cache
def _registry() -> UnitRegistry[float]:
    """pint with the units of ``units.txt``, made when the first unit is read.

    Importing pint and building its default registry takes longer than everything else a dossier needs.
    """
    import pint

    registry: UnitRegistry[float] = pint.UnitRegistry(None)
    registry.load_definitions(
        resources.files(__package__).joinpath("units.txt").read_text("utf-8").splitlines()
    )
    return registry
