"""Grids against pyproj's geodesics, the published size of the Earth and of countries."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.analysis.grid import Grid, find_region, make_grid
from midcourse.analysis.ground import country_codes
from midcourse.analysis.maps import country_names
from midcourse.atlas.cities import load_cities
from midcourse.atlas.outlines import load_atlas
from midcourse.atlas.regions import load_regions
from midcourse.dossier.errors import InputError

GEOD = pyproj.Geod(ellps="WGS84")
EARTH = 510_065_621_724_089.0  # m^2: NIMA TR8350.2 gives 5.10065621724e14
SIZES = (0.5, 1.0, 1.5, 2.0, 3.75, 5.0, 10.0)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    south = draw(st.integers(-90, 85))
    north = draw(st.integers(south + 1, 90))
    west = draw(st.integers(-180, 179))
    east = west + draw(st.integers(1, 360))
    size = draw(st.sampled_from(SIZES[1:]))
    return make_grid(size, (south, west, north, east), equal_area=draw(st.booleans()))


def geodesic_area(south: float, west: float, north: float, east: float) -> float:
    """Area between parallels and meridians [m^2] by pyproj, the parallels as many short geodesics."""
    lon = np.linspace(west, east, 2001)
    lons = np.concatenate([lon, lon[::-1]])
    lats = np.concatenate([np.full(2001, south), np.full(2001, north)])
    return abs(GEOD.polygon_area_perimeter(lons, lats)[0])


@pytest.mark.parametrize("equal_area", [False, True])
@pytest.mark.parametrize("region", ["world", "europe", "pacific", "arctic"])
def test_cells_have_their_geodesic_area(region: str, equal_area: bool) -> None:
    grid = make_grid("1 deg", region, equal_area=equal_area)
    south, west, north, east = grid.bounds
    for cell in np.linspace(0, len(grid) - 1, 25).astype(int):
        expected = geodesic_area(south[cell], west[cell], north[cell], east[cell])
        assert grid.area[cell] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("equal_area", [False, True])
def test_all_cells_together_are_the_earth(equal_area: bool) -> None:
    assert make_grid("1 deg", equal_area=equal_area).area.sum() == pytest.approx(EARTH, rel=1e-12)


@given(grids())
def test_cells_fill_the_region(grid: Grid) -> None:
    region = geodesic_area(grid.edges[0], grid.west, grid.edges[-1], min(grid.east, grid.west + 179.0))
    region *= (grid.east - grid.west) / min(grid.east - grid.west, 179.0)
    assert grid.area.sum() == pytest.approx(region, rel=1e-5)


@given(grids())
def test_equal_area_cells_have_one_area(grid: Grid) -> None:
    spread = grid.area.max() / grid.area.min()
    if grid.kind == "equal-area":
        assert spread == pytest.approx(1.0, abs=1e-9)
    else:
        assert len(set(grid.counts.tolist())) == 1


def test_equal_area_cells_are_about_square() -> None:
    grid = make_grid("1 deg", "europe", equal_area=True)
    south, west, north, east = grid.bounds
    shape = (east - west) * np.cos(grid.lat) / (north - south)
    assert shape.min() > 0.8
    assert shape.max() < 1.25


@given(grids(), st.integers(1, 5000))
def test_chunks_hold_each_cell_once(grid: Grid, most: int) -> None:
    pieces = [np.arange(len(grid))[chunk] for chunk in grid.chunks(most)]
    assert np.array_equal(np.concatenate(pieces), np.arange(len(grid)))
    assert max(len(piece) for piece in pieces) <= most


@given(grids())
def test_each_centre_lies_in_its_own_cell(grid: Grid) -> None:
    assert np.array_equal(grid.locate(grid.lat_deg, grid.lon_deg), np.arange(len(grid)))
    assert np.array_equal(grid.locate(np.degrees(grid.lat), np.degrees(grid.lon)), np.arange(len(grid)))


@given(grids(), st.floats(-90, 90), st.floats(-180, 360))
def test_a_place_is_found_in_the_cell_that_holds_it(grid: Grid, lat: float, lon: float) -> None:
    cell = int(grid.locate(lat, lon))
    south, west, north, east = (edge[cell] for edge in grid.bounds)
    along = (lon - grid.west) % 360.0
    if cell >= 0:
        assert south <= lat <= north
        assert west - 1e-6 <= grid.west + along <= east + 1e-6 or along > 360.0 - 1e-6
    else:
        assert not (grid.edges[0] <= lat < grid.edges[-1]) or along >= grid.east - grid.west


def test_poles_and_antimeridian_are_in_the_world() -> None:
    grid = make_grid("1 deg")
    assert grid.locate(90.0, 0.0) == len(grid) - 180
    assert grid.locate(-90.0, -180.0) == 0
    assert grid.locate(0.5, 180.0) == grid.locate(0.5, -180.0) == 90 * 360


def test_a_region_may_cross_the_antimeridian() -> None:
    grid = make_grid("1 deg", "-10,170,10,-170")
    assert grid.shape == (20, 20)
    assert (grid.west, grid.east) == (170.0, 190.0)
    assert np.degrees(grid.lon).min() == pytest.approx(-179.5)
    assert grid.locate(0.0, 179.9) >= 0
    assert grid.locate(0.0, -179.9) >= 0
    assert grid.locate(0.0, 0.0) == -1


def test_regions_grow_to_whole_cells() -> None:
    grid = make_grid("2.5 deg", "europe")
    assert (grid.edges[0], grid.edges[-1], grid.west, grid.east) == (32.5, 72.5, -25.0, 45.0)


def test_europe_at_one_degree() -> None:
    grid = make_grid("1 deg", "europe")
    assert grid.shape == (38, 70)
    assert len(grid) == 2660


@pytest.mark.parametrize("size", ["0 deg", "-1 deg", "0.7 deg", "1 km", "one", "1", "200 deg", "0.001 deg"])
def test_bad_sizes_are_refused_in_one_line(size: str) -> None:
    with pytest.raises(InputError) as refused:
        make_grid(size)
    assert str(refused.value).startswith("--grid: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "region", ["eurpe", "10,20,30", "50,0,40,10", "0,10,20,10", "-91,0,0,10", "a,b,c,1", "0,0,nan,10"]
)
def test_bad_regions_are_refused_in_one_line(region: str) -> None:
    with pytest.raises(InputError) as refused:
        make_grid("1 deg", region)
    assert str(refused.value).startswith("--region: ")


def test_a_misspelt_region_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match='did you mean "europe"'):
        find_region("eurpe")


def test_every_named_region_can_be_laid() -> None:
    for key in load_regions():
        grid = make_grid("5 deg", key)
        assert len(grid) > 10
        assert -180.0 <= grid.west < 180.0


CITIES = {
    "Berlin": (52.52, 13.40, "DE"),
    "Warsaw": (52.23, 21.01, "PL"),
    "Tehran": (35.69, 51.39, "IR"),
    "Maseru, inside South Africa": (-29.6, 28.2, "LS"),
    "Bilibino, far in the east": (68.05, 166.44, "RU"),
    "Uelen, beyond the antimeridian": (66.0, -172.0, "RU"),
    "Fairbanks": (64.84, -147.72, "US"),
    "the South Pole": (-89.9, 12.0, "AQ"),
    "Pristina": (42.66, 21.17, "XK"),
}
SEAS = {"Baltic": (55.5, 18.0), "Caspian": (42.0, 51.0), "North Pole": (89.9, 0.0), "Pacific": (0.0, -150.0)}


@cache
def _fine(equal_area: bool) -> Grid:
    return make_grid("0.25 deg", equal_area=equal_area)


@pytest.mark.parametrize("equal_area", [False, True])
@pytest.mark.parametrize("place", CITIES)
def test_known_places_lie_in_their_countries(place: str, equal_area: bool) -> None:
    grid = _fine(equal_area)
    lat, lon, code = CITIES[place]
    found = grid.ground.country[grid.locate(lat, lon)]
    assert found >= 0
    assert grid.ground.countries[found].alpha2 == code


@pytest.mark.parametrize("place", SEAS)
def test_the_sea_belongs_to_nobody(place: str) -> None:
    grid = make_grid("0.5 deg")
    cell = grid.locate(*SEAS[place])
    assert grid.ground.country[cell] == -1
    assert grid.ground.land[cell] == 0.0
    assert grid.ground.codes[cell] == 0


@pytest.mark.slow
@pytest.mark.parametrize("region", ["europe", "pacific", "arctic"])
def test_countries_at_centres_agree_with_a_search_point_by_point(region: str) -> None:
    grid = make_grid("5 deg", region)
    atlas = load_atlas("50m")
    for cell in range(0, len(grid), 19):
        found = atlas.country_at(grid.lat_deg[cell], math.degrees(grid.lon[cell]))
        index = int(grid.ground.country[cell])
        assert (grid.ground.countries[index] if index >= 0 else None) == found


# Land area by the CIA World Factbook, in thousand km^2.
LAND = {"DE": 349, "PL": 304, "US": 9147, "RU": 16378, "LS": 30.4, "KZ": 2700, "IN": 2973}


@pytest.mark.parametrize("equal_area", [False, True])
def test_countries_have_their_size(equal_area: bool) -> None:
    ground = make_grid("1 deg", equal_area=equal_area).ground
    area = np.bincount(ground.part_country, ground.part_area) / 1e9
    codes = [country.alpha2 for country in ground.countries]
    for code, expected in LAND.items():
        # The outlines hold lakes and rivers as land: up to some per cent more.
        assert expected * 0.98 < area[codes.index(code)] < expected * 1.08


@pytest.mark.parametrize("equal_area", [False, True])
def test_the_size_of_cells_does_not_change_the_land(equal_area: bool) -> None:
    coarse = make_grid("10 deg", equal_area=equal_area).ground.part_area.sum()
    fine = make_grid("0.5 deg").ground.part_area.sum()
    assert coarse == pytest.approx(fine, rel=1e-4)
    assert fine == pytest.approx(0.29 * EARTH, rel=0.02)


def test_land_shares_and_centres_agree() -> None:
    ground = make_grid("0.25 deg", "europe").ground
    whole, none = ground.land > 0.999, ground.land == 0.0
    assert np.all(ground.country[whole] >= 0)
    assert np.all(ground.country[none] == -1)
    assert ground.land.min() >= 0.0
    assert ground.land.max() <= 1.0


@pytest.mark.parametrize("equal_area", [False, True])
@pytest.mark.parametrize("size", [0.5, 1.0, 10.0])
def test_gridding_loses_nobody(size: float, equal_area: bool) -> None:
    ground = make_grid(size, equal_area=equal_area).ground
    assert ground.people.sum() == ground.city_people.sum() == load_cities().people.sum()


def test_regions_share_out_the_people() -> None:
    west = make_grid("1 deg", "-90,-180,90,10").ground.people.sum()
    east = make_grid("1 deg", "-90,10,90,180").ground.people.sum()
    assert west + east == load_cities().people.sum()
    assert west > 1e9
    assert east > 1e9


def test_large_cities_are_counted_once() -> None:
    cities = load_cities()
    assert {"New York City", "Paris", "Berlin"} <= set(cities.names)
    assert not {"Brooklyn", "Queens", "Paris 15 Vaugirard"} & set(cities.names)
    assert 3.2e9 < cities.people.sum() < 3.7e9


def test_countries_are_known_by_their_codes() -> None:
    codes = country_codes(load_atlas("50m").countries)
    assert len(set(codes)) == len(codes) - 1  # Australia and its Ashmore and Cartier Islands
    assert country_names()[36] == "Australia"
    assert min(codes) > 0
    assert max(codes) < 1000


def test_the_shipped_geography_is_small() -> None:
    folder = resources.files("midcourse.atlas") / "data"
    assert sum(len(each.read_bytes()) for each in folder.iterdir()) < 3e6
