"""Maps side by side on one scale: a column for every architecture, a row for every threat."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.grid import Grid, make_grid
from midcourse.analysis.maps import Place
from midcourse.dossier.errors import InputError
from midcourse.output.numbers import amount, counted, share
from midcourse.output.wording import parameter_name

from ..maps.classes import Classes, classify
from ..maps.legend import draw_legend, legend_rows
from ..maps.picture import draw_ground, on_map, typeface, wrap, write
from ..maps.style import (
    DPI,
    INK,
    LINE,
    MARGIN,
    MARKERS,
    QUIET,
    ROLE_NAMES,
    ROW,
    SMALL_SIZE,
    TEXT_SIZE,
    TITLE_SIZE,
    WIDTH,
    by_role,
)
from ..maps.view import MapView, fit_view
from .cases import NAMED, Case, Shown, cases, label, title
from .worlds import mean_over_worlds, median_over_worlds, weighted_median

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

LEAST, WIDEST = 1.45, 3.2  # inches of a panel
TALLEST = 2.4  # inches of a panel
BETWEEN = 0.1  # inches between columns
MOST_PANELS = 60
SURE = 0.9  # probability from which a cell counts as defended in the figure under a panel
HEAD_LINES = 4  # of an architecture's title
MARK = 0.7  # of the size that marks have on a map of its own
FAR = "out of the threat's reach"


@dataclass(frozen=True)
class Panels:
    """What the worlds say of each cell, by row and column: ``values`` (rows, columns, cells)."""

    rows: list[Case]
    columns: list[Case]
    values: Floats
    grid: Grid
    kind: str
    classes: Classes

    def sorted_map(self, row: int, column: int) -> Classes:
        """One panel in the classes of all."""
        here = (row * len(self.columns) + column) * len(self.grid)
        return replace(self.classes, index=self.classes.index[here : here + len(self.grid)])


def png(shown: Shown) -> bytes:
    """The picture's file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = drawn(shown)
    stream = io.BytesIO()
    FigureCanvasAgg(figure)
    told = {"Software": None, "Title": f"{shown.about['title']}: {shown.name}"}
    figure.savefig(stream, format="png", dpi=DPI, metadata=told)
    return stream.getvalue()


def panels_of(shown: Shown) -> Panels:
    """The panels' values, brought together from all worlds."""
    data = shown.data
    rows, columns = cases(data, (*shown.variants, "threat")), cases(data, ("architecture",))
    if len(rows) * len(columns) > MOST_PANELS:
        longest = max((*shown.variants, "architecture", "threat"), key=lambda dim: data.sizes[dim])
        raise InputError(
            f"{len(rows) * len(columns)} maps do not fit one picture",
            where="--show",
            expected=f"at most {MOST_PANELS}: one {longest} chosen, or another dimension",
        )
    grid, kind = grid_of(data), str(data["value"].attrs["kind"])
    over = mean_over_worlds if kind == "area" else median_over_worlds
    values = np.array(
        [[over(data["value"].isel({**row.at, **column.at})) for column in columns] for row in rows]
    )
    return Panels(rows, columns, values, grid, kind, classify(as_map(shown, kind, values)))


def grid_of(data: xr.Dataset) -> Grid:
    """The grid of a question's cells."""
    about = data.attrs
    bounds = tuple(float(about[side]) for side in ("south", "west", "north", "east"))
    grid = make_grid(
        float(about["grid_size_deg"]),
        (bounds[0], bounds[1], bounds[2], bounds[3]),
        equal_area=about["grid"] == "equal-area",
    )
    cells = int(np.prod([data.sizes[dim] for dim in ("lat", "lon", "cell") if dim in data.sizes]))
    if len(grid) != cells:
        raise ValueError(f"{cells} cells, but a grid of {len(grid)}")
    return replace(grid, name=str(about["region"]))


def as_map(shown: Shown, kind: str, values: Floats) -> xr.Dataset:
    """All panels' values as one map, for their classes."""
    import xarray as xr

    told = shown.data["value"].attrs
    missing = str(told.get("missing", FAR)) + (", or not computed yet" if shown.done < 1.0 else "")
    long_name = str(told["long_name"])
    attributes = {
        "long_name": f"probability: {long_name}" if kind == "area" else f"median: {long_name}",
        "units": told["units"],
        "kind": "share" if kind == "area" else "number",
        "of": "share" if kind == "area" else "number",
        "missing": missing,
    }
    return xr.Dataset({"shown": (("value",), values.ravel(), attributes)}, attrs={"quantity": "shown"})


def drawn(shown: Shown) -> Figure:
    """The picture: title, panels, one legend, and where it all comes from."""
    from matplotlib.figure import Figure

    panels = panels_of(shown)
    count = len(panels.columns)
    room = (WIDTH - 2 * MARGIN - (count - 1) * BETWEEN) / count
    across = min(WIDEST, max(LEAST, room))
    view = fit_view(panels.grid, round(across * DPI))
    if view.height > TALLEST * DPI:
        view = fit_view(panels.grid, round(view.width * TALLEST * DPI / view.height))
    width = max(WIDTH, 2 * MARGIN + count * across + (count - 1) * BETWEEN)
    places = marked(shown.data, view)
    page = Page(shown, panels, view, across, width, places)
    height = page.height
    with typeface():
        figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
        page.draw(figure)
    return figure


def marked(data: xr.Dataset, view: MapView) -> list[dict[str, Any]]:
    """The places on the map. One may name the ``architecture`` and the ``threat`` whose panels alone it
    stands on, as lists of names.
    """
    found: list[dict[str, Any]] = json.loads(str(data.attrs.get("places", "[]")))
    return [each for each in found if on_map(view, place_of(each))]


def place_of(told: dict[str, Any]) -> Place:
    return Place(told["name"], told["role"], told["lat"], told["lon"])


class Page:
    """A picture while it is drawn, from above to below; lengths in inches."""

    def __init__(
        self,
        shown: Shown,
        panels: Panels,
        view: MapView,
        across: float,
        width: float,
        places: list[dict[str, Any]],
    ) -> None:
        self.shown, self.panels, self.view = shown, panels, view
        self.across, self.width, self.places = across, width, places
        inner = width - 2 * MARGIN
        self.title = wrap(f"{shown.about['title']}: {shown.name}", TITLE_SIZE * 1.08, inner)
        self.under = wrap(self.reading(), TEXT_SIZE, inner)
        data = shown.data
        names = [title(data, "architecture", column.at["architecture"]) for column in panels.columns]
        self.heads = [wrap(name, SMALL_SIZE, across)[:HEAD_LINES] for name in names]
        self.rows = [wrap(self.row_name(row), TEXT_SIZE * 1.08, inner) for row in panels.rows]
        self.heading = wrap(panels.classes.heading, TEXT_SIZE, inner)
        self.keys = legend_rows(panels.classes, [place_of(each) for each in places], width)
        self.footer = wrap(self.foot(), SMALL_SIZE * 0.93, inner)
        self.map_height = view.height / DPI
        self.map_width = view.width / DPI
        self.head = max(map(len, self.heads)) * SMALL_SIZE * LINE / 72 + TEXT_SIZE * LINE / 72 + 0.04
        self.below = ROW + 0.08

    @property
    def height(self) -> float:
        top = MARGIN + (len(self.title) * TITLE_SIZE + len(self.under) * TEXT_SIZE) * LINE / 72 + 0.12
        legend = 0.1 + len(self.heading) * TEXT_SIZE * LINE / 72 + len(self.keys) * ROW + 0.14
        foot = len(self.footer) * SMALL_SIZE * LINE / 72 + MARGIN * 0.6
        rows = sum(self.above(row) + self.map_height + self.below for row in self.rows)
        return top + self.head + rows + legend + foot

    def above(self, row: list[str]) -> float:
        """The room that a row's heading takes."""
        return len(row) * TEXT_SIZE * LINE / 72 + 0.06

    def reading(self) -> str:
        """How the picture is read."""
        shown, panels = self.shown, self.panels
        worlds = counted(shown.worlds, "world")
        if panels.kind == "area":
            figure = (
                f"Under each map: how much of the area in reach has a probability of at least {share(SURE)}."
            )
        else:
            figure = "Under each map: the median over the area in reach."
        return " ".join(
            filter(None, (f"Over {worlds} of the published ranges.", shown.fixed, figure, shown.part))
        )

    def row_name(self, row: Case) -> str:
        """A row's heading: what flies, and the figures that differ from other rows'."""
        data = self.shown.data
        told = title(data, "threat", row.at["threat"])
        others = {dim: i for dim, i in row.at.items() if dim != "threat" and data.sizes[dim] > 1}
        parts = [
            label(data, dim, i) if dim in NAMED else f"{parameter_name(dim)}: {label(data, dim, i)}"
            for dim, i in others.items()
        ]
        return "; ".join([told, *parts])

    def foot(self) -> str:
        """The places marked, projection, cells, and what made the picture."""
        named = []
        for role, name in ROLE_NAMES.items():
            of_role = [each["name"] for each in self.places if each["role"] == role]
            if of_role:
                role_name = f"{name[0].upper()}{name[1:]}{'s' if len(of_role) > 1 else ''}"
                named.append(f"{role_name}: {'; '.join(dict.fromkeys(of_role))}.")
        grid = self.panels.grid
        parts = [
            *named,
            f"{self.view.caption}.",
            f"Cells of {grid.size:g}°{', of equal area' if grid.kind == 'equal-area' else ''}.",
            self.shown.provenance,
        ]
        return " ".join(filter(None, parts))

    def draw(self, figure: Figure) -> None:
        height, width = self.height, self.width
        y = height - MARGIN
        for lines, size, weight, colour in (
            (self.title, TITLE_SIZE, "bold", INK),
            (self.under, TEXT_SIZE, "normal", QUIET),
        ):
            for line in lines:
                write(figure, MARGIN, y, line, size, height, width, weight=weight, color=colour)
                y -= size * LINE / 72
        y -= 0.12
        lefts = [MARGIN + i * (self.across + BETWEEN) for i in range(len(self.panels.columns))]
        for left, column, lines in zip(lefts, self.panels.columns, self.heads, strict=True):
            name = label(self.shown.data, "architecture", column.at["architecture"])
            write(figure, left, y, name, TEXT_SIZE, height, width, weight="bold", color=INK)
            for number, line in enumerate(lines):
                below = y - (TEXT_SIZE + number * SMALL_SIZE) * LINE / 72
                write(figure, left, below, line, SMALL_SIZE, height, width, color=QUIET)
        y -= self.head
        for row, heading in enumerate(self.rows):
            for number, line in enumerate(heading):
                below = y - number * TEXT_SIZE * LINE / 72
                write(figure, MARGIN, below, line, TEXT_SIZE, height, width, weight="bold", color=INK)
            bottom = y - self.above(heading) - self.map_height
            for place, left in enumerate(lefts):
                box = (left / width, bottom / height, self.map_width / width, self.map_height / height)
                self.panel(figure.add_axes(box), row, place)
                text = self.figure_of(row, place)
                write(figure, left, bottom - 0.03, text, TEXT_SIZE, height, width, color=INK)
            y = bottom - self.below
        y -= 0.1
        for line in self.heading:
            write(figure, MARGIN, y, line, TEXT_SIZE, height, width, color=QUIET)
            y -= TEXT_SIZE * LINE / 72
        draw_legend(figure, self.keys, y, height, width)
        y -= len(self.keys) * ROW + 0.14
        for number, line in enumerate(self.footer):
            below = y - number * SMALL_SIZE * LINE / 72
            write(figure, MARGIN, below, line, SMALL_SIZE, height, width, color=QUIET)

    def panel(self, axes: Axes, row: int, column: int) -> None:
        panels = self.panels
        draw_ground(axes, self.view, panels.sorted_map(row, column), panels.grid, graticule=False)
        at = {**panels.rows[row].at, **panels.columns[column].at}
        here = {dim: label(self.shown.data, dim, at[dim]) for dim in ("architecture", "threat")}
        own = [
            place_of(each)
            for each in self.places
            if all(name in each.get(dim, (name,)) for dim, name in here.items())
        ]
        for place in by_role(own):
            x, y = self.view.project(place.lat, place.lon)
            marker, size = MARKERS[place.role]
            axes.plot(
                [float(x)], [float(y)], marker, markersize=size * MARK, markerfacecolor="white",
                markeredgecolor=INK, markeredgewidth=0.9, zorder=12,
            )  # fmt: skip

    def figure_of(self, row: int, column: int) -> str:
        """A panel in a number."""
        panels = self.panels
        values, area = panels.values[row, column], panels.grid.area
        known = ~np.isnan(values)
        if not known.any():
            return "none in reach" if self.shown.done >= 1.0 else "nothing yet"
        if panels.kind == "area":
            return f"{share(float(area[known & (values >= SURE)].sum() / area[known].sum()))} of the area"
        middle = weighted_median(values[known], area[known])
        return f"median {amount(middle, str(self.shown.data['value'].attrs['units']))}"
