"""Where a verdict turns: the value of one parameter, all others nominal, at which a claim's test changes its
outcome.

A sweep over the parameter's range brackets the change that is nearest to its nominal value; the bracket is
then divided on the model itself until it is far smaller than anything that is published.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..analysis.assessment import Comparison
from .judging import holds

Array = NDArray[np.float64]

#: Points over a deciding parameter's range, at which its effect alone is computed.
SWEEP_POINTS = 13
#: Points inside a bracket that are tried at once, and how often: a bracket ends at a six-hundredth of its
#: size, which is less than a seven-thousandth of the range.
_INSIDE = 4
_ROUNDS = 4


@dataclass(frozen=True, eq=False)
class Search:
    """A claim's test along a parameter.

    Attributes
    ----------
    points, values : of the sweep, SI
    start : the parameter's nominal value
    """

    points: Array
    values: Array
    comparison: Comparison
    threshold: float
    start: float

    def passes(self, values: Array) -> NDArray[np.bool_]:
        return holds(values, self.comparison, self.threshold)

    def bracket(self, points: Array, outcomes: NDArray[np.bool_]) -> Bracket | None:
        """The neighbours among points between which the outcome changes, nearest to the nominal value."""
        changes = [
            Bracket(float(points[i]), float(points[i + 1]), bool(outcomes[i]))
            for i in np.flatnonzero(outcomes[1:] != outcomes[:-1])
        ]
        return min(changes, key=lambda each: each.apart(self.start), default=None)


@dataclass(frozen=True)
class Bracket:
    """Two values between which an outcome changes; ``passes`` is the outcome at the first."""

    first: float
    last: float
    passes: bool

    def apart(self, start: float) -> float:
        """How far it is from the nominal value; 0 where it holds it."""
        return max(min(self.first, self.last) - start, start - max(self.first, self.last), 0.0)

    @property
    def inside(self) -> Array:
        return np.linspace(self.first, self.last, _INSIDE + 2)[1:-1]

    @property
    def middle(self) -> float:
        return 0.5 * (self.first + self.last)


#: The values of searches, by their places, each at some points: what runs the model.
Model = Callable[[Sequence[tuple[int, Array]]], Sequence[Array]]


def flips(searches: Sequence[Search], model: Model) -> list[float | None]:
    """Where each search's outcome changes; None where it does not, or where the model was stopped."""
    found = {i: each.bracket(each.points, each.passes(each.values)) for i, each in enumerate(searches)}
    for _ in range(_ROUNDS):
        asked = [(i, bracket.inside) for i, bracket in found.items() if bracket]
        answers = list(model(asked)) if asked else []
        if len(answers) < len(asked):
            return [None] * len(searches)
        for (i, inside), values in zip(asked, answers, strict=True):
            search, wide = searches[i], found[i]
            assert wide is not None
            points = np.array([wide.first, *inside, wide.last])
            outcomes = np.array([wide.passes, *search.passes(values), not wide.passes])
            found[i] = search.bracket(points, outcomes)
    return [bracket.middle if bracket else None for bracket in found.values()]
