"""How fast maps are laid and written. Run by ``make bench``; not a test."""

from __future__ import annotations

import pytest

from midcourse.analysis.grid import make_grid
from midcourse.analysis.map_tables import tabulate
from midcourse.output.maps.writing import ENDINGS, made

from ..output.made_maps import probability

pytestmark = pytest.mark.benchmark


def test_land_countries_and_people_of_the_world_at_a_quarter_degree(benchmark):
    """1,036,800 cells; two seconds are allowed."""
    benchmark.pedantic(lambda: make_grid("0.25 deg").ground, rounds=3, warmup_rounds=1)
    assert benchmark.stats.stats.min < 2.0


@pytest.mark.parametrize("ending", ENDINGS)
def test_europe_at_one_degree_is_written(benchmark, ending):
    """2,660 cells; two seconds are allowed."""
    data = probability()
    benchmark.pedantic(made, args=(data, ending), rounds=3, warmup_rounds=1)
    assert benchmark.stats.stats.min < 2.0


def test_a_table_of_the_world(benchmark):
    data = probability("world")
    benchmark.pedantic(tabulate, args=(data,), rounds=3, warmup_rounds=1)
