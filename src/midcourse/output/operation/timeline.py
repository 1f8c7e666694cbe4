"""One run as a picture: a lane for every missile with the interceptors sent against it, for every radar, and
for every battery, all on one time axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..drawing import GREY, HAIR, INK, PALE, Drawing
from ..findings import seconds
from ..flight_picture import time_ticks
from ..labels import text_width
from ..palette import stroke
from ..raid_picture import spread
from .document import FatePart, MissilePart, Recorded
from .lanes import Shot, Span, held_by, left_of, rows_of, shots_of, spans
from .telling import finding, names_of, setting

WIDTH, MARGIN = 900.0, 18.0  # px
TITLE, TEXT, SMALL = 17.0, 13.0, 11.0  # type sizes, px
LEFT, RIGHT = 212.0, 738.0  # px, of the time axis
FATES = 752.0  # px, where the column of what became of the missiles begins
HEADING, EVENT_ROW = 34.0, 15.0
SIGHTS, BAR, SHOT, BETWEEN = 11.0, 7.0, 8.0, 7.0  # px, of what a missile's lane consists of
RADAR, BATTERY = 34.0, 30.0  # px, of lanes
BOOST, FREE, SHOT_COLOUR, HIT = "#566169", "#c4ccd1", "#0072b2", "#e69f00"
SATURATED, DOWN, SILENT = "#a30000", INK, "#8a949b"

Mark = Callable[[Drawing, float, float, str], None]


def run_picture(run: Recorded) -> str:
    """The picture as SVG."""
    return RunPicture(run).drawn()


class RunPicture:
    """A picture while it is drawn, from above to below."""

    def __init__(self, run: Recorded) -> None:
        self.run = run
        self.drawing = Drawing(WIDTH)
        self.names = names_of(run.header)
        self.y = 0.0
        self.fates = {each.missile: each for each in run.summary.fates}
        self.shots = shots_of(run)
        last = max((each.at_s + each.impact_s for each in run.header.raid), default=0.0)
        self.end_s = 1.01 * max(last, run.summary.ended_s, 60.0)
        self.found = {sight.sensor for each in run.summary.fates for sight in each.sights}
        # A radar looks alike in every run of an architecture.
        self.looks = {
            each.name: (SHAPES[i % len(SHAPES)], stroke(i).colour)
            for i, each in enumerate(run.header.sensors)
        }

    def x(self, time_s: float) -> float:
        return LEFT + time_s / self.end_s * (RIGHT - LEFT)

    def drawn(self) -> str:
        run, room = self.run, WIDTH - 2 * MARGIN
        title, under = finding(run), setting(run)
        y = self.drawing.paragraph(MARGIN, 28.0, title, TITLE, room, bold=True)
        self.y = self.drawing.paragraph(MARGIN, y + 20.0, under, TEXT, room, colour=GREY) + 10.0
        names, beneath = self.y, len(self.drawing.pieces)
        incidents = self.incident_rows()
        self.y += EVENT_ROW * (1 + max((row for *_, row in incidents), default=-1))
        top = self.y + 10.0
        self.missiles()
        self.radars()
        self.batteries()
        self.y += 6.0
        lines = len(self.drawing.pieces)
        for t in time_ticks(self.end_s):
            self.drawing.line([(self.x(t), top), (self.x(t), self.y)], HAIR)
        for at_s, _, row in incidents:
            above = names + EVENT_ROW * (row + 1) + 2.0
            self.drawing.line([(self.x(at_s), above), (self.x(at_s), self.y)], SATURATED, 1.0, dash="5 3")
        self.drawing.move_beneath(lines, beneath)
        for at_s, text, row in incidents:
            self.incident(at_s, text, names + EVENT_ROW * (row + 1))
        self.axis()
        h = run.header
        made = f"Dossier {h.dossier} ({h.hash}), midcourse {h.version}. Times are after the raid begins."
        y = self.drawing.paragraph(MARGIN, self.y + 20.0, made, SMALL, room, colour=GREY)
        if h.command:
            y = self.drawing.paragraph(MARGIN, y + 15.0, h.command, SMALL, room, colour=GREY)
        self.drawing.height = y + 12.0
        return self.drawing.svg(title, under)

    # What befell the shield from outside.

    def incident_rows(self) -> list[tuple[float, str, int]]:
        """Every incident with its words and the row, from above, that they stand in."""
        found: list[tuple[float, str, int]] = []
        ends: list[float] = []
        for each in self.run.events:
            if each["node"] != "incident":
                continue
            late = f" {seconds(each['by_s'])}" if "by_s" in each else ""
            text = (
                f"{seconds(each['time_s'])} {each['kind']} {self.names.get(each['what'], each['what'])}{late}"
            )
            start = self.text_from(each["time_s"], text)
            row = next((i for i, end in enumerate(ends) if start > end + 8.0), len(ends))
            ends[row : row + 1] = [start + text_width(text, SMALL)]
            found.append((each["time_s"], text, row))
        return found

    def text_from(self, at_s: float, text: str) -> float:
        """Where words about a moment begin, so that they end on the paper."""
        return min(self.x(at_s) - 4.0, WIDTH - MARGIN - text_width(text, SMALL))

    def incident(self, at_s: float, text: str, y: float) -> None:
        self.drawing.text(self.text_from(at_s, text), y, text, SMALL, colour=SATURATED, halo=True)

    # Missiles.

    def heading(self, text: str) -> None:
        self.y += HEADING
        self.drawing.text(MARGIN, self.y - 12.0, text, TEXT, bold=True, halo=True)

    def missiles(self) -> None:
        self.heading("Missiles")
        self.key()
        for each in self.run.header.raid:
            self.missile(each, self.fates[each.name])

    def key(self) -> None:
        """What the marks mean, beside the heading."""
        x, y = LEFT - 60.0, self.y - 16.0
        for draw, half, text in KEY:
            draw(self.drawing, x + half, y)
            self.drawing.text(x + 2.0 * half + 5.0, y + 4.0, text, SMALL, colour=GREY, halo=True)
            x += 2.0 * half + text_width(text, SMALL) + 17.0

    def missile(self, missile: MissilePart, fate: FatePart) -> None:
        drawing, shots = self.drawing, self.shots[missile.name]
        # Marks are some px wide, so that shots close after one another need rows of their own.
        rows = rows_of(shots, 12.0 * self.end_s / (RIGHT - LEFT))
        top = self.y + SIGHTS
        middle, bottom = top + BAR / 2, top + BAR
        tall = SIGHTS + BAR + SHOT * (1 + max(rows, default=-1)) + BETWEEN
        launch, burnout = missile.at_s, missile.at_s + missile.burnout_s
        would = missile.at_s + missile.impact_s
        way = f"{missile.from_.name} to {missile.to.name}"
        drawing.text(MARGIN, bottom, missile.name, TEXT, bold=True)
        drawing.text(MARGIN + 36.0, bottom, clipped(way, LEFT - MARGIN - 44.0), SMALL, colour=GREY)
        told = f"{missile.name}, {way}: {seconds(launch)} to {seconds(fate.ended_s)}"
        if fate.ended_s < would:
            drawing.line([(self.x(fate.ended_s), middle), (self.x(would), middle)], PALE, 1.2, dash="2 3")
        drawing.bar(self.x(launch), top, self.x(fate.ended_s), bottom, FREE, title=told)
        drawing.bar(self.x(launch), top, self.x(min(burnout, fate.ended_s)), bottom, BOOST, title="boost")
        if fate.declared_s is not None:
            told_of(drawing, self.x(fate.declared_s), middle)
        self.sights(fate, top - 5.5)
        for shot, row in zip(shots, rows, strict=True):
            self.shot(shot, middle, bottom + SHOT * (row + 0.75))
        if fate.end == "impact":
            impact_mark(drawing, self.x(fate.ended_s), middle)
        self.became(fate, bottom)
        self.y += tall

    def sights(self, fate: FatePart, y: float) -> None:
        """When each radar first found a missile; marks stand side by side where they would cover another."""
        seen = list(fate.sights)
        for each, x in zip(seen, spread([self.x(s.at_s) for s in seen], 10.5, LEFT, RIGHT), strict=True):
            shape, colour = self.looks[each.sensor]
            shape(self.drawing, x, y, colour)

    def shot(self, shot: Shot, flight: float, y: float) -> None:
        """An interceptor below the flight that it is sent against."""
        drawing = self.drawing
        ordered, left, ended = (self.x(t) for t in (shot.ordered_s, shot.left_s, shot.ended_s))
        words = (
            f"{shot.name} from {self.names[shot.battery]}: ordered {seconds(shot.ordered_s)}, left "
            f"{seconds(shot.left_s)}, {shot.end} {seconds(shot.ended_s)}"
        )
        if left - ordered > 6.0:
            drawing.line([(ordered, y), (left, y)], SHOT_COLOUR, 1.0, dash="2 2")
        drawing.line([(left, y), (ended, y)], SHOT_COLOUR, 2.2, title=words)
        if left - ordered > 6.0:
            order_mark(drawing, ordered, y)
        launch_mark(drawing, left, y)
        if shot.end == "hit":
            drawing.line([(ended, y), (ended, flight)], SHOT_COLOUR, 2.2)
            hit_mark(drawing, ended, flight)
        else:
            miss_mark(drawing, ended, y)

    def became(self, fate: FatePart, y: float) -> None:
        mark = hit_mark if fate.cause is None else impact_mark
        mark(self.drawing, FATES, y - 4.0)
        text = "hit" if fate.cause is None else fate.cause
        self.drawing.text(FATES + 10.0, y, text, SMALL, bold=fate.cause is not None)

    # Radars and batteries.

    def radars(self) -> None:
        self.heading("Radars")
        self.drawing.text(
            LEFT - 66.0, self.y - 12.0,
            "missiles held at once; mark: a missile found; below: red saturated, black down, grey not heard",
            SMALL, colour=GREY, halo=True,
        )  # fmt: skip
        blind = []
        for each in self.run.header.sensors:
            if each.name in self.found or self.lasting(each.name):
                self.radar(each.name)
            else:
                blind.append(self.names[each.name])
        if blind:
            self.y += 14.0
            text = f"Find nothing: {', '.join(blind)}." if len(blind) > 1 else f"Finds nothing: {blind[0]}."
            self.drawing.text(MARGIN, self.y, text, SMALL, colour=GREY, halo=True)

    def lasting(self, name: str) -> list[tuple[Span, str, str]]:
        """Spans in which a radar is not as it should be, with their colour and words."""
        run = self.run
        kinds = (
            (spans(run, "saturated", "relieved", node=name), SATURATED, "saturated"),
            (spans(run, "nothing heard", "heard again", by=name), SILENT, "not heard"),
            (spans(run, "withdraw", "share", what=name), SILENT, "not shared"),
            (spans(run, "fail", "restore", what=name), DOWN, "down"),
        )
        return [(span, colour, text) for found, colour, text in kinds for span in found]

    def radar(self, name: str) -> None:
        """How many missiles a radar holds over time, and below that when it is not as it should be."""
        drawing, base = self.drawing, self.y + RADAR - 8.0
        held = held_by(self.run, name)
        most = max((count for _, count in held), default=0)
        shape, colour = self.looks[name]
        shape(drawing, MARGIN + 5.0, base - 5.0, colour)
        drawing.text(MARGIN + 16.0, base, self.names[name], TEXT)
        self.stepped(held, 0, most, base, RADAR - 14.0, colour, self.names[name])
        for (start, end), dark, text in self.lasting(name):
            told = f"{self.names[name]} {text} {seconds(start)} to {seconds(end)}"
            drawing.bar(self.x(start), base + 1.5, self.x(end), base + 5.0, dark, title=told)
        self.drawing.text(FATES - 6.0, base, f"at most {most:,}", SMALL)
        self.y += RADAR

    def stepped(
        self, changes: Sequence[tuple[float, int]], first: int, most: int, base: float, tall: float,
        colour: str, what: str,
    ) -> None:  # fmt: skip
        """A number over time as an area of steps."""
        self.drawing.line([(LEFT, base), (RIGHT, base)], PALE)
        points, level = [(LEFT, base)], first
        for time_s, count in (*changes, (self.end_s, 0)):
            y = base - tall * level / max(1, most)
            points += [(points[-1][0], y), (self.x(time_s), y)]
            level = count
        points.append((RIGHT, base))
        if most:
            self.drawing.area(points, colour, opacity=0.3, title=f"{what}: at most {most:,}")
            self.drawing.line(points[1:-1], colour, 1.4)

    def batteries(self) -> None:
        self.y += 4.0
        self.heading("Batteries")
        self.drawing.text(LEFT - 66.0, self.y - 12.0, "interceptors left", SMALL, colour=GREY, halo=True)
        for each in self.run.header.batteries:
            base = self.y + BATTERY - 8.0
            left = left_of(self.run, each.name)
            self.drawing.text(MARGIN, base, self.names[each.name], TEXT)
            self.stepped(
                left, each.inventory, each.inventory, base, BATTERY - 12.0, SHOT_COLOUR, self.names[each.name]
            )
            for start, end in spans(self.run, "fail", "restore", what=each.name):
                self.drawing.bar(self.x(start), base + 1.5, self.x(end), base + 5.0, DOWN, title="down")
            kept = self.run.summary.left[each.name]
            self.drawing.text(FATES - 6.0, base, f"{each.inventory:,} to {kept:,}", SMALL)
            self.y += BATTERY

    def axis(self) -> None:
        """Seconds and minutes below the lanes."""
        drawing = self.drawing
        drawing.line([(LEFT, self.y), (RIGHT, self.y)], INK)
        for text, down in (("s after the raid begins", 16.0), ("min", 30.0)):
            drawing.text(LEFT - 14.0, self.y + down, text, SMALL, anchor="end", colour=GREY)
        for t in time_ticks(self.end_s):
            x = self.x(t)
            drawing.line([(x, self.y), (x, self.y + 5.0)], INK)
            drawing.text(x, self.y + 16.0, f"{t:,.0f}", SMALL, anchor="middle")
            drawing.text(x, self.y + 30.0, f"{t / 60:g}", SMALL, anchor="middle", colour=GREY)
        self.y += 34.0


def clipped(text: str, room: float) -> str:
    """A text cut to a width, with a mark where it is cut."""
    if text_width(text, SMALL) <= room:
        return text
    while text and text_width(f"{text}…", SMALL) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


# Marks. Those of radars differ in shape as well as in colour.


def boost_mark(drawing: Drawing, x: float, y: float) -> None:
    drawing.bar(x - 7.0, y - BAR / 2, x + 7.0, y + BAR / 2, BOOST)


def free_mark(drawing: Drawing, x: float, y: float) -> None:
    drawing.bar(x - 7.0, y - BAR / 2, x + 7.0, y + BAR / 2, FREE)


def told_of(drawing: Drawing, x: float, y: float) -> None:
    drawing.bar(x - 1.0, y - 5.5, x + 1.0, y + 5.5, INK, edge="#fff")


def order_mark(drawing: Drawing, x: float, y: float) -> None:
    drawing.area(_ring(x, y, 2.6), "#fff", edge=SHOT_COLOUR)


def launch_mark(drawing: Drawing, x: float, y: float) -> None:
    drawing.area([(x - 2.5, y - 3.6), (x + 4.5, y), (x - 2.5, y + 3.6)], SHOT_COLOUR)


def hit_mark(drawing: Drawing, x: float, y: float) -> None:
    drawing.area(_ring(x, y, 4.6), HIT, edge=INK)


def miss_mark(drawing: Drawing, x: float, y: float) -> None:
    for way in (1.0, -1.0):
        drawing.line([(x - 3.2, y - 3.2 * way), (x + 3.2, y + 3.2 * way)], INK, 1.6)


def impact_mark(drawing: Drawing, x: float, y: float) -> None:
    drawing.area([(x, y - 5.2), (x + 4.6, y), (x, y + 5.2), (x - 4.6, y)], INK, edge="#fff")


#: Marks, half their width, and what they mean.
KEY = (
    (boost_mark, 7.0, "boost"),
    (free_mark, 7.0, "free flight"),
    (told_of, 1.5, "launch declared"),
    (order_mark, 3.0, "ordered"),
    (launch_mark, 3.5, "left"),
    (hit_mark, 4.6, "hit"),
    (miss_mark, 3.5, "not hit"),
    (impact_mark, 4.6, "came down"),
)


def _ring(
    x: float, y: float, radius: float, corners: int = 14, turn: float = 0.0
) -> list[tuple[float, float]]:
    angles = [math.tau * i / corners + turn for i in range(corners)]
    return [(x + radius * math.sin(a), y - radius * math.cos(a)) for a in angles]


def _shape(corners: int, turn: float, radius: float) -> Mark:
    def draw(drawing: Drawing, x: float, y: float, colour: str) -> None:
        drawing.area(_ring(x, y, radius, corners, turn), colour, edge="#fff")

    return draw


def _cross(drawing: Drawing, x: float, y: float, colour: str) -> None:
    a, b = 1.6, 4.6
    arms = [(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a)]
    drawing.area([(x + dx, y + dy) for dx, dy in (*arms, (-a, -a))], colour, edge="#fff")


#: Triangle down, square, circle, triangle up, cross, diamond, hexagon.
SHAPES: tuple[Mark, ...] = (
    _shape(3, math.pi, 5.4),
    _shape(4, math.pi / 4, 5.4),
    _shape(16, 0.0, 4.4),
    _shape(3, 0.0, 5.4),
    _cross,
    _shape(4, 0.0, 5.4),
    _shape(6, 0.0, 4.8),
)
