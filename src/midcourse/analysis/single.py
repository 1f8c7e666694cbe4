"""What the small commands answer: one flight, one fly-out, one radar, one engagement, as documents of plain
data.

Angles are in degrees, other units are in the keys; digits are those that a reader could use, and no result is
rounded before it is used further.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from .. import __version__
from ..dossier import Dossier, InputError, catalog_entries, entry_table, nearest_names
from ..model import interceptor as make_interceptor
from ..model import missile as make_missile
from ..model import radar as make_radar
from ..model.defence import Place, place
from ..model.defence import defence as make_defence
from ..model.flights import EARTH_RADIUS, aim_one, geodetic
from ..model.flyouts import flyout_table
from ..model.memory import Memory
from ..model.radar import Radar, from_decibels, to_decibels
from ..physics import detection, intercept, search
from .engagement import engage
from .quantity import asked, read_threshold
from .questions import check_comparisons
from .setting import Setting
from .watching import Spread, TrackPoint, Watching, acting, timeline, watch

Array = NDArray[np.float64]

_GEODESIC = Geod(ellps="WGS84")
_REACH_ALTITUDES_KM = (120, 200, 300, 500, 750, 1000, 1500, 2000)
_REACH_TIMES_S = (150, 200, 250, 300, 400, 500, 600, 800, 1000, 1200, 1500)
#: Where one look's chance of detection is told, of an echo that fluctuates so.
_RANGES_KM = (500, 1000, 1500, 2000, 3000, 4000, 5000)
_SWERLING = 1
_PROBABILITIES = (0.5, 0.9)
#: Signal-to-noise ratios are told this often [s].
_LEVELS_S = 10.0
#: How far the time that a search needs is told for [m].
_SEARCHED_M = 2e6


def _go() -> None:
    """What is called once the input is found good, before the long work, where nobody asks for it."""


def _rounded(value: float, digits: int) -> float:
    return round(float(value), digits)


def _significant(value: float, digits: int = 4) -> float:
    """A number to so many digits, however small it is."""
    return float(f"{value:.{digits}g}")


def fly_document(
    dossier: Dossier,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    apogee_m: float | None,
    ready: Callable[[], None] = _go,
) -> dict[str, Any]:
    """One flight of a missile; speeds are inertial."""
    flown = make_missile(dossier, missile)
    ready()
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


def flyout_document(
    dossier: Dossier, name: str, site: str, ready: Callable[[], None] = _go
) -> dict[str, Any]:
    """How far an interceptor gets; burnout speed is over the ground, on a flight that then rises at 45
    degrees.
    """
    flown, start = make_interceptor(dossier, name), site_place(dossier, site)
    ready()
    table = flyout_table(flown.vehicle, start, flown.longest_flight_s, flown.minimum_altitude_m)
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
    """How far a radar tracks a cross-section with one dwell, how surely one look detects it, and how it
    searches.
    """
    seen = make_radar(dossier, name)
    reach = seen.detection_range_m(rcs_m2)

    def found(distance: float) -> float:
        ratio = 10.0 ** (0.1 * seen.snr_db(rcs_m2, distance))
        return _rounded(detection.detection_probability(ratio, seen.false_alarm, _SWERLING, 1), 4)

    return {
        "radar": name,
        "rcs_m2": rcs_m2,
        "range_km": _rounded(reach / 1e3, 1),
        "snr_db_at_1000_km": _rounded(seen.snr_db(rcs_m2, 1e6), 2),
        "needed_snr_db": _rounded(to_decibels(seen.needed), 2),
        "beamwidth_deg": _rounded(np.degrees(seen.beamwidth), 4),
        "range_resolution_m": _rounded(seen.range_resolution_m, 3),
        "wavelength_m": _significant(seen.wavelength_m),
        "dwell_s": _significant(seen.dwell_s),
        "track_interval_s": _significant(seen.interval_s),
        "false_alarm": seen.false_alarm,
        "detection": {
            "swerling": _SWERLING,
            "at_1000_km": found(1e6),
            "at_range": found(reach),
            "by_range": [
                {
                    "range_km": distance,
                    "snr_db": _rounded(seen.snr_db(rcs_m2, distance * 1e3), 1),
                    "probability": found(distance * 1e3),
                }
                for distance in _RANGES_KM
            ],
        },
        "required_snr_db": [
            {
                "swerling": case,
                "probability": asked_for,
                "snr_db": _rounded(
                    to_decibels(detection.required_snr(asked_for, seen.false_alarm, case, 1)), 2
                ),
            }
            for case in range(5)
            for asked_for in _PROBABILITIES
        ],
        "search": _search(dossier, seen, rcs_m2),
    }


def _search(dossier: Dossier, seen: Radar, rcs_m2: float) -> dict[str, Any] | None:
    """How a radar searches, by one face; None where it looks only where it is told to."""
    reach = seen.search_range_m(rcs_m2)
    if reach is None or seen.search_solid_angle is None or seen.search_dwell_s is None:
        return None
    data = dossier.radar[seen.name]
    needed = search.frame_time_needed(
        data.mean_power.value * data.search_share.value,
        data.efficiency.value * data.receive_area.value,
        data.noise_temperature.value,
        from_decibels(data.losses.value),
        seen.search_solid_angle,
        rcs_m2,
        _SEARCHED_M,
        seen.needed,
    )
    return {
        "solid_angle_sr": _significant(seen.search_solid_angle),
        "frame_time_s": _significant(seen.frame_time_s or math.nan),
        "dwell_per_beam_s": _significant(seen.search_dwell_s),
        "range_km": _rounded(reach / 1e3, 1),
        "frame_time_needed_at_2000_km_s": _significant(needed),
    }


def engage_document(
    dossier: Dossier,
    architecture: str,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    apogee_m: float | None,
    ready: Callable[[], None] = _go,
) -> dict[str, Any]:
    """Every launch with which an architecture meets one flight; times are seconds after the threat's
    launch.
    """
    _check_flight(dossier, architecture, missile)
    ready()
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


def _check_flight(dossier: Dossier, architecture: str, missile: str) -> None:
    """InputError, before anything is computed, where one flight cannot be asked about."""
    dossier.get("architecture", architecture, where="--architecture")
    dossier.get("missile", missile, where="--missile")
    make_missile(dossier, missile)
    make_defence(dossier, architecture)


def watch_document(
    dossier: Dossier,
    architecture: str,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    apogee_m: float | None,
    ready: Callable[[], None] = _go,
) -> dict[str, Any]:
    """One flight as an architecture's sensors watch it; times are seconds after launch, errors one sigma."""
    _check_flight(dossier, architecture, missile)
    ready()
    result = watch(dossier, architecture, missile, start, target, apogee_m=apogee_m)
    return document_of(dossier, result, start, target)


def document_of(
    dossier: Dossier, result: Watching, start: tuple[float, float], target: tuple[float, float]
) -> dict[str, Any]:
    """``watch_document`` of a flight already watched."""
    engagement = result.engagement

    def moment(value: float | None) -> float | None:
        return None if value is None or np.isnan(value) else _rounded(value, 1)

    def span(ends: tuple[float, float] | None) -> list[float] | None:
        return None if ends is None else [_rounded(end, 1) for end in ends]

    def spot(place: tuple[float, float]) -> dict[str, float]:
        return {"lat": _rounded(np.degrees(place[0]), 4), "lon": _rounded(np.degrees(place[1]), 4)}

    def track(points: Sequence[TrackPoint]) -> list[dict[str, float]]:
        return [
            {
                "t_s": _rounded(point.t_s, 1),
                "position_error_km": _significant(point.position_error_m / 1e3),
                "velocity_error_m_s": _significant(point.velocity_error_m_s),
                "impact_radius_km": _significant(point.impact_radius_m / 1e3),
            }
            for point in points
        ]

    return {
        "dossier": dossier.dossier.name if dossier.dossier else None,
        "version": __version__,
        "architecture": engagement.architecture,
        "missile": engagement.flights.missile.name,
        "from": spot(start),
        "to": spot(target),
        "declared_s": moment(result.declared_s),
        "burnout_s": _rounded(result.burnout_s, 1),
        "reentry_s": _rounded(result.reentry_s, 1),
        "impact_s": _rounded(result.impact_s, 1),
        "apogee_km": _rounded(engagement.flights.apogee_m[0] / 1e3, 1),
        "altitudes": [
            {"t_s": _rounded(t, 1), "altitude_km": _rounded(height / 1e3, 2)} for t, height in result.heights
        ],
        "sensors": [
            {
                "sensor": each.sensor,
                "radar": each.radar,
                "site": each.site.name,
                "place": each.site.title,
                "first_seen_s": moment(each.first_seen_s),
                "first_warhead_s": moment(each.first_warhead_s),
                "intervals_s": [[_rounded(a, 1), _rounded(b, 1)] for a, b in each.intervals_s],
                "best_snr_db": None if each.best_snr_db is None else _rounded(each.best_snr_db, 1),
                "needed_snr_db": _rounded(each.needed_db, 2),
                "levels": [
                    {
                        "t_s": _rounded(t, 1),
                        "snr_db": _rounded(level, 1),
                        "of": "booster" if boosts else "warhead",
                        "run": int(run),
                    }
                    for t, level, boosts, run in _thinned(each.levels_db)
                ],
                "resolved_s": moment(each.resolved_s),
                "track": track(each.track),
            }
            for each in result.sensors
        ],
        "fused": track(result.fused),
        "confidence": result.confidence,
        "engageable": engagement.engageable,
        "commit_s": moment(engagement.commit_s),
        "shots": engagement.shots,
        "sites": [
            {
                "site": each.site,
                "place": dossier.site[each.site].name,
                "interceptor": each.interceptor,
                "launch_s": span(each.launch_s),
                "intercept_s": span(each.intercept_s),
                "shots": each.shots,
            }
            for each in engagement.sites
        ],
    }


def timeline_document(
    dossier: Dossier,
    threat: str,
    architectures: Sequence[str] = (),
    report: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """All flights of a threat as each architecture watches them, or as all that can act do; times are
    seconds, over the flights that have one: 5, 50 and 95 % points.

    ``report`` is told what is being computed.
    """
    data = dossier.get("threat", threat, where="--threat")
    for name in architectures:
        dossier.get("architecture", name, where="--architecture")
    chosen = list(dict.fromkeys(architectures)) or acting(dossier)
    for name in chosen:
        make_defence(dossier, name)
    if not chosen:
        raise InputError(
            "no architecture has both sensors and a doctrine",
            where="--architecture",
            expected="a dossier with one that can act",
        )
    make_missile(dossier, data.missile[0])
    say = report or (lambda _: None)
    setting = Setting(dossier, (), Memory(), os.cpu_count() or 1, say)

    def spread(of: Spread, total: int) -> dict[str, Any]:
        times = [None if each is None else _rounded(each, 0) for each in (of.low_s, of.median_s, of.high_s)]
        return {
            "share": _rounded(of.flights / max(total, 1), 3),
            "low_s": times[0],
            "median_s": times[1],
            "high_s": times[2],
        }

    lines = []
    for name in chosen:
        say(f"watching {data.name} with {name}")
        lines.append(timeline(setting, threat, name))
    return {
        "dossier": dossier.dossier.name if dossier.dossier else None,
        "version": __version__,
        "threat": threat,
        "title": data.name,
        "missile": data.missile[0],
        "architectures": [
            {
                "architecture": line.architecture,
                "title": dossier.architecture[line.architecture].name,
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


def _thinned(levels: Array) -> list[Array]:
    """Looks some ten seconds apart; of an unbroken run of them the first and the last stay."""
    out: list[Array] = []
    for i, look in enumerate(levels):
        begins = i == 0 or (levels[i - 1, 2:] != look[2:]).any()
        ends = i == len(levels) - 1 or (levels[i + 1, 2:] != look[2:]).any()
        if begins or ends or look[0] - out[-1][0] >= _LEVELS_S:
            out.append(look)
    return out


def check_document(dossier: Dossier) -> dict[str, Any]:
    """What a dossier holds, once everything in it has been read as an assessment reads it."""
    for name in dossier.claim:
        figures = dossier.for_claim(name)
        question = asked(figures, name)
        read_threshold(dossier, name, question.quantity.unit)
    check_comparisons(dossier)
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
        "comparisons": list(dossier.comparison),
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
