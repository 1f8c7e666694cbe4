"""A browser's page under watch: what it says it could not do, and whom it asks."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
_QUIET = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: WebGL without a graphics card, and none at all.
DRAWS = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
DRAWS_NOT = ("--disable-3d-apis",)

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
#: Whatever is waited for comes in well under this, alone on a machine [ms].
PATIENCE_MS = 40_000

expect.set_options(timeout=PATIENCE_MS)

# Reports of the policy come from the browser itself: pages may not write into its console with this word.
_REPORTS_POLICY = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`POLICY ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


def launch(playwright: Playwright, *flags: str) -> Browser:
    """A Chromium of its own."""
    assert CHROMIUM is not None, "no Chromium on this machine"
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*_QUIET, *flags])


@dataclass
class Watch:
    """What goes wrong in a browser's pages.

    Attributes
    ----------
    expected : patterns of what a test brings about itself; until the next check
    """

    wrong: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Fail if anything went wrong since the last check."""
        wrong = [each for each in self.wrong if not any(re.search(one, each) for one in self.expected)]
        self.wrong.clear()
        self.expected.clear()
        assert not wrong, "\n".join(wrong)

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.wrong.append(f"error: {error.error}"))
        context.on("request", lambda request: self._asks(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._asks(socket.url)))
        context.on("page", lambda page: page.on("crash", lambda _: self.wrong.append("the page crashed")))
        context.add_init_script(_REPORTS_POLICY)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _asks(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss", "ftp") and parts.hostname != "127.0.0.1":
            self.wrong.append(f"asks another host: {url}")


class Visitor:
    """Somebody who opens pages of a server in one browser.

    One page is kept and used again, which takes a third of the time of a new one. It is that of a reader on a
    laptop who has seen the tour.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self.address = browser, address
        self.watch = Watch()
        self._page: Page | None = None
        self._others: list[BrowserContext] = []

    def opens(self, fragment: str = "") -> Page:
        """The page at an address's fragment, loaded anew."""
        if self._page is None:
            self._page = self._context().new_page()
        else:
            # From one fragment to another a browser would load nothing.
            self._page.goto("about:blank")
        return self._goes(self._page, fragment)

    def turns_to(self, fragment: str) -> Page:
        """The page at an address's fragment, without loading it anew where it is open."""
        if self._page is None or not self._page.url.startswith(self.address):
            return self.opens(fragment)
        self._page.goto(f"{self.address}#{fragment}")
        return self._page

    def opens_another(self, fragment: str = "", **options: Any) -> Page:
        """A page in a browser that remembers nothing of the first one; with options of the context."""
        context = self._context(**options)
        self._others.append(context)
        return self._goes(context.new_page(), fragment)

    def leave(self) -> None:
        """Close all pages but the one that is kept; fails if anything went wrong in any of them."""
        for context in self._others:
            context.close()
        self._others.clear()
        self.watch.check()

    def _context(
        self, *, first_visit: bool = False, size: dict[str, int] = LAPTOP, **options: Any
    ) -> BrowserContext:
        seen = [] if first_visit else [{"name": "midcourse.tour", "value": "seen"}]
        kept = {"origins": [{"origin": self.address.rstrip("/"), "localStorage": seen}]}
        context = self._browser.new_context(
            viewport=size, reduced_motion="reduce", locale="en-GB", storage_state=kept, **options
        )
        context.set_default_timeout(PATIENCE_MS)
        self.watch.follow(context)
        return context

    def _goes(self, page: Page, fragment: str) -> Page:
        page.goto(f"{self.address}{fragment and '#'}{fragment}", wait_until="commit")
        return page
