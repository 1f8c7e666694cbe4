"""The record of a run: every event with its time, place, cause and numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: Events are told to this [s, m, deg]; what they rest on is known far less well.
_DIGITS = 3


@dataclass
class Record:
    """Events of one run in the order in which they happened.

    Attributes
    ----------
    kept : whether events are kept; where not, they are counted only
    """

    kept: bool = True
    events: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def add(
        self, time_s: float, node: str, kind: str, missile: str = "", cause: int = -1, **numbers: Any
    ) -> int:
        """Keep an event; gives its number, by which later ones name it as their cause."""
        number = self.count
        self.count += 1
        if self.kept:
            event: dict[str, Any] = {
                "event": number,
                "time_s": round(time_s, _DIGITS),
                "node": node,
                "kind": kind,
            }
            if missile:
                event["missile"] = missile
            if cause >= 0:
                event["cause"] = cause
            for name, value in numbers.items():
                event[name] = round(value, _DIGITS) if isinstance(value, float) else value
            self.events.append(event)
        return number
