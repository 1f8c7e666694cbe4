"""The start of a dossier: it is valid, and it is written whole or not at all."""

from __future__ import annotations

import errno
import os
import tomllib
from pathlib import Path
from typing import NoReturn

import pytest

from midcourse.dossier import InputError, load, new


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        new(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{folder}: ")
    return message


def test_writes_a_dossier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "deep" / "mine"
    files = new(folder)
    assert sorted(folder.iterdir()) == files
    tables: dict[str, dict[str, object]] = {}
    for path in files:
        for kind, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            tables.setdefault(kind, {}).update(entries)
    assert {
        "dossier",
        "architecture",
        "claim",
        "radar",
        "site",
        "threat",
        "places",
        "source",
    } <= tables.keys()
    monkeypatch.undo()
    dossier = load(folder)
    # Both sides have their say, one viewpoint its figures; and of one figure no more than a range is known.
    assert len({claim.party for claim in dossier.claim.values()}) == 2
    assert {claim.viewpoint for claim in dossier.claim.values()} == {None, *dossier.viewpoint}
    power = dossier.radar["my-radar"].mean_power
    assert power.ranged
    assert power.undisclosed
    assert not dossier.warnings


def test_every_key_is_explained(tmp_path: Path) -> None:
    """A key that a beginner meets has a comment beside it, above its table, or a meaning in its name."""
    plain = {
        "name",
        "title",
        "author",
        "publisher",
        "source",
        "lat",
        "lon",
        "from",
        "to",
        "architecture",
        "frequency",
    }
    told, lost = set(plain), []
    for path in new(tmp_path / "mine"):
        before = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if "=" in line and not line.lstrip().startswith(("#", "{", '"')):
                key = line.split("=")[0].strip()
                if "#" in line or "note" in line or before.startswith("#"):
                    told.add(key)
                lost += [key] if key not in told else []
            before = line
    assert not lost


def test_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    new(tmp_path)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["dossier.toml", "claims.toml"])
def test_overwrites_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert f"holds a {name} already" in refusal(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert "a file, not a folder" in refusal(tmp_path / "file")
    assert "cannot be written: not a directory" in refusal(tmp_path / "file" / "below")


def test_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object, **kwargs: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", denied)
    assert "cannot be written: permission denied" in refusal(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    real = getattr(os, step)
    calls = []

    def full(*args: object) -> object:
        calls.append(args)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args)

    monkeypatch.setattr(os, step, full)
    assert "cannot be written: no space left on device" in refusal(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
