"""Flights of a missile as a scene, whoever might see them: all leave at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from .. import czml as c
from .. import numbers
from ..findings import seconds
from . import flights as f
from . import ground
from .scene import Happening, Scene

if TYPE_CHECKING:
    from midcourse.model import Flights

#: More flights than these are shown by some of them, evenly chosen.
MOST_FLIGHTS = 100
# Simulated seconds a second.
_MULTIPLIER = 20.0


def aimed_scene(flights: Flights, name_of: Callable[[float, float], str]) -> Scene:
    """The scene of flights; times are seconds after launch. ``name_of`` names places [deg]."""
    chosen = np.unique(np.linspace(0, len(flights) - 1, min(len(flights), MOST_FLIGHTS)).astype(int)).tolist()
    shown = [_Flight(flights, i, f"M{number}", name_of) for number, i in enumerate(chosen, start=1)]
    span = (0.0, max(each.impact_s for each in shown))
    finding = _finding(flights, shown)
    return Scene(
        [c.document(flights.missile.title, finding, span, _MULTIPLIER), *_packets(shown)], span,
        list(_happenings(shown)), finding, [(each.name, each.told) for each in shown],
    )  # fmt: skip


class _Flight:
    def __init__(
        self, flights: Flights, index: int, name: str, name_of: Callable[[float, float], str]
    ) -> None:
        self.flights, self.index, self.name = flights, index, name
        self.impact_s = float(flights.impact_s[index])
        self.ends = [_degrees(each[index]) for each in (flights.launches, flights.targets)]
        self.start, self.target = (name_of(*end) for end in self.ends)

    @property
    def told(self) -> str:
        top = numbers.amount(self.flights.apogee_m[self.index] / 1e3, "km", places=0)
        return f"{self.start} to {self.target}, {seconds(self.impact_s)}, apogee {top}"

    def places(self, times_s: c.Array) -> c.Array:
        return np.asarray(self.flights.states(self.index, times_s)[:, :3])

    def packets(self) -> Iterator[c.Packet]:
        burnout = float(self.flights.burnout_s[self.index])
        times = f.flight_times(burnout, self.impact_s)
        places = self.places(times)
        yield f.whole_way(self.name, places)
        told = f"{self.flights.missile.title}: {self.told}."
        span = (0.0, self.impact_s)
        yield f.missile(self.name, told, 0.0, burnout, span, f.flown(times, places))
        for i, (kind, at, what) in enumerate(f.moments(self.flights, self.index), start=1):
            colour = f.BOOST if kind == "burnout" else f.FREE
            place = self.places(np.array([at]))[0]
            yield f.mark(
                f"missile/{self.name}/{i}", "missiles", f"{self.name}: {what}", (at, self.impact_s), place,
                colour, 4,
            )  # fmt: skip


def _packets(shown: list[_Flight]) -> Iterator[c.Packet]:
    yield from ground.folders({"missiles": "Missiles, as they fly"})
    for which, colour in ((0, ground.LAUNCH), (1, ground.TARGET)):
        spots = {(each.start, each.target)[which]: each.ends[which] for each in shown}
        for name, spot in spots.items():
            yield ground.stands(f"place/{('from', 'to')[which]}/{name}", "places", name, *spot, colour)
    for each in shown:
        yield from each.packets()


def _happenings(shown: list[_Flight]) -> Iterator[Happening]:
    alone = len(shown) == 1
    first = shown[0]
    if alone:
        yield Happening(0.0, "launch", f"Launch at {first.start}", *first.ends[0], 0.0)
        for kind, at, what in f.moments(first.flights, first.index):
            yield Happening(at, kind, f"{what[0].upper()}{what[1:]}")
    else:
        yield Happening(0.0, "launch", f"Launch of {len(shown)} missiles")
    for each in shown:
        label = f"Impact at {each.target}" if alone else f"{each.name}: impact at {each.target}"
        yield Happening(each.impact_s, "impact", label, *each.ends[1], 0.0)


def _finding(flights: Flights, shown: list[_Flight]) -> str:
    first = shown[0]
    if len(flights) == 1:
        return f"{flights.missile.title}: {first.told}."
    times, tops = flights.impact_s, flights.apogee_m / 1e3
    flown = numbers.interval(times.min(), times.max(), "s")
    apogees = numbers.interval(tops.min(), tops.max(), "km")
    some = "" if len(shown) == len(flights) else f" Shown are {len(shown)} of them, evenly chosen."
    return (
        f"{numbers.counted(len(flights), 'flight')} of {flights.missile.title}: {flown}, apogees {apogees}."
        f"{some}"
    )


def _degrees(place: c.Array) -> tuple[float, float]:
    return float(np.degrees(place[0])), float((np.degrees(place[1]) + 180.0) % 360.0 - 180.0)
