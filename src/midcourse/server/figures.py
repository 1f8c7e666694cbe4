"""What a page's state stands for: a dossier with figures imposed, and what of them can be held instead.

To impose a figure makes tables of flights for it alone. A figure inside its published range needs none: the
tables of the whole range are there, and every world is held at it. That is what makes a lever quick.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..dossier import Dossier
from ..dossier.override import flatten
from ..model import interceptor as make_interceptor
from ..model.defence import Place, place
from ..study.relevance import below, own_figures

#: Figures that one state may impose, and how long a path or a value may be.
MOST_FIGURES, LONGEST = 200, 400

Path = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Written = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]

_SPEED, _PAYLOAD = ".burnout_speed", ".payload"
# What says which interceptors stand where.
_ARMS = ("interceptor.", "motor.", "architecture.", "threat.", "places.")
_LEAVES_FLIGHT = (
    ".minimum_altitude", ".longest_flight", ".divert", ".homing_time", ".seeker_view", ".kill_probability",
)  # fmt: skip


class State(BaseModel):
    """What an argument stands at: a dossier, whose figures, and those imposed by path as ``--set`` takes
    them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dossier: Name
    viewpoint: Name | None = None
    set: dict[Path, Written] = Field(default_factory=dict, max_length=MOST_FIGURES)

    @property
    def key(self) -> tuple[object, ...]:
        """The same for states that say the same."""
        return self.dossier, self.viewpoint, tuple(sorted(self.set.items()))

    @property
    def untouched(self) -> bool:
        """Whether this is the dossier as it stands."""
        return self.viewpoint is None and not self.set


@dataclass(frozen=True, eq=False)
class Basis:
    """What claims are judged by.

    Attributes
    ----------
    dossier : in which what is held keeps its range
    held : what is held at which value, SI
    imposed : what is imposed instead, by path, and under ``viewpoint`` whose figures
    """

    dossier: Dossier
    held: Mapping[str, float] = field(default_factory=dict)
    imposed: tuple[tuple[str, str], ...] = ()
    viewpoint: str | None = None

    @cached_property
    def board(self) -> Dossier:
        """The dossier for claims as they stand: insisting on no more than their own figures would say
        otherwise, so that it is the same for most of what may be held.
        """
        said = [path for name in self.dossier.claim for path in own_figures(self.dossier, name)]
        insisted = {path for path in self.dossier.insisted if any(_meet(path, each) for each in said)}
        return replace(self.dossier, insisted=frozenset(insisted))

    @property
    def key(self) -> Hashable:
        """The same where claims are made ready alike, whatever is held at what."""
        return self.imposed, self.viewpoint, self.board.insisted

    @property
    def own(self) -> bool:
        """Whether claims are made ready as they are in the dossier itself."""
        return self.key == ((), None, frozenset())


@dataclass(frozen=True, eq=False)
class Figures:
    """A dossier with a state's figures.

    Attributes
    ----------
    exact : all imposed, as ``--set`` does
    full : what verdicts are judged by
    quick : what previews are judged by: figures of interceptors are held, too, so that nothing has to be
        tabulated. What is read between tables of the whole range is a little less exact.
    borrowed : batteries' sites that were moved, with the places they were moved from, whose tables do for a
        preview
    changed : paths of all that is not as in the dossier, save those of the viewpoint
    alike : whether the same interceptors stand at the same sites as in the dossier
    moves_only : whether sites were moved and nothing else was done but to hold parameters
    """

    exact: Dossier
    full: Basis
    quick: Basis
    borrowed: Mapping[str, Place] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    alike: bool = True
    moves_only: bool = False

    @property
    def previews(self) -> bool:
        """Whether a preview is quicker than the full answer."""
        return bool(self.borrowed) or self.quick.key != self.full.key


def figures_of(base: Dossier, state: State) -> Figures:
    """What a state stands for over its dossier; InputError as ``--set`` would have it."""
    if state.untouched:
        return Figures(base, Basis(base), Basis(base))
    imposed = base.with_overrides(state.set)
    exact = imposed if state.viewpoint is None else imposed.with_viewpoint(state.viewpoint)
    quick = _basis(base, imposed, exact, state, vehicles_held=True)
    slow = not all(map(_flies_on, quick.held))
    full = _basis(base, imposed, exact, state, vehicles_held=False) if slow else quick
    moved = _moved(base, imposed, state.set)
    changes = [*state.set, *(flatten(base.viewpoint[state.viewpoint].set) if state.viewpoint else ())]
    alike = not moved and not any(path.startswith(_ARMS) for path in changes)
    imposing = [path for path, _ in full.imposed]
    moves_only = full.viewpoint is None and not full.board.insisted and all(map(_moves, imposing))
    return Figures(exact, full, quick, moved, tuple(state.set), alike, moves_only)


def _basis(base: Dossier, imposed: Dossier, exact: Dossier, state: State, *, vehicles_held: bool) -> Basis:
    held, rest = _held(base, imposed, state.set, vehicles_held=vehicles_held)
    imposing = tuple(sorted((path, state.set[path]) for path in rest))
    judged = base.with_overrides(imposing)
    judged = replace(judged, insisted=judged.insisted | set(state.set) | set(held))
    if state.viewpoint is None:
        return Basis(judged, held, imposing)
    # What the user insists on goes before what a viewpoint says.
    seen = {
        path: value
        for path, value in flatten(base.viewpoint[state.viewpoint].set).items()
        if not any(below(path, each) for each in judged.insisted)
    }
    taken, left = _held(base, exact, seen, vehicles_held=vehicles_held)
    if left:
        return Basis(judged.with_viewpoint(state.viewpoint), held, imposing, state.viewpoint)
    return Basis(judged, {**taken, **held}, imposing)


def _held(
    base: Dossier, imposed: Dossier, paths: Collection[str], *, vehicles_held: bool
) -> tuple[dict[str, float], tuple[str, ...]]:
    """The parameters that hold what was imposed by path, and the paths that have to be imposed indeed."""
    before, after = base.parameters(), imposed.parameters()
    held: dict[str, float] = {}
    rest = []
    for path in paths:
        at, value = path, after[path].value if path in after else None
        scales = path.startswith("interceptor.") and path.endswith(_SPEED)
        if scales:
            # A payload is scaled to meet the speed.
            at = path.removesuffix(_SPEED) + _PAYLOAD
            value = make_interceptor(imposed, path.split(".")[1]).payload_kg
        known = before.get(at)
        plain = scales or (path in after and not after[path].ranged)
        if (
            known is None or value is None or not known.ranged or not plain
            or not known.lowest <= value <= known.highest or not (vehicles_held or _flies_on(at))
        ):  # fmt: skip
            rest.append(path)
        elif scales or at not in held:
            # A speed says more than the payload it is met with.
            held[at] = value
    return held, tuple(rest)


def _meet(path: str, other: str) -> bool:
    """Whether one of two paths lies inside the other; a payload and the speed that scales it are the same."""
    one, two = (each.replace(_SPEED, _PAYLOAD) for each in (path, other))
    return below(one, two) or below(two, one)


def _moves(path: str) -> bool:
    """Whether a figure is where a site lies."""
    return path.startswith("site.") and path.endswith((".lat", ".lon", ".altitude"))


def _flies_on(path: str) -> bool:
    """Whether a figure leaves the flights of all interceptors as they are."""
    return not path.startswith("motor.") and not (
        path.startswith("interceptor.") and not path.endswith(_LEAVES_FLIGHT)
    )


def _moved(base: Dossier, imposed: Dossier, paths: Collection[str]) -> dict[str, Place]:
    """The sites of batteries that were moved, with where they were."""
    armed = {each.site for one in base.architecture.values() for each in one.battery}
    names = armed & {path.split(".")[1] for path in paths if path.startswith("site.")}
    return {name: place(base, name) for name in sorted(names) if place(base, name) != place(imposed, name)}
