"""How a study stands, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from midcourse.output import numbers
from midcourse.output.listing import aligned, print_lines
from midcourse.output.study.amounts import duration, number, size

if TYPE_CHECKING:
    from rich.console import Console

    from midcourse.survey.standing import Asked, Row, Standing

# Rows of a question that are printed; the JSON has them all.
_ROWS = 40
_FAILED = 20


def print_standing(found: Standing, console: Console) -> None:
    """How far the study is, what it says so far, and what went wrong."""
    print_lines(_lines(found), console, titled=True)


def _lines(found: Standing) -> Iterator[str]:
    yield found.title
    share = f", {numbers.share(found.whole / found.units, ' ')}" if found.whole < found.units else ""
    yield (
        f"{found.store}: {found.whole:,} of {found.units:,} units are recorded{share}; "
        f"{size(found.bytes)}, {duration(found.worked_s)} of work by {found.workers:,} "
        f"process{'es' if found.workers != 1 else ''}, the longest unit {duration(found.slowest_s)}."
    )
    yield (
        f"Plan {found.plan_hash}, midcourse {found.version}, seed {found.seed}; begun {found.created}; "
        f"{f'running: {found.running}' if found.running else 'nobody is writing to it'}."
    )
    for each in found.questions:
        yield ""
        yield from _question(each)
    if found.failures:
        yield ""
        yield f"{len(found.failures):,} units failed; midcourse study resume tries them again:"
        for failure in found.failures[:_FAILED]:
            yield f"  unit {failure.unit}, {failure.attempts} times: {failure.error}"
        if len(found.failures) > _FAILED:
            yield f"  and {len(found.failures) - _FAILED:,} more; --json has them all"


def _question(asked: Asked) -> Iterator[str]:
    cost = f", {duration(asked.seconds / asked.whole)} a unit" if asked.whole else ""
    yield (
        f"{asked.name} ({asked.kind}): {asked.whole:,} of {asked.units:,} units, "
        f"{number(asked.evaluations)} evaluations in all{cost}. {_meaning(asked)}"
    )
    rows = asked.rows[:_ROWS]
    if not rows:
        return
    varying = [axis for axis in rows[0].labels if len({row.labels[axis] for row in asked.rows}) > 1]
    columns = [[axis, *(row.labels[axis] for row in rows)] for axis in varying]
    columns.append(["mean so far", *(_value(row, asked) for row in rows)])
    if asked.whole < asked.units:
        columns.append(["done", *(numbers.share(row.share, " ") for row in rows)])
    yield from aligned(columns)
    if len(asked.rows) > _ROWS:
        yield f"{len(asked.rows) - _ROWS:,} more rows; --json has them all"


def _meaning(asked: Asked) -> str:
    return {
        "claims": "Mean: the share of worlds in which the claim holds.",
        "map": "Mean: over worlds, and over cells in reach by area.",
        "raid": "Mean: missiles that get through.",
        "quantity": "Mean: over worlds.",
    }[asked.kind]


def _value(row: Row, asked: Asked) -> str:
    if row.mean is None:
        return numbers.NO_VALUE
    if asked.kind == "claims" or asked.about.get("kind") == "area":
        return numbers.share(row.mean, " ")
    return numbers.amount(row.mean, str(asked.about.get("units", "")), space=" ")
