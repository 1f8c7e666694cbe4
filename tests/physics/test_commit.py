"""Which launches a track allows, where the track is so simple that its error is known in closed form.

One radar looks at a body from 300 s on, and each second of it adds the same to what is known of the place
where it will be met, evenly in both directions across: the error falls as one over the root of that.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from midcourse.analysis.chances import Launching, shooters
from midcourse.physics import (
    acquisition,
    commit,
    flyout,
    intercept,
    observation,
    prediction,
    sight,
    tracking,
)
from midcourse.physics import radar as column

Array = NDArray[np.float64]

BURNOUT, IMPACT, FOUND = 100.0, 1700.0, 300.0
# Rows of planes and curves, and the flight of an interceptor: longer for intercepts later on.
ROWS = 41
BURN, LONGEST, CLOSING = 130.0, 1500.0, 9e3
TIMES = np.linspace(BURNOUT, IMPACT, ROWS)


def latest(t: float) -> float:
    """Latest launch toward an intercept: at 500 s that of 300 s, at 1700 s that of 1020 s."""
    return t - 200.0 - 0.4 * (t - 500.0)


@dataclass(frozen=True)
class Defence:
    """Figures of a defence [s, m, m/s]."""

    place: float = 30e3
    rate: float = 1e-3
    delay: float = 5.0
    decision: float = 60.0
    confidence: float = 0.9
    divert: float = 600.0
    homing: float = 40.0
    view: float = math.radians(2.0)
    uplink: bool = True
    assessment: float = 60.0
    interval: float = 20.0

    def radius(self, t: float) -> float:
        """Radius of the error of what is reported by a moment: Rayleigh's, of a round error."""
        known = 1.0 / self.place**2 + 1e-6 * self.rate * max(0.0, min(t - self.delay, IMPACT) - FOUND)
        return math.sqrt(-2.0 * math.log(1.0 - self.confidence) / known)

    def spare(self, meet: float, launch: float) -> float:
        """The least that the ways to make good what is told can leave: every choice of moments tried."""
        decided = launch - self.decision
        if decided <= FOUND + self.delay:
            return -math.inf
        burnout, handover = launch + BURN, meet - self.homing
        moments = (burnout, 0.5 * (burnout + handover), handover) if self.uplink else ()
        if (
            self.radius(handover) if self.uplink else self.radius(decided)
        ) > CLOSING * self.homing * math.tan(0.5 * self.view):
            return -math.inf
        costs = []
        for count in range(len(moments) + 1):
            for used in itertools.combinations(moments, count):
                spent, before = 0.0, self.radius(decided)
                for t in used:
                    after = self.radius(t)
                    spent += math.sqrt(before**2 - after**2) / (meet - t)
                    before = after
                costs.append(spent + before / self.homing)
        return self.divert - min(costs)

    def allows(self, meet: float, launch: float) -> bool:
        return self.spare(meet, launch) >= 0.0


def _parts(figures: Defence) -> tuple[observation.Watch, Launching, tuple[Array, ...]]:
    """Who watches, who fires, and arrays that must live as long."""
    cells = np.linspace(BURNOUT, IMPACT, 65)
    n = len(cells)
    free = np.zeros((1, 1, n, sight.SIGHT_COLUMNS))
    free[..., sight.FAR] = 2.0 * math.log(5e5)
    free[..., sight.LOW] = free[..., sight.HIGH] = np.where(cells < FOUND, -0.5, 0.5)
    # Between the cell's ends it rises through the lowest elevation, at its end.
    free[0, 0, np.searchsorted(cells, FOUND), sight.LOW] = 0.0
    boost = np.full((1, 1, 3, sight.SIGHT_COLUMNS), -1.0)
    nothing = np.zeros(1, dtype=np.int64)
    structure = np.zeros((n - 1, tracking.STRUCTURE))
    structure[..., np.cumsum([0, 6, 5, 4, 3, 2])] = 1.0
    partings = np.zeros((1, n, 3))
    kept = (boost[0], free[0], structure, partings)
    views = observation.Views(
        np.linspace(0.0, BURNOUT, 3)[None], cells[None], np.array([[each.ctypes.data for each in kept]]),
        nothing[None], np.zeros((1, 1)), np.array([[7e6, 0.0, 0.0, 0.0, 6e3, 1e3]]), np.zeros(1),
    )  # fmt: skip
    row = np.zeros(column.COLUMNS)
    row[column.NEEDED], row[column.STRENGTH] = math.log(20.0), math.log(20e24)
    row[column.ALARM], row[column.BEAM] = math.log(1e-6), 3.0
    row[column.HIGHEST], row[column.HALF] = 0.5 * math.pi, math.pi
    row[column.INTERVAL], row[column.DWELL], row[column.WANDER] = 1e-3, 1e-3, 1e3
    ratio = 20.0 * 16.0
    # A look each millisecond, a thousandth of the rate each.
    row[column.CELL] = math.sqrt(2.0 * ratio * 1.6**2 / (1e-3 * figures.rate))
    row[column.DELAY] = figures.delay
    one = np.ones((1, 1))
    orders = observation.Orders(
        0.0 * np.ones((1, 1, 1)), figures.place * one, 0.0 * one, 0.0 * one, np.log(0.1) * one,
        figures.decision * one, prediction.radii(np.array([figures.confidence]))[None],
        float(figures.uplink) * one, one, one, figures.assessment * one, figures.interval * one,
    )  # fmt: skip
    # Nothing is reached but at the rows themselves: no edge lies between them.
    approach = np.zeros((1, ROWS, 5))
    approach[..., intercept.TIME], approach[..., intercept.HEIGHT] = TIMES, 1e6
    reached = (TIMES >= 500.0) & (TIMES <= 1500.0)
    flights = np.where(reached, [t - latest(t) for t in TIMES], np.nan)
    plane = np.zeros(prediction.PLANE)
    plane[prediction.ACROSS_1], plane[prediction.ACROSS_2 + 1] = 1.0, 1.0
    plane[prediction.CLOSING] = CLOSING
    vehicle = [figures.divert, figures.homing, math.tan(0.5 * figures.view), LONGEST]
    part = Launching(
        (
            approach, flights[None, :, None].copy(), np.tile(plane, (1, ROWS, 1)), np.ones((1, 1)),
            np.zeros((1, flyout.BEARINGS, flyout.HEIGHTS)),
            np.zeros((flyout.BEARINGS, flyout.HEIGHTS, flyout.DISTANCES, 1)),
        ),
        np.array([[0.0, 0.0, LONGEST]]), np.array([[1e7, 0.0]]), BURN, np.array([vehicle]),
    )  # fmt: skip
    return observation.Watch(views, nothing, row[None, None], orders, nothing[None], nothing), part, kept


def _spare(figures: Defence, pairs: list[tuple[float, float]]) -> list[float]:
    watch, part, _kept = _parts(figures)
    firing = shooters([part], False)
    room = observation.bench_for(watch)
    observation.frame(watch, 0, room)
    observation.turn_to(watch, 0, 0, room)
    observation.observe(watch, 0, 0, 0, room)
    assert room.summary[0, acquisition.FIRST_BODY] == pytest.approx(FOUND, abs=0.1)
    places = [(meet - BURNOUT) / (IMPACT - BURNOUT) * (ROWS - 1) for meet, _ in pairs]
    return [
        float(commit.spare(meet, launch, place, 0, 0, 0, 0, watch, firing, room))
        for (meet, launch), place in zip(pairs, places, strict=True)
    ]


def _chances(figures: Defence, batteries: int = 1, most: int = 0) -> tuple[Array, Array, Array]:
    """Engaged, shots and windows."""
    watch, part, _kept = _parts(figures)
    firing, every = shooters([part] * batteries, False), list(range(batteries))
    volleys = np.array([[0, batteries, *every]] if most else [], dtype=np.int64).reshape(-1, batteries + 2)
    questions = commit.Questions(
        np.zeros(0, dtype=np.int64),
        np.array([[0, b] for b in every]),
        np.full((batteries, 0), -1),
        volleys,
        most,
    )
    _, engaged, shots, windows = commit.sampled_chances(watch, firing, questions, True)
    quickly = commit.sampled_chances(watch, firing, questions, False)[1]
    # A window is never missed where only its being is asked for; one of a sliver may be found there only.
    assert (quickly >= engaged).all()
    return engaged[:, 0, 0], shots[0, 0, 0] if most else np.zeros(0), windows[:, 0, 0]


defences = st.builds(
    Defence,
    place=st.floats(1e3, 1e5),
    rate=st.floats(1e-5, 1.0),
    delay=st.floats(0.0, 60.0),
    decision=st.floats(1.0, 200.0),
    confidence=st.floats(0.5, 0.99),
    divert=st.floats(50.0, 1500.0),
    homing=st.floats(15.0, 90.0),
    view=st.floats(math.radians(0.3), math.radians(8.0)),
    uplink=st.booleans(),
    assessment=st.floats(5.0, 300.0),
    interval=st.floats(1.0, 100.0),
)


@settings(max_examples=150)
@given(defences, st.floats(500.0, 1500.0), st.floats(0.0, 1.0))
def test_what_a_launch_leaves_of_the_divert(figures: Defence, meet: float, part: float) -> None:
    first = FOUND + figures.delay + figures.decision
    last = meet - BURN - figures.homing
    launch = first - 50.0 + part * max(60.0, last - first + 50.0)
    if launch > last:
        return
    (found,) = _spare(figures, [(meet, launch)])
    expected = figures.spare(meet, launch)
    if abs(launch - first) < 0.5:
        return
    if abs(expected) > 1.0:
        assert (found >= 0.0) == (expected >= 0.0)
    if expected >= 0.0 and found >= 0.0:
        before = figures.radius(launch - figures.decision)
        # Good enough without any news: the sum is not worked out.
        enough = 2.0 * before <= figures.divert * figures.homing
        plain = before / figures.homing
        spent = figures.divert - expected
        close = [pytest.approx(each, rel=0.004, abs=0.02) for each in (spent, *([plain] if enough else []))]
        assert any(figures.divert - found == each for each in close)


def test_no_launch_before_report_and_decision() -> None:
    figures = Defence(delay=17.0, decision=45.0)
    early, late = _spare(figures, [(1200.0, 361.0), (1200.0, 363.0)])
    assert early == -math.inf
    assert late > 0.0


def test_the_seeker_must_have_it_in_view() -> None:
    """Ten kilometres of error: half a view of 1.65 deg over 40 s at 9 km/s are 10.4 km, of 1.5 deg 9.4."""
    figures = Defence(divert=1e4, rate=1e-9, place=1e4 / math.sqrt(-2.0 * math.log(0.1)))
    wide, narrow = (math.radians(angle) for angle in (3.3, 3.0))
    for uplink in (True, False):
        for view, allowed in ((wide, True), (narrow, False)):
            changed = Defence(**{**figures.__dict__, "view": view, "uplink": uplink})
            assert changed.allows(1200.0, 700.0) == allowed
            assert (_spare(changed, [(1200.0, 700.0)])[0] >= 0.0) == allowed


@settings(max_examples=60)
@given(defences)
def test_windows_against_every_launch(figures: Defence) -> None:
    """Launches 2 s and intercepts 5 s apart: the ends agree within an eighth of a row; the last, a row."""
    engaged, _, windows = _chances(figures)
    meets = np.arange(500.0, 1500.1, 5.0)
    by_latest = [t for t in meets if figures.allows(t, latest(t))]
    if len(by_latest) < 3:
        # A sliver may be missed between two rows.
        return
    assert engaged[0]
    first, last, soonest, final = windows[0]
    assert soonest == pytest.approx(by_latest[0], abs=12.0)
    assert final == pytest.approx(by_latest[-1], abs=41.0)
    assert last == pytest.approx(latest(final), abs=1e-6)
    every = [
        launch
        for launch in np.arange(FOUND, latest(1500.0), 2.0)
        if any(figures.allows(t, launch) for t in meets[::4] if launch <= latest(t) and t - launch <= LONGEST)
    ]
    assert first >= min(every) - 12.0
    # A launch reported first must be allowed toward some intercept.
    slack = Defence(
        **{**figures.__dict__, "decision": figures.decision - 1.0, "divert": 1.05 * figures.divert}
    )
    assert any(slack.allows(t, first + 1.0) for t in meets if first <= latest(t) + 1.0)


def _counted(figures: Defence, most: int) -> int:
    """Shots one after another on the finest grid."""
    ready, count = -math.inf, 0
    while count < most:
        for meet in np.arange(500.0, 1500.1, 1.0):
            if latest(meet) >= ready and figures.allows(meet, latest(meet)):
                break
        else:
            return count
        count += 1
        ready = max(latest(meet) + figures.interval, meet + figures.assessment)
    return count


@settings(max_examples=40)
@given(defences)
def test_shots_one_after_another(figures: Defence) -> None:
    """Each only when the last one's outcome is known: within one of those counted second by second."""
    engaged, shots, _ = _chances(figures, most=9)
    assert (shots > 0) == engaged[0]
    assert abs(int(shots) - _counted(figures, 9)) <= 1


def test_shots_by_hand() -> None:
    """An excellent track: launches as soon as it is reported and decided, at 366 s toward 610 s; known to
    have failed at 670 s, the next leaves then and meets it at 1117 s; the third would leave at 1177 s.
    """
    figures = Defence(rate=1e3)
    assert _counted(figures, 9) == 2
    engaged, shots, windows = _chances(figures, most=9)
    assert engaged[0]
    assert shots == 2.0
    assert windows[0, 0] == pytest.approx(FOUND + 5.0 + 60.0, abs=1.5)
    # Another battery in the same place changes nothing, as long as one is awaited.
    assert _chances(figures, batteries=2, most=9)[1] == 2.0
    assert _chances(figures, most=1)[1] == 1.0


@pytest.mark.parametrize(
    ("assessment", "interval", "expected"),
    # From 610 s on, the second launch must leave by 900 s; and so 534 s after the first at the latest.
    [(280.0, 20.0, 2.0), (300.0, 20.0, 1.0), (0.0, 520.0, 2.0), (0.0, 550.0, 1.0)],
)
def test_waiting_between_shots(assessment: float, interval: float, expected: float) -> None:
    figures = Defence(rate=1e3, assessment=assessment, interval=interval)
    assert _counted(figures, 9) == expected
    assert _chances(figures, most=9)[1] == expected
