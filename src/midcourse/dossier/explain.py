"""From pydantic's findings to errors in a user's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from . import shape
from .errors import InputError, listing, nearest_names
from .parameter import Parameter
from .table import Table

Path = tuple[str, ...]
Finding = tuple[Path, InputError]

UNKNOWN_KEY = "unknown key"
MISSING_KEY = "missing key"

WORDS: dict[str, str] = {
    "string_type": "a text in quotes",
    "int_type": "a whole number such as 10",
    "int_from_float": "a whole number",
    "float_type": "a number such as 0.5",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "finite_number": "a finite number",
}


def validate(model: type[Table], written: object, path: Path) -> tuple[Table | None, list[Finding]]:
    """The table of that model, or all that is wrong with what was written, each with its path."""
    try:
        return model.model_validate(written), []
    except ValidationError as error:
        return None, _without_echoes(list(_findings(model, error, path)))


def _without_echoes(found: list[Finding]) -> list[Finding]:
    """Drops "missing key" where a misspelling of that very key is reported beside it."""
    meant = {
        (*path[:-1], name) for path, error in found if error.problem == UNKNOWN_KEY for name in error.nearest
    }
    return [(path, error) for path, error in found if error.problem != MISSING_KEY or path not in meant]


@dataclass(frozen=True)
class _Fault:
    """One thing pydantic found, with the path to it below the model."""

    model: type[Table]
    steps: Path
    kind: str
    value: Any
    context: dict[str, Any]
    message: str

    @property
    def siblings(self) -> dict[str, shape.Shape]:
        """What may stand where the fault was found."""
        around = model_at(self.model, self.steps[:-1])
        return shape.fields(around) if around else {}


def _findings(model: type[Table], error: ValidationError, path: Path) -> Iterator[Finding]:
    for found in error.errors(include_url=False):
        steps = tuple(str(step + 1) if isinstance(step, int) else step for step in found["loc"])
        steps = tuple(step for step in steps if step != "[key]")
        fault = _Fault(model, steps, found["type"], found["input"], found.get("ctx", {}), found["msg"])
        problem = _problem(fault)
        yield (*path, *steps, *problem.key), problem


def _problem(fault: _Fault) -> InputError:
    raised = fault.context.get("error")
    if isinstance(raised, InputError):
        return raised
    if fault.kind in WORDS:
        return InputError("{value} is of the wrong kind", value=fault.value, expected=WORDS[fault.kind])
    explain = SPECIAL.get(fault.kind)
    if explain is not None:
        return explain(fault)
    return InputError("{value} is not accepted", value=fault.value, expected=fault.message)


def gone(model: type[Table] | None, key: str) -> InputError | None:
    """The error for a key that an earlier version took, which says what has come in its place."""
    told = model.gone.get(key) if model else None
    return InputError(f"{key} is gone: {told}") if told else None


def _unknown_key(fault: _Fault) -> InputError:
    valid, key = list(fault.siblings), fault.steps[-1]
    return gone(model_at(fault.model, fault.steps[:-1]), key) or InputError(
        UNKNOWN_KEY,
        value=key,
        expected=listing(valid, most=24) if valid else None,
        nearest=nearest_names(key, valid),
    )


def _missing_key(fault: _Fault) -> InputError:
    key = fault.steps[-1]
    if key == "source":
        return InputError("missing source", expected='source = "key of a [source.KEY] table"')
    return InputError(MISSING_KEY, value=key, expected=f"{key} = {_example(key, fault.siblings.get(key))}")


def _example(key: str, wanted: shape.Shape | None) -> str:
    if wanted is None:
        return '"..."'
    if wanted.unit is not None:
        return wanted.unit.dimension.example
    if wanted.is_table:
        return f"[...], or tables headed [[....{key}]]"
    if wanted.ref:
        return f'"name of a {wanted.ref}"'
    return {"list": "[...]", "table": "{ ... }"}.get(wanted.many, '"..."')


def _not_among(fault: _Fault) -> InputError:
    valid = re.findall(r"'([^']*)'", fault.context.get("expected", ""))
    return InputError(
        "unknown choice",
        value=fault.value,
        expected=listing(valid),
        nearest=nearest_names(str(fault.value), valid) if max(map(len, valid), default=0) > 3 else None,
    )


def _too_small(fault: _Fault) -> InputError:
    return InputError("{value} is too small", value=fault.value, expected=f"at least {fault.context['ge']}")


def _not_country(fault: _Fault) -> InputError:
    return InputError(
        "{value} is not a country code", value=fault.value, expected='two capital letters such as "PL"'
    )


SPECIAL: dict[str, Callable[[_Fault], InputError]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "literal_error": _not_among,
    "greater_than_equal": _too_small,
    "string_pattern_mismatch": _not_country,
}


def model_at(model: type[Table], steps: Path) -> type[Table] | None:
    """The model of the table at a path below another model; None where there is no table."""
    current: Any = model
    position = 0
    while position < len(steps):
        if not (isinstance(current, type) and issubclass(current, Table)):
            return None
        found = shape.fields(current).get(steps[position])
        if found is None or found.item is Parameter:
            return None
        current = found.item
        position += 2 if found.many else 1
    return current if isinstance(current, type) and issubclass(current, Table) else None
