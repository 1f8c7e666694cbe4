"""Times, sizes and counts of a study, short enough to be read at a glance."""

from __future__ import annotations

from midcourse.output.numbers import significant

_SIZES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
_TIMES = ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"))


def duration(seconds: float) -> str:
    """A length of time: 0.41 s, 95 s, 12 min, 3.4 h, 2.1 d."""
    for length, name in _TIMES:
        if seconds >= 2.0 * length:
            return f"{significant(seconds / length)} {name}"
    return f"{significant(seconds)} s"


def size(count: float) -> str:
    """A number of bytes: 940 B, 1.7 kB, 12.3 MB."""
    for length, name in _SIZES:
        if count >= length:
            return f"{significant(count / length)} {name}"
    return f"{count:.0f} B"


def number(count: float) -> str:
    """A large number: 780, 12,300, 288 million."""
    for length, name in ((1e9, "billion"), (1e6, "million")):
        if count >= length:
            return f"{significant(count / length)} {name}"
    return f"{count:,.0f}"
