"""Plans: what they say, and what is said of those that cannot be used."""

from __future__ import annotations

import pytest

from midcourse.dossier import InputError
from midcourse.survey.plan import Plan, builtin_plans, read_plan
from midcourse.survey.units import Cut

from .conftest import SMALL, Write


def test_a_plan_is_cut_into_all_its_cases_worlds_and_cells(small: Plan) -> None:
    cut = Cut(small)
    steps = {question.name: question.steps for question in cut.questions}
    # One dossier, two delays; cases that are units; blocks; the nominal world and slabs.
    assert steps["argued"] == (1, 2, 1, 2)
    assert steps["engaged"] == (1, 2, 1, 2)
    assert steps["salvo"] == (1, 2, 2, 1, 1, 3)
    assert steps["defended"][:4] == (1, 2, 2, 1)
    assert cut.count == sum(question.units for question in cut.questions)
    seen = set()
    for number in range(cut.count):
        unit = cut.unit(number)
        assert all(0 <= i < size for i, size in zip(unit.place, unit.question.steps, strict=True))
        seen.add((unit.question.name, unit.place))
    assert len(seen) == cut.count


def test_every_value_belongs_to_one_chunk_of_one_unit(small: Plan) -> None:
    cut = Cut(small)
    filled: dict[tuple[str, str], set[tuple[int, ...]]] = {}
    for number in range(cut.count):
        unit = cut.unit(number)
        group = cut.groups[cut.question(number)]
        for value in unit.question.values:
            target = unit.question.chunk(group, value, unit.place)
            if target is not None:
                variable, index = target
                chunks = filled.setdefault((group.name, variable.name), set())
                assert index not in chunks
                chunks.add(index)
    for group in cut.groups:
        for variable in group.variables:
            count = 1
            for size in variable.grid:
                count *= size
            assert len(filled[group.name, variable.name]) == count


def test_a_hash_follows_what_a_result_depends_on(write: Write, small: Plan) -> None:
    assert read_plan(str(write("# another comment\n" + SMALL))).hash == small.hash
    for before, after in (("seed = 3", "seed = 4"), ('"120 s"', '"90 s"'), ("6 deg", "5 deg")):
        assert read_plan(str(write(SMALL.replace(before, after)))).hash != small.hash


def test_the_packages_own_plans_can_be_used() -> None:
    for name in builtin_plans():
        assert Cut(read_plan(name)).count > 0


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[study]", "[studdy]", 'plan.toml:2: unknown key: "studdy"; did you mean "study"?'),
        ('title = "A small study"', "", 'plan.toml:2 (study.title): missing key: "title"'),
        ("samples = 40", "samples = -1", "plan.toml:7 (study.samples)"),
        ("samples = 40", "sample = 40", 'did you mean "samples"?'),
        ('"third-site"\narch', '"third-sight"\narch', 'did you mean "third-site"?'),
        ('"gabala"]', '"gabela"]', 'unknown architecture: "gabela"; did you mean "gabala"?'),
        ("doctrine.nominal.decision_delay", "doctrine.nominal.decision_dealy", "did you mean"),
        ('["30 s", "120 s"]', '["30 s", "30 s"]', "a figure is set twice"),
        ('["30 s", "120 s"]', '["30 s", "120 kg"]', "120 kg"),
        ("engageable-share", "engagable-share", 'did you mean "engageable'),
            ('region = "europe"', 'region = "eurpe"', 'plan.toml:20 (map.defended.region)'),
        ('grid = "6 deg"', 'grid = "6 km"', "plan.toml:21 (map.defended.grid)"),
        ('"centre"]', '"center"]', 'did you mean "centre"?'),
        ('"kremlin-gabala-replaces-europe"', '"kremlin-gabala"', 'did you mean "kremlin-gabala'),
        ("[3, 8]", "[3, 80000]", "a raid of 80,000 missiles"),
        ("[raid.salvo]", "[raid.defended]", 'two questions are called "defended"'),
        ("[raid.salvo]", '[raid."a/b"]', '"a/b"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(write: Write, before: str, after: str, told: str) -> None:
    assert before in SMALL
    path = write(SMALL.replace(before, after))
    with pytest.raises(InputError) as caught:
        _ = Cut(read_plan(str(path))).groups
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_plan_without_questions_asks_nothing(write: Write) -> None:
    with pytest.raises(InputError, match="asks nothing"):
        read_plan(str(write('[study]\ntitle = "T"\ndossiers = "third-site"\n')))


def test_a_plan_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r'no such plan: "europ"; expected .*did you mean "europe"\?'):
        read_plan("europ")
