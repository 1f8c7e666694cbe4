"""What a layer's words ask for: the maps, grid by grid; and what is known of a dossier's layers already."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache

from ..analysis.grid import Grid, cell_size, find_region, make_grid
from ..atlas.regions import Region
from ..dossier import Dossier, InputError, nearest_names
from ..dossier.errors import listing
from ..model import Defence
from ..model.defence import defence as make_defence
from ..output.globe.layer import Layer
from ..study.map_asking import ask as ask_map
from ..study.map_asking import region_of
from ..study.mapping import MapQuestion, Stopped
from .layer import QUANTITIES, LayerAsk
from .shared import POLL_S

# Sizes of cells that are tried where nobody says how fine a coarse grid and a fine one should be [deg], and
# how many flights there may be to all cells.
_COARSE = (4.0, 5.0, 6.0, 9.0, 10.0, 12.0, 15.0, 18.0), 2_500
_FINE = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0, 10.0), 40_000
#: Cells of a layer, and flights to them, at most.
MOST_CELLS, MOST_FLIGHTS = 100_000, 200_000
# Layers of a dossier that stay.
_LAYERS = 64


class About:
    """What is known of a dossier's layers: its defences, the layers drawn last, and who is drawing one.

    It holds nothing of the dossier itself, and goes when that goes.
    """

    def __init__(self) -> None:
        self._defences: dict[str, Defence] = {}
        self._layers: OrderedDict[Hashable, Layer] = OrderedDict()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()

    def defence(self, dossier: Dossier, name: str) -> Defence:
        with self._guard:
            if name not in self._defences:
                self._defences[name] = make_defence(dossier, name)
            return self._defences[name]

    @contextmanager
    def turn(self, key: Hashable, stopped: Callable[[], bool] | None) -> Iterator[None]:
        """Draw a layer while those who want the same wait; ``Stopped`` where ``stopped`` says so first."""
        with self._guard:
            lock = self._turns.setdefault(key, threading.Lock())
        while not lock.acquire(timeout=POLL_S):
            if stopped is not None and stopped():
                raise Stopped
        try:
            yield
        finally:
            lock.release()

    def layer(self, key: Hashable) -> Layer | None:
        """A layer drawn before."""
        with self._guard:
            if key in self._layers:
                self._layers.move_to_end(key)
            return self._layers.get(key)

    def keep(self, key: Hashable, layer: Layer) -> None:
        with self._guard:
            self._layers[key] = layer
            while len(self._layers) > _LAYERS:
                old, _ = self._layers.popitem(last=False)
                self._turns.pop(old, None)


@dataclass(frozen=True)
class Plan:
    """A layer's maps.

    Attributes
    ----------
    steps : cells' sizes, ever finer [deg]
    questions : by step
    architectures : that which the first is compared with, if any, and the first
    """

    dossier: Dossier
    ask: LayerAsk
    about: About
    steps: tuple[float, ...]
    questions: dict[float, MapQuestion]
    architectures: tuple[str, ...]

    @property
    def key(self) -> Hashable:
        """What is asked, however finely."""
        return self.ask.model_copy(update={"steps": None})

    def defence(self, name: str) -> Defence:
        return self.about.defence(self.dossier, name)


def plan_of(dossier: Dossier, ask: LayerAsk, about: About) -> Plan:
    """What a layer asks for; InputError where its words do not go together, or it would be too large."""
    if ask.quantity not in QUANTITIES:
        raise InputError(
            "no layer shows {value}", where="quantity", value=ask.quantity,
            nearest=nearest_names(ask.quantity, QUANTITIES), expected=listing(QUANTITIES),
        )  # fmt: skip
    altitude_km = 300.0 if ask.altitude_km is None else ask.altitude_km
    if not 0.0 < altitude_km < math.inf:
        raise InputError(
            "{value} km is no altitude", where="altitude_km", value=altitude_km, expected="more than 0 km"
        )
    question = ask_map(
        dossier, ask.quantity, ask.architecture, threat=ask.threat, launches=ask.launches or (),
        region=ask.region, battery=ask.battery, against=ask.against,
    )  # fmt: skip
    bounds = ask.region or region_of(dossier, ask.quantity, ask.architecture, question.threat, ask.battery)
    region, ways = find_region(bounds, "region"), max(1, len(question.spots))
    steps = tuple(sorted({cell_size(each, "steps") for each in ask.steps or ()}, reverse=True))
    if not steps:
        coarse, fine = (_fitting(region, sizes, most // ways) for sizes, most in (_COARSE, _FINE))
        steps = (coarse, fine) if coarse > fine else (fine,)
    questions = {}
    for step in steps:
        grid, most = grid_over(region, step), min(MOST_CELLS, MOST_FLIGHTS // ways)
        if len(grid) > most:
            raise InputError(
                f"cells of {{value}} deg over {region.name} are too many", where="steps", value=step,
                expected=f"{most:,} cells at most, and these are {len(grid):,}",
            )  # fmt: skip
        questions[step] = replace(question, grid=grid, altitudes_m=(1e3 * altitude_km,))
    architectures = (ask.architecture,) if ask.against is None else (ask.against, ask.architecture)
    return Plan(dossier, ask, about, steps, questions, architectures)


@lru_cache(maxsize=32)
def grid_over(region: Region, step: float) -> Grid:
    """The grid of cells so large [deg] over a region, the same one for all: what lies under it is then
    surveyed once.
    """
    return make_grid(step, region)


def _fitting(region: Region, sizes: Sequence[float], most: int) -> float:
    """The smallest of some sizes of cells of which there are not more than ``most``, or the largest."""
    return next((size for size in sizes if len(grid_over(region, size)) <= most), sizes[-1])
