"""What a map is asked about, from words: places by name, a region that holds what matters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..analysis.grid import make_grid
from ..analysis.mapping import FLOWN
from ..arguments import read_place
from ..atlas.cities import load_cities
from ..dossier import Dossier, InputError, nearest_names
from ..dossier.errors import listing
from ..model.defence import Place
from ..model.defence import defence as make_defence
from .mapping import MapQuestion, Spot, check_quantity
from .raid import named_threat

Bounds = tuple[float, float, float, float]

# Round targets; and round launch places, bases and radars, whose surroundings such a map is about [deg].
_ROUND_PLACES, _ROUND_SITES = 6.0, 25.0


def ask(
    dossier: Dossier,
    quantity: str,
    architecture: str,
    *,
    threat: str | None = None,
    launches: Sequence[str] = (),
    target: str | None = None,
    region: str | Bounds | None = None,
    grid: str | float = "1 deg",
    equal_area: bool = False,
    battery: str | None = None,
    share: float = 1.0,
    against: str | None = None,
) -> MapQuestion:
    """The question that the words ask; InputError, before long work, where they do not go together or an
    architecture lacks what its map is about. What is left out is chosen.
    """
    check_quantity(quantity)
    dossier.get("architecture", architecture, where="--architecture")
    if against is not None:
        dossier.get("architecture", against, where="--against")
    if share > 1.0:
        raise InputError(
            "{value} is more than all", where="--share", value=f"{100 * share:g} %", expected="at most 100 %"
        )
    if target is not None and quantity != "denied":
        raise InputError("--to goes with --quantity denied", where="--to", value=target)
    if quantity == "denied" and (target is None or launches):
        raise InputError(
            "a map of denied launch areas is about one place aimed at", where="--to",
            expected="--to NAME or --to LAT,LON, and no --from",
        )  # fmt: skip
    acting, radars = make_defence(dossier, architecture), quantity in ("seen", "warning")
    if not (acting.sensors if radars else acting.batteries):
        raise InputError(
            f"a map of {quantity} needs {'radars' if radars else 'interceptors'}, and {{value}} has none",
            where="--architecture", value=architecture,
        )  # fmt: skip
    if battery is not None:
        for each in (acting, *([make_defence(dossier, against)] if against else [])):
            try:
                each.battery(battery)
            except InputError as error:
                raise error.placed("--battery") from None
    named = (threat or named_threat(dossier, architecture)) if quantity in FLOWN else None
    spots: tuple[Spot, ...] = ()
    if named is not None:
        spots = (aimed_spot(dossier, target),) if target else launch_spots(dossier, named, launches)
    about = region or region_of(dossier, quantity, architecture, named, battery)
    return MapQuestion(
        quantity=quantity,
        architecture=architecture,
        grid=make_grid(grid, about, equal_area=equal_area),
        threat=named,
        spots=spots,
        share=share,
        battery=battery,
    )


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


def region_of(
    dossier: Dossier, quantity: str, architecture: str, threat: str | None, battery: str | None = None
) -> Bounds:
    """A region that holds what a map is about: targets, launch places, or bases and radars."""
    if quantity in FLOWN and threat is not None:
        data = dossier.get("threat", threat, where="--threat")
        points = dossier.get("places", data.from_ if quantity == "denied" else data.to).point
        margin = _ROUND_SITES if quantity == "denied" else _ROUND_PLACES
        return _round([(each.lat.value, each.lon.value) for each in points], margin)
    defence = make_defence(dossier, architecture)
    firing = (defence.battery(battery),) if battery else defence.batteries
    return round_sites([each.site for each in (defence.sensors if quantity == "seen" else firing)])


def round_sites(sites: Sequence[Place]) -> Bounds:
    """A region that holds what bases or radars are about."""
    return _round([(each.lat, each.lon) for each in sites], _ROUND_SITES)


def _round(places: Sequence[tuple[float, float]], margin: float) -> Bounds:
    """South, west, north, east [deg] round places [rad]; the narrower way round the Earth."""
    lat, lon = np.degrees(np.array(places)).T
    ordered = np.sort(lon % 360.0)
    gaps = np.diff(np.append(ordered, ordered[0] + 360.0))
    widest = int(np.argmax(gaps))
    south = float(max(-90, math.floor(lat.min() - margin)))
    north = float(min(90, math.ceil(lat.max() + margin)))
    # Degrees of longitude shrink toward the poles.
    aside = min(180.0, margin / max(0.2, math.cos(math.radians(0.5 * (south + north)))))
    if gaps[widest] <= 2.0 * aside:
        return south, -180.0, north, 180.0
    west = math.floor(ordered[(widest + 1) % len(ordered)] - aside)
    east = math.ceil(ordered[widest] + aside)
    west, east = ((each + 180.0) % 360.0 - 180.0 for each in (west, east))
    return south, west, north, east
