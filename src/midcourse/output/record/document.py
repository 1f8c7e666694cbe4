"""The joint record as data: what ``framework.json`` holds, and what the HTML and the PDF are laid out from.

The JSON Schema that ships as ``framework.schema.json`` is made from these models by
``scripts/make_schema.py``."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from ...analysis.assessment import Comparison, Verdict
from ...dossier.record import ElementKind, Stance
from ...study.moved import Change
from ...study.record import About, Finding, Side

FORMAT: Final = "midcourse-framework-1"
SCHEMA_NAME: Final = "framework.schema.json"
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Interval = tuple[Probability, Probability]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Source(Part):
    """A document that a position, an element or a claim rests on."""

    label: str
    """As it is referred to in print: S1, S2 and so on."""
    key: str
    title: str
    author: str | None
    publisher: str | None
    date: str | None
    url: str | None
    note: str | None
    """What could not be read in the original, among others."""


class Party(Part):
    id: str
    name: str
    short: str
    """For columns of tables."""


class Rule(Part):
    """One of the rules by which it is said what a difference is about; the first that applies decides."""

    about: About
    name: str
    text: str


class Reference(Part):
    """An entry of the dossier or the catalog that an element is about."""

    kind: Literal["architecture", "site", "radar", "interceptor", "threat"]
    id: str
    name: str


class Stated(Part):
    """What a party said of an element."""

    id: str
    party: str
    speaker: str | None
    stance: Stance
    statement: str
    """In the record's words."""
    date: str
    """A year, a month or a day."""
    standing: bool
    """Whether it is the party's latest on this element."""
    rests_on: Literal["facts", "values", "both"]
    reason: str
    premises: list[str]
    """Claims that have to hold for the position to stand on facts."""
    denies: list[str]
    """Claims that have to fail."""
    untested: list[str]
    """Facts it rests on that no claim of the dossier tests."""
    source: str
    """Key among the sources."""


class Standing(Part):
    """A party's stance on an element today, for the overview."""

    party: str
    side: Side
    stance: Stance
    position: str


class Agreement(Part):
    """Parties that stand on one side of an element."""

    side: Side
    parties: list[str]
    text: str


class Rested(Part):
    """A premise as it is used in a difference."""

    party: str
    raises: bool
    """Whether its party is the one that raises the problem."""
    claim: str
    denied: bool
    """Whether the party rests on the claim's failing."""
    finding: Finding
    probability: Probability
    """That the premise holds as the party rests on it, over the published range of figures."""
    finding_text: str
    text: str


class Untested(Part):
    """A fact that a party rests on and that no claim of the dossier tests."""

    party: str
    text: str


class Settling(Part):
    """An undisclosed figure that decides an undecided premise."""

    claim: str
    parameter: str
    name: str
    share: float | None
    """Its part of the variance of the claim's value; none where it is not among those that decide it."""
    undecided_before: Probability
    """The chance that the likelier verdict on the claim is wrong."""
    undecided_after: Probability | None
    """The chance to be expected once the figure is published; none where no gain can be told from chance."""
    text: str


class Difference(Part):
    """A problem that a party raises with others, and what it is about."""

    raised_by: list[str]
    """One party; several, where none of them names a fact."""
    parties: list[str]
    about: About
    text: str
    premises: list[Rested]
    """None where who raises it names no fact: of values nothing is computed."""
    untested: list[Untested]
    settled_by: list[Settling]


class Element(Part):
    """An element of the relationship."""

    id: str
    title: str
    kind: ElementKind
    what: str
    source: str
    refers_to: list[Reference]
    positions: list[Stated]
    """In the order of dates."""
    standing: list[Standing]
    agreements: list[Agreement]
    differences: list[Difference]


class Decider(Part):
    """A figure that decides a claim."""

    parameter: str
    name: str
    share: float | None
    flips_at: float | None
    unit: str
    undisclosed: bool
    text: str


class Standpoint(Part):
    """The verdict on a claim under one party's figures."""

    title: str
    verdict: Verdict
    probability: Probability
    text: str


class Premise(Part):
    """A claim that positions rest on, and what the evidence says of it."""

    label: str
    """As it is referred to in print: P1, P2 and so on."""
    claim: str
    party: str
    """Who makes the claim."""
    statement: str
    source: str
    """Where, in one line."""
    source_url: str | None
    quantity: str
    method: str
    unit: str
    holds: Comparison
    threshold: float | None
    test: str
    reason: str
    """Why the threshold is what it is."""
    value: float | None
    """At nominal figures."""
    low: float | None
    """The 5 % point over the published ranges."""
    high: float | None
    """The 95 % point."""
    value_text: str
    verdict: Verdict
    probability: Probability
    """That the claim holds, over the published range of figures."""
    probability_ci: Interval
    """95 % interval of that, for the number of samples drawn."""
    verdict_text: str
    decided_by: list[Decider]
    standpoints: list[Standpoint]
    rested_on_by: list[str]
    """Positions."""
    rested_on_text: str


class Disclosure(Part):
    """What the publication of one undisclosed figure would be worth to the dossier as a whole."""

    parameter: str
    name: str
    drop: float
    """Expected fall in the number of wrong verdicts."""
    drop_ci: tuple[float, float]
    text: str


class Edit(Part):
    path: str
    before: str
    after: str


class EntryMove(Part):
    kind: str
    id: str
    title: str
    change: Change
    edits: list[Edit]


class VerdictMove(Part):
    claim: str
    statement: str
    before: Verdict
    after: Verdict
    probability_before: Probability
    probability_after: Probability
    beyond_sampling: bool
    """Whether the intervals of the two probabilities do not meet: else other samples may explain the move."""
    text: str


class DifferenceMove(Part):
    element: str
    title: str
    raised_by: str
    before: About | None
    after: About | None
    text: str


class Moved(Part):
    """What is otherwise than in an earlier version of the dossier."""

    against: str
    """The earlier version, as it was named."""
    against_hash: str
    anything: bool
    entries: list[EntryMove]
    verdicts: list[VerdictMove]
    """Verdicts that changed, and probabilities whose intervals do not meet."""
    differences: list[DifferenceMove]


class Counts(Part):
    """Differences by what they are about."""

    elements: int
    positions: int
    agreements: int
    real: int
    imaginary: int
    open: int
    untested: int
    values: int


class Made(Part):
    """What gives the same record again."""

    command: str
    version: str
    seed: int
    samples: int
    hash: str
    """Of the dossier's content."""
    interrupted: bool


class Document(Part):
    """The joint record of a dossier: elements, positions, evidence, and what each difference is about."""

    model_config = ConfigDict(title="Joint record")

    schema_: Literal["framework.schema.json"] = Field(default=SCHEMA_NAME, alias="$schema")
    format: Literal["midcourse-framework-1"] = FORMAT
    dossier: str
    dossier_version: str
    title: str
    summary: str
    date: str
    purpose: str
    """What the record is, and what it is not."""
    rules: list[Rule]
    parties: list[Party]
    counts: Counts
    moved: Moved | None
    elements: list[Element]
    premises: list[Premise]
    disclosures: list[Disclosure]
    sources: list[Source]
    made: Made


def schema() -> dict[str, Any]:
    """The JSON Schema of the record."""
    found = Document.model_json_schema(mode="serialization", by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:midcourse:framework:1",
        **found,
    }
