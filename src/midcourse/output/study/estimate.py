"""What a study would take, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from midcourse.output.listing import aligned, print_lines
from midcourse.output.study.amounts import duration, number, size

if TYPE_CHECKING:
    from rich.console import Console

    from midcourse.survey.estimate import Estimate


def print_estimate(found: Sequence[Estimate], units: int, workers: int, console: Console) -> None:
    """A row for each question, and what they come to together."""
    print_lines(_lines(found, units, workers), console)


def _lines(found: Sequence[Estimate], units: int, workers: int) -> Iterator[str]:
    columns = [
        ["question", *(each.question for each in found)],
        ["units", *(f"{each.units:,}" for each in found)],
        ["evaluations", *(number(each.evaluations) for each in found)],
        ["a unit", *(duration(each.unit_s) for each in found)],
        ["from", *(duration(each.least_s) for each in found)],
        ["to", *(duration(each.most_s) for each in found)],
        ["all, one worker", *(duration(each.work_s) for each in found)],
        ["disk", *(size(each.bytes) for each in found)],
    ]
    yield from aligned(columns)
    work = sum(each.work_s for each in found)
    yield ""
    yield (
        f"{units:,} units, {number(sum(each.evaluations for each in found))} engagement evaluations: about "
        f"{duration(work / workers)} with {workers:,} workers like this machine's, "
        f"{size(sum(each.bytes for each in found))} on disk."
    )
    yield (
        "Measured on "
        + ", ".join(f"units at {each.tried} places of {each.question}" for each in found)
        + "; nothing was kept."
    )
