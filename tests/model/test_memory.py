"""Results are computed once, kept whole, and never worth a failure."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from midcourse.model.memory import Arrays, Memory, Passing


class Counter:
    def __init__(self, value: float = 1.0) -> None:
        self.calls, self.value = 0, value

    def __call__(self) -> Arrays:
        self.calls += 1
        return {"a": np.full(3, self.value), "b": np.arange(4.0).reshape(2, 2)}


def test_computed_once(tmp_path: Path) -> None:
    memory, compute = Memory(tmp_path), Counter()
    first = memory.arrays(("key", 1), compute)
    assert memory.arrays(("key", 1), compute) is first
    assert compute.calls == 1
    assert memory.arrays(("key", 2), compute) is not first
    assert compute.calls == 2


def test_found_on_disk(tmp_path: Path) -> None:
    compute, never = Counter(7.0), Counter()
    written = Memory(tmp_path).arrays("key", compute)
    read = Memory(tmp_path).arrays("key", never)
    assert never.calls == 0
    assert written.keys() == read.keys()
    assert all(np.array_equal(written[name], read[name]) for name in written)
    Memory(tmp_path).arrays("other", never)
    assert never.calls == 1


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"PK\x03\x04 cut short", b"\x93NUMPY\x01\x00v\x00{'desc"]
)
def test_a_spoilt_file_is_computed_again(tmp_path: Path, content: bytes) -> None:
    Memory(tmp_path).arrays("key", Counter())
    (file,) = (tmp_path / "results").iterdir()
    whole = file.read_bytes()
    for spoilt in (content, whole[: len(whole) // 2], whole[:100] + b"\xff" * 50 + whole[150:]):
        file.write_bytes(spoilt)
        compute = Counter(5.0)
        assert Memory(tmp_path).arrays("key", compute)["a"][0] == 5.0
        assert compute.calls == 1
        # It is whole again.
        assert Memory(tmp_path).arrays("key", Counter())["a"][0] == 5.0


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert Memory(tmp_path / "file").arrays("key", Counter())["a"][0] == 1.0

    def denied(*arguments: object, **options: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", denied)
    assert Memory(tmp_path).arrays("key", Counter())["a"][0] == 1.0


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert Memory(tmp_path).arrays("key", Counter())["a"][0] == 1.0
    assert list((tmp_path / "results").iterdir()) == []


def test_without_a_folder() -> None:
    memory, compute = Memory(None), Counter()
    memory.arrays("key", compute)
    memory.arrays("key", compute)
    assert compute.calls == 1


def test_threads_that_ask_together_compute_once(tmp_path: Path) -> None:
    memory, count = Memory(tmp_path), Counter()
    started, go = threading.Barrier(4), threading.Event()

    def slowly() -> Arrays:
        go.wait(5.0)
        return count()

    found: list[Arrays] = []

    def ask() -> None:
        started.wait(5.0)
        found.append(memory.arrays("key", slowly))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(10.0)
    assert count.calls == 1
    assert len(found) == 4
    assert all(each is found[0] for each in found)


def test_a_failure_is_not_remembered(tmp_path: Path) -> None:
    memory = Memory(tmp_path)

    def fail() -> Arrays:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        memory.arrays("key", fail)
    assert memory.arrays("key", Counter())["a"][0] == 1.0


def test_what_passes_goes_where_it_is_told() -> None:
    lasting, passing = Memory(None), Memory(None)
    memory = Passing(lasting, lambda key: key == "lasting", passing)
    assert memory.get("lasting", lambda: 1) == memory.get("passing", lambda: 1) == 1
    assert lasting.results() == passing.results() == [1]
    assert lasting.get("lasting", lambda: 2) == passing.get("passing", lambda: 2) == 1
    passing.forget(lambda _: True)
    assert memory.get("passing", lambda: 3) == 3
