"""What decides the dossier as a whole, and what its owners could settle by publishing a figure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from midcourse.output import numbers
from midcourse.output.cross_references import ClaimLink, FigureLink, References

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment, Disclosure

MOST_ROWS = 10  # of a ranking: those after are worth little
LEAST_WORTH = 0.005  # verdicts; less rounds to nothing
IDLE = "{} undisclosed figures would settle nothing if they alone were known"


@dataclass(frozen=True, slots=True)
class Extent:
    """A share of one as a bar with its interval, and in words; all within 0 and 1."""

    share: float
    low: float | None
    high: float | None
    text: str
    interval: str


@dataclass(frozen=True, slots=True)
class DossierDeciderRow:
    figure: FigureLink
    extent: Extent
    claims: list[ClaimLink]


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """``extent`` is set against the most that the first of the rows may spare."""

    figure: FigureLink
    extent: Extent
    drop: str
    claims: list[ClaimLink]
    source_anchor: str
    source: str
    citation: str
    note: str


def extent(share: float, interval: tuple[float, float] | None) -> Extent:
    """A share of variance; an estimate below nothing or above all is the sampling's doing and is cut off.
    What is not a number, as where nothing varies, is an empty bar.
    """
    if not math.isfinite(share):
        return Extent(0.0, None, None, numbers.NO_VALUE, "")
    text = numbers.share(bounded(share))
    if interval is None or not all(math.isfinite(end) for end in interval):
        return Extent(bounded(share), None, None, text, "")
    low, high = (bounded(end) for end in interval)
    return Extent(bounded(share), low, high, text, numbers.share_interval(low, high))


def bounded(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def dossier_deciders(assessment: Assessment, references: References) -> list[DossierDeciderRow]:
    """The parameters that decide most, the first first."""
    ranked = sorted(assessment.deciders, key=lambda each: -each.share)
    return [
        DossierDeciderRow(
            references.figure(each.parameter),
            extent(each.share, each.share_ci),
            references.claims_named(each.claims),
        )
        for each in ranked[:MOST_ROWS]
    ]


def disclosures(assessment: Assessment, references: References) -> list[DisclosureRow]:
    """The undisclosed figures that are worth knowing, the most first."""
    ranked = sorted(worth_knowing(assessment), key=lambda each: -each.drop)
    most = max((max(each.drop, each.drop_ci[1]) for each in ranked[:1]), default=0.0) or 1.0
    rows = []
    for each in ranked[:MOST_ROWS]:
        row = references.rows.get(each.parameter)
        parts = [
            replace(link, part=worth(part))
            for name, part in each.claims
            if part >= LEAST_WORTH and (link := references.claims.get(name))
        ]
        rows.append(
            DisclosureRow(
                figure=references.figure(each.parameter),
                extent=extent(each.drop / most, (each.drop_ci[0] / most, each.drop_ci[1] / most)),
                drop=spared(each),
                claims=parts,
                source_anchor=references.source_anchor(row.source_key) if row else "",
                source=row.source_key if row else "",
                citation=row.source_text if row else "",
                note=(row.note if row else None) or "",
            )
        )
    return rows


def worth_knowing(assessment: Assessment) -> list[Disclosure]:
    """The disclosures that would settle anything by themselves."""
    return [each for each in assessment.disclosures if each.drop >= LEAST_WORTH]


def idle(assessment: Assessment) -> str:
    """What is to be said of the undisclosed figures that the table leaves out."""
    told = min(len(worth_knowing(assessment)), MOST_ROWS)
    rest = len(assessment.disclosures) - len(worth_knowing(assessment))
    further = len(worth_knowing(assessment)) - told
    parts = [
        f"{further} further figures would spare less" if further else "",
        IDLE.format(rest) if rest else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def spared(disclosure: Disclosure) -> str:
    """Verdicts that would no longer be expected wrong, with their interval, as finely as that allows."""
    low, high = disclosure.drop_ci
    places = max(1, -numbers.magnitude(high - low)) if high > low else 2
    ends = [numbers.significant(max(end, 0.0), places=places) for end in (low, high)]
    told = numbers.significant(disclosure.drop, places=places)
    return told if ends[0] == ends[1] else f"{told} ({ends[0]} to {ends[1]})"


def worth(verdicts: float, unit: str = "") -> str:
    """A number of verdicts expected wrong: 3.1."""
    return numbers.amount(verdicts, unit, places=1 if verdicts >= 1.0 else 2)
