"""What happens to the shield during a raid: ``[[incident]]`` tables, or a text for the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from . import parameter as p
from .book import Page
from .checks import unknown
from .defence import Architecture
from .dossier import Dossier
from .errors import InputError, listing, nearest_names
from .explain import MISSING_KEY, validate
from .raid import INCIDENT, LAUNCH, Moment, Order, open_page, place, read_launches, read_tables, with_threat
from .table import Ref, Text

SATELLITE, COMMAND = "satellite", "command"

#: The kinds of part that may be told of, by what is done to them.
_PARTS: dict[str, tuple[str, ...]] = {
    "fail": ("sensor", "battery", "satellite", "link", "command"),
    "restore": ("sensor", "battery", "satellite", "link", "command"),
    "withdraw": ("sensor",),
    "share": ("sensor",),
    "delay": ("sensor",),
}
_NAMES = '"emr@brdy", a sensor\'s or battery\'s site, "satellite", "link NAME" or "command"'
_TEXTS = '"300 s fail emr@brdy", "300 s delay emr@brdy 30 s" or "300 s launch THREAT"'
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_DEEDS = "|".join((*_PARTS, LAUNCH))
_TEXT = re.compile(
    rf"\s*(?P<at>{_NUMBER}(?:\s*(?!(?:{_DEEDS})\b)[^\W\d]+)?)\s+(?P<do>\S+)\s*(?P<what>.*?)\s*", re.DOTALL
)
_DELAYED = re.compile(rf"(?P<what>.*\S)\s+(?P<by>{_NUMBER}\s*\S*)", re.DOTALL)


class _Written(Moment):
    """An incident as written."""

    at: p.Duration
    do: Literal["fail", "restore", "withdraw", "share", "delay", "launch"]
    what: Text | None = None
    by: p.PositiveDuration | None = None
    missile: Annotated[str, Ref("missile")] | None = None
    from_: Text | None = Field(default=None, alias="from")
    to: Text | None = None

    @model_validator(mode="after")
    def _agrees(self) -> _Written:
        launched = {"missile": self.missile, "from": self.from_, "to": self.to}
        given = [key for key, text in launched.items() if text is not None]
        if self.do == "delay" and self.by is None:
            raise InputError(MISSING_KEY, value="by", expected='by = "30 s"', key=("by",))
        if self.do != "delay" and self.by is not None:
            raise InputError(
                f'by beside do = "{self.do}"', expected='by with do = "delay" alone', key=("by",)
            )
        if given and self.do != LAUNCH:
            raise InputError(
                f'{given[0]} beside do = "{self.do}"', expected=f'{given[0]} with do = "launch" alone',
                key=(given[0],),
            )  # fmt: skip
        if given and self.what is not None:
            raise InputError(
                f"what beside {given[0]}", key=("what",),
                expected="the name of a threat, or else missile, from and to",
            )  # fmt: skip
        if self.do == LAUNCH and self.what is None:
            missing = next((key for key, text in launched.items() if text is None), None)
            if missing is not None:
                raise InputError(MISSING_KEY, value=missing, expected=f'{missing} = "..."', key=(missing,))
        elif self.what is None:
            raise InputError(MISSING_KEY, value="what", expected=f"what = {_NAMES}", key=("what",))
        return self


@dataclass(frozen=True)
class Incident:
    """Something that happens to the shield, or one missile more.

    Attributes
    ----------
    at_s : when, after the raid begins
    do : fail, restore, withdraw, share, delay or launch
    what : whom it befalls: a sensor or battery by name, "satellite", "link NAME" or "command"; of a launch
        the threat that is flown, by lot
    by_s : by how much a sensor's reports come later
    order : of a launch, the one missile
    where : where that is written, for errors
    """

    at_s: float
    do: str
    what: str
    by_s: float = 0.0
    order: Order | None = None
    where: str = ""


def read_incidents(path: Path, dossier: Dossier) -> tuple[Dossier, tuple[Incident, ...]]:
    """The incidents of a file, and the dossier with a threat for each launch; InputError with file and
    line.
    """
    page, tables = open_page(path, (INCIDENT,))
    return _incidents(page, tables, dossier, dossier)


def read_raid_and_incidents(
    path: Path, dossier: Dossier
) -> tuple[Dossier, tuple[Order, ...], tuple[Incident, ...]]:
    """The orders and incidents of a raid's file, and the dossier with a threat for each launch."""
    page, tables = open_page(path, (LAUNCH, INCIDENT))
    grown, orders = read_launches(page, tables, dossier)
    incidents: tuple[Incident, ...] = ()
    if INCIDENT in tables:
        grown, incidents = _incidents(page, tables, dossier, grown)
    return grown, orders, incidents


def parse_incident(text: str, dossier: Dossier, where: str = "--incident") -> Incident:
    """The incident that a text tells, such as "300 s fail emr@brdy"; InputError opening with ``where``."""
    match = _TEXT.fullmatch(text)
    if match is None or not match["what"]:
        raise InputError("{value} is no incident", value=text, where=where, expected=_TEXTS)
    written: dict[str, Any] = {key: part for key, part in match.groupdict().items() if part}
    delayed = _DELAYED.fullmatch(match["what"]) if match["do"] == "delay" else None
    read, found = validate(_Written, {**written, **(delayed.groupdict() if delayed else {})}, ())
    if not isinstance(read, _Written):
        error = found[0][1]
        if error.problem == MISSING_KEY:
            error.problem, error.value, error.expected = "{value} is no whole incident", text, _TEXTS
        raise error.placed(where, more=len(found) - 1)
    return _incident(read, dossier, where)


def _incidents(
    page: Page, tables: dict[str, Any], dossier: Dossier, grown: Dossier
) -> tuple[Dossier, tuple[Incident, ...]]:
    """The incidents of a page, and ``grown`` with a threat for each launch."""
    incidents = []
    for number, each in enumerate(read_tables(page, tables, INCIDENT, _Written), start=1):
        path = (INCIDENT, str(number))
        where = place(page, path)
        if each.missile is not None and each.from_ is not None and each.to is not None:
            grown, threat = with_threat(grown, dossier, page, path, each.missile, each.from_, each.to)
            incidents.append(_launch(each, threat, where))
        else:
            incidents.append(_incident(each, dossier, place(page, (*path, "what"))))
    return grown, tuple(incidents)


def _incident(written: _Written, dossier: Dossier, where: str) -> Incident:
    assert written.what is not None
    what = " ".join(written.what.split())
    if written.do != LAUNCH:
        by_s = 0.0 if written.by is None else written.by.value
        return Incident(written.at.value, written.do, what, by_s, where=where)
    if what not in dossier.threat:
        raise unknown("threat", what, dossier).placed(where)
    return _launch(written, what, where)


def _launch(written: _Written, threat: str, where: str) -> Incident:
    order = Order(threat, 1, written.at.value, where=where)
    return Incident(written.at.value, LAUNCH, threat, order=order, where=where)


def check_incidents(
    dossier: Dossier, architecture: str, incidents: Sequence[Incident]
) -> tuple[Incident, ...]:
    """The incidents by full names, not sites'; InputError for what the architecture does not have."""
    whole = dossier.resolved_architecture(architecture)
    return tuple(
        each if each.do == LAUNCH else replace(each, what=_found(each, whole, architecture))
        for each in incidents
    )


def _found(incident: Incident, whole: Architecture, architecture: str) -> str:
    """The full name of what an incident befalls."""
    wanted = _PARTS[incident.do]
    parts = [each for each in _parts(whole) if each[0] in wanted]
    matches = [each for each in parts if incident.what == each[1]]
    matches = matches or [each for each in parts if incident.what == each[2]]
    if len(matches) == 1:
        return matches[0][1]
    names = [name for _, name, _ in parts]
    if matches:
        both = " and ".join(f"{kind} {name}" for kind, name, _ in matches)
        raise InputError(
            f"{{value}} is {both} of {architecture}", value=incident.what, where=incident.where or None,
            expected="the one or the other by its own name",
        )  # fmt: skip
    asked = "sensor" if wanted == ("sensor",) else "part"
    known = [*names, *(site for _, _, site in parts if site)]
    raise InputError(
        f"{architecture} has no {asked} {{value}} to {incident.do}", value=incident.what,
        where=incident.where or None, expected=listing(names, most=24),
        nearest=nearest_names(incident.what, known),
    )  # fmt: skip


def _parts(whole: Architecture) -> Iterator[tuple[str, str, str]]:
    """Kind, name and site of everything that an architecture has; no site where it is not a place."""
    for sensor in whole.sensor:
        yield "sensor", sensor.name, sensor.site
    for battery in whole.battery:
        yield "battery", battery.name, battery.site
    if whole.satellite is not None:
        yield "satellite", SATELLITE, ""
    for link in dict.fromkeys(each.link for each in whole.sensor):
        if link is not None:
            yield "link", f"link {link}", ""
    yield "command", COMMAND, ""
