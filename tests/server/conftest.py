"""A small dossier on show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from midcourse.dossier import Dossier, load, new
from midcourse.model.memory import Memory
from midcourse.server.case import Case
from midcourse.server.desk import Desk


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The starter's dossier, of four claims, two of which its radar has nothing to do with."""
    folder = tmp_path_factory.mktemp("small")
    new(folder)
    return load(folder)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    found = Desk(2)
    yield found
    found.close()


@pytest.fixture(scope="module")
def case(small: Dossier, desk: Desk, memory: Memory) -> Case:
    """The small dossier, which nobody has assessed."""
    return Case("small", small, desk, memory)
