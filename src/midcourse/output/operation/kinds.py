"""The kinds of event in the record of a run: who tells them, what they mean, what they carry.

The JSON Schema of the record, the reading of it and the docs all rest on this one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Teller = Literal["threat", "satellite", "radar", "command", "site", "interceptor", "link", "incident"]

#: Who may tell an event, and what its ``node`` then reads.
TELLERS: dict[Teller, tuple[str, str]] = {
    "threat": (r"M\d+", "a missile of the raid"),
    "satellite": (r"satellite", "the warning satellites together"),
    "radar": (r".+", "a radar, by the name that the architecture gives it"),
    "command": (r"command", "command and control"),
    "site": (r".+", "an interceptor site, by the name of its battery"),
    "interceptor": (r"I\d+", "an interceptor, numbered in the order of launches"),
    "link": (r"link .+", "the link of the sensor named"),
    "incident": (r"incident", "what befalls the shield from outside"),
}

#: JSON type of what an event may carry, and what it is. Times are seconds after the raid begins.
FIELDS: dict[str, tuple[str, str]] = {
    "event": ("integer", "Number of the event; the first is 0, and each is one more than the last."),
    "time_s": ("number", "When it happened."),
    "node": ("string", "Who tells it."),
    "kind": ("string", "What happened."),
    "missile": ("string", "The missile it is about, by its name in the header."),
    "cause": ("integer", "Number of the earlier event that it comes from."),
    "lat_deg": ("number", "Geodetic latitude of the place, true or believed."),
    "lon_deg": ("number", "Longitude of the place, true or believed."),
    "altitude_km": ("number", "Altitude of the place, true or believed."),
    "stage": ("integer", "The stage that is spent; 1 burns first."),
    "target": ("string", "Where the missile comes down."),
    "error_km": ("number", "How far off the place told may be, one sigma."),
    "by": ("string", "Who told it."),
    "sent_s": ("number", "When the message that brought it was sent."),
    "other": ("string", "The missile that the report was taken to be about."),
    "sigma_km": ("number", "One sigma of the place believed, root of the sum over three axes."),
    "off_km": ("number", "How far what is believed lies from the truth."),
    "impact_lat_deg": ("number", "Latitude of the believed point of impact."),
    "impact_lon_deg": ("number", "Longitude of the believed point of impact."),
    "impact_sigma_km": (
        "number",
        "One sigma of the believed point of impact, root of the sum over two axes.",
    ),
    "launch_s": ("number", "When the interceptor is to leave."),
    "meet_s": ("number", "When the interceptor is to meet the missile."),
    "batteries": ("strings", "The batteries that can meet the missile."),
    "battery": ("string", "The battery that is to launch."),
    "shot": ("integer", "Which interceptor at this missile it is; 1 is the first."),
    "left": ("integer", "Interceptors that are left."),
    "load": ("number", "The time that a radar's work asks for, as a share of what it has."),
    "interceptor": ("string", "The interceptor that leaves."),
    "why": ("string", "Why it did not leave."),
    "site": ("string", "Where it leaves from."),
    "flight_s": ("number", "How long it is to fly."),
    "closing_km_s": ("number", "Speed at which it is to meet the missile."),
    "update": ("integer", "Which update in flight it is."),
    "moved_km": ("number", "By how much the update moves the point of aim."),
    "turned_m_s": ("number", "Change of speed spent on following it."),
    "divert_spent_m_s": ("number", "Change of speed spent on all updates so far."),
    "what": ("string", "What message is lost, or what part of the shield is befallen."),
    "by_s": ("number", "By how much more a sensor's messages are delayed."),
}

_PLACE = ("lat_deg", "lon_deg", "altitude_km")
_BELIEF = (*_PLACE, "sigma_km", "off_km", "impact_lat_deg", "impact_lon_deg", "impact_sigma_km")
#: Carried by every event, and by those that have them.
ALWAYS, SOMETIMES = ("event", "time_s", "node", "kind"), ("cause",)


@dataclass(frozen=True)
class Kind:
    """A kind of event.

    Attributes
    ----------
    sentence : what it means
    fields : what it carries beside what every event does
    about_missile : whether it is about one missile
    """

    teller: Teller
    name: str
    sentence: str
    fields: tuple[str, ...] = ()
    about_missile: bool = True


KINDS: tuple[Kind, ...] = (
    Kind("threat", "launch", "A missile leaves the ground.", _PLACE),
    Kind("threat", "stage burnout", "A stage but the last is spent and falls away.", ("stage", *_PLACE)),
    Kind("threat", "burnout", "The last stage is spent: from here the warhead flies free.", _PLACE),
    Kind("threat", "impact", "The missile comes down where it was aimed: it got through.", ("target",)),
    Kind("threat", "destroyed", "The missile was hit, and ends in flight."),
    Kind("satellite", "launch declared", "Early warning declares a launch and its place.", ("error_km",)),
    Kind(
        "radar", "told where to look", "A radar is told where to look for a missile.", ("error_km", "sent_s")
    ),
    Kind("radar", "found", "A radar finds a missile: its echo stands out for the first time."),
    Kind("radar", "tracked", "The radar has looked often enough to follow the missile: a track."),
    Kind("radar", "objects told apart", "The radar tells the warhead from the spent stage."),
    Kind("radar", "lost", "The radar has not seen the missile for so long that it drops the track."),
    Kind(
        "radar", "hidden beside another",
        "The radar cannot tell two missiles apart: they stand in one beam and one range cell.",
    ),
    Kind("radar", "alone again", "Two missiles that the radar saw as one have come apart."),
    Kind(
        "radar", "saturated", "The radar's work asks for more time than it has: it looks less often.",
        ("load",), False,
    ),
    Kind("radar", "relieved", "The radar's work fits into its time again.", ("load",), False),
    Kind("radar", "saw a hit", "A radar that held the missile sees that it was hit."),
    Kind("radar", "saw a miss", "A radar that held the missile sees that it was not hit."),
    Kind("command", "told of launch", "It hears that a launch was declared.", ("by", "sent_s")),
    Kind("command", "told of detection", "It hears that a radar has found a missile.", ("by", "sent_s")),
    Kind("command", "told of loss", "It hears that a radar has lost a missile.", ("by", "sent_s")),
    Kind("command", "track taken over", "It takes over a radar's track of a missile.", ("by", "sent_s")),
    Kind("command", "warhead known", "It knows for the first time which object is the warhead."),
    Kind(
        "command", "believes",
        "Where it believes the missile is and will come down, and how far that may be off.", _BELIEF,
    ),
    Kind(
        "command", "report mistaken", "It takes a report of one missile to be about another, and loses it.",
        ("by", "other"),
    ),
    Kind("command", "nothing heard", "A sensor that was counted on has fallen silent.", ("by",), False),
    Kind("command", "heard again", "A silent sensor is heard again.", ("by",), False),
    Kind(
        "command", "launch foreseen", "The track, if it goes on like this, will be good enough to launch.",
        ("launch_s", "batteries"),
    ),
    Kind(
        "command", "launch ordered", "It orders an interceptor, and says when it is to leave and to meet.",
        ("battery", "launch_s", "meet_s", "shot"),
    ),
    Kind("command", "held back", "It could launch but has no interceptor to spare for it.", ("left",)),
    Kind("command", "hit known", "It hears that the missile was hit.", ("by",)),
    Kind("command", "miss known", "It hears that the interceptor did not hit.", ("by",)),
    Kind("command", "outcome unknown", "Nobody has told it what became of an interceptor by now."),
    Kind("site", "launched", "An interceptor site carries out an order.", ("interceptor", "left")),
    Kind("site", "not launched", "A site cannot carry out an order.", ("why",)),
    Kind(
        "interceptor", "left", "An interceptor leaves its silo.",
        ("site", "meet_s", "flight_s", "closing_km_s"),
    ),
    Kind(
        "interceptor", "updated", "It is told a better track, and turns toward it.",
        ("update", "moved_km", "turned_m_s"),
    ),
    Kind(
        "interceptor", "seeker opened", "It begins to look for itself, so far off its target.",
        ("off_km", "divert_spent_m_s"),
    ),
    Kind("interceptor", "hit", "It hits the warhead."),
    Kind("interceptor", "missed", "It meets the warhead and does not hit it."),
    Kind("interceptor", "wrong object", "It meets another object than the warhead."),
    Kind("interceptor", "target outside its view", "Its target was outside what it could see."),
    Kind("interceptor", "out of divert", "It could not turn as far as it had to."),
    Kind("interceptor", "target gone", "Its target had ended before it came."),
    Kind("link", "message lost", "A message does not arrive.", ("what",), False),
    Kind("incident", "fail", "A part of the shield goes down.", ("what",), False),
    Kind("incident", "restore", "A part of the shield works again.", ("what",), False),
    Kind("incident", "withdraw", "A sensor's owner stops sharing what it sees.", ("what",), False),
    Kind("incident", "share", "A sensor's owner shares again.", ("what",), False),
    Kind("incident", "delay", "What a sensor says arrives later from now on.", ("what", "by_s"), False),
    Kind("incident", "launch", "One missile more joins the raid.", ("what",), False),
)  # fmt: skip

#: Kinds by which an interceptor ends.
ENDS = ("hit", "missed", "wrong object", "target outside its view", "out of divert", "target gone")

_TYPES: dict[str, tuple[type, ...]] = {"integer": (int,), "number": (int, float), "string": (str,)}


def teller_of(kind: str, node: str) -> Teller | None:
    """Who tells an event of a kind, by its node; None where nobody of that name does."""
    found = (each.teller for each in KINDS if each.name == kind)
    return next((each for each in found if re.fullmatch(TELLERS[each][0], node)), None)


def kind_of(event: dict[str, Any]) -> Kind | None:
    """The kind of an event."""
    name, node = event.get("kind"), event.get("node")
    if not isinstance(name, str) or not isinstance(node, str):
        return None
    teller = teller_of(name, node)
    return next((each for each in KINDS if each.name == name and each.teller == teller), None)


def faults(event: dict[str, Any]) -> Iterator[str]:
    """What is wrong with an event of a known kind, beside its kind."""
    kind = kind_of(event)
    assert kind is not None
    wanted = (*ALWAYS, *(("missile",) if kind.about_missile else ()), *kind.fields)
    for name in wanted:
        if name not in event:
            yield f"{name} is missing"
    for name, value in event.items():
        if name not in wanted and name not in SOMETIMES:
            yield f"{name} does not belong there"
        elif not _fits(value, FIELDS[name][0]):
            yield f"{name} is not {'a list of names' if FIELDS[name][0] == 'strings' else FIELDS[name][0]}"


def _fits(value: Any, kind: str) -> bool:
    if kind == "strings":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, _TYPES[kind]) and not isinstance(value, bool)


def event_schemas() -> dict[str, dict[str, Any]]:
    """A JSON Schema for every kind, by its title."""
    return {f"{each.teller}: {each.name}": _schema(each) for each in KINDS}


def _schema(kind: Kind) -> dict[str, Any]:
    pattern = TELLERS[kind.teller][0]
    names = (*ALWAYS, *(("missile",) if kind.about_missile else ()), *kind.fields)
    properties = {name: _property(name) for name in (*names, *SOMETIMES)}
    properties["kind"] = {"const": kind.name}
    if re.fullmatch(r"\w+", pattern):
        properties["node"] = {"const": pattern}
    else:
        properties["node"] |= {"pattern": f"^{pattern}$"}
    return {
        "title": kind.name,
        "description": kind.sentence,
        "type": "object",
        "properties": properties,
        "required": list(names),
        "additionalProperties": False,
    }


def _property(name: str) -> dict[str, Any]:
    kind, description = FIELDS[name]
    if kind == "strings":
        return {"description": description, "type": "array", "items": {"type": "string"}}
    least = {"minimum": 0} if name in ("event", "cause") else {}
    return {"description": description, "type": kind, **least}


def table() -> str:
    """The kinds as a table in Markdown, for the docs."""
    lines = ["| told by | kind | what it means | carries |", "|---|---|---|---|"]
    for each in KINDS:
        carried = ", ".join(f"`{name}`" for name in each.fields)
        lines.append(f"| {each.teller} | {each.name} | {each.sentence} | {carried} |")
    return "\n".join(lines) + "\n"
