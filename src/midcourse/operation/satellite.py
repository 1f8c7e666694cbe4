"""Early warning from space: a launch is declared some time after the booster clears the clouds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .link import Message

if TYPE_CHECKING:
    from .shield import Shield

NAME = "satellite"


class Satellite:
    """All warning satellites together."""

    def __init__(self, shield: Shield) -> None:
        self.shield = shield
        self.down = False

    def watch(self, missile: int, cause: int) -> None:
        """A missile has been launched."""
        declared = self.shield.scenario.courses[missile].declared_s
        if not math.isinf(declared):
            self.shield.after(declared, self._declare, missile, cause)

    def _declare(self, missile: int, cause: int) -> None:
        if self.down or self.shield.threats[missile].ended:
            return
        course, shield = self.shield.scenario.courses[missile], self.shield
        event = shield.tell(NAME, "launch declared", missile, cause, error_km=course.cue_m / 1e3)
        shield.command.hear(Message("declared", NAME, shield.now, (missile,), None, event))
