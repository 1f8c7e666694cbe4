"""Wherever writing is cut off, by whatever, nothing is believed that is not whole."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midcourse import InputError
from midcourse.store.holding import Hold, HoldLost
from midcourse.store.journal import Failure, JournalWriter
from midcourse.store.place import DiskFull, Folder, place_of
from midcourse.store.stopping import ask_stop, stop_asked
from midcourse.store.store import Store, Writer

from .making import BEAT_S, GROUPS, INDEXES, arrays, create, done, fill, in_memory, manifest

ALL = set(range(len(INDEXES)))


def test_units_that_were_committed_are_whole(url: str) -> None:
    create(url)
    fill(Store.open(url), [3, 5])
    fill(Store.open(url), [0])
    told: list[tuple[int, int]] = []
    store = Store.open(url)
    assert store.whole(lambda now, of: told.append((now, of))) == {0, 3, 5}
    assert told == [(3, 3)]
    assert [store.journal().records[0][0].told, store.journal().failures] == [{"mean": 0.5}, {}]


@settings(max_examples=15)
@given(st.data())
def test_a_chunk_whose_bytes_are_others_is_not_whole(data: st.DataObject) -> None:
    _is_not_whole(data)


@pytest.mark.slow
@settings(max_examples=200)
@given(st.data())
def test_no_chunk_whose_bytes_are_others_is_whole(data: st.DataObject) -> None:
    _is_not_whole(data)


def _is_not_whole(data: st.DataObject) -> None:
    """One bit that flipped, an end that is missing, nothing at all, or another unit's bytes."""
    with in_memory() as url:
        store = create(url)
        fill(store, [0, 1, 2])
        _, objects = done(1)
        ((name, whole),) = objects.items()
        at = data.draw(st.integers(0, len(whole) - 1))
        flipped = bytearray(whole)
        flipped[at] ^= 1 << data.draw(st.integers(0, 7))
        (other,) = done(2)[1].values()
        spoilt = data.draw(st.sampled_from([bytes(flipped), whole[:at], None, other]))
        if spoilt is None:
            store.place.remove(name)
        else:
            store.place.write(name, spoilt)
        assert store.whole() == {0, 2}
        with store.writing(beat_s=BEAT_S) as writer:
            writer.commit([done(1, "another")])
        assert store.whole() == {0, 1, 2}
        assert len(store.journal().records[1]) == 2


def test_bytes_that_are_not_as_recorded_are_refused(url: str) -> None:
    store = create(url)
    record, objects = done(1)
    with store.writing(beat_s=BEAT_S) as writer:
        with pytest.raises(ValueError, match="not as recorded"):
            writer.commit([done(0), (record, dict.fromkeys(objects, b"other"))])
        with pytest.raises(ValueError, match="not those of its record"):
            writer.commit([(record, {})])
    assert store.whole() == set()
    assert store.journal().records == {}


def test_failures_are_told(url: str) -> None:
    store = create(url)
    with store.writing(beat_s=BEAT_S) as writer:
        writer.commit([done(0)], [Failure(4, 3, "ValueError: no")])
        writer.commit([], [Failure(2, 1, "x"), Failure(4, 4, "ValueError: again")])
        writer.commit([done(2)])
    assert store.journal().failures == {4: Failure(4, 4, "ValueError: again")}


def test_a_store_is_not_made_over_anything(url: str) -> None:
    fill(create(url), [0])
    with pytest.raises(InputError, match=r'holds the study "Small" already; expected .* resume'):
        create(url)
    assert Store.open(url).whole() == {0}


def test_a_folder_of_something_else_is_left_alone(url: str) -> None:
    place_of(url).write("letter.txt", b"Dear all")
    with pytest.raises(InputError, match="is not empty, and no store of a study"):
        create(url)
    with pytest.raises(InputError, match="no study is stored in"):
        Store.open(url)
    place_of(url).write("manifest.json", b'{"name": "an app", "short_name": "app"}')
    for opening in (create, Store.open):
        with pytest.raises(InputError, match="damaged"):
            opening(url)
    assert place_of(url).names() == ["letter.txt", "manifest.json"]


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        create(tmp_path / "file")
    with pytest.raises(InputError, match="store: "):
        create(tmp_path / "file" / "below")


def test_any_change_of_the_manifest_is_noticed() -> None:
    with in_memory() as url:
        place = create(url).place
        whole = place.read("manifest.json")
        assert whole is not None
        for at in range(0, len(whole) - 1, 7):
            place.write("manifest.json", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(InputError, match=r"damaged|format"):
                Store.open(url)
            place.write("manifest.json", whole[:at])
            with pytest.raises(InputError, match="damaged"):
                Store.open(url)
        place.write("manifest.json", whole.replace(b'"format": 1', b'"format": 9'))
        with pytest.raises(InputError, match="is of format 9"):
            Store.open(url)


class Killed(BaseException):
    """As if the process had ended here."""


@pytest.mark.parametrize("plan_hash", ["1234", "another"])
def test_a_creation_that_was_cut_off_anywhere_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan_hash: str
) -> None:
    """By the same study or by another; what comes of it is as if nothing had happened."""
    expected = Store.create(tmp_path / "calm", manifest(plan_hash=plan_hash), GROUPS)
    write = Folder.write
    for writes in range(len(expected.manifest.fixed) + 1):
        left = writes

        def dying(self: Folder, name: str, data: bytes) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            write(self, name, data)

        folder = tmp_path / str(writes)
        monkeypatch.setattr(Folder, "write", dying)
        with pytest.raises(Killed):
            create(folder)
        monkeypatch.setattr(Folder, "write", write)
        with pytest.raises(InputError, match=r"cut short|no study"):
            Store.open(folder)
        again = Store.create(folder, manifest(plan_hash=plan_hash), GROUPS)
        assert arrays(again.place) == arrays(expected.place)
        assert (again.spoilt(), again.manifest) == ([], expected.manifest)


def test_spoilt_labels_are_found_and_mended(url: str) -> None:
    store = create(url)
    whole = arrays(store.place)
    store.place.write("europe/lat/c/0", b"x")
    store.place.remove("claims/claim/zarr.json")
    assert set(store.spoilt()) == {"europe/lat/c/0", "claims/claim/zarr.json"}
    assert set(store.mend(GROUPS)) == {"europe/lat/c/0", "claims/claim/zarr.json"}
    assert arrays(store.place) == whole
    store.place.remove("claims/claim/zarr.json")
    with pytest.raises(InputError, match=r"claims/claim/zarr\.json in .* is damaged"):
        store.mend(GROUPS[:1])


def test_two_that_write_at_once_all_the_same_do_no_harm(url: str) -> None:
    """As where locks fail: each has worked all units, in its own order."""
    store = create(url)

    def write(name: str) -> None:
        order = sorted(ALL, key=lambda unit: hash((name, unit)))
        with ThreadPoolExecutor(2) as pool:
            writer = Writer(place_of(url), Hold(name), pool)
            for unit in order:
                writer.commit([done(unit, name)])

    writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert store.whole() == ALL
    assert {each.worker for some in store.journal().records.values() for each in some} == {"a", "b"}
    with in_memory() as calm:
        fill(create(calm), ALL)
        assert arrays(store.place) == arrays(place_of(calm))


def test_who_lost_its_hold_adds_nothing(url: str) -> None:
    store = create(url)
    with store.writing(beat_s=BEAT_S) as writer:
        writer.commit([done(0)])
        writer._hold._lost.set()
        assert writer.lost
        with pytest.raises(HoldLost):
            writer.commit([done(1)])
    assert store.whole() == {0}


def test_what_was_asked_of_the_last_writer_is_not_asked_of_the_next(url: str) -> None:
    store = create(url)
    ask_stop(store.place)
    with store.writing(beat_s=BEAT_S):
        assert not stop_asked(store.place)
        ask_stop(place_of(url))
        assert stop_asked(store.place)


def test_a_reader_finds_every_unit_that_was_committed_before(url: str) -> None:
    store, committed = create(url), set[int]()

    def write() -> None:
        with store.writing(beat_s=BEAT_S) as writer:
            for unit in ALL:
                writer.commit([done(unit)])
                committed.add(unit)

    writing = threading.Thread(target=write)
    writing.start()
    while writing.is_alive():
        before = set(committed)
        assert before <= Store.open(url).whole() <= ALL
    writing.join()
    assert store.whole() == ALL


@pytest.mark.parametrize("after", range(4))
def test_a_full_disk_in_mid_commit_leaves_nothing_half_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """The disk is full after so many objects: three chunks, and the line that makes them count."""
    store, fsync, left = create(tmp_path), os.fsync, after

    def filling(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    with store.writing() as writer:
        writer.commit([done(0)])
        monkeypatch.setattr(os, "fsync", filling)
        with pytest.raises(DiskFull, match="no room left in"):
            writer.commit([done(1), done(2), done(3)])
        monkeypatch.setattr(os, "fsync", fsync)
        assert store.whole() == {0}
        assert not list((tmp_path / ".begun").iterdir())
        writer.commit([done(1), done(2), done(3)])
    assert store.whole() == {0, 1, 2, 3}


@pytest.mark.slow
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """A disk of 200 kB, filled by units until no more goes in; room is made, and the rest is done."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "none", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk of a given size can be made here")
    try:
        store = create(tmp_path / "store")
        (tmp_path / "ballast").write_bytes(bytes(40_000))
        added = set()

        def go_on(writer: Writer) -> None:
            for unit in ALL:
                writer.commit([done(unit)])
                added.add(unit)
            (tmp_path / "more").write_bytes(bytes(60_000))
            for i in range(1000):
                writer.commit([done(i % len(ALL))])

        with store.writing() as writer:
            with pytest.raises(DiskFull):
                go_on(writer)
            assert store.whole() >= added
            (tmp_path / "ballast").unlink()
            (tmp_path / "more").unlink(missing_ok=True)
            for unit in ALL - store.whole():
                writer.commit([done(unit)])
        assert store.whole() == ALL
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.slow
def test_a_writer_that_is_killed_anywhere_leaves_what_it_committed(tmp_path: Path) -> None:
    """kill -9 at random moments, until all is done; the result is as if nothing had happened."""
    create(tmp_path / "store")
    moment, rounds, committed = random.Random(5), 0, set[int]()
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "from tests.store.making import INDEXES, Store, done\n"
        "store = Store.open(sys.argv[1])\n"
        "with store.writing() as writer:\n"
        "    for unit in sorted(set(range(len(INDEXES))) - store.whole()):\n"
        "        writer.commit([done(unit)])\n"
        "        print(unit, flush=True)\n"
        "print('all', flush=True)\n"
    )
    finished = False
    while not finished:
        writing = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "store")], stdout=subprocess.PIPE, text=True
        )
        assert writing.stdout is not None
        for line in writing.stdout:
            finished = line == "all\n"
            if finished:
                break
            committed.add(int(line))
            if rounds < 5 and len(committed) % 2 == 1:
                time.sleep(moment.uniform(0.0, 0.003))
                writing.send_signal(signal.SIGKILL)
                break
        rounds += 1
        writing.stdout.close()
        writing.wait()
        assert committed <= Store.open(tmp_path / "store").whole()
    assert rounds == 6
    store = Store.open(tmp_path / "store")
    assert store.whole() == ALL
    with in_memory() as calm:
        fill(create(calm), ALL)
        assert arrays(store.place) == arrays(place_of(calm))


def test_memory_does_not_grow_with_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = create(tmp_path)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    units = [done(unit) for unit in ALL]
    with store.writing() as writer:
        writer.commit(units)
        tracemalloc.start()
        try:
            for i in range(600):
                if i == 100:
                    before = tracemalloc.get_traced_memory()[0]
                writer.commit([units[i % len(units)]])
            grown = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
    assert grown < 40_000


def test_a_segment_of_a_writer_is_never_another_ones(url: str) -> None:
    store = create(url)
    for _ in range(3):
        fill(store, [1])
    assert len(store.place.names("journal")) == 3
    JournalWriter(store.place, "x").append([])
    assert len(store.place.names("journal")) == 3
