"""What a page's state stands for: a dossier with figures imposed, and what of them can be held instead.

To impose a figure makes tables of flights for it alone. A figure inside its published range needs none: the
tables of the whole range are there, and every world is held at it. That is what makes a lever quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..dossier import Dossier
from ..dossier.override import flatten
from ..model import interceptor as make_interceptor

#: Figures that one state may impose, and how long a path or a value may be.
MOST_FIGURES, LONGEST = 200, 400

Path = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Written = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]

_SPEED, _PAYLOAD = ".burnout_speed", ".payload"


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
class Figures:
    """A dossier with a state's figures.

    Attributes
    ----------
    exact : all imposed, as ``--set`` does
    judged : the dossier that claims are judged by, in which what is held has its range
    held : parameters held at a value, SI
    changed : paths of all that is not as in the dossier, those of a viewpoint apart in ``seen``
    """

    exact: Dossier
    judged: Dossier
    held: Mapping[str, float] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """The same for figures whose claims are made ready alike, whatever is held at what."""
        return self.judged.hash, self.judged.insisted


def figures_of(base: Dossier, state: State) -> Figures:
    """What a state stands for over its dossier; InputError as ``--set`` would have it."""
    if state.untouched:
        return Figures(base, base)
    imposed = base.with_overrides(state.set)
    held, rest = _held(base, imposed, state.set)
    judged = base.with_overrides({path: state.set[path] for path in rest})
    judged = replace(judged, insisted=judged.insisted | set(state.set) | set(held))
    if state.viewpoint is None:
        return Figures(imposed, judged, held, tuple(state.set))
    exact = imposed.with_viewpoint(state.viewpoint)
    # What the user insists on goes before what a viewpoint says.
    seen = {
        path: value
        for path, value in flatten(base.viewpoint[state.viewpoint].set).items()
        if not any(path == each or path.startswith(f"{each}.") for each in judged.insisted)
    }
    taken, left = _held(base, exact, seen)
    if left:
        return Figures(exact, judged.with_viewpoint(state.viewpoint), held, tuple(state.set), tuple(seen))
    return Figures(exact, judged, {**taken, **held}, tuple(state.set), tuple(seen))


def _held(
    base: Dossier, imposed: Dossier, paths: Mapping[str, object]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """The parameters that hold what was imposed by path, and the paths that have to be imposed indeed."""
    before, after = base.parameters(), imposed.parameters()
    held: dict[str, float] = {}
    rest = []
    for path in paths:
        at, value = path, after[path].value if path in after else None
        if path.startswith("interceptor.") and path.endswith(_SPEED):
            # A payload is scaled to meet the speed.
            at = path.removesuffix(_SPEED) + _PAYLOAD
            value = make_interceptor(imposed, path.split(".")[1]).payload_kg
        known = before.get(at)
        plain = at != path or (path in after and not after[path].ranged)
        if known and known.ranged and plain and value is not None and known.lowest <= value <= known.highest:
            # A speed says more than the payload it is met with.
            if at != path or at not in held:
                held[at] = value
        else:
            rest.append(path)
    return held, tuple(rest)
