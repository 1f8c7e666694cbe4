"""One flight of a threat against an architecture, from launch to impact: all that a scene of it shows.

Nominal figures throughout, and no luck: every look that the radars can have, every launch that the track
allows. So it shows what the verdicts on claims rest on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier, InputError, nearest_names
from ..dossier.dispute import Point, Threat
from ..dossier.errors import listing
from ..dossier.parameter import Parameter
from ..model import Battery
from ..model import missile as make_missile
from ..model.flights import MODES, Flights, OutOfReach, aim_one
from ..model.memory import Memory
from .engagement import FLIGHT, Engagement, OneFlight, Tables
from .setting import apart
from .spreading import Spread, spread_of
from .watching import Watching, report_times, watch_flight
from .ways import way_between
from .world import World

Array = NDArray[np.float64]

# After a radar's first look errors fall fast: they are told so soon after it [s].
_SOON = np.array([1.0, 2.5, 5.0])
# Launches of one battery closer than this are shown as one [s].
_ALIKE = 2.0


@dataclass(frozen=True, eq=False)
class Shot:
    """An interceptor that could be sent.

    Attributes
    ----------
    which : "first", the first launch that the track allows, to the first intercept; or "last"
    launch_s, meet_s : after the missile's launch
    times, places : of its way, (n,) [s] and (n, 3) in the Earth-fixed frame [m]; nothing where none was found
    """

    battery: Battery
    which: str
    launch_s: float
    meet_s: float
    times: Array
    places: Array


@dataclass(frozen=True, eq=False)
class Played:
    """A flight, watched and met.

    Attributes
    ----------
    launch, target : where it begins and ends
    watching : who sees it when, and what can be done about it
    spread : how well all sensors together know it; None where none has a track
    shots : the first and the last launch of every battery that can meet it
    """

    setting: OneFlight
    architecture: str
    launch: Point
    target: Point
    watching: Watching
    spread: Spread | None
    shots: tuple[Shot, ...]

    @property
    def flights(self) -> Flights:
        return self.watching.engagement.flights


def play(
    dossier: Dossier,
    architecture: str,
    threat: str,
    launch: str,
    target: str,
    missile: str | None = None,
    *,
    memory: Memory | None = None,
    workers: int = 1,
    tables: Tables | None = None,
) -> Played:
    """Fly a missile of a threat, its first if none is named, between two of the threat's places.

    InputError for names that are not the dossier's or the threat's, ``OutOfReach`` where the missile cannot
    make the flight. ``memory`` gives and keeps fly-out tables, unless ``tables`` gives them; what is about
    this flight alone goes with it.
    """
    dossier.get("architecture", architecture, where="architecture")
    data: Threat = dossier.get("threat", threat, where="threat")
    start = _place(dossier, data, data.from_, launch, "launch")
    end = _place(dossier, data, data.to, target, "target")
    kind = missile or data.missile[0]
    if kind not in data.missile:
        raise InputError(
            f"threat {threat} has no missile {{value}}", value=kind, where="missile",
            expected=listing(data.missile), nearest=nearest_names(kind, data.missile),
        )  # fmt: skip
    flights = _flown(dossier, data, kind, start, end)
    setting = OneFlight(dossier, flights, apart(memory or Memory()), workers, architecture, tables)
    return _played(setting, watch_flight(setting, architecture), start, end)


def play_again(seen: Engagement | Watching, launch: str, target: str) -> Played:
    """A flight that has been engaged or watched; ``launch`` and ``target`` are what to call its ends."""
    engagement = seen.engagement if isinstance(seen, Watching) else seen
    setting, flights = engagement.setting, engagement.flights
    if isinstance(seen, Watching):
        watching = seen
    else:
        watching = replace(watch_flight(setting, engagement.architecture), engagement=engagement)
    ends = zip((launch, target), (flights.launches[0], flights.targets[0]), strict=True)
    start, end = (
        Point(name=name, lat=Parameter(value=place[0]), lon=Parameter(value=place[1])) for name, place in ends
    )
    return _played(setting, watching, start, end)


def _played(setting: OneFlight, watching: Watching, start: Point, end: Point) -> Played:
    architecture, spread = watching.engagement.architecture, None
    if watching.fused:
        spread = spread_of(setting, architecture, _moments(setting, watching))
    return Played(setting, architecture, start, end, watching, spread, tuple(_shots(setting, watching)))


def _place(dossier: Dossier, threat: Threat, places: str, name: str, where: str) -> Point:
    points: Sequence[Point] = dossier.get("places", places).point
    found = next((each for each in points if each.name == name), None)
    if found is None:
        names = [each.name for each in points]
        raise InputError(
            f"{threat.name} has no {where} {{value}}", value=name, where=where,
            expected=listing(names), nearest=nearest_names(name, names),
        )  # fmt: skip
    return found


def _flown(dossier: Dossier, threat: Threat, missile: str, start: Point, end: Point) -> Flights:
    """The flight as the threat's are flown."""
    flown = make_missile(dossier, missile)
    apogee = None if threat.apogee is None else threat.apogee.value
    ends = (start.lat.value, start.lon.value), (end.lat.value, end.lon.value)
    return aim_one(flown, *ends, apogee, MODES[threat.trajectory], remedy="")


def _moments(setting: OneFlight, watching: Watching) -> Array:
    """When it is told how well the flight is known: closer together where a radar begins to look [s]."""
    times = report_times(setting.flight_sets(FLIGHT)[0])
    begun = [each.first_warhead_s for each in watching.sensors if each.first_warhead_s is not None]
    closer = (np.array(begun)[:, None] + _SOON).ravel()
    return np.unique(np.concatenate([times, closer[(closer > times[0]) & (closer < times[-1])]]))


def _shots(setting: OneFlight, watching: Watching) -> Iterator[Shot]:
    """The first and the last launch of every battery that can meet the flight."""
    engagement = watching.engagement
    world = World(setting, {}, {}, 1)
    batteries = setting.defence(engagement.architecture).batteries
    for battery, site in zip(batteries, engagement.sites, strict=True):
        if site.launch_s is None or site.intercept_s is None:
            continue
        yield _shot(setting, battery, engagement.flights, "first", site.launch_s[0], site.intercept_s[0])
        meets, launches = world.curve(battery).T
        launches = np.where(launches >= engagement.commit_s, launches, np.nan)
        if site.launch_s[1] - site.launch_s[0] > _ALIKE and not np.isnan(launches).all():
            meet = float(meets[np.nanargmax(launches)])
            yield _shot(setting, battery, engagement.flights, "last", site.launch_s[1], meet)


def _shot(
    setting: OneFlight, battery: Battery, flights: Flights, which: str, launch_s: float, meet_s: float
) -> Shot:
    found = way_between(setting, battery, flights, 0, launch_s, meet_s)
    times, places = found or (np.zeros(0), np.zeros((0, 3)))
    return Shot(battery, which, launch_s, meet_s, times, places)


__all__ = ["OutOfReach", "Played", "Shot", "play", "play_again"]
