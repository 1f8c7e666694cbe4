"""The one error a user of a dossier can meet: bad input, told in one line.

The line says what is wrong, where (file and line with the key's path, or the option), the value, what was
expected with an example, and the nearest valid name.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

LONGEST_SHOWN = 80


class InputError(ValueError):
    """Input that cannot be used; ``str(error)`` is a single line fit to be shown as it is.

    ``problem`` may hold ``{value}``, which is replaced by the quoted value; without it the value is appended.
    ``key`` is the path of the offending key below the place that catches the error, which knows the file.
    It is a ``ValueError`` so that pydantic carries it out of a validator together with its place.
    """

    def __init__(
        self,
        problem: str,
        *,
        where: str | None = None,
        value: object = None,
        expected: str | None = None,
        nearest: Sequence[str] | None = None,
        key: Sequence[str] = (),
        more: int = 0,
    ) -> None:
        self.problem = problem
        self.where = where
        self.value = value
        self.expected = expected
        self.nearest = tuple(nearest or ())
        self.key = tuple(key)
        self.more = more
        super().__init__(problem)

    def __str__(self) -> str:
        text = self.problem
        if self.value is not None:
            value = quote(self.value)
            text = text.replace("{value}", value) if "{value}" in text else f"{text}: {value}"
        if self.where:
            text = f"{self.where}: {text}"
        if self.expected and not (self.nearest and self.problem.startswith("unknown")):
            text += f"; expected {self.expected}"
        if self.nearest:
            text += f"; did you mean {' or '.join(quote(name) for name in self.nearest)}?"
        if self.more:
            text += f" (and {self.more} more problem{'s' if self.more > 1 else ''})"
        return " ".join(text.split())

    def placed(self, where: str | None, *, more: int = 0) -> InputError:
        """The same error at a known place."""
        return InputError(
            self.problem,
            where=where,
            value=self.value,
            expected=self.expected,
            nearest=self.nearest,
            more=more,
        )


def quote(value: object) -> str:
    """A value as it would be written in TOML, on one line, cut when long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
        return f'"{shorten(shown)}"'
    if isinstance(value, dict):
        return shorten("{ " + ", ".join(f"{k} = {quote(v)}" for k, v in value.items()) + " }")
    if isinstance(value, list | tuple):
        return shorten("[" + ", ".join(quote(v) for v in value) + "]")
    return shorten(str(value))


def shorten(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def nearest_names(name: str, valid: Iterable[str], count: int = 1) -> list[str]:
    """The valid names that look most like ``name``, best first; none when nothing is alike."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(valid)}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=count, cutoff=0.6)
    return [by_folded[folded] for folded in close]


def listing(names: Iterable[str], most: int = 12) -> str:
    """Names as ``a, b or c``, in the order given."""
    shown = list(names)
    if len(shown) > most:
        return ", ".join(shown[:most]) + ", ..."
    return "".join(shown) if len(shown) <= 1 else ", ".join(shown[:-1]) + " or " + shown[-1]
