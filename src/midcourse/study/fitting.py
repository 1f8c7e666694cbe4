"""How a value goes with one parameter alone, from samples that were drawn for all of them.

A parameter's place in its distribution is a number between 0 and 1; what a value is on the average at each
place is fitted by straight pieces between even knots, for a choice by its mean at each. Fits leave out one
block of samples after another, so that what they explain can be told with its precision, and what they
predict can be tried on samples that they have not seen.

References
----------
.. [1] B. Efron, C. Stein, "The jackknife estimate of variance", Annals of Statistics 9 (1981).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .design import BATCH

Array = NDArray[np.float64]
_Kind = TypeVar("_Kind", bound=np.generic)

#: Blocks of samples left out in turn, at least: one each batch where there are more.
FEWEST_BLOCKS = 16
#: What keeps a fit at a knot that no sample is near, in samples.
_RIDGE = 1e-6


def pieces(rows: int) -> int:
    """Straight pieces that so many samples can tell."""
    return 4 if rows < 256 else 8 if rows < 4096 else 16


def block(rows: int) -> int:
    """Samples in a block: a batch, or the part of one that leaves enough blocks."""
    size = BATCH
    while size > 1 and rows // size < FEWEST_BLOCKS:
        size //= 2
    return size


def blocks(values: NDArray[_Kind]) -> NDArray[_Kind]:
    """Samples by blocks, those that fill none left out: (blocks, samples, ...)."""
    size = block(len(values))
    count = len(values) // size
    return values[: count * size].reshape(count, size, *values.shape[1:])


def hats(places: Array, edges: Array | None = None) -> Array:
    """Hat functions at places between 0 and 1, or between which ``edges`` each place is: (..., functions),
    summing to one.
    """
    if edges is not None:
        kinds = np.searchsorted(edges, places, side="right")
        return np.asarray(kinds[..., None] == np.arange(len(edges) + 1), dtype=np.float64)
    count = pieces(places.size)
    return np.maximum(1.0 - np.abs(places[..., None] * count - np.arange(count + 1)), 0.0)


@dataclass(frozen=True)
class Fit:
    """Means of values along one parameter.

    Attributes
    ----------
    functions : (blocks, samples, functions) of the parameter's places
    all : (functions, values) the means at the knots
    without : (blocks, functions, values) the same, each block left out
    explained : (values,) part of their variance, less what as many functions would explain by chance
    explained_without : (blocks, values) the same, each block left out
    """

    functions: Array
    all: Array
    without: Array
    explained: Array
    explained_without: Array

    @property
    def by_chance(self) -> float:
        """What the fit of something else would hardly ever explain."""
        count, size, functions = self.functions.shape
        return by_chance(count * size, functions)

    @property
    def trusted(self) -> Array:
        """What each fit that leaves out a block should be multiplied by to predict best: the part of what it
        explains that is not to be put down to chance, (blocks, values).
        """
        count, size, functions = self.functions.shape
        rows = (count - 1) * size
        part = 1.0 - (1.0 - self.explained_without) * (rows - functions) / (rows - 1)
        return np.where(self.explained_without > 0.0, self.explained_without / np.maximum(part, 1e-300), 0.0)

    @property
    def predicted(self) -> Array:
        """Means at every sample, from all blocks but its own: (blocks, samples, values)."""
        return np.asarray(self.functions @ self.without)


def fit(functions: Array, values: Array) -> Fit:
    """Fit values (blocks, samples, values) by functions (blocks, samples, functions)."""
    turned = functions.transpose(0, 2, 1)
    squares, products = turned @ functions, turned @ values
    sums, powers = values.sum(axis=1), (values**2).sum(axis=1)
    rows = functions.shape[0] * functions.shape[1]
    size = functions.shape[1]
    whole, explained = _solved(squares.sum(0), products.sum(0), sums.sum(0), powers.sum(0), rows)
    without, left = _solved(
        squares.sum(0) - squares,
        products.sum(0) - products,
        sums.sum(0) - sums,
        powers.sum(0) - powers,
        rows - size,
    )
    return Fit(functions, whole, without, explained, left)


def _solved(squares: Array, products: Array, sums: Array, powers: Array, rows: int) -> tuple[Array, Array]:
    """Coefficients (..., functions, values) and the part of the variance they explain (..., values)."""
    count = squares.shape[-1]
    means: Array = np.asarray(np.linalg.solve(squares + _RIDGE * np.eye(count), products), dtype=np.float64)
    about = sums**2 / rows
    total = powers - about
    constant = total <= 1e-12 * np.maximum(powers, 1e-300)
    part = np.where(constant, 0.0, ((means * products).sum(axis=-2) - about) / np.where(constant, 1.0, total))
    # What the functions explain of values that have nothing to do with them.
    spare = (rows - 1) / max(rows - count, 1)
    return means, np.asarray(np.where(constant, 0.0, 1.0 - (1.0 - part) * spare))


def jackknife(whole: Array, without: Array) -> tuple[Array, Array]:
    """95 % interval of something from its values with each block left out [1]_, (blocks, ...)."""
    count = len(without)
    spread: Array = np.sqrt((count - 1) * without.var(axis=0))
    return about(whole, spread, count)


def about(value: Array, error: Array, blocks: int) -> tuple[Array, Array]:
    """95 % interval about a value with a standard error told from so many blocks."""
    from scipy.special import stdtrit

    half = float(stdtrit(max(blocks - 1, 1), 0.975)) * error
    return np.asarray(value - half, dtype=np.float64), np.asarray(value + half, dtype=np.float64)


def by_chance(rows: int, functions: int) -> float:
    """Part of the variance that a parameter without effect is said to explain once in ten thousand times: a
    claim may depend on some 250 parameters, and a dossier has dozens of claims.
    """
    from scipy.special import betaincinv

    if rows <= functions + 1:
        return 1.0
    part = float(betaincinv(0.5 * (functions - 1), 0.5 * (rows - functions), 0.9999))
    return 1.0 - (1.0 - part) * (rows - 1) / (rows - functions)
