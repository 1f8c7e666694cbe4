"""The fly-out table against direct flights, found by Newton's rule from the steering that the table gives."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from midcourse.dossier import Dossier
from midcourse.model.rocket import interceptor_vehicle
from midcourse.physics.earth import WGS84, site_axes
from midcourse.physics.flight import (
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    Vehicle,
    ecef_state_at,
    fly,
    full_burn,
)
from midcourse.physics.flyout import (
    DISTANCES,
    Flyout,
    arrival,
    arrival_steering,
    arrival_velocity,
    locate,
    read_cell,
    site_coordinates,
    tabulate_flyout,
)
from midcourse.physics.kernel import kernel

Array = NDArray[np.float64]
LAT, LON = math.radians(54.48), math.radians(17.10)
LATEST, FLOOR = 2400.0, 95e3


@kernel
def _limit(table: Flyout, bearing: float, height: float) -> float:
    """Farthest angle that the table reaches, by bisection."""
    low, high = 0.0, 3.1
    for _ in range(40):
        middle = 0.5 * (low + high)
        if math.isnan(arrival(table, bearing, middle, height)):
            high = middle
        else:
            low = middle
    return low


@kernel
def _place(table: Flyout, bearing: float, angle: float, height: float) -> Array:
    ex, ey, ez, nx, ny, nz, ux, uy, uz = site_axes(table.site)
    r = math.sqrt((table.site**2).sum()) + height
    flat, u = math.sin(angle), math.cos(angle)
    e, n = flat * math.sin(bearing), flat * math.cos(bearing)
    return r * np.array([e * ex + n * nx + u * ux, e * ey + n * ny + u * uy, e * ez + n * nz + u * uz])


@kernel
def _reached(
    vehicle: Vehicle, lat: float, lon: float, east: float, north: float, t: float, state: Array
) -> None:
    """State over the ground at ``t`` of the flight with a kick of two parts."""
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    _, n, _ = fly(
        vehicle, lat, lon, 0.0, math.atan2(east, north), math.hypot(east, north), full_burn(vehicle), t,
        TOLERANCE, WGS84, nodes,
    )  # fmt: skip
    ecef_state_at(nodes, n, nodes[n - 1, 0], WGS84, state)


@kernel
def _compare(table: Flyout, vehicle: Vehicle, lat: float, lon: float, points: Array) -> Array:
    """For each point: the table's time, the direct flight's, its miss, the error of the table's velocity."""
    result = np.full((len(points), 4), np.nan)
    f0, fe, fn = np.empty(6), np.empty(6), np.empty(6)
    velocity, jacobian = np.empty(3), np.empty((3, 3))
    for i in range(len(points)):
        bearing, angle, height = points[i]
        t = arrival(table, bearing, angle, height)
        result[i, 0] = t
        azimuth, kick = arrival_steering(table, bearing, angle, height)
        arrival_velocity(table, bearing, angle, height, velocity)
        wanted = _place(table, bearing, angle, height)
        e, n = kick * math.sin(azimuth), kick * math.cos(azimuth)
        for k in range(10):
            _reached(vehicle, lat, lon, e, n, t, f0)
            off = f0[:3] - wanted
            miss = math.sqrt((off**2).sum())
            if miss < 50.0:
                break
            if k < 2 or k % 3 == 0:
                _reached(vehicle, lat, lon, e + 1e-5, n, t, fe)
                _reached(vehicle, lat, lon, e, n + 1e-5, t, fn)
                for c in range(3):
                    jacobian[c, 0] = (fe[c] - f0[c]) / 1e-5
                    jacobian[c, 1] = (fn[c] - f0[c]) / 1e-5
                    jacobian[c, 2] = f0[3 + c]
            change = np.linalg.solve(jacobian, off)
            e, n, t = e - change[0], n - change[1], max(20.0, t - change[2])
        result[i, 1], result[i, 2] = t, miss
        result[i, 3] = math.sqrt(((velocity - f0[3:]) ** 2).sum())
    return result


def _table(catalog: Dossier, payload: float) -> tuple[Vehicle, Flyout]:
    vehicle = interceptor_vehicle(catalog, "gbi-2-stage", payload)
    return vehicle, tabulate_flyout(vehicle, LAT, LON, 0.0, LATEST, FLOOR, WGS84)


def _points(table: Flyout, count: int, seed: int) -> Array:
    """Even in bearing, in height from 110 to 2,000 km, and in angle to 99.5 % of the farthest."""
    random = np.random.default_rng(seed)
    found = np.empty((count, 3))
    for i in range(count):
        bearing, height = random.uniform(0.0, 2.0 * math.pi), random.uniform(110e3, 2000e3)
        found[i] = bearing, random.uniform(0.0, 0.995) * _limit(table, bearing, height), height
    return found


@pytest.mark.parametrize(
    "payload",
    [64.0, pytest.param(120.0, marks=pytest.mark.slow), pytest.param(300.0, marks=pytest.mark.slow), 850.0],
)
def test_arrivals_within_half_a_second_of_direct_flights(payload: float, catalog: Dossier) -> None:
    """1,000 points a payload, 4,000 in all.

    A direct flight counts as found when it passes within 1 km, a seventh of a second's flight: where the
    flattest flights of the fastest interceptor magnify a change of kick ten-thousandfold, Newton's rule
    stops there.
    """
    vehicle, table = _table(catalog, payload)
    found = _compare(table, vehicle, LAT, LON, _points(table, 1000, int(payload)))
    assert not np.isnan(found[:, 0]).any()
    assert found[:, 2].max() < 1e3
    assert np.percentile(found[:, 2], 98.0) < 100.0
    late = np.abs(found[:, 0] - found[:, 1])
    assert late.max() < 0.5
    assert np.median(late) < 0.02
    assert np.percentile(found[:, 3], 99.0) < 20.0


def test_points_flown_through_are_in_the_table(catalog: Dossier, nodes: Array) -> None:
    """No flight is at any point before the table says it can be."""
    vehicle, table = _table(catalog, 300.0)
    random = np.random.default_rng(2)
    state = np.empty(6)
    compared = 0
    for _ in range(200):
        azimuth, kick = random.uniform(0.0, 2.0 * math.pi), random.uniform(0.02, 0.6)
        _, n, _ = fly(
            vehicle, LAT, LON, 0.0, azimuth, kick, full_burn(vehicle), LATEST, TOLERANCE, WGS84, nodes
        )
        for t in random.uniform(100.0, nodes[n - 1, 0], 20):
            ecef_state_at(nodes, n, t, WGS84, state)
            bearing, angle, height = site_coordinates(*state[:3], table.site)
            if not 110e3 < height < 2000e3 or angle > 0.98 * _limit(table, bearing, height):
                continue
            assert arrival(table, bearing, angle, height) < t + 0.6
            compared += 1
    assert compared > 500


def test_what_comes_early_can_come_later(catalog: Dossier) -> None:
    """Ballast stands for the speed that steering spends: the more of it, the later every arrival."""
    tables = [_table(catalog, payload)[1] for payload in (120.0, 700.0, 1300.0, 1900.0)]
    early = [each for each in _points(tables[0], 4000, 5) if arrival(tables[0], *each) < 200.0]
    assert len(early) > 30
    later = 0
    for point in early:
        times = np.array([arrival(table, *point) for table in tables])
        known = times[: np.isnan(times).argmax() if np.isnan(times).any() else len(times)]
        assert (np.diff(known) > 0.0).all()
        later += bool(known.max() > 220.0)
    assert later > 0.5 * len(early)


def test_lofted_flights_take_longer_than_those_to_the_farthest_place(catalog: Dossier, nodes: Array) -> None:
    vehicle, table = _table(catalog, 300.0)
    random = np.random.default_rng(3)
    state = np.empty(6)
    lofted = 0
    for _ in range(300):
        azimuth, kick = random.uniform(0.0, 2.0 * math.pi), random.uniform(0.0, 0.5)
        _, n, _ = fly(
            vehicle, LAT, LON, 0.0, azimuth, kick, full_burn(vehicle), LATEST, TOLERANCE, WGS84, nodes
        )
        for t in random.uniform(600.0, nodes[n - 1, 0], 20):
            ecef_state_at(nodes, n, t, WGS84, state)
            bearing, angle, height = site_coordinates(*state[:3], table.site)
            if (
                not 110e3 < height < 0.99 * table.top[0]
                or not t > arrival(table, bearing, angle, height) + 5.0
            ):
                continue
            lofted += 1
            i, fx, j, fy, _ = locate(table.top, table.limit, bearing, angle, height)
            farthest = read_cell(table.time, i, fx, j, fy, DISTANCES - 1.0)
            assert t > min(farthest, LATEST - 10.0) - 1.0
    assert lofted > 50


def test_out_of_reach(catalog: Dossier) -> None:
    _, table = _table(catalog, 850.0)
    assert math.isnan(arrival(table, 0.3, 0.1, table.top[0] + 1e3))
    assert math.isnan(arrival(table, 0.3, 0.1, FLOOR - 1e3))
    assert math.isnan(arrival(table, 0.3, 1.01 * _limit(table, 0.3, 500e3), 500e3))
    assert math.isnan(arrival_steering(table, 0.3, 2.5, 500e3)[0])
    assert not arrival_velocity(table, 0.3, 2.5, 500e3, np.empty(3))


def test_a_vehicle_that_never_rises_has_an_empty_table(catalog: Dossier) -> None:
    vehicle = interceptor_vehicle(catalog, "gbi-2-stage", 850.0)
    weak = vehicle._replace(stages=vehicle.stages[:1] * np.array([1, 0.05, 1, 1, 1, 1, 1]), hold=3.4)
    weak = weak._replace(rise=1.0, pitch=1.0)
    table = tabulate_flyout(weak, LAT, LON, 0.0, LATEST, FLOOR, WGS84)
    assert math.isnan(arrival(table, 0.0, 0.01, 100e3))
