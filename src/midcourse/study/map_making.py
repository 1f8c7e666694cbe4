"""A map put together of what was computed: in words, with what it marks and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.maps import Kind, Place, Role, make_map
from ..model import Defence, Missile
from .partial import Layers

if TYPE_CHECKING:
    import xarray

    from .mapping import MapQuestion


def put_together(
    question: MapQuestion,
    layers: Layers,
    defence: Defence,
    threat: str | None,
    missiles: Sequence[Missile],
    about: dict[str, str],
) -> xarray.Dataset:
    """The map of all layers, of which that by the quantity's name is what it shows.

    Parameters
    ----------
    threat : what the question's threat is called; None where nothing flies
    missiles : which fly
    about : what else goes into the attributes
    """
    name, sampled = question.quantity, question.samples > 0 and threat is not None
    told = WORDS[name]
    kind: Kind = told.kind
    units, long_name = told.units, told.long_name
    if name == "seen":
        (lowest, *others) = question.altitudes_m
        target = f"{question.rcs_m2:g} m²"
        long_name = f"lowest of {_listed(question.altitudes_m)} km at which {target} is seen"
        if not others:
            kind, units, long_name = "area", "1", f"a target of {target} seen at {lowest / 1e3:,g} km"
    elif name == "reach":
        long_name = f"{long_name} to {question.altitudes_m[0] / 1e3:,g} km"
    elif name == "defended" and question.share < 1.0:
        long_name = f"flights from {100 * question.share:g} % of the launch places or more can be engaged"
    if sampled and kind == "area":
        kind, long_name = "share", f"probability: {long_name}"
    altitudes = {"seen": question.altitudes_m, "reach": question.altitudes_m[:1]}.get(name, ())
    data = make_map(
        question.grid,
        name,
        layers[name],
        kind=kind,
        units=units,
        long_name=long_name,
        title=f"{told.title}{f': {threat}' if threat else ''}. {defence.title}",
        places=_marked(defence, question, threat is not None),
        missing=told.missing,
        about={
            **about,
            "architecture": question.architecture,
            "threat": question.threat if threat else None,
            "missiles": ", ".join(dict.fromkeys(each.title for each in missiles)) or None,
            "samples": question.samples if sampled else None,
            "seed": question.seed if sampled else None,
            "altitudes_km": _listed(altitudes) or None,
            "rcs_m2": question.rcs_m2 if name == "seen" else None,
        },
    )
    dims = data[name].dims
    for other, values in layers.items():
        if other != name:
            attributes = {"long_name": other.replace("_", " "), "units": units}
            data[other] = (dims, values.reshape(question.grid.shape), attributes)
    return data


@dataclass(frozen=True)
class _Words:
    title: str
    long_name: str
    kind: Kind
    units: str
    missing: str


_FAR = "out of the threat's reach"
#: What a map of each quantity is called.
WORDS = {
    "defended": _Words(
        "Defended area", "flights from every launch place can be engaged", "area", "1", _FAR
    ),
    "shots": _Words("Shots", "fewest shots in turn, over the launch places", "number", "1", _FAR),
    "warning": _Words(
        "Warning", "least time from a radar's first sight to impact", "number", "s", _FAR
    ),
    "denied": _Words(
        "Denied launch area", "a flight from here to the place aimed at can be engaged", "area", "1",
        "out of the threat's reach from here",
    ),
    "seen": _Words("Coverage", "", "number", "km", "not seen"),
    "reach": _Words("Reach", "shortest flight of an interceptor", "number", "s", "out of reach"),
}  # fmt: skip


def _listed(altitudes_m: Sequence[float]) -> str:
    return ", ".join(f"{each / 1e3:,g}" for each in sorted(altitudes_m))


def _marked(defence: Defence, question: MapQuestion, flies: bool) -> list[Place]:
    """What stands on the map: bases, radars, and where flights begin or are aimed at."""
    end: Role = "aim" if question.quantity == "denied" else "launch"
    found: dict[tuple[str, Role], Place] = {}

    def mark(name: str, role: Role, lat: float, lon: float, site: str | None = None) -> None:
        place = Place(name, role, float(np.degrees(lat)), float(np.degrees(lon)), site)
        found.setdefault((name, role), place)

    for battery in defence.batteries:
        mark(battery.site.title, "interceptor", battery.site.lat, battery.site.lon, battery.site.name)
    for sensor in defence.sensors:
        mark(sensor.site.title, "radar", sensor.site.lat, sensor.site.lon, sensor.site.name)
    for spot in question.spots if flies else ():
        mark(spot.name, end, spot.lat, spot.lon)
    return list(found.values())
