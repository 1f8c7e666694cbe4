"""What the small commands answer: one flight, one fly-out, one radar, one engagement, as documents of plain
data.

Angles are in degrees, other units are in the keys; digits are those that a reader could use, and no result is
rounded before it is used further.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from ..dossier import Dossier, InputError, catalog_entries, entry_table, nearest_names
from ..model import interceptor as make_interceptor
from ..model import missile as make_missile
from ..model import radar as make_radar
from ..model.defence import Place, place
from ..model.flights import EARTH_RADIUS, aim_one, geodetic
from ..model.flyouts import flyout_table
from ..model.memory import Memory
from ..physics import intercept
from .engagement import engage
from .quantity import asked, read_threshold
from .setting import Setting
from .watching import Spread, TrackPoint, timeline, watch

Array = NDArray[np.float64]

_GEODESIC = Geod(ellps="WGS84")
_REACH_ALTITUDES_KM = (120, 200, 300, 500, 750, 1000, 1500, 2000)
_REACH_TIMES_S = (150, 200, 250, 300, 400, 500, 600, 800, 1000, 1200, 1500)


def _rounded(value: float, digits: int) -> float:
    return round(float(value), digits)


def fly_document(
    dossier: Dossier,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    apogee_m: float | None,
) -> dict[str, Any]:
    """One flight of a missile; speeds are inertial."""
    flown = make_missile(dossier, missile)
    flights = aim_one(flown, start, target, apogee_m)
    impact_s, burnout_s = float(flights.impact_s[0]), float(flights.burnout_s[0])
    times = np.unique(
        np.concatenate([np.arange(0.0, impact_s, 20.0), [burnout_s, flights.apogee_s[0], impact_s]])
    )
    moving = flights.states(0, times)
    places = geodetic(moving)
    inertial = flights.inertial_states(0, times)
    speeds = np.linalg.norm(inertial[:, 3:], axis=1)
    burnt = flights.inertial_states(0, np.array([burnout_s]))[0]
    climb = float(burnt[:3] @ burnt[3:]) / float(np.linalg.norm(burnt[:3]) * np.linalg.norm(burnt[3:]))
    lat, lon = (float(np.degrees(angle)) for angle in places[-1, :2])
    _, _, distance = _GEODESIC.inv(start[1], start[0], places[-1, 1], places[-1, 0], radians=True)
    _, _, miss = _GEODESIC.inv(target[1], target[0], places[-1, 1], places[-1, 0], radians=True)
    at_burnout = int(np.searchsorted(times, burnout_s))
    return {
        "missile": missile,
        "flight_time_s": _rounded(impact_s, 1),
        "apogee_km": _rounded(flights.apogee_m[0] / 1e3, 2),
        "range_km": _rounded(distance / 1e3, 2),
        "miss_km": _rounded(miss / 1e3, 4),
        "impact": {"lat": _rounded(lat, 5), "lon": _rounded(lon, 5)},
        "burnout": {
            "time_s": _rounded(burnout_s, 2),
            "altitude_km": _rounded(places[at_burnout, 2] / 1e3, 2),
            "speed_km_s": _rounded(float(np.linalg.norm(burnt[3:])) / 1e3, 4),
            "flight_path_angle_deg": _rounded(np.degrees(np.arcsin(climb)), 2),
        },
        "samples": [
            {
                "t_s": _rounded(t, 2),
                "lat": _rounded(np.degrees(spot[0]), 4),
                "lon": _rounded(np.degrees(spot[1]), 4),
                "alt_km": _rounded(spot[2] / 1e3, 3),
                "speed_km_s": _rounded(speed / 1e3, 4),
            }
            for t, spot, speed in zip(times, places, speeds, strict=True)
        ],
    }


def site_place(dossier: Dossier, text: str) -> Place:
    """A site of the dossier by name, or a place given as ``LAT,LON`` in degrees."""
    parts = text.split(",")
    if len(parts) != 2:
        dossier.get("site", text, where="--site")
        return place(dossier, text)
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        raise InputError(
            "{value} is not a place",
            where="--site",
            value=text,
            expected="the name of a site, or LAT,LON in degrees",
        ) from None
    if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 360.0):
        raise InputError(
            "{value} is not on the Earth",
            where="--site",
            value=text,
            expected="latitude -90 to 90, longitude -180 to 360",
        )
    return Place(text, text, float(np.radians(lat)), float(np.radians(lon)))


def flyout_document(dossier: Dossier, name: str, site: str) -> dict[str, Any]:
    """How far an interceptor gets; burnout speed is over the ground, on a flight that then rises at 45
    degrees.
    """
    flown = make_interceptor(dossier, name)
    table = flyout_table(
        flown.vehicle, site_place(dossier, site), flown.longest_flight_s, flown.minimum_altitude_m
    )
    burnout = flown.burnout()
    angles = np.linspace(0.0, 2.0, 800)
    bearings = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
    approach = np.zeros((len(bearings), len(angles), 5))
    approach[:, :, intercept.BEARING] = bearings[:, None]
    approach[:, :, intercept.ANGLE] = angles
    reach = []
    for altitude in _REACH_ALTITUDES_KM:
        approach[:, :, intercept.ABOVE] = altitude * 1e3
        arrivals = intercept.arrivals(table, approach)
        for time in _REACH_TIMES_S:
            if time > flown.longest_flight_s:
                continue
            within = arrivals <= time
            if within.any():
                farthest = angles[np.flatnonzero(within.any(axis=0))[-1]] * EARTH_RADIUS
                reach.append(
                    {"altitude_km": altitude, "time_s": time, "range_km": _rounded(farthest / 1e3, 0)}
                )
    return {
        "interceptor": name,
        "payload_kg": _rounded(flown.payload_kg, 1),
        "payload_scaled_to_km_s": None
        if flown.scaled_to_m_s is None
        else _rounded(flown.scaled_to_m_s / 1e3, 3),
        "burnout": {
            "time_s": _rounded(burnout.time_s, 1),
            "altitude_km": _rounded(burnout.altitude_m / 1e3, 1),
            "speed_km_s": _rounded(burnout.speed_m_s / 1e3, 3),
        },
        "reach": reach,
    }


def radar_document(dossier: Dossier, name: str, rcs_m2: float) -> dict[str, Any]:
    """How far a radar tracks a cross-section with one dwell."""
    seen = make_radar(dossier, name)
    return {
        "radar": name,
        "rcs_m2": rcs_m2,
        "range_km": _rounded(seen.detection_range_m(rcs_m2) / 1e3, 1),
        "snr_db_at_1000_km": _rounded(seen.snr_db(rcs_m2, 1e6), 2),
        "beamwidth_deg": _rounded(np.degrees(seen.beamwidth), 4),
        "range_resolution_m": _rounded(seen.range_resolution_m, 3),
    }


def engage_document(
    dossier: Dossier,
    architecture: str,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    apogee_m: float | None,
) -> dict[str, Any]:
    """Every launch with which an architecture meets one flight; times are seconds after the threat's
    launch.
    """
    dossier.get("architecture", architecture, where="--architecture")
    dossier.get("missile", missile, where="--missile")
    result = engage(dossier, architecture, missile, start, target, apogee_m=apogee_m)

    def pair(values: tuple[float, float] | None, scale: float = 1.0, digits: int = 1) -> list[float] | None:
        return None if values is None else [_rounded(value / scale, digits) for value in values]

    def moment(value: float) -> float | None:
        return None if np.isnan(value) else _rounded(value, 1)

    return {
        "architecture": architecture,
        "missile": missile,
        "engageable": result.engageable,
        "declared_s": moment(result.declared_s),
        "commit_s": moment(result.commit_s),
        "impact_s": _rounded(result.flights.impact_s[0], 1),
        "apogee_km": _rounded(result.flights.apogee_m[0] / 1e3, 1),
        "shots": result.shots,
        "sites": [
            {
                "site": site.site,
                "interceptor": site.interceptor,
                "engageable": site.engageable,
                "launch_s": pair(site.launch_s),
                "intercept_s": pair(site.intercept_s),
                "intercept_altitude_km": pair(site.intercept_altitude_m, 1e3),
                "closing_speed_km_s": pair(site.closing_speed_m_s, 1e3, 2),
                "shots": site.shots,
                "salvo": site.salvo,
                "kill_probability": {
                    "single_shot": [_rounded(p, 2) for p in site.kill_probability],
                    "all_shots": [_rounded(p, 2) for p in site.stopped],
                },
            }
            for site in result.sites
        ],
        "sensors": [
            {
                "sensor": seen.sensor,
                "first_seen_s": moment(seen.first_s),
                "first_warhead_s": moment(seen.first_warhead_s),
                "last_seen_s": moment(seen.last_s),
                "in_view_s": _rounded(seen.in_view_s, 1),
                "resolved_s": moment(seen.resolved_s),
            }
            for seen in result.sensors
        ],
    }


def watch_document(
    dossier: Dossier,
    architecture: str,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    apogee_m: float | None,
) -> dict[str, Any]:
    """One flight as an architecture's sensors watch it; times are seconds after launch, errors one sigma."""
    dossier.get("architecture", architecture, where="--architecture")
    dossier.get("missile", missile, where="--missile")
    result = watch(dossier, architecture, missile, start, target, apogee_m=apogee_m)

    def moment(value: float | None) -> float | None:
        return None if value is None or np.isnan(value) else _rounded(value, 1)

    def track(points: Sequence[TrackPoint]) -> list[dict[str, float]]:
        return [
            {
                "t_s": _rounded(point.t_s, 1),
                "position_error_km": _rounded(point.position_error_m / 1e3, 4),
                "velocity_error_m_s": _rounded(point.velocity_error_m_s, 3),
                "impact_radius_km": _rounded(point.impact_radius_m / 1e3, 3),
            }
            for point in points
        ]

    sites = result.engagement.sites
    return {
        "architecture": architecture,
        "missile": missile,
        "declared_s": moment(result.declared_s),
        "burnout_s": _rounded(result.burnout_s, 1),
        "impact_s": _rounded(result.impact_s, 1),
        "sensors": [
            {
                "sensor": each.sensor,
                "first_seen_s": moment(each.first_seen_s),
                "first_warhead_s": moment(each.first_warhead_s),
                "intervals_s": [[_rounded(a, 1), _rounded(b, 1)] for a, b in each.intervals_s],
                "best_snr_db": None if each.best_snr_db is None else _rounded(each.best_snr_db, 1),
                "resolved_s": moment(each.resolved_s),
                "track": track(each.track),
            }
            for each in result.sensors
        ],
        "fused": track(result.fused),
        "commit_s": moment(result.engagement.commit_s),
        "sites": [
            {
                "site": each.site,
                "launch_s": None if each.launch_s is None else [_rounded(t, 1) for t in each.launch_s],
                "intercept_s": None
                if each.intercept_s is None
                else [_rounded(t, 1) for t in each.intercept_s],
            }
            for each in sites
        ],
    }


def timeline_document(dossier: Dossier, threat: str, architectures: Sequence[str]) -> dict[str, Any]:
    """All flights of a threat as each architecture watches them; times are seconds, over the flights that
    have one: 5, 50 and 95 % points.
    """
    dossier.get("threat", threat, where="--threat")
    for name in architectures:
        dossier.get("architecture", name, where="--architecture")
    setting = Setting(dossier, (), Memory(), os.cpu_count() or 1)

    def spread(of: Spread, total: int) -> dict[str, Any]:
        times = [None if each is None else _rounded(each, 0) for each in (of.low_s, of.median_s, of.high_s)]
        return {
            "share": _rounded(of.flights / max(total, 1), 3),
            "low_s": times[0],
            "median_s": times[1],
            "high_s": times[2],
        }

    lines = [timeline(setting, threat, name) for name in architectures]
    return {
        "threat": threat,
        "architectures": [
            {
                "architecture": line.architecture,
                "flights": line.flights,
                **{
                    name: spread(getattr(line, name), line.flights)
                    for name in (
                        "burnout", "declared", "first_sight", "track", "commit", "intercept",
                        "battle_space", "impact",
                    )
                },
                "sensors": [{"sensor": name, "first_sight": spread(seen, line.flights)} for name, seen in
                line.sensors],
            }
            for line in lines
        ],
    }  # fmt: skip


def check_document(dossier: Dossier) -> dict[str, Any]:
    """What a dossier holds, once everything in it has been read as an assessment reads it."""
    for name in dossier.claim:
        figures = dossier.for_claim(name)
        question = asked(figures, name)
        read_threshold(dossier, name, question.quantity.unit)
    for name in dossier.interceptor:
        make_interceptor(dossier, name)
    for name in dossier.missile:
        make_missile(dossier, name)
    parameters = dossier.parameters()
    header = dossier.dossier
    return {
        "dossier": header.name if header else None,
        "title": header.title if header else None,
        "hash": dossier.hash,
        "architectures": list(dossier.architecture),
        "threats": list(dossier.threat),
        "claims": list(dossier.claim),
        "viewpoints": list(dossier.viewpoint),
        "parameters": len(parameters),
        "ranged": sum(parameter.ranged for parameter in parameters.values()),
        "undisclosed": sum(parameter.undisclosed for parameter in parameters.values()),
        "sources": len(dossier.source),
        "warnings": list(dossier.warnings),
    }


def catalog_document(dossier: Dossier, name: str | None) -> dict[str, Any]:
    """The entries of the catalog, those of a kind, or one entry with every parameter and its source."""
    entries = catalog_entries(dossier)
    kinds = list(dict.fromkeys(kind for kind, _, _ in entries))
    if name is None or name in kinds:
        shown = [each for each in entries if name in (None, each[0]) and (name or each[0] != "source")]
        return {"entries": [{"kind": kind, "name": each, "title": title} for kind, each, title in shown]}
    found = [(kind, each) for kind, each, _ in entries if name in (each, f"{kind}.{each}")]
    if not found:
        names = [each for _, each, _ in entries] + [f"{kind}.{each}" for kind, each, _ in entries] + kinds
        raise InputError(
            "unknown entry",
            value=name,
            expected="a name from midcourse catalog",
            nearest=nearest_names(name, names),
        )
    return {
        "shown": [
            {
                "kind": kind,
                "name": each,
                "fields": [
                    {
                        "path": path,
                        "value": value,
                        "range": span,
                        "source": dossier.cite(source),
                        "note": note,
                    }
                    for path, value, span, source, note in entry_table(dossier.entries(kind)[each])
                ],
            }
            for kind, each in found
        ]
    }
