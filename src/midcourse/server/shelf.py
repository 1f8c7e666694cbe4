"""The dossiers that a server shows: those of the package, the one it was started with, and uploaded ones."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from ..dossier import Dossier, InputError, builtin_dossiers, load, load_files, nearest_names
from ..model.memory import Memory
from .case import Case
from .desk import Desk

#: Uploaded dossiers that are kept; the one used longest ago goes first.
UPLOADS = 4
#: Files of an upload.
MOST_FILES = 40
_PREFIX = "upload-"


class Shelf:
    """Cases by their keys, each opened when it is first asked for.

    Built-in ones share ``memory``; what is uploaded goes with all that was computed for it.
    """

    def __init__(self, served: str, dossier: Dossier, desk: Desk, memory: Memory) -> None:
        self._desk, self._memory, self._guard = desk, memory, threading.Lock()
        self.served = served
        self._cases: dict[str, Case] = {served: self._opened(served, dossier)}
        self._uploads: OrderedDict[str, Case] = OrderedDict()

    def _opened(self, key: str, dossier: Dossier) -> Case:
        case = Case(key, dossier, self._desk, self._memory)
        case.start()
        return case

    def case(self, key: str) -> Case:
        """The case under a key; InputError with the nearest names where there is none."""
        with self._guard:
            if key in self._uploads:
                self._uploads.move_to_end(key)
                return self._uploads[key]
            if key in self._cases:
                return self._cases[key]
            if key not in builtin_dossiers():
                gone = key.startswith(_PREFIX)
                raise InputError(
                    "this upload is no longer kept; upload it again" if gone else "no such dossier",
                    value=key, where="dossier", nearest=() if gone else nearest_names(key, self._known()),
                )  # fmt: skip
            case = self._cases[key] = self._opened(key, load(key))
            return case

    def add(self, files: Mapping[str, str]) -> Case:
        """The case of an uploaded dossier; InputError as of files, with file and line."""
        if len(files) > MOST_FILES:
            raise InputError(f"{len(files)} files", expected=f"at most {MOST_FILES}")
        for name in files:
            if not name.endswith(".toml") or "/" in name or "\\" in name or not name.isprintable():
                raise InputError("not a dossier's file", value=name, expected="names such as dossier.toml")
        contents = {name: text.encode("utf-8", "surrogatepass") for name, text in files.items()}
        dossier = load_files(contents)
        if not dossier.claim:
            raise InputError("the dossier makes no claims", expected="at least one [claim.NAME]")
        key = _PREFIX + hashlib.sha256(repr(sorted(contents.items())).encode()).hexdigest()[:12]
        with self._guard:
            if key not in self._uploads:
                case = Case(key, dossier, self._desk, Memory())
                # What describes it finds what is wrong with its claims, before anybody else does.
                case.text()
                case.start()
                self._uploads[key] = case
                while len(self._uploads) > UPLOADS:
                    self._uploads.popitem(last=False)[1].close()
            return self._uploads[key]

    def _known(self) -> list[str]:
        return sorted({*builtin_dossiers(), *self._cases})

    def names(self) -> list[dict[str, Any]]:
        """The page's ``DossierName`` of each."""
        with self._guard:
            cases = {**self._cases, **self._uploads}
        found = []
        for key in dict.fromkeys((self.served, *builtin_dossiers(), *cases)):
            dossier = cases[key].dossier if key in cases else load(key)
            header = dossier.dossier
            assert header is not None
            found.append(
                {
                    "key": key, "title": header.title, "date": header.date, "served": key == self.served,
                    "uploaded": key.startswith(_PREFIX),
                }
            )  # fmt: skip
        return found

    def close(self) -> None:
        for case in (*self._cases.values(), *self._uploads.values()):
            case.close()
