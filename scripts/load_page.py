"""Put a load on `midcourse serve`: many sessions, each moving levers as people do.

    python scripts/load_page.py [--sessions 50] [--seconds 60] [--json]

Starts a server of its own. Every session moves one lever after another, waits until the whole board has
been answered at the new figures, looks at it for a few seconds, and goes on. Told are the times of these
answers and how the server's memory grew over the second half.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

DOSSIER = "third-site"
#: How long somebody looks at the board between two levers [s].
LOOKS = (2.0, 6.0)
#: Stops of a lever, how often each is moved before the next, and how many are moved at all.
STOPS, MOVES, LEVERS = 20, 4, 3
_READY_S = 300.0


@dataclass
class Load:
    """What came of it: seconds of answers, errors, and the server's memory at the middle and the end [MB]."""

    sessions: int
    seconds: float
    answers: int
    errors: list[str]
    median_s: float
    p95_s: float
    middle_mb: float
    end_mb: float
    peak_mb: float


class Server:
    """`midcourse serve` in a process of its own."""

    def __init__(self, *options: str) -> None:
        command = [
            str(Path(sys.executable).with_name("midcourse")),
            "serve",
            DOSSIER,
            "--port",
            "0",
            *options,
        ]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.address = ""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            found = re.search(r"(http://\S+?)/ ", line)
            if found:
                self.address = found[1]
                break
        if not self.address:
            raise RuntimeError("the server did not start")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}{path}") as answer:
            return json.load(answer)

    def wait_until_assessed(self) -> None:
        """Wait until the dossier as it stands has been assessed."""
        until = time.monotonic() + _READY_S
        while not self.get(f"/api/cases/{DOSSIER}/baseline")["ready"]:
            if time.monotonic() > until:
                raise RuntimeError(f"not assessed within {_READY_S:g} s")
            time.sleep(0.5)

    def memory_mb(self) -> float:
        """Its memory, resident."""
        text = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1e3


def levers_of(case: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Paths with their stops, of the levers that have ends."""
    found = []
    for lever in case["levers"]:
        if lever["kind"] == "number" and lever["low"] is not None and lever["quick"]:
            span = lever["high"] - lever["low"]
            stops = [lever["low"] + span * (i + 1) / (STOPS + 1) for i in range(STOPS)]
            found.append((lever["path"], [f"{stop:.4g} {lever['unit']}".strip() for stop in stops]))
    return found


class Session:
    """One page: levers moved one after another."""

    def __init__(self, address: str, case: dict[str, Any], seed: int) -> None:
        self._address, self._claims = address, {claim["id"] for claim in case["claims"]}
        self._levers, self._random = levers_of(case), random.Random(seed)
        self.times: list[float] = []
        self.errors: list[str] = []

    async def run(self, until: float) -> None:
        url = self._address.replace("http", "ws", 1) + "/api/socket"
        await asyncio.sleep(self._random.uniform(0.0, LOOKS[1]))
        async with connect(url, max_size=None) as socket:
            number = 0
            moved: dict[str, str] = {}
            while time.monotonic() < until:
                # A lever is moved a few times before another is.
                if number % MOVES == 0:
                    path, stops = self._random.choice(self._levers)
                number += 1
                moved[path] = self._random.choice(stops)
                if len(moved) > LEVERS:
                    moved.pop(next(iter(moved)))
                state = {"dossier": DOSSIER, "viewpoint": None, "set": moved}
                ask = {"topic": "board", "id": number, "ask": "board", "state": state, "first": []}
                started = time.monotonic()
                await socket.send(json.dumps(ask))
                await self._answered(socket, number)
                self.times.append(time.monotonic() - started)
                await self._look(socket)

    async def _answered(self, socket: Any, number: int) -> None:
        """Until every claim has been told of."""
        told: set[str] = set()
        while not told >= self._claims:
            message = json.loads(await socket.recv())
            if message["type"] == "error":
                self.errors.append(message["message"])
                return
            if message["id"] == number and message["type"] == "verdicts":
                told.update(each["id"] for each in message["verdicts"])
                told.update(message["unaffected"])

    async def _look(self, socket: Any) -> None:
        """Look at the board for a while, and hear what is refined."""
        until = time.monotonic() + self._random.uniform(*LOOKS)
        while (left := until - time.monotonic()) > 0.0:
            try:
                await asyncio.wait_for(socket.recv(), left)
            except TimeoutError:
                return


async def load(server: Server, sessions: int, seconds: float) -> Load:
    """Put a load on a server that has been assessed."""
    case = server.get(f"/api/cases/{DOSSIER}")
    until = time.monotonic() + seconds
    pages = [Session(server.address, case, seed) for seed in range(sessions)]
    running = asyncio.gather(*(page.run(until) for page in pages), return_exceptions=True)
    memory: list[tuple[float, float]] = []
    while not running.done():
        memory.append((time.monotonic(), server.memory_mb()))
        await asyncio.wait([running], timeout=0.5)
    broken = [f"{type(each).__name__}: {each}" for each in running.result() if isinstance(each, Exception)]
    times = sorted(time_ for page in pages for time_ in page.times)
    second_half = [mb for at, mb in memory if at > until - seconds / 2]
    fifth = max(len(second_half) // 5, 1)
    return Load(
        sessions, seconds, len(times), [*broken, *(each for page in pages for each in page.errors)],
        statistics.median(times), times[int(0.95 * len(times))], statistics.mean(second_half[:fifth]),
        statistics.mean(second_half[-fifth:]), max(mb for _, mb in memory),
    )  # fmt: skip


def measured(sessions: int, seconds: float) -> Load:
    """Start a server and put a load on it."""
    with Server() as server:
        server.wait_until_assessed()
        return asyncio.run(load(server, sessions, seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measured(given.sessions, given.seconds)
    if given.json:
        print(json.dumps(asdict(found)))
        return
    print(f"{found.answers} answers to {found.sessions} sessions in {found.seconds:g} s")
    print(f"median {found.median_s:.2f} s, 95 % within {found.p95_s:.2f} s")
    print(f"memory {found.middle_mb:,.0f} MB in the middle, {found.end_mb:,.0f} MB at the end")
    print(f"{len(found.errors)} errors")
    for error in found.errors[:5]:
        print(f"  {error}")


if __name__ == "__main__":
    main()
