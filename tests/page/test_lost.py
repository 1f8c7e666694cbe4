"""The server goes away, and comes back."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from .reading import POWER, lever, row, rows, settled
from .serving import Server
from .watching import Visitor


def test_what_stands_stays_and_goes_on_when_the_server_is_back(visitor: Visitor, server: Server) -> None:
    page = visitor.opens(f"set={POWER}:250 kW")
    before = rows(page)
    visitor.watch.expected += ["ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "WebSocket connection to"]
    server.stop()
    told = page.locator('[data-notice="offline"]')
    expect(told).to_contain_text("The server was lost.")
    expect(page.locator("body")).to_have_attribute("data-state", "offline")
    assert page.locator("#board li button.row").all_inner_texts() == before
    # What is asked for now is answered then.
    box = lever(page, POWER).get_by_role("textbox")
    box.fill("50")
    box.press("Enter")
    # Nobody need wait until the page tries by itself; nor is it any use before the server is back.
    told.get_by_role("button", name="Try now").click()
    expect(page.locator("body")).to_have_attribute("data-state", "offline")
    server.start()
    expect(told).to_have_count(0)
    expect(row(page, "it-defends")).to_have_attribute("data-state", "final")
    settled(page)
    expect(box).to_have_value("50")
    assert rows(page) != before
    box.fill("250")
    box.press("Enter")
    settled(page)
    assert rows(page) == before


def test_a_page_opened_too_early_waits_for_the_server(blind: Browser, server: Server) -> None:
    """The page is there, and the server that it came from is gone before it asks for the dossier."""
    visitor = Visitor(blind, server.address)
    visitor.watch.expected += ["Failed to load resource"]
    page = visitor.opens_another()
    page.route("**/api/health", lambda route: route.abort())
    page.reload()
    expect(page.locator('[data-notice="offline"]')).to_contain_text("cannot be reached")
    page.unroute("**/api/health")
    settled(page)
    expect(page.locator('[data-notice="offline"]')).to_have_count(0)
    visitor.leave()
