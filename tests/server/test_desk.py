"""The desk: what is urgent first, one stage after another, and nothing that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from midcourse.server.desk import Crew, Desk, Dropped, Order, Stage, Urgency


class _Gate:
    """Keeps a desk's only thread busy until it is opened."""

    def __init__(self, desk: Desk) -> None:
        self._open, self._entered = threading.Event(), threading.Event()
        desk.put(Urgency.FIRST, self._wait)
        assert self._entered.wait(5)

    def _wait(self) -> None:
        self._entered.set()
        self._open.wait(5)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def single() -> Iterator[Desk]:
    found = Desk(1)
    yield found
    found.close()


def test_the_urgent_goes_first_and_the_older_before_the_younger(single: Desk) -> None:
    gate, order, done = _Gate(single), list[str](), threading.Event()
    single.put(Urgency.BACKGROUND, done.set)
    for name, urgency in (
        ("a", Urgency.REFINED),
        ("b", Urgency.FIRST),
        ("c", Urgency.REFINED),
        ("d", Urgency.FIRST),
    ):
        single.put(urgency, lambda name=name: order.append(name))
    gate.open()
    assert done.wait(5)
    assert order == ["b", "d", "a", "c"]


def test_a_stage_begins_when_all_of_the_one_before_is_done(desk: Desk) -> None:
    seen: list[int] = []
    lock, done = threading.Lock(), threading.Event()

    def count() -> None:
        with lock:
            seen.append(len(seen))

    def stages() -> Iterator[Stage]:
        yield Stage(Urgency.FIRST, [count] * 8)
        assert len(seen) == 8
        yield Stage(Urgency.FIRST, [])
        yield Stage(Urgency.REFINED, [count] * 3)
        assert len(seen) == 11

    failed: list[Exception | None] = []
    desk.take(Order(lambda error: (failed.append(error), done.set())), stages())
    assert done.wait(5)
    assert failed == [None]


def test_what_is_dropped_ends_between_two_steps_and_tells_nobody(single: Desk) -> None:
    gate, worked, ended = _Gate(single), list[int](), list[Exception | None]()
    order = Order(ended.append)

    def stages() -> Iterator[Stage]:
        yield Stage(Urgency.FIRST, [lambda: worked.append(1), order.drop, lambda: worked.append(2)])
        worked.append(3)

    single.take(order, stages())
    gate.open()
    done = threading.Event()
    single.put(Urgency.BACKGROUND, done.set)
    assert done.wait(5)
    assert worked == [1]
    assert ended == []


@pytest.mark.parametrize("where", ["step", "stages"])
def test_a_failure_is_told_once_and_the_desk_goes_on(desk: Desk, where: str) -> None:
    ended: list[Exception | None] = []
    done, after = threading.Event(), threading.Event()

    def fail() -> None:
        raise ValueError("spoilt")

    def stages() -> Iterator[Stage]:
        if where == "stages":
            fail()
        yield Stage(Urgency.FIRST, [fail, fail, fail])

    desk.take(Order(lambda error: (ended.append(error), done.set())), stages())
    assert done.wait(5)
    desk.put(Urgency.BACKGROUND, after.set)
    assert after.wait(5)
    assert [str(each) for each in ended] == ["spoilt"]


def test_a_crew_gives_what_any_engine_gives(desk: Desk) -> None:
    found = dict(Crew(desk, Urgency.BACKGROUND, Order()).run(lambda x: x * x, range(20)))
    assert found == {i: i * i for i in range(20)}


def test_a_crew_ends_with_its_order(desk: Desk) -> None:
    order = Order()
    coming = Crew(desk, Urgency.BACKGROUND, order).run(lambda x: x, range(1000))
    next(coming)
    order.drop()
    with pytest.raises(Dropped):
        list(coming)


def test_a_crew_passes_errors_on(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError):
        list(Crew(desk, Urgency.BACKGROUND, Order()).run(lambda x: 1 // x, [1, 0]))
