"""Where things stand on the page, as its readers name them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

#: Of the starter's dossier.
CLAIMS = ("it-defends", "it-does-not-defend", "radar-is-needed", "it-is-fast")
SPEED = "interceptor.gbi-2-stage.burnout_speed"
POWER = "radar.my-radar.mean_power"
DELAY = "doctrine.my-doctrine.decision_delay"


def row(page: Page, claim: str) -> Locator:
    return page.locator(f'#board li[data-claim="{claim}"]')


def lever(page: Page, path: str) -> Locator:
    """A lever, its group opened where it is closed."""
    levers = page.locator('[data-panel="levers"]')
    found = levers.locator(f'[data-lever="{path}"]')
    fold = levers.locator("details:not([open])", has=page.locator(f'[data-lever="{path}"]'))
    if fold.count():
        fold.locator("summary").first.click()
    return found


def command(page: Page) -> Locator:
    """The command that gives what the page shows."""
    return page.get_by_label("The command that gives the same")


def settled(page: Page) -> None:
    """Wait until every claim has been judged in all its worlds."""
    expect(page.locator("body")).to_have_attribute("data-state", "ready")
    expect(page.locator('#board li[data-state="final"]')).to_have_count(page.locator("#board li").count())


def rows(page: Page) -> list[str]:
    """All that the board says, row by row."""
    settled(page)
    found = page.locator("#board li button.row").all_inner_texts()
    assert all(re.search(r"% of 64( worlds)?$", each) for each in found)
    return found


def globe(page: Page, side: str = "left") -> Locator:
    """A globe; its data say how it stands."""
    return page.locator(f'.pane[data-side="{side}"] .pane-host')


def mark(page: Page, site: str) -> Locator:
    """What stands at a site, on the globe."""
    return globe(page).locator(f'.globe-mark[data-site="{site}"]')


def spot(page: Page, site: str) -> tuple[float, float]:
    """Where a site's mark stands on the page, once it stands still [px]."""
    before = None
    while (box := mark(page, site).bounding_box()) is None or box != before:
        before = box
        page.wait_for_timeout(200)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def timeline(page: Page) -> Locator:
    return page.locator(".timeline")


def place_in(page: Page, site: str) -> tuple[float, float] | None:
    """Where the address says that a site was moved to [deg]."""
    words = parse_qs(urlsplit(page.url).fragment)
    figures = dict(each.split(":", 1) for each in words.get("set", ()))
    found = [figures.get(f"site.{site}.{part}", "").removesuffix(" deg") for part in ("lat", "lon")]
    return (float(found[0]), float(found[1])) if all(found) else None
