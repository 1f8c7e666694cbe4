"""What requests share: each result is worked out once, in the background, and those used last stay."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from ..study.mapping import Stopped

_T = TypeVar("_T")

#: How often whoever waits looks whether anybody still wants to know [s].
POLL_S = 0.02


class Inline(Executor):
    """Does everything at once, where it is called: for work that runs side by side with its like anyway."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


@dataclass
class _Job:
    """A result that is being worked out, and how many wait for it."""

    future: Future[Any]
    waiting: int = 0
    begun: bool = False


class Shared:
    """Results by key, the last used of them up to so many bytes, about; safe to ask from several threads.

    Parameters
    ----------
    pool : where results are worked out; nothing in it may wait for another result
    """

    def __init__(self, pool: ThreadPoolExecutor, most_bytes: int) -> None:
        self._pool, self._most = pool, most_bytes
        self._made: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._jobs: dict[Hashable, _Job] = {}
        self._bytes = 0
        self._guard = threading.Lock()

    @property
    def bytes(self) -> int:
        return self._bytes

    def known(self, key: Hashable) -> Any | None:
        """The result under a key, if it is there."""
        with self._guard:
            return self._known(key)

    def put(self, key: Hashable, result: Any, heavy: int) -> None:
        """Keep a result of so many bytes."""
        with self._guard:
            self._keep(key, result, heavy)

    def begin(
        self, key: Hashable, make: Callable[[], tuple[Any, int]], pool: ThreadPoolExecutor | None = None
    ) -> Future[Any] | None:
        """Have a result worked out, in a pool of choice, that somebody will ask for; ``make`` says how many
        bytes it takes. None where it is there.
        """
        with self._guard:
            if key in self._made:
                return None
            job = self._job(key, make, pool or self._pool)
            if not job.begun:
                # Nobody gives this one up.
                job.begun = True
                job.waiting += 1
            return job.future

    def get(
        self, key: Hashable, make: Callable[[], tuple[_T, int]], stopped: Callable[[], bool] | None = None
    ) -> _T:
        """The result under a key. ``Stopped`` where ``stopped`` says so before it is there; it is then not
        begun, unless somebody else waits for it.
        """
        with self._guard:
            found = self._known(key)
            if found is not None:
                return cast(_T, found)
            job = self._job(key, make, self._pool)
            job.waiting += 1
        try:
            return cast(_T, awaited(job.future, stopped))
        finally:
            with self._guard:
                job.waiting -= 1
                if not job.waiting and job.future.cancel():
                    self._jobs.pop(key, None)

    def _known(self, key: Hashable) -> Any | None:
        if key not in self._made:
            return None
        self._made.move_to_end(key)
        return self._made[key][0]

    def _keep(self, key: Hashable, result: Any, heavy: int) -> None:
        _, before = self._made.pop(key, (None, 0))
        self._made[key] = result, heavy
        self._bytes += heavy - before
        while self._bytes > self._most and len(self._made) > 1:
            _, (_, light) = self._made.popitem(last=False)
            self._bytes -= light

    def _job(self, key: Hashable, make: Callable[[], tuple[Any, int]], pool: ThreadPoolExecutor) -> _Job:
        if key not in self._jobs:
            self._jobs[key] = _Job(pool.submit(self._work, key, make))
        return self._jobs[key]

    def _work(self, key: Hashable, make: Callable[[], tuple[Any, int]]) -> Any:
        try:
            result, heavy = make()
            self.put(key, result, heavy)
            return result
        finally:
            with self._guard:
                self._jobs.pop(key, None)


def awaited(future: Future[_T], stopped: Callable[[], bool] | None) -> _T:
    """What comes of a future; ``Stopped`` soon after ``stopped`` says so."""
    while True:
        if stopped is not None and stopped():
            raise Stopped
        try:
            return future.result(None if stopped is None else POLL_S)
        except TimeoutError:
            # Unless it is the work's own.
            if future.done():
                raise
