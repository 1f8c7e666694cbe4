"""What ``launching.blended_arrival`` takes of a family of fly-out tables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midcourse.model.flyouts import FlyoutFamily
from midcourse.physics import launching

Array = NDArray[np.float64]


def blended_by(family: FlyoutFamily, row: Array) -> tuple[Array, Array, Array, Array]:
    """Highest points, limits, weights and times."""
    tops = launching.blend(family.tops, row[None])[0]
    limits = launching.blend(family.limits, row[None])[0].reshape(family.limits.shape[1:])
    return tops, limits, row, family.times
