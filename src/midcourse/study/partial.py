"""What is done of a map, on disk, so that it can be taken up again."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..model.memory import read_arrays, write_arrays

#: Parts of a map by name, over some cells.
Layers = dict[str, NDArray[np.float64]]

#: Chunks after which a file is written again.
OFTEN = 64
# Names in the file beside those of layers, which no layer has.
_SEAL, _DONE = "seal", "chunks done"


class Partial:
    """The chunks of a map as they are done.

    Parameters
    ----------
    path : of the file
    key : what the map depends on: a file of another is nobody's
    chunks : cells of each chunk, one after another
    """

    def __init__(self, path: Path, key: bytes, chunks: Sequence[slice]) -> None:
        self._path, self._key, self._chunks = path, key, chunks
        self._done = np.zeros(len(chunks), dtype=bool)
        self._layers: Layers = {}
        self._new = 0

    def read(self) -> dict[int, Layers]:
        """Chunks done by an earlier run of the same question; none where the file is another's or spoilt."""
        found = read_arrays(self._path) or {}
        seal, done = found.pop(_SEAL, None), found.pop(_DONE, None)
        if seal is None or done is None or seal.tobytes() != self._seal(done, found):
            return {}
        self._done = np.array(done)
        self._layers = {name: np.array(each) for name, each in found.items()}
        return {
            i: {name: each[cells] for name, each in self._layers.items()}
            for i, cells in enumerate(self._chunks)
            if self._done[i]
        }

    def _seal(self, done: NDArray[np.bool_], layers: Layers) -> bytes:
        """A digest of the question and of all that is done."""
        seal = hashlib.sha256(self._key + done.tobytes())
        for name, values in layers.items():
            seal.update(name.encode())
            seal.update(values.tobytes())
        return seal.digest()

    def add(self, chunk: int, layers: Layers) -> None:
        """Take what is done of a chunk."""
        for name, values in layers.items():
            whole = self._layers.setdefault(name, np.full(self._chunks[-1].stop, np.nan))
            whole[self._chunks[chunk]] = values
        self._done[chunk] = True
        self._new += 1
        if self._new >= OFTEN:
            self.write()

    def write(self) -> None:
        """Write what is done, whole; a full disk costs the next run time, nothing else."""
        if self._done.any():
            seal = np.frombuffer(self._seal(self._done, self._layers), dtype=np.uint8)
            with contextlib.suppress(OSError):
                write_arrays(self._path, {_SEAL: seal, _DONE: self._done, **self._layers})
        self._new = 0

    def forget(self) -> None:
        """Take the file away."""
        with contextlib.suppress(OSError):
            self._path.unlink()
