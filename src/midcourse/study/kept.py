"""Flights of maps that stay for the next map: how they are aimed, and those that have been flown.

Flights depend on the missile, on the two places and on nothing that looks or fires. What a radar sees of them
and how an interceptor meets them stays with them as long as it is asked for.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..analysis.mapping import Field, Flown

Indices = NDArray[np.int64]
#: Some cells of a map, rising, and the flights between them and a place.
Piece = tuple[Indices, Flown]

# The flights of a chunk lie in so many pieces at most: more are flown again as one.
_MOST_PIECES = 4
# How many places' aims stay: a tenth of a megabyte each.
_MOST_FIELDS = 512
#: Flights asked for in so many seconds do not make room for others: a map that does not fit whole would else
#: drive its own out before it is drawn again.
YOUNG_S = 60.0


@dataclass
class _Slot:
    """The flights between a place and a chunk of cells, as far as somebody asked for them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    pieces: list[Piece] = field(default_factory=list)
    bytes: int = 0
    asked_s: float = 0.0


class Kept:
    """Flights that stay for the next map of the same threat on the same grid, whatever looks and fires.

    Parameters
    ----------
    most : of chunks that stay, those used last; all where it is None
    most_bytes : of memory that flights and what was worked out about them take, about; as much as they need
        where it is None
    """

    def __init__(self, most: int | None = None, most_bytes: int | None = None) -> None:
        self.most, self.most_bytes = most, most_bytes
        self.fields: OrderedDict[Hashable, list[Field]] = OrderedDict()
        self._flown: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._bytes = 0
        self._guard = threading.Lock()

    def __len__(self) -> int:
        """How many chunks there are flights of."""
        return len(self._flown)

    @property
    def bytes(self) -> int:
        """About how much memory the flights take, as far as ``used`` has been told of them."""
        return self._bytes

    def aims(self, key: Hashable, make: Callable[[], list[Field]]) -> list[Field]:
        """How flights of a place are aimed, worked out if it is not known."""
        with self._guard:
            found = self.fields.get(key)
            if found is not None:
                self.fields.move_to_end(key)
                return found
        found = make()
        with self._guard:
            found = self.fields.setdefault(key, found)
            while len(self.fields) > _MOST_FIELDS:
                self.fields.popitem(last=False)
        return found

    def take(self, key: Hashable, cells: Indices, fly: Callable[[Indices], Flown]) -> list[Piece]:
        """Flights of a chunk that together go to all of some cells, and may go to others; those that are not
        there are flown. Whoever asks for the same chunk meanwhile waits.
        """
        with self._guard:
            slot = self._flown.setdefault(key, _Slot())
            slot.asked_s = time.monotonic()
            self._flown.move_to_end(key)
            while self.most is not None and len(self._flown) > self.most:
                self._drop()
        with slot.lock:
            known = [where for where, _ in slot.pieces]
            there = np.unique(np.concatenate(known)) if known else np.empty(0, dtype=np.int64)
            missing = np.setdiff1d(cells, there)
            if len(missing):
                if len(slot.pieces) == _MOST_PIECES:
                    # What is asked for wanders: sooner or later it is all there in one piece.
                    slot.pieces, missing = [], np.union1d(there, cells)
                slot.pieces.append((missing, fly(missing)))
            return [piece for piece in slot.pieces if np.isin(piece[0], cells).any()]

    def used(self, key: Hashable) -> None:
        """Weigh the flights of a chunk again, after something was worked out about them. Where there is no
        room, those asked for longest ago go; if that is not long, these go.
        """
        if self.most_bytes is None:
            return
        with self._guard:
            slot = self._flown.get(key)
        if slot is None:
            return
        heavy = sum(flown.bytes for _, flown in list(slot.pieces))
        with self._guard:
            if self._flown.get(key) is not slot:
                return
            self._bytes += heavy - slot.bytes
            slot.bytes = heavy
            while self._bytes > self.most_bytes and key in self._flown:
                oldest = next(iter(self._flown.values()))
                young = time.monotonic() - oldest.asked_s < YOUNG_S
                self._drop(key if young else None)

    def _drop(self, key: Hashable = None) -> None:
        """Let go of the flights of a chunk, or of those asked for longest ago."""
        _, slot = self._flown.popitem(last=False) if key is None else (key, self._flown.pop(key))
        self._bytes -= slot.bytes
