"""A run in space and time as it goes on: what was, beside what command and control believes.

Packets add up: one of an id that is known adds to it. Between two places all goes straight on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from .. import czml as c
from ..findings import seconds
from ..globe import flights as f
from ..globe import ground
from ..globe.reach import reach
from ..palette import glow
from .document import Event, Spot
from .flyouts import way_of
from .lanes import Held
from .recording import header_of
from .telling import CAUSES, names_of

if TYPE_CHECKING:
    from midcourse.operation.believing import Belief
    from midcourse.operation.interceptor import Interceptor
    from midcourse.operation.scenario import Course
    from midcourse.operation.shield import Shield

# Between two places of what flies free and of a missile under thrust [s]: straight on between them is within
# 30 m and 25 m of the curve.
_FREE_STEP, _BOOST_STEP = 5.0, 2.0
# A belief that nothing follows counts no longer than this [s].
_GAP = 25.0
# Just before something else is believed [s].
_BEFORE = 1e-3
_DOWN = "#000000"
_TITLES = {"missiles": "Missiles, as they fly", "beliefs": "What command and control believes"}


class Growing:
    """The packets of a run, those that stand at the beginning and those of what has come to be since.

    It reads from the shield and is called by the thread that runs it.
    """

    def __init__(self, shield: Shield) -> None:
        self._shield = shield
        self._names = names_of(header_of(shield))
        self._held = Held()
        self._heard = 0
        self._missiles: list[_Missile] = []
        self._interceptors: list[_Sent] = []
        self._places: set[str] = set()
        self._fated = False

    def begin(self) -> Iterator[c.Packet]:
        """Folders, and what stands on the ground."""
        shield = self._shield
        scenario = shield.scenario
        yield from ground.folders(_TITLES)
        for i, packet in enumerate(ground.radars(scenario.defence, self._names)):
            span = c.interval((0.0, f.LONG))
            packet["point"]["color"] = [{"interval": span, **c.colour(glow(i))}]
            yield packet
        yield from ground.batteries(scenario.defence, self._names)
        yield from self._new_places()
        kind = scenario.courses[0].own.missile.name
        yield from reach(scenario.setting, scenario.architecture, kind, self._names)

    def _new_places(self) -> Iterator[c.Packet]:
        """Launch places and targets that are not there yet."""
        raid = header_of(self._shield).raid
        for end, colour, spots in (
            ("from", ground.LAUNCH, [each.from_ for each in raid]),
            ("to", ground.TARGET, [each.to for each in raid]),
        ):
            for spot in spots:
                name = f"place/{end}/{spot.name}"
                if name not in self._places:
                    self._places.add(name)
                    yield _place(name, spot, colour)

    def upto(self, at_s: float) -> Iterator[c.Packet]:
        """What has come to be up to a time, up to which the shield has run, since it was last asked for."""
        shield = self._shield
        if len(self._missiles) < len(shield.scenario.courses):
            if self._missiles:
                yield from self._new_places()
            new = shield.scenario.courses[len(self._missiles) :]
            self._missiles += [_Missile(len(self._missiles) + i, each) for i, each in enumerate(new)]
        events = shield.record.events[self._heard :]
        self._heard += len(events)
        fates: dict[str, str] = {}
        if shield.done and not self._fated:
            self._fated = True
            fates = {each.missile: each.cause for each in shield.outcome().fates}
        for each in self._missiles:
            yield from each.flown(shield, at_s, fates.get(each.course.name))
            yield from each.believed(shield.command.tracks[each.number].beliefs, at_s)
        yield from self._marks(events)
        yield from self._down(events)
        yield from self._looks(events)
        new_ones = shield.interceptors[len(self._interceptors) :]
        self._interceptors += [_Sent(shield, each) for each in new_ones]
        for sent in self._interceptors:
            yield from sent.upto(at_s)

    def _marks(self, events: Iterable[Event]) -> Iterator[c.Packet]:
        """What happened to missiles on their way."""
        missiles = {each.course.name: each for each in self._missiles}
        for event in events:
            kind = event["kind"]
            if event["node"] not in missiles:
                continue
            missile = missiles[event["node"]]
            name, at = missile.course.name, event["time_s"]
            if kind in ("stage burnout", "burnout"):
                what = f"stage {event['stage']} burnout" if "stage" in event else "burnout"
                yield {
                    "id": f"missile/{name}/{what}",
                    "parent": "missiles",
                    "name": f"{name}: {what}",
                    "availability": c.interval((at, f.LONG)),
                    "position": c.standing(event["lat_deg"], event["lon_deg"], 1e3 * event["altitude_km"]),
                    "point": c.point(f.BOOST, 4),
                }
            elif kind in ("destroyed", "impact"):
                what, colour = ("hit", f.HIT) if kind == "destroyed" else ("impact", f.FREE)
                place = missile.place(missile.ends_s(self._shield))
                mark = f.mark(
                    f"missile/{name}/{what}", "missiles", f"{name}: {what}", (at, f.LONG), place, colour, 10
                )
                yield {**mark, "label": c.label(f"{name} {what}")}

    def _down(self, events: Iterable[Event]) -> Iterator[c.Packet]:
        """Radars that went down, and those that work again."""
        sensors = [each.name for each in self._shield.scenario.defence.sensors]
        tints: dict[str, list[c.Packet]] = {}
        for event in events:
            if event["kind"] in ("fail", "restore") and event["what"] in sensors:
                name, down = event["what"], event["kind"] == "fail"
                colour = _DOWN if down else glow(sensors.index(name))
                # What comes later in the list holds.
                span = c.interval((event["time_s"], f.LONG))
                tints.setdefault(name, []).append({"interval": span, **c.colour(colour)})
        for name, tint in tints.items():
            yield {"id": f"radar/{name}", "point": {"color": tint}}

    def _looks(self, events: Iterable[Event]) -> Iterator[c.Packet]:
        """Lines from radars to what they hold."""
        changed = dict.fromkeys(both for event in events for both in self._held.take(event))
        sensors = [each.name for each in self._shield.scenario.defence.sensors]
        missiles = {each.course.name: each for each in self._missiles}
        for radar, missile in changed:
            spans = list(self._held.spans.get((radar, missile), []))
            if (radar, missile) in self._held.since:
                spans.append((self._held.since[radar, missile], f.LONG))
            ended = missiles[missile].ends_s(self._shield)
            spans = [(a, min(b, ended)) for a, b in spans if a < ended]
            if spans:
                ends, colour = (f"radar/{radar}", f"missile/{missile}"), glow(sensors.index(radar))
                yield {
                    "id": f"look/{radar}/{missile}",
                    "parent": "looks",
                    "name": f"{self._names[radar]} holds {missile}",
                    "availability": c.availability(spans),
                    "polyline": c.line_between(*ends, c.solid(colour, 0.5), 1.0),
                }


class _Missile:
    """A missile of the raid: how it flies, and what is believed of it."""

    def __init__(self, number: int, course: Course) -> None:
        self.number, self.course = number, course
        burnout, impact = course.burnout_s, course.impact_s
        boost = np.arange(0.0, burnout, _BOOST_STEP)
        self._grid = course.at_s + np.concatenate([boost, np.arange(burnout, impact, _FREE_STEP)])
        self._placed = -math.inf
        self._over = False
        self._belief = 0
        self._believed = -math.inf
        self._spans: list[c.Span] = []
        self._open = False
        self._spread = f.Spread()

    def place(self, at_s: float) -> c.Array:
        """Where it is at a time of the raid: (3,) [m]."""
        return np.asarray(self.places(np.array([at_s]))[0])

    def places(self, times_s: c.Array) -> c.Array:
        """Where it is at times of the raid: (n, 3) [m]."""
        course = self.course
        return np.asarray(course.own.states(course.index, times_s - course.at_s)[:, :3])

    def ends_s(self, shield: Shield) -> float:
        """When it ends, as far as is settled."""
        return self.course.at_s + float(shield.bodies.ends[self.number])

    def flown(self, shield: Shield, at_s: float, cause: str | None) -> Iterator[c.Packet]:
        """Its way since it was last asked for; ``cause`` says why it got through, "" that it was hit, once
        that is known.
        """
        course = self.course
        end = self.ends_s(shield)
        until = min(at_s, end)
        packet: c.Packet = {"id": f"missile/{course.name}"}
        if until > self._placed and until >= course.at_s:
            fresh = math.isinf(self._placed)
            times = _between(self._grid, self._placed, until)
            position = c.moving(times, self.places(times))
            self._placed = until
            if fresh:
                burnout = course.burnout_s
                span = (course.at_s, f.LONG)
                told = self._description("")
                packet |= f.missile(course.name, told, course.at_s, burnout, span, position)
            else:
                packet["position"] = position
        if shield.threats[self.number].ended and not self._over:
            self._over = True
            packet["availability"] = c.interval((course.at_s, end))
        if cause is not None:
            why = "hit" if not cause else f"got through: {CAUSES.get(cause, cause)}"
            packet["description"] = self._description(f"; {why}")
        if len(packet) > 1:
            yield packet

    def _description(self, fate: str) -> str:
        course = self.course
        return f"{course.own.missile.name} from {course.start} to {course.target}{fate}."

    def believed(self, beliefs: list[Belief], at_s: float) -> Iterator[c.Packet]:
        """What was believed of it since that was last asked for, with one sigma of both places."""
        until = min(at_s, self._placed)
        told: list[tuple[Belief, c.Array]] = []
        before, fresh = ([*self._spans], self._open), not self._spans
        while self._belief < len(beliefs):
            belief = beliefs[self._belief]
            if belief.at_s > until:
                break
            following = beliefs[self._belief + 1] if self._belief + 1 < len(beliefs) else None
            holds = belief.at_s + _GAP
            if following is not None:
                holds = min(holds, following.at_s - _BEFORE)
            upto = min(holds, until)
            if not self._open:
                self._open = True
                self._spans.append((belief.at_s, f.LONG))
            if upto > self._believed:
                told.append(
                    (belief, _between(np.arange(belief.at_s, upto, _FREE_STEP), self._believed, upto))
                )
                self._believed = upto
            gone = following is None or following.at_s > belief.at_s + _GAP
            if (gone and until >= belief.at_s + _GAP) or (self._over and upto == until):
                self._spans[-1] = (self._spans[-1][0], upto)
                self._open = False
            if following is None or following.at_s > until:
                # It is flown on when next asked for; of one that has lapsed nothing more comes.
                self._belief += not self._open
                break
            self._belief += 1
        name = f"belief/{self.course.name}"
        packet: c.Packet = {"id": name}
        impact: c.Packet = {"id": f"{name}/impact"}
        if before != (self._spans, self._open):
            packet["availability"] = impact["availability"] = c.availability(self._spans)
        if told:
            self._tell(told, fresh, packet, impact)
        yield from (each for each in (packet, impact) if len(each) > 1)

    def _tell(
        self, told: list[tuple[Belief, c.Array]], fresh: bool, packet: c.Packet, impact: c.Packet
    ) -> None:
        """Put what is believed at some times into the packets of the missile and of its impact."""
        from midcourse.physics.earth import WGS84, to_ecef

        course = self.course
        times = np.concatenate([each for _, each in told])
        places, spreads = (
            np.concatenate(parts)
            for parts in zip(*(belief.where(course, each) for belief, each in told), strict=True)
        )
        packet |= {"position": c.moving(times, places), **self._spread.around(times, spreads)}
        # Where it will come down stays as long as nothing else is told.
        ends = np.array([end for _, each in told for end in dict.fromkeys((each[0], each[-1]))])
        lasts = [belief for belief, each in told for _ in dict.fromkeys((each[0], each[-1]))]
        below = np.array([to_ecef(*belief.impact(course), 0.0, WGS84) for belief in lasts])
        around = np.stack([belief.impact_spread(course) for belief in lasts])
        impact |= {"position": c.moving(ends, below), **self._spread.below(ends, around)}
        name = packet["id"]
        if fresh:
            packet |= {
                "parent": "beliefs",
                "name": f"{course.name} as believed",
                "description": "Where command and control believes it: it flies its track on until it is "
                "told more. The axes of the ellipsoid are one sigma, in their true size. The line leads to "
                "where it is.",
                "point": c.point(f.BELIEVED, 6),
                "path": c.trail(c.dashed(f.BELIEVED), 1.5, 0.0, f.LONG),
                "polyline": c.line_between(f"missile/{course.name}", name, c.solid(f.BELIEVED), 1.0),
            }
            impact |= {
                "parent": "beliefs",
                "name": f"{course.name}: where it is believed to come down",
                "description": "The axes of the ellipse are one sigma; none is drawn larger than "
                f"{f.LARGEST / 1e3:,.0f} km.",
                "point": c.point(f.BELIEVED, 5),
            }


class _Sent:
    """An interceptor on its way."""

    def __init__(self, shield: Shield, interceptor: Interceptor) -> None:
        self._own = interceptor
        self._way = way_of(shield, interceptor)
        self._placed = -math.inf
        self._over = False

    def upto(self, at_s: float) -> Iterator[c.Packet]:
        """Its way since it was last asked for."""
        own = self._own
        name, left, meet = own.name, own.launch_s, own.meet_s
        until = min(at_s, meet)
        packet: c.Packet = {"id": f"interceptor/{name}"}
        fresh = math.isinf(self._placed)
        if fresh:
            packet = f.interceptor(name, name, f"{name} left at {seconds(left)}.", (left, f.LONG))
        if until > self._placed and self._way is not None:
            times = _between(self._way[0], self._placed, until)
            places = np.stack([np.interp(times, self._way[0], axis) for axis in self._way[1].T], axis=1)
            moving = f.way(times, places)
            packet |= moving if fresh else {"position": moving["position"]}
        self._placed = max(self._placed, until)
        if own.outcome and not self._over:
            self._over = True
            packet["availability"] = c.interval((left, meet))
            packet["description"] = f"{name} left at {seconds(left)}, {own.outcome} at {seconds(meet)}."
        if len(packet) > 1:
            yield packet


def _between(grid: c.Array, after: float, until: float) -> c.Array:
    """The times of a grid after one and before another, and that other."""
    return np.append(grid[(grid > after) & (grid < until - _BEFORE)], until)


def _place(name: str, spot: Spot, colour: str) -> c.Packet:
    return ground.stands(name, "places", spot.name, spot.lat_deg, spot.lon_deg, colour)
