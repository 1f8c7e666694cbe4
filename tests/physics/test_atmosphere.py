"""The air against ussa1976, an independent implementation of the US Standard Atmosphere 1976."""

from __future__ import annotations

import numpy as np
import pytest
import ussa1976

from midcourse.physics.atmosphere import TOP, air

LOW = np.concatenate([np.linspace(0.0, 86e3, 345), [11019.1, 20063.1, 32161.9, 47350.1, 51412.5, 71802.0]])
HIGH = np.linspace(86.2e3, 150e3, 321)


def _compared(heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Density, pressure and sound speed, ours and theirs: (3, heights)."""
    heights = np.sort(heights)
    theirs = ussa1976.compute(z=heights)
    ours = np.array([air(height) for height in heights]).T
    return ours, np.array([theirs.rho.values, theirs.p.values, theirs.cs.values])


@pytest.mark.parametrize(("row", "what"), [(0, "density"), (1, "pressure"), (2, "sound speed")])
def test_within_half_a_percent_to_86_km(row: int, what: str) -> None:
    ours, theirs = _compared(LOW)
    known = np.isfinite(theirs[row])
    assert known.sum() >= len(LOW) - 2
    assert np.abs(ours[row] / theirs[row] - 1.0)[known].max() < 0.005, what


@pytest.mark.parametrize(("row", "allowed"), [(0, 0.02), (1, 0.025)])
def test_within_two_percent_to_150_km(row: int, allowed: float) -> None:
    """The package itself leaves the printed pressure by up to 2.4 %, density by 1.6 %."""
    ours, theirs = _compared(HIGH)
    assert np.abs(ours[row] / theirs[row] - 1.0).max() < allowed


def test_nothing_above_the_top() -> None:
    assert air(TOP + 1.0)[:2] == (0.0, 0.0)
    assert air(-400.0)[0] > air(0.0)[0]
