"""The shield in operation, over many runs: what a raid comes to when chance falls otherwise each time.

A run is told by its number alone: it draws its luck from that and the seed, so that it goes as it goes
whoever works it, and when. Raid and figures are the same in all of them.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import __version__
from ..dossier import Dossier, InputError
from ..dossier.incident import (
    Incident,
    check_incidents,
    parse_incident,
    read_incidents,
    read_raid_and_incidents,
)
from ..dossier.raid import LAUNCH, Order
from ..model.memory import Memory
from ..operation import Scenario, Shield, prepare
from ..operation.luck import Luck
from ..operation.outcome import CAUSES, Fate, Outcome, moments_of
from .crew import Crew
from .judging import wilson_interval
from .operated import Moments, Number, Operated, Share, Target
from .raid import by_lot
from .running import Engine, Progress, Run, Threads

#: Every missile more is weighed against all the others, again and again.
MOST_MISSILES = 500
# Simulated time in which a run that was told to stop does so [s].
_SLICE = 60.0
# Other processes take some seconds to get ready: they are worth that from so much work on [s].
_WORTH = 10.0


@dataclass(frozen=True)
class Plan:
    """All that a run follows from but its number.

    Attributes
    ----------
    dossier : with a threat for every launch of the raid's file
    orders : missiles of the raid
    incidents : what happens besides, missiles that join it among that, as of ``check_incidents``
    raid_file, incidents_file : their texts, where there were such files
    run : number of the run, where it is about a single one
    """

    dossier: Dossier
    architecture: str
    orders: tuple[Order, ...]
    incidents: tuple[Incident, ...] = ()
    seed: int = 0
    raid_file: str | None = None
    incidents_file: str | None = None
    run: int = 0

    def scenario(
        self, memory: Memory | None = None, workers: int = 1, report: Callable[[str], None] | None = None
    ) -> Scenario:
        """Draw the raid, and make ready what all runs share."""
        return prepare(
            self.dossier, self.architecture, self.orders, self.seed, memory=memory, workers=workers,
            report=report,
        )  # fmt: skip


def plan(
    dossier: Dossier,
    architecture: str,
    missiles: int | None = None,
    *,
    threat: str | None = None,
    file: Path | None = None,
    spacing_s: float = 0.0,
    incidents: Sequence[str] = (),
    incidents_file: Path | None = None,
    seed: int = 0,
) -> Plan:
    """What is to be run; InputError for what cannot be.

    Parameters
    ----------
    missiles : of ``threat``, by lot; that which the dossier names for the architecture if left out
    file : a raid as data, in place of these
    spacing_s : between two launches of ``missiles``
    incidents, incidents_file : what happens to the shield, as texts and as data; of a raid's file, besides
    """
    dossier.get("architecture", architecture, where="--architecture")
    if dossier.resolved_architecture(architecture).doctrine is None:
        raise InputError(
            f"architecture {architecture} has no doctrine, so nobody may shoot", where="--architecture",
            expected="one that has",
        )  # fmt: skip
    befalling: list[Incident] = []
    if file is not None:
        grown, orders, own = read_raid_and_incidents(file, dossier)
        befalling += own
    else:
        assert missiles is not None
        grown, orders = dossier, (by_lot(dossier, architecture, missiles, threat, spacing_s),)
    if incidents_file is not None:
        grown, more = read_incidents(incidents_file, grown)
        befalling += more
    befalling += [parse_incident(each, grown) for each in incidents]
    checked = check_incidents(grown, architecture, befalling)
    total = sum(order.count for order in orders) + sum(each.order is not None for each in checked)
    if total > MOST_MISSILES:
        raise InputError(
            f"a raid of {total:,} missiles", where=str(file) if file else "--missiles",
            expected=f"at most {MOST_MISSILES}: each is weighed against all others at every launch, so that "
            "time grows with the square of their number",
        )  # fmt: skip
    return Plan(grown, architecture, orders, checked, seed, _text(file), _text(incidents_file))


def _text(file: Path | None) -> str | None:
    return None if file is None else file.read_text(encoding="utf-8")


def recorded_plan(dossier: Dossier, header: Any, where: str) -> Plan:
    """The plan of a run as the header of its record tells it; ``where`` that stands, for errors.

    InputError where the dossier is not the one that the run was made with.
    """
    dossier.get("architecture", header.architecture, where=where)
    if header.raid_file is not None:
        dossier, _, _ = _read_again(header.raid_file, read_raid_and_incidents, dossier)
    if header.incidents_file is not None:
        dossier, _ = _read_again(header.incidents_file, read_incidents, dossier)
    if dossier.hash != header.hash:
        raise InputError(
            "the run was made with other figures than these", where=where,
            expected=f"dossier and --set as in: {header.command}" if header.command else "the same dossier",
        )  # fmt: skip
    orders = [
        Order(each.threat, each.count, each.at_s, each.spacing_s, where, each.spread_s)
        for each in header.orders
    ]
    incidents = [
        Incident(
            each.at_s, each.do, each.what, each.by_s,
            Order(each.what, 1, each.at_s, where=where) if each.do == LAUNCH else None, where,
        )
        for each in header.incidents
    ]  # fmt: skip
    for order in (*orders, *(each.order for each in incidents if each.order is not None)):
        dossier.get("threat", order.threat, where=where)
    checked = check_incidents(dossier, header.architecture, incidents)
    return Plan(
        dossier, header.architecture, tuple(orders), checked, header.seed, header.raid_file,
        header.incidents_file, header.run,
    )  # fmt: skip


def _read_again(text: str, read: Callable[[Path, Dossier], Any], dossier: Dossier) -> Any:
    """What a file's text says, read as the file was."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "written.toml"
        file.write_text(text, encoding="utf-8")
        return read(file, dossier)


def work_of(plan: Plan) -> Callable[[int], Outcome | None]:
    """What works runs of a plan, told by their numbers."""
    return working(plan.scenario(), plan)


def working(
    scenario: Scenario, plan: Plan, stopped: Callable[[], bool] = lambda: False
) -> Callable[[int], Outcome | None]:
    """What works runs of a plan made ready; one that is stopped comes to None."""

    def work(number: int) -> Outcome | None:
        shield = Shield(scenario, Luck(plan.seed, number), kept=False, incidents=plan.incidents)
        until = 0.0
        while not shield.done:
            if stopped():
                return None
            until += _SLICE
            shield.advance(until)
        return shield.outcome()

    return work


class _Runs(Run[int, "Outcome | None"]):
    """Runs under way, of which those begun are given up as well when they are stopped."""

    def __init__(
        self, crew: Crew[int, Outcome | None], engine: Engine, tell: Callable[[Progress], None]
    ) -> None:
        super().__init__(engine, crew.work, tell)
        self._crew = crew

    def stop(self) -> None:
        super().stop()
        self._crew.end()


def operate(
    plan: Plan,
    runs: int,
    *,
    workers: int | None = None,
    engine: Engine | None = None,
    scenario: Scenario | None = None,
    command: str = "",
    progress: Callable[[Progress], None] | None = None,
    memory: Memory | None = None,
) -> Operated:
    """Run a raid many times.

    ``engine`` works the runs in this process; without one as many processes as there are ``workers`` do, or
    cores. The same comes of them either way. ``scenario`` is the plan's, where it is at hand. Ctrl-C ends it
    with the runs done until then; KeyboardInterrupt where there are none.
    """
    tell = progress or (lambda _: None)
    count = workers or os.cpu_count() or 1
    ready = scenario or plan.scenario(memory, count, lambda stage: tell(Progress(stage, 0, 0)))
    crew: Crew[int, Outcome | None] = Crew(working(ready, plan, lambda: run.interrupted), work_of, plan)
    run = _Runs(crew, engine or Threads(count), tell)
    outcomes: list[Outcome] = []
    try:
        with run.interruptible():
            for outcome in _outcomes(run, crew, runs, count if engine is None else 1):
                if outcome is None:
                    break
                outcomes.append(outcome)
    finally:
        crew.end()
    if not outcomes:
        raise KeyboardInterrupt
    return operated(plan, ready, outcomes, interrupted=len(outcomes) < runs, command=command)


def _outcomes(
    run: _Runs, crew: Crew[int, Outcome | None], runs: int, workers: int
) -> Iterator[Outcome | None]:
    """What comes of the runs. The first are worked here alone: they compile what the others need, and the
    second shows how long one takes.
    """
    took, began = 0.0, time.monotonic()
    for outcome in run.leading("first runs", range(min(2, runs)), min(2, runs), lambda _: 1):
        took, began = time.monotonic() - began, time.monotonic()
        yield outcome
    if runs > 2:
        if took * (runs - 2) > _WORTH:
            crew.start(min(workers, runs - 2) - 1)
        yield from run.leading("further runs", range(2, runs), runs - 2, lambda _: 1)


def operated(
    plan: Plan,
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    *,
    interrupted: bool = False,
    command: str = "",
    fates: Sequence[Moments] = (),
) -> Operated:
    """What the runs of a raid come to together; ``fates`` of a single one."""
    dossier = plan.dossier
    header = dossier.dossier
    assert header is not None
    total, batteries = max(len(each.fates) for each in outcomes), scenario.defence.batteries
    stock = sum(each.inventory for each in batteries)
    leaked = [each.leaked for each in outcomes]
    spent = [sum(each.spent.values()) for each in outcomes]
    causes = {
        cause: number([each.causes.get(cause, 0) for each in outcomes], total)
        for cause in CAUSES
        if any(cause in each.causes for each in outcomes)
    }
    ends = {
        end: number([each.ends.get(end, 0) for each in outcomes], stock)
        for end in sorted({end for each in outcomes for end in each.ends})
    }
    by_battery = {
        each.name: number([outcome.spent[each.name] for outcome in outcomes], each.inventory)
        for each in batteries
    }
    return Operated(
        dossier=header.name,
        version=__version__,
        hash=dossier.hash,
        seed=plan.seed,
        runs=len(outcomes),
        interrupted=interrupted,
        command=command,
        architecture=plan.architecture,
        title=scenario.defence.title,
        threats=list(dict.fromkeys(dossier.threat[order.threat].name for order in plan.orders)),
        launched=total,
        leaked=number(leaked, total),
        none_leaked=share(leaked.count(0), len(outcomes)),
        interceptors_spent=number(spent, stock),
        causes=causes,
        inventory={each.name: each.inventory for each in batteries},
        spent=by_battery,
        ends=ends,
        missiles=[_target([each.fates[i] for each in outcomes if i < len(each.fates)]) for i in range(total)],
        fates=list(fates),
        by_run={"leaked": leaked, "interceptors_spent": spent},
        plan=plan,
    )


def _target(fates: Sequence[Fate]) -> Target:
    """What became of a missile in the runs."""
    one = fates[0]
    why = [fate.cause for fate in fates if fate.cause]
    return Target(
        one.missile, one.start, one.target, one.launched_s,
        share(len(why), len(fates)),
        {cause: share(why.count(cause), len(fates)) for cause in CAUSES if cause in why},
        float(np.mean([fate.shots for fate in fates])),
    )  # fmt: skip


def moments(shield: Shield) -> list[Moments]:
    """What became of the missiles of a run that has ended, and when what was first done about each."""
    first = moments_of(shield)
    return [
        Moments(
            fate.missile, fate.start, fate.target, fate.launched_s, fate.ended_s,
            "impact" if fate.cause else "hit", fate.cause or None, fate.shots, own.declared_s,
            min(own.sights.values(), default=None), own.track_s, own.order_s, own.interceptor_s,
        )
        for fate in shield.outcome().fates
        for own in [first[fate.missile]]
    ]  # fmt: skip


def share(times: int, runs: int) -> Share:
    """In how many of the runs, and its 95 % interval."""
    return Share(times / runs, wilson_interval(times / runs, runs))


def number(values: Sequence[int], most: int) -> Number:
    """A number by run, of 0 to ``most``: its mean, and the shares of the runs with 0, 1, 2 ..."""
    counts = np.bincount(np.asarray(values, dtype=np.int64)).tolist()
    shares = [share(times, len(values)) for times in counts]
    return Number(
        float(np.mean(values)), mean_interval(values, most), [each.share for each in shares],
        [each.ci for each in shares],
    )  # fmt: skip


def mean_interval(values: ArrayLike, most: float) -> tuple[float, float] | None:
    """Student's 95 % interval of the mean of a number from 0 to ``most``; None for a single value, which does
    not tell how it would have gone again.

    It reaches no less far to either side than what so many runs can have missed: were they all the same, one
    in every ``runs / 4`` could still go otherwise by one.
    """
    from scipy.special import stdtrit

    given = np.asarray(values, dtype=np.float64)
    runs = len(given)
    if runs < 2:
        return None
    deviate = float(stdtrit(runs - 1, 0.975)) * float(given.std(ddof=1)) / math.sqrt(runs)
    mean, half = float(given.mean()), max(deviate, 4.0 / runs)
    return max(0.0, mean - half), min(most, mean + half)
