"""The record in the terminal: each element, where the parties stand, and what their differences are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import numbers, table
from . import wording
from .document import Document, Element, Moved
from .writing import counted

if TYPE_CHECKING:
    from rich.console import Console

MOST_MOVES = 12


def print_record(document: Document, console: Console) -> None:
    """Print the title, the elements and the counts, as wide as the terminal."""
    from rich import box
    from rich.table import Table

    width = table.table_width(console)
    console.width = width
    plain = console.options.ascii_only
    written = table.in_ascii if plain else str
    room = width - 2 * table.GUTTER
    widths = (round(room * 0.36), round(room * 0.34), room - round(room * 0.36) - round(room * 0.34))
    rows = Table(box=box.ASCII2 if plain else box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    rows.show_edge = False
    for name, columns in zip(("Element", "Stances", "Differences"), widths, strict=True):
        rows.add_column(name, width=columns, no_wrap=True)
    for number, element in enumerate(document.elements, start=1):
        cells = (f"{number}. {element.title}", _stances(document, element), _differences(document, element))
        rows.add_row(
            *(
                table.text(table.broken(written(cell), columns))
                for cell, columns in zip(cells, widths, strict=True)
            )
        )
        if number < len(document.elements):
            rows.add_row()
    console.print()
    console.print(written(f"Joint record: {document.title}"), style="bold", highlight=False, markup=False)
    console.print(rows)
    lines = [counted(document)]
    if document.moved is not None:
        lines += ["", *_moved(document.moved)]
    for line in lines:
        console.print(table.text(table.broken(written(line), width)))


def _stances(document: Document, element: Element) -> str:
    short = {party.id: party.short for party in document.parties}
    return "; ".join(f"{short[each.party]} {wording.STANCES[each.stance]}" for each in element.standing)


def _differences(document: Document, element: Element) -> str:
    short = {party.id: party.short for party in document.parties}
    told = [
        f"{wording.ABOUT[each.about]} ({', '.join(short[party] for party in each.raised_by)})"
        for each in element.differences
    ]
    return "; ".join(told) or ("agreement" if element.agreements else "none recorded")


def _moved(moved: Moved) -> list[str]:
    """What moved, the findings first; the record has all of it."""
    if not moved.anything:
        return [f"Compared with {moved.against}: nothing moved."]
    lines = [f"{each.title}, {each.text}" for each in moved.differences]
    lines += [f"{each.statement} {each.text}" for each in moved.verdicts]
    lines += [f"{each.kind}.{each.id} {each.change}" for each in moved.entries]
    more = len(lines) - MOST_MOVES
    rest = [f"  and {numbers.counted(more, 'change')} more: see the record"] if more > 0 else []
    return [f"Compared with {moved.against}:", *(f"  {line}" for line in lines[:MOST_MOVES]), *rest]
