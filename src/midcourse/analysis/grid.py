"""The cells of a map: rows of latitude, each cut into equal cells of longitude.

One shape serves both kinds. A *lat-lon* grid has the same number of cells in every row. An *equal-area* grid
has fewer toward the poles, and row edges placed so that all its cells have exactly the same area. Cells are
numbered row by row from the south, each row from the west. Areas are on the WGS-84 ellipsoid.

References
----------
.. [1] J. P. Snyder, "Map Projections: A Working Manual", USGS Professional Paper 1395, 1987, eq. 3-12.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from midcourse.atlas.regions import Region, load_regions
from midcourse.dossier.errors import InputError, nearest_names
from midcourse.dossier.units import parse_quantity
from midcourse.physics.earth import WGS84

if TYPE_CHECKING:
    from .ground import Ground

Floats = NDArray[np.float64]
Kind = Literal["lat-lon", "equal-area"]

ECCENTRICITY = math.sqrt(WGS84.flattening * (2.0 - WGS84.flattening))
FINEST = 0.01  # degrees: a world of such cells has 648 million
ROUNDING = 1e-9  # degrees


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells over a region.

    Attributes
    ----------
    kind : whether rows are cut alike (``lat-lon``) or into cells of one area (``equal-area``)
    size : of a cell [deg]; of an equal-area one, about
    edges : latitude of the rows' edges, from the south (rows + 1,) [deg]
    counts : cells in each row (rows,)
    west, east : of the region [deg]; -180 <= west < 180, and east beyond 180 across the antimeridian
    name : of the region
    """

    kind: Kind
    size: float
    edges: Floats
    counts: NDArray[np.int64]
    west: float
    east: float
    name: str

    def __len__(self) -> int:
        return int(self.counts.sum())

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Number of each row's first cell, and of all cells at the end (rows + 1,)."""
        return np.concatenate([[0], np.cumsum(self.counts)])

    @cached_property
    def row(self) -> NDArray[np.int64]:
        """Row of each cell (cells,)."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def bounds(self) -> tuple[Floats, Floats, Floats, Floats]:
        """South, west, north and east edge of each cell, each (cells,) [deg]; longitudes run on past 180."""
        column = np.arange(len(self)) - self.starts[self.row]
        width = (self.east - self.west) / self.counts[self.row]
        # Both edges by the same expression: neighbours share theirs to the last bit.
        return (
            self.edges[self.row],
            self.west + column * width,
            self.edges[self.row + 1],
            self.west + (column + 1) * width,
        )

    @cached_property
    def lat_deg(self) -> Floats:
        """Latitude of cell centres (cells,) [deg]."""
        return ((self.edges[:-1] + self.edges[1:]) / 2.0)[self.row]

    @cached_property
    def lon_deg(self) -> Floats:
        """Longitude of cell centres (cells,) [deg], from west to east past 180."""
        return (self.bounds[1] + self.bounds[3]) / 2.0

    @cached_property
    def lat(self) -> Floats:
        """Latitude of cell centres (cells,) [rad]."""
        return np.radians(self.lat_deg)

    @cached_property
    def lon(self) -> Floats:
        """Longitude of cell centres (cells,) [rad], -pi to pi."""
        return np.radians(wrapped(self.lon_deg))

    @cached_property
    def area(self) -> Floats:
        """Area of each cell on the ellipsoid (cells,) [m^2]."""
        height = np.diff(area_below(self.edges))
        return (height * math.radians(self.east - self.west) / self.counts)[self.row]

    @cached_property
    def ground(self) -> Ground:
        """What lies under the cells: land, countries, people."""
        from .ground import survey

        return survey(self)

    @property
    def shape(self) -> tuple[int, int] | tuple[int]:
        """(rows, columns) of a lat-lon grid, (cells,) of an equal-area one: what a map's array has."""
        if self.kind == "lat-lon":
            return len(self.counts), int(self.counts[0])
        return (len(self),)

    @property
    def goes_round(self) -> bool:
        """Whether the last cell of a row borders on its first."""
        return self.east - self.west > 360.0 - ROUNDING

    def chunks(self, most: int) -> Iterator[slice]:
        """Runs of at most ``most`` cells that together hold each cell once: a long map in bounded memory."""
        if most < 1:
            raise ValueError(f"a chunk holds at least one cell, not {most}")
        for start in range(0, len(self), most):
            yield slice(start, min(start + most, len(self)))

    def locate(self, lat: ArrayLike, lon: ArrayLike) -> NDArray[np.int64]:
        """The cell that holds each place [deg], -1 where it lies outside the region.

        A place on an edge belongs to the cell north or east of it, and so lies outside on the region's own
        northern or eastern edge. Only the pole itself belongs to the row below it.
        """
        lats, lons = np.broadcast_arrays(np.asarray(lat, float), np.asarray(lon, float))
        row = np.searchsorted(self.edges, lats, side="right") - 1
        row = np.where((lats == 90.0) & (self.edges[-1] == 90.0), len(self.counts) - 1, row)
        along = np.mod(lons - self.west, 360.0)
        # A place a rounding error west of the western edge lies on it, not a whole turn away.
        along = np.where(along >= 360.0 - ROUNDING, 0.0, along)
        inside = (row >= 0) & (row < len(self.counts)) & (along < self.east - self.west)
        row = np.where(inside, row, 0)
        count = self.counts[row]
        column = np.floor(along * count / (self.east - self.west) + ROUNDING).astype(np.int64)
        return np.where(inside, self.starts[row] + np.minimum(column, count - 1), -1)


def make_grid(
    size: str | float = "1 deg",
    region: str | Region | tuple[float, float, float, float] = "world",
    *,
    equal_area: bool = False,
    option: str = "--grid",
) -> Grid:
    """A grid over a region: a name such as "europe", bounds "SOUTH,WEST,NORTH,EAST", or the four in degrees.

    ``size`` is a cell's height, and its width at the equator: "1 deg", or a number of degrees. It must divide
    180. The region grows outward to whole cells counted from the south pole and the antimeridian, so that
    maps of one size fit each other. InputErrors name ``option`` for the size and ``--region`` for the region.
    """
    step = cell_size(size, option)
    box = find_region(region)
    south, north = (90.0 + box.south) / step, (90.0 + box.north) / step
    west, east = (180.0 + box.west) / step, (180.0 + box.east) / step
    first_row, last_row = math.floor(south + ROUNDING), math.ceil(north - ROUNDING)
    first, last = math.floor(west + ROUNDING), math.ceil(east - ROUNDING)
    last = min(last, first + round(360.0 / step))
    whole = round(180.0 / step)
    # Degrees by division, not by adding up: 0.1 has no exact binary value.
    edges = np.arange(first_row, last_row + 1) * 180.0 / whole - 90.0
    counts = np.full(len(edges) - 1, last - first)
    if equal_area:
        below = area_below(edges)
        # As many cells in a row as keep each about as large as a square on the equator.
        square = math.radians(step) * area_below(np.array(step))
        counts = np.round(np.diff(below) * math.radians((last - first) * step) / square).astype(np.int64)
        counts = np.maximum(counts, 1)
        share = np.concatenate([[0.0], np.cumsum(counts) / counts.sum()])
        ends = edges[0], edges[-1]
        edges = latitude_above(below[0] + share * (below[-1] - below[0]))
        edges[0], edges[-1] = ends
    return Grid(
        kind="equal-area" if equal_area else "lat-lon",
        size=step,
        edges=edges,
        counts=counts,
        west=first * 180.0 / whole - 180.0,
        east=last * 180.0 / whole - 180.0,
        name=box.name,
    )


def cell_size(size: str | float, option: str = "--grid") -> float:
    """The size of a cell in degrees: InputError unless it divides 180."""
    expected = 'a size that divides 180 deg, such as "1 deg" or "0.25 deg"'
    try:
        degrees = math.degrees(parse_quantity(size, "rad")) if isinstance(size, str) else float(size)
    except InputError as error:
        raise error.placed(option) from None
    if not FINEST <= degrees <= 90.0 or abs(180.0 / degrees - round(180.0 / degrees)) > 1e-6:
        raise InputError("cells cannot be {value} wide", where=option, value=size, expected=expected)
    return 180.0 / round(180.0 / degrees)


def find_region(region: str | Region | tuple[float, float, float, float], option: str = "--region") -> Region:
    """A region by name or by bounds; InputError says what is wrong with either."""
    if isinstance(region, Region):
        return region
    if isinstance(region, str):
        known = load_regions()
        if region.casefold() in known:
            return known[region.casefold()]
        if not re.search(r"\d", region):
            raise InputError(
                "unknown region {value}",
                where=option,
                value=region,
                nearest=nearest_names(region, known),
                expected=f"{', '.join(known)} or SOUTH,WEST,NORTH,EAST in degrees",
            )
    expected = "SOUTH,WEST,NORTH,EAST in degrees, such as 34,-25,72,45"
    written = region if isinstance(region, str) else ",".join(f"{value:g}" for value in region)
    try:
        south, west, north, east = (float(part) for part in written.split(","))
    except ValueError:
        raise InputError("{value} is not a region", where=option, value=written, expected=expected) from None
    if not (-90.0 <= south < north <= 90.0):
        problem = "the region {value} has no height between -90 and 90 deg"
        raise InputError(problem, where=option, value=written, expected=expected)
    if not (-360.0 <= west <= 360.0 and -360.0 <= east <= 720.0 and west != east and east - west <= 360.0):
        problem = "the region {value} has no width of up to 360 deg"
        raise InputError(problem, where=option, value=written, expected=expected)
    turn = 360.0 * math.floor((west + 180.0) / 360.0)
    west, east = west - turn, east - turn
    return Region("", box_name(south, west, north, east), south, west, north, east + 360.0 * (east < west))


def box_name(south: float, west: float, north: float, east: float) -> str:
    """Bounds in words: 34° N to 72° N, 25° W to 45° E."""
    lats = [f"{abs(value):g}° {'S' if value < 0 else 'N'}" for value in (south, north)]
    lons = [f"{abs(value):g}° {'W' if value < 0 else 'E'}" for value in wrapped(np.array([west, east]))]
    return f"{lats[0]} to {lats[1]}, {lons[0]} to {lons[1]}"


def wrapped(lon: Floats) -> Floats:
    """Longitudes brought to -180 <= lon < 180 [deg]; those within stay as they are to the last bit."""
    return np.where((lon >= -180.0) & (lon < 180.0), lon, np.mod(lon + 180.0, 360.0) - 180.0)


def area_below(lat: ArrayLike) -> Floats:
    """Area from the equator to a latitude [deg], per radian of longitude [m^2]. [1]_ eq. 3-12."""
    sine, e = np.sin(np.radians(np.asarray(lat, float))), ECCENTRICITY
    polar = WGS84.radius**2 * (1.0 - e * e) / 2.0
    area: Floats = polar * (sine / (1.0 - (e * sine) ** 2) + np.arctanh(e * sine) / e)
    return area


def latitude_above(area: Floats) -> Floats:
    """The latitude [deg] below which so much area lies: ``area_below`` backwards, by Newton's steps."""
    e = ECCENTRICITY
    sine = area / area_below(90.0)
    polar = WGS84.radius**2 * (1.0 - e * e)
    for _ in range(6):
        over = polar / 2.0 * (sine / (1.0 - (e * sine) ** 2) + np.arctanh(e * sine) / e) - area
        sine = np.clip(sine - over * (1.0 - (e * sine) ** 2) ** 2 / polar, -1.0, 1.0)
    return np.degrees(np.arcsin(sine))
