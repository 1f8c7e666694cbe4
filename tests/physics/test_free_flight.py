"""Free flight against closed forms, heyoka's Taylor integration and lamberthub's Lambert solver."""

from __future__ import annotations

import math
from collections.abc import Callable

import heyoka as hy
import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from midcourse.physics.earth import SPHERE_AT_REST, WGS84, gravity
from midcourse.physics.flight import IMPACT, TIME_LIMIT, TOLERANCE, Vehicle, apogee, coast, state_at

Array = NDArray[np.float64]
MU, R = SPHERE_AT_REST.mu, SPHERE_AT_REST.radius


@pytest.mark.parametrize("lofting", [0.0, 0.3, -0.2])
@pytest.mark.parametrize("range_km", [100, 300, 1000, 3000, 5500, 8000, 10000, 12000])
def test_impulsive_flight_against_kepler(
    range_km: float, lofting: float, in_the_void: Vehicle, nodes: Array
) -> None:
    """Speed for a range at an elevation, apogee and time of flight (Bate et al., 1971, section 6.2)."""
    angle = range_km * 1e3 / R
    elevation = (math.pi - angle) / 4.0 * (1.0 + lofting)
    sine, cosine = math.sin(angle), math.cos(angle)
    # From the free-flight range equation, Q = v^2 R / mu solved for a central angle and an elevation.
    q = (1.0 - cosine) / (math.cos(elevation) ** 2 * (1.0 - cosine + math.tan(elevation) * sine))
    semi_major = R / (2.0 - q)
    eccentricity = math.sqrt(1.0 + q * (q - 2.0) * math.cos(elevation) ** 2)
    # Eccentric anomaly counted from perigee; burnout lies half the range before the apogee.
    at_launch = math.acos((1.0 - R / semi_major) / eccentricity)
    seconds = 2.0 * math.sqrt(semi_major**3 / MU) * (math.pi - at_launch + eccentricity * math.sin(at_launch))
    speed = math.sqrt(q * MU / R)
    y = np.array([R, 0.0, 0.0, speed * math.sin(elevation), 0.0, speed * math.cos(elevation)])
    status, count = coast(in_the_void, 0.0, y, 2e4, TOLERANCE, SPHERE_AT_REST, nodes, 0)
    assert status == IMPACT
    end = nodes[count - 1]
    assert math.atan2(end[3], end[1]) == pytest.approx(angle, rel=1e-6)
    assert end[0] == pytest.approx(seconds, rel=1e-6)
    when, top = apogee(nodes, count, SPHERE_AT_REST)
    assert top == pytest.approx(semi_major * (1.0 + eccentricity) - R, rel=1e-6)
    assert when == pytest.approx(seconds / 2.0, rel=1e-4)


def test_least_speed_is_at_the_published_elevation(in_the_void: Vehicle, nodes: Array) -> None:
    """v^2 = (2 mu / R) sin(a/2) / (1 + sin(a/2)): less speed falls short whatever the elevation."""
    angle = 1.0
    least = math.sqrt(2.0 * MU / R * math.sin(angle / 2.0) / (1.0 + math.sin(angle / 2.0)))
    best = (math.pi - angle) / 4.0
    for elevation in (0.9 * best, best, 1.1 * best):
        speed = least * 0.999
        y = np.array([R, 0.0, 0.0, speed * math.sin(elevation), 0.0, speed * math.cos(elevation)])
        _, count = coast(in_the_void, 0.0, y, 2e4, TOLERANCE, SPHERE_AT_REST, nodes, 0)
        assert math.atan2(nodes[count - 1, 3], nodes[count - 1, 1]) < angle


STARTS = [
    (6.55e6, 0.3, 0.2, 7000.0, 0.5, 0.8),
    (6.58e6, 0.9, 2.0, 7200.0, 0.4, 5.9),
    (6.50e6, -0.6, 4.0, 6600.0, 0.7, 3.0),
    (6.70e6, 1.4, 1.0, 7100.0, 0.6, 4.4),
    (6.60e6, 0.0, 5.0, 7600.0, 0.3, 1.57),
]


def _state(r: float, lat: float, lon: float, speed: float, elevation: float, azimuth: float) -> Array:
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    north = np.cross(up, east)
    level = math.sin(azimuth) * east + math.cos(azimuth) * north
    return np.concatenate([r * up, speed * (math.sin(elevation) * up + math.cos(elevation) * level)])


@pytest.fixture(scope="module")
def taylor() -> hy.taylor_adaptive:
    """The J2 problem from its potential, differentiated by heyoka itself."""
    x, y, z, vx, vy, vz = hy.make_vars("x", "y", "z", "vx", "vy", "vz")
    r2 = x * x + y * y + z * z
    r = hy.sqrt(r2)
    potential = WGS84.mu / r * (1.0 - WGS84.j2 * (WGS84.radius / r) ** 2 * (1.5 * z * z / r2 - 0.5))
    system = [(x, vx), (y, vy), (z, vz)]
    system += [(v, hy.diff(potential, s)) for v, s in ((vx, x), (vy, y), (vz, z))]
    return hy.taylor_adaptive(system, [7e6, 0.0, 0.0, 0.0, 7e3, 0.0])


@pytest.mark.parametrize("start", STARTS)
def test_forty_minutes_against_heyoka(
    start: tuple[float, ...], taylor: hy.taylor_adaptive, in_the_void: Vehicle, nodes: Array
) -> None:
    y = _state(*start)
    # The ground is put out of the way: flights that would end on it are compared for their full time.
    taylor.time, taylor.state[:] = 0.0, y
    times = np.linspace(0.0, 2400.0, 301)
    theirs = taylor.propagate_grid(times)[5]
    _, count = coast(in_the_void, 0.0, y.copy(), 2400.0, TOLERANCE, WGS84, nodes, 0)
    end = nodes[count - 1, 0]
    assert end > 900.0
    out = np.empty(6)
    for t, state in zip(times[times <= end], theirs[times <= end], strict=True):
        state_at(nodes, count, t, out)
        assert np.linalg.norm(out[:3] - state[:3]) < 1.0
        assert np.linalg.norm(out[3:] - state[3:]) < 1e-2


def test_some_start_flies_all_forty_minutes(in_the_void: Vehicle, nodes: Array) -> None:
    ended = [
        coast(in_the_void, 0.0, _state(*start), 2400.0, TOLERANCE, WGS84, nodes, 0)[0] for start in STARTS
    ]
    assert ended.count(TIME_LIMIT) >= 2


@pytest.mark.parametrize("start", STARTS)
def test_gravity_against_heyoka(start: tuple[float, ...], taylor: hy.taylor_adaptive) -> None:
    x, y, z = hy.make_vars("x", "y", "z")
    rates = hy.cfunc([rate for _, rate in taylor.sys[3:]], vars=[x, y, z])
    place = _state(*start)[:3]
    np.testing.assert_allclose(gravity(*place, WGS84), rates(place), rtol=1e-13)


@pytest.fixture(scope="module")
def izzo() -> Callable[..., tuple[Array, Array]]:
    """lamberthub's solver, as it is: to compile it takes longer than all that is asked of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba.config, "DISABLE_JIT", True)
        import lamberthub
    return lamberthub.izzo2015


@pytest.mark.parametrize("seed", range(20))
def test_lambert_arcs_are_flown(
    seed: int, izzo: Callable[..., tuple[Array, Array]], in_the_void: Vehicle, nodes: Array
) -> None:
    """The velocity that lamberthub (Izzo, 2015) gives for two places and a time leads to the second."""
    random = np.random.default_rng(seed)
    first, second = random.normal(size=(2, 3))
    first *= random.uniform(6.5e6, 8e6) / np.linalg.norm(first)
    second *= random.uniform(6.5e6, 8e6) / np.linalg.norm(second)
    seconds = random.uniform(1200.0, 3600.0)
    leaving, arriving = izzo(MU, first, second, seconds, atol=1e-12, rtol=1e-12)
    # A planet with almost no extent: some arcs pass where the ground would be.
    point = SPHERE_AT_REST._replace(radius=1.0)
    y = np.concatenate([first, leaving])
    status, count = coast(in_the_void, 0.0, y, seconds, 1e-12, point, nodes, 0)
    assert (status, nodes[count - 1, 0]) == (TIME_LIMIT, seconds)
    assert np.linalg.norm(nodes[count - 1, 1:4] - second) < 1.0
    assert np.linalg.norm(nodes[count - 1, 4:7] - arriving) < 1e-3
