"""Flights by an aim field against the same flights aimed one by one.

Both end within 5 m of the target. Their kicks may differ: ``aim`` stops where the logarithm of the kick moves
by less than 4e-3, the field errs by its cubics, and round the kick of least energy a small change of it is a
large one of the flight. So apogees of long flights differ by up to a tenth, energies hardly at all.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Geod

from midcourse.dossier import Dossier
from midcourse.model import missile as make_missile
from midcourse.model.aim_field import AimField, aim_field_over
from midcourse.model.flights import Flights, aim_flights
from midcourse.physics import aim_field
from midcourse.physics.aim_lattice import all_ahead, standing
from midcourse.physics.earth import WGS84
from midcourse.physics.reach import GOOD_MISS, HIT, NOT_CONVERGED, OUT_OF_REACH, TOO_CLOSE

Array = NDArray[np.float64]

IRAN, DATE_LINE, ARCTIC, SOUTH = (35.7, 51.4), (60.0, 179.0), (86.0, 20.0), (-10.0, -178.0)
# How far places stand round the center [m], and how much apogee and time of flight may differ [1]. Of 320
# flights each, all round these four centers, the worst differed by 0.2 % and 0.06 % for the medium-range
# missile, 0.3 % and 0.1 % for the intermediate, 6 % and 1.5 % for the liquid-fuelled intercontinental, 10 %
# and 2.5 % for the solid-fuelled; in energy by 2e-6, 7e-6, 7e-5, 3e-4 of it.
MISSILES = {
    "notional-mrbm": (2.6e6, 0.005, 0.002, 1e-5),
    "notional-irbm": (5.0e6, 0.01, 0.004, 3e-5),
    "notional-icbm": (13e6, 0.12, 0.03, 3e-4),
    "notional-icbm-solid": (13e6, 0.15, 0.04, 6e-4),
}
# Of flights that rise less than this [m], both may differ twice as much, and energy no more: the course that
# the kicks of a lattice are fitted to errs most at its near end, by 0.004, and by 0.01 where flights of 90 km
# end, of the logarithm. ``aim`` and the lattice both stop 0.01 above the kick of least energy, half of the
# step over which they take its slope.
LOW = 150e3


def _round(center: tuple[float, float], distances: Array, seed: int) -> Array:
    """Places all round a center [deg], so far from it [m]: (p, 3) [rad, rad, m]."""
    count = len(distances)
    bearings = np.random.default_rng(seed).uniform(-180.0, 180.0, count)
    lon, lat, _ = Geod(ellps="WGS84").fwd(
        np.full(count, center[1]), np.full(count, center[0]), bearings, distances
    )
    return np.radians(np.column_stack([lat, lon, np.zeros(count)]))


def _field(
    dossier: Dossier, missile: str, center: tuple[float, float], others: Array, outward: bool
) -> AimField:
    with ThreadPoolExecutor(1) as pool:
        place = np.radians([*center, 0.0])
        return aim_field_over(make_missile(dossier, missile), place, others, outward=outward, pool=pool)


def _one_by_one(field: AimField, others: Array) -> tuple[Flights, NDArray[np.int64]]:
    here = field.center[None]
    flights, status, _ = aim_flights(field.missile, *((here, others) if field.outward else (others, here)))
    return flights, status


def _energies(flights: Flights) -> Array:
    """Energy at cutoff of every flight, from its nodes [J/kg]."""
    rows = np.arange(len(flights))
    at = np.argmin(np.abs(flights.nodes[:, :, 0] - flights.burnout_s[:, None]), axis=1)
    nodes = flights.nodes[rows, at]
    np.testing.assert_allclose(nodes[:, 0], flights.burnout_s, rtol=1e-12)
    return 0.5 * (nodes[:, 4:7] ** 2).sum(axis=1) - WGS84.mu / np.linalg.norm(nodes[:, 1:4], axis=1)


def _misses(flights: Flights) -> Array:
    """How far from their targets flights end, along the ground [m]."""
    ends = np.array([flights.states(i, flights.impact_s[i : i + 1])[0, :3] for i in range(len(flights))])
    lat, lon = np.arctan2(ends[:, 2], np.hypot(ends[:, 0], ends[:, 1])), np.arctan2(ends[:, 1], ends[:, 0])
    # On the ground, from geocentric latitude to geodetic.
    flat = WGS84.flattening
    lat = np.arctan(np.tan(lat) / (1.0 - flat) ** 2)
    targets = flights.targets
    return np.asarray(
        Geod(ellps="WGS84").inv(lon, lat, targets[:, 1], targets[:, 0], radians=True)[2], dtype=float
    )


def _compare(dossier: Dossier, missile: str, center: tuple[float, float], outward: bool, count: int) -> None:
    far, apogee, time, energy = MISSILES[missile]
    seed = sum(map(ord, missile)) + int(center[1]) + 1000
    rng = np.random.default_rng(seed)
    others = _round(center, far * np.sqrt(rng.uniform(0.0005, 1.0, count)), seed)
    field = _field(dossier, missile, center, others, outward)
    flights, status = field.fly(others)
    aimed, expected = _one_by_one(field, others)
    np.testing.assert_array_equal(status, expected)
    np.testing.assert_array_equal(flights.pairs, aimed.pairs)
    assert len(flights) > count // 3
    np.testing.assert_array_equal(flights.launches, aimed.launches)
    np.testing.assert_array_equal(flights.targets, aimed.targets)
    assert flights.steering[:, 3].max() < GOOD_MISS
    # A metre for what the last node stands above or below the ground.
    assert _misses(flights).max() < GOOD_MISS + 1.0
    # Where ``aim`` burns out, another flight a hair short of that may be the one of least energy.
    cut = aimed.steering[:, 2] < field.missile.burn_time_s
    loose = np.where(aimed.apogee_m < LOW, 2.0, 1.0)
    assert (np.abs(flights.apogee_m / aimed.apogee_m - 1.0) < apogee * loose)[cut].all()
    assert (np.abs(flights.impact_s / aimed.impact_s - 1.0) < time * loose)[cut].all()
    ours, theirs = _energies(flights), _energies(aimed)
    np.testing.assert_allclose(ours[cut], theirs[cut], rtol=energy)
    assert (ours <= theirs + energy * np.abs(theirs)).all()
    assert (flights.burnout_s <= field.missile.burn_time_s + 1e-9).all()
    assert flights.impact_s.max() - flights.burnout_s.min() < 1.3 * field.longest_free_s


@pytest.mark.parametrize(
    ("missile", "center", "outward"),
    [
        pytest.param("notional-mrbm", DATE_LINE, True, marks=pytest.mark.slow),
        pytest.param("notional-irbm", IRAN, True, marks=pytest.mark.slow),
        ("notional-irbm", ARCTIC, False),
        pytest.param("notional-icbm", SOUTH, False, marks=pytest.mark.slow),
        ("notional-icbm-solid", DATE_LINE, True),
    ],
)
def test_flights_are_those_aimed_one_by_one(
    third_site: Dossier, missile: str, center: tuple[float, float], outward: bool
) -> None:
    _compare(third_site, missile, center, outward, 40)


@pytest.mark.slow
@pytest.mark.parametrize("outward", [True, False])
@pytest.mark.parametrize("center", [IRAN, DATE_LINE, ARCTIC, SOUTH])
@pytest.mark.parametrize("missile", MISSILES)
def test_many_flights_are_those_aimed_one_by_one(
    third_site: Dossier, missile: str, center: tuple[float, float], outward: bool
) -> None:
    _compare(third_site, missile, center, outward, 150)


@pytest.mark.parametrize("outward", [pytest.param(True, marks=pytest.mark.slow), False])
def test_the_edge_of_reach_is_where_aim_finds_it(third_site: Dossier, outward: bool) -> None:
    """Places within a twentieth of the longest range, which the Earth's turning pushes out to the east."""
    center = IRAN
    probe = _field(third_site, "notional-irbm", center, _round(center, np.full(90, 4e6), 3), outward)
    turns = np.random.default_rng(7).uniform(0.96, 1.04, 60)
    bearings = np.random.default_rng(8).uniform(0.0, 2.0 * np.pi, 60)
    around = probe.edge.first + probe.edge.step * np.arange(len(probe.edge.farthest))
    longest = np.interp(bearings, around, probe.edge.farthest)
    others = np.array(
        [
            [*standing(probe.center, bearing, angle, outward, WGS84), 0.0]
            for bearing, angle in zip(bearings, turns * longest, strict=True)
        ]
    )
    field = _field(third_site, "notional-irbm", center, others, outward)
    _, status = field.fly(others)
    _, expected = _one_by_one(field, others)
    assert {HIT, OUT_OF_REACH} <= set(expected.tolist())
    np.testing.assert_array_equal(status, expected)


def _over_the_world(count: int, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    return np.column_stack(
        [np.arcsin(rng.uniform(-1.0, 1.0, count)), rng.uniform(-np.pi, np.pi, count), np.zeros(count)]
    )


@pytest.mark.parametrize(
    ("missile", "center", "outward"),
    [
        pytest.param("notional-icbm", IRAN, True, marks=pytest.mark.slow),
        pytest.param("notional-icbm", ARCTIC, True, marks=pytest.mark.slow),
        ("notional-icbm", DATE_LINE, False),
        ("notional-icbm-solid", IRAN, True),
        pytest.param("notional-icbm-solid", SOUTH, True, marks=pytest.mark.slow),
        pytest.param("notional-irbm", SOUTH, True, marks=pytest.mark.slow),
    ],
)
def test_all_over_the_world_what_is_reached_is_reached(
    third_site: Dossier, missile: str, center: tuple[float, float], outward: bool
) -> None:
    """Past the farthest that ``aim`` finds, near the antipode, the field finds more: flights that do hit."""
    others = _over_the_world(200, 5)
    field = _field(third_site, missile, center, others, outward)
    flights, status = field.fly(others)
    _, expected = _one_by_one(field, others)
    found = status != expected
    assert (status[found] == HIT).all()
    assert (expected[found] == OUT_OF_REACH).all()
    away = all_ahead(field.center, others, outward, WGS84)[:, 1]
    assert (away[found] > np.radians(130.0)).all()
    assert _misses(flights).max() < GOOD_MISS + 1.0
    assert (flights.burnout_s <= field.missile.burn_time_s + 1e-9).all()
    assert len(flights) > 10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missile", "center"),
    [
        pytest.param("notional-icbm", IRAN, marks=pytest.mark.slow),
        ("notional-icbm", ARCTIC),
        ("notional-icbm-solid", IRAN),
        pytest.param("notional-icbm-solid", ARCTIC, marks=pytest.mark.slow),
    ],
)
def test_long_maps_are_aimed_by_the_lattice(
    third_site: Dossier, missile: str, center: tuple[float, float]
) -> None:
    """All round the world; at the edges of what is known some are left to be aimed at length."""
    others = _over_the_world(750, 6)
    field = _field(third_site, missile, center, others, True)
    status = aim_field.aim_between(
        field.missile.vehicle, field.center, others, field.lattice, field.edge, True, WGS84
    )[0]
    assert (status == NOT_CONVERGED).mean() < 0.025


@pytest.mark.parametrize("outward", [True, False])
def test_where_places_will_be_leads_back_to_them(outward: bool) -> None:
    center = np.radians([*IRAN, 0.0])
    others = _over_the_world(200, 9)
    away = all_ahead(center, others, outward, WGS84)
    told = away[:, 1] < 0.95 * np.pi
    back = np.array([standing(center, toward, angle, outward, WGS84) for toward, angle in away[told]])
    np.testing.assert_allclose(back[:, 0], others[told, 0], atol=1e-9)
    np.testing.assert_allclose(np.cos(back[:, 1] - others[told, 1]), 1.0, atol=1e-12)


def test_what_is_too_close_is_told(third_site: Dossier) -> None:
    others = _round(DATE_LINE, np.linspace(50e3, 900e3, 30), 2)
    field = _field(third_site, "notional-irbm", DATE_LINE, others, True)
    flights, status = field.fly(others)
    _, expected = _one_by_one(field, others)
    assert TOO_CLOSE in expected
    np.testing.assert_array_equal(status, expected)
    assert len(flights) == (expected == HIT).sum()


def test_the_lattice_serves_most_flights(third_site: Dossier) -> None:
    """What makes maps fast: nearly all flights come from the lattice, not from aiming at length."""
    others = _round(IRAN, np.linspace(1e6, 3.5e6, 80), 5)
    field = _field(third_site, "notional-irbm", IRAN, others, True)
    status = aim_field.aim_between(
        field.missile.vehicle, field.center, others, field.lattice, field.edge, True, WGS84
    )[0]
    assert (status == NOT_CONVERGED).mean() < 0.05


def test_places_in_one_corner_need_a_field_of_that_corner(third_site: Dossier) -> None:
    """Bearings on both sides of north, where they wrap, and no others."""
    away = np.array([-30.0, -10.0, 0.0, 12.0, 25.0])
    lon, lat, _ = Geod(ellps="WGS84").fwd(np.full(5, 51.4), np.full(5, 35.7), away, np.full(5, 2.5e6))
    others = np.radians(np.column_stack([lat, lon, np.zeros(5)]))
    field = _field(third_site, "notional-irbm", IRAN, others, True)
    assert field.lattice.step * (len(field.lattice.steered) - 1) < np.radians(70.0)
    flights, status = field.fly(others)
    aimed, expected = _one_by_one(field, others)
    assert (status == HIT).all()
    assert (expected == HIT).all()
    np.testing.assert_allclose(flights.apogee_m, aimed.apogee_m, rtol=0.01)


def test_a_field_of_a_single_place(third_site: Dossier) -> None:
    others = _round(IRAN, np.array([3e6]), 1)
    field = _field(third_site, "notional-irbm", IRAN, others, True)
    flights, status = field.fly(others)
    assert status.tolist() == [HIT]
    assert flights.pairs.tolist() == [[0, 0]]


def test_the_center_itself_and_its_antipode_are_no_targets(third_site: Dossier) -> None:
    lat, lon = np.radians(IRAN)
    others = np.array(
        [[lat, lon, 0.0], [-lat, lon - np.pi, 0.0], [np.pi / 2, 0.0, 0.0], [lat, lon + 0.4, 0.0]]
    )
    for missile in ("notional-irbm", "notional-icbm"):
        field = _field(third_site, missile, IRAN, others, True)
        flights, status = field.fly(others)
        _, expected = _one_by_one(field, others)
        np.testing.assert_array_equal(status, expected)
        assert status[0] == TOO_CLOSE
        assert status[1] == OUT_OF_REACH
        assert len(flights) == (expected == HIT).sum() > 0
