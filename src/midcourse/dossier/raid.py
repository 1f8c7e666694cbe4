"""A raid as data: which missiles, from where, to where, when. A file of ``[[launch]]`` tables, read as
strictly as a dossier.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from . import parameter as p
from .book import Page, parse_toml, read_text
from .checks import unknown
from .dispute import Places, Point, Threat
from .dossier import Dossier
from .errors import InputError, nearest_names
from .explain import Finding, validate
from .parameter import NOT_GIVEN, Parameter, default
from .table import Ref, Table, Text, Whole

LAUNCH = "launch"
_EXPECTED = 'tables headed [[launch]], with missile = "...", from = "..." and to = "..."'
_PLACE = "LAT,LON in degrees, the name of a list of places, of a place in one, or of a site"


class Launch(Table):
    """Some missiles of one kind: the first leaves at ``at``, the others ``spacing`` apart (s)."""

    missile: Annotated[str, Ref("missile")]
    from_: Text = Field(alias="from")
    to: Text
    at: p.Duration = default(0.0, "s")
    count: Whole = 1
    spacing: p.Duration = default(0.0, "s")


@dataclass(frozen=True)
class Order:
    """Missiles of a raid that share a threat of the dossier.

    Attributes
    ----------
    at_s, spacing_s : when the first leaves after the raid begins, and the time between two
    where : where that is written, for errors
    """

    threat: str
    count: int
    at_s: float = 0.0
    spacing_s: float = 0.0
    where: str = ""


def read_raid(path: Path, dossier: Dossier) -> tuple[Dossier, tuple[Order, ...]]:
    """The orders of a raid's file, and the dossier with a threat for each; InputError with file and line."""
    page = Page(str(path), _text(path))
    tables = parse_toml(page)
    for key in tables:
        if key != LAUNCH:
            raise InputError(
                "unknown key", where=page.at((key,)), value=key, expected=_EXPECTED,
                nearest=nearest_names(key, [LAUNCH]),
            )  # fmt: skip
    written = tables.get(LAUNCH)
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written) or not written:
        raise InputError("no launches", where=page.at((LAUNCH,)), expected=_EXPECTED)
    read, found = _validated(written)
    if found:
        first, wrong = found[0]
        raise wrong.placed(_place(page, first), more=len(found) - 1)
    places, threats, orders = dict(dossier.places), dict(dossier.threat), []
    for number, each in enumerate(read, start=1):
        where = (LAUNCH, str(number))
        if each.missile not in dossier.missile:
            missing = unknown("missile", each.missile, dossier)
            raise missing.placed(_place(page, (*where, "missile")))
        name = f"{LAUNCH}-{number}"
        for end, text in (("from", each.from_), ("to", each.to)):
            try:
                places[f"{name}-{end}"] = _places(dossier, text)
            except InputError as error:
                raise error.placed(_place(page, (*where, end))) from None
        threats[name] = Threat.model_construct(
            name=f"{each.from_} to {each.to}", missile=(each.missile,), from_=f"{name}-from",
            to=f"{name}-to", source=NOT_GIVEN,
        )  # fmt: skip
        orders.append(Order(name, each.count, each.at.value, each.spacing.value, _place(page, where)))
    return replace(dossier, places=places, threat=threats), tuple(orders)


def _text(path: Path) -> str:
    try:
        return read_text(path, str(path))
    except InputError as error:
        error.expected = _EXPECTED
        raise


def _validated(written: Sequence[Any]) -> tuple[list[Launch], list[Finding]]:
    read: list[Launch] = []
    found: list[Finding] = []
    for number, table in enumerate(written, start=1):
        launch, problems = validate(Launch, table, (LAUNCH, str(number)))
        found += problems
        if isinstance(launch, Launch):
            read.append(launch)
    return read, found


def _place(page: Page, path: tuple[str, ...]) -> str:
    return f"{page.at(path)} ({'.'.join(path)})"


def _places(dossier: Dossier, text: str) -> Places:
    """What a text names: a list of places, of which each missile takes one by lot, or a single place."""
    if text in dossier.places:
        return dossier.places[text]
    point = _point(dossier, text)
    return Places.model_construct(name=point.name, point=(point,))


def _point(dossier: Dossier, text: str) -> Point:
    parts = text.split(",")
    if len(parts) == 2:
        try:
            lat, lon = (float(part) for part in parts)
        except ValueError:
            pass
        else:
            if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 360.0):
                raise InputError(
                    "{value} is not on the Earth", value=text,
                    expected="latitude -90 to 90, longitude -180 to 360",
                )  # fmt: skip
            return _at(text, math.radians(lat), math.radians(lon))
    points = {point.name: point for each in dossier.places.values() for point in each.point}
    if text in points:
        return points[text]
    if text in dossier.site:
        site = dossier.site[text]
        return _at(site.name, site.lat.value, site.lon.value)
    raise InputError(
        "unknown place", value=text, expected=_PLACE,
        nearest=nearest_names(text, [*dossier.places, *points, *dossier.site]),
    )  # fmt: skip


def _at(name: str, lat: float, lon: float) -> Point:
    place = [Parameter(value=angle, unit="deg", source=NOT_GIVEN) for angle in (lat, lon)]
    return Point.model_construct(name=name, lat=place[0], lon=place[1])
