"""A scene that plays in time: its packets, what happens in it, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .. import czml as c

Kind = Literal["launch", "burnout", "sight", "commit", "interceptor", "intercept", "impact", "other"]


@dataclass(frozen=True)
class Happening:
    """Something that happens in a scene; degrees and km where it happens at a place."""

    time_s: float
    kind: Kind
    label: str
    lat: float | None = None
    lon: float | None = None
    altitude_km: float | None = None


@dataclass(frozen=True)
class Scene:
    """A scene.

    Attributes
    ----------
    span : from when to when it plays [s]
    rows : what there is to say of it, by label
    """

    packets: Sequence[c.Packet]
    span: c.Span
    happenings: Sequence[Happening]
    finding: str
    rows: Sequence[tuple[str, str]]


def plain(scene: Scene) -> dict[str, Any]:
    """A scene as plain data, ready for JSON."""
    return {
        "czml": list(scene.packets),
        "span": list(scene.span),
        "events": [
            {
                "time_s": round(each.time_s, 1),
                "kind": each.kind,
                "label": each.label,
                "lat": each.lat if each.lat is None else round(each.lat, 3),
                "lon": each.lon if each.lon is None else round(each.lon, 3),
                "altitude_km": each.altitude_km if each.altitude_km is None else round(each.altitude_km, 1),
            }
            for each in sorted(scene.happenings, key=lambda each: each.time_s)
        ],
        "finding": scene.finding,
        "rows": [{"label": label, "text": text} for label, text in scene.rows],
    }
