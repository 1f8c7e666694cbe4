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

WIDTH = 420.0  # px; printed in half a page's width, type of 14 px is 8 pt
MARGIN = 22.0
HISTOGRAM_TOP, HISTOGRAM_BOTTOM = 30.0, 112.0
WORD_ROOM = 20.0  # px over the highest bar, for the words that say where the claim holds
BINS = 30
TICK_SIZE = 14.0  # px
FAR_OUT = 1.5  # times the 5-95 % range: samples further outside it are counted, not drawn
CURVE_LEFT, CURVE_RIGHT, CURVE_TOP, CURVE_BOTTOM = 52.0, 12.0, 44.0, 200.0
LEGEND_ROW, LEGEND_SIZE, LEGEND_SWATCH = 20.0, 14.0, 30.0
LEAST_REGION = 52.0  # px of width, or a third of it in height, that a word in a region needs


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


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    path: str
    stroke: Stroke
    legend_x: float
    legend_y: float


@dataclass(frozen=True, slots=True)
class Upright:
    """A line at one value of the parameter, named above the picture."""

    x: float
    label: LabelPlace
    turns: bool


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


def curve(
    shown: Curve,
    claim: ClaimResult | None = None,
    nominal: float | None = None,
    turns_at: float | None = None,
) -> str:
    """Series over one parameter; where they share the claim's unit, its threshold is drawn too.

    ``nominal`` and ``turns_at`` are values of the parameter, in the curve's unit: where it stands, and where
    the verdict turns. Empty when no series has two finite points.
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
    legend_x, legend_y = CURVE_LEFT - 40.0, CURVE_BOTTOM + 56.0
    for number, (name, ys) in enumerate(series.items()):
        room = LEGEND_SWATCH + 8 + text_width(name, LEGEND_SIZE) + 16
        if number and legend_x + room > WIDTH:
            legend_x, legend_y = CURVE_LEFT - 40.0, legend_y + LEGEND_ROW
        path = broken_line(place(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True))
        lines.append(Line(name, path, stroke(number), legend_x, legend_y))
        legend_x = legend_x + room
        height = legend_y + 8.0 if len(series) > 1 else height
    x_axis = axis_name(wording.parameter_name(shown.x_label), shown.x_unit)
    y_axis = axis_name(wording.quantity_name(shown.y_label), shown.y_unit)
    level_y, label, region = None, None, None
    if threshold is not None and claim is not None:
        level_y = place(x_low, threshold)[1]
        drawn = [
            np.array([place(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True) if math.isfinite(y)])
            for ys in series.values()
        ]
        label = clearest(f"holds at {wording.threshold(claim)}", level_y, drawn)
        over, under = (CURVE_TOP, level_y), (level_y, CURVE_BOTTOM)
        region = over if claim.holds in (">=", ">") else under
    return render(
        "curve.svg.jinja",
        width=WIDTH,
        height=height,
        left=CURVE_LEFT,
        right=WIDTH - CURVE_RIGHT,
        top=CURVE_TOP,
        bottom=CURVE_BOTTOM,
        x_ticks=[Tick(x := place(t, low)[0], x, text) for t, text in ticks(x_low, x_high, 6)],
        y_ticks=[Tick(y := place(x_low, t)[1], y, text) for t, text in ticks(low, high, 5)],
        x_axis=x_axis,
        y_axis=y_axis,
        lines=lines,
        legend_size=LEGEND_SIZE,
        swatch=LEGEND_SWATCH,
        threshold_y=level_y,
        region=region,
        label=label,
        uprights=uprights(nominal, turns_at, shown.x_unit, x_low, x_high, lambda x: place(x, low)[0]),
        legend=len(series) > 1,
        title=f"{y_axis} over {x_axis}",
    )


def uprights(
    nominal: float | None,
    turns_at: float | None,
    unit: str,
    x_low: float,
    x_high: float,
    x_of: Callable[[float], float],
) -> list[Upright]:
    """Where the parameter stands and where the verdict turns, named so that neither name covers the other."""

    def text(value: float) -> str:
        return numbers.amount(value, unit, x_low, x_high)

    inside = [
        (x_of(value), f"{word} {text(value)}", word != "nominal")
        for value, word in ((nominal, "nominal"), (turns_at, "turns at"))
        if value is not None and x_low <= value <= x_high
    ]
    made = []
    for number, (x, words, turns) in enumerate(sorted(inside)):
        room = text_width(words, TICK_SIZE)
        anchor = "end" if number < len(inside) - 1 else "start"
        if (anchor == "end" and x - room < 2.0) or (anchor == "start" and x + room > WIDTH - 2.0):
            anchor = "start" if anchor == "end" else "end"
        made.append(Upright(x, LabelPlace(x, CURVE_TOP - 8.0, anchor, words), turns))
    return made


def clearest(text: str, level_y: float, drawn: list[Floats]) -> LabelPlace:
    """Where at a level line its text keeps furthest from the curves: above or below, left or right.

    ``drawn`` holds the curves as (n, 2) px; they are straight between their points.
    """
    room = text_width(text, TICK_SIZE) + 8.0
    places = [
        (LabelPlace(x, baseline, anchor, text), start)
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
