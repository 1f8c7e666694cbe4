"""``midcourse site`` end to end, on a coarse grid."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import midcourse as mc
from midcourse.analysis.spots import MARGIN_DEG
from midcourse.dossier import new

from .conftest import Midcourse

SITE = (
    "site", "third-site", "--place", "interceptor", "--architecture", "third-site", "--threat", "iran-us",
    "--objective", "share", "--grid", "10 deg",
)  # fmt: skip
TRADE = (*SITE, "--alone", "--spare", "russia-us")


def test_json(midcourse: Midcourse) -> None:
    found = midcourse(*TRADE, "--json", "--countries", "PL,DE,TR,RO").document
    assert (found["dossier"], found["version"], found["architecture"]) == (
        "third-site",
        mc.__version__,
        "third-site",
    )
    assert (found["threat"], found["spare"], found["objective"], found["keep"]) == (
        "iran-us", "russia-us", "share", 0.95,
    )  # fmt: skip
    assert found["countries"] == ["Poland", "Germany", "Turkey", "Romania"]
    assert found["searched"] == found["to_search"] == len(found["candidates"])
    named = {each["site"]: each for each in found["candidates"] if each["site"]}
    assert {"redzikowo", "brdy", "gabala"} <= set(named)
    assert named["gabala"]["barred"] == "outside the region"
    assert named["gabala"]["lon"] < 45.0 + MARGIN_DEG
    assert "fort-greely" not in named
    ranks = [each["rank"] for each in found["candidates"]]
    assert ranks == sorted(ranks)
    for each in found["candidates"]:
        assert 0.0 <= each["share"] <= 1.0
        assert 0.0 <= each["reach"] <= 1.0
        assert 0 <= each["people"] <= found["people"]
        assert each["shots"] is None
    assert found["best"] in {each["name"] for each in found["candidates"] if each["barred"] is None}
    face = mc.site(
        "third-site", "interceptor", "third-site", threat="iran-us", objective="share", alone=True,
        spare="russia-us", countries=["PL", "DE", "TR", "RO"], grid="10 deg",
    )  # fmt: skip
    assert found == json.loads(face.to_json()) | {"command": found["command"]}


def test_in_print_and_as_a_picture(midcourse: Midcourse) -> None:
    answer = midcourse(*TRADE, "--top", "2", "--out", "trade.svg", "--keep-out", "55,35:300 km")
    assert answer.code == 0, answer.err
    for told in (
        "Best places",
        "The front",
        "Redzikowo, Poland",
        "Brdy, Czech Republic",
        "Gabala, Azerbaijan",
        "outside the region",
        "no nearer than 300 km from 55, 35",
        "from redzikowo",
        "One flight is 0.4 %",
    ):
        assert told in " ".join(answer.out.split())
    assert "trade-off: trade.svg" in answer.err
    picture = Path("trade.svg").read_text(encoding="utf-8")
    command = "midcourse site third-site --place interceptor --architecture third-site --threat iran-us"
    assert command in picture
    assert "Redzikowo, Poland" in picture


# Every format is written of a map as it is of any other.
@pytest.mark.slow
@pytest.mark.parametrize("name", ["map.geojson", "map.tif"])
def test_as_maps_of_other_formats(midcourse: Midcourse, name: str) -> None:
    assert midcourse(*TRADE, "--out", name).code == 0
    assert Path(name).stat().st_size > 0


def test_as_maps(midcourse: Midcourse) -> None:
    import xarray

    assert midcourse(*TRADE, "--out", "map.nc").code == 0
    assert Path("map.nc").stat().st_size > 0
    with xarray.open_dataset("map.nc") as data:
        assert float(data["share"].max()) <= 1.0
        assert "reach" in data
        assert "--out map.nc" in data.attrs["command"]


def test_a_radar(midcourse: Midcourse) -> None:
    radar = (
        "site", "third-site", "--place", "radar", "--architecture", "gabala", "--threat", "iran-us",
        "--objective", "share", "--grid", "10 deg", "--countries", "TR", "--json",
    )  # fmt: skip
    found = midcourse(*radar).document
    assert found["own_site"] == "gabala"
    assert found["spare"] is None
    assert all(each["reach"] is None and each["front"] is None for each in found["candidates"])
    assert midcourse(*radar[:-1]).out.count("The front") == 0


def test_refusals(complaint: Callable[..., str]) -> None:
    def refused(*more: str, place: str = "interceptor", architecture: str = "third-site") -> str:
        return complaint("site", "third-site", "--place", place, "--architecture", architecture, *more)

    assert (
        refused(place="radr")
        == '--place: "radr" cannot be placed; expected interceptor or radar; did you mean "radar"?'
    )
    for options, told in (
        (("--countries", "PL,Germny"), ('unknown country "Germny"', "did you mean", "Germany")),
        (("--countries", "JP"), ("no land is left to search in Europe", "--countries")),
        (("--keep-out", "50,15:9000 km"), ("no land is left", "--keep-out")),
        (("--keep-out", "50,15"), ("--keep-out", "54.7,20.5:300 km")),
        (("--keep-out", "50,15:many"), ("--keep-out",)),
        (("--move", "redzikovo"), ("--move", "no battery", "redzikowo")),
        (("--objective", "peple"), ("--objective", "did you mean \"people\"")),
        (("--keep", "1.5"), ("--keep", "at most 1")),
        (("--threat", "iran-uss"), ("--threat", "iran-us")),
        (("--spare", "russia"), ("--spare",)),
        (("--top", "0"), ("--top",)),
        (("--region", "europa"), ("--region", "europe")),
        (("--grid", "7 deg"), ("--grid", "divides 180")),
        (("--out", "x.svg"), ("--out", "--spare")),
        (("--out", "x.pdf"), ("--out", ".svg")),
    ):  # fmt: skip
        line = refused(*options)
        assert all(part in line for part in told), line


def test_targets_without_people(midcourse: Midcourse) -> None:
    new(Path("own"))
    for name in Path("own").glob("*.toml"):
        name.write_text(re.sub(r", population = \d+", "", name.read_text(encoding="utf-8")), encoding="utf-8")
    own = ("site", "own", "--place", "interceptor", "--architecture", "my-shield", "--grid", "20 deg")
    answer = midcourse(*own)
    assert (answer.code, answer.out) == (2, "")
    assert "have no population" in answer.err
    found = midcourse(*own, "--objective", "share", "--json").document
    assert found["own_site"] == "redzikowo"
    blind = midcourse("site", "own", "--place", "radar", "--architecture", "without-radar")
    assert blind.code == 2
    assert "has no sensor to move" in blind.err


def test_help_has_an_example(midcourse: Midcourse) -> None:
    answer = midcourse("site", "--help")
    assert "Example: midcourse site third-site" in " ".join(answer.out.split())
    assert answer.code == 0
