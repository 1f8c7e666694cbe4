"""Fans and footprints of radars, held against the line of sight in closed form and against what is seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon

from midcourse.analysis.footprints import Footprint, fans, footprints
from midcourse.analysis.mapping import Around, seen_from
from midcourse.analysis.setting import Setting
from midcourse.dossier import Dossier
from midcourse.model.flights import geodetic
from midcourse.physics import sight
from midcourse.physics.earth import WGS84, to_ecef
from midcourse.physics.refraction import refraction_at

Array = NDArray[np.float64]

SHIELD, MISSILE, HEIGHT = "joint", "notional-icbm", 300e3


@pytest.fixture(scope="module")
def prints(third_site: Dossier) -> dict[str, list[Footprint]]:
    found: dict[str, list[Footprint]] = {}
    for each in footprints(Setting(third_site), SHIELD, MISSILE, HEIGHT):
        found.setdefault(each.sensor.name, []).append(each)
    return found


def place(each: Footprint) -> Array:
    site = each.sensor.site
    return np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))


def test_an_outline_runs_at_its_altitude(prints: dict[str, list[Footprint]]) -> None:
    assert len(prints) == 7  # of eleven faces of seven radars
    for parts in prints.values():
        for each in parts:
            assert np.abs(geodetic(each.outline)[:, 2] - HEIGHT).max() < 5.0


def test_the_distance_is_that_of_the_lowest_line_of_sight(
    third_site: Dossier, prints: dict[str, list[Footprint]]
) -> None:
    """A radar whose range does not end before sees out to where its lowest line reaches the altitude: on a
    sphere (R + h)^2 = R^2 + d^2 + 2 R d sin(elevation), the elevation less what the air raises it by.
    """
    (brdy,) = prints["emr@brdy"]
    slant = np.linalg.norm(brdy.outline - place(brdy), axis=1)
    lowest, site = third_site.radar["emr"].minimum_elevation.value, brdy.sensor.site
    line = lowest - refraction_at(lowest, site.altitude, float(slant.mean()))
    # The sphere that fits the ellipsoid best there.
    e2 = WGS84.flattening * (2.0 - WGS84.flattening)
    radius = WGS84.radius * math.sqrt(1.0 - e2) / (1.0 - e2 * math.sin(site.lat) ** 2) + site.altitude
    height = HEIGHT - site.altitude

    def distance(elevation: float) -> float:
        rise = radius * math.sin(elevation)
        return math.sqrt(rise**2 + 2.0 * radius * height + height**2) - rise

    # The air raises the line by what it raises a body at that elevation by.
    line = lowest - refraction_at(line, site.altitude, float(slant.mean()))
    assert slant.mean() == pytest.approx(distance(line), rel=2e-4)
    assert np.abs(slant / distance(line) - 1.0).max() < 0.005
    # Had the air not bent the line, that would be some fifteen kilometres less.
    assert slant.mean() - distance(lowest) > 10e3


@pytest.mark.parametrize(
    "name", ["emr@brdy", "fylingdales@fylingdales", "gabala@gabala", "cobra-dane@shemya"]
)
def test_every_edge_is_one_of_the_radars_limits(
    third_site: Dossier, prints: dict[str, list[Footprint]], name: str
) -> None:
    data = third_site.radar[name.partition("@")[0]]
    for each in prints[name]:
        edge = np.concatenate([each.outline, each.hole])
        states = np.zeros((len(edge), 1, 6))
        states[:, 0, :3] = edge
        site = each.sensor.site
        station = np.array([site.lat, site.lon, site.altitude])
        rows = sight.sights(
            np.zeros((len(edge), 1)), states, np.ones((len(edge), 3)), sight.TUMBLING, station, station,
            np.array(each.sensor.boresights, dtype=np.float64), WGS84,
        )[:, 0]  # fmt: skip
        low = np.abs(rows[:, sight.LOW] - data.minimum_elevation.value) < 2e-5
        high = np.abs(rows[:, sight.HIGH] - data.maximum_elevation.value) < 2e-5
        side = np.abs(rows[:, sight.OFF] - data.sector_half_width.value) < 2e-5
        assert (low | high | side).all()
        assert low.any()
        assert high.any() == (data.maximum_elevation.value < math.radians(89.9))


def test_a_footprint_is_where_a_map_says_that_the_radar_sees(
    third_site: Dossier, prints: dict[str, list[Footprint]]
) -> None:
    lat, lon = np.meshgrid(np.arange(-10.0, 90.0, 4.0), np.arange(-180.0, 180.0, 6.0), indexing="ij")
    cells = np.radians(np.column_stack([lat.ravel(), lon.ravel(), np.zeros(lat.size)]))
    fixed = np.array([to_ecef(a, b, HEIGHT, WGS84) for a, b, _ in cells])
    setting = Around(third_site, [SHIELD])
    sensors = setting.defence(SHIELD).sensors
    for i, sensor in enumerate(sensors):
        parts = prints[sensor.name]
        seen = seen_from(setting, SHIELD, cells, HEIGHT, parts[0].rcs_m2)[i] > 0.0
        flat = _flat(parts[0])
        inside = MultiPolygon(
            [Polygon(flat(each.outline), [flat(each.hole)] if len(each.hole) else []) for each in parts]
        )
        angles = flat(fixed)
        for cell, found in zip(angles, seen, strict=True):
            if np.linalg.norm(cell) < 1.0:
                point = Point(cell)
                if inside.boundary.distance(point) > 0.005:
                    assert inside.contains(point) == found
        assert seen.sum() > 10


def _flat(each: Footprint):  # type: ignore[no-untyped-def]
    """Places in a plane around a radar, by their direction and their angle from it at the Earth's centre."""
    up = place(each) / np.linalg.norm(place(each))
    east = np.cross([0.0, 0.0, 1.0], up)
    east /= np.linalg.norm(east)
    north = np.cross(up, east)

    def made(fixed: Array) -> Array:
        unit = fixed / np.linalg.norm(fixed, axis=1)[:, None]
        angle = np.arccos(np.clip(unit @ up, -1.0, 1.0))
        level = np.stack([unit @ east, unit @ north], axis=1)
        return np.asarray(angle[:, None] * level / np.maximum(np.linalg.norm(level, axis=1), 1e-12)[:, None])

    return made


def test_a_weak_radar_sees_as_far_as_its_range(third_site: Dossier) -> None:
    dossier = third_site.with_overrides({"radar.emr.mean_power": "0.5 kW"})
    setting = Setting(dossier)
    (fan,) = (each for each in fans(setting, SHIELD, MISSILE) if each.sensor.name == "emr@brdy")
    (brdy,) = (
        each for each in footprints(setting, SHIELD, MISSILE, HEIGHT) if each.sensor.name == "emr@brdy"
    )
    assert fan.range_m < 1200e3
    slant = np.linalg.norm(brdy.outline - place(brdy), axis=1)
    assert slant == pytest.approx(fan.range_m, rel=1e-3)


def test_sectors_that_touch_are_one_and_others_are_not(
    third_site: Dossier, prints: dict[str, list[Footprint]]
) -> None:
    # Three faces of 120 degrees see all round, with a hole overhead; two see two thirds of it.
    (all_round,) = prints["fylingdales@fylingdales"]
    assert len(all_round.hole) == len(all_round.outline)
    (two_thirds,) = prints["thule@thule"]
    assert len(two_thirds.hole) == 0
    narrow = third_site.with_overrides({"radar.fylingdales.sector_half_width": "40 deg"})
    found = [each.sensor.name for each in footprints(Setting(narrow), SHIELD, MISSILE, HEIGHT)]
    assert found.count("fylingdales@fylingdales") == 3


def test_a_fan_is_what_a_face_looks_at(third_site: Dossier) -> None:
    every = list(fans(Setting(third_site), SHIELD, MISSILE))
    by_name: dict[str, int] = {}
    for each in every:
        by_name[each.sensor.name] = by_name.get(each.sensor.name, 0) + 1
        data = third_site.radar[each.sensor.radar.name]
        rcs = third_site.missile[MISSILE].rcs[each.sensor.radar.band].value
        assert each.range_m == each.sensor.radar.detection_range_m(rcs)
        assert each.highest == data.maximum_elevation.value
        # On the straight line the lowest elevation is lower by what the air bends.
        assert 0.0 < data.minimum_elevation.value - each.lowest < math.radians(0.7)
        raised = each.lowest + refraction_at(each.lowest, each.sensor.site.altitude, each.range_m)
        assert raised == pytest.approx(data.minimum_elevation.value, abs=1e-9)
    assert by_name["fylingdales@fylingdales"] == 3
    assert by_name["emr@brdy"] == 1
    assert next(each for each in every if each.sensor.name == "emr@brdy").half == math.pi
