"""Numbers for readers: no false precision, never a changed meaning."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from midcourse.output import numbers

sizes = st.floats(min_value=1e-3, max_value=9e6)
shares = st.floats(min_value=0.0, max_value=1.0)


def read_back(text: str) -> float:
    return float(text.replace(",", "").replace(numbers.MINUS, "-"))


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "shown"),
    [
        (8.6312, 8.41, 9.083, "km/s", "8.63 km/s"),
        (82.2, 61.0, 94.0, "%", "82 %"),
        (2483.2, 2100.0, 2911.0, "km", "2,480 km"),
        (253.24, None, None, "s", "253 s"),
        (1.0, 1.0, 1.0, "1", "1"),
        (0.0, 0.0, 0.0, "%", "0 %"),
        (-12.34, -20.0, -3.0, "deg", "−12°"),
        (0.0123, 0.01, 0.1, "m^2", "0.012 m²"),
        (1.2e9, None, None, "Hz", "1.2×10⁹ Hz"),
        (math.nan, 1.0, 2.0, "km", "no value"),
        (math.inf, None, None, "km", "unbounded km"),
    ],
)
def test_amounts_read_as_people_write_them(
    value: float, low: float | None, high: float | None, unit: str, shown: str
) -> None:
    assert numbers.amount(value, unit, low, high, space=" ") == shown


def test_ends_of_a_range_are_written_alike() -> None:
    assert numbers.interval(8.412, 9.0, "km/s", near=8.6, space=" ") == "8.41 to 9.00 km/s"
    assert numbers.interval(0.01, 0.1, "m^2", space=" ") == "0.010 to 0.100 m²"
    assert numbers.interval(5.0, 5.0, "km", space=" ") == "5 km"


@given(sizes, sizes)
def test_rounding_loses_less_than_a_tenth_of_the_range(value: float, width: float) -> None:
    low, high = value, value + width
    assume(width > value * 1e-3)
    shown = read_back(numbers.significant(value, low, high))
    assert abs(shown - value) <= max(width / 10, value * 1e-3)


@given(sizes, st.floats(min_value=0.0, max_value=2.0))
def test_at_most_four_significant_digits(value: float, relative_width: float) -> None:
    text = numbers.significant(value, value, value * (1.0 + relative_width))
    digits = re.sub(r"[^0-9]", "", text).lstrip("0")
    # Zeros before the decimal point hold the place and claim nothing.
    assert len(digits.rstrip("0") if "." not in text else digits) <= numbers.MOST_DIGITS + 1


@given(st.floats(min_value=-9e6, max_value=9e6))
def test_a_lone_value_is_kept_to_three_digits(value: float) -> None:
    assume(value == 0.0 or abs(value) >= 1e-3)
    assert read_back(numbers.significant(value)) == pytest.approx(value, rel=5.1e-3)


@given(
    st.one_of(st.floats(), st.none()), st.one_of(st.floats(), st.none()), st.one_of(st.floats(), st.none())
)
def test_anything_can_be_written(value: float | None, low: float | None, high: float | None) -> None:
    assert numbers.amount(value, "km", low, high)
    assert numbers.interval(low, high, "km", near=value)
    assert numbers.as_published(value)
    assert numbers.share(value)


@given(shares)
def test_a_share_is_never_rounded_into_certainty(value: float) -> None:
    shown = numbers.share(value, " ")
    assert (shown == "100 %") == (value == 1.0)
    assert (shown == "0 %") == (value == 0.0)


@given(st.integers(min_value=1, max_value=999_999))
def test_inputs_keep_their_own_digits(value: int) -> None:
    assert read_back(numbers.as_published(float(value))) == value


def test_inputs_are_shown_as_published() -> None:
    assert numbers.as_published(16202.0) == "16,202"
    assert numbers.as_published(0.0104) == "0.0104"
    assert numbers.as_published(1.27) == "1.27"
