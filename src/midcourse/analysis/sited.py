"""Where a base or a radar would serve best: what `study` makes, and `output` shows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from .maps import Place as Mark
from .maps import make_map

if TYPE_CHECKING:
    import xarray

    from .grid import Grid

Kind = Literal["interceptor", "radar"]
Objective = Literal["people", "share", "shots"]


@dataclass(frozen=True)
class Candidate:
    """A place, and what the architecture would do with the part there; every figure nominal.

    Attributes
    ----------
    site : the dossier's name for it; None for a cell of the grid, whose centre it is
    country : "" at sea
    barred : why it was not among those searched: outside the region, the countries, the distances kept
    people : in the threat's target cities defended on every flight that reaches them
    share, shots : of the threat's flights, engaged; mean shots at them, None unless these were asked for
    reach : share of the spared threat's flights that the battery engages there, or the radar watches
    rank : by the objective; one more than how many of the places searched do better
    sparing_rank : by least reach, among the places that keep enough of the best; None for all others
    front : whether no place searched defends more with no more reach, or as much with less
    more, less : how much more some place defends with no more reach; how much less reach some place has that
        defends no less
    """

    name: str
    site: str | None
    lat: float
    lon: float
    country: str
    barred: str | None
    people: int
    share: float
    shots: float | None
    reach: float | None
    rank: int
    sparing_rank: int | None = None
    front: bool | None = None
    more: float | None = None
    less: float | None = None

    def value(self, objective: Objective) -> float:
        """What is ranked."""
        found = {"people": self.people, "share": self.share, "shots": self.shots}[objective]
        assert found is not None
        return float(found)


@dataclass(frozen=True)
class Resolution:
    """What tells places apart.

    Attributes
    ----------
    step : the least that can differ: one flight, or the smallest city
    neighbours : what cells side by side differ by, in the median; None where none are
    level : places, beside the best, that come within the larger of the two
    """

    step: float
    neighbours: float | None
    level: int


@dataclass(frozen=True)
class Sited:
    """Places for a part of an architecture, the best first.

    Attributes
    ----------
    moved, own_site : the part, and the site that the dossier gives it
    alone : whether the architecture has nothing else of the kind
    spare : the threat that is to be spared; None where none is
    keep : of the best place's value, which a sparing place must keep
    flights, spare_flights, people : of the threats' first missiles: flights, and people within reach
    searched, to_search : places of the grid and sites, done and in all: fewer where it was interrupted
    """

    dossier: str
    version: str
    hash: str
    command: str
    architecture: str
    title: str
    place: Kind
    moved: str
    own_site: str
    alone: bool
    threat: str
    threat_title: str
    missile: str
    objective: Objective
    spare: str | None
    spare_title: str | None
    keep: float
    region: str
    grid_deg: float
    countries: list[str]
    keep_out: list[str]
    flights: int
    spare_flights: int | None
    people: int
    searched: int
    to_search: int
    interrupted: bool
    resolution: Resolution
    best: str
    sparing: str | None
    candidates: list[Candidate]
    grid: Grid = field(repr=False, compare=False)
    cells: list[int] = field(repr=False, compare=False)

    @property
    def allowed(self) -> list[Candidate]:
        """Places searched, the best first."""
        return [each for each in self.candidates if each.barred is None]

    @property
    def named(self) -> list[Candidate]:
        """The dossier's sites, the best first."""
        return [each for each in self.candidates if each.site is not None]

    @property
    def sparing_place(self) -> Candidate | None:
        """The place with the least reach among those that keep enough of the best."""
        return next((each for each in self.allowed if each.sparing_rank == 1), None)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        skipped = ("grid", "cells")
        names = [name for name in self.__dataclass_fields__ if name not in skipped]
        found = {name: getattr(self, name) for name in names}
        found["resolution"] = asdict(self.resolution)
        found["candidates"] = [asdict(each) for each in self.candidates]
        return found

    def to_json(self) -> str:
        """As one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)

    def layer(self, values: list[float]) -> NDArray[np.float64]:
        """Values of the candidates over the grid's cells, nan elsewhere."""
        out = np.full(len(self.grid), np.nan)
        for cell, value in zip(self.cells, values, strict=True):
            if cell >= 0:
                out[cell] = value
        return out

    def to_map(self) -> xarray.Dataset:
        """The objective over the grid, the spared threat's share beside it; the sites and the best place are
        marked.
        """
        words = {
            "people": ("people defended", "1"),
            "share": ("share of flights engaged", "1"),
            "shots": ("mean shots at a flight", "1"),
        }
        long_name, units = words[self.objective]
        what = "battery" if self.place == "interceptor" else "radar"
        first = self.allowed[0]
        marks = [
            Mark(each.name, self.place if each.site == self.own_site else "compared", each.lat, each.lon)
            for each in self.named
        ]
        if first.site is None:
            marks.append(Mark("best", "compared", first.lat, first.lon))
        if (sparing := self.sparing_place) is not None and sparing.site is None and sparing is not first:
            marks.append(Mark("least reach", "compared", sparing.lat, sparing.lon))
        data = make_map(
            self.grid,
            self.objective if self.objective != "people" else "people_defended",
            self.layer([each.value(self.objective) for each in self.candidates]),
            kind="share" if self.objective == "share" else "number",
            units=units,
            long_name=f"{long_name} with the {what} here: {self.threat_title}",
            title=f"Where to put {self.moved}. {self.title}",
            places=marks,
            missing="not searched",
            about={
                "dossier": self.dossier,
                "dossier_hash": self.hash,
                "architecture": self.architecture,
                "threat": self.threat,
                "missiles": self.missile,
                "command": self.command or None,
            },
        )
        if self.spare is not None:
            reach = self.layer([np.nan if each.reach is None else each.reach for each in self.candidates])
            told = (
                f"share of flights that the {what} {'engages' if what == 'battery' else 'watches'} from here"
            )
            dims = data[str(data.attrs["quantity"])].dims
            about = {"long_name": f"{told}: {self.spare_title}", "units": "1"}
            data["reach"] = (dims, reach.reshape(self.grid.shape), about)
        return data
