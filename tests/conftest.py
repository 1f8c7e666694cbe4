"""What all tests share: the built-in data, read once, and hypothesis without deadlines.

The first call of a compiled function takes its compilation's time: a deadline would only measure that.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

from midcourse.dossier import Dossier, load, load_catalog
from midcourse.model.memory import Memory

settings.register_profile("midcourse", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("midcourse")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each worker begins with a stretch of the tests of its own, and takes over from others what they have
    not come to: so what the tests of a file share is made once, and where no kernels are kept yet, one worker
    compiles the largest while another is far from needing them.
    """
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


@pytest.fixture(scope="session")
def catalog() -> Dossier:
    return load_catalog()


@pytest.fixture(scope="session")
def third_site() -> Dossier:
    return load("third-site")


@pytest.fixture(scope="session")
def memory() -> Memory:
    """Flights and fly-out tables, computed once for all tests."""
    return Memory()
