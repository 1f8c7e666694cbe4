"""Claims with their verdicts, in the words of the report, as the widget lists them."""

from __future__ import annotations

from typing import Any

from ..analysis.assessment import Assessment, ClaimResult
from ..output import wording
from ..output.numbers import counted


def claims_of(assessment: Assessment) -> list[dict[str, Any]]:
    """The claims of an assessment as plain data (``web/src/notebook/model.ts``)."""
    return [_line(each) for each in assessment.claims]


def _line(claim: ClaimResult) -> dict[str, Any]:
    value, spread = wording.value(claim), wording.value_range(claim)
    return {
        "id": claim.id,
        "statement": claim.statement,
        "party": claim.party,
        "verdict": claim.verdict,
        "probability": claim.probability,
        "probability_ci": list(claim.probability_ci),
        "chance": f"{wording.probability(claim)} of {counted(claim.samples, 'world')}",
        "value": f"{value} ({spread})" if spread else value,
        "test": wording.threshold(claim),
        "decides": wording.decides(claim),
    }
