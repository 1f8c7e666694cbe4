"""A study's results in one place: arrays that are filled chunk by chunk, and the record of what is whole.

A unit counts once its line is in the journal, which is written after its chunks. Wherever that is cut off,
what is there is either believed, since its bytes are as recorded, or computed again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from ..dossier.errors import InputError
from . import manifest as manifests
from .holding import BEAT_S, LEASE, LOCK, Hold, holding
from .journal import FOLDER, Failure, Journal, JournalWriter, Record, checksum
from .layout import Group, all_arrays
from .manifest import Manifest, read_manifest
from .place import BEGUN, DiskFull, Place, place_of
from .stopping import clear_stop

_T = TypeVar("_T")
_R = TypeVar("_R")
#: The object that is written last at creation: a store without it was never begun to be filled.
ROOT = "zarr.json"
# Units that a thread checks before it says so.
_SLICE = 64

#: A unit that was worked, and the bytes of its objects.
Done = tuple[Record, Mapping[str, bytes]]


class Store:
    """A place with a whole manifest. ``create`` or ``open`` one."""

    def __init__(self, place: Place, manifest: Manifest) -> None:
        self.place, self.manifest = place, manifest

    @classmethod
    def create(
        cls,
        url: str | Path,
        manifest: Manifest,
        groups: Sequence[Group],
        attributes: Mapping[str, Any] = MappingProxyType({}),
        *,
        beat_s: float = BEAT_S,
    ) -> Store:
        """Lay a store out; InputError where something else lies there already.

        What a creation that was cut off has left, of this study or another, is made whole or taken away.
        ``attributes`` are told to readers of the arrays; those of the manifest are added.
        """
        place = place_of(url)
        told = {**attributes, **provenance(manifest)}
        objects = all_arrays(groups, told)
        manifest = replace(manifest, fixed={name: checksum(data) for name, data in objects.items()})
        with _reaching(place):
            _check_free(place)
            if place.local is not None:
                place.local.mkdir(parents=True, exist_ok=True)
            with holding(place, beat_s=beat_s) as hold:
                before = _unfinished(place)
                if before is not None and not before.same_study(manifest):
                    _take_back(place, before)
                    before = None
                if before is None:
                    place.write(manifests.NAME, manifest.as_bytes())
                *first, last = objects
                _all(place.patience, lambda name: place.write(name, objects[name]), first)
                hold.check()
                place.write(last, objects[last])
        return cls(place, before or manifest)

    @classmethod
    def open(cls, url: str | Path) -> Store:
        """A store that was created before; InputError where there is none, or not a whole one."""
        place = place_of(url)
        with _reaching(place):
            manifest = read_manifest(place)
            root = place.read(ROOT)
        if root is None:
            raise InputError(
                "the making of {value} was cut short, and nothing has been computed there",
                where="store",
                value=str(place),
                expected="a store that was laid out whole; `midcourse study run` does it again",
            )
        return cls(place, manifest)

    def journal(self) -> Journal:
        """What is recorded by now."""
        return Journal.read(self.place)

    def whole(
        self, tell: Callable[[int, int], None] | None = None, journal: Journal | None = None
    ) -> set[int]:
        """The units each of whose chunks is there with the bytes that were recorded; all bytes are read.

        ``tell`` is told how many units of how many have been looked at.
        """
        records = (self.journal() if journal is None else journal).records
        units = list(records)

        def check(some: Sequence[int]) -> list[int]:
            return [unit for unit in some if self._is_whole(records[unit])]

        found: set[int] = set()
        slices = [units[i : i + _SLICE] for i in range(0, len(units), _SLICE)]
        for i, each in enumerate(_each(max(self.place.patience, os.cpu_count() or 1), check, slices)):
            found.update(each)
            if tell is not None:
                tell(min((i + 1) * _SLICE, len(units)), len(units))
        return found

    def _is_whole(self, records: Sequence[Record]) -> bool:
        believed: dict[str, set[str]] = {}
        for record in records:
            for name, digest in record.chunks.items():
                believed.setdefault(name, set()).add(digest)
        for name, digests in believed.items():
            data = self.place.read(name)
            if data is None or checksum(data) not in digests:
                return False
        return True

    def spoilt(self) -> list[str]:
        """Metadata and labels that are missing or not as they were written."""
        return [name for name in self.manifest.fixed if not self._is_fixed(name)]

    def _is_fixed(self, name: str) -> bool:
        data = self.place.read(name)
        return data is not None and checksum(data) == self.manifest.fixed[name]

    def mend(
        self, groups: Sequence[Group], attributes: Mapping[str, Any] = MappingProxyType({})
    ) -> list[str]:
        """Write anew what is spoilt of metadata and labels, from what the store was created with.

        Returns the names of what was. InputError where that does not give the same bytes.
        """
        spoilt = self.spoilt()
        if spoilt:
            objects = all_arrays(groups, {**attributes, **provenance(self.manifest)})
            for name in spoilt:
                data = objects.get(name, b"")
                if checksum(data) != self.manifest.fixed[name]:
                    raise InputError(
                        f"{name} in {{value}} is damaged, and this version of midcourse or of Zarr writes it "
                        "differently",
                        where="store",
                        value=str(self.place),
                        expected=f"midcourse {self.manifest.version}, or another place to begin in",
                    )
                self.place.write(name, data)
        return spoilt

    @contextmanager
    def writing(
        self, *, beat_s: float = BEAT_S, tell: Callable[[str], None] | None = None
    ) -> Iterator[Writer]:
        """Be the one writer; InputError, which says who is, where somebody else is. See ``holding``."""
        with holding(self.place, beat_s=beat_s, tell=tell) as hold:
            self.place.begin()
            clear_stop(self.place)
            with ThreadPoolExecutor(self.place.patience) as pool:
                yield Writer(self.place, hold, pool)


class Writer:
    """Who may add to a store, as long as the hold lasts."""

    def __init__(self, place: Place, hold: Hold, pool: ThreadPoolExecutor) -> None:
        self._place, self._hold, self._pool = place, hold, pool
        self._journal = JournalWriter(place, hold.writer)

    @property
    def name(self) -> str:
        """The writer's name, which no other has."""
        return self._hold.writer

    @property
    def lost(self) -> bool:
        """Whether another writer has taken over; nothing can be added then."""
        return self._hold.lost

    def commit(self, done: Sequence[Done], failures: Sequence[Failure] = ()) -> None:
        """Add units, and failures to be told: bytes first, then the lines that make them count.

        DiskFull where there is no room, HoldLost where another has taken over; none of the units count then.
        ValueError where bytes are not as their record says.
        """
        self._hold.check()
        chunks = {name: (record, data) for record, objects in done for name, data in objects.items()}
        for record, objects in done:
            if objects.keys() != record.chunks.keys():
                raise ValueError(f"unit {record.unit}: its bytes are not those of its record")

        def write(name: str) -> None:
            record, data = chunks[name]
            if checksum(data) != record.chunks[name]:
                raise ValueError(f"unit {record.unit}: the bytes of {name} are not as recorded")
            self._place.write(name, data)

        futures = [self._pool.submit(write, name) for name in chunks]
        try:
            for future in futures:
                future.result()
        finally:
            for future in futures:
                future.cancel()
            # What is being written ends before anybody is told that something went wrong.
            wait(futures)
        self._hold.check()
        self._journal.append([record for record, _ in done], failures)


def provenance(manifest: Manifest) -> dict[str, Any]:
    """What readers of the arrays are told of where they come from."""
    return {
        "title": manifest.title,
        "plan_hash": manifest.plan_hash,
        "midcourse_version": manifest.version,
        "kernels": manifest.kernels,
        "seed": manifest.seed,
        "units": manifest.units,
    }


def _check_free(place: Place) -> None:
    """InputError where a store is, or anything else that nobody told us to write into."""
    if place.read(manifests.NAME) is not None:
        # One that is damaged is refused here.
        _unfinished(place)
        return
    if place.local is not None and place.local.exists() and not place.local.is_dir():
        raise InputError("{value} is a file", where="store", value=str(place), expected="a folder")
    own = (LOCK, LEASE, "stop")
    other = [name for name in place.names() if name not in own and not name.startswith(f"{BEGUN}/")]
    if other:
        raise InputError(
            "{value} is not empty, and no store of a study",
            where="store",
            value=str(place),
            expected="a new or empty folder",
        )


def _unfinished(place: Place) -> Manifest | None:
    """The manifest of a creation that was cut off; InputError where it was not."""
    if place.read(manifests.NAME) is None:
        return None
    manifest = read_manifest(place)
    if place.read(ROOT) is not None or place.names(FOLDER):
        raise InputError(
            f'{{value}} holds the study "{manifest.title}" already',
            where="store",
            value=str(place),
            expected="a new place, or `midcourse study resume` to go on with it",
        )
    return manifest


def _take_back(place: Place, manifest: Manifest) -> None:
    """Take away what a creation has written, its manifest last."""
    _all(place.patience, place.remove, list(manifest.fixed))
    place.remove(manifests.NAME)


def _each(threads: int, work: Callable[[_T], _R], items: Sequence[_T]) -> Iterator[_R]:
    """What comes of each, in order, by some threads; nothing further is begun once one has failed."""
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield from pool.map(work, items)
        finally:
            pool.shutdown(cancel_futures=True)


def _all(threads: int, work: Callable[[_T], object], items: Sequence[_T]) -> None:
    """Work each."""
    for _ in _each(threads, work, items):
        pass


@contextmanager
def _reaching(place: Place) -> Iterator[None]:
    """Tell of a place that cannot be used in one line."""
    try:
        yield
    except DiskFull:
        raise
    except OSError as error:
        raise InputError(
            f"cannot use {{value}}: {error.strerror or error}".rstrip("."), where="store", value=str(place)
        ) from error
