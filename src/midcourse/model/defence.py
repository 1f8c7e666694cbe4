"""A defence: an architecture of the dossier with its parts at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..dossier import Dossier, InputError, nearest_names
from .radar import Radar, radar
from .rocket import Interceptor, interceptor


@dataclass(frozen=True)
class Place:
    """A place on the ground [rad, rad, m]."""

    name: str
    title: str
    lat: float
    lon: float
    altitude: float = 0.0


@dataclass(frozen=True)
class Sensor:
    """A radar at a site.

    Attributes
    ----------
    azimuths : of its faces [rad]; where the antenna turns, that at which it rests, if it is known
    transmitter : where it stands, the receiver's place unless the two are apart
    link : over which it reports; None where that takes no time
    """

    name: str
    radar: Radar
    site: Place
    azimuths: tuple[float, ...]
    transmitter: Place
    link: str | None

    @property
    def boresights(self) -> tuple[float, ...]:
        """Azimuths of the faces; none where the antenna turns."""
        return () if self.radar.steerable else self.azimuths


@dataclass(frozen=True)
class Battery:
    """Interceptors at a site."""

    name: str
    interceptor: Interceptor
    site: Place
    inventory: int


@dataclass(frozen=True)
class LaunchWarning:
    """Infrared warning from space."""

    name: str
    cloud_altitude_m: float
    declare_delay_s: float


@dataclass(frozen=True)
class Doctrine:
    """How long the defence takes, what it asks of a track, whether interceptors are told of it in flight, and
    how many are sent.

    Attributes
    ----------
    consultation_s : on top of the decision, before anything is released
    salvo, most_shots : interceptors sent at once, and at one missile in all
    look : whether another salvo follows when the outcome of the last is known
    reserve : interceptors that each battery keeps
    """

    name: str
    decision_delay_s: float
    confidence: float
    shot_interval_s: float
    assessment_delay_s: float
    uplink: bool
    consultation_s: float = 0.0
    salvo: int = 1
    look: bool = True
    most_shots: int = 4
    reserve: int = 0


@dataclass(frozen=True)
class Defence:
    """An architecture with everything it extends folded in."""

    name: str
    title: str
    sensors: tuple[Sensor, ...]
    batteries: tuple[Battery, ...]
    warning: LaunchWarning | None
    doctrine: Doctrine

    def battery(self, name: str) -> Battery:
        """A battery by its name or its site's."""
        return _pick(name, self.batteries, "battery", self.name)

    def sensor(self, name: str) -> Sensor:
        """A sensor by its name or its site's."""
        return _pick(name, self.sensors, "sensor", self.name)


_Part = TypeVar("_Part", Battery, Sensor)


def _pick(name: str, parts: Sequence[_Part], what: str, owner: str) -> _Part:
    for part in parts:
        if name in (part.name, part.site.name):
            return part
    names = [part.name for part in parts]
    raise InputError(
        f"{owner} has no {what} {{value}}",
        value=name,
        expected=", ".join(names),
        nearest=nearest_names(name, names),
    )


def place(dossier: Dossier, name: str) -> Place:
    """A site of the dossier."""
    data = dossier.get("site", name)
    return Place(name, data.name, data.lat.value, data.lon.value, data.altitude.value)


def doctrine(dossier: Dossier, name: str) -> Doctrine:
    """A doctrine of the dossier."""
    data = dossier.get("doctrine", name)
    return Doctrine(
        name,
        data.decision_delay.value,
        data.confidence.value,
        data.shot_interval.value,
        data.assessment_delay.value,
        data.uplink,
        data.consultation.value,
        data.salvo,
        data.look,
        data.most_shots if data.look else data.salvo,
        data.reserve,
    )


def defence(dossier: Dossier, name: str) -> Defence:
    """An architecture of the dossier; InputError where it has no doctrine to act by."""
    data = dossier.resolved_architecture(name)
    if data.doctrine is None:
        raise InputError(
            f"architecture {name} has no doctrine",
            where=dossier.where(f"architecture.{name}"),
            expected="doctrine = " + " or ".join(f'"{known}"' for known in dossier.doctrine),
        )
    warning = None
    if data.satellite is not None:
        satellite = dossier.get("satellite", data.satellite)
        warning = LaunchWarning(data.satellite, satellite.cloud_altitude.value, satellite.declare_delay.value)
    interceptors = {each.interceptor: interceptor(dossier, each.interceptor) for each in data.battery}
    return Defence(
        name,
        data.name,
        tuple(
            Sensor(
                each.name,
                radar(dossier, each.radar),
                place(dossier, each.site),
                tuple(a.value for a in each.azimuth),
                place(dossier, each.transmitter or each.site),
                each.link,
            )
            for each in data.sensor
        ),
        tuple(
            Battery(each.name, interceptors[each.interceptor], place(dossier, each.site), each.inventory)
            for each in data.battery
        ),
        warning,
        doctrine(dossier, data.doctrine),
    )
