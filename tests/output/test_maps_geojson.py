"""Polygons: valid, right-handed, cut at the antimeridian, and of the area of the cells that they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from midcourse.analysis.grid import make_grid
from midcourse.analysis.maps import grid_of, make_map
from midcourse.output.maps.classes import classify
from midcourse.output.maps.geojson import geojson, outline
from midcourse.output.maps.writing import write_map

from .made_maps import EVERY, disc, probability, warning

GEOD = pyproj.Geod(ellps="WGS84")


def geodesic_area(shape: Any, step: float = 0.02) -> float:
    """By pyproj [m^2], with edges so short that a parallel's arc and its geodesic do not differ.

    Piece by piece: pyproj takes a ring round a pole, or round more than half the Earth, inside out.
    """
    west, south = (part.ravel() for part in np.meshgrid(np.arange(-180, 180, 60), np.arange(-90, 90, 45)))
    pieces = shapely.orient_polygons(
        shapely.intersection(shape, shapely.box(west, south, west + 60, south + 45))
    )
    solid = [
        part for piece in pieces for part in shapely.get_parts(piece) if part.geom_type.endswith("Polygon")
    ]
    return sum(GEOD.geometry_area_perimeter(shapely.segmentize(part, step))[0] for part in solid)


def polygons(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def signed_area(ring: list[list[float]]) -> float:
    x, y = np.array(ring).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2.0


@pytest.mark.parametrize("name", EVERY)
def test_polygons_keep_the_standard(name: str) -> None:
    """RFC 7946, sections 3.1.6 (rings) and 3.1.9 (antimeridian)."""
    collection = json.loads(geojson(EVERY[name]()))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for feature in collection["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.is_valid
        assert shape.bounds[0] >= -180
        assert shape.bounds[2] <= 180
        assert shape.bounds[1] >= -90
        assert shape.bounds[3] <= 90
        for outer, *holes in polygons(feature["geometry"]):
            assert signed_area(outer) > 0
            assert all(signed_area(hole) < 0 for hole in holes)
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in (outer, *holes))


@pytest.mark.parametrize("name", EVERY)
def test_polygons_have_the_area_of_their_cells(name: str) -> None:
    data = EVERY[name]()
    grid, sorted_map = grid_of(data), classify(data)
    features = json.loads(geojson(data))["features"]
    assert len(features) == sum(
        bool(np.any(sorted_map.index == number))
        for number in range(len(sorted_map.classes))
        if number != sorted_map.missing
    )
    for feature in features:
        number = [one.name for one in sorted_map.classes].index(feature["properties"]["class"])
        inside = sorted_map.index == number
        expected = grid.area[inside].sum()
        assert feature["properties"]["area_km2"] == pytest.approx(expected / 1e6, abs=1e-3)
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert geodesic_area(shape) == pytest.approx(expected, rel=1e-6)
        assert feature["properties"]["people"] == grid.ground.people[inside].sum()


@example(25, "-90,-180,90,180", True)  # corners of two rows that differ by a rounding error
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["-90,-180,90,180", "60,-180,90,180", "-20,150,30,-140", "-90,0,-30,90"]),
    st.booleans(),
)
def test_any_set_of_cells_becomes_valid_polygons_of_its_area(
    seed: int, region: str, equal_area: bool
) -> None:
    grid = make_grid(10.0, region, equal_area=equal_area)
    rng = np.random.default_rng(seed)
    inside = rng.random(len(grid)) < rng.random()
    inside[rng.integers(len(grid))] = True
    shape = shapely.from_geojson(json.dumps(outline(grid, inside)))
    assert shape.is_valid
    assert shape.bounds[0] >= -180
    assert shape.bounds[2] <= 180
    assert geodesic_area(shape, step=0.5) == pytest.approx(grid.area[inside].sum(), rel=5e-5)
    centres = shapely.points(np.degrees(grid.lon), grid.lat_deg)
    assert np.array_equal(shapely.contains(shape, centres), inside)


def test_a_disc_has_the_area_of_a_cap() -> None:
    """Of a sphere as large as the Earth; steps along the rim cost a per cent at most."""
    (feature,) = json.loads(geojson(disc("world", size="0.5 deg")))["features"]
    cap = 2 * np.pi * 6371.0072**2 * (1 - np.cos(2000 / 6371.0072))
    assert feature["properties"]["area_km2"] == pytest.approx(cap, rel=5e-3)


def test_a_disc_on_the_antimeridian_is_cut_there() -> None:
    (feature,) = json.loads(geojson(disc("pacific", 52.0, 178.0)))["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    parts = [
        shapely.from_geojson(json.dumps({"type": "Polygon", "coordinates": p}))
        for p in polygons(feature["geometry"])
    ]
    assert {part.bounds[2] for part in parts} >= {180.0}
    assert {part.bounds[0] for part in parts} >= {-180.0}
    assert all(part.bounds[2] - part.bounds[0] < 90 for part in parts)


def test_a_cap_over_a_pole_reaches_it_all_round() -> None:
    (feature,) = json.loads(geojson(disc("world", 90.0, 0.0, size="2 deg")))["features"]
    shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert shape.geom_type == "Polygon"
    assert shape.bounds[0] == -180
    assert shape.bounds[2] == 180
    assert shape.bounds[3] == 90


def test_bands_share_out_the_map() -> None:
    data = warning()
    grid = grid_of(data)
    features = json.loads(geojson(data))["features"]
    known = np.isfinite(data["warning"].values.ravel())
    assert sum(f["properties"]["area_km2"] for f in features) == pytest.approx(grid.area[known].sum() / 1e6)
    lows = [f["properties"]["low"] for f in features]
    assert lows == sorted(lows)
    assert all(f["properties"]["unit"] == "s" for f in features)


def test_levels_may_be_given() -> None:
    features = json.loads(geojson(warning(), [600.0, 900.0]))["features"]
    assert [f["properties"]["class"] for f in features] == [
        "under 600\u202fs",
        "600 to 900\u202fs",
        "900 and more\u202fs",
    ]
    assert [(f["properties"]["low"], f["properties"]["high"]) for f in features] == [
        (None, 600.0),
        (600.0, 900.0),
        (900.0, None),
    ]


@pytest.mark.parametrize("name", ["disc", "probability", "across the antimeridian", "gain", "nothing"])
def test_gdal_reads_it_without_a_warning(name: str, tmp_path: Path) -> None:
    path = write_map(EVERY[name](), tmp_path / "map.geojson")
    info = pyogrio.read_info(path)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert info["features"] == len(features)
    assert info["driver"] == "GeoJSON"
    if features:
        assert info["crs"] == "EPSG:4326"


def test_what_never_happens_has_no_polygon() -> None:
    grid = make_grid("5 deg", "europe")
    share = np.where(grid.lat_deg > 50, 0.0, 0.5)
    data = make_map(grid, "p", share, kind="share", long_name="share", title="Share")
    (feature,) = json.loads(geojson(data))["features"]
    assert shapely.from_geojson(json.dumps(feature["geometry"])).bounds[3] <= 50.0
    assert feature["properties"]["class"] == "50 to 75\u202f%"


def test_every_share_has_a_class() -> None:
    data = probability("world")
    assert np.array_equal(classify(data).index >= 0, data["defended_probability"].values.ravel() > 0)
