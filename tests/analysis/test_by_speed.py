"""Interceptors that are described by their burnout speed: sound over its range, and sampled over it."""

from __future__ import annotations

import numpy as np
import pytest

from midcourse.analysis.quantity import QUANTITIES, Case
from midcourse.analysis.setting import Setting, vehicle_paths
from midcourse.analysis.world import World
from midcourse.dossier import Dossier
from midcourse.model import interceptor
from midcourse.model.defence import Place, place
from midcourse.model.flyouts import flyout_family, flyout_table
from midcourse.model.memory import Memory
from midcourse.model.rocket import interceptor_vehicle, payload_for_speed, reference_burnout
from midcourse.physics import flight, intercept, launching

from .blending import blended_by

# Published or argued for, in km/s; see the notes in the catalog.
BY_SPEED = {"sm-3-iia": (4.0, 5.6), "kei": (5.5, 7.0)}
GRAVITY = 9.80665


@pytest.mark.parametrize("name", BY_SPEED)
@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 1.0])
def test_sound_over_the_whole_range(catalog: Dossier, name: str, part: float) -> None:
    parameter = catalog.parameters()[f"interceptor.{name}.burnout_speed"]
    assert (parameter.lowest, parameter.highest) == tuple(1e3 * end for end in BY_SPEED[name])
    speed = parameter.lowest + part * (parameter.highest - parameter.lowest)
    made = interceptor(catalog.with_values({f"interceptor.{name}.burnout_speed": speed}), name)
    assert made.scaled_to_m_s == speed
    assert made.burnout().speed_m_s == pytest.approx(speed, rel=1e-4)
    # What a kill vehicle may weigh, the smaller missile's the less.
    assert 20.0 < made.payload_kg < 600.0
    assert 60.0 < made.burn_time_s < 90.0
    stages = made.vehicle.stages
    for stage in stages:
        spent = stage[flight.FLOW] * stage[flight.BURN]
        least, most = (
            stage[flight.THRUST] / mass / GRAVITY for mass in (stage[flight.MASS], stage[flight.MASS] - spent)
        )
        assert 3.0 < least < most < 50.0
        assert 240.0 < stage[flight.THRUST] / stage[flight.FLOW] / GRAVITY < 300.0
    # Mass that the launcher can hold: an SM-3 fills a tube, the other rides on a truck.
    assert stages[0, flight.MASS] == pytest.approx({"sm-3-iia": 2000.0, "kei": 10600.0}[name], rel=0.05)


@pytest.mark.parametrize("name", [pytest.param("sm-3-iia", marks=pytest.mark.slow), "kei"])
def test_it_can_be_steered_onto_a_flat_flight(catalog: Dossier, name: str) -> None:
    """Else it would only loft, and pass over what it should meet."""
    made = interceptor(catalog, name)
    table = flyout_table(made.vehicle, _site(catalog), 800.0, 110e3)
    approach = np.zeros((1, 1, 5))
    approach[0, 0, intercept.ANGLE] = 1200e3 / 6371e3
    approach[0, 0, intercept.ABOVE] = 200e3
    arrival = intercept.arrivals(table, approach)[0, 0]
    assert arrival < 1.6 * 1200e3 / made.burnout().speed_m_s + made.burn_time_s


def _site(dossier: Dossier) -> Place:
    return place(dossier, "ramstein")


@pytest.mark.parametrize("name", BY_SPEED)
def test_speeds_between_the_tables(catalog: Dossier, memory: Memory, name: str) -> None:
    """A table for each of seven speeds; what is read between them, against tables of their own."""
    path = f"interceptor.{name}.burnout_speed"
    parameter, site = catalog.parameters()[path], _site(catalog)
    family = flyout_family(catalog, name, site, (path,), memory)
    assert len(family.tops) == 8
    speeds = parameter.lowest + (parameter.highest - parameter.lowest) * np.array([0.05, 0.45, 0.9])
    random = np.random.default_rng(5)
    data = catalog.interceptor[name]
    errors, disagree = [], []
    for speed, row in zip(speeds, family.weights({path: speeds}, 3), strict=True):
        vehicle = interceptor_vehicle(catalog, name, payload_for_speed(catalog, name, float(speed)))
        direct = flyout_table(vehicle, site, data.longest_flight.highest, data.minimum_altitude.lowest)
        blended = blended_by(family, row)
        approach = np.zeros((1, 3000, 5))
        approach[0, :, intercept.BEARING] = random.uniform(0.0, 2.0 * np.pi, 3000)
        approach[0, :, intercept.ANGLE] = random.uniform(0.0, 0.95 * direct.limit.max(), 3000)
        approach[0, :, intercept.ABOVE] = random.uniform(120e3, 1000e3, 3000)
        a = intercept.arrivals(direct, approach)[0]
        b = np.array([launching.blended_arrival(*blended, each) for each in approach[0]])
        both = ~np.isnan(a) & ~np.isnan(b)
        assert both.sum() > 500
        disagree.append((np.isnan(a) != np.isnan(b)).mean())
        errors.append(np.abs(a - b)[both])
    off = np.concatenate(errors)
    print(f"{name}: 99 % within {np.percentile(off, 99):.2f} s, worst {off.max():.1f} s")
    assert max(disagree) < 0.01
    assert np.percentile(off, 99) < 1.5


def test_the_speed_is_sampled_and_the_payload_is_not(third_site: Dossier, memory: Memory) -> None:
    paths = ["interceptor.kei.burnout_speed", "interceptor.kei.payload", "interceptor.kei.divert"]
    setting = Setting(third_site, paths, memory)
    assert setting.sampled == ("interceptor.kei.burnout_speed", "interceptor.kei.divert")
    assert {"interceptor.kei.burnout_speed", "interceptor.kei.pitch_time"} <= vehicle_paths(third_site, "kei")
    speeds = np.array([5600.0, 6000.0, 6900.0])
    world = World(setting, {"interceptor.kei.burnout_speed": speeds}, {}, 3)
    found = QUANTITIES["burnout_speed"].compute(world, Case(interceptor="kei"))
    assert np.array_equal(found, speeds)


def test_a_faster_interceptor_engages_no_less(third_site: Dossier, memory: Memory) -> None:
    path = "interceptor.kei.burnout_speed"
    setting = Setting(third_site, [path], memory)
    world = World(setting, {path: np.array([5500.0, 6000.0, 6500.0, 7000.0])}, {}, 4)
    case = Case(threat="iran-us", architecture="kei", baseline="two-site")
    shares = QUANTITIES["layer_share"].compute(world, case)
    assert (np.diff(shares) > 0.0).all(), shares


def test_an_imposed_speed_over_sampled_motors_is_met_by_each(catalog: Dossier, memory: Memory) -> None:
    """Where the motors are sampled too, every table's payload meets the speed anew."""
    name, path = "gbi-2-stage", "motor.orion-50s-xlg.thrust"
    imposed = catalog.with_overrides({f"interceptor.{name}.burnout_speed": "6.3 km/s"})
    parameter = imposed.parameters()[path]
    for thrust in (parameter.lowest, parameter.highest):
        made = interceptor(imposed.with_values({path: thrust}), name)
        assert reference_burnout(made.vehicle).speed_m_s == pytest.approx(6300.0, abs=1.0)
    family = flyout_family(imposed, name, _site(catalog), (path,), memory)
    # At the same speed the tables all but agree, whatever the thrust.
    assert np.nanmax(np.abs(family.limits - family.limits[0])) < 0.02
