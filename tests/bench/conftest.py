"""What several measurements share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..cluster_processes import Site, site


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A scheduler and two workers of a thread each."""
    with site(tmp_path_factory.mktemp("pair")) as there:
        there.start_scheduler()
        for _ in range(2):
            there.start_worker(1)
        yield there
