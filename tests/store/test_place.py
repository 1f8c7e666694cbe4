"""A place gives back what was put there, whole or not at all, and says plainly what it cannot do."""

from __future__ import annotations

import errno
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from midcourse import InputError
from midcourse.store.place import DiskFull, place_of


def test_what_is_written_is_read(url: str) -> None:
    place = place_of(url)
    assert place.read("a/b") is None
    assert place.names() == []
    place.write("a/b/c", b"one")
    place.write("a/b/c", b"two!")
    place.write("a/d", b"")
    place.write("e", b"5")
    assert place.read("a/b/c") == b"two!"
    assert place.read("a/d") == b""
    assert place.read("a/b") is None
    assert (place.size("a/b/c"), place.size("a/x")) == (4, None)
    assert place.names() == ["a/b/c", "a/d", "e"]
    assert place.names("a") == ["a/b/c", "a/d"]
    assert place.names("a/x") == []
    place.remove("a/b/c")
    place.remove("a/b/c")
    assert place_of(url).names() == ["a/d", "e"]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "a\\..\\x"])
def test_no_name_leads_out(url: str, name: str) -> None:
    with pytest.raises(ValueError, match="within a place"):
        place_of(url).write(name, b"")


@pytest.mark.parametrize("form", ["{}", "file://{}", "local://{}"])
def test_a_folder_has_several_addresses(tmp_path: Path, form: str) -> None:
    assert place_of(form.format(tmp_path / "with space")).local == tmp_path / "with space"


def test_an_unknown_kind_of_address_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"unknown kind of address s4://.*s3"):
        place_of("s4://bucket/store")


def test_a_missing_driver_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    # Missing, whether it is installed or not.
    monkeypatch.setitem(sys.modules, "adlfs", None)
    with pytest.raises(InputError, match=r"abfs://box/x: a Python package is missing .*adlfs"):
        place_of("abfs://box/x")


def test_secrets_are_not_told() -> None:
    for address in ("s4://me:hush@bucket/x", "ftps4://me:hush@host/x?sig=hush"):
        with pytest.raises(InputError) as caught:
            place_of(address)
        assert "hush" not in str(caught.value)
    if find_spec("s3fs") is not None:
        assert str(place_of("s3://me:hush@bucket/x")) == "s3://bucket/x"


def test_a_write_that_is_cut_off_leaves_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(tmp_path)
    place.write("a", b"before")

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="broken"):
        place.write("a", b"after")
    assert place.read("a") == b"before"
    assert place.names() == ["a"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_has_an_error_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    place = place_of(tmp_path)

    def full(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match=f"^no room left in {tmp_path}"):
        place.write("a", b"1")
    assert place.names() == []


def test_what_an_earlier_writer_left_is_taken_away(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    place.write("a", b"1")
    (tmp_path / ".begun" / "half").write_bytes(b"...")
    place.begin()
    assert place.names() == ["a"]
    place.write("b", b"2")
    assert place.names() == ["a", "b"]
