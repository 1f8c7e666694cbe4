"""The world's cities and their people, as shipped with the package.

They stand for population on maps: whoever lives in a place of under 15,000 people is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

STEPS_PER_DEGREE = 1000


@dataclass(frozen=True, slots=True)
class Cities:
    """Cities, largest first.

    ``lat`` and ``lon`` [deg], ``people`` and ``country`` are (cities,); ``country`` is the index of
    the country in ``load_atlas("50m").countries``.
    """

    source: str
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    people: NDArray[np.int64]
    country: NDArray[np.int64]
    names: tuple[str, ...]


@lru_cache(maxsize=1)
def load_cities() -> Cities:
    with (files(__package__) / "data/cities.npz").open("rb") as stream, np.load(stream) as data:
        lat, lon = data["places"].T / STEPS_PER_DEGREE
        return Cities(
            source=str(data["source"]),
            lat=lat,
            lon=lon,
            people=data["people"].astype(np.int64),
            country=data["country"].astype(np.int64),
            names=tuple(data["names"].tolist()),
        )
