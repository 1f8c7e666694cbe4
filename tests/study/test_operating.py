"""Many runs of a raid: each goes by its number alone, and what they come to together is told with its
uncertainty.
"""

from __future__ import annotations

import functools
import operator
import os
import random
import signal
import time
from collections.abc import Callable, Generator, Iterable
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from midcourse.dossier import Dossier, InputError
from midcourse.model.memory import Memory
from midcourse.operation import Scenario, simulate
from midcourse.study import operating
from midcourse.study.crew import Crew, _Process
from midcourse.study.operated import Operated
from midcourse.study.operating import Plan, mean_interval, operate, operated, plan, work_of, working
from midcourse.study.running import Progress, Threads

RUNS = 12


class Shuffled:
    """An engine that works all units in any order and hands them back in another."""

    workers = 1

    def run(self, work: Callable[[Any], Any], units: Iterable[Any]) -> Generator[tuple[int, Any]]:
        order = list(enumerate(units))
        random.Random(1).shuffle(order)
        found = [(place, work(unit)) for place, unit in order]
        random.Random(2).shuffle(found)
        yield from found


@pytest.fixture(scope="module")
def four(third_site: Dossier) -> Plan:
    """Four missiles, and a radar that fails amid the raid."""
    return plan(third_site, "third-site", 4, spacing_s=30.0, incidents=["500 s fail emr@brdy"], seed=3)


@pytest.fixture(scope="module")
def scenario(four: Plan, memory: Memory) -> Scenario:
    return four.scenario(memory)


@pytest.fixture(scope="module")
def many(four: Plan, scenario: Scenario) -> Operated:
    return operate(four, RUNS, engine=Threads(1), scenario=scenario)


@pytest.mark.parametrize("engine", [Threads(2), Shuffled()], ids=["two threads", "any order"])
def test_the_same_bytes_in_any_order(four: Plan, scenario: Scenario, many: Operated, engine: Any) -> None:
    assert operate(four, RUNS, engine=engine, scenario=scenario).to_json() == many.to_json()


def test_the_same_bytes_from_two_processes(
    four: Plan, scenario: Scenario, many: Operated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second joins at once; the runs of this one are held back until it has."""
    monkeypatch.setattr(operating, "_WORTH", -1.0)
    joined: list[int] = []
    ask, own = _Process.ask, operating.working

    def asked(self: _Process, unit: object) -> Any:
        joined.append(1)
        return ask(self, unit)

    def held(*arguments: Any) -> Callable[[int], Any]:
        work = own(*arguments)

        def slow(number: int) -> Any:
            begun = time.monotonic()
            while number > 1 and not joined and time.monotonic() - begun < 90.0:
                time.sleep(0.05)
            return work(number)

        return slow

    monkeypatch.setattr(_Process, "ask", asked)
    monkeypatch.setattr(operating, "working", held)
    assert operate(four, RUNS, workers=2, scenario=scenario).to_json() == many.to_json()
    assert joined


# So does the process that joins in the test above.
@pytest.mark.slow
def test_another_process_runs_the_same(four: Plan, scenario: Scenario) -> None:
    process = _Process()
    try:
        process.send((work_of, four))
        assert process.receive() is None
        here = working(scenario, four)
        for number in (7, 0):
            assert process.ask(number) == here(number)
    finally:
        process.end()


def test_runs_are_those_that_are_recorded(four: Plan, scenario: Scenario, many: Operated) -> None:
    """A run on its own, with its events kept, comes to what it does among many; and all is accounted for."""
    outcomes = [
        simulate(scenario, four.seed, number, incidents=four.incidents).outcome() for number in range(RUNS)
    ]
    assert many.by_run["leaked"] == [each.leaked for each in outcomes]
    assert operated(four, scenario, outcomes) == many
    assert many.leaked.mean == pytest.approx(np.mean(many.by_run["leaked"]))
    assert sum(each.mean for each in many.causes.values()) == pytest.approx(many.leaked.mean)
    assert sum(each.through.share for each in many.missiles) == pytest.approx(many.leaked.mean)
    assert sum(each.mean for each in many.ends.values()) == pytest.approx(many.interceptors_spent.mean)
    assert sum(each.mean for each in many.spent.values()) == pytest.approx(many.interceptors_spent.mean)
    assert sum(each.shots for each in many.missiles) == pytest.approx(many.interceptors_spent.mean)
    assert many.ends["hit"].mean + many.leaked.mean == pytest.approx(4.0)
    for missile in many.missiles:
        assert sum(each.share for each in missile.causes.values()) == pytest.approx(missile.through.share)
    for number in (many.leaked, many.interceptors_spent):
        assert sum(number.distribution) == pytest.approx(1.0)
        assert number.ci is not None
        assert number.ci[0] <= number.mean <= number.ci[1]
        for share, (low, high) in zip(number.distribution, number.distribution_ci, strict=True):
            assert low <= share <= high
    # Chance differs between runs, and with the seed.
    assert len(set(many.by_run["interceptors_spent"])) > 1


def test_another_seed_is_another_raid(four: Plan, third_site: Dossier, memory: Memory) -> None:
    other = plan(third_site, "third-site", 4, spacing_s=30.0, seed=4)
    first, second = (
        [(each.start, each.target) for each in asked.scenario(memory).courses] for asked in (four, other)
    )
    assert first != second


def test_ctrl_c_gives_the_runs_done(four: Plan, scenario: Scenario, many: Operated) -> None:
    def tell(progress: Progress) -> None:
        if progress.stage == "further runs" and progress.done == 4:
            signal.raise_signal(signal.SIGINT)

    found = operate(four, 500, engine=Threads(1), scenario=scenario, progress=tell)
    assert found.interrupted
    assert 6 <= found.runs < RUNS
    assert found.by_run["leaked"] == many.by_run["leaked"][: found.runs]


def test_ctrl_c_before_any_run_is_done(four: Plan, scenario: Scenario) -> None:
    def tell(progress: Progress) -> None:
        if progress.stage == "first runs":
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        operate(four, 500, engine=Threads(1), scenario=scenario, progress=tell)


def test_a_single_run_tells_no_interval(four: Plan, scenario: Scenario) -> None:
    found = operate(four, 1, engine=Threads(1), scenario=scenario)
    assert found.leaked.ci is None
    assert found.leaked.distribution[int(found.leaked.mean)] == 1.0


def test_intervals_of_means() -> None:
    values = [0, 1, 1, 2, 5, 0, 3, 1]
    low, high = t.interval(0.95, len(values) - 1, np.mean(values), np.std(values, ddof=1) / np.sqrt(8))
    assert mean_interval(values, 10) == pytest.approx((low, high))
    assert mean_interval([3], 10) is None
    # What never differed could yet, in one run of many; and nothing is below none or above all.
    assert mean_interval([0] * 100, 10) == pytest.approx((0.0, 0.04))
    assert mean_interval([10] * 100, 10) == pytest.approx((9.96, 10.0))
    assert mean_interval([0, 10], 10) == (0.0, 10.0)


def test_intervals_of_means_cover() -> None:
    """Missiles that get through by independent chances: in 95 % of the cases the interval holds the truth."""
    rng = np.random.default_rng(1)
    chances = np.array([0.05, 0.2, 0.2, 0.4, 0.9])
    held = 0
    for _ in range(1000):
        found = mean_interval((rng.random((60, 5)) < chances).sum(axis=1), 5)
        assert found is not None
        held += found[0] <= chances.sum() <= found[1]
    assert 925 <= held <= 975


# Processes that work.


@pytest.fixture
def crew() -> Iterable[Crew[Any, Any]]:
    """Units are what is called."""
    made: Crew[Any, Any] = Crew(lambda unit: unit(), operator.methodcaller, "__call__")
    yield made
    made.end()


def _other(crew: Crew[Any, Any]) -> int:
    """The process that has joined."""
    begun = time.monotonic()
    while time.monotonic() - begun < 60.0:
        found = crew.work(os.getpid)
        if found != os.getpid():
            return int(found)
        time.sleep(0.01)
    pytest.fail("no process joined")


def test_a_process_joins_and_works(crew: Crew[Any, Any]) -> None:
    assert crew.work(os.getpid) == os.getpid()
    crew.start(1)
    _other(crew)
    assert {crew.work(os.getpid) for _ in range(2)} == {os.getpid(), _other(crew)}
    # What it prints gets nowhere near the results, and what fails there fails here.
    for _ in range(2):
        assert crew.work(functools.partial(print, "printed", end="")) is None
        with pytest.raises(ValueError, match="invalid literal"):
            crew.work(functools.partial(int, "none"))


def test_a_process_that_is_gone_hands_its_unit_on(crew: Crew[Any, Any]) -> None:
    crew.start(1)
    os.kill(_other(crew), signal.SIGKILL)
    time.sleep(0.2)
    assert [crew.work(os.getpid) for _ in range(4)] == [os.getpid()] * 4


def test_ended_it_works_no_more(crew: Crew[Any, Any]) -> None:
    crew.start(1)
    other = _other(crew)
    crew.end()
    assert crew.work(os.getpid) is None
    with pytest.raises(ProcessLookupError):
        os.kill(other, 0)


def test_a_process_knows_nothing_of_ctrl_c(crew: Crew[Any, Any]) -> None:
    crew.start(1)
    other = _other(crew)
    os.kill(other, signal.SIGINT)
    assert _other(crew) == other


# What cannot be run.


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"missiles": 501}, "--missiles: a raid of 501 missiles; expected at most 500: each is weighed"),
        (
            {"missiles": 500, "incidents": ["300 s launch iran-us"]},
            "--missiles: a raid of 501 missiles; expected at most 500",
        ),
        ({"missiles": 2, "threat": "iran-su"}, 'unknown threat: "iran-su"; did you mean "iran-us"?'),
        ({"missiles": 2, "incidents": ["300 s fail emr@brno"]}, 'did you mean "emr@brdy"?'),
    ],
)
def test_refused(third_site: Dossier, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        plan(third_site, "third-site", **asked)
    assert told in str(caught.value)
