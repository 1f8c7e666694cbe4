"""The widget of notebooks: what it shares with its other half, and what it says where it cannot be shown."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import xarray

import midcourse as mc
from midcourse.analysis.assessment import Assessment
from midcourse.analysis.maps import Place
from midcourse.analysis.watching import Watching
from midcourse.dossier import InputError, load
from midcourse.notebook import module


def told(globe: Any, **state: Any) -> None:
    """The other half tells what is done with the globe."""
    globe.set_state(state)


@pytest.mark.usefixtures("hollow")
def test_the_state_holds_what_is_shown(area: xarray.Dataset) -> None:
    globe = mc.show(area, height=300)
    state = globe.get_state()
    assert state["_esm"] == "/* globe.js */"
    assert state["_css"] == "/* globe.css */"
    assert state["_layer"]["title"] == "Defended area"
    assert (state["_scene"], state["_claims"], state["height"]) == (None, None, 300)
    assert "Defended area" in repr(globe)


@pytest.mark.usefixtures("hollow")
def test_a_flight_flies_over_a_map(area: xarray.Dataset, watched: Watching) -> None:
    globe = mc.show(area)
    assert globe.show(watched) is globe
    assert globe._layer is not None
    assert globe._scene is not None
    assert {mark["site"] for mark in globe._marks} >= {"brdy", "thule"}
    globe.clear()
    state = globe.get_state()
    assert [state[name] for name in ("_layer", "_scene", "_claims", "_marks")] == [None, None, None, []]


@pytest.mark.usefixtures("hollow")
def test_a_move_is_heard_and_can_be_set(area: xarray.Dataset) -> None:
    globe = mc.show(area)
    assert globe.moves == {}
    heard: list[Any] = []
    globe.observe(lambda change: heard.append(change["new"]), "moved")
    told(globe, moved=["brdy", 50.25, 14.5])
    assert heard == [("brdy", 50.25, 14.5)]
    told(globe, moved=["redzikowo", 54.0, -0.001])
    told(globe, moved=["brdy", 51.0, 15.0])
    assert globe.moves == {
        "site.brdy.lat": "51 deg", "site.brdy.lon": "15 deg",
        "site.redzikowo.lat": "54 deg", "site.redzikowo.lon": "-0.001 deg",
    }  # fmt: skip
    stands = {mark["site"]: (mark["lat"], mark["lon"], mark["moved"]) for mark in globe._marks}
    assert stands["brdy"] == (51.0, 15.0, True)
    assert stands["launch/north"] == (36.0, 51.5, False)
    figures = load("third-site", globe.moves)
    assert figures.site["brdy"].lat.text == "51 deg"


@pytest.mark.usefixtures("hollow")
def test_what_is_drawn_from_a_move_stands_as_moved(area: xarray.Dataset) -> None:
    globe = mc.show(area)
    told(globe, moved=["brdy", 51.0, 15.0])
    places = [
        Place("Brdy", "radar", 51.0, 15.0, "brdy"),
        Place("Redzikowo", "interceptor", 54.0, 17.0, "redzikowo"),
    ]
    again = area.assign_attrs(places=json.dumps([asdict(place) for place in places]))
    globe.show(again)
    assert {mark["site"]: mark["moved"] for mark in globe._marks} == {"brdy": True, "redzikowo": False}


@pytest.mark.usefixtures("hollow")
def test_a_site_that_is_not_there_cannot_move(area: xarray.Dataset) -> None:
    globe = mc.show(area)
    with pytest.raises(InputError, match=r'moved: no site "launch/north" can be moved.*brdy, redzikowo'):
        globe.moved = ("launch/north", 1.0, 2.0)


@pytest.mark.usefixtures("hollow")
def test_clock_and_choice_go_both_ways(watched: Watching, assessment: Assessment) -> None:
    globe = mc.show(watched)
    heard: list[tuple[str, Any]] = []
    globe.observe(
        lambda change: heard.append((change["name"], change["new"])), ["time_s", "playing", "selected"]
    )
    told(globe, time_s=12.5, playing=True)
    globe.selected = "missile/M1"
    assert sorted(heard) == [("playing", True), ("selected", "missile/M1"), ("time_s", 12.5)]
    told(globe, selected=None)
    assert globe.selected is None
    globe.show(assessment)
    assert [claim["id"] for claim in globe._claims] == ["fast", "slow"]
    for name in ("time_s", "speed"):
        with pytest.raises(InputError, match=f"{name}: .*cannot be used; expected a number"):
            setattr(globe, name, float("nan"))


def test_without_anywidget_it_names_the_extra(area: xarray.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(InputError) as error:
        mc.show(area)
    assert 'pip install "midcourse[notebook]"' in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("missing", ["globe.js", "globe.css", "built-from.txt"])
def test_where_it_was_not_built_it_says_what_to_do(missing: str, area: xarray.Dataset, hollow: Path) -> None:
    (hollow / missing).unlink()
    with pytest.raises(InputError) as error:
        mc.show(area)
    line = str(error.value)
    assert f"{hollow} has no {missing}" in line
    assert "`make web`" in line
    assert "\n" not in line
    assert hollow == module.BUILT


@pytest.mark.usefixtures("hollow")
def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(InputError, match="show: a globe shows no str"):
        mc.show("third-site")


def test_nothing_of_notebooks_is_imported_before_it_is_asked_for() -> None:
    code = "import sys, midcourse as mc; mc.show; print([n for n in sys.modules if 'widget' in n])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
