"""The page that the service serves: a folder of files built from ``web/`` at the repository's root."""

from __future__ import annotations

from pathlib import Path

from ..built import not_built

#: Where the build puts the page, in a clone as in an installed package.
PAGE = Path(__file__).parent / "page"


class NoPage(Exception):
    """The page was not built; ``str(error)`` is a single line fit to be shown as it is."""


def page_folder() -> Path:
    """The folder of the built page, with its ``index.html``. Raises ``NoPage`` where it was not built."""
    told = not_built(PAGE, ["index.html"], "the page")
    if told is not None:
        raise NoPage(told)
    return PAGE
