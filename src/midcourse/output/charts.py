"""How a claim's value is distributed over the published ranges: a small picture beside it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from midcourse.atlas.outlines import Floats
from midcourse.output import numbers, wording
from midcourse.output.labels import text_width
from midcourse.output.templating import render

if TYPE_CHECKING:
    from midcourse.analysis.assessment import ClaimResult

WIDTH = 420.0  # px; printed in half a page's width, type of 14 px is 8 pt
MARGIN = 22.0
HISTOGRAM_TOP, HISTOGRAM_BOTTOM = 30.0, 112.0
WORD_ROOM = 20.0  # px over the highest bar, for the words that say where the claim holds
BINS = 30
TICK_SIZE = 14.0  # px
FAR_OUT = 1.5  # times the 5-95 % range: samples further outside it are counted, not drawn
LEAST_REGION = 52.0  # px of width that a word in a region needs


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at ``at`` px; its text is centred on ``centre``."""

    at: float
    centre: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Samples that pass the test are drawn full, those that fail hollow."""

    x: float
    y: float
    width: float
    height: float
    passes: bool


@dataclass(frozen=True, slots=True)
class LabelPlace:
    x: float
    y: float
    anchor: str
    text: str = ""


def distribution(claim: ClaimResult) -> str:
    """The sampled values as a histogram, with the threshold, the side where the claim holds, and the range.

    Empty when there is nothing to draw: no finite sample.
    """
    values = np.array([v for v in claim.sampled_values if math.isfinite(v)])
    if not len(values) or not math.isfinite(claim.threshold):
        return ""
    low, high = axis(claim, values)

    def x_of(value: float) -> float:
        return MARGIN + (value - low) / (high - low) * (WIDTH - 2 * MARGIN)

    threshold_x = x_of(claim.threshold)
    above = claim.holds in (">=", ">")
    holds_from, holds_to = (threshold_x, WIDTH - MARGIN) if above else (MARGIN, threshold_x)
    fails_from, fails_to = (MARGIN, threshold_x) if above else (threshold_x, WIDTH - MARGIN)

    def end(value: float) -> str:
        return numbers.amount(float(value), claim.unit)

    remarks = [
        f"{numbers.counted(count, 'sample')} {what}"
        for count, what in (
            (len(claim.sampled_values) - len(values), "without a finite value"),
            (int(np.count_nonzero(values < low)), f"below, down to {end(values.min())}"),
            (int(np.count_nonzero(values > high)), f"above, up to {end(values.max())}"),
        )
        if count
    ]
    return render(
        "distribution.svg.jinja",
        width=WIDTH,
        margin=MARGIN,
        top=HISTOGRAM_TOP,
        bottom=HISTOGRAM_BOTTOM,
        bars=bars(claim, values, low, high, x_of),
        ticks=axis_ticks(low, high, claim.unit, x_of),
        threshold_x=threshold_x,
        threshold_text=f"holds at {wording.threshold(claim)}",
        arrow=9.0 if above else -9.0,
        holds_from=holds_from,
        holds_to=holds_to,
        words=[
            LabelPlace((left + right) / 2, HISTOGRAM_TOP + 14.0, "middle", word)
            for left, right, word in ((holds_from, holds_to, "holds"), (fails_from, fails_to, "fails"))
            if right - left >= LEAST_REGION
        ],
        label_right=threshold_x < WIDTH / 2,
        value_x=x_of(claim.value) if math.isfinite(claim.value) else None,
        value_text=f"nominal {wording.value(claim)}",
        low_x=x_of(claim.low) if math.isfinite(claim.low) else None,
        high_x=x_of(claim.high) if math.isfinite(claim.high) else None,
        range_text=wording.value_range(claim),
        range_x=MARGIN + text_width(f"nominal {wording.value(claim)}", TICK_SIZE) + 34.0,
        axis_name=axis_name(wording.quantity_name(claim.quantity), claim.unit),
        remark="; ".join(remarks),
        title=describe(claim),
    )


def bars(
    claim: ClaimResult, values: Floats, low: float, high: float, x_of: Callable[[float], float]
) -> list[Bar]:
    """The histogram: in each bin those that pass the test, and on them those that fail."""
    edges = histogram_edges(values[(values >= low) & (values <= high)], low, high)
    passing = np.array([wording.passes(claim, value) for value in values.tolist()])
    passed = np.histogram(values[passing], bins=edges)[0]
    failed = np.histogram(values[~passing], bins=edges)[0]
    unit = (HISTOGRAM_BOTTOM - HISTOGRAM_TOP - WORD_ROOM) / (passed + failed).max()
    made = []
    for left, right, good, bad in zip(edges[:-1], edges[1:], passed.tolist(), failed.tolist(), strict=True):
        x, width = x_of(left) + 0.4, max(x_of(right) - x_of(left) - 0.8, 1.0)
        if good:
            made.append(Bar(x, HISTOGRAM_BOTTOM - good * unit, width, good * unit, True))
        if bad:
            made.append(Bar(x, HISTOGRAM_BOTTOM - (good + bad) * unit, width, bad * unit, False))
    return made


def axis(claim: ClaimResult, values: Floats) -> tuple[float, float]:
    """The horizontal axis: all samples and the threshold, but not a few samples far outside the range."""
    ends = [v for v in (claim.value, claim.low, claim.high, claim.threshold) if math.isfinite(v)]
    least, most = float(values.min()), float(values.max())
    reach = FAR_OUT * (claim.high - claim.low)
    if reach > 0.0:
        least, most = max(least, claim.low - reach), min(most, claim.high + reach)
    low, high = padded(min(least, *ends), max(most, *ends))
    if claim.unit == "%" and min(least, *ends) >= 0.0:
        low = max(low, 0.0)
    if claim.unit == "%" and max(most, *ends) <= 100.0:
        high = min(high, 100.0)
    return low, high


def axis_ticks(low: float, high: float, unit: str, x_of: Callable[[float], float]) -> list[Tick]:
    """Ticks beneath the histogram, the unit at the last, which keeps inside the picture."""
    *found, (last, text) = ticks(low, high, 6)
    text = numbers.with_unit(text, unit)
    inside = min(x_of(last), WIDTH - 2.0 - text_width(text, TICK_SIZE) / 2)
    return [*(Tick(x_of(t), x_of(t), each) for t, each in found), Tick(x_of(last), inside, text)]


def describe(claim: ClaimResult) -> str:
    """The picture in words, for those who cannot see it."""
    return (
        f"Distribution of {len(claim.sampled_values)} sampled values: 5 to 95 per cent range "
        f"{numbers.interval(claim.low, claim.high, claim.unit, near=claim.value)}; "
        f"the claim holds at {wording.threshold(claim)}."
    )


def histogram_edges(values: Floats, low: float, high: float) -> Floats:
    """Bins over the values alone, a thirtieth of the axis wide, so that a spike is still seen as a bar."""
    first, last = float(values.min()), float(values.max())
    width = (high - low) / BINS
    count = max(1, math.ceil((last - first) / width))
    middle = (first + last) / 2
    edges: Floats = middle + (np.arange(count + 1, dtype=np.float64) - count / 2) * width
    return np.clip(edges, low, high)


def padded(low: float, high: float) -> tuple[float, float]:
    """A range with a margin round it; a single value gets a range of its own size."""
    spread = high - low
    room = 0.07 * spread if spread > 1e-9 * max(abs(low), abs(high)) else max(abs(high) * 0.2, 1.0)
    return low - room, high + room


def ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Round values within a range, at most about ``most``, with their texts."""
    rough = (high - low) / most
    power = 10.0 ** numbers.magnitude(rough)
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)
    places = max(0, -numbers.magnitude(step) + (1 if round(step / power, 6) == 2.5 else 0))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(n * step, numbers.significant(n * step, places=places)) for n in range(first, last + 1)]


def axis_name(label: str, unit: str) -> str:
    name = numbers.unit_name(unit)
    return f"{label} ({name})" if name else label
