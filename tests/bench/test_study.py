"""How fast studies go and how little their driver takes. Run by ``make bench``; not a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from midcourse.store.journal import JournalWriter, Record, checksum
from midcourse.store.layout import chunk_key
from midcourse.study.cluster import Cluster
from midcourse.study.running import Threads
from midcourse.survey.driver import Driver, store_for
from midcourse.survey.plan import read_plan
from midcourse.survey.working import Works

from ..cluster_processes import SOURCE

pytestmark = pytest.mark.benchmark
pytest.importorskip("distributed")

#: One site with one battery against three launch places; 2,660 cells in 129 worlds.
MILLION = """
[study]
title = "A million engagements"
dossiers = "third-site"
architectures = "third-site"
threats = "iran-europe-irbm"
samples = 128
seed = 1

[map.defended]
region = "europe"
grid = "1 deg"
from = ["north-west", "centre", "south-east"]
"""

#: A hundred units for every slab of worlds.
MANY = """
[study]
title = "Many units"
dossiers = "third-site"
architectures = ["third-site", "gabala"]
threats = ["iran-europe-mrbm", "iran-europe-irbm"]
samples = {samples}
seed = 1

[set]
"doctrine.nominal.decision_delay" = {delays}

[raid.salvo]
missiles = 5
"""


def many(folder: Path, units: int) -> Path:
    path = folder / f"{units}.toml"
    samples = 32 * (units // 100 - 1)
    path.write_text(MANY.format(samples=samples, delays=[f"{10 * i} s" for i in range(1, 26)]))
    return path


@pytest.mark.parametrize("engine", ["threads", "cluster"])
def test_a_million_engagements(
    benchmark: Any, tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    """From the plan's text to the last byte on the disk, compiled kernels loaded; a minute is allowed."""
    path = tmp_path / "plan.toml"
    path.write_text(MILLION)

    def run(url: str) -> Any:
        works = Works(read_plan(str(path)))
        store = store_for(works, url, anew=True)
        if engine == "threads":
            return Driver(works, store, Threads(2)).run()
        with Cluster(request.getfixturevalue("pair").address) as cluster:
            while cluster.workers < 2:
                time.sleep(0.1)
            return Driver(works, store, cluster).run()

    # Workers forget a plan of another title no sooner than this one, but have loaded what all need.
    path.write_text(MILLION.replace("samples = 128", "samples = 32"))
    run(str(tmp_path / "warm"))
    path.write_text(MILLION)
    urls = iter(str(tmp_path / f"store-{i}") for i in range(9))
    ran = benchmark.pedantic(lambda: run(next(urls)), rounds=1)
    assert ran.whole == ran.units
    assert ran.evaluations > 1e6
    found = xr.open_zarr(tmp_path / "store-0", group="defended", consolidated=False)["value"].values
    taken = benchmark.stats.stats.min
    reached = float(np.mean(~np.isnan(found)))
    benchmark.extra_info.update(
        evaluations=round(ran.evaluations), evaluations_per_s=round(ran.evaluations / taken),
        in_reach=round(reached, 3), units=ran.units,
    )  # fmt: skip
    print(f"\n{engine}: {ran.evaluations / taken:,.0f} evaluations a second, {reached:.0%} of cells in reach")
    assert reached > 0.5
    assert taken < 60.0


def driven(path: Path, store: Path, verb: str, address: str = "") -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "driving.py"), str(path), str(store), verb]
        + [address] * bool(address),
        check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("engine", ["threads", "cluster"])
def test_memory_is_flat(benchmark: Any, tmp_path: Path, engine: str, request: pytest.FixtureRequest) -> None:
    """Ten times the units, and the driver's memory at its peak is the same to a sixth; a unit takes 10 ms at
    the most, with its two chunks and their record on the disk.
    """
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("only Linux tells the peak of a process from a moment on")
    address = request.getfixturevalue("pair").address if engine == "cluster" else ""
    few = driven(many(tmp_path, 2000), tmp_path / "few", "run", address)
    path = many(tmp_path, 20_000)
    much = benchmark.pedantic(driven, args=(path, tmp_path / "much", "run", address), rounds=1)
    again = driven(path, tmp_path / "much", "resume", address)
    benchmark.extra_info.update(few=few, many=much, again=again)
    assert (few["done"], much["done"], again["done"]) == (2000, 20_000, 0)
    for told in (few, much, again):
        print(
            f"\n{engine}, {told['done']:,} of {told['units']:,}: {told['peak_mb']:.0f} MB at the peak, "
            f"{told['start_mb']:.0f} before; {1e3 * told['seconds'] / told['units']:.2f} ms a unit, "
            f"{1e3 * told['worked_s'] / told['units']:.2f} in a worker, "
            f"{1e3 * told['processor_s'] / told['units']:.2f} ms of the driver's processor",
            end="",
        )
    assert much["peak_mb"] < few["peak_mb"] * 7 / 6
    assert (much["seconds"] - much["worked_s"]) / much["units"] < 10e-3


def test_show_answers_at_once(benchmark: Any, tmp_path: Path) -> None:
    """For a store of 10 GB, 10,000 units of a megabyte, from the shell to the last line; 1 s is allowed."""
    works = Works(read_plan(str(many(tmp_path, 10_000))))
    url = tmp_path / "study.zarr"
    store = store_for(works, str(url), anew=True)
    (group,), writer = works.cut.groups, JournalWriter(store.place, "made")
    sizes = 0
    for first in range(0, works.cut.count, 500):
        records = []
        for number in range(first, first + 500):
            unit, names = works.cut.unit(number), []
            for value in unit.question.values:
                target = unit.question.chunk(group, value, unit.place)
                assert target is not None
                names.append(chunk_key(group.name, *target))
            for name in names:
                # Bytes that nobody has written, and that take no room.
                (url / name).parent.mkdir(parents=True, exist_ok=True)
                with (url / name).open("wb") as file:
                    file.truncate(1_000_000 // len(names))
                sizes += (url / name).stat().st_size
            sums = {name: checksum(name.encode()) for name in names}
            told = {"prepare_s": 0.0, "known": [32.0], "sum": [16.0]}
            records.append(Record(number, sums, 1_000_000, 1.0, f"worker:{number % 100}", told))
        writer.append(records)
    assert sizes == 10_000_000_000
    command = [sys.executable, "-m", "midcourse.cli", "study", "show", str(url)]

    def show() -> str:
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout

    shown = benchmark.pedantic(show, rounds=5, warmup_rounds=1)
    assert "10,000 of 10,000 units are recorded; 10 GB" in shown
    print(f"\n{benchmark.stats.stats.min:.2f} s")
    assert benchmark.stats.stats.min < 1.0
