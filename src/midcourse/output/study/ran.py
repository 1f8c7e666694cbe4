"""How a run of a study ended, in the terminal and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from midcourse.output.listing import print_lines
from midcourse.output.study.amounts import duration, number, size

if TYPE_CHECKING:
    from rich.console import Console

    from midcourse.survey.driver import Ran

# Failed units that are listed; `show` has all of them.
_LISTED = 5


def print_ran(ran: Ran, store: str, again: str, console: Console) -> None:
    """What was done, at what cost, and how to go on."""
    print_lines(_lines(ran, store, again), console)


def _lines(ran: Ran, store: str, again: str) -> Iterator[str]:
    done = ran.whole - ran.before
    yield f"{store}: {ran.whole:,} of {ran.units:,} units are whole."
    if not done:
        yield "There was nothing to do." if ran.whole == ran.units else "Nothing was added."
    else:
        kept = f"; {ran.before:,} were there before" if ran.before else ""
        yield (
            f"{done:,} units in {duration(ran.seconds)}{kept}: {number(ran.evaluations)} evaluations, "
            f"{number(ran.evaluations / ran.seconds)} a second; {size(ran.bytes)}."
        )
        times = f"{ran.worked_s / ran.seconds:.1f}" if ran.seconds > 0.0 else "0"
        workers = len(ran.workers)
        yield (
            f"Workers spent {duration(ran.worked_s)} on them, {times} times as long as it took: "
            f"{workers} process{'es' if workers != 1 else ''}."
        )
        for name, (count, seconds) in ran.by_question.items():
            yield f"  {name}: {count:,} units, {duration(seconds / count)} each"
    if ran.failures:
        yield f"{len(ran.failures):,} units failed, each {ran.failures[0].attempts} times:"
        for each in ran.failures[:_LISTED]:
            yield f"  unit {each.unit}: {each.error}"
        if len(ran.failures) > _LISTED:
            yield f"  and {len(ran.failures) - _LISTED:,} more; midcourse study show has them all"
    if ran.stopped:
        yield f"Stopped ({ran.stopped})."
    if ran.whole < ran.units:
        yield f"Go on with: {again}"


def as_document(ran: Ran, store: str) -> dict[str, Any]:
    """The same, fit for JSON."""
    return {
        "store": store,
        "units": ran.units,
        "whole": ran.whole,
        "before": ran.before,
        "failed": [each._asdict() for each in ran.failures],
        "stopped": ran.stopped or None,
        "seconds": round(ran.seconds, 3),
        "worked_s": round(ran.worked_s, 3),
        "bytes": ran.bytes,
        "evaluations": round(ran.evaluations),
        "workers": sorted(ran.workers),
        "questions": {
            name: {"units": count, "worked_s": round(seconds, 3)}
            for name, (count, seconds) in ran.by_question.items()
        },
    }
