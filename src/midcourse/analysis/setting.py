"""A setting: a dossier with one party's figures, and everything about it that does not change from sample to
sample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier, InputError
from ..dossier.dispute import Places, Threat
from ..model import Battery, Defence, Flights, FlyoutFamily, Interceptor, Missile, Sensor
from ..model import defence as make_defence
from ..model import interceptor as make_interceptor
from ..model import missile as make_missile
from ..model.flights import MODES, aim_flights
from ..model.flyouts import flyout_family
from ..model.memory import Arrays, Memory
from ..physics import aim, intercept, sensing
from ..physics.earth import WGS84, to_ecef

Array = NDArray[np.float64]

# Cloud heights between which the time of declaration is read [m].
_CLOUDS = np.linspace(0.0, 16e3, 9)
# Names for what a memory keeps results about: unlike an object's id, no later object can have the same.
_NAMES = count()


@dataclass(frozen=True, eq=False)
class FlightSet:
    """The flights of one missile of a threat.

    Attributes
    ----------
    flights : those that reach
    pairs : (flights,) index of the launch-target pair, launches slowest
    times, states : every flight at even times from launch to impact: (flights, looks) [s], (flights, looks,
        6) ECEF
    climbs : (flights, clouds) when the booster passes the heights of ``_CLOUDS`` [s]
    key : its own, for what is remembered about it
    """

    missile: Missile
    flights: Flights
    pairs: NDArray[np.int64]
    times: Array
    states: Array
    climbs: Array
    key: int = field(default_factory=_NAMES.__next__)

    def declared(self, cloud_m: Array, delay_s: Array) -> Array:
        """When the launch is declared from space: (samples, flights) [s]."""
        place = np.clip(cloud_m / (_CLOUDS[1] - _CLOUDS[0]), 0.0, len(_CLOUDS) - 1.001)
        low = place.astype(int)
        part = (place - low)[:, None]
        climbs = (1.0 - part) * self.climbs.T[low] + part * self.climbs.T[low + 1]
        return np.asarray(climbs + delay_s[:, None])


def flight_set(flights: Flights, pairs: NDArray[np.int64], looks: int) -> FlightSet:
    """A flight set, with the flights at even times."""
    times, states = sensing.even_times(flights.nodes, flights.counts, looks, WGS84)
    climbs = sensing.climb_times(flights.nodes, flights.counts, flights.burnout_s, _CLOUDS, WGS84)
    return FlightSet(flights.missile, flights, pairs, times, states, climbs)


class Setting:
    """What samples share: flights, lines of sight, fly-out tables. Computed when first asked for.

    Attributes
    ----------
    looks : even times at which radars look at a flight; in between, elevation and distance go evenly
    nodes : even times at which the latest launch is found; between them it runs almost straight


    Parameters
    ----------
    dossier : with the figures of a viewpoint and a claim already in it
    sampled : paths of the parameters that samples change
    memory : shared with other settings, which often differ in a figure or two
    workers : threads that may be used for what is computed here
    """

    looks = 72
    nodes = 41

    def __init__(
        self,
        dossier: Dossier,
        sampled: Sequence[str] = (),
        memory: Memory | None = None,
        workers: int = 1,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self.dossier = dossier
        self.memory = memory or Memory()
        self._key = next(_NAMES)
        self.workers = workers
        self.report = report or (lambda _: None)
        #: Sampled paths that this setting leaves open.
        self.sampled: tuple[str, ...] = ()
        self.open(sampled)

    def open(self, paths: Sequence[str]) -> None:
        """Let samples change more parameters: of those named, the ones that this setting's figures leave a
        range.
        """
        parameters = self.dossier.parameters()
        scaled = {f"interceptor.{n}.payload" for n, i in self.dossier.interceptor.items() if i.burnout_speed}
        free = [p for p in paths if p in parameters and parameters[p].ranged and p not in scaled]
        self.sampled = tuple(dict.fromkeys((*self.sampled, *free)))

    @cached_property
    def nominal(self) -> dict[str, float]:
        """Nominal value of every parameter, SI."""
        return {path: parameter.value for path, parameter in self.dossier.parameters().items()}

    def threat(self, name: str) -> Threat:
        return self.dossier.get("threat", name)  # type: ignore[no-any-return]

    def missile(self, name: str) -> Missile:
        return self.memory.get(("missile", self._key, name), lambda: make_missile(self.dossier, name))

    def interceptor(self, name: str) -> Interceptor:
        return self.memory.get(("interceptor", self._key, name), lambda: make_interceptor(self.dossier, name))

    def defence(self, name: str) -> Defence:
        return self.memory.get(("defence", self._key, name), lambda: make_defence(self.dossier, name))

    def places(self, name: str) -> Places:
        return self.dossier.get("places", name)  # type: ignore[no-any-return]

    def pairs(self, threat: str) -> int:
        """How many launch-target pairs a threat has."""
        data = self.threat(threat)
        return len(self.places(data.from_).point) * len(self.places(data.to).point)

    def flight_sets(self, threat: str) -> tuple[FlightSet, ...]:
        """The flights of a threat, one set for each missile it may be."""
        data = self.threat(threat)
        return tuple(self._flight_set(threat, self.missile(name)) for name in data.missile)

    def _flight_set(self, threat: str, missile: Missile) -> FlightSet:
        data = self.threat(threat)
        launches, targets = _points(self.places(data.from_)), _points(self.places(data.to))
        mode, apogee = MODES[data.trajectory], 0.0
        if data.apogee is not None:
            mode, apogee = aim.APOGEE, data.apogee.value
        key = ("flights", missile.key, launches.tobytes().hex(), targets.tobytes().hex(), mode, apogee)

        def fly() -> Arrays:
            self.report(f"flying {missile.title}, {len(launches) * len(targets)} pairs: {data.name}")
            flights, status, reach = aim_flights(
                missile, launches, targets, mode=mode, apogee_m=apogee, workers=self.workers
            )
            return {**flights.arrays(), "status": status, "reach": reach}

        def build() -> FlightSet:
            arrays = self.memory.arrays(key, fly)
            flights = Flights.from_arrays(missile, arrays)
            if not len(flights):
                raise InputError(
                    f"threat {threat}: {missile.title} reaches none of the targets from any launch point",
                    where=self.dossier.where(f"threat.{threat}.missile"),
                    expected="a missile of longer range, or nearer places",
                )
            pairs = flights.pairs[:, 0] * len(targets) + flights.pairs[:, 1]
            return flight_set(flights, pairs, self.looks)

        return self.memory.get(("set", *key, missile.name), build)

    def view(self, flights: FlightSet, sensor: Sensor) -> Array:
        """Log distance, elevation and angle off boresight of every flight from a sensor: (flights, looks,
        3).
        """
        site = sensor.site
        boresights = np.array(sensor.azimuths, dtype=np.float64)
        return self.memory.get(
            ("view", flights.key, site.lat, site.lon, site.altitude, boresights.tobytes()),
            lambda: sensing.geometry(site.lat, site.lon, site.altitude, boresights, flights.states, WGS84),
        )

    def approach(self, flights: FlightSet, battery: Battery) -> Array:
        """Every flight as a battery's site sees it, from burnout to impact: (flights, nodes, 5)."""
        site = battery.site
        place = np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))
        own = flights.flights
        return self.memory.get(
            ("approach", flights.key, site),
            lambda: intercept.approaches(own.nodes, own.counts, own.burnout_s, place, self.nodes, WGS84),
        )

    def known_arrivals(self, flights: FlightSet, battery: Battery) -> Array:
        """Earliest arrivals at the places of ``approach``, by every table of the family: (flights, nodes,
        tables).
        """
        family = self.family(battery)
        approach = self.approach(flights, battery)
        return self.memory.get(
            ("arrivals", flights.key, id(family)),
            lambda: np.stack([intercept.arrivals(table, approach) for table in family.tables()], axis=2),
        )

    def family(self, battery: Battery) -> FlyoutFamily:
        """Fly-out tables of a battery over the sampled parameters that change them."""
        name = battery.interceptor.name
        changing = vehicle_paths(self.dossier, name)
        paths = tuple(path for path in self.sampled if path in changing)
        parameters = self.dossier.parameters()
        # What decides how far the tables go.
        ends = [f"interceptor.{name}.longest_flight", f"interceptor.{name}.minimum_altitude", *paths]
        spans = tuple((parameters[path].lowest, parameters[path].highest) for path in ends)

        def build() -> FlyoutFamily:
            self.report(f"fly-out of {battery.interceptor.title} from {battery.site.title}")
            return flyout_family(self.dossier, name, battery.site, paths, self.memory, self.workers)

        return self.memory.get(("family", battery.interceptor.key, battery.site, paths, spans), build)


def vehicle_paths(dossier: Dossier, interceptor: str) -> set[str]:
    """Paths of the parameters that change an interceptor's flight."""
    data = dossier.interceptor[interceptor]
    prefix = f"interceptor.{interceptor}."
    found = {prefix + field for field in ("payload", "rise_time", "pitch_time")}
    starts = [f"{prefix}stage."] + [f"motor.{stage.motor}." for stage in data.stage if stage.motor]
    found.update(path for path in dossier.parameters() if path.startswith(tuple(starts)))
    return found


def _points(places: Places) -> Array:
    return np.array([(point.lat.value, point.lon.value, 0.0) for point in places.point])
