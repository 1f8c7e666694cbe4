"""What a field takes, read from its annotation: for naming valid keys and for typing overrides."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from .parameter import Parameter, Unit
from .table import Ref, Table


@dataclass(frozen=True)
class Shape:
    """One field: ``item`` is what it holds, ``many`` whether it holds a list or a table of that.

    ``unit`` is set for parameters, ``ref`` for names of other entries.
    """

    item: Any
    many: Literal["", "list", "table"] = ""
    unit: Unit | None = None
    ref: str | None = None

    @property
    def is_table(self) -> bool:
        return isinstance(self.item, type) and issubclass(self.item, Table)


@cache
def fields(model: type[Table]) -> dict[str, Shape]:
    """The keys a table may have, as written in a file."""
    return {key: found for key, _, found in attributes(model)}


@cache
def attributes(model: type[Table]) -> tuple[tuple[str, str, Shape], ...]:
    """Key as written, attribute name and shape, in the order declared."""
    return tuple(
        (info.alias or name, name, _shape(info.annotation, tuple(info.metadata)))
        for name, info in model.model_fields.items()
    )


@cache
def by_key(model: type[Table]) -> dict[str, tuple[str, Shape]]:
    """Attribute name and shape by the key as written."""
    return {key: (name, found) for key, name, found in attributes(model)}


def _shape(annotation: Any, metadata: tuple[Any, ...]) -> Shape:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _shape(inner, (*metadata, *more))
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        return _shape(options[0], metadata) if len(options) == 1 else Shape(Any)
    ref = next((mark.kind for mark in metadata if isinstance(mark, Ref)), None)
    if origin is tuple or origin is dict:
        item = _shape(get_args(annotation)[0 if origin is tuple else 1], ())
        return Shape(item.item, "list" if origin is tuple else "table", item.unit, ref or item.ref)
    unit = next((mark for mark in metadata if isinstance(mark, Unit)), None)
    return Shape(annotation, unit=unit, ref=ref)


def unit_at(model: type[Table], steps: tuple[str, ...]) -> Unit | None:
    """The unit of the parameter at a path below a model; None where there is none."""
    found = fields(model).get(steps[0]) if steps else None
    if found is None:
        return None
    rest = steps[2 if found.many else 1 :]
    if found.is_table:
        return unit_at(found.item, rest)
    return found.unit if not rest and len(steps) == (2 if found.many else 1) else None


def parameters(table: Table, path: str, source: str | None = None) -> Iterator[tuple[str, Parameter]]:
    """Every parameter below a table with its path; its source falls back on that of the tables around it."""
    source = getattr(table, "source", None) or source
    for key, name, shape in attributes(type(table)):
        value = getattr(table, name)
        if value is None or not (shape.unit or shape.is_table):
            continue
        for step, item in members(value, shape):
            here = f"{path}.{key}{step}"
            if isinstance(item, Parameter):
                yield here, item if item.source or not source else item.model_copy(update={"source": source})
            else:
                yield from parameters(item, here, source)


def members(value: Any, shape: Shape) -> Iterator[tuple[str, Any]]:
    """A field's items with the rest of their path: "" for a single one, ".1" in lists, ".X" in tables."""
    if shape.many == "list":
        for position, item in enumerate(value, start=1):
            yield f".{position}", item
    elif shape.many == "table":
        for key, item in value.items():
            yield f".{key}", item
    else:
        yield "", value


def references(table: Table, path: str) -> Iterator[tuple[str, str, str]]:
    """Every reference below a table: its path, the kind it names, and the name."""
    for key, name, shape in attributes(type(table)):
        value = getattr(table, name)
        if value is None or not (shape.ref or shape.unit or shape.is_table):
            continue
        for step, item in members(value, shape):
            here = f"{path}.{key}{step}"
            if isinstance(item, Parameter):
                if item.source is not None:
                    yield f"{here}.source", "source", item.source
                for place, figure in enumerate(item.figures, start=1):
                    if figure.source is not None:
                        yield f"{here}.figures.{place}.source", "source", figure.source
            elif isinstance(item, Table):
                yield from references(item, here)
            elif shape.ref:
                yield here, shape.ref, item
