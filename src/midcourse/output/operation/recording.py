"""A run written down as JSON Lines, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from midcourse import __version__
from midcourse.dossier.errors import InputError, nearest_names

from ..files import write_whole
from .document import (
    BatteryPart,
    Event,
    FatePart,
    Header,
    IncidentPart,
    MissilePart,
    Number,
    OrderPart,
    Part,
    Recorded,
    SensorPart,
    Sight,
    Spot,
    Summary,
    dumped,
)
from .kinds import KINDS, faults, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from midcourse.dossier.raid import Order
    from midcourse.model.defence import Place
    from midcourse.operation.outcome import Fate, Moments
    from midcourse.operation.scenario import Course
    from midcourse.operation.shield import Shield

_Line = TypeVar("_Line", bound=Part)


def recorded(
    shield: Shield,
    *,
    command: str | None = None,
    orders: Sequence[Order] = (),
    raid_file: str | None = None,
    incidents_file: str | None = None,
) -> Recorded:
    """The record of a run that has ended and whose events were kept.

    Parameters
    ----------
    command : what makes the run again
    orders, raid_file, incidents_file : the raid as it was asked for, and the texts of files, so that it can
        be run again
    """
    if not shield.record.kept:
        raise ValueError("the events of this run were not kept")
    events = tuple(shield.record.events)
    return Recorded(
        header_of(shield, command=command, orders=orders, raid_file=raid_file, incidents_file=incidents_file),
        events,
        summary_of(shield),
    )


def header_of(
    shield: Shield,
    *,
    command: str | None = None,
    orders: Sequence[Order] = (),
    raid_file: str | None = None,
    incidents_file: str | None = None,
) -> Header:
    """What a run follows from; it need not have ended."""
    scenario = shield.scenario
    own = scenario.dossier.dossier
    return Header(
        version=__version__,
        dossier=own.name if own is not None else "",
        title=scenario.defence.title,
        hash=scenario.dossier.hash,
        architecture=scenario.architecture,
        seed=shield.luck.seed,
        run=shield.luck.run,
        command=command,
        raid_file=raid_file,
        incidents_file=incidents_file,
        orders=tuple(
            OrderPart(
                threat=each.threat, count=each.count, at_s=each.at_s, spacing_s=each.spacing_s,
                spread_s=each.spread_s,
            )
            for each in orders
        ),
        raid=tuple(_missile(each) for each in scenario.courses),
        sensors=tuple(
            SensorPart(name=each.name, site=_site(each.site)) for each in scenario.defence.sensors
        ),
        batteries=tuple(
            BatteryPart(
                name=each.name, interceptor=each.interceptor.name, site=_site(each.site),
                inventory=each.inventory,
            )
            for each in scenario.defence.batteries
        ),
        incidents=tuple(
            IncidentPart(at_s=each.at_s, do=each.do, what=each.what, by_s=each.by_s)  # type: ignore[arg-type]
            for each in sorted(shield.incidents, key=lambda each: each.at_s)
        ),
    )  # fmt: skip


def _spot(name: str, lat: float, lon: float) -> Spot:
    """A place given in radians, told to some hundred metres."""
    east = (float(np.degrees(lon)) + 180.0) % 360.0 - 180.0
    return Spot(name=name, lat_deg=round(float(np.degrees(lat)), 3), lon_deg=round(east, 3))


def _site(place: Place) -> Spot:
    return _spot(place.title, place.lat, place.lon)


def _missile(course: Course) -> MissilePart:
    own, index = course.own, course.index
    return MissilePart(
        name=course.name,
        kind=own.missile.name,
        from_=_spot(course.start, *own.launches[index, :2]),
        to=_spot(course.target, *own.targets[index, :2]),
        at_s=course.at_s,
        burnout_s=round(course.burnout_s, 3),
        impact_s=round(course.impact_s, 3),
    )


def summary_of(shield: Shield) -> Summary:
    """What a run that has ended came to. Without events that were kept, moments are not known."""
    from midcourse.operation.outcome import moments_of

    outcome = shield.outcome()
    spent = sum(outcome.spent.values())
    kinds = {each.name: each.own.missile.name for each in shield.scenario.courses}
    moments = moments_of(shield)
    return Summary(
        launched=len(outcome.fates),
        leaked=_once(outcome.leaked),
        interceptors_spent=_once(spent),
        causes=outcome.causes,
        spent=outcome.spent,
        left=outcome.left,
        ends=outcome.ends,
        ended_s=round(shield.now, 3),
        events=shield.record.count,
        fates=tuple(_fate(each, kinds[each.missile], moments[each.missile]) for each in outcome.fates),
    )


def _once(number: int) -> Number:
    return Number(mean=float(number), ci=None, distribution=(*[0.0] * number, 1.0))


def _fate(fate: Fate, kind: str, moments: Moments) -> FatePart:
    return FatePart(
        missile=fate.missile,
        kind=kind,
        from_=fate.start,
        to=fate.target,
        launch_s=round(fate.launched_s, 3),
        ended_s=round(fate.ended_s, 3),
        end="impact" if fate.cause else "hit",
        cause=fate.cause or None,
        shots=fate.shots,
        declared_s=moments.declared_s,
        sights=tuple(Sight(sensor=name, at_s=at) for name, at in moments.sights.items()),
        track_s=moments.track_s,
        order_s=moments.order_s,
        interceptor_s=moments.interceptor_s,
    )


def record_text(run: Recorded) -> str:
    """The record as it is written: a line each for header, events and summary."""
    lines: Iterable[dict[str, Any]] = (dumped(run.header), *run.events, dumped(run.summary))
    return "".join(line_of(each) for each in lines)


def record_so_far(shield: Shield, **words: Any) -> str:
    """The record of a run whose events were kept, without a summary where it has not ended; ``words`` as of
    ``header_of``.
    """
    if shield.done:
        return record_text(recorded(shield, **words))
    return "".join(line_of(each) for each in (dumped(header_of(shield, **words)), *shield.record.events))


def line_of(content: dict[str, Any]) -> str:
    """One line of a record, its end included."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(", ", ": ")) + "\n"


def write_record(
    path: Path, shield: Shield, *, command: str | None = None, orders: Sequence[Order] = (),
    raid_file: str | None = None, incidents_file: str | None = None, option: str = "--out",
) -> Path:  # fmt: skip
    """Write the record of a run, whole or not at all; parameters as of ``recorded``."""
    run = recorded(shield, command=command, orders=orders, raid_file=raid_file, incidents_file=incidents_file)
    return write_whole(path, record_text(run), option=option)


def read_record(path: Path) -> Recorded:
    """A record as it was written; InputError with file and line for what is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "not UTF-8 text"
        raise InputError(
            f"cannot read {{value}}: {why.lower()}", value=str(path), expected="the record of a run, .jsonl"
        ) from None
    return record_of(text, str(path))


def record_of(text: str, where: str) -> Recorded:
    """A record from its text; InputError with ``where`` it stands and the line for what is none."""
    lines = list(_objects(where, text))
    if not lines or lines[0].get("record") != "midcourse run":
        raise InputError(
            "not the record of a run", where=f"{where}:1",
            expected='a first line with "record": "midcourse run"',
        )  # fmt: skip
    header = _part(Header, lines[0], f"{where}:1")
    if len(lines) < 2 or lines[-1].get("record") != "summary":
        raise InputError(
            "the record breaks off", where=f"{where}:{len(lines)}",
            expected='a last line with "record": "summary"',
        )  # fmt: skip
    summary = _part(Summary, lines[-1], f"{where}:{len(lines)}")
    missiles = {each.name for each in header.raid}
    for number, event in enumerate(lines[1:-1]):
        _check(event, number, missiles, f"{where}:{number + 2}")
    if summary.events != len(lines) - 2:
        raise InputError(
            "events are missing", where=f"{where}:{len(lines)}", value=len(lines) - 2,
            expected=f"the {summary.events} that the summary counts",
        )  # fmt: skip
    return Recorded(header, tuple(lines[1:-1]), summary)


def _objects(where: str, text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(
                "not JSON", where=f"{where}:{number}:{error.colno}", expected="one JSON object a line"
            ) from None
        if not isinstance(found, dict):
            raise InputError(
                "{value} is not an object", where=f"{where}:{number}", value=found,
                expected="one JSON object a line",
            )  # fmt: skip
        yield found


def _part(model: type[_Line], written: dict[str, Any], where: str) -> _Line:
    from pydantic import ValidationError

    try:
        return model.model_validate(written)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        told = first["msg"].lower()
        raise InputError(f"{place}: {told}", where=where, more=error.error_count() - 1) from None


def _check(event: Event, number: int, missiles: set[str], where: str) -> None:
    """InputError for an event that is not as the table of kinds says, or out of turn."""
    if kind_of(event) is None:
        kind = event.get("kind")
        names = [each.name for each in KINDS]
        if isinstance(kind, str) and kind in names:
            problem = InputError("{value} does not tell " + f'"{kind}"', value=event.get("node"), where=where)
        else:
            problem = InputError("unknown kind of event", value=kind, where=where)
            problem.nearest = tuple(nearest_names(str(kind), names))
        raise problem
    for fault in faults(event):
        raise InputError(f"{event['kind']}: {fault}", where=where)
    if event["event"] != number:
        raise InputError("event out of turn", value=event["event"], where=where, expected=str(number))
    if event.get("cause", -1) >= number:
        raise InputError("a cause after its effect", value=event["cause"], where=where)
    if event.get("missile", next(iter(missiles), "")) not in missiles:
        raise InputError(
            "unknown missile", value=event["missile"], where=where,
            nearest=nearest_names(event["missile"], missiles),
        )  # fmt: skip
