"""Somebody who follows a live run over a socket of whatever kind: messages wait here until they are sent, and
commands are carried out one after another.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from ..dossier.errors import InputError
from .live import Live, Message

#: Messages that may wait for one client; who is further behind is let go.
WAITING = 20_000
#: What is said to who is let go.
BEHIND = "too far behind; connect again for the whole record"


class Client:
    """Somebody who listens, in the event loop that this is made in.

    Attributes
    ----------
    behind : set when more messages wait than may
    """

    def __init__(self, most: int = WAITING) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue(most)
        self.behind = asyncio.Event()

    def deliver(self, messages: Sequence[Message]) -> None:
        """Take messages, by whatever thread."""
        self._loop.call_soon_threadsafe(self._put, messages)

    def _put(self, messages: Sequence[Message | None]) -> None:
        try:
            for each in messages:
                self._queue.put_nowait(each)
        except asyncio.QueueFull:
            self.behind.set()

    def end(self) -> None:
        """Nothing comes any more."""
        self._put([None])

    async def send(self, send: Callable[[str], Awaitable[None]], opening: Iterable[Message] = ()) -> None:
        """Send what has been so far, and then everything that comes."""
        for message in opening:
            await send(text_of(message))
        while (message_or_end := await self._queue.get()) is not None:
            await send(text_of(message_or_end))

    async def carry_out(self, live: Live, command: object) -> None:
        """Have a command carried out, and wait until it is answered."""
        answered = asyncio.Event()

        def reply(message: Message) -> None:
            self.deliver([message])
            self._loop.call_soon_threadsafe(answered.set)

        live.command(command, reply)
        await answered.wait()


def text_of(message: Message) -> str:
    return json.dumps(message, allow_nan=False)


def read_message(text: str | bytes) -> Any:
    """What a client says; InputError for what is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        shown = text if isinstance(text, str) else text.decode(errors="replace")
        raise InputError("{value} is not JSON", value=shown, expected='{"do": "pause"}') from None
