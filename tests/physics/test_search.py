"""Search: the search form and the tracking form of the radar equation are one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.physics import radar, search


def test_solid_angles():
    assert search.solid_angle(2 * math.pi, 0.0, math.pi / 2) == pytest.approx(2 * math.pi)
    # A small window, as if flat, and a fence by quadrature.
    assert search.solid_angle(0.01, -0.005, 0.005) == pytest.approx(1e-4, rel=1e-4)
    elevation = np.linspace(0.05, 0.2, 10001)
    area = np.trapezoid(np.cos(elevation), elevation) * 1.2
    assert search.solid_angle(1.2, 0.05, 0.2) == pytest.approx(area)


@given(
    st.floats(1e3, 1e6), st.floats(1.0, 1e3), st.floats(0.005, 0.05),
    st.floats(0.01, 1.0), st.floats(0.1, 5.0), st.floats(3e5, 5e6),
)  # fmt: skip
def test_search_form_is_the_tracking_form_with_the_dwell_of_a_search(
    power, aperture, beamwidth, share, sector, distance
):
    """With a gain of 4 pi over the beam's solid angle, its square, wavelength and gain cancel."""
    frame, temperature, losses, cross_section = 10.0, 500.0, 5.0, 0.1
    dwell = search.search_dwell(frame, share, sector, beamwidth)
    gain = 4.0 * math.pi / beamwidth**2
    strength = radar.beam_strength(power, gain, aperture, dwell, temperature, losses)
    snr = strength * cross_section / distance**4
    needed = search.frame_time_needed(
        power * share, aperture, temperature, losses, sector, cross_section, distance, snr
    )
    assert needed == pytest.approx(frame, rel=1e-12)


def test_a_round_aperture_gets_less_than_the_search_form_says():
    """Its beams overlap: 0.88 dB, whatever its size and wavelength."""
    for area, wavelength in ((10.0, 0.03), (400.0, 0.7)):
        beamwidth = radar.aperture_beamwidth(area, wavelength)
        gain = radar.aperture_gain(area, wavelength)
        loss = -10.0 * math.log10(gain * beamwidth**2 / (4.0 * math.pi))
        assert loss == pytest.approx(0.88, abs=0.01)


def test_a_published_worked_example():
    """MathWorks, Radar Toolbox, ``radareqsearchpap``: 111 km, 13 dB, 1 m^2, 12.5 turns a minute, 487 K, 20 dB
    of losses, all round up to 45 degrees: a power-aperture product of 2.3689e4 W m^2.
    """
    sector = search.solid_angle(2.0 * math.pi, 0.0, math.radians(45.0))
    frame = search.frame_time_needed(2.3689e4, 1.0, 487.0, 100.0, sector, 1.0, 111e3, 10.0**1.3)
    assert frame == pytest.approx(60.0 / 12.5, rel=1e-4)


def test_beams_and_dwells():
    assert search.beams_in(0.5, 0.01) == pytest.approx(5000.0)
    assert search.beams_in(1e-6, 0.01) == 1.0
    assert search.search_dwell(10.0, 0.5, 0.5, 0.01) == pytest.approx(1e-3)


def test_other_tracks_take_time():
    assert search.track_interval_possible(1.0, 0.01, 10.0, 0.2) == 1.0
    # 201 dwells of 10 ms in 80 % of the time.
    assert search.track_interval_possible(1.0, 0.01, 200.0, 0.2) == pytest.approx(2.5125)
    assert math.isinf(search.track_interval_possible(1.0, 0.01, 0.0, 1.0))


def test_cues_are_covered_to_three_sigma():
    assert search.acquisition_beams(0.0, 1e6, 0.01) == 1.0
    assert search.acquisition_beams(1e3, 1e6, 0.01) == 1.0
    # 60 mrad across: six beams a side, or one more if it is a little larger.
    assert search.acquisition_beams(9.99e3, 1e6, 0.01) == 36.0
    assert search.acquisition_beams(10.1e3, 1e6, 0.01) == 49.0
    # The cue tells nothing: half of all round.
    assert search.acquisition_beams(1e12, 1e6, 0.01) == math.ceil(math.pi / 0.01) ** 2
