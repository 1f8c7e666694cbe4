"""Comparisons: the same samples for all, differences that mean something, and input that makes none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from midcourse.analysis.comparison import Compared, Difference, Figure, Row
from midcourse.analysis.questions import check_comparisons
from midcourse.analysis.watching import acting
from midcourse.dossier import Dossier, InputError, load, load_catalog, new
from midcourse.model.memory import Memory
from midcourse.study.compare import Spread, _exceeds, _spread, compare

OWN = """
[architecture.my-copy]
name = "The same again"
extends = "my-shield"
source = "my-estimate"

[architecture.no-interceptors]
name = "Only the radar"
extends = "my-shield"
without = ["gbi-2-stage@redzikowo"]
source = "my-estimate"

[architecture.no-interceptors.cost]
value = "3 billion dollars"
low = "2 billion dollars"
high = "5 billion dollars"
note = "A guess."

[comparison.flights]
name = "Flights that can be engaged"
quantity = "engageable_share"
cases = { threat = "my-threat" }
better = "more"

[comparison.shots]
name = "Shots"
quantity = "mean_shots"
cases = { threat = "my-threat" }
better = "more"

[comparison.warning]
name = "Warning"
quantity = "warning_time"
cases = { threat = "my-threat" }

[comparison.battle-space]
name = "Battle space"
quantity = "battle_space"
cases = { threat = "my-threat" }

[comparison.layer]
name = "What is added"
quantity = "layer_share"
cases = { threat = "my-threat", baseline = "no-interceptors" }
"""
CASES = 'quantity = "engageable_share"\ncases = { threat = "my-threat" }'


def _own(folder: Path, text: str = OWN) -> Dossier:
    new(folder)
    (folder / "comparisons.toml").write_text(text, encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    return _own(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def found(own: Dossier, memory: Memory) -> Compared:
    return compare(own, ["my-shield", "my-copy", "no-interceptors"], samples=40, memory=memory)


def _rows(compared: Compared) -> dict[str, Row]:
    return {row.id: row for row in compared.rows}


def _difference(row: Row, a: str, b: str) -> Difference:
    return next(each for each in row.differences if (each.a, each.b) == (a, b))


def test_an_architecture_never_differs_from_itself(found: Compared) -> None:
    """Its ranges are wide, and yet the difference is nothing: the samples are the same."""
    wide = 0
    for row in found.rows:
        shield, copy, _ = row.values
        assert (shield.value, shield.low, shield.high) == (copy.value, copy.low, copy.high)
        assert _difference(row, "my-shield", "my-copy") == Difference(
            "my-shield", "my-copy", 0.0, 0.0, 0.0, False
        )
        wide += shield.low != shield.high
    assert wide >= 3


def test_nothing_is_engaged_without_interceptors(found: Compared) -> None:
    rows = _rows(found)
    for name in ("flights", "shots", "battle-space", "layer"):
        assert rows[name].values[2].high == 0.0
        # So the difference is all that the other has, and exceeds the uncertainty when that is never nothing.
        difference, shield = _difference(rows[name], "my-shield", "no-interceptors"), rows[name].values[0]
        assert (difference.value, difference.low, difference.high) == (shield.value, shield.low, shield.high)
        assert difference.value is not None
        assert difference.value > 0.0
        assert difference.exceeds == (shield.low > 0.0)
    # The radar is the same, so that the warning is.
    assert not _difference(rows["warning"], "my-shield", "no-interceptors").exceeds
    assert rows["warning"].values[0].value > 60.0


@pytest.mark.parametrize(
    ("spread", "told"),
    [
        ((0.1, 0.002, 2.1), False),  # clear of zero, and yet nothing beside a thousand
        ((0.1, 0.002, 10.0), True),  # a hundredth, at one end
        ((-12.0, -9.0, -0.01), True),  # nominally more than a hundredth
        ((12.0, 0.0, 175.0), False),  # large, but not clear of zero
        ((0.0, 0.0, 0.0), False),
        ((None, None, None), False),
    ],
)
def test_a_difference_counts_from_a_hundredth(spread: Spread, told: bool) -> None:
    a, b = Figure("a", 900.0, 500.0, 1000.0), Figure("b", 899.9, 499.0, 998.0)
    assert _exceeds(spread, a, b) is told
    assert _exceeds(spread, b, a) is told


def test_anything_counts_beside_nothing() -> None:
    nothing, little = Figure("a", 0.0, 0.0, 0.0), Figure("b", 0.3, 0.1, 0.4)
    assert _exceeds((0.3, 0.1, 0.4), little, nothing)


def test_above_follows_from_the_differences() -> None:
    differences = [
        Difference("a", "b", 2.0, 1.0, 3.0, True),
        Difference("a", "c", -2.0, -3.0, -1.0, True),
        Difference("b", "c", -1.0, -3.0, 0.0, False),
    ]
    row = Row("x", "X", "s", "more", "q", "m", None, 9, [], differences)
    assert [row.above(name) for name in "abc"] == [["b"], [], ["a"]]


def test_what_is_added_to_nothing_is_all(found: Compared) -> None:
    rows = _rows(found)
    assert rows["layer"].values == rows["flights"].values


def test_costs_are_published_or_none(found: Compared) -> None:
    shield, copy, radar = found.costs
    assert (shield.value, copy.value) == (None, None)
    assert (radar.value, radar.low, radar.high, radar.unit) == (3.0, 2.0, 5.0, "billion dollars")
    assert radar.note == "A guess."
    assert "Estimates made for this dossier" in radar.source


def test_a_cost_is_not_inherited(third_site: Dossier) -> None:
    assert third_site.resolved_architecture("third-site").cost is not None
    assert third_site.resolved_architecture("joint").cost is None


def test_costly_quantities_are_computed_over_fewer_samples(found: Compared) -> None:
    rows = _rows(found)
    assert (rows["flights"].samples, rows["battle-space"].samples) == (40, 32)


def test_same_seed_same_figures_on_any_number_of_workers(own: Dossier, memory: Memory) -> None:
    def rows(**asked: int) -> str:
        named = ["no-interceptors", "my-shield"]
        return json.dumps(compare(own, named, samples=70, memory=memory, **asked).to_dict()["rows"])

    assert rows(seed=3, workers=1) == rows(seed=3, workers=2)
    assert rows(seed=3) != rows(seed=4)


def test_who_else_is_compared_changes_nothing(own: Dossier, found: Compared, memory: Memory) -> None:
    two = compare(own, ["no-interceptors", "my-shield"], samples=40, memory=memory)
    for row, whole in zip(two.rows, found.rows, strict=True):
        assert row.values == [whole.values[2], whole.values[0]]


def test_more_never_sees_or_reaches_less(third_site: Dossier, memory: Memory) -> None:
    """Radars and batteries are only added from one architecture to the next, sample by sample."""
    kept = ("us-layer", "us-shots", "us-warning", "europe-flights", "europe-people", "europe-warning")
    some = replace(third_site, comparison={name: third_site.comparison[name] for name in kept})
    order = ["two-site", "third-site", "joint"]
    for row in compare(some, order, samples=24, seed=1, memory=memory).rows:
        for fewer, more in (("two-site", "third-site"), ("third-site", "joint")):
            each = _difference(row, fewer, more)
            assert each.value is not None
            assert each.high is not None
            # A track that comes sooner may place the first shot where it leaves less room for the next.
            slack = 0.05 if row.unit == "shots" else 1e-6
            assert each.value <= slack, (row.id, each)
            assert each.high <= slack, (row.id, each)


def test_all_that_can_act_where_none_is_named(own: Dossier, memory: Memory) -> None:
    some = replace(own, comparison={"warning": own.comparison["warning"]})
    assert compare(some, samples=1, memory=memory).architectures == acting(own)


def test_a_range_of_what_is_no_number() -> None:
    assert _spread(np.array([np.inf, 1.0, 2.0, np.nan])) == (None, 1.05, 1.95)
    assert _spread(np.array([2.0])) == (2.0, 2.0, 2.0)
    assert _spread(np.array([np.nan, np.nan])) == (None, None, None)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["my-shield", "my-shild"], r'--architectures: unknown architecture: "my-shild".*"my-shield"'),
        (
            ["my-shield"],
            r'--architectures: nothing to compare "my-shield" with; expected two or more of my-copy',
        ),
        (["my-copy", "my-copy"], r'--architectures: "my-copy" is named twice'),
    ],
)
def test_refused_names(own: Dossier, names: list[str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        compare(own, names, samples=1)


def test_nothing_to_compare_by(tmp_path: Path) -> None:
    new(tmp_path)
    with pytest.raises(
        InputError, match=r"nothing to compare by; expected at least one \[comparison\.NAME\]"
    ):
        compare(load(tmp_path), ["my-shield", "my-shield"])
    with pytest.raises(InputError, match="nothing to compare by"):
        compare(load_catalog())


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (CASES.replace("engageable", "engagable"), 'unknown quantity: "engagable_share"'),
        (
            CASES.replace(" threat = ", ' speed = "6 km/s", threat = '),
            'engageable_share takes no case "speed"',
        ),
        ('quantity = "guided_share"\ncases = { threat = "my-threat" }', 'guided_share needs a case "sensor"'),
        (CASES.replace(" threat = ", ' battery = "brdy", threat = '), 'my-copy has no battery "brdy"'),
    ],
)
def test_comparisons_that_make_no_sense(tmp_path: Path, spoilt: str, told: str) -> None:
    dossier = _own(tmp_path, OWN.replace(CASES, spoilt))
    line = OWN[: OWN.index(CASES)].count("\n") + 1
    told = rf"comparisons.toml:{line} \(comparison.flights, for my-copy\): {told}"
    with pytest.raises(InputError, match=told):
        check_comparisons(dossier)
    with pytest.raises(InputError, match=told):
        compare(dossier, samples=1)


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (
            CASES.replace("my-threat", "my-treat"),
            r'comparison.flights.cases.threat.*unknown threat: "my-treat"',
        ),
        (
            CASES.replace(" }", ', architecture = "my-shield" }'),
            r'architecture "my-shield" in the cases of a comparison; expected cases without one',
        ),
        (f"{CASES}\nmuch = 1", 'unknown key: "much"'),
    ],
)
def test_comparisons_that_are_not_read(tmp_path: Path, spoilt: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        _own(tmp_path, OWN.replace(CASES, spoilt))


def test_which_way_is_better_is_one_of_three(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"comparison\.flights\.better"):
        _own(
            tmp_path,
            OWN.replace('better = "more"\n\n[comparison.shots]', 'better = "most"\n\n[comparison.shots]'),
        )


def test_a_cost_is_money(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'"3 kg" is not a cost but a mass; expected .*12 billion dollars'):
        _own(tmp_path, OWN.replace('"3 billion dollars"', '"3 kg"'))
