"""The widget's other half, which front ends run: one module with all that it needs, built from ``web/``."""

from __future__ import annotations

from pathlib import Path

from ..built import not_built
from ..dossier import InputError

#: Where the build puts it, in a clone as in an installed package.
BUILT = Path(__file__).parent / "built"
_MODULE, _STYLES = "globe.js", "globe.css"


def check_built() -> None:
    """InputError where it was not built."""
    told = not_built(BUILT, [_MODULE, _STYLES], "the globe of notebooks")
    if told is not None:
        raise InputError(told)


def built() -> tuple[str, str]:
    """The module and its styles. InputError where they were not built."""
    check_built()
    return (BUILT / _MODULE).read_text(encoding="utf-8"), (BUILT / _STYLES).read_text(encoding="utf-8")
