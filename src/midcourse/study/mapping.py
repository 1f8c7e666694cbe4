"""Maps: a quantity over the cells of a grid, worked in chunks that bound memory, by threads, and taken up
again where they were left.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..analysis import mapping
from ..analysis.grid import Grid
from ..analysis.mapping import ABOVE, FLOWN, Around, Field, Flown
from ..analysis.maps import Kind, Place, make_map
from ..dossier import Dossier, InputError, nearest_names
from ..dossier.dispute import Claim
from ..model import Missile
from ..model import missile as make_missile
from ..model.memory import Memory
from .design import Sampler
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
    battery : whose ``reach``; all of the architecture's where it is None
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


#: Parts of a map by name, over some cells.
Layers = dict[str, Array]


@dataclass(repr=False)
class Kept:
    """Flights that stay for the next map of the same threat on the same grid, whatever looks and fires."""

    fields: dict[Any, list[Field]] = field(default_factory=dict)
    flown: dict[Any, Flown] = field(default_factory=dict)


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
    work = _Work(dossier, question, memory, workers, lambda what: tell(Progress(what, 0, 0)), kept)
    grid = question.grid
    chunks = list(grid.chunks(CHUNK))
    store = _Partial(partial, work.key) if partial else None
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


class _Work:
    """What all chunks of a map share."""

    def __init__(
        self,
        dossier: Dossier,
        question: MapQuestion,
        memory: Memory,
        workers: int,
        report: Callable[[str], None],
        kept: Kept | None,
    ) -> None:
        dossier.get("architecture", question.architecture, where="--architecture")
        self.dossier, self.question, self.kept, self.workers = dossier, question, kept, workers
        self.flies = question.quantity in FLOWN
        self.threat = dossier.get("threat", question.threat or "", where="--threat") if self.flies else None
        sampled = _sampled(dossier, question) if self.flies and question.samples else ()
        parameters = [path for path in sampled if not is_choice(path)]
        self.setting = Around(dossier, [question.architecture], parameters, memory, workers, report)
        self.design = Design({}, {}, 1)
        if question.samples and self.flies:
            paths = (*self.setting.sampled, *filter(is_choice, sampled))
            self.design = design(dossier, paths, question.samples, question.seed, question.sampler)
        self.fields: list[list[Field]] = []
        lat, lon = question.grid.lat, question.grid.lon
        self.cells = np.column_stack([lat, lon, np.zeros(len(question.grid))])

    @property
    def missiles(self) -> list[Missile]:
        """The threat's missiles; the first alone where nothing is sampled."""
        assert self.threat is not None
        names = self.threat.missile if self.question.samples else self.threat.missile[:1]
        return [make_missile(self.dossier, name) for name in names]

    @property
    def key(self) -> str:
        """What the map depends on."""
        asked = replace(self.question, grid=None)  # type: ignore[arg-type]
        told = (__version__, self.dossier.hash, repr(asked), self.cells.tobytes(), CHUNK)
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def prepare(self) -> None:
        """Work out what chunks share: fly-out tables, and how flights are aimed."""
        setting, question = self.setting, self.question
        # Known before the setting is copied for every chunk.
        assert setting.nominal
        if question.quantity not in ("warning", "seen"):
            setting.prepare()
        if self.threat is None:
            return
        outward = question.quantity != "denied"
        missiles = self.missiles
        with ThreadPoolExecutor(self.workers) as pool:
            for spot in question.spots:
                place = np.array([spot.lat, spot.lon, 0.0])
                apogee = self.threat.apogee and self.threat.apogee.value
                way = (self.threat.trajectory, apogee, outward)
                flown = tuple((each.key, each.name, each.attitude) for each in missiles)
                key = (flown, way, place.tobytes(), self.cells.tobytes())
                if self.kept is None or key not in self.kept.fields:
                    found = mapping.fields_of(
                        missiles, self.threat, place, self.cells, outward=outward, pool=pool
                    )
                    if self.kept is not None:
                        self.kept.fields[key] = found
                    self.fields.append(found)
                else:
                    self.fields.append(self.kept.fields[key])

    def chunk(self, cells: slice) -> Layers:
        """The map's parts over some cells."""
        if self.question.quantity == "seen":
            return self._seen(cells)
        if self.question.quantity == "reach":
            return self._reached(cells)
        question, rows = self.question, self.design.rows
        values = {
            path: self.design.values[path] for path in self.setting.sampled if path in self.design.values
        }
        choice = next(iter(self.design.choices.values()), None)
        each = np.stack(
            [
                mapping.flown_values(
                    self.setting, flown, question.quantity, question.architecture, values, choice, rows
                )
                for flown in self._flown(cells)
            ]
        )
        reached = ~np.isnan(each)
        count = reached.sum(axis=0)
        if question.quantity in ("shots", "warning"):
            least = np.where(reached, each, np.inf).min(axis=0)
            found = np.where(count > 0, least, np.nan)
        else:
            met = np.where(reached, each, 0.0).sum(axis=0)
            enough = met >= question.share * count - 1e-9
            found = np.where(count > 0, enough, np.nan)
        return self._told(found)

    def _flown(self, cells: slice) -> Iterator[Flown]:
        """The flights between every place and some cells."""
        for place, fields in enumerate(self.fields):
            key = (id(fields), cells.start, cells.stop)
            flown = self.kept.flown.get(key) if self.kept is not None else None
            if flown is None:
                flown = self.setting.fly(fields, place, cells, self.cells[cells])
                if self.kept is not None:
                    self.kept.flown[key] = flown
            yield flown

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
        defence = setting.defence(question.architecture)
        firing = (defence.battery(question.battery),) if question.battery else defence.batteries
        each = {
            battery.name: mapping.arrivals_above(setting, battery, self.cells[cells], question.altitudes_m[0])
            for battery in firing
        }
        soonest = np.fmin.reduce([np.full(cells.stop - cells.start, np.nan), *each.values()])
        return {"reach": soonest, **{f"reach_{name}": times for name, times in each.items()}}

    def made(self, layers: Layers, command: str) -> xarray.Dataset:
        """The map of all layers."""
        question, dossier = self.question, self.dossier
        name, sampled = question.quantity, self.design.rows > 1
        told = _WORDS[name]
        defence = self.setting.defence(question.architecture)
        threat = "" if self.threat is None else f": {self.threat.name}"
        kind: Kind = told.kind
        units, long_name = told.units, told.long_name
        if name == "seen" and len(question.altitudes_m) == 1:
            kind, units = "area", "1"
            long_name = f"a target of {question.rcs_m2:g} m² seen at {question.altitudes_m[0] / 1e3:,g} km"
        elif name == "seen":
            long_name = (
                f"lowest of {_listed(question.altitudes_m)} km at which {question.rcs_m2:g} m² is seen"
            )
        elif name == "reach":
            long_name = f"{long_name} to {question.altitudes_m[0] / 1e3:,g} km"
        elif name == "defended" and question.share < 1.0:
            long_name = f"flights from {100 * question.share:g} % of the launch places or more can be engaged"
        if sampled and kind == "area":
            kind, long_name = "share", f"probability: {long_name}"
        missiles = ", ".join(dict.fromkeys(each.title for each in self.missiles)) if self.flies else None
        data = make_map(
            question.grid,
            name,
            layers[name],
            kind=kind,
            units=units,
            long_name=long_name,
            title=f"{told.title}{threat}. {defence.title}",
            places=_marked(defence, question, self.flies),
            missing=told.missing,
            about={
                "dossier": dossier.dossier.name if dossier.dossier else "",
                "dossier_hash": dossier.hash,
                "architecture": question.architecture,
                "threat": question.threat if self.flies else None,
                "missiles": missiles,
                "samples": question.samples if sampled else None,
                "seed": question.seed if sampled else None,
                "command": command or None,
            },
        )
        dims = data[name].dims
        for other, values in layers.items():
            if other != name:
                attributes = {"long_name": other.replace("_", " "), "units": units}
                data[other] = (dims, values.reshape(question.grid.shape), attributes)
        return data


@dataclass(frozen=True)
class _Words:
    title: str
    long_name: str
    kind: Kind
    units: str
    missing: str


_FAR = "out of the threat's reach"
_WORDS = {
    "defended": _Words(
        "Defended area", "flights from every launch place can be engaged", "area", "1", _FAR
    ),
    "shots": _Words("Shots", "fewest shots in turn, over the launch places", "number", "1", _FAR),
    "warning": _Words(
        "Warning", "least time from a radar's first sight to impact", "number", "s", _FAR
    ),
    "denied": _Words(
        "Denied launch area", "a flight from here to the place aimed at can be engaged", "area", "1",
        "out of the threat's reach from here",
    ),
    "seen": _Words("Coverage", "", "number", "km", "not seen"),
    "reach": _Words("Reach", "shortest flight of an interceptor", "number", "s", "out of reach"),
}  # fmt: skip


def _listed(altitudes_m: Sequence[float]) -> str:
    return ", ".join(f"{each / 1e3:,g}" for each in sorted(altitudes_m))


def _marked(defence: Any, question: MapQuestion, flies: bool) -> list[Place]:
    """What stands on the map: bases, radars, and where flights begin or are aimed at."""
    found: dict[tuple[str, str], Place] = {}

    def mark(name: str, role: Any, lat: float, lon: float) -> None:
        found.setdefault((name, role), Place(name, role, float(np.degrees(lat)), float(np.degrees(lon))))

    for battery in defence.batteries:
        mark(battery.site.title, "interceptor", battery.site.lat, battery.site.lon)
    for sensor in defence.sensors:
        mark(sensor.site.title, "radar", sensor.site.lat, sensor.site.lon)
    if flies:
        for spot in question.spots:
            mark(spot.name, "aim" if question.quantity == "denied" else "launch", spot.lat, spot.lon)
    return list(found.values())


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


# What reading a file that is missing, cut short or overwritten can end in.
_SPOILT = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)


class _Partial:
    """What is done of a map, on disk."""

    #: Chunks after which it is written again.
    _OFTEN = 64

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, key
        self._done: dict[int, Layers] = {}
        self._new = 0

    def read(self) -> dict[int, Layers]:
        """Chunks done by an earlier run of the same question; none where the file is another's or spoilt."""
        found: dict[int, Layers] = {}
        # By a file of our own: of one cut short numpy leaves its own open.
        with contextlib.suppress(*_SPOILT), open(self._path, "rb") as file, np.load(file) as stored:
            if str(stored["key"]) == self._key:
                for name in stored.files:
                    if name != "key":
                        chunk, _, layer = name.partition(":")
                        found.setdefault(int(chunk), {})[layer] = stored[name]
                self._done = found
        return dict(self._done)

    def add(self, chunk: int, layers: Layers) -> None:
        self._done[chunk] = layers
        self._new += 1
        if self._new >= self._OFTEN:
            self.write()

    def write(self) -> None:
        """Write what is done, whole; a full disk costs the next run time, nothing else."""
        if not self._done:
            return
        arrays = {f"{i}:{name}": each for i, layers in self._done.items() for name, each in layers.items()}
        temporary = self._path.with_name(f".{self._path.name}.new")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(temporary, "wb") as file:
                np.savez(file, key=np.array(self._key), **arrays)  # type: ignore[arg-type]
            os.replace(temporary, self._path)
        self._new = 0

    def forget(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink()
