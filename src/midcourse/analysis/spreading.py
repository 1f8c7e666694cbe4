"""How well one flight is known over time in every direction: the error of its fused track as an ellipsoid,
and that of the place of impact as an ellipse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..physics import knowledge, tracking
from ..physics.earth import WGS84
from .engagement import FLIGHT, OneFlight
from .watching import LEAST
from .world import World

Array = NDArray[np.float64]

_HALF = 0.5**0.5
# Directions from whose variances that of any other follows: the axes, and half-way between two of them.
_IN_SPACE = np.array(
    [[1, 0, 0], [0, 1, 0], [0, 0, 1], [_HALF, _HALF, 0], [_HALF, 0, _HALF], [0, _HALF, _HALF]]
)
_ON_GROUND = np.array([[1, 0], [0, 1], [_HALF, _HALF]])
# How many pairs of directions that makes.
_PAIRS = (len(_IN_SPACE) + len(_ON_GROUND) + 1) // 2


@dataclass(frozen=True, eq=False)
class Spread:
    """One-sigma errors of the track of all sensors together, from its first look on.

    Attributes
    ----------
    times : (n,) [s after launch]
    places : (n, 3, 3) covariance of the place in the Earth-fixed frame [m^2]
    impacts : (n, 2, 2) covariance of the place of impact, east and north [m^2]
    """

    times: Array
    places: Array
    impacts: Array


def spread_of(setting: OneFlight, architecture: str, times: Array) -> Spread:
    """How well a flight is known at times after burnout [s], of which the first is that of burnout."""
    only = setting.flight_sets(FLIGHT)[0]
    world = World(setting, {}, {}, 1)
    _, looking = world.watching(architecture, only, np.zeros(1, dtype=np.int64))
    phis = tracking.transitions(only.flights.nodes[0], int(only.flights.counts[0]), times, WGS84)
    ground = setting.impact_planes(only)[0]
    rows = _rows(times, phis, ground)
    n = len(times)
    # The kernel tells the error along three axes together. Where two of them are left out it is that along
    # one; and what it does with the velocity's rows it does with any: so each asking tells of two directions.
    asked = np.zeros((_PAIRS, n, 6, 6))
    asked[:, :, 0], asked[:, :, 3] = rows[0::2], 1e3 * rows[1::2]
    _, _, known = knowledge.tracks(
        looking, 0, 0, np.tile(times, _PAIRS), asked.reshape(_PAIRS * n, 6, 6), ground
    )
    sigmas = known[-1, :, :2].reshape(_PAIRS, n, 2).transpose(0, 2, 1).reshape(2 * _PAIRS, n)
    told = ~np.isnan(sigmas[0])
    variances = sigmas[:, told].T ** 2
    ends = np.cumsum([len(_IN_SPACE), len(_ON_GROUND)])
    return Spread(
        times[told],
        _at_least(_symmetric(variances[:, : ends[0]], 3), LEAST[0]),
        _at_least(_symmetric(variances[:, ends[0] : ends[1]], 2), LEAST[2]),
    )


def _rows(times: Array, phis: Array, ground: Array) -> Array:
    """How the place in each direction, and that of impact, change with the state at burnout, an even number
    of them: (rows, n, 6).
    """
    angles = WGS84.rotation * times
    c, s, nothing = np.cos(angles), np.sin(angles), np.zeros(len(times))
    # From the Earth-fixed frame to that of the launch.
    turn = np.array([[c, -s, nothing], [s, c, nothing], [nothing, nothing, nothing + 1.0]]).transpose(2, 0, 1)
    axes = np.einsum("dj,nij->dni", _IN_SPACE, turn)
    in_space = np.einsum("dni,nik->dnk", axes, phis[:, :3])
    on_ground = _ON_GROUND @ ground[:12].reshape(2, 6)
    rows = [*in_space, *(np.repeat(each[None], len(times), axis=0) for each in on_ground)]
    return np.stack([*rows, *rows[-1:]][: 2 * _PAIRS])


def _symmetric(variances: Array, size: int) -> Array:
    """Covariances (n, size, size) from variances along the axes and half-way between: that half-way is half
    of both and what they have in common.
    """
    out = np.zeros((len(variances), size, size))
    axes = np.arange(size)
    out[:, axes, axes] = variances[:, :size]
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    for k, (a, b) in enumerate(pairs, start=size):
        out[:, a, b] = out[:, b, a] = variances[:, k] - 0.5 * (variances[:, a] + variances[:, b])
    return out


def _at_least(covariances: Array, sigma: float) -> Array:
    """Covariances with no error smaller than what the model leaves out [m]."""
    sizes, axes = np.linalg.eigh(covariances)
    return np.asarray(np.einsum("nij,nj,nkj->nik", axes, np.maximum(sizes, sigma**2), axes))
