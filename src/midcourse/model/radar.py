"""Radars: what their published parameters amount to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..dossier import Dossier
from ..dossier.defence import Radar as RadarData
from ..physics import sensing
from ..physics.sensing import LIGHT, Beam


def from_decibels(level: float) -> float:
    """A ratio from decibels."""
    return float(10.0 ** (0.1 * level))


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
    """The radar equation's constants from a radar's parameters."""
    wavelength = LIGHT / data.frequency.value
    if data.transmit_gain is not None:
        gain = from_decibels(data.transmit_gain.value)
    else:
        gain = sensing.aperture_gain(data.efficiency.value * data.transmit_area.value, wavelength)
    return Beam(
        sensing.beam_strength(
            data.mean_power.value,
            gain,
            data.efficiency.value * data.receive_area.value,
            data.dwell.value,
            data.noise_temperature.value,
            from_decibels(data.losses.value),
        ),
        from_decibels(data.required_snr.value),
        sensing.aperture_beamwidth(data.receive_area.value, wavelength),
        data.minimum_elevation.value,
        data.maximum_elevation.value,
        math.pi if data.steerable else data.sector_half_width.value,
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
