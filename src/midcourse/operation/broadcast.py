"""A live run over a WebSocket of this machine: what happens goes out, commands come in.

Only the loopback interface is listened to, and only pages of this machine are let in. The sockets have a
thread of their own; the run never waits for one.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from ..dossier.errors import InputError
from .client import BEHIND, WAITING, Client, read_message, text_of
from .live import Live

HOST = "127.0.0.1"
# Longest command [bytes].
_LONGEST = 4096
# For opening a connection, for a last word to somebody who is let go, for closing, and for the end [s].
_OPENING, _WORD, _CLOSING, _END = 2.0, 0.5, 1.0, 3.0

# Strangers who knock wrongly are no news for the user's screen.
_LOGGER = logging.getLogger("midcourse.live")
_LOGGER.addFilter(lambda record: "handshake" not in record.getMessage())


def listening(port: int) -> socket.socket:
    """A socket that listens on a port of the loopback interface, any free one if 0; InputError if it is
    taken.
    """
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"port {{value}} of {HOST} cannot be listened to: {why.lower()}", where="--listen", value=port,
            expected="a free port, such as 8765, or 0 for any",
        ) from None  # fmt: skip


def is_local(origin: str) -> bool:
    """Whether a page comes from this machine."""
    try:
        parts = urlsplit(origin)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Broadcast:
    """A live run on a port.

    Attributes
    ----------
    url : where to connect
    """

    def __init__(self, live: Live, port: int, *, waiting: int = WAITING) -> None:
        self._live, self._most = live, waiting
        self._socket = listening(port)
        self.url = f"ws://{HOST}:{self._socket.getsockname()[1]}"
        self._clients: dict[Client, asyncio.Task[Any]] = {}
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="broadcast", daemon=True)
        self._thread.start()
        self._ready.wait()

    def __enter__(self) -> Broadcast:
        return self

    def __exit__(self, *_: object) -> None:
        """Let clients have what still waits for them, and close."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await serve(
            self._meet, sock=self._socket, process_request=_let_in, max_size=_LONGEST, compression=None,
            open_timeout=_OPENING, close_timeout=_CLOSING, logger=_LOGGER, server_header=None,
        )  # fmt: skip
        self._ready.set()
        await self._over.wait()
        for client in self._clients:
            client.end()
        if self._clients:
            await asyncio.wait(self._clients.values(), timeout=_END)
        server.close()
        await server.wait_closed()

    async def _meet(self, connection: ServerConnection) -> None:
        """Serve one client."""
        client, this = Client(self._most), asyncio.current_task()
        assert this is not None
        self._clients[client] = this
        opening = self._live.subscribe(client.deliver)
        if self._over.is_set():
            client.end()
        tasks = [
            asyncio.ensure_future(each)
            for each in (
                client.send(connection.send, opening),
                self._hear(connection, client),
                client.behind.wait(),
            )
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._live.unsubscribe(client.deliver)
            for task in tasks:
                task.cancel()
            del self._clients[client]
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception) and not isinstance(result, ConnectionClosed):
                raise result
        if client.behind.is_set():
            await _let_go(connection)

    async def _hear(self, connection: ServerConnection, client: Client) -> None:
        """Take commands one after another, the next when one is answered."""
        async for text in connection:
            try:
                command = read_message(text)
            except InputError as error:
                client.deliver([{"type": "error", "message": str(error)}])
                continue
            await client.carry_out(self._live, command)


async def _let_go(connection: ServerConnection) -> None:
    """Tell a client that it is too slow, as far as it still hears, and close."""
    with suppress(TimeoutError, ConnectionClosed):
        await asyncio.wait_for(connection.send(text_of({"type": "dropped", "message": BEHIND})), _WORD)
    await connection.close(CloseCode.TRY_AGAIN_LATER, BEHIND)


def _let_in(connection: ServerConnection, request: Request) -> Response | None:
    """Turn away pages that are not of this machine."""
    if all(is_local(each) for each in request.headers.get_all("Origin")):
        return None
    return connection.respond(HTTPStatus.FORBIDDEN, "only pages of this machine are let in\n")
