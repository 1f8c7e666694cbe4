"""Who is let in, and how much of it: hosts and origins, a token, sizes, numbers, and what pages may do.

References
----------
.. [1] W3C, "Content Security Policy Level 3".
.. [2] C. Jackson et al., "Protecting browsers from DNS rebinding attacks", ACM CCS (2007): why the name that
   a loopback server is called by is looked at.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: What a page of ours may do [1]_: nothing beyond this server. Cesium's workers are files of ours, too.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self' blob:; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
COOKIE = "midcourse_token"
#: Where files are made that take longer than answers.
FILES = "/api/downloads/"
# What works gives up by itself first, and then tells why.
_AFTER = 1.0
SHORTEST_TOKEN = 16


@dataclass(frozen=True)
class Limits:
    """What one request, and all together, may ask for.

    Attributes
    ----------
    body : bytes of a request
    seconds : that a request may take, and one for a file, such as the report
    requests, sockets : at once
    """

    body: int = 2_000_000
    seconds: float = 60.0
    file_seconds: float = 300.0
    requests: int = 64
    sockets: int = 256


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Lets requests through to an application, or not.

    Parameters
    ----------
    token : asked of everybody; None where the server is reached from this machine alone
    """

    def __init__(self, app: App, limits: Limits, token: str | None = None) -> None:
        self._app, self._limits, self._token = app, limits, token
        self._requests = self._sockets = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False
        cookies: list[tuple[bytes, bytes]] = []

        async def dressed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", []), *HEADERS, *cookies]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None and self._token is not None:
            given = self._given(scope)
            if given is None:
                refusal = 401, "this server asks for its token: open the address that it printed"
            elif given == "query":
                words = f"{COOKIE}={self._token}; Path=/; HttpOnly; SameSite=Strict"
                cookies.append((b"set-cookie", words.encode()))
        length = _header(scope, b"content-length")
        if refusal is None and length is not None and not (length.isdecimal() and len(length) < 20):
            refusal = 400, "content-length is no number"
        if refusal is None and length is not None and int(length) > self._limits.body:
            refusal = 413, _too_large(self._limits.body)
        if refusal is None and self._requests >= self._limits.requests:
            refusal = 503, f"{self._requests} requests are being answered; try again in a moment"
        if refusal is not None:
            await _refuse(dressed, *refusal)
            return
        self._requests += 1
        try:
            body = await asyncio.wait_for(_body(receive, self._limits.body), self._limits.seconds)
        except TimeoutError:
            await _refuse(dressed, 408, "the request did not come in time")
            return
        else:
            if body is None:
                await _refuse(dressed, 413, _too_large(self._limits.body))
                return
            files = str(scope.get("path", "")).startswith(FILES)
            seconds = self._limits.file_seconds if files else self._limits.seconds
            try:
                await asyncio.wait_for(self._app(scope, _replayed(body, receive), dressed), seconds + _AFTER)
            except TimeoutError:
                # Of an answer that has begun nothing can be taken back: it ends, short of what it promised.
                if not begun:
                    await _refuse(dressed, 503, f"not done within {seconds:g} s; try again")
        finally:
            self._requests -= 1

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is None and self._token is not None and self._given(scope) is None:
            refusal = 401, "token"
        if refusal is not None or self._sockets >= self._limits.sockets:
            await receive()
            # Before it is accepted, to close a socket is to refuse it.
            await send({"type": "websocket.close", "code": 1008 if refusal else 1013})
            return
        self._sockets += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._sockets -= 1

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Why somebody is turned away who calls us by a wrong name, or comes from another's page [2]_."""
        host = _header(scope, b"host") or ""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            name = ""
        if self._token is None and not is_loopback(name):
            return 403, "this server answers to localhost alone"
        origin = _header(scope, b"origin")
        if origin is not None:
            try:
                theirs = urlsplit(origin).netloc
            except ValueError:
                theirs = ""
            if theirs.lower() != host.lower():
                return 403, "only pages of this server are let in"
        return None

    def _given(self, scope: Scope) -> str | None:
        """Where the right token was given: a header, a cookie, or the address; None if nowhere."""
        assert self._token is not None
        told = _header(scope, b"authorization") or ""
        if _same(told.removeprefix("Bearer "), self._token):
            return "header"
        try:
            jar = SimpleCookie(_header(scope, b"cookie") or "")
        except CookieError:
            jar = SimpleCookie()
        if COOKIE in jar and _same(jar[COOKIE].value, self._token):
            return "cookie"
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        return "query" if any(_same(each, self._token) for each in query.get("token", ())) else None


async def _body(receive: Receive, most: int) -> bytes | None:
    """The body of a request; None where it is longer."""
    parts: list[bytes] = []
    taken, more = 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        taken += len(part)
        if taken > most:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body at once, and then whatever comes."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _header(scope: Scope, name: bytes) -> str | None:
    found = next((value for key, value in scope["headers"] if key.lower() == name), None)
    return None if found is None else found.decode("latin-1")


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _too_large(most: int) -> str:
    return f"too large; expected at most {most / 1e6:g} MB"


async def _refuse(send: Send, status: int, message: str) -> None:
    body = json.dumps(error_body(message)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 503:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def error_body(
    message: str, where: str | None = None, path: str | None = None, file: str | None = None,
    line: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What every error is told as."""
    return {"error": {"message": message, "where": where, "path": path, "file": file, "line": line}}
