"""The result of assessing a dossier: plain typed data that the report, the table and JSON are made from.

Values of a claim are in the claim's own ``unit``; angles are in degrees, altitudes in kilometres.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["supported", "refuted", "undecided"]
Comparison = Literal[">=", ">", "<=", "<"]
SiteKind = Literal["interceptor", "radar", "launch", "aim"]


@dataclass(frozen=True, slots=True)
class Decider:
    """A parameter that a verdict depends on.

    ``share`` is its part of the variance of the claim's value (0 to 1) by itself, ``total`` with all in which
    it has a hand, each with a 95 % interval; None where not computed. ``flips_at`` is the value, in ``unit``,
    at which the nominal verdict turns, or None when nothing within its range turns it.
    """

    parameter: str
    share: float
    flips_at: float | None = None
    unit: str = ""
    share_ci: tuple[float, float] | None = None
    total: float | None = None
    total_ci: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """Two parameters that decide something together: the part of the variance that neither explains alone."""

    parameters: tuple[str, str]
    share: float
    share_ci: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The verdict on a claim under one party's figures, all else over its published range.

    ``viewpoint`` is its name in the dossier, "" for the catalog's own figures; ``touches`` whether any of its
    figures is one that the claim depends on, without which the verdict is that of the catalog's own.
    """

    viewpoint: str
    title: str
    source: str
    touches: bool
    value: float
    low: float
    high: float
    verdict: Verdict
    probability: float
    probability_ci: tuple[float, float]
    samples: int = 0


@dataclass(frozen=True, slots=True)
class DossierDecider:
    """A parameter that decides in the dossier as a whole.

    ``share`` is the mean over all claims of its part of the variance of whether the claim holds; ``claims``
    are those it moves, the most moved first.
    """

    parameter: str
    share: float
    share_ci: tuple[float, float]
    claims: list[str]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What publishing one undisclosed figure would be worth.

    ``drop`` is the expected fall of the dossier's undecidedness if the figure were known: the expected value
    of partial perfect information, when a wrong verdict costs one. ``claims`` says how much of it falls to
    which claim, the most first.
    """

    parameter: str
    drop: float
    drop_ci: tuple[float, float]
    claims: list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Curve:
    """How something depends on one parameter: each of ``series`` has a y for every x."""

    x_label: str
    x_unit: str
    y_label: str
    y_unit: str
    x: list[float]
    series: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What a party says, and what comes out.

    ``value`` is at nominal parameters, ``low`` to ``high`` the 5-95 % range over the published ranges,
    ``probability`` the share of samples in which the claim holds, ``probability_ci`` its confidence interval.
    """

    id: str
    party: str
    statement: str
    source: str
    source_url: str | None
    quantity: str
    unit: str
    method: str
    holds: Comparison
    threshold: float
    reason: str
    value: float
    low: float
    high: float
    verdict: Verdict
    probability: float
    probability_ci: tuple[float, float]
    decided_by: list[Decider] = field(default_factory=list)
    sampled_values: list[float] = field(default_factory=list)
    detail: list[tuple[str, str]] = field(default_factory=list)
    curve: Curve | None = None
    samples: int = 0
    interactions: list[Interaction] = field(default_factory=list)
    standpoints: list[Standpoint] = field(default_factory=list)

    @property
    def undecidedness(self) -> float:
        """Probability that the likelier verdict is the wrong one: 0 where all samples agree, at most 0.5."""
        return min(self.probability, 1.0 - self.probability)


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter as it was used; ``value``, ``low`` and ``high`` are in ``unit``, as it was written."""

    path: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source_key: str
    source_text: str
    note: str | None = None
    undisclosed: bool = False


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A document that parameters or claims rest on."""

    title: str
    author: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SceneSite:
    """A place on the map."""

    name: str
    label: str
    kind: SiteKind
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class SceneFlight:
    """A flight over the ground, of a threat or of an interceptor; the lists run along it."""

    label: str
    threat: str
    lat: list[float]
    lon: list[float]
    alt_km: list[float]


@dataclass(frozen=True, slots=True)
class SceneIntercept:
    """Where an interceptor would meet a threat, and from which site it came."""

    label: str
    lat: float
    lon: float
    alt_km: float
    site: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What the map shows."""

    sites: list[SceneSite] = field(default_factory=list)
    flights: list[SceneFlight] = field(default_factory=list)
    interceptor_paths: list[SceneFlight] = field(default_factory=list)
    intercepts: list[SceneIntercept] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A dossier with the verdict on each of its claims, and everything needed to obtain it again.

    ``version`` is that of midcourse; ``hash`` is that of the dossier's content after overrides.
    ``precision`` is the half-width of the claims' intervals that was asked for; ``interrupted`` says that
    fewer samples were drawn than asked.
    """

    dossier: str
    title: str
    summary: str
    date: str
    version: str
    seed: int
    samples: int
    hash: str
    command: str
    seconds: float
    claims: list[ClaimResult]
    parameters: list[ParameterRow] = field(default_factory=list)
    scene: Scene = field(default_factory=Scene)
    notes: list[str] = field(default_factory=list)
    sources: dict[str, SourceEntry] = field(default_factory=dict)
    sampler: str = "sobol"
    precision: float | None = None
    interrupted: bool = False
    deciders: list[DossierDecider] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)

    @property
    def undecidedness(self) -> float:
        """Verdicts that are to be expected wrong, over all claims."""
        return sum(claim.undecidedness for claim in self.claims)

    def to_dict(self) -> dict[str, Any]:
        """The document that ``midcourse assess --json`` prints; what is not finite becomes None."""
        return {
            "dossier": self.dossier,
            "title": self.title,
            "date": self.date,
            "version": self.version,
            "seed": self.seed,
            "samples": self.samples,
            "sampler": self.sampler,
            "precision": finite(self.precision),
            "interrupted": self.interrupted,
            "hash": self.hash,
            "command": self.command,
            "claims": [claim_dict(claim) for claim in self.claims],
            "undecidedness": finite(self.undecidedness),
            "deciders": [
                {
                    "parameter": decider.parameter,
                    "share": finite(decider.share),
                    "share_ci": pair(decider.share_ci),
                    "claims": list(decider.claims),
                }
                for decider in self.deciders
            ],
            "disclosures": [
                {
                    "parameter": disclosure.parameter,
                    "drop": finite(disclosure.drop),
                    "drop_ci": pair(disclosure.drop_ci),
                    "claims": [{"id": name, "drop": finite(drop)} for name, drop in disclosure.claims],
                }
                for disclosure in self.disclosures
            ],
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """``to_dict`` as one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)


def claim_dict(claim: ClaimResult) -> dict[str, Any]:
    return {
        "id": claim.id,
        "party": claim.party,
        "statement": claim.statement,
        "source": claim.source,
        "source_url": claim.source_url,
        "quantity": claim.quantity,
        "unit": claim.unit,
        "method": claim.method,
        "holds": claim.holds,
        "threshold": finite(claim.threshold),
        "reason": claim.reason,
        "value": finite(claim.value),
        "low": finite(claim.low),
        "high": finite(claim.high),
        "verdict": claim.verdict,
        "probability": finite(claim.probability),
        "probability_ci": pair(claim.probability_ci),
        "samples": claim.samples,
        "decided_by": [
            {
                "parameter": decider.parameter,
                "share": finite(decider.share),
                "share_ci": pair(decider.share_ci),
                "total": finite(decider.total),
                "total_ci": pair(decider.total_ci),
                "flips_at": finite(decider.flips_at),
                "unit": decider.unit,
            }
            for decider in claim.decided_by
        ],
        "interactions": [
            {
                "parameters": list(interaction.parameters),
                "share": finite(interaction.share),
                "share_ci": pair(interaction.share_ci),
            }
            for interaction in claim.interactions
        ],
        "standpoints": [
            {
                "viewpoint": standpoint.viewpoint,
                "title": standpoint.title,
                "source": standpoint.source,
                "touches": standpoint.touches,
                "value": finite(standpoint.value),
                "low": finite(standpoint.low),
                "high": finite(standpoint.high),
                "verdict": standpoint.verdict,
                "probability": finite(standpoint.probability),
                "probability_ci": pair(standpoint.probability_ci),
                "samples": standpoint.samples,
            }
            for standpoint in claim.standpoints
        ],
        "detail": [{"label": label, "text": text} for label, text in claim.detail],
    }


def pair(interval: tuple[float, float] | None) -> list[float | None] | None:
    return None if interval is None else [finite(bound) for bound in interval]


def finite(value: float | None) -> float | None:
    """JSON knows no infinity and no NaN: such a value is given as none."""
    return float(value) if value is not None and math.isfinite(value) else None
