"""Live runs: paced to the clock, watched and steered over real sockets, replayed to the byte."""

from __future__ import annotations

import io
import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from midcourse.dossier import Dossier, InputError
from midcourse.dossier.incident import check_incidents, parse_incident
from midcourse.dossier.raid import Order
from midcourse.live_options import event_line, incident_text, read_live, run_live
from midcourse.model.memory import Memory
from midcourse.operation import Scenario, Shield, prepare, simulate
from midcourse.operation.broadcast import Broadcast, is_local, listening
from midcourse.operation.live import Live
from midcourse.operation.luck import Luck

SEED = 3
# As fast as it goes.
FAST = 1e6
# A real socket answers within this, or something is broken [s].
SOON = 20.0

Message = dict[str, Any]


@pytest.fixture(scope="module")
def scenario(third_site: Dossier, memory: Memory) -> Scenario:
    """Three missiles; the second and third leave on whole seconds on which incidents may fall, too."""
    return prepare(third_site, "third-site", (Order("iran-us", 3, 0.0, 30.0),), seed=1, memory=memory)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _live(scenario: Scenario, speed: float = FAST, **options: Any) -> Live:
    """A live run; with ``running=False`` it stands still at first."""
    return Live(Shield(scenario, Luck(SEED)), speed, **options)


def _bytes(shield: Shield) -> str:
    return json.dumps(shield.record.events)


def _command(live: Live, **command: Any) -> list[Message]:
    """Have a command carried out and run on until it is done; gives the answers."""
    answers: list[Message] = []
    live.command(command, answers.append)
    _catch_up(live)
    return answers


def _catch_up(live: Live) -> None:
    while live.turn() == 0.0 and not live.over:
        pass


def _to(live: Live, at_s: float) -> None:
    """Run on to a time, and stand still."""
    if at_s > live.at_s:
        _command(live, do="step", seconds=at_s - live.at_s)
    assert live.at_s == pytest.approx(at_s, abs=1e-9)


# Pacing.


def test_keeps_to_the_clock(scenario: Scenario) -> None:
    clock = Clock()
    live = _live(scenario, 20.0, clock=clock)
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
    live = _live(scenario, 20.0, clock=clock)
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
    live = _live(scenario, 20.0, clock=clock)
    clock.now += 0.5
    _catch_up(live)
    assert _command(live, do="speed", speed=50)[0] == {"type": "accepted", "do": "speed"}
    clock.now += 0.5
    _catch_up(live)
    assert live.at_s == pytest.approx(0.5 * 20.0 + 0.5 * 50.0)
    assert live.state()["speed"] == 50.0


def test_does_not_rush_to_make_good_what_it_lost(scenario: Scenario) -> None:
    clock = Clock()
    live = _live(scenario, 20.0, clock=clock)
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
    live = _live(scenario, 20.0, clock=clock)
    _command(live, do="step", seconds=29.5)
    assert (live.at_s, live.pace.running) == (29.5, False)
    times = sorted({each["time_s"] for each in simulate(scenario, SEED).record.events})
    for expected in [each for each in times if each > 29.5][:12]:
        told = len(live.shield.record.events)
        _command(live, do="step")
        assert live.at_s == pytest.approx(expected, abs=1e-3)
        assert all(each["time_s"] == expected for each in live.shield.record.events[told:])
    assert live.state()["running"] is False


def test_step_while_it_runs_pauses(scenario: Scenario) -> None:
    clock = Clock()
    live = _live(scenario, 20.0, clock=clock)
    clock.now += 0.4
    _command(live, do="step", seconds=10)
    assert live.at_s == pytest.approx(18.0)
    clock.now += 1.0
    _catch_up(live)
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


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            # Where missiles leave, burn out and are declared, and anywhere.
            st.one_of(st.sampled_from([0.0, 9.5, 29.5, 29.999, 59.0, 59.2, 362.5]), st.floats(0.0, 1200.0)),
            st.sampled_from(INCIDENTS),
        ),
        max_size=5,
    )
)
def test_replay_is_the_same_to_the_byte(scenario: Scenario, injections: list[tuple[float, str]]) -> None:
    live = _live(scenario, running=False)
    for at_s, text in sorted(injections):
        _to(live, max(at_s, live.at_s))
        if not live.over:
            assert _command(live, do="inject", incident=text)[0]["type"] == "accepted"
    live.command({"do": "resume"})
    assert live.run()
    replay = simulate(scenario, SEED, incidents=live.incidents)
    assert _bytes(replay) == _bytes(live.shield)
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
    _to(live, 99.5)
    _command(live, do="inject", incident={"do": "delay", "what": "thule", "by": "5 s"})
    _command(live, do="inject", incident="restore emr@brdy")
    live.command({"do": "resume"})
    live.run()
    happened = [each["kind"] for each in live.shield.record.events if each["node"] == "incident"]
    assert happened == ["fail", "withdraw", "delay", "restore"]
    assert _bytes(simulate(scenario, SEED, incidents=live.incidents)) == _bytes(live.shield)
    texts = [incident_text(each) for each in live.incidents]
    again = [parse_incident(each, scenario.dossier) for each in texts]
    again = list(check_incidents(scenario.dossier, "third-site", again))
    assert _bytes(simulate(scenario, SEED, incidents=again)) == _bytes(live.shield)


def test_injection_changes_the_run(scenario: Scenario) -> None:
    live = _live(scenario, running=False)
    _to(live, 10.0)
    answer = _command(live, do="inject", incident="fail emr@brdy")[0]
    assert answer["incident"] == {"at_s": 11.0, "do": "fail", "what": "emr@brdy"}
    live.command({"do": "resume"})
    live.run()
    assert not any(each["node"] == "emr@brdy" for each in live.shield.record.events)
    assert any(each["node"] == "emr@brdy" for each in simulate(scenario, SEED).record.events)


def test_another_missile_joins_while_it_runs(scenario: Scenario) -> None:
    live = _live(scenario, running=False)
    _to(live, 200.25)
    answer = _command(live, do="inject", incident="launch iran-us")[0]
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
    assert _bytes(simulate(scenario, SEED, incidents=live.incidents)) == _bytes(live.shield)


def test_a_launch_that_cannot_be_is_told(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise InputError("the target is out of reach", where="incident")

    monkeypatch.setattr("midcourse.operation.live.joined", refused)
    live = _live(scenario, running=False)
    answer = _command(live, do="inject", incident="launch iran-us")[0]
    assert answer == {"type": "error", "message": "incident: the target is out of reach"}
    live.command({"do": "resume"})
    live.run()
    assert _bytes(live.shield) == _bytes(simulate(scenario, SEED))


def test_injection_that_the_run_does_not_reach_is_told(scenario: Scenario) -> None:
    live = _live(scenario, running=False)
    answers = _command(live, do="inject", incident="fail satellite")
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
    live = _live(scenario, 20.0, clock=Clock())
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
    live = _live(scenario)
    for command, _ in BAD:
        live.command(command)
    assert live.run()
    assert live.injected == ()
    assert _bytes(live.shield) == _bytes(simulate(scenario, SEED))


# Over real sockets.


@contextmanager
def _served(live: Live, **options: Any) -> Iterator[Broadcast]:
    """A live run with its port, run by a thread of its own, to the end or until the block is left."""
    failed: list[BaseException] = []
    broadcast = Broadcast(live, 0, **options)

    def run() -> None:
        try:
            with broadcast:
                live.run()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield broadcast
    finally:
        live.stop()
        thread.join(SOON)
    assert not thread.is_alive()
    assert failed == []


def _client(broadcast: Broadcast, **options: Any) -> ClientConnection:
    return connect(broadcast.url, proxy=None, open_timeout=SOON, **options)


def _next(client: ClientConnection, kind: str, until: Callable[[Message], bool] = lambda _: True) -> Message:
    """The next message of a kind; all others before it are passed over."""
    end = time.monotonic() + SOON
    while True:
        message = json.loads(client.recv(timeout=end - time.monotonic()))
        if message["type"] == kind and until(message):
            return dict(message)


def _ask(client: ClientConnection, kind: str = "accepted", **command: Any) -> Message:
    client.send(json.dumps(command))
    return _next(client, kind)


def _rest(client: ClientConnection, end: type[ConnectionClosed] = ConnectionClosed) -> list[Message]:
    """Everything until the connection is closed."""
    messages: list[Message] = []
    with suppress(end):
        while True:
            messages.append(json.loads(client.recv(timeout=SOON)))
    return messages


def _events(messages: list[Message]) -> list[Message]:
    return [
        {name: each for name, each in message.items() if name != "type"}
        for message in messages
        if message["type"] == "event"
    ]


def test_every_client_gets_the_whole_run(scenario: Scenario) -> None:
    live = _live(scenario, running=False)
    with _served(live) as broadcast, _client(broadcast) as first, _client(broadcast) as second:
        _ask(second, do="step", seconds=400)
        _next(second, "state", lambda each: bool(each["time_s"] == 400.0))
        with _client(broadcast) as late:
            _ask(second, do="resume")
            every = [_rest(each) for each in (first, second, late)]
            assert [each.close_code for each in (first, second, late)] == [1000] * 3
    expected = simulate(scenario, SEED)
    assert _events(every[0]) == _events(every[2]) == expected.record.events
    for messages in every[::2]:
        assert messages[0]["type"] == "header"
        assert messages[-1]["type"] == "summary"
    header = every[2][0]
    assert header["state"]["time_s"] == 400.0
    assert (header["dossier"], header["architecture"]) == ("third-site", "third-site")
    assert [each["launch_s"] for each in header["raid"]] == [0.0, 30.0, 60.0]
    assert len(header["sensors"]) == len(scenario.defence.sensors)
    summary, outcome = every[0][-1], expected.outcome()
    assert summary["finished"] is True
    assert summary["events"] == len(expected.record.events)
    assert (summary["spent"], summary["ends"], summary["leaked"]) == (
        outcome.spent,
        outcome.ends,
        outcome.leaked,
    )


def test_steers_and_replays(scenario: Scenario) -> None:
    live = _live(scenario, 500.0)
    with _served(live) as broadcast, _client(broadcast) as client:
        _ask(client, do="pause")
        state = _next(client, "state", lambda each: not each["running"])
        time.sleep(0.05)
        assert _ask(client, "state", do="state")["time_s"] == state["time_s"]
        accepted = _ask(client, do="inject", incident="fail emr@brdy")
        assert accepted["incident"]["at_s"] == int(state["time_s"]) + 1
        _ask(client, do="step", seconds=2)
        event = _next(client, "event", lambda each: bool(each["node"] == "incident"))
        assert (event["time_s"], event["kind"]) == (accepted["incident"]["at_s"], "fail")
        _ask(client, do="speed", speed=FAST)
        _ask(client, do="resume")
        summary = _next(client, "summary")
    assert summary["incidents"] == [accepted["incident"]]
    assert _bytes(simulate(scenario, SEED, incidents=live.incidents)) == _bytes(live.shield)


def test_a_stopped_run_says_so(scenario: Scenario) -> None:
    live = _live(scenario, 20.0)
    with _served(live) as broadcast, _client(broadcast) as client:
        _next(client, "header")
        live.stop()
        summary = _next(client, "summary")
    assert summary["finished"] is False
    assert "leaked" not in summary


@pytest.mark.parametrize("text", ["{", "pause", "[" * 3000, b"\xff\xfe{"])
def test_what_is_not_json_is_told(scenario: Scenario, text: str | bytes) -> None:
    with _served(_live(scenario, running=False)) as broadcast, _client(broadcast) as client:
        client.send(text)
        message = _next(client, "error")["message"]
        assert "is not JSON" in message
        assert _ask(client, "state", do="state")["time_s"] == 0.0


def test_too_long_a_command_ends_that_connection_only(scenario: Scenario) -> None:
    with _served(_live(scenario, running=False)) as broadcast, _client(broadcast) as other:
        with _client(broadcast) as client:
            client.send("x" * 5000)
            _rest(client)
            assert client.close_code == 1009
        assert _ask(other, "state", do="state")["running"] is False


@pytest.mark.parametrize(
    "origin", ["http://localhost:8000", "https://127.0.0.1", "http://[::1]:80", "http://LOCALHOST", None]
)
def test_pages_of_this_machine_are_let_in(scenario: Scenario, origin: Any) -> None:
    with _served(_live(scenario, running=False)) as broadcast, _client(broadcast, origin=origin) as client:
        assert _next(client, "header")["protocol"] == 1


@pytest.mark.parametrize(
    "origin",
    [
        "http://example.org",
        "null",
        "http://127.0.0.1.example.org",
        "http://localhost@example.org",
        "file://",
        "http://[",
    ],
)
def test_pages_of_others_are_turned_away(scenario: Scenario, origin: Any) -> None:
    assert not is_local(origin)
    with _served(_live(scenario, running=False)) as broadcast:
        with pytest.raises(InvalidStatus) as caught:  # noqa: SIM117
            with _client(broadcast, origin=origin):
                pass
        assert caught.value.response.status_code == 403


def test_listens_on_this_machine_only(scenario: Scenario) -> None:
    with listening(0) as found:
        assert found.getsockname()[0] == "127.0.0.1"


def test_who_is_too_slow_is_told_and_may_come_back(scenario: Scenario) -> None:
    live = _live(scenario, running=False)
    with _served(live, waiting=5) as broadcast:
        with _client(broadcast) as client:
            _next(client, "header")
            # One go has more events than may wait.
            live.command({"do": "step", "seconds": 600})
            last = _rest(client)[-1]
            assert last["type"] == "dropped"
            assert client.close_code == 1013
        end = time.monotonic() + SOON
        while live.at_s < 600.0 and time.monotonic() < end:
            time.sleep(0.01)
        with _client(broadcast) as again:
            messages = []
            while len(_events(messages)) < live.shield.record.count:
                messages.append(json.loads(again.recv(timeout=SOON)))
    assert _events(messages) == live.shield.record.events
    assert len(_events(messages)) > 50


def test_who_does_not_read_holds_nobody_up(scenario: Scenario) -> None:
    live = _live(scenario, running=False)
    with _served(live, waiting=50) as broadcast, _client(broadcast) as reader:
        _next(reader, "header")
        stuck = socket.create_connection(("127.0.0.1", int(broadcast.url.rsplit(":", 1)[1])))
        with stuck:
            stuck.sendall(
                b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            )
            end = time.monotonic() + SOON
            while len(live._subscribers) < 2 and time.monotonic() < end:
                time.sleep(0.01)
            assert len(live._subscribers) == 2
            # Far more than the buffers of a connection hold.
            for k in range(60):
                live._tell([{"type": "flood", "number": k, "text": "x" * 500_000}])
                assert _next(reader, "flood")["number"] == k
            while len(live._subscribers) > 1 and time.monotonic() < end:
                live._tell([{"type": "flood", "number": 0, "text": "x" * 500_000}])
                _next(reader, "flood")
            assert len(live._subscribers) == 1
        assert _ask(reader, "state", do="state")["running"] is False


# The command line.


class _Interrupting(io.StringIO):
    """Standard output during which Ctrl-C is pressed, after so many lines and then with each."""

    def __init__(self, lines: int, times: int) -> None:
        super().__init__()
        self._lines, self._times = lines, times

    def write(self, text: str) -> int:
        written = super().write(text)
        self._lines -= text.count("\n")
        if self._lines <= 0 and self._times:
            self._times -= 1
            signal.raise_signal(signal.SIGINT)
        return written


def test_prints_every_event_on_a_line(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    ended = run_live(Shield(scenario, Luck(SEED)), FAST, None, Console(file=out, width=60))
    events = simulate(scenario, SEED).record.events
    lines = out.getvalue().splitlines()
    assert lines == [event_line(each) for each in events]
    assert lines[0].startswith("      0.0 s  M1: launch (")
    assert ended.finished
    assert ended.incidents == ()
    assert capsys.readouterr().err == ""


def test_ctrl_c_stops_and_keeps_the_record(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    shield = Shield(scenario, Luck(SEED))
    out = _Interrupting(5, times=1)
    ended = run_live(shield, 5000.0, None, Console(file=out))
    assert not ended.finished
    whole = simulate(scenario, SEED).record.events
    assert 5 <= len(shield.record.events) < len(whole)
    assert shield.record.events == whole[: len(shield.record.events)]
    assert "stopped at" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_twice_quits(scenario: Scenario) -> None:
    before = signal.getsignal(signal.SIGINT)
    out = _Interrupting(5, times=2)
    with pytest.raises(KeyboardInterrupt):
        run_live(Shield(scenario, Luck(SEED)), 5000.0, None, Console(file=out))
    assert signal.getsignal(signal.SIGINT) is before


def test_tells_where_it_listens(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    run_live(Shield(scenario, Luck(SEED)), FAST, 0, Console(file=io.StringIO()))
    assert capsys.readouterr().err.startswith("live: ws://127.0.0.1:")


def test_reads_speed_and_port() -> None:
    assert read_live(None, None) is None
    assert read_live("20", None) == (20.0, None)
    assert read_live("0.5", "0") == (0.5, 0)


@pytest.mark.parametrize(
    ("speed", "listen", "words"),
    [
        ("0", None, ["--speed", '"0"', "above 0"]),
        ("-3", None, ["--speed", '"-3"', "above 0"]),
        ("nan", None, ["--speed", '"nan"']),
        ("inf", None, ["--speed", '"inf"']),
        ("fast", None, ["--speed", '"fast"', "such as 20"]),
        (None, "8765", ["--listen without --speed"]),
        ("20", "high", ["--listen", '"high"']),
        ("20", "70000", ["--listen", '"70000"', "65535"]),
        ("20", "-1", ["--listen", '"-1"']),
    ],
)
def test_bad_options_are_told(speed: str | None, listen: str | None, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_live(speed, listen)
    for each in words:
        assert each in str(caught.value)


def test_a_port_in_use_is_told() -> None:
    with listening(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError) as caught:
            read_live("20", str(port))
    assert f"port {port} of 127.0.0.1 cannot be listened to: address already in use" in str(caught.value)


def test_a_closed_connection_is_no_news(scenario: Scenario, capfd: pytest.CaptureFixture[str]) -> None:
    """Clients that vanish, and strangers who knock wrongly, leave no trace on the screen."""
    with _served(_live(scenario, running=False)) as broadcast:
        port = int(broadcast.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as stranger:
            stranger.sendall(b"hello\r\n\r\n")
            assert stranger.recv(1000)[:12] in (b"HTTP/1.1 400", b"")
        with _client(broadcast) as client:
            _next(client, "header")
            client.socket.shutdown(socket.SHUT_RDWR)
            with pytest.raises(ConnectionClosedError):
                _rest(client, end=ConnectionClosedOK)
        with _client(broadcast) as other:
            _next(other, "header")
    assert capfd.readouterr().err == ""
