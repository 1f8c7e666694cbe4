"""Who works what is asked, and when: what somebody waits for first, what refines an answer after it.

Work comes in small steps, a few threads take them by their urgency, and between any two steps an order that
nobody waits for any more is dropped. What an order does next is told by a generator, of which one stage is
worked at a time.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count, islice
from queue import Empty, SimpleQueue
from typing import TypeVar

U = TypeVar("U")
R = TypeVar("R")
Step = Callable[[], None]
# How often those who wait for steps look whether anybody waits for them [s].
_LOOK = 0.5


class Urgency(IntEnum):
    """Who goes first. A first answer is what a hand on a lever waits for."""

    FIRST = 0
    PREVIEW = 1
    FINE = 2
    REFINED = 3
    BACKGROUND = 4


@dataclass(frozen=True)
class Stage:
    """Steps that may be worked side by side."""

    urgency: Urgency
    steps: Sequence[Step]


class Dropped(Exception):
    """Nobody waits for this any more."""


@dataclass(eq=False)
class Order:
    """Something that is worked in stages until it is done, fails or is dropped.

    ``ended`` is called once, with the error if it failed; not when it was dropped.
    """

    ended: Callable[[Exception | None], None] = lambda _: None
    dropped: bool = False
    _left: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def drop(self) -> None:
        """Let no step begin that has not."""
        self.dropped = True

    def check(self) -> None:
        """Raise Dropped where nobody waits any more."""
        if self.dropped:
            raise Dropped


class Desk:
    """Threads that take steps by urgency, of the same urgency the oldest first."""

    def __init__(self, workers: int) -> None:
        self.workers = max(workers, 1)
        self._steps: list[tuple[int, int, Step]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"desk {i}", daemon=True) for i in range(self.workers)
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the threads, each when it has worked the step it is at; not all of these are waited for."""
        with self._changed:
            self._closed = True
            self._steps.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(_LOOK)

    def put(self, urgency: Urgency, step: Step) -> None:
        """Have one step worked."""
        with self._changed:
            if self._closed:
                return
            heapq.heappush(self._steps, (int(urgency), next(self._numbers), step))
            self._changed.notify()

    def take(self, order: Order, stages: Iterator[Stage], urgency: Urgency = Urgency.FIRST) -> Order:
        """Have an order worked, stage by stage; the generator itself runs on these threads."""
        self.put(urgency, lambda: self._advance(order, stages))
        return order

    def _advance(self, order: Order, stages: Iterator[Stage]) -> None:
        """Ask the generator for the next stage."""
        try:
            order.check()
            stage = next(stages, None)
            order.check()
        except Dropped:
            return
        except Exception as error:
            order.drop()
            order.ended(error)
            return
        if stage is None:
            order.ended(None)
            return
        if not stage.steps:
            self.put(stage.urgency, lambda: self._advance(order, stages))
            return
        order._left = len(stage.steps)
        for step in stage.steps:
            self.put(stage.urgency, self._step_of(order, stages, step))

    def _step_of(self, order: Order, stages: Iterator[Stage], step: Step) -> Step:
        def work() -> None:
            try:
                order.check()
                step()
            except Dropped:
                return
            except Exception as error:
                with order._lock:
                    first, order.dropped = not order.dropped, True
                if first:
                    order.ended(error)
                return
            with order._lock:
                order._left -= 1
                last = order._left == 0
            if last:
                self._advance(order, stages)

        return work

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._steps and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                _, _, step = heapq.heappop(self._steps)
            step()


class Crew:
    """The threads of a desk as an engine of the studies: what they run waits for whatever is more urgent."""

    def __init__(self, desk: Desk, urgency: Urgency, order: Order) -> None:
        self._desk, self._urgency, self._order = desk, urgency, order

    @property
    def workers(self) -> int:
        return self._desk.workers

    def run(self, work: Callable[[U], R], units: Iterable[U]) -> Generator[tuple[int, R]]:
        """Dropped where the order is."""
        coming: SimpleQueue[tuple[int, R | None, Exception | None]] = SimpleQueue()
        waiting, under_way = enumerate(units), 0

        def put(place: int, unit: U) -> None:
            def step() -> None:
                try:
                    self._order.check()
                    coming.put((place, work(unit), None))
                except Exception as error:
                    coming.put((place, None, error))

            self._desk.put(self._urgency, step)

        while True:
            for place, unit in islice(waiting, self.workers + 1 - under_way):
                put(place, unit)
                under_way += 1
            if not under_way:
                return
            try:
                place, result, error = coming.get(timeout=_LOOK)
            except Empty:
                self._order.check()
                continue
            under_way -= 1
            if error is not None:
                raise error
            yield place, result  # type: ignore[misc]
