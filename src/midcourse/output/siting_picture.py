"""What places defend, against what they reach of somebody else's missiles: dots, and the front a line."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from midcourse.output.charts import ticks
from midcourse.output.drawing import GREY, HAIR, INK, Drawing
from midcourse.output.palette import STROKES
from midcourse.output.siting import COUNTED, READING, does, finding, moved, told_apart, where

if TYPE_CHECKING:
    from midcourse.analysis.sited import Candidate, Sited

WIDTH, MARGIN = 900.0, 18.0  # px
TITLE, TEXT, SMALL = 17.0, 13.0, 11.0  # type sizes, px
LEFT, RIGHT, TALL = 66.0, 882.0, 460.0  # px, of the axes
INSET, HEAD = 12.0, 44.0  # px between the axes and what is drawn, and above it, for names
DOT, MARK, RING = 2.6, 5.0, 7.0  # px
GAP = 11.0  # px between a mark and its name
CELL, FRONT = STROKES[4].colour, STROKES[1].colour


def siting_picture(sited: Sited) -> str:
    """The picture as SVG; only of a search with a threat to be spared."""
    return SitingPicture(sited).drawn()


class SitingPicture:
    """A picture while it is drawn, from above to below."""

    def __init__(self, sited: Sited) -> None:
        self.s = sited
        self.drawing = Drawing(WIDTH)
        self.top = self.bottom = 0.0
        self.steps: list[tuple[float, float]] = []
        self.scale = {"people": 1e-6, "share": 100.0, "shots": 1.0}[sited.objective]
        shown = [self.amounts(each) for each in sited.candidates]
        self.reach_ends = _ends([x for x, _ in shown], 100.0)
        self.value_ends = _ends([y for _, y in shown], 100.0 if sited.objective == "share" else None)

    def amounts(self, each: Candidate) -> tuple[float, float]:
        """Reach in per cent, and what is ranked in the axis's unit."""
        assert each.reach is not None
        return 100.0 * each.reach, self.scale * each.value(self.s.objective)

    def at(self, each: Candidate) -> tuple[float, float]:
        """Where a place stands, px."""
        reach, value = self.amounts(each)
        return self.x(reach), self.y(value)

    def x(self, reach: float) -> float:
        low, high = self.reach_ends
        return LEFT + INSET + (reach - low) / (high - low) * (RIGHT - LEFT - 2 * INSET)

    def y(self, value: float) -> float:
        low, high = self.value_ends
        return self.bottom - INSET - (value - low) / (high - low) * (TALL - INSET - HEAD)

    def drawn(self) -> str:
        drawing, s, room = self.drawing, self.s, WIDTH - 2 * MARGIN
        title = finding(s)
        y = drawing.paragraph(MARGIN, 28.0, title, TITLE, room, bold=True)
        y = drawing.paragraph(MARGIN, y + 20.0, self.subtitle(), TEXT, room, colour=GREY)
        drawing.text(MARGIN, y + 26.0, COUNTED[s.objective][1], TEXT, bold=True)
        self.top = y + 38.0
        self.bottom = self.top + TALL
        self.axes()
        self.cells()
        self.front()
        self.sites()
        y = self.key(self.bottom + 62.0)
        y = drawing.paragraph(MARGIN, y + 24.0, f"{told_apart(s)} {READING}", SMALL, room, colour=GREY)
        told = f"Dossier {s.dossier}, midcourse {s.version}."
        y = drawing.paragraph(MARGIN, y + 15.0, told, SMALL, room, colour=GREY)
        drawing.height = drawing.paragraph(MARGIN, y + 15.0, s.command, SMALL, room, colour=GREY) + 12.0
        return drawing.svg(title, self.subtitle())

    def subtitle(self) -> str:
        s = self.s
        return f"{s.title}. Moves: {moved(s)}. Against {s.threat_title}; spared: {s.spare_title}. {where(s)}."

    def axes(self) -> None:
        drawing = self.drawing
        for at, text in ticks(*self.reach_ends, 10):
            drawing.line([(self.x(at), self.top), (self.x(at), self.bottom)], HAIR)
            drawing.text(self.x(at), self.bottom + 17.0, text, SMALL + 1.0, anchor="middle")
        for at, text in ticks(*self.value_ends, 8):
            drawing.line([(LEFT, self.y(at)), (RIGHT, self.y(at))], HAIR)
            drawing.text(LEFT - 8.0, self.y(at) + 4.0, text, SMALL + 1.0, anchor="end")
        drawing.line([(LEFT, self.top), (LEFT, self.bottom), (RIGHT, self.bottom)], INK)
        verb = "engage" if self.s.place == "interceptor" else "watch"
        name = f"flights of {self.s.spare} that it could {verb}, per cent: less is better"
        drawing.text((LEFT + RIGHT) / 2, self.bottom + 38.0, name, TEXT, anchor="middle")

    def cells(self) -> None:
        for each in self.s.allowed:
            if each.site is None:
                x, y = self.at(each)
                self.drawing.area(_square(x, y, DOT), CELL, opacity=0.75, title=self.told(each))

    def told(self, each: Candidate) -> str:
        reach, value = self.amounts(each)
        return f"{each.name}: {value:.3g} {COUNTED[self.s.objective][0]}, can {does(self.s)} {reach:.1f} %"

    def front(self) -> None:
        """Steps: what the best place does holds for all that allow more reach, until another does better."""
        corners = sorted({self.at(each) for each in self.s.allowed if each.front})
        path = [(corners[0][0], self.bottom)]
        for x, y in corners:
            path += [(x, path[-1][1]), (x, y)]
        self.steps = [*path, (RIGHT, path[-1][1])]
        self.drawing.line(self.steps, FRONT, 2.0)
        for x, y in corners:
            self.drawing.area(_square(x, y, DOT + 0.8), FRONT)

    def sites(self) -> None:
        """The dossier's sites and the two places that the search ends in, each with its name."""
        drawing, s = self.drawing, self.s
        best, sparing = s.allowed[0], s.sparing_place
        marked = {}
        for each in (best, *([sparing] if sparing else []), *s.named):
            words = ["best"] if each is best else []
            words += [f"keeps {100.0 * s.keep:g} %"] if each is sparing else []
            marked[id(each)] = (each, each.name + (f" ({', '.join(words)})" if words else ""))
        points = [self.at(each) for each in s.allowed]
        labeller = drawing.labeller(self.top, self.bottom - 2.0, [*points, *_dotted(self.steps)])
        labeller.taken.append((-1e4, -1e4, LEFT + 2.0, 1e4))
        for each, _ in marked.values():
            labeller.occupy(*self.at(each), RING)
        for each, name in sorted(marked.values(), key=lambda one: one[0].site != s.own_site):
            x, y = self.at(each)
            if each.site is None:
                drawing.line(
                    [*_diamond(x, y, RING), _diamond(x, y, RING)[0]], INK, 1.4, title=self.told(each)
                )
            else:
                fill = INK if each.barred is None else "#ffffff"
                drawing.area(_diamond(x, y, MARK), fill, edge=INK, title=self.told(each))
            bold = each.site == s.own_site
            for gap in (GAP, 2.0 * GAP, 3.2 * GAP, 4.6 * GAP, 6.2 * GAP):
                label = labeller.place(x, y, name, TEXT - 1.0, gap, bold=bold)
                if label is not None:
                    if gap > GAP:
                        drawing.line([(x, y), _nearest(label.box, x, y)], GREY, 0.8)
                    drawing.text(
                        label.x, label.y, name, TEXT - 1.0, anchor=label.anchor, bold=bold, halo=True
                    )
                    break

    def key(self, y: float) -> float:
        """What the marks mean, in a row."""
        drawing, x = self.drawing, LEFT
        marks = (
            (_square, DOT, CELL, None, "a cell's centre"),
            (_square, DOT + 0.8, FRONT, None, "the front: nowhere does more for less reach"),
            (_diamond, MARK, INK, INK, "site of the dossier"),
            (_diamond, MARK, "#ffffff", INK, "site not searched"),
        )
        for shape, size, fill, edge, words in marks:
            drawing.area(shape(x, y - 4.0, size), fill, edge=edge)
            drawing.text(x + 12.0, y, words, SMALL + 1.0)
            x += 36.0 + 6.6 * len(words)
        return y


def _ends(values: list[float], most: float | None) -> tuple[float, float]:
    """From nothing to what is reached, so that shares show as they are; never without width."""
    high = max(values)
    return 0.0, most if most is not None else (1.04 * high or 1.0)


def _dotted(steps: list[tuple[float, float]], apart: float = 6.0) -> list[tuple[float, float]]:
    """Points along a line, so that names may keep off it."""
    out = []
    for (x, y), (to_x, to_y) in pairwise(steps):
        many = 1 + int(max(abs(to_x - x), abs(to_y - y)) / apart)
        out += [(x + (to_x - x) * k / many, y + (to_y - y) * k / many) for k in range(many)]
    return out


def _square(x: float, y: float, half: float) -> list[tuple[float, float]]:
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def _diamond(x: float, y: float, half: float) -> list[tuple[float, float]]:
    return [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]


def _nearest(box: tuple[float, float, float, float], x: float, y: float) -> tuple[float, float]:
    """The point of a box that is nearest to a place."""
    left, top, right, bottom = box
    return min(max(x, left), right), min(max(y, top), bottom)
