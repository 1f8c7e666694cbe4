"""Drawing samples, as many as were asked for or as it takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from . import judging
from .asking import Drawn, Outcome, Study, Unit
from .design import BATCH
from .running import Run

Array = NDArray[np.float64]

#: Samples after which, and after each as many more, it is looked whether a claim is told precisely enough.
#: What is looked at too often is found precise too early.
CHECKED = 16 * BATCH
#: Samples at which a run that seeks precision gives up, unless told otherwise.
MOST_SAMPLES = 20_000


def gather(
    study: Study, run: Run[Unit, Outcome], limits: Sequence[int], stage: str, precision: float | None = None
) -> list[Array]:
    """Every question's value in every sample, as many as its limit at most; none of those beyond ``limits``.

    With a ``precision``, a question is asked no more once its interval is narrower to both sides. When that
    is so is looked at after the same batches in every run, whatever has been computed beyond them.
    """
    parts: dict[int, list[Array]] = {i: [] for i in range(len(limits))}
    wanted = {i for i, rows in enumerate(limits) if rows}
    most = max(limits, default=0)

    def units() -> Iterator[Unit]:
        start = 0
        while asked := tuple(sorted(i for i in wanted if start < limits[i])):
            # As many samples as are asked the same.
            ends = [start + _at_once(most), *(limits[i] for i in asked)]
            if precision is not None:
                ends.append(start - start % CHECKED + CHECKED)
            end = min(most, -(-min(ends) // BATCH) * BATCH)
            yield Unit(asked, Drawn(start // BATCH, end - start))
            start = end

    total, done = [most], 0
    for outcome in run.leading(stage, units(), lambda: total[0], lambda unit: unit.size):
        for i, values in outcome.by_question().items():
            if i in wanted:
                parts[i].append(values[: limits[i] - done])
        done += outcome.unit.size
        if precision is None or done % CHECKED:
            continue
        wide = {i: _width(study, i, parts[i]) for i in wanted if limits[i] > done}
        wanted &= {i for i, half in wide.items() if half > precision}
        if not wanted:
            break
        widest = max(wide.values())
        total[0] = min(most, math.ceil(done * (widest / precision) ** 2))
    return [np.concatenate([np.zeros(0), *parts[i]]) for i in parts]


def _at_once(most: int) -> int:
    """Samples of a unit of work: the more there are at all, the more share what is looked up of a flight; few
    enough that no worker is idle for long at the end.
    """
    return BATCH * (1 if most < 512 else 2 if most < 4096 else 4)


def _width(study: Study, question: int, parts: Sequence[Array]) -> float:
    """Half the width of a question's interval."""
    passed = study.asked[question].passes(np.concatenate(parts))
    low, high = judging.interval(passed, study.plan.sampler)
    return 0.5 * (high - low)


def evaluate(run: Run[Unit, Outcome], stage: str, units: Sequence[Unit]) -> list[dict[int, Array]]:
    """What comes of units that say themselves which worlds they are about; fewer where stopped."""
    total = sum(unit.size for unit in units)
    return [outcome.by_question() for outcome in run.leading(stage, units, total, lambda unit: unit.size)]
