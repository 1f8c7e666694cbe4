"""What runs of a raid come to: what `study` makes, and `output` shows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .operating import Plan

Interval = tuple[float, float]


@dataclass(frozen=True)
class Share:
    """In which share of the runs something happened, with the 95 % interval of its probability."""

    share: float
    ci: Interval


@dataclass(frozen=True)
class Number:
    """A number of missiles or interceptors.

    Attributes
    ----------
    mean, ci : over the runs, and the 95 % interval of what is to be expected; None of a single run
    distribution, distribution_ci : share of the runs with 0, 1, 2 ..., and the intervals of these
    """

    mean: float
    ci: Interval | None
    distribution: list[float]
    distribution_ci: list[Interval]


@dataclass(frozen=True)
class Target:
    """A missile of the raid over many runs.

    Attributes
    ----------
    launch_s : when it leaves
    through, causes : in which share of the runs it gets through, and why
    shots : interceptors that leave for it, on average
    """

    missile: str
    start: str
    target: str
    launch_s: float
    through: Share
    causes: dict[str, Share]
    shots: float


@dataclass(frozen=True)
class Moments:
    """A missile of a single run: what became of it, and when what was first done about it, if ever [s].

    Attributes
    ----------
    cause : why it got through
    shots : interceptors that left for it
    declared_s, seen_s, track_s : early warning declared its launch; a radar found it; command had a track
    order_s, interceptor_s : an interceptor was ordered; it left
    """

    missile: str
    start: str
    target: str
    launch_s: float
    ended_s: float
    end: Literal["hit", "impact"]
    cause: str | None
    shots: int
    declared_s: float | None
    seen_s: float | None
    track_s: float | None
    order_s: float | None
    interceptor_s: float | None


@dataclass(frozen=True)
class Operated:
    """Runs of one raid against one architecture, every figure at its nominal value.

    Attributes
    ----------
    runs, interrupted : so many were run, and whether those are fewer than were asked for
    leaked, none_leaked : missiles that get through, and whether none does
    interceptors_spent, inventory, spent : of all batteries; what each has, and spends
    causes : missiles that get through for each reason
    ends : interceptors that end in each way
    fates : of a single run
    by_run : of every run in turn
    plan : what makes any of the runs again
    """

    dossier: str
    version: str
    hash: str
    seed: int
    runs: int
    interrupted: bool
    command: str
    architecture: str
    title: str
    threats: list[str]
    launched: int
    leaked: Number
    none_leaked: Share
    interceptors_spent: Number
    causes: dict[str, Number]
    inventory: dict[str, int]
    spent: dict[str, Number]
    ends: dict[str, Number]
    missiles: list[Target]
    fates: list[Moments]
    by_run: dict[str, list[int]]
    plan: Plan | None = field(default=None, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """As plain data: numbers by cause, battery and end as their means, with the intervals beside them."""
        document: dict[str, Any] = {}
        for key, value in asdict(replace(self, plan=None)).items():
            if key == "plan":
                continue
            document[key] = value
            if key in ("causes", "spent", "ends"):
                document[key] = {name: each["mean"] for name, each in value.items()}
                document[f"{key}_ci"] = {name: each["ci"] for name, each in value.items()}
        return document

    def to_json(self) -> str:
        """As one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)
