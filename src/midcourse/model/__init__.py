"""Typed objects that own parameters and call the physics: rockets, radars, defences, flights, fly-outs."""

from .defence import Battery, Defence, Doctrine, LaunchWarning, Sensor, defence
from .flights import Flights, OutOfReach, aim_flights
from .flyouts import FlyoutFamily, flyout_family, flyout_table
from .radar import Radar, radar
from .rocket import Interceptor, Missile, interceptor, missile

__all__ = [
    "Battery",
    "Defence",
    "Doctrine",
    "Flights",
    "FlyoutFamily",
    "Interceptor",
    "LaunchWarning",
    "Missile",
    "OutOfReach",
    "Radar",
    "Sensor",
    "aim_flights",
    "defence",
    "flyout_family",
    "flyout_table",
    "interceptor",
    "missile",
    "radar",
]
