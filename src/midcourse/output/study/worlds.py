"""What worlds say of the cells of a map, read block by block: a store of any size takes little memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midcourse.store.blocks import blocks, chunks_of

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

_VALUES = 1 << 23  # of a block: 32 MB as they are stored


def mean_over_worlds(values: xr.DataArray) -> Floats:
    """The mean of each cell (cells,), nan left out, and nan where there is nothing else."""
    cells = _cells(values)
    total, count = np.zeros(_sizes(values, cells)), np.zeros(_sizes(values, cells), dtype=np.int64)
    for block in blocks(_worlds_first(values), chunks_of(values), _VALUES):
        read = _read(values, block)
        known = ~np.isnan(read)
        place = tuple(block[dim] for dim in cells)
        total[place] += np.where(known, read, 0.0).sum(axis=0, dtype=np.float64)
        count[place] += known.sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).ravel()


def median_over_worlds(values: xr.DataArray) -> Floats:
    """The median of each cell (cells,), nan left out, and nan where there is nothing else."""
    cells = _cells(values)
    found = np.full(_sizes(values, cells), np.nan)
    for block in blocks(_worlds_first(values), chunks_of(values), _VALUES, whole=("world",)):
        read = _read(values, block)
        some = ~np.isnan(read).all(axis=0)
        part = np.full(read.shape[1:], np.nan)
        part[some] = np.nanmedian(read[:, some], axis=0)
        found[tuple(block[dim] for dim in cells)] = part
    return found.ravel()


def spread_over_worlds(values: xr.DataArray) -> tuple[Floats, Floats, Floats]:
    """Median, 5 and 95 % along ``world``, nan left out, over the other dimensions as they are."""
    read = values.transpose("world", ...).values.astype(np.float64)
    found = np.full((3, *read.shape[1:]), np.nan)
    some = np.atleast_1d(~np.isnan(read).all(axis=0))
    flat, known = found.reshape(3, -1), read.reshape(len(read), -1)
    flat[:, some.ravel()] = np.nanpercentile(known[:, some.ravel()], [50.0, 5.0, 95.0], axis=0)
    middle, low, high = found
    return middle, low, high


def weighted_median(values: Floats, weights: Floats) -> float:
    """The value that half of the weight lies below."""
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(below, below[-1] / 2.0)])


def _cells(values: xr.DataArray) -> list[str]:
    return [str(dim) for dim in values.dims if dim != "world"]


def _worlds_first(values: xr.DataArray) -> dict[str, int]:
    return {dim: values.sizes[dim] for dim in ("world", *_cells(values))}


def _sizes(values: xr.DataArray, dims: Sequence[str]) -> tuple[int, ...]:
    return tuple(values.sizes[dim] for dim in dims)


def _read(values: xr.DataArray, block: dict[str, slice]) -> NDArray[np.floating]:
    read: NDArray[np.floating] = values.isel(block).transpose("world", ...).values
    return read
