"""A dossier with few flights, for tests that ask for many worlds; an interceptor flown every way it can."""

from __future__ import annotations

from dataclasses import replace

import pytest

from midcourse.dossier import Dossier
from midcourse.model import defence

from .brute import Search

# Spread over what is hard and what is easy to defend.
_LAUNCHES = ("north-west", "north-east", "centre", "south")
_EUROPE = ("London", "Berlin", "Rome", "Paris", "Hamburg", "Stockholm", "Vienna", "Warsaw")
_STATES = ("New York City", "Los Angeles", "Seattle")


@pytest.fixture(scope="session")
def few(third_site: Dossier) -> Dossier:
    """The third site with fewer places to fly from and to."""
    chosen = {"iran": _LAUNCHES, "europe-cities": _EUROPE, "us-cities": _STATES}
    places = dict(third_site.places)
    for name, kept in chosen.items():
        points = tuple(point for point in places[name].point if point.name in kept)
        assert len(points) == len(kept)
        places[name] = places[name].model_copy(update={"point": points})
    return replace(third_site, places=places)


@pytest.fixture(scope="session")
def search(third_site: Dossier) -> Search:
    """What the interceptor in Poland can do."""
    battery = defence(third_site, "third-site").battery("redzikowo")
    return Search(battery, battery.interceptor.longest_flight_s)
