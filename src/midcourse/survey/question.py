"""What a question of a plan is: how its values lie, and who works them out.

Values lie along the axes of the dossiers, of the cases, of what every unit holds whole, of the worlds and of
the cells. A unit is one dossier, one case, one block of cells and one slab of worlds; the nominal world is a
slab of its own.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..store.layout import Coordinate, Group, Variable
from .plan import Axis, Plan

if TYPE_CHECKING:
    from ..study.asking import Drawn
    from .workshop import Variant

Values = NDArray[Any]


@dataclass(frozen=True)
class Value:
    """One of the things that a question finds: what it is called over the worlds, and in the nominal one."""

    name: str
    nominal: str | None
    dtype: str
    fill: float | int
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """Cells in blocks: their dimensions with sizes, and how much of the first of these is a block."""

    dims: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    block: int = 1

    @property
    def blocks(self) -> int:
        return -(-self.shape[0] // self.block) if self.shape else 1

    @property
    def chunk(self) -> tuple[int, ...]:
        return (self.block, *self.shape[1:]) if self.shape else ()

    def within(self, block: int) -> slice:
        """The cells of a block, counted one after another."""
        each = math.prod(self.shape[1:])
        return slice(block * self.block * each, min((block + 1) * self.block, self.shape[0]) * each)


class Prepared(ABC):
    """What all units of a case share, made ready."""

    @abstractmethod
    def work(self, block: int, worlds: Drawn | None) -> dict[str, Values]:
        """Every value by name, (inner axes, worlds, cells of the block); of the nominal world for None."""


class Question(ABC):
    """A question of a plan.

    Attributes
    ----------
    kind, name : as in ``[kind.name]``
    cases : axes beside those of the dossiers, a unit for each point
    inner : axes that every unit holds whole
    slab : worlds of a unit, a multiple of a batch
    values : what it finds; the first is what a summary is about
    """

    kind: str
    cases: tuple[Axis, ...] = ()
    inner: tuple[Axis, ...] = ()
    cells: Cells = Cells()
    slab: int = 64

    def __init__(self, plan: Plan, name: str) -> None:
        self.plan, self.name = plan, name
        self.written: Any = getattr(plan.study, self.kind)[name]

    @property
    @abstractmethod
    def values(self) -> tuple[Value, ...]: ...

    @abstractmethod
    def prepare(self, variant: Variant, case: Sequence[int]) -> Prepared:
        """Make a case ready for its units."""

    @abstractmethod
    def evaluations(self, case: Sequence[int]) -> int:
        """Engagements that one world of a case takes: flights, each against one architecture."""

    @abstractmethod
    def coordinates(self) -> dict[str, Coordinate]:
        """What labels the axes besides their own names."""

    def attributes(self) -> dict[str, Any]:
        """What a reader is told of the question."""
        return {"kind": self.kind}

    def weights(self, block: int) -> NDArray[np.float64]:  # noqa: ARG002 - of what has no cells
        """What each cell of a block counts for in a summary."""
        return np.ones(1)

    @property
    def slabs(self) -> int:
        """Slabs of worlds, the nominal one first."""
        return 1 + -(-self.plan.samples // self.slab)

    @property
    def steps(self) -> tuple[int, ...]:
        """How many there are of each thing that tells units apart: dossiers, cases, blocks, slabs."""
        axes = (*self.plan.variants, *self.cases)
        return (*(len(axis) for axis in axes), self.cells.blocks, self.slabs)

    @property
    def units(self) -> int:
        return math.prod(self.steps)

    def worlds(self, slab: int) -> Drawn | None:
        """The worlds of a slab; None for the nominal one."""
        from ..study.asking import Drawn
        from ..study.design import BATCH

        if slab == 0:
            return None
        start = (slab - 1) * self.slab
        return Drawn(start // BATCH, min(self.slab, self.plan.samples - start))

    def group(self) -> Group:
        """The arrays that the question fills."""
        axes = (*self.plan.variants, *self.cases)
        before = [(axis.name, len(axis), 1) for axis in axes]
        before += [(axis.name, len(axis), len(axis)) for axis in self.inner]
        world = [("world", self.plan.samples, min(self.slab, self.plan.samples))] if self.plan.samples else []
        after = list(zip(self.cells.dims, self.cells.shape, self.cells.chunk, strict=True))
        variables = []
        for value in self.values:
            for name, along in ((value.name, world), (value.nominal, [])):
                if name is None or (name == value.name and not world):
                    continue
                dims, shape, chunks = zip(*before, *along, *after, strict=True)
                variables.append(
                    Variable(name, dims, shape, chunks, value.dtype, value.fill, dict(value.attributes))
                )
        labels: dict[str, Coordinate] = {
            axis.name: ((axis.name,), np.array(axis.labels), {}) for axis in (*axes, *self.inner)
        }
        if world:
            labels["world"] = (
                ("world",),
                np.arange(1, self.plan.samples + 1),
                {"long_name": "sampled world"},
            )
        return Group(self.name, tuple(variables), {**labels, **self.coordinates()}, self.attributes())

    def chunk(
        self, group: Group, value: Value, place: Sequence[int]
    ) -> tuple[Variable, tuple[int, ...]] | None:
        """The variable and the chunk of it that a unit fills with a value; None where it fills none."""
        *before, block, slab = place
        name = value.name if slab else value.nominal
        if name is None:
            return None
        variable = next(each for each in group.variables if each.name == name)
        along = (slab - 1,) if slab else ()
        cells = (block, *(0 for _ in self.cells.shape[1:])) if self.cells.shape else ()
        return variable, (*before, *(0 for _ in self.inner), *along, *cells)


def cases_of(plan: Plan, written: Any) -> tuple[Axis, Axis]:
    """The architectures and threats of a question, its own or the study's; all of the first dossier's where
    neither names any.
    """
    first = next(iter(plan.dossiers.values()))
    axes = []
    for key, kind in (("architectures", "architecture"), ("threats", "threat")):
        names = getattr(written, key) or getattr(plan.study.study, key) or tuple(first.entries(kind))
        axes.append(Axis(kind, tuple(names)))
    return axes[0], axes[1]


def titles(plan: Plan, axes: Sequence[Axis]) -> dict[str, Coordinate]:
    """What architectures and threats are called in full."""
    first = next(iter(plan.dossiers.values()))
    found: dict[str, Coordinate] = {}
    for axis in axes:
        names = [first.entries(axis.name)[each].name for each in axis.labels]
        found[f"{axis.name}_title"] = ((axis.name,), np.array(names), {})
    return found
