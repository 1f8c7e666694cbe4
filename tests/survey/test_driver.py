"""What the driver makes of units that fail, of bytes that were spoilt, and of those who want it to stop."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from midcourse.store.stopping import ask_stop
from midcourse.store.store import Store
from midcourse.study.running import Progress, Threads
from midcourse.survey.driver import ATTEMPTS, Driver, Ran, store_for
from midcourse.survey.log import EventLog
from midcourse.survey.plan import Plan, read_plan
from midcourse.survey.working import Attempt, Bundle, Works, died

#: 26 units that take next to nothing.
PLAN = """
[study]
title = "Driven"
dossiers = "third-site"
architectures = "third-site"
threats = "iran-europe-mrbm"
samples = 512
seed = 3

[claims.argued]
of = ["washington-europe-mrbm"]

[raid.salvo]
missiles = 5
"""
UNITS = 26


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    path = tmp_path_factory.mktemp("driven") / "plan.toml"
    path.write_text(PLAN)
    return read_plan(str(path))


class Spoilt(Works):
    """Works of which something goes wrong, as told."""

    def __init__(self, plan: Plan, before: Callable[[int], None]) -> None:
        super().__init__(plan)
        self._before = before

    def work(self, number: int) -> Attempt:
        self._before(number)
        return super().work(number)


class Garbled(Works):
    """Works whose bytes are altered on their way, once."""

    def __init__(self, plan: Plan, unit: int) -> None:
        super().__init__(plan)
        self._unit = unit

    def work(self, number: int) -> Attempt:
        found = super().work(number)
        if number != self._unit:
            return found
        self._unit = -1
        objects = {name: data[:-1] + bytes([data[-1] ^ 1]) for name, data in found.objects.items()}
        return Attempt(number, found.record, objects)


class Heard:
    """What a driver logs and says."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.said: list[str] = []
        self.progress: list[Progress] = []

    def log(self, event: str, **about: Any) -> None:
        self.events.append((event, about))

    def units(self, event: str) -> Counter[int]:
        return Counter(about["unit"] for name, about in self.events if name == event)


def driver(works: Works, store: Store, heard: Heard, engine: Any = None) -> Driver:
    return Driver(
        works, store, engine or Threads(2), tell=heard.progress.append, say=heard.said.append, log=heard.log
    )


def drive(works: Works, store: Store, engine: Any = None) -> tuple[Ran, Heard]:
    heard = Heard()
    return driver(works, store, heard, engine).run(), heard


def arrays(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ("argued", "salvo")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def filled(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that nothing happened to."""
    folder = tmp_path_factory.mktemp("filled") / "store"
    works = Works(plan)
    ran, heard = drive(works, store_for(works, str(folder), anew=True))
    assert (ran.before, ran.whole, ran.units) == (0, UNITS, UNITS)
    assert heard.units("done") == Counter(range(UNITS))
    return folder


def test_one_unit_of_each_question_comes_first(plan: Plan, filled: Path, tmp_path: Path) -> None:
    """So the time that is left can be told from the second on."""
    works = Works(plan)
    _, heard = drive(works, store_for(works, str(tmp_path), anew=True), Threads(1))
    assert list(heard.units("done")) == [0, 9, *range(1, 9), *range(10, UNITS)]
    left = [each.left_s for each in heard.progress]
    assert left[0] is None
    assert None not in left[1:]
    assert left[-1] == 0.0
    assert arrays(tmp_path) == arrays(filled)


def test_a_failing_unit_is_tried_again_and_set_apart(plan: Plan, filled: Path, tmp_path: Path) -> None:
    tried: Counter[int] = Counter()

    def fail(number: int) -> None:
        tried[number] += 1
        if number == 5 or (number == 7 and tried[7] == 1):
            raise ArithmeticError("poisoned\nand more")

    store = store_for(Works(plan), str(tmp_path), anew=True)
    ran, heard = drive(Spoilt(plan, fail), store)
    assert tried == {**dict.fromkeys(range(UNITS), 1), 5: ATTEMPTS, 7: 2}
    assert heard.units("failed") == {5: ATTEMPTS, 7: 1}
    (failure,) = ran.failures
    assert (failure.unit, failure.attempts) == (5, ATTEMPTS)
    assert failure.error.startswith("ArithmeticError: poisoned and more (test_driver.py:")
    assert ran.whole == UNITS - 1
    assert store.journal().failures == {5: failure}

    ran, heard = drive(Works(plan), store)
    assert (ran.before, ran.whole, ran.failures) == (UNITS - 1, UNITS, [])
    assert heard.units("done") == {5: 1}
    assert store.journal().failures == {}
    assert arrays(tmp_path) == arrays(filled)


class Deadly:
    """An engine whose workers die of a unit, and which says so of a whole bundle."""

    workers = 1

    def __init__(self, unit: int) -> None:
        self._unit = unit
        self.apart: list[Bundle] = []

    def run(
        self, work: Callable[[Bundle], Any], units: Iterable[Bundle]
    ) -> Generator[tuple[int, tuple[Attempt, ...]]]:
        for place, bundle in enumerate(units):
            if getattr(bundle, "apart", False):
                self.apart.append(bundle)
            yield place, died(bundle, "killed") if self._unit in bundle else work(bundle)


def test_a_unit_that_kills_its_workers_is_worked_apart(plan: Plan, filled: Path, tmp_path: Path) -> None:
    """It and those that were with it; only it is blamed in the end."""
    engine, works = Deadly(13), Works(plan)
    ran, heard = drive(works, store_for(works, str(tmp_path), anew=True), engine)
    (failure,) = ran.failures
    assert (failure.unit, failure.error) == (13, "its worker ended: killed")
    assert heard.units("failed")[13] == ATTEMPTS
    assert all(len(bundle) == 1 for bundle in engine.apart)
    assert Counter(bundle[0] for bundle in engine.apart) == {
        unit: 2 if unit == 13 else 1 for unit in heard.units("failed")
    }
    ran, _ = drive(works, Store.open(tmp_path))
    assert ran.whole == UNITS
    assert arrays(tmp_path) == arrays(filled)


@pytest.mark.parametrize("asked", ["here", "elsewhere"])
def test_a_stop_commits_what_is_under_way(plan: Plan, filled: Path, tmp_path: Path, asked: str) -> None:
    """Whoever asks for it; what waits for a thread does not begin any more."""
    store = store_for(Works(plan), str(tmp_path), anew=True)
    heard, begun = Heard(), Counter[int]()

    def before(number: int) -> None:
        begun[number] += 1
        if len(begun) >= 4 and asked == "here":
            driven.stop("enough")
        while len(begun) >= 4 and not driven.stopped:
            ask_stop(store.place)
            time.sleep(0.01)

    driven = driver(Spoilt(plan, before), store, heard)
    ran = driven.run()
    assert ran.stopped == {"here": "enough", "elsewhere": "asked to stop"}[asked]
    assert 4 <= ran.whole < UNITS
    assert set(begun) == set(heard.units("done")) == store.whole()

    ran, heard = drive(Works(plan), store)
    assert ran.stopped == ""
    assert set(heard.units("done")) == set(range(UNITS)) - set(begun)
    assert arrays(tmp_path) == arrays(filled)


def test_what_waits_for_a_thread_is_let_go_at_a_stop() -> None:
    engine, begun = Threads(1), []

    def work(unit: int) -> int:
        begun.append(unit)
        engine.stop()
        time.sleep(0.1)
        return unit

    assert [result for _, result in engine.run(work, iter(range(2)))] == [0]
    assert begun == [0]


def test_spoilt_bytes_are_computed_again(plan: Plan, filled: Path, tmp_path: Path) -> None:
    """And nothing else is."""
    works = Works(plan)
    store = store_for(works, str(tmp_path), anew=True)
    drive(works, store)
    (record,) = store.journal().records[11]
    name = next(iter(record.chunks))
    data = store.place.read(name)
    assert data is not None
    store.place.write(name, data[:-1] + bytes([data[-1] ^ 1]))
    store.place.write("salvo/missiles/c/0", b"nonsense")
    ran, heard = drive(works, store)
    assert (ran.before, ran.whole) == (UNITS - 1, UNITS)
    assert heard.units("done") == {11: 1}
    assert heard.said == [
        "salvo/missiles/c/0 was damaged, and is written anew",
        "1 of 26 recorded units are not as they were written: computed again",
    ]
    assert arrays(tmp_path) == arrays(filled)


@pytest.mark.parametrize("before", ["", '{"event": "whole"}\n', '{"event": "whole"}\n{"event": "to'])
def test_a_log_goes_on_where_it_was_torn(tmp_path: Path, before: str) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(before)
    with EventLog(path) as log:
        log("begun", units=3)
    told = path.read_text()
    assert told.startswith(before)
    *_, last = told.splitlines()
    assert json.loads(last)["units"] == 3
    assert len(told.splitlines()) == len(before.splitlines()) + 1


TWO_MAPS = """
[study]
title = "Two maps"
dossiers = "third-site"
architectures = ["third-site", "gabala"]
threats = "iran-europe-irbm"
samples = 32
seed = 5

[map.defended]
region = "europe"
grid = "6 deg"
from = "north-west"
"""


# What threads do to each other is chance: the long tests try again.
@pytest.mark.parametrize("times", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_maps_of_two_architectures_at_once(tmp_path: Path, times: int) -> None:
    """What one thread makes of flights does not depend on what another looks at them with."""
    path = tmp_path / "plan.toml"
    path.write_text(TWO_MAPS)
    plan = read_plan(str(path))
    alone = Works(plan)
    count = alone.cut.count
    expected = [alone.attempt(number).objects for number in range(count)]
    for order in [list(range(count)), list(reversed(range(count)))] * times:
        works = Works(plan)
        with ThreadPoolExecutor(2) as pool:
            for number, attempt in zip(order, pool.map(works.attempt, order), strict=True):
                assert attempt.error == ""
                assert attempt.objects == expected[number]


def test_bytes_that_were_damaged_on_their_way_are_asked_for_again(plan: Plan, tmp_path: Path) -> None:
    works = Garbled(plan, 4)
    ran, heard = drive(works, store_for(works, str(tmp_path / "s"), anew=True))
    assert (ran.whole, ran.failures) == (UNITS, [])
    assert heard.units("failed") == {4: 1}
    (error,) = [about["error"] for name, about in heard.events if name == "failed"]
    assert error.startswith("its bytes were damaged on their way from ")
    assert len(Store.open(tmp_path / "s").whole()) == UNITS
