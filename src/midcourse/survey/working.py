"""What a worker does: units from their numbers alone, to the bytes that go into the store."""

from __future__ import annotations

import os
import socket
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .. import __version__
from ..store.journal import Record, checksum
from ..store.layout import chunk_key, encode
from .plan import Plan
from .question import Prepared, Question, Values
from .units import Cut, Unit
from .workshop import Workshop

#: Units that are worked one after another by one worker.
Bundle = tuple[int, ...]


class Suspect(Bundle):
    """A bundle that may kill whoever works it."""

    __slots__ = ()
    apart = True


@dataclass(frozen=True)
class Attempt:
    """What came of a unit: its record with the bytes, or an error; ``died`` where its worker ended."""

    unit: int
    record: Record | None = None
    objects: Mapping[str, bytes] = field(default_factory=dict)
    error: str = ""
    died: bool = False


class Works:
    """Works bundles of a plan's units; it travels as its plan alone, and each process keeps what it made
    ready.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @property
    def digest(self) -> str:
        """What it works, in short: workers that have it need not be sent it again."""
        return f"{__version__} {self.plan.hash}"

    def __reduce__(self) -> tuple[Callable[[Plan], Works], tuple[Plan]]:
        return Works, (self.plan,)

    @cached_property
    def cut(self) -> Cut:
        return Cut(self.plan)

    @cached_property
    def _shop(self) -> Workshop:
        return Workshop(self.plan)

    def __call__(self, bundle: Bundle) -> tuple[Attempt, ...]:
        return tuple(self.attempt(number) for number in bundle)

    def attempt(self, number: int) -> Attempt:
        """Work a unit; whatever goes wrong in it is told, and harms no other."""
        try:
            return self.work(number)
        except Exception as error:
            return Attempt(number, error=_told(error))

    def work(self, number: int) -> Attempt:
        """Work a unit."""
        began = time.perf_counter()
        unit = self.cut.unit(number)
        ready = self._prepared(unit)
        prepared = time.perf_counter()
        found = ready.work(unit.block, unit.question.worlds(unit.slab))
        objects = self._encoded(unit, found)
        seconds = time.perf_counter() - began
        told = {"prepare_s": round(prepared - began, 4), **summary(unit, found)}
        sums = {name: checksum(data) for name, data in objects.items()}
        size = sum(map(len, objects.values()))
        return Attempt(number, Record(number, sums, size, round(seconds, 4), _worker(), told), objects)

    def _prepared(self, unit: Unit) -> Prepared:
        variant = self._shop.variant(unit.variant)
        key = (unit.question.name, unit.case)
        return variant.cases.get(key, lambda: unit.question.prepare(variant, unit.case))

    def _encoded(self, unit: Unit, found: Mapping[str, Values]) -> dict[str, bytes]:
        """The objects of a unit's chunks by name."""
        group = self.cut.groups[self.cut.question(unit.number)]
        objects = {}
        for value in unit.question.values:
            target = unit.question.chunk(group, value, unit.place)
            if target is None:
                continue
            variable, index = target
            values = found[value.name]
            if not unit.slab:
                values = np.take(values, 0, axis=len(unit.question.inner))
            outer = len(unit.place) - 2
            objects[chunk_key(group.name, variable, index)] = encode(
                variable, values.reshape((1,) * outer + values.shape)
            )
        return objects


def summary(unit: Unit, found: Mapping[str, Values]) -> dict[str, Any]:
    """For every point of the inner axes, how much is known of the first value, and its sum: in worlds, and
    over cells as their area goes.
    """
    question: Question = unit.question
    value = question.values[0]
    shape = tuple(len(axis) for axis in question.inner)
    values = np.asarray(found[value.name], dtype=np.float64)
    values = np.where(values == value.fill, np.nan, values).reshape(*shape, -1)
    weights = question.weights(unit.block)
    spread = np.broadcast_to(weights, (values.shape[-1] // len(weights), len(weights))).ravel()
    known = ~np.isnan(values)
    return {
        "known": np.where(known, spread, 0.0).sum(axis=-1).ravel().tolist(),
        "sum": np.where(known, values * spread, 0.0).sum(axis=-1).ravel().tolist(),
    }


def died(bundle: Sequence[int], reason: str) -> tuple[Attempt, ...]:
    """What came of a bundle whose worker ended with it, time and again."""
    return tuple(Attempt(number, error=f"its worker ended: {reason}", died=True) for number in bundle)


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _told(error: Exception) -> str:
    """An error in one line, with the place where it arose."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)}:{last.lineno}, in {last.name}"
    return f"{type(error).__name__}: {' '.join(str(error).split())} ({where})"
