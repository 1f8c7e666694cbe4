"""The command line: thin over the library, one JSON document on standard output where asked for.

Exit codes: 0 done; 1 the computation says no; 2 bad input, told in one line. Whatever a command needs is
imported inside it, so that help comes at once.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from . import map_command, raid_command, run_command, serve_command, site_command, study_command
from .arguments import check_watch, explain_usage, read_place, read_quantity, read_sampling
from .options import (
    ApogeeOption,
    ArchitectureOption,
    DossierArgument,
    FromOption,
    JsonOption,
    MissileOption,
    SamplesOption,
    SeedOption,
    SetOption,
    ToOption,
    again,
    open_dossier,
)
from .progress import ENGAGEMENT, ProgressLine, announcing, say

#: The modules of kernels that a command's work ends in: once these are compiled, all before them are.
_FLIGHT, _FLYOUT = "aim", "flyout_sheet"
#: What a disk without room says.
_FULL = (errno.ENOSPC, errno.EDQUOT)
_INTERRUPTED = 130
#: What is wrong with a command: click's error, or that of the copy of click that typer has come to carry.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="midcourse",
    help="What each proposal for a missile defence can see, reach and defend; which claims about it hold.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command(epilog="Example: midcourse assess third-site --out report")
def assess(
    dossier: DossierArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the report, a page and a PDF, here.")
    ] = None,
    samples: SamplesOption = None,
    seed: SeedOption = None,
    sampler: Annotated[
        str | None,
        typer.Option("--sampler", metavar="KIND", help="How worlds are drawn: sobol, latin or plain."),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option("--precision", metavar="P", help="Draw until every probability is known to +-P."),
    ] = None,
    most: Annotated[
        str | None, typer.Option("--most", metavar="N", help="Worlds at which --precision gives up.")
    ] = None,
    sensitivity: Annotated[
        str | None,
        typer.Option("--sensitivity", metavar="N", help="Base points for total effects, 0 for none."),
    ] = None,
    standpoints: Annotated[
        bool | None,
        typer.Option(
            "--standpoints/--no-standpoints",
            help="Whether to judge under every party's figures, too; with --out unless told not to.",
        ),
    ] = None,
    architecture: Annotated[
        str | None,
        typer.Option("--architecture", metavar="NAME", help="Only the claims about this architecture."),
    ] = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge every claim of a dossier over the published ranges."""
    from .output.files import check_writable
    from .study.assess import assess as run

    asked = {
        "--samples": samples,
        "--seed": seed,
        "--sampler": sampler,
        "--precision": precision,
        "--most": most,
        "--sensitivity": sensitivity,
    }
    options = read_sampling(asked, report=out is not None)
    about = [] if architecture is None else ["--architecture", architecture]
    views = [] if standpoints is None else ["--standpoints" if standpoints else "--no-standpoints"]
    loaded = open_dossier(dossier, overrides)
    if out is not None:
        check_writable(out)
    # What is loaded by now stays: searching it for garbage again and again would cost as much as many worlds.
    gc.freeze()
    with ProgressLine() as progress:
        result = run(
            loaded,
            **options.asked,
            standpoints=out is not None if standpoints is None else standpoints,
            mapped=out is not None,
            architecture=architecture,
            command=again("assess", dossier, *about, *options.words, *views, overrides=overrides),
            progress=progress.tell,
        )
    written: Sequence[Path] = ()
    failure = None
    if out is not None:
        from .output.report import PAGE_NAME, write_report
        from .output.typesetting import TypesettingError

        try:
            written = write_report(result, out)
        except TypesettingError as error:
            written, failure = [out / PAGE_NAME], error
    if as_json:
        sys.stdout.write(result.to_json() + "\n")
    else:
        from rich.console import Console

        from .output.table import print_assessment

        print_assessment(result, Console())
    for path in written:
        say(f"report: {path}")
    if result.interrupted:
        say(f"interrupted: the answer rests on the {result.samples:,} samples drawn until then")
    if failure is not None:
        raise failure


@app.command(epilog="Example: midcourse fly notional-icbm --from 35.7,51.4 --to 40.7,-74.0")
def fly(
    missile: Annotated[str, typer.Argument(metavar="MISSILE", help="A missile of the catalog.")],
    start: FromOption,
    target: ToOption,
    apogee: ApogeeOption = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fly a missile between two places on the turning Earth."""
    from .analysis.single import fly_document

    catalog = open_dossier(None, overrides)
    document = fly_document(
        catalog,
        missile,
        read_place(start, "--from"),
        read_place(target, "--to"),
        _height(apogee),
        announcing(_FLIGHT),
    )
    _print(document, as_json, "fly")


@app.command(epilog="Example: midcourse flyout gbi-2-stage --site redzikowo")
def flyout(
    interceptor: Annotated[str, typer.Argument(metavar="INTERCEPTOR", help="An interceptor of the catalog.")],
    site: Annotated[str, typer.Option("--site", metavar="NAME|LAT,LON", help="Where it is launched from.")],
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """How far an interceptor gets, by altitude and time."""
    from .analysis.single import flyout_document

    catalog = open_dossier(None, overrides)
    _print(flyout_document(catalog, interceptor, site, announcing(_FLYOUT)), as_json, "flyout")


@app.command(epilog='Example: midcourse radar emr --rcs "0.01 m^2"')
def radar(
    radar: Annotated[str, typer.Argument(metavar="RADAR", help="A radar of the catalog.")],
    rcs: Annotated[
        str, typer.Option("--rcs", metavar="AREA", help="Radar cross-section of the target.")
    ] = "0.01 m^2",
    snr: Annotated[
        str | None, typer.Option("--snr", metavar="LEVEL", help='Ratio needed, e.g. "13 dB".')
    ] = None,
    dwell: Annotated[
        str | None, typer.Option("--dwell", metavar="TIME", help='Time on target, e.g. "0.1 s".')
    ] = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """How far a radar tracks a cross-section, how surely it detects it, and how it searches."""
    from .analysis.single import radar_document

    chosen = [(f"radar.{radar}.required_snr", snr, "--snr"), (f"radar.{radar}.dwell", dwell, "--dwell")]
    catalog = open_dossier(None, overrides)
    catalog.get("radar", radar)
    for path, value, option in chosen:
        if value is not None:
            catalog = catalog.with_overrides({path: value}, where=option)
    _print(radar_document(catalog, radar, read_quantity(rcs, "m^2", "--rcs")), as_json, "radar")


@app.command(
    epilog="Example: midcourse engage third-site --architecture third-site --missile notional-icbm "
    "--from 35.7,51.4 --to 40.7,-74.0"
)
def engage(
    dossier: DossierArgument,
    architecture: ArchitectureOption,
    missile: MissileOption,
    start: FromOption,
    target: ToOption,
    apogee: ApogeeOption = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every launch with which an architecture meets one flight."""
    from .analysis.single import engage_document

    places = read_place(start, "--from"), read_place(target, "--to")
    height = _height(apogee)
    document = engage_document(
        open_dossier(dossier, overrides), architecture, missile, *places, height, announcing(ENGAGEMENT)
    )
    _print(document, as_json, "engage")


@app.command(
    epilog="Example: midcourse watch third-site --architecture third-site --missile notional-icbm "
    "--from 35.7,51.4 --to 40.7,-74.0 --out flight.svg"
)
def watch(
    dossier: DossierArgument,
    architecture: Annotated[
        list[str] | None,
        typer.Option(
            "--architecture", metavar="NAME", help="An architecture; with --threat any number, or all."
        ),
    ] = None,
    missile: Annotated[
        str | None, typer.Option("--missile", metavar="NAME", help="One flight of this missile.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="LAT,LON", help="Launch place, in degrees.")
    ] = None,
    target: Annotated[str | None, typer.Option("--to", metavar="LAT,LON", help="Target, in degrees.")] = None,
    apogee: ApogeeOption = None,
    threat: Annotated[
        str | None,
        typer.Option("--threat", metavar="NAME", help="All flights of this threat, e.g. iran-us, not one."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Draw the picture: .svg or .html.")
    ] = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who sees one flight when, how well each then knows it, and who can meet it; or all flights of a threat
    against each architecture.
    """
    from .analysis.single import timeline_document, watch_document
    from .output.drawing import check_picture

    chosen = architecture or []
    asked = {"--missile": missile, "--from": start, "--to": target, "--apogee": apogee}
    check_watch(threat, chosen, asked)
    height = _height(apogee)
    if out is not None:
        check_picture(out)
    words = ["watch", dossier, *(word for name in chosen for word in ("--architecture", name))]
    document: dict[str, Any]
    if threat is not None:
        words += ["--threat", threat]
        loaded = open_dossier(dossier, overrides)
        with ProgressLine() as progress:
            document = timeline_document(loaded, threat, chosen, progress.say)
    else:
        assert missile is not None
        assert start is not None
        assert target is not None
        words += [word for name, value in asked.items() if value is not None for word in (name, value)]
        places = read_place(start, "--from"), read_place(target, "--to")
        document = watch_document(
            open_dossier(dossier, overrides), chosen[0], missile, *places, height, announcing(ENGAGEMENT)
        )
    written = None if out is None else _draw(document, out, again(*words, overrides=overrides, out=out))
    _print(document, as_json, "watch" if threat is None else "timeline")
    if written is not None:
        say(f"picture: {written}")


def _draw(document: dict[str, Any], out: Path, command: str) -> Path:
    """The picture of a watched flight, or of all flights of a threat."""
    from .output.drawing import write_picture
    from .output.flight_picture import flight_picture
    from .output.timeline_picture import timeline_picture

    draw = timeline_picture if "threat" in document else flight_picture
    return write_picture(out, draw(document, command))


@app.command(epilog="Example: midcourse framework third-site --out framework")
def framework(
    dossier: DossierArgument,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="DOSSIER", help="Show what moved since this version of it."),
    ] = None,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Write HTML, PDF, JSON and its schema into this folder."),
    ] = Path("framework"),
    samples: SamplesOption = None,
    seed: SeedOption = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the joint record: all elements, every party's position, and what each difference is about."""
    from .output.files import check_writable
    from .output.record.making import framework as make
    from .output.record.writing import record_json, write_record

    options = read_sampling({"--samples": samples, "--seed": seed}, report=False)
    loaded = open_dossier(dossier, overrides)
    earlier = None if against is None else open_dossier(against, None)
    check_writable(out)
    command = again("framework", dossier, *options.words, overrides=overrides)
    if against is not None:
        command += shlex.join(["", "--against", against])
    with ProgressLine() as progress:
        document = make(
            loaded,
            earlier,
            against_name=against or "",
            samples=options.asked.get("samples"),
            seed=options.asked.get("seed", 0),
            command=command,
            progress=progress.tell,
        )
    written = write_record(document, out)
    if as_json:
        sys.stdout.write(record_json(document))
    else:
        from rich.console import Console

        from .output.record.terminal import print_record

        print_record(document, Console())
    say(f"record: {written}")


@app.command(epilog="Example: midcourse compare third-site --architectures two-site,third-site,gabala,joint")
def compare(
    dossier: DossierArgument,
    architectures: Annotated[
        str | None,
        typer.Option(
            "--architectures", metavar="A,B,..", help="Which to compare; all that can act if left out."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it too: .html, .svg, .csv or .json.")
    ] = None,
    samples: SamplesOption = None,
    seed: SeedOption = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set proposals side by side, and say which differences exceed the uncertainty."""
    from .output.compare import FORMATS, print_comparison, write_comparison
    from .output.drawing import check_picture
    from .study.compare import SAMPLES
    from .study.compare import compare as run

    options = read_sampling({"--samples": samples, "--seed": seed}, report=False)
    names = [name.strip() for name in architectures.split(",")] if architectures is not None else []
    if out is not None:
        check_picture(out, formats=FORMATS, what="comparison")
    words = [] if architectures is None else ["--architectures", architectures]
    loaded = open_dossier(dossier, overrides)
    with ProgressLine() as progress:
        result = run(
            loaded,
            names,
            samples=options.asked.get("samples", SAMPLES),
            seed=options.asked.get("seed", 0),
            command=again("compare", dossier, *words, *options.words, overrides=overrides),
            progress=progress.tell,
        )
    written = None if out is None else write_comparison(result, out)
    if as_json:
        sys.stdout.write(result.to_json() + "\n")
    else:
        from rich.console import Console

        print_comparison(result, Console())
    if written is not None:
        say(f"comparison: {written}")


@app.command(epilog="Example: midcourse check my-dossier")
def check(dossier: DossierArgument, overrides: SetOption = None, as_json: JsonOption = False) -> None:
    """Read a dossier as an assessment would, and say what is in it."""
    from .analysis.single import check_document

    # In print its warnings stand among what it says.
    _print(check_document(open_dossier(dossier, overrides, warn=as_json)), as_json, "check")


@app.command(epilog="Example: midcourse new my-dossier")
def new(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder to be made, or one without a dossier.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Start a dossier of one's own: a small one that works, with comments."""
    from .dossier import new as start

    written = [str(path) for path in start(directory)]
    if as_json:
        _print({"written": written}, True, "new")
    else:
        sys.stdout.write("".join(f"{path}\n" for path in written))
        say(f"now: midcourse assess {shlex.quote(str(directory))}")


@app.command(epilog="Example: midcourse catalog interceptor.gbi-2-stage")
def catalog(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="An entry, as NAME or KIND.NAME, or a kind.")
    ] = None,
    dossier: Annotated[
        str | None, typer.Option("--dossier", metavar="DOSSIER", help="Look in this dossier too.")
    ] = None,
    overrides: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is in the catalog, or show an entry with its sources."""
    from .analysis.single import catalog_document

    _print(catalog_document(open_dossier(dossier, overrides), name), as_json, "catalog")


app.command("map", epilog=map_command.EXAMPLE)(map_command.map_)
app.command(epilog=raid_command.EXAMPLE)(raid_command.raid)
app.command(epilog=run_command.EXAMPLE)(run_command.run)
app.command(epilog=site_command.EXAMPLE)(site_command.site)
app.command(epilog=serve_command.EXAMPLE)(serve_command.serve)
app.add_typer(study_command.app, name="study", help="Studies of a plan: run, resume, show, stop.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if not arguments:
        sys.stderr.write("midcourse: no command; see midcourse --help\n")
        return 2
    try:
        code = app(args=list(arguments), prog_name="midcourse", standalone_mode=False)
        sys.stdout.flush()
        # Typer makes of Ctrl-C an exit code, and of typer.Exit.
        if code == _INTERRUPTED:
            raise KeyboardInterrupt
        return int(code or 0)
    except _UsageError as error:
        return _complain(explain_usage(error))
    except study_command.Interrupted:
        return _INTERRUPTED
    except (typer.Abort, KeyboardInterrupt):
        say("interrupted; nothing was written")
        return _INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever was reading has gone; typer, where it notices first, would exit.
        _give_up_output()
        return 0
    except Exception as error:
        from .dossier import InputError
        from .model.flights import OutOfReach
        from .output.typesetting import TypesettingError

        if isinstance(error, InputError):
            return _complain(str(error))
        if isinstance(error, OutOfReach | TypesettingError):
            sys.stderr.write(f"midcourse: {error}\n")
            return 1
        if isinstance(error, OSError) and error.errno in _FULL:
            _give_up_output()
            return _complain(f"standard output cannot be written: {os.strerror(error.errno).lower()}")
        raise


def _give_up_output() -> None:
    """Let the interpreter end without trying again to write what is left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(text: str) -> int:
    sys.stderr.write(f"midcourse: {text}\n")
    return 2


def _height(apogee: str | None) -> float | None:
    return None if apogee is None else read_quantity(apogee, "m", "--apogee")


def _print(document: dict[str, Any], as_json: bool, command: str) -> None:
    """A document as JSON, or laid out for reading."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    else:
        from rich.console import Console

        from .output.listing import print_document

        print_document(document, command, Console())


if __name__ == "__main__":
    main()
