"""The legend of a picture: its classes and its marks, in rows under the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from midcourse.analysis.maps import Place, Role

from .classes import Class, Classes
from .style import (
    CHARACTER,
    HATCH_SHADE,
    INK,
    MARGIN,
    MARKERS,
    ROLE_NAMES,
    ROW,
    TEXT_SIZE,
    WIDTH,
    rgb,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Key = tuple[Class | Role, str, float]  # what it is, its name, and where its row begins (inches)


def legend_rows(sorted_map: Classes, places: list[Place], picture: float = WIDTH) -> list[list[Key]]:
    """The legend's keys, as many a row as fit on a picture so many inches wide."""
    items: list[tuple[Class | Role, str]] = [(one, one.name) for one in sorted_map.classes]
    roles = {place.role for place in places}
    items += [(role, name) for role, name in ROLE_NAMES.items() if role in roles]
    rows: list[list[Key]] = [[]]
    x = MARGIN
    for what, name in items:
        width = 0.4 + len(name) * TEXT_SIZE * 0.94 * CHARACTER / 72
        first_mark = isinstance(what, str) and rows[-1] and isinstance(rows[-1][-1][0], Class)
        if rows[-1] and (x + width > picture - MARGIN or first_mark):
            rows.append([])
            x = MARGIN
        rows[-1].append((what, name, x))
        x += width + 0.12
    return [row for row in rows if row]


def draw_legend(
    figure: Figure, rows: list[list[Key]], top: float, height: float, width: float = WIDTH
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    for number, row in enumerate(rows):
        y = top - (number + 0.5) * ROW
        for what, name, x in row:
            if isinstance(what, Class):
                shade = tuple(channel * HATCH_SHADE / 255 for channel in rgb(what.colour))
                figure.add_artist(
                    Rectangle(
                        (x / width, (y - 0.055) / height), 0.27 / width, 0.11 / height, facecolor=what.colour,
                        edgecolor=shade if what.hatched else INK, linewidth=0.0 if what.hatched else 0.5,
                        hatch="/////" if what.hatched else None,
                    )
                )  # fmt: skip
                figure.add_artist(
                    Rectangle(
                        (x / width, (y - 0.055) / height), 0.27 / width, 0.11 / height, fill=False,
                        edgecolor=INK, linewidth=0.5,
                    )
                )  # fmt: skip
            else:
                marker, size = MARKERS[what]
                figure.add_artist(
                    Line2D(
                        [(x + 0.135) / width], [y / height], marker=marker, markersize=size, linestyle="none",
                        markerfacecolor="white", markeredgecolor=INK, markeredgewidth=1.1,
                    )
                )  # fmt: skip
            figure.text((x + 0.34) / width, y / height, name, fontsize=TEXT_SIZE, va="center", color=INK)
