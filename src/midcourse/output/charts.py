"""Two small pictures beside a claim: how its value is distributed over the published ranges, and a curve."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from midcourse.output import numbers, wording
from midcourse.output.atlas import Floats
from midcourse.output.labels import text_width
from midcourse.output.palette import Stroke, stroke
from midcourse.output.templating import px, render

if TYPE_CHECKING:
    from midcourse.analysis.assessment import ClaimResult, Curve

WIDTH = 480.0  # px; small enough that 13 px type stays legible on a phone
MARGIN = 24.0
HISTOGRAM_TOP, HISTOGRAM_BOTTOM = 30.0, 96.0
BINS = 30
TICK_SIZE = 14.0  # px
FAR_OUT = 1.5  # times the 5-95 % range: samples further outside it are counted, not drawn
CURVE_LEFT, CURVE_RIGHT, CURVE_TOP, CURVE_BOTTOM = 52.0, 14.0, 26.0, 196.0
LEGEND_ROW, LEGEND_SIZE, LEGEND_SWATCH = 20.0, 13.5, 30.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at ``at`` px; its text is centred on ``centre``."""

    at: float
    centre: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LabelPlace:
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    path: str
    stroke: Stroke
    legend_x: float
    legend_y: float


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

    edges = histogram_edges(values[(values >= low) & (values <= high)], low, high)
    counts = np.histogram(values, bins=edges)[0]
    unit = (HISTOGRAM_BOTTOM - HISTOGRAM_TOP - 4) / counts.max()
    bars = [
        Bar(x_of(a) + 0.4, HISTOGRAM_BOTTOM - n * unit, max(x_of(b) - x_of(a) - 0.8, 1.0), n * unit)
        for a, b, n in zip(edges[:-1], edges[1:], counts.tolist(), strict=True)
        if n
    ]
    threshold_x = x_of(claim.threshold)
    above = claim.holds in (">=", ">")

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
        bars=bars,
        ticks=axis_ticks(low, high, claim.unit, x_of),
        threshold_x=threshold_x,
        threshold_text=f"holds at {wording.threshold(claim)}",
        holds_from=threshold_x if above else MARGIN,
        holds_to=WIDTH - MARGIN if above else threshold_x,
        label_right=threshold_x < WIDTH / 2,
        value_x=x_of(claim.value) if math.isfinite(claim.value) else None,
        value_text=f"nominal {wording.value(claim)}",
        low_x=x_of(claim.low) if math.isfinite(claim.low) else None,
        high_x=x_of(claim.high) if math.isfinite(claim.high) else None,
        range_text=wording.value_range(claim),
        remark="; ".join(remarks),
        title=describe(claim),
    )


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


def curve(shown: Curve, claim: ClaimResult | None = None) -> str:
    """Series over one parameter; where they share the claim's unit, its threshold is drawn too.

    Empty when no series has two finite points.
    """
    xs = np.asarray(shown.x, float)
    series = {name: np.asarray(ys, float) for name, ys in shown.series.items()}
    finite = [ys[np.isfinite(ys)] for ys in series.values()]
    if len(xs) < 2 or not any(len(ys) > 1 for ys in finite):
        return ""
    threshold = claim.threshold if claim is not None and claim.unit == shown.y_unit else None
    everything = np.concatenate([*finite, [threshold] if threshold is not None else []])
    low, high = y_range(float(everything.min()), float(everything.max()), shown.y_unit)
    x_low, x_high = float(xs.min()), float(xs.max())

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            CURVE_LEFT + (x - x_low) / (x_high - x_low) * (WIDTH - CURVE_LEFT - CURVE_RIGHT),
            CURVE_BOTTOM - (y - low) / (high - low) * (CURVE_BOTTOM - CURVE_TOP),
        )

    lines, height = [], CURVE_BOTTOM + 40.0
    legend_x, legend_y = CURVE_LEFT - 40.0, CURVE_BOTTOM + 54.0
    for number, (name, ys) in enumerate(series.items()):
        room = LEGEND_SWATCH + 8 + text_width(name, LEGEND_SIZE) + 16
        if number and legend_x + room > WIDTH:
            legend_x, legend_y = CURVE_LEFT - 40.0, legend_y + LEGEND_ROW
        path = broken_line(place(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True))
        lines.append(Line(name, path, stroke(number), legend_x, legend_y))
        legend_x = legend_x + room
        height = legend_y + 8.0 if len(series) > 1 else height
    x_axis = axis_name(wording.parameter_name(shown.x_label), shown.x_unit)
    level_y = None if threshold is None else place(x_low, threshold)[1]
    threshold_text = f"holds at {wording.threshold(claim)}" if claim is not None else ""
    label = None
    if level_y is not None:
        drawn = [
            np.array([place(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True) if math.isfinite(y)])
            for ys in series.values()
        ]
        label = clearest(threshold_text, level_y, drawn)
    return render(
        "curve.svg.jinja",
        width=WIDTH,
        height=height,
        left=CURVE_LEFT,
        right=WIDTH - CURVE_RIGHT,
        top=CURVE_TOP,
        bottom=CURVE_BOTTOM,
        x_ticks=[Tick(x := place(t, low)[0], x, text) for t, text in ticks(x_low, x_high, 7)],
        y_ticks=[Tick(y := place(x_low, t)[1], y, text) for t, text in ticks(low, high, 5)],
        x_axis=x_axis,
        y_axis=axis_name(shown.y_label, shown.y_unit),
        lines=lines,
        legend_size=LEGEND_SIZE,
        swatch=LEGEND_SWATCH,
        threshold_y=level_y,
        threshold_text=threshold_text,
        label=label,
        legend=len(series) > 1,
        title=f"{axis_name(shown.y_label, shown.y_unit)} over {x_axis}",
    )


def clearest(text: str, level_y: float, drawn: list[Floats]) -> LabelPlace:
    """Where at a level line its text keeps furthest from the curves: above or below, left or right.

    ``drawn`` holds the curves as (n, 2) px; they are straight between their points.
    """
    room = text_width(text, TICK_SIZE) + 8.0
    places = [
        (LabelPlace(x, baseline, anchor), start)
        for x, anchor, start in (
            (CURVE_LEFT + 6.0, "start", CURVE_LEFT),
            (WIDTH - CURVE_RIGHT, "end", WIDTH - CURVE_RIGHT - room),
        )
        for baseline in (level_y - 5.0, level_y + 15.0)
        if CURVE_TOP + 8.0 <= baseline <= CURVE_BOTTOM - 3.0
    ]

    def clearance(candidate: tuple[LabelPlace, float]) -> float:
        place, start = candidate
        beneath = np.linspace(start, start + room, 40)
        heights = (np.interp(beneath, points[:, 0], points[:, 1]) for points in drawn if len(points))
        return min((float(np.abs(y - (place.y - 5.0)).min()) for y in heights), default=0.0)

    return max(places, key=clearance)[0]


def broken_line(points: Iterable[tuple[float, float]]) -> str:
    """SVG path data through points, interrupted where one is not finite."""
    path, pen = [], "M"
    for x, y in points:
        if math.isfinite(x) and math.isfinite(y):
            path.append(f"{pen}{px(x)} {px(y)}")
            pen = "L"
        else:
            pen = "M"
    return "".join(path)


def y_range(low: float, high: float, unit: str) -> tuple[float, float]:
    """The vertical axis: from zero when zero is near, and all of it for large shares in per cent."""
    if unit == "%" and low >= 0.0 and 50.0 < high <= 100.0:
        return 0.0, 106.0
    if 0.0 <= low < 0.5 * high:
        return 0.0, high * 1.15
    return padded(low, high)


def axis_name(label: str, unit: str) -> str:
    name = numbers.unit_name(unit)
    return f"{label} ({name})" if name else label
