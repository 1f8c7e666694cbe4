"""An architecture with its parts at hand, and flights that can or cannot be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from midcourse.dossier import Dossier, InputError
from midcourse.model import defence, missile
from midcourse.model.flights import Flights, OutOfReach, aim_flights, aim_one, geodetic
from midcourse.physics import aim

TEHRAN, NEW_YORK, BERLIN = (35.7, 51.4), (40.7, -74.0), (52.5, 13.4)


def _radians(place: tuple[float, float]) -> tuple[float, float]:
    return math.radians(place[0]), math.radians(place[1])


def test_third_site(third_site: Dossier) -> None:
    made = defence(third_site, "third-site")
    assert {battery.site.name for battery in made.batteries} == {"redzikowo", "fort-greely", "vandenberg"}
    assert made.battery("redzikowo") is made.battery("gbi-2-stage@redzikowo")
    assert made.battery("redzikowo").inventory == 10
    assert made.battery("redzikowo").interceptor.name == "gbi-2-stage"
    assert made.battery("fort-greely").interceptor.name == "gbi-3-stage"
    assert math.degrees(made.battery("redzikowo").site.lat) == pytest.approx(54.5, abs=0.1)
    assert made.sensor("brdy").radar.name == "emr"
    # An antenna that turns has no boresights.
    assert made.sensor("brdy").azimuths == ()
    assert made.sensor("fylingdales").azimuths
    assert made.warning is not None
    assert made.doctrine.decision_delay_s == 60.0
    assert made.doctrine.confidence == 0.9
    assert made.doctrine.uplink
    # Reports over another nation's network take longer: each sensor names its link.
    assert {part.link for part in made.sensors} == {"national"}
    assert defence(third_site, "joint").sensor("gabala").link == "shared"
    assert all(part.transmitter == part.site for part in made.sensors)


def test_architectures_extend_one_another(third_site: Dossier) -> None:
    two, three, gabala, joint = (
        {part.name for part in (*made.batteries, *made.sensors)}
        for made in (defence(third_site, name) for name in ("two-site", "third-site", "gabala", "joint"))
    )
    assert three - two == {"gbi-2-stage@redzikowo", "emr@brdy"}
    assert two < three < joint
    assert joint - three == {"gabala@gabala"}
    assert gabala == joint - {"emr@brdy"}


@pytest.mark.parametrize("what", ["battery", "sensor"])
def test_a_part_it_has_not(third_site: Dossier, what: str) -> None:
    made = defence(third_site, "third-site")
    with pytest.raises(InputError, match=f'third-site has no {what} "redzikow'):
        getattr(made, what)("redzikowoo")


def test_without_a_doctrine(third_site: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    base = third_site.architecture["two-site"]
    monkeypatch.setitem(third_site.architecture, "two-site", base.model_copy(update={"doctrine": None}))
    with pytest.raises(InputError, match=r'has no doctrine; expected doctrine = "nominal"'):
        defence(third_site, "two-site")


def test_a_flight_that_reaches(catalog: Dossier) -> None:
    flights = aim_one(missile(catalog, "notional-icbm"), _radians(TEHRAN), _radians(NEW_YORK))
    assert len(flights) == 1
    end = geodetic(flights.states(0, flights.impact_s))[0]
    assert np.degrees(end[:2]) == pytest.approx(NEW_YORK, abs=1e-4)
    assert end[2] == pytest.approx(0.0, abs=1.0)
    start = geodetic(flights.states(0, np.zeros(1)))[0]
    assert np.degrees(start[:2]) == pytest.approx(TEHRAN, abs=1e-6)
    assert 0.0 < flights.burnout_s[0] < flights.apogee_s[0] < flights.impact_s[0]
    again = Flights.from_arrays(flights.missile, flights.arrays())
    assert all(np.array_equal(value, again.arrays()[name]) for name, value in flights.arrays().items())


@pytest.mark.parametrize(
    ("name", "target", "apogee_m", "said"),
    [
        ("notional-mrbm", NEW_YORK, None, r"out of reach: 9,878 km asked, .* flies at most 2,0\d\d km"),
        ("notional-mrbm", NEW_YORK, 500e3, r"9,878 km asked|cannot reach 9,878 km"),
        ("notional-icbm", NEW_YORK, 2e7, r"cannot reach 9,878 km by way of 20,000 km: not enough energy"),
        ("notional-icbm", (36.7, 51.4), None, "without shedding energy; fly it lofted with --apogee"),
        ("notional-icbm", TEHRAN, None, "0 km"),
    ],
)
def test_flights_that_cannot_be(
    catalog: Dossier, name: str, target: tuple[float, float], apogee_m: float | None, said: str
) -> None:
    with pytest.raises(OutOfReach, match=said) as caught:
        aim_one(missile(catalog, name), _radians(TEHRAN), _radians(target), apogee_m)
    assert "\n" not in str(caught.value)


def test_a_lofted_flight_takes_longer(catalog: Dossier) -> None:
    flown = missile(catalog, "notional-icbm")
    least, lofted = (aim_one(flown, _radians(TEHRAN), _radians(BERLIN), top) for top in (None, 1800e3))
    assert lofted.apogee_m[0] == pytest.approx(1800e3, abs=50.0)
    assert lofted.impact_s[0] > least.impact_s[0]


def test_many_flights_on_any_number_of_workers(catalog: Dossier) -> None:
    flown = missile(catalog, "notional-irbm")
    launches = np.radians([[35.7, 51.4, 0.0], [38.1, 46.3, 0.0], [27.2, 56.3, 0.0]])
    targets = np.radians([[52.5, 13.4, 0.0], [48.9, 2.4, 0.0], [40.7, -74.0, 0.0], [64.1, -21.9, 0.0]])
    one, status, reach = aim_flights(flown, launches, targets, workers=1)
    two, _, _ = aim_flights(flown, launches, targets, workers=2)
    assert all(np.array_equal(value, two.arrays()[name]) for name, value in one.arrays().items())
    assert len(one) == (status == aim.HIT).sum()
    # New York is beyond its range from everywhere, and it says by how much.
    beyond = np.arange(12) % 4 == 2
    assert (status[beyond] == aim.OUT_OF_REACH).all()
    assert ((reach[beyond] > 3.5e6) & (reach[beyond] < 5e6)).all()
    assert [tuple(pair) for pair in one.pairs] == [divmod(i, 4) for i in np.flatnonzero(status == aim.HIT)]
