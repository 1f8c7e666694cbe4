"""Simulated time against the clock."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """How far simulated time is to be by now.

    Attributes
    ----------
    speed : simulated seconds a second of the clock
    running : whether time passes
    lost_s : time of the clock by which the run fell behind and which it did not make good
    """

    def __init__(self, speed: float, clock: Callable[[], float], *, running: bool = True) -> None:
        self.speed, self.running = speed, running
        self.lost_s = 0.0
        self._clock = clock
        self._since, self._at_s = clock(), 0.0

    def due(self) -> float:
        """Simulated time that is due now [s]."""
        if not self.running:
            return self._at_s
        return self._at_s + self.speed * (self._clock() - self._since)

    def _go_on(self, at_s: float) -> None:
        """Count from here."""
        self._since, self._at_s = self._clock(), at_s

    def resume(self) -> None:
        self._go_on(self.due())
        self.running = True

    def change(self, speed: float) -> None:
        self._go_on(self.due())
        self.speed = speed

    def stand(self, at_s: float) -> None:
        """Let no time pass after this one."""
        self._go_on(at_s)
        self.running = False

    def slip(self, at_s: float) -> None:
        """Go on from where the run is, without a rush to make good what it lost."""
        self.lost_s += (self.due() - at_s) / self.speed
        self._go_on(at_s)
