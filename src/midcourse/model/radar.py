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
from ..physics import sensing
from ..physics.sensing import LIGHT, Beam, Beams

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
    """A radar's derived figures; ``beam`` is what the kernels take."""

    name: str
    title: str
    band: str
    wavelength_m: float
    bandwidth_hz: float
    steerable: bool
    beam: Beam

    def detection_range_m(self, rcs_m2: float) -> float:
        """Range at which a cross-section gives the signal-to-noise ratio the radar needs."""
        return float(sensing.detection_range(self.beam.strength, self.beam.needed, rcs_m2))

    def snr_db(self, rcs_m2: float, range_m: float) -> float:
        """Signal-to-noise ratio of one dwell on a cross-section at a range."""
        return to_decibels(self.beam.strength * rcs_m2 / range_m**4)

    @property
    def range_resolution_m(self) -> float:
        """c / 2B."""
        return LIGHT / (2.0 * self.bandwidth_hz)


def beam_of(data: RadarData) -> Beam:
    """The radar equation's constants from a radar's nominal parameters."""
    return Beam(*_figures(data, lambda field: float(getattr(data, field).value)))


def beams_of(data: RadarData, read: Callable[[str], Array]) -> Beams:
    """The same in many samples; ``read`` gives a parameter by its field, (samples,)."""
    return Beams(*_figures(data, read))


def _figures(data: RadarData, get: Callable[[str], Number]) -> tuple[Number, ...]:
    wavelength = LIGHT / get("frequency")
    if data.transmit_gain is not None:
        gain = from_decibels(get("transmit_gain"))
    else:
        gain = sensing.aperture_gain(get("efficiency") * get("transmit_area"), wavelength)
    strength = sensing.beam_strength(
        get("mean_power"),
        gain,
        get("efficiency") * get("receive_area"),
        get("dwell"),
        get("noise_temperature"),
        from_decibels(get("losses")),
    )
    half_width = get("sector_half_width")
    return (
        strength,
        from_decibels(get("required_snr")),
        sensing.aperture_beamwidth(get("receive_area"), wavelength),
        get("minimum_elevation"),
        get("maximum_elevation"),
        0.0 * half_width + math.pi if data.steerable else half_width,
    )


def radar(dossier: Dossier, name: str) -> Radar:
    """A radar of the dossier."""
    data = dossier.get("radar", name)
    return Radar(
        name,
        data.name,
        data.band,
        LIGHT / data.frequency.value,
        data.bandwidth.value,
        data.steerable,
        beam_of(data),
    )
