"""``midcourse map``: the words of the command, and what it writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from .arguments import read_quantity, read_whole
from .options import (
    ArchitectureOption,
    DossierArgument,
    JsonOption,
    SeedOption,
    SetOption,
    ThreatOption,
    again,
    open_dossier,
)
from .progress import ProgressLine, say

EXAMPLE = (
    "Example: midcourse map third-site --quantity defended --architecture third-site "
    "--threat iran-europe-irbm --out defended.png"
)


def map_(
    dossier: DossierArgument,
    quantity: Annotated[
        str,
        typer.Option("--quantity", metavar="NAME", help="defended, shots, warning, denied, seen or reach."),
    ],
    architecture: ArchitectureOption,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="NAME", help="Show what changes from this architecture."),
    ] = None,
    threat: ThreatOption = None,
    grid: Annotated[str, typer.Option("--grid", metavar="SIZE", help="Of a cell.")] = "1 deg",
    equal_area: Annotated[
        bool, typer.Option("--equal-area", help="Cells of one area, fewer toward the poles.")
    ] = False,
    region: Annotated[
        str | None,
        typer.Option("--region", metavar="NAME|S,W,N,E", help="What the map is about, if left out."),
    ] = None,
    launches: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="NAME|LAT,LON", help="A launch place; any number. All, if left out."),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--to", metavar="NAME|LAT,LON", help="The place aimed at; with denied.")
    ] = None,
    share: Annotated[
        str, typer.Option("--share", metavar="PERCENT", help="Of launch places, for a cell to be defended.")
    ] = "100 %",
    altitude: Annotated[
        str, typer.Option("--altitude", metavar="H,H,..", help="With seen and reach.")
    ] = "300 km",
    rcs: Annotated[str, typer.Option("--rcs", metavar="AREA", help="Cross-section; with seen.")] = "0.1 m^2",
    battery: Annotated[
        str | None,
        typer.Option("--battery", metavar="NAME", help="The one that fires; all, if left out."),
    ] = None,
    samples: Annotated[
        str | None,
        typer.Option("--samples", metavar="N", help="Worlds from the published ranges: a map of chances."),
    ] = None,
    seed: SeedOption = None,
    levels: Annotated[
        str | None, typer.Option("--levels", metavar="A,B,..", help="Limits of classes in pictures.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=".nc, .tif, .geojson, .png or .html.")
    ] = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """A map of what an architecture defends, sees, reaches, or denies."""
    from .analysis.map_tables import tabulate
    from .analysis.mapping import FLOWN
    from .analysis.maps import difference, is_share
    from .dossier import InputError
    from .model.memory import Memory
    from .output.maps.writing import check_ending, write_map
    from .study.kept import Kept
    from .study.map_asking import ask
    from .study.mapping import check_quantity, draw_map

    check_quantity(quantity)
    if out is not None:
        check_ending(out)
    limits = None if levels is None else _numbers(levels, "--levels")
    loaded = open_dossier(dossier, overrides)
    flies = quantity in FLOWN
    _check_taken(
        quantity,
        {
            "--threat": threat, "--to": target, "--share": share if share != "100 %" else None,
            "--altitude": altitude if altitude != "300 km" else None,
            "--rcs": rcs if rcs != "0.1 m^2" else None, "--battery": battery, "--samples": samples,
            "--from": launches if quantity != "denied" else None, "--seed": seed,
        },
    )  # fmt: skip
    heights = tuple(read_quantity(each.strip(), "m", "--altitude") for each in altitude.split(","))
    if quantity == "reach" and len(heights) > 1:
        raise InputError("a map of reach is of one altitude", where="--altitude", value=altitude)
    question = ask(
        loaded, quantity, architecture, threat=threat, launches=launches or (), target=target, region=region,
        grid=grid, equal_area=equal_area, battery=battery, share=read_quantity(share, "1", "--share"),
        against=against,
    )  # fmt: skip
    question = replace(
        question,
        samples=0 if samples is None else read_whole(samples, "--samples", 1),
        seed=0 if seed is None else read_whole(seed, "--seed", 0),
        altitudes_m=heights,
        rcs_m2=read_quantity(rcs, "m^2", "--rcs"),
    )
    options: dict[str, str | bool | list[str] | None] = {
        "--quantity": quantity, "--architecture": architecture, "--against": against,
        "--threat": question.threat, "--grid": grid if grid != "1 deg" else None, "--region": region,
        "--to": target, "--share": share if share != "100 %" else None,
        "--altitude": altitude if not flies else None, "--rcs": rcs if quantity == "seen" else None,
        "--battery": battery, "--samples": samples, "--seed": seed, "--levels": levels,
        "--equal-area": equal_area, "--from": launches,
    }  # fmt: skip
    command, memory = again("map", dossier, options=options, overrides=overrides, out=out), Memory()
    flights = len(question.grid) * len(question.spots)
    kept = Kept() if against is not None and flights <= _KEPT else None
    made = []
    with ProgressLine() as progress:
        for name in (against, architecture):
            if name is None:
                continue
            partial = None if out is None else out.with_name(f".{out.name}.{name}.partial")
            data = draw_map(
                loaded, question.of(name), memory=memory, kept=kept, partial=partial, progress=progress.tell,
                command=command,
            )  # fmt: skip
            if data is None:
                kept_on_disk = partial is not None and partial.exists()
                say(
                    "interrupted: no map is written"
                    + ("; the same command goes on from there" if kept_on_disk else "")
                )
                raise typer.Exit(130)
            made.append(data)
    data = made[-1]
    if len(made) > 1:
        title = f"{made[1].attrs['title']}, against {loaded.architecture[made[0].attrs['architecture']].name}"
        data = difference(*made, title=title)
        data.attrs["command"] = command
    table = tabulate(data)
    written = None if out is None else write_map(data, out, levels=limits)
    if as_json:
        about = {key: data.attrs[key] for key in _TOLD if key in data.attrs}
        sys.stdout.write(json.dumps({**about, **table.as_dict()}, ensure_ascii=False, indent=2) + "\n")
    else:
        from rich.console import Console

        from .output.maps.table import print_table

        print_table(table, Console(), shares=is_share(data))
    if written is not None:
        say(f"map: {written}")


# Flights that fit into memory till the map of the other architecture takes them up: half a gigabyte or so.
_KEPT = 3_000

# What of a map's attributes the JSON begins with.
_TOLD = (
    "title", "dossier", "dossier_hash", "version", "quantity", "architecture", "before", "after", "threat",
    "missiles", "samples", "seed", "region", "grid", "grid_size_deg", "command", "sources",
)  # fmt: skip


#: The quantities with which an option goes.
_TAKEN = {
    "--threat": ("defended", "shots", "warning", "denied"), "--from": ("defended", "shots", "warning"),
    "--to": ("denied",), "--share": ("defended",), "--altitude": ("seen", "reach"), "--rcs": ("seen",),
    "--battery": ("defended", "shots", "denied", "reach"),
    "--samples": ("defended", "shots", "warning", "denied"),
    "--seed": ("defended", "shots", "warning", "denied"),
}  # fmt: skip


def _check_taken(quantity: str, given: Mapping[str, object]) -> None:
    """InputError for an option that a quantity's map would leave unread."""
    from .dossier import InputError
    from .dossier.errors import listing

    for option, value in given.items():
        if value and quantity not in _TAKEN[option]:
            raise InputError(
                "a map of {value} takes no such option", where=option, value=quantity,
                expected=f"it with --quantity {listing(_TAKEN[option])}",
            )  # fmt: skip


def _numbers(text: str, option: str) -> list[float]:
    from .dossier import InputError

    try:
        return sorted(float(each) for each in text.split(","))
    except ValueError:
        raise InputError(
            "{value} are no numbers", where=option, value=text, expected="some such as 10,20,50"
        ) from None
