"""The store's bytes are those that Zarr writes, and xarray reads them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import zarr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from midcourse import InputError
from midcourse.store.layout import RESERVED, Group, Variable, all_arrays, chunk_key, encode

from .making import GROUPS, VALUE

KINDS = {"float32": float("nan"), "float64": float("nan"), "int8": -1, "int32": 0, "bool": False}


@st.composite
def filled(draw: st.DrawFn) -> tuple[Variable, Any]:
    """A variable of any shape, chunks and kind, with values."""
    shape = draw(stn.array_shapes(min_dims=0, max_dims=4, max_side=7))
    chunks = tuple(draw(st.integers(1, 9)) for _ in shape)
    kind = draw(st.sampled_from(sorted(KINDS)))
    dims = tuple(f"d{i}" for i in range(len(shape)))
    values = draw(stn.arrays(kind, shape, elements=st.just(KINDS[kind]) if draw(st.booleans()) else None))
    return Variable("value", dims, shape, chunks, kind, KINDS[kind]), values


@given(filled())
def test_each_chunk_has_the_bytes_that_zarr_writes(made: tuple[Variable, Any]) -> None:
    variable, values = made
    objects: dict[str, Any] = {}
    memory = zarr.storage.MemoryStore(objects)
    laid_out = all_arrays([Group("g", (variable,), {})], {})
    for name, data in laid_out.items():
        objects[name] = zarr.core.buffer.default_buffer_prototype().buffer.from_bytes(data)
    with zarr.config.set({"array.write_empty_chunks": True}):
        zarr.open_array(memory, path="g/value")[...] = values
    written = {name: data.to_bytes() for name, data in objects.items() if name not in laid_out}
    ours = {
        chunk_key("g", variable, index): encode(variable, values[variable.within(index)])
        for index in np.ndindex(*variable.grid)
    }
    assert ours == written


def test_threads_do_not_get_into_each_others_chunks() -> None:
    parts = [np.full((1, 4, 5), i, dtype=np.float32) for i in range(50)]
    alone = [encode(VALUE, each) for each in parts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda each: encode(VALUE, each), parts * 4)) == alone * 4


def test_values_that_are_no_chunk_are_refused() -> None:
    with pytest.raises(ValueError, match="no chunk"):
        encode(VALUE, np.zeros((1, 3, 5)))
    with pytest.raises(IndexError, match="no chunk"):
        chunk_key("europe", VALUE, (2, 0, 0))


def test_the_layout_is_the_same_bytes_each_time_and_its_root_comes_last() -> None:
    objects = all_arrays(GROUPS, {"title": "x"})
    assert objects == all_arrays(GROUPS, {"title": "x"})
    assert list(objects)[-1] == "zarr.json"
    assert not [name for name in objects if name.startswith("europe/value/c")]


@pytest.mark.parametrize("name", ["", "a/b", "../x", ".hidden", "a b", *RESERVED])
def test_names_that_would_get_in_the_way_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        Group(name, (), {})


def test_sizes_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="cell is 6, elsewhere 7"):
        Group("g", (VALUE,), {"cell": (("cell",), np.arange(6), {})})
