"""What the map shows: sites, and for each threat a few flights with the earliest intercepts of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ..dossier import Dossier
from ..model import Battery
from ..model.flights import geodetic
from ..model.memory import Memory
from .assessment import Scene, SceneFlight, SceneIntercept, SceneSite
from .flight_set import FlightSet
from .quantity import Case
from .setting import Setting
from .ways import way_to
from .world import World

#: Flights drawn for each threat, spread over its pairs.
MOST_FLIGHTS = 24
_POINTS = 60


def scene_of(dossier: Dossier, cases: Sequence[Case], memory: Memory, workers: int) -> Scene:
    """The scene of the architectures and threats that the cases name, in the nominal world."""
    setting = Setting(dossier, (), memory, workers)
    world = World(setting, {}, {}, 1)
    # Against each threat, the architecture that most is said about.
    named: dict[str, Counter[str]] = {}
    for case in cases:
        if case.threat and case.architecture:
            named.setdefault(case.threat, Counter()).update(filter(None, (case.architecture, case.baseline)))
    pairs = {threat: count.most_common(1)[0][0] for threat, count in named.items()}
    sites: dict[str, SceneSite] = {}
    for name in dict.fromkeys(case.architecture for case in cases if case.architecture):
        defence = setting.defence(name)
        for kind, parts in (("radar", defence.sensors), ("interceptor", defence.batteries)):
            for part in parts:
                site = part.site
                sites.setdefault(
                    f"{site.name}/{kind}",
                    SceneSite(site.name, site.title, kind, *_degrees(site.lat, site.lon)),  # type: ignore[arg-type]
                )
    flights: list[SceneFlight] = []
    paths: list[SceneFlight] = []
    intercepts: list[SceneIntercept] = []
    for threat, architecture in pairs.items():
        data = setting.threat(threat)
        launches, targets = setting.places(data.from_).point, setting.places(data.to).point
        for kind, points in (("launch", launches), ("aim", targets)):
            for point in points:
                sites.setdefault(
                    f"{point.name}/{kind}",
                    SceneSite(point.name, point.name, kind, *_degrees(point.lat.value, point.lon.value)),  # type: ignore[arg-type]
                )
        chosen = setting.flight_sets(threat)[0]
        windows = world.chances(threat, architecture, closely=True).windows
        batteries = setting.defence(architecture).batteries
        earliest = {each.name: window[0, :, 2] for each, window in zip(batteries, windows, strict=True)}
        for index in np.unique(np.linspace(0, len(chosen.pairs) - 1, MOST_FLIGHTS).astype(int)):
            pair = int(chosen.pairs[index])
            start, end = launches[pair // len(targets)].name, targets[pair % len(targets)].name
            label = f"{start} to {end}"
            flights.append(_path(chosen, int(index), label, data.name))
            times = {name: t[pair] for name, t in earliest.items() if not np.isnan(t[pair])}
            if times:
                name = min(times, key=lambda each: times[each])
                battery = setting.defence(architecture).battery(name)
                met = _meet(setting, chosen, int(index), battery, times[name], label)
                if met:
                    intercepts.append(met[0])
                    paths.append(met[1])
    return Scene(list(sites.values()), flights, paths, intercepts)


def _degrees(lat: float, lon: float) -> tuple[float, float]:
    return float(np.degrees(lat)), float((np.degrees(lon) + 180.0) % 360.0 - 180.0)


def _path(flights: FlightSet, index: int, label: str, threat: str) -> SceneFlight:
    times = np.linspace(0.0, flights.flights.impact_s[index], _POINTS)
    places = geodetic(flights.flights.states(index, times))
    return _scene_flight(label, threat, places)


def _scene_flight(label: str, threat: str, places: np.ndarray) -> SceneFlight:
    lat, lon = np.degrees(places[:, 0]), np.degrees(places[:, 1])
    return SceneFlight(label, threat, lat.tolist(), lon.tolist(), (places[:, 2] / 1e3).tolist())


def _meet(
    setting: Setting, flights: FlightSet, index: int, battery: Battery, t: float, label: str
) -> tuple[SceneIntercept, SceneFlight] | None:
    """The intercept of one flight at a time, and the interceptor's way there."""
    # A moment inside the window: on its very edge the table may say no.
    found = way_to(setting, battery, flights.flights, index, [t, t + 1.0, t + 3.0, t + 10.0], 30)
    if found is None:
        return None
    place, states = found
    lat, lon, altitude = geodetic(place[None])[0]
    site = battery.site
    met = SceneIntercept(label, *_degrees(lat, lon), altitude / 1e3, site.name)
    return met, _scene_flight(f"{battery.interceptor.title} from {site.title}: {label}", "", geodetic(states))
