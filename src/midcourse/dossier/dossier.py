"""A dossier as read: every entry by kind and name, ready for the model, and open to what-ifs."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from . import architecture, checks, override, shape
from .book import Book, Entry, path_of
from .defence import Architecture, Doctrine, Link, Radar, Satellite, Site
from .dispute import Claim, Comparison, Correlation, Header, Places, Source, Threat, Viewpoint
from .errors import InputError, nearest_names
from .explain import Finding, validate
from .parameter import SET_BY_OPTION, Parameter
from .record import Element, Party, Position
from .schema import ENTITIES, HEADER
from .table import Table
from .vehicle import MOTOR_FIELDS, Drag, Interceptor, Missile, Motor, Stage


@dataclass(frozen=True, eq=False)
class Dossier:
    """Entries by kind and name, in the order written; ``dossier`` is the header, None for the bare catalog.

    Nothing in it changes: every ``with_...`` gives another dossier.
    """

    book: Book = field(repr=False)
    dossier: Header | None = None
    source: dict[str, Source] = field(default_factory=dict, repr=False)
    site: dict[str, Site] = field(default_factory=dict, repr=False)
    motor: dict[str, Motor] = field(default_factory=dict, repr=False)
    drag: dict[str, Drag] = field(default_factory=dict, repr=False)
    missile: dict[str, Missile] = field(default_factory=dict, repr=False)
    interceptor: dict[str, Interceptor] = field(default_factory=dict, repr=False)
    radar: dict[str, Radar] = field(default_factory=dict, repr=False)
    satellite: dict[str, Satellite] = field(default_factory=dict, repr=False)
    link: dict[str, Link] = field(default_factory=dict, repr=False)
    doctrine: dict[str, Doctrine] = field(default_factory=dict, repr=False)
    places: dict[str, Places] = field(default_factory=dict, repr=False)
    architecture: dict[str, Architecture] = field(default_factory=dict, repr=False)
    threat: dict[str, Threat] = field(default_factory=dict, repr=False)
    viewpoint: dict[str, Viewpoint] = field(default_factory=dict, repr=False)
    claim: dict[str, Claim] = field(default_factory=dict, repr=False)
    party: dict[str, Party] = field(default_factory=dict, repr=False)
    element: dict[str, Element] = field(default_factory=dict, repr=False)
    position: dict[str, Position] = field(default_factory=dict, repr=False)
    correlation: dict[str, Correlation] = field(default_factory=dict, repr=False)
    comparison: dict[str, Comparison] = field(default_factory=dict, repr=False)
    sampled: Mapping[str, float] = field(default_factory=dict, repr=False)
    insisted: frozenset[str] = field(default=frozenset(), repr=False)

    def entries(self, kind: str) -> dict[str, Any]:
        """All entries of a kind by name."""
        if kind not in ENTITIES:
            raise InputError("unknown kind", value=kind, nearest=nearest_names(kind, ENTITIES))
        found: dict[str, Any] = getattr(self, kind)
        return found

    def table(self, entry: Entry) -> Table:
        """An entry, or the header, as a table."""
        kind, name = entry
        found: Table | None = self.dossier if kind == HEADER else self.entries(kind)[name]
        if found is None:
            raise KeyError(entry)
        return found

    def get(self, kind: str, name: str, *, where: str | None = None) -> Any:
        """An entry; InputError with the nearest names when there is none."""
        entries = self.entries(kind)
        if name not in entries:
            raise checks.unknown(kind, name, self).placed(where)
        return entries[name]

    def where(self, path: str) -> str | None:
        """``file:line`` of a path's key or of the nearest table around it, or the option that imposed it."""
        return self.book.where(tuple(path.split(".")))

    def parameters(self) -> dict[str, Parameter]:
        """Every parameter of every entry by its path, each with the source that vouches for it."""
        return dict(self._parameters)

    @cached_property
    def _parameters(self) -> dict[str, Parameter]:
        return {
            path: parameter
            for kind in ENTITIES
            for name, table in sorted(self.entries(kind).items())
            for path, parameter in shape.parameters(table, f"{kind}.{name}")
        }

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What looks like a slip but may be meant: a line each, with its place."""
        return tuple(checks.warnings(self))

    def takes_parameter(self, path: str) -> bool:
        """Whether a path names a parameter that is there or could be: an interceptor's burnout speed."""
        if path in self._parameters:
            return True
        try:
            self.with_values({path: 1.0})
        except InputError:
            return False
        return True

    def bounds(self, path: str) -> tuple[float, float]:
        """The least and most SI values that make sense for a parameter, infinite where nothing bounds it.

        A positive quantity's least is zero, which itself is excluded. Samplers of unbounded distributions
        must stay inside.
        """
        kind, _, *steps = path.split(".")
        unit = shape.unit_at(ENTITIES[kind], tuple(steps)) if kind in ENTITIES else None
        if unit is None:
            raise self._unsettable(path, 0.0)
        return unit.si_bounds

    @cached_property
    def hash(self) -> str:
        """Sixteen hex digits that change with any content, and not with its order, layout or files."""
        content = {kind: {n: t.content() for n, t in self.entries(kind).items()} for kind in ENTITIES}
        header = self.dossier.content() if self.dossier else None
        canonical = json.dumps([header, content], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def motor_of(self, stage: Stage) -> Motor:
        """A stage's motor: the one it names, with the fields written beside the name in place of its own."""
        own = {name: value for name in MOTOR_FIELDS if (value := getattr(stage, name)) is not None}
        if stage.motor is None:
            return Motor.model_construct(source=stage.source, **own)
        return self.motor[stage.motor].model_copy(update=own) if own else self.motor[stage.motor]

    def resolved_architecture(self, name: str) -> Architecture:
        """An architecture with those it extends folded in."""
        self.get("architecture", name)
        return architecture.resolve(name, self.architecture)

    def with_overrides(
        self, overrides: override.Overrides, *, where: str | None = None, source: str = SET_BY_OPTION
    ) -> Dossier:
        """The dossier with values imposed by path, read and checked like a file's.

        ``where`` opens an error's line, ``--set PATH`` when not given; ``source`` becomes the parameters'.
        """
        pairs = list(overrides.items() if isinstance(overrides, Mapping) else overrides)
        options = {path: f"{where} ({path})" if where else f"--set {path}" for path, _ in pairs}
        changed = self._imposed(pairs, options, source)
        return replace(changed, insisted=self.insisted | {path for path, _ in pairs})

    def with_viewpoint(self, name: str) -> Dossier:
        """The dossier with one party's figures, save where ``with_overrides`` has imposed others."""
        viewpoint: Viewpoint = self.get("viewpoint", name)
        return self._with_set(("viewpoint", name), viewpoint.set, viewpoint.source)

    def for_claim(self, name: str, viewpoint: str | None = None) -> Dossier:
        """The dossier that a claim is about: with the viewpoint it takes, then with its own figures.

        What these say is part of the claim; of another ``viewpoint`` counts what they leave open.
        """
        claim: Claim = self.get("claim", name)
        seen = self
        for taken in dict.fromkeys(filter(None, (viewpoint, claim.viewpoint))):
            seen = seen.with_viewpoint(taken)
        return seen._with_set(("claim", name), claim.set, claim.source)

    def _with_set(self, entry: Entry, written: dict[str, Any], source: str) -> Dossier:
        pairs = [pair for pair in override.flatten(written).items() if not _below(pair[0], self.insisted)]
        options = {path: self.book.place((*entry, "set", path)) for path, _ in pairs}
        for path, _ in pairs:
            if path.split(".")[0] in ("viewpoint", "claim", "comparison", HEADER):
                raise InputError(
                    "{value} cannot be set here",
                    value=path,
                    where=options[path],
                    expected="a parameter's path",
                )
        return self._imposed(pairs, options, source) if pairs else self

    def _imposed(self, pairs: list[tuple[str, Any]], options: dict[str, str], source: str) -> Dossier:
        if not pairs:
            return self
        book, touched = override.impose(self.book, pairs, options, source)
        try:
            read = replace(assemble(book, self, touched), insisted=self.insisted)
        except InputError as error:
            if any(error.where and error.where.startswith(option) for option in options.values()):
                raise
            # What was imposed has set something else at odds: say what did it, then where it shows.
            raise error.placed(f"{options[pairs[0][0]]}, at {error.where}", more=error.more) from error
        paths = [path for path, _ in pairs]
        kept = {path: value for path, value in self.sampled.items() if not _below(path, paths)}
        return read.with_values(kept) if kept else read

    def with_values(self, values: Mapping[str, float]) -> Dossier:
        """The dossier with parameters fixed at SI values and their ranges dropped: one sampled world.

        Cheap, for it is done for every sample: neither bounds nor agreement are checked again.
        """
        changed: dict[str, dict[str, Any]] = {}
        for (kind, name), branch in self._by_entry(values).items():
            entries = changed.setdefault(kind, dict(self.entries(kind)))
            try:
                entries[name] = _fixed(entries[name], branch)
            except LookupError as error:
                if len(values) > 1:
                    for path, value in values.items():
                        self.with_values({path: value})
                raise self._unsettable(next(iter(values)), 0.0) from error
        fixed: dict[str, Any] = {"sampled": {**self.sampled, **values}, **changed}
        return replace(self, **fixed)

    def _by_entry(self, values: Mapping[str, float]) -> dict[Entry, dict[str, Any]]:
        """Values as trees of the steps below each entry, so that every table is copied once."""
        trees: dict[Entry, dict[str, Any]] = {}
        for path, value in values.items():
            steps = path.split(".")
            known = len(steps) > 2 and steps[0] in ENTITIES and steps[1] in self.entries(steps[0])
            if not known or not math.isfinite(value):
                raise self._unsettable(path, value)
            branch = trees.setdefault((steps[0], steps[1]), {})
            for step in steps[2:-1]:
                branch = branch.setdefault(step, {})
                if not isinstance(branch, dict):
                    raise self._unsettable(path, value)
            branch[steps[-1]] = float(value)
        return trees

    def _unsettable(self, path: str, value: float) -> InputError:
        if not math.isfinite(value):
            return InputError(f"{path} cannot be {value}", expected="a finite number")
        return InputError(
            "unknown parameter", value=path, nearest=nearest_names(path, self.parameters(), count=2)
        )

    def cite(self, key: str) -> str:
        """A source in one line: author, title, publisher, date; or what stands in place of a source."""
        if key not in self.source:
            return key
        found = self.source[key]
        return ", ".join(part for part in (found.author, found.title, found.publisher, found.date) if part)


def _below(path: str, others: Iterable[str]) -> bool:
    """Whether a path is one of the others or lies inside it."""
    return any(path == other or path.startswith(f"{other}.") for other in others)


def _fixed(table: Table, branch: Any) -> Table:
    """A table with the parameters below it fixed; LookupError where there is none."""
    if not isinstance(branch, dict):
        raise LookupError(branch)
    known = shape.by_key(type(table))
    update: dict[str, Any] = {}
    for key, below in branch.items():
        name, found = known[key]
        current = getattr(table, name)
        if not found.many:
            update[name] = _fixed_item(current, found, below)
            continue
        if not isinstance(below, dict):
            raise LookupError(key)
        items = {step.removeprefix("."): item for step, item in shape.members(current, found)}
        items.update({step: _fixed_item(items[step], found, inner) for step, inner in below.items()})
        update[name] = tuple(items.values()) if found.many == "list" else items
    return table.model_copy(update=update)


def _fixed_item(item: Any, found: shape.Shape, branch: Any) -> Any:
    if isinstance(item, Table):
        return _fixed(item, branch)
    if found.unit is None or isinstance(branch, dict):
        raise LookupError(branch)
    if item is None:
        return Parameter(value=branch, unit=found.unit.si, source=SET_BY_OPTION)
    return item.model_copy(update={"value": branch, "low": None, "high": None, "figures": ()})


def assemble(book: Book, before: Dossier | None = None, touched: Iterable[Entry] = ()) -> Dossier:
    """A book read and checked: all of it, or the entries touched since a dossier that was."""
    entries = list(touched) if before else list(book.tables)
    kinds: dict[str, Any] = {kind: dict(before.entries(kind)) if before else {} for kind in ENTITIES}
    header: Any = before.dossier if before else None
    found: list[Finding] = []
    for entry in entries:
        kind, name = entry
        table, problems = validate(
            Header if kind == HEADER else ENTITIES[kind], book.tables[entry], path_of(entry)
        )
        found += problems
        if kind == HEADER:
            header = table
        else:
            kinds[kind][name] = table
    raise_first(book, found)
    dossier = Dossier(book=book, dossier=header, **kinds)
    raise_first(book, checks.findings(dossier, entries))
    for kind, name in entries:
        if kind == "viewpoint":
            dossier.with_viewpoint(name)
        elif kind == "claim":
            dossier.for_claim(name)
    return dossier


def raise_first(book: Book, found: list[Finding]) -> None:
    """Raise the first finding in the order of the files, with its place and the number of the others."""
    if found:
        path, error = min(found, key=lambda finding: book.order(finding[0]))
        raise error.placed(
            book.place(path), more=len(found) - 1 + sum(each.more for _, each in found)
        ) from None
