"""Fly-out tables of interceptors, single or as a family over sampled parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..physics.earth import WGS84
from ..physics.flight import Vehicle
from ..physics.flyout import Flyout, tabulate_flyout
from .defence import Place
from .rocket import interceptor, interceptor_vehicle

Array = NDArray[np.float64]

#: Tables begin this high above the site's radius: no exo-atmospheric kill vehicle works lower [m].
TABLE_FLOOR = 95e3
#: Flights longer than this are not tabulated [s].
TABLE_LATEST = 2400.0
"""Nodes of a family along each sampled parameter."""
FAMILY_NODES = 4


def flyout_table(vehicle: Vehicle, site: Place, latest_s: float = TABLE_LATEST) -> Flyout:
    """The earliest arrivals of an interceptor from a site."""
    return tabulate_flyout(vehicle, site.lat, site.lon, site.altitude, latest_s, TABLE_FLOOR, WGS84)


@dataclass(frozen=True, eq=False)
class FlyoutFamily:
    """Tables of one interceptor at one site, between which any sampled interceptor is read.

    The first table is the nominal one. For each sampled parameter there are tables at Chebyshev points of its range with
    all others nominal; a sample's table is the nominal plus, for each parameter, the change that polynomial
    interpolation gives (a cut high-dimensional model representation of first order: exact in each parameter to the
    interpolation, blind to their interplay).
    """

    tables: tuple[Flyout, ...]
    paths: tuple[str, ...]
    points: tuple[Array, ...]
    nominal: tuple[float, ...]

    def weights(self, values: Mapping[str, Array], rows: int) -> Array:
        """Weights of the tables for each row of sampled values: (rows, tables)."""
        out = np.zeros((rows, len(self.tables)))
        out[:, 0] = 1.0
        column = 1
        for path, points, nominal in zip(self.paths, self.points, self.nominal, strict=True):
            x = np.broadcast_to(values.get(path, np.array(nominal)), (rows,))
            change = _lagrange(points, x) - _lagrange(points, np.array([nominal]))
            exact = x == nominal
            change[exact] = 0.0
            out[:, column : column + len(points)] = change
            column += len(points)
        return out


def _lagrange(points: Array, x: Array) -> Array:
    """Lagrange basis polynomials of ``points`` at ``x``: (x, points)."""
    out = np.ones((len(x), len(points)))
    for j, a in enumerate(points):
        for k, b in enumerate(points):
            if j != k:
                out[:, j] *= (x - b) / (a - b)
    return out


def chebyshev(low: float, high: float, n: int) -> Array:
    """Chebyshev points of an interval, its ends included."""
    return np.asarray(0.5 * (low + high) - 0.5 * (high - low) * np.cos(np.pi * np.arange(n) / (n - 1)))


def family_vehicles(
    dossier: Dossier, name: str, paths: Sequence[str]
) -> tuple[list[Vehicle], tuple[Array, ...], tuple[float, ...]]:
    """The vehicles whose tables make a family over parameters of the dossier, with their points and nominal values."""
    vehicles = [interceptor(dossier, name).vehicle]
    parameters = dossier.parameters()
    points, nominal = [], []
    for path in paths:
        parameter = parameters[path]
        grid = chebyshev(parameter.lowest, parameter.highest, FAMILY_NODES)
        points.append(grid)
        nominal.append(parameter.value)
        for value in grid:
            changed = dossier.with_values({path: float(value)})
            vehicles.append(interceptor_vehicle(changed, name, changed.interceptor[name].payload.value))
    return vehicles, tuple(points), tuple(nominal)


def flyout_family(dossier: Dossier, name: str, site: Place, paths: Sequence[str] = ()) -> FlyoutFamily:
    """The family of an interceptor at a site over sampled parameters."""
    vehicles, points, nominal = family_vehicles(dossier, name, paths)
    return FlyoutFamily(tuple(flyout_table(v, site) for v in vehicles), tuple(paths), points, nominal)
