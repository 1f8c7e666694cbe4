"""What lies under a grid's cells: land, countries and people.

Countries are laid under the cells by scan lines: along a parallel an outline's crossings bound stretches of
land whose ends are exact, so a cell's share of land needs sampling in latitude only. Neighbours share their
borders' points: their stretches meet without gap or overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from midcourse.atlas.cities import load_cities
from midcourse.atlas.outlines import Country, load_atlas

from .grid import Floats, area_below

if TYPE_CHECKING:
    from .grid import Grid

Whole = NDArray[np.int64]

SCAN_STEP = 0.1  # degrees between scan lines: about the fineness of outlines at 1:50 million
LEAST_SCANS = 4  # in a row
LINES_AT_ONCE = 2_000
#: ISO 3166-1 leaves 900 to 999 to its users: for lands that have no numeric code.
USER_CODES = 900


@dataclass(frozen=True, eq=False)
class Ground:
    """Land, countries and people of a grid.

    Attributes
    ----------
    land : share of each cell that is land (cells,)
    country : index in ``countries`` of the land at each cell's centre, -1 at sea (cells,)
    people : in cities of at least 15,000 people (cells,)
    part_cell, part_country, part_area : every country's area in every cell that it touches (parts,) [m^2]
    city_cell, city_country, city_people : every city within the grid (cities,)
    """

    countries: tuple[Country, ...]
    land: Floats
    country: Whole
    people: Whole
    part_cell: Whole
    part_country: Whole
    part_area: Floats
    city_cell: Whole
    city_country: Whole
    city_people: Whole

    @property
    def codes(self) -> Whole:
        """ISO 3166-1 numeric code of the country at each cell's centre, 0 at sea (cells,)."""
        return np.where(self.country >= 0, np.array(country_codes(self.countries))[self.country], 0)


class Stretches(NamedTuple):
    """Land of one country on one scan line, ``start`` to ``end`` [deg east of the western edge]."""

    line: Whole
    country: Whole
    start: Floats
    end: Floats


def survey(grid: Grid) -> Ground:
    """Lay the atlas under a grid."""
    countries = load_atlas("50m").countries
    part_cell, part_country, part_area = parts(grid)
    land = np.bincount(part_cell, part_area, len(grid)) / grid.area
    cities = load_cities()
    cell = grid.locate(cities.lat, cities.lon)
    inside = cell >= 0
    return Ground(
        countries=countries,
        land=np.minimum(land, 1.0),
        country=country_at_centres(grid),
        people=np.bincount(cell[inside], cities.people[inside], len(grid)).astype(np.int64),
        part_cell=part_cell,
        part_country=part_country,
        part_area=part_area,
        city_cell=cell[inside],
        city_country=cities.country[inside],
        city_people=cities.people[inside],
    )


def parts(grid: Grid) -> tuple[Whole, Whole, Floats]:
    """Cell, country and area [m^2] of each country's part of each cell."""
    heights = np.diff(grid.edges)
    scans = np.maximum(LEAST_SCANS, np.ceil(heights / SCAN_STEP)).astype(np.int64)
    row = np.repeat(np.arange(len(scans)), scans)
    within = np.arange(len(row)) - np.repeat(np.cumsum(scans) - scans, scans)
    low = grid.edges[row] + within / scans[row] * heights[row]
    high = grid.edges[row] + (within + 1) / scans[row] * heights[row]
    weight = area_below(high) - area_below(low)  # m^2 per radian
    cells, areas = [], []
    many = len(load_atlas("50m").countries)
    for begin in range(0, len(row), LINES_AT_ONCE):
        lines = slice(begin, begin + LINES_AT_ONCE)
        found = stretches((low[lines] + high[lines]) / 2.0, grid.west)
        line_row, line_weight = row[lines][found.line], weight[lines][found.line]
        count = grid.counts[line_row]
        width = (grid.east - grid.west) / count
        start, end = np.minimum(found.start / width, count), np.minimum(found.end / width, count)
        first = np.floor(start).astype(np.int64)
        spanned = np.maximum(np.ceil(end).astype(np.int64) - first, 0)
        stretch = np.repeat(np.arange(len(spanned)), spanned)
        column = first[stretch] + np.arange(len(stretch)) - np.repeat(np.cumsum(spanned) - spanned, spanned)
        length = np.minimum(end[stretch], column + 1) - np.maximum(start[stretch], column)
        cell = grid.starts[line_row[stretch]] + column
        cells.append(cell * many + found.country[stretch])
        areas.append(length * np.radians(width[stretch]) * line_weight[stretch])
    key, inverse = np.unique(np.concatenate(cells), return_inverse=True)
    area: Floats = np.bincount(inverse, np.concatenate(areas), len(key)).astype(np.float64)
    return key // many, key % many, area


def country_at_centres(grid: Grid) -> Whole:
    """Index of the country that holds each cell's centre, -1 at sea (cells,)."""
    country = np.full(len(grid), -1)
    middles = (grid.edges[:-1] + grid.edges[1:]) / 2.0
    found = stretches(middles, grid.west)
    count = grid.counts[found.line]
    width = (grid.east - grid.west) / count
    first = np.ceil(found.start / width - 0.5).astype(np.int64)
    after = np.minimum(np.ceil(found.end / width - 0.5).astype(np.int64), count)
    covered = np.maximum(after - first, 0)
    stretch = np.repeat(np.arange(len(covered)), covered)
    column = first[stretch] + np.arange(len(stretch)) - np.repeat(np.cumsum(covered) - covered, covered)
    country[grid.starts[found.line[stretch]] + column] = found.country[stretch]
    return country


def stretches(lats: Floats, west: float) -> Stretches:
    """Where parallels run over land, by country: ``lats`` ascending [deg], counted eastward from ``west``."""
    edges = country_edges()
    first = np.searchsorted(lats, edges.low, side="left")
    crossings = np.searchsorted(lats, edges.high, side="left") - first
    edge = np.repeat(np.arange(len(crossings)), crossings)
    line = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(crossings) - crossings, crossings)
    lon = edges.lon[edge] + (lats[line] - edges.low[edge]) * edges.slope[edge]
    # A closed ring crosses a parallel an even number of times, and its inside lies between odd and even.
    order = np.lexsort((lon, edges.ring[edge], line))
    line, ring, lon = line[order][::2], edges.ring[edge][order][::2], lon[order]
    start, end = lon[::2], lon[1::2]
    turned = np.mod(start - west, 360.0)
    start, end = turned, turned + (end - start)
    over = np.flatnonzero(end > 360.0)
    line, country = np.append(line, line[over]), edges.country[np.append(ring, ring[over])]
    start = np.append(start, np.zeros(len(over)))
    end = np.append(np.minimum(end, 360.0), end[over] - 360.0)
    return without_holes(Stretches(line, country, start, end))


def without_holes(all_rings: Stretches) -> Stretches:
    """Rings inside rings are holes: what an even number of a country's rings encloses is not its land."""
    line, country = np.tile(all_rings.line, 2), np.tile(all_rings.country, 2)
    ends = np.concatenate([all_rings.start, all_rings.end])
    order = np.lexsort((ends, country, line))
    line, country, ends = line[order][::2], country[order][::2], ends[order]
    return Stretches(line, country, ends[::2], ends[1::2])


class Edges(NamedTuple):
    """Edges of all rings that are not level (edges,), degrees; ``country`` is of each ring (rings,)."""

    low: Floats
    high: Floats
    lon: Floats
    slope: Floats
    ring: Whole
    country: Whole


@lru_cache(maxsize=1)
def country_edges() -> Edges:
    """The outlines of all countries at 1:50 million, edge by edge."""
    atlas = load_atlas("50m")
    outlines = [
        (index, atlas.outline(ring)) for index, rings in enumerate(atlas.country_rings) for ring in rings
    ]
    ring = np.repeat(np.arange(len(outlines)), [len(points) - 1 for _, points in outlines])
    begin = np.concatenate([points[:-1] for _, points in outlines])
    end = np.concatenate([points[1:] for _, points in outlines])
    slanted = begin[:, 1] != end[:, 1]
    begin, end, ring = begin[slanted], end[slanted], ring[slanted]
    # Both neighbours of a border must find the same crossing: each edge is taken from its southern end.
    south, north = np.where((begin[:, 1] < end[:, 1])[:, None], (begin, end), (end, begin))
    return Edges(
        low=south[:, 1],
        high=north[:, 1],
        lon=south[:, 0],
        slope=(north[:, 0] - south[:, 0]) / (north[:, 1] - south[:, 1]),
        ring=ring,
        country=np.array([index for index, _ in outlines]),
    )


def country_codes(countries: tuple[Country, ...]) -> list[int]:
    """ISO 3166-1 numeric codes; lands without one get one that the standard leaves to its users."""
    codes, free = [], USER_CODES
    for country in countries:
        free += not country.numeric
        codes.append(int(country.numeric) if country.numeric else free)
    return codes
