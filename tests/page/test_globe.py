"""The globe: a flight in time, radars that are moved, maps and their values, two architectures at once."""

from __future__ import annotations

import base64
import io
import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread
from playwright.sync_api import Page, expect

from .reading import globe, mark, place_in, row, rows, settled, spot, timeline
from .serving import Server
from .watching import Visitor

#: Over Europe and Iran, with all of the starter's shield in sight.
EUROPE = "arch=my-shield&camera=44,28,6000"
FLIGHT = f"{EUROPE}&layer=none&flight=my-threat:north-west→Berlin"
STILL = f"{EUROPE}&layer=none&flight=none"


def drawn(onlooker: Visitor, fragment: str) -> Page:
    """The page at a fragment, its globe drawn."""
    page = onlooker.turns_to(fragment)
    expect(globe(page)).to_have_attribute("data-ready", "true")
    return page


def test_a_flight_is_played_scrubbed_and_jumped_through(onlooker: Visitor) -> None:
    page = drawn(onlooker, FLIGHT)
    expect(globe(page)).to_have_attribute("data-scene", "loaded")
    clock = timeline(page)
    expect(clock).to_be_visible()
    clock.get_by_role("button", name="Play").click()
    expect(clock).to_have_attribute("data-playing", "true")
    expect(clock).not_to_have_attribute("data-time", "0.0")
    clock.get_by_role("button", name="Pause").click()
    expect(clock).to_have_attribute("data-playing", "false")
    # Dragged to a moment; the globe goes along, and the address.
    slider = clock.get_by_role("slider", name="Time after launch")
    slider.fill("300")
    expect(clock).to_have_attribute("data-time", "300.0")
    expect(globe(page)).to_have_attribute("data-time", "300.0")
    expect(slider).to_have_attribute("aria-valuetext", "300 s after launch")
    expect(page).to_have_url(re.compile(r"\bt=300\b"))
    # From event to event.
    events = clock.get_by_role("group", name="Go to an event").get_by_role("button")
    expect(events.first).to_contain_text(re.compile("launch", re.IGNORECASE))
    last = events.last
    last.click()
    when = re.search(r"(\d+) s$", last.inner_text())
    assert when is not None
    expect(last).to_have_attribute("aria-current", "step")
    expect(page).to_have_url(re.compile(rf"\bt={when[1]}\b"))
    slider.focus()
    slider.press("Home")
    expect(clock).to_have_attribute("data-time", "0.0")
    slider.press("]")
    slider.press("]")
    expect(events.nth(2)).to_have_attribute("aria-current", "step")
    slider.press("[")
    expect(events.nth(1)).to_have_attribute("aria-current", "step")
    # What is found stands in words, and in figures.
    expect(page.locator(".caption-finding")).to_contain_text("after launch")
    clock.get_by_label("Speed").select_option("100")
    expect(clock).to_have_attribute("data-playing", "false")


def test_parts_of_a_scene_can_be_shown_and_hidden(onlooker: Visitor) -> None:
    page = drawn(onlooker, FLIGHT)
    expect(globe(page)).to_have_attribute("data-scene", "loaded")
    page.locator("[data-opens=show]").click()
    fans = page.locator('[data-popover="show"] [data-folder="fans"]')
    missiles = page.locator('[data-popover="show"] [data-folder="missiles"]')
    expect(missiles).to_be_checked()
    before = fans.is_checked()
    fans.set_checked(not before)
    missiles.uncheck()
    expect(page).to_have_url(re.compile("hide=missiles"))
    page.keyboard.press("Escape")
    drawn(onlooker, FLIGHT)
    page.locator("[data-opens=show]").click()
    expect(missiles).to_be_checked()
    assert fans.is_checked() is before
    page.keyboard.press("Escape")


def test_a_radar_is_dragged_and_the_board_follows(onlooker: Visitor) -> None:
    page = drawn(onlooker, STILL)
    settled(page)
    own = rows(page)
    hill = mark(page, "my-hill")
    expect(hill).to_have_accessible_name(re.compile("A hill in Transylvania: .*radar, 46.0° N 25.0° E"))
    x, y = spot(page, "my-hill")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 40, steps=4)
    page.mouse.move(x + 60, y + 80, steps=4)
    page.mouse.up()
    expect(row(page, "it-defends")).to_have_attribute("data-changed", re.compile("verdict|figure"))
    expect(page.locator(".top-changes")).to_contain_text("changed")
    expect(page.locator(".changes-list")).to_contain_text("A hill in Transylvania")
    moved = place_in(page, "my-hill")
    assert moved is not None
    # South and east of where it stood.
    assert moved[0] < 45
    assert moved[1] > 26
    # The camera stays where it was.
    expect(globe(page)).to_have_attribute("data-camera", "44,28,6000")
    expect(hill).to_have_accessible_name(re.compile(r"Moved\."))
    settled(page)
    page.locator("[data-action=reset]").click()
    expect(hill).to_have_accessible_name(re.compile("46.0° N 25.0° E"))
    assert place_in(page, "my-hill") is None
    assert rows(page) == own


@pytest.mark.slow
def test_a_base_is_moved_by_keys_and_by_coordinates(onlooker: Visitor) -> None:
    page = drawn(onlooker, STILL)
    settled(page)
    base = mark(page, "redzikowo")
    base.focus()
    base.press("Shift+ArrowDown")
    base.press("ArrowDown")
    base.press("Shift+ArrowRight")
    expect(page.locator("#announce")).to_contain_text("Redzikowo, Poland moved to 53.38")
    assert place_in(page, "redzikowo") == pytest.approx((53.38, 18.11), abs=0.02)
    expect(row(page, "it-defends")).to_have_attribute("data-state", "final")
    places = page.locator("summary", has_text="Places")
    places.click()
    lat = page.get_by_label("Latitude of Redzikowo, Poland")
    expect(lat).to_have_value("53.38")
    lat.fill("200")
    lat.press("Enter")
    expect(page.locator('[data-lever="site.redzikowo"]').get_by_role("alert")).to_contain_text("−90 to 90")
    lat.fill("50")
    lat.press("Enter")
    expect(base).to_have_accessible_name(re.compile("50.0° N 18.1° E"))
    page.get_by_role("button", name="Move back: Redzikowo").click()
    assert place_in(page, "redzikowo") is None
    places.click()


def asked(server: Server, quantity: str) -> dict[str, Any]:
    """A map, from the server itself."""
    layer = {"quantity": quantity, "architecture": "my-shield", "threat": "my-threat"}
    body = json.dumps({"state": {"dossier": "my-dossier"}, "layer": layer}).encode()
    request = urllib.request.Request(
        f"{server.address}api/layers", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_a_map_has_a_legend_and_tells_its_value_under_the_cursor(onlooker: Visitor, server: Server) -> None:
    page = drawn(onlooker, f"{EUROPE}&layer=reach&flight=none")
    expect(globe(page)).to_have_attribute("data-layer-step", "1")
    legend = globe(page).get_by_role("region", name="Legend")
    expect(legend).to_contain_text("[s]")
    expect(legend).to_contain_text("1° grid")
    expect(page.locator(".caption-summary")).not_to_be_empty()
    box = globe(page).bounding_box()
    assert box is not None
    layer = asked(server, "reach")
    values = np.frombuffer(base64.b64decode(layer["values"]), "<f4").reshape(layer["rows"], layer["cols"])
    read = 0
    for right, down in ((0.4, 0.3), (0.5, 0.45), (0.6, 0.55)):
        page.mouse.move(box["x"] + right * box["width"], box["y"] + down * box["height"])
        told = globe(page).locator(".globe-probe")
        expect(told).to_have_text(re.compile(r"^.+ · [\d.]+° N [\d.]+° E$"))
        text = told.inner_text()
        found = re.match(r"(.+) · ([\d.]+)° N ([\d.]+)° E", text)
        assert found is not None
        lat, lon = float(found[2]), float(found[3])
        # A place is told to a tenth of a degree: beside an edge either cell may be meant.
        near = {
            float(
                values[
                    int((lat + dy - layer["south"]) // layer["step"]),
                    int((lon + dx - layer["west"]) // layer["step"]),
                ]
            )
            for dy in (-0.06, 0.06) for dx in (-0.06, 0.06)
        }  # fmt: skip
        if found[1].startswith("no data"):
            assert any(np.isnan(each) for each in near)
        else:
            seconds = re.fullmatch(r"flight time ([\d,.]+)\s?s", found[1])
            assert seconds is not None, text
            assert float(seconds[1].replace(",", "")) == pytest.approx(
                min(near, key=lambda each: abs(each - float(seconds[1].replace(",", "")))), abs=0.5
            )
            read += 1
    assert read >= 2
    # For those who see no cursor there is a cross in the middle.
    globe(page).get_by_role("application").focus()
    page.keyboard.press("ArrowUp")
    expect(globe(page).locator(".globe-said")).to_contain_text("° N")


def test_maps_follow_the_architecture(onlooker: Visitor) -> None:
    page = drawn(onlooker, f"{EUROPE}&layer=seen&region=europe&flight=none")
    expect(globe(page)).to_have_attribute("data-layer-step", "1")
    expect(mark(page, "my-hill")).to_be_visible()
    with_radar = page.locator(".caption-summary").inner_text()
    page.locator("[data-opens=map]").click()
    page.locator('[data-popover="map"] input[value="warning"]').check()
    page.keyboard.press("Escape")
    expect(page.locator("[data-opens=map]")).to_have_accessible_name("Map: Warning time")
    expect(page.locator(".caption-summary")).not_to_have_text(with_radar)
    expect(globe(page).get_by_role("region", name="Legend")).to_contain_text("Warning")
    expect(globe(page)).to_have_attribute("data-layer-step", "1")
    page.locator('.toolbar select[aria-label="Architecture"]').select_option("without-radar")
    expect(page).to_have_url(re.compile("arch=without-radar"))
    expect(mark(page, "my-hill")).to_have_count(0)
    expect(mark(page, "redzikowo")).to_be_visible()
    page.go_back()
    expect(mark(page, "my-hill")).to_be_visible()
    page.locator("[data-opens=map]").click()
    page.locator('[data-popover="map"] input[value=""]').check()
    page.keyboard.press("Escape")
    expect(globe(page)).not_to_have_attribute("data-layer-step", re.compile("."))
    expect(globe(page).get_by_role("region", name="Legend")).to_be_hidden()


@pytest.mark.slow
def test_two_globes_go_together(onlooker: Visitor) -> None:
    page = drawn(onlooker, STILL)
    page.get_by_role("button", name="Compare on two globes").click()
    left, right = globe(page), globe(page, "right")
    expect(right).to_have_attribute("data-ready", "true")
    expect(page).to_have_url(re.compile("split=without-radar"))
    expect(page.locator('.pane[data-side="right"] .pane-title')).to_have_text("The same without the radar")
    expect(right.locator('.globe-mark[data-site="my-hill"]')).to_have_count(0)
    left.get_by_role("button", name="Zoom in").click()
    expect(left).not_to_have_attribute("data-camera", "44,28,6000")
    expect(right).to_have_attribute("data-camera", str(left.get_attribute("data-camera")))
    page.get_by_role("button", name="Compare on two globes").click()
    expect(page.locator('.pane[data-side="right"]')).to_be_hidden()
    expect(page).not_to_have_url(re.compile("split="))
    # The one that is left goes on by itself.
    left.get_by_role("button", name="Zoom out").click()
    expect(left).to_have_attribute("data-camera", re.compile(r",6000$"))
    expect(page.locator(".stage")).to_have_attribute("data-state", "ready")


def test_the_globe_is_taken_away_as_a_picture(onlooker: Visitor, tmp_path: Path) -> None:
    page = drawn(onlooker, f"{EUROPE}&layer=seen&region=europe&flight=none")
    expect(globe(page)).to_have_attribute("data-layer-step", "1")
    page.locator("[data-opens=downloads]").click()
    with page.expect_download() as coming:
        page.locator('[data-item="png"]').click()
    coming.value.save_as(tmp_path / "globe.png")
    content = (tmp_path / "globe.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    pixels = imread(io.BytesIO(content))
    assert min(pixels.shape[:2]) > 300
    # Ground, sea, what is seen, and the legend.
    assert len(np.unique((pixels[:, :, :3] * 15).astype(int).reshape(-1, 3), axis=0)) > 50


@pytest.mark.slow
def test_an_address_holds_a_slanting_view(onlooker: Visitor) -> None:
    page = drawn(onlooker, STILL)
    globe(page).get_by_role("button", name="Tilt the view").click()
    slanting = re.compile(r"camera=([-\d.]+,){4}-[2-7]\d\.\d")
    expect(page).to_have_url(slanting)
    fragment = page.url.partition("#")[2]
    other = onlooker.opens_another(fragment)
    expect(globe(other)).to_have_attribute("data-ready", "true")
    expect(other).to_have_url(slanting)

    def camera(url: str) -> list[float]:
        found = slanting.search(url)
        assert found is not None
        return [float(each) for each in found[0].removeprefix("camera=").split(",")]

    assert camera(other.url) == pytest.approx(camera(page.url), abs=1.0)


def test_a_globe_at_rest_draws_nothing(onlooker: Visitor) -> None:
    page = drawn(onlooker, STILL)

    def frames() -> int:
        return int(globe(page).get_attribute("data-frames") or 0)

    turns = """(count) => new Promise((done) => {
      const turn = () => { count -= 1; if (count > 0) requestAnimationFrame(turn); else done(); };
      requestAnimationFrame(turn);
    })"""
    for _ in range(20):
        before = frames()
        page.evaluate(turns, 30)
        if frames() == before:
            break
    else:
        pytest.fail("the globe never comes to rest")
    page.evaluate(turns, 60)
    assert frames() == before
