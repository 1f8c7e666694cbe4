"""A view of the Earth on paper: projection, frame, and the outlines that fall within it as SVG path data.

Azimuthal projections only: the flights of a dispute cross the polar regions, which every cylindrical map
tears apart. Centred on the scene they show it whole, the antimeridian is no seam, and a great circle through
the centre is a straight line. Latitudes and longitudes are in degrees, distances in metres, pictures in user
units ("px").
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray

from midcourse.atlas.outlines import Atlas, Floats, Scale, encloses, join, load_atlas

Projection = Literal["laea", "aeqd"]

PROJECTION_NAMES: dict[Projection, str] = {
    "laea": "Lambert azimuthal equal-area projection",
    "aeqd": "azimuthal equidistant projection",
}
MEAN_RADIUS = 6_371_008.8  # m, WGS-84
WIDEST_EQUAL_AREA = (
    40.0  # degrees from the centre; beyond, equal area squeezes the rim and equidistance is kept
)
COARSE_FROM = 15_000.0  # m per px from which the 1:110 million outlines are fine enough
GRAIN = 1.0  # px: points of an outline that fall into the same cell of this size are drawn as one
BLEED = 12.0  # px that outlines go on beyond the frame, so that their ends do not show
SMALLEST_RING = 2.5  # px: islands smaller than this are left out


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of ``width`` by ``height`` px on a projection centred at (``lat``, ``lon``).

    ``scale`` is metres per px at the centre; ``left`` and ``top`` are the frame's corner in projected metres.
    """

    projection: Projection
    lat: float
    lon: float
    scale: float
    left: float
    top: float
    width: float
    height: float

    def project(self, lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
        """Picture coordinates (x right, y down) of places."""
        x, y = projected(self.projection, self.lat, self.lon, lat, lon)
        return (x - self.left) / self.scale, (self.top - y) / self.scale

    def shows(self, lat: ArrayLike, lon: ArrayLike) -> NDArray[np.bool_]:
        """Whether places fall within the frame."""
        x, y = self.project(lat, lon)
        return (x >= 0) & (x <= self.width) & (y >= 0) & (y <= self.height)

    @property
    def caption(self) -> str:
        """The projection and its centre in words."""
        return f"{PROJECTION_NAMES[self.projection].capitalize()} centred on {place_name(self.lat, self.lon)}"


def fit(
    lat: ArrayLike,
    lon: ArrayLike,
    width: float,
    *,
    shape: tuple[float, float] = (0.5, 0.8),
    margin: float = 0.06,
    smallest: float = 600e3,
    projection: Projection | None = None,
) -> View:
    """Frame places: centre the projection among them and leave a margin (a share of the width) around them.

    ``shape`` bounds height over width; ``smallest`` is the least width in metres.
    """
    lats, lons = np.ravel(np.asarray(lat, float)), np.ravel(np.asarray(lon, float))
    centre_lat, centre_lon, reach = enclosing_cap(lats, lons)
    chosen: Projection = projection or ("laea" if reach <= WIDEST_EQUAL_AREA else "aeqd")
    x, y = projected(chosen, centre_lat, centre_lon, lats, lons)
    span_x = max(float(np.nanmax(x) - np.nanmin(x)), smallest)
    span_y = float(np.nanmax(y) - np.nanmin(y))
    padded_x, padded_y = span_x * (1 + 2 * margin), span_y + 2 * margin * span_x
    height_share = min(max(padded_y / padded_x, shape[0]), shape[1])
    across = max(padded_x, padded_y / height_share)
    middle_x, middle_y = float(np.nanmax(x) + np.nanmin(x)) / 2, float(np.nanmax(y) + np.nanmin(y)) / 2
    return View(
        projection=chosen,
        lat=centre_lat,
        lon=centre_lon,
        scale=across / width,
        left=middle_x - across / 2,
        top=middle_y + across * height_share / 2,
        width=width,
        height=round(width * height_share),
    )


def projected(
    projection: Projection, centre_lat: float, centre_lon: float, lat: ArrayLike, lon: ArrayLike
) -> tuple[Floats, Floats]:
    """Projected metres (east, north of the centre); NaN at the antipode."""
    transform = projector(projection, centre_lat, centre_lon)
    lons, lats = np.broadcast_arrays(np.asarray(lon, float), np.asarray(lat, float))
    x, y = transform(lons, lats, errcheck=False)
    x, y = np.asarray(x, float), np.asarray(y, float)
    return np.where(np.isfinite(x), x, np.nan), np.where(np.isfinite(y), y, np.nan)


@lru_cache(maxsize=8)
def projector(projection: Projection, centre_lat: float, centre_lon: float) -> pyproj.Proj:
    return pyproj.Proj(proj=projection, lat_0=centre_lat, lon_0=centre_lon, ellps="WGS84")


def enclosing_cap(lat: Floats, lon: Floats) -> tuple[float, float, float]:
    """Centre (latitude, longitude) and angular radius in degrees of the smallest circle round all places.

    Badoiu and Clarkson's iteration: step toward the farthest place by ever smaller steps.
    """
    places = unit_vectors(lat, lon)
    centre = places.mean(axis=0)
    for step in range(2, 200):
        farthest = places[np.argmin(places @ centre)]
        centre = centre + (farthest - centre) / step
        length = float(np.linalg.norm(centre))
        if length > 0.0:
            centre = centre / length
    reach = math.degrees(math.acos(min(1.0, max(-1.0, float(np.min(places @ centre))))))
    return math.degrees(math.asin(centre[2])), math.degrees(math.atan2(centre[1], centre[0])), reach


def unit_vectors(lat: Floats, lon: Floats) -> Floats:
    phi, lam = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


@dataclass(frozen=True, slots=True)
class Outlines:
    """SVG path data of what lies in a view, in tenths of a px: draw it under ``scale(0.1)``."""

    land: str
    coast: str
    borders: str
    graticule: str


def outlines(view: View) -> Outlines:
    """Land, coasts, borders and graticule of a view."""
    atlas = load_atlas(atlas_scale(view))
    arcs = drawn_arcs(view, atlas)
    return Outlines(
        land=land_path(view, atlas, arcs),
        coast=strokes(view, (arc for arc, border in zip(arcs, atlas.border, strict=True) if not border)),
        borders=strokes(view, (arc for arc, border in zip(arcs, atlas.border, strict=True) if border)),
        graticule=graticule(view),
    )


def atlas_scale(view: View) -> Scale:
    return "110m" if view.scale > COARSE_FROM else "50m"


def drawn_arcs(view: View, atlas: Atlas) -> list[Floats]:
    """Every arc in picture coordinates, held to just beyond the frame and thinned to the picture's grain.

    Holding each coordinate to the frame is continuous, so a ring stays a ring and its fill inside the frame
    is right without cutting polygons. Thinning is done per arc, the same for both neighbours of a border.
    """
    x, y = view.project(atlas.points[:, 1], atlas.points[:, 0])
    ends = (view.width + BLEED, view.height + BLEED)
    points = np.column_stack(
        [
            np.clip(np.nan_to_num(values, nan=-BLEED), -BLEED, end)
            for values, end in zip((x, y), ends, strict=True)
        ]
    )
    bounds = atlas.bounds
    cell = np.floor(points / GRAIN)
    points, bounds = kept(points, bounds, np.any(cell[1:-1] != cell[:-2], axis=1))
    for axis, end in enumerate(ends):
        along = points[:, axis]
        held = (along == -BLEED) | (along == end)
        straight = held[1:-1] & (along[1:-1] == along[:-2]) & (along[1:-1] == along[2:])
        points, bounds = kept(points, bounds, ~straight)
    return [points[a:b] for a, b in itertools.pairwise(bounds.tolist())]


def kept(
    points: Floats, bounds: NDArray[np.int64], inner: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.int64]]:
    """Points and arc bounds after dropping some; ``inner`` speaks of all but the first and last point.

    The ends of every arc stay: there it meets its neighbours.
    """
    keep = np.concatenate([[True], inner, [True]])
    keep[bounds[:-1]] = True
    keep[bounds[1:] - 1] = True
    return points[keep], np.concatenate([[0], np.cumsum(keep)])[bounds]


def land_path(view: View, atlas: Atlas, arcs: list[Floats]) -> str:
    """Land as rings to be filled by the even-odd rule."""
    rings = [join(ring, [arcs[n if n >= 0 else ~n] for n in ring]) for ring in atlas.land]
    path = "".join(f"{line(ring)}z" for ring in rings if extent(ring) > SMALLEST_RING)
    # A ring round the centre's antipode comes out inside out: filling the frame as well mends it.
    antipode = (-view.lat, view.lon % 360.0 - 180.0)
    inside_out = sum(encloses(atlas.outline(ring), *antipode) for ring in atlas.land) % 2
    return path + (f"{line(frame(view))}z" if inside_out else "")


def frame(view: View) -> Floats:
    right, bottom = view.width + BLEED, view.height + BLEED
    return np.array([[-BLEED, -BLEED], [right, -BLEED], [right, bottom], [-BLEED, bottom]])


def strokes(view: View, arcs: Iterable[Floats]) -> str:
    """Arcs as lines, without those out of view and without the smallest islands."""
    return "".join(
        line(arc)
        for arc in arcs
        if within(view, arc).any() and not (is_closed(arc) and extent(arc) <= SMALLEST_RING)
    )


def within(view: View, points: Floats) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = np.all(
        (points > -BLEED) & (points < (view.width + BLEED, view.height + BLEED)), axis=1
    )
    return inside


def is_closed(points: Floats) -> bool:
    return bool(np.all(points[0] == points[-1]))


def extent(points: Floats) -> float:
    return float(np.ptp(points, axis=0).max())


def line(points: Floats) -> str:
    """Points as one SVG polyline in tenths of a px, each given by its difference from the one before."""
    tenths = np.round(points * 10.0).astype(int)
    moves = np.diff(tenths, axis=0)
    moves = moves[np.any(moves != 0, axis=1)]
    start = f"M{tenths[0, 0]} {tenths[0, 1]}"
    return start + ("l" + " ".join(map(str, moves.ravel().tolist())) if len(moves) else "")


def graticule_step(view: View) -> int:
    """Degrees between the graticule's lines: some half a dozen parallels from edge to edge."""
    degrees = math.degrees(view.scale * view.height / MEAN_RADIUS)
    return next((step for step in (1, 2, 5, 10, 15) if degrees / step <= 7), 20)


def graticule(view: View) -> str:
    """Parallels and meridians; only four meridians reach the poles, where more would blot."""
    step = graticule_step(view)
    path = []
    for lat in range(-90 + step, 90, step):
        lon = np.linspace(-180.0, 180.0, 361)
        path.append(curve(view, np.full_like(lon, lat), lon))
    for lon_line in range(-180, 180, step):
        top = 90.0 if lon_line % 90 == 0 else 90.0 - step
        lat_line = np.linspace(-top, top, 181)
        path.append(curve(view, lat_line, np.full_like(lat_line, lon_line)))
    return "".join(path)


def curve(view: View, lat: ArrayLike, lon: ArrayLike) -> str:
    """A line over the ground as SVG path data in tenths of a px; its parts out of the frame are left out."""
    points = np.column_stack(view.project(lat, lon))
    with np.errstate(invalid="ignore"):
        shown = within(view, points)
    shown = shown | np.append(shown[1:], False) | np.append(False, shown[:-1])
    runs = np.split(np.arange(len(points)), np.flatnonzero(np.diff(shown)) + 1)
    return "".join(
        line(points[run])
        for run in runs
        if shown[run[0]] and len(run) > 1 and np.all(np.isfinite(points[run]))
    )


def parallel_names(view: View) -> list[tuple[float, float, str]]:
    """Where to write the parallels' degrees (x, y, text): along the drawn meridian nearest the centre."""
    step = graticule_step(view)
    meridian = step * round(view.lon / step)
    lats = np.arange(-90 + step, 90, step, dtype=float)
    x, y = view.project(lats, np.full_like(lats, meridian))
    return [
        (float(a), float(b), f"{abs(lat):.0f}° {'N' if lat > 0 else 'S'}" if lat else "0°")
        for a, b, lat in zip(x, y, lats, strict=True)
    ]


def place_name(lat: float, lon: float) -> str:
    """A place to the degree: 52° N 17° E."""
    return f"{abs(round(lat))}° {'N' if lat >= 0 else 'S'} {abs(round(lon))}° {'E' if lon >= 0 else 'W'}"
