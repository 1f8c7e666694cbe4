"""Quantities of sensing: which radar sees what, when, how far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..model.radar import from_decibels, strength_of
from ..physics.acquisition import FIRST, FIRST_BODY, RESOLVED, TOTAL
from ..physics.radar import detection_range as range_of
from .quantity import Case, Detail, quantity, share
from .world import World

Array = NDArray[np.float64]


def _median(values: Array) -> Array:
    """Median over pairs of what is a number; nan where nothing is."""
    out = np.full(len(values), np.nan)
    for row, each in enumerate(values):
        known = each[~np.isnan(each)]
        if len(known):
            # The upper of the two in the middle, where one of them may be infinite.
            out[row] = np.sort(known)[len(known) // 2] if np.isinf(known).any() else np.median(known)
    return out


def _sight_detail(world: World, case: Case) -> Detail:
    rows: Detail = []
    reach = world.reachable(case.threat)[0]
    for name in dict.fromkeys(each for each in (case.sensor, case.other_sensor) if each):
        sight = world.sight(case.threat, case.architecture, name)[0]
        seen = ~np.isnan(sight[:, FIRST]) & reach
        rows.append((f"{name}: flights seen", f"{seen.sum()} of {reach.sum()}"))
        if not seen.any():
            continue
        low, middle, high = np.percentile(sight[seen, FIRST], [5, 50, 95])
        rows.append((f"{name}: first sight", f"{middle:.0f} s after launch ({low:.0f} to {high:.0f} s)"))
        low, middle, high = np.percentile(sight[seen, TOTAL], [5, 50, 95])
        rows.append((f"{name}: time in view", f"{middle:.0f} s ({low:.0f} to {high:.0f} s)"))
    return rows


@quantity("s", ["threat", "architecture", "radar_site_a", "radar_site_b"], [], ["sensor"], _sight_detail)
def sight_advantage(world: World, case: Case) -> Array:
    """For every flight that both radars see, the time by which the first sees it earlier; the median over
    flights.
    Both look where infrared satellites point them, from the moment the launch is declared."""
    first = world.sight(case.threat, case.architecture, case.sensor)[:, :, FIRST]
    second = world.sight(case.threat, case.architecture, case.other_sensor)[:, :, FIRST]
    return _median(second - first)


@quantity("s", ["threat", "architecture", "sensor"], [], ["sensor"], _sight_detail)
def sector_dwell(world: World, case: Case) -> Array:
    """How long the radar has the missile in view: above its lowest elevation, within its sector, and
    returning enough;
    the median over all flights, those never seen counting as zero."""
    total = world.sight(case.threat, case.architecture, case.sensor)[:, :, TOTAL]
    return _median(total)


def _watch_detail(world: World, case: Case) -> Detail:
    setting = world.setting
    threat = setting.threat(case.threat)
    launches, targets = setting.places(threat.from_).point, setting.places(threat.to).point
    sight = world.sight(case.threat, case.architecture, case.sensor)[0]
    shape = (len(launches), len(targets))
    seen = (~np.isnan(sight[:, FIRST])).reshape(shape)
    first = sight[:, FIRST].reshape(shape)
    reach = world.reachable(case.threat)[0].reshape(shape)
    rows = _sight_detail(world, case)
    for i, place in enumerate(launches):
        when = f", first after {np.nanmedian(first[i]):.0f} s" if seen[i].any() else ""
        rows.append((f"from {place.name}", f"{(seen & reach)[i].sum()} of {reach[i].sum()} flights{when}"))
    return rows


@quantity("%", ["threat", "architecture", "sensor"], [], ["sensor"], _watch_detail)
def watchable_share(world: World, case: Case) -> Array:
    """The share of flights that the radar ever sees, as burning booster or as warhead, when told
    where to look.
    """
    seen = ~np.isnan(world.sight(case.threat, case.architecture, case.sensor)[:, :, FIRST])
    return share(seen, world.reachable(case.threat))


@quantity("%", ["threat", "architecture", "sensor"], ["rcs"], ["sensor"], _sight_detail)
def in_range_share(world: World, case: Case) -> Array:
    """The share of flights whose warhead the radar ever detects after burnout: in view, and close enough for
    its cross-section.
    """
    sight = world.sight(case.threat, case.architecture, case.sensor, case.rcs_m2)
    return share(~np.isnan(sight[:, :, FIRST_BODY]), world.reachable(case.threat))


def _impact_detail(world: World, case: Case) -> Detail:
    rows: Detail = []
    reach = world.reachable(case.threat)[0]
    for name in (*(each.name for each in world.setting.defence(case.architecture).sensors), None):
        known = world.impact_radius(case.threat, case.architecture, name)[0][reach]
        tracked = known[np.isfinite(known)]
        label = name or "all together"
        if not len(tracked):
            rows.append((label, "never has a track"))
            continue
        middle, high = np.percentile(tracked, [50, 95])
        rows.append(
            (label, f"{len(tracked)} of {len(known)} flights, within {_km(middle)} (95 %: {_km(high)})")
        )
    return rows


def _km(metres: float) -> str:
    """A distance; what the model leaves out, the air on the way down above all, is half a kilometre."""
    if metres < 500.0:
        return "0.5 km or less"
    return f"{metres / 1e3:.2g} km" if metres < 1e4 else f"{metres / 1e3:,.0f} km"


@quantity("km", ["threat", "architecture"], ["sensor"], ["track"], _impact_detail)
def impact_error(world: World, case: Case) -> Array:
    """How near the place of impact is known in the end: the radius that holds it with the doctrine's
    confidence, from the tracks of the radar, or of all where none is named; the median over all flights,
    those without a track counting as unknown."""
    radius = world.impact_radius(case.threat, case.architecture, case.sensor or None)
    reach = world.reachable(case.threat)
    filled = np.where(reach, np.where(np.isnan(radius), np.inf, radius), np.nan)
    return _median(filled)


def _resolved_detail(world: World, case: Case) -> Detail:
    rows: Detail = []
    reach = world.reachable(case.threat)[0]
    for sensor in world.setting.defence(case.architecture).sensors:
        when = world.sight(case.threat, case.architecture, sensor.name)[0, reach, RESOLVED]
        known = when[np.isfinite(when)]
        text = f", after {np.median(known):.0f} s" if len(known) else ""
        rows.append((sensor.name, f"{len(known)} of {len(when)} flights{text}"))
    return rows


@quantity("%", ["threat", "architecture", "sensor"], [], ["sensor", "resolve"], _resolved_detail)
def resolved_share(world: World, case: Case) -> Array:
    """The share of flights on which the radar tells the warhead from the spent stage: by range, angle or
    Doppler they stand more than a resolution cell apart while it looks at them.
    """
    when = world.sight(case.threat, case.architecture, case.sensor)[:, :, RESOLVED]
    return share(~np.isnan(when), world.reachable(case.threat))


def _range_detail(world: World, case: Case) -> Detail:
    return [
        (f"range on {rcs:g} m²", f"{_range(world, case, rcs)[0] / 1e3:,.0f} km")
        for rcs in (0.003, 0.01, 0.03, 0.1, 1.0)
    ]


@quantity("km", ["radar"], ["rcs"], ["radar"], _range_detail)
def detection_range(world: World, case: Case) -> Array:
    """The radar equation in track: the range at which one dwell on the cross-section gives the
    signal-to-noise ratio
    that detection asks for."""
    return _range(world, case, 0.01 if case.rcs_m2 is None else case.rcs_m2)


def _range(world: World, case: Case, rcs_m2: float) -> Array:
    data = world.setting.dossier.radar[case.radar]

    def read(field: str) -> Array:
        return world.value(f"radar.{case.radar}.{field}")

    return np.asarray(range_of(strength_of(data, read), from_decibels(read("required_snr")), rcs_m2))
