"""A live run of the shield as a page follows it: events in words, and packets of CZML beside them."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..dossier import InputError
from ..model.flights import OutOfReach
from ..model.memory import Memory
from ..operation.client import Client
from .live_asking import Ask, OpenState, opened

if TYPE_CHECKING:
    from ..model.defence import Place
    from ..operation import Shield
    from ..operation.live import Live, Message
    from ..output.operation.growing import Growing
    from ..output.operation.telling import Sentences
    from ..study.operating import Plan

# How much simulated time, and how much of the clock, passes between two messages of packets at least [s].
_STEP, _OFTEN = 2.0, 0.25
_LOGGER = logging.getLogger("midcourse.operations")


class _Given(Exception):
    """A run was given up before it began."""


class LiveRun:
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
        name = f"{self._ask.state['dossier']}-{self._ask.architecture}.jsonl"
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
            self._send([_drawn(0.0, [_document(live.shield), *self._growing.begin()])])
            live.run()
        except _Given:
            pass
        except (InputError, OutOfReach) as error:
            self._send([error_message(error)])
        except Exception:
            _LOGGER.exception("a live run broke off")
            self._send([{"type": "error", "message": "the run broke off: a fault of the server's"}])
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
        dossier, figures = opened(ask.state, self._open)
        made = plan(
            dossier, ask.architecture, ask.missiles, threat=ask.threat, spacing_s=ask.spacing_s,
            incidents=ask.incidents, seed=ask.seed,
        )  # fmt: skip
        self._command = again(
            "run", ask.state["dossier"],
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

    def _send(self, messages: Sequence[Message]) -> None:
        # When the server ends, nobody is there any more to be told that the run does, too.
        with suppress(RuntimeError):
            self._client.deliver(messages)

    def _report(self, stage: str) -> None:
        if self._given_up:
            raise _Given
        self._send([{"type": "preparing", "stage": stage}])

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
        self._send([self._told(each, self.live.shield) for each in messages])

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


def error_message(error: Exception) -> Message:
    """An error as a client is told of it."""
    where = error.where if isinstance(error, InputError) else None
    return {"type": "error", "message": str(error), "where": where, "path": None}
