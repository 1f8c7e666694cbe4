"""From sampled values to a probability, its interval, and a verdict.

References
----------
.. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
.. [2] E. Korn, B. Graubard, "Confidence intervals for proportions with small expected number of positive
   counts estimated from survey data", Survey Methodology 24 (1998): the effective number of samples, with
   Student's t.
.. [3] C. Franco, R. Little, T. Louis, E. Slud, "Comparative study of confidence intervals for proportions in
   complex sample surveys", J. Survey Stat. Methodology 7 (2019): Wilson's interval with that number does
   well.
"""

from __future__ import annotations

import math
import operator

import numpy as np
from numpy.typing import NDArray

from ..analysis.assessment import Comparison, Verdict
from .design import BATCH, Sampler

Array = NDArray[np.float64]

_COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
#: Normal deviate of a two-sided 95 % interval.
_NINETY_FIVE = 1.959963984540054
#: Batches from whose spread it can be told how precise their mean is.
FEWEST_BATCHES = 8
#: Samples that must pass, and as many that must fail, before their spread between batches says anything.
_FEWEST_CASES = 5
#: No interval reaches less far to either side than what so many samples are worth: where all batches agree,
#: their spread alone would have it that there is nothing left to find.
_CLOSEST = 4.0


def holds(values: Array, comparison: Comparison, threshold: float) -> NDArray[np.bool_]:
    """Whether values pass a test; a value that is not a number passes none."""
    return np.asarray(_COMPARE[comparison](values, threshold)) & ~np.isnan(values)


def wilson_interval(share: float, total: float) -> tuple[float, float]:
    """95 % interval of a probability from a share of so many independent samples [1]_."""
    if total == 0:
        return 0.0, 1.0
    z2 = _NINETY_FIVE**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _NINETY_FIVE / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    # At the ends the root equals the middle's distance from them, up to rounding.
    low = 0.0 if share == 0.0 else max(0.0, middle - half)
    high = 1.0 if share == 1.0 else min(1.0, middle + half)
    return low, high


def interval(passed: NDArray[np.bool_], sampler: Sampler) -> tuple[float, float]:
    """95 % interval of a probability from samples in the order of their batches.

    Plain samples are independent. Of others, batches are: the spread between them says how many independent
    samples are worth as much, for which Wilson's interval is taken [2]_ [3]_.
    """
    total = len(passed)
    share = float(passed.mean()) if total else 0.0
    batches = total // BATCH
    cases = min(passed.sum(), total - passed.sum())
    if sampler == "plain" or batches < FEWEST_BATCHES or cases < _FEWEST_CASES:
        return wilson_interval(share, total)
    by_batch = passed[: batches * BATCH].reshape(batches, BATCH).mean(axis=1)
    return wilson_interval(share, effective(share, total, float(by_batch.var(ddof=1)), batches))


def effective(share: float, total: int, between: float, batches: int) -> float:
    """How many independent samples tell a share as precisely as these do, ``between`` being the variance of
    the share between batches.
    """
    from scipy.special import stdtrit

    deviate = float(stdtrit(batches - 1, 0.975)) * math.sqrt(between * BATCH / total)
    return share * (1.0 - share) * (_NINETY_FIVE / max(deviate, _CLOSEST / total)) ** 2


def verdict(probability: float, supported: float, refuted: float) -> Verdict:
    """Supported at or above one probability, refuted at or below another, undecided between."""
    if probability >= supported:
        return "supported"
    return "refuted" if probability <= refuted else "undecided"
