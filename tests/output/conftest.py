"""A made-up assessment: the shape, size and awkward cases of a real one, without its physics."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midcourse.analysis.assessment import (
    Assessment,
    ClaimResult,
    Curve,
    Decider,
    Disclosure,
    DossierDecider,
    Interaction,
    ParameterRow,
    Scene,
    SceneFlight,
    SceneIntercept,
    SceneSite,
    SiteKind,
    SourceEntry,
    Standpoint,
    Verdict,
)

BASES = {
    "Kozelsk": (53.9, 35.8),
    "Tatishchevo": (51.7, 45.6),
    "Vypolzovo": (57.9, 33.3),
    "Teykovo": (56.8, 40.5),
    "Dombarovsky": (50.8, 59.5),
    "Uzhur": (55.3, 89.8),
    "Barnaul": (53.8, 84.0),
    "Irkutsk": (52.5, 104.0),
}
CITIES = {
    "New York": (40.71, -74.01),
    "Washington": (38.9, -77.04),
    "Chicago": (41.88, -87.63),
    "Houston": (29.76, -95.37),
    "Los Angeles": (34.05, -118.24),
    "Seattle": (47.61, -122.33),
}
EUROPE = {
    "London": (51.51, -0.13),
    "Paris": (48.86, 2.35),
    "Berlin": (52.52, 13.4),
    "Rome": (41.9, 12.5),
    "Madrid": (40.42, -3.7),
    "Athens": (37.98, 23.73),
    "Bucharest": (44.43, 26.1),
    "Istanbul": (41.01, 28.98),
}
IRAN = {"Tabriz area": (38.1, 46.3), "Shahroud area": (36.4, 55.0), "Shiraz area": (29.6, 52.5)}


def great_circle(
    start: tuple[float, float], end: tuple[float, float], apogee_km: float, label: str, threat: str
) -> SceneFlight:
    def vector(place: tuple[float, float]) -> np.ndarray:
        lat, lon = np.radians(place)
        return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])

    a, b = vector(start), vector(end)
    angle = math.acos(float(a @ b))
    s = np.linspace(0.0, 1.0, 60)
    way = (np.sin((1 - s) * angle)[:, None] * a + np.sin(s * angle)[:, None] * b) / math.sin(angle)
    return SceneFlight(
        label=label,
        threat=threat,
        lat=np.degrees(np.arcsin(way[:, 2])).tolist(),
        lon=np.degrees(np.arctan2(way[:, 1], way[:, 0])).tolist(),
        alt_km=(4 * apogee_km * s * (1 - s)).tolist(),
    )


def made_scene() -> Scene:
    def sites(places: dict[str, tuple[float, float]], kind: SiteKind) -> list[SceneSite]:
        return [SceneSite(name.lower(), name, kind, *place) for name, place in places.items()]

    redzikowo = (54.48, 17.1)
    russian = [
        great_circle(base, city, 1300, f"{b} to {c}", "Russia to the United States")
        for b, base in BASES.items()
        for c, city in CITIES.items()
    ]
    iran_us = [
        great_circle(area, city, 1250, f"{a} to {c}", "Iran to the United States")
        for a, area in IRAN.items()
        for c, city in CITIES.items()
    ]
    iran_europe = [
        great_circle(area, city, 600, f"{a} to {c}", "Iran to Europe, intermediate range")
        for a, area in IRAN.items()
        for c, city in EUROPE.items()
    ]
    iran_medium = [
        great_circle(area, EUROPE[c], 450, f"{a} to {c}", "Iran to Europe, medium range")
        for a, area in IRAN.items()
        for c in ("Athens", "Istanbul", "Bucharest")
    ]
    intercepts, paths = [], []
    for flight in [russian[3], russian[8], iran_us[0], iran_us[9], iran_europe[1], iran_europe[10]]:
        at = 24
        place = (flight.lat[at], flight.lon[at])
        intercepts.append(SceneIntercept(flight.label, *place, flight.alt_km[at], "Redzikowo"))
        paths.append(great_circle(redzikowo, place, 300, f"Redzikowo against {flight.label}", flight.threat))
    return Scene(
        sites=[
            SceneSite("redzikowo", "Redzikowo", "interceptor", *redzikowo),
            SceneSite("fort-greely", "Fort Greely", "interceptor", 63.95, -145.73),
            SceneSite("vandenberg", "Vandenberg", "interceptor", 34.74, -120.57),
            SceneSite("brdy", "Brdy", "radar", 49.66, 13.66),
            SceneSite("gabala", "Gabala", "radar", 40.87, 47.8),
            SceneSite("fylingdales", "Fylingdales", "radar", 54.36, -0.67),
            SceneSite("thule", "Thule", "radar", 76.57, -68.3),
            *sites(BASES, "launch"),
            *sites(IRAN, "launch"),
            *sites(CITIES, "aim"),
            *sites(EUROPE, "aim"),
        ],
        flights=russian + iran_us + iran_europe + iran_medium,
        interceptor_paths=paths,
        intercepts=intercepts,
    )


def made_curve() -> Curve:
    delay = np.linspace(60, 400, 35)
    return Curve(
        x_label="launch delay after the threat's launch",
        x_unit="s",
        y_label="share of pairs engaged",
        y_unit="%",
        x=delay.tolist(),
        series={
            "gbi-2-stage from its motors": (100 / (1 + np.exp((delay - 290) / 25))).tolist(),
            "at MDA's 6.3 km/s": (70 / (1 + np.exp((delay - 170) / 30))).tolist(),
            "at Lewis and Postol's 8.3 km/s": (96 / (1 + np.exp((delay - 270) / 25))).tolist(),
        },
    )


def made_claim(data: dict[str, Any]) -> ClaimResult:
    value, spread = data["value"], data.pop("spread")
    values = np.random.default_rng(len(data["id"])).normal(value, max(spread, 1e-12), 256)
    if data["unit"] == "%":
        values = np.clip(values, 0.0, 100.0)
    low, high = np.percentile(values, [5, 95]) if spread else (value, value)
    return ClaimResult(
        **{
            **data,
            "decided_by": [Decider(**decider) for decider in data["decided_by"]],
            "detail": [(label, text) for label, text in data.get("detail", [])],
        },
        source="Lewis and Postol, “European Missile Defense”, Arms Control Today, October 2007",
        source_url="https://www.armscontrol.org/act/2007_10/LewisPostol",
        method="Each flight is computed from its launch area to its aim point; the fly-out table of the "
        "interceptor says whether it can be there in time, once the launch is seen and the track is good.",
        reason="The statement speaks of what is possible, so one share in twenty is enough.",
        low=float(low),
        high=float(high),
        probability_ci=(max(0.0, data["probability"] - 0.03), min(1.0, data["probability"] + 0.03)),
        sampled_values=values.tolist() if spread else [value] * 256,
        curve=made_curve() if data["id"] == "moscow-engage" else None,
    )


def standpoint(name: str, verdict: Verdict, probability: float, *, touches: bool = True) -> Standpoint:
    titles = {"": "", "mda": "Missile Defense Agency, 2007: 6.3 km/s", "lp": "Lewis and Postol: 8 km/s"}
    interval = (max(0.0, probability - 0.02), min(1.0, probability + 0.02))
    source = f"{name}-2007" if name else ""
    return Standpoint(name, titles[name], source, touches, 61.0, 40.0, 75.0, verdict, probability, interval)


def told_in_full(claim: ClaimResult) -> ClaimResult:
    """A claim with everything that a study can say of it."""
    deciders = [
        replace(
            decider,
            share_ci=(decider.share - 0.06, decider.share + 0.06),
            total=decider.share + 0.1,
            total_ci=(decider.share, decider.share + 0.2),
        )
        for decider in claim.decided_by
    ]
    names = [decider.parameter for decider in deciders]
    return replace(
        claim,
        samples=256,
        decided_by=deciders,
        interactions=[Interaction((names[0], names[1]), 0.12, (0.08, 0.17))] if len(names) > 1 else [],
        standpoints=[
            standpoint("", claim.verdict, claim.probability),
            standpoint("mda", "refuted", 0.03),
            standpoint("lp", "supported", 0.97),
        ],
    )


def made_claims() -> list[ClaimResult]:
    text = (Path(__file__).parent / "claims.toml").read_text(encoding="utf-8")
    claims = [made_claim(data) for data in tomllib.loads(text)["claim"]]
    # Every second one as a study that stopped short would leave it.
    return [told_in_full(claim) if number % 2 else claim for number, claim in enumerate(claims)]


def many(row: ParameterRow, times: int) -> list[ParameterRow]:
    """A parameter, and others like it of other entries."""
    first, second, *rest = row.path.split(".")
    return [
        replace(row, path=".".join([first, second if n == 0 else f"{second}-{n}", *rest]))
        for n in range(times)
    ]


@pytest.fixture(scope="session")
def scene() -> Scene:
    return made_scene()


@pytest.fixture(scope="session")
def assessment(scene: Scene) -> Assessment:
    rows = [
        ParameterRow(
            "interceptor.gbi-2-stage.payload",
            120.0,
            64.0,
            250.0,
            "kg",
            "derived",
            "Lewis and Postol 2008",
            "not published: the kill vehicle alone to twice its bus",
            undisclosed=True,
        ),
        ParameterRow(
            "motor.orion-50sxlg.gross_mass", 16202.0, None, None, "kg", "atk-2008", "ATK catalog 2008"
        ),
        ParameterRow("motor.orion-50sxlg.thrust", 627.0, 600.0, 650.0, "kN", "atk-2008", "ATK catalog 2008"),
        ParameterRow(
            "missile.notional-icbm.rcs.X", 0.03, 0.01, 0.1, "m^2", "nas-2012", "National Academies 2012"
        ),
        ParameterRow("radar.emr.losses", 8.0, 6.0, 10.0, "dB", "missing-key", "General texts"),
        ParameterRow("site.redzikowo.lon", 17.1, None, None, "deg", "crs", "CRS RL34051"),
    ]
    claims = made_claims()
    payload = "interceptor.gbi-2-stage.payload"
    return Assessment(
        dossier="third-site",
        title="The European third site, 2007–08",
        summary="Interceptors in Poland and a radar in the Czech Republic: what Washington, Moscow and "
        "independent physicists said of them, and what published figures and textbook physics say of each.",
        date="2008-03",
        version="0.1.0",
        seed=2008,
        samples=256,
        hash="9f2c4b7e11d0a3c5",
        command="midcourse assess third-site --seed 2008 --samples 256",
        seconds=6.4,
        claims=claims,
        parameters=[each for row in rows for each in many(row, 12)],
        scene=scene,
        precision=0.02,
        deciders=[
            DossierDecider(payload, 0.31, (0.26, 0.36), [claim.id for claim in claims[:5]]),
            DossierDecider("radar.emr.losses", 0.04, (-0.01, 0.09), [claims[0].id]),
        ],
        disclosures=[
            Disclosure("radar.emr.losses", 0.12, (0.05, 0.21), [(claims[0].id, 0.12)]),
            Disclosure(payload, 0.83, (0.71, 0.96), [(claims[1].id, 0.5), (claims[0].id, 0.33)]),
        ],
        notes=["The burnout speed of the interceptor is computed from its published motors."],
        sources={
            "crs": SourceEntry(
                "Long-Range Ballistic Missile Defense in Europe",
                "Steven A. Hildreth, Carl Ek",
                "Congressional Research Service, RL34051",
                "2009-09",
                "https://sgp.fas.org/crs/weapons/RL34051.pdf",
            ),
            "atk-2008": SourceEntry("ATK Space Propulsion Products Catalog", None, "ATK", "2008", None),
            "nas-2012": SourceEntry(
                "Making Sense of Ballistic Missile Defense",
                None,
                "National Academies Press",
                "2012",
                "https://doi.org/10.17226/13189",
            ),
            "derived": SourceEntry(
                "The Technological Basis of Russian Concerns",
                "George Lewis, Theodore Postol",
                "Arms Control Today",
                "2007-10",
                "javascript:alert(1)",
            ),
        },
    )
