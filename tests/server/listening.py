"""An application on a real port, in a thread of these tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

#: A real socket answers within this, or something is broken [s].
SOON = 60.0


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve an application on loopback; gives HOST:PORT."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(SOON)
        assert not thread.is_alive()
