"""Command and control: what it has been told, what it makes of it, and what it orders.

It knows what messages have brought, and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..analysis import allocation
from ..physics import planning
from ..physics.observation import HANDED_ON
from .believing import Belief
from .correlating import Correlator
from .interceptor import HIT, Interceptor
from .link import Link, Message
from .picture import Picture

if TYPE_CHECKING:
    from .shield import Shield

Array = NDArray[np.float64]

NAME = "command"
# How long a sensor that was counted on may be silent, and how often that is looked at [s].
_SILENCE = 15.0
_LISTEN = 10.0
# Time to the next look at a missile that cannot be engaged yet, and at one that is held back, while others
# may need the interceptors more and once none is left [s].
_AGAIN, _HELD, _EMPTY = 10.0, 5.0, 30.0
# Time between two events that tell what is believed of a missile [s].
_BELIEF = 10.0
# Of plans that stop as much, that of the battery that meets the missile sooner: what a place in their order
# counts.
_SOONER = 1e-6


@dataclass(frozen=True)
class Order:
    """A launch at a missile, as planned; times are those after the missile's launch [s].

    Attributes
    ----------
    shot : which one at this missile
    off : where the track puts the intercept beside the truth [m]
    """

    missile: int
    battery: int
    shot: int
    launch_s: float
    meet_s: float
    row: float
    off: tuple[float, float]
    cause: int


@dataclass
class Track:
    """What command and control has of one missile.

    Attributes
    ----------
    event : number of the last event about it
    due_s : when it is to be considered next
    options : by battery, the plan as of ``planning``
    shots, waiting : launches ordered, and those of which the outcome is not known
    timely, held : whether there ever was time for a launch; whether interceptors were kept from it
    handed : whether the sensors have been told where a radar has found it
    doubted_s : when it may have been hit, with nobody to tell; nothing more is sent at it before a radar has
        seen it fly on
    over : whether it is taken as hit
    told_s : when last it was told what is believed of it
    beliefs : what was told so, where the record is kept
    """

    event: int = -1
    due_s: float = -math.inf
    options: dict[int, Array] = field(default_factory=dict)
    shots: int = 0
    waiting: int = 0
    timely: bool = False
    held: bool = False
    handed: bool = False
    doubted_s: float = -math.inf
    over: bool = False
    told_s: float = -math.inf
    beliefs: list[Belief] = field(default_factory=list)


class Command:
    """Command and control of the whole shield.

    Attributes
    ----------
    picture : what it was told
    tracks : what it has of each missile
    down : whether it has failed
    """

    def __init__(self, shield: Shield, links: dict[str, Link]) -> None:
        self.shield, self.links = shield, links
        scenario = shield.scenario
        self.doctrine = scenario.doctrine
        self.down = False
        r = len(scenario.defence.sensors)
        self.tracks = [Track() for _ in scenario.courses]
        self.sensors = {each.name: j for j, each in enumerate(scenario.defence.sensors)}
        self.picture = Picture(shield)
        self._heard = np.full(r, -np.inf)
        self._silent = np.zeros(r, dtype=bool)
        self._ordered = np.zeros(len(scenario.defence.batteries), dtype=np.int64)
        self._correlator = Correlator(shield)
        self._assessed: list[Interceptor] = []
        shield.after(_LISTEN, self.watch)

    def join(self) -> None:
        """Take in a missile that has joined the raid, of which nothing is known yet."""
        self.tracks.append(Track())
        self.picture.join(~self._silent)

    # What it is told.

    def hear(self, message: Message) -> None:
        """Take in what a sensor says."""
        if self.down:
            return
        if message.sender in self.sensors:
            j = self.sensors[message.sender]
            self._heard[j] = self.shield.now
            if self._silent[j]:
                self._silent[j] = False
                self.picture.counted[:, j] = True
                self.shield.tell(NAME, "heard again", cause=message.cause, by=message.sender)
        if message.kind == "report":
            self._take_report(message)
            return
        if message.kind == "outcome":
            interceptor = message.body
            if interceptor not in self._assessed:
                what = "hit known" if interceptor.outcome == HIT else "miss known"
                self._settle(interceptor, what, message.cause, known=True, by=message.sender)
            return
        (missile,) = message.missiles
        track = self.tracks[missile]
        if track.over:
            return
        if message.kind == "lost":
            self.picture.counted[missile, self.sensors[message.sender]] = False
            track.event = self.shield.tell(
                NAME, "told of loss", missile, message.cause, by=message.sender, sent_s=message.sent_s
            )
            return
        track.event = self.shield.tell(
            NAME,
            "told of launch" if message.kind == "declared" else "told of detection",
            missile,
            message.cause,
            by=message.sender,
            sent_s=message.sent_s,
        )
        if message.kind == "declared":
            self.picture.cued[missile] = True
            course = self.shield.scenario.courses[missile]
            self._cue(missile, (course.cue_m, course.drift_m_s), track.event)
        elif not track.handed:
            self._cue(missile, (HANDED_ON, 0.0), track.event, but=message.sender)
            track.handed = True

    def _cue(self, missile: int, error: tuple[float, float], cause: int, but: str = "") -> None:
        """Tell the sensors where to look."""
        message = Message("cue", NAME, self.shield.now, (missile,), {missile: error}, cause)
        for radar in self.shield.radars:
            if radar.name != but and not radar.link.withdrawn:
                radar.link.send(message, radar.hear)

    def _take_report(self, message: Message) -> None:
        shield, picture, j = self.shield, self.picture, self.sensors[message.sender]
        records, sums, apart = message.body
        for k, missile in enumerate(message.missiles):
            track = self.tracks[missile]
            if track.over:
                continue
            upto = message.sent_s - float(shield.bodies.starts[missile])
            if upto <= picture.upto[missile, j]:
                continue
            fresh = math.isinf(picture.upto[missile, j])
            if fresh:
                taken = self._correlator.taken_for(missile, j, upto, records[k], sums[k], picture)
                if taken != missile:
                    shield.tell(
                        NAME, "report mistaken", missile, message.cause, by=message.sender,
                        other=shield.scenario.courses[taken].name,
                    )  # fmt: skip
                    continue
            told_apart = picture.take(missile, j, upto, records[k], sums[k], bool(apart[k]))
            if fresh:
                track.event = shield.tell(
                    NAME, "track taken over", missile, max(message.cause, track.event), by=message.sender,
                    sent_s=message.sent_s,
                )  # fmt: skip
                track.due_s = -math.inf
            if told_apart:
                track.event = shield.tell(NAME, "warhead known", missile, message.cause)
            if shield.record.kept and shield.now - track.told_s >= _BELIEF:
                self._tell_belief(missile)
            self.consider(missile)

    def watch(self) -> None:
        """Notice who has fallen silent; comes round by itself."""
        shield = self.shield
        for name, j in self.sensors.items():
            if self._silent[j] or math.isinf(self._heard[j]):
                continue
            quiet = shield.now - self._heard[j] > _SILENCE + self.links[name].report_interval_s
            expected = self.picture.counted[:, j] & (self.picture.upto[:, j] > -math.inf)
            over = np.array([each.over for each in self.tracks])
            if quiet and not self.down and (expected & ~over).any():
                self._silent[j] = True
                self.picture.counted[:, j] = False
                shield.tell(NAME, "nothing heard", by=name)
        shield.after(_LISTEN, self.watch)

    def aim(self, missile: int, battery: int, row: float) -> tuple[float, float] | None:
        """Where the track puts an intercept beside the truth [m]; None where there is nobody to say."""
        return None if self.down else self.picture.aim(missile, battery, row)

    def _tell_belief(self, missile: int) -> None:
        track = self.tracks[missile]
        track.told_s = self.shield.now
        found = self.picture.off(missile)
        if found is not None:
            belief = Belief(self.shield.now, *found)
            track.beliefs.append(belief)
            told = belief.told(self.shield.scenario.courses[missile])
            track.event = self.shield.tell(NAME, "believes", missile, track.event, **told)

    # What it orders.

    def over(self, missile: int) -> bool:
        """Whether it takes a missile as done with."""
        return self.tracks[missile].over

    def available(self, battery: int) -> int:
        """Interceptors of a battery that may be ordered."""
        site = self.shield.sites[battery]
        if site.down:
            return 0
        return int(max(0, site.left - self._ordered[battery] - self.doctrine.reserve))

    def _delay(self, track: Track, battery: int) -> float:
        """From a decision to the launch: the first at a missile must be released, by the country that may, or
        by all that are asked.
        """
        if track.shots:
            return 0.0
        doctrine, site = self.doctrine, self.shield.scenario.defence.batteries[battery].site
        country = self.shield.scenario.dossier.site[site.name].country
        alone = doctrine.released_by is not None and country == doctrine.released_by
        return float(doctrine.decision_delay.value + (0.0 if alone else doctrine.consultation.value))

    def _wake(self, missile: int) -> None:
        if not self.down and self.shield.now >= self.tracks[missile].due_s - 1e-9:
            self.consider(missile)

    def _again(self, missile: int, at_s: float) -> None:
        self.tracks[missile].due_s = at_s
        self.shield.after(max(0.0, at_s - self.shield.now), self._wake, missile)

    def _open(self, missile: int) -> bool:
        """Whether another launch at a missile may be ordered at all."""
        track = self.tracks[missile]
        if track.over or track.waiting:
            return False
        if track.shots >= (self.doctrine.most_shots if self.doctrine.look else self.doctrine.salvo):
            return False
        # What may have been hit is left alone until a radar has seen it fly on.
        return self.picture.latest_s(missile) >= track.doubted_s

    def _wanting(self, missile: int) -> bool:
        """Whether a launch at a missile is planned, and still possible."""
        after = self.shield.now - float(self.shield.bodies.starts[missile])
        options = self.tracks[missile].options.values()
        return self._open(missile) and any(after <= plan[planning.LATEST] for plan in options)

    def consider(self, missile: int) -> None:
        """See whether a launch at a missile can be ordered, or when."""
        track, shield = self.tracks[missile], self.shield
        now = shield.now
        if now < track.due_s - 1e-9 or not self._open(missile):
            return
        arms = shield.scenario.arms[missile]
        if not any(self.available(battery) for battery, arm in enumerate(arms) if arm is not None):
            self._hold(missile, _EMPTY)
            return
        course, start = shield.scenario.courses[missile], float(shield.bodies.starts[missile])
        known = self.picture.known(missile)
        track.options = {}
        timely = False
        for battery, arm in enumerate(arms):
            if arm is None:
                continue
            found, in_time, plan = planning.plan(
                now - start, self._delay(track, battery), course.burnout_s, known, arm
            )
            timely = timely or in_time
            if found:
                track.options[battery] = plan
        track.timely = track.timely or timely
        if not track.options:
            if timely:
                self._again(missile, now + _AGAIN)
            return
        first = start + min(float(plan[planning.DECIDED]) for plan in track.options.values())
        if first > now + 0.5:
            launch = start + min(float(plan[planning.LAUNCH]) for plan in track.options.values())
            track.event = shield.tell(
                NAME, "launch foreseen", missile, track.event, launch_s=launch,
                batteries=[shield.sites[b].name for b in track.options],
            )  # fmt: skip
            self._again(missile, first)
            return
        self._allot(missile)

    def _allot(self, missile: int) -> None:
        """Share the interceptors out over all missiles that can be engaged, and order what falls to one."""
        shield, now = self.shield, self.shield.now
        track = self.tracks[missile]
        open_ = [i for i in range(len(self.tracks)) if self._wanting(i)]
        batteries = sorted({b for i in open_ for b in self.tracks[i].options})
        stock = np.array([self.available(b) for b in batteries], dtype=np.float64)
        salvo = min(self.doctrine.salvo, self.doctrine.most_shots - track.shots)
        counts = allocation.plans(len(batteries), salvo)
        stop = np.full((len(open_), len(counts)), np.nan)
        stop[:, 0] = 0.0
        for row, i in enumerate(open_):
            stop[row, 1:] = self._worth(i, batteries, counts[1:])
        spend = np.broadcast_to(counts.astype(np.float64), (len(open_), *counts.shape))
        chosen = allocation.allocate(stop, spend, stock, None)
        sent = counts[chosen[open_.index(missile)]]
        if not sent.any():
            self._hold(missile, _HELD)
            return
        start = float(shield.bodies.starts[missile])
        due = [b for b, number in zip(batteries, sent, strict=True) if number]
        first = start + min(float(track.options[b][planning.DECIDED]) for b in due)
        if first > now + 0.5:
            self._again(missile, first)
            return
        for b, number in zip(batteries, sent.tolist(), strict=True):
            for _ in range(number):
                self._order(missile, b)

    def _hold(self, missile: int, wait_s: float) -> None:
        """Keep interceptors from a missile, for want of them."""
        track, shield = self.tracks[missile], self.shield
        if not track.held and self.picture.tracked(missile):
            left = sum(self.available(battery) for battery in range(len(shield.sites)))
            track.event = shield.tell(NAME, "held back", missile, track.event, left=left)
            track.held = True
        self._again(missile, shield.now + wait_s)

    def _worth(self, missile: int, batteries: list[int], counts: NDArray[np.int64]) -> Array:
        """Chance that plans stop a missile; nan where a battery cannot."""
        scenario, options = self.shield.scenario, self.tracks[missile].options
        missed, sooner = np.ones(len(counts)), np.zeros(len(counts))
        order = sorted(options, key=lambda b: float(options[b][planning.MEET]))
        able = np.ones(len(counts), dtype=bool)
        for column, b in enumerate(batteries):
            number = counts[:, column]
            name = scenario.defence.batteries[b].interceptor.name
            hit = scenario.dossier.interceptor[name].kill_probability.value
            missed *= (1.0 - hit) ** number
            if b in options:
                sooner += _SOONER * number * order.index(b)
            else:
                able &= number == 0
        picks = self.doctrine.pick_probability.value if self.picture.apart(missile) else 0.5
        return np.where(able, np.maximum(picks * (1.0 - missed) - sooner, 1e-9), np.nan)

    def _order(self, missile: int, battery: int) -> None:
        shield, track = self.shield, self.tracks[missile]
        plan = track.options[battery]
        start = float(shield.bodies.starts[missile])
        row = float(plan[planning.ROW])
        off = self.aim(missile, battery, row) or (0.0, 0.0)
        track.shots += 1
        track.waiting += 1
        self._ordered[battery] += 1
        launch, meet = float(plan[planning.LAUNCH]), float(plan[planning.MEET])
        track.event = shield.tell(
            NAME, "launch ordered", missile, track.event, battery=shield.sites[battery].name,
            launch_s=start + launch, meet_s=start + meet, shot=track.shots,
        )  # fmt: skip
        order = Order(missile, battery, track.shots, launch, meet, row, off, track.event)
        shield.after(max(0.0, start + launch - shield.now), self._release, order)

    def _release(self, order: Order) -> None:
        # It leaves toward where the missile is now known to come, not where it was when it was ordered.
        off = self.aim(order.missile, order.battery, order.row) or order.off
        self.shield.sites[order.battery].launch(replace(order, off=off))

    def carried_out(self, order: Order) -> None:
        """An order is out of the way, whatever has become of it."""
        self._ordered[order.battery] -= 1

    def scrubbed(self, order: Order, cause: int) -> None:
        """An order could not be carried out."""
        track = self.tracks[order.missile]
        track.waiting -= 1
        track.shots -= 1
        track.event = max(track.event, cause)
        self._again(order.missile, self.shield.now)

    def unheard(self, interceptor: Interceptor) -> None:
        """Nobody has told the outcome of a shot by now."""
        if interceptor not in self._assessed:
            self._settle(interceptor, "outcome unknown", interceptor.event, known=False)

    def _settle(self, interceptor: Interceptor, what: str, cause: int, *, known: bool, by: str = "") -> None:
        self._assessed.append(interceptor)
        missile = interceptor.order.missile
        track = self.tracks[missile]
        track.waiting -= 1
        if self.down:
            return
        track.event = self.shield.tell(
            NAME, what, missile, max(cause, track.event), **({"by": by} if by else {})
        )
        if not known:
            track.doubted_s = max(track.doubted_s, interceptor.meet_s)
        if known and interceptor.outcome == HIT:
            track.over = True
        elif not track.waiting:
            self._again(missile, self.shield.now)
