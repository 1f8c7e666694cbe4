"""The page in a real browser: a server with the starter's dossier, and a Chromium for each file of tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from midcourse.dossier import new
from midcourse.server import page as built

from .serving import Server
from .watching import CHROMIUM, DRAWS, DRAWS_NOT, Visitor, launch

_BUILT = (built.PAGE / "built-from.txt").is_file()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a page or a browser there is nothing to try, unless they are promised."""
    here = Path(__file__).parent
    reason = ""
    if not _BUILT and "MIDCOURSE_PAGE" not in os.environ:
        reason = "the page is not built: make web"
    elif CHROMIUM is None and "MIDCOURSE_BROWSER" not in os.environ:
        reason = "no Chromium on this machine"
    for item in items:
        if reason and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a dossier of four claims, two architectures, one radar and one base."""
    folder = tmp_path_factory.mktemp("starter")
    new(folder)
    return folder


@pytest.fixture(scope="session")
def server(starter: Path) -> Iterator[Server]:
    found = Server(starter)
    yield found
    found.close()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # As long as it is there, asyncio.run() is not to be had in this thread: so it goes with the file.
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def blind(playwright: Playwright) -> Iterator[Browser]:
    """A browser without WebGL: all but the globe is there, and quick."""
    found = launch(playwright, *DRAWS_NOT)
    yield found
    found.close()


@pytest.fixture(scope="module")
def seeing(playwright: Playwright) -> Iterator[Browser]:
    """A browser that draws the globe."""
    found = launch(playwright, *DRAWS)
    yield found
    found.close()


@pytest.fixture(scope="module")
def blind_visitor(blind: Browser, server: Server) -> Visitor:
    return Visitor(blind, server.address)


@pytest.fixture(scope="module")
def seeing_visitor(seeing: Browser, server: Server) -> Visitor:
    return Visitor(seeing, server.address)


@pytest.fixture
def visitor(blind_visitor: Visitor) -> Iterator[Visitor]:
    """Somebody who sees no globe."""
    yield blind_visitor
    blind_visitor.leave()


@pytest.fixture
def onlooker(seeing_visitor: Visitor) -> Iterator[Visitor]:
    """Somebody who sees the globe."""
    yield seeing_visitor
    seeing_visitor.leave()
