"""A run on the globe: packets that CesiumJS takes, places that are those of the run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
import pytest

from midcourse.operation import Shield
from midcourse.output import czml as packet
from midcourse.output.operation.czml import czml
from midcourse.output.operation.flyouts import way_of
from midcourse.physics.earth import WGS84, to_ecef

from . import operated

ALL = pytest.mark.parametrize("made", [operated.quiet, operated.troubled])


@cache
def packets(made: Callable[[], Shield]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(czml(operated.run_of(made()), made()))
    return found


def by_id(made: Callable[[], Shield]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in packets(made)}


def seconds(text: str) -> float:
    return (datetime.fromisoformat(text) - packet.EPOCH).total_seconds()


def spans(availability: str | list[str]) -> list[tuple[float, float]]:
    texts = [availability] if isinstance(availability, str) else availability
    pairs = [text.split("/") for text in texts]
    return [(seconds(start), seconds(end)) for start, end in pairs]


def samples(position: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    rows = np.array(position["cartesian"]).reshape(-1, 4)
    return seconds(position["epoch"]) + rows[:, 0], rows[:, 1:]


def nested(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from nested(each)
    elif isinstance(value, list):
        for each in value:
            yield from nested(each)


@ALL
def test_packets_refer_to_earlier_ones(made: Callable[[], Shield]) -> None:
    seen: set[str] = set()
    for each in packets(made):
        assert each["id"] not in seen
        assert each.get("parent", "document") in {*seen, "document"}
        for part in nested(each):
            for reference in part.get("references", []):
                name, _, what = reference.partition("#")
                assert what == "position"
                assert name in seen | {each["id"]}
        seen.add(each["id"])
    first = packets(made)[0]
    assert (first["id"], first["version"]) == ("document", "1.0")
    (start, end), *_ = spans(first["clock"]["interval"])
    assert start == 0.0
    assert end >= operated.run_of(made()).summary.ended_s


@ALL
def test_what_moves_is_placed_while_it_is_there(made: Callable[[], Shield]) -> None:
    moving = [
        each
        for each in packets(made)
        if "cartesian" in each.get("position", {}) and "epoch" in each["position"]
    ]
    assert len(moving) > 10
    for each in moving:
        times, places = samples(each["position"])
        assert (np.diff(times) > 0.0).all()
        there = spans(each["availability"])
        assert times[0] == pytest.approx(there[0][0], abs=2e-3)
        assert times[-1] == pytest.approx(there[-1][1], abs=2e-3)
        speeds = np.linalg.norm(np.diff(places, axis=0), axis=1) / np.diff(times)
        if not each["id"].endswith("impact") and not each["id"].startswith("belief"):
            assert speeds.max() < 12e3
        assert np.linalg.norm(places, axis=1).min() > 6.35e6


@ALL
def test_missiles_are_where_they_were(made: Callable[[], Shield]) -> None:
    run = operated.run_of(made())
    for event in run.events:
        if event["kind"] in ("launch", "stage burnout", "burnout") and "missile" in event:
            times, places = samples(by_id(made)[f"missile/{event['missile']}"]["position"])
            there = np.array([np.interp(event["time_s"], times, column) for column in places.T])
            place = to_ecef(
                np.radians(event["lat_deg"]), np.radians(event["lon_deg"]), 1e3 * event["altitude_km"], WGS84
            )
            # The record tells places to a thousandth of a degree.
            assert np.linalg.norm(there - place) < 150.0


@ALL
def test_beliefs_are_as_far_off_as_told(made: Callable[[], Shield]) -> None:
    run, found = operated.run_of(made()), by_id(made)
    told = 0
    for missile, course in zip(run.header.raid, made().scenario.courses, strict=True):
        each = found.get(f"belief/{missile.name}")
        if each is None:
            continue
        times, places = samples(each["position"])
        radii = np.array(each["ellipsoid"]["radii"]["cartesian"]).reshape(-1, 4)
        for event in run.of(missile.name):
            at = int(np.abs(times - event["time_s"]).argmin())
            if event["kind"] != "believes" or abs(times[at] - event["time_s"]) > 1e-6:
                continue
            was = course.own.states(course.index, np.array([event["time_s"] - missile.at_s]))[0, :3]
            off = np.linalg.norm(places[at] - was)
            assert off == pytest.approx(1e3 * event["off_km"], abs=120.0)
            row = radii[np.abs(radii[:, 0] - event["time_s"]).argmin()]
            assert np.linalg.norm(row[1:]) == pytest.approx(1e3 * event["sigma_km"], abs=0.6)
            told += 1
    assert told > 30


@ALL
def test_interceptors_meet_their_missiles(made: Callable[[], Shield]) -> None:
    shield, found = made(), by_id(made)
    assert shield.interceptors
    for each in shield.interceptors:
        times, places = samples(found[f"interceptor/{each.name}"]["position"])
        course = shield.scenario.courses[each.order.missile]
        site = shield.scenario.defence.batteries[each.order.battery].site
        meets = course.own.states(course.index, np.array([each.meet_s - course.at_s]))[0, :3]
        assert np.linalg.norm(places[-1] - meets) < 1.0
        assert np.linalg.norm(places[0] - to_ecef(site.lat, site.lon, site.altitude, WGS84)) < 1.0
        assert (times[0], times[-1]) == pytest.approx((each.launch_s, each.meet_s), abs=1e-3)
        way = way_of(shield, each)
        assert way is not None
        heights = np.linalg.norm(way[1], axis=1)
        assert heights.max() > heights[0] + 50e3


@ALL
def test_lines_of_sight_are_there_while_a_missile_is_held(made: Callable[[], Shield]) -> None:
    run = operated.run_of(made())
    found = {
        each["id"]: spans(each["availability"]) for each in packets(made) if each["id"].startswith("look/")
    }
    assert found
    for event in run.events:
        if event["kind"] == "found":
            there = found[f"look/{event['node']}/{event['missile']}"]
            assert any(abs(start - event["time_s"]) < 1e-3 for start, _ in there)


def test_a_radar_that_is_down_is_black() -> None:
    colours = by_id(operated.troubled)["radar/emr@brdy"]["point"]["color"]
    # What comes later in the list holds.
    assert [spans(each["interval"])[0][0] for each in colours] == [0.0, 500.0, 800.0]
    assert colours[1]["rgba"] == [0, 0, 0, 255] != colours[0]["rgba"] == colours[2]["rgba"]
