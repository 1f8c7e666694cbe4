"""Quantities as text: what is read, what is refused, and that showing and reading again agree."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.dossier import InputError, format_quantity, from_si, parse_quantity
from midcourse.dossier.units import COMMON_UNITS, DECIBEL, dimension_of, written_unit

PHYSICAL_UNITS = [unit for unit in COMMON_UNITS if unit not in (DECIBEL, "%")]


@pytest.mark.parametrize(
    ("text", "unit", "si"),
    [
        ("6.3 km/s", "m/s", 6300.0),
        ("6.3km/s", "m/s", 6300.0),
        ("800 kg", "kg", 800.0),
        ("1e3 lb", "kg", 453.59237),
        ("1 t", "kg", 1000.0),
        ("627 kN", "N", 627000.0),
        ("180 deg", "deg", math.pi),
        ("-90°", "rad", -math.pi / 2),
        ("105 m²", "m^2", 105.0),
        ("9.5 GHz", "Hz", 9.5e9),
        ("1125 mi", "m", 1125 * 1609.344),
        ("10 lb/ft^2", "kg/m^2", 48.824276),
        ("2 min", "s", 120.0),
        ("13 dB", "dB", 13.0),
        ("−3 dB", "dB", -3.0),
        ("80 %", "1", 0.8),
        ("0.8", "1", 0.8),
        (0.8, "", 0.8),
        (1, "1", 1.0),
    ],
)
def test_reads(text: str | float, unit: str, si: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(si, rel=1e-7)


def test_decimal_units_keep_decimal_figures() -> None:
    assert parse_quantity("32.2 kN", "N") == 32200.0
    assert parse_quantity("70 %", "1") == 0.7


@pytest.mark.parametrize(
    ("text", "unit", "parts"),
    [
        ("6.3 kg", "m/s", ['"6.3 kg" is not a speed but a mass', 'expected a speed such as "6.3 km/s"']),
        ("30 deg", "1", ["not a plain number but an angle"]),
        ("5 %", "deg", ["is not an angle but a plain number"]),
        ("13", "dB", ['"13" has no unit', '"13 dB"']),
        ("13 W", "dB", ["not a level in decibels but a power"]),
        ("13 dB", "W", ["not a power but a level in decibels"]),
        ("5 m^7", "m", ["is not a length;"]),
        ("800", "kg", ['"800" has no unit', '"800 kg"']),
        (800, "kg", ["800 has no unit", '"800 kg"']),
        ("800 kgs", "kg", ['unknown unit "kgs"', 'did you mean "kg"?']),
        ("6.3 Km/s", "m/s", ['did you mean "km/s"?']),
        ("16,202 kg", "kg", ['unknown unit ",202 kg"']),
        ("heavy", "kg", ['"heavy" is not a number with a unit']),
        ("heavy", "1", ['"heavy" is not a number;']),
        ("", "kg", ['"" is not a number with a unit']),
        ("nan kg", "kg", ["not a finite number"]),
        ("-inf", "1", ["not a finite number"]),
        (math.nan, "1", ["not a finite number"]),
        (10**400, "1", ["too large"]),
        ("1e999 kg", "kg", ["too large"]),
        ("1e308 km", "m", ["too large"]),
        (True, "1", ["true is not a quantity"]),
        ("3 __import__('os')", "m", ["unknown unit"]),
        ("1 m\n2 m", "m", ["unknown unit"]),
    ],
)
def test_refuses(text: str | float, unit: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity(text, unit)
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert part in message


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from(PHYSICAL_UNITS))
def test_showing_and_reading_again_agree(number: float, unit: str) -> None:
    si = parse_quantity(f"{number!r} {unit}", unit)
    assert parse_quantity(format_quantity(si, unit, digits=17), unit) == pytest.approx(si, rel=1e-14)
    assert from_si(si, unit) == pytest.approx(number, rel=1e-14)


@given(st.floats(min_value=1e-30, max_value=1e30), st.integers(1, 12))
def test_digits_shown_bound_the_rounding(value: float, digits: int) -> None:
    shown = parse_quantity(format_quantity(value, "kg", digits), "kg")
    assert shown == pytest.approx(value, rel=0.5000001 * 10.0 ** (1 - digits))


@pytest.mark.parametrize(
    ("si", "unit", "shown"),
    [
        (16202.0, "kg", "16200 kg"),
        (6300.0, "km/s", "6.3 km/s"),
        (0.5, "%", "50 %"),
        (0.5, "", "0.5"),
        (0.0002, "m^2", "0.0002 m^2"),
        (13.0, "dB", "13 dB"),
        (0.0, "kg", "0 kg"),
    ],
)
def test_shows(si: float, unit: str, shown: str) -> None:
    assert format_quantity(si, unit) == shown


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    message = ""
    try:
        assert math.isfinite(parse_quantity(text, "m"))
    except InputError as error:
        message = str(error)
    assert len(message.splitlines()) <= 1


def test_every_common_unit_has_a_name_in_plain_words() -> None:
    assert all(dimension_of(unit).name != "quantity" for unit in COMMON_UNITS)


def test_written_unit_of_a_threshold() -> None:
    assert written_unit("63 %") == "%"
    assert written_unit("7.7 km/s") == "km/s"
    assert written_unit("3 dB") == "dB"
    assert written_unit("0.5") == ""


def test_importing_does_not_import_pint() -> None:
    code = "import sys, midcourse.dossier; sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
