"""The ways of interceptors in space: flown once more, as the fly-out table of their battery says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.scene import way_to

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
    lasts, meets = interceptor.meet_s - interceptor.launch_s, interceptor.meet_s - course.at_s
    share = np.linspace(0.0, 1.0, max(2, int(np.ceil(lasts / _STEP)) + 1))
    times = [meets + beside for beside in _BESIDE]
    found = way_to(scenario.setting, battery, course.own, course.index, times, len(share))
    if found is None:
        return None
    _, states = found
    target = course.own.states(course.index, np.array([meets]))[0, :3]
    places = states[:, :3] + share[:, None] * (target - states[-1, :3])
    return interceptor.launch_s + share * lasts, places
