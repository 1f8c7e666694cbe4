"""Engagement by brute force: every intercept is found by root finding over whole interceptor flights.

Nothing here knows of fly-out tables or of curves of latest launches; only the flight itself is shared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midcourse.model import Battery, Flights
from midcourse.physics import flight
from midcourse.physics.earth import WGS84, height

Array = NDArray[np.float64]

_AZIMUTHS = 36
# Closer together toward flat flights, which differ most.
_KICKS = np.concatenate([np.geomspace(4e-3, 1.1, 22), np.linspace(1.11, 1.24, 44)])
_STEP = 20.0
_NEAR = 800e3


@dataclass(frozen=True)
class Windows:
    """First and last launch and intercept [s]; None where the flight cannot be met."""

    launch: tuple[float, float]
    intercept: tuple[float, float]


class Search:
    """All that an interceptor can do from its site, flown directly."""

    def __init__(self, battery: Battery, longest_s: float) -> None:
        self.site = battery.site
        self.interceptor = battery.interceptor
        self.vehicle = battery.interceptor.vehicle
        self.longest = longest_s
        self._nodes = np.empty((flight.MOST_NODES, flight.NODE_COLUMNS))
        self._state = np.empty(6)
        times = np.arange(100.0, longest_s, _STEP)
        starts, places = [], []
        for azimuth in np.linspace(0.0, 2.0 * math.pi, _AZIMUTHS, endpoint=False):
            for kick in _KICKS:
                count = self._fly(azimuth, math.log(kick))
                for t in times[times < self._nodes[count - 1, 0]]:
                    places.append(self._place(count, t))
                    starts.append((azimuth, math.log(kick), t))
        self.starts, self.places = np.array(starts), np.array(places)

    def _fly(self, azimuth: float, log_kick: float) -> int:
        cutoff = flight.full_burn(self.vehicle)
        site = self.site
        _, count, _ = flight.fly(
            self.vehicle, site.lat, site.lon, site.altitude, azimuth, math.exp(log_kick), cutoff,
            self.longest + 60.0, flight.TOLERANCE, WGS84, self._nodes,
        )  # fmt: skip
        return int(count)

    def _place(self, count: int, t: float) -> Array:
        flight.ecef_state_at(self._nodes, count, t, WGS84, self._state)
        return self._state[:3].copy()

    def _solve(self, start: Array, target: Array) -> Array | None:
        """Newton from a start to a flight through a place; azimuth, log kick and flight time."""
        x = start.copy()
        for _ in range(12):
            count = self._fly(x[0], x[1])
            if not 0.0 < x[2] < self._nodes[count - 1, 0]:
                return None
            off = self._place(count, x[2]) - target
            if np.linalg.norm(off) < 50.0:
                return x
            velocity = self._state[3:].copy()
            slopes = np.empty((3, 3))
            slopes[:, 2] = velocity
            for i, h in enumerate((1e-5, 1e-5)):
                moved = x.copy()
                moved[i] += h
                changed = self._fly(moved[0], moved[1])
                if x[2] >= self._nodes[changed - 1, 0]:
                    return None
                slopes[:, i] = (self._place(changed, x[2]) - target - off) / h
            if not abs(np.linalg.det(slopes)) > 1e-9 * np.prod(np.linalg.norm(slopes, axis=0)):
                return None
            step = np.linalg.solve(slopes, -off)
            x = x + step * min(1.0, 0.5 / max(1e-9, np.abs(step[:2]).max()), 200.0 / max(1e-9, abs(step[2])))
        return None

    def velocity(self, solution: Array) -> Array:
        """Velocity over the ground with which a flight arrives, in ECEF [m/s]."""
        self._place(self._fly(solution[0], solution[1]), solution[2])
        return self._state[3:].copy()

    def arrivals(self, target: Array, warm: list[Array]) -> list[Array]:
        """Every flight found through a place, soonest first, sought from what was flown near it."""
        distance = np.linalg.norm(self.places - target, axis=1)
        near = np.flatnonzero(distance < _NEAR)
        starts = list(warm)
        # The nearest flown place in each stretch of flight time: the branches differ in it.
        for stretch in np.unique(self.starts[near, 2] // 60.0):
            mine = near[self.starts[near, 2] // 60.0 == stretch]
            starts.append(self.starts[mine[np.argmin(distance[mine])]])
        found: list[Array] = []
        for start in starts:
            solution = self._solve(np.asarray(start), target)
            if solution is not None and all(abs(solution[2] - each[2]) > 0.1 for each in found):
                found.append(solution)
        return sorted(found, key=lambda each: float(each[2]))


class Meeting:
    """The latest launch that meets a flight at each time of it."""

    def __init__(self, search: Search, flights: Flights, lowest_m: float, shortest_s: float) -> None:
        self.search, self.flights = search, flights
        self.lowest, self.shortest = lowest_m, shortest_s
        self._warm: list[Array] = []

    def latest_launch(self, t: float) -> float:
        found = self._soonest(t)
        return math.nan if found is None else t - found[1]

    def _soonest(self, t: float) -> tuple[Array, float] | None:
        """The soonest flight to where the threat is, and when it gets there: what comes before burnout and
        homing are over spends its way up on getting there later.
        """
        place = self.flights.states(0, np.array([t]))[0, :3]
        if height(*place, WGS84) < self.lowest:
            return None
        found = self.search.arrivals(place, self._warm)
        if found:
            self._warm = found
        if not found or max(found[0][2], self.shortest) > self.search.longest:
            return None
        return found[0], max(float(found[0][2]), self.shortest)

    def curve(self, step: float) -> tuple[Array, Array, Array]:
        """Times of intercept, latest launches [s] and closing velocities [m/s] from the first place where
        the flight can be met to the last.
        """
        begin, end = float(self.flights.burnout_s[0]), float(self.flights.impact_s[0])
        rows = [row for t in np.arange(begin, end, step) if (row := self._row(t)) is not None]
        for good, away, at in ((rows[0][0], -step, 0), (rows[-1][0], step, len(rows))):
            low, high = 0.0, 1.0
            while (high - low) * step > 0.3:
                middle = 0.5 * (low + high)
                row = self._row(good + middle * away)
                if row is None:
                    high = middle
                else:
                    low, edge = middle, row
            if low > 0.0:
                rows.insert(at and len(rows), edge)
        out = np.array(rows)
        return out[:, 0], out[:, 1], out[:, 2:]

    def _row(self, t: float) -> list[float] | None:
        found = self._soonest(t)
        if found is None:
            return None
        moving = self.flights.states(0, np.array([t]))[0, 3:]
        return [t, t - found[1], *(moving - self.search.velocity(found[0]))]

    def windows(self, commit: float, step: float = 25.0) -> Windows | None:
        """Windows for a commit time: a scan of the whole flight, its edges closed in on by bisection."""
        start, end = float(self.flights.burnout_s[0]), float(self.flights.impact_s[0])
        times = list(np.arange(start, end, step))
        launches = [self.latest_launch(t) for t in times]
        found = [(t, x) for t, x in zip(times, launches, strict=True) if not math.isnan(x)]
        for (a, at_a), (b, at_b) in zip(
            zip(times, launches, strict=True), zip(times[1:], launches[1:], strict=True), strict=False
        ):
            if math.isnan(at_a) != math.isnan(at_b):
                found += self._edge(a, b, not math.isnan(at_a), -math.inf)
            elif (at_a >= commit) != (at_b >= commit):
                found += self._edge(a, b, at_a >= commit, commit)
        met = [(t, x) for t, x in found if x >= commit]
        if not met:
            return None
        first = max(commit, min(x for _, x in found))
        return Windows((first, max(x for _, x in met)), (min(t for t, _ in met), max(t for t, _ in met)))

    def _edge(self, a: float, b: float, good_first: bool, commit: float) -> list[tuple[float, float]]:
        good, bad = (a, b) if good_first else (b, a)
        closed = []
        while abs(good - bad) > 0.05:
            middle = 0.5 * (good + bad)
            launch = self.latest_launch(middle)
            if launch >= commit:
                good = middle
                closed.append((middle, launch))
            else:
                bad = middle
        return closed
