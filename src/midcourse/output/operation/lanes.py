"""What the lanes of a run's picture show, read from its events: shots, tracks held, spans."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from .document import Recorded
from .kinds import ENDS

Span = tuple[float, float]


@dataclass(frozen=True)
class Shot:
    """An interceptor: when it was ordered, left and ended, how and from which battery."""

    name: str
    battery: str
    ordered_s: float
    left_s: float
    ended_s: float
    end: str


def shots_of(run: Recorded) -> dict[str, list[Shot]]:
    """Interceptors by the missile that they were sent against, in the order in which they left."""
    by_number = {each["event"]: each for each in run.events}
    ends = {each["node"]: each for each in run.events if each["kind"] in ENDS}
    found: dict[str, list[Shot]] = {each.name: [] for each in run.header.raid}
    for event in run.events:
        if event["kind"] == "launched":
            order, name = by_number[event["cause"]], event["interceptor"]
            end = ends[name]
            found[event["missile"]].append(
                Shot(name, event["node"], order["time_s"], event["time_s"], end["time_s"], end["kind"])
            )
    return found


def rows_of(shots: Iterable[Shot], gap_s: float) -> list[int]:
    """The row of each shot, so that none in a row comes within a gap of another."""
    free: list[float] = []
    rows = []
    for shot in shots:
        row = next((i for i, end in enumerate(free) if shot.ordered_s > end + gap_s), len(free))
        free[row : row + 1] = [shot.ended_s]
        rows.append(row)
    return rows


def held_spans(run: Recorded, radar: str) -> dict[str, list[Span]]:
    """From when to when a radar held each missile, until it lost it, went down, or the missile came down."""
    landed = {each.missile: each.ended_s for each in run.summary.fates if each.end == "impact"}
    since: dict[str, float] = {}
    found: dict[str, list[Span]] = {each.name: [] for each in run.header.raid}

    def drop(missile: str, time_s: float) -> None:
        start = since.pop(missile, None)
        if start is not None:
            found[missile].append((start, min(time_s, landed.get(missile, math.inf))))

    for event in run.events:
        own = event["node"] == radar
        if own and event["kind"] == "found":
            drop(event["missile"], event["time_s"])
            since[event["missile"]] = event["time_s"]
        elif own and event["kind"] == "lost":
            drop(event["missile"], event["time_s"])
        elif event["kind"] == "fail" and event.get("what") == radar:
            for missile in list(since):
                drop(missile, event["time_s"])
    for missile in list(since):
        drop(missile, run.summary.ended_s)
    return found


def held_by(run: Recorded, radar: str) -> list[tuple[float, int]]:
    """How many missiles a radar holds, from when on."""
    ends = [end for spans in held_spans(run, radar).values() for end in spans]
    changes = sorted([(start, 1) for start, _ in ends] + [(end, -1) for _, end in ends])
    counts = itertools.accumulate(change for _, change in changes)
    return [(time_s, count) for (time_s, _), count in zip(changes, counts, strict=True)]


def spans(run: Recorded, begin: str, end: str, **marks: str) -> list[Span]:
    """From when to when something lasted; ``marks`` are what both events carry."""
    found: list[Span] = []
    since: float | None = None
    for event in run.events:
        if any(event.get(name) != value for name, value in marks.items()):
            continue
        if event["kind"] == begin and since is None:
            since = event["time_s"]
        elif event["kind"] == end and since is not None:
            found.append((since, event["time_s"]))
            since = None
    if since is not None:
        found.append((since, run.summary.ended_s))
    return found


def left_of(run: Recorded, battery: str) -> list[tuple[float, int]]:
    """Interceptors that a battery has left, from when on."""
    return [
        (each["time_s"], each["left"])
        for each in run.events
        if each["node"] == battery and each["kind"] == "launched"
    ]
