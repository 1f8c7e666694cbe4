"""Works that travel to workers as code, and what they leave behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from midcourse.study.running import Threads


def squares(seconds: float = 0.0) -> Callable[[int], tuple[int, bytes]]:
    """A work that travels as code; every unit's result is some bytes of its own."""

    def work(unit: int) -> tuple[int, bytes]:
        import hashlib
        import time

        time.sleep(seconds)
        return unit * unit, hashlib.sha256(str(unit).encode()).digest()

    return work


def noted(folder: Path, seconds: float = 0.0) -> Callable[[int], int]:
    """A work that leaves a mark for each time that a unit begins."""

    def work(unit: int) -> int:
        import time
        import uuid

        (folder / f"{unit}.{os.getpid()}.{uuid.uuid4().hex}").touch()
        time.sleep(seconds)
        return unit

    return work


def marks(folder: Path, unit: int | str = "*") -> list[int]:
    """Processes that began a unit."""
    return [int(each.name.split(".")[1]) for each in folder.glob(f"{unit}.*")]


def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def by_threads(work: Callable[[int], Any], count: int) -> dict[int, Any]:
    return dict(Threads(2).run(work, range(count)))
