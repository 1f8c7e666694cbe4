"""A run as a scene that plays in time: its packets, what happened in it, what it came to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .. import numbers
from ..globe import ground
from ..globe.scene import Happening, Kind, Scene
from .czml import end_of, packets
from .document import Event, Recorded
from .kinds import ENDS, kind_of
from .telling import CAUSES, Sentences, finding, names_of, setting

if TYPE_CHECKING:
    from midcourse.operation.shield import Shield

#: Events that a scene tells of, by teller and name.
_KINDS: dict[str, Kind] = {
    "threat: launch": "launch",
    "threat: burnout": "burnout",
    "threat: impact": "impact",
    "satellite: launch declared": "other",
    "radar: found": "sight",
    "radar: saturated": "other",
    "command: launch ordered": "commit",
    "command: held back": "other",
    "interceptor: left": "interceptor",
    **{f"interceptor: {end}": "intercept" for end in ENDS},
    **{f"incident: {what}": "other" for what in ("fail", "restore", "withdraw", "share", "delay", "launch")},
}


def run_scene(run: Recorded, shield: Shield) -> Scene:
    """The scene of a run that has ended; times are seconds after the raid begins."""
    return Scene(
        list(packets(run, shield)), (0.0, end_of(run)), list(_happenings(run, shield)), finding(run),
        list(_rows(run)),
    )  # fmt: skip


def _happenings(run: Recorded, shield: Shield) -> Iterator[Happening]:
    sentences = Sentences(run.header)
    courses = {each.name: each for each in shield.scenario.courses}
    sites = {each.site.name: each.site for each in shield.scenario.defence.batteries}
    for event in run.events:
        kind = kind_of(event)
        assert kind is not None
        found, sentence = _KINDS.get(f"{kind.teller}: {kind.name}"), sentences.of(event)
        if found is None or sentence is None:
            continue
        place: tuple[float, float, float] | tuple[()] = ()
        if found == "interceptor":
            site = sites[event["site"]]
            place = (*ground.degrees(site.lat, site.lon), site.altitude / 1e3)
        elif "missile" in event:
            course = courses[event["missile"]]
            after = min(max(event["time_s"] - course.at_s, 0.0), course.impact_s)
            place = _place(course.own.states(course.index, np.array([after])))
        yield Happening(event["time_s"], found, sentence.removesuffix("."), *place)


def _place(states: np.ndarray) -> tuple[float, float, float]:
    from midcourse.model.flights import geodetic

    lat, lon, altitude = geodetic(states)[0]
    return (*ground.degrees(lat, lon), float(altitude) / 1e3)


def _rows(run: Recorded) -> Iterator[tuple[str, str]]:
    s, names = run.summary, names_of(run.header)
    leaked = sum(each.cause is not None for each in s.fates)
    yield "Run", setting(run)
    yield "Missiles", f"{s.launched} launched, {leaked} got through"
    for cause, count in s.causes.items():
        yield f"Got through, {numbers.counted(count, 'missile')}", CAUSES.get(cause, cause)
    for battery, spent in s.spent.items():
        yield names[battery], f"{numbers.counted(spent, 'interceptor')} spent, {s.left[battery]} left"
    for end, count in s.ends.items():
        yield "Interceptors", f"{count} ended so: {end}"
    for each in run.header.incidents:
        sentence = Sentences(run.header).of(_as_event(each.at_s, each.do, each.what, each.by_s))
        if sentence is not None:
            yield f"At {numbers.amount(each.at_s, 's', places=0)}", sentence


def _as_event(at_s: float, do: str, what: str, by_s: float) -> Event:
    return {"event": 0, "time_s": at_s, "node": "incident", "kind": do, "what": what, "by_s": by_s}
