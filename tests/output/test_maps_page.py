"""The interactive map: it opens offline, fetches nothing, holds the map's values, and draws itself."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from midcourse.analysis.grid import make_grid
from midcourse.analysis.map_tables import tabulate
from midcourse.analysis.maps import Place, grid_of, is_share, make_map, values_of
from midcourse.output.maps.page import html
from midcourse.output.maps.table import print_table
from midcourse.output.maps.writing import write_map

from .made_maps import EVERY, change, disc, gain, probability, warning

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)


def held(page: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The description and the arrays of a page, unpacked as the browser does it."""
    parts = dict(re.findall(r'<script type="[a-z/]+" id="(\w+)">(.*?)</script>', page, re.DOTALL))
    header = json.loads(parts["header"])
    block = gzip.decompress(base64.b64decode(parts["block"]))
    arrays, offset = {}, 0
    for name, kind, length in header["arrays"]:
        dtype = np.dtype(f"<{kind}")
        assert offset % dtype.itemsize == 0
        arrays[name] = np.frombuffer(block, dtype, length, offset)
        offset += dtype.itemsize * length
    assert offset == len(block)
    return header, arrays


@pytest.mark.parametrize("name", EVERY)
def test_a_page_holds_the_values(name: str) -> None:
    data = EVERY[name]()
    header, arrays = held(html(data))
    assert np.array_equal(
        arrays[f"value {data.attrs['quantity']}"], values_of(data).astype("f4"), equal_nan=True
    )
    assert np.array_equal(arrays["people"], data["population"].values.ravel())
    assert [place["name"] for place in header["places"]] == ["Redzikowo", "Brdy", "Tabriz", "Tehran"]


@pytest.mark.parametrize("data", [disc(), change(), probability("world")], ids=["area", "change", "world"])
def test_a_page_asks_for_nothing(data: Any) -> None:
    page = html(data)
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|\bsrc=|<link|@import|url\(|fetch\(|XMLHttpRequest|import\(", page)


def test_a_world_at_one_degree_is_small_enough_to_send() -> None:
    assert len(html(probability("world")).encode()) < 2e6
    assert len(html(warning("world", equal_area=True)).encode()) < 2e6


def test_the_table_stands_in_the_page() -> None:
    page = html(disc())
    assert re.search(r'<th scope="row">Germany</th>.*?100\u202f%', page)
    assert "Share of people" in page
    assert "only with joint" in html(gain())


@pytest.mark.parametrize("name", EVERY)
def test_the_table_can_be_printed(name: str) -> None:
    data = EVERY[name]()
    console = Console(file=io.StringIO(), width=110, force_terminal=False)
    table = tabulate(data)
    print_table(table, console, shares=is_share(data), most=5)
    lines = console.file.getvalue().splitlines()
    assert any(line.startswith("All countries") for line in lines)
    assert sum(line.startswith(row.name) for row in table.rows[:5] for line in lines) >= 5
    assert all(len(line) <= 110 for line in lines)
    assert lines[-1] == f"and {len(table.rows) - 5} more countries"


def test_names_cannot_break_out_of_the_page() -> None:
    grid = make_grid("5 deg", "europe")
    evil = "</script><script>alert(1)</script>"
    data = make_map(
        grid,
        "x",
        grid.lat_deg,
        kind="number",
        long_name=evil,
        title=evil,
        places=[Place(evil, "radar", 50.0, 10.0)],
        about={"architecture": evil},
    )
    page = html(data)
    assert "<script>alert" not in page
    assert held(page)[0]["places"][0]["name"] == evil


def dumped(path: Path, script: str) -> str:
    """What a headless browser makes of the page after a script of ours, as text."""
    page = path.read_text(encoding="utf-8").replace("</body>", f"<script>{script}</script></body>")
    path.write_text(page, encoding="utf-8")
    assert BROWSER is not None
    ran = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1000,900",
         "--virtual-time-budget=6000", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return ran.stdout


PROBE = """
setTimeout(() => {
  const canvas = document.getElementById("map"), box = canvas.getBoundingClientRect();
  const pen = canvas.getContext("2d"), middle = [Math.round(canvas.width / 2), Math.round(canvas.height / 2)];
  document.body.dataset.middle = [...pen.getImageData(middle[0] + 3, middle[1] + 3, 1, 1).data].join();
  const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
  canvas.dispatchEvent(new PointerEvent("pointermove", at));
  document.body.dataset.read = document.getElementById("probe").textContent;
  document.getElementById("in").click();
  document.body.dataset.zoomed = canvas.dataset.drawn;
}, 2000);
"""


# Where a browser is promised, as in CI, its absence is a failure.
@pytest.mark.skipif(
    BROWSER is None and "MIDCOURSE_BROWSER" not in os.environ, reason="no Chromium on this machine"
)
@pytest.mark.parametrize("equal_area", [False, True])
def test_a_browser_draws_it_and_reads_values_under_the_pointer(equal_area: bool, tmp_path: Path) -> None:
    data = warning(equal_area=equal_area)
    shown = dumped(write_map(data, tmp_path / "map.html"), PROBE)
    read = re.search(r'data-read="([^"]*)"', shown)
    assert read is not None
    found = re.fullmatch(r"([\d.]+)° N ([\d.]+)° E · .*warning time: ([\d,.]+) s · .*city people.*", read[1])
    assert found is not None, read[1]
    lat, lon, seconds = (float(part.replace(",", "")) for part in found.groups())
    assert 50 < lat < 58
    assert lon == pytest.approx(10.0, abs=0.1)
    # The pointer stands in the middle of a column of cells at 10° E, and up to 0.05° beside what it reads.
    grid = grid_of(data)
    near = grid.locate(lat + np.array([-0.06, 0.06, -0.06, 0.06]), lon + np.array([-0.06, -0.06, 0.06, 0.06]))
    assert seconds in np.round(values_of(data)[near], 1)
    colours = re.search(r'data-middle="([^"]*)"', shown)
    assert colours is not None
    assert not colours[1].startswith("255,255,255")
    assert 'data-zoomed="2"' in shown
