"""Fly-out tables read between those of other latitudes.

Over the turning ground a table depends on the latitude of its site, on its altitude, and not on its
longitude. Latitude enters by the speed of the ground and by the way it turns, both of which change slowly: a
cubic through tables ten degrees apart tells arrivals to some milliseconds, and to less than half a second at
the end of an interceptor's reach (tests/model/test_latitudes.py), which is what a table itself may err. So a
base that is dragged about has its table at once.
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
APART = math.radians(10.0)
_FARTHEST = 8


def latitudes_round(lat: float) -> tuple[float, ...]:
    """The four latitudes [rad] between which a table of another is read; none too near a pole."""
    if abs(lat) > _FARTHEST * APART:
        return ()
    first = min(max(math.floor(lat / APART) - 1, -_FARTHEST), _FARTHEST - 3)
    return tuple((first + i) * APART for i in range(4))


def table_between(lats: Sequence[float], tables: Sequence[Flyout], site: Place) -> Flyout | None:
    """The table of a site from those of an interceptor at other latitudes [rad] and the site's altitude; None
    where it does not rise high enough at one of them.
    """
    if any(each.top[0] <= 0.0 for each in tables):
        return None
    weights = _lagrange(lats, site.lat)

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
