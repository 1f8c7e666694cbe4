"""A run in space and time, for CesiumJS: what was, beside what command and control believed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .. import czml as c
from ..findings import seconds
from ..palette import stroke
from .document import Event, FatePart, MissilePart, Recorded, Spot
from .flyouts import way_of
from .lanes import held_spans, spans
from .telling import CAUSES, finding, names_of, setting

if TYPE_CHECKING:
    from midcourse.operation.scenario import Course
    from midcourse.operation.shield import Shield

BOOST, FREE, BELIEVED, INTERCEPTOR, HIT, MISS = (
    "#ffb000",
    "#d55e00",
    "#cc79a7",
    "#56b4e9",
    "#f0e442",
    "#999999",
)
BATTERY, LAUNCH, TARGET = "#0072b2", "#e69f00", "#ffffff"
MULTIPLIER = 20.0
# Between two places of a missile under thrust, and in free flight [s].
_BOOST_STEP, _FREE_STEP = 2.0, 10.0
# Degree of the curve through them; places closer than this would make it swing [s].
_DEGREE, _APART = 3, 2.0
# Beliefs further apart than this do not belong to one run of them [s].
_GAP = 25.0
# The world drawn is never finer than this [m].
_LEAST = 1.0
_LONG = 1e5  # s, longer than any raid


def czml(run: Recorded, shield: Shield) -> str:
    """The run as CZML. ``shield`` knows the flights, of which the record has but moments."""
    return c.written(packets(run, shield))


def packets(run: Recorded, shield: Shield) -> Iterator[c.Packet]:
    """All packets, what others refer to before them."""
    end = max([run.summary.ended_s, *(each.at_s + each.impact_s for each in run.header.raid)])
    yield c.document(
        finding(run),
        f"{setting(run)} What was stands beside what command and control believed. The date is of no "
        f"account: the raid begins at {c.instant(0.0)}. An interceptor is drawn on the fastest way to "
        "where it meets the missile, stretched in time where it has longer.",
        (0.0, end),
        MULTIPLIER,
    )
    yield from _places(run)
    fates = {each.missile: each for each in run.summary.fates}
    for missile, course in zip(run.header.raid, shield.scenario.courses, strict=True):
        yield from _missile(missile, course, fates[missile.name], run, end)
        yield from _believed(missile, course, run)
    yield from _looks(run)
    for interceptor in shield.interceptors:
        name, left, ended = interceptor.name, interceptor.launch_s, interceptor.meet_s
        way = way_of(shield, interceptor)
        packet: c.Packet = {
            "id": f"interceptor/{name}",
            "parent": "interceptors",
            "name": name,
            "description": f"{name} left at {seconds(left)}, {interceptor.outcome} at {seconds(ended)}.",
            "availability": c.interval((left, ended)),
        }
        if way is not None:
            packet |= {
                "position": c.moving(*way),
                "point": c.point(INTERCEPTOR, 6),
                "path": c.trail(c.solid(INTERCEPTOR), 1.5, 0.0, _LONG),
            }
        yield packet


def _places(run: Recorded) -> Iterator[c.Packet]:
    """What stands on the ground, in folders of its own."""
    for name, title in (
        ("radars", "Radars"), ("batteries", "Interceptor sites"), ("places", "Launch places and targets"),
        ("missiles", "Missiles, as they were"), ("beliefs", "What command and control believed"),
        ("interceptors", "Interceptors"), ("looks", "Which radar held what"),
    ):  # fmt: skip
        yield {"id": name, "name": title}
    names = names_of(run.header)
    for i, sensor in enumerate(run.header.sensors):
        packet = _stands(f"radar/{sensor.name}", "radars", names[sensor.name], sensor.site, stroke(i).colour)
        down = spans(run, "fail", "restore", what=sensor.name)
        if down:
            # What comes later in the list holds.
            tints = [{"interval": c.interval((0.0, _LONG)), **c.colour(stroke(i).colour)}]
            tints += [{"interval": c.interval(span), **c.colour("#000000")} for span in down]
            packet["point"]["color"] = tints
        yield packet
    for battery in run.header.batteries:
        packet = _stands(f"battery/{battery.name}", "batteries", names[battery.name], battery.site, BATTERY)
        packet["description"] = f"{battery.inventory} of {battery.interceptor}"
        yield packet
    for colour, spots in (
        (LAUNCH, [each.from_ for each in run.header.raid]), (TARGET, [each.to for each in run.header.raid])
    ):  # fmt: skip
        for spot in {each.name: each for each in spots}.values():
            yield _stands(
                f"place/{'from' if colour == LAUNCH else 'to'}/{spot.name}", "places", spot.name, spot, colour
            )


def _stands(name: str, parent: str, title: str, spot: Spot, colour: str) -> c.Packet:
    return {
        "id": name,
        "parent": parent,
        "name": title,
        "position": c.standing(spot.lat_deg, spot.lon_deg),
        "point": c.point(colour, 8, edge="#000000"),
        "label": c.label(title),
    }


def _times(missile: MissilePart, course: Course, ended_s: float) -> c.Array:
    """When a missile is placed, after its launch: closer under thrust."""
    lasts = min(ended_s - missile.at_s, course.impact_s)
    burnout = min(course.burnout_s, lasts)
    boost = np.linspace(0.0, burnout, max(2, math.ceil(burnout / _BOOST_STEP) + 1))
    free = np.linspace(burnout, lasts, max(2, math.ceil((lasts - burnout) / _FREE_STEP) + 1))
    return np.concatenate([boost, free[1:]])


def _missile(
    missile: MissilePart, course: Course, fate: FatePart, run: Recorded, end: float
) -> Iterator[c.Packet]:
    """A missile as it flew, with what happened on the way."""
    times = _times(missile, course, fate.ended_s)
    places = course.own.states(course.index, times)[:, :3]
    name = f"missile/{missile.name}"
    why = "hit" if fate.cause is None else f"got through: {CAUSES.get(fate.cause, fate.cause)}"
    yield {
        "id": name,
        "parent": "missiles",
        "name": missile.name,
        "description": f"{missile.kind} from {missile.from_.name} to {missile.to.name}; {why}.",
        "availability": c.interval((missile.at_s, missile.at_s + float(times[-1]))),
        "position": c.moving(missile.at_s + times, places, degree=_DEGREE),
        "point": {
            **c.point(FREE, 8),
            "color": [
                {"interval": c.interval((0.0, _LONG)), **c.colour(FREE)},
                {"interval": c.interval((0.0, missile.at_s + course.burnout_s)), **c.colour(BOOST)},
            ],
        },
        "label": c.label(missile.name),
        "path": c.trail(c.solid(FREE), 2.0, 0.0, _LONG),
    }
    for event in run.of(missile.name):
        at = event["time_s"]
        if event["kind"] in ("stage burnout", "burnout"):
            stage = f"stage {event['stage']} burnout" if "stage" in event else "burnout"
            yield {
                "id": f"{name}/{stage}",
                "parent": "missiles",
                "name": f"{missile.name}: {stage}",
                "availability": c.interval((at, end)),
                "position": c.standing(event["lat_deg"], event["lon_deg"], 1e3 * event["altitude_km"]),
                "point": c.point(BOOST, 4),
            }
        elif event["kind"] in ("destroyed", "impact"):
            what = "hit" if event["kind"] == "destroyed" else "impact"
            yield {
                "id": f"{name}/{what}",
                "parent": "missiles",
                "name": f"{missile.name}: {what}",
                "availability": c.interval((at, end)),
                "position": {"cartesian": [round(float(x), 1) for x in places[-1]]},
                "point": c.point(HIT if what == "hit" else FREE, 10, edge="#000000"),
                "label": c.label(f"{missile.name} {what}"),
            }


def _believed(missile: MissilePart, course: Course, run: Recorded) -> Iterator[c.Packet]:
    """Where a missile was believed to be and to come down, with one sigma of both, where it was at all."""
    fate = next(each for each in run.summary.fates if each.missile == missile.name)
    beliefs = [each for each in run.of(missile.name) if each["kind"] == "believes"]
    runs = [
        each for each in _runs([each for each in beliefs if each["time_s"] <= fate.ended_s]) if len(each) > 1
    ]
    if not runs:
        return
    told = [event for each in runs for event in each]
    times = np.array([each["time_s"] for each in told])
    there = c.availability([(each[0]["time_s"], each[-1]["time_s"]) for each in runs])
    name = f"belief/{missile.name}"
    around = np.maximum([1e3 * each["sigma_km"] for each in told], _LEAST)
    yield {
        "id": name,
        "parent": "beliefs",
        "name": f"{missile.name} as believed",
        "description": "Where command and control believed it, told every 10 s; the sphere has the radius of "
        "one sigma, the root of the sum over three axes. The line leads to where it was.",
        "availability": there,
        "position": c.moving(*_way(missile, course, times, _fixed(told, ""), fate.ended_s), degree=_DEGREE),
        "point": c.point(BELIEVED, 6),
        "path": c.trail(c.dashed(BELIEVED), 1.5, 0.0, _LONG),
        "ellipsoid": {
            "radii": c.sampled(times, np.repeat(around[:, None], 3, axis=1), "cartesian"),
            "material": c.solid(BELIEVED, 0.25),
            "outline": True,
            "outlineColor": c.colour(BELIEVED, 0.6),
        },
        "polyline": c.line_between(f"missile/{missile.name}", name, c.solid(BELIEVED), 1.0),
    }
    off = np.maximum([1e3 * each["impact_sigma_km"] for each in told], _LEAST)
    axes = c.sampled(times, off, "number")
    yield {
        "id": f"{name}/impact",
        "parent": "beliefs",
        "name": f"{missile.name}: where it is believed to come down",
        "description": "The circle has the radius of one sigma, the root of the sum over two axes.",
        "availability": there,
        "position": c.moving(times, _fixed(told, "impact_")),
        "point": c.point(BELIEVED, 5),
        "ellipse": {
            "semiMajorAxis": axes,
            "semiMinorAxis": axes,
            "height": 0,
            "material": c.solid(BELIEVED, 0.3),
            "outline": True,
            "outlineColor": c.colour(BELIEVED),
        },
    }


def _way(
    missile: MissilePart, course: Course, times: c.Array, places: c.Array, ended_s: float
) -> tuple[c.Array, c.Array]:
    """The way of what is believed through its places: as far beside the missile's own as there, and evenly
    more or less in between.
    """
    between = missile.at_s + _times(missile, course, ended_s)
    between = between[(between > times[0]) & (between < times[-1])]
    nearest = np.abs(between[:, None] - times).min(axis=1, initial=math.inf)
    every = np.sort(np.concatenate([times, between[nearest > _APART]]))
    was = [course.own.states(course.index, at - missile.at_s)[:, :3] for at in (times, every)]
    off = [np.interp(every, times, places[:, axis] - was[0][:, axis]) for axis in range(3)]
    return every, was[1] + np.stack(off, axis=1)


def _runs(beliefs: list[Event]) -> Iterator[list[Event]]:
    """Beliefs in runs without a gap."""
    run: list[Event] = []
    for each in beliefs:
        if run and each["time_s"] - run[-1]["time_s"] > _GAP:
            yield run
            run = []
        run.append(each)
    yield run


def _fixed(told: list[Event], prefix: str) -> c.Array:
    """Places of events in the Earth-fixed frame [m]: (n, 3)."""
    from midcourse.physics.earth import WGS84, to_ecef

    return np.array(
        [
            to_ecef(
                math.radians(each[f"{prefix}lat_deg"]), math.radians(each[f"{prefix}lon_deg"]),
                1e3 * each.get(f"{prefix}altitude_km", 0.0), WGS84,
            )
            for each in told
        ]
    )  # fmt: skip


def _looks(run: Recorded) -> Iterator[c.Packet]:
    """Lines from radars to what they held."""
    ended = {each.missile: each.ended_s for each in run.summary.fates}
    for i, sensor in enumerate(run.header.sensors):
        for missile, held in held_spans(run, sensor.name).items():
            found = [(a, min(b, ended[missile])) for a, b in held if a < ended[missile]]
            if found:
                first, second = f"radar/{sensor.name}", f"missile/{missile}"
                yield {
                    "id": f"look/{sensor.name}/{missile}",
                    "parent": "looks",
                    "name": f"{sensor.name} holds {missile}",
                    "availability": c.availability(found),
                    "polyline": c.line_between(first, second, c.solid(stroke(i).colour, 0.5), 1.0),
                }
