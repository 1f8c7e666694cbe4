"""A setting: a dossier with one party's figures, and everything about it that does not change from sample to
sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier, InputError
from ..dossier.dispute import Places, Threat
from ..model import Battery, Defence, Flights, FlyoutFamily, Interceptor, Missile
from ..model import defence as make_defence
from ..model import interceptor as make_interceptor
from ..model import missile as make_missile
from ..model.defence import Place
from ..model.flights import MODES, aim_flights
from ..model.flyouts import flyout_family
from ..model.memory import Arrays, Memory, Passing
from ..physics import aim, intercept, prediction, tracking
from ..physics.earth import WGS84, to_ecef
from ..physics.observation import Views
from .flight_set import NAMES, FlightSet, flight_set
from .outlook import Outlook, Station, addresses_of, look_from

Array = NDArray[np.float64]


class Setting:
    """What samples share: flights, lines of sight, fly-out tables. Computed when first asked for.

    Attributes
    ----------
    looks : times from burnout to impact between which what radars see goes evenly
    nodes : even times at which the latest launch is found; between them it runs almost straight

    Parameters
    ----------
    dossier : with the figures of a viewpoint and a claim already in it
    sampled : paths of the parameters that samples change
    memory : shared with other settings, which often differ in a figure or two
    workers : threads that may be used for what is computed here
    """

    looks = 35
    nodes = 41
    #: Whether windows are sought as closely as the tables allow, for a few flights that are not sampled.
    closely = False

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
        self._key = next(NAMES)
        self.workers = workers
        self.report = report or (lambda _: None)
        #: Nominal value of every parameter, SI.
        self.nominal = {path: parameter.value for path, parameter in dossier.parameters().items()}
        #: Sampled paths that this setting leaves open.
        self.sampled: tuple[str, ...] = ()
        #: Sites whose fly-out tables are taken from another place for now: what comes of it is a preview.
        self.borrowed: Mapping[str, Place] = {}
        self._changing: dict[Any, tuple[tuple[str, ...], tuple[tuple[float, float], ...]]] = {}
        self.open(sampled)

    def open(self, paths: Sequence[str]) -> None:
        """Let samples change more parameters: of those named, the ones that this setting's figures leave a
        range.
        """
        parameters = self.dossier.parameters()
        scaled = {f"interceptor.{n}.payload" for n, i in self.dossier.interceptor.items() if i.burnout_speed}
        free = [p for p in paths if p in parameters and parameters[p].ranged and p not in scaled]
        self.sampled = tuple(dict.fromkeys((*self.sampled, *free)))

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

        return self.memory.get(("set", *key, missile.name, self.looks), build)

    @cached_property
    def stations(self) -> tuple[Station, ...]:
        """Every place from which a sensor of some architecture looks."""
        found: dict[Station, None] = {}
        for name in self.dossier.architecture:
            if self.dossier.resolved_architecture(name).doctrine is not None:
                found.update(dict.fromkeys(Station.of(sensor) for sensor in self.defence(name).sensors))
        return tuple(found)

    def views(self, flights: FlightSet) -> tuple[Views, dict[Station, int]]:
        """The flights as the stations see them, and the place of each there; those without a sight of any
        flight are left out.
        """

        def compute() -> tuple[Views, dict[Station, int]]:
            looking = {station: self.outlook(flights, station) for station in self.stations}
            seen = {station: each for station, each in looking.items() if each.seen}
            count, flown = len(seen), len(flights.pairs)
            views = Views(
                flights.boost[0],
                flights.cell_ends[0],
                addresses_of(list(seen.values())),
                np.array([each.cells for each in seen.values()], dtype=np.int64).reshape(count, flown),
                np.array([each.swings for each in seen.values()]).reshape(count, flown),
                np.ascontiguousarray(flights.boost[1][:, -1]),
                flights.flown_m,
            )
            return views, {station: i for i, station in enumerate(seen)}

        return self.memory.get(("views", flights.key, self.stations), compute)

    def outlook(self, flights: FlightSet, station: Station) -> Outlook:
        """The flights as one station sees them."""
        return self.memory.get(("outlook", flights.key, station), lambda: look_from(flights, station))

    def approach(self, flights: FlightSet, battery: Battery) -> Array:
        """Every flight as a battery's site sees it, from burnout to impact: (flights, nodes, 5)."""
        site = battery.site
        place = np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))
        own = flights.flights
        return self.memory.get(
            ("approach", flights.key, site),
            lambda: intercept.approaches(own.nodes, own.counts, own.burnout_s, place, self.nodes, WGS84),
        )

    def reaches(self, flights: FlightSet, battery: Battery) -> bool:
        """Whether any of a battery's interceptors, launched after burnout, meets any of the flights."""

        def compute() -> bool:
            known, approach = self.known_arrivals(flights, battery), self.approach(flights, battery)
            launches = approach[:, :, intercept.TIME, None] - known
            return bool((launches > flights.flights.burnout_s[:, None, None]).any())

        return self.memory.get(("reaches", flights.key, self.family(battery).key), compute)

    def planes(self, flights: FlightSet, battery: Battery) -> Array:
        """The planes across the closing velocity at the places of ``approach``: (flights, nodes, 13)."""
        family = self.family(battery)
        own = flights.flights

        def compute() -> Array:
            approach, burnouts = (
                self.approach(flights, battery),
                np.ascontiguousarray(flights.boost[1][:, -1]),
            )
            phis = self._transitions(flights, approach)
            return prediction.planes(family.base, own.nodes, own.counts, approach, phis, burnouts, WGS84)

        return self.memory.get(("planes", flights.key, family.key), compute)

    def _transitions(self, flights: FlightSet, approach: Array) -> Array:
        """How errors have grown at the times of ``approach``, which all sites share: (flights, nodes, 6,
        6).
        """
        own, times = flights.flights, np.ascontiguousarray(approach[:, :, intercept.TIME])
        return self.memory.get(
            ("transitions", flights.key, self.nodes),
            lambda: tracking.many_transitions(own.nodes, own.counts, times, WGS84),
        )

    def impact_planes(self, flights: FlightSet) -> Array:
        """The ground below every flight's re-entry: (flights, 13)."""
        own, ends = flights.flights, flights.reentry_s
        times = np.stack([own.burnout_s, ends], axis=1)
        phis = tracking.many_transitions(own.nodes, own.counts, times, WGS84)[:, 1]
        return prediction.impact_planes(own.nodes, own.counts, ends, np.ascontiguousarray(phis), WGS84)

    def known_arrivals(self, flights: FlightSet, battery: Battery) -> Array:
        """Earliest arrivals at the places of ``approach``, by every table of the family: (flights, nodes,
        tables).
        """
        family = self.family(battery)
        approach = self.approach(flights, battery)
        return self.memory.get(
            ("arrivals", flights.key, family.key),
            lambda: intercept.arrivals_by_table(family.tops, family.limits, family.times, approach),
        )

    def _varied(self, interceptor: str) -> tuple[tuple[str, ...], tuple[tuple[float, float], ...]]:
        """Sampled parameters that change an interceptor's flight; the ranges of these and of what decides how
        far its tables go.
        """
        key = (interceptor, self.sampled)
        if key not in self._changing:
            changing, parameters = vehicle_paths(self.dossier, interceptor), self.dossier.parameters()
            paths = tuple(path for path in self.sampled if path in changing)
            prefix = f"interceptor.{interceptor}."
            ends = (prefix + "longest_flight", prefix + "minimum_altitude", *paths)
            spans = tuple((parameters[path].lowest, parameters[path].highest) for path in ends)
            self._changing[key] = paths, spans
        return self._changing[key]

    def family(self, battery: Battery) -> FlyoutFamily:
        """Fly-out tables of a battery over the sampled parameters that change them."""
        name = battery.interceptor.name
        paths, spans = self._varied(name)
        borrowed = self.borrowed.get(battery.site.name)

        def build() -> FlyoutFamily:
            self.report(f"fly-out of {battery.interceptor.title} from {battery.site.title}")
            return flyout_family(
                self.dossier, name, battery.site, paths, self.memory, self.workers, borrowed=borrowed
            )

        key = ("family", battery.interceptor.key, battery.site, paths, spans)
        return self.memory.get(key if borrowed is None else (*key, borrowed), build)


# What lasts of what a setting keeps: flights of the dossier's threats, and fly-out tables.
_LASTING = ("flights", "set", "family", "fly-out", "fly-out family")


def apart(memory: Memory) -> Memory:
    """A memory for a setting with flights of its own: what is about these goes with it, the rest stays."""
    return Passing(memory, lambda key: isinstance(key, tuple) and key[0] in _LASTING)


def vehicle_paths(dossier: Dossier, interceptor: str) -> set[str]:
    """Paths of the parameters that change an interceptor's flight."""
    data = dossier.interceptor[interceptor]
    prefix = f"interceptor.{interceptor}."
    found = {prefix + field for field in ("payload", "burnout_speed", "rise_time", "pitch_time")}
    starts = [f"{prefix}stage."] + [f"motor.{stage.motor}." for stage in data.stage if stage.motor]
    found.update(path for path in dossier.parameters() if path.startswith(tuple(starts)))
    return found


def _points(places: Places) -> Array:
    return np.array([(point.lat.value, point.lon.value, 0.0) for point in places.point])
