"""Comparisons in print and as a picture: nothing cut off, nothing wider than the terminal."""

from __future__ import annotations

import io
import itertools
import xml.etree.ElementTree as ET

import pytest
from rich.console import Console

from midcourse.analysis.comparison import Better, Compared, Cost, Difference, Figure, Row
from midcourse.output.compare import above, bands, comparison_html, cost, print_comparison
from midcourse.output.compare_picture import comparison_picture

NAMES = ["two-site", "third-site", "third-site-forward", "gabala", "joint", "aegis-sm3", "land-sm3", "kei"]
LONG = "Iran to Europe, intermediate range: warning, from first sight by a radar to impact"


def _row(name: str, unit: str, better: Better, top: float, label: str = LONG) -> Row:
    """The nth architecture has n times as much, and lies clearly above those two before it and earlier."""
    values = [Figure(each, n * top, 0.9 * n * top, 1.1 * n * top) for n, each in enumerate(NAMES)]
    differences = [
        Difference(a, b, (m - n) * top, (m - n) * top - 1.0, (m - n) * top + 1.0, m - n < -1)
        for (m, a), (n, b) in itertools.combinations(enumerate(NAMES), 2)
    ]
    # Above follows from the sign of the low end.
    return Row(name, label, unit, better, "q", "How it is computed.", None, 9, values, differences)


@pytest.fixture
def compared() -> Compared:
    rows = [
        _row("seconds", "s", "more", 1234.5),
        _row("share", "%", "less", 12.0, "Share <of> & all"),
        _row("count", "shots", "neither", 0.3),
    ]
    rows[1].values[0] = Figure(NAMES[0], None, None, None)
    costs = [
        Cost(
            each, *((None, None, None) if n < 3 else (11.5, 9.0, 14.0)), "billion dollars", "Source", "Note."
        )
        for n, each in enumerate(NAMES)
    ]
    return Compared(
        "made-up", "A <made-up> dispute & its proposals", "0", "abc", 0, 128, "midcourse compare made-up",
        NAMES, [each.title() for each in NAMES], rows, costs,
    )  # fmt: skip


def _printed(compared: Compared, width: int, *, plain: bool = False) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii" if plain else "utf-8")
    print_comparison(compared, Console(file=stream, width=width, force_terminal=True, color_system=None))
    stream.seek(0)
    return stream.read()


@pytest.mark.parametrize("width", [60, 80, 100, 120, 180])
def test_no_line_is_wider_than_the_terminal_and_all_is_told(compared: Compared, width: int) -> None:
    text = _printed(compared, width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    for number, name in enumerate(NAMES, start=1):
        assert f"{number} {name.split('-')[0]}" in text
    assert text.count("9–14") == 5
    assert "8,600" in text or "8,640" in text
    assert "Source of the cost of 4, 5, 6, 7, 8: Source." in text


def test_four_to_seven_stand_side_by_side_in_a_hundred_columns(compared: Compared) -> None:
    for count in (4, 7):
        kept = set(NAMES[:count])
        rows = [
            Row(
                **{
                    **vars(row),
                    "values": [each for each in row.values if each.architecture in kept],
                    "differences": [each for each in row.differences if {each.a, each.b} <= kept],
                }
            )
            for row in compared.rows
        ]
        some = Compared(
            **{
                **vars(compared),
                "architectures": NAMES[:count],
                "rows": rows,
                "costs": compared.costs[:count],
            }
        )
        assert _printed(some, 120).count("nominal ") == len(rows)


def test_ascii_terminals_are_spoken_to_in_ascii(compared: Compared) -> None:
    assert "9-14" in _printed(compared, 120, plain=True)


def test_numbers_of_columns_run_together(compared: Compared) -> None:
    row = compared.rows[0]
    assert above(row, NAMES[0], NAMES) == "-"
    assert above(row, NAMES[7], NAMES) == "1-6"
    assert above(row, NAMES[3], NAMES) == "1-2"


def test_bands_hold_every_column_once() -> None:
    assert bands([12, 12, 12], 36) == [[0, 1, 2]]
    assert bands([12, 12, 12], 22) == [[0, 1], [2]]
    assert bands([12, 12, 12], 21) == [[0], [1], [2]]
    assert bands([50, 12], 22) == [[0], [1]]


def test_costs_in_words() -> None:
    assert cost(Cost("a", 2.0, None, None, "billion dollars", "s", None), alone=False) == "2 billion dollars"
    assert cost(Cost("a", 11.5, 9.0, 14.0, "billion dollars", "s", None), alone=True) == "9–14"
    assert cost(Cost("a", None, None, None, "", "", None), alone=False) == "none"


def test_the_picture_is_whole(compared: Compared) -> None:
    svg = comparison_picture(compared)
    root = ET.fromstring(svg)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    for each in texts:
        assert 0.0 <= float(each.attrib["x"]) <= width
        assert 0.0 <= float(each.attrib["y"]) <= height
    shown = ["".join(each.itertext()) for each in texts]
    # One panel a quantity and one for costs, in each a name for every architecture.
    assert all(shown.count(f"{n} {name}") == len(compared.rows) + 1 for n, name in enumerate(NAMES, start=1))
    assert shown.count("none") == 3
    assert "no value" in shown


def test_the_page_escapes_and_tells_every_difference(compared: Compared) -> None:
    page = comparison_html(compared)
    assert "A &lt;made-up&gt; dispute &amp; its proposals" in page
    assert "<made-up>" not in page
    pairs = len(NAMES) * (len(NAMES) - 1) // 2
    assert page.count("<td>yes</td>") + page.count("<td>no</td>") == pairs * len(compared.rows)
    assert "http:" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in page
