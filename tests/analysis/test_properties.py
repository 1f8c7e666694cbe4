"""What more must never make worse, and what less must never make better."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from midcourse.analysis.chances import shooters
from midcourse.analysis.engaging import stopped_share
from midcourse.analysis.quantity import Case
from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.dossier import Dossier
from midcourse.model.memory import Memory
from midcourse.physics import intercept, launching
from midcourse.physics.acquisition import FIRST, FIRST_BODY, LAST, RESOLVED, TOTAL
from midcourse.study import sampling

Array = NDArray[np.float64]

THREAT, SHIELD = "iran-europe-irbm", "third-site"
LOWEST = "interceptor.gbi-2-stage.minimum_altitude"
# A seed is not made plainer by being made smaller.
FEW = settings(max_examples=7, phases=(Phase.explicit, Phase.generate))
# Worlds drawn for one example, and what is drawn: all that sensors and commits depend on.
ROWS = 7
KINDS = ("radar.", "doctrine.nominal.", "satellite.", "link.")
FIELDS = (".divert", ".seeker_view", ".X", ".VHF", ".UHF", ".L")


@pytest.fixture(scope="module")
def paths(few: Dossier) -> tuple[str, ...]:
    parameters = few.parameters()
    return tuple(
        path
        for path in parameters
        if parameters[path].ranged and (path.startswith(KINDS) or path.endswith(FIELDS))
    )


@pytest.fixture(scope="module")
def setting(few: Dossier, paths: tuple[str, ...], memory: Memory) -> Setting:
    return Setting(few, (LOWEST, *paths), memory, 1)


@pytest.fixture(scope="module")
def curves(third_site: Dossier, memory: Memory) -> Array:
    """Curves of latest launches of two batteries against every flight of a threat."""
    setting = Setting(third_site, (), memory, 1)
    world = World(setting, {}, {}, 1)
    flights = setting.flight_sets("iran-us")[0]
    row = np.zeros(1, dtype=np.int64)
    sites = [setting.defence(SHIELD).battery(name) for name in ("redzikowo", "fort-greely")]
    parts = [world.launching(site, flights, row) for site in sites]
    firing = shooters(parts, False)
    return np.array(
        [[launching.launches(firing, b, 0, f) for f in range(len(flights.pairs))] for b in range(len(parts))]
    )


def _world(setting: Setting, values: Mapping[str, Array]) -> World:
    return World(setting, values, {}, len(next(iter(values.values()))))


def _drawn(setting: Setting, paths: Sequence[str], seed: int) -> dict[str, Array]:
    return dict(sampling.design(setting.dossier, paths, ROWS, seed).values)


def _changed(
    setting: Setting, values: Mapping[str, Array], fields: Sequence[str], factor: float
) -> dict[str, Array]:
    """Values with the parameters whose paths hold one of some fields multiplied, within what makes sense."""
    out = dict(values)
    touched = [path for path in values if any(field in path.split(".")[2:] for field in fields)]
    assert touched
    for path in touched:
        out[path] = np.clip(values[path] * factor, *setting.dossier.bounds(path))
    return out


def _never_later(earlier: Array, later: Array, by: float = 1e-6) -> bool:
    """Whether one time is there wherever the other is, and not after it."""
    return bool(
        (np.where(np.isnan(earlier), np.inf, earlier) <= np.where(np.isnan(later), np.inf, later) + by).all()
    )


def _engaged(world: World, threat: str, architecture: str) -> NDArray[np.bool_]:
    return np.asarray(world.engaged(threat, architecture).any(axis=0))


@given(st.floats(60.0, 2000.0), st.floats(0.0, 600.0), st.floats(0.0, 200.0), st.floats(0.0, 60.0))
def test_an_earlier_commit_loses_nothing(
    curves: Array, commit: float, delay: float, assessment: float, interval: float
) -> None:
    ours, theirs = np.empty(4), np.empty(4)
    for flight in range(0, curves.shape[1], 7):
        mine = np.ascontiguousarray(curves[:, flight])
        early = intercept.shots(mine, commit, assessment, interval, 99)
        late = intercept.shots(mine, commit + delay, assessment, interval, 99)
        assert early >= late
        # A second battery adds to what the first can do.
        assert early >= intercept.shots(mine[:1], commit, assessment, interval, 99)
        # Waiting longer between shots gains none.
        assert early >= intercept.shots(mine, commit, assessment + delay, interval, 99)
        if intercept.window(mine[0], commit + delay, theirs):
            assert intercept.window(mine[0], commit, ours)
            assert ours[0] <= theirs[0]
            assert ours[1] >= theirs[1] - 1e-9
            assert ours[2] <= theirs[2] + 1e-9
            assert ours[3] >= theirs[3] - 1e-9


@given(st.floats(60.0, 2000.0))
def test_windows_are_in_order(curves: Array, commit: float) -> None:
    met = 0
    out = np.empty(4)
    for curve in curves.reshape(-1, *curves.shape[2:])[::5]:
        first = intercept.first_intercept(curve, commit)
        found = intercept.window(curve, commit, out)
        assert found == (not math.isnan(first))
        if found:
            met += 1
            assert commit <= out[0] <= out[1] + 1e-9
            assert first == out[2] <= out[3]
            # The interceptor flies at least its burn.
            assert out[1] + 130.0 < out[3]
    assert met or commit > 500.0


@FEW
@given(st.floats(100e3, 200e3), st.floats(0.0, 100e3))
def test_a_higher_floor_adds_nothing(setting: Setting, lowest: float, more: float) -> None:
    world = _world(setting, {LOWEST: np.array([lowest, min(200e3, lowest + more)])})
    engaged = world.engaged(THREAT, SHIELD, (setting.defence(SHIELD).battery("redzikowo"),), 250.0)[0]
    lost = engaged[1] & ~engaged[0]
    # An edge is found to within two seconds: a sliver of a window may be missed on either side.
    assert lost.sum() <= 1


@FEW
@given(st.floats(0.0, 400.0))
def test_an_earlier_launch_engages_no_fewer_flights(setting: Setting, delay: float) -> None:
    world = World(setting, {}, {}, 1)
    early = world.engaged(THREAT, SHIELD, None, 200.0).any(axis=0)
    late = world.engaged(THREAT, SHIELD, None, 200.0 + delay).any(axis=0)
    assert not (late & ~early).any()


# Figures by which a commit rests on more, with the factor of which more is asked.
MORE = {
    "divert": (("divert",), 2.0),
    "view": (("seeker_view",), 2.0),
    "power": (("mean_power",), 4.0),
    "quiet": (("noise_temperature", "losses"), 0.5),
    "echo": (("rcs", "rcs_side", "rcs_boost", "rcs_boost_side"), 4.0),
    "biases": (("angle_bias", "range_bias"), 0.3),
    "floor": (("angle_floor",), 0.5),
    "looks": (("track_interval", "other_tracks"), 0.3),
    "decision": (("decision_delay",), 0.3),
    "links": (("delay",), 0.2),
    "cue": (("position_error", "heading_error", "speed_error"), 0.3),
    "warning": (("declare_delay",), 0.3),
    "horizon": (("minimum_elevation",), 0.3),
    "slewing": (("slew_rate",), 3.0),
    "confidence": (("confidence",), 0.85),
    "detection": (("detection_confidence",), 0.8),
}
# Of what a radar is made of, a narrower beam (so too a larger antenna, a higher frequency) is left out: cued
# with a wide error, it takes longer to look everywhere. So is a lower ratio needed for a track: a look of
# acquisition takes just as long as brings about that ratio, and sees with less certainty.


BETTER = given(
    seed=st.integers(0, 999), part=st.floats(0.05, 1.0), threat=st.sampled_from(["iran-us", THREAT])
)


@pytest.mark.parametrize("what", MORE)
@settings(FEW, max_examples=5)
@BETTER
def test_better_figures_lose_no_flight(
    setting: Setting, paths: tuple[str, ...], what: str, seed: int, part: float, threat: str
) -> None:
    _lose_no_flight(setting, paths, what, seed, part, threat)


@pytest.mark.slow
@pytest.mark.parametrize("what", MORE)
@settings(FEW, max_examples=30)
@BETTER
def test_better_figures_lose_no_flight_in_many_worlds(
    setting: Setting, paths: tuple[str, ...], what: str, seed: int, part: float, threat: str
) -> None:
    _lose_no_flight(setting, paths, what, seed, part, threat)


def _lose_no_flight(
    setting: Setting, paths: tuple[str, ...], what: str, seed: int, part: float, threat: str
) -> None:
    fields, factor = MORE[what]
    plain = _drawn(setting, paths, seed)
    better = _changed(setting, plain, fields, factor**part)
    for architecture in (SHIELD, "joint"):
        before = _engaged(_world(setting, plain), threat, architecture)
        after = _engaged(_world(setting, better), threat, architecture)
        assert not (before & ~after).any()


def test_a_stronger_echo_loses_no_flight_of_many(setting: Setting, paths: tuple[str, ...]) -> None:
    """No battery loses one, though windows may be a single row wide and begin right after the first looks.

    Giving up where every fourth row falls far short lost flights in one in seventeen of such comparisons: the
    stronger echo brought one such row a look or two, of which a thousand m/s of divert were wanting, and the
    row after it had plenty.
    """
    fields, factor = MORE["echo"]
    gained = 0
    for seed in range(60):
        plain = _drawn(setting, paths, seed)
        before = _world(setting, plain).engaged(THREAT, SHIELD)
        for part in (0.1, 0.5, 1.0):
            better = _changed(setting, plain, fields, factor**part)
            after = _world(setting, better).engaged(THREAT, SHIELD)
            assert not (before & ~after).any(), (seed, part)
            gained += int((after & ~before).sum())
    assert gained > 250


def test_a_track_begun_earlier_within_a_cell_loses_nothing(setting: Setting, paths: tuple[str, ...]) -> None:
    """Where one radar looks for hardly longer than a cell, in which its biases turn by 1.5 rad: two places
    for the looks of a cell made the error 8 % larger by seven seconds more.
    """
    fields, factor = MORE["echo"]
    plain = _drawn(setting, paths, 559)
    before = _world(setting, plain).engaged("iran-us", SHIELD)
    after = _world(setting, _changed(setting, plain, fields, factor**0.01)).engaged("iran-us", SHIELD)
    assert not (before & ~after).any()


SIGHT = ("power", "quiet", "echo", "looks", "links", "cue", "warning", "horizon", "slewing", "detection")


@pytest.mark.parametrize("what", SIGHT)
@FEW
@given(seed=st.integers(0, 999), part=st.floats(0.05, 1.0), threat=st.sampled_from(["iran-us", THREAT]))
def test_better_figures_see_no_later(
    setting: Setting, paths: tuple[str, ...], what: str, seed: int, part: float, threat: str
) -> None:
    fields, factor = MORE[what]
    plain = _drawn(setting, paths, seed)
    better = _changed(setting, plain, fields, factor**part)
    for architecture in (SHIELD, "joint"):
        before, after = (
            _world(setting, each).chances(threat, architecture, (), sights=True).sights
            for each in (plain, better)
        )
        for column in (FIRST, FIRST_BODY):
            assert _never_later(after[..., column], before[..., column])
        assert (after[..., TOTAL] >= before[..., TOTAL] - 1e-6).all()


@FEW
@given(st.floats(-3.0, -1.0), st.floats(0.0, 1.0))
def test_a_bigger_echo_is_seen_no_later(setting: Setting, small: float, more: float) -> None:
    world = World(setting, {}, {}, 1)
    faint = world.sight(THREAT, SHIELD, "emr@brdy", 10.0**small)[0]
    strong = world.sight(THREAT, SHIELD, "emr@brdy", 10.0 ** (small + more))[0]
    assert _never_later(strong[:, FIRST_BODY], faint[:, FIRST_BODY])
    assert _never_later(strong[:, FIRST], faint[:, FIRST])
    assert (np.nan_to_num(strong[:, TOTAL]) >= np.nan_to_num(faint[:, TOTAL]) - 1e-6).all()


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.3])
def test_an_antenna_comes_about_before_it_looks(few: Dossier, memory: Memory, rate: float) -> None:
    """With a faultless cue it sees the body once it has turned, by a right angle where no more is known."""
    figures = {
        "satellite.dsp.position_error": "1 m",
        "satellite.dsp.heading_error": "0.0001 deg",
        "satellite.dsp.speed_error": "0.001 m/s",
        "radar.emr.slew_rate": f"{rate} deg/s",
    }
    whole = few.resolved_architecture(SHIELD)
    alone = whole.model_copy(update={"sensor": tuple(e for e in whole.sensor if e.radar == "emr")})
    dossier = replace(few, architecture={**few.architecture, SHIELD: alone})
    fast, slow = (
        World(Setting(each, (), memory, 1), {}, {}, 1)
        for each in (
            dossier.with_overrides({**figures, "radar.emr.slew_rate": "90 deg/s"}),
            dossier.with_overrides(figures),
        )
    )
    flights = slow.setting.flight_sets(THREAT)[0]
    declared = slow.declared(SHIELD, flights, np.zeros(1, dtype=np.int64))[0]
    rise, first, last = (
        world.sight(THREAT, SHIELD, "brdy")[0, flights.pairs, column]
        for world, column in ((fast, FIRST), (slow, FIRST), (fast, LAST))
    )
    ready = declared + 90.0 / rate
    late = (ready > rise + 5.0) & (ready < last - 20.0)
    assert late.sum() >= 3
    assert (first[late] >= ready[late]).all()
    assert (first[late] < ready[late] + 10.0).all()


@pytest.mark.parametrize("sensor", ["emr@brdy", "gabala@gabala", "fylingdales@fylingdales"])
def test_sight_is_in_order(setting: Setting, sensor: str) -> None:
    world = World(setting, {}, {}, 1)
    sight = world.sight(THREAT, "joint", sensor)[0]
    impact = world.timing(THREAT, "impact_s")[0]
    seen = ~np.isnan(sight[:, FIRST])
    assert seen.sum() > 10
    sight, impact = sight[seen], impact[seen]
    looked = ~np.isnan(sight[:, LAST])
    assert (sight[looked, FIRST] <= sight[looked, LAST]).all()
    assert (sight[looked, LAST] <= impact[looked] + 1e-6).all()
    assert (sight[looked, TOTAL] <= sight[looked, LAST] - sight[looked, FIRST] + 1e-6).all()
    assert (sight[~looked, TOTAL] == 0.0).all()
    body = sight[~np.isnan(sight[:, FIRST_BODY])]
    assert (body[:, FIRST] <= body[:, FIRST_BODY]).all()
    resolved = sight[~np.isnan(sight[:, RESOLVED])]
    assert (resolved[:, FIRST_BODY] <= resolved[:, RESOLVED]).all()
    assert (resolved[:, RESOLVED] <= resolved[:, LAST]).all()


@pytest.mark.parametrize("threat", ["iran-us", THREAT])
@pytest.mark.parametrize("architecture", [SHIELD, "gabala", "joint"])
def test_commits_are_in_order(
    setting: Setting, paths: tuple[str, ...], architecture: str, threat: str
) -> None:
    """No launch before the looks, the report and the decision it rests on; no intercept sooner than flown."""
    values = _drawn(setting, paths, 5)
    world = _world(setting, values)
    chances = world.chances(threat, architecture, shots=True, closely=True, sights=True)
    first, last, soonest, latest = np.moveaxis(chances.windows, -1, 0)
    met = ~np.isnan(soonest)
    assert met.any()
    assert (met == ~np.isnan(first)).all()
    assert (met == chances.engaged).all()
    delays = np.stack(
        [world.value(f"link.{each.link}.delay") for each in setting.defence(architecture).sensors]
    )
    reported = np.nanmin(
        np.where(np.isnan(chances.sights[..., FIRST_BODY]), np.inf, chances.sights[..., FIRST_BODY])
        + delays[:, :, None],
        axis=0,
    )
    ready = reported + world.value("doctrine.nominal.decision_delay")[:, None]
    for b, battery in enumerate(setting.defence(architecture).batteries):
        own = met[b]
        assert (first[b][own] >= ready[own] - 0.5).all()
        assert (first[b][own] <= last[b][own] + 0.5).all()
        assert (soonest[b][own] <= latest[b][own]).all()
        assert (latest[b][own] - last[b][own] >= battery.interceptor.burn_time_s).all()
        flown = soonest[b] - first[b]
        homing = world.value(f"interceptor.{battery.interceptor.name}.homing_time")[:, None]
        assert (flown[own] >= (battery.interceptor.burn_time_s + homing + 0.0 * flown)[own] - 5.0).all()
    # A shot there is where, and only where, a flight can be met.
    reach = world.reachable(threat)
    assert ((chances.shots > 0) == met.any(axis=0))[reach].all()


@FEW
@given(seed=st.integers(0, 999), threat=st.sampled_from(["iran-us", THREAT]))
def test_flights_are_engaged_where_they_have_windows(
    setting: Setting, paths: tuple[str, ...], seed: int, threat: str
) -> None:
    """Asked only whether, not when, fewer intercepts are tried: the answer is the same."""
    values = _drawn(setting, paths, seed)
    for architecture in (SHIELD, "gabala", "joint"):
        whether = _world(setting, values).engaged(threat, architecture)
        windows = _world(setting, values).chances(threat, architecture, closely=True).windows
        shots = _world(setting, values).shots(threat, architecture)
        assert (whether == ~np.isnan(windows[..., 2])).all()
        assert ((np.nan_to_num(shots) > 0.0) == whether.any(axis=0)).all()


@pytest.mark.parametrize(
    ("fewer", "more"), [("two-site", "third-site"), ("third-site", "joint"), ("gabala", "joint")]
)
@FEW
@given(seed=st.integers(0, 999), threat=st.sampled_from(["iran-us", THREAT]))
def test_a_sensor_more_delays_nothing(
    setting: Setting, paths: tuple[str, ...], fewer: str, more: str, seed: int, threat: str
) -> None:
    world = _world(setting, _drawn(setting, paths, seed))
    names = [each.name for each in setting.defence(fewer).sensors]
    wider = [each.name for each in setting.defence(more).sensors]
    assert set(names) < set(wider)
    batteries = setting.defence(fewer).batteries
    before, after = (world.chances(threat, each, batteries, sights=True) for each in (fewer, more))
    kept = after.sights[[wider.index(name) for name in names]]
    assert _never_later(kept[..., FIRST], before.sights[..., FIRST])
    assert not (before.engaged & ~after.engaged).any()


@FEW
@given(seed=st.integers(0, 999), threat=st.sampled_from(["iran-us", THREAT]))
def test_reports_in_flight_lose_no_flight(
    few: Dossier, setting: Setting, paths: tuple[str, ...], memory: Memory, seed: int, threat: str
) -> None:
    silent = Setting(few.with_overrides({"doctrine.nominal.uplink": "false"}), paths, memory, 1)
    values = _drawn(setting, paths, seed)
    for architecture in (SHIELD, "gabala", "joint"):
        with_news = _engaged(_world(setting, values), threat, architecture)
        without = _engaged(_world(silent, values), threat, architecture)
        assert not (without & ~with_news).any()


def test_reports_in_flight_cost_no_divert(third_site: Dossier, memory: Memory) -> None:
    """With little divert and a wide view, where the way it is spent counts most."""
    figures = {
        f"interceptor.{each}.{field}": value
        for each in ("gbi-2-stage", "gbi-3-stage")
        for field, value in (("divert", "150 m/s"), ("seeker_view", "4 deg"))
    }
    parameters = third_site.parameters()
    paths = [path for path in parameters if parameters[path].ranged and path.startswith(KINDS)]
    values = dict(sampling.design(third_site, paths, 12, 3).values)
    engaged = []
    for uplink in ("false", "true"):
        changed = third_site.with_overrides({**figures, "doctrine.nominal.uplink": uplink})
        engaged.append(_engaged(_world(Setting(changed, paths, memory, 1), values), THREAT, "gabala"))
    without, with_news = engaged
    assert without.sum() > 1000
    assert (with_news & ~without).sum() > 50
    assert not (without & ~with_news).any()


def test_more_inventory_stops_no_less(third_site: Dossier, memory: Memory) -> None:
    case = Case(threat="russia-us", architecture="third-site", battery="redzikowo")
    stopped = []
    for inventory in (1, 5, 10, 40, 400):
        path = "architecture.third-site.battery.1.inventory"
        changed = third_site.with_overrides({path: str(inventory)})
        found = stopped_share(World(Setting(changed, (), memory, 1), {}, {}, 1), case)
        stopped.append(float(found[0]))
    assert stopped == sorted(stopped)
    assert 0.0 < stopped[0] < stopped[2] < stopped[-1] <= 1.0
    assert stopped[2] == pytest.approx(10 * stopped[0])
