"""The documents of the small commands, laid out for reading in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

#: Keys whose lists of samples are for machines: a reader gets their number.
_LONG = 40


def print_document(document: dict[str, Any], command: str, console: Console) -> None:
    """Print a document: simple values as lines, lists of records as tables."""
    if command == "catalog":
        _print_catalog(document, console)
        return
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            _print_records(key, value, console)
        else:
            console.print(f"{words(key):<28} {plain(value)}", highlight=False, markup=False)


def _print_records(key: str, records: list[dict[str, Any]], console: Console) -> None:
    from rich import box
    from rich.table import Table

    every = max(1, len(records) // _LONG + (len(records) % _LONG > 0)) if len(records) > _LONG else 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=words(key), title_justify="left")
    for name, value in records[0].items():
        table.add_column(words(name), justify="right" if isinstance(value, int | float) else "left", overflow="fold")
    for record in records[::every]:
        table.add_row(*(plain(value) for value in record.values()))
    console.print(table, markup=False)


def _print_catalog(document: dict[str, Any], console: Console) -> None:
    if "entries" in document:
        _print_records("entries", document["entries"], console)
        return
    for entry in document["shown"]:
        console.print(f"{entry['kind']} {entry['name']}", style="bold", highlight=False, markup=False)
        for each in entry["fields"]:
            span = f"  ({each['range']})" if each["range"] else ""
            console.print(f"  {each['path']:<24} {each['value']}{span}", highlight=False, markup=False)
            if each["note"]:
                console.print(f"      {each['note']}", style="dim", highlight=False, markup=False)
            if each["source"]:
                console.print(f"      source: {each['source']}", style="dim", highlight=False, markup=False)




def words(key: str) -> str:
    """A key as words, its unit in brackets."""
    units = ("km_s", "km", "deg", "s", "m2", "m", "kg", "db")
    for unit in units:
        if key.endswith(f"_{unit}"):
            shown = {"km_s": "km/s", "m2": "m²", "db": "dB"}.get(unit, unit)
            return f"{key[: -len(unit) - 1].replace('_', ' ')} [{shown}]"
    return key.replace("_", " ")


def plain(value: Any) -> str:
    """A value in words: a pair as a span, a table as its entries."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{words(key)} {plain(each)}" for key, each in value.items())
    if isinstance(value, list):
        if len(value) == 2 and all(isinstance(each, int | float) for each in value):
            return f"{plain(value[0])} to {plain(value[1])}"
        return ", ".join(plain(each) for each in value)
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e4 else f"{value}"
