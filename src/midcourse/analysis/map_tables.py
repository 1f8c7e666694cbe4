"""The tables that go with a map: how much land and how many people, by country and in all.

Land is counted by each country's part of each cell, people by the cities in a cell and the country that
they belong to. So a coastal city counts although its cell's centre lies at sea.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .grid import Grid
from .maps import BOTH, GAINED, LOST, grid_of, kind_of, quantity_of, values_of

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

KM2 = 1e-6  # km^2 in a m^2
QUANTILES = (0.1, 0.5, 0.9)
TOTAL = "All countries"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its key in JSON, its heading and its unit; ``counted`` of areas and people."""

    key: str
    heading: str
    unit: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A country's line, or the total's with no code. A value is None where nothing bears on it."""

    code: str
    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class MapTable:
    """A map in numbers. ``whole_km2`` is the area of the map that it is about, sea and all."""

    kind: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    whole_km2: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """The table as ``--json`` prints it."""
        return {
            "units": {column.key: column.unit for column in self.columns},
            "total": self._line(self.total),
            "countries": [{"code": row.code, "name": row.name, **self._line(row)} for row in self.rows],
            "area_with_sea_km2": self.whole_km2,
        }

    def _line(self, row: Row) -> dict[str, float | None]:
        return {column.key: value for column, value in zip(self.columns, row.values, strict=True)}


@dataclass(frozen=True, slots=True)
class Weights:
    """Land [km^2] or people, each with its cell and its country."""

    cell: NDArray[np.int64]
    country: NDArray[np.int64]
    weight: Floats
    countries: int

    def by_country(self, chosen: NDArray[np.bool_] | None = None) -> Floats:
        """The weight of each country and, last, of all, in chosen cells or everywhere."""
        weight = self.weight if chosen is None else np.where(chosen[self.cell], self.weight, 0.0)
        sums = np.bincount(self.country, weight, self.countries)
        return np.append(sums, sums.sum())


def tabulate(data: xr.Dataset) -> MapTable:
    """The table of a map of any kind."""
    grid, values = grid_of(data), values_of(data)
    ground = grid.ground
    many = len(ground.countries)
    land = Weights(ground.part_cell, ground.part_country, ground.part_area * KM2, many)
    people = Weights(ground.city_cell, ground.city_country, ground.city_people.astype(float), many)
    kind = kind_of(data)
    make: dict[str, Callable[[], tuple[list[Column], list[Floats]]]] = {
        "area": lambda: _of_area(values == 1, land, people),
        "gain": lambda: _of_gain(values, land, people),
    }
    unit = str(quantity_of(data).attrs["units"])
    columns, lines = make.get(kind, lambda: _of_number(values, unit, land, people))()
    columns = [Column("land_km2", "Land", "km^2", True), Column("people", "City people", "1", True), *columns]
    table = np.column_stack([land.by_country(), people.by_country(), *lines])
    shown = [index for index in range(many) if table[index, 0] > 0 or table[index, 1] > 0]
    shown.sort(key=lambda index: (-table[index, 1], -table[index, 0]))
    countries = ground.countries
    return MapTable(
        kind=kind,
        columns=tuple(columns),
        rows=tuple(Row(countries[i].alpha2, countries[i].name, _plain(table[i])) for i in shown),
        total=Row("", TOTAL, _plain(table[many])),
        whole_km2=_whole(kind, values, grid),
    )


def _of_area(inside: NDArray[np.bool_], land: Weights, people: Weights) -> tuple[list[Column], list[Floats]]:
    columns = [
        Column("land_inside_km2", "Land inside", "km^2", True),
        Column("land_share", "Share of land", "1"),
        Column("people_inside", "People inside", "1", True),
        Column("people_share", "Share of people", "1"),
    ]
    area, lives = land.by_country(inside), people.by_country(inside)
    return columns, [area, _ratio(area, land.by_country()), lives, _ratio(lives, people.by_country())]


def _of_gain(values: Floats, land: Weights, people: Weights) -> tuple[list[Column], list[Floats]]:
    columns, lines = [], []
    for word, code in (("kept", BOTH), ("gained", GAINED), ("lost", LOST)):
        columns += [
            Column(f"land_{word}_km2", f"Land {word}", "km^2", True),
            Column(f"people_{word}", f"People {word}", "1", True),
        ]
        lines += [land.by_country(values == code), people.by_country(values == code)]
    return columns, lines


def _of_number(
    values: Floats, unit: str, land: Weights, people: Weights
) -> tuple[list[Column], list[Floats]]:
    """Mean and quantiles over land and over people, of cells that have a value, and their share."""
    columns, lines = [], []
    known = np.isfinite(values)
    for key, word, weights in (("land", "land", land), ("people", "people", people)):
        here = weights.by_country(known)
        total = weights.by_country()
        filled = Weights(
            weights.cell, weights.country, weights.weight * known[weights.cell], weights.countries
        )
        scaled = filled.weight * np.where(known, values, 0.0)[weights.cell]
        sums = np.bincount(weights.country, scaled, weights.countries)
        columns += [
            Column(f"{key}_with_value_share", f"Share of {word} with a value", "1"),
            Column(f"{key}_mean", f"Mean over {word}", unit),
            *(Column(f"{key}_p{q * 100:.0f}", f"{q:.0%} quantile over {word}", unit) for q in QUANTILES),
        ]
        lines += [
            _ratio(here, total),
            _ratio(np.append(sums, sums.sum()), here),
            *_quantiles(values, filled).T,
        ]
    return columns, lines


def _quantiles(values: Floats, weights: Weights) -> Floats:
    """The least value that the given share of each country's weight, and of all, lies at or below: (n, q)."""
    heavy = weights.weight > 0
    value = values[weights.cell[heavy]]
    country, weight = weights.country[heavy], weights.weight[heavy]
    found = np.full((weights.countries + 1, len(QUANTILES)), np.nan)
    order = np.lexsort((value, country))
    ends = np.searchsorted(country[order], np.arange(weights.countries + 1))
    groups = [order[ends[i] : ends[i + 1]] for i in range(weights.countries)] + [np.argsort(value)]
    for index, group in enumerate(groups):
        if len(group):
            below = np.cumsum(weight[group])
            # A rounding error in the sum must not push an exact share to the next value.
            place = np.searchsorted(below, np.array(QUANTILES) * below[-1] * (1 - 1e-12))
            found[index] = value[group][place]
    return found


def _whole(kind: str, values: Floats, grid: Grid) -> dict[str, float]:
    """Area of the map itself by what it shows [km^2], land and sea."""
    area = grid.area * KM2
    whole = {"map": float(area.sum())}
    if kind == "area":
        return {**whole, "inside": float(area[values == 1].sum())}
    if kind == "gain":
        named = (("kept", BOTH), ("gained", GAINED), ("lost", LOST))
        return {**whole, **{word: float(area[values == code].sum()) for word, code in named}}
    return {**whole, "with_value": float(area[np.isfinite(values)].sum())}


def _ratio(part: Floats, whole: Floats) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return ratio


def _plain(values: Floats) -> tuple[float | None, ...]:
    return tuple(float(value) if np.isfinite(value) else None for value in values)
