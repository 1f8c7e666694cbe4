"""Missiles that get through against missiles launched: a line and a band for every inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from midcourse.output.charts import ticks
from midcourse.output.drawing import GREY, HAIR, INK, Drawing
from midcourse.output.palette import Stroke, stroke
from midcourse.output.raid import DOCTRINES, METHODS, curve_name, finding, leaving, told

if TYPE_CHECKING:
    from midcourse.analysis.raided import Curve, Raided

WIDTH, MARGIN = 900.0, 18.0  # px
TITLE, TEXT, SMALL = 17.0, 13.0, 11.0  # type sizes, px
LEFT, RIGHT, TALL = 66.0, 640.0, 400.0  # px, of the axes
NAMES = 656.0  # px, where the names of the lines begin
STEP = 34.0  # px between two names, of two lines each
FREE = Stroke("#000000", "2 3")
NOTHING = "nothing stopped"


def raid_picture(raided: Raided) -> str:
    """The picture as SVG."""
    return RaidPicture(raided).drawn()


class RaidPicture:
    """A picture while it is drawn, from above to below."""

    def __init__(self, raided: Raided) -> None:
        self.r = raided
        self.drawing = Drawing(WIDTH)
        self.top = self.bottom = 0.0

    def x(self, missiles: float) -> float:
        return LEFT + missiles / self.r.missiles * (RIGHT - LEFT)

    def y(self, through: float) -> float:
        return self.bottom - through / self.r.missiles * TALL

    def drawn(self) -> str:
        drawing, r, room = self.drawing, self.r, WIDTH - 2 * MARGIN
        title = finding(r)
        y = drawing.paragraph(MARGIN, 28.0, title, TITLE, room, bold=True)
        y = drawing.paragraph(MARGIN, y + 20.0, self.subtitle(), TEXT, room, colour=GREY)
        drawing.text(MARGIN, y + 26.0, "Missiles that get through", TEXT, bold=True)
        self.top = y + 44.0
        self.bottom = self.top + TALL
        self.axes()
        for number, curve in enumerate(r.curves):
            self.band(curve, self.stroke(number, curve))
        drawing.line(
            [(self.x(0), self.y(0)), (self.x(r.missiles), self.y(r.missiles))], GREY, 1.0, dash="6 4"
        )
        for number, curve in enumerate(r.curves):
            self.line(curve, self.stroke(number, curve))
        self.names()
        y = drawing.paragraph(MARGIN, self.bottom + 68.0, self.foot(), SMALL, room, colour=GREY)
        drawing.height = drawing.paragraph(MARGIN, y + 15.0, r.command, SMALL, room, colour=GREY) + 12.0
        return drawing.svg(title, self.subtitle())

    def subtitle(self) -> str:
        r = self.r
        firing = ", ".join(each.battery for each in r.batteries)
        return (
            f"{'; '.join(r.threats)}, against {r.architecture} ({firing}). Lines are expected numbers, bands "
            f"reach from 5 to 95 % over {r.samples} samples of the published ranges and chance together. "
            f"{DOCTRINES[r.doctrine].format(shots=r.shots).capitalize()}. Missiles leave {leaving(r)}. At "
            "best: if no battery were ever empty or busy."
        )

    def foot(self) -> str:
        r = self.r
        rests = "; ".join(
            f"{each.path} {each.value}" + (f" ({each.span})" if each.span else "") for each in r.figures
        )
        return f"{METHODS[r.leakers.method]} Rests on {rests}. Dossier {r.dossier}, midcourse {r.version}."

    def stroke(self, number: int, curve: Curve) -> Stroke:
        return FREE if curve.interceptors is None else stroke(number)

    def axes(self) -> None:
        drawing, most = self.drawing, float(self.r.missiles)
        marks = [(at, f"{at:,.0f}") for at, _ in ticks(0.0, most, 8) if at == round(at)]
        for at, text in marks:
            drawing.line([(self.x(at), self.top), (self.x(at), self.bottom)], HAIR)
            drawing.line([(LEFT, self.y(at)), (RIGHT, self.y(at))], HAIR)
            drawing.text(self.x(at), self.bottom + 17.0, text, SMALL + 1.0, anchor="middle")
            drawing.text(LEFT - 8.0, self.y(at) + 4.0, text, SMALL + 1.0, anchor="end")
        drawing.line([(LEFT, self.top), (LEFT, self.bottom), (RIGHT, self.bottom)], INK)
        drawing.text((LEFT + RIGHT) / 2, self.bottom + 38.0, "missiles launched", TEXT, anchor="middle")

    def band(self, curve: Curve, drawn: Stroke) -> None:
        if curve.interceptors is None:
            return
        points = [(0, 0, 0), *((each.missiles, each.low, each.high) for each in curve.points)]
        upper = [(self.x(n), self.y(high)) for n, _, high in points]
        lower = [(self.x(n), self.y(low)) for n, low, _ in reversed(points)]
        self.drawing.area([*upper, *lower], drawn.colour, opacity=0.13)
        for edge in (upper, lower):
            self.drawing.line(edge, drawn.colour, 0.8, dash=drawn.dash, opacity=0.6)

    def line(self, curve: Curve, drawn: Stroke) -> None:
        points = [(self.x(0), self.y(0)), *((self.x(p.missiles), self.y(p.mean)) for p in curve.points)]
        last = curve.points[-1]
        words = f"{curve_name(curve)}: {told(last)} of {last.missiles} get through"
        self.drawing.line(points, drawn.colour, 2.4, dash=drawn.dash, title=words)

    def names(self) -> None:
        """What each line is, beside its end, none over another."""
        drawing = self.drawing
        ends = [
            (self.y(c.points[-1].mean), curve_name(c), told(c.points[-1]), self.stroke(i, c))
            for i, c in enumerate(self.r.curves)
        ]
        ends.append((self.y(self.r.missiles), NOTHING, "", Stroke(GREY, "6 4")))
        ends.sort(key=lambda each: each[0])
        places = spread([each[0] for each in ends], STEP, self.top, self.bottom)
        for at, (end, name, text, drawn) in zip(places, ends, strict=True):
            drawing.line([(RIGHT + 2.0, end), (NAMES - 4.0, at)], drawn.colour, 1.0)
            drawing.line([(NAMES, at), (NAMES + 26.0, at)], drawn.colour, 2.4, dash=drawn.dash)
            drawing.text(NAMES + 32.0, at + 4.0, name, SMALL + 1.0, bold=name != NOTHING)
            if text:
                drawing.text(NAMES + 32.0, at + 18.0, text, SMALL + 1.0, colour=GREY)


def spread(wanted: list[float], step: float, top: float, bottom: float) -> list[float]:
    """Places as near to those wanted, which rise, as they can be without coming closer than a step."""
    places: list[float] = []
    for at in wanted:
        places.append(max(at, places[-1] + step) if places else max(at, top))
    over = places[-1] - bottom if places else 0.0
    for i in range(len(places) - 1, -1, -1):
        if over <= 0.0:
            break
        places[i] = min(places[i], bottom - step * (len(places) - 1 - i))
    return places
