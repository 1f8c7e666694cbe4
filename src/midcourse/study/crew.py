"""Workers that are processes of their own, for work that holds Python's lock.

Each is a new Python that has made ready what the work needs, and works units that it is handed one after
another. This process is one of the crew; the others join it as they become ready, and one that ends before
its time hands its unit on. So the same comes of the units whoever is there.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

U = TypeVar("U")
R = TypeVar("R")

# What writing to a process, or reading from it, can end in when it has gone.
_GONE = (EOFError, OSError, ValueError, pickle.UnpicklingError)


class Crew(Generic[U, R]):
    """Workers of one kind, each with one unit at a time.

    Parameters
    ----------
    work : what works a unit in this process
    make, plan : ``make(plan)`` gives the same in another one; both travel there as bytes
    """

    def __init__(self, work: Callable[[U], R], make: Callable[[Any], Callable[[U], R]], plan: object) -> None:
        self._work, self._make, self._plan = work, make, plan
        self._free: SimpleQueue[_Process | None] = SimpleQueue()
        self._free.put(None)
        # Who is told to end may be starting one just then, in the same thread.
        self._guard = threading.RLock()
        self._processes: list[_Process] = []
        self._ended = False

    def start(self, count: int) -> None:
        """Let so many processes join."""
        for _ in range(count if sys.executable else 0):
            with self._guard:
                if self._ended:
                    return
                process = _Process()
                self._processes.append(process)
            threading.Thread(target=self._join, args=(process,), daemon=True).start()

    def _join(self, process: _Process) -> None:
        try:
            process.send((self._make, self._plan))
            process.receive()
        except _GONE:
            return
        self._free.put(process)

    def work(self, unit: U) -> R | None:
        """What comes of a unit, from whoever is free first; None when the crew was ended before."""
        while True:
            worker = self._free.get()
            try:
                if self._ended:
                    worker = None
                    return None
                if worker is None:
                    return self._work(unit)
                return worker.ask(unit)  # type: ignore[no-any-return]
            except _Left:
                continue
            finally:
                if worker is None or worker.there:
                    self._free.put(worker)

    def end(self) -> None:
        """Let all processes go, whatever they are at."""
        with self._guard:
            self._ended = True
            for each in self._processes:
                each.end()


class _Left(Exception):
    """A process has gone."""


class _Process:
    """Another Python that works units."""

    def __init__(self) -> None:
        # Ctrl-C is for this process alone, which ends the others.
        code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve()"
        self._popen = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        self.there = True

    def send(self, what: object) -> None:
        assert self._popen.stdin is not None
        pickle.dump(what, self._popen.stdin)
        self._popen.stdin.flush()

    def receive(self) -> Any:
        assert self._popen.stdout is not None
        return pickle.load(self._popen.stdout)

    def ask(self, unit: object) -> Any:
        try:
            self.send(unit)
            result, error = self.receive()
        except _GONE:
            self.there = False
            raise _Left from None
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        self.there = False
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()


def serve() -> None:
    """Work units as they come on standard input, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the work prints must not get among the results.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    units = sys.stdin.buffer

    def reply(what: object) -> None:
        pickle.dump(what, out)
        out.flush()

    try:
        make, plan = pickle.load(units)
        work = make(plan)
        reply(None)
        while True:
            unit = pickle.load(units)
            try:
                found = work(unit)
            except Exception as error:
                reply((None, error))
            else:
                reply((found, None))
    except (EOFError, BrokenPipeError):
        return
