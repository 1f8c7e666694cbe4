"""A journal is believed line by line, and keeps what it was told however it is put together."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.store import journal as journals
from midcourse.store.journal import Failure, Journal, JournalWriter, Record
from midcourse.store.place import place_of

from .making import in_memory

TEXT = st.text(max_size=20)
DIGEST = st.text("0123456789abcdef", min_size=64, max_size=64)
RECORDS = st.builds(
    Record,
    st.integers(0, 10**6),
    st.dictionaries(TEXT, DIGEST, max_size=3),
    st.integers(0, 10**9),
    st.floats(0.0, 1e6),
    TEXT,
    st.dictionaries(TEXT, TEXT | st.integers(-1000, 1000) | st.floats(allow_nan=False), max_size=3),
)
# What could be taken for the end of one part of a line and the beginning of the next.
CONFUSING = Record(
    1, {'","chunks":{': "0" * 64}, 5, 0.5, '","chunks":{"a":1}}\n', {"chunks": 1, '"sum":"': "],\u2028"}
)
FAILURES = st.builds(Failure, st.integers(0, 10**6), st.integers(1, 5), TEXT)


def record(unit: int, digest: str = "0") -> Record:
    return Record(unit, {f"q/value/c/{unit}": digest * 64}, 100, 1.0, "here", {"mean": 0.5})


def kept(journal: Journal) -> set[tuple[Any, ...]]:
    """All records, comparable."""
    return {
        (
            each.unit,
            *sorted(each.chunks.items()),
            each.bytes,
            each.seconds,
            each.worker,
            *sorted(each.told.items()),
        )
        for some in journal.records.values()
        for each in some
    }


@given(st.lists(RECORDS, max_size=5), st.lists(FAILURES, max_size=3))
def test_what_is_told_is_read(records: list[Record], failures: list[Failure]) -> None:
    records = [*records, CONFUSING]
    with in_memory() as url:
        JournalWriter(place_of(url), "w").append(records, failures)
        read = Journal.read(place_of(url))
    assert kept(read) == kept(Journal({i: [each] for i, each in enumerate(records)}))
    assert read.doubted == 0
    assert list(read.records) == sorted(read.records)
    worked = {each.unit for each in records}
    assert set(read.failures) == {each.unit for each in failures} - worked
    for unit, failure in read.failures.items():
        assert failure.attempts == max(each.attempts for each in failures if each.unit == unit)


def segment(records: list[Record]) -> tuple[str, bytes]:
    """The name and the bytes of a segment."""
    with in_memory() as url:
        place = place_of(url)
        JournalWriter(place, "w").append(records)
        (name,) = place.names("journal")
        data = place.read(name)
    assert data is not None
    return name, data


@given(st.data())
def test_an_altered_line_is_not_believed_and_takes_no_other_with_it(data: st.DataObject) -> None:
    """Any bit, anywhere. A line break that comes or goes spoils the lines beside it, no other."""
    records = [record(i) for i in range(5)]
    name, whole = segment(records)
    place_in_it = data.draw(st.integers(0, len(whole) - 1))
    altered = bytearray(whole)
    altered[place_in_it] ^= 1 << data.draw(st.integers(0, 7))
    with in_memory() as url:
        place_of(url).write(name, bytes(altered))
        read = Journal.read(place_of(url))
    line = whole[:place_in_it].count(b"\n")
    at_break = whole[place_in_it : place_in_it + 1] == b"\n"
    touched = {line, line + 1} if at_break else {line}
    assert {0, 1, 2, 3, 4} - touched <= set(read.records)
    assert kept(read) <= {each for i in range(5) for each in kept(Journal({i: [records[i]]}))}
    if not at_break:
        assert line not in read.records
        assert read.doubted >= 1


@given(st.integers(0, 10_000))
def test_of_a_torn_segment_the_lines_before_the_tear_are_believed(end: int) -> None:
    name, whole = segment([record(i) for i in range(5)])
    torn = whole[: end % len(whole)]
    with in_memory() as url:
        place_of(url).write(name, torn)
        read = Journal.read(place_of(url))
    # The last line is whole without its line break, too.
    lines = whole.splitlines()
    expected = [i for i in range(5) if torn.startswith(b"\n".join(lines[: i + 1]))]
    assert list(read.records) == expected


@given(st.integers(0, 40), st.integers(2, 4))
def test_putting_together_keeps_every_record_and_few_objects(count: int, together: int) -> None:
    with in_memory() as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(journals, "TOGETHER", together)
        place = place_of(url)
        writer, other = JournalWriter(place, "w"), JournalWriter(place, "v")
        for i in range(count):
            writer.append([record(i)], [Failure(1000 + i, 2, "no")])
            other.append([record(i, "1")])
        read, names = Journal.read(place), place.names("journal")
    assert {unit: len(some) for unit, some in read.records.items()} == dict.fromkeys(range(count), 2)
    assert set(read.failures) == {1000 + i for i in range(count)}
    ranks = 1 + (math.floor(math.log(count, together) + 1e-9) if count else 0)
    assert len(names) <= 2 * ranks * (together - 1)


def test_parts_that_stayed_beside_their_sum_say_nothing_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a kill between writing the sum and taking its parts away leaves them."""
    monkeypatch.setattr(journals, "TOGETHER", 3)
    with in_memory() as url:
        place = place_of(url)
        monkeypatch.setattr(type(place), "remove", lambda *_: None)
        writer = JournalWriter(place, "w")
        for i in range(9):
            writer.append([record(i)])
        assert len(place.names("journal")) == 9 + 3 + 1
        read = Journal.read(place)
    assert {unit: len(some) for unit, some in read.records.items()} == dict.fromkeys(range(9), 1)
    assert read.doubted == 0


def test_an_altered_line_does_not_hide_its_whole_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    name, whole = segment([record(1)])
    with in_memory() as url:
        place_of(url).write("journal/a-0-0000000.jsonl", whole.replace(b"here", b"hers"))
        place_of(url).write(name, whole)
        read = Journal.read(place_of(url))
    assert (len(read.records[1]), read.doubted) == (1, 1)


def test_a_success_lifts_a_failure_whoever_has_it() -> None:
    with in_memory() as url:
        place = place_of(url)
        JournalWriter(place, "a").append([], [Failure(1, 3, "no"), Failure(2, 3, "no")])
        JournalWriter(place, "b").append([record(1)])
        assert Journal.read(place).failures == {2: Failure(2, 3, "no")}


def test_who_reads_while_segments_are_put_together_misses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was recorded before a reader began is among what it reads."""
    monkeypatch.setattr(journals, "TOGETHER", 2)
    place, count = place_of(tmp_path), 0

    def write() -> None:
        nonlocal count
        writer = JournalWriter(place, "w")
        for i in range(120):
            writer.append([record(i)])
            count = i + 1

    writing = threading.Thread(target=write)
    writing.start()
    reads = 0
    while writing.is_alive():
        before = count
        assert set(range(before)) <= set(Journal.read(place_of(tmp_path)).records)
        reads += 1
    writing.join()
    assert reads > 1
    assert set(Journal.read(place).records) == set(range(120))


def test_reading_a_journal_needs_no_heavy_library() -> None:
    code = (
        "import sys; from midcourse.store import holding, journal, manifest, store, stopping\n"
        "print(*{'zarr', 'xarray', 'numba', 'fsspec', 'dask'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("\n", "")
