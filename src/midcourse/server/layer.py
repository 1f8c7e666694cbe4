"""Layers of the globe as the page asks for them and gets them (``web/src/protocol.ts``)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from ..analysis.maps import values_of

if TYPE_CHECKING:
    import xarray

    from ..analysis.grid import Grid
    from .painting import Painted

#: What layers show, of what maps can.
QUANTITIES = ("defended", "shots", "warning", "seen", "reach")


class LayerAsk(BaseModel):
    """What a layer shows. What does not bear on its quantity is left unread.

    Attributes
    ----------
    quantity : one of ``QUANTITIES``
    against : the architecture that the first is compared with
    launches : launch places, by name or as LAT,LON in degrees; all of the threat's if none
    region : a name, or SOUTH,WEST,NORTH,EAST in degrees; what the layer is about if left out
    steps : cells' sizes, one layer after another [deg]; fitting ones if left out
    altitude_km : of what is seen or reached
    battery : the only one that fires; all if left out
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantity: str
    architecture: str
    against: str | None = None
    threat: str | None = None
    launches: tuple[str, ...] | None = None
    region: str | None = None
    steps: tuple[float, ...] | None = None
    altitude_km: float | None = None
    battery: str | None = None


class LegendEntry(BaseModel):
    """A value with its name and colour: of a class, or of a stop along a ramp."""

    model_config = ConfigDict(frozen=True)

    value: float
    label: str
    colour: str


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
    kind: Literal["classes", "ramp", "difference"]
    legend: tuple[LegendEntry, ...]
    noun: str
    missing: str
    summary: str
    seconds: float


def layer_of(
    data: xarray.Dataset, grid: Grid, ask: LayerAsk, painted: Painted, summary: str, seconds: float
) -> Layer:
    """The layer of a map on a grid of latitudes and longitudes."""
    rows, columns = data.sizes["lat"], data.sizes["lon"]
    return Layer(
        quantity=ask.quantity,
        title=data.attrs["title"],
        unit=painted.unit,
        architecture=ask.architecture,
        against=ask.against,
        south=float(grid.edges[0]),
        west=float(grid.west),
        step=float(grid.size),
        rows=rows,
        cols=columns,
        values=base64.b64encode(values_of(data).astype("<f4").tobytes()).decode(),
        kind=painted.kind,
        legend=painted.legend,
        noun=painted.noun,
        missing=painted.missing,
        summary=summary,
        seconds=seconds,
    )


def values_in(layer: Layer) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """A layer's values (rows, columns), from the south-west."""
    flat = np.frombuffer(base64.b64decode(layer.values), dtype="<f4")
    return flat.reshape(layer.rows, layer.cols)
