"""The ways of interceptors in space, flown once more as the fly-out table of their battery says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..model import Battery, Flights
from ..physics import flight
from ..physics.earth import WGS84
from ..physics.intercept import meeting
from .setting import Setting

Array = NDArray[np.float64]

# On the very edge of what it can meet, a table may say no: a moment beside it will do [s].
_BESIDE = (0.0, 1.0, -1.0, 3.0, -3.0, 10.0, -10.0)
# Between two places of a way [s].
_STEP = 5.0


def way_to(
    setting: Setting, battery: Battery, flights: Flights, index: int, times: Sequence[float], points: int
) -> tuple[Array, Array] | None:
    """The fastest way of a battery's interceptor to a flight, at the first of these times [s] at which its
    table has one: where they meet, (3,) in the Earth-fixed frame [m], and states along the way at even times,
    (points, 6); None where there is none.
    """
    out, table = np.empty(7), setting.family(battery).base
    nodes, count = flights.nodes[index], int(flights.counts[index])
    if not any(meeting(table, nodes, count, t, WGS84, out) for t in times):
        return None
    site, vehicle = battery.site, battery.interceptor.vehicle
    flown = np.empty((flight.MOST_NODES, flight.NODE_COLUMNS))
    _, reached, _ = flight.fly(
        vehicle, site.lat, site.lon, site.altitude, out[5], out[6], flight.full_burn(vehicle), out[4],
        flight.TOLERANCE, WGS84, flown,
    )  # fmt: skip
    states = np.empty((points, 6))
    for i, moment in enumerate(np.linspace(0.0, flown[reached - 1, 0], points)):
        flight.ecef_state_at(flown, reached, moment, WGS84, states[i])
    return out[:3], states


def way_between(
    setting: Setting, battery: Battery, flights: Flights, index: int, launch_s: float, meet_s: float
) -> tuple[Array, Array] | None:
    """The way of an interceptor that leaves and meets a flight at these times after its launch: times (n,)
    [s] and places in the Earth-fixed frame (n, 3) [m]; None where the table has no way there.

    The fastest way to where they meet, stretched in time where the interceptor has longer, and drawn to end
    where the missile is.
    """
    lasts = meet_s - launch_s
    share = np.linspace(0.0, 1.0, max(2, int(np.ceil(lasts / _STEP)) + 1))
    found = way_to(setting, battery, flights, index, [meet_s + each for each in _BESIDE], len(share))
    if found is None:
        return None
    _, states = found
    target = flights.states(index, np.array([meet_s]))[0, :3]
    places = states[:, :3] + share[:, None] * (target - states[-1, :3])
    return launch_s + share * lasts, places
