"""A map as a picture fit for print: PNG, drawn by matplotlib.

Values are painted pixel by pixel: each takes the colour of the cell that its middle falls in. So no seam shows
between cells, and poles and the antimeridian need no care. Lines, marks and text go on top.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.grid import Grid
from midcourse.analysis.maps import Place, Role, grid_of, places_of

from ..geography import place_name
from ..labels import Labeller
from ..typesetting import FAMILY
from .classes import Class, Classes, classify
from .view import MapView, fit_view, projected_outline

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
}
MARKERS: dict[Role, tuple[str, float]] = {
    "interceptor": ("^", 7.5), "radar": ("D", 5.5), "launch": ("X", 6.5), "aim": ("o", 5.0),
}  # fmt: skip


def png(data: xr.Dataset, levels: Sequence[float] | None = None) -> bytes:
    """The picture's file; the same bytes for the same map."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = drawn(data, levels)
    stream = io.BytesIO()
    FigureCanvasAgg(figure).print_png(stream, metadata={"Software": None, "Title": data.attrs["title"]})
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
    title = wrap(data.attrs["title"], TITLE_SIZE * 1.08)
    footer = wrap(footer_text(data, view, places), SMALL_SIZE * 0.93)
    keys = legend_rows(sorted_map, places)
    top = MARGIN + (len(title) * TITLE_SIZE + len(heading) * TEXT_SIZE) * LINE / 72 + 0.24
    foot = len(footer) * SMALL_SIZE * LINE / 72 + MARGIN * 0.6
    legend = len(keys) * ROW + 0.14
    height = top + map_height + 0.3 + legend + foot
    with typeface():
        figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
        y = height - MARGIN
        for lines, size, weight, colour in (
            (title, TITLE_SIZE, "bold", INK),
            (heading, TEXT_SIZE, "normal", QUIET),
        ):
            for line in lines:
                write(figure, MARGIN, y, line, size, height, weight=weight, color=colour)
                y -= size * LINE / 72
        left = MARGIN + 0.3 + (inner - map_width) / 2
        bottom = height - top - map_height
        axes = figure.add_axes((left / WIDTH, bottom / height, map_width / WIDTH, map_height / height))
        draw_map(axes, view, sorted_map, data, places)
        draw_legend(figure, keys, bottom - 0.3, height)
        for row, line in enumerate(footer):
            y = foot - row * SMALL_SIZE * LINE / 72
            write(figure, MARGIN, y, line, SMALL_SIZE, height, color=QUIET)
    return figure


def write(figure: Figure, x: float, y: float, text: str, size: float, height: float, **style: Any) -> None:
    """A line of text whose upper left corner is at (x, y) inches."""
    figure.text(x / WIDTH, y / height, text, fontsize=size, va="top", ha="left", **style)


def wrap(text: str, size: float) -> list[str]:
    return textwrap.wrap(text, round((WIDTH - 2 * MARGIN) * 72 / (size * CHARACTER)), break_on_hyphens=False)


def draw_map(axes: Axes, view: MapView, sorted_map: Classes, data: xr.Dataset, places: list[Place]) -> None:
    axes.set_xlim(view.left, view.right)
    axes.set_ylim(view.bottom, view.top)
    axes.set_xticks([])
    axes.set_yticks([])
    extent = (view.left, view.right, view.bottom, view.top)
    grid = grid_of(data)
    image = axes.imshow(
        painted(view, sorted_map, view.cells(grid)), extent=extent, interpolation="none", zorder=1
    )
    axes.set_aspect("equal")
    for spine in axes.spines.values():
        spine.set(linewidth=0.6, color=INK, zorder=8, visible=view.shape == "frame")
    if view.shape == "frame":
        draw_graticule(axes, view)
    elif view.shape == "globe":
        draw_globe_graticule(axes, view)
    else:
        draw_disc_graticule(axes, view, grid)
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
    draw_scale(axes, view)
    draw_places(axes, view, places)


def painted(view: MapView, sorted_map: Classes, cells: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The picture's ground (height, width, RGB): the class's colour, or land and sea where it has none."""
    colours = [rgb(one.colour) for one in sorted_map.classes]
    palette = np.array([*colours, rgb(SEA), rgb(LAND), rgb(BEYOND)], dtype=float)
    sea, land, beyond = range(len(colours), len(colours) + 3)
    found = np.where(cells >= 0, sorted_map.index[cells], -1)
    index = np.where(found >= 0, found, np.where(view.land, np.where(cells >= 0, land, beyond), sea))
    ground = palette[index]
    hatched = np.array([*(one.hatched for one in sorted_map.classes), *[False] * 3])
    down, across = np.indices(index.shape, sparse=True)
    stripe = (down + across) % HATCH_PERIOD < HATCH_WIDTH
    ground = np.where((hatched[index] & stripe)[..., None], ground * HATCH_SHADE, ground)
    return ground.astype(np.uint8)


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def graticule_step(view: MapView) -> int:
    """Degrees between parallels: some half a dozen of them."""
    degrees = math.degrees((view.top - view.bottom) / 6.371e6)
    return next((step for step in (1, 2, 5, 10, 15, 20) if degrees / step <= 6), 30)


def draw_graticule(axes: Axes, view: MapView) -> None:
    """Parallels and meridians, named where they leave the frame at the left and at the bottom."""
    step = graticule_step(view)
    style = {"color": GRID, "linewidth": 0.35, "zorder": 3}
    across = step if abs(view.lat) < 60.0 else 30
    for lat in range(-90 + step, 90, step):
        lon = view.lon + np.linspace(-180.0, 180.0, 1441)
        x, y = view.lines(np.full(1441, float(lat)), lon)
        axes.plot(x, y, **style)
        name_crossing(axes, view, x, y, degrees_text(lat, "N", "S"), ("left", "right", "top"))
    for lon_line in range(-180, 180, across):
        top = 90.0 if lon_line % 90 == 0 else 90.0 - step
        lats = np.linspace(-top, top, 721)
        x, y = view.lines(lats, np.full(721, float(lon_line)))
        axes.plot(x, y, **style)
        name_crossing(axes, view, x, y, degrees_text(lon_line, "E", "W"), ("bottom",))


def draw_globe_graticule(axes: Axes, view: MapView) -> None:
    style = {"color": GRID, "linewidth": 0.35, "zorder": 3}
    reach = np.linspace(-179.99, 179.99, 361)
    for lat in range(-60, 61, 30):
        x, y = view.project(np.full(361, float(lat)), view.lon + reach)
        axes.plot(x, y, **style)
        name = degrees_text(lat, "N", "S")
        axes.annotate(
            name, (x[0], y[0]), (-3, 0), textcoords="offset points", ha="right", va="center",
            fontsize=SMALL_SIZE, color=QUIET, annotation_clip=False,
        )  # fmt: skip
    for turn in range(-150, 151, 30):
        lats = np.linspace(-90.0, 90.0, 181)
        x, y = view.project(lats, np.full(181, view.lon + turn))
        axes.plot(x, y, **style)


def draw_disc_graticule(axes: Axes, view: MapView, grid: Grid) -> None:
    """Parallels named along a meridian, meridians named round the rim."""
    from matplotlib.patheffects import withStroke

    style = {"color": GRID, "linewidth": 0.35, "zorder": 3}
    south, north = float(grid.edges[0]), float(grid.edges[-1])
    rim, pole = (south, 1.0) if view.lat > 0 else (north, -1.0)
    step = next((step for step in (1, 2, 5, 10, 15) if (north - south) / step <= 5), 20)
    for lat in range(math.ceil(south / step) * step, round(north), step):
        if min(lat - south, north - lat) < step / 4:
            continue
        axes.plot(*view.project(np.full(361, float(lat)), np.linspace(-180.0, 180.0, 361)), **style)
        x, y = view.project(float(lat), -45.0)
        axes.text(
            float(x), float(y), degrees_text(lat, "N", "S"), fontsize=SMALL_SIZE, color=QUIET, zorder=11,
            ha="center", va="center", path_effects=[withStroke(linewidth=2.0, foreground="white")],
        )  # fmt: skip
    for lon in range(-180, 180, 30):
        near = 90.0 if lon % 90 == 0 else 90.0 - step / 2.0
        axes.plot(*view.project(np.array([rim, pole * near]), np.full(2, float(lon))), **style)
        x, y = (float(part) for part in view.project(rim, float(lon)))
        length = math.hypot(x, y)
        axes.annotate(
            degrees_text(lon, "E", "W"), (x, y), (9 * x / length, 7 * y / length), textcoords="offset points",
            fontsize=SMALL_SIZE, color=QUIET, va="center", annotation_clip=False,
            ha="center" if abs(x) < 0.2 * length else "left" if x > 0 else "right",
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
    seen = [(place, *view.project(place.lat, place.lon)) for place in places]
    seen = [(place, float(x), float(y)) for place, x, y in seen if view.inside(np.array(x), np.array(y))]
    spots = [((x - view.left) / view.scale, (view.top - y) / view.scale) for _, x, y in seen]
    for (place, x, y), (px, py) in zip(seen, spots, strict=True):
        marker, size = MARKERS[place.role]
        axes.plot(
            [x], [y], marker, markersize=size * shrunk, markerfacecolor="white", markeredgecolor=INK,
            markeredgewidth=1.1, zorder=12,
        )  # fmt: skip
        labeller.occupy(px, py, size / 2 * point)
    for (place, _, _), (px, py) in zip(seen, spots, strict=True):
        label = labeller.place(px, py, place.name, LABEL_SIZE * point, 6.5 * point)
        if label is None:
            continue
        axes.text(
            view.left + label.x * view.scale, view.top - label.y * view.scale, label.text,
            fontsize=LABEL_SIZE, color=INK, ha={"start": "left", "middle": "center", "end": "right"}[label.anchor],
            va="baseline", path_effects=halo, zorder=13,
        )  # fmt: skip


Key = tuple[Class | Role, str, float]  # what it is, its name, and where its row begins (inches)


def legend_rows(sorted_map: Classes, places: list[Place]) -> list[list[Key]]:
    """The legend's keys, as many a row as fit."""
    items: list[tuple[Class | Role, str]] = [(one, one.name) for one in sorted_map.classes]
    roles = {place.role for place in places}
    items += [(role, name) for role, name in ROLE_NAMES.items() if role in roles]
    rows: list[list[Key]] = [[]]
    x = MARGIN
    for what, name in items:
        width = 0.4 + len(name) * TEXT_SIZE * 0.94 * CHARACTER / 72
        first_mark = isinstance(what, str) and rows[-1] and isinstance(rows[-1][-1][0], Class)
        if rows[-1] and (x + width > WIDTH - MARGIN or first_mark):
            rows.append([])
            x = MARGIN
        rows[-1].append((what, name, x))
        x += width + 0.12
    return [row for row in rows if row]


def draw_legend(figure: Figure, rows: list[list[Key]], top: float, height: float) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    for number, row in enumerate(rows):
        y = top - (number + 0.5) * ROW
        for what, name, x in row:
            if isinstance(what, Class):
                shade = tuple(channel * HATCH_SHADE / 255 for channel in rgb(what.colour))
                figure.add_artist(
                    Rectangle(
                        (x / WIDTH, (y - 0.055) / height), 0.27 / WIDTH, 0.11 / height, facecolor=what.colour,
                        edgecolor=shade if what.hatched else INK, linewidth=0.0 if what.hatched else 0.5,
                        hatch="/////" if what.hatched else None,
                    )
                )  # fmt: skip
                figure.add_artist(
                    Rectangle(
                        (x / WIDTH, (y - 0.055) / height), 0.27 / WIDTH, 0.11 / height, fill=False,
                        edgecolor=INK, linewidth=0.5,
                    )
                )  # fmt: skip
            else:
                marker, size = MARKERS[what]
                figure.add_artist(
                    Line2D(
                        [(x + 0.135) / WIDTH], [y / height], marker=marker, markersize=size, linestyle="none",
                        markerfacecolor="white", markeredgecolor=INK, markeredgewidth=1.1,
                    )
                )  # fmt: skip
            figure.text((x + 0.34) / WIDTH, y / height, name, fontsize=TEXT_SIZE, va="center", color=INK)


def footer_text(data: xr.Dataset, view: MapView, places: list[Place]) -> str:
    """Projection, cells, what made the map, and its sources."""
    about = data.attrs
    parts = [
        f"{view.caption}.",
        f"Cells of {about['grid_size_deg']:g}°{', of equal area' if about['grid'] == 'equal-area' else ''}.",
    ]
    away = [p for p in places if not view.inside(*view.project(p.lat, p.lon))]
    if away:
        names = ", ".join(f"{p.name} ({ROLE_NAMES[p.role]}, {place_name(p.lat, p.lon)})" for p in away)
        parts.append(f"Off the map: {names}.")
    made = [f"midcourse {about['version']}"]
    if "dossier" in about:
        digest = f" ({about['dossier_hash']})" if "dossier_hash" in about else ""
        made.append(f"dossier {about['dossier']}{digest}")
    made += [f"{key} {about[key]}" for key in ("architecture", "threat", "samples", "seed") if key in about]
    parts.append(f"{', '.join(made)}. Outlines and people: {about['sources']}.")
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
