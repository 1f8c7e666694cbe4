"""How every kernel is compiled.

Compiled code is kept in a folder named after a digest of all kernel sources: numba's own cache looks
only at the file of the kernel that is called, and would go on using a stale copy of a helper that was
changed in another file.
"""

import getpass
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from platformdirs import user_cache_path

_MONTH = 30 * 86400.0

_Function = TypeVar("_Function", bound=Callable[..., object])


def _sources_digest() -> str:
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _cache_folder() -> Path:
    """The folder for compiled kernels: in ``$NUMBA_CACHE_DIR``, the user's cache, or a temporary one."""
    name = f"kernels-{_sources_digest()}"
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return Path(chosen) / name
    folder = user_cache_path("midcourse") / name
    try:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _forget_old(folder.parent)
    except OSError:
        return Path(tempfile.gettempdir()) / f"midcourse-{getpass.getuser()}-{name}"
    return folder


def _forget_old(parent: Path) -> None:
    """Delete what earlier versions compiled, once it has lain unused for a month."""
    for folder in parent.glob("kernels-*"):
        if time.time() - folder.stat().st_mtime > _MONTH:
            shutil.rmtree(folder, ignore_errors=True)


CACHE_FOLDER = _cache_folder()
setattr(numba.config, "CACHE_DIR", str(CACHE_FOLDER))  # noqa: B010 - numba declares no settings


def kernel(function: _Function) -> _Function:
    """Compile a function of numbers and arrays; it releases the GIL and is cached on disk."""
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast(_Function, compiled)


def inlined(function: _Function) -> _Function:
    """Write a function's lines out wherever it is called from compiled code: what gives back an array that it
    did not take, which a ``bare`` function may not.
    """
    return cast(_Function, numba.njit(inline="always")(function))


def bare(function: _Function) -> _Function:
    """Compile a function that allocates nothing and returns numbers: what its arguments hold is not counted.
    It may call its like, and no kernel: that would be compiled as if it allocated nothing either.

    A kernel counts who holds an array whenever it hands one on. Handing on a tuple of fifty arrays costs more
    than most formulas; the caller holds them in any case.
    """
    options: dict[str, Any] = {"_nrt": False}  # numba's own switch; it has no public name
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    return cast(_Function, compiled)
