"""The commit rule over again, look by look: plain numpy, places by pyproj, flights by scipy.

From the product come only the state at burnout, when each radar first sees the flight, and (in ``brute``) the
powered flight of interceptors. Looks are taken one by one, what they tell is found by flying the body from
twelve displaced starts, and biases are unknowns of their own in one large matrix.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import erf

from midcourse.dossier import Dossier
from midcourse.model import Flights

Array = NDArray[np.float64]

_TURN = 7.292115e-5
_TO_ECEF = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
_TO_GROUND = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
# Displacements of the start [m, m/s]: small beside the flight, large beside the integration's errors.
_SHIFTS = np.array([50.0, 50.0, 50.0, 0.05, 0.05, 0.05])


def turned(vectors: Array, times: Array) -> Array:
    """Vectors fixed to the Earth as they stand in ECI: (n, 3)."""
    c, s = np.cos(_TURN * times), np.sin(_TURN * times)
    x, y, z = vectors.T
    return np.stack([c * x - s * y, s * x + c * y, z], axis=1)


def _pull(places: Array) -> Array:
    """Gravity of WGS 84 with its J2 term: (n, 3)."""
    z = places[:, 2]
    r = np.linalg.norm(places, axis=1)
    q = 1.5 * 1.082629821e-3 * (6378137.0 / r) ** 2
    s = 5.0 * (z / r) ** 2
    factor = np.stack([1.0 + q * (1.0 - s), 1.0 + q * (1.0 - s), 1.0 + q * (3.0 - s)], axis=1)
    return -3.986004418e14 / r[:, None] ** 3 * factor * places


class Fall:
    """A body in free flight from burnout, and from starts displaced in all six ways."""

    def __init__(self, flights: Flights) -> None:
        self.start, self.end = float(flights.burnout_s[0]), float(flights.impact_s[0])
        state = flights.inertial_states(0, np.array([self.start]))[0]
        moves = np.concatenate([np.zeros((1, 6)), np.diag(_SHIFTS), np.diag(-_SHIFTS)])

        def slope(_t: float, flat: Array) -> Array:
            states = flat.reshape(13, 6)
            return np.concatenate([states[:, 3:], _pull(states[:, :3])], axis=1).ravel()

        self._flown = solve_ivp(
            slope, (self.start, self.end), (state + moves).ravel(), method="DOP853", rtol=1e-11, atol=1e-5,
            dense_output=True,
        ).sol  # fmt: skip

    def all(self, times: Array) -> Array:
        """The state and the twelve displaced ones: (13, n, 6)."""
        return np.asarray(self._flown(times).reshape(13, 6, len(times)).transpose(0, 2, 1))

    def grown(self, times: Array) -> Array:
        """How errors of the start have grown, in SI: (n, 6, 6)."""
        states = self.all(times)
        return np.asarray(((states[1:7] - states[7:]) / (2.0 * _SHIFTS[:, None, None])).transpose(1, 2, 0))

    def velocity_at_reentry(self) -> Array:
        """Velocity on the way down through 100 km."""

        def above(t: float) -> float:
            place = self.all(np.array([t]))[0, 0, :3]
            return float(_TO_GROUND.transform(*place)[2]) - 100e3

        at = brentq(above, 0.5 * (self.start + self.end), self.end)
        return self.all(np.array([at]))[0, 0, 3:]


@dataclass(frozen=True)
class Looks:
    """Looks of one radar.

    Attributes
    ----------
    reported : (n,) when each is known to the commander [s]
    states : (n, 6, 6), crossed (n, 6, 6), biases (n, 6, 6) : sums of the looks' information about the start,
        its products with the biases, and about these
    known : (6,) information there is about the biases beforehand
    """

    reported: Array
    states: Array
    crossed: Array
    biases: Array
    known: Array


class Watched:
    """One flight watched by an architecture, nominal figures throughout.

    ``first`` gives, by sensor, when it first sees booster or warhead [s]; sensors that never do are left out.
    """

    def __init__(
        self, dossier: Dossier, architecture: str, missile: str, flights: Flights, first: Mapping[str, float]
    ) -> None:
        self.dossier, self.fall = dossier, Fall(flights)
        self.design = dossier.resolved_architecture(architecture)
        self.doctrine = dossier.doctrine[self.design.doctrine or ""]
        self.missile = dossier.missile[missile]
        self._axis = self.fall.velocity_at_reentry()
        self.looks = [
            self._look(sensor, first[sensor.name]) for sensor in self.design.sensor if sensor.name in first
        ]
        self.prior = self._told(flights)

    def _told(self, flights: Flights) -> Array:
        """Information about the start in what the satellites tell."""
        satellite = self.dossier.satellite[self.design.satellite or ""]
        state = self.fall.all(np.array([self.fall.start]))[0, 0]
        below = _TO_GROUND.transform(*turned(state[None, :3], np.array([-self.fall.start]))[0])
        lat, lon = np.degrees(flights.launches[0, :2])
        flown = Geod(ellps="WGS84").inv(lon, lat, below[0], below[1])[2]
        speed, heading = float(np.linalg.norm(state[3:])), satellite.heading_error.value
        slow = satellite.speed_error.value
        place = math.hypot(satellite.position_error.value, heading * flown, 0.5 * slow * self.fall.start)
        along = state[3:] / speed
        out = np.zeros((6, 6))
        out[:3, :3] = np.eye(3) / place**2
        out[3:, 3:] = np.outer(along, along) / slow**2
        out[3:, 3:] += (np.eye(3) - np.outer(along, along)) / (heading * speed) ** 2
        return out

    def _look(self, sensor: Any, first: float) -> Looks:
        radar, site = self.dossier.radar[sensor.radar], self.dossier.site[sensor.site]
        figure = {name: value.value for name, value in radar if hasattr(value, "value")}
        busy, dwell = figure["search_share"], figure["dwell"]
        interval = max(figure["track_interval"], (1.0 + figure["other_tracks"]) * dwell / (1.0 - busy))
        times = np.arange(max(first, self.fall.start) + 0.5 * interval, self.fall.end - 1.0, interval)
        states = self.fall.all(times)
        lon, lat = math.degrees(site.lon.value), math.degrees(site.lat.value)
        here = np.tile(_TO_ECEF.transform(lon, lat, site.altitude.value), (len(times), 1))
        measured = np.stack([_measured(times, each, here, site.lat.value, site.lon.value) for each in states])
        distance, azimuth, elevation, _ = measured[0].T
        line = states[0, :, :3] - turned(here, times)
        ratio, cosine = self._ratio(radar, figure, sensor, distance, azimuth, elevation, line)
        # Saemundsson's refraction for the eye, and 1.12 times that for radio, in arc minutes.
        seen = elevation + np.radians(
            1.12
            * 1.02
            / 60.0
            / np.tan(np.radians(np.degrees(elevation) + 10.3 / (np.degrees(elevation) + 5.11)))
        )
        good = (seen >= figure["minimum_elevation"]) & (seen <= figure["maximum_elevation"])
        good &= ratio >= 10.0 ** (0.1 * figure["required_snr"])
        if not radar.steerable:
            faces = np.array([each.value for each in sensor.azimuth])
            off = np.abs((azimuth[:, None] - faces + np.pi) % (2.0 * np.pi) - np.pi).min(axis=1)
            good &= off <= figure["sector_half_width"]
        slopes = (measured[1:7] - measured[7:])[:, good].transpose(1, 2, 0) / (2.0 * _SHIFTS)
        # A degree of azimuth is less, higher up.
        slopes[:, 1] *= np.cos(elevation[good])[:, None]
        weights = _weights(radar, figure, ratio[good], cosine[good])
        phase = times[good] / figure["bias_time"]
        mixed = np.zeros((good.sum(), 4, 6))
        for m in range(3):
            mixed[:, m, 2 * m], mixed[:, m, 2 * m + 1] = np.cos(phase), np.sin(phase)
        sizes = np.repeat([figure["range_bias"], figure["angle_bias"], figure["angle_bias"]], 2)
        delay = self.dossier.link[sensor.link].delay.value if sensor.link else 0.0
        sums = [
            np.cumsum(np.einsum("nma,nm,nmb->nab", left, weights, right), axis=0)
            for left, right in ((slopes, slopes), (slopes, mixed), (mixed, mixed))
        ]
        return Looks(times[good] + delay, sums[0], sums[1], sums[2], 1.0 / sizes**2)

    def _ratio(
        self,
        radar: Any,
        figure: dict[str, float],
        sensor: Any,
        distance: Array,
        azimuth: Array,
        elevation: Array,
        line: Array,
    ) -> tuple[Array, Array]:
        """Signal-to-noise ratio of a look, and the cosine of the angle off the face."""
        wavelength = 299792458.0 / figure["frequency"]
        if radar.transmit_gain is not None:
            gain = 10.0 ** (0.1 * figure["transmit_gain"])
        else:
            gain = 4.0 * np.pi * figure["efficiency"] * figure["transmit_area"] / wavelength**2
        aspect = 1.0 - (line @ self._axis) ** 2 / (np.sum(line**2, axis=1) * np.sum(self._axis**2))
        band = radar.band
        nose = self.missile.rcs[band].value
        side = self.missile.rcs_side[band].value if band in self.missile.rcs_side else nose
        section = nose * (side / nose) ** aspect
        power = figure["mean_power"] * figure["dwell"] * gain * figure["efficiency"] * figure["receive_area"]
        noise = 1.380649e-23 * figure["noise_temperature"] * 10.0 ** (0.1 * figure["losses"])
        ratio = power * section / ((4.0 * np.pi) ** 2 * distance**4 * noise)
        cosine = np.ones_like(distance)
        if not radar.steerable:
            faces = np.array([each.value for each in sensor.azimuth])
            off = np.abs((azimuth[:, None] - faces + np.pi) % (2.0 * np.pi) - np.pi).min(axis=1)
            tilt = figure["tilt"]
            cosine = np.cos(elevation) * np.cos(off) * np.cos(tilt) + np.sin(elevation) * np.sin(tilt)
            cosine = np.maximum(cosine, 0.05)
            ratio = ratio * cosine ** figure["scan_exponent"]
        return ratio, cosine

    def covariances(self, times: Array, only: Sequence[int] | None = None) -> Array:
        """Covariance of the start by what is reported at some times: (n, 6, 6); nan before the first look."""
        chosen = self.looks if only is None else [self.looks[i] for i in only]
        size = 6 + 6 * len(chosen)
        whole = np.zeros((len(times), size, size))
        whole[:, :6, :6] = self.prior
        tracked = np.zeros(len(times), dtype=bool)
        for r, looks in enumerate(chosen):
            count = np.searchsorted(looks.reported, times, "right")
            tracked |= count > 0
            own = slice(6 + 6 * r, 12 + 6 * r)
            some, last = count > 0, np.maximum(count - 1, 0)
            if some.any():
                whole[some, :6, :6] += looks.states[last[some]]
                whole[some, :6, own] += looks.crossed[last[some]]
                whole[some, own, :6] += looks.crossed[last[some]].transpose(0, 2, 1)
                whole[some, own, own] += looks.biases[last[some]]
            whole[:, own, own] += np.diag(looks.known)
        # Lengths and angles differ by many orders: scaled to a unit diagonal before the inverse.
        scale = 1.0 / np.sqrt(np.diagonal(whole, axis1=1, axis2=2))
        inverse = (
            np.linalg.inv(whole * scale[:, :, None] * scale[:, None, :])
            * scale[:, :, None]
            * scale[:, None, :]
        )
        out = inverse[:, :6, :6]
        out[~tracked] = np.nan
        return np.asarray(out)


def _measured(times: Array, states: Array, here: Array, lat: float, lon: float) -> Array:
    """Range, azimuth, elevation and range rate: (n, 4)."""
    station = turned(here, times)
    moving = _TURN * np.stack([-station[:, 1], station[:, 0], np.zeros(len(times))], axis=1)
    line, drift = states[:, :3] - station, states[:, 3:] - moving
    distance = np.linalg.norm(line, axis=1)
    fixed = turned(line, -times)
    east = fixed @ np.array([-math.sin(lon), math.cos(lon), 0.0])
    north = fixed @ np.array([-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)])
    up = fixed @ np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    return np.stack(
        [
            distance,
            np.arctan2(east, north),
            np.arcsin(up / distance),
            np.sum(line * drift, axis=1) / distance,
        ],
        axis=1,
    )


def _weights(radar: Any, figure: dict[str, float], ratio: Array, cosine: Array) -> Array:
    """Inverse variances of range, two angles and range rate: (n, 4)."""
    wavelength = 299792458.0 / figure["frequency"]
    if radar.beamwidth is not None:
        beam = figure["beamwidth"]
    else:
        beam = 1.02 * wavelength / math.sqrt(4.0 * figure["receive_area"] / math.pi)
    floor = figure["angle_floor"] ** 2
    cell = 299792458.0 / (2.0 * figure["bandwidth"])
    width = wavelength / (2.0 * figure["dwell"])
    error = np.stack(
        [
            cell**2 * (1.0 / (2.0 * ratio * 1.6**2) + floor),
            beam**2 / cosine * (1.0 / (2.0 * ratio * 1.6**2) + floor),
            beam**2 / cosine * (1.0 / (2.0 * ratio * 1.6**2) + floor),
            width**2 * (1.0 / (2.0 * ratio * 1.8**2) + floor)
            if radar.coherent
            else np.full(len(ratio), np.inf),
        ],
        axis=1,
    )
    return np.asarray(1.0 / error)


_RATIOS = np.linspace(0.0, 1.0, 33)


@cache
def _held_by(share: float) -> Array:
    """Radius, over the larger axis, that holds a share of a normal error with each of some ratios of axes."""

    def held(radius: float, ratio: float) -> float:
        if ratio == 0.0:
            return float(erf(radius / math.sqrt(2.0)))

        def strip(x: float) -> float:
            half = math.sqrt(max(0.0, radius * radius - x * x))
            return (
                math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi) * float(erf(half / ratio / math.sqrt(2.0)))
            )

        return float(quad(strip, -radius, radius, limit=200)[0])

    return np.array([brentq(lambda r, k=ratio: held(r, k) - share, 0.1, 8.0) for ratio in _RATIOS])


def circle(covariances: Array, share: float) -> Array:
    """Radius that holds a share of a two-dimensional normal error: (n,) for (n, 2, 2)."""
    one, two, both = covariances[:, 0, 0], covariances[:, 1, 1], covariances[:, 0, 1]
    larger = 0.5 * (one + two) + np.hypot(0.5 * (one - two), both)
    ratio = np.sqrt(np.maximum(one * two - both**2, 0.0)) / larger
    return np.asarray(np.sqrt(larger) * np.interp(ratio, _RATIOS, _held_by(share)))


class Rule:
    """Which launches toward which intercepts the track of a flight allows.

    Parameters
    ----------
    times, launches, closing : (n,) [s], (n,) latest launch [s], (n, 3) velocity between both in ECEF [m/s]
    """

    def __init__(
        self, watched: Watched, interceptor: str, burn_s: float, times: Array, launches: Array, closing: Array
    ) -> None:
        figures = watched.dossier.interceptor[interceptor]
        self.watched, self.burn = watched, burn_s
        self.divert, self.homing = figures.divert.value, figures.homing_time.value
        self.view, self.longest = figures.seeker_view.value, figures.longest_flight.value
        self.times, self.launches = times, launches
        # The plane across the closing velocity, in ECI: any two directions in it will do.
        along = turned(closing, times)
        self.speeds = np.linalg.norm(along, axis=1)
        along /= self.speeds[:, None]
        one = np.cross(along, [0.0, 0.0, 1.0])
        one /= np.linalg.norm(one, axis=1)[:, None]
        plane = np.stack([one, np.cross(along, one)], axis=1)
        self._rows = np.einsum("nap,npb->nab", plane, watched.fall.grown(times)[:, :3])
        self._moments = np.arange(watched.fall.start, watched.fall.end, 1.0)
        self._covariances = watched.covariances(self._moments)
        self._share = watched.doctrine.confidence.value
        self._tables: dict[int, Array] = {}

    def radii(self, i: int, moments: Array) -> Array:
        """Radius of the error at intercept ``i`` of what is reported by some moments [m]; inf without a
        track.
        """
        if i not in self._tables:
            across = self._rows[i] @ self._covariances @ self._rows[i].T
            told = ~np.isnan(across[:, 0, 0])
            self._tables[i] = np.full(len(across), np.inf)
            self._tables[i][told] = circle(across[told], self._share)
        place = np.floor(moments - self._moments[0]).astype(int)
        found = self._tables[i][np.clip(place, 0, len(self._moments) - 1)]
        return np.where(place < 0, np.inf, found)

    def spare(self, i: int, launches: Array) -> Array:
        """Divert left by launches toward intercept ``i`` [m/s]; below zero where the track does not
        suffice.
        """
        meet = self.times[i]
        before = self.radii(i, launches - self.watched.doctrine.decision_delay.value)
        basket = self.speeds[i] * self.homing * math.tan(0.5 * self.view)
        burnout, handover = launches + self.burn, meet - self.homing
        moments = (burnout, 0.5 * (burnout + handover), np.full_like(launches, handover))
        left = np.full(len(launches), self.divert)
        with np.errstate(invalid="ignore"):
            if self.watched.doctrine.uplink:
                for t in moments:
                    after = np.minimum(before, self.radii(i, t))
                    left -= np.sqrt(before**2 - after**2) / (meet - t)
                    before = after
            left -= before / self.homing
        left[(before > basket) | ~np.isfinite(left)] = -1.0
        left[launches < meet - self.longest] = -1.0
        return left

    def allowed(self) -> tuple[Array, Array]:
        """Every pair tried of a launch, each second, and an intercept, with whether it is allowed:
        (launches,), (intercepts, launches).
        """
        launches = np.arange(math.ceil(self.watched.fall.start), np.nanmax(self.launches), 1.0)
        good = np.stack([self.spare(i, launches) >= 0.0 for i in range(len(self.times))])
        return launches, good & (launches <= self.launches[:, None])
