"""A map as data: one value for each cell of a grid, with what lies under it and where it came from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from midcourse import __version__
from midcourse.atlas.cities import load_cities
from midcourse.atlas.outlines import load_atlas
from midcourse.dossier.errors import InputError

from .grid import Grid
from .ground import country_codes

if TYPE_CHECKING:
    import xarray as xr

#: What a map shows: whether (area), with what probability (share), how much (number), and between two maps
#: what became of an area (gain) or of a number (change).
Kind = Literal["area", "share", "number", "gain", "change"]
Role = Literal["interceptor", "radar", "launch", "aim", "compared"]

NEITHER, BOTH, GAINED, LOST = range(4)
GAINS = ("neither", "both", "gained", "lost")
#: A cell of an area or a gain map that was not asked about.
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a map marks [deg]; ``site`` is what the dossier calls it, where it is a site of it."""

    name: str
    role: Role
    lat: float
    lon: float
    site: str | None = None


def make_map(
    grid: Grid,
    name: str,
    values: ArrayLike,
    *,
    kind: Kind,
    units: str = "1",
    long_name: str,
    title: str,
    places: Sequence[Place] = (),
    about: Mapping[str, str | int | float | None] | None = None,
    missing: str = "no value",
    of: Kind | None = None,
) -> xr.Dataset:
    """A map from its values (cells,), in the grid's order.

    An area map takes truth values, or numbers with NaN where a cell was not asked about; a share map
    probabilities; a number map any numbers, NaN where there is none. ``units`` are those of UDUNITS: "s",
    "km", "1". ``about`` goes into the global attributes: dossier, dossier_hash, seed, architecture, threat,
    command ... with None left out. ``missing`` says what NaN means here: "out of the threat's reach". ``of``
    is the kind of the two maps that a gain or a change is between.

    The dataset has the dimensions (lat, lon), or (cell,) on an equal-area grid, and beside the variable
    ``name``: cell_area [m^2], land (share of the cell), population (of cities), country (ISO 3166-1 numeric,
    0 at sea), and the cells' bounds. The places that it marks are an attribute. Further variables over the
    same dimensions may be added; they are written with it.
    """
    import xarray as xr

    if kind not in get_args(Kind):
        raise ValueError(f"a map is one of {', '.join(get_args(Kind))}, not {kind}")
    laid = np.asarray(values)
    if laid.shape != (len(grid),):
        raise ValueError(f"{name}: {len(grid)} cells, but values of shape {laid.shape}")
    if kind in ("area", "gain"):
        laid = np.where(np.isnan(laid.astype(float)), UNKNOWN, laid).astype(np.int8)
    else:
        laid = laid.astype(np.float64)
    dims: tuple[str, ...] = ("lat", "lon") if grid.kind == "lat-lon" else ("cell",)
    ground = grid.ground
    south, west, north, east = grid.bounds
    lat_bounds, lon_bounds = np.column_stack([south, north]), np.column_stack([west, east])
    if grid.kind == "lat-lon":
        columns = int(grid.counts[0])
        lat, lon = grid.lat_deg[::columns], grid.lon_deg[:columns]
        lat_bounds, lon_bounds = lat_bounds[::columns], lon_bounds[:columns]
        lat_dims, lon_dims = ("lat",), ("lon",)
    else:
        lat, lon = grid.lat_deg, grid.lon_deg
        lat_dims = lon_dims = ("cell",)

    def over(
        values: NDArray[np.generic], **attributes: str
    ) -> tuple[tuple[str, ...], NDArray[np.generic], dict[str, str]]:
        return dims, values.reshape(grid.shape), attributes

    return xr.Dataset(
        data_vars={
            name: over(laid, long_name=long_name, units=units, kind=kind, missing=missing, of=of or kind),
            "cell_area": over(grid.area, long_name="area of the cell on the WGS-84 ellipsoid", units="m2"),
            "land": over(ground.land, long_name="share of the cell that is land", units="1"),
            "population": over(
                ground.people, long_name="people in cities of at least 15,000 inhabitants", units="1"
            ),
            "country": over(
                ground.codes.astype(np.int16), long_name="country at the cell's centre, ISO 3166-1 numeric"
            ),
            "lat_bounds": ((*lat_dims, "side"), lat_bounds),
            "lon_bounds": ((*lon_dims, "side"), lon_bounds),
        },
        coords={"lat": (lat_dims, lat), "lon": (lon_dims, lon)},
        attrs={
            "title": title,
            "quantity": name,
            "version": __version__,
            **{key: value for key, value in (about or {}).items() if value is not None},
            "region": grid.name,
            "grid": grid.kind,
            "grid_size_deg": grid.size,
            "places": json.dumps([asdict(place) for place in places], ensure_ascii=False),
            "sources": f"{load_atlas('50m').source}; {load_cities().source}",
        },
    )


def grid_of(data: xr.Dataset) -> Grid:
    """The grid that a map was laid on."""
    south_north = np.atleast_2d(data["lat_bounds"].values)
    west_east = data["lon_bounds"].values
    edges = np.union1d(south_north[:, 0], south_north[:, 1])
    rows = len(edges) - 1
    kind: Literal["lat-lon", "equal-area"] = "lat-lon" if "lon" in data.dims else "equal-area"
    if kind == "lat-lon":
        counts = np.full(rows, len(west_east))
    else:
        counts = np.bincount(np.searchsorted(edges, south_north[:, 0]), minlength=rows)
    return Grid(
        kind=kind,
        size=float(data.attrs["grid_size_deg"]),
        edges=edges,
        counts=counts,
        west=float(west_east.min()),
        east=float(west_east.max()),
        name=str(data.attrs["region"]),
    )


def quantity_of(data: xr.Dataset) -> xr.DataArray:
    """The variable that a map is about."""
    return data[str(data.attrs["quantity"])]


def kind_of(data: xr.Dataset) -> Kind:
    kind: Kind = quantity_of(data).attrs["kind"]
    return kind


def is_share(data: xr.Dataset) -> bool:
    """Whether a map's values are shares or differences of shares, and read best in per cent."""
    return bool(quantity_of(data).attrs["of"] == "share")


def places_of(data: xr.Dataset) -> list[Place]:
    """The places that a map marks."""
    return [Place(**place) for place in json.loads(data.attrs["places"])]


def values_of(data: xr.Dataset) -> NDArray[np.float64]:
    """A map's values (cells,), NaN where there is none."""
    values = quantity_of(data).values.ravel().astype(float)
    return np.where(values == UNKNOWN, np.nan, values) if kind_of(data) in ("area", "gain") else values


def difference(before: xr.Dataset, after: xr.Dataset, *, title: str, grid: Grid | None = None) -> xr.Dataset:
    """The map of what changes from one map to another of the same quantity, on the same grid.

    Two areas make a gain map (neither, both, gained, lost); shares and numbers make a change, after less
    before. ``grid`` is theirs, where it is at hand with the ground surveyed.
    """
    kind, grid = kind_of(before), grid or grid_of(before)
    others = grid_of(after)
    if kind_of(after) != kind or before.attrs["quantity"] != after.attrs["quantity"]:
        raise InputError(
            f"maps of {before.attrs['quantity']} and of {after.attrs['quantity']} cannot be compared"
        )
    if not (np.array_equal(grid.counts, others.counts) and np.allclose(grid.bounds, others.bounds)):
        raise InputError(
            "maps of different grids cannot be compared", expected="the same --grid and --region"
        )
    first, second = values_of(before), values_of(after)
    shown = quantity_of(before)
    made: Kind
    if kind == "area":
        made, values = (
            "gain",
            np.select(
                [np.isnan(first + second), (first > 0) & (second > 0), second > 0, first > 0],
                [np.nan, BOTH, GAINED, LOST],
                NEITHER,
            ),
        )
    elif kind in ("share", "number"):
        made, values = "change", second - first
    else:
        raise InputError("a map of a difference cannot be compared again")
    labels = [str(data.attrs.get("architecture", data.attrs["title"])) for data in (before, after)]
    places = {(place.name, place.role): place for data in (before, after) for place in places_of(data)}
    return make_map(
        grid,
        f"{shown.name}_{made}",
        values,
        kind=made,
        units=str(shown.attrs["units"]),
        long_name=f"{shown.attrs['long_name']}: {labels[1]} against {labels[0]}",
        missing=str(shown.attrs["missing"]),
        of=kind,
        title=title,
        places=list(places.values()),
        about={**_shared(before, after), "before": labels[0], "after": labels[1]},
    )


def _shared(before: xr.Dataset, after: xr.Dataset) -> dict[str, str]:
    """What the attributes of two maps have in common."""
    own = ("title", "quantity", "sources", "places")
    return {
        key: value for key, value in before.attrs.items() if key not in own and after.attrs.get(key) == value
    }


def country_names() -> dict[int, str]:
    """The names of countries by the code that maps give them."""
    atlas = load_atlas("50m")
    coded = zip(country_codes(atlas.countries), atlas.countries, atlas.country_rings, strict=True)
    # Australia shares its code with islets of its own: the largest comes last and gives the name.
    return {code: country.name for code, country, _ in sorted(coded, key=lambda one: len(one[2]))}
