"""Fly-out tables of bases that are dragged about.

Those of the dossier's own interceptors where the dossier has them are kept as everywhere. Those of other
places and other figures come and go: the last used stay, and none is written to the disk. Until the table of
a new place is there, one is read between those of other latitudes (``model.latitudes``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np

from ..dossier import Dossier
from ..model import Battery, FlyoutFamily
from ..model.defence import Place
from ..model.flyouts import flyout_family, flyout_table
from ..model.latitudes import latitudes_round, table_between
from ..model.memory import Memory
from ..physics.earth import WGS84, to_ecef
from ..physics.flyout import Flyout
from .shared import Shared
from .standing import moves, stands

#: Memory that tables of moved bases take, at most [bytes]: some sixty of them.
MOST_BYTES = 384 << 20

Stop = Callable[[], bool] | None


class Tables:
    """Fly-out tables for maps, by interceptor and site.

    Parameters
    ----------
    memory : where tables of the dossier's own bases are
    pool : works tables out
    """

    def __init__(self, memory: Memory, pool: ThreadPoolExecutor, most_bytes: int = MOST_BYTES) -> None:
        self._memory = memory
        self._shared = Shared(pool, most_bytes)
        # What nobody waits for yet keeps nobody waiting.
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="tables")

    @property
    def bytes(self) -> int:
        """Memory that tables of moved bases take [bytes]."""
        return self._shared.bytes

    def family(self, dossier: Dossier, battery: Battery, preview: bool, stopped: Stop) -> FlyoutFamily:
        """The tables of a battery of which nothing is sampled; for a ``preview`` one read between latitudes
        will do. ``Stopped`` soon after ``stopped`` says so.
        """
        key = self._key(dossier, battery)
        exact = self._shared.known(key)
        if exact is not None:
            return exact  # type: ignore[no-any-return]
        if preview and moves(dossier, battery):
            read = self._between(dossier, battery)
            if read is not None:
                return read
            self.warm(dossier, battery)
        return self._shared.get(key, lambda: self._made(dossier, battery), stopped)

    def warm(self, dossier: Dossier, battery: Battery) -> list[Future[Any]]:
        """Have the tables worked out, in the background, between which those of near latitudes are read, and
        which are not there yet.
        """
        site, under_way = battery.site, []
        for lat in sorted(latitudes_round(site.lat), key=lambda each: abs(each - site.lat)):
            key, at = self._at_latitude(dossier, battery, lat), replace(site, lat=lat, lon=0.0)

            def make(at: Place = at) -> tuple[Flyout, int]:
                table = _table(dossier, battery, at)
                return table, _heavy(table)

            under_way.append(self._shared.begin(key, make, self._aside))
        return [job for job in under_way if job is not None]

    def close(self) -> None:
        """Begin no further tables."""
        self._aside.shutdown(wait=False, cancel_futures=True)

    def _between(self, dossier: Dossier, battery: Battery) -> FlyoutFamily | None:
        """The tables read between latitudes, if those are there."""
        key = (*self._key(dossier, battery), "between")
        known = self._shared.known(key)
        if known is not None:
            return known  # type: ignore[no-any-return]
        lats = latitudes_round(battery.site.lat)
        near = (self._shared.known(self._at_latitude(dossier, battery, lat)) for lat in lats)
        tables: list[Flyout] = [each for each in near if each is not None]
        if not lats or len(tables) < len(lats):
            return None
        table = table_between(lats, tables, battery.site)
        if table is None:
            return None
        made = FlyoutFamily.alone(table)
        self._shared.put(key, made, _heavy(table))
        return made

    def _made(self, dossier: Dossier, battery: Battery) -> tuple[FlyoutFamily, int]:
        site = battery.site
        if stands(dossier, battery):
            family = flyout_family(dossier, battery.interceptor.name, site, (), self._memory)
            return family, 0
        table = _table(dossier, battery, replace(site, lon=0.0))
        here = np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))
        return FlyoutFamily.alone(table._replace(site=here)), _heavy(table)

    def _key(self, dossier: Dossier, battery: Battery) -> tuple[object, ...]:
        site = battery.site
        return (*_ends(dossier, battery), site.altitude, site.lat, site.lon)

    def _at_latitude(self, dossier: Dossier, battery: Battery, lat: float) -> tuple[object, ...]:
        return (*_ends(dossier, battery), battery.site.altitude, round(math.degrees(lat)))


def _ends(dossier: Dossier, battery: Battery) -> tuple[str, float, float]:
    """The vehicle, and how far its tables go: longest flight [s] and lowest intercept [m]."""
    parameters, prefix = dossier.parameters(), f"interceptor.{battery.interceptor.name}."
    longest, lowest = parameters[prefix + "longest_flight"], parameters[prefix + "minimum_altitude"]
    return battery.interceptor.key, longest.highest, lowest.lowest


def _table(dossier: Dossier, battery: Battery, site: Place) -> Flyout:
    return flyout_table(battery.interceptor.vehicle, site, *_ends(dossier, battery)[1:])


def _heavy(table: Flyout) -> int:
    return sum(each.nbytes for each in table)
