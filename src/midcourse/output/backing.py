"""What stands behind the verdicts: parameters and their sources, notes, and the way to obtain them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from midcourse.output import numbers, wording
from midcourse.output.cross_references import (
    ClaimLink,
    References,
    figure_anchor,
    published_range,
    source_anchor,
)
from midcourse.output.settling import worth_knowing
from midcourse.output.templating import link

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment, ParameterRow, SourceEntry

LONG_LIST = 12  # entries of an enumeration in a note, from which it is folded
SAMPLERS = {
    "sobol": "scrambled Sobol sequence",
    "latin": "Latin hypercube",
    "latin-hypercube": "Latin hypercube",
    "lhs": "Latin hypercube",
    "plain": "plain random numbers",
    "random": "plain random numbers",
}


@dataclass(frozen=True, slots=True)
class Note:
    """A note; where it ends in a long enumeration, that is kept apart to be folded."""

    text: str
    list: list[str]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A parameter as it was used; ``claims`` are those that it decides."""

    anchor: str
    path: str
    name: str
    field: str
    value: str
    range: str
    undisclosed: bool
    source: str
    source_anchor: str
    citation: str
    note: str
    claims: list[ClaimLink]


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Parameters of one entry of the catalog or dossier."""

    name: str
    rows: list[FigureRow]


@dataclass(frozen=True, slots=True)
class SourceRow:
    key: str
    anchor: str
    title: str
    url: str
    line: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the reproduction box; ``code`` is set in letters of fixed width."""

    label: str
    text: str
    code: str = ""


def notes(assessment: Assessment) -> list[Note]:
    return [folded(note) for note in assessment.notes]


def folded(note: str) -> Note:
    """A note with the enumeration after its last colon taken apart, when it is a long one."""
    text, colon, items = note.rpartition(": ")
    listed = items.removesuffix(".").split(", ")
    if not colon or len(listed) < LONG_LIST:
        return Note(note, [])
    return Note(f"{text}.", listed)


def deciding_figures(assessment: Assessment, references: References) -> list[FigureRow]:
    """The parameters that any verdict, or the dossier, hangs on, those that decide most claims first."""
    moved = claims_moved(assessment)
    chosen = [row for row in assessment.parameters if row.path in moved]
    chosen.sort(key=lambda row: -len(moved[row.path]))
    return [figure_row(row, "", None, references, moved[row.path]) for row in chosen]


def figure_groups(assessment: Assessment, references: References) -> list[FigureGroup]:
    """The other parameters by the entry they belong to (the first two parts of their path), in their order.

    A note that repeats the one before it in its entry is left out.
    """
    moved = claims_moved(assessment)
    groups: dict[str, list[ParameterRow]] = {}
    for row in assessment.parameters:
        if row.path not in moved:
            groups.setdefault(".".join(row.path.split(".")[:2]), []).append(row)
    return [
        FigureGroup(
            name,
            [
                figure_row(row, name, before, references, [])
                for before, row in zip([None, *rows], rows, strict=False)
            ],
        )
        for name, rows in groups.items()
    ]


def claims_moved(assessment: Assessment) -> dict[str, list[str]]:
    """For each parameter that decides anything, the claims whose verdict it moves."""
    moved: dict[str, list[str]] = {}
    for claim in assessment.claims:
        for decider in wording.deciders(claim):
            moved.setdefault(decider.parameter, []).append(claim.id)
    for path in (
        *(each.parameter for each in assessment.deciders),
        *(each.parameter for each in worth_knowing(assessment)),
    ):
        moved.setdefault(path, [])
    return moved


def figure_row(
    row: ParameterRow, group: str, before: ParameterRow | None, references: References, moved: Sequence[str]
) -> FigureRow:
    anchor = references.source_anchor(row.source_key)
    return FigureRow(
        anchor=figure_anchor(row.path),
        path=row.path,
        name=wording.parameter_name(row.path),
        field=row.path.removeprefix(f"{group}.") or row.path,
        value=numbers.with_unit(numbers.as_published(row.value), row.unit),
        range=published_range(row),
        undisclosed=row.undisclosed,
        source=row.source_key if anchor else row.source_text or row.source_key,
        source_anchor=anchor,
        citation=row.source_text,
        note="" if row.note is None or (before is not None and before.note == row.note) else row.note,
        claims=references.claims_named(moved),
    )


def source_rows(assessment: Assessment) -> list[SourceRow]:
    return [
        SourceRow(key, source_anchor(key), source.title, link(source.url) or "", source_line(source))
        for key, source in sorted(assessment.sources.items())
    ]


def source_line(source: SourceEntry) -> str:
    """Author, publisher and date of a document, as far as they are known."""
    return ", ".join(part for part in (source.author, source.publisher, source.date) if part)


def samples_drawn(assessment: Assessment) -> str:
    """How many samples, of which kind, and why so many."""
    kind = SAMPLERS.get(assessment.sampler, assessment.sampler)
    text = f"{assessment.samples:,} from the published ranges, {kind}"
    if assessment.precision is not None:
        asked = numbers.significant(100.0 * assessment.precision)
        text += f"; asked for: intervals within ±{asked}{numbers.NARROW_SPACE}% of a probability"
    return f"{text}; interrupted before all were drawn" if assessment.interrupted else text


def samples_of_claims(assessment: Assessment) -> str:
    """How many samples the claims were judged on, where these differ."""
    drawn: Sequence[int] = sorted({claim.samples for claim in assessment.claims if claim.samples})
    if not drawn or (len(drawn) == 1 and drawn[0] == assessment.samples):
        return ""
    if len(drawn) == 1:
        return f"{drawn[0]:,} for each"
    return f"{drawn[0]:,} to {drawn[-1]:,}, as each says"


def facts(assessment: Assessment) -> list[Fact]:
    """What is needed to obtain the same numbers again, and to know that they are the same."""
    made = [
        Fact("midcourse", assessment.version),
        Fact("seed", str(assessment.seed)),
        Fact("samples", samples_drawn(assessment)),
        Fact("samples of a claim", samples_of_claims(assessment)),
        Fact("dossier", f"{assessment.dossier}, content", assessment.hash),
        Fact("time taken", numbers.amount(assessment.seconds, "s")),
    ]
    return [fact for fact in made if fact.text]
