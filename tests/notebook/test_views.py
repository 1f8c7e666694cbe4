"""What a globe shows of each kind of result."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import xarray

import midcourse as mc
from midcourse.analysis.assessment import Assessment
from midcourse.analysis.grid import make_grid
from midcourse.analysis.maps import difference, make_map, values_of
from midcourse.analysis.watching import Watching
from midcourse.dossier import InputError
from midcourse.model import Flights
from midcourse.notebook.views import View, state_of, view_of
from midcourse.output.globe import aimed_scene
from midcourse.output.globe.layer import values_in
from midcourse.study.operated import Operated

from .conftest import CHICAGO, NEW_YORK, RUNS, TEHRAN


def named(view: View, folder: str) -> list[str]:
    """The packets of a folder of a view's scene."""
    assert view.scene is not None
    return [each["id"] for each in view.scene["czml"] if each.get("parent") == folder]


def test_a_map_lies_where_it_was_drawn(area: xarray.Dataset) -> None:
    view = view_of(area)
    assert view.layer is not None
    assert (view.layer.south, view.layer.west, view.layer.step) == (34.0, -28.0, 4.0)
    assert np.array_equal(values_in(view.layer).ravel(), values_of(area).astype("f4"), equal_nan=True)
    assert (34.0, -28.0) in view.frame
    assert view.layer.summary.endswith(".")
    assert [(each.site, each.kind, each.movable) for each in view.marks] == [
        ("redzikowo", "battery", True),
        ("brdy", "radar", True),
        ("launch/north", "launch", False),
    ]


def test_what_two_maps_differ_in_is_a_layer_too(area: xarray.Dataset) -> None:
    other = area.copy(deep=True)
    other["defended"].values[:] = 1
    other.attrs["architecture"] = "joint"
    layer = view_of(difference(area, other, title="Gained")).layer
    assert layer is not None
    assert layer.kind == "difference"
    assert (layer.quantity, layer.architecture, layer.against) == ("defended", "joint", "third-site")


@pytest.mark.parametrize("equal_area", [False, True])
def test_chances_are_told_in_per_cent(equal_area: bool) -> None:
    grid = make_grid("2 deg", "europe", equal_area=equal_area)
    chances = np.linspace(0.0, 1.0, len(grid))
    data = make_map(grid, "defended", chances, kind="share", long_name="chance", title="Chance")
    layer = view_of(data).layer
    assert layer is not None
    assert (layer.unit, layer.legend[0].value, layer.legend[-1].value) == ("%", 0.0, 100.0)
    values = values_in(layer)
    rows = ((grid.lat_deg - layer.south) / layer.step).astype(int)
    columns = ((grid.lon_deg - layer.west) / layer.step).astype(int)
    assert values[rows, columns] == pytest.approx(100.0 * chances, abs=1e-4)


@pytest.mark.parametrize("kind", ["seen", "reach", "warning", "denied"])
def test_every_map_has_a_legend_and_a_sentence(kind: str, area: xarray.Dataset) -> None:
    grid = make_grid("4 deg", "europe")
    numbers = np.linspace(10.0, 700.0, len(grid))
    values = numbers > 300.0 if kind == "denied" else numbers
    data = make_map(
        grid, kind, values, kind="area" if kind == "denied" else "number",
        units="km" if kind == "seen" else "s", long_name=kind, title=kind,
        about={"altitudes_km": "100, 300", "rcs_m2": 0.1},
    )  # fmt: skip
    layer = view_of(data).layer
    assert layer is not None
    assert max(entry.value for entry in layer.legend) >= (1.0 if kind == "denied" else 700.0)
    assert {"seen": "0.1\u202fm² at one of 100, 300\u202fkm", "reach": "100, 300\u202fkm"}.get(kind, ".") in (
        layer.summary
    )


def test_a_flight_is_the_same_watched_or_engaged(watched: Watching) -> None:
    view, other = view_of(watched), view_of(watched.engagement)
    assert view.scene == other.scene
    assert view.scene is not None
    assert "New York City" in view.title
    assert "35.7° N 51.4° E" in view.title
    assert {"missile/M1", "missile/M1/way"} <= set(named(view, "missiles"))
    assert any(name.startswith("interceptor/gbi-2-stage@redzikowo") for name in named(view, "interceptors"))
    assert view.frame == [pytest.approx(TEHRAN), pytest.approx((40.71, -74.01))]
    assert {each.site for each in view.marks} >= {"brdy", "redzikowo", "fylingdales"}


def test_a_commit_that_was_imposed_is_shown(watched: Watching) -> None:
    late = mc.engage("third-site", "third-site", "notional-icbm", TEHRAN, NEW_YORK, commit_s=700.0)
    scene = view_of(late).scene
    assert scene is not None
    assert [each["time_s"] for each in scene["events"] if each["kind"] == "commit"] == [700.0]
    assert min(each["time_s"] for each in scene["events"] if each["kind"] == "interceptor") >= 700.0


def test_flights_leave_together(flights: Flights) -> None:
    view = view_of(flights)
    assert view.scene is not None
    assert [each["kind"] for each in view.scene["events"]] == ["launch", "impact", "impact"]
    assert view.scene["span"] == [0.0, float(flights.impact_s.max())]
    assert view.scene["finding"].startswith("2 flights of ")
    assert [row["label"] for row in view.scene["rows"]] == ["M1", "M2"]
    assert view.frame == [pytest.approx(each) for each in (TEHRAN, NEW_YORK, CHICAGO)]


def test_a_flight_alone_tells_its_moments() -> None:
    view = view_of(mc.aim("notional-icbm", TEHRAN, CHICAGO))
    assert view.scene is not None
    kinds = [each["kind"] for each in view.scene["events"]]
    assert (kinds[0], kinds[-1]) == ("launch", "impact")
    assert "burnout" in kinds


def test_of_very_many_flights_some_are_shown(flights: Flights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aimed_scene, "MOST_FLIGHTS", 1)
    view = view_of(flights)
    assert view.scene is not None
    assert view.scene["finding"].startswith("2 flights of ")
    assert view.scene["finding"].endswith("Shown are 1 of them, evenly chosen.")
    assert [row["label"] for row in view.scene["rows"]] == ["M1"]


def test_each_run_can_be_shown(runs: Operated) -> None:
    leaked = []
    for run in range(RUNS):
        view = view_of(runs, run)
        assert view.scene is not None
        assert f"run number {run}" in view.title
        told = {row["label"]: row["text"] for row in view.scene["rows"]}
        leaked.append(int(told["Missiles"].split(", ")[1].split()[0]))
    assert leaked == runs.by_run["leaked"]


@pytest.mark.parametrize("run", [-1, RUNS])
def test_a_run_that_was_not_run_is_refused(run: int, runs: Operated) -> None:
    with pytest.raises(InputError, match=f"run: there is no run .*{run}.*; expected 0 to {RUNS - 1}"):
        view_of(runs, run)


def test_runs_that_cannot_be_made_again_are_refused(runs: Operated) -> None:
    with pytest.raises(InputError, match="do not tell how to make them again"):
        view_of(replace(runs, plan=None))


def test_how_runs_are_made_is_no_part_of_their_document(runs: Operated) -> None:
    assert "plan" not in runs.to_dict()
    assert json.loads(runs.to_json())["runs"] == RUNS


def test_claims_stand_in_the_words_of_the_report(assessment: Assessment) -> None:
    view = view_of(assessment)
    assert view.claims is not None
    first, second = view.claims
    assert (first["id"], first["verdict"], first["probability_ci"]) == ("fast", "undecided", [0.5, 0.6])
    assert first["value"] == "8.7\u202fkm/s (6.3 to 8.6\u202fkm/s)"
    assert first["test"] == "≥\u202f7.7\u202fkm/s"
    assert first["chance"] == "60\u202f% of 64 worlds"
    assert "turns at 340\u202fkg" in first["decides"]
    assert second["verdict"] == "refuted"
    assert view.scene is not None
    assert view.scene["finding"].startswith("Of 2 claims, what is published supports 0")
    assert named(view, "missiles") == ["missile/0"]
    assert named(view, "interceptors") == ["interceptor/0", "intercept/0"]
    assert [(each.site, each.kind) for each in view.marks] == [
        ("brdy", "radar"),
        ("launch/Tehran", "launch"),
        ("target/New York", "target"),
    ]


@pytest.mark.parametrize("result", ["watched", "flights", "runs", "area", "assessment"])
def test_what_is_shared_is_json(result: str, request: pytest.FixtureRequest) -> None:
    state = state_of(view_of(request.getfixturevalue(result)))
    assert json.loads(json.dumps(state, allow_nan=False)) == state


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        ("third-site", "a globe shows no str"),
        (None, "a globe shows no NoneType"),
        (xarray.Dataset({"a": ("x", [1.0])}), "this dataset is no map"),
    ],
)
def test_anything_else_is_refused_and_told_what_is_taken(result: object, problem: str) -> None:
    with pytest.raises(InputError) as told:
        view_of(result)
    line = str(told.value)
    assert line.startswith(f"show: {problem}; expected ")
    for maker in ("draw_map", "watch", "engage", "aim", "run_raid", "assess"):
        assert maker in line
