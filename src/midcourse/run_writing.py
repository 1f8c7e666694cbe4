"""A run written down as JSON Lines: a header, an event a line, and what it came to; and read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from . import __version__
from .dossier.errors import InputError
from .output.files import write_whole

if TYPE_CHECKING:
    from .dossier.raid import Order
    from .operation import Shield

ENDINGS = (".jsonl",)


def check_ending(path: Path, *, option: str = "--out") -> None:
    """InputError before long work when no run can be written under this name."""
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            "no form of a run has the ending of {value}", where=option, value=str(path),
            expected="a name that ends in .jsonl",
        )  # fmt: skip


def write_run(
    path: Path,
    shield: Shield,
    *,
    command: str | None = None,
    orders: Sequence[Order] = (),
    raid_file: str | None = None,
    option: str = "--out",
) -> Path:
    """Write a run that has ended and whose events were kept, whole or not at all."""
    scenario, outcome = shield.scenario, shield.outcome()
    header = {
        "record": "midcourse run", "version": __version__, "hash": scenario.dossier.hash,
        "architecture": scenario.architecture, "seed": shield.luck.seed, "run": shield.luck.run, "command": command, "raid_file": raid_file,
        "orders": [
            {key: value for key, value in asdict(each).items() if key != "where"} for each in orders
        ],
        "incidents": [
            {"at_s": each.at_s, "do": each.do, "what": each.what, "by_s": each.by_s}
            for each in shield.incidents
        ],
    }  # fmt: skip
    summary = {"record": "summary", "leaked": outcome.leaked, **asdict(outcome)}
    lines = [header, *shield.record.events, summary]
    text = "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in lines)
    return write_whole(path, text, option=option)


def read_record(path: Path) -> Any:
    """A record as it was written: ``header`` and ``events``; InputError for what is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        header = json.loads(lines[0], object_hook=lambda table: SimpleNamespace(**table))
        if header.record != "midcourse run":
            raise ValueError
        events = tuple(json.loads(line) for line in lines[1:-1])
    except (OSError, ValueError, IndexError, AttributeError):
        raise InputError(
            "not the record of a run", where=str(path), expected="a .jsonl of midcourse run"
        ) from None
    return SimpleNamespace(header=header, events=events)
