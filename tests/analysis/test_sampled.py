"""What samples share by interpolation, against a close look and against tables of their own."""

from __future__ import annotations

import numpy as np
import pytest

from midcourse.analysis.engagement import OneFlight, engage_flight
from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.dossier import Dossier
from midcourse.model import Flights
from midcourse.model.flyouts import flyout_family, flyout_table
from midcourse.model.memory import Memory
from midcourse.model.rocket import interceptor_vehicle
from midcourse.physics import intercept, launching

from .blending import blended_by

PAYLOAD = "interceptor.gbi-2-stage.payload"
FLIGHTS = 24


@pytest.fixture(scope="module")
def setting(third_site: Dossier, memory: Memory) -> Setting:
    return Setting(third_site, (), memory, 1)


@pytest.mark.parametrize(
    ("threat", "architecture"),
    [
        ("iran-us", "third-site"),
        ("russia-us", "third-site"),
        ("iran-europe-irbm", "joint"),
        ("iran-europe-irbm", "gabala"),
        ("iran-europe-irbm", "third-site"),
    ],
)
def test_few_cells_against_a_close_look(
    setting: Setting, memory: Memory, threat: str, architecture: str
) -> None:
    """With the few looks and rows of sampled worlds, nearly every flight is judged as with ten times as many;
    nine windows in ten begin within ten seconds of the same, and end within twenty: their ends stand at the
    intercepts tried, which are some twenty seconds apart.
    """
    chances = World(setting, {}, {}, 1).chances(threat, architecture, closely=True)
    flights = setting.flight_sets(threat)[0]
    chosen = np.unique(np.linspace(0, len(flights.pairs) - 1, FLIGHTS).astype(int))
    coarse = chances.windows[:, 0, flights.pairs[chosen]]
    close = np.full_like(coarse, np.nan)
    for k, i in enumerate(chosen):
        arrays = {name: each[i : i + 1] for name, each in flights.flights.arrays().items()}
        only = OneFlight(setting.dossier, Flights.from_arrays(flights.missile, arrays), memory)
        for b, site in enumerate(engage_flight(only, architecture).sites):
            if site.launch_s is not None and site.intercept_s is not None:
                close[b, k] = *site.launch_s, *site.intercept_s
    assert (chances.engaged[:, 0, flights.pairs[chosen]] == ~np.isnan(coarse[..., 0])).all()
    agree = np.isnan(coarse[..., 0]) == np.isnan(close[..., 0])
    off = np.abs(coarse - close)[~np.isnan(coarse).any(axis=-1) & ~np.isnan(close).any(axis=-1)]
    assert len(off) >= 3
    parts = np.percentile(off, [50, 90, 100], axis=0)
    print(f"{threat}, {architecture}: {100 * agree.mean():.1f} % agree; off by {parts.round(1).tolist()} s")
    assert agree.mean() >= 0.98
    assert (parts[0] < 5.0).all()
    assert (parts[1][::2] < 10.0).all()
    assert (parts[1][1::2] < 20.0).all()


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
        blended = blended_by(family, row)
        approach = np.zeros((1, 4000, 5))
        approach[0, :, intercept.BEARING] = random.uniform(0.0, 2.0 * np.pi, 4000)
        approach[0, :, intercept.ANGLE] = random.uniform(0.0, 0.95 * direct.limit.max(), 4000)
        approach[0, :, intercept.ABOVE] = random.uniform(120e3, 1200e3, 4000)
        a = intercept.arrivals(direct, approach)[0]
        b = np.array([launching.blended_arrival(*blended, each) for each in approach[0]])
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
    reach = blended_by(family, row)
    assert np.array_equal(reach[1], family.base.limit)
    approach = np.zeros((1, 200, 5))
    approach[0, :, intercept.ANGLE] = np.linspace(0.01, 0.6, 200)
    approach[0, :, intercept.ABOVE] = 500e3
    blended = [launching.blended_arrival(*reach, each) for each in approach[0]]
    assert np.array_equal(blended, intercept.arrivals(family.base, approach)[0], equal_nan=True)
