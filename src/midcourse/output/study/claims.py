"""How probable it is that each claim holds, in every case: a row a claim, a mark a case."""

from __future__ import annotations

import numpy as np

from midcourse.output import numbers, wording
from midcourse.output.drawing import Drawing
from midcourse.study.judging import interval

from .cases import Shown, split
from .dots import WIDTH, Axis, Dot, Row, draw_foot, draw_head, draw_legend, draw_rows

READING = (
    "Marks are probabilities over {worlds} of the published ranges, bars their 95 % intervals: what chance "
    "in the drawing of worlds leaves open."
)
NOT_YET = "not computed yet"


def svg(shown: Shown) -> str:
    """The picture."""
    drawing = Drawing(WIDTH)
    title = f"{shown.about['title']}: probability that each claim holds"
    reading = READING.format(worlds=numbers.counted(shown.worlds, "world"))
    panels, series = split(shown.data, shown.variants)
    y = draw_head(drawing, title, (reading, shown.fixed, shown.part))
    y = draw_legend(drawing, y, [each.name for each in series])
    for panel in panels:
        rows = [
            row_of(shown, claim, [{**panel.at, **each.at} for each in series])
            for claim in range(shown.data.sizes["claim"])
        ]
        y = draw_rows(drawing, y, panel.name, rows, Axis(0.0, 100.0, "% probability"))
    draw_foot(drawing, y, shown.provenance)
    return drawing.svg(title, reading)


def row_of(shown: Shown, claim: int, places: list[dict[str, int]]) -> Row:
    """A claim, its test, and how it fares in every case."""
    data = shown.data.isel(claim=claim)
    told = {key: data[key].item() for key in ("statement", "party", "holds", "threshold", "unit")}
    limit = numbers.with_unit(numbers.as_published(float(told["threshold"])), str(told["unit"]))
    test = f"{wording.COMPARISONS[told['holds']]}{numbers.NARROW_SPACE}{limit}"
    return Row(
        str(told["statement"]),
        f"{told['party']}: {test}",
        [dot_of(shown, data["passed"].isel(place).values) for place in places],
        NOT_YET,
    )


def dot_of(shown: Shown, passed: np.ndarray[tuple[int], np.dtype[np.int8]]) -> Dot | None:
    """The probability and its interval from the worlds there are."""
    known = passed[passed >= 0] > 0
    if not len(known):
        return None
    share = float(known.mean())
    low, high = interval(known, shown.about["sampler"])
    text = f"{numbers.share(share)} ({numbers.share_interval(low, high)})"
    return Dot(100.0 * share, 100.0 * low, 100.0 * high, text)
