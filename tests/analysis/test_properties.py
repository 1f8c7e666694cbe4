"""What more must never make worse, and what less must never make better."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from midcourse.analysis.engaging import stopped_share
from midcourse.analysis.quantity import Case
from midcourse.analysis.setting import Setting
from midcourse.analysis.world import FIRST, FIRST_BODY, LAST, TOTAL, TRACKED, World
from midcourse.dossier import Dossier
from midcourse.model.memory import Memory
from midcourse.physics import intercept

Array = NDArray[np.float64]

THREAT, SHIELD = "iran-europe-irbm", "third-site"
LOWEST = "interceptor.gbi-2-stage.minimum_altitude"
POWER, EMR_RCS = "radar.emr.mean_power", "missile.notional-irbm.rcs.X"
FEW = settings(max_examples=12)


@pytest.fixture(scope="module")
def setting(third_site: Dossier, memory: Memory) -> Setting:
    return Setting(third_site, (LOWEST, POWER, EMR_RCS), memory, 1)


@pytest.fixture(scope="module")
def curves(setting: Setting) -> Array:
    """Curves of latest launches of two batteries against every flight of a threat."""
    defending = setting.defence(SHIELD)
    world = World(setting, {}, {}, 1)
    parts = [
        world.curves("iran-us", SHIELD, defending.battery(name)) for name in ("redzikowo", "fort-greely")
    ]
    return np.stack(parts)


def _world(setting: Setting, values: Mapping[str, tuple[float, ...]]) -> World:
    rows = len(next(iter(values.values())))
    return World(setting, {path: np.array(row) for path, row in values.items()}, {}, rows)


def _never_later(earlier: Array, later: Array) -> bool:
    """Whether one time is there wherever the other is, and not after it."""
    return bool(
        (
            np.where(np.isnan(earlier), np.inf, earlier) <= np.where(np.isnan(later), np.inf, later) + 1e-6
        ).all()
    )


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
    world = _world(setting, {LOWEST: (lowest, min(200e3, lowest + more))})
    engaged = world.engaged(THREAT, SHIELD, "redzikowo", 250.0)
    lost = engaged[1] & ~engaged[0]
    # An edge is found to within two seconds: a sliver of a window may be missed on either side.
    assert lost.mean() <= 0.01


@FEW
@given(st.floats(0.0, 400.0))
def test_an_earlier_commit_engages_no_fewer_flights(setting: Setting, delay: float) -> None:
    world = World(setting, {}, {}, 1)
    early = world.engaged(THREAT, SHIELD, "redzikowo", 200.0)[0]
    late = world.engaged(THREAT, SHIELD, "redzikowo", 200.0 + delay)[0]
    assert not (late & ~early).any()


@FEW
@given(st.floats(25e3, 170e3), st.floats(1.0, 6.0))
def test_more_power_sees_no_later(setting: Setting, power: float, times: float) -> None:
    world = _world(setting, {POWER: (power, power * times)})
    sight = world.sight(THREAT, SHIELD, "emr@brdy")
    for column in (FIRST, FIRST_BODY):
        assert _never_later(sight[1, :, column], sight[0, :, column])
    total = np.nan_to_num(sight[:, :, TOTAL])
    assert (total[1] >= total[0] - 1e-6).all()
    assert _never_later(sight[1, :, TRACKED], sight[0, :, TRACKED])
    commit = world.commit(THREAT, SHIELD)
    assert _never_later(commit[1], commit[0])


@FEW
@given(st.floats(-3.0, -1.0), st.floats(0.0, 1.0))
def test_a_bigger_echo_is_seen_no_later(setting: Setting, small: float, more: float) -> None:
    world = World(setting, {}, {}, 1)
    faint = world.sight(THREAT, SHIELD, "emr@brdy", 10.0**small)[0]
    strong = world.sight(THREAT, SHIELD, "emr@brdy", 10.0 ** (small + more))[0]
    assert _never_later(strong[:, FIRST_BODY], faint[:, FIRST_BODY])
    assert _never_later(strong[:, FIRST], faint[:, FIRST])
    assert (np.nan_to_num(strong[:, TOTAL]) >= np.nan_to_num(faint[:, TOTAL]) - 1e-6).all()


def test_sight_is_in_order(setting: Setting) -> None:
    sight = World(setting, {}, {}, 1).sight(THREAT, SHIELD, "emr@brdy")[0]
    seen = sight[~np.isnan(sight[:, FIRST])]
    assert len(seen) > 20
    assert (seen[:, FIRST] <= seen[:, LAST]).all()
    assert (seen[:, TOTAL] <= seen[:, LAST] - seen[:, FIRST] + 1e-6).all()
    body = seen[~np.isnan(seen[:, FIRST_BODY])]
    assert (body[:, FIRST] <= body[:, FIRST_BODY]).all()
    tracked = seen[~np.isnan(seen[:, TRACKED])]
    assert (tracked[:, FIRST_BODY] <= tracked[:, TRACKED]).all()


@pytest.mark.parametrize(
    ("fewer", "more"), [("two-site", "third-site"), ("third-site", "joint"), ("gabala", "joint")]
)
@pytest.mark.parametrize("threat", ["iran-us", THREAT])
def test_a_sensor_more_delays_nothing(setting: Setting, threat: str, fewer: str, more: str) -> None:
    world = World(setting, {}, {}, 1)
    names = {each.name for each in setting.defence(fewer).sensors}
    assert names < {each.name for each in setting.defence(more).sensors}
    assert _never_later(world.commit(threat, more)[0], world.commit(threat, fewer)[0])


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
