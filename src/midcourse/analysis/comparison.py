"""What a comparison of architectures found: what `study` makes, and `output` shows."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

Better = Literal["more", "less", "neither"]


@dataclass(frozen=True)
class Figure:
    """A quantity of one architecture: nominal value and 5-95 % range, None where there is none."""

    architecture: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Difference:
    """What one architecture has over another, sample by sample: ``a`` less ``b``.

    ``exceeds`` says that the 5-95 % range of the difference leaves zero out, all of it on one side, and that
    the difference is not so small everywhere that the two are the same.
    """

    a: str
    b: str
    value: float | None
    low: float | None
    high: float | None
    exceeds: bool


@dataclass(frozen=True)
class Row:
    """One comparison of the dossier; ``samples`` are those that it was computed over."""

    id: str
    label: str
    unit: str
    better: Better
    quantity: str
    method: str
    note: str | None
    samples: int
    values: list[Figure]
    differences: list[Difference]

    def above(self, architecture: str) -> list[str]:
        """The architectures that this one lies above by more than the uncertainty."""
        found = []
        for each in self.differences:
            if each.exceeds and each.low is not None:
                more, fewer = (each.a, each.b) if each.low > 0.0 else (each.b, each.a)
                if more == architecture:
                    found.append(fewer)
        return found


@dataclass(frozen=True)
class Cost:
    """What an architecture costs, as published; no value where nothing is."""

    architecture: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    note: str | None


@dataclass(frozen=True)
class Compared:
    """Architectures side by side; ``titles`` are theirs, in the same order."""

    dossier: str
    title: str
    version: str
    hash: str
    seed: int
    samples: int
    command: str
    architectures: list[str]
    titles: list[str]
    rows: list[Row]
    costs: list[Cost]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def to_json(self) -> str:
        """As one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)


def known(value: float) -> float | None:
    """A number that can be told; None for what is none or without bounds."""
    return float(value) if math.isfinite(value) else None
