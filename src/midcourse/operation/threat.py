"""Threats: missiles that fly, stage by stage, until they are hit or come down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..model.flights import geodetic

if TYPE_CHECKING:
    from .shield import Shield


class Threat:
    """A missile of the raid.

    Attributes
    ----------
    ended : "" while it flies; then "hit" or "impact"
    event : number of the last event of its own
    """

    def __init__(self, shield: Shield, number: int, cause: int = -1) -> None:
        self.shield, self.number = shield, number
        self.course = shield.scenario.courses[number]
        self.ended = ""
        self.event = cause
        course = self.course
        after, at = shield.after, course.at_s - shield.now
        after(at, self._happens, "launch", 0.0)
        vehicle = course.own.missile.vehicle.stages
        cutoff = float(course.own.steering[course.index, 2])
        ends = vehicle[:, 0] + vehicle[:, 1]
        for stage, end in enumerate(ends[:-1], start=1):
            if end < cutoff:
                after(at + float(end), self._happens, "stage burnout", float(end), stage)
        after(at + course.burnout_s, self._happens, "burnout", course.burnout_s)
        after(at + course.impact_s, self._lands)

    @property
    def name(self) -> str:
        return self.course.name

    def place(self, after_s: float) -> dict[str, float]:
        """Where it is, in degrees and km."""
        own, index = self.course.own, self.course.index
        lat, lon, altitude = geodetic(own.states(index, np.array([after_s])))[0]
        return {
            "lat_deg": float(np.degrees(lat)),
            "lon_deg": float((np.degrees(lon) + 180.0) % 360.0 - 180.0),
            "altitude_km": float(altitude / 1e3),
        }

    def _happens(self, kind: str, after_s: float, stage: int = 0) -> None:
        if self.ended:
            return
        numbers: dict[str, float] = {"stage": stage} if stage else {}
        if self.shield.record.kept:
            numbers.update(self.place(after_s))
        self.event = self.shield.tell(self.name, kind, self.number, self.event, **numbers)
        if kind == "launch":
            self.shield.launched(self.number, self.event)

    def _lands(self) -> None:
        if not self.ended:
            self.ended = "impact"
            self.event = self.shield.tell(
                self.name, "impact", self.number, self.event, target=self.course.target
            )
            self.shield.over(self.number)

    def hit(self, cause: int) -> None:
        """End it in flight."""
        self.ended = "hit"
        self.event = self.shield.tell(self.name, "destroyed", self.number, cause)
        self.shield.over(self.number)
