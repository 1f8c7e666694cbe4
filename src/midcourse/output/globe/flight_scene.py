"""One flight against an architecture as a scene: who sees it when and how well it is known, from when to when
interceptors can leave, and where they meet it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import czml as c
from .. import numbers
from ..findings import flight_finding, listed, seconds, sensor_names, short_place
from ..listing import looks, meets
from ..palette import glow
from . import flights as f
from . import ground
from .reach import reach
from .scene import Happening, Kind, Scene

if TYPE_CHECKING:
    from midcourse.analysis.play import Played, Shot
    from midcourse.analysis.watching import Watch

#: What the only missile of the scene is called.
MISSILE = "M1"
# Simulated seconds a second.
_MULTIPLIER = 20.0


def flight_scene(played: Played) -> Scene:
    """The scene of a flight; times are seconds after its launch."""
    told = _Telling(played)
    return Scene(
        list(told.packets()), (0.0, told.impact_s), list(told.happenings()), told.finding, list(told.rows())
    )


@dataclass(frozen=True)
class _Telling:
    played: Played

    @cached_property
    def document(self) -> dict[str, Any]:
        from midcourse.analysis.single import document_of

        p = self.played
        ends = [(each.lat.value, each.lon.value) for each in (p.launch, p.target)]
        return document_of(p.setting.dossier, p.watching, ends[0], ends[1])

    @cached_property
    def names(self) -> dict[str, str]:
        """What to call radars."""
        return sensor_names(self.document["sensors"])

    @property
    def impact_s(self) -> float:
        return self.played.watching.impact_s

    @property
    def finding(self) -> str:
        return flight_finding(self.document)

    @cached_property
    def title(self) -> str:
        p = self.played
        return f"{p.flights.missile.title}, {p.launch.name} to {p.target.name}"

    @cached_property
    def moments(self) -> list[f.Moment]:
        """What happens to the missile on its own."""
        return list(f.moments(self.played.flights, 0))

    def place(self, time_s: float) -> tuple[float, float, float]:
        """Where the missile is: degrees and km."""
        from midcourse.model.flights import geodetic

        lat, lon, altitude = geodetic(self.fixed(time_s)[None])[0]
        return (*ground.degrees(lat, lon), float(altitude / 1e3))

    def fixed(self, time_s: float) -> c.Array:
        """Where the missile is in the Earth-fixed frame: (3,) [m]."""
        return np.asarray(self.played.flights.states(0, np.array([time_s]))[0, :3])

    # What is drawn.

    def packets(self) -> Iterator[c.Packet]:
        p = self.played
        defence = p.setting.defence(p.architecture)
        yield c.document(
            self.title,
            f"{self.finding} {defence.title}, nominal figures, every look and every launch that the model "
            f"allows: no chance is in it. The date is of no account: the missile leaves at {c.instant(0.0)}.",
            (0.0, self.impact_s),
            _MULTIPLIER,
        )
        yield from ground.folders(
            {"missiles": "The missile", "beliefs": "How well all radars together know it"}
        )
        yield from ground.radars(defence, self.names)
        sites = {each.name: short_place(each.site.title) for each in defence.batteries}
        yield from ground.batteries(defence, sites)
        for point, end, colour in ((p.launch, "from", ground.LAUNCH), (p.target, "to", ground.TARGET)):
            spot = ground.degrees(point.lat.value, point.lon.value)
            yield ground.stands(f"place/{end}/{point.name}", "places", point.name, *spot, colour)
        yield from reach(p.setting, p.architecture, p.flights.missile.name, self.names)
        yield from self._missile()
        yield from self._known()
        for i, watch in enumerate(p.watching.sensors):
            yield from self._looks(watch, glow(i))
        for shot in p.shots:
            yield from self._shot(shot)

    def _missile(self) -> Iterator[c.Packet]:
        own, end = self.played.flights, self.impact_s
        burnout = float(own.burnout_s[0])
        times = f.flight_times(burnout, end)
        places = own.states(0, times)[:, :3]
        name = f"missile/{MISSILE}"
        yield f.whole_way(MISSILE, places)
        top = numbers.amount(own.apogee_m[0] / 1e3, "km", places=0)
        yield f.missile(
            MISSILE, f"{self.title}: {seconds(end)}, apogee {top}.", 0.0, burnout, (0.0, end),
            f.flown(times, places),
        )  # fmt: skip
        for i, (kind, at, what) in enumerate(self.moments, start=1):
            colour = f.BOOST if kind == "burnout" else f.FREE
            span = (at, end)
            yield f.mark(f"{name}/{i}", "missiles", f"{MISSILE}: {what}", span, self.fixed(at), colour, 4)

    def _known(self) -> Iterator[c.Packet]:
        """How well the missile is known, and its place of impact."""
        spread = self.played.spread
        if spread is None or len(spread.times) < 2:
            return
        name, span = f"belief/{MISSILE}", (float(spread.times[0]), float(spread.times[-1]))
        errors, target = f.Spread(), self.played.target
        yield {
            "id": name,
            "parent": "beliefs",
            "name": f"{MISSILE} as it is known",
            "description": "The axes of the ellipsoid are one sigma of the track of all radars together, in "
            "their true size; none is told smaller than 10 m.",
            "availability": c.interval(span),
            "position": {"reference": f"missile/{MISSILE}#position"},
            **errors.around(spread.times, spread.places),
        }
        yield {
            "id": f"{name}/impact",
            "parent": "beliefs",
            "name": f"{MISSILE}: where it will come down, as it is known",
            "description": "The axes of the ellipse are one sigma of the place of impact; none is told "
            f"smaller than 500 m, and none drawn larger than {f.LARGEST / 1e3:,.0f} km.",
            "availability": c.interval(span),
            "position": c.standing(*ground.degrees(target.lat.value, target.lon.value)),
            **errors.below(spread.times, spread.impacts),
        }

    def _looks(self, watch: Watch, colour: str) -> Iterator[c.Packet]:
        held = [(a, min(b, self.impact_s)) for a, b in watch.intervals_s if b > a]
        if held:
            yield {
                "id": f"look/{watch.sensor}/{MISSILE}",
                "parent": "looks",
                "name": f"{self.names[watch.sensor]} looks at {MISSILE}",
                "availability": c.availability(held),
                "polyline": c.line_between(
                    f"radar/{watch.sensor}", f"missile/{MISSILE}", c.solid(colour, 0.6), 1.5
                ),
            }

    def _shot(self, shot: Shot) -> Iterator[c.Packet]:
        site = short_place(shot.battery.site.title)
        name, title = f"{shot.battery.name}/{shot.which}", f"{site}, {shot.which} launch"
        packet = f.interceptor(
            name, title,
            f"{shot.battery.interceptor.title} from {shot.battery.site.title}, the {shot.which} launch that "
            f"is possible: leaves at {seconds(shot.launch_s)}, meets at {seconds(shot.meet_s)}.",
            (shot.launch_s, shot.meet_s),
        )  # fmt: skip
        if len(shot.times):
            packet |= f.way(shot.times, shot.places)
        yield packet
        met = f"interceptor/{name}/met"
        what = "earliest intercept" if shot.which == "first" else "intercept by the last launch"
        colour, span = f.HIT if shot.which == "first" else f.MISS, (shot.meet_s, self.impact_s)
        yield f.mark(met, "interceptors", f"{site}: {what}", span, self.fixed(shot.meet_s), colour, 9)

    # What happens.

    def happenings(self) -> Iterator[Happening]:
        p = self.played
        watching = p.watching

        def there(time_s: float, kind: Kind, label: str) -> Happening:
            return Happening(time_s, kind, label, *self.place(time_s))

        yield there(0.0, "launch", f"Launch at {p.launch.name}")
        for kind, at, what in self.moments:
            yield there(at, kind, f"{what[0].upper()}{what[1:]}")
        if watching.declared_s is not None:
            yield there(watching.declared_s, "other", "Early warning declares the launch")
        for each in watching.sensors:
            found: dict[float, list[str]] = {}
            for time_s, what in (
                (each.first_seen_s, "sees it"),
                (each.first_warhead_s, "has the warhead in track"),
                (each.resolved_s, "tells warhead from stage"),
            ):
                if time_s is not None:
                    found.setdefault(round(time_s, 1), []).append(what)
            for moment, whats in found.items():
                yield there(moment, "sight", f"{self.names[each.sensor]} {listed(whats)}")
        commit = watching.engagement.commit_s
        if not np.isnan(commit):
            yield there(commit, "commit", "The track is good enough: interceptors may be launched")
        for shot in p.shots:
            site = shot.battery.site
            name = short_place(site.title)
            spot = ground.degrees(site.lat, site.lon)
            yield Happening(
                shot.launch_s, "interceptor", f"{name}: {shot.which} launch that is possible", *spot, 0.0
            )
            if shot.which == "first":
                yield there(shot.meet_s, "intercept", f"{name}: earliest intercept")
        yield there(self.impact_s, "impact", f"Impact at {p.target.name}, if nothing meets it")

    # What there is to say.

    def rows(self) -> Iterator[tuple[str, str]]:
        p, d = self.played, self.document
        own = p.flights
        yield "Missile", own.missile.title
        yield (
            "Flight",
            (
                f"{p.launch.name} to {p.target.name}, {seconds(self.impact_s)}, apogee "
                f"{numbers.amount(own.apogee_m[0] / 1e3, 'km', places=0)}"
            ),
        )
        declared = p.watching.declared_s
        yield "Early warning", "none" if declared is None else f"declares the launch at {seconds(declared)}"
        for each in d["sensors"]:
            yield self.names[each["sensor"]], _narrow(looks(each))
        commit = d["commit_s"]
        yield (
            "Launch allowed",
            "never: no track is good enough" if commit is None else f"from {seconds(commit)}",
        )
        for site, told in zip(p.watching.engagement.sites, d["sites"], strict=True):
            what = p.setting.interceptor(site.interceptor).title
            label = f"{short_place(told['place'])}, {short_place(what)}"
            yield label, _narrow(meets(told))
        if d["engageable"]:
            yield "Shots in turn", str(d["shots"])


def _narrow(text: str) -> str:
    """A line of the terminal with the spaces before units that a page has."""
    return re.sub(r"(?<=\d) (?=(?:s|dB)\b)", numbers.NARROW_SPACE, text)
