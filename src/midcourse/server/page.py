"""The page that the service serves: a folder of files built from ``web/`` at the repository's root."""

from __future__ import annotations

from pathlib import Path

#: Where the build puts the page, in a clone as in an installed package.
PAGE = Path(__file__).parent / "page"


class NoPage(Exception):
    """The page was not built; ``str(error)`` is a single line fit to be shown as it is."""


def page_folder() -> Path:
    """The folder of the built page, with its ``index.html``. Raises ``NoPage`` where it was not built."""
    # The build writes its mark last (scripts/build_page.py): without it the page is not whole.
    for needed in ("index.html", "built-from.txt"):
        if not (PAGE / needed).is_file():
            raise NoPage(
                f"the page is not built: {PAGE} has no {needed}; build it with `make web` in a clone, with "
                "Node 20.19 or newer and npm (Debian: apt install nodejs npm), or install a wheel of "
                "midcourse that was built where Node was"
            )
    return PAGE
