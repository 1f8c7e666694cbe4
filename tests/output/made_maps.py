"""Made-up maps whose answers are known: discs, bands across the antimeridian, polar caps, fields."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import pyproj
import xarray as xr

from midcourse.analysis.grid import Grid, make_grid
from midcourse.analysis.maps import Place, difference, make_map

GEOD = pyproj.Geod(ellps="WGS84")
PLACES = (
    Place("Redzikowo", "interceptor", 54.48, 17.10),
    Place("Brdy", "radar", 49.66, 13.66),
    Place("Tabriz", "launch", 38.08, 46.29),
    Place("Tehran", "launch", 35.69, 51.39),
)
ABOUT = {
    "dossier": "third-site",
    "dossier_hash": "0123456789abcdef",
    "seed": 7,
    "architecture": "third-site",
    "threat": "iran-europe-irbm",
    "command": 'midcourse map third-site --title "<ü & °>"',
}


def distance(grid: Grid, lat: float, lon: float) -> np.ndarray:
    """From a place to each cell's centre [m]."""
    many = len(grid)
    return np.asarray(GEOD.inv(np.full(many, lon), np.full(many, lat), np.degrees(grid.lon), grid.lat_deg)[2])


def made_once(make: Callable[..., xr.Dataset]) -> Callable[..., xr.Dataset]:
    """A copy of what is made once of each kind: most of it is the ground under the cells."""
    kept = functools.cache(make)
    return lambda *which, **how: kept(*which, **how).copy(deep=True)


@made_once
def disc(
    region: str = "europe",
    lat: float = 54.48,
    lon: float = 17.1,
    radius: float = 2e6,
    *,
    size: str = "1 deg",
    equal_area: bool = False,
    architecture: str = "third-site",
) -> xr.Dataset:
    grid = make_grid(size, region, equal_area=equal_area)
    return make_map(
        grid,
        "defended",
        distance(grid, lat, lon) < radius,
        kind="area",
        long_name="defended from every launch point",
        title="Area defended",
        places=PLACES,
        about={**ABOUT, "architecture": architecture},
    )


@made_once
def probability(region: str = "europe", *, size: str = "1 deg", equal_area: bool = False) -> xr.Dataset:
    grid = make_grid(size, region, equal_area=equal_area)
    share = 1.0 / (1.0 + np.exp((distance(grid, 54.48, 17.1) / 1e6 - 1.6) * 4.0))
    return make_map(
        grid,
        "defended_probability",
        np.round(share * 256) / 256,
        kind="share",
        long_name="share of samples in which the cell is defended",
        title="How likely each place is defended",
        places=PLACES,
        about=ABOUT,
    )


@made_once
def warning(region: str = "europe", *, lon: float = 46.3, equal_area: bool = False) -> xr.Dataset:
    """Seconds of warning; none near the launch point and far from it."""
    grid = make_grid("1 deg", region, equal_area=equal_area)
    away = distance(grid, 38.0, lon)
    seconds = np.where((away > 5.5e6) | (away < 8e5), np.nan, 200.0 + away / 5000.0)
    return make_map(
        grid,
        "warning",
        seconds,
        kind="number",
        units="s",
        long_name="warning time",
        title="Warning of a missile from Tabriz",
        places=PLACES,
        about=ABOUT,
        missing="out of the threat's reach",
    )


def gain() -> xr.Dataset:
    return difference(
        disc(), disc(lat=50.0, lon=25.0, architecture="joint"), title="Joint against third site"
    )


def change() -> xr.Dataset:
    return difference(warning(), warning(lon=42.0), title="Warning: another launch point")


EVERY = {
    "disc": disc,
    "disc of equal areas": lambda: disc(equal_area=True),
    "across the antimeridian": lambda: disc("pacific", 52.0, 178.0),
    "antimeridian, equal areas": lambda: disc("pacific", 52.0, 178.0, equal_area=True),
    "north pole": lambda: disc("world", 88.0, 10.0, size="2 deg"),
    "south pole": lambda: disc("world", -90.0, 0.0, size="2 deg", equal_area=True),
    "nothing": lambda: disc(radius=0.0),
    "everything": lambda: disc("world", radius=3e7, size="5 deg"),
    "probability": probability,
    "warning": warning,
    "gain": gain,
    "change": change,
}
