"""The ways of a run's interceptors in space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.ways import way_between

if TYPE_CHECKING:
    from midcourse.operation.interceptor import Interceptor
    from midcourse.operation.shield import Shield

Array = NDArray[np.float64]


def way_of(shield: Shield, interceptor: Interceptor) -> tuple[Array, Array] | None:
    """Times after the raid begins (n,) and places (n, 3), as of ``analysis.ways.way_between``."""
    scenario, order = shield.scenario, interceptor.order
    course = scenario.courses[order.missile]
    battery = scenario.defence.batteries[order.battery]
    launch, meet = interceptor.launch_s - course.at_s, interceptor.meet_s - course.at_s
    found = way_between(scenario.setting, battery, course.own, course.index, launch, meet)
    return None if found is None else (course.at_s + found[0], found[1])
