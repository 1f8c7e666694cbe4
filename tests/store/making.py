"""A small study to store, and faults to put into it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from midcourse.store.journal import Record, checksum
from midcourse.store.layout import Group, Variable, chunk_key, encode
from midcourse.store.manifest import Manifest
from midcourse.store.place import Place
from midcourse.store.store import Done, Store

#: Of a lease, so that no test waits for one.
BEAT_S = 0.005

VALUE = Variable(
    "value", ("architecture", "world", "cell"), (2, 10, 7), (1, 4, 5), "float32", float("nan"), {"units": "1"}
)
NOMINAL = Variable("nominal", ("architecture", "cell"), (2, 7), (1, 7), "float32", float("nan"))
PASSED = Variable("passed", ("claim", "world"), (3, 10), (3, 10), "int8", -1)

GROUPS = (
    Group(
        "europe",
        (VALUE, NOMINAL),
        {
            "architecture": (("architecture",), ["north", "sïte"], {}),
            "architecture_title": (("architecture",), ["The north", "The sïte"], {}),
            "world": (("world",), np.arange(1, 11), {}),
            "lat": (("cell",), np.linspace(40.0, 46.0, 7), {"units": "degrees_north"}),
        },
        {"region": "Europe"},
    ),
    Group("claims", (PASSED,), {"claim": (("claim",), ["a", "b", "c"], {})}),
)
#: A unit for each chunk of the values.
INDEXES = list(np.ndindex(*VALUE.grid))


def manifest(**changes: object) -> Manifest:
    """What the small study is."""
    told: dict[str, object] = {
        "title": "Small",
        "plan": "[study]\n",
        "plan_hash": "1234",
        "version": "0.1.0",
        "kernels": "abcd",
        "seed": 7,
        "units": len(INDEXES),
        "groups": tuple(each.name for each in GROUPS),
        "created": "2026-11-24",
    }
    return Manifest(**{**told, **changes})  # type: ignore[arg-type]


def create(url: str | Path) -> Store:
    """The small study, nothing computed."""
    return Store.create(url, manifest(), GROUPS, beat_s=BEAT_S)


def done(unit: int, worker: str = "here") -> Done:
    """A unit of the small study, worked."""
    part = tuple(each.stop - each.start for each in VALUE.within(INDEXES[unit]))
    data = encode(VALUE, np.random.default_rng(unit).random(part))
    name = chunk_key("europe", VALUE, INDEXES[unit])
    return Record(unit, {name: checksum(data)}, len(data), 0.5, worker, {"mean": 0.5}), {name: data}


def fill(store: Store, units: Iterable[int]) -> None:
    """Work units one after another."""
    with store.writing(beat_s=BEAT_S) as writer:
        for unit in units:
            writer.commit([done(unit)])


def arrays(place: Place) -> dict[str, bytes | None]:
    """All that a reader of the arrays finds."""
    own = ("journal/", "manifest.json", "writer", "stop", ".begun")
    return {name: place.read(name) for name in place.names() if not name.startswith(own)}


@contextmanager
def in_memory() -> Iterator[str]:
    """An address of a place in this process's memory."""
    import fsspec

    url = f"memory://{uuid.uuid4().hex}"
    yield url
    files, root = fsspec.core.url_to_fs(url)
    if files.exists(root):
        files.rm(root, recursive=True)
