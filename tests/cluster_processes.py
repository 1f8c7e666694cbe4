"""A scheduler and workers as processes of their own over loopback, for tests that lose them.

All are ended with the test; what they wrote is printed then, which pytest shows where the test failed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import midcourse

#: Where this ``midcourse`` is imported from.
SOURCE = Path(midcourse.__file__).parents[1]


class Member:
    """A process, with a log of its own, and whatever it starts itself."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self.log = log
        with log.open("ab") as out:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=log.parent,
                env={**os.environ, **environment}, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._popen.pid

    def kill(self) -> None:
        """kill -9, with all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def ended(self, timeout_s: float) -> bool:
        """Whether it has ended by itself, after a while."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout_s)
        return self._popen.poll() is not None

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


class Site:
    """A scheduler at a free port, and its workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.members: list[Member] = []
        self.scheduler: Member | None = None

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self, **settings: str) -> Member:
        """A scheduler at the site's address, the same each time; ready when this returns."""
        command = ["scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--dashboard-address", ":0"]
        # Where the tests themselves are killed, it goes by and by, and its workers with it.
        command += ["--idle-timeout", "300 s"]
        self.scheduler = self._start("scheduler", command, settings)
        deadline = time.monotonic() + 30.0
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1.0).close()
                return self.scheduler
            time.sleep(0.05)
        raise TimeoutError(self.scheduler.text())

    def start_worker(
        self, threads: int = 1, *, nanny: bool = False, source: Path = SOURCE, **settings: str
    ) -> Member:
        """A worker, which joins a few seconds later. With a ``nanny`` one that dies starts again.
        ``settings`` are of its environment.
        """
        command = ["worker", self.address, "--nthreads", str(threads), "--nworkers", "1", "--no-dashboard"]
        command += ["--nanny" if nanny else "--no-nanny", "--local-directory", str(self._folder)]
        command += ["--death-timeout", "60"]
        return self._start("worker", command, {"PYTHONPATH": str(source), **settings})

    def _start(self, kind: str, command: list[str], environment: dict[str, str]) -> Member:
        log = self._folder / f"{kind}-{len(self.members)}.log"
        member = Member(command, log, environment)
        self.members.append(member)
        return member

    def end(self) -> None:
        """End all there is."""
        for each in reversed(self.members):
            each.kill()

    def show(self) -> None:
        """Print what all wrote."""
        for each in self.members:
            print(f"--- {each.log.name}\n{each.text()}")


@contextlib.contextmanager
def site(folder: Path) -> Iterator[Site]:
    """A site with nobody there yet; all are ended with it."""
    there = Site(folder)
    try:
        yield there
    finally:
        there.end()
        there.show()
