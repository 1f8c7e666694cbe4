"""Questions about raids: how many of so many missiles get through in every world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.defending import SHOTS
from ..analysis.raiding import RaidSetting
from ..dossier import Dossier, InputError
from ..dossier.raid import Order
from ..model import Battery
from ..model.memory import Memory
from ..store.layout import Coordinate
from ..study.asking import Drawn
from ..study.raid import MOST_MISSILES, RaidWork, check_firing, firing_of
from ..study.sampling import Design, drawn
from .plan import Axis, Plan
from .question import Prepared, Question, Value, Values, cases_of, titles
from .workshop import Variant

_THROUGH, _SPENT = "missiles that get through, in the mean", "interceptors spent, in the mean"


class Raid(Question):
    """``[raid.NAME]``: means over chance of the missiles that get through, and of the interceptors spent."""

    kind = "raid"
    slab = 32

    def __init__(self, plan: Plan, name: str) -> None:
        super().__init__(plan, name)
        self.cases = cases_of(plan, self.written)
        counts = tuple(sorted(set(self.written.missiles)))
        where = plan.at("raid", name, "missiles")
        if not counts or counts[-1] > MOST_MISSILES:
            raise InputError(
                "no raid" if not counts else f"a raid of {counts[-1]:,} missiles", where=where,
                expected=f"such as [10, 20, 40], at most {MOST_MISSILES}",
            )  # fmt: skip
        self.counts = counts
        self.inner = (Axis("missiles", tuple(map(str, counts))),)
        for dossier in plan.dossiers.values():
            for kind, axis in (("architecture", self.cases[0]), ("threat", self.cases[1])):
                for each in axis.labels:
                    dossier.get(kind, each, where=plan.at("raid", name))
            for architecture in self.cases[0].labels:
                self.firing(dossier, architecture, Memory(None))

    def firing(self, dossier: Dossier, architecture: str, memory: Memory) -> tuple[Battery, ...]:
        """The batteries that fire; InputError where there are none or they keep everything back."""
        try:
            found = firing_of(dossier, architecture, self.written.batteries, memory)
            check_firing(found, architecture, self.written.reserve, ())
        except InputError as error:
            key = {"--battery": "batteries", "--reserve": "reserve"}.get(error.where or "", "missiles")
            raise error.placed(self.plan.at("raid", self.name, key)) from None
        return found

    @property
    def values(self) -> tuple[Value, ...]:
        return (
            Value("through", "through_nominal", "float64", float("nan"), {"long_name": _THROUGH}),
            Value("spent", "spent_nominal", "float64", float("nan"), {"long_name": _SPENT}),
        )

    def prepare(self, variant: Variant, case: Sequence[int]) -> Prepared:
        return _RaidCase(self, variant, case)

    def evaluations(self, case: Sequence[int]) -> int:  # noqa: ARG002 - the same for each
        return int(self.counts[-1])

    def coordinates(self) -> dict[str, Coordinate]:
        counts = (("missiles",), np.array(self.counts), {"long_name": "missiles of the raid"})
        return {**titles(self.plan, self.cases), "missiles": counts}

    def attributes(self) -> dict[str, Any]:
        written = self.written
        return {
            **super().attributes(), "doctrine": written.doctrine, "shots": written.shots or SHOTS,
            "reserve": written.reserve, "spacing_s": written.spacing.value,
        }  # fmt: skip


class _RaidCase(Prepared):
    """The raid of one threat against one architecture."""

    def __init__(self, question: Raid, variant: Variant, case: Sequence[int]) -> None:
        self._question, self._variant = question, variant
        architecture, threat = (axis.labels[i] for axis, i in zip(question.cases, case, strict=True))
        dossier, written = variant.dossier, question.written
        firing = question.firing(dossier, architecture, variant.memory)
        spacing = written.spacing.value
        orders = (Order(threat, question.counts[-1], 0.0, spacing, question.plan.at("raid", question.name)),)
        self._work = RaidWork(
            dossier, architecture, firing, orders, written.doctrine, written.shots or SHOTS,
            question.plan.seed, 1, variant.memory, lambda _: None,
        )  # fmt: skip
        self._inventory = np.array([each.inventory - written.reserve for each in firing], dtype=np.int64)

    @property
    def setting(self) -> RaidSetting:
        return self._work.setting

    def work(self, block: int, worlds: Drawn | None) -> dict[str, Values]:  # noqa: ARG002 - no cells
        variant, plan = self._variant, self._question.plan
        design = Design({}, {}, 1)
        luck = [plan.seed]
        if worlds is not None:
            cube = variant.cube(worlds)
            design = drawn(variant.dossier, self._work.paths, cube, variant.asked.columns)
            luck.append(worlds.start)
        fought = self._work.fought(design, luck, lambda _: None)
        fates = [fought.fight(self._inventory, count) for count in self._question.counts]
        return {
            "through": np.stack([_mean(fate.through) for fate in fates]),
            "spent": np.stack([_mean(fate.spent) for fate in fates]),
        }


def _mean(distribution: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means of distributions over counts from none: (worlds,)."""
    return np.asarray((distribution * np.arange(distribution.shape[1])).sum(axis=1))
