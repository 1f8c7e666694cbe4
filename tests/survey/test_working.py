"""What units find: the same as the analysis finds in the same worlds, however they are cut."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from midcourse.analysis.world import World
from midcourse.dossier import Dossier
from midcourse.model.memory import Memory
from midcourse.study.answering import scale_of
from midcourse.study.asking import Drawn, Inquiry, inquiries
from midcourse.study.asking import Question as Claim
from midcourse.study.mapping import draw_map
from midcourse.study.raid import raid
from midcourse.study.sampling import drawn
from midcourse.survey.maps import Map
from midcourse.survey.plan import Plan
from midcourse.survey.question import Question
from midcourse.survey.units import Cut, Unit
from midcourse.survey.working import Works
from midcourse.survey.workshop import Variant, Workshop

Array = NDArray[np.float64]
#: Along the axes of the dossiers: the second delay.
LATER = (0, 1)


@pytest.fixture(scope="module")
def works(small: Plan) -> Works:
    return Works(small)


@pytest.fixture(scope="module")
def variant(small: Plan) -> Variant:
    return Workshop(small).variant(LATER)


def question(works: Works, name: str) -> Question:
    return next(each for each in works.cut.questions if each.name == name)


def computed(
    works: Works, variant: Variant, name: str, case: tuple[int, ...], slab: int, block: int = 0
) -> Any:
    asked = question(works, name)
    return asked.prepare(variant, case).work(0, asked.worlds(slab))


def world(variant: Variant, number: int, read: tuple[str, ...] | None = None) -> Dossier:
    """The dossier of one sampled world, or of it in what a claim reads."""
    cube, parameters = variant.cube(Drawn(0, 40)), variant.dossier.parameters()
    wanted = variant.asked.paths if read is None else read
    paths = [path for path in wanted if path in parameters and parameters[path].ranged]
    found = drawn(variant.dossier, paths, cube, variant.asked.columns)
    return variant.dossier.with_values({path: float(each[number]) for path, each in found.values.items()})


def test_figures_that_are_set_are_those_of_the_variant(variant: Variant) -> None:
    assert variant.dossier.parameters()["doctrine.nominal.decision_delay"].value == 120.0


def test_claims_are_those_of_each_world(works: Works, variant: Variant) -> None:
    found = computed(works, variant, "argued", (), 1)
    for i, name in enumerate(question(works, "argued").inner[0].labels):
        (open_,) = _asked(variant.dossier, name)
        for number in (0, 7):
            (inquiry,) = _asked(world(variant, number, open_.relevant), name)
            value = inquiry.compute(World(inquiry.setting, {}, {}, 1))
            scaled = value[0] * scale_of(inquiry.asked.quantity)
            # Fly-out tables of sampled payloads lie between others: a flight in a hundred may fall otherwise.
            np.testing.assert_allclose(found["value"][i, number], scaled, rtol=1e-2)
            assert found["passed"][i, number] == inquiry.passes(value)[0]


def _asked(dossier: Dossier, name: str) -> tuple[Inquiry, ...]:
    return inquiries(dossier, [Claim(name)], Memory(), 1, lambda _: None)


@pytest.mark.parametrize("case", [pytest.param((0, 0), marks=pytest.mark.slow), (1, 0)])
def test_maps_are_those_of_each_world(works: Works, variant: Variant, case: tuple[int, int]) -> None:
    asked = question(works, "defended")
    assert isinstance(asked, Map)
    prepared = asked.prepare(variant, case)
    every = range(asked.cells.blocks)
    nominal = np.concatenate([prepared.work(b, None)["value"][0] for b in every])
    sampled = np.concatenate([prepared.work(b, asked.worlds(1))["value"] for b in every], axis=1)
    plain = asked.question(case, variant.dossier)
    for number, values in ((None, nominal), (0, sampled[0]), (11, sampled[11])):
        dossier = variant.dossier if number is None else world(variant, number)
        data = draw_map(dossier, replace(plain, samples=0), memory=Memory())
        assert data is not None
        expected = data["defended"].values.astype(float)
        np.testing.assert_array_equal(values, np.where(expected < 0, np.nan, expected))
    assert (nominal == 1.0).any()


def test_raids_are_those_of_each_world(works: Works, variant: Variant) -> None:
    asked = question(works, "salvo")
    nominal, sampled = (computed(works, variant, "salvo", (1, 0), slab) for slab in (0, 1))
    for number, found, row in ((None, nominal, 0), (4, sampled, 4)):
        dossier = variant.dossier if number is None else world(variant, number)
        for i, missiles in enumerate((3, 8)):
            told = raid(
                dossier, "gabala", missiles, threat="iran-europe-irbm", samples=1, seed=asked.plan.seed,
                inventories=(10,),
            )  # fmt: skip
            np.testing.assert_allclose(found["through"][i, row], told.leakers.nominal, rtol=1e-6)
            np.testing.assert_allclose(found["spent"][i, row], told.spent.nominal, rtol=1e-6)
    assert (sampled["through"][1] > sampled["through"][0]).all()


def test_a_world_is_the_same_world_in_every_case(small: Plan) -> None:
    shop = Workshop(small)
    first, later = shop.variant((0, 0)), shop.variant(LATER)
    np.testing.assert_array_equal(first.cube(Drawn(1, 8)), later.cube(Drawn(1, 8)))


# Claims are made of quantities such as that engaged.
@pytest.mark.parametrize(
    "name", ["argued", pytest.param("engaged", marks=pytest.mark.slow), "defended", "salvo"]
)
def test_how_worlds_are_cut_changes_nothing(works: Works, small: Plan, name: str) -> None:
    """Each world's values are the same bits in slabs of another size, on a worker that begins with them."""
    asked = question(works, name)
    case = (1, 0) if asked.cases else ()
    whole = asked.prepare(Workshop(small).variant(LATER), case).work(0, Drawn(0, 40))
    part = asked.prepare(Workshop(small).variant(LATER), case).work(0, Drawn(1, 8))
    axis = len(asked.inner)
    for value in asked.values:
        np.testing.assert_array_equal(np.take(whole[value.name], range(32, 40), axis), part[value.name])


def test_a_worker_elsewhere_gives_the_same_bytes(works: Works) -> None:
    other: Works = pickle.loads(pickle.dumps(works))
    last = works.cut.count - 1
    # Worked in another order, too.
    for number in (last, 0, last // 2):
        mine, theirs = works.attempt(number), other.attempt(number)
        assert mine.error == theirs.error == ""
        assert mine.objects == theirs.objects
        assert mine.record is not None
        assert mine.record.chunks.keys() == mine.objects.keys()


def test_what_a_unit_raises_is_told_and_harms_no_other(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Works.work

    def work(self: Works, number: int) -> Any:
        if number == 1:
            raise ZeroDivisionError("no such thing")
        return whole(self, number)

    monkeypatch.setattr(Works, "work", work)
    first, second = works((1, 0))
    assert first.record is None
    assert first.error.startswith("ZeroDivisionError: no such thing (test_working.py:")
    assert second.record is not None


def test_evaluations_of_units_add_up(small: Plan) -> None:
    cut = Cut(small)
    for which, asked in enumerate(cut.questions):
        numbers = range(cut.first(which), cut.first(which) + asked.units)
        np.testing.assert_allclose(sum(map(cut.unit_evaluations, numbers)), cut.evaluations(which))


def test_a_unit_says_what_it_is_of(works: Works) -> None:
    unit = works.cut.unit(works.cut.count - 1)
    assert isinstance(unit, Unit)
    assert unit.variant == LATER
