"""Where a key stands in a TOML file: tomllib keeps no positions, so the text is scanned for them when needed.

The text has been parsed by tomllib before, hence the scan need not judge it; it only counts lines.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache

Path = tuple[str, ...]

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
BARE_VALUE = re.compile(r"[^,\]}#\n]*")
BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
STRINGS = {
    '"""': re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''.*?'{3,5}", re.DOTALL),
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"'[^'\n]*'"),
}


def line_of(text: str, path: Path) -> int | None:
    """The line of a key, or of the nearest table around it; indices in lists count from "1"."""
    lines = lines_of(text)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


@lru_cache(maxsize=64)
def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, where each key, table and list item first stands."""
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.counted = 0
        self.lines: dict[Path, int] = {}
        self.lengths: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self._skip(BLANK)
        while self.at < len(self.text):
            line = self._line()
            if self.text.startswith("[[", self.at):
                self.at += 2
                table = self._inside(self._key(), line)
                self.lengths[table] = self.lengths.get(table, 0) + 1
                table = (*table, str(self.lengths[table]))
                self._note(table, line)
                self.at += 2
            elif self.text[self.at] == "[":
                self.at += 1
                table = self._inside(self._key(), line)
                self.at += 1
            else:
                self._pair(table)
            self._skip(BLANK)
        return self.lines

    def _inside(self, key: Path, line: int) -> Path:
        """A header's key with the index of the current item after each list of tables it runs through."""
        path: Path = ()
        for step, part in enumerate(key):
            path = (*path, part)
            self._note(path, line)
            if step < len(key) - 1 and path in self.lengths:
                path = (*path, str(self.lengths[path]))
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, line)
        self._skip(SPACE)
        self.at += 1  # the equals sign
        self._skip(SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self.text[self.at : self.at + 1]
        if opening in ('"', "'"):
            self._string()
        elif opening == "[":
            self._items(path, "]")
        elif opening == "{":
            self._items(path, "}")
        else:
            self._skip(BARE_VALUE)

    def _items(self, path: Path, closing: str) -> None:
        self.at += 1
        count = 0
        self._skip(BLANK)
        while self.at < len(self.text) and self.text[self.at] != closing:
            if closing == "}":
                self._pair(path)
            else:
                count += 1
                self._note((*path, str(count)), self._line())
                self._value((*path, str(count)))
            self._skip(BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
                self._skip(BLANK)
        self.at += 1

    def _key(self) -> Path:
        parts: list[str] = []
        while True:
            self._skip(SPACE)
            if self.text[self.at : self.at + 1] in ('"', "'"):
                quoted = self._string()
                parts.append(tomllib.loads(f"x = {quoted}")["x"])
            else:
                bare = BARE_KEY.match(self.text, self.at)
                parts.append(bare[0] if bare else "")
                self.at = bare.end() if bare else self.at + 1
            self._skip(SPACE)
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def _string(self) -> str:
        mark = self.text[self.at : self.at + 3]
        pattern = STRINGS[mark if mark in STRINGS else mark[0]]
        found = pattern.match(self.text, self.at)
        start, self.at = self.at, found.end() if found else len(self.text)
        return self.text[start : self.at]

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _note(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)

    def _line(self) -> int:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line
