"""Which viewpoints a claim has to be judged under: all that touch it, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from midcourse.dossier import Dossier
from midcourse.model.memory import Memory
from midcourse.study.asking import Plan, Question, Study, inquiries
from midcourse.study.relevance import touches
from midcourse.study.standpoints import views

CLAIMS = (
    "lp-burnout-speed",
    "lp-250-seconds",
    "mda-too-slow-at-250",
    "kremlin-gabala-earlier",
    "kremlin-gabala-dwell-europe",
    "obering-gabala-cannot-guide",
    "yakushin-gabala-lands",
    "popovkin-radar-watches",
    "lewis-emr-range",
)


def test_a_viewpoint_that_touches_nothing_changes_nothing(third_site: Dossier, memory: Memory) -> None:
    """The nominal value under every viewpoint that is said not to touch a claim, computed all the same."""
    questions = tuple(
        Question(claim, viewpoint)
        for claim in CLAIMS
        for viewpoint in (None, *third_site.viewpoint)
        if viewpoint is None or not touches(third_site, claim, viewpoint)
    )
    ready = inquiries(third_site, questions, memory, 1, lambda _: None)
    study = Study(Plan(third_site, questions, (), "sobol", 0), ready)
    seen: dict[int, float] = {}
    for unit in study.nominal_units(range(len(questions))):
        seen.update({i: value for i, (value, _) in study.look(unit).items()})
    without = {each.claim: seen[i] for i, each in enumerate(questions) if not each.viewpoint}
    untouched = [i for i, each in enumerate(questions) if each.viewpoint]
    assert len(untouched) > 20
    for i in untouched:
        assert seen[i] == pytest.approx(without[questions[i].claim], rel=1e-12), questions[i]


@pytest.mark.parametrize(
    ("claim", "touching"),
    [
        ("lewis-emr-range", {"lewis-postol", "czech-study"}),
        ("kremlin-gabala-dwell-europe", {"lewis-postol", "czech-study"}),
        ("yakushin-gabala-lands", {"lewis-postol", "lewis-postol-2008"}),
    ],
)
def test_what_touches(third_site: Dossier, claim: str, touching: set[str]) -> None:
    assert {name for name in third_site.viewpoint if touches(third_site, claim, name)} == touching


def test_what_is_imposed_anyway_is_not_touched(third_site: Dossier) -> None:
    """By the claim itself, or by the user."""
    speed = "interceptor.gbi-2-stage.burnout_speed"
    assert touches(third_site, "lp-burnout-speed", "mda")
    assert not touches(third_site.with_overrides({speed: "7 km/s"}), "lp-burnout-speed", "mda")
    own = third_site.claim["lp-burnout-speed"].model_copy(update={"set": {speed: "7 km/s"}})
    assert not touches(replace(third_site, claim={"mine": own}), "mine", "mda")


def test_views(third_site: Dossier) -> None:
    """What a claim takes itself is part of it; a viewpoint that touches nothing is the claim as it stands."""
    found = {each.viewpoint: each for each in views(third_site, "mda-too-slow-own-speed")}
    assert found["mda"].question == found[""].question == Question("mda-too-slow-own-speed")
    # Other speeds and payloads give way to the speed that the claim names; radars do not.
    assert found["mda-slide"].question == found["booster-flights"].question == found[""].question
    assert found["czech-study"].question == Question("mda-too-slow-own-speed", "czech-study")
    found = {each.viewpoint: each for each in views(third_site, "lewis-emr-range")}
    # It takes none: the catalog's figures are what it is judged by.
    assert found[""].question == found["mda"].question == Question("lewis-emr-range")


def test_what_a_claim_says_outlasts_a_viewpoint(third_site: Dossier) -> None:
    speed = "interceptor.gbi-2-stage.burnout_speed"
    seen = third_site.for_claim("mda-too-slow-own-speed", "lewis-postol")
    assert seen.parameters()[speed].value == 6300.0
    assert seen.parameters()["radar.emr.dwell"].value == 0.1
