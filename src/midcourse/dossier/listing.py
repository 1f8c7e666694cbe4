"""Entries laid out as rows, for whoever wants to see what is in the catalog and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import shape
from .dossier import Dossier
from .parameter import NOT_GIVEN, Parameter
from .schema import ENTITIES
from .table import Table

Row = tuple[str, str, str, str, str]
"""Path within the entry, value, range, source key, note."""


def catalog_entries(dossier: Dossier) -> list[tuple[str, str, str]]:
    """Kind, name and title of every entry, kind by kind."""
    return [
        (kind, name, _title(table, name))
        for kind in ENTITIES
        for name, table in sorted(dossier.entries(kind).items())
    ]


def _title(table: Any, name: str) -> str:
    for field in ("name", "title", "statement"):
        title = getattr(table, field, None)
        if title:
            return str(title)
    return name


def entry_table(entity: Table) -> list[Row]:
    """Every field of an entry that says something, nested ones with their path."""
    return list(_rows(entity, "", None))


def _rows(table: Table, path: str, source: str | None) -> Iterator[Row]:
    source = getattr(table, "source", None) or source
    for key, name, found in shape.attributes(type(table)):
        value = getattr(table, name)
        if name not in table.model_fields_set or value in (None, (), {}, "") or key == "source":
            continue
        inner = found.unit is not None or found.is_table
        for step, item in shape.members(value, found) if inner else [("", value)]:
            here = f"{path}{key}{step}"
            if isinstance(item, Table):
                yield from _rows(item, f"{here}.", source)
            elif isinstance(item, Parameter):
                yield from _parameter(here, item, source)
            else:
                yield here, _plain(item), "", source or "", ""


def _parameter(path: str, parameter: Parameter, source: str | None) -> Iterator[Row]:
    if parameter.source == NOT_GIVEN:
        return
    note = "; ".join(filter(None, (parameter.figures_text, parameter.note)))
    if parameter.undisclosed:
        note = f"undisclosed; {note}" if note else "undisclosed"
    yield path, parameter.text, parameter.range_text, parameter.source or source or "", note


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_plain(item)}" for key, item in value.items())
    return str(value)
