"""Live runs over the page's WebSocket, and recorded ones played, on a real server."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from websockets.sync.client import ClientConnection, connect

from midcourse.dossier import Dossier
from midcourse.dossier.errors import InputError
from midcourse.dossier.incident import check_incidents, parse_incident
from midcourse.dossier.raid import Order
from midcourse.model.memory import Memory
from midcourse.operation import Shield, prepare, simulate
from midcourse.operation.luck import Luck
from midcourse.output.globe.ground import FOLDERS
from midcourse.output.operation.czml import packets
from midcourse.output.operation.growing import Growing
from midcourse.output.operation.recording import record_of, record_so_far, recorded
from midcourse.server.live_asking import MOST_MISSILES, read_ask
from midcourse.server.operations import operations_router

from .listening import SOON, listening

Message = dict[str, Any]

SEED = 4
STATE = {"dossier": "third-site", "viewpoint": None, "set": {}}
START = {
    "do": "start", "state": STATE, "architecture": "third-site", "threat": "iran-us", "missiles": 2,
    "seed": SEED, "spacing_s": 30, "speed": 1e6,
}  # fmt: skip


@pytest.fixture(scope="module")
def address(third_site: Dossier, memory: Memory, ran: Shield) -> Iterator[str]:
    """A server that lets two runs go at once; flights and fly-out tables are at hand."""

    def opened(state: Message) -> Dossier:
        if state["dossier"] != "third-site":
            raise InputError(
                "unknown dossier", value=state["dossier"], where="dossier", expected="third-site"
            )
        figures = third_site.with_overrides(state["set"])
        return figures.with_viewpoint(state["viewpoint"]) if state["viewpoint"] else figures

    app = FastAPI()
    app.include_router(operations_router(opened, memory, 2))
    with listening(app) as found:
        yield found


@contextmanager
def client(address: str) -> Iterator[ClientConnection]:
    # Whoever does not read on is told of the end of a connection late, unless all that comes may wait.
    waits: dict[str, Any] = {"max_size": None, "max_queue": None}
    with connect(f"ws://{address}/api/operations", proxy=None, open_timeout=SOON, **waits) as found:
        yield found


def until(
    socket: ClientConnection, kind: str, good: Callable[[Message], bool] = lambda _: True
) -> list[Message]:
    """Messages until one of a kind, that one last; an error meanwhile is told."""
    found: list[Message] = []
    end = time.monotonic() + SOON
    while True:
        found.append(json.loads(socket.recv(timeout=end - time.monotonic())))
        if found[-1]["type"] == kind and good(found[-1]):
            return found
        assert found[-1]["type"] != "error", found[-1]


def ask(socket: ClientConnection, kind: str, **command: Any) -> Message:
    socket.send(json.dumps(command))
    return until(socket, kind)[-1]


def refusal(socket: ClientConnection, command: Any) -> str:
    socket.send(command if isinstance(command, str) else json.dumps(command))
    return str(until(socket, "error")[-1]["message"])


def posted(address: str, text: str, query: str = "") -> tuple[int, Any]:
    asked = urllib.request.Request(f"http://{address}/api/operations/recorded{query}", data=text.encode())
    try:
        with urllib.request.urlopen(asked, timeout=SOON) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture(scope="module")
def ran(third_site: Dossier, memory: Memory) -> Shield:
    """The same run without a server."""
    scenario = prepare(third_site, "third-site", (Order("iran-us", 2, 0.0, 30.0),), SEED, memory=memory)
    read = [parse_incident("503 s withdraw fylingdales", third_site)]
    return simulate(scenario, SEED, incidents=check_incidents(third_site, "third-site", read))


def samples(position: dict[str, Any]) -> dict[float, list[float]]:
    rows = np.array(position["cartesian"]).reshape(-1, 4)
    return {float(row[0]): row[1:].tolist() for row in rows}


def test_a_run_is_told_as_it_happens(address: str, ran: Shield) -> None:
    with client(address) as socket:
        socket.send(json.dumps({**START, "paused": True}))
        began = until(socket, "czml")
        assert [each["type"] for each in began[:2]] == ["accepted", "preparing"]
        assert began[-2]["type"] == "header"
        accepted = ask(socket, "accepted", do="step", seconds=502.5)
        assert accepted == {"type": "accepted", "do": "step"}
        told = until(socket, "state", lambda each: bool(each["time_s"] == 502.5))
        withdrawn = ask(socket, "accepted", do="inject", incident="withdraw fylingdales")
        assert withdrawn["incident"] == {"at_s": 503.0, "do": "withdraw", "what": "fylingdales@fylingdales"}
        socket.send(json.dumps({"do": "resume"}))
        told += until(socket, "summary")
        record = ask(socket, "record", do="record")
    header, first = began[-2], began[-1]
    assert (header["command"].split()[:3], header["dossier"]) == (
        ["midcourse", "run", "third-site"],
        "third-site",
    )
    brdy = next(each for each in header["sensors"] if each["name"] == "emr@brdy")
    assert (brdy["title"], brdy["country"]) == ("Brdy, Czech Republic", "CZ")
    assert "iran-europe-irbm" in [each["name"] for each in header["threats"]]
    assert first["packets"][0]["id"] == "document"
    assert set(FOLDERS) <= {each["id"] for each in first["packets"]}

    events = [each for each in told if each["type"] == "event"]
    plain = [{k: v for k, v in each.items() if k not in ("type", "text")} for each in events]
    assert plain == ran.record.events
    texts = [each["text"] for each in events]
    assert "What Fylingdales sees is not shared any more." in texts
    assert any(text is None for text in texts)
    summary = told[-1]
    assert summary["finished"] is True
    assert "missile" in summary["finding"]

    # Packets come after the events of their slice, and never tell of what is still to come.
    now = 0.0
    for each in told:
        if each["type"] == "event":
            now = max(now, each["time_s"])
        elif each["type"] == "czml":
            assert each["time_s"] >= now
            for packet in each["packets"]:
                if "cartesian" in packet.get("position", {}) and "epoch" in packet["position"]:
                    assert max(samples(packet["position"])) <= each["time_s"] + 1e-3
    assert record["whole"] is True
    assert record["name"] == "third-site-third-site.jsonl"
    assert record_of(record["text"], "record").events == tuple(ran.record.events)


def test_what_is_added_up_is_what_is_drawn_at_once(ran: Shield) -> None:
    """The packets of a run as it goes on come to those of the file that is written at its end."""
    whole = {each["id"]: each for each in packets(recorded(ran), ran)}
    shield = Shield(ran.scenario, Luck(SEED), incidents=ran.incidents)
    growing, step = Growing(shield), 0
    found = [*growing.begin()]
    while not shield.done:
        step += 1
        shield.advance(step * 7.3)
        found += growing.upto(step * 7.3)
    last: dict[str, dict[str, Any]] = {}
    placed: dict[str, dict[float, list[float]]] = {}
    for packet in found:
        last.setdefault(packet["id"], {}).update(packet)
        if "epoch" in packet.get("position", {}):
            placed.setdefault(packet["id"], {}).update(samples(packet["position"]))
    assert set(last) == set(whole) - {"document"}
    for name, packet in last.items():
        assert packet.get("availability") == whole[name].get("availability"), name
        assert packet.get("description") == whole[name].get("description"), name
    for name, parts in placed.items():
        once = samples(whole[name]["position"])
        # Beside the common times there are those at which it was asked for.
        common = once.keys() & parts.keys()
        assert len(common) > 0.9 * len(once), name
        for at in common:
            assert parts[at] == pytest.approx(once[at], abs=0.2), (name, at)


def test_a_run_stops_when_its_client_goes(address: str) -> None:
    with client(address) as first, client(address) as second, client(address) as third:
        for each in (first, second):
            each.send(json.dumps({**START, "speed": 1}))
            until(each, "czml")
        assert refusal(third, START) == (
            "2 runs are going on, and no more can at once; expected patience: try again when one of them has "
            "ended"
        )
        assert "a run is going on" in refusal(first, START)
        first.close()
        end = time.monotonic() + SOON
        while time.monotonic() < end:
            third.send(json.dumps({**START, "speed": 1}))
            if until_any(third)["type"] == "accepted":
                break
            time.sleep(0.05)
        until(third, "czml")
        ask(second, "accepted", do="stop")
        summary = until(second, "summary")[-1]
        assert summary["finished"] is False
        part = ask(second, "record", do="record")
        assert part["whole"] is False
        assert json.loads(part["text"].splitlines()[0])["record"] == "midcourse run"


def until_any(socket: ClientConnection) -> Message:
    return dict(json.loads(socket.recv(timeout=SOON)))


def test_a_missile_that_joins_is_drawn(address: str) -> None:
    with client(address) as socket:
        socket.send(json.dumps({**START, "paused": True, "missiles": 1}))
        until(socket, "czml")
        ask(socket, "accepted", do="inject", incident="launch iran-us")
        socket.send(json.dumps({"do": "step", "seconds": 90}))
        told = until(socket, "state", lambda each: bool(each["time_s"] == 90.0))
    drawn = {packet["id"] for each in told if each["type"] == "czml" for packet in each["packets"]}
    assert {"missile/M1", "missile/M2"} <= drawn
    texts = [each["text"] for each in told if each["type"] == "event"]
    assert any(text is not None and text.startswith("M2 leaves") for text in texts)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ({"do": "pause"}, "no run has been started"),
        ({"do": "recrod"}, 'do: unknown command: "recrod"; did you mean "record"?'),
        ("{", "is not JSON"),
        ([], "not a command"),
        ({**START, "missiles": 51}, "missiles: 51 cannot be used; expected a whole number from 1 to 50"),
        ({**START, "missiles": True}, "a whole number"),
        ({**START, "speed": 0}, "speed: 0 cannot be used; expected a number above 0"),
        ({**START, "spacing_s": -1}, "spacing_s: -1 cannot be used"),
        ({**START, "architecture": None}, 'missing key: "architecture"'),
        ({**START, "state": "third-site"}, 'state: "third-site" cannot be used; expected {"dossier"'),
        ({**START, "state": {"dossier": 7}}, "state.dossier: 7 cannot be used"),
        ({**START, "state": {**STATE, "set": {"a.b": 1}}}, "state.set.a.b: 1 cannot be used"),
        ({**START, "misiles": 2}, 'unknown key beside do = start: "misiles"; did you mean "missiles"?'),
        ({**START, "incidents": [7]}, "incidents: 7 cannot be used"),
    ],
)
def test_what_cannot_be_asked_is_told(address: str, command: Any, told: str) -> None:
    with client(address) as socket:
        assert told in refusal(socket, command)
        # And the connection is as good as before.
        assert "no run has been started" in refusal(socket, {"do": "state"})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"architecture": "third-sit"}, 'did you mean "third-site"?'),
        ({"threat": "iran-uss"}, 'did you mean "iran-us"?'),
        ({"incidents": ["300 s fail emr@brdi"]}, 'did you mean "emr@brdy"?'),
        ({"state": {**STATE, "dossier": "elsewhere"}}, "dossier: unknown dossier"),
        ({"state": {**STATE, "set": {"radar.emr.mean_powr": "1 kW"}}}, "mean_power"),
    ],
)
def test_what_cannot_be_run_is_told(address: str, changed: Message, told: str) -> None:
    with client(address) as socket:
        socket.send(json.dumps({**START, **changed}))
        assert until_any(socket)["type"] == "accepted"
        assert told in str(until(socket, "error")[-1]["message"])


def test_a_raid_has_an_end(address: str) -> None:
    with client(address) as socket:
        socket.send(json.dumps({**START, "paused": True, "missiles": MOST_MISSILES, "spacing_s": 0}))
        until(socket, "czml")
        assert f"{MOST_MISSILES} missiles" in refusal(socket, {"do": "inject", "incident": "launch iran-us"})


def test_a_run_that_is_forgotten_gives_its_place_back(third_site: Dossier, memory: Memory) -> None:
    app = FastAPI()
    app.include_router(operations_router(lambda _: third_site, memory, 1, idle_s=0.2))
    with listening(app) as address, client(address) as socket:
        socket.send(json.dumps({**START, "paused": True}))
        while (message := json.loads(socket.recv(timeout=SOON)))["type"] != "error":
            assert message["type"] in ("accepted", "preparing", "header", "czml", "state")
        assert message["message"] == "nobody said anything to the run for 0.00333 min: it was stopped"
        # Soon there is a place for another.
        with client(address) as other:
            end = time.monotonic() + SOON
            while message["type"] != "accepted":
                assert time.monotonic() < end
                other.send(json.dumps(START))
                message = json.loads(other.recv(timeout=SOON))


def test_a_recorded_run_is_played(address: str, ran: Shield) -> None:
    text = record_so_far(ran, command="midcourse run third-site", orders=(Order("iran-us", 2, 0.0, 30.0),))
    status, answer = posted(address, text)
    assert status == 200
    assert answer["czml"] == json.loads(json.dumps(list(packets(recorded(ran), ran))))
    assert answer["span"][1] > 1900.0
    kinds = [each["kind"] for each in answer["events"]]
    assert kinds.count("launch") == 2
    assert {"sight", "commit", "interceptor", "intercept"} <= set(kinds)
    assert any("Fylingdales sees is not shared" in each["text"] for each in answer["rows"])


def changed(number: int, change: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    """What changes one line of a record."""
    return lambda lines: [change(each) if i == number else each for i, each in enumerate(lines, start=1)]


@pytest.mark.parametrize(
    ("spoil", "message", "line"),
    [
        (lambda lines: lines[1:], 'not the record of a run; expected a first line with "record"', 1),
        (lambda lines: lines[:-1], "the record breaks off", None),
        (changed(6, lambda text: text.replace('"kind": "', '"kind": "x')), "unknown kind of event", 6),
        (changed(6, lambda text: text[:-3]), "not JSON", 6),
        (changed(10, lambda text: text.replace(".", ".1", 1)), "goes otherwise from event 8", 10),
        (
            changed(1, lambda text: text.replace('"hash": "', '"hash": "x')),
            "the run was made with other figures than these; expected dossier and --set as in: midcourse run",
            1,
        ),
    ],
)
def test_a_spoilt_record_is_told_by_its_line(
    address: str, ran: Shield, spoil: Callable[[list[str]], list[str]], message: str, line: int | None
) -> None:
    text = record_so_far(ran, command="midcourse run third-site", orders=(Order("iran-us", 2, 0.0, 30.0),))
    lines = spoil(text.splitlines())
    status, answer = posted(address, "\n".join(lines))
    error = answer["error"]
    assert status == 422
    assert message in error["message"]
    assert (error["file"], error["line"]) == ("record", line or len(lines))


def test_a_party_s_figures_stand_in_the_command(address: str, third_site: Dossier) -> None:
    """A record of a run by a viewpoint's figures can be played: the command that it names imposes them."""
    viewpoint = "czech-study"
    with client(address) as socket:
        state = {"dossier": "third-site", "viewpoint": viewpoint, "set": {"doctrine.nominal.salvo": "2"}}
        socket.send(json.dumps({**START, "state": state, "missiles": 1}))
        header = next(each for each in until(socket, "summary") if each["type"] == "header")
        record = ask(socket, "record", do="record")
    assert "doctrine.nominal.salvo=2" in header["command"]
    for path in third_site.viewpoint[viewpoint].set:
        assert path in header["command"]
    status, answer = posted(address, record["text"])
    assert status == 200, answer


def test_an_ask_has_defaults() -> None:
    read = read_ask({"do": "start", "state": STATE, "architecture": "third-site", "threat": None})
    assert (read.threat, read.missiles, read.spacing_s, read.speed, read.seed) == (None, 5, 0.0, 20.0, 0)
