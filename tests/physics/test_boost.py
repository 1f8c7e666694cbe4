"""Boost against scipy's DOP853 on the same equations, written again here; and the order of the step."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from midcourse.physics.atmosphere import air
from midcourse.physics.earth import SPHERE_AT_REST, WGS84
from midcourse.physics.flight import (
    COAST,
    IMPACT,
    TIME_LIMIT,
    TOLERANCE,
    Vehicle,
    acceleration,
    fly,
    full_burn,
    step,
)

Array = NDArray[np.float64]
SPIN = np.array([0.0, 0.0, WGS84.rotation])


def _gravity(r: Array) -> Array:
    """Gradient of the potential with J2, by vectors."""
    d = float(np.linalg.norm(r))
    pole = np.array([0.0, 0.0, 1.0])
    n = r / d
    c = 1.5 * WGS84.j2 * WGS84.mu * WGS84.radius**2 / d**4
    s = n @ pole
    return -WGS84.mu / d**2 * n + c * ((5.0 * s * s - 1.0) * n - 2.0 * s * pole)


def _height(r: Array) -> float:
    """Radius less that of the ellipsoid in the same direction."""
    n = r / np.linalg.norm(r)
    a, b = WGS84.radius, WGS84.radius * (1.0 - WGS84.flattening)
    return float(np.linalg.norm(r) - 1.0 / math.sqrt((n[0] ** 2 + n[1] ** 2) / a**2 + n[2] ** 2 / b**2))


def _boost(vehicle: Vehicle, lat: float, lon: float, azimuth: float, kick: float) -> Array:
    """State at full burn, phase by phase, each integrated to 1e-12."""
    e2 = WGS84.flattening * (2.0 - WGS84.flattening)
    n = WGS84.radius / math.sqrt(1.0 - e2 * math.sin(lat) ** 2)
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    start = n * up * np.array([1.0, 1.0, 1.0 - e2])
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    level = math.sin(azimuth) * east + math.cos(azimuth) * np.cross(up, east)
    held: list[Array] = []

    def pushed(t: float, v_air: Array) -> Array:
        if t < vehicle.rise + vehicle.pitch:
            tilt = kick * max(0.0, t - vehicle.rise) / vehicle.pitch
            u = math.cos(tilt) * up + math.sin(tilt) * level
            a = WGS84.rotation * t
            turn = np.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
            return np.asarray(turn @ u)
        return held[0] if held else v_air / np.linalg.norm(v_air)

    def rates(t: float, y: Array, stage: Array | None, middle: float) -> Array:
        r, v = y[:3], y[3:]
        v_air = v - np.cross(SPIN, r)
        w = float(np.linalg.norm(v_air))
        density, pressure, sound = air(_height(r))
        a = _gravity(r)
        if stage is None:
            return np.concatenate([v, a - 0.5 * density * w / vehicle.ballistic_coefficient * v_air])
        ignition, _, thrust, exit_area, gross, flow, area = stage
        mass = gross - flow * (t - ignition)
        drag = 0.5 * density * w * np.interp(w / sound, vehicle.mach, vehicle.drag) * area
        # ``middle`` decides the phase, so that a phase's end does not already follow the next one's law.
        law = pushed(
            t if (t < vehicle.rise + vehicle.pitch) == (middle < vehicle.rise + vehicle.pitch) else middle,
            v_air,
        )
        return np.concatenate([v, a + ((thrust - pressure * exit_area) * law - drag * v_air) / mass])

    marks = {0.0, vehicle.rise, vehicle.rise + vehicle.pitch, vehicle.hold}
    for row in vehicle.stages:
        marks |= {float(row[0]), float(row[0] + row[1])}
    y = np.concatenate([start, np.cross(SPIN, start)])
    for begin, end in pairwise(sorted(marks)):
        middle = 0.5 * (begin + end)
        burning = [row for row in vehicle.stages if row[0] <= middle < row[0] + row[1]]
        if begin == vehicle.hold:
            v_air = y[3:] - np.cross(SPIN, y[:3])
            held.append(v_air / np.linalg.norm(v_air))
        found = solve_ivp(
            rates, (begin, end), y, "DOP853", rtol=1e-12, atol=1e-7,
            args=(burning[0] if burning else None, middle), max_step=2.0,
        )  # fmt: skip
        y = found.y[:, -1]
    return np.asarray(y)


@pytest.mark.parametrize(
    ("name", "lat", "azimuth", "kick"),
    [
        ("gbi-2-stage", 0.951, 0.9, 0.25),
        ("gbi-2-stage", 0.951, 5.0, 0.05),
        ("notional-icbm", 0.6, 5.8, 0.45),
        ("notional-icbm", 0.6, 5.8, 0.2),
    ],
)
def test_burnout_against_dop853(
    name: str, lat: float, azimuth: float, kick: float, vehicles: dict[str, Vehicle], nodes: Array
) -> None:
    vehicle = vehicles[name]
    _, _, burnout = fly(
        vehicle, lat, 0.3, 0.0, azimuth, kick, 1e9, full_burn(vehicle), TOLERANCE, WGS84, nodes
    )
    ours = nodes[burnout]
    assert ours[0] == full_burn(vehicle)
    theirs = _boost(vehicle, lat, 0.3, azimuth, kick)
    assert np.linalg.norm(ours[1:4] - theirs[:3]) < 1.0
    assert np.linalg.norm(ours[4:7] - theirs[3:]) < 1e-3


def test_events_fall_on_step_ends(vehicles: dict[str, Vehicle], nodes: Array) -> None:
    """Rise, pitch-over, hold, ignition and burnout end a step to the last bit; states join there."""
    for vehicle in vehicles.values():
        cutoff = full_burn(vehicle)
        status, count, _ = fly(vehicle, 0.7, 0.1, 0.0, 1.0, 0.1, cutoff, 2000.0, TOLERANCE, WGS84, nodes)
        assert status in (IMPACT, TIME_LIMIT)
        times = nodes[:count, 0]
        events = [vehicle.rise, vehicle.rise + vehicle.pitch, vehicle.hold, cutoff]
        events += [float(row[0]) for row in vehicle.stages]
        for event in events:
            assert event in times
        assert (np.diff(times) >= 0.0).all()
        twice = np.flatnonzero(np.diff(times) == 0.0)
        np.testing.assert_array_equal(nodes[twice, 1:7], nodes[twice + 1, 1:7])


def test_a_flight_given_up_while_burning_ends_then(vehicles: dict[str, Vehicle], nodes: Array) -> None:
    vehicle = vehicles["gbi-2-stage"]
    _, count, _ = fly(vehicle, 0.7, 0.1, 0.0, 1.0, 0.3, 1e9, 100.0, TOLERANCE, WGS84, nodes)
    assert nodes[count - 1, 0] == 100.0


def test_step_is_of_fifth_order(in_the_void: Vehicle) -> None:
    """Error of part of an eccentric orbit at fixed steps, against Kepler's equation: slope of its log."""
    a, e, full = 1.1e7, 0.35, 2.0
    rate = math.sqrt(SPHERE_AT_REST.mu / a**3)
    seconds = (full - e * math.sin(full)) / rate
    end = np.array([a * (math.cos(full) - e), a * math.sqrt(1.0 - e * e) * math.sin(full), 0.0])
    counts = np.array([80, 113, 160, 226, 320])
    errors = []
    for count in counts:
        y = np.array([a * (1.0 - e), 0.0, 0.0, 0.0, rate * a * math.sqrt((1.0 + e) / (1.0 - e)), 0.0])
        k, trial, axis = np.empty((7, 6)), np.empty(6), np.zeros(10)
        h = seconds / count
        for i in range(count):
            acceleration(i * h, y, COAST, 0, axis, in_the_void, SPHERE_AT_REST, k[0])
            step(i * h, y, h, COAST, 0, axis, in_the_void, SPHERE_AT_REST, k, trial)
            y[:] = trial
        errors.append(np.linalg.norm(y[:3] - end))
    slope = -np.polyfit(np.log(counts), np.log(errors), 1)[0]
    assert 4.7 < slope < 5.4
