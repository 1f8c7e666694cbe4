"""Correlation: which of the missiles that command and control has in track a new report is about.

A report belongs to the track beside which it stands nearest, in units of both errors together, if it stands
within the gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..physics import planning
from ..physics.observation import no_cue
from ..physics.tracking import PACKED
from .believing import where

if TYPE_CHECKING:
    from .picture import Picture
    from .scenario import Scenario
    from .shield import Shield

Array = NDArray[np.float64]

# Square of the distance within which 99.9 % of the reports of one body stand: chi-squared, three dimensions.
_GATE = 16.27


class Correlator:
    """Compares reports with tracks."""

    def __init__(self, shield: Shield) -> None:
        self.shield = shield

    @property
    def scenario(self) -> Scenario:
        return self.shield.scenario

    def taken_for(
        self, missile: int, sensor: int, upto: float, record: Array, sums: Array, picture: Picture
    ) -> int:
        """The missile that a report is taken to be about; ``upto`` is its time after the missile's launch."""
        scenario = self.scenario
        if len(scenario.courses) == 1:
            return missile
        now = scenario.courses[missile].at_s + upto
        alone = self._alone(missile, sensor, record, sums)
        if alone is None:
            return missile
        place, spread = (each[0] for each in where(scenario.courses[missile], np.array([upto]), *alone))
        best, nearest = missile, np.inf
        for other, course in enumerate(scenario.courses):
            if now - course.at_s < course.burnout_s or now - course.at_s >= course.impact_s:
                continue
            known = picture.off(other)
            if known is None:
                continue
            there, theirs = (each[0] for each in where(course, np.array([now - course.at_s]), *known))
            apart = place - there
            distance = float(apart @ np.linalg.solve(spread + theirs, apart))
            if distance < nearest:
                best, nearest = other, distance
        return best if nearest <= _GATE else missile

    def _alone(self, missile: int, sensor: int, record: Array, sums: Array) -> tuple[Array, Array] | None:
        """What a sensor's report says by itself."""
        course = self.scenario.courses[missile]
        prior = np.empty(PACKED)
        no_cue(course.states[0], prior)
        known = planning.Known(
            self.scenario.sights[sensor][missile].row[None], record[None], sums[None], np.zeros(1),
            np.zeros(1, dtype=bool), np.zeros((1, 1, len(record))), prior, np.zeros(6),
        )  # fmt: skip
        lower = np.zeros((6, 6))
        told, off = planning.estimate(known, lower)
        return (off, lower) if told else None
