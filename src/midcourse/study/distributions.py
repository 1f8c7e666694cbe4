"""The distributions that parameters are drawn from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..dossier import Parameter

Array = NDArray[np.float64]

#: Half-width of the 5-95 % interval of a normal distribution, in standard deviations.
_NINETY = 1.6448536269514722


def quantile(parameter: Parameter, unit: Array, bounds: tuple[float, float]) -> Array:
    """Values of a parameter's distribution at probabilities between 0 and 1."""
    low, high, value = parameter.lowest, parameter.highest, parameter.value
    if parameter.distribution == "discrete":
        figures = np.array([each.value for each in parameter.figures])
        drawn = figures[np.searchsorted(steps(parameter), unit, side="right")]
    elif parameter.distribution == "uniform":
        drawn = low + (high - low) * unit
    elif parameter.distribution == "triangular":
        turn = (value - low) / (high - low)
        rising = low + np.sqrt(unit * (high - low) * (value - low))
        falling = high - np.sqrt((1.0 - unit) * (high - low) * (high - value))
        drawn = np.where(unit < turn, rising, falling)
    else:
        from scipy.special import ndtri

        if parameter.distribution == "lognormal":
            middle, spread = 0.5 * math.log(low * high), 0.5 * math.log(high / low) / _NINETY
            drawn = np.exp(middle + spread * ndtri(unit))
        else:
            drawn = 0.5 * (low + high) + 0.5 * (high - low) / _NINETY * ndtri(unit)
    return np.asarray(np.clip(drawn, *bounds), dtype=np.float64)


def steps(parameter: Parameter) -> Array:
    """Probabilities at which one party's figure ends and the next begins, of a discrete distribution."""
    weights = np.cumsum([each.weight for each in parameter.figures])
    return np.asarray(weights[:-1] / weights[-1])


def sweep(parameter: Parameter, points: int) -> Array:
    """Even values of a parameter over its range, ends included; logarithmic where its distribution is."""
    if parameter.distribution == "lognormal":
        return np.geomspace(parameter.lowest, parameter.highest, points)
    return np.linspace(parameter.lowest, parameter.highest, points)
