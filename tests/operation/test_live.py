"""Live runs: paced to the clock, steered, replayed to the byte."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midcourse.dossier import InputError
from midcourse.dossier.incident import check_incidents, parse_incident
from midcourse.live_options import incident_text
from midcourse.operation import Scenario, Shield, simulate
from midcourse.operation.live import Live
from midcourse.operation.luck import Luck

from .living import FAST, SEED, Message, answers_to, bytes_of, catch_up, live_of, run_to


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


# Pacing.


def test_keeps_to_the_clock(scenario: Scenario) -> None:
    clock = Clock()
    live = live_of(scenario, 20.0, clock=clock)
    delivered: list[Message] = []
    live.subscribe(delivered.extend)
    passed = 0.0
    for k in range(300):
        clock.now += 0.05 + 0.01 * (k % 7)
        passed += 0.05 + 0.01 * (k % 7)
        wait = live.turn()
        assert live.at_s == pytest.approx(20.0 * passed)
        assert 0.0 < wait <= 0.1
    events = [each for each in delivered if each["type"] == "event"]
    reference = simulate(scenario, SEED).record.events
    assert events == [{"type": "event", **each} for each in reference if each["time_s"] <= live.at_s]
    assert len(events) > 20
    assert live.pace.lost_s == 0.0


def test_pauses_do_not_drift(scenario: Scenario) -> None:
    clock = Clock()
    live = live_of(scenario, 20.0, clock=clock)
    for k in range(200):
        clock.now += 0.013
        live.command({"do": "pause"})
        clock.now += 0.011 * (k % 3)
        live.turn()
        at_s = live.at_s
        clock.now += 5.0
        live.turn()
        assert live.at_s == at_s
        live.command({"do": "resume"})
        live.turn()
    # A command is carried out when the run comes to it: until then time passes.
    running = 200 * 0.013 + 0.011 * sum(k % 3 for k in range(200))
    assert live.at_s == pytest.approx(20.0 * running, abs=1e-6)


def test_changes_speed(scenario: Scenario) -> None:
    clock = Clock()
    live = live_of(scenario, 20.0, clock=clock)
    clock.now += 0.5
    catch_up(live)
    assert answers_to(live, do="speed", speed=50)[0] == {"type": "accepted", "do": "speed"}
    clock.now += 0.5
    catch_up(live)
    assert live.at_s == pytest.approx(0.5 * 20.0 + 0.5 * 50.0)
    assert live.state()["speed"] == 50.0


def test_does_not_rush_to_make_good_what_it_lost(scenario: Scenario) -> None:
    clock = Clock()
    live = live_of(scenario, 20.0, clock=clock)
    clock.now += 60.0
    live.turn()
    assert live.at_s < 20.0
    assert live.pace.lost_s == pytest.approx(60.0 - live.at_s / 20.0)
    clock.now += 0.1
    before = live.at_s
    live.turn()
    assert live.at_s == pytest.approx(before + 2.0)


def test_steps(scenario: Scenario) -> None:
    clock = Clock()
    live = live_of(scenario, 20.0, clock=clock)
    answers_to(live, do="step", seconds=29.5)
    assert (live.at_s, live.pace.running) == (29.5, False)
    times = sorted({each["time_s"] for each in simulate(scenario, SEED).record.events})
    for expected in [each for each in times if each > 29.5][:12]:
        told = len(live.shield.record.events)
        answers_to(live, do="step")
        assert live.at_s == pytest.approx(expected, abs=1e-3)
        assert all(each["time_s"] == expected for each in live.shield.record.events[told:])
    assert live.state()["running"] is False


def test_step_while_it_runs_pauses(scenario: Scenario) -> None:
    clock = Clock()
    live = live_of(scenario, 20.0, clock=clock)
    clock.now += 0.4
    answers_to(live, do="step", seconds=10)
    assert live.at_s == pytest.approx(18.0)
    clock.now += 1.0
    catch_up(live)
    assert live.at_s == pytest.approx(18.0)


def test_begins_with_the_raid(scenario: Scenario) -> None:
    shield = Shield(scenario, Luck(SEED))
    shield.advance(10.0)
    with pytest.raises(ValueError, match="begins with the raid"):
        Live(shield, 20.0)


# Injections, and what a replay makes of them.

INCIDENTS = (
    "fail emr@brdy", "restore emr@brdy", "withdraw emr@brdy", "share emr@brdy", "delay emr@brdy 30 s",
    "fail satellite", "restore satellite", "fail link national", "restore link national", "fail command",
    "restore command", "fail gbi-2-stage@redzikowo", "restore gbi-2-stage@redzikowo", "fail thule@thule",
    "launch iran-us",
)  # fmt: skip
INJECTIONS = st.lists(
    st.tuples(
        # Where missiles leave, burn out and are declared, and anywhere.
        st.one_of(st.sampled_from([0.0, 9.5, 29.5, 29.999, 59.0, 59.2, 362.5]), st.floats(0.0, 1200.0)),
        st.sampled_from(INCIDENTS),
    ),
    max_size=5,
)
FEW = settings(max_examples=7, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(INJECTIONS)
def test_replay_is_the_same_to_the_byte(scenario: Scenario, injections: list[tuple[float, str]]) -> None:
    _replayed_to_the_byte(scenario, injections)


@pytest.mark.slow
@settings(FEW, max_examples=40)
@given(INJECTIONS)
def test_many_replays_are_the_same_to_the_byte(
    scenario: Scenario, injections: list[tuple[float, str]]
) -> None:
    _replayed_to_the_byte(scenario, injections)


def _replayed_to_the_byte(scenario: Scenario, injections: list[tuple[float, str]]) -> None:
    live = live_of(scenario, running=False)
    for at_s, text in sorted(injections):
        run_to(live, max(at_s, live.at_s))
        if not live.over:
            assert answers_to(live, do="inject", incident=text)[0]["type"] == "accepted"
    live.command({"do": "resume"})
    assert live.run()
    replay = simulate(scenario, SEED, incidents=live.incidents)
    assert bytes_of(replay) == bytes_of(live.shield)
    assert replay.outcome() == live.shield.outcome()
    recorded = [
        (each["time_s"], each["kind"], each["what"])
        for each in live.shield.record.events
        if each["node"] == "incident"
    ]
    assert recorded == [(each.at_s, each.do, each.what) for each in live.injected]


def test_replay_with_incidents_from_the_beginning(scenario: Scenario) -> None:
    planned = check_incidents(
        scenario.dossier,
        "third-site",
        [parse_incident(f"100 s {text}", scenario.dossier) for text in ("fail emr@brdy", "withdraw thule")],
    )
    live = Live(Shield(scenario, Luck(SEED), incidents=planned), FAST, running=False)
    run_to(live, 99.5)
    answers_to(live, do="inject", incident={"do": "delay", "what": "thule", "by": "5 s"})
    answers_to(live, do="inject", incident="restore emr@brdy")
    live.command({"do": "resume"})
    live.run()
    happened = [each["kind"] for each in live.shield.record.events if each["node"] == "incident"]
    assert happened == ["fail", "withdraw", "delay", "restore"]
    assert bytes_of(simulate(scenario, SEED, incidents=live.incidents)) == bytes_of(live.shield)
    texts = [incident_text(each) for each in live.incidents]
    again = [parse_incident(each, scenario.dossier) for each in texts]
    again = list(check_incidents(scenario.dossier, "third-site", again))
    assert bytes_of(simulate(scenario, SEED, incidents=again)) == bytes_of(live.shield)


def test_injection_changes_the_run(scenario: Scenario) -> None:
    live = live_of(scenario, running=False)
    run_to(live, 10.0)
    answer = answers_to(live, do="inject", incident="fail emr@brdy")[0]
    assert answer["incident"] == {"at_s": 11.0, "do": "fail", "what": "emr@brdy"}
    live.command({"do": "resume"})
    live.run()
    assert not any(each["node"] == "emr@brdy" for each in live.shield.record.events)
    assert any(each["node"] == "emr@brdy" for each in simulate(scenario, SEED).record.events)


def test_another_missile_joins_while_it_runs(scenario: Scenario) -> None:
    live = live_of(scenario, running=False)
    run_to(live, 200.25)
    answer = answers_to(live, do="inject", incident="launch iran-us")[0]
    assert answer["incident"] == {"at_s": 201.0, "do": "launch", "what": "iran-us"}
    live.command({"do": "resume"})
    live.run()
    launches = [
        (each["node"], each["time_s"]) for each in live.shield.record.events if each["kind"] == "launch"
    ]
    assert ("incident", 201.0) in launches
    assert launches[-1] == ("M4", 201.0)
    *_, summary = live.subscribe(lambda _: None)
    assert [each["missile"] for each in summary["fates"]] == ["M1", "M2", "M3", "M4"]
    header = next(live.subscribe(lambda _: None))
    assert [each["launch_s"] for each in header["raid"]] == [0.0, 30.0, 60.0, 201.0]
    assert bytes_of(simulate(scenario, SEED, incidents=live.incidents)) == bytes_of(live.shield)


def test_a_launch_that_cannot_be_is_told(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise InputError("the target is out of reach", where="incident")

    monkeypatch.setattr("midcourse.operation.live.joined", refused)
    live = live_of(scenario, running=False)
    answer = answers_to(live, do="inject", incident="launch iran-us")[0]
    assert answer == {"type": "error", "message": "incident: the target is out of reach"}
    live.command({"do": "resume"})
    live.run()
    assert bytes_of(live.shield) == bytes_of(simulate(scenario, SEED))


def test_injection_that_the_run_does_not_reach_is_told(scenario: Scenario) -> None:
    live = live_of(scenario, running=False)
    answers = answers_to(live, do="inject", incident="fail satellite")
    assert answers[0]["type"] == "accepted"
    live.command({"do": "inject", "incident": "fail command"}, answers.append)
    live.stop()
    assert not live.run()
    assert [each.get("message") for each in answers[1:]] == [
        "the run is over", "the run ended before 1 s: fail satellite",
    ]  # fmt: skip
    live.command({"do": "state"}, answers.append)
    assert answers[-1] == {"type": "error", "message": "the run is over"}
    assert live.injected == ()


BAD = [
    ({"do": "resum"}, ["unknown command", '"resum"', 'did you mean "resume"']),
    ({"do": 5}, ["unknown command", "pause, resume"]),
    ({}, ["missing key", "do"]),
    ([1, 2], ["not a command", '{"do": "pause"}']),
    (None, ["not a command", "null"]),
    ({"do": "pause", "when": 3}, ["unknown key", "when"]),
    ({"do": "step", "second": 3}, ["unknown key", 'did you mean "seconds"']),
    ({"do": "step", "seconds": 0}, ["seconds", "0 cannot be used", "above 0"]),
    ({"do": "step", "seconds": "ten"}, ["seconds", '"ten"', "above 0"]),
    ({"do": "step", "seconds": True}, ["seconds", "true"]),
    ({"do": "speed"}, ["missing key", "speed", "such as 20"]),
    ({"do": "speed", "speed": -1}, ["speed", "-1", "above 0"]),
    ({"do": "speed", "speed": float("nan")}, ["speed", "nan"]),
    ({"do": "speed", "speed": 10**400}, ["speed", "up to 1,000,000"]),
    ({"do": "inject"}, ["missing key", "incident"]),
    ({"do": "inject", "incident": 7}, ["7 is no incident", "fail emr@brdy"]),
    ({"do": "inject", "incident": "fail"}, ['"fail" is no incident']),
    ({"do": "inject", "incident": "fial emr@brdy"}, ['"fial"', 'did you mean "fail"']),
    ({"do": "inject", "incident": "fail emr@brdi"}, ["emr@brdi", 'did you mean "emr@brdy"']),
    ({"do": "inject", "incident": "300 s fail emr@brdy"}, ["begins with a time"]),
    ({"do": "inject", "incident": "delay emr@brdy"}, ["expected"]),
    ({"do": "inject", "incident": "launch iran"}, ["unknown threat", 'did you mean "iran-us"']),
    ({"do": "inject", "incident": {"do": "fail"}}, ["missing key", "what"]),
    ({"do": "inject", "incident": {"do": "fail", "what": "emr@brdy", "wen": "3 s"}}, ["unknown key", "wen"]),
    ({"do": "inject", "incident": {"do": "fail", "what": ["emr"]}}, ["incident.what", "a text"]),
    ({"do": "inject", "incident": {"do": "delay", "what": "emr@brdy", "by": "30 m"}}, ["not a time"]),
]


@pytest.mark.parametrize(("command", "words"), BAD)
def test_bad_command_is_told_in_one_line(scenario: Scenario, command: object, words: list[str]) -> None:
    live = live_of(scenario, 20.0, clock=Clock())
    answers: list[Message] = []
    live.command(command, answers.append)
    before = live.state()
    live.turn()
    (answer,) = answers
    assert answer["type"] == "error"
    assert "\n" not in answer["message"]
    assert "{value}" not in answer["message"]
    for each in words:
        assert each in answer["message"]
    assert live.state() == before


def test_bad_commands_do_not_disturb(scenario: Scenario) -> None:
    live = live_of(scenario)
    for command, _ in BAD:
        live.command(command)
    assert live.run()
    assert live.injected == ()
    assert bytes_of(live.shield) == bytes_of(simulate(scenario, SEED))
