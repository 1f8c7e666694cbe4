"""Where a reader finds what is spoken of: a claim by its number, a figure by its row, a source by its key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from midcourse.output import numbers, wording

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment, ParameterRow, Verdict


@dataclass(frozen=True, slots=True)
class ClaimLink:
    """A claim in short; ``part`` is what falls to it of something shared out, or nothing."""

    number: int
    anchor: str
    statement: str
    verdict: Verdict
    part: str = ""


@dataclass(frozen=True, slots=True)
class FigureLink:
    """A parameter in words; ``anchor`` is empty where no row of the table tells of it."""

    path: str
    name: str
    anchor: str
    published: str
    undisclosed: bool


class References:
    """The claims, figures and documents of an assessment, by what they are called elsewhere in it."""

    def __init__(self, assessment: Assessment) -> None:
        self.claims = {
            claim.id: ClaimLink(number, f"claim-{claim.id}", claim.statement, claim.verdict)
            for number, claim in enumerate(assessment.claims, 1)
        }
        self.rows = {row.path: row for row in assessment.parameters}
        self.sources = assessment.sources

    def claims_named(self, names: Iterable[str]) -> list[ClaimLink]:
        """Claims in the order given; names that no claim bears are left out."""
        return [self.claims[name] for name in names if name in self.claims]

    def figure(self, path: str) -> FigureLink:
        row = self.rows.get(path)
        return FigureLink(
            path,
            wording.parameter_name(path),
            figure_anchor(path) if row else "",
            published(row) if row else "",
            bool(row and row.undisclosed),
        )

    def source_anchor(self, key: str) -> str:
        """Where a document is listed, or nothing."""
        return source_anchor(key) if key in self.sources else ""

    def source_of(self, url: str | None) -> str:
        """The key of the document at an address, or nothing."""
        if not url:
            return ""
        return next((key for key, source in self.sources.items() if source.url == url), "")

    def source_cited(self, citation: str) -> str:
        """The key of the document that a citation names by its title, or nothing."""
        named = [key for key, source in self.sources.items() if source.title in citation]
        return max(named, key=lambda key: len(self.sources[key].title), default="")


def figure_anchor(path: str) -> str:
    return f"figure-{path}"


def source_anchor(key: str) -> str:
    return f"source-{key}"


def published(row: ParameterRow) -> str:
    """A parameter's value as it was written, with its range."""
    value = numbers.with_unit(numbers.as_published(row.value), row.unit)
    return f"{value} ({ends})" if (ends := published_range(row)) else value


def published_range(row: ParameterRow) -> str:
    """A parameter's range as it was written, or nothing."""
    if row.low is None or row.high is None:
        return ""
    return f"{numbers.as_published(row.low)} to {numbers.with_unit(numbers.as_published(row.high), row.unit)}"
