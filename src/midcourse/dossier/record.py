"""What the joint record is made from: parties, elements of their relationship, and who says what of each.

Positions are data. What the record makes of them, agreement, difference and what a difference is about, is
computed in ``study/record.py`` from these tables and from the verdicts on the claims that positions rest on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, model_validator

from .errors import InputError
from .explain import Finding
from .table import Date, Ref, SourceKey, Table, Text, as_list

if TYPE_CHECKING:
    from .dossier import Dossier

ElementKind = Literal[
    "purpose", "site", "radar", "interceptor", "transparency", "access", "data sharing", "limit", "procedure"
]
"""In the order in which the record takes them."""
ELEMENT_KINDS: tuple[ElementKind, ...] = get_args(ElementKind)

Stance = Literal["supports", "offers", "asks", "conditional", "opposes"]
"""What a party wants of an element as it is described: that it be (``offers`` to give it, ``asks`` to be
given it), that it be on a condition, or that it not be."""

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def _day(value: str) -> str:
    found = _DAY.fullmatch(value)
    try:
        if found is None:
            raise ValueError(value)
        year, month, day = (int(part or 1) for part in found.groups())
        date(year, month, day)
    except ValueError as error:
        raise InputError(
            "{value} is not a date", value=value, expected='"2007-10-12" or "2007-10"'
        ) from error
    return value


Day = Annotated[Date, AfterValidator(_day)]
"""A year, a month or a day, as 2007, 2007-10 or 2007-10-12."""
Claims = Annotated[tuple[str, ...], BeforeValidator(as_list), Ref("claim")]


class Party(Table):
    """A party to the record: its ``name`` as it uses it of itself, and a ``short`` one for tables."""

    name: Text
    short: Text | None = None
    source: SourceKey | None = None


class Element(Table):
    """One element of the relationship: ``what`` describes it so that a party can be for it or against it."""

    title: Text
    kind: ElementKind
    what: Text
    architecture: Annotated[tuple[str, ...], BeforeValidator(as_list), Ref("architecture")] = ()
    site: Annotated[tuple[str, ...], BeforeValidator(as_list), Ref("site")] = ()
    radar: Annotated[tuple[str, ...], BeforeValidator(as_list), Ref("radar")] = ()
    interceptor: Annotated[tuple[str, ...], BeforeValidator(as_list), Ref("interceptor")] = ()
    threat: Annotated[tuple[str, ...], BeforeValidator(as_list), Ref("threat")] = ()
    source: SourceKey


class Position(Table):
    """What a party has said of an element, when and where, in our words; the source has the party's.

    ``premises`` are claims of the dossier that have to hold for the position to stand on facts, ``denies``
    claims that have to fail; ``untested`` are facts it rests on that no claim puts to the test.
    """

    party: Annotated[str, Ref("party")]
    element: Annotated[str, Ref("element")]
    speaker: Text | None = None
    stance: Stance
    statement: Text
    date: Day
    rests_on: Literal["facts", "values", "both"]
    reason: Text
    premises: Claims = ()
    denies: Claims = ()
    untested: Annotated[tuple[Text, ...], BeforeValidator(as_list)] = ()
    source: SourceKey

    @model_validator(mode="after")
    def _names_its_facts(self) -> Position:
        named = [key for key in ("premises", "denies", "untested") if getattr(self, key)]
        if self.rests_on == "values" and named:
            raise InputError(
                f"a position that rests on values names facts under {named[0]}",
                expected='rests_on = "facts" or "both"',
                key=(named[0],),
            )
        if self.rests_on != "values" and not named:
            raise InputError(
                f"a position that rests on {'facts' if self.rests_on == 'facts' else 'facts too'} names none",
                expected='premises = ["claim"], denies = ["claim"] or untested = ["what is taken for fact"]',
                key=("rests_on",),
            )
        both = [name for name in self.premises if name in self.denies]
        if both:
            raise InputError(
                "{value} is both a premise and denied",
                value=both[0],
                expected="one of the two",
                key=("denies",),
            )
        return self


def findings(dossier: Dossier) -> Iterator[Finding]:
    """What is wrong among parties, elements and positions together."""
    silent = {"party": "party {value} says nothing", "element": "nobody takes a position on {value}"}
    for kind, problem in silent.items():
        spoken = {getattr(position, kind) for position in dossier.position.values()}
        for name in dossier.entries(kind):
            if name not in spoken:
                yield (
                    (kind, name),
                    InputError(problem, value=name, expected=f'a [position.NAME] with {kind} = "{name}"'),
                )
    yield from _undated(dossier)


def _undated(dossier: Dossier) -> Iterator[Finding]:
    """Positions of one party on one element whose dates do not tell which came later."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for name, position in dossier.position.items():
        others = seen.setdefault((position.party, position.element), {})
        for other, day in others.items():
            if position.date.startswith(day) or day.startswith(position.date):
                yield (
                    ("position", name, "date"),
                    InputError(
                        f"{position.date} does not tell whether this or position.{other} ({day}) came later",
                        expected="dates that differ where both are given",
                    ),
                )
        others[name] = position.date
