"""What has become of a raid: every missile and every interceptor accounted for once, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .interceptor import HIT, WRONG

if TYPE_CHECKING:
    from .shield import Shield

#: Why missiles get through.
NEVER_SEEN, NEVER_TOLD, TOO_LATE = "never seen", "command never told", "seen too late"
POOR_TRACK = "track too poor"
OUT_OF_REACH, OUT_OF_INTERCEPTORS, SITE_DOWN = "out of reach", "out of interceptors", "site down"
MISSED, WRONG_OBJECT = "missed", "wrong object"
CAUSES = (
    NEVER_SEEN, NEVER_TOLD, TOO_LATE, POOR_TRACK, OUT_OF_REACH, OUT_OF_INTERCEPTORS, SITE_DOWN, MISSED,
    WRONG_OBJECT,
)  # fmt: skip


@dataclass(frozen=True)
class Fate:
    """What has become of a missile: ``cause`` says why it got through, "" where it was hit."""

    missile: str
    start: str
    target: str
    launched_s: float
    ended_s: float
    cause: str
    shots: int


@dataclass(frozen=True)
class Moments:
    """When what was first done about a missile, if ever [s after the raid begins].

    Attributes
    ----------
    declared_s, track_s, order_s, interceptor_s : early warning declared its launch; command had a track; an
        interceptor was ordered; one left
    sights : when each radar that found it did so, the first one first
    """

    declared_s: float | None
    sights: dict[str, float]
    track_s: float | None
    order_s: float | None
    interceptor_s: float | None


@dataclass(frozen=True)
class Outcome:
    """What has become of a raid.

    Attributes
    ----------
    spent : interceptors by battery
    ends : how many interceptors ended how
    """

    fates: tuple[Fate, ...]
    spent: dict[str, int]
    left: dict[str, int]
    ends: dict[str, int]

    @property
    def leaked(self) -> int:
        return sum(1 for each in self.fates if each.cause)

    @property
    def causes(self) -> dict[str, int]:
        """How many got through why."""
        found = [each.cause for each in self.fates]
        return {cause: found.count(cause) for cause in CAUSES if cause in found}


def outcome_of(shield: Shield) -> Outcome:
    """The outcome of a run that has ended."""
    fates = []
    for i, threat in enumerate(shield.threats):
        course = threat.course
        cause = "" if threat.ended == "hit" else _cause(shield, i)
        shots = sum(1 for each in shield.interceptors if each.order.missile == i)
        ended = float(shield.bodies.starts[i] + shield.bodies.ends[i])
        fates.append(Fate(course.name, course.start, course.target, course.at_s, ended, cause, shots))
    ends = [each.outcome for each in shield.interceptors]
    return Outcome(
        tuple(fates),
        {each.name: each.battery.inventory - each.left for each in shield.sites},
        {each.name: each.left for each in shield.sites},
        {end: ends.count(end) for end in sorted(set(ends))},
    )


def moments_of(shield: Shield) -> dict[str, Moments]:
    """The first moments of every missile of a run whose events were kept."""
    first: dict[tuple[str, str], float] = {}
    sights: dict[str, dict[str, float]] = {each.name: {} for each in shield.scenario.courses}
    for event in shield.record.events:
        missile = event.get("missile", "")
        first.setdefault((missile, event["kind"]), event["time_s"])
        if event["kind"] == "found":
            sights[missile].setdefault(event["node"], event["time_s"])
    return {
        name: Moments(
            first.get((name, "launch declared")), seen, first.get((name, "track taken over")),
            first.get((name, "launch ordered")), first.get((name, "launched")),
        )
        for name, seen in sights.items()
    }  # fmt: skip


def _cause(shield: Shield, missile: int) -> str:
    """Why a missile got through."""
    ends = [each.outcome for each in shield.interceptors if each.order.missile == missile]
    if ends:
        assert HIT not in ends
        return WRONG_OBJECT if all(end == WRONG for end in ends) else MISSED
    arms = shield.scenario.arms[missile]
    track = shield.command.tracks[missile]
    if all(arm is None for arm in arms):
        return OUT_OF_REACH
    if not any(each.ever[missile] for each in shield.radars):
        return NEVER_SEEN
    if not shield.command.picture.tracked(missile):
        return NEVER_TOLD if any(each.followed(missile) for each in shield.radars) else POOR_TRACK
    able = [site for site, arm in zip(shield.sites, arms, strict=True) if arm is not None]
    if all(each.down for each in able):
        return SITE_DOWN
    if track.held or all(each.left <= shield.scenario.doctrine.reserve for each in able):
        return OUT_OF_INTERCEPTORS
    return POOR_TRACK if track.timely else TOO_LATE
