"""Reading the words of a command; every mistake in them is told in one line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

#: What one flight is made of, as options.
_FLIGHT = ("--missile", "--from", "--to")


def read_place(text: str, option: str) -> tuple[float, float]:
    """Latitude and longitude in radians from ``LAT,LON`` in degrees."""
    from .dossier import InputError

    expected = "LAT,LON in degrees, such as 35.7,51.4"
    parts = text.split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        raise InputError("{value} is not a place", where=option, value=text, expected=expected) from None
    if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 360.0):
        what = "latitude" if not -90.0 <= lat <= 90.0 else "longitude"
        bounds = "-90 to 90" if what == "latitude" else "-180 to 360"
        raise InputError(
            f"{what} {{value}} is out of bounds", where=option, value=text, expected=f"{bounds} deg"
        )
    return math.radians(lat), math.radians(lon)


def read_whole(text: str, option: str, least: int) -> int:
    """A whole number of at least ``least``."""
    from .dossier import InputError

    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise InputError(
            "{value} cannot be used", where=option, value=text, expected=f"a whole number of at least {least}"
        )
    return number


def read_quantity(text: str, unit: str, option: str) -> float:
    """A quantity above zero with its unit, in SI."""
    from .dossier import InputError, parse_quantity

    try:
        value = parse_quantity(text, unit)
    except InputError as error:
        raise error.placed(option) from None
    if value <= 0.0:
        raise InputError("{value} cannot be used", where=option, value=text, expected="more than zero")
    return value


def check_watch(threat: str | None, architectures: Sequence[str], flight: Mapping[str, str | None]) -> None:
    """InputError unless either a threat is given, or a flight with the architecture that watches it.

    ``flight`` holds the options that describe one flight.
    """
    from .dossier import InputError

    given = [option for option, value in flight.items() if value is not None]
    if threat is not None:
        if given:
            raise InputError(
                f"--threat and {given[0]} cannot both be given",
                expected="--threat for all flights of a threat, or --missile, --from and --to for one",
            )
        return
    missing = [option for option in _FLIGHT if option not in given]
    if len(missing) == len(_FLIGHT):
        raise InputError(
            "no flight to watch",
            expected="--missile, --from and --to for one, or --threat for all of a threat",
        )
    if missing:
        raise InputError(
            f"missing option '{missing[0]}'", expected="--missile, --from and --to, which make one flight"
        )
    if len(architectures) != 1:
        problem = "missing option '--architecture'" if not architectures else "more than one --architecture"
        raise InputError(problem, expected="the one architecture that watches the flight")


def explain_usage(error: Any) -> str:
    """A mistake in the command itself, in one line, with the nearest valid name or an example."""
    from .dossier import InputError, nearest_names

    text = " ".join(error.format_message().rstrip(".").split())
    if error.ctx is None:
        return text
    command = error.ctx.command
    if text.startswith("No such command"):
        known = list(command.commands)
        name = text.split("'")[1]
        expected, nearest = ", ".join(known), nearest_names(name, known)
        return str(InputError("unknown command", value=name, expected=expected, nearest=nearest))
    wanted = getattr(error, "option_name", None)
    known = [name for parameter in command.params for name in parameter.opts if name.startswith("--")]
    if wanted is not None and wanted not in known:
        return str(
            InputError(
                f"unknown option {wanted}", expected=", ".join(known), nearest=nearest_names(wanted, known)
            )
        )
    example = (command.epilog or "").removeprefix("Example: ")
    return f"{text[0].lower()}{text[1:]}" + (f"; expected as in: {example}" if example else "")
