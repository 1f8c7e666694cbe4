"""Points of the unit cube for parameters that physics ties to one another.

Columns are turned into normal variables, mixed, and turned back: a Gaussian copula, which gives the rank
correlations that a dossier asks for and leaves every column uniform.

References
----------
.. [1] R. Iman, W. Conover, "A distribution-free approach to inducing rank correlation among input variables",
   Commun. Statist. Simul. Comput. 11 (1982).
.. [2] R. Nelsen, "An Introduction to Copulas" (2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..dossier.tying import normal_correlations, pairs

Array = NDArray[np.float64]

#: Added to the diagonal, so that perfect correlations have a triangular factor too.
_JITTER = 1e-12


@dataclass(frozen=True, eq=False)
class Ties:
    """Columns that are tied, and the triangular factor of their correlations.

    ``together`` says of each tied column which ones it hangs together with, directly or by way of others.
    """

    columns: tuple[int, ...]
    factor: Array
    together: dict[int, tuple[int, ...]]

    def tie(self, cube: Array) -> Array:
        """The cube with its tied columns correlated; the first of each is left as it is."""
        if not self.columns:
            return cube
        from scipy.special import ndtr, ndtri

        out = cube.copy()
        # Written out, for a product of matrices may differ in its last bits from machine to machine.
        out[:, self.columns] = ndtr((ndtri(cube[:, self.columns])[:, None, :] * self.factor).sum(axis=2))
        return out


def ties(dossier: Dossier, paths: Sequence[str]) -> Ties:
    """The ties among sampled parameters, each a column."""
    columns = {path: i for i, path in enumerate(paths)}
    ranks = pairs(dossier.correlation)
    tied, matrix = normal_correlations(ranks, paths)
    if not tied:
        return Ties((), np.zeros((0, 0)), {})
    lower = np.linalg.cholesky(matrix + _JITTER * np.eye(len(tied)))
    factor: Array = np.asarray(lower / np.linalg.norm(lower, axis=1, keepdims=True), dtype=np.float64)
    near = matrix != 0.0
    for _ in tied:
        near = (near[:, :, None] & near[None, :, :]).any(axis=1)
    places = tuple(columns[path] for path in tied)
    together = {place: tuple(places[j] for j in np.flatnonzero(near[i])) for i, place in enumerate(places)}
    return Ties(places, factor, together)
