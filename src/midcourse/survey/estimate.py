"""What a study will take, before it is begun: counted, and measured on a few of its units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..dossier import InputError
from ..store.journal import Record
from ..study.running import Progress
from .units import Cut
from .working import Works


@dataclass(frozen=True)
class Estimate:
    """A question's cost.

    Attributes
    ----------
    units, evaluations : counted
    unit_s, unit_bytes : of a unit, means of those tried
    prepare_s : to make its first case ready, on a machine that has done so before or not
    tried : places where units were worked to tell
    """

    question: str
    kind: str
    units: int
    evaluations: int
    unit_s: float
    unit_bytes: float
    prepare_s: float
    tried: int

    @property
    def work_s(self) -> float:
        """Seconds for one worker."""
        return self.units * self.unit_s

    @property
    def bytes(self) -> float:
        return self.units * self.unit_bytes


# Units tried of a question: spread over its cases, so that no dear one is overlooked.
_TRIED = 8


def estimate(works: Works, tell: Callable[[Progress], None] = lambda _: None) -> list[Estimate]:
    """Count every question's units, and work a few of each that nobody keeps."""
    cut, found = works.cut, []
    for which, question in enumerate(cut.questions):
        tell(Progress(f"trying {question.name}", 0, 0))
        seconds, sizes, prepared = [], [], []
        for number in _spread(cut, which):
            # The first slab of a block makes ready what the others of it find there.
            tried = [_tried(works, number + i, question.name) for i in range(min(2, question.slabs - 1) or 1)]
            costs = [each.seconds - float(each.told["prepare_s"]) for each in tried]
            prepared += [float(each.told["prepare_s"]) for each in tried]
            seconds.append((costs[0] + (question.slabs - 1) * costs[-1]) / question.slabs)
            sizes.append(sum(each.bytes for each in tried) / len(tried))
        count = len(seconds)
        found.append(
            Estimate(
                question.name, question.kind, question.units, cut.evaluations(which), sum(seconds) / count,
                sum(sizes) / count, max(prepared), count,
            )
        )  # fmt: skip
    return found


def _tried(works: Works, number: int, name: str) -> Record:
    attempt = works.attempt(number)
    if attempt.record is None:
        raise InputError(f"unit {number} of {name} fails: {attempt.error}", where=works.plan.shown)
    return attempt.record


def _spread(cut: Cut, which: int) -> list[int]:
    """Some units of a question, of slabs of worlds rather than of the nominal one, which is a small share."""
    question = cut.questions[which]
    first, units, slabs = cut.first(which), question.units, question.slabs
    groups = units // slabs
    chosen = sorted({round(i * (groups - 1) / max(1, _TRIED - 1)) for i in range(_TRIED)})
    return [first + group * slabs + min(1, slabs - 1) for group in chosen]
