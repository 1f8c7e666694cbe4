"""The ways of interceptors in space: flown once more, as the fly-out table of their battery says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midcourse.physics import flight
from midcourse.physics.earth import WGS84
from midcourse.physics.intercept import meeting

if TYPE_CHECKING:
    from midcourse.operation.interceptor import Interceptor
    from midcourse.operation.shield import Shield

Array = NDArray[np.float64]

# On the very edge of what it can meet, a table may say no: a moment beside it will do [s].
_BESIDE = (0.0, 1.0, -1.0, 3.0, -3.0, 10.0, -10.0)
# Between two places of the way [s].
_STEP = 5.0


def way_of(shield: Shield, interceptor: Interceptor) -> tuple[Array, Array] | None:
    """Times after the raid begins (n,) and places in the Earth-fixed frame [m] (n, 3); None where the table
    has no way there.

    The fastest way to where they meet, stretched in time where the interceptor has longer, and drawn to end
    where the missile is.
    """
    scenario, order = shield.scenario, interceptor.order
    course = scenario.courses[order.missile]
    battery = scenario.defence.batteries[order.battery]
    own, index = course.own, course.index
    meets = interceptor.meet_s - course.at_s
    table, out = scenario.setting.family(battery).base, np.empty(7)
    nodes, count = own.nodes[index], int(own.counts[index])
    if not any(meeting(table, nodes, count, meets + beside, WGS84, out) for beside in _BESIDE):
        return None
    site, vehicle = battery.site, battery.interceptor.vehicle
    flown = np.empty((flight.MOST_NODES, flight.NODE_COLUMNS))
    _, reached, _ = flight.fly(
        vehicle, site.lat, site.lon, site.altitude, out[5], out[6], flight.full_burn(vehicle), out[4],
        flight.TOLERANCE, WGS84, flown,
    )  # fmt: skip
    lasts = interceptor.meet_s - interceptor.launch_s
    share = np.linspace(0.0, 1.0, max(2, int(np.ceil(lasts / _STEP)) + 1))
    states = np.empty((len(share), 6))
    for i, moment in enumerate(share * flown[reached - 1, 0]):
        flight.ecef_state_at(flown, reached, moment, WGS84, states[i])
    target = own.states(index, np.array([meets]))[0, :3]
    places = states[:, :3] + share[:, None] * (target - states[-1, :3])
    return interceptor.launch_s + share * lasts, places
