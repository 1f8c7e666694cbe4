"""Allotting interceptors: against every choice tried in turn, and against what can be argued."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from midcourse.analysis.allocation import allocate, fits, missing, plans, sequences

Array = NDArray[np.float64]


def _salvo(hit: Array, pick: Array, most: int) -> tuple[Array, Array]:
    """What every plan stops and spends, for missiles that every battery can meet."""
    counts = plans(len(hit), most)
    missed = np.prod((1.0 - hit) ** counts, axis=1)
    stop = pick[:, None] * (1.0 - missed)
    return stop, np.broadcast_to(counts.astype(float), (*stop.shape, len(hit)))


def _schedulable(launches: list[tuple[int, int]]) -> bool:
    """Whether launches, each within its slots, can have a slot each: whichever must go first goes first."""
    taken: set[int] = set()
    for slot in range(min((a for a, _ in launches), default=0), max((b for _, b in launches), default=0) + 1):
        due = sorted((b, i) for i, (a, b) in enumerate(launches) if a <= slot and i not in taken)
        if due:
            if due[0][0] < slot:
                return False
            taken.add(due[0][1])
    return len(taken) == len(launches)


def _exhaustive(stop: Array, spend: Array, inventory: Array, slots: NDArray[np.int64] | None) -> float:
    """The most that can be stopped, by trying every choice."""
    best = 0.0
    for choice in product(*(np.flatnonzero(~np.isnan(row)) for row in stop)):
        rows = np.arange(len(stop)), np.array(choice)
        spent = spend[rows]
        if (spent.sum(axis=0) > inventory + 1e-9).any() or stop[rows].sum() <= best:
            continue
        if slots is not None and not all(
            _schedulable([tuple(slots[i, b]) for i in range(len(stop)) for _ in range(int(spent[i, b]))])
            for b in range(len(inventory))
        ):
            continue
        best = float(stop[rows].sum())
    return best


@st.composite
def _problems(draw: st.DrawFn) -> tuple[Array, Array, Array, NDArray[np.int64]]:
    batteries = draw(st.integers(1, 2))
    most = draw(st.integers(1, 3 if batteries == 1 else 2))
    missiles = draw(st.integers(1, 4))
    share = st.floats(0.05, 0.95)
    hit = np.array(draw(st.lists(share, min_size=batteries, max_size=batteries)))
    pick = np.array(draw(st.lists(st.sampled_from([0.5, 0.9]), min_size=missiles, max_size=missiles)))
    stop, spend = _salvo(hit, pick, most)
    able = draw(st.lists(st.booleans(), min_size=missiles * batteries, max_size=missiles * batteries))
    cannot = ~np.array(able).reshape(missiles, batteries)
    stop = np.where((cannot[:, None, :] & (plans(batteries, most) > 0)).any(axis=2), np.nan, stop)
    inventory = np.array(draw(st.lists(st.integers(0, 5), min_size=batteries, max_size=batteries)), float)
    ends = st.tuples(st.integers(0, 3), st.integers(0, 2))
    spans = draw(st.lists(ends, min_size=missiles * batteries, max_size=missiles * batteries))
    slots = np.array([(a, a + n) for a, n in spans]).reshape(missiles, batteries, 2)
    return stop, spend, inventory, slots


@given(_problems(), st.booleans())
@settings(max_examples=120)
def test_as_good_as_every_choice_tried(
    problem: tuple[Array, Array, Array, NDArray[np.int64]], busy: bool
) -> None:
    stop, spend, inventory, slots = problem
    limits = slots if busy else None
    chosen = allocate(stop, spend, inventory, limits)
    rows = np.arange(len(stop)), chosen
    assert not np.isnan(stop[rows]).any()
    assert fits(spend[rows], inventory, limits)
    assert stop[rows].sum() == pytest.approx(_exhaustive(stop, spend, inventory, limits), abs=1e-5)


def test_ten_interceptors_and_more_missiles() -> None:
    """One at each of ten, whatever the number: a second shot at the same is worth less than a first."""
    for missiles in (10, 15, 40):
        stop, spend = _salvo(np.array([0.6]), np.full(missiles, 0.9), 4)
        chosen = allocate(stop, spend, np.array([10.0]))
        assert sorted(spend[0, chosen, 0])[-10:] == [1.0] * 10
        assert spend[0, chosen, 0].sum() == 10.0


def test_fewer_missiles_than_interceptors() -> None:
    """Spread as evenly as can be."""
    stop, spend = _salvo(np.array([0.6]), np.full(4, 0.9), 4)
    assert sorted(spend[0, allocate(stop, spend, np.array([10.0])), 0]) == [2.0, 2.0, 3.0, 3.0]


def test_a_busy_site() -> None:
    """Of missiles that must all be shot at within two slots, two are."""
    stop, spend = _salvo(np.array([0.6]), np.full(5, 0.9), 2)
    slots = np.tile([[3, 4]], (5, 1)).reshape(5, 1, 2)
    assert spend[0, allocate(stop, spend, np.array([10.0]), slots), 0].sum() == 2.0


@given(st.lists(st.floats(0.05, 0.95), min_size=2, max_size=2), st.integers(1, 6))
def test_more_interceptors_never_stop_fewer(hit: list[float], missiles: int) -> None:
    stop, spend = _salvo(np.array(hit), np.full(missiles, 0.9), 3)
    value = [
        stop[np.arange(missiles), allocate(stop, spend, np.array([n, n / 2]) // 1)].sum() for n in range(9)
    ]
    assert all(less <= more + 1e-5 for less, more in pairwise(value))


def test_sequences_by_hand() -> None:
    counts = np.array([[2, 1], [0, 3], [0, 0]])
    order = np.array([[1, 0], [0, 1], [0, 1]])
    assert sequences(counts, order, 3).tolist() == [[1, 0, 0], [1, 1, 1], [-1, -1, -1]]
    missed = missing(np.array([1, 0, -1]), np.array([0.5, 0.2]))
    assert missed.tolist() == pytest.approx([1.0, 0.8, 0.4, 0.4])


def test_nothing_reaches_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    """The solver keeps quiet, and what is printed after it is seen."""
    random = np.random.default_rng(3)
    stop = np.concatenate([np.zeros((20, 1)), np.sort(random.random((20, 13)), axis=1)], axis=1)
    spend = np.concatenate([np.zeros((20, 1, 2)), 3.0 * random.random((20, 13, 2))], axis=1)
    allocate(stop, spend, np.array([10.0, 10.0]))
    print("afterwards")
    assert capfd.readouterr().out == "afterwards\n"


def test_standard_output_comes_back_whatever_threads_do(capfd: pytest.CaptureFixture[str]) -> None:
    def solve(_: int) -> None:
        stop, spend = np.array([[0.0, 0.5, 0.7]] * 6), np.array([[[0.0], [1.0], [2.0]]] * 6)
        allocate(stop, spend, np.array([4.0]))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(solve, range(60)))
    os.write(1, b"here\n")
    assert capfd.readouterr().out == "here\n"
