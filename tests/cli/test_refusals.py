"""Bad input: one line that says what, where, and what was expected; exit code 2; nothing written."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from .conftest import Midcourse

Complaint = Callable[..., str]
FLIGHT = ("--from", "35.7,51.4", "--to", "40.7,-74.0")
ENGAGE = ("engage", "third-site", "--architecture", "third-site", "--missile", "notional-icbm", *FLIGHT)
WATCH = ("watch", *ENGAGE[1:])
THREAT = ("watch", "third-site", "--threat", "iran-us")
FLYOUT = ("flyout", "gbi-2-stage", "--site", "redzikowo")
OWN = """
[missile.own]
name = "Own"
drag = "slender-missile"
rise_time = "5 s"
pitch_time = "10 s"
payload = "1 t"
ballistic_coefficient = "5000 kg/m^2"
rcs.X = "0.03 m^2"
source = "my-estimate"

[[missile.own.stage]]
gross_mass = "20 t"
empty_mass = "2 t"
thrust = "400 kN"
burn_time = "100 s"
diameter = "1.5 m"
nozzle_diameter = "1 m"
"""


def _spoil(folder: Path, name: str, old: str, new: str) -> int:
    """Replace a part of a file that stands there once; gives the line that it stands in."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("command", ["check", "assess"])
@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        pytest.param("dossier.toml", "samples = 64", "samples = = 64", ["syntax"], id="toml"),
        pytest.param("dossier.toml", "inventory = 10", "inventry = 10", ['"inventory"'], id="unknown-key"),
        pytest.param("dossier.toml", '"120 deg"', '"120 kg"', ["120 kg", "not an"], id="dimension"),
        pytest.param(
            "threats.toml", 'lat = "38.0 deg"', 'lat = "95 deg"', ["95 deg", "-90 to 90"], id="latitude"
        ),
        pytest.param(
            "dossier.toml", 'low = "7 km"', 'low = "17 km"', ["17 km", "above high"], id="low-above-high"
        ),
        pytest.param("dossier.toml", '"gbi-2-stage"', '"gbi-2"', ["gbi-2", "gbi-2-stage"], id="interceptor"),
        pytest.param(
            "threats.toml", '"notional-irbm"', '"notional-irmb"', ["irmb", '"notional-irbm"'], id="missile"
        ),
        pytest.param(
            "dossier.toml", 'radar = "my-radar"', 'radar = "my-rader"', ["rader", '"my-radar"'], id="radar"
        ),
        pytest.param(
            "claims.toml",
            'architecture = "without-radar"',
            'architecture = "without-rader"',
            ["without-rader", '"without-radar"'],
            id="architecture",
        ),
        pytest.param(
            "claims.toml", '"burnout_speed"', '"burnot_speed"', ["burnot_speed", "burnout_sp"], id="quantity"
        ),
        pytest.param(
            "claims.toml", 'cases = { interceptor = "gbi-2-stage" }', "cases = {}", ["case"], id="no-cases"
        ),
        pytest.param("claims.toml", '"7.7 km/s"', '"7.7 kg"', ["7.7 kg", "not a speed"], id="threshold"),
        pytest.param(
            "claims.toml", 'quantity = "burnout_speed"', "", ["quantity"], id="missing-key"
        ),
        pytest.param(
            "claims.toml",
            'cases = { interceptor = "gbi-2-stage" }',
            'cases = { radar = "emr" }',
            ["radar", "interceptor"],
            id="wrong-case",
        ),
    ],
)  # fmt: skip
def test_dossier(
    complaint: Complaint, mine: Path, command: str, name: str, old: str, new: str, said: list[str]
) -> None:
    line = _spoil(mine, name, old, new)
    arguments = ("--out", "report") if command == "assess" else ()
    message = complaint(command, str(mine), *arguments)
    where, _, told = message.partition(" ")
    assert where.startswith(f"{mine / name}:"), message
    at = int(where.removeprefix(f"{mine / name}:").rstrip(":"))
    assert abs(at - line) <= 6, f"the fault is in line {line}: {message}"
    for part in said:
        assert part in told, message
    assert not Path("report").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('gross_mass = "20 t"', 'gross_mass = "-20 t"', "negative"),
        ('gross_mass = "20 t"', 'gross_mass = "0 t"', "zero"),
        ('thrust = "400 kN"', 'thrust = "0 kN"', "zero"),
        ('thrust = "400 kN"', 'thrust = "-400 kN"', "negative"),
        ('burn_time = "100 s"', 'burn_time = "0 s"', "zero"),
        ('burn_time = "100 s"', 'burn_time = "-1 s"', "negative"),
        ('empty_mass = "2 t"', 'empty_mass = "20 t"', "gross_mass"),
        ('payload = "1 t"', 'payload = "30 t"', "does not lift off"),
        ('payload = "1 t"', 'payload = "0 kg"', "zero"),
        ('burn_time = "100 s"', 'burn_time = "14 s"', "pitches over until 15 s"),
        ('thrust = "400 kN"', 'thrust = "400 kg"', "not a thrust"),
        ('thrust = "400 kN"', "thrust = 400", "no unit"),
        ('thrust = "400 kN"', 'thrust = "nan kN"', "nan kN"),
        ('source = "my-estimate"\n', "", "source"),
        ('source = "my-estimate"', 'source = "my-estimat"', '"my-estimate"'),
        ('drag = "slender-missile"', 'drag = "slendr-missile"', '"slender-missile"'),
    ],
)
def test_missile(complaint: Complaint, mine: Path, old: str, new: str, said: str) -> None:
    (mine / "own.toml").write_text(OWN, encoding="utf-8")
    line = _spoil(mine, "own.toml", old, new)
    message = complaint("check", str(mine))
    where, _, told = message.partition(" ")
    assert where.startswith(f"{mine / 'own.toml'}:"), message
    assert said in told, message
    if said in ("negative", "zero"):
        assert where == f"{mine / 'own.toml'}:{line}"


def test_missile_unspoilt(midcourse: Midcourse, mine: Path) -> None:
    (mine / "own.toml").write_text(OWN, encoding="utf-8")
    assert midcourse("check", str(mine)).code == 0


def test_no_dossier(complaint: Complaint, tmp_path: Path) -> None:
    empty, binary, blank = tmp_path / "empty", tmp_path / "binary", tmp_path / "blank"
    for folder in (empty, binary, blank):
        folder.mkdir()
    (binary / "dossier.toml").write_bytes(bytes(range(256)))
    (blank / "dossier.toml").write_text("", encoding="utf-8")
    for command in ("check", "assess"):
        assert "no such dossier" in complaint(command, "thrid-site")
        assert complaint(command, "thrid-site").endswith('did you mean "third-site"?')
        assert "a folder without dossier.toml" in complaint(command, str(empty))
        assert "dossier.toml" in complaint(command, str(binary))
        assert "the file is empty" in complaint(command, str(blank))


@pytest.mark.parametrize("call", ["pathlib.Path.read_bytes", "pathlib.Path.iterdir"])
def test_unreadable_dossier(
    complaint: Complaint, mine: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Permission bits do not bind an administrator, so the refusal is the operating system's in form only."""

    def denied(*arguments: object, **options: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied")

    # The built-in dossiers and the catalog stay readable.
    owner, name = call.rsplit(".", 1)
    real = getattr(Path, name)
    monkeypatch.setattr(
        call, lambda path, *a, **k: denied() if mine in (path, path.parent) else real(path, *a, **k)
    )
    assert owner == "pathlib.Path"
    message = complaint("check", str(mine))
    assert str(mine) in message
    assert "permission denied" in message


def test_a_claim_over_no_architecture_named(complaint: Complaint, mine: Path) -> None:
    message = complaint("assess", str(mine), "--architecture", "my-sheild")
    assert message == '--architecture: unknown architecture: "my-sheild"; did you mean "my-shield"?'


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/midcourse"])
def test_folder_that_cannot_be_written(complaint: Complaint, mine: Path, place: str) -> None:
    Path("file").write_text("mine", encoding="utf-8")
    message = complaint("assess", str(mine), "--samples", "2", "--out", place)
    assert message.startswith("--out: cannot write ")
    assert f'"{place}"' in message
    assert Path("file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("nth", [1, 2])
def test_full_disk(
    midcourse: Midcourse, mine: Path, monkeypatch: pytest.MonkeyPatch, call: str, nth: int
) -> None:
    """The disk is full when the folder is first tried, or only when the report is written."""
    real, calls = getattr(os, call), []

    def full(*arguments: object) -> object:
        # What is kept for later runs may be lost without a word; what was asked for may not.
        if "report" in str(arguments) or call == "fsync":
            calls.append(arguments)
            if len(calls) == nth:
                raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(os, call, full)
    answer = midcourse("assess", str(mine), "--samples", "2", "--out", "report")
    last = answer.err.splitlines()[-1]
    assert (answer.code, answer.out) == (2, "")
    assert last.startswith("midcourse: --out: cannot write ")
    assert "no space left on device" in last
    assert "Traceback" not in answer.err
    assert not Path("report").exists()


def test_a_pdf_that_cannot_be_made_is_told_after_the_result(
    midcourse: Midcourse, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    answer = midcourse("assess", str(mine), "--samples", "2", "--out", "report")
    *_, page, failure = answer.err.splitlines()
    assert answer.code == 1
    assert "The proponents" in answer.out
    assert page == f"report: {Path('report/index.html')}"
    assert failure.startswith("midcourse: no PDF was written: typst, which makes it, cannot be loaded")
    assert [path.name for path in Path("report").iterdir()] == ["index.html"]


def test_new_overwrites_nothing(complaint: Complaint, mine: Path) -> None:
    before = {path: path.read_bytes() for path in mine.iterdir()}
    assert "holds a claims.toml already" in complaint("new", str(mine))
    assert {path: path.read_bytes() for path in mine.iterdir()} == before
    assert "a file, not a folder" in complaint("new", str(mine / "dossier.toml"))
    assert "cannot be written" in complaint("new", "/proc/midcourse")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("asess", "third-site"), 'unknown command: "asess"; did you mean "assess"?'),
        (("xyzzy",), 'unknown command: "xyzzy"; expected assess, fly'),
        (("assess", "third-site", "--sampls", "3"), 'unknown option --sampls; did you mean "--samples"?'),
        (("radar", "emr", "--qqq"), "unknown option --qqq; expected --rcs"),
        (("assess", "third-site", "--most", "9"), "--most without --precision; expected --precision 0.02"),
        (
            ("assess", "third-site", "--samples", "9", "--precision", "0.02"),
            "both --samples and --precision; expected one of them",
        ),
        (("assess",), "missing argument 'DOSSIER'; expected as in: midcourse assess third-site"),
        (("fly", "notional-icbm", "--to", "1,2"), "missing option '--from'; expected as in: midcourse fly"),
        (("fly", "notional-icbm", "--from"), "'--from' requires an argument"),
        (("check", "third-site", "too", "many"), "unexpected extra argument"),
        (("watch", "third-site"), "no flight to watch; expected --missile, --from and --to"),
        ((*THREAT, "--missile", "notional-icbm"), "--threat and --missile cannot both be given"),
        ((*THREAT, "--to", "40.7,-74.0"), "--threat and --to cannot both be given"),
        (("watch", "third-site", *ENGAGE[4:]), "missing option '--architecture'; expected the one"),
        ((*WATCH, "--architecture", "joint"), "more than one --architecture"),
        (WATCH[:-2], "missing option '--to'"),
        ((), "no command; see midcourse --help"),
    ],
)
def test_command(complaint: Complaint, arguments: tuple[str, ...], said: str) -> None:
    assert said in complaint(*arguments)


@pytest.mark.parametrize(
    ("arguments", "option", "said"),
    [
        (
            ("assess", "third-site", "--samples", "0"),
            "--samples",
            '"0" cannot be used; expected a whole',
        ),
        (("assess", "third-site", "--samples", "many"), "--samples", '"many"'),
        (("assess", "third-site", "--seed", "-1"), "--seed", '"-1"'),
        (("assess", "third-site", "--sampler", "sobel"), "--sampler", 'did you mean "sobol"'),
        (("assess", "third-site", "--precision", "0"), "--precision", "0.001 to 0.25"),
        (("assess", "third-site", "--precision", "2 km"), "--precision", '"2 km"'),
        (("assess", "third-site", "--precision", "0.02", "--most", "0"), "--most", '"0"'),
        (("assess", "third-site", "--sensitivity", "-8"), "--sensitivity", '"-8"'),
        (("fly", "notional-icbm", "--from", "95,51.4", "--to", "1,2"), "--from", "-90 to 90"),
        (("fly", "notional-icbm", "--from", "35.7", "--to", "1,2"), "--from", "LAT,LON"),
        (("fly", "notional-icbm", "--from", "a,b", "--to", "1,2"), "--from", '"a,b"'),
        (("fly", "notional-icbm", "--from", "1,nan", "--to", "1,2"), "--from", '"1,nan"'),
        (("fly", "notional-icbm", "--from", "1,inf", "--to", "1,2"), "--from", '"1,inf"'),
        (("fly", "notional-icbm", "--from", "1,2", "--to", "1,400"), "--to", "-180 to 360"),
        (("fly", "notional-icbm", *FLIGHT, "--apogee", "2000"), "--apogee", "no unit"),
        (("fly", "notional-icbm", *FLIGHT, "--apogee", "2 t"), "--apogee", "not a length but a mass"),
        (("fly", "notional-icbm", *FLIGHT, "--apogee", "0 km"), "--apogee", "more than zero"),
        (("fly", "notional-icbm", *FLIGHT, "--apogee", "-5 km"), "--apogee", '"-5 km"'),
        (("radar", "emr", "--rcs", "0 m^2"), "--rcs", "more than zero"),
        (("radar", "emr", "--rcs", "1 m"), "--rcs", "not an area"),
        (("radar", "emr", "--snr", "13 kg"), "--snr", '"13 kg"'),
        (("radar", "emr", "--dwell", "0 s"), "--dwell", "zero"),
        ((*FLYOUT[:2], "--site", "redzikow"), "--site", 'did you mean "redzikowo"?'),
        ((*FLYOUT[:2], "--site", "95,17"), "--site", "latitude -90 to 90"),
        ((*WATCH, "--out", "flight.pdf"), "--out", "expected a name that ends in .svg or .html"),
        ((*WATCH, "--out", "/proc/midcourse/flight.svg"), "--out", "cannot write"),
        ((*WATCH, "--to", "95,1"), "--to", "-90 to 90"),
        ((*WATCH, "--missile", "notional-icmb"), "--missile", '"notional-icbm"'),
        (("watch", *ENGAGE[1:3], "third-sites", *ENGAGE[4:]), "--architecture", '"third-site"'),
        (("watch", "third-site", "--threat", "iran-uss"), "--threat", '"iran-us"'),
        ((*THREAT, "--architecture", "joint", "--architecture", "jiont"), "--architecture", '"joint"'),
        ((*ENGAGE, "--architecture", "two-sites"), "--architecture", '"two-site"'),
        ((*ENGAGE, "--missile", "notional-icmb"), "--missile", '"notional-icbm"'),
    ],
)
def test_option(complaint: Complaint, arguments: tuple[str, ...], option: str, said: str) -> None:
    message = complaint(*arguments)
    assert message.startswith(option), message
    assert said in message


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "interceptor.gbi-2-stage.payload",
            "expected PATH=VALUE, such as interceptor.gbi-2-stage.payload=",
        ),
        ("=800 kg", "sets nothing"),
        ("interceptor.gbi-2-stage.payload=", "sets nothing"),
        ("interceptor.gbi-2-stage.burnout_speed=6.3 kg", '"6.3 kg" is not a speed but a mass'),
        ("interceptor.gbi-2-stage.burnot_speed=6.3 km/s", '"interceptor.gbi-2-stage.burnout_speed"'),
        ("interceptor.gbi-2-stag.payload=8 kg", "gbi-2-stage"),
        ("interceptor.gbi-2-stage.payload=-8 kg", "negative"),
        ("interceptor.gbi-2-stage.payload=60 t", "does not lift off"),
        ("interceptor.gbi-2-stage.burnout_speed=16 km/s", "at most 9.4"),
        ("interceptor.gbi-2-stage.burnout_speed=0.1 km/s", "at least"),
        ("motor.orion-50-xl.burn_time=0 s", "zero"),
    ],
)
def test_set(complaint: Complaint, setting: str, said: str) -> None:
    message = complaint(*FLYOUT, "--set", setting)
    assert message.startswith("--set"), message
    assert said in message


@pytest.mark.parametrize(
    "arguments",
    [("fly", "notional-icmb", *FLIGHT), ("flyout", "gbi-2-stag", "--site", "redzikowo"), ("radar", "emmr")],
)
def test_unknown_entry(complaint: Complaint, arguments: tuple[str, ...]) -> None:
    message = complaint(*arguments)
    assert message.startswith("unknown ")
    assert f'"{arguments[1]}"' in message
    assert "did you mean" in message


def test_catalog_entry(complaint: Complaint) -> None:
    assert complaint("catalog", "gbi-2-stag").endswith('did you mean "gbi-2-stage"?')
