"""Drives a plan whose units cost nothing, in a process of its own, and says what that took.

PLAN STORE run|resume [ADDRESS] : threads work it, or the workers of a scheduler
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from midcourse.study.cluster import Cluster
from midcourse.study.running import Threads
from midcourse.survey.driver import Driver, store_for
from midcourse.survey.plan import read_plan
from midcourse.survey.question import Prepared, Question
from midcourse.survey.working import Works


class Nothing(Prepared):
    """What finds nothing, at once."""

    def __init__(self, question: Question) -> None:
        self._question = question

    def work(self, block: int, worlds: Any) -> dict[str, Any]:  # noqa: ARG002 - no cells
        shape = (*map(len, self._question.inner), 1 if worlds is None else worlds.rows)
        return {value.name: np.zeros(shape, dtype=value.dtype) for value in self._question.values}


class Instant(Works):
    """Works without any physics: units are encoded, sent, checked and committed as any others."""

    def __reduce__(self) -> Any:
        return Instant, (self.plan,)

    def _prepared(self, unit: Any) -> Prepared:
        return Nothing(unit.question)


def memory(key: str) -> float:
    """Of this process, as Linux tells it: VmRSS at present, VmHWM at its peak [MB]."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def main(path: str, url: str, verb: str, address: str = "") -> None:
    works = Instant(read_plan(path))
    with ExitStack() as stack:
        engine = stack.enter_context(Cluster(address)) if address else Threads(2)
        while engine.workers < 2:
            time.sleep(0.1)
        store = store_for(works, url, anew=verb == "run")
        gc.collect()
        # The peak from here on.
        Path("/proc/self/clear_refs").write_text("5")
        start_mb = memory("VmRSS")
        before = resource.getrusage(resource.RUSAGE_SELF)
        ran = Driver(works, store, engine).run()
    after = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "units": ran.units,
        "done": ran.whole - ran.before,
        "seconds": ran.seconds,
        "worked_s": ran.worked_s,
        "processor_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "start_mb": start_mb,
        "peak_mb": memory("VmHWM"),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
