"""Whatever happens to a study on its way, it ends with the bytes of one that nothing happened to.

Real processes of the command line, really killed; ``make slow`` runs them.
"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from midcourse.store.store import Store

from ..cluster_processes import Site, site
from .commands import UNITS, Command, Ended, Studied, spoilt, studied, until

pytestmark = pytest.mark.slow

Arrays = dict[str, str]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studied]:
    with studied(tmp_path_factory.mktemp("undisturbed")) as study:
        ended = study.do("run")
        assert ended.code == 0, ended
        yield study


@pytest.fixture(scope="module")
def reference(undisturbed: Studied) -> Arrays:
    """The arrays of a study that nothing happened to."""
    return undisturbed.arrays()


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Studied]:
    with studied(tmp_path) as made:
        yield made


@pytest.fixture
def copy(undisturbed: Studied, study: Studied) -> Studied:
    """A store that was filled."""
    shutil.copytree(undisturbed.store, study.store)
    return study


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Site]:
    pytest.importorskip("distributed")
    with site(tmp_path) as there:
        # Else a unit has to kill four workers before it is blamed.
        there.start_scheduler(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
        yield there


def writes(study: Studied, command: Command) -> bool:
    """Whether a command holds the lock of the store."""
    try:
        said = json.loads((study.store / "writer.lock").read_text())
    except (OSError, ValueError):
        return False
    return bool(said["pid"] == command.pid)


def test_the_driver_is_killed_at_ten_moments(study: Studied, reference: Arrays) -> None:
    """While it lays out the store, while it checks what is there, and while it works and commits."""
    draw = random.Random(7)
    moments = ["creating"] * 3 + ["working"] * 3 + ["checking", "working"] * 2
    for moment in moments:
        verb = "resume" if (study.store / "zarr.json").exists() else "run"
        slow = {"creating": {"write": 0.05}, "checking": {"check": 0.1}}.get(moment, {"write": 0.01})
        begun = len(study.events("begun"))
        command = study.start(verb, **spoilt(work=0.3, **slow))
        if moment == "creating":
            until(lambda: (study.store / "manifest.json").exists(), command)
            time.sleep(draw.uniform(0.0, 0.2))
            assert not (study.store / "zarr.json").exists()
        elif moment == "checking":
            until(lambda command=command: writes(study, command), command)
            time.sleep(draw.uniform(0.0, 0.1))
            assert len(study.events("begun")) == begun
        else:
            before = len(study.done)
            until(lambda before=before: len(study.done) > before, command)
            time.sleep(draw.uniform(0.0, 0.7))
        command.kill()
    assert 0 < len(study.recorded()) < UNITS
    ended = study.do("resume")
    assert ended.code == 0, ended
    study.check(reference)
    # The log tells of a unit once it counts: none that did was worked again.
    assert set(study.done.values()) == {1}


def test_the_driver_of_a_cluster_is_killed(study: Studied, reference: Arrays, cluster: Site) -> None:
    """Its workers are there for the next, and what they were at harms nobody; threads end it."""
    cluster.start_worker(2, **spoilt(work=0.3))
    for verb, share in (("run", 0.2), ("resume", 0.5)):
        command = study.start(verb, "--scheduler", cluster.address)
        until(lambda share=share: len(study.done) > share * UNITS, command)
        command.kill()
    ended = study.do("resume")
    assert ended.code == 0, ended
    study.check(reference)
    assert set(study.done.values()) == {1}


def test_workers_and_the_scheduler_are_lost(study: Studied, reference: Arrays, cluster: Site) -> None:
    """A worker is killed, then the scheduler with all workers; both come back. One command lasts it out."""
    slow = spoilt(work=0.3)
    first, second = (cluster.start_worker(1, **slow) for _ in range(2))
    command = study.start("run", "--scheduler", cluster.address)
    until(lambda: len(study.done) > 8, command)
    first.kill()
    until(lambda: len(study.done) > 14, command)
    assert cluster.scheduler is not None
    cluster.scheduler.kill()
    second.kill()
    time.sleep(1.0)
    cluster.start_scheduler()
    cluster.start_worker(2, **slow)
    ended = command.ended()
    assert ended.code == 0, ended
    assert [line for line in ended.lines if line.startswith("lost the scheduler")]
    study.check(reference)
    assert set(study.done.values()) == {1}


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A disk of so many bytes."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("mounting a small disk takes root: try under `unshare --map-root-user --mount`")
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextlib.contextmanager
def disk_study(folder: Path, size: int) -> Iterator[tuple[Path, Studied]]:
    """A study whose store lies on a small disk."""
    with small_disk(folder / "disk", size) as disk, studied(folder, store=disk / "study.zarr") as study:
        yield disk, study


def resize(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def fill_up(disk: Path) -> None:
    with (disk / "ballast").open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(PAGE))


PAGE = 4096


def pages(study: Studied, *folders: str) -> int:
    """Pages of a disk that a store takes, or some of its folders."""
    return sum(
        -(-path.stat().st_size // PAGE)
        for folder in folders or ("",)
        for path in (study.store / folder).rglob("*")
        if path.is_file()
    )


def told_of_a_full_disk(ended: Ended) -> None:
    assert ended.code == 1, ended
    assert ended.out == ""
    (line,) = ended.lines
    assert re.match(r"midcourse: no room left in .*study\.zarr \(no space left on device\)", line)
    assert "study resume" in line or "study run" in line


def test_the_disk_is_full(undisturbed: Studied, reference: Arrays, tmp_path: Path) -> None:
    """In the middle, then again where not a byte is left, then with room."""
    most = pages(undisturbed)
    with disk_study(tmp_path, (most - 30) * PAGE) as (disk, study):
        told_of_a_full_disk(study.do("run"))
        recorded = study.recorded()
        assert 0 < len(recorded) < UNITS
        fill_up(disk)
        told_of_a_full_disk(study.do("resume"))
        assert "units failed" not in study.do("show").out
        assert study.recorded() >= recorded
        resize(disk, 4 * most * PAGE)
        ended = study.do("resume")
        assert ended.code == 0, ended
        study.check(reference)


def test_the_disk_is_full_at_once(undisturbed: Studied, reference: Arrays, tmp_path: Path) -> None:
    """Before the store is laid out."""
    most = pages(undisturbed)
    with disk_study(tmp_path, 12 * PAGE) as (disk, study):
        told_of_a_full_disk(study.do("run"))
        resize(disk, 4 * most * PAGE)
        ended = study.do("run")
        assert ended.code == 0, ended
        study.check(reference)


def chunks(study: Studied, unit: int) -> list[Path]:
    """The files that hold a unit's values."""
    (record,) = Store.open(study.store).journal().records[unit]
    return [study.store / name for name in record.chunks]


def tear(study: Studied, unit: int) -> None:
    """Cut the end off the journal's line of a unit."""
    for segment in (study.store / "journal").iterdir():
        lines = segment.read_bytes().splitlines()
        cut = [line[:-20] if b'"worked":[%d,' % unit in line else line for line in lines]
        segment.write_bytes(b"\n".join(cut) + b"\n")


def test_what_is_there_is_spoilt(copy: Studied, reference: Arrays) -> None:
    """Chunks flipped, cut short, lost, and records torn: these are computed again, and nothing else."""
    before = copy.done
    flipped, cut, emptied, lost = (chunks(copy, unit)[-1] for unit in (3, 12, 25, 40))
    data = bytearray(flipped.read_bytes())
    data[len(data) // 2] ^= 1
    flipped.write_bytes(data)
    cut.write_bytes(cut.read_bytes()[:-1])
    emptied.write_bytes(b"")
    lost.unlink()
    tear(copy, 8)
    label, metadata = "argued/statement/c/0", "salvo/through/zarr.json"
    (copy.store / label).write_bytes(b"nonsense")
    (copy.store / metadata).write_text("{}")

    ended = copy.do("resume")
    assert ended.code == 0, ended
    assert f"{label} was damaged, and is written anew" in ended.lines
    assert f"{metadata} was damaged, and is written anew" in ended.lines
    assert "4 of 42 recorded units are not as they were written: computed again" in ended.lines
    assert "1 line of the journal cannot be believed: what was told there is computed again" in ended.lines
    assert copy.done - before == Counter({3, 12, 25, 40, 8})
    copy.check(reference)


def test_a_line_of_the_log_is_torn(copy: Studied, reference: Arrays) -> None:
    """It stays as it is, and no line is lost with it."""
    log = copy.store / "log.jsonl"
    log.write_bytes(log.read_bytes()[:-7])
    chunks(copy, 5)[0].unlink()
    assert copy.do("resume").code == 0
    *_, torn, begun_not_believed, begun, done, ended = log.read_text().splitlines()
    with pytest.raises(ValueError, match=r"delimiter|Unterminated|Expecting"):
        json.loads(torn)
    told = [json.loads(line)["event"] for line in (begun_not_believed, begun, done, ended)]
    assert told == ["not believed", "begun", "done", "ended"]
    copy.check(reference)


@pytest.mark.parametrize("engine", ["threads", "cluster"])
def test_the_clock_moves(
    study: Studied, reference: Arrays, engine: str, request: pytest.FixtureRequest
) -> None:
    """Back and forth by hours; files are from long ago or yet to come.

    Dask's own timers go by the clock, and hold messages back when it jumps under them. With a scheduler each
    process has a clock of its own, hours from the others', and that of the driver is set back between two
    runs.
    """
    words: list[str] = []
    first, second = spoilt(work=0.3, clock=1), spoilt(work=0.3, clock=3)
    if engine == "cluster":
        cluster = request.getfixturevalue("cluster")
        cluster.start_worker(1, **spoilt(work=0.3))
        cluster.start_worker(1, **spoilt(work=0.3, clock_set=7200.0))
        words = ["--scheduler", cluster.address]
        first, second = spoilt(work=0.3, clock_set=3600.0), spoilt(work=0.3, clock_set=-10_000.0)
    began = time.monotonic()
    command = study.start("run", *words, **first)
    until(lambda: len(study.done) > UNITS // 3, command)
    command.kill()
    draw = random.Random(5)
    for path in (study.store, *study.store.rglob("*")):
        moved = time.time() + draw.uniform(-3e8, 3e8)
        os.utime(path, (moved, moved))
    ended, shown = at_a_terminal(study, "resume", *words, **second)
    took = time.monotonic() - began
    assert ended == 0, shown
    study.check(reference)
    assert set(study.done.values()) == {1}
    # The log's clock did move, and nothing else went by it.
    at = [event["at"] for event in study.events("done")]
    assert at != sorted(at)
    assert all(0.0 < event["seconds"] < took for event in study.events("done"))
    assert 0.0 < study.events("ended")[-1]["seconds"] < took
    left = [int(seconds.replace(",", "")) for seconds in re.findall(r"([\d,]+) s left", shown)]
    rates = [float(rate.replace(",", "")) for rate in re.findall(r"([\d.,]+) a second", shown)]
    assert left
    assert max(left) < 100
    assert rates
    assert max(rates) < 1000.0


def at_a_terminal(study: Studied, *words: str, **environment: str) -> tuple[int, str]:
    """The exit code of a command, and what it shows where its progress is a line that changes."""
    mine, other = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "midcourse.cli", "study", words[0], str(study.plan), "--store",
         str(study.store), *words[1:]],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=other, cwd=study.folder,
        env={**os.environ, "COLUMNS": "200", **environment},
    ) as popen:  # fmt: skip
        os.close(other)
        shown = bytearray()
        try:
            while data := os.read(mine, 4096):
                shown += data
        except OSError:
            # How Linux tells that the other end is closed.
            pass
        code = popen.wait()
    os.close(mine)
    return code, shown.decode(errors="replace")


@pytest.fixture(params=["threads", "cluster"])
def engine(request: pytest.FixtureRequest) -> list[str]:
    """The words that choose an engine, whose units take a while."""
    if request.param == "threads":
        return ["--workers", "2"]
    cluster = request.getfixturevalue("cluster")
    cluster.start_worker(2, **spoilt(work=0.3))
    return ["--scheduler", cluster.address]


def test_ctrl_c_once(study: Studied, reference: Arrays, engine: list[str]) -> None:
    command = study.start("run", *engine, **spoilt(work=0.3))
    until(lambda: len(study.done) > 4, command)
    command.interrupt()
    ended = command.ended(15.0)
    assert ended.code == 130
    again = f"midcourse study resume {study.plan} --store {study.store}"
    said = [line for line in ended.lines if not line.startswith("dashboard")]
    assert said == [f"stopping once the units under way are committed; Ctrl-C again ends at once ({again})"]
    assert "Stopped (interrupted)." in ended.out
    assert "Go on with: midcourse study resume" in ended.out
    # All that was done is told of, recorded and whole.
    recorded = study.recorded()
    assert recorded == set(study.done) == Store.open(study.store).whole()
    assert 4 < len(recorded) < UNITS
    ended = study.do("resume")
    assert ended.code == 0, ended
    study.check(reference)
    assert set(study.done.values()) == {1}


def test_ctrl_c_twice(study: Studied, reference: Arrays, engine: list[str]) -> None:
    command = study.start("run", *engine, **spoilt(work=0.3))
    until(lambda: len(study.done) > 4, command)
    command.interrupt()
    time.sleep(0.1)
    command.interrupt()
    pressed = time.monotonic()
    ended = command.ended(10.0)
    assert time.monotonic() - pressed < 1.0
    assert ended.code == 130
    assert "Traceback" not in ended.err
    ended = study.do("resume")
    assert ended.code == 0, ended
    study.check(reference)
    assert set(study.done.values()) == {1}


def test_ctrl_c_before_it_begins(study: Studied) -> None:
    """While the plan is read: nothing is there yet, and the usual line says so."""
    command = study.start("run")
    line = command.popen.stderr.readline()  # type: ignore[union-attr]
    assert line == "reading the plan ...\n"
    command.interrupt()
    ended = command.ended(10.0)
    assert ended.code == 130
    assert ended.lines == ["interrupted; nothing was written"]
    assert not study.store.exists()


def test_another_process_stops_it(study: Studied, reference: Arrays) -> None:
    command = study.start("run", **spoilt(work=0.3))
    until(lambda: len(study.done) > 4, command)
    stopping = study.do("stop")
    assert stopping.code == 0
    (line,) = stopping.lines
    assert re.match(rf"process {command.pid} on .* is asked to stop", line)
    ended = command.ended(15.0)
    assert ended.code == 1
    assert "Stopped (asked to stop)." in ended.out
    assert study.recorded() == set(study.done)
    assert len(study.done) < UNITS
    # Nobody is there to be asked now, and whoever goes on is not meant.
    stopping = study.do("stop")
    assert stopping.code == 1
    assert stopping.lines == [f"nobody runs the study in {study.store}"]
    assert study.do("resume").code == 0
    study.check(reference)


def test_a_stop_is_heard_while_nobody_works(study: Studied, cluster: Site) -> None:
    """Where workers are waited for, and where the scheduler has gone."""
    for verb in ("run", "resume"):
        command = study.start(verb, "--scheduler", cluster.address)
        until(lambda command=command: writes(study, command), command)
        if verb == "resume":
            assert cluster.scheduler is not None
            cluster.scheduler.kill()
        time.sleep(1.0)
        assert study.do("stop").code == 0
        ended = command.ended(15.0)
        assert ended.code == 1
        assert f"0 of {UNITS} units are whole." in ended.out
        assert "Stopped (asked to stop)." in ended.out
        assert "Traceback" not in ended.err


@pytest.mark.parametrize("where", ["threads", "cluster"])
def test_poisoned_units(
    study: Studied, reference: Arrays, where: str, request: pytest.FixtureRequest
) -> None:
    """They are tried thrice, set apart and told of; one that succeeds on its second try is like the others.
    After the poison is gone, they are done.
    """
    poison = spoilt(fail=[7, 30], fail_once=[11])
    words, mine = [], poison
    if where == "cluster":
        cluster = request.getfixturevalue("cluster")
        cluster.start_worker(2, **poison)
        words, mine = ["--scheduler", cluster.address], {}
    ended = study.do("run", *words, **mine)
    assert ended.code == 1
    assert f"{UNITS - 2} of {UNITS} units are whole." in ended.out
    assert "2 units failed, each 3 times:" in ended.out
    assert "Traceback" not in ended.err
    tried = Counter(event["unit"] for event in study.events("failed"))
    assert tried == {7: 3, 30: 3, 11: 1}
    told_of(study, {7: "ArithmeticError: poisoned", 30: "ArithmeticError: poisoned"})
    ended = study.do("resume")
    assert ended.code == 0, ended
    assert json.loads(study.do("show", "--json").out)["failures"] == []
    study.check(reference)
    assert set(study.done.values()) == {1}


def told_of(study: Studied, errors: dict[int, str]) -> None:
    """``show`` tells of failed units, to people and to programs."""
    shown = study.do("show").out
    failures = json.loads(study.do("show", "--json").out)["failures"]
    assert {each["unit"] for each in failures} == set(errors)
    assert f"{len(errors)} unit{'s' if len(errors) > 1 else ''} failed" in shown
    for each in failures:
        assert each["attempts"] == 3
        assert each["error"].startswith(errors[each["unit"]])
        assert f"unit {each['unit']}, 3 times" in shown


def test_units_that_kill_their_process(study: Studied, reference: Arrays, cluster: Site) -> None:
    """By a signal, and by an exit: found out, set apart and told of; the others are done."""
    worker = cluster.start_worker(2, nanny=True, **spoilt(kill=[9], leave=[20]))
    ended = study.do("run", "--scheduler", cluster.address)
    assert ended.code == 1, ended
    assert f"{UNITS - 2} of {UNITS} units are whole." in ended.out
    told_of(study, {9: "its worker ended", 20: "its worker ended"})
    failures = {
        each["unit"]: each["error"] for each in json.loads(study.do("show", "--json").out)["failures"]
    }
    assert "SIGSEGV" in failures[9]
    assert "exit code 3" in failures[20]
    worker.kill()
    ended = study.do("resume")
    assert ended.code == 0, ended
    study.check(reference)
    assert set(study.done.values()) == {1}


def test_two_drivers(study: Studied, reference: Arrays) -> None:
    """The second is refused, whether it would begin or go on, and harms nothing."""
    command = study.start("run", **spoilt(work=0.2))
    until(lambda: len(study.done) > 2, command)
    for verb, reason in (
        ("resume", rf"is being written to by process {command.pid} on "),
        ("run", r'holds the study "Faults" already'),
    ):
        second = study.do(verb)
        assert second.code == 2
        assert second.out == ""
        (line,) = second.lines
        assert line.startswith("midcourse: store: ")
        assert re.search(reason, line)
    ended = command.ended()
    assert ended.code == 0, ended
    study.check(reference)
    assert set(study.done.values()) == {1}


def test_two_begin_at_once(study: Studied, reference: Arrays) -> None:
    """One of them gets to work, whoever that is."""
    both = [study.start("run", **spoilt(write=0.01)) for _ in range(2)]
    ended: list[Ended] = [Ended(-1, "", "")] * 2

    def wait(place: int) -> None:
        ended[place] = both[place].ended()

    waiting = [threading.Thread(target=wait, args=(i,)) for i in range(2)]
    for each in waiting:
        each.start()
    for each in waiting:
        each.join()
    assert sorted(each.code for each in ended) == [0, 2], ended
    (refused,) = (each for each in ended if each.code == 2)
    assert len(refused.lines) == 1
    study.check(reference)
    assert set(study.done.values()) == {1}


def test_the_store_cannot_be_written(copy: Studied, reference: Arrays) -> None:
    """Not for lack of room: one line all the same."""
    lost = chunks(copy, 5)[0]
    folder = lost.parent
    shutil.rmtree(folder)
    folder.write_text("in the way")
    ended = copy.do("resume")
    assert ended.code == 1, ended
    assert len(ended.lines) == 2
    assert ended.lines[-1].startswith("midcourse: ")
    assert "study resume" in ended.lines[-1]
    folder.unlink()
    assert copy.do("resume").code == 0
    copy.check(reference)


def test_a_terminal_goes_away(study: Studied, reference: Arrays) -> None:
    """SIGHUP and SIGTERM end a study at once, and leave nothing that is not believed."""
    for verb, number in (("run", signal.SIGTERM), ("resume", signal.SIGHUP)):
        command = study.start(verb, **spoilt(work=0.3))
        before = len(study.done)
        until(lambda before=before: len(study.done) > before + 2, command)
        command.popen.send_signal(number)
        assert command.ended(10.0).code != 0
    assert study.do("resume").code == 0
    study.check(reference)
    assert set(study.done.values()) == {1}
