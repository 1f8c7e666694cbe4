"""The folders of a scene, and what stands on the ground."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .. import czml as c
from ..palette import glow

if TYPE_CHECKING:
    from midcourse.model import Defence

BATTERY, LAUNCH, TARGET = "#0072b2", "#e69f00", "#ffffff"
#: Folders in the order in which a tree of them shows them, whether they are shown at first.
FOLDERS = {
    "radars": ("Radars", True),
    "batteries": ("Interceptor sites", True),
    "places": ("Launch places and targets", True),
    "fans": ("What each radar could look at", False),
    "coverage": ("What each radar sees at an altitude", False),
    "missiles": ("Missiles", True),
    "beliefs": ("What the shield knows", True),
    "interceptors": ("Interceptors", True),
    "looks": ("Which radar holds what", True),
}


def degrees(lat: float, lon: float) -> tuple[float, float]:
    """A place given in radians; longitude from -180."""
    return math.degrees(lat), (math.degrees(lon) + 180.0) % 360.0 - 180.0


def folders(titles: Mapping[str, str] | None = None) -> Iterator[c.Packet]:
    """The folders, some under titles of their own.

    Nothing in them is hidden: whoever draws them may look whether they are to be shown at first.
    """
    for name, (title, shown) in FOLDERS.items():
        yield {"id": name, "name": (titles or {}).get(name, title), "properties": {"shown": shown}}


def radars(defence: Defence, names: Mapping[str, str]) -> Iterator[c.Packet]:
    """The radars of a defence, each in a colour of its own; ``names`` are what to call them."""
    for i, each in enumerate(defence.sensors):
        spot, what = degrees(each.site.lat, each.site.lon), f"{each.radar.title}, {each.site.title}"
        yield stands(f"radar/{each.name}", "radars", names[each.name], *spot, glow(i), what)


def batteries(defence: Defence, names: Mapping[str, str]) -> Iterator[c.Packet]:
    """The interceptor sites of a defence."""
    for each in defence.batteries:
        spot = degrees(each.site.lat, each.site.lon)
        what = f"{each.inventory} of {each.interceptor.title}, {each.site.title}"
        yield stands(f"battery/{each.name}", "batteries", names[each.name], *spot, BATTERY, what)


def stands(
    name: str, parent: str, title: str, lat_deg: float, lon_deg: float, colour: str, description: str = ""
) -> c.Packet:
    """Something that stands on the ground, with its name beside it."""
    packet: c.Packet = {
        "id": name,
        "parent": parent,
        "name": title,
        "position": c.standing(lat_deg, lon_deg),
        "point": c.point(colour, 8, edge="#000000"),
        "label": c.label(title),
    }
    return {**packet, "description": description} if description else packet
