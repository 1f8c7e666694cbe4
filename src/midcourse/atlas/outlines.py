"""The world's coastlines, borders and countries, as shipped with the package.

Outlines are kept as arcs: a border is stored once and both neighbours refer to it. Degrees throughout.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Scale = Literal["110m", "50m"]
Floats = NDArray[np.float64]

STEPS_PER_DEGREE = 1000


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the atlas; the codes of ISO 3166-1 are empty where it has none."""

    name: str
    alpha2: str
    numeric: str


@dataclass(frozen=True, slots=True)
class Atlas:
    """Outlines of one scale.

    ``points`` holds (longitude, latitude) in degrees of all arcs one after the other; arc i is
    ``points[bounds[i]:bounds[i + 1]]``. A ring is a tuple of arc numbers; ``~i`` is arc i backwards.
    """

    source: str
    points: Floats
    bounds: NDArray[np.int64]
    border: NDArray[np.bool_]
    land: tuple[tuple[int, ...], ...]
    countries: tuple[Country, ...]
    country_rings: tuple[tuple[tuple[int, ...], ...], ...]

    def outline(self, ring: tuple[int, ...]) -> Floats:
        """The closed ring's points, (n, 2) of (longitude, latitude) in degrees; the last equals the first.

        Longitudes run on across the antimeridian. A ring round a pole is closed through that pole.
        """
        points = join(ring, [self.points[a:b] for a, b in self._spans(ring)])
        points[:, 0] = np.unwrap(points[:, 0], period=360.0)
        first, last = points[0, 0], points[-1, 0]
        if abs(last - first) < 180.0:
            return points
        pole = math.copysign(90.0, points[:, 1].mean())
        return np.concatenate([points, [[last, pole], [first, pole]], points[:1]])

    def country_at(self, lat: float, lon: float) -> Country | None:
        """The country that holds a point on land, or None at sea (within the scale's few kilometres)."""
        for country, rings in zip(self.countries, self.country_rings, strict=True):
            if sum(encloses(self.outline(ring), lat, lon) for ring in rings) % 2:
                return country
        return None

    def _spans(self, ring: tuple[int, ...]) -> Iterator[tuple[int, int]]:
        for arc in ring:
            index = arc if arc >= 0 else ~arc
            yield int(self.bounds[index]), int(self.bounds[index + 1])


def join(ring: tuple[int, ...], arcs: list[Floats]) -> Floats:
    """Lay a ring's arcs end to end; each begins where the one before it ended."""
    pieces = [arc if number >= 0 else arc[::-1] for number, arc in zip(ring, arcs, strict=True)]
    return np.concatenate([pieces[0], *[piece[1:] for piece in pieces[1:]]])


def encloses(outline: Floats, lat: float, lon: float) -> bool:
    """Whether a closed ring goes round a point (degrees): an odd number of its edges lies east of it."""
    x, y = outline[:, 0], outline[:, 1]
    lon = float(x.min()) + (lon - float(x.min())) % 360.0
    if not (lon <= x.max() and y.min() <= lat <= y.max()):
        return False
    x0, x1, y0, y1 = x[:-1], x[1:], y[:-1], y[1:]
    crossed = (y0 > lat) != (y1 > lat)
    crossing = x0[crossed] + (lat - y0[crossed]) / (y1[crossed] - y0[crossed]) * (x1[crossed] - x0[crossed])
    return bool(np.count_nonzero(crossing > lon) % 2)


@lru_cache(maxsize=2)
def load_atlas(scale: Scale = "50m") -> Atlas:
    """Read the shipped outlines of a scale."""
    with (files(__package__) / "data/atlas.npz").open("rb") as stream, np.load(stream) as data:
        return unpacked(
            str(data["source"]),
            {
                name.removeprefix(f"{scale}_"): data[name]
                for name in data.files
                if name.startswith(f"{scale}_")
            },
        )


def unpacked(source: str, data: dict[str, NDArray[Any]]) -> Atlas:
    bounds = np.concatenate([[0], np.cumsum(data["lengths"], dtype=np.int64)])
    # Each arc's first step is zero: one running sum serves all arcs once its value at each start is removed.
    run = np.cumsum(data["steps"], axis=0, dtype=np.int64)
    shift = np.repeat(data["starts"] - run[bounds[:-1]], data["lengths"], axis=0)
    countries = tuple(
        Country(str(name), str(alpha2), str(numeric))
        for name, alpha2, numeric in zip(data["names"], data["alpha2s"], data["numerics"], strict=True)
    )
    rings = split(data["country_arcs"], data["country_rings"])
    owned: list[list[tuple[int, ...]]] = [[] for _ in countries]
    for owner, ring in zip(data["ring_country"], rings, strict=True):
        owned[owner].append(ring)
    return Atlas(
        source=source,
        points=(run + shift) / STEPS_PER_DEGREE,
        bounds=bounds,
        border=data["border"],
        land=split(data["land_arcs"], data["land_rings"]),
        countries=countries,
        country_rings=tuple(tuple(rings) for rings in owned),
    )


def split(arcs: NDArray[np.int32], lengths: NDArray[np.int32]) -> tuple[tuple[int, ...], ...]:
    ends = np.cumsum(lengths).tolist()
    numbers = arcs.tolist()
    return tuple(tuple(numbers[end - n : end]) for end, n in zip(ends, lengths.tolist(), strict=True))
