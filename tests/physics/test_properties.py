"""What must hold for any flight, whatever the numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer

from midcourse.dossier import load_catalog
from midcourse.model import missile
from midcourse.model.rocket import interceptor_vehicle, reference_burnout
from midcourse.physics.earth import SPHERE_AT_REST, WGS84, gravity, height, to_ecef, to_geodetic
from midcourse.physics.flight import (
    IMPACT,
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    coast,
    fly,
    full_burn,
    state_at,
)

Array = NDArray[np.float64]
TO_ECEF = Transformer.from_crs("EPSG:4979", "EPSG:4978")

CATALOG = load_catalog()
ICBM = missile(CATALOG, "notional-icbm").vehicle
VOID = ICBM._replace(ballistic_coefficient=np.inf)
NODES = np.zeros((MOST_NODES, NODE_COLUMNS))

latitudes = st.floats(-1.5, 1.5)
longitudes = st.floats(-math.pi, math.pi)
angles = st.floats(0.0, 2.0 * math.pi)


@settings(max_examples=60, deadline=None)
@given(latitudes, longitudes, st.floats(0.1, 1.5), angles, st.floats(3000.0, 9000.0))
def test_energy_and_angular_momentum_are_kept(
    lat: float, lon: float, elevation: float, azimuth: float, speed: float
) -> None:
    x = np.array(to_ecef(lat, lon, 100e3, SPHERE_AT_REST))
    up = x / np.linalg.norm(x)
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    level = math.sin(azimuth) * east + math.cos(azimuth) * np.cross(up, east)
    v = speed * (math.sin(elevation) * up + math.cos(elevation) * level)
    _, n = coast(VOID, 0.0, np.concatenate([x, v]), 3000.0, TOLERANCE, SPHERE_AT_REST, NODES, 0)
    flown = NODES[:n]
    energy = 0.5 * (flown[:, 4:7] ** 2).sum(1) - SPHERE_AT_REST.mu / np.linalg.norm(flown[:, 1:4], axis=1)
    momentum = np.cross(flown[:, 1:4], flown[:, 4:7])
    np.testing.assert_allclose(energy, energy[0], rtol=0, atol=1e-7 * SPHERE_AT_REST.mu / 6.4e6)
    np.testing.assert_allclose(momentum, np.broadcast_to(momentum[0], momentum.shape), rtol=0, atol=5e3)


@settings(max_examples=20, deadline=None)
@given(latitudes, longitudes, angles, st.floats(0.05, 0.5))
def test_mirrored_launches_fly_mirrored(lat: float, lon: float, azimuth: float, kick: float) -> None:
    """On an Earth at rest, azimuths either side of north lead to longitudes either side of the launch."""
    still = WGS84._replace(rotation=0.0)
    ends = []
    for sign in (1.0, -1.0):
        _, n, _ = fly(
            ICBM, lat, lon, 0.0, sign * azimuth, kick, full_burn(ICBM), 3000.0, TOLERANCE, still, NODES
        )
        ends.append(NODES[n - 1, :7].copy())
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    mirror = np.eye(3) - 2.0 * np.outer(east, east)
    assert ends[0][0] == pytest.approx(ends[1][0], abs=1e-2)
    np.testing.assert_allclose(mirror @ ends[0][1:4], ends[1][1:4], atol=20.0)


@settings(max_examples=20, deadline=None)
@given(latitudes, longitudes, angles, st.floats(0.05, 0.4))
def test_longitude_only_turns_the_scene(lat: float, turn: float, azimuth: float, kick: float) -> None:
    ends = []
    for lon in (0.0, turn):
        _, n, _ = fly(ICBM, lat, lon, 0.0, azimuth, kick, full_burn(ICBM), 3000.0, TOLERANCE, WGS84, NODES)
        ends.append(NODES[n - 1, :7].copy())
    c, s = math.cos(turn), math.sin(turn)
    turned = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]) @ ends[0][1:4]
    np.testing.assert_allclose(turned, ends[1][1:4], atol=20.0)


@settings(max_examples=15, deadline=None)
@given(st.floats(1.0, 1500.0), st.floats(5.0, 500.0))
def test_more_payload_is_slower(payload: float, more: float) -> None:
    slow, fast = (
        reference_burnout(interceptor_vehicle(CATALOG, "gbi-2-stage", p)).speed_m_s
        for p in (payload + more, payload)
    )
    assert slow < fast


@settings(max_examples=25, deadline=None)
@given(latitudes, angles, st.floats(0.35, 0.98), st.floats(0.005, 0.02))
def test_longer_burns_fly_farther(lat: float, azimuth: float, part: float, more: float) -> None:
    still = WGS84._replace(rotation=0.0)
    last = ICBM.stages[-1]
    reached = []
    for share in (part, part + more):
        cutoff = float(last[0] + share * last[1])
        status, n, _ = fly(ICBM, lat, 0.0, 0.0, azimuth, 0.45, cutoff, 2e4, TOLERANCE, still, NODES)
        assert status == IMPACT
        a, b = NODES[0, 1:4], NODES[n - 1, 1:4]
        reached.append(math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b)))
    assert reached[0] < reached[1]


@settings(max_examples=200, deadline=None)
@given(st.floats(-math.pi / 2, math.pi / 2), longitudes, st.floats(-400.0, 5e6))
def test_places_against_pyproj(lat: float, lon: float, altitude: float) -> None:
    x, y, z = to_ecef(lat, lon, altitude, WGS84)
    np.testing.assert_allclose(
        (x, y, z), TO_ECEF.transform(math.degrees(lat), math.degrees(lon), altitude), atol=1e-6
    )
    back = to_geodetic(x, y, z, WGS84)
    assert back[0] == pytest.approx(lat, abs=1e-11)
    assert back[2] == pytest.approx(altitude, abs=1e-4)
    assert math.cos(lat) * math.sin(back[1] - lon) == pytest.approx(0.0, abs=1e-12)
    assert height(x, y, z, WGS84) == pytest.approx(altitude, abs=0.01 + 1.2e-5 * abs(altitude))


@settings(max_examples=100, deadline=None)
@given(latitudes, longitudes, st.floats(0.0, 3e6))
def test_gravity_is_the_slope_of_its_potential(lat: float, lon: float, altitude: float) -> None:
    place = np.array(to_ecef(lat, lon, altitude, WGS84))

    def potential(p: Array) -> float:
        r = float(np.linalg.norm(p))
        oblate = WGS84.j2 * (WGS84.radius / r) ** 2 * (1.5 * (p[2] / r) ** 2 - 0.5)
        return WGS84.mu / r * (1.0 - oblate)

    slope = [(potential(place + d) - potential(place - d)) / 200.0 for d in 100.0 * np.eye(3)]
    np.testing.assert_allclose(gravity(*place, WGS84), slope, atol=2e-8)


@settings(max_examples=25, deadline=None)
@given(latitudes, angles, st.floats(0.02, 0.5))
def test_dense_output_joins_at_every_step(lat: float, azimuth: float, kick: float) -> None:
    """Just before and just after a step's end, ignitions and burnouts included, the state is the node's."""
    _, n, _ = fly(ICBM, lat, 0.0, 0.0, azimuth, kick, full_burn(ICBM), 2500.0, TOLERANCE, WGS84, NODES)
    out = np.empty(6)
    for i in range(1, n - 1):
        if NODES[i, 0] == NODES[i - 1, 0]:
            continue
        for side in (-1e-6, 0.0, 1e-6):
            state_at(NODES, n, NODES[i, 0] + side, out)
            np.testing.assert_allclose(out[:3], NODES[i, 1:4] + side * NODES[i, 4:7], atol=1e-4)
            np.testing.assert_allclose(out[3:], NODES[i, 4:7], atol=1e-3)
