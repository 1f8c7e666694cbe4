"""Maps: a quantity over the cells of a grid, worked in chunks that bound memory, by threads, and taken up
again where they were left.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..analysis import mapping
from ..analysis.grid import Grid
from ..analysis.mapping import ABOVE, FLOWN, Around, Field, Flown
from ..dossier import Dossier, InputError, nearest_names
from ..dossier.dispute import Claim
from ..model import Missile
from ..model import missile as make_missile
from ..model.memory import Memory
from .design import Sampler
from .kept import Kept, Piece
from .map_making import put_together
from .partial import Layers, Partial
from .relevance import relevant
from .running import Engine, Progress, Run, Threads
from .sampling import Design, design, is_choice

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]

#: Cells of a unit of work.
CHUNK = 256
QUANTITIES = (*FLOWN, *ABOVE)
#: Levels between which sampled numbers lie with nine chances in ten.
_LOW, _HIGH = 5.0, 95.0


#: How flights of a place are aimed: what tells that from others, and a field for every missile.
Aimed = tuple[tuple[Any, ...], list[Field]]


@dataclass(frozen=True)
class Spot:
    """A named place [rad]."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class MapQuestion:
    """What a map shows.

    Attributes
    ----------
    quantity : one of ``QUANTITIES``
    threat : of the dossier; whose missiles fly, and from where unless ``spots`` say
    spots : launch places, or for ``denied`` the one place aimed at
    share : of the launch places from which a flight to a defended cell is engaged, at least
    samples : worlds drawn from the published ranges; none for the nominal figures alone
    altitudes_m, rcs_m2 : of what is ``seen``; the first of the altitudes is that of ``reach``
    battery : the only one that fires, or whose ``reach``; all of the architecture's where it is None
    """

    quantity: str
    architecture: str
    grid: Grid
    threat: str | None = None
    spots: tuple[Spot, ...] = ()
    share: float = 1.0
    samples: int = 0
    seed: int = 0
    sampler: Sampler = "sobol"
    altitudes_m: tuple[float, ...] = (300e3,)
    rcs_m2: float = 0.1
    battery: str | None = None

    def of(self, architecture: str) -> MapQuestion:
        """The same question about another architecture."""
        return replace(self, architecture=architecture)


class Stopped(Exception):
    """A map that nobody waits for any more."""


def draw_map(
    dossier: Dossier,
    question: MapQuestion,
    *,
    workers: int | None = None,
    memory: Memory | None = None,
    kept: Kept | None = None,
    partial: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    engine: Engine | None = None,
    command: str = "",
) -> xarray.Dataset | None:
    """The map that answers a question; None where it was interrupted.

    Parameters
    ----------
    kept : takes and gives the flights; without it they are forgotten chunk by chunk
    partial : a file that takes what is done, so that the same question goes on from there; taken away at the
        end
    """
    workers = workers or os.cpu_count() or 1
    tell = progress or (lambda _: None)
    memory = memory or Memory()
    work = MapWork(dossier, question, memory, workers, lambda what: tell(Progress(what, 0, 0)), kept)
    grid = question.grid
    chunks = list(grid.chunks(CHUNK))
    store = Partial(partial, work.key, chunks) if partial else None
    done = store.read() if store else {}
    left = [i for i in range(len(chunks)) if i not in done]
    run = Run(engine or Threads(workers), work.chunk, tell)
    with run.interruptible():
        work.prepare()
        units = [chunks[i] for i in left]
        stage = f"map of {len(grid):,} cells"
        found = run.leading(stage, units, sum(c.stop - c.start for c in units), lambda c: c.stop - c.start)
        for i, layers in zip(left, found, strict=False):
            done[i] = layers
            if store:
                store.add(i, layers)
    if len(done) < len(chunks):
        if store:
            store.write()
        return None
    layers = {name: np.concatenate([done[i][name] for i in range(len(chunks))]) for name in done[0]}
    if store:
        store.forget()
    return work.made(layers, command)


class MapWork:
    """What all chunks of a map share.

    Parameters
    ----------
    beside : other architectures that are asked about on the same flights: what their radars saw stays
    around : makes the setting
    """

    def __init__(
        self,
        dossier: Dossier,
        question: MapQuestion,
        memory: Memory,
        workers: int,
        report: Callable[[str], None],
        kept: Kept | None,
        beside: Sequence[str] = (),
        around: Callable[..., Around] = Around,
    ) -> None:
        dossier.get("architecture", question.architecture, where="--architecture")
        self.dossier, self.question, self.kept, self.workers = dossier, question, kept, workers
        self.flies = question.quantity in FLOWN
        self.threat = dossier.get("threat", question.threat or "", where="--threat") if self.flies else None
        sampled = _sampled(dossier, question) if self.flies and question.samples else ()
        parameters = [path for path in sampled if not is_choice(path)]
        looking = (question.architecture, *beside)
        self.setting = around(dossier, looking, parameters, memory, workers, report, question.battery)
        #: What is drawn: parameters, and the threat where it may be one of several missiles.
        self.sampled = (*self.setting.sampled, *filter(is_choice, sampled))
        #: How flights of every launch place are aimed, and what tells each of these from others.
        self.fields: list[list[Field]] = []
        self.aims: list[tuple[Any, ...]] = []
        self._closing = 0
        lat, lon = question.grid.lat, question.grid.lon
        self.cells = np.column_stack([lat, lon, np.zeros(len(question.grid))])
        #: The grid's cells as a digest.
        self.laid = hashlib.sha256(self.cells.tobytes()).digest()

    @cached_property
    def design(self) -> Design:
        """The nominal world and the samples of a single map."""
        question = self.question
        if not (question.samples and self.flies):
            return Design({}, {}, 1)
        return design(self.dossier, self.sampled, question.samples, question.seed, question.sampler)

    @cached_property
    def missiles(self) -> list[Missile]:
        """The threat's missiles; the first alone where nothing is sampled, none where nothing flies."""
        if self.threat is None:
            return []
        names = self.threat.missile if self.question.samples else self.threat.missile[:1]
        return [make_missile(self.dossier, name) for name in names]

    @property
    def key(self) -> bytes:
        """What the map depends on, as a digest."""
        asked = {name: each for name, each in vars(self.question).items() if name != "grid"}
        told = (__version__, self.dossier.hash, asked, self.laid, CHUNK)
        return hashlib.sha256(repr(told).encode()).digest()

    def prepare(self) -> None:
        """Work out what chunks share: fly-out tables, and how flights are aimed."""
        self.tabulate()
        with ThreadPoolExecutor(self.workers) as pool:
            self.aim([self.aimed(spot, pool) for spot in self.flown_from])

    def tabulate(self) -> None:
        """Make the fly-out tables that the map needs."""
        if self.question.quantity not in ("warning", "seen"):
            self.setting.prepare()

    @property
    def flown_from(self) -> tuple[Spot, ...]:
        """The places that flights begin at, or come down at."""
        return self.question.spots if self.flies else ()

    def aimed(self, spot: Spot, pool: Executor) -> Aimed:
        """How flights of a place are aimed, and what tells that from others."""
        key = self.aim_key(spot)

        def make() -> list[Field]:
            return self.aim_from(spot, pool)

        return key, make() if self.kept is None else self.kept.aims(key, make)

    def aim_key(self, spot: Spot) -> tuple[Any, ...]:
        """What tells how flights of a place are aimed from others."""
        assert self.threat is not None
        apogee = self.threat.apogee and self.threat.apogee.value
        flown = tuple((each.key, each.name, each.attitude) for each in self.missiles)
        return flown, self.threat.trajectory, apogee, self._outward, spot.lat, spot.lon, self.laid

    def aim_from(self, spot: Spot, pool: Executor) -> list[Field]:
        """How flights of a place are aimed, worked out anew."""
        assert self.threat is not None
        where = np.array([spot.lat, spot.lon, 0.0])
        return mapping.fields_of(
            self.missiles, self.threat, where, self.cells, outward=self._outward, pool=pool
        )

    @property
    def _outward(self) -> bool:
        return self.question.quantity != "denied"

    def aim(self, aimed: Sequence[Aimed]) -> None:
        """Aim flights so: as was found for this map, or for the same flights on another grid."""
        self.aims, self.fields = [key for key, _ in aimed], [fields for _, fields in aimed]

    def chunk(self, cells: slice, stopped: Callable[[], bool] | None = None) -> Layers:
        """The map's parts over some cells; ``Stopped`` soon after ``stopped`` says so."""
        if self.question.quantity == "seen":
            return self._seen(cells)
        if self.question.quantity == "reach":
            return self._reached(cells)
        return self._told(self.values(cells, self.design, stopped))

    def values(self, cells: slice, worlds: Design, stopped: Callable[[], bool] | None = None) -> Array:
        """The quantity in every world, over the launch places: (worlds, cells); nan out of reach."""
        question, rows = self.question, worlds.rows
        values = {path: worlds.values[path] for path in self.setting.sampled if path in worlds.values}
        choice = next(iter(worlds.choices.values()), None)
        figures: dict[Any, Any] = {}
        each = np.full((len(self.fields), rows, cells.stop - cells.start), np.nan)
        left = np.arange(cells.start, cells.stop)
        for place in self._places():
            for where, flown in self._flown(place, cells, left):
                if stopped is not None and stopped():
                    raise Stopped
                each[place][:, where - cells.start] = mapping.flown_values(
                    self.setting, flown, question.quantity, question.architecture, values, choice, rows,
                    figures,
                )  # fmt: skip
            if self.kept is not None:
                self.kept.used(self._key(place, cells))
            if self._least:
                # What is nothing from one place is nothing at the least, whatever the others say.
                left = left[~(each[place][:, left - cells.start] == 0.0).all(axis=0)]
            if not len(left):
                self._closing = place
                break
        reached = ~np.isnan(each)
        count = reached.sum(axis=0)
        if question.quantity in ("shots", "warning"):
            least = np.where(reached, each, np.inf).min(axis=0)
            found = np.where(count > 0, least, np.nan)
        else:
            met = np.where(reached, each, 0.0).sum(axis=0)
            enough = met >= question.share * count - 1e-9
            found = np.where(count > 0, enough, np.nan)
        return np.asarray(found, dtype=np.float64)

    def _places(self) -> list[int]:
        """The launch places, that first which last left nothing open: it may do so again."""
        others = [place for place in range(len(self.fields)) if place != self._closing]
        return [self._closing, *others] if self._least else list(range(len(self.fields)))

    @property
    def _least(self) -> bool:
        """Whether a cell is told by the least over the places that reach it."""
        return self.question.quantity in ("shots", "warning") or self.question.share == 1.0

    def _flown(self, place: int, cells: slice, left: NDArray[np.int64]) -> list[Piece]:
        """The flights between a place and those cells of a chunk that are left."""

        def fly(where: NDArray[np.int64]) -> Flown:
            return self.setting.fly(self.fields[place], self.cells[where])

        if self.kept is None:
            return [(left, fly(left))]
        return self.kept.take(self._key(place, cells), left, fly)

    def _key(self, place: int, cells: slice) -> tuple[Any, ...]:
        """What tells the flights between a place and a chunk of cells from others."""
        return self.aims[place], self.laid, cells.start, cells.stop

    def _told(self, found: Array) -> Layers:
        """A quantity in every world (rows, cells) as layers: the nominal world's, and what samples say."""
        name = self.question.quantity
        if self.design.rows == 1:
            return {name: found[0]}
        drawn = found[1:]
        known = ~np.isnan(drawn)
        some = known.any(axis=0)
        if name in ("defended", "denied"):
            share = np.where(known, drawn, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
            return {name: np.where(some, share, np.nan), f"{name}_nominal": found[0]}
        levels = np.full((3, found.shape[1]), np.nan)
        levels[:, some] = np.nanpercentile(drawn[:, some], [50.0, _LOW, _HIGH], axis=0)
        return {
            name: levels[0],
            f"{name}_low": levels[1],
            f"{name}_high": levels[2],
            f"{name}_nominal": found[0],
        }

    def _seen(self, cells: slice) -> Layers:
        question = self.question
        sensors = self.setting.defence(question.architecture).sensors
        lowest = np.full((len(sensors), cells.stop - cells.start), np.nan)
        for altitude in sorted(question.altitudes_m, reverse=True):
            seen = mapping.seen_from(
                self.setting, question.architecture, self.cells[cells], altitude, question.rcs_m2
            )
            lowest = np.where(seen > 0.0, altitude / 1e3, lowest)
        some = ~np.isnan(lowest)
        every = np.where(some, lowest, np.inf).min(axis=0, initial=np.inf)
        layers = {f"seen_{each.name}": lowest[i] for i, each in enumerate(sensors)}
        if len(question.altitudes_m) == 1:
            return {"seen": some.any(axis=0).astype(np.float64), **layers}
        return {"seen": np.where(some.any(axis=0), every, np.nan), **layers}

    def _reached(self, cells: slice) -> Layers:
        question, setting = self.question, self.setting
        each = {
            battery.name: mapping.arrivals_above(setting, battery, self.cells[cells], question.altitudes_m[0])
            for battery in setting.firing(question.architecture)
        }
        soonest = np.fmin.reduce([np.full(cells.stop - cells.start, np.nan), *each.values()])
        return {"reach": soonest, **{f"reach_{name}": times for name, times in each.items()}}

    def made(self, layers: Layers, command: str) -> xarray.Dataset:
        """The map of all layers."""
        dossier = self.dossier
        about = {"dossier": dossier.dossier.name if dossier.dossier else "", "dossier_hash": dossier.hash}
        return put_together(
            self.question,
            layers,
            self.setting.defence(self.question.architecture),
            None if self.threat is None else self.threat.name,
            self.missiles,
            {**about, **({"command": command} if command else {})},
        )


def _sampled(dossier: Dossier, question: MapQuestion) -> tuple[str, ...]:
    """Ranged parameters on which a map can depend, and the threat where it may be one of several missiles."""
    asked = Claim.model_construct(
        party="", statement="", source="", quantity="engageable-share",
        cases={"architecture": question.architecture, "threat": question.threat}, holds=">=", threshold="0 %",
        reason="",
    )  # fmt: skip
    return relevant(replace(dossier, claim={"map": asked}), "map")


def check_quantity(name: str) -> str:
    """A quantity's name; InputError where there is no such map."""
    if name not in QUANTITIES:
        raise InputError(
            "no map shows {value}", where="--quantity", value=name, nearest=nearest_names(name, QUANTITIES),
            expected=", ".join(QUANTITIES),
        )  # fmt: skip
    return name
