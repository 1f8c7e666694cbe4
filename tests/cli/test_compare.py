"""``midcourse compare`` end to end, on a dossier of one's own and few samples."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import midcourse as mc
from midcourse.dossier import new

from .conftest import Midcourse

SECOND = """
[architecture.two-radars]
name = "A second radar"
extends = "my-shield"
source = "my-estimate"
cost = "2 billion dollars"

[[architecture.two-radars.sensor]]
radar = "fylingdales"
site = "fylingdales"
azimuth = ["7 deg", "127 deg", "247 deg"]

[comparison.flights]
name = "Flights that can be engaged"
quantity = "engageable_share"
cases = { threat = "my-threat" }
better = "more"

[comparison.warning]
name = "Warning"
quantity = "warning_time"
cases = { threat = "my-threat" }
"""
COMPARE = ("compare", "own", "--architectures", "my-shield,two-radars", "--samples", "6")


@pytest.fixture
def own(midcourse: Midcourse) -> Midcourse:
    """A dossier of two architectures in the folder ``own``."""
    new(Path("own"))
    Path("own/second.toml").write_text(SECOND, encoding="utf-8")
    return midcourse


def test_json(own: Midcourse) -> None:
    found = own(*COMPARE, "--json").document
    assert (found["dossier"], found["seed"], found["samples"]) == ("my-dossier", 0, 6)
    assert found["version"] == mc.__version__
    assert found["architectures"] == ["my-shield", "two-radars"]
    flights, warning = found["rows"]
    assert {key: flights[key] for key in ("id", "label", "unit", "better")} == {
        "id": "flights", "label": "Flights that can be engaged", "unit": "%", "better": "more",
    }  # fmt: skip
    assert warning["better"] == "neither"
    for row in found["rows"]:
        assert [each["architecture"] for each in row["values"]] == found["architectures"]
        assert all(each["low"] <= each["high"] for each in row["values"])
        (difference,) = row["differences"]
        assert (difference["a"], difference["b"]) == ("my-shield", "two-radars")
        one, two = (each["value"] for each in row["values"])
        assert difference["value"] == pytest.approx(one - two)
        one_sign = difference["low"] > 0.0 or difference["high"] < 0.0
        assert one_sign or not difference["exceeds"]
        # A second radar takes nothing away.
        assert difference["high"] <= 1e-9
    none, cost = found["costs"]
    assert none["value"] is None
    assert (cost["architecture"], cost["value"], cost["unit"]) == ("two-radars", 2.0, "billion dollars")
    assert found == mc.compare("own", ["my-shield", "two-radars"], samples=6).to_dict() | {
        "command": "midcourse compare own --architectures my-shield,two-radars --samples 6"
    }


def test_in_print_and_on_paper(own: Midcourse) -> None:
    answer = own(*COMPARE, "--out", "found.html")
    assert answer.code == 0
    assert "Flights that can be engaged (%, more is better)" in answer.out
    assert "6 samples over the published ranges, the same for all; seed 0" in answer.out
    assert "sampled worlds" in answer.err
    page = Path("found.html").read_text(encoding="utf-8")
    assert "exceeds the uncertainty" in page
    assert "midcourse compare own --architectures my-shield,two-radars --samples 6" in page
    for name in ("found.svg", "found.json", "found.csv"):
        assert own(*COMPARE, "--out", name, "--json").code == 0
    assert json.loads(Path("found.json").read_text(encoding="utf-8"))["samples"] == 6
    lines = list(csv.DictReader(Path("found.csv").read_text(encoding="utf-8").splitlines()))
    assert len(lines) == 2 * (2 + 1) + 1
    assert {line["quantity"] for line in lines} == {"flights", "warning", "cost"}


def test_figures_imposed(own: Midcourse) -> None:
    """Without power no radar sees anything; the second is not touched."""
    found = own(*COMPARE, "--json", "--set", "radar.my-radar.mean_power=1 mW").document
    flights, warning = found["rows"]
    assert flights["values"][0] == {"architecture": "my-shield", "value": 0.0, "low": 0.0, "high": 0.0}
    assert warning["values"][0]["value"] == 0.0
    assert warning["values"][1]["value"] > 0.0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--architectures", "my-shield,two-radar"),
            'unknown architecture: "two-radar"; did you mean "two-radars"?',
        ),
        (("--architectures", "my-shield"), 'nothing to compare "my-shield" with; expected two or more of'),
        (("--samples", "0"), '--samples: "0" cannot be used; expected a whole number of at least 1'),
        (("--out", "found.pdf"), "expected a name that ends in .html, .svg, .csv or .json"),
        (("--set", "comparison.flights.better=best"), "--set comparison.flights.better"),
    ],
)
def test_refused(own: Midcourse, complaint: Callable[..., str], words: tuple[str, ...], told: str) -> None:
    assert told in complaint("compare", "own", *words)
    assert sorted(path.name for path in Path().iterdir()) == ["own"]


def test_a_dossier_without_comparisons(midcourse: Midcourse, complaint: Callable[..., str]) -> None:
    new(Path("bare"))
    told = "the dossier says nothing to compare by; expected at least one [comparison.NAME] with a quantity"
    assert told in complaint("compare", "bare")


def test_check_reads_comparisons(own: Midcourse, complaint: Callable[..., str]) -> None:
    assert own("check", "own", "--json").document["comparisons"] == ["flights", "warning"]
    second = Path("own/second.toml")
    second.write_text(SECOND.replace("warning_time", "warning_times"), encoding="utf-8")
    assert 'unknown quantity: "warning_times"' in complaint("check", "own")
