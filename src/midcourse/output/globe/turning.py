"""How axes stand in the Earth-fixed frame, as the quaternions that CZML takes; and errors as ellipsoids and
ellipses that turn steadily.

References
----------
.. [1] I. Bar-Itzhack, "New method for extracting the quaternion from a rotation matrix", J. Guidance, Control
   and Dynamics 23 (2000): it is the eigenvector of the largest eigenvalue of a matrix made of its elements.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ORDERS = np.array(list(itertools.permutations(range(3))))


def local_axes(lat: float, lon: float, azimuth: float) -> Array:
    """Axes at a place [rad] as columns, (3, 3): along an azimuth, to the left of it, up."""
    sl, cl, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    east, north = np.array([-so, co, 0.0]), np.array([-sl * co, -sl * so, cl])
    up = np.array([cl * co, cl * so, sl])
    along = math.sin(azimuth) * east + math.cos(azimuth) * north
    return np.stack([along, np.cross(up, along), up], axis=1)


def quaternion(axes: Array) -> Array:
    """The rotation to axes, the columns of (n, 3, 3): (n, 4), the scalar last [1]_."""
    (xx, yx, zx), (xy, yy, zy), (xz, yz, zz) = axes.transpose(2, 1, 0)
    rows = [
        [xx - yy - zz, yx + xy, zx + xz, zy - yz],
        [yx + xy, yy - xx - zz, zy + yz, xz - zx],
        [zx + xz, zy + yz, zz - xx - yy, yx - xy],
        [zy - yz, xz - zx, yx - xy, xx + yy + zz],
    ]
    _, vectors = np.linalg.eigh(np.array(rows).transpose(2, 0, 1))
    return np.asarray(vectors[:, :, -1])


class Ellipsoids:
    """Errors in space as ellipsoids that turn steadily, however many come at a time.

    An axis keeps its place from one to the next, so that what lies between two turns no farther than it must.
    """

    def __init__(self) -> None:
        self._axes: Array | None = None
        self._turn: Array | None = None

    def of(self, covariances: Array) -> tuple[Array, Array]:
        """Semi-axes (n, 3) of one sigma, and how they stand (n, 4), from covariances (n, 3, 3)."""
        sizes, axes = np.linalg.eigh(covariances)
        for i in range(len(axes)):
            alike = np.eye(3)
            if self._axes is not None:
                order = _nearest(self._axes, axes[i])
                axes[i], sizes[i] = axes[i][:, order], sizes[i][order]
                alike = self._axes.T @ axes[i]
            axes[i] *= np.where(np.diag(alike) < 0.0, -1.0, 1.0)
            if np.linalg.det(axes[i]) < 0.0:
                # The one that turns most may as well turn to its other end.
                axes[i][:, int(np.abs(np.diag(alike)).argmin())] *= -1.0
            self._axes = axes[i]
        turns = quaternion(axes)
        for i in range(len(turns)):
            # The same rotation has two quaternions: always the nearer.
            if self._turn is not None and self._turn @ turns[i] < 0.0:
                turns[i] *= -1.0
            self._turn = turns[i]
        return np.sqrt(sizes), turns


def _nearest(before: Array, axes: Array) -> NDArray[np.int64]:
    """The order of axes in which they stand nearest to those before."""
    alike = np.abs(before.T @ axes)
    return np.asarray(_ORDERS[int(alike[np.arange(3), _ORDERS].sum(axis=1).argmax())])


class Ellipses:
    """Errors on the ground as ellipses that turn steadily, however many come at a time."""

    def __init__(self) -> None:
        self._turn: float | None = None

    def of(self, covariances: Array) -> tuple[Array, Array]:
        """Semi-axes (n, 2) of one sigma, the larger first, and how far the larger is turned from north toward
        west (n,) [rad], from covariances (n, 2, 2), east and north.
        """
        sizes, axes = np.linalg.eigh(covariances)
        turns = np.arctan2(-axes[:, 0, 1], axes[:, 1, 1])
        before = [] if self._turn is None else [self._turn]
        turns = np.unwrap(np.concatenate([before, turns]), period=math.pi)[len(before) :]
        if len(turns):
            self._turn = float(turns[-1])
        return np.sqrt(sizes[:, ::-1]), turns
