"""Results of each kind that a globe shows, as small as they get; and a globe without its other half."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray

import midcourse as mc
from midcourse.analysis.assessment import (
    Assessment,
    ClaimResult,
    Decider,
    Scene,
    SceneFlight,
    SceneIntercept,
    SceneSite,
)
from midcourse.analysis.grid import make_grid
from midcourse.analysis.maps import Place, make_map
from midcourse.analysis.watching import Watching
from midcourse.dossier import Dossier
from midcourse.model import Flights
from midcourse.model.memory import Memory
from midcourse.notebook import module
from midcourse.operation import Shield
from midcourse.operation.luck import Luck
from midcourse.study.operated import Operated
from midcourse.study.operating import operated, plan

TEHRAN, NEW_YORK, CHICAGO = (35.7, 51.4), (40.71, -74.01), (41.88, -87.63)
RUNS = 3


@pytest.fixture(scope="session")
def watched() -> Watching:
    return mc.watch("third-site", "third-site", "notional-icbm", TEHRAN, NEW_YORK)


@pytest.fixture(scope="session")
def flights() -> Flights:
    return mc.aim("notional-icbm", TEHRAN, [NEW_YORK, CHICAGO])


@pytest.fixture(scope="session")
def runs(third_site: Dossier, memory: Memory) -> Operated:
    """Several runs of a single missile."""
    asked = plan(third_site, "third-site", 1, threat="iran-us", seed=2)
    scenario = asked.scenario(memory)
    outcomes = []
    for number in range(RUNS):
        shield = Shield(scenario, Luck(asked.seed, number), kept=False)
        shield.advance()
        outcomes.append(shield.outcome())
    return operated(asked, scenario, outcomes)


@pytest.fixture
def area() -> xarray.Dataset:
    """The north of Europe is defended, the south is not, and the very east was not asked about."""
    grid = make_grid("4 deg", "europe")
    values = np.where(grid.lon_deg > 40.0, np.nan, (grid.lat_deg > 50.0).astype(float))
    return make_map(
        grid, "defended", values, kind="area", long_name="defended", title="Defended area",
        places=[
            Place("Redzikowo, Poland", "interceptor", 54.48, 17.1, "redzikowo"),
            Place("Brdy, Czech Republic", "radar", 49.66, 13.66, "brdy"),
            Place("north", "launch", 36.0, 51.5),
        ],
        about={"architecture": "third-site"},
    )  # fmt: skip


@pytest.fixture
def assessment() -> Assessment:
    def claim(name: str, verdict: str, probability: float) -> ClaimResult:
        return ClaimResult(
            id=name, party="Moscow", statement=f"It is {name}.", source="s", source_url=None,
            quantity="burnout_speed", unit="km/s", method="", holds=">=", threshold=7.7, reason="", value=8.7,
            low=6.3, high=8.6, verdict=verdict, probability=probability,  # type: ignore[arg-type]
            probability_ci=(probability - 0.1, probability), samples=64,
            decided_by=[Decider("interceptor.gbi.payload", 0.6, 340.0, "kg")],
        )  # fmt: skip

    shown = Scene(
        [
            SceneSite("brdy", "Brdy, Czech Republic", "radar", 49.7, 13.7),
            SceneSite("Tehran", "Tehran", "launch", *TEHRAN),
            SceneSite("New York", "New York", "aim", *NEW_YORK),
        ],
        [SceneFlight("Tehran to New York", "Iran", [35.7, 60.0, 40.7], [51.4, 0.0, -74.0], [0.0, 1e3, 0.0])],
        [SceneFlight("an interceptor", "", [54.5, 58.0], [17.1, 5.0], [0.0, 900.0])],
        [SceneIntercept("Tehran to New York", 58.0, 5.0, 900.0, "redzikowo")],
    )  # fmt: skip
    return Assessment(
        dossier="made-up", title="A made-up dispute", summary="", date="2007", version="0", seed=0,
        samples=64, hash="0", command="", seconds=0.0, scene=shown,
        claims=[claim("fast", "undecided", 0.6), claim("slow", "refuted", 0.1)],
    )  # fmt: skip


@pytest.fixture
def hollow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of what is built from ``web/``: as good as that to everybody but a browser."""
    for name in ("globe.js", "globe.css", "built-from.txt"):
        (tmp_path / name).write_text(f"/* {name} */", "utf-8")
    monkeypatch.setattr(module, "BUILT", tmp_path)
    return tmp_path
