"""Walking over arrays larger than memory, a block at a time, so that each chunk is read about once."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr


def blocks(
    sizes: Mapping[str, int], chunks: Mapping[str, int], most: int, whole: Collection[str] = ()
) -> Iterator[dict[str, slice]]:
    """Parts of an array, in order, that together hold each value once.

    A block is made of whole chunks where they fit, else it is a part of one. It holds at most ``most``
    values, unless those along the dimensions ``whole``, which are never cut, are more.
    """
    extent = {dim: size if dim in whole else min(chunks.get(dim, 1), size) for dim, size in sizes.items()}
    for dim in sizes:
        held = math.prod(extent.values())
        if held > most and dim not in whole:
            extent[dim] = max(1, extent[dim] * most // held)
    for dim in reversed(list(sizes)):
        # What lies next to one another first, so that blocks come in the order of the array.
        extent[dim] = min(sizes[dim], extent[dim] * max(1, most // math.prod(extent.values())))
        if extent[dim] < sizes[dim]:
            break
    cuts = [
        [slice(start, min(start + extent[dim], size)) for start in range(0, size, extent[dim])]
        for dim, size in sizes.items()
    ]
    for cut in product(*cuts):
        yield dict(zip(sizes, cut, strict=True))


def chunks_of(variable: xr.DataArray) -> dict[str, int]:
    """How a variable, or a part of one without its first dimensions, is cut where it is stored; all of it
    where nothing is known of that.
    """
    stored = tuple(variable.encoding.get("chunks") or variable.shape)[-max(1, variable.ndim) :]
    return dict(zip(map(str, variable.dims), map(int, stored), strict=False))
