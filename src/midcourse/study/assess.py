"""Assessing a dossier: every claim over the same samples, judged; what decides it, whose figures make it
true, and which disclosure would settle most.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence

from .. import __version__
from ..analysis.assessment import Assessment, Scene
from ..analysis.quantity import Detail, asked
from ..analysis.scene import scene_of
from ..dossier import Dossier, InputError
from ..model.memory import Memory
from . import deciding, settling
from .answering import disclosures, dossier_deciders, result
from .appendix import notes_on, parameter_rows, sources
from .asking import Plan, Question, Study, Unit, inquiries
from .design import Sampler
from .gathering import MOST_SAMPLES, gather
from .reasons import Answer, evidence, find_flips, find_totals, reasons
from .running import Engine, Progress, Run, Threads
from .sensitivity import sensible_base
from .standpoints import samples_for, views


def assess(
    dossier: Dossier,
    *,
    samples: int | None = None,
    seed: int = 0,
    sampler: Sampler = "sobol",
    precision: float | None = None,
    most: int | None = None,
    totals: int | None = 0,
    standpoints: bool = True,
    mapped: bool = True,
    architecture: str | None = None,
    only: Sequence[str] | None = None,
    held: Mapping[str, float] | None = None,
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
    precision : draw worlds until every claim's probability is known to so much, in place of ``samples``
    most : worlds at which a run for precision gives up
    totals : base points of the exchanges that tell total effects and interactions; 0 for none, None for as
        many as cost about what the samples do
    standpoints : whether to judge claims under every party's figures, too
    mapped : whether flights and intercepts are laid out for a map
    architecture : only the claims about this architecture
    only : these claims alone
    held : parameters held at a value within their published range, see ``asking.Plan``
    workers : threads; one a core if left out
    progress : called as the work goes on
    engine : who works the samples; a pool of threads if left out
    """
    started = time.perf_counter()
    if dossier.dossier is None or not dossier.claim:
        raise InputError("the dossier makes no claims", expected="at least one [claim.NAME]")
    header = dossier.dossier
    workers = workers or os.cpu_count() or 1
    tell = progress or (lambda _: None)
    memory = memory or Memory()
    names = _claims(dossier, architecture) if only is None else list(only)
    seen_from = {name: views(dossier, name) if standpoints else [] for name in names}
    # The claims as they stand first, then what else their standpoints ask.
    every = [Question(name) for name in names]
    every += [view.question for name in names for view in seen_from[name]]
    questions = tuple(dict.fromkeys(every))
    ready = inquiries(dossier, questions, memory, workers, lambda what: tell(Progress(what, 0, 0)))
    paths = tuple(sorted({path for inquiry in ready for path in inquiry.relevant}))
    plan = Plan(dossier, questions, paths, sampler, seed, held or {})
    ready = tuple(inquiry.without(plan.held) for inquiry in ready)
    study = Study(plan, ready, len(names))
    engine = engine or Threads(workers)
    seen = _nominal(study, engine, tell)
    run = Run(engine, study.work, tell)
    if precision is None:
        limit = header.samples if samples is None else samples
    else:
        limit = MOST_SAMPLES if most is None else most
    count = len(names)
    with run.interruptible():
        limits = [limit] * count
        # Whoever asks for precision gets it, at whatever cost.
        if precision is None:
            limits = [inquiry.asked.quantity.rows_of(limit) for inquiry in ready[:count]]
        values = gather(study, run, limits, "sampled worlds", precision)
        claims = [Answer(ready[i], *seen[i], values[i]) for i in range(count)]
        sampled, found = evidence(study.plan, claims)
        why = reasons(study.plan, sampled, found)
        drawn = max(len(each) for each in values)
        find_totals(study, run, claims, why, sensible_base(drawn) if totals is None else totals)
        find_flips(study, run, why)
        few = [0] * count + [samples_for(drawn, inquiry.asked.quantity) for inquiry in ready[count:]]
        others = gather(study, run, few, "whose figures make it true")
    answers = dict(zip(questions, claims, strict=False))
    if not run.interrupted:
        for i in range(count, len(questions)):
            answers[questions[i]] = Answer(ready[i], *seen[i], others[i])
    kept = {path for path, parameter in dossier.parameters().items() if parameter.undisclosed}
    secret = [column for column, path in enumerate(paths) if path in kept]
    scene = Scene()
    if mapped:
        tell(Progress("the map", 0, 0))
        scene = scene_of(dossier, [inquiry.asked.case for inquiry in ready[:count]], memory, workers)
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
        claims=[
            result(dossier, sampler, claim, reason, seen_from[claim.inquiry.id], answers)
            for claim, reason in zip(claims, why, strict=True)
        ],
        parameters=parameter_rows(dossier, ready[:count]),
        scene=scene,
        notes=notes_on(dossier, ready[:count], paths, limits),
        sources=sources(dossier),
        sampler=sampler,
        precision=precision,
        interrupted=run.interrupted,
        deciders=dossier_deciders(names, paths, deciding.overall(sampled, found)),
        disclosures=disclosures(names, paths, settling.worth(sampled, found, secret)),
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


def _nominal(
    study: Study, engine: Engine, tell: Callable[[Progress], None]
) -> dict[int, tuple[float, Detail]]:
    """What every question comes to in the nominal world. What all samples share is computed here."""
    seen: dict[int, tuple[float, Detail]] = {}
    looking: Run[Unit, dict[int, tuple[float, Detail]]] = Run(engine, study.look, tell)
    every = range(len(study.asked))
    units = study.nominal_units(every)
    for part in looking.leading("the nominal world", units, len(every), lambda unit: len(unit.questions)):
        seen.update(part)
    return seen
