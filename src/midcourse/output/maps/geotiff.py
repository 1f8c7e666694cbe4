"""A map as GeoTIFF (OGC 19-008r4): one band for each variable, in WGS 84 latitude and longitude.

An equal-area grid has no raster of its own. Its map is laid out in pixels as high as its cells, each of which
takes the values of the cell that holds its centre.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.grid import Grid, wrapped
from midcourse.analysis.maps import UNKNOWN, grid_of, kind_of, quantity_of

if TYPE_CHECKING:
    import xarray as xr

ASCII, SHORT, DOUBLE = "s", "H", "d"
PIXEL_SCALE, TIE_POINT, GEO_KEYS = 33550, 33922, 34735
GDAL_METADATA, GDAL_NODATA = 42112, 42113
#: Geographic, pixels are areas, WGS 84, degrees.
KEYS = {1024: 2, 1025: 1, 2048: 4326, 2054: 9102}


def geotiff(data: xr.Dataset) -> bytes:
    """The file's content; NaN where a variable has no value."""
    import tifffile

    grid = grid_of(data)
    cells = pixels(grid)
    main = quantity_of(data)
    names = [
        str(main.name),
        *(str(n) for n, v in data.data_vars.items() if v.dims == main.dims and n != main.name),
    ]
    bands = [data[name].values.ravel().astype(float) for name in names]
    if kind_of(data) in ("area", "gain"):
        bands[0] = np.where(bands[0] == UNKNOWN, np.nan, bands[0])
    raster = np.stack([band[cells] for band in bands])
    height, width = (grid.edges[-1] - grid.edges[0]) / len(cells), (grid.east - grid.west) / len(cells[0])
    keys = [1, 1, 0, len(KEYS), *(part for key, value in KEYS.items() for part in (key, 0, 1, value))]
    metadata = metadata_xml(data, names).encode()
    stream = io.BytesIO()
    tifffile.imwrite(
        stream,
        raster,
        photometric="minisblack",
        planarconfig="separate",
        compression="zlib",
        rowsperstrip=max(1, 65536 // (8 * raster.shape[2])),
        software=False,
        metadata=None,
        extratags=[
            (PIXEL_SCALE, DOUBLE, 3, (width, height, 0.0), True),
            (TIE_POINT, DOUBLE, 6, (0.0, 0.0, 0.0, grid.west, grid.edges[-1], 0.0), True),
            (GEO_KEYS, SHORT, len(keys), tuple(keys), True),
            (GDAL_METADATA, ASCII, len(metadata) + 1, metadata, True),
            (GDAL_NODATA, ASCII, 4, "nan", True),
        ],
    )
    return stream.getvalue()


def pixels(grid: Grid) -> NDArray[np.int64]:
    """The cell that each pixel shows (rows from the north, columns)."""
    if grid.kind == "lat-lon":
        return np.arange(len(grid)).reshape(len(grid.counts), -1)[::-1]
    rows = round((grid.edges[-1] - grid.edges[0]) / grid.size)
    columns = round((grid.east - grid.west) / grid.size)
    lat = grid.edges[-1] + (np.arange(rows) + 0.5) * (grid.edges[0] - grid.edges[-1]) / rows
    lon = grid.west + (np.arange(columns) + 0.5) * (grid.east - grid.west) / columns
    return grid.locate(lat[:, None], wrapped(lon)[None, :])


def metadata_xml(data: xr.Dataset, names: list[str]) -> str:
    """GDAL's metadata: the map's attributes, and name, unit and meaning of each band."""
    items = [item(key, value) for key, value in data.attrs.items()]
    for sample, name in enumerate(names):
        attributes: dict[str, Any] = data[name].attrs
        unit = escape(str(attributes.get("units", "")))
        items += [
            f'<Item name="DESCRIPTION" sample="{sample}" role="description">{escape(name)}</Item>',
            f'<Item name="UNITTYPE" sample="{sample}" role="unittype">{unit}</Item>',
            item("long_name", attributes.get("long_name", name), sample),
        ]
    return f"<GDALMetadata>{''.join(items)}</GDALMetadata>"


def item(name: str, value: object, sample: int | None = None) -> str:
    place = "" if sample is None else f' sample="{sample}"'
    # GDAL escapes a value twice, and takes both back when it reads.
    return f"<Item name={quoteattr(str(name))}{place}>{escape(escape(str(value)))}</Item>"
