"""Fronts and ranks against exhaustive search; a battery or a radar moved nowhere changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from midcourse.analysis.engaging import defended_people_share, engageable_share, guided_share
from midcourse.analysis.layers import mean_shots
from midcourse.analysis.quantity import Case
from midcourse.analysis.seeing import watchable_share
from midcourse.analysis.setting import Setting
from midcourse.analysis.siting import (
    PEOPLE,
    REACH,
    SHARE,
    SHOTS,
    Moved,
    measure,
    pareto,
    ranks,
    short_of_front,
    sparing_ranks,
)
from midcourse.analysis.world import World
from midcourse.dossier import Dossier
from midcourse.model.defence import Place, defence
from midcourse.model.memory import Memory
from midcourse.physics.acquisition import FIRST

Array = NDArray[np.float64]
# Few levels, so that ties are common.
_LEVELS = st.integers(0, 5).map(float)
_POINTS = st.lists(st.tuples(_LEVELS, _LEVELS, st.booleans()), min_size=1, max_size=30)


def _split(points: list[tuple[float, float, bool]]) -> tuple[Array, Array, NDArray[np.bool_]]:
    defence, reach, among = (np.array(each) for each in zip(*points, strict=True))
    return defence, reach, among


@given(_POINTS)
def test_front_by_brute_force(points: list[tuple[float, float, bool]]) -> None:
    d, r, _ = _split(points)
    beaten = [
        any((d[j] >= d[i] and r[j] < r[i]) or (d[j] > d[i] and r[j] <= r[i]) for j in range(len(d)))
        for i in range(len(d))
    ]
    assert pareto(d, r).tolist() == [not each for each in beaten]


@given(_POINTS)
def test_distances_by_brute_force(points: list[tuple[float, float, bool]]) -> None:
    d, r, among = _split(points)
    more, less = short_of_front(d, r, among)
    for i in range(len(d)):
        ups = [d[j] - d[i] for j in range(len(d)) if among[j] and r[j] <= r[i]]
        savings = [r[i] - r[j] for j in range(len(d)) if among[j] and d[j] >= d[i]]
        assert more[i] == max(0.0, *ups, 0.0)
        assert less[i] == max(0.0, *savings, 0.0)
    # Whoever is searched is on the front where it is short of nothing.
    own = pareto(d[among], r[among])
    assert own.tolist() == ((more[among] == 0.0) & (less[among] == 0.0)).tolist()


@given(_POINTS)
def test_ranks_by_brute_force(points: list[tuple[float, float, bool]]) -> None:
    d, r, among = _split(points)
    assert ranks(d, among).tolist() == [1 + sum(d[among] > each) for each in d]
    found = sparing_ranks(d, r, among)
    for i in range(len(d)):
        before = [j for j in range(len(d)) if among[j] and (r[j], -d[j]) < (r[i], -d[i])]
        assert found[i] == (1 + len(before) if among[i] else 0)


@given(_POINTS, st.floats(0.1, 10.0), st.randoms())
def test_ranks_change_neither_with_the_unit_nor_with_the_order(
    points: list[tuple[float, float, bool]], unit: float, random: object
) -> None:
    d, r, among = _split(points)
    assert ranks(unit * d, among).tolist() == ranks(d, among).tolist()
    assert pareto(unit * d, r).tolist() == pareto(d, r).tolist()
    order = np.random.default_rng(len(points)).permutation(len(d))
    assert ranks(d[order], among[order]).tolist() == ranks(d, among)[order].tolist()
    assert pareto(d[order], r[order]).tolist() == pareto(d, r)[order].tolist()
    assert (
        sparing_ranks(d[order], r[order], among[order]).tolist() == sparing_ranks(d, r, among)[order].tolist()
    )


def _moved(dossier: Dossier, memory: Memory, *, radar: bool = False, alone: bool = False) -> Moved:
    whole = defence(dossier, "third-site")
    part = whole.sensor("emr@brdy") if radar else whole.battery("redzikowo")
    setting = Moved(dossier, "third-site", part, alone, memory, 1)
    setting.prepare()
    return setting


@pytest.mark.parametrize("radar", [False, True])
@pytest.mark.parametrize("alone", [False, True])
def test_moved_nowhere_it_does_what_the_architecture_does(
    few: Dossier, memory: Memory, radar: bool, alone: bool
) -> None:
    """To the last bit, with other places beside it and without."""
    setting = _moved(few, memory, radar=radar, alone=alone)
    home = setting.part.site
    away = Place("away", "Away", home.lat - 0.1, home.lon + 0.1)
    found = measure(setting, [away, home], "iran-europe-irbm", "russia-us", shots=True)
    assert (
        measure(setting, [home], "iran-europe-irbm", "russia-us", shots=True)[0].tolist() == found[1].tolist()
    )
    assert found[0].tolist() != found[1].tolist()
    world = World(Setting(few, (), memory, 1), {}, {}, 1)
    case = Case(threat="iran-europe-irbm", architecture="third-site")
    if not alone:
        assert found[1, SHARE] == engageable_share(world, case)[0] > 0.0
        assert found[1, PEOPLE] == defended_people_share(world, case)[0] > 0.0
        assert found[1, SHOTS] == mean_shots(world, case)[0] > 0.0
    elif radar:
        only = Case(threat="iran-europe-irbm", architecture="third-site", sensor="emr@brdy")
        assert found[1, SHARE] == guided_share(world, only)[0]
    else:
        own = Case(threat="iran-europe-irbm", architecture="third-site", battery="redzikowo")
        assert found[1, SHARE] == engageable_share(world, own)[0]
    spared = Case(threat="russia-us", architecture="third-site", sensor="emr@brdy", battery="redzikowo")
    if radar and alone:
        # Nobody shows it where to look but the satellites.
        seen = world.chances("russia-us", "third-site", (), only="emr@brdy", sights=True).sights[
            1:, 0, :, FIRST
        ]
        assert found[1, REACH] == (~np.isnan(seen)).any(axis=0).mean() > 0.0
    else:
        assert found[1, REACH] == (watchable_share if radar else engageable_share)(world, spared)[0] > 0.0


def test_a_place_is_what_the_dossier_says_with_its_site_there(few: Dossier, memory: Memory) -> None:
    """The same as imposing the coordinates on the site."""
    setting = _moved(few, memory)
    there = few.with_overrides({"site.redzikowo.lat": "45 deg", "site.redzikowo.lon": "27 deg"})
    place = Place("there", "There", np.radians(45.0), np.radians(27.0), setting.part.site.altitude)
    found = measure(setting, [place], "iran-europe-irbm", "russia-us", shots=True)[0]
    world = World(Setting(there, (), memory, 1), {}, {}, 1)
    case = Case(threat="iran-europe-irbm", architecture="third-site")
    assert found[SHARE] == pytest.approx(engageable_share(world, case)[0], abs=1e-12)
    assert found[SHOTS] == pytest.approx(mean_shots(world, case)[0], abs=1e-12)
    spared = Case(threat="russia-us", architecture="third-site", battery="redzikowo")
    assert found[REACH] == pytest.approx(engageable_share(world, spared)[0], abs=1e-12)


def test_nothing_of_a_batch_outlasts_it(few: Dossier, memory: Memory) -> None:
    """What depends on where the battery stands is forgotten: memory is bounded by a batch."""
    setting = _moved(few, memory)
    home = setting.part.site
    measure(setting, [home], "iran-europe-irbm", None, shots=False)
    before = set(setting.memory._results)
    places = [Place(f"{i}", "", home.lat - 0.03 * i, home.lon) for i in range(1, 4)]
    measure(setting, places, "iran-europe-irbm", None, shots=False)
    assert set(setting.memory._results) == before
