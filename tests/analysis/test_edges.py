"""Architectures that lack a part, and flights that nobody sees, meets or can make: no crash, no warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from midcourse.analysis.engagement import FLIGHT, OneFlight, engage_flight
from midcourse.analysis.quantity import QUANTITIES, Case
from midcourse.analysis.setting import Setting
from midcourse.analysis.watching import timeline, watch
from midcourse.analysis.world import World
from midcourse.dossier import Dossier, InputError
from midcourse.model import Flights
from midcourse.model.memory import Memory
from midcourse.physics.acquisition import TOTAL

THREAT = "iran-europe-irbm"


def _with(dossier: Dossier, **changes: Any) -> Dossier:
    """A dossier whose architecture ``third-site`` is changed."""
    whole = dossier.resolved_architecture("third-site").model_copy(update=changes)
    return replace(dossier, architecture={**dossier.architecture, "third-site": whole})


def _only(dossier: Dossier, kind: str, *names: str) -> tuple[Any, ...]:
    parts = getattr(dossier.resolved_architecture("joint"), kind)
    return tuple(part for part in parts if part.name in names)


def _case(dossier: Dossier, name: str) -> Dossier:
    changes: Mapping[str, dict[str, Any]] = {
        "no sensors": {"sensor": ()},
        "no satellite": {"satellite": None},
        "no batteries": {"battery": ()},
        "neither": {"sensor": (), "satellite": None},
        "nothing": {"sensor": (), "satellite": None, "battery": ()},
        # Vandenberg meets nothing bound for Europe.
        "far battery": {"battery": _only(dossier, "battery", "gbi-3-stage@vandenberg")},
        # Beale sees nothing bound for Europe.
        "far sensor": {"sensor": _only(dossier, "sensor", "beale@beale")},
        # It only looks where it is told, and nobody tells it.
        "untold": {"sensor": _only(dossier, "sensor", "emr@brdy"), "satellite": None},
        # It searches, and needs nobody to tell it.
        "search alone": {"sensor": _only(dossier, "sensor", "gabala@gabala"), "satellite": None},
    }
    return _with(dossier, **changes[name])


BLIND = ("no sensors", "neither", "nothing", "far sensor", "untold")
UNARMED = ("no batteries", "nothing", "far battery")
ALL = ("no satellite", "search alone", *dict.fromkeys((*BLIND, *UNARMED)))


def _every(*names: str) -> pytest.MarkDecorator:
    cases = [pytest.param(each, each, id=each) for each in names]
    return pytest.mark.parametrize(("setting", "name"), cases, indirect=["setting"])


@pytest.fixture
def setting(few: Dossier, memory: Memory, request: pytest.FixtureRequest) -> Setting:
    return Setting(_case(few, request.param), (), memory, 1)


@_every(*ALL)
def test_worlds(setting: Setting, name: str) -> None:
    defending = setting.defence("third-site")
    pairs = setting.pairs(THREAT)
    for rows in (1, 3):
        world = World(setting, {}, {}, rows)
        reach = world.reachable(THREAT)
        chances = world.chances(THREAT, "third-site", shots=True, closely=True, sights=True)
        assert chances.sights.shape == (len(defending.sensors), rows, pairs, 5)
        assert chances.engaged.shape == (len(defending.batteries), rows, pairs)
        assert chances.windows.shape == (len(defending.batteries), rows, pairs, 4)
        assert chances.shots.shape == (rows, pairs)
        assert (np.isnan(chances.shots) == ~reach).all()
        assert not (chances.engaged & ~reach).any()
        plain = world.engaged(THREAT, "third-site")
        assert (plain == chances.engaged).all()
        blind, unarmed = name in BLIND, name in UNARMED
        if blind:
            assert np.isnan(chances.sights[..., :TOTAL]).all()
            assert (chances.sights[..., TOTAL] == 0.0).all()
        else:
            assert (~np.isnan(chances.sights[..., 0])).any()
        if blind or unarmed:
            assert not chances.engaged.any()
            assert np.isnan(chances.windows).all()
            assert (chances.shots[reach] == 0.0).all()
            assert np.isnan(world.commit(THREAT, "third-site")).all()
        else:
            assert chances.engaged.any()
        radius = world.impact_radius(THREAT, "third-site")
        assert np.isnan(radius).all() == (blind or not (~np.isnan(chances.sights[..., 1])).any())


@_every(*ALL)
def test_quantities(setting: Setting, name: str) -> None:
    """Shares and shots are numbers between nothing and all, and so are those of a case without an answer."""
    world = World(setting, {}, {}, 2)
    case = Case(threat=THREAT, architecture="third-site", baseline="two-site")
    asked = [
        "engageable_share",
        "engageable_ratio",
        "shots_gained",
        "defended_share",
        "defended_people_share",
    ]
    asked.append("stopped_share")
    for each in asked:
        quantity = QUANTITIES[each]
        values = quantity.compute(world, case)
        assert values.shape == (2,)
        assert not np.isnan(values).any()
        if name in BLIND or name in UNARMED:
            assert (values <= 1.0).all() if each == "engageable_ratio" else (values <= 0.0).all()
        if quantity.detail is not None:
            rows = quantity.detail(world, case)
            assert all(isinstance(text, str) and "nan" not in text for row in rows for text in row)


@_every(*ALL)
def test_one_flight(setting: Setting, name: str, memory: Memory) -> None:
    flights = setting.flight_sets(THREAT)[0].flights
    # To Vienna.
    index = int(np.argmin(np.abs(np.degrees(flights.targets[:, 1]) - 16.4)))
    one = Flights.from_arrays(
        flights.missile, {key: value[index : index + 1] for key, value in flights.arrays().items()}
    )
    result = engage_flight(OneFlight(setting.dossier, one, memory), "third-site")
    assert len(result.sites) == len(setting.defence("third-site").batteries)
    assert len(result.sensors) == len(setting.defence("third-site").sensors)
    if name in BLIND or name in UNARMED:
        assert not result.engageable
        assert result.shots == 0
        assert np.isnan(result.commit_s)
    places = [(float(each[0, 0]), float(each[0, 1])) for each in (one.launches, one.targets)]
    seen = watch(setting.dossier, "third-site", one.missile.name, *places, memory=memory)
    if name in BLIND:
        assert seen.fused == ()
        assert all(each.first_seen_s is None and each.intervals_s == () for each in seen.sensors)


@pytest.mark.parametrize("setting", ["no satellite", "search alone", "neither", "nothing"], indirect=True)
def test_nobody_declares(setting: Setting, memory: Memory) -> None:
    flights = setting.flight_sets(THREAT)[0].flights
    places = [(float(each[0, 0]), float(each[0, 1])) for each in (flights.launches, flights.targets)]
    seen = watch(setting.dossier, "third-site", flights.missile.name, *places, memory=memory)
    assert seen.declared_s is None


@pytest.mark.parametrize(
    ("setting", "name"),
    [pytest.param(each, each, id=each) for each in ALL],
    indirect=["setting"],
)
def test_a_launch_imposed(setting: Setting, name: str, memory: Memory) -> None:
    """Whatever the sensors see: all that counts is which batteries there are."""
    own = setting.flight_sets(THREAT)[0].flights
    index = int(np.argmin(np.abs(np.degrees(own.targets[:, 1]) - 16.4)))
    one = Flights.from_arrays(
        own.missile, {key: each[index : index + 1] for key, each in own.arrays().items()}
    )
    imposed = engage_flight(OneFlight(setting.dossier, one, memory), "third-site", 250.0)
    assert imposed.engageable == (name not in UNARMED)
    assert (imposed.shots > 0) == imposed.engageable


@_every(*ALL)
def test_all_flights_over_time(setting: Setting, name: str) -> None:
    found = timeline(setting, THREAT, "third-site")
    assert found.flights > 0
    assert found.burnout.flights == found.impact.flights == found.flights
    assert (found.first_sight.flights == 0) == (name in BLIND)
    if name in BLIND or name in UNARMED:
        assert found.commit.flights == found.intercept.flights == found.battle_space.flights == 0
        assert found.commit.median_s is None
    assert (found.declared.flights == 0) == (setting.defence("third-site").warning is None)


def test_a_threat_out_of_reach(few: Dossier, memory: Memory) -> None:
    """No flight at all is said so, in one line."""
    short = few.threat["iran-us"].model_copy(update={"missile": ("notional-mrbm",)})
    dossier = replace(few, threat={**few.threat, "iran-us": short})
    world = World(Setting(dossier, (), memory, 1), {}, {}, 1)
    with pytest.raises(InputError, match="reaches none of the targets") as caught:
        world.chances("iran-us", "third-site")
    assert "\n" not in str(caught.value)


def test_a_satellite_that_never_declares(few: Dossier, memory: Memory) -> None:
    """It is as good as none: only radars that search see anything, and tell the others."""
    mute = few.with_overrides({"satellite.dsp.declare_delay": "9000 s"})
    late, never = (
        World(Setting(each, (), memory, 1), {}, {}, 1).chances(THREAT, "third-site", sights=True).sights
        for each in (mute, _case(few, "no satellite"))
    )
    assert (~np.isnan(late[..., 0])).any()
    assert np.allclose(late, never, equal_nan=True)


@pytest.mark.parametrize("architecture", ["third-site", "gabala", "joint"])
def test_no_satellite_is_no_better(few: Dossier, memory: Memory, architecture: str) -> None:
    whole = few.resolved_architecture(architecture).model_copy(update={"satellite": None})
    without = replace(few, architecture={**few.architecture, architecture: whole})
    told, untold = (
        World(Setting(each, (), memory, 1), {}, {}, 1).chances(THREAT, architecture, sights=True)
        for each in (few, without)
    )
    assert not (untold.engaged & ~told.engaged).any()
    first = [np.where(np.isnan(each.sights[..., 0]), np.inf, each.sights[..., 0]) for each in (told, untold)]
    assert (first[0] <= first[1] + 1e-6).all()


def test_one_flight_is_a_world_of_its_own(few: Dossier, memory: Memory) -> None:
    """Nothing is taken over from an architecture asked about before."""
    flights = Setting(few, (), memory, 1).flight_sets(THREAT)[0].flights
    one = Flights.from_arrays(flights.missile, {key: value[:1] for key, value in flights.arrays().items()})
    setting = OneFlight(few, one, memory)
    world = World(setting, {}, {}, 1)
    for architecture in ("joint", "two-site", "third-site", "joint"):
        again = World(setting, {}, {}, 1).chances(FLIGHT, architecture, closely=True, sights=True)
        kept = world.chances(FLIGHT, architecture, closely=True, sights=True)
        assert np.array_equal(kept.sights, again.sights, equal_nan=True)
        assert np.array_equal(kept.windows, again.windows, equal_nan=True)
