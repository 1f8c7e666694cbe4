"""Least-energy flights between one place and very many others, for maps."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..physics import aim, aim_edge, aim_field, aim_lattice
from ..physics.aim_edge import Edge
from ..physics.aim_lattice import Lattice
from ..physics.earth import WGS84
from ..physics.reach import time_aloft
from .flights import Flights
from .rocket import Missile

Array = NDArray[np.float64]

#: A lattice for so many places about within reach: how many bearings it has all round, and how many central
#: angles.
_SIZES = ((20_000, 36, 36), (0, 24, 20))
# Bearings and angles that are read between by polynomials of the fifth degree need so many.
_LEAST = 6
# A lattice goes all round unless the places leave so wide a gap [rad].
_GAP = math.radians(75.0)
# How far beyond the farthest flights a lattice goes, and to how many angles it is continued where there is no
# flight.
_FARTHEST, _CONTINUED = 1.02, 8
# Nearest to the antipode that flights are looked for [rad].
_ANTIPODE = 0.97 * math.pi
# Logarithms of kicks round that of the farthest flight on an Earth at rest, and the flattest; and depths to
# which flights are told: roots of what their central angles lack of the farthest.
_KICKS, _FLATTEST, _DEPTH = np.linspace(-1.4, 0.6, 36), math.log(1.4), np.linspace(0.0, 0.6, 13)


@dataclass(frozen=True, eq=False)
class AimField:
    """Flights of a missile between a place and others round it, ready to be aimed in any number.

    Attributes
    ----------
    center : (3,) latitude, longitude, altitude [rad, rad, m]
    outward : whether flights begin at the center, or come down there
    """

    missile: Missile
    center: Array
    outward: bool
    lattice: Lattice
    edge: Edge

    @property
    def longest_free_s(self) -> float:
        """About how long the longest flight of the field is free [s]."""
        angle = min(self.lattice.middle + self.lattice.half, float(self.edge.farthest.max()))
        return float(time_aloft(angle, aim.least_energy_apogee(angle, WGS84), WGS84))

    def fly(self, others: Array) -> tuple[Flights, NDArray[np.int64]]:
        """The flights to (from) places (p, 3), those that reach, and the outcome of every place as of
        ``physics.aim``: (p,). ``Flights.pairs`` number the places; the center is 0.
        """
        missile, center = self.missile, self.center
        status, steering, nodes, summary = aim_field.aim_between(
            missile.vehicle, center, others, self.lattice, self.edge, self.outward, WGS84
        )
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
    away = aim_lattice.all_ahead(center, others, outward, WGS84)
    # The Earth's rotation adds less than a third to any range.
    within = np.count_nonzero(away[:, 1] < 1.35 * np.nanmax(missile.ranges.range[:, -1]))
    turns, columns = next(size[1:] for size in _SIZES if within >= size[0])
    bearings, round_about = _bearings(away[:, 0], turns)
    edge = _edge_over(missile, center, bearings, round_about, outward, pool)
    lattice = _lattice_over(
        missile, center, bearings, round_about, columns, away[:, 1], float(edge.farthest.max()), outward, pool
    )
    return AimField(missile, center, outward, lattice, edge)


def _lattice_over(
    missile: Missile, center: Array, bearings: Array, round_about: bool, columns: int, seen: Array, reach:
    float, outward: bool, pool: Executor,
) -> Lattice:  # fmt: skip
    """The lattice on some bearings, of so many angles between the nearest and farthest ``seen`` [rad], no
    farther than flights reach.
    """
    vehicle, ranges = missile.vehicle, missile.ranges
    at_rest = float(np.nanmax(ranges.range[:, -1]))
    start, step = 0.5 * at_rest, at_rest / 12.0
    sides = bearings[np.arange(4) * len(bearings) // 4]
    extent = _by_bearing(
        pool, sides,
        lambda some: aim_lattice.extent(
            vehicle, ranges, center, some, start, step, _ANTIPODE, outward, WGS84
        ),
    )  # fmt: skip
    nearest, farthest = float(np.nanmin(extent[:, 0])), float(np.nanmax(extent[:, 1]))
    low = max(nearest, min(float(seen.min()), start))
    high = min(farthest, max(float(seen.max()), 1.2 * start), _FARTHEST * reach)
    # A hair more, so that the places at the ends lie within.
    middle, half = 0.5 * (low + high), 0.5 * (high - low) + 1e-6
    angles = middle + half * _ends(columns)
    begin = int(np.argmin(np.abs(angles - start)))
    found = _by_bearing(
        pool, bearings,
        lambda some: aim_lattice.climbed(vehicle, ranges, center, some, angles, begin, outward, WGS84),
    )  # fmt: skip
    found[:, :, 1] = _smooth(bearings, round_about, found[:, :, 1])
    of = {bearing: found[i : i + 1] for i, bearing in enumerate(bearings)}
    steered = _by_bearing(
        pool, bearings,
        lambda some: aim_lattice.settled(vehicle, center, some, angles, of[some[0]], outward, WGS84),
    )  # fmt: skip
    first, step, (steered,) = _wrapped(bearings, round_about, _continued(steered))
    return Lattice(first, step, middle, half, nearest if low == nearest else 0.0, steered)


def _edge_over(
    missile: Missile, center: Array, bearings: Array, round_about: bool, outward: bool, pool: Executor
) -> Edge:
    """The edge on some bearings; that of flights to the center tells how far, and not how."""
    vehicle, ranges = missile.vehicle, missile.ranges
    at_rest = int(np.nanargmax(ranges.range[:, -1]))
    kicks = ranges.log_kick[at_rest] + _KICKS
    kicks = kicks[kicks <= _FLATTEST]
    if not outward:
        guess = float(ranges.range[at_rest, -1])
        farthest = _by_bearing(
            pool, bearings,
            lambda some: aim_edge.reaches_center(vehicle, center, some, kicks, guess, WGS84),
        )  # fmt: skip
        unknown = np.full((len(bearings), len(_DEPTH)), np.nan)
        first, step, (farthest, turned, kick) = _wrapped(
            bearings, round_about, farthest, np.zeros_like(unknown), unknown
        )
        return Edge(first, step, farthest, _DEPTH[-1], turned, kick)
    if not round_about:
        # Azimuths differ a little from the bearings ahead that they lead to.
        step = bearings[1] - bearings[0]
        bearings = bearings[0] + step * np.arange(-2, len(bearings) + 2)
    found = _by_bearing(pool, bearings, lambda some: aim_edge.burnt_out(vehicle, center, some, kicks, WGS84))
    farthest = np.minimum(found[:, -1, 2], math.pi)
    told = [
        _by_depth(azimuth, far, each) for azimuth, far, each in zip(bearings, farthest, found, strict=True)
    ]
    turned, kick = np.moveaxis(np.array(told), 1, 0)
    first, step, (farthest, turned, kick) = _wrapped(bearings, round_about, farthest, turned, kick)
    return Edge(first, step, farthest, _DEPTH[-1], turned, kick)


def _by_depth(azimuth: float, farthest: float, flown: Array) -> Array:
    """Azimuth less bearing ahead, and logarithm of the kick, at every depth: (2, depths). ``flown`` is a row
    of ``aim_edge.burnt_out``; nan where it is too short.
    """
    from scipy.interpolate import CubicSpline

    kept = flown[np.isfinite(flown[:, 2])]
    kept = kept[np.append(True, np.diff(kept[:, 2]) > 0.0)][::-1]
    lacking = 1.0 - kept[:, 2] / farthest
    depth = np.copysign(np.sqrt(np.abs(lacking)), lacking)
    if len(kept) < _LEAST or not (np.diff(depth) > 0.0).all():
        return np.full((2, len(_DEPTH)), np.nan)
    turned = (azimuth - kept[:, 1] + math.pi) % (2.0 * math.pi) - math.pi
    return np.asarray(CubicSpline(depth, np.stack([turned, kept[:, 0]], axis=1))(_DEPTH)).T


def _by_bearing(pool: Executor, bearings: Array, work: Callable[[Array], Array]) -> Array:
    """What work says of every bearing, one after another or at once."""
    return np.concatenate(list(pool.map(work, [bearings[i : i + 1] for i in range(len(bearings))])))


def _wrapped(bearings: Array, round_about: bool, *rows: Array) -> tuple[float, float, tuple[Array, ...]]:
    """First bearing, step, and rows by bearing; those that go all round begin again, for six to stand around
    every place.
    """
    first, step = float(bearings[0]), float(bearings[1] - bearings[0])
    if not round_about:
        return first, step, tuple(np.ascontiguousarray(each) for each in rows)
    again = np.arange(-3, len(bearings) + 3) % len(bearings)
    return first - 3.0 * step, step, tuple(np.ascontiguousarray(each[again]) for each in rows)


def _ends(columns: int) -> Array:
    """Where angles stand between the nearest and the farthest, -1 and 1: denser toward both, where steering
    changes most.
    """
    return -np.cos(math.pi * (np.arange(columns) + 0.5) / columns)


def _smooth(bearings: Array, round_about: bool, kicks: Array) -> Array:
    """The kicks of a lattice as one smooth course, by least squares; nan where they were.

    Where the energy is least it hardly tells the kick, so that what is found for each place by itself
    scatters; reading between places would feel that, and a small shift common to all does not count.
    """
    turns = min(5, (len(bearings) - 2) // 2)
    if round_about:
        waves = [wave(k * bearings) for k in range(1, turns + 1) for wave in (np.cos, np.sin)]
        along = np.stack([np.ones_like(bearings), *waves], axis=1)
    else:
        across = 2.0 * (bearings - bearings[0]) / (bearings[-1] - bearings[0]) - 1.0
        along = np.polynomial.chebyshev.chebvander(across, min(2 * turns, len(bearings) - 2))
    columns = kicks.shape[1]
    outward = np.polynomial.chebyshev.chebvander(_ends(columns), min(12, columns - 3))
    course = (along[:, None, :, None] * outward[None, :, None, :]).reshape(*kicks.shape, -1)
    known = np.isfinite(kicks)
    seen = course[known]
    # Part of the courses' own size: what is not seen stays small.
    normal = seen.T @ seen + 1e-9 * len(seen) * np.eye(seen.shape[1])
    fitted = course @ np.linalg.solve(normal, seen.T @ kicks[known])
    return np.where(known, fitted, np.nan)


def _continued(steered: Array) -> Array:
    """Steering continued by cubics to where there is no flight, nearer and farther: a guess there, which
    flying tells from a hit, so that what lies inside is read as well as elsewhere.
    """
    out = steered.copy()
    for row in out:
        known = np.flatnonzero(np.isfinite(row[:, 2]))
        if len(known) < _LEAST:
            continue
        for d in range(known[-1] + 1, min(known[-1] + 1 + _CONTINUED, len(row))):
            row[d] = 4.0 * row[d - 1] - 6.0 * row[d - 2] + 4.0 * row[d - 3] - row[d - 4]
        for d in range(known[0] - 1, max(known[0] - 1 - _CONTINUED, -1), -1):
            row[d] = 4.0 * row[d + 1] - 6.0 * row[d + 2] + 4.0 * row[d + 3] - row[d + 4]
    return out


def _bearings(seen: Array, turns: int) -> tuple[Array, bool]:
    """Even bearings over all those seen, ``turns`` of them all round, and whether they go all round."""
    turn = 2.0 * math.pi / turns
    ordered = np.sort(seen)
    gaps = np.diff(np.append(ordered, ordered[0] + 2.0 * math.pi))
    widest = int(np.argmax(gaps))
    if gaps[widest] < _GAP:
        return turn * np.arange(turns, dtype=np.float64), True
    begin, arc = float(ordered[(widest + 1) % len(ordered)]), 2.0 * math.pi - float(gaps[widest])
    begin, arc = begin - 0.02, arc + 0.04
    return begin + np.linspace(0.0, arc, max(_LEAST, math.ceil(arc / turn) + 1)), False
