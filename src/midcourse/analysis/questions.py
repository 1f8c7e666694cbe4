"""Comparisons put as claims: a question for every comparison of every architecture, asked like any claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..dossier import Dossier, InputError
from ..dossier.dispute import Claim
from .quantity import QUANTITIES, Asked, asked
from .watching import acting


def question_id(comparison: str, architecture: str) -> str:
    """The name of the claim that a comparison makes of an architecture."""
    return f"{comparison}:{architecture}"


def questions_of(dossier: Dossier, architectures: Sequence[str]) -> Dossier:
    """The dossier with a claim for every comparison of every architecture in place of its own."""
    claims = {
        question_id(name, architecture): Claim.model_construct(
            party="",
            statement=comparison.name,
            source="",
            quantity=comparison.quantity,
            cases={**comparison.cases, "architecture": architecture},
            holds=">=",
            threshold=_nothing(comparison.quantity),
            reason="",
        )
        for name, comparison in dossier.comparison.items()
        for architecture in architectures
    }
    return replace(dossier, claim=claims)


def _nothing(quantity: str) -> float | str:
    """Zero in a quantity's unit: a claim has a threshold, and nobody asks for it here."""
    known = QUANTITIES.get(quantity.replace("-", "_"))
    return 0.0 if known is None or known.unit in ("%", "shots") else f"0 {known.unit}"


def ask(questions: Dossier, question: str) -> Asked:
    """The quantity and the case of a question; InputError, with its place, where it makes no sense."""
    try:
        return asked(questions, question)
    except InputError as error:
        name, _, architecture = question.partition(":")
        where = questions.where(f"comparison.{name}.quantity") or f"comparison.{name}"
        raise error.placed(f"{where} (comparison.{name}, for {architecture})") from error


def check_comparisons(dossier: Dossier) -> None:
    """InputError where a comparison makes no sense for an architecture that can act."""
    questions = questions_of(dossier, acting(dossier))
    for question in questions.claim:
        ask(questions, question)
