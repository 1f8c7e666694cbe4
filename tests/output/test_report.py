"""The report: a page and a PDF, each whole or absent, that ask nothing of the network and hide nothing."""

from __future__ import annotations

import io
import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.analysis.assessment import Assessment, Disclosure
from midcourse.dossier.errors import InputError
from midcourse.output import charts, curves, report, wording
from midcourse.output.backing import folded
from midcourse.output.claim_section import even_odds
from midcourse.output.report import report_html, report_pdf, write_report
from midcourse.output.settling import extent
from midcourse.output.templating import link
from midcourse.output.typesetting import TypesettingError

VOID = {"meta", "link", "br", "img", "hr", "input", "area", "base", "col", "source", "wbr"}
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"}


class Page(HTMLParser):
    """Checks that every element is closed in turn; gathers links, identifiers and what would be loaded."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note(tag, attrs)

    def note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in LOADING or name == "href":
                self.loads.append(f"{tag} {name}={value}")
            elif name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


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


@pytest.fixture(scope="module")
def pdf(assessment: Assessment) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(report_pdf(assessment)))


@pytest.fixture(scope="module")
def printed(pdf: pypdf.PdfReader) -> str:
    """The PDF's letters and figures without any space, for lines are broken anywhere."""
    return squeezed("".join(sheet.extract_text() for sheet in pdf.pages))


def closed_up(text: str) -> str:
    return " ".join(text.split())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


BARE = Assessment(
    dossier="bare", title="Bare", summary="", date="", version="0", seed=1, samples=1, hash="0", command="c",
    seconds=0.0, claims=[],
)  # fmt: skip


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


def test_hostile_text_is_only_text(assessment: Assessment) -> None:
    evil = '<script>alert(1)</script> #panic("x") *not bold* $x$ @label \\ // `code`'
    claim = replace(
        assessment.claims[0], id='a"b<c>', statement=evil, party=evil, source=evil, method=evil, reason=evil,
        source_url="javascript:alert(1)", detail=[(evil, evil)],
    )  # fmt: skip
    row = replace(assessment.parameters[0], note=evil, source_text=evil)
    hostile = replace(
        assessment, title=evil, summary=evil, claims=[claim], parameters=[row], notes=[evil], command=evil,
        dossier=evil, deciders=[], disclosures=[],
    )  # fmt: skip
    page = Page(report_html(hostile))
    assert page.open == []
    assert "script" not in page.tags
    assert page.loads == []
    assert not [target for target in page.links if target.startswith("javascript")]
    text = squeezed(
        "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(report_pdf(hostile))).pages)
    )
    assert text.count(squeezed(evil)) >= 8


def test_the_pdf_tells_every_claim_and_how_to_obtain_it_again(
    pdf: pypdf.PdfReader, printed: str, assessment: Assessment
) -> None:
    for claim in assessment.claims:
        for part in (claim.party, claim.statement, claim.source, claim.method, claim.reason):
            assert squeezed(part) in printed, (claim.id, part)
    for row in assessment.parameters:
        field = ".".join(row.path.split(".")[2:])
        assert squeezed(field) in printed
    for source in assessment.sources.values():
        assert squeezed(source.title) in printed
    for word in (assessment.command, assessment.hash, assessment.version, "Whose figures make it true"):
        assert squeezed(word) in printed
    assert "\u200b" not in printed  # else a copied path or command would not work
    assert len(assessment.claims) / 3 < len(pdf.pages) < 2 * len(assessment.claims) + 10


def test_the_pdf_has_bookmarks_and_links_that_lead_somewhere(
    pdf: pypdf.PdfReader, assessment: Assessment
) -> None:
    def titles(outline: list) -> list[str]:
        return [
            title
            for item in outline
            for title in (titles(item) if isinstance(item, list) else [closed_up(item.title)])
        ]

    marked = titles(pdf.outline)
    for heading in (
        "In short",
        "The verdicts",
        "Claim by claim",
        "Parameters",
        "Sources",
        "To obtain this again",
    ):
        assert heading in marked
    for number, claim in enumerate(assessment.claims, 1):
        assert f"{number} {closed_up(claim.statement)}" in marked
    links = [note.get_object() for sheet in pdf.pages for note in sheet.get("/Annots", []) or []]
    web = {str(link["/A"]["/URI"]) for link in links if "/A" in link and "/URI" in link["/A"]}
    assert web
    assert all(address.startswith(("https://", "http://")) for address in web)
    assert len(links) > len(web) + 2 * len(assessment.claims)


def test_the_pdf_is_the_same_each_time_and_brings_its_letters(assessment: Assessment) -> None:
    made = report_pdf(assessment)
    assert made == report_pdf(assessment)
    fonts = set()
    for sheet in pypdf.PdfReader(io.BytesIO(made)).pages:
        for font in (sheet["/Resources"].get("/Font") or {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())
            fonts.add(str(inner["/BaseFont"]).partition("+")[2])
    assert {"MidcourseSans-Regular", "MidcourseSans-Bold"} <= fonts


def test_verdicts_are_told_by_shape_too(html: str) -> None:
    for verdict, shape in wording.VERDICT_SHAPES.items():
        assert f'<span aria-hidden="true">{shape}</span> {verdict}' in html


def test_an_assessment_of_nothing_still_makes_a_report() -> None:
    assert Page(report_html(BARE)).open == []
    assert len(pypdf.PdfReader(io.BytesIO(report_pdf(BARE))).pages) == 1


def test_awkward_samples_are_drawn_or_left_out(assessment: Assessment) -> None:
    claim = assessment.claims[0]
    assert charts.distribution(replace(claim, sampled_values=[])) == ""
    assert charts.distribution(replace(claim, sampled_values=[float("nan")] * 3)) == ""
    some = charts.distribution(replace(claim, sampled_values=[1.0, float("inf"), 2.0, float("nan")]))
    assert "2 samples without a finite value" in some
    same = charts.distribution(
        replace(claim, sampled_values=[7.0] * 9, value=7.0, low=7.0, high=7.0, threshold=7.0)
    )
    assert same.count("#33424d") == 1


def test_bars_tell_the_samples_that_pass_from_those_that_fail(assessment: Assessment) -> None:
    claim = replace(
        assessment.claims[0], unit="s", holds=">=", threshold=5.0, value=6.0, low=1.0, high=9.0,
        sampled_values=[1.0, 2.0, 5.0, 9.0, 9.0],
    )  # fmt: skip
    values = np.array(claim.sampled_values)
    drawn = charts.bars(claim, values, 0.0, 10.0, lambda value: 10.0 * value)
    tallest = charts.HISTOGRAM_BOTTOM - charts.HISTOGRAM_TOP - charts.WORD_ROOM
    assert sum(bar.height for bar in drawn if bar.passes) == pytest.approx(1.5 * tallest)
    assert sum(bar.height for bar in drawn if not bar.passes) == pytest.approx(tallest)


def test_a_curve_marks_where_the_figure_stands_and_where_the_verdict_turns(assessment: Assessment) -> None:
    claim = next(claim for claim in assessment.claims if claim.curve)
    assert claim.curve is not None
    svg = curves.curve(claim.curve, claim, 200.0, 300.0)
    assert ">nominal 200" in svg
    assert ">turns at 300" in svg
    assert "turns at" not in curves.curve(claim.curve, claim, 200.0, 3000.0)


def test_an_even_chance_is_told_only_where_there_is_one(assessment: Assessment) -> None:
    claim = replace(assessment.claims[0], unit="s", low=1.0, high=9.0, sampled_values=[1.0, 4.0, 6.0, 9.0])
    assert "lie above 5.0" in even_odds(claim)
    assert even_odds(replace(claim, sampled_values=[1.0, 9.0, 9.0, 9.0])) == ""
    assert even_odds(replace(claim, sampled_values=[])) == ""


@given(
    st.lists(st.floats(curves.LEFT, charts.WIDTH - curves.RIGHT), min_size=1, max_size=2).map(sorted),
    st.lists(st.floats(20.0, 180.0), min_size=2, max_size=2),
)
def test_names_of_marks_stay_inside_and_clear_of_each_other(marks: list[float], widths: list[float]) -> None:
    widths = widths[: len(marks)]
    lefts = curves.beside(marks, widths)
    assert all(left >= 0.0 for left in lefts)
    assert all(left + width <= charts.WIDTH for left, width in zip(lefts, widths, strict=True))
    for left, width, following in zip(lefts, widths, lefts[1:], strict=False):
        assert left + width < following


def test_a_threshold_beyond_a_hundred_per_cent_is_on_the_axis(assessment: Assessment) -> None:
    full = replace(assessment.claims[0], unit="%", value=100.0, low=100.0, high=100.0, threshold=105.0)
    low, high = charts.axis(full, np.full(9, 100.0))
    assert low < 100.0
    assert high > 105.0
    assert charts.axis(replace(full, threshold=90.0), np.full(9, 100.0))[1] == 100.0


def test_samples_far_outside_the_range_are_counted_not_drawn(assessment: Assessment) -> None:
    values = [*np.linspace(100.0, 200.0, 200), 4000.0]
    claim = replace(
        assessment.claims[0],
        unit="%",
        value=150.0,
        low=105.0,
        high=195.0,
        threshold=95.0,
        sampled_values=values,
    )
    svg = charts.distribution(claim)
    assert "1 sample above, up to 4,000" in svg
    assert ">200</text>" in svg
    ticks = [float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="middle"', svg)]
    assert max(ticks) < charts.WIDTH - 10.0


def test_a_threshold_is_named_where_no_curve_passes() -> None:
    above = np.array([[curves.LEFT, 95.0], [charts.WIDTH - curves.RIGHT, 95.0]])
    place = curves.clearest("holds at 5 %", 100.0, [above])
    assert place.y > 100.0
    below = above + np.array([0.0, 10.0])
    assert curves.clearest("holds at 5 %", 100.0, [below]).y < 100.0


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


def test_the_report_is_written_whole(tmp_path: Path, assessment: Assessment) -> None:
    page, printed = write_report(assessment, tmp_path / "new" / "folder")
    assert page.read_text(encoding="utf-8").endswith("</html>")
    assert printed.read_bytes().rstrip().endswith(b"%%EOF")
    assert names(page.parent) == ["index.html", "report.pdf"]
    assert write_report(assessment, tmp_path / "new" / "folder") == (page, printed)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_pdf_that_cannot_be_made_costs_the_page_nothing(
    tmp_path: Path, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(replace(assessment, title="Earlier"), tmp_path)

    def broken(*_: object) -> bytes:
        raise TypesettingError("no PDF was written: out of ink")

    monkeypatch.setattr(report, "typeset", broken)
    with pytest.raises(TypesettingError, match="out of ink"):
        write_report(assessment, tmp_path)
    # A PDF that tells of another assessment than the page beside it would mislead.
    assert names(tmp_path) == ["index.html"]
    assert assessment.title in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_full_disk_leaves_the_old_report(
    tmp_path: Path, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write_report(assessment, tmp_path)
    before = [path.read_bytes() for path in paths]

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="no space left on device"):
        write_report(replace(assessment, title="Another"), tmp_path)
    assert [path.read_bytes() for path in paths] == before
    assert names(tmp_path) == ["index.html", "report.pdf"]
    with pytest.raises(InputError):
        write_report(assessment, tmp_path / "made" / "for it")
    assert not (tmp_path / "made").exists()


def test_a_folder_that_cannot_be_is_told_in_one_line(tmp_path: Path, assessment: Assessment) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError) as caught:
        write_report(assessment, tmp_path / "file" / "report")
    line = str(caught.value)
    assert line.startswith("--out: cannot write index.html")
    assert "\n" not in line
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


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
