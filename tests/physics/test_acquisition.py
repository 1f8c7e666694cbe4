"""How radars find and follow bodies: looks drawn at random, and ways past a radar worked by hand.

The radar stands at the origin of a plane; what a sight holds is written down directly.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from midcourse.physics import acquisition, sight, tracking
from midcourse.physics import radar as column
from midcourse.physics.acquisition import FIRST, FIRST_BODY, LAST, RESOLVED, TOTAL
from midcourse.physics.earth import Earth

Array = NDArray[np.float64]

FALSE_ALARM = 1e-6
NEEDED = 20.0
NEVER = math.inf


def radar(**figures: float) -> Array:
    """A radar with one face that needs a ratio of 20, which it gets at 1000 km from 1 m2."""
    row = np.zeros(column.COLUMNS)
    row[column.SEARCH] = -math.inf
    row[column.NEEDED] = math.log(NEEDED)
    row[column.STRENGTH] = math.log(NEEDED * 1e24)
    row[column.ALARM] = math.log(FALSE_ALARM)
    row[column.BEAM] = math.radians(1.0)
    row[column.CELL] = 1.0
    row[column.HIGHEST] = row[column.TOP] = 0.5 * math.pi
    row[column.HALF] = math.pi
    row[column.INTERVAL] = 1.0
    row[column.DWELL] = 0.05
    row[column.FLOOR] = 0.02
    row[column.WANDER] = 1000.0
    row[column.SWERLING] = row[column.SWERLING_BOOST] = 1
    for name, value in figures.items():
        row[getattr(column, name)] = value
    return row


def sights(distance: Array, elevation: Array | float = 0.5, off: Array | float = 0.0) -> Array:
    """What a radar sees of a body at distances [m], elevations and angles off its face [rad]."""
    rows = np.zeros((len(distance), sight.SIGHT_COLUMNS))
    rows[:, sight.FAR] = 2.0 * np.log(distance)
    rows[:, sight.LOW] = rows[:, sight.HIGH] = elevation
    rows[:, sight.OFF] = off
    rows[:, sight.FORE] = np.cos(elevation) * np.cos(off)
    rows[:, sight.UP] = np.sin(elevation)
    return rows


def found(
    row: Array,
    times: Array,
    rows: Array,
    *,
    told: float = NEVER,
    place: float = 0.0,
    drift: float = 0.0,
    since: float = 0.0,
    confidence: float = 0.9,
) -> float:
    levels, cosines = np.full(len(times), -1e3), np.ones(len(times))
    acquisition.look_levels(row, rows, False, levels, cosines)
    at, _ = acquisition.find(
        row, times, rows, levels, cosines, int(row[column.SWERLING]), told, place, drift, since,
        math.log(1.0 - confidence), 0.0,
    )  # fmt: skip
    return float(at)


def followed(
    row: Array, times: Array, rows: Array, since: float = -1.0, parting: Array | None = None,
    speed: float = 0.0, size: float = 0.0,
) -> tuple[Array, Array, Array, tuple[int, int]]:  # fmt: skip
    """Summary, spans, records and cells of a body found at a time."""
    levels, cosines = np.full(len(times), -1e3), np.ones(len(times))
    acquisition.look_levels(row, rows, False, levels, cosines)
    n = len(times)
    summary, spans = np.full(acquisition.SUMMARY, np.nan), np.full((n - 1, 2), np.nan)
    summary[TOTAL] = 0.0
    records = np.full((n, tracking.RECORD), np.nan)
    # Looks of unit weight that tell as much at any time of the cell.
    structure = np.zeros((n - 1, tracking.STRUCTURE))
    structure[:, : 3 * tracking.PACKED] = 1.0
    weights = np.empty((n - 1, 3))
    apart = np.zeros((n, 3)) if parting is None else parting
    first, last = acquisition.follow(row, times, rows, levels, apart, since, speed, size, summary, spans)
    if last >= 0:
        records[first] = 0.0
    for i in range(first, last + 1):
        acquisition.gather(row, times, levels, cosines, structure[i], spans, i, weights, records)
    return summary, spans, records, (first, last)


# --- finding ---


def _draw(
    rng: np.random.Generator, ratio: Array | float, swerling: int, shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Looks that go over the threshold: complex noise of unit power and an echo, steady or fluctuating."""
    noise = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) / math.sqrt(2.0)
    power: Array | float = ratio
    if swerling == 1:
        power = ratio * rng.exponential(size=shape)
    elif swerling == 3:
        power = ratio * rng.gamma(2.0, 0.5, size=shape)
    return np.abs(noise + np.sqrt(power)) ** 2 > -math.log(FALSE_ALARM)


@pytest.mark.parametrize("swerling", [0, 1, 3])
@pytest.mark.parametrize(("ratio", "confidence"), [(4.0, 0.9), (6.0, 0.5), (8.0, 0.99)])
def test_cued_looks_against_drawn_ones(swerling: int, ratio: float, confidence: float) -> None:
    """A faint body at one place, looked at every second: as many runs have seen it as is asked."""
    row = radar(SWERLING=swerling)
    times = np.linspace(0.0, 2000.0, 401)
    rows = sights(np.full(401, 1e6 * (NEEDED / ratio) ** 0.25))
    at = found(row, times, rows, told=0.0, confidence=confidence)
    rng = np.random.default_rng(5)
    runs = 4000
    seen = np.concatenate(
        [_draw(rng, ratio, swerling, (500, math.floor(at))).any(axis=1) for _ in range(runs // 500)]
    )
    # One look more or less, and three standard errors.
    single = _draw(rng, ratio, swerling, (200_000,)).mean()
    slack = (1.0 - confidence) * single + 3.0 * math.sqrt(confidence * (1.0 - confidence) / runs)
    assert at > 2.0
    assert seen.mean() == pytest.approx(confidence, abs=slack)


def test_an_approaching_body_against_drawn_looks() -> None:
    """The ratio grows twentyfold while the looks go on, between rows twenty seconds apart."""
    row = radar()
    times = np.arange(0.0, 401.0, 20.0)
    distance = 1.9e6 - 2.4e3 * times
    at = found(row, times, sights(distance), told=0.0)
    looks = np.arange(0.5, at, 1.0)
    ratios = NEEDED * (1e6 / (1.9e6 - 2.4e3 * looks)) ** 4
    seen = _draw(np.random.default_rng(6), ratios[None], 1, (4000, len(looks))).any(axis=1)
    assert 30.0 < at < 400.0
    assert seen.mean() == pytest.approx(0.9, abs=0.03)


def test_a_search_against_drawn_looks() -> None:
    """One look each 10 s with a tenth of a tracking look's time, at a random moment of the first round."""
    ratio = 5.0
    row = radar(FRAME=10.0, SEARCH=math.log(NEEDED * 1e24 / 10.0))
    times = np.linspace(0.0, 1000.0, 201)
    rows = sights(np.full(201, 1e6 * (NEEDED / (10.0 * ratio)) ** 0.25))
    at = found(row, times, rows)
    rng = np.random.default_rng(7)
    begins = rng.uniform(0.0, 10.0, 4000)
    count = np.floor((at - begins) / 10.0).astype(int) + 1
    seen = [bool(_draw(rng, ratio, 1, (n,)).any()) for n in count]
    single = _draw(rng, ratio, 1, (200_000,)).mean()
    assert np.mean(seen) == pytest.approx(0.9, abs=0.1 * single + 0.02)


def test_a_cue_without_error_finds_at_once() -> None:
    """Of a strong echo: one look, or a few where it fluctuates; told late, just after that."""
    times = np.linspace(0.0, 600.0, 61)
    rows = sights(np.full(61, 3e5))
    for told in (0.0, 123.0, 455.5):
        assert told <= found(radar(), times, rows, told=told) < told + 5.0
        assert told <= found(radar(SWERLING=0), times, rows, told=told) <= told + 2.0


@given(
    st.floats(0.0, 3e4),
    st.floats(0.0, 3e4),
    st.floats(0.0, 300.0),
    st.floats(0.0, 300.0),
    st.floats(5e5, 1.1e6),
)
def test_a_larger_error_of_the_cue_finds_no_sooner(
    place: float, more: float, drift: float, faster: float, distance: float
) -> None:
    times = np.linspace(0.0, 900.0, 46)
    rows = sights(np.full(46, distance))
    small = found(radar(), times, rows, told=50.0, place=place, drift=drift)
    large = found(radar(), times, rows, told=50.0, place=place + more, drift=drift + faster)
    assert small <= large + 1e-9 or (math.isnan(large) and not small > 900.0)


def test_beams_over_the_error_of_a_cue() -> None:
    """30 km of error at 1000 km are 10.3 deg to three sigma on both sides: 11 beams of a degree square."""
    times = np.linspace(0.0, 900.0, 901)
    rows = sights(np.full(901, 1e6))
    at = found(radar(), times, rows, told=0.0, place=30e3)
    single = FALSE_ALARM ** (1.0 / (1.0 + NEEDED))
    rounds = math.log(0.1) / math.log(1.0 - single)
    assert math.degrees(2.0 * math.atan(3.0 * 30e3 / 1e6)) == pytest.approx(10.29, abs=0.01)
    assert at == pytest.approx(rounds * 121 * 0.05, rel=1e-6)


def test_the_error_of_a_cue_grows_with_time() -> None:
    """After burnout at 100 s with 100 m/s: as if it were as large as the drift has made it."""
    times = np.linspace(0.0, 2000.0, 2001)
    rows = sights(np.full(2001, 1e6))
    late = found(radar(), times, rows, told=400.0, drift=100.0, since=100.0) - 400.0
    plain = found(radar(), times, rows, told=0.0, place=30e3)
    assert late == pytest.approx(plain, rel=0.15)
    assert found(radar(), times, rows, told=0.0, drift=100.0, since=100.0) < plain / 5.0


def test_a_search_finds_after_about_a_round() -> None:
    """With nine chances in ten at each look, one round makes nine in ten; with half, 3.3 rounds do."""
    times = np.linspace(0.0, 600.0, 601)
    for single, rounds in ((0.9, 1.0), (0.5, math.log(0.1) / math.log(0.5))):
        ratio = math.log(FALSE_ALARM) / math.log(single) - 1.0
        row = radar(FRAME=12.0, SEARCH=math.log(NEEDED * 1e24))
        rows = sights(np.full(601, 1e6 * (NEEDED / ratio) ** 0.25))
        assert found(row, times, rows) == pytest.approx(12.0 * rounds, rel=1e-6)


def test_no_search_finds_before_it_has_come_round() -> None:
    """However strong the echo: at a random moment of the round, nine tenths of it must have gone by."""
    times = np.linspace(0.0, 600.0, 601)
    row = radar(FRAME=12.0, SEARCH=math.log(NEEDED * 1e24))
    assert 0.9 * 12.0 - 1e-6 <= found(row, times, sights(np.full(601, 2e5))) <= 12.0 + 1e-6


def test_search_stays_below_its_top() -> None:
    """A body that sinks into the searched fence is found there; one that stays above is not."""
    times = np.linspace(0.0, 600.0, 601)
    row = radar(FRAME=5.0, SEARCH=math.log(NEEDED * 1e24), TOP=math.radians(10.0))
    sinking = np.radians(25.0 - 0.05 * times)
    entered = found(row, times, sights(np.full(601, 5e5), sinking))
    assert 300.0 <= entered < 306.0
    assert math.isnan(found(row, times, sights(np.full(601, 5e5), math.radians(15.0))))
    # A cue is followed above it.
    assert found(row, times, sights(np.full(601, 5e5), math.radians(15.0)), told=40.0) < 45.0


@given(st.floats(2e5, 2e6))
def test_told_nothing_and_not_searching_it_never_finds(distance: float) -> None:
    times = np.linspace(0.0, 2000.0, 101)
    assert math.isnan(found(radar(), times, sights(np.full(101, distance))))
    # Nor is anything seen before the cue.
    at = found(radar(), times, sights(np.full(101, distance)), told=900.0)
    assert math.isnan(at) or at >= 900.0


@settings(max_examples=60)
@given(
    st.floats(0.0, 900.0),
    st.floats(0.0, 900.0),
    st.floats(0.0, 8e4),
    st.floats(6e5, 1.2e6),
    st.floats(1.0, 40.0),
)
def test_being_told_never_hurts(
    told: float, sooner: float, place: float, distance: float, frame: float
) -> None:
    """A radar that searches goes on with it, however wide the cue."""
    times = np.linspace(0.0, 900.0, 46)
    row = radar(FRAME=frame, SEARCH=math.log(NEEDED * 1e24 / 3.0))
    rows = sights(np.full(46, distance), np.radians(np.linspace(2.0, 60.0, 46)))
    alone = found(row, times, rows)
    late = found(row, times, rows, told=told, place=place)
    early = found(row, times, rows, told=min(told, sooner), place=place)
    for better, worse in ((late, alone), (early, late)):
        assert math.isnan(worse) or better <= worse + 1e-9


def test_a_body_out_of_sight_is_not_found() -> None:
    times = np.linspace(0.0, 600.0, 601)
    near = np.full(601, 3e5)
    row = radar(LOWEST=math.radians(3.0), HIGHEST=math.radians(60.0), HALF=math.radians(45.0))
    assert math.isnan(found(row, times, sights(near, math.radians(2.9)), told=0.0))
    assert math.isnan(found(row, times, sights(near, math.radians(60.1)), told=0.0))
    assert math.isnan(found(row, times, sights(near, off=math.radians(45.1)), told=0.0))
    rising = np.radians(-3.0 + 0.02 * times)
    assert 300.0 <= found(row, times, sights(near, rising), told=0.0) < 305.0


# --- following ---


def test_scan_loss() -> None:
    """60 deg off the face: half the cosine, 2.5 times in level; of a tilted face, the angle to its normal."""
    rows = sights(np.full(3, 1e6), np.array([0.0, 0.0, math.radians(30.0)]), np.radians([0.0, 60.0, 40.0]))
    levels, cosines = np.zeros(3), np.zeros(3)
    acquisition.look_levels(radar(SCAN=2.5), rows, False, levels, cosines)
    assert cosines == pytest.approx([1.0, 0.5, math.cos(math.radians(30.0)) * math.cos(math.radians(40.0))])
    assert levels - math.log(NEEDED) == pytest.approx(2.5 * np.log(cosines))
    acquisition.look_levels(radar(SCAN=2.5, TILT=math.radians(30.0)), rows, False, levels, cosines)
    normal = np.array([math.cos(math.radians(30.0)), 0.0, math.sin(math.radians(30.0))])
    line = np.stack(
        [
            rows[:, sight.FORE],
            np.sqrt(1.0 - rows[:, sight.FORE] ** 2 - rows[:, sight.UP] ** 2),
            rows[:, sight.UP],
        ],
        1,
    )
    assert cosines == pytest.approx(line @ normal)
    # An antenna that turns loses nothing.
    acquisition.look_levels(radar(TILT=math.radians(30.0)), rows, False, levels, cosines)
    assert (cosines == 1.0).all()
    assert levels == pytest.approx(np.full(3, math.log(NEEDED)))


def test_a_track_lasts_while_the_echo_does() -> None:
    """A body that comes from 1400 km to 600 km and goes again, at 2 km/s: seen within 1000 km, from 200 s to
    600 s, but for what rows 20 s apart make of the fourth power.
    """
    times = np.arange(0.0, 801.0, 20.0)
    distance = 6e5 + 2e3 * np.abs(times - 400.0)
    summary, spans, _, (first, last) = followed(radar(), times, sights(distance))
    assert summary[FIRST_BODY] == pytest.approx(200.0, abs=0.5)
    assert summary[LAST] == pytest.approx(600.0, abs=0.5)
    assert summary[TOTAL] == pytest.approx(400.0, abs=1.0)
    assert spans[first, 0] == summary[FIRST_BODY]
    assert spans[last, 1] == summary[LAST]


@settings(max_examples=60)
@given(
    st.floats(-0.1, 0.5),
    st.floats(-0.002, 0.004),
    st.floats(-1.5, 1.5),
    st.floats(-0.006, 0.006),
    st.floats(0.0, 600.0),
)
def test_time_in_view_adds_up(elevation: float, rise: float, off: float, turn: float, since: float) -> None:
    """Elevation and angle off the face go evenly: the time in sight is that between two of the crossings."""
    low, high, half = math.radians(3.0), math.radians(50.0), math.radians(60.0)
    times = np.linspace(0.0, 900.0, 91)
    fine = np.linspace(0.0, 900.0, 90_001)
    up, aside = elevation + rise * fine, off + turn * fine
    inside = (up >= low) & (up <= high) & (np.abs(aside) <= half) & (fine >= since)
    rows = sights(np.full(91, 3e5), elevation + rise * times, np.abs(off + turn * times))
    row = radar(LOWEST=low, HIGHEST=high, HALF=half)
    summary, spans, _, (first, last) = followed(row, times, rows, since)
    expected = fine[inside]
    # Where the angle off the face goes through nothing, its size does not go evenly over one row.
    if not len(expected):
        assert summary[TOTAL] <= 0.1
        return
    assert summary[TOTAL] == pytest.approx(0.01 * len(expected), abs=0.1)
    if summary[TOTAL] > 0.1:
        assert summary[FIRST_BODY] == pytest.approx(expected[0], abs=0.05)
        assert summary[LAST] == pytest.approx(expected[-1], abs=0.05)
        parts = spans[first : last + 1]
        assert (parts[:, 1] - parts[:, 0]).sum() == pytest.approx(summary[TOTAL], abs=1e-6)
        assert (parts[:, 0] >= times[first : last + 1] - 1e-9).all()
        assert (np.diff(parts.ravel()) >= -1e-9).all()


def test_a_gap_in_the_track() -> None:
    """Up over the top of the radar's view and down again: no looks between, and none added."""
    times = np.linspace(0.0, 800.0, 81)
    elevation = np.radians(80.0 - 0.1 * np.abs(times - 400.0))
    row = radar(HIGHEST=math.radians(60.0))
    summary, spans, records, (first, last) = followed(row, times, sights(np.full(81, 3e5), elevation))
    assert summary[TOTAL] == pytest.approx(400.0, abs=1e-6)
    assert (first, last) == (0, 79)
    assert summary[FIRST_BODY] == 0.0
    assert summary[LAST] == 800.0
    assert (records[20:61] == records[20]).all()
    assert records[20, 0] > 0.0
    assert records[80, 0] == pytest.approx(2.0 * records[20, 0], rel=1e-9)
    assert (spans[20:60, 1] - spans[20:60, 0] == 0.0).all()


def test_looks_weigh_as_their_number_and_ratio() -> None:
    """Ten seconds at ratio 80, a look a second: each with the errors of Barton's formulas and a floor."""
    times = np.array([0.0, 10.0])
    row = radar(CELL=15.0, BEAM=math.radians(1.0), FLOOR=0.02)
    _, _, records, _ = followed(row, times, sights(np.full(2, 1e6 / math.sqrt(2.0))))
    ratio = 4.0 * NEEDED
    along = 15.0**2 * (1.0 / (2.0 * ratio * 1.6**2) + 0.02**2)
    across = math.radians(1.0) ** 2 * (1.0 / (2.0 * ratio * 1.6**2) + 0.02**2)
    assert records[1, 0] == pytest.approx(10.0 / along + 10.0 / across, rel=1e-9)
    # Half as many come from a radar with twice the interval.
    row[column.INTERVAL] = 2.0
    _, _, fewer, _ = followed(row, times, sights(np.full(2, 1e6 / math.sqrt(2.0))))
    assert fewer[1, 0] == pytest.approx(0.5 * records[1, 0], rel=1e-9)


def test_nothing_is_followed_before_it_is_found() -> None:
    times = np.linspace(0.0, 100.0, 11)
    rows = sights(np.full(11, 3e5))
    summary, _, records, (first, last) = followed(radar(), times, rows, 34.0)
    assert summary[FIRST_BODY] == pytest.approx(34.0)
    assert summary[TOTAL] == pytest.approx(66.0)
    assert (first, last) == (3, 9)
    assert (records[3] == 0.0).all()
    summary, _, _, (first, last) = followed(radar(), times, rows, 100.0)
    assert last < first
    assert math.isnan(summary[FIRST_BODY])
    assert summary[TOTAL] == 0.0


def test_a_booster_in_view() -> None:
    """Found at 42 s, lost at 90 s for its faint echo: the booster's cross-section counts, not the body's."""
    times = np.linspace(0.0, 120.0, 121)
    row = radar(BOOSTER=math.log(16.0), FLANK=math.log(16.0), NOSE=math.log(1e-6), SIDE=math.log(1e-6))
    rows = sights(2e6 * (1.0 + (times - 90.0) / 300.0))
    levels, cosines, summary = np.zeros(121), np.zeros(121), np.zeros(acquisition.SUMMARY)
    acquisition.look_levels(row, rows, True, levels, cosines)
    acquisition.follow_booster(row, times, rows, levels, 42.0, summary)
    assert summary[FIRST] == 42.0
    assert summary[TOTAL] == pytest.approx(48.0, abs=1e-6)
    assert summary[LAST] == pytest.approx(90.0, abs=1e-6)
    assert math.isnan(summary[FIRST_BODY])
    assert math.isnan(summary[RESOLVED])


# --- telling apart ---


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # 2 m/s apart: 8 m of cell and 7 m of bodies take 7.5 s along the line of sight.
        ({"CELL": 8.0}, 7.5),
        # 1 deg at 1000 km are 17.45 km across; at 400 km, 6.98 km: 3491 s.
        ({"CELL": 1e9, "BEAM": math.radians(1.0)}, 3490.66),
        ({"CELL": 1e9, "BEAM": math.radians(0.01)}, 34.9066),
        # 2 m/s along the line of sight, told by Doppler at once where the cell is narrower.
        ({"CELL": 1e9, "BEAM": 1e9, "DOPPLER": 1.5}, 0.0),
        ({"CELL": 1e9, "BEAM": 1e9, "DOPPLER": 2.5}, math.nan),
    ],
)
def test_resolved(figures: dict[str, float], expected: float) -> None:
    """Bodies that part evenly at 2 m/s, both along the line of sight and across it, 400 km away."""
    times = np.linspace(0.0, 5000.0, 5001)
    apart = np.zeros((5001, 3))
    apart[:, acquisition.ALONG] = times
    apart[:, acquisition.ACROSS] = times / 4e5
    apart[:, acquisition.RATE] = 1.0
    summary, _, _, _ = followed(radar(**figures), times, sights(np.full(5001, 4e5)), 0.0, apart, 2.0, 7.0)
    assert summary[RESOLVED] == pytest.approx(expected, abs=0.02, nan_ok=True)


def test_resolved_only_in_view() -> None:
    """Far enough apart after 7.5 s, but not in view until 300 s."""
    times = np.linspace(0.0, 600.0, 61)
    apart = np.zeros((61, 3))
    apart[:, acquisition.ALONG] = times
    rows = sights(np.full(61, 4e5), np.radians(0.1 * times))
    row = radar(CELL=8.0, LOWEST=math.radians(30.0))
    summary, _, _, _ = followed(row, times, rows, 0.0, apart, 2.0, 7.0)
    assert summary[RESOLVED] == pytest.approx(300.0)
    assert summary[FIRST_BODY] == pytest.approx(300.0)


def test_how_bodies_part_along_straight_ways() -> None:
    """No gravity, an Earth at rest: bodies that part by 1 m/s along the way, seen from the ground below."""
    rest = Earth(0.0, 0.0, 6378137.0, 1.0 / 298.257223563, 0.0)
    station = np.array([0.0, 0.0, 0.0])
    here = np.array([6378137.0, 0.0, 0.0])
    times = np.linspace(0.0, 300.0, 31)
    start, velocity = np.array([7.2e6, -4e5, 1e5]), np.array([300.0, 5000.0, -1200.0])
    states = np.concatenate([start + velocity * times[:, None], np.tile(velocity, (31, 1))], axis=1)
    phis = np.tile(np.eye(6), (31, 1, 1))
    for a in range(3):
        # km of place for each m/s.
        phis[:, a, 3 + a] = 1e-3 * times
    found = acquisition.partings(times[None], states[None], phis[None], station, rest)[0]
    unit = velocity / np.linalg.norm(velocity)
    other = states[:, :3] + unit * times[:, None]
    one, two = np.linalg.norm(states[:, :3] - here, axis=1), np.linalg.norm(other - here, axis=1)
    lines = (states[:, :3] - here) / one[:, None], (other - here) / two[:, None]
    angle = np.arccos(np.clip(np.sum(lines[0] * lines[1], axis=1), -1.0, 1.0))
    rates = (lines[0] @ velocity, lines[1] @ (velocity + unit))
    rate = np.sum(lines[1] * (velocity + unit), axis=1) - rates[0]
    assert found[:, acquisition.ALONG] == pytest.approx(np.abs(two - one), abs=0.2)
    assert found[:, acquisition.ACROSS] == pytest.approx(angle, rel=2e-3, abs=1e-7)
    assert found[:, acquisition.RATE] == pytest.approx(np.abs(rate), abs=5e-3)
