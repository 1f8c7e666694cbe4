"""Architectures side by side: in the terminal, and as a file by its name's ending.

In both, a column is an architecture and a block a quantity: its nominal value, its range, and the columns
that it lies clearly above.
"""

from __future__ import annotations

import csv
import io
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from midcourse.output import numbers
from midcourse.output.files import write_whole
from midcourse.output.table import in_ascii, table_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from midcourse.analysis.comparison import Better, Compared, Cost, Difference, Figure, Row

FORMATS = (".html", ".svg", ".csv", ".json")
#: What is better, in words; nothing where it is neither.
BETTER: dict[Better, str] = {"more": "more is better", "less": "less is better", "neither": ""}
LINES = ("nominal", "5 to 95 %", "clearly above")
GAP = 2  # columns between two columns
NARROWEST = 10  # columns of an architecture
NONE = "-"
NOT_PUBLISHED = "none"
READING = (
    "Nominal values have every figure at its nominal; ranges are 5 to 95 % of the samples, and need not hold "
    "the nominal value where a figure is nominally near an end of its own. One lies clearly above another "
    "where the difference, sample by sample, stays above zero over its 5 to 95 % range and somewhere reaches "
    "a hundredth of the larger figure."
)


def value(figure: Figure | Cost) -> str:
    """A nominal value in the digits that its range allows, without its unit."""
    return numbers.significant(figure.value, figure.low, figure.high)


def spread(figure: Figure | Cost) -> str:
    """A range without its unit, as short as may be; a single number where nothing moves it."""
    return numbers.interval(figure.low, figure.high, "", near=figure.value).replace(" to ", "–")


def above(row: Row, architecture: str, order: Sequence[str]) -> str:
    """The numbers of the columns that an architecture lies clearly above: 1, 3-5."""
    places = sorted(order.index(name) + 1 for name in row.above(architecture))
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs) or NONE


def heading(row: Row) -> str:
    """What a block is about, in which unit, and which way is better."""
    told = [numbers.unit_name(row.unit) or row.unit, BETTER[row.better]]
    return f"{row.label} ({', '.join(each for each in told if each)})"


def difference(row: Row, each: Difference) -> tuple[str, str]:
    """A difference with its unit, and its range."""
    return (
        numbers.amount(each.value, row.unit, each.low, each.high),
        numbers.interval(each.low, each.high, row.unit, near=each.value),
    )


def notes(compared: Compared) -> list[str]:
    """What is said once: fewer samples, remarks on quantities, where costs come from."""
    said = [
        f"{row.label}: over {row.samples} samples, for each takes long."
        for row in compared.rows
        if row.samples < compared.samples
    ]
    said += [f"{row.label}: {row.note}" for row in compared.rows if row.note]
    costs = [each for each in enumerate(compared.costs, start=1) if each[1].value is not None]
    said += by_text("Cost", [(number, each.note) for number, each in costs])
    return said + by_text("Source of the cost", [(number, f"{each.source}.") for number, each in costs])


def by_text(what: str, numbered: Sequence[tuple[int, str | None]]) -> list[str]:
    """Remarks on numbered columns, those of one wording together."""
    found: dict[str, list[str]] = {}
    for number, text in numbered:
        if text:
            found.setdefault(text, []).append(str(number))
    return [f"{what} of {', '.join(of)}: {text}" for text, of in found.items()]


def cost_label(compared: Compared) -> str:
    """The heading of the costs, with their unit where they share one."""
    units = {each.unit for each in compared.costs if each.value is not None}
    return f"Published cost ({units.pop()}, less is better)" if len(units) == 1 else "Published cost"


def published(each: Figure | Cost) -> str:
    """What is published of a cost, without its unit: its range, or its one value."""
    if each.low is None or each.high is None or each.low == each.high:
        return numbers.as_published(each.value)
    return f"{numbers.as_published(each.low)}–{numbers.as_published(each.high)}"


def cost(each: Cost, *, alone: bool) -> str:
    """A published cost; ``alone`` leaves the unit to the heading."""
    if each.value is None:
        return NOT_PUBLISHED
    return published(each) if alone else numbers.with_unit(published(each), each.unit, " ")


def blocks(compared: Compared) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Headings, each with its lines: a label, and a text for every architecture."""
    order = compared.architectures
    found = []
    for row in compared.rows:
        texts = (
            [value(each) for each in row.values],
            [spread(each) for each in row.values],
            [above(row, name, order) for name in order],
        )
        found.append((heading(row), list(zip(LINES, texts, strict=True))))
    if any(each.value is not None for each in compared.costs):
        alone = len({each.unit for each in compared.costs if each.value is not None}) == 1
        found.append(
            (cost_label(compared), [("range", [cost(each, alone=alone) for each in compared.costs])])
        )
    return found


def print_comparison(compared: Compared, console: Console) -> None:
    """Print the blocks with as many architectures beside each other as the terminal is wide enough for."""
    width = table_width(console)
    console.width = width
    written = in_ascii if console.options.ascii_only else str

    def say(text: str, style: str = "") -> None:
        console.print(written(text), style=style, width=width, highlight=False, markup=False, no_wrap=True)

    say("")
    say(compared.title, "bold")
    found = blocks(compared)
    label = max(len(name) for name in LINES) + GAP
    columns, heads = [], []
    for i, name in enumerate(compared.architectures):
        room = max(NARROWEST, *(len(texts[i]) for _, lines in found for _, texts in lines))
        columns.append(room + GAP)
        heads.append(textwrap.wrap(f"{i + 1} {name}", room))
    for band in bands(columns, width - label):
        say("")
        for number in range(max(len(heads[i]) for i in band)):
            parts = ("".join(heads[i][number : number + 1]).ljust(columns[i]) for i in band)
            say(" " * label + "".join(parts).rstrip(), "bold")
        for title, lines in found:
            for part in textwrap.wrap(title, width):
                say(part, "underline")
            for number, (name, texts) in enumerate(lines):
                text = name.ljust(label) + "".join(texts[i].ljust(columns[i]) for i in band)
                say(text.rstrip(), "" if number == 0 else "dim")
    say("")
    closing = f"{compared.samples} samples over the published ranges, the same for all; seed {compared.seed}"
    for text in (READING, *notes(compared), closing):
        for part in textwrap.wrap(written(text), width, subsequent_indent="  "):
            say(part, "dim")


def bands(columns: Sequence[int], room: int) -> list[list[int]]:
    """Columns in as few bands as fit the room, at least one in each."""
    found: list[list[int]] = []
    left = 0
    for i, width in enumerate(columns):
        if not found or width - GAP > left:
            found.append([])
            left = room
        found[-1].append(i)
        left -= width
    return found


def comparison_csv(compared: Compared) -> str:
    """Every value and every difference, one a line."""
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\n")
    out.writerow(("quantity", "unit", "architecture", "less", "value", "low", "high", "exceeds"))
    for row in compared.rows:
        for of in row.values:
            out.writerow((row.id, row.unit, of.architecture, "", of.value, of.low, of.high, ""))
        for each in row.differences:
            exceeds = str(each.exceeds).lower()
            out.writerow((row.id, row.unit, each.a, each.b, each.value, each.low, each.high, exceeds))
    for paid in compared.costs:
        if paid.value is not None:
            out.writerow(("cost", paid.unit, paid.architecture, "", paid.value, paid.low, paid.high, ""))
    return stream.getvalue()


def write_comparison(compared: Compared, path: Path) -> Path:
    """Write a comparison by its name's ending, whole or not at all."""
    ending = path.suffix.lower()
    if ending == ".csv":
        return write_whole(path, comparison_csv(compared))
    if ending == ".json":
        return write_whole(path, compared.to_json() + "\n")
    from midcourse.output.compare_picture import comparison_picture

    if ending == ".svg":
        return write_whole(path, comparison_picture(compared))
    return write_whole(path, comparison_html(compared))


def comparison_html(compared: Compared) -> str:
    """The comparison as one page that opens anywhere, offline, and prints."""
    from midcourse.output.compare_picture import comparison_picture
    from midcourse.output.templating import render

    return render(
        "comparison.html.jinja",
        c=compared,
        blocks=blocks(compared),
        picture=comparison_picture(compared),
        costs=[cost(each, alone=False) for each in compared.costs],
        differences=[
            (row, heading(row), [(each, *difference(row, each)) for each in row.differences])
            for row in compared.rows
        ],
        reading=READING,
        notes=notes(compared),
    )
