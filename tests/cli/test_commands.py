"""Every command answers, in JSON and in print, and what is set is what is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Midcourse

TEHRAN, NEW_YORK = "35.7,51.4", "40.7,-74.0"
FLIGHT = ("--from", TEHRAN, "--to", NEW_YORK)
ENGAGE = ("engage", "third-site", "--architecture", "third-site", "--missile", "notional-icbm", *FLIGHT)
FLYOUT = ("flyout", "gbi-2-stage", "--site", "redzikowo")
COMMANDS = ("assess", "fly", "flyout", "radar", "engage", "watch", "check", "new", "catalog")


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


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "new"])
def test_the_example_works(midcourse: Midcourse, mine: Path, command: str) -> None:
    import shlex

    text = " ".join(midcourse(command, "--help").out.split("Example: ", 1)[1].split())
    words = shlex.split(text.replace("my-dossier", str(mine)))
    assert words[0] == "midcourse"
    small = ("--samples", "4") if command == "assess" else ()
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
    # The range is where the ratio at 1,000 km has fallen, with the fourth power, to the 13 dB needed.
    expected = 1000.0 * 10 ** ((plain["snr_db_at_1000_km"] - 13.0) / 40.0)
    assert plain["range_km"] == pytest.approx(expected, rel=1e-3)
    chosen = midcourse("radar", "emr", "--snr", "20 dB", "--dwell", "0.2 s", "--json").document
    assert chosen["snr_db_at_1000_km"] - plain["snr_db_at_1000_km"] == pytest.approx(3.01, abs=0.02)
    assert chosen["range_km"] / plain["range_km"] == pytest.approx(10 ** ((3.01 - 7.0) / 40.0), rel=1e-3)


def test_watch(midcourse: Midcourse) -> None:
    """Gabala sees the flight first; the tracks of all radars together are in the answer."""
    answer = midcourse("watch", "third-site", "--architecture", "joint", *ENGAGE[4:], "--json").document
    seen = {each["sensor"]: each for each in answer["sensors"]}
    assert seen["gabala@gabala"]["first_seen_s"] < seen["emr@brdy"]["first_seen_s"]
    assert seen["beale@beale"] | {"track": [], "intervals_s": []} == seen["beale@beale"]
    for each in [seen["emr@brdy"]["track"], answer["fused"]]:
        assert set(each[0]) == {"t_s", "position_error_km", "velocity_error_m_s"}
        assert each[-1]["position_error_km"] < each[0]["position_error_km"]


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


def test_without_sensors_nothing_is_committed(midcourse: Midcourse) -> None:
    arguments = [*ENGAGE, "--set", "doctrine.nominal.handover_error=1 mm", "--json"]
    answer = midcourse(*arguments).document
    assert answer["engageable"] is False
    assert answer["commit_s"] is None
    assert answer["shots"] == 0
    assert all(site["launch_s"] is None and site["shots"] == 0 for site in answer["sites"])


def test_new_check_assess(midcourse: Midcourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = midcourse("new", "mine", "--json").document["written"]
    assert sorted(written) == ["mine/claims.toml", "mine/dossier.toml", "mine/threats.toml"]
    checked = midcourse("check", "mine", "--json").document
    assert checked["architectures"] == ["my-shield"]
    assert checked["claims"] == ["it-defends", "it-is-fast"]
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
    assert [path.name for path in page.parent.iterdir()] == ["index.html"]
    assert "The proponents" in page.read_text(encoding="utf-8")
    assert "report" in answer.err
    assert "Traceback" not in answer.err
    monkeypatch.setenv("COLUMNS", "140")
    table = midcourse("assess", "mine", "--samples", "8")
    assert "critics" in table.out
    assert "supported" in table.out


def test_assess_with_a_figure_set(midcourse: Midcourse, mine: Path) -> None:
    setting = "interceptor.gbi-2-stage.burnout_speed=6.3 km/s"
    answer = midcourse("assess", str(mine), "--samples", "4", "--set", setting, "--json").document
    fast = next(claim for claim in answer["claims"] if claim["id"] == "it-is-fast")
    assert (fast["value"], fast["verdict"]) == (pytest.approx(6.3), "refuted")
    assert any("6.3 km/s is imposed" in note and "844" in note for note in answer["notes"])
    assert setting in answer["command"].replace("'", "")


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
