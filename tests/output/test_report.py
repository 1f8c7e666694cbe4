"""The report: one file, whole or absent, that asks nothing of the network and hides nothing."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from midcourse.analysis.assessment import Assessment
from midcourse.dossier.errors import InputError
from midcourse.output import charts, wording
from midcourse.output.report import folded, report_html, write_report
from midcourse.output.templating import link

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


def test_every_claim_is_told_in_full(page: Page, assessment: Assessment) -> None:
    text = " ".join("".join(page.text).split())
    for claim in assessment.claims:
        for part in (claim.party, claim.statement, claim.source, claim.method, claim.reason):
            assert " ".join(part.split()) in text
        assert text.count(claim.statement) >= 2
    for word in (assessment.command, assessment.hash, assessment.version, "undisclosed"):
        assert word in text


def test_verdicts_are_told_by_shape_too(html: str) -> None:
    for verdict, shape in wording.VERDICT_SHAPES.items():
        assert f'<span aria-hidden="true">{shape}</span> {verdict}' in html


def test_an_assessment_of_nothing_still_makes_a_page(assessment: Assessment) -> None:
    bare = Assessment(
        dossier="bare", title="Bare", summary="", date="", version="0", seed=1, samples=1, hash="0",
        command="c", seconds=0.0, claims=[],
    )  # fmt: skip
    assert Page(report_html(bare)).open == []


def test_awkward_samples_are_drawn_or_left_out(assessment: Assessment) -> None:
    claim = assessment.claims[0]
    assert charts.distribution(replace(claim, sampled_values=[])) == ""
    assert charts.distribution(replace(claim, sampled_values=[float("nan")] * 3)) == ""
    some = charts.distribution(replace(claim, sampled_values=[1.0, float("inf"), 2.0, float("nan")]))
    assert "2 samples without a finite value" in some
    same = charts.distribution(
        replace(claim, sampled_values=[7.0] * 9, value=7.0, low=7.0, high=7.0, threshold=7.0)
    )
    assert same.count("#5a6b78") == 1


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
    above = np.array([[charts.CURVE_LEFT, 95.0], [charts.WIDTH - charts.CURVE_RIGHT, 95.0]])
    place = charts.clearest("holds at 5 %", 100.0, [above])
    assert place.y > 100.0
    below = above + np.array([0.0, 10.0])
    assert charts.clearest("holds at 5 %", 100.0, [below]).y < 100.0


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


def test_a_value_is_not_rounded_across_its_threshold(assessment: Assessment) -> None:
    near = replace(
        assessment.claims[0], unit="km", value=1496.0, low=800.0, high=2900.0, holds="<", threshold=1500.0
    )
    assert wording.value(near, " ") == "1,496 km"


def test_the_report_is_written_whole(tmp_path: Path, assessment: Assessment) -> None:
    path = write_report(assessment, tmp_path / "new" / "folder")
    assert path.read_text(encoding="utf-8").endswith("</html>")
    assert [p.name for p in path.parent.iterdir()] == ["index.html"]
    assert write_report(assessment, tmp_path / "new" / "folder") == path


def test_a_full_disk_leaves_the_old_report(
    tmp_path: Path, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_report(assessment, tmp_path)
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="no space left on device"):
        write_report(replace(assessment, title="Another"), tmp_path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["index.html"]
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
