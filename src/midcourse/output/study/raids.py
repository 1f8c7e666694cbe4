"""Missiles that get through against missiles launched: a panel a threat, a line an architecture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midcourse.dossier.errors import InputError
from midcourse.output import numbers
from midcourse.output.charts import ticks
from midcourse.output.drawing import GREY, HAIR, INK, Drawing
from midcourse.output.labels import text_width
from midcourse.output.palette import STROKES, stroke

from .cases import Shown, cases, title
from .dots import MARGIN, SMALL, TEXT, draw_foot, draw_head
from .worlds import spread_over_worlds

Floats = NDArray[np.float64]

WIDTH, ACROSS, BETWEEN = 1000.0, 2, 40.0  # px; panels side by side, and between them
LEFT, TALL = 46.0, 300.0  # px: for the numbers at an axis, and of a panel
SWATCH = 30.0  # px
MOST_PANELS = 24
READING = (
    "Missiles that get through against missiles launched: lines are medians over {worlds} of the published "
    "ranges, bands reach from 5 to 95 %."
)
NOTHING = "nothing stopped"


def svg(shown: Shown) -> str:
    """The picture."""
    drawing, data = Drawing(WIDTH), shown.data
    panels, lines = cases(data, (*shown.variants, "threat")), cases(data, ("architecture",))
    if len(lines) > len(STROKES) or len(panels) > MOST_PANELS:
        raise InputError(
            f"{len(panels)} panels of {len(lines)} lines do not fit one picture",
            where="--show",
            expected=f"at most {MOST_PANELS} panels of {len(STROKES)} architectures: some chosen",
        )
    heading = f"{shown.about['title']}: {shown.name}"
    reading = READING.format(worlds=numbers.counted(shown.worlds, "world"))
    lacking = f"{shown.part} What is not drawn is not computed yet." if shown.part else ""
    y = draw_head(drawing, heading, (reading, shown.fixed, lacking))
    names = [title(data, "architecture", line.at["architecture"]) for line in lines]
    y = draw_legend(drawing, y, names)
    across = min(ACROSS, len(panels))
    wide = (WIDTH - 2 * MARGIN - (across - 1) * BETWEEN) / across
    for start in range(0, len(panels), across):
        bottoms = []
        for number, panel in enumerate(panels[start : start + across]):
            others = [name for name in (panel.name,) if name]
            name = others[0] if others else title(data, "threat", panel.at["threat"])
            found = [spread_over_worlds(data["through"].isel({**panel.at, **line.at})) for line in lines]
            left = MARGIN + number * (wide + BETWEEN)
            bottoms.append(Panel(drawing, data["missiles"].values, left, y, wide).draw(name, found, names))
        y = max(bottoms)
    draw_foot(drawing, y, shown.provenance)
    return drawing.svg(heading, reading)


def draw_legend(drawing: Drawing, y: float, names: list[str]) -> float:
    """The lines by stroke and name."""
    x, y = MARGIN, y + 14.0
    every = [
        *((name, stroke(i).colour, stroke(i).dash) for i, name in enumerate(names)),
        (NOTHING, GREY, "6 4"),
    ]
    for number, (name, colour, dash) in enumerate(every):
        room = SWATCH + 8.0 + text_width(name, TEXT) + 18.0
        if number and x + room > WIDTH - MARGIN:
            x, y = MARGIN, y + 20.0
        drawing.line([(x, y - 4.0), (x + SWATCH, y - 4.0)], colour, 2.4, dash=dash)
        drawing.text(x + SWATCH + 6.0, y, name, TEXT)
        x += room
    return y + 8.0


class Panel:
    """One threat while it is drawn."""

    def __init__(
        self, drawing: Drawing, missiles: NDArray[np.int64], left: float, top: float, wide: float
    ) -> None:
        self.drawing, self.missiles, self.name_left = drawing, missiles.astype(float), left
        self.left, self.right, self.top, self.wide = left + LEFT, left + wide, top, wide
        self.most = float(missiles.max())
        self.bottom = 0.0

    def x(self, missiles: float) -> float:
        return self.left + missiles / self.most * (self.right - self.left)

    def y(self, through: float) -> float:
        return self.bottom - through / self.most * TALL

    def draw(self, name: str, lines: list[tuple[Floats, Floats, Floats]], names: list[str]) -> float:
        """The panel; gives its lower edge."""
        drawing = self.drawing
        top = drawing.paragraph(self.name_left, self.top + 24.0, name, TEXT + 1.0, self.wide, bold=True)
        top += 14.0
        self.bottom = top + TALL
        for at, text in ticks(0.0, self.most, 6):
            if at != round(at):
                continue
            drawing.line([(self.x(at), top), (self.x(at), self.bottom)], HAIR)
            drawing.line([(self.left, self.y(at)), (self.right, self.y(at))], HAIR)
            drawing.text(self.x(at), self.bottom + 16.0, text, SMALL, anchor="middle")
            drawing.text(self.left - 6.0, self.y(at) + 4.0, text, SMALL, anchor="end")
        drawing.line([(self.left, top), (self.left, self.bottom), (self.right, self.bottom)], INK)
        for number, (_, low, high) in enumerate(lines):
            self.band(low, high, number)
        drawing.line([(self.x(0), self.y(0)), (self.x(self.most), self.y(self.most))], GREY, dash="6 4")
        for number, (middle, _, _) in enumerate(lines):
            drawn = stroke(number)
            drawing.line(self.points(middle), drawn.colour, 2.4, dash=drawn.dash, title=names[number])
        if all(np.isnan(middle).all() for middle, _, _ in lines):
            middle_x = (self.left + self.right) / 2
            drawing.text(middle_x, top + TALL / 2, "not computed yet", TEXT, anchor="middle", halo=True)
        drawing.text(
            (self.left + self.right) / 2, self.bottom + 34.0, "missiles launched", SMALL, anchor="middle",
            colour=GREY,
        )  # fmt: skip
        return self.bottom + 40.0

    def band(self, low: Floats, high: Floats, number: int) -> None:
        drawn, upper, lower = stroke(number), self.points(high), self.points(low)
        if len(upper) < 2:
            return
        self.drawing.area([*upper, *reversed(lower)], drawn.colour, opacity=0.12)
        for edge in (upper, lower):
            self.drawing.line(edge, drawn.colour, 0.8, dash=drawn.dash, opacity=0.6)

    def points(self, through: Floats) -> list[tuple[float, float]]:
        """Where a line goes; of no missiles none get through."""
        known = ~np.isnan(through)
        if not known.any():
            return []
        pairs = zip(self.missiles[known].tolist(), through[known].tolist(), strict=True)
        return [(self.x(0), self.y(0)), *((self.x(n), self.y(t)) for n, t in pairs)]
