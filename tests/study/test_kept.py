"""Flights that stay: those that are asked for are flown, once, and stay as far as there is room."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from midcourse.analysis.mapping import Flown
from midcourse.study import kept as module
from midcourse.study.kept import Indices, Kept


class Flying:
    """Flies to cells, and puts down which; every flight takes a thousand bytes."""

    def __init__(self) -> None:
        self.flown: list[list[int]] = []

    def __call__(self, cells: Indices) -> Flown:
        self.flown.append(cells.tolist())
        made = Flown(len(cells), ())
        made.memory.get(("made", len(self.flown)), lambda: np.zeros(125 * len(cells)))
        return made


def cells(*some: int) -> Indices:
    return np.array(some, dtype=np.int64)


def test_what_is_missing_is_flown_and_no_more() -> None:
    kept, fly = Kept(), Flying()
    assert [where.tolist() for where, _ in kept.take("a", cells(1, 2, 3), fly)] == [[1, 2, 3]]
    assert [where.tolist() for where, _ in kept.take("a", cells(2), fly)] == [[1, 2, 3]]
    assert [where.tolist() for where, _ in kept.take("a", cells(2, 5, 7), fly)] == [[1, 2, 3], [5, 7]]
    assert [where.tolist() for where, _ in kept.take("a", cells(5), fly)] == [[5, 7]]
    assert fly.flown == [[1, 2, 3], [5, 7]]
    kept.take("b", cells(1), fly)
    assert len(kept) == 2


def test_many_pieces_become_one() -> None:
    kept, fly = Kept(), Flying()
    for cell in range(4):
        kept.take("a", cells(cell), fly)
    assert [where.tolist() for where, _ in kept.take("a", cells(0, 9), fly)] == [[0, 1, 2, 3, 9]]
    assert fly.flown[-1] == [0, 1, 2, 3, 9]
    assert len(fly.flown) == 5


def test_memory_is_bounded_and_those_asked_for_long_ago_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "YOUNG_S", -1.0)
    kept, fly = Kept(most_bytes=10_000), Flying()
    for key in "abc":
        kept.take(key, cells(1, 2, 3), fly)
        kept.used(key)
    assert kept.bytes == 9_000
    kept.take("a", cells(1), fly)
    kept.take("d", cells(1, 2, 3), fly)
    kept.used("d")
    assert kept.bytes == 9_000
    before = len(fly.flown)
    for key in "acd":
        kept.take(key, cells(1, 2, 3), fly)
    assert len(fly.flown) == before
    kept.take("b", cells(1, 2, 3), fly)
    assert len(fly.flown) == before + 1


def test_what_was_worked_out_since_counts() -> None:
    kept, fly = Kept(most_bytes=10_000), Flying()
    ((_, flown),) = kept.take("a", cells(1, 2), fly)
    kept.used("a")
    shared = flown.memory.get(("more",), lambda: np.zeros(500))
    flown.memory.get(("part of it",), lambda: (shared[:10], [shared]))
    kept.used("a")
    assert kept.bytes == 6_000


def test_a_map_that_does_not_fit_whole_keeps_what_fits() -> None:
    """Asked for over and over, it does not drive its own flights out."""
    kept, fly = Kept(most_bytes=10_000), Flying()
    for _ in range(3):
        for key in "abcde":
            kept.take(key, cells(1, 2, 3), fly)
            kept.used(key)
    assert kept.bytes == 9_000
    # Three chunks fit: the other two are flown each time.
    assert len(fly.flown) == 5 + 2 + 2


def test_a_chunk_is_flown_once_however_many_ask() -> None:
    kept, begun = Kept(), threading.Event()
    fly = Flying()

    def slowly(some: Indices) -> Flown:
        begun.wait()
        return fly(some)

    with ThreadPoolExecutor(4) as people:
        asked = [people.submit(kept.take, "a", cells(1, 2), slowly) for _ in range(4)]
        begun.set()
        pieces = {id(flown) for each in asked for _, flown in each.result()}
    assert len(pieces) == 1
    assert fly.flown == [[1, 2]]
