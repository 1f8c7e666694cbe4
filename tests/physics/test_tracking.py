"""How well a flight is known: linear maps against the flight itself, looks against a fit by least squares,
what fusing may and may not do, and looks gathered in cells against single ones.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.stats import chi2

from midcourse.analysis.engagement import FLIGHT, OneFlight
from midcourse.analysis.outlook import Station
from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.model import missile as make_missile
from midcourse.model.flights import aim_one
from midcourse.physics import acquisition, knowledge, observation, sight, tracking
from midcourse.physics import radar as radars
from midcourse.physics.earth import WGS84, gravity

from .station import axes, measure, packed, slopes, station_state, symmetric

TEHRAN, NEW_YORK = tuple(np.radians([35.7, 51.4])), tuple(np.radians([40.7, -74.0]))
BRDY = np.array([np.radians(49.66), np.radians(13.66), 700.0])
FYLINGDALES = np.array([np.radians(54.36), np.radians(-0.67), 260.0])
# Units of the state: km and m/s.
SCALE = np.array([1e3] * 3 + [1.0] * 3)
PERIOD = 150.0

places = st.tuples(st.floats(-1.4, 1.4), st.floats(-3.1, 3.1), st.floats(0.0, 3e3)).map(np.array)


@pytest.fixture(scope="module")
def flights(third_site):
    return aim_one(make_missile(third_site, "notional-icbm"), TEHRAN, NEW_YORK)


def fly(flights, times):
    """States in ECI, and how errors have grown since burnout."""
    since = np.concatenate([flights.burnout_s, times])
    phis = tracking.transitions(flights.nodes[0], int(flights.counts[0]), since, WGS84)
    return flights.inertial_states(0, times), phis[1:]


def radar_row(offset=0.0, skew=0.0, wander=PERIOD):
    """A radar of which only the biases count."""
    row = np.zeros(radars.COLUMNS)
    row[radars.OFFSET], row[radars.SKEW], row[radars.WANDER] = offset, skew, wander
    return row


def look_slopes(t, state, phi, receiver, transmitter=None):
    """How range, angle across, elevation and range rate change with the state at burnout in its units; the
    angle across is that of azimuth in space: less than azimuth by the cosine of the elevation.
    """
    rows = slopes(t, state, receiver, transmitter) * SCALE @ phi
    rows[1] *= np.cos(measure(t, state, receiver)[2])
    return rows


def with_record(prior, record, radar):
    """What is known once a radar's record is added: (21,)."""
    known = prior.copy()
    tracking.add_record(record, radar, np.empty((2, 6)), known)
    return known


def information(record, radar):
    return symmetric(with_record(np.zeros(tracking.PACKED), record, radar))


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(6.5e6, 9e6))
def test_gravity_gradient_is_the_slope_of_gravity(x, y, z, radius):
    direction = np.array([x, y, z])
    assume(np.linalg.norm(direction) > 1e-3)
    place = radius * direction / np.linalg.norm(direction)
    found = np.empty((3, 3))
    tracking.gravity_gradient(*place, WGS84, found)
    slope = np.empty((3, 3))
    for j, shift in enumerate(100.0 * np.eye(3)):
        ahead, behind = (np.array(gravity(*(place + sign * shift), WGS84)) for sign in (1.0, -1.0))
        slope[:, j] = (ahead - behind) / 200.0
    np.testing.assert_allclose(found, slope, atol=2e-8 * np.abs(slope).max())
    np.testing.assert_allclose(found, found.T, atol=1e-14)
    # Laplace's equation outside the masses.
    assert abs(np.trace(found)) < 1e-9 * np.abs(found).max()


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([1.0, 2.0, 3.0, 7.3, 19.99, 20.0, 20.01, 33.3, 34.3], id="a second apart"),
        pytest.param([400.0, 1000.0, 1600.0], id="far apart"),
        pytest.param([3.7, 90.2, 91.2, 777.7, 1234.5, 1235.0], id="anyhow"),
    ],
)
def test_transitions_are_how_free_flights_part(flights, after):
    """Flights from displaced starts, by scipy, part as the transitions say. Measured: within 1.1e-6 of the
    largest element of each block of position and velocity at any time.
    """
    start = float(flights.burnout_s[0])
    times = np.concatenate([[start], start + np.array(after)])
    phis = tracking.transitions(flights.nodes[0], int(flights.counts[0]), times, WGS84)
    state = flights.inertial_states(0, times[:1])[0]

    def slope(_t, y):
        return np.concatenate([y[3:], gravity(y[0], y[1], y[2], WGS84)])

    def end(y):
        found = solve_ivp(slope, (start, times[-1]), y, method="DOP853", t_eval=times, rtol=1e-13, atol=1e-6)
        return found.y.T

    parted = np.empty_like(phis)
    # As large as the flight's curvature allows, for rounding is the limit.
    for column, size in enumerate([200.0] * 3 + [0.2] * 3):
        shift = np.eye(6)[column] * size
        parted[:, :, column] = (end(state + shift) - end(state - shift)) / (2.0 * size)
    parted *= SCALE / SCALE[:, None]
    np.testing.assert_allclose(phis[0], np.eye(6), atol=1e-12)
    for found, expected in zip(phis, parted, strict=True):
        for rows in (slice(0, 3), slice(3, 6)):
            np.testing.assert_allclose(found[rows], expected[rows], atol=2e-6 * np.abs(expected[rows]).max())


def test_transitions_keep_the_symplectic_form(flights):
    """Gravity makes no errors and loses none: Phi' J Phi = J."""
    _, phis = fly(flights, flights.burnout_s[0] + np.array([50.0, 500.0, 1600.0]))
    form = np.zeros((6, 6))
    form[:3, 3:], form[3:, :3] = np.eye(3), -np.eye(3)
    for phi in phis:
        np.testing.assert_allclose(phi.T @ form @ phi, form, atol=2e-7)


@given(places, st.one_of(st.none(), places), st.floats(10.0, 1700.0))
def test_look_slopes_are_those_of_what_is_measured(flights, receiver, transmitter, after):
    """Against differences of what a station of numpy and pyproj measures."""
    t = float(flights.burnout_s[0]) + after
    states, phis = fly(flights, np.array([t]))
    line, rows = np.empty(10), np.empty((4, 6))
    elevation = measure(t, states[0], receiver)[2]
    # Straight overhead azimuth means nothing.
    assume(abs(elevation) < 1.5)
    assume(transmitter is None or np.abs(transmitter - receiver)[:2].max() > 1e-4)
    stations = tracking.anchors(receiver, receiver if transmitter is None else transmitter, WGS84)
    tracking.look_rows(t, states[0], phis[0], stations, WGS84, line, rows)
    expected = look_slopes(t, states[0], phis[0], receiver, transmitter)
    for found, row in zip(rows, expected, strict=True):
        np.testing.assert_allclose(found, row, rtol=0.0, atol=1e-6 * np.abs(row).max())
    here, moving = station_state(receiver, t)
    gap = states[0, :3] - here
    distance = np.linalg.norm(gap)
    np.testing.assert_allclose(line[:3], axes(receiver, t) @ gap / distance, atol=1e-9)
    np.testing.assert_allclose(line[3:7], [distance, *(gap / distance)], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(line[7:], moving, atol=1e-6)


def looks(flights, *, since=200.0, count=120, interval=1.0, seed=1):
    """Times, states, transitions and weights of looks with gaps between them."""
    rng = np.random.default_rng(seed)
    times = flights.burnout_s[0] + since + interval * np.arange(count)
    states, phis = fly(flights, times)
    weights = 1.0 / np.array([5.0, 4e-4, 1.0]) ** 2 * rng.uniform(0.3, 3.0, (count, 3))
    weights[rng.uniform(size=count) < 0.2] = 0.0
    return times, states, phis, weights


def design_of(times, states, phis, receiver, transmitter=None):
    """How what looks measure changes with the state at burnout: (n, 4, 6)."""
    return np.array(
        [look_slopes(t, s, p, receiver, transmitter) for t, s, p in zip(times, states, phis, strict=True)]
    )


def with_biases(times, weights, rows, offset, skew):
    """Normal matrix of a fit of the state at burnout and of two numbers for the bias of each of range and
    both angles: (12, 12).
    """
    course = times / PERIOD
    turns = np.stack([np.cos(course), np.sin(course)], axis=1)
    design = np.zeros((len(times), 4, 12))
    design[:, :, :6] = rows
    for m in range(3):
        design[:, m, 6 + 2 * m : 8 + 2 * m] = turns
    known = np.stack([weights[:, 0], weights[:, 1], weights[:, 1], weights[:, 2]], axis=1)
    normal = np.einsum("lma,lm,lmb->ab", design, known, design)
    sizes = np.repeat([offset, skew, skew], 2)
    return normal + np.diag(np.concatenate([np.zeros(6), 1.0 / sizes**2])), design, known


@pytest.mark.parametrize("transmitter", [None, FYLINGDALES], ids=["together", "apart"])
def test_looks_add_up_to_the_normal_matrix(flights, transmitter):
    times, states, phis, weights = looks(flights)
    rows = design_of(times, states, phis, BRDY, transmitter)
    other = BRDY if transmitter is None else transmitter
    records = tracking.filter_looks(times, states, phis, BRDY, other, weights, PERIOD, 1, WGS84)
    for last in (5, 60, 119):
        normal, _, _ = with_biases(times[: last + 1], weights[: last + 1], rows[: last + 1], 1.0, 1.0)
        expected = normal[:6, :6]
        size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
        np.testing.assert_allclose(
            information(records[last], radar_row()) / size, expected / size, rtol=0.0, atol=2e-6
        )


@pytest.mark.parametrize(("offset", "skew"), [(2.0, 5e-5), (300.0, 2e-3), (1e-3, 1e-8)])
@pytest.mark.parametrize("transmitter", [None, FYLINGDALES], ids=["together", "apart"])
def test_biases_left_out_are_biases_solved_for(flights, transmitter, offset, skew):
    """The information left is the inverse of the state's part of the whole fit's covariance."""
    times, states, phis, weights = looks(flights)
    rows = design_of(times, states, phis, BRDY, transmitter)
    other = BRDY if transmitter is None else transmitter
    records = tracking.filter_looks(times, states, phis, BRDY, other, weights, PERIOD, 1, WGS84)
    prior = np.zeros(tracking.PACKED)
    tracking.cue_information(states[0], 2e4, 300.0, 500.0, prior)
    for last in (5, 60, 119):
        normal, _, _ = with_biases(times[: last + 1], weights[: last + 1], rows[: last + 1], offset, skew)
        normal[:6, :6] += symmetric(prior)
        size = np.sqrt(np.diag(normal))
        covariance = np.linalg.inv(normal / np.outer(size, size)) / np.outer(size, size)
        found = np.linalg.inv(symmetric(prior) + information(records[last], radar_row(offset, skew)))
        sigma = np.sqrt(np.diag(covariance)[:6])
        np.testing.assert_allclose(
            found / np.outer(sigma, sigma), covariance[:6, :6] / np.outer(sigma, sigma), rtol=0.0, atol=1e-5
        )


def test_cue_is_a_normal_error_of_place_and_speed(flights):
    state = flights.inertial_states(0, flights.burnout_s)[0]
    prior = np.zeros(tracking.PACKED)
    tracking.cue_information(state, 12e3, 200.0, 350.0, prior)
    covariance = np.linalg.inv(symmetric(prior)) * np.outer(SCALE, SCALE)
    along = state[3:] / np.linalg.norm(state[3:])
    across = np.cross(along, [0.0, 0.0, 1.0])
    across /= np.linalg.norm(across)
    np.testing.assert_allclose(covariance[:3, :3], 12e3**2 * np.eye(3), rtol=1e-9, atol=1e-3)
    assert np.sqrt(along @ covariance[3:, 3:] @ along) == pytest.approx(200.0)
    assert np.sqrt(across @ covariance[3:, 3:] @ across) == pytest.approx(350.0)
    assert not covariance[:3, 3:].any()


def test_errors_are_the_trace_of_the_carried_covariance(flights):
    times, states, phis, weights = looks(flights)
    rows = design_of(times, states, phis, BRDY)
    normal = with_biases(times, weights, rows, 1.0, 1.0)[0][:6, :6]
    found = tracking.errors(np.tile(packed(normal), (len(times), 1)), phis)
    for phi, error in zip(phis, found, strict=True):
        carried = phi @ np.linalg.inv(normal) @ phi.T
        expected = np.sqrt([1e6 * np.trace(carried[:3, :3]), np.trace(carried[3:, 3:])])
        np.testing.assert_allclose(error, expected, rtol=1e-6)
    assert np.isnan(tracking.errors(np.zeros((1, tracking.PACKED)), phis[:1])).all()


def test_errors_of_fits_with_wandering_biases_match_the_information(flights):
    """Two radars whose biases are drawn anew in each of 500 runs, and least squares for all unknowns: the
    error of the state, squared and normalised by our information, lies in its 95 % band. Left out of the
    reckoning, the same biases would throw it far off.
    """
    rng = np.random.default_rng(20)
    runs = 500
    total, naive = np.zeros((6, 6)), np.zeros((6, 6))
    normal, right = np.zeros((18, 18)), np.zeros((18, runs))
    for k, (site, offset, skew) in enumerate([(BRDY, 20.0, 4e-4), (FYLINGDALES, 40.0, 1e-3)]):
        times, states, phis, weights = looks(flights, since=150.0 + 60.0 * k, count=200, seed=k)
        rows = design_of(times, states, phis, site)
        record = tracking.filter_looks(times, states, phis, site, site, weights, PERIOD, 1, WGS84)[-1]
        total += information(record, radar_row(offset, skew))
        naive += information(record, radar_row())
        own, design, known = with_biases(times, weights, rows, offset, skew)
        sizes = np.repeat([offset, skew, skew], 2)
        biases = sizes[:, None] * rng.standard_normal((6, runs))
        noise = rng.standard_normal((len(times), 4, runs)) * np.sqrt(
            np.divide(1.0, known, out=np.zeros_like(known), where=known > 0.0)[:, :, None]
        )
        seen = np.einsum("lmb,br->lmr", design[:, :, 6:], biases) + noise
        gathered = np.einsum("lma,lm,lmr->ar", design, known, seen)
        places = np.r_[0:6, 6 + 6 * k : 12 + 6 * k]
        normal[np.ix_(places, places)] += own
        right[places] += gathered
    size = np.sqrt(np.diag(normal))[:, None]
    errors = (np.linalg.solve(normal / size / size.T, right / size) / size)[:6]
    low, high = chi2.ppf([0.025, 0.975], 6 * runs) / runs
    squared = np.einsum("ar,ab,br->r", errors, total, errors)
    print(f"normalised error squared {squared.mean():.3f}, band {low:.3f} to {high:.3f}")
    assert low < squared.mean() < high
    assert np.einsum("ar,ab,br->r", errors, naive, errors).mean() > 2.0 * high


def gathered(flights, site, seed, seen):
    """A radar's record after forty looks, of which it sees the first few."""
    times, states, phis, weights = looks(flights, count=40, interval=4.0, seed=seed)
    weights[seen:] = 0.0
    return tracking.filter_looks(times, states, phis, site, site, weights, PERIOD, 1, WGS84)[-1]


@given(
    st.lists(st.tuples(places, st.integers(0, 1000), st.integers(0, 40)), min_size=2, max_size=4),
    st.floats(0.0, 1e3),
    st.floats(0.0, 1e-2),
)
def test_one_more_radar_never_hurts(flights, stations, offset, skew):
    """No eigenvalue of the covariance grows as radars are fused; one that sees nothing changes nothing."""
    state = flights.inertial_states(0, flights.burnout_s)[0]
    fused = np.zeros(tracking.PACKED)
    tracking.cue_information(state, 3e4, 300.0, 500.0, fused)
    before = np.linalg.eigvalsh(np.linalg.inv(symmetric(fused)))
    for site, seed, seen in stations:
        record = gathered(flights, site, seed, seen)
        earlier, fused = fused, with_record(fused, record, radar_row(offset, skew))
        after = np.linalg.eigvalsh(np.linalg.inv(symmetric(fused)))
        assert (after <= before * (1.0 + 1e-6)).all()
        if not record.any():
            np.testing.assert_array_equal(fused, earlier)
        before = after


@given(places, st.integers(0, 1000), st.floats(0.0, 300.0), st.floats(0.0, 1e-3), st.floats(1.0, 30.0))
def test_larger_biases_never_help(flights, site, seed, offset, skew, times):
    state = flights.inertial_states(0, flights.burnout_s)[0]
    record = gathered(flights, site, seed, 40)
    prior = np.zeros(tracking.PACKED)
    tracking.cue_information(state, 3e4, 300.0, 500.0, prior)
    less, more = (
        symmetric(prior) + information(record, radar_row(k * offset, k * skew)) for k in (times, 1.0)
    )
    # In units of the smaller error, so that every direction counts alike.
    root = np.linalg.inv(np.linalg.cholesky(more))
    assert np.linalg.eigvalsh(root @ less @ root.T).max() < 1.0 + 1e-6


class AsSampled(OneFlight):
    """Looked at as seldom as flights are when samples are drawn."""

    looks = Setting.looks


def tracked(dossier, flights, kind, architecture):
    """All that ``knowledge.tracks`` gives and takes, every 5 s."""
    setting = kind(dossier, flights)
    only = setting.flight_sets(FLIGHT)[0]
    world = World(setting, {}, {}, 1)
    seeing, watch = world.watching(architecture, only, np.zeros(1, dtype=np.int64))
    times = np.arange(flights.burnout_s[0] + 5.0, only.reentry_s[0], 5.0)
    _, phis = fly(flights, times)
    ground = setting.impact_planes(only)[0]
    summaries, spans, known = knowledge.tracks(watch, 0, 0, times, phis, ground)
    sensors = [setting.defence(architecture).sensors[i] for i in seeing]
    room = observation.bench_for(watch)
    observation.frame(watch, 0, room)
    observation.turn_to(watch, 0, 0, room)
    observation.observe(watch, 0, 0, 0, room)
    return only, sensors, watch.radars[:, 0], room.prior, times, phis, summaries, spans, known


def look_by_look(flights, only, sensor, radar, prior, times, phis, found):
    """Errors at ``times`` with every look of a radar in its own place: (n, 2)."""
    station = Station.of(sensor)
    receiver = np.array([station.lat, station.lon, station.altitude])
    transmitter = np.array(station.transmitter)
    interval = radar[radars.INTERVAL]
    moments = np.arange(found + 0.5 * interval, flights.impact_s[0], interval)
    states, grown = fly(flights, moments)
    rows = sight.sights(
        moments[None], states[None], only.axes, flights.missile.attitude, receiver, transmitter,
        np.array(station.boresights), WGS84,
    )[0]  # fmt: skip
    levels, cosines = np.full(len(rows), -np.inf), np.ones(len(rows))
    acquisition.look_levels(radar, rows, False, levels, cosines)
    seen = (rows[:, sight.LOW] >= radar[radars.LOWEST]) & (rows[:, sight.HIGH] <= radar[radars.HIGHEST])
    seen &= (rows[:, sight.OFF] <= radar[radars.HALF]) & (levels >= radar[radars.NEEDED])
    weights = np.zeros((len(moments), 3))
    for i in np.flatnonzero(seen):
        weights[i] = tracking.look_weights(radar, np.exp(levels[i]), cosines[i] ** -0.5)
    records = tracking.filter_looks(
        moments, states, grown, receiver, transmitter, weights, radar[radars.WANDER], 1, WGS84
    )
    known = np.full((len(times), 2), np.nan)
    for i, t in enumerate(times):
        last = np.searchsorted(moments, t, side="right") - 1
        if last >= 0 and records[last].any():
            informed = with_record(prior, records[last], radar)
            known[i] = tracking.errors(informed[None], phis[i : i + 1])[0]
    return known


@pytest.mark.parametrize(
    ("kind", "architecture", "name", "mean", "worst"),
    [
        pytest.param(OneFlight, "third-site", "emr", 0.01, 0.03, id="emr"),
        pytest.param(OneFlight, "third-site-forward", "tpy-2", 0.01, 0.01, id="tpy-2"),
        pytest.param(OneFlight, "two-site", "fylingdales", 0.015, 0.05, id="fylingdales"),
        pytest.param(OneFlight, "two-site", "thule", 0.01, 0.035, id="thule"),
        pytest.param(AsSampled, "third-site", "emr", 0.012, 0.07, id="emr, as sampled"),
        pytest.param(AsSampled, "two-site", "fylingdales", 0.02, 0.09, id="fylingdales, as sampled"),
        pytest.param(AsSampled, "two-site", "thule", 0.045, 0.12, id="thule, as sampled"),
    ],
)
def test_looks_gathered_in_cells_tell_what_single_looks_tell(
    third_site, flights, kind, architecture, name, mean, worst
):
    """Errors of position after the first minute of a track: root mean square and largest difference. Cells
    are 2 to 7 s long, or 22 to 90 s where flights are sampled; looks come every 0.6 to 1.2 s.

    What is left is that over a cell what is measured changes evenly and the echo is one.
    """
    only, sensors, rows, prior, times, phis, summaries, _, known = tracked(
        third_site, flights, kind, architecture
    )
    k = next(i for i, sensor in enumerate(sensors) if sensor.name.startswith(name))
    found = summaries[k, acquisition.FIRST_BODY]
    expected = look_by_look(flights, only, sensors[k], rows[k], prior, times, phis, found)
    late = (times > found + 60.0) & ~np.isnan(expected[:, 0])
    off = known[k, late, 0] / expected[late, 0] - 1.0
    print(f"{name}: rms {np.sqrt(np.mean(off**2)):.4f}, worst {np.abs(off).max():.4f}")
    assert late.sum() > 50
    assert np.sqrt(np.mean(off**2)) < mean
    assert np.abs(off).max() < worst


@given(
    st.integers(0, 999), st.floats(0.0, 0.9), st.floats(1e-4, 1.0), st.floats(0.0, 1.0),
    st.floats(0.01, 5.0), st.floats(0.0, 100.0),
)  # fmt: skip
def test_a_span_tells_the_same_however_it_is_cut(seed, low, part, cut, turn, course):
    """Looks that come evenly over part of a cell: in one sum, in two, and at 2000 moments; the biases turn by
    ``turn`` in the whole cell.
    """
    rng = np.random.default_rng(seed)
    rows, slopes = rng.standard_normal((2, 4, 6))
    structure = np.zeros(tracking.STRUCTURE)
    upper = np.triu_indices(6)
    for m, first in enumerate((0, 21, 21, 42)):
        r, d = rows[m], slopes[m]
        even, change, bend = np.outer(r, r), np.outer(r, d) + np.outer(d, r), np.outer(d, d)
        for start, each in ((0, even + bend / 3.0), (99, change), (162, bend)):
            structure[start + first : start + first + 21] += each[upper]
    structure[63:81], structure[81:99] = rows[:3].ravel(), slopes[:3].ravel()
    weights = rng.uniform(0.5, 2.0, 3)
    high = low + part * (1.0 - low)

    def add(a, b, share, record):
        tracking.add_span(structure, a, b, *(share * weights), course + a * turn, course + b * turn, record)

    whole, pieces = np.zeros((2, tracking.RECORD))
    add(low, high, 1.0, whole)
    middle = low + cut * (high - low)
    add(low, middle, cut, pieces)
    add(middle, high, 1.0 - cut, pieces)
    np.testing.assert_allclose(pieces, whole, rtol=0.0, atol=1e-12 * np.abs(whole).max())
    at = low + (high - low) * (np.arange(2000) + 0.5) / 2000
    turned = np.stack([np.cos(course + at * turn), np.sin(course + at * turn)], axis=1)
    every = rows + (2.0 * at - 1.0)[:, None, None] * slopes
    each = weights[[0, 1, 1, 2]]
    expected = np.zeros(tracking.RECORD)
    expected[:21] = np.einsum("m,lma,lmb->ab", each, every, every)[upper] / 2000
    for m in range(3):
        first = tracking.BIASES + 12 * m
        expected[first : first + 12] = each[m] * (turned.T @ every[:, m]).ravel() / 2000
    for m in range(2):
        first = tracking.PAIRS + 3 * m
        expected[first : first + 3] = each[m] * (turned.T @ turned)[[0, 0, 1], [0, 1, 1]] / 2000
    np.testing.assert_allclose(whole, expected, rtol=0.0, atol=2e-6 * np.abs(whole).max())
    whole, record = np.zeros((2, tracking.RECORD))
    add(0.0, 1.0, 1.0, whole)
    tracking.add_whole(structure, *weights, course, course + turn, record)
    np.testing.assert_allclose(record, whole, rtol=0.0, atol=1e-12 * np.abs(whole).max())


def test_fused_track_is_at_least_as_good_as_the_best(third_site, flights):
    known = tracked(third_site, flights, OneFlight, "two-site")[-1]
    best = np.nanmin(np.where(np.isnan(known[:-1]), np.inf, known[:-1]), axis=0)
    compared = np.isfinite(best[:, 0])
    assert compared.sum() > 100
    assert (known[-1][compared] <= best[compared] * (1.0 + 1e-6)).all()
    both = np.isfinite(known[:-1, :, 0]).sum(axis=0) > 1
    assert (known[-1][both, 0] < 0.99 * best[both, 0]).any()


def test_a_track_that_is_not_renewed_gets_worse(third_site, flights):
    """Gabala loses the missile soon after burnout: what it knows then decays as its velocity error says."""
    _, sensors, _, _, times, _, _, spans, known = tracked(third_site, flights, OneFlight, "joint")
    k = next(i for i, sensor in enumerate(sensors) if sensor.name.startswith("gabala"))
    last = spans[k, :, 1][spans[k, :, 1] > spans[k, :, 0]].max()
    after = known[k, times > last + 20.0]
    assert after[-1, 0] > 5.0 * after[0, 0]
    gone = times[-1] - times[times > last + 20.0][0]
    assert after[-1, 0] == pytest.approx(np.hypot(after[0, 0], after[0, 1] * gone), rel=0.5)
