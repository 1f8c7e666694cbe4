"""A map written in the format that the file's ending asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from midcourse.dossier.errors import InputError, listing

from ..files import write_whole

if TYPE_CHECKING:
    import xarray as xr

ENDINGS = (".nc", ".tif", ".geojson", ".png", ".html")


def check_ending(path: Path, *, option: str = "--out") -> None:
    """InputError before long work when no map can be written under this name."""
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            "no map format has the ending of {value}",
            where=option,
            value=str(path),
            expected=f"a name that ends in {listing(ENDINGS)}",
        )


def write_map(
    data: xr.Dataset, path: Path, *, levels: Sequence[float] | None = None, option: str = "--out"
) -> Path:
    """Write a map, whole or not at all.

    ``levels`` are the limits of classes in the map's unit, for pictures and polygons of numbers and shares;
    without them the limits are chosen. Data formats keep every value.
    """
    check_ending(path, option=option)
    return write_whole(path, made(data, path.suffix.lower(), levels), option=option)


def made(data: xr.Dataset, ending: str, levels: Sequence[float] | None = None) -> bytes | str:
    """The content of a map's file. Only what that format needs is imported."""
    if ending == ".nc":
        from .netcdf import netcdf

        return netcdf(data)
    if ending == ".tif":
        from .geotiff import geotiff

        return geotiff(data)
    if ending == ".geojson":
        from .geojson import geojson

        return geojson(data, levels)
    if ending == ".png":
        from .picture import png

        return png(data, levels)
    from .page import html

    return html(data, levels)
