"""What is taken away from the page, and dossiers that are brought to it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from midcourse.dossier import load

from .reading import DELAY, row, settled
from .watching import Visitor


def taken(page: Page, kind: str, folder: Path) -> Path:
    """What a download of a kind leaves in a folder."""
    page.locator("[data-opens=downloads]").click()
    with page.expect_download() as coming:
        page.locator(f'[data-item="{kind}"]').click()
    name = coming.value.suggested_filename
    coming.value.save_as(folder / name)
    expect(page.locator('[data-popover="downloads"] .popover-panel')).to_be_hidden()
    return folder / name


def test_the_changed_dossier_loads_again_and_says_the_same(
    visitor: Visitor, starter: Path, tmp_path: Path
) -> None:
    page = visitor.opens(f"set={DELAY}:100 s&set=site.my-hill.lat:47 deg")
    settled(page)
    archive = taken(page, "dossier", tmp_path)
    assert archive.name == "my-dossier-changed.zip"
    folder = tmp_path / "again"
    zipfile.ZipFile(archive).extractall(folder)
    again = load(folder)
    assert again.hash == load(starter, {DELAY: "100 s", "site.my-hill.lat": "47 deg"}).hash
    ran = subprocess.run(
        [sys.executable, "-m", "midcourse.cli", "check", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert again.hash in ran.stdout
    assert re.search(r"^claims \(4\) ", ran.stdout, re.MULTILINE)


def test_the_untouched_dossier_is_taken_away_as_it_was_written(
    visitor: Visitor, starter: Path, tmp_path: Path
) -> None:
    page = visitor.opens()
    settled(page)
    archive = taken(page, "dossier", tmp_path)
    with zipfile.ZipFile(archive) as files:
        for path in starter.glob("*.toml"):
            assert files.read(path.name) == path.read_bytes()


def test_map_and_flight_as_data(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.opens("layer=seen&region=europe")
    settled(page)
    drawn = json.loads(taken(page, "geojson", tmp_path).read_text(encoding="utf-8"))
    assert drawn["type"] == "FeatureCollection"
    assert drawn["features"]
    flown = json.loads(taken(page, "czml", tmp_path).read_text(encoding="utf-8"))
    assert flown[0]["id"] == "document"
    assert {"missiles", "radars", "interceptors"} <= {packet.get("parent") for packet in flown}
    # Without a map or a flight there is nothing to take, and why is said.
    page = visitor.opens("layer=none&flight=none")
    settled(page)
    page.locator("[data-opens=downloads]").click()
    expect(page.locator('[data-item="geojson"]')).to_contain_text("There is no map")
    expect(page.locator('[data-item="czml"]')).to_contain_text("There is no flight")
    for kind in ("geojson", "czml"):
        expect(page.locator(f'[data-item="{kind}"]')).to_have_attribute("aria-disabled", "true")


def test_the_report(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.opens()
    settled(page)
    report = taken(page, "report", tmp_path)
    assert report.name == "my-dossier.html"
    text = report.read_text(encoding="utf-8")
    assert "One interceptor site, one radar, and what is said of them" in text
    assert "The interceptor is faster than its makers say." in text
    assert "default-src 'none'" in text
    assert "midcourse assess my-dossier" in text


def upload(page: Page, files: dict[str, str]) -> None:
    """Open files as a dossier of one's own."""
    page.locator("[data-opens=dossiers]").click()
    page.locator('[data-item="upload"]').click()
    page.locator('[data-dialog="upload"] input[type=file]').first.set_input_files(
        [
            {"name": name, "mimeType": "application/toml", "buffer": text.encode()}
            for name, text in files.items()
        ]
    )


@pytest.fixture
def files(starter: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in starter.glob("*.toml")}


def test_a_bad_dossier_is_told_by_file_and_line(visitor: Visitor, files: dict[str, str]) -> None:
    page = visitor.opens()
    settled(page)
    files["claims.toml"] = files["claims.toml"].replace(
        'quantity = "burnout_speed"', 'quantity = "burnout_sped"'
    )
    visitor.watch.expected.append("status of 422")
    upload(page, files)
    told = page.locator('[data-dialog="upload"]')
    expect(told.get_by_role("alert")).to_contain_text('did you mean "burnout_speed"')
    expect(told.get_by_role("alert")).to_contain_text(re.compile(r"claims\.toml:\d+"))
    expect(told.locator("figcaption")).to_contain_text("claims.toml")
    expect(told.locator('[aria-current="true"]')).to_contain_text('quantity = "burnout_sped"')
    # The dossier before it is still there.
    told.get_by_role("button", name="Close").click()
    settled(page)


def test_a_good_dossier_is_opened(visitor: Visitor, files: dict[str, str]) -> None:
    page = visitor.opens()
    settled(page)
    files["dossier.toml"] = files["dossier.toml"].replace("One interceptor site", "Another interceptor site")
    files["claims.toml"] = files["claims.toml"].replace('threshold = "7.7 km/s"', 'threshold = "9.7 km/s"')
    upload(page, files)
    expect(page).to_have_title(re.compile("^Another interceptor site"))
    expect(row(page, "it-is-fast")).to_have_attribute("data-verdict", "refuted")
    expect(page).to_have_url(re.compile("dossier=upload-"))
    settled(page)
    page.locator("[data-opens=dossiers]").click()
    expect(page.locator('[data-item^="dossier-upload-"]')).to_contain_text("uploaded, shown now")
    page.locator('[data-item="dossier-my-dossier"]').click()
    expect(page).to_have_title(re.compile("^One interceptor site"))
    settled(page)


def test_what_is_no_dossier_is_not_sent(visitor: Visitor) -> None:
    page = visitor.opens()
    upload(page, {"picture.png": "no TOML"})
    expect(page.locator('[data-dialog="upload"]')).to_contain_text("There is no TOML file among them.")
