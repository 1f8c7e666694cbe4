"""Lines of sight against pyproj, aspect and face angles against vectors in numpy."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from midcourse.physics import acquisition, sight
from midcourse.physics import radar as radars
from midcourse.physics.earth import WGS84
from midcourse.physics.refraction import refraction_at

from .station import TURNING, axes, nearest_turn, station_state, turned

ECEF = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
ALONG = np.array([1.0, 0.0, 0.0])

places = st.tuples(st.floats(-1.45, 1.45), st.floats(-3.1, 3.1), st.floats(-100.0, 4e3)).map(np.array)
bodies = st.tuples(st.floats(-1.45, 1.45), st.floats(-3.1, 3.1), st.floats(80e3, 2e6)).map(np.array)
moments = st.floats(0.0, 5000.0)
directions = st.tuples(*[st.floats(-1.0, 1.0)] * 3).map(np.array).filter(lambda v: np.linalg.norm(v) > 0.1)


def inertial(place, t, velocity=(0.0, 0.0, 0.0)):
    """A state in ECI above a place at a time."""
    return np.concatenate([station_state(place, t)[0], velocity])


def seen(state, t, receiver, transmitter=None, boresights=(), attitude=sight.TUMBLING, axis=ALONG):
    """The one row of a sight."""
    other = receiver if transmitter is None else transmitter
    return sight.sights(
        np.array([[t]]), state[None, None], np.asarray(axis, dtype=float)[None], attitude, receiver, other,
        np.array(boresights, dtype=float), WGS84,
    )[0, 0]  # fmt: skip


def unit(vector):
    return vector / np.linalg.norm(vector)


@given(places, bodies, moments)
def test_line_of_sight_is_that_of_pyproj(station, body, t):
    """Azimuth and elevation of PROJ's topocentric pipeline: within a millionth of a degree in azimuth, in the
    sky, and within 0.000002 deg in elevation, the most that a sine tells straight overhead.
    """
    lat, lon, altitude = station
    ground = pyproj.Transformer.from_pipeline(
        f"+proj=topocentric +ellps=WGS84 +lat_0={np.degrees(lat)} +lon_0={np.degrees(lon)} +h_0={altitude}"
    )
    # Where the body stands over the Earth, which has turned since launch.
    fixed = np.array(ECEF.transform(np.degrees(body[1]), np.degrees(body[0]), body[2]))
    east, north, up = ground.transform(*fixed)
    distance = np.sqrt(east**2 + north**2 + up**2)
    line = np.empty(10)
    sight.line_of_sight(station, t, turned(fixed, TURNING * t), WGS84, line)
    assert line[3] == pytest.approx(distance, abs=1e-3)
    elevation = np.arctan2(up, np.hypot(east, north))
    assert np.degrees(np.arcsin(min(1.0, line[2])) - elevation) == pytest.approx(0.0, abs=2e-6)
    off = nearest_turn(np.arctan2(line[0], line[1]) - np.arctan2(east, north))
    assert np.degrees(off * np.cos(elevation)) == pytest.approx(0.0, abs=1e-6)
    here, moving = station_state(station, t)
    np.testing.assert_allclose(line[4:7] * line[3] + here, turned(fixed, TURNING * t), atol=1e-2)
    np.testing.assert_allclose(line[7:], moving, atol=1e-6)
    state = np.concatenate([turned(fixed, TURNING * t), np.zeros(3)])
    found = sight.bearings(np.array([[t]]), state[None, None], station, WGS84)[0, 0]
    assert np.degrees(nearest_turn(found - np.arctan2(east, north)) * np.cos(elevation)) == pytest.approx(
        0.0, abs=1e-6
    )


def test_stations_turn_with_the_earth():
    """By what a station has moved in a second."""
    station = np.array([0.9, 0.3, 500.0])
    line = np.empty(10)
    sight.line_of_sight(station, 800.0, np.array([7e6, 0.0, 0.0]), WGS84, line)
    moved = station_state(station, 800.5)[0] - station_state(station, 799.5)[0]
    np.testing.assert_allclose(line[7:], moved, atol=1e-5)
    assert np.linalg.norm(line[7:]) == pytest.approx(465.1 * np.cos(0.9), rel=5e-3)


@given(places, bodies, moments)
def test_elevation_is_the_apparent_one(station, body, t):
    """Refraction, tested by itself, comes on top of the true elevation and nowhere else."""
    state = inertial(body, t)
    gap = state[:3] - station_state(station, t)[0]
    east, north, up = axes(station, t) @ unit(gap)
    true = np.arctan2(up, np.hypot(east, north))
    row = seen(state, t, station)
    apparent = true + refraction_at(true, station[2], np.linalg.norm(gap))
    assert row[sight.LOW] == row[sight.HIGH] == pytest.approx(apparent, abs=5e-8)
    assert row[sight.FAR] == pytest.approx(2.0 * np.log(np.linalg.norm(gap)), abs=1e-9)
    assert row[sight.UP] == pytest.approx(up, abs=1e-9)
    assert row[sight.FORE] == pytest.approx(np.hypot(east, north), abs=1e-9)
    assert row[sight.OFF] == 0.0


@given(places, places, bodies, moments)
def test_apart_both_must_see(receiver, transmitter, body, t):
    """Distances multiply; of the two elevations the lower one is held against the lowest, the higher one
    against the highest.
    """
    assume(np.abs(receiver - transmitter)[:2].max() > 1e-3)
    state = inertial(body, t)
    both = seen(state, t, receiver, transmitter)
    one, other = seen(state, t, receiver), seen(state, t, transmitter)
    assert both[sight.FAR] == pytest.approx(0.5 * (one[sight.FAR] + other[sight.FAR]), abs=1e-12)
    assert both[sight.LOW] == min(one[sight.LOW], other[sight.LOW])
    assert both[sight.HIGH] == max(one[sight.HIGH], other[sight.HIGH])


@given(places, bodies, moments, directions)
def test_aspect_is_the_sine_squared_off_the_axis(station, body, t, axis):
    state = inertial(body, t, 5e3 * axis)
    line = unit(state[:3] - station_state(station, t)[0])
    expected = np.linalg.norm(np.cross(line, unit(axis))) ** 2
    held = seen(state, t, station, attitude=sight.AT_REENTRY, axis=axis)
    flown = seen(state, t, station, attitude=sight.ALONG_VELOCITY, axis=ALONG)
    assert held[sight.ASPECT] == pytest.approx(expected, abs=1e-9)
    assert flown[sight.ASPECT] == pytest.approx(expected, abs=1e-9)
    assert seen(state, t, station, attitude=sight.TUMBLING)[sight.ASPECT] == 0.5


@pytest.mark.parametrize("toward", [1.0, -1.0])
def test_aspect_from_ahead_behind_and_the_side(toward):
    """Dead ahead and dead behind it is the end that shows, abeam the side."""
    station, t = np.array([0.8, 0.2, 300.0]), 700.0
    place = inertial(np.array([0.9, 0.25, 900e3]), t)[:3]
    line = unit(place - station_state(station, t)[0])
    end_on = np.concatenate([place, 7e3 * toward * line])
    abeam = np.concatenate([place, 7e3 * toward * unit(np.cross(line, [0.0, 0.0, 1.0]))])
    for state, expected in ((end_on, 0.0), (abeam, 1.0)):
        row = seen(state, t, station, attitude=sight.ALONG_VELOCITY)
        assert row[sight.ASPECT] == pytest.approx(expected, abs=1e-12)


@given(places, places, bodies, moments, directions)
def test_aspect_apart_is_that_from_the_bisector(receiver, transmitter, body, t, axis):
    assume(np.abs(receiver - transmitter)[:2].max() > 1e-3)
    state = inertial(body, t)
    lines = [unit(state[:3] - station_state(place, t)[0]) for place in (receiver, transmitter)]
    assume(np.linalg.norm(lines[0] + lines[1]) > 1e-3)
    row = seen(state, t, receiver, transmitter, attitude=sight.AT_REENTRY, axis=axis)
    expected = np.linalg.norm(np.cross(unit(lines[0] + lines[1]), unit(axis))) ** 2
    assert row[sight.ASPECT] == pytest.approx(expected, abs=1e-9)


@given(
    places, moments, st.lists(st.floats(0.0, 6.28), min_size=1, max_size=3), st.floats(-0.5, 0.5),
    st.floats(0.1, 1.4), st.floats(0.0, 1.0), st.floats(0.5, 3.0),
)  # fmt: skip
def test_a_face_loses_by_the_angle_off_its_normal(station, t, boresights, aside, high, tilt, exponent):
    """The cosine between the line of sight and the tilted normal of the nearest face, and the scan loss, both
    ways together, by its power.
    """
    east, north, up = axes(station, t)
    azimuth = boresights[0] + aside
    line = np.cos(high) * (np.sin(azimuth) * east + np.cos(azimuth) * north) + np.sin(high) * up
    state = np.concatenate([station_state(station, t)[0] + 1.5e6 * line, np.zeros(3)])
    row = seen(state, t, station, boresights=boresights)
    off = [abs(nearest_turn(azimuth - boresight)) for boresight in boresights]
    assert row[sight.OFF] == pytest.approx(min(off), abs=1e-7)
    nearest = boresights[int(np.argmin(off))]
    level = np.sin(nearest) * east + np.cos(nearest) * north
    cosine = line @ (np.cos(tilt) * level + np.sin(tilt) * up)
    radar = np.zeros(radars.COLUMNS)
    radar[radars.STRENGTH], radar[radars.TILT], radar[radars.SCAN] = 130.0, tilt, exponent
    radar[radars.NOSE] = radar[radars.SIDE] = np.log(0.02)
    levels, cosines = np.empty(1), np.empty(1)
    acquisition.look_levels(radar, row[None], False, levels, cosines)
    assert cosines[0] == pytest.approx(cosine, abs=1e-7)
    head_on = 130.0 + np.log(0.02) - 2.0 * row[sight.FAR]
    assert levels[0] - head_on == pytest.approx(exponent * np.log(cosine), abs=1e-6)
    radar[radars.SCAN] = 0.0
    acquisition.look_levels(radar, row[None], False, levels, cosines)
    assert levels[0] == pytest.approx(head_on, abs=1e-12)
    assert cosines[0] == 1.0


def test_cross_section_goes_from_end_to_side():
    """In decibels evenly with the sine squared; the booster has its own figures."""
    radar = np.zeros(radars.COLUMNS)
    radar[radars.NOSE], radar[radars.SIDE], radar[radars.BOOSTER], radar[radars.FLANK] = 1.0, 3.0, 5.0, 6.0
    rows = np.zeros((3, sight.SIGHT_COLUMNS))
    rows[:, sight.LOW], rows[:, sight.ASPECT] = 0.5, [0.0, 0.5, 1.0]
    levels, cosines = np.empty(3), np.empty(3)
    acquisition.look_levels(radar, rows, False, levels, cosines)
    np.testing.assert_allclose(levels, [1.0, 2.0, 3.0])
    acquisition.look_levels(radar, rows, True, levels, cosines)
    np.testing.assert_allclose(levels, [5.0, 5.5, 6.0])
