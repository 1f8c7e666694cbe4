"""The pictures of ``midcourse watch``: well-formed, complete, and no text over another or off the paper."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from midcourse.dossier import InputError
from midcourse.output.drawing import TAIL, TAIL_GAP, check_picture, lines_of, write_picture
from midcourse.output.findings import flight_finding, timeline_finding
from midcourse.output.flight_picture import (
    LEFT,
    TEXT,
    Curve,
    FlightPicture,
    distance,
    flight_picture,
    time_ticks,
)
from midcourse.output.labels import ASCENT, DESCENT, text_width
from midcourse.output.palette import STROKES, stroke
from midcourse.output.timeline_picture import timeline_picture

from .watched import GLIMPSED, TIMELINE, UNSEEN, WATCHED, site

SVG = "{http://www.w3.org/2000/svg}"
COMMAND = "midcourse watch third-site --set 'a<b&c=1' --out flight.svg"
THIN = "\u202f"

# Many events together, windows of no length, a name too long for its column.
CROWDED: dict[str, Any] = {
    **WATCHED,
    "declared_s": 200.0,
    "commit_s": 240.0,
    "sites": [site("a-place-of-a-long-name", [240.0, 240.0], [1990.0, 1996.0], 1), *WATCHED["sites"]],
}
LATE: dict[str, Any] = {**WATCHED, "commit_s": 1950.0, "declared_s": 1900.0}
SHORT: dict[str, Any] = {
    **WATCHED,
    "impact_s": 420.0,
    "reentry_s": 380.0,
    "altitudes": [{"t_s": 10.0 * i, "altitude_km": 100.0} for i in range(43)],
    "sensors": [each for each in WATCHED["sensors"] if each["sensor"] == "gabala@gabala"],
    "fused": WATCHED["fused"][:5],
    "sites": [],
}
SHORT["sensors"][0] = {**SHORT["sensors"][0], "track": SHORT["sensors"][0]["track"][:5]}
PICTURES = {
    "watched": flight_picture(WATCHED, COMMAND),
    "crowded": flight_picture(CROWDED, COMMAND),
    "late": flight_picture(LATE, COMMAND),
    "short": flight_picture(SHORT, COMMAND),
    "unseen": flight_picture(UNSEEN, COMMAND),
    "glimpsed": flight_picture(GLIMPSED, COMMAND),
    "timeline": timeline_picture(TIMELINE, COMMAND),
}


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def boxes(svg: str) -> list[tuple[str, float, float, float, float]]:
    """Where every text stands: (text, left, top, right, bottom)."""
    found = []
    for element in ET.fromstring(svg).iter(f"{SVG}text"):
        x, y, size = (float(element.get(name, "nan")) for name in ("x", "y", "font-size"))
        tails = "".join(tail.text or "" for tail in element)
        width = text_width(element.text or "", size) + (text_width(tails, TAIL) + TAIL_GAP if tails else 0.0)
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
        found.append(("".join(element.itertext()), left, y - ASCENT * size, left + width, y + DESCENT * size))
    return found


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_covers_another_or_leaves_the_paper(name: str) -> None:
    root = ET.fromstring(PICTURES[name])
    width, height = float(root.get("width", "nan")), float(root.get("height", "nan"))
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"
    assert width == 900.0
    placed = boxes(PICTURES[name])
    for text, left, top, right, bottom in placed:
        assert left >= 0.0, text
        assert top >= 0.0, text
        assert right <= width, text
        assert bottom <= height, text
    for a, b in itertools.combinations(placed, 2):
        apart = a[1] >= b[3] or b[1] >= a[3] or a[2] >= b[4] - 0.5 or b[2] >= a[4] - 0.5
        assert apart, f"{a[0]!r} and {b[0]!r}"


@pytest.mark.parametrize("name", PICTURES)
def test_the_type_is_large_enough_to_print(name: str) -> None:
    sizes = [float(e.get("font-size", "nan")) for e in ET.fromstring(PICTURES[name]).iter(f"{SVG}text")]
    assert min(sizes) >= 11.0


def test_a_name_stands_clear_of_the_moments() -> None:
    picture = FlightPicture(WATCHED)
    end = picture.x(WATCHED["commit_s"]) - 10.0
    picture.curves([Curve("AB", stroke(0), [[(LEFT, 60.0), (end, 60.0)]])], 0.0, 150.0)
    (left, top, right, bottom) = picture.drawing.taken[-1]
    assert top < 60.0 + 2.0 * TEXT  # it has one
    assert bottom > 60.0 - 2.0 * TEXT
    for event in picture.events():
        assert not left < picture.x(event.at_s) < right, event.name


def test_a_flight_is_told_from_launch_to_impact() -> None:
    said = texts(PICTURES["watched"])
    whole = " ".join(said)
    for moment in ("declared 88", "burnout 237", "launch allowed 312", "below 100 km 1,997", "impact 2,040"):
        assert f"{moment}{THIN}s" in said
    assert {"boost", "free flight", f"highest at 1,354{THIN}km"} <= set(said)
    # Rows, and names beside the curves of both panels.
    for place, least in (("Gabala", 3), ("Fylingdales", 3), ("Thule", 3), ("all together", 1)):
        assert sum(text == place for text in said) == least, place
    assert "Never see it: Beale and Adak." in said
    assert "Cannot meet it: Shemya." in said
    assert f"first seen 982, in track 1,070–1,660{THIN}s" in said
    assert f"launch 312–1,013{THIN}s" in said
    assert f"intercept 572–1,990{THIN}s, 3 shots in turn" in said
    assert COMMAND in whole
    assert [text for text in said if text in ("10 cm", f"10{THIN}cm", f"10{THIN}km")]


def test_the_title_says_the_finding() -> None:
    root = ET.fromstring(PICTURES["watched"])
    title = root.findtext(f"{SVG}title")
    assert title == flight_finding(WATCHED)
    assert title == (
        f"Gabala sees it 122{THIN}s after launch and loses it at 247{THIN}s; Fylingdales tracks it from 458 "
        f"to 1,609{THIN}s, Thule from 1,070 to 1,660{THIN}s. Interceptors can leave from 312{THIN}s: 3 shots "
        "in turn."
    )
    shown = " ".join(texts(PICTURES["watched"]))
    assert title in shown


def test_findings_of_flights_that_go_unanswered() -> None:
    assert flight_finding(UNSEEN) == "No radar sees it, and no interceptor can be launched."
    assert "but gets no track of it. No interceptor can meet it" in flight_finding(GLIMPSED)
    kept = {**WATCHED, "reentry_s": 1612.0, "sensors": WATCHED["sensors"][:1], "shots": 1}
    assert "and keeps it until it falls into the air." in flight_finding(kept)
    assert flight_finding(kept).endswith(f"from 312{THIN}s: 1 shot.")
    twice = [{**each, "place": "Thule, Greenland"} for each in WATCHED["sensors"][:2]]
    assert flight_finding({**WATCHED, "sensors": twice}).startswith("fylingdales@fylingdales sees it")


def test_panels_without_anything_are_left_out() -> None:
    said = " ".join(texts(PICTURES["unseen"]))
    assert "Signal to noise" not in said
    assert "Error of the track" not in said
    assert "launch allowed" not in said
    assert "declared" not in said
    assert "Error of the track" not in " ".join(texts(PICTURES["glimpsed"]))


def test_what_a_track_needs_is_dashed_once_for_each_level() -> None:
    dashed = [
        e for e in ET.fromstring(PICTURES["watched"]).iter(f"{SVG}path") if e.get("stroke-dasharray") == "5 4"
    ]
    assert len(dashed) == 2  # 13 and 15 dB


def test_every_sensor_has_a_colour_and_a_dash_of_its_own() -> None:
    paths = list(ET.fromstring(PICTURES["watched"]).iter(f"{SVG}path"))
    for i, name in enumerate(("Gabala", "Fylingdales", "Thule")):
        curves = [e for e in paths if e.findtext(f"{SVG}title") == name]
        assert {e.get("stroke") for e in curves} == {STROKES[i].colour}
        assert {e.get("stroke-dasharray", "none") for e in curves} == {STROKES[i].dash}


def test_a_gap_in_the_looks_is_a_gap_in_the_curve() -> None:
    thule = WATCHED["sensors"][1]
    levels = [{**point, "run": 1 if i < 30 else 2} for i, point in enumerate(thule["levels"])]
    sensors = [WATCHED["sensors"][0], {**thule, "levels": levels}, *WATCHED["sensors"][2:]]
    curves = [
        [
            e
            for e in ET.fromstring(flight_picture(document, COMMAND)).iter(f"{SVG}path")
            if e.findtext(f"{SVG}title") == "Thule"
        ]
        for document in (WATCHED, {**WATCHED, "sensors": sensors})
    ]
    assert [len(each) for each in curves] == [2, 3]


def test_a_timeline_shows_every_step_of_every_architecture() -> None:
    said = texts(PICTURES["timeline"])
    for step in ("First seen by a radar", "Warhead in track", "Launch allowed", "First intercept"):
        assert step in said
    for name in ("two-site", "third-site-forward", "joint"):
        assert said.count(name) == 5
    assert said.count("never") == 3
    assert f"253{THIN}s" in said
    assert f"241–397{THIN}s" in said
    assert said.count(f"0{THIN}%") == 3
    assert "362 flights of notional-irbm" in " ".join(said)


def test_the_finding_of_a_timeline() -> None:
    assert timeline_finding(TIMELINE) == (
        f"With joint, interceptors can leave against 94{THIN}% of the flights, at the median 253{THIN}s "
        f"after launch; with third-site-forward against 78{THIN}%, 247{THIN}s; with two-site against none."
    )
    none = {**TIMELINE, "architectures": TIMELINE["architectures"][:1]}
    assert timeline_finding(none) == "No interceptor can leave with two-site."


def test_bars_lie_where_their_times_are() -> None:
    """The median of a bar is between its ends in proportion, and one scale serves all bars."""
    root = ET.fromstring(PICTURES["timeline"])
    bars = []
    for element in root.iter(f"{SVG}path"):
        title = element.findtext(f"{SVG}title")
        if title and "median" in title:
            corners = element.get("d", "").removeprefix("M").removesuffix("Z").split("L")
            xs = sorted(float(corner.split()[0]) for corner in corners)
            bars.append((title, xs[0], xs[-1]))
    assert len(bars) == 12
    commit = next(end - start for title, start, end in bars if title.startswith("joint: median 253"))
    sight = next(end - start for title, start, end in bars if title.startswith("joint: median 144"))
    assert commit / sight == pytest.approx((397 - 241) / (201 - 80), rel=0.01)


def test_ticks_distances_and_lines() -> None:
    assert time_ticks(2040.0) == [0, 300, 600, 900, 1200, 1500, 1800]
    assert time_ticks(420.0) == [0, 60, 120, 180, 240, 300, 360, 420]
    assert [distance(power) for power in (1e-4, 1e-3, 0.1, 1.0, 100.0)] == [
        f"10{THIN}cm", f"1{THIN}m", f"100{THIN}m", f"1{THIN}km", f"100{THIN}km",
    ]  # fmt: skip
    assert lines_of("one two three", 10.0, 60.0) == ["one two", "three"]


@pytest.mark.parametrize("name", ["flight.svg", "flight.HTML"])
def test_a_picture_is_written_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / name
    check_picture(path)
    assert not path.parent.exists()
    assert write_picture(path, PICTURES["watched"]) == path
    assert [each.name for each in path.parent.iterdir()] == [name]
    written = path.read_text(encoding="utf-8")
    assert PICTURES["watched"] in written
    if name.endswith("HTML"):
        assert written.startswith("<!DOCTYPE html>")
        assert f"<title>{flight_finding(WATCHED)}</title>" in written


@pytest.mark.parametrize("name", ["flight.pdf", "flight", "folder.svg", "file/flight.svg"])
def test_a_picture_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError) as caught:
        check_picture(tmp_path / name)
    assert str(caught.value).startswith("--out: ")
    assert "\n" not in str(caught.value)


def test_a_dossier_may_be_called_anything() -> None:
    odd = {**WATCHED, "architecture": '<b>&"x"', "missile": "<script>"}
    assert "<script>" not in flight_picture(odd, COMMAND)
    assert "<script> from" in " ".join(texts(flight_picture(odd, COMMAND)))
