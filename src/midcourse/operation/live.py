"""A run paced to the clock: listened to, and steered, while it goes on.

One thread runs the shield. Others subscribe to what happens, and put commands into a queue that is looked
at between two slices of simulated time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any

import numpy as np

from ..dossier.errors import InputError
from ..dossier.incident import Incident
from ..model.defence import Place
from .pace import Pace
from .preparing import joined
from .shield import Shield
from .steering import read_command, read_injection

Message = dict[str, Any]
Deliver = Callable[[Sequence[Message]], None]
Reply = Callable[[Message], None]
#: What is to be told besides: asked by the thread of the run, with the time up to which everything has
#: happened, and whether all is to be told by now.
Beside = Callable[[float, bool], Sequence[Message]]

#: Version of the messages.
PROTOCOL = 1
# Simulated time that is run in one go, so that commands are heard in between [s].
_SLICE = 10.0
# How far the run may fall behind the clock before it gives that up, and how often its state is told [s].
_BEHIND, _STATE = 1.0, 1.0
# Bounds of the wait between two slices [s].
_LEAST, _MOST = 0.001, 0.1
_OVER = "the run is over"


class Live:
    """A shield that is run at so many times the speed of the clock.

    Attributes
    ----------
    at_s : simulated time up to which everything has happened
    over : whether the raid has ended
    """

    def __init__(
        self,
        shield: Shield,
        speed: float,
        *,
        running: bool = True,
        clock: Callable[[], float] = time.monotonic,
        beside: Beside = lambda _time_s, _now: (),
    ) -> None:
        if shield.now > 0.0 or shield.record.count or not shield.record.kept:
            raise ValueError("a live run begins with the raid, and keeps its record")
        self.shield, self.pace, self._clock = shield, Pace(float(speed), clock, running=running), clock
        self._beside = beside
        self.at_s = 0.0
        self.over = False
        self._injected: list[tuple[Incident, Reply]] = []
        self._commands: SimpleQueue[tuple[object, Reply]] = SimpleQueue()
        self._lock = Lock()
        self._subscribers: list[Deliver] = []
        self._told = 0
        self._closed = self._stopping = self._seeking = False
        self._changed = True
        self._state_told = -math.inf

    # What others use, from any thread.

    @property
    def injected(self) -> tuple[Incident, ...]:
        """What was made to happen while it ran."""
        return tuple(each for each, _ in self._injected if each.at_s <= self.at_s)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All incidents, those from the beginning and those injected: with them a replay does the same."""
        return tuple(self.shield.incidents)

    def subscribe(self, deliver: Deliver) -> Iterator[Message]:
        """Have every message from now on delivered, by the thread of the run; gives those until now.

        ``deliver`` must not wait.
        """
        with self._lock:
            self._subscribers.append(deliver)
            events = self.shield.record.events[: self._told]
            end = (self._summary(),) if self._closed else ()
            return chain((self._header(),), map(_event, events), end)

    def unsubscribe(self, deliver: Deliver) -> None:
        with self._lock:
            self._subscribers.remove(deliver)

    def command(self, command: object, reply: Reply = lambda _: None) -> None:
        """Have a command carried out; ``reply`` gets the answer, by the thread of the run."""
        with self._lock:
            if not self._closed:
                self._commands.put((command, reply))
                return
        reply(_refusal(_OVER))

    def stop(self) -> None:
        """End the run where it is."""
        self._stopping = True

    # What runs it.

    def run(self) -> bool:
        """Run to the end, or until stopped; whether the raid has ended."""
        while not self.over and not self._stopping:
            wait = self.turn()
            if wait > 0.0:
                try:
                    self._carry_out(*self._commands.get(timeout=wait))
                except Empty:
                    continue
        self.close()
        return self.over

    def turn(self) -> float:
        """Carry out what was commanded and run on a little; how long nothing is due then [s]."""
        while not self._commands.empty():
            self._carry_out(*self._commands.get())
        due = self.pace.due()
        if due > self.at_s:
            self._advance(min(due, self.at_s + _SLICE))
            if self.pace.running and self.pace.due() - self.at_s > _BEHIND * self.pace.speed:
                self.pace.slip(self.at_s)
        elif self._seeking:
            self._seek()
        going = self.at_s < due or self._seeking
        settled = self._changed and (self.pace.running or not going)
        if settled or (self.pace.running and self._clock() - self._state_told >= _STATE):
            self._changed = False
            self._state_told = self._clock()
            self._tell([*self._beside(self.at_s, True), self.state()])
        if self.over or going:
            return 0.0
        if not self.pace.running:
            return _MOST
        return min(max((self.shield.env.peek() - self.pace.due()) / self.pace.speed, _LEAST), _MOST)

    def close(self) -> None:
        """Tell the summary; nothing is done any more."""
        beside = self._beside(self.at_s, True)
        with self._lock:
            self._closed = True
            self._deliver([*beside, self._summary()])
        while not self._commands.empty():
            self._commands.get()[1](_refusal(_OVER))
        for incident, reply in self._injected:
            if incident.at_s > self.at_s:
                reply(_refusal(f"the run ended before {incident.at_s:,.0f} s: {incident.do} {incident.what}"))

    def _advance(self, until_s: float) -> None:
        self.shield.advance(until_s)
        self.at_s = until_s
        if self.shield.done:
            self.over, self._seeking = True, False
            self.at_s = self.shield.now
        events = [_event(each) for each in self.shield.record.events[self._told :]]
        messages = [*events, *self._beside(self.at_s, False)]
        if messages:
            self._tell(messages)

    def _seek(self) -> None:
        """Run on to the next event, or a little towards it."""
        told, until = self._told, self.at_s + _SLICE
        while self._told == told and not self.over and self.at_s < until:
            self._advance(self.shield.env.peek())
        self._seeking = self._told == told and not self.over
        self.pace.stand(self.at_s)

    def _tell(self, messages: Sequence[Message]) -> None:
        with self._lock:
            self._deliver(messages)

    def _deliver(self, messages: Sequence[Message]) -> None:
        self._told += sum(1 for each in messages if each["type"] == "event")
        for deliver in self._subscribers:
            deliver(messages)

    # What is commanded.

    def _carry_out(self, command: object, reply: Reply) -> None:
        try:
            do, value = read_command(command)
            answer = self._done(do, value, reply)
        except InputError as error:
            answer = _refusal(str(error))
        reply(answer)

    def _done(self, do: str, value: Any, reply: Reply) -> Message:
        if do == "state":
            return self.state()
        if do == "inject":
            # At a whole second, so that a replay is told the very same time.
            incident = read_injection(value, math.floor(self.at_s) + 1, self.shield.scenario)
            if incident.order is not None:
                # Fly it beforehand: what cannot be flown is refused, and flights are kept for when it leaves.
                joined(self.shield.scenario, incident.order, incident.at_s)
            self.shield.expect(incident)
            self._injected.append((incident, reply))
            return {"type": "accepted", "do": do, "incident": incident_body(incident)}
        # Where it stands still: where the clock is, but not far ahead of a run that cannot keep up.
        due = self.pace.due()
        here = min(due, self.at_s + _SLICE)
        self._seeking = do == "step" and value is None
        if do == "resume":
            self.pace.resume()
        elif do == "speed":
            self.pace.change(value)
        elif value is None:
            self.pace.stand(here)
        else:
            self.pace.stand((here if self.pace.running else due) + value)
        self._changed = True
        return {"type": "accepted", "do": do}

    # Messages.

    def state(self) -> Message:
        """Where the run is."""
        return {
            "type": "state", "time_s": round(self.at_s, 3), "speed": self.pace.speed,
            "running": self.pace.running and not self._closed, "over": self.over,
            "lost_s": round(self.pace.lost_s, 3),
        }  # fmt: skip

    def _header(self) -> Message:
        scenario, luck = self.shield.scenario, self.shield.luck
        named = scenario.dossier.dossier
        return {
            "type": "header", "protocol": PROTOCOL, "dossier": named.name if named is not None else "",
            "architecture": scenario.architecture, "seed": luck.seed, "run": luck.run,
            "speed": self.pace.speed,
            "raid": [
                {
                    "missile": each.name, "kind": each.own.missile.name, "start": each.start,
                    "target": each.target, "launch_s": each.at_s,
                }
                for each in scenario.courses
            ],
            "sensors": [{"name": each.name, **_place(each.site)} for each in scenario.defence.sensors],
            "batteries": [
                {"name": each.name, **_place(each.site), "interceptors": each.inventory}
                for each in scenario.defence.batteries
            ],
            "incidents": [incident_body(each) for each in self.incidents],
            "state": self.state(),
        }  # fmt: skip

    def _summary(self) -> Message:
        """What has become of the raid; of one that was stopped, how far it came."""
        summary: Message = {
            "type": "summary", "finished": self.over, "time_s": round(self.at_s, 3),
            "events": self.shield.record.count,
            "incidents": [incident_body(each) for each in self.incidents if each.at_s <= self.at_s],
        }  # fmt: skip
        if self.over:
            outcome = self.shield.outcome()
            summary.update(
                leaked=outcome.leaked, causes=outcome.causes, spent=outcome.spent, left=outcome.left,
                ends=outcome.ends, fates=[_rounded(asdict(each)) for each in outcome.fates],
            )  # fmt: skip
        return summary


def incident_body(incident: Incident) -> Message:
    """An incident as messages tell it."""
    body = {"at_s": incident.at_s, "do": incident.do, "what": incident.what}
    return {**body, "by_s": incident.by_s} if incident.by_s else body


def _event(event: dict[str, Any]) -> Message:
    """An event of the record as a message."""
    return {"type": "event", **event}


def _refusal(text: str) -> Message:
    return {"type": "error", "message": text}


def _place(place: Place) -> dict[str, float]:
    return {
        "lat_deg": round(float(np.degrees(place.lat)), 4),
        "lon_deg": round(float(np.degrees(place.lon)), 4),
    }


def _rounded(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: round(each, 3) if isinstance(each, float) else each for name, each in fields.items()}
