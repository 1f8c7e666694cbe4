"""The worth of a disclosure against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from midcourse.study import settling
from midcourse.study.deciding import Evidence, Sampled
from midcourse.study.design import BATCH, batch

Array = NDArray[np.float64]
COLUMNS = 12
SEEDS = 60


def _cube(samples: int, seed: int) -> Array:
    return np.concatenate([batch("sobol", COLUMNS, seed, i) for i in range(samples // BATCH)])


def _claim(cube: Array, at: float) -> Evidence:
    """Holds where the sum of two even numbers is above ``at``."""
    passed = cube[:, 0] + cube[:, 1] > at
    return Evidence(tuple(range(COLUMNS)), passed.astype(float), passed)


def _truth(at: float) -> float:
    """With one of the two known to be x, it holds with probability 1 - at + x, within nought and one."""
    if at == 1.0:
        return 0.25  # 1/2 less the mean of min(x, 1 - x)
    # For at above one: p = (2 - at)^2 / 2, and min(q, 1 - q) is q up to x = at - 1/2, then 1 - q.
    p = 0.5 * (2.0 - at) ** 2
    known = 0.5 * 0.5**2 + 0.5 * (0.5**2 - (at - 1.0) ** 2) if at < 1.5 else p
    return p - known


@pytest.mark.parametrize(
    ("samples", "at"),
    [
        (1024, 1.0),
        (1024, 1.2),
        (1024, 1.3),
        pytest.param(4096, 1.0, marks=pytest.mark.slow),
        (4096, 1.2),
        pytest.param(4096, 1.3, marks=pytest.mark.slow),
    ],
)
def test_closed_form(samples: int, at: float) -> None:
    found = []
    for seed in range(SEEDS):
        cube = _cube(samples, seed)
        found.append(settling.worth(Sampled(cube), [_claim(cube, at)], [0])[0])
    truth = _truth(at)
    grid = np.linspace(0.0, 1.0, 100_001)
    q = np.clip(1.0 - at + grid, 0.0, 1.0)
    assert truth == pytest.approx(min(q.mean(), 1.0 - q.mean()) - np.minimum(q, 1.0 - q).mean(), abs=1e-4)
    # What was learnt from samples is a little worse than what there is to know.
    drops = np.array([each.drop for each in found])
    assert truth - 0.015 < drops.mean() < truth + 0.003
    held = [each.ci[0] <= truth <= each.ci[1] for each in found]
    assert np.mean(held) >= 0.85
    if samples == 4096:
        assert np.mean([each.ci[1] - each.ci[0] for each in found]) < 0.04


@pytest.mark.parametrize("at", [1.0, 1.2])
def test_what_is_nothing_to_a_claim_is_worth_nothing(at: float) -> None:
    for seed in range(20):
        cube = _cube(1024, seed)
        found = settling.worth(Sampled(cube), [_claim(cube, at)], range(2, COLUMNS))
        for each in found.values():
            assert each.ci[0] <= 0.0 <= each.ci[1]
            assert abs(each.drop) < 0.02


def test_a_figure_that_changes_no_odds_is_worth_nothing() -> None:
    """It goes with the claim, but whatever it is the claim is likelier to hold than not."""
    cube = _cube(4096, 0)
    passed = cube[:, 1] < 0.7 + 0.2 * cube[:, 0]
    found = settling.worth(Sampled(cube), [Evidence((0, 1), passed.astype(float), passed)], [0])[0]
    assert found.drop == 0.0
    assert found.ci == (0.0, 0.0)


def test_claims_add_up() -> None:
    """The same claim twice is twice the worth; one that cannot depend on the figure adds nothing."""
    cube = _cube(2048, 0)
    claim = _claim(cube, 1.0)
    apart = Evidence((5,), claim.values, claim.passed)
    once, more = (settling.worth(Sampled(cube), each, [0])[0] for each in ([claim], [claim, apart, claim]))
    assert more.drop == pytest.approx(2.0 * once.drop)
    assert more.claims == [(0, pytest.approx(once.drop)), (2, pytest.approx(once.drop))]


def test_a_choice() -> None:
    """To know which of two missiles it is settles a claim that holds for one of them: half a verdict."""
    cube = _cube(1024, 0)
    passed = cube[:, 3] > 0.5
    sampled = Sampled(cube, {3: np.array([0.5])})
    found = settling.worth(sampled, [Evidence((3,), passed.astype(float), passed)], [3])[3]
    assert found.drop == pytest.approx(0.5, abs=1e-9)


def test_settled_claims_and_few_samples() -> None:
    cube = _cube(64, 0)
    settled = Evidence((0,), cube[:, 0], np.ones(64, dtype=bool))
    few = Evidence((0,), cube[:8, 0], cube[:8, 0] > 0.5)
    found = settling.worth(Sampled(cube), [settled, few], [0])[0]
    assert (found.drop, found.claims) == (0.0, [])
