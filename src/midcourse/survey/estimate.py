"""What a study will take, before it is begun: counted, and measured on a few of its units."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from ..dossier import InputError
from ..store.journal import Record
from ..study.running import Progress, Threads
from .units import Cut
from .working import Attempt, Bundle, Works


@dataclass(frozen=True)
class Estimate:
    """A question's cost.

    Attributes
    ----------
    units, evaluations : counted
    unit_s, unit_bytes : of a unit, means of those tried
    least_s, most_s : of a unit, at the places where it took least and most
    prepare_s : to make its first case ready, on a machine that has done so before or not
    tried : places where units were worked to tell
    """

    question: str
    kind: str
    units: int
    evaluations: int
    unit_s: float
    least_s: float
    most_s: float
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


# Places tried of a question: in its cases one after another, and within each at another block, so that what
# is dear weighs as it does in the whole.
_TRIED, _GOLDEN = 16, 0.5 * (5.0**0.5 - 1.0)


def estimate(works: Works, tell: Callable[[Progress], None] = lambda _: None) -> list[Estimate]:
    """Count every question's units, and work a few of each that nobody keeps, side by side as a run does."""
    cut, found = works.cut, []
    for which, question in enumerate(cut.questions):
        bundles = _spread(cut, which)
        seconds, sizes, prepared = [], [], [0.0]
        for _, attempts in Threads(os.cpu_count() or 1).run(works, bundles):
            tried = [_record(works, each, question.name) for each in attempts]
            ready = [float(each.told["prepare_s"]) for each in tried]
            costs = [each.seconds - own for each, own in zip(tried, ready, strict=True)]
            prepared += ready
            # The first slab of a block makes ready what the others of it find there.
            seconds.append((costs[0] + (question.slabs - 1) * costs[-1]) / question.slabs)
            sizes.append(sum(each.bytes for each in tried) / len(tried))
            tell(Progress(f"trying {question.name}", len(seconds), len(bundles)))
        count = len(seconds)
        found.append(
            Estimate(
                question.name, question.kind, question.units, cut.evaluations(which), sum(seconds) / count,
                min(seconds), max(seconds), sum(sizes) / count, max(prepared), count,
            )
        )  # fmt: skip
    return found


def _record(works: Works, attempt: Attempt, name: str) -> Record:
    if attempt.record is None:
        raise InputError(f"unit {attempt.unit} of {name} fails: {attempt.error}", where=works.plan.shown)
    return attempt.record


def _spread(cut: Cut, which: int) -> list[Bundle]:
    """The first slabs of worlds at some places of a question: not the nominal one, which is a small share,
    unless there is no other.
    """
    question = cut.questions[which]
    first, slabs = cut.first(which), question.slabs
    groups = question.units // slabs
    count = min(_TRIED, groups)
    chosen = (int((i + (i * _GOLDEN) % 1.0) * groups / count) for i in range(count))
    wanted = range(1, min(slabs, 3)) if slabs > 1 else range(1)
    return [tuple(first + group * slabs + slab for slab in wanted) for group in chosen]
