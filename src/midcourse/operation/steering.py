"""Commands to a live run, read: every mistake in them is told in one line."""

from __future__ import annotations

import re
from typing import Any

from ..dossier.errors import InputError, listing, nearest_names
from ..dossier.incident import Incident, check_incidents, parse_incident
from .scenario import Scenario

#: What can be commanded, and what goes with it.
COMMANDS: dict[str, str | None] = {
    "pause": None, "resume": None, "step": "seconds", "speed": "speed", "inject": "incident", "state": None,
}  # fmt: skip
#: Simulated seconds a second: faster than any run, and still a number.
FASTEST = 1e6
_STEP = 86400.0
_DO = '{"do": "pause"}'
_INCIDENT = '"fail emr@brdy", "delay emr@brdy 30 s" or "launch THREAT"'
_PARTS = ("do", "what", "by")
_TIMED = re.compile(r"\s*[+-]?[\d.]")


def read_command(command: object) -> tuple[str, Any]:
    """What is to be done, and with what; InputError for what is no command."""
    if not isinstance(command, dict):
        raise InputError("not a command", value="null" if command is None else command, expected=_DO)
    if "do" not in command:
        raise InputError("missing key", value="do", expected=_DO)
    do = command["do"]
    if not isinstance(do, str) or do not in COMMANDS:
        raise InputError(
            "unknown command", value=do, where="do", expected=listing(COMMANDS),
            nearest=nearest_names(do, COMMANDS) if isinstance(do, str) else (),
        )  # fmt: skip
    key = COMMANDS[do]
    for each in command:
        if each not in ("do", key):
            known = ["do", *([key] if key else [])]
            raise InputError(
                f"unknown key beside do = {do}", value=each, expected=listing(known),
                nearest=nearest_names(each, known),
            )  # fmt: skip
    value = command.get(key) if key else None
    if key == "speed":
        value = read_number(value, "speed", FASTEST, "20")
    elif key == "seconds" and value is not None:
        value = read_number(value, "seconds", _STEP, "10")
    elif key == "incident" and value is None:
        raise InputError("missing key", value="incident", expected=_INCIDENT)
    return do, value


def read_number(value: object, where: str, most: float, example: str) -> float:
    """A number above zero."""
    expected = f"a number above 0 and up to {most:,.0f}, such as {example}"
    if value is None:
        raise InputError("missing key", value=where, expected=expected)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most:
        return float(value)
    raise InputError("{value} cannot be used", where=where, value=value, expected=expected)


def read_injection(written: object, second: int, scenario: Scenario) -> Incident:
    """The incident that is to happen at a second: as text without a time, or as a table of its words."""
    where = "incident"
    if isinstance(written, dict):
        for each in written:
            if each not in _PARTS:
                raise InputError(
                    "unknown key", value=each, where=where, expected=listing(_PARTS),
                    nearest=nearest_names(each, _PARTS),
                )  # fmt: skip
        for each in _PARTS[:2]:
            if each not in written:
                raise InputError(
                    "missing key", value=each, where=where, expected='{"do": "fail", "what": "emr@brdy"}'
                )
        for each, part in written.items():
            if not isinstance(part, str) or not part.strip():
                raise InputError(
                    "{value} cannot be used", value=part, where=f"{where}.{each}", expected="a text"
                )
        text = " ".join(written[each] for each in _PARTS if each in written)
    elif isinstance(written, str):
        text = written
    else:
        raise InputError("{value} is no incident", value=written, where=where, expected=_INCIDENT)
    if _TIMED.match(text):
        raise InputError(
            "{value} begins with a time",
            value=text,
            where=where,
            expected=f"no time: it happens next; {_INCIDENT}",
        )
    timed = f"{second} s {text}"
    try:
        incident = parse_incident(timed, scenario.dossier, where)
    except InputError as error:
        if error.value == timed:
            error.value, error.expected = text, _INCIDENT
        raise
    return check_incidents(scenario.dossier, scenario.architecture, [incident])[0]
