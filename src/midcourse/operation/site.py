"""Interceptor sites: what they have, whether they are ready, how fast one launch follows another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..physics.intercept import first_intercept
from .interceptor import Interceptor

if TYPE_CHECKING:
    from .command import Order
    from .shield import Shield


class Site:
    """A battery.

    Attributes
    ----------
    left : interceptors that it still has
    down : whether it has failed
    """

    def __init__(self, shield: Shield, number: int) -> None:
        self.shield, self.number = shield, number
        self.battery = shield.scenario.defence.batteries[number]
        self.left = self.battery.inventory
        self.down = False
        self._free_s = -math.inf

    @property
    def name(self) -> str:
        return self.battery.name

    def launch(self, order: Order) -> None:
        """Carry out an order, once the last launch is long enough ago."""
        shield = self.shield
        now = shield.now
        interval = shield.scenario.doctrine.shot_interval.value
        wait = self._free_s - now
        if wait > 1e-9:
            shield.after(wait, self.launch, order)
            return
        if self.down or self.left <= 0:
            self._scrub(order, "site down" if self.down else "none left")
            return
        if shield.command.over(order.missile):
            self._scrub(order, "target gone")
            return
        start = float(shield.bodies.starts[order.missile])
        meet, row = self._meet(order, now - start)
        if math.isnan(meet):
            self._scrub(order, "too late")
            return
        self._free_s = now + interval
        self.left -= 1
        name = f"I{len(shield.interceptors) + 1}"
        event = shield.tell(
            self.name, "launched", order.missile, order.cause, interceptor=name, left=self.left
        )
        shield.interceptors.append(Interceptor(shield, name, order, now, start + meet, row, event))

    def _meet(self, order: Order, launch: float) -> tuple[float, float]:
        """Time and row of the intercept, in seconds after the missile's launch; nan where there is none."""
        arm = self.shield.scenario.arms[order.missile][self.number]
        assert arm is not None
        if launch <= order.launch_s + 1e-6:
            return order.meet_s, order.row
        # Late: the same intercept, or the next that such a launch still makes.
        i = int(2.0 * order.row)
        latest = arm.curve[i : i + 2, 1]
        if latest.min() >= launch:
            return order.meet_s, order.row
        meet = first_intercept(arm.curve[i:], launch)
        times = arm.curve[:, 0]
        row = 0.5 * float(abs(times - meet).argmin()) if not math.isnan(meet) else math.nan
        return meet, row

    def _scrub(self, order: Order, why: str) -> None:
        event = self.shield.tell(self.name, "not launched", order.missile, order.cause, why=why)
        self.shield.command.scrubbed(order, event)
