"""Parallels and meridians of a picture, and their degrees beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.grid import Grid

from .style import GRID, QUIET, SMALL_SIZE
from .view import MapView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


STYLE: dict[str, Any] = {"color": GRID, "linewidth": 0.35, "zorder": 3}


def graticule_step(view: MapView) -> int:
    """Degrees between parallels: some half a dozen of them."""
    degrees = math.degrees((view.top - view.bottom) / 6.371e6)
    return next((step for step in (1, 2, 5, 10, 15, 20) if degrees / step <= 6), 30)


def draw_fitting_graticule(axes: Axes, view: MapView, grid: Grid) -> None:
    """That which goes with the shape of the map."""
    if view.shape == "frame":
        draw_graticule(axes, view)
    elif view.shape == "globe":
        draw_globe_graticule(axes, view)
    else:
        draw_disc_graticule(axes, view, grid)


def draw_graticule(axes: Axes, view: MapView) -> None:
    """Parallels and meridians, named where they leave the frame at the left and at the bottom."""
    step = graticule_step(view)
    across = step if abs(view.lat) < 60.0 else 30
    for lat in range(-90 + step, 90, step):
        lon = view.lon + np.linspace(-180.0, 180.0, 1441)
        x, y = view.lines(np.full(1441, float(lat)), lon)
        axes.plot(x, y, **STYLE)
        name_crossing(axes, view, x, y, degrees_text(lat, "N", "S"), ("left", "right", "top"))
    for lon_line in range(-180, 180, across):
        top = 90.0 if lon_line % 90 == 0 else 90.0 - step
        lats = np.linspace(-top, top, 721)
        x, y = view.lines(lats, np.full(721, float(lon_line)))
        axes.plot(x, y, **STYLE)
        name_crossing(axes, view, x, y, degrees_text(lon_line, "E", "W"), ("bottom",))


def draw_globe_graticule(axes: Axes, view: MapView) -> None:
    reach = np.linspace(-179.99, 179.99, 361)
    for lat in range(-60, 61, 30):
        x, y = view.project(np.full(361, float(lat)), view.lon + reach)
        axes.plot(x, y, **STYLE)
        name = degrees_text(lat, "N", "S")
        axes.annotate(
            name, (x[0], y[0]), (-3, 0), textcoords="offset points", ha="right", va="center",
            fontsize=SMALL_SIZE, color=QUIET, annotation_clip=False,
        )  # fmt: skip
    for turn in range(-150, 151, 30):
        lats = np.linspace(-90.0, 90.0, 181)
        x, y = view.project(lats, np.full(181, view.lon + turn))
        axes.plot(x, y, **STYLE)


def draw_disc_graticule(axes: Axes, view: MapView, grid: Grid) -> None:
    """Parallels named along a meridian, meridians named round the rim."""
    from matplotlib.patheffects import withStroke

    south, north = float(grid.edges[0]), float(grid.edges[-1])
    rim, pole = (south, 1.0) if view.lat > 0 else (north, -1.0)
    step = next((step for step in (1, 2, 5, 10, 15) if (north - south) / step <= 5), 20)
    for lat in range(math.ceil(south / step) * step, round(north), step):
        if min(lat - south, north - lat) < step / 4:
            continue
        axes.plot(*view.project(np.full(361, float(lat)), np.linspace(-180.0, 180.0, 361)), **STYLE)
        x, y = view.project(float(lat), -45.0)
        axes.text(
            float(x), float(y), degrees_text(lat, "N", "S"), fontsize=SMALL_SIZE, color=QUIET, zorder=11,
            ha="center", va="center", path_effects=[withStroke(linewidth=2.0, foreground="white")],
        )  # fmt: skip
    for lon in range(-180, 180, 30):
        near = 90.0 if lon % 90 == 0 else 90.0 - step / 2.0
        axes.plot(*view.project(np.array([rim, pole * near]), np.full(2, float(lon))), **STYLE)
        east, north = (float(part) for part in view.project(rim, float(lon)))
        length = math.hypot(east, north)
        outward = (9 * east / length, 7 * north / length)
        axes.annotate(
            degrees_text(lon, "E", "W"), (east, north), outward, textcoords="offset points",
            fontsize=SMALL_SIZE, color=QUIET, va="center", annotation_clip=False,
            ha="center" if abs(east) < 0.2 * length else "left" if east > 0 else "right",
        )  # fmt: skip


def degrees_text(degrees: float, positive: str, negative: str) -> str:
    if degrees == 0 or abs(degrees) == 180:
        return f"{abs(degrees):g}°"
    return f"{abs(degrees):g}° {positive if degrees > 0 else negative}"


#: How a line's degrees stand at each side of the frame: offset in points, and how they are aligned.
SIDES: dict[str, tuple[tuple[float, float], str, str]] = {
    "left": ((-3, 0), "right", "center"),
    "right": ((3, 0), "left", "center"),
    "bottom": ((0, -3), "center", "top"),
    "top": ((0, 2), "center", "bottom"),
}


def name_crossing(
    axes: Axes,
    view: MapView,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    text: str,
    sides: Sequence[str],
) -> None:
    """Write a line's degrees once, at the first of these sides of the frame that the line crosses."""
    for side in sides:
        upright = side in ("left", "right")
        across, along = (x, y) if upright else (y, x)
        low, high = (view.bottom, view.top) if upright else (view.left, view.right)
        edge = {"left": view.left, "right": view.right, "bottom": view.bottom, "top": view.top}[side]
        room = 0.02 * (high - low)
        with np.errstate(invalid="ignore"):
            crossed = (across[:-1] - edge) * (across[1:] - edge) <= 0.0
            fits = (along[:-1] > low + room) & (along[:-1] < high - room)
        found = np.flatnonzero(crossed & fits)
        if len(found):
            place = (edge, along[found[0]]) if upright else (along[found[0]], edge)
            offset, horizontal, vertical = SIDES[side]
            axes.annotate(
                text, place, offset, textcoords="offset points", fontsize=SMALL_SIZE, color=QUIET,
                ha=horizontal, va=vertical, annotation_clip=False,
            )  # fmt: skip
            return
