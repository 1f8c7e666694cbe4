"""One flight from launch to impact, as the sensors see it and the batteries can meet it: a picture of the
document of ``midcourse watch``.

Panels share the time axis: the flight and its phases, who looks at it, how strong the echoes are, how well it
is then known, and who can launch when. A sensor has one colour and dash throughout.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from midcourse.output import numbers
from midcourse.output.drawing import GREY, HAIR, INK, PALE, Drawing
from midcourse.output.findings import flight_finding, listed, seconds, sensor_names, short_place
from midcourse.output.labels import WORTH_A_LINE, Anchor, Label, Labeller, text_at, text_width
from midcourse.output.palette import Stroke, stroke

Document = dict[str, Any]
Point = tuple[float, float]

WIDTH = 900.0  # px
LEFT, RIGHT, MARGIN = 122.0, 882.0, 18.0
TITLE, TEXT, SMALL = 17.0, 13.0, 11.0  # type sizes, px
COMMIT = "#a30000"
LAUNCH, INTERCEPT = "#0072b2", "#e69f00"
FLIGHT_TALL, ECHO_TALL, ERROR_TALL = 66.0, 150.0, 170.0
SENSOR_ROW, BATTERY_ROW, HEADING = 26.0, 42.0, 30.0
EVENT_ROW = 15.0
MOST_TICKS = 9
TICK_STEPS = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600)  # s
FUSED = Stroke(INK, "none")
#: A name should stand so many times nearer to its own curve than to another; what it costs otherwise.
CLEARLY, MISTAKEN = 1.3, 2.0
#: Where a name may stand at a point of its curve, px right and down.
ABOVE_OR_BELOW: tuple[tuple[float, float, Anchor], ...] = ((2.0, -6.5, "end"), (2.0, 16.5, "end"))
#: Where else it may stand at the end of its curve, once nearer places are worse.
PAST_THE_END: tuple[tuple[float, float, Anchor], ...] = ((7.0, -12.0, "start"), (7.0, -28.0, "start"))
#: How far a name, of which the width is but an estimate, may seem to stick out into the axis.
INTO_THE_AXIS = 10.0


@dataclass(frozen=True, slots=True)
class Event:
    """A moment that all panels show."""

    at_s: float
    name: str
    colour: str
    dash: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A named line of a panel in px, in unbroken runs; ``faint`` ones are the booster's."""

    name: str
    stroke: Stroke
    runs: list[list[Point]]
    faint: bool = False
    bold: bool = False


def flight_picture(document: Document, command: str) -> str:
    """The picture as SVG; ``command`` is what makes it again."""
    return FlightPicture(document).drawn(command)


class FlightPicture:
    """A picture while it is drawn, from above to below."""

    def __init__(self, document: Document) -> None:
        self.d = document
        self.drawing = Drawing(WIDTH)
        self.names = sensor_names(document["sensors"])
        seen = [each for each in document["sensors"] if each["first_seen_s"] is not None]
        self.seen = sorted(seen, key=lambda each: float(each["first_seen_s"]))
        self.strokes = {each["sensor"]: stroke(i) for i, each in enumerate(self.seen)}
        self.y = 0.0
        self.end_s: float = document["impact_s"]

    def x(self, t: float) -> float:
        return LEFT + t / self.end_s * (RIGHT - LEFT)

    def drawn(self, command: str) -> str:
        finding = flight_finding(self.d)
        self.head(finding)
        rows = self.event_rows()
        top, beneath = self.y, len(self.drawing.pieces)
        self.y += EVENT_ROW * (1 + max(row for _, row in rows)) + 4.0
        panels = self.y
        self.flight()
        self.sensors()
        self.echoes()
        self.errors()
        self.batteries()
        bottom = self.y
        self.axis()
        self.foot(command)
        lines = len(self.drawing.pieces)
        for t in time_ticks(self.end_s):
            self.drawing.line([(self.x(t), panels), (self.x(t), bottom)], HAIR)
        self.event_lines(rows, top, bottom)
        self.drawing.move_beneath(lines, beneath)
        self.drawing.height = self.y
        return self.drawing.svg(finding, self.subtitle())

    def head(self, finding: str) -> None:
        y = self.drawing.paragraph(MARGIN, 28.0, finding, TITLE, WIDTH - 2 * MARGIN, bold=True)
        y = self.drawing.paragraph(MARGIN, y + 20.0, self.subtitle(), TEXT, WIDTH - 2 * MARGIN, colour=GREY)
        self.y = y + 14.0

    def subtitle(self) -> str:
        d = self.d
        return (
            f"{d['missile']} from {spot(d['from'])} to {spot(d['to'])}, watched by {d['architecture']}; "
            "all figures nominal."
        )

    # The moments above all panels.

    def events(self) -> list[Event]:
        d = self.d
        found = [
            ("declared", d["declared_s"], GREY, "2 2.5"),
            ("burnout", d["burnout_s"], GREY, "none"),
            ("launch allowed", d["commit_s"], COMMIT, "6 3"),
            ("below 100 km", d["reentry_s"], GREY, "none"),
            ("impact", d["impact_s"], INK, "none"),
        ]
        return [Event(t, name, colour, dash) for name, t, colour, dash in found if t is not None]

    def event_rows(self) -> list[tuple[Event, int]]:
        """Each moment with the row, from below, that its name stands in: no name covers another, and where
        it can be helped no line up to a name crosses another.
        """
        early = sorted((e for e in self.events() if not self.late(e)), key=lambda e: -e.at_s)
        late = sorted((e for e in self.events() if self.late(e)), key=lambda e: e.at_s)
        rows: list[tuple[Event, int]] = []
        for event in (*late, *early):
            ranks = range(len(rows) + 1)
            rows.append((event, min(ranks, key=lambda row: (self.crossed(event, row, rows), row))))
        return rows

    def crossed(self, event: Event, row: int, rows: Sequence[tuple[Event, int]]) -> int:
        """How many lines and names a moment's name and line would meet in a row; names count most."""
        start, end = self.name_span(event)
        count = 0
        for other, theirs in rows:
            first, last = self.name_span(other)
            count += 100 * (theirs == row and start < last + 6.0 and first < end + 6.0)
            count += theirs >= row and start - 3.0 < self.x(other.at_s) < end + 3.0
            count += theirs <= row and first - 3.0 < self.x(event.at_s) < last + 3.0
        return count

    def late(self, event: Event) -> bool:
        """Whether a moment's name stands left of its line."""
        return self.x(event.at_s) + text_width(self.event_name(event), TEXT) + 8.0 > RIGHT

    def event_name(self, event: Event) -> str:
        return f"{event.name} {seconds(event.at_s)}"

    def name_span(self, event: Event) -> tuple[float, float]:
        x, room = self.x(event.at_s), text_width(self.event_name(event), TEXT) + 4.0
        return (x - room, x) if self.late(event) else (x, x + room)

    def event_lines(self, rows: Sequence[tuple[Event, int]], top: float, bottom: float) -> None:
        highest = max(row for _, row in rows)
        for event, row in rows:
            baseline = top + EVENT_ROW * (1 + highest - row) - 3.0
            x = self.x(event.at_s)
            self.drawing.line(
                [(x, baseline - 9.0), (x, bottom)], event.colour, 1.3 if event.colour != GREY else 0.9,
                dash=event.dash,
            )  # fmt: skip
            anchor, gap = ("end", -4.0) if self.late(event) else ("start", 4.0)
            self.drawing.text(
                x + gap, baseline, self.event_name(event), TEXT, anchor=anchor,  # type: ignore[arg-type]
                colour=event.colour, bold=event.colour == COMMIT, halo=True,
            )  # fmt: skip

    # The panels.

    def heading(self, text: str, more: str = "") -> None:
        """What a panel shows, above it."""
        self.y += HEADING
        self.drawing.text(MARGIN, self.y - 10.0, text, TEXT, bold=True, halo=True, tail=more)

    def remark(self, text: str) -> None:
        """A line below the rows of a panel."""
        self.y += 14.0
        self.drawing.text(MARGIN, self.y, text, SMALL, colour=GREY, halo=True)
        self.y += 4.0

    def flight(self) -> None:
        """The flight's height as a silhouette, with its phases."""
        d, top = self.d, self.y
        base = top + FLIGHT_TALL
        highest = max(d["apogee_km"], 1.0)

        def place(point: Document) -> Point:
            return self.x(point["t_s"]), base - point["altitude_km"] / highest * (FLIGHT_TALL - 16.0)

        points = [place(point) for point in d["altitudes"]]
        boost = [place(point) for point in d["altitudes"] if point["t_s"] <= d["burnout_s"]]
        self.drawing.area([(points[0][0], base), *points, (points[-1][0], base)], "#eef1f3")
        if boost:
            self.drawing.area([*boost, (boost[-1][0], base)], "#c9d1d6", title="boost")
        self.drawing.line(points, GREY, 1.4, title=f"highest at {d['apogee_km']:,.0f} km")
        summit = min(points, key=lambda point: point[1])
        self.drawing.text(
            summit[0], summit[1] - 4.0, f"highest at {d['apogee_km']:,.0f}{numbers.NARROW_SPACE}km", SMALL,
            anchor="middle", colour=GREY, halo=True,
        )  # fmt: skip
        self.drawing.text(MARGIN, top + 12.0, "The flight", TEXT, bold=True)
        burnout, reentry = self.x(d["burnout_s"]), self.x(d["reentry_s"])
        if text_width("boost", SMALL) < burnout - LEFT - 8.0:
            self.drawing.text(
                burnout - 4.0, base + 12.0, "boost", SMALL, anchor="end", colour=GREY, halo=True
            )
        if text_width("free flight", SMALL) < reentry - burnout - 8.0:
            middle = (burnout + reentry) / 2
            self.drawing.text(
                middle, base + 12.0, "free flight", SMALL, anchor="middle", colour=GREY, halo=True
            )
        self.base(base)
        self.y = base + 9.0

    def sensors(self) -> None:
        """A row for every sensor that sees the flight, with bars when it looks at it."""
        self.heading(
            "Who looks at it",
            "▼ first seen · bar: in track, pale while it burns · ◇ warhead told from the spent stage",
        )
        for each in self.seen:
            self.sensor(each)
        blind = [self.names[each["sensor"]] for each in self.d["sensors"] if each["first_seen_s"] is None]
        if blind:
            self.remark(f"{'Never sees' if len(blind) == 1 else 'Never see'} it: {listed(blind)}.")

    def sensor(self, each: Document) -> None:
        colour = self.strokes[each["sensor"]].colour
        middle = self.y + SENSOR_ROW / 2
        top, bottom = middle - 5.0, middle + 5.0
        name = self.names[each["sensor"]]
        radar = "" if each["radar"] in (each["site"], name) else each["radar"]
        if text_width(name, TEXT) + text_width(radar, SMALL) > LEFT - MARGIN - 16.0:
            radar = ""
        self.drawing.text(MARGIN, middle + 4.5, name, TEXT, tail=radar)
        self.drawing.line([(LEFT, middle), (RIGHT, middle)], HAIR, 1.0)
        burnout = self.d["burnout_s"]
        for start, end in each["intervals_s"]:
            told = f"{name}: {start:,.0f} to {end:,.0f} s"
            if start < burnout:
                self.drawing.bar(
                    self.x(start), top, self.x(min(end, burnout)), bottom, colour, opacity=0.4, title=told
                )
            if end > burnout:
                self.drawing.bar(self.x(max(start, burnout)), top, self.x(end), bottom, colour, title=told)
        first = self.x(each["first_seen_s"])
        self.drawing.area([(first - 5, top - 6), (first + 5, top - 6), (first, top + 2)], INK, edge="#fff")
        if each["resolved_s"] is not None:
            at = self.x(each["resolved_s"])
            self.drawing.area(
                [(at, top - 1), (at + 6, middle), (at, bottom + 1), (at - 6, middle)], "#fff", edge=INK
            )
        self.spans(each, middle)
        self.y += SENSOR_ROW

    def spans(self, each: Document, middle: float) -> None:
        """From when to when, beside the bar where there is room."""
        first, intervals = each["first_seen_s"], each["intervals_s"]
        if not intervals:
            text, end = f"{seconds(first)}, never in track", self.x(first)
        else:
            begin, last = intervals[0][0], intervals[-1][1]
            seen = f"first seen {first:,.0f}, in track " if begin - first > 1.0 else ""
            text, end = f"{seen}{begin:,.0f}–{seconds(last)}", self.x(last)
        room = text_width(text, SMALL)
        if end + 10.0 + room < RIGHT:
            self.drawing.text(end + 10.0, middle + 4.0, text, SMALL, halo=True)
        else:
            self.drawing.text(self.x(first) - 10.0, middle + 4.0, text, SMALL, anchor="end", halo=True)

    def echoes(self) -> None:
        """The signal-to-noise ratio over time, with what a track needs."""
        if not any(each["levels"] for each in self.seen):
            return
        self.heading("Signal to noise of one look", "dB; thin: the booster; dashed: what a track needs")
        needed = sorted({each["needed_snr_db"] for each in self.seen})
        levels = [point["snr_db"] for each in self.seen for point in each["levels"]]
        low, high = span_of(min(needed) - 12.0, max(*levels, needed[-1]) + 4.0, 10.0)
        step = 10.0 if high - low <= 60.0 else 20.0
        place = self.scale(low, high, ECHO_TALL)
        for value in steps(low, high, step):
            self.rule(place(value), f"{value:.0f}".replace("-", numbers.MINUS))
        curves = []
        for each in self.seen:
            for of in ("booster", "warhead"):
                points = [p for p in each["levels"] if p["of"] == of and p["snr_db"] >= low]
                runs = [
                    [(self.x(p["t_s"]), place(p["snr_db"])) for p in run]
                    for _, run in itertools.groupby(points, key=lambda p: int(p["run"]))
                ]
                curves.append(
                    Curve(self.names[each["sensor"]], self.strokes[each["sensor"]], runs, of == "booster")
                )
        bottom = self.y + ECHO_TALL
        wanted = [[(LEFT, place(value)), (RIGHT, place(value))] for value in needed]
        for line in wanted:
            self.drawing.line(line, INK, 1.0, dash="5 4")
        self.curves(curves, self.y, bottom, wanted)
        self.base(bottom)
        self.y = bottom

    def errors(self) -> None:
        """How well the flight is known over time."""
        tracks = [(each["sensor"], each["track"]) for each in self.seen if each["track"]]
        if not tracks:
            return
        self.heading(
            "Error of the track in position", "one sigma, root of the sum over three axes; logarithmic"
        )
        errors = [point["position_error_km"] for _, track in tracks for point in track]
        errors += [point["position_error_km"] for point in self.d["fused"]]
        known = [error for error in errors if error > 0.0]
        low, high = math.floor(math.log10(min(known))), math.ceil(math.log10(max(known)))
        low = min(low, high - 2)
        place = self.scale(low, high, ERROR_TALL)
        for power in range(low, high + 1):
            self.rule(place(power), distance(10.0**power))

        def runs(track: Sequence[Document]) -> list[list[Point]]:
            points = [(p["t_s"], p["position_error_km"]) for p in track if p["position_error_km"] > 0.0]
            return [[(self.x(t), place(math.log10(value))) for t, value in points]]

        curves = [Curve(self.names[name], self.strokes[name], runs(track)) for name, track in tracks]
        if len(tracks) > 1:
            curves.append(Curve("all together", FUSED, runs(self.d["fused"]), bold=True))
        bottom = self.y + ERROR_TALL
        self.curves(curves, self.y, bottom)
        self.base(bottom)
        self.y = bottom

    def batteries(self) -> None:
        """From when to when each battery can launch, and where that leads."""
        sites = self.d["sites"]
        if not sites:
            self.y += 10.0
            return
        able = [site for site in sites if site["launch_s"] is not None]
        self.heading("Who can meet it", "launches above, intercepts below" if able else "")
        for site in able:
            self.battery(site)
        unable = [short_place(site["place"]) for site in sites if site["launch_s"] is None]
        if unable:
            self.remark(f"Cannot meet it: {listed(unable)}.")
        self.y += 6.0

    def battery(self, site: Document) -> None:
        name, top = short_place(site["place"]), self.y + 3.0
        self.drawing.text(MARGIN, top + 13.0, name, TEXT)
        self.drawing.text(MARGIN, top + 28.0, site["interceptor"], SMALL, colour=GREY)
        shots = numbers.counted(site["shots"], "shot") + (" in turn" if site["shots"] > 1 else "")
        self.window(top, "launch", LAUNCH, "#fff", site["launch_s"])
        self.window(top + 17.0, "intercept", INTERCEPT, INK, site["intercept_s"], f", {shots}")
        self.y += BATTERY_ROW

    def window(
        self, top: float, what: str, colour: str, ink: str, ends: Sequence[float], more: str = ""
    ) -> None:
        """A window as a bar, with its ends inside it or beside it."""
        start, end = (self.x(t) for t in ends)
        text = f"{what} {ends[0]:,.0f}–{seconds(ends[1])}{more}"
        self.drawing.bar(start, top, end, top + 15.0, colour, edge=INK, title=text)
        room = text_width(text, SMALL) + 8.0
        if room < end - start:
            self.drawing.text(start + 6.0, top + 11.5, text, SMALL, colour=ink)
        elif end + 4.0 + room < RIGHT:
            self.drawing.text(end + 8.0, top + 11.5, text, SMALL, halo=True)
        else:
            self.drawing.text(start - 8.0, top + 11.5, text, SMALL, anchor="end", halo=True)

    # What panels are made of.

    def scale(self, low: float, high: float, tall: float) -> Callable[[float], float]:
        """Where a value stands in the panel that begins here."""
        top, bottom = self.y, self.y + tall
        return lambda value: bottom - (value - low) / (high - low) * (bottom - top)

    def rule(self, y: float, text: str) -> None:
        self.drawing.line([(LEFT, y), (RIGHT, y)], HAIR)
        self.drawing.text(LEFT - 7.0, y + 4.0, text, SMALL, anchor="end")

    def base(self, y: float) -> None:
        self.drawing.line([(LEFT, y), (RIGHT, y)], PALE)

    def curves(
        self, curves: Sequence[Curve], top: float, bottom: float, others: Sequence[list[Point]] = ()
    ) -> None:
        """Lines with their names beside them, better not on the others or on a moment's line either."""
        for curve in curves:
            for run in curve.runs:
                if len(run) == 1:
                    (x, y) = run[0]
                    self.drawing.bar(x - 2, y - 2, x + 2, y + 2, curve.stroke.colour, title=curve.name)
                self.drawing.line(
                    run, curve.stroke.colour, 2.6 if curve.bold else 1.1 if curve.faint else 2.0,
                    dash=curve.stroke.dash if not curve.faint else "none", title=curve.name,
                )  # fmt: skip
        drawn = [(curve.name, [p for run in curve.runs for p in dense(run)]) for curve in curves]
        everything = [point for _, points in drawn for point in points]
        moments = [[(self.x(event.at_s), top), (self.x(event.at_s), bottom)] for event in self.events()]
        everything += [point for line in (*others, *moments) for point in dense(line)]
        labeller = self.drawing.labeller(top, bottom, everything)
        named: set[str] = set()
        # The longest last: it has the most places.
        for curve in sorted(curves, key=lambda c: (c.faint, sum(len(run) for run in c.runs))):
            if curve.name not in named and any(curve.runs):
                named.add(curve.name)
                foreign = [point for name, points in drawn if name != curve.name for point in points]
                self.name_curve(labeller, curve, foreign)

    def name_curve(self, labeller: Labeller, curve: Curve, foreign: Sequence[Point]) -> None:
        """A curve's name where it covers least and stands nearest to its own curve, rather at its end."""
        points = [point for run in curve.runs for point in run]
        last = len(points) - 1
        beside: list[tuple[Point, tuple[float, float, Anchor]]] = [
            (points[-1], (7.0, 4.5, "start")),
            *((points[-1], place) for place in (*ABOVE_OR_BELOW, *PAST_THE_END)),
            *((points[i * last // 12], place) for i in range(11, 0, -1) for place in ABOVE_OR_BELOW),
            (points[0], (-7.0, 4.5, "end")),
        ]
        own = [point for run in curve.runs for point in dense(run)]
        best: tuple[float, Label] | None = None
        for rank, ((x, y), (dx, dy, anchor)) in enumerate(beside):
            label = text_at(x + dx, y + dy, anchor, curve.name, TEXT, bold=True)
            left, top, right, bottom = label.box
            if left < LEFT - INTO_THE_AXIS or right > RIGHT or not labeller.is_free(label.box):
                continue
            middle = (left + right) / 2, (top + bottom) / 2
            mistaken = nearest(middle, foreign) < CLEARLY * nearest(middle, own)
            cost = 0.15 * rank + labeller.covered(label.box) / WORTH_A_LINE + MISTAKEN * mistaken
            if best is None or cost < best[0]:
                best = (cost, label)
        if best is None:
            return
        label = best[1]
        labeller.taken.append(label.box)
        self.drawing.text(
            label.x, label.y, label.text, TEXT, anchor=label.anchor, colour=curve.stroke.colour, bold=True,
            halo=True,
        )  # fmt: skip

    def axis(self) -> None:
        """Seconds and minutes below the panels."""
        self.drawing.line([(LEFT, self.y), (RIGHT, self.y)], INK)
        self.drawing.text(LEFT - 18.0, self.y + 16.0, "s after launch", SMALL, anchor="end")
        self.drawing.text(LEFT - 18.0, self.y + 30.0, "min", SMALL, anchor="end", colour=GREY)
        for t in time_ticks(self.end_s):
            x = self.x(t)
            self.drawing.line([(x, self.y), (x, self.y + 5.0)], INK)
            self.drawing.text(x, self.y + 16.0, f"{t:,.0f}", SMALL, anchor="middle")
            self.drawing.text(x, self.y + 30.0, f"{t / 60:g}", SMALL, anchor="middle", colour=GREY)
        self.y += 34.0

    def foot(self, command: str) -> None:
        told = (
            "Launch allowed: the error of the predicted intercept fits the interceptor's divert with a "
            f"probability of {numbers.share(self.d['confidence'])}. Every figure and its source: midcourse "
            f"catalog. Dossier {self.d['dossier']}, midcourse {self.d['version']}."
        )
        y = self.drawing.paragraph(MARGIN, self.y + 20.0, told, SMALL, WIDTH - 2 * MARGIN, colour=GREY)
        self.y = (
            self.drawing.paragraph(MARGIN, y + 15.0, command, SMALL, WIDTH - 2 * MARGIN, colour=GREY) + 12.0
        )


def spot(place: Document) -> str:
    """A place to a tenth of a degree: 35.7° N 51.4° E."""
    north, east = place["lat"], place["lon"]
    return f"{abs(north):.1f}° {'N' if north >= 0 else 'S'} {abs(east):.1f}° {'E' if east >= 0 else 'W'}"


def distance(kilometres: float) -> str:
    """A round distance: 10 m, 100 km."""
    if kilometres >= 1.0:
        return f"{kilometres:,.0f}{numbers.NARROW_SPACE}km"
    metres = 1e3 * kilometres
    return (
        f"{metres:.0f}{numbers.NARROW_SPACE}m"
        if metres >= 1.0
        else f"{100 * metres:g}{numbers.NARROW_SPACE}cm"
    )


def time_ticks(end_s: float) -> list[float]:
    """Round times from zero, not too many."""
    step = next((s for s in TICK_STEPS if end_s / s <= MOST_TICKS), TICK_STEPS[-1])
    return steps(0.0, end_s, float(step))


def steps(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def span_of(low: float, high: float, step: float) -> tuple[float, float]:
    """A range widened to whole steps."""
    return math.floor(low / step) * step, math.ceil(high / step) * step


def dense(run: Sequence[Point], step: float = 4.0) -> Iterable[Point]:
    """A line's points, and more between them where they lie far apart."""
    for (x0, y0), (x1, y1) in itertools.pairwise(run):
        count = max(1, int(math.hypot(x1 - x0, y1 - y0) / step))
        yield from ((x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(count))
    yield from run[-1:]


def nearest(to: Point, points: Sequence[Point]) -> float:
    """Distance to the nearest of some points."""
    return min((math.hypot(x - to[0], y - to[1]) for x, y in points), default=math.inf)
