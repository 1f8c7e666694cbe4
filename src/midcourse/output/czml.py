"""Packets of CZML, the JSON in which CesiumJS takes scenes that change over time.

Places are metres in the Earth-fixed frame, times seconds after an epoch, colours of the web. What the format
means: https://github.com/AnalyticalGraphicsInc/czml-writer/wiki/CZML-Guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Packet = dict[str, Any]
Span = tuple[float, float]

#: A computed flight has no date, but CZML wants one: this is of no account.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
FONT = "13px sans-serif"


def instant(time_s: float) -> str:
    """A time as ISO 8601."""
    return (
        (EPOCH + timedelta(seconds=round(time_s, 3)))
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def interval(span: Span) -> str:
    return f"{instant(span[0])}/{instant(span[1])}"


def availability(spans: Sequence[Span]) -> str | list[str]:
    """When something is there at all."""
    return interval(spans[0]) if len(spans) == 1 else [interval(each) for each in spans]


def document(name: str, description: str, span: Span, multiplier: float) -> Packet:
    """The first packet, with the clock."""
    return {
        "id": "document",
        "name": name,
        "description": description,
        "version": "1.0",
        "clock": {
            "interval": interval(span),
            "currentTime": instant(span[0]),
            "multiplier": multiplier,
            "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        },
    }


def colour(web: str, opacity: float = 1.0) -> dict[str, list[int]]:
    """A colour such as #0072b2."""
    return {"rgba": [*(int(web[i : i + 2], 16) for i in (1, 3, 5)), round(255 * opacity)]}


def solid(web: str, opacity: float = 1.0) -> dict[str, Any]:
    """Paint of one colour."""
    return {"solidColor": {"color": colour(web, opacity)}}


def dashed(web: str) -> dict[str, Any]:
    """A line of dashes."""
    return {"polylineDash": {"color": colour(web), "dashLength": 12}}


def sampled(times_s: Array, values: Array, key: str, *, digits: int = 1) -> dict[str, Any]:
    """A property over time: ``values`` (n,) or (n, k) at rising times."""
    rows = np.column_stack([np.round(times_s, 3), np.round(values, digits)])
    return {"epoch": instant(0.0), key: rows.ravel().tolist()}


def moving(times_s: Array, places: Array, *, degree: int = 1) -> dict[str, Any]:
    """A position over time: ``places`` (n, 3) at rising times; between them straight on, or by a curve."""
    kind = "LINEAR" if degree == 1 else "LAGRANGE"
    ways = {"interpolationAlgorithm": kind, "interpolationDegree": degree}
    return {**ways, "referenceFrame": "FIXED", **sampled(times_s, places, "cartesian")}


def standing(lat_deg: float, lon_deg: float, height_m: float = 0.0) -> dict[str, Any]:
    """A position that stays."""
    return {"cartographicDegrees": [lon_deg, lat_deg, height_m]}


def turned(quaternions: Array, times_s: Array | None = None) -> dict[str, Any]:
    """How axes stand in the Earth-fixed frame: a rotation (4,), or (n, 4) of them at rising times."""
    if times_s is None:
        return {"unitQuaternion": [round(float(each), 6) for each in quaternions]}
    return sampled(times_s, quaternions, "unitQuaternion", digits=6)


def places(fixed: Array) -> dict[str, Any]:
    """Places that stay, (n, 3) in the Earth-fixed frame."""
    return {"cartesian": [round(float(each)) for each in fixed.ravel()]}


def point(web: str, size: float, *, edge: str = "#ffffff") -> dict[str, Any]:
    return {"pixelSize": size, "color": colour(web), "outlineColor": colour(edge), "outlineWidth": 1}


def label(text: str, *, web: str = "#ffffff", right: float = 9.0) -> dict[str, Any]:
    return {
        "text": text,
        "font": FONT,
        "style": "FILL_AND_OUTLINE",
        "fillColor": colour(web),
        "outlineColor": colour("#000000"),
        "outlineWidth": 3,
        "horizontalOrigin": "LEFT",
        "pixelOffset": {"cartesian2": [right, -9]},
    }


def trail(material: dict[str, Any], width: float, ahead_s: float, behind_s: float) -> dict[str, Any]:
    """The way of what moves, so far ahead and behind."""
    return {
        "material": material,
        "width": width,
        "leadTime": ahead_s,
        "trailTime": behind_s,
        "resolution": 10,
    }


def line_between(first: str, second: str, material: dict[str, Any], width: float) -> dict[str, Any]:
    """A straight line between two packets, by their names, which must come before."""
    return {
        "positions": {"references": [f"{first}#position", f"{second}#position"]},
        "arcType": "NONE",
        "material": material,
        "width": width,
    }


def written(packets: Iterable[Packet]) -> str:
    """The scene as a file, a packet a line."""
    lines = (json.dumps(each, ensure_ascii=False, allow_nan=False) for each in packets)
    return "[\n" + ",\n".join(lines) + "\n]\n"
