"""What a watched flight, and all flights of a threat, come to, in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from midcourse.output import numbers

Document = dict[str, Any]
#: What happens to a flight, by the keys of the document of all flights of a threat.
STEPS = {
    "first_sight": "First seen by a radar",
    "track": "Warhead in track",
    "commit": "Launch allowed",
    "intercept": "First intercept",
    "battle_space": "Battle space, first to last launch",
}
MOST_NAMED = 2  # sensors that are told of beside the first
TO_THE_END = 5.0  # s before re-entry from which a track counts as kept to the end


def seconds(value: float) -> str:
    """A time in whole seconds: 1,013 s."""
    return f"{value:,.0f}{numbers.NARROW_SPACE}s"


def short_place(title: str) -> str:
    """A place's name without its country: Brdy."""
    return title.partition(",")[0].partition(" (")[0].strip()


def sensor_names(sensors: Sequence[Document]) -> dict[str, str]:
    """What to call each sensor: its place, or its own name where a place has several."""
    places = Counter(each["place"] for each in sensors)
    return {
        each["sensor"]: short_place(each["place"]) if places[each["place"]] == 1 else each["sensor"]
        for each in sensors
    }


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def flight_finding(document: Document) -> str:
    """Who sees a flight when, and from when interceptors can leave."""
    names = sensor_names(document["sensors"])
    seen = sorted(
        (each for each in document["sensors"] if each["first_seen_s"] is not None),
        key=lambda each: float(each["first_seen_s"]),
    )
    if not seen:
        return "No radar sees it, and no interceptor can be launched."
    first, *others = seen
    sight = f"{names[first['sensor']]} sees it {seconds(first['first_seen_s'])} after launch"
    parts = [sight + _until(first, document)]
    tracking = [each for each in others if each["intervals_s"]]
    parts += [
        f"{names[each['sensor']]}{'' if number else ' tracks it'} from {each['intervals_s'][0][0]:,.0f} to "
        f"{seconds(each['intervals_s'][-1][1])}"
        for number, each in enumerate(tracking[:MOST_NAMED])
    ]
    sentence = f"{parts[0]}; {', '.join(parts[1:])}." if parts[1:] else f"{parts[0]}."
    return f"{sentence} {_answer(document)}"


def _until(sensor: Document, document: Document) -> str:
    if not sensor["intervals_s"]:
        return " but gets no track of it"
    end = sensor["intervals_s"][-1][1]
    if end >= document["reentry_s"] - TO_THE_END:
        return " and keeps it until it falls into the air"
    return f" and loses it at {seconds(end)}"


def _answer(document: Document) -> str:
    """What the interceptors can do about it."""
    if not document["engageable"] or document["commit_s"] is None:
        return "No interceptor can meet it."
    turns = " in turn" if document["shots"] > 1 else ""
    return (
        f"Interceptors can leave from {seconds(document['commit_s'])}: "
        f"{numbers.counted(document['shots'], 'shot')}{turns}."
    )


def timeline_finding(document: Document) -> str:
    """From when each architecture can launch against all flights of a threat, and how many it gets to."""
    acting = sorted(
        (each for each in document["architectures"] if each["commit"]["median_s"] is not None),
        key=lambda each: (-round(each["commit"]["share"], 2), each["commit"]["median_s"]),
    )
    never = [each["architecture"] for each in document["architectures"] if each not in acting]
    parts = []
    told = None
    for each in acting:
        share, median = numbers.share(each["commit"]["share"]), seconds(each["commit"]["median_s"])
        if told is None:
            leave = f"interceptors can leave against {share} of the flights"
            parts.append(f"with {each['architecture']}, {leave}, at the median {median} after launch")
        elif share == told:
            parts.append(f"with {each['architecture']} {median}")
        else:
            parts.append(f"with {each['architecture']} against {share}, {median}")
        told = share
    if never:
        parts.append(
            f"with {listed(never)} against none"
            if acting
            else f"no interceptor can leave with {listed(never)}"
        )
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."
