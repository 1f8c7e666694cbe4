"""A map's table in words: for its page, and for the terminal."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from midcourse.analysis.map_tables import QUANTILES, Column, MapTable

from .. import table as tables
from ..numbers import NO_VALUE, share, significant, unit_name

if TYPE_CHECKING:
    from rich.console import Console

MOST_COUNTRIES = 12
# Of a map of numbers, in the terminal.
_OF_PEOPLE = "Over the people of cells with a value: the mean, and what so many have at most"
_BRIEF = {
    "people_with_value_share": "With a value",
    "people_mean": "Mean",
    **{f"people_p{q * 100:.0f}": f"{q * 100:.0f} %" for q in QUANTILES},
}


def print_table(
    table: MapTable, console: Console, *, shares: bool = False, most: int = MOST_COUNTRIES
) -> None:
    """Print the total and the largest countries, as wide as 80 columns take: of numbers what the people get,
    for the land is much alike; of a gain what changes hands.

    ``shares`` says that the map's values are shares, to be shown in per cent.
    """
    from rich import box
    from rich.table import Table

    plain = console.options.ascii_only
    written = tables.in_ascii if plain else str
    shown = [
        index
        for index, column in enumerate(table.columns)
        if table.kind == "area"
        or (column.key not in ("land_km2", "people") if table.kind == "gain" else "people" in column.key)
    ]
    rows = Table(box=box.ASCII2 if plain else box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    rows.show_edge = False
    if table.kind not in ("area", "gain"):
        console.print(_OF_PEOPLE, style="dim", highlight=False)
    rows.add_column("Country", no_wrap=True)
    for index in shown:
        column = table.columns[index]
        brief = replace(column, heading=_BRIEF.get(column.key, column.heading))
        rows.add_column(written(heading(brief)), justify="right", vertical="bottom")
    lines = lines_of(table, shares, brief=True)
    for number, (name, cells) in enumerate(lines[: most + 1]):
        rows.add_row(
            written(name), *(written(cells[index]) for index in shown), style="bold" if not number else None
        )
    console.print(rows, markup=False)
    if len(lines) > most + 1:
        console.print(f"and {len(lines) - most - 1} more countries", style="dim", highlight=False)


def heading(column: Column) -> str:
    """A column's heading with its unit."""
    unit = unit_name(column.unit)
    return f"{column.heading} [{unit}]" if unit else column.heading


def lines_of(table: MapTable, shares: bool, *, brief: bool = False) -> list[tuple[str, list[str]]]:
    """The table's lines as text, the total first; shares in per cent, and if ``brief`` millions as M."""
    lines = []
    for row in (table.total, *table.rows):
        cells = [
            cell_text(value, column, shares, brief)
            for value, column in zip(row.values, table.columns, strict=True)
        ]
        lines.append((row.name, cells))
    return lines


def cell_text(value: float | None, column: Column, shares: bool, brief: bool) -> str:
    if value is None:
        return NO_VALUE
    if column.counted and brief and value >= 1e4:
        factor, letter = (1e6, "M") if value >= 1e6 else (1e3, "k")
        return f"{significant(value / factor)}\u202f{letter}"
    if column.counted:
        return f"{four_digits(value):,.0f}"
    return share(value) if shares or column.key.endswith("_share") else significant(value)


def four_digits(value: float) -> float:
    """A count to four digits: outlines and populations carry no more."""
    return round(value, 3 - math.floor(math.log10(value))) if value >= 1.0 else round(value)
