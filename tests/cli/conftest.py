"""The command line as others meet it: an exit code and two streams."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from midcourse.cli import run
from midcourse.dossier import Dossier, load, new


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


@pytest.fixture(scope="session", autouse=True)
def built_once() -> Iterator[None]:
    """Once for all tests: the tree of commands, which typer builds anew for every command line; and the
    dossier that comes with the package, on which each command imposes its own figures.
    """
    builtin = functools.cache(load)

    def opened(name: str | Path, overrides: Sequence[tuple[str, str]] = ()) -> Dossier:
        return builtin(name).with_overrides(overrides) if name == "third-site" else load(name, overrides)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.main.get_command", functools.cache(typer.main.get_command))
        patch.setattr("midcourse.dossier.load", opened)
        yield


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
