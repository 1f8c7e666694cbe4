"""How a study goes with up to 1,000 workers: reckoned by a queueing simulation from what was measured.

    python scripts/scaling.py

Reads ``scripts/scaling.json`` (see ``measure_scaling.py``), prints what ``docs/scaling.md`` tells and draws
``docs/images/scaling.png``. Three things are had one at a time: the driver, which cuts bundles, takes results
and commits them; the scheduler, which takes every bundle and passes every result on; and on each node the
making ready of a case, for which its threads wait. Threads take bundles as they become free.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import simpy
from numpy.typing import NDArray

from midcourse.output.palette import STROKES

mpl.use("Agg")
import matplotlib.pyplot as plt

FOLDER = Path(__file__).parent
MEASURED = json.loads((FOLDER / "scaling.json").read_text(encoding="utf-8"))
OUT = FOLDER.parent / "docs/images/scaling.png"
WORKERS = (1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000)
#: Threads of a node, which share what they have made ready.
THREADS = 32
#: Bundles under way for every worker; and what a bundle takes at least, as the driver has it [s].
AHEAD, BUNDLE_S, COMMITS_PER_S = 3, 2.0, 20.0
_GREY = "#666666"
_Wait = Generator[Any, Any, None]


@dataclass(frozen=True)
class Costs:
    """Seconds of each step.

    Attributes
    ----------
    sent, taken : of a bundle, in the driver and at the scheduler
    commit, unit_commit : of a bundle's commit, and for each of its units
    handed : of a bundle at its worker
    byte : of a byte of result passing the scheduler
    """

    sent: float
    taken: float
    commit: float
    unit_commit: float
    handed: float
    byte: float

    @classmethod
    def measured(cls) -> Costs:
        of = MEASURED
        return cls(
            1e-3 * of["driver_ms"], 1e-3 * of["scheduler_ms"], 1e-3 * of["commit_ms"],
            1e-3 * of["unit_ms"], 1e-3 * of["worker_ms"], 1e-6 / of["scheduler_mb_per_s"],
        )  # fmt: skip


@dataclass(frozen=True)
class Study:
    """What is to be done: ``cases`` cases of ``each`` units, in order.

    Attributes
    ----------
    times : of a unit, relative to their mean
    unit_s, prepare_s : of a unit, and to make a case ready on a node
    unit_bytes : of a result
    """

    cases: int
    each: int
    unit_s: float
    prepare_s: float
    unit_bytes: float
    times: NDArray[np.float64] = field(repr=False)

    @property
    def units(self) -> int:
        return self.cases * self.each


@dataclass(frozen=True)
class Outcome:
    """What came of a simulated run.

    Attributes
    ----------
    seconds : it took
    efficiency : share of all threads' time that went into units
    driver, scheduler : shares of the time in which each was busy
    preparing : share of all threads' time that went into making ready, or waiting for that
    """

    seconds: float
    efficiency: float
    driver: float
    scheduler: float
    preparing: float


#: Cuts what is left of a case, of the study, into a bundle: units of a mean cost, for some workers.
Cutting = Callable[[int, int, float, int], int]


def by_cost(left: int, all_left: int, unit_s: float, workers: int) -> int:
    """As the driver cuts."""
    wanted = max(BUNDLE_S, workers / COMMITS_PER_S) / unit_s
    return max(1, int(min(wanted, all_left / (3 * workers), left)))


def one_by_one(_left: int, _all_left: int, _unit_s: float, _workers: int) -> int:
    return 1


def whole_cases(left: int, _all_left: int, _unit_s: float, _workers: int) -> int:
    return left


class Simulation:
    """A run of a study by so many threads, some on each node."""

    def __init__(
        self, study: Study, workers: int, threads: int, costs: Costs, cutting: Cutting, seed: int = 1
    ) -> None:
        self.study, self.workers, self.costs, self.cutting = study, workers, costs, cutting
        self.env = simpy.Environment()
        self.driver, self.scheduler = simpy.Resource(self.env, 1), simpy.Resource(self.env, 1)
        self.queue, self.back = simpy.Store(self.env), simpy.Store(self.env)
        self.busy = {"driver": 0.0, "scheduler": 0.0, "preparing": 0.0, "units": 0.0}
        self.rng = np.random.default_rng(seed)
        # The last few cases that each node has made ready, or is making ready.
        self.ready: list[dict[int, simpy.Event]] = [{} for _ in range(-(-workers // threads))]
        for thread in range(workers):
            self.env.process(self._thread(self.ready[thread // threads]))

    def run(self) -> Outcome:
        self.env.run(self.env.process(self._drive()))
        total = self.env.now
        share = {name: busy / total for name, busy in self.busy.items()}
        return Outcome(
            total, share["units"] / self.workers, share["driver"], share["scheduler"],
            share["preparing"] / self.workers,
        )  # fmt: skip

    def _bundles(self) -> Iterator[tuple[int, int]]:
        """Case and units of each bundle, in order."""
        done = 0
        for case in range(self.study.cases):
            left = self.study.each
            while left:
                size = self.cutting(left, self.study.units - done, self.study.unit_s, self.workers)
                yield case, size
                left -= size
                done += size

    def _drive(self) -> _Wait:
        waiting, under_way = self._bundles(), 0
        while True:
            while under_way < AHEAD * self.workers and (bundle := next(waiting, None)) is not None:
                under_way += 1
                yield from self._use("driver", self.costs.sent)
                self.env.process(self._submit(bundle))
            if not under_way:
                return
            size = yield self.back.get()
            under_way -= 1
            yield from self._use("driver", self.costs.commit + size * self.costs.unit_commit)

    def _submit(self, bundle: tuple[int, int]) -> _Wait:
        yield from self._use("scheduler", 0.5 * self.costs.taken)
        yield self.queue.put(bundle)

    def _thread(self, ready: dict[int, simpy.Event]) -> _Wait:
        while True:
            case, size = yield self.queue.get()
            began = self.env.now
            if case not in ready:
                ready[case] = self.env.event()
                if self.study.prepare_s:
                    yield self.env.timeout(self.study.prepare_s)
                ready[case].succeed()
            elif not ready[case].processed:
                yield ready[case]
            self.busy["preparing"] += self.env.now - began
            work = self.rng.choice(self.study.times, size).sum() * self.study.unit_s
            self.busy["units"] += work
            yield self.env.timeout(work + self.costs.handed)
            self.env.process(self._return(size))

    def _return(self, size: int) -> _Wait:
        passing = size * self.study.unit_bytes * self.costs.byte
        yield from self._use("scheduler", 0.5 * self.costs.taken + passing)
        yield self.back.put(size)

    def _use(self, name: str, seconds: float) -> _Wait:
        self.busy[name] += seconds
        with getattr(self, name).request() as mine:
            yield mine
            yield self.env.timeout(seconds)


def times_of(run: dict[str, Any]) -> NDArray[np.float64]:
    """How units differ, about a mean of one."""
    seconds = np.array(run["unit_s"])
    return np.asarray(seconds / seconds.mean())


def checked(run: dict[str, Any]) -> float:
    """Seconds that the simulation gives for a run that was measured, with that run's own times of units and
    of making ready: where processors are shared with others, both are longer for two workers than for one.
    """
    seconds, ready = np.array(run["unit_s"]), run["prepare_s"]
    study = Study(
        1, len(seconds), float(seconds.mean()), float(np.mean(ready)), run["unit_bytes"], times_of(run)
    )  # fmt: skip
    found = [
        Simulation(study, run["workers"], 1, Costs.measured(), by_cost, seed).run() for seed in range(20)
    ]
    return float(np.mean([each.seconds for each in found]))


def growing(workers: int, unit_s: float, cutting: Cutting) -> Outcome:
    """A study that grows with its workers, nothing to make ready: what handing out and taking in can do."""
    bundle = cutting(10**9, 10**12, unit_s, workers)
    study = Study(1, 25 * bundle * workers, unit_s, 0.0, MEASURED["runs"][0]["unit_bytes"], TIMES)
    return Simulation(study, workers, THREADS, Costs.measured(), cutting).run()


def many_cases(workers: int, prepare_s: float, cutting: Cutting) -> Outcome:
    """A study of many cases, each of 65 units of two seconds, that grows with its workers."""
    # Enough that the end of it, where some have nothing left to do, weighs little.
    study = Study(max(4, 6 * workers), 65, 2.0, prepare_s, MEASURED["runs"][0]["unit_bytes"], TIMES)
    return Simulation(study, workers, THREADS, Costs.measured(), cutting).run()


TIMES = times_of(MEASURED["runs"][0])


def main() -> None:
    print("measured against simulated")
    for run in MEASURED["runs"]:
        seconds = checked(run)
        print(
            f"  {run['workers']} workers, {run['cases']} cases: {run['wall_s']:.1f} s, reckoned {seconds:.1f}"
            f" ({100.0 * (seconds / run['wall_s'] - 1.0):+.0f} %)"
        )
    plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 10})
    drawn, panels = plt.subplots(1, 2, figsize=(10.0, 4.2), layout="constrained", sharey=True)
    sizes = (0.1, 1.0, 10.0)
    for stroke, size in zip(STROKES, sizes, strict=False):
        for cutting, dashes in ((by_cost, "-"), (one_by_one, ":")):
            found = [growing(each, size, cutting) for each in WORKERS]
            tell(f"units of {size:g} s, {cutting.__name__}", found)
            panels[0].plot(
                WORKERS, [100.0 * each.efficiency for each in found], color=stroke.colour, ls=dashes,
                marker="o", ms=3.5, label=f"{size:g} s" if cutting is by_cost else None,
            )  # fmt: skip
    kinds: tuple[tuple[float, Cutting, str], ...] = (
        (3.0, by_cost, "3 s, bundles in order"),
        (24.0, by_cost, "24 s, bundles in order"),
        (3.0, whole_cases, "3 s, a case a bundle"),
        (24.0, whole_cases, "24 s, a case a bundle"),
    )
    for stroke, (ready, cut, label) in zip(STROKES, kinds, strict=False):
        found = [many_cases(each, ready, cut) for each in WORKERS]
        tell(f"cases made ready in {label}", found)
        panels[1].plot(
            WORKERS, [100.0 * each.efficiency for each in found], color=stroke.colour,
            ls=(0, dashes_of(stroke.dash)) if stroke.dash != "none" else "-", marker="s", ms=3.5, label=label,
        )  # fmt: skip
    panels[0].set_title("Handing out and taking in, by a unit's length", loc="left", fontsize=11)
    panels[0].set_ylabel("efficiency: share of the workers' time spent on units [%]")
    panels[1].set_title(
        f"Many cases, each made ready on every node ({THREADS} threads)", loc="left", fontsize=11
    )
    panels[0].plot([], [], color=_GREY, ls="-", label="in bundles, as now")
    panels[0].plot([], [], color=_GREY, ls=":", label="one by one")
    titles = ["a unit takes", "a case is made ready in"]
    for axes in panels:
        axes.set_xscale("log")
        axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
        axes.set_xlabel("workers (threads)")
        axes.set_ylim(0, 104)
        axes.grid(visible=True, lw=0.4, color="#dddddd")
        axes.legend(frameon=False, fontsize=9, loc="lower left", title=titles.pop(0), alignment="left")
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    drawn.savefig(OUT, dpi=110)
    print(f"{OUT.name}: {OUT.stat().st_size / 1e3:.0f} kB")


def tell(what: str, found: list[Outcome]) -> None:
    print(what)
    for workers, each in zip(WORKERS, found, strict=True):
        print(
            f"  {workers:5} workers: {100 * each.efficiency:3.0f} %, driver busy {100 * each.driver:3.0f} %, "
            f"scheduler {100 * each.scheduler:3.0f} %, making ready {100 * each.preparing:3.0f} %"
        )


def dashes_of(dash: str) -> tuple[float, ...]:
    return tuple(float(each) for each in dash.split())


if __name__ == "__main__":
    main()
