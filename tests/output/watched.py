"""Made-up documents of ``midcourse watch``: the shape and the awkward cases of real ones, without physics."""

from __future__ import annotations

import math
from typing import Any

Document = dict[str, Any]


def sensor(
    name: str,
    place: str,
    first: float | None,
    spans: list[list[float]],
    levels: list[tuple[float, float, str]],
    resolved: float | None,
    errors: dict[float, float],
    needed: float = 13.0,
) -> Document:
    radar, _, site = name.partition("@")
    return {
        "sensor": name,
        "radar": radar,
        "site": site,
        "place": place,
        "first_seen_s": first,
        "first_warhead_s": spans[0][0] if spans else None,
        "intervals_s": spans,
        "best_snr_db": max((level for _, level, _ in levels), default=None),
        "needed_snr_db": needed,
        "levels": [{"t_s": t, "snr_db": level, "of": of, "run": 1} for t, level, of in levels],
        "resolved_s": resolved,
        "track": [
            {"t_s": t, "position_error_km": error, "velocity_error_m_s": error, "impact_radius_km": error}
            for t, error in errors.items()
        ],
    }


def site(name: str, launch: list[float] | None, intercept: list[float] | None, shots: int) -> Document:
    return {
        "site": name,
        "place": f"{name.title()}, Somewhere",
        "interceptor": "gbi-2-stage",
        "launch_s": launch,
        "intercept_s": intercept,
        "shots": shots,
    }


WATCHED: Document = {
    "dossier": "third-site",
    "version": "0.0",
    "architecture": "joint",
    "missile": "notional-icbm",
    "from": {"lat": 35.7, "lon": 51.4},
    "to": {"lat": 40.7, "lon": -74.0},
    "declared_s": 88.0,
    "burnout_s": 237.0,
    "reentry_s": 1997.0,
    "impact_s": 2040.0,
    "apogee_km": 1354.3,
    "altitudes": [
        {"t_s": 10.0 * i, "altitude_km": max(0.0, 1354.3 * math.sin(math.pi * i / 204))} for i in range(205)
    ],
    "sensors": [
        sensor(
            "fylingdales@fylingdales",
            "Fylingdales, United Kingdom",
            458.5,
            [[458.5, 1609.0]],
            [(458.0 + 10 * i, 20.0 + 5.0 * math.sin(i / 30), "warhead") for i in range(115)],
            458.5,
            {470.0 + 10 * i: 2.8 * math.exp(-i / 40) + 0.2 for i in range(150)},
        ),
        sensor(
            "thule@thule",
            "Thule, Greenland",
            982.5,
            [[1070.2, 1659.5]],
            [(980.0 + 10 * i, 11.0 + i / 8, "warhead") for i in range(68)],
            1070.2,
            {1080.0 + 10 * i: 6.0 * math.exp(-i / 20) + 0.5 for i in range(90)},
        ),
        sensor("beale@beale", "Beale, California", None, [], [], None, {}),
        sensor("sbx@adak", "Adak, Alaska (home port)", None, [], [], None, {}),
        sensor(
            "gabala@gabala",
            "Gabala, Azerbaijan",
            121.9,
            [[121.9, 247.3]],
            [(118.0 + 15 * i, 75.0 + i, "booster") for i in range(9)]
            + [(237.0, 70.0, "warhead"), (245.0, 69.0, "warhead")],
            None,
            {260.0 + 10 * i: 1.5 + 0.4 * i for i in range(174)},
            needed=15.0,
        ),
    ],
    "fused": [
        {
            "t_s": 260.0 + 10 * i,
            "position_error_km": 1.5 * math.exp(-i / 25) + 3e-4,
            "velocity_error_m_s": 1.0,
            "impact_radius_km": 1.0,
        }
        for i in range(174)
    ],
    "confidence": 0.9,
    "engageable": True,
    "commit_s": 312.3,
    "shots": 3,
    "sites": [
        site("redzikowo", [312.3, 1013.3], [572.1, 1990.3], 3),
        site("vandenberg", [900.0, 950.0], [1397.3, 1990.3], 1),
        site("shemya", None, None, 0),
    ],
}

#: Nobody sees it, nobody can meet it, no satellite declares it.
UNSEEN: Document = {
    **WATCHED,
    "declared_s": None,
    "sensors": [each for each in WATCHED["sensors"] if each["first_seen_s"] is None],
    "fused": [],
    "engageable": False,
    "commit_s": None,
    "shots": 0,
    "sites": [site("shemya", None, None, 0)],
}

#: Seen once, never tracked.
GLIMPSED: Document = {
    **UNSEEN,
    "sensors": [
        sensor("thule@thule", "Thule, Greenland", 982.5, [], [(980.0, 11.0, "warhead")], None, {}),
        *UNSEEN["sensors"],
    ],
}


def spread(share: float, low: float, median: float, high: float) -> Document:
    return {"share": share, "low_s": low, "median_s": median, "high_s": high}


NEVER: Document = {"share": 0.0, "low_s": None, "median_s": None, "high_s": None}


def architecture(name: str, *steps: Document) -> Document:
    keys = ("first_sight", "track", "commit", "intercept", "battle_space")
    return {
        "architecture": name,
        "title": name.title(),
        "flights": 362,
        "burnout": spread(1.0, 159.0, 174.0, 179.0),
        "declared": spread(1.0, 87.0, 87.0, 87.0),
        **dict(zip(keys, steps, strict=True)),
        "impact": spread(1.0, 758.0, 1019.0, 1162.0),
        "sensors": [],
    }


TIMELINE: Document = {
    "dossier": "third-site",
    "version": "0.0",
    "threat": "iran-europe-irbm",
    "title": "Iran to Europe, intermediate range",
    "missile": "notional-irbm",
    "architectures": [
        architecture(
            "two-site", spread(0.23, 505, 643, 867), spread(0.23, 505, 643, 867), NEVER, NEVER, NEVER
        ),
        architecture(
            "third-site-forward",
            spread(0.851, 132, 192, 512),
            spread(0.851, 160, 192, 512),
            spread(0.776, 223, 247, 505),
            spread(0.776, 526, 592, 813),
            spread(0.776, 92, 402, 592),
        ),
        architecture(
            "joint",
            spread(1.0, 80, 144, 201),
            spread(0.98, 161, 177, 340),
            spread(0.945, 241, 253, 397),
            spread(0.945, 568, 613, 695),
            spread(0.945, 117, 437, 630),
        ),
    ],
}
