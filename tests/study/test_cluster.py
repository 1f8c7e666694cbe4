"""Units worked by Dask's workers: the same comes of them as of threads, whoever is lost meanwhile."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from midcourse.dossier import InputError
from midcourse.study.cluster import AHEAD, Cluster
from midcourse.study.running import Run

from ..cluster_processes import Site, site
from .travelling import by_threads, marks, noted, squares

pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A scheduler and a worker of two threads."""
    with site(tmp_path_factory.mktemp("pair")) as there:
        there.start_scheduler()
        there.start_worker(2)
        yield there


def test_the_same_as_threads(pair: Site) -> None:
    with Cluster(pair.address) as cluster:
        found = list(cluster.run(squares(), range(200)))
        assert cluster.workers == 2
        assert cluster.dashboard.startswith("http://127.0.0.1:")
    assert len(found) == 200
    assert dict(found) == by_threads(squares(), 200)


def test_no_units_need_nobody(pair: Site) -> None:
    with Cluster(pair.address) as cluster:
        assert list(cluster.run(squares(), [])) == []


def test_work_is_sent_once_and_kept(pair: Site, tmp_path: Path) -> None:
    """A work that was rebuilt on a worker stays there: for the next run, and for the next driver too, even
    where its bytes differ."""

    class Prepared:
        digest = str(tmp_path)
        salt = b""

        def __init__(self, folder: Path) -> None:
            self.folder = folder

        def __setstate__(self, state: dict[str, Any]) -> None:
            import uuid

            self.__dict__ = state
            (self.folder / uuid.uuid4().hex).touch()

        def __call__(self, unit: int) -> int:
            return unit

    for _ in range(2):
        work = Prepared(tmp_path)
        work.salt = os.urandom(8)
        with Cluster(pair.address) as cluster:
            for _ in range(2):
                assert dict(cluster.run(work, range(30))) == {i: i for i in range(30)}
    assert len(list(tmp_path.iterdir())) == 1


def test_few_units_are_asked_for(pair: Site) -> None:
    taken = seen = 0

    def units() -> Iterator[int]:
        nonlocal taken
        for i in range(300):
            taken = i + 1
            yield i

    with Cluster(pair.address) as cluster:
        for _ in cluster.run(squares(), units()):
            seen += 1
            assert taken <= seen + 2 * AHEAD
    assert seen == 300


def test_what_a_unit_raises_is_raised(pair: Site) -> None:
    with Cluster(pair.address) as cluster:
        with pytest.raises(ZeroDivisionError):
            list(cluster.run(lambda unit: 1 // (unit - 7), range(50)))
        assert dict(cluster.run(squares(), range(5))) == by_threads(squares(), 5)


def test_closing_lets_none_begin(pair: Site, tmp_path: Path) -> None:
    with Cluster(pair.address) as cluster:
        coming = cluster.run(noted(tmp_path, 0.3), range(100))
        next(coming)
        started = time.monotonic()
        coming.close()
        assert time.monotonic() - started < 0.25
        begun = len(marks(tmp_path))
        time.sleep(1.0)
        assert len(marks(tmp_path)) <= begun + 1
        assert begun <= 2 * AHEAD


def test_a_run_stops_in_order(pair: Site) -> None:
    with Cluster(pair.address) as cluster:
        run: Run[int, tuple[int, bytes]] = Run(cluster, squares(0.01))
        found = []
        for square, _ in run.leading("stopped", range(1000), 1000, lambda _: 1):
            found.append(square)
            if len(found) == 10:
                run.stop()
    assert found == [i * i for i in range(len(found))]
    assert 10 <= len(found) < 40


def test_a_stop_takes_back_what_has_not_begun(pair: Site, tmp_path: Path) -> None:
    """Of six units under way, those at the worker are waited for: two that it works, and one that waits."""
    with Cluster(pair.address) as cluster:
        found = []
        for each in cluster.run(noted(tmp_path, 0.3), range(100)):
            found.append(each)
            cluster.stop()
    assert sorted(found) == [(i, i) for i in range(len(found))]
    assert len(found) == len(marks(tmp_path)) <= 5


@pytest.mark.parametrize(
    "address", ["scheduler", "http://127.0.0.1:8786", "tcp://127.0.0.1:port", "tcp://:1"]
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(InputError, match=r"no address of a scheduler.*expected tcp://HOST:8786"):
        Cluster(address)


@pytest.mark.parametrize("listening", [False, True])
def test_nobody_answers(listening: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where nothing listens, nor where something else does."""
    monkeypatch.setattr("midcourse.study.scheduler._PATIENCE", 1.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        if listening:
            other.listen()
        started = time.monotonic()
        with pytest.raises(InputError, match=r"--scheduler: no scheduler answers.*expected tcp://HOST:8786"):
            Cluster(f"tcp://127.0.0.1:{other.getsockname()[1]}")
    assert time.monotonic() - started < 3.0


def test_distributed_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r'pip install "midcourse\[distributed\]"'):
        Cluster("tcp://127.0.0.1:8786")


def test_loggers_of_workers_stay_as_they_are(pair: Site) -> None:
    level = logging.getLogger("distributed.worker").level
    with Cluster(pair.address):
        assert logging.getLogger("distributed.worker").level == level
        assert not logging.getLogger("distributed.client").isEnabledFor(logging.ERROR)
