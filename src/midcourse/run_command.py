"""``midcourse run``: the words of the command, and what it writes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from .operation import Scenario
    from .study.operating import Plan

EXAMPLE = (
    'Example: midcourse run third-site --architecture third-site --missiles 10 --spacing "30 s" '
    '--incident "300 s fail emr@brdy" --out run.jsonl'
)


def run(
    dossier: DossierArgument,
    architecture: ArchitectureOption,
    missiles: Annotated[
        str | None, typer.Option("--missiles", metavar="N", help="Missiles of the threat, by lot.")
    ] = None,
    threat: ThreatOption = None,
    spacing: Annotated[
        str | None,
        typer.Option(
            "--spacing", metavar="TIME", help='Between two launches, e.g. "30 s"; none if left out.'
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--raid",
            metavar="FILE",
            help="A raid as data, [[launch]] and [[incident]] tables, not --missiles.",
        ),
    ] = None,
    incident: Annotated[
        list[str] | None,
        typer.Option(
            "--incident", metavar="TEXT", help='What happens, e.g. "300 s fail emr@brdy"; any number of them.'
        ),
    ] = None,
    incidents: Annotated[
        Path | None, typer.Option("--incidents", metavar="FILE", help="What happens, [[incident]] tables.")
    ] = None,
    runs: Annotated[
        str | None,
        typer.Option("--runs", metavar="R", help="Run it so often, for what chance does; else once."),
    ] = None,
    seed: SeedOption = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", metavar="FILE", help="Write the run, by the name's ending, or many runs: .json."
        ),
    ] = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the shield against a raid in simulated time, event by event, once or many times."""
    from .dossier import InputError
    from .study.operating import plan

    if (missiles is None) == (file is None):
        raise InputError(
            "both --missiles and --raid" if file else "no raid", expected="--missiles N, or --raid FILE"
        )
    if file is not None and (threat is not None or spacing is not None):
        raise InputError(
            f"{'--threat' if threat is not None else '--spacing'} and --raid cannot both be given",
            expected="a raid's file says which missiles fly when",
        )
    number = None if missiles is None else read_whole(missiles, "--missiles", 1)
    times = 1 if runs is None else read_whole(runs, "--runs", 1)
    first = 0 if seed is None else read_whole(seed, "--seed", 0)
    apart = 0.0 if spacing is None else read_quantity(spacing, "s", "--spacing")
    _check_names(out or [], times)
    asked = plan(
        open_dossier(dossier, overrides), architecture, number, threat=threat, file=file, spacing_s=apart,
        incidents=incident or (), incidents_file=incidents, seed=first,
    )  # fmt: skip
    command = again(
        "run", dossier,
        options={
            "--architecture": architecture, "--missiles": missiles, "--threat": threat, "--spacing": spacing,
            "--raid": None if file is None else str(file), "--incident": incident,
            "--incidents": None if incidents is None else str(incidents), "--runs": runs, "--seed": seed,
            "--out": [path.name for path in out or []],
        },
        overrides=overrides,
    )  # fmt: skip
    _run(asked, times, out or [], command, as_json)


def _check_names(paths: list[Path], times: int) -> None:
    """InputError before long work whose result could not be written."""
    from .dossier import InputError
    from .output.drawing import check_picture
    from .run_writing import check_ending

    for path in paths:
        if times == 1:
            check_ending(path)
        elif path.suffix.lower() != ".json":
            raise InputError(
                f"{{value}} cannot hold {times:,} runs", where="--out", value=str(path),
                expected="a name that ends in .json, or one run, without --runs",
            )  # fmt: skip
        check_picture(path, formats=(path.suffix.lower(),))


def _run(plan: Plan, times: int, paths: list[Path], command: str, as_json: bool) -> None:
    """Run a raid, and tell what it comes to."""
    import os

    from .operation import simulate
    from .output.files import write_whole
    from .run_writing import write_run
    from .study.operating import moments, operate, operated
    from .study.running import Progress

    with ProgressLine() as progress:
        scenario = plan.scenario(
            workers=os.cpu_count() or 1, report=lambda stage: progress.tell(Progress(stage, 0, 0))
        )
        _warn(plan, scenario)
        if times == 1:
            progress.tell(Progress("running", 0, 0))
            shield = simulate(scenario, plan.seed, incidents=plan.incidents)
            result = operated(plan, scenario, [shield.outcome()], command=command, fates=moments(shield))
            for path in paths:
                write_run(path, shield, command=command, orders=plan.orders, raid_file=plan.raid_file)
        else:
            result = operate(plan, times, scenario=scenario, command=command, progress=progress.tell)
            for path in paths:
                write_whole(path, result.to_json() + "\n")
    if as_json:
        sys.stdout.write(result.to_json() + "\n")
    else:
        from rich.console import Console

        from .output.operated import print_operated

        print_operated(result, Console())
    for path in paths:
        say(f"written: {path}")
    if result.interrupted:
        say(f"interrupted: this rests on the {result.runs:,} runs done until then, of {times:,}")


def _warn(plan: Plan, scenario: Scenario) -> None:
    """Say what happens too late to matter."""
    last = max(each.at_s + each.impact_s for each in scenario.courses)
    for each in plan.incidents:
        if each.at_s > last:
            say(
                f"warning: {each.where or '--incident'}: {each.do} {each.what} at {each.at_s:,.0f} s comes "
                f"after the last missile is down, at {last:,.0f} s"
            )
