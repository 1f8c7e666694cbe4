"""Measure what a study over many workers is made of, and how it goes with one worker and with two.

    python scripts/measure_scaling.py

Writes ``scripts/scaling.json``, from which ``scripts/scaling.py`` reckons. A scheduler and workers of one
thread each run over loopback. It takes about ten minutes, and wants the machine for itself: ``contention`` in
the file says how much longer two processes take side by side than one alone.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
OUT = FOLDER / "scaling.json"
sys.path.insert(0, str(FOLDER.parent))

from tests.cluster_processes import SOURCE, Site, site  # noqa: E402

#: A map of Europe in worlds few enough that a unit takes some seconds.
PLAN = """\
[study]
title = "A map of Europe, to measure"
dossiers = "third-site"
architectures = [{architectures}]
threats = ["iran-europe-irbm"]
samples = 128
seed = 1

[map.defended]
quantity = "defended"
region = "europe"
grid = "1 deg"
"""
ONE, TWO = ("third-site",), ("third-site", "gabala")
ROUNDS = 3


@contextmanager
def running(workers: int) -> Iterator[Site]:
    """A scheduler and so many workers."""
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as there:
        there.start_scheduler()
        for _ in range(workers):
            there.start_worker(1)
        while sum("Registered to" in each.text() for each in there.members) < workers:
            time.sleep(0.1)
        yield there
        # Logs are of use where something failed.
        there.members, members = [], there.members
        for each in reversed(members):
            each.kill()


def study(architectures: tuple[str, ...], workers: int, *, cluster: bool = True) -> dict[str, Any]:
    """Run a study: how long it took from its first unit to its last, and each unit."""
    names = ", ".join(f'"{each}"' for each in architectures)
    with running(workers if cluster else 0) as there, tempfile.TemporaryDirectory() as folder:
        plan, store = Path(folder) / "plan.toml", Path(folder) / "plan.zarr"
        plan.write_text(PLAN.format(architectures=names), encoding="utf-8")
        engine = ["--scheduler", there.address] if cluster else ["--workers", str(workers)]
        command = [sys.executable, "-m", "midcourse.cli", "study", "run", str(plan), "--store", str(store)]
        subprocess.run(
            [*command, *engine],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
        )
        events = [json.loads(line) for line in (store / "log.jsonl").read_text("utf-8").splitlines()]
        told = _prepared(store)
    at = {each["event"]: datetime.fromisoformat(each["at"]).timestamp() for each in events}
    found = {
        "workers": workers,
        "cases": len(architectures),
        "wall_s": round(at["ended"] - at["begun"], 2),
        "unit_s": [
            round(each["seconds"] - told[each["unit"]], 4) for each in events if each["event"] == "done"
        ],
        "prepare_s": sorted(round(each, 2) for each in told.values() if each > 0.05),
        "unit_bytes": round(statistics.mean(each["bytes"] for each in events if each["event"] == "done")),
    }
    print(json.dumps({**found, "unit_s": round(sum(found["unit_s"]), 1)}), flush=True)
    return found


def _prepared(store: Path) -> dict[int, float]:
    from midcourse.store.store import Store

    records = Store.open(store).journal().records
    return {unit: float(some[0].told["prepare_s"]) for unit, some in records.items()}


def engine() -> dict[str, float]:
    """Processor time of a unit at the scheduler, in the driver and at a worker; results a second."""
    import psutil

    from midcourse.study import cluster as clusters

    def work(size: int) -> Callable[[int], bytes]:
        def working(_: int) -> bytes:
            return bytes(size)

        return working

    with running(2) as there, clusters.Cluster(there.address) as cluster:
        members = [psutil.Process(), *(psutil.Process(each.pid) for each in there.members)]

        def used() -> list[float]:
            return [sum(each.cpu_times()[:2]) for each in members]

        # As many under way as with many workers: units then travel many together.
        clusters.AHEAD = 40
        list(cluster.run(work(0), range(500)))
        count = 5000
        before, began = used(), time.perf_counter()
        list(cluster.run(work(0), range(count)))
        wall = time.perf_counter() - began
        driver, scheduler, *workers = (1e3 * (b - a) / count for a, b in zip(before, used(), strict=True))
        clusters.AHEAD = 3
        big, size = 40, 10_000_000
        before, began = used(), time.perf_counter()
        list(cluster.run(work(size), range(big)))
        transfer = time.perf_counter() - began
        # What the scheduler's processor takes for bytes that pass through it.
        passing = (used()[1] - before[1]) / big
    return {
        "driver_ms": round(driver, 3),
        "scheduler_ms": round(scheduler, 3),
        "worker_ms": round(statistics.mean(workers), 3),
        "units_per_s": round(count / wall),
        "result_mb_per_s": round(1e-6 * size * big / transfer),
        "scheduler_mb_per_s": round(1e-6 * size / passing),
    }


def commits() -> dict[str, float]:
    """Seconds of a commit of some units, on this disk: a part for each, and one for the journal."""
    from midcourse.store.holding import holding
    from midcourse.store.journal import Record, checksum
    from midcourse.store.place import place_of
    from midcourse.store.store import Writer

    data = os.urandom(2700)

    def some(first: int, count: int) -> list[Any]:
        names = [f"measured/c/{unit}" for unit in range(first, first + count)]
        return [
            (
                Record(first + i, {name: checksum(data)}, len(data), 1.0, "worker", {"known": [1.0]}),
                {name: data},
            )
            for i, name in enumerate(names)
        ]

    with tempfile.TemporaryDirectory() as folder:
        place = place_of(folder)
        with holding(place) as hold, ThreadPoolExecutor(place.patience) as pool:
            place.begin()
            writer, first, taken = Writer(place, hold, pool), 0, {}
            for count in (1, 32):
                rounds = 640 // count if count > 1 else 200
                began = time.perf_counter()
                for _ in range(rounds):
                    writer.commit(some(first, count))
                    first += count
                taken[count] = (time.perf_counter() - began) / rounds
    unit = (taken[32] - taken[1]) / 31
    return {"unit_ms": round(1e3 * unit, 3), "commit_ms": round(1e3 * (taken[1] - unit), 3)}


def parcel() -> dict[str, float]:
    """The work, as it goes to each worker once."""
    from midcourse.study.parcel import Parcel
    from midcourse.survey.plan import read_plan
    from midcourse.survey.working import Works

    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(PLAN.format(architectures='"joint"'))
        file.flush()
        return {"parcel_kb": round(1e-3 * len(Parcel.of(Works(read_plan(file.name))).data), 1)}


def contention() -> float:
    """How much longer two processes take side by side than one alone."""
    busy = "import hashlib; hashlib.pbkdf2_hmac('sha256', b'a', b'b', 4_000_000)"

    def timed(count: int) -> float:
        began = time.perf_counter()
        for each in [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(count)]:
            each.wait()
        return time.perf_counter() - began

    return round(statistics.median(timed(2) / timed(1) for _ in range(3)), 2)


def main() -> None:
    found: dict[str, Any] = {"contention": contention(), **engine(), **commits(), **parcel()}
    print(found, flush=True)
    # Once for what is kept on disk: flights of the dossier, compiled kernels.
    study(TWO, 2)
    # Each in turn, and the fastest of each: when the machine was most their own.
    kinds = ((ONE, 1, True), (ONE, 2, True), (TWO, 1, True), (TWO, 2, True), (ONE, 1, False), (ONE, 2, False))
    rounds = [[study(names, count, cluster=far) for names, count, far in kinds] for _ in range(ROUNDS)]
    best = [min(each, key=lambda run: float(run["wall_s"])) for each in zip(*rounds, strict=True)]
    found["runs"], found["threads"] = best[:4], best[4:]
    found["contention_after"] = contention()
    OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
