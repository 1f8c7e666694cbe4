"""Why a claim comes out as it does: which parameters decide it, how, and where each would turn it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..analysis.assessment import Interaction
from ..analysis.quantity import Detail
from ..dossier import Parameter
from . import deciding, sensitivity
from .asking import Drawn, Given, Inquiry, Outcome, Plan, Study, Unit
from .deciding import LEAST_SHARE, Evidence, Sampled, Share
from .design import BATCH
from .distributions import sweep
from .flipping import SWEEP_POINTS, Search, flips
from .gathering import evaluate
from .running import Run
from .sampling import edges, is_choice

Array = NDArray[np.float64]

#: Parameters of which it is said that they decide a claim by themselves, at most.
MOST_DECIDERS = 3


@dataclass(frozen=True, eq=False)
class Answer:
    """What a question comes to in the nominal world, with detail, and in every sample, SI."""

    inquiry: Inquiry
    nominal: float
    detail: Detail
    values: Array

    @property
    def passed(self) -> NDArray[np.bool_]:
        return self.inquiry.passes(self.values)


@dataclass(eq=False)
class Reason:
    """A parameter that decides a claim.

    Attributes
    ----------
    total, total_ci : the part of the variance in which it has a hand, where computed
    points, values : the claim's value along it, all else nominal, SI; none for a choice
    flips_at : where along it the outcome changes, SI
    """

    path: str
    share: Share
    total: float | None = None
    total_ci: tuple[float, float] | None = None
    points: Array = field(default_factory=lambda: np.zeros(0))
    values: Array = field(default_factory=lambda: np.zeros(0))
    flips_at: float | None = None


@dataclass(eq=False)
class Reasons:
    """All that decides a claim; ``leading`` are the parameters that explain most, whether much or little."""

    decided_by: list[Reason]
    leading: list[Reason]
    interactions: list[Interaction] = field(default_factory=list)


def evidence(plan: Plan, answers: Sequence[Answer]) -> tuple[Sampled, list[Evidence]]:
    """Claims in the samples, and the points of the unit cube that those were made from."""
    rows = max((len(answer.values) for answer in answers), default=0)
    batches = [Drawn(i).cube(plan).astype(np.float32) for i in range(-(-rows // BATCH))]
    cube = np.concatenate([np.zeros((0, len(plan.paths)), dtype=np.float32), *batches])[:rows]
    kinds = {
        plan.columns[path]: found for path in plan.paths if (found := edges(plan.dossier, path)) is not None
    }
    claims = [
        Evidence(tuple(plan.columns[path] for path in answer.inquiry.relevant), answer.values, answer.passed)
        for answer in answers
    ]
    return Sampled(cube, kinds), claims


def reasons(plan: Plan, sampled: Sampled, claims: Sequence[Evidence]) -> list[Reasons]:
    """What decides each claim by itself."""
    out = []
    for shares in deciding.shares(sampled, claims):
        ranked = sorted(shares.items(), key=lambda each: (-each[1].share, each[0]))
        leading = [Reason(plan.paths[column], share) for column, share in ranked[: sensitivity.LEADING]]
        deciders = [
            each
            for each in leading[:MOST_DECIDERS]
            if each.share.credible and each.share.share >= LEAST_SHARE
        ]
        out.append(Reasons(deciders, leading))
    return out


def find_totals(
    study: Study, run: Run[Unit, Outcome], answers: Sequence[Answer], claims: Sequence[Reasons], base: int
) -> None:
    """Total effects of the leading parameters, and how they interact, of the claims that samples disagree on.

    Claims of one setting that are led by the same parameters share their worlds.
    """
    plan = study.plan
    together: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for i, claim in enumerate(claims):
        if claim.leading and 0 < answers[i].passed.sum() < len(answers[i].passed):
            paths = tuple(sorted(each.path for each in claim.leading))
            together.setdefault((id(study.asked[i].setting), paths), []).append(i)
    units: list[Unit] = []
    for (_, paths), members in together.items():
        groups = _groups(plan, paths)
        batches = -(-base // sensitivity.BASE)
        units += [Unit(tuple(members), sensitivity.Exchanged(k, groups)) for k in range(batches)]
    parts: dict[int, list[Array]] = {}
    outcomes = evaluate(run, "what decides together", units)
    if len(outcomes) < len(units):
        return
    for outcome in outcomes:
        for i, values in outcome.items():
            parts.setdefault(i, []).append(values)
    for i, found in parts.items():
        _tell_totals(plan, claims[i], np.concatenate(found))


def _groups(plan: Plan, leading: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What is exchanged together: each leading parameter, with those that physics ties to it, and all others.
    A parameter tied to an earlier one has gone with it, and has no group of its own.
    """
    groups: list[tuple[str, ...]] = []
    for path in leading:
        if not any(path in group for group in groups):
            tied = plan.ties.together.get(plan.columns[path], (plan.columns[path],))
            groups.append(tuple(plan.paths[column] for column in tied))
    # What none of the claims depends on is exchanged as well, and changes nothing.
    return (*groups, tuple(path for path in plan.paths if not any(path in group for group in groups)))


def _tell_totals(plan: Plan, claim: Reasons, values: Array) -> None:
    by_path = {each.path: each for each in claim.leading}
    groups = _groups(plan, sorted(by_path))
    found = sensitivity.indices(values, len(groups), plan.seed)
    if found is None:
        return
    ordered = [next(by_path[path] for path in sorted(by_path) if path in group) for group in groups[:-1]]
    for k, reason in enumerate(ordered):
        reason.total, reason.total_ci = sensitivity.clipped(found.total[k], found.total_half[k])
        # What decides nothing by itself may decide much with others; and what seemed to decide by chance is
        # found out.
        listed = reason in claim.decided_by
        if not listed and reason.total_ci[0] >= LEAST_SHARE:
            claim.decided_by.append(reason)
        elif listed and reason.total < LEAST_SHARE:
            claim.decided_by.remove(reason)
        for m in range(k + 1, len(ordered)):
            share, half = float(found.pairs[k, m]), float(found.pairs_half[k, m])
            if share - half > 0.0 and share > LEAST_SHARE:
                pair = (reason.path, ordered[m].path)
                claim.interactions.append(Interaction(pair, *sensitivity.clipped(share, half)))


def find_flips(study: Study, run: Run[Unit, Outcome], claims: Sequence[Reasons]) -> None:
    """The value of every claim along the parameters that decide it, all else nominal, and where its outcome
    changes.
    """
    # A claim's own figures may give a parameter another range than the dossier does.
    deciders: dict[tuple[str, Parameter], list[tuple[int, Reason]]] = {}
    for i, claim in enumerate(claims):
        parameters = study.asked[i].setting.dossier.parameters()
        for reason in claim.decided_by:
            if not is_choice(reason.path):
                deciders.setdefault((reason.path, parameters[reason.path]), []).append((i, reason))
    units = [
        Unit(tuple(i for i, _ in found), Given({path: sweep(parameter, SWEEP_POINTS)}, SWEEP_POINTS))
        for (path, parameter), found in deciders.items()
    ]
    searches: list[tuple[int, Reason, Search]] = []
    outcomes = evaluate(run, "along what decides", units)
    for ((_, parameter), found), outcome in zip(deciders.items(), outcomes, strict=False):
        for i, reason in found:
            reason.points, reason.values = sweep(parameter, SWEEP_POINTS), outcome[i]
            inquiry = study.asked[i]
            test = (inquiry.comparison, inquiry.threshold)
            searches.append((i, reason, Search(reason.points, reason.values, *test, parameter.value)))

    def model(asked: Sequence[tuple[int, Array]]) -> list[Array]:
        tried = []
        for k, at in asked:
            i, reason, _ = searches[k]
            tried.append(Unit((i,), Given({reason.path: at}, len(at))))
        return [next(iter(outcome.values())) for outcome in evaluate(run, "where it flips", tried)]

    found_at = flips([search for _, _, search in searches], model)
    for (_, reason, _), at in zip(searches, found_at, strict=True):
        reason.flips_at = at
