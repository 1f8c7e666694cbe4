"""Where units are worked: what a process keeps from one unit to the next.

Of dossiers and cases the last few stay, so that a study of many cases takes no more memory than one of few.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..model.memory import Memory
from ..study import asking
from ..study.asking import Drawn
from ..study.kept import Kept
from .plan import Plan

if TYPE_CHECKING:
    from .question import Prepared

_T = TypeVar("_T")

# Dossiers, cases of each and slabs of worlds that stay.
_VARIANTS, _CASES, _SLABS = 2, 12, 8


class Few(Generic[_T]):
    """The last few results by key, each made once however many threads ask."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, _Slot[_T]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T:
        with self._guard:
            slot = self._made.setdefault(key, _Slot())
            self._made.move_to_end(key)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        with slot.lock:
            if not slot.made:
                slot.made.append(make())
            return slot.made[0]


@dataclass
class _Slot(Generic[_T]):
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: list[_T] = field(default_factory=list)


class Variant:
    """A dossier with its figures set, and what its cases share."""

    def __init__(self, plan: Plan, dossier: Dossier) -> None:
        self.dossier = dossier
        self.memory = Memory()
        self.asked = asking.Plan(dossier, (), plan.paths, plan.study.study.sampler, plan.seed)
        #: Flights of maps: how they are aimed, and those that were last flown.
        self.kept = Kept(most=0)
        self.cases: Few[Prepared] = Few(_CASES)
        self._cubes: Few[NDArray[np.float64]] = Few(_SLABS)

    def cube(self, worlds: Drawn) -> NDArray[np.float64]:
        """The points that a slab's worlds are made from: (worlds, columns of the plan)."""
        return self._cubes.get((worlds.index, worlds.rows), lambda: worlds.cube(self.asked))


class Workshop:
    """The variants of a plan, made ready as they are asked for."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._variants: Few[Variant] = Few(_VARIANTS)

    def variant(self, place: tuple[int, ...]) -> Variant:
        return self._variants.get(place, lambda: Variant(self._plan, self._plan.variant(place)))
