"""Sizes, colours and marks that the parts of a picture share."""

from __future__ import annotations

from midcourse.analysis.maps import Place, Role

WIDTH = 7.2  # inches: a page's text
DPI = 220
MARGIN, TITLE_SIZE, TEXT_SIZE, LABEL_SIZE, SMALL_SIZE = 0.28, 12.0, 8.5, 8.0, 6.8  # inches; points
LINE, ROW = 1.3, 0.185  # line height, in type sizes; a legend's row, in inches
TALLEST = 8.0  # inches of map
CHARACTER = 0.5  # average width, as a share of the type size

SEA, LAND, BEYOND, COAST, BORDER, GRID, INK, QUIET = (
    "#ffffff", "#e6e6e6", "#f5f5f5", "#3c3c3c", "#6f6f6f", "#9aa7b0", "#1a1a1a", "#555555",
)  # fmt: skip
HATCH_PERIOD, HATCH_WIDTH, HATCH_SHADE = 14, 3, 0.65  # px, px, and what is left of the light

ROLE_NAMES: dict[Role, str] = {
    "interceptor": "interceptor site",
    "radar": "radar",
    "launch": "launch point",
    "aim": "aim point",
    "compared": "place compared",
}
MARKERS: dict[Role, tuple[str, float]] = {
    "interceptor": ("^", 7.5), "radar": ("D", 5.5), "launch": ("X", 6.5), "aim": ("o", 5.0),
    "compared": ("s", 5.0),
}  # fmt: skip


def by_role(places: list[Place]) -> list[Place]:
    """Places in the order in which they are named where room is short: bases, radars, launch points, aims."""
    return sorted(places, key=lambda place: list(ROLE_NAMES).index(place.role))


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
