"""A folder of objects, here or far: on a local disk, or behind any address that fsspec knows.

An object appears whole or not at all: on a disk by way of a temporary file, elsewhere by one upload.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.request import url2pathname

from ..dossier.errors import InputError, listing, nearest_names

#: Where files lie that are being written. Whoever begins to write may empty it.
BEGUN = ".begun"
_FULL = (errno.ENOSPC, errno.EDQUOT)
# Folders that need not be looked for again.
_REMEMBERED = 10_000
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]+)://?(.*)", re.IGNORECASE | re.DOTALL)


class DiskFull(OSError):
    """No room is left where results are written."""

    def __init__(self, place: str, cause: OSError) -> None:
        super().__init__(cause.errno, f"no room left in {place} ({(cause.strerror or 'full').lower()})")
        self.place = place

    def __str__(self) -> str:
        return str(self.args[1])


class Place(Protocol):
    """Objects by name; names are relative, with slashes. ``str(place)`` is fit to be shown to anybody."""

    @property
    def url(self) -> str:
        """The address as it was given, secrets and all."""

    @property
    def local(self) -> Path | None:
        """The folder, where it is one of this machine."""

    @property
    def patience(self) -> int:
        """How many objects are best read or written at once."""

    def read(self, name: str) -> bytes | None:
        """The bytes of an object; None where there is none."""

    def write(self, name: str, data: bytes) -> None:
        """Put an object in place of what was there, whole or not at all. DiskFull where there is no room."""

    def remove(self, name: str) -> None:
        """Take an object away, if it is there."""

    def names(self, folder: str = "") -> list[str]:
        """All objects in a folder and below it, in order."""

    def size(self, name: str) -> int | None:
        """The bytes of an object, counted."""

    def begin(self) -> None:
        """Take away what an earlier writer left half-written."""


def place_of(url: str | Path) -> Place:
    """The place under an address: a path, or a URL of any kind that fsspec knows."""
    scheme = _SCHEME.fullmatch(str(url))
    if scheme is None or (len(scheme[1]) == 1):
        return Folder(Path(url))
    if scheme[1].lower() in ("file", "local"):
        return Folder(Path(url2pathname("/" + scheme[2].lstrip("/"))))
    return Remote(str(url))


class Folder:
    """A folder on a disk of this machine, or on one that it sees as its own."""

    patience = 4

    def __init__(self, path: Path) -> None:
        self._path = Path(os.path.abspath(path.expanduser()))
        self._made: set[str] = set()

    def __str__(self) -> str:
        return str(self._path)

    @property
    def url(self) -> str:
        return str(self._path)

    @property
    def local(self) -> Path:
        return self._path

    def read(self, name: str) -> bytes | None:
        try:
            with open(self._at(name), "rb", buffering=0) as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def write(self, name: str, data: bytes) -> None:
        """The name is seen only when the bytes are on the disk. That the name itself outlasts a power failure
        is left to the file system: what is missing then is found missing.
        """
        path = self._at(name)
        begun = self._at(f"{BEGUN}/{uuid.uuid4().hex}")
        try:
            self._make(os.path.dirname(begun))
            self._make(os.path.dirname(path))
            with open(begun, "xb", buffering=0) as file:
                rest = memoryview(data)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            os.replace(begun, path)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(begun)
            # A folder may have been taken away by others since.
            self._made.clear()
            if error.errno in _FULL:
                raise DiskFull(str(self), error) from error
            raise

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            if len(self._made) >= _REMEMBERED:
                self._made.clear()
            self._made.add(folder)

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(self._at(name))

    def names(self, folder: str = "") -> list[str]:
        def below(path: str, prefix: str) -> Iterator[str]:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(path) as found:
                for each in found:
                    if each.is_dir(follow_symlinks=False):
                        yield from below(each.path, f"{prefix}{each.name}/")
                    else:
                        yield f"{prefix}{each.name}"

        prefix = f"{folder.strip('/')}/" if folder else ""
        return sorted(below(self._at(folder), prefix))

    def size(self, name: str) -> int | None:
        try:
            return os.stat(self._at(name)).st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def begin(self) -> None:
        shutil.rmtree(self._path / BEGUN, ignore_errors=True)
        self._made.clear()

    def _at(self, name: str) -> str:
        return f"{self._path}/{_checked(name)}"


class Remote:
    """A folder behind an address that fsspec knows, such as a bucket of an object store."""

    local = None
    patience = 16

    def __init__(self, url: str) -> None:
        self.url = url
        self._shown = _without_secrets(url)
        self._files, self._root = self._open()
        # Not every file system of fsspec is made for several threads.
        self._one_by_one: contextlib.AbstractContextManager[Any] = (
            contextlib.nullcontext() if getattr(self._files, "async_impl", False) else threading.RLock()
        )

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """Ask the driver, and let what goes wrong be an OSError whatever the driver calls it."""
        try:
            with self._one_by_one:
                yield
        except NotImplementedError as error:
            raise OSError(f"{self}: this kind of address can only be read") from error
        except OSError as error:
            if error.errno in _FULL:
                raise DiskFull(str(self), error) from error
            raise
        except Exception as error:
            raise OSError(f"{self}: {_told(error)}") from error

    def _open(self) -> tuple[Any, str]:
        import fsspec
        from fsspec.registry import known_implementations

        protocol = self.url.split("://", 1)[0].lower()
        try:
            files, root = fsspec.core.url_to_fs(self.url)
        except ImportError as error:
            told = known_implementations.get(protocol.rsplit("::", 1)[-1], {}).get("err", "")
            raise InputError(
                f"cannot open {self._shown}: a Python package is missing ({told or error})",
                where="store",
                expected="a folder, or a URL whose driver is installed, such as s3:// with s3fs",
            ) from error
        except ValueError as error:
            if protocol not in known_implementations:
                raise InputError(
                    f"unknown kind of address {protocol}:// in {self._shown}",
                    where="store",
                    expected=f"a folder, or a URL such as {listing(['s3://', 'gs://', 'abfs://'])}",
                    nearest=nearest_names(protocol, known_implementations),
                ) from error
            raise InputError(f"cannot use {self}: {_told(error)}", where="store") from error
        return files, root.rstrip("/")

    def __str__(self) -> str:
        return self._shown

    def read(self, name: str) -> bytes | None:
        path = self._at(name)
        try:
            with self._asking():
                data: bytes = self._files.cat_file(path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        return data

    def write(self, name: str, data: bytes) -> None:
        path = self._at(name)
        with self._asking():
            self._files.pipe_file(path, data)

    def remove(self, name: str) -> None:
        path = self._at(name)
        with contextlib.suppress(FileNotFoundError), self._asking():
            self._files.rm_file(path)

    def names(self, folder: str = "") -> list[str]:
        path = self._at(folder) if folder else self._root
        try:
            with self._asking():
                # What others have written since is to be seen.
                self._files.invalidate_cache()
                found: list[str] = self._files.find(path)
        except FileNotFoundError:
            return []
        root = self._root.lstrip("/") + "/"
        names = (each.lstrip("/") for each in found)
        return sorted(each.removeprefix(root) for each in names if each.startswith(root))

    def size(self, name: str) -> int | None:
        path = self._at(name)
        try:
            with self._asking():
                self._files.invalidate_cache()
                size: int | None = self._files.size(path)
        except FileNotFoundError:
            return None
        return size

    def begin(self) -> None:
        """An upload that was cut off has left nothing."""

    def _at(self, name: str) -> str:
        return f"{self._root}/{_checked(name)}"


def _checked(name: str) -> str:
    """A name that does not lead out of the place."""
    if name.startswith("/") or ".." in name.split("/") or "\\" in name:
        raise ValueError(f"not a name within a place: {name!r}")
    return name


def _told(error: Exception) -> str:
    """An error in one line, without secrets."""
    return _without_secrets(" ".join(f"{type(error).__name__} {error}".split()))


def _without_secrets(text: str) -> str:
    """An address without user, password and the signature behind the question mark."""
    text = re.sub(r"(://)[^/@\s]*@", r"\1", text)
    return re.sub(r"(://[^\s?]*)\?\S*", r"\1", text)
