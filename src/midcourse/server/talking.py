"""One page's socket: what it asks by topic, and what it is told.

A later ask on a topic takes the place of the earlier one, whose work is dropped and whose answers are not
sent any more.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..analysis.assessment import Assessment
from ..dossier import InputError
from ..model import OutOfReach
from ..output.globe.layer import Layer
from ..study.running import Progress
from .desk import Desk, Dropped, Order, Stage, Urgency
from .figures import Name, State
from .guard import error_body
from .layer import LayerAsk
from .layers import Layers
from .scenes import SceneAsk, scene
from .shelf import Shelf

Body = dict[str, Any]
Topic = Annotated[str, Field(min_length=1, max_length=40)]
_LOGGER = logging.getLogger("midcourse.serve")

#: Topics of one page, messages that may wait for it, and the longest message that it may send [bytes].
MOST_TOPICS, WAITING, LONGEST = 12, 2000, 100_000
#: Claims that a page wants first.
_FIRST = 8
_TRY_AGAIN_LATER = 1013
# Between two tellings of progress [s].
_OFTEN = 0.2


class _Ask(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Topic
    id: Annotated[int, Field(ge=0, le=2**53)]


class BoardAsk(_Ask):
    ask: Literal["board"]
    state: State
    first: Annotated[tuple[Name, ...], Field(max_length=_FIRST)] = ()


class ClaimAsk(_Ask):
    ask: Literal["claim"]
    state: State
    claim: Name


class OneLayerAsk(_Ask):
    ask: Literal["layer"]
    state: State
    layer: LayerAsk


class OneSceneAsk(_Ask):
    ask: Literal["scene"]
    state: State
    scene: SceneAsk


class CancelAsk(_Ask):
    ask: Literal["cancel"]


Ask = Annotated[BoardAsk | ClaimAsk | OneLayerAsk | OneSceneAsk | CancelAsk, Field(discriminator="ask")]
_ASKS: TypeAdapter[Ask] = TypeAdapter(Ask)


def _told_in_the_log(error: Exception | None) -> None:
    # What is wrong with a dossier is told to whoever asks for its map.
    if error is not None and not isinstance(error, InputError | OutOfReach):
        _LOGGER.error("the first map could not be drawn", exc_info=error)


@dataclass(frozen=True)
class Office:
    """What all pages share: dossiers, the desk that works, and threads that wait for it."""

    shelf: Shelf
    desk: Desk
    layers: Layers
    waiting: ThreadPoolExecutor

    def warm(self) -> Order:
        """Draw the map that the served dossier opens with, once nothing else is to be done: whoever moves a
        base on it first is not to wait for what all its maps share. It goes on until the order is dropped.
        """
        case = self.shelf.case(self.shelf.served)

        def draw() -> None:
            claims = case.text()["claims"]
            # As web/src/state.ts chooses it.
            shown = [each for each in claims if each["scene"]] or [each for each in claims if each["layer"]]
            if not shown or not shown[0]["layer"]:
                return
            dossier, ask = case.figures(State(dossier=case.key)).exact, LayerAsk(**shown[0]["layer"])
            self.layers.last(dossier, ask)
            self.layers.warm(dossier, ask)

        def hear(news: Progress | Assessment | Exception) -> None:
            if isinstance(news, Assessment):
                self.desk.take(order, iter([Stage(Urgency.BACKGROUND, [draw])]), Urgency.BACKGROUND)

        order = Order(_told_in_the_log)
        case.when_assessed(hear)
        return order


@dataclass(eq=False)
class _Asked(Order):
    """What a page asked on a topic; ``replaced`` by what it asked later."""

    replaced: bool = False


class Talk:
    """A page's socket.

    Everything that works lies with the office's threads; what they find is put into a queue here.
    """

    def __init__(self, socket: WebSocket, office: Office) -> None:
        self._socket, self._office = socket, office
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[tuple[Body, _Asked | None]] = asyncio.Queue()
        self._asked: dict[str, _Asked] = {}
        self._lock = threading.Lock()
        self._closing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve the page until it goes."""
        await self._socket.accept()
        sending = asyncio.create_task(self._send())
        # Whether it could be sent is of no more interest than whether anybody was there to read it.
        sending.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            await self._hear()
        except WebSocketDisconnect:
            pass
        finally:
            sending.cancel()
            with self._lock:
                for order in self._asked.values():
                    order.drop()

    async def _send(self) -> None:
        while True:
            message, order = await self._queue.get()
            # What was asked meanwhile on its topic has made an answer stale.
            if order is None or not order.replaced:
                await self._socket.send_text(json.dumps(message, allow_nan=False))

    async def _hear(self) -> None:
        while True:
            text = await self._socket.receive_text()
            if len(text) > LONGEST:
                self._put(_error("", 0, f"a message of {len(text)} characters; expected at most {LONGEST}"))
                continue
            try:
                ask = _ASKS.validate_json(text)
            except ValidationError as error:
                topic, number = _address(text)
                self._put(_error(topic, number, worded(error)))
                continue
            self._begin(ask)

    def _begin(self, ask: Ask) -> None:
        order = _Asked()
        with self._lock:
            earlier = self._asked.get(ask.topic)
            if earlier is None and len(self._asked) >= MOST_TOPICS:
                self._put(_error(ask.topic, ask.id, f"at most {MOST_TOPICS} topics at a time"))
                return
            if earlier is not None:
                earlier.replaced = True
                earlier.drop()
            self._asked[ask.topic] = order
        if isinstance(ask, CancelAsk):
            order.drop()
            return
        started = time.monotonic()

        def tell(kind: str, **body: Any) -> None:
            order.check()
            self._deliver({"topic": ask.topic, "id": ask.id, "type": kind, **body}, order)

        def ended(error: Exception | None) -> None:
            if error is not None:
                self._deliver(told_error(ask.topic, ask.id, error), order)
            seconds = round(time.monotonic() - started, 3)
            self._deliver({"topic": ask.topic, "id": ask.id, "type": "done", "seconds": seconds}, order)

        order.ended = ended
        office = self._office
        if isinstance(ask, BoardAsk):
            office.desk.take(order, _board(office, ask, order, tell))
        elif isinstance(ask, ClaimAsk):
            office.waiting.submit(_claim, office, ask, order, tell)
        elif isinstance(ask, OneLayerAsk):
            office.desk.take(order, _layer(office, ask, order, tell), Urgency.PREVIEW)
        else:
            office.desk.take(order, _scene(office, ask, tell), Urgency.PREVIEW)

    def _deliver(self, message: Body, order: _Asked) -> None:
        """Take a message, by whatever thread."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._put, message, order)

    def _put(self, message: Body, order: _Asked | None = None) -> None:
        if self._queue.qsize() < WAITING:
            self._queue.put_nowait((message, order))
        elif self._closing is None:
            self._closing = asyncio.create_task(self._socket.close(_TRY_AGAIN_LATER, "too far behind"))


Teller = Callable[..., None]


def _board(office: Office, ask: BoardAsk, order: Order, tell: Teller) -> Iterator[Stage]:
    case = office.shelf.case(ask.state.dossier)

    def verdicts(found: list[Body], unaffected: list[str], final: bool) -> None:
        tell("verdicts", verdicts=found, unaffected=unaffected, final=final)

    if not ask.state.untouched:
        yield from case.judge(ask.state, ask.first, verdicts, samples=None)
        return
    if case.assessment is None:
        yield from case.judge(ask.state, ask.first, lambda a, b, _: verdicts(a, b, False), samples=0)
    # The dossier's own assessment is under way for everybody: what is left is to hear of it.
    whole = order.ended
    order.ended = lambda error: None if error is None else whole(error)
    progress = _now_and_then(tell)

    def hear(news: Progress | Assessment | Exception) -> None:
        with suppress(Dropped):
            if isinstance(news, Progress):
                progress(news)
                return
            if isinstance(news, Exception):
                order.check()
                whole(news)
                return
            tell("baseline", baseline=case.baseline())
            verdicts(case.verdicts() or [], [], True)
            whole(None)

    case.when_assessed(hear)


def _claim(office: Office, ask: ClaimAsk, order: Order, tell: Teller) -> None:
    try:
        case = office.shelf.case(ask.state.dossier)
        told = case.tell_claim(ask.state, ask.claim, order, _now_and_then(tell))
        tell("told", told=told, final=True)
    except Dropped:
        return
    except Exception as error:
        order.ended(error)
        return
    order.ended(None)


def _layer(office: Office, ask: OneLayerAsk, order: Order, tell: Teller) -> Iterator[Stage]:
    case = office.shelf.case(ask.state.dossier)
    figures = case.figures(ask.state)
    hear = _now_and_then(tell)
    steps = office.layers.steps(figures.exact, ask.layer, lambda: order.dropped, hear)
    count = len(office.layers.grids(figures.exact, ask.layer))
    found: list[Layer] = []
    for i in range(count):
        yield Stage(Urgency.FINE if i else Urgency.PREVIEW, [lambda: found.extend(islice(steps, 1))])
        order.check()
        tell("layer", layer=found.pop().model_dump(), final=i == count - 1)


def _scene(office: Office, ask: OneSceneAsk, tell: Teller) -> Iterator[Stage]:
    case = office.shelf.case(ask.state.dossier)
    figures = case.figures(ask.state)
    found: list[Body] = []
    yield Stage(
        Urgency.FINE,
        [lambda: found.append(scene(figures.exact, ask.scene, case.memory, office.desk.workers))],
    )
    tell("scene", scene=found[0], final=True)


def _now_and_then(tell: Teller) -> Callable[[Progress], None]:
    """Tells progress, not too often."""
    last = 0.0

    def hear(news: Progress) -> None:
        nonlocal last
        if time.monotonic() - last > _OFTEN:
            last = time.monotonic()
            with suppress(Dropped):
                tell("progress", **progress_body(news))

    return hear


def progress_body(news: Progress) -> Body:
    """How far something is."""
    left = None if news.left_s is None else round(news.left_s, 1)
    return {"stage": news.stage, "done": news.done, "total": news.total, "left_s": left}


def told_error(topic: str, number: int, error: Exception) -> Body:
    """An error as the page is told it; one that is no user's is logged, and told without its innards."""
    body = error_of(error)["error"]
    return {
        "topic": topic,
        "id": number,
        "type": "error",
        **{k: body[k] for k in ("message", "where", "path")},
    }


def error_of(error: Exception) -> Body:
    """What an error is told as."""
    if isinstance(error, InputError):
        where = error.where or ""
        place, _, path = where.partition(" (")
        path = path.removesuffix(")")
        if where.startswith("--set "):
            path, place = where.removeprefix("--set ").partition(",")[0], ""
        file, _, line = place.partition(":")
        numbered = line.split(",")[0].strip()
        if not file.endswith(".toml"):
            return error_body(str(error), error.where, path or None)
        at = int(numbered) if numbered.isdecimal() else None
        return error_body(str(error), error.where, path or None, file, at)
    if isinstance(error, OutOfReach):
        return error_body(str(error))
    _LOGGER.error("a request failed", exc_info=error)
    return error_body("this failed inside the server, which has written down why; other requests go on")


def worded(error: ValidationError) -> str:
    """The first thing wrong with a message, in a line."""
    first = error.errors()[0]
    where = ".".join(str(each) for each in first["loc"])
    more = error.error_count() - 1
    text = f"{where}: {first['msg'].lower()}" if where else str(first["msg"])
    return text + (f" (and {more} more)" if more else "")


def _error(topic: str, number: int, message: str) -> Body:
    return {"topic": topic, "id": number, "type": "error", "message": message, "where": None, "path": None}


def _address(text: str) -> tuple[str, int]:
    """The topic and number of a message that is otherwise wrong, as far as they can be made out."""
    with suppress(ValueError, RecursionError):
        found = json.loads(text)
        if isinstance(found, dict):
            topic, number = found.get("topic"), found.get("id")
            if isinstance(topic, str) and isinstance(number, int):
                return topic[:40], number
    return "", 0
