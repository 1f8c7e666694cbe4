"""A map as a picture fit for print: PNG, drawn by matplotlib.

Values are painted pixel by pixel: each takes the colour of the cell that its middle falls in. So no seam
shows between cells, and poles and the antimeridian need no care. Lines, marks and text go on top.
"""

from __future__ import annotations

import io
import itertools
import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.grid import Grid
from midcourse.analysis.maps import Place, grid_of, places_of

from ..geography import place_name
from ..labels import Labeller
from ..typesetting import FAMILY
from .classes import Classes, classify
from .graticule import draw_fitting_graticule
from .legend import draw_legend, legend_rows
from .style import (
    BEYOND,
    BORDER,
    CHARACTER,
    COAST,
    DPI,
    HATCH_PERIOD,
    HATCH_SHADE,
    HATCH_WIDTH,
    INK,
    LABEL_SIZE,
    LAND,
    LINE,
    MARGIN,
    MARKERS,
    QUIET,
    ROLE_NAMES,
    ROW,
    SEA,
    SMALL_SIZE,
    TALLEST,
    TEXT_SIZE,
    TITLE_SIZE,
    WIDTH,
    by_role,
    rgb,
)
from .view import MapView, fit_view, projected_outline

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ALIGNED: dict[str, str] = {"start": "left", "middle": "center", "end": "right"}


def png(data: xr.Dataset, levels: Sequence[float] | None = None) -> bytes:
    """The picture's file; the same bytes for the same map."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = drawn(data, levels)
    stream = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": None, "Title": data.attrs["title"]})
    return stream.getvalue()


def drawn(data: xr.Dataset, levels: Sequence[float] | None = None) -> Figure:
    """The picture: title, map, legend, and where it all comes from."""
    from matplotlib.figure import Figure

    grid, sorted_map, places = grid_of(data), classify(data, levels), places_of(data)
    inner = WIDTH - 2 * MARGIN - 0.3  # room for the parallels' degrees on the left
    view = fit_view(grid, round(inner * DPI))
    map_height = inner * view.height / view.width
    if map_height > TALLEST:
        view = fit_view(grid, round(inner * TALLEST / map_height * DPI))
        map_height = TALLEST
    map_width = view.width / DPI
    heading = wrap(sorted_map.heading, TEXT_SIZE)
    # What is shown in bold, whose it is beneath.
    bold, _, rest = data.attrs["title"].partition(". ")
    title, under = wrap(bold, TITLE_SIZE * 1.08), wrap(rest, TEXT_SIZE)
    footer = wrap(footer_text(data, view, places), SMALL_SIZE * 0.93)
    keys = legend_rows(sorted_map, [place for place in places if on_map(view, place)])
    top = MARGIN + (len(title) * TITLE_SIZE + (len(under) + len(heading)) * TEXT_SIZE) * LINE / 72 + 0.24
    foot = len(footer) * SMALL_SIZE * LINE / 72 + MARGIN * 0.6
    legend = len(keys) * ROW + 0.14
    height = top + map_height + 0.3 + legend + foot
    with typeface():
        figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
        y = height - MARGIN
        for lines, size, weight, colour in (
            (title, TITLE_SIZE, "bold", INK),
            (under, TEXT_SIZE, "normal", INK),
            (heading, TEXT_SIZE, "normal", QUIET),
        ):
            for line in lines:
                write(figure, MARGIN, y, line, size, height, weight=weight, color=colour)
                y -= size * LINE / 72
        left = MARGIN + 0.3 + (inner - map_width) / 2
        bottom = height - top - map_height
        axes = figure.add_axes((left / WIDTH, bottom / height, map_width / WIDTH, map_height / height))
        draw_map(axes, view, sorted_map, grid, places)
        draw_legend(figure, keys, bottom - 0.3, height)
        for row, line in enumerate(footer):
            y = foot - row * SMALL_SIZE * LINE / 72
            write(figure, MARGIN, y, line, SMALL_SIZE, height, color=QUIET)
    return figure


def write(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    size: float,
    height: float,
    width: float = WIDTH,
    **style: Any,
) -> None:
    """A line of text whose upper left corner is at (x, y) inches of a picture so wide and high."""
    figure.text(x / width, y / height, text, fontsize=size, va="top", ha="left", **style)


def wrap(text: str, size: float, width: float = WIDTH - 2 * MARGIN) -> list[str]:
    """A text in lines of so many inches."""
    return textwrap.wrap(text, round(width * 72 / (size * CHARACTER)), break_on_hyphens=False)


def draw_map(axes: Axes, view: MapView, sorted_map: Classes, grid: Grid, places: list[Place]) -> None:
    draw_ground(axes, view, sorted_map, grid)
    draw_scale(axes, view)
    draw_places(axes, view, places)


def draw_ground(
    axes: Axes, view: MapView, sorted_map: Classes, grid: Grid, *, graticule: bool = True
) -> None:
    """A map without its marks: cells, outlines, frame."""
    axes.set_xlim(view.left, view.right)
    axes.set_ylim(view.bottom, view.top)
    axes.set_xticks([])
    axes.set_yticks([])
    extent = (view.left, view.right, view.bottom, view.top)
    image = axes.imshow(
        painted(view, sorted_map, view.cells(grid)), extent=extent, interpolation="none", zorder=1
    )
    axes.set_aspect("equal")
    for spine in axes.spines.values():
        spine.set(linewidth=0.6, color=INK, zorder=8, visible=view.shape == "frame")
    if graticule:
        draw_fitting_graticule(axes, view, grid)
    for borders, colour, width in ((True, BORDER, 0.35), (False, COAST, 0.5)):
        axes.plot(
            *view.outlines(borders=borders), color=colour, linewidth=width, zorder=4, solid_joinstyle="round"
        )
    edge = projected_outline(view, grid)
    axes.plot(*edge, color=INK, linewidth=0.45 if view.shape == "frame" else 0.7, zorder=5)
    if view.shape != "frame":
        from matplotlib.patches import Polygon

        outline = Polygon(np.column_stack(edge), closed=True, transform=axes.transData)
        image.set_clip_path(outline)
        for line in axes.lines[:-1]:
            line.set_clip_path(outline)


def painted(view: MapView, sorted_map: Classes, cells: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The picture's ground (height, width, RGB): the class's colour, or land and sea where it has none."""
    colours = [rgb(one.colour) for one in sorted_map.classes]
    palette = np.array([*colours, rgb(SEA), rgb(LAND), rgb(BEYOND)], dtype=float)
    sea, land, beyond = range(len(colours), len(colours) + 3)
    found = np.where(cells >= 0, sorted_map.index[cells], -1)
    index = np.where(found >= 0, found, np.where(view.land, np.where(cells >= 0, land, beyond), sea))
    ground = palette[index]
    hatched = np.array([*(one.hatched for one in sorted_map.classes), *[False] * 3])
    stripe = np.add.outer(np.arange(view.height), np.arange(view.width)) % HATCH_PERIOD < HATCH_WIDTH
    ground = np.where((hatched[index] & stripe)[..., None], ground * HATCH_SHADE, ground)
    return ground.astype(np.uint8)


def draw_scale(axes: Axes, view: MapView) -> None:
    """A bar of round length at the lower left, true at the centre of the map."""
    from matplotlib.patches import Rectangle

    width = view.right - view.left
    bar = next(
        length for length in scale_lengths() if length > (0.12 if view.shape == "frame" else 0.08) * width
    )
    text = f"{bar / 1e3:,.0f} km" + (" at the equator" if view.projection == "eqearth" else "")
    inset, height = (0.03 if view.shape == "frame" else 0.0) * width, 0.006 * width
    x, y = view.left + inset, view.bottom + inset
    if view.shape == "frame":
        text_width = len(text) * SMALL_SIZE * CHARACTER / 72 * DPI * view.scale
        pad = 0.012 * width
        ground = (max(bar, text_width) + 2 * pad, 0.052 * width)
        axes.add_patch(
            Rectangle((x - pad, y - pad), *ground, facecolor="white", alpha=0.85, linewidth=0, zorder=9)
        )
    for begin, colour in ((0.0, INK), (0.5, "white")):
        half = Rectangle(
            (x + begin * bar, y), bar / 2, height, facecolor=colour, edgecolor=INK, linewidth=0.6, zorder=10
        )
        axes.add_patch(half)
    axes.text(x, y + 1.6 * height, text, fontsize=SMALL_SIZE, color=INK, va="bottom", ha="left", zorder=10)


def scale_lengths() -> Iterator[float]:
    for power in range(3, 8):
        for factor in (1.0, 2.0, 5.0):
            yield factor * 10.0**power


def draw_places(axes: Axes, view: MapView, places: list[Place]) -> None:
    """Marks with names, none of which covers another."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.2, foreground="white")]
    point = DPI / 72  # px
    labeller = Labeller(view.width, view.height)
    labeller.taken.append((0.0, view.height - 0.09 * view.width, 0.3 * view.width, float(view.height)))
    shrunk = 0.75 if view.shape == "globe" else 1.0
    seen: list[tuple[Place, float, float]] = []
    for place in by_role(places):
        x, y = view.project(place.lat, place.lon)
        if view.inside(x, y):
            seen.append((place, float(x), float(y)))
    spots = [((east - view.left) / view.scale, (view.top - north) / view.scale) for _, east, north in seen]
    for (place, east, north), (px, py) in zip(seen, spots, strict=True):
        marker, size = MARKERS[place.role]
        axes.plot(
            [east], [north], marker, markersize=size * shrunk, markerfacecolor="white", markeredgecolor=INK,
            markeredgewidth=1.1, zorder=12,
        )  # fmt: skip
        labeller.occupy(px, py, size / 2 * point)
    named: set[str] = set()
    for (place, _, _), (px, py) in zip(seen, spots, strict=True):
        if place.name in named:
            continue
        named.add(place.name)
        label = labeller.place(px, py, place.name, LABEL_SIZE * point, 6.5 * point)
        if label is None:
            continue
        axes.text(
            view.left + label.x * view.scale, view.top - label.y * view.scale, label.text,
            fontsize=LABEL_SIZE, color=INK, ha=ALIGNED[label.anchor],
            va="baseline", path_effects=halo, zorder=13,
        )  # fmt: skip


def on_map(view: MapView, place: Place) -> bool:
    return bool(view.inside(*view.project(place.lat, place.lon)))


def footer_text(data: xr.Dataset, view: MapView, places: list[Place]) -> str:
    """Projection, cells, what made the map, and its sources."""
    about = data.attrs
    parts = [
        f"{view.caption}.",
        f"Cells of {about['grid_size_deg']:g}°{', of equal area' if about['grid'] == 'equal-area' else ''}.",
    ]
    away = [place for place in by_role(places) if not on_map(view, place)]
    if away:
        named = []
        for role, group in itertools.groupby(away, key=lambda place: place.role):
            names = [f"{place.name} ({place_name(place.lat, place.lon)})" for place in group]
            named.append(f"{ROLE_NAMES[role]}{'s' if len(names) > 1 else ''} {', '.join(names)}")
        parts.append(f"Off the map: {'; '.join(named)}.")
    made = [f"midcourse {about['version']}"]
    if "dossier" in about:
        digest = f" ({about['dossier_hash']})" if "dossier_hash" in about else ""
        made.append(f"dossier {about['dossier']}{digest}")
    keys = ("samples", "seed") if "command" in about else ("architecture", "threat", "samples", "seed")
    made += [f"{key} {about[key]}" for key in keys if key in about]
    parts.append(f"{', '.join(made)}. Outlines and people: {about['sources']}.")
    if "command" in about:
        parts.append(f"Drawn by: {about['command']}")
    return " ".join(parts)


def typeface() -> Any:
    """Text in the package's own typeface, so that a picture is the same on every machine."""
    import matplotlib as mpl

    add_typeface()
    return mpl.rc_context({"font.family": [FAMILY, "DejaVu Sans"], "hatch.linewidth": 0.7})


@lru_cache(maxsize=1)
def add_typeface() -> None:
    from matplotlib import font_manager

    with resources.as_file(resources.files("midcourse.output") / "data" / "fonts") as folder:
        for path in sorted(folder.glob("*.ttf")):
            font_manager.fontManager.addfont(str(path))
