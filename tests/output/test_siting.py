"""A search as it is told: its words, its numbers, and a picture on which no name covers another."""

from __future__ import annotations

import io
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.console import Console

from midcourse.analysis.grid import make_grid
from midcourse.analysis.sited import Candidate, Kind, Objective, Resolution, Sited
from midcourse.output.siting import finding, off_front, print_sited, told_apart
from midcourse.output.siting_picture import WIDTH, SitingPicture, siting_picture

GRID = make_grid("10 deg", (40.0, 0.0, 60.0, 40.0))
HOME = Candidate(
    "The <hill>", "hill", 45.2, 25.1, "Romania", None, 4_000_000, 0.75, 1.5, 0.9, 2, 2, False, 1e6, 0.5
)  # fmt: skip
BEST = replace(
    HOME, name="Germany, 55° N 5° E", site=None, people=5_000_000, share=1.0, shots=2.0, reach=0.4, rank=1,
    sparing_rank=1, front=True, more=0.0, less=0.0,
)  # fmt: skip
FAR = replace(
    HOME, name="Far away", site="far", barred="outside the region", people=2_000_000, share=0.25, shots=0.5,
    reach=0.1, rank=3, sparing_rank=None, more=0.0, less=0.0,
)  # fmt: skip


def _sited(objective: Objective = "people", place: Kind = "interceptor") -> Sited:
    return Sited(
        dossier="my-dossier", version="1.0", hash="abc", command="midcourse site my-dossier",
        architecture="shield", title="A shield", place=place, moved="An interceptor", own_site="hill",
        alone=False, threat="theirs", threat_title="Far <away>", missile="A missile", objective=objective,
        spare="others", spare_title="Others", keep=0.9, region="here", grid_deg=10.0, countries=[],
        keep_out=[], flights=40, spare_flights=20, people=8_000_000, searched=3, to_search=3,
        interrupted=False, resolution=Resolution(0.025, 0.1, 1), best=BEST.name, sparing=BEST.name,
        candidates=[BEST, HOME, FAR], grid=GRID, cells=[0, -1, -1],
    )  # fmt: skip


def _without_spare(sited: Sited) -> Sited:
    none = {"reach": None, "sparing_rank": None, "front": None, "more": None, "less": None}
    candidates = [replace(each, **none) for each in sited.candidates]  # type: ignore[arg-type]
    return replace(sited, spare=None, spare_title=None, sparing=None, candidates=candidates)


def test_finding() -> None:
    assert finding(_sited()) == (
        "No place does better than Germany, 55° N 5° E: 5.0 million of 8.0 million people defended. "
        "To keep 90 % of that, the least that it must be able to engage of the spared flights is 40.0 %, "
        "from Germany, 55° N 5° E; from The <hill> it is 90.0 %."
    )
    plain = _without_spare(_sited("shots"))
    assert (
        finding(plain) == "No place does better than Germany, 55° N 5° E: 2.00 shots at a flight in the mean."
    )
    assert "be able to watch" in finding(_sited(place="radar"))


def test_how_far_ranks_mean_anything() -> None:
    sited = _sited("share")
    assert told_apart(sited).startswith(
        "One flight is 2.5 %; cells side by side differ by 10.0 % in the median"
    )
    assert "No place comes out better than another" in told_apart(sited)
    many = replace(sited, candidates=[BEST, *[HOME] * 5])
    assert "1 other place comes as near to the best as that" in told_apart(many)
    alone = replace(many, resolution=Resolution(0.025, None, 0))
    assert told_apart(alone) == "One flight is 2.5 %. No other place comes as near to the best as that."


def test_where_places_stand_to_the_front() -> None:
    assert off_front(BEST, "people") == "on the front"
    assert off_front(HOME, "people") == (
        "elsewhere 1.0 million people more for the same reach or 50.0 % of the spared flights less for the "
        "same defence"
    )
    assert off_front(FAR, "people").startswith("beyond the front")
    assert off_front(replace(FAR, people=0), "people") == "defends nothing"
    assert off_front(replace(FAR, front=None, more=None, less=None), "people") == ""


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("objective", ["people", "share", "shots"])
def test_lines_fit(width: int, objective: Objective) -> None:
    for sited in (_sited(objective), _without_spare(_sited(objective))):
        out = io.StringIO()
        print_sited(sited, Console(file=out, width=width))
        text = out.getvalue()
        assert max(map(len, text.splitlines())) <= width
        assert "The <hill>" in text
        assert "outside the region" in " ".join(text.split())
        assert ("The front" in text) == (sited.spare is not None)


def test_an_interrupted_search_says_so() -> None:
    out = io.StringIO()
    print_sited(replace(_sited(), interrupted=True, to_search=9), Console(file=out, width=100))
    assert "interrupted: 3 of 9 were looked at" in " ".join(out.getvalue().split())


@pytest.mark.parametrize("objective", ["people", "share", "shots"])
def test_picture(objective: Objective) -> None:
    picture = siting_picture(_sited(objective))
    root = ElementTree.fromstring(picture)
    texts = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    for wanted in ("The <hill>", "Germany, 55° N 5° E (best, keeps 90 %)", "Far away"):
        assert wanted in texts
    assert any("could engage, per cent: less is better" in text for text in texts)
    assert "&lt;hill&gt;" in picture


def test_no_name_covers_another() -> None:
    """Forty sites, some on one spot: those that find no room go without a name, the proposal's own never."""
    random = np.random.default_rng(0)
    sites = [
        replace(FAR, name=f"Site number {i}", site=f"s{i}", share=float(a), reach=float(b))
        for i, (a, b) in enumerate(random.choice([0.1, 0.12, 0.5, 0.52, 0.9], (40, 2)))
    ]
    drawn = SitingPicture(replace(_sited("share"), candidates=[BEST, HOME, *sites]))
    svg = drawn.drawn()
    assert ">The &lt;hill&gt;<" in svg
    boxes = drawn.drawing.taken
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert right <= WIDTH
        for l2, t2, r2, b2 in boxes[:i]:
            assert right <= l2 + 3 or r2 <= left + 3 or bottom <= t2 + 3 or b2 <= top + 3


def test_front_steps_never_fall() -> None:
    drawn = SitingPicture(_sited("share"))
    drawn.drawn()
    heights = [y for _, y in drawn.steps]
    assert heights == sorted(heights, reverse=True)
    assert [x for x, _ in drawn.steps] == sorted(x for x, _ in drawn.steps)
