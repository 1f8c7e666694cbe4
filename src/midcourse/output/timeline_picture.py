"""All flights of a threat against each architecture: a picture of the document of ``midcourse watch
--threat``.

A group of bars for every step from first sight to first intercept, a bar for every architecture, all on one
time axis; the battle space, a duration, below on the same scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from midcourse.output import numbers
from midcourse.output.drawing import GREY, HAIR, INK, PALE, Drawing
from midcourse.output.findings import STEPS, seconds, timeline_finding
from midcourse.output.flight_picture import MARGIN, SMALL, TEXT, TITLE, WIDTH, time_ticks
from midcourse.output.palette import stroke

Document = dict[str, Any]

LEFT, RIGHT = 158.0, 664.0  # px, of the time axis
MEDIAN_AT, SPAN_AT = 720.0, 806.0  # px, right ends of the columns of figures
SHARE_FROM, SHARE_TO, SHARE_AT = 818.0, 842.0, 882.0  # px, of the small bars of shares, and of their figures
ROW, GAP, THICK = 18.0, 28.0, 9.0
DURATION = "battle_space"


def timeline_picture(document: Document, command: str) -> str:
    """The picture as SVG; ``command`` is what makes it again."""
    return TimelinePicture(document).drawn(command)


class TimelinePicture:
    """A picture while it is drawn, from above to below."""

    def __init__(self, document: Document) -> None:
        self.d = document
        self.drawing = Drawing(WIDTH)
        self.rows: list[Document] = document["architectures"]
        self.y = 0.0
        steps = (*STEPS, "impact")
        self.end_s = 1.02 * max(row[step]["high_s"] or 0.0 for row in self.rows for step in steps)

    def x(self, t: float) -> float:
        return LEFT + t / self.end_s * (RIGHT - LEFT)

    def drawn(self, command: str) -> str:
        finding, room = timeline_finding(self.d), WIDTH - 2 * MARGIN
        y = self.drawing.paragraph(MARGIN, 28.0, finding, TITLE, room, bold=True)
        self.y = self.drawing.paragraph(MARGIN, y + 20.0, self.subtitle(), TEXT, room, colour=GREY) + 34.0
        self.columns()
        self.panel([step for step in STEPS if step != DURATION], "s after launch", moments=True)
        self.y += 16.0
        self.panel([DURATION], "s", moments=False)
        source = (
            f"Every figure and its source: midcourse catalog. Dossier {self.d['dossier']}, midcourse "
            f"{self.d['version']}."
        )
        y = self.drawing.paragraph(MARGIN, self.y + 22.0, source, SMALL, room, colour=GREY)
        y = self.drawing.paragraph(MARGIN, y + 15.0, command, SMALL, room, colour=GREY)
        self.drawing.height = y + 12.0
        return self.drawing.svg(finding, self.subtitle())

    def subtitle(self) -> str:
        flights = numbers.counted(max(row["flights"] for row in self.rows), "flight")
        return (
            f"{self.d['title']}: {flights} of {self.d['missile']}, all figures nominal. Bars reach from 5 to "
            "95 % of the flights on which it happens, the mark is the median."
        )

    def columns(self) -> None:
        for at, text in ((MEDIAN_AT, "median"), (SPAN_AT, "5 to 95 %"), (SHARE_AT, "of flights")):
            self.drawing.text(at, self.y, text, SMALL, anchor="end", colour=GREY)

    def panel(self, steps: Sequence[str], unit: str, *, moments: bool) -> None:
        """Groups of bars over an axis."""
        top, beneath = self.y + 6.0, len(self.drawing.pieces)
        for step in steps:
            self.y += GAP
            self.drawing.text(MARGIN, self.y - 7.0, STEPS[step], TEXT, bold=True, halo=True)
            for number, row in enumerate(self.rows):
                self.bar(number, row["architecture"], row[step])
        self.y += 5.0
        lines = len(self.drawing.pieces)
        for t in time_ticks(self.end_s):
            self.drawing.line([(self.x(t), top), (self.x(t), self.y)], HAIR)
        if moments:
            self.moments(top)
        self.drawing.move_beneath(lines, beneath)
        self.axis(unit)

    def moments(self, top: float) -> None:
        """Burnout and impact at the median, which the bars stand between."""
        first = self.rows[0]
        for name, of, anchor, gap in (
            ("burnout", first["burnout"], "start", 4.0),
            ("impact", first["impact"], "end", -4.0),
        ):
            if of["median_s"] is None:
                continue
            x = self.x(of["median_s"])
            self.drawing.line([(x, top - 14.0), (x, self.y)], GREY, 0.9)
            text = f"{name} {seconds(of['median_s'])}"
            self.drawing.text(x + gap, top - 6.0, text, SMALL, anchor=anchor, colour=GREY)  # type: ignore[arg-type]

    def bar(self, number: int, name: str, of: Document) -> None:
        """One architecture's flights at one step."""
        middle = self.y + ROW / 2
        drawing, colour = self.drawing, stroke(number).colour
        drawing.text(LEFT - 10.0, middle + 4.5, name, TEXT, anchor="end", halo=True)
        drawing.line([(LEFT, middle), (RIGHT, middle)], HAIR)
        share = numbers.share(of["share"])
        if of["median_s"] is None:
            drawing.text(LEFT + 8.0, middle + 4.0, "never", SMALL, colour=GREY, halo=True)
        else:
            low, median, high = of["low_s"], of["median_s"], of["high_s"]
            span = f"{low:,.0f}–{seconds(high)}"
            told = f"{name}: median {seconds(median)}, 5 to 95 % {span}, {share} of flights"
            top, bottom = middle - THICK / 2, middle + THICK / 2
            drawing.bar(self.x(low), top, self.x(high), bottom, colour, title=told)
            at = self.x(median)
            drawing.bar(at - 2.5, top - 3.0, at + 2.5, bottom + 3.0, INK, edge="#fff")
            drawing.text(MEDIAN_AT, middle + 4.0, seconds(median), SMALL, anchor="end")
            drawing.text(SPAN_AT, middle + 4.0, span, SMALL, anchor="end")
        drawing.bar(SHARE_FROM, middle - 3.5, SHARE_TO, middle + 3.5, "#fff", edge=PALE)
        if of["share"] > 0.0:
            reach = SHARE_FROM + of["share"] * (SHARE_TO - SHARE_FROM)
            drawing.bar(SHARE_FROM, middle - 3.5, reach, middle + 3.5, colour)
        drawing.text(SHARE_AT, middle + 4.0, share, SMALL, anchor="end")
        self.y += ROW

    def axis(self, unit: str) -> None:
        """Seconds and minutes below the bars."""
        self.drawing.line([(LEFT, self.y), (RIGHT, self.y)], INK)
        self.drawing.text(LEFT - 18.0, self.y + 16.0, unit, SMALL, anchor="end")
        self.drawing.text(LEFT - 18.0, self.y + 30.0, "min", SMALL, anchor="end", colour=GREY)
        for t in time_ticks(self.end_s):
            x = self.x(t)
            self.drawing.line([(x, self.y), (x, self.y + 5.0)], INK)
            self.drawing.text(x, self.y + 16.0, f"{t:,.0f}", SMALL, anchor="middle")
            self.drawing.text(x, self.y + 30.0, f"{t / 60:g}", SMALL, anchor="middle", colour=GREY)
        self.y += 30.0
