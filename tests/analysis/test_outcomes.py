"""What becomes of a raid: against closed forms, and against raids fought one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from midcourse.analysis import outcomes
from midcourse.analysis.allocation import missing, sequences
from midcourse.analysis.defending import Doctrine, fight, options
from midcourse.analysis.raiding import Openings, subsets

SHARES = st.floats(0.01, 0.99)


@given(SHARES, st.integers(1, 40))
def test_alike_missiles_are_binomial(stopped: float, missiles: int) -> None:
    found = outcomes.survivors(np.full((2, missiles), stopped))
    wanted = binom.pmf(np.arange(missiles + 1), missiles, 1.0 - stopped)
    assert found == pytest.approx(np.stack([wanted, wanted]), abs=1e-12)


@given(st.lists(SHARES, min_size=1, max_size=12))
def test_unlike_missiles(stopped: list[float]) -> None:
    """Mean and variance of a Poisson binomial."""
    share = 1.0 - np.array(stopped)
    (found,) = outcomes.survivors(np.array([stopped]))
    number = np.arange(len(found))
    mean = found @ number
    assert found.sum() == pytest.approx(1.0)
    assert mean == pytest.approx(share.sum())
    assert found @ (number - mean) ** 2 == pytest.approx((share * (1.0 - share)).sum(), abs=1e-9)


@given(SHARES, SHARES, st.integers(1, 5))
def test_interceptors_fired_in_turn(hit: float, pick: float, shots: int) -> None:
    """The expected number of shots is what a geometric series gives."""
    sequence = sequences(np.array([[[shots]]]), np.array([[[0]]]), 5)
    found = outcomes.fired(sequence, missing(sequence, np.array([[[hit]]])), np.array([[pick]]))[0, 0]
    assert found.sum() == pytest.approx(1.0)
    assert found[shots + 1 :].sum() == 0.0
    series = (1.0 - (1.0 - hit) ** shots) / hit
    assert found @ np.arange(6) == pytest.approx((1.0 - pick) * shots + pick * series)


def _openings(
    missiles: int, batteries: int, hit: float, pick: float, turns: int, window: float = 1e4
) -> Openings:
    """Missiles that all batteries can meet, one world."""
    spans = np.tile([100.0, 100.0 + window, 400.0, 900.0 + window], (1, missiles, batteries, 1))
    return Openings(
        spans,
        np.full((1, missiles, len(subsets(batteries))), float(turns)),
        np.full((1, missiles), pick),
        np.full((1, batteries), hit),
        np.array([20.0]),
        np.array([60.0]),
    )


def _through(
    doctrine: Doctrine, missiles: int, inventory: list[int], hit: float = 0.5, pick: float = 0.9,
    turns: int = 3, runs: int = 4000, window: float = 1e4,
) -> tuple[float, bool]:  # fmt: skip
    """Expected leakers, and whether they are exact."""
    raid = options(_openings(missiles, len(inventory), hit, pick, turns, window), doctrine, 3)
    luck = outcomes.draws(1, 1, runs, missiles, 3)
    fate = fight(raid, np.array(inventory), luck)
    spent = fate.spent[0] @ np.arange(fate.spent.shape[1])
    assert spent <= sum(inventory) + 1e-9
    assert fate.through.sum() == pytest.approx(1.0)
    each = sum(part[0] @ np.arange(part.shape[1]) for part in fate.by_battery)
    assert each == pytest.approx(spent)
    return float(fate.through[0] @ np.arange(missiles + 1)), fate.exact


def test_a_salvo_against_a_simulation() -> None:
    """Every missile's picks and every shot's hits drawn: the same distribution."""
    raid = options(_openings(6, 1, 0.5, 0.8, 3), "salvo", 3)
    fate = fight(raid, np.array([9]), outcomes.draws(0, 1, 0, 6, 3))
    shots = fate.plans[0, :, 0]
    assert sorted(shots) == [1, 1, 1, 2, 2, 2]
    random = np.random.default_rng(5)
    runs = 200_000
    picked = random.random((runs, 6)) < 0.8
    hits = (random.random((runs, 6, 3)) < 0.5) & (np.arange(3) < shots[:, None])
    through = (~(picked & hits.any(axis=2))).sum(axis=1)
    drawn = np.bincount(through, minlength=7) / runs
    assert fate.through[0] == pytest.approx(drawn, abs=5.0 / np.sqrt(runs))


def test_looking_with_enough_is_exact_and_as_drawn() -> None:
    """The closed form against raids fought shot by shot with the same magazine."""
    openings = _openings(5, 1, 0.5, 0.9, 3)
    raid = options(openings, "look", 3)
    fate = fight(raid, np.array([15]), outcomes.draws(0, 1, 0, 5, 3))
    assert fate.exact
    wanted = binom.pmf(np.arange(6), 5, 1.0 - 0.9 * (1.0 - 0.5**3))
    assert fate.through[0] == pytest.approx(wanted)
    sequence = np.zeros((1, 5, 3), dtype=np.int64)
    through, spent = outcomes.fought(
        sequence, np.full((1, 5), 3), raid.due, openings.windows[..., 1], openings.interval, openings.hit,
        openings.pick, np.array([[15]]), outcomes.draws(2, 1, 40_000, 5, 3),
    )  # fmt: skip
    assert outcomes.counted(through, 5)[0] == pytest.approx(wanted, abs=0.012)
    assert outcomes.counted(spent[..., 0], 15)[0] == pytest.approx(fate.spent[0], abs=0.012)


def test_looking_wastes_nothing() -> None:
    """Where all interceptors are fired at missiles that still fly, each stops its own chance of one: so by
    Wald's identity what is stopped is what is spent, times that chance.
    """
    raid = options(_openings(12, 1, 0.4, 1.0, 3), "look", 3)
    fate = fight(raid, np.array([14]), outcomes.draws(4, 1, 20_000, 12, 3))
    assert not fate.exact
    through = fate.through[0] @ np.arange(13)
    spent = fate.spent[0] @ np.arange(15)
    assert 12.0 - through == pytest.approx(0.4 * spent, abs=0.05)
    assert spent > 13.9


def test_a_busy_site_launches_no_more_than_it_can() -> None:
    """A window of 50 s holds three launches 20 s apart, for all missiles together."""
    for doctrine in ("salvo", "look"):
        raid = options(_openings(8, 1, 0.5, 0.9, 1, window=50.0), doctrine, 1)
        fate = fight(raid, np.array([8]), outcomes.draws(0, 1, 50, 8, 1))
        assert fate.spent[0, 4:].sum() == 0.0
        assert fate.spent[0] @ np.arange(9) == pytest.approx(3.0)


@pytest.mark.parametrize("doctrine", ["salvo", "look"])
def test_monotone(doctrine: Doctrine) -> None:
    """More interceptors, or surer ones, let no more through; more missiles let no fewer through."""
    slack = 1e-6 if doctrine == "salvo" else 0.08
    by_inventory = [_through(doctrine, 8, [n])[0] for n in (1, 4, 8, 10, 16, 24)]
    by_missiles = [_through(doctrine, n, [10])[0] for n in (1, 3, 6, 10, 15)]
    by_chance = [_through(doctrine, 8, [10], hit=p)[0] for p in (0.1, 0.3, 0.5, 0.8, 1.0)]
    assert all(more <= less + slack for less, more in pairwise(by_inventory))
    assert all(less <= more + slack for less, more in pairwise(by_missiles))
    assert all(more <= less + slack for less, more in pairwise(by_chance))


def test_two_batteries_are_worth_their_sum() -> None:
    assert _through("salvo", 9, [4, 3])[0] == pytest.approx(_through("salvo", 9, [7])[0])


def test_nothing_is_better_than_the_bound() -> None:
    for doctrine in ("salvo", "look"):
        raid = options(_openings(8, 1, 0.5, 0.9, 2), doctrine, 3)
        bound = raid.bound()[0] @ np.arange(9)
        assert bound == pytest.approx(8.0 * (1.0 - 0.9 * (1.0 - 0.5 ** (3 if doctrine == "salvo" else 2))))
        for inventory in (5, 20):
            fate = fight(raid, np.array([inventory]), outcomes.draws(0, 1, 3000, 8, 3))
            assert fate.through[0] @ np.arange(9) >= bound - 0.08


def test_points_of_a_distribution() -> None:
    shares = np.array([0.05, 0.45, 0.45, 0.05])
    assert [outcomes.point(shares, share) for share in (0.05, 0.5, 0.95, 1.0)] == [0, 1, 2, 3]


@pytest.mark.parametrize(("window", "spent"), [(650.0, [2, 0]), (670.0, [2, 1])])
def test_a_delayed_shot_delays_the_next(window: float, spent: list[int]) -> None:
    """The first battery needs 300 s between launches, and so meets the second missile 300 s late: its outcome
    is known at 760 s, and only then does the second battery shoot.
    """
    openings = _openings(2, 2, 0.0, 1.0, 2, window=window)
    sequence = np.array([[[0, -1], [0, 1]]])
    due = np.array([[[100.0, 460.0], [100.0, 460.0]]])
    _, used = outcomes.fought(
        sequence, np.array([[1, 2]]), due, openings.windows[..., 1], np.array([300.0]), openings.hit,
        openings.pick, np.array([[4, 4]]), outcomes.draws(0, 1, 3, 2, 2),
    )  # fmt: skip
    assert used.tolist() == [[spent] * 3]
