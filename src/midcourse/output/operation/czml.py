"""A run in space and time, for CesiumJS: what was, beside what command and control believed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import czml as c
from .document import Recorded
from .growing import Growing
from .telling import finding, setting

if TYPE_CHECKING:
    from midcourse.operation.shield import Shield

MULTIPLIER = 20.0


def czml(run: Recorded, shield: Shield) -> str:
    """The run as CZML. ``shield`` knows the flights, of which the record has but moments."""
    return c.written(packets(run, shield))


def packets(run: Recorded, shield: Shield) -> Iterator[c.Packet]:
    """All packets, what others refer to before them."""
    end = end_of(run)
    yield c.document(
        finding(run),
        f"{setting(run)} What was stands beside what command and control believed. The date is of no "
        f"account: the raid begins at {c.instant(0.0)}. An interceptor is drawn on the fastest way to "
        "where it meets the missile, stretched in time where it has longer.",
        (0.0, end),
        MULTIPLIER,
    )
    growing = Growing(shield)
    whole: dict[str, c.Packet] = {}
    for packet in (*growing.begin(), *growing.upto(end)):
        _add(whole.setdefault(packet["id"], {}), packet)
    yield from whole.values()


def end_of(run: Recorded) -> float:
    """When all is over, and every missile would be down [s]."""
    return max([run.summary.ended_s, *(each.at_s + each.impact_s for each in run.header.raid)])


def _add(whole: c.Packet, packet: c.Packet) -> None:
    """Add a packet to those before it of the same id, of which it says more: lists go on."""
    for key, value in packet.items():
        if isinstance(value, dict) and isinstance(whole.get(key), dict):
            _add(whole[key], value)
        elif isinstance(value, list) and isinstance(whole.get(key), list):
            whole[key] += value
        else:
            whole[key] = value
