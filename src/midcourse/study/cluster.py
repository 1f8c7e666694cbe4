"""Units worked by other processes, here or on other machines, through Dask's scheduler.

Dask keeps account of who works what, and hands on what a lost worker was at. What it does not do is done here:
the work goes to each worker once, a scheduler that was lost may come back, and a unit that kills its workers
is found out and set aside.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import socket
import time
import uuid
import warnings
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from ..dossier.errors import InputError
from . import parcel as parcels
from .parcel import NoWork, Parcel, UnitDied

if TYPE_CHECKING:
    from distributed import Client, Future

U = TypeVar("U")
R = TypeVar("R")

#: Units under way for every thread of the workers: one that it works, others that wait.
AHEAD = 3
EXPECTED = "tcp://HOST:8786, where `dask scheduler` listens"
# Seconds: until an address is given up at the start; between looks at who is there; between tries to reach a
# lost scheduler, at first and at most.
_PATIENCE, _LOOK, _FIRST_TRY, _LAST_TRY = 5.0, 1.0, 0.5, 10.0
# Those of Dask's loggers that speak of lost connections in this process.
_TALKATIVE = ("client", "comm", "comm.tcp", "comm.core", "batched", "core", "utils", "utils_comm", "client")


class _Lost(Exception):
    """The scheduler has gone."""


@dataclass
class _UnderWay:
    unit: Any
    future: Future[Any]
    apart: bool = False


class Cluster:
    """Units worked by the workers of a Dask scheduler.

    Parameters
    ----------
    address : of the scheduler
    tell : takes a line when somebody is waited for, comes back or is sent off
    died : takes a unit that has killed its workers, and how; gives what then comes of it. Without it, that is
        an error.
    """

    def __init__(
        self,
        address: str,
        *,
        tell: Callable[[str], None] = lambda _: None,
        died: Callable[[Any, str], Any] | None = None,
    ) -> None:
        self.address = _checked(address)
        self._tell, self._died = tell, died
        self._stopped = False
        self._arrived: SimpleQueue[tuple[Client, int, Any]] = SimpleQueue()
        self._parcel: Parcel | None = None
        self._shipped_at = 0.0
        self._threads, self._looked_at, self._missed = 0, 0.0, False
        self._cpus: set[str] = set()
        self._identity = parcels.identifying()()
        if not _answers(self.address, _PATIENCE):
            raise _unreachable(self.address)
        try:
            self._client = self._connect(_PATIENCE)
        except (OSError, ValueError) as error:
            raise _unreachable(self.address) from error
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    @property
    def workers(self) -> int:
        """Threads of all workers that are there now."""
        self._look()
        return self._threads

    @property
    def dashboard(self) -> str:
        """Where the scheduler shows what is going on."""
        return str(self._client.dashboard_link)

    def stop(self) -> None:
        """Wait no longer for workers or a scheduler that are not there."""
        self._stopped = True

    def close(self) -> None:
        """Leave the scheduler."""
        with contextlib.suppress(Exception):
            if self._parcel is not None and self._client.status == "running":
                self._client.unregister_worker_plugin(self._name)
        _leave(self._client)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, work: Callable[[U], R], units: Iterable[U]) -> Generator[tuple[int, R]]:
        """A few units wait for every thread of the workers that are there."""
        self._parcel = Parcel.of(work)
        waiting = enumerate(units)
        under_way: dict[int, _UnderWay] = {}
        shipped, more = False, True
        try:
            while True:
                try:
                    if not shipped:
                        self._ship()
                        self._submit(under_way, [(place, each.unit) for place, each in under_way.items()])
                        shipped = True
                    self._look()
                    if more:
                        # One goes off even if there is nobody: who has none left, waits for nobody.
                        room = max(1, AHEAD * self._threads) - len(under_way)
                        fresh = list(islice(waiting, max(0, room)))
                        more = len(fresh) >= room
                        self._submit(under_way, fresh)
                    if not under_way:
                        return
                    arrived = self._next()
                except _Lost:
                    if not self._reconnected(len(under_way)):
                        return
                    shipped = False
                    continue
                if arrived is None:
                    if self._stopped and not self._threads:
                        return
                    continue
                place, outcome = arrived
                known = under_way.get(place)
                if known is None:
                    continue
                if isinstance(outcome, _Failure):
                    try:
                        settled = self._settle(under_way, place, outcome.error)
                    except _Lost:
                        if not self._reconnected(len(under_way)):
                            return
                        shipped = False
                        continue
                    if settled is None:
                        continue
                    outcome = settled.result
                del under_way[place], known
                yield place, outcome
        finally:
            self._cancel(under_way)

    def _settle(self, under_way: dict[int, _UnderWay], place: int, error: BaseException) -> _Settled | None:
        """What comes of a unit that failed; None where it is under way again."""
        from distributed import KilledWorker

        known = under_way[place]
        if known.future.status != "error":
            raise _Lost from error
        if isinstance(error, NoWork):
            if time.monotonic() - self._shipped_at > _LOOK:
                self._ship()
            self._submit(under_way, [(place, known.unit)], apart=known.apart)
            return None
        if isinstance(error, KilledWorker) and not known.apart:
            # Whatever waited at the worker is blamed with it: what is to blame shows in a process of its own.
            self._submit(under_way, [(place, known.unit)], apart=True)
            return None
        if isinstance(error, KilledWorker | UnitDied):
            times = getattr(error, "allowed_failures", None)
            reason = str(error) if times is None else f"{times + 1} workers died while they worked the unit"
            if self._died is None:
                raise UnitDied(f"unit {place}: {reason}") from error
            return _Settled(self._died(known.unit, reason))
        raise error

    # What goes to the scheduler.

    def _connect(self, patience: float) -> Client:
        try:
            from distributed import Client
        except ImportError:
            raise InputError(
                "a scheduler needs the package distributed", where="--scheduler", value=self.address,
                expected='pip install "midcourse[distributed]" first',
            ) from None  # fmt: skip
        for name in _TALKATIVE:
            logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            # What must be the same is compared here; Dask would warn of patch versions.
            warnings.simplefilter("ignore")
            client: Client = Client(
                self.address, timeout=patience, set_as_default=False, direct_to_workers=False
            )
        client.subscribe_topic(parcels.TOPIC, self._introduced)
        self._series = f"unit-{uuid.uuid4().hex}"
        self._sent = 0
        return client

    def _check(self) -> None:
        """Refuse to begin with workers that would compute something else."""
        found = self._client.run(parcels.identifying(), on_error="return")
        for address, identity in found.items():
            if isinstance(identity, Exception):
                raise InputError(
                    f"worker {address} cannot say its version: {identity}",
                    where="--scheduler",
                    value=self.address,
                )
            wrong = parcels.unlike(identity, self._identity)
            if wrong:
                raise InputError(
                    f"worker {address} has {wrong}", where="--scheduler", value=self.address,
                    expected="the same installation on all workers",
                )  # fmt: skip

    def _introduced(self, event: tuple[float, dict[str, str]]) -> None:
        """Hear of a worker that has been sent the work, or has been sent off."""
        _, identity = event
        wrong = parcels.unlike(identity, self._identity)
        if wrong:
            self._tell(f"worker {identity['address']} was sent off: it has {wrong}")
            return
        known, self._cpus = self._cpus, self._cpus | {identity["cpu"]}
        if len(known) == 1 and len(self._cpus) == 2:
            kinds = " and ".join(sorted(self._cpus))
            self._tell(
                f"workers have processors of several kinds ({kinds}): the last bits of results may differ"
            )

    @property
    def _name(self) -> str:
        assert self._parcel is not None
        return f"midcourse-{self._parcel.digest}"

    def _ship(self) -> None:
        """Send the work to all workers there are, and let the scheduler send it to those that come."""
        assert self._parcel is not None
        for tries in range(5):
            try:
                self._client.register_plugin(parcels.plugin(self._parcel, self._identity), name=self._name)
                break
            except Exception as error:
                # A worker that was lost or sent off meanwhile; the scheduler knows the work all the same.
                if self._client.status != "running":
                    raise _Lost from error
                time.sleep(0.2 * tries)
        self._shipped_at = time.monotonic()

    def _submit(
        self, under_way: dict[int, _UnderWay], units: list[tuple[int, Any]], *, apart: bool = False
    ) -> None:
        if not units:
            return
        assert self._parcel is not None
        for place, unit in units:
            # Known before it is sent: what is lost on the way is sent again.
            under_way.setdefault(place, _UnderWay(unit, None, apart))  # type: ignore[arg-type]
        client = self._client
        if client.status != "running":
            raise _Lost
        packed = [self._parcel.unit(unit, apart=apart) for _, unit in units]
        keys = [(self._series, self._sent + i) for i in range(len(units))]
        self._sent += len(units)
        futures = client.map(pickle.loads, packed, key=keys, pure=False)
        loop: Any = client.loop
        for (place, unit), future in zip(units, futures, strict=True):
            under_way[place] = _UnderWay(unit, future, apart)
            asyncio.run_coroutine_threadsafe(self._follow(client, place, future), loop.asyncio_loop)

    async def _follow(self, client: Client, place: int, future: Future[Any]) -> None:
        """Fetch what comes of a unit as soon as it is there."""
        outcome: Any
        try:
            (outcome,) = await client.gather([future], asynchronous=True)
        except BaseException as error:
            outcome = _Failure(error)
        self._arrived.put((client, place, outcome))

    def _next(self) -> tuple[int, Any] | None:
        """The next unit that has come back; None where none has for a while."""
        deadline = time.monotonic() + _LOOK / 2.0
        while True:
            try:
                client, place, outcome = self._arrived.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                return None
            if client is self._client:
                return place, outcome

    def _look(self) -> None:
        """See now and then who is there."""
        if self._client.status != "running":
            raise _Lost
        now = time.monotonic()
        if now - self._looked_at < _LOOK and self._threads:
            return
        try:
            self._threads = sum(self._client.nthreads().values())
        except Exception as error:
            raise _Lost from error
        self._looked_at = now
        if not self._threads and not self._missed:
            self._missed = True
            self._tell(f"no workers at {self.address} yet: waiting for `dask worker {self.address}`")
        elif self._threads and self._missed:
            self._missed = False

    def _reconnected(self, units: int) -> bool:
        """Wait for a lost scheduler; False where nobody wants to wait any longer."""
        self._tell(
            f"lost the scheduler at {self.address}: waiting for it; {units} units under way will be worked again"
        )
        _leave(self._client)
        self._threads, wait = 0, _FIRST_TRY
        while not self._stopped:
            if _answers(self.address, wait):
                with contextlib.suppress(OSError, ValueError):
                    self._client = self._connect(_PATIENCE)
                    self._tell(f"the scheduler at {self.address} is back")
                    return True
            time.sleep(wait)
            wait = min(2.0 * wait, _LAST_TRY)
        return False

    def _cancel(self, under_way: dict[int, _UnderWay]) -> None:
        """Let nothing begin that has not, and forget what is under way."""
        futures = [each.future for each in under_way.values() if each.future is not None]
        under_way.clear()
        if futures and self._client.status == "running":
            with contextlib.suppress(Exception):
                self._client.cancel(futures, force=True)


@dataclass
class _Failure:
    error: BaseException


@dataclass
class _Settled:
    result: Any


def _checked(address: str) -> str:
    """An address as Dask writes it; InputError where it is none."""
    whole = address if "://" in address else f"tcp://{address}"
    parts = urlsplit(whole)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or port is None:
        raise InputError(
            "{value} is no address of a scheduler", where="--scheduler", value=address, expected=EXPECTED
        )
    return whole


def _answers(address: str, patience: float) -> bool:
    """Whether somebody listens there; Dask itself would go on trying, and says so."""
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname, parts.port), patience).close()
    except OSError:
        return False
    return True


def _unreachable(address: str) -> InputError:
    return InputError(
        "no scheduler answers at {value}", where="--scheduler", value=address, expected=EXPECTED
    )


def _leave(client: Client) -> None:
    with contextlib.suppress(Exception):
        client.close(timeout=1.0)
