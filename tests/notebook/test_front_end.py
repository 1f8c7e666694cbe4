"""The widget's other half in a browser, in a page that gives it what anywidget's front ends give, and nothing
else: neither files beside it nor a network.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray

import midcourse as mc
from midcourse.analysis.assessment import Assessment
from midcourse.analysis.watching import Watching
from midcourse.notebook import module

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
FLAGS = (
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
BUILT = (module.BUILT / "built-from.txt").is_file()
#: What front ends keep for themselves.
OTHERS = ("layout", "tabbable", "tooltip", "_esm", "_css")
_LONG = 120_000  # ms

# Where a page is promised, as in CI, its absence is a failure.
pytestmark = [
    # A browser that draws globes in software takes its time.
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium: see CONTRIBUTING.md"),
    pytest.mark.skipif(
        not BUILT and "MIDCOURSE_PAGE" not in os.environ,
        reason="the globe of notebooks is not built: make web",
    ),
]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("host")
    for file in (module.BUILT / "globe.js", module.BUILT / "globe.css", Path(__file__).parent / "host.html"):
        shutil.copy(file, folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/host.html"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The host's page. Nothing in it goes wrong, and it asks for nothing but its own three files."""
    page = browser.new_page(viewport={"width": 1000, "height": 760}, reduced_motion="reduce")
    wrong: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("body[data-ready]", state="attached", timeout=_LONG)
    yield page
    page.close()
    beyond = [url for url in asked if not url.startswith(("blob:", "data:"))]
    assert sorted(url.rpartition("/")[2] for url in beyond) == ["globe.css", "globe.js", "host.html"]
    assert wrong == []


def state_of(globe: Any) -> dict[str, Any]:
    return {name: each for name, each in globe.get_state().items() if name not in OTHERS}


def show(page: Any, globe: Any) -> None:
    """Show a widget and wait until it is drawn."""
    page.evaluate("(state) => show(state)", state_of(globe))
    page.wait_for_selector(".globe[data-ready='true']", timeout=_LONG)
    if globe._scene is not None:
        page.wait_for_selector(".globe[data-scene='loaded']", timeout=_LONG)


def saved(page: Any) -> dict[str, Any]:
    """What was told to the kernel so far, the last of each."""
    told: dict[str, Any] = {}
    for each in page.evaluate("models[0].saved"):
        told |= each
    return told


def until(page: Any, true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(600):
        if true():
            return
        page.wait_for_timeout(50)
    pytest.fail("it never came to be")


@contextmanager
def same(page: Any, globe: Any) -> Iterator[None]:
    """Hand on to the widget what its other half says meanwhile."""
    yield
    for each in page.evaluate("models[0].saved.splice(0)"):
        globe.set_state(each)


def test_a_flight_over_a_map_goes_both_ways(page: Any, area: xarray.Dataset, watched: Watching) -> None:
    globe = mc.show(area).show(watched)
    globe.time_s = 600.0
    show(page, globe)
    shown = page.locator(".globe")
    assert shown.get_attribute("data-layer-step") == "4"
    assert float(shown.get_attribute("data-time")) == 600.0
    assert page.locator("section.midcourse").get_attribute("aria-label") == globe._title
    said = page.inner_text(".notebook-said")
    assert globe._layer["summary"] in said
    assert globe._scene["finding"] in said
    # From the kernel.
    page.evaluate("models[0].receive({ time_s: 700.5, selected: 'missile/M1' })")
    until(page, lambda: shown.get_attribute("data-time") == "700.5")
    # To the kernel.
    with same(page, globe):
        page.click(".timeline-play")
        until(page, lambda: saved(page).get("playing") is True)
        until(page, lambda: saved(page).get("time_s", 0.0) > 701.0)
        page.click(".timeline-play")
        until(page, lambda: saved(page)["playing"] is False)
        stands = float(shown.get_attribute("data-time"))
        until(page, lambda: saved(page)["time_s"] == pytest.approx(stands, abs=0.06))
    assert globe.playing is False
    assert globe.time_s == pytest.approx(stands, abs=0.06)
    with same(page, globe):
        site = page.locator(".globe-mark-movable[aria-label^='Brdy']")
        site.focus()
        page.keyboard.press("Shift+ArrowUp")
        until(page, lambda: "moved" in saved(page))
    assert globe.moved == ("brdy", 50.66, 13.66)
    # A front end closes what it shows.
    page.evaluate("closes[0]()")
    assert page.locator(".midcourse").count() == 0


def test_claims_are_a_list_to_choose_from(page: Any, assessment: Assessment) -> None:
    globe = mc.show(assessment)
    show(page, globe)
    claims = page.get_by_role("list", name="Claims").get_by_role("button")
    assert claims.count() == 2
    assert "undecided" in claims.nth(0).inner_text()
    with same(page, globe):
        claims.nth(0).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        until(page, lambda: saved(page).get("selected") == "claim/slow")
    assert globe.selected == "claim/slow"
    assert claims.nth(1).get_attribute("aria-current") == "true"
    page.evaluate("models[0].receive({ selected: 'claim/fast' })")
    assert [each.get_attribute("aria-current") for each in claims.all()] == ["true", None]
    assert page.locator(".timeline").is_hidden()


def coloured(page: Any, colour: tuple[int, int, int]) -> int:
    """How many pixels of the globe have a colour."""
    from PIL import Image

    with Image.open(BytesIO(page.locator(".globe-canvas").screenshot())) as picture:
        pixels = np.asarray(picture.convert("RGB"), dtype=int)
    return int((np.abs(pixels - colour).max(axis=2) < 12).sum())


def test_shapes_on_the_ground_are_built_without_files(page: Any, watched: Watching) -> None:
    colours = [(255, 0, 255), (0, 255, 0), (255, 255, 0), (0, 255, 255)]
    paints = [{"solidColor": {"color": {"rgba": [*colour, 255]}}} for colour in colours]
    globe = mc.show(watched)
    globe._marks, globe._frame = [], [[40.0, 0.0], [60.0, 40.0]]
    globe._scene = globe._scene | {
        "czml": [
            {"id": "document", "version": "1.0"},
            {"id": "polygon", "polygon": {
                "positions": {"cartographicDegrees": [0, 45, 0, 15, 45, 0, 15, 55, 0, 0, 55, 0]},
                "material": paints[0],
            }},
            {"id": "line", "polyline": {
                "positions": {"cartographicDegrees": [20, 45, 0, 40, 58, 0]}, "clampToGround": True,
                "width": 8, "material": paints[1],
            }},
            {"id": "corridor", "corridor": {
                "positions": {"cartographicDegrees": [20, 40, 0, 40, 48, 0]}, "width": 200_000,
                "material": paints[2],
            }},
            {"id": "ellipse", "position": {"cartographicDegrees": [32, 58, 0]}, "ellipse": {
                "semiMajorAxis": 300_000, "semiMinorAxis": 200_000, "height": 50_000, "material": paints[3],
            }},
        ]
    }  # fmt: skip
    show(page, globe)
    for colour in colours:
        until(page, lambda colour=colour: coloured(page, colour) > 200)  # type: ignore[misc]


def test_globes_of_one_page_unpack_it_once(page: Any, area: xarray.Dataset) -> None:
    globe = mc.show(area, height=300)
    show(page, globe)
    page.evaluate("(state) => show(state)", state_of(globe))
    page.wait_for_function("document.querySelectorAll('.globe[data-ready=true]').length === 2", timeout=_LONG)
    kept = "Object.getOwnPropertySymbols(globalThis).map((each) => each.description)"
    assert sum(name.startswith("midcourse") for name in page.evaluate(kept)) == 1


def test_a_browser_that_draws_nothing_still_tells(browser: Any, address: str, assessment: Assessment) -> None:
    page = browser.new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(address)
    page.wait_for_selector("body[data-ready]", state="attached", timeout=_LONG)
    page.evaluate("(state) => show(state)", state_of(mc.show(assessment)))
    assert "The globe cannot be drawn" in page.get_by_role("alert").inner_text()
    assert page.get_by_role("list", name="Claims").get_by_role("button").count() == 2
    page.close()
