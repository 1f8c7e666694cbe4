"""Rows of dots with ranges on one axis: in each row a dot for every series."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from midcourse.output.charts import ticks
from midcourse.output.drawing import GREY, HAIR, INK, Drawing, lines_of
from midcourse.output.labels import text_width
from midcourse.output.palette import stroke

WIDTH, MARGIN = 1000.0, 18.0  # px
TITLE, TEXT, SMALL = 17.0, 13.0, 11.0  # type sizes, px
NAMES, TEXTS, GAP = 360.0, 170.0, 14.0  # px: before the axis, behind it, and between
STEP, BETWEEN = 17.0, 14.0  # px between the series of a row, and between rows
DOT, BAR = 5.0, 2.5
LINE = 1.3  # line height, in type sizes
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Dot:
    """A value and its range on the axis, and both as text; ``nominal`` is a tick beside them."""

    value: float
    low: float
    high: float
    text: str
    nominal: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is about, and a dot for every series; None where there is none, for the reason given."""

    name: str
    detail: str
    dots: Sequence[Dot | None]
    lacking: str


@dataclass(frozen=True, slots=True)
class Axis:
    """What the dots stand on, from ``low`` to ``high``."""

    low: float
    high: float
    name: str

    def x(self, value: float) -> float:
        left, right = MARGIN + NAMES + GAP, WIDTH - MARGIN - TEXTS - GAP
        return left + (value - self.low) / (self.high - self.low) * (right - left)


def draw_head(drawing: Drawing, title: str, told: Sequence[str]) -> float:
    """Title and what is told below it; gives where the picture goes on."""
    room = drawing.width - 2 * MARGIN
    y = drawing.paragraph(MARGIN, 28.0, title, TITLE, room, bold=True)
    for text in filter(None, told):
        y = drawing.paragraph(MARGIN, y + 20.0, text, TEXT, room, colour=GREY)
    return y + 14.0


def draw_foot(drawing: Drawing, y: float, text: str) -> None:
    """The picture's last lines, which say how high it is."""
    room = drawing.width - 2 * MARGIN
    drawing.height = drawing.paragraph(MARGIN, y + 14.0, text, SMALL, room, colour=GREY) + 14.0


def draw_legend(drawing: Drawing, y: float, names: Sequence[str]) -> float:
    """The series by mark and name; nothing where there is one without a name."""
    x = MARGIN + DOT
    if not any(names):
        return y
    y += 14.0
    for number, name in enumerate(names):
        room = 2 * DOT + 8.0 + text_width(name, TEXT) + 18.0
        if number and x + room > drawing.width - MARGIN:
            x, y = MARGIN + DOT, y + 20.0
        mark(drawing, number, x, y - 4.0)
        drawing.text(x + DOT + 6.0, y, name, TEXT)
        x += room
    return y + 12.0


def draw_rows(drawing: Drawing, y: float, heading: str, rows: Sequence[Row], axis: Axis) -> float:
    """A panel: its heading, the axis' lines, and the rows; gives its lower edge."""
    y += 10.0
    if heading:
        y = drawing.paragraph(MARGIN, y + 14.0, heading, TEXT + 1.0, drawing.width - 2 * MARGIN, bold=True)
    y += 16.0
    top, start = y, len(drawing.pieces)
    drawing.line([(MARGIN, y), (WIDTH - MARGIN, y)], HAIR)
    for row in rows:
        y = draw_row(drawing, y, row, axis)
        drawing.line([(MARGIN, y), (WIDTH - MARGIN, y)], HAIR)
    grid = len(drawing.pieces)
    for at, text in ticks(axis.low, axis.high, MOST_TICKS):
        drawing.line([(axis.x(at), top), (axis.x(at), y)], HAIR)
        for edge in (top - 6.0, y + 15.0):
            drawing.text(axis.x(at), edge, text, SMALL, anchor="middle", colour=GREY)
    for edge in (top - 6.0, y + 15.0):
        drawing.text(axis.x(axis.high) + GAP, edge, axis.name, SMALL, colour=GREY)
    drawing.move_beneath(grid, start)
    return y + 22.0


def draw_row(drawing: Drawing, top: float, row: Row, axis: Axis) -> float:
    """One row; gives its lower edge."""
    names = lines_of(row.name, TEXT, NAMES)
    details = lines_of(row.detail, SMALL, NAMES) if row.detail else []
    words = len(names) * TEXT * LINE + len(details) * SMALL * LINE
    tall = max(words, len(row.dots) * STEP)
    y = top + BETWEEN / 2 + (tall - words) / 2 + TEXT
    for line in names:
        drawing.text(MARGIN, y, line, TEXT)
        y += TEXT * LINE
    for line in details:
        drawing.text(MARGIN, y - 1.0, line, SMALL, colour=GREY)
        y += SMALL * LINE
    y = top + BETWEEN / 2 + (tall - len(row.dots) * STEP) / 2 + STEP / 2
    for number, dot in enumerate(row.dots):
        at = axis.x(axis.high) + GAP
        if dot is None:
            drawing.text(at, y + 4.0, row.lacking, SMALL, colour=GREY)
        else:
            colour = stroke(number).colour
            box = (axis.x(dot.low), y - BAR, axis.x(dot.high), y + BAR)
            drawing.bar(*box, colour, opacity=0.45, title=dot.text)
            if dot.nominal is not None:
                x = axis.x(dot.nominal)
                drawing.line([(x, y - 7.0), (x, y + 7.0)], INK, 1.4)
            mark(drawing, number, axis.x(dot.value), y, title=dot.text)
            drawing.text(at, y + 4.0, dot.text, SMALL + 1.0)
        y += STEP
    return top + tall + BETWEEN


def mark(drawing: Drawing, number: int, x: float, y: float, *, title: str = "") -> None:
    """The mark of the nth series: told by shape as well as by colour."""
    # Corners of a regular shape, how it is turned, and how large it looks.
    corners, turn, size = ((24, 0.0, 1.0), (4, 0.125, 1.3), (3, -0.25, 1.35), (4, 0.0, 1.3), (3, 0.25, 1.35),
                           (6, 0.0, 1.15))[number % 6]  # fmt: skip
    angles = [2.0 * math.pi * (i / corners + turn) for i in range(corners)]
    points = [(x + DOT * size * math.cos(angle), y + DOT * size * math.sin(angle)) for angle in angles]
    drawing.area(points, stroke(number).colour, edge="#fff", title=title)
