"""A map as one HTML file that opens offline: zoom, pan, and read the values under the pointer.

The page fetches nothing. Its data travel as one compressed block, drawn on a canvas by the script beside
the template; without a script its table and its words still stand.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.grid import Grid, make_grid
from midcourse.analysis.ground import country_at_centres
from midcourse.analysis.map_tables import tabulate
from midcourse.analysis.maps import GAINS, country_names, grid_of, is_share, places_of, quantity_of, values_of
from midcourse.atlas.outlines import load_atlas

from ..numbers import NO_VALUE, unit_name
from ..templating import render
from .classes import Classes, classify
from .picture import footer_text
from .style import ROLE_NAMES, by_role
from .table import heading, lines_of
from .view import fit_view

if TYPE_CHECKING:
    import xarray as xr

LAND_CELLS = 1_000_000  # at most: the land's shade behind the map, a bit each
FINEST_LAND = 0.1  # degrees
HUNDREDTH = 100  # outlines are kept to a hundredth of a degree
OWN = ("cell_area", "land", "population", "country")  # what every map carries beside its quantity


def html(data: xr.Dataset, levels: Sequence[float] | None = None) -> str:
    """The file's content."""
    sorted_map = classify(data, levels)
    view = fit_view(grid_of(data), 1000)
    header, blocks = packed(data, sorted_map)
    header["view"] = {
        "projection": view.projection,
        "lat": view.lat,
        "lon": view.lon,
        "box": [round(edge / 6371007.2, 6) for edge in (view.left, view.right, view.bottom, view.top)],
    }
    block = gzip.compress(b"".join(blocks), compresslevel=9, mtime=0)
    table = tabulate(data)
    marked = {place.role for place in places_of(data)}
    return render(
        "map.html.jinja",
        title=data.attrs["title"],
        heading=sorted_map.heading,
        classes=sorted_map.classes,
        roles=[(role, name) for role, name in ROLE_NAMES.items() if role in marked],
        note=footer_text(data, view, []),
        header=json.dumps(header, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c"),
        block=base64.b64encode(block).decode(),
        columns=[heading(column) for column in table.columns],
        rows=lines_of(table, is_share(data)),
    )


def packed(data: xr.Dataset, sorted_map: Classes) -> tuple[dict[str, Any], list[bytes]]:
    """What the script reads: a description as JSON, and arrays one after the other, little-endian.

    ``header["arrays"]`` lists each array's name, type and length in the order of the blocks, widest types
    first so that each begins at a multiple of its own width.
    """
    grid, shown = grid_of(data), quantity_of(data)
    extra = [str(name) for name, one in data.data_vars.items() if one.dims == shown.dims and name not in OWN]
    extra.sort(key=lambda name: name != shown.name)
    used, country = np.unique(data["country"].values.ravel(), return_inverse=True)
    atlas = load_atlas("50m")
    land_grid, land = land_mask(grid)
    arrays: list[tuple[str, str, NDArray[Any]]] = [
        ("edges", "f8", grid.edges),
        *((f"value {name}", "f4", readable(data, name)) for name in extra),
        ("people", "u4", data["population"].values.ravel()),
        ("counts", "u4", grid.counts),
        ("bounds", "u4", atlas.bounds),
        ("points", "i2", np.round(atlas.points * HUNDREDTH)),
        ("country", "u2", country),
        ("border", "u1", atlas.border),
        ("class", "u1", np.where(sorted_map.index < 0, 255, sorted_map.index)),
        ("land", "u1", np.packbits(land)),
    ]
    names = country_names()
    header = {
        "title": data.attrs["title"],
        "arrays": [[name, kind, int(values.size)] for name, kind, values in arrays],
        "west": grid.west,
        "east": grid.east,
        "round": grid.goes_round,
        "classes": [
            {"name": one.name, "colour": one.colour, "hatched": one.hatched} for one in sorted_map.classes
        ],
        "quantities": [quantity_words(data, name) for name in extra],
        "countries": [names.get(int(code), "") for code in used],
        "places": [
            {"name": p.name, "role": p.role, "what": ROLE_NAMES[p.role], "lat": p.lat, "lon": p.lon}
            for p in by_role(places_of(data))
        ],
        "land": {
            "south": float(land_grid.edges[0]),
            "west": land_grid.west,
            "size": land_grid.size,
            "rows": len(land_grid.counts),
            "columns": int(land_grid.counts[0]),
        },
    }
    return header, [np.ascontiguousarray(values, dtype=f"<{kind}").tobytes() for _, kind, values in arrays]


def quantity_words(data: xr.Dataset, name: str) -> dict[str, Any]:
    """How a value of a variable is put into words under the pointer."""
    attributes = data[name].attrs
    words = {"area": ("no", "yes"), "gain": GAINS}.get(str(attributes.get("kind", "")), ())
    if data[name].dtype == bool:
        words = ("no", "yes")
    of_share = attributes.get("of") == "share"
    return {
        "name": str(attributes.get("long_name", name)),
        "unit": "%" if of_share else unit_name(str(attributes.get("units", ""))),
        "factor": 100 if of_share else 1,
        "words": list(words),
        "missing": str(attributes.get("missing", NO_VALUE)),
    }


def readable(data: xr.Dataset, name: str) -> NDArray[np.float64]:
    """A variable's values (cells,), NaN where there is none."""
    if name == quantity_of(data).name:
        return values_of(data)
    return data[name].values.ravel().astype(float)


def land_mask(grid: Grid) -> tuple[Grid, NDArray[np.bool_]]:
    """The region's land on a grid fine enough to look like it."""
    area = float(grid.edges[-1] - grid.edges[0]) * (grid.east - grid.west)
    size = max(FINEST_LAND, math.sqrt(area / LAND_CELLS))
    fine = make_grid(
        180.0 / math.floor(180.0 / size), (float(grid.edges[0]), grid.west, float(grid.edges[-1]), grid.east)
    )
    return fine, country_at_centres(fine) >= 0
