"""The shield at work: satellites, radars, links, command and control, interceptor sites, in simulated time.

A discrete-event simulation. Every part of the shield is a small file of its own; parts tell each other things
by messages over links, and know nothing else. What happens is kept as a record of events.
"""

from .preparing import prepare
from .scenario import Scenario
from .shield import Shield, simulate

__all__ = ["Scenario", "Shield", "prepare", "simulate"]
