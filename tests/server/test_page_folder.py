"""The built page: where it is, what a clear answer says when it is missing, and that it is whole."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from midcourse.server import page
from midcourse.server.page import NoPage, page_folder

BUILT = (page.PAGE / "built-from.txt").is_file()

# Where a page is promised, as in CI, its absence is a failure.
needs_page = pytest.mark.skipif(
    not BUILT and "MIDCOURSE_PAGE" not in os.environ, reason="the page is not built: make web"
)


@pytest.mark.parametrize("present", [(), ("index.html",), ("built-from.txt",)])
def test_without_a_page_the_answer_says_what_to_do(
    present: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in present:
        (tmp_path / name).touch()
    monkeypatch.setattr(page, "PAGE", tmp_path)
    with pytest.raises(NoPage) as told:
        page_folder()
    line = str(told.value)
    missing = "index.html" if "index.html" not in present else "built-from.txt"
    assert f"{tmp_path} has no {missing}" in line
    assert "`make web`" in line
    assert "Node 20.19 or newer" in line
    assert "\n" not in line


def test_a_built_page_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("index.html", "built-from.txt"):
        (tmp_path / name).touch()
    monkeypatch.setattr(page, "PAGE", tmp_path)
    assert page_folder() == tmp_path


@needs_page
def test_all_that_the_page_names_is_beside_it() -> None:
    folder = page_folder()
    named = re.findall(
        r'(?:src|href)="(?!data:|#)([^"]+)"', (folder / "index.html").read_text(encoding="utf-8")
    )
    assert any(name.endswith(".js") for name in named)
    for name in named:
        assert name.startswith("./assets/")
        assert (folder / name).is_file()


@needs_page
def test_the_page_needs_no_allowance_in_its_policy() -> None:
    folder = page_folder()
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)
    scripts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.js")]
    assert scripts
    for script in scripts:
        assert not re.search(r"\beval\(|new Function\(|WebAssembly\.(instantiate|compile|Module)", script)
    assert not list(folder.rglob("*.wasm"))


@needs_page
def test_names_in_the_page_change_with_what_they_hold() -> None:
    for path in (page_folder() / "assets").iterdir():
        assert re.search(r"-[\w-]{8}\.\w+$", path.name)


@needs_page
def test_licences_travel_with_the_page() -> None:
    licences = (page_folder() / "licences.md").read_text(encoding="utf-8")
    assert "## @cesium/engine" in licences
    assert "CesiumJS Contributors" in licences
