"""Questions with a map for an answer in every world."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.grid import Grid
from ..analysis.maps import Place
from ..dossier import InputError
from ..model.defence import defence as make_defence
from ..store.layout import Coordinate
from ..study.asking import Drawn
from ..study.design import BATCH
from ..study.map_asking import ask
from ..study.map_making import WORDS
from ..study.mapping import CHUNK, MapQuestion, MapWork
from ..study.sampling import Design, drawn
from .plan import Plan
from .question import Cells, Prepared, Question, Value, Values, cases_of, titles
from .workshop import Variant

# Flights of a block of cells, about: each is a fifth of a megabyte with all that is worked out about it.
_FLIGHTS = 768


class Map(Question):
    """``[map.NAME]``: a quantity over the cells of a grid."""

    kind = "map"
    # So many worlds of a block of cells take about a second.
    slab = 8 * BATCH

    def __init__(self, plan: Plan, name: str) -> None:
        super().__init__(plan, name)
        self.cases = cases_of(plan, self.written)
        asked = [
            self.question((a, t), dossier)
            for dossier in plan.dossiers.values()
            for a in range(len(self.cases[0]))
            for t in range(len(self.cases[1]))
        ]
        self.grid: Grid = asked[0].grid
        self._spots = [asked[t].spots for t in range(len(self.cases[1]))]
        most = min(CHUNK, _FLIGHTS // max(map(len, self._spots)))
        if self.grid.kind == "lat-lon":
            rows, columns = self.grid.shape[0], int(self.grid.counts[0])
            self.cells = Cells(("lat", "lon"), (rows, columns), min(rows, max(1, most // columns)))
        else:
            self.cells = Cells(("cell",), (len(self.grid),), min(len(self.grid), max(1, most)))

    def question(self, case: Sequence[int], dossier: Any) -> MapQuestion:
        """The map of a case."""
        architecture, threat = (axis.labels[i] for axis, i in zip(self.cases, case, strict=True))
        written = self.written
        try:
            found = ask(
                dossier, written.quantity, architecture, threat=threat, launches=written.from_,
                region=written.region, grid=written.grid, equal_area=written.equal_area,
                share=written.share.value,
            )  # fmt: skip
        except InputError as error:
            key = {"--from": "from"}.get(error.where or "", (error.where or "").removeprefix("--"))
            raise error.placed(self.plan.at("map", self.name, key or "quantity")) from None
        return replace(found, samples=self.plan.samples, seed=self.plan.seed)

    @property
    def values(self) -> tuple[Value, ...]:
        words = WORDS[self.written.quantity]
        about = {
            "quantity": self.written.quantity, "units": words.units, "long_name": words.long_name,
            "kind": words.kind, "missing": words.missing,
        }  # fmt: skip
        return (Value("value", "nominal", "float32", float("nan"), about),)

    def prepare(self, variant: Variant, case: Sequence[int]) -> Prepared:
        return _MapCase(self, variant, case)

    def evaluations(self, case: Sequence[int]) -> int:
        return len(self.grid) * len(self._spots[case[1]])

    def coordinates(self) -> dict[str, Coordinate]:
        grid, found = self.grid, titles(self.plan, self.cases)
        if grid.kind == "lat-lon":
            columns = int(grid.counts[0])
            found["lat"] = (("lat",), grid.lat_deg[::columns], {"units": "degrees_north"})
            found["lon"] = (("lon",), grid.lon_deg[:columns], {"units": "degrees_east"})
            # Cells of a row are alike.
            found["cell_area"] = (("lat",), grid.area[::columns], {"units": "m2"})
        else:
            found["lat"] = (("cell",), grid.lat_deg, {"units": "degrees_north"})
            found["lon"] = (("cell",), grid.lon_deg, {"units": "degrees_east"})
            found["cell_area"] = (("cell",), grid.area, {"units": "m2"})
        return found

    def attributes(self) -> dict[str, Any]:
        grid = self.grid
        return {
            **super().attributes(), "region": grid.name, "grid": grid.kind, "grid_size_deg": grid.size,
            "south": float(grid.edges[0]), "west": grid.west, "north": float(grid.edges[-1]),
            "east": grid.east, "launch_share": self.written.share.value,
            "places": json.dumps(self._places(), ensure_ascii=False),
        }  # fmt: skip

    def weights(self, block: int) -> NDArray[np.float64]:
        """The area of each cell [Mm^2]."""
        return np.asarray(1e-12 * self.grid.area[self.cells.within(block)])

    def _places(self) -> list[dict[str, Any]]:
        """What stands on the maps: bases and radars by architecture, launch places by threat [deg]."""
        first = next(iter(self.plan.dossiers.values()))
        found = []

        def mark(name: str, role: Any, lat: float, lon: float, **whose: list[str]) -> None:
            place = Place(name, role, float(np.degrees(lat)), float(np.degrees(lon)))
            found.append({**asdict(place), **whose})

        for name in self.cases[0].labels:
            defence = make_defence(first, name)
            for role, posts in (("interceptor", defence.batteries), ("radar", defence.sensors)):
                for post in posts:
                    site = post.site
                    mark(site.title, role, site.lat, site.lon, architecture=[name])
        for name, spots in zip(self.cases[1].labels, self._spots, strict=True):
            for spot in spots:
                mark(spot.name, "launch", spot.lat, spot.lon, threat=[name])
        return found


class _MapCase(Prepared):
    """The map of one architecture and threat."""

    def __init__(self, question: Map, variant: Variant, case: Sequence[int]) -> None:
        self._question, self._variant = question, variant
        asked = question.question(case, variant.dossier)
        # Flights of the block that each thread is at: the next slab of worlds takes them up.
        most = len(asked.spots) * (1 + (os.cpu_count() or 1))
        variant.kept.most = max(variant.kept.most or 0, most)
        self._work = MapWork(variant.dossier, asked, variant.memory, 1, lambda _: None, variant.kept)
        self._work.prepare()

    def work(self, block: int, worlds: Drawn | None) -> dict[str, Values]:
        cells = self._question.cells.within(block)
        design = Design({}, {}, 1)
        if worlds is not None:
            cube = self._variant.cube(worlds)
            design = drawn(self._variant.dossier, self._work.sampled, cube, self._variant.asked.columns)
        found = self._work.values(cells, design)
        return {"value": found.reshape(len(found), -1, *self._question.cells.shape[1:])}
