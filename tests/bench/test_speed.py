"""How fast the kernels are, beside peers that do the same work. Run by ``make bench``; not a test."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from midcourse import load
from midcourse.model import missile as make_missile
from midcourse.model.defence import Place
from midcourse.model.flights import aim_flights
from midcourse.model.flyouts import flyout_table
from midcourse.model.rocket import interceptor
from midcourse.physics import flight, intercept
from midcourse.physics.earth import WGS84

pytestmark = pytest.mark.benchmark


@pytest.fixture(scope="module")
def dossier():
    return load("third-site")


@pytest.fixture(scope="module")
def burnout_state(dossier):
    """A flight just after burnout: time, position and velocity in ECI."""
    missile = make_missile(dossier, "notional-icbm")
    launch, target = np.radians([[35.7, 51.4, 0.0]]), np.radians([[40.7, -74.0, 0.0]])
    flights, _, _ = aim_flights(missile, launch, target)
    return missile, flights


def test_whole_flight(benchmark, burnout_state):
    """One flight from launch to impact, dense output included."""
    missile, flights = burnout_state
    nodes = np.empty((flight.MOST_NODES, flight.NODE_COLUMNS))
    steering = flights.steering[0]
    launch = flights.launches[0]
    benchmark(flight.fly, missile.vehicle, *launch, *steering[:3], 12000.0, flight.TOLERANCE, WGS84, nodes)


@pytest.mark.parametrize("peer", ["scipy DOP853", "heyoka"])
def test_free_flight_of_a_peer(benchmark, burnout_state, peer):
    """Free flight with J2 over 25 minutes by a peer, to a like accuracy, beside the whole flight above."""
    _, flights = burnout_state
    start = flights.inertial_states(0, np.array([400.0]))[0]
    duration = 1200.0
    mu, j2, radius = WGS84.mu, WGS84.j2, WGS84.radius
    if peer == "heyoka":
        import heyoka as hy

        x, y, z, vx, vy, vz = hy.make_vars("x", "y", "z", "vx", "vy", "vz")
        r2 = x**2 + y**2 + z**2
        k = -mu * r2**-1.5
        q = 1.5 * j2 * radius**2 / r2
        s = 5.0 * z**2 / r2
        system = [
            (x, vx), (y, vy), (z, vz),
            (vx, k * x * (1.0 + q * (1.0 - s))),
            (vy, k * y * (1.0 + q * (1.0 - s))),
            (vz, k * z * (1.0 + q * (3.0 - s))),
        ]  # fmt: skip
        integrator = hy.taylor_adaptive(system, start.tolist(), tol=1e-9)

        def run():
            integrator.time = 0.0
            integrator.state[:] = start
            integrator.propagate_until(duration)

    else:
        from scipy.integrate import solve_ivp

        def slope(_t, state):
            position = state[:3]
            square = position @ position
            pull = -mu * square**-1.5
            bulge = 1.5 * j2 * radius**2 / square
            high = 5.0 * position[2] ** 2 / square
            factors = 1.0 + bulge * (np.array([1.0, 1.0, 3.0]) - high)
            return np.concatenate([state[3:], pull * position * factors])

        def run():
            solve_ivp(slope, (0.0, duration), start, method="DOP853", rtol=1e-9, atol=1e-3)

    benchmark(run)


def test_aim(benchmark, dossier):
    """Ten intercontinental flights aimed and flown."""
    missile = make_missile(dossier, "notional-icbm")
    launches = np.radians([[35.7, 51.4, 0.0], [30.0, 57.0, 0.0]])
    targets = np.radians(
        [[40.7, -74.0, 0.0], [34.0, -118.2, 0.0], [41.9, -87.6, 0.0], [29.8, -95.4, 0.0], [33.4, -112.0, 0.0]]
    )
    assert len(missile.ranges.cutoff)
    benchmark(aim_flights, missile, launches, targets)


def test_flyout_table(benchmark, dossier):
    """One fly-out table."""
    vehicle = interceptor(dossier, "gbi-2-stage").vehicle
    site = Place("redzikowo", "Redzikowo", np.radians(54.48), np.radians(17.1))
    benchmark(flyout_table, vehicle, site, 2400.0, 100e3)


def test_flyout_queries(benchmark, dossier):
    """Ten thousand earliest arrivals."""
    vehicle = interceptor(dossier, "gbi-2-stage").vehicle
    table = flyout_table(
        vehicle, Place("redzikowo", "Redzikowo", np.radians(54.48), np.radians(17.1)), 2400.0, 100e3
    )
    approach = np.zeros((100, 100, 5))
    approach[:, :, intercept.BEARING] = np.linspace(0.0, 6.2, 100)[:, None]
    approach[:, :, intercept.ANGLE] = np.linspace(0.05, 0.6, 100)
    approach[:, :, intercept.ABOVE] = 600e3
    benchmark(intercept.arrivals, table, approach)


def test_assess_third_site(benchmark):
    """``midcourse assess third-site`` from shell to table, warm."""
    command = [sys.executable, "-m", "midcourse.cli", "assess", "third-site"]
    subprocess.run(command, check=True, capture_output=True)
    benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=3)


def test_help(benchmark):
    """``midcourse --help``."""
    command = [sys.executable, "-m", "midcourse.cli", "--help"]
    benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=5)
