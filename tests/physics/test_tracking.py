"""How well a flight is known: linear maps against the flight itself, and what fusing may and may not do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midcourse.analysis.watching import watch
from midcourse.dossier import load
from midcourse.model import missile as make_missile
from midcourse.model.flights import aim_one
from midcourse.physics import tracking
from midcourse.physics.earth import WGS84, gravity

TEHRAN, NEW_YORK = tuple(np.radians([35.7, 51.4])), tuple(np.radians([40.7, -74.0]))


@pytest.fixture(scope="module")
def dossier():
    return load("third-site")


@pytest.fixture(scope="module")
def flights(dossier):
    return aim_one(make_missile(dossier, "notional-icbm"), TEHRAN, NEW_YORK)


@settings(deadline=None)
@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(6.5e6, 9e6))
def test_gravity_gradient_is_the_slope_of_gravity(x, y, z, radius):
    direction = np.array([x, y, z])
    if np.linalg.norm(direction) < 1e-3:
        direction = np.array([0.0, 0.0, 1.0])
    place = radius * direction / np.linalg.norm(direction)
    found = np.empty((3, 3))
    tracking.gravity_gradient(*place, WGS84, found)
    step = 100.0
    slope = np.empty((3, 3))
    for j in range(3):
        shift = np.eye(3)[j] * step
        slope[:, j] = (np.array(gravity(*(place + shift), WGS84)) - gravity(*(place - shift), WGS84)) / (
            2 * step
        )
    np.testing.assert_allclose(found, slope, atol=2e-8 * np.abs(slope).max())
    np.testing.assert_allclose(found, found.T, atol=1e-14)
    # Laplace's equation outside the masses.
    assert abs(np.trace(found)) < 1e-9 * np.abs(found).max()


def test_transitions_are_how_free_flights_part(flights):
    """A displaced start, integrated by scipy, parts from the flight as the transition says."""
    from scipy.integrate import solve_ivp

    times = np.array([400.0, 700.0, 1200.0, 1600.0])
    phis = tracking.transitions(flights.nodes[0], int(flights.counts[0]), times, WGS84)
    start = flights.inertial_states(0, times[:1])[0]

    def slope(_t, state):
        return np.concatenate([state[3:], gravity(state[0], state[1], state[2], WGS84)])

    def fly(state):
        span = (times[0], times[-1])
        return solve_ivp(slope, span, state, method="DOP853", t_eval=times, rtol=1e-12, atol=1e-6).y.T

    for column, size in enumerate([10.0] * 3 + [0.01] * 3):
        shift = np.zeros(6)
        shift[column] = size
        parted = (fly(start + shift) - fly(start - shift)) / (2 * size)
        np.testing.assert_allclose(phis[:, :, column], parted, rtol=1e-4, atol=1e-4 * np.abs(parted).max())


def test_errors_of_simulated_tracks_match_the_covariance(flights):
    """Least squares over simulated looks errs as the information says: normalised error squared in band."""
    rng = np.random.default_rng(3)
    times = np.arange(420.0, 520.0, 1.0)
    count = int(flights.counts[0])
    phis = tracking.transitions(flights.nodes[0], count, times, WGS84)
    accuracy = tracking.Accuracy(np.radians(0.16), 0.15)
    site = (np.radians(49.66), np.radians(13.66), 500.0)
    ratios = np.full(len(times), 60.0)
    information = tracking.accumulate(
        flights.nodes[0], count, times, phis, np.ones(len(times)), ratios, *site, accuracy, WGS84
    )[-1]
    # Simulate: each look gives a noisy position with the look's own covariance.
    from midcourse.physics.earth import to_ecef

    states = flights.inertial_states(0, times)
    fixed = np.array(to_ecef(*site, WGS84))
    scale = np.array([1e3] * 3 + [1.0] * 3)
    normal = np.zeros((6, 6))
    looks = []
    for t, phi, state in zip(times, phis, states, strict=True):
        angle = WGS84.rotation * t
        c, s = np.cos(angle), np.sin(angle)
        here = np.array([c * fixed[0] - s * fixed[1], s * fixed[0] + c * fixed[1], fixed[2]])
        u = (state[:3] - here) / np.linalg.norm(state[:3] - here)
        across = (
            np.linalg.norm(state[:3] - here)
            * accuracy.beamwidth
            * max(tracking.FLOOR, 1 / (1.6 * np.sqrt(120.0)))
        )
        along = accuracy.range_cell * max(tracking.FLOOR, 1 / (1.6 * np.sqrt(120.0)))
        covariance = along**2 * np.outer(u, u) + across**2 * (np.eye(3) - np.outer(u, u))
        weight = np.linalg.inv(covariance)
        rows = phi[:3] * scale
        normal += rows.T @ weight @ rows
        looks.append((rows, weight, np.linalg.cholesky(covariance)))
    np.testing.assert_allclose(
        normal / np.outer(scale, scale), information, rtol=1e-6, atol=1e-9 * information.max()
    )
    squared = []
    for _ in range(400):
        right = sum(rows.T @ weight @ (root @ rng.standard_normal(3)) for rows, weight, root in looks)
        error = np.linalg.solve(normal, right)
        squared.append(error @ normal @ error)
    # The mean of 400 chi-squared values of six degrees lies in this band 99.9 % of the time.
    assert 6.0 - 3.3 * np.sqrt(12.0 / 400) < np.mean(squared) < 6.0 + 3.3 * np.sqrt(12.0 / 400)


@settings(max_examples=15, deadline=None)
@given(st.floats(13.0, 1e4), st.floats(1e-3, 0.02), st.integers(0, 60))
def test_one_more_radar_never_hurts(flights, snr, beamwidth, blind):
    """Fusing adds information in every direction; a radar that sees nothing adds none."""
    times = np.arange(420.0, 520.0, 5.0)
    count = int(flights.counts[0])
    phis = tracking.transitions(flights.nodes[0], count, times, WGS84)
    seen = np.ones(len(times))
    seen[:blind] = 0.0
    gathered = tracking.accumulate(
        flights.nodes[0], count, times, phis, seen, np.full(len(times), snr),
        0.9, 0.2, 0.0, tracking.Accuracy(beamwidth, 30.0), WGS84,
    )  # fmt: skip
    scale = np.array([1e3] * 3 + [1.0] * 3)
    for step in gathered:
        smallest = np.linalg.eigvalsh(step * np.outer(scale, scale)).min()
        assert smallest > -1e-9 * max(1e-30, np.abs(step * np.outer(scale, scale)).max())
    if blind >= len(times):
        assert not gathered.any()


def test_fused_track_is_at_least_as_good_as_the_best(dossier):
    seen = watch(dossier, "joint", "notional-icbm", TEHRAN, NEW_YORK)
    best = {}
    for sensor in seen.sensors:
        for point in sensor.track:
            t = round(point.t_s)
            best[t] = min(best.get(t, np.inf), point.position_error_m)
    compared = [(point, best[round(point.t_s)]) for point in seen.fused if round(point.t_s) in best]
    assert len(compared) > 10
    for point, alone in compared:
        assert point.position_error_m <= alone * (1.0 + 1e-6)


def test_a_track_that_is_not_renewed_gets_worse(dossier):
    """Gabala loses the missile soon after burnout; what it knows then decays as its velocity error says."""
    seen = watch(dossier, "joint", "notional-icbm", TEHRAN, NEW_YORK)
    gabala = next(each for each in seen.sensors if each.sensor == "gabala@gabala")
    last = gabala.intervals_s[-1][1]
    after = [point for point in gabala.track if point.t_s > last + 20.0]
    assert after[-1].position_error_m > 5.0 * after[0].position_error_m
