"""How a study stands: what is whole, what it says so far and what it has cost, from its journal alone.

Nothing here loads the physics, or reads a value: it answers at once for a store of any size.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..store.holding import holder
from ..store.journal import Failure
from ..store.store import Store


@dataclass
class Row:
    """What is known of one point of a question's cases: a mean over worlds, and cells by area.

    Attributes
    ----------
    labels : by axis
    mean : of the question's first value; None where nothing is known
    share : of the units that say so
    """

    labels: dict[str, str]
    mean: float | None
    share: float


@dataclass
class Asked:
    """How a question stands."""

    name: str
    kind: str
    about: dict[str, Any]
    units: int
    whole: int
    evaluations: int
    seconds: float
    rows: list[Row] = field(default_factory=list)


@dataclass
class Standing:
    """How a study stands."""

    store: str
    title: str
    plan_hash: str
    version: str
    seed: int
    created: str
    units: int
    whole: int
    bytes: int
    worked_s: float
    slowest_s: float
    workers: int
    running: str | None
    failures: list[Failure]
    questions: list[Asked]

    def to_json(self) -> str:
        """One document."""
        told = asdict(self)
        told["failures"] = [each._asdict() for each in self.failures]
        return json.dumps(told, ensure_ascii=False, indent=2)


def standing(store: Store) -> Standing:
    """How the study of a store stands."""
    journal, manifest = store.journal(), store.manifest
    latest = {unit: records[-1] for unit, records in journal.records.items()}
    who = holder(store.place)
    asked = [_asked(each, latest) for each in manifest.questions]
    return Standing(
        store=str(store.place),
        title=manifest.title,
        plan_hash=manifest.plan_hash,
        version=manifest.version,
        seed=manifest.seed,
        created=manifest.created,
        units=manifest.units,
        whole=len(latest),
        bytes=sum(each.bytes for each in latest.values()),
        worked_s=sum(each.seconds for each in latest.values()),
        slowest_s=max((each.seconds for each in latest.values()), default=0.0),
        workers=len({each.worker for each in latest.values()}),
        running=None if who is None else str(who),
        failures=list(journal.failures.values()),
        questions=asked,
    )


def _asked(question: Mapping[str, Any], latest: Mapping[int, Any]) -> Asked:
    steps: list[int] = question["steps"]
    units, first = math.prod(steps), question["first"]
    inner = question["inner"]
    held = math.prod(len(labels) for _, labels in inner)
    *outer, blocks, slabs = steps
    per_case = blocks * slabs
    cases = math.prod(outer)
    known = [[0.0] * held for _ in range(cases)]
    total = [[0.0] * held for _ in range(cases)]
    count = [0] * cases
    seconds, whole = 0.0, 0
    for unit in range(first, first + units):
        record = latest.get(unit)
        if record is None:
            continue
        whole += 1
        seconds += record.seconds
        case, slab = (unit - first) // per_case, (unit - first) % slabs
        count[case] += 1
        # The nominal world is no sample; it is told where there are none.
        if slab == 0 and slabs > 1:
            continue
        for i, (n, s) in enumerate(zip(record.told["known"], record.told["sum"], strict=True)):
            known[case][i] += n
            total[case][i] += s
    rows = []
    for case in range(cases):
        labels = _labels(question["axes"], case)
        for i in range(held):
            n = known[case][i]
            mean = total[case][i] / n if n > 0.0 else None
            rows.append(Row({**labels, **_labels(inner, i)}, mean, count[case] / per_case))
    return Asked(
        question["name"], question["kind"], dict(question["about"]), units, whole, question["evaluations"],
        seconds, rows,
    )  # fmt: skip


def _labels(axes: list[Any], place: int) -> dict[str, str]:
    """The labels at a place, counted with the last axis fastest."""
    found: dict[str, str] = {}
    for name, labels in reversed(axes):
        place, here = divmod(place, len(labels))
        found[name] = labels[here]
    return dict(reversed(found.items()))
