"""The shield at work on the page: a raid that goes on now, and one that is played from its record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .reading import globe
from .watching import Visitor

STILL = "arch=my-shield&camera=44,28,6000&layer=none&flight=none&panel=run"


def begun(page: Page, **chosen: str) -> Locator:
    """The panel of runs, once a raid has begun at the form's figures but for some."""
    run = page.locator('[data-panel="run"] .run')
    another = run.get_by_role("button", name="Another run")
    if another.is_visible():
        another.click()
    for name, value in chosen.items():
        field = run.locator("form").get_by_label(name)
        if field.evaluate("each => each.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)
    run.get_by_role("button", name="Start the raid").click()
    expect(run).to_have_attribute("data-run", re.compile("running|paused|over"))
    return run


@pytest.mark.slow
def test_a_raid_is_started_paused_and_interfered_with(onlooker: Visitor) -> None:
    page = onlooker.opens(STILL)
    expect(globe(page)).to_have_attribute("data-ready", "true")
    run = begun(page, Missiles="2", Speed="1")
    run.get_by_role("button", name="Pause").click()
    expect(run).to_have_attribute("data-run", "paused")
    expect(run.locator("[data-missile]")).to_have_count(2)
    expect(run.locator(".run-batteries")).to_contain_text("10 of 10 left")
    at = run.locator(".run-time")
    before = at.inner_text()
    run.get_by_role("button", name="+10 s").click()
    expect(at).not_to_have_text(before)
    # The radar fails; so much is told in the log, and the radar's own line.
    run.locator("summary", has_text="Interfere").click()
    radar = run.locator('[data-part="my-radar@my-hill"]')
    radar.get_by_role("button", name=re.compile("^Fail")).click()
    expect(radar).to_have_attribute("data-down", "")
    expect(radar).to_contain_text("down")
    expect(run).to_contain_text("this takes effect when it goes on")
    run.get_by_role("button", name="+10 s").click()
    expect(run.locator(".run-log")).to_contain_text("A hill in Transylvania goes down.")
    radar.get_by_role("button", name=re.compile("^Restore")).click()
    expect(radar).not_to_have_attribute("data-down", "")
    # What it sees is shared no more.
    radar.get_by_role("button", name=re.compile("^Withdraw")).click()
    expect(radar).to_contain_text("not shared")
    run.get_by_role("button", name="Launch one more").click()
    run.get_by_role("button", name="+10 s").click()
    expect(run.locator("[data-missile]")).to_have_count(3)
    # To the end, as fast as it goes. Nobody is told what the radar sees, so all get through.
    run.get_by_label("Speed", exact=True).select_option("200")
    run.get_by_role("button", name="Go on").click()
    expect(run).to_have_attribute("data-run", "over")
    expect(run.locator(".run-finding")).to_be_visible()
    expect(run.locator('[data-missile][data-ended="through"]')).to_have_count(3)
    expect(run.locator(".command-text")).to_contain_text("midcourse run my-dossier --architecture my-shield")


@pytest.mark.slow
def test_a_raid_that_nothing_befalls_is_met_and_its_record_played(onlooker: Visitor, tmp_path: Path) -> None:
    page = onlooker.opens(STILL)
    expect(globe(page)).to_have_attribute("data-ready", "true")
    run = begun(page, Missiles="2", Speed="200")
    # The globe draws what comes.
    expect(globe(page)).not_to_have_attribute("data-time", "0.0")
    expect(run).to_have_attribute("data-run", "over")
    finding = run.locator(".run-finding").inner_text()
    with page.expect_download() as coming:
        run.get_by_role("button", name="Download the record").click()
    record = tmp_path / coming.value.suggested_filename
    coming.value.save_as(record)
    assert record.name == "my-dossier-my-shield.jsonl"
    run.get_by_role("button", name="Another run").click()
    expect(run.get_by_role("button", name="Start the raid")).to_be_visible()
    run.locator(".run-record input[type=file]").set_input_files(record)
    expect(run.locator(".run-told")).to_have_text(finding)
    expect(globe(page)).to_have_attribute("data-scene", "loaded")
    expect(page.locator(".timeline")).to_be_visible()
    # A spoilt one is told by its line.
    record.write_text(record.read_text().replace('"found"', '"foundd"', 1))
    onlooker.watch.expected.append("status of 422")
    run.locator(".run-record input[type=file]").set_input_files(record)
    expect(run.get_by_role("alert").filter(has_text='did you mean "found"')).to_contain_text(
        re.compile(r"record:\d+")
    )


def test_a_raid_that_cannot_be_is_told(visitor: Visitor) -> None:
    page = visitor.opens("panel=run")
    run = page.locator('[data-panel="run"] .run')
    run.get_by_label("Missiles").fill("51")
    run.get_by_role("button", name="Start the raid").click()
    expect(run.get_by_role("alert").filter(has_text="a whole number from 1 to 50")).to_be_visible()
    expect(run).to_have_attribute("data-run", "idle")
