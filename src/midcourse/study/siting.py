"""The search for a place: a battery or a radar moves over land, and what it does at each place is told."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..analysis import siting
from ..analysis.grid import Grid
from ..analysis.sited import Candidate, Kind, Objective, Resolution, Sited
from ..analysis.siting import Moved, Reached
from ..analysis.spots import KeepOut, Spot, find_country, find_spots, inside
from ..atlas.regions import Region
from ..dossier import Dossier, InputError, nearest_names
from ..dossier.errors import listing
from ..model import Battery, Sensor
from ..model.defence import defence
from ..model.memory import Memory
from .raid import named_threat
from .running import Engine, Progress, Run, Threads

Array = NDArray[np.float64]

#: Places of a unit of work, all on one parallel, so that they share their fly-out tables.
CHUNK = 16
KINDS = ("interceptor", "radar")
OBJECTIVES = ("people", "share", "shots")
#: Of the best place's value, what a sparing place keeps where nobody says how much.
KEEP = 0.95


def search(
    dossier: Dossier,
    architecture: str,
    kind: Kind,
    grid: Grid,
    region: Region,
    *,
    move: str | None = None,
    threat: str | None = None,
    objective: Objective = "people",
    alone: bool = False,
    spare: str | None = None,
    keep: float = KEEP,
    countries: Sequence[str] = (),
    keep_out: Sequence[KeepOut] = (),
    workers: int | None = None,
    engine: Engine | None = None,
    command: str = "",
    progress: Callable[[Progress], None] | None = None,
    memory: Memory | None = None,
) -> Sited:
    """Move a battery or a radar over the land of a grid, and to the sites that the dossier names.

    Parameters
    ----------
    grid, region : cells whose centres are tried, and the region that they lie in
    move : the battery or sensor; ``movable`` says which is taken where it is left out
    threat : theirs; that which the dossier names for the architecture if left out
    alone : whether the architecture's other batteries, or where a radar moves its other radars, are left out
    spare : somebody else's threat, of whose flights the part should reach as few as can be
    keep : of the best place's value, what a sparing place must keep
    countries : where it may stand, by name or two-letter code; anywhere if left out

    Raises
    ------
    KeyboardInterrupt : where it was interrupted before anything was known
    """
    if not 0.0 < keep <= 1.0:
        raise InputError(
            "{value} cannot be kept", where="--keep", value=f"{keep:g}", expected="more than 0, at most 1"
        )
    dossier.get("architecture", architecture, where="--architecture")
    part = movable(dossier, architecture, kind, region, move)
    threat = threat or named_threat(dossier, architecture)
    dossier.get("threat", threat, where="--threat")
    if spare is not None:
        dossier.get("threat", spare, where="--spare")
    allowed = [find_country(each).name for each in countries]
    spots = find_spots(dossier, grid, region, allowed, keep_out, part)
    tell = progress or (lambda _: None)
    workers = workers or os.cpu_count() or 1
    setting = Moved(
        dossier, architecture, part, alone, memory or Memory(), workers,
        lambda what: tell(Progress(what, 0, 0)),
    )  # fmt: skip

    def work(unit: list[int]) -> tuple[list[int], Array]:
        places = [spots[i].place for i in unit]
        return unit, siting.measure(setting, places, threat, spare, shots=objective == "shots")

    run = Run(engine or Threads(workers), work, tell)
    found = np.full((len(spots), 4), np.nan)
    done: list[int] = []
    with run.interruptible():
        setting.prepare()
        target = siting.reached(setting, threat)
        if objective == "people" and not target.people.any():
            raise InputError(
                "the targets of threat {value} have no population", where="--objective", value=threat,
                expected="population = 1000000 with its places, or share",
            )  # fmt: skip
        spared = None if spare is None else siting.reached(setting, spare)
        what = "interceptors" if kind == "interceptor" else "the radar"
        for unit, values in run.leading(f"moving {what}", _units(spots), len(spots), len):
            found[unit] = values
            done += unit
    # A part of the sites alone would say nothing of the land.
    if not any(spots[i].barred is None for i in done):
        raise KeyboardInterrupt
    ends = _Ends(target, objective, keep)
    order, candidates, resolution = ends.ranked([spots[i] for i in done], found[done], grid)
    title = part.interceptor.title if isinstance(part, Battery) else part.radar.title
    header = dossier.dossier
    data = dossier.threat[threat]
    ours = [each for each in candidates if each.barred is None]
    return Sited(
        dossier=header.name if header else "",
        version=__version__,
        hash=dossier.hash,
        command=command,
        architecture=architecture,
        title=dossier.architecture[architecture].name,
        place=kind,
        moved=title,
        own_site=part.site.name,
        alone=alone,
        threat=threat,
        threat_title=data.name,
        missile=dossier.missile[data.missile[0]].name,
        objective=objective,
        spare=spare,
        spare_title=None if spare is None else dossier.threat[spare].name,
        keep=keep,
        region=region.name,
        grid_deg=grid.size,
        countries=allowed,
        keep_out=[each.words for each in keep_out],
        flights=target.flights,
        spare_flights=None if spared is None else spared.flights,
        people=int(target.people.sum()),
        searched=len(done),
        to_search=len(spots),
        interrupted=run.interrupted and len(done) < len(spots),
        resolution=resolution,
        best=ours[0].name,
        sparing=next((each.name for each in ours if each.sparing_rank == 1), None),
        candidates=candidates,
        grid=grid,
        cells=[spots[done[i]].cell for i in order],
    )


def check(kind: str, objective: str) -> tuple[Kind, Objective]:
    """What moves and what for, by name; InputError where it is neither known."""
    for text, known, where, problem in (
        (kind, KINDS, "--place", "{value} cannot be placed"),
        (objective, OBJECTIVES, "--objective", "unknown objective"),
    ):
        if text not in known:
            raise InputError(
                problem, where=where, value=text, expected=listing(known), nearest=nearest_names(text, known)
            )
    return cast(Kind, kind), cast(Objective, objective)


def movable(
    dossier: Dossier, architecture: str, kind: Kind, region: Region, move: str | None
) -> Battery | Sensor:
    """What moves: the part named; else the only one that the architecture adds to what it extends; else the
    only one in the region.
    """
    whole = defence(dossier, architecture)
    parts: Sequence[Battery | Sensor] = whole.batteries if kind == "interceptor" else whole.sensors
    what = "battery" if kind == "interceptor" else "sensor"
    if not parts:
        raise InputError(
            f"architecture {{value}} has no {what} to move", where="--architecture", value=architecture,
            expected=f"one with a {what}",
        )  # fmt: skip
    if move is not None:
        try:
            return _one_piece(whole.battery(move) if kind == "interceptor" else whole.sensor(move))
        except InputError as error:
            raise error.placed("--move") from None
    own = getattr(dossier.architecture[architecture], what)
    added = {each.name for each in own}
    here = [each for each in parts if inside(region, each.site.lat, each.site.lon)]
    for choice in ([each for each in parts if each.name in added], here):
        if len(choice) == 1:
            return _one_piece(choice[0])
    raise InputError(
        f"architecture {architecture} has more than one {what} that could move", where="--move",
        expected=", ".join(each.name for each in parts),
    )  # fmt: skip


def _one_piece(part: Battery | Sensor) -> Battery | Sensor:
    """A part that one place is enough for."""
    if isinstance(part, Sensor) and part.transmitter != part.site:
        raise InputError(
            "the transmitter of {value} stands apart, and it takes two places", where="--move",
            value=part.name, expected="a radar that transmits where it receives",
        )  # fmt: skip
    return part


def _units(spots: Sequence[Spot]) -> Iterator[list[int]]:
    """Batches of places on one parallel, the dossier's sites first; then one of every parallel in turn, so
    that no two threads tabulate the same fly-out.
    """
    rows: dict[tuple[float, float], list[int]] = {}
    for i, spot in enumerate(spots):
        rows.setdefault((spot.place.lat, spot.place.altitude), []).append(i)
    batches = [
        (start, row[start : start + CHUNK]) for row in rows.values() for start in range(0, len(row), CHUNK)
    ]
    yield from (batch for _, batch in sorted(batches, key=lambda each: each[0]))


@dataclass(frozen=True)
class _Ends:
    """What places are ranked by."""

    target: Reached
    objective: Objective
    keep: float

    def ranked(
        self, spots: Sequence[Spot], found: Array, grid: Grid
    ) -> tuple[list[int], list[Candidate], Resolution]:
        """Places in order of rank: their indices among ``spots``, what is told of each, what tells them
        apart.
        """
        people = np.rint(found[:, siting.PEOPLE] * self.target.people.sum())
        columns = {"people": people, "share": found[:, siting.SHARE], "shots": found[:, siting.SHOTS]}
        values, reach = columns[self.objective], found[:, siting.REACH]
        among = np.array([each.barred is None for each in spots])
        rank = siting.ranks(values, among)
        best = values[among].max()
        every = [
            Candidate(
                name=spot.place.title,
                site=spot.site,
                lat=round(math.degrees(spot.place.lat), 6),
                lon=round(math.degrees(spot.place.lon), 6),
                country=spot.country,
                barred=spot.barred,
                people=int(people[i]),
                share=float(found[i, siting.SHARE]),
                shots=float(found[i, siting.SHOTS]) if self.objective == "shots" else None,
                reach=None,
                rank=int(rank[i]),
            )
            for i, spot in enumerate(spots)
        ]
        if not np.isnan(reach).any():
            sparing = siting.sparing_ranks(values, reach, among & (values >= self.keep * best))
            more, less = siting.short_of_front(values, reach, among)
            front = np.zeros(len(spots), dtype=bool)
            front[among] = siting.pareto(values[among], reach[among])
            every = [
                replace(
                    each,
                    reach=float(reach[i]),
                    sparing_rank=int(sparing[i]) or None,
                    front=bool(front[i]),
                    more=float(more[i]),
                    less=float(less[i]),
                )
                for i, each in enumerate(every)
            ]
        order = sorted(range(len(every)), key=lambda i: (rank[i], every[i].reach or 0.0, i))
        step = self._step()
        cells = np.full(len(grid), np.nan)
        for spot, value in zip(spots, values, strict=True):
            if spot.cell >= 0:
                cells[spot.cell] = value
        beside = _beside(cells, grid)
        apart = max(step, beside or 0.0)
        level = int((values[among] >= best - apart * (1.0 + 1e-9)).sum()) - 1
        return order, [every[i] for i in order], Resolution(step, beside, level)

    def _step(self) -> float:
        """The least by which two places can differ."""
        if self.objective != "people":
            return 1.0 / max(1, self.target.flights)
        some = self.target.people[self.target.people > 0.0]
        return float(some.min()) if len(some) else 1.0


def _beside(cells: Array, grid: Grid) -> float | None:
    """The median difference between cells side by side (cells,), nan where there is none."""
    if grid.kind != "lat-lon":
        return None
    laid = cells.reshape(grid.shape)
    steps = [np.abs(np.diff(laid, axis=axis)).ravel() for axis in (0, 1)]
    known = np.concatenate(steps)
    known = known[~np.isnan(known)]
    return float(np.median(known)) if len(known) else None
