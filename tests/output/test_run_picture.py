"""The time line of a run and the report around it: all is there, and nothing covers anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.operation import Shield
from midcourse.output.operation.document import Recorded, SensorPart
from midcourse.output.operation.lanes import Shot, held_by, held_spans, left_of, rows_of, shots_of, spans
from midcourse.output.operation.report import report_html
from midcourse.output.operation.telling import Teller, finding, length, ordinal
from midcourse.output.operation.timeline import WIDTH, RunPicture, clipped, run_picture
from midcourse.output.typesetting import png_of

from . import operated
from .reading import Page, closed_up

SVG = "{http://www.w3.org/2000/svg}"


@cache
def many() -> Shield:
    return operated.shield(30, incidents=operated.TROUBLE)


ALL = pytest.mark.parametrize("made", [operated.quiet, operated.troubled, many])


@ALL
def test_nothing_covers_anything(made: Callable[[], Shield]) -> None:
    drawn = RunPicture(operated.run_of(made()))
    drawn.drawn()
    boxes = drawn.drawing.taken
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0.0
        assert right <= WIDTH + 2.0
        for l2, t2, r2, b2 in boxes[:i]:
            assert right <= l2 + 3 or r2 <= left + 3 or bottom <= t2 + 3 or b2 <= top + 3


@ALL
def test_the_picture_shows_all(made: Callable[[], Shield]) -> None:
    run = operated.run_of(made())
    root = ElementTree.fromstring(run_picture(run))
    texts = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    titles = ["".join(each.itertext()) for each in root.iter(f"{SVG}title")]
    for fate in run.summary.fates:
        assert fate.missile in texts
    for cause, count in run.summary.causes.items():
        assert texts.count(cause) == count
    assert texts.count("hit") == 1 + sum(each.cause is None for each in run.summary.fates)
    for shots in shots_of(run).values():
        for shot in shots:
            assert any(title.startswith(f"{shot.name} from ") and shot.end in title for title in titles)
    assert {"Fylingdales", "Brdy", "Redzikowo", "Fort Greely"} <= set(texts)
    for incident in run.header.incidents:
        at = f"{incident.at_s:,.0f}\u202fs {incident.do} "
        assert any(text.startswith(at) for text in texts) == (incident.at_s < run.summary.ended_s)
    assert operated.COMMAND in " ".join(texts)


def test_the_picture_in_dots() -> None:
    svg = run_picture(operated.run_of(operated.quiet()))
    tall = float(re.search(r'height="([\d.]+)"', svg)[1])  # type: ignore[index]
    png = png_of(svg)
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    assert width == 2 * WIDTH
    assert height == pytest.approx(2 * tall, abs=2)
    assert png == png_of(svg)


@ALL
def test_the_report(made: Callable[[], Shield]) -> None:
    run = operated.run_of(made())
    html = report_html(run)
    page = Page(html)
    assert page.open == []
    assert page.loads == []
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    text = closed_up(" ".join(page.text))
    assert finding(run) in text
    for event in run.events:
        sentence = Teller(run).sentences.of(event)
        if sentence is not None:
            assert not re.search(r"[{}]|None|\bnan\b", sentence)
            assert re.match(r"^[A-Z0-9].*\.$", sentence)
            if event["kind"] in ("hit", "launched", "launch ordered", "impact", "fail"):
                assert closed_up(sentence) in text
    assert text.count("got through,") == run.summary.leaked.mean


def test_names_from_a_dossier_are_no_markup() -> None:
    run = operated.run_of(operated.quiet())
    sensors = [
        each.model_copy(update={"site": each.site.model_copy(update={"name": f"<b>{each.site.name}</b>"})})
        for each in run.header.sensors
    ]
    assert all(isinstance(each, SensorPart) for each in sensors)
    odd = replace(run, header=run.header.model_copy(update={"sensors": tuple(sensors), "title": "<i>&"}))
    html = report_html(odd)
    assert "<b>" not in html
    assert "<i>" not in html
    Page(html)
    ElementTree.fromstring(run_picture(odd))


@ALL
def test_lanes_agree_with_the_events(made: Callable[[], Shield]) -> None:
    run = operated.run_of(made())
    shots = [shot for each in shots_of(run).values() for shot in each]
    assert len(shots) == sum(run.summary.spent.values())
    assert len({shot.name for shot in shots}) == len(shots)
    assert all(shot.ordered_s <= shot.left_s < shot.ended_s for shot in shots)
    for battery in run.header.batteries:
        left = [battery.inventory, *(count for _, count in left_of(run, battery.name))]
        assert left == list(range(battery.inventory, run.summary.left[battery.name] - 1, -1))
    for sensor in run.header.sensors:
        counts = held_by(run, sensor.name)
        assert [at for at, _ in counts] == sorted(at for at, _ in counts)
        assert all(0 <= count <= len(run.header.raid) for _, count in counts)
        assert not counts or counts[-1][1] == 0
        for missile, held in held_spans(run, sensor.name).items():
            found = [e["time_s"] for e in run.of(missile) if (e["node"], e["kind"]) == (sensor.name, "found")]
            assert [start for start, _ in held] == found
            assert all(start <= end for start, end in held)


def test_a_radar_that_is_down_holds_nothing() -> None:
    run = operated.run_of(operated.troubled())
    assert spans(run, "fail", "restore", what="emr@brdy") == [(500.0, 800.0)]
    assert all(
        end <= 500.0 or start >= 800.0 for each in held_spans(run, "emr@brdy").values() for start, end in each
    )
    assert held_by(run, "emr@brdy")


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 300)), max_size=12), st.integers(0, 40))
def test_shots_in_a_row_keep_apart(times: list[tuple[int, int]], gap: int) -> None:
    shots = [Shot("I1", "b", start, start, start + lasts, "hit") for start, lasts in sorted(times)]
    rows = rows_of(shots, gap)
    for i, (one, row) in enumerate(zip(shots, rows, strict=True)):
        for other, theirs in zip(shots[:i], rows[:i], strict=True):
            assert row != theirs or one.ordered_s > other.ended_s + gap


def test_words() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 22, 113)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "22nd",
        "113th",
    ]
    assert [length(x) for x in (0.013, 4.26, 51.2, 1234.0)] == [
        "13\u202fm", "4.3\u202fkm", "51\u202fkm", "1,234\u202fkm",
    ]  # fmt: skip
    assert clipped("Mashhad to Washington, District of Columbia", 120.0).endswith("…")
    assert clipped("short", 120.0) == "short"


def test_findings() -> None:
    run = operated.run_of(operated.quiet())

    def told(fates: list[str | None]) -> str:
        made = [
            each.model_copy(update={"cause": cause})
            for each, cause in zip(run.summary.fates, fates, strict=False)
        ]
        causes = {cause: fates.count(cause) for cause in fates if cause is not None}
        changed = {"fates": tuple(made), "launched": len(made), "causes": causes, "spent": {"a": 3}}
        return finding(Recorded(run.header, run.events, run.summary.model_copy(update=changed)))

    assert told([None]) == "The missile is stopped, with 3 interceptors."
    assert told([None, None]) == "All 2 missiles are stopped, with 3 interceptors."
    assert told(["missed"]) == "The missile gets through (missed); 3 interceptors spent."
    assert told(["missed", None]) == "1 of 2 missiles gets through (missed); 3 interceptors spent."
    assert told(["missed", "wrong object", "missed", None]) == (
        "3 of 4 missiles get through (2 missed, 1 wrong object); 3 interceptors spent."
    )
