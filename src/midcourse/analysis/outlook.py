"""Flights as a station sees them."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model import Sensor
from ..physics import acquisition, sight, tracking
from ..physics.earth import WGS84
from ..physics.observation import LOWEST_SIGHT, cells_in_sight
from .flight_set import FlightSet

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Station:
    """Where a radar stands and which way it looks: all that its view of a flight depends on."""

    lat: float
    lon: float
    altitude: float
    transmitter: tuple[float, float, float]
    boresights: tuple[float, ...]
    rest: float | None

    @classmethod
    def of(cls, sensor: Sensor) -> Station:
        """The station of a sensor."""
        site, other = sensor.site, sensor.transmitter
        rest = sensor.azimuths[0] if sensor.radar.steerable and sensor.azimuths else None
        apart = (other.lat, other.lon, other.altitude)
        return cls(site.lat, site.lon, site.altitude, apart, sensor.boresights, rest)


@dataclass(frozen=True, eq=False)
class Outlook:
    """Flights as one station sees them, in the arrays of ``observation.Views``.

    Attributes
    ----------
    seen : whether it has any in sight at all; where not, there is nothing
    """

    boost: Array
    free: Array
    structures: Array
    partings: Array
    cells: Indices
    swings: Array

    @property
    def seen(self) -> bool:
        return len(self.cells) > 0

    @property
    def addresses(self) -> list[int]:
        """A row of ``Views.arrays``."""
        arrays = (self.boost, self.free, self.structures, self.partings)
        return [each.__array_interface__["data"][0] for each in arrays]


def addresses_of(outlooks: Sequence[Outlook]) -> Indices:
    """``Views.arrays`` (outlooks, 4): what the addresses point to lives as long as this array, whatever else
    lets go of it meanwhile.
    """
    out = np.empty((len(outlooks), 4), dtype=np.int64)
    for row, each in zip(out, outlooks, strict=True):
        row[:] = each.addresses
    weakref.finalize(out, len, tuple(outlooks)).atexit = False
    return out


def look_from(flights: FlightSet, station: Station) -> Outlook:
    boost_times, boost_states = flights.boost
    receiver, transmitter = _places_of(station)
    (times, states, phis), between = flights.cell_ends, flights.inside_cells
    where = (receiver, transmitter, np.array(station.boresights, dtype=np.float64), WGS84)
    boost = sight.sights(boost_times, boost_states, flights.axes, sight.ALONG_VELOCITY, *where)
    free = sight.sights(times, states, flights.axes, flights.missile.attitude, *where)
    if not max(boost[:, :, sight.LOW].max(), free[:, :, sight.LOW].max()) >= LOWEST_SIGHT:
        nothing = np.empty(0)
        return Outlook(nothing, nothing, nothing, nothing, np.empty(0, dtype=np.int64), nothing)
    # A radar has few of the flights in sight, and not for long.
    span = cells_in_sight(free)
    rows = np.append(0, np.cumsum(span[:, 1] - span[:, 0]))
    structures = np.empty((rows[-1], tracking.STRUCTURE))
    tracking.fill_structures(*between, span, receiver, transmitter, WGS84, structures)
    swings = np.full(len(times), 0.5 * np.pi)
    if station.rest is not None:
        turn = sight.bearings(times[:, :1], states[:, :1], receiver, WGS84)[:, 0] - station.rest
        swings = np.abs((turn + np.pi) % (2.0 * np.pi) - np.pi)
    partings = acquisition.partings(times, states, phis, receiver, WGS84)
    return Outlook(boost, free, structures, partings, rows[:-1] - span[:, 0], swings)


def _places_of(station: Station) -> tuple[Array, Array]:
    """Where a station receives and transmits: latitude, longitude, altitude."""
    return np.array([station.lat, station.lon, station.altitude]), np.array(station.transmitter)
