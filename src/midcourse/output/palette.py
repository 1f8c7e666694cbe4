"""Colours and dashes: Okabe and Ito's colour-blind-safe set, each with a dash, so that grey print reads too.

M. Okabe and K. Ito, "Color Universal Design", 2008. Yellow is left out: it vanishes on white.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a series is drawn; ``dash`` is SVG's stroke-dasharray in px."""

    colour: str
    dash: str


STROKES = (
    Stroke("#0072b2", "none"),
    Stroke("#d55e00", "7 3"),
    Stroke("#009e73", "2 2.5"),
    Stroke("#cc79a7", "9 3 2 3"),
    Stroke("#56b4e9", "12 4"),
    Stroke("#e69f00", "4 2 1 2 1 2"),
    Stroke("#000000", "1 3"),
)


def stroke(index: int) -> Stroke:
    """The stroke of the nth series; beyond seven they come round again."""
    return STROKES[index % len(STROKES)]


def glow(index: int) -> str:
    """The colour of the nth series on a globe, too dark for black; beyond six they come round again."""
    return _GLOWS[index % len(_GLOWS)]


_GLOWS = [each.colour for each in STROKES if each.colour != "#000000"]
