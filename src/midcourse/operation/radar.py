"""Radars: search, find, follow and measure within their resources, and report what they have."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from ..physics import radar as columns
from ..physics import scan, tracking
from ..physics.earth import WGS84
from ..physics.observation import HANDED_ON
from .interceptor import HIT
from .link import Link, Message

if TYPE_CHECKING:
    from collections.abc import Generator

    from .interceptor import Interceptor
    from .shield import Shield

_NEWS = {
    scan.FOUND: "found",
    scan.TRACKED: "tracked",
    scan.TOLD_APART: "objects told apart",
    scan.LOST: "lost",
    scan.MERGED: "hidden beside another",
    scan.PARTED: "alone again",
}


class Radar:
    """A radar at its site.

    Attributes
    ----------
    tracks : what it knows, as of ``scan``
    ever : (n,) which missiles it has ever found
    down : whether it has failed
    load : the time that its work asks for, as a share of what it has
    """

    def __init__(self, shield: Shield, number: int, link: Link) -> None:
        self.shield, self.number, self.link = shield, number, link
        self.sensor = shield.scenario.defence.sensors[number]
        self.down = False
        self.load = 0.0
        self.worst_load = 0.0
        self._saturated = False
        self._events: dict[int, int] = {}
        self.face = self._drawn_face()
        others, spent = self.face.others, float(self.face.rows[0, columns.DWELL])
        self._resting = others * spent / self.face.interval
        self.tracks = self._unknown()
        self._idle: simpy.Event | None = None
        n = len(shield.scenario.courses)
        self.ever = np.zeros(n, dtype=bool)
        self._news = np.zeros((8 * n + 8, 2), dtype=np.int64)
        self._reported_s = -math.inf
        shield.env.process(self._work())

    @property
    def name(self) -> str:
        return self.sensor.name

    def _unknown(self) -> scan.Tracks:
        """What it knows at the beginning: nothing."""
        shield = self.shield
        n = len(shield.scenario.courses)
        return scan.Tracks(
            np.full(n, np.inf), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n),
            shield.luck.limits(f"found by {self.name}", n, shield.scenario.goal),
            np.full(n, np.nan), np.full(n, -np.inf), np.full(n, np.nan), np.full(n, -1, dtype=np.int64),
            np.zeros((n, tracking.RECORD)), np.zeros((n, 12)),
        )  # fmt: skip

    def _drawn_face(self) -> scan.Face:
        face, luck = self.shield.scenario.faces[self.number], self.shield.luck
        row = face.rows[0]
        sizes = np.array([row[columns.OFFSET], row[columns.SKEW], row[columns.SKEW]])
        biases = sizes[:, None] * luck.normal(f"bias of {self.name}", (3, 2))
        return face._replace(biases=biases, noise=luck.normal(f"noise of {self.name}", face.noise.shape))

    def _next_s(self, now: float) -> float:
        """When next something may be seen, at the earliest."""
        begin = self.shield.bodies.starts + self.face.first
        end = begin + self.face.seconds + 2 * scan.TURN
        coming = begin[(self.face.seconds > 0) & (end > now)]
        return float(coming.min()) if len(coming) else math.inf

    def _work(self) -> Generator[Any, Any, None]:
        env = self.shield.env
        while True:
            coming = self._next_s(env.now)
            self._idle = env.event()
            if math.isinf(coming):
                yield self._idle
                continue
            # A missile may join the raid meanwhile.
            yield env.timeout(max(scan.TURN, math.floor(coming) - env.now)) | self._idle
            wait = math.ceil(env.now) - env.now
            if wait > 0.0:
                yield env.timeout(wait)
            while self.down or self._turn(env.now):
                yield env.timeout(scan.TURN)

    def _turn(self, now: float) -> bool:
        """Look for a second; whether there is anything to look at."""
        shield = self.shield
        count, near, self.load = scan.scan(now, self.face, shield.bodies, self.tracks, WGS84, self._news)
        if count == 0 and self.load == self._resting:
            return near > 0
        self.worst_load = max(self.worst_load, self.load)
        if (self.load > 1.0) != self._saturated:
            self._saturated = self.load > 1.0
            shield.tell(self.name, "saturated" if self._saturated else "relieved", load=self.load)
        hasten = False
        for missile, what in self._news[:count].tolist():
            event = shield.tell(
                self.name, _NEWS[what], missile, self._events.get(missile, shield.threats[missile].event)
            )
            self._events[missile] = event
            if what == scan.FOUND:
                self.ever[missile] = True
                self._send("found", (missile,), None, event)
            elif what == scan.LOST:
                self._send("lost", (missile,), None, event)
            hasten = hasten or what in (scan.TRACKED, scan.TOLD_APART)
        if hasten or now - self._reported_s >= self.link.report_interval_s:
            self._report(now)
        return near > 0

    def _report(self, now: float) -> None:
        """Tell all about every track that is held and adds up to something."""
        tracks = self.tracks
        held = np.flatnonzero(
            (tracks.records[:, 0] > 0.0) & (tracks.seen >= now - scan.TURN) & (tracks.leader < 0)
        )
        if self.link.passes == "cue" or not len(held):
            return
        self._reported_s = now
        apart = ~np.isnan(tracks.apart[held])
        body = (tracks.records[held], tracks.sums[held], apart)
        cause = max(self._events.get(int(i), -1) for i in held)
        self._send("report", tuple(int(i) for i in held), body, cause)

    def _send(self, kind: str, missiles: tuple[int, ...], body: Any, cause: int) -> None:
        if self.link.withdrawn:
            return
        message = Message(kind, self.name, self.shield.now, missiles, body, cause)
        self.link.send(message, self.shield.command.hear)

    def join(self) -> None:
        """Take in a missile that has joined the raid."""
        self.face = self._drawn_face()
        more = self._unknown()
        n = len(self.tracks.found)
        self.tracks = scan.Tracks(
            *(np.concatenate([old, new[n:]]) for old, new in zip(self.tracks, more, strict=True))
        )
        self.ever = np.append(self.ever, False)
        self._news = np.zeros((8 * n + 16, 2), dtype=np.int64)
        if self._idle is not None and not self._idle.triggered:
            self._idle.succeed()

    def assess(self, interceptor: Interceptor) -> None:
        """Tell what has become of a missile that it held when an interceptor met it."""
        if not self.down:
            missile = interceptor.order.missile
            what = "saw a hit" if interceptor.outcome == HIT else "saw a miss"
            event = self.shield.tell(self.name, what, missile, interceptor.event)
            self._send("outcome", (missile,), interceptor, event)

    def hear(self, message: Message) -> None:
        """Be told where to look."""
        if self.down:
            return
        tracks, now = self.tracks, self.shield.now
        for missile in message.missiles:
            sight = self.shield.scenario.sights[self.number][missile]
            if not len(sight.looks) or not math.isnan(tracks.found[missile]):
                continue
            place, drift = message.body[missile]
            since = self.shield.bodies.starts[missile] + self.shield.bodies.burnouts[missile]
            late = max(0.0, now - since)
            known = not math.isinf(tracks.told[missile])
            if known and math.hypot(tracks.place[missile], tracks.drift[missile] * late) <= place:
                continue
            self._events[missile] = self.shield.tell(
                self.name, "told where to look", missile, message.cause, error_km=place / 1e3,
                sent_s=message.sent_s,
            )  # fmt: skip
            tracks.told[missile] = min(float(tracks.told[missile]), now + sight.swing_s)
            tracks.place[missile], tracks.drift[missile] = place, drift
            tracks.since[missile] = since if place != HANDED_ON else now

    def fail(self, cause: int) -> None:
        """Go down: every track is lost, and so is what it would have told."""
        self.down = True
        tracks = self.tracks
        held = ~np.isnan(tracks.found)
        tracks.found[held], tracks.missed[held] = np.nan, 0.0
        self._events.update(dict.fromkeys(range(len(held)), cause))

    def restore(self, cause: int) -> None:
        """Work again."""
        self.down = False
        self._events.update(dict.fromkeys(range(len(self.tracks.found)), cause))

    def sees(self, missile: int) -> bool:
        """Whether it holds a missile, or what is left of it, in view."""
        return not self.down and not math.isnan(self.tracks.found[missile])
