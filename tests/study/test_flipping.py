"""Where outcomes turn, against roots known beforehand and against bisection by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from midcourse.study.flipping import SWEEP_POINTS, Search, flips

Array = NDArray[np.float64]
Function = Callable[[Array], Array]


def _search(
    function: Function, comparison: str, threshold: float, start: float, ends: Sequence[float]
) -> Search:
    points = np.linspace(*ends, SWEEP_POINTS)
    return Search(points, function(points), comparison, threshold, start)  # type: ignore[arg-type]


def _found(
    function: Function, comparison: str, threshold: float, start: float, ends: Sequence[float]
) -> float | None:
    return flips(
        [_search(function, comparison, threshold, start, ends)],
        lambda asked: [function(inside) for _, inside in asked],
    )[0]


@given(st.floats(0.2, 5.0), st.floats(-0.9, 0.9), st.sampled_from([">=", ">", "<=", "<"]), st.booleans())
def test_a_line(slope: float, root: float, comparison: str, falling: bool) -> None:
    rise = -slope if falling else slope
    found = _found(lambda x: rise * (x - root) + 3.0, comparison, 3.0, 0.0, (-1.0, 1.0))
    assert found == pytest.approx(root, abs=2e-4)


@pytest.mark.parametrize(
    "function", [np.exp, lambda x: x**5, lambda x: np.round(20.0 * x), lambda x: np.arctan(30.0 * (x - 1.7))]
)
def test_against_bisection(function: Function) -> None:
    """Curves, and steps as of shares of flights."""
    threshold = float(function(np.array([1.234567]))[0])
    low, high = 0.0, 3.0
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if function(np.array([middle]))[0] >= threshold else (middle, high)
    assert _found(function, ">=", threshold, 0.5, (0.0, 3.0)) == pytest.approx(high, abs=3e-4)


def test_no_flip() -> None:
    assert _found(lambda x: x, ">=", 2.0, 0.5, (0.0, 1.0)) is None
    assert _found(lambda x: np.full_like(x, np.nan), ">=", 2.0, 0.5, (0.0, 1.0)) is None


@pytest.mark.parametrize(("start", "flip"), [(3.0, 2.6), (6.0, 6.6), (2.7, 2.6), (0.0, 2.6), (10.0, 6.6)])
def test_nearest_to_the_nominal_value(start: float, flip: float) -> None:
    found = _found(lambda x: np.where((x < 2.6) | (x > 6.6), 0.0, 1.0), ">=", 0.5, start, (0.0, 10.0))
    assert found == pytest.approx(flip, abs=1e-3)


def test_where_the_value_ceases() -> None:
    """A value that is none passes no test: the flip is where it ceases."""
    found = _found(lambda x: np.where(x < math.pi / 3.0, 5.0, np.nan), ">=", 1.0, 0.0, (0.0, 2.0))
    assert found == pytest.approx(math.pi / 3.0, abs=3e-4)


def test_many_at_once_and_few_calls() -> None:
    calls = []
    functions: list[Function] = [lambda x: x, lambda x: -x, lambda x: x**2]
    thresholds = (0.7, -1.3, 9.0)
    searches = [_search(functions[i], ">=", thresholds[i], 1.0, (0.0, 2.0)) for i in range(3)]

    def model(asked: Sequence[tuple[int, Array]]) -> list[Array]:
        calls.append(len(asked))
        return [functions[i](inside) for i, inside in asked]

    found = flips(searches, model)
    assert found[:2] == pytest.approx([0.7, 1.3], abs=3e-4)
    assert found[2] is None
    assert calls == [2, 2, 2, 2]


def test_a_model_that_is_stopped_finds_nothing() -> None:
    search = _search(lambda x: x, ">=", 0.7, 1.0, (0.0, 2.0))
    assert flips([search], lambda _: []) == [None]
