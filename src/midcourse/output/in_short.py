"""What a whole dossier comes to, in a few sentences made from its results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from midcourse.output import numbers, wording
from midcourse.output.board import counts, tallies, touching
from midcourse.output.cross_references import References
from midcourse.output.settling import extent, idle, spared, worth, worth_knowing

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment, ClaimResult


@dataclass(frozen=True, slots=True)
class Finding:
    lead: str
    text: str


def findings(assessment: Assessment, references: References) -> list[Finding]:
    """The findings, as far as they were computed."""
    if not assessment.claims:
        return []
    made = [
        Finding("Verdicts.", on_verdicts(assessment.claims)),
        Finding("Whose figures.", on_parties(assessment.claims)),
        Finding("What decides.", on_deciders(assessment, references)),
        Finding("What would settle it.", on_disclosure(assessment, references)),
    ]
    return [finding for finding in made if finding.text]


def on_verdicts(claims: Sequence[ClaimResult]) -> str:
    """How many claims hold, and whether any party is right throughout."""
    found = {each.verdict: each.number for each in counts(claims)}
    text = (
        f"Of {told(len(claims))}, what is published supports {found['supported']}, "
        f"refutes {found['refuted']}, and leaves {found['undecided']} undecided."
    )
    several = [tally for tally in tallies(claims) if tally.claims > 1]
    right = [tally.party for tally in several if tally.counts[0].number == tally.claims]
    if not several:
        return text
    if not right:
        return f"{text} No party that makes more than one claim is borne out in all of them."
    return f"{text} Borne out in all that they claim: {', '.join(right)}."


def on_parties(claims: Sequence[ClaimResult]) -> str:
    """On how many claims the verdict hangs on whose figures are used."""
    touched = [claim for claim in claims if touching(claim)]
    if not touched:
        return ""
    turned = sum(any(each.verdict != claim.verdict for each in touching(claim)) for claim in touched)
    about = f"{told(len(touched))} that some party's own figures bear on"
    if not turned:
        return f"Of the {about}, none gets another verdict under them than over the published ranges."
    rest = "" if turned == len(touched) else " On the rest it does not matter whose are taken."
    verdicts = f"{turned} get another verdict under some of them than over the published ranges"
    return f"Of the {about}, {verdicts}.{rest}"


def on_deciders(assessment: Assessment, references: References) -> str:
    """The figure that moves most verdicts."""
    if assessment.deciders:
        first = max(assessment.deciders, key=lambda each: each.share)
        figure, explained = references.figure(first.parameter), extent(first.share, first.share_ci)
        known = f", {figure.published}," if figure.published else ""
        return (
            f"The {figure.name}{known} decides more than any other figure. By itself it explains "
            f"{explained.text} ({explained.interval}) of whether a claim holds, the mean over all of them, "
            f"and it moves {told(len(first.claims))}."
        )
    leading = Counter(named[0].parameter for claim in assessment.claims if (named := wording.deciders(claim)))
    if not leading:
        return ""
    (path, times), *_ = leading.most_common(1)
    return (
        f"The {wording.parameter_name(path)} is the figure that decides most in {times} of the "
        f"{told(len(assessment.claims))}."
    )


def on_disclosure(assessment: Assessment, references: References) -> str:
    """The confidence-building measure that buys most."""
    found = worth_knowing(assessment)
    if not found:
        return idle(assessment)
    first = max(found, key=lambda each: each.drop)
    name = references.figure(first.parameter).name
    wrong = worth(assessment.undecidedness, "claims")
    claims = references.claims_named(claim for claim, _ in first.claims)
    about = f", most of it on claim {claims[0].number}" if claims else ""
    return (
        f"The confidence-building measure that buys most is to publish the {name}. Judged by their likelier "
        f"side, {wrong} must now be expected to come out wrong; "
        f"it would spare {spared(first)} of them{about}."
    )


def told(claims: int) -> str:
    return numbers.counted(claims, "claim")
