"""What radars could look at, as volumes, and what they see at an altitude, as outlines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from .. import czml as c
from .. import numbers
from ..palette import glow
from .turning import local_axes, quaternion

if TYPE_CHECKING:
    from midcourse.analysis.footprints import Fan, Footprint
    from midcourse.analysis.setting import Setting

#: Where footprints are drawn [m].
ALTITUDE = 300e3
# How much of what lies behind a fan and a footprint it hides.
_FAN, _FOOTPRINT = 0.07, 0.08
# A volume begins this far from its radar [m]: one that begins in a point has no inside.
_INNER = 1e3


def reach(
    setting: Setting, architecture: str, missile: str, names: Mapping[str, str], altitude_m: float = ALTITUDE
) -> Iterator[c.Packet]:
    """The fans and footprints of an architecture's radars against a missile's warhead.

    ``names`` are what to call the radars.
    """
    from midcourse.analysis.footprints import fans, footprints

    sensors = [each.name for each in setting.defence(architecture).sensors]
    warhead = setting.dossier.missile[missile].name
    faces: dict[str, int] = {}
    for fan in fans(setting, architecture, missile):
        name = fan.sensor.name
        faces[name] = faces.get(name, 0) + 1
        yield _fan(fan, faces[name], names[name], warhead, glow(sensors.index(name)))
    parts: dict[str, int] = {}
    for each in footprints(setting, architecture, missile, altitude_m):
        name = each.sensor.name
        parts[name] = parts.get(name, 0) + 1
        yield _footprint(each, parts[name], names[name], warhead, glow(sensors.index(name)))


def _area(rcs_m2: float) -> str:
    return numbers.amount(rcs_m2, "m^2")


def _fan(fan: Fan, face: int, title: str, warhead: str, colour: str) -> c.Packet:
    site = fan.sensor.site
    # Cesium counts the clock from the first axis, here the right edge of the sector, toward the left, and the
    # cone from the vertical.
    axes = local_axes(site.lat, site.lon, fan.azimuth + fan.half)
    elevations = numbers.interval(math.degrees(fan.lowest), math.degrees(fan.highest), "deg")
    where = (
        "all round" if fan.half >= math.pi else f"{numbers.amount(math.degrees(2.0 * fan.half), 'deg')} wide"
    )
    far = numbers.amount(fan.range_m / 1e3, "km")
    # Between two limits there would be walls, all round as well.
    sector = {} if fan.half >= math.pi else {"minimumClock": 0.0, "maximumClock": round(2.0 * fan.half, 6)}
    return {
        "id": f"fan/{fan.sensor.name}/{face}",
        "parent": "fans",
        "name": f"{title}: what it could look at",
        "description": f"{fan.sensor.radar.title}, {where}, at elevations of {elevations} on the straight "
        f"line. Straight ahead one look returns enough out to {far} from the warhead of {warhead}, seen "
        f"end-on ({_area(fan.rcs_m2)}); off the middle of the face it reaches less far.",
        "position": c.standing(math.degrees(site.lat), math.degrees(site.lon), site.altitude),
        "orientation": c.turned(quaternion(axes[None])[0]),
        "ellipsoid": {
            "radii": {"cartesian": [round(fan.range_m)] * 3},
            "innerRadii": {"cartesian": [_INNER] * 3},
            **sector,
            "minimumCone": round(0.5 * math.pi - fan.highest, 6),
            "maximumCone": round(0.5 * math.pi - fan.lowest, 6),
            "stackPartitions": 16,
            "slicePartitions": 48,
            "material": c.solid(colour, _FAN),
        },
    }


def _footprint(each: Footprint, part: int, title: str, warhead: str, colour: str) -> c.Packet:
    height = numbers.amount(each.altitude_m / 1e3, "km")
    polygon = {
        "positions": c.places(each.outline),
        "height": each.altitude_m,
        "material": c.solid(colour, _FOOTPRINT),
    }
    if len(each.hole):
        polygon["holes"] = {"cartesian": [c.places(each.hole)["cartesian"]]}
    return {
        "id": f"coverage/{each.sensor.name}/{part}",
        "parent": "coverage",
        "name": f"{title}: what it sees at {height}",
        "description": f"Where {each.sensor.radar.title} sees the warhead of {warhead} at an altitude of "
        f"{height} in one look, were it seen end-on ({_area(each.rcs_m2)}).",
        "polygon": polygon,
        "polyline": {
            "positions": c.places(np.concatenate([each.outline, each.outline[:1]])),
            "arcType": "NONE",
            "width": 1.5,
            "material": c.solid(colour, 0.9),
        },
    }
