"""Places of both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .making import in_memory


@pytest.fixture(params=["folder", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An address where nothing is yet: a folder, then one behind fsspec."""
    if request.param == "folder":
        yield str(tmp_path / "store")
    else:
        with in_memory() as address:
            yield address
