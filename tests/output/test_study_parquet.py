"""A study's results as Parquet: what it holds, how it reads, and that it is there whole or not at all."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from midcourse.dossier import InputError
from midcourse.output.study import parquet as written
from midcourse.output.study.parquet import export
from midcourse.store.blocks import blocks, chunks_of

duckdb = pytest.importorskip("duckdb")
pq = pytest.importorskip("pyarrow.parquet")

ABOUT = {"title": "A study", "plan_hash": "ab" * 32, "version": "1.2", "seed": 7}
POWER = "radar.emr.mean_power"


def a_map(worlds: int = 20) -> xr.Dataset:
    """Chances by architecture and threat; some cells out of reach, some of the study not there yet."""
    rng = np.random.default_rng(3)
    value = (rng.random((1, 2, 2, 3, worlds, 4, 5)) < 0.37).astype(np.float32)
    value[..., 0, :] = np.nan
    value[0, 1, 1, 2] = np.nan
    dims = ("dossier", POWER, "architecture", "threat", "world", "lat", "lon")
    return xr.Dataset(
        {
            "value": (dims, value, {"units": "1", "long_name": "can be engaged", "kind": "area"}),
            "nominal": ((*dims[:4], *dims[5:]), value[:, :, :, :, 0]),
        },
        {
            "dossier": ["third-site"],
            POWER: ["30 kW", "170 kW"],
            "architecture": ["one", "two"],
            "threat": ["mrbm", "irbm", "icbm"],
            # The same words for two threats.
            "threat_title": ("threat", ["Europe", "Europe", "Far"]),
            "world": np.arange(1, worlds + 1),
            "lat": ("lat", np.linspace(40.5, 43.5, 4), {"units": "degrees_north"}),
            "lon": np.linspace(0.5, 4.5, 5),
        },
        {"region": "Europe", "grid_size_deg": 1.0},
    )


def claims() -> xr.Dataset:
    value = np.array([[[1.0, 2.0, np.nan, np.nan], [5.0, 7.0, 9.0, np.nan]]])
    passed = np.array([[[1, 0, 0, -1], [1, 1, 1, -1]]], dtype=np.int8)
    dims = ("dossier", "claim", "world")
    return xr.Dataset(
        {"value": (dims, value), "passed": (dims, passed), "nominal": (dims[:2], value[:, :, 0])},
        {
            "dossier": ["d"],
            "claim": ["fast", "far"],
            "unit": ("claim", ["km/s", "km"]),
            "threshold": ("claim", [1.5, 4.0]),
            "world": np.arange(1, 5),
        },
    )


def test_duckdb_finds_the_probabilities_that_xarray_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "_ROWS", 97)  # many groups, none of them a chunk
    data = a_map()
    data.to_zarr(
        tmp_path / "store", group="cover", consolidated=False,
        encoding={
            "value": {"chunks": (1, 1, 1, 1, 8, 4, 5)},
            **{
                name: {"dtype": "object"} for name in data.coords if data[name].dtype.kind == "U"
            },
        },
    )  # fmt: skip
    told: list[tuple[str, int, int]] = []
    with xr.open_datatree(tmp_path / "store", engine="zarr", consolidated=False, chunks=None) as tree:
        (path,) = export(tree, tmp_path / "out", lambda *each: told.append(each), about=ABOUT)
    assert pq.ParquetFile(path).num_row_groups > 10
    assert told[-1] == ("cover", data["value"].size, data["value"].size)
    rows = duckdb.sql(
        f'select "{POWER}", architecture, threat, avg(value), avg(nominal), count(*), count(value) '
        f"from '{path}' group by all"
    ).fetchall()
    assert len(rows) == 12
    for power, architecture, threat, share, nominal, count, known in rows:
        here = data.sel({POWER: power, "architecture": architecture, "threat": threat})
        assert count == here["value"].size
        assert known == int(here["value"].notnull().sum())
        if known == 0:
            assert share is None
            continue
        # Sums of zeros and ones are exact, whatever their order.
        assert share == float(here["value"].mean(dtype=np.float64))
        assert nominal == pytest.approx(float(here["nominal"].mean(dtype=np.float64)), rel=1e-12)


def test_rows_stand_at_their_places(tmp_path: Path) -> None:
    data = a_map(worlds=3)
    (path,) = export({"cover": data}, tmp_path, about=ABOUT)
    frame = duckdb.sql(f"select * from '{path}'")
    names = frame.columns
    assert names == [
        *data["value"].dims, "threat_title", "value", "nominal",
    ]  # fmt: skip
    rows = frame.fetchall()
    assert len(rows) == data["value"].size
    for row in rows[:: len(rows) // 50]:
        at = dict(zip(names, row, strict=True))
        here = data.sel({dim: at[dim] for dim in data["value"].dims})
        for name in ("value", "nominal"):
            expected = float(here[name])
            assert at[name] == (None if np.isnan(expected) else expected)
        assert at["threat_title"] == str(here["threat_title"].item())


def test_texts_are_dictionaries_and_metadata_tell_units_and_provenance(tmp_path: Path) -> None:
    (path,) = export({"cover": a_map()}, tmp_path, about=ABOUT)
    schema = pq.read_schema(path)
    for name in ("dossier", POWER, "architecture", "threat", "threat_title"):
        assert str(schema.field(name).type).startswith("dictionary<values=string")
    assert str(schema.field("value").type) == "float"
    assert schema.field("value").metadata[b"units"] == b"1"
    told = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert told["plan_hash"] == ABOUT["plan_hash"]
    assert told["seed"] == "7"
    assert told["question"] == "cover"
    assert told["region"] == "Europe"
    assert json.loads(told["units"]) == {"value": "1", "lat": "degrees_north"}
    assert json.loads(told["columns"])["value"]["long_name"] == "can be engaged"
    threats = pq.read_table(path, columns=["threat"]).column("threat").unique().to_pylist()
    assert threats == ["mrbm", "irbm", "icbm"]


def test_what_is_not_known_of_a_claim_is_null(tmp_path: Path) -> None:
    (path,) = export({"claims": claims()}, tmp_path)
    rows = duckdb.sql(
        f"select claim, unit, threshold, count(value), count(passed), avg(passed) from '{path}' "
        "group by all order by claim"
    ).fetchall()
    assert rows == [("far", "km", 4.0, 3, 3, 1.0), ("fast", "km/s", 1.5, 2, 3, 1 / 3)]


def test_all_files_appear_or_none(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "deep"

    def full(name: str, done: int, total: int) -> None:
        if name == "second":
            raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match=r"--out: cannot write second.parquet in .*no space left on device"):
        export({"first": claims(), "second": claims()}, folder, full)
    assert not (tmp_path / "new").exists()
    (tmp_path / "first.parquet").write_text("as it was")
    with pytest.raises(InputError):
        export({"first": claims(), "second": claims()}, tmp_path, full)
    assert [each.name for each in tmp_path.iterdir()] == ["first.parquet"]
    assert (tmp_path / "first.parquet").read_text() == "as it was"


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"--out: cannot write claims\.parquet in .*file exists"):
        export({"claims": claims()}, tmp_path / "file")


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r'pip install "midcourse\[parquet\]"'):
        export({"claims": claims()}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@given(
    st.lists(st.tuples(st.integers(1, 7), st.integers(1, 9)), min_size=1, max_size=4),
    st.integers(1, 200),
    st.booleans(),
)
def test_blocks_hold_each_value_once_and_no_more_than_fits(
    dims: list[tuple[int, int]], most: int, last_whole: bool
) -> None:
    sizes = {f"d{i}": size for i, (size, _) in enumerate(dims)}
    chunks = {f"d{i}": chunk for i, (_, chunk) in enumerate(dims)}
    whole = (f"d{len(dims) - 1}",) if last_whole else ()
    seen = np.zeros(tuple(sizes.values()), dtype=int)
    for block in blocks(sizes, chunks, most, whole):
        part = seen[tuple(block.values())]
        assert part.size <= max(most, seen.shape[-1] if last_whole else 1)
        part += 1
    assert (seen == 1).all()


def test_a_part_of_a_variable_knows_how_it_is_cut() -> None:
    data = a_map()["value"]
    data.encoding["chunks"] = (1, 1, 1, 1, 8, 4, 5)
    here = data.isel({"dossier": 0, POWER: 0, "architecture": 0, "threat": 0})
    assert chunks_of(here) == {"world": 8, "lat": 4, "lon": 5}
