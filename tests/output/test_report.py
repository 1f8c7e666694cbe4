"""The report as a page: it asks nothing of the network and hides nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from midcourse.analysis.assessment import Assessment, Disclosure
from midcourse.output import wording
from midcourse.output.backing import folded
from midcourse.output.claim_section import even_odds
from midcourse.output.report import report_html
from midcourse.output.settling import extent
from midcourse.output.templating import link

from .reading import Page, closed_up


@pytest.fixture(scope="module")
def html(assessment: Assessment) -> str:
    return report_html(assessment)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(scope="module")
def told(page: Page) -> str:
    """The page's words, with every gap between them a single space."""
    return closed_up("".join(page.text))


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_nothing_is_loaded_and_nothing_runs(page: Page, html: str) -> None:
    assert page.loads == []
    assert not {"script", "iframe", "object", "embed", "link", "img"} & set(page.tags)
    assert "@import" not in html
    assert "url(http" not in html


def test_links_lead_to_the_web_or_into_the_page(page: Page) -> None:
    for target in page.links:
        assert target.startswith(("https://", "http://")) or target[1:] in page.ids, target


def test_an_unsafe_address_is_no_link() -> None:
    assert link("javascript:alert(1)") is None
    assert link("file:///etc/passwd") is None
    assert link("https://example.org/a") == "https://example.org/a"


def test_every_claim_is_told_in_full(told: str, assessment: Assessment) -> None:
    for claim in assessment.claims:
        for part in (claim.party, claim.statement, claim.source, claim.method, claim.reason):
            assert closed_up(part) in told
        assert told.count(claim.statement) >= 2
    for word in (assessment.command, assessment.hash, assessment.version, "undisclosed", "Sobol"):
        assert word in told


def test_every_parameter_and_source_is_there(page: Page, told: str, assessment: Assessment) -> None:
    for row in assessment.parameters:
        assert page.ids.count(f"figure-{row.path}") == 1
    for key, source in assessment.sources.items():
        assert f"source-{key}" in page.ids
        assert source.title in told


def test_a_claim_leads_to_the_figure_that_decides_it(html: str, assessment: Assessment) -> None:
    claim = next(claim for claim in assessment.claims if claim.id == "postol-speed")
    article = html.partition(f'id="claim-{claim.id}"')[2].partition("</article>")[0]
    assert 'href="#figure-interceptor.gbi-2-stage.payload"' in article
    assert "turns at 210" in article
    assert re.search(r"--set .{1,8}interceptor\.gbi-2-stage\.payload=214 kg", article)
    row = html.partition('<tr id="figure-interceptor.gbi-2-stage.payload"')[2].partition("</tr>")[0]
    assert f'href="#claim-{claim.id}"' in row


def test_whose_figures_make_it_true_is_told_where_it_was_asked(html: str, assessment: Assessment) -> None:
    for claim in assessment.claims:
        article = html.partition(f'id="claim-{claim.id}"')[2].partition("</article>")[0]
        assert ("Whose figures make it true" in article) == bool(claim.standpoints), claim.id
    assert html.count("Some parties&#39; figures make it true, others&#39; make it false.") == sum(
        bool(claim.standpoints) for claim in assessment.claims
    )


def test_shares_are_cut_to_what_a_share_can_be() -> None:
    noisy = extent(-0.01, (-0.05, 0.03))
    assert (noisy.share, noisy.low, noisy.high) == (0.0, 0.0, 0.03)
    assert extent(1.02, None).text == "100\u202f%"
    nothing = extent(float("nan"), (float("nan"), 0.1))
    assert (nothing.share, nothing.low, nothing.text) == (0.0, None, "no value")


def test_parties_that_agree_need_no_table(assessment: Assessment) -> None:
    claim = next(claim for claim in assessment.claims if claim.standpoints)
    same = [
        replace(each, verdict=claim.verdict, probability=0.9 + 0.02 * n)
        for n, each in enumerate(claim.standpoints)
    ]
    text = report_html(replace(assessment, claims=[replace(claim, standpoints=same)]))
    assert f"It is {claim.verdict} whoever&#39;s figures are used: it holds in 92 to 94" in text
    assert "of the samples under each of the 2 sets that bear on it" in text
    assert '<th scope="col">Figures</th>' not in text


def test_disclosures_that_would_settle_nothing_are_counted_not_listed(assessment: Assessment) -> None:
    idle = [Disclosure(f"radar.emr.other_{n}", 0.0, (0.0, 0.0), []) for n in range(5)]
    text = report_html(replace(assessment, disclosures=[*assessment.disclosures, *idle]))
    assert "5 undisclosed figures would settle nothing if they alone were known." in text
    assert "other 3" not in text
    nothing = report_html(replace(assessment, disclosures=idle))
    assert "What disclosure would settle most" not in nothing
    assert "5 undisclosed figures would settle nothing" in nothing


def test_a_viewpoint_that_touches_nothing_has_no_column(assessment: Assessment) -> None:
    claim = next(claim for claim in assessment.claims if claim.standpoints)
    untouched = replace(claim, standpoints=[replace(each, touches=False) for each in claim.standpoints])
    text = report_html(replace(assessment, claims=[untouched]))
    assert "Whose figures" not in text
    assert "lettered columns" not in text


def test_more_viewpoints_than_columns_are_counted(assessment: Assessment) -> None:
    claim = next(claim for claim in assessment.claims if claim.standpoints)
    known = claim.standpoints[-1]
    many = [replace(known, viewpoint=f"view-{n}", title=f"View {n}") for n in range(14)]
    text = report_html(replace(assessment, claims=[replace(claim, standpoints=many)]))
    assert "2 further sets of figures" in text
    assert text.count(">View 13</th>") == 1  # at the claim


def test_disclosures_are_ranked_by_what_they_are_worth(html: str, told: str) -> None:
    part = html.partition('id="settles"')[2].partition("</section>")[0]
    assert part.index("payload of interceptor gbi-2-stage") < part.index("losses of radar emr")
    assert "0.8 (0.7 to 1.0)" in told
    assert "buys most is to publish the payload of interceptor gbi-2-stage" in told


def test_what_was_not_computed_is_left_out(assessment: Assessment) -> None:
    text = report_html(replace(assessment, deciders=[], disclosures=[], precision=None))
    for words in (
        "What decides the dossier",
        "What disclosure would settle",
        "What would settle it",
        "asked for",
    ):
        assert words not in text
    assert "is the figure that decides most in" in text


def test_an_interrupted_run_says_so(assessment: Assessment) -> None:
    text = report_html(replace(assessment, interrupted=True))
    assert "Fewer samples were drawn than asked for" in text
    assert "interrupted before all were drawn" in text


def test_verdicts_are_told_by_shape_too(html: str) -> None:
    for verdict, shape in wording.VERDICT_SHAPES.items():
        assert f'<span aria-hidden="true">{shape}</span> {verdict}' in html


def test_an_even_chance_is_told_only_where_there_is_one(assessment: Assessment) -> None:
    claim = replace(assessment.claims[0], unit="s", low=1.0, high=9.0, sampled_values=[1.0, 4.0, 6.0, 9.0])
    assert "lie above 5.0" in even_odds(claim)
    assert even_odds(replace(claim, sampled_values=[1.0, 9.0, 9.0, 9.0])) == ""
    assert even_odds(replace(claim, sampled_values=[])) == ""


def test_a_long_enumeration_is_folded() -> None:
    note = folded(f"Held at nominal: {', '.join(f'p{i}' for i in range(40))}.")
    assert note.text == "Held at nominal."
    assert note.list[0] == "p0"
    assert note.list[-1] == "p39"
    assert folded("Short: a, b.").list == []


def test_one_of_a_thing_is_singular(assessment: Assessment) -> None:
    assert (
        wording.threshold(replace(assessment.claims[0], holds=">=", threshold=1.0, unit="shots"), " ")
        == "≥ 1 shot"
    )


def test_a_turn_is_told_as_finely_as_the_range_allows_but_not_rounded_away() -> None:
    assert wording.within(918.53, "kg", 64.0, 1050.0, space=" ") == "920 kg"
    assert wording.within(3.2e-7, "", 1e-8, 1e-4) == "3.2×10⁻⁷"
    assert wording.within(0.0, "deg", 0.0, 5.0) == "0.0°"


def test_a_value_is_not_rounded_across_its_threshold(assessment: Assessment) -> None:
    near = replace(
        assessment.claims[0], unit="km", value=1496.0, low=800.0, high=2900.0, holds="<", threshold=1500.0
    )
    assert wording.value(near, " ") == "1,496 km"


def test_json_has_the_keys_that_scripts_rely_on(assessment: Assessment) -> None:
    document = json.loads(assessment.to_json())
    assert {"dossier", "version", "seed", "samples", "claims"} <= set(document)
    assert len(document["claims"]) == len(assessment.claims)
    for claim in document["claims"]:
        assert {
            "id", "party", "statement", "source", "quantity", "unit", "value", "low", "high", "verdict",
            "probability", "probability_ci", "decided_by",
        } <= set(claim)  # fmt: skip
        assert claim["verdict"] in ("supported", "refuted", "undecided")
        assert len(claim["probability_ci"]) == 2
        for decider in claim["decided_by"]:
            assert {"parameter", "share", "flips_at"} <= set(decider)
    without_value = next(claim for claim in document["claims"] if claim["id"] == "regehr-west")
    assert without_value["value"] is None
