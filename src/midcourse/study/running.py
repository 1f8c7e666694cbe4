"""The one execution path: units of work, engines that work them, and how far they are.

A unit says all that a worker needs to draw its samples and to work them, with a random stream of its own:
what comes of it depends neither on who works it nor on when. What is made of a run is made of its leading
units, in their order, and so is the same, bit for bit, for any engine and any number of workers.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, Protocol, TypeVar, runtime_checkable

U = TypeVar("U")
R = TypeVar("R")


@dataclass(frozen=True)
class Progress:
    """How far an assessment is: ``done`` of ``total`` pieces of the present stage, and the seconds that the
    rest of it will take, once that can be told; ``rate`` says how fast it goes.
    """

    stage: str
    done: int
    total: int
    left_s: float | None = None
    rate: str = ""


class Engine(Protocol):
    """Who works the units: threads here, other machines elsewhere.

    ``run`` yields the place of each unit with what came of it, as it comes, in any order. It asks for units
    as it has room for them, and when it is closed it lets none begin that has not.
    """

    @property
    def workers(self) -> int: ...

    def run(self, work: Callable[[U], R], units: Iterable[U]) -> Generator[tuple[int, R]]: ...


@runtime_checkable
class Patient(Protocol):
    """An engine that can be told to stop: to wait for no workers that are not there, nor let them be waited
    for.
    """

    def stop(self) -> None: ...


class Threads:
    """Units worked by a pool of threads, which the kernels' released lock makes real."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._stopped = False

    @property
    def workers(self) -> int:
        return self._workers

    def stop(self) -> None:
        """Let no unit begin that no thread is at."""
        self._stopped = True

    def run(self, work: Callable[[U], R], units: Iterable[U]) -> Generator[tuple[int, R]]:
        """A few units wait for every thread, so that results are taken away about as fast as they come."""
        waiting = enumerate(units)
        under_way: dict[Future[list[R]], int] = {}

        def worked(unit: U) -> list[R]:
            return [] if self._stopped else [work(unit)]

        with ThreadPoolExecutor(self._workers) as pool:
            try:
                while True:
                    room = 0 if self._stopped else 2 * self._workers - len(under_way)
                    for place, unit in islice(waiting, room):
                        under_way[pool.submit(worked, unit)] = place
                    if not under_way:
                        return
                    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                    for future in done:
                        place = under_way.pop(future)
                        for result in future.result():
                            yield place, result
            finally:
                for future in under_way:
                    future.cancel()


@dataclass
class Run(Generic[U, R]):
    """A study under way: it can be told to stop, and tells how far it is.

    Attributes
    ----------
    interrupted : whether somebody stopped it; stages that come after do nothing
    """

    engine: Engine
    work: Callable[[U], R]
    tell: Callable[[Progress], None] = field(default=lambda _: None)
    interrupted: bool = False

    def stop(self) -> None:
        """Begin no further unit, and go on with what has been computed."""
        self.interrupted = True
        if isinstance(self.engine, Patient):
            self.engine.stop()

    def leading(
        self, stage: str, units: Iterable[U], total: int | Callable[[], int], size: Callable[[U], int]
    ) -> Iterator[R]:
        """What comes of the units, in their order; ``total`` counts what ``size`` says of each, and may
        change while they are worked.

        When stopped, those after the first that is missing are lost: what is left never depends on the order
        in which workers happened to finish.
        """

        def whole() -> int:
            return total() if callable(total) else total

        if self.interrupted or not whole():
            return
        sizes: list[int] = []

        def counted() -> Iterator[U]:
            for unit in units:
                if self.interrupted:
                    return
                sizes.append(size(unit))
                yield unit

        kept: dict[int, R] = {}
        following, done, started = 0, 0, time.monotonic()
        self.tell(Progress(stage, 0, whole()))
        with closing(self.engine.run(self.work, counted())) as coming:
            for place, result in coming:
                kept[place] = result
                done += sizes[place]
                end = max(done, whole())
                self.tell(Progress(stage, done, end, (time.monotonic() - started) * (end / done - 1.0)))
                while following in kept:
                    yield kept.pop(following)
                    following += 1

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let the first Ctrl-C stop the run, and the second end the program."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT)

        def interrupt(_number: int, _frame: object) -> None:
            self.stop()
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
