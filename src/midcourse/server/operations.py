"""What plays over the page's server: live runs of the shield over a WebSocket, and recorded ones.

Messages are those of ``operation.live``, with packets of CZML beside them; see docs/serve.md.
"""

from __future__ import annotations

import asyncio
import shlex
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from ..dossier import InputError, nearest_names
from ..dossier.errors import listing
from ..dossier.override import parse_override
from ..model.flights import OutOfReach
from ..model.memory import Memory
from ..operation.client import BEHIND, Client, read_message, text_of
from ..operation.steering import COMMANDS, read_command
from .live_asking import MOST_MISSILES, OpenState, read_ask
from .live_run import LiveRun, error_message

#: Missiles in a recorded run that is played.
MOST_RECORDED = 100
# Longest command [characters].
_LONGEST = 65_536
# What recorded runs come as, for the description of the service.
_RECORD = {
    "requestBody": {
        "required": True,
        "description": "The text of a record, as `midcourse run --out` writes it",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}
# For a last word to somebody who is let go [s].
_WORD = 0.5
_TRY_AGAIN_LATER = 1013
_OWN = ("start", "stop", "record")
_EXAMPLE = '{"do": "start", "state": ..., "architecture": "third-site"}'


def operations_router(
    open_state: OpenState, memory: Memory, most: int = 4, idle_s: float = 3600.0
) -> APIRouter:
    """The routes of live and recorded runs.

    Parameters
    ----------
    open_state : gives the dossier at which a page's state stands; InputError where there is none
    most : runs at once
    idle_s : after which a run to which nobody has said anything is stopped
    """
    router = APIRouter()
    places = _Places(most)

    @router.websocket("/api/operations")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await _Visit(socket, open_state, memory, places, idle_s).serve()

    @router.post("/api/operations/recorded", openapi_extra=_RECORD)
    async def recorded(request: Request, dossier: str | None = None) -> Response:
        body = await request.body()
        try:
            return JSONResponse(await run_in_threadpool(_played, body, dossier, open_state, memory, places))
        except (InputError, OutOfReach) as error:
            return JSONResponse(_refused(error), status_code=422)

    return router


class _Places:
    """Places for runs, of which so many go at once."""

    def __init__(self, most: int) -> None:
        self._most, self._free, self._lock = most, most, threading.Lock()

    def take(self) -> None:
        """Take a place; InputError where none is free."""
        with self._lock:
            if self._free == 0:
                raise InputError(
                    f"{self._most} runs are going on, and no more can at once",
                    expected="patience: try again when one of them has ended",
                )
            self._free -= 1

    def leave(self) -> None:
        with self._lock:
            self._free += 1

    @contextmanager
    def taken(self) -> Iterator[None]:
        self.take()
        try:
            yield
        finally:
            self.leave()


# Recorded runs.


def _played(
    body: bytes, key: str | None, open_state: OpenState, memory: Memory, places: _Places
) -> dict[str, Any]:
    """A recorded run as a scene: made again, and held against what the record tells."""
    from ..analysis.setting import apart
    from ..operation import Shield
    from ..operation.luck import Luck
    from ..output.globe.scene import plain
    from ..output.operation.recording import record_of
    from ..output.operation.run_scene import run_scene
    from ..study.operating import recorded_plan

    where = "record"
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", where=where, expected="the record of a run, .jsonl") from None
    run = record_of(text, where)
    if len(run.header.raid) > MOST_RECORDED:
        raise InputError(
            f"a raid of {len(run.header.raid)} missiles", where=f"{where}:1",
            expected=f"at most {MOST_RECORDED} to be played",
        )  # fmt: skip
    with places.taken():
        figures = dict(_figures_of(run.header.command))
        dossier = open_state({"dossier": key or run.header.dossier, "viewpoint": None, "set": figures})
        plan = recorded_plan(dossier, run.header, f"{where}:1")
        shield = Shield(plan.scenario(apart(memory)), Luck(plan.seed, plan.run), incidents=plan.incidents)
        shield.advance()
    first = next(
        (
            k
            for k, both in enumerate(zip(shield.record.events, run.events, strict=False))
            if both[0] != both[1]
        ),
        min(len(shield.record.events), len(run.events)),
    )
    if first < max(len(shield.record.events), len(run.events)):
        raise InputError(
            f"the run goes otherwise from event {first} on", where=f"{where}:{first + 2}",
            expected=f"a record by this version, not by {run.header.version}",
        )  # fmt: skip
    return plain(run_scene(run, shield))


def _figures_of(command: str | None) -> Iterator[tuple[str, str]]:
    """What the command of a record imposed."""
    words = shlex.split(command or "")
    for option, value in pairwise(words):
        if option == "--set":
            yield parse_override(value)


def _refused(error: Exception) -> dict[str, Any]:
    """An error as the server tells it."""
    where = error.where if isinstance(error, InputError) else None
    file, _, rest = (where or "").partition(":")
    line = rest.partition(":")[0]
    placed = line.isdigit()
    return {
        "error": {
            "message": str(error), "where": where, "path": None, "file": file if placed else None,
            "line": int(line) if placed else None,
        }
    }  # fmt: skip


# Live runs.


class _Visit:
    """A client on a socket, from when it comes to when it goes."""

    def __init__(
        self, socket: WebSocket, open_state: OpenState, memory: Memory, places: _Places, idle_s: float
    ) -> None:
        self._socket, self._client = socket, Client()
        self._open, self._memory, self._places, self._idle_s = open_state, memory, places, idle_s
        self._run: LiveRun | None = None

    async def serve(self) -> None:
        tasks = [
            asyncio.ensure_future(each)
            for each in (self._client.send(self._socket.send_text), self._hear(), self._client.behind.wait())
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if self._run is not None:
                self._run.stop()
            for task in tasks:
                task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect):
                raise result
        if self._client.behind.is_set():
            await self._let_go()

    async def _let_go(self) -> None:
        """Tell a client that it is too slow, as far as it still hears, and close."""
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            last = text_of({"type": "dropped", "message": BEHIND})
            await asyncio.wait_for(self._socket.send_text(last), _WORD)
            await self._socket.close(_TRY_AGAIN_LATER, BEHIND)

    async def _hear(self) -> None:
        """Take commands one after another, the next when one is answered."""
        while True:
            try:
                message = await asyncio.wait_for(self._socket.receive(), self._idle_s)
            except TimeoutError:
                self._forgotten()
                continue
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text") or message.get("bytes") or ""
            try:
                if len(text) > _LONGEST:
                    raise InputError(
                        f"a command of {len(text):,} characters", expected=f"at most {_LONGEST:,}"
                    )
                await self._carry_out(read_message(text))
            except InputError as error:
                self._client.deliver([error_message(error)])

    def _forgotten(self) -> None:
        """Stop a run that keeps its place while nobody looks: it may stand still for ever."""
        if self._run is not None and not self._run.ended:
            self._run.stop()
            text = f"nobody said anything to the run for {self._idle_s / 60.0:.3g} min: it was stopped"
            self._client.deliver([{"type": "error", "message": text, "where": None, "path": None}])

    async def _carry_out(self, command: Any) -> None:
        do = command.get("do") if isinstance(command, dict) else None
        known = (*_OWN, *COMMANDS)
        if not isinstance(do, str):
            # No command at all, and told so.
            read_command(command)
        elif do not in known:
            raise InputError(
                "unknown command", value=do, where="do", expected=listing(known),
                nearest=nearest_names(do, known),
            )  # fmt: skip
        run = self._run
        if do == "start":
            if run is not None and not run.ended:
                raise InputError("a run is going on", where="do", expected='{"do": "stop"} before another')
            ask = read_ask(command)
            self._places.take()
            self._client.deliver([{"type": "accepted", "do": do}])
            self._run = LiveRun(ask, self._open, self._memory, self._client, self._places.leave)
            return
        if run is None:
            raise InputError("no run has been started", where="do", expected=_EXAMPLE)
        if do == "stop":
            run.stop()
            self._client.deliver([{"type": "accepted", "do": do}])
            return
        if run.live is None:
            raise InputError("the run is still being made ready", where="do", expected="a moment of patience")
        if do == "record":
            self._client.deliver([await run_in_threadpool(run.record)])
            return
        if do == "inject" and "launch" in str(command.get("incident")) and run.joins() >= MOST_MISSILES:
            raise InputError(f"there are {MOST_MISSILES} missiles, and no more can join", where="incident")
        await self._client.carry_out(run.live, command)
