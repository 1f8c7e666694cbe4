"""Drawing as many samples as it takes, of functions whose probabilities are known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from midcourse.study import judging
from midcourse.study.asking import Drawn, Outcome, Unit
from midcourse.study.design import BATCH, Sampler, batch
from midcourse.study.gathering import CHECKED, gather
from midcourse.study.running import Run, Threads

COLUMNS = 10
PROBABILITIES = (0.5, 0.2, 0.02)


class Functions:
    """In place of a study: sums of normal variables, below one threshold or another."""

    def __init__(self, sampler: Sampler, seed: int) -> None:
        self.plan: Any = SimpleNamespace(sampler=sampler, seed=seed)
        thresholds = [stats.norm.ppf(p) for p in PROBABILITIES]
        self.asked = [SimpleNamespace(passes=lambda values, at=at: values <= at) for at in thresholds]
        self.asked_of: list[tuple[int, ...]] = []

    def work(self, unit: Unit) -> Outcome:
        assert isinstance(unit.points, Drawn)
        cube = batch(self.plan.sampler, COLUMNS, self.plan.seed, unit.points.index)[: unit.points.rows]
        values = stats.norm.ppf(cube).sum(axis=1) / np.sqrt(COLUMNS)
        self.asked_of.append(unit.questions)
        return Outcome(unit, np.tile(values, (len(unit.questions), 1)))


def _gathered(
    sampler: Sampler, seed: int, limits: list[int], precision: float | None, workers: int = 1
) -> Any:
    study: Any = Functions(sampler, seed)
    run: Run[Unit, Outcome] = Run(Threads(workers), study.work)
    return study, gather(study, run, limits, "drawing", precision)


def test_limits() -> None:
    """Each question has as many samples as its limit says, the same ones, and none is asked for nothing."""
    study, values = _gathered("sobol", 1, [100, 70, 0], None)
    assert [len(each) for each in values] == [100, 70, 0]
    assert np.array_equal(values[0][:70], values[1])
    assert sorted(study.asked_of) == [(0,), (0, 1), (0, 1), (0, 1)]


@pytest.mark.parametrize("sampler", ["sobol", "plain"])
def test_precision_is_what_was_asked(sampler: Sampler) -> None:
    """The harder question takes more; the same comes of any number of workers; plain samples take most."""
    study, values = _gathered(sampler, 2, [20_000] * 3, 0.015)
    _, again = _gathered(sampler, 2, [20_000] * 3, 0.015, workers=3)
    for i in range(3):
        assert np.array_equal(values[i], again[i])
        low, high = judging.interval(study.asked[i].passes(values[i]), sampler)
        assert 0.5 * (high - low) <= 0.015
        # A round earlier it was not so.
        before = values[i][: len(values[i]) - CHECKED * BATCH]
        if len(before):
            low, high = judging.interval(study.asked[i].passes(before), sampler)
            assert 0.5 * (high - low) > 0.015
    counts = [len(each) for each in values]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2]
    assert counts[0] > 4096 if sampler == "plain" else counts[0] < 3000


@pytest.mark.slow
def test_stopping_when_precise_keeps_the_promise() -> None:
    """Intervals hold the truth as often as they say although they end the run."""
    held = np.zeros((200, len(PROBABILITIES)))
    for seed in range(len(held)):
        study, values = _gathered("sobol", seed, [20_000] * 3, 0.02)
        for i, truth in enumerate(PROBABILITIES):
            low, high = judging.interval(study.asked[i].passes(values[i]), "sobol")
            held[seed, i] = low <= truth <= high
    assert held.mean() >= 0.93
    assert held.mean(axis=0).min() >= 0.92
