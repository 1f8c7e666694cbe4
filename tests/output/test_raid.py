"""A raid as it is told: numbers, words, and a picture on which nothing covers anything."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from midcourse.analysis import outcomes
from midcourse.analysis.raided import Count, Curve, Flown, Magazine, Point, Raided, RaidFigure, count_of
from midcourse.output.raid import finding, print_raid, span, whole
from midcourse.output.raid_picture import STEP, RaidPicture, raid_picture, spread

NAME = "gbi@hill"


def _count(stopped: float, missiles: int) -> Count:
    return count_of(outcomes.survivors(np.full((3, missiles), stopped)), exact=True)


def _raided(missiles: int = 20) -> Raided:
    through = _count(0.2, missiles)
    points = [
        Point(n, 0.8 * n, 0.8 * n, max(0, n - 5), n, "exact")
        for n in sorted({1, missiles // 2 or 1, missiles})
    ]
    flight = Flown("icbm", "A", "B", 0.0, {NAME: (400.0, 900.0)}, {NAME: (700.0, 2000.0)}, {NAME: 1}, 0.5)
    spared = replace(flight, planned={NAME: 0}, launch_s={NAME: None}, intercept_s={NAME: None}, stopped=0.0)
    return Raided(
        "my-dossier", "1.0", "abc", 0, 2, "midcourse raid my-dossier", "shield", "A shield", ["Far <away>"],
        missiles, "salvo", 4, through, _count(0.9, missiles), _count(0.5, missiles),
        [Magazine(NAME, "hill", "gbi", 10, 0, 1, _count(0.5, 10))], [flight] + [spared] * (missiles - 1),
        [Curve(10, {NAME: 10}, points), Curve(11, {NAME: 11}, points), Curve(None, {}, points)],
        [RaidFigure("interceptor.gbi.kill_probability", "0.5", "0.3 to 0.8", "A source", None)],
    )  # fmt: skip


def test_numbers() -> None:
    assert [whole(value) for value in (0.0, 4.04, 99.94, 99.96, 1234.5)] == [
        "0.0",
        "4.0",
        "99.9",
        "100",
        "1,234",
    ]
    assert (span(3, 3), span(0, 1200)) == ("3", "0 to 1,200")


def test_finding() -> None:
    assert (
        finding(_raided())
        == "Of 20 missiles 16.0 get through 10 interceptors: 13 to 19 over the published ranges."
    )
    assert finding(_raided(1)) == "Against 10 interceptors the missile gets through with 80 %."


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_fit(width: int) -> None:
    out = io.StringIO()
    print_raid(_raided(), Console(file=out, width=width))
    text = out.getvalue()
    assert max(map(len, text.splitlines())) <= max(width, 60)
    for told in (
        "1 interceptor ",
        "1 missile",
        "19 missiles",
        "all at once",
        "interceptor.gbi.kill_probability",
    ):
        assert told in text


def test_picture() -> None:
    picture = raid_picture(_raided())
    root = ElementTree.fromstring(picture)
    texts = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    for wanted in ("10 interceptors", "11 interceptors", "at best", "nothing stopped", "missiles launched"):
        assert wanted in texts
    assert any("interceptor.gbi.kill_probability 0.5 (0.3 to 0.8)" in text for text in texts)
    assert "&lt;away&gt;" in picture
    drawn = RaidPicture(_raided())
    drawn.drawn()
    boxes = drawn.drawing.taken
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert right <= 900.0 + 2.0
        for l2, t2, r2, b2 in boxes[:i]:
            assert right <= l2 + 3 or r2 <= left + 3 or bottom <= t2 + 3 or b2 <= top + 3


@given(st.lists(st.floats(0.0, 400.0), min_size=1, max_size=6))
def test_names_keep_apart(wanted: list[float]) -> None:
    places = spread(sorted(wanted), STEP, 0.0, 400.0)
    assert all(b - a >= STEP - 1e-9 for a, b in itertools.pairwise(places))
    assert places[-1] <= 400.0 + 1e-9
    assert places[0] >= -1e-9


def test_points_of_counts() -> None:
    count = _count(0.5, 2)
    assert (count.mean, count.low, count.median, count.high) == (1.0, 0, 1, 2)
    assert count.distribution == pytest.approx([0.25, 0.5, 0.25])
