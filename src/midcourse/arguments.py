"""Reading the words of a command; every mistake in them is told in one line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


_SAMPLERS = ("sobol", "latin", "plain")
#: Bounds of sense of what ``--precision`` takes: closer would take weeks, wider says nothing.
_CLOSEST, _WIDEST = 0.001, 0.25


@dataclass(frozen=True)
class Sampling:
    """How an assessment is to be sampled: as ``study.assess`` takes it, and the words that ask for the
    same again.
    """

    asked: dict[str, Any]
    words: list[str]


def read_sampling(options: Mapping[str, str | None], *, report: bool) -> Sampling:
    """The options of ``assess`` that say how it is sampled; a report tells total effects, too, unless told
    not to.
    """
    from .dossier import InputError, nearest_names, parse_quantity

    given = {option: text for option, text in options.items() if text is not None}
    asked: dict[str, Any] = {"totals": None if report else 0}
    names = {"--samples": "samples", "--seed": "seed", "--most": "most", "--sensitivity": "totals"}
    for option, name in names.items():
        if option in given:
            least = 0 if option in ("--seed", "--sensitivity") else 1
            asked[name] = read_whole(given[option], option, least)
    if (sampler := given.get("--sampler")) is not None:
        if sampler not in _SAMPLERS:
            raise InputError(
                "unknown sampler", where="--sampler", value=sampler, expected=", ".join(_SAMPLERS),
                nearest=nearest_names(sampler, _SAMPLERS),
            )  # fmt: skip
        asked["sampler"] = sampler
    if (precision := given.get("--precision")) is not None:
        try:
            asked["precision"] = parse_quantity(precision, "1")
        except InputError as error:
            raise error.placed("--precision") from None
        if not _CLOSEST <= asked["precision"] <= _WIDEST:
            raise InputError(
                "{value} cannot be used", where="--precision", value=precision,
                expected=f"{_CLOSEST:g} to {_WIDEST:g}, such as 0.02",
            )  # fmt: skip
        if "--samples" in given:
            raise InputError(
                "both --samples and --precision", expected="one of them, and --most to bound --precision"
            )
    elif "--most" in given:
        raise InputError("--most without --precision", expected="--precision 0.02 --most 5000")
    return Sampling(asked, [word for option, text in given.items() for word in (option, text)])


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
