"""What a difference is about follows from one of the rules; of values nothing is computed."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.analysis.assessment import Disclosure, Verdict
from midcourse.dossier import Dossier, InputError
from midcourse.study.record import (
    About,
    ElementRecord,
    Finding,
    Ground,
    Premise,
    Record,
    Side,
    record,
    settling,
    what_about,
)

from ..recorded import PUBLISHED, SECRET, assessed, recorded, result

FACTS = 'rests_on = "facts"\nreason = "What it reaches."\npremises = ["it-defends"]'
VALUES = 'rests_on = "values"\nreason = "What it reaches."'
#: Further positions of a party that is already there.
MORE = '[position.more]\nparty = "{party}"\nelement = "{element}"\nstance = "{stance}"\nstatement = "More."\n'
MORE += 'date = "{date}"\n{rests}\nsource = "speech"\n\n[position.alpha-talks]'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recorded") / "dossier"


@pytest.fixture
def written(folder: Path) -> Dossier:
    return recorded(folder)


def element(found: Record, name: str) -> ElementRecord:
    return next(each for each in found.elements if each.id == name)


def about(found: Record, name: str) -> dict[str, About]:
    """What each difference on an element is about, by who raises it."""
    return {
        "+".join(ground.party for ground in each.raised_by): each.about
        for each in element(found, name).differences
    }


@pytest.mark.parametrize(
    ("beta", "alpha", "expected"),
    [
        ("supported", "refuted", "real"),
        ("supported", "undecided", "real"),
        ("supported", "supported", "values"),
        ("refuted", "supported", "imaginary"),
        ("refuted", "refuted", "imaginary"),
        ("undecided", "supported", "open"),
        ("undecided", "refuted", "open"),
    ],
)
def test_facts_against_facts(written: Dossier, beta: Verdict, alpha: Verdict, expected: About) -> None:
    found = record(written, assessed(written, {"it-is-fast": beta, "it-defends": alpha}))
    assert about(found, "site") == {"beta": expected}


@pytest.mark.parametrize(
    ("verdict", "expected"), [("supported", "real"), ("refuted", "imaginary"), ("undecided", "open")]
)
def test_facts_against_values(written: Dossier, verdict: Verdict, expected: About) -> None:
    """Each side raises its own: who asks on the ground of facts, and who declines on the ground of values."""
    found = record(written, assessed(written, {"it-is-fast": verdict}))
    assert about(found, "watching") == {"beta": expected, "gamma": "values"}


def test_agreement(written: Dossier) -> None:
    found = record(written, assessed(written))
    talks = element(found, "talks")
    assert [[ground.party for ground in group] for group in talks.agreements] == [["alpha", "beta"]]
    assert talks.differences == ()
    assert element(found, "site").agreements == ()


def test_who_denies_rests_on_the_claims_failing(folder: Path) -> None:
    change = ('premises = ["it-is-fast"]\nsource = "speech"', 'denies = ["it-defends"]\nsource = "speech"')
    denying = recorded(folder, change)
    for verdict, finding, expected in (
        ("refuted", "holds", "real"),
        ("supported", "fails", "imaginary"),
        ("undecided", "undecided", "open"),
    ):
        found = record(denying, assessed(denying, {"it-defends": verdict}))
        premise = element(found, "site").differences[0].raised_by[0].premises[0]
        assert (premise.finding, about(found, "site")["beta"]) == (finding, expected)
        claim = next(claim for claim in found.assessment.claims if claim.id == "it-defends")
        assert premise.probability == pytest.approx(1.0 - claim.probability)


def test_facts_that_nothing_tests(folder: Path) -> None:
    change = (
        'premises = ["it-is-fast"]\nsource = "speech"',
        'untested = ["It will grow."]\nsource = "speech"',
    )
    found = record(recorded(folder, change), assessed(recorded(folder, change), {"it-defends": "supported"}))
    assert about(found, "site") == {"beta": "untested"}


def test_the_latest_position_stands(folder: Path) -> None:
    later = MORE.format(party="beta", element="site", stance="supports", date="2007-08", rests=VALUES)
    dossier = recorded(folder, ("[position.alpha-talks]", later))
    found = element(record(dossier, assessed(dossier)), "site")
    assert {ground.party: ground.side for ground in found.grounds} == {"alpha": "for", "beta": "for"}
    # What beta said against the site counts no more.
    assert not found.grounds[1].names_facts
    assert not found.differences


def test_a_restatement_withdraws_no_argument(folder: Path) -> None:
    later = MORE.format(party="beta", element="site", stance="opposes", date="2007-08", rests=VALUES)
    dossier = recorded(folder, ("[position.alpha-talks]", later))
    found = element(record(dossier, assessed(dossier, {"it-is-fast": "supported"})), "site")
    assert found.grounds[1].standing == "more"
    assert [premise.claim for premise in found.grounds[1].premises] == ["it-is-fast"]
    assert found.differences[0].about == "real"


def test_parties_that_name_no_fact_raise_together(folder: Path) -> None:
    also = MORE.format(party="alpha", element="watching", stance="opposes", date="2007-08", rests=VALUES)
    dossier = recorded(folder, ("[position.alpha-talks]", also))
    found = record(dossier, assessed(dossier, {"it-is-fast": "supported"}))
    assert about(found, "watching") == {"beta": "real", "alpha+gamma": "values"}


def test_a_wish_without_facts_is_no_problem_by_itself(folder: Path) -> None:
    """Who opposes it raises it; otherwise one difference would be told twice."""
    facts = (
        'rests_on = "facts"\nreason = "How fast it is."\npremises = ["it-is-fast"]\nsource = "my-estimate"'
    )
    dossier = recorded(folder, (facts, f'{VALUES}\nsource = "my-estimate"'))
    assert about(record(dossier, assessed(dossier)), "watching") == {"gamma": "values"}


def test_a_claim_that_was_not_assessed(written: Dossier) -> None:
    assessment = assessed(written)
    del assessment.claims[:]
    with pytest.raises(InputError, match='not assessed: "it-defends"'):
        record(written, assessment)


# --- What would settle it ---


def test_undisclosed_deciders_are_named_before_anything_is_computed(written: Dossier) -> None:
    found = record(written, assessed(written, {"it-is-fast": "undecided"}))
    (figure,) = element(found, "site").differences[0].settled_by
    assert (figure.claim, figure.parameter, figure.share, figure.after) == ("it-is-fast", SECRET, 0.3, None)
    assert figure.before == pytest.approx(0.4)


def test_disclosures_say_how_much(written: Dossier) -> None:
    known = [
        Disclosure("a", 0.3, (0.2, 0.4), [("it-is-fast", 0.3), ("it-defends", 0.4)]),
        Disclosure("b", 0.1, (0.0, 0.2), [("it-is-fast", 0.1)]),
        Disclosure("chance", 0.01, (0.0, 0.02), [("it-is-fast", 0.01)]),
        Disclosure("elsewhere", 0.4, (0.3, 0.5), [("it-defends", 0.4)]),
    ]
    found = record(written, assessed(written, {"it-is-fast": "undecided"}, known))
    figures = element(found, "site").differences[0].settled_by
    assert [(each.parameter, each.after) for each in figures] == [
        ("a", pytest.approx(0.1)),
        ("b", pytest.approx(0.3)),
        (SECRET, None),
    ]


def test_what_is_published_settles_nothing(written: Dossier) -> None:
    assessment = assessed(written, {"it-is-fast": "undecided"})
    del assessment.parameters[0]
    assert settling([result(written, "it-is-fast", "undecided")], assessment) == ()
    assert PUBLISHED in {each.parameter for each in assessment.claims[0].decided_by}


def test_only_open_questions_are_settled(written: Dossier) -> None:
    for verdict in ("supported", "refuted"):
        found = record(written, assessed(written, {"it-is-fast": verdict}))
        assert all(not each.settled_by for part in found.elements for each in part.differences)


# --- Properties ---

premises = st.builds(
    Premise, st.sampled_from("abcd"), st.booleans(), st.sampled_from(get_args(Finding)), st.floats(0.0, 1.0)
)


def grounds(side: Side) -> st.SearchStrategy[Ground]:
    return st.builds(
        Ground,
        st.just("party"),
        st.just(side),
        st.just("position"),
        st.just(("position",)),
        st.lists(premises, max_size=3).map(tuple),
        st.lists(st.just("It will grow."), max_size=1).map(tuple),
    )


@given(grounds("against"), st.lists(grounds("for"), min_size=1, max_size=3))
def test_one_class_and_only_with_cause(raiser: Ground, others: list[Ground]) -> None:
    kind = what_about(raiser, others)
    findings = [premise.finding for premise in raiser.premises]
    assert kind in get_args(About)
    # Of values nothing is computed: without a fact of one's own a difference is about nothing else.
    assert raiser.names_facts or kind == "values"
    if kind == "real":
        assert "holds" in findings
    if kind == "open":
        assert "undecided" in findings
        assert "holds" not in findings
    if kind == "imaginary":
        assert set(findings) == {"fails"}
        assert not raiser.untested
    if kind == "untested":
        assert raiser.untested
        assert set(findings) <= {"fails"}
    if kind == "values" and raiser.names_facts:
        assert set(findings) == {"holds"}
        assert all(p.finding == "holds" for other in others for p in other.premises)


@given(grounds("against"), st.lists(grounds("for"), min_size=1, max_size=3))
def test_the_order_of_others_does_not_matter(raiser: Ground, others: list[Ground]) -> None:
    assert what_about(raiser, others) == what_about(raiser, others[::-1])


# --- The built-in dossier ---


def test_third_site_records_what_the_talks_named(third_site: Dossier) -> None:
    kinds = {each.kind for each in third_site.element.values()}
    assert kinds >= {"purpose", "radar", "interceptor", "transparency", "access", "data sharing", "procedure"}
    assert set(third_site.party) >= {"united-states", "russia", "czech-republic", "poland"}
    # Every party's word can be looked up, or its source says why not.
    for name, position in third_site.position.items():
        source = third_site.source[position.source]
        assert source.url or source.note, name
        assert source.date, name
        assert position.date <= "2008-04-08", name


def test_third_site_differs_on_facts_and_on_values_and_tells_nothing_twice(third_site: Dossier) -> None:
    golden: dict[str, Verdict] = {
        "moscow-can-engage": "supported",
        "popovkin-radar-watches": "supported",
        "kremlin-gabala-replaces": "supported",
        "kremlin-gabala-replaces-europe": "supported",
        "kremlin-gabala-replaces-forward-europe": "undecided",
        "kremlin-gabala-replaces-warheads-europe": "undecided",
        "obering-gabala-cannot-guide": "undecided",
    }
    found = record(third_site, assessed(third_site, golden))
    kinds = [each.about for part in found.elements for each in part.differences]
    assert set(kinds) == {"real", "open", "untested", "values"}
    for part in found.elements:
        raisers = [ground.party for each in part.differences for ground in each.raised_by]
        assert len(raisers) == len(set(raisers)), part.id
