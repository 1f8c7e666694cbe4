"""What a map is asked about, from words: places by name, a region that holds what matters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..analysis.mapping import FLOWN
from ..arguments import read_place
from ..atlas.cities import load_cities
from ..dossier import Dossier, InputError, nearest_names
from ..dossier.errors import listing
from ..model.defence import defence as make_defence
from .mapping import Spot

Bounds = tuple[float, float, float, float]

# Round targets; and round launch places, bases and radars, whose surroundings such a map is about [deg].
_ROUND_PLACES, _ROUND_SITES = 6.0, 25.0


def launch_spots(
    dossier: Dossier, threat: str, names: Sequence[str] = (), option: str = "--from"
) -> tuple[Spot, ...]:
    """The launch places of a threat: all, those named, or others as LAT,LON in degrees."""
    points = dossier.get("places", dossier.get("threat", threat, where="--threat").from_).point
    known = {each.name: Spot(each.name, each.lat.value, each.lon.value) for each in points}
    return tuple(_spot(name, known, option) for name in names) if names else tuple(known.values())


def aimed_spot(dossier: Dossier, name: str, option: str = "--to") -> Spot:
    """A place aimed at: a city of the dossier's or of the atlas's, or LAT,LON in degrees."""
    known = {
        point.name: Spot(point.name, point.lat.value, point.lon.value)
        for places in dossier.places.values()
        for point in places.point
    }
    if name not in known:
        cities = load_cities()
        # Of cities of one name, the largest.
        found = [i for i, each in enumerate(cities.names) if each == name]
        if found:
            i = max(found, key=lambda i: int(cities.people[i]))
            return Spot(name, math.radians(cities.lat[i]), math.radians(cities.lon[i]))
    return _spot(name, known, option)


def _spot(name: str, known: dict[str, Spot], option: str) -> Spot:
    if name in known:
        return known[name]
    if any(letter.isalpha() for letter in name):
        raise InputError(
            "unknown place {value}", where=option, value=name, nearest=nearest_names(name, known),
            expected=f"LAT,LON in degrees, or a place such as {listing(known)}",
        )  # fmt: skip
    lat, lon = read_place(name, option)
    return Spot(name, lat, lon)


def region_of(dossier: Dossier, quantity: str, architecture: str, threat: str | None) -> Bounds:
    """A region that holds what a map is about: targets, launch places, or bases and radars."""
    if quantity in FLOWN and threat is not None:
        data = dossier.get("threat", threat, where="--threat")
        points = dossier.get("places", data.from_ if quantity == "denied" else data.to).point
        margin = _ROUND_SITES if quantity == "denied" else _ROUND_PLACES
        return _round([(each.lat.value, each.lon.value) for each in points], margin)
    defence = make_defence(dossier, architecture)
    sites = [each.site for each in defence.batteries]
    if quantity == "seen":
        sites = [each.site for each in defence.sensors]
    return _round([(each.lat, each.lon) for each in sites], _ROUND_SITES)


def _round(places: Sequence[tuple[float, float]], margin: float) -> Bounds:
    """South, west, north, east [deg] round places [rad]; the narrower way round the Earth."""
    lat, lon = np.degrees(np.array(places)).T
    ordered = np.sort(lon % 360.0)
    gaps = np.diff(np.append(ordered, ordered[0] + 360.0))
    widest = int(np.argmax(gaps))
    south, north = max(-90.0, lat.min() - margin), min(90.0, lat.max() + margin)
    # Degrees of longitude shrink toward the poles.
    aside = min(180.0, margin / max(0.2, math.cos(math.radians(0.5 * (south + north)))))
    if gaps[widest] <= 2.0 * aside:
        return south, -180.0, north, 180.0
    west = ordered[(widest + 1) % len(ordered)] - aside
    east = ordered[widest] + aside
    west = (west + 180.0) % 360.0 - 180.0
    return float(south), float(west), float(north), float((east + 180.0) % 360.0 - 180.0)
