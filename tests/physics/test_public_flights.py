"""What was published of real boosters, against the catalog's motors and the notional missiles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Geod
from scipy.optimize import fsolve

from midcourse.dossier import Dossier
from midcourse.model import missile
from midcourse.model.rocket import interceptor_vehicle, payload_for_speed, reference_burnout
from midcourse.physics import aim
from midcourse.physics.earth import WGS84, to_geodetic
from midcourse.physics.flight import IMPACT, TOLERANCE, apogee, ecef_state_at, fly, full_burn

Array = NDArray[np.float64]
GEOD = Geod(ellps="WGS84")
STATUTE_MILE = 1609.344


@pytest.fixture(scope="module")
def bare(catalog: Dossier) -> Dossier:
    """The two motors with nothing between them."""
    return catalog.with_values({"interceptor.gbi-2-stage.stage.1.extra_mass": 0.0})


@pytest.mark.parametrize("payload", [64.0, 90.0, 120.0])
def test_two_stages_burn_out_between_8_4_and_9_1_km_s(payload: float, bare: Dossier) -> None:
    """9.04 km/s with the bare kill vehicle, 8.71 with 120 kg, over the ground on the reference flight."""
    speed = reference_burnout(interceptor_vehicle(bare, "gbi-2-stage", payload)).speed_m_s
    assert 8400.0 < speed < 9100.0


def test_the_missile_defense_agencys_speed_needs_0_85_t(bare: Dossier, catalog: Dossier) -> None:
    """6.3 km/s takes 853 kg beyond the second motor, 844 kg with the catalog's interstage."""
    for dossier in (bare, catalog):
        payload = payload_for_speed(dossier, "gbi-2-stage", 6300.0)
        assert 800.0 < payload < 1000.0
        again = reference_burnout(interceptor_vehicle(dossier, "gbi-2-stage", payload)).speed_m_s
        assert again == pytest.approx(6300.0, abs=1.0)


@pytest.mark.parametrize("azimuth_deg", [250.0, 270.0, 285.0])
def test_first_flight_of_the_booster_implies_about_a_tonne(
    azimuth_deg: float, catalog: Dossier, nodes: Array
) -> None:
    """Vandenberg, 6 February 2003: apogee about 1,125 statute miles, about 3,500 statute miles downrange.

    The two figures fix the two unknowns of a three-stage flight at full burn, kick and payload. Whichever way
    to the west it went, the payload comes to 1.02-1.03 t: far more than the kill vehicle's 64 kg, unless the
    flight shed energy on the way.
    """
    lat, lon = catalog.site["vandenberg"].lat.value, catalog.site["vandenberg"].lon.value

    def off(unknown: Array) -> list[float]:
        kick, payload = unknown
        vehicle = interceptor_vehicle(catalog, "gbi-3-stage", float(payload))
        status, n, _ = fly(
            vehicle, lat, lon, 0.0, math.radians(azimuth_deg), float(kick), full_burn(vehicle), 2e4,
            TOLERANCE, WGS84, nodes,
        )  # fmt: skip
        assert status == IMPACT
        state = np.empty(6)
        ecef_state_at(nodes, n, nodes[n - 1, 0], WGS84, state)
        there = to_geodetic(*state[:3], WGS84)
        downrange = GEOD.inv(lon, lat, there[1], there[0], radians=True)[2]
        top = apogee(nodes, n, WGS84)[1]
        return [top / (1125.0 * STATUTE_MILE) - 1.0, downrange / (3500.0 * STATUTE_MILE) - 1.0]

    found, _, outcome, _ = fsolve(off, [0.3, 1000.0], full_output=True)
    assert outcome == 1
    assert np.abs(off(found)).max() < 1e-4
    assert found[1] == pytest.approx(1025.0, rel=0.15)


@pytest.mark.parametrize(
    ("test", "name", "top_km", "range_km", "minutes"),
    [
        ("Hwasong-12, 14 May 2017", "notional-icbm", 2111.5, 787.0, (30.0, 30.0)),
        ("Hwasong-14, 4 July 2017", "notional-icbm", 2802.0, 933.0, (37.0, 39.0)),
        ("Hwasong-14, 4 July 2017", "notional-icbm-solid", 2802.0, 933.0, (37.0, 39.0)),
    ],
)
def test_public_flight_times(
    test: str,
    name: str,
    top_km: float,
    range_km: float,
    minutes: tuple[float, float],
    catalog: Dossier,
    nodes: Array,
) -> None:
    """Apogee and range in, flight time out: as published, rounded to half a minute, and half a minute more.

    The extra half minute is for the boost, by which the notional missiles (two to four minutes) differ from
    those that flew: a faster climb to the same apogee saves up to that much.
    """
    rocket = missile(catalog, name)
    lat, lon = math.radians(39.9), math.radians(125.2)
    lon_to, lat_to, _ = GEOD.fwd(lon, lat, math.radians(75.0), range_km * 1e3, radians=True)
    steering = np.empty(4)
    outcome = aim.aim(
        rocket.vehicle, rocket.ranges, np.array([lat, lon, 0.0]), np.array([lat_to, lon_to, 0.0]), aim.APOGEE,
        top_km * 1e3, WGS84, steering,
    )  # fmt: skip
    assert outcome == aim.HIT, test
    _, n, _ = fly(rocket.vehicle, lat, lon, 0.0, *steering[:3], 2e4, TOLERANCE, WGS84, nodes)
    assert apogee(nodes, n, WGS84)[1] == pytest.approx(top_km * 1e3, abs=50.0)
    assert minutes[0] - 1.0 < nodes[n - 1, 0] / 60.0 < minutes[1] + 1.0
