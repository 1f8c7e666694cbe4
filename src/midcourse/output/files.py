"""Writing a result so that a reader finds all of it or nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from midcourse.dossier.errors import InputError


def write_whole(path: Path, content: str | bytes, *, option: str = "--out") -> Path:
    """Write a file, of text or of bytes, at once: it appears complete, or not at all.

    Makes the folder when it is absent. A folder that cannot be made or written to, or a disk that is full, is
    an InputError that names ``option``; what was begun is taken away again, down to a folder made for it.
    """
    made = missing_folders(path.parent)
    begun: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, begun = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(begun, 0o644 & ~current_umask())
        os.replace(begun, path)
    except OSError as error:
        if begun is not None:
            Path(begun).unlink(missing_ok=True)
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise InputError(
            f"cannot write {path.name} in {{value}}: {(error.strerror or str(error)).lower()}",
            where=option,
            value=str(path.parent),
            expected="a folder that can be written to, with room on its disk",
        ) from error
    return path


def check_writable(folder: Path, *, option: str = "--out") -> None:
    """InputError before long work whose result could not be written into ``folder``; leaves nothing."""
    made = missing_folders(folder)
    write_whole(folder / "probe", "", option=option).unlink()
    for each in made:
        each.rmdir()


def missing_folders(folder: Path) -> list[Path]:
    """The folders that would have to be made, the deepest first."""
    return [place for place in (folder, *folder.parents) if not place.exists()]


def current_umask() -> int:
    """The permissions that new files are denied; a temporary file is made more private than that."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
