"""Fly-out tables of interceptors, single or as a family over sampled parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..physics.earth import WGS84, to_ecef
from ..physics.flight import Vehicle
from ..physics.flyout import Flyout, tabulate_flyout
from .defence import Place
from .memory import Arrays, Memory
from .rocket import interceptor, vehicle_key

Array = NDArray[np.float64]

_NAMES = count()
#: Tables begin this far below the lowest intercept, for height is counted from the site's radius there [m].
_BELOW_LOWEST = 5e3
#: The air is too thick for free flight below this [m].
_LOWEST_FLOOR = 40e3
#: Tables along each sampled parameter of a family: see ``FlyoutFamily`` for how well they serve.
FAMILY_NODES = 7


def flyout_table(vehicle: Vehicle, site: Place, longest_s: float, lowest_m: float) -> Flyout:
    """The earliest arrivals of an interceptor from a site, up to a flight time and down to an altitude."""
    floor = max(_LOWEST_FLOOR, lowest_m - _BELOW_LOWEST)
    return tabulate_flyout(vehicle, site.lat, site.lon, site.altitude, longest_s, floor, WGS84)


@dataclass(frozen=True, eq=False)
class FlyoutFamily:
    """Tables of one interceptor at one site, between which any sampled interceptor is read.

    The first table is the nominal one, kept whole as ``base``. For each sampled parameter there are tables at
    Chebyshev points of its range with all others nominal; a sample's table is the nominal plus, for each
    parameter, the change that polynomial interpolation gives: a cut high-dimensional model representation of
    first order, exact in each parameter up to the interpolation, and blind to their interplay.

    Attributes
    ----------
    base : the nominal table
    tops, limits : (tables, ...) of all tables
    times : (bearing, height, distance, tables), for whoever reads a place reads it in all of them
    paths : sampled parameters
    points : their values at the tables, SI
    nominal : their nominal values, SI
    key : its own, for what is remembered about it
    """

    base: Flyout
    tops: Array
    limits: Array
    times: Array
    paths: tuple[str, ...]
    points: tuple[Array, ...]
    nominal: tuple[float, ...]
    key: int = field(default_factory=_NAMES.__next__)

    @classmethod
    def alone(cls, table: Flyout) -> FlyoutFamily:
        """The family of one table, for an interceptor of which nothing is sampled."""
        return cls(table, table.top[None], table.limit[None], table.time[..., None], (), (), ())

    def weights(self, values: Mapping[str, Array], rows: int) -> Array:
        """Weights of the tables for each row of sampled values: (rows, tables)."""
        out = np.zeros((rows, len(self.tops)))
        alone = len(self.paths) == 1
        away = np.zeros(rows, dtype=bool)
        column = 1
        for path, points, nominal in zip(self.paths, self.points, self.nominal, strict=True):
            x = values[path]
            change = _lagrange(points, x)
            if not alone:
                change -= _lagrange(points, np.array([nominal]))
            change[x == nominal] = 0.0
            away |= x != nominal
            out[:, column : column + len(points)] = change
            column += len(points)
        # One parameter's polynomial stands by itself; several are changes from the nominal table.
        out[:, 0] = ~away if alone else 1.0
        return out


def _lagrange(points: Array, x: Array) -> Array:
    """Weights of ``points`` in the cubic through the four of them around each ``x``: (x, points)."""
    out = np.zeros((len(x), len(points)))
    first = np.clip(np.searchsorted(points, x) - 2, 0, len(points) - 4)
    for row, (at, start) in enumerate(zip(x, first, strict=True)):
        near = range(start, start + 4)
        for j in near:
            weight = 1.0
            for k in near:
                if j != k:
                    weight *= (at - points[k]) / (points[j] - points[k])
            out[row, j] = weight
    return out


def chebyshev(low: float, high: float, n: int) -> Array:
    """Chebyshev points of an interval, its ends included."""
    return np.asarray(0.5 * (low + high) - 0.5 * (high - low) * np.cos(np.pi * np.arange(n) / (n - 1)))


def flyout_family(
    dossier: Dossier,
    name: str,
    site: Place,
    paths: Sequence[str],
    memory: Memory,
    workers: int = 1,
    *,
    borrowed: Place | None = None,
) -> FlyoutFamily:
    """The family of an interceptor at a site over sampled parameters of the dossier, tables kept in
    ``memory``.

    Tables depend on the site's latitude and not on its longitude: sites on one parallel share them. Those of
    a ``borrowed`` place may stand in for a site's own: they differ by the Earth's speed between the two
    parallels, 7 m/s for a degree at 54 degrees.
    """
    vehicles = [interceptor(dossier, name).vehicle]
    parameters = dossier.parameters()
    longest = parameters[f"interceptor.{name}.longest_flight"].highest
    lowest = parameters[f"interceptor.{name}.minimum_altitude"].lowest
    points = [chebyshev(parameters[path].lowest, parameters[path].highest, FAMILY_NODES) for path in paths]
    for path, grid in zip(paths, points, strict=True):
        for value in grid:
            changed = dossier.with_values({path: float(value)})
            vehicles.append(interceptor(changed, name).vehicle)

    source = borrowed or site
    place = (source.lat, source.altitude, longest, lowest)
    meridian = replace(source, lon=0.0)
    keys = [vehicle_key(vehicle) for vehicle in vehicles]

    def table(vehicle: Vehicle) -> Flyout:
        return flyout_table(vehicle, meridian, longest, lowest)

    def whole() -> Flyout:
        return Flyout(**memory.arrays(("fly-out", keys[0], *place), lambda: table(vehicles[0])._asdict()))

    def tabulate() -> Arrays:
        with ThreadPoolExecutor(workers) as pool:
            nominal = pool.submit(whole)
            others = list(pool.map(table, vehicles[1:]))
        # Steering and speeds take most of the room, and are only ever read from the nominal table.
        kept = [(each.top, each.limit, each.time) for each in (nominal.result(), *others)]
        tops, limits, times = zip(*kept, strict=True)
        return {"tops": np.stack(tops), "limits": np.stack(limits), "times": np.stack(times, axis=3)}

    base = whole()._replace(site=np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84)))
    tables = memory.arrays(("fly-out family", *keys, *place), tabulate)
    return FlyoutFamily(
        base,
        tables["tops"],
        tables["limits"],
        tables["times"],
        paths=tuple(paths),
        points=tuple(points),
        nominal=tuple(parameters[path].value for path in paths),
    )
