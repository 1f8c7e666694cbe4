"""What decides: how much of a claim's variance each parameter explains by itself, from the samples at hand.

References
----------
.. [1] K. Pearson's correlation ratio, as first-order sensitivity index from given data: E. Plischke, "An
   effective algorithm for computing global sensitivity indices (EASI)", Reliab. Eng. Syst. Saf. 95 (2010).
.. [2] M. Ezekiel, "Methods of Correlation Analysis" (1930): what a fit explains, less what it would by
   chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from . import fitting

Array = NDArray[np.float64]

#: A parameter that explains less of the variance than this is not said to decide.
LEAST_SHARE = 0.05
#: Samples below which nothing is said.
FEWEST_SAMPLES = 32


@dataclass(frozen=True, eq=False)
class Evidence:
    """A claim in the samples.

    Attributes
    ----------
    columns : of the unit cube, those that its value can depend on
    values : (samples,), which may be fewer than the cube has points
    passed : (samples,) whether it holds
    """

    columns: tuple[int, ...]
    values: Array
    passed: NDArray[np.bool_]


@dataclass(frozen=True)
class Sampled:
    """Points of the unit cube that samples were made from, (samples, columns).

    ``kinds`` says of columns that stand for a few distinct values where one ends and the next begins.
    """

    cube: Array
    kinds: Mapping[int, Array] = field(default_factory=dict)

    def functions(self, column: int, rows: NDArray[np.int64]) -> Array:
        """What values are fitted by along a column, (blocks, samples, functions)."""
        return fitting.hats(fitting.blocks(self.cube[rows, column]), self.kinds.get(column))


@dataclass(frozen=True)
class Share:
    """Part of a variance that one parameter explains by itself, with its 95 % interval; ``credible`` says
    that the interval leaves out nought, and that it is more than chance has it once in ten thousand times.
    """

    share: float
    ci: tuple[float, float]
    credible: bool


@dataclass(frozen=True)
class Overall:
    """A parameter's part in a whole dossier: its mean share of whether claims hold, and which it moves."""

    share: float
    ci: tuple[float, float]
    claims: list[int]


def shares(sampled: Sampled, claims: Sequence[Evidence]) -> list[dict[int, Share]]:
    """First-order shares of every claim's value by column [1]_ [2]_."""
    out: list[dict[int, Share]] = [{} for _ in claims]
    known = [np.flatnonzero(np.isfinite(claim.values)) for claim in claims]
    for members, column, found in _fits(sampled, claims, known, [claim.values for claim in claims]):
        chance = found.by_chance
        lows, highs = fitting.jackknife(found.explained, found.explained_without)
        for k, i in enumerate(members):
            if column not in claims[i].columns:
                continue
            share = min(max(float(found.explained[k]), 0.0), 1.0)
            ci = min(max(float(lows[k]), 0.0), share), max(min(float(highs[k]), 1.0), share)
            out[i][column] = Share(share, ci, share > chance and ci[0] > 0.0)
    return out


def overall(sampled: Sampled, claims: Sequence[Evidence]) -> dict[int, Overall]:
    """Shares of whether the claims hold, by column: the mean over all claims."""
    means: dict[int, float] = {}
    variances: dict[int, float] = {}
    moved: dict[int, list[tuple[float, int]]] = {}
    every = [np.arange(len(claim.passed)) for claim in claims]
    for members, column, found in _fits(
        sampled, claims, every, [claim.passed.astype(np.float64) for claim in claims]
    ):
        concerned = np.array([column in claims[i].columns for i in members])
        if not concerned.any():
            continue
        chance = max(LEAST_SHARE, found.by_chance)
        moved.setdefault(column, []).extend(
            (float(share), i)
            for share, i in zip(found.explained[concerned], np.array(members)[concerned], strict=True)
            if share >= chance
        )
        without = found.explained_without[:, concerned].sum(axis=1) / len(claims)
        means[column] = means.get(column, 0.0) + float(found.explained[concerned].sum()) / len(claims)
        variances[column] = variances.get(column, 0.0) + (len(without) - 1) * float(without.var())
    out = {}
    for column, mean in means.items():
        low, high = fitting.about(np.array(mean), np.sqrt(variances[column]), fitting.FEWEST_BLOCKS)
        names = [int(i) for _, i in sorted(moved[column], key=lambda each: (-each[0], each[1]))]
        share = min(max(mean, 0.0), 1.0)
        out[column] = Overall(share, (max(float(low), 0.0), min(max(float(high), 0.0), 1.0)), names)
    return out


def _fits(
    sampled: Sampled, claims: Sequence[Evidence], rows: Sequence[NDArray[np.int64]], values: Sequence[Array]
) -> Iterator[tuple[list[int], int, fitting.Fit]]:
    """Fits of values along every column that any claim depends on, those known in the same rows together:
    which claims, the column, the fit.
    """
    groups: dict[bytes, list[int]] = {}
    for i, known in enumerate(rows):
        if len(known) >= FEWEST_SAMPLES and np.ptp(values[i][known]) > 0.0:
            groups.setdefault(known.tobytes(), []).append(i)
    for members in groups.values():
        known = rows[members[0]]
        columns = sorted({column for i in members for column in claims[i].columns})
        raw = np.stack([values[i][known] for i in members], axis=1)
        even = fitting.blocks((raw - raw.mean(axis=0)) / raw.std(axis=0))
        for column in columns:
            yield members, column, fitting.fit(sampled.functions(column, known), even)
