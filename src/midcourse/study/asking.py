"""What is asked of a dossier, and how a unit of work is answered.

A plan is all that a worker elsewhere needs to take part in a study, and small; a study is a plan with what
its samples share, which a worker builds once.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..analysis.assessment import Comparison
from ..analysis.chances import Demand
from ..analysis.quantity import Asked, Detail, asked, read_threshold
from ..analysis.setting import Setting
from ..analysis.world import World
from ..dossier import Dossier
from ..model.memory import Memory
from . import sampling
from .design import BATCH, Sampler, batch
from .judging import holds
from .relevance import relevant as relevant_to
from .sampling import Design
from .tying import Ties, ties

Array = NDArray[np.float64]

# Interceptor parameters that leave its flight alone, and the payload, which all tables are made for.
_CHEAP = (
    ".payload", ".burnout_speed", ".minimum_altitude", ".longest_flight", ".divert", ".homing_time",
    ".seeker_view", ".kill_probability",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A claim as it stands, or under a viewpoint besides what it takes itself."""

    claim: str
    viewpoint: str | None = None


@dataclass(frozen=True)
class Plan:
    """All that decides what a study computes.

    Attributes
    ----------
    paths : sampled parameters, each a column of the unit cube
    held : sampled parameters that every world holds at one value, SI, which lies within their range: as if it
        were imposed, but with the tables of the whole range
    """

    dossier: Dossier
    questions: tuple[Question, ...]
    paths: tuple[str, ...]
    sampler: Sampler
    seed: int
    held: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def ties(self) -> Ties:
        """What physics ties among the sampled parameters."""
        return ties(self.dossier, self.paths)

    @cached_property
    def columns(self) -> dict[str, int]:
        return {path: i for i, path in enumerate(self.paths)}

    def hold(self, values: Mapping[str, Array], setting: Setting, rows: int) -> dict[str, Array]:
        """A setting's values of sampled parameters, those that are held at what they are held at."""
        held = {path: np.full(rows, self.held[path]) for path in setting.sampled if path in self.held}
        return {**values, **held}


class Points(Protocol):
    """The worlds of a unit of work."""

    @property
    def rows(self) -> int: ...

    def worlds(self, plan: Plan, setting: Setting) -> Design: ...


@dataclass(frozen=True)
class Drawn:
    """Samples from a batch on, drawn by whoever works them."""

    index: int
    rows: int = BATCH

    @property
    def start(self) -> int:
        """How many samples come before these."""
        return self.index * BATCH

    def cube(self, plan: Plan) -> Array:
        batches = range(self.index, self.index - (-self.rows // BATCH))
        drawn = [batch(plan.sampler, len(plan.paths), plan.seed, index) for index in batches]
        return plan.ties.tie(np.concatenate(drawn)[: self.rows])

    def worlds(self, plan: Plan, setting: Setting) -> Design:
        return open_only(plan, setting, self.cube(plan))


@dataclass(frozen=True)
class Given:
    """Worlds that differ from the nominal one in the parameters given, SI, and in which missile a threat
    is.
    """

    values: Mapping[str, Array]
    rows: int = 1
    choices: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    def worlds(self, plan: Plan, setting: Setting) -> Design:  # noqa: ARG002 - as all points
        nominal = {path: np.full(self.rows, setting.nominal[path]) for path in setting.sampled}
        return Design({**nominal, **self.values}, dict(self.choices), self.rows)


def open_only(plan: Plan, setting: Setting, cube: Array) -> Design:
    """The samples of a setting: of the parameters that its figures leave open, under its distributions."""
    choices = [path for path in plan.paths if sampling.is_choice(path)]
    return sampling.drawn(setting.dossier, (*setting.sampled, *choices), cube, plan.columns)


@dataclass(frozen=True)
class Unit:
    """Some questions, by their places in the plan, over some worlds."""

    questions: tuple[int, ...]
    points: Points

    @property
    def size(self) -> int:
        return self.points.rows


@dataclass(frozen=True)
class Outcome:
    """The values of a unit's questions, (questions, rows), SI."""

    unit: Unit
    values: Array

    def by_question(self) -> dict[int, Array]:
        return dict(zip(self.unit.questions, self.values, strict=True))


@dataclass(frozen=True)
class Inquiry:
    """A question made ready.

    Attributes
    ----------
    comparison, threshold : the test, SI
    setting : with the figures that the claim is judged by
    relevant : sampled parameters that its value can depend on
    """

    question: Question
    asked: Asked
    comparison: Comparison
    threshold: float
    setting: Setting
    relevant: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.question.claim

    def without(self, held: Collection[str]) -> Inquiry:
        """The same where some parameters do not vary."""
        return replace(self, relevant=tuple(path for path in self.relevant if path not in held))

    def passes(self, values: Array) -> NDArray[np.bool_]:
        """Whether values pass the claim's test."""
        return holds(values, self.comparison, self.threshold)

    def compute(self, world: World) -> Array:
        return np.asarray(self.asked.quantity.compute(world, self.asked.case), dtype=np.float64)


def inquiries(
    dossier: Dossier,
    questions: Sequence[Question],
    memory: Memory,
    workers: int,
    report: Callable[[str], None],
) -> tuple[Inquiry, ...]:
    """Questions with their settings; those with the same figures share one."""
    found = []
    figured: dict[str, Dossier] = {}
    settings: dict[tuple[str, tuple[str, ...]], Setting] = {}
    for question in questions:
        name, claim = question.claim, dossier.claim[question.claim]
        imposed = [question.viewpoint or claim.viewpoint, claim.viewpoint, claim.set]
        written = json.dumps(imposed, sort_keys=True, default=str)
        if written not in figured:
            figured[written] = dossier.for_claim(name, question.viewpoint)
        figures = figured[written]
        relevant = relevant_to(figures, name)
        # Vehicles multiply the fly-out tables: settings differ by which of their parameters are sampled.
        sampled = tuple(path for path in relevant if path.startswith(("motor.", "interceptor.")))
        key = (figures.hash, tuple(path for path in sampled if not path.endswith(_CHEAP)))
        if key not in settings:
            settings[key] = Setting(figures, (), memory, workers, report)
        setting = settings[key]
        setting.open(relevant)
        about = asked(dossier, name)
        threshold = read_threshold(dossier, name, about.quantity.unit)
        found.append(Inquiry(question, about, claim.holds, threshold, setting, relevant))
    return tuple(found)


def elsewhere(
    inquiries: Sequence[Inquiry], dossier: Dossier, memory: Memory, workers: int
) -> tuple[Inquiry, ...]:
    """The same inquiries over a dossier that differs from theirs in where its sites lie and nothing else."""
    settings: dict[int, Setting] = {}
    found = []
    for inquiry in inquiries:
        before = inquiry.setting
        if id(before) not in settings:
            figures = dossier.for_claim(inquiry.id, inquiry.question.viewpoint)
            settings[id(before)] = Setting(figures, before.sampled, memory, workers)
        found.append(replace(inquiry, setting=settings[id(before)]))
    return tuple(found)


class Study:
    """A plan with what its samples share."""

    def __init__(self, plan: Plan, asked: Sequence[Inquiry], detailed: int | None = None) -> None:
        self.plan = plan
        self.asked = tuple(asked)
        #: How many of the questions are told of in detail.
        self.detailed = len(self.asked) if detailed is None else detailed
        # What each question asks of a world, once it was asked: the questions of a unit are then answered
        # together.
        self._demands: dict[int, list[Demand]] = {}

    @classmethod
    def of(cls, plan: Plan, memory: Memory, workers: int = 1) -> Study:
        """A study from its plan alone, as a worker elsewhere builds it."""
        return cls(plan, inquiries(plan.dossier, plan.questions, memory, workers, lambda _: None))

    def holding(self, held: Mapping[str, float]) -> Study:
        """The same study with parameters held at other values."""
        found = copy.copy(self)
        found.plan = replace(self.plan, held=held)
        return found

    def ask_as(self, other: Study) -> None:
        """Expect the questions to ask of worlds what they asked of another study of the same questions."""
        self._demands.update(other._demands)

    def work(self, unit: Unit) -> Outcome:
        """Answer the questions of a unit; those of one setting find their answers in one world."""
        values = np.full((len(unit.questions), unit.points.rows), np.nan)
        worlds: list[tuple[World, list[int]]] = []
        for setting, places in self._by_setting(unit.questions):
            found = unit.points.worlds(self.plan, setting)
            values_held = self.plan.hold(found.values, setting, found.rows)
            worlds.append((World(setting, values_held, found.choices, found.rows), places))
        expected = [
            (world, demand)
            for world, places in worlds
            for place in places
            for demand in self._demands.get(unit.questions[place], ())
        ]
        for world, places in worlds:
            world.expected = expected
            for place in places:
                values[place] = self._compute(unit.questions[place], world)
        # Worlds that know of one another would outlive their use.
        for world, _ in worlds:
            world.expected = ()
        return Outcome(unit, values)

    def _compute(self, question: int, world: World) -> Array:
        """The value of a question in a world; what it asks of worlds is remembered."""
        asked, world.demands = world.demands, []
        value = self.asked[question].compute(world)
        self._demands.setdefault(question, world.demands)
        world.demands = asked
        return value

    def look(self, unit: Unit) -> dict[int, tuple[float, Detail]]:
        """What the questions of a unit come to in the nominal world, the first of the plan with some detail.
        What all samples share is computed here, for every missile that the unit's threat may be.
        """
        seen = {}
        for setting, places in self._by_setting(unit.questions):
            world = World(setting, self.plan.hold({}, setting, 1), {}, 1)
            for place in places:
                question = unit.questions[place]
                inquiry, value = self.asked[question], float(self._compute(question, world)[0])
                detail = inquiry.asked.quantity.detail if question < self.detailed else None
                seen[question] = (value, detail(world, inquiry.asked.case) if detail else [])
            threat = self.asked[unit.questions[places[0]]].asked.case.threat
            missiles = len(setting.threat(threat).missile) if threat else 0
            if missiles > 1:
                self.work(Unit(unit.questions, Given({}, missiles, {threat: np.arange(missiles)})))
        return seen

    def _by_setting(self, questions: Sequence[int]) -> list[tuple[Setting, list[int]]]:
        """Places among the questions of each setting, those that ask most of a world first: the others find
        their answers in it.
        """
        settings: dict[int, tuple[Setting, list[int]]] = {}
        for place in sorted(range(len(questions)), key=lambda place: self._ease(questions[place])):
            setting = self.asked[questions[place]].setting
            settings.setdefault(id(setting), (setting, []))[1].append(place)
        return list(settings.values())

    def _ease(self, question: int) -> int:
        return -sum(each in self.asked[question].asked.quantity.reads for each in ("commit", "shots"))

    def nominal_units(self, questions: Iterable[int]) -> list[Unit]:
        """A unit for each setting and threat: others share little."""
        asked_of: dict[tuple[int, str], list[int]] = {}
        for question in questions:
            inquiry = self.asked[question]
            asked_of.setdefault((id(inquiry.setting), inquiry.asked.case.threat), []).append(question)
        return [Unit(tuple(found), Given({})) for found in asked_of.values()]
