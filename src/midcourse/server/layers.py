"""The map layers of the page, quick enough to follow a radar or a base that is dragged about.

A layer comes in steps: a coarse grid at once, then finer ones. What does not hang on where radars and bases
stand, how flights are aimed and the flights themselves, is kept for all sessions. The finest layer is what
``midcourse map`` draws; the coarser ones, where a base has been moved, may rest on fly-out tables that are
read between others.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.mapping import Around, Field
from ..analysis.maps import difference
from ..analysis.outlook import Station
from ..dossier import Dossier
from ..model import Battery, Defence, FlyoutFamily
from ..model.memory import Memory
from ..output.globe.layer import Layer, layer_of
from ..output.globe.painting import paint, top_of
from ..output.globe.summing_up import summary
from ..output.maps import geojson as geojson_file
from ..study.kept import Kept
from ..study.mapping import CHUNK, Aimed, MapWork, Spot, Stopped
from ..study.partial import Layers as Parts
from ..study.running import Progress
from .layer import LayerAsk
from .layer_plan import About, Plan, plan_of
from .shared import Inline, Shared, awaited
from .standing import Standing, stands
from .tables import Tables

if TYPE_CHECKING:
    import xarray

Tell = Callable[[Progress], None]

#: Memory that kept flights take, about [bytes]: a quarter of the machine's, within these bounds. A map of
#: intercontinental flights follows what is dragged at once where there is room for all its flights, 5 GB.
LEAST_BYTES, MOST_BYTES = 3 << 29, 6 << 30
# Where containers are told how much they may take.
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
# A flight takes a tenth of a megabyte with all that is worked out about it; of all that a map could ask for,
# a fourth are flown and stay, about.
_KEPT_BYTES = 25_000
# How the flights of a place are aimed, and of all places that are kept [bytes].
_AIM_BYTES, _AIMS_BYTES = 100_000, 50_000_000
# Of so many radars and bases that stand where the dossier has them, what they saw and met stays while others
# are asked about.
_STANDING = 40


def room() -> int:
    """How much memory kept flights may take on this machine, or in this container [bytes]."""
    found = []
    with suppress(ValueError, OSError, AttributeError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for limit in _LIMITS:
        with suppress(ValueError, OSError):
            found.append(int(Path(limit).read_text(encoding="ascii")))
    return max(LEAST_BYTES, min(MOST_BYTES, min(found, default=0) // 4))


class Layers:
    """Layers over dossiers; safe to ask from several threads, about several dossiers at once.

    Parameters
    ----------
    memory : fly-out tables of the dossiers' own bases
    workers : threads that draw
    most_bytes : of memory that kept flights take, about, ``room()`` if left out; tables of moved bases take
        ``tables.MOST_BYTES`` beside it
    """

    def __init__(self, memory: Memory, workers: int, most_bytes: int | None = None) -> None:
        most_bytes = room() if most_bytes is None else most_bytes
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="layers")
        self._tables = Tables(memory, self._pool)
        self._most_bytes = most_bytes
        self._kept = Kept(most_bytes=most_bytes)
        self._aims = Shared(self._pool, _AIMS_BYTES)
        self._standing = Standing(_STANDING)
        self._about: weakref.WeakKeyDictionary[Dossier, About] = weakref.WeakKeyDictionary()
        self._guard = threading.Lock()

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._tables.close()

    @property
    def busy(self) -> bool:
        """Whether tables are being worked out that nobody waits for yet."""
        return self._tables.busy

    @property
    def bytes(self) -> int:
        """About how much memory kept flights and tables of moved bases take [bytes]."""
        return self._kept.bytes + self._tables.bytes

    def check(self, dossier: Dossier, ask: LayerAsk) -> None:
        """InputError where the words do not go together, or the layer would be too large."""
        self._plan(dossier, ask)

    def grids(self, dossier: Dossier, ask: LayerAsk) -> tuple[float, ...]:
        """The cells' sizes of a layer's steps [deg]; InputError as of ``check``."""
        return self._plan(dossier, ask).steps

    def steps(
        self,
        dossier: Dossier,
        ask: LayerAsk,
        stopped: Callable[[], bool] | None = None,
        tell: Tell | None = None,
    ) -> Iterator[Layer]:
        """The layer on ever finer grids. Ends without the rest soon after ``stopped`` says so.

        ``stopped`` and ``tell``, which is told of progress, are called by whoever iterates.
        """
        plan = self._plan(dossier, ask)
        try:
            for step in plan.steps:
                yield self._layer(plan, step, stopped, tell or (lambda _: None))
        except Stopped:
            return

    def last(self, dossier: Dossier, ask: LayerAsk) -> Layer:
        """The layer on the finest of its grids alone."""
        plan = self._plan(dossier, ask)
        return self._layer(plan, plan.steps[-1], None, lambda _: None)

    def map(self, dossier: Dossier, ask: LayerAsk) -> xarray.Dataset:
        """The map of the finest layer, with all that maps carry."""
        plan = self._plan(dossier, ask)
        return self._drawn(plan, plan.steps[-1], None, lambda _: None)[0]

    def geojson(self, dossier: Dossier, ask: LayerAsk) -> str:
        """The finest layer as GeoJSON: a feature for each class, along its cells' edges."""
        return geojson_file.geojson(self.map(dossier, ask))

    def warm(self, dossier: Dossier, ask: LayerAsk) -> list[Future[Any]]:
        """Have worked out, in the background, what moving the layer's bases will need, unless it is there."""
        plan = self._plan(dossier, ask)
        moving: list[Battery] = []
        for name in plan.architectures if ask.quantity not in ("warning", "seen") else ():
            defence = plan.defence(name)
            moving += (defence.battery(ask.battery),) if ask.battery else defence.batteries
        return [job for battery in moving for job in self._tables.warm(dossier, battery)]

    def _plan(self, dossier: Dossier, ask: LayerAsk) -> Plan:
        with self._guard:
            about = self._about.setdefault(dossier, About())
        return plan_of(dossier, ask, about)

    def _layer(self, plan: Plan, step: float, stopped: Callable[[], bool] | None, tell: Tell) -> Layer:
        begun = time.perf_counter()
        key = (plan.key, step, step == plan.steps[-1])
        with plan.about.turn(key, stopped):
            found = plan.about.layer(key)
            if found is None:
                data, top = self._drawn(plan, step, stopped, tell)
                quantity, grid = plan.ask.quantity, plan.questions[step].grid
                painted, said = paint(data, quantity, top), summary(data, grid, quantity)
                found = layer_of(
                    data, grid, painted, said, quantity=quantity, architecture=plan.ask.architecture,
                    against=plan.ask.against, seconds=time.perf_counter() - begun,
                )  # fmt: skip
                plan.about.keep(key, found)
        return found

    def _drawn(
        self, plan: Plan, step: float, stopped: Callable[[], bool] | None, tell: Tell
    ) -> tuple[xarray.Dataset, float]:
        """The map on one grid, and where its ramp ends."""
        finest = plan.steps[-1]
        works = [self._work(plan, step, name, stopped) for name in plan.architectures]
        longest_s = 0.0
        if works[0].flies:
            # Flights are aimed as those of the finest map are: the same aims serve them all.
            aiming = works[0] if step == finest else self._work(plan, finest, plan.architectures[0], stopped)
            aimed = self._aimed(aiming, stopped, tell)
            for work in works:
                work.aim(aimed)
            burn_s = max(missile.burn_time_s for missile in aiming.missiles)
            longest_s = burn_s + max(each.longest_free_s for _, fields in aimed for each in fields)
        for work in works:
            work.tabulate()
        parts = self._parts(works, stopped, tell)
        made = [work.made(each, "") for work, each in zip(works, parts, strict=True)]
        data = made[-1]
        if len(made) > 1:
            title = f"{data.attrs['title']}, against {plan.dossier.architecture[plan.architectures[0]].name}"
            data = difference(*made, title=title, grid=works[0].question.grid)
        return data, top_of(plan.ask.quantity, longest_s)

    def _work(
        self, plan: Plan, step: float, architecture: str, stopped: Callable[[], bool] | None
    ) -> MapWork:
        question = plan.questions[step].of(architecture)
        flights = len(question.grid) * len(question.spots)
        keeps = flights * _KEPT_BYTES <= self._most_bytes
        preview = step != plan.steps[-1]

        def family(battery: Battery) -> FlyoutFamily:
            found = self._tables.family(plan.dossier, battery, preview, stopped)
            if stands(plan.dossier, battery):
                self._standing.add(found.key)
            return found

        def around(*arguments: Any) -> Around:
            return _Around(plan.defence, family, self._standing, *arguments)

        for sensor in plan.defence(architecture).sensors:
            if stands(plan.dossier, sensor):
                self._standing.add(Station.of(sensor))
        others = [name for name in plan.architectures if name != architecture]
        # Nothing of this map outlasts it but flights and tables.
        memory, kept = Memory(None), self._kept if keeps else None
        return MapWork(plan.dossier, question, memory, 1, lambda _: None, kept, others, around)

    def _aimed(self, work: MapWork, stopped: Callable[[], bool] | None, tell: Tell) -> list[Aimed]:
        """How the flights of every launch place are aimed; worked out side by side where it is not known."""
        aside, keys = Inline(), [work.aim_key(spot) for spot in work.flown_from]

        def aiming(spot: Spot) -> Callable[[], tuple[list[Field], int]]:
            return lambda: (work.aim_from(spot, aside), _AIM_BYTES)

        makes = [aiming(spot) for spot in work.flown_from]
        # Whoever asks next about these missiles will want it, too.
        begun = [self._aims.begin(key, make) for key, make in zip(keys, makes, strict=True)]
        found: list[Aimed] = []
        for key, make in zip(keys, makes, strict=True):
            found.append((key, self._aims.get(key, make, stopped)))
            if any(begun):
                tell(Progress("aiming flights", len(found), len(keys)))
        return found

    def _parts(self, works: Sequence[MapWork], stopped: Callable[[], bool] | None, tell: Tell) -> list[Parts]:
        """What comes of every map, chunk by chunk, on one grid."""
        grid = works[0].question.grid
        chunks = list(grid.chunks(CHUNK))
        if len(chunks) == 1:
            # Too little to wait in a queue for.
            return [work.chunk(chunks[0], stopped) for work in works]
        gone = threading.Event()
        stage = f"map of {len(grid):,} cells"
        begun = time.monotonic()
        found: list[list[Parts]] = []
        waiting: deque[Future[list[Parts]]] = deque()
        left = iter(chunks)

        def work_on(cells: slice) -> list[Parts]:
            return [work.chunk(cells, gone.is_set) for work in works]

        def submit() -> None:
            for cells in left:
                waiting.append(self._pool.submit(work_on, cells))
                return

        tell(Progress(stage, 0, len(grid)))
        try:
            # Few more at once than there are threads, so that others' come in between.
            for _ in range(self._workers + 1):
                submit()
            while waiting:
                found.append(awaited(waiting.popleft(), stopped))
                submit()
                done = chunks[len(found) - 1].stop
                left_s = (time.monotonic() - begun) * (len(grid) / done - 1.0)
                tell(Progress(stage, done, len(grid), left_s))
        finally:
            gone.set()
            for each in waiting:
                each.cancel()
        return [
            {name: np.concatenate([chunk[i][name] for chunk in found]) for name in found[0][i]}
            for i in range(len(works))
        ]


class _Around(Around):
    """A setting that takes its defences and its fly-out tables from what requests share."""

    def __init__(
        self,
        defence: Callable[[str], Defence],
        family: Callable[[Battery], FlyoutFamily],
        standing: Standing,
        *arguments: Any,
    ) -> None:
        super().__init__(*arguments)
        self._defence, self._family, self._standing = defence, family, standing
        self._tables: dict[Any, FlyoutFamily] = {}

    def defence(self, name: str) -> Defence:
        return self._defence(name)

    def spared(self) -> Standing:
        return self._standing

    def family(self, battery: Battery) -> FlyoutFamily:
        key = (battery.interceptor.key, battery.site)
        if key not in self._tables:
            self._tables[key] = self._family(battery)
        return self._tables[key]
