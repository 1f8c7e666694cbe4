"""Quantities of engagement: which flights can be met, how often, from where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..model import Battery
from ..model.defence import Place
from ..physics.acquisition import RESOLVED
from .quantity import Case, Detail, quantity, share
from .world import World

Array = NDArray[np.float64]


def _engaged(world: World, case: Case, delay: float | None = None) -> NDArray[np.bool_]:
    """Which pairs the case's battery can engage, or any of the architecture: (samples, pairs)."""
    each = world.engaged(case.threat, case.architecture, _batteries(world, case), delay)
    return np.asarray(each.any(axis=0))


def _batteries(world: World, case: Case) -> tuple[Battery, ...]:
    defence = world.setting.defence(case.architecture)
    return (defence.battery(case.battery),) if case.battery else defence.batteries


def _engaged_share(world: World, case: Case, delay: float | None) -> Array:
    return share(_engaged(world, case, delay), world.reachable(case.threat))


def _engaged_detail(world: World, case: Case) -> Detail:
    rows = [
        (
            f"engaged when launched {delay:.0f} s after the threat",
            f"{100 * _engaged_share(world, case, delay)[0]:.0f} %",
        )
        for delay in sorted(case.delays_s)
    ]
    rows += _by_launch(world, case)
    return rows + _commit_rows(world, case)


def _commit_rows(world: World, case: Case) -> Detail:
    commit = world.commit(case.threat, case.architecture)[0]
    reach = world.reachable(case.threat)[0]
    known = commit[reach & ~np.isnan(commit)]
    if not len(known):
        return [("committed on the architecture's own sensors", "never")]
    burnout = world.timing(case.threat, "burnout_s")[0][reach]
    low, middle, high = np.percentile(known, [5, 50, 95])
    return [
        ("burnout of the threat", f"{np.nanmedian(burnout):.0f} s after launch"),
        ("interceptors may be launched", f"{middle:.0f} s after launch ({low:.0f} to {high:.0f} s)"),
        ("flights never tracked well enough", f"{100 * (1 - len(known) / max(1, reach.sum())):.0f} %"),
    ]


def _by_launch(world: World, case: Case) -> Detail:
    """Share of flights engaged from each launch place, in the nominal world."""
    setting = world.setting
    threat = setting.threat(case.threat)
    launches, targets = setting.places(threat.from_).point, setting.places(threat.to).point
    delay = case.delays_s[0] if case.delays_s else None
    shape = (len(launches), len(targets))
    engaged = _engaged(world, case, delay)[0].reshape(shape)
    reach = world.reachable(case.threat)[0].reshape(shape)
    return [
        (f"from {place.name}", f"{(engaged & reach)[i].sum()} of {reach[i].sum()} flights")
        for i, place in enumerate(launches)
        if reach[i].any()
    ]


@quantity("%", ["threat", "architecture"], ["battery", "launch_delay"], ["reach", "commit"], _engaged_detail)
def engageable_share(world: World, case: Case) -> Array:
    """Every launch place is paired with every target that the missile reaches. A pair counts when at least
    one intercept
    is feasible: an interceptor launched when the sensors' track allows, or at the stated delay, arrives at
    some point of the flight above its lowest altitude and after the threat's burnout."""
    return _engaged_share(world, case, case.delays_s[0] if case.delays_s else None)


def _ratio_detail(world: World, case: Case) -> Detail:
    rows: Detail = []
    for name in (case.architecture, case.baseline):
        each = replace(case, architecture=name)
        rows.append((f"{name}: flights engaged", f"{100 * _engaged_share(world, each, None)[0]:.0f} %"))
        rows += [(f"{name}: {label}", text) for label, text in _commit_rows(world, each)[1:]]
    return rows


@quantity("%", ["threat", "architecture", "baseline"], ["battery"], ["reach", "commit"], _ratio_detail)
def engageable_ratio(world: World, case: Case) -> Array:
    """Flights that one architecture can engage, over those that the baseline can, with the same batteries
    counted in
    both."""
    ours = _engaged_share(world, case, None)
    theirs = _engaged_share(world, replace(case, architecture=case.baseline), None)
    return np.where(theirs > 0.0, ours / np.maximum(theirs, 1e-12), np.where(ours > 0.0, np.inf, 1.0))


def _guided(world: World, case: Case) -> Array:
    chances = world.chances(case.threat, case.architecture, _batteries(world, case), only=case.sensor)
    return share(np.asarray(chances.engaged.any(axis=0)), world.reachable(case.threat))


def _guided_detail(world: World, case: Case) -> Detail:
    rows: Detail = []
    for sensor in world.setting.defence(case.architecture).sensors:
        alone = _guided(world, replace(case, sensor=sensor.name))[0]
        rows.append((f"engaged on the track of {sensor.name} alone", f"{100 * alone:.0f} %"))
    rows.append(("engaged on the tracks of all", f"{100 * _engaged_share(world, case, None)[0]:.0f} %"))
    return rows


@quantity("%", ["threat", "architecture", "sensor"], ["battery"], ["reach", "commit"], _guided_detail)
def guided_share(world: World, case: Case) -> Array:
    """Flights that can be engaged with this radar and no other: found on the satellites' cue or by its own
    search, tracked well enough to launch, and to bring the kill vehicle to where its seeker sees the
    target."""
    return _guided(world, case)


def _aimed_share(world: World, case: Case) -> Array:
    """Chance, over all flights, that an engagement is at the warhead and not the spent stage."""
    chances = world.chances(case.threat, case.architecture, _batteries(world, case), sights=True)
    resolved = np.isfinite(chances.sights[..., RESOLVED]).any(axis=0)
    picked = world.pick(case.architecture, np.asarray(resolved)) * np.asarray(chances.engaged.any(axis=0))
    reach = world.reachable(case.threat)
    return np.asarray((picked * reach).sum(axis=1) / np.maximum(reach.sum(axis=1), 1))


def _aimed_detail(world: World, case: Case) -> Detail:
    rows: Detail = []
    for name in (case.architecture, case.baseline):
        each = replace(case, architecture=name)
        chances = world.chances(case.threat, name, _batteries(world, each), sights=True)
        resolved = np.asarray(np.isfinite(chances.sights[:, 0, :, RESOLVED]).any(axis=0))
        engaged = np.asarray(chances.engaged[:, 0].any(axis=0))
        reach = world.reachable(case.threat)[0]
        rows += [
            (f"{name}: flights engaged", f"{100 * engaged[reach].mean():.0f} %"),
            (f"{name}: warhead told from spent stage", f"{100 * resolved[reach].mean():.0f} % of flights"),
            (f"{name}: engaged, and the warhead picked", f"{100 * _aimed_share(world, each)[0]:.0f} %"),
        ]
    return rows


@quantity(
    "%", ["threat", "architecture", "baseline"], ["battery"], ["reach", "commit", "pick"], _aimed_detail
)
def aimed_ratio(world: World, case: Case) -> Array:
    """As for flights engaged against the baseline's, each weighted by the chance that the warhead is
    picked: the doctrine's probability where some radar tells it from the spent stage, else one in two.
    """
    ours = _aimed_share(world, case)
    theirs = _aimed_share(world, replace(case, architecture=case.baseline))
    return np.where(theirs > 0.0, ours / np.maximum(theirs, 1e-12), np.where(ours > 0.0, np.inf, 1.0))


def _mean_shots(world: World, threat: str, architecture: str) -> Array:
    reach = world.reachable(threat)
    shots = np.where(reach, np.nan_to_num(world.shots(threat, architecture)), 0.0)
    return np.asarray(shots.sum(axis=1) / np.maximum(reach.sum(axis=1), 1))


def _shots_detail(world: World, case: Case) -> Detail:
    rows: Detail = []
    reach = world.reachable(case.threat)[0]
    for name in (case.baseline, case.architecture):
        shots = np.nan_to_num(world.shots(case.threat, name)[0])[reach]
        rows.append(
            (
                f"{name}: shots a flight",
                f"{shots.mean():.1f} on average, {shots.min():.0f} to {shots.max():.0f}",
            )
        )
        rows.append((f"{name}: flights without a shot", f"{100 * (shots == 0).mean():.0f} %"))
    return rows


@quantity(
    "shots",
    ["threat", "architecture", "baseline"],
    [],
    ["reach", "commit", "shots"],
    _shots_detail,
    most_rows=64,
)
def shots_gained(world: World, case: Case) -> Array:
    """Shots one after another, each taken only when the outcome of the last is known, counted for every
    flight over all
    batteries of the architecture; the mean over flights, less the baseline's."""
    return _mean_shots(world, case.threat, case.architecture) - _mean_shots(world, case.threat, case.baseline)


def _defended(world: World, case: Case) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Targets engaged on every flight that reaches them, and targets reached at all: (samples, targets)."""
    setting = world.setting
    threat = setting.threat(case.threat)
    shape = (world.rows, len(setting.places(threat.from_).point), len(setting.places(threat.to).point))
    reach = world.reachable(case.threat).reshape(shape)
    engaged = _engaged(world, case).reshape(shape)
    return np.asarray((engaged | ~reach).all(axis=1)), np.asarray(reach.any(axis=1))


def _defended_detail(world: World, case: Case) -> Detail:
    setting = world.setting
    points = setting.places(setting.threat(case.threat).to).point
    defended, threatened = (mask[0] for mask in _defended(world, case))
    left_out = sorted(
        {p.country or p.name for p, d, t in zip(points, defended, threatened, strict=True) if t and not d}
    )
    safe = sorted({p.country or p.name for p, t in zip(points, threatened, strict=True) if not t})
    return [
        ("targets within the missile's reach", f"{threatened.sum()} of {len(points)}"),
        ("of these defended", f"{(defended & threatened).sum()}"),
        ("countries left out, in whole or part", ", ".join(left_out) or "none"),
        ("countries out of the missile's reach, in whole or part", ", ".join(safe) or "none"),
        *_commit_rows(world, case),
    ]


@quantity("%", ["threat", "architecture"], ["battery"], ["reach", "commit"], _defended_detail)
def defended_share(world: World, case: Case) -> Array:
    """A target is defended when every flight that can reach it, from any launch place, can be engaged.
    Targets out of
    the missile's reach are not counted."""
    defended, threatened = _defended(world, case)
    return share(defended, threatened)


@quantity("%", ["threat", "architecture"], ["battery"], ["reach", "commit"], _defended_detail)
def defended_people_share(world: World, case: Case) -> Array:
    """As for targets defended, weighted by the cities' populations."""
    points = world.setting.places(world.setting.threat(case.threat).to).point
    people = np.array([point.population or 0 for point in points], dtype=np.float64)
    defended, threatened = _defended(world, case)
    total = (threatened * people).sum(axis=1)
    return np.asarray(((defended & threatened) * people).sum(axis=1) / np.maximum(total, 1.0))


def _stopped(world: World, case: Case) -> tuple[Array, float]:
    deployed = world.setting.threat(case.threat).deployed
    total = float(deployed or world.setting.pairs(case.threat))
    batteries = _batteries(world, case)
    stopped = np.zeros(world.rows)
    sights = world.chances(case.threat, case.architecture, batteries, sights=True).sights[..., RESOLVED]
    picked = world.pick(case.architecture, np.asarray(np.isfinite(sights).any(axis=0)))
    every = world.engaged(case.threat, case.architecture, batteries)
    for each, engaged in zip(batteries, every, strict=True):
        within = share(engaged, world.reachable(case.threat))
        hit = world.value(f"interceptor.{each.interceptor.name}.kill_probability")
        # The chance of picking the warhead, on the flights that can be engaged.
        right = (picked * engaged).sum(axis=1) / np.maximum(engaged.sum(axis=1), 1)
        stopped = stopped + hit * right * np.minimum(each.inventory, within * total)
    return np.minimum(stopped, total), total


def _stopped_detail(world: World, case: Case) -> Detail:
    stopped, deployed = _stopped(world, case)
    batteries = _batteries(world, case)
    return [
        ("interceptors", str(sum(each.inventory for each in batteries))),
        ("missiles deployed", f"{deployed:.0f}"),
        ("stopped at best", f"{stopped[0]:.1f}"),
    ]


@quantity("%", ["threat", "architecture"], ["battery"], ["reach", "commit", "kill"], _stopped_detail)
def stopped_share(world: World, case: Case) -> Array:
    """At best: every interceptor of the inventory is fired at a different missile among those it can engage,
    picks the warhead with the doctrine's probability where a radar tells it from the spent stage, else with
    one in two, and hits with its single-shot probability. Counted against all missiles deployed, as if all
    flew at once."""
    stopped, deployed = _stopped(world, case)
    return np.asarray(stopped / deployed)


def _site_shares(world: World, case: Case) -> tuple[Array, list[tuple[str, Array]]]:
    """Share of flights engaged from the battery's own site, and from each of the alternatives."""
    battery = world.setting.defence(case.architecture).battery(case.battery)
    reach = world.reachable(case.threat)
    points = world.setting.places(case.alternatives).point
    sites = [Place(point.name, point.name, point.lat.value, point.lon.value) for point in points]
    moved = (battery, *(replace(battery, site=site) for site in sites))
    shares = [share(each, reach) for each in world.engaged(case.threat, case.architecture, moved)]
    return shares[0], [(point.name, other) for point, other in zip(points, shares[1:], strict=True)]


def _rank_detail(world: World, case: Case) -> Detail:
    own, others = _site_shares(world, case)
    ranked = sorted(
        [(case.battery, own[0]), *((name, other[0]) for name, other in others)], key=lambda each: -each[1]
    )
    return [(f"flights engaged from {name}", f"{100 * value:.0f} %") for name, value in ranked]


@quantity(
    "%",
    ["threat", "architecture", "battery", "alternatives"],
    [],
    ["reach", "commit"],
    _rank_detail,
    most_rows=64,
)
def site_rank(world: World, case: Case) -> Array:
    """The same interceptors, committed on the same track, are placed at each of the other places in turn. The
    value is
    the share of those places from which no more flights can be engaged than from the site proposed."""
    own, others = _site_shares(world, case)
    return np.asarray(np.mean([own >= other - 1e-9 for _, other in others], axis=0))
