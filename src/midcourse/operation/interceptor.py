"""Interceptors in flight: told of the improved track, turned toward it, homing by themselves at the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..physics import commit
from ..physics.prediction import CLOSING

if TYPE_CHECKING:
    from collections.abc import Generator

    from .command import Order
    from .shield import Shield

#: How an interceptor ends.
HIT, MISSED, WRONG = "hit", "missed", "wrong object"
OUT_OF_VIEW, OUT_OF_DIVERT, TARGET_GONE = "target outside its view", "out of divert", "target gone"

# After the time that an assessment takes, how long command waits for somebody's word [s].
_UNHEARD = 15.0


class Interceptor:
    """An interceptor on its way.

    Attributes
    ----------
    launch_s, meet_s : after the raid begins
    row : of the intercept in the battery's curve
    outcome : "" in flight
    """

    def __init__(
        self, shield: Shield, name: str, order: Order, launch_s: float, meet_s: float, row: float, cause: int
    ) -> None:
        self.shield, self.name, self.order = shield, name, order
        self.launch_s, self.meet_s, self.row = launch_s, meet_s, row
        self.outcome = ""
        self._spent = 0.0
        self._aim = order.off
        arm = shield.scenario.arms[order.missile][order.battery]
        assert arm is not None
        self.arm = arm
        self.event = shield.tell(
            name, "left", order.missile, cause,
            site=shield.scenario.defence.batteries[order.battery].site.name, meet_s=meet_s,
            flight_s=meet_s - launch_s, closing_km_s=self._plane(CLOSING) / 1e3,
        )  # fmt: skip
        shield.env.process(self._fly())

    def _plane(self, column: int) -> float:
        return float(self.arm.planes[min(round(self.row), len(self.arm.planes) - 1), column])

    def _fly(self) -> Generator[Any, Any, None]:
        env, arm = self.shield.env, self.arm
        burnout, handover = self.launch_s + arm.burn, self.meet_s - arm.homing
        for k in range(1, 4):
            yield env.timeout(max(0.0, commit.update_time(k, burnout, handover) - env.now))
            if arm.uplink:
                self._turn(k)
        threat = self.shield.threats[self.order.missile]
        off = math.hypot(*self._aim)
        self.event = self.shield.tell(
            self.name, "seeker opened", self.order.missile, self.event, off_km=off / 1e3,
            divert_spent_m_s=self._spent,
        )  # fmt: skip
        seen = off <= self._plane(CLOSING) * arm.half_view * arm.homing
        able = self._spent + off / arm.homing <= arm.divert
        yield env.timeout(max(0.0, self.meet_s - env.now))
        if threat.ended:
            self._end(TARGET_GONE)
        elif not seen:
            self._end(OUT_OF_VIEW)
        elif not able:
            self._end(OUT_OF_DIVERT)
        else:
            self._end(self._meets())

    def _turn(self, k: int) -> None:
        """Make good what is now known to be wrong."""
        told = self.shield.command.aim(self.order.missile, self.order.battery, self.row)
        if told is None:
            return
        change = math.hypot(told[0] - self._aim[0], told[1] - self._aim[1])
        turned = change / (self.meet_s - self.shield.now)
        self._spent += turned
        self._aim = told
        self.event = self.shield.tell(
            self.name, "updated", self.order.missile, self.event, update=k,
            moved_km=change / 1e3, turned_m_s=turned,
        )  # fmt: skip

    def _meets(self) -> str:
        """What becomes of the meeting: the right object or not, a hit or not."""
        shield, missile = self.shield, self.order.missile
        apart = shield.command.picture.apart(missile)
        picks = shield.scenario.doctrine.pick_probability.value if apart else 0.5
        if shield.luck.share("pick", missile) >= picks:
            return WRONG
        name = shield.scenario.defence.batteries[self.order.battery].interceptor.name
        kills = shield.scenario.dossier.interceptor[name].kill_probability.value
        return HIT if shield.luck.share("kill", missile, self.order.shot) < kills else MISSED

    def _end(self, outcome: str) -> None:
        shield, missile = self.shield, self.order.missile
        self.outcome = outcome
        self.event = shield.tell(self.name, outcome, missile, self.event)
        if outcome == HIT:
            shield.threats[missile].hit(self.event)
        wait = shield.scenario.doctrine.assessment_delay.value
        for radar in shield.radars:
            if radar.sees(missile):
                shield.after(wait, radar.assess, self)
        shield.after(wait + _UNHEARD, shield.command.unheard, self)
