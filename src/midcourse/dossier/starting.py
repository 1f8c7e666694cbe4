"""The start of a dossier of one's own: a small one, with comments, that loads as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import InputError
from .loading import FIRST_FILE, HOME

STARTER = HOME / "starter"


def new(directory: str | Path) -> list[Path]:
    """Write a small working dossier into a folder, made if need be, and return its files.

    All of it is written, or nothing. Raises InputError when the folder holds a dossier or cannot be written.
    """
    folder = Path(directory)
    with _telling(folder):
        if folder.exists() and not folder.is_dir():
            raise InputError(
                "a file, not a folder", where=str(folder), expected="a folder for the new dossier"
            )
        templates = sorted(STARTER.glob("*.toml"))
        for template in templates:
            if (folder / template.name).exists():
                raise InputError(
                    f"holds a {template.name} already",
                    where=str(folder),
                    expected="a folder without a dossier",
                )
        made = _make_folder(folder)
        try:
            return _write(templates, folder)
        except OSError:
            for path in made:
                path.rmdir()
            raise


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            f"cannot be written: {reason}",
            where=str(folder),
            expected="a folder that can be written, with room",
        ) from error


def _make_folder(folder: Path) -> list[Path]:
    """The folders made on the way, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _write(templates: list[Path], folder: Path) -> list[Path]:
    """Copies written aside first, then moved into place, the file that makes it a dossier last."""
    aside = Path(tempfile.mkdtemp(prefix=".new-dossier-", dir=folder))
    placed: list[Path] = []
    try:
        for template in templates:
            with open(aside / template.name, "wb") as copy:
                copy.write(template.read_bytes())
                copy.flush()
                os.fsync(copy.fileno())
        for template in sorted(templates, key=lambda path: path.name == FIRST_FILE):
            os.replace(aside / template.name, folder / template.name)
            placed.append(folder / template.name)
    except OSError:
        for path in placed:
            path.unlink()
        raise
    finally:
        shutil.rmtree(aside)
    return sorted(placed)
