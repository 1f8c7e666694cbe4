"""Maps as data and their tables, on made-up fields whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from midcourse.analysis.grid import make_grid
from midcourse.analysis.map_tables import MapTable, tabulate
from midcourse.analysis.maps import (
    BOTH,
    GAINED,
    LOST,
    NEITHER,
    Kind,
    Place,
    difference,
    grid_of,
    make_map,
    places_of,
    values_of,
)
from midcourse.dossier.errors import InputError

EUROPE = make_grid("1 deg", "europe")
PLACES = (Place("Redzikowo", "interceptor", 54.48, 17.1), Place("Brdy", "radar", 49.66, 13.66))


def laid(values: object, kind: Kind = "area", grid: object = EUROPE, **about: str) -> object:
    return make_map(
        grid, "defended", values, kind=kind, long_name="defended", title="Map", places=PLACES, about=about
    )


def line(table: MapTable, name: str) -> dict[str, float | None]:
    row = next(row for row in (table.total, *table.rows) if row.name == name)
    return dict(zip((column.key for column in table.columns), row.values, strict=True))


@pytest.mark.parametrize("equal_area", [False, True])
@pytest.mark.parametrize("region", ["europe", "pacific", "world", "arctic"])
def test_a_map_knows_its_grid(region: str, equal_area: bool) -> None:
    grid = make_grid("2 deg", region, equal_area=equal_area)
    found = grid_of(laid(np.zeros(len(grid), bool), grid=grid))
    assert found.kind == grid.kind
    assert np.array_equal(found.counts, grid.counts)
    assert np.allclose(found.bounds, grid.bounds, rtol=0, atol=1e-12)


def test_a_map_carries_what_it_is_made_of() -> None:
    data = laid(np.arange(len(EUROPE)) % 2 == 0, architecture="third-site", threat=None)
    assert data["defended"].shape == (38, 70)
    assert data["cell_area"].values.sum() == pytest.approx(EUROPE.area.sum())
    assert data.attrs["architecture"] == "third-site"
    assert "threat" not in data.attrs
    assert places_of(data) == list(PLACES)
    assert np.array_equal(values_of(data), np.arange(len(EUROPE)) % 2 == 0)


def test_values_of_another_grid_are_refused() -> None:
    with pytest.raises(ValueError, match="2660 cells"):
        laid(np.zeros(100))


def test_everything_inside_is_all_land_and_all_people() -> None:
    total = line(tabulate(laid(np.ones(len(EUROPE), bool))), "All countries")
    assert total["land_inside_km2"] == pytest.approx(total["land_km2"])
    assert total["people_inside"] == total["people"]
    assert total["land_share"] == total["people_share"] == 1.0


def test_rows_add_up_to_the_total() -> None:
    table = tabulate(laid(EUROPE.lon_deg > 15.0))
    for index, column in enumerate(table.columns):
        if column.counted:
            assert sum(row.values[index] or 0.0 for row in table.rows) == pytest.approx(
                table.total.values[index]
            )


def test_a_country_is_split_where_the_map_splits_it() -> None:
    inside = EUROPE.lon_deg < 10.0
    germany = line(tabulate(laid(inside)), "Germany")
    other = line(tabulate(laid(~inside)), "Germany")
    assert 0.3 < germany["land_share"] < 0.6
    assert germany["land_inside_km2"] + other["land_inside_km2"] == pytest.approx(germany["land_km2"])
    assert germany["people_inside"] + other["people_inside"] == germany["people"]
    assert line(tabulate(laid(inside)), "Poland")["land_inside_km2"] == 0.0
    assert line(tabulate(laid(inside)), "Portugal")["people_share"] == 1.0


def test_a_coastal_city_counts_although_its_cell_is_mostly_sea() -> None:
    grid = make_grid("5 deg", "world")
    cell = int(grid.locate(21.31, -157.86))  # Honolulu
    assert grid.ground.country[cell] == -1
    inside = np.arange(len(grid)) == cell
    america = line(tabulate(laid(inside, grid=grid)), "United States of America")
    assert america["people_inside"] > 3e5
    assert 5e3 < america["land_inside_km2"] < 2e4


def test_numbers_are_weighted_by_land_and_by_people() -> None:
    table = tabulate(laid(np.where(EUROPE.lat_deg > 52.0, 300.0, 100.0), "number"))
    germany = line(table, "Germany")
    north = line(tabulate(laid(EUROPE.lat_deg > 52.0)), "Germany")
    assert germany["land_mean"] == pytest.approx(100.0 + 200.0 * north["land_share"])
    assert germany["people_mean"] == pytest.approx(100.0 + 200.0 * north["people_share"])
    assert germany["land_p10"] == 100.0
    assert germany["land_p90"] == 300.0
    assert line(table, "Spain")["people_p50"] == 100.0
    assert line(table, "Sweden")["people_p50"] == 300.0


def test_quantiles_split_the_weight() -> None:
    values = np.arange(len(EUROPE), dtype=float)
    total = line(tabulate(laid(values, "number")), "All countries")
    for share in (10, 50, 90):
        below = line(tabulate(laid(values <= total[f"people_p{share}"])), "All countries")
        before = line(tabulate(laid(values < total[f"people_p{share}"])), "All countries")
        assert before["people_share"] < share / 100 <= below["people_share"]


def test_cells_without_a_value_are_left_out() -> None:
    values = np.where(EUROPE.lon_deg < 10.0, np.nan, 5.0)
    germany = line(tabulate(laid(values, "number")), "Germany")
    assert germany["land_mean"] == pytest.approx(5.0)
    assert 0.4 < germany["land_with_value_share"] < 0.7
    portugal = line(tabulate(laid(values, "number")), "Portugal")
    assert portugal["land_mean"] is None
    assert portugal["land_with_value_share"] == 0.0


def test_a_difference_of_areas_tells_gains_from_losses() -> None:
    before, after = laid(EUROPE.lon_deg < 20.0), laid(EUROPE.lon_deg > 10.0)
    change = difference(before, after, title="Change")
    lon = EUROPE.lon_deg
    expected = np.select([(lon > 10) & (lon < 20), lon > 20, lon < 10], [BOTH, GAINED, LOST], NEITHER)
    assert np.array_equal(values_of(change), expected)
    table = tabulate(change)
    total = line(table, "All countries")
    parts = [total[f"people_{word}"] for word in ("kept", "gained", "lost")]
    assert sum(parts) == total["people"]
    assert sum(table.whole_km2[word] for word in ("kept", "gained", "lost")) == pytest.approx(
        table.whole_km2["map"]
    )


def test_a_map_against_itself_changes_nothing() -> None:
    one = laid(EUROPE.lat_deg, "number")
    assert np.all(values_of(difference(one, one, title="None")) == 0.0)
    area = laid(EUROPE.lat_deg > 50)
    total = line(tabulate(difference(area, area, title="None")), "All countries")
    assert total["people_gained"] == total["people_lost"] == 0.0


def test_what_is_unknown_in_one_map_is_unknown_in_the_difference() -> None:
    one = laid(np.where(EUROPE.lat_deg > 50, np.nan, 1.0))
    change = difference(one, laid(np.ones(len(EUROPE), bool)), title="Change")
    assert np.array_equal(np.isnan(values_of(change)), EUROPE.lat_deg > 50)


def test_only_maps_alike_are_compared() -> None:
    other = make_grid("2 deg", "europe")
    with pytest.raises(InputError, match="different grids"):
        difference(laid(np.ones(len(EUROPE), bool)), laid(np.ones(len(other), bool), grid=other), title="")
    with pytest.raises(InputError, match="cannot be compared"):
        difference(laid(np.ones(len(EUROPE), bool)), laid(np.ones(len(EUROPE)), "number"), title="")
