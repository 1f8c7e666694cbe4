"""Incidents of a raid: read from tables and from texts, and refused in one line where they make no sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from midcourse.dossier import Dossier, InputError, load
from midcourse.dossier.incident import (
    Incident,
    check_incidents,
    parse_incident,
    read_incidents,
    read_raid_and_incidents,
)
from midcourse.dossier.raid import Order, read_raid

from .conftest import SMALL

LAUNCHES = """\
[[launch]]
missile = "irbm"
from = "cities"
to = "Berlin"
count = 3
at = "1 min"
spacing = "30 s"
spread = "20 s"
"""
INCIDENTS = """\
[[incident]]
at = "300 s"
do = "fail"
what = "emr@brdy"

[[incident]]
at = "6 min"
do = "delay"
what = "brdy"
by = "30 s"

[[incident]]
at = "400 s"
do = "launch"
missile = "irbm"
from = "Paris"
to = "redzikowo"

[[incident]]
at = "0 s"
do = "launch"
what = "attack"
"""

quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "raid.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


Write = Callable[[str], Path]


@pytest.fixture
def crowded(tmp_path: Path) -> Dossier:
    """The small dossier with everything at one place, and a sensor and a battery called alike."""
    more = """
[architecture.crowded]
name = "Crowded"
doctrine = "nominal"
source = "slides"
battery = [
  { interceptor = "two-stage", site = "brdy", inventory = 4 },
  { interceptor = "two-stage", site = "redzikowo", inventory = 4, name = "north" },
]
sensor = [
  { radar = "emr", site = "brdy", azimuth = ["120 deg"], link = "shared" },
  { radar = "emr", site = "redzikowo", azimuth = ["20 deg"], name = "north" },
]
"""
    (tmp_path / "dossier.toml").write_text(SMALL + more, encoding="utf-8")
    return load(tmp_path)


def test_a_raid_and_its_incidents(small: Dossier, written: Write) -> None:
    path = written(LAUNCHES + INCIDENTS)
    grown, orders, incidents = read_raid_and_incidents(path, small)
    assert orders == (Order("launch-1", 3, 60.0, 30.0, f"{path}:1 (launch.1)", 20.0),)
    fail, delay, launch, other = incidents
    assert fail == Incident(300.0, "fail", "emr@brdy", where=f"{path}:12 (incident.1.what)")
    assert (delay.at_s, delay.do, delay.what, delay.by_s) == (360.0, "delay", "brdy", 30.0)
    assert launch.order == Order("incident-3", 1, 400.0, where=f"{path}:20 (incident.3)")
    assert (launch.what, other.what) == ("incident-3", "attack")
    assert other.order == Order("attack", 1, 0.0, where=other.where)
    # The threats that fly are in the dossier that comes back, and only there.
    assert {order.threat for order in (*orders, launch.order)} <= set(grown.threat)
    assert set(grown.threat) - set(small.threat) == {"launch-1", "incident-3"}
    flown = grown.threat["incident-3"]
    assert [point.name for point in grown.places[flown.from_].point] == ["Paris"]
    assert [point.name for point in grown.places[flown.to].point] == ["Redzikowo"]
    assert grown.places[grown.threat["launch-1"].from_] is small.places["cities"]


def test_incidents_alone_are_those_beside_a_raid(small: Dossier, written: Write) -> None:
    *_, beside = read_raid_and_incidents(written(LAUNCHES + INCIDENTS), small)
    _, alone = read_incidents(written(INCIDENTS), small)
    unplaced = [
        [replace(each, where="", order=each.order and replace(each.order, where="")) for each in incidents]
        for incidents in (beside, alone)
    ]
    assert unplaced[0] == unplaced[1]


def test_a_raid_without_incidents(small: Dossier, written: Write) -> None:
    path = written(LAUNCHES)
    grown, orders, incidents = read_raid_and_incidents(path, small)
    same, again = read_raid(path, small)
    assert incidents == ()
    assert orders == again
    assert grown.hash == same.hash


def test_incidents_of_two_files_fly_threats_of_their_own(small: Dossier, written: Write) -> None:
    path = written(LAUNCHES + INCIDENTS)
    grown, _, first = read_raid_and_incidents(path, small)
    both, second = read_incidents(written(INCIDENTS.replace('"redzikowo"', '"Berlin"')), grown)
    names = [each.what for each in (*first, *second) if each.do == "launch" and each.what != "attack"]
    assert len(set(names)) == 2
    ends = [both.places[both.threat[name].to].point[0].name for name in names]
    assert ends == ["Redzikowo", "Berlin"]


FAULTS = {
    "before zero": ('at = "300 s"', 'at = "-1 s"', ":10 (incident.1.at): ", ['time "-1 s"', "at least 0 s"]),
    "no time": ('at = "300 s"\n', "", ":9 (incident.1.at): ", ['missing key: "at"']),
    "a range": (
        'at = "300 s"', 'at = { value = "5 s", low = "1 s", high = "9 s" }', ":10 (incident.1.at): ",
        ["at has a range, 1 to 9 s", 'at = "5 s"'],
    ),
    "unknown deed": (
        'do = "fail"', 'do = "withdrawn"', ":11 (incident.1.do): ",
        ['unknown choice: "withdrawn"', 'did you mean "withdraw"?'],
    ),
    "unknown key": (
        'what = "emr@brdy"', 'waht = "emr@brdy"', "(incident.1.waht): ", ['did you mean "what"?'],
    ),
    "nothing that fails": (
        'what = "emr@brdy"\n', "", "(incident.1.what): ", ['missing key: "what"', '"link NAME"'],
    ),
    "delay of nothing": ('by = "30 s"\n', "", "(incident.2.by): ", ['missing key: "by"', 'by = "30 s"']),
    "delay of no time": ('by = "30 s"', 'by = "0 s"', ":18 (incident.2.by): ", ["more than zero"]),
    "failure by": (
        'what = "emr@brdy"', 'what = "emr@brdy"\nby = "3 s"', ":13 (incident.1.by): ",
        ['by beside do = "fail"'],
    ),
    "failure of a missile": (
        'what = "emr@brdy"', 'missile = "irbm"', ":12 (incident.1.missile): ", ['missile beside do = "fail"'],
    ),
    "launch from nowhere": ('from = "Paris"\n', "", "(incident.3.from): ", ['missing key: "from"']),
    "launch of both": (
        'missile = "irbm"', 'missile = "irbm"\nwhat = "attack"', "(incident.3.what): ",
        ["what beside missile", "name of a threat"],
    ),
    "unknown missile": (
        'missile = "irbm"', 'missile = "icbm"', "(incident.3.missile): ",
        ['unknown missile: "icbm"', 'did you mean "irbm"?'],
    ),
    "unknown place": ('"Paris"', '"Pariss"', ":24 (incident.3.from): ", ['did you mean "Paris"?']),
    "unknown threat": (
        'what = "attack"', 'what = "attach"', ":30 (incident.4.what): ",
        ['unknown threat: "attach"', 'did you mean "attack"?'],
    ),
    "unknown table": (
        '[[incident]]\nat = "300 s"', '[[accident]]\nat = "300 s"', ":9: ",
        ['unknown key: "accident"', 'did you mean "incident"?'],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_faults_of_incidents(small: Dossier, written: Write, case: str) -> None:
    old, new, place, parts = FAULTS[case]
    text = LAUNCHES + INCIDENTS.replace(old, new, 1)
    assert text != LAUNCHES + INCIDENTS
    path = written(text)
    with pytest.raises(InputError) as caught:
        read_raid_and_incidents(path, small)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    for part in (place, *parts):
        assert part in message, message


def test_files_for_something_else(small: Dossier, written: Write) -> None:
    def told(text: str, read: Callable[[Path, Dossier], object]) -> str:
        with pytest.raises(InputError) as caught:
            read(written(text), small)
        return str(caught.value).split("raid.toml", 1)[1]

    assert told(LAUNCHES + INCIDENTS, read_raid).startswith(":9: incidents are for midcourse run; expected")
    assert told(INCIDENTS, read_raid_and_incidents).startswith(": no launches; expected tables headed")
    assert told(LAUNCHES + INCIDENTS, read_incidents).startswith(':1: unknown key: "launch"; expected tables')
    for read in (read_raid, read_raid_and_incidents):
        assert "the file is empty; expected tables headed [[launch]]" in told(" ", read)
    assert "the file is empty; expected tables headed [[incident]]" in told(" ", read_incidents)
    assert ":1: no incidents" in told("incident = 3", read_incidents)


PARTS = {
    "emr@brdy": "emr@brdy",
    "brdy": "emr@brdy",
    "satellite": "satellite",
    "link shared": "link shared",
    "link  shared": "link shared",
    "command": "command",
}


@pytest.mark.parametrize("do", ["fail", "restore"])
@pytest.mark.parametrize("what", PARTS)
def test_anything_may_fail_and_come_back(small: Dossier, do: str, what: str) -> None:
    read = parse_incident(f"300 s {do} {what}", small)
    (found,) = check_incidents(small, "more", [read])
    assert found == Incident(300.0, do, PARTS[what], where="--incident")


def test_parts_of_the_architecture_at_hand(small: Dossier) -> None:
    failing = parse_incident("300 s fail redzikowo", small)
    assert check_incidents(small, "base", [failing])[0].what == "two-stage@redzikowo"
    # Another architecture has left the battery out.
    with pytest.raises(
        InputError, match=r'^--incident: more has no part "redzikowo" to fail; expected emr@brdy'
    ):
        check_incidents(small, "more", [failing])


ABSENT = {
    "1 s fail emr@brdi": ['no part "emr@brdi" to fail', 'did you mean "emr@brdy"?'],
    "1 s fail link shard": ['did you mean "link shared"?'],
    "1 s restore comand": ['did you mean "command"?'],
    "1 s withdraw satellite": ['no sensor "satellite" to withdraw', "expected emr@brdy"],
    "1 s share link shared": ['no sensor "link shared" to share'],
    "1 s delay brd 5 s": ['no sensor "brd" to delay', 'did you mean "brdy"?'],
}


@pytest.mark.parametrize("text", ABSENT)
def test_what_the_architecture_does_not_have(small: Dossier, text: str) -> None:
    with pytest.raises(InputError) as caught:
        check_incidents(small, "more", [parse_incident(text, small, "--incident 3")])
    message = str(caught.value)
    assert message.startswith("--incident 3: more has ")
    for part in ABSENT[text]:
        assert part in message, message


def test_a_place_in_a_table_is_told(small: Dossier, written: Write) -> None:
    path = written(INCIDENTS.replace("emr@brdy", "emr@brno"))
    with pytest.raises(InputError, match=r"raid\.toml:4 \(incident\.1\.what\): more has no part"):
        check_incidents(small, "more", read_incidents(path, small)[1])


def test_one_name_of_several_parts(crowded: Dossier) -> None:
    def told(text: str) -> str:
        with pytest.raises(InputError) as caught:
            check_incidents(crowded, "crowded", [parse_incident(text, crowded)])
        return str(caught.value)

    both = "is sensor emr@brdy and battery two-stage@brdy of crowded; expected the one or the other"
    assert both in told("1 s fail brdy")
    assert "is sensor north and battery north of crowded" in told("1 s fail north")
    # Only a sensor has a feed to withdraw, so that it is clear who is meant.
    for text, name in (("1 s withdraw brdy", "emr@brdy"), ("1 s share redzikowo", "north")):
        assert check_incidents(crowded, "crowded", [parse_incident(text, crowded)])[0].what == name
    assert 'no part "satellite"' in told("1 s fail satellite")


def test_a_launch_by_text(small: Dossier) -> None:
    read = parse_incident("5 min launch attack", small, "here")
    assert read == Incident(
        300.0, "launch", "attack", order=Order("attack", 1, 300.0, where="here"), where="here"
    )
    assert check_incidents(small, "base", [read]) == (read,)


TEXTS = {
    "300 fail brdy": '"300" has no unit',
    "3 km fail brdy": '"3 km" is not a time but a length',
    "-3 s fail brdy": 'time "-3 s" is out of bounds; expected at least 0 s',
    "3 s break brdy": 'unknown choice: "break"; expected fail, restore',
    "3 s fail": '"3 s fail" is no incident; expected "300 s fail emr@brdy"',
    "300 s": '"300 s" is no incident',
    "fail brdy": '"fail brdy" is no incident',
    "3 s delay brdy": '"3 s delay brdy" is no whole incident; expected "300 s fail emr@brdy", "300 s delay',
    "3 s delay brdy 30": '"30" has no unit',
    "3 s delay brdy 0 s": 'time "0 s" is zero',
    "3 s launch attach": 'unknown threat: "attach"; did you mean "attack"?',
    "": '"" is no incident',
}


@pytest.mark.parametrize("text", TEXTS)
def test_texts_refused(small: Dossier, text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_incident(text, small)
    assert str(caught.value).startswith(f"--incident: {TEXTS[text]}")


@quick
@given(
    seconds=st.integers(0, 100_000).map(lambda n: n / 10),
    do=st.sampled_from(["fail", "restore", "withdraw", "share", "delay"]),
    what=st.sampled_from(["emr@brdy", "brdy"]),
    by=st.integers(1, 6000).map(lambda n: n / 10),
    space=st.sampled_from([" ", "  ", "\t"]),
)
def test_a_text_says_what_a_table_says(
    small: Dossier, written: Write, seconds: float, do: str, what: str, by: float, space: str
) -> None:
    delayed = do == "delay"
    words = [f"{seconds} s", do, what, *([f"{by} s"] if delayed else [])]
    table = f'[[incident]]\nat = "{seconds} s"\ndo = "{do}"\nwhat = "{what}"\n'
    table += f'by = "{by} s"\n' if delayed else ""
    told = check_incidents(small, "more", [parse_incident(space.join(words), small)])
    read = check_incidents(small, "more", read_incidents(written(table), small)[1])
    assert replace(read[0], where="--incident") == told[0]
    assert told[0] == Incident(seconds, do, "emr@brdy", by if delayed else 0.0, where="--incident")


@quick
@example("300 s fail \x00")
@example("1e999 s fail brdy")
@example("9" * 5000 + " s fail brdy")
@given(
    st.text(max_size=40)
    | st.builds(
        " ".join,
        st.lists(
            st.sampled_from(["300 s", "30", "s", "fail", "delay", "launch", "brdy", "attack", "é", "-1"])
        ),
    )
)
def test_any_text_is_read_or_refused_in_one_line(small: Dossier, text: str) -> None:
    try:
        read = parse_incident(text, small)
        (found,) = check_incidents(small, "more", [read])
    except InputError as error:
        message = str(error)
        assert message.isprintable()
        assert message.startswith("--incident: ")
        assert "; expected " in message or "did you mean" in message
        return
    assert found.at_s >= 0.0
    assert found.do in text
    assert (found.order is None) == (found.do != "launch")
