"""`midcourse serve` in a process of its own, that can be stopped and started again at the same address."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

_READY = re.compile(r"serving \S+ at (http://127\.0\.0\.1:(\d+)/)")
_COMMAND = (sys.executable, "-c", "from midcourse.cli import main; main()", "serve")


class Server:
    """A server of one dossier.

    Attributes
    ----------
    address : with the slash at its end
    """

    def __init__(self, dossier: str | Path) -> None:
        self._dossier = str(dossier)
        self._port = "0"
        self._said: list[str] = []
        self.address = ""
        self.start()

    def start(self) -> None:
        """Start it, where it was before if it was; returns once it listens."""
        self._process = subprocess.Popen(
            [*_COMMAND, self._dossier, "--port", self._port], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stderr is not None
        said = self._process.stderr.readline()
        found = _READY.match(said)
        assert found is not None, said + self._process.stderr.read()
        self.address, self._port = found[1], found[2]

    def stop(self) -> None:
        """Stop it as Ctrl-C's elder brother does; keeps what it had to say."""
        self._process.terminate()
        try:
            _, said = self._process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, said = self._process.communicate()
            self._said.append("it did not stop when asked to")
        self._said += said.splitlines()

    def close(self) -> None:
        """Stop it for good. Whatever went wrong inside it was logged: then this fails."""
        self.stop()
        assert not self._said, "\n".join(self._said)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}{path}") as answer:
            return json.load(answer)
