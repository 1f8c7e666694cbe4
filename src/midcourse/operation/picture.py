"""The picture that command and control has of the raid: what it was told, and what follows from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..physics import planning, tracking
from ..physics.observation import no_cue

if TYPE_CHECKING:
    from .shield import Shield

Array = NDArray[np.float64]


class Picture:
    """Reports of every sensor about every missile, as last told; times are those after a missile's launch.

    Attributes
    ----------
    cued : (missiles,) whether the satellites' cue has come
    upto : (missiles, sensors) the time that the last report tells of [s]; -inf where there is none
    counted : (missiles, sensors) whether looks to come are counted on
    """

    def __init__(self, shield: Shield) -> None:
        self.shield = shield
        n, r = len(shield.scenario.courses), len(shield.scenario.defence.sensors)
        self.cued = np.zeros(n, dtype=bool)
        self.upto = np.full((n, r), -np.inf)
        self.counted = np.ones((n, r), dtype=bool)
        self._records = np.zeros((n, r, tracking.RECORD))
        self._sums = np.zeros((n, r, 12))
        self._apart = np.zeros((n, r), dtype=bool)

    def join(self, counted: NDArray[np.bool_]) -> None:
        """Take in a missile that has joined the raid, of which nothing is known yet; ``counted`` (sensors,)
        says on whose looks it is counted.
        """
        self.cued = np.append(self.cued, False)
        self.upto = np.concatenate([self.upto, np.full_like(self.upto[:1], -np.inf)])
        self.counted = np.concatenate([self.counted, counted[None]])
        self._records, self._sums, self._apart = (
            np.concatenate([old, np.zeros_like(old[:1])]) for old in (self._records, self._sums, self._apart)
        )

    def take(self, missile: int, sensor: int, upto: float, record: Array, sums: Array, apart: bool) -> bool:
        """Put in a report; whether it is the first to tell the warhead from the stage."""
        first = apart and not self._apart[missile].any()
        self._records[missile, sensor], self._sums[missile, sensor] = record, sums
        self.upto[missile, sensor] = upto
        self.counted[missile, sensor] = True
        self._apart[missile, sensor] |= apart
        return first

    def tracked(self, missile: int) -> bool:
        """Whether anybody has ever told where a missile flies."""
        return bool((self.upto[missile] > -math.inf).any())

    def latest_s(self, missile: int) -> float:
        """When a missile was last seen in flight, for all that was told [s after the raid begins]."""
        return float(self.shield.bodies.starts[missile] + self.upto[missile].max(initial=-np.inf))

    def apart(self, missile: int) -> bool:
        """Whether the warhead is known from the spent stage."""
        return bool(self._apart[missile].any())

    def known(self, missile: int) -> planning.Known:
        """What has been reported of a missile, as ``planning`` takes it."""
        scenario = self.shield.scenario
        course = scenario.courses[missile]
        prior, evidence = course.prior, np.zeros(6)
        if not self.cued[missile] and not scenario.sure:
            prior = np.empty(tracking.PACKED)
            no_cue(course.states[0], prior)
        elif not scenario.sure:
            evidence = self.shield.cue_evidence(missile)
        return planning.Known(
            scenario.rows(missile), self._records[missile],
            self._sums[missile], self.upto[missile], self.counted[missile], scenario.growth(missile), prior,
            evidence,
        )  # fmt: skip

    def off(self, missile: int) -> tuple[Array, Array] | None:
        """How far the fused track is off at burnout, and the factor of what is known; None without one."""
        lower = np.zeros((6, 6))
        told, off = planning.estimate(self.known(missile), lower)
        return (off, lower) if told else None

    def aim(self, missile: int, battery: int, row: float) -> tuple[float, float] | None:
        """Where the track puts an intercept beside the truth [m]; None without a track."""
        found = self.off(missile)
        arm = self.shield.scenario.arms[missile][battery]
        if found is None or arm is None:
            return None
        one, two = planning.aim_error(arm.planes, row, found[0])
        return float(one), float(two)
