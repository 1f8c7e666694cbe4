"""Architectures side by side as a picture: for every quantity a panel, in it a dot and a range for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from midcourse.output import numbers
from midcourse.output.charts import padded, ticks
from midcourse.output.compare import BETTER, above
from midcourse.output.drawing import GREY, HAIR, INK, Drawing
from midcourse.output.palette import stroke

if TYPE_CHECKING:
    from midcourse.analysis.comparison import Compared, Figure, Row

WIDTH, MARGIN, BETWEEN = 1000.0, 18.0, 34.0  # px
ACROSS = 2  # panels side by side
TITLE, TEXT, SMALL = 17.0, 13.0, 11.0  # type sizes, px
PANEL = (WIDTH - 2 * MARGIN - (ACROSS - 1) * BETWEEN) / ACROSS
NAMES, TEXTS = 128.0, 132.0  # px, of the names before the axis, and of the figures behind it
ROW, DOT, BAR = 19.0, 4.5, 3.0
HEAD = 40.0  # px, of a panel's title in two lines
FOOT = 40.0  # px, of its axis, and the space below
MOST_TICKS = 4


def comparison_picture(compared: Compared) -> str:
    """The picture as SVG."""
    drawing = Drawing(WIDTH)
    told = (
        f"{compared.samples} samples over the published ranges, the same for all. Diamonds are nominal "
        "values, bars reach from 5 to 95 % of the samples. In brackets the numbers of those that each lies "
        "clearly above: sample by sample, over 5 to 95 % of the differences."
    )
    y = drawing.paragraph(MARGIN, 28.0, compared.title, TITLE, WIDTH - 2 * MARGIN, bold=True)
    y = drawing.paragraph(MARGIN, y + 20.0, told, TEXT, WIDTH - 2 * MARGIN, colour=GREY) + 30.0
    tall = HEAD + ROW * len(compared.architectures) + FOOT
    for number, row in enumerate(compared.rows):
        left = MARGIN + (number % ACROSS) * (PANEL + BETWEEN)
        Panel(drawing, row, compared.architectures, left, y + (number // ACROSS) * tall).draw()
    y += -(-len(compared.rows) // ACROSS) * tall
    foot = " ".join(
        filter(None, (f"Dossier {compared.dossier}, midcourse {compared.version}.", compared.command))
    )
    drawing.height = drawing.paragraph(MARGIN, y, foot, SMALL, WIDTH - 2 * MARGIN, colour=GREY) + 12.0
    return drawing.svg(compared.title, told)


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
        drawing, colour = self.drawing, stroke(0).colour
        drawing.text(self.left, y + 4.0, f"{number + 1} {figure.architecture}", SMALL + 1.0)
        if figure.value is None or figure.low is None or figure.high is None:
            drawing.text(self.from_px + 6.0, y + 4.0, numbers.NO_VALUE, SMALL, colour=GREY)
            return
        value = numbers.amount(figure.value, self.row.unit, figure.low, figure.high)
        span = numbers.interval(figure.low, figure.high, self.row.unit, near=figure.value)
        over = above(self.row, figure.architecture, self.order)
        told = f"{figure.architecture}: {value}, 5 to 95 % {span}; clearly above {over}"
        drawing.bar(
            self.x(figure.low), y - BAR, self.x(figure.high), y + BAR, colour, opacity=0.45, title=told
        )
        at = self.x(figure.value)
        corners = [(at - DOT, y), (at, y - DOT), (at + DOT, y), (at, y + DOT)]
        drawing.area(corners, INK, edge="#fff", title=told)
        drawing.text(self.to_px + 14.0, y + 4.0, value, SMALL, tail="" if over == "-" else f"[{over}]")
