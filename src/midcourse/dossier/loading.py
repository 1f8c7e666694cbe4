"""Finding a dossier, reading its files over the catalog, and imposing what the user imposes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from . import checks
from .book import Book, Page, bind, read_book, text_of
from .dossier import Dossier, assemble, raise_first
from .errors import InputError, listing, nearest_names
from .override import Overrides
from .schema import HEADER

HOME = Path(__file__).parent
CATALOG = HOME / "catalog"
DOSSIERS = HOME / "dossiers"
FIRST_FILE = "dossier.toml"


def builtin_dossiers() -> list[str]:
    """The names of the dossiers that come with the package."""
    return sorted(path.parent.name for path in DOSSIERS.glob(f"*/{FIRST_FILE}"))


def load(name_or_path: str | Path, overrides: Overrides = ()) -> Dossier:
    """A dossier by its built-in name, its folder or its single file, over the catalog.

    ``overrides`` are paths and values as given to ``--set``. Raises InputError, one line, for all bad input.
    """
    files = _files(name_or_path)
    first = next((shown for path, shown in files if path.name == FIRST_FILE), files[0][1])
    return _over_catalog(read_book(files), first).with_overrides(overrides)


def load_files(files: Mapping[str, bytes]) -> Dossier:
    """A dossier by the contents of its files, each under its name; InputError as of files."""
    if not files:
        raise InputError("no files", expected=f"a dossier's files, {FIRST_FILE} among them")
    pages = [Page(name, text_of(content, name)) for name, content in sorted(files.items())]
    return _over_catalog(bind(pages), FIRST_FILE if FIRST_FILE in files else pages[0].shown)


def _over_catalog(book: Book, first: str) -> Dossier:
    """A dossier's book read over the catalog; ``first`` is where its header is looked for."""
    if (HEADER, "") not in book.tables:
        raise InputError(
            "no [dossier] table", where=first, expected='[dossier] with name = "..." and title = "..."'
        )
    dossier = assemble(book.over(_catalog_book(CATALOG)))
    raise_first(dossier.book, list(checks.unplaced(dossier, book.names("radar"))))
    return dossier


def load_catalog(overrides: Overrides = ()) -> Dossier:
    """The catalog alone; its ``dossier`` is None."""
    return assemble(_catalog_book(CATALOG)).with_overrides(overrides)


@cache
def _catalog_book(folder: Path) -> Book:
    return read_book((path, f"catalog/{path.name}") for path in sorted(folder.glob("*.toml")))


def _files(name_or_path: str | Path) -> list[tuple[Path, str]]:
    name = str(name_or_path)
    if isinstance(name_or_path, str) and name in builtin_dossiers():
        return [(path, f"{name}/{path.name}") for path in sorted((DOSSIERS / name).glob("*.toml"))]
    folder = Path(name_or_path)
    try:
        return _files_at(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            f"cannot be read: {reason}", where=name, expected="a folder that can be read"
        ) from error
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError("{value} is not a path", value=name) from error


def _files_at(folder: Path) -> list[tuple[Path, str]]:
    if not _exists(folder):
        builtin = builtin_dossiers()
        raise InputError(
            "no such dossier",
            value=str(folder),
            expected=f"a folder with {FIRST_FILE}, or the name of a built-in dossier: {listing(builtin)}",
            nearest=nearest_names(folder.name, builtin),
        )
    if not folder.is_dir():
        return [(folder, str(folder))]
    if not _exists(folder / FIRST_FILE):
        raise InputError(
            f"a folder without {FIRST_FILE}", where=str(folder), expected="one made by: midcourse new DIR"
        )
    files = sorted(
        path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith(".")
    )
    return [(path, str(path)) for path in files]


def _exists(path: Path) -> bool:
    """Whether a path leads anywhere; OSError when that cannot be known for want of permission."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
