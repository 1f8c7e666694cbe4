"""Vehicles from their stages; payload and burnout speed, each from the other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midcourse.dossier import Dossier, InputError
from midcourse.model import interceptor, missile
from midcourse.model.rocket import interceptor_vehicle, payload_for_speed, reference_burnout
from midcourse.physics import flight

NAMES = ("gbi-2-stage", "gbi-3-stage")


@pytest.mark.parametrize("name", NAMES)
def test_payload_from_speed_from_payload(catalog: Dossier, name: str) -> None:
    @settings(max_examples=15)
    @given(st.floats(20.0, 4000.0))
    def inverse(payload: float) -> None:
        speed = reference_burnout(interceptor_vehicle(catalog, name, payload)).speed_m_s
        # Where it is light, a few parts in a million of the speed are some grams.
        assert payload_for_speed(catalog, name, speed) == pytest.approx(payload, rel=1e-4, abs=0.02)

    inverse()


@pytest.mark.parametrize("name", NAMES)
def test_more_payload_is_slower(catalog: Dossier, name: str) -> None:
    speeds = [
        reference_burnout(interceptor_vehicle(catalog, name, payload)).speed_m_s
        for payload in (1.0, 64.0, 120.0, 300.0, 1000.0, 4000.0)
    ]
    assert speeds == sorted(speeds, reverse=True)


def test_the_reference_flight_rises_at_45_degrees(catalog: Dossier) -> None:
    burnout = interceptor(catalog, "gbi-2-stage").burnout()
    assert burnout.elevation_rad == pytest.approx(0.7853981, abs=1e-3)
    assert burnout.time_s == pytest.approx(interceptor(catalog, "gbi-2-stage").burn_time_s)


def test_an_imposed_speed(catalog: Dossier) -> None:
    path = "interceptor.gbi-2-stage.burnout_speed"
    slow = interceptor(catalog.with_overrides({path: "6.3 km/s"}), "gbi-2-stage")
    assert slow.burnout().speed_m_s == pytest.approx(6300.0, abs=0.1)
    assert slow.scaled_to_m_s == 6300.0
    assert slow.payload_kg > 700.0
    assert slow.key != interceptor(catalog, "gbi-2-stage").key
    for speed, expected in (("16 km/s", "at most 9.4"), ("0.1 km/s", "at least")):
        with pytest.raises(InputError, match=expected):
            interceptor(catalog.with_overrides({path: speed}), "gbi-2-stage")


def test_a_light_interceptor(catalog: Dossier) -> None:
    """One that lifts far less than the heaviest payload tried."""
    small = catalog.with_overrides(
        {"motor.orion-50s-xlg.thrust": "450 kN", "interceptor.gbi-2-stage.payload": "64 kg"}
    )
    speed = interceptor(small, "gbi-2-stage").burnout().speed_m_s
    assert payload_for_speed(small, "gbi-2-stage", speed - 500.0) > 64.0


def test_masses_add_up(catalog: Dossier) -> None:
    made = interceptor(catalog, "gbi-2-stage")
    data = catalog.interceptor["gbi-2-stage"]
    motors = [catalog.motor_of(stage) for stage in data.stage]
    total = (
        sum(motor.gross_mass.value for motor in motors) + sum(s.extra_mass.value for s in data.stage) + 120.0
    )
    first, last = made.vehicle.stages[0], made.vehicle.stages[-1]
    assert first[flight.MASS] == pytest.approx(total)
    assert first[flight.FLOW] * first[flight.BURN] == pytest.approx(
        motors[0].gross_mass.value - motors[0].empty_mass.value
    )
    assert last[flight.IGNITION] == pytest.approx(
        first[flight.IGNITION] + first[flight.BURN] + data.stage[1].coast.value
    )
    assert made.burn_time_s == pytest.approx(last[flight.IGNITION] + last[flight.BURN])


def test_a_coast_delays_what_follows(catalog: Dossier) -> None:
    coasting = catalog.with_overrides({"interceptor.gbi-2-stage.stage.2.coast": "10 s"})
    plain, late = (interceptor(each, "gbi-2-stage") for each in (catalog, coasting))
    assert late.burn_time_s == pytest.approx(plain.burn_time_s + 10.0)
    assert late.burnout().speed_m_s < plain.burnout().speed_m_s


def test_the_key_knows_every_number(catalog: Dossier) -> None:
    base = missile(catalog, "notional-icbm").key
    assert missile(catalog, "notional-icbm").key == base
    for path, value in (
        ("payload", "1001 kg"),
        ("ballistic_coefficient", "4321 kg/m^2"),
        ("rise_time", "6.25 s"),
        ("pitch_time", "11.25 s"),
        ("stage.2.coast", "1.25 s"),
    ):
        changed = catalog.with_overrides({f"missile.notional-icbm.{path}": value})
        assert missile(changed, "notional-icbm").key != base, path
    # A cross-section changes no flight.
    unseen = catalog.with_overrides({"missile.notional-icbm.rcs.X": "0.5 m^2"})
    assert missile(unseen, "notional-icbm").key == base
    assert unseen.missile["notional-icbm"].rcs["X"].value == 0.5


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("interceptor.gbi-2-stage.payload", "60 t", "lift off|leave the ground"),
        ("interceptor.gbi-2-stage.pitch_time", "80 s", "pitches over until 82 s"),
        ("motor.orion-50s-xlg.nozzle_diameter", "3 m", "does not leave the ground"),
    ],
)
def test_vehicles_that_cannot_fly(catalog: Dossier, path: str, value: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        interceptor(catalog.with_overrides({path: value}), "gbi-2-stage")
    assert "\n" not in str(caught.value)
