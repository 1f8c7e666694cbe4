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

    ``share`` is its part of the variance of the claim's value (0 to 1); ``flips_at`` is the value,
    in ``unit``, at which the nominal verdict turns, or None when nothing within its range turns it.
    """

    parameter: str
    share: float
    flips_at: float | None = None
    unit: str = ""


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

    def to_dict(self) -> dict[str, Any]:
        """The document that ``midcourse assess --json`` prints; what is not finite becomes None."""
        return {
            "dossier": self.dossier,
            "title": self.title,
            "date": self.date,
            "version": self.version,
            "seed": self.seed,
            "samples": self.samples,
            "hash": self.hash,
            "command": self.command,
            "seconds": finite(self.seconds),
            "claims": [claim_dict(claim) for claim in self.claims],
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
        "probability_ci": [finite(bound) for bound in claim.probability_ci],
        "decided_by": [
            {
                "parameter": decider.parameter,
                "share": finite(decider.share),
                "flips_at": finite(decider.flips_at),
                "unit": decider.unit,
            }
            for decider in claim.decided_by
        ],
        "detail": [{"label": label, "text": text} for label, text in claim.detail],
    }


def finite(value: float | None) -> float | None:
    """JSON knows no infinity and no NaN: such a value is given as none."""
    return float(value) if value is not None and math.isfinite(value) else None
