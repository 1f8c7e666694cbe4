"""What moved between two versions of a dossier: what was written, what came out, what differences are
about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ..analysis.assessment import ClaimResult
from ..dossier import Dossier, Parameter, format_quantity
from ..dossier.listing import catalog_entries
from ..dossier.schema import ENTITIES, HEADER
from ..dossier.table import Table
from .record import About, Record

Change = Literal["added", "dropped", "changed"]
NOTHING = "nothing"
#: Figures that agree in so many digits are the same figure.
ALL_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Edit:
    """One field that reads otherwise than before; ``nothing`` where it was not there."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryMove:
    """An entry of the dossier, or its header, that was added, dropped or changed."""

    kind: str
    id: str
    title: str
    change: Change
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class VerdictMove:
    """A claim whose verdict changed, or whose probability left its interval (the two do not meet)."""

    before: ClaimResult
    after: ClaimResult

    @property
    def turned(self) -> bool:
        return self.before.verdict != self.after.verdict

    @property
    def beyond_sampling(self) -> bool:
        """Whether the intervals of the two probabilities do not meet: else other samples may explain it."""
        (low, high), (low_before, high_before) = self.after.probability_ci, self.before.probability_ci
        return low > high_before or high < low_before


@dataclass(frozen=True, slots=True)
class DifferenceMove:
    """A difference that is about something else than before; None where there was none, or is none any
    more."""

    element: str
    raised_by: str
    before: About | None
    after: About | None


@dataclass(frozen=True, slots=True)
class Moved:
    entries: tuple[EntryMove, ...] = ()
    verdicts: tuple[VerdictMove, ...] = ()
    differences: tuple[DifferenceMove, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.verdicts or self.differences)


def moved(new: Record, old: Record) -> Moved:
    """What is otherwise in a record than in an earlier one."""
    return Moved(
        tuple(_entries(new.dossier, old.dossier)), tuple(_verdicts(new, old)), tuple(_differences(new, old))
    )


def _entries(new: Dossier, old: Dossier) -> Iterator[EntryMove]:
    if new.dossier and old.dossier and (edits := _edits(new.dossier, old.dossier)):
        yield EntryMove(HEADER, new.dossier.name, new.dossier.title, "changed", edits)
    titles = [{(kind, name): title for kind, name, title in catalog_entries(each)} for each in (new, old)]
    for kind in reversed(ENTITIES):
        after, before = new.entries(kind), old.entries(kind)
        for name in dict.fromkeys((*after, *before)):
            if name not in before:
                yield EntryMove(kind, name, titles[0][kind, name], "added")
            elif name not in after:
                yield EntryMove(kind, name, titles[1][kind, name], "dropped")
            elif edits := _edits(after[name], before[name]):
                yield EntryMove(kind, name, titles[0][kind, name], "changed", edits)


def _edits(new: Table, old: Table) -> tuple[Edit, ...]:
    after, before = dict(_leaves(new, "")), dict(_leaves(old, ""))
    return tuple(
        Edit(path, before.get(path, NOTHING), after.get(path, NOTHING))
        for path in dict.fromkeys((*after, *before))
        if after.get(path) != before.get(path)
    )


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every field below a table that says something, with its path, as text."""
    if isinstance(value, Parameter):
        yield path, _parameter(value)
    elif isinstance(value, Table):
        for name, field in type(value).model_fields.items():
            yield from _leaves(getattr(value, name), f"{path}.{field.alias or name}".lstrip("."))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}")
    elif isinstance(value, tuple | list):
        if any(isinstance(item, Table | Parameter) for item in value):
            for position, item in enumerate(value, start=1):
                yield from _leaves(item, f"{path}.{position}")
        elif value:
            yield path, ", ".join(str(item) for item in value)
    elif value is not None:
        yield path, str(value)


def _parameter(parameter: Parameter) -> str:
    """A parameter in full: value, range, distribution, what vouches for it."""

    def shown(value: float) -> str:
        return format_quantity(value, parameter.unit, digits=ALL_DIGITS)

    ends = f" ({shown(parameter.lowest)} to {shown(parameter.highest)}, {parameter.distribution})"
    rest = [
        "undisclosed" if parameter.undisclosed else "",
        f"source {parameter.source}" if parameter.source else "",
        parameter.note or "",
    ]
    return "; ".join(
        (f"{shown(parameter.value)}{ends if parameter.ranged else ''}", *(part for part in rest if part))
    )


def _verdicts(new: Record, old: Record) -> Iterator[VerdictMove]:
    before = {claim.id: claim for claim in old.assessment.claims}
    for claim in new.assessment.claims:
        if claim.id not in before:
            continue
        move = VerdictMove(before[claim.id], claim)
        if move.turned or move.beyond_sampling:
            yield move


def _differences(new: Record, old: Record) -> Iterator[DifferenceMove]:
    after, before = (
        {
            (element.id, raiser.party): difference.about
            for element in record.elements
            for difference in element.differences
            for raiser in difference.raised_by
        }
        for record in (new, old)
    )
    for key in dict.fromkeys((*after, *before)):
        if after.get(key) != before.get(key):
            yield DifferenceMove(*key, before.get(key), after.get(key))
