"""A run written in the form that the file's ending asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from midcourse.dossier.errors import InputError, listing

from ..files import write_whole
from .recording import record_text, recorded

if TYPE_CHECKING:
    from midcourse.dossier.raid import Order
    from midcourse.operation.shield import Shield

    from .document import Recorded

ENDINGS = (".jsonl", ".json", ".html", ".svg", ".png", ".czml")


def check_ending(path: Path, *, option: str = "--out") -> None:
    """InputError before long work when no run can be written under this name."""
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            "no form of a run has the ending of {value}",
            where=option,
            value=str(path),
            expected=f"a name that ends in {listing(ENDINGS)}",
        )


def write_run(
    path: Path,
    shield: Shield,
    *,
    command: str | None = None,
    orders: Sequence[Order] = (),
    raid_file: str | None = None,
    incidents_file: str | None = None,
    option: str = "--out",
) -> Path:
    """Write a run that has ended and whose events were kept, whole or not at all.

    ``.jsonl`` is the record, ``.json`` the summary alone, ``.html`` the report, ``.svg`` and ``.png`` its
    picture, ``.czml`` the run in space and time. Other parameters as of ``recorded``.
    """
    check_ending(path, option=option)
    run = recorded(shield, command=command, orders=orders, raid_file=raid_file, incidents_file=incidents_file)
    return write_whole(path, made(run, shield, path.suffix.lower()), option=option)


def made(run: Recorded, shield: Shield, ending: str) -> bytes | str:
    """The content of a run's file. Only what that form needs is imported."""
    if ending == ".jsonl":
        return record_text(run)
    if ending == ".json":
        return summary_json(run)
    if ending == ".html":
        from .report import report_html

        return report_html(run)
    if ending == ".czml":
        from .czml import czml

        return czml(run, shield)
    from .timeline import run_picture

    if ending == ".png":
        from ..typesetting import png_of

        return png_of(run_picture(run))
    return run_picture(run)


def summary_json(run: Recorded) -> str:
    """The summary as the command prints it, with what it is the summary of."""
    from .document import dumped

    head = {
        key: getattr(run.header, key) for key in ("dossier", "version", "hash", "architecture", "seed", "run")
    }
    summary = dumped(run.summary)
    del summary["record"]
    return json.dumps({**head, **summary}, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
