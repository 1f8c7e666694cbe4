"""What Dask's scheduler costs beside threads of this process. Run by ``make bench``; not a test.

Two workers of one thread each over loopback, against two threads.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from midcourse.study.cluster import Cluster
from midcourse.study.running import Engine, Threads

from ..cluster_processes import Site

pytestmark = pytest.mark.benchmark
pytest.importorskip("distributed")


@pytest.fixture
def cluster(pair: Site) -> Iterator[Cluster]:
    with Cluster(pair.address) as engine:
        while engine.workers < 2:
            time.sleep(0.1)
        yield engine


def busy(rounds: int) -> Callable[[int], int]:
    """Compiled work that holds no lock of Python's."""

    def work(unit: int) -> int:
        hashlib.pbkdf2_hmac("sha256", b"unit", b"salt", rounds)
        return unit

    return work


def asleep() -> Callable[[int], int]:
    """A unit of a second that takes no processor from anybody."""

    def work(unit: int) -> int:
        time.sleep(1.0)
        return unit

    return work


def sized(size: int) -> Callable[[int], bytes]:
    """A unit that takes no time, and gives so many bytes."""

    def work(unit: int) -> bytes:
        return bytes(size)

    return work


def taken(engine: Engine, work: Callable[[int], Any], count: int) -> float:
    started = time.perf_counter()
    assert sum(1 for _ in engine.run(work, range(count))) == count
    return time.perf_counter() - started


def test_a_second_a_unit(benchmark: Any, cluster: Cluster) -> None:
    """Units of about a second of work, by threads and by the cluster in turn: the overhead is that of the
    best of each. Both need both processors: what else runs shows.
    """
    started = time.perf_counter()
    busy(200_000)(0)
    work = busy(round(200_000 / (time.perf_counter() - started)))
    threads, best = [], []

    def measure() -> None:
        threads.append(taken(Threads(2), work, 12))
        best.append(taken(cluster, work, 12))

    benchmark.pedantic(measure, rounds=3)
    overhead = min(best) / min(threads) - 1.0
    benchmark.extra_info.update(threads_s=min(threads), cluster_s=min(best), overhead=overhead)
    assert overhead < 0.10


def test_a_second_asleep(benchmark: Any, cluster: Cluster) -> None:
    """The same with units that take no processor: what waiting for one another costs."""
    whole = benchmark.pedantic(taken, args=(cluster, asleep(), 20), rounds=1)
    benchmark.extra_info["overhead"] = whole / 10.0 - 1.0
    assert whole < 10.0 * 1.05


@pytest.mark.parametrize("size", [0, 1_000_000, 10_000_000], ids=["empty", "1 MB", "10 MB"])
def test_units_of_nothing(benchmark: Any, cluster: Cluster, size: int) -> None:
    """The cost of a unit itself: how many a second, and the driver's processor time."""
    count = 60 if size else 2000
    before = os.times()
    whole = benchmark.pedantic(taken, args=(cluster, sized(size), count), rounds=1)
    after = os.times()
    driver = after.user + after.system - before.user - before.system
    benchmark.extra_info.update(units_per_s=count / whole, driver_ms=1e3 * driver / count)
    if size:
        benchmark.extra_info["megabytes_per_s"] = 1e-6 * size * count / whole
