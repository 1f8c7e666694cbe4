"""Architectures side by side as a picture: for every quantity a panel, in it a dot and a range for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from midcourse.analysis.comparison import Figure, Row
from midcourse.output import numbers
from midcourse.output.charts import padded, ticks
from midcourse.output.compare import BETTER, NONE, above, published
from midcourse.output.drawing import GREY, HAIR, INK, Drawing
from midcourse.output.palette import stroke

if TYPE_CHECKING:
    from midcourse.analysis.comparison import Compared

WIDTH, MARGIN, BETWEEN = 1000.0, 18.0, 34.0  # px
ACROSS = 2  # panels side by side
TITLE, TEXT, SMALL = 17.0, 13.0, 11.0  # type sizes, px
PANEL = (WIDTH - 2 * MARGIN - (ACROSS - 1) * BETWEEN) / ACROSS
NAMES, TEXTS = 128.0, 132.0  # px, of the names before the axis, and of the figures behind it
ROW, DOT, BAR = 19.0, 4.5, 3.0
HEAD = 40.0  # px, of a panel's title in two lines
FOOT = 40.0  # px, of its axis, and the space below
MOST_TICKS = 4
COST = "cost"


def comparison_picture(compared: Compared) -> str:
    """The picture as SVG."""
    drawing = Drawing(WIDTH)
    told = (
        f"{compared.samples} samples over the published ranges, the same for all. Diamonds are nominal "
        "values, bars reach from 5 to 95 % of the samples. In brackets the numbers of those that each lies "
        "clearly above: sample by sample, over 5 to 95 % of the differences, by a hundredth."
    )
    y = drawing.paragraph(MARGIN, 28.0, compared.title, TITLE, WIDTH - 2 * MARGIN, bold=True)
    y = drawing.paragraph(MARGIN, y + 20.0, told, TEXT, WIDTH - 2 * MARGIN, colour=GREY) + 30.0
    tall = HEAD + ROW * len(compared.architectures) + FOOT
    rows = [*compared.rows, *costs(compared)]
    for number, row in enumerate(rows):
        left = MARGIN + (number % ACROSS) * (PANEL + BETWEEN)
        Panel(drawing, row, compared.architectures, left, y + (number // ACROSS) * tall).draw()
    y += -(-len(rows) // ACROSS) * tall
    foot = " ".join(
        filter(None, (f"Dossier {compared.dossier}, midcourse {compared.version}.", compared.command))
    )
    drawing.height = drawing.paragraph(MARGIN, y, foot, SMALL, WIDTH - 2 * MARGIN, colour=GREY) + 12.0
    return drawing.svg(compared.title, told)


def costs(compared: Compared) -> list[Row]:
    """What is published of costs as a row like the others, where all is in one unit."""
    units = {each.unit for each in compared.costs if each.value is not None}
    if len(units) != 1:
        return []
    values = [
        Figure(
            each.architecture,
            each.value,
            each.value if each.low is None else each.low,
            each.value if each.high is None else each.high,
        )
        for each in compared.costs
    ]
    return [Row(COST, "Published cost", units.pop(), "less", COST, "", None, 0, values, [])]


class Panel:
    """One quantity while it is drawn."""

    def __init__(self, drawing: Drawing, row: Row, order: list[str], left: float, top: float) -> None:
        self.drawing, self.row, self.order = drawing, row, order
        self.left, self.top = left, top
        self.from_px, self.to_px = left + NAMES, left + PANEL - TEXTS
        ends = [v for each in row.values for v in (each.value, each.low, each.high) if v is not None]
        self.low, self.high = padded(min(ends, default=0.0), max(ends, default=1.0))
        if row.unit == "%":
            self.low, self.high = 0.0, 100.0
        elif min(ends, default=0.0) >= 0.0:
            self.low = 0.0

    def x(self, value: float) -> float:
        return self.from_px + (value - self.low) / (self.high - self.low) * (self.to_px - self.from_px)

    def draw(self) -> None:
        drawing, row = self.drawing, self.row
        title = row.label + (f" ({BETTER[row.better]})" if BETTER[row.better] else "")
        drawing.paragraph(self.left, self.top, title, TEXT, PANEL, bold=True)
        top = self.top + HEAD - TEXT
        bottom = top + ROW * len(row.values)
        for at, text in ticks(self.low, self.high, MOST_TICKS):
            drawing.line([(self.x(at), top), (self.x(at), bottom)], HAIR)
            drawing.text(self.x(at), bottom + 14.0, text, SMALL, anchor="middle", colour=GREY)
        drawing.line([(self.from_px, bottom), (self.to_px, bottom)], INK, 0.8)
        drawing.text(
            self.to_px + 14.0, bottom + 14.0, numbers.unit_name(row.unit) or row.unit, SMALL, colour=GREY
        )
        for number, figure in enumerate(row.values):
            self.figure(figure, number, top + ROW * (number + 0.5))

    def figure(self, figure: Figure, number: int, y: float) -> None:
        """One architecture's dot and range, with its name before and its figures behind."""
        drawing, unit = self.drawing, self.row.unit
        drawing.text(self.left, y + 4.0, f"{number + 1} {figure.architecture}", SMALL + 1.0)
        costs = self.row.id == COST
        if figure.value is None or figure.low is None or figure.high is None:
            told = "none" if costs else numbers.NO_VALUE
            drawing.text(self.from_px + 6.0, y + 4.0, told, SMALL, colour=GREY)
            return
        value = numbers.amount(figure.value, unit, figure.low, figure.high)
        span = numbers.interval(figure.low, figure.high, unit, near=figure.value)
        over = above(self.row, figure.architecture, self.order)
        told = published(figure) if costs else f"{value}, 5 to 95 % {span}; clearly above {over}"
        ends = (self.x(figure.low), y - BAR, self.x(figure.high), y + BAR)
        drawing.bar(*ends, stroke(0).colour, opacity=0.45, title=f"{figure.architecture}: {told}")
        at = self.to_px + 14.0
        if costs:
            # The middle of what is published is nobody's figure.
            drawing.text(at, y + 4.0, published(figure), SMALL)
            return
        x = self.x(figure.value)
        corners = [(x - DOT, y), (x, y - DOT), (x + DOT, y), (x, y + DOT)]
        drawing.area(corners, INK, edge="#fff", title=f"{figure.architecture}: {told}")
        drawing.text(at, y + 4.0, value, SMALL, tail="" if over == NONE else f"[{over}]")
