"""A raid over the published ranges: in every world the shots that there are, the best allotment, and what
gets through.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..analysis import outcomes
from ..analysis.defending import MOST_BATTERIES, SHOTS, Doctrine, Fate, Options, fight, options
from ..analysis.quantity import asked
from ..analysis.raided import Count, Curve, Flown, Magazine, Point, Raided, RaidFigure, count_of
from ..analysis.raiding import Missile, Openings, RaidSetting, draw, joined, openings
from ..analysis.world import World
from ..dossier import Dossier, InputError
from ..dossier.dispute import Claim
from ..dossier.raid import Order, read_raid
from ..model import Battery
from ..model.memory import Memory
from .design import BATCH
from .relevance import relevant
from .running import Progress, Run, Threads
from .sampling import Design, design

Indices = NDArray[np.int64]

#: Worlds drawn where nobody says how many, and times that each is fought where that has to be drawn.
SAMPLES, RUNS = 64, 256
#: Interceptors of the curve where nobody says how many.
INVENTORIES = (10, 20, 50)
#: More missiles than this take more memory than they are worth.
MOST_MISSILES = 500
# Raids of the curve at most.
_POINTS = 13
# Quantities that depend on all that a raid's shots do.
_ASKED = ("stopped_share", "mean_shots")


def raid(
    dossier: Dossier,
    architecture: str,
    missiles: int | None = None,
    *,
    threat: str | None = None,
    file: Path | None = None,
    spacing_s: float = 0.0,
    batteries: Sequence[str] = (),
    doctrine: Doctrine = "salvo",
    shots: int = SHOTS,
    reserve: int = 0,
    inventories: Sequence[int] = INVENTORIES,
    samples: int = SAMPLES,
    seed: int = 0,
    workers: int | None = None,
    command: str = "",
    progress: Callable[[Progress], None] | None = None,
    memory: Memory | None = None,
) -> Raided:
    """Fight a raid in the nominal world and in sampled ones.

    Parameters
    ----------
    missiles : of ``threat``, by lot; that which the dossier names for the architecture if left out
    file : a raid as data, in place of these
    spacing_s : between two launches of ``missiles``
    batteries : those that fire; all of the architecture if left out
    shots : interceptors sent at one missile at most
    reserve : interceptors that every battery keeps
    inventories : interceptors of the curves, shared out as the architecture's own are over the batteries that
        can meet any of these missiles
    seed : the same seed gives the same result, whatever the number of workers
    """
    dossier.get("architecture", architecture, where="--architecture")
    memory = memory or Memory()
    firing = firing_of(dossier, architecture, batteries, memory)
    check_firing(firing, architecture, reserve, inventories)
    if file is not None:
        figures, orders = read_raid(file, dossier)
    else:
        assert missiles is not None
        figures, orders = dossier, (by_lot(dossier, architecture, missiles, threat, spacing_s),)
    total = sum(order.count for order in orders)
    if total > MOST_MISSILES:
        raise InputError(
            f"a raid of {total:,} missiles", where=str(file) if file else "--missiles",
            expected=f"at most {MOST_MISSILES}",
        )  # fmt: skip
    tell = progress or (lambda _: None)
    work = RaidWork(
        figures, architecture, firing, orders, doctrine, shots, seed, workers or os.cpu_count() or 1, memory,
        lambda stage: tell(Progress(stage, 0, 0)),
    )  # fmt: skip
    fought = work.fought(design(figures, work.paths, samples, seed), seed, tell)
    header = dossier.dossier
    assert header is not None
    tell(Progress("allotting interceptors", 0, 0))
    ours = np.array([each.inventory - reserve for each in firing], dtype=np.int64)
    fate = fought.fight(ours, total)
    curves = []
    for number in inventories:
        tell(Progress(f"{number} interceptors", 0, 0))
        own = shared_out(
            number, [each.inventory if i in fought.acting else 0 for i, each in enumerate(firing)]
        )
        held = {each.name: int(n) for each, n in zip(firing, own, strict=True) if n}
        curves.append(Curve(number, held, [fought.point(n, own) for n in _counts(total)]))
    curves.append(Curve(None, {}, [fought.bound_point(n) for n in _counts(total)]))
    return Raided(
        dossier=header.name,
        version=__version__,
        hash=dossier.hash,
        seed=seed,
        samples=samples,
        command=command,
        architecture=architecture,
        title=dossier.architecture[architecture].name,
        threats=list(dict.fromkeys(figures.threat[order.threat].name for order in orders)),
        missiles=total,
        doctrine=doctrine,
        shots=shots,
        leakers=count_of(fate.through, exact=fate.exact),
        bound=count_of(fought.options.bound(), exact=True),
        spent=count_of(fate.spent, exact=fate.exact),
        batteries=fought.magazines(fate, reserve),
        flights=fought.flights(fate),
        curves=curves,
        figures=_figures(dossier, architecture, firing, doctrine),
    )


def by_lot(dossier: Dossier, architecture: str, missiles: int, threat: str | None, spacing_s: float) -> Order:
    """So many missiles of a threat, or of that which the dossier names for the architecture."""
    name = threat or named_threat(dossier, architecture)
    dossier.get("threat", name, where="--threat")
    return Order(name, missiles, 0.0, spacing_s, "--threat" if threat else "--missiles")


def named_threat(dossier: Dossier, architecture: str) -> str:
    """The threat that a dossier names for an architecture: that of its first comparison, else of the first
    claim about the architecture, else its only one.
    """
    comparisons = [each.cases.get("threat") for each in dossier.comparison.values()]
    claims = [asked(dossier, name).case for name in dossier.claim]
    about = [case.threat for case in claims if case.architecture == architecture]
    only = list(dossier.threat) if len(dossier.threat) == 1 else []
    named = [each for each in (*comparisons, *about, *only) if isinstance(each, str) and each]
    if not named:
        raise InputError(
            f"the dossier names no threat for {architecture}", where="--threat",
            expected=", ".join(dossier.threat) or "a dossier with a [threat.NAME]",
        )  # fmt: skip
    return named[0]


def shared_out(total: int, weights: Sequence[int]) -> Indices:
    """A number of interceptors shared out in proportion, the largest remainders rounded up."""
    exact = total * np.array(weights, dtype=np.float64) / sum(weights)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    for i in np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]:
        whole[i] += 1
    return whole


def _counts(total: int) -> list[int]:
    """Raids of the curve, the smallest and the whole among them."""
    return sorted({round(n) for n in np.linspace(1, total, min(total, _POINTS))})


def firing_of(
    dossier: Dossier, architecture: str, batteries: Sequence[str], memory: Memory
) -> tuple[Battery, ...]:
    defence = RaidSetting(dossier, (), (), memory).defence(architecture)
    try:
        chosen = [defence.battery(name) for name in batteries]
    except InputError as error:
        raise error.placed("--battery") from None
    return tuple(dict.fromkeys(chosen)) or defence.batteries


def check_firing(
    firing: Sequence[Battery], architecture: str, reserve: int, inventories: Sequence[int]
) -> None:
    if not firing:
        raise InputError(
            "architecture {value} has no interceptors", where="--architecture", value=architecture,
            expected="one with a battery",
        )  # fmt: skip
    least = min(each.inventory for each in firing)
    if reserve >= least:
        raise InputError(
            "{value} leaves a battery nothing to fire", where="--reserve", value=reserve,
            expected=f"at most {least - 1}",
        )  # fmt: skip
    for number in inventories:
        if number < 1:
            raise InputError(
                "{value} is no inventory", where="--inventory", value=number, expected="such as 10,20,50"
            )


class RaidWork:
    """A raid drawn, and all that its worlds share."""

    def __init__(
        self,
        dossier: Dossier,
        architecture: str,
        firing: tuple[Battery, ...],
        orders: Sequence[Order],
        doctrine: Doctrine,
        shots: int,
        seed: int,
        workers: int,
        memory: Memory,
        report: Callable[[str], None],
    ) -> None:
        self.architecture, self.firing, self.workers = architecture, firing, workers
        self.doctrine: Doctrine = doctrine
        self.shots = shots
        #: Ranged parameters on which the raid can depend, and its threats of several missiles.
        self.paths = _paths(dossier, architecture, orders)
        drawn = draw(dossier, orders, seed, memory, workers, report)
        self.setting = RaidSetting(dossier, drawn, self.paths, memory, workers, report)

    def fought(self, drawn: Design, seed: int | Sequence[int], tell: Callable[[Progress], None]) -> Fought:
        """Find every shot in some worlds; ``seed`` is of what chance does in them."""
        architecture, firing = self.architecture, self.firing
        worlds = list(_worlds(self.setting, drawn))
        found = _openings(worlds, architecture, firing, False, self.workers, tell)
        # Batteries that meet nothing in any world are left out of the plans.
        acting = tuple(np.flatnonzero(~np.isnan(found.windows[..., 0]).all(axis=(0, 1))).tolist())
        acting = acting or (0,)
        if len(acting) > MOST_BATTERIES:
            raise InputError(
                f"{len(acting)} batteries can fire at this raid", where="--battery",
                expected=f"at most {MOST_BATTERIES} of them",
            )  # fmt: skip
        found = found.by(acting)
        look = self.doctrine == "look"
        if look:
            own = tuple(firing[i] for i in acting)
            found = _openings(worlds, architecture, own, True, self.workers, tell)
        runs = RUNS if look else 0
        luck = outcomes.draws(seed, drawn.rows, runs, len(self.setting.raid), self.shots)
        return Fought(self.setting, firing, acting, options(found, self.doctrine, self.shots), luck)


@dataclass(frozen=True)
class Fought:
    """What plans are worth against every missile of a raid, in every world."""

    setting: RaidSetting
    firing: tuple[Battery, ...]
    acting: tuple[int, ...]
    options: Options
    luck: tuple[NDArray[np.float64], NDArray[np.float64]]

    def fight(self, inventory: Indices, missiles: int) -> Fate:
        """The first missiles against what all batteries have."""
        return fight(self.options.first(missiles), inventory[list(self.acting)], self.luck)

    def point(self, missiles: int, inventory: Indices) -> Point:
        fate = self.fight(inventory, missiles)
        return _point(missiles, count_of(fate.through, exact=fate.exact))

    def bound_point(self, missiles: int) -> Point:
        return _point(missiles, count_of(self.options.first(missiles).bound(), exact=True))

    def magazines(self, fate: Fate, reserve: int) -> list[Magazine]:
        """Every battery that may fire, whether or not it can meet any of the missiles."""
        idle = np.ones((len(fate.through), 1))
        out = []
        for i, each in enumerate(self.firing):
            place = self.acting.index(i) if i in self.acting else None
            spent = idle if place is None else fate.by_battery[place]
            met = 0
            if place is not None:
                met = int((~np.isnan(self.options.openings.windows[0, :, place, 0])).sum())
            count = count_of(spent, exact=fate.exact)
            names = (each.name, each.site.name, each.interceptor.name)
            out.append(Magazine(*names, each.inventory, reserve, met, count))
        return out

    def flights(self, fate: Fate) -> list[Flown]:
        """Every missile of the raid in the nominal world."""
        windows = self.options.openings.windows[0]
        names = [self.firing[i].name for i in self.acting]

        def spans(missile: int, start: int) -> dict[str, tuple[float, float] | None]:
            found = [windows[missile, b, start : start + 2] for b in range(len(names))]
            return {
                name: None if np.isnan(each[0]) else (round(float(each[0]), 1), round(float(each[1]), 1))
                for name, each in zip(names, found, strict=True)
            }

        out = []
        for i, each in enumerate(self.setting.raid):
            start, target = self._ends(each)
            planned = dict(zip(names, fate.plans[0, i].tolist(), strict=True))
            stopped = float(fate.stopped[0, i])
            out.append(
                Flown(each.kinds[0], start, target, each.at_s, spans(i, 0), spans(i, 2), planned, stopped)
            )
        return out

    def _ends(self, missile: Missile) -> tuple[str, str]:
        data = self.setting.threat(missile.threat)
        targets = self.setting.places(data.to).point
        start, target = divmod(missile.pair, len(targets))
        return self.setting.places(data.from_).point[start].name, targets[target].name


def _point(missiles: int, count: Count) -> Point:
    return Point(missiles, count.nominal, count.mean, count.low, count.high, count.method)


def _paths(dossier: Dossier, architecture: str, orders: Sequence[Order]) -> list[str]:
    """Ranged parameters that the shots of a raid, and what they do, can depend on."""
    threats = list(dict.fromkeys(order.threat for order in orders))
    claims = {
        f"{quantity}:{threat}": Claim.model_construct(
            party="", statement="", source="", quantity=quantity, holds=">=", threshold=0.0, reason="",
            cases={"architecture": architecture, "threat": threat},
        )
        for threat in threats
        for quantity in _ASKED
    }  # fmt: skip
    asking = replace(dossier, claim=claims)
    return list(dict.fromkeys(path for name in claims for path in relevant(asking, name)))


def _worlds(setting: RaidSetting, drawn: Design) -> Iterator[tuple[World, dict[str, Indices]]]:
    """The worlds of a design a batch at a time, each with the missiles that fly in it."""
    for start in range(0, drawn.rows, BATCH):
        rows = slice(start, min(start + BATCH, drawn.rows))
        values = {path: column[rows] for path, column in drawn.values.items()}
        choices = {threat: column[rows] for threat, column in drawn.choices.items()}
        yield World(setting, values, {}, rows.stop - rows.start), choices


def _openings(
    worlds: Sequence[tuple[World, dict[str, Indices]]],
    architecture: str,
    firing: Sequence[Battery],
    look: bool,
    workers: int,
    tell: Callable[[Progress], None],
) -> Openings:
    def work(unit: tuple[World, dict[str, Indices]]) -> Openings:
        return openings(unit[0], architecture, firing, unit[1], look)

    run: Run[tuple[World, dict[str, Indices]], Openings] = Run(Threads(workers), work, tell)
    total = sum(world.rows for world, _ in worlds)
    stage = "shots in turn" if look else "sampled worlds"
    return joined(list(run.leading(stage, worlds, total, lambda unit: unit[0].rows)))


def _figures(
    dossier: Dossier, architecture: str, firing: Sequence[Battery], doctrine: Doctrine
) -> list[RaidFigure]:
    """What the number that gets through most directly rests on."""
    data = dossier.resolved_architecture(architecture)
    paths = [f"interceptor.{each.interceptor.name}.kill_probability" for each in firing]
    fields = ["pick_probability", "shot_interval", *(["assessment_delay"] if doctrine == "look" else [])]
    paths += [f"doctrine.{data.doctrine}.{field}" for field in fields]
    parameters = dossier.parameters()
    out = []
    for path in dict.fromkeys(paths):
        found = parameters[path]
        source = dossier.cite(found.source or "")
        out.append(RaidFigure(path, found.text, found.range_text, source, found.note))
    for each in firing:
        owner = next(
            name
            for name in _line(dossier, architecture)
            if any(each.name == battery.name for battery in dossier.architecture[name].battery)
        )
        own = dossier.architecture[owner]
        place = next(i for i, battery in enumerate(own.battery, start=1) if battery.name == each.name)
        path = f"architecture.{owner}.battery.{place}.inventory"
        out.append(RaidFigure(path, str(each.inventory), "", dossier.cite(own.source), None))
    return out


def _line(dossier: Dossier, architecture: str) -> Iterator[str]:
    """An architecture and those it extends, the nearest first."""
    name: str | None = architecture
    while name is not None:
        yield name
        name = dossier.architecture[name].extends
