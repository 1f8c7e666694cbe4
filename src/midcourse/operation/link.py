"""Links: how the parts of the shield tell each other things. What is sent arrives later, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..dossier.defence import REPORT_INTERVAL_S
from ..dossier.defence import Link as LinkData
from ..physics.scan import TURN

if TYPE_CHECKING:
    from .shield import Shield


@dataclass(frozen=True)
class Message:
    """What one part tells another.

    Attributes
    ----------
    kind : "declared", "found", "report", "lost", "down", "cue"
    sender, sent_s : by whom and when
    missiles : those it is about
    body : what it says
    cause : number of the event that it comes from
    """

    kind: str
    sender: str
    sent_s: float
    missiles: tuple[int, ...]
    body: Any
    cause: int


class Link:
    """A link between a sensor and command and control, both ways.

    Attributes
    ----------
    down : whether nothing passes now
    added_s : delay beyond its own
    """

    def __init__(self, shield: Shield, name: str, data: LinkData | None) -> None:
        self.shield, self.name, self.data = shield, name, data
        self.down = False
        self.withdrawn = False
        self.added_s = 0.0
        self._free_s = 0.0
        self._sent = 0

    @property
    def passes(self) -> str:
        """What is shared over it: "cue", "track" or "raw"."""
        return self.data.passes if self.data is not None else "track"

    @property
    def report_interval_s(self) -> float:
        if self.data is None:
            return REPORT_INTERVAL_S
        return TURN if self.passes == "raw" else float(self.data.report_interval.value)

    def _closed(self) -> bool:
        now = self.shield.now
        outages = self.data.outage if self.data is not None else ()
        return self.down or any(each.from_.value <= now < each.to.value for each in outages)

    def send(self, message: Message, to: Callable[[Message], None]) -> None:
        """Pass a message on, unless the link is down or loses it."""
        self._sent += 1
        if self._closed():
            return
        delay, loss, load = self.added_s, 0.0, 0.0
        if self.data is not None:
            delay += self.data.delay.value
            loss = self.data.loss.value
            if self.data.capacity is not None:
                load = max(1, len(message.missiles)) / self.data.capacity.value
        if loss > 0.0 and self.shield.luck.share("loss", self.name, self._sent) < loss:
            self.shield.tell("link " + self.name, "message lost", cause=message.cause, what=message.kind)
            return
        # What is sent waits until what was sent before it has gone through.
        start = max(self.shield.now, self._free_s)
        self._free_s = start + load
        self.shield.after(self._free_s + delay - self.shield.now, to, message)
