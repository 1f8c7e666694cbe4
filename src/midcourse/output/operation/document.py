"""The record of a run as data: header and summary, the events between them, and the JSON Schema of all.

The schema ships as ``run.schema.json``, made by ``scripts/make_schema.py``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from .kinds import event_schemas

FORMAT: Final = "midcourse-run-1"
SCHEMA_NAME: Final = "run.schema.json"
SHIPPED_SCHEMA = Path(__file__).parent.parent / "data" / SCHEMA_NAME

Event = dict[str, Any]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Field(ge=-180.0, le=360.0)]
Seconds = Annotated[float, Field(ge=0.0)]
Whole = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True
    )


class Spot(Part):
    """A place on the ground."""

    name: str
    lat_deg: Latitude
    lon_deg: Longitude


class OrderPart(Part):
    """Missiles of the raid as they were asked for; which of them flies from where to where was drawn."""

    threat: str
    """Name of the threat in the dossier, or that which the raid's file gave rise to."""
    count: Whole
    at_s: Seconds
    spacing_s: float
    spread_s: Seconds


class MissilePart(Part):
    """A missile of the raid, as it would fly if nothing met it."""

    name: str
    """By which the events call it."""
    kind: str
    """Its entry in the dossier."""
    from_: Spot = Field(validation_alias="from", serialization_alias="from")
    to: Spot
    at_s: Seconds
    """When it leaves."""
    burnout_s: Seconds
    """When its last stage is spent, after it has left."""
    impact_s: Seconds
    """When it comes down, after it has left."""


class SensorPart(Part):
    """A radar of the architecture."""

    name: str
    site: Spot


class BatteryPart(Part):
    """An interceptor battery of the architecture."""

    name: str
    interceptor: str
    """Its entry in the dossier."""
    site: Spot
    inventory: Whole
    """Interceptors that it has when the raid begins."""


class IncidentPart(Part):
    """What befalls the shield from outside, as asked for or as it was brought about while the run went on."""

    at_s: Seconds
    do: Literal["fail", "restore", "withdraw", "share", "delay", "launch"]
    what: str
    by_s: Seconds = 0.0


class Header(Part):
    """The first line: all that the run follows from."""

    schema_: Literal["run.schema.json"] = Field(
        default=SCHEMA_NAME, validation_alias="$schema", serialization_alias="$schema"
    )
    record: Literal["midcourse run"] = "midcourse run"
    format: Literal["midcourse-run-1"] = FORMAT
    """Changes when something is taken away or comes to mean something else."""
    version: str
    """Of midcourse."""
    dossier: str
    title: str
    hash: str
    """Changes with any content of the dossier, figures imposed on it among them."""
    architecture: str
    seed: int
    """By which the raid and all chance of the run are drawn."""
    run: Whole
    """Which run of that seed it is."""
    command: str | None
    """What makes it again."""
    raid_file: str | None
    """The whole text of the raid's file, where there was one."""
    incidents_file: str | None = None
    """The same of the file of incidents."""
    orders: tuple[OrderPart, ...]
    raid: tuple[MissilePart, ...]
    sensors: tuple[SensorPart, ...]
    batteries: tuple[BatteryPart, ...]
    incidents: tuple[IncidentPart, ...]


class Number(Part):
    """A number of missiles or interceptors, in the form that many runs have as well."""

    mean: float
    ci: tuple[float, float] | None
    """Interval of the mean; null for a single run, which does not tell how it would have gone again."""
    distribution: tuple[float, ...]
    """Share of the runs with 0, 1, 2 ..."""


class Sight(Part):
    """When a radar first found a missile."""

    sensor: str
    at_s: Seconds


class FatePart(Part):
    """What became of a missile, and when what was first done about it."""

    missile: str
    kind: str
    from_: str = Field(validation_alias="from", serialization_alias="from")
    to: str
    launch_s: Seconds
    ended_s: Seconds
    end: Literal["hit", "impact"]
    cause: str | None
    """Why it got through; null where it was hit."""
    shots: Whole
    """Interceptors that left for it."""
    declared_s: Seconds | None
    """When early warning declared its launch."""
    sights: tuple[Sight, ...]
    """The radars that found it, the first one first."""
    track_s: Seconds | None
    """When command and control first had a track of it."""
    order_s: Seconds | None
    """When the first interceptor was ordered."""
    interceptor_s: Seconds | None
    """When the first interceptor left."""


class Summary(Part):
    """The last line: what the run came to."""

    record: Literal["summary"] = "summary"
    runs: Literal[1] = 1
    launched: Whole
    """Missiles."""
    leaked: Number
    """Missiles that got through."""
    interceptors_spent: Number
    causes: dict[str, Whole]
    """How many missiles got through why."""
    spent: dict[str, Whole]
    """Interceptors by battery."""
    left: dict[str, Whole]
    """Interceptors that each battery still has."""
    ends: dict[str, Whole]
    """How many interceptors ended how."""
    ended_s: Seconds
    """When all was over."""
    events: Whole
    """How many events there are."""
    fates: tuple[FatePart, ...]


@dataclass(frozen=True)
class Recorded:
    """A whole record."""

    header: Header
    events: tuple[Event, ...]
    summary: Summary

    def of(self, missile: str) -> list[Event]:
        """The events about a missile."""
        return [each for each in self.events if each.get("missile") == missile]


def dumped(part: Part) -> dict[str, Any]:
    """A part as JSON has it."""
    return part.model_dump(mode="json", by_alias=True)


def schema() -> dict[str, Any]:
    """The JSON Schema of one line of a record."""
    named: dict[str, Any] = {}
    for part in (Header, Summary):
        made = part.model_json_schema(by_alias=True, mode="serialization", ref_template="#/$defs/{model}")
        named |= made.pop("$defs", {})
        named[part.__name__] = made
    named |= event_schemas()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:midcourse:run:1",
        "title": "A line of the record of a run",
        "description": "The first line is a header, the last a summary; between them stands an event a line, "
        "in the order in which they happened. All times are seconds after the raid begins.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ("Header", *event_schemas(), "Summary")],
        "$defs": named,
    }


def schema_json() -> str:
    """The schema as it ships."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
