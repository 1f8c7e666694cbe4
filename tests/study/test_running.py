"""The execution path: whoever works the units, in whatever order, the same comes of it."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from typing import Any

import numpy as np
import pytest

from midcourse.dossier import Dossier
from midcourse.model.memory import Memory
from midcourse.study.asking import Drawn, Plan, Question, Study, Unit, inquiries
from midcourse.study.running import Progress, Run, Threads


class Shuffled:
    """An engine that takes many units at a time and hands them back in any order."""

    workers = 5

    def run(self, work: Callable[[Any], Any], units: Iterable[Any]) -> Generator[tuple[int, Any]]:
        found = [(place, work(unit)) for place, unit in enumerate(units)]
        random.Random(1).shuffle(found)
        yield from found


@pytest.mark.parametrize("engine", [Threads(1), Threads(3), Shuffled()], ids=["one", "three", "shuffled"])
def test_results_come_in_order(engine: Any) -> None:
    run: Run[int, int] = Run(engine, lambda unit: unit * unit)
    assert list(run.leading("squares", range(50), 50, lambda _: 1)) == [i * i for i in range(50)]


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_few_units_wait(workers: int) -> None:
    """Units are asked for as there is room, so that a long study takes no more memory than a short one."""
    taken, seen = [0], [0]

    def units() -> Iterable[int]:
        for i in range(200):
            taken[0] = i + 1
            yield i

    run: Run[int, int] = Run(Threads(workers), lambda unit: unit)
    for _ in run.leading("all", units(), 200, lambda _: 1):
        seen[0] += 1
        # One worker may be slow and hold back what the others have done meanwhile.
        assert taken[0] <= 200 if workers > 1 else taken[0] <= seen[0] + 2
    assert seen[0] == 200


def test_what_leads_is_kept_when_stopped() -> None:
    first_is_slow = threading.Event()

    def work(unit: int) -> int:
        if unit == 3:
            first_is_slow.wait(10.0)
        return unit

    run: Run[int, int] = Run(Threads(2), work)
    found = []
    for value in run.leading("stopped", range(1000), 1000, lambda _: 1):
        found.append(value)
        if value == 2:
            run.stop()
            first_is_slow.set()
    assert run.interrupted
    assert found == list(range(len(found)))
    assert 3 <= len(found) < 20
    assert list(run.leading("after that", range(5), 5, lambda _: 1)) == []


def test_a_reader_may_have_enough() -> None:
    worked = []
    run: Run[int, int] = Run(Threads(2), lambda unit: worked.append(unit) or unit)
    for value in run.leading("enough", range(1000), 1000, lambda _: 1):
        if value == 10:
            break
    assert len(worked) < 40
    assert list(run.leading("more", range(3), 3, lambda _: 1)) == [0, 1, 2]


def test_a_failure_is_told() -> None:
    run: Run[int, float] = Run(Threads(2), lambda unit: 1.0 / (unit - 3))
    with pytest.raises(ZeroDivisionError):
        list(run.leading("failing", range(100), 100, lambda _: 1))


def test_time_left_is_told() -> None:
    told: list[Progress] = []
    run: Run[int, int] = Run(Threads(1), lambda unit: unit, told.append)
    list(run.leading("counting", range(1, 5), 10, lambda unit: unit))
    done = [each.done for each in told]
    assert done == sorted(set(done))
    assert (done[0], done[-1], len(done)) == (0, 10, 5)
    assert told[0].left_s is None
    assert told[-1].left_s == 0.0
    assert all(each.left_s is not None and each.left_s >= 0.0 for each in told[1:])


def test_a_worker_elsewhere_needs_the_plan_alone(third_site: Dossier, memory: Memory) -> None:
    """A plan and a unit travel as bytes; a study built from them finds the same values."""
    names = ("lp-burnout-speed", "lewis-emr-range", "mda-us-defended")
    questions = tuple(Question(name) for name in names)
    ready = inquiries(third_site, questions, memory, 1, lambda _: None)
    paths = tuple(sorted({path for each in ready for path in each.relevant}))
    plan = Plan(third_site, questions, paths, "sobol", 7)
    unit = Unit((0, 1, 2), Drawn(3))
    here = Study(plan, ready).work(unit)
    far_plan, far_unit = pickle.loads(pickle.dumps((plan, unit)))
    there = pickle.loads(pickle.dumps(Study.of(far_plan, memory).work(far_unit)))
    assert np.array_equal(here.values, there.values, equal_nan=True)
    assert here.values.shape == (3, 32)
    assert (np.ptp(here.values[:2], axis=1) > 0.0).all()


@pytest.mark.slow
def test_interrupt_gives_what_was_computed() -> None:
    """Ctrl-C amid a long run: the answer over the samples drawn, whole batches, and exit code 0."""
    command = [sys.executable, "-m", "midcourse.cli", "assess", "third-site", "--samples", "200000", "--json"]
    command += ["--architecture", "gabala"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("sampled worlds"):
                break
        threading.Timer(4.0, process.send_signal, [signal.SIGINT]).start()
        out, err = process.communicate(timeout=120.0)
    assert process.returncode == 0, err
    result = json.loads(out)
    assert result["interrupted"] is True
    assert 0 < result["samples"] < 200000
    assert result["samples"] % 32 == 0
    assert f"interrupted: the answer rests on the {result['samples']:,} samples drawn until then" in err
