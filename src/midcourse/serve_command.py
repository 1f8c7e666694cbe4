"""``midcourse serve``: the words of the command, and the server that it runs."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Annotated
from urllib.parse import quote

import typer

from .arguments import read_whole
from .options import SetOption, open_dossier
from .progress import ENGAGEMENT, announcing, compiles, say

EXAMPLE = "Example: midcourse serve third-site"
PORT = 8765
_PORTS = 65535
_TOKEN = "MIDCOURSE_TOKEN"


def serve(
    dossier: Annotated[
        str, typer.Argument(metavar="DOSSIER", help="A built-in name, or a folder with a dossier.toml.")
    ] = "third-site",
    port: Annotated[
        str, typer.Option("--port", metavar="N", help="The port to listen on; 0 for any that is free.")
    ] = str(PORT),
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Beyond 127.0.0.1, others need the token.")
    ] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option(
            "--token", metavar="WORD", envvar=_TOKEN, help="Asked of everybody beyond this machine."
        ),
    ] = None,
    overrides: SetOption = None,
) -> None:
    """The page: a globe on which the argument can be seen and moved."""
    from .dossier import InputError
    from .server.guard import SHORTEST_TOKEN, is_loopback
    from .server.page import NoPage, page_folder

    number = read_whole(port, "--port", 0)
    if number > _PORTS:
        raise InputError(
            "{value} cannot be used", where="--port", value=port,
            expected=f"a port from 1 to {_PORTS}, such as {PORT}, or 0 for any",
        )  # fmt: skip
    if token is None and not is_loopback(host):
        raise InputError(
            f"--host {host} lets others in, without --token",
            expected=f"--token WORD of {SHORTEST_TOKEN} characters or more, or {_TOKEN} in the environment",
        )
    if token is not None and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isalnum()):
        raise InputError(
            "the token cannot be used", where="--token",
            expected=f"{SHORTEST_TOKEN} letters and digits or more, hard to guess",
        )  # fmt: skip
    loaded = open_dossier(dossier, overrides)
    try:
        page = page_folder()
    except NoPage as error:
        say(f"{error}")
        page = None
    listening = _listen(host, number)
    taken = listening.getsockname()[1]

    import uvicorn

    from .server.app import create_app

    header = loaded.dossier
    name = header.name if header is not None else dossier
    app = create_app(
        name, loaded, page=page, workers=os.cpu_count() or 1, token=token, first_run=compiles(ENGAGEMENT)
    )
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{taken}/"
    say(f"serving {name} at {address}{f'?token={quote(token)}' if token else ''}  (Ctrl-C ends it)")
    announcing(ENGAGEMENT)()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, ws="websockets-sansio",
        ws_max_size=200_000, timeout_keep_alive=30, lifespan="on", timeout_graceful_shutdown=2,
    )  # fmt: skip
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens; InputError where that cannot be."""
    from .dossier import InputError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(
            f"port {port} of {host} cannot be listened to: {why}", where="--port",
            expected=f"a free port, such as {PORT}, or 0 for any",
        ) from None  # fmt: skip
