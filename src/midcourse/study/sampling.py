"""The samples that points of the unit cube stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from .design import BATCH, Sampler, batch
from .distributions import quantile, steps
from .tying import ties

Array = NDArray[np.float64]


def is_choice(path: str) -> bool:
    """Whether a path stands for a choice among a threat's missiles, and for no parameter."""
    return path.startswith("threat.") and path.endswith(".missile")


def edges(dossier: Dossier, path: str) -> Array | None:
    """Where along its column of the unit cube one of a path's few values ends and the next begins; None for
    a parameter that takes any.
    """
    if not is_choice(path):
        parameter = dossier.parameters().get(path)
        return steps(parameter) if parameter and parameter.figures else None
    count = len(dossier.threat[path.split(".")[1]].missile)
    return np.arange(1, count) / count


@dataclass(frozen=True)
class Design:
    """Samples of every sampled parameter.

    Attributes
    ----------
    values : by path, (rows,) SI
    choices : by threat that may be one of several missiles, (rows,) which
    rows : how many
    """

    values: dict[str, Array]
    choices: dict[str, NDArray[np.int64]]
    rows: int


def drawn(dossier: Dossier, paths: Sequence[str], cube: Array, columns: Mapping[str, int]) -> Design:
    """The samples that points of the unit cube stand for, under a dossier's distributions.

    ``paths`` may hold ``threat.NAME.missile``: any of the threat's missiles, with equal weight. ``columns``
    says which column of the cube is whose.
    """
    parameters = dossier.parameters()
    values: dict[str, Array] = {}
    choices: dict[str, NDArray[np.int64]] = {}
    for path in paths:
        column = cube[:, columns[path]]
        if is_choice(path):
            threat = path.split(".")[1]
            count = len(dossier.threat[threat].missile)
            choices[threat] = np.minimum((column * count).astype(np.int64), count - 1)
        else:
            values[path] = quantile(parameters[path], column, dossier.bounds(path))
    return Design(values, choices, len(cube))


def design(
    dossier: Dossier, paths: Sequence[str], rows: int, seed: int, sampler: Sampler = "sobol"
) -> Design:
    """The nominal world first, then ``rows`` samples of parameters, as a run of that seed draws them."""
    ordered = sorted(set(paths))
    batches = [batch(sampler, len(ordered), seed, i) for i in range(-(-rows // BATCH))]
    cube = ties(dossier, ordered).tie(np.concatenate([np.zeros((0, len(ordered))), *batches])[:rows])
    found = drawn(dossier, ordered, cube, {path: i for i, path in enumerate(ordered)})
    parameters = dossier.parameters()
    return Design(
        {path: np.append(parameters[path].value, column) for path, column in found.values.items()},
        {threat: np.append(0, column) for threat, column in found.choices.items()},
        rows + 1,
    )
