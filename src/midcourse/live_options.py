"""``midcourse run --speed``: its words, and a run that is watched and steered while it goes on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .arguments import read_whole
from .progress import say

if TYPE_CHECKING:
    from rich.console import Console

    from .dossier.incident import Incident
    from .operation.shield import Shield

SpeedOption = Annotated[
    str | None,
    typer.Option("--speed", metavar="TIMES", help="Run so many times as fast as the clock, e.g. 20."),
]
ListenOption = Annotated[
    str | None,
    typer.Option("--listen", metavar="PORT", help="With --speed: a WebSocket on 127.0.0.1; 0 for any port."),
]

_PORTS = 65535
#: Units of numbers in events, by the ending of their name.
_UNITS = {"_km_s": "km/s", "_m_s": "m/s", "_km": "km", "_deg": "deg", "_s": "s"}
_OPENING = ("type", "event", "time_s", "node", "kind", "missile", "cause")


@dataclass(frozen=True)
class Lived:
    """How a live run has ended.

    Attributes
    ----------
    finished : whether the raid has ended, or the run was stopped before
    at_s : simulated time
    incidents : all that happened, from the beginning and injected: a replay with them is the same
    """

    finished: bool
    at_s: float
    incidents: tuple[Incident, ...]


def read_live(speed: str | None, listen: str | None) -> tuple[float, int | None] | None:
    """The speed and the port to listen on, if any; None where the run is not live. InputError for what
    cannot be, a port that is taken too.
    """
    from .dossier import InputError
    from .operation.steering import FASTEST

    if speed is None:
        if listen is not None:
            raise InputError("--listen without --speed", expected="--speed 20 --listen 8765")
        return None
    try:
        fast = float(speed)
    except ValueError:
        fast = 0.0
    if not 0.0 < fast <= FASTEST:
        raise InputError(
            "{value} cannot be used", where="--speed", value=speed,
            expected=f"a number above 0 and up to {FASTEST:,.0f}, such as 20",
        )  # fmt: skip
    if listen is None:
        return fast, None
    from .operation.broadcast import listening

    port = read_whole(listen, "--listen", 0)
    if port > _PORTS:
        raise InputError(
            "{value} cannot be used", where="--listen", value=listen,
            expected=f"a port from 1 to {_PORTS}, such as 8765, or 0 for any",
        )  # fmt: skip
    listening(port).close()
    return fast, port


def run_live(shield: Shield, speed: float, listen: int | None, console: Console) -> Lived:
    """Run a shield paced to the clock, and print every event; Ctrl-C stops it, a second one quits."""
    from .operation.live import Live

    live = Live(shield, speed)
    screen = _Screen(console)
    with ExitStack() as stack:
        if listen is not None:
            from .operation.broadcast import Broadcast

            say(f"live: {stack.enter_context(Broadcast(live, listen)).url}")
        for _ in live.subscribe(screen.show):
            break
        stack.enter_context(_Stopping(live.stop))
        finished = live.run()
    if not finished:
        say(f"stopped at {live.at_s:,.0f} s; the record ends there")
    for each in live.injected:
        say(f'injected: --incident "{incident_text(each)}"')
    return Lived(finished, live.at_s, live.incidents)


def incident_text(incident: Incident) -> str:
    """An incident as ``--incident`` takes it."""
    text = f"{incident.at_s:.15g} s {incident.do} {incident.what}"
    return f"{text} {incident.by_s:.15g} s" if incident.by_s else text


class _Stopping:
    """While it lasts, a first Ctrl-C stops the run, and a second does what it always does."""

    def __init__(self, stop: Any) -> None:
        self._stop = stop
        self._before: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._once)

    def _once(self, _signal: int, _frame: FrameType | None) -> None:
        self._stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)


class _Screen:
    """What is printed of a live run: a line for each event, and for each change of pace."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._pace: tuple[float, bool] | None = None

    def show(self, messages: Sequence[dict[str, Any]]) -> None:
        for message in messages:
            if message["type"] == "event":
                self._print(event_line(message))
            elif message["type"] == "state" and not message["over"]:
                pace = (message["speed"], message["running"])
                if self._pace is not None and self._pace != pace:
                    how = f"{message['speed']:g} times the clock" if message["running"] else "paused"
                    self._print(f"{message['time_s']:>9,.1f} s  ({how})")
                self._pace = pace

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def event_line(event: dict[str, Any]) -> str:
    """An event on one line, its time first."""
    missile = event.get("missile", "")
    what = event["kind"] if missile in ("", event["node"]) else f"{event['kind']} {missile}"
    numbers = [_told(name, value) for name, value in event.items() if name not in _OPENING]
    told = f" ({', '.join(numbers)})" if numbers else ""
    return f"{event['time_s']:>9,.1f} s  {event['node']}: {what}{told}"


def _told(name: str, value: Any) -> str:
    """A number of an event by its name, with its unit."""
    unit = ""
    if isinstance(value, list):
        value = " ".join(str(each) for each in value)
    elif isinstance(value, float):
        ending = next((each for each in _UNITS if name.endswith(each)), "")
        name, unit = name.removesuffix(ending), _UNITS.get(ending, "")
        value = f"{value:.2f}" if unit == "deg" else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{name.replace('_', ' ')} {value} {unit}".rstrip()
