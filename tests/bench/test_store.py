"""How fast a study is stored, checked and looked at. Run by ``make bench``; not a test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from midcourse.store.journal import Journal, JournalWriter, Record, checksum
from midcourse.store.layout import Group, Variable, chunk_key, encode
from midcourse.store.place import place_of
from midcourse.store.store import Store

from ..store.making import manifest

pytestmark = pytest.mark.benchmark

#: A map of a study: 64,000 values a chunk.
MAP = Variable("value", ("world", "cell"), (2500, 2560), (250, 256), "float32", float("nan"))


def test_a_chunk_is_encoded(benchmark):
    """A quarter of a megabyte of noughts and ones at random; 5 ms are allowed."""
    values = np.random.default_rng(0).integers(0, 2, MAP.chunks)
    benchmark(encode, MAP, values)
    assert benchmark.stats.stats.min < 5e-3


def test_the_record_of_100000_units_is_read(benchmark, tmp_path: Path):
    """Half a second is allowed."""
    writer = JournalWriter(place_of(tmp_path), "w")
    for first in range(0, 100_000, 1000):
        writer.append(
            [
                Record(
                    i,
                    {f"q/{v}/c/0/{i}": checksum(b"%d" % i) for v in ("value", "nominal")},
                    9,
                    1.0,
                    "w",
                    {"mean": 0.5},
                )
                for i in range(first, first + 1000)
            ]
        )
    benchmark.pedantic(lambda: Journal.read(place_of(tmp_path)), rounds=3)
    assert benchmark.stats.stats.min < 0.5


def test_a_store_is_written_and_checked(benchmark, tmp_path: Path):
    """A quarter of a gigabyte; at least 0.5 GB/s are read and compared."""
    store = Store.create(tmp_path, manifest(), [Group("q", (MAP,), {})])
    data = encode(MAP, np.random.default_rng(0).normal(size=MAP.chunks))
    data = data * 10
    with store.writing() as writer:
        for unit, index in enumerate(np.ndindex(*MAP.grid)):
            name = chunk_key("q", MAP, index)
            writer.commit([(Record(unit, {name: checksum(data)}, len(data), 1.0, "w"), {name: data})])
    benchmark.pedantic(store.whole, rounds=3)
    assert 100 * len(data) / benchmark.stats.stats.min > 0.5e9
