"""What a defence is built of: sites, radars, warning satellites, doctrine, and the architectures of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from . import parameter as p
from .errors import InputError
from .parameter import zero
from .table import Band, Country, Flag, Ref, SourceKey, Table, Text, Whole, as_list

BAND_EDGES_HZ = {
    "VHF": (30e6, 300e6),
    "UHF": (300e6, 1e9),
    "L": (1e9, 2e9),
    "S": (2e9, 4e9),
    "C": (4e9, 8e9),
    "X": (8e9, 12e9),
    "Ku": (12e9, 18e9),
}
"""IEEE 521 letter bands."""


class Site(Table):
    name: Text
    lat: p.Latitude
    lon: p.Longitude
    altitude: p.Altitude = zero("m")
    country: Country | None = None
    source: SourceKey | None = None


class Radar(Table):
    """Frequencies in Hz, powers in W, areas in m^2, levels in dB, angles in rad, times in s."""

    name: Text
    band: Band
    frequency: p.Frequency
    mean_power: p.Power
    transmit_area: p.Area
    receive_area: p.Area
    efficiency: p.Efficiency
    noise_temperature: p.Temperature
    losses: p.Loss
    dwell: p.PositiveDuration
    required_snr: p.Level
    bandwidth: p.Frequency
    minimum_elevation: p.Elevation
    maximum_elevation: p.Elevation
    sector_half_width: p.HalfWidth
    tilt: p.Elevation
    steerable: Flag = False
    transmit_gain: p.Level | None = None
    source: SourceKey | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Radar:
        low, high = BAND_EDGES_HZ[self.band]
        if not low <= self.frequency.value <= high:
            raise InputError(
                f"{self.frequency.text} is not in the {self.band} band",
                expected=f"{low / 1e9:g} to {high / 1e9:g} GHz",
                key=("frequency",),
            )
        if self.minimum_elevation.highest >= self.maximum_elevation.lowest:
            raise InputError(
                f"minimum_elevation {self.minimum_elevation.text} is not below "
                f"maximum_elevation {self.maximum_elevation.text}",
                key=("minimum_elevation",),
            )
        return self


class Satellite(Table):
    """Infrared warning: ``declare_delay`` in s runs from the booster's leaving the clouds (m)."""

    name: Text
    cloud_altitude: p.Height
    declare_delay: p.Duration
    source: SourceKey | None = None


class Doctrine(Table):
    """How long the defence takes: times in s, the largest committed cross-range track error in m."""

    name: Text
    track_time: p.Duration
    decision_delay: p.Duration
    handover_error: p.Distance
    shot_interval: p.Duration
    assessment_delay: p.Duration
    source: SourceKey | None = None


class Element(Table):
    """Part of an architecture: something at a site, called ``what@site`` unless it has a name of its own."""

    site: Annotated[str, Ref("site")]
    name: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, written: Any) -> Any:
        if isinstance(written, Mapping) and "name" not in written:
            what = written.get("radar", written.get("interceptor"))
            return {**written, "name": f"{what}@{written.get('site')}"}
        return written


class Sensor(Element):
    """A radar at a site, its faces looking along ``azimuth`` (rad from north)."""

    radar: Annotated[str, Ref("radar")]
    azimuth: Annotated[tuple[p.Azimuth, ...], BeforeValidator(as_list)] = ()


class Battery(Element):
    """Interceptors of one type at a site."""

    interceptor: Annotated[str, Ref("interceptor")]
    inventory: Whole


class Architecture(Table):
    """A defence: sensors, batteries, warning and doctrine, on top of those of the one it extends."""

    name: Text
    extends: Annotated[str, Ref("architecture")] | None = None
    satellite: Annotated[str, Ref("satellite")] | None = None
    doctrine: Annotated[str, Ref("doctrine")] | None = None
    sensor: tuple[Sensor, ...] = ()
    battery: tuple[Battery, ...] = ()
    without: tuple[Text, ...] = ()
    source: SourceKey
