"""From what was computed to what is told: results in the units that claims and parameters are written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..analysis.assessment import (
    ClaimResult,
    Curve,
    Decider,
    Disclosure,
    DossierDecider,
    Standpoint,
    Verdict,
)
from ..analysis.quantity import Quantity
from ..dossier import Dossier, from_si
from . import judging
from .asking import Question
from .deciding import Overall
from .design import Sampler
from .reasons import Answer, Reason, Reasons
from .settling import Worth
from .standpoints import View

Array = NDArray[np.float64]

#: Parameters that a dossier as a whole is said to be decided by, at most.
MOST_DECIDERS = 12


def result(
    dossier: Dossier,
    sampler: Sampler,
    answer: Answer,
    reasons: Reasons,
    views: Sequence[View],
    answers: Mapping[Question, Answer],
) -> ClaimResult:
    """All that is told of a claim; standpoints are those whose answers are there."""
    inquiry = answer.inquiry
    data = dossier.claim[inquiry.id]
    quantity = inquiry.asked.quantity
    scale = scale_of(quantity)
    low, high = spread(answer)
    probability, interval, verdict = judged(dossier, sampler, answer)
    source = dossier.source.get(data.source)
    return ClaimResult(
        id=inquiry.id,
        party=data.party,
        statement=data.statement,
        source=dossier.cite(data.source),
        source_url=source.url if source else None,
        quantity=quantity.name,
        unit=quantity.unit,
        method=" ".join(filter(None, (quantity.method, data.method))),
        holds=data.holds,
        threshold=inquiry.threshold * scale,
        reason=data.reason,
        value=answer.nominal * scale,
        low=low * scale,
        high=high * scale,
        verdict=verdict,
        probability=probability,
        probability_ci=interval,
        decided_by=[_decider(dossier, reason) for reason in reasons.decided_by],
        sampled_values=[float(v) * scale for v in answer.values if np.isfinite(v)],
        detail=answer.detail,
        curve=_curve(dossier, quantity, reasons.decided_by, scale),
        samples=len(answer.values),
        interactions=reasons.interactions,
        standpoints=[
            standpoint(dossier, sampler, view, answers[view.question])
            for view in views
            if view.question in answers
        ],
    )


def scale_of(quantity: Quantity) -> float:
    """A quantity's SI value of one in its own unit."""
    plain = {"%": 100.0, "shots": 1.0}
    return plain[quantity.unit] if quantity.unit in plain else from_si(1.0, quantity.unit)


def spread(answer: Answer) -> tuple[float, float]:
    """The 5-95 % range of the samples, SI; the nominal value where there are none."""
    known = answer.values[np.isfinite(answer.values)]
    if not len(known):
        return answer.nominal, answer.nominal
    low, high = np.percentile(known, [5, 95])
    return float(low), float(high)


def judged(dossier: Dossier, sampler: Sampler, answer: Answer) -> tuple[float, tuple[float, float], Verdict]:
    """Probability that the claim holds, its interval, and the verdict."""
    passed = answer.passed
    if len(passed):
        probability, interval = float(passed.mean()), judging.interval(passed, sampler)
    else:
        probability = float(answer.inquiry.passes(np.array([answer.nominal]))[0])
        interval = (0.0, 1.0)
    header = dossier.dossier
    assert header is not None
    verdict = judging.verdict(probability, header.supported.value, header.refuted.value)
    return probability, interval, verdict


def standpoint(dossier: Dossier, sampler: Sampler, view: View, answer: Answer) -> Standpoint:
    """The verdict under a viewpoint."""
    title, source = "The catalog's own figures", ""
    if view.viewpoint:
        taken = dossier.viewpoint[view.viewpoint]
        title, source = taken.name, dossier.cite(taken.source)
    scale = scale_of(answer.inquiry.asked.quantity)
    low, high = spread(answer)
    probability, interval, verdict = judged(dossier, sampler, answer)
    return Standpoint(
        viewpoint=view.viewpoint,
        title=title,
        source=source,
        touches=view.touches,
        value=answer.nominal * scale,
        low=low * scale,
        high=high * scale,
        verdict=verdict,
        probability=probability,
        probability_ci=interval,
        samples=len(answer.values),
    )


def dossier_deciders(
    names: Sequence[str], paths: Sequence[str], found: Mapping[int, Overall]
) -> list[DossierDecider]:
    """The parameters that decide in the dossier as a whole, those that decide most first."""
    out = [
        DossierDecider(paths[column], each.share, each.ci, [names[i] for i in each.claims])
        for column, each in found.items()
        if each.claims and each.ci[0] > 0.0
    ]
    return sorted(out, key=lambda each: (-each.share, each.parameter))[:MOST_DECIDERS]


def disclosures(names: Sequence[str], paths: Sequence[str], found: Mapping[int, Worth]) -> list[Disclosure]:
    """What publishing each figure would be worth, that which is worth most first."""
    out = [
        Disclosure(
            paths[column],
            max(each.drop, 0.0),
            (max(each.ci[0], 0.0), max(each.ci[1], 0.0)),
            [(names[i], drop) for i, drop in each.claims],
        )
        for column, each in found.items()
    ]
    return sorted(out, key=lambda each: (-each.drop, each.parameter))


def _decider(dossier: Dossier, reason: Reason) -> Decider:
    known = dossier.parameters().get(reason.path)
    unit = known.unit if known else ""
    return Decider(
        parameter=reason.path,
        share=reason.share.share,
        flips_at=None if reason.flips_at is None else from_si(reason.flips_at, unit),
        unit=unit,
        share_ci=reason.share.ci,
        total=reason.total,
        total_ci=reason.total_ci,
    )


def _curve(dossier: Dossier, quantity: Quantity, reasons: Sequence[Reason], scale: float) -> Curve | None:
    """The claim's value along the parameter that decides it most."""
    reason = next((each for each in reasons if len(each.points)), None)
    if reason is None:
        return None
    unit = dossier.parameters()[reason.path].unit
    name = quantity.name.replace("_", " ")
    return Curve(
        reason.path,
        unit,
        name,
        quantity.unit,
        [from_si(float(x), unit) for x in reason.points],
        {name: [float(y) * scale for y in reason.values]},
    )
