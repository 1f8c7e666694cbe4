"""The record on disk: JSON with its schema, one HTML file that opens offline, and a PDF, all from one
document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..files import write_together
from ..templating import render
from . import wording
from .document import SCHEMA_NAME, Document, schema

HTML_NAME, PDF_NAME, JSON_NAME = "framework.html", "framework.pdf", "framework.json"
SHIPPED_SCHEMA = Path(__file__).parent.parent / "data" / SCHEMA_NAME
TEMPLATE = Path(__file__).parent.parent / "templates" / "record.typ"


def write_record(document: Document, directory: Path) -> Path:
    """Write the record into a folder, all four files or none, and return the HTML's path."""
    write_together(
        directory,
        {
            JSON_NAME: record_json(document),
            SCHEMA_NAME: schema_json(),
            PDF_NAME: record_pdf(document),
            HTML_NAME: record_html(document),
        },
    )
    return directory / HTML_NAME


def record_dict(document: Document) -> dict[str, Any]:
    """The document that ``midcourse framework --json`` prints."""
    return document.model_dump(mode="json", by_alias=True)


def record_json(document: Document) -> str:
    return json.dumps(record_dict(document), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def schema_json() -> str:
    """The schema as it ships."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def record_html(document: Document) -> str:
    """The record as one HTML document."""
    return render(
        "record.html.jinja",
        d=document,
        counted=counted(document),
        parties={party.id: party for party in document.parties},
        sources={source.key: source for source in document.sources},
        labels={premise.claim: premise.label for premise in document.premises},
        about_names=wording.ABOUT,
        stances=wording.STANCES,
        grounds=wording.GROUNDS,
        no_disclosure=wording.NO_DISCLOSURE,
    )


def record_pdf(document: Document) -> bytes:
    """The record as a PDF, set in a typeface that comes with typst, so that it looks alike everywhere; the
    reader's own fonts stand in for letters that it lacks.
    """
    import typst

    handed = {
        "document": record_dict(document),
        "counted": counted(document),
        "words": {
            "about": wording.ABOUT,
            "stances": wording.STANCES,
            "grounds": wording.GROUNDS,
            "no_disclosure": wording.NO_DISCLOSURE,
        },
    }
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        timestamp=0,
        sys_inputs={"record": json.dumps(handed, ensure_ascii=False)},
    )
    return made


def counted(document: Document) -> str:
    """How much is recorded, and what the differences are about."""
    dates = [position.date for element in document.elements for position in element.positions]
    about = {kind: getattr(document.counts, kind) for kind in wording.ABOUT}
    return wording.counts(document.counts.elements, dates, about)
