"""What samples share by interpolation, against a close look and against tables of their own."""

from __future__ import annotations

import numpy as np
import pytest

from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.dossier import Dossier
from midcourse.model.defence import Battery
from midcourse.model.flyouts import flyout_family, flyout_table
from midcourse.model.memory import Memory
from midcourse.model.rocket import interceptor_vehicle
from midcourse.physics import intercept
from midcourse.physics.earth import WGS84, to_ecef

PAYLOAD = "interceptor.gbi-2-stage.payload"
CLOSE = 400


@pytest.mark.parametrize("threat", ["iran-us", "russia-us", "iran-europe-irbm"])
@pytest.mark.parametrize("site", ["redzikowo", "fort-greely"])
def test_even_rows_against_a_close_look(third_site: Dossier, memory: Memory, threat: str, site: str) -> None:
    """With the few rows of sampled worlds, nearly every flight is judged as with ten times as many."""
    setting = Setting(third_site, (), memory, 1)
    world = World(setting, {}, {}, 1)
    defending = setting.defence("third-site")
    battery: Battery = defending.battery(site)
    flights = setting.flight_sets(threat)[0]
    commit = world.commit(threat, "third-site")[0][flights.pairs]
    coarse = world.intercepts(threat, "third-site", battery)[0][flights.pairs]
    own, place = flights.flights, battery.site
    near = intercept.approaches(
        own.nodes,
        own.counts,
        own.burnout_s,
        np.array(to_ecef(place.lat, place.lon, place.altitude, WGS84)),
        CLOSE,
        WGS84,
    )
    interceptor = battery.interceptor
    limits = np.array(
        [
            interceptor.minimum_altitude_m,
            interceptor.burn_time_s + defending.doctrine.handover_error_m / interceptor.divert_m_s,
            interceptor.longest_flight_s,
        ]
    )
    curves = intercept.latest_launches(setting.family(battery).base, near, limits)
    close = np.array([intercept.first_intercept(curve, c) for curve, c in zip(curves, commit, strict=True)])
    assert len(close) > 100
    agree = np.isnan(coarse) == np.isnan(close)
    both = ~np.isnan(coarse) & ~np.isnan(close)
    off = np.abs(coarse - close)[both]
    print(f"{threat} from {site}: {100 * agree.mean():.2f} % agree, off by {off.max(initial=0):.2f} s")
    assert agree.mean() >= 0.99
    # From Alaska no missile of intermediate range can be met over Europe.
    assert (len(off) > 0) == ((threat, site) != ("iran-europe-irbm", "fort-greely"))
    assert (off > 3.0).sum() <= 0.01 * len(off)


@pytest.mark.parametrize("heaviest", ["300 kg"])
def test_payloads_between_the_tables(third_site: Dossier, memory: Memory, heaviest: str) -> None:
    ranged = third_site.with_overrides(
        {PAYLOAD: "120 kg", f"{PAYLOAD}.low": "64 kg", f"{PAYLOAD}.high": heaviest}
    )
    setting = Setting(ranged, (), memory, 1)
    battery = setting.defence("third-site").battery("redzikowo")
    family = flyout_family(ranged, "gbi-2-stage", battery.site, (PAYLOAD,), memory)
    parameter = ranged.parameters()[PAYLOAD]
    random = np.random.default_rng(3)
    payloads = parameter.lowest + (parameter.highest - parameter.lowest) * np.array([0.03, 0.4, 0.88])
    weights = family.weights({PAYLOAD: payloads}, len(payloads))
    assert np.allclose(weights.sum(axis=1), 1.0)
    data = third_site.interceptor["gbi-2-stage"]
    errors = []
    for payload, row in zip(payloads, weights, strict=True):
        vehicle = interceptor_vehicle(third_site, "gbi-2-stage", float(payload))
        direct = flyout_table(
            vehicle, battery.site, data.longest_flight.highest, data.minimum_altitude.lowest
        )
        reach = intercept.blend_reach(family.tops, family.limits, row, family.base)
        approach = np.zeros((1, 4000, 5))
        approach[0, :, intercept.BEARING] = random.uniform(0.0, 2.0 * np.pi, 4000)
        approach[0, :, intercept.ANGLE] = random.uniform(0.0, 0.95 * direct.limit.max(), 4000)
        approach[0, :, intercept.ABOVE] = random.uniform(120e3, 1200e3, 4000)
        a = intercept.arrivals(direct, approach)[0]
        b = np.array([intercept.blended_arrival(reach, family.times, row, each) for each in approach[0]])
        known = ~np.isnan(a) & ~np.isnan(b)
        assert known.sum() > 1000
        # Of the points that one reaches, the other reaches nearly all.
        assert (np.isnan(a) == np.isnan(b)).mean() > 0.99
        errors.append(np.abs(a - b)[known])
    off = np.concatenate(errors)
    print(f"arrival between payloads: 99 % within {np.percentile(off, 99):.3f} s, worst {off.max():.2f} s")
    assert np.percentile(off, 99) < 1.0


def test_the_nominal_interceptor_is_its_own_table(third_site: Dossier, memory: Memory) -> None:
    setting = Setting(third_site, (), memory, 1)
    site = setting.defence("third-site").battery("redzikowo").site
    family = flyout_family(third_site, "gbi-2-stage", site, (PAYLOAD,), memory)
    row = family.weights({PAYLOAD: np.array([family.nominal[0]])}, 1)[0]
    reach = intercept.blend_reach(family.tops, family.limits, row, family.base)
    assert np.array_equal(reach.limit, family.base.limit)
    approach = np.zeros((1, 200, 5))
    approach[0, :, intercept.ANGLE] = np.linspace(0.01, 0.6, 200)
    approach[0, :, intercept.ABOVE] = 500e3
    blended = [intercept.blended_arrival(reach, family.times, row, each) for each in approach[0]]
    assert np.array_equal(blended, intercept.arrivals(family.base, approach)[0], equal_nan=True)
