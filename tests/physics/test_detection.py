"""Detection: against closed forms, scipy's noncentral chi-squared, drawn echoes, and two published fits."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import comb, factorial, gammainc, gammainccinv
from scipy.stats import ncx2

from midcourse.physics import detection

ALARMS = [1e-15, 1e-9, 1e-6, 1e-3, 0.1]
RATIOS = np.geomspace(1e-3, 1e3, 25)

alarms = st.floats(-15.0, -1.0).map(lambda power: 10.0**power)
ratios = st.floats(-6.0, 9.0).map(lambda power: 10.0**power)
cases = st.integers(0, 4)


def decibels(ratio):
    return 10.0 * np.log10(ratio)


@pytest.mark.parametrize("pulses", [1, 2, 7, 100, 1000])
def test_threshold_lets_as_many_false_alarms_through(pulses):
    for alarm in ALARMS:
        found = detection.detection_threshold(alarm, pulses)
        assert found == pytest.approx(gammainccinv(pulses, alarm), rel=1e-11)


@pytest.mark.parametrize("pulses", [1, 2, 10, 100, 1000])
def test_steady_echo_is_marcums_q(pulses):
    """The sum of the pulses is noncentral chi-squared of 2 N degrees of freedom. Measured: within 1e-12."""
    for alarm in ALARMS:
        threshold = detection.detection_threshold(alarm, pulses)
        for snr in RATIOS:
            expected = ncx2.sf(2.0 * threshold, 2 * pulses, 2.0 * pulses * snr)
            found = detection.detection_probability(snr, alarm, 0, pulses)
            assert found == pytest.approx(expected, rel=1e-7, abs=1e-11)


def closed_form(snr, threshold, swerling, pulses):
    """Textbook forms for a square-law detector: B. Mahafza, "Radar Systems Analysis and Design Using MATLAB",
    3rd ed., the chapter on detection; for more than two pulses.
    """
    n, v, total = pulses, threshold, pulses * snr
    if swerling == 1:
        inner = gammainc(n - 1, v / (1.0 + 1.0 / total)) * (1.0 + 1.0 / total) ** (n - 1)
        return 1.0 - gammainc(n - 1, v) + inner * math.exp(-v / (1.0 + total))
    if swerling == 2:
        return 1.0 - gammainc(n, v / (1.0 + snr))
    if swerling == 3:
        k0 = (1.0 + 2.0 / total) ** (n - 2) * math.exp(-v / (1.0 + total / 2.0))
        k0 *= 1.0 + v / (1.0 + total / 2.0) - 2.0 * (n - 2) / total
        edge = v ** (n - 1) * math.exp(-v) / ((1.0 + total / 2.0) * factorial(n - 2))
        return edge + 1.0 - gammainc(n - 1, v) + k0 * gammainc(n - 1, v / (1.0 + 2.0 / total))
    k = np.arange(n + 1)
    weights = comb(n, k) * (snr / 2.0) ** k / (1.0 + snr / 2.0) ** n
    return 1.0 - np.sum(weights * gammainc(n + k, v / (1.0 + snr / 2.0)))


@pytest.mark.parametrize("swerling", [1, 2, 3, 4])
@pytest.mark.parametrize("pulses", [3, 10, 50])
def test_fluctuating_echoes_follow_the_textbook(swerling, pulses):
    """As probabilities, and turned into ratios: far within the 0.2 dB asked for."""
    for alarm in (1e-9, 1e-6, 1e-3):
        threshold = detection.detection_threshold(alarm, pulses)
        for snr in np.geomspace(0.1, 1e3, 15):
            expected = closed_form(snr, threshold, swerling, pulses)
            found = detection.detection_probability(snr, alarm, swerling, pulses)
            assert found == pytest.approx(expected, abs=1e-10)
            if 0.05 < expected < 0.999:
                needed = detection.required_snr(expected, alarm, swerling, pulses)
                assert decibels(needed) == pytest.approx(decibels(snr), abs=1e-5)


@pytest.mark.parametrize("swerling", [1, 3])
@pytest.mark.parametrize("pulses", [1, 2])
def test_slow_fluctuation_is_the_mean_of_steady_echoes(swerling, pulses):
    """Marcum's Q over the law of the echo, by quadrature: one pulse, which has closed forms here, and two."""
    shape = 1.0 if swerling == 1 else 2.0
    nodes, weights = np.polynomial.legendre.leggauss(300)
    u = 30.0 * (nodes + 1.0)
    law = u ** (shape - 1.0) * np.exp(-u) * 30.0 * weights
    for alarm, snr in itertools.product((1e-6, 1e-2), (0.5, 5.0, 50.0)):
        threshold = detection.detection_threshold(alarm, pulses)
        steady = ncx2.sf(2.0 * threshold, 2 * pulses, 2.0 * pulses * snr * u / shape)
        found = detection.detection_probability(snr, alarm, swerling, pulses)
        assert found == pytest.approx(np.sum(law * steady), abs=1e-7)


@pytest.mark.parametrize(("swerling", "draws_each"), [(3, False), (4, True)])
def test_drawn_echoes_are_detected_as_often(swerling, draws_each):
    rng = np.random.default_rng(7)
    count, pulses, alarm, snr = 200_000, 4, 1e-3, 3.0
    power = snr * rng.gamma(2.0, 0.5, (count, pulses if draws_each else 1))
    noise = rng.standard_normal((2, count, pulses)) / math.sqrt(2.0)
    summed = ((np.sqrt(power) + noise[0]) ** 2 + noise[1] ** 2).sum(axis=1)
    seen = np.mean(summed > detection.detection_threshold(alarm, pulses))
    expected = detection.detection_probability(snr, alarm, swerling, pulses)
    assert abs(seen - expected) < 4.0 * math.sqrt(expected * (1.0 - expected) / count)


def albersheim(probability, alarm, pulses):
    """W. Albersheim, Proceedings of the IEEE 69(7), 1981: dB of one pulse, steady echo, linear detector."""
    a, b = math.log(0.62 / alarm), math.log(probability / (1.0 - probability))
    slope = 6.2 + 4.54 / math.sqrt(pulses + 0.44)
    return -5.0 * math.log10(pulses) + slope * math.log10(a + 0.12 * a * b + 1.7 * b)


def test_albersheims_equation():
    """Said to hold within 0.2 dB for probabilities 0.1 to 0.9, for a linear detector.

    The square-law detector needs up to 0.2 dB more at 4 to 16 pulses: measured there, up to 0.29 dB from the
    equation; elsewhere 0.2. At probabilities below 0.3 the equation itself is too low, by 0.2 to 4 dB at 0.1:
    Marcum's Q above says so.
    """
    worst = {}
    for pulses in (1, 2, 4, 8, 16, 32, 64, 128, 256):
        worst[pulses] = max(
            abs(decibels(detection.required_snr(p, alarm, 0, pulses)) - albersheim(p, alarm, pulses))
            for p, alarm in itertools.product(np.arange(0.3, 0.91, 0.1), (1e-4, 1e-5, 1e-6, 1e-7))
        )
    assert max(worst[n] for n in (1, 2, 32, 64, 128, 256)) < 0.2
    assert max(worst.values()) < 0.3


def shnidman(probability, alarm, swerling, pulses):
    """D. Shnidman, IEEE Trans. Aerospace and Electronic Systems 38(3), 2002: dB of one pulse."""
    p, n = probability, pulses
    shape = {0: math.inf, 1: 1.0, 2: n, 3: 2.0, 4: 2.0 * n}[swerling]
    alpha = 0.0 if n < 40 else 0.25
    eta = math.sqrt(-0.8 * math.log(4.0 * alarm * (1.0 - alarm)))
    eta += math.copysign(math.sqrt(-0.8 * math.log(max(1e-300, 4.0 * p * (1.0 - p)))), p - 0.5)
    steady = eta * (eta + 2.0 * math.sqrt(n / 2.0 + alpha - 0.25)) / n
    c = ((17.7006 * p - 18.4496) * p + 14.5339) * p - 3.525
    if p > 0.872:
        c += math.exp(27.31 * p - 25.14)
        c += (p - 0.8) * (0.7 * math.log(1e-5 / alarm) + (2.0 * n - 20.0) / 80.0)
    return decibels(steady) + c / shape


@pytest.mark.parametrize(
    ("swerling", "worst", "within_half"),
    [(0, 0.30, 1.0), (1, 1.17, 0.89), (2, 1.13, 0.97), (3, 0.73, 0.95), (4, 0.57, 0.99)],
)
def test_shnidmans_equation(swerling, worst, within_half):
    """Said to hold within 0.5 dB, except case 1 at extreme probabilities; for 0.1 to 0.99, 1e-9 to 1e-3, 1 to
    100 pulses. Measured over that range: the worst and the share within 0.5 dB that stand above. The closed
    forms tell that the equation errs, not the series: one pulse, case 1, 0.1 at 1e-3 needs 3.01 dB, not 1.97.
    """
    residuals = np.array(
        [
            decibels(detection.required_snr(p, alarm, swerling, n)) - shnidman(p, alarm, swerling, n)
            for p in [*np.linspace(0.1, 0.95, 18), 0.97, 0.99]
            for alarm in 10.0 ** -np.arange(3.0, 9.5)
            for n in (1, 2, 3, 5, 10, 20, 39, 40, 60, 100)
        ]
    )
    assert np.abs(residuals).max() < worst
    assert np.mean(np.abs(residuals) < 0.5) >= within_half
    assert abs(np.median(residuals)) < 0.2
    assert decibels(detection.required_snr(0.1, 1e-3, 1, 1)) == pytest.approx(decibels(2.0), abs=1e-9)


@settings(deadline=None)
@given(ratios, st.floats(0.0, 3.0), alarms, cases, st.integers(1, 1000))
def test_a_stronger_echo_is_seen_more_often(snr, gain, alarm, swerling, pulses):
    weak = detection.detection_probability(snr, alarm, swerling, pulses)
    strong = detection.detection_probability(snr * (1.0 + gain), alarm, swerling, pulses)
    assert alarm * (1.0 - 1e-9) <= weak <= strong * (1.0 + 1e-9) <= 1.0 + 2e-9


@settings(deadline=None)
@given(ratios, alarms, st.floats(1.0, 100.0), cases, st.integers(1, 200))
def test_more_false_alarms_more_detections(snr, alarm, times, swerling, pulses):
    more = min(0.1, alarm * times)
    strict = detection.detection_probability(snr, alarm, swerling, pulses)
    assert strict <= detection.detection_probability(snr, max(more, alarm), swerling, pulses) * (1.0 + 1e-9)


@settings(deadline=None)
@given(ratios, alarms, cases, st.integers(1, 1000))
def test_limits(snr, alarm, swerling, pulses):
    one = detection.detection_probability
    assert one(0.0, alarm, swerling, pulses) == pytest.approx(alarm, rel=1e-9)
    assert one(1e9, alarm, swerling, pulses) > 1.0 - 1e-6
    assert one(snr, alarm, 1, 1) == one(snr, alarm, 2, 1)
    assert one(snr, alarm, 3, 1) == one(snr, alarm, 4, 1)
    assert one(snr, alarm, swerling, 1) == detection.single_look(snr, math.log(alarm), swerling)


@settings(deadline=None)
@given(st.floats(0.11, 0.99), alarms, cases, st.integers(1, 300))
def test_required_ratio_gives_the_probability(probability, alarm, swerling, pulses):
    snr = detection.required_snr(probability, alarm, swerling, pulses)
    found = detection.detection_probability(snr, alarm, swerling, pulses)
    assert found == pytest.approx(probability, rel=1e-9)


def test_ends_of_the_domain():
    assert detection.required_snr(1e-6, 1e-6, 1, 1) == 0.0
    assert math.isinf(detection.required_snr(1.0, 1e-6, 1, 1))
    assert math.isinf(detection.required_snr(1.0 - 1e-16, 1e-6, 1, 1))
    assert math.isnan(detection.detection_probability(10.0, 1e-6, 5, 1))
    assert math.isnan(detection.detection_probability(10.0, 1e-6, 5, 4))
    assert math.isnan(detection.detection_probability(math.nan, 1e-6, 0, 1))
    assert math.isnan(detection.detection_probability(math.nan, 1e-6, 2, 4))


def test_looks_add_up():
    assert detection.seen_once(0.3, 4) == pytest.approx(1.0 - 0.7**4)
    assert (detection.seen_once(1.0, 1), detection.seen_once(1.0, 0)) == (1.0, 0.0)
    assert detection.seen_once(0.0, 9) == 0.0
    assert detection.looks_until(0.9, 0.5) == 4.0  # 0.875 after three
    assert detection.looks_until(1.0 - 0.7**4, 0.3) == 4.0
    assert detection.looks_until(0.9, 0.95) == 1.0
    assert detection.looks_until(0.0, 0.0) == 0.0
    assert detection.looks_until(0.9, 1e-300) == pytest.approx(math.log(10.0) * 1e300)
    assert math.isinf(detection.looks_until(0.9, 0.0))
