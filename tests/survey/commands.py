"""``midcourse study`` in processes of its own, with all that can go wrong there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midcourse.store.store import Store

from ..cluster_processes import SOURCE

#: 43 units, which take about a tenth of a second each.
PLAN = """
[study]
title = "Faults"
dossiers = "third-site"
architectures = "third-site"
threats = "iran-europe-mrbm"
samples = 640
seed = 3

[claims.argued]
of = ["washington-europe-mrbm"]

[quantity.engaged]
quantity = "engageable-share"

[raid.salvo]
missiles = [5, 20]
"""
UNITS = 43
_SABOTAGE = Path(__file__).parent / "sabotage"
# What a store holds besides its arrays; and what is no part of them.
_OWN = ("journal/", ".begun/", "manifest.json", "log.jsonl", "writer.lock", "stop")


def spoilt(**mischief: Any) -> dict[str, str]:
    """The environment of a process in which something goes wrong; see ``sabotage/sitecustomize.py``."""
    return {"PYTHONPATH": f"{_SABOTAGE}{os.pathsep}{SOURCE}", "SABOTAGE": json.dumps(mischief)}


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it said on standard error besides its stages."""
        return [line for line in self.err.splitlines() if not line.endswith(" ...")]


class Command:
    """A command under way."""

    def __init__(self, words: list[str], environment: dict[str, str], folder: Path) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "midcourse.cli", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
            env={**os.environ, "PYTHONPATH": str(SOURCE), **environment}, start_new_session=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def interrupt(self) -> None:
        self.popen.send_signal(signal.SIGINT)

    def kill(self) -> Ended:
        """kill -9, which finds it running."""
        assert self.running, self.ended()
        self.popen.kill()
        ended = self.ended()
        assert ended.code == -signal.SIGKILL
        return ended

    def ended(self, timeout_s: float = 120.0) -> Ended:
        out, err = self.popen.communicate(timeout=timeout_s)
        return Ended(self.popen.returncode, out, err)


class Studied:
    """A plan and its store."""

    def __init__(self, folder: Path, store: Path | None = None, plan: str = PLAN) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.plan = folder, folder / "plan.toml"
        self.plan.write_text(plan)
        self.store = store or folder / "study.zarr"
        self._begun: list[Command] = []

    def start(self, verb: str, *words: str, **environment: str) -> Command:
        command = ["study", verb, str(self.plan), "--store", str(self.store), *words]
        started = Command(command, environment, self.folder)
        self._begun.append(started)
        return started

    def do(self, verb: str, *words: str, **environment: str) -> Ended:
        return self.start(verb, *words, **environment).ended()

    def end(self) -> None:
        """Kill what is left."""
        for each in self._begun:
            if each.running:
                each.popen.kill()
                each.ended()

    def arrays(self) -> dict[str, str]:
        """The checksum of every object of the arrays."""
        return {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.store.rglob("*")
            if path.is_file() and not (name := path.relative_to(self.store).as_posix()).startswith(_OWN)
        }

    def events(self, *names: str) -> list[dict[str, Any]]:
        """Whole lines of the log."""
        found = []
        with contextlib.suppress(FileNotFoundError):
            for line in (self.store / "log.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
                event = json.loads(line)
                if event["event"] in names:
                    found.append(event)
        return found

    @property
    def done(self) -> Counter[int]:
        """How often each unit was committed, as the log says: it does so once the unit counts."""
        return Counter(event["unit"] for event in self.events("done"))

    def recorded(self) -> set[int]:
        """Units that the journal holds."""
        return set(Store.open(self.store).journal().records)

    def check(self, reference: dict[str, str]) -> None:
        """All is as in a study that nothing happened to, and believed."""
        assert self.arrays() == reference
        assert self.recorded() == Store.open(self.store).whole() == set(range(UNITS))
        assert not list(self.store.glob(".begun/*"))


def until(true: Callable[[], bool], command: Command | None = None, seconds: float = 90.0) -> None:
    """Wait, as long as a command runs."""
    deadline = time.monotonic() + seconds
    while not true():
        assert command is None or command.running, command.ended()
        assert time.monotonic() < deadline
        time.sleep(0.002)


@contextlib.contextmanager
def studied(folder: Path, **about: Any) -> Iterator[Studied]:
    """A study with nothing begun; what it began is ended with it."""
    study = Studied(folder, **about)
    try:
        yield study
    finally:
        study.end()
