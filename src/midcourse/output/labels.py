"""Placing names on a map so that none covers another: each takes the best free place around its marker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from midcourse.atlas.outlines import Floats

Anchor = Literal["start", "middle", "end"]
Box = tuple[float, float, float, float]  # left, top, right, bottom in px

CHARACTER = 0.57  # average width of a character, as a share of the type size
BOLD = 1.14  # how much wider bold type is
ASCENT, DESCENT = 0.78, 0.24  # of the type size
CLEARANCE = 1.5  # px round every label
EDGE = 4.0  # px that a label keeps from the frame
WORTH_A_LINE = 3.0  # a label would rather stand at the next place than on this many points of a flight

# Offsets from the marker in units of its gap (x right, y down), best first.
PLACES: tuple[tuple[float, float, Anchor], ...] = (
    (1.0, 0.0, "start"),
    (-1.0, 0.0, "end"),
    (0.75, -0.9, "start"),
    (0.75, 0.9, "start"),
    (-0.75, -0.9, "end"),
    (-0.75, 0.9, "end"),
    (0.0, -1.35, "middle"),
    (0.0, 1.35, "middle"),
)


@dataclass(frozen=True, slots=True)
class Label:
    """A text set at its baseline's (x, y)."""

    x: float
    y: float
    anchor: Anchor
    text: str
    size: float
    box: Box


@dataclass(slots=True)
class Labeller:
    """Remembers what is taken on a picture; ``lines`` are points of flights, better not covered."""

    width: float
    height: float
    lines: Floats = field(default_factory=lambda: np.empty((0, 2)))
    taken: list[Box] = field(default_factory=list)

    def occupy(self, x: float, y: float, radius: float) -> None:
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def place(
        self, x: float, y: float, text: str, size: float, gap: float, *, bold: bool = False
    ) -> Label | None:
        """Set a label beside a marker ``gap`` away, or nowhere when every place is taken."""
        best: tuple[float, Label] | None = None
        for rank, (dx, dy, anchor) in enumerate(PLACES):
            label = text_at(x + dx * gap, y + dy * gap * 1.2 + size * 0.34, anchor, text, size, bold=bold)
            if not self.is_free(label.box):
                continue
            cost = rank + self.covered(label.box) / WORTH_A_LINE
            if best is None or cost < best[0]:
                best = (cost, label)
        if best is None:
            return None
        self.taken.append(best[1].box)
        return best[1]

    def place_here(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> Label | None:
        """Set a label centred on a point, or nowhere when that is taken."""
        label = text_at(x, y + size * 0.34, "middle", text, size, bold=bold)
        if not self.is_free(label.box):
            return None
        self.taken.append(label.box)
        return label

    def is_free(self, box: Box) -> bool:
        left, top, right, bottom = box
        if left < EDGE or top < EDGE or right > self.width - EDGE or bottom > self.height - EDGE:
            return False
        return not any(left < r and right > le and top < b and bottom > t for le, t, r, b in self.taken)

    def covered(self, box: Box) -> int:
        left, top, right, bottom = box
        x, y = self.lines[:, 0], self.lines[:, 1]
        return int(np.count_nonzero((x > left) & (x < right) & (y > top) & (y < bottom)))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The approximate width of a text in px, whatever sans-serif type the reader has."""
    return CHARACTER * (BOLD if bold else 1.0) * size * len(text)


def text_at(x: float, y: float, anchor: Anchor, text: str, size: float, *, bold: bool = False) -> Label:
    width = text_width(text, size, bold=bold)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    box = (
        left - CLEARANCE,
        y - ASCENT * size - CLEARANCE,
        left + width + CLEARANCE,
        y + DESCENT * size + CLEARANCE,
    )
    return Label(x, y, anchor, text, size, box)
