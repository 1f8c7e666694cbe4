"""Take the pictures of the page that the documentation shows: three claims at three sizes.

    python scripts/make_page_pictures.py [--address URL] [--out FOLDER]

Starts a server of its own where no address is given. Needs Chromium and the built page.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from load_page import Server

IMAGES = Path(__file__).parent.parent / "docs/images"
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080), "phone": (390, 844)}
#: What each claim is called in the pictures' names, and the moment of its flight that is shown [s].
CLAIMS = {
    "threaten": ("moscow-can-engage", 560),
    "europe": ("washington-europe-defended", 480),
    "gabala": ("kremlin-gabala-earlier", 300),
}
#: A phone shows one thing at a time: which one for each claim; the board where it says nothing.
VIEWS = {"threaten": "", "europe": "claim", "gabala": "globe"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_LONG, _STILL = 180_000, 1_000  # ms


def settled(page: Page) -> None:
    """Wait until the board is judged, the globe drawn, its map as fine as it gets, and the flight there."""
    page.wait_for_selector("[data-claim] [data-verdict]", timeout=_LONG, state="attached")
    globe = ".pane-host[data-ready='true'][data-scene='loaded'][data-layer-step]"
    page.wait_for_selector(globe, timeout=_LONG, state="attached")
    page.wait_for_selector(".globe-canvas[aria-busy='false']", timeout=_LONG, state="attached")
    page.get_by_text("refining").wait_for(state="hidden", timeout=_LONG)
    # It is sharp once nothing moves any more.
    drawn = None
    while (now := page.get_attribute(".pane-host", "data-frames")) != drawn:
        drawn = now
        page.wait_for_timeout(_STILL)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--address", metavar="URL", help="of a server that shows third-site")
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=IMAGES)
    given = parser.parse_args()
    browser_path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser_path is None:
        sys.exit("no Chromium to take pictures with (Debian: apt install chromium)")
    with ExitStack() as stack:
        address = (given.address or "").rstrip("/")
        if not address:
            server = stack.enter_context(Server())
            server.wait_until_assessed()
            address = server.address
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=browser_path, args=list(FLAGS)
        )
        for size, (width, height) in SIZES.items():
            for name, (claim, moment) in CLAIMS.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(f"{address}/#claim={claim}&tour=0&t={moment}")
                settled(page)
                if size == "phone" and (view := VIEWS[name]):
                    page.click(f'#views [data-view="{view}"]')
                path = given.out / f"page-{size}-{name}.png"
                page.screenshot(path=path)
                # A palette is enough, and a third of the size.
                Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)
                page.close()
                print(path.name)
        browser.close()


if __name__ == "__main__":
    main()
