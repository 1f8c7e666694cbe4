"""Missiles in flight, what is known of them, and interceptors on their way."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import czml as c
from .scene import Kind
from .turning import Ellipses, Ellipsoids

if TYPE_CHECKING:
    from midcourse.model import Flights

BOOST, FREE, BELIEVED, INTERCEPTOR, HIT, MISS = (
    "#ffb000",
    "#d55e00",
    "#cc79a7",
    "#56b4e9",
    "#f0e442",
    "#999999",
)
#: Longer than any flight or raid [s].
LONG = 1e5
# Between two places of a missile under thrust, and in free flight [s]; degree of the curve through them.
_BOOST_STEP, _FREE_STEP, _DEGREE = 2.0, 10.0, 3
#: An ellipse that reaches farther says nothing more, and soon would not fit on the Earth [m].
LARGEST = 2e6


#: What happens to a missile on its own: kind, time after its launch [s], and what it is.
Moment = tuple[Kind, float, str]


def moments(own: Flights, index: int) -> Iterator[Moment]:
    """What happens to a missile of some flights, in order."""
    stages, cutoff = own.missile.vehicle.stages, float(own.steering[index, 2])
    ends = [float(end) for end in stages[:-1, 0] + stages[:-1, 1]]
    yield from (("burnout", end, f"stage {i} burns out") for i, end in enumerate(ends, 1) if end < cutoff)
    yield "burnout", float(own.burnout_s[index]), "burnout: from here it flies free"
    yield "other", float(own.apogee_s[index]), "apogee"


def flight_times(burnout_s: float, lasts_s: float) -> c.Array:
    """When a missile is placed, after its launch: closer under thrust [s]."""
    burnout = min(burnout_s, lasts_s)
    boost = np.linspace(0.0, burnout, max(2, math.ceil(burnout / _BOOST_STEP) + 1))
    free = np.linspace(burnout, lasts_s, max(2, math.ceil((lasts_s - burnout) / _FREE_STEP) + 1))
    return np.concatenate([boost, free[1:]])


def missile(
    name: str, description: str, launch_s: float, burnout_s: float, span: c.Span, position: dict[str, Any]
) -> c.Packet:
    """A missile, of one colour under thrust and of another after ``burnout_s`` from its launch."""
    return {
        "id": f"missile/{name}",
        "parent": "missiles",
        "name": name,
        "description": description,
        "availability": c.interval(span),
        "position": position,
        "point": {
            **c.point(FREE, 8),
            "color": [
                {"interval": c.interval((0.0, LONG)), **c.colour(FREE)},
                {"interval": c.interval((0.0, launch_s + burnout_s)), **c.colour(BOOST)},
            ],
        },
        "label": c.label(name),
        "path": c.trail(c.solid(FREE), 2.0, 0.0, LONG),
    }


def whole_way(name: str, places: c.Array) -> c.Packet:
    """The whole way of a missile, faint."""
    return {
        "id": f"missile/{name}/way",
        "parent": "missiles",
        "name": f"{name}: its whole way",
        "polyline": {
            "positions": c.places(places),
            "arcType": "NONE",
            "width": 1.0,
            "material": c.solid(FREE, 0.35),
        },
    }


def flown(times_s: c.Array, places: c.Array) -> dict[str, Any]:
    """A curve through places of ``flight_times``."""
    return c.moving(times_s, places, degree=_DEGREE)


def mark(
    name: str, parent: str, title: str, span: c.Span, place: c.Array, colour: str, size: float
) -> c.Packet:
    """Something that happened at a place (3,) in the Earth-fixed frame, and stays to be seen."""
    return {
        "id": name,
        "parent": parent,
        "name": title,
        "availability": c.interval(span),
        "position": c.places(place),
        "point": c.point(colour, size, edge="#000000"),
    }


def interceptor(name: str, title: str, description: str, span: c.Span) -> c.Packet:
    """An interceptor, to which its way is added where there is one."""
    return {
        "id": f"interceptor/{name}",
        "parent": "interceptors",
        "name": title,
        "description": description,
        "availability": c.interval(span),
    }


def way(times_s: c.Array, places: c.Array) -> c.Packet:
    """The way of an interceptor, to be added to its packet."""
    return {
        "position": c.moving(times_s, places),
        "point": c.point(INTERCEPTOR, 6),
        "path": c.trail(c.solid(INTERCEPTOR), 1.5, 0.0, LONG),
    }


class Spread:
    """The ellipsoid of one sigma around something, and the ellipse around where it will come down, to be
    added to their packets; what does not change goes with the first of each.
    """

    def __init__(self) -> None:
        self._around, self._below = Ellipsoids(), Ellipses()
        self._begun: set[str] = set()

    def around(self, times_s: c.Array, covariances: c.Array) -> c.Packet:
        """The ellipsoid: covariances (n, 3, 3) in the Earth-fixed frame [m^2]."""
        radii, turns = self._around.of(covariances)
        return {
            "orientation": c.turned(turns, times_s),
            "ellipsoid": {
                "radii": c.sampled(times_s, radii, "cartesian"),
                **self._once(
                    "ellipsoid",
                    material=c.solid(BELIEVED, 0.25), outline=True, outlineColor=c.colour(BELIEVED, 0.6),
                ),
            },
        }  # fmt: skip

    def below(self, times_s: c.Array, covariances: c.Array) -> c.Packet:
        """The ellipse, never larger than ``LARGEST``: covariances (n, 2, 2), east and north [m^2]."""
        axes, turns = self._below.of(covariances)
        axes = np.minimum(axes, LARGEST)
        return {
            "ellipse": {
                "semiMajorAxis": c.sampled(times_s, axes[:, 0], "number"),
                "semiMinorAxis": c.sampled(times_s, axes[:, 1], "number"),
                "rotation": c.sampled(times_s, turns, "number", digits=4),
                **self._once(
                    "ellipse",
                    height=0, material=c.solid(BELIEVED, 0.3), outline=True, outlineColor=c.colour(BELIEVED),
                ),
            },
        }  # fmt: skip

    def _once(self, name: str, **what: Any) -> dict[str, Any]:
        if name in self._begun:
            return {}
        self._begun.add(name)
        return what
