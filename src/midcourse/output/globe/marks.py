"""What a globe marks on the ground, as those who draw it take it (``web/src/globe/sites.ts``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import xarray

    from midcourse.analysis.assessment import SceneSite
    from midcourse.model import Defence
    from midcourse.model.defence import Place

Kind = Literal["radar", "battery", "launch", "target"]

#: Roles of places on maps, and kinds of sites of an assessment, as marks.
_KINDS: dict[str, Kind] = {
    "radar": "radar", "interceptor": "battery", "launch": "launch", "aim": "target",
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """Something that stands on the ground [deg].

    Attributes
    ----------
    site : by which it is known: the dossier's site, where it is ``movable``; several may share one
    title : "Brdy, Czech Republic: European Midcourse Radar"
    moved : whether it stands elsewhere than in the dossier
    """

    site: str
    title: str
    lat: float
    lon: float
    kind: Kind
    movable: bool = False
    moved: bool = False


def of_map(data: xarray.Dataset) -> Iterator[Mark]:
    """The places that a map marks."""
    from midcourse.analysis.maps import places_of

    for each in places_of(data):
        if each.role in _KINDS:
            kind, movable = _KINDS[each.role], each.site is not None
            yield Mark(each.site or f"{kind}/{each.name}", each.name, each.lat, each.lon, kind, movable)


def of_sites(sites: Iterable[SceneSite]) -> Iterator[Mark]:
    """The sites of an assessment."""
    for each in sites:
        kind = _KINDS[each.kind]
        movable = kind in ("radar", "battery")
        name = each.name if movable else f"{kind}/{each.name}"
        yield Mark(name, each.label, each.lat, each.lon, kind, movable)


def of_defence(defence: Defence) -> Iterator[Mark]:
    """The radars and batteries of an architecture."""
    for sensor in defence.sensors:
        yield _standing(sensor.site, sensor.radar.title, "radar")
    for battery in defence.batteries:
        yield _standing(battery.site, battery.interceptor.title, "battery")


def _standing(site: Place, what: str, kind: Kind) -> Mark:
    lat, lon = float(np.degrees(site.lat)), float((np.degrees(site.lon) + 180.0) % 360.0 - 180.0)
    return Mark(site.name, f"{site.title}: {what}", lat, lon, kind, movable=True)
