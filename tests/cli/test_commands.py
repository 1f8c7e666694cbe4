"""Every command answers, in JSON and in print, and what is set is what is used."""

from __future__ import annotations

import json
import math
import os
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from midcourse.analysis import single
from midcourse.dossier import Dossier
from midcourse.output.findings import STEPS

from .conftest import Midcourse

TEHRAN, NEW_YORK = "35.7,51.4", "40.7,-74.0"
FLIGHT = ("--from", TEHRAN, "--to", NEW_YORK)
ENGAGE = ("engage", "third-site", "--architecture", "third-site", "--missile", "notional-icbm", *FLIGHT)
FLYOUT = ("flyout", "gbi-2-stage", "--site", "redzikowo")
COMMANDS = ("assess", "fly", "flyout", "radar", "engage", "watch", "framework", "check", "new", "catalog")


def test_help_names_every_command(midcourse: Midcourse) -> None:
    answer = midcourse("--help")
    assert answer.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in answer.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(midcourse: Midcourse, command: str) -> None:
    answer = midcourse(command, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert f"Usage: midcourse {command}" in answer.out
    assert f"Example: midcourse {command}" in answer.out
    assert "--json" in answer.out


# Those that write a whole report.
_LONG = ("assess", "framework")


@pytest.mark.parametrize(
    "command",
    [pytest.param(c, marks=pytest.mark.slow if c in _LONG else ()) for c in COMMANDS if c != "new"],
)
def test_the_example_works(midcourse: Midcourse, mine: Path, command: str) -> None:
    text = " ".join(midcourse(command, "--help").out.split("Example: ", 1)[1].split())
    words = shlex.split(text.replace("my-dossier", str(mine)))
    assert words[0] == "midcourse"
    small = ("--samples", "4") if command in _LONG else ()
    answer = midcourse(*words[1:], *small)
    assert answer.code == 0, answer.err
    assert answer.out.strip()


def test_fly(midcourse: Midcourse) -> None:
    flight = midcourse("fly", "notional-icbm", *FLIGHT, "--json").document
    assert flight["missile"] == "notional-icbm"
    assert 9850 < flight["range_km"] < 9900
    assert flight["miss_km"] < 0.1
    assert abs(flight["impact"]["lat"] - 40.7) < 1e-3
    assert abs(flight["impact"]["lon"] + 74.0) < 1e-3
    burnout = flight["burnout"]
    assert 6.5 < burnout["speed_km_s"] < 7.5
    assert 10 < burnout["flight_path_angle_deg"] < 45
    assert 100 < burnout["altitude_km"] < 500
    samples = flight["samples"]
    assert set(samples[0]) == {"t_s", "lat", "lon", "alt_km", "speed_km_s"}
    times = [sample["t_s"] for sample in samples]
    assert times == sorted(set(times))
    assert (times[0], times[-1]) == (0.0, pytest.approx(flight["flight_time_s"], abs=0.06))
    assert burnout["time_s"] in times
    assert max(sample["alt_km"] for sample in samples) == pytest.approx(flight["apogee_km"], rel=1e-3)
    assert samples[0]["alt_km"] == pytest.approx(0.0, abs=1e-3)
    assert samples[-1]["alt_km"] == pytest.approx(0.0, abs=1e-2)


def test_fly_by_way_of_an_apogee(midcourse: Midcourse) -> None:
    flight = midcourse("fly", "notional-icbm", *FLIGHT, "--apogee", "2000 km", "--json").document
    assert flight["apogee_km"] == pytest.approx(2000.0, abs=0.1)
    assert flight["miss_km"] < 0.1


def test_out_of_reach(midcourse: Midcourse) -> None:
    answer = midcourse("fly", "notional-mrbm", *FLIGHT, "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("midcourse: out of reach: 9,878 km asked")
    assert "at most 2,0" in answer.err
    assert "km in this direction" in answer.err
    assert answer.err.count("\n") == 1


def test_more_energy_than_there_is(midcourse: Midcourse) -> None:
    answer = midcourse("fly", "notional-icbm", *FLIGHT, "--apogee", "20000 km")
    assert answer.code == 1
    assert "20,000 km: not enough energy" in answer.err


def test_flyout(midcourse: Midcourse) -> None:
    answer = midcourse(*FLYOUT, "--json").document
    assert answer["interceptor"] == "gbi-2-stage"
    assert set(answer["burnout"]) == {"time_s", "altitude_km", "speed_km_s"}
    assert 8.4 < answer["burnout"]["speed_km_s"] < 9.1
    assert all(set(row) == {"altitude_km", "time_s", "range_km"} for row in answer["reach"])
    by_time = [row["range_km"] for row in answer["reach"] if row["altitude_km"] == 200]
    assert by_time == sorted(by_time)
    assert by_time[-1] > 3000


def test_an_imposed_speed_scales_the_payload(midcourse: Midcourse) -> None:
    speed = ("--set", "interceptor.gbi-2-stage.burnout_speed=6.3 km/s")
    free, slow = midcourse(*FLYOUT, "--json").document, midcourse(*FLYOUT, *speed, "--json").document
    assert slow["burnout"]["speed_km_s"] == pytest.approx(6.3, abs=1e-3)
    assert slow["payload_scaled_to_km_s"] == 6.3
    assert free["payload_scaled_to_km_s"] is None
    assert 700 < slow["payload_kg"] < 1000
    assert free["payload_kg"] == 120.0
    shown = " ".join(midcourse(*FLYOUT, *speed).out.split())
    assert "payload 844 kg payload scaled to 6.3 km/s" in shown


def test_an_imposed_payload(midcourse: Midcourse) -> None:
    answer = midcourse(*FLYOUT, "--set", "interceptor.gbi-2-stage.payload=800 kg", "--json").document
    assert answer["payload_kg"] == 800.0
    assert 6.2 < answer["burnout"]["speed_km_s"] < 6.6


def test_radar(midcourse: Midcourse) -> None:
    plain = midcourse("radar", "emr", "--rcs", "0.01 m^2", "--json").document
    keys = {"radar", "range_km", "snr_db_at_1000_km", "beamwidth_deg", "range_resolution_m"}
    assert keys <= set(plain)
    assert plain["range_resolution_m"] == pytest.approx(0.15, abs=1e-3)
    assert plain["wavelength_m"] == pytest.approx(299.792458 / 9500, rel=1e-3)
    # The range is where the ratio at 1,000 km has fallen, with the fourth power, to the 13 dB needed.
    expected = 1000.0 * 10 ** ((plain["snr_db_at_1000_km"] - 13.0) / 40.0)
    assert plain["range_km"] == pytest.approx(expected, rel=1e-3)
    chosen = midcourse("radar", "emr", "--snr", "20 dB", "--dwell", "0.2 s", "--json").document
    assert chosen["snr_db_at_1000_km"] - plain["snr_db_at_1000_km"] == pytest.approx(3.01, abs=0.02)
    assert chosen["range_km"] / plain["range_km"] == pytest.approx(10 ** ((3.01 - 7.0) / 40.0), rel=1e-3)
    assert chosen["dwell_s"] == 0.2


def test_radar_detection(midcourse: Midcourse) -> None:
    """Swerling's closed form for case 1, Pd = Pfa^(1 / (1 + S/N)), and Albersheim's for a steady echo."""
    options = ("--set", "radar.gabala.false_alarm=1e-5", "--json")
    answer = midcourse("radar", "gabala", *options).document
    assert answer["false_alarm"] == 1e-5
    found = answer["detection"]
    assert found["swerling"] == 1
    levels = [(row["snr_db"], row["probability"]) for row in found["by_range"]]
    levels += [(answer["snr_db_at_1000_km"], found["at_1000_km"]), (13.0, found["at_range"])]
    for level, probability in levels:
        assert probability == pytest.approx(1e-5 ** (1.0 / (1.0 + 10 ** (0.1 * level))), abs=5e-3)
    assert {row["swerling"] for row in answer["required_snr_db"]} == {0, 1, 2, 3, 4}
    for row in answer["required_snr_db"]:
        chance = row["probability"]
        if row["swerling"] == 0:
            a, b = math.log(0.62 / 1e-5), math.log(chance / (1.0 - chance))
            assert row["snr_db"] == pytest.approx(10.0 * math.log10(a + 0.12 * a * b + 1.7 * b), abs=0.2)
        if row["swerling"] == 1:
            ratio = math.log(1e-5) / math.log(chance) - 1.0
            assert row["snr_db"] == pytest.approx(10.0 * math.log10(ratio), abs=0.01)


def test_radar_search(midcourse: Midcourse) -> None:
    """The time that a search needs grows with the fourth power of the range and falls with the echo."""
    small = midcourse("radar", "fylingdales", "--rcs", "0.01 m^2", "--json").document["search"]
    large = midcourse("radar", "fylingdales", "--rcs", "0.1 m^2", "--json").document["search"]
    assert set(small) == {
        "solid_angle_sr", "frame_time_s", "dwell_per_beam_s", "range_km", "frame_time_needed_at_2000_km_s",
    }  # fmt: skip
    assert large["range_km"] / small["range_km"] == pytest.approx(10**0.25, rel=1e-3)
    key = "frame_time_needed_at_2000_km_s"
    assert small[key] / large[key] == pytest.approx(10.0, rel=1e-3)
    # The search form leaves out what the round aperture's overlapping beams and its efficiency cost.
    own = small["frame_time_s"] * (2000.0 / small["range_km"]) ** 4
    assert 0.4 < small[key] / own <= 1.0
    assert midcourse("radar", "emr", "--json").document["search"] is None


def test_watch(midcourse: Midcourse) -> None:
    """Gabala sees the flight first; the tracks of all radars together are in the answer."""
    answer = midcourse("watch", "third-site", "--architecture", "joint", *ENGAGE[4:], "--json").document
    assert {
        "architecture", "missile", "from", "to", "declared_s", "burnout_s", "reentry_s", "impact_s",
        "apogee_km", "altitudes", "sensors", "fused", "confidence", "engageable", "commit_s", "shots",
        "sites",
    } <= set(answer)  # fmt: skip
    assert answer["from"] == {"lat": 35.7, "lon": 51.4}
    assert 0 < answer["burnout_s"] < answer["reentry_s"] < answer["impact_s"]
    heights = [point["altitude_km"] for point in answer["altitudes"]]
    assert max(heights) == pytest.approx(answer["apogee_km"], rel=1e-3)
    falling = next(p for p in answer["altitudes"] if p["t_s"] == answer["reentry_s"])
    assert falling["altitude_km"] == pytest.approx(100.0, abs=0.2)
    seen = {each["sensor"]: each for each in answer["sensors"]}
    assert seen["gabala@gabala"]["first_seen_s"] < seen["emr@brdy"]["first_seen_s"]
    assert seen["gabala@gabala"]["intervals_s"][0][0] == seen["gabala@gabala"]["first_seen_s"]
    assert seen["beale@beale"] | {"track": [], "intervals_s": [], "levels": []} == seen["beale@beale"]
    assert seen["emr@brdy"]["place"] == "Brdy, Czech Republic"
    for each in [seen["emr@brdy"]["track"], answer["fused"]]:
        assert {"t_s", "position_error_km", "velocity_error_m_s", "impact_radius_km"} == set(each[0])
        assert each[-1]["position_error_km"] < each[0]["position_error_km"]
    for each in answer["sensors"]:
        assert each["needed_snr_db"] == 13.0
        inside = [point["snr_db"] for point in each["levels"] if _within(point["t_s"], each["intervals_s"])]
        assert all(level >= 12.5 for level in inside)
        if each["best_snr_db"] is not None:
            assert max(inside) == pytest.approx(each["best_snr_db"], abs=1.0)
    boost = [p for p in seen["gabala@gabala"]["levels"] if p["of"] == "booster"]
    assert max(point["t_s"] for point in boost) <= answer["burnout_s"]
    _is_plain(answer)


def _within(t: float, spans: list[list[float]]) -> bool:
    return any(a <= t <= b for a, b in spans)


def _is_plain(value: object) -> None:
    """Nothing but what JSON knows: numpy's floats pass for floats until somebody prints them."""
    if isinstance(value, dict):
        for each in value.values():
            _is_plain(each)
    elif isinstance(value, list):
        for each in value:
            _is_plain(each)
    else:
        assert type(value) in (int, float, str, bool, type(None)), type(value)


def test_documents_are_plain_data(third_site: Dossier) -> None:
    """In Python as in JSON."""
    flight = ("third-site", "notional-icbm", (0.623, 0.897), (0.71, -1.29), None)
    for document in (
        single.engage_document(third_site, *flight),
        single.watch_document(third_site, *flight),
        single.radar_document(third_site, "fylingdales", 0.01),
        single.timeline_document(third_site, "iran-europe-mrbm", ["gabala"]),
        single.check_document(third_site),
        single.fly_document(third_site, *flight[1:]),
    ):
        _is_plain(document)


@pytest.mark.parametrize("name", ["flight.svg", "flight.html"])
def test_the_picture_of_a_flight(midcourse: Midcourse, tmp_path: Path, name: str) -> None:
    flight = ("watch", "third-site", "--architecture", "joint", *ENGAGE[4:])
    answer = midcourse(*flight, "--set", "radar.emr.dwell=0.2 s", "--out", name, "--json")
    assert answer.document["architecture"] == "joint"
    assert answer.err == f"picture: {name}\n"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    written = (tmp_path / name).read_text(encoding="utf-8")
    root = ET.fromstring(written.removeprefix("<!DOCTYPE html>\n"))
    said = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Gabala", "all together"} <= set(said)
    # The command at its foot makes the picture again.
    foot = " ".join(said)[" ".join(said).index("midcourse watch third-site --arch") :]
    again = midcourse(*shlex.split(foot)[1:])
    assert again.code == 0
    assert (tmp_path / name).read_text(encoding="utf-8") == written


def test_watch_all_flights(midcourse: Midcourse, tmp_path: Path) -> None:
    threat = ("watch", "third-site", "--threat", "iran-europe-mrbm")
    names = ("--architecture", "gabala", "--architecture", "third-site")
    answer = midcourse(*threat, *names, "--out", "flights.svg", "--json")
    document = answer.document
    assert "picture: flights.svg" in answer.err
    assert (document["threat"], document["missile"]) == ("iran-europe-mrbm", "notional-mrbm")
    assert [row["architecture"] for row in document["architectures"]] == ["gabala", "third-site"]
    for row in document["architectures"]:
        assert row["flights"] > 0
        for step in ("burnout", "declared", "impact", *STEPS):
            spread = row[step]
            assert set(spread) == {"share", "low_s", "median_s", "high_s"}
            assert 0.0 <= spread["share"] <= 1.0
            if spread["share"] > 0.0:
                assert spread["low_s"] <= spread["median_s"] <= spread["high_s"]
            else:
                assert spread["median_s"] is None
        assert row["first_sight"]["share"] >= row["track"]["share"] >= row["commit"]["share"]
        assert row["sensors"][0]["sensor"] == "fylingdales@fylingdales"
    said = " ".join(ET.parse(tmp_path / "flights.svg").getroot().itertext())
    assert "Warhead in track" in said
    assert "third-site" in said
    table = midcourse(*threat, *names)
    assert "Battle space" in table.out
    assert "of flights" in table.out


def test_all_architectures_that_can_act_are_watched(midcourse: Midcourse, mine: Path) -> None:
    """Those without a sensor or a doctrine are left out; where none can act, that is said."""
    document = midcourse("watch", str(mine), "--threat", "my-threat", "--json").document
    assert [row["architecture"] for row in document["architectures"]] == ["my-shield"]


def test_engage(midcourse: Midcourse) -> None:
    answer = midcourse(*ENGAGE, "--json").document
    assert answer["engageable"] is True
    assert 0 < answer["declared_s"] < answer["commit_s"] < answer["impact_s"]
    sites = {site["site"]: site for site in answer["sites"]}
    assert set(sites) == {"redzikowo", "fort-greely", "vandenberg"}
    for site in sites.values():
        for window in ("launch_s", "intercept_s", "intercept_altitude_km", "closing_speed_km_s"):
            assert (site[window] is not None) == site["engageable"]
    poland = sites["redzikowo"]
    assert poland["engageable"]
    assert answer["commit_s"] <= poland["launch_s"][0] <= poland["launch_s"][1]
    assert poland["intercept_s"][0] < poland["intercept_s"][1] < answer["impact_s"]
    assert poland["intercept_altitude_km"][0] >= 119.0
    assert poland["shots"] >= 1


def test_without_divert_nothing_is_committed(midcourse: Midcourse) -> None:
    settings = [f"interceptor.gbi-{stages}-stage.divert=1 mm/s" for stages in (2, 3)]
    arguments = [*ENGAGE, "--set", settings[0], "--set", settings[1], "--json"]
    answer = midcourse(*arguments).document
    assert answer["engageable"] is False
    assert answer["commit_s"] is None
    assert answer["shots"] == 0
    assert all(site["launch_s"] is None and site["shots"] == 0 for site in answer["sites"])


def test_new_check_assess(midcourse: Midcourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = midcourse("new", "mine", "--json").document["written"]
    assert sorted(written) == [f"mine/{name}.toml" for name in ("claims", "dossier", "radar", "threats")]
    checked = midcourse("check", "mine", "--json").document
    assert checked["architectures"] == ["my-shield", "without-radar"]
    assert checked["warnings"] == []
    assert checked["claims"] == ["it-defends", "it-does-not-defend", "it-is-fast", "radar-is-needed"]
    answer = midcourse("assess", "mine", "--samples", "8", "--seed", "5", "--out", "report", "--json")
    result = answer.document
    assert (result["dossier"], result["seed"], result["samples"]) == ("my-dossier", 5, 8)
    assert result["version"]
    keys = (
        "id party statement source quantity unit value low high verdict probability probability_ci decided_by"
    )
    for claim in result["claims"]:
        assert set(keys.split()) <= set(claim)
        assert claim["verdict"] in ("supported", "refuted", "undecided")
        low, high = claim["probability_ci"]
        assert 0 <= low <= claim["probability"] <= high <= 1
        assert claim["low"] <= claim["high"]
        for decider in claim["decided_by"]:
            assert {"parameter", "share", "flips_at"} <= set(decider)
    page = tmp_path / "report" / "index.html"
    assert sorted(path.name for path in page.parent.iterdir()) == ["index.html", "report.pdf"]
    assert page.with_name("report.pdf").read_bytes().startswith(b"%PDF")
    assert "The proponents" in page.read_text(encoding="utf-8")
    assert "report" in answer.err
    assert "Traceback" not in answer.err
    monkeypatch.setenv("COLUMNS", "140")
    table = midcourse("assess", "mine", "--samples", "8")
    assert "critics" in table.out
    assert any(f" {verdict} " in table.out for verdict in ("supported", "refuted", "undecided"))


def test_assess_with_a_figure_set(midcourse: Midcourse, mine: Path) -> None:
    setting = "interceptor.gbi-2-stage.burnout_speed=6.3 km/s"
    answer = midcourse("assess", str(mine), "--samples", "4", "--set", setting, "--json").document
    fast = next(claim for claim in answer["claims"] if claim["id"] == "it-is-fast")
    assert (fast["value"], fast["verdict"]) == (pytest.approx(6.3), "refuted")
    assert any("6.3 km/s is imposed" in note and "844" in note for note in answer["notes"])
    assert setting in answer["command"].replace("'", "")


def test_what_looks_wrong_is_told_beside_the_answer(midcourse: Midcourse) -> None:
    """A beam six times as wide as the aperture's: a line on standard error, none on standard output."""
    odd = ("--set", "radar.emr.beamwidth=1 deg")
    for arguments in (("radar", "emr"), ("catalog", "radar"), ("check", "third-site"), ENGAGE):
        answer = midcourse(*arguments, *odd, "--json")
        assert answer.document
        assert answer.err.startswith("warning: --set radar.emr.beamwidth: beamwidth 1 deg contradicts")
        assert answer.err.count("\n") == 1
    listed = midcourse("check", "third-site", *odd)
    assert "beamwidth 1 deg contradicts receive_area 105 m^2" in " ".join(listed.out.split())
    assert listed.err == ""


def test_a_first_run_is_announced(
    midcourse: Midcourse, mine: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where no kernels are kept, before the work, and never before bad input."""
    monkeypatch.setattr("midcourse.physics.kernel.CACHE_FOLDER", tmp_path / "empty")
    said = "first run: compiling the physics, a minute or two; later runs start at once"
    for command in (
        ("fly", "notional-icbm", *FLIGHT),
        FLYOUT,
        ENGAGE,
        ("watch", *ENGAGE[1:]),
        ("watch", str(mine), "--threat", "my-threat"),
        ("assess", str(mine), "--samples", "2"),
    ):
        answer = midcourse(*command, "--json")
        assert answer.code == 0, answer.err
        assert answer.err.splitlines().count(said) == 1
        assert answer.err.startswith(said)
        wrong = midcourse(*command, "--set", "interceptor.gbi-2-stage.payload=-8 kg", "--json")
        assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert midcourse("radar", "emr", "--json").err == ""
    for wrong in (
        midcourse("fly", "notional-icmb", *FLIGHT),
        midcourse(*FLYOUT[:2], "--site", "redzikow"),
        midcourse(*ENGAGE, "--missile", "notional-icmb"),
        midcourse("watch", *ENGAGE[1:], "--out", "flight.pdf"),
        midcourse("watch", str(mine), "--threat", "my-threaat"),
    ):
        assert (wrong.code, wrong.err.count("\n")) == (2, 1), wrong


def test_catalog(midcourse: Midcourse) -> None:
    everything = midcourse("catalog", "--json").document["entries"]
    kinds = {entry["kind"] for entry in everything}
    assert {"missile", "interceptor", "radar", "site", "motor"} <= kinds
    radars = midcourse("catalog", "radar", "--json").document["entries"]
    assert {"emr", "gabala", "tpy-2", "fylingdales"} <= {entry["name"] for entry in radars}
    shown = midcourse("catalog", "interceptor.gbi-2-stage", "--json").document["shown"]
    assert [(entry["kind"], entry["name"]) for entry in shown] == [("interceptor", "gbi-2-stage")]
    payload = next(field for field in shown[0]["fields"] if field["path"] == "payload")
    assert payload["value"] == "120 kg"
    assert payload["range"].startswith("64 to ")
    assert payload["source"]
    assert "120 kg" in midcourse("catalog", "gbi-2-stage").out
    assert "iran-us" in [
        entry["name"]
        for entry in midcourse("catalog", "threat", "--dossier", "third-site", "--json").document["entries"]
    ]


def _process(*arguments: str, folder: Path, **streams: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "midcourse.cli", *arguments]
    return subprocess.run(command, cwd=folder, text=True, timeout=300, check=False, **streams)  # type: ignore[call-overload, no-any-return]


def test_as_a_process(tmp_path: Path) -> None:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    radar = _process("radar", "tpy-2", "--json", folder=tmp_path, **pipes)
    assert (radar.returncode, radar.stderr) == (0, "")
    assert json.loads(radar.stdout)["radar"] == "tpy-2"
    wrong = _process("radar", "tpy2", folder=tmp_path, **pipes)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == 'midcourse: unknown radar: "tpy2"; did you mean "tpy-2"?\n'
    far = _process("fly", "notional-mrbm", *FLIGHT, folder=tmp_path, **pipes)
    assert (far.returncode, far.stdout, far.stderr.count("\n")) == (1, "", 1)
    assert list(tmp_path.iterdir()) == []


def test_full_standard_output(tmp_path: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        answer = _process("catalog", "--json", folder=tmp_path, stdout=full, stderr=subprocess.PIPE)
    assert answer.returncode == 2
    assert answer.stderr == "midcourse: standard output cannot be written: no space left on device\n"


def test_a_reader_who_leaves(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        answer = _process("catalog", "--json", folder=tmp_path, stdout=gone, stderr=subprocess.PIPE)
    assert (answer.returncode, answer.stderr) == (0, "")
