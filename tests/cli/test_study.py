"""``midcourse study`` end to end: run, refused, resumed, shown, exported, drawn."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import midcourse as mc

from .conftest import Midcourse

PLAN = """
[study]
title = "A study of two proposals"
dossiers = "third-site"
architectures = ["third-site", "gabala"]
threats = "iran-europe-irbm"
samples = 32
seed = 5

[quantity.engaged]
quantity = "engageable-share"

[map.defended]
region = "europe"
grid = "6 deg"
from = "north-west"
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    (tmp_path / "two.toml").write_text(PLAN, encoding="utf-8")
    return "two.toml"


def test_a_study_is_run_shown_read_and_exported(midcourse: Midcourse, plan: str, tmp_path: Path) -> None:
    told = midcourse("study", "run", plan, "--json").document
    assert told["whole"] == told["units"] > 0
    assert told["failed"] == []
    assert told["stopped"] is None
    assert told["evaluations"] == sum(
        each["evaluations"]
        for each in midcourse("study", "run", plan, "--dry-run", "--json").document["questions"]
    )

    standing = midcourse("study", "show", plan, "--json").document
    assert standing["whole"] == standing["units"] == told["units"]
    assert standing["running"] is None
    means = {
        (each["name"], row["labels"]["architecture"]): row["mean"]
        for each in standing["questions"]
        for row in each["rows"]
    }
    study = mc.open_study("two.zarr")
    assert study.attrs["plan_hash"] == standing["plan_hash"]
    engaged, defended = study["engaged"].to_dataset(), mc.open_question("two.zarr", "defended")
    assert engaged.value.dims == ("dossier", "architecture", "threat", "world")
    assert defended.value.dims == ("dossier", "architecture", "threat", "world", "lat", "lon")
    for name in ("third-site", "gabala"):
        values = engaged.value.sel(architecture=name)
        assert not np.isnan(values).any()
        np.testing.assert_allclose(means["engaged", name], values.mean(), rtol=1e-9)
        cells = defended.value.sel(architecture=name).astype(float)
        area = defended.cell_area
        np.testing.assert_allclose(
            means["defended", name], (cells * area).sum() / area.where(cells.notnull()).sum(), rtol=1e-6
        )

    duckdb = pytest.importorskip("duckdb")
    answer = midcourse("study", "export", "two.zarr", "--out", "tables")
    assert answer.code == 0, answer.err
    rows = duckdb.sql(
        f"SELECT architecture, avg(value) FROM '{tmp_path / 'tables/engaged.parquet'}' GROUP BY architecture"
    ).fetchall()
    for name, mean in rows:
        np.testing.assert_allclose(mean, engaged.value.sel(architecture=name).mean(), rtol=1e-12)

    assert midcourse("study", "draw", plan, "--question", "defended", "--out", "map.png").code == 0
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_a_study_is_begun_once_and_taken_up_again(
    midcourse: Midcourse, complaint: Callable[..., str], plan: str, tmp_path: Path
) -> None:
    first = midcourse("study", "run", plan)
    assert first.code == 0, first.err
    assert "two.zarr" in first.out
    refused = midcourse("study", "run", plan)
    assert refused.code == 2
    assert "midcourse study resume" in refused.err
    # One chunk is spoilt: it alone is computed again.
    chunk = next(each for each in (tmp_path / "two.zarr/defended/value/c").rglob("*") if each.is_file())
    whole = chunk.read_bytes()
    chunk.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    again = midcourse("study", "resume", plan)
    assert again.code == 0
    assert "1 of" in again.err
    assert "not as they were written" in again.err
    assert "\n1 units in" in again.out
    assert chunk.read_bytes() == whole
    events = [json.loads(line) for line in (tmp_path / "two.zarr/log.jsonl").read_text().splitlines()]
    assert [each["event"] for each in events if each["event"] != "done"] == [
        "begun", "ended", "not believed", "begun", "ended",
    ]  # fmt: skip

    # Another plan is another study.
    (tmp_path / plan).write_text(PLAN.replace("seed = 5", "seed = 6"), encoding="utf-8")
    other = midcourse("study", "resume", plan)
    assert other.code == 2
    assert "was begun with another plan" in other.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("resume", "two.toml"), 'no study is stored in "'),
        (("show", "two.toml"), 'no study is stored in "'),
        (("run", "two.tml"), 'no such plan: "two.tml"'),
        (("run", "two.toml", "--workers", "0"), "--workers"),
        (("run", "two.toml", "--workers", "1", "--scheduler", "tcp://x"), "cannot both be given"),
        (("run", "two.toml", "--store", "s4://bucket/x"), "unknown kind of address"),
        (("run", "two.toml", "--stor", "x"), "did you mean"),
        (("rnu", "two.toml"), 'did you mean "run"?'),
    ],
)
def test_what_cannot_be_done_is_told(
    midcourse: Midcourse, plan: str, arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    answer = midcourse("study", *arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert told in answer.err
    assert "Traceback" not in answer.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["two.toml"]


def test_the_library_runs_studies_too(plan: str, tmp_path: Path) -> None:
    ran = mc.run_study(tmp_path / plan, tmp_path / "own.zarr", workers=1)
    assert ran.whole == ran.units
    again = mc.run_study(tmp_path / plan, tmp_path / "own.zarr", resume=True)
    assert (again.before, again.whole) == (ran.units, ran.units)
