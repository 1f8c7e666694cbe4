"""``midcourse run``: the words of the command, and what it writes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .arguments import read_quantity, read_whole
from .live_options import ListenOption, SpeedOption, read_live
from .options import (
    DossierArgument,
    JsonOption,
    MissilesOption,
    SeedOption,
    SetOption,
    SpacingOption,
    ThreatOption,
    again,
    check_raid,
    open_dossier,
)
from .progress import ProgressLine, say

if TYPE_CHECKING:
    from .dossier import Dossier
    from .operation import Scenario, Shield
    from .study.operated import Operated
    from .study.operating import Plan

EXAMPLE = (
    'Example: midcourse run third-site --architecture third-site --missiles 10 --spacing "30 s" '
    '--incident "300 s fail emr@brdy" --out run.jsonl'
)


def run(
    dossier: DossierArgument,
    architecture: Annotated[
        str | None, typer.Option("--architecture", metavar="NAME", help="An architecture of the dossier.")
    ] = None,
    missiles: MissilesOption = None,
    threat: ThreatOption = None,
    spacing: SpacingOption = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--raid", metavar="FILE", help="A raid as data: [[launch]] and [[incident]], not --missiles."
        ),
    ] = None,
    incident: Annotated[
        list[str] | None,
        typer.Option(
            "--incident", metavar="TEXT", help='What happens, e.g. "300 s fail emr@brdy"; any number of them.'
        ),
    ] = None,
    incidents: Annotated[
        Path | None, typer.Option("--incidents", metavar="FILE", help="What happens, as [[incident]] tables.")
    ] = None,
    runs: Annotated[
        str | None,
        typer.Option("--runs", metavar="R", help="Run it so often, for what chance does; once if left out."),
    ] = None,
    seed: SeedOption = None,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", metavar="RECORD", help="Run again what a .jsonl tells, event by event."),
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", metavar="FILE", help="Write the run, by the name's ending; of many runs a .json."
        ),
    ] = None,
    speed: SpeedOption = None,
    listen: ListenOption = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the shield against a raid in simulated time, event by event, once or many times."""
    words: dict[str, str | Sequence[str] | None] = {
        "--architecture": architecture, "--missiles": missiles, "--threat": threat, "--spacing": spacing,
        "--raid": None if file is None else str(file), "--incident": incident,
        "--incidents": None if incidents is None else str(incidents), "--runs": runs, "--seed": seed,
        "--speed": speed, "--listen": listen,
    }  # fmt: skip
    paths = out or []
    if replay is not None:
        _check_replay(words)
        _check_names(paths, 1)
        _replay(open_dossier(dossier, overrides), replay, architecture, paths, as_json)
        return
    number, times, first, apart = _numbers(words)
    _check_names(paths, times)
    live = read_live(speed, listen)
    _check_live(live is not None, times)
    from .study.operating import plan

    assert architecture is not None
    asked = plan(
        open_dossier(dossier, overrides), architecture, number, threat=threat, file=file, spacing_s=apart,
        incidents=incident or (), incidents_file=incidents, seed=first,
    )  # fmt: skip
    words["--out"] = [path.name for path in paths]
    # A run that was watched is made again without watching.
    words["--speed"] = words["--listen"] = None
    command = again("run", dossier, options=words, overrides=overrides)
    if times == 1:
        _once(asked, paths, command, as_json, live)
    else:
        _often(asked, times, paths, command, as_json)


def _check_live(live: bool, times: int) -> None:
    """InputError where many runs are to be watched."""
    from .dossier import InputError

    if live and times != 1:
        raise InputError(
            "--speed and --runs cannot both be given", expected="one run, or none that is watched"
        )


def _check_replay(words: Mapping[str, object]) -> None:
    """InputError where more is asked than a record says."""
    from .dossier import InputError

    for name, given in words.items():
        if given and name != "--architecture":
            raise InputError(
                f"{name} and --replay cannot both be given",
                expected="the dossier with --set as it was, --out and --json: the record says the rest",
            )


def _numbers(words: Mapping[str, Any]) -> tuple[int | None, int, int, float]:
    """How many missiles and runs, the seed, and the time between launches; InputError for what is no raid."""
    from .dossier import InputError

    missiles = words["--missiles"]
    if words["--architecture"] is None:
        raise InputError(
            "missing option '--architecture'", expected=f"as in: {EXAMPLE.removeprefix('Example: ')}"
        )
    check_raid(missiles, words["--raid"], words["--threat"], words["--spacing"])
    return (
        None if missiles is None else read_whole(missiles, "--missiles", 1),
        1 if words["--runs"] is None else read_whole(words["--runs"], "--runs", 1),
        0 if words["--seed"] is None else read_whole(words["--seed"], "--seed", 0),
        0.0 if words["--spacing"] is None else read_quantity(words["--spacing"], "s", "--spacing"),
    )


def _check_names(paths: Sequence[Path], times: int) -> None:
    """InputError before long work whose result could not be written."""
    from .dossier import InputError
    from .output.drawing import check_picture
    from .output.operation.writing import check_ending

    for path in paths:
        if times == 1:
            check_ending(path)
        elif path.suffix.lower() != ".json":
            raise InputError(
                f"{{value}} cannot hold {times:,} runs", where="--out", value=str(path),
                expected="a name that ends in .json, or one run, without --runs",
            )  # fmt: skip
        check_picture(path, formats=(path.suffix.lower(),))


def _once(
    plan: Plan,
    paths: Sequence[Path],
    command: str,
    as_json: bool,
    live: tuple[float, int | None] | None = None,
) -> Shield:
    """Run a raid once, paced to the clock if so wished, write it, and tell what it comes to."""
    from .operation import Shield
    from .operation.luck import Luck
    from .output.operation.writing import write_run
    from .study.operating import moments, operated
    from .study.running import Progress

    with ProgressLine() as progress:
        scenario = _scenario(plan, progress)
        shield = Shield(scenario, Luck(plan.seed, plan.run), incidents=plan.incidents)
        if live is None:
            progress.tell(Progress("running", 0, 0))
            shield.advance()
    if live is not None and not _watched(shield, *live, as_json):
        for path in paths:
            _write_part(path, shield, plan, command)
        raise typer.Exit(130)
    result = operated(plan, scenario, [shield.outcome()], command=command, fates=moments(shield))
    for path in paths:
        write_run(
            path, shield, command=command, orders=plan.orders, raid_file=plan.raid_file,
            incidents_file=plan.incidents_file,
        )  # fmt: skip
    _tell(result, paths, as_json)
    return shield


def _watched(shield: Shield, speed: float, listen: int | None, as_json: bool) -> bool:
    """Run a raid paced to the clock; false where it was stopped."""
    from rich.console import Console

    from .live_options import run_live

    return run_live(shield, speed, listen, Console(stderr=as_json)).finished


def _write_part(path: Path, shield: Shield, plan: Plan, command: str) -> None:
    """Write the record of a run that was stopped, without a summary; the other forms need a whole run."""
    from .output.files import write_whole
    from .output.operation.recording import record_so_far

    if path.suffix.lower() != ".jsonl":
        say(f"not written: {path} needs a run that has ended")
        return
    text = record_so_far(
        shield, command=command, orders=plan.orders, raid_file=plan.raid_file,
        incidents_file=plan.incidents_file,
    )  # fmt: skip
    write_whole(path, text)
    say(f"written: {path}, up to where the run was stopped")


def _often(plan: Plan, times: int, paths: Sequence[Path], command: str, as_json: bool) -> None:
    """Run a raid many times, write what that comes to, and tell it."""
    from .output.files import write_whole
    from .study.operating import operate

    with ProgressLine() as progress:
        scenario = _scenario(plan, progress)
        result = operate(plan, times, scenario=scenario, command=command, progress=progress.tell)
    for path in paths:
        write_whole(path, result.to_json() + "\n")
    _tell(result, paths, as_json)
    if result.interrupted:
        say(f"interrupted: this rests on the {result.runs:,} runs done until then, of {times:,}")


def _replay(
    dossier: Dossier, path: Path, architecture: str | None, paths: Sequence[Path], as_json: bool
) -> None:
    """Run again what a record tells, and hold one beside the other."""
    from .dossier import InputError
    from .output.operation.recording import read_record
    from .study.operating import recorded_plan

    record = read_record(path)
    header = record.header
    if architecture not in (None, header.architecture):
        raise InputError(
            f"{path} is about another architecture", where="--architecture", value=architecture,
            expected=header.architecture,
        )  # fmt: skip
    shield = _once(recorded_plan(dossier, header, str(path)), paths, header.command or "", as_json)
    made, told = shield.record.events, list(record.events)
    if made == told:
        say(f"replayed: all {len(told):,} events are as {path} tells them")
        return
    both = zip(made, told, strict=False)
    first = next((k for k, (one, other) in enumerate(both) if one != other), min(len(made), len(told)))
    say(f"midcourse: {path}: the run goes otherwise from event {first} on; made by version {header.version}")
    raise typer.Exit(1)


def _scenario(plan: Plan, progress: ProgressLine) -> Scenario:
    """A plan made ready; what happens too late to matter is told."""
    from .study.running import Progress

    scenario = plan.scenario(
        workers=os.cpu_count() or 1, report=lambda stage: progress.tell(Progress(stage, 0, 0))
    )
    last = max(each.at_s + each.impact_s for each in scenario.courses)
    for each in plan.incidents:
        if each.at_s > last and each.order is None:
            say(
                f"warning: {each.where or '--incident'}: {each.do} {each.what} at {each.at_s:,.0f} s comes "
                f"after the last missile is down, at {last:,.0f} s"
            )
    return scenario


def _tell(result: Operated, paths: Sequence[Path], as_json: bool) -> None:
    """Print what runs came to, and where it is written."""
    if as_json:
        sys.stdout.write(result.to_json() + "\n")
    else:
        from rich.console import Console

        from .output.operated import print_operated

        print_operated(result, Console())
    for path in paths:
        say(f"written: {path}")
