"""What an assessment shows of its flights, as a scene that stands still: their ways, and where interceptors
would meet them. Sites are marks (``marks.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import czml as c
from ..cross_references import References
from ..in_short import findings
from ..palette import glow
from . import flights as f
from . import ground
from .scene import Scene

if TYPE_CHECKING:
    from midcourse.analysis.assessment import Assessment, SceneFlight


def assessed_scene(assessment: Assessment) -> Scene:
    """The scene of an assessment, with what it found."""
    found = findings(assessment, References(assessment))
    return Scene(
        list(_packets(assessment)), (0.0, 0.0), [], " ".join(each.text for each in found[:1]),
        [(each.lead.removesuffix("."), each.text) for each in found[1:]],
    )  # fmt: skip


def _packets(assessment: Assessment) -> Iterator[c.Packet]:
    shown = assessment.scene
    yield c.document(assessment.title, assessment.summary, (0.0, 0.0), 1.0)
    yield from ground.folders({"missiles": "Flights", "interceptors": "Earliest intercepts"})
    threats = list(dict.fromkeys(each.threat for each in shown.flights))
    for i, flight in enumerate(shown.flights):
        colour = glow(threats.index(flight.threat))
        yield _way(f"missile/{i}", "missiles", f"{flight.threat}: {flight.label}", flight, colour, 0.7)
    for i, flight in enumerate(shown.interceptor_paths):
        yield _way(f"interceptor/{i}", "interceptors", flight.label, flight, f.INTERCEPTOR, 0.9)
    for i, met in enumerate(shown.intercepts):
        yield {
            "id": f"intercept/{i}",
            "parent": "interceptors",
            "name": f"{met.label}: earliest intercept, from {met.site}",
            "position": c.standing(met.lat, met.lon, 1e3 * met.alt_km),
            "point": c.point(f.HIT, 6, edge="#000000"),
        }


def _way(name: str, parent: str, title: str, flight: SceneFlight, colour: str, opacity: float) -> c.Packet:
    along = zip(flight.lon, flight.lat, flight.alt_km, strict=True)
    return {
        "id": name,
        "parent": parent,
        "name": title,
        "polyline": {
            "positions": {
                "cartographicDegrees": [
                    round(each, 3) for lon, lat, alt_km in along for each in (lon, lat, 1e3 * alt_km)
                ]
            },
            "arcType": "NONE",
            "width": 1.5,
            "material": c.solid(colour, opacity),
        },
    }
