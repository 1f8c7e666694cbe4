"""How a claim's value follows a figure, and where the verdict turns: a small picture beside the claim."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from midcourse.atlas.outlines import Floats
from midcourse.output import wording
from midcourse.output.charts import TICK_SIZE, WIDTH, LabelPlace, Tick, axis_name, padded, ticks
from midcourse.output.labels import text_width
from midcourse.output.palette import Stroke, stroke
from midcourse.output.templating import px, render

if TYPE_CHECKING:
    from midcourse.analysis.assessment import ClaimResult, Curve

LEFT, RIGHT, TOP, BOTTOM = 52.0, 12.0, 44.0, 200.0  # px
LEGEND_ROW, LEGEND_SIZE, LEGEND_SWATCH = 20.0, 14.0, 30.0
NAME_GAP = 8.0  # px between the names of two uprights


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
            LEFT + (x - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT),
            BOTTOM - (y - low) / (high - low) * (BOTTOM - TOP),
        )

    lines, height = [], BOTTOM + 40.0
    legend_x, legend_y = LEFT - 40.0, BOTTOM + 56.0
    for number, (name, ys) in enumerate(series.items()):
        room = LEGEND_SWATCH + 8 + text_width(name, LEGEND_SIZE) + 16
        if number and legend_x + room > WIDTH:
            legend_x, legend_y = LEFT - 40.0, legend_y + LEGEND_ROW
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
        over, under = (TOP, level_y), (level_y, BOTTOM)
        region = over if claim.holds in (">=", ">") else under
    return render(
        "curve.svg.jinja",
        width=WIDTH,
        height=height,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=BOTTOM,
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
    inside = sorted(
        (x_of(value), f"{word} {wording.within(value, unit, x_low, x_high)}", word != "nominal")
        for value, word in ((nominal, "nominal"), (turns_at, "turns at"))
        if value is not None and x_low <= value <= x_high
    )
    names = beside([x for x, _, _ in inside], [text_width(words, TICK_SIZE) for _, words, _ in inside])
    return [
        Upright(x, LabelPlace(left, TOP - 8.0, "start", words), turns)
        for (x, words, turns), left in zip(inside, names, strict=True)
    ]


def beside(marks: list[float], widths: list[float]) -> list[float]:
    """Where names of one or two marks begin: the first ends at its mark, the last begins at its own, and both
    move until they are inside the picture and clear of each other.
    """
    if not marks:
        return []
    lefts = [marks[0] - widths[0], marks[-1]][-len(marks) :]
    least, most = 2.0, WIDTH - 2.0
    lefts[0] = max(lefts[0], least)
    for number in range(1, len(lefts)):
        lefts[number] = max(lefts[number], lefts[number - 1] + widths[number - 1] + NAME_GAP)
    lefts[-1] = min(lefts[-1], most - widths[-1])
    for number in range(len(lefts) - 1, 0, -1):
        lefts[number - 1] = min(lefts[number - 1], lefts[number] - widths[number - 1] - NAME_GAP)
    return lefts


def clearest(text: str, level_y: float, drawn: list[Floats]) -> LabelPlace:
    """Where at a level line its text keeps furthest from the curves: above or below, left or right.

    ``drawn`` holds the curves as (n, 2) px; they are straight between their points.
    """
    room = text_width(text, TICK_SIZE) + 8.0
    places = [
        (LabelPlace(x, baseline, anchor, text), start)
        for x, anchor, start in (
            (LEFT + 6.0, "start", LEFT),
            (WIDTH - RIGHT, "end", WIDTH - RIGHT - room),
        )
        for baseline in (level_y - 5.0, level_y + 15.0)
        if TOP + 8.0 <= baseline <= BOTTOM - 3.0
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
