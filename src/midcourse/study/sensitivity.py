"""Total effects and interactions: what a parameter has a hand in, together with others.

Samples are drawn twice over, and a group of parameters at a time is exchanged between the two. The groups are
a claim's leading parameters, one each, and all others together; the design and the estimators are Saltelli's,
as SALib computes them, with its bootstrap intervals.

References
----------
.. [1] A. Saltelli, "Making best use of model evaluations to compute sensitivity indices", Comput. Phys.
   Commun.
   145 (2002).
.. [2] A. Saltelli et al., "Variance based sensitivity analysis of model output. Design and estimator for the
   total sensitivity index", Comput. Phys. Commun. 181 (2010).
.. [3] T. Iwanaga, W. Usher, J. Herman, "Toward SALib 2.0", Socio-Environmental Systems Modelling 4 (2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..analysis.setting import Setting
from .asking import Plan, open_only
from .design import points, stream
from .sampling import Design

Array = NDArray[np.float64]

#: Base points in a batch, a power of two.
BASE = 8
#: Parameters of a claim that are told apart; all others are one group.
LEADING = 3
#: Part of a claim's variance below which an interaction is not named.
LEAST_SHARE = 0.05
_RESAMPLES = 400
# Base points of a run that is not told how many: fewer tell nothing, more are seldom worth their time; and
# samples below which a run is but a glance.
_FEWEST, _MOST, _SERIOUS = 48, 512, 200
# Of the keys of random streams, the places that this module's begin with.
_FIRST, _SECOND = 1, 2


@dataclass(frozen=True)
class Exchanged:
    """A batch of base points with all that is exchanged between them."""

    index: int
    groups: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> int:
        return BASE * rows_a_point(len(self.groups))

    def worlds(self, plan: Plan, setting: Setting) -> Design:
        columns = [[plan.columns[path] for path in group] for group in self.groups]
        first, second = (
            points(plan.sampler, len(plan.paths), BASE, stream(plan.seed, kind, self.index))
            for kind in (_FIRST, _SECOND)
        )
        return open_only(plan, setting, plan.ties.tie(exchange(first, second, columns)))


def sensible_base(samples: int) -> int:
    """Base points whose worlds are about as many as a run's samples, or the fewest that tell anything; none
    for a run that is not after so much.
    """
    base = samples // rows_a_point(LEADING + 1)
    return 0 if samples < _SERIOUS else min(max(base, _FEWEST), _MOST)


def rows_a_point(groups: int) -> int:
    """Worlds that each base point takes."""
    return 2 * groups + 2


def exchange(first: Array, second: Array, groups: Sequence[Sequence[int]]) -> Array:
    """Points of two designs with groups of columns exchanged between them [1]_, in SALib's order: for each
    base point the first's, the first's with each group from the second, the second's with each group from
    the first, the second's.
    """
    rows = np.empty((len(first), rows_a_point(len(groups)), first.shape[1]))
    rows[:, : len(groups) + 1] = first[:, None]
    rows[:, len(groups) + 1 :] = second[:, None]
    for k, columns in enumerate(groups):
        rows[:, 1 + k, columns] = second[:, columns]
        rows[:, 1 + len(groups) + k, columns] = first[:, columns]
    return rows.reshape(-1, first.shape[1])


@dataclass(frozen=True)
class Indices:
    """First-order, total and second-order indices of groups, with half-widths of their 95 % intervals."""

    first: Array
    first_half: Array
    total: Array
    total_half: Array
    pairs: Array
    pairs_half: Array


def indices(values: Array, groups: int, seed: int) -> Indices | None:
    """Indices from the values at ``exchange``'s points; None where they do not vary.

    Base points with a value that is not a number are left out.
    """
    from SALib.analyze import sobol

    by_point = values.reshape(-1, rows_a_point(groups))
    known = by_point[np.isfinite(by_point).all(axis=1)]
    if len(known) < 2 * BASE or np.ptp(known[:, [0, -1]]) == 0.0:
        return None
    names = [str(k) for k in range(groups)]
    problem = {"num_vars": groups, "names": names, "groups": names, "bounds": [[0.0, 1.0]] * groups}
    # SALib takes a seed of nought for none.
    found = sobol.analyze(problem, known.ravel(), num_resamples=_RESAMPLES, seed=seed + 1)
    return Indices(
        found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], found["S2"], found["S2_conf"]
    )


def clipped(value: float, half: float) -> tuple[float, tuple[float, float]]:
    """A part of a variance and its interval, within nought and one."""
    low, middle, high = (float(np.clip(each, 0.0, 1.0)) for each in (value - half, value, value + half))
    return middle, (low, high)
