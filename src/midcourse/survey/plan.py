"""A study's plan: dossiers by figures imposed by cases, and the questions asked of each.

It is read in the present folder or with the package, and holds all that the results follow from: the same
plan gives the same bytes, whoever works it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

from ..dossier import Dossier, InputError, load, nearest_names
from ..dossier.book import Page, parse_toml, read_text
from ..dossier.errors import listing
from ..dossier.explain import validate
from ..dossier.loading import builtin_dossiers
from ..dossier.override import flatten
from . import written
from .written import Study

PLANS = Path(__file__).parent / "plans"
_EXPECTED = "[study] with title and dossiers, and questions headed " + ", ".join(
    f"[{kind}.NAME]" for kind in written.KINDS
)


@dataclass(frozen=True)
class Axis:
    """One way in which cases differ: its name, and what it is in each."""

    name: str
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Plan:
    """A plan made ready to be cut into units.

    Attributes
    ----------
    shown : what to call it in messages
    study : as written
    dossiers : by the name written, the sources as they are
    """

    shown: str
    text: str
    study: Study
    dossiers: dict[str, Dossier]

    @property
    def seed(self) -> int:
        return self.study.study.seed

    @property
    def samples(self) -> int:
        return self.study.study.samples

    @cached_property
    def variants(self) -> tuple[Axis, ...]:
        """Axes along which dossiers differ: which it is, then each path that is set."""
        return (
            Axis("dossier", tuple(self.dossiers)),
            *(Axis(path, texts) for path, texts in self.study.set.items()),
        )

    def variant(self, place: Sequence[int]) -> Dossier:
        """The dossier at a place along these axes."""
        first, *others = (axis.labels[i] for axis, i in zip(self.variants, place, strict=True))
        figures = dict(zip(self.study.set, others, strict=True))
        dossier = self.dossiers[first]
        return dossier.with_overrides(figures, where=self.at("set")) if figures else dossier

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """All that is drawn, each a column of the unit cube: the ranged parameters of every dossier, and its
        threats of several missiles. Of a figure that is set, the column goes unread: a world is the same
        world in every case.
        """
        found = {
            path
            for dossier in self.dossiers.values()
            for path, parameter in dossier.parameters().items()
            if parameter.ranged
        }
        found |= {
            f"threat.{name}.missile"
            for dossier in self.dossiers.values()
            for name, each in dossier.threat.items()
            if len(each.missile) > 1
        }
        return tuple(sorted(found))

    @cached_property
    def hash(self) -> str:
        """Sixteen hex digits that change with anything that a result depends on but the program."""
        told = [
            self.study.model_dump(mode="json"),
            {name: dossier.hash for name, dossier in self.dossiers.items()},
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    def at(self, *path: str) -> str:
        """Where a key stands, as errors open with."""
        return f"{Page(self.shown, self.text).at(path)} ({'.'.join(path)})"

    def every_variant(self) -> Iterator[tuple[int, ...]]:
        """All places along the axes of the dossiers."""
        return product(*(range(len(axis)) for axis in self.variants))


def builtin_plans() -> list[str]:
    """The names of the plans that come with the package."""
    return sorted(path.stem for path in PLANS.glob("*.toml"))


def find_plan(name: str) -> Path:
    """The file of a plan, by its path or by the name of one that comes with the package."""
    path = Path(name)
    if name in builtin_plans() and not path.is_file():
        return PLANS / f"{name}.toml"
    if not path.exists():
        raise InputError(
            "no such plan", value=name,
            expected=f"a TOML file, or one that comes with the package: {listing(builtin_plans())}",
            nearest=nearest_names(path.name, builtin_plans()),
        )  # fmt: skip
    return path


def read_plan(name: str) -> Plan:
    """The plan of a file; InputError with file and line of the first fault."""
    path = find_plan(name)
    shown = f"{name}.toml" if path.parent == PLANS else str(path)
    page = Page(shown, read_text(path, shown))
    tables = parse_toml(page)
    keys = ("study", "set", *written.KINDS)
    for key in tables:
        if key not in keys:
            raise InputError(
                "unknown key", where=page.at((key,)), value=key, expected=_EXPECTED,
                nearest=nearest_names(key, keys),
            )  # fmt: skip
    if isinstance(tables.get("set"), dict):
        tables["set"] = flatten(tables["set"])
    study, faults = validate(Study, tables, ())
    if faults:
        first, wrong = faults[0]
        raise wrong.placed(f"{page.at(first)} ({'.'.join(first)})", more=len(faults) - 1)
    assert isinstance(study, Study)
    plan = Plan(shown, page.text, study, _dossiers(study, page, path.parent))
    _check(plan)
    return plan


def _dossiers(study: Study, page: Page, folder: Path) -> dict[str, Dossier]:
    where = f"{page.at(('study', 'dossiers'))} (study.dossiers)"
    found: dict[str, Dossier] = {}
    for name in study.study.dossiers:
        if name in found:
            raise InputError("{value} is named twice", where=where, value=name)
        try:
            found[name] = load(name if name in builtin_dossiers() else str(folder / name))
        except InputError as error:
            raise error.placed(error.where or where) from None
    if not found:
        raise InputError("no dossier", where=where, expected=listing(builtin_dossiers()))
    return found


def _check(plan: Plan) -> None:
    """InputError for questions that nothing can answer; every figure that is set is tried on every
    dossier.
    """
    names = [name for kind in written.KINDS for name in getattr(plan.study, kind)]
    if not names:
        raise InputError("the plan asks nothing", where=plan.shown, expected=_EXPECTED)
    for kind in written.KINDS:
        for name in getattr(plan.study, kind):
            if names.count(name) > 1:
                raise InputError(
                    "two questions are called {value}", where=plan.at(kind, name), value=name,
                    expected="a name of its own for each",
                )  # fmt: skip
    for path, texts in plan.study.set.items():
        if len(set(texts)) < len(texts) or not texts:
            raise InputError(
                "a figure is set twice" if texts else "nothing is set", where=plan.at("set", path),
                expected='several different ones, such as ["60 s", "120 s"]',
            )  # fmt: skip
    # Each value of each axis once: their combinations say nothing new.
    for k, axis in enumerate(plan.variants):
        for i in range(len(axis)):
            plan.variant([i if j == k else 0 for j in range(len(plan.variants))])
