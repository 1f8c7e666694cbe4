"""Pictures of a study's questions: what they show, of which cases, and how much of the study there is."""

from __future__ import annotations

import io
import itertools
import json
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from midcourse.analysis.grid import make_grid
from midcourse.dossier import InputError
from midcourse.output.study import claims, maps, quantities, worlds
from midcourse.output.study.cases import Shown, cases, choose, split
from midcourse.output.study.picture import study_picture
from midcourse.study.judging import interval

ABOUT = {"title": "A study", "plan_hash": "abcdef0123456789", "version": "1.2", "seed": 7, "sampler": "plain"}
POWER = "radar.emr.mean_power"
BOX = (44.0, 0.0, 56.0, 20.0)
CASES = ("dossier", POWER, "architecture", "threat")
LABELS: dict[str, Any] = {
    "dossier": ["third-site"],
    POWER: ["30 kW", "170 kW"],
    "architecture": ["one", "both"],
    "threat": ["mrbm", "irbm"],
    "architecture_title": ("architecture", ["One radar", "Two radars side by side"]),
    "threat_title": ("threat", ["Medium range", "Intermediate range"]),
}


def a_map(kind: str = "area", *, equal_area: bool = False, seed: int = 0) -> xr.Dataset:
    """Cells of which the western third is out of reach, and the east ever better defended."""
    grid = make_grid("2 deg", BOX, equal_area=equal_area)
    rng = np.random.default_rng(seed)
    east = (grid.lon_deg - grid.west) / (grid.east - grid.west)
    value = (rng.random((1, 2, 2, 2, 40, len(grid))) < east).astype(np.float32)
    if kind == "number":
        value = (value * 100.0 + 300.0 * east).astype(np.float32)
    value[..., east < 0.3] = np.nan
    value = value.reshape(*value.shape[:-1], *grid.shape)
    dims = (*CASES, "world", *(("lat", "lon") if grid.kind == "lat-lon" else ("cell",)))
    places = [
        {"name": "Base", "role": "interceptor", "lat": 50.0, "lon": 10.0},
        {"name": "Second", "role": "radar", "lat": 52.0, "lon": 15.0, "architecture": ["both"]},
        {"name": "Far away", "role": "launch", "lat": 0.0, "lon": 90.0},
    ]
    units = "1" if kind == "area" else "s"
    return xr.Dataset(
        {"value": (dims, value, {"units": units, "kind": kind, "long_name": "what is told"})},
        {**LABELS, "world": np.arange(1, 41)},
        {
            "region": "Box", "grid": grid.kind, "grid_size_deg": 2.0, "places": json.dumps(places),
            **dict(zip(("south", "west", "north", "east"), BOX, strict=True)),
        },
    )  # fmt: skip


def a_quantity(factor: float = 1.0) -> xr.Dataset:
    value = factor * np.random.default_rng(1).gamma(4.0, 60.0, (1, 2, 2, 2, 64))
    return xr.Dataset(
        {
            "value": ((*CASES, "world"), value, {"units": "s", "long_name": "warning"}),
            "nominal": (CASES, value.mean(axis=-1)),
        },
        {**LABELS, "world": np.arange(1, 65)},
    )


def some_claims(dossiers: int = 1) -> xr.Dataset:
    rng = np.random.default_rng(2)
    passed = (rng.random((dossiers, 3, 2, 96)) < 0.7).astype(np.int8)
    dims = ("dossier", POWER, "claim", "world")
    return xr.Dataset(
        {
            "passed": (dims, passed),
            "value": (dims, passed * 1.0),
            "nominal": (dims[:3], passed[..., 0] * 1.0),
        },
        {
            "dossier": [f"d{i}" for i in range(dossiers)],
            POWER: ["30 kW", "42.5 kW", "170 kW"],
            "claim": ["fast", "far"],
            "unit": ("claim", ["km/s", "km"]),
            "threshold": ("claim", [7.7, 1500.0]),
            "holds": ("claim", [">=", "<"]),
            "party": ("claim", ["Here", "There"]),
            "statement": ("claim", ["It is fast & light.", "It does not reach far."]),
            "world": np.arange(1, 97),
        },
    )


def a_raid() -> xr.Dataset:
    missiles = np.array([1, 2, 5, 10])
    stopped = np.random.default_rng(4).random((1, 2, 2, 2, 1, 50))
    through = missiles[:, None] * (1.0 - stopped)
    return xr.Dataset(
        {"through": ((*CASES, "missiles", "world"), through)},
        {**LABELS, "missiles": missiles, "world": np.arange(1, 51)},
    )


def shown(data: xr.Dataset, done: float = 1.0) -> Shown:
    return Shown("cover", data, ABOUT, done)


@pytest.mark.parametrize("equal_area", [False, True])
@pytest.mark.parametrize("most", [50, 1 << 23])
def test_worlds_are_brought_together_block_by_block(
    equal_area: bool, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worlds, "_VALUES", most)
    data = a_map("number", equal_area=equal_area)
    data["value"].encoding["chunks"] = (1, 1, 1, 1, 16, 4, *((3,) if not equal_area else ()))
    here = data["value"].isel({"dossier": 0, POWER: 1, "architecture": 0, "threat": 1})
    mean, median = worlds.mean_over_worlds(here), worlds.median_over_worlds(here)
    assert mean == pytest.approx(here.mean("world", dtype=np.float64).values.ravel(), rel=1e-12, nan_ok=True)
    assert median == pytest.approx(here.median("world").values.ravel(), nan_ok=True)
    assert 0.2 < np.isnan(mean).mean() < 0.4


def test_maps_share_one_scale_and_a_panel_shows_its_own_case() -> None:
    data = choose(a_map(), {POWER: "170 kW"})
    panels = maps.panels_of(shown(data))
    assert [row.name for row in panels.rows] == ["Medium range", "Intermediate range"]
    assert panels.values.shape[:2] == (2, 2)
    for row, column in itertools.product(range(2), range(2)):
        here = data["value"].isel({"dossier": 0, POWER: 0, "architecture": column, "threat": row})
        chance = here.mean("world", dtype=np.float64).values.ravel()
        index = panels.sorted_map(row, column).index
        assert (index == panels.classes.missing)[np.isnan(chance)].all()
        for number, one in enumerate(panels.classes.classes[: panels.classes.missing]):
            inside = chance[index == number]
            assert ((inside >= one.low) & (inside <= one.high)).all()


@pytest.mark.parametrize("equal_area", [False, True])
def test_the_figure_under_a_map_is_the_share_of_its_area(equal_area: bool) -> None:
    data = a_map(equal_area=equal_area)
    grid = maps.grid_of(data)
    texts = words(data)
    here = data["value"].isel({"dossier": 0, POWER: 0, "architecture": 1, "threat": 0})
    chance = here.mean("world").values.ravel()
    known = ~np.isnan(chance)
    part = 100 * grid.area[known & (chance >= 0.9)].sum() / grid.area[known].sum()
    assert 5 < part < 60
    assert f"{part:.0f}\u202f% of the area" in texts


def words(data: xr.Dataset, done: float = 1.0) -> list[str]:
    return [text.get_text() for text in maps.drawn(shown(data, done)).texts]


def test_a_map_says_what_it_shows_and_how_much_of_the_study_there_is() -> None:
    data = a_map("number")
    data["value"][:, 1, 1, 0] = np.nan
    text = " ".join(words(data, done=0.9999))
    for part in (
        "A study: cover", "Two radars side by side", "Medium range; mean power of radar emr: 30 kW",
        "Not finished: 99\u202f% of the study", "or not computed yet", "nothing yet", "Base", "abcdef012345",
        "midcourse 1.2", "seed 7", "40 worlds (plain)", "median",
    ):  # fmt: skip
        assert part in text
    assert "Far away" not in text
    assert "abcdef0123456" not in text
    whole = " ".join(words(data))
    assert "Not finished" not in whole
    assert "not computed" not in whole


def test_a_mark_stands_only_where_it_belongs() -> None:
    figure = maps.drawn(shown(choose(a_map(), {POWER: "30 kW", "threat": "irbm"})))
    marks = [sum(line.get_marker() in ("^", "D") for line in axes.lines) for axes in figure.axes]
    assert marks == [1, 2]


def test_no_text_on_maps_is_cut_off_or_covers_another() -> None:
    figure = maps.drawn(shown(a_map()))
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.texts]
    assert all(b.x0 >= 0 and b.y0 >= 0 and b.x1 <= figure.bbox.x1 and b.y1 <= figure.bbox.y1 for b in boxes)
    letters = [box.expanded(1.0, 0.7) for box in boxes]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(letters, 2))


def test_too_many_maps_are_refused() -> None:
    data = a_map().isel({POWER: [0] * 40})
    with pytest.raises(InputError, match=f"160 maps do not fit.*one {POWER} chosen"):
        maps.panels_of(shown(data))


@pytest.mark.parametrize(
    ("chosen", "told"),
    [({"radar": "30 kW"}, "nothing in this question"), ({POWER: "31 kW"}, 'did you mean "30 kW"')],
)
def test_a_choice_that_there_is_not_is_told(chosen: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        choose(a_map(), chosen)


def test_claims_are_told_by_probability_and_interval() -> None:
    data = some_claims()
    data["passed"][0, 1, 0, 32:] = -1
    data["passed"][0, 2, 1] = -1
    row = claims.row_of(shown(data), 0, [{"dossier": 0, POWER: i} for i in range(3)])
    dot = row.dots[1]
    assert dot is not None
    known = data["passed"].values[0, 1, 0, :32] > 0
    low, high = interval(known, "plain")
    assert (dot.value, dot.low, dot.high) == pytest.approx((100 * known.mean(), 100 * low, 100 * high))
    svg = study_picture(data, "claims", name="all", about=ABOUT, done=0.5, ending=".svg").decode()
    for part in (
        "It is fast &amp; light.",
        "Here: ≥\u202f7.7\u202fkm/s",
        "not computed yet",
        "170 kW",
        "50\u202f%",
    ):
        assert part in svg


def test_more_cases_than_colours_become_panels() -> None:
    data = some_claims(dossiers=3)
    panels, series = split(data, ("dossier", POWER))
    assert [each.name for each in panels] == ["d0", "d1", "d2"]
    assert len(series) == 3
    few = split(some_claims(dossiers=2), ("dossier", POWER))
    assert (len(few[0]), len(few[1])) == (1, 6)
    assert [each.name for each in cases(some_claims(), ("dossier",))] == [""]


def test_quantities_are_medians_with_ranges() -> None:
    data = a_quantity()
    data["value"][0, 1, 0, 0] = np.nan
    place = {"dossier": 0, "threat": 0}
    row = quantities.row_of(shown(data), {"architecture": 0}, [{**place, POWER: i} for i in range(2)])
    dot, none = row.dots
    assert none is None
    assert dot is not None
    expected = np.percentile(data["value"].values[0, 0, 0, 0], [50, 5, 95])
    assert (dot.value, dot.low, dot.high) == pytest.approx(expected)
    assert dot.nominal == pytest.approx(float(data["nominal"][0, 0, 0, 0]))
    assert row.name == "One radar"
    axis = quantities.axis_of([row], "s")
    assert axis.low == 0.0
    assert axis.high > dot.high


def test_a_raid_has_a_panel_for_each_threat_and_a_line_for_each_architecture() -> None:
    data = choose(a_raid(), {POWER: "30 kW"})
    svg = study_picture(data, "raid", name="salvo", about=ABOUT, ending=".svg").decode()
    assert svg.count("missiles launched</text>") == 2
    assert svg.count("<title>One radar</title>") == 2
    assert svg.count("<title>Two radars side by side</title>") == 2
    assert "With mean power of radar emr at 30 kW." in svg


@pytest.mark.parametrize(
    ("kind", "make"),
    [("map", a_map), ("claims", some_claims), ("quantity", a_quantity), ("raid", a_raid)],
)
def test_every_question_makes_a_png_and_the_same_again(kind: str, make: Any) -> None:
    made = [study_picture(make(), kind, name="q", about=ABOUT) for _ in range(2)]
    assert made[0] == made[1]
    assert Image.open(io.BytesIO(made[0])).width > 1500


def test_an_ending_that_no_picture_has_is_told() -> None:
    with pytest.raises(InputError, match=r"--out: .*\.svg.*\.png"):
        study_picture(a_map(), "map", name="q", about=ABOUT, ending=".svg")
