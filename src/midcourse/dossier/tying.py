"""The correlations of a dossier taken together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .dispute import Correlation
from .errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: By how much the least eigenvalue of a matrix of correlations may miss being positive: that of perfect ones
#: is nought.
_SLACK = 1e-9


def pairs(correlations: Mapping[str, Correlation]) -> dict[tuple[str, str], tuple[float, str]]:
    """Rank correlation of every pair of parameters that is tied, in both orders, with the entry that ties it;
    InputError, at the entry's place, where two entries differ.
    """
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for name, each in correlations.items():
        for one in each.parameters:
            for other in each.parameters:
                if one == other:
                    continue
                rank, by = found.setdefault((one, other), (each.rank, name))
                if rank != each.rank:
                    raise InputError(
                        f"correlation of {one} and {other} is {each.rank:g} here and {rank:g} in {by}",
                        expected="one rank for a pair",
                        key=("correlation", name, "rank"),
                    )
    return found


def normal_correlations(
    ranks: Mapping[tuple[str, str], tuple[float, str]], paths: Iterable[str]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The parameters among ``paths`` that are tied, and the correlations of normal variables whose ranks are
    correlated as asked: 2 sin(pi r / 6), after K. Pearson (1907).
    """
    import numpy as np

    known = set(paths)
    tied = tuple(sorted({one for one, other in ranks if one in known and other in known}))
    matrix = np.eye(len(tied))
    for i, one in enumerate(tied):
        for j, other in enumerate(tied):
            if (one, other) in ranks:
                matrix[i, j] = 2.0 * math.sin(math.pi * ranks[one, other][0] / 6.0)
    return tied, matrix


def check_together(correlations: Mapping[str, Correlation]) -> None:
    """That there are variables so correlated; InputError, with the entry at fault, where there are none.

    Entries are added one after another, so that the one told is the first that the others leave no room for.
    """
    import numpy as np

    ranks = pairs(correlations)
    added: dict[str, Correlation] = {}
    for name, each in correlations.items():
        added[name] = each
        paths = {path for one in added.values() for path in one.parameters}
        _, matrix = normal_correlations(pairs(added), paths)
        if np.linalg.eigvalsh(matrix)[0] < -_SLACK:
            raise InputError(
                "these parameters cannot be correlated so" + (", with the others" if len(added) > 1 else ""),
                value=ranks[each.parameters[0], each.parameters[1]][0],
                expected="ranks that form a positive definite matrix",
                key=("correlation", name, "rank"),
            )
