"""Radars: what their published parameters amount to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dossier import Dossier
from ..dossier.defence import Radar as RadarData
from ..physics import radar as equation
from ..physics import search
from ..physics.radar import LIGHT

Array = NDArray[np.float64]
# A float, or an array of them where samples go through together.
Number = Any


def from_decibels(level: Number) -> Number:
    """A ratio from decibels."""
    return 10.0 ** (0.1 * level)


def to_decibels(ratio: float) -> float:
    """Decibels from a ratio."""
    return 10.0 * math.log10(ratio)


@dataclass(frozen=True)
class Radar:
    """A radar's derived figures; those of search are None where it does not search."""

    name: str
    title: str
    band: str
    wavelength_m: float
    bandwidth_hz: float
    steerable: bool
    strength: float
    needed: float
    beamwidth: float
    false_alarm: float
    dwell_s: float
    interval_s: float
    search_solid_angle: float | None
    search_dwell_s: float | None
    frame_time_s: float | None

    def detection_range_m(self, rcs_m2: float) -> float:
        """Range at which a cross-section gives the signal-to-noise ratio the radar needs."""
        return float(equation.detection_range(self.strength, self.needed, rcs_m2))

    def search_range_m(self, rcs_m2: float) -> float | None:
        """The same for the time that search gives to a beam."""
        if self.search_dwell_s is None:
            return None
        strength = self.strength * self.search_dwell_s / self.dwell_s
        return float(equation.detection_range(strength, self.needed, rcs_m2))

    def snr_db(self, rcs_m2: float, range_m: float) -> float:
        """Signal-to-noise ratio of one dwell on a cross-section at a range."""
        return to_decibels(self.strength * rcs_m2 / range_m**4)

    @property
    def range_resolution_m(self) -> float:
        """c / 2B."""
        return LIGHT / (2.0 * self.bandwidth_hz)


def strength_of(data: RadarData, read: Callable[[str], Number]) -> Number:
    """Signal-to-noise ratio of one dwell times range^4 over cross-section [m^2]; ``read`` gives a parameter
    by its field.
    """
    wavelength = LIGHT / read("frequency")
    if data.transmit_gain is not None:
        gain = from_decibels(read("transmit_gain"))
    else:
        gain = equation.aperture_gain(read("efficiency") * read("transmit_area"), wavelength)
    return equation.beam_strength(
        read("mean_power"),
        gain,
        read("efficiency") * read("receive_area"),
        read("dwell"),
        read("noise_temperature"),
        from_decibels(read("losses")),
    )


def beamwidth_of(data: RadarData, read: Callable[[str], Number]) -> Number:
    """Half-power beamwidth [rad]: the published one, or that of the aperture."""
    if data.beamwidth is not None:
        return read("beamwidth")
    return equation.aperture_beamwidth(read("receive_area"), LIGHT / read("frequency"))


def step_of(data: RadarData, read: Callable[[str], Number]) -> Number:
    """Angle from one beam of a search to the next [rad]: a transmitter smaller than the receiver lights up
    what several beams of that hear at once.
    """
    return np.maximum(
        beamwidth_of(data, read),
        equation.aperture_beamwidth(read("transmit_area"), LIGHT / read("frequency")),
    )


def columns_of(data: RadarData, read: Callable[[str], Array]) -> Array:
    """A radar in many samples, without body and link: (samples, 28) as of ``physics.radar``.

    Figures are those of one face; several faces search side by side.
    """
    strength = strength_of(data, read)
    wavelength = LIGHT / read("frequency")
    beamwidth = beamwidth_of(data, read)
    half = read("sector_half_width")
    dwell, busy = read("dwell"), read("search_share")
    out = np.zeros((len(strength), equation.COLUMNS))
    out[:, equation.STRENGTH] = np.log(strength)
    out[:, equation.SEARCH] = -np.inf
    top = read("maximum_elevation")
    if data.search_top is not None:
        top = np.minimum(top, read("search_top"))
    if data.frame_time is not None:
        frame = read("frame_time")
        spent = search.search_dwells(
            frame, busy, 2.0 * half, read("minimum_elevation"), top, step_of(data, read)
        )
        out[:, equation.SEARCH] = np.log(strength * spent / dwell)
        out[:, equation.FRAME] = frame
    out[:, equation.NEEDED] = np.log(from_decibels(read("required_snr")))
    out[:, equation.ALARM] = np.log(read("false_alarm"))
    out[:, equation.BEAM] = beamwidth
    out[:, equation.CELL] = LIGHT / (2.0 * read("bandwidth"))
    out[:, equation.DOPPLER] = wavelength / (2.0 * dwell) if data.coherent else 0.0
    out[:, equation.LOWEST] = read("minimum_elevation")
    out[:, equation.HIGHEST] = read("maximum_elevation")
    out[:, equation.TOP] = top
    out[:, equation.HALF] = math.pi if data.steerable else half
    out[:, equation.SCAN] = 0.0 if data.steerable else read("scan_exponent")
    out[:, equation.TILT] = read("tilt")
    others = read("other_tracks")
    out[:, equation.INTERVAL] = np.maximum(read("track_interval"), (1.0 + others) * dwell / (1.0 - busy))
    out[:, equation.DWELL] = dwell / (1.0 - busy)
    out[:, equation.FLOOR] = read("angle_floor")
    out[:, equation.SKEW] = read("angle_bias")
    out[:, equation.OFFSET] = read("range_bias")
    out[:, equation.WANDER] = read("bias_time")
    if data.slew_rate is not None:
        out[:, equation.SLEW] = read("slew_rate")
    return out


def radar(dossier: Dossier, name: str) -> Radar:
    """A radar of the dossier."""
    data = dossier.get("radar", name)

    def read(field: str) -> float:
        return float(getattr(data, field).value)

    beamwidth = float(beamwidth_of(data, read))
    dwell, busy = read("dwell"), read("search_share")
    volume = spent = frame = None
    if data.frame_time is not None:
        frame = read("frame_time")
        top = read("maximum_elevation")
        if data.search_top is not None:
            top = min(top, read("search_top"))
        volume = float(search.solid_angle(2.0 * read("sector_half_width"), read("minimum_elevation"), top))
        spent = float(search.search_dwell(frame, busy, volume, float(step_of(data, read))))
    return Radar(
        name,
        data.name,
        data.band,
        LIGHT / data.frequency.value,
        data.bandwidth.value,
        data.steerable,
        float(strength_of(data, read)),
        float(from_decibels(read("required_snr"))),
        beamwidth,
        read("false_alarm"),
        dwell,
        max(read("track_interval"), (1.0 + read("other_tracks")) * dwell / (1.0 - busy)),
        volume,
        spent,
        frame,
    )
