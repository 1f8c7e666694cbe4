"""How fast the kernels are, beside peers that do the same work. Run by ``make bench``; not a test."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from midcourse import load
from midcourse.analysis.chances import MOST_SHOTS, shooters
from midcourse.analysis.grid import make_grid
from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.model import missile as make_missile
from midcourse.model.defence import Place
from midcourse.model.flights import aim_flights
from midcourse.model.flyouts import flyout_table
from midcourse.model.memory import Memory
from midcourse.model.rocket import interceptor
from midcourse.physics import commit, flight, intercept, sight, tracking
from midcourse.physics import radar as radars
from midcourse.physics.earth import WGS84
from midcourse.physics.kernel import kernel
from midcourse.study.kept import Kept
from midcourse.study.map_asking import launch_spots
from midcourse.study.mapping import MapQuestion, draw_map

from ..physics.station import measure
from ..physics.stone_soup import Filter, Looks, model_of, seen

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


def test_free_flight(benchmark, burnout_state):
    """Free flight with J2 over 20 minutes, dense output included."""
    missile, flights = burnout_state
    start = flights.inertial_states(0, np.array([400.0]))[0]
    vehicle = missile.vehicle._replace(ballistic_coefficient=np.inf)
    nodes = np.empty((flight.MOST_NODES, flight.NODE_COLUMNS))
    benchmark(lambda: flight.coast(vehicle, 400.0, start.copy(), 1600.0, flight.TOLERANCE, WGS84, nodes, 0))


@pytest.mark.parametrize("peer", ["scipy DOP853", "heyoka"])
def test_free_flight_of_a_peer(benchmark, burnout_state, peer):
    """The same by a peer, to a like accuracy."""
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


# Half an hour from burnout, a look a second by four radars wherever the body stands 2 degrees high.
SITES = np.array(
    [[49.66, 13.66, 700.0], [54.36, -0.67, 260.0], [76.57, -68.30, 420.0], [36.9, 37.0, 2000.0]]
) * [np.pi / 180.0, np.pi / 180.0, 1.0]
SIGMAS = 1.0, 1e-4, 0.1


@kernel
def filtered(nodes, count, times, sites, weights, radar, prior, earth):
    """The errors of the fused track every 10 s."""
    states = sight.states_at(nodes.reshape(1, nodes.shape[0], -1), count, times.reshape(1, -1))[0]
    phis = tracking.transitions(nodes, int(count[0]), times, earth)
    known = np.empty((len(times) // 10, tracking.PACKED))
    known[:] = prior
    work = np.empty((2, 6))
    for k in range(len(sites)):
        records = tracking.filter_looks(
            times, states, phis, sites[k], sites[k], weights[k], radar[radars.WANDER], 10, earth
        )
        for i in range(len(known)):
            tracking.add_record(records[i], radar, work, known[i])
    return tracking.errors(known, phis[9::10].copy())


@pytest.fixture(scope="module")
def tracked(burnout_state):
    """What both filters take: nodes, times, sites, weights of the looks, radar, prior; the true states."""
    _, flights = burnout_state
    start = float(flights.burnout_s[0])
    times = start + np.arange(1.0, 1801.0)
    states = flights.inertial_states(0, times)
    high = [
        [measure(t, s, site)[2] > np.radians(2.0) for t, s in zip(times, states, strict=True)]
        for site in SITES
    ]
    weights = np.array(high)[:, :, None] * np.array(SIGMAS) ** -2.0
    radar = np.zeros(radars.COLUMNS)
    radar[radars.OFFSET], radar[radars.SKEW], radar[radars.WANDER] = 2.0, 5e-5, 1000.0
    state = flights.inertial_states(0, flights.burnout_s)[0]
    prior = np.zeros(tracking.PACKED)
    tracking.cue_information(state, 1e3, 10.0, 10.0, prior)
    return flights.nodes[0], flights.counts[:1], times, weights, radar, prior, start, state, states


def test_track(benchmark, tracked):
    """The covariance of one flight in all its looks: transitions, four radars, fusing, errors every 10 s."""
    nodes, count, times, weights, radar, prior, *_ = tracked
    benchmark.extra_info["looks"] = int((weights[:, :, 0] > 0.0).sum())
    errors = benchmark(filtered, nodes, count, times, SITES, weights, radar, prior, WGS84)
    assert errors[-1, 0] < 100.0


def test_track_by_stone_soup(benchmark, tracked):
    """The same looks through Stone Soup's extended filter, once."""
    _, _, times, weights, _, _, start, state, states = tracked
    sigmas = np.tile(SIGMAS, (len(times), 1))
    views = [Looks(site, times, states, sigmas, np.zeros((0, 6, 6))) for site in SITES]
    looks = [
        (t, model_of(view, i), seen(view, i, states[i]))
        for i, t in enumerate(times)
        for view, weight in zip(views, weights, strict=True)
        if weight[i, 0] > 0.0
    ]
    benchmark.extra_info["looks"] = len(looks)
    covariance = np.diag([1e3] * 3 + [10.0] * 3) ** 2

    def run():
        running = Filter(start, state, covariance)
        for t, model, values in looks:
            running.look(t, model, values)

    benchmark.pedantic(run, rounds=1)


@pytest.mark.parametrize("most", [0, MOST_SHOTS], ids=["engaged", "shots"])
def test_chances(benchmark, dossier, most):
    """All Iranian flights to America in 64 samples of the third site's radars, satellites and doctrine; see
    ``microseconds`` for the time of one flight in one sample.
    """
    parameters = dossier.parameters()
    paths = [path for path in parameters if path.startswith(("radar.", "satellite.", "doctrine."))]
    setting = Setting(dossier, paths)
    rng, rows = np.random.default_rng(1), 64
    values = {
        path: rng.uniform(parameters[path].lowest, parameters[path].highest, rows) for path in setting.sampled
    }
    world = World(setting, values, {}, rows)
    flights, samples = setting.flight_sets("iran-us")[0], np.arange(rows)
    _, watch = world.watching("third-site", flights, samples)
    firing = [b for b in setting.defence("third-site").batteries if setting.reaches(flights, b)]
    parts = [world.launching(battery, flights, samples) for battery in firing]
    indices = list(range(len(firing)))
    volleys = np.array([[0, len(firing), *indices]] if most else [], dtype=np.int64)
    questions = commit.Questions(
        np.zeros(0, dtype=np.int64),
        np.array([[0, b] for b in indices]),
        np.empty((len(indices), 0), dtype=np.int64),
        volleys.reshape(-1, len(firing) + 2),
        most,
    )
    benchmark(commit.sampled_chances, watch, shooters(parts, False), questions, False)
    if benchmark.stats:
        each = benchmark.stats.stats.median / (len(flights.flights) * rows)
        benchmark.extra_info["microseconds"] = round(1e6 * each, 2)
        print(f"{1e6 * each:.2f} us a flight and sample")


@pytest.fixture(scope="module")
def europe(dossier):
    """A map of Europe at a degree against three launch places, and the memory that holds fly-out tables."""
    memory = Memory()
    spots = launch_spots(dossier, "iran-europe-irbm")[:3]
    question = MapQuestion("defended", "third-site", make_grid("1 deg", "europe"), "iran-europe-irbm", spots)
    assert len(question.grid) == 2660
    # Kernels, tables and the land under the cells: warm.
    draw_map(dossier, question, memory=memory)
    return question, memory


def test_map_of_europe(benchmark, dossier, europe):
    """2,660 cells and three launch places, flights aimed and flown anew; two seconds are allowed."""
    question, memory = europe
    benchmark.pedantic(lambda: draw_map(dossier, question, memory=memory), rounds=3)
    assert benchmark.stats.stats.min < 2.0


@pytest.mark.parametrize("what", ["radar", "interceptor"])
def test_map_of_europe_again(benchmark, dossier, europe, what):
    """The same after a radar or a base is moved along its parallel, flights kept; 150 ms are allowed."""
    question, memory = europe
    kept = Kept()
    draw_map(dossier, question, memory=memory, kept=kept)
    site = "brdy" if what == "radar" else "redzikowo"
    lon = dossier.site[site].lon.value
    places = (np.degrees(lon) + 0.5 * step for step in range(1, 99))

    def moved():
        changed = dossier.with_overrides({f"site.{site}.lon": f"{next(places)} deg"})
        return (changed, question), {"memory": memory, "kept": kept}

    benchmark.pedantic(draw_map, setup=moved, rounds=5, warmup_rounds=1)
    assert benchmark.stats.stats.min < 0.15


def test_map_of_what_is_seen(benchmark, dossier):
    """Ten altitudes above 28,800 cells by six radars."""
    question = MapQuestion(
        "seen", "third-site", make_grid("1.5 deg"), altitudes_m=tuple(1e5 * step for step in range(1, 11))
    )
    assert len(question.grid) == 28800
    benchmark.pedantic(lambda: draw_map(dossier, question), rounds=3, warmup_rounds=1)


def test_assess_third_site(benchmark):
    """``midcourse assess third-site`` from shell to table, warm."""
    command = [sys.executable, "-m", "midcourse.cli", "assess", "third-site"]
    subprocess.run(command, check=True, capture_output=True)
    benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=3)


def test_help(benchmark):
    """``midcourse --help``."""
    command = [sys.executable, "-m", "midcourse.cli", "--help"]
    benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=5)
