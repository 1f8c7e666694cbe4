"""Points of the unit cube that samples are made from, a batch at a time.

Every batch has a random stream of its own and is an independent randomisation: within it points fill the cube
evenly, and from the spread between batches it can be told how precise their mean is.

References
----------
.. [1] M. McKay, R. Beckman, W. Conover, "A comparison of three methods for selecting values of input
   variables in the analysis of output from a computer code", Technometrics 21 (1979).
.. [2] A. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", in Monte Carlo and Quasi-Monte Carlo
   Methods in Scientific Computing, Lecture Notes in Statistics 106 (1995).
.. [3] A. Owen, "Latin supercube sampling for very high-dimensional simulations", ACM Trans. Model. Comput.
   Simul. 8 (1998).
.. [4] S. Joe, F. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci.
   Comput. 30 (2008): the direction numbers of ``scipy.stats.qmc``.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..model.memory import Arrays, Memory

Array = NDArray[np.float64]
Sampler = Literal["sobol", "latin", "plain"]

#: Samples in a batch, a power of two: enough to fill the cube evenly, few enough that a default run has many.
BATCH = 32
#: Parameters whose points are Sobol points of one cube [3]_.
BLOCK = 8
#: The edges of the unit interval belong to no sample of an unbounded distribution.
_EDGE = 1e-9


def stream(seed: int, *key: int) -> np.random.Generator:
    """The random stream of a part of a run: of a batch, by its number."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def batch(sampler: Sampler, columns: int, seed: int, index: int) -> Array:
    """A batch of points, each column uniform between 0 and 1: (BATCH, columns)."""
    return points(sampler, columns, BATCH, stream(seed, index))


def points(sampler: Sampler, columns: int, rows: int, random: np.random.Generator) -> Array:
    """Points of the unit cube: (rows, columns); for Sobol points, ``rows`` is a power of two.

    With Sobol points of as many dimensions as there are parameters, a few points would tie some parameters to
    one another. Blocks of a few are therefore drawn together, and blocks paired with one another at random
    [3]_; within a block it changes from batch to batch which parameter goes along which axis, so that no two
    of them are paired badly more than once in a while.
    """
    if sampler == "plain":
        drawn = random.random((rows, columns))
    elif sampler == "latin":
        # One point in each of ``rows`` even strata of every column, strata paired at random [1]_.
        strata = np.argsort(random.random((rows, columns)), axis=0)
        drawn = (strata + random.random((rows, columns))) / rows
    else:
        blocks = -(-columns // BLOCK)
        axes = np.argsort(random.random((blocks, BLOCK)), axis=1)
        order = np.argsort(random.random((blocks, rows)), axis=1)
        cells = _net(rows)[order[:, :, None], axes[:, None, :]]
        drawn = _scrambled(cells.transpose(1, 0, 2).reshape(rows, -1)[:, :columns], random)
    return np.clip(drawn, _EDGE, 1.0 - _EDGE)


@cache
def _net(rows: int) -> NDArray[np.int64]:
    """The first Sobol points [4]_, in ``rows`` cells along every axis: (rows, BLOCK).

    Kept on disk: SciPy takes longer to load than they to use.
    """

    def draw() -> Arrays:
        from scipy.stats import qmc

        first = qmc.Sobol(BLOCK, scramble=False).random_base2(int(rows).bit_length() - 1)
        return {"cells": np.floor(first * rows).astype(np.int64)}

    return Memory().arrays(("Sobol", BLOCK, rows), draw)["cells"]


def _scrambled(cells: NDArray[np.int64], random: np.random.Generator) -> Array:
    """Nested uniform scrambling [2]_: each binary digit is turned or not, at random for all points that agree
    in the digits before it; below a cell's digits a point is anywhere in its cell.
    """
    rows, columns = cells.shape
    digits = rows.bit_length() - 1
    each = np.arange(columns)
    out = np.zeros_like(cells)
    for k in range(digits):
        turned = random.integers(0, 2, (2**k, columns))[cells >> (digits - k), each]
        out = 2 * out + (((cells >> (digits - k - 1)) & 1) ^ turned)
    return np.asarray((out + random.random((rows, columns))) / rows)
