"""Workers, schedulers and drivers lost for real: the same comes of the units as of threads."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from midcourse.dossier import InputError
from midcourse.study.cluster import Cluster
from midcourse.study.parcel import UnitDied
from midcourse.study.running import Run

from ..cluster_processes import SOURCE, Site, site
from .travelling import by_threads, marks, noted, squares, until

pytestmark = pytest.mark.slow
pytest.importorskip("distributed")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Site]:
    """A site of the test's own, with nobody there."""
    with site(tmp_path) as there:
        yield there


@pytest.mark.parametrize("threads", [(1,), (2,), (1, 1)])
def test_any_workers(place: Site, threads: tuple[int, ...]) -> None:
    place.start_scheduler()
    for each in threads:
        place.start_worker(each)
    with Cluster(place.address) as cluster:
        assert dict(cluster.run(squares(0.005), range(150))) == by_threads(squares(), 150)


def test_workers_come_and_go(place: Site, tmp_path: Path) -> None:
    """None at first, one, one more, and the first is killed in mid-unit: every unit's result comes once."""
    noting = tmp_path / "marks"
    noting.mkdir()
    told: list[str] = []
    place.start_scheduler()
    with Cluster(place.address, tell=told.append) as cluster:
        assert cluster.workers == 0
        coming = cluster.run(noted(noting, 0.05), range(400))
        first = place.start_worker(1)
        found = [next(coming)]
        place.start_worker(2)
        for each in coming:
            found.append(each)
            if len(found) == 200:
                assert cluster.workers == 3
                first.kill()
    assert sorted(found) == [(i, i) for i in range(400)]
    assert told == [f"no workers at {place.address}: waiting for `dask worker {place.address}`"]
    assert len(set(marks(noting))) == 2


def test_all_workers_are_lost_for_a_while(place: Site) -> None:
    told: list[str] = []
    place.start_scheduler()
    only = place.start_worker(1)
    with Cluster(place.address, tell=told.append) as cluster:
        until(lambda: cluster.workers == 1)
        found = []
        told.clear()
        for each in cluster.run(squares(0.05), range(60)):
            found.append(each)
            if len(found) == 10:
                only.kill()
                threading.Timer(3.0, place.start_worker, [1]).start()
    assert len(found) == 60
    assert dict(found) == by_threads(squares(), 60)
    assert len(told) == 1
    assert told[0].startswith("no workers at")


def test_a_stop_waits_for_nobody(place: Site) -> None:
    """Where there is no worker, and where the scheduler has gone."""
    place.start_scheduler()
    with Cluster(place.address) as cluster:
        run: Run[int, tuple[int, bytes]] = Run(cluster, squares())
        threading.Timer(1.0, run.stop).start()
        assert list(run.leading("nobody", range(100), 100, lambda _: 1)) == []
    worker = place.start_worker(1)
    with Cluster(place.address) as cluster:
        run = Run(cluster, squares(0.05))
        found = []
        for square, _ in run.leading("lost", range(1000), 1000, lambda _: 1):
            found.append(square)
            if len(found) == 5:
                assert place.scheduler is not None
                place.scheduler.kill()
                threading.Timer(1.5, run.stop).start()
    assert found == [i * i for i in range(len(found))]
    assert worker.ended(20.0)


def test_the_scheduler_comes_back(place: Site) -> None:
    """Killed with its workers, and started again at the same address, twice."""
    told: list[str] = []
    scheduler, worker = place.start_scheduler(), place.start_worker(2)

    def again() -> None:
        time.sleep(2.0)
        nonlocal scheduler, worker
        scheduler, worker = place.start_scheduler(), place.start_worker(2)

    with Cluster(place.address, tell=told.append) as cluster:
        until(lambda: cluster.workers == 2)
        told.clear()
        found = []
        for each in cluster.run(squares(0.02), range(300)):
            found.append(each)
            if len(found) in (50, 150):
                scheduler.kill()
                worker.kill()
                threading.Thread(target=again).start()
    assert len(found) == 300
    assert dict(found) == by_threads(squares(), 300)
    assert [line.partition(" at ")[0] for line in told if "worker" not in line.partition(":")[0]] == [
        "lost the scheduler", "the scheduler",
    ] * 2  # fmt: skip


@pytest.mark.parametrize("takes", [True, False])
def test_a_unit_that_kills_its_workers(place: Site, takes: bool) -> None:
    """It is found out, whoever was at the same worker; the others are worked."""

    def work(unit: int) -> int:
        import os
        import signal
        import time

        time.sleep(0.05)
        if unit == 11:
            os.kill(os.getpid(), signal.SIGKILL)
        return unit

    dead: list[tuple[int, str]] = []

    def died(unit: int, reason: str) -> int:
        dead.append((unit, reason))
        return -unit

    place.start_scheduler(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    place.start_worker(2, nanny=True)
    with Cluster(place.address, died=died if takes else None) as cluster:
        if takes:
            found = list(cluster.run(work, range(40)))
            assert sorted(found) == [(i, -i if i == 11 else i) for i in range(40)]
            assert dead == [(11, "alone in a process, the unit ended it by SIGKILL")]
        else:
            with pytest.raises(UnitDied, match=r"unit 11: .*SIGKILL"):
                list(cluster.run(work, range(40)))


@pytest.fixture
def other_versions(tmp_path: Path) -> dict[str, Path]:
    """Sources of another version; of the same with another kernel; and of no midcourse at all."""
    found = {name: tmp_path / name for name in ("version", "kernels", "none")}
    for name in ("version", "kernels"):
        shutil.copytree(SOURCE / "midcourse", found[name] / "midcourse")
    with (found["version"] / "midcourse/__init__.py").open("a") as file:
        file.write('__version__ = "0.0.9"\n')
    with (found["kernels"] / "midcourse/physics/earth.py").open("a") as file:
        file.write("# Another.\n")
    (found["none"] / "midcourse").mkdir(parents=True)
    (found["none"] / "midcourse/__init__.py").write_text('raise ImportError("none here")\n')
    return found


@pytest.mark.parametrize(
    ("kind", "told"),
    [("version", "midcourse 0.0.9"), ("kernels", "kernels [0-9a-f]{12}"), ("none", "midcourse none")],
)
def test_another_version_is_refused(
    place: Site, other_versions: dict[str, Path], kind: str, told: str
) -> None:
    """At the start with an error; later it is sent off, and works nothing."""
    place.start_scheduler()
    wrong = place.start_worker(1, source=other_versions[kind])
    until(lambda: "Registered to" in wrong.text())
    with pytest.raises(InputError, match=rf"^--scheduler: worker tcp://.*: it has {told}.*this study needs"):
        Cluster(place.address)
    wrong.kill()

    said: list[str] = []
    place.start_worker(1)
    with Cluster(place.address, tell=said.append) as cluster:
        until(lambda: cluster.workers == 1)
        found = []
        for each in cluster.run(squares(0.05), range(250)):
            found.append(each)
            if len(found) == 1:
                late = place.start_worker(2, source=other_versions[kind])
        assert dict(found) == by_threads(squares(), 250)
        assert cluster.workers == 1
    assert late.ended(10.0)
    assert "this worker cannot take part in the study" in late.text()
    assert sum("was sent off" in line for line in said) == 1


DRIVER = """
import sys
from midcourse.study.cluster import Cluster
from midcourse.study.running import Run
def make():
    seconds = float(sys.argv[3])
    def work(unit):
        import time
        time.sleep(seconds)
        return unit
    return work
cluster = Cluster(sys.argv[1], tell=lambda line: print("told:", line, flush=True))
run = Run(cluster, make())
with run.interruptible():
    for value in run.leading("all", range(int(sys.argv[2])), int(sys.argv[2]), lambda _: 1):
        print(value, flush=True)
print("end", run.interrupted, flush=True)
"""


@pytest.mark.parametrize("ends", ["ordinary", "interrupted", "twice", "scheduler lost"])
def test_a_driver_is_quiet(place: Site, ends: str) -> None:
    """Nothing of Dask's comes to the terminal, and no thread of its keeps a driver that closes nothing."""
    scheduler = place.start_scheduler()
    place.start_worker(1)
    count = 6 if ends == "ordinary" else 100000
    seconds = 0.5 if ends == "twice" else 0.05
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, place.address, str(count), str(seconds)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    ) as driver:  # fmt: skip
        assert driver.stdout is not None
        for line in driver.stdout:
            if line.strip() == "3":
                break
        if ends == "scheduler lost":
            scheduler.kill()
            for line in driver.stdout:
                if "lost the scheduler" in line:
                    break
        if ends != "ordinary":
            driver.send_signal(signal.SIGINT)
        if ends == "twice":
            time.sleep(0.3)
            driver.send_signal(signal.SIGINT)
        started = time.monotonic()
        out, err = driver.communicate(timeout=30.0)
    assert time.monotonic() - started < 5.0
    if ends == "twice":
        assert driver.returncode == -signal.SIGINT
        assert err.rstrip().endswith("KeyboardInterrupt")
        assert "distributed." not in err.replace("distributed/", "")
    else:
        assert err == ""
        assert driver.returncode == 0
        assert out.endswith(f"end {ends != 'ordinary'}\n")
