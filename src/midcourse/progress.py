"""What is told on standard error while the answer is on its way."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

#: A module whose kernels every question about an architecture needs.
ENGAGEMENT = "commit"


def say(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")


def announcing(module: str) -> Callable[[], None]:
    """What says, before the work, that a first run takes longer: where the kernels of a module are not
    compiled.
    """

    def announce() -> None:
        if compiles(module):
            say("first run: compiling the physics, a minute or two; later runs start at once")

    return announce


def compiles(module: str) -> bool:
    """Whether the kernels of a module are yet to be compiled."""
    from .physics.kernel import CACHE_FOLDER

    return not any(CACHE_FOLDER.rglob(f"{module}.*.nbi"))


def words(progress: Any) -> str:
    """How far a stage is, how fast it goes and how long it will take."""
    text: str = progress.stage + (f", {progress.done:,} of {progress.total:,}" if progress.total else "")
    text += f", {progress.rate}" if progress.rate else ""
    if progress.left_s is not None and progress.left_s >= 1.0:
        text += f", {progress.left_s:,.0f} s left"
    return text


class ProgressLine:
    """Progress on standard error: one line that changes on a terminal, one line a stage elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._stage = ""
        self._lines: Any = None
        # Several threads tell.
        self._lock = threading.Lock()

    def __enter__(self) -> ProgressLine:
        if self._live:
            from rich.console import Console

            self._lines = Console(stderr=True).status("reading")
            self._lines.start()
        return self

    def tell(self, progress: Any) -> None:
        self.say(progress.stage, words(progress))

    def say(self, stage: str, text: str = "") -> None:
        """A stage, and how far it is."""
        with self._lock:
            if not self._stage:
                announcing(ENGAGEMENT)()
            if self._live:
                self._lines.update(text or stage)
            elif stage != self._stage:
                say(f"{stage} ...")
            self._stage = stage

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._lines.stop()
