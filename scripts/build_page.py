"""Build the page of `midcourse serve` and the globe of notebooks from ``web/`` into the package, unless they
are there and fresh already.

    python scripts/build_page.py            what `make web` runs
    python scripts/build_page.py --check    types and style of the page's sources instead
    python scripts/build_page.py --format   the page's sources put in order instead

Needs Node and npm, and nothing but Python's standard library: the hook that packages the page
(``hatch_build.py``) runs it before any dependency is installed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"

#: Where the page and the globe of notebooks go.
BUILT = (ROOT / "src/midcourse/server/page", ROOT / "src/midcourse/notebook/built")
#: Which sources they were built from; written last, so that it stands only beside what is whole.
BUILT_FROM = "built-from.txt"
#: Which lock file the packages were installed from.
INSTALLED_FROM = WEB / "node_modules/installed-from.txt"

OLDEST_NODE = (20, 19)
NEEDED = "midcourse needs Node 20.19 or newer with npm to build its page (Debian: apt install nodejs npm)"
LONGEST_S = 900
#: npm and the compiler say first what is wrong, then much else.
MOST_LINES = 30


class PageError(Exception):
    """The page cannot be built; ``str(error)`` says why, for the user."""


def is_fresh() -> bool:
    """Whether what is built in the package is what the sources in ``web/`` give."""
    digest = _digest(_sources())
    return all(_read(folder / BUILT_FROM) == digest for folder in BUILT)


def build() -> None:
    """Build page and globe. Raises ``PageError`` where Node is missing or npm fails."""
    npm = _npm()
    digest = _digest(_sources())
    _install(npm)
    for folder in BUILT:
        (folder / BUILT_FROM).unlink(missing_ok=True)
    _run(npm, "run", "--silent", "build")
    for folder in BUILT:
        (folder / BUILT_FROM).write_text(digest, encoding="utf-8")


def run_script(name: str) -> None:
    """Run a script of ``web/package.json`` on the page's sources. Raises ``PageError`` as ``build`` does."""
    npm = _npm()
    _install(npm)
    _run(npm, "run", "--silent", name)


def _sources() -> list[Path]:
    skipped = WEB / "node_modules"
    return [
        path
        for top in sorted(WEB.iterdir())
        if top != skipped
        for path in ([top] if top.is_file() else sorted(top.rglob("*")))
        if path.is_file()
    ]


def _digest(files: list[Path]) -> str:
    told = hashlib.sha256()
    for path in files:
        told.update(f"{path.relative_to(WEB).as_posix()}\0".encode())
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _npm() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise PageError(f"{NEEDED}; {'node' if node is None else 'npm'} was not found")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    version = re.match(r"v(\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        raise PageError(f"{NEEDED}; {node} is {said or 'not to be started'}")
    return npm


def _install(npm: str) -> None:
    """Install what the lock file names, unless that is what is installed."""
    lock = _digest([WEB / "package-lock.json"])
    if _read(INSTALLED_FROM) != lock:
        _run(npm, "ci")
        INSTALLED_FROM.write_text(lock, encoding="utf-8")


def _run(npm: str, *command: str) -> None:
    try:
        ran = subprocess.run(
            [npm, *command],
            cwd=WEB,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PageError(f"`npm {' '.join(command)}` in {WEB} was not done after {LONGEST_S} s") from error
    if ran.returncode:
        said = "\n".join(ran.stdout.strip().splitlines()[:MOST_LINES])
        raise PageError(f"`npm {' '.join(command)}` in {WEB} failed:\n{said}")


def main() -> int:
    try:
        if sys.argv[1:] in (["--check"], ["--format"]):
            run_script(sys.argv[1].removeprefix("--"))
        elif is_fresh():
            print("The page and the globe of notebooks are built already.")
        else:
            build()
            print(f"The page and the globe of notebooks are built: {' and '.join(map(str, BUILT))}")
    except PageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
