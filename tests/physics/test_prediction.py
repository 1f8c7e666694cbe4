"""Predicted errors: radii against scipy and draws, planes against vectors and against flights flown on."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import halfnorm, ncx2, rayleigh

from midcourse.model import missile as make_missile
from midcourse.model.defence import Place
from midcourse.model.flights import aim_one
from midcourse.model.flyouts import flyout_table
from midcourse.physics import flight, intercept, prediction, tracking
from midcourse.physics.earth import WGS84, to_ecef
from midcourse.physics.flyout import arrival_velocity

from .station import TURNING, packed, turned

TEHRAN, NEW_YORK = tuple(np.radians([35.7, 51.4])), tuple(np.radians([40.7, -74.0]))
SCALE = np.array([1e3] * 3 + [1.0] * 3)
GEODETIC = pyproj.Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
SHARES = np.array([0.1, 0.5, 0.9, 0.99, 0.999])
RATIOS = np.linspace(0.0, 1.0, 17)


@pytest.fixture(scope="module")
def flights(third_site):
    return aim_one(make_missile(third_site, "notional-icbm"), TEHRAN, NEW_YORK)


def test_radius_of_a_round_error_is_rayleighs():
    found = prediction.radii(SHARES)[:, -1]
    np.testing.assert_allclose(found, rayleigh.ppf(SHARES), rtol=2e-6)
    np.testing.assert_allclose(found, np.sqrt(-2.0 * np.log(1.0 - SHARES)), rtol=2e-6)


def test_radius_of_an_error_along_a_line_is_half_normal():
    np.testing.assert_allclose(prediction.radii(SHARES)[:, 0], halfnorm.ppf(SHARES), rtol=0.002)


@given(st.floats(0.0, 1.0), st.floats(0.1, 4.5))
def test_share_within_a_radius_is_that_of_weighted_chi_squares(ratio, radius):
    """By a sum over one axis of what scipy says of the other. Measured: within 0.0012, on a line; within 1e-6
    from a ratio of 0.1 up.
    """
    found = prediction.share_within(radius, ratio)
    places, weights = np.polynomial.legendre.leggauss(200)
    # The larger axis from -r to r, as r times a sine, so that the ends are smooth.
    angle = 0.5 * np.pi * places
    x, room = radius * np.sin(angle), radius * np.cos(angle)
    small = np.maximum(ratio, 1e-9)
    inside = ncx2.cdf((room / small) ** 2, 1, 0.0)
    density = np.exp(-0.5 * x**2) / np.sqrt(2.0 * np.pi)
    expected = np.sum(weights * 0.5 * np.pi * room * density * inside)
    assert found == pytest.approx(expected, abs=0.0015)


@pytest.mark.parametrize("place", [0, 3, 8, 16])
def test_radius_holds_its_share_of_draws(place):
    """Of 400,000 draws, to three standard errors and a tenth of a per cent."""
    rng = np.random.default_rng(place)
    drawn = np.hypot(*(rng.standard_normal((400_000, 2)) * [1.0, RATIOS[place]]).T)
    for share, radius in zip(SHARES, prediction.radii(SHARES)[:, place], strict=True):
        scatter = np.sqrt(share * (1.0 - share) / len(drawn))
        assert np.mean(drawn < radius) == pytest.approx(share, abs=3.0 * scatter + 1e-3)


covariances = st.lists(st.floats(-1.0, 1.0), min_size=36, max_size=36).map(
    lambda values: np.array(values).reshape(6, 6) @ np.array(values).reshape(6, 6).T + 1e-2 * np.eye(6)
)
rows = st.lists(st.floats(-1.0, 1.0), min_size=12, max_size=12).map(np.array)


def radius_of(covariance, plane, share):
    """Radius [m] of the error that a covariance [km, m/s] makes in a plane."""
    known = packed(np.linalg.inv(covariance))
    table = prediction.radii(np.array([share]))[0]
    return prediction.error_radius(
        known, np.append(plane, 1e4), table, np.zeros((6, 6)), np.empty(6), np.empty(6)
    )


@given(covariances, rows.filter(lambda row: np.abs(row).max() > 0.1), st.floats(0.1, 0.999))
def test_radius_is_that_of_the_ellipse_of_the_error(covariance, plane, share):
    """The axes are the eigenvalues of the covariance in the plane; between two ratios tabulated the radius
    goes evenly.
    """
    across = plane.reshape(2, 6)
    small, large = np.sqrt(np.maximum(np.linalg.eigvalsh(across @ covariance @ across.T), 0.0))
    between = np.interp(small / large, RATIOS, prediction.radii(np.array([share]))[0])
    assert radius_of(covariance, plane, share) == pytest.approx(1e3 * large * between, rel=1e-4)


def test_radius_holds_its_share_of_drawn_states():
    rng = np.random.default_rng(4)
    root = rng.standard_normal((6, 6))
    plane = rng.standard_normal(12)
    drawn = rng.standard_normal((200_000, 6)) @ root.T @ plane.reshape(2, 6).T
    for share in (0.5, 0.9, 0.99):
        radius = radius_of(root @ root.T, plane, share)
        inside = np.mean(1e3 * np.hypot(*drawn.T) < radius)
        assert inside == pytest.approx(share, abs=3.0 * np.sqrt(share * (1.0 - share) / 2e5) + 2e-3)


def test_no_information_has_no_radius():
    nothing = np.zeros(tracking.PACKED)
    found = prediction.error_radius(
        nothing, np.ones(prediction.PLANE), prediction.radii(SHARES)[0], np.zeros((6, 6)), np.empty(6),
        np.empty(6),
    )  # fmt: skip
    assert np.isinf(found)


def fly_on(vehicle, start, state):
    """A flight through empty space to the ground: its nodes and their number."""
    nodes = np.zeros((flight.MOST_NODES, flight.NODE_COLUMNS))
    status, count = flight.coast(vehicle, start, state.copy(), 1e4, 1e-11, WGS84, nodes, 0)
    assert status == flight.IMPACT
    return nodes, count


def crossing(nodes, count, altitude):
    """When a falling flight passes an altitude, and where, in ECEF."""

    def fixed(t):
        state = np.empty(6)
        flight.state_at(nodes, count, t, state)
        return turned(state[:3], -TURNING * t)

    def above(t):
        return GEODETIC.transform(*fixed(t))[2] - altitude

    end = nodes[count - 1, 0]
    t = end if abs(above(end)) < 1.0 else brentq(above, 0.5 * end, end, xtol=1e-9)
    return t, fixed(t)


@pytest.mark.parametrize("altitude", [0.0, 100e3])
def test_impact_planes_are_where_displaced_flights_come_down(flights, in_the_void, altitude):
    """Flights displaced at burnout and flown on pass the level of the undisplaced one elsewhere, just as the
    plane says. Measured: within 2e-8.
    """
    start = float(flights.burnout_s[0])
    state = flights.inertial_states(0, flights.burnout_s)[0]
    nodes, count = fly_on(in_the_void, start, state)
    t, place = crossing(nodes, count, altitude)
    phis = tracking.transitions(nodes, count, np.array([start, t]), WGS84)
    found = prediction.impact_planes(nodes[None], np.array([float(count)]), np.array([t]), phis[1:], WGS84)[0]
    lon, lat = np.radians(GEODETIC.transform(*place)[:2])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    expected = np.empty((2, 6))
    for column, size in enumerate([300.0] * 3 + [0.3] * 3):
        shift = size * np.eye(6)[column]
        ends = [crossing(*fly_on(in_the_void, start, state + s * shift), altitude)[1] for s in (1.0, -1.0)]
        gap = (ends[0] - ends[1]) / (2.0 * size) * SCALE[column] / 1e3
        expected[:, column] = east @ gap, north @ gap
    slopes = found[:12].reshape(2, 6)
    size = np.abs(expected).max(axis=0)
    print(np.abs(slopes - expected).max(axis=0) / size)
    np.testing.assert_allclose(slopes / size, expected / size, rtol=0.0, atol=1e-6)
    over = np.empty(6)
    flight.ecef_state_at(nodes, count, t, WGS84, over)
    assert found[prediction.CLOSING] == pytest.approx(np.linalg.norm(over[3:]), rel=1e-9)


def test_planes_lie_across_the_closing_velocity(third_site, vehicles, flights):
    """Two unit vectors at right angles to each other and to the velocity of the flight relative to the
    interceptor, both in ECI; where the interceptor does not get, to the flight's own.
    """
    site = Place("redzikowo", "Redzikowo", np.radians(54.48), np.radians(17.1))
    table = flyout_table(vehicles["gbi-2-stage"], site, 1200.0, 100e3)
    place = np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))
    approach = intercept.approaches(flights.nodes, flights.counts, flights.burnout_s, place, 61, WGS84)
    times = np.ascontiguousarray(approach[:, :, intercept.TIME])
    phis = tracking.many_transitions(flights.nodes, flights.counts, times, WGS84)
    burnouts = flights.inertial_states(0, flights.burnout_s)
    found = prediction.planes(table, flights.nodes, flights.counts, approach, phis, burnouts, WGS84)[0]
    reached = 0
    for t, row, plane, phi in zip(times[0], approach[0], found, phis[0], strict=True):
        closing = flights.inertial_states(0, np.array([t]))[0]
        fixed = np.empty(3)
        meets = arrival_velocity(
            table, row[intercept.BEARING], row[intercept.ANGLE], row[intercept.ABOVE], fixed
        )
        velocity = closing[3:]
        if meets:
            reached += 1
            velocity = velocity - turned(fixed, TURNING * t) - np.cross([0.0, 0.0, TURNING], closing[:3])
        # The plane's rows are its directions through the growth of errors of position.
        directions = plane[:12].reshape(2, 6) @ np.linalg.pinv(phi[:3])
        np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-9)
        np.testing.assert_allclose(directions @ velocity / np.linalg.norm(velocity), 0.0, atol=1e-9)
        np.testing.assert_allclose(
            directions @ phi[:3], plane[:12].reshape(2, 6), atol=1e-9 * np.abs(plane).max()
        )
        assert plane[prediction.CLOSING] == pytest.approx(np.linalg.norm(velocity), rel=1e-9)
    assert 10 < reached < 61
