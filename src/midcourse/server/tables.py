"""Fly-out tables of bases that are dragged about, and of interceptors whose figures are being set.

Those of the dossier's own interceptors where the dossier has them are kept as everywhere. Those of other
places and other figures come and go: the last used stay, and none is written to the disk. Until the table of
a new place or a new payload is there, one is read between others (``model.flyouts_between``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..dossier import Dossier
from ..model import Battery, FlyoutFamily
from ..model.defence import Place
from ..model.flyouts import flyout_family, flyout_table
from ..model.flyouts_between import (
    LATITUDES_APART,
    PAYLOADS_APART,
    latitudes_round,
    payloads_round,
    table_between,
)
from ..model.memory import Memory
from ..model.rocket import interceptor_vehicle, vehicle_key
from ..physics.earth import WGS84, to_ecef
from ..physics.flight import Vehicle
from ..physics.flyout import Flyout
from .shared import Shared
from .standing import loads, moves, stands

#: Memory that tables of moved bases take, at most [bytes]: some sixty of them.
MOST_BYTES = 384 << 20
# Tables that are waited for by nobody yet, at most.
_MOST_ASIDE = 8

Stop = Callable[[], bool] | None


@dataclass(frozen=True)
class _Wanted:
    """A table: of a vehicle from a site, up to a flight time [s] and down to an altitude [m]."""

    vehicle: Vehicle
    site: Place
    longest_s: float
    lowest_m: float

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What the table depends on, without its site's longitude."""
        site = self.site
        return vehicle_key(self.vehicle), self.longest_s, self.lowest_m, site.altitude, round(site.lat, 12)

    def made(self) -> tuple[Flyout, int]:
        """The table, on the meridian of Greenwich, and its bytes."""
        table = flyout_table(self.vehicle, replace(self.site, lon=0.0), self.longest_s, self.lowest_m)
        return table, _bytes(table)


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

    @property
    def busy(self) -> bool:
        """Whether tables are being worked out that nobody waits for yet."""
        return self._shared.begun > 0

    def family(self, dossier: Dossier, battery: Battery, preview: bool, stopped: Stop) -> FlyoutFamily:
        """The tables of a battery of which nothing is sampled; for a ``preview`` one read between others will
        do. ``Stopped`` soon after ``stopped`` says so.
        """
        key = (*_wanted(dossier, battery).key, battery.site.lon)
        exact = self._shared.known(key)
        if exact is not None:
            return exact  # type: ignore[no-any-return]
        if preview and not stands(dossier, battery):
            read = self._between(dossier, battery, (*key, "between"))
            if read is not None:
                return read
            self._warm(*_near(dossier, battery, moves(dossier, battery)))
        return self._shared.get(key, lambda: self._made(dossier, battery), stopped)

    def warm(self, dossier: Dossier, battery: Battery) -> list[Future[Any]]:
        """Have the tables worked out, in the background, between which those of near places are read, and
        which are not there yet.
        """
        return self._warm(*_near(dossier, battery, moving=True))

    def _warm(self, at: float, near: list[tuple[float, _Wanted]]) -> list[Future[Any]]:
        begun = []
        for _, wanted in sorted(near, key=lambda each: abs(each[0] - at)):
            if self._shared.begun < _MOST_ASIDE:
                begun.append(self._shared.begin((*wanted.key, "alone"), wanted.made, self._aside))
        return [job for job in begun if job is not None]

    def close(self) -> None:
        """Begin no further tables."""
        self._aside.shutdown(wait=False, cancel_futures=True)

    def _between(self, dossier: Dossier, battery: Battery, key: Hashable) -> FlyoutFamily | None:
        """The tables read between others, if those are there."""
        known = self._shared.known(key)
        if known is not None:
            return known  # type: ignore[no-any-return]
        at, near = _near(dossier, battery, moves(dossier, battery))
        found = (self._shared.known((*wanted.key, "alone")) for _, wanted in near)
        tables: list[Flyout] = [each for each in found if each is not None]
        if not near or len(tables) < len(near):
            return None
        table = table_between([point for point, _ in near], tables, at, battery.site)
        if table is None:
            return None
        made = FlyoutFamily.alone(table)
        self._shared.put(key, made, _bytes(table))
        for next_ in _onward(battery, moves(dossier, battery)):
            self._warm(*_near(dossier, next_, moves(dossier, battery)))
        return made

    def _made(self, dossier: Dossier, battery: Battery) -> tuple[FlyoutFamily, int]:
        site = battery.site
        if stands(dossier, battery):
            family = flyout_family(dossier, battery.interceptor.name, site, (), self._memory)
            return family, 0
        table, heavy = _wanted(dossier, battery).made()
        here = np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))
        return FlyoutFamily.alone(table._replace(site=here)), heavy


def _wanted(dossier: Dossier, battery: Battery) -> _Wanted:
    """A battery's own table."""
    parameters, prefix = dossier.parameters(), f"interceptor.{battery.interceptor.name}."
    longest, lowest = parameters[prefix + "longest_flight"], parameters[prefix + "minimum_altitude"]
    return _Wanted(battery.interceptor.vehicle, battery.site, longest.highest, lowest.lowest)


def _near(dossier: Dossier, battery: Battery, moving: bool) -> tuple[float, list[tuple[float, _Wanted]]]:
    """Where a battery's table lies between others, and these with their points: by latitude where the base
    is moving, by payload where that or the burnout speed has been imposed; none otherwise.
    """
    own, interceptor = _wanted(dossier, battery), battery.interceptor
    if moving:
        lats = latitudes_round(own.site.lat)
        return own.site.lat, [(lat, replace(own, site=replace(own.site, lat=lat))) for lat in lats]
    payloads = payloads_round(interceptor.payload_kg) if loads(dossier, battery) else ()
    vehicles = [interceptor_vehicle(dossier, interceptor.name, each) for each in payloads]
    near = [(math.log(m), replace(own, vehicle=each)) for m, each in zip(payloads, vehicles, strict=True)]
    return math.log(interceptor.payload_kg), near


def _onward(battery: Battery, moving: bool) -> tuple[Battery, Battery]:
    """The battery where it may get to next: on either side by as much as tables are apart."""
    site, interceptor = battery.site, battery.interceptor
    if moving:
        north, south = (replace(site, lat=site.lat + step) for step in (LATITUDES_APART, -LATITUDES_APART))
        return replace(battery, site=north), replace(battery, site=south)
    heavy, light = (
        replace(interceptor, payload_kg=interceptor.payload_kg * factor)
        for factor in (PAYLOADS_APART, 1.0 / PAYLOADS_APART)
    )
    return replace(battery, interceptor=heavy), replace(battery, interceptor=light)


def _bytes(table: Flyout) -> int:
    return sum(each.nbytes for each in table)
