"""A plan cut into units, which are numbered: their number says which dossier, case, cells and worlds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from ..dossier import InputError
from ..store.layout import Group
from .figures import Claims, Quantity
from .maps import Map
from .plan import Plan
from .question import Question
from .raids import Raid

#: A question of each kind.
_KINDS: tuple[type[Question], ...] = (Claims, Quantity, Map, Raid)


@dataclass(frozen=True)
class Unit:
    """A piece of work.

    Attributes
    ----------
    place : along the question's steps: dossier, figures, case, block of cells, slab of worlds
    """

    number: int
    question: Question
    place: tuple[int, ...]

    @property
    def variant(self) -> tuple[int, ...]:
        """Which dossier with which figures."""
        return self.place[: len(self.question.plan.variants)]

    @property
    def case(self) -> tuple[int, ...]:
        return self.place[len(self.question.plan.variants) : -2]

    @property
    def block(self) -> int:
        return self.place[-2]

    @property
    def slab(self) -> int:
        return self.place[-1]


class Cut:
    """All units of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.questions: tuple[Question, ...] = tuple(
            kind(plan, name) for kind in _KINDS for name in getattr(plan.study, kind.kind)
        )
        self._ends = list(accumulate(question.units for question in self.questions))

    @property
    def count(self) -> int:
        return self._ends[-1]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The arrays of every question, in order."""
        found = []
        for question in self.questions:
            try:
                found.append(question.group())
            except InputError as error:
                raise error.placed(self.plan.at(question.kind, question.name)) from None
        return tuple(found)

    def question(self, number: int) -> int:
        """Which question a unit is of."""
        return bisect_right(self._ends, number)

    def case(self, number: int) -> tuple[int, int]:
        """Which question a unit is of, and which of its cases."""
        which = self.question(number)
        question = self.questions[which]
        return which, (number - self.first(which)) // (question.cells.blocks * question.slabs)

    def first(self, question: int) -> int:
        """The number of a question's first unit."""
        return self._ends[question - 1] if question else 0

    def unit(self, number: int) -> Unit:
        which = self.question(number)
        question = self.questions[which]
        place = np.unravel_index(number - self.first(which), question.steps)
        return Unit(number, question, tuple(int(i) for i in place))

    def unit_evaluations(self, number: int) -> float:
        """Engagements that a unit takes, cells shared out evenly over their blocks."""
        unit = self.unit(number)
        worlds = unit.question.worlds(unit.slab)
        each = unit.question.evaluations(unit.case) / unit.question.cells.blocks
        return each * (1 if worlds is None else worlds.rows)

    def evaluations(self, which: int) -> int:
        """Engagements that a question takes in all its worlds, the nominal one included."""
        question = self.questions[which]
        each = sum(question.evaluations(case) for case in _places([len(axis) for axis in question.cases]))
        dossiers = int(np.prod([len(axis) for axis in self.plan.variants]))
        return each * dossiers * (1 + self.plan.samples)


def _places(shape: Sequence[int]) -> list[tuple[int, ...]]:
    return [tuple(int(i) for i in place) for place in np.ndindex(*shape)]
