"""The library as a Python user meets it: the commands as functions, angles in degrees, arrays where a scalar
would do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .analysis import engagement, watching
from .analysis.assessment import Assessment
from .analysis.comparison import Compared
from .analysis.engagement import Engagement
from .analysis.raided import Raided
from .analysis.setting import Setting
from .analysis.single import site_place
from .analysis.sited import Sited
from .analysis.watching import Timeline, Watching
from .dossier import Dossier, InputError, load, load_catalog, parse_quantity
from .model import Flights, Interceptor
from .model import interceptor as make_interceptor
from .model import missile as make_missile
from .model.defence import Place
from .model.flights import OutOfReach, aim_flights, aim_one
from .model.flyouts import flyout_table
from .model.memory import Memory
from .physics import aim as aiming
from .physics import intercept
from .physics.earth import WGS84, to_ecef
from .physics.flyout import Flyout, site_coordinates

if TYPE_CHECKING:
    import xarray

    from .output.record.document import Document
    from .study.operated import Operated
    from .survey.driver import Ran

Array = NDArray[np.float64]

#: Results that calls share.
_MEMORY = Memory()


def _dossier(dossier: Dossier | str | None, figures: dict[str, str] | None) -> Dossier:
    if isinstance(dossier, Dossier):
        return dossier.with_overrides(figures, where="set") if figures else dossier
    return load_catalog(figures or {}) if dossier is None else load(dossier, figures or {})


def _places(places: ArrayLike, what: str) -> Array:
    """Places in radians on the ground, (n, 3), from latitude and longitude in degrees, (2,) or (n, 2)."""
    given = np.atleast_2d(np.asarray(places, dtype=np.float64))
    if given.shape[1] != 2 or not (np.abs(given[:, 0]) <= 90.0).all():
        raise InputError(
            f"{what} is not latitude and longitude in degrees", value=np.asarray(places).tolist()
        )
    return np.concatenate([np.radians(given), np.zeros((len(given), 1))], axis=1)


def aim(
    missile: str,
    start: ArrayLike,
    target: ArrayLike,
    *,
    apogee: str | None = None,
    dossier: Dossier | str | None = None,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    workers: int = 1,
) -> Flights:
    """Flights of a missile from every start to every target.

    Parameters
    ----------
    start, target : latitude and longitude in degrees, (2,) or (n, 2)
    apogee : height with its unit, ``"2000 km"``; the least-energy flight if left out
    dossier : a dossier or its name or folder; the catalog if left out
    set : figures imposed, by path, as with ``--set``

    Returns
    -------
    Flights that reach, with ``pairs`` saying which start and target each one joins. For a single pair out of
    reach, ``OutOfReach`` is raised.
    """
    flown = make_missile(_dossier(dossier, set), missile)
    launches, targets = _places(start, "start"), _places(target, "target")
    height = None if apogee is None else parse_quantity(apogee, "m")
    if len(launches) == len(targets) == 1:
        return aim_one(flown, tuple(launches[0, :2]), tuple(targets[0, :2]), height)
    mode = aiming.LEAST_ENERGY if height is None else aiming.APOGEE
    flights, _, _ = aim_flights(flown, launches, targets, mode=mode, apogee_m=height or 0.0, workers=workers)
    if not len(flights):
        raise OutOfReach(f"{flown.title} reaches none of the {len(targets)} targets from any start")
    return flights


@dataclass(frozen=True, eq=False)
class Reach:
    """An interceptor at a site: ``arrival`` gives its earliest arrival anywhere."""

    interceptor: Interceptor
    site: Place
    table: Flyout

    def arrival(self, lat: ArrayLike, lon: ArrayLike, altitude_km: ArrayLike) -> xarray.DataArray:
        """Earliest flight time [s] to points given in degrees and kilometres; nan out of reach."""
        import xarray

        points = np.broadcast_arrays(
            np.radians(np.asarray(lat, dtype=np.float64)),
            np.radians(np.asarray(lon, dtype=np.float64)),
            1e3 * np.asarray(altitude_km, dtype=np.float64),
        )
        shape = points[0].shape
        approach = np.zeros((1, points[0].size, 5))
        for i, point in enumerate(zip(*(each.ravel() for each in points), strict=True)):
            x, y, z = to_ecef(point[0], point[1], point[2], WGS84)
            where = site_coordinates(x, y, z, self.table.site)
            approach[0, i, intercept.BEARING : intercept.ABOVE + 1] = where
        times = intercept.arrivals(self.table, approach)[0].reshape(shape)
        times[times > self.interceptor.longest_flight_s] = np.nan
        return xarray.DataArray(
            times,
            name="arrival",
            attrs={
                "units": "s",
                "long_name": "earliest flight time",
                "interceptor": self.interceptor.name,
                "site": self.site.name,
            },
        )


def flyout(
    interceptor: str,
    site: str,
    *,
    dossier: Dossier | str | None = None,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
) -> Reach:
    """The fly-out of an interceptor from a site, by name or as ``"LAT,LON"`` in degrees."""
    figures = _dossier(dossier, set)
    flown, place = make_interceptor(figures, interceptor), site_place(figures, site)
    table = flyout_table(flown.vehicle, place, flown.longest_flight_s, flown.minimum_altitude_m)
    return Reach(flown, place, table)


def engage(
    dossier: Dossier | str,
    architecture: str,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    *,
    apogee: str | None = None,
    commit_s: float | None = None,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
) -> Engagement:
    """Every launch with which an architecture meets one flight; places in degrees, times in seconds after
    launch.

    ``commit_s`` lets interceptors go from that time on, whatever the sensors see.
    """
    figures = _dossier(dossier, set)
    figures.get("architecture", architecture)
    begin, end = _places(start, "start")[0], _places(target, "target")[0]
    return engagement.engage(
        figures,
        architecture,
        missile,
        (begin[0], begin[1]),
        (end[0], end[1]),
        apogee_m=None if apogee is None else parse_quantity(apogee, "m"),
        commit_s=commit_s,
        memory=_MEMORY,
    )


def watch(
    dossier: Dossier | str,
    architecture: str,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    *,
    apogee: str | None = None,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
) -> Watching:
    """Who sees one flight when, how well each then knows it, and what the architecture does about it; places
    in degrees, times in seconds after launch.
    """
    figures = _dossier(dossier, set)
    figures.get("architecture", architecture)
    begin, end = _places(start, "start")[0], _places(target, "target")[0]
    return watching.watch(
        figures,
        architecture,
        missile,
        (begin[0], begin[1]),
        (end[0], end[1]),
        apogee_m=None if apogee is None else parse_quantity(apogee, "m"),
        memory=_MEMORY,
    )


def timeline(
    dossier: Dossier | str,
    threat: str,
    architectures: Sequence[str] = (),
    *,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[str], None] | None = None,
) -> dict[str, Timeline]:
    """All flights of a threat against each architecture, or against every one that can act: spreads of times
    in seconds after launch.
    """
    figures = _dossier(dossier, set)
    figures.get("threat", threat)
    for name in architectures:
        figures.get("architecture", name)
    setting = Setting(figures, (), _MEMORY, os.cpu_count() or 1, progress)
    return {
        name: watching.timeline(setting, threat, name) for name in architectures or watching.acting(figures)
    }


def assess(
    dossier: Dossier | str,
    *,
    samples: int | None = None,
    seed: int = 0,
    sampler: Literal["sobol", "latin", "plain"] = "sobol",
    precision: float | None = None,
    most: int | None = None,
    sensitivity: int | None = 0,
    architecture: str | None = None,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[Any], None] | None = None,
) -> Assessment:
    """Judge every claim of a dossier over the published ranges.

    ``precision`` draws samples until every probability is known to so much, or there are ``most``;
    ``sensitivity`` is the number of base points for total effects and interactions.
    """
    from .study.assess import assess as run

    figures = _dossier(dossier, set)
    return run(
        figures,
        samples=samples,
        seed=seed,
        sampler=sampler,
        precision=precision,
        most=most,
        totals=sensitivity,
        architecture=architecture,
        progress=progress,
        memory=_MEMORY,
    )


def framework(
    dossier: Dossier | str,
    *,
    against: Dossier | str | None = None,
    samples: int | None = None,
    seed: int = 0,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[Any], None] | None = None,
) -> Document:
    """The joint record of a dossier: elements, positions, evidence, and what each difference is about.

    ``against`` is an earlier version of it to compare with; ``set`` leaves that one as it is.
    """
    from .output.record.making import framework as make

    figures = _dossier(dossier, set)
    earlier = None if against is None else _dossier(against, None)
    return make(
        figures,
        earlier,
        against_name=against if isinstance(against, str) else "an earlier version",
        samples=samples,
        seed=seed,
        progress=progress,
        memory=_MEMORY,
    )


def compare(
    dossier: Dossier | str,
    architectures: Sequence[str] = (),
    *,
    samples: int | None = None,
    seed: int = 0,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[Any], None] | None = None,
) -> Compared:
    """Set architectures side by side, those named or all that can act, over the same samples."""
    from .study.compare import SAMPLES
    from .study.compare import compare as run

    return run(
        _dossier(dossier, set), architectures, samples=SAMPLES if samples is None else samples, seed=seed,
        progress=progress, memory=_MEMORY,
    )  # fmt: skip


def defended_area(
    dossier: Dossier | str,
    architecture: str,
    *,
    threat: str | None = None,
    launches: Sequence[str] = (),
    region: str | tuple[float, float, float, float] | None = None,
    grid: str | float = "1 deg",
    share: float = 1.0,
    samples: int = 0,
    seed: int = 0,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[Any], None] | None = None,
) -> xarray.Dataset:
    """The map of what an architecture defends: as ``draw_map`` of ``"defended"``.

    ``share`` is that of the launch places from which a flight to a defended cell can be engaged, at least.
    """
    return draw_map(
        dossier, architecture, "defended", threat=threat, launches=launches, region=region, grid=grid,
        share=share, samples=samples, seed=seed, set=set, progress=progress,
    )  # fmt: skip


def draw_map(
    dossier: Dossier | str,
    architecture: str,
    quantity: Literal["defended", "shots", "warning", "denied", "seen", "reach"],
    *,
    threat: str | None = None,
    launches: Sequence[str] = (),
    target: str | None = None,
    region: str | tuple[float, float, float, float] | None = None,
    grid: str | float = "1 deg",
    equal_area: bool = False,
    share: float = 1.0,
    altitudes: Sequence[str] = ("300 km",),
    rcs: str = "0.1 m^2",
    battery: str | None = None,
    samples: int = 0,
    seed: int = 0,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[Any], None] | None = None,
) -> xarray.Dataset:
    """A map of a quantity as ``midcourse map`` draws it: the quantity and what lies under it, by cell.

    Parameters
    ----------
    launches : names of the threat's launch places, or others as ``"LAT,LON"`` in degrees; all if none
    target : the place aimed at, of a map of what is ``denied``
    region : by name, or south, west, north, east in degrees; what the map is about if left out
    grid : size of a cell, with its unit or in degrees
    samples : worlds drawn from the published ranges, for a map of chances; the nominal figures alone if 0
    """
    from .study.map_asking import ask
    from .study.mapping import draw_map as run

    figures = _dossier(dossier, set)
    question = ask(
        figures, quantity, architecture, threat=threat, launches=launches, target=target, region=region,
        grid=grid, equal_area=equal_area, battery=battery, share=share,
    )  # fmt: skip
    question = replace(
        question, samples=samples, seed=seed, rcs_m2=parse_quantity(rcs, "m^2"),
        altitudes_m=tuple(parse_quantity(each, "m") for each in altitudes),
    )  # fmt: skip
    drawn = run(figures, question, progress=progress, memory=_MEMORY)
    if drawn is None:
        raise KeyboardInterrupt
    return drawn


def raid(
    dossier: Dossier | str,
    architecture: str,
    missiles: int | None = None,
    *,
    threat: str | None = None,
    file: str | os.PathLike[str] | None = None,
    spacing: str = "0 s",
    batteries: Sequence[str] = (),
    doctrine: Literal["salvo", "look"] = "salvo",
    shots: int = 4,
    reserve: int = 0,
    inventories: Sequence[int] = (10, 20, 50),
    samples: int = 64,
    seed: int = 0,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[Any], None] | None = None,
) -> Raided:
    """Fight a raid: so many missiles of a threat, by lot, or those of a raid's file.

    ``shots`` is the most interceptors sent at one missile, ``reserve`` what every battery keeps,
    ``inventories`` are the interceptors that curves are drawn for.
    """
    from .study.raid import raid as run

    if (missiles is None) == (file is None):
        raise InputError("a raid is of so many missiles, or a file", expected="missiles or file")
    return run(
        _dossier(dossier, set), architecture, missiles, threat=threat,
        file=None if file is None else Path(file), spacing_s=parse_quantity(spacing, "s"),
        batteries=batteries, doctrine=doctrine, shots=shots, reserve=reserve, inventories=inventories,
        samples=samples, seed=seed, progress=progress, memory=_MEMORY,
    )  # fmt: skip


def run_raid(
    dossier: Dossier | str,
    architecture: str,
    missiles: int | None = None,
    *,
    threat: str | None = None,
    file: str | os.PathLike[str] | None = None,
    spacing: str = "0 s",
    incidents: Sequence[str] = (),
    runs: int = 1,
    seed: int = 0,
    workers: int | None = None,
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[Any], None] | None = None,
) -> Operated:
    """Let the shield meet a raid in simulated time, once or many times: so many missiles of a threat, by lot,
    or those of a raid's file.

    ``incidents`` are texts such as ``"300 s fail emr@brdy"``; ``workers`` is the number of processes, as many
    as there are cores if left out.
    """
    from .study.operating import operate, plan

    if (missiles is None) == (file is None):
        raise InputError("a raid is of so many missiles, or a file", expected="missiles or file")
    for name, value in (("missiles", missiles), ("runs", runs)):
        if value is not None and value < 1:
            raise InputError("{value} cannot be used", where=name, value=value, expected="at least 1")
    asked = plan(
        _dossier(dossier, set), architecture, missiles, threat=threat,
        file=None if file is None else Path(file), spacing_s=parse_quantity(spacing, "s"),
        incidents=incidents, seed=seed,
    )  # fmt: skip
    return operate(asked, runs, workers=workers, progress=progress, memory=_MEMORY)


def run_study(
    plan: str | os.PathLike[str],
    store: str | os.PathLike[str],
    *,
    resume: bool = False,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Callable[[Any], None] | None = None,
) -> Ran:
    """Run a study's plan into a store, or go on with one that was begun; ``open_study`` reads it.

    Parameters
    ----------
    plan : a plan's file, or the name of one of the package's
    store : a folder, or any URL that fsspec knows
    scheduler : address of a Dask scheduler whose workers do the work; threads here if left out
    workers : threads; one a core if left out
    """
    from .survey.driver import Driver, engine_for, store_for
    from .survey.plan import read_plan
    from .survey.working import Works

    works = Works(read_plan(str(plan)))
    with engine_for(scheduler, workers) as engine:
        found = store_for(works, str(store), anew=not resume)
        return Driver(works, found, engine, tell=progress or (lambda _: None)).run()


def site(
    dossier: Dossier | str,
    place: Literal["interceptor", "radar"],
    architecture: str,
    *,
    move: str | None = None,
    threat: str | None = None,
    objective: Literal["people", "share", "shots"] = "people",
    alone: bool = False,
    spare: str | None = None,
    keep: float = 0.95,
    countries: Sequence[str] = (),
    keep_out: Sequence[tuple[float, float, str]] = (),
    region: str | tuple[float, float, float, float] = "europe",
    grid: str = "2 deg",
    set: dict[str, str] | None = None,  # noqa: A002 - named like the option
    progress: Callable[[Any], None] | None = None,
) -> Sited:
    """Look for the place where a battery or a radar serves best, and what it does there to a spared threat.

    ``keep_out`` holds places in degrees with the distance to be kept from each, ``(54.7, 20.5, "300 km")``.
    """
    from .analysis.grid import find_region, make_grid
    from .analysis.spots import KeepOut
    from .study.siting import check, search

    box = find_region(region)
    away = [KeepOut(lat, lon, parse_quantity(distance, "m")) for lat, lon, distance in keep_out]
    kind, wanted = check(place, objective)
    return search(
        _dossier(dossier, set), architecture, kind, make_grid(grid, box), box, move=move, threat=threat,
        objective=wanted, alone=alone, spare=spare, keep=keep, countries=countries, keep_out=away,
        progress=progress, memory=_MEMORY,
    )  # fmt: skip
