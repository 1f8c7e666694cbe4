"""What happens in a study, as lines of JSON that a program can follow."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from ..dossier import InputError


class EventLog:
    """Adds a line for each event to a file; without a file, none.

    A disk that takes no more lines costs the log its end, and the study nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> EventLog:
        if self._path is not None:
            try:
                torn = _is_torn(self._path)
                self._file = open(self._path, "a", encoding="utf-8")
                if torn:
                    self._file.write("\n")
            except OSError as error:
                raise InputError(
                    f"{{value}} cannot be written: {(error.strerror or str(error)).lower()}", where="--log",
                    value=str(self._path), expected="a file in a folder that is there",
                ) from None  # fmt: skip
        return self

    def __call__(self, event: str, **about: Any) -> None:
        if self._file is None:
            return
        at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        try:
            self._file.write(json.dumps({"at": at, "event": event, **about}, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError:
            self._close()

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError:
                return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()


def _is_torn(path: Path) -> bool:
    """Whether a file's last line was cut off, as by a disk that was full."""
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"
