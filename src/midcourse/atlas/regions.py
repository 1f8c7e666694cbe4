"""Regions of the Earth that maps know by name, and their bounds."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Region:
    """Bounds in degrees; ``east`` lies beyond 180 where the region crosses the antimeridian."""

    key: str
    name: str
    south: float
    west: float
    north: float
    east: float


@lru_cache(maxsize=1)
def load_regions() -> dict[str, Region]:
    table = tomllib.loads((files(__package__) / "data/regions.toml").read_text(encoding="utf-8"))
    return {key: Region(key, **entry) for key, entry in table.items()}
