"""From sampled values to a verdict, and to what decides it.

References
----------
.. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
.. [2] K. Pearson's correlation ratio; as first-order sensitivity index from given data: E. Plischke, "An
effective
   algorithm for computing global sensitivity indices (EASI)", Reliab. Eng. Syst. Saf. 95 (2010).
"""

from __future__ import annotations

import math
import operator

import numpy as np
from numpy.typing import NDArray

from ..analysis.assessment import Comparison, Verdict

Array = NDArray[np.float64]

_COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
#: Normal deviate of a two-sided 95 % interval.
_NINETY_FIVE = 1.959963984540054
_BINS = 8


def holds(values: Array, comparison: Comparison, threshold: float) -> NDArray[np.bool_]:
    """Whether values pass a test; a value that is not a number passes none."""
    return np.asarray(_COMPARE[comparison](values, threshold)) & ~np.isnan(values)


def wilson_interval(passed: int, total: int) -> tuple[float, float]:
    """95 % interval of a probability from a count [1]_."""
    if total == 0:
        return 0.0, 1.0
    z2 = _NINETY_FIVE**2
    p = passed / total
    middle = (p + z2 / (2 * total)) / (1 + z2 / total)
    half = _NINETY_FIVE / (1 + z2 / total) * math.sqrt(p * (1 - p) / total + z2 / (4 * total * total))
    # At the ends the root equals the middle's distance from them, up to rounding.
    low = 0.0 if passed == 0 else middle - half
    high = 1.0 if passed == total else middle + half
    return low, high


def verdict(probability: float, supported: float, refuted: float) -> Verdict:
    """Supported at or above one probability, refuted at or below another, undecided between."""
    if probability >= supported:
        return "supported"
    return "refuted" if probability <= refuted else "undecided"


def first_order_share(inputs: Array, outputs: Array) -> float:
    """Share of the outputs' variance explained by one input alone, from given samples: 0 to 1 [2]_.

    The correlation ratio over bins of equal count (or over the values of an input that has few), less what as
    many bins would explain by chance.
    """
    known = np.isfinite(outputs)
    inputs, outputs = inputs[known], outputs[known]
    total = outputs.var() if len(outputs) > 2 * _BINS else 0.0
    if total <= 0.0:
        return 0.0
    distinct = np.unique(inputs)
    if len(distinct) <= _BINS:
        bins = np.searchsorted(distinct, inputs)
    else:
        bins = np.argsort(np.argsort(inputs, kind="stable"), kind="stable") * _BINS // len(inputs)
    count = np.bincount(bins)
    means = np.bincount(bins, weights=outputs) / np.maximum(count, 1)
    explained = float((count * (means - outputs.mean()) ** 2).sum() / (len(outputs) * total))
    chance = ((count > 0).sum() - 1) / (len(outputs) - 1)
    return float(max(0.0, (explained - chance) / (1.0 - chance)))


def share_by_chance(samples: int) -> float:
    """A share that a parameter without effect exceeds about once in a thousand times.

    The correlation ratio of independent variables has mean zero, less what ``first_order_share`` takes off,
    and a standard deviation of sqrt(2 (bins - 1)) / samples; it is skewed, hence 4.6 of them.
    """
    return 4.6 * math.sqrt(2.0 * (_BINS - 1)) / max(samples, 1)


def flip(x: Array, values: Array, comparison: Comparison, threshold: float, start: float) -> float | None:
    """Where along a sweep the test's outcome first changes, going out from ``start``; None where it never
    does.

    Between two points of the sweep the value is taken to change evenly.
    """
    passed = holds(values, comparison, threshold)
    crossings = []
    for i in np.flatnonzero(passed[1:] != passed[:-1]):
        a, b = values[i], values[i + 1]
        part = 0.5 if not np.isfinite(a + b) or a == b else (threshold - a) / (b - a)
        crossings.append(x[i] + min(1.0, max(0.0, part)) * (x[i + 1] - x[i]))
    return float(min(crossings, key=lambda crossing: abs(crossing - start))) if crossings else None
