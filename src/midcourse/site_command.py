"""``midcourse site``: the words of the command, and what it writes."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .arguments import read_place, read_quantity, read_whole
from .options import (
    ArchitectureOption,
    DossierArgument,
    JsonOption,
    SetOption,
    ThreatOption,
    again,
    open_dossier,
)
from .progress import ProgressLine, say

if TYPE_CHECKING:
    from .analysis.spots import KeepOut

EXAMPLE = (
    "Example: midcourse site third-site --place interceptor --architecture third-site --threat iran-us "
    "--alone --objective share --spare russia-us --out trade-off.svg"
)


def site(
    dossier: DossierArgument,
    place: Annotated[
        str, typer.Option("--place", metavar="KIND", help="What to find a place for: interceptor or radar.")
    ],
    architecture: ArchitectureOption,
    move: Annotated[
        str | None,
        typer.Option(
            "--move",
            metavar="NAME",
            help="Its battery or radar that moves; the one that it adds to what it extends if left out.",
        ),
    ] = None,
    threat: ThreatOption = None,
    objective: Annotated[
        str, typer.Option("--objective", metavar="KIND", help="people, share (of flights engaged) or shots.")
    ] = "people",
    alone: Annotated[
        bool, typer.Option("--alone", help="Leave out the architecture's other batteries, or other radars.")
    ] = False,
    spare: Annotated[
        str | None,
        typer.Option("--spare", metavar="NAME", help="Somebody else's threat, to be reached least."),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            "--keep", metavar="SHARE", help="Of the best place's value, what to keep of it; else 0.95."
        ),
    ] = None,
    countries: Annotated[
        str | None,
        typer.Option("--countries", metavar="PL,CZ,..", help="Where it may stand; anywhere if left out."),
    ] = None,
    keep_out: Annotated[
        list[str] | None,
        typer.Option(
            "--keep-out", metavar="LAT,LON:DISTANCE", help='No nearer than this, e.g. "54.7,20.5:300 km".'
        ),
    ] = None,
    region: Annotated[
        str, typer.Option("--region", metavar="NAME", help="A region, or SOUTH,WEST,NORTH,EAST in degrees.")
    ] = "europe",
    grid: Annotated[str, typer.Option("--grid", metavar="SIZE", help="How far apart places are.")] = "2 deg",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Draw the trade-off, .svg; or a map: .nc .tif .geojson .png .html."
        ),
    ] = None,
    top: Annotated[str | None, typer.Option("--top", metavar="N", help="Places listed; else 10.")] = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where an interceptor base, or a radar, would serve best, and what it could do to a third party."""
    from .analysis.grid import find_region, make_grid
    from .output.drawing import check_picture
    from .output.maps.writing import ENDINGS
    from .output.siting import TOP
    from .study.siting import KEEP, check, search

    kind, wanted = check(place, objective)
    kept = KEEP if keep is None else read_quantity(keep, "1", "--keep")
    listed = TOP if top is None else read_whole(top, "--top", 1)
    away = [read_keep_out(text) for text in keep_out or []]
    box = find_region(region)
    cells = make_grid(grid, box)
    if out is not None:
        check_picture(out, formats=(*ENDINGS, ".svg"), what="map or trade-off")
        if out.suffix.lower() == ".svg" and spare is None:
            from .dossier import InputError

            raise InputError(
                "a trade-off needs a threat to be spared", where="--out", value=out.name,
                expected=f"--spare NAME, or a map, which ends in {', '.join(ENDINGS)}",
            )  # fmt: skip
    loaded = open_dossier(dossier, overrides)
    options: dict[str, str | bool | list[str] | None] = {
        "--place": place, "--architecture": architecture, "--move": move,
        "--threat": threat, "--objective": None if objective == "people" else objective,
        "--spare": spare, "--keep": keep, "--countries": countries,
        "--region": None if region == "europe" else region, "--grid": None if grid == "2 deg" else grid,
        "--alone": alone, "--keep-out": keep_out,
    }  # fmt: skip
    with ProgressLine() as progress:
        result = search(
            loaded, architecture, kind, cells, box, move=move, threat=threat, objective=wanted, alone=alone,
            spare=spare, keep=kept, countries=[] if countries is None else countries.split(","),
            keep_out=away, command=again("site", dossier, options=options, overrides=overrides, out=out),
            progress=progress.tell,
        )  # fmt: skip
    written = None
    if out is not None and out.suffix.lower() == ".svg":
        from .output.drawing import write_picture
        from .output.siting_picture import siting_picture

        written = write_picture(out, siting_picture(result))
    elif out is not None:
        from .output.maps.writing import write_map

        written = write_map(result.to_map(), out)
    if as_json:
        sys.stdout.write(result.to_json() + "\n")
    else:
        from rich.console import Console

        from .output.siting import print_sited

        print_sited(result, Console(), listed)
    if written is not None:
        say(f"{'trade-off' if written.suffix.lower() == '.svg' else 'map'}: {written}")
    if result.interrupted:
        say(f"interrupted: {result.searched:,} of {result.to_search:,} places were looked at until then")


def read_keep_out(text: str) -> KeepOut:
    """A place and a distance from ``LAT,LON:DISTANCE``."""
    from .analysis.spots import KeepOut
    from .dossier import InputError

    at, colon, distance = text.partition(":")
    if not colon:
        raise InputError(
            "{value} is no place and distance", where="--keep-out", value=text,
            expected='LAT,LON:DISTANCE, such as "54.7,20.5:300 km"',
        )  # fmt: skip
    lat, lon = read_place(at, "--keep-out")
    return KeepOut(
        round(math.degrees(lat), 9),
        round(math.degrees(lon), 9),
        read_quantity(distance.strip(), "m", "--keep-out"),
    )
