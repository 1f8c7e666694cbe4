"""Plans for the tests, written into a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from midcourse.survey.plan import Plan, read_plan

#: A plan with a question of each kind, small enough to be worked whole in a few seconds.
SMALL = """
[study]
title = "A small study"
dossiers = "third-site"
architectures = ["third-site", "gabala"]
threats = "iran-europe-irbm"
samples = 40
seed = 3

[set]
"doctrine.nominal.decision_delay" = ["30 s", "120 s"]

[claims.argued]
of = ["washington-europe-mrbm", "kremlin-gabala-replaces-europe"]

[quantity.engaged]
quantity = "engageable-share"

[map.defended]
region = "europe"
grid = "6 deg"
from = ["north-west", "centre"]

[raid.salvo]
missiles = [3, 8]
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a plan and says where."""

    def to_file(text: str) -> Path:
        path = tmp_path / "plan.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    path = tmp_path_factory.mktemp("plan") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return read_plan(str(path))
