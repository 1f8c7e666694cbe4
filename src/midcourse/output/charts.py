"""Two small pictures beside a claim: how its value is distributed over the published ranges, and a curve."""

from __future__ import annotations

import math
from collections.abc import Iterable
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
CURVE_LEFT, CURVE_RIGHT, CURVE_TOP, CURVE_BOTTOM = 52.0, 14.0, 26.0, 196.0
LEGEND_ROW, LEGEND_SIZE, LEGEND_SWATCH = 20.0, 13.5, 30.0


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


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
    drawn = np.append(values, [v for v in (claim.value, claim.low, claim.high) if math.isfinite(v)])
    low, high = padded(min(drawn.min(), claim.threshold), max(drawn.max(), claim.threshold))
    if claim.unit == "%" and drawn.min() >= 0.0:
        low = max(low, 0.0)
    if claim.unit == "%" and drawn.max() <= 100.0:
        high = min(high, 100.0)

    def x_of(value: float) -> float:
        return MARGIN + (value - low) / (high - low) * (WIDTH - 2 * MARGIN)

    edges = histogram_edges(values, low, high)
    counts = np.histogram(values, bins=edges)[0]
    unit = (HISTOGRAM_BOTTOM - HISTOGRAM_TOP - 4) / counts.max()
    bars = [
        Bar(x_of(a) + 0.4, HISTOGRAM_BOTTOM - n * unit, max(x_of(b) - x_of(a) - 0.8, 1.0), n * unit)
        for a, b, n in zip(edges[:-1], edges[1:], counts.tolist(), strict=True)
        if n
    ]
    threshold_x = x_of(claim.threshold)
    above = claim.holds in (">=", ">")
    left_out = len(claim.sampled_values) - len(values)
    return render(
        "distribution.svg.jinja",
        width=WIDTH,
        margin=MARGIN,
        top=HISTOGRAM_TOP,
        bottom=HISTOGRAM_BOTTOM,
        bars=bars,
        ticks=[Tick(x_of(t), text) for t, text in ticks(low, high, 6)],
        axis=numbers.unit_name(claim.unit),
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
        left_out=left_out,
        title=describe(claim),
    )


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
        legend_x, height = legend_x + room, legend_y + 8.0
    return render(
        "curve.svg.jinja",
        width=WIDTH,
        height=height,
        left=CURVE_LEFT,
        right=WIDTH - CURVE_RIGHT,
        top=CURVE_TOP,
        bottom=CURVE_BOTTOM,
        x_ticks=[Tick(place(t, low)[0], text) for t, text in ticks(x_low, x_high, 7)],
        y_ticks=[Tick(place(x_low, t)[1], text) for t, text in ticks(low, high, 5)],
        x_axis=axis_name(shown.x_label, shown.x_unit),
        y_axis=axis_name(shown.y_label, shown.y_unit),
        lines=lines,
        legend_size=LEGEND_SIZE,
        swatch=LEGEND_SWATCH,
        threshold_y=place(x_low, threshold)[1] if threshold is not None else None,
        threshold_text=f"holds at {wording.threshold(claim)}" if claim is not None else "",
        threshold_left=threshold is not None and clearer_left(threshold, xs, list(series.values())),
        title=f"{axis_name(shown.y_label, shown.y_unit)} over {axis_name(shown.x_label, shown.x_unit)}",
    )


def clearer_left(level: float, xs: Floats, series: list[Floats]) -> bool:
    """Whether the curves keep further from a level over the left third of the axis than over the right."""
    third = (xs.max() - xs.min()) / 3
    left, right = xs <= xs.min() + third, xs >= xs.max() - third
    gaps = [
        min(
            (float(np.min(np.abs(d))) for ys in series if len(d := (ys - level)[side & np.isfinite(ys)])),
            default=0.0,
        )
        for side in (left, right)
    ]
    return gaps[0] > gaps[1]


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
    """The vertical axis: from zero when zero is near, and all of it for a share in per cent."""
    if unit == "%" and low >= 0.0 and high <= 100.0:
        return 0.0, 100.0
    if 0.0 <= low < 0.5 * high:
        return 0.0, high * 1.06
    return padded(low, high)


def axis_name(label: str, unit: str) -> str:
    name = numbers.unit_name(unit)
    return f"{label} ({name})" if name else label
