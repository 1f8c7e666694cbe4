"""One flight against one architecture: who sees it when, and every launch that meets it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..dossier import Dossier
from ..model import Battery, Flights, Missile
from ..model import missile as make_missile
from ..model.flights import OutOfReach, aim_one, geodetic
from ..model.memory import Memory
from ..physics import intercept
from ..physics.earth import WGS84
from .setting import FlightSet, Setting, flight_set
from .world import FIRST, FIRST_BODY, LAST, TOTAL, TRACKED, World

_FLIGHT = "the flight"


class OneFlight(Setting):
    """A setting of a single flight, looked at closely."""

    looks = 400
    nodes = 300

    def __init__(
        self, dossier: Dossier, flights: Flights, memory: Memory | None = None, workers: int = 1
    ) -> None:
        super().__init__(dossier, (), memory, workers)
        self._only = flight_set(flights, np.zeros(1, dtype=np.int64), self.looks)

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
    tracked_s: float


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
    kill_probability : of a single shot: low, nominal, high
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
    """An engagement of one flight by an architecture."""

    architecture: str
    flights: Flights
    declared_s: float
    commit_s: float
    sensors: tuple[Seen, ...]
    sites: tuple[SiteEngagement, ...]
    shots: int

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
    defence = setting.defence(architecture)
    world = World(setting, {}, {}, 1)
    sensors = []
    for sensor in defence.sensors:
        sight = world.sight(_FLIGHT, architecture, sensor.name)[0, 0]
        sensors.append(
            Seen(sensor.name, *(float(sight[column]) for column in (FIRST, FIRST_BODY, LAST, TOTAL, TRACKED)))
        )
    commit = float(world.commit(_FLIGHT, architecture)[0, 0]) if commit_s is None else commit_s
    sites = tuple(_site(world, architecture, battery, commit) for battery in defence.batteries)
    curves = np.stack([world.curves(_FLIGHT, architecture, battery)[0] for battery in defence.batteries])
    doctrine = defence.doctrine
    flights = setting.flight_sets(_FLIGHT)[0]
    return Engagement(
        architecture,
        flights.flights,
        float(world.declared(architecture, flights, np.zeros(1, dtype=np.int64))[0, 0]),
        commit,
        tuple(sensors),
        sites,
        0
        if np.isnan(commit)
        else intercept.shots(curves, commit, doctrine.assessment_delay_s, doctrine.shot_interval_s, 99),
    )


def _site(world: World, architecture: str, battery: Battery, commit: float) -> SiteEngagement:
    setting = world.setting
    doctrine = setting.defence(architecture).doctrine
    curve = world.curves(_FLIGHT, architecture, battery)[0]
    window = np.empty(4)
    names = (battery.name, battery.site.name, battery.interceptor.name)
    hit = setting.dossier.interceptor[battery.interceptor.name].kill_probability
    hits = (hit.lowest, hit.value, hit.highest)
    if np.isnan(commit) or not intercept.window(curve, commit, window):
        return SiteEngagement(*names, None, None, None, None, 0, 0, hits)
    flights = setting.flight_sets(_FLIGHT)[0].flights
    table = setting.family(battery).base
    count = int(flights.counts[0])
    met = np.empty(7)
    altitudes, speeds = [], []
    # Just inside the window: on its edge the table may say no.
    for t in np.linspace(window[2] + 0.2, window[3] - 0.2, 41):
        if intercept.meeting(table, flights.nodes[0], count, t, WGS84, met):
            altitudes.append(float(geodetic(met[None, :3])[0, 2]))
            speeds.append(float(met[3]))
    shots = intercept.shots(curve[None], commit, doctrine.assessment_delay_s, doctrine.shot_interval_s, 99)
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


__all__ = ["Engagement", "OutOfReach", "Seen", "SiteEngagement", "engage"]
