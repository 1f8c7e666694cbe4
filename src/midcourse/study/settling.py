"""What would settle it: what knowing one figure is worth to the verdicts.

A verdict on a claim that holds with probability p is wrong with probability min(p, 1 - p), whichever way it
goes with the odds: the claim's undecidedness. Knowing one figure, it could go with the odds at that figure.
How much less often it would be wrong is the expected value of partial perfect information, where a wrong
verdict costs one and a right one nothing.

It is estimated as such: verdicts are learnt from all samples but a block, with and without the figure, and
tried on that block. What was learnt by chance fails there, so that a figure that is nothing to a claim gains
nothing.

References
----------
.. [1] H. Raiffa, R. Schlaifer, "Applied Statistical Decision Theory" (1961).
.. [2] M. Strong, J. Oakley, A. Brennan, "Estimating multiparameter partial expected value of perfect
   information from a probabilistic sensitivity analysis sample: a nonparametric regression approach", Medical
   Decision Making 34 (2014).
.. [3] M. Stone, "Cross-validatory choice and assessment of statistical predictions", J. Royal Stat. Soc. B 36
   (1974).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import fitting
from .deciding import FEWEST_SAMPLES, Evidence, Sampled

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Worth:
    """The expected fall of undecidedness, over all claims and of each, the most first."""

    drop: float
    ci: tuple[float, float]
    claims: list[tuple[int, float]]


def worth(sampled: Sampled, claims: Sequence[Evidence], columns: Iterable[int]) -> dict[int, Worth]:
    """What knowing each of some columns is worth."""
    groups: dict[int, list[int]] = {}
    for i, claim in enumerate(claims):
        if len(claim.passed) >= FEWEST_SAMPLES and 0 < claim.passed.sum() < len(claim.passed):
            groups.setdefault(len(claim.passed), []).append(i)
    out = {}
    for column in columns:
        total, variance, by_claim = 0.0, 0.0, []
        for rows, members in groups.items():
            concerned = [i for i in members if column in claims[i].columns]
            if not concerned:
                continue
            passed = fitting.blocks(np.stack([claims[i].passed for i in concerned], axis=1))
            drops = gains(sampled.functions(column, np.arange(rows)), passed)
            by_claim += [(i, float(drop)) for i, drop in zip(concerned, drops.mean(axis=0), strict=True)]
            summed = drops.sum(axis=1)
            total += float(summed.mean())
            variance += float(summed.var(ddof=1)) / len(summed)
        low, high = fitting.about(np.array(total), np.sqrt(variance), fitting.FEWEST_BLOCKS)
        found = sorted(
            ((i, drop) for i, drop in by_claim if drop > 0.0), key=lambda each: (-each[1], each[0])
        )
        out[column] = Worth(total, (float(low), float(high)), found)
    return out


def gains(functions: Array, passed: NDArray[np.bool_]) -> Array:
    """How much less often verdicts are wrong that know the parameter which ``functions`` are of, in every
    block: (blocks, claims); ``passed`` is (blocks, samples, claims).
    """
    values = passed.astype(np.float64)
    mean = values.mean(axis=(0, 1))
    found = fitting.fit(functions, values - mean)
    # A figure that goes with the claim no more than chance has it changes no verdict.
    trusted = np.where(found.explained > found.by_chance, found.trusted, 0.0)
    known = mean + trusted[:, None] * found.predicted > 0.5
    wrong_before, wrong_after = (mean > 0.5) != passed, known != passed
    return np.asarray((1.0 * wrong_before - 1.0 * wrong_after).mean(axis=1))
