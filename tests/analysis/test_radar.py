"""The radar equation, worked by hand with the figures that Lewis and Postol use for the AN/TPY-2."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.dossier import Dossier
from midcourse.model.radar import Radar, radar


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
    assert math.degrees(tpy2.beam.beamwidth) == pytest.approx(0.539, abs=0.001)
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
