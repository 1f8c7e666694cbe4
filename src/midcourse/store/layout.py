"""The arrays of a store as Zarr has them, format 3: metadata and labels at once, values chunk by chunk.

Zarr itself makes every byte, in memory; where the bytes go, and when, is decided elsewhere.
"""

from __future__ import annotations

import math
import re
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..dossier.errors import InputError

if TYPE_CHECKING:
    import zarr

#: What a name may be made of: it is a folder of the store, and an address elsewhere.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")
#: What the store itself keeps beside the groups.
RESERVED = ("journal", "manifest.json", "zarr.json", "writer.lock", "writer.lease", "stop")
# Level 3 packs a map of zeros and ones as well as the slow ones do.
_LEVEL = 3
# Arrays of different shapes that a thread keeps ready to encode with.
_KEPT = 32

#: A coordinate: dimensions, values, attributes.
Coordinate = tuple[tuple[str, ...], ArrayLike, Mapping[str, Any]]


@dataclass(frozen=True)
class Variable:
    """An array that a study fills chunk by chunk.

    Attributes
    ----------
    dims, shape, chunks : names, sizes and sizes of a chunk, one for each dimension
    dtype : numpy's name, such as "float32"
    fill : what is read where nothing has been written
    attributes : what a reader is told, fit for JSON
    """

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dtype: str
    fill: float | int
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if not len(self.dims) == len(self.shape) == len(self.chunks):
            raise ValueError(f"{self.name}: dimensions, shape and chunks differ in length")
        if min((*self.shape, *self.chunks), default=1) < 1:
            raise ValueError(f"{self.name}: a size is not positive")

    @cached_property
    def grid(self) -> tuple[int, ...]:
        """Chunks along each dimension."""
        return tuple(-(-size // chunk) for size, chunk in zip(self.shape, self.chunks, strict=True))

    @property
    def nbytes(self) -> int:
        """Bytes of all values, as they are in memory."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize

    def within(self, index: Sequence[int]) -> tuple[slice, ...]:
        """The part of the array that a chunk holds."""
        self._check(index)
        return tuple(
            slice(i * chunk, min((i + 1) * chunk, size))
            for i, chunk, size in zip(index, self.chunks, self.shape, strict=True)
        )

    def _check(self, index: Sequence[int]) -> None:
        if len(index) != len(self.grid) or not all(
            0 <= i < count for i, count in zip(index, self.grid, strict=True)
        ):
            raise IndexError(f"{self.name} has no chunk {tuple(index)}; it has {self.grid}")


@dataclass(frozen=True)
class Group:
    """Arrays of one question on common dimensions, with their labels."""

    name: str
    variables: tuple[Variable, ...]
    coordinates: Mapping[str, Coordinate]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.name in RESERVED:
            raise InputError("this name is the store's own", value=self.name, expected="another name")
        sizes: dict[str, int] = {}
        arrays = [(each.name, each.dims, each.shape) for each in self.variables]
        for name, (dims, values, _) in self.coordinates.items():
            _check_name(name)
            arrays.append((name, dims, np.shape(values)))
        for name, dims, shape in arrays:
            for dim, size in zip(dims, shape, strict=True):
                if sizes.setdefault(dim, size) != size:
                    raise ValueError(f"{self.name}/{name}: {dim} is {size}, elsewhere {sizes[dim]}")

    def variable(self, name: str) -> Variable:
        """The variable of a name."""
        return next(each for each in self.variables if each.name == name)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(
            "not a name that a store can have",
            value=name,
            expected="letters, digits, '_', '-' and '.', beginning with a letter or digit",
        )


def chunk_key(group: str, variable: Variable, index: Sequence[int]) -> str:
    """The object that holds a chunk."""
    variable._check(index)
    return "/".join((group, variable.name, "c", *map(str, index)))


def all_arrays(groups: Iterable[Group], attributes: Mapping[str, Any]) -> dict[str, bytes]:
    """Every object of the arrays but their values: metadata, and labels whole. The last is the root's
    metadata, which holds all others' once more, so that a reader need not go looking for them.
    """
    import zarr

    objects: dict[str, Any] = {}
    memory = zarr.storage.MemoryStore(objects)
    zarr.create_group(memory, zarr_format=3, attributes=dict(attributes))
    for group in groups:
        own = dict(group.attributes)
        beside = [name for name, (dims, _, _) in group.coordinates.items() if dims != (name,)]
        if beside:
            # How xarray is told of labels that are not a dimension's own.
            own["coordinates"] = " ".join(beside)
        zarr.create_group(memory, path=group.name, zarr_format=3, attributes=own)
        for each in group.variables:
            _array(memory, f"{group.name}/{each.name}", each)
        for name, (dims, values, told) in group.coordinates.items():
            _labels(memory, f"{group.name}/{name}", dims, np.asarray(values), told)
    with warnings.catch_warnings():
        # Not yet in the specification; a reader that does not know it reads each array's own.
        warnings.filterwarnings("ignore", message="Consolidated metadata is currently not part")
        zarr.consolidate_metadata(memory, zarr_format=3)
    found = {name: data.to_bytes() for name, data in sorted(objects.items())}
    found["zarr.json"] = found.pop("zarr.json")
    return found


def _array(store: Any, path: str, variable: Variable) -> zarr.Array[Any]:
    import zarr
    from zarr.codecs import ZstdCodec

    return zarr.create_array(
        store,
        name=path,
        shape=variable.shape,
        chunks=variable.chunks,
        dtype=variable.dtype,
        fill_value=variable.fill,
        compressors=ZstdCodec(level=_LEVEL, checksum=False),
        dimension_names=variable.dims,
        attributes=dict(variable.attributes),
        zarr_format=3,
        config={"write_empty_chunks": True},
    )


def _labels(
    store: Any, path: str, dims: tuple[str, ...], values: NDArray[Any], attributes: Mapping[str, Any]
) -> None:
    import zarr
    from zarr.codecs import ZstdCodec

    text = values.dtype.kind in "UOT"
    made = zarr.create_array(
        store,
        name=path,
        shape=values.shape,
        chunks=values.shape,
        dtype="string" if text else values.dtype,
        fill_value="" if text else 0,
        compressors=ZstdCodec(level=_LEVEL, checksum=False),
        dimension_names=dims,
        attributes=dict(attributes),
        zarr_format=3,
        config={"write_empty_chunks": True},
    )
    made[...] = values.astype(object) if text else values


_own = threading.local()


def encode(variable: Variable, values: ArrayLike) -> bytes:
    """The bytes of one chunk as Zarr writes them; at the end of a dimension, ``values`` may be short."""
    exact: NDArray[Any] = np.ascontiguousarray(values, dtype=variable.dtype).reshape(np.shape(values))
    if not all(
        size in (chunk, length % chunk)
        for size, chunk, length in zip(exact.shape, variable.chunks, variable.shape, strict=True)
    ):
        raise ValueError(
            f"{variable.name}: {exact.shape} is no chunk of {variable.shape} by {variable.chunks}"
        )
    key = (exact.shape, variable.chunks, variable.dtype, repr(variable.fill))
    # A thread's own: nobody else writes into the array meanwhile.
    ready: dict[Any, tuple[zarr.Array[Any], dict[str, Any]]] = _own.__dict__.setdefault("ready", {})
    if key not in ready:
        if len(ready) >= _KEPT:
            ready.clear()
        ready[key] = _one_chunk(variable, exact.shape)
    array, objects = ready[key]
    array[...] = exact
    data: bytes = objects["/".join(("only", "c", *("0" for _ in exact.shape)))].to_bytes()
    return data


def _one_chunk(variable: Variable, shape: tuple[int, ...]) -> tuple[zarr.Array[Any], dict[str, Any]]:
    """An array in memory that is one chunk, and its objects."""
    import zarr

    objects: dict[str, Any] = {}
    one = Variable("only", variable.dims, shape, variable.chunks, variable.dtype, variable.fill)
    return _array(zarr.storage.MemoryStore(objects), "only", one), objects
