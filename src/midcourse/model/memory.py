"""What has been computed once and is shared: in memory, and for the costly things on disk.

A key says everything that the result depends on, and the folder is named after the kernels' digest, so that
nothing stale is ever found. Files appear whole or not at all; one that cannot be read is computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
import tokenize
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..physics.kernel import CACHE_FOLDER

_T = TypeVar("_T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_NOTHING: Any = object()
Arrays = dict[str, NDArray[Any]]
# What reading a file that is missing, cut short or overwritten can end in.
_SPOILT = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    EOFError,
    SyntaxError,
    tokenize.TokenError,
)


class Memory:
    """Results by key; safe to ask from several threads."""

    def __init__(self, folder: Path | None = CACHE_FOLDER) -> None:
        self.folder = folder / "results" if folder else None
        self._results: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """The result under a key, computed by whoever asks first."""
        with self._guard:
            if key in self._results:
                found: _T = self._results[key]
                return found
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            # Whoever forgets results meanwhile takes none from those who asked for them.
            result: _T = self._results.get(key, _NOTHING)
            if result is _NOTHING:
                result = self._results[key] = compute()
            return result

    def knows(self, key: Hashable) -> bool:
        """Whether a result is there."""
        return key in self._results

    def forget(self, unwanted: Callable[[Any], bool]) -> None:
        """Let go of results by their keys; what is on disk stays."""
        with self._guard:
            for key in [each for each in list(self._results) if unwanted(each)]:
                del self._results[key]
                self._locks.pop(key, None)

    def results(self) -> list[Any]:
        """All that is remembered, in no order."""
        with self._guard:
            return list(self._results.values())

    def arrays(self, key: Hashable, compute: Callable[[], Arrays]) -> Arrays:
        """Arrays under a key, looked for on disk before they are computed; contiguous either way, so that
        kernels are compiled for one kind only.
        """

        def contiguous() -> Arrays:
            return {name: np.ascontiguousarray(each) for name, each in compute().items()}

        return self.get(key, lambda: self._on_disk(key, contiguous))

    def _on_disk(self, key: Hashable, compute: Callable[[], Arrays]) -> Arrays:
        if self.folder is None:
            return compute()
        name = hashlib.sha256(repr(key).encode()).hexdigest()[:24]
        path = self.folder / f"{name}.npy"
        found = read_arrays(path)
        if found is None:
            found = compute()
            # A full or read-only disk costs the next run time, nothing else.
            with contextlib.suppress(OSError):
                write_arrays(path, found)
        return found


class Lately(Generic[K, V]):
    """What was used lately, so many of it; safe to ask from several threads."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, OrderedDict[K, V]()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: K, value: V) -> V:
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return value


class Passing(Memory):
    """A memory of what passes beside one that lasts, with which it shares what is on disk; or has nothing
    there, where what passes comes too often to be kept.

    ``lasts`` tells by its key which result is of which kind; what passes goes into ``passing``, if that is
    given.
    """

    def __init__(
        self,
        lasting: Memory,
        lasts: Callable[[Hashable], bool],
        passing: Memory | None = None,
        *,
        on_disk: bool = True,
    ) -> None:
        super().__init__(None)
        self.folder = lasting.folder if on_disk else None
        self._lasting, self._lasts = lasting, lasts
        if passing is not None:
            self._results, self._locks, self._guard = passing._results, passing._locks, passing._guard

    def get(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        return self._lasting.get(key, compute) if self._lasts(key) else super().get(key, compute)

    def arrays(self, key: Hashable, compute: Callable[[], Arrays]) -> Arrays:
        return self._lasting.arrays(key, compute) if self._lasts(key) else super().arrays(key, compute)


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays into a file, whole or not at all; OSError where that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.save(file, _as_record(arrays))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def read_arrays(path: Path) -> Arrays | None:
    """The arrays of a file; None where it is missing or spoilt. They are read from the disk as they are used:
    most are large and few are used whole.
    """
    with contextlib.suppress(*_SPOILT):
        record = np.lib.format.open_memmap(path, mode="c")
        if record.shape == (1,) and record.dtype.names is not None:
            return {name: record[name][0].view(np.ndarray) for name in record.dtype.names}
    return None


def _as_record(arrays: Arrays) -> NDArray[Any]:
    """Arrays as the fields of one record, each where it can be read in place."""
    kind = np.dtype([(name, each.dtype, each.shape) for name, each in arrays.items()], align=True)
    record = np.empty(1, dtype=kind)
    for name, each in arrays.items():
        record[name][0] = each
    return record
