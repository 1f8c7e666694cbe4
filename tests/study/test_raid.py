"""Raids over the published ranges: they agree with what is asked of the same flights elsewhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from midcourse.analysis import asked, engagement
from midcourse.analysis.quantity import QUANTITIES
from midcourse.analysis.raiding import draw
from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.dossier import Dossier
from midcourse.dossier.raid import Order
from midcourse.model.memory import Memory
from midcourse.study.raid import raid

CLAIM = "obering-ten-interceptors"
POLAND = "gbi-2-stage@redzikowo"


def test_ten_interceptors_agree_with_the_claim(third_site: Dossier, memory: Memory) -> None:
    """Against more missiles than interceptors, as many are stopped as the claim's quantity says."""
    case = asked(third_site, CLAIM).case
    share = QUANTITIES["stopped_share"].compute(World(Setting(third_site, (), memory, 1), {}, {}, 1), case)[0]
    deployed = third_site.threat[case.threat].deployed
    assert deployed is not None
    found = raid(
        third_site, "third-site", 40, threat=case.threat, batteries=["redzikowo"], inventories=[10],
        samples=2, memory=memory,
    )  # fmt: skip
    assert 40.0 - found.leakers.nominal == pytest.approx(share * deployed, rel=1e-3)
    assert found.spent.nominal == 10.0


def test_windows_are_those_of_an_engagement(third_site: Dossier, memory: Memory, tmp_path: Path) -> None:
    """A raid of one against the same flight looked at closely."""
    file = tmp_path / "raid.toml"
    written = '[[launch]]\nmissile = "notional-icbm"\nfrom = "35.7,51.4"\nto = "40.7,-74"\nat = "100 s"\n'
    file.write_text(written, encoding="utf-8")
    places = tuple(np.radians([35.7, 51.4])), tuple(np.radians([40.7, -74.0]))
    close = engagement.engage(third_site, "third-site", "notional-icbm", *places, memory=memory)
    for doctrine in ("salvo", "look"):
        found = raid(
            third_site, "third-site", file=file, inventories=[10], samples=2, memory=memory,
            doctrine="look" if doctrine == "look" else "salvo", shots=3,
        )  # fmt: skip
        (flight,) = found.flights
        for site in close.sites:
            assert site.launch_s is not None
            assert site.intercept_s is not None
            launch, meet = flight.launch_s[site.battery], flight.intercept_s[site.battery]
            assert launch is not None
            assert meet is not None
            assert np.array(launch) - 100.0 == pytest.approx(np.array(site.launch_s), abs=15.0)
            assert np.array(meet) - 100.0 == pytest.approx(np.array(site.intercept_s), abs=30.0)
        wanted = close.shots if doctrine == "look" else 3
        assert sum(flight.planned.values()) == wanted


def test_curves_are_nested(third_site: Dossier, memory: Memory) -> None:
    """More missiles let no fewer through, more interceptors no more, and nothing is better than the bound."""
    found = raid(
        third_site, "third-site", 12, batteries=["redzikowo"], inventories=[4, 10], samples=8, memory=memory
    )
    few, more, bound = ([point.mean for point in curve.points] for curve in found.curves)
    for curve in (few, more, bound):
        assert all(a <= b + 0.01 for a, b in pairwise(curve))
    assert all(a >= b - 0.01 >= c - 0.02 for a, b, c in zip(few, more, bound, strict=True))
    assert few[-1] > more[-1] > bound[-1]


def test_the_same_on_any_number_of_workers(third_site: Dossier, memory: Memory) -> None:
    one, two = (
        raid(
            third_site, "third-site", 6, batteries=["redzikowo"], doctrine="look", inventories=[3],
            samples=40, workers=workers, memory=memory,
        )
        for workers in (1, 2)
    )  # fmt: skip
    assert one == two


def test_spread_moves_when_missiles_leave_and_nothing_else(third_site: Dossier, memory: Memory) -> None:
    """Evenly about the stated moment, never before the raid begins, and the flights are the same."""
    first = Order("iran-us", 400, at_s=20.0, spread_s=60.0)
    then = Order("iran-europe-irbm", 30, at_s=1000.0, spacing_s=10.0)
    spread = draw(third_site, [first, then], 7, memory)
    sharp = draw(third_site, [replace(first, spread_s=0.0), then], 7, memory)
    # Whoever leaves at a stated moment does so to the bit, and flies what it flew.
    assert [each for each in spread if each.threat == then.threat] == [
        each for each in sharp if each.threat == then.threat
    ]
    assert [each.at_s for each in sharp] == [20.0] * 400 + [1000.0 + 10.0 * k for k in range(30)]
    pairs = [sorted(each.pair for each in raid if each.threat == first.threat) for raid in (spread, sharp)]
    assert pairs[0] == pairs[1]
    times = np.array([each.at_s for each in spread if each.threat == first.threat])
    assert (np.diff([each.at_s for each in spread]) >= 0.0).all()
    assert times.min() >= 0.0
    assert times.max() <= 80.0
    # Kolmogorov's distance of 400 even draws stays below this in 999 cases of 1,000.
    assert np.abs(times / 80.0 - (np.arange(400) + 0.5) / 400).max() < 1.95 / np.sqrt(400)
    assert draw(third_site, [first, then], 7, memory) == spread
    assert draw(third_site, [first, then], 8, memory) != spread
