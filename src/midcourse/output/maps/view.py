"""How a region is shown on paper: a projection that fits it, the frame, and what falls where.

Every projection here keeps areas, for areas are what a map of a defence is about: Lambert's azimuthal one for
a continent or a pole, Equal Earth (Šavrič, Patterson and Jenny, 2018) for the world.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray

from midcourse.analysis.grid import Grid, make_grid, wrapped
from midcourse.analysis.ground import country_at_centres
from midcourse.atlas.outlines import load_atlas

from ..geography import place_name, unit_vectors

Floats = NDArray[np.float64]
Projection = Literal["laea", "eqearth"]
Shape = Literal["frame", "globe", "disc"]

WIDEST_CAP = 75.0  # degrees from the centre: beyond, the rim of an azimuthal map is too squeezed
POLAR_FROM = 60.0  # degrees of latitude that a ring round the Earth must reach to be seen from above a pole
MARGIN = 0.02  # of the frame's width
COARSE_FROM = 12_000.0  # m per px from which the 1:110 million outlines are fine enough
FINEST_LAND, COARSEST_LAND = 0.02, 0.5  # degrees
HORIZON = 100.0  # degrees from an azimuthal centre up to which lines are drawn


@dataclass(frozen=True, eq=False)
class MapView:
    """A projection, and the frame on it in projected metres, ``width`` px wide.

    ``shape`` says what bounds the map: the frame, the outline of the whole globe, or the disc of a polar cap.
    """

    projection: Projection
    lat: float
    lon: float
    left: float
    right: float
    bottom: float
    top: float
    width: int
    shape: Shape

    @property
    def scale(self) -> float:
        """Metres per px at the centre."""
        return (self.right - self.left) / self.width

    @property
    def height(self) -> int:
        return max(1, round((self.top - self.bottom) / self.scale))

    @cached_property
    def _proj(self) -> pyproj.Proj:
        if self.projection == "laea":
            return pyproj.Proj(proj="laea", lat_0=self.lat, lon_0=self.lon, ellps="WGS84")
        return pyproj.Proj(proj="eqearth", lon_0=self.lon, ellps="WGS84")

    def project(self, lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
        """Projected metres of places [deg]; NaN beyond an azimuthal map's horizon."""
        lons, lats = np.broadcast_arrays(np.asarray(lon, float), np.asarray(lat, float))
        x, y = self._proj(wrapped(np.ravel(lons)), np.ravel(lats), errcheck=False)
        x, y = np.reshape(x, lons.shape), np.reshape(y, lons.shape)
        if self.projection == "laea":
            centre, phi = math.radians(self.lat), np.radians(lats)
            cosine = math.sin(centre) * np.sin(phi)
            cosine = cosine + math.cos(centre) * np.cos(phi) * np.cos(np.radians(lons - self.lon))
            hidden = cosine < math.cos(math.radians(HORIZON))
            x, y = np.where(hidden, np.nan, x), np.where(hidden, np.nan, y)
        return x, y

    def lines(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        """A line's projected metres, broken by NaN where it leaps from one edge of the world to the other."""
        x, y = self.project(lat, lon)
        if self.projection == "eqearth":
            leap = np.flatnonzero(np.abs(np.diff(x)) > 1e7) + 1
            x, y = np.insert(x, leap, np.nan), np.insert(y, leap, np.nan)
        return x, y

    def inside(self, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Whether projected places fall within the frame, or within the disc."""
        with np.errstate(invalid="ignore"):
            if self.shape == "disc":
                return np.hypot(x, y) <= (self.right - self.left) / (2.0 + 4.0 * MARGIN) + 1.0
            return (x >= self.left) & (x <= self.right) & (y >= self.bottom) & (y <= self.top)

    @cached_property
    def pixels(self) -> tuple[Floats, Floats]:
        """Latitude and longitude of each px (height, width) [deg], from the top; NaN off the Earth."""
        x = self.left + (np.arange(self.width) + 0.5) * self.scale
        y = self.top - (np.arange(self.height) + 0.5) * (self.top - self.bottom) / self.height
        across, down = (np.ascontiguousarray(part) for part in np.meshgrid(x, y))
        lon, lat = self._proj(across, down, inverse=True, errcheck=False)
        lost = ~(np.isfinite(lat) & np.isfinite(lon))
        if self.projection == "eqearth":
            # Beyond the outline the inverse finds places that the map has already shown.
            x_again, y_again = self._proj(np.where(lost, 0.0, lon), np.where(lost, 0.0, lat))
            lost |= np.hypot(x_again - across, y_again - down) > 1.0
        return np.where(lost, np.nan, lat), np.where(lost, np.nan, lon)

    @cached_property
    def land(self) -> NDArray[np.bool_]:
        """Which px are land (height, width)."""
        lat, lon = self.pixels
        degrees = math.degrees(self.scale / 6.371e6)
        fine = min(max(degrees, FINEST_LAND), COARSEST_LAND)
        size = 180.0 / math.ceil(180.0 / fine)
        south, north = float(np.nanmin(lat)), float(np.nanmax(lat))
        turned = np.mod(lon - self.lon + 180.0, 360.0)
        west, east = float(np.nanmin(turned)), float(np.nanmax(turned))
        begin = self.lon - 180.0
        everywhere = west < 5.0 and east > 355.0
        box = (south, -180.0, north, 180.0) if everywhere else (south, begin + west, north, begin + east)
        grid = make_grid(size, box)
        cell = grid.locate(np.nan_to_num(lat, nan=-91.0), np.nan_to_num(lon))
        return np.where(cell >= 0, (country_at_centres(grid) >= 0)[cell], False)

    def cells(self, grid: Grid) -> NDArray[np.int64]:
        """The cell of a grid that each px shows (height, width), -1 outside the region."""
        lat, lon = self.pixels
        return grid.locate(np.nan_to_num(lat, nan=-91.0), np.nan_to_num(lon))

    def outlines(self, *, borders: bool) -> tuple[Floats, Floats]:
        """Coasts, or the borders between countries, as one broken line in projected metres."""
        atlas = load_atlas("110m" if self.scale > COARSE_FROM else "50m")
        shown = atlas.border == borders
        lengths = np.diff(atlas.bounds)
        points = atlas.points[np.repeat(shown, lengths)]
        breaks = np.cumsum(lengths[shown])[:-1]
        lat = np.insert(points[:, 1], breaks, np.nan)
        lon = np.insert(points[:, 0], breaks, np.nan)
        return self.lines(lat, lon)

    @property
    def caption(self) -> str:
        """The projection in words."""
        if self.projection == "eqearth":
            return "Equal Earth projection"
        if abs(self.lat) == 90.0:
            return (
                f"Lambert azimuthal equal-area projection of the {'north' if self.lat > 0 else 'south'} pole"
            )
        return f"Lambert azimuthal equal-area projection centred on {place_name(self.lat, self.lon)}"


def fit_view(grid: Grid, width: int) -> MapView:
    """The view that shows a grid's region whole."""
    lat, lon = outline_of(grid)
    south, north = float(grid.edges[0]), float(grid.edges[-1])
    projection: Projection = "laea"
    if grid.goes_round and (south >= 0.0 or north <= 0.0) and max(north, -south) > POLAR_FROM:
        centre = (90.0 if south >= 0.0 else -90.0, 0.0)
        lat, lon = np.full(361, south if south >= 0.0 else north), np.linspace(-180.0, 180.0, 361)
    else:
        centre = ((south + north) / 2.0, float(wrapped(np.array((grid.west + grid.east) / 2.0))))
        if grid.goes_round or reach(centre, lat, lon) > WIDEST_CAP:
            projection = "eqearth"
    shape: Shape = "frame" if not grid.goes_round else "globe" if projection == "eqearth" else "disc"
    view = MapView(projection, *centre, -1.0, 1.0, -1.0, 1.0, width, shape)
    if projection == "eqearth" and not grid.goes_round:
        lon = view.lon + np.clip(lon - (grid.west + grid.east) / 2.0, -179.999, 179.999)
    elif shape == "globe":
        lat, lon = world_outline(view.lon)
    x, y = view.project(lat, lon)
    left, right, bottom, top = (float(v) for v in (np.nanmin(x), np.nanmax(x), np.nanmin(y), np.nanmax(y)))
    pad = MARGIN * (right - left)
    return MapView(projection, *centre, left - pad, right + pad, bottom - pad, top + pad, width, shape)


def reach(centre: tuple[float, float], lat: Floats, lon: Floats) -> float:
    """The farthest that places lie from a centre [deg]."""
    (middle,), places = unit_vectors(*(np.array([part]) for part in centre)), unit_vectors(lat, lon)
    return math.degrees(math.acos(min(1.0, max(-1.0, float((places @ middle).min())))))


def outline_of(grid: Grid) -> tuple[Floats, Floats]:
    """The edge of a grid's region, point by point [deg]."""
    lon = np.linspace(grid.west, grid.east, 181)
    lat = np.linspace(grid.edges[0], grid.edges[-1], 91)
    return (
        np.concatenate([np.full(181, lat[0]), lat, np.full(181, lat[-1]), lat[::-1]]),
        np.concatenate([lon, np.full(91, lon[-1]), lon[::-1], np.full(91, lon[0])]),
    )


def world_outline(centre: float) -> tuple[Floats, Floats]:
    """The edge of a map of the whole world [deg]: its two outermost meridians and the poles' lines."""
    lat, lon = np.linspace(-90.0, 90.0, 181), np.linspace(-179.9999, 179.9999, 181)
    edge = np.full(181, 179.9999)
    return (
        np.concatenate([lat, np.full(181, 90.0), lat[::-1], np.full(181, -90.0)]),
        centre + np.concatenate([edge, lon[::-1], -edge, lon]),
    )


def projected_outline(view: MapView, grid: Grid) -> tuple[Any, Any]:
    """The region's edge in projected metres; of a cap round a pole its parallel."""
    if view.shape == "globe":
        return view.project(*world_outline(view.lon))
    if view.shape == "disc":
        rim = grid.edges[-1] if view.lat < 0 else grid.edges[0]
        return view.project(np.full(361, rim), np.linspace(-180.0, 180.0, 361))
    return view.lines(*outline_of(grid))
