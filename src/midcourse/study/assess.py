"""Assessing a dossier: every claim over the same samples, worked through in chunks by a pool of threads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..analysis.assessment import (
    Assessment,
    ClaimResult,
    Curve,
    Decider,
)
from ..analysis.quantity import Detail, asked, read_threshold
from ..analysis.scene import scene_of
from ..analysis.setting import Setting
from ..analysis.world import World
from ..dossier import Dossier, InputError, from_si
from ..model.memory import Memory
from . import judging, sampling
from .appendix import ClaimAsked, notes_on, parameter_rows, sources
from .sampling import Design

Array = NDArray[np.float64]

#: Samples worked on together: enough to keep the kernels busy, few enough to keep memory small.
CHUNK = 32
#: A parameter that explains less of a value's variance than this is not said to decide it.
LEAST_SHARE = 0.05
MOST_DECIDERS = 3
#: Points over a deciding parameter's range, at which its effect alone is computed.
SWEEP_POINTS = 13


@dataclass(frozen=True)
class Progress:
    """How far an assessment is; ``done`` and ``total`` count pieces of the present stage."""

    stage: str
    done: int
    total: int


def assess(
    dossier: Dossier,
    *,
    samples: int | None = None,
    seed: int = 0,
    architecture: str | None = None,
    workers: int | None = None,
    command: str = "",
    progress: Callable[[Progress], None] | None = None,
    memory: Memory | None = None,
) -> Assessment:
    """Judge every claim of a dossier.

    Parameters
    ----------
    samples : worlds drawn from the published ranges; the dossier's own number if left out
    seed : the same seed gives the same result, whatever the number of workers
    architecture : only the claims about this architecture
    workers : threads; one a core if left out
    progress : called as the work goes on, from any thread
    """
    started = time.perf_counter()
    if dossier.dossier is None or not dossier.claim:
        raise InputError("the dossier makes no claims", expected="at least one [claim.NAME]")
    if architecture is not None:
        dossier.get("architecture", architecture, where="--architecture")
    header = dossier.dossier
    samples = header.samples if samples is None else samples
    workers = workers or os.cpu_count() or 1
    tell = progress or (lambda _: None)
    memory = memory or Memory()
    claims = _claims(dossier, architecture, memory, workers, lambda what: tell(Progress(what, 0, 0)))
    union = sorted({path for claim in claims for path in claim.relevant})
    drawn = sampling.design(dossier, union, samples, seed)
    # The nominal world first: what all samples share is computed here. Claims of one setting find their
    # answers in one world.
    nominal = {id(claim.setting): World(claim.setting, {}, {}, 1) for claim in claims}
    details: dict[str, Detail] = {}

    def look(setting: int) -> None:
        for claim in _demanding(claim for claim in claims if id(claim.setting) == setting):
            quantity, case = claim.asked.quantity, claim.asked.case
            tell(Progress("the nominal world", len(details), len(claims)))
            claim.values = np.asarray(quantity.compute(nominal[setting], case), dtype=np.float64)
            details[claim.id] = quantity.detail(nominal[setting], case) if quantity.detail else []

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(look, nominal))
    for claim, values in zip(claims, _values(claims, drawn, workers, "sampled worlds", tell), strict=True):
        claim.values = values
    deciders = {claim.id: _deciders(claim, drawn) for claim in claims}
    curves = _sweeps(dossier, claims, deciders, workers, tell)
    results = [
        _result(dossier, claim, details[claim.id], deciders[claim.id], curves[claim.id]) for claim in claims
    ]
    tell(Progress("the map", 0, 0))
    scene = scene_of(dossier, [claim.asked.case for claim in claims], memory, workers)
    return Assessment(
        dossier=header.name,
        title=header.title,
        summary=header.summary,
        date=header.date,
        version=__version__,
        seed=seed,
        samples=samples,
        hash=dossier.hash,
        command=command,
        seconds=time.perf_counter() - started,
        claims=results,
        parameters=parameter_rows(dossier, claims),
        scene=scene,
        notes=notes_on(dossier, claims, union),
        sources=sources(dossier),
    )


def _claims(
    dossier: Dossier, architecture: str | None, memory: Memory, workers: int, report: Callable[[str], None]
) -> list[ClaimAsked]:
    """The claims asked about, each with its setting; claims with the same figures share one."""
    found = []
    settings: dict[tuple[str, tuple[str, ...]], Setting] = {}
    for name in dossier.claim:
        question = asked(dossier, name)
        case = question.case
        if architecture is not None and architecture not in (case.architecture, case.baseline):
            continue
        figures = dossier.for_claim(name)
        relevant = sampling.relevant(figures, name)
        # Vehicles multiply the fly-out tables: settings differ by which of their parameters are sampled.
        sampled = tuple(path for path in relevant if path.startswith(("motor.", "interceptor.")))
        vehicles = tuple(path for path in sampled if not path.endswith(_CHEAP))
        key = (figures.hash, vehicles)
        if key not in settings:
            settings[key] = Setting(figures, (), memory, workers, report)
        setting = settings[key]
        setting.open(relevant)
        threshold = read_threshold(dossier, name, question.quantity.unit)
        found.append(ClaimAsked(name, question, threshold, setting, relevant))
    if not found:
        raise InputError(
            "no claim is about the architecture {value}", where="--architecture", value=architecture,
            expected="one that a claim names",
        )  # fmt: skip
    return found


# Interceptor parameters that leave its flight alone, and the payload, which all tables are made for.
_CHEAP = (
    ".payload", ".burnout_speed", ".minimum_altitude", ".longest_flight", ".divert", ".homing_time",
    ".seeker_view", ".kill_probability",
)  # fmt: skip


def _demanding(claims: Iterable[ClaimAsked]) -> list[ClaimAsked]:
    """Claims by what they ask of a world, the most first: the others find their answers in it."""
    demands = ("commit", "shots")
    return sorted(claims, key=lambda claim: -sum(each in claim.asked.quantity.reads for each in demands))


def _values(
    claims: Sequence[ClaimAsked], drawn: Design, workers: int, stage: str, tell: Callable[[Progress], None]
) -> list[Array]:
    """Every claim's value in every sample; each chunk of samples computes what its claims share once."""
    order, place = _demanding(claims), {claim.id: i for i, claim in enumerate(claims)}
    chunks = [slice(start, min(start + CHUNK, drawn.rows)) for start in range(0, drawn.rows, CHUNK)]
    done = 0

    def work(chunk: slice) -> list[Array]:
        nonlocal done
        part = drawn.take(chunk)
        worlds: dict[int, World] = {}
        values = [np.full(part.rows, np.nan)] * len(claims)
        for claim in order:
            most = claim.asked.quantity.most_rows
            if most is not None and chunk.start >= most:
                continue
            key = id(claim.setting)
            if key not in worlds:
                worlds[key] = World(claim.setting, part.values, part.choices, part.rows)
            values[place[claim.id]] = np.asarray(
                claim.asked.quantity.compute(worlds[key], claim.asked.case), dtype=np.float64
            )
        done += 1
        tell(Progress(stage, done, len(chunks)))
        return values

    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(work, chunks))
    return [np.concatenate([part[i] for part in parts]) for i in range(len(claims))]


def _sampled(claim: ClaimAsked) -> Array:
    """The values of the samples that were computed, without the nominal world."""
    most = claim.asked.quantity.most_rows
    return claim.values[1:] if most is None else claim.values[1:most]


def _deciders(claim: ClaimAsked, drawn: Design) -> list[tuple[str, float]]:
    """The parameters that explain most of a claim's variance, with their shares."""
    values = _sampled(claim)
    shares = []
    for path in claim.relevant:
        column = drawn.choices[path.split(".")[1]] if path.endswith(".missile") else drawn.values[path]
        share = judging.first_order_share(np.asarray(column[1 : 1 + len(values)], dtype=np.float64), values)
        if share >= max(LEAST_SHARE, judging.share_by_chance(len(values))):
            shares.append((path, share))
    return sorted(shares, key=lambda each: (-each[1], each[0]))[:MOST_DECIDERS]


def _sweeps(
    dossier: Dossier,
    claims: Sequence[ClaimAsked],
    deciders: dict[str, list[tuple[str, float]]],
    workers: int,
    tell: Callable[[Progress], None],
) -> dict[str, dict[str, tuple[Array, Array]]]:
    """For every claim and each parameter that decides it: the parameter's values, and the claim's, all else
    nominal.
    """
    parameters = dossier.parameters()
    wanted = sorted({p for found in deciders.values() for p, _ in found if not p.endswith(".missile")})
    out: dict[str, dict[str, tuple[Array, Array]]] = {claim.id: {} for claim in claims}
    done = 0

    def work(path: str) -> None:
        nonlocal done
        points = sampling.sweep(dossier, path, SWEEP_POINTS)
        about = [claim for claim in claims if any(path == p for p, _ in deciders[claim.id])]
        open_paths = {p for claim in about for p in claim.setting.sampled}
        values = {p: np.full(len(points), parameters[p].value) for p in open_paths if p in parameters}
        values[path] = points
        swept = Design(tuple(values), values, {}, len(points))
        columns = _values(about, swept, 1, "what decides", lambda _: None)
        for claim, column in zip(about, columns, strict=True):
            out[claim.id][path] = (points, column)
        done += 1
        tell(Progress("what decides", done, len(wanted)))

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, wanted))
    return out


def _result(
    dossier: Dossier,
    claim: ClaimAsked,
    detail: Detail,
    deciders: list[tuple[str, float]],
    curves: dict[str, tuple[Array, Array]],
) -> ClaimResult:
    data = dossier.claim[claim.id]
    quantity = claim.asked.quantity
    scale = (
        100.0 if quantity.unit == "%" else 1.0 if quantity.unit == "shots" else from_si(1.0, quantity.unit)
    )
    values = _sampled(claim)
    passed = judging.holds(values, data.holds, claim.threshold)
    nominal = float(claim.values[0])
    known = values[np.isfinite(values)]
    low, high = (float(q) for q in np.percentile(known, [5, 95])) if len(known) else (nominal, nominal)
    if len(values):
        probability = float(passed.mean())
        interval = judging.wilson_interval(int(passed.sum()), len(values))
    else:
        probability = float(judging.holds(claim.values[:1], data.holds, claim.threshold)[0])
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
        detail=detail,
        curve=_curve(dossier, claim, {path: curves[path] for path, _ in deciders if path in curves}, scale),
    )


def _curve(
    dossier: Dossier, claim: ClaimAsked, curves: dict[str, tuple[Array, Array]], scale: float
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
