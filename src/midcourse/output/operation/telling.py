"""A run in words: what it comes to, and its events as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import numbers
from ..findings import seconds, sensor_names
from .document import Event, FatePart, Header, Recorded
from .kinds import kind_of
from .lanes import shots_of

#: An event of these kinds, by teller and name, as a sentence; the others are steps on the way.
SENTENCES: dict[str, str] = {
    "threat: launch": "{missile} leaves {from} for {to}.",
    "threat: burnout": "Its last stage is spent at {altitude_km}; from here it flies free.",
    "threat: impact": "{missile} comes down at {target}.",
    "satellite: launch declared": "Early warning declares the launch of {missile}, placed to {error_km}.",
    "radar: found": "{node} finds {missile}.",
    "radar: objects told apart": "{node} tells the warhead of {missile} from its spent stage.",
    "radar: lost": "{node} loses {missile}.",
    "radar: hidden beside another": "{node} cannot tell {missile} from another missile beside it.",
    "radar: alone again": "{node} sees {missile} by itself again.",
    "radar: saturated": "{node} is saturated: its work asks for {load} of its time.",
    "radar: relieved": "{node} has time for its work again.",
    "command: track taken over": "Command and control has a track of {missile} from {by}.",
    "command: warhead known": "Command and control knows the warhead of {missile} from its spent stage.",
    "command: report mistaken": "Command and control takes a report of {missile} by {by} for one of {other}.",
    "command: nothing heard": "Command and control hears nothing from {by}, and counts on it no more.",
    "command: heard again": "Command and control hears {by} again.",
    "command: launch ordered": "Interceptor {shot} against {missile} is ordered at {battery}: to leave at "
    "{launch_s}, to meet at {meet_s}.",
    "command: held back": "No interceptor can be spared for {missile}; {left} are left to give.",
    "command: hit known": "Command and control hears from {by} that {missile} was hit.",
    "command: miss known": "Command and control hears from {by} that {missile} flies on.",
    "command: outcome unknown": "Nobody tells command and control how a shot at {missile} ended.",
    "site: not launched": "{node} cannot launch against {missile}: {why}.",
    "site: launched": "{interceptor} leaves {node} against {missile}; {left} left there.",
    "interceptor: left": "{node} is to meet {missile} in {flight_s}, closing at {closing_km_s}.",
    "interceptor: seeker opened": "The seeker of {node} opens {off_km} off {missile}; {divert_spent_m_s} are "
    "spent on turning.",
    "interceptor: hit": "{node} hits {missile}.",
    "interceptor: missed": "{node} meets the warhead of {missile} and misses.",
    "interceptor: wrong object": "{node} meets another object than the warhead of {missile}.",
    "interceptor: target outside its view": "{node} does not see {missile}: it is outside its view.",
    "interceptor: out of divert": "{node} cannot turn as far as it would have to, and passes {missile}.",
    "interceptor: target gone": "{node} finds {missile} gone.",
    "incident: fail": "{what} goes down.",
    "incident: restore": "{what} works again.",
    "incident: withdraw": "What {what} sees is not shared any more.",
    "incident: share": "What {what} sees is shared again.",
    "incident: delay": "What {what} tells arrives {by_s} later from here on.",
    "incident: launch": "One missile more joins the raid: {what}.",
}

#: How a cause reads in a sentence about a missile.
CAUSES = {
    "never seen": "no radar ever saw it",
    "command never told": "radars followed it, but command was never told where it flew",
    "seen too late": "it was seen too late for an interceptor to get there",
    "track too poor": "no track was ever good enough to launch on",
    "out of reach": "no interceptor reaches its flight",
    "out of interceptors": "no interceptor was left for it",
    "site down": "the sites that could meet it were down",
    "missed": "interceptors were sent and did not hit",
    "wrong object": "interceptors met another object than the warhead",
}


@dataclass(frozen=True)
class Sentences:
    """Puts events in words, one by one."""

    header: Header

    @cached_property
    def names(self) -> dict[str, str]:
        """What to call sensors, batteries and missiles."""
        return names_of(self.header)

    def of(self, event: Event) -> str | None:
        """An event as a sentence; None where it is but a step on the way."""
        kind = kind_of(event)
        assert kind is not None
        pattern = SENTENCES.get(f"{kind.teller}: {kind.name}")
        if pattern is None:
            return None
        told = {name: self._told(name, value) for name, value in event.items()}
        missile = next((each for each in self.header.raid if each.name == event.get("missile")), None)
        if missile is not None:
            told |= {"from": missile.from_.name, "to": missile.to.name}
        sentence = pattern.format_map(told)
        return f"{sentence[0].upper()}{sentence[1:]}"

    def _told(self, name: str, value: Any) -> str:
        if name == "load":
            return numbers.share(value)
        for ending, form in _FORMS.items():
            if name.endswith(ending):
                return form(value)
        if name == "why":
            return str(value)
        return self.names.get(str(value), str(value))


@dataclass(frozen=True)
class Teller:
    """Puts a run in words."""

    run: Recorded

    @cached_property
    def sentences(self) -> Sentences:
        return Sentences(self.run.header)

    @property
    def names(self) -> dict[str, str]:
        """What to call sensors, batteries and missiles."""
        return self.sentences.names

    def story(self, missile: str) -> Iterator[tuple[float, str]]:
        """What happened to a missile, with the times. Of radars that drop what was hit nothing is said."""
        ended = next(each.ended_s for each in self.run.summary.fates if each.missile == missile)
        for event in self.run.of(missile):
            if event["kind"] == "lost" and event["time_s"] >= ended:
                continue
            sentence = self.sentences.of(event)
            if sentence is not None:
                yield event["time_s"], sentence

    def turns(self) -> Iterator[tuple[float, str]]:
        """What happened to the shield as a whole, with the times."""
        for event in self.run.events:
            if "missile" not in event:
                sentence = self.sentences.of(event)
                if sentence is not None:
                    yield event["time_s"], sentence

    def fate(self, fate: FatePart) -> str:
        """What became of a missile."""
        if fate.cause is None:
            shots = shots_of(self.run)[fate.missile]
            which = next(number for number, shot in enumerate(shots, start=1) if shot.end == "hit")
            return f"hit at {seconds(fate.ended_s)} by the {ordinal(which)} interceptor sent"
        return f"got through at {seconds(fate.ended_s)}: {CAUSES.get(fate.cause, fate.cause)}"


def names_of(header: Header) -> dict[str, str]:
    """What to call sensors and batteries: their places, or their own names where a place has several."""
    radars, batteries = (
        sensor_names([{"sensor": each.name, "place": each.site.name} for each in parts])
        for parts in (header.sensors, header.batteries)
    )
    return {**radars, **batteries, "command": "command and control", "satellite": "early warning"}


def finding(run: Recorded) -> str:
    """What a run comes to."""
    s = run.summary
    leaked = [each for each in s.fates if each.cause is not None]
    spent = numbers.counted(sum(s.spent.values()), "interceptor")
    if not leaked:
        who = "The missile is" if s.launched == 1 else f"All {s.launched} missiles are"
        return f"{who} stopped, with {spent}."
    causes = sorted(s.causes.items(), key=lambda each: -each[1])
    why = ", ".join(f"{count} {cause}" if len(causes) > 1 else cause for cause, count in causes)
    if len(leaked) == s.launched:
        through = "The missile gets through" if s.launched == 1 else f"All {s.launched} missiles get through"
    else:
        through = f"{len(leaked)} of {s.launched} missiles {'gets' if len(leaked) == 1 else 'get'} through"
    return f"{through} ({why}); {spent} spent."


def setting(run: Recorded) -> str:
    """What was run, in a sentence or two."""
    h = run.header
    have = sum(each.inventory for each in h.batteries)
    last = max((each.at_s for each in h.raid), default=0.0)
    leave = f" that leave within {seconds(last)}" if last > 0.0 else ""
    return (
        f"{h.title}, {numbers.counted(have, 'interceptor')}, against "
        f"{numbers.counted(len(h.raid), 'missile')}{leave}. One run by chance, seed {h.seed}, number "
        f"{h.run}: another ends otherwise."
    )


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ..."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def length(kilometres: float) -> str:
    """A distance in metres below a kilometre."""
    if abs(kilometres) < 1.0:
        return numbers.amount(1e3 * kilometres, "m", places=0)
    return numbers.amount(kilometres, "km", places=0 if abs(kilometres) >= 10.0 else 1)


def _speed(value: float) -> str:
    return numbers.amount(value, "km/s", places=1)


def _turning(value: float) -> str:
    return numbers.amount(value, "m/s", places=0)


# The longest ending first, for a speed's name ends as a time's does.
_FORMS: dict[str, Callable[[float], str]] = {"_km_s": _speed, "_m_s": _turning, "_km": length, "_s": seconds}
