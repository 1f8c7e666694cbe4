"""Layers of the globe, as those who draw them take them (``web/src/protocol.ts``)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ...analysis.maps import is_share, values_of
from .painting import Kind, LegendEntry, Painted

if TYPE_CHECKING:
    import xarray

    from ...analysis.grid import Grid

Array = NDArray[np.float64]

# Into how many parts cells of one area are cut each way where they are laid on latitudes and longitudes.
_FINER = 4


class Layer(BaseModel):
    """A map's values on a grid, with how they are shown and what they say.

    Attributes
    ----------
    south, west : the grid's corner [deg]
    step : cells' size [deg]
    values : little-endian float32 in base64, row by row from the south-west; nan where there is none
    kind : whether values are classes, lie along a ramp, or are classes of a difference
    noun : what a value is of: "warning"
    missing : what it means that there is no value
    summary : the layer in a sentence
    seconds : how long it took
    """

    model_config = ConfigDict(frozen=True)

    quantity: str
    title: str
    unit: str
    architecture: str
    against: str | None
    south: float
    west: float
    step: float
    rows: int
    cols: int
    values: str
    kind: Kind
    legend: tuple[LegendEntry, ...]
    noun: str
    missing: str
    summary: str
    seconds: float


def layer_of(
    data: xarray.Dataset,
    grid: Grid,
    painted: Painted,
    summary: str,
    *,
    quantity: str,
    architecture: str,
    against: str | None = None,
    seconds: float = 0.0,
) -> Layer:
    """The layer of a map on a grid; shares become per cent."""
    step, values = _laid(grid, values_of(data) * (100.0 if is_share(data) else 1.0))
    rows, columns = values.shape
    return Layer(
        quantity=quantity,
        title=data.attrs["title"],
        unit=painted.unit,
        architecture=architecture,
        against=against,
        south=float(grid.edges[0]),
        west=float(grid.west),
        step=step,
        rows=rows,
        cols=columns,
        values=base64.b64encode(values.astype("<f4").tobytes()).decode(),
        kind=painted.kind,
        legend=painted.legend,
        noun=painted.noun,
        missing=painted.missing,
        summary=summary,
        seconds=seconds,
    )


def _laid(grid: Grid, values: Array) -> tuple[float, Array]:
    """A map's values (rows, columns) on latitudes and longitudes so far apart [deg]; cells of one area come
    as the finer cells whose middles they hold.
    """
    if grid.kind == "lat-lon":
        return float(grid.size), values.reshape(len(grid.counts), -1)
    step = grid.size / _FINER
    south, north = grid.edges[[0, -1]]
    lat = south + step * (np.arange(round((north - south) / step)) + 0.5)
    lon = grid.west + step * (np.arange(round((grid.east - grid.west) / step)) + 0.5)
    return step, values[grid.locate(lat[:, None], lon)]


def values_in(layer: Layer) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """A layer's values (rows, columns), from the south-west."""
    flat = np.frombuffer(base64.b64decode(layer.values), dtype="<f4")
    return flat.reshape(layer.rows, layer.cols)
