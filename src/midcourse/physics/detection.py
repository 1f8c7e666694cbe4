"""Whether an echo is seen: the probability of detection at a rate of false alarms.

A square-law detector sums the echoes of some pulses and compares the sum with a threshold. The echo is steady
(Swerling case 0), or fluctuates: slowly, one draw for all pulses (cases 1 and 3), or fast, a draw for each
(cases 2 and 4); as many like scatterers make it (1 and 2), or one that outshines the others (3 and 4). Other
cases give nan, and no ratio is enough for them. Every signal-to-noise ratio is that of one pulse, as a
factor, and the mean where the echo fluctuates.

References
----------
.. [1] D. Shnidman, "Radar Detection Probabilities and Their Calculation", IEEE Trans. Aerospace and
   Electronic Systems 31(3), 1995, pp. 928-950.
.. [2] M. Richards, "Fundamentals of Radar Signal Processing", 2nd ed., McGraw-Hill, 2014, section 6.3.
.. [3] S. Boucheron, G. Lugosi, P. Massart, "Concentration Inequalities", Oxford, 2013, section 2.4.
.. [4] H. Panjer, "Recursive Evaluation of a Family of Compound Distributions", ASTIN Bulletin 12(1), 1981.
"""

import math

import numpy as np

from .kernel import bare

# More terms than any series needs: arguments that are no numbers must not hold it forever.
_TERMS = 100_000
# Ratios between which ``required_snr`` looks.
_LEAST, _MOST = 1e-10, 1e15


@bare
def detection_threshold(false_alarm: float, pulses: int) -> float:
    """Threshold on the sum of ``pulses`` pulses, in units of the mean noise of one.

    Noise alone exceeds V with probability Q(N, V) = exp(-V) sum of V^k / k! over k < N, the regularised upper
    incomplete gamma function [2]_. Newton's method on its logarithm, which is concave: it comes down on the
    root from the bound of [3]_ without overshooting it. Within 1e-13 of itself for N up to 1000.
    """
    alarm = -math.log(false_alarm)
    if pulses == 1:
        return alarm
    v = pulses + math.sqrt(2.0 * pulses * alarm) + alarm
    for _ in range(50):
        # The sum over its last term, from that term down.
        ratio = term = 1.0
        for k in range(pulses - 1, 0, -1):
            term *= k / v
            ratio += term
            if term < 1e-17 * ratio:
                break
        log_q = (pulses - 1) * math.log(v) - v - math.lgamma(pulses) + math.log(ratio)
        step = (log_q + alarm) * ratio
        v += step
        if abs(step) < 1e-13 * v:
            break
    return v


@bare
def _exceeds(threshold: float, false_alarm: float, snr: float, swerling: int, pulses: int) -> float:
    """Probability that echo and noise exceed the threshold: [1]_ for gamma fluctuation of any shape.

    Given the echo, the sum exceeds V with the probability Q(N + k, V) that a Poisson count of mean V stays
    below N + k, where k is itself a count: Poisson of mean N S/N for a steady echo, negative binomial of
    shape K for a gamma-distributed one, K = 1, N, 2, 2N for cases 1 to 4. Q(N, V) is the rate of false
    alarms. All terms are positive, and where Q is one the rest of the weights is known: about V - N +
    9 sqrt(V) terms, whatever the ratio. Within 1e-12 of itself for N up to 1000.
    """
    if swerling < 0 or swerling > 4:
        return math.nan
    mean = pulses * snr
    # Both counts obey w(k + 1) = w(k) (a + b k) / (k + 1) [4]_. A first weight too small for a float means
    # that the weight lies beyond the k at which Q is one.
    if swerling == 0:
        a, b = mean, 0.0
        weight = math.exp(-mean)
    else:
        shape = 1.0 if swerling < 3 else 2.0
        if swerling == 2 or swerling == 4:
            shape *= pulses
        b = mean / (shape + mean)
        a = shape * b
        weight = math.exp(-shape * math.log1p(mean / shape))
    poisson = math.exp(pulses * math.log(threshold) - threshold - math.lgamma(pulses + 1.0))
    q, out, rest = false_alarm, 0.0, 1.0
    for k in range(_TERMS):
        # The terms have one peak: a small one lies past it.
        term = weight * q
        out += term
        rest -= weight
        if term < 1e-17 * out:
            break
        # A smaller rest would be rounding error.
        if poisson < 1e-17 and pulses + k > threshold and rest > 1e-9:
            out += rest * q
            break
        q += poisson
        weight *= (a + b * k) / (k + 1.0)
        poisson *= threshold / (pulses + k + 1)
    return 1.0 if out > 1.0 else out


@bare
def single_look(snr: float, log_false_alarm: float, swerling: int) -> float:
    """Probability that one pulse, or one coherent dwell, is detected; from the logarithm of the false alarm.

    Closed forms for fluctuating echoes [2]_: case 2 is here the same as 1, and 4 as 3. A steady echo,
    Marcum's Q, takes the series of ``_exceeds``: some 30 to 100 terms, within 1e-14.
    """
    if swerling == 1 or swerling == 2:
        return math.exp(log_false_alarm / (1.0 + snr))
    if swerling == 3 or swerling == 4:
        half = 0.5 * snr
        reduced = -log_false_alarm / (1.0 + half)
        return math.exp(-reduced) * (1.0 + reduced * half / (1.0 + half))
    # Chernoff's bound on what is missed: below 5e-18 here.
    if swerling == 0 and snr > -log_false_alarm and math.sqrt(snr) - math.sqrt(-log_false_alarm) > 6.3:
        return 1.0
    return _exceeds(-log_false_alarm, math.exp(log_false_alarm), snr, swerling, 1)


@bare
def detection_probability(snr: float, false_alarm: float, swerling: int, pulses: int) -> float:
    """Probability that the noncoherent sum of some pulses is detected [1]_; exact.

    Parameters
    ----------
    snr : mean signal-to-noise ratio of one pulse, 0 or more
    false_alarm : probability that noise alone passes for an echo, above 0 and below 1
    swerling : case, 0 to 4
    pulses : summed, 1 or more
    """
    if pulses == 1:
        return single_look(snr, math.log(false_alarm), swerling)
    return _exceeds(detection_threshold(false_alarm, pulses), false_alarm, snr, swerling, pulses)


@bare
def required_snr(probability: float, false_alarm: float, swerling: int, pulses: int) -> float:
    """Signal-to-noise ratio of one pulse that gives a probability of detection: bisection of its logarithm.

    Zero where false alarms alone are as many; infinite where no ratio below 1e15 is enough.
    """
    if probability <= false_alarm:
        return 0.0
    if probability >= 1.0:
        return math.inf
    log_alarm = math.log(false_alarm)
    threshold = detection_threshold(false_alarm, pulses)
    low, high = math.log(_LEAST), math.log(_MOST)
    for _ in range(55):
        middle = 0.5 * (low + high)
        if pulses == 1:
            found = single_look(math.exp(middle), log_alarm, swerling)
        else:
            found = _exceeds(threshold, false_alarm, math.exp(middle), swerling, pulses)
        if found >= probability:
            high = middle
        else:
            low = middle
    return math.exp(high) if high < math.log(_MOST) else math.inf


@bare
def seen_once(single: float, looks: float) -> float:
    """Probability that one of some independent looks detects, each with probability ``single``."""
    if single >= 1.0:
        return 1.0 if looks > 0.0 else 0.0
    return -math.expm1(looks * math.log1p(-single))


@bare
def looks_until(probability: float, single: float) -> float:
    """Independent looks, a whole number, after which one has detected with at least this probability."""
    if probability <= 0.0:
        return 0.0
    if single >= probability:
        return 1.0
    if single <= 0.0 or probability >= 1.0:
        return math.inf
    return np.ceil(math.log1p(-probability) / math.log1p(-single) - 1e-9)
