"""From a record to its document: every number beside the words that print puts it in."""

from __future__ import annotations

from collections import Counter

from ...analysis.assessment import Assessment, ClaimResult, finite
from ...dossier import Dossier, InputError
from ...study import record as made
from ...study.moved import Moved
from .. import wording as words
from . import document as d
from . import wording

MOST_DISCLOSURES = 8


def compose(
    record: made.Record, command: str, moved: Moved | None = None, against: tuple[str, Dossier] | None = None
) -> d.Document:
    """The document of a record; ``against`` names the earlier version that ``moved`` compares it with."""
    dossier, assessment = record.dossier, record.assessment
    header = dossier.dossier
    if header is None:
        raise InputError("the bare catalog has no record", expected="a dossier")
    elements = [_element(record, each) for each in record.elements]
    about = Counter(difference.about for element in elements for difference in element.differences)
    return d.Document(
        dossier=header.name,
        dossier_version=header.version,
        title=header.title,
        summary=header.summary,
        date=header.date,
        purpose=wording.PURPOSE,
        rules=[d.Rule(about=kind, name=wording.ABOUT[kind], text=text) for kind, text in wording.RULES],
        parties=[
            d.Party(id=key, name=each.name, short=each.short or each.name)
            for key, each in dossier.party.items()
        ],
        counts=d.Counts(
            elements=len(elements),
            positions=sum(len(each.positions) for each in elements),
            agreements=sum(len(each.agreements) for each in elements),
            **{kind: about[kind] for kind in wording.ABOUT},
        ),
        moved=None if moved is None or against is None else _moved(record, moved, *against),
        elements=elements,
        premises=[_premise(record, number, claim) for number, claim in enumerate(record.claims, start=1)],
        disclosures=_disclosures(assessment),
        sources=_sources(dossier, elements),
        made=d.Made(
            command=command,
            version=assessment.version,
            seed=assessment.seed,
            samples=assessment.samples,
            hash=assessment.hash,
            interrupted=assessment.interrupted,
        ),
    )


def _element(record: made.Record, found: made.ElementRecord) -> d.Element:
    dossier, element = record.dossier, found.element
    standing = {ground.standing for ground in found.grounds}
    return d.Element(
        id=found.id,
        title=element.title,
        kind=element.kind,
        what=element.what,
        source=element.source,
        refers_to=[
            d.Reference(kind=kind, id=name, name=dossier.entries(kind)[name].name)
            for kind in ("architecture", "site", "radar", "interceptor", "threat")
            for name in getattr(element, kind)
        ],
        positions=[
            d.Stated(id=key, standing=key in standing, **each.model_dump(exclude={"element"}))
            for key, each in found.positions
        ],
        standing=[
            d.Standing(
                party=ground.party,
                side=ground.side,
                stance=dossier.position[ground.standing].stance,
                position=ground.standing,
            )
            for ground in found.grounds
        ],
        agreements=[
            d.Agreement(
                side=group[0].side,
                parties=[ground.party for ground in group],
                text=wording.agreement(group[0].side, [dossier.party[ground.party].name for ground in group]),
            )
            for group in found.agreements
        ],
        differences=[_difference(record, each) for each in found.differences],
    )


def _difference(record: made.Record, found: made.Difference) -> d.Difference:
    statements = {claim.id: claim.statement for claim in record.assessment.claims}
    sides = [*((ground, True) for ground in found.raised_by), *((ground, False) for ground in found.against)]
    if not any(ground.names_facts for ground in found.raised_by):
        sides = []
    return d.Difference(
        raised_by=[ground.party for ground in found.raised_by],
        parties=[ground.party for ground in found.against],
        about=found.about,
        text=wording.difference(found),
        premises=[
            d.Rested(
                party=ground.party,
                raises=raises,
                claim=premise.claim,
                denied=premise.denied,
                finding=premise.finding,
                probability=premise.probability,
                finding_text=wording.rested(premise),
                text=f"{'Not so: ' if premise.denied else ''}{statements[premise.claim]}",
            )
            for ground, raises in sides
            for premise in ground.premises
        ],
        untested=[
            d.Untested(party=ground.party, text=text) for ground, _ in sides for text in ground.untested
        ],
        settled_by=[
            d.Settling(
                claim=each.claim,
                parameter=each.parameter,
                name=words.parameter_name(each.parameter),
                share=each.share,
                undecided_before=each.before,
                undecided_after=each.after,
                text=wording.settling(each),
            )
            for each in found.settled_by
        ],
    )


def _premise(record: made.Record, number: int, claim: ClaimResult) -> d.Premise:
    undisclosed = {row.path for row in record.assessment.parameters if row.undisclosed}
    return d.Premise(
        label=f"P{number}",
        claim=claim.id,
        party=claim.party,
        statement=claim.statement,
        source=claim.source,
        source_url=claim.source_url,
        quantity=claim.quantity,
        method=claim.method,
        unit=claim.unit,
        holds=claim.holds,
        threshold=finite(claim.threshold),
        test=words.threshold(claim),
        reason=claim.reason,
        value=finite(claim.value),
        low=finite(claim.low),
        high=finite(claim.high),
        value_text=wording.value(claim),
        verdict=claim.verdict,
        probability=claim.probability,
        probability_ci=claim.probability_ci,
        verdict_text=wording.verdict(claim),
        decided_by=[
            d.Decider(
                parameter=each.parameter,
                name=words.parameter_name(each.parameter),
                share=finite(each.share),
                flips_at=finite(each.flips_at),
                unit=each.unit,
                undisclosed=each.parameter in undisclosed,
                text=wording.decider(each, undisclosed=each.parameter in undisclosed),
            )
            for each in words.deciders(claim)
        ],
        standpoints=[
            d.Standpoint(
                title=each.title,
                verdict=each.verdict,
                probability=each.probability,
                text=wording.standpoint(each, claim.unit),
            )
            for each in claim.standpoints
            if each.touches
        ],
        rested_on_by=[
            key
            for key, position in record.dossier.position.items()
            if claim.id in (*position.premises, *position.denies)
        ],
        rested_on_text=wording.rested_on(_resting(record, claim.id)),
    )


def _resting(record: made.Record, claim: str) -> dict[str, list[int]]:
    """The parties that rest on a claim, each with the numbers of the elements on which it does."""
    found: dict[str, list[int]] = {}
    for number, element in enumerate(record.elements, start=1):
        for ground in element.grounds:
            if any(premise.claim == claim for premise in ground.premises):
                party = record.dossier.party[ground.party]
                found.setdefault(party.short or party.name, []).append(number)
    return found


def _disclosures(assessment: Assessment) -> list[d.Disclosure]:
    return [
        d.Disclosure(
            parameter=each.parameter,
            name=words.parameter_name(each.parameter),
            drop=each.drop,
            drop_ci=each.drop_ci,
            text=wording.disclosure(each),
        )
        for each in sorted(assessment.disclosures, key=lambda each: -each.drop)[:MOST_DISCLOSURES]
        if each.drop > 0.0
    ]


def _sources(dossier: Dossier, elements: list[d.Element]) -> list[d.Source]:
    cited = {element.source for element in elements}
    cited |= {position.source for element in elements for position in element.positions}
    dated = sorted(cited, key=lambda key: (dossier.source[key].date or "", key))
    return [
        d.Source(label=f"S{number}", key=key, **dossier.source[key].model_dump())
        for number, key in enumerate(dated, start=1)
    ]


def _moved(record: made.Record, moved: Moved, against: str, old: Dossier) -> d.Moved:
    elements = {**old.element, **record.dossier.element}
    parties = {**old.party, **record.dossier.party}
    return d.Moved(
        against=against,
        against_hash=old.hash,
        anything=bool(moved),
        entries=[
            d.EntryMove(
                kind=each.kind,
                id=each.id,
                title=each.title,
                change=each.change,
                edits=[d.Edit(path=edit.path, before=edit.before, after=edit.after) for edit in each.edits],
            )
            for each in moved.entries
        ],
        verdicts=[
            d.VerdictMove(
                claim=each.after.id,
                statement=each.after.statement,
                before=each.before.verdict,
                after=each.after.verdict,
                probability_before=each.before.probability,
                probability_after=each.after.probability,
                beyond_sampling=each.beyond_sampling,
                text=wording.turned(each),
            )
            for each in moved.verdicts
        ],
        differences=[
            d.DifferenceMove(
                element=each.element,
                title=elements[each.element].title,
                raised_by=each.raised_by,
                before=each.before,
                after=each.after,
                text=f"raised by {parties[each.raised_by].name}: "
                f"{wording.about(each.before)} → {wording.about(each.after)}",
            )
            for each in moved.differences
        ],
    )
