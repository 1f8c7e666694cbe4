"""A map as GeoJSON (RFC 7946): one feature for each class, whose polygons follow the cells' edges.

So a feature's area is that of its cells, and nothing is smoothed. Polygons are cut at the antimeridian, outer
rings run anticlockwise, and a cap round a pole is closed along the pole's parallel.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.grid import Grid
from midcourse.analysis.maps import grid_of, quantity_of

from .classes import classify

if TYPE_CHECKING:
    import xarray as xr

DECIMALS = 9  # of a degree: a tenth of a millimetre


def geojson(data: xr.Dataset, levels: Sequence[float] | None = None) -> str:
    """The file's content. Every feature has its limits, unit, area and people as properties."""
    grid, sorted_map = grid_of(data), classify(data, levels)
    shown, ground = quantity_of(data), grid.ground
    features = []
    for number, one in enumerate(sorted_map.classes):
        inside = sorted_map.index == number
        if number == sorted_map.missing or not inside.any():
            continue
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "quantity": str(shown.name),
                    "class": one.name,
                    "low": finite(one.low),
                    "high": finite(one.high),
                    "unit": str(shown.attrs["units"]),
                    "area_km2": round(float(grid.area[inside].sum()) / 1e6, 3),
                    "land_km2": round(float((grid.area * ground.land)[inside].sum()) / 1e6, 3),
                    "people": int(ground.people[inside].sum()),
                    "colour": one.colour,
                },
                "geometry": outline(grid, inside),
            }
        )
    about = {key: plain(value) for key, value in data.attrs.items()}
    collection = {
        "type": "FeatureCollection",
        "name": str(shown.name),
        "metadata": about,
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n"


def outline(grid: Grid, inside: NDArray[np.bool_]) -> dict[str, Any]:
    """The geometry of a set of cells."""
    import shapely

    # Rounded before they are joined: afterwards, corners a hair apart could fall into one.
    boxes = shapely.box(*(np.round(edge, DECIMALS) for edge in strips(grid, inside)))
    shape = shapely.orient_polygons(shapely.union_all(boxes))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return geometry


def strips(
    grid: Grid, inside: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Neighbouring cells of a row as one rectangle: west, south, east, north [deg], none across ±180."""
    south, west, north, east = grid.bounds
    first, last = np.ones(len(grid), dtype=bool), np.ones(len(grid), dtype=bool)
    same = (grid.row[1:] == grid.row[:-1]) & inside[1:] & inside[:-1]
    first[1:], last[:-1] = ~same, ~same
    first, last = first & inside, last & inside
    low, high, left, right = south[first], north[first], west[first], east[last]
    # The region begins between -180 and 180 and is at most one turn wide: it crosses only the one at 180.
    beyond = right > 180.0
    here = left < 180.0
    return (
        np.concatenate([left[here], np.maximum(left[beyond], 180.0) - 360.0]),
        np.concatenate([low[here], low[beyond]]),
        np.concatenate([np.minimum(right[here], 180.0), right[beyond] - 360.0]),
        np.concatenate([high[here], high[beyond]]),
    )


def finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value
