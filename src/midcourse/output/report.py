"""The report: one HTML file that opens anywhere, offline, and prints.

Everything is inside the file (style, maps, charts); it asks nothing of the network and runs no script.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from midcourse.output import charts, numbers, wording
from midcourse.output.files import write_whole
from midcourse.output.scene import scene_panels
from midcourse.output.templating import render

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment, ClaimResult, ParameterRow, SourceEntry

FILE_NAME = "index.html"
LONG_LIST = 12  # entries of an enumeration in a note, from which it is folded


@dataclass(frozen=True, slots=True)
class DeciderRow:
    path: str
    name: str
    share: str
    percent: float
    flip: str


@dataclass(frozen=True, slots=True)
class ClaimSection:
    """A claim with everything about it already in words and pictures."""

    claim: ClaimResult
    anchor: str
    shape: str
    value: str
    range: str
    threshold: str
    decides: str
    chance: str
    chance_interval: str
    deciders: list[DeciderRow]
    distribution: str
    curve: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note; where it ends in a long enumeration, that is kept apart to be folded."""

    text: str
    list: list[str]


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    """Parameters of one entry of the catalog or dossier."""

    name: str
    rows: list[ParameterRow]


def write_report(assessment: Assessment, directory: Path) -> Path:
    """Write the report into a folder, whole or not at all, and return the file's path."""
    return write_whole(directory / FILE_NAME, report_html(assessment))


def report_html(assessment: Assessment) -> str:
    """The report as one HTML document."""
    sections = [section(claim) for claim in assessment.claims]
    counts = Counter(claim.verdict for claim in assessment.claims)
    return render(
        "report.html.jinja",
        a=assessment,
        sections=sections,
        notes=[folded(note) for note in assessment.notes],
        counts=[(shape, verdict, counts[verdict]) for verdict, shape in wording.VERDICT_SHAPES.items()],
        panels=scene_panels(assessment.scene),
        groups=parameter_groups(assessment.parameters),
        undisclosed=sum(row.undisclosed for row in assessment.parameters),
        ranged=sum(row.low is not None for row in assessment.parameters),
        sources=sorted(assessment.sources.items(), key=lambda item: item[0]),
        source_line=source_line,
    )


def section(claim: ClaimResult) -> ClaimSection:
    low, high = claim.probability_ci
    return ClaimSection(
        claim=claim,
        anchor=f"claim-{claim.id}",
        shape=wording.VERDICT_SHAPES[claim.verdict],
        value=wording.value(claim),
        range=wording.value_range(claim),
        threshold=wording.threshold(claim),
        decides=wording.decides(claim),
        chance=wording.probability(claim),
        chance_interval=numbers.share_interval(low, high),
        deciders=[
            DeciderRow(
                path=decider.parameter,
                name=wording.parameter_name(decider.parameter),
                share=numbers.share(decider.share),
                percent=100.0 * min(max(decider.share, 0.0), 1.0),
                flip=wording.flip(decider),
            )
            for decider in wording.deciders(claim)
        ],
        distribution=charts.distribution(claim),
        curve=charts.curve(claim.curve, claim) if claim.curve else "",
    )


def folded(note: str) -> Note:
    """A note with the enumeration after its last colon taken apart, when it is a long one."""
    text, colon, items = note.rpartition(": ")
    listed = items.removesuffix(".").split(", ")
    if not colon or len(listed) < LONG_LIST:
        return Note(note, [])
    return Note(f"{text}.", listed)


def parameter_groups(rows: list[ParameterRow]) -> list[ParameterGroup]:
    """Parameters by the entry they belong to (the first two parts of their path), in the order they come."""
    groups: dict[str, list[ParameterRow]] = {}
    for row in rows:
        groups.setdefault(".".join(row.path.split(".")[:2]), []).append(row)
    return [ParameterGroup(name, members) for name, members in groups.items()]


def source_line(source: SourceEntry) -> str:
    """Author, publisher and date of a document, as far as they are known."""
    return ", ".join(part for part in (source.author, source.publisher, source.date) if part)
