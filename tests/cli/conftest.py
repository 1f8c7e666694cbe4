"""The command line as others meet it: an exit code and two streams."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from midcourse.cli import run
from midcourse.dossier import new


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output; anything else there fails."""
        assert self.code == 0, self.err
        found = json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
        assert isinstance(found, dict)
        return found


Midcourse = Callable[..., Answer]


@pytest.fixture
def midcourse(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Midcourse:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def answer(*arguments: str) -> Answer:
        capsys.readouterr()
        code = run(list(arguments))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return answer


@pytest.fixture
def complaint(midcourse: Midcourse) -> Callable[..., str]:
    """Run a command that is refused, and give the one line it is refused with, and nothing else."""

    def refused(*arguments: str, code: int = 2) -> str:
        answer = midcourse(*arguments)
        assert answer.code == code, answer
        assert answer.out == ""
        assert answer.err.startswith("midcourse: ")
        assert answer.err.count("\n") == 1
        assert answer.err.endswith("\n")
        assert "Traceback" not in answer.err
        return answer.err.removeprefix("midcourse: ").rstrip("\n")

    return refused


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A dossier of one's own, as ``midcourse new`` starts it."""
    new(tmp_path / "mine")
    return tmp_path / "mine"
