"""A claim with everything about it in words and pictures, the same on the screen and on paper."""

from __future__ import annotations

import math
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from midcourse.output import charts, curves, numbers, wording
from midcourse.output.board import touching
from midcourse.output.cross_references import FigureLink, References
from midcourse.output.settling import Extent, extent
from midcourse.output.templating import link

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment, ClaimResult, Decider, Standpoint, Verdict

LEAST_TOGETHER = 0.02  # of the variance; two parameters that explain less together are not told of
# Letters of a detail: fewer fit into a third of a line, or into half of one; so few are a figure alone.
THIRD_OF_A_LINE, HALF_A_LINE, FIGURE = 46, 66, 16
EVEN = (0.4, 0.6)  # share of samples above a value that may be called half


@dataclass(frozen=True, slots=True)
class DeciderRow:
    """A parameter: what it explains by itself and with others, and where the verdict turns."""

    figure: FigureLink
    alone: Extent
    total: Extent | None
    flip: str


@dataclass(frozen=True, slots=True)
class StandpointRow:
    title: str
    verdict: Verdict
    shape: str
    value: str
    range: str
    chance: str
    interval: str


@dataclass(frozen=True, slots=True)
class Detail:
    label: str
    text: str
    wide: bool
    figure: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where a reader who disagrees can take hold: the test, the figure, and a command to try another one."""

    test: str
    figure: FigureLink | None
    turn: str
    command: str


@dataclass(frozen=True, slots=True)
class ClaimSection:
    number: int
    id: str
    anchor: str
    statement: str
    party: str
    source: str
    source_url: str
    source_anchor: str
    verdict: Verdict
    shape: str
    value: str
    range: str
    outside: bool
    threshold: str
    chance: str
    interval: str
    samples: str
    method: str
    reason: str
    whose: str
    standpoints: list[StandpointRow]
    deciders: list[DeciderRow]
    decides: str
    together: list[str]
    dispute: Dispute
    detail: list[Detail]
    columns: int
    distribution: str
    curve: str


def section(claim: ClaimResult, assessment: Assessment, references: References) -> ClaimSection:
    reference = references.claims[claim.id]
    key = references.source_of(claim.source_url)
    low, high = claim.probability_ci
    ranged = wording.value_range(claim)
    rows = [decider_row(decider, references) for decider in wording.deciders(claim)]
    return ClaimSection(
        number=reference.number,
        id=claim.id,
        anchor=reference.anchor,
        statement=claim.statement,
        party=claim.party,
        source=claim.source,
        source_url=link(claim.source_url) or "",
        source_anchor=references.source_anchor(key),
        verdict=claim.verdict,
        shape=wording.VERDICT_SHAPES[claim.verdict],
        value=wording.value(claim),
        range=ranged,
        outside=bool(ranged) and not claim.low <= claim.value <= claim.high,
        threshold=wording.threshold(claim),
        chance=wording.probability(claim),
        interval=numbers.share_interval(low, high) if len(claim.sampled_values) > 1 else "",
        samples=f"{claim.samples:,}" if claim.samples else "",
        method=claim.method,
        reason=claim.reason,
        whose=whose(claim),
        standpoints=standpoints(claim),
        deciders=rows,
        decides=wording.decides(claim),
        together=together(claim),
        dispute=dispute(claim, assessment, references),
        detail=[
            Detail(label, text, len(label) + len(text) > HALF_A_LINE, len(text) < FIGURE)
            for label, text in claim.detail
        ],
        columns=columns(claim),
        distribution=charts.distribution(claim),
        curve=flip_curve(claim, references),
    )


def columns(claim: ClaimResult) -> int:
    """How many columns of details there is room for beside the longest that does not take a line."""
    lengths = [len(label) + len(text) for label, text in claim.detail]
    return 3 if max((n for n in lengths if n <= HALF_A_LINE), default=0) <= THIRD_OF_A_LINE else 2


def decider_row(decider: Decider, references: References) -> DeciderRow:
    row = references.rows.get(decider.parameter)
    return DeciderRow(
        figure=references.figure(decider.parameter),
        alone=extent(decider.share, decider.share_ci),
        total=None if decider.total is None else extent(decider.total, decider.total_ci),
        flip=wording.flip(decider, row) or (wording.NO_TURN if row else wording.NO_RANGE),
    )


def flip_curve(claim: ClaimResult, references: References) -> str:
    """The claim's value over the parameter that decides it most, where the verdict turns marked."""
    if claim.curve is None:
        return ""
    path = claim.curve.x_label
    row = references.rows.get(path)
    turns = next((each.flips_at for each in claim.decided_by if each.parameter == path), None)
    return curves.curve(claim.curve, claim, row.value if row else None, turns)


def standpoint_row(standpoint: Standpoint, claim: ClaimResult) -> StandpointRow:
    """A row with its values written as finely as the claim's own, so that they compare."""
    low, high = standpoint.probability_ci
    places = numbers.decimals(claim.value, claim.low, claim.high)
    ends = [numbers.significant(end, places=places) for end in (standpoint.low, standpoint.high)]
    return StandpointRow(
        title=standpoint.title,
        verdict=standpoint.verdict,
        shape=wording.VERDICT_SHAPES[standpoint.verdict],
        value=numbers.amount(standpoint.value, claim.unit, places=places),
        range="" if ends[0] == ends[1] else numbers.with_unit(f"{ends[0]} to {ends[1]}", claim.unit),
        chance=numbers.share(standpoint.probability),
        interval=numbers.share_interval(low, high),
    )


def standpoints(claim: ClaimResult) -> list[StandpointRow]:
    """The verdicts under the published ranges and under each party's figures, where they are not all one."""
    if not touching(claim) or agreed(claim):
        return []
    told = [standpoint_row(each, claim) for each in touching(claim)]
    return [
        StandpointRow(
            title=wording.OWN_FIGURES,
            verdict=claim.verdict,
            shape=wording.VERDICT_SHAPES[claim.verdict],
            value=wording.value(claim),
            range=wording.value_range(claim),
            chance=wording.probability(claim),
            interval=numbers.share_interval(*claim.probability_ci),
        ),
        *told,
    ]


def agreed(claim: ClaimResult) -> bool:
    """Whether the verdict is the same whoever's figures are used."""
    return {each.verdict for each in touching(claim)} <= {claim.verdict}


def whose(claim: ClaimResult) -> str:
    """Whether the verdict hangs on whose figures are used."""
    parties = touching(claim)
    if not parties:
        return ""
    if agreed(claim):
        chances = [each.probability for each in parties]
        span = numbers.share_interval(min(chances), max(chances))
        under = (
            "the one set that bears" if len(parties) == 1 else f"each of the {len(parties)} sets that bear"
        )
        return (
            f"It is {claim.verdict} whoever's figures are used: it holds in {span} of the samples "
            f"under {under} on it."
        )
    if {"supported", "refuted"} <= {each.verdict for each in parties}:
        return "Some parties' figures make it true, others' make it false."
    return "The verdict is not the same under everybody's figures."


def together(claim: ClaimResult) -> list[str]:
    """Pairs of parameters that matter by their combination."""
    worth = [each for each in claim.interactions if each.share >= LEAST_TOGETHER]
    told = []
    for each in sorted(worth, key=lambda pair: -pair.share):
        first, second = (wording.parameter_name(path) for path in each.parameters)
        share = extent(each.share, each.share_ci)
        told.append(
            f"{first[0].upper()}{first[1:]} with {second} explains {share.text} ({share.interval}) "
            "of the spread that neither explains alone"
        )
    return told


def dispute(claim: ClaimResult, assessment: Assessment, references: References) -> Dispute:
    found = wording.deciders(claim)
    first = next((each for each in found if each.flips_at is not None), found[0] if found else None)
    row = references.rows.get(first.parameter) if first else None
    command = ""
    if first and row:
        end = row.high if row.high is not None else row.value
        tried = first.flips_at if first.flips_at is not None else end
        unit = f" {row.unit}" if numbers.unit_name(row.unit) else ""
        setting = shlex.quote(f"{row.path}={plain(tried)}{unit}")
        command = f"{assessment.command or f'midcourse assess {assessment.dossier}'} --set {setting}"
    return Dispute(
        test=even_odds(claim),
        figure=references.figure(first.parameter) if first else None,
        turn=wording.flip(first, row) if first else "",
        command=command,
    )


def even_odds(claim: ClaimResult) -> str:
    """The threshold that half of the samples would pass; empty where too many share one value for that."""
    finite = np.array([value for value in claim.sampled_values if math.isfinite(value)])
    if not len(finite) or not wording.value_range(claim):
        return ""
    middle = float(np.median(finite))
    if not EVEN[0] <= float(np.mean(finite > middle)) <= EVEN[1]:
        return ""
    told = numbers.amount(middle, claim.unit, claim.low, claim.high)
    return f"half of the samples lie above {told}, so that a line drawn there would make it an even chance"


def plain(value: float) -> str:
    """A number to three digits as a command takes it."""
    text = f"{value:.3g}"
    return f"{float(text):.0f}" if "e+" in text else text
