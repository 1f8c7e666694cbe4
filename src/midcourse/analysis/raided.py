"""What a raid against an inventory comes to: what `study` makes, and `output` shows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from . import outcomes

Method = Literal["exact", "drawn"]


@dataclass(frozen=True)
class Count:
    """A number of missiles or interceptors, as a distribution.

    Attributes
    ----------
    nominal : expected with every figure at its nominal
    mean, low, median, high : expectation, 5, 50 and 95 % points over the published ranges and chance together
    distribution : probability of 0, 1, 2 ... over the same; ``nominal_distribution`` in the nominal world
    method : "exact" where missiles fare independently in each world, so that only worlds are drawn; "drawn"
        where they share what a magazine holds, so that what happens in each world is drawn as well
    """

    nominal: float
    mean: float
    low: int
    median: int
    high: int
    distribution: list[float]
    nominal_distribution: list[float]
    method: Method


def count_of(distributions: NDArray[np.float64], *, exact: bool) -> Count:
    """A count from its distributions (worlds, counts), that of the nominal world first."""
    number = np.arange(distributions.shape[1])
    nominal, mixed = distributions[0], distributions[1:].mean(axis=0)
    low, median, high = (outcomes.point(mixed, share) for share in (0.05, 0.5, 0.95))
    end = 1 + max((int(np.flatnonzero(each > 1e-12)[-1]) for each in (nominal, mixed)), default=0)
    return Count(
        nominal=float(nominal @ number),
        mean=float(mixed @ number),
        low=low,
        median=median,
        high=high,
        distribution=[float(share) for share in mixed[:end]],
        nominal_distribution=[float(share) for share in nominal[:end]],
        method="exact" if exact else "drawn",
    )


@dataclass(frozen=True)
class Magazine:
    """A battery in a raid: what it has, what of that it keeps, and what it spends.

    ``engages`` is the number of the raid's missiles that it can meet at all in the nominal world.
    """

    battery: str
    site: str
    interceptor: str
    inventory: int
    reserve: int
    engages: int
    spent: Count


@dataclass(frozen=True)
class Flown:
    """A missile of the raid [s after the raid begins], in the nominal world.

    Attributes
    ----------
    launch_s, intercept_s : first and last of each battery; None where it cannot engage
    planned : interceptors that the best allotment plans for it, by battery
    stopped : probability that these stop it, where the magazine lasts
    """

    missile: str
    start: str
    target: str
    at_s: float
    launch_s: dict[str, tuple[float, float] | None]
    intercept_s: dict[str, tuple[float, float] | None]
    planned: dict[str, int]
    stopped: float


@dataclass(frozen=True)
class Point:
    """Missiles that get through of so many launched: expected, 5 and 95 % points."""

    missiles: int
    nominal: float
    mean: float
    low: int
    high: int
    method: Method


@dataclass(frozen=True)
class Curve:
    """Missiles that get through against missiles launched; ``interceptors`` is None where none run out."""

    interceptors: int | None
    by_battery: dict[str, int]
    points: list[Point]


@dataclass(frozen=True)
class RaidFigure:
    """A figure that the result rests on, as published; ``path`` leads to it in the dossier."""

    path: str
    value: str
    span: str
    source: str
    note: str | None


@dataclass(frozen=True)
class Raided:
    """A raid of ``missiles`` against an architecture.

    Attributes
    ----------
    threats : what each part of the raid is called
    doctrine, shots : how interceptors are fired, and how many at one missile at most
    leakers, bound : missiles that get through; and if no battery ran out or were ever busy
    """

    dossier: str
    version: str
    hash: str
    seed: int
    samples: int
    command: str
    architecture: str
    title: str
    threats: list[str]
    missiles: int
    doctrine: Literal["salvo", "look"]
    shots: int
    leakers: Count
    bound: Count
    spent: Count
    batteries: list[Magazine]
    flights: list[Flown]
    curves: list[Curve]
    figures: list[RaidFigure]

    @property
    def interceptors(self) -> int:
        """What the batteries have, less what they keep."""
        return sum(each.inventory - each.reserve for each in self.batteries)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def to_json(self) -> str:
        """As one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)
