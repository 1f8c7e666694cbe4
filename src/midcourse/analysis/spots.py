"""Places to try a battery or a radar at: the land of a grid, and the sites that a dossier names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..atlas.outlines import Country, load_atlas
from ..atlas.regions import Region
from ..dossier import Dossier, InputError, nearest_names
from ..model import Battery, Sensor
from ..model.defence import Place
from .grid import Grid, wrapped

Array = NDArray[np.float64]

#: Sites of the dossier are looked at as far beyond the region as this [deg].
MARGIN_DEG = 10.0


@dataclass(frozen=True)
class KeepOut:
    """Land that is no nearer to a place [deg] than a distance [m] may be searched."""

    lat: float
    lon: float
    distance_m: float

    @property
    def words(self) -> str:
        return f"{self.distance_m / 1e3:g} km from {self.lat:g}, {self.lon:g}"


@dataclass(frozen=True)
class Spot:
    """A place to look at; ``cell`` is -1 for a site of the dossier."""

    place: Place
    cell: int
    country: str
    barred: str | None

    @property
    def site(self) -> str | None:
        return self.place.name if self.cell < 0 else None


def find_country(text: str) -> Country:
    """A country by name or two-letter code; InputError with the nearest name."""
    known = load_atlas("50m").countries
    wanted = text.strip().casefold()
    for country in known:
        if wanted and wanted in (country.alpha2.casefold(), country.name.casefold()):
            return country
    raise InputError(
        "unknown country {value}", where="--countries", value=text.strip(),
        expected="names, or two-letter codes such as PL,CZ,RO",
        nearest=nearest_names(wanted, [each.name for each in known]),
    )  # fmt: skip


def inside(region: Region, lat: float, lon: float, margin: float = 0.0) -> bool:
    """Whether a place [rad] lies in a region, or within a margin [deg] of it."""
    degrees = math.degrees(lat)
    east = (math.degrees(lon) - region.west + margin) % 360.0
    across = region.east - region.west + 2.0 * margin
    return region.south - margin <= degrees <= region.north + margin and east <= across


def find_spots(
    dossier: Dossier,
    grid: Grid,
    region: Region,
    countries: Sequence[str],
    keep_out: Sequence[KeepOut],
    part: Battery | Sensor,
) -> list[Spot]:
    """Places to look at: the dossier's sites on land in the region or near it, then the grid's allowed land.

    Only those in the region, the countries and outside the distances are searched; sites are looked at, and
    told of, all the same.
    """
    atlas = load_atlas("50m")
    found = []
    for name, data in dossier.site.items():
        place = Place(name, data.name, data.lat.value, data.lon.value, data.altitude.value)
        own = name == part.site.name
        if not own and not inside(region, place.lat, place.lon, MARGIN_DEG):
            continue
        lat, lon = math.degrees(place.lat), math.degrees(place.lon)
        country = atlas.country_at(lat, lon)
        if country is None and not own:
            continue
        why = None
        if country is None:
            why = "at sea"
        elif not inside(region, place.lat, place.lon):
            why = "outside the region"
        elif countries and country.name not in countries:
            why = "not in these countries"
        elif _near(np.array([lat]), np.array([lon]), keep_out)[0]:
            why = "nearer than the distance kept"
        found.append(Spot(place, -1, country.name if country else "", why))
    land = grid.ground.country
    names = np.array([*(each.name for each in grid.ground.countries), ""])
    fit = land >= 0
    if countries:
        fit &= np.isin(names[land], countries)
    fit &= ~_near(grid.lat_deg, wrapped(grid.lon_deg), keep_out)
    for cell in np.flatnonzero(fit):
        lat, lon = float(grid.lat_deg[cell]), float(wrapped(grid.lon_deg)[cell])
        title = f"{names[land[cell]]}, {_degrees(lat, 'NS')} {_degrees(lon, 'EW')}"
        place = Place(f"cell {cell}", title, float(grid.lat[cell]), float(grid.lon[cell]))
        found.append(Spot(place, int(cell), str(names[land[cell]]), None))
    if all(each.barred for each in found):
        raise InputError(
            f"no land is left to search in {region.name}", where="--countries" if countries else "--keep-out",
            value=", ".join(countries) or None,
            expected="more countries, shorter distances, a finer --grid or another --region",
        )  # fmt: skip
    return found


def _degrees(value: float, signs: str) -> str:
    return f"{abs(value):.4g}° {signs[value < 0.0]}"


def _near(lat: Array, lon: Array, keep_out: Sequence[KeepOut]) -> NDArray[np.bool_]:
    """Which places [deg] are nearer than the distance to be kept."""
    from pyproj import Geod

    out = np.zeros(len(lat), dtype=bool)
    for each in keep_out:
        there = np.full(len(lat), each.lat), np.full(len(lat), each.lon)
        out |= Geod(ellps="WGS84").inv(lon, lat, there[1], there[0])[2] < each.distance_m
    return out
