"""``midcourse run`` end to end, on a dossier of one's own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import midcourse as mc
from midcourse.dossier import new

from .conftest import Midcourse

RUN = ("run", "own", "--architecture", "my-shield", "--missiles", "3", "--spacing", "30 s")
FILE = """[[launch]]
missile = "notional-irbm"
from = "38.0,46.3"
to = "London"
count = 2
spacing = "1 min"

[[launch]]
missile = "notional-irbm"
from = "35.7,51.4"
to = "redzikowo"
at = "90 s"

[[incident]]
at = "200 s"
do = "fail"
what = "satellite"
"""


@pytest.fixture
def own(midcourse: Midcourse) -> Midcourse:
    """A dossier in the folder ``own``, and a raid in ``raid.toml``."""
    new(Path("own"))
    Path("raid.toml").write_text(FILE, encoding="utf-8")
    return midcourse


def test_one_run(own: Midcourse) -> None:
    found = own(*RUN, "--json").document
    assert (found["dossier"], found["version"], found["seed"], found["runs"]) == (
        "my-dossier", mc.__version__, 0, 1,
    )  # fmt: skip
    assert (found["architecture"], found["launched"]) == ("my-shield", 3)
    assert found["hash"] == mc.load("own").hash
    assert found["leaked"]["ci"] is None
    assert len(found["fates"]) == len(found["missiles"]) == 3
    through = [each for each in found["fates"] if each["end"] == "impact"]
    assert found["leaked"]["mean"] == len(through) == sum(found["causes"].values())
    assert found["interceptors_spent"]["mean"] == sum(each["shots"] for each in found["fates"])
    assert [each["launch_s"] for each in found["fates"]] == [0.0, 30.0, 60.0]
    for each in found["fates"]:
        assert each["launch_s"] < each["declared_s"] < each["ended_s"]
        assert (each["cause"] is None) == (each["end"] == "hit")
        if each["shots"]:
            assert each["seen_s"] <= each["track_s"] <= each["order_s"] <= each["interceptor_s"]
    assert any(each["shots"] for each in found["fates"])


def test_many_runs(own: Midcourse) -> None:
    answer = own(*RUN, "--runs", "6", "--seed", "2", "--json", "--out", "many.json")
    found = answer.document
    assert Path("many.json").read_text(encoding="utf-8") == answer.out
    assert found["runs"] == 6
    assert found["interrupted"] is False
    assert sum(found["leaked"]["distribution"]) == pytest.approx(1.0)
    low, high = found["leaked"]["ci"]
    assert 0.0 <= low <= found["leaked"]["mean"] <= high <= 3.0
    assert found["fates"] == []
    assert found["causes"].keys() == found["causes_ci"].keys()
    assert sum(found["causes"].values()) == pytest.approx(found["leaked"]["mean"])
    asked = mc.run_raid("own", "my-shield", 3, spacing="30 s", runs=6, seed=2)
    assert json.loads(asked.to_json()) == found | {"command": ""}


def test_in_print(own: Midcourse) -> None:
    once = own(*RUN)
    assert once.code == 0
    assert "Redzikowo with a radar of our own, against 3 missiles" in once.out
    assert "leaves s  seen s  ordered s  shots  ends s" in once.out
    assert "of 10 interceptors were spent" in once.out
    assert "Seed 0." in once.out
    often = own(*RUN, "--runs", "5")
    assert "get through on average over 5 runs" in " ".join(often.out.split())
    assert "share of runs" in often.out
    assert "5 runs; seed 0." in often.out
    assert all(len(line) <= 80 for line in (once.out + often.out).splitlines())


def test_a_raid_as_data_with_what_happens(own: Midcourse) -> None:
    Path("more.toml").write_text(
        '[[incident]]\nat = "300 s"\ndo = "fail"\nwhat = "my-hill"\n', encoding="utf-8"
    )
    words = ("run", "own", "--architecture", "my-shield", "--raid", "raid.toml", "--incidents", "more.toml")
    own(*words, "--incident", "400 s restore my-radar@my-hill", "--out", "run.jsonl")
    lines = [json.loads(line) for line in Path("run.jsonl").read_text(encoding="utf-8").splitlines()]
    happened = [
        (each["time_s"], each["kind"], each["what"]) for each in lines if each.get("node") == "incident"
    ]
    assert happened == [
        (200.0, "fail", "satellite"),
        (300.0, "fail", "my-radar@my-hill"),
        (400.0, "restore", "my-radar@my-hill"),
    ]
    assert [each["time_s"] for each in lines if each.get("kind") == "launch"] == [0.0, 60.0, 90.0]


def test_what_comes_too_late_is_told(own: Midcourse) -> None:
    assert "warning: --incident: fail my-radar@my-hill at 9,000 s comes after" in own(
        *RUN, "--incident", "9000 s fail my-hill"
    ).err  # fmt: skip


def test_the_same_command_gives_the_same_bytes(own: Midcourse) -> None:
    first, again, other = (
        (own(*RUN, "--seed", seed, "--json", "--out", "run.jsonl").out, Path("run.jsonl").read_bytes())
        for seed in ("7", "7", "8")
    )
    assert first == again
    assert first != other


def test_replay(own: Midcourse, complaint: Callable[..., str]) -> None:
    """By the record alone, a raid's file and incidents in it; the record comes out the same."""
    own(
        "run", "own", "--architecture", "my-shield", "--raid", "raid.toml", "--incident",
        "250 s withdraw my-radar@my-hill", "--seed", "5", "--out", "run.jsonl",
    )  # fmt: skip
    Path("raid.toml").unlink()
    answer = own("run", "own", "--replay", "run.jsonl", "--out", "again.jsonl", "--json")
    assert answer.document["seed"] == 5
    assert "replayed: all " in answer.err
    assert Path("again.jsonl").read_bytes() == Path("run.jsonl").read_bytes()
    told = complaint(
        "run", "own", "--replay", "run.jsonl", "--set", "doctrine.my-doctrine.decision_delay=90 s"
    )
    assert told.startswith(
        "run.jsonl: the run was made with other figures than these; expected dossier and --set"
    )
    told = complaint("run", "own", "--replay", "run.jsonl", "--architecture", "without-radar")
    assert told == (
        '--architecture: run.jsonl is about another architecture: "without-radar"; expected my-shield'
    )
    text = Path("run.jsonl").read_text(encoding="utf-8")
    Path("run.jsonl").write_text(text.replace('"time_s": 90.0', '"time_s": 90.5', 1), encoding="utf-8")
    otherwise = own("run", "own", "--replay", "run.jsonl")
    assert otherwise.code == 1
    assert "midcourse: run.jsonl: the run goes otherwise from event " in otherwise.err


def test_replay_of_missiles_that_join_by_a_file(own: Midcourse) -> None:
    Path("more.toml").write_text(
        '[[incident]]\nat = "100 s"\ndo = "launch"\n'
        'missile = "notional-irbm"\nfrom = "36,48"\nto = "48,12"\n',
        encoding="utf-8",
    )
    own(*RUN, "--incidents", "more.toml", "--out", "run.jsonl")
    Path("more.toml").unlink()
    own("run", "own", "--replay", "run.jsonl", "--out", "again.jsonl")
    assert Path("again.jsonl").read_bytes() == Path("run.jsonl").read_bytes()
    assert '"missile": "M4"' in Path("run.jsonl").read_text(encoding="utf-8")


def test_replay_stands_alone(own: Midcourse, complaint: Callable[..., str]) -> None:
    del own
    for word, value in (("--missiles", "3"), ("--seed", "1"), ("--incident", "1 s fail command")):
        told = complaint("run", "own", "--replay", "run.jsonl", word, value)
        assert told.startswith(f"{word} and --replay cannot both be given; expected")
    assert "run.jsonl" in complaint("run", "own", "--replay", "run.jsonl")
    assert "raid.toml" in complaint("run", "own", "--replay", "raid.toml")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "no raid; expected --missiles N, or --raid FILE"),
        (("--missiles", "5", "--raid", "raid.toml"), "both --missiles and --raid"),
        (("--raid", "raid.toml", "--threat", "my-threat"), "--threat and --raid cannot both be given"),
        (("--raid", "raid.toml", "--spacing", "30 s"), "--spacing and --raid cannot both be given"),
        (("--raid", "none.toml"), "none.toml: cannot be read"),
        (("--incidents", "none.toml", "--missiles", "2"), "none.toml: cannot be read"),
        (("--missiles", "0"), '--missiles: "0" cannot be used; expected a whole number of at least 1'),
        (
            ("--missiles", "10000"),
            "--missiles: a raid of 10,000 missiles; expected at most 500: each is weighed against all others",
        ),
        (("--missiles", "3", "--runs", "0"), '--runs: "0" cannot be used; expected a whole number of at'),
        (("--missiles", "3", "--runs", "many"), '--runs: "many" cannot be used'),
        (("--missiles", "3", "--seed", "-1"), '--seed: "-1" cannot be used'),
        (("--missiles", "3", "--spacing", "30 km"), "--spacing"),
        (
            ("--missiles", "3", "--threat", "my-thread"),
            'unknown threat: "my-thread"; did you mean "my-threat"?',
        ),
        (
            ("--missiles", "3", "--incident", "300 s fail my-radar@my-hull"),
            '--incident: my-shield has no part "my-radar@my-hull" to fail',
        ),
        (("--missiles", "3", "--incident", "fail my-hill"), '--incident: "fail my-hill" is no incident'),
        (("--missiles", "3", "--incident", "-3 s fail my-hill"), "--incident"),
        (("--missiles", "3", "--incident", "3 s launch my-thread"), 'did you mean "my-threat"?'),
        (
            ("--missiles", "3", "--set", "doctrine.my-doctrine.decision_delay=-60 s"),
            "--set doctrine.my-doctrine.decision_delay",
        ),
        (("--missiles", "3", "--out", "run.pdf"), 'no form of a run has the ending of "run.pdf"'),
        (("--missiles", "3", "--runs", "9", "--out", "run.jsonl"), '"run.jsonl" cannot hold 9 runs'),
        (("--missiles", "3", "--out", "own/dossier.toml/run.jsonl"), "cannot write"),
    ],
)
def test_refused(own: Midcourse, complaint: Callable[..., str], words: tuple[str, ...], told: str) -> None:
    del own
    assert told in complaint("run", "own", "--architecture", "my-shield", *words)
    assert sorted(path.name for path in Path().iterdir()) == ["own", "raid.toml"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'at = "90 s"',
            'at = "-5 s"',
            'raid.toml:12 (launch.2.at): time "-5 s" is out of bounds; expected at',
        ),
        (
            'to = "London"',
            'to = "Londom"',
            'raid.toml:4 (launch.1.to): unknown place: "Londom"; did you mean',
        ),
        ('to = "London"', 'to = "40.7,-74"', "raid.toml:1 (launch.1): out of reach"),
        ("count = 2", "count = 10000", "raid.toml: a raid of 10,001 missiles; expected at most 500"),
        ('what = "satellite"', 'what = "satelite"', 'did you mean "satellite"?'),
        ('at = "200 s"', 'at = "-1 s"', "raid.toml:15 (incident.1.at)"),
        ('do = "fail"', 'do = "brake"', "raid.toml:16 (incident.1.do)"),
    ],
)
def test_faults_of_a_raids_file(
    own: Midcourse, complaint: Callable[..., str], old: str, new: str, told: str
) -> None:
    del own
    assert old in FILE
    Path("raid.toml").write_text(FILE.replace(old, new, 1), encoding="utf-8")
    words = ("run", "own", "--architecture", "my-shield", "--raid", "raid.toml", "--out", "run.jsonl")
    assert told in complaint(*words)
    assert sorted(path.name for path in Path().iterdir()) == ["own", "raid.toml"]


def test_a_contradictory_doctrine(own: Midcourse, complaint: Callable[..., str]) -> None:
    del own
    file = next(each for each in Path("own").iterdir() if "[doctrine.my-doctrine]" in each.read_text("utf-8"))
    text = file.read_text("utf-8")
    for rules, told in (
        ("salvo = 3\nmost_shots = 2", "salvo 3 is above most_shots 2; expected most_shots = 3 or more"),
        (
            "look = false\nmost_shots = 4",
            "most_shots 4 with look = false, which is one salvo of 1 and no more",
        ),
    ):
        file.write_text(text.replace('name = "Deliberate"', f'name = "Deliberate"\n{rules}'), "utf-8")
        assert told in complaint(*RUN, "--out", "run.jsonl")
    assert not Path("run.jsonl").exists()


def test_a_threat_out_of_reach(own: Midcourse) -> None:
    """It says which."""
    file = next(each for each in Path("own").iterdir() if "[threat.my-threat]" in each.read_text("utf-8"))
    text = file.read_text("utf-8")
    missile = text.partition("[threat.my-threat]")[2].partition('missile = "')[2].partition('"')[0]
    file.write_text(text.replace(f'missile = "{missile}"', 'missile = "notional-mrbm"'), "utf-8")
    answer = own(*RUN, "--out", "run.jsonl")
    assert (answer.code, answer.out) == (2, "")
    assert "Notional medium-range missile" in answer.err.splitlines()[-1]
    assert "reaches none of the targets from any launch point" in answer.err.splitlines()[-1]
    assert not Path("run.jsonl").exists()


def test_architectures_that_cannot_act(own: Midcourse, complaint: Callable[..., str]) -> None:
    del own
    words = ("run", "own", "--missiles", "3")
    told = complaint(*words, "--architecture", "my-sheild")
    assert told == '--architecture: unknown architecture: "my-sheild"; did you mean "my-shield"?'
    assert complaint(*words).startswith("missing option '--architecture'; expected as in: midcourse run")
    file = next(each for each in Path("own").iterdir() if "[doctrine.my-doctrine]" in each.read_text("utf-8"))
    kept = [line for line in file.read_text("utf-8").splitlines() if 'doctrine = "my-doctrine"' not in line]
    file.write_text("\n".join(kept), "utf-8")
    told = complaint(*words, "--architecture", "my-shield")
    assert told.startswith("--architecture: architecture my-shield has no doctrine, so nobody may shoot")


def _interrupted(tmp_path: Path, stage: str, wait_s: float) -> tuple[int, str, str]:
    """A long command that is sent Ctrl-C, some time after a line that begins so on standard error."""
    new(tmp_path / "own")
    command = [
        sys.executable,
        "-m",
        "midcourse.cli",
        *RUN,
        "--runs",
        "100000",
        "--json",
        "--out",
        "many.json",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        try:
            assert any(line.startswith(stage) for line in process.stderr)
            time.sleep(wait_s)
            os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=60.0)
        finally:
            # One that went on regardless would be waited for without end.
            process.kill()
    return process.returncode, out, err


def test_ctrl_c_gives_the_runs_done(tmp_path: Path) -> None:
    code, out, err = _interrupted(tmp_path, "further runs", 1.0)
    assert code == 0, err
    found = json.loads(out)
    assert found["interrupted"] is True
    assert 1 <= found["runs"] < 100000
    assert {len(each) for each in found["by_run"].values()} == {found["runs"]}
    assert sum(found["leaked"]["distribution"]) == pytest.approx(1.0)
    assert found["leaked"]["mean"] == pytest.approx(sum(found["by_run"]["leaked"]) / found["runs"])
    assert err.splitlines()[-1] == (
        f"interrupted: this rests on the {found['runs']:,} runs done until then, of 100,000"
    )
    assert "Traceback" not in err
    assert json.loads((tmp_path / "many.json").read_text("utf-8")) == found


@pytest.mark.slow
def test_ctrl_c_before_any_run(tmp_path: Path) -> None:
    code, out, err = _interrupted(tmp_path, "", 0.0)
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "interrupted; nothing was written"
    assert not (tmp_path / "many.json").exists()
