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
