"""The report's content, in the order it is read: what the page and the PDF are both made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from midcourse.output import backing, board, claim_section, in_short, settling
from midcourse.output.cross_references import References
from midcourse.output.scene import Panel, scene_panels

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Document:
    """An assessment in words; only ``panels`` and the claims' pictures hold drawings, as SVG."""

    title: str
    summary: str
    dossier: str
    date: str
    version: str
    command: str
    samples: str
    interrupted: bool
    counts: list[board.Count]
    findings: list[in_short.Finding]
    viewpoints: list[board.Viewpoint]
    further_viewpoints: int
    tallies: list[board.Tally]
    board: list[board.BoardRow]
    deciders: list[settling.DossierDeciderRow]
    undecidedness: str
    disclosures: list[settling.DisclosureRow]
    idle: str
    panels: list[Panel]
    claims: list[claim_section.ClaimSection]
    notes: list[backing.Note]
    deciding: list[backing.FigureRow]
    groups: list[backing.FigureGroup]
    figures: int
    ranged: int
    undisclosed: int
    sources: list[backing.SourceRow]
    facts: list[backing.Fact]


def document(assessment: Assessment) -> Document:
    references = References(assessment)
    claims = assessment.claims
    return Document(
        title=assessment.title,
        summary=assessment.summary,
        dossier=assessment.dossier,
        date=assessment.date,
        version=assessment.version,
        command=assessment.command,
        samples=f"{assessment.samples:,}",
        interrupted=assessment.interrupted,
        counts=board.counts(claims),
        findings=in_short.findings(assessment, references),
        viewpoints=list(board.viewpoints(claims, references).values()),
        further_viewpoints=max(0, len(board.all_touching(claims)) - board.MOST_VIEWPOINTS),
        tallies=board.tallies(claims),
        board=board.board(assessment, references),
        deciders=settling.dossier_deciders(assessment, references),
        undecidedness=settling.worth(assessment.undecidedness),
        disclosures=settling.disclosures(assessment, references),
        idle=settling.idle(assessment),
        panels=scene_panels(assessment.scene),
        claims=[claim_section.section(claim, assessment, references) for claim in claims],
        notes=backing.notes(assessment),
        deciding=backing.deciding_figures(assessment, references),
        groups=backing.figure_groups(assessment, references),
        figures=len(assessment.parameters),
        ranged=sum(row.low is not None for row in assessment.parameters),
        undisclosed=sum(row.undisclosed for row in assessment.parameters),
        sources=backing.source_rows(assessment),
        facts=backing.facts(assessment),
    )
