"""The board: every claim of a dossier under the figures that a page's state gives, told as it is computed.

What the nominal figures say comes first, then what more and more worlds say, in small steps: whoever moves
the lever again waits for none of those that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.assessment import ClaimResult, finite, pair
from ..analysis.setting import Setting
from ..dossier import Dossier
from ..model.defence import Place
from ..model.memory import Lately, Memory
from ..output.wording import passes
from ..study.answering import judged, scale_of, spread
from ..study.asking import Drawn, Inquiry, Plan, Question, Study, Unit, elsewhere, inquiries
from ..study.design import BATCH, Sampler
from ..study.reasons import Answer
from ..study.sampling import Design
from .desk import Stage, Step, Urgency
from .figures import Figures

Array = NDArray[np.float64]
Verdict = dict[str, Any]

#: Worlds after which a refined answer is told, and how many of them are worked in one step.
TOLD_AT = (32, 96, 256)
SLICE = 8
#: Nominal values that are remembered.
LOOKED_AT = 20_000
_SAMPLER: Sampler = "sobol"
_SEED = 0


@dataclass(frozen=True)
class _Slice:
    """Some of the worlds of a batch, which is drawn once."""

    index: int
    start: int
    stop: int
    drawn: dict[tuple[int, int], Design] = field(hash=False, compare=False)

    @property
    def rows(self) -> int:
        return self.stop - self.start

    def worlds(self, plan: Plan, setting: Setting) -> Design:
        key = (id(setting), self.index)
        whole = self.drawn.get(key)
        if whole is None:
            whole = self.drawn[key] = Drawn(self.index).worlds(plan, setting)
        part = slice(self.start, self.stop)
        return Design(
            {path: each[part] for path, each in whole.values.items()},
            {threat: each[part] for threat, each in whole.choices.items()},
            self.rows,
        )


class Board:
    """A dossier's claims made ready, to be judged with parameters held at one value and then another.

    Parameters
    ----------
    base : the board of the dossier as it stands. Worlds are drawn along its columns, so that the same ones
        come before and after a lever is moved.
    figures : what differs from that one
    borrowed : sites whose fly-out tables are those of another place, for a preview
    """

    def __init__(
        self,
        dossier: Dossier,
        memory: Memory,
        workers: int,
        base: Board | None = None,
        figures: Figures | None = None,
        borrowed: Mapping[str, Place] | None = None,
    ) -> None:
        questions = tuple(Question(name) for name in dossier.claim)
        self.dossier, self.memory = dossier, memory
        self.ready: tuple[Inquiry, ...]
        if base is not None and figures is not None and figures.moves_only:
            self.ready = elsewhere(base.ready, dossier, memory, workers)
        else:
            self.ready = inquiries(dossier, questions, memory, workers, lambda _: None)
        for inquiry in self.ready:
            inquiry.setting.borrowed = borrowed or {}
        own = sorted({path for inquiry in self.ready for path in inquiry.relevant})
        # What a change adds comes behind, so that the others keep their columns.
        known: tuple[str, ...] = base.paths if base is not None else ()
        self.paths: tuple[str, ...] = (*known, *(path for path in own if path not in known))
        self._base = Study(Plan(dossier, questions, self.paths, _SAMPLER, _SEED), self.ready, 0)
        if base is not None and figures is not None and figures.alike:
            self._base.ask_as(base._base)
        self._drawn: dict[tuple[int, int], Design] = {}
        self._looked: Lately[Hashable, float] = Lately(LOOKED_AT)
        self._index = {inquiry.id: i for i, inquiry in enumerate(self.ready)}

    def judge(
        self,
        held: Mapping[str, float],
        names: Sequence[str],
        first: Sequence[str],
        tell: Callable[[list[Verdict], bool], None],
        *,
        samples: int,
        urgency: Urgency = Urgency.FIRST,
    ) -> Iterator[Stage]:
        """Judge claims, those ``first`` at once; ``tell`` gets verdicts, and whether they are the last.

        ``urgency`` is that of the nominal figures; ``samples`` of the worlds come when nobody waits for any.
        """
        study = self._base.holding(held)
        wanted = [self._index[name] for name in names if name in self._index]
        ahead = [i for i in wanted if self.ready[i].id in first]
        # A claim is the same wherever what it depends on is held at the same.
        keys = {
            i: (i, *((path, held[path]) for path in self.ready[i].relevant if path in held)) for i in wanted
        }
        nominal = {i: value for i in wanted if (value := self._looked.get(keys[i])) is not None}

        def look(unit: Unit) -> Step:
            def step() -> None:
                for i, values in study.work(unit).by_question().items():
                    nominal[i] = self._looked.put(keys[i], float(values[0]))

            return step

        for part in (ahead, [i for i in wanted if i not in ahead]):
            asked = [i for i in part if i not in nominal]
            yield Stage(urgency, [look(unit) for unit in study.nominal_units(asked)])
            if part:
                tell([self._at_nominal(i, nominal[i]) for i in part], False)
        if not samples:
            return
        parts: dict[int, list[Array]] = {i: [] for i in wanted}
        limits = {i: self.ready[i].asked.quantity.rows_of(samples) for i in wanted}
        done = 0
        for until in [*(each for each in TOLD_AT if each < samples), samples]:
            for start in range(done, until, SLICE):
                asked = [i for i in wanted if start < limits[i]]
                yield self._sampled(study, asked, start, min(start + SLICE, until), parts)
            done = until
            told = [self._told(i, nominal[i], parts[i], limits[i]) for i in wanted]
            tell(told, until == samples)

    def _sampled(
        self, study: Study, asked: Sequence[int], start: int, stop: int, parts: dict[int, list[Array]]
    ) -> Stage:
        """A few more worlds of some claims."""
        index, offset = divmod(start, BATCH)
        points = _Slice(index, offset, offset + stop - start, self._drawn)

        def work(unit: Unit) -> Step:
            def step() -> None:
                for i, values in study.work(unit).by_question().items():
                    parts[i].append(values)

            return step

        units = [Unit(unit.questions, points) for unit in study.nominal_units(asked)]
        return Stage(Urgency.REFINED, [work(unit) for unit in units])

    def _at_nominal(self, i: int, value: float) -> Verdict:
        inquiry = self.ready[i]
        scale = scale_of(inquiry.asked.quantity)
        return {
            "id": inquiry.id, "value": finite(value * scale), "holds": _passes(inquiry, value), "samples": 0,
            "low": None, "high": None, "probability": None, "probability_ci": None, "verdict": None,
        }  # fmt: skip

    def _told(self, i: int, nominal: float, parts: Sequence[Array], limit: int) -> Verdict:
        inquiry = self.ready[i]
        values = np.concatenate([np.zeros(0), *parts])[:limit]
        answer = Answer(inquiry, nominal, [], values)
        scale = scale_of(inquiry.asked.quantity)
        low, high = spread(answer)
        probability, interval, verdict = judged(self.dossier, _SAMPLER, answer)
        return {
            "id": inquiry.id, "value": finite(nominal * scale), "holds": _passes(inquiry, nominal),
            "samples": len(values), "low": finite(low * scale), "high": finite(high * scale),
            "probability": probability, "probability_ci": list(interval), "verdict": verdict,
        }  # fmt: skip


def _passes(inquiry: Inquiry, value: float) -> bool:
    return bool(inquiry.passes(np.array([value]))[0])


def verdict_of(claim: ClaimResult) -> Verdict:
    """The verdict on a claim that was assessed as a whole."""
    return {
        "id": claim.id, "value": finite(claim.value), "holds": passes(claim, claim.value),
        "samples": claim.samples, "low": finite(claim.low), "high": finite(claim.high),
        "probability": finite(claim.probability), "probability_ci": pair(claim.probability_ci),
        "verdict": claim.verdict,
    }  # fmt: skip
