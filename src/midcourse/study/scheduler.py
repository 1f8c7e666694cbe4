"""A connection to Dask's scheduler: found, lost, and found again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import socket
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from ..dossier.errors import InputError
from . import parcel as parcels
from .parcel import Parcel

_OPTION = "--scheduler"
_EXPECTED = "tcp://HOST:8786, where `dask scheduler` listens"
# Until an address is given up at the start; between looks at who is there; between tries to reach a lost
# scheduler, at first and at most; until a send-off of the connection is given up [s].
_PATIENCE, _LOOK, _FIRST_TRY, _LAST_TRY, _LEAVE = 5.0, 1.0, 0.5, 10.0, 2.0
_LONGEST_GREETING = 1 << 16  # bytes
# Those of Dask's loggers that speak of lost connections in the process that asks; other parts of Dask, such
# as workers, may be here too and stay as they are.
_TALKATIVE = ("client", "comm", "comm.core", "comm.tcp", "batched", "core", "utils_comm")


class Lost(Exception):
    """The scheduler has gone."""


@dataclass(frozen=True)
class Failed:
    """What comes back in place of a result; ``here`` where the unit itself is the reason."""

    error: BaseException
    here: bool


class Scheduler:
    """Sends units to a scheduler and takes what comes back.

    Parameters
    ----------
    address : as the user wrote it
    tell : takes a line when somebody is waited for, comes back or is sent off
    """

    def __init__(self, address: str, tell: Callable[[str], None]) -> None:
        self.address = _checked(address)
        self._tell = tell
        self._arrived: SimpleQueue[tuple[str, int, Any]] = SimpleQueue()
        self._identity = parcels.identifying()()
        self._processors: set[str] = set()
        self._threads, self._looked_at, self._waits = 0, 0.0, False
        self._parcel: Parcel | None = None
        self._connect()
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    @property
    def dashboard(self) -> str:
        """Where the scheduler shows what is going on."""
        return str(self._client.dashboard_link)

    def threads(self) -> int:
        """Threads of all workers, as of a second ago; Lost where nobody can say."""
        if self._client.status != "running":
            raise Lost
        now = time.monotonic()
        if now - self._looked_at > _LOOK or not self._threads:
            with _or_lost():
                self._threads = sum(self._client.nthreads().values())
            self._looked_at = now
            if not self._threads and not self._waits:
                self._tell(f"no workers at {self.address}: waiting for `dask worker {self.address}`")
            self._waits = not self._threads
        return self._threads

    def ship(self, parcel: Parcel) -> None:
        """Send a work to all workers there are, and let the scheduler send it to those that come."""
        self._parcel = parcel
        carrier = parcels.carrier(parcel, self._identity)
        for tries in range(5):
            if self._client.status != "running":
                raise Lost
            try:
                self._client.register_plugin(carrier, name=_name(parcel))
            except Exception:
                # A worker was lost or sent off meanwhile. The scheduler has the work all the same.
                time.sleep(0.2 * tries)
            else:
                return

    def submit(self, units: Sequence[tuple[int, bytes]]) -> dict[int, Any]:
        """Send units with their places; gives what stands for each at the scheduler."""
        if self._client.status != "running":
            raise Lost
        keys = [(self._series, self._sent + i) for i in range(len(units))]
        self._sent += len(units)
        with _or_lost():
            futures = self._client.map(pickle.loads, [unit for _, unit in units], key=keys, pure=False)
        loop: Any = self._client.loop
        sent = {}
        for (place, _), future in zip(units, futures, strict=True):
            asyncio.run_coroutine_threadsafe(self._follow(self._series, place, future), loop.asyncio_loop)
            sent[place] = future
        return sent

    async def _follow(self, series: str, place: int, future: Any) -> None:
        """Fetch what comes of a unit as soon as it is there."""
        try:
            (outcome,) = await self._client.gather([future], asynchronous=True)
        except BaseException as error:
            # Cancelled ones too: that is how Dask tells that the connection was lost.
            outcome = Failed(error, here=future.status == "error")
        self._arrived.put((series, place, outcome))

    @property
    def quiet(self) -> bool:
        """Whether nothing has come back that was not taken."""
        return self._arrived.empty()

    def next(self) -> tuple[int, Any] | None:
        """The place of a unit and what has come of it, perhaps ``Failed``; None where none comes for long."""
        deadline = time.monotonic() + 0.5 * _LOOK
        while True:
            try:
                series, place, outcome = self._arrived.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                return None
            if series == self._series:
                return place, outcome

    def withdraw(self, futures: Mapping[int, Any]) -> list[int]:
        """Take back what no worker has been given yet; gives the places of those units."""
        with _or_lost():
            given = {key for keys in self._client.processing().values() for key in keys}
        places = [
            place for place, each in futures.items() if each.status == "pending" and each.key not in given
        ]
        self.cancel([futures[place] for place in places])
        return places

    def cancel(self, futures: Iterable[Any]) -> None:
        """Let nothing begin that has not."""
        waiting = list(futures)
        if waiting and self._client.status == "running":
            with contextlib.suppress(Exception):
                self._client.cancel(waiting, force=True)

    def reconnect(self, patient: Callable[[], bool]) -> bool:
        """Wait for a scheduler that was lost; False where nobody is patient any longer."""
        self._tell(f"lost the scheduler at {self.address}: waiting until it is back")
        self._leave()
        wait = _FIRST_TRY
        while patient():
            with contextlib.suppress(InputError):
                self._connect()
                self._tell(f"the scheduler at {self.address} is back: what was under way is worked again")
                return True
            _pause(wait, patient)
            wait = min(2.0 * wait, _LAST_TRY)
        return False

    def close(self) -> None:
        """Leave the scheduler, and let it forget the work; workers keep what they have for a next time."""
        if self._parcel is not None and self._client.status == "running":
            with contextlib.suppress(Exception):
                self._client.unregister_worker_plugin(_name(self._parcel))
        self._leave()

    def _leave(self) -> None:
        with contextlib.suppress(Exception):
            self._client.close(timeout=_LEAVE)

    def _connect(self) -> None:
        """Begin anew with the scheduler at the address; InputError where there is none."""
        try:
            from distributed import Client
        except ImportError:
            raise InputError(
                "a scheduler needs the package distributed", where=_OPTION, value=self.address,
                expected='first `pip install "midcourse[distributed]"`',
            ) from None  # fmt: skip
        for name in _TALKATIVE:
            logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL + 1)
        try:
            _greeted(self.address)
            with warnings.catch_warnings():
                # Of versions that matter less than those compared here.
                warnings.simplefilter("ignore")
                self._client = Client(
                    self.address, timeout=_PATIENCE, set_as_default=False, direct_to_workers=False
                )
            self._client.subscribe_topic(parcels.TOPIC, self._introduced)
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                "no scheduler answers at {value}", where=_OPTION, value=self.address, expected=_EXPECTED
            ) from error
        # Keys of their own for every connection: what is left of the last one comes to nobody.
        self._series, self._sent = f"unit-{uuid.uuid4().hex}", 0
        self._threads = 0

    def _check(self) -> None:
        """Refuse to begin with workers that would compute something else."""
        for address, found in self._client.run(parcels.identifying(), on_error="return").items():
            wrong = str(found) if isinstance(found, Exception) else parcels.unlike(found, self._identity)
            if wrong:
                raise InputError(
                    f"worker {address}: {wrong}", where=_OPTION, value=self.address,
                    expected="workers of the same installation",
                )  # fmt: skip

    def _introduced(self, event: tuple[float, dict[str, str]]) -> None:
        """Hear of a worker that has been sent the work, or has been sent off."""
        _, found = event
        wrong = parcels.unlike(found, self._identity)
        if wrong:
            self._tell(f"worker {found['address']} was sent off: {wrong}")
        elif found["cpu"] not in self._processors:
            self._processors.add(found["cpu"])
            if len(self._processors) == 2:
                kinds = " and ".join(sorted(self._processors))
                self._tell(f"workers have unlike processors ({kinds}): the last bits of results may differ")


@contextlib.contextmanager
def _or_lost() -> Any:
    """Whatever Dask raises when a connection breaks under it."""
    try:
        yield
    except Exception as error:
        raise Lost from error


def _name(parcel: Parcel) -> str:
    return f"midcourse-{parcel.digest}"


def _greeted(address: str) -> None:
    """Fail, OSError, where nothing of Dask's listens: Dask's own client would go on trying, and never end."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), _PATIENCE) as there:
        if parts.scheme == "tcp":
            there.settimeout(_PATIENCE)
            # Whoever speaks Dask's language begins with the length of what it says.
            greeting = there.recv(8, socket.MSG_WAITALL)
            if len(greeting) < 8 or int.from_bytes(greeting, "little") > _LONGEST_GREETING:
                raise OSError("no greeting of Dask's")


def _pause(seconds: float, patient: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while patient() and time.monotonic() < end:
        time.sleep(0.1)


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
            "{value} is no address of a scheduler", where=_OPTION, value=address, expected=_EXPECTED
        )
    return whole
