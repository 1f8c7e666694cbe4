"""What holds in every run, whatever happens: everything is accounted for once, nothing comes before its
cause, nobody knows what nobody told him.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midcourse.dossier.incident import Incident
from midcourse.dossier.raid import Order
from midcourse.operation import Scenario, Shield, simulate
from midcourse.operation.interceptor import HIT

from .conftest import Make, Play

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=7, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(FEW, max_examples=40)
SENSORS = ("emr@brdy", "gabala@gabala", "fylingdales@fylingdales")
_TIMES = st.floats(0.0, 900.0)
_FAILURES = st.builds(
    Incident,
    _TIMES,
    st.sampled_from(["fail", "restore"]),
    st.sampled_from(
        [*SENSORS, "gbi-2-stage@redzikowo", "satellite", "command", "link national", "link shared"]
    ),
)
_FEEDS = st.builds(Incident, _TIMES, st.sampled_from(["withdraw", "share"]), st.sampled_from(SENSORS))
_DELAYS = st.builds(Incident, _TIMES, st.just("delay"), st.sampled_from(SENSORS), st.floats(1.0, 120.0))
INCIDENTS = st.lists(st.one_of(_FAILURES, _FEEDS, _DELAYS), max_size=6)
Event = dict[str, Any]


@FEW
@given(seed=SEEDS, incidents=INCIDENTS)
def test_laws(play: Play, seed: int, incidents: list[Incident]) -> None:
    _all_laws_hold(play, seed, incidents)


@pytest.mark.slow
@MANY
@given(seed=SEEDS, incidents=INCIDENTS)
def test_laws_over_many_runs(play: Play, seed: int, incidents: list[Incident]) -> None:
    _all_laws_hold(play, seed, incidents)


def _all_laws_hold(play: Play, seed: int, incidents: list[Incident]) -> None:
    """All of them of the same run, and of the same again."""
    shield = play(seed, incidents=incidents)
    _every_missile_and_every_interceptor_is_accounted_for_once(shield)
    _no_effect_comes_before_its_cause(shield.record.events)
    _nobody_knows_what_no_message_brought(shield)
    assert play(seed, incidents=incidents).record.events == shield.record.events


def _every_missile_and_every_interceptor_is_accounted_for_once(shield: Shield) -> None:
    outcome, events = shield.outcome(), shield.record.events
    ends = Counter(
        e["missile"] for e in events if e["kind"] in ("impact", "destroyed") and e["node"] == e["missile"]
    )
    assert ends == Counter(each.name for each in shield.threats)
    hits = [each for each in shield.interceptors if each.outcome == HIT]
    assert len(hits) == len(shield.threats) - outcome.leaked
    assert len({each.order.missile for each in hits}) == len(hits)
    for site in shield.sites:
        launched = [e for e in events if e["kind"] == "launched" and e["node"] == site.name]
        assert len(launched) + site.left == site.battery.inventory
        assert outcome.spent[site.name] == len(launched)
    assert sum(outcome.ends.values()) == len(shield.interceptors) == sum(outcome.spent.values())
    assert all(each.outcome for each in shield.interceptors)
    assert sum(outcome.causes.values()) == outcome.leaked


def _no_effect_comes_before_its_cause(events: list[Event]) -> None:
    assert [e["event"] for e in events] == list(range(len(events)))
    for event in events:
        assert event["time_s"] >= events[max(0, event["event"] - 1)]["time_s"]
        if "cause" in event:
            assert event["cause"] < event["event"]
            assert events[event["cause"]]["time_s"] <= event["time_s"]
        if event.get("sent_s") is not None:
            assert event["sent_s"] <= event["time_s"]


def _before(events: list[Event], event: Event, **wanted: Any) -> list[Event]:
    return [e for e in events[: event["event"]] if all(e.get(key) == value for key, value in wanted.items())]


def _nobody_knows_what_no_message_brought(shield: Shield) -> None:
    events = shield.record.events
    delays = {name: link.data.delay.value if link.data else 0.0 for name, link in shield.links.items()}
    for event in events:
        missile = event.get("missile")
        if event["node"] == "command" and event["kind"] in ("told of detection", "track taken over"):
            said = "found" if event["kind"] == "told of detection" else "tracked"
            sent = _before(events, event, node=event["by"], kind=said, missile=missile)
            assert sent
            assert event["time_s"] >= sent[0]["time_s"] + delays[event["by"]] - 2e-3
        if event["kind"] in ("believes", "launch foreseen", "launch ordered"):
            assert _before(events, event, kind="track taken over", missile=missile)
        if event["kind"] == "launched":
            ordered = _before(events, event, kind="launch ordered", missile=missile, battery=event["node"])
            assert ordered
            assert event["time_s"] >= ordered[0]["launch_s"] - 2e-3
        if event["kind"] == "told where to look":
            assert _before(events, event, node="command", missile=missile)
        if event["kind"] == "hit known":
            assert _before(events, event, node=event["by"], kind="saw a hit", missile=missile)
        if event["kind"] == "destroyed":
            assert events[event["cause"]]["kind"] == HIT


@FEW
@given(seed=SEEDS, at=_TIMES)
def test_what_happens_while_it_runs_is_as_if_known_before(play: Play, seed: int, at: float) -> None:
    _as_if_known_before(play, seed, at)


@pytest.mark.slow
@MANY
@given(seed=SEEDS, at=_TIMES)
def test_whatever_happens_while_it_runs_is_as_if_known_before(play: Play, seed: int, at: float) -> None:
    _as_if_known_before(play, seed, at)


def _as_if_known_before(play: Play, seed: int, at: float) -> None:
    incident = Incident(float(int(at)), "fail", "emr@brdy")
    planned = play(seed, incidents=[incident])
    live = Shield(planned.scenario, planned.luck)
    live.advance(incident.at_s - 1e-9)
    live.expect(incident)
    live.advance()
    assert live.record.events == planned.record.events


def test_a_silent_command_orders_nothing(play: Play, raid: Scenario) -> None:
    outcome = play(1, incidents=[Incident(0.0, "fail", "command")]).outcome()
    assert sum(outcome.spent.values()) == 0
    assert outcome.leaked == len(raid.courses)


def test_without_any_sensor_nothing_is_seen(play: Play, raid: Scenario) -> None:
    every = [Incident(0.0, "fail", each.name) for each in raid.defence.sensors]
    outcome = play(1, incidents=every).outcome()
    assert outcome.causes == {"never seen": len(raid.courses)}


def test_a_site_that_is_down_launches_nothing(play: Play, raid: Scenario) -> None:
    down = [Incident(0.0, "fail", each.name) for each in raid.defence.batteries]
    outcome = play(1, incidents=down).outcome()
    assert sum(outcome.spent.values()) == 0
    assert set(outcome.causes) == {"site down"}


def test_who_may_release_waits_for_nobody(make: Make) -> None:
    launch = 'missile = "notional-irbm"\nfrom = "36,48"\nto = "48,12"'
    asked = {"doctrine.nominal.consultation": "100 s"}
    first = []
    for figures in ({}, asked, asked | {"doctrine.nominal.released_by": "PL"}):
        events = simulate(make(launch, architecture="joint", figures=figures), 1).record.events
        first.append(next(e["time_s"] for e in events if e["kind"] == "launched"))
    assert first[1] >= first[0] + 50.0
    assert first[2] == first[0]


@pytest.mark.parametrize("seed", range(3))
def test_a_missile_may_join_the_raid(play: Play, raid: Scenario, seed: int) -> None:
    threat = next(iter({each.threat for each in raid.setting.raid}))
    joins = Incident(200.0, "launch", threat, order=Order(threat, 1))
    one = play(seed, incidents=[joins])
    two = play(seed, incidents=[joins])
    assert one.record.events == two.record.events
    assert len(one.outcome().fates) == len(raid.courses) + 1
    assert one.outcome().fates[-1].launched_s == 200.0
    assert next(e["kind"] for e in one.record.events if e.get("missile") == "M7") == "launch"
