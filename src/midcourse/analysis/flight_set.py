"""Flights of one missile, with what radars and trackers ask of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ..model import Flights, Missile
from ..model.flights import EARTH_RADIUS
from ..physics import sight, tracking, warning
from ..physics.earth import WGS84

Array = NDArray[np.float64]

#: Even times from launch to burnout between which what radars see goes evenly.
BOOST_LOOKS = 13
# Of the mean, how far apart times stand right after burnout: what matters for a commit happens early.
_EARLY = 0.4
# Cloud heights between which the time of declaration is read [m].
_CLOUDS = np.linspace(0.0, 16e3, 9)
#: Names for what a memory keeps results about: unlike an object's id, no later object can have the same.
NAMES = count()


@dataclass(frozen=True, eq=False)
class FlightSet:
    """The flights of one missile of a threat.

    Attributes
    ----------
    flights : those that reach
    pairs : (flights,) index of the launch-target pair, launches slowest
    looks : how many times a flight is looked at from burnout to impact
    climbs : (flights, clouds) when the booster passes the heights of ``_CLOUDS`` [s]
    key : its own, for what is remembered about it
    """

    missile: Missile
    flights: Flights
    pairs: NDArray[np.int64]
    looks: int
    climbs: Array
    key: int = field(default_factory=NAMES.__next__)

    def declared(self, cloud_m: Array, delay_s: Array) -> Array:
        """When the launch is declared from space: (samples, flights) [s]."""
        place = np.clip(cloud_m / (_CLOUDS[1] - _CLOUDS[0]), 0.0, len(_CLOUDS) - 1.001)
        low = place.astype(int)
        part = (place - low)[:, None]
        climbs = (1.0 - part) * self.climbs.T[low] + part * self.climbs.T[low + 1]
        return np.asarray(climbs + delay_s[:, None])

    @cached_property
    def boost(self) -> tuple[Array, Array]:
        """Even times from launch to burnout, and the states then, in ECI: (flights, n), (flights, n, 6)."""
        own = self.flights
        times = own.burnout_s[:, None] * np.linspace(0.0, 1.0, BOOST_LOOKS)
        return times, sight.states_at(own.nodes, own.counts, times)

    @cached_property
    def _free(self) -> tuple[tuple[Array, Array, Array], tuple[Array, Array, Array]]:
        """``cell_ends`` and ``inside_cells``, worked out together."""
        own = self.flights
        even = np.linspace(0.0, 1.0, self.looks)
        ends = even * (_EARLY + (1.0 - _EARLY) * even)
        cells = ends[:-1, None] + np.diff(ends)[:, None] * np.array([0.0, *tracking.GAUSS])
        parts = np.append(cells.ravel(), 1.0)
        times = own.burnout_s[:, None] + (own.impact_s - own.burnout_s)[:, None] * parts
        states = sight.states_at(own.nodes, own.counts, times)
        phis = tracking.many_transitions(own.nodes, own.counts, times, WGS84)
        inside = np.arange(times.shape[1]) % 3 != 0

        def taken(some: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
            # Copies: a view would hold on to the whole.
            when, where, grown = (np.compress(some, each, axis=1) for each in (times, states, phis))
            return when, where, grown

        return taken(~inside), taken(inside)

    @property
    def cell_ends(self) -> tuple[Array, Array, Array]:
        """Times from burnout to impact, closer early on, the states then in ECI, and how errors have grown:
        (flights, n), (flights, n, 6), (flights, n, 6, 6).
        """
        return self._free[0]

    @property
    def inside_cells(self) -> tuple[Array, Array, Array]:
        """The same at two Gauss points between every two of those times: (flights, 2 n - 2), ..."""
        return self._free[1]

    @cached_property
    def reentry_s(self) -> Array:
        """When every flight falls back into the air: (flights,) [s]."""
        return sight.reentry_times(self.flights.nodes, self.flights.counts, WGS84)

    @cached_property
    def axes(self) -> Array:
        """Velocity at re-entry in ECI: (flights, 3) [m/s]."""
        states = sight.states_at(self.flights.nodes, self.flights.counts, self.reentry_s[:, None])
        return np.ascontiguousarray(states[:, 0, 3:])

    @cached_property
    def flown_m(self) -> Array:
        """Ground distance at burnout: (flights,) [m]."""
        times, states = self.boost
        turned = WGS84.rotation * times[:, -1]
        start, end = states[:, 0, :3], states[:, -1, :3].copy()
        end[:, 0], end[:, 1] = (
            np.cos(turned) * end[:, 0] + np.sin(turned) * end[:, 1],
            np.cos(turned) * end[:, 1] - np.sin(turned) * end[:, 0],
        )
        cosine = np.sum(start * end, axis=1) / np.linalg.norm(start, axis=1) / np.linalg.norm(end, axis=1)
        return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)) * EARTH_RADIUS)


def flight_set(flights: Flights, pairs: NDArray[np.int64], looks: int) -> FlightSet:
    """A flight set, looked at so often between burnout and impact."""
    climbs = warning.climb_times(flights.nodes, flights.counts, flights.burnout_s, _CLOUDS, WGS84)
    return FlightSet(flights.missile, flights, pairs, looks, climbs)
