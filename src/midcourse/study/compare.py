"""Comparing architectures: every quantity of the dossier's comparisons over the same samples for each of
them, so that what is uncertain in both drops out of their differences.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..analysis.comparison import Compared, Cost, Difference, Figure, Row, known
from ..analysis.questions import ask, question_id, questions_of
from ..analysis.watching import acting
from ..dossier import Dossier, InputError, from_si
from ..dossier.dispute import Comparison
from ..model.memory import Memory
from .asking import Given, Plan, Question, Study, Unit, inquiries
from .gathering import gather
from .running import Progress, Run, Threads

Array = NDArray[np.float64]
#: A nominal value and the ends of its range, None where there is none.
Spread = tuple[float | None, float | None, float | None]

#: Worlds drawn where nobody says how many.
SAMPLES = 128
#: Two figures are the same where their difference stays below this part of the larger.
SAME = 0.01


def compare(
    dossier: Dossier,
    architectures: Sequence[str] = (),
    *,
    samples: int = SAMPLES,
    seed: int = 0,
    workers: int | None = None,
    command: str = "",
    progress: Callable[[Progress], None] | None = None,
    memory: Memory | None = None,
) -> Compared:
    """Set architectures side by side on every comparison of a dossier.

    Parameters
    ----------
    architectures : at least two; all that can act if left out
    samples : worlds drawn from the published ranges, the same for every architecture
    seed : the same seed gives the same result, whatever the number of workers
    progress : called as the work goes on, from any thread
    """
    names = _chosen(dossier, architectures)
    questions = questions_of(dossier, names)
    values = _values(
        questions,
        samples,
        seed,
        workers or os.cpu_count() or 1,
        memory or Memory(),
        progress or (lambda _: None),
    )
    header = dossier.dossier
    assert header is not None
    return Compared(
        dossier=header.name,
        title=header.title,
        version=__version__,
        hash=dossier.hash,
        seed=seed,
        samples=samples,
        command=command,
        architectures=names,
        titles=[dossier.architecture[name].name for name in names],
        rows=[_row(each, dossier.comparison[each], names, questions, values) for each in dossier.comparison],
        costs=[_cost(dossier, name) for name in names],
    )


def _chosen(dossier: Dossier, architectures: Sequence[str]) -> list[str]:
    """The architectures to compare, each once; InputError where there are fewer than two, or nothing to
    compare by.
    """
    if dossier.dossier is None or not dossier.comparison:
        raise InputError(
            "the dossier says nothing to compare by",
            expected="at least one [comparison.NAME] with a quantity",
        )
    names = list(architectures) or acting(dossier)
    for name in names:
        dossier.get("architecture", name, where="--architectures")
        if names.count(name) > 1:
            raise InputError("{value} is named twice", where="--architectures", value=name)
    if len(names) < 2:
        raise InputError(
            "nothing to compare {value} with" if names else "no architecture to compare",
            where="--architectures",
            value=names[0] if names else None,
            expected="two or more of " + ", ".join(acting(dossier)),
        )
    return names


def _values(
    questions: Dossier,
    samples: int,
    seed: int,
    workers: int,
    memory: Memory,
    tell: Callable[[Progress], None],
) -> dict[str, Array]:
    """Every claim's value in the nominal world and every sample, SI; fewer samples where one costs much."""
    asking = {claim: ask(questions, claim) for claim in questions.claim}
    every = tuple(Question(claim) for claim in asking)
    ready = inquiries(questions, every, memory, workers, lambda what: tell(Progress(what, 0, 0)))
    # Drawn for all that has a range, so that a sample is the same world whichever architectures are compared.
    paths = [path for path, parameter in questions.parameters().items() if parameter.ranged]
    paths += [f"threat.{name}.missile" for name, each in questions.threat.items() if len(each.missile) > 1]
    study = Study(Plan(questions, every, tuple(sorted(paths)), "sobol", seed), ready)
    # What all samples share is computed in the nominal world.
    tell(Progress("the nominal world", 0, 0))
    nominal = study.work(Unit(tuple(range(len(every))), Given({})))
    run = Run(Threads(workers), study.work, tell)
    limits = [each.quantity.rows_of(samples) for each in asking.values()]
    drawn = gather(study, run, limits, "sampled worlds")
    return {claim: np.concatenate([nominal.values[i], drawn[i]]) for i, claim in enumerate(asking)}


def _row(
    name: str,
    comparison: Comparison,
    architectures: Sequence[str],
    questions: Dossier,
    values: dict[str, Array],
) -> Row:
    quantity = ask(questions, question_id(name, architectures[0])).quantity
    scale = {"%": 100.0, "shots": 1.0}.get(quantity.unit) or from_si(1.0, quantity.unit)
    found = {each: scale * values[question_id(name, each)] for each in architectures}
    figures = {each: Figure(each, *_spread(found[each])) for each in architectures}
    differences = []
    for a, b in combinations(architectures, 2):
        spread = _spread(found[a] - found[b])
        differences.append(Difference(a, b, *spread, _exceeds(spread, figures[a], figures[b])))
    return Row(
        id=name,
        label=comparison.name,
        unit=quantity.unit,
        better=comparison.better,
        quantity=quantity.name,
        method=quantity.method,
        note=comparison.note,
        samples=len(found[architectures[0]]) - 1,
        values=list(figures.values()),
        differences=differences,
    )


def _exceeds(difference: Spread, a: Figure, b: Figure) -> bool:
    """Whether a difference has one sign over its range, and is somewhere large enough to be one."""
    _, low, high = difference
    if low is None or high is None or low <= 0.0 <= high:
        return False
    return _largest(difference) >= SAME * max(_largest((each.value, each.low, each.high)) for each in (a, b))


def _largest(spread: Spread) -> float:
    return max(abs(end) for end in spread if end is not None)


def _spread(values: Array) -> Spread:
    """The nominal value, which comes first, and the 5-95 % range of the samples; the nominal value for both
    ends where there are none.
    """
    nominal, sampled = known(values[0]), values[1:][np.isfinite(values[1:])]
    if not len(sampled):
        return nominal, nominal, nominal
    low, high = np.percentile(sampled, [5, 95])
    return nominal, known(low), known(high)


def _cost(dossier: Dossier, architecture: str) -> Cost:
    data = dossier.architecture[architecture]
    cost = data.cost
    if cost is None:
        return Cost(architecture, None, None, None, "", "", None)
    ends = (cost.value, cost.low, cost.high)
    value, low, high = (None if end is None else from_si(end, cost.unit) for end in ends)
    return Cost(
        architecture, value, low, high, cost.unit, dossier.cite(cost.source or data.source), cost.note
    )
