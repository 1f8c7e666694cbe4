"""Verdicts, intervals, shares of variance and turning points against closed and published values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from midcourse.study import judging


@pytest.mark.parametrize(
    ("passed", "total"), [(0, 64), (1, 64), (32, 64), (63, 64), (64, 64), (7, 10), (233, 256)]
)
def test_wilson(passed: int, total: int) -> None:
    expected = stats.binomtest(passed, total).proportion_ci(method="wilson")
    assert judging.wilson_interval(passed, total) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_nothing() -> None:
    assert judging.wilson_interval(0, 0) == (0.0, 1.0)


@given(st.integers(1, 400), st.floats(0.0, 1.0))
def test_wilson_contains_the_share(total: int, part: float) -> None:
    passed = round(part * total)
    low, high = judging.wilson_interval(passed, total)
    assert 0.0 <= low <= passed / total <= high <= 1.0


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (0.0, "refuted"),
        (0.1, "refuted"),
        (0.1001, "undecided"),
        (0.8999, "undecided"),
        (0.9, "supported"),
        (1.0, "supported"),
    ],
)
def test_verdict(probability: float, verdict: str) -> None:
    assert judging.verdict(probability, 0.9, 0.1) == verdict


def test_holds() -> None:
    values = np.array([1.0, 2.0, 3.0, math.nan, math.inf])
    assert judging.holds(values, ">=", 2.0).tolist() == [False, True, True, False, True]
    assert judging.holds(values, ">", 2.0).tolist() == [False, False, True, False, True]
    assert judging.holds(values, "<=", 2.0).tolist() == [True, True, False, False, False]
    assert judging.holds(values, "<", 2.0).tolist() == [True, False, False, False, False]


def test_shares_of_the_ishigami_function() -> None:
    """First-order indices with a = 7, b = 0.1: 0.3139, 0.4424, 0 (Saltelli et al. 2008, section 4.6)."""
    x = stats.qmc.Sobol(3, rng=np.random.default_rng(1)).random_base2(13) * 2.0 * np.pi - np.pi
    y = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    shares = [judging.first_order_share(column, y) for column in x.T]
    # What eight bins of equal width leave of a sine, and of one squared, by integration over each bin.
    sine = 2.0 * (4.0 / np.pi) ** 2 * ((1.0 - 0.5**0.5) ** 2 + 0.5) / 2.0
    square = 8.0 / np.pi**2
    assert shares == pytest.approx([0.3139 * sine, 0.4424 * square, 0.0], abs=0.005)


@given(st.integers(0, 1000), st.floats(0.0, 1.0))
def test_share_of_a_sum(seed: int, weight: float) -> None:
    x = np.random.default_rng(seed).random((4000, 2))
    y = weight * x[:, 0] + (1.0 - weight) * x[:, 1]
    expected = weight**2 / (weight**2 + (1.0 - weight) ** 2)
    assert judging.first_order_share(x[:, 0], y) == pytest.approx(expected, abs=0.06)


def test_share_of_a_choice() -> None:
    """An input of two values, one of which makes the output and is worth all of its variance."""
    choice = np.arange(64) % 2
    assert judging.first_order_share(choice.astype(float), 5.0 * choice) == pytest.approx(1.0)


def test_no_share() -> None:
    random = np.random.default_rng(5)
    x = random.random(64)
    assert judging.first_order_share(x, np.ones(64)) == 0.0
    assert judging.first_order_share(x[:8], x[:8]) == 0.0
    assert judging.first_order_share(x, np.full(64, np.nan)) == 0.0
    known = np.where(np.arange(64) < 40, x, np.nan)
    assert judging.first_order_share(x, known) > 0.9


def test_an_input_without_effect_is_seldom_said_to_decide() -> None:
    random = np.random.default_rng(7)
    shares = np.array([judging.first_order_share(*random.random((2, 128))) for _ in range(2000)])
    assert (shares > judging.share_by_chance(128)).mean() <= 0.002
    assert judging.share_by_chance(128) < 0.15


@given(st.floats(0.2, 5.0), st.floats(-0.9, 0.9), st.sampled_from([">=", ">", "<=", "<"]), st.booleans())
def test_flip_of_a_line(slope: float, root: float, comparison: str, falling: bool) -> None:
    x = np.linspace(-1.0, 1.0, 13)
    y = (-slope if falling else slope) * (x - root) + 3.0
    at = judging.flip(x, y, comparison, 3.0, 0.0)  # type: ignore[arg-type]
    assert at == pytest.approx(root, abs=1e-9)


def test_flip_of_a_curve() -> None:
    x = np.linspace(0.0, 3.0, 13)
    assert judging.flip(x, np.exp(x), ">=", 5.0, 1.0) == pytest.approx(math.log(5.0), abs=0.02)


def test_no_flip() -> None:
    x = np.linspace(0.0, 1.0, 5)
    assert judging.flip(x, x, ">=", 2.0, 0.5) is None
    assert judging.flip(x, np.full(5, np.nan), ">=", 2.0, 0.5) is None


def test_flip_nearest_to_the_nominal_value() -> None:
    x = np.linspace(0.0, 10.0, 11)
    y = np.where((x < 2.5) | (x > 6.5), 0.0, 1.0)
    assert judging.flip(x, y, ">=", 0.5, 3.0) == pytest.approx(2.5)
    assert judging.flip(x, y, ">=", 0.5, 6.0) == pytest.approx(6.5)


def test_flip_where_the_value_ceases() -> None:
    """Between a value that passes and none at all the flip is put half-way."""
    x = np.array([0.0, 1.0, 2.0])
    assert judging.flip(x, np.array([5.0, 5.0, np.nan]), ">=", 1.0, 0.0) == pytest.approx(1.5)
