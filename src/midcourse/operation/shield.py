"""The shield at work: all its parts together, in simulated time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import simpy
from simpy.events import URGENT

from ..dossier.incident import Incident
from ..dossier.raid import Order
from .command import NAME as COMMAND
from .command import Command
from .interceptor import Interceptor
from .link import Link
from .luck import Array, Luck
from .outcome import Outcome, outcome_of
from .preparing import joined
from .radar import Radar
from .record import Record
from .satellite import NAME as SATELLITE
from .satellite import Satellite
from .scenario import Scenario
from .site import Site
from .threat import Threat

# After the last missile has ended, interceptors in flight and assessments still run for this long [s].
_AFTER = 120.0


class Shield:
    """A shield against a raid, from the raid's beginning on.

    Attributes
    ----------
    env : the clock of the simulation
    bodies : the missiles as the kernels take them; ``ends`` shortened by whatever is hit
    """

    def __init__(
        self, scenario: Scenario, luck: Luck, *, kept: bool = True, incidents: Sequence[Incident] = ()
    ) -> None:
        self.scenario, self.luck = scenario, luck
        self.env = simpy.Environment()
        self.record = Record(kept)
        self.bodies = scenario.bodies._replace(ends=scenario.bodies.ends.copy())
        self.interceptors: list[Interceptor] = []
        self.satellite = Satellite(self)
        self.links = {
            each.name: Link(self, each.name, scenario.links.get(each.name))
            for each in scenario.defence.sensors
        }
        self.command = Command(self, self.links)
        self.radars = [
            Radar(self, j, self.links[each.name]) for j, each in enumerate(scenario.defence.sensors)
        ]
        self.sites = [Site(self, j) for j in range(len(scenario.defence.batteries))]
        self.threats = [Threat(self, i) for i in range(len(scenario.courses))]
        self._evidence: dict[int, Array] = {}
        self.incidents: list[Incident] = []
        for each in incidents:
            self.expect(each)

    # What the parts use.

    @property
    def now(self) -> float:
        return float(self.env.now)

    def after(self, delay: float, do: Callable[..., None], *arguments: Any) -> None:
        """Do something later."""
        event = self.env.timeout(max(0.0, delay))
        assert event.callbacks is not None
        event.callbacks.append(lambda _: do(*arguments))

    def tell(self, node: str, kind: str, missile: int = -1, cause: int = -1, **numbers: Any) -> int:
        """Put an event into the record."""
        name = self.scenario.courses[missile].name if missile >= 0 else ""
        return self.record.add(self.now, node, kind, name, cause, **numbers)

    def launched(self, missile: int, cause: int) -> None:
        """A missile has left."""
        self.satellite.watch(missile, cause)

    def over(self, missile: int) -> None:
        """A missile has ended."""
        self.bodies.ends[missile] = min(self.bodies.ends[missile], self.now - self.bodies.starts[missile])

    def cue_evidence(self, missile: int) -> Array:
        """What the satellites' cue says of a missile, its error drawn: (6,), as of ``planning``."""
        if missile not in self._evidence:
            course = self.scenario.courses[missile]
            full = np.zeros((6, 6))
            full[np.triu_indices(6)] = course.prior
            full = full + np.triu(full, 1).T
            drawn = self.luck.normal(f"cue of {course.name}", (6,))
            self._evidence[missile] = np.linalg.cholesky(full) @ drawn
        return self._evidence[missile]

    # What runs it.

    @property
    def done(self) -> bool:
        """Whether every missile and every interceptor has ended."""
        return all(each.ended for each in self.threats) and all(each.outcome for each in self.interceptors)

    def advance(self, until_s: float = math.inf) -> None:
        """Run on to a time, or to the end."""
        env = self.env
        while not self.done:
            if env.peek() > until_s:
                return
            env.step()

    def expect(self, incident: Incident) -> None:
        """Let something happen to the shield at its time, before all else of that moment: so it does not
        matter whether it was known from the beginning or is put in while the shield runs.
        """
        self.incidents.append(incident)
        event = self.env.event()
        event._ok, event._value = True, None
        assert event.callbacks is not None
        event.callbacks.append(lambda _: self.happen(incident))
        self.env.schedule(event, URGENT, max(0.0, incident.at_s - self.now))

    def happen(self, incident: Incident) -> None:
        """Let something happen to the shield, now."""
        event = self.tell("incident", incident.do, what=incident.what, by_s=incident.by_s)
        if incident.order is not None:
            self._join(incident.order, event)
            return
        do, what, down = incident.do, incident.what, incident.do == "fail"
        radar = next((each for each in self.radars if each.name == what), None)
        if do in ("withdraw", "share"):
            self.links[what].withdrawn = do == "withdraw"
        elif do == "delay":
            self.links[what].added_s += incident.by_s
        elif what == SATELLITE:
            self.satellite.down = down
        elif what == COMMAND:
            self.command.down = down
        elif radar is not None:
            (radar.fail if down else radar.restore)(event)
        elif what.startswith("link "):
            for sensor in self.scenario.defence.sensors:
                if f"link {sensor.link}" == what:
                    self.links[sensor.name].down = down
        else:
            next(each for each in self.sites if each.name == what).down = down

    def _join(self, order: Order, cause: int) -> None:
        """Let another missile leave, now."""
        self.scenario = joined(self.scenario, order, self.now)
        ends = self.bodies.ends
        self.bodies = self.scenario.bodies._replace(ends=self.scenario.bodies.ends.copy())
        self.bodies.ends[: len(ends)] = ends
        self.command.join()
        for radar in self.radars:
            radar.join()
        self.threats.append(Threat(self, len(self.threats), cause))

    def outcome(self) -> Outcome:
        """What has become of the raid."""
        return outcome_of(self)


def simulate(
    scenario: Scenario, seed: int = 0, run: int = 0, *, kept: bool = True, incidents: Sequence[Incident] = ()
) -> Shield:
    """Run a raid to its end."""
    shield = Shield(scenario, Luck(seed, run), kept=kept, incidents=incidents)
    shield.advance()
    return shield
