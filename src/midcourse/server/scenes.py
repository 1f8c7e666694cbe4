"""A scene of one flight, as the page asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ..dossier import Dossier
from ..model import Battery, FlyoutFamily
from ..model.memory import Memory


@dataclass(frozen=True)
class SceneAsk:
    """A flight of a threat, its first missile's if none is named, between two of the threat's places."""

    architecture: str
    threat: str
    launch: str
    target: str
    missile: str | None = None
    kind: Literal["flight"] = "flight"


def scene(
    dossier: Dossier,
    asked: SceneAsk,
    memory: Memory,
    workers: int,
    tables: Callable[[Battery], FlyoutFamily] | None = None,
) -> dict[str, Any]:
    """The scene as plain data; InputError for names that are none, ``OutOfReach`` for a flight that cannot be
    flown.

    Nothing but fly-out tables is kept in ``memory``, and not even these where ``tables`` gives them.
    """
    from ..analysis.play import play
    from ..output.globe.flight_scene import flight_scene
    from ..output.globe.scene import plain

    played = play(
        dossier, asked.architecture, asked.threat, asked.launch, asked.target, asked.missile,
        memory=memory, workers=workers, tables=tables,
    )  # fmt: skip
    return plain(flight_scene(played))
