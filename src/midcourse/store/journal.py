"""The record of what is whole: a line for each unit that was worked, with the checksums of its chunks.

Writers add segments, objects that never change. Each has its writer's name in its own, so no two writers
ever write the same one. A writer puts its segments together now and then, as logs do: the sum is written
first, then the parts go. Who reads meanwhile finds some lines twice, which says nothing new. Each line
carries its own checksum; one that was torn or altered is not believed.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .place import Place

FOLDER = "journal"
#: Segments of one rank that are put together into one of the next: 100,000 of them leave 75 at the most.
TOGETHER = 32
# Segments that are larger together stay as they are.
_LARGE = 64_000_000
# A line begins with the checksum of all that follows it, then says what it tells of; chunks come last, where
# they can be passed over. No text can be taken for them: within one, quotation marks are written otherwise.
_OPENING, _DIGITS = b'{"sum":"', 16
_START = len(_OPENING) + _DIGITS
_WORKED, _CHUNKS, _FAILED = b'","worked":', b',"chunks":{', b'","failed":'
_TOLD = _START + len(_WORKED)
# Times that a reader looks again because a segment went into another meanwhile.
_LOOKS = 100

Told = Mapping[str, Any]


class Record(NamedTuple):
    """A unit that was worked.

    Attributes
    ----------
    unit : its number in the plan
    chunks : sha256 of the bytes of each object that holds its values, in hexadecimal
    bytes : of all of them
    seconds : that it took
    worker : who worked it
    told : a few figures or words for a summary
    """

    unit: int
    chunks: Mapping[str, str]
    bytes: int
    seconds: float
    worker: str
    told: Told = {}  # noqa: RUF012 - nobody writes into it


class Failure(NamedTuple):
    """A unit that could not be worked, after so many attempts, and the last one's error."""

    unit: int
    attempts: int
    error: str


def checksum(data: bytes) -> str:
    """The checksum of a chunk's bytes."""
    return hashlib.sha256(data).hexdigest()


class _Unread(Mapping[str, str]):
    """The chunks of a record as they stand in its line, read each time that somebody asks."""

    __slots__ = ("_text",)

    def __init__(self, text: bytes) -> None:
        self._text = text

    def _read(self) -> dict[str, str]:
        read: dict[str, str] = json.loads(self._text)
        return read

    def __getitem__(self, name: str) -> str:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __repr__(self) -> str:
        return repr(self._read())


@dataclass
class Journal:
    """What is believed of a journal.

    Attributes
    ----------
    records : of each unit that was worked: several where it was worked again; it is whole where each of its
        chunks is as one of them says
    failures : units that never succeeded
    doubted : count of lines that are not believed
    """

    records: dict[int, list[Record]] = field(default_factory=dict)
    failures: dict[int, Failure] = field(default_factory=dict)
    doubted: int = 0

    @classmethod
    def read(cls, place: Place) -> Journal:
        """All that is in a place, also while it is being written to."""
        journal = cls()
        seen: set[bytes] = set()
        with _no_collection():
            for data in _segments(place):
                lines = [line for line in data.split(b"\n") if line]
                believed = [line for line in lines if _is_whole(line)]
                journal.doubted += len(lines) - len(believed)
                journal._take([line for line in believed if line[:_START] not in seen])
                seen.update(line[:_START] for line in believed)
            for unit in journal.failures.keys() & journal.records.keys():
                del journal.failures[unit]
            journal.records = {unit: journal.records[unit] for unit in sorted(journal.records)}
        return journal

    def _take(self, lines: Sequence[bytes]) -> None:
        heads, chunks = [], []
        for line in lines:
            end = line.find(_CHUNKS)
            if end < 0:
                failure = Failure(*json.loads(line[_TOLD:-1]))
                self.failures[failure.unit] = max(failure, self.failures.get(failure.unit, failure))
            else:
                heads.append(line[_TOLD:end])
                chunks.append(line[end + len(_CHUNKS) - 1 : -1])
        # One call for all lines is twice as fast as one for each.
        told = json.loads(b"[" + b",".join(heads) + b"]")
        for (unit, size, seconds, worker, summary), text in zip(told, chunks, strict=True):
            record = Record(unit, _Unread(text), size, seconds, sys.intern(worker), summary)
            self.records.setdefault(unit, []).append(record)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Make much that all stays: Python would look through it over and over for what can go."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _segments(place: Place) -> Iterator[bytes]:
    """The bytes of each segment. Where one has gone into another meanwhile, that is looked for."""
    read: set[str] = set()
    for _ in range(_LOOKS):
        missed = False
        for name in place.names(FOLDER):
            if name not in read:
                data = place.read(name)
                missed = missed or data is None
                if data is not None:
                    read.add(name)
                    yield data
        if not missed:
            return
    raise OSError(f"{place}: the journal changes faster than it can be read")


class JournalWriter:
    """What one writer adds.

    Parameters
    ----------
    writer : a name that no other writer ever had or will have
    """

    def __init__(self, place: Place, writer: str) -> None:
        self._place, self._writer = place, writer
        self._count = 0

    def append(self, records: Sequence[Record], failures: Sequence[Failure] = ()) -> None:
        """Add lines: all of them count from now on, or none where this raises."""
        lines = [_of_record(each) for each in records] + [_of_failure(each) for each in failures]
        if not lines:
            return
        # The number goes with the attempt: a segment that may be there after all is not written over.
        number, self._count = self._count, self._count + 1
        self._place.write(self._name(0, number), b"\n".join(lines) + b"\n")
        rank = 1
        while self._count % TOGETHER**rank == 0:
            self._put_together(rank, self._count // TOGETHER**rank - 1)
            rank += 1

    def _put_together(self, rank: int, number: int) -> None:
        """Write one segment in place of several of the rank below."""
        parts = {
            name: data
            for i in range(number * TOGETHER, (number + 1) * TOGETHER)
            if (data := self._place.read(name := self._name(rank - 1, i))) is not None
        }
        if not parts or sum(map(len, parts.values())) > _LARGE:
            return
        lines = [line for data in parts.values() for line in data.split(b"\n") if _is_whole(line)]
        self._place.write(self._name(rank, number), b"\n".join(lines) + b"\n")
        for name in parts:
            self._place.remove(name)

    def _name(self, rank: int, number: int) -> str:
        return f"{FOLDER}/{self._writer}-{rank}-{number:07}.jsonl"


def _of_record(record: Record) -> bytes:
    head = (record.unit, record.bytes, record.seconds, record.worker, dict(record.told))
    return _line(_WORKED + _json(head) + _CHUNKS[:-1] + _json(dict(record.chunks)) + b"}")


def _of_failure(failure: Failure) -> bytes:
    return _line(_FAILED + _json(failure) + b"}")


def _json(told: object) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()


def _line(rest: bytes) -> bytes:
    return _OPENING + _sum(rest) + rest


def _is_whole(line: bytes) -> bool:
    return line.startswith(_OPENING) and _sum(line[_START:]) == line[len(_OPENING) : _START]


def _sum(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest()[:_DIGITS].encode()
