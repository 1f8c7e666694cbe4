"""Least-energy flights between one place and very many others, for maps."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..physics import aim, aim_field
from ..physics.earth import WGS84
from ..physics.reach import time_aloft
from .flights import Flights
from .rocket import Missile

Array = NDArray[np.float64]

# How far apart the lattice's bearings [rad] and distances, as parts of the longest range, stand at most.
_TURN, _SHARE = math.radians(15.0), 0.09
# From where the lattice begins, and how far beyond the longest range it goes.
_NEAREST, _FARTHEST = 0.12, 1.02
# A lattice goes all round unless the places leave so wide a gap [rad].
_GAP = math.radians(75.0)
_LEAST = 5


@dataclass(frozen=True, eq=False)
class AimField:
    """Flights of a missile between a place and others round it, ready to be aimed in any number.

    Attributes
    ----------
    center : (3,) latitude, longitude, altitude [rad, rad, m]
    outward : whether flights begin at the center, or come down there
    first, step : bearings of the lattice [rad]
    shares, longest, steered : as of ``physics.aim_field.lattice``
    """

    missile: Missile
    center: Array
    outward: bool
    first: float
    step: float
    shares: Array
    longest: Array
    steered: Array

    @property
    def longest_free_s(self) -> float:
        """About how long the longest flight of the field is free [s]."""
        angle = min(1.0, float(self.shares[-1])) * float(self.longest.max())
        return float(time_aloft(angle, aim.least_energy_apogee(angle, WGS84), WGS84))

    def fly(self, others: Array) -> tuple[Flights, NDArray[np.int64]]:
        """The flights to (from) places (p, 3), those that reach, and the outcome of every place as of
        ``physics.aim``: (p,). ``Flights.pairs`` number the places; the center is 0.
        """
        missile, center = self.missile, self.center
        status, steering, nodes, summary = aim_field.aim_between(
            missile.vehicle, center, others, self.first, self.step, self.shares, self.longest, self.steered,
            self.outward, WGS84,
        )  # fmt: skip
        left = np.flatnonzero(status == aim.NOT_CONVERGED)
        if len(left):
            status[left], steering[left], flown, told = _aim_at_length(
                missile, center, others[left], self.outward, aim.LEAST_ENERGY, 0.0
            )
            nodes, flown = _as_long(nodes, flown), _as_long(flown, nodes)
            nodes[left], summary[left] = flown, told
        return _flights(missile, center, others, self.outward, (status, steering, nodes, summary))


@dataclass(frozen=True, eq=False)
class LongAim:
    """As ``AimField``, for flights of other kinds than least energy: each is aimed at length.

    Attributes
    ----------
    mode, apogee_m : as ``aim_flights`` takes them
    """

    missile: Missile
    center: Array
    outward: bool
    mode: int
    apogee_m: float

    @property
    def longest_free_s(self) -> float:
        """As ``AimField.longest_free_s``."""
        ranges = self.missile.ranges
        angle = min(0.97 * math.pi, float(np.nanmax(ranges.range)))
        top = self.apogee_m if self.mode == aim.APOGEE else float(np.nanmax(ranges.apogee))
        return float(time_aloft(angle, top, WGS84))

    def fly(self, others: Array) -> tuple[Flights, NDArray[np.int64]]:
        """As ``AimField.fly``."""
        found = _aim_at_length(self.missile, self.center, others, self.outward, self.mode, self.apogee_m)
        return _flights(self.missile, self.center, others, self.outward, found)


def _aim_at_length(
    missile: Missile, center: Array, others: Array, outward: bool, mode: int, apogee_m: float
) -> tuple[Array, Array, Array, Array]:
    """Status, steering, nodes and summary, as of ``physics.aim``, of flights to (from) every place."""
    here = np.tile(center, (len(others), 1))
    launches, targets = (here, others) if outward else (others, here)
    launches, targets = np.ascontiguousarray(launches), np.ascontiguousarray(targets)
    status, steering, _ = aim.aim_many(
        missile.vehicle, missile.ranges, launches, targets, mode, apogee_m, WGS84
    )
    hit = status == aim.HIT
    flown, told = aim.fly_many(missile.vehicle, launches[hit], steering[hit], WGS84)
    nodes, summary = np.zeros((len(others), *flown.shape[1:])), np.zeros((len(others), told.shape[1]))
    nodes[hit], summary[hit] = flown, told
    return status, steering, nodes, summary


def _flights(
    missile: Missile, center: Array, others: Array, outward: bool, found: tuple[Array, Array, Array, Array]
) -> tuple[Flights, NDArray[np.int64]]:
    """The flights that reach, and what came of all."""
    status, steering, nodes, summary = found
    reached = np.flatnonzero(status == aim.HIT)
    zero = np.zeros(len(reached), dtype=np.int64)
    here, there = np.tile(center, (len(reached), 1)), others[reached]
    flights = Flights.flown(
        missile,
        *((here, there) if outward else (there, here)),
        np.stack((zero, reached) if outward else (reached, zero), axis=1),
        steering[reached],
        nodes[reached],
        summary[reached],
    )
    return flights, status.astype(np.int64)


def _as_long(nodes: Array, others: Array) -> Array:
    """Nodes with the last repeated until there are as many as in others."""
    short = max(0, others.shape[1] - nodes.shape[1])
    return np.pad(nodes, ((0, 0), (0, short), (0, 0)), mode="edge") if short else nodes


def aim_field_over(
    missile: Missile, center: Array, others: Array, *, outward: bool, pool: Executor
) -> AimField:
    """The field of a missile round a place, as far as some places (p, 3) stand round it."""
    vehicle, ranges = missile.vehicle, missile.ranges
    away = aim_field.polar(center, others)
    bearings, round_about = _bearings(away[:, 0])
    parts = np.array_split(bearings, min(len(bearings), 4))
    reaches = partial(aim_field.reaches, vehicle, ranges, center, outward=outward, earth=WGS84)
    longest = _smooth_above(
        bearings, np.concatenate(list(pool.map(lambda part: reaches(bearings=part), parts)))
    )
    least, most = away[:, 1].min() / longest.max(), away[:, 1].max() / longest.min()
    low = min(max(_NEAREST, least - _SHARE), 0.6)
    high = min(max(most + _SHARE, low + 0.3), _FARTHEST)
    shares = np.linspace(low, high, max(_LEAST, math.ceil((high - low) / _SHARE) + 1))
    rows = [slice(i, i + 1) for i in range(len(bearings))]
    found = pool.map(
        lambda row: aim_field.lattice(
            vehicle, ranges, center, bearings[row], shares, longest[row], outward, WGS84
        ),
        rows,
    )
    steered = _filled(np.concatenate(list(found)))
    first, step = float(bearings[0]), float(bearings[1] - bearings[0])
    if round_about:
        wrapped = np.arange(-1, len(bearings) + 2) % len(bearings)
        first, longest, steered = first - step, longest[wrapped], steered[wrapped]
    return AimField(missile, center, outward, first, step, shares, longest, steered)


def _smooth_above(bearings: Array, longest: Array) -> Array:
    """The longest ranges' course with bearing, which the Earth's turning makes, raised so that it lies
    nowhere below them: what is measured in parts of it changes smoothly.
    """
    course = np.column_stack([np.ones(len(bearings)), np.cos(bearings), np.sin(bearings)])
    smooth = course @ np.linalg.lstsq(course, longest, rcond=None)[0]
    return np.asarray(smooth * np.max(longest / smooth))


def _filled(steered: Array) -> Array:
    """Steering continued outward by parabolas to where there is no flight: a guess there, which flying tells
    from a hit, so that what lies inside is read as well as elsewhere.
    """
    out = steered.copy()
    for d in range(3, out.shape[1]):
        none = np.isnan(out[:, d, 2])
        out[none, d] = 3.0 * out[none, d - 1] - 3.0 * out[none, d - 2] + out[none, d - 3]
    return out


def _bearings(seen: Array) -> tuple[Array, bool]:
    """Even bearings over all those seen, and whether they go all round."""
    ordered = np.sort(seen)
    gaps = np.diff(np.append(ordered, ordered[0] + 2.0 * math.pi))
    widest = int(np.argmax(gaps))
    if gaps[widest] < _GAP:
        return np.arange(0.0, 2.0 * math.pi - 1e-9, _TURN), True
    begin, arc = ordered[(widest + 1) % len(ordered)], 2.0 * math.pi - gaps[widest]
    begin, arc = begin - 0.02, arc + 0.04
    return begin + np.linspace(0.0, arc, max(_LEAST, math.ceil(arc / _TURN) + 1)), False
