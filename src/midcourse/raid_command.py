"""``midcourse raid``: the words of the command, and what it writes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .arguments import read_quantity, read_whole
from .options import (
    ArchitectureOption,
    DossierArgument,
    JsonOption,
    MissilesOption,
    SamplesOption,
    SeedOption,
    SetOption,
    SpacingOption,
    ThreatOption,
    again,
    check_raid,
    open_dossier,
)
from .progress import ProgressLine, say

EXAMPLE = (
    "Example: midcourse raid third-site --architecture third-site --battery redzikowo --missiles 40 "
    "--out curve.svg"
)


def raid(
    dossier: DossierArgument,
    architecture: ArchitectureOption,
    missiles: MissilesOption = None,
    threat: ThreatOption = None,
    spacing: SpacingOption = None,
    file: Annotated[
        Path | None,
        typer.Option("--raid", metavar="FILE", help="A raid as data, [[launch]] tables, not --missiles."),
    ] = None,
    battery: Annotated[
        list[str] | None,
        typer.Option("--battery", metavar="NAME", help="Only this battery fires; any number of them."),
    ] = None,
    doctrine: Annotated[
        str, typer.Option("--doctrine", metavar="KIND", help="salvo, or look: shoot-look-shoot.")
    ] = "salvo",
    shots: Annotated[
        str | None, typer.Option("--shots", metavar="N", help="Interceptors at one missile, at most; else 4.")
    ] = None,
    reserve: Annotated[
        str | None, typer.Option("--reserve", metavar="N", help="Interceptors that every battery keeps.")
    ] = None,
    inventory: Annotated[
        str, typer.Option("--inventory", metavar="N,N,..", help="Interceptors of the curve.")
    ] = "10,20,50",
    samples: SamplesOption = None,
    seed: SeedOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Draw the curve: .svg or .html.")
    ] = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """How many missiles of a raid get through, and what that takes of an inventory."""
    from .analysis.defending import SHOTS
    from .dossier import InputError, nearest_names
    from .output.drawing import check_picture
    from .study.raid import SAMPLES
    from .study.raid import raid as fight

    check_raid(missiles, file, threat, spacing)
    if doctrine not in ("salvo", "look"):
        raise InputError(
            "unknown doctrine", where="--doctrine", value=doctrine, expected="salvo or look",
            nearest=nearest_names(doctrine, ["salvo", "look"]),
        )  # fmt: skip
    number = None if missiles is None else read_whole(missiles, "--missiles", 1)
    most = SHOTS if shots is None else read_whole(shots, "--shots", 1)
    kept = 0 if reserve is None else read_whole(reserve, "--reserve", 0)
    held = [read_whole(each.strip(), "--inventory", 1) for each in inventory.split(",")]
    drawn = SAMPLES if samples is None else read_whole(samples, "--samples", 1)
    first = 0 if seed is None else read_whole(seed, "--seed", 0)
    apart = 0.0 if spacing is None else read_quantity(spacing, "s", "--spacing")
    if out is not None:
        check_picture(out)
    loaded = open_dossier(dossier, overrides)
    options: dict[str, str | list[str] | None] = {
        "--architecture": architecture, "--battery": battery, "--missiles": missiles, "--threat": threat,
        "--spacing": spacing,
        "--raid": None if file is None else str(file),
        "--doctrine": doctrine if doctrine != "salvo" else None,
        "--shots": shots, "--reserve": reserve, "--inventory": inventory if inventory != "10,20,50" else None,
        "--samples": samples, "--seed": seed,
    }  # fmt: skip
    with ProgressLine() as progress:
        result = fight(
            loaded, architecture, number, threat=threat, file=file, spacing_s=apart, batteries=battery or (),
            doctrine="look" if doctrine == "look" else "salvo", shots=most, reserve=kept, inventories=held,
            samples=drawn, seed=first, progress=progress.tell,
            command=again("raid", dossier, options=options, overrides=overrides, out=out),
        )  # fmt: skip
    written = None
    if out is not None:
        from .output.drawing import write_picture
        from .output.raid_picture import raid_picture

        written = write_picture(out, raid_picture(result))
    if as_json:
        sys.stdout.write(result.to_json() + "\n")
    else:
        from rich.console import Console

        from .output.raid import print_raid

        print_raid(result, Console())
    if written is not None:
        say(f"picture: {written}")
