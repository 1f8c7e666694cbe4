"""Aimed flights, flown again and measured with pyproj; the least energy; the edge of reach."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Geod

from midcourse.physics import aim
from midcourse.physics.earth import WGS84, bearing, central_angle, to_geodetic
from midcourse.physics.flight import IMPACT, TOLERANCE, Vehicle, apogee, ecef_state_at, fly, full_burn

MISSILES = ("notional-mrbm", "notional-irbm", "notional-icbm", "notional-icbm-solid")

Array = NDArray[np.float64]
GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def ranges(vehicles: dict[str, Vehicle]) -> dict[str, aim.Ranges]:
    return {name: aim.tabulate_ranges(vehicles[name], WGS84) for name in MISSILES}


def _impact(vehicle: Vehicle, launch: Array, steering: Array, nodes: Array) -> tuple[float, float]:
    status, n, _ = fly(vehicle, *launch, *steering[:3], 2e4, TOLERANCE, WGS84, nodes)
    assert status == IMPACT
    state = np.empty(6)
    ecef_state_at(nodes, n, nodes[n - 1, 0], WGS84, state)
    lat, lon, altitude = to_geodetic(*state[:3], WGS84)
    assert abs(altitude) < 1.0
    return lat, lon


def _energy(nodes: Array, burnout: int) -> float:
    return float(0.5 * (nodes[burnout, 4:7] ** 2).sum() - WGS84.mu / np.linalg.norm(nodes[burnout, 1:4]))


def _pairs(vehicle: Vehicle, table: aim.Ranges, count: int, seed: int, nodes: Array) -> tuple[Array, Array]:
    """Launch places anywhere, and targets that some flight hits; none too near to cut thrust for."""
    random = np.random.default_rng(seed)
    shortest = max(1.1 * np.nanmax(table.range[:, 1]), 0.05 * np.nanmax(table.range))
    farthest = table.log_kick[np.nanargmax(table.range[:, -1])]
    last = vehicle.stages[-1]
    launches, targets = [], []
    while len(launches) < count:
        launch = np.array([math.asin(random.uniform(-1.0, 1.0)), random.uniform(-math.pi, math.pi), 0.0])
        steering = np.array(
            [
                random.uniform(0.0, 2.0 * math.pi),
                math.exp(farthest + random.uniform(-0.6, 0.0)),
                last[0] + last[1] * random.uniform(0.15, 0.98),
            ]
        )
        lat, lon = _impact(vehicle, launch, steering, nodes)
        if central_angle(launch[0], launch[1], lat, lon) > shortest:
            launches.append(launch)
            targets.append((lat, lon, 0.0))
    return np.array(launches), np.array(targets)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [aim.LEAST_ENERGY, aim.FULL_BURN], ids=["least-energy", "full-burn"])
def test_a_thousand_pairs_within_reach(
    mode: int, vehicles: dict[str, Vehicle], ranges: dict[str, aim.Ranges], nodes: Array
) -> None:
    solved, misses = 0, []
    for seed, name in enumerate(MISSILES):
        vehicle = vehicles[name]
        launches, targets = _pairs(vehicle, ranges[name], 250, seed, nodes)
        status, steering, _ = aim.aim_many(vehicle, ranges[name], launches, targets, mode, 0.0, WGS84)
        for outcome, launch, target, found in zip(status, launches, targets, steering, strict=True):
            if outcome != aim.HIT:
                continue
            solved += 1
            lat, lon = _impact(vehicle, launch, found, nodes)
            _, _, miss = GEOD.inv(lon, lat, target[1], target[0], radians=True)
            misses.append(miss)
    assert solved >= 999
    assert max(misses) < 100.0


@pytest.mark.parametrize("name", MISSILES)
def test_no_other_apogee_costs_less(
    name: str, vehicles: dict[str, Vehicle], ranges: dict[str, aim.Ranges], nodes: Array
) -> None:
    vehicle, table = vehicles[name], ranges[name]
    launches, targets = _pairs(vehicle, table, 12, 11, nodes)
    status, steering, _ = aim.aim_many(vehicle, table, launches, targets, aim.LEAST_ENERGY, 0.0, WGS84)
    compared = 0
    other = np.empty(4)
    for i in np.flatnonzero((status == aim.HIT) & (steering[:, 2] < 0.995 * full_burn(vehicle))):
        _, n, burnout = fly(vehicle, *launches[i], *steering[i, :3], 2e4, TOLERANCE, WGS84, nodes)
        least, top = _energy(nodes, burnout), apogee(nodes, n, WGS84)[1]
        for factor in (0.8, 0.95, 1.05, 1.2):
            outcome = aim.aim(vehicle, table, launches[i], targets[i], aim.APOGEE, factor * top, WGS84, other)
            if outcome != aim.HIT:
                continue
            _, n, burnout = fly(vehicle, *launches[i], *other[:3], 2e4, TOLERANCE, WGS84, nodes)
            assert apogee(nodes, n, WGS84)[1] == pytest.approx(factor * top, abs=50.0)
            assert _energy(nodes, burnout) >= least - 1e-6 * abs(least)
            compared += 1
    assert compared >= 16


@pytest.mark.parametrize("name", ["notional-irbm", "notional-icbm-solid"])
def test_out_of_reach_is_beyond_the_envelope(
    name: str, vehicles: dict[str, Vehicle], ranges: dict[str, aim.Ranges], nodes: Array
) -> None:
    """Every kick at full burn, over azimuths around the bearing, comes down short of the target."""
    vehicle, table = vehicles[name], ranges[name]
    random = np.random.default_rng(4)
    nominal = float(np.nanmax(table.range[:, -1]))
    confirmed = 0
    for _ in range(6):
        launch = np.array([random.uniform(-1.0, 1.0), random.uniform(-3.0, 3.0), 0.0])
        lon, lat, _ = GEOD.fwd(
            launch[1], launch[0], random.uniform(-3.1, 3.1),
            6371e3 * nominal * random.uniform(1.0, 1.3), radians=True,
        )  # fmt: skip
        target = np.array([lat, lon, 0.0])
        status, steering, reach = aim.aim_many(
            vehicle, table, launch[None], target[None], aim.LEAST_ENERGY, 0.0, WGS84
        )
        distance = central_angle(launch[0], launch[1], lat, lon)
        toward = bearing(launch[0], launch[1], lat, lon)
        if status[0] == aim.HIT:
            continue
        assert status[0] == aim.OUT_OF_REACH
        assert reach[0] < distance
        best = 0.0
        kick = table.log_kick[np.nanargmax(table.range[:, -1])]
        for azimuth in steering[0, 0] + np.linspace(-0.1, 0.1, 21):
            for log_kick in kick + np.linspace(-0.5, 0.35, 18):
                steered = np.array([azimuth, math.exp(log_kick), full_burn(vehicle)])
                done, n, _ = fly(vehicle, *launch, *steered, 2e4, 1e-7, WGS84, nodes)
                if done != IMPACT:
                    continue
                state = np.empty(6)
                ecef_state_at(nodes, n, nodes[n - 1, 0], WGS84, state)
                there = to_geodetic(*state[:3], WGS84)[:2]
                turned = (bearing(launch[0], launch[1], *there) - toward + math.pi) % (2 * math.pi) - math.pi
                if abs(turned) < 0.02:
                    best = max(best, central_angle(launch[0], launch[1], *there))
        assert 0.97 * reach[0] < best < 1.002 * reach[0]
        confirmed += 1
    assert confirmed >= 3


def test_too_close(vehicles: dict[str, Vehicle], ranges: dict[str, aim.Ranges]) -> None:
    steering = np.empty(4)
    launch, target = np.array([0.5, 0.9, 0.0]), np.array([0.501, 0.9, 0.0])
    outcome = aim.aim(
        vehicles["notional-icbm"],
        ranges["notional-icbm"],
        launch,
        target,
        aim.LEAST_ENERGY,
        0.0,
        WGS84,
        steering,
    )
    assert outcome == aim.TOO_CLOSE
