"""One flight against one architecture: who sees it when, and every launch that meets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..model import Battery, Flights, FlyoutFamily, Missile
from ..model import missile as make_missile
from ..model.flights import OutOfReach, aim_one, geodetic
from ..model.memory import Memory
from ..physics import intercept
from ..physics.acquisition import FIRST, FIRST_BODY, LAST, RESOLVED, TOTAL
from ..physics.earth import WGS84
from .chances import MOST_SHOTS
from .flight_set import FlightSet, flight_set
from .outlook import Station
from .setting import Setting
from .world import World

Array = NDArray[np.float64]

#: What gives fly-out tables of which nothing is sampled.
Tables = Callable[[Battery], FlyoutFamily]

#: What the only threat of a ``OneFlight`` is called.
FLIGHT = "the flight"


class OneFlight(Setting):
    """A setting of a single flight, looked at closely.

    ``architecture`` lets the radars of that one alone look; ``tables`` gives fly-out tables of a battery from
    elsewhere than the memory.
    """

    looks = 400
    nodes = 300
    closely = True

    def __init__(
        self, dossier: Dossier, flights: Flights, memory: Memory | None = None, workers: int = 1,
        architecture: str | None = None, tables: Tables | None = None,
    ) -> None:  # fmt: skip
        super().__init__(dossier, (), memory, workers)
        self._only = flight_set(flights, np.zeros(1, dtype=np.int64), self.looks)
        self._architecture, self._tables = architecture, tables

    @cached_property
    def stations(self) -> tuple[Station, ...]:
        """Every place from which one of the radars that look does so."""
        if self._architecture is None:
            return super().stations
        sensors = self.defence(self._architecture).sensors
        return tuple(dict.fromkeys(Station.of(each) for each in sensors))

    def family(self, battery: Battery) -> FlyoutFamily:
        """Fly-out tables of a battery."""
        return super().family(battery) if self._tables is None else self._tables(battery)

    def pairs(self, threat: str) -> int:  # noqa: ARG002
        return 1

    def flight_sets(self, threat: str) -> tuple[FlightSet, ...]:  # noqa: ARG002
        return (self._only,)


@dataclass(frozen=True)
class Seen:
    """What a sensor sees of the flight [s after launch]; nan where it never happens."""

    sensor: str
    first_s: float
    first_warhead_s: float
    last_s: float
    in_view_s: float
    resolved_s: float


@dataclass(frozen=True)
class SiteEngagement:
    """What a battery can do.

    Attributes
    ----------
    launch_s, intercept_s : first and last [s after the threat's launch]; None where it cannot engage
    intercept_altitude_m, closing_speed_m_s : least and most over the intercept window
    shots : one after another, each when the outcome of the last is known (shoot-look-shoot)
    salvo : interceptors that can leave within the launch window at the doctrine's interval, inventory
        permitting
    kill_probability : of a single shot, picking the warhead included: low, nominal, high
    """

    battery: str
    site: str
    interceptor: str
    launch_s: tuple[float, float] | None
    intercept_s: tuple[float, float] | None
    intercept_altitude_m: tuple[float, float] | None
    closing_speed_m_s: tuple[float, float] | None
    shots: int
    salvo: int
    kill_probability: tuple[float, float, float]

    @property
    def engageable(self) -> bool:
        return self.launch_s is not None

    @property
    def stopped(self) -> tuple[float, float, float]:
        """Probability that one of the shots, each with an even and independent chance, hits: low, nominal,
        high.
        """
        low, nominal, high = (1.0 - (1.0 - p) ** self.shots for p in self.kill_probability)
        return low, nominal, high


@dataclass(frozen=True)
class Engagement:
    """An engagement of one flight by an architecture; ``setting`` is what it was worked out in."""

    architecture: str
    flights: Flights
    declared_s: float
    commit_s: float
    sensors: tuple[Seen, ...]
    sites: tuple[SiteEngagement, ...]
    shots: int
    setting: OneFlight = field(repr=False, compare=False)

    @property
    def engageable(self) -> bool:
        return any(site.engageable for site in self.sites)


def engage(
    dossier: Dossier,
    architecture: str,
    missile: str | Missile,
    start: tuple[float, float],
    target: tuple[float, float],
    *,
    apogee_m: float | None = None,
    commit_s: float | None = None,
    memory: Memory | None = None,
    workers: int = 1,
) -> Engagement:
    """Fly a missile between two places (latitude, longitude [rad]) and engage it.

    ``commit_s`` imposes the time from which interceptors may be launched, whatever the sensors see. Raises
    ``OutOfReach`` where the missile cannot make the flight.
    """
    flown = make_missile(dossier, missile) if isinstance(missile, str) else missile
    setting = OneFlight(dossier, aim_one(flown, start, target, apogee_m), memory, workers)
    return engage_flight(setting, architecture, commit_s)


def engage_flight(setting: OneFlight, architecture: str, commit_s: float | None = None) -> Engagement:
    """``engage`` for a flight already flown."""
    defence = setting.defence(architecture)
    world = World(setting, {}, {}, 1)
    chances = world.chances(FLIGHT, architecture, shots=True, closely=True, sights=True)
    columns = (FIRST, FIRST_BODY, LAST, TOTAL, RESOLVED)
    sensors = tuple(
        Seen(sensor.name, *(float(sight[0, 0, column]) for column in columns))
        for sensor, sight in zip(defence.sensors, chances.sights, strict=True)
    )
    if commit_s is None:
        windows, shots = chances.windows[:, 0, 0], int(np.nan_to_num(chances.shots[0, 0]))
        commit = float(world.commit(FLIGHT, architecture)[0, 0])
    else:
        own = [world.curve(battery) for battery in defence.batteries]
        curves = np.stack(own) if own else np.zeros((0, 1, 2))
        commit, windows = commit_s, np.full((len(curves), 4), np.nan)
        for curve, window in zip(curves, windows, strict=True):
            intercept.window(curve, commit, window)
        doctrine = defence.doctrine
        shots = intercept.shots(
            curves, commit, doctrine.assessment_delay_s, doctrine.shot_interval_s, MOST_SHOTS
        )
    resolved = min((each.resolved_s for each in sensors if not np.isnan(each.resolved_s)), default=np.nan)
    sites = tuple(
        _site(world, architecture, battery, window, resolved, commit_s)
        for battery, window in zip(defence.batteries, windows, strict=True)
    )
    flights = setting.flight_sets(FLIGHT)[0]
    declared = float(world.declared(architecture, flights, np.zeros(1, dtype=np.int64))[0, 0])
    return Engagement(architecture, flights.flights, declared, commit, sensors, sites, shots, setting)


def _site(
    world: World, architecture: str, battery: Battery, window: Array, resolved: float, commit_s: float | None
) -> SiteEngagement:
    setting = world.setting
    defence = setting.defence(architecture)
    names = (battery.name, battery.site.name, battery.interceptor.name)
    hit = setting.dossier.interceptor[battery.interceptor.name].kill_probability
    picked = world.pick(architecture, np.array([resolved < window[3]]))[0]
    hits = (hit.lowest * picked, hit.value * picked, hit.highest * picked)
    if np.isnan(window[2]):
        return SiteEngagement(*names, None, None, None, None, 0, 0, hits)
    flights = setting.flight_sets(FLIGHT)[0].flights
    table = setting.family(battery).base
    count = int(flights.counts[0])
    met = np.empty(7)
    altitudes, speeds = [], []
    # Just inside the window: on its edge the table may say no.
    for t in np.linspace(window[2] + 0.2, window[3] - 0.2, 41):
        if intercept.meeting(table, flights.nodes[0], count, t, WGS84, met):
            altitudes.append(float(geodetic(met[None, :3])[0, 2]))
            speeds.append(float(met[3]))
    doctrine = defence.doctrine
    if commit_s is None:
        alone = world.chances(FLIGHT, architecture, (battery,), shots=True).shots[0, 0]
        shots = int(np.nan_to_num(alone))
    else:
        curve = world.curve(battery)[None]
        shots = intercept.shots(
            curve, commit_s, doctrine.assessment_delay_s, doctrine.shot_interval_s, MOST_SHOTS
        )
    return SiteEngagement(
        *names,
        (float(window[0]), float(window[1])),
        (float(window[2]), float(window[3])),
        (min(altitudes), max(altitudes)) if altitudes else None,
        (min(speeds), max(speeds)) if speeds else None,
        shots,
        _salvo(battery, float(window[1] - window[0]), doctrine.shot_interval_s),
        hits,
    )


def _salvo(battery: Battery, window_s: float, interval_s: float) -> int:
    """Interceptors that can leave one after another within a launch window."""
    if interval_s <= 0.0:
        return battery.inventory
    return min(battery.inventory, 1 + int(window_s / interval_s))


__all__ = ["Engagement", "OutOfReach", "Seen", "SiteEngagement", "engage", "engage_flight"]
