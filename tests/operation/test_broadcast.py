"""Live runs over real sockets, and the messages that the docs show."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from midcourse.operation import Scenario, simulate
from midcourse.operation.broadcast import Broadcast, is_local, listening
from midcourse.operation.live import Live
from midcourse.operation.steering import COMMANDS, read_command

from .living import FAST, SEED, Message, answers_to, bytes_of, live_of

# A real socket answers within this, or something is broken [s].
SOON = 20.0


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
    live = live_of(scenario, running=False)
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
    live = live_of(scenario, 500.0)
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
    assert bytes_of(simulate(scenario, SEED, incidents=live.incidents)) == bytes_of(live.shield)


def test_a_stopped_run_says_so(scenario: Scenario) -> None:
    live = live_of(scenario, 20.0)
    with _served(live) as broadcast, _client(broadcast) as client:
        _next(client, "header")
        live.stop()
        summary = _next(client, "summary")
    assert summary["finished"] is False
    assert "leaked" not in summary


@pytest.mark.parametrize("text", ["{", "pause", "[" * 3000, b"\xff\xfe{"])
def test_what_is_not_json_is_told(scenario: Scenario, text: str | bytes) -> None:
    with _served(live_of(scenario, running=False)) as broadcast, _client(broadcast) as client:
        client.send(text)
        message = _next(client, "error")["message"]
        assert "is not JSON" in message
        assert _ask(client, "state", do="state")["time_s"] == 0.0


def test_too_long_a_command_ends_that_connection_only(scenario: Scenario) -> None:
    with _served(live_of(scenario, running=False)) as broadcast, _client(broadcast) as other:
        with _client(broadcast) as client:
            client.send("x" * 5000)
            _rest(client)
            assert client.close_code == 1009
        assert _ask(other, "state", do="state")["running"] is False


@pytest.mark.parametrize(
    "origin", ["http://localhost:8000", "https://127.0.0.1", "http://[::1]:80", "http://LOCALHOST", None]
)
def test_pages_of_this_machine_are_let_in(scenario: Scenario, origin: Any) -> None:
    with _served(live_of(scenario, running=False)) as broadcast, _client(broadcast, origin=origin) as client:
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
    with _served(live_of(scenario, running=False)) as broadcast:
        with pytest.raises(InvalidStatus) as caught:  # noqa: SIM117
            with _client(broadcast, origin=origin):
                pass
        assert caught.value.response.status_code == 403


def test_listens_on_this_machine_only(scenario: Scenario) -> None:
    with listening(0) as found:
        assert found.getsockname()[0] == "127.0.0.1"


def test_who_is_too_slow_is_told_and_may_come_back(scenario: Scenario) -> None:
    live = live_of(scenario, running=False)
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
    live = live_of(scenario, running=False)
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


def test_a_closed_connection_is_no_news(scenario: Scenario, capfd: pytest.CaptureFixture[str]) -> None:
    """Clients that vanish, and strangers who knock wrongly, leave no trace on the screen."""
    with _served(live_of(scenario, running=False)) as broadcast:
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


# The docs.


def _shape(message: Message) -> Message:
    """The keys of a message, and of the first of each list in it."""
    return {
        key: _shape(value)
        if isinstance(value, dict) and key == "state"
        else [_shape(value[0])]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else None
        for key, value in message.items()
    }


def test_docs_show_messages_as_they_are(scenario: Scenario) -> None:
    folder = Path(__file__).parents[2] / "docs"
    text = (folder / "run.md").read_text("utf-8")
    section = text[text.index("\n## Live\n") : text.index("\n## How long it takes\n")]
    shown = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", section, re.DOTALL)]
    by_type = {each["type"]: each for each in shown if "type" in each}
    live = live_of(scenario, running=False)
    answers = answers_to(live, do="inject", incident="delay emr@brdy 30 s")
    answers += answers_to(live, do="inject", incident="fail emr@brdy")
    answers += answers_to(live, do="resum")
    header = next(live.subscribe(lambda _: None))
    answers += answers_to(live, do="state")
    live.command({"do": "resume"})
    live.run()
    _, *events, summary = live.subscribe(lambda _: None)
    burnout = next(each for each in events if each.get("kind") == "burnout")
    for message in (header, burnout, summary, *answers[1:]):
        assert _shape(by_type[message["type"]]) == _shape(message)
    assert set(by_type) == {"header", "event", "state", "summary", "dropped", "accepted", "error"}
    commands = re.findall(r"`(\{.*?\})`[,| ]", section)
    assert {read_command(json.loads(each))[0] for each in commands} == set(COMMANDS)
    for each in commands:
        answers = answers_to(live_of(scenario, running=False), **json.loads(each))
        assert answers[0]["type"] in ("accepted", "state"), each
