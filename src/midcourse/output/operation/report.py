"""The report after a run: its picture, the fates of all missiles, and the events that matter in words, as one
HTML file that opens offline.
"""

from __future__ import annotations

from typing import Any

from .. import numbers
from ..findings import seconds
from ..templating import render
from .document import FatePart, Recorded
from .lanes import shots_of
from .telling import Teller, finding
from .timeline import run_picture

#: So many stories stand open; of more, each opens at a click.
MOST_OPEN = 6
NEVER = "never"


def report_html(run: Recorded) -> str:
    """The report as one HTML document."""
    teller = Teller(run)
    return render(
        "run.html.jinja",
        h=run.header,
        s=run.summary,
        title=finding(run),
        heading=f"{run.header.title}: after a raid of {numbers.counted(len(run.header.raid), 'missile')}",
        picture=run_picture(run),
        fates=[_fate(each, teller) for each in run.summary.fates],
        ends=sorted(run.summary.ends.items(), key=lambda each: -each[1]),
        batteries=[_battery(run, each.name, teller) for each in run.header.batteries],
        turns=[(seconds(at_s), text) for at_s, text in teller.turns()],
        stories=[_story(each, teller) for each in run.summary.fates],
        open=len(run.summary.fates) <= MOST_OPEN,
    )


def _moment(at_s: float | None) -> str:
    return NEVER if at_s is None else seconds(at_s)


def _fate(fate: FatePart, teller: Teller) -> dict[str, Any]:
    """A row of the table of fates."""
    first = fate.sights[0] if fate.sights else None
    return {
        "missile": fate.missile,
        "way": f"{fate.from_} to {fate.to}",
        "kind": fate.kind,
        "launch": seconds(fate.launch_s),
        "declared": _moment(fate.declared_s),
        "seen": NEVER if first is None else f"{seconds(first.at_s)}, {teller.names[first.sensor]}",
        "track": _moment(fate.track_s),
        "order": _moment(fate.order_s),
        "left": _moment(fate.interceptor_s),
        "shots": fate.shots,
        "through": fate.cause is not None,
        "end": f"hit, {seconds(fate.ended_s)}" if fate.cause is None else f"got through, {fate.cause}",
    }


def _battery(run: Recorded, name: str, teller: Teller) -> dict[str, Any]:
    """A row of the table of batteries."""
    own = [shot for shots in shots_of(run).values() for shot in shots if shot.battery == name]
    part = next(each for each in run.header.batteries if each.name == name)
    return {
        "name": teller.names[name],
        "interceptor": part.interceptor,
        "had": part.inventory,
        "spent": len(own),
        "left": run.summary.left[name],
        "hits": sum(each.end == "hit" for each in own),
        "first": _moment(min((each.left_s for each in own), default=None)),
        "last": _moment(max((each.left_s for each in own), default=None)),
    }


def _story(fate: FatePart, teller: Teller) -> dict[str, Any]:
    """What happened to a missile, in sentences."""
    return {
        "missile": fate.missile,
        "anchor": f"missile-{fate.missile}",
        "became": teller.fate(fate),
        "shots": numbers.counted(fate.shots, "interceptor"),
        "lines": [(seconds(at_s), text) for at_s, text in teller.story(fate.missile)],
    }
