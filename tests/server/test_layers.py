"""Layers against the maps that they show; layers that nobody waits for; memory that stays flat."""

from __future__ import annotations

import gc
import json
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np
import pytest

import midcourse as mc
from midcourse.analysis import mapping
from midcourse.analysis.maps import BOTH, GAINED, LOST, NEITHER, values_of
from midcourse.analysis.quantity import QUANTITIES
from midcourse.dossier import Dossier, InputError, load
from midcourse.model.memory import Memory
from midcourse.output.globe.layer import Layer, values_in
from midcourse.server import layers as module
from midcourse.server.claim_layers import SHOWN, case_layer
from midcourse.server.layer import LayerAsk
from midcourse.server.layer_plan import About, plan_of
from midcourse.server.layers import Layers
from midcourse.study.kept import Kept
from midcourse.study.map_asking import ask as ask_map
from midcourse.study.mapping import draw_map
from midcourse.study.running import Progress

ARCHITECTURE, THREAT, REGION = "third-site", "iran-europe-irbm", "30,-20,70,50"
LAUNCHES = ("north-west", "south-west")
# Redzikowo alone fires: its fly-out table is one that other tests ask for, too.
BATTERY = "redzikowo"


def ask(quantity: str = "defended", **more: object) -> LayerAsk:
    flown = quantity in ("defended", "shots", "warning")
    told = {
        "quantity": quantity,
        "architecture": ARCHITECTURE,
        "region": REGION,
        "steps": (20.0, 10.0),
        "battery": None if quantity in ("warning", "seen") else BATTERY,
        **({"threat": THREAT, "launches": LAUNCHES} if flown else {}),
    }
    return LayerAsk.model_validate({**told, **more})


#: How flights of maps are aimed, and no layers.
AIMED, MEMORY = Kept(most=0), Memory()


def drawn(dossier: Dossier, asked: LayerAsk, grid: float, architecture: str | None = None) -> np.ndarray:
    """What ``midcourse map`` shows of the same question: (cells,)."""
    question = ask_map(
        dossier, asked.quantity, architecture or asked.architecture, threat=asked.threat,
        launches=asked.launches or (), region=asked.region, grid=grid, battery=asked.battery,
    )  # fmt: skip
    data = draw_map(dossier, question, workers=1, memory=MEMORY, kept=AIMED)
    assert data is not None
    return values_of(data)


@pytest.fixture(scope="module")
def layers(memory: Memory) -> Iterator[Layers]:
    made = Layers(memory, 2)
    yield made
    made.close()


def moved(dossier: Dossier, site: str, lat: float, lon: float) -> Dossier:
    return dossier.with_overrides({f"site.{site}.lat": f"{lat} deg", f"site.{site}.lon": f"{lon} deg"})


@pytest.mark.parametrize("quantity", ["defended", "shots", "warning", "seen", "reach"])
def test_layers_are_maps_of_the_same_cells(third_site: Dossier, layers: Layers, quantity: str) -> None:
    """The finest to the last bit; a coarse one by flights that are aimed as the finest map's are."""
    asked = ask(quantity)
    coarse, fine = layers.steps(third_site, asked)
    assert (coarse.step, fine.step) == (20.0, 10.0)
    assert (fine.south, fine.west, fine.rows, fine.cols) == (30.0, -20.0, 4, 7)
    expected = drawn(third_site, asked, 10.0).astype("<f4")
    assert np.isfinite(expected).any()
    assert values_in(fine).tobytes() == expected.tobytes()
    np.testing.assert_allclose(values_in(coarse).ravel(), drawn(third_site, asked, 20.0), atol=0.1)


def test_the_library_draws_the_same(third_site: Dossier, layers: Layers) -> None:
    data = mc.draw_map(
        third_site, ARCHITECTURE, "defended", threat=THREAT, launches=LAUNCHES, region=REGION, grid=10.0,
        battery=BATTERY,
    )  # fmt: skip
    layer = layers.last(third_site, ask())
    np.testing.assert_array_equal(values_in(layer).ravel(), values_of(data))
    assert layer.title == data.attrs["title"]


@pytest.mark.parametrize("quantity", ["defended", "shots"])
def test_a_difference_is_that_of_two_maps(third_site: Dossier, layers: Layers, quantity: str) -> None:
    asked = ask(quantity, architecture="joint", against=ARCHITECTURE)
    layer = layers.last(third_site, asked)
    before, after = (drawn(third_site, asked, 10.0, name) for name in (ARCHITECTURE, "joint"))
    found = values_in(layer).ravel()
    if quantity == "shots":
        assert layer.kind == "ramp"
        np.testing.assert_array_equal(found, after - before)
        ends = [entry.value for entry in layer.legend]
        assert ends[0] == -ends[-1] <= -np.nanmax(np.abs(found))
        assert ends[len(ends) // 2] == 0.0
        return
    assert layer.kind == "difference"
    assert layer.against == ARCHITECTURE
    expected = np.select(
        [np.isnan(before), (before > 0) & (after > 0), after > 0, before > 0],
        [np.nan, BOTH, GAINED, LOST],
        NEITHER,
    )
    np.testing.assert_array_equal(found, expected)
    named = {entry.value: entry.label for entry in layer.legend}
    assert named == {
        BOTH: "defended by both",
        GAINED: "only by joint",
        LOST: "only by third-site",
        NEITHER: "defended by neither",
    }
    assert len({entry.colour for entry in layer.legend}) == 4
    assert set(np.unique(found[~np.isnan(found)]).tolist()) <= set(named)


def test_a_moved_radar_changes_the_layer_as_it_changes_the_map(third_site: Dossier, layers: Layers) -> None:
    asked = ask()
    before = layers.last(third_site, asked)
    there = moved(third_site, "brdy", 42.0, 26.0)
    after = layers.last(there, asked)
    assert after.values != before.values
    assert values_in(after).tobytes() == drawn(there, asked, 10.0).astype("<f4").tobytes()


# Of reach alone it is seen that it was read between tables.
@pytest.mark.parametrize("quantity", ["reach", pytest.param("defended", marks=pytest.mark.slow)])
def test_a_moved_base_is_previewed_between_latitudes_and_drawn_by_its_own_table(
    third_site: Dossier, layers: Layers, quantity: str
) -> None:
    there = moved(third_site, "redzikowo", 52.3, 21.0)
    asked = ask(quantity)
    wait(layers.warm(there, asked))
    coarse, fine = layers.steps(there, asked)
    assert values_in(fine).tobytes() == drawn(there, asked, 10.0).astype("<f4").tobytes()
    near, exact = values_in(coarse).ravel(), drawn(there, asked, 20.0)
    if quantity == "defended":
        np.testing.assert_array_equal(near, exact)
    else:
        # Read between tables: all but the same.
        assert 1e-4 < np.nanmax(np.abs(near - exact)) < 0.05


@pytest.mark.slow
def test_a_payload_that_is_being_set_is_previewed_between_payloads(
    third_site: Dossier, layers: Layers
) -> None:
    """The first has tables made on either side of it, from which the second is read, and so on upward."""
    asked = ask("reach")
    errors: list[float] = []
    for payload in (300.0, 310.0, 350.0, 420.0):
        there = third_site.with_overrides({"interceptor.gbi-2-stage.payload": f"{payload} kg"})
        coarse, fine = layers.steps(there, asked)
        assert values_in(fine).tobytes() == drawn(there, asked, 10.0).astype("<f4").tobytes()
        error = np.nanmax(np.abs(values_in(coarse).ravel() - drawn(there, asked, 20.0).astype("<f4")))
        errors.append(error)
        assert error < (0.1 if payload > 300.0 else 1e-9)
        deadline = time.monotonic() + 60.0
        while layers.busy and time.monotonic() < deadline:
            time.sleep(0.05)


def test_one_battery_shoots_no_more_than_all(third_site: Dossier, layers: Layers) -> None:
    one, every = (
        values_in(layers.last(third_site, ask("shots", threat="iran-us", region="us", battery=battery)))
        for battery in (BATTERY, None)
    )
    assert (one <= every).all()
    assert (one < every).any()


def test_whoever_waits_no_more_gets_no_more(
    third_site: Dossier, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flights between a place and a chunk that are under way are worked out, and no others."""
    monkeypatch.setattr(module, "CHUNK", 4)
    mine, asked, over = Layers(memory, 1), ask(steps=(60.0, 10.0)), threading.Event()
    told: list[Progress] = []
    done: list[bool] = []
    values = mapping.flown_values

    def counted(*arguments: object) -> np.ndarray:
        done.append(over.is_set())
        return values(*arguments)  # type: ignore[arg-type]

    def tell(progress: Progress) -> None:
        told.append(progress)
        if progress.stage.startswith("map of"):
            over.set()

    monkeypatch.setattr(mapping, "flown_values", counted)
    coming = mine.steps(third_site, asked, over.is_set, tell)
    assert next(coming).step == 60.0
    assert list(coming) == []
    mine.close()
    # Of seven chunks, by two launch places.
    assert sum(done) <= 2
    assert told[-1].done < told[-1].total == 28


def test_memory_stays_flat_while_a_radar_and_a_base_are_dragged(third_site: Dossier) -> None:
    """Flights stay as they are, however many radars looked at them and bases met them; nothing of a moved
    base goes into the memory that lasts.
    """
    lasting = Memory()
    layers, asked = Layers(lasting, 1), ask(quantity="warning", steps=(10.0,))
    list(layers.steps(third_site, asked))
    sizes = []
    for i in range(6):
        list(layers.steps(moved(third_site, "brdy", 49.0 + 0.2 * i, 15.0), asked))
        sizes.append(layers.bytes)
    assert max(sizes[1:]) < 1.02 * min(sizes[1:])
    assert lasting.results() == []
    layers.close()


def test_no_dossier_is_held(third_site: Dossier, layers: Layers) -> None:
    there = moved(third_site, "brdy", 48.0, 15.0)
    list(layers.steps(there, ask()))
    gone = weakref.ref(there)
    del there
    gc.collect()
    assert gone() is None


def test_several_ask_at_once(third_site: Dossier, layers: Layers) -> None:
    asked: list[tuple[Dossier, LayerAsk]] = [
        (moved(third_site, "brdy", 45.0, 20.0), ask()),
        (moved(third_site, "brdy", 40.0, 30.0), ask()),
        (third_site, ask("warning", architecture="joint")),
        (third_site, ask("warning", architecture="joint")),
        (third_site, ask("shots", against="joint")),
        (moved(third_site, "brdy", 45.0, 20.0), ask("warning", launches=("east",))),
    ]
    with ThreadPoolExecutor(len(asked)) as people:
        together = list(people.map(lambda one: [each.values for each in layers.steps(*one)], asked))
    alone = Layers(Memory(), 1)
    for one, found in zip(asked, together, strict=True):
        assert [each.values for each in alone.steps(*one)] == found
    alone.close()


def test_a_layer_says_what_it_shows(third_site: Dossier, layers: Layers) -> None:
    told: dict[str, Layer] = {
        name: layers.last(third_site, ask(name)) for name in ("defended", "shots", "warning", "seen", "reach")
    }
    assert told["defended"].title.startswith("Defended area: Iran to Europe, intermediate range. ")
    assert told["defended"].missing == "out of the threat's reach"
    assert told["warning"].unit == told["reach"].unit == "s"
    for name, layer in told.items():
        assert layer.summary.endswith(".")
        assert any(letter.isdigit() for letter in layer.summary), name
        values = values_in(layer)
        known, stops = values[np.isfinite(values)], [entry.value for entry in layer.legend]
        if layer.kind == "classes" and name != "shots":
            assert set(known.tolist()) <= set(stops)
        else:
            assert stops == sorted(stops)
            assert stops[0] <= known.min()
            assert known.max() <= stops[-1]
    share = told["defended"].summary.partition(" %")[0]
    assert 0 < int(share) < 100


def test_scales_do_not_hang_on_what_comes_out(third_site: Dossier, layers: Layers) -> None:
    """Two sides of a split globe are read by one legend."""
    one, other = (
        layers.last(third_site, ask("warning", architecture=name)) for name in ("third-site", "joint")
    )
    assert one.values != other.values
    assert one.legend == other.legend


def test_a_layer_as_geojson(third_site: Dossier, layers: Layers) -> None:
    found = json.loads(layers.geojson(third_site, ask()))
    assert found["type"] == "FeatureCollection"
    assert [each["properties"]["quantity"] for each in found["features"]] == ["defended"]
    assert found["metadata"]["dossier"] == "third-site"


def test_steps_that_nobody_chose_fit_the_region(third_site: Dossier) -> None:
    def steps(**more: object) -> tuple[float, ...]:
        return plan_of(third_site, ask(steps=None, launches=None, **more), About()).steps

    assert steps(region="europe") == (4.0, 1.0)
    coarse, fine = steps(region="world")
    assert coarse >= 10.0
    assert 1.0 < fine < coarse


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"quantity": "defnded"}, 'no layer shows "defnded"; expected defended, shots'),
        ({"quantity": "denied"}, 'no layer shows "denied"'),
        ({"architecture": "third-sit"}, 'did you mean "third-site"?'),
        ({"against": "jont"}, 'did you mean "joint"?'),
        ({"threat": "iran-europe-ibm"}, 'did you mean "iran-europe-irbm"?'),
        ({"region": "eurpe"}, 'unknown region "eurpe"; did you mean "europe"?'),
        ({"launches": ("nrth",)}, 'unknown place "nrth"; did you mean "north"?'),
        ({"battery": "redzikow"}, 'has no battery "redzikow"'),
        ({"steps": (7.0,)}, "steps: cells cannot be 7.0 wide"),
        ({"region": "world", "steps": (0.05,)}, "steps: cells of 0.05 deg over World are too many"),
        ({"quantity": "seen", "altitude_km": -3.0}, "altitude_km: -3.0 km is no altitude"),
        ({"quantity": "seen", "altitude_km": float("inf")}, "altitude_km: inf km is no altitude"),
    ],
)
def test_what_cannot_be_shown_is_said(
    third_site: Dossier, layers: Layers, told: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as raised:
        layers.check(third_site, ask(**{"battery": None, **told}))  # type: ignore[arg-type]
    assert message in str(raised.value)


@pytest.mark.parametrize("name", ["third-site", "pacific"])
def test_every_claim_has_a_layer_that_can_be_drawn(name: str) -> None:
    dossier, about = load(name), About()
    shown: set[str] = set()
    for claim in dossier.claim:
        layer = case_layer(dossier, claim)
        assert layer is not None, claim
        shown.add(layer.quantity)
        assert len(plan_of(dossier, layer, about).steps) == 2
    assert {"defended", "shots", "seen"} <= shown


def test_every_quantity_of_claims_is_shown_by_something() -> None:
    assert set(SHOWN) == set(QUANTITIES)


@pytest.mark.parametrize(
    ("told", "room"), [("max", None), ("100", 1.5), (str(8 << 30), 2.0), (str(1 << 50), None)]
)
def test_flights_take_no_more_than_their_share_of_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str, room: float | None
) -> None:
    """A quarter of what the container may have, else of what the machine has; within bounds."""
    limit = tmp_path / "memory.max"
    limit.write_text(f"{told}\n", encoding="ascii")
    monkeypatch.setattr(module, "_LIMITS", (str(tmp_path / "none"), str(limit)))
    found = module.room() / 2**30
    assert 1.5 <= found <= 6.0
    if room is not None:
        # The machine itself may have less.
        assert found <= room
