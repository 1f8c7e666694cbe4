"""How many get through, against the closed form of ``raid`` where shots are independent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chisquare

from midcourse.dossier import Dossier
from midcourse.dossier.raid import read_raid
from midcourse.model.memory import Memory
from midcourse.operation import prepare, simulate
from midcourse.study.raid import raid

from .conftest import IRBM
from .test_agreement import PROMPT

_SALVO = {"doctrine.nominal.salvo": "2", "doctrine.nominal.look": "false"}


def _drawn(third_site: Dossier, memory: Memory, file: Path, runs: int) -> tuple[list[int], list[float]]:
    """Runs by how many get through, and the closed form's distribution."""
    file.write_text(
        "".join(
            f'[[launch]]\n{IRBM}\nfrom = "36,48"\nto = "{city}"\nat = "{150 * k} s"\n'
            for k, city in enumerate(("48,12", "46,15", "50,15"))
        ),
        "utf-8",
    )
    dossier, orders = read_raid(file, third_site.with_overrides(PROMPT | _SALVO))
    scenario = prepare(dossier, "joint", orders, 0, sure=True, memory=memory)
    found = [simulate(scenario, 0, run, kept=False).outcome() for run in range(runs)]
    # Every missile is shot at twice, and nothing but the chance of a shot decides.
    assert all(each.shots == 2 for outcome in found for each in outcome.fates)
    closed = raid(dossier, "joint", file=file, doctrine="salvo", shots=2, samples=1, memory=memory)
    count = np.bincount([each.leaked for each in found], minlength=4)
    return count.tolist(), closed.leakers.nominal_distribution


@pytest.mark.slow
def test_leakage_of_independent_shots(third_site: Dossier, memory: Memory, tmp_path: Path) -> None:
    count, closed = _drawn(third_site, memory, tmp_path / "raid.toml", 75)
    assert chisquare(count, 75 * np.array(closed)).pvalue > 0.001


@pytest.mark.slow
def test_leakage_of_ten_thousand_runs(third_site: Dossier, memory: Memory, tmp_path: Path) -> None:
    """Each share within the 99 % interval of a binomial law, widened for four shares."""
    count, closed = _drawn(third_site, memory, tmp_path / "raid.toml", 10_000)
    for own, share in zip(count, closed, strict=True):
        assert abs(own - 10_000 * share) < 3.03 * np.sqrt(10_000 * share * (1.0 - share))
