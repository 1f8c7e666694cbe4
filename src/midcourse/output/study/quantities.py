"""A quantity in every case: median and range over the worlds, a row an architecture, a panel a threat."""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from midcourse.output import numbers
from midcourse.output.charts import padded
from midcourse.output.drawing import Drawing

from .cases import Shown, cases, label, split, title
from .dots import WIDTH, Axis, Dot, Row, draw_foot, draw_head, draw_legend, draw_rows
from .worlds import spread_over_worlds

READING = (
    "{what}: marks are medians over {worlds} of the published ranges, bars reach from 5 to 95 %, ticks are "
    "the values with every figure nominal."
)
NOTHING = "no value"
NOT_YET = "not computed yet"


def svg(shown: Shown) -> str:
    """The picture."""
    drawing, data = Drawing(WIDTH), shown.data
    told = data["value"].attrs
    heading = f"{shown.about['title']}: {shown.name}"
    what = str(told.get("long_name", shown.name))
    worlds = numbers.counted(shown.worlds, "world")
    reading = READING.format(what=f"{what[0].upper()}{what[1:]}", worlds=worlds)
    leading, series = split(data, shown.variants)
    y = draw_head(drawing, heading, (reading, shown.fixed, shown.part))
    y = draw_legend(drawing, y, [each.name for each in series])
    architectures = cases(data, ("architecture",))
    panels = [
        (
            ", ".join(filter(None, (title(data, "threat", threat.at["threat"]), first.name))),
            [
                row_of(shown, architecture.at, [{**first.at, **threat.at, **each.at} for each in series])
                for architecture in architectures
            ],
        )
        for first, threat in product(leading, cases(data, ("threat",)))
    ]
    axis = axis_of([row for _, rows in panels for row in rows], str(told["units"]))
    for name, rows in panels:
        y = draw_rows(drawing, y, name, rows, axis)
    draw_foot(drawing, y, shown.provenance)
    return drawing.svg(heading, reading)


def row_of(shown: Shown, architecture: dict[str, int], places: list[dict[str, int]]) -> Row:
    """An architecture, and its quantity in every case."""
    data, at = shown.data, architecture["architecture"]
    unit = str(data["value"].attrs["units"])
    dots: list[Dot | None] = []
    for place in places:
        here = data.isel({**place, **architecture})
        middle, low, high = (float(each) for each in spread_over_worlds(here["value"]))
        if math.isnan(middle):
            dots.append(None)
            continue
        digits = numbers.decimals(middle, low, high)
        told = [numbers.significant(each, places=digits) for each in (middle, low, high)]
        text = numbers.with_unit(told[0], unit)
        if low < high:
            text += f" ({told[1]} to {told[2]})"
        nominal = float(here["nominal"])
        dots.append(Dot(middle, low, high, text, None if math.isnan(nominal) else nominal))
    name, words = label(data, "architecture", at), title(data, "architecture", at)
    return Row(words, name if name != words else "", dots, NOTHING if shown.done >= 1.0 else NOT_YET)


def axis_of(rows: list[Row], unit: str) -> Axis:
    """One axis for all panels; from zero where nothing lies below."""
    dots = [dot for row in rows for dot in row.dots if dot is not None]
    ends = [v for dot in dots for v in (dot.low, dot.high, dot.nominal) if v is not None]
    name = numbers.unit_name(unit)
    if unit == "%":
        return Axis(0.0, 100.0, name)
    low, high = padded(float(np.min(ends, initial=math.inf)), float(np.max(ends))) if ends else (0.0, 1.0)
    return Axis(0.0 if not ends or min(ends) >= 0.0 else low, high, name)
