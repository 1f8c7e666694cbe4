"""Verdicts and intervals: against closed values, and against how often they hold what they should."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from midcourse.study import judging
from midcourse.study.design import BATCH, Sampler, points

Array = NDArray[np.float64]


@pytest.mark.parametrize(
    ("passed", "total"), [(0, 64), (1, 64), (32, 64), (63, 64), (64, 64), (7, 10), (233, 256)]
)
def test_wilson(passed: int, total: int) -> None:
    expected = stats.binomtest(passed, total).proportion_ci(method="wilson")
    found = judging.wilson_interval(passed / total, total)
    assert found == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_nothing() -> None:
    assert judging.wilson_interval(0.0, 0) == (0.0, 1.0)
    assert judging.interval(np.zeros(0, dtype=bool), "sobol") == (0.0, 1.0)


@given(st.integers(1, 400), st.floats(0.0, 1.0))
def test_wilson_contains_the_share(total: int, part: float) -> None:
    passed = round(part * total)
    low, high = judging.wilson_interval(passed / total, total)
    assert 0.0 <= low <= passed / total <= high <= 1.0


REPEATS, BATCHES, COLUMNS = 1000, 16, 20


def _sum(x: Array) -> Array:
    return np.asarray(stats.norm.ppf(x[:, :6]).sum(axis=1) / math.sqrt(6.0))


def _one(x: Array) -> Array:
    return np.asarray(stats.norm.ppf(x[:, 3]))


def _radius(x: Array) -> Array:
    return np.asarray((stats.norm.ppf(x[:, :12]) ** 2).sum(axis=1))


def _odd(x: Array) -> Array:
    """A product of four: all interaction."""
    return np.asarray(np.prod(x[:, :4] - 0.5, axis=1))


MODELS: dict[str, tuple[Callable[[Array], Array], Callable[[float], float]]] = {
    "sum": (_sum, stats.norm.ppf),
    "radius": (_radius, lambda p: stats.chi2.ppf(p, 12)),
    "one": (_one, stats.norm.ppf),
}


@pytest.fixture(scope="module", params=["plain", "latin", "sobol"])
def drawn(request: pytest.FixtureRequest) -> tuple[Sampler, Array]:
    """As many runs as repeats, one after the other."""
    random = np.random.default_rng(20)
    runs = [points(request.param, COLUMNS, BATCH, random) for _ in range(REPEATS * BATCHES)]
    return request.param, np.concatenate(runs)


# Where most is gained by better samplers, and where least.
@pytest.mark.parametrize(
    ("model", "probability"),
    [
        ("sum", 0.5),
        pytest.param("sum", 0.2, marks=pytest.mark.slow),
        pytest.param("sum", 0.05, marks=pytest.mark.slow),
        pytest.param("radius", 0.5, marks=pytest.mark.slow),
        pytest.param("radius", 0.2, marks=pytest.mark.slow),
        ("radius", 0.05),
    ],
)
def test_intervals_hold_the_truth_as_often_as_they_say(
    drawn: tuple[Sampler, Array], model: str, probability: float
) -> None:
    """95 % of them, within two, over a thousand runs; and those of better samplers are narrower."""
    sampler, cube = drawn
    compute, quantile = MODELS[model]
    passed = (compute(cube) <= quantile(probability)).reshape(REPEATS, -1)
    ends = np.array([judging.interval(run, sampler) for run in passed])
    held = (ends[:, 0] <= probability) & (probability <= ends[:, 1])
    assert 0.93 <= held.mean() <= 0.97
    width = 2.0 * 1.96 * math.sqrt(probability * (1.0 - probability) / (BATCHES * BATCH))
    narrower = np.mean(ends[:, 1] - ends[:, 0]) / width
    if sampler == "plain":
        assert narrower == pytest.approx(1.0, abs=0.02)
    else:
        assert narrower < {0.5: 0.72, 0.2: 0.82, 0.05: 1.0}[probability]


@pytest.mark.parametrize("probability", [0.5, 0.503, 0.2, 0.05])
def test_intervals_where_batches_all_but_agree(drawn: tuple[Sampler, Array], probability: float) -> None:
    """One parameter alone decides: every batch counts the same, and the interval is not for that nothing."""
    sampler, cube = drawn
    passed = (_one(cube) <= stats.norm.ppf(probability)).reshape(REPEATS, -1)
    ends = np.array([judging.interval(run, sampler) for run in passed])
    assert ((ends[:, 0] <= probability) & (probability <= ends[:, 1])).mean() >= 0.93
    assert (ends[:, 1] - ends[:, 0]).min() > 5.0 / (BATCHES * BATCH)


def test_few_batches_and_few_cases_are_taken_as_plain() -> None:
    random = np.random.default_rng(3)
    few = random.random(4 * BATCH) < 0.4
    rare = np.zeros(64 * BATCH, dtype=bool)
    rare[:3] = True
    for passed in (few, rare, ~rare):
        assert judging.interval(passed, "sobol") == judging.wilson_interval(passed.mean(), len(passed))


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
