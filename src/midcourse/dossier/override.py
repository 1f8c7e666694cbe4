"""Values imposed on a dossier by path, typed by the schema exactly as in a file."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_origin

from . import shape
from .book import Book, Entry, entry_of
from .dispute import Header
from .errors import InputError, listing, nearest_names
from .explain import gone
from .parameter import KEYS
from .schema import ENTITIES, HEADER, KINDS
from .shape import Shape
from .table import Table

Overrides = Mapping[str, Any] | Iterable[tuple[str, Any]]


def parse_override(option: str) -> tuple[str, str]:
    """Path and value of ``PATH=VALUE``, as given to ``--set``."""
    path, equals, value = option.partition("=")
    if not equals or not path.strip() or not value.strip():
        raise InputError(
            "{value} sets nothing",
            where="--set",
            value=option,
            expected='PATH=VALUE, such as interceptor.gbi-2-stage.payload="800 kg"',
        )
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return path.strip(), value


def flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A ``set`` table by path, whether its keys were quoted whole or written with dots."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and not (value and value.keys() <= set(KEYS)):
            flat.update(flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


def impose(
    book: Book, overrides: Overrides, options: Mapping[str, str], source: str
) -> tuple[Book, list[Entry]]:
    """The book with the values written in, and the entries touched.

    A parameter's path replaces its value and drops its range, for what is imposed is not sampled; its
    ``low``, ``high`` and other keys can be set beside it. ``options`` names each path's origin, for errors;
    ``source`` is what the parameters will give as theirs.
    """
    pairs = list(overrides.items() if isinstance(overrides, Mapping) else overrides)
    tables = dict(book.tables)
    imposed = dict(book.imposed)
    touched: dict[Entry, None] = {}
    # A parameter goes before its own keys, whatever the order given, so that its range is not dropped again.
    for path, value in sorted(pairs, key=lambda pair: pair[0].count(".")):
        steps = tuple(path.split("."))
        try:
            entry = _entry(book, steps)
            if entry not in touched:
                tables[entry] = copy.deepcopy(tables[entry])
            touched[entry] = None
            model = Header if entry[0] == HEADER else ENTITIES[entry[0]]
            start = 1 if entry[0] == HEADER else 2
            _Setter(steps, source).set(tables[entry], model, start, value)
        except InputError as error:
            raise error.placed(options[path]) from error
        imposed[steps] = options[path]
    return Book(tables, book.pages, imposed), list(touched)


def _entry(book: Book, steps: tuple[str, ...]) -> Entry:
    if steps[0] not in KINDS:
        without_kind = [
            f"{kind}.{'.'.join(steps)}" for kind, name in book.tables if name and name == steps[0]
        ]
        if without_kind:
            raise InputError("unknown path", value=".".join(steps), nearest=without_kind)
        raise _unknown(steps, 0, KINDS)
    entry = entry_of(steps)
    if entry not in book.tables and len(steps) > 1:
        raise _unknown(steps, 1, book.names(steps[0]))
    if len(steps) < (2 if entry[0] == HEADER else 3):
        model = Header if entry[0] == HEADER else ENTITIES[entry[0]]
        raise InputError(
            f"{'.'.join(steps)} is not a value",
            expected=f"a path into it, such as {'.'.join(steps)}.{_some(model)}",
        )
    return entry


def _some(model: type[Table]) -> str:
    known = shape.fields(model)
    return next((key for key, found in known.items() if found.unit), next(iter(known)))


def _unknown(steps: tuple[str, ...], at: int, valid: Iterable[str]) -> InputError:
    names = [str(name) for name in valid]
    before = "".join(f"{step}." for step in steps[:at])
    after = "".join(f".{step}" for step in steps[at + 1 :])
    near = nearest_names(steps[at], names)
    return InputError(
        "unknown path",
        value=".".join(steps),
        expected=before + listing(sorted(names), most=15) if names else None,
        nearest=[before + name + after for name in near],
    )


class _Setter:
    """Walks one path through the tables as written, alongside the models that will read them."""

    def __init__(self, steps: tuple[str, ...], source: str) -> None:
        self.steps = steps
        self.source = source

    def set(self, table: dict[str, Any], model: type[Table], at: int, value: Any) -> None:
        key = self.steps[at]
        found = shape.fields(model).get(key)
        if found is None:
            raise gone(model, key) or _unknown(self.steps, at, shape.fields(model))
        if at == len(self.steps) - 1:
            table[key] = self._whole(found, value)
        elif found.many == "list":
            self._in_list(table, key, found, at + 1, value)
        elif found.many == "table":
            self._in_table(table, key, found, at + 1, value)
        elif found.unit:
            table[key] = self._key_of_parameter(table.get(key), at + 1, value)
        else:
            raise self._too_deep(at)

    def _in_list(self, table: dict[str, Any], key: str, found: Shape, at: int, value: Any) -> None:
        items = table.get(key, [])
        items = table[key] = list(items) if isinstance(items, list) else [items]
        if not self.steps[at].isdecimal() or not 1 <= int(self.steps[at]) <= len(items):
            raise _unknown(self.steps, at, map(str, range(1, len(items) + 1)))
        position = int(self.steps[at]) - 1
        single = Shape(found.item, unit=found.unit, ref=found.ref)
        if at == len(self.steps) - 1:
            items[position] = self._whole(single, value)
        elif found.is_table and isinstance(items[position], dict):
            self.set(items[position], found.item, at + 1, value)
        elif found.unit:
            items[position] = self._key_of_parameter(items[position], at + 1, value)
        else:
            raise self._too_deep(at)

    def _too_deep(self, at: int) -> InputError:
        return InputError(
            "{value} goes too deep", value=".".join(self.steps), expected=".".join(self.steps[: at + 1])
        )

    def _in_table(self, table: dict[str, Any], key: str, found: Shape, at: int, value: Any) -> None:
        inner = table.setdefault(key, {})
        step = self.steps[at]
        if not isinstance(inner, dict):
            raise self._too_deep(at - 1)
        if found.unit is None:
            for deeper in range(at, len(self.steps) - 1):
                inner = inner.setdefault(self.steps[deeper], {})
                if not isinstance(inner, dict):
                    raise self._too_deep(deeper)
            inner[self.steps[-1]] = _toml_or_text(value)
        elif at == len(self.steps) - 1:
            inner[step] = self._whole(Shape(found.item, unit=found.unit), value)
        else:
            inner[step] = self._key_of_parameter(inner.get(step), at + 1, value)

    def _whole(self, found: Shape, value: Any) -> Any:
        if found.unit and not found.many:
            if isinstance(value, str) and value.lstrip().startswith("{"):
                value = _toml_or_text(value)
            return {"source": self.source, **(value if isinstance(value, dict) else {"value": value})}
        if found.many == "list" and isinstance(value, str) and not value.lstrip().startswith("["):
            return [value]
        textual = found.item is str or get_origin(found.item) is Literal
        return value if textual and not found.many else _toml_or_text(value)

    def _key_of_parameter(self, written: Any, at: int, value: Any) -> Any:
        key = self.steps[at]
        if key not in KEYS:
            raise _unknown(self.steps, at, KEYS)
        if at < len(self.steps) - 1:
            raise self._too_deep(at)
        if written is None:
            written = {}
        elif not isinstance(written, dict):
            written = {"value": written}
        if key not in ("source", "note"):
            written = {**written, "source": self.source}
        plain = key in ("source", "note", "distribution", "value", "low", "high")
        return {**written, key: value if plain else _toml_or_text(value)}


def _toml_or_text(value: Any) -> Any:
    """What a text means as a TOML value: ``12`` a number, ``true`` a flag; or else the text itself."""
    if not isinstance(value, str):
        return value
    try:
        parsed = tomllib.loads(f"x = {value}")
    except (ValueError, RecursionError):
        return value
    return parsed["x"] if parsed.keys() == {"x"} else value
