"""``midcourse raid`` end to end, on a dossier of one's own and few samples."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import midcourse as mc
from midcourse.dossier import new
from midcourse.dossier.incident import check_incidents, parse_incident, read_raid_and_incidents
from midcourse.study.raid import named_threat, shared_out

from .conftest import Midcourse

DATA = Path(__file__).parents[2] / "docs/data.md"
RAID = ("raid", "own", "--architecture", "my-shield", "--missiles", "12", "--samples", "5")
FILE = """
# A raid in two parts.
[[launch]]
missile = "notional-irbm"
from = "38.0,46.3"
to = "London"
count = 2
spacing = "1 min"

[[launch]]
missile = "notional-irbm"
from = "Tehran"
to = "redzikowo"
at = "90 s"
"""
PLACES = """
[places.more]
name = "More places"
source = "my-estimate"

[[places.more.point]]
name = "Tehran"
lat = "35.7 deg"
lon = "51.4 deg"

[[places.more.point]]
name = "Lisbon"
lat = "38.7 deg"
lon = "-9.1 deg"
"""


@pytest.fixture
def own(midcourse: Midcourse) -> Midcourse:
    """A dossier in the folder ``own``, and a raid in ``raid.toml``."""
    new(Path("own"))
    Path("own/more.toml").write_text(PLACES, encoding="utf-8")
    Path("raid.toml").write_text(FILE, encoding="utf-8")
    return midcourse


def _mean(distribution: list[float]) -> float:
    return sum(number * share for number, share in enumerate(distribution))


def _check(count: dict[str, Any], most: int) -> None:
    """That a count agrees with itself."""
    for name, expected in (("distribution", "mean"), ("nominal_distribution", "nominal")):
        assert sum(count[name]) == pytest.approx(1.0)
        assert len(count[name]) <= most + 1
        assert _mean(count[name]) == pytest.approx(count[expected], abs=1e-9)
    assert 0 <= count["low"] <= count["median"] <= count["high"] <= most


@pytest.mark.parametrize("doctrine", ["salvo", "look"])
def test_json(own: Midcourse, doctrine: str) -> None:
    found = own(*RAID, "--doctrine", doctrine, "--json").document
    assert (found["dossier"], found["version"], found["seed"], found["samples"]) == (
        "my-dossier", mc.__version__, 0, 5,
    )  # fmt: skip
    assert (found["architecture"], found["missiles"], found["doctrine"]) == ("my-shield", 12, doctrine)
    _check(found["leakers"], 12)
    _check(found["bound"], 12)
    _check(found["spent"], 10)
    assert found["bound"]["mean"] <= found["leakers"]["mean"] + 0.2
    assert found["bound"]["method"] == "exact"
    (battery,) = found["batteries"]
    assert battery["inventory"] == 10
    _check(battery["spent"], 10)
    assert battery["spent"]["mean"] == pytest.approx(found["spent"]["mean"])
    assert len(found["flights"]) == 12
    met = 0
    for flight in found["flights"]:
        launch, meet = (flight[key][battery["battery"]] for key in ("launch_s", "intercept_s"))
        met += launch is not None
        if launch is None:
            assert flight["planned"][battery["battery"]] == 0
            assert flight["stopped"] == 0.0
        else:
            assert 0.0 < launch[0] <= launch[1] < meet[1]
            assert launch[0] < meet[0] <= meet[1]
    assert met == battery["engages"] > 0
    assert [curve["interceptors"] for curve in found["curves"]] == [10, 20, 50, None]
    for curve in found["curves"]:
        assert [point["missiles"] for point in curve["points"]] == list(range(1, 13))
    # The last point of the dossier's own inventory is the raid itself.
    assert found["curves"][0]["points"][-1]["mean"] == pytest.approx(found["leakers"]["mean"])
    assert found == mc.raid(
        "own", "my-shield", 12, samples=5, doctrine="look" if doctrine == "look" else "salvo"
    ).to_dict() | {"command": found["command"], "flights": found["flights"]}


def test_figures_lead_to_their_sources(own: Midcourse) -> None:
    found = own(*RAID, "--json").document
    dossier = mc.load("own")
    paths = [figure["path"] for figure in found["figures"]]
    assert "interceptor.gbi-2-stage.kill_probability" in paths
    assert "doctrine.my-doctrine.pick_probability" in paths
    assert "architecture.my-shield.battery.1.inventory" in paths
    for figure in found["figures"]:
        assert figure["source"]
        dossier.with_overrides({figure["path"]: figure["value"]})


def test_the_same_seed_gives_the_same_bytes(own: Midcourse) -> None:
    for doctrine in ("salvo", "look"):
        one, two = (own(*RAID, "--doctrine", doctrine, "--json", "--seed", "7").out for _ in range(2))
        assert one == two
    assert own(*RAID, "--json", "--seed", "8").out != own(*RAID, "--json", "--seed", "7").out


def test_in_print_and_as_a_picture(own: Midcourse) -> None:
    answer = own(*RAID, "--inventory", "5,10", "--out", "curve.svg")
    assert answer.code == 0
    assert "Missiles that get through: expected (5 to 95 %)" in answer.out
    assert "launched  5 interceptors  10 interceptors" in answer.out
    assert "interceptor.gbi-2-stage.kill_probability = 0.53 (0.25 to 0.8)" in answer.out
    assert "picture: curve.svg" in answer.err
    picture = Path("curve.svg").read_text(encoding="utf-8")
    assert "missiles launched" in picture
    assert "5 interceptors" in picture
    command = "midcourse raid own --architecture my-shield --missiles 12 --inventory 5,10 --samples 5"
    assert f"{command} --out curve.svg" in picture
    assert own(*RAID, "--out", "curve.html", "--json").code == 0
    assert "<svg" in Path("curve.html").read_text(encoding="utf-8")


def test_figures_imposed(own: Midcourse) -> None:
    sure = own(*RAID, "--json", "--set", "interceptor.gbi-2-stage.kill_probability=1").document
    none = own(*RAID, "--json", "--set", "interceptor.gbi-2-stage.kill_probability=0").document
    assert none["leakers"]["mean"] == 12.0
    assert none["leakers"]["low"] == 12
    assert sure["leakers"]["nominal"] < own(*RAID, "--json").document["leakers"]["nominal"] < 12.0
    fewer = own(*RAID, "--json", "--reserve", "9").document
    assert fewer["spent"]["high"] <= 1


def test_a_raid_as_data(own: Midcourse) -> None:
    found = own(
        "raid", "own", "--architecture", "my-shield", "--raid", "raid.toml", "--samples", "4", "--json"
    ).document
    flights = [(each["missile"], each["start"], each["target"], each["at_s"]) for each in found["flights"]]
    assert flights == [
        ("notional-irbm", "38.0,46.3", "London", 0.0),
        ("notional-irbm", "38.0,46.3", "London", 60.0),
        ("notional-irbm", "Tehran", mc.load("own").site["redzikowo"].name, 90.0),
    ]
    one, two = (each["launch_s"]["gbi-2-stage@redzikowo"] for each in found["flights"][:2])
    assert [b - a for a, b in zip(one, two, strict=True)] == pytest.approx([60.0, 60.0], abs=0.11)
    assert found["missiles"] == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--missiles", "-3"), '--missiles: "-3" cannot be used; expected a whole number of at least 1'),
        (("--missiles", "0"), "--missiles"),
        (("--missiles", "501"), "--missiles: a raid of 501 missiles; expected at most 500"),
        (
            ("--missiles", "5", "--threat", "my-thread"),
            'unknown threat: "my-thread"; did you mean "my-threat"?',
        ),
        (
            ("--missiles", "5", "--battery", "redzikow"),
            'no battery "redzikow"; expected gbi-2-stage@redzikowo',
        ),
        (("--missiles", "5", "--inventory", "0"), '--inventory: "0" cannot be used'),
        (("--missiles", "5", "--inventory", "ten"), '--inventory: "ten" cannot be used'),
        (("--missiles", "5", "--reserve", "10"), "--reserve: 10 leaves a battery nothing to fire"),
        (("--missiles", "5", "--doctrine", "looks"), 'unknown doctrine: "looks"; did you mean "look"?'),
        (("--missiles", "5", "--spacing", "30 km"), "--spacing"),
        (("--missiles", "5", "--raid", "raid.toml"), "both --missiles and --raid"),
        ((), "no raid; expected --missiles N, or --raid FILE"),
        (("--raid", "raid.toml", "--threat", "my-threat"), "--threat and --raid cannot both be given"),
        (("--raid", "none.toml"), "none.toml: cannot be read"),
        (("--missiles", "5", "--out", "curve.pdf"), "expected a name that ends in .svg or .html"),
    ],
)
def test_refused(own: Midcourse, complaint: Callable[..., str], words: tuple[str, ...], told: str) -> None:
    assert told in complaint("raid", "own", "--architecture", "my-shield", *words)
    assert sorted(path.name for path in Path().iterdir()) == ["own", "raid.toml"]


def test_an_architecture_that_is_not_there(own: Midcourse, complaint: Callable[..., str]) -> None:
    told = complaint("raid", "own", "--architecture", "my-sheild", "--missiles", "5")
    assert told == '--architecture: unknown architecture: "my-sheild"; did you mean "my-shield"?'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('missile = "notional-irbm"', 'missile = "notional-irmb"', ":4 (launch.1.missile): unknown missile"),
        (
            'at = "90 s"',
            'at = "-5 s"',
            'raid.toml:14 (launch.2.at): time "-5 s" is out of bounds; expected at',
        ),
        (
            'at = "90 s"',
            'spread = { value = "9 s", low = "5 s", high = "20 s" }',
            "raid.toml:14 (launch.2.spread): spread has a range, 5 to 20 s; expected a single figure",
        ),
        ("count = 2", "count = -2", "raid.toml:7 (launch.1.count): -2 is too small; expected at least 1"),
        ('spacing = "1 min"', "spacing = 60", "raid.toml:8 (launch.1.spacing): 60 has no unit"),
        (
            'at = "90 s"',
            'att = "90 s"',
            'raid.toml:14 (launch.2.att): unknown key: "att"; did you',
        ),
        ('to = "London"', 'to = "Londom"', 'unknown place: "Londom"; did you mean "London"?'),
        (
            'from = "38.0,46.3"',
            'from = "95,46.3"',
            'raid.toml:5 (launch.1.from): "95,46.3" is not on',
        ),
        ('to = "London"\n', "", 'missing key: "to"'),
        ("[[launch]]", "[[launches]]", 'unknown key: "launches"; did you mean "launch"?'),
        ("[[launch]]", "[[launch]", "syntax error"),
    ],
)
def test_faults_of_a_raids_file(
    own: Midcourse, complaint: Callable[..., str], old: str, new: str, told: str
) -> None:
    assert old in FILE
    Path("raid.toml").write_text(FILE.replace(old, new, 1), encoding="utf-8")
    assert told in complaint("raid", "own", "--architecture", "my-shield", "--raid", "raid.toml")


def test_out_of_reach(own: Midcourse, complaint: Callable[..., str]) -> None:
    Path("raid.toml").write_text(FILE.replace('to = "London"', 'to = "40.7,-74"'), encoding="utf-8")
    words = ("raid", "own", "--architecture", "my-shield", "--raid", "raid.toml")
    assert "raid.toml:3 (launch.1): out of reach" in complaint(*words)


def test_incidents_are_for_the_simulation(own: Midcourse, complaint: Callable[..., str]) -> None:
    text = FILE + '\n[[incident]]\nat = "300 s"\ndo = "fail"\nwhat = "satellite"\n'
    Path("raid.toml").write_text(text, encoding="utf-8")
    told = complaint("raid", "own", "--architecture", "my-shield", "--raid", "raid.toml")
    assert told == "raid.toml:16: incidents are for midcourse run; expected [[launch]] tables alone"


def test_the_threat_that_is_named() -> None:
    third_site = mc.load("third-site")
    assert named_threat(third_site, "third-site") == "iran-us"
    assert named_threat(mc.load("pacific"), "gmd-2017") in mc.load("pacific").threat


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [(10, [10], [10]), (10, [21, 3, 10], [6, 1, 3]), (1, [1, 1], [1, 0]), (50, [40, 4], [45, 5])],
)
def test_sharing_out(total: int, weights: list[int], shares: list[int]) -> None:
    assert shared_out(total, weights).tolist() == shares


def test_the_documented_raid_and_incidents_are_read(tmp_path: Path) -> None:
    """The files and texts that docs/data.md shows, against the dossier they speak of."""
    told = DATA.read_text(encoding="utf-8").partition("## Raids and incidents")[2].partition("\n## ")[0]
    path = tmp_path / "raid.toml"
    path.write_text("\n".join(re.findall(r"```toml\n(.*?)```", told, re.DOTALL)), encoding="utf-8")
    third_site = mc.load("third-site")
    grown, orders, incidents = read_raid_and_incidents(path, third_site)
    assert [(order.count, order.at_s, order.spacing_s, order.spread_s) for order in orders] == [
        (4, 60.0, 30.0, 20.0)
    ]
    texts = re.findall(r'`"(300 s [^"]*)"`', told)
    assert len(texts) == 4
    incidents += tuple(parse_incident(text, grown) for text in texts)
    checked = check_incidents(grown, "joint", incidents)
    assert [each.do for each in checked] == ["fail", "delay", "launch", "fail", "fail", "delay", "launch"]
