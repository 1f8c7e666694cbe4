"""A study is read with xarray, lazily, and says where it comes from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from midcourse import InputError
from midcourse.store.reading import open_question, open_study
from midcourse.store.store import Store

from .making import INDEXES, VALUE, create, fill


def test_a_study_is_read_as_it_was_laid_out(url: str) -> None:
    create(url)
    fill(Store.open(url), [0, 4])
    study = open_study(url)
    assert set(study.children) == {"europe", "claims"}
    assert {k: study.attrs[k] for k in ("title", "plan_hash", "seed", "midcourse_version")} == {
        "title": "Small",
        "plan_hash": "1234",
        "seed": 7,
        "midcourse_version": "0.1.0",
    }
    europe = open_question(url, "europe")
    xr.testing.assert_identical(europe.drop_attrs(), study["europe"].to_dataset().drop_attrs())
    assert (europe.attrs["region"], europe.attrs["plan_hash"]) == ("Europe", "1234")
    assert europe["value"].attrs == {"units": "1"}
    assert europe.sel(architecture="sïte")["architecture_title"].item() == "The sïte"
    assert set(europe.coords) == {"architecture", "architecture_title", "world", "lat"}
    expected = np.full(VALUE.shape, np.nan, dtype=np.float32)
    for unit in (0, 4):
        part = VALUE.within(INDEXES[unit])
        shape = [each.stop - each.start for each in part]
        expected[part] = np.random.default_rng(unit).random(shape)
    np.testing.assert_array_equal(europe["value"], expected)
    assert (study["claims"]["passed"] == -1).all()


def test_a_reader_needs_no_dask_and_reads_no_value_that_is_not_asked_for(tmp_path: Path) -> None:
    fill(create(tmp_path), [0, 1])
    for name in ("europe/value/c/0/0/1", "europe/value/c/0/0/0"):
        assert (tmp_path / name).exists()
    # A value that is read would be an error.
    (tmp_path / "europe/value/c/0/0/1").write_bytes(b"no Zstandard")
    code = (
        "import sys\n"
        "sys.modules['dask'] = None\n"
        "from midcourse.store.reading import open_question, open_study\n"
        "study = open_study(sys.argv[1])\n"
        "print(study['europe'].sizes['cell'], float(open_question(sys.argv[1], 'europe').value[0, 0, 0]))"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    first = float(np.random.default_rng(0).random((1, 4, 5))[0, 0, 0].astype(np.float32))
    assert ran.stdout.split() == ["7", str(first)]


def test_xarray_alone_reads_it(tmp_path: Path) -> None:
    """Without midcourse, without a warning, with what stands beside the arrays in the folder."""
    fill(create(tmp_path), [2])
    with xr.open_datatree(tmp_path, engine="zarr", chunks=None) as study:
        assert set(study.children) == {"europe", "claims"}
    with xr.open_zarr(tmp_path, group="europe", chunks=None) as europe:
        assert np.isfinite(europe["value"]).sum() == 1 * 4 * 5


def test_mistakes_are_told(url: str) -> None:
    with pytest.raises(InputError, match="no study is stored in"):
        open_study(url)
    store = create(url)
    with pytest.raises(InputError, match=r'unknown question .*"europa".*did you mean "europe"'):
        open_question(url, "europa")
    store.place.write("europe/architecture/c/0", b"spoilt")
    with pytest.raises(InputError, match=r"europe/architecture/c/0; expected .*resume"):
        open_study(url)
