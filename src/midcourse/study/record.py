"""The joint record: each party's positions side by side, and what each difference between them is about.

How positions are read
    A party's *standing* position on an element is its latest. It puts the party on a side: for (it supports,
    offers or asks), on a condition, or against. Parties on one side agree; what they rest on is everything
    that they said on that side, for a later restatement withdraws no argument.

Who raises a problem
    Each party that is against, sets a condition, or asks for something on the ground of facts raises
    one difference with all parties on other sides. So every problem that somebody raises is looked at once,
    from the side of who raises it. Parties on one side that name no fact raise theirs together.

What a difference is about: the first of these rules that applies
    1. *values*: neither side names a fact.
    2. *values*: both sides name facts that claims of the dossier test, all hold, and they differ still.
    3. *real*: a premise of who raises it holds.
    4. *open*: a premise of who raises it is undecided. Named are the undisclosed figures whose publication is
       expected to decide it.
    5. *untested*: who raises it rests on a fact that no claim of the dossier tests.
    6. *imaginary*: every premise of who raises it fails.
    7. *values*: who raises it names no fact.

    A premise holds when its claim is supported and fails when it is refuted, by the thresholds of the
    dossier; the other way round where the position denies the claim. Of values nothing is computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..analysis.assessment import Assessment, ClaimResult
from ..dossier import Dossier, Element, InputError, Position

Side = Literal["for", "conditional", "against"]
Finding = Literal["holds", "fails", "undecided"]
About = Literal["real", "imaginary", "open", "untested", "values"]

SIDES: dict[str, Side] = {
    "supports": "for",
    "offers": "for",
    "asks": "for",
    "conditional": "conditional",
    "opposes": "against",
}
#: A figure that takes less than this part of a claim's undecidedness away is not said to decide it.
LEAST_DROP = 0.05
#: Figures named for each claim.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Premise:
    """A claim that a party rests on, or on whose failing it rests (``denied``)."""

    claim: str
    denied: bool
    finding: Finding
    probability: float


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a party stands on an element, and what it rests on; ``positions`` are those on that side."""

    party: str
    side: Side
    standing: str
    positions: tuple[str, ...]
    premises: tuple[Premise, ...]
    untested: tuple[str, ...]

    @property
    def names_facts(self) -> bool:
        return bool(self.premises or self.untested)


@dataclass(frozen=True, slots=True)
class Settling:
    """An undisclosed figure that decides an undecided premise.

    ``before`` is the chance that the likelier verdict on the claim is wrong, ``after`` the chance to be
    expected once the figure is known; None where no gain can be told from chance. ``share`` is the figure's
    part of the variance of the claim's value, None where it is not among those that decide it.
    """

    claim: str
    parameter: str
    share: float | None
    before: float
    after: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A problem that one party raises with others; several parties, where none of them names a fact."""

    raised_by: tuple[Ground, ...]
    against: tuple[Ground, ...]
    about: About
    settled_by: tuple[Settling, ...] = ()


@dataclass(frozen=True, slots=True)
class ElementRecord:
    """An element with everything said of it, in the order of dates."""

    id: str
    element: Element
    positions: tuple[tuple[str, Position], ...]
    grounds: tuple[Ground, ...]
    agreements: tuple[tuple[Ground, ...], ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A dossier's joint record, with the assessment that it rests on."""

    dossier: Dossier
    assessment: Assessment
    elements: tuple[ElementRecord, ...]

    @property
    def claims(self) -> list[ClaimResult]:
        """The claims that a standing party rests on, in the order of the dossier."""
        used = {
            premise.claim
            for element in self.elements
            for ground in element.grounds
            for premise in ground.premises
        }
        return [claim for claim in self.assessment.claims if claim.id in used]


def record(dossier: Dossier, assessment: Assessment) -> Record:
    """The joint record of a dossier whose claims have been assessed."""
    claims = {claim.id: claim for claim in assessment.claims}
    missing = sorted(
        {name for each in dossier.position.values() for name in (*each.premises, *each.denies)} - set(claims)
    )
    if missing:
        raise InputError(
            "positions rest on a claim that was not assessed", value=missing[0], more=len(missing) - 1
        )
    return Record(
        dossier, assessment, tuple(_element(dossier, name, claims, assessment) for name in dossier.element)
    )


def _element(
    dossier: Dossier, name: str, claims: dict[str, ClaimResult], assessment: Assessment
) -> ElementRecord:
    said = [(key, each) for key, each in dossier.position.items() if each.element == name]
    said.sort(key=lambda pair: pair[1].date)
    parties = dict.fromkeys(party for party in dossier.party for _, each in said if each.party == party)
    grounds = tuple(_ground([pair for pair in said if pair[1].party == party], claims) for party in parties)
    sides: dict[Side, list[Ground]] = {"for": [], "conditional": [], "against": []}
    for ground in grounds:
        sides[ground.side].append(ground)
    return ElementRecord(
        id=name,
        element=dossier.element[name],
        positions=tuple(said),
        grounds=grounds,
        agreements=tuple(tuple(group) for group in sides.values() if len(group) > 1),
        differences=tuple(_differences(dossier, grounds, claims, assessment)),
    )


def _ground(said: list[tuple[str, Position]], claims: dict[str, ClaimResult]) -> Ground:
    """A party's ground from all that it said of an element, in the order of dates."""
    standing, last = said[-1]
    side = SIDES[last.stance]
    alike = [(key, each) for key, each in said if SIDES[each.stance] == side]
    rested = [(claim, False) for _, each in alike for claim in each.premises]
    rested += [(claim, True) for _, each in alike for claim in each.denies]
    return Ground(
        party=last.party,
        side=side,
        standing=standing,
        positions=tuple(key for key, _ in alike),
        premises=tuple(_premise(claims[claim], denied) for claim, denied in dict.fromkeys(rested)),
        untested=tuple(dict.fromkeys(text for _, each in alike for text in each.untested)),
    )


def _premise(claim: ClaimResult, denied: bool) -> Premise:
    findings: dict[str, Finding] = {
        "supported": "fails" if denied else "holds",
        "refuted": "holds" if denied else "fails",
        "undecided": "undecided",
    }
    probability = 1.0 - claim.probability if denied else claim.probability
    return Premise(claim.id, denied, findings[claim.verdict], probability)


def _differences(
    dossier: Dossier, grounds: Iterable[Ground], claims: dict[str, ClaimResult], assessment: Assessment
) -> Iterable[Difference]:
    grounds = tuple(grounds)
    wishes: dict[Side, list[Ground]] = {}
    for raiser in grounds:
        others = tuple(other for other in grounds if other.side != raiser.side)
        asks = dossier.position[raiser.standing].stance == "asks" and raiser.names_facts
        if not others or not (asks or raiser.side != "for"):
            continue
        if not raiser.names_facts:
            wishes.setdefault(raiser.side, []).append(raiser)
            continue
        about = what_about(raiser, others)
        open_claims = [each.claim for each in raiser.premises if each.finding == "undecided"]
        settled_by = settling([claims[name] for name in open_claims], assessment) if about == "open" else ()
        yield Difference((raiser,), others, about, settled_by)
    for side, raisers in wishes.items():
        others = tuple(other for other in grounds if other.side != side)
        yield Difference(tuple(raisers), others, what_about(raisers[0], others))


def what_about(raiser: Ground, others: Iterable[Ground]) -> About:
    """What a difference is about, by the rules above."""
    answers = [premise for other in others for premise in other.premises]
    untested = bool(raiser.untested) or any(other.untested for other in others)
    if not (raiser.names_facts or answers or untested):
        return "values"
    facts_agree = all(premise.finding == "holds" for premise in (*raiser.premises, *answers))
    if raiser.premises and answers and not untested and facts_agree:
        return "values"
    findings = {premise.finding for premise in raiser.premises}
    if "holds" in findings:
        return "real"
    if "undecided" in findings:
        return "open"
    if raiser.untested:
        return "untested"
    return "imaginary" if findings else "values"


def settling(claims: Iterable[ClaimResult], assessment: Assessment) -> tuple[Settling, ...]:
    """The undisclosed figures that would decide each of these claims, those expected to decide most first."""
    undisclosed = {row.path for row in assessment.parameters if row.undisclosed}
    found: list[Settling] = []
    for claim in claims:
        before = claim.undecidedness
        drops = {
            each.parameter: drop
            for each in assessment.disclosures
            for name, drop in each.claims
            if name == claim.id and drop >= LEAST_DROP * before
        }
        shares = {each.parameter: each.share for each in claim.decided_by if each.parameter in undisclosed}
        named = sorted(
            dict.fromkeys((*drops, *shares)), key=lambda path: (-drops.get(path, 0.0), -shares.get(path, 0.0))
        )
        found += [
            Settling(
                claim.id,
                parameter,
                shares.get(parameter),
                before,
                max(before - drops[parameter], 0.0) if parameter in drops else None,
            )
            for parameter in named[:MOST_NAMED]
        ]
    return tuple(found)
