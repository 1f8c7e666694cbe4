"""Chance in one run: every draw is named by what it is for.

The same seed gives the same draws whatever else happens, so that two runs that differ in one radar or one
decision differ in nothing else, and a run can be repeated exactly.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Luck:
    """The draws of one run."""

    def __init__(self, seed: int, run: int = 0) -> None:
        self.seed, self.run = seed, run

    def share(self, *name: object) -> float:
        """An even draw from 0 to 1."""
        text = repr((self.seed, self.run, name)).encode()
        return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") / 2.0**64

    def _stream(self, name: str) -> np.random.Generator:
        text = repr((self.seed, self.run, name)).encode()
        return np.random.Generator(
            np.random.Philox(key=int.from_bytes(blake2b(text, digest_size=16).digest(), "big"))
        )

    def normal(self, name: str, shape: tuple[int, ...]) -> Array:
        """Draws from the unit normal law; more of them begin with the same."""
        return self._stream(name).standard_normal(shape)

    def limits(self, name: str, count: int, goal: float) -> Array:
        """Logarithms of the chance of having missed a body at which it is found; ``goal`` is where the
        analysis takes it as found.
        """
        del goal
        return -self._stream(name).exponential(size=count)


class Steady(Luck):
    """No chance at all: everything is found when the analysis takes it as found, nothing is off, nothing is
    lost.
    """

    def __init__(self) -> None:
        super().__init__(0)

    def normal(self, name: str, shape: tuple[int, ...]) -> Array:  # noqa: ARG002
        return np.zeros(shape)

    def limits(self, name: str, count: int, goal: float) -> Array:  # noqa: ARG002
        return np.full(count, goal)
