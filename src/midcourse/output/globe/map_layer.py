"""A map as a layer of the globe, whoever drew it: all that the layer shows comes from the map itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.maps import grid_of, kind_of
from .layer import Layer, layer_of
from .painting import paint, top_found
from .summing_up import summary

if TYPE_CHECKING:
    import xarray


def is_map(data: xarray.Dataset) -> bool:
    """Whether a dataset is a map, as ``analysis.maps.make_map`` makes them."""
    shown = data.attrs.get("quantity")
    return shown in data and "grid_size_deg" in data.attrs and "kind" in data[shown].attrs


def map_layer(data: xarray.Dataset) -> Layer:
    """The layer of a map, or of the difference of two."""
    quantity = str(data.attrs["quantity"]).removesuffix(f"_{kind_of(data)}")
    grid = grid_of(data)
    return layer_of(
        data, grid, paint(data, quantity, top_found(data, quantity)), summary(data, grid, quantity),
        quantity=quantity, architecture=str(data.attrs.get("architecture", data.attrs.get("after", ""))),
        against=data.attrs.get("before"),
    )  # fmt: skip
