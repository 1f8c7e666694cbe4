"""Which radars and bases stand where the dossier has them, as opposed to those that somebody is moving."""

from __future__ import annotations

import threading
from collections import OrderedDict

from ..analysis.outlook import Station
from ..dossier import Dossier
from ..model import Battery, Sensor


def stands(dossier: Dossier, part: Battery | Sensor) -> bool:
    """Whether no figure was imposed that moves a part, or changes its interceptor."""
    own = [f"site.{part.site.name}.", "architecture."]
    if isinstance(part, Battery):
        own += [f"interceptor.{part.interceptor.name}.", "motor.", "drag."]
    else:
        own += [f"site.{part.transmitter.name}."]
    return not any(path.startswith(tuple(own)) for path in dossier.insisted)


def moves(dossier: Dossier, battery: Battery) -> bool:
    """Whether somebody imposed where a battery stands."""
    return any(path.startswith(f"site.{battery.site.name}.") for path in dossier.insisted)


def loads(dossier: Dossier, battery: Battery) -> bool:
    """Whether somebody imposed what a battery's interceptors carry, or how fast they burn out, and nothing
    else that their fly-out depends on.
    """
    own = f"interceptor.{battery.interceptor.name}."
    carried = {own + "payload", own + "burnout_speed"}
    other = tuple(own + field for field in _OF_FLYOUT)
    touched = [path for path in dossier.insisted if path.startswith((*carried, *other, "motor.", "drag."))]
    return bool(touched) and carried.issuperset(touched)


# Of an interceptor, what its fly-out depends on beside its payload.
_OF_FLYOUT = ("stage", "drag", "rise_time", "pitch_time", "longest_flight", "minimum_altitude")


class Standing:
    """Stations, and fly-out tables by their keys, of parts that stand: those asked about last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Station | int, None] = OrderedDict()
        self._guard = threading.Lock()

    def __contains__(self, each: object) -> bool:
        return each in self._known

    def add(self, each: Station | int) -> None:
        with self._guard:
            self._known[each] = None
            self._known.move_to_end(each)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
