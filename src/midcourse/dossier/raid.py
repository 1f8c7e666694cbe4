"""A raid as data: which missiles, from where, to where, when. A file of ``[[launch]]`` tables, read as
strictly as a dossier.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, model_validator

from . import parameter as p
from . import shape
from .book import Page, parse_toml, read_text
from .checks import unknown
from .dispute import Places, Point, Threat
from .dossier import Dossier
from .errors import InputError, nearest_names
from .explain import Finding, validate
from .parameter import NOT_GIVEN, Parameter, default
from .table import Ref, Table, Text, Whole

LAUNCH, INCIDENT = "launch", "incident"
EXPECTED = {
    LAUNCH: 'tables headed [[launch]], with missile = "...", from = "..." and to = "..."',
    INCIDENT: 'tables headed [[incident]], with at = "300 s", do = "fail" and what = "..."',
}
_PLACE = "LAT,LON in degrees, the name of a list of places, of a place in one, or of a site"


class Moment(Table):
    """What happens once: none of its figures has a range, for nothing would draw from it."""

    @model_validator(mode="after")
    def _certain(self) -> Moment:
        for key, name, _ in shape.attributes(type(self)):
            figure = getattr(self, name)
            if isinstance(figure, Parameter) and figure.low is not None:
                raise InputError(
                    f"{key} has a range, {figure.range_text}", key=(key,),
                    expected=f'a single figure, {key} = "{figure.text}"',
                )  # fmt: skip
        return self


class Launch(Moment):
    """Some missiles of one kind: the first leaves at ``at``, the others ``spacing`` apart, each up to
    ``spread`` earlier or later by lot (s).
    """

    missile: Annotated[str, Ref("missile")]
    from_: Text = Field(alias="from")
    to: Text
    at: p.Duration = default(0.0, "s")
    count: Whole = 1
    spacing: p.Duration = default(0.0, "s")
    spread: p.Duration = default(0.0, "s")


@dataclass(frozen=True)
class Order:
    """Missiles of a raid that share a threat of the dossier.

    Attributes
    ----------
    at_s, spacing_s : when the first leaves after the raid begins, and the time between two
    where : where that is written, for errors
    spread_s : by how much each may leave earlier or later, by lot; none leaves before the raid begins
    """

    threat: str
    count: int
    at_s: float = 0.0
    spacing_s: float = 0.0
    where: str = ""
    spread_s: float = 0.0


def read_raid(path: Path, dossier: Dossier) -> tuple[Dossier, tuple[Order, ...]]:
    """The orders of a raid's file, and the dossier with a threat for each; InputError with file and line."""
    page, tables = open_page(path, (LAUNCH, INCIDENT))
    if INCIDENT in tables:
        raise InputError(
            "incidents are for midcourse run", where=page.at((INCIDENT,)), expected="[[launch]] tables alone"
        )
    return read_launches(page, tables, dossier)


def read_launches(page: Page, tables: dict[str, Any], dossier: Dossier) -> tuple[Dossier, tuple[Order, ...]]:
    """The orders of a page's ``[[launch]]`` tables, and the dossier with a threat for each."""
    grown, orders = dossier, []
    for number, each in enumerate(read_tables(page, tables, LAUNCH, Launch), start=1):
        path = (LAUNCH, str(number))
        grown, threat = with_threat(grown, dossier, page, path, each.missile, each.from_, each.to)
        orders.append(
            Order(threat, each.count, each.at.value, each.spacing.value, place(page, path), each.spread.value)
        )
    return grown, tuple(orders)


def open_page(path: Path, kinds: tuple[str, ...]) -> tuple[Page, dict[str, Any]]:
    """A file of tables of these kinds as written; the first kind is what it is expected to hold."""
    try:
        page = Page(str(path), read_text(path, str(path)))
    except InputError as error:
        error.expected = EXPECTED[kinds[0]]
        raise
    tables = parse_toml(page)
    for key in tables:
        if key not in kinds:
            raise InputError(
                "unknown key", where=page.at((key,)), value=key, expected=EXPECTED[kinds[0]],
                nearest=nearest_names(key, kinds),
            )  # fmt: skip
    return page, tables


_Row = TypeVar("_Row", bound=Table)


def read_tables(page: Page, tables: dict[str, Any], kind: str, model: type[_Row]) -> list[_Row]:
    """The tables of a kind, of which there must be one at least; InputError with the place of the first
    fault.
    """
    written = tables.get(kind)
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written) or not written:
        many = "launches" if kind == LAUNCH else "incidents"
        raise InputError(f"no {many}", where=page.at((kind,)), expected=EXPECTED[kind])
    read: list[_Row] = []
    found: list[Finding] = []
    for number, table in enumerate(written, start=1):
        row, problems = validate(model, table, (kind, str(number)))
        found += problems
        if isinstance(row, model):
            read.append(row)
    if found:
        first, wrong = found[0]
        raise wrong.placed(place(page, first), more=len(found) - 1)
    return read


def place(page: Page, path: tuple[str, ...]) -> str:
    """File, line and path of a key, as errors open with."""
    return f"{page.at(path)} ({'.'.join(path)})"


def with_threat(
    grown: Dossier, dossier: Dossier, page: Page, path: tuple[str, str], missile: str, start: str, end: str
) -> tuple[Dossier, str]:
    """``grown`` with one more threat, called after the table that asks for it, and its name. What the table
    names is looked up in ``dossier``.
    """
    if missile not in dossier.missile:
        raise unknown("missile", missile, dossier).placed(place(page, (*path, "missile")))
    kind, number = path
    name = f"{kind}-{number}"
    while name in grown.threat:
        name += "-more"
    places = dict(grown.places)
    for key, text in (("from", start), ("to", end)):
        try:
            places[f"{name}-{key}"] = _places(dossier, text)
        except InputError as error:
            raise error.placed(place(page, (*path, key))) from None
    threat = Threat.model_construct(
        name=f"{start} to {end}", missile=(missile,), from_=f"{name}-from", to=f"{name}-to", source=NOT_GIVEN
    )
    return replace(grown, places=places, threat={**grown.threat, name: threat}), name


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
