"""The tutorial: its files written and its commands run as it says, and what it prints is what they print."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import Midcourse

TUTORIAL = Path(__file__).parents[2] / "docs/tutorial.md"
#: Set to put what ``assess`` prints now into the tutorial; the prose around it is for its writer.
REWRITE = "MIDCOURSE_REWRITE_TUTORIAL"

_BLOCK = re.compile(r"^```(toml|sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w/-]+\.toml)`")
_QUANTITY = re.compile(r"([\d,]*\d(?:\.\d+)?) ?(%|shots?|s|km|dB)(?!\w)")
_VERDICT = re.compile(r"[●✕◐] (supported|refuted|undecided)")


class Block(NamedTuple):
    kind: str
    text: str
    #: For a file, where it goes; for a command's output, nothing.
    path: str


def _blocks(page: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(page):
        named = _FILE.findall(page[: found.start()])
        yield Block(found[1], found[2], named[-1] if found[1] == "toml" else "")


def _quantities(text: str) -> list[tuple[float, str]]:
    lines = (line for line in text.splitlines() if "samples over" not in line and "Ranges are" not in line)
    found = (each for line in lines for each in _QUANTITY.findall(line))
    return [(float(number.replace(",", "")), unit.removesuffix("s") or "s") for number, unit in found]


def _disagreements(quoted: str, printed: str) -> list[str]:
    """What a quotation says that the command did not print, or not about so."""
    wrong = []
    if (said := _VERDICT.findall(quoted)) != (now := _VERDICT.findall(printed)):
        wrong.append(f"verdicts {said}, now {now}")
    known = _quantities(printed)
    for value, unit in _quantities(quoted):
        if not any(same == unit and abs(each - value) <= 0.1 * value + 0.6 for each, same in known):
            wrong.append(f"{value:g} {unit} is not printed")
    return wrong


def _tidy(printed: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines() if line.strip())


def test_the_comparison_can_fail() -> None:
    quoted = "● supported  88 %  0 to 88 %\nsees it 494 s after launch\n"
    assert not _disagreements(quoted, quoted.replace("494", "499").replace("88 %", "87.5 %"))
    assert _disagreements(quoted, quoted.replace("supported", "refuted"))
    assert _disagreements(quoted, quoted.replace("494", "294"))
    assert _disagreements(quoted, quoted.replace("88 %", "66 %"))
    assert _disagreements(quoted, "")


def test_tutorial(midcourse: Midcourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As wide as a reader's pipe; test runners tell another width.
    monkeypatch.setenv("COLUMNS", "120")
    page = TUTORIAL.read_text(encoding="utf-8")
    blocks = list(_blocks(page))
    assert page.count("```") == 2 * len(blocks), "a block of a kind that nobody runs"
    assert {block.kind for block in blocks} == {"toml", "sh", "text"}
    printed, wrong, new = "", [], page
    for block in blocks:
        if block.kind == "toml":
            path = tmp_path / block.path
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.kind == "sh":
            words = shlex.split(block.text)
            assert words[0] == "midcourse"
            answer = midcourse(*words[1:])
            assert answer.code == 0, answer.err
            printed = _tidy(answer.out)
        elif block.text.startswith("dossier "):
            lines = {" ".join(line.split()) for line in printed.splitlines()}
            wrong += [line for line in block.text.splitlines() if " ".join(line.split()) not in lines]
        else:
            wrong += _disagreements(block.text, printed)
            if "What decides" in block.text:
                new = new.replace(block.text, printed)
    if REWRITE in os.environ:
        TUTORIAL.write_text(new, encoding="utf-8")
    assert (tmp_path / "report/index.html").exists()
    assert not wrong
