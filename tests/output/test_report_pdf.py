"""The report as PDF, and both forms as files: whole or absent."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from midcourse.analysis.assessment import Assessment
from midcourse.dossier.errors import InputError
from midcourse.output import report
from midcourse.output.report import report_html, report_pdf, write_report
from midcourse.output.typesetting import TypesettingError

from .reading import Page, closed_up, letters_of, squeezed

BARE = Assessment(
    dossier="bare", title="Bare", summary="", date="", version="0", seed=1, samples=1, hash="0", command="c",
    seconds=0.0, claims=[],
)  # fmt: skip


@pytest.fixture(scope="module")
def made(assessment: Assessment) -> bytes:
    return report_pdf(assessment)


@pytest.fixture(scope="module")
def brief(assessment: Assessment) -> Assessment:
    """Two claims of it: enough where the files are what it is about."""
    return replace(assessment, claims=assessment.claims[:2], parameters=assessment.parameters[:4])


@pytest.fixture(scope="module")
def pdf(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


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
    text = letters_of(report_pdf(hostile))
    assert text.count(squeezed(evil)) >= 8


def test_the_pdf_tells_every_claim_and_how_to_obtain_it_again(
    pdf: pypdf.PdfReader, made: bytes, assessment: Assessment
) -> None:
    printed = letters_of(made)
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


def test_the_pdf_is_the_same_each_time_and_brings_its_letters(made: bytes, brief: Assessment) -> None:
    assert report_pdf(brief) == report_pdf(brief)
    fonts = set()
    for sheet in pypdf.PdfReader(io.BytesIO(made)).pages:
        for font in (sheet["/Resources"].get("/Font") or {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())
            fonts.add(str(inner["/BaseFont"]).partition("+")[2])
    assert {"MidcourseSans-Regular", "MidcourseSans-Bold"} <= fonts


def test_an_assessment_of_nothing_still_makes_a_report() -> None:
    assert Page(report_html(BARE)).open == []
    assert len(pypdf.PdfReader(io.BytesIO(report_pdf(BARE))).pages) == 1


def test_the_report_is_written_whole(tmp_path: Path, brief: Assessment) -> None:
    page, printed = write_report(brief, tmp_path / "new" / "folder")
    assert page.read_text(encoding="utf-8").endswith("</html>")
    assert printed.read_bytes().rstrip().endswith(b"%%EOF")
    assert names(page.parent) == ["index.html", "report.pdf"]
    assert write_report(brief, tmp_path / "new" / "folder") == (page, printed)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_pdf_that_cannot_be_made_costs_the_page_nothing(
    tmp_path: Path, brief: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(replace(brief, title="Earlier"), tmp_path)

    def broken(*_: object) -> bytes:
        raise TypesettingError("no PDF was written: out of ink")

    monkeypatch.setattr(report, "typeset", broken)
    with pytest.raises(TypesettingError, match="out of ink"):
        write_report(brief, tmp_path)
    # A PDF that tells of another assessment than the page beside it would mislead.
    assert names(tmp_path) == ["index.html"]
    assert brief.title in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_report(
    tmp_path: Path, brief: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write_report(brief, tmp_path)
    before = [path.read_bytes() for path in paths]

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="no space left on device"):
        write_report(replace(brief, title="Another"), tmp_path)
    assert [path.read_bytes() for path in paths] == before
    assert names(tmp_path) == ["index.html", "report.pdf"]
    with pytest.raises(InputError):
        write_report(brief, tmp_path / "made" / "for it")
    assert not (tmp_path / "made").exists()


def test_a_folder_that_cannot_be_is_told_in_one_line(tmp_path: Path, brief: Assessment) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError) as caught:
        write_report(brief, tmp_path / "file" / "report")
    line = str(caught.value)
    assert line.startswith("--out: cannot write index.html")
    assert "\n" not in line
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
