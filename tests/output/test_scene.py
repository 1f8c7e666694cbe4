"""The map: every panel is well-formed, shows what belongs to it, and no name covers another."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest

from midcourse.analysis.assessment import Scene, SceneSite
from midcourse.output.labels import CLEARANCE, EDGE, Labeller, text_width
from midcourse.output.scene import MOST_FLIGHTS, scene_panels, thinned

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_far_and_near_flights_have_a_panel_each(scene: Scene) -> None:
    far, near = scene_panels(scene)
    assert far.title == "Intercontinental flights"
    assert near.title == "Regional flights"
    assert {"Redzikowo", "Fort Greely", "Thule", "Vandenberg"} <= set(texts(far.svg))
    assert {"Redzikowo", "Brdy", "Gabala", "Athens"} <= set(texts(near.svg))
    assert "Irkutsk" not in texts(near.svg)
    assert "Athens" not in texts(far.svg)


def test_intercepts_tell_their_altitude(scene: Scene) -> None:
    titles = [
        e.text or "" for panel in scene_panels(scene) for e in ET.fromstring(panel.svg).iter(f"{SVG}title")
    ]
    told = [title for title in titles if "intercept at" in title]
    assert len(told) == len(scene.intercepts)
    assert all("km from Redzikowo" in title for title in told)


def test_a_scene_without_flights_shows_its_sites() -> None:
    sites = [SceneSite("a", "Here & <there>", "radar", 50.0, 14.0)]
    (panel,) = scene_panels(Scene(sites=sites))
    assert "Here & <there>" in texts(panel.svg)


def test_an_empty_scene_has_no_picture() -> None:
    assert scene_panels(Scene()) == []


def test_many_flights_are_thinned_and_the_legend_says_so(scene: Scene) -> None:
    shown = thinned(scene.flights)
    by_threat = [len(list(group)) for _, group in itertools.groupby(shown, key=lambda flight: flight.threat)]
    assert max(by_threat) == MOST_FLIGHTS
    assert any("36 of 48 flights" in text for text in texts(scene_panels(scene)[0].svg))


def test_bold_names_keep_from_the_frame() -> None:
    text, size = "Ramstein, Germany", 15.0
    assert text_width(text, size, bold=True) > 160.0  # as a browser sets it in DejaVu Sans
    room = text_width(text, size, bold=True)
    for x in (5.0, 200.0, 395.0):
        label = Labeller(400.0, 300.0).place(x, 150.0, text, size, 13.0, bold=True)
        assert label is not None
        left, _, right, _ = label.box
        assert right - left == pytest.approx(room + 2 * CLEARANCE)
        assert left >= EDGE
        assert right <= 400.0 - EDGE


def test_names_do_not_cover_each_other() -> None:
    labeller = Labeller(400.0, 300.0)
    placed = [labeller.place(200 + 3 * i, 150 + 2 * i, f"Place {i}", 12.0, 9.0) for i in range(12)]
    boxes = [label.box for label in placed if label is not None]
    assert len(boxes) >= 4
    for (l1, t1, r1, b1), (l2, t2, r2, b2) in itertools.combinations(boxes, 2):
        assert l1 >= r2 or l2 >= r1 or t1 >= b2 or t2 >= b1
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= 400
        assert bottom <= 300
