"""Writing a result so that a reader finds all of it or nothing."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from midcourse.dossier.errors import InputError


def write_whole(path: Path, content: str | bytes, *, option: str = "--out") -> Path:
    """Write a file, of text or of bytes, at once: complete or not at all. See ``write_together``."""
    write_together(path.parent, {path.name: content}, option=option)
    return path


#: A file's content, or what writes it into a stream piece by piece.
Content = str | bytes | Callable[[BinaryIO], None]


def write_together(folder: Path, contents: Mapping[str, Content], *, option: str = "--out") -> None:
    """Write files that belong together: all of them appear, each complete, or none does.

    Makes the folder when it is absent. A folder that cannot be made or written to, or a disk that is full, is
    an InputError that names ``option``; what was begun is taken away again, down to a folder made for it.
    """
    made = missing_folders(folder)
    begun: dict[str, str] = {}
    name = next(iter(contents))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            # Else the last step could fail with a part of the files in place.
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            handle, begun[name] = tempfile.mkstemp(dir=folder, prefix=f".{name}.", suffix=".part")
            with os.fdopen(handle, "wb") as stream:
                if callable(content):
                    content(stream)
                else:
                    stream.write(content.encode() if isinstance(content, str) else content)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(begun[name], 0o644 & ~current_umask())
        for name, part in begun.items():
            os.replace(part, folder / name)
    except BaseException as error:
        for part in begun.values():
            Path(part).unlink(missing_ok=True)
        for each in made:
            if each.is_dir() and not any(each.iterdir()):
                each.rmdir()
        if not isinstance(error, OSError):
            raise
        raise InputError(
            f"cannot write {name} in {{value}}: {(error.strerror or str(error)).lower()}",
            where=option,
            value=str(folder),
            expected="a folder that can be written to, with room on its disk",
        ) from error


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
