"""One writer at a time, whoever asks, and whatever became of the last one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from midcourse import InputError
from midcourse.store import holding as holdings
from midcourse.store.holding import LEASE, Holder, HoldLost, holder, holding
from midcourse.store.place import place_of
from midcourse.store.stopping import ask_stop, clear_stop, stop_asked

from .making import in_memory

BEAT_S = 0.05
# Another process, which holds a folder until it is told to end or is killed.
HOLDING = """
import sys, time
from midcourse.store.holding import holding
from midcourse.store.place import place_of
with holding(place_of(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process while it holds a folder."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin is not None
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == "held\n"
        yield other
    finally:
        other.kill()
        other.wait()
        other.stdin.close()
        other.stdout.close()


def test_a_second_process_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    with another_process(tmp_path) as other:
        began = time.monotonic()
        with pytest.raises(InputError, match=f"is being written to by process {other.pid} on "):
            holding(place).__enter__()
        assert time.monotonic() - began < 1.0
        found = holder(place)
        assert found is not None
        assert found.pid == other.pid


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    with another_process(tmp_path) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert holder(place) is None
        with holding(place) as hold:
            assert not hold.lost


def test_a_child_does_not_go_on_holding(tmp_path: Path) -> None:
    """A process that was forked while the lock was held, and outlives its parent."""
    code = (
        "import os, sys, time\n"
        "from midcourse.store.holding import holding\n"
        "from midcourse.store.place import place_of\n"
        "with holding(place_of(sys.argv[1])):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        os.close(1)\n"
        "        time.sleep(60)\n"
        "    print(child, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True, check=False
    )
    child = int(ran.stdout)
    try:
        with holding(place_of(tmp_path)):
            pass
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_hold_ends_where_it_should(url: str) -> None:
    place = place_of(url)
    place.write("any", b"")
    for _ in range(2):
        with holding(place, beat_s=BEAT_S) as hold:
            found = holder(place)
            assert found is not None
            assert (found.pid, found.writer) == (os.getpid(), hold.writer)
        assert holder(place) is None
    with pytest.raises(ZeroDivisionError), holding(place, beat_s=BEAT_S):
        _ = 1 / 0
    assert holder(place) is None


def test_who_looks_who_writes_is_in_nobodys_way(tmp_path: Path) -> None:
    place, ended = place_of(tmp_path), []

    def look() -> None:
        while not ended:
            holder(place)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(50):
            with holding(place):
                pass
    finally:
        ended.append(True)
        looking.join()


def test_a_lease_that_beats_is_respected() -> None:
    with in_memory() as url, holding(place_of(url), beat_s=BEAT_S) as hold:
        time.sleep(3 * BEAT_S)
        told: list[str] = []
        with pytest.raises(InputError, match=f"process {os.getpid()} on "):
            holding(place_of(url), beat_s=BEAT_S, tell=told.append).__enter__()
        assert told
        assert told[0].startswith("waiting")
        assert not hold.lost


def test_a_lease_that_stands_still_is_taken_over() -> None:
    with in_memory() as url:
        place = place_of(url)
        place.write(LEASE, Holder("gone", 1, "dead", 17).as_bytes())
        began = time.monotonic()
        with holding(place, beat_s=BEAT_S) as hold:
            assert time.monotonic() - began >= holdings.STILL * BEAT_S
            assert holder(place) == Holder(holder(place).host, os.getpid(), hold.writer, 0)  # type: ignore[union-attr]
        assert holder(place) is None


def test_a_lease_that_cannot_be_read_is_watched_like_any() -> None:
    with in_memory() as url:
        place_of(url).write(LEASE, b"{torn")
        with holding(place_of(url), beat_s=BEAT_S):
            pass


def test_a_writer_that_was_too_slow_notices_and_leaves_the_other_alone() -> None:
    with in_memory() as url:
        place = place_of(url)
        other = Holder("elsewhere", 2, "another", 3)
        with holding(place, beat_s=BEAT_S) as hold:
            place.write(LEASE, other.as_bytes())
            until = time.monotonic() + 5.0
            while not hold.lost and time.monotonic() < until:
                time.sleep(BEAT_S)
            with pytest.raises(HoldLost):
                hold.check()
        assert holder(place) == other


def test_no_clock_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that was moved, before or meanwhile, changes nothing."""
    monkeypatch.setattr(time, "time", lambda: (_ for _ in ()).throw(AssertionError("a clock was asked")))
    with in_memory() as url:
        place_of(url).write(LEASE, Holder("gone", 1, "dead", 17).as_bytes())
        with holding(place_of(url), beat_s=BEAT_S) as hold:
            time.sleep(3 * BEAT_S)
            assert not hold.lost


def test_a_file_system_without_locks_is_held_by_a_lease(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: Any) -> bool:
        raise OSError(holdings.errno.ENOLCK, "no locks available")

    monkeypatch.setattr(holdings, "_lock", none)
    place = place_of(tmp_path)
    with holding(place, beat_s=BEAT_S) as hold:
        found = holder(place)
        assert found is not None
        assert found.writer == hold.writer
        with pytest.raises(InputError, match="is being written to"):
            holding(place, beat_s=BEAT_S).__enter__()


def test_stopping_is_asked_for_once(url: str) -> None:
    place = place_of(url)
    assert not stop_asked(place)
    ask_stop(place)
    assert stop_asked(place_of(url))
    clear_stop(place)
    assert not stop_asked(place_of(url))


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot write to .*none.*: no such file"):
        holding(place_of(tmp_path / "none")).__enter__()
