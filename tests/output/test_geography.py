"""The shipped atlas and its projection, checked on places everybody knows."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_benchmark.fixture import BenchmarkFixture

from midcourse.atlas.outlines import Scale, load_atlas
from midcourse.output import geography

SCALES: tuple[Scale, ...] = ("110m", "50m")


@pytest.mark.parametrize("scale", SCALES)
def test_every_ring_is_closed(scale: Scale) -> None:
    atlas = load_atlas(scale)
    rings = [*atlas.land, *(ring for rings in atlas.country_rings for ring in rings)]
    assert len(rings) > 100
    for ring in rings:
        outline = atlas.outline(ring)
        assert np.array_equal(outline[0], outline[-1])
        assert len(outline) >= 4


@pytest.mark.parametrize("scale", SCALES)
def test_no_step_of_an_outline_leaps_round_the_globe(scale: Scale) -> None:
    atlas = load_atlas(scale)
    steps = np.abs(np.diff(atlas.points, axis=0)).max(axis=1)
    within_arc = np.ones(len(steps), dtype=bool)
    within_arc[atlas.bounds[1:-1] - 1] = False
    assert steps[within_arc].max() <= 1.001


@pytest.mark.parametrize(
    ("lat", "lon", "country"),
    [
        (52.52, 13.40, "DE"),
        (54.48, 17.10, "PL"),
        (49.66, 13.66, "CZ"),
        (40.87, 47.80, "AZ"),
        (35.69, 51.39, "IR"),
        (63.95, -145.73, "US"),
        (34.74, -120.57, "US"),
        (55.75, 37.62, "RU"),
        (66.0, -172.0, "RU"),  # Chukotka, beyond the antimeridian
        (66.0, 188.0, "RU"),
        (-78.0, 20.0, "AQ"),
        (-89.5, 100.0, "AQ"),
        (76.57, -68.3, "GL"),
        (42.66, 21.17, "XK"),
    ],
)
def test_known_places_lie_in_their_countries(lat: float, lon: float, country: str) -> None:
    found = load_atlas("50m").country_at(lat, lon)
    assert found is not None
    assert found.alpha2 == country


@pytest.mark.parametrize(
    ("lat", "lon"), [(0.0, -30.0), (42.0, 51.0), (85.0, 0.0), (60.0, -40.0), (43.0, 34.0)]
)
def test_the_sea_belongs_to_no_country(lat: float, lon: float) -> None:
    assert load_atlas("50m").country_at(lat, lon) is None


def test_borders_and_coasts_are_told_apart() -> None:
    atlas = load_atlas("50m")
    arcs = [atlas.points[a:b] for a, b in itertools.pairwise(atlas.bounds)]
    borders = [arc for arc, inland in zip(arcs, atlas.border, strict=True) if inland]
    oder = min(borders, key=lambda arc: np.hypot(*(arc - (14.6, 52.35)).T).min())
    assert np.hypot(*(oder - (14.6, 52.35)).T).min() < 0.2


@given(
    lat=st.lists(st.floats(-89, 89), min_size=1, max_size=8),
    lon=st.floats(-180, 180),
    spread=st.floats(0.0, 60.0),
)
@settings(max_examples=60, deadline=None)
def test_a_view_shows_what_it_was_fitted_to(lat: list[float], lon: float, spread: float) -> None:
    lats = np.array(lat)
    lons = lon + np.linspace(0.0, spread, len(lat))
    view = geography.fit(lats, lons, 960.0)
    assert view.shows(lats, lons).all()
    assert 0.49 <= view.height / view.width <= 0.81


def test_the_smallest_cap_lies_between_two_places() -> None:
    lat, lon, reach = geography.enclosing_cap(np.array([0.0, 0.0]), np.array([170.0, -150.0]))
    assert lat == pytest.approx(0.0, abs=0.5)
    assert abs(lon) == pytest.approx(170.0, abs=0.5)
    assert reach == pytest.approx(20.0, abs=0.5)


def test_distance_from_the_centre_is_true_on_an_equidistant_view() -> None:
    view = geography.fit([55.0, 35.0, 56.0, 64.0], [37.0, -118.0, 93.0, -146.0], 960.0)
    assert view.projection == "aeqd"
    centre = np.array(view.project(view.lat, view.lon))
    place = np.array(view.project(40.7, -74.0))
    true = pyproj.Geod(ellps="WGS84").inv(view.lon, view.lat, -74.0, 40.7)[2]
    assert float(np.hypot(*(place - centre))) * view.scale == pytest.approx(true, rel=1e-6)


def points_of(path: str) -> np.ndarray:
    """Absolute points of path data made of M and relative l."""
    points = []
    for start, moves in re.findall(r"M(-?\d+ -?\d+)(?:l([-\d ]+))?", path):
        first = np.array(start.split(), int)
        steps = np.array(moves.split() if moves else [], int).reshape(-1, 2)
        points.append(first + np.vstack([[0, 0], np.cumsum(steps, axis=0)]))
    return np.concatenate(points)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ([55, 35, 56, 33, 64], [37, -118, 93, 51, -146]),  # across the Pole, with the antipode in Antarctica
        ([35, 55, 49, 36], [52, 17, 14, -9]),
        ([-75, -60, -70], [0, 120, -120]),
        ([10, 20], [175, -170]),
    ],
)
def test_outlines_stay_in_the_frame(lat: list[float], lon: list[float]) -> None:
    view = geography.fit(lat, lon, 960.0)
    drawn = geography.outlines(view)
    for path in filter(None, (drawn.land, drawn.coast)):
        points = points_of(path) / 10.0
        assert points.min() >= -geography.BLEED - 0.1
        assert points[:, 0].max() <= view.width + geography.BLEED + 0.1
        assert points[:, 1].max() <= view.height + geography.BLEED + 0.1


@pytest.mark.parametrize(
    ("lat", "lon"), [([55, 35, 56, 33, 64], [37, -118, 93, 51, -146]), ([-75, -60, -70], [0, 120, -120])]
)
def test_land_is_filled_and_sea_is_not(lat: list[float], lon: list[float]) -> None:
    """Even-odd crossings of the drawn path at known places, where an inverted fill would show."""
    view = geography.fit(lat, lon, 960.0)
    rings = [points_of(ring) / 10.0 for ring in geography.outlines(view).land.split("z") if ring]
    on_land = [(55.0, 60.0), (52.0, -100.0), (-85.0, 60.0), (-76.0, 100.0)]
    at_sea = [(88.0, 0.0), (60.0, -30.0), (-62.0, -90.0), (-65.0, 160.0)]
    places = dict.fromkeys(on_land, True) | dict.fromkeys(at_sea, False)
    checked = 0
    for (at_lat, at_lon), land in places.items():
        if not bool(view.shows(at_lat, at_lon)):
            continue
        x, y = (float(v) for v in view.project(at_lat, at_lon))
        crossings = 0
        for ring in rings:
            x0, y0, x1, y1 = *ring.T, *np.roll(ring, -1, axis=0).T
            cut = (y0 > y) != (y1 > y)
            crossings += int(np.count_nonzero(x0[cut] + (y - y0[cut]) / (y1 - y0)[cut] * (x1 - x0)[cut] > x))
        assert bool(crossings % 2) == land, (at_lat, at_lon)
        checked += 1
    assert checked >= 2


@pytest.mark.benchmark
def test_outlines_are_quick(benchmark: BenchmarkFixture) -> None:
    view = geography.fit([55, 35, 56, 33, 64], [37, -118, 93, 51, -146], 960.0)
    load_atlas(geography.atlas_scale(view))
    benchmark(geography.outlines, view)
    if not benchmark.disabled:
        assert benchmark.stats["median"] < 0.3
