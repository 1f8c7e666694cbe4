"""The service: what it answers over HTTP and its socket, and how it says no."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from midcourse.dossier import Dossier, load
from midcourse.dossier.loading import HOME
from midcourse.server.app import create_app
from midcourse.server.downloads import CHANGES
from midcourse.server.guard import Limits
from midcourse.server.talking import MOST_TOPICS

DELAY = "doctrine.my-doctrine.decision_delay"
SCENE = {
    "kind": "flight", "architecture": "my-shield", "threat": "my-threat", "launch": "north-west",
    "target": "Berlin",
}  # fmt: skip
FILES = {path.name: path.read_text(encoding="utf-8") for path in (HOME / "starter").glob("*.toml")}


@pytest.fixture(scope="module")
def client(small: Dossier) -> Iterator[TestClient]:
    app = create_app("my-dossier", small, page=None, workers=2, limits=Limits(body=300_000))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as found:
        yield found


def _state(viewpoint: str | None = None, **figures: str) -> dict[str, Any]:
    return {"dossier": "my-dossier", "viewpoint": viewpoint, "set": figures}


def _error(answer: Any, status: int = 422) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()["error"]
    assert set(found) == {"message", "where", "path", "file", "line"}
    assert "\n" not in found["message"]
    return found


@pytest.mark.parametrize("first_run", [True, False])
def test_a_first_run_is_told_until_the_dossier_has_been_assessed(small: Dossier, first_run: bool) -> None:
    app = create_app("my-dossier", small, page=None, workers=2, first_run=first_run)
    with TestClient(app, base_url="http://localhost") as client:
        told = []
        while not client.get("/api/cases/my-dossier/baseline").json()["ready"]:
            told.append(client.get("/api/health").json()["first_run"])
        told.append(client.get("/api/health").json()["first_run"])
        assert told == sorted(told, reverse=True)
        assert told[0] is first_run or len(told) == 1
        assert told[-1] is False


def test_a_dossier_in_words(client: TestClient) -> None:
    case = client.get("/api/cases/my-dossier").json()
    assert [each["id"] for each in case["claims"]] == [
        "it-defends", "it-does-not-defend", "it-is-fast", "radar-is-needed",
    ]  # fmt: skip
    levers = {each["path"]: each for each in case["levers"]}
    assert levers[DELAY]["value"] == 60
    assert (levers[DELAY]["low"], levers[DELAY]["high"], levers[DELAY]["unit"]) == (30, 120, "s")
    assert levers["architecture.my-shield.battery.1.inventory"]["value"] == 10
    # What the range of the payload leaves of the speed; its nominal value lies inside.
    speed = levers["interceptor.gbi-2-stage.burnout_speed"]
    assert speed["low"] < speed["value"] < speed["high"]
    assert case["claims"][0]["scene"]["threat"] == "my-threat"
    assert {"redzikowo", "my-hill"} == set(case["sites"])


def test_every_lever_is_one_that_can_be_set(client: TestClient) -> None:
    case = client.get("/api/cases/my-dossier").json()
    for lever in case["levers"]:
        ends = (
            [lever["value"], lever["low"], lever["high"]] if lever["kind"] == "number" else [lever["value"]]
        )
        for end in ends:
            if end is not None:
                state = _state(**{lever["path"]: f"{end} {lever['unit']}".strip()})
                answer = client.post("/api/downloads/dossier", json={"state": state})
                assert answer.status_code == 200, (lever, answer.text)


def test_the_board_at_nominal_figures(client: TestClient) -> None:
    board = client.post("/api/board", json={"state": _state(**{DELAY: "100 s"})}).json()
    told = {each["id"] for each in board["verdicts"]}
    assert told | set(board["unaffected"]) == {
        each["id"] for each in client.get("/api/cases/my-dossier").json()["claims"]
    }
    assert "it-is-fast" in board["unaffected"]


def test_bad_input_is_told_as_the_command_line_tells_it(client: TestClient) -> None:
    wrong = _error(
        client.post("/api/board", json={"state": _state(**{"doctrine.my-doctrine.decision_dela": "1 s"})})
    )
    assert f'did you mean "{DELAY}"' in wrong["message"]
    assert wrong["path"] == "doctrine.my-doctrine.decision_dela"
    assert 'did you mean "my-dossier"' in _error(client.get("/api/cases/my-dosier"))["message"]
    assert _error(client.post("/api/board", content=b"{"))["message"]
    assert _error(client.post("/api/board", json={"state": _state(), "more": 1}))["where"] == "more"
    assert (
        'did you mean "Berlin"'
        in _error(
            client.post("/api/scenes", json={"state": _state(), "scene": {**SCENE, "target": "Berlinn"}})
        )["message"]
    )
    _error(client.get("/api/nothing"), 404)
    _error(client.get("/api/board"), 405)
    _error(client.post("/api/dossiers", content=b"x" * 400_000), 413)


def test_an_upload_is_checked_like_files(client: TestClient) -> None:
    text = FILES["claims.toml"].replace('quantity = "burnout_speed"', 'quantity = "burnout_sped"')
    wrong = _error(client.post("/api/dossiers", json={"files": {**FILES, "claims.toml": text}}))
    assert wrong["file"] == "claims.toml"
    assert text.splitlines()[wrong["line"] - 1].startswith("quantity = ")
    assert 'did you mean "burnout_speed"' in wrong["message"]
    key = client.post("/api/dossiers", json={"files": FILES}).json()["key"]
    assert client.get(f"/api/cases/{key}").json()["title"].startswith("One interceptor site")
    assert key in {each["key"] for each in client.get("/api/dossiers").json() if each["uploaded"]}
    assert "no files" in _error(client.post("/api/dossiers", json={"files": {}}))["message"]
    _error(client.post("/api/dossiers", json={"files": {"../dossier.toml": FILES["dossier.toml"]}}))


@pytest.mark.parametrize(
    "figures",
    [
        {},
        {DELAY: "100 s"},
        {"site.redzikowo.lat": "50 deg", "interceptor.gbi-2-stage.payload": "300 kg"},
        {"architecture.my-shield.battery.1.inventory": "3", "missile.notional-irbm.rcs.X": "0.02 m^2"},
    ],
)
def test_a_dossier_taken_away_says_what_was_shown(
    client: TestClient, small: Dossier, tmp_path: Path, figures: dict[str, str]
) -> None:
    answer = client.post("/api/downloads/dossier", json={"state": _state(**figures)})
    assert answer.headers["content-disposition"].startswith('attachment; filename="my-dossier')
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    again = load(tmp_path)
    assert again.hash == small.with_overrides(figures).hash
    assert (tmp_path / CHANGES).exists() is any(
        path.split(".")[0] in ("site", "interceptor", "missile") for path in figures
    )


def test_a_scene_and_a_map_taken_away(client: TestClient) -> None:
    state = _state(**{DELAY: "45 s"})
    scene = client.post("/api/downloads/czml", json={"state": state, "scene": SCENE})
    assert json.loads(scene.text)[0]["id"] == "document"
    layer = {"quantity": "seen", "architecture": "my-shield", "steps": [4]}
    drawn = client.post("/api/downloads/geojson", json={"state": state, "layer": layer})
    assert json.loads(drawn.text)["type"] == "FeatureCollection"
    assert "no layer" in _error(client.post("/api/downloads/geojson", json={"state": state}))["message"]


class _Page:
    """A page's end of the socket."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    def ask(self, topic: str, number: int, kind: str, **body: Any) -> None:
        self._socket.send_text(json.dumps({"topic": topic, "id": number, "ask": kind, **body}))

    def hear(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._socket.receive_text())
        return found

    def until(self, kind: str, number: int) -> list[dict[str, Any]]:
        """All that is heard until a message of a kind comes for a number."""
        found = [self.hear()]
        while (found[-1]["type"], found[-1]["id"]) != (kind, number):
            found.append(self.hear())
        return found


@pytest.fixture
def page(client: TestClient) -> Iterator[_Page]:
    with client.websocket_connect("ws://localhost/api/socket") as socket:
        yield _Page(socket)


def test_the_last_ask_wins(page: _Page) -> None:
    """Of twenty positions of a lever, the last is answered whole, and after it nothing of any other."""
    for number in range(20):
        page.ask("board", number, "board", state=_state(**{DELAY: f"{40 + number} s"}), first=["it-defends"])
    heard = page.until("done", 19)
    numbers = [each["id"] for each in heard]
    assert numbers == sorted(numbers)
    assert not [each for each in heard if each["type"] == "done" and each["id"] != 19]
    finals = [each for each in heard if each["type"] == "verdicts" and each["final"]]
    assert [each["id"] for each in finals] == [19]
    assert all(each["samples"] == 64 for each in finals[0]["verdicts"])


def test_topics_do_not_hinder_one_another(page: _Page) -> None:
    page.ask("board", 1, "board", state=_state(**{DELAY: "77 s"}))
    page.ask("scene:left", 2, "scene", state=_state(), scene=SCENE)
    page.ask(
        "layer:left",
        3,
        "layer",
        state=_state(),
        layer={"quantity": "seen", "architecture": "my-shield", "steps": [6, 3]},
    )
    open_, heard = {1, 2, 3}, []
    while open_:
        heard.append(page.hear())
        if heard[-1]["type"] == "done":
            open_.discard(heard[-1]["id"])
    layers = [each for each in heard if each["type"] == "layer"]
    assert [(each["layer"]["step"], each["final"]) for each in layers] == [(6.0, False), (3.0, True)]
    assert any(each["type"] == "scene" and each["scene"]["events"] for each in heard)


def test_all_about_a_claim(page: _Page) -> None:
    page.ask("claim", 5, "claim", state=_state(**{DELAY: "45 s"}), claim="it-defends")
    told = next(each for each in page.until("done", 5) if each["type"] == "told")["told"]
    assert told["id"] == "it-defends"
    assert told["standpoints"]
    page.ask("claim", 6, "claim", state=_state(), claim="it-defend")
    error = next(each for each in page.until("done", 6) if each["type"] == "error")
    assert 'did you mean "it-defends"' in error["message"]


def test_the_dossiers_own_assessment_comes_to_the_board(page: _Page) -> None:
    page.ask("board", 8, "board", state=_state())
    heard = page.until("done", 8)
    baseline = next(each for each in heard if each["type"] == "baseline")["baseline"]
    last = [each for each in heard if each["type"] == "verdicts"][-1]
    assert last["final"]
    assert [each["verdict"] for each in last["verdicts"]] == [each["verdict"] for each in baseline["told"]]


def test_what_is_no_ask_is_told_and_the_socket_goes_on(page: _Page) -> None:
    page._socket.send_text("{")
    assert page.hear()["type"] == "error"
    page._socket.send_text("x" * 200_000)
    assert "at most" in page.hear()["message"]
    page.ask("board", 3, "boards", state=_state())
    assert page.hear()["id"] == 3
    page.ask("board", 4, "board", state=_state(**{DELAY: "90 kg"}))
    heard = page.until("done", 4)
    assert heard[0]["type"] == "error"
    assert heard[0]["path"] == DELAY
    for i in range(MOST_TOPICS):
        page.ask(f"topic {i}", i, "cancel")
    page.ask("one more", 99, "cancel")
    assert "at most" in page.until("error", 99)[-1]["message"]
