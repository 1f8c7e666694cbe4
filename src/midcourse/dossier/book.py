"""A dossier as written: the tables of its files before they are read as entries, and where each stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import InputError, listing, nearest_names, quote
from .locate import line_of
from .schema import HEADER, KINDS, NAME

Entry = tuple[str, str]
"""Kind and name; the header's is ("dossier", "")."""

Table = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One file: the name to show for it, and its text."""

    shown: str
    text: str

    def at(self, path: tuple[str, ...]) -> str:
        line = line_of(self.text, path)
        return self.shown if line is None else f"{self.shown}:{line}"


@dataclass(frozen=True)
class Book:
    """Every table by kind and name, the page it stands on, and the paths since imposed with their options."""

    tables: Mapping[Entry, Table] = field(default_factory=dict)
    pages: Mapping[Entry, Page] = field(default_factory=dict)
    imposed: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    def over(self, lower: Book) -> Book:
        """This book's entries on top of another's, entry by entry."""
        return Book({**lower.tables, **self.tables}, {**lower.pages, **self.pages})

    def names(self, kind: str) -> list[str]:
        return [name for table_kind, name in self.tables if table_kind == kind]

    def where(self, path: tuple[str, ...]) -> str | None:
        """The option that imposed a path, or else the file and line it stands at."""
        for given, option in self.imposed.items():
            if path[: len(given)] == given:
                return option
        page = self.pages.get(entry_of(path))
        return page.at(path) if page else None

    def place(self, path: tuple[str, ...]) -> str:
        """What an error message opens with: the file and line and the key's path, or the option."""
        related = [given for given in self.imposed if entry_of(given) == entry_of(path)]
        for given in sorted(related, key=lambda given: _shared(given, path), reverse=True):
            option = self.imposed[given]
            return option if path in (given, (*given, "value")) else f"{option} ({'.'.join(path)})"
        where = self.where(path)
        return f"{where} ({'.'.join(path)})" if where else ".".join(path)

    def order(self, path: tuple[str, ...]) -> tuple[int, int]:
        """A key that sorts paths as a reader meets them."""
        page = self.pages.get(entry_of(path))
        if page is None:
            return (0, 0)
        pages = list(dict.fromkeys(self.pages.values()))
        return (pages.index(page), line_of(page.text, path) or 0)


def entry_of(path: tuple[str, ...]) -> Entry:
    return (HEADER, "") if path[0] == HEADER else (path[0], path[1] if len(path) > 1 else "")


def path_of(entry: Entry) -> tuple[str, ...]:
    return (HEADER,) if entry[0] == HEADER else entry


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def read_book(files: Iterable[tuple[Path, str]]) -> Book:
    """The tables of several files, each with the name to show for it; a name defined twice is an error."""
    return bind(Page(shown, read_text(path, shown)) for path, shown in files)


def bind(leaves: Iterable[Page]) -> Book:
    """The tables of several pages; a name defined twice is an error."""
    tables: dict[Entry, Table] = {}
    pages: dict[Entry, Page] = {}
    for page in leaves:
        for entry, table in _entries(page):
            if entry in tables:
                raise InputError(
                    f"{'.'.join(path_of(entry))} is defined twice",
                    where=page.at(path_of(entry)),
                    expected=f"one definition; the other is at {pages[entry].at(path_of(entry))}",
                )
            tables[entry] = table
            pages[entry] = page
    return Book(tables, pages)


def read_text(path: Path, shown: str) -> str:
    """A file's text; InputError when it is empty, binary or cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise InputError("not a regular file", where=shown, expected="a TOML file")
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot be read: {reason}", where=shown, expected="a readable TOML file") from error
    return text_of(content, shown)


def text_of(content: bytes, shown: str) -> str:
    """What a file says; InputError when it is empty or no text."""
    if not content.strip():
        raise InputError("the file is empty", where=shown, expected="a TOML file with a [dossier] table")
    if b"\0" in content:
        raise InputError("a binary file", where=shown, expected="a TOML file, which is text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"byte 0x{content[error.start]:02x} is not UTF-8 text",
            where=f"{shown}:{line}",
            expected="text in UTF-8",
        ) from error


def _entries(page: Page) -> Iterable[tuple[Entry, Table]]:
    for kind, entries in parse_toml(page).items():
        if kind not in KINDS:
            raise InputError(
                "unknown key",
                where=page.at((kind,)),
                value=kind,
                expected=listing(KINDS, most=len(KINDS)),
                nearest=nearest_names(kind, KINDS),
            )
        if not isinstance(entries, dict):
            raise InputError(
                f"{kind} = {quote(entries)} is not a table", where=page.at((kind,)), expected=_header_of(kind)
            )
        if kind == HEADER:
            yield (HEADER, ""), entries
            continue
        for name, table in entries.items():
            place = f"{page.at((kind, name))} ({kind}.{name})"
            if not NAME.fullmatch(name):
                raise InputError(
                    "{value} is not a name",
                    where=place,
                    value=name,
                    expected="letters, digits, hyphens and underscores",
                )
            if not isinstance(table, dict):
                raise InputError(
                    "{value} is not a table", where=place, value=table, expected=_header_of(kind)
                )
            yield (kind, name), table


def _header_of(kind: str) -> str:
    return "[dossier]" if kind == HEADER else f"tables such as [{kind}.name]"


def parse_toml(page: Page) -> Table:
    """A page's tables; InputError with the line of a syntax error."""
    try:
        return tomllib.loads(page.text)
    except RecursionError as error:
        raise InputError("TOML nested too deeply", where=page.shown, expected="tables and lists") from error
    except ValueError as error:
        message = str(error)
        found = re.search(r" \(at (?:line (\d+), column (\d+)|(end of document))\)$", message)
        line = len(page.text.rstrip().splitlines())
        if found:
            line = int(found[1]) if found[1] else line
            message = message[: found.start()]
        twice = re.search(r"declare \((.*)\) twice", message)
        if twice:
            message = "declared twice: " + ".".join(re.findall(r"'([^']*)'", twice[1]))
        column = f", column {found[2]}" if found and found[2] else ""
        raise InputError(
            f"TOML syntax error{column}: {message[:1].lower()}{message[1:]}",
            where=f"{page.shown}:{line}",
            expected='lines such as key = "value"',
        ) from error
