"""Fly-out tables read between others: so that a base which is dragged about has its table at once, and an
interceptor whose payload is being set.

Over the turning ground a table depends on the latitude of its site, on its altitude, and not on its
longitude. Latitude enters by the speed of the ground and by the way it turns, both of which change slowly.
Payload changes how fast the interceptor burns out. Cubics through tables ten degrees of latitude apart, or a
tenth of the payload, tell arrivals to some milliseconds, and to less than half a second at the end of an
interceptor's reach (tests/model/test_flyouts_between.py), which is what a table itself may err.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..physics.earth import WGS84, to_ecef
from ..physics.flyout import Flyout
from .defence import Place

Array = NDArray[np.float64]

#: Latitudes of tables are apart by this [rad], from as far south of the equator as north of it.
LATITUDES_APART = math.radians(10.0)
_FARTHEST = 8
#: Payloads of tables are apart by this factor, counted from a kilogram.
PAYLOADS_APART = 2.0**0.125
# Tables that reach so differently high are not alike enough to be read between.
_ALIKE = 0.5


def latitudes_round(lat: float) -> tuple[float, ...]:
    """The four latitudes [rad] between which a table of another is read; none too near a pole."""
    if abs(lat) > _FARTHEST * LATITUDES_APART:
        return ()
    first = min(max(math.floor(lat / LATITUDES_APART) - 1, -_FARTHEST), _FARTHEST - 3)
    return tuple((first + i) * LATITUDES_APART for i in range(4))


def payloads_round(payload_kg: float) -> tuple[float, ...]:
    """The four payloads [kg] between which a table of another is read."""
    first = math.floor(math.log(payload_kg, PAYLOADS_APART)) - 1
    return tuple(PAYLOADS_APART ** (first + i) for i in range(4))


def table_between(points: Sequence[float], tables: Sequence[Flyout], at: float, site: Place) -> Flyout | None:
    """A table of a site, at a point between others: latitudes [rad], or logarithms of payloads.

    None where some of the tables do not rise high enough, or far less than others.
    """
    tops = [float(each.top[0]) for each in tables]
    if min(tops) <= _ALIKE * max(tops):
        return None
    weights = _lagrange(points, at)

    def blended(name: str) -> Array:
        found: Array = weights[0] * getattr(tables[0], name)
        for weight, table in zip(weights[1:], tables[1:], strict=True):
            found += weight * getattr(table, name)
        return found

    limit = blended("limit")
    # Nothing is reached where one of the tables says so.
    limit[np.any([each.limit <= 0.0 for each in tables], axis=0)] = 0.0
    return Flyout(
        site=np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84)),
        top=blended("top"),
        limit=limit,
        time=blended("time"),
        kick=blended("kick"),
        speed=blended("speed"),
    )


def _lagrange(points: Sequence[float], x: float) -> list[float]:
    """Weights of the points in the polynomial through all of them."""
    return [
        math.prod((x - other) / (point - other) for j, other in enumerate(points) if j != i)
        for i, point in enumerate(points)
    ]
