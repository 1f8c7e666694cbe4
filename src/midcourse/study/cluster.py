"""Units worked by other processes, here or on other machines, through Dask's scheduler.

Dask keeps account of who works what, and hands on what a lost worker was at. What it does not do is done
here: the work goes to each worker once, a scheduler that was lost may come back, and a unit that kills its
workers is found out and set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from .parcel import NoWork, Parcel, UnitDied
from .scheduler import Failed, Lost, Scheduler

U = TypeVar("U")
R = TypeVar("R")

#: Units under way for every thread of the workers: one that it works, others that wait.
AHEAD = 3


class Cluster:
    """Units worked by the workers of a Dask scheduler.

    Parameters
    ----------
    address : of the scheduler; InputError where none answers, or its workers would compute something else
    tell : takes a line when somebody is waited for, comes back or is sent off
    died : takes a unit that has killed its workers, and how; gives what is to come of it. Without it, that
        raises ``UnitDied``.
    """

    def __init__(
        self,
        address: str,
        *,
        tell: Callable[[str], None] = lambda _: None,
        died: Callable[[Any, str], Any] | None = None,
    ) -> None:
        self._scheduler = Scheduler(address, tell)
        self._died = died
        self._stopped = False

    @property
    def workers(self) -> int:
        """Threads of all workers that are there; 0 while the scheduler is not."""
        try:
            return self._scheduler.threads()
        except Lost:
            return 0

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return self._scheduler.address

    @property
    def dashboard(self) -> str:
        """Where the scheduler shows what is going on."""
        return self._scheduler.dashboard

    def stop(self) -> None:
        """Let no unit begin that no worker has yet, and wait for nobody who is not there."""
        self._stopped = True

    def close(self) -> None:
        """Leave the scheduler."""
        self._scheduler.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, work: Callable[[U], R], units: Iterable[U]) -> Generator[tuple[int, R]]:
        """A few units wait for every thread of the workers that are there just then. One with an attribute
        ``apart`` that is true is worked in a process of its own.
        """
        parcel, waiting = Parcel.of(work), enumerate(units)
        under_way: dict[int, U] = {}
        while True:
            try:
                yield from self._results(parcel, waiting, under_way)
                return
            except Lost:
                if not self._scheduler.reconnect(lambda: not self._stopped):
                    return

    def _results(
        self, parcel: Parcel, waiting: Iterator[tuple[int, U]], under_way: dict[int, U]
    ) -> Generator[tuple[int, Any]]:
        """What comes of the units under way and of those that wait, as long as the scheduler is there."""
        scheduler = self._scheduler
        scheduler.ship(parcel)
        futures: dict[int, Any] = {}
        apart: set[int] = set()

        def submit(places: Iterable[int]) -> None:
            places = list(places)
            apart.update(place for place in places if getattr(under_way[place], "apart", False))
            packed = [(place, parcel.unit(under_way[place], apart=place in apart)) for place in places]
            if packed:
                futures.update(scheduler.submit(packed))

        try:
            submit(list(under_way))
            while True:
                threads = scheduler.threads()
                # One goes off even if there is nobody: that way it is seen when none is left.
                room = max(1, AHEAD * threads) - len(under_way)
                # Many go off at less cost together than one by one.
                if not self._stopped and (room >= max(1, threads) or scheduler.quiet):
                    fresh = dict(islice(waiting, max(0, room)))
                    under_way.update(fresh)
                    submit(fresh)
                if self._stopped:
                    for place in scheduler.withdraw(futures):
                        del under_way[place], futures[place]
                if not under_way:
                    return
                arrived = scheduler.next()
                if arrived is None:
                    if self._stopped and not threads:
                        return
                    continue
                place, outcome = arrived
                if place not in under_way:
                    continue
                if isinstance(outcome, Failed):
                    if not self._final(outcome, place, apart):
                        if isinstance(outcome.error, NoWork):
                            scheduler.ship(parcel)
                        submit([place])
                        continue
                    outcome = self._set_aside(place, under_way[place], str(outcome.error))
                del under_way[place], futures[place]
                yield place, outcome
        finally:
            scheduler.cancel(futures.values())

    def _final(self, failed: Failed, place: int, apart: set[int]) -> bool:
        """Whether a unit that failed has killed its worker for certain; else it is to be worked once more.
        What it raises itself is raised here.
        """
        from distributed import KilledWorker

        if not failed.here:
            raise Lost from failed.error
        if isinstance(failed.error, KilledWorker | UnitDied):
            if place in apart:
                return True
            # All that was at a worker is blamed with it. Who is to blame shows in a process of its own.
            apart.add(place)
            return False
        if isinstance(failed.error, NoWork):
            return False
        raise failed.error

    def _set_aside(self, place: int, unit: U, reason: str) -> Any:
        """What is to come of a unit that kills whoever works it."""
        if self._died is None:
            raise UnitDied(f"unit {place}: {reason}")
        return self._died(unit, reason)
