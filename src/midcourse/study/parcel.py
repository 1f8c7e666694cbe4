"""What travels to workers on other machines, and what becomes of it there.

The work goes to each worker once; what then travels with a unit is the unit and the work's digest. Nothing
of it is unpacked at the scheduler, which so needs no ``midcourse``. A worker keeps the work, with all that it
has prepared, from one unit to the next and from one run of the same study to the next.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Worker, WorkerPlugin

#: Under which workers say who they are.
TOPIC = "midcourse-workers"
#: Works that a worker keeps; of more, the one longest unused is forgotten.
KEPT = 3
# Of an identity, what may differ: other kinds of processor differ in the last bits.
_FREE = ("cpu",)


class NoWork(Exception):
    """A worker was not sent the work of this unit, or has forgotten it."""


class UnitDied(Exception):
    """A unit has killed whatever process worked it."""


@dataclass
class Parcel:
    """A work as bytes, under its digest."""

    digest: str
    data: bytes
    _work: Any = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, work: Callable[[Any], Any]) -> Parcel:
        """A work ready to travel.

        One that has a ``digest`` says itself what it is: bytes may differ from one driver to the next.
        """
        import cloudpickle

        data = zlib.compress(cloudpickle.dumps(work), 1)
        own = getattr(work, "digest", None)
        told = own.encode() if isinstance(own, str) else data
        return cls(hashlib.sha256(told).hexdigest()[:24], data)

    def unit(self, unit: object, *, apart: bool = False) -> bytes:
        """A unit of the work, ready to travel: bytes that are worked where they are unpickled."""
        return pickle.dumps(_Call(work_apart if apart else work_unit, self.digest, unit))

    def opened(self) -> Any:
        """The work, rebuilt by whoever needs it first."""
        with self._guard:
            if self._work is None:
                self._work = unpacked(self.data)
            return self._work


def unpacked(data: bytes) -> Any:
    """The work of a parcel."""
    return pickle.loads(zlib.decompress(data))


@dataclass
class _Call:
    """A call that is made when it is unpickled."""

    function: Callable[[str, Any], Any]
    digest: str
    unit: object

    def __reduce__(self) -> tuple[Any, ...]:
        return self.function, (self.digest, self.unit)


_here: OrderedDict[str, Parcel] = OrderedDict()
_guard = threading.Lock()


def take(digest: str, data: bytes) -> None:
    """Keep a work in this process."""
    with _guard:
        if digest not in _here:
            _here[digest] = Parcel(digest, data)
        _here.move_to_end(digest)
        while len(_here) > KEPT:
            _here.popitem(last=False)


def _kept(digest: str) -> Parcel:
    with _guard:
        if digest not in _here:
            raise NoWork(digest)
        _here.move_to_end(digest)
        return _here[digest]


def work_unit(digest: str, unit: object) -> Any:
    """What comes of a unit, worked in this process."""
    return _kept(digest).opened()(unit)


def work_apart(digest: str, unit: object) -> Any:
    """What comes of a unit in a process of its own: if it kills that, this worker lives, and nobody else is
    to blame.
    """
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import alone; alone()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps((_kept(digest).data, pickle.dumps(unit))),
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        ended = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        with_name = {each.value: each.name for each in signal.Signals}.get(-done.returncode, ended)
        raise UnitDied(f"alone in a process, the unit ended it by {with_name}")
    result, error = pickle.loads(done.stdout)
    if error is not None:
        raise error
    return result


def alone() -> None:
    """Work one unit, which comes on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the work prints must not get into the result.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    work, unit = pickle.load(sys.stdin.buffer)
    answer: tuple[Any, Exception | None]
    try:
        answer = unpacked(work)(pickle.loads(unit)), None
    except Exception as error:
        answer = None, error
    with out:
        pickle.dump(answer, out)


def identifying() -> Callable[[], dict[str, str]]:
    """A function that says what this process would compute with.

    It is made in here so that it travels as code: a worker may have another ``midcourse``, or none.
    """

    def identity() -> dict[str, str]:
        import importlib
        import platform

        def read(module: str, what: str) -> Any:
            try:
                return getattr(importlib.import_module(module), what)
            except (ImportError, AttributeError):
                return None

        found = {name: read(name, "__version__") for name in ("midcourse", "numba", "numpy", "scipy")}
        found["python"] = ".".join(platform.python_version_tuple()[:2])
        folder = read("midcourse.physics.kernel", "CACHE_FOLDER")
        found["kernels"] = folder and folder.name.removeprefix("kernels-").rpartition("-")[2]
        # What kernels are compiled for: as numba is told, or the processor that is here.
        processor = read("llvmlite.binding", "get_host_cpu_name")
        chosen = read("numba.core.config", "CPU_NAME")
        found["cpu"] = chosen or (processor and processor())
        return {name: str(version or "none") for name, version in found.items()}

    return identity


def unlike(found: dict[str, str], expected: dict[str, str]) -> str | None:
    """In words how a worker's identity differs; None where it does not."""
    wrong = [name for name in expected if name not in _FREE and found.get(name) != expected[name]]
    if not wrong:
        return None
    has = ", ".join(f"{name} {found.get(name, 'none')}" for name in wrong)
    return f"it has {has}; this study needs {', '.join(f'{name} {expected[name]}' for name in wrong)}"


def carrier(parcel: Parcel, expected: dict[str, str]) -> WorkerPlugin:
    """What takes a work to every worker, also to those that come later, and sends off those that would
    compute something else. It travels as code, too.
    """
    from distributed import WorkerPlugin

    digest, data, topic, identity = parcel.digest, parcel.data, TOPIC, identifying()
    needed = {name: version for name, version in expected.items() if name not in _FREE}

    class Carrier(WorkerPlugin):
        async def setup(self, worker: Worker) -> None:
            import asyncio
            import importlib

            found = await asyncio.to_thread(identity)
            worker.log_event(topic, {**found, "address": worker.address})
            wrong = [name for name in needed if found[name] != needed[name]]
            if wrong:
                has = ", ".join(f"{name} {found[name]} instead of {needed[name]}" for name in wrong)
                reason = f"this worker cannot take part in the study: it has {has}"
                await worker.close_gracefully(restart=False, reason=reason)
                raise RuntimeError(reason)
            importlib.import_module("midcourse.study.parcel").take(digest, data)

    return Carrier()
