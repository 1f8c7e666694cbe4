"""Results that requests share: worked out once, given up by nobody but the last who waits, bounded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from midcourse.server.shared import Inline, Shared
from midcourse.study.mapping import Stopped


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def test_a_result_is_worked_out_once(pool: ThreadPoolExecutor) -> None:
    shared, made = Shared(pool, 100), []
    going_on = threading.Event()

    def make() -> tuple[int, int]:
        going_on.wait()
        made.append(1)
        return len(made), 1

    with ThreadPoolExecutor(4) as people:
        waiting = [people.submit(shared.get, "one", make) for _ in range(4)]
        going_on.set()
        assert [each.result() for each in waiting] == [1, 1, 1, 1]
    assert shared.get("one", make) == 1
    assert shared.known("one") == 1
    assert shared.known("two") is None


def test_who_waits_no_more_is_let_go_and_what_nobody_wants_is_not_begun(pool: ThreadPoolExecutor) -> None:
    shared, over, made = Shared(pool, 100), threading.Event(), []
    busy = pool.submit(over.wait)
    with pytest.raises(Stopped):
        shared.get("unwanted", lambda: (made.append("unwanted"), 1), lambda: True)
    begun = shared.begin("begun", lambda: (made.append("begun"), 1))
    with pytest.raises(Stopped):
        shared.get("begun", lambda: (made.append("begun"), 1), lambda: True)
    over.set()
    busy.result()
    assert begun is not None
    begun.result()
    assert made == ["begun"]
    assert shared.begin("begun", lambda: (None, 1)) is None


def test_those_used_last_stay(pool: ThreadPoolExecutor) -> None:
    shared = Shared(pool, 30)
    for name in ("a", "b", "c"):
        shared.put(name, name, 10)
    shared.known("a")
    shared.put("d", "d", 10)
    assert [name for name in "abcd" if shared.known(name)] == ["a", "c", "d"]
    assert shared.bytes == 30
    shared.put("d", "heavier", 20)
    assert shared.bytes == 30
    assert shared.known("d") == "heavier"


def test_a_failure_is_told_and_not_kept(pool: ThreadPoolExecutor) -> None:
    shared = Shared(pool, 30)

    def fails() -> tuple[int, int]:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        shared.get("one", fails, lambda: False)
    assert shared.get("one", lambda: (1, 1)) == 1


def test_work_in_line_is_done_where_it_is_called() -> None:
    assert list(Inline().map(lambda x: x + threading.get_ident(), [1, 2])) == [
        threading.get_ident() + 1,
        threading.get_ident() + 2,
    ]
    with pytest.raises(ZeroDivisionError):
        Inline().submit(lambda: 1 // 0).result()
