"""The verdict board: how the claims fare, by whom they are made, and under whose figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING

from midcourse.output import wording
from midcourse.output.cross_references import FigureLink, References

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment, ClaimResult, Standpoint, Verdict

MOST_VIEWPOINTS = 12  # columns; those of further viewpoints stand at each claim


@dataclass(frozen=True, slots=True)
class Count:
    verdict: Verdict
    shape: str
    number: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How the claims of one party fare; ``counts`` come in the order of the verdicts' shapes."""

    party: str
    claims: int
    counts: list[Count]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A party's figures, by the letter of its column on the board; ``source`` is a key that ``source_anchor``
    leads from, or a citation where that is empty.
    """

    letter: str
    title: str
    source: str
    source_anchor: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict under one viewpoint's figures; none where they do not touch the claim."""

    letter: str
    verdict: Verdict | None
    shape: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    number: int
    anchor: str
    statement: str
    party: str
    verdict: Verdict
    shape: str
    chance: str
    value: str
    range: str
    threshold: str
    decides: str
    figure: FigureLink | None
    standings: list[Standing]


def counts(claims: Sequence[ClaimResult]) -> list[Count]:
    found = Counter(claim.verdict for claim in claims)
    return [Count(verdict, shape, found[verdict]) for verdict, shape in wording.VERDICT_SHAPES.items()]


def tallies(claims: Sequence[ClaimResult]) -> list[Tally]:
    """Claims by party, those with most claims first; a speaker in brackets counts for the party."""
    parties: dict[str, list[ClaimResult]] = {}
    for claim in claims:
        parties.setdefault(claim.party.partition(" (")[0], []).append(claim)
    ordered = sorted(parties.items(), key=lambda item: -len(item[1]))
    return [Tally(party, len(made), counts(made)) for party, made in ordered]


def viewpoints(claims: Sequence[ClaimResult], references: References) -> dict[str, Viewpoint]:
    """The parties' figures that touch any claim, by name, lettered in the order they come; at most so many as
    there is room for on the board.
    """
    found = all_touching(claims)
    keys = {name: references.source_cited(each.source) for name, each in found.items()}
    return {
        name: Viewpoint(letter, each.title, keys[name] or each.source, references.source_anchor(keys[name]))
        for letter, (name, each) in zip(ascii_uppercase[:MOST_VIEWPOINTS], found.items(), strict=False)
    }


def all_touching(claims: Sequence[ClaimResult]) -> dict[str, Standpoint]:
    """The viewpoints that touch any claim, by name."""
    found: dict[str, Standpoint] = {}
    for claim in claims:
        for each in touching(claim):
            found.setdefault(each.viewpoint, each)
    return found


def touching(claim: ClaimResult) -> list[Standpoint]:
    """What comes out under those parties' figures that the claim depends on."""
    return [each for each in claim.standpoints if each.viewpoint and each.touches]


def board(assessment: Assessment, references: References) -> list[BoardRow]:
    columns = viewpoints(assessment.claims, references)
    rows = []
    for claim in assessment.claims:
        link = references.claims[claim.id]
        under = {each.viewpoint: each.verdict for each in touching(claim)}
        named = wording.deciders(claim)
        rows.append(
            BoardRow(
                number=link.number,
                anchor=link.anchor,
                statement=claim.statement,
                party=claim.party,
                verdict=claim.verdict,
                shape=wording.VERDICT_SHAPES[claim.verdict],
                chance=wording.probability(claim),
                value=wording.value(claim),
                range=wording.value_range(claim),
                threshold=wording.threshold(claim),
                decides=wording.decides(claim),
                figure=references.figure(named[0].parameter) if named else None,
                standings=[
                    Standing(
                        column.letter,
                        under.get(name),
                        wording.VERDICT_SHAPES[under[name]] if name in under else "",
                    )
                    for name, column in columns.items()
                ],
            )
        )
    return rows
