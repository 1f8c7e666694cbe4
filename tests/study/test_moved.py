"""Two versions of a dossier: the same moves nothing, and every kind of change is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from midcourse.analysis.assessment import Verdict
from midcourse.dossier import Dossier
from midcourse.study.moved import NOTHING, EntryMove, Moved, moved
from midcourse.study.record import record

from ..recorded import SECRET, assessed, recorded

IT_IS = 'statement = "It is'
PAST: dict[str, Verdict] = {"it-is-fast": "undecided", "it-defends": "supported"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recorded") / "dossier"


@pytest.fixture(scope="module")
def old(folder: Path) -> Dossier:
    return recorded(folder)


def compare(new: Dossier, old: Dossier, verdicts: dict[str, Verdict] | None = None) -> Moved:
    return moved(record(new, assessed(new, verdicts or PAST)), record(old, assessed(old, PAST)))


def entries(found: Moved) -> dict[str, EntryMove]:
    return {f"{each.kind}.{each.id}": each for each in found.entries}


def test_the_same_moves_nothing(old: Dossier, folder: Path) -> None:
    found = compare(recorded(folder), old)
    assert found == Moved()
    assert not found


def test_added_and_dropped_are_mirrors(old: Dossier, folder: Path) -> None:
    text = '[element.door]\ntitle = "A door"\nkind = "limit"\nwhat = "It shuts."\nsource = "speech"\n\n'
    text += (
        '[position.alpha-door]\nparty = "alpha"\nelement = "door"\nstance = "supports"\nstatement = "Yes."\n'
    )
    text += 'date = "2007"\nrests_on = "values"\nreason = "So."\nsource = "speech"\n\n[element.talks]'
    new = recorded(folder, ("[element.talks]", text))
    for found, change in ((compare(new, old), "added"), (compare(old, new), "dropped")):
        assert {key: each.change for key, each in entries(found).items()} == {
            "element.door": change,
            "position.alpha-door": change,
        }
        assert entries(found)["element.door"].title == "A door"
        assert found


@pytest.mark.parametrize(
    ("entry", "path", "old_text", "new_text"),
    [
        ("element.site", "what", "Ten interceptors stand there.", "Twenty interceptors stand there."),
        ("position.beta-site", "stance", f'stance = "opposes"\n{IT_IS}', f'stance = "conditional"\n{IT_IS}'),
        ("position.alpha-site", "date", '"2007-05-01"\nrests_on', '"2007-05-02"\nrests_on'),
        ("party.gamma", "name", 'name = "Gamma"', 'name = "Gamma Republic"'),
        ("source.speech", "note", "Read in quotation.", "Read."),
    ],
)
def test_a_field_changed(
    old: Dossier, folder: Path, entry: str, path: str, old_text: str, new_text: str
) -> None:
    found = entries(compare(recorded(folder, (old_text, new_text)), old))
    assert found.keys() == {entry}
    (edit,) = found[entry].edits
    assert (found[entry].change, edit.path) == ("changed", path)
    assert edit.before != edit.after
    assert edit.after in new_text


def test_a_field_came_or_went(old: Dossier, folder: Path) -> None:
    new = recorded(folder, ('speaker = "A minister"\n', ""))
    assert [(e.path, e.before, e.after) for e in entries(compare(new, old))["position.alpha-site"].edits] == [
        ("speaker", "A minister", NOTHING)
    ]
    assert entries(compare(old, new))["position.alpha-site"].edits[0].before == NOTHING


def test_a_parameter_changed(old: Dossier) -> None:
    new = old.with_overrides({SECRET: "200 kg"})
    (edit,) = entries(compare(new, old))["interceptor.gbi-2-stage"].edits
    assert edit.path == "payload"
    assert edit.after.startswith("200 kg")


def test_a_parameter_changed_ever_so_little(old: Dossier) -> None:
    """Beyond the digits that are otherwise shown."""
    first, second = old.with_overrides({SECRET: "200 kg"}), old.with_overrides({SECRET: "200.0001 kg"})
    (edit,) = entries(compare(second, first))["interceptor.gbi-2-stage"].edits
    assert (edit.before.split(";")[0], edit.after.split(";")[0]) == ("200 kg", "200.0001 kg")


def test_a_claim_changed(old: Dossier) -> None:
    claim = old.claim["it-is-fast"].model_copy(update={"threshold": "8 km/s"})
    new = replace(old, claim={**old.claim, "it-is-fast": claim})
    assert [(e.path, e.before, e.after) for e in entries(compare(new, old))["claim.it-is-fast"].edits] == [
        ("threshold", "7.7 km/s", "8 km/s")
    ]


def test_a_verdict_turned_and_with_it_a_difference(old: Dossier) -> None:
    found = compare(old, old, {"it-is-fast": "refuted", "it-defends": "supported"})
    (turned,) = found.verdicts
    assert turned.turned
    assert (turned.after.id, turned.before.verdict, turned.after.verdict) == (
        "it-is-fast",
        "undecided",
        "refuted",
    )
    assert [(each.element, each.raised_by, each.before, each.after) for each in found.differences] == [
        ("site", "beta", "open", "imaginary"),
        ("watching", "beta", "open", "imaginary"),
    ]
    assert not found.entries


def test_a_probability_left_its_interval(old: Dossier) -> None:
    before, after = assessed(old, PAST), assessed(old, PAST)
    for probability, moves in ((0.43, 0), (0.46, 1)):
        after.claims[:] = [
            replace(claim, probability=probability, probability_ci=(probability - 0.02, probability + 0.02))
            if claim.id == "it-is-fast"
            else claim
            for claim in before.claims
        ]
        found = moved(record(old, after), record(old, before)).verdicts
        assert len(found) == moves
        assert all(each.beyond_sampling for each in found)
        assert not any(each.turned for each in found)


def test_a_verdict_that_turned_within_the_error_of_sampling(old: Dossier) -> None:
    before, after = assessed(old, PAST), assessed(old, {**PAST, "it-is-fast": "refuted"})
    for each in (before, after):
        each.claims[:] = [replace(claim, probability_ci=(0.0, 1.0)) for claim in each.claims]
    (turned,) = moved(record(old, after), record(old, before)).verdicts
    assert turned.turned
    assert not turned.beyond_sampling


def test_a_difference_came_and_went(old: Dossier, folder: Path) -> None:
    agreed = recorded(
        folder, ('stance = "opposes"\nstatement = "It is', 'stance = "supports"\nstatement = "It is')
    )
    went = [each for each in compare(agreed, old).differences if each.element == "site"]
    assert [(each.before, each.after) for each in went] == [("open", None)]
    came = [each for each in compare(old, agreed).differences if each.element == "site"]
    assert [(each.before, each.after) for each in came] == [(None, "open")]
