"""What a defence is built of: sites, radars, satellites, links, doctrine, and the architectures of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from . import parameter as p
from .errors import InputError
from .parameter import default
from .table import Band, Country, Flag, Ref, SourceKey, Table, Text, Whole, WholeOrZero, as_list
from .units import format_quantity

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
    altitude: p.Altitude = default(0.0, "m")
    country: Country | None = None
    source: SourceKey | None = None


class Radar(Table):
    """Frequencies in Hz, powers in W, areas in m^2, levels in dB, angles in rad, times in s, lengths in m.

    ``required_snr`` is that at which the radar holds a track. ``search_share`` of its time and power goes
    into a search, round once in ``frame_time``, from ``minimum_elevation`` to ``search_top`` (else
    ``maximum_elevation``) over the sector of all faces; without a ``frame_time`` the radar looks only where
    it is told to. ``angle_floor`` is in beamwidths; the biases are what no averaging lowers; in
    ``bias_time`` they become others, by calibration or as the body climbs through the ionosphere.
    ``track_limit`` is how many objects the radar can hold in track at once, where something other than its
    time sets that.

    The defaults of ``false_alarm``, ``scan_exponent``, ``track_interval`` and ``angle_floor`` are
    midcourse's estimates.
    """

    later: ClassVar[frozenset[str]] = frozenset({"track_limit"})

    name: Text
    band: Band
    frequency: p.Frequency
    mean_power: p.Power
    transmit_area: p.Aperture
    receive_area: p.Aperture
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
    slew_rate: p.AngularSpeed | None = None
    transmit_gain: p.Level | None = None
    beamwidth: p.Width | None = None
    false_alarm: p.Probability = default(1e-6)
    scan_exponent: p.Exponent = default(2.5)
    frame_time: p.PositiveDuration | None = None
    search_share: p.Share = default(0.0)
    search_top: p.Elevation | None = None
    track_interval: p.PositiveDuration = default(1.0, "s")
    other_tracks: p.Count = default(0.0)
    angle_floor: p.Fraction = default(0.02)
    angle_bias: p.AngleError = default(0.0, "deg")
    range_bias: p.DistanceError = default(0.0, "m")
    bias_time: p.PositiveDuration = default(1000.0, "s")
    coherent: Flag = False
    track_limit: Whole | None = None
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
        if self.bandwidth.highest > self.frequency.lowest:
            raise InputError(
                f"bandwidth {_end(self.bandwidth, 'highest')} is beyond the carrier, frequency "
                f"{_end(self.frequency, 'lowest')}",
                expected="a bandwidth below the frequency, such as a tenth of it",
                key=("bandwidth",),
            )
        self._ordered("minimum_elevation", "maximum_elevation", "minimum_elevation")
        self._ordered("minimum_elevation", "search_top", "search_top")
        if self.slew_rate is not None and not self.steerable:
            raise InputError(
                f"slew_rate {self.slew_rate.text} of an antenna that does not turn",
                expected="steerable = true, or no slew_rate",
                key=("slew_rate",),
            )
        return self

    @model_validator(mode="after")
    def _searches(self) -> Radar:
        share, frame = self.search_share, self.frame_time
        if frame is None and share.highest > 0.0:
            raise InputError(
                f"search_share {_end(share, 'highest')} without frame_time",
                expected='frame_time = "10 s", in which the search goes once round, or search_share = 0',
                key=("search_share",),
            )
        if frame is not None and share.lowest == 0.0:
            raise InputError(
                f"frame_time {frame.text} with search_share {_end(share, 'lowest')}",
                expected="a share of the radar's time above 0 to search with, such as search_share = 0.3",
                key=("frame_time",),
            )
        return self

    def _ordered(self, lower: str, upper: str, key: str) -> None:
        below: p.Parameter = getattr(self, lower)
        above: p.Parameter | None = getattr(self, upper)
        if above is not None and below.highest >= above.lowest:
            raise InputError(
                f"{lower} {_end(below, 'highest')} is not below {upper} {_end(above, 'lowest')}", key=(key,)
            )


def _end(parameter: p.Parameter, end: Literal["lowest", "highest"]) -> str:
    """The lowest or highest value as text, told to be an end where it is not the value itself."""
    extreme: float = getattr(parameter, end)
    if extreme == parameter.value:
        return parameter.text
    shown = format_quantity(extreme, parameter.unit, digits=5)
    return f"{shown} at its {'low' if end == 'lowest' else 'high'} end"


class Satellite(Table):
    """Infrared warning: ``declare_delay`` in s runs from the booster's leaving the clouds (m).

    One sigma of what it tells the radars at burnout: position in m, heading in rad, speed in m/s. Their
    defaults are midcourse's estimates.
    """

    name: Text
    cloud_altitude: p.Height
    declare_delay: p.Duration
    position_error: p.DistanceError = default(3e3, "km")
    heading_error: p.AngleError = default(math.radians(5.0), "deg")
    speed_error: p.SpeedError = default(300.0, "m/s")
    source: SourceKey | None = None


class Outage(Table):
    """When a link is down, in s after the raid begins."""

    from_: p.Duration = Field(alias="from")
    to: p.Duration

    @model_validator(mode="after")
    def _ordered(self) -> Outage:
        if self.from_.highest >= self.to.lowest:
            raise InputError(
                f"from {_end(self.from_, 'highest')} is not before to {_end(self.to, 'lowest')}",
                expected="an outage that ends after it begins",
                key=("from",),
            )
        return self


#: Between a radar's reports where nothing else is written: midcourse's estimate [s].
REPORT_INTERVAL_S = 5.0


class Link(Table):
    """How what a sensor sees comes to whoever commits the interceptors: ``delay`` in s.

    It passes no more than a ``cue``, where and when something was found; or the radar's own ``track``, every
    ``report_interval`` (s); or its looks as they come, ``raw``. ``loss`` is the share of messages that never
    arrive, ``capacity`` the tracks per second that it can carry (Hz), without bound if left out.

    Nobody publishes how radars report: that links pass tracks, lose none and have room for all are
    midcourse's assumptions, the default of ``report_interval`` is its estimate.
    """

    later: ClassVar[frozenset[str]] = frozenset({"loss", "capacity", "passes", "report_interval", "outage"})

    name: Text
    delay: p.Duration
    loss: p.Fraction = default(0.0)
    capacity: p.Rate | None = None
    passes: Literal["cue", "track", "raw"] = "track"
    report_interval: p.PositiveDuration = default(REPORT_INTERVAL_S, "s")
    outage: tuple[Outage, ...] = ()
    source: SourceKey | None = None


class Doctrine(Table):
    """What the defence asks before it acts, and how long it takes: probabilities, times in s.

    An interceptor is launched once the predicted-intercept error fits its divert with ``confidence``;
    ``detection_confidence`` is the cumulative probability that counts as seen. ``uplink``: the track is sent
    to the interceptor in flight. ``pick_probability`` is that of picking the warhead once a radar resolves
    the objects.

    ``consultation`` of capitals comes before release, on top of ``decision_delay``; in ``midcourse run`` the
    country in ``released_by`` asks nobody about interceptors on its own soil. Then ``salvo``
    interceptors are sent at once; with ``look`` another salvo follows when the outcome of the last is known,
    until a missile has had ``most_shots`` (else it is one salvo and no more). Each battery keeps ``reserve``
    interceptors.

    The defaults are midcourse's estimates, save that of ``most_shots``, which is what officers were quoted
    with in 2017.
    """

    later: ClassVar[frozenset[str]] = frozenset(
        {"consultation", "released_by", "salvo", "look", "most_shots", "reserve"}
    )

    gone: ClassVar[Mapping[str, str]] = {
        "track_time": "commits follow from the tracking filter; see confidence",
        "handover_error": "commits follow from the tracking filter and the interceptor's divert; "
        "see confidence",
    }

    name: Text
    decision_delay: p.Duration
    shot_interval: p.Duration
    assessment_delay: p.Duration
    confidence: p.Probability = default(0.9)
    detection_confidence: p.Probability = default(0.9)
    uplink: Flag = True
    pick_probability: p.Fraction = default(0.75)
    consultation: p.Duration = default(0.0, "s")
    released_by: Country | None = None
    salvo: Whole = 1
    look: Flag = True
    most_shots: Whole = 4
    reserve: WholeOrZero = 0
    source: SourceKey | None = None

    @model_validator(mode="after")
    def _shoots(self) -> Doctrine:
        written = "most_shots" in self.model_fields_set
        if self.salvo > self.most_shots:
            raise InputError(
                f"salvo {self.salvo} is above most_shots {self.most_shots}"
                + ("" if written else ", which holds where none is written"),
                expected=f"most_shots = {self.salvo} or more, or a smaller salvo",
                key=("salvo",),
            )
        if not self.look and written and self.most_shots > self.salvo:
            raise InputError(
                f"most_shots {self.most_shots} with look = false, which is one salvo of {self.salvo} and "
                "no more",
                expected=f"look = true, or most_shots = {self.salvo}, or none",
                key=("most_shots",),
            )
        return self


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
    """A radar at a site, its faces looking along ``azimuth`` (rad from north); a steerable one rests there.

    ``transmitter`` is the site that illuminates where that is another one; tracks come by ``link``.
    """

    radar: Annotated[str, Ref("radar")]
    azimuth: Annotated[tuple[p.Azimuth, ...], BeforeValidator(as_list)] = ()
    transmitter: Annotated[str, Ref("site")] | None = None
    link: Annotated[str, Ref("link")] | None = None


class Battery(Element):
    """Interceptors of one type at a site."""

    interceptor: Annotated[str, Ref("interceptor")]
    inventory: Whole


class Architecture(Table):
    """A defence: sensors, batteries, warning and doctrine, on top of those of the one it extends.

    ``cost`` is that of the whole as somebody published it, and is not inherited.
    """

    name: Text
    extends: Annotated[str, Ref("architecture")] | None = None
    satellite: Annotated[str, Ref("satellite")] | None = None
    doctrine: Annotated[str, Ref("doctrine")] | None = None
    sensor: tuple[Sensor, ...] = ()
    battery: tuple[Battery, ...] = ()
    without: tuple[Text, ...] = ()
    cost: p.Cost | None = None
    source: SourceKey
