"""A dossier in the words and figures that the page is laid out from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .. import __version__
from ..analysis.assessment import Assessment, ClaimResult, claim_dict
from ..analysis.quantity import Case, asked, read_threshold
from ..atlas.regions import load_regions
from ..dossier import Dossier, from_si
from ..dossier.architecture import resolve
from ..dossier.defence import Architecture
from ..dossier.dispute import Places, Point
from ..dossier.override import flatten
from ..model import missile as make_missile
from ..model.radar import radar as make_radar
from ..output.wording import parameter_name, passes
from ..physics.earth import central_angle
from ..study.answering import scale_of
from .claim_layers import case_layer
from .levers import levers

Body = dict[str, Any]

#: Parts of a missile's longest range between which a flight shows what it is made for.
_TYPICAL = (0.4, 0.9)

#: What maps show, in the order they are offered: name, title, unit, and what it means.
QUANTITIES = (
    ("defended", "Defended area", "", "Where a flight from every launch place can be met."),
    ("shots", "Shots", "shots", "How many interceptors can be sent one after another, at the least."),
    ("warning", "Warning time", "s", "From the first sight of a flight to its end, at the least."),
    ("seen", "Radar coverage", "", "Where a radar sees a warhead at an altitude."),
    ("reach", "Interceptor reach", "s", "How soon an interceptor is at a point above, at an altitude."),
)


def describe(key: str, dossier: Dossier, deciding: Iterable[str] = ()) -> Body:
    """The page's ``Case``."""
    header = dossier.dossier
    assert header is not None
    flights = {name: _flight(dossier, name) for name in dossier.threat}
    return {
        "key": key, "title": header.title, "summary": header.summary, "date": header.date,
        "hash": dossier.hash, "version": __version__, "samples": header.samples,
        "claims": [_claim(dossier, name, flights) for name in dossier.claim],
        "architectures": [_architecture(dossier, name) for name in dossier.architecture],
        "threats": [_threat(dossier, name) for name in dossier.threat],
        "viewpoints": [
            {
                "name": name, "title": each.name, "source": dossier.cite(each.source),
                "set": {path: str(value) for path, value in flatten(each.set).items()},
            }
            for name, each in dossier.viewpoint.items()
        ],
        "levers": levers(dossier, deciding),
        "regions": [
            {"name": each.key, "title": each.name, "box": [each.south, each.west, each.north, each.east]}
            for each in load_regions().values()
        ],
        "quantities": [
            {"name": name, "title": title, "unit": unit, "help": text}
            for name, title, unit, text in QUANTITIES
        ],
        "sites": {name: _site(dossier, name) for name in _standing(dossier)},
    }  # fmt: skip


def told(claim: ClaimResult) -> Body:
    """All that is told of a claim, as the page's ``Told``."""
    body = claim_dict(claim)
    curve = claim.curve
    return {
        "id": claim.id, "value": body["value"], "holds": passes(claim, claim.value),
        **{key: body[key] for key in ("samples", "low", "high", "probability", "probability_ci", "verdict")},
        "decided_by": [
            {
                "parameter": each["parameter"], "label": parameter_name(each["parameter"]),
                **{key: each[key] for key in ("share", "share_ci", "flips_at", "unit")},
            }
            for each in body["decided_by"]
        ],
        "standpoints": [
            {key: each[key] for key in each if key != "source"} for each in body["standpoints"]
        ],
        "detail": body["detail"],
        "sampled_values": [float(f"{value:.4g}") for value in claim.sampled_values],
        "curve": None if curve is None else {
            "x_label": parameter_name(curve.x_label), "x_unit": curve.x_unit, "y_label": curve.y_label,
            "y_unit": curve.y_unit, "x": curve.x,
            "y": [None if not math.isfinite(y) else y for y in next(iter(curve.series.values()))],
        },
    }  # fmt: skip


def baseline(assessment: Assessment) -> Body:
    """A dossier's own assessment, as the page's ``Baseline``."""
    body = assessment.to_dict()
    return {
        "told": [told(claim) for claim in assessment.claims],
        "deciders": [
            {
                "parameter": each["parameter"], "label": parameter_name(each["parameter"]),
                "share": each["share"], "claims": each["claims"],
            }
            for each in body["deciders"]
        ],
        "disclosures": [
            {
                "parameter": each["parameter"], "label": parameter_name(each["parameter"]),
                "drop": each["drop"], "claims": each["claims"],
            }
            for each in body["disclosures"]
        ],
        "undecidedness": body["undecidedness"],
    }  # fmt: skip


def _claim(dossier: Dossier, name: str, flights: Mapping[str, tuple[str, str]]) -> Body:
    claim, question = dossier.claim[name], asked(dossier, name)
    case, quantity = question.case, question.quantity
    source = dossier.source.get(claim.source)
    threshold = read_threshold(dossier, name, quantity.unit) * scale_of(quantity)
    return {
        "id": name, "party": claim.party, "statement": claim.statement, "source": dossier.cite(claim.source),
        "source_url": source.url if source else None, "reason": claim.reason,
        "method": " ".join(filter(None, (quantity.method, claim.method))), "quantity": quantity.name,
        "unit": quantity.unit, "holds": claim.holds, "threshold": float(f"{threshold:.6g}"),
        "architecture": case.architecture or None, "baseline": case.baseline or None,
        "threat": case.threat or None, "radar": case.radar or case.sensor or None,
        "interceptor": case.interceptor or None, "layer": _layer(dossier, name),
        "scene": _scene(case, flights),
    }  # fmt: skip


def _layer(dossier: Dossier, name: str) -> Body | None:
    """The map that shows a claim best."""
    found = case_layer(dossier, name)
    return None if found is None else found.model_dump(exclude_none=True)


def _scene(case: Case, flights: Mapping[str, tuple[str, str]]) -> Body | None:
    """A flight that shows a claim, of its threat against its architecture."""
    if not case.threat or not case.architecture:
        return None
    launch, target = flights[case.threat]
    return {
        "kind": "flight", "architecture": case.architecture, "threat": case.threat, "launch": launch,
        "target": target,
    }  # fmt: skip


def _flight(dossier: Dossier, name: str) -> tuple[str, str]:
    """A threat's flight to the most populous of its targets that is neither next to it nor at the end of its
    reach, from the launch place nearest to it.
    """
    threat = dossier.threat[name]
    launches, targets = dossier.places[threat.from_].point, dossier.places[threat.to].point
    reach = float(np.nanmax(make_missile(dossier, threat.missile[0]).ranges.range))
    least, most = (part * reach for part in _TYPICAL)
    nearest = {
        target.name: min((_apart(launch, target), i) for i, launch in enumerate(launches))
        for target in targets
    }
    peopled = sorted(targets, key=lambda each: -(each.population or 0))
    chosen = next((each for each in peopled if least < nearest[each.name][0] < most), None)
    if chosen is None:
        chosen = min(targets, key=lambda each: nearest[each.name])
    return launches[nearest[chosen.name][1]].name, chosen.name


def _apart(one: Point, other: Point) -> float:
    """The angle between two places at the Earth's centre [rad]."""
    return float(central_angle(one.lat.value, one.lon.value, other.lat.value, other.lon.value))


def _architecture(dossier: Dossier, name: str) -> Body:
    whole = resolve(name, dossier.architecture)
    return {
        "name": name, "title": whole.name, "acts": bool(whole.doctrine and whole.battery),
        "sensors": [_sensor(dossier, each) for each in whole.sensor],
        "batteries": [
            {
                "name": each.name, "interceptor": each.interceptor,
                "title": dossier.interceptor[each.interceptor].name, "site": each.site,
                "inventory": each.inventory, "inventory_path": _inventory_path(dossier, name, each.name),
            }
            for each in whole.battery
        ],
    }  # fmt: skip


def _inventory_path(dossier: Dossier, architecture: str, battery: str) -> str:
    """Where the number of a battery's interceptors is written: in the architecture that adds it."""
    following: str | None = architecture
    while following is not None:
        own: Architecture = dossier.architecture[following]
        for place, each in enumerate(own.battery, start=1):
            if each.name == battery:
                return f"architecture.{following}.battery.{place}.inventory"
        following = own.extends
    raise KeyError(battery)


def _sensor(dossier: Dossier, each: Any) -> Body:
    data, radar = dossier.radar[each.radar], make_radar(dossier, each.radar)
    return {
        "name": each.name, "radar": each.radar, "title": data.name, "site": each.site,
        "azimuths": [_degrees(a.value) for a in each.azimuth],
        "half_width": _degrees(data.sector_half_width.value) if not data.steerable else 180.0,
        "min_elevation": _degrees(data.minimum_elevation.value),
        "max_elevation": _degrees(data.maximum_elevation.value),
        "range_km": float(f"{_range_km(dossier, radar):.2g}"), "link": each.link,
    }  # fmt: skip


def _range_km(dossier: Dossier, radar: Any) -> float:
    """The range against the smallest cross-section, head on, of the missiles of the dossier's threats."""
    flown = dict.fromkeys(name for threat in dossier.threat.values() for name in threat.missile)
    known = [dossier.missile[name].rcs.get(radar.band) for name in flown]
    sizes = [each.value for each in known if each is not None]
    return float(radar.detection_range_m(min(sizes))) / 1e3 if sizes else 0.0


def _threat(dossier: Dossier, name: str) -> Body:
    threat = dossier.threat[name]
    return {
        "name": name, "title": threat.name, "missiles": list(threat.missile),
        "launches": _points(dossier.places[threat.from_]), "targets": _points(dossier.places[threat.to]),
    }  # fmt: skip


def _points(places: Places) -> list[Body]:
    return [
        {"name": each.name, "lat": _degrees(each.lat.value), "lon": _degrees(each.lon.value)}
        for each in places.point
    ]


def _standing(dossier: Dossier) -> list[str]:
    """Sites at which something of an architecture stands."""
    found: dict[str, None] = {}
    for name in dossier.architecture:
        whole = resolve(name, dossier.architecture)
        for sensor in whole.sensor:
            found.update(dict.fromkeys(filter(None, (sensor.site, sensor.transmitter))))
        found.update(dict.fromkeys(each.site for each in whole.battery))
    return list(found)


def _site(dossier: Dossier, name: str) -> Body:
    site = dossier.site[name]
    uses: dict[str, None] = {}
    for architecture in dossier.architecture:
        whole = resolve(architecture, dossier.architecture)
        uses.update({f"{dossier.radar[s.radar].name} (radar)": None for s in whole.sensor if s.site == name})
        uses.update(
            {f"{dossier.interceptor[b.interceptor].name}": None for b in whole.battery if b.site == name}
        )
    return {
        "name": name, "title": site.name, "lat": _degrees(site.lat.value), "lon": _degrees(site.lon.value),
        "altitude_m": site.altitude.value, "movable": True, "uses": list(uses),
        "lat_path": f"site.{name}.lat", "lon_path": f"site.{name}.lon",
    }  # fmt: skip


def _degrees(angle: float) -> float:
    return round(from_si(angle, "deg"), 4)
