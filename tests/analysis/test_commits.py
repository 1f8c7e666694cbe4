"""Tracks and commits against the same rule worked out look by look (see ``looks``)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from midcourse.analysis import watching
from midcourse.analysis.chances import shooters
from midcourse.analysis.engagement import FLIGHT, OneFlight, engage_flight
from midcourse.analysis.flight_set import FlightSet
from midcourse.analysis.setting import Setting
from midcourse.analysis.watching import TrackPoint
from midcourse.analysis.watching import watch as watch_flight
from midcourse.analysis.world import World
from midcourse.dossier import Dossier
from midcourse.model import Flights
from midcourse.model.memory import Memory
from midcourse.physics import commit, observation
from midcourse.physics.acquisition import FIRST

from .brute import Meeting, Search
from .looks import Rule, Watched

Array = NDArray[np.float64]

SITE, INTERCEPTOR = "redzikowo", "gbi-2-stage"
CASES = [
    ("third-site", "iran-us", "north", "New York City"),
    ("gabala", "iran-us", "centre", "Chicago"),
    ("joint", "iran-us", "south", "Los Angeles"),
    ("third-site", "iran-europe-irbm", "north-west", "Paris"),
    ("joint", "iran-europe-irbm", "north-west", "Paris"),
    ("gabala", "iran-europe-irbm", "north-west", "London"),
    ("gabala", "iran-europe-irbm", "west", "Hamburg"),
]


# Every architecture and both threats are among the others, which share few flights.
LONG = (CASES[0], *CASES[5:])


def _named(cases: list[tuple[str, str, str, str]]) -> pytest.MarkDecorator:
    """A test of every case; some are among the long tests."""
    marks = [pytest.mark.slow if case in LONG else () for case in cases]
    named = [
        pytest.param(*case, marks=mark, id="-".join(case).replace(" ", ""))
        for case, mark in zip(cases, marks, strict=True)
    ]
    return pytest.mark.parametrize(("architecture", "threat", "start", "target"), named)


@pytest.fixture(scope="module")
def setting(third_site: Dossier, memory: Memory) -> Setting:
    return Setting(third_site, (), memory, 1)


class Flown:
    """A flight of a threat, and how it can be met from the site in Poland."""

    def __init__(self, setting: Setting, search: Search, threat: str, start: str, target: str) -> None:
        data = setting.threat(threat)
        starts, targets = ([p.name for p in setting.places(n).point] for n in (data.from_, data.to))
        self.pair = starts.index(start) * len(targets) + targets.index(target)
        self.set: FlightSet = setting.flight_sets(threat)[0]
        index = np.flatnonzero(self.set.pairs == self.pair)
        self.flights = Flights.from_arrays(
            self.set.missile, {name: each[index] for name, each in self.set.flights.arrays().items()}
        )
        figures = setting.dossier.interceptor[INTERCEPTOR]
        own = search.interceptor
        shortest = own.burn_time_s + figures.homing_time.value
        meeting = Meeting(search, self.flights, own.minimum_altitude_m, shortest)
        times, launches, closing = meeting.curve(40.0)
        self.times = np.append(np.arange(times[0], times[-1], 3.0), times[-1])
        self.launches = CubicSpline(times, launches)(self.times)
        self.closing = CubicSpline(times, closing)(self.times)
        self.burn = own.burn_time_s

    def rule(self, dossier: Dossier, architecture: str, first: dict[str, float]) -> Rule:
        watched = Watched(dossier, architecture, self.set.missile.name, self.flights, first)
        return Rule(watched, INTERCEPTOR, self.burn, self.times, self.launches, self.closing)


class AllFlown(dict[tuple[str, str, str], Flown]):
    """Flights, searched for once they are asked for."""

    def __init__(self, setting: Setting, search: Search) -> None:
        super().__init__()
        self._given = setting, search

    def __missing__(self, key: tuple[str, str, str]) -> Flown:
        return self.setdefault(key, Flown(*self._given, *key))


@pytest.fixture(scope="module")
def flown(setting: Setting, search: Search) -> AllFlown:
    return AllFlown(setting, search)


def _windows(rule: Rule) -> tuple[Array, Array]:
    """First and last launch allowed, and first and last intercept by the latest launch [s]."""
    launches, good = rule.allowed()
    latest = np.array(
        [rule.spare(i, rule.launches[i : i + 1])[0] >= 0.0 for i in range(len(rule.times))], dtype=bool
    )
    assert good.any()
    return (
        np.array([launches[good.any(axis=0)][0], rule.launches[latest].max()]),
        rule.times[latest][[0, -1]],
    )


@_named(CASES)
def test_windows_of_one_flight(
    third_site: Dossier,
    memory: Memory,
    flown: AllFlown,
    architecture: str,
    threat: str,
    start: str,
    target: str,
) -> None:
    """Within 5 s: intercepts stand 3 s apart here and are sought to an eighth of some 6 s there, launches
    are tried every second here; and cells of 4 s hold their looks evenly there, whenever they begin.
    """
    flight = flown[threat, start, target]
    result = engage_flight(OneFlight(third_site, flight.flights, memory), architecture)
    first = {each.sensor: each.first_s for each in result.sensors if np.isfinite(each.first_s)}
    launch, meet = _windows(flight.rule(third_site, architecture, first))
    site = next(each for each in result.sites if each.site == SITE)
    assert site.launch_s is not None
    assert site.intercept_s is not None
    print(f"launch {launch} here, {site.launch_s} there; intercept {meet} here, {site.intercept_s} there")
    assert np.allclose(site.launch_s, launch, rtol=0.0, atol=5.0)
    assert np.allclose(site.intercept_s, meet, rtol=0.0, atol=6.0)


@_named(CASES)
def test_windows_of_sampled_worlds(
    setting: Setting,
    flown: AllFlown,
    architecture: str,
    threat: str,
    start: str,
    target: str,
) -> None:
    """Within 10 s: cells of 10 to 90 s, each with its looks evenly spread, tell of the velocity a
    little early; intercepts are sought to an eighth of the 20 to 50 s between two places tried.
    """
    flight = flown[threat, start, target]
    defending = setting.defence(architecture)
    chances = World(setting, {}, {}, 1).chances(threat, architecture, closely=True, sights=True)
    seen = chances.sights[:, 0, flight.pair, FIRST]
    first = {each.name: float(t) for each, t in zip(defending.sensors, seen, strict=True) if np.isfinite(t)}
    launch, meet = _windows(flight.rule(setting.dossier, architecture, first))
    window = chances.windows[defending.batteries.index(defending.battery(SITE)), 0, flight.pair]
    print(f"launch {launch} here, {window[:2]} there; intercept {meet} here, {window[2:]} there")
    assert np.allclose(window[:2], launch, rtol=0.0, atol=10.0)
    assert np.allclose(window[2:], meet, rtol=0.0, atol=10.0)


@_named(CASES[2:5])
def test_a_track_too_late_for_any_launch(
    third_site: Dossier,
    flown: AllFlown,
    memory: Memory,
    architecture: str,
    threat: str,
    start: str,
    target: str,
) -> None:
    """Both say no where the decision takes so long that no launch is left."""
    late = third_site.with_overrides({"doctrine.nominal.decision_delay": "900 s"})
    flight = flown[threat, start, target]
    result = engage_flight(OneFlight(late, flight.flights, memory), architecture)
    first = {each.sensor: each.first_s for each in result.sensors if np.isfinite(each.first_s)}
    _, good = flight.rule(late, architecture, first).allowed()
    assert not good.any()
    assert not any(each.engageable for each in result.sites if each.site == SITE)


# The last is watched for too short a time to be met well by anything launched a minute after.
@_named(CASES[:-1])
def test_errors_of_predicted_intercepts(
    third_site: Dossier,
    memory: Memory,
    flown: AllFlown,
    architecture: str,
    threat: str,
    start: str,
    target: str,
) -> None:
    """Radius of the error at intercepts all over the flight, of launches from a minute of track on: within
    5 %. Where nothing is sent in flight, the divert left tells it: the homing has to make up for all.
    """
    silent = third_site.with_overrides({"doctrine.nominal.uplink": "false"})
    flight = flown[threat, start, target]
    setting = OneFlight(silent, flight.flights, memory)
    world, row = World(setting, {}, {}, 1), np.zeros(1, dtype=np.int64)
    (only,) = setting.flight_sets(FLIGHT)
    seeing, watch = world.watching(architecture, only, row)
    defending = setting.defence(architecture)
    firing = [world.launching(defending.battery(SITE), only, row)]
    batteries = shooters(firing, setting.closely)
    room = observation.bench_for(watch)
    observation.frame(watch, 0, room)
    observation.turn_to(watch, 0, 0, room)
    observation.observe(watch, 0, 0, 0, room)
    found = {defending.sensors[i].name: float(room.summary[k, FIRST]) for k, i in enumerate(seeing)}
    first = {name: t for name, t in found.items() if np.isfinite(t)}
    rule = flight.rule(silent, architecture, first)
    begin, end = float(flight.flights.burnout_s[0]), float(flight.flights.impact_s[0])
    begun = np.array([looks.reported[0] for looks in rule.watched.looks if len(looks.reported)])
    decision = silent.doctrine["nominal"].decision_delay.value
    here, there, settled = [], [], []
    for i in range(0, len(rule.times), 10):
        place = (rule.times[i] - begin) / (end - begin) * (setting.nodes - 1)
        launches = np.linspace(begin + 60.0, rule.launches[i], 12)
        here.append(rule.spare(i, launches))
        there.append(
            [
                commit.spare(rule.times[i], t, place, 0, 0, 0, 0, watch, batteries, room)
                if t >= rule.times[i] - rule.longest
                else -1.0
                for t in launches
            ]
        )
        since = (launches - decision)[:, None] - begun
        settled.append(((since < -10.0) | (since > 60.0)).all(axis=1))
    ours, theirs, good = np.concatenate(here), np.concatenate(there), np.concatenate(settled)
    assert ((ours >= 0.0) == (theirs >= 0.0)).mean() > 0.97
    good &= (ours >= 0.0) & (theirs >= 0.0)
    assert good.sum() > 20
    radii = (rule.divert - ours[good]) * rule.homing, (rule.divert - theirs[good]) * rule.homing
    off = np.abs(radii[1] / radii[0] - 1.0)
    print(f"{good.sum()} radii, {radii[0].min():.0f} to {radii[0].max():.0f} m: {100 * off.max():.1f} % off")
    assert off.max() < 0.05


def _settled(points: tuple[TrackPoint, ...], begun: list[float]) -> tuple[TrackPoint, ...]:
    """Points at least a minute after a radar joined in."""
    since = np.array([point.t_s for point in points])[:, None] - np.array(begun)
    good = ((since < -10.0) | (since > 60.0)).all(axis=1) & (since > 0.0).any(axis=1)
    return tuple(point for point, keep in zip(points, good, strict=True) if keep)


@_named(CASES)
def test_errors_of_tracks(
    third_site: Dossier,
    memory: Memory,
    monkeypatch: pytest.MonkeyPatch,
    flown: AllFlown,
    architecture: str,
    threat: str,
    start: str,
    target: str,
) -> None:
    """Position and velocity within 5 %, from a minute after a radar's first look on: one alone, and all."""
    # Compared to the end: what the model leaves out is put aside.
    monkeypatch.setattr(watching, "LEAST", np.zeros(3))
    flight = flown[threat, start, target]
    places = [
        (float(each[0, 0]), float(each[0, 1])) for each in (flight.flights.launches, flight.flights.targets)
    ]
    seen = watch_flight(third_site, architecture, flight.set.missile.name, *places, memory=memory)
    first = {each.sensor: each.first_seen_s for each in seen.sensors if each.first_seen_s is not None}
    watched = Watched(third_site, architecture, flight.set.missile.name, flight.flights, first)
    looking = [sensor.name for sensor in watched.design.sensor if sensor.name in first]
    tracks: list[tuple[str, tuple[TrackPoint, ...], list[int] | None]] = [("all", seen.fused, None)]
    tracks += [(each.sensor, each.track, [looking.index(each.sensor)]) for each in seen.sensors if each.track]
    assert len(tracks) > 1
    worst = {}
    for name, track, only in tracks:
        chosen = range(len(looking)) if only is None else only
        begun = [float(watched.looks[k].reported[0]) for k in chosen if len(watched.looks[k].reported)]
        points = _settled(track, begun)
        if not points:
            continue
        times = np.array([point.t_s for point in points])
        grown = watched.fall.grown(times)
        full = grown @ watched.covariances(times, only) @ grown.transpose(0, 2, 1)
        diagonal = np.diagonal(full, axis1=1, axis2=2)
        place, speed = np.sqrt(diagonal[:, :3].sum(axis=1)), np.sqrt(diagonal[:, 3:].sum(axis=1))
        worst[name] = max(
            np.abs(place / np.array([point.position_error_m for point in points]) - 1.0).max(),
            np.abs(speed / np.array([point.velocity_error_m_s for point in points]) - 1.0).max(),
        )
    print(", ".join(f"{name} {100 * off:.1f} %" for name, off in worst.items()))
    assert max(worst.values()) < 0.05
