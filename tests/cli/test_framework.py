"""``midcourse framework`` end to end, on a dossier of one's own."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import midcourse as mc
from midcourse.dossier import new
from midcourse.output.record.writing import SHIPPED_SCHEMA

from ..recorded import RECORD, SECRET
from .conftest import Midcourse

FILES = ["framework.html", "framework.json", "framework.pdf", "framework.schema.json"]
FEW = ("--samples", "4")


@pytest.fixture
def mine(mine: Path) -> Path:
    (mine / "record.toml").write_text(RECORD, encoding="utf-8")
    return mine


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    """A folder that nobody can write into, not even root: it is a file."""
    (tmp_path / "closed").write_text("", encoding="utf-8")
    return tmp_path / "closed"


def test_json_and_files(midcourse: Midcourse, mine: Path, tmp_path: Path) -> None:
    answer = midcourse("framework", str(mine), *FEW, "--seed", "3", "--json")
    document = answer.document
    Draft202012Validator(json.loads(SHIPPED_SCHEMA.read_text(encoding="utf-8"))).validate(document)
    assert sorted(os.listdir(tmp_path / "framework")) == FILES
    assert json.loads((tmp_path / "framework/framework.json").read_text(encoding="utf-8")) == document
    assert (document["made"]["samples"], document["made"]["seed"], document["moved"]) == (4, 3, None)
    assert {claim["claim"] for claim in document["premises"]} == {"it-defends", "it-is-fast"}
    assert document["counts"]["positions"] == 6
    assert answer.err.rstrip().endswith("record: framework/framework.html")
    # The command that it names gives the same again.
    again = midcourse(*shlex.split(document["made"]["command"])[1:], "--json")
    assert again.out == answer.out


def test_print(midcourse: Midcourse, mine: Path, tmp_path: Path) -> None:
    answer = midcourse("framework", str(mine), *FEW, "--out", "a/record")
    assert answer.code == 0, answer.err
    assert "1. The site" in answer.out
    assert "Alpha supports" in answer.out
    assert "3 elements and 6 positions are recorded" in answer.out
    assert sorted(os.listdir(tmp_path / "a/record")) == FILES


def test_against_itself(midcourse: Midcourse, mine: Path) -> None:
    document = midcourse("framework", str(mine), *FEW, "--against", str(mine), "--json").document
    assert document["moved"]["anything"] is False
    assert document["moved"]["against_hash"] == document["made"]["hash"]
    assert f"--against {mine}" in document["made"]["command"]


def test_what_a_disclosure_would_move(midcourse: Midcourse, mine: Path) -> None:
    """A figure imposed on the dossier, and not on what it is compared with."""
    heavy = ("--set", f"{SECRET}=1500 kg", "--against", str(mine))
    answer = midcourse("framework", str(mine), *FEW, *heavy)
    assert "refuted" in answer.out.split("Compared with")[1]
    document = json.loads(Path("framework/framework.json").read_text(encoding="utf-8"))
    moved = document["moved"]
    assert [(each["kind"], each["id"]) for each in moved["entries"]] == [("interceptor", "gbi-2-stage")]
    assert moved["entries"][0]["edits"][0]["path"] == "payload"
    # With such a load it is slow beyond doubt, however it is sampled.
    fast = next(claim for claim in document["premises"] if claim["claim"] == "it-is-fast")
    assert fast["verdict"] == "refuted"


def test_a_version_without_a_record(midcourse: Midcourse, mine: Path, tmp_path: Path) -> None:
    new(tmp_path / "bare")
    document = midcourse("framework", str(mine), *FEW, "--against", str(tmp_path / "bare"), "--json").document
    kinds = {each["kind"] for each in document["moved"]["entries"]}
    assert kinds >= {"party", "element", "position"}
    assert all(
        each["change"] == "added" for each in document["moved"]["entries"] if each["kind"] == "position"
    )


def test_python(mine: Path) -> None:
    document = mc.framework(str(mine), samples=4, against=str(mine))
    assert [element.id for element in document.elements] == ["site", "watching", "talks"]
    assert document.moved is not None
    assert not document.moved.anything
    heavy = mc.framework(mc.load(mine), samples=4, set={SECRET: "1500 kg"})
    assert heavy.made.hash != document.made.hash


Complaint = Callable[..., str]


def test_no_record(complaint: Complaint, tmp_path: Path) -> None:
    new(tmp_path / "bare")
    said = complaint("framework", str(tmp_path / "bare"))
    assert "records no elements" in said
    assert "docs/framework.md" in said
    assert not (tmp_path / "framework").exists()


def test_bad_input(complaint: Complaint, mine: Path, tmp_path: Path) -> None:
    assert "--samples" in complaint("framework", str(mine), "--samples", "0")
    assert "no such dossier" in complaint("framework", str(mine), "--against", "nowhere")
    assert "unknown path" in complaint("framework", str(mine), "--set", "interceptor.gbi-2-stage.paylod=1 t")
    broken = RECORD.replace('premises = ["it-defends"]', 'premises = ["it-defend"]')
    (mine / "record.toml").write_text(broken, encoding="utf-8")
    said = complaint("framework", str(mine))
    assert "record.toml:" in said
    assert 'did you mean "it-defends"?' in said
    assert not (tmp_path / "framework").exists()


def test_a_folder_that_cannot_be_written(
    complaint: Complaint, mine: Path, read_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said before anything is computed."""
    monkeypatch.setattr("midcourse.output.record.making.assess", lambda *_, **__: pytest.fail("computed"))
    said = complaint("framework", str(mine), "--out", str(read_only))
    assert said.startswith("--out: cannot write")
    assert read_only.read_text(encoding="utf-8") == ""
