"""Maps written as NetCDF and GeoTIFF, read back by other libraries, are what they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import xarray as xr

from midcourse.analysis.grid import make_grid
from midcourse.analysis.maps import difference, grid_of, places_of, values_of
from midcourse.dossier.errors import InputError
from midcourse.output.maps.netcdf import word
from midcourse.output.maps.writing import write_map

from .made_maps import EVERY, disc, gain, probability, warning


@pytest.mark.parametrize("name", EVERY)
def test_netcdf_reads_back_equal(name: str, tmp_path: Path) -> None:
    data = EVERY[name]()
    path = write_map(data, tmp_path / "map.nc")
    with xr.open_dataset(path, mask_and_scale=False, decode_cf=False) as read:
        for variable in data.variables:
            assert np.array_equal(read[variable].values, data[variable].values, equal_nan=True)
            assert read[variable].values.dtype == data[variable].values.dtype
        assert {key: read.attrs[key] for key in data.attrs} == dict(data.attrs)
        assert np.array_equal(values_of(read), values_of(data), equal_nan=True)
        assert places_of(read) == places_of(data)
        assert np.allclose(grid_of(read).bounds, grid_of(data).bounds)


@pytest.mark.parametrize("name", ["disc", "disc of equal areas", "gain", "warning"])
def test_netcdf_follows_the_conventions(name: str, tmp_path: Path) -> None:
    """The points of CF 1.11 that a reader relies on; chapter numbers are the conventions'."""
    path = write_map(EVERY[name](), tmp_path / "map.nc")
    with xr.open_dataset(path, decode_cf=False) as read:
        assert read.attrs["Conventions"] == "CF-1.11"  # 2.6.1
        assert all(read.attrs[key] for key in ("title", "history", "source", "references"))  # 2.6.2
        for axis, standard, unit in (
            ("lat", "latitude", "degrees_north"),
            ("lon", "longitude", "degrees_east"),
        ):
            assert read[axis].attrs["standard_name"] == standard  # 4.1, 4.2
            assert read[axis].attrs["units"] == unit
            bounds = read[read[axis].attrs["bounds"]]  # 7.1
            assert bounds.shape == (*read[axis].shape, 2)
            assert np.all((bounds[..., 0] < read[axis]) & (read[axis] < bounds[..., 1]))
        main = read[read.attrs["quantity"]]
        for each in (main, read["land"], read["population"], read["country"]):
            assert read[each.attrs["grid_mapping"]].attrs["grid_mapping_name"] == "latitude_longitude"  # 5.6
            assert each.attrs["cell_measures"] == "area: cell_area"  # 7.2
            assert each.attrs["cell_methods"]  # 7.3
            assert each.attrs["long_name"]  # 3.2
        assert read["cell_area"].attrs["standard_name"] == "cell_area"
        if "cell" in main.dims:
            assert main.attrs["coordinates"] == "lat lon"  # 5
        flagged = [read["country"]] + [main] * ("flag_values" in main.attrs)
        for each in flagged:  # 3.5
            values, meanings = np.atleast_1d(each.attrs["flag_values"]), each.attrs["flag_meanings"].split()
            assert len(values) == len(meanings) == len(set(meanings))
            assert values.dtype == each.dtype
            assert set(np.unique(each)) <= {*values.tolist(), each.attrs.get("_FillValue", values[0])}


def test_flags_say_what_they_mean(tmp_path: Path) -> None:
    path = write_map(gain(), tmp_path / "map.nc")
    with xr.open_dataset(path, decode_cf=False) as read:
        flags = dict(
            zip(
                read["country"].attrs["flag_values"].tolist(),
                read["country"].attrs["flag_meanings"].split(),
                strict=True,
            )
        )
        assert flags[0] == "no_country"
        assert flags[276] == "Germany"
        assert flags[616] == "Poland"
        assert read["defended_gain"].attrs["flag_meanings"] == "neither both gained lost"


def test_names_become_words() -> None:
    assert word("Côte d'Ivoire") == "Cote_d_Ivoire"
    assert word("Bosnia and Herz.") == "Bosnia_and_Herz"


@pytest.mark.parametrize("name", EVERY)
def test_geotiff_reads_back_equal(name: str, tmp_path: Path) -> None:
    data = EVERY[name]()
    grid, main = grid_of(data), data.attrs["quantity"]
    path = write_map(data, tmp_path / "map.tif")
    with rasterio.open(path) as read:
        assert read.crs.to_epsg() == 4326
        assert read.bounds == pytest.approx((grid.west, grid.edges[0], grid.east, grid.edges[-1]))
        assert read.descriptions == (main, "cell_area", "land", "population", "country")
        assert read.units[0] == data[main].attrs["units"]
        assert read.units[1] == "m2"
        assert read.tags()["title"] == data.attrs["title"]
        assert read.tags()["command"] == data.attrs["command"]
        assert read.tags(1)["long_name"] == data[main].attrs["long_name"]
        assert np.isnan(read.nodata)
        columns, rows = np.meshgrid(np.arange(read.width), np.arange(read.height))
        lon, lat = read.xy(rows.ravel(), columns.ravel())
        cells = grid.locate(np.asarray(lat), np.asarray(lon))
        assert cells.min() >= 0
        for band, expected in (
            (1, values_of(data)),
            (2, grid.area),
            (4, data["population"].values.ravel()),
            (5, data["country"].values.ravel()),
        ):
            assert np.array_equal(read.read(band).ravel(), expected[cells].astype(float), equal_nan=True)


def test_geotiff_of_a_lat_lon_grid_has_a_pixel_for_each_cell(tmp_path: Path) -> None:
    with rasterio.open(write_map(disc("pacific", 52.0, 178.0), tmp_path / "map.tif")) as read:
        assert (read.height, read.width) == (72, 130)
        assert read.res == (1.0, 1.0)
        (value,) = next(read.sample([(178.5, 52.5)], indexes=1))
        assert value == 1.0


def test_more_variables_are_written_along(tmp_path: Path) -> None:
    data = probability()
    data["seen"] = (
        ("lat", "lon"),
        np.arange(2660).reshape(38, 70) % 3,
        {"long_name": "sensors", "units": "1"},
    )
    with rasterio.open(write_map(data, tmp_path / "map.tif")) as read:
        assert read.descriptions[-1] == "seen"
        assert np.array_equal(read.read(6)[::-1], data["seen"].values)
    with xr.open_dataset(write_map(data, tmp_path / "map.nc")) as read:
        assert np.array_equal(read["seen"].values, data["seen"].values)


@pytest.mark.slow
def test_the_same_map_makes_the_same_files(tmp_path: Path) -> None:
    for ending in ("nc", "tif", "geojson", "png", "html"):
        first, second = (write_map(warning(), tmp_path / f"{n}.{ending}").read_bytes() for n in (1, 2))
        assert first == second


def test_a_world_at_a_quarter_degree_fits(tmp_path: Path) -> None:
    data = disc("world", size="0.25 deg")
    assert data["defended"].shape == (720, 1440)
    for ending, most in (("nc", 2e7), ("tif", 2e7)):
        assert write_map(data, tmp_path / f"map.{ending}").stat().st_size < most


def test_maps_read_back_can_be_compared(tmp_path: Path) -> None:
    paths = [write_map(one, tmp_path / f"{i}.nc") for i, one in enumerate((disc(), disc(lat=50.0)))]
    with (
        xr.open_dataset(paths[0], mask_and_scale=False) as before,
        xr.open_dataset(paths[1], mask_and_scale=False) as after,
    ):
        found = difference(before.load(), after.load(), title="Change")
    assert np.array_equal(values_of(found), values_of(difference(disc(), disc(lat=50.0), title="Change")))


@pytest.mark.parametrize("name", ["map.jpg", "map", "map.nc.gz"])
def test_other_endings_are_refused_before_anything_is_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.geojson"):
        write_map(disc(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "map.nc").mkdir()
    with pytest.raises(InputError, match=r"--out: cannot write map\.nc"):
        write_map(disc(), tmp_path / "map.nc")
    assert [path.name for path in tmp_path.iterdir()] == ["map.nc"]


def test_grids_of_another_size_are_told_apart(tmp_path: Path) -> None:
    data = disc(size="2 deg")
    assert grid_of(data).counts.tolist() == make_grid("2 deg", "europe").counts.tolist()
