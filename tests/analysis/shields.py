"""Small architectures made to measure, and maps of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midcourse.analysis.grid import Grid
from midcourse.analysis.maps import values_of
from midcourse.dossier import Dossier
from midcourse.dossier.defence import Battery, Sensor
from midcourse.study.mapping import MapQuestion, Spot, draw_map

Array = NDArray[np.float64]

SHIELD, THREAT = "third-site", "iran-europe-irbm"
# Of Redzikowo [deg].
LAT = 54.479
# Sites of the catalog that are moved about, as many as there can be radars and batteries.
_RADARS, _BATTERIES = ("brdy", "gabala", "kurecik"), ("redzikowo", "azerbaijan")


@dataclass(frozen=True)
class Radar:
    """A radar of the catalog at a place, its faces looking along azimuths; one that turns has none [deg]."""

    name: str
    lat: float
    lon: float
    azimuths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Base:
    """Interceptors of the catalog at a place [deg]. Fly-out tables are those of the latitude: Redzikowo's is
    one that other tests ask for, too.
    """

    lon: float
    lat: float = LAT
    interceptor: str = "gbi-2-stage"


def shield(
    dossier: Dossier, radars: Sequence[Radar], bases: Sequence[Base], figures: Mapping[str, str] | None = None
) -> Dossier:
    """The dossier with these radars and bases alone in the architecture ``SHIELD``, and other figures."""
    sites: dict[str, str] = {}
    parts: dict[str, list[Any]] = {"sensor": [], "battery": []}
    for site, radar in zip(_RADARS, radars, strict=False):
        sites |= _at(site, radar.lat, radar.lon)
        faces = [f"{each} deg" for each in radar.azimuths]
        told = {"radar": radar.name, "site": site, "azimuth": faces, "link": "national"}
        parts["sensor"].append(Sensor.model_validate(told))
    for site, base in zip(_BATTERIES, bases, strict=False):
        sites |= {**_at(site, base.lat, base.lon), f"site.{site}.altitude": "50 m"}
        told = {"interceptor": base.interceptor, "site": site, "inventory": 10}
        parts["battery"].append(Battery.model_validate(told))
    whole = dossier.resolved_architecture(SHIELD)
    alone = whole.model_copy(update={name: tuple(each) for name, each in parts.items()})
    made = replace(dossier, architecture={**dossier.architecture, SHIELD: alone})
    return made.with_overrides({**sites, **(figures or {})})


def _at(site: str, lat: float, lon: float) -> dict[str, str]:
    lon = (lon + 180.0) % 360.0 - 180.0
    return {
        f"site.{site}.lat": f"{lat} deg",
        f"site.{site}.lon": f"{lon!r} deg",
        f"site.{site}.altitude": "0 m",
    }


def spot(lat: float, lon: float) -> Spot:
    """A launch place [deg]."""
    return Spot(f"{lat:g},{lon:g}", float(np.radians(lat)), float(np.radians(lon)))


def values(dossier: Dossier, quantity: str, grid: Grid, spots: Sequence[Spot], **more: Any) -> Array:
    """What a map of the shield shows: (cells,); nan where it shows nothing."""
    asked = ("share", "samples", "seed", "altitudes_m", "rcs_m2", "battery")
    told = {name: more.pop(name) for name in asked if name in more}
    question = MapQuestion(
        quantity, more.pop("architecture", SHIELD), grid, more.pop("threat", THREAT), tuple(spots), **told
    )
    data = draw_map(dossier, question, workers=more.pop("workers", 1), **more)
    assert data is not None
    return values_of(data)
