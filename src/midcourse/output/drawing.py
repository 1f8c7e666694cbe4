"""A picture as lines, boxes and texts on paper, as the SVG that they make, and as a file.

Coordinates are in px, y downwards. What is drawn first lies below.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from midcourse.dossier.errors import InputError
from midcourse.output.files import check_writable, write_whole
from midcourse.output.labels import EDGE, Anchor, Box, Labeller, text_at, text_width
from midcourse.output.templating import px, render

INK, GREY, PALE, HAIR = "#111111", "#566169", "#aab4bb", "#e3e8eb"
TAIL, TAIL_GAP = 11.0, 8.0  # px: its type size, and the space before it
FORMATS = (".svg", ".html")
Shape = Literal["path", "text"]
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A path or a text with its SVG attributes; a text's smaller tail, and a path's words for a pointer
    resting on it.
    """

    shape: Shape
    attributes: dict[str, str]
    text: str = ""
    tail: str = ""
    title: str = ""


@dataclass(slots=True)
class Drawing:
    """A picture being drawn; ``taken`` are the places where texts stand."""

    width: float
    height: float = 0.0
    pieces: list[Piece] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    def line(
        self,
        points: Points,
        colour: str = INK,
        width: float = 1.0,
        *,
        dash: str = "none",
        opacity: float = 1.0,
        title: str = "",
    ) -> None:
        """A line through points; at least two."""
        if len(points) < 2:
            return
        attributes = {
            "d": path_through(points),
            "fill": "none",
            "stroke": colour,
            "stroke-width": px(width),
            "stroke-linejoin": "round",
        }
        if dash != "none":
            attributes["stroke-dasharray"] = dash
        if opacity < 1.0:
            attributes["stroke-opacity"] = f"{opacity:g}"
        self.pieces.append(Piece("path", attributes, title=title))

    def area(
        self,
        points: Points,
        colour: str,
        *,
        opacity: float = 1.0,
        edge: str | None = None,
        title: str = "",
    ) -> None:
        """A filled outline."""
        attributes = {"d": f"{path_through(points)}Z", "fill": colour}
        if opacity < 1.0:
            attributes["fill-opacity"] = f"{opacity:g}"
        if edge is not None:
            attributes |= {"stroke": edge, "stroke-width": "1"}
        self.pieces.append(Piece("path", attributes, title=title))

    def bar(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: str,
        *,
        opacity: float = 1.0,
        edge: str | None = None,
        title: str = "",
    ) -> None:
        """A filled rectangle, never thinner than can be seen."""
        right = max(right, left + 1.5)
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.area(corners, colour, opacity=opacity, edge=edge, title=title)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 13.0,
        *,
        anchor: Anchor = "start",
        colour: str = INK,
        bold: bool = False,
        halo: bool = False,
        tail: str = "",
    ) -> None:
        """A text at its baseline; a tail goes on smaller and in grey."""
        attributes = {"x": px(x), "y": px(y), "font-size": px(size), "fill": colour}
        if anchor != "start":
            attributes["text-anchor"] = anchor
        if bold:
            attributes["font-weight"] = "600"
        if halo:
            attributes |= {"stroke": "#fff", "stroke-width": "3", "stroke-linejoin": "round"}
            attributes["paint-order"] = "stroke"
        self.pieces.append(Piece("text", attributes, text, tail))
        room = text_width(tail, TAIL) + TAIL_GAP if tail else 0.0
        whole = text + "x" * math.ceil(room / text_width("x", size))
        self.taken.append(text_at(x, y, anchor, whole, size, bold=bold).box)

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        width: float,
        *,
        colour: str = INK,
        bold: bool = False,
    ) -> float:
        """A text broken into lines of at most a width; gives the baseline of the last."""
        for number, line in enumerate(lines_of(text, size, width, bold=bold)):
            y += size * 1.3 if number else 0.0
            self.text(x, y, line, size, colour=colour, bold=bold)
        return y

    def move_beneath(self, start: int, place: int) -> None:
        """Put what was drawn from a piece on below the piece at a place."""
        drawn = self.pieces[start:]
        del self.pieces[start:]
        self.pieces[place:place] = drawn

    def labeller(self, top: float, bottom: float, lines: Iterable[tuple[float, float]] = ()) -> Labeller:
        """What places names between two heights, clear of the texts there and rather not on lines."""
        import numpy as np

        points = np.array(list(lines), dtype=np.float64).reshape(-1, 2)
        outside = [(-1e4, -1e4, 1e4, top), (-1e4, bottom, 1e4, 1e4)]
        return Labeller(self.width, bottom + EDGE, points, [*outside, *self.taken])

    def svg(self, title: str, description: str) -> str:
        """The picture as a file of its own, which also stands inline in a page."""
        return render(
            "drawing.svg.jinja",
            drawing=self,
            title=title,
            description=description,
            tail_size=TAIL,
            tail_gap=TAIL_GAP,
            grey=GREY,
        )


def path_through(points: Points) -> str:
    """SVG path data through points."""
    return "".join(f"{'L' if number else 'M'}{px(x)} {px(y)}" for number, (x, y) in enumerate(points))


def lines_of(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """A text broken at spaces into lines of at most a width in px."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def check_picture(
    path: Path, *, option: str = "--out", formats: Sequence[str] = FORMATS, what: str = "picture"
) -> None:
    """InputError before long work whose picture, or what else, could not be written; leaves nothing."""
    if path.suffix.lower() not in formats:
        raise InputError(
            f"{{value}} is not a {what}'s name",
            where=option,
            value=str(path),
            expected=f"a name that ends in {', '.join(formats[:-1])} or {formats[-1]}",
        )
    if path.is_dir():
        raise InputError("{value} is a folder", where=option, value=str(path), expected="the name of a file")
    check_writable(path.parent, option=option)


def write_picture(path: Path, svg: str) -> Path:
    """Write a picture by its name's ending, whole or not at all: SVG, or a page around it."""
    if path.suffix.lower() == ".html":
        title = html.unescape(svg.partition("<title>")[2].partition("</title>")[0])
        return write_whole(path, render("picture.html.jinja", svg=svg, title=title))
    return write_whole(path, svg)
