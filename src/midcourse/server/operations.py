"""What plays over the page's server: live runs of the shield over a WebSocket, and recorded ones.

Messages are those of ``operation.live``, with packets of CZML beside them; see docs/serve.md.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import shlex
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from ..dossier import Dossier, InputError, nearest_names
from ..dossier.errors import listing
from ..dossier.override import flatten, parse_override
from ..model.flights import OutOfReach
from ..model.memory import Memory
from ..operation.client import BEHIND, Client, read_message, text_of
from ..operation.steering import COMMANDS, FASTEST, read_command, read_number

if TYPE_CHECKING:
    from ..model.defence import Place
    from ..operation import Shield
    from ..operation.live import Live, Message
    from ..output.operation.growing import Growing
    from ..output.operation.telling import Sentences
    from ..study.operating import Plan

State = dict[str, Any]
OpenState = Callable[[State], Dossier]

#: Missiles in a live run, those injected among them, and in a recorded one that is played.
MOST_MISSILES, MOST_RECORDED = 50, 100
_MOST_INCIDENTS = 100
_LONGEST_SPACING = 3600.0  # s
# Longest command [characters].
_LONGEST = 65_536
# How much simulated time, and how much of the clock, passes between two messages of packets at least [s].
_STEP, _OFTEN = 2.0, 0.25
# For a last word to somebody who is let go [s].
_WORD = 0.5
_TRY_AGAIN_LATER = 1013
_OWN = ("start", "stop", "record")
_START = {
    "do": None, "state": None, "architecture": None, "threat": None, "missiles": 5, "spacing_s": 0.0,
    "speed": 20.0, "seed": 0, "incidents": (), "paused": False,
}  # fmt: skip
_EXAMPLE = '{"do": "start", "state": ..., "architecture": "third-site"}'
_LOGGER = logging.getLogger("midcourse.operations")


def operations_router(open_state: OpenState, memory: Memory, most: int = 4) -> APIRouter:
    """The routes of live and recorded runs.

    Parameters
    ----------
    open_state : gives the dossier at which a page's state stands; InputError where there is none
    most : runs at once
    """
    router = APIRouter()
    places = _Places(most)

    @router.websocket("/api/operations")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await _Visit(socket, open_state, memory, places).serve()

    @router.post("/api/operations/recorded")
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


@dataclass(frozen=True)
class Ask:
    """A live run as it is asked for."""

    state: State
    architecture: str
    threat: str | None
    missiles: int
    spacing_s: float
    speed: float
    seed: int
    incidents: tuple[str, ...]
    paused: bool


def read_ask(command: Mapping[str, Any]) -> Ask:
    """What a client asks to be started; InputError for what cannot be."""
    for key in command:
        if key not in _START:
            raise InputError(
                "unknown key beside do = start", value=key, expected=listing(_START),
                nearest=nearest_names(key, _START),
            )  # fmt: skip
    given = {**_START, **{key: value for key, value in command.items() if value is not None}}
    state = _of(given["state"], dict, "state", '{"dossier": "third-site", "viewpoint": null, "set": {}}')
    incidents = _of(given["incidents"], list | tuple, "incidents", '["300 s fail emr@brdy"]')
    if len(incidents) > _MOST_INCIDENTS:
        raise InputError(
            f"{len(incidents)} incidents", where="incidents", expected=f"at most {_MOST_INCIDENTS}"
        )
    threat = given["threat"]
    return Ask(
        state,
        _of(given["architecture"], str, "architecture", '"third-site"'),
        None if threat is None else _of(threat, str, "threat", '"iran-us"'),
        _whole(given["missiles"], "missiles", 1, MOST_MISSILES),
        _spacing(given["spacing_s"]),
        read_number(given["speed"], "speed", FASTEST, "20"),
        _whole(given["seed"], "seed", 0, 2**31 - 1),
        tuple(_of(each, str, "incidents", '"300 s fail emr@brdy"') for each in incidents),
        _of(given["paused"], bool, "paused", "true or false"),
    )


def _of(value: Any, kind: Any, where: str, example: str) -> Any:
    if value is None:
        raise InputError("missing key", value=where, expected=example)
    if not isinstance(value, kind):
        raise InputError("{value} cannot be used", where=where, value=value, expected=example)
    return value


def _whole(value: Any, where: str, least: int, most: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise InputError(
        "{value} cannot be used",
        where=where,
        value=value,
        expected=f"a whole number from {least} to {most:,}",
    )


def _spacing(value: Any) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if good and 0.0 <= value <= _LONGEST_SPACING:
        return float(value)
    raise InputError(
        "{value} cannot be used", where="spacing_s", value=value,
        expected=f"a number from 0 to {_LONGEST_SPACING:,.0f}, such as 30",
    )  # fmt: skip


class _Given(Exception):
    """A run was given up before it began."""


class _Run:
    """A live run, worked by a thread of its own. ``leave`` is called when that is done.

    Attributes
    ----------
    live : once it has begun
    """

    def __init__(
        self, ask: Ask, open_state: OpenState, memory: Memory, client: Client, leave: Callable[[], None]
    ) -> None:
        self._ask, self._open, self._memory = ask, open_state, memory
        self._client, self._leave = client, leave
        self._given_up = False
        self._ended = False
        self._drawn_s = -1.0
        self._command = ""
        self._plan: Plan | None = None
        self._growing: Growing | None = None
        self._sentences: Sentences | None = None
        self._known: set[str] = set()
        self.live: Live | None = None
        threading.Thread(target=self._work, name="operation", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether it is over, or was stopped."""
        return self._ended

    def stop(self) -> None:
        """End it where it is."""
        self._given_up = True
        if self.live is not None:
            self.live.stop()

    def joins(self) -> int:
        """How many missiles there are, those yet to come among them."""
        assert self.live is not None
        shield = self.live.shield
        coming = sum(each.order is not None and each.at_s > shield.now for each in shield.incidents)
        return len(shield.scenario.courses) + coming

    def record(self) -> Message:
        """The record so far."""
        from ..output.operation.recording import record_so_far

        assert self.live is not None
        assert self._plan is not None
        shield = self.live.shield
        text = record_so_far(shield, command=self._command, orders=self._plan.orders)
        name = f"{self._ask.state.get('dossier')}-{self._ask.architecture}.jsonl"
        return {"type": "record", "name": name, "whole": shield.done, "text": text}

    # What the thread does.

    def _work(self) -> None:
        try:
            live = self._made()
            self.live = live
            if self._given_up:
                live.stop()
            for header in live.subscribe(self._deliver):
                self._deliver([header])
                break
            assert self._growing is not None
            self._client.deliver([_drawn(0.0, [_document(live.shield), *self._growing.begin()])])
            live.run()
        except _Given:
            pass
        except (InputError, OutOfReach) as error:
            self._client.deliver([_error(error)])
        except Exception:
            _LOGGER.exception("a live run broke off")
            self._client.deliver([{"type": "error", "message": "the run broke off: a fault of the server's"}])
        finally:
            self._ended = True
            self._leave()

    def _made(self) -> Live:
        from ..analysis.setting import apart
        from ..operation import Shield
        from ..operation.live import Live
        from ..operation.luck import Luck
        from ..options import again
        from ..output.operation.growing import Growing
        from ..study.operating import plan

        ask = self._ask
        dossier, figures = _opened(ask.state, self._open)
        made = plan(
            dossier, ask.architecture, ask.missiles, threat=ask.threat, spacing_s=ask.spacing_s,
            incidents=ask.incidents, seed=ask.seed,
        )  # fmt: skip
        self._command = again(
            "run", str(ask.state.get("dossier")),
            options={
                "--architecture": ask.architecture, "--missiles": str(ask.missiles),
                "--threat": ask.threat or (),
                "--spacing": f"{ask.spacing_s:.15g} s" if ask.spacing_s else (),
                "--incident": ask.incidents, "--seed": str(ask.seed) if ask.seed else (),
            },
            overrides=[f"{path}={value}" for path, value in figures.items()],
        )  # fmt: skip
        self._plan = made
        self._report("making the raid ready")
        scenario = made.scenario(apart(self._memory), report=self._report)
        shield = Shield(scenario, Luck(ask.seed), incidents=made.incidents)
        self._growing = Growing(shield)
        return Live(shield, ask.speed, running=not ask.paused, beside=self._beside)

    def _report(self, stage: str) -> None:
        if self._given_up:
            raise _Given
        self._client.deliver([{"type": "preparing", "stage": stage}])

    def _beside(self, time_s: float, now: bool) -> Sequence[Message]:
        """The packets of what has come to be."""
        assert self._growing is not None
        if not now and time_s - self._drawn_s < max(
            _STEP, _OFTEN * (self.live.pace.speed if self.live else 1.0)
        ):
            return ()
        packets = list(self._growing.upto(time_s))
        self._drawn_s = time_s
        return [_drawn(time_s, packets)] if packets else ()

    def _deliver(self, messages: Sequence[Message]) -> None:
        """Hand messages on, with what a page wants to be told besides."""
        assert self.live is not None
        self._client.deliver([self._told(each, self.live.shield) for each in messages])

    def _told(self, message: Message, shield: Shield) -> Message:
        from ..output.operation.recording import header_of, recorded
        from ..output.operation.telling import Sentences, finding

        kind = message["type"]
        if kind == "event":
            if self._sentences is None or message.get("missile", "M1") not in self._known:
                header = header_of(shield)
                self._sentences, self._known = Sentences(header), {each.name for each in header.raid}
            return {**message, "text": self._sentences.of(message)}
        if kind == "header":
            return {**message, **_about(shield), "command": self._command}
        if kind == "summary" and message["finished"]:
            return {**message, "finding": finding(recorded(shield))}
        return message


def _opened(state: State, open_state: OpenState) -> tuple[Dossier, dict[str, str]]:
    """The dossier at which a state stands, and all that is imposed on it: so the command line gives the same,
    which takes no viewpoint.
    """
    dossier = open_state(state)
    figures = dict(state.get("set") or {})
    viewpoint = state.get("viewpoint")
    if viewpoint is None:
        return dossier, figures
    taken = dict(_written(flatten(dossier.get("viewpoint", viewpoint).set)))
    figures = {**{path: value for path, value in taken.items() if path not in figures}, **figures}
    return open_state({**state, "viewpoint": None, "set": figures}), figures


def _written(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Figures as ``--set`` takes them."""
    for path, value in figures.items():
        if isinstance(value, dict):
            keys = {f"{path}.{key}": each for key, each in value.items() if key != "value"}
            yield from _written({path: value["value"], **keys} if "value" in value else keys)
        else:
            yield path, value if isinstance(value, str) else json.dumps(value)


def _about(shield: Shield) -> Message:
    """What a page wants to know of a run besides what its header tells."""
    scenario = shield.scenario
    dossier, defence = scenario.dossier, scenario.defence
    return {
        "title": defence.title,
        "sensors": [
            {
                **_standing(each.name, each.site), "link": each.link,
                "country": dossier.site[each.site.name].country,
            }
            for each in defence.sensors
        ],
        "batteries": [
            {**_standing(each.name, each.site), "interceptors": each.inventory} for each in defence.batteries
        ],
        "threats": [{"name": name, "title": each.name} for name, each in dossier.threat.items()],
    }  # fmt: skip


def _standing(name: str, site: Place) -> Message:
    return {
        "name": name, "title": site.title, "lat_deg": round(math.degrees(site.lat), 4),
        "lon_deg": round((math.degrees(site.lon) + 180.0) % 360.0 - 180.0, 4),
    }  # fmt: skip


def _document(shield: Shield) -> dict[str, Any]:
    """The first packet of all."""
    from ..output import czml

    scenario = shield.scenario
    end = max(each.at_s + each.impact_s for each in scenario.courses)
    return czml.document(
        f"{scenario.defence.title}, live", f"The raid begins at {czml.instant(0.0)}.", (0.0, end), 20.0
    )


def _drawn(time_s: float, packets: Sequence[dict[str, Any]]) -> Message:
    return {"type": "czml", "time_s": round(time_s, 3), "packets": packets}


def _error(error: Exception) -> Message:
    where = error.where if isinstance(error, InputError) else None
    return {"type": "error", "message": str(error), "where": where, "path": None}


class _Visit:
    """A client on a socket, from when it comes to when it goes."""

    def __init__(self, socket: WebSocket, open_state: OpenState, memory: Memory, places: _Places) -> None:
        self._socket, self._client = socket, Client()
        self._open, self._memory, self._places = open_state, memory, places
        self._run: _Run | None = None

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
            message = await self._socket.receive()
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
                self._client.deliver([_error(error)])

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
            self._run = _Run(ask, self._open, self._memory, self._client, self._places.leave)
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
