"""The page without a mouse, on a telephone, by voice; and who sees it for the first time."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .reading import SPEED, lever, row, settled
from .watching import LAPTOP, PHONE, Visitor

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
_SERIOUS = ("serious", "critical")


def complaints(page: Page) -> list[str]:
    """What axe finds that keeps somebody from using the page as it stands."""
    if page.evaluate("typeof axe") == "undefined":
        page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {node['html'][:200]} {node['failureSummary']}"
        for each in found["violations"]
        if each["impact"] in _SERIOUS
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(
    "size", [LAPTOP, pytest.param(PHONE, marks=pytest.mark.slow)], ids=["laptop", "phone"]
)
def test_axe_finds_nothing_serious(visitor: Visitor, size: dict[str, int]) -> None:
    # The policy of the page lets no script of axe in.
    page = visitor.opens_another(size=size, bypass_csp=True)
    settled(page)
    found = {"board": complaints(page)}

    def shows(view: str) -> None:
        if size == PHONE:
            page.locator(f'#views [data-view="{view}"]').click()

    shows("levers")
    box = lever(page, SPEED).get_by_role("textbox")
    box.fill("7")
    box.press("Enter")
    expect(row(page, "it-is-fast")).to_have_attribute("data-verdict", "refuted")
    page.locator("summary", has_text="Whose figures").click()
    found["levers"] = complaints(page)
    shows("board")
    row(page, "it-is-fast").get_by_role("button").click()
    expect(page.locator('[data-claim-view="it-is-fast"]')).to_have_attribute("data-state", "told")
    found["claim"] = complaints(page)
    shows("globe")
    for name in ("map", "flight", "show"):
        page.locator(f"[data-opens={name}]").click()
        found[name] = complaints(page)
        page.keyboard.press("Escape")
    for opens, item in (("dossiers", "upload"), ("help", "about"), ("help", "keys"), ("help", "tour")):
        page.locator(f"[data-opens={opens}]").click()
        page.locator(f'[data-item="{item}"]').click()
        expect(page.locator(f'[data-dialog="{item}"]')).to_be_visible()
        found[item] = complaints(page)
        page.keyboard.press("Escape")
    page.locator("[data-opens=downloads]").click()
    found["downloads"] = complaints(page)
    assert not {part: wrong for part, wrong in found.items() if wrong}


# What holds the focus, in words, and whether it can be seen to: an outline, or a shadow in its place.
_FOCUSED = """() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  const name = here.getAttribute("aria-label") ?? here.title ?? "";
  return {
    key: here === document.body ? "" : `${here.tagName} ${here.id} ${name}` +
      ` ${here.textContent.slice(0, 60)} ${here.dataset.item ?? ""}`,
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none",
    within: box.width > 0 && box.right > 0 && box.left < innerWidth
      && box.bottom > 0 && box.top < innerHeight,
    html: here.outerHTML.slice(0, 200),
  };
}"""
# All that Tab should lead to: what can be focused, is shown and is not left to the arrow keys.
_REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({visibilityProperty: true})
    && !each.closest("[inert]"))
  .filter((each) => each.type !== "radio" || each.checked)
  .length"""


def test_tab_leads_everywhere_and_out_again(visitor: Visitor) -> None:
    page = visitor.opens("claim=it-is-fast&panel=levers")
    settled(page)
    every = page.evaluate(_REACHABLE)
    assert every > 25
    # Whoever opens the address of a claim begins at its row; here, at the top.
    page.evaluate("document.documentElement.scrollIntoView()")
    seen: dict[str, int] = {}
    unseen = []
    steps = 0
    while steps < every + 20:
        page.keyboard.press("Tab")
        steps += 1
        here = page.evaluate(_FOCUSED)
        if not here["key"]:
            break
        if not here["seen"] or not here["within"]:
            unseen.append(here["html"])
        seen[here["html"]] = steps
    assert not unseen, "\n".join(unseen)
    # It comes out at the end of the page, having been everywhere.
    assert steps - 1 == every


def test_the_board_by_keys(visitor: Visitor) -> None:
    page = visitor.opens()
    settled(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#board")).to_be_focused()
    order = [each.get_attribute("data-claim") for each in page.locator("#board li").all()]
    row(page, str(order[0])).get_by_role("button").focus()
    page.keyboard.press("ArrowDown")
    expect(row(page, str(order[1])).get_by_role("button")).to_be_focused()
    page.keyboard.press("End")
    expect(row(page, str(order[-1])).get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-claim-view="{order[-1]}"]')).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator(f'[data-claim-view="{order[-2]}"]')).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Search claims")).to_be_focused()
    page.keyboard.type("k")
    expect(page.get_by_label("Search claims")).to_have_value("k")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("l")
    expect(page.get_by_role("tab", name="Levers")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("[data-claim-view]")).to_have_count(0)


def test_menus_and_dialogs_give_the_focus_back(visitor: Visitor) -> None:
    page = visitor.opens()
    settled(page)
    for name in ("downloads", "help", "map", "flight"):
        button = page.locator(f"[data-opens={name}]")
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(button).to_have_attribute("aria-expanded", "false")
        expect(button).to_be_focused()
    page.locator("[data-opens=help]").click()
    page.locator('[data-item="about"]').click()
    dialog = page.locator('[data-dialog="about"]')
    expect(dialog).to_contain_text("64 worlds")
    # The focus stays in it, however often Tab is pressed.
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_first_visit_is_led_round_in_five_steps(visitor: Visitor) -> None:
    page = visitor.opens_another(first_visit=True)
    tour = page.locator('[data-dialog="tour"]')
    for step in range(1, 6):
        expect(tour).to_have_attribute("data-step", str(step))
        expect(tour).to_contain_text(f"{step} of 5")
        page.keyboard.press("Enter")
    expect(tour).to_have_count(0)
    settled(page)
    # Once is enough, unless it is asked for.
    page.reload()
    settled(page)
    expect(tour).to_have_count(0)
    page.keyboard.press("?")
    expect(tour).to_have_attribute("data-step", "1")
    page.keyboard.press("ArrowRight")
    expect(tour).to_have_attribute("data-step", "2")
    page.keyboard.press("ArrowLeft")
    expect(tour).to_have_attribute("data-step", "1")
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)


def test_a_shared_address_is_shown_without_the_tour(visitor: Visitor) -> None:
    page = visitor.opens_another("claim=it-is-fast", first_visit=True)
    settled(page)
    expect(page.locator('[data-claim-view="it-is-fast"]')).to_be_visible()
    expect(page.locator('[data-dialog="tour"]')).to_have_count(0)


def test_a_phone_shows_the_board_first(visitor: Visitor) -> None:
    page = visitor.opens_another(size=PHONE, has_touch=True)
    expect(row(page, "it-is-fast")).to_be_visible()
    expect(page.locator("#stage")).to_be_hidden()
    settled(page)
    # Nothing is cut off at the side.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    row(page, "it-is-fast").get_by_role("button").tap()
    expect(page.locator('[data-claim-view="it-is-fast"]')).to_be_visible()
    expect(page.locator("#board")).to_be_hidden()
    for view, part in (("levers", "#side"), ("globe", "#stage"), ("board", "#board")):
        button = page.locator(f'#views [data-view="{view}"]')
        button.tap()
        expect(button).to_have_attribute("aria-current", "true")
        expect(page.locator(part)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#stage")).to_be_hidden()
