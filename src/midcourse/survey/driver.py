"""A study run: units bundled for an engine, results committed as they come, until all of them are whole.

The driver alone writes to the store. It can be cut off at any moment: what the journal holds and the bytes
bear out is not computed again, and nothing else is believed.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from ..store.journal import Failure, Record, checksum
from ..store.place import Place
from ..store.stopping import stop_asked
from ..store.store import Store, Writer
from ..study.running import Engine, Patient, Progress, Threads
from .units import Cut
from .working import Attempt, Bundle, Suspect, Works, died

#: Times that a unit is worked before it is given up.
ATTEMPTS = 3
# A bundle takes about so long at least, and with many workers so much longer that commits keep up [s].
_BUNDLE_S, _COMMITS_PER_S = 2.0, 20.0
# ... and that making its case ready is a tenth of it.
_PER_READY = 10.0
# Of a bundle that kills its workers, so many units are tried next in a process of their own each, which takes
# seconds to begin; of a larger one, in the workers once more.
_SUSPECTS = 8
# How often it is looked whether somebody asked to stop: on a disk, and far away [s].
_LOOK_S, _LOOK_FAR_S = 1.0, 10.0

Log = Callable[..., None]


@dataclass
class Ran:
    """How a run ended.

    Attributes
    ----------
    units, whole : of the plan, and how many of them are whole now; ``before`` were when it began
    failures : units that were given up
    stopped : why it ended before its time, or nothing
    seconds, worked_s : that the run took, and that workers spent on units
    bytes, evaluations : of the units done in this run
    by_question : units done and the seconds they took, by question
    """

    units: int
    before: int = 0
    whole: int = 0
    failures: list[Failure] = field(default_factory=list)
    stopped: str = ""
    seconds: float = 0.0
    worked_s: float = 0.0
    bytes: int = 0
    evaluations: float = 0.0
    workers: set[str] = field(default_factory=set)
    by_question: dict[str, tuple[int, float]] = field(default_factory=dict)


class Costs:
    """What units of each question have taken so far, and so what is still to come."""

    def __init__(self, cut: Cut, todo: Mapping[int, int]) -> None:
        self._cut = cut
        self._done = [0] * len(cut.questions)
        self._seconds = [0.0] * len(cut.questions)
        self._ready = [0.0] * len(cut.questions)
        self._workers: set[str] = set()
        #: Units still to be done of each question.
        self.left = dict(todo)

    def add(self, record: Record) -> None:
        which = self._cut.question(record.unit)
        self._done[which] += 1
        self._seconds[which] += record.seconds
        self.left[which] -= 1
        self._workers.add(record.worker)
        self._ready[which] = max(self._ready[which], float(record.told["prepare_s"]))

    def ready_s(self, which: int) -> float:
        """Seconds that a worker takes to make a case ready, where each of several has to."""
        return self._ready[which] if len(self._workers) > 1 else 0.0

    def mean(self, which: int) -> float | None:
        """Seconds of a unit of a question; None before the first."""
        return self._seconds[which] / self._done[which] if self._done[which] else None

    def left_s(self) -> float | None:
        """Seconds of work that are left, for a single worker; None before every question is known."""
        total = 0.0
        for which, count in self.left.items():
            mean = self.mean(which)
            if count and mean is None:
                return None
            total += count * (mean or 0.0)
        return total

    def told(self) -> dict[str, tuple[int, float]]:
        """Units done and their seconds, by question."""
        names = [question.name for question in self._cut.questions]
        return {
            name: (done, seconds)
            for name, done, seconds in zip(names, self._done, self._seconds, strict=True)
            if done
        }


class Driver:
    """Runs a plan into a store.

    Parameters
    ----------
    tell : takes how far the run is
    say : takes lines for people
    log : takes events by name, with what belongs to each
    """

    def __init__(
        self,
        works: Works,
        store: Store,
        engine: Engine,
        *,
        tell: Callable[[Progress], None] = lambda _: None,
        say: Callable[[str], None] = lambda _: None,
        log: Log = lambda *_, **__: None,
    ) -> None:
        self._works, self._cut, self._store, self._engine = works, works.cut, store, engine
        self._tell, self._say, self._log = tell, say, log
        self.stopped = ""
        self._suspects: set[int] = set()

    def stop(self, why: str) -> None:
        """Let no further bundle begin, and wait for no workers that are not there."""
        self.stopped = self.stopped or why
        if isinstance(self._engine, Patient):
            self._engine.stop()

    def run(self) -> Ran:
        """Work all units that are not whole; DiskFull, HoldLost or InputError where that cannot go on."""
        began = time.monotonic()
        cut, ran = self._cut, Ran(self._cut.count)
        with self._store.writing(tell=self._say) as writer, self._listening():
            for name in self._store.mend(cut.groups):
                self._say(f"{name} was damaged, and is written anew")
                self._log("mended", object=name)
            whole = self._whole()
            ran.before = ran.whole = len(whole)
            todo: dict[int, int] = {}
            for which, question in enumerate(cut.questions):
                first = cut.first(which)
                todo[which] = sum(i not in whole for i in range(first, first + question.units))
            costs = Costs(cut, todo)
            self._log(
                "begun", units=cut.count, whole=len(whole), workers=self._engine.workers, writer=writer.name
            )
            waiting = self._waiting(whole)
            for attempt in range(1, ATTEMPTS + 1):
                failed = self._pass(waiting, attempt, ran, costs, writer)
                if not failed or self.stopped:
                    break
                self._log("trying again", units=len(failed), attempt=attempt + 1)
                waiting = iter([each.unit for each in failed])
            ran.failures = [] if self.stopped else failed
            if ran.failures:
                writer.commit([], ran.failures)
        ran.stopped, ran.seconds = self.stopped, time.monotonic() - began
        ran.by_question = costs.told()
        self._log(
            "ended", whole=ran.whole, units=ran.units, failed=len(ran.failures), stopped=ran.stopped,
            seconds=round(ran.seconds, 2), worked_s=round(ran.worked_s, 2), bytes=ran.bytes,
        )  # fmt: skip
        return ran

    def _whole(self) -> set[int]:
        journal = self._store.journal()
        recorded = len(journal.records)

        def tell(done: int, total: int) -> None:
            self._tell(Progress("checking what is there", done, total))

        whole = self._store.whole(tell, journal)
        lost = recorded - len(whole)
        if lost:
            self._say(f"{lost:,} of {recorded:,} recorded units are not as they were written: computed again")
        if journal.doubted:
            lines = "1 line" if journal.doubted == 1 else f"{journal.doubted:,} lines"
            self._say(f"{lines} of the journal cannot be believed: what was told there is computed again")
        if lost or journal.doubted:
            self._log("not believed", units=lost, lines=journal.doubted)
        # A unit of another plan cannot be here: the plan's hash is the store's.
        return {unit for unit in whole if unit < self._cut.count}

    def _waiting(self, whole: set[int]) -> Iterator[int]:
        """The units that are not whole. One of each question comes first: what it takes is known then."""
        cut = self._cut
        spans = [
            range(first := cut.first(which), first + question.units)
            for which, question in enumerate(cut.questions)
        ]
        heads = [next((i for i in span if i not in whole), None) for span in spans]
        yield from (i for i in heads if i is not None)
        ahead = set(heads)
        yield from (i for span in spans for i in span if i not in whole and i not in ahead)

    def _pass(
        self, waiting: Iterator[int], attempt: int, ran: Ran, costs: Costs, writer: Writer
    ) -> list[Failure]:
        """Work units once; those that failed, with what went wrong."""
        failed: list[Failure] = []
        began = time.monotonic()
        fresh = ran.whole
        bundles = self._bundles(waiting, costs, alone=attempt > 1)
        with closing(self._engine.run(self._works, bundles)) as coming:
            for _, worked in coming:
                attempts = [each if _as_recorded(each) else _damaged(each) for each in worked]
                writer.commit([(each.record, each.objects) for each in attempts if each.record is not None])
                if len(attempts) <= _SUSPECTS:
                    self._suspects.update(each.unit for each in attempts if each.died)
                for each in attempts:
                    self._count(each, attempt, ran, costs, failed)
                rate = (ran.whole - fresh) / (time.monotonic() - began)
                left = costs.left_s()
                workers = max(1, self._engine.workers)
                left_s = None if left is None else left / workers
                self._tell(Progress("units", ran.whole, ran.units, left_s, f"{rate:,.1f} a second"))
        return failed

    def _count(self, each: Attempt, attempt: int, ran: Ran, costs: Costs, failed: list[Failure]) -> None:
        if each.record is None:
            failed.append(Failure(each.unit, attempt, each.error))
            self._log("failed", unit=each.unit, attempt=attempt, error=each.error)
            return
        record = each.record
        ran.whole += 1
        ran.worked_s += record.seconds
        ran.bytes += record.bytes
        ran.workers.add(record.worker)
        ran.evaluations += self._cut.unit_evaluations(each.unit)
        costs.add(record)
        self._log("done", unit=each.unit, seconds=record.seconds, bytes=record.bytes, worker=record.worker)

    def _bundles(self, waiting: Iterator[int], costs: Costs, *, alone: bool) -> Iterator[Bundle]:
        """Units in bundles of about the same cost; each by itself where one of them is known to fail."""
        bundle: list[int] = []
        for number in waiting:
            if self.stopped:
                return
            if bundle and self._cut.case(bundle[0]) != self._cut.case(number):
                yield tuple(bundle)
                bundle = []
            if number in self._suspects:
                yield Suspect((number,))
                continue
            bundle.append(number)
            if alone or len(bundle) >= self._size(number, costs):
                yield tuple(bundle)
                bundle = []
        if bundle and not self.stopped:
            yield tuple(bundle)

    def _size(self, number: int, costs: Costs) -> int:
        """Units of a bundle: enough that sending it costs little, few enough that all end together."""
        which = self._cut.question(number)
        mean = costs.mean(which)
        if mean is None:
            return 1
        workers = max(1, self._engine.workers)
        wanted = max(_BUNDLE_S, workers / _COMMITS_PER_S, _PER_READY * costs.ready_s(which))
        fair = costs.left[which] / (3 * workers)
        return max(1, int(min(wanted / max(mean, 1e-4), fair)))

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Hear of somebody who asks to stop, also while workers are waited for that are not there."""
        place: Place = self._store.place
        every_s = _LOOK_S if place.local is not None else _LOOK_FAR_S
        ended = threading.Event()

        def listen() -> None:
            while not ended.wait(every_s):
                # A place that does not answer asks for nothing; it is heard of when something is written.
                with suppress(OSError):
                    if stop_asked(place):
                        self.stop("asked to stop")
                        return

        listening = threading.Thread(target=listen, name="listening", daemon=True)
        listening.start()
        try:
            yield
        finally:
            ended.set()
            listening.join()


def _as_recorded(attempt: Attempt) -> bool:
    """Whether a worker's bytes are those that it took the checksums of."""
    chunks = {} if attempt.record is None else attempt.record.chunks
    return chunks == {name: checksum(data) for name, data in attempt.objects.items()}


def _damaged(attempt: Attempt) -> Attempt:
    worker = "" if attempt.record is None else attempt.record.worker
    return Attempt(attempt.unit, error=f"its bytes were damaged on their way from {worker}")


@contextmanager
def engine_for(
    scheduler: str | None, workers: int | None = None, say: Callable[[str], None] = lambda _: None
) -> Iterator[Engine]:
    """Who works a study: the workers of a scheduler at an address, else threads here, one a core if left
    out.
    """
    if scheduler is None:
        yield Threads(workers or os.cpu_count() or 1)
        return
    from ..study.cluster import Cluster

    with Cluster(scheduler, tell=say, died=died) as cluster:
        if cluster.dashboard:
            say(f"dashboard: {cluster.dashboard}")
        yield cluster


def store_for(works: Works, url: str, *, anew: bool) -> Store:
    """The store of a plan: laid out anew, or that which is there; InputError where it is another's."""
    from datetime import datetime

    from .. import __version__
    from ..dossier import InputError
    from ..physics.kernel import CACHE_FOLDER
    from ..store.manifest import Manifest

    plan, cut = works.plan, works.cut
    groups = tuple(group.name for group in cut.groups)
    kernels = CACHE_FOLDER.name.rpartition("-")[2]
    if anew:
        manifest = Manifest(
            title=plan.study.study.title, plan=plan.text, plan_hash=plan.hash, version=__version__,
            kernels=kernels, seed=plan.seed, units=cut.count, groups=groups,
            created=datetime.now().astimezone().isoformat(timespec="seconds"), questions=described(cut),
        )  # fmt: skip
        return Store.create(url, manifest, cut.groups)
    store = Store.open(url)
    theirs = store.manifest
    for what, mine, other in (
        ("plan", plan.hash, theirs.plan_hash),
        ("version of midcourse", __version__, theirs.version),
        ("physics", kernels, theirs.kernels),
    ):
        if mine != other:
            raise InputError(
                f"{{value}} was begun with another {what}: {other}, and now it is {mine}", where="store",
                value=str(store.place), expected="the same, or another --store to begin in",
            )  # fmt: skip
    return store


def described(cut: Cut) -> tuple[dict[str, Any], ...]:
    """What a summary needs to tell units apart: steps and labels, fit for JSON."""
    found = []
    for which, question in enumerate(cut.questions):
        axes = (*cut.plan.variants, *question.cases)
        value = question.values[0]
        found.append(
            {
                "name": question.name,
                "kind": question.kind,
                "first": cut.first(which),
                "steps": list(question.steps),
                "axes": [[axis.name, list(axis.labels)] for axis in axes],
                "inner": [[axis.name, list(axis.labels)] for axis in question.inner],
                "value": value.name,
                "sampler": cut.plan.study.study.sampler,
                "about": dict(value.attributes),
                "evaluations": cut.evaluations(which),
            }
        )
    return tuple(found)
