"""Who is let in, what a page may do, and what is too much."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from midcourse.server.guard import COOKIE, Guard, Limits, is_loopback

TOKEN = "abcdefghij0123456789"


async def _length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def _client(token: str | None = None, host: str = "http://localhost", **limits: Any) -> TestClient:
    inner = Starlette(
        routes=[Route("/", _length, methods=["GET", "POST"]), WebSocketRoute("/socket", _greet)]
    )
    return TestClient(Guard(inner, Limits(**limits), token), base_url=host)


def test_a_page_may_do_nothing_beyond_this_server() -> None:
    policy = _client().get("/").headers["content-security-policy"]
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert allowed.pop("default-src") == "'none'"
    words = {word for value in allowed.values() for word in value.split()}
    # Neither scripts in the markup, nor what is made of text, nor any host.
    assert words == {"'self'", "'none'", "data:", "blob:"}


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("example.org", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.5:8765", "localhost.evil.example"])
def test_a_name_that_only_leads_here_is_turned_away(host: str) -> None:
    answer = _client().get("/", headers={"host": host})
    assert answer.status_code == 403
    assert "localhost" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:9", "null", "http://[", "file://"]
)
def test_anothers_page_is_turned_away(origin: str) -> None:
    client = _client()
    assert client.post("/", headers={"origin": origin}).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/socket", headers={"origin": origin}):
        pass
    assert client.post("/", headers={"origin": "http://localhost"}).status_code == 200


def test_the_token_comes_by_address_once_and_then_by_cookie() -> None:
    client = _client(TOKEN, "http://shield.example")
    assert client.get("/").status_code == 401
    assert client.get("/?token=wrong").status_code == 401
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/socket"):
        pass
    first = client.get(f"/?token={TOKEN}")
    assert first.status_code == 200
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=Strict" in first.headers["set-cookie"]
    assert client.cookies[COOKIE] == TOKEN
    assert client.get("/").status_code == 200
    with client.websocket_connect("ws://shield.example/socket") as socket:
        assert socket.receive_text() == "hello"
    fresh = _client(TOKEN, "http://shield.example")
    assert fresh.get("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert fresh.get("/", headers={"cookie": "="}).status_code == 401


@pytest.mark.parametrize("told", [True, False])
def test_a_long_body_is_too_large_whether_or_not_it_says_so(told: bool) -> None:
    client = _client(body=100)

    def parts() -> Any:
        yield from [b"x" * 60, b"x" * 60]

    answer = client.post("/", content=b"x" * 101 if told else parts())
    assert answer.status_code == 413
    assert "at most" in answer.json()["error"]["message"]
    assert client.post("/", content=b"x" * 100).text == "100"


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    sent: list[Any] = []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"host", b"localhost")], "query_string": b""}
    guard = Guard(Starlette(), Limits(seconds=0.05))
    asyncio.run(guard(scope, never, send))
    assert sent[0]["status"] == 408


@pytest.mark.parametrize(("path", "status"), [("/api/cases/slow", 503), ("/api/downloads/report", 200)])
def test_work_that_takes_too_long_is_given_up_and_told(path: str, status: int) -> None:
    """Files may take longer than answers."""
    ended: list[str] = []
    statuses: list[int] = []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.sleep(1.5)
            await PlainTextResponse("done")(scope, receive, send)
        except asyncio.CancelledError:
            ended.append("given up")
            raise

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = [(b"host", b"localhost")]
    scope = {"type": "http", "headers": headers, "query_string": b"", "method": "GET", "path": path}
    asyncio.run(Guard(slow, Limits(seconds=0.05, file_seconds=30.0))(scope, receive, send))
    assert statuses == [status]
    assert ended == (["given up"] if status == 503 else [])


def test_too_many_at_once_are_told_to_come_again() -> None:
    async def run() -> list[int]:
        inside, statuses = asyncio.Event(), list[int]()
        leave = asyncio.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            inside.set()
            await leave.wait()
            await PlainTextResponse("done")(scope, receive, send)

        guard = Guard(slow, Limits(requests=1))
        scope = {"type": "http", "headers": [(b"host", b"localhost")], "query_string": b"", "method": "GET"}

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        first = asyncio.create_task(guard(dict(scope), receive, send))
        await inside.wait()
        await guard(dict(scope), receive, send)
        leave.set()
        await first
        await guard(dict(scope), receive, send)
        return statuses

    assert asyncio.run(run()) == [503, 200, 200]
