"""Answer the questions of docs/run.md: run the shield in operation and draw what comes of it.

    python scripts/draw_operation.py [loss|feed|consultation|magazine|saturation ...]

Writes pictures into ``docs/images`` and prints the figures that the page quotes; in all that takes a
quarter of an hour.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib
import numpy as np

from midcourse.dossier import Dossier, InputError, load
from midcourse.dossier.incident import Incident
from midcourse.dossier.raid import Order, read_raid
from midcourse.model.flights import OutOfReach
from midcourse.model.memory import Memory
from midcourse.operation import Scenario, Shield, prepare
from midcourse.operation.luck import Luck, Steady
from midcourse.operation.outcome import CAUSES
from midcourse.output.palette import STROKES

matplotlib.use("svg")
import matplotlib.pyplot as plt

FOLDER = Path(__file__).parent.parent / "docs/images"
EUROPE, AMERICA = "iran-europe-irbm", "iran-us"
EMR, GABALA = "emr@brdy", "gabala@gabala"
RUNS = 60
PROCESSES = 2
_GREY = "#5a5a5a"
COLOURS = dict(
    zip(
        CAUSES,
        ("#000000", "#8a8a8a", "#0072b2", "#56b4e9", "#009e73", "#d55e00", "#cc79a7", "#e69f00", "#f2dc8c"),
        strict=True,
    )
)
_HATCH = ("", "///", "...", "\\\\\\", "xxx", "---", "+++", "ooo", "**")


@dataclass(frozen=True)
class Case:
    """One raid against one shield, with what happens to it."""

    label: str
    architecture: str
    threat: str = EUROPE
    missiles: int = 10
    spacing_s: float = 60.0
    incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True)
class Found:
    """What came of it: missiles that got through and interceptors spent by run, causes over all runs."""

    leaked: np.ndarray
    spent: np.ndarray
    causes: Counter[str]

    def mean(self) -> tuple[float, float]:
        """Mean number that got through, and half its 95 % interval."""
        return float(self.leaked.mean()), float(1.96 * self.leaked.std(ddof=1) / np.sqrt(len(self.leaked)))


def scenario_of(case: Case, dossier: Dossier | None = None) -> Scenario:
    order = Order(case.threat, case.missiles, 0.0, case.spacing_s)
    return prepare(dossier or load("third-site"), case.architecture, (order,), 0, memory=Memory())


def _work(case: Case, runs: range) -> tuple[list[int], list[int], Counter[str]]:
    scenario = scenario_of(case)
    leaked, spent, causes = [], [], Counter[str]()
    for run in runs:
        shield = Shield(scenario, Luck(0, run), kept=False, incidents=case.incidents)
        shield.advance()
        outcome = shield.outcome()
        leaked.append(outcome.leaked)
        spent.append(sum(outcome.spent.values()))
        causes.update(outcome.causes)
    return leaked, spent, causes


def fought(cases: Sequence[Case]) -> list[Found]:
    """Every case, run RUNS times, the same chances in all."""
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        found = list(pool.map(_work, cases, [range(RUNS)] * len(cases)))
    out = [Found(np.array(leaked), np.array(spent), causes) for leaked, spent, causes in found]
    for case, each in zip(cases, out, strict=True):
        mean, half = each.mean()
        causes = ", ".join(f"{cause} {number / RUNS:.2f}" for cause, number in each.causes.most_common())
        print(f"{case.label:44s} through {mean:5.2f} +- {half:.2f} of {case.missiles}, "
              f"spent {each.spent.mean():4.1f}; {causes}")  # fmt: skip
    return out


def figure(height: float, width: float = 7.6) -> Any:
    plt.rcParams.update(
        {"font.family": "DejaVu Sans", "font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "m"}
    )
    drawn, axes = plt.subplots(figsize=(width, height), layout="constrained")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return drawn, axes


def saved(drawn: Any, name: str) -> None:
    path = FOLDER / f"run-{name}.svg"
    drawn.savefig(path, metadata={"Date": None})
    plt.close(drawn)
    print(path)


def stacked(cases: Sequence[Case], found: Sequence[Found], title: str, name: str) -> None:
    """Missiles that get through by cause, a bar a case."""
    drawn, axes = figure(1.3 + 0.42 * len(cases))
    used = [cause for cause in CAUSES if any(each.causes[cause] for each in found)]
    place = np.arange(len(cases))[::-1]
    left = np.zeros(len(cases))
    for cause in used:
        width = np.array([each.causes[cause] / RUNS for each in found])
        axes.barh(
            place, width, 0.66, left=left, color=COLOURS[cause], edgecolor="white", label=cause,
            hatch=_HATCH[CAUSES.index(cause)],
        )  # fmt: skip
        left = left + width
    for y, each in zip(place, found, strict=True):
        mean, half = each.mean()
        axes.errorbar(mean, y, xerr=half, color="black", capsize=3, lw=1)
        axes.text(mean + half + 0.12, y, f"{mean:.1f}", va="center", fontsize=9)
    axes.set_yticks(place, [case.label for case in cases])
    axes.set_xlim(0, max(case.missiles for case in cases) + 0.6)
    axes.set_xlabel(f"missiles that get through, of {cases[0].missiles}; mean of {RUNS} runs, 95 % interval")
    axes.set_title(title, loc="left", fontsize=11)
    drawn.legend(ncols=3, fontsize=8.5, frameon=False, loc="outside lower center")
    saved(drawn, name)


def down(at_s: float, what: str) -> tuple[Incident, ...]:
    return (Incident(at_s, "fail", what),)


def loss() -> None:
    """What the loss of the Czech radar costs."""
    cases = []
    for threat, place in ((EUROPE, "Europe"), (AMERICA, "America")):
        for name in ("third-site", "joint"):
            for label, incidents in (
                ("all at work", ()), ("EMR lost after 500 s", down(500.0, EMR)), ("no EMR", down(0.0, EMR)),
            ):  # fmt: skip
                cases.append(Case(f"{place}, {name}: {label}", name, threat, incidents=incidents))
    found = fought(cases)
    stacked(cases, found, "Ten missiles, one a minute, with and without EMR", "loss")


def feed() -> None:
    """What Gabala's feed adds, late, or withdrawn."""
    late = [(f"late by {by:.0f} s", (Incident(0.0, "delay", GABALA, by),)) for by in (5.0, 30.0, 120.0)]
    gone = [
        (f"withdrawn after {at:.0f} s", (Incident(at, "withdraw", GABALA),)) for at in (600.0, 400.0, 200.0)
    ]
    never = [("never shared", (Incident(0.0, "withdraw", GABALA),))]
    cases = [
        Case(f"{name}: {label}", name, incidents=incidents)
        for name in ("joint", "gabala")
        for label, incidents in (("shared at once", ()), *late, *gone, *never)
    ]
    stacked(
        cases, fought(cases), "Ten missiles from Iran at Europe, one a minute: the feed from Gabala", "feed"
    )


CITIES = (
    "London", "Paris", "Amsterdam", "Hamburg", "Berlin", "Copenhagen", "Oslo", "Stockholm", "Helsinki",
    "Warsaw", "Prague", "Vienna", "Budapest", "Munich", "Zürich", "Milan", "Rome", "Marseille", "Belgrade",
    "Bucharest", "Sofia", "Athens",
)  # fmt: skip


def _longest(architecture: str, city: str) -> float | None:
    """The longest consultation that leaves a launch at a missile from every place within reach; nan where one
    cannot be engaged even at once, None where none reaches the city.
    """
    dossier = load("third-site")
    threat = dossier.threat[EUROPE]
    shortest = None
    for point in dossier.places[threat.from_].point:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "raid.toml"
            file.write_text(
                f'[[launch]]\nmissile = "notional-irbm"\nfrom = "{point.name}"\nto = "{city}"\n', "utf-8"
            )
            try:
                raid, orders = read_raid(file, dossier)
                scenario = prepare(raid, architecture, orders, 0, memory=Memory())
            except (OutOfReach, InputError):
                continue
        time = _bisected(partial(_launches, scenario))
        if np.isnan(time):
            return time
        shortest = time if shortest is None else min(shortest, time)
    return shortest


def _launches(scenario: Scenario, consultation_s: float) -> bool:
    doctrine = scenario.doctrine
    asked = doctrine.consultation.model_copy(update={"value": consultation_s})
    waiting = replace(scenario, doctrine=doctrine.model_copy(update={"consultation": asked}))
    shield = Shield(waiting, Steady(), kept=False)
    shield.advance()
    return bool(shield.interceptors)


def _bisected(able: Callable[[float], bool]) -> float:
    if not able(0.0):
        return float("nan")
    low, high = 0.0, 1500.0
    while high - low > 3.0:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if able(middle) else (low, middle)
    return low


def consultation() -> None:
    """How long capitals may consult before the defence of each city is lost."""
    names = ("third-site", "gabala", "joint")
    asked = [(name, city) for name in names for city in CITIES]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        times = dict(zip(asked, pool.map(_longest, *zip(*asked, strict=True)), strict=True))
    shown = [city for city in CITIES if times["joint", city] is not None]
    latest = {city: np.nan_to_num(np.float64(times["joint", city] or np.nan), nan=-1.0) for city in shown}
    shown.sort(key=lambda city: -float(latest[city]))
    drawn, axes = figure(1.2 + 0.3 * len(shown))
    for i, name in enumerate(names):
        own = np.array([times[name, city] for city in shown], dtype=np.float64)
        places = np.arange(len(shown))[::-1] + 0.26 * (1 - i)
        axes.barh(
            places,
            np.nan_to_num(own),
            0.24,
            color=STROKES[i].colour,
            hatch=_HATCH[i],
            edgecolor="white",
            label=name,
        )
        never = [y for y, time in zip(places, own, strict=True) if np.isnan(time)]
        axes.plot(np.full(len(never), 6.0), never, "x", color=STROKES[i].colour, ms=4.5, mew=1.3)
    axes.plot([], [], "x", color=_GREY, ms=4.5, mew=1.3, label="not even at once")
    for city in shown:
        print(city, *(f"{name} {times[name, city]:.0f} s" for name in names))
    axes.set_yticks(np.arange(len(shown))[::-1], shown)
    axes.set_xlabel("longest consultation that still leaves a launch [s], beyond the 60 s of a decision")
    axes.set_title("One missile from the least favourable place in Iran", loc="left", fontsize=11)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    saved(drawn, "consultation")


def magazine() -> None:
    """When ten interceptors run out."""
    counts = (1, 2, 4, 6, 8, 10, 12, 15, 20, 25, 30)
    cases = [Case(f"joint, {n} missiles", "joint", missiles=n, spacing_s=30.0) for n in counts]
    found = fought(cases)
    drawn, axes = figure(3.9)
    means = np.array([each.mean()[0] for each in found])
    bands = np.array([np.percentile(each.leaked, [5, 95]) for each in found])
    empty = np.array([each.causes["out of interceptors"] / RUNS for each in found])
    axes.plot(counts, counts, color=_GREY, lw=1, ls=":", label="launched")
    axes.fill_between(counts, bands[:, 0], bands[:, 1], color=STROKES[0].colour, alpha=0.18, lw=0)
    axes.plot(
        counts, means, color=STROKES[0].colour, marker="o", ms=4, label="get through (5 to 95 % of runs)"
    )
    axes.plot(
        counts,
        empty,
        color=STROKES[1].colour,
        ls="--",
        marker="s",
        ms=4,
        label="... for want of interceptors",
    )
    axes.plot(
        counts, [each.spent.mean() for each in found], color=STROKES[2].colour, ls="-.", marker="^", ms=4,
        label="interceptors spent, of ten",
    )  # fmt: skip
    axes.set_xlabel("missiles launched at Europe, one every 30 s")
    axes.set_ylabel("missiles, interceptors")
    axes.set_title("Both radars, ten interceptors in Poland", loc="left", fontsize=11)
    axes.legend(frameon=False, fontsize=9)
    saved(drawn, "magazine")


def _saturated(missiles: int) -> tuple[float, float, list[float], list[float], int, int]:
    scenario = scenario_of(Case("", "joint", missiles=missiles, spacing_s=2.0))
    loads, own, late, spent, found = [], [], [], [], 0
    for run in range(RUNS // 4):
        shield = Shield(scenario, Luck(0, run))
        shield.advance()
        radar = next(each for each in shield.radars if each.name == EMR)
        loads.append(radar.worst_load)
        first: dict[str, float] = {}
        for event in shield.record.events:
            if event["kind"] == "found" and event["node"] == EMR:
                first.setdefault(event["missile"], event["time_s"])
            if event["kind"] == "seeker opened":
                spent.append(event["divert_spent_m_s"])
        for i, course in enumerate(scenario.courses):
            if course.name in first:
                found += 1
                late.append(first[course.name] - course.at_s - float(radar.face.first[i]))
        own.append(sum(1 for each in shield.threats if radar.face.seconds[each.number] > 0))
    return float(np.mean(loads)), float(np.mean(own)), late, spent, found, RUNS // 4


def saturation() -> None:
    """How saturation of the radar shows."""
    counts = (1, 2, 5, 10, 15, 20, 30, 40)
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        rows = list(pool.map(_saturated, counts))
    loads = [row[0] for row in rows]
    late = np.array([np.percentile(row[2], [50, 95]) for row in rows])
    spent = np.array([np.percentile(row[3], [50, 95]) for row in rows])
    for n, busy, found, divert in zip(counts, loads, late, spent, strict=True):
        print(f"{n} missiles: load {busy:.1f}, found after {found[0]:.0f} ({found[1]:.0f}) s, "
              f"divert {divert[0]:.0f} ({divert[1]:.0f}) m/s")  # fmt: skip
    plt.rcParams.update(
        {"font.family": "DejaVu Sans", "font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "m"}
    )
    drawn, panels = plt.subplots(1, 3, figsize=(8.6, 3.1), layout="constrained")
    panels[0].plot(counts, loads, color=STROKES[0].colour, marker="o", ms=4)
    panels[0].axhline(1.0, color=_GREY, lw=1, ls=":")
    panels[0].set_ylabel("time asked of the radar\nover the time it has")
    for axes, values, label in (
        (panels[1], late, "from in view to found [s]"), (panels[2], spent, "divert spent on its track [m/s]"),
    ):  # fmt: skip
        axes.plot(counts, values[:, 0], color=STROKES[0].colour, marker="o", ms=4, label="half of them")
        axes.plot(counts, values[:, 1], color=STROKES[1].colour, marker="s", ms=4, ls="--", label="19 in 20")
        axes.set_ylabel(label)
        axes.legend(frameon=False, fontsize=8.5)
    for axes in panels:
        axes.set_ylim(bottom=0)
        axes.set_xlabel("missiles, one every 2 s")
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    drawn.suptitle("The radar at Brdy with more and more to do", x=0.01, ha="left", fontsize=11)
    saved(drawn, "saturation")


QUESTIONS = {each.__name__: each for each in (loss, feed, consultation, magazine, saturation)}

if __name__ == "__main__":
    for name in sys.argv[1:] or QUESTIONS:
        QUESTIONS[name]()
