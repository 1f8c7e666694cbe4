"""Numbers as people read them: no more digits than the published figures carry, always with a unit.

This is the one place where a computed number becomes text for a reader.
"""

from __future__ import annotations

import math

NO_VALUE = "no value"
MINUS = "\u2212"
NARROW_SPACE = "\u202f"  # between a number and its unit: keeps both on one line
MOST_DIGITS = 4
DIGITS_WITHOUT_RANGE = 3
COUNTED = {"shots", "missiles", "flights", "targets"}  # units that lose their s beside a one
LARGEST_ROUNDED = 1e15
STEPS_IN_RANGE = 15.0  # a range is told in at least so many steps
NEXT_TO_NOTHING = 0.01  # of the spread, what is told as zero

_EXPONENTS = {"^2": "²", "^3": "³", "^-1": "⁻¹", "**2": "²", "**3": "³", "*": "·"}


def decimals(*values: float | None) -> int:
    """Decimal places to show values with; negative means rounding to tens, hundreds and so on.

    When the values differ, a decimal step within a fifteenth of their spread is kept: a range of 8.4 to 9.1
    is worth hundredths, no more; but the first of them keeps two digits, unless it is next to nothing beside
    the others. Alone, a value keeps three significant digits; at most four are ever shown.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    largest = max((abs(value) for value in known), default=0.0)
    if largest == 0.0:
        return 0
    leading = magnitude(largest)
    places = DIGITS_WITHOUT_RANGE - 1 - leading
    spread = max(known) - min(known)
    if spread > largest * 1e-9:
        places = -magnitude(spread / STEPS_IN_RANGE)
        first = abs(values[0] or 0.0)
        if math.isfinite(first) and first >= NEXT_TO_NOTHING * spread:
            places = max(places, 1 - magnitude(first))
    return min(places, MOST_DIGITS - 1 - leading)


def magnitude(value: float) -> int:
    """The power of ten of a positive number's first digit."""
    return int(f"{value:e}".partition("e")[2])


def significant(
    value: float | None, low: float | None = None, high: float | None = None, *, places: int | None = None
) -> str:
    """A number with the digits that its range allows, thousands separated: 8.63, 2,480, −12.

    ``places`` overrides the number of decimals, to write several numbers alike.
    """
    if value is None or math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return "unbounded" if value > 0 else f"{MINUS}unbounded"
    if abs(value) >= LARGEST_ROUNDED:
        return scientific(value)
    shown = decimals(value, low, high) if places is None else places
    rounded = round(value, shown)
    if rounded != 0.0 and (abs(rounded) >= 1e7 or abs(rounded) < 1e-4):
        return scientific(rounded)
    text = f"{abs(rounded):,.{max(shown, 0)}f}"
    alone = places is None and all(end is None or end == value for end in (low, high))
    if alone and "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if rounded < 0 else text


def as_published(value: float | None) -> str:
    """An input as its source prints it, without the rounding that is due to results: 16,202."""
    if value is None or not math.isfinite(value):
        return significant(value)
    if value != 0.0 and (abs(value) >= 1e9 or abs(value) < 1e-4):
        return scientific(value)
    places = max(0, 5 - magnitude(abs(value))) if value != 0.0 else 0
    text = f"{abs(value):,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{MINUS}{text}" if value < 0 else text


def scientific(value: float) -> str:
    mantissa, _, exponent = f"{abs(value):.2e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{MINUS if value < 0 else ''}{mantissa}×10{power}"


def unit_name(unit: str) -> str:
    """A unit as it is printed: m², kg/m²; nothing for a bare number."""
    if unit in ("1", "", "dimensionless", "count"):
        return ""
    shown = {"deg": "°", "degree": "°", "percent": "%"}.get(unit, unit)
    for written, printed in _EXPONENTS.items():
        shown = shown.replace(written, printed)
    return shown


def counted(number: int, noun: str) -> str:
    """So many of a thing: 1 shot, 2 shots."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def with_unit(text: str, unit: str, space: str = NARROW_SPACE) -> str:
    """A number's text and its unit; an angle's sign stands close."""
    name = unit_name(unit)
    if not name or text == NO_VALUE:
        return text
    if text == "1" and name in COUNTED:
        name = name.removesuffix("s")
    return f"{text}{name}" if name == "°" else f"{text}{space}{name}"


def amount(
    value: float | None,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    *,
    space: str = NARROW_SPACE,
    places: int | None = None,
) -> str:
    """A value with its unit, in the digits its range allows: 8.63 km/s."""
    return with_unit(significant(value, low, high, places=places), unit, space)


def interval(
    low: float | None,
    high: float | None,
    unit: str,
    *,
    near: float | None = None,
    space: str = NARROW_SPACE,
) -> str:
    """A range with its unit: 8.41 to 9.08 km/s. ``near`` is the value it surrounds and is written like."""
    places = decimals(low, high, near)
    ends = [significant(end, places=places) for end in (low, high)]
    if low == high:
        return amount(low, unit, space=space)
    if ends[0] == ends[1]:
        return with_unit(ends[0], unit, space)
    return with_unit(f"{ends[0]} to {ends[1]}", unit, space)


def has_spread(low: float | None, high: float | None, unit: str) -> bool:
    """Whether a range is wide enough to be seen in the digits that are shown."""
    return low is not None and high is not None and " to " in interval(low, high, unit)


def share(value: float | None, space: str = NARROW_SPACE) -> str:
    """A share of one in per cent; neither certainty nor impossibility is rounded into being."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    if 0.0 < value < 0.01:
        return f"<1{space}%"
    if 0.99 < value < 1.0:
        return f">99{space}%"
    return f"{significant(100.0 * value, places=0)}{space}%"


def share_interval(low: float, high: float, space: str = NARROW_SPACE) -> str:
    """A range of shares: 94 to 99 %."""
    ends = [share(end, space) for end in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    return f"{ends[0].removesuffix(f'{space}%')} to {ends[1]}"
