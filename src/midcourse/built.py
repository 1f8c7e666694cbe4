"""What is built from ``web/`` at the repository's root into the package, which git does not keep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

#: The build writes this last (scripts/build_page.py): without it the rest is not whole.
BUILT_FROM = "built-from.txt"


def not_built(folder: Path, needed: Sequence[str], what: str) -> str | None:
    """What to say, in one line, where a folder lacks what was to be built there; None where it is whole."""
    missing = next((name for name in (*needed, BUILT_FROM) if not (folder / name).is_file()), None)
    if missing is None:
        return None
    return (
        f"{what} is not built: {folder} has no {missing}; build it with `make web` in a clone, with "
        "Node 20.19 or newer and npm (Debian: apt install nodejs npm), or install a wheel of "
        "midcourse that was built where Node was"
    )
