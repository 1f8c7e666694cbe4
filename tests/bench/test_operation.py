"""How fast the shield runs. Run by ``make bench``; not a test."""

from __future__ import annotations

import time

import pytest

from midcourse import load
from midcourse.model.memory import Memory
from midcourse.operation import simulate
from midcourse.study.operating import operate, plan

pytestmark = pytest.mark.benchmark

MISSILES, RUNS = 10, 200


@pytest.fixture(scope="module")
def ten():
    """Ten missiles against the third site, made ready, kernels warm."""
    asked = plan(load("third-site"), "third-site", MISSILES, spacing_s=30.0, seed=1)
    scenario = asked.scenario(Memory())
    simulate(scenario)
    return asked, scenario


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("kept", [True, False], ids=["recorded", "counted"])
def test_a_run_against_ten_missiles(benchmark, ten, kept):
    """About 40 minutes of raid; 0.3 s of one core are allowed."""
    _, scenario = ten
    shield = benchmark.pedantic(simulate, args=(scenario, 1), kwargs={"kept": kept}, rounds=10)
    benchmark.extra_info["times_real_time"] = round(shield.now / benchmark.stats.stats.min)
    assert benchmark.stats.stats.min < 0.3


@pytest.mark.parametrize("workers", [1, 2])
def test_many_runs(benchmark, ten, workers):
    """The second process's getting ready included; 1,000 runs in three minutes are 5.6 a second."""
    asked, scenario = ten
    benchmark.pedantic(
        operate, args=(asked, RUNS), kwargs={"workers": workers, "scenario": scenario}, rounds=1
    )
    benchmark.extra_info["runs_per_second"] = round(RUNS / benchmark.stats.stats.min, 1)
    assert benchmark.stats.stats.min < RUNS / (1000 / 180.0)
