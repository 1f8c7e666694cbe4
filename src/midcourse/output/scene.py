"""The map of a scene: sites, flights over the ground and the points of intercept, as self-contained SVG.

Flights of more than 5,500 km, which the strategic arms treaties call intercontinental, and shorter ones
differ too much in size for one picture: each kind that occurs has a panel of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from midcourse.atlas.outlines import load_atlas
from midcourse.output import geography, numbers
from midcourse.output.geography import MEAN_RADIUS, View
from midcourse.output.labels import Label, Labeller, text_width
from midcourse.output.palette import Stroke, stroke
from midcourse.output.templating import render

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Scene, SceneFlight, SceneIntercept, SceneSite, SiteKind

INTERCONTINENTAL = 5_500e3  # m
WIDTH = 960.0  # px
MOST_FLIGHTS = 36  # of one threat in one panel; more would blot out the land
NEAR = 150e3  # m: a launch or aim point belongs to a flight that begins or ends this close
LAND_SIZE, HAIR_SPACE = 15.0, "\u200a"  # px; between the letters of a land
LAND_PLACES = [
    (dx, dy) for dy in (0.0, -22.0, 22.0, -44.0, 44.0) for dx in (0.0, -45.0, 45.0)
]  # px, best first
LEGEND_SIZE, LEGEND_ROW, LEGEND_INSET, SWATCH = 13.0, 22.0, 6.0, 34.0  # px

KIND_NAMES: dict[SiteKind, str] = {
    "interceptor": "interceptor site",
    "radar": "radar",
    "launch": "launch area",
    "aim": "aim point",
}
KIND_SIZES: dict[SiteKind, float] = {"interceptor": 9.0, "radar": 8.0, "launch": 5.5, "aim": 4.5}
TYPE_SIZES: dict[SiteKind, float] = {"interceptor": 15.0, "radar": 14.0, "launch": 12.0, "aim": 12.0}
BOLD_FROM = 14.0  # px; the template sets larger names in bold type


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture of a scene: ``svg`` stands alone as a file or inline in a page."""

    title: str
    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class Track:
    path: str
    stroke: Stroke
    title: str


@dataclass(frozen=True, slots=True)
class Marker:
    x: float
    y: float
    kind: str
    size: float
    title: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    x: float
    y: float
    text: str
    kind: str
    stroke: Stroke | None


def scene_panels(scene: Scene, width: float = WIDTH) -> list[Panel]:
    """Draw a scene: a panel for intercontinental flights and one for shorter ones, as there are any."""
    strokes = {threat: stroke(i) for i, threat in enumerate(dict.fromkeys(f.threat for f in scene.flights))}
    far = [flight for flight in scene.flights if flight_range(flight) > INTERCONTINENTAL]
    near = [flight for flight in scene.flights if flight_range(flight) <= INTERCONTINENTAL]
    if not scene.flights:
        return [draw("Sites", scene, strokes, width, 0)] if scene.sites else []
    parts = [("Intercontinental flights", far), ("Regional flights", near)]
    return [
        draw(title, portion(scene, flights), strokes, width, number)
        for number, (title, flights) in enumerate(parts)
        if flights
    ]


def flight_range(flight: SceneFlight) -> float:
    """Ground range from first to last point in metres, on a sphere."""
    first, last = geography.unit_vectors(
        np.array([flight.lat[0], flight.lat[-1]]), np.array([flight.lon[0], flight.lon[-1]])
    )
    return MEAN_RADIUS * float(np.arctan2(np.linalg.norm(np.cross(first, last)), first @ last))


def portion(scene: Scene, flights: list[SceneFlight]) -> Scene:
    """What of a scene belongs to some of its flights: their ends, and the intercepts nearest to them."""
    chosen = {id(flight) for flight in flights}
    nearest = NearestFlight(scene.flights)
    ends = geography.unit_vectors(
        np.array([flight.lat[i] for flight in flights for i in (0, -1)]),
        np.array([flight.lon[i] for flight in flights for i in (0, -1)]),
    )

    def is_end(site: SceneSite) -> bool:
        place = geography.unit_vectors(np.array([site.lat]), np.array([site.lon]))[0]
        return bool(np.min(np.linalg.norm(ends - place, axis=1)) < NEAR / MEAN_RADIUS)

    return replace(
        scene,
        sites=[site for site in scene.sites if site.kind in ("interceptor", "radar") or is_end(site)],
        flights=flights,
        interceptor_paths=[
            path for path in scene.interceptor_paths if id(nearest.to(path.lat[-1], path.lon[-1])) in chosen
        ],
        intercepts=[point for point in scene.intercepts if id(nearest.to(point.lat, point.lon)) in chosen],
    )


class NearestFlight:
    """Finds the flight that passes closest to a place."""

    def __init__(self, flights: Sequence[SceneFlight]) -> None:
        self.flights = flights
        self.owner = np.repeat(np.arange(len(flights)), [len(flight.lat) for flight in flights])
        self.points = geography.unit_vectors(
            np.concatenate([flight.lat for flight in flights]),
            np.concatenate([flight.lon for flight in flights]),
        )

    def to(self, lat: float, lon: float) -> SceneFlight:
        place = geography.unit_vectors(np.array([lat]), np.array([lon]))[0]
        return self.flights[int(self.owner[np.argmax(self.points @ place)])]


def draw(title: str, scene: Scene, strokes: dict[str, Stroke], width: float, number: int) -> Panel:
    view = framed(scene, width)
    shown = thinned(scene.flights)
    tracks = [
        Track(geography.curve(view, f.lat, f.lon), strokes[f.threat], describe(f)) for f in interleaved(shown)
    ]
    paths = [
        Track(geography.curve(view, f.lat, f.lon), Stroke("#111111", "none"), describe(f))
        for f in scene.interceptor_paths
    ]
    sites = [s for s in scene.sites if bool(view.shows(s.lat, s.lon))]
    markers, labels, lands = placed(view, sites, scene.intercepts, [*shown, *scene.interceptor_paths])
    legend, legend_height = legend_entries(scene, shown, sites, strokes, width)
    caption = f"{view.caption}. Coasts and borders: Natural Earth; borders as held, not as claimed."
    svg = render(
        "scene.svg.jinja",
        number=number,
        title=f"{title}: {', '.join(dict.fromkeys(f.threat for f in scene.flights)) or 'sites'}",
        view=view,
        outlines=geography.outlines(view),
        tracks=tracks,
        paths=paths,
        markers=markers,
        labels=labels,
        bold_from=BOLD_FROM,
        lands=lands,
        legend=legend,
        legend_size=LEGEND_SIZE,
        swatch=SWATCH,
        bar=scale_bar(view),
        height=view.height + legend_height,
    )
    return Panel(title, svg, caption)


def framed(scene: Scene, width: float) -> View:
    """A view of all flights and their ends; interceptors and radars far away may fall out."""
    lines = [*scene.flights, *scene.interceptor_paths]
    near = [s for s in scene.sites if s.kind in ("launch", "aim")] if lines else scene.sites
    lat = np.concatenate([*[f.lat for f in lines], [s.lat for s in near], [p.lat for p in scene.intercepts]])
    lon = np.concatenate([*[f.lon for f in lines], [s.lon for s in near], [p.lon for p in scene.intercepts]])
    return geography.fit(lat, lon, width, shape=(0.55, 0.78))


def thinned(flights: Iterable[SceneFlight]) -> list[SceneFlight]:
    """At most MOST_FLIGHTS of each threat, evenly chosen."""
    by_threat: dict[str, list[SceneFlight]] = {}
    for flight in flights:
        by_threat.setdefault(flight.threat, []).append(flight)
    return [
        group[int(i)]
        for group in by_threat.values()
        for i in np.unique(np.linspace(0, len(group) - 1, min(len(group), MOST_FLIGHTS)).round())
    ]


def interleaved(flights: list[SceneFlight]) -> list[SceneFlight]:
    """Flights in an order that lets no threat lie wholly above another."""
    seen: dict[str, int] = {}
    ranks = []
    for flight in flights:
        seen[flight.threat] = rank = seen.get(flight.threat, -1) + 1
        ranks.append(rank)
    return [flight for _, flight in sorted(zip(ranks, flights, strict=True), key=lambda pair: pair[0])]


def describe(flight: SceneFlight) -> str:
    return f"{flight.label}: highest {numbers.amount(max(flight.alt_km), 'km')}"


def placed(
    view: View, sites: list[SceneSite], intercepts: list[SceneIntercept], flights: list[SceneFlight]
) -> tuple[list[Marker], list[Label], list[Label]]:
    """Markers, the names that find room in the order of importance of KIND_NAMES, and those of lands."""
    order = list(KIND_NAMES)
    ranked = sorted(sites, key=lambda site: order.index(site.kind))
    lines = [np.column_stack(view.project(flight.lat, flight.lon)) for flight in flights]
    labeller = Labeller(view.width, view.height, np.concatenate(lines) if lines else np.empty((0, 2)))
    labeller.taken.append((0, view.height - 26, bar_room(view), view.height))
    markers: list[Marker] = []
    for point in intercepts:
        x, y = (float(v) for v in view.project(point.lat, point.lon))
        text = f"{point.label}: intercept at {numbers.amount(point.alt_km, 'km')} from {point.site}"
        markers.append(Marker(x, y, "intercept", 4.2, text))
        labeller.occupy(x, y, 3.6)
    for site in ranked:
        x, y = (float(v) for v in view.project(site.lat, site.lon))
        where = geography.place_name(site.lat, site.lon)
        title = f"{site.label}: {KIND_NAMES[site.kind]}, {where}"
        markers.append(Marker(x, y, site.kind, KIND_SIZES[site.kind], title))
        labeller.occupy(x, y, KIND_SIZES[site.kind] * 0.8)
    named: set[tuple[str, float, float]] = set()
    labels = []
    for site, marker in zip(ranked, markers[len(intercepts) :], strict=True):
        # A radar and interceptors in one place share a name.
        if (site.label, site.lat, site.lon) not in named:
            named.add((site.label, site.lat, site.lon))
            size = TYPE_SIZES[site.kind]
            labels.append(
                labeller.place(marker.x, marker.y, site.label, size, marker.size + 4, bold=size >= BOLD_FROM)
            )
    lands = []
    for name, lat, lon in launch_lands(sites):
        x, y = (float(v) for v in view.project(lat, lon))
        tries = (labeller.place_here(x + dx, y + dy, name, LAND_SIZE, bold=True) for dx, dy in LAND_PLACES)
        lands.append(next((label for label in tries if label is not None), None))
    degrees = [labeller.place_here(x, y, text, 11.0) for x, y, text in geography.parallel_names(view)]
    # What is drawn first lies below: interceptor sites and radars come last.
    found = [label for label in (*labels, *degrees) if label is not None]
    return markers[::-1], found, [label for label in lands if label is not None]


def launch_lands(sites: list[SceneSite]) -> list[tuple[str, float, float]]:
    """The countries that flights rise from, each named amid its launch areas: (name, latitude, longitude)."""
    atlas = load_atlas("110m")
    found: dict[str, list[SceneSite]] = {}
    for site in sites:
        if site.kind == "launch" and (country := atlas.country_at(site.lat, site.lon)):
            found.setdefault(country.name, []).append(site)
    return [
        (
            HAIR_SPACE.join(name.upper()),
            float(np.mean([s.lat for s in those])),
            float(np.mean([s.lon for s in those])),
        )
        for name, those in found.items()
    ]


def legend_entries(
    scene: Scene, shown: list[SceneFlight], sites: list[SceneSite], strokes: dict[str, Stroke], width: float
) -> tuple[list[LegendEntry], float]:
    """The legend in rows beneath the map, and the height it takes."""
    items: list[tuple[str, str, Stroke | None]] = []
    for threat in dict.fromkeys(flight.threat for flight in scene.flights):
        every = sum(flight.threat == threat for flight in scene.flights)
        drawn = sum(flight.threat == threat for flight in shown)
        count = f"{every} flights" if every == drawn else f"{drawn} of {every} flights"
        items.append((f"{threat} ({count if every > 1 else '1 flight'})", "line", strokes[threat]))
    if scene.interceptor_paths:
        items.append(("interceptor's path", "path", None))
    if scene.intercepts:
        items.append(("intercept", "intercept", None))
    present = {site.kind for site in sites}
    items += [(name, kind, None) for kind, name in KIND_NAMES.items() if kind in present]

    entries: list[LegendEntry] = []
    x, y = LEGEND_INSET, LEGEND_ROW
    for text, kind, style in items:
        room = SWATCH + 8 + text_width(text, LEGEND_SIZE) + 22
        if x > LEGEND_INSET and x + room > width:
            x, y = LEGEND_INSET, y + LEGEND_ROW
        entries.append(LegendEntry(x, y, text, kind, style))
        x += room
    return entries, y + LEGEND_ROW / 2


@dataclass(frozen=True, slots=True)
class ScaleBar:
    length: float
    text: str


def scale_bar(view: View) -> ScaleBar:
    """A round distance of about a seventh of the width, true at the projection's centre."""
    goal = view.width * view.scale / 7
    power = 10.0 ** numbers.magnitude(goal)
    metres = max(step * power for step in (1, 2, 5) if step * power <= goal)
    return ScaleBar(metres / view.scale, f"{numbers.amount(metres / 1e3, 'km')} at the centre")


def bar_room(view: View) -> float:
    bar = scale_bar(view)
    return 30 + bar.length + text_width(bar.text, 12.0)
