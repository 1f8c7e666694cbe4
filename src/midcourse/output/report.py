"""The report: one page that opens anywhere, offline, and prints; and the same as PDF.

Everything is inside the files (style, maps, charts, letters); they ask nothing of the network and run no
script.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from midcourse.output.document import Document, document
from midcourse.output.files import write_together, write_whole
from midcourse.output.templating import render
from midcourse.output.typesetting import TypesettingError, title_of, typeset

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment

PAGE_NAME, PDF_NAME = "index.html", "report.pdf"


def write_report(assessment: Assessment, directory: Path) -> tuple[Path, Path]:
    """Write the page and the PDF into a folder, both or neither, and return their paths.

    When the PDF cannot be made, the page is written alone, the PDF of an earlier report is taken away, and
    TypesettingError says why.
    """
    content = document(assessment)
    page, printed = directory / PAGE_NAME, directory / PDF_NAME
    try:
        made = pdf_of(content)
    except TypesettingError:
        write_whole(page, page_of(content))
        printed.unlink(missing_ok=True)
        raise
    write_together(directory, {PAGE_NAME: page_of(content), PDF_NAME: made})
    return page, printed


def report_html(assessment: Assessment) -> str:
    """The report as one HTML document."""
    return page_of(document(assessment))


def report_pdf(assessment: Assessment) -> bytes:
    """The report as PDF."""
    return pdf_of(document(assessment))


def page_of(content: Document) -> str:
    return render("report.html.jinja", d=content)


def pdf_of(content: Document) -> bytes:
    """The document typeset; its pictures go beside the data, which names them."""
    data = asdict(content)
    pictures = {}
    for number, panel in enumerate(data["panels"]):
        pictures[f"map-{number}"] = panel.pop("svg")
    for claim in data["claims"]:
        for kind in ("distribution", "curve"):
            if svg := claim[kind]:
                claim[kind] = f"{kind}-{claim['number']}"
                pictures[claim[kind]] = svg
    data["in_words"] = {name: title_of(svg) for name, svg in pictures.items()}
    return typeset("report.typ", data, pictures)
