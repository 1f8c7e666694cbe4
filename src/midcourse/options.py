"""What commands have in common: arguments and options of one meaning, the dossier they name, and the words
that give the same result again.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .progress import say

if TYPE_CHECKING:
    from .dossier import Dossier

DossierArgument = Annotated[
    str, typer.Argument(metavar="DOSSIER", help="A built-in name, or a folder with a dossier.toml.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Impose a figure, e.g. interceptor.gbi-2-stage.payload='800 kg'."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
ArchitectureOption = Annotated[
    str, typer.Option("--architecture", metavar="NAME", help="An architecture of the dossier.")
]
MissileOption = Annotated[str, typer.Option("--missile", metavar="NAME", help="A missile of the catalog.")]
FromOption = Annotated[str, typer.Option("--from", metavar="LAT,LON", help="Launch place, in degrees.")]
ToOption = Annotated[str, typer.Option("--to", metavar="LAT,LON", help="Target, in degrees.")]
SamplesOption = Annotated[
    str | None, typer.Option("--samples", metavar="N", help="Worlds drawn from the published ranges.")
]
SeedOption = Annotated[
    str | None, typer.Option("--seed", metavar="S", help="The same seed gives the same result.")
]
ApogeeOption = Annotated[
    str | None,
    typer.Option(
        "--apogee", metavar="HEIGHT", help='Fly to this apogee, e.g. "2000 km", not at least energy.'
    ),
]
ThreatOption = Annotated[
    str | None,
    typer.Option(
        "--threat", metavar="NAME", help="That which the dossier names for the architecture if left out."
    ),
]
MissilesOption = Annotated[
    str | None, typer.Option("--missiles", metavar="N", help="Missiles of the threat, by lot.")
]
SpacingOption = Annotated[
    str | None,
    typer.Option("--spacing", metavar="TIME", help='Between two launches, e.g. "30 s"; none if left out.'),
]


def check_raid(missiles: str | None, file: object, threat: str | None, spacing: str | None) -> None:
    """InputError unless a raid is told in one way: so many missiles of a threat, or a file."""
    from .dossier import InputError

    if (missiles is None) == (file is None):
        raise InputError(
            "both --missiles and --raid" if file else "no raid", expected="--missiles N, or --raid FILE"
        )
    for name, given in (("--threat", threat), ("--spacing", spacing)):
        if file is not None and given is not None:
            raise InputError(
                f"{name} and --raid cannot both be given",
                expected="a raid's file says which missiles fly when",
            )


def open_dossier(dossier: str | None, overrides: Sequence[str] | None, *, warn: bool = True) -> Dossier:
    """A dossier, or the catalog alone, with what is imposed; what looks wrong in it is told."""
    from .dossier import load, load_catalog, parse_override

    chosen = [parse_override(option) for option in overrides or []]
    loaded = load_catalog(chosen) if dossier is None else load(dossier, chosen)
    if warn:
        for line in loaded.warnings:
            say(f"warning: {line}")
    return loaded


def again(
    *words: str,
    options: Mapping[str, str | bool | Sequence[str] | None] | None = None,
    overrides: Sequence[str] | None = None,
    out: Path | None = None,
) -> str:
    """The command that gives the same result again.

    ``options`` by name, with their value, several, or whether they are given at all.
    """
    every = ["midcourse", *words]
    for option, value in {**(options or {}), "--set": overrides, "--out": out and out.name}.items():
        if isinstance(value, bool):
            every += [option] if value else []
        elif isinstance(value, str):
            every += [option, value]
        else:
            every += [word for each in value or () for word in (option, each)]
    return shlex.join(every)
