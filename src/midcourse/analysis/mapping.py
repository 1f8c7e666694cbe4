"""What an architecture does over many cells of a map: flights between them and a place, what is seen above
them, how soon interceptors are there.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..dossier.dispute import Threat
from ..model import Battery, Missile, Sensor
from ..model.aim_field import AimField, LongAim, aim_field_over
from ..model.flights import MODES, Flights
from ..model.memory import Memory, Passing
from ..model.radar import columns_of
from ..physics import aim, intercept, sight
from ..physics import radar as column
from ..physics.acquisition import FIRST, look_levels
from ..physics.earth import WGS84, to_ecef
from .flight_set import FlightSet, flight_set
from .outlook import Outlook, Station
from .setting import Setting
from .world import World

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

Field = AimField | LongAim

#: What the only threat of a map is called.
THREAT = "the map's threat"
#: Quantities about flights between every cell and some places.
FLOWN = ("defended", "shots", "warning", "denied")
#: Quantities about what stands or passes above every cell.
ABOVE = ("seen", "reach")
# How far apart flights are looked at in the mean, as the longest are where claims are judged [s], and how
# often at least.
_BETWEEN_LOOKS_S, _FEWEST_LOOKS = 52.0, 13
# What a setting remembers about flights, and forgets with them.
_OF_FLIGHTS = ("outlook", "views", "approach", "reaches", "arrivals", "planes", "transitions")


def _lasts(key: Hashable) -> bool:
    return not (isinstance(key, tuple) and key[0] in _OF_FLIGHTS)


@dataclass(frozen=True, eq=False)
class Flown:
    """The flights between one place and some cells.

    Attributes
    ----------
    count : how many cells
    sets : by missile, those that reach; their pairs number the cells
    memory : what has been worked out about them
    """

    count: int
    sets: tuple[FlightSet, ...]
    memory: Memory = field(default_factory=lambda: Memory(None))

    @property
    def bytes(self) -> int:
        """About how much memory they take, with all that has been worked out about them."""
        seen: dict[int, int] = {}
        for each in (*self.sets, *self.memory.results()):
            _weigh(each, seen)
        return sum(seen.values())


def _weigh(thing: Any, seen: dict[int, int]) -> None:
    """Put down the size of every array that a result holds, each once."""
    if isinstance(thing, np.ndarray):
        while isinstance(thing.base, np.ndarray):
            thing = thing.base
        seen[id(thing)] = thing.nbytes
    elif isinstance(thing, tuple | list):
        for each in thing:
            _weigh(each, seen)
    elif isinstance(thing, FlightSet | Flights | Outlook):
        # Another thread may be adding to it.
        for each in list(vars(thing).values()):
            _weigh(each, seen)


class Around(Setting):
    """A setting in which the threat is whatever a map is about.

    Attributes
    ----------
    architectures : whose radars look
    battery : the only one that fires; all of the architecture's where it is None
    """

    def __init__(
        self,
        dossier: Dossier,
        architectures: Sequence[str],
        sampled: Sequence[str] = (),
        memory: Memory | None = None,
        workers: int = 1,
        report: Callable[[str], None] | None = None,
        battery: str | None = None,
    ) -> None:
        super().__init__(dossier, sampled, memory, workers, report)
        self.architectures = tuple(architectures)
        self.battery = battery
        self._flown: Flown | None = None
        self._families: set[int] = set()

    def prepare(self) -> None:
        """Make the tables of the architectures' batteries."""
        firing = (each for name in self.architectures for each in self.firing(name))
        self._families = {self.family(battery).key for battery in firing}

    def firing(self, architecture: str) -> tuple[Battery, ...]:
        """The batteries of an architecture that a map is about."""
        defence = self.defence(architecture)
        return defence.batteries if self.battery is None else (defence.battery(self.battery),)

    @cached_property
    def stations(self) -> tuple[Station, ...]:
        """Every place from which a sensor of the map's architectures looks."""
        found = (Station.of(each) for name in self.architectures for each in self.defence(name).sensors)
        return tuple(dict.fromkeys(found))

    def fly(self, fields: Sequence[Field], where: Array) -> Flown:
        """Fly between a place, by its fields of every missile, and cells (p, 3)."""
        sets = []
        for each in fields:
            flights, _ = each.fly(where)
            if len(flights):
                cell = np.ascontiguousarray(flights.pairs[:, 1 if each.outward else 0])
                # By what all chunks share: what is seen must not depend on how cells are chunked.
                looks = max(_FEWEST_LOOKS, math.ceil(each.longest_free_s / _BETWEEN_LOOKS_S) + 1)
                sets.append(flight_set(flights, cell, looks))
        return Flown(len(where), tuple(sets))

    def over(self, flown: Flown) -> Around:
        """The setting in which the threat is some flights; what other radars and bases made of them is let
        go, unless they are ``spared``.
        """
        stations, spared = self.stations, self.spared()

        def unwanted(key: tuple[Any, ...]) -> bool:
            if key[0] == "outlook":
                return key[2] not in stations and key[2] not in spared
            if key[0] == "views":
                return bool(key[2] != stations)
            lost = key[0] in ("reaches", "arrivals", "planes") and key[2] not in self._families
            return lost and key[2] not in spared

        flown.memory.forget(unwanted)
        found = copy.copy(self)
        found._flown, found.memory = flown, Passing(self.memory, _lasts, flown.memory)
        return found

    def spared(self) -> Container[Station | int]:
        """Stations, and families of fly-out tables by their keys, that others will ask for."""
        return ()

    def pairs(self, threat: str) -> int:  # noqa: ARG002
        assert self._flown is not None
        return self._flown.count

    def flight_sets(self, threat: str) -> tuple[FlightSet, ...]:  # noqa: ARG002
        assert self._flown is not None
        return self._flown.sets


def fields_of(
    missiles: Sequence[Missile], threat: Threat, place: Array, cells: Array, *, outward: bool, pool: Executor
) -> list[Field]:
    """What aims every missile, as it flies in a threat, between a place (3,) and cells (p, 3)."""
    if threat.apogee is not None:
        return [LongAim(each, place, outward, aim.APOGEE, threat.apogee.value) for each in missiles]
    mode = MODES[threat.trajectory]
    if mode != aim.LEAST_ENERGY:
        return [LongAim(each, place, outward, mode, 0.0) for each in missiles]
    return [aim_field_over(each, place, cells, outward=outward, pool=pool) for each in missiles]


def flown_values(
    setting: Around, flown: Flown, quantity: str, architecture: str, values: Mapping[str, Array],
    choice: Indices | None, rows: int, figures: dict[Any, Any] | None = None,
) -> Array:  # fmt: skip
    """A quantity of ``FLOWN`` between a place and some cells: (rows, cells); nan where no missile gets there.

    Parameters
    ----------
    values : of the sampled parameters, (rows,) each, SI
    choice : which of the threat's missiles it is in every sample
    figures : as of ``World``
    """
    here = setting.over(flown)
    if not flown.sets:
        return np.full((rows, here.pairs(THREAT)), np.nan)
    choices = {} if choice is None else {THREAT: choice}
    world = World(here, values, choices, rows, figures)
    if not world.sets(THREAT):
        return np.full((rows, here.pairs(THREAT)), np.nan)
    found: Array
    firing = here.firing(architecture)
    if quantity == "shots":
        found = world.chances(THREAT, architecture, firing, shots=True).shots
    elif quantity == "warning":
        sights = world.chances(THREAT, architecture, (), sights=True).sights[..., FIRST]
        unseen = np.where(np.isnan(sights), np.inf, sights)
        first = unseen.min(axis=0, initial=np.inf)
        found = np.maximum(0.0, world.timing(THREAT, "impact_s") - first)
    else:
        found = np.asarray(world.engaged(THREAT, architecture, firing).any(axis=0), dtype=np.float64)
    return np.where(world.reachable(THREAT), found, np.nan)


def seen_from(setting: Setting, architecture: str, cells: Array, altitude_m: float, rcs_m2: float) -> Array:
    """Which sensors would see a target at an altitude above every cell in one look: (sensors, cells), 1 or 0.

    ``cells`` (p, 3) latitude, longitude [rad]; the target's cross-section is the same from every side.
    """
    states = sight.standing(_raised(cells, altitude_m), WGS84)
    sensors = setting.defence(architecture).sensors
    return np.array([sees(setting, each, states, rcs_m2) for each in sensors], dtype=np.float64).reshape(
        len(sensors), len(cells)
    )


def sees(setting: Setting, sensor: Sensor, states: Array, rcs_m2: float) -> NDArray[np.bool_]:
    """Whether a sensor would see bodies that stand still, as of ``sight.standing``, in one look each: (p,).

    Their cross-section is the same from every side.
    """
    times, axes = np.zeros((len(states), 1)), np.ones((len(states), 3))
    site, other = sensor.site, sensor.transmitter
    rows = sight.sights(
        times, states, axes, sight.TUMBLING,
        np.array([site.lat, site.lon, site.altitude]), np.array([other.lat, other.lon, other.altitude]),
        np.array(sensor.boresights, dtype=np.float64), WGS84,
    )[:, 0]  # fmt: skip
    data = setting.dossier.radar[sensor.radar.name]
    radar = columns_of(data, partial(_nominal, setting, f"radar.{sensor.radar.name}."))[0]
    radar[column.NOSE] = radar[column.SIDE] = np.log(rcs_m2)
    levels, cosines = np.empty(len(rows)), np.empty(len(rows))
    look_levels(radar, rows, False, levels, cosines)
    return np.asarray(
        (levels >= radar[column.NEEDED])
        & (rows[:, sight.LOW] >= radar[column.LOWEST])
        & (rows[:, sight.HIGH] <= radar[column.HIGHEST])
        & (rows[:, sight.OFF] <= radar[column.HALF])
    )


def _nominal(setting: Setting, prefix: str, field: str) -> Array:
    return np.array([setting.nominal[prefix + field]])


def arrivals_above(setting: Setting, battery: Battery, cells: Array, altitude_m: float) -> Array:
    """The shortest flight of a battery's interceptors to an altitude above every cell: (cells,) [s]; nan
    where there is none.
    """
    site = battery.site
    place = np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))
    approach = intercept.overhead(_raised(cells, altitude_m), place, WGS84)
    found = intercept.arrivals(setting.family(battery).base, approach)[0]
    interceptor = battery.interceptor
    allowed = (found <= interceptor.longest_flight_s) & (altitude_m >= interceptor.minimum_altitude_m)
    return np.where(allowed, found, np.nan)


def _raised(cells: Array, altitude_m: float) -> Array:
    return np.column_stack([cells[:, :2], np.full(len(cells), altitude_m)])
