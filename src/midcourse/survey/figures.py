"""Questions with a number for an answer in every world: claims, and quantities that one could be about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..analysis.quantity import QUANTITIES, asked, read_threshold
from ..dossier import Dossier, InputError, nearest_names
from ..dossier.dispute import Claim
from ..store.layout import Coordinate
from ..study import asking
from ..study.answering import scale_of
from ..study.asking import Drawn, Given, Study, Unit
from .plan import Axis, Plan
from .question import Prepared, Question, Value, Values, cases_of, titles
from .workshop import Variant

_HOLDS = {"long_name": "1 the claim holds, 0 it does not, -1 not asked"}


class Answers(Prepared):
    """Claims of one dossier, answered together in every world."""

    def __init__(self, variant: Variant, dossier: Dossier, names: Sequence[str], told: Sequence[str]) -> None:
        questions = tuple(asking.Question(name) for name in names)
        self._study = Study.of(replace(variant.asked, dossier=dossier, questions=questions), variant.memory)
        self._places = [told.index(name) for name in names]
        self._count = len(told)

    def work(self, block: int, worlds: Drawn | None) -> dict[str, Values]:  # noqa: ARG002 - no cells
        points = worlds or Given({})
        every = tuple(range(len(self._places)))
        found = self._study.work(Unit(every, points)).values
        value = np.full((self._count, points.rows), np.nan)
        passed = np.full((self._count, points.rows), -1, dtype=np.int8)
        for place, inquiry, values in zip(self._places, self._study.asked, found, strict=True):
            value[place] = values * scale_of(inquiry.asked.quantity)
            passed[place] = inquiry.passes(values)
        return {"value": value, "passed": passed}


class Claims(Question):
    """``[claims.NAME]``: every claim's value, and whether it passes its test."""

    kind = "claims"

    def __init__(self, plan: Plan, name: str) -> None:
        super().__init__(plan, name)
        known = dict.fromkeys(claim for dossier in plan.dossiers.values() for claim in dossier.claim)
        for claim in self.written.of:
            if claim not in known:
                raise InputError(
                    "no dossier of the plan makes the claim {value}", where=plan.at("claims", name, "of"),
                    value=claim, nearest=nearest_names(claim, known),
                )  # fmt: skip
        names = self.written.of or tuple(known)
        if not names:
            raise InputError("no dossier of the plan makes claims", where=plan.at("claims", name))
        self.inner = (Axis("claim", tuple(names)),)
        #: Each claim with the first dossier that makes it.
        self._made = {
            claim: next(each for each in plan.dossiers.values() if claim in each.claim) for claim in names
        }

    @property
    def values(self) -> tuple[Value, ...]:
        return (
            Value("passed", None, "int8", -1, _HOLDS),
            Value("value", "nominal", "float64", float("nan"), {"long_name": "in the claim's own unit"}),
        )

    def prepare(self, variant: Variant, case: Sequence[int]) -> Prepared:  # noqa: ARG002 - there is one
        told = self.inner[0].labels
        names = [name for name in told if name in variant.dossier.claim]
        return Answers(variant, variant.dossier, names, told)

    def evaluations(self, case: Sequence[int]) -> int:  # noqa: ARG002 - there is one
        return sum(
            pairs_of(dossier, asked(dossier, name).case.threat) for name, dossier in self._made.items()
        )

    def coordinates(self) -> dict[str, Coordinate]:
        rows: dict[str, list[Any]] = {
            "party": [], "statement": [], "quantity": [], "unit": [], "holds": [], "threshold": [],
        }  # fmt: skip
        for name, dossier in self._made.items():
            claim, quantity = dossier.claim[name], asked(dossier, name).quantity
            threshold = read_threshold(dossier, name, quantity.unit)
            told = (claim.party, claim.statement, quantity.name, quantity.unit, claim.holds,
                    threshold * scale_of(quantity))  # fmt: skip
            for row, each in zip(rows.values(), told, strict=True):
                row.append(each)
        return {name: (("claim",), np.array(row), {}) for name, row in rows.items()}


class Quantity(Question):
    """``[quantity.NAME]``: a quantity for every architecture and threat."""

    kind = "quantity"

    def __init__(self, plan: Plan, name: str) -> None:
        super().__init__(plan, name)
        self.inner = cases_of(plan, self.written)
        self._where = plan.at("quantity", name, "quantity")
        for dossier in plan.dossiers.values():
            questions = self._questions(dossier)
            for each in questions.claim:
                try:
                    asked(questions, each)
                except InputError as error:
                    raise error.placed(self._where) from None

    @property
    def _quantity(self) -> Any:
        return QUANTITIES[self.written.quantity.replace("-", "_")]

    @property
    def values(self) -> tuple[Value, ...]:
        about = {"quantity": self._quantity.name, "units": self._quantity.unit}
        return (Value("value", "nominal", "float64", float("nan"), about),)

    def _questions(self, dossier: Dossier) -> Dossier:
        """The dossier with a claim for every architecture and threat in place of its own."""
        written = self.written.quantity
        known = QUANTITIES.get(written.replace("-", "_"))
        unit = known.unit if known else ""
        claims = {
            f"{architecture}:{threat}": Claim.model_construct(
                party="", statement=self.name, source="", quantity=written, holds=">=", reason="",
                threshold=f"0 {unit}" if unit not in ("", "%", "shots") else 0.0,
                cases={**self.written.cases, "architecture": architecture, "threat": threat},
            )
            for architecture in self.inner[0].labels
            for threat in self.inner[1].labels
        }  # fmt: skip
        return replace(dossier, claim=claims)

    def prepare(self, variant: Variant, case: Sequence[int]) -> Prepared:  # noqa: ARG002 - there is one
        questions = self._questions(variant.dossier)
        return _Shaped(Answers(variant, questions, list(questions.claim), list(questions.claim)), self.inner)

    def evaluations(self, case: Sequence[int]) -> int:  # noqa: ARG002 - there is one
        first = next(iter(self.plan.dossiers.values()))
        threats = self.inner[1].labels
        return len(self.inner[0]) * sum(pairs_of(first, threat) for threat in threats)

    def coordinates(self) -> dict[str, Coordinate]:
        return titles(self.plan, self.inner)

    def attributes(self) -> dict[str, Any]:
        return {**super().attributes(), "method": self._quantity.method}


class _Shaped(Prepared):
    """Answers by architecture and threat."""

    def __init__(self, answers: Answers, axes: Sequence[Axis]) -> None:
        self._answers, self._shape = answers, tuple(len(axis) for axis in axes)

    def work(self, block: int, worlds: Drawn | None) -> dict[str, Values]:
        found = self._answers.work(block, worlds)["value"]
        return {"value": found.reshape(*self._shape, found.shape[1])}


def pairs_of(dossier: Dossier, threat: str) -> int:
    """Flights of a threat; one where a question is about none."""
    if not threat:
        return 1
    data = dossier.threat[threat]
    return len(dossier.places[data.from_].point) * len(dossier.places[data.to].point)
