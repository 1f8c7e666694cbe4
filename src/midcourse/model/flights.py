"""Batches of threat flights: aimed, flown, and read at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from .. import __version__
from ..physics import aim, flight
from ..physics.earth import WGS84, to_geodetic
from .rocket import Missile

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]

#: Mean Earth radius, for a central angle as ground range [m].
EARTH_RADIUS = 6371008.8

MODES = {"minimum-energy": aim.LEAST_ENERGY, "apogee": aim.APOGEE, "full-burnout": aim.FULL_BURN}


class OutOfReach(Exception):
    """The missile cannot fly from here to there as asked; says how far it can."""


@dataclass(frozen=True, eq=False)
class Flights:
    """Flights of one missile, one for each launch-target pair that it can fly.

    Attributes
    ----------
    missile : what flies
    launches, targets : (flights, 3) latitude, longitude, altitude [rad, rad, m]
    pairs : (flights, 2) which launch and which target, as given to ``aim_flights``
    steering : (flights, 4) azimuth [rad], kick [rad], cutoff [s], miss [m]
    nodes : (flights, n, 10) time, position, velocity, acceleration at step ends, ECI, SI
    counts : (flights,) nodes of each flight
    burnout_s, apogee_m, apogee_s, impact_s : (flights,)
    """

    missile: Missile
    launches: Array
    targets: Array
    pairs: NDArray[np.int64]
    steering: Array
    nodes: Array
    counts: Array
    burnout_s: Array
    apogee_s: Array
    apogee_m: Array
    impact_s: Array

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything but the missile."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "missile"}

    @classmethod
    def from_arrays(cls, missile: Missile, arrays: Mapping[str, NDArray[Any]]) -> Flights:
        """Flights from what ``arrays`` gave."""
        return cls(
            missile, **{each.name: arrays[each.name] for each in fields(cls) if each.name != "missile"}
        )

    @classmethod
    def flown(
        cls, missile: Missile, launches: Array, targets: Array, pairs: NDArray[np.int64], steering: Array,
        nodes: Array, summary: Array,
    ) -> Flights:  # fmt: skip
        """Flights from their nodes and ``summary`` (flights, 5), as of ``physics.aim.fly_many``."""
        rows, counts = np.arange(len(nodes)), summary[:, 1]
        return cls(
            missile, launches, targets, pairs, steering, nodes, counts,
            burnout_s=nodes[rows, summary[:, 2].astype(int), 0],
            apogee_s=summary[:, 3],
            apogee_m=summary[:, 4],
            impact_s=nodes[rows, counts.astype(int) - 1, 0],
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.launches)

    def dataset(self, times: Array) -> xarray.Dataset:
        """All flights at given times [s]: geodetic place and inertial speed, with units; nan after impact."""
        import xarray

        shape = (len(self), len(times))
        lat, lon, altitude, speed = (np.full(shape, np.nan) for _ in range(4))
        for i in range(len(self)):
            flying = np.flatnonzero((times >= 0.0) & (times <= self.impact_s[i]))
            places = geodetic(self.states(i, times[flying])) if len(flying) else np.zeros((0, 3))
            lat[i, flying], lon[i, flying] = np.degrees(places[:, 0]), np.degrees(places[:, 1])
            altitude[i, flying] = places[:, 2] / 1e3
            speed[i, flying] = np.linalg.norm(self.inertial_states(i, times[flying])[:, 3:], axis=1) / 1e3
        over = ("flight", "time")
        return xarray.Dataset(
            {
                "lat": (over, lat, {"units": "degrees_north", "long_name": "geodetic latitude"}),
                "lon": (over, lon, {"units": "degrees_east", "long_name": "longitude"}),
                "altitude": (over, altitude, {"units": "km", "long_name": "altitude above the ellipsoid"}),
                "speed": (over, speed, {"units": "km/s", "long_name": "inertial speed"}),
                "impact": ("flight", self.impact_s, {"units": "s", "long_name": "time of impact"}),
                "apogee": ("flight", self.apogee_m / 1e3, {"units": "km", "long_name": "apogee"}),
            },
            coords={"time": ("time", times, {"units": "s", "long_name": "time after launch"})},
            attrs={"missile": self.missile.name, "vehicle": self.missile.key, "midcourse": __version__},
        )

    def states(self, index: int, times: Array) -> Array:
        """Position [m] and velocity over the ground [m/s] in ECEF of one flight: (times, 6)."""
        out = np.empty((len(times), 6))
        count = int(self.counts[index])
        for i, t in enumerate(times):
            flight.ecef_state_at(self.nodes[index], count, t, WGS84, out[i])
        return out

    def inertial_states(self, index: int, times: Array) -> Array:
        """Position [m] and velocity [m/s] in ECI of one flight: (times, 6)."""
        out = np.empty((len(times), 6))
        count = int(self.counts[index])
        for i, t in enumerate(times):
            flight.state_at(self.nodes[index], count, t, out[i])
        return out


def aim_one(
    missile: Missile,
    start: tuple[float, float],
    target: tuple[float, float],
    apogee_m: float | None = None,
    mode: int = aim.LEAST_ENERGY,
    *,
    remedy: str = "; fly it lofted with --apogee",
) -> Flights:
    """The flight between two places (latitude, longitude [rad]); ``OutOfReach`` says why there is none.

    An apogee, if given, goes before ``mode``. ``remedy`` is said of places that are too near.
    """
    launch, end = np.array([[*start, 0.0]]), np.array([[*target, 0.0]])
    mode = mode if apogee_m is None else aim.APOGEE
    flights, status, reach = aim_flights(missile, launch, end, mode=mode, apogee_m=apogee_m or 0.0)
    outcome = int(status[0])
    if outcome == aim.HIT:
        return flights
    distance = Geod(ellps="WGS84").inv(start[1], start[0], target[1], target[0], radians=True)[2]
    asked = f"{distance / 1e3:,.0f} km"
    farthest = f"at most {reach[0] / 1e3:,.0f} km in this direction"
    if outcome == aim.TOO_CLOSE:
        raise OutOfReach(f"{missile.title} cannot fly as short as {asked} without shedding energy{remedy}")
    if apogee_m is not None and reach[0] >= distance:
        raise OutOfReach(
            f"{missile.title} cannot reach {asked} by way of {apogee_m / 1e3:,.0f} km: not enough energy"
        )
    if not reach[0] > 0.0:
        raise OutOfReach(
            f"no flight of {missile.title} over {asked} was found: at full burn it does not come down"
        )
    if outcome == aim.OUT_OF_REACH:
        raise OutOfReach(f"out of reach: {asked} asked, {missile.title} flies {farthest}")
    raise OutOfReach(f"no flight of {missile.title} over {asked} was found; it flies {farthest}")


def geodetic(states: Array) -> Array:
    """Latitude, longitude [rad] and altitude [m] of ECEF positions: (n, 3)."""
    return np.array([to_geodetic(x, y, z, WGS84) for x, y, z in states[:, :3]])


def aim_flights(
    missile: Missile,
    launches: Array,
    targets: Array,
    *,
    mode: int = aim.LEAST_ENERGY,
    apogee_m: float = 0.0,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> tuple[Flights, NDArray[np.int64], Array]:
    """Aim and fly every launch-target pair.

    Parameters
    ----------
    launches, targets : (l, 3) and (t, 3) latitude, longitude, altitude [rad, rad, m]; every launch is paired
        with every target

    Returns
    -------
    flights : those that reach
    status : (l * t,) outcome of every pair, as of ``physics.aim``
    reach_m : (l * t,) longest ground range toward the target where it had to be found, else nan
    """
    first, second = np.divmod(np.arange(len(launches) * len(targets)), len(targets))
    pairs = np.stack([first, second], axis=1)
    start, end = np.ascontiguousarray(launches[first]), np.ascontiguousarray(targets[second])
    vehicle, ranges = missile.vehicle, missile.ranges
    chunks: Sequence[NDArray[np.int64]] = np.array_split(np.arange(len(pairs)), max(1, len(pairs) // 16))

    def solve(chunk: NDArray[np.int64]) -> tuple[Array, Array, Array, Array, Array]:
        status, steering, reach = aim.aim_many(
            vehicle, ranges, start[chunk], end[chunk], mode, apogee_m, WGS84
        )
        hit = status == aim.HIT
        nodes, summary = aim.fly_many(vehicle, start[chunk][hit], steering[hit], WGS84)
        if progress:
            progress(len(chunk))
        return status, steering, reach, nodes, summary

    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(solve, chunks))
    status = np.concatenate([part[0] for part in parts]).astype(np.int64)
    hit = status == aim.HIT
    longest = max(part[3].shape[1] for part in parts)
    nodes = np.concatenate(
        [np.pad(part[3], ((0, 0), (0, longest - part[3].shape[1]), (0, 0)), mode="edge") for part in parts]
    )
    summary = np.concatenate([part[4] for part in parts])
    steering = np.concatenate([part[1] for part in parts])[hit]
    flights = Flights.flown(missile, start[hit], end[hit], pairs[hit], steering, nodes, summary)
    return flights, status, np.concatenate([part[2] for part in parts]) * EARTH_RADIUS
