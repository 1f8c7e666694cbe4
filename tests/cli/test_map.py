"""``midcourse map`` end to end, on a dossier of one's own and a coarse grid."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray

from midcourse.dossier import new

from .conftest import Midcourse

MAP = ("map", "own", "--architecture", "my-shield", "--grid", "5 deg")
EUROPE = ("--region", "europe")
# Beside those that the dossier starts with.
MORE = """
[architecture.eyes-only]
name = "The radar alone"
extends = "my-shield"
without = ["gbi-2-stage@redzikowo"]
source = "my-estimate"

[architecture.lenient]
name = "With a decision at once"
extends = "my-shield"
doctrine = "at-once"
source = "my-estimate"

[doctrine.at-once]
name = "At once"
confidence = 0.9
decision_delay = "0 s"
shot_interval = "10 s"
assessment_delay = "60 s"
source = "my-estimate"
"""
# A field of flights is made for each place that missiles leave from: one will do where it matters not.
ONE = (*EUROPE, "--from", "north-west")
QUANTITIES: dict[str, tuple[str, ...]] = {
    "defended": EUROPE,
    "shots": ONE,
    "warning": (*EUROPE, "--from", "38.0,46.3", "--from", "centre"),
    "denied": ("--to", "London"),
    "seen": ("--altitude", "100 km, 300 km", "--rcs", "1 m^2"),
    "reach": ("--altitude", "400 km"),
}
STARTS = {
    ".nc": (b"\x89HDF",),
    ".tif": (b"II", b"MM"),
    ".geojson": (b"{",),
    ".png": (b"\x89PNG",),
    ".html": (b"<!doctype html", b"<!DOCTYPE html"),
}
KEYS = {
    "title", "dossier", "dossier_hash", "version", "quantity", "architecture", "region", "grid",
    "grid_size_deg", "command", "sources", "units", "total", "countries", "area_with_sea_km2",
}  # fmt: skip


@pytest.fixture
def own(midcourse: Midcourse) -> Midcourse:
    """A dossier in the folder ``own``."""
    new(Path("own"))
    Path("own/more.toml").write_text(MORE, encoding="utf-8")
    return midcourse


def _map(own: Midcourse, quantity: str, *words: str) -> dict[str, Any]:
    return own(*MAP, "--quantity", quantity, *QUANTITIES[quantity], *words, "--json").document


def _values(name: str) -> tuple[dict[str, Any], np.ndarray]:
    with xarray.open_dataset(name) as data:
        return dict(data.attrs), data[str(data.attrs["quantity"])].values.astype(float)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_quantity(own: Midcourse, quantity: str) -> None:
    document = _map(own, quantity, "--out", "map.nc")
    flies = quantity in ("defended", "shots", "warning", "denied")
    assert document.keys() == KEYS | ({"threat", "missiles"} if flies else set())
    assert document["quantity"] == quantity
    assert document["architecture"] == "my-shield"
    assert document["dossier"] == "my-dossier"
    assert document["units"].keys() == document["total"].keys()
    assert all(row.keys() == {"code", "name", *document["total"]} for row in document["countries"])
    attributes, values = _values("map.nc")
    assert attributes["title"] == document["title"]
    known = values[~np.isnan(values) & (values >= 0.0)]
    assert len(np.unique(known)) > 1, "a map on which something is to be seen"
    assert sorted(os.listdir()) == ["map.nc", "own"]


# One with places missiles leave from, one with altitudes, and one with a place aimed at.
@pytest.mark.parametrize("quantity", [pytest.param("warning", marks=pytest.mark.slow), "seen", "denied"])
def test_the_command_that_a_map_names_makes_it_again(own: Midcourse, quantity: str) -> None:
    told = _map(own, quantity, "--out", "map.nc", "--set", "radar.my-radar.minimum_elevation=2 deg")
    _, values = _values("map.nc")
    os.remove("map.nc")
    words = shlex.split(told["command"])
    assert words[0] == "midcourse"
    again = own(*words[1:], "--json").document
    assert again == told
    np.testing.assert_array_equal(_values("map.nc")[1], values)


@pytest.mark.parametrize(
    "ending",
    [pytest.param(each, marks=[pytest.mark.slow] if each in (".tif", ".html") else ()) for each in STARTS],
)
def test_every_format(own: Midcourse, ending: str) -> None:
    answer = own(*MAP, "--quantity", "defended", *ONE, "--samples", "2", "--out", f"map{ending}")
    assert answer.code == 0, answer.err
    assert answer.err.splitlines()[-1] == f"map: map{ending}"
    assert "All countries" in answer.out
    assert "United Kingdom" in answer.out
    assert Path(f"map{ending}").read_bytes().startswith(STARTS[ending])
    assert sorted(os.listdir()) == sorted([f"map{ending}", "own"])


def test_what_changes_from_another_architecture(own: Midcourse) -> None:
    document = own(
        *MAP, "--quantity", "shots", *ONE, "--against", "lenient", "--out", "change.nc", "--json"
    ).document
    assert document["before"] == "lenient"
    assert document["after"] == "my-shield"
    assert "With a decision at once" in document["title"]
    _, change = _values("change.nc")
    parts = []
    for name in ("my-shield", "lenient"):
        words = ("map", "own", "--architecture", name, "--grid", "5 deg", "--quantity", "shots", *ONE)
        assert own(*words, "--out", "one.nc").code == 0
        parts.append(_values("one.nc")[1])
    np.testing.assert_array_equal(change, parts[0] - parts[1])
    assert np.nanmin(change) < 0.0
    assert not (change > 0.0).any()


def test_more_defended_ground_is_gained(own: Midcourse) -> None:
    words = ("map", "own", "--quantity", "defended", "--grid", "5 deg", *ONE, "--json")
    gained = own(*words, "--architecture", "my-shield", "--against", "without-radar").document["total"]
    lost = own(*words, "--architecture", "without-radar", "--against", "my-shield").document["total"]
    assert [key for key in gained if "gained" in key]
    for key, value in gained.items():
        if "gained" in key:
            assert lost[key.replace("gained", "lost")] == value > 0.0
        if "lost" in key:
            assert value == 0.0


# In the short tests, every quantity against one of the two.
BRIEF = {
    "defended": "without-radar", "shots": "eyes-only", "warning": "without-radar",
    "denied": "eyes-only", "seen": "without-radar", "reach": "eyes-only",
}  # fmt: skip


@pytest.mark.parametrize(
    ("quantity", "against"),
    [
        pytest.param(quantity, against, marks=() if BRIEF[quantity] == against else pytest.mark.slow)
        for against in ("without-radar", "eyes-only")
        for quantity in QUANTITIES
    ],
)
def test_against_an_architecture_that_lacks_what_it_takes(
    own: Midcourse, quantity: str, against: str
) -> None:
    words = ("--from", "north-west") if quantity == "defended" else ()
    document = _map(own, quantity, *words, "--against", against, "--grid", "15 deg")
    assert document["before"] == against


def test_a_map_of_chances(own: Midcourse) -> None:
    words = (*MAP, "--quantity", "defended", *ONE, "--samples", "8", "--json")
    first = own(*words, "--seed", "3", "--out", "first.nc").document
    second = own(*words, "--seed", "3", "--out", "second.nc").document
    other = own(*words, "--seed", "4", "--out", "other.nc").document
    assert first["samples"] == 8
    assert first["seed"] == 3
    assert first["total"] == second["total"]
    values = [_values(f"{name}.nc")[1] for name in ("first", "second", "other")]
    np.testing.assert_array_equal(values[0], values[1])
    assert (np.nan_to_num(values[0]) != np.nan_to_num(values[2])).any()
    assert other["total"] != first["total"]
    known = values[0][~np.isnan(values[0])]
    # Eighths and nothing else.
    np.testing.assert_allclose(known * 8.0, np.round(known * 8.0), atol=1e-9)
    assert 0.0 <= known.min() < known.max() <= 1.0


def test_the_reach_of_one_base(own: Midcourse) -> None:
    """The only one's is that of all."""
    one = _map(own, "reach", "--battery", "redzikowo", "--out", "one.nc")
    every = _map(own, "reach", "--out", "every.nc")
    assert one["total"] == every["total"]
    np.testing.assert_array_equal(_values("one.nc")[1], _values("every.nc")[1])


def test_cells_of_one_area(own: Midcourse) -> None:
    document = _map(own, "shots", "--equal-area", "--out", "map.nc")
    assert document["grid"] == "equal-area"
    with xarray.open_dataset("map.nc") as data:
        area = data["cell_area"].values
    np.testing.assert_allclose(area, area.mean(), rtol=1e-9)
    assert document["total"] != _map(own, "shots")["total"]


@pytest.mark.slow
def test_share_of_the_launch_places(own: Midcourse) -> None:
    """What is asked for of all is defended no more widely than what is asked for of one in two."""
    for name, share in (("all.nc", "100 %"), ("half.nc", "50 %")):
        told = _map(own, "defended", "--share", share, "--out", name)
        assert ("--share" in told["command"]) == (share != "100 %")
    every, half = _values("all.nc")[1], _values("half.nc")[1]
    known = ~np.isnan(every)
    assert (half >= every)[known].all()
    assert half[known].sum() > every[known].sum()


BAD = [
    (
        ("--quantity", "defend"),
        '"defend"; expected defended, shots, warning, denied, seen, reach; did you mean "defended"?',
    ),
    (("--architecture", "my-sheild"), 'unknown architecture: "my-sheild"; did you mean "my-shield"?'),
    (("--against", "my-sheild"), '--against: unknown architecture: "my-sheild"; did you mean "my-shield"?'),
    (("--threat", "my-thread"), '--threat: unknown threat: "my-thread"; did you mean "my-threat"?'),
    (("--from", "center"), '--from: unknown place "center"; did you mean "centre"?'),
    (("--from", "Xanadu"), '"Xanadu"; expected LAT,LON in degrees, or a place such as north-west or centre'),
    (("--from", "95,10"), '--from: latitude "95,10" is out of bounds'),
    (("--from", "1,2,3"), '--from: "1,2,3" is not a place; expected LAT,LON in degrees'),
    (("--quantity", "denied", "--to", "Lndon"), '--to: unknown place "Lndon"; did you mean "London"?'),
    (("--quantity", "denied"), "--to: a map of denied launch areas is about one place aimed at"),
    (("--quantity", "denied", "--to", "London", "--from", "centre"), "and no --from"),
    (
        ("--to", "London"),
        '--to: a map of "defended" takes no such option; expected it with --quantity denied',
    ),
    (
        ("--quantity", "reach", "--battery", "brdy"),
        '--battery: my-shield has no battery "brdy"; expected gbi-2-stage@redzikowo',
    ),
    (
        ("--quantity", "reach", "--battery", "redzikowo", "--against", "eyes-only"),
        '--battery: eyes-only has no battery "redzikowo"',
    ),
    (("--quantity", "seen", "--battery", "redzikowo"), '--battery: a map of "seen" takes no such option'),
    (("--quantity", "reach", "--altitude", "100 km,300 km"), "--altitude: a map of reach is of one altitude"),
    (("--quantity", "seen", "--altitude", "300"), '--altitude: "300" has no unit'),
    (("--quantity", "seen", "--altitude", "300 km,,"), "--altitude"),
    (("--altitude", "100 km"), '--altitude: a map of "defended" takes no such option; expected it with'),
    (("--quantity", "seen", "--rcs", "1 m"), '--rcs: "1 m" is not an area but a length'),
    (("--quantity", "seen", "--samples", "5"), '--samples: a map of "seen" takes no such option'),
    (("--quantity", "shots", "--share", "50 %"), '--share: a map of "shots" takes no such option'),
    (("--region", "eurpe"), '--region: unknown region "eurpe"; did you mean "europe"?'),
    (("--region", "1,2,3"), '--region: "1,2,3" is not a region'),
    (("--region", "50,0,40,10"), "--region"),
    (("--grid", "7 deg"), '--grid: cells cannot be "7 deg" wide'),
    (("--grid", "1 km"), '--grid: "1 km" is not an angle but a length'),
    (("--out", "map.jpg"), '--out: no map format has the ending of "map.jpg"'),
    (("--share", "120 %"), '--share: "120 %" is more than all; expected at most 100 %'),
    (("--share", "0 %"), '--share: "0 %" cannot be used; expected more than zero'),
    (("--samples", "0"), '--samples: "0" cannot be used; expected a whole number of at least 1'),
    (("--samples", "many"), '--samples: "many" cannot be used'),
    (("--seed", "-1"), '--seed: "-1" cannot be used'),
    (("--levels", "a,b"), '--levels: "a,b" are no numbers'),
    (("--set", "radar.my-radar.power=1 W"), "radar.my-radar.power"),
    (
        ("--quantity", "seen", "--architecture", "without-radar"),
        'map of seen needs radars, and "without-radar"',
    ),
    (("--architecture", "eyes-only"), 'a map of defended needs interceptors, and "eyes-only" has none'),
    (("--quantity", "reach", "--architecture", "eyes-only"), "map of reach needs interceptors, and"),
]


@pytest.mark.parametrize(("words", "told"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_input_is_told_in_a_line(
    own: Midcourse, complaint: Callable[..., str], words: tuple[str, ...], told: str
) -> None:
    plain = {"--quantity": "defended", "--architecture": "my-shield", "--grid": "5 deg"}
    given = [word for option, value in plain.items() if option not in words for word in (option, value)]
    said = complaint("map", "own", *given, *words)
    assert told in said
    assert os.listdir() == ["own"]


def test_a_missing_option_is_told_with_an_example(own: Midcourse, complaint: Callable[..., str]) -> None:
    assert "midcourse map third-site --quantity" in complaint("map", "own", "--architecture", "my-shield")
    assert "missing option '--architecture'" in complaint("map", "own", "--quantity", "seen")


def test_a_file_that_cannot_be_written(own: Midcourse) -> None:
    answer = own(*MAP, "--quantity", "seen", "--out", "own/dossier.toml/map.nc")
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.splitlines()[-1].startswith("midcourse: --out: cannot write map.nc")
    assert os.listdir() == ["own"]


def test_json_is_one_document(own: Midcourse) -> None:
    answer = own(*MAP, "--quantity", "seen", "--json")
    assert json.loads(answer.out)["quantity"] == "seen"
    assert answer.err.startswith("map of ")
