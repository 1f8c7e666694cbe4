"""What the lanes of a run's picture show, read from its events: shots, tracks held, spans."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from .document import Event, Recorded
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


class Held:
    """From when to when each radar holds each missile, as the events tell one after another: until it loses
    it, goes down, or the missile comes down.

    Attributes
    ----------
    spans : by radar and missile, those that have ended
    since : the others
    """

    def __init__(self) -> None:
        self.spans: dict[tuple[str, str], list[Span]] = {}
        self.since: dict[tuple[str, str], float] = {}

    def take(self, event: Event) -> list[tuple[str, str]]:
        """Take in an event; radars and missiles for which that changes something."""
        kind, time_s = event["kind"], event["time_s"]
        both = (event["node"], event.get("missile", ""))
        if kind == "found":
            self._drop(both, time_s)
            self.since[both] = time_s
            return [both]
        if kind == "lost":
            ended = [both] if both in self.since else []
        elif kind == "fail":
            ended = [each for each in self.since if each[0] == event["what"]]
        elif kind == "impact":
            ended = [each for each in self.since if each[1] == both[1]]
        else:
            ended = []
        for each in ended:
            self._drop(each, time_s)
        return ended

    def _drop(self, both: tuple[str, str], time_s: float) -> None:
        start = self.since.pop(both, None)
        if start is not None:
            self.spans.setdefault(both, []).append((start, time_s))


def held_spans(run: Recorded, radar: str) -> dict[str, list[Span]]:
    """From when to when a radar held each missile, as of ``Held``."""
    held = Held()
    for event in run.events:
        held.take(event)
    found: dict[str, list[Span]] = {}
    for each in run.header.raid:
        found[each.name] = [*held.spans.get((radar, each.name), [])]
        if (radar, each.name) in held.since:
            found[each.name].append((held.since[radar, each.name], run.summary.ended_s))
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
