"""What the record says in sentences: neutral, in the third person, such as both delegations could sign."""

from __future__ import annotations

from ...analysis.assessment import ClaimResult, Decider, Disclosure, Standpoint
from ...dossier.record import Stance
from ...study.moved import VerdictMove
from ...study.record import About, Difference, Finding, Premise, Settling, Side
from .. import numbers, wording

PURPOSE = (
    "This record sets down the elements of the relationship, what each party has stated on them and where, "
    "on what they agree and differ, and what published figures and textbook physics say of the facts that "
    "they rest on. It recommends nothing. Findings hold in the model and over the range of figures that were "
    "published; a figure that is disclosed may change them."
)
NEITHER = (
    "Neither side names a fact; or the facts that both sides name were tested, all of them hold, and the "
    "parties differ still. On this computation has nothing to say."
)
UNDECIDED = (
    "A fact on which it rests is undecided. Undisclosed figures are named whose publication is expected to "
    "decide it."
)
RULES: tuple[tuple[About, str], ...] = (
    ("values", NEITHER),
    (
        "real",
        "A fact on which the party that raises the problem rests holds over the published range of figures.",
    ),
    ("open", UNDECIDED),
    ("untested", "It rests on a fact that no claim of this dossier puts to the test."),
    ("imaginary", "Every fact on which it rests fails over the published range of figures."),
    ("values", "It names no fact. On this computation has nothing to say."),
)
ABOUT: dict[About, str] = {
    "real": "Real problem",
    "imaginary": "Imaginary problem",
    "open": "Open question of fact",
    "untested": "Facts not tested here",
    "values": "About values",
}
COUNTED: dict[About, tuple[str, str]] = {
    "real": ("real problem", "real problems"),
    "imaginary": ("imaginary problem", "imaginary problems"),
    "open": ("open question of fact", "open questions of fact"),
    "untested": ("on facts not tested here", "on facts not tested here"),
    "values": ("about values", "about values"),
}
STANCES: dict[Stance, str] = {
    "supports": "supports",
    "offers": "offers",
    "asks": "asks for",
    "conditional": "on condition",
    "opposes": "opposes",
}
NO_DISCLOSURE = (
    "No undisclosed figure is among those that decide it: what decides it is published, and the published "
    "figures differ."
)
SIDES: dict[Side, str] = {"for": "in favour", "conditional": "in favour on condition", "against": "opposed"}
GROUNDS = {"facts": "facts", "values": "values", "both": "facts and values"}
VERBS: dict[Finding, tuple[str, str]] = {
    "holds": ("holds", "hold"),
    "undecided": ("is undecided", "are undecided"),
    "fails": ("fails", "fail"),
}


def agreement(side: Side, names: list[str]) -> str:
    return f"{listed(names)}: {SIDES[side]}."


def difference(found: Difference) -> str:
    """What a difference is about, in a sentence or two."""
    premises = [premise for ground in found.raised_by for premise in ground.premises]
    if found.about == "values":
        if premises:
            return (
                "The facts that both sides name hold, and they differ still. On what these facts are worth "
                "computation has nothing to say."
            )
        return "No fact is named by who raises this. On values computation has nothing to say."
    if found.about == "untested":
        return "It rests on a fact that no claim of this dossier tests. This record says nothing of it."
    if len(premises) == 1:
        return (
            f"The fact on which it rests {VERBS[premises[0].finding][0]} over the published range of figures."
        )
    told = []
    for finding, (one, many) in VERBS.items():
        count = sum(each.finding == finding for each in premises)
        if count:
            told.append(f"{count} {one if count == 1 else many}")
    return (
        f"Of the {len(premises)} facts on which it rests, {listed(told)} over the published range of figures."
    )


def rested(premise: Premise) -> str:
    """What the evidence says of a premise as a party rests on it."""
    return f"{VERBS[premise.finding][0]}, probability {numbers.share(premise.probability)}"


def settling(found: Settling) -> str:
    """What the publication of a figure would do for an undecided premise."""
    name = wording.parameter_name(found.parameter)
    share = "" if found.share is None else f", which makes {numbers.share(found.share)} of the spread"
    if found.after is None:
        return f"Undisclosed: {name}{share}. Its publication alone is not expected to settle this."
    return (
        f"Undisclosed: {name}{share}. If it were published, the chance that the likelier verdict is wrong "
        f"would be expected to fall from {numbers.share(found.before)} to {numbers.share(found.after)}."
    )


def verdict(claim: ClaimResult) -> str:
    low, high = claim.probability_ci
    return (
        f"{claim.verdict}: holds with probability {wording.probability(claim)} "
        f"(95{numbers.NARROW_SPACE}% interval {numbers.share_interval(low, high)})"
    )


def turned(move: VerdictMove) -> str:
    before, after = (f"{each.verdict} ({wording.probability(each)})" for each in (move.before, move.after))
    return f"{before} → {after}{'' if move.beyond_sampling else ', within the error of sampling'}"


def about(found: About | None) -> str:
    return "none" if found is None else ABOUT[found].lower()


def decider(found: Decider, *, undisclosed: bool) -> str:
    """What a figure decides of a claim, and where it turns the verdict."""
    parts = [wording.parameter_name(found.parameter), f"{numbers.share(found.share)} of the spread"]
    if turn := wording.flip(found):
        parts.append(f"verdict {turn}")
    if undisclosed:
        parts.append("undisclosed")
    return ", ".join(parts)


def disclosure(found: Disclosure) -> str:
    low, high = (numbers.significant(end, places=2) for end in found.drop_ci)
    drop = numbers.significant(found.drop, places=2)
    return f"{drop} fewer verdicts to be expected wrong ({low} to {high})"


def rested_on(found: dict[str, list[int]]) -> str:
    """Who rests on a claim, and on which elements: Russia on 2 and 7; United States on 4."""
    return "; ".join(f"{name} on {listed([str(number) for number in on])}" for name, on in found.items())


def value(claim: ClaimResult) -> str:
    spread = wording.value_range(claim)
    return wording.value(claim) + (f" (5 to 95{numbers.NARROW_SPACE}%: {spread})" if spread else "")


def standpoint(found: Standpoint, unit: str) -> str:
    amount = numbers.amount(found.value, unit, found.low, found.high)
    return f"{found.title}: {found.verdict}, {amount}"


def counts(elements: int, dates: list[str], found: dict[About, int]) -> str:
    """How much is recorded, and how many differences are about what."""
    said = numbers.counted(len(dates), "position")
    recorded = (
        f"{numbers.counted(elements, 'element')} and {said} are recorded, of {min(dates)} to {max(dates)}."
    )
    total = sum(found.values())
    if not total:
        return f"{recorded} No differences are raised."
    told = [
        f"{found[kind]} {one if found[kind] == 1 else many}"
        for kind, (one, many) in COUNTED.items()
        if found[kind]
    ]
    raised = f"{numbers.counted(total, 'difference')} {'is' if total == 1 else 'are'} raised"
    return f"{recorded} {raised}: {listed(told)}."


def listed(words: list[str]) -> str:
    """Words as ``a, b and c``."""
    return "".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} and {words[-1]}"
