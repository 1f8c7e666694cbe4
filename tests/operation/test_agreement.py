"""The shield in operation against the analysis, where both apply."""

from __future__ import annotations

import math

import numpy as np
import pytest

from midcourse.analysis.engagement import engage
from midcourse.dossier import Dossier
from midcourse.model.memory import Memory
from midcourse.operation import Scenario, Shield, simulate
from midcourse.operation.luck import Luck, Steady

from .conftest import IRBM, Make

#: Without any delay.
PROMPT = {
    "doctrine.nominal.decision_delay": "0 s",
    "link.national.delay": "0 s",
    "link.shared.delay": "0 s",
}
#: Of every shot a hit, so that ten interceptors serve for as many missiles.
CERTAIN = {
    "interceptor.gbi-2-stage.kill_probability": "1",
    "doctrine.nominal.pick_probability": "1",
}
# So far apart that no missile meets the next.
_APART = 6000


def _launches(count: int, seed: int) -> list[str]:
    """Missiles from Iran to Central Europe, one at a time."""
    random = np.random.default_rng(seed)
    return [
        f'{IRBM}\nfrom = "{random.uniform(34.0, 38.0):.3f},{random.uniform(46.0, 51.0):.3f}"\n'
        f'to = "{random.uniform(42.0, 53.0):.3f},{random.uniform(10.0, 25.0):.3f}"\nat = "{k * _APART} s"'
        for k in range(count)
    ]


def _compare(
    make: Make, third_site: Dossier, memory: Memory, launches: list[str], architecture: str
) -> tuple[int, int]:
    """Launch and intercept of every missile against ``engage``; how many were met, and how many not."""
    scenario = make(*launches, architecture=architecture, figures=PROMPT | CERTAIN, sure=True)
    shield = Shield(scenario, Steady())
    shield.advance()
    tracked: dict[str, float] = {}
    ordered: dict[str, dict[str, float]] = {}
    for event in shield.record.events:
        if event["kind"] == "track taken over":
            tracked.setdefault(event["missile"], event["time_s"])
        if event["kind"] == "launch ordered":
            ordered.setdefault(event["missile"], event)
    figures = third_site.with_overrides(PROMPT)
    met = missed = 0
    for course in scenario.courses:
        if course.name not in tracked:
            assert course.name not in ordered
            continue
        start, target = (
            (float(places[course.index, 0]), float(places[course.index, 1]))
            for places in (course.own.launches, course.own.targets)
        )
        commit = tracked[course.name] - course.at_s
        found = engage(figures, architecture, "notional-irbm", start, target, commit_s=commit, memory=memory)
        sites = [site for site in found.sites if site.intercept_s is not None]
        if not sites:
            assert course.name not in ordered
            missed += 1
            continue
        soonest = min(sites, key=lambda site: site.intercept_s[0] if site.intercept_s else math.inf)
        assert soonest.intercept_s is not None
        order = ordered[course.name]
        assert order["launch_s"] - course.at_s == pytest.approx(commit, abs=1.0)
        assert order["meet_s"] - course.at_s == pytest.approx(soonest.intercept_s[0], abs=1.0)
        met += 1
    return met, missed


def test_launches_and_intercepts_as_engage_has_them(make: Make, third_site: Dossier, memory: Memory) -> None:
    found = [_compare(make, third_site, memory, _launches(8, seed), "joint") for seed in (1, 2, 3)]
    assert sum(met for met, _ in found) > 12


@pytest.mark.slow
def test_two_hundred_launches_and_intercepts(make: Make, third_site: Dossier, memory: Memory) -> None:
    met = missed = 0
    for seed in range(4, 40):
        architecture = ("joint", "third-site", "gabala")[seed % 3]
        found = _compare(make, third_site, memory, _launches(8, seed), architecture)
        met, missed = met + found[0], missed + found[1]
    assert met + missed >= 200


def test_radars_find_when_the_analysis_says_so(make: Make, third_site: Dossier, memory: Memory) -> None:
    scenario = make(*_launches(8, 4), architecture="joint", figures=PROMPT)
    shield = Shield(scenario, Steady())
    shield.advance()
    figures = third_site.with_overrides(PROMPT)
    compared = 0
    for course in scenario.courses:
        start, target = (
            (float(places[course.index, 0]), float(places[course.index, 1]))
            for places in (course.own.launches, course.own.targets)
        )
        seen = engage(figures, "joint", "notional-irbm", start, target, memory=memory).sensors
        for each in seen:
            own = [
                event["time_s"] - course.at_s
                for event in shield.record.events
                if event["node"] == each.sensor
                and event["kind"] == "found"
                and event["missile"] == course.name
            ]
            flew_s = shield.bodies.ends[int(course.name[1:]) - 1]
            assert bool(own) == bool(each.first_s < flew_s - 3.0)
            if own:
                assert own[0] == pytest.approx(each.first_s, abs=3.0)
                compared += 1
    assert compared > 10


@pytest.mark.slow
def test_tracks_are_as_good_as_they_claim(raid: Scenario) -> None:
    """Normalised error squared of the fused track, six degrees of freedom: the mean of runs within the band
    that holds 99.9 % of such means.
    """
    found = []
    for seed in range(30):
        shield = Shield(raid, Luck(seed), kept=False)
        shield.advance(700.0)
        for missile in range(len(raid.courses)):
            known = shield.command.picture.off(missile)
            if known is not None:
                off, lower = known
                # Information is the factor times itself transposed; the diagonal is kept inverted.
                factor = lower.copy()
                np.fill_diagonal(factor, 1.0 / np.diag(lower))
                found.append((seed, missile, float(((factor.T @ off) ** 2).sum())))
    values = np.array(found)
    assert len(values) > 75
    # Missiles of one run share the radars' biases: runs are independent, missiles are not.
    means = np.array([values[values[:, 0] == seed, 2].mean() for seed in np.unique(values[:, 0])])
    assert abs(means.mean() - 6.0) < 3.3 * means.std() / math.sqrt(len(means))
    assert 4.5 < means.mean() < 7.5


def test_the_same_seed_gives_the_same_events(raid: Scenario) -> None:
    one, two = (simulate(raid, 3, 1).record.events for _ in range(2))
    assert one == two
    assert one != simulate(raid, 3, 2).record.events
