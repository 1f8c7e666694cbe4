"""The web service: the same library calls as the command line, over HTTP and a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, HTTPException, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.staticfiles import StaticFiles

from .. import __version__
from ..dossier import Dossier, InputError
from ..model import OutOfReach
from ..model.memory import Memory
from . import downloads
from .board import Verdict
from .desk import Desk, Order, Stage, Urgency
from .figures import State
from .guard import Guard, Limits, error_body
from .layer import LayerAsk
from .layers import Layers
from .operations import operations_router
from .scenes import SceneAsk, scene
from .shelf import Shelf
from .talking import Body, Office, Talk, error_of, progress_body, worded

_T = TypeVar("_T")
# Threads that wait for the desk's.
_WAITING = 16


class BoardBody(BaseModel):
    """A state to judge at its nominal figures."""

    model_config = ConfigDict(extra="forbid")

    state: State


class LayerBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    state: State
    layer: LayerAsk


class SceneBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    state: State
    scene: SceneAsk


class FilesBody(BaseModel):
    """A dossier's files, each under its name."""

    model_config = ConfigDict(extra="forbid")

    files: dict[Annotated[str, Field(min_length=1, max_length=100)], str] = Field(max_length=100)


class ErrorText(BaseModel):
    message: str
    where: str | None
    path: str | None
    file: str | None
    line: int | None


class ErrorBody(BaseModel):
    """Whatever goes wrong is told so, in one line fit to be shown."""

    error: ErrorText


_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": text}
    for status, text in (
        (400, "No request that can be read"), (401, "Without the server's token"),
        (403, "From another host or page"), (404, "No such thing"), (408, "Too slow"), (413, "Too large"),
        (422, "Input that cannot be used, told in one line"), (503, "Too busy; try again"),
    )
}  # fmt: skip


def create_app(
    served: str,
    dossier: Dossier,
    *,
    page: Path | None,
    workers: int,
    token: str | None = None,
    limits: Limits | None = None,
    first_run: bool = False,
) -> Guard:
    """The service for a dossier; ``page`` is the folder of the built page, None where there is none.

    ``token`` is asked of everybody where it is given. ``first_run`` says that kernels are yet to be compiled,
    which pages are told until the dossier has been assessed.
    """
    limits = limits or Limits()
    desk, memory = Desk(workers), Memory()
    shelf = Shelf(served, dossier, desk, memory)
    waiting = ThreadPoolExecutor(_WAITING, thread_name_prefix="waiting")
    office = Office(shelf, desk, Layers(memory, workers), waiting)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warming = office.warm()
        yield
        warming.drop()
        shelf.close()
        office.layers.close()
        desk.close()
        waiting.shutdown(wait=False, cancel_futures=True)

    app = FastAPI(
        title="midcourse", version=__version__, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json", responses=_ERRORS, lifespan=lifespan,
        description="Which claims about a missile defence hold, under whose figures, and what decides them.",
    )  # fmt: skip

    async def ordered(work: Callable[[], _T], urgency: Urgency) -> _T:
        """What comes of some work at the desk, within the time that a request may take."""
        found: list[_T] = []

        def stages() -> Any:
            yield Stage(urgency, [lambda: found.append(work())])

        await _worked(desk, stages(), limits.seconds, urgency)
        return found[0]

    @app.exception_handler(InputError)
    @app.exception_handler(OutOfReach)
    async def unusable(_: Request, error: Exception) -> Response:
        return JSONResponse(error_of(error), 422)

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"] if each != "body")
        text = str(first["msg"]).lower()
        return JSONResponse(error_body(f"{where}: {text}" if where else text, where or None), 422)

    @app.exception_handler(AnyHTTPException)
    async def refused(_: Request, error: AnyHTTPException) -> Response:
        return JSONResponse(error_body(str(error.detail)), error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> Response:
        return JSONResponse(error_of(error), 500)

    @app.get("/api/health")
    async def health() -> Body:
        """Whether the server is there, its page, and whether it has to compile the physics first."""
        compiling = first_run and shelf.case(served).assessment is None
        return {
            "version": __version__, "page": page is not None, "dossier": served, "first_run": compiling,
        }  # fmt: skip

    @app.get("/api/dossiers")
    async def dossiers() -> list[Body]:
        """The dossiers that can be shown."""
        return await asyncio.to_thread(shelf.names)

    @app.post("/api/dossiers", status_code=201)
    async def upload(body: FilesBody) -> Body:
        """Show an uploaded dossier: checked as files are, and kept while it is used."""
        case = await asyncio.to_thread(shelf.add, body.files)
        return {"key": case.key}

    @app.get("/api/cases/{dossier}")
    async def case_text(dossier: str) -> Body:
        """A dossier in words and figures: claims, architectures, levers."""
        return await asyncio.to_thread(lambda: shelf.case(dossier).text())

    @app.get("/api/cases/{dossier}/baseline")
    async def own_assessment(dossier: str) -> Body:
        """A dossier's own assessment, or how far it is."""
        case = await asyncio.to_thread(shelf.case, dossier)
        found = await asyncio.to_thread(case.baseline)
        progress = None if found is not None or case.progress is None else progress_body(case.progress)
        return {"ready": found is not None, "progress": progress, "baseline": found}

    @app.post("/api/board")
    async def board(body: BoardBody) -> Body:
        """Every claim at a state's nominal figures."""
        case = await asyncio.to_thread(shelf.case, body.state.dossier)
        found: dict[str, Verdict] = {}
        others: list[str] = []

        def hear(verdicts: list[Verdict], unaffected: list[str], _: bool) -> None:
            found.update((each["id"], each) for each in verdicts)
            others[:] = unaffected

        await _worked(desk, case.judge(body.state, (), hear, samples=0), limits.seconds)
        return {"verdicts": list(found.values()), "unaffected": others, "samples": 0}

    @app.post("/api/layers")
    async def layer(body: LayerBody) -> Body:
        """The finest map of a layer."""
        case = await asyncio.to_thread(shelf.case, body.state.dossier)

        def work() -> Body:
            return office.layers.last(case.figures(body.state).exact, body.layer).model_dump()

        return await ordered(work, Urgency.FINE)

    @app.post("/api/scenes")
    async def one_scene(body: SceneBody) -> Body:
        """One flight and what is done about it, as CZML."""
        case = await asyncio.to_thread(shelf.case, body.state.dossier)
        return await ordered(
            lambda: scene(case.figures(body.state).exact, body.scene, case.memory, desk.workers),
            Urgency.FINE,
        )

    downloads.add_to(app, office)

    @app.websocket("/api/socket")
    async def socket(websocket: WebSocket) -> None:
        await Talk(websocket, office).run()

    def open_state(written: dict[str, Any]) -> Dossier:
        try:
            state = State.model_validate(written)
        except ValidationError as error:
            raise InputError(worded(error), where="state") from None
        return shelf.case(state.dossier).figures(state).exact

    app.include_router(operations_router(open_state, memory))
    if page is not None:
        app.mount("/", _PageFiles(directory=page, html=True))
    else:

        @app.get("/", include_in_schema=False)
        async def no_page() -> Response:
            raise HTTPException(404, "the page is not built: see `midcourse serve` for what is missing")

    return Guard(app, limits, token)


class _PageFiles(StaticFiles):
    """The page's files. Those named after what is in them are kept by browsers; others are asked about."""

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(full_path, *args, **kwargs)
        hashed = Path(full_path).parent.name == "assets"
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response


async def _worked(desk: Desk, stages: Any, seconds: float, urgency: Urgency = Urgency.FIRST) -> None:
    """Wait until the desk has worked some stages; whatever they raise, or 503 where that takes too long."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def ended(error: Exception | None) -> None:
        loop.call_soon_threadsafe(_settle, done, error)

    order = desk.take(Order(ended), stages, urgency)
    try:
        await asyncio.wait_for(done, seconds)
    except TimeoutError:
        raise HTTPException(503, f"not done within {seconds:g} s; try again", {"Retry-After": "5"}) from None
    finally:
        order.drop()


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
