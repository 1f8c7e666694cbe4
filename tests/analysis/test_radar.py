"""The radar equation, worked by hand with the figures that Lewis and Postol use for the AN/TPY-2."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.dossier import Dossier
from midcourse.model.radar import Radar, columns_of, radar
from midcourse.physics import radar as column


def _changed(catalog: Dossier, figures: dict[str, str]) -> Radar:
    overrides = {f"radar.tpy-2.{key}": text for key, text in figures.items()}
    return radar(catalog.with_overrides(overrides), "tpy-2")


@pytest.fixture(scope="module")
def tpy2(catalog: Dossier) -> Radar:
    figures = {
        "mean_power": "81 kW",
        "transmit_area": "9.2 m^2",
        "receive_area": "9.2 m^2",
        "efficiency": "0.8",
        "frequency": "9.5 GHz",
        "noise_temperature": "500 K",
        "losses": "5 dB",
        "dwell": "0.1 s",
        "required_snr": "13 dB",
        "bandwidth": "1 GHz",
    }
    return radar(
        catalog.with_overrides({f"radar.tpy-2.{key}": text for key, text in figures.items()}), "tpy-2"
    )


def test_ratio_at_a_thousand_kilometres(tpy2: Radar) -> None:
    """In decibels: 49.1 W, -10 s, 49.7 gain, 8.7 m2, -20 m2, -240 m4, -22 (4 pi)^2, 201.6 kT, -5 losses."""
    wavelength = 0.0315571
    gain = 4.0 * math.pi * 0.8 * 9.2 / wavelength**2
    assert 10.0 * math.log10(gain) == pytest.approx(49.68, abs=0.01)
    ratio = 81e3 * 0.1 * gain * 0.8 * 9.2 * 0.01
    ratio /= (4.0 * math.pi) ** 2 * 1e24 * 1.380649e-23 * 500.0 * 10**0.5
    assert tpy2.snr_db(0.01, 1e6) == pytest.approx(10.0 * math.log10(ratio), abs=0.01)
    by_hand = 49.085 - 10.0 + 49.68 + 8.668 - 20.0 - 240.0 - 21.984 + 201.61 - 5.0
    assert tpy2.snr_db(0.01, 1e6) == pytest.approx(by_hand, abs=0.05)


def test_range(tpy2: Radar) -> None:
    """About 950 km for a hundredth of a square metre, as the catalog's note says."""
    reach = tpy2.detection_range_m(0.01)
    assert reach == pytest.approx(950e3, rel=0.02)
    assert tpy2.snr_db(0.01, reach) == pytest.approx(13.0, abs=1e-9)


def test_beam_and_range_cell(tpy2: Radar) -> None:
    # A round face of 9.2 m2 is 3.42 m across: 1.02 wavelengths over that.
    assert math.degrees(tpy2.beamwidth) == pytest.approx(0.539, abs=0.001)
    assert tpy2.range_resolution_m == pytest.approx(0.149896, abs=1e-6)


@given(st.floats(1e-4, 100.0), st.floats(1.0, 1e4))
def test_fourth_root(tpy2: Radar, rcs: float, times: float) -> None:
    ratio = tpy2.detection_range_m(rcs * times) / tpy2.detection_range_m(rcs)
    assert ratio == pytest.approx(times**0.25, rel=1e-9)


@pytest.mark.parametrize(
    ("field", "change", "decibels"),
    [
        ("mean_power", "162 kW", 3.0103),
        ("dwell", "0.2 s", 3.0103),
        ("noise_temperature", "1000 K", -3.0103),
        ("losses", "8 dB", -3.0),
        ("receive_area", "18.4 m^2", 3.0103),
        ("transmit_area", "18.4 m^2", 3.0103),
        ("efficiency", "0.4", -6.0206),
        ("frequency", "11.4 GHz", 1.5836),
        ("transmit_gain", "52.68 dB", 3.0),
    ],
)
def test_each_figure_counts_as_it_should(catalog: Dossier, field: str, change: str, decibels: float) -> None:
    plain = {
        "mean_power": "81 kW",
        "frequency": "9.5 GHz",
        "losses": "5 dB",
        "noise_temperature": "500 K",
        "dwell": "0.1 s",
        "efficiency": "0.8",
        "transmit_gain": "49.68 dB",
    }
    if field in ("transmit_area", "frequency", "efficiency"):
        del plain["transmit_gain"]
    both = (plain, plain | {field: change})
    before, after = (_changed(catalog, figures).snr_db(0.01, 1e6) for figures in both)
    assert after - before == pytest.approx(decibels, abs=0.005)


def _columns(dossier: Dossier, name: str) -> np.ndarray:
    data = dossier.radar[name]
    return np.asarray(columns_of(data, lambda field: np.array([getattr(data, field).value]))[0])


SEARCHING = {
    "search_share": "0.4",
    "frame_time": "12 s",
    "search_top": "9 deg",
    "minimum_elevation": "3 deg",
    "sector_half_width": "50 deg",
    "dwell": "0.1 s",
    "track_interval": "0.5 s",
    "other_tracks": "5",
    "beamwidth": "0.6 deg",
}


def _searching(catalog: Dossier, more: dict[str, str] | None = None) -> Dossier:
    figures = SEARCHING | (more or {})
    return catalog.with_overrides({f"radar.tpy-2.{key}": text for key, text in figures.items()})


def test_a_search_shares_its_time_among_its_beams(catalog: Dossier) -> None:
    """4.8 s of every 12 s go to 1.7453 (sin 9 deg - sin 3 deg) = 0.18169 sr, beams of 0.6 deg square."""
    found = radar(_searching(catalog), "tpy-2")
    volume = math.radians(100.0) * (math.sin(math.radians(9.0)) - math.sin(math.radians(3.0)))
    spent = 0.4 * 12.0 / (volume / math.radians(0.6) ** 2)
    assert volume == pytest.approx(0.18169, abs=1e-4)
    assert found.search_solid_angle == pytest.approx(volume, rel=1e-12)
    assert found.search_dwell_s == pytest.approx(spent, rel=1e-12)
    assert found.frame_time_s == 12.0
    reach = found.search_range_m(0.01)
    assert reach == pytest.approx(found.detection_range_m(0.01) * (spent / 0.1) ** 0.25, rel=1e-12)
    row = _columns(_searching(catalog), "tpy-2")
    assert row[column.SEARCH] - row[column.STRENGTH] == pytest.approx(math.log(spent / 0.1), rel=1e-9)
    assert row[column.FRAME] == 12.0
    assert math.degrees(row[column.TOP]) == pytest.approx(9.0)


def test_a_smaller_transmitter_lights_up_more_at_once(catalog: Dossier) -> None:
    """Then beams of a search stand as far apart as the transmitter's are wide."""
    both = (_searching(catalog, {"transmit_area": area}) for area in ("9.2 m^2", "2.3 m^2"))
    wide, wider = (radar(each, "tpy-2") for each in both)
    # 0.539 deg for 9.2 m2, less than the 0.6 deg given; 1.078 deg for a quarter of it.
    assert wider.search_dwell_s / wide.search_dwell_s == pytest.approx((1.0778 / 0.6) ** 2, rel=1e-3)


def test_other_tracks_and_search_delay_the_next_look(catalog: Dossier) -> None:
    """Six bodies of 0.1 s each in 0.6 of the time take 1 s."""
    dossier = _searching(catalog)
    assert radar(dossier, "tpy-2").interval_s == pytest.approx(1.0)
    row = _columns(dossier, "tpy-2")
    assert row[column.INTERVAL] == pytest.approx(1.0)
    assert row[column.DWELL] == pytest.approx(0.1 / 0.6)
    assert _columns(_searching(catalog, {"other_tracks": "0"}), "tpy-2")[column.INTERVAL] == 0.5


def test_without_a_search(catalog: Dossier) -> None:
    found, row = radar(catalog, "emr"), _columns(catalog, "emr")
    assert found.search_dwell_s is None
    assert found.search_range_m(1.0) is None
    assert row[column.SEARCH] == -math.inf
    assert row[column.FRAME] == 0.0
    # It turns: no edge of a sector, no loss off the face, and a rate at which it comes about.
    assert row[column.HALF] == pytest.approx(math.pi)
    assert row[column.SCAN] == 0.0
    assert math.degrees(row[column.SLEW]) == pytest.approx(5.0)


def test_columns_are_the_radar(catalog: Dossier) -> None:
    for name, data in catalog.radar.items():
        found, row = radar(catalog, name), _columns(catalog, name)
        assert row[column.STRENGTH] == pytest.approx(math.log(found.strength), rel=1e-12)
        assert row[column.NEEDED] == pytest.approx(0.1 * data.required_snr.value * math.log(10.0))
        assert row[column.ALARM] == pytest.approx(math.log(data.false_alarm.value))
        assert row[column.BEAM] == pytest.approx(found.beamwidth)
        assert row[column.CELL] == pytest.approx(found.range_resolution_m)
        assert row[column.INTERVAL] == pytest.approx(found.interval_s)
        assert row[column.TOP] <= row[column.HIGHEST]
        doppler = found.wavelength_m / (2.0 * found.dwell_s) if data.coherent else 0.0
        assert row[column.DOPPLER] == pytest.approx(doppler)
        assert row[column.SKEW] == data.angle_bias.value
        assert row[column.OFFSET] == data.range_bias.value
        assert row[column.WANDER] == data.bias_time.value
        # What is known of a body and of a link is put in later.
        assert (row[[column.NOSE, column.SIDE, column.BOOSTER, column.FLANK, column.DELAY]] == 0.0).all()
