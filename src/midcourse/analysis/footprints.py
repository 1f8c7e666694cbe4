"""What radars could look at, and what they see at an altitude: fans and footprints, at nominal figures.

Both are worked out along straight lines from the radar by the rules of ``physics.sight``: what counts is the
apparent elevation, which the air raises.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dossier import InputError
from ..model import Sensor
from ..model.defence import Place
from ..physics.earth import WGS84, to_ecef
from ..physics.refraction import refraction_at
from .mapping import sees
from .setting import Setting

Array = NDArray[np.float64]

# Between two lines of a footprint, and how far inside the edge of its sector the first one is [rad].
_APART, _INSIDE = math.radians(3.0), 1e-6
# Lines of sight that are tried from the zenith down, and the lowest of them, which no radar sees along [rad].
_TRIED, _LOWEST = 40, math.radians(-5.0)
# Halvings between a line that sees and one that does not: to a ten-thousandth of a degree.
_HALVINGS = 14


@dataclass(frozen=True)
class Fan:
    """What a face of a radar could look at, were the warhead there.

    Attributes
    ----------
    azimuth : of the middle of its sector [rad]; 0 where it goes all round
    half : of the sector's width [rad]
    lowest, highest : elevations on the straight line [rad]: the air bends the lowest line of sight down
    range_m : at which one look straight ahead returns enough from the warhead, seen end-on
    rcs_m2 : of the warhead so
    """

    sensor: Sensor
    azimuth: float
    half: float
    lowest: float
    highest: float
    range_m: float
    rcs_m2: float


@dataclass(frozen=True, eq=False)
class Footprint:
    """Where a radar sees the warhead, seen end-on, at an altitude.

    Attributes
    ----------
    outline : (n, 3) in the Earth-fixed frame [m]; the first place follows the last
    hole : (m, 3) likewise, what lies above its highest elevation; nothing where there is no such hole
    """

    sensor: Sensor
    altitude_m: float
    rcs_m2: float
    outline: Array
    hole: Array


def end_on(setting: Setting, sensor: Sensor, missile: str) -> float:
    """The warhead's cross-section in a sensor's band, seen end-on [m^2]."""
    band = sensor.radar.band
    path = f"missile.{missile}.rcs.{band}"
    if path not in setting.nominal:
        raise InputError(
            f"missile {missile} has no cross-section in the {band} band",
            where=setting.dossier.where(f"missile.{missile}"), expected=f'rcs.{band} = "0.05 m^2"',
        )  # fmt: skip
    return setting.nominal[path]


def fans(setting: Setting, architecture: str, missile: str) -> Iterator[Fan]:
    """The fans of every radar of an architecture against a missile's warhead."""
    for sensor in setting.defence(architecture).sensors:
        rcs = end_on(setting, sensor, missile)
        reach = sensor.radar.detection_range_m(rcs)
        data = setting.dossier.radar[sensor.radar.name]
        lowest = _straight(data.minimum_elevation.value, sensor.site.altitude, reach)
        highest = data.maximum_elevation.value
        if sensor.boresights:
            half = data.sector_half_width.value
            for azimuth in sensor.boresights:
                yield Fan(sensor, azimuth, half, lowest, highest, reach, rcs)
        else:
            yield Fan(sensor, 0.0, math.pi, lowest, highest, reach, rcs)


def _straight(apparent: float, altitude: float, distance: float) -> float:
    """The elevation on the straight line to a body that stands at an apparent one [rad]."""
    low, high = apparent - math.radians(2.0), apparent
    for _ in range(30):
        middle = 0.5 * (low + high)
        if middle + refraction_at(middle, altitude, distance) < apparent:
            low = middle
        else:
            high = middle
    return high


def footprints(setting: Setting, architecture: str, missile: str, altitude_m: float) -> Iterator[Footprint]:
    """Where every radar of an architecture sees a missile's warhead at an altitude; a part each where sectors
    stand apart, and nothing of a radar that sees none.
    """
    for sensor in setting.defence(architecture).sensors:
        rcs = end_on(setting, sensor, missile)
        half = setting.dossier.radar[sensor.radar.name].sector_half_width.value
        for first, last in _sectors(sensor, half):
            yield from _footprint(setting, sensor, rcs, altitude_m, first, last)


def _sectors(sensor: Sensor, half: float) -> list[tuple[float, float]]:
    """Sectors without a gap, from azimuth to azimuth [rad]."""
    whole = 2.0 * math.pi
    if not sensor.boresights or half >= math.pi:
        return [(0.0, whole)]
    spans = sorted((azimuth % whole - half, azimuth % whole + half) for azimuth in sensor.boresights)
    joined = [spans[0]]
    # The first once more: the last may reach it round the circle.
    for first, last in (*spans[1:], (spans[0][0] + whole, spans[0][1] + whole)):
        if first <= joined[-1][1] + _INSIDE:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    # So the first of all stands at the end once more, joined to the last or not.
    again, last = joined.pop()
    if not joined:
        return [(0.0, whole)]
    joined[0] = (again - whole, max(joined[0][1], last - whole))
    return joined


def _footprint(
    setting: Setting, sensor: Sensor, rcs_m2: float, altitude_m: float, first: float, last: float
) -> Iterator[Footprint]:
    round_about = last - first >= 2.0 * math.pi
    count = math.ceil((last - first) / _APART)
    azimuths = np.linspace(first, last, count, endpoint=False)
    if not round_about:
        azimuths = np.linspace(first + _INSIDE, last - _INSIDE, count + 1)
    lines = _Lines(sensor.site, azimuths, altitude_m)

    def seen(elevations: Array) -> NDArray[np.bool_]:
        """Whether it sees along the lines at these elevations, (azimuths, k)."""
        places = lines.places(elevations)
        states = np.zeros((places.shape[0] * places.shape[1], 1, 6))
        states[:, 0, :3] = places.reshape(-1, 3)
        return sees(setting, sensor, states, rcs_m2).reshape(elevations.shape)

    # Closer together toward the ground, where a degree is far.
    tried = _LOWEST + (0.5 * math.pi - _LOWEST) * np.linspace(1.0, 0.0, _TRIED) ** 2
    found = seen(np.tile(tried, (len(azimuths), 1)))
    some = found.any(axis=1)
    if not some.any():
        return
    if round_about and not some.all():
        # Not all round after all: begin where it begins to see.
        begin = int(np.flatnonzero(some & ~np.roll(some, 1))[0])
        azimuths, some, found = (
            np.roll(azimuths, -begin),
            np.roll(some, -begin),
            np.roll(found, -begin, axis=0),
        )
        round_about = False
    lines, found = _Lines(sensor.site, azimuths[some], altitude_m), found[some]
    high, low = found.argmax(axis=1), found.shape[1] - 1 - found[:, ::-1].argmax(axis=1)
    yes = tried[np.stack([low, high], axis=1)]
    no = tried[np.stack([np.minimum(low + 1, len(tried) - 1), np.maximum(high - 1, 0)], axis=1)]
    for _ in range(_HALVINGS):
        middle = 0.5 * (yes + no)
        good = seen(middle)
        yes, no = np.where(good, middle, yes), np.where(good, no, middle)
    outer, inner = lines.places(yes).transpose(1, 0, 2)
    if not high.any():
        # It sees right overhead.
        inner = np.zeros((0, 3))
    if round_about:
        yield Footprint(sensor, altitude_m, rcs_m2, outer, inner)
        return
    overhead = lines.places(np.full((1, 1), 0.5 * math.pi))[0]
    back = inner[::-1] if len(inner) else overhead
    yield Footprint(sensor, altitude_m, rcs_m2, np.concatenate([outer, back]), np.zeros((0, 3)))


class _Lines:
    """Straight lines from a site at azimuths (n,) [rad] to an altitude [m]."""

    def __init__(self, site: Place, azimuths: Array, altitude_m: float) -> None:
        sl, cl, so, co = math.sin(site.lat), math.cos(site.lat), math.sin(site.lon), math.cos(site.lon)
        east, north = np.array([-so, co, 0.0]), np.array([-sl * co, -sl * so, cl])
        self._site = np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))
        self._level = np.outer(np.sin(azimuths), east) + np.outer(np.cos(azimuths), north)
        self._up = np.array([cl * co, cl * so, sl])
        # The surface at an altitude is an ellipsoid to some metres.
        equator, pole = WGS84.radius, WGS84.radius * (1.0 - WGS84.flattening)
        self._scale = 1.0 / np.array([equator + altitude_m, equator + altitude_m, pole + altitude_m])

    def places(self, elevations: Array) -> Array:
        """Where the lines at elevations (n, k) [rad] reach the altitude, in the Earth-fixed frame:
        (n, k, 3) [m].
        """
        level, rise = np.cos(elevations)[..., None], np.sin(elevations)[..., None]
        along = level * self._level[:, None] + rise * self._up
        p, d = self._site * self._scale, along * self._scale
        a, b, c = (d**2).sum(axis=-1), d @ p, p @ p - 1.0
        return np.asarray(self._site + ((np.sqrt(b * b - a * c) - b) / a)[..., None] * along)
