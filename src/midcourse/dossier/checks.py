"""What no single table can know: names that must exist, and figures that must agree with one another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from . import record, shape
from .architecture import resolve
from .book import Entry
from .defence import Architecture
from .dispute import Claim, Comparison, Correlation, Places
from .errors import InputError, listing, nearest_names
from .explain import Finding, gone
from .parameter import UNPUBLISHED_SOURCES
from .schema import ENTITIES
from .table import Table
from .tying import check_together
from .units import format_quantity
from .vehicle import Vehicle

if TYPE_CHECKING:
    from .dossier import Dossier

STANDARD_GRAVITY = 9.80665
"""m/s^2, exact by definition (CGPM 1901)."""
LIGHT = 299_792_458.0
"""m/s, exact by definition (CGPM 1983)."""
BEAMWIDTH_FACTOR = 1.02
"""Half-power width of the beam of a round, evenly lit aperture, in wavelengths over the diameter."""
BEAMWIDTH_SLACK = 0.3
"""How far a published beamwidth may stray from that: real faces are tapered, or not round."""

Path = tuple[str, ...]


def findings(dossier: Dossier, entries: list[Entry]) -> list[Finding]:
    """All that is wrong with these entries among the others, each with its path."""
    dangling = [found for entry in entries for found in _references(dossier, entry)]
    if dangling:
        return dangling
    found = [found for entry in entries for found in _own(dossier, entry)]
    if not found and any(kind == "correlation" for kind, _ in entries):
        try:
            check_together(dossier.correlation)
        except InputError as error:
            found.append((error.key, InputError(error.problem, value=error.value, expected=error.expected)))
    if any(kind in ("architecture", "radar") for kind, _ in entries):
        found += [finding for name in dossier.architecture for finding in _architecture(dossier, name)]
    if not found and any(kind in ("architecture", "doctrine") for kind, _ in entries):
        found += _reserves(dossier)
    if any(kind in ("party", "element", "position") for kind, _ in entries):
        found += record.findings(dossier)
    return found


def unknown(kind: str, name: str, dossier: Dossier) -> InputError:
    """The error for a name that no entry of a kind has."""
    names = list(dossier.entries(kind))
    return InputError(
        f"unknown {kind}",
        value=name,
        expected=listing(sorted(names)) if names else f"a [{kind}.{name}] table",
        nearest=nearest_names(name, names),
    )


def _references(dossier: Dossier, entry: Entry) -> Iterator[Finding]:
    table = dossier.table(entry)
    path = ".".join(part for part in entry if part)
    for place, kind, name in shape.references(table, path):
        if name not in dossier.entries(kind) and not (kind == "source" and name in UNPUBLISHED_SOURCES):
            yield tuple(place.split(".")), unknown(kind, name, dossier)
    if isinstance(table, Claim | Comparison):
        yield from _cases(dossier, table, (*entry, "cases"))


def _cases(dossier: Dossier, asking: Claim | Comparison, path: Path) -> Iterator[Finding]:
    """Names in the cases of a claim or comparison, free in form: a key called like a kind, or its plural,
    names entries.
    """
    for step, kind, name in _named(asking):
        if name not in dossier.entries(kind):
            yield (*path, *step), unknown(kind, name, dossier)


def _named(asking: Claim | Comparison) -> Iterator[tuple[Path, str, str]]:
    """The path below the cases, the kind and the name of every entry that a claim or comparison asks of."""
    for key, value in asking.cases.items():
        kind = key if key in ENTITIES else key.removesuffix("s")
        if kind not in ENTITIES:
            continue
        listed = isinstance(value, list)
        for position, name in enumerate(value if listed else [value], start=1):
            if isinstance(name, str):
                yield (key, str(position)) if listed else (key,), kind, name


def _own(dossier: Dossier, entry: Entry) -> Iterator[Finding]:
    table = dossier.table(entry)
    if entry[0] in ENTITIES:
        yield from _sources(table, entry)
    if isinstance(table, Places) and not table.point:
        yield (
            (*entry, "point"),
            InputError(
                "places without a point",
                expected='point = [{ name = "...", lat = "54.48 deg", lon = "17.10 deg" }]',
            ),
        )
    if isinstance(table, Vehicle):
        yield from _vehicle(dossier, table, entry)
    if isinstance(table, Claim):
        yield from _decides(dossier, table, entry)
    if isinstance(table, Correlation):
        yield from _tied(dossier, table, entry)


def _sources(table: Table, entry: Entry) -> Iterator[Finding]:
    places = [place for place, found in shape.parameters(table, ".".join(entry)) if found.source is None]
    if places:
        yield (
            tuple(places[0].split(".")),
            InputError(
                "missing source",
                expected='source = "key of a [source.KEY] table", here or for the whole entry',
                more=len(places) - 1,
            ),
        )


def _vehicle(dossier: Dossier, vehicle: Vehicle, entry: Entry) -> Iterator[Finding]:
    """Each motor holds propellant, each stage still weighs something at burnout, and the whole lifts off."""
    above = vehicle.payload.value
    for position in range(len(vehicle.stage), 0, -1):
        stage = vehicle.stage[position - 1]
        motor = dossier.motor_of(stage)
        path = (*entry, "stage", str(position))
        if motor.gross_mass.lowest <= motor.empty_mass.highest:
            yield (
                (*path, "gross_mass"),
                InputError(
                    f"gross_mass {_mass(motor.gross_mass.lowest)} is not above empty_mass "
                    f"{_mass(motor.empty_mass.highest)}",
                    expected="a motor that holds propellant",
                ),
            )
        structure = motor.empty_mass.lowest + stage.extra_mass.lowest
        if structure <= 0.0:
            yield (
                (*path, "extra_mass"),
                InputError(
                    f"burnout lighter than payload: at burnout the stage weighs {_mass(above + structure)} "
                    f"with the {_mass(above)} it carries",
                    expected=f"extra_mass above -{_mass(motor.empty_mass.lowest)}, its motor's empty mass",
                ),
            )
        above += motor.gross_mass.value + stage.extra_mass.value
    thrust = dossier.motor_of(vehicle.stage[0]).thrust
    weight = above * STANDARD_GRAVITY
    if thrust.value <= weight:
        yield (
            (*entry, "stage", "1", "thrust"),
            InputError(
                f"does not lift off: a thrust of {format_quantity(thrust.value, 'kN')} against a weight of "
                f"{format_quantity(weight, 'kN')} ({_mass(above)})",
                expected="a first stage whose thrust exceeds the weight of the whole",
            ),
        )


def _decides(dossier: Dossier, claim: Claim, entry: Entry) -> Iterator[Finding]:
    for position, path in enumerate(claim.decides, start=1):
        if not dossier.takes_parameter(path):
            yield (
                (*entry, "decides", str(position)),
                _gone(path)
                or InputError(
                    "unknown parameter",
                    value=path,
                    nearest=nearest_names(path, dossier.parameters(), count=2),
                ),
            )


def _tied(dossier: Dossier, correlation: Correlation, entry: Entry) -> Iterator[Finding]:
    parameters = dossier.parameters()
    for position, path in enumerate(correlation.parameters, start=1):
        if path not in parameters:
            yield (
                (*entry, "parameters", str(position)),
                _gone(path)
                or InputError(
                    "unknown parameter", value=path, nearest=nearest_names(path, parameters, count=2)
                ),
            )
        elif not parameters[path].ranged:
            yield (
                (*entry, "parameters", str(position)),
                InputError("{value} has no range", value=path, expected="a parameter with low and high"),
            )


def _gone(path: str) -> InputError | None:
    kind, *_, key = path.split(".")
    return gone(ENTITIES.get(kind), key)


def unplaced(dossier: Dossier, radars: Iterable[str]) -> Iterator[Finding]:
    """The radars that stand nowhere and that no claim asks of: what is written of them changes nothing."""
    used = {sensor.radar for each in dossier.architecture.values() for sensor in each.sensor}
    used |= {name for claim in dossier.claim.values() for _, kind, name in _named(claim) if kind == "radar"}
    for name in radars:
        if name not in used:
            yield (
                ("radar", name),
                InputError(
                    "radar {value} is placed in no architecture",
                    value=name,
                    expected="a [[architecture.NAME.sensor]] that names it, or a claim that asks of it",
                ),
            )


def warnings(dossier: Dossier) -> Iterator[str]:
    """What looks like a slip but may be meant, one line each."""
    for name, radar in sorted(dossier.radar.items()):
        if radar.beamwidth is None:
            continue
        diameter = 2.0 * math.sqrt(radar.receive_area.value / math.pi)
        made = BEAMWIDTH_FACTOR * LIGHT / (radar.frequency.value * diameter)
        if abs(radar.beamwidth.value / made - 1.0) > BEAMWIDTH_SLACK:
            place = dossier.book.place(("radar", name, "beamwidth"))
            yield (
                f"{place}: beamwidth {radar.beamwidth.text} contradicts receive_area "
                f"{radar.receive_area.text} at {radar.frequency.text}, whose beam is "
                f"{format_quantity(made, 'deg')} wide ({BEAMWIDTH_FACTOR:g} wavelengths over a diameter of "
                f"{format_quantity(diameter, 'm')})"
            )


def _architecture(dossier: Dossier, name: str) -> Iterator[Finding]:
    own = dossier.architecture[name]
    path = ("architecture", name)
    yield from _twice(own, path)
    try:
        resolve(name, dossier.architecture)
    except InputError as error:
        yield (*path, *error.key), error
    for position, sensor in enumerate(own.sensor, start=1):
        if not sensor.azimuth and not dossier.radar[sensor.radar].steerable:
            yield (
                (*path, "sensor", str(position)),
                InputError(
                    f"missing key: azimuth, for {sensor.radar} is not steerable",
                    expected='azimuth = ["162 deg"]',
                ),
            )


def _reserves(dossier: Dossier) -> Iterator[Finding]:
    """No doctrine keeps all that a battery has: of each doctrine, the first that could not fire."""
    told: set[str] = set()
    for name in dossier.architecture:
        whole = resolve(name, dossier.architecture)
        if whole.doctrine is None or whole.doctrine in told:
            continue
        kept = dossier.doctrine[whole.doctrine].reserve
        for battery in whole.battery:
            if kept >= battery.inventory:
                told.add(whole.doctrine)
                yield (
                    ("doctrine", whole.doctrine, "reserve"),
                    InputError(
                        f"a reserve of {kept} leaves battery {battery.name} of architecture {name} "
                        f"none of its {battery.inventory} to fire",
                        expected=f"a reserve below {battery.inventory}",
                    ),
                )
                break


def _twice(architecture: Architecture, path: Path) -> Iterator[Finding]:
    for key in ("sensor", "battery"):
        seen: set[str] = set()
        for position, element in enumerate(getattr(architecture, key), start=1):
            if element.name in seen:
                yield (
                    (*path, key, str(position)),
                    InputError(
                        f"a second {key} named {{value}}", value=element.name, expected='another name = "..."'
                    ),
                )
            seen.add(element.name)


def _mass(kilograms: float) -> str:
    return format_quantity(kilograms, "kg", digits=6)
