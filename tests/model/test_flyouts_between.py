"""Fly-out tables read between others against tables of their own."""

from __future__ import annotations

import math

import numpy as np
import pytest

from midcourse.dossier import Dossier
from midcourse.model import interceptor
from midcourse.model.defence import Place
from midcourse.model.flyouts import flyout_table
from midcourse.model.flyouts_between import (
    LATITUDES_APART,
    PAYLOADS_APART,
    latitudes_round,
    payloads_round,
    table_between,
)
from midcourse.model.rocket import interceptor_vehicle
from midcourse.physics import intercept
from midcourse.physics.flyout import Flyout


def _place(lat: float) -> Place:
    return Place("", "", math.radians(lat), 0.3, 100.0)


@pytest.mark.parametrize(
    ("lat", "expected"),
    [
        (52.0, (40, 50, 60, 70)),
        (50.0, (40, 50, 60, 70)),
        (4.0, (-10, 0, 10, 20)),
        (-33.0, (-50, -40, -30, -20)),
        (79.0, (50, 60, 70, 80)),
        (-80.0, (-80, -70, -60, -50)),
        (81.0, ()),
    ],
)
def test_four_latitudes_stand_round_a_site(lat: float, expected: tuple[int, ...]) -> None:
    found = [math.degrees(each) for each in latitudes_round(math.radians(lat))]
    np.testing.assert_allclose(found, expected, atol=1e-9)


def _made(lat: float) -> Flyout:
    """A table whose figures are cubics in latitude."""
    course = 1.0 + lat - 2.0 * lat**2 + 0.5 * lat**3
    limit = np.full((2, 3), 0.5 + 0.1 * course)
    time, kick, speed = (np.full((2, 3, 4, *more), 100.0 + course) for more in ((), (2,), (3,)))
    return Flyout(np.zeros(3), np.array([1e6 + course, 95e3]), limit, time, kick, speed)


def test_what_goes_as_a_cubic_is_read_exactly() -> None:
    lats = latitudes_round(math.radians(47.0))
    site = _place(47.0)
    found, exact = table_between(lats, [_made(lat) for lat in lats], site.lat, site), _made(site.lat)
    assert found is not None
    for name in ("top", "limit", "time", "kick", "speed"):
        np.testing.assert_allclose(getattr(found, name), getattr(exact, name), rtol=1e-12)
    assert np.linalg.norm(found.site) > 6.3e6


def test_what_one_table_does_not_reach_is_not_reached() -> None:
    lats, site = latitudes_round(math.radians(47.0)), _place(47.0)
    tables = [_made(lat) for lat in lats]
    tables[0].limit[1, 2] = 0.0
    found = table_between(lats, tables, site.lat, site)
    assert found is not None
    assert (found.limit == 0.0).tolist() == [[False] * 3, [False, False, True]]
    tables[3].top[0] = 0.0
    assert table_between(lats, tables, site.lat, site) is None


@pytest.mark.parametrize("payload", [1.0, 70.0, 1050.0])
def test_four_payloads_stand_round_one(payload: float) -> None:
    found = payloads_round(payload)
    assert found[1] <= payload * (1.0 + 1e-9)
    assert payload < found[2]
    np.testing.assert_allclose(np.diff(np.log(found)), math.log(PAYLOADS_APART))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("gbi-2-stage", None),
        ("gbi-3-stage", None),
        ("sm-3-iia", None),
        ("kei", None),
        ("gbi-2-stage", 75.0),
        ("gbi-2-stage", 300.0),
        ("gbi-2-stage", 900.0),
        ("sm-3-iia", 70.0),
    ],
)
def test_arrivals_are_those_of_a_table_of_its_own(
    third_site: Dossier, name: str, payload: float | None
) -> None:
    """Half-way between tables, where reading errs most, by latitude or payload: 20,000 places up to 5,000 km
    away and 1,500 km up.
    """
    parameters, prefix = third_site.parameters(), f"interceptor.{name}."
    ends = parameters[prefix + "longest_flight"].highest, parameters[prefix + "minimum_altitude"].lowest
    site, random = _place(45.0), np.random.default_rng(1)

    def loaded(load: float) -> Flyout:
        return flyout_table(interceptor_vehicle(third_site, name, load), site, *ends)

    if payload is None:
        vehicle, points, at = interceptor(third_site, name).vehicle, latitudes_round(site.lat), site.lat
        assert max(abs(at - lat) for lat in points[1:3]) == pytest.approx(0.5 * LATITUDES_APART)
        near = [flyout_table(vehicle, _place(math.degrees(lat)), *ends) for lat in points]
        exact = flyout_table(vehicle, site, *ends)
    else:
        loads = payloads_round(payload)
        middle = math.sqrt(loads[1] * loads[2])
        points, at = tuple(math.log(load) for load in loads), math.log(middle)
        near, exact = [loaded(load) for load in loads], loaded(middle)
    read = table_between(points, near, at, site)
    assert read is not None
    places = np.zeros((1, 20_000, 5))
    places[0, :, intercept.BEARING] = random.uniform(-math.pi, math.pi, 20_000)
    places[0, :, intercept.ANGLE] = 0.8 * np.sqrt(random.uniform(0.0, 1.0, 20_000))
    places[0, :, intercept.ABOVE] = random.uniform(100e3, 1500e3, 20_000)
    one, other = (intercept.arrivals(table, places)[0] for table in (read, exact))
    assert np.count_nonzero(np.isnan(one) != np.isnan(other)) <= 2
    apart = np.abs(one - other)[np.isfinite(one) & np.isfinite(other)]
    assert len(apart) > 1_000
    assert apart.mean() < 0.02
    assert np.quantile(apart, 0.999) < 0.1
    assert apart.max() < 0.5
