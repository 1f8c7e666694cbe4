"""Assessing a dossier: every claim over the same samples, judged, and what decides it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..analysis.assessment import Assessment, ClaimResult, Curve, Decider
from ..analysis.quantity import Detail, asked
from ..analysis.scene import scene_of
from ..dossier import Dossier, InputError, from_si
from ..model.memory import Memory
from . import judging
from .appendix import notes_on, parameter_rows, sources
from .asking import Drawn, Given, Inquiry, Outcome, Plan, Question, Study, Unit, inquiries
from .design import BATCH, Sampler
from .distributions import sweep
from .running import Engine, Progress, Run, Threads
from .sampling import is_choice

Array = NDArray[np.float64]

#: A parameter that explains less of a value's variance than this is not said to decide it.
LEAST_SHARE = 0.05
MOST_DECIDERS = 3
#: Points over a deciding parameter's range, at which its effect alone is computed.
SWEEP_POINTS = 13


@dataclass
class Answer:
    """What is known of a claim: its value in the nominal world with detail, and in every sample, SI."""

    inquiry: Inquiry
    nominal: float
    detail: Detail
    values: Array

    @property
    def id(self) -> str:
        return self.inquiry.id


def assess(
    dossier: Dossier,
    *,
    samples: int | None = None,
    seed: int = 0,
    sampler: Sampler = "sobol",
    architecture: str | None = None,
    workers: int | None = None,
    command: str = "",
    progress: Callable[[Progress], None] | None = None,
    memory: Memory | None = None,
    engine: Engine | None = None,
) -> Assessment:
    """Judge every claim of a dossier.

    Parameters
    ----------
    samples : worlds drawn from the published ranges; the dossier's own number if left out
    seed : the same seed gives the same result, whatever the number of workers
    sampler : how the worlds are drawn, see ``design``
    architecture : only the claims about this architecture
    workers : threads; one a core if left out
    progress : called as the work goes on, from any thread
    engine : who works the samples; a pool of threads if left out
    """
    started = time.perf_counter()
    if dossier.dossier is None or not dossier.claim:
        raise InputError("the dossier makes no claims", expected="at least one [claim.NAME]")
    header = dossier.dossier
    samples = header.samples if samples is None else samples
    workers = workers or os.cpu_count() or 1
    engine = engine or Threads(workers)
    tell = progress or (lambda _: None)
    memory = memory or Memory()
    questions = tuple(Question(name) for name in _claims(dossier, architecture))
    ready = inquiries(dossier, questions, memory, workers, lambda what: tell(Progress(what, 0, 0)))
    paths = sorted({path for inquiry in ready for path in inquiry.relevant})
    plan = Plan(dossier, questions, tuple(paths), sampler, seed)
    study = Study(plan, ready)
    every = range(len(questions))
    seen: dict[int, tuple[float, Detail]] = {}
    looking = Run(engine, study.look, tell)
    for part in looking.leading("the nominal world", study.nominal_units(every), len(every), _asked):
        seen.update(part)
    run = Run(engine, study.work, tell)
    with run.interruptible():
        values = _sampled(study, run, samples)
        answers = [Answer(ready[i], *seen[i], values[i]) for i in every]
        deciders = {answer.id: _deciders(plan, answer) for answer in answers}
        curves = _sweeps(study, run, answers, deciders)
    drawn = max((len(each) for each in values), default=0)
    results = [_result(dossier, answer, deciders[answer.id], curves[answer.id]) for answer in answers]
    tell(Progress("the map", 0, 0))
    scene = scene_of(dossier, [inquiry.asked.case for inquiry in ready], memory, workers)
    return Assessment(
        dossier=header.name,
        title=header.title,
        summary=header.summary,
        date=header.date,
        version=__version__,
        seed=seed,
        samples=drawn,
        hash=dossier.hash,
        command=command,
        seconds=time.perf_counter() - started,
        claims=results,
        parameters=parameter_rows(dossier, ready),
        scene=scene,
        notes=notes_on(dossier, ready, paths),
        sources=sources(dossier),
        sampler=sampler,
        interrupted=run.interrupted,
    )


def _claims(dossier: Dossier, architecture: str | None) -> list[str]:
    """The claims asked about."""
    if architecture is None:
        return list(dossier.claim)
    dossier.get("architecture", architecture, where="--architecture")
    cases = {name: asked(dossier, name).case for name in dossier.claim}
    found = [name for name, case in cases.items() if architecture in (case.architecture, case.baseline)]
    if not found:
        raise InputError(
            "no claim is about the architecture {value}", where="--architecture", value=architecture,
            expected="one that a claim names",
        )  # fmt: skip
    return found


def _asked(unit: Unit) -> int:
    return len(unit.questions)


def _sampled(study: Study, run: Run[Unit, Outcome], samples: int) -> list[Array]:
    """Every question's value in every sample."""
    most = [inquiry.asked.quantity.most_rows or samples for inquiry in study.asked]
    starts = range(0, samples, BATCH)
    units = (
        Unit(
            tuple(i for i, rows in enumerate(most) if start < rows),
            Drawn(start // BATCH, min(BATCH, samples - start)),
        )
        for start in starts
    )
    parts: list[list[Array]] = [[] for _ in study.asked]
    for outcome in run.leading("sampled worlds", units, samples, lambda unit: unit.size):
        for question, values in outcome.by_question().items():
            parts[question].append(values)
    return [np.concatenate([np.zeros(0), *each]) for each in parts]


def _deciders(plan: Plan, answer: Answer) -> list[tuple[str, float]]:
    """The parameters that explain most of a claim's variance, with their shares."""
    values = answer.values
    if not len(values):
        return []
    cube = np.concatenate([Drawn(i).cube(plan) for i in range(-(-len(values) // BATCH))])[: len(values)]
    shares = []
    for path in answer.inquiry.relevant:
        column = cube[:, plan.columns[path]]
        share = judging.first_order_share(column, values)
        if share >= max(LEAST_SHARE, judging.share_by_chance(len(values))):
            shares.append((path, share))
    return sorted(shares, key=lambda each: (-each[1], each[0]))[:MOST_DECIDERS]


def _sweeps(
    study: Study,
    run: Run[Unit, Outcome],
    answers: Sequence[Answer],
    deciders: dict[str, list[tuple[str, float]]],
) -> dict[str, dict[str, tuple[Array, Array]]]:
    """For every claim and each parameter that decides it: the parameter's values, and the claim's, all else
    nominal.
    """
    parameters = study.plan.dossier.parameters()
    wanted = sorted({p for found in deciders.values() for p, _ in found if not is_choice(p)})
    out: dict[str, dict[str, tuple[Array, Array]]] = {answer.id: {} for answer in answers}
    units = []
    for path in wanted:
        about = tuple(i for i, answer in enumerate(answers) if any(path == p for p, _ in deciders[answer.id]))
        units.append(Unit(about, Given({path: sweep(parameters[path], SWEEP_POINTS)}, SWEEP_POINTS)))
    for path, outcome in zip(
        wanted, run.leading("what decides", units, len(units), lambda _: 1), strict=False
    ):
        points = sweep(parameters[path], SWEEP_POINTS)
        for question, values in outcome.by_question().items():
            out[answers[question].id][path] = (points, values)
    return out


def _result(
    dossier: Dossier,
    answer: Answer,
    deciders: list[tuple[str, float]],
    curves: dict[str, tuple[Array, Array]],
) -> ClaimResult:
    claim = answer.inquiry
    data = dossier.claim[claim.id]
    quantity = claim.asked.quantity
    scale = (
        100.0 if quantity.unit == "%" else 1.0 if quantity.unit == "shots" else from_si(1.0, quantity.unit)
    )
    values = answer.values
    passed = judging.holds(values, data.holds, claim.threshold)
    nominal = answer.nominal
    known = values[np.isfinite(values)]
    low, high = (float(q) for q in np.percentile(known, [5, 95])) if len(known) else (nominal, nominal)
    if len(values):
        probability = float(passed.mean())
        interval = judging.wilson_interval(int(passed.sum()), len(values))
    else:
        probability = float(judging.holds(np.array([nominal]), data.holds, claim.threshold)[0])
        interval = (0.0, 1.0)
    header = dossier.dossier
    assert header is not None
    parameters = dossier.parameters()
    found = []
    for path, share in deciders:
        flips_at, unit = None, ""
        if path in curves:
            x, y = curves[path]
            unit = parameters[path].unit
            at = judging.flip(x, y, data.holds, claim.threshold, parameters[path].value)
            flips_at = None if at is None else from_si(at, unit)
        found.append(Decider(path, share, flips_at, unit))
    source = dossier.source.get(data.source)
    method = " ".join(filter(None, (quantity.method, data.method)))
    return ClaimResult(
        id=claim.id,
        party=data.party,
        statement=data.statement,
        source=dossier.cite(data.source),
        source_url=source.url if source else None,
        quantity=quantity.name,
        unit=quantity.unit,
        method=method,
        holds=data.holds,
        threshold=claim.threshold * scale,
        reason=data.reason,
        value=nominal * scale,
        low=low * scale,
        high=high * scale,
        verdict=judging.verdict(probability, header.supported.value, header.refuted.value),
        probability=probability,
        probability_ci=interval,
        decided_by=found,
        sampled_values=[float(v) * scale for v in values if np.isfinite(v)],
        detail=answer.detail,
        samples=len(values),
        curve=_curve(dossier, claim, {path: curves[path] for path, _ in deciders if path in curves}, scale),
    )


def _curve(
    dossier: Dossier, claim: Inquiry, curves: dict[str, tuple[Array, Array]], scale: float
) -> Curve | None:
    """The claim's value along the parameter that decides it most."""
    if not curves:
        return None
    path, (x, y) = next(iter(curves.items()))
    unit = dossier.parameters()[path].unit
    name = claim.asked.quantity.name.replace("_", " ")
    return Curve(
        path,
        unit,
        name,
        claim.asked.quantity.unit,
        [from_si(float(v), unit) for v in x],
        {name: [float(v) * scale for v in y]},
    )
