"""``midcourse study``: studies of a plan, run, looked at and taken up again."""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .arguments import read_whole
from .options import JsonOption
from .progress import ProgressLine, say, words

if TYPE_CHECKING:
    from .store.store import Store
    from .study.running import Progress
    from .survey.driver import Ran

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_INTERRUPTED = 130
# How often a log that nobody rewrites is told how far the study is [s].
_EVERY_S = 30.0

PlanArgument = Annotated[
    str, typer.Argument(metavar="PLAN", help="A plan's file, or the name of one of the package's.")
]
PlanOrStoreArgument = Annotated[
    str, typer.Argument(metavar="PLAN|STORE", help="A plan, or the store of one.")
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="URL", help="Where results go: a folder, s3://..; PLAN.zarr if left out."
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="A Dask scheduler, tcp://HOST:8786; else threads here."
    ),
]
WorkersOption = Annotated[
    str | None, typer.Option("--workers", metavar="N", help="Threads; one a core if left out.")
]
LogOption = Annotated[
    Path | None,
    typer.Option("--log", metavar="FILE", help="Events as lines of JSON; into a local store if left out."),
]


@app.command(epilog="Example: midcourse study run europe --store europe.zarr")
def run(
    plan: PlanArgument,
    store: StoreOption = None,
    scheduler: SchedulerOption = None,
    workers: WorkersOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it takes, measured on a few units; begin nothing.")
    ] = False,
    log: LogOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin a study."""
    if dry_run:
        _estimate(plan, workers, as_json)
        return
    _work(plan, store, scheduler, workers, log, as_json, anew=True)


@app.command(epilog="Example: midcourse study resume europe --store europe.zarr")
def resume(
    plan: PlanArgument,
    store: StoreOption = None,
    scheduler: SchedulerOption = None,
    workers: WorkersOption = None,
    log: LogOption = None,
    as_json: JsonOption = False,
) -> None:
    """Go on with a study that was stopped: what is whole is not computed again."""
    _work(plan, store, scheduler, workers, log, as_json, anew=False)


@app.command(epilog="Example: midcourse study show europe.zarr")
def show(
    plan: PlanOrStoreArgument,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """How a study stands, and what it says so far."""
    from .store.store import Store
    from .survey.standing import standing

    found = standing(Store.open(_url(plan, store)))
    if as_json:
        sys.stdout.write(found.to_json() + "\n")
        return
    from rich.console import Console

    from .output.study.standing import print_standing

    print_standing(found, Console())


@app.command(epilog="Example: midcourse study stop europe.zarr")
def stop(
    plan: PlanOrStoreArgument,
    store: StoreOption = None,
) -> None:
    """Ask a study that runs to stop after the units under way."""
    from .store.holding import holder
    from .store.stopping import ask_stop
    from .store.store import Store

    found = Store.open(_url(plan, store))
    who = holder(found.place)
    if who is None:
        say(f"nobody runs the study in {found.place}")
        raise typer.Exit(1)
    ask_stop(found.place)
    say(f"{who} is asked to stop: it ends once the units under way are committed")


@app.command(epilog="Example: midcourse study export europe.zarr --out europe")
def export(
    plan: PlanOrStoreArgument,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A Parquet file a question, here.")],
    store: StoreOption = None,
) -> None:
    """Write all values as Parquet, for DuckDB, pandas or R."""
    from .output.study.parquet import export as write
    from .store.reading import open_study

    tree = open_study(_url(plan, store))
    with ProgressLine() as progress:

        def tell(name: str, done: int, total: int) -> None:
            progress.say(f"writing {name}", f"writing {name}, {done:,} of {total:,} rows")

        written = write(tree, out, tell)
    for path in written:
        say(f"table: {path}")


@app.command(epilog="Example: midcourse study draw europe.zarr --question defended --out europe.png")
def draw(
    plan: PlanOrStoreArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=".png, or .svg where it is no map.")],
    question: Annotated[
        str | None, typer.Option("--question", metavar="NAME", help="Which; needed where there are several.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--show", metavar="AXIS=LABEL", help="Of an axis, this alone; any number of them."),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Draw a question over all its cases."""
    from .dossier import InputError, nearest_names
    from .dossier.errors import listing
    from .output.files import write_whole
    from .output.study.picture import study_picture
    from .store.reading import open_question
    from .store.store import Store

    chosen = {}
    for each in only or ():
        axis, equals, label = each.partition("=")
        if not equals:
            raise InputError(
                "{value} shows nothing",
                where="--show",
                value=each,
                expected="AXIS=LABEL, such as threat=iran-us",
            )
        chosen[axis.strip()] = label.strip()
    found = Store.open(_url(plan, store))
    asked = {each["name"]: each for each in found.manifest.questions}
    if question is None and len(asked) > 1:
        raise InputError("several questions", where="--question", expected=listing(asked))
    name = question or next(iter(asked))
    if name not in asked:
        raise InputError(
            "unknown question", where="--question", value=name, expected=listing(asked),
            nearest=nearest_names(name, asked),
        )  # fmt: skip
    first, units = asked[name]["first"], math.prod(asked[name]["steps"])
    done = sum(first <= unit < first + units for unit in found.journal().records)
    picture = study_picture(
        open_question(found.place.url, name), asked[name]["kind"], name=name,
        about={**vars(found.manifest), "sampler": asked[name]["sampler"]}, chosen=chosen, done=done / units,
        ending=out.suffix,
    )  # fmt: skip
    write_whole(out, picture)
    say(f"picture: {out}")


def _url(plan: str, store: str | None) -> str:
    """The store meant: the one named, that of a plan, or what is itself one."""
    if store is not None:
        return store
    # A bare name is a plan's, unless a store of that name lies here.
    if "://" in plan or plan.endswith(".zarr") or (Path(plan) / "manifest.json").exists():
        return plan
    return f"{Path(plan).stem}.zarr"


def _work(
    plan: str,
    store: str | None,
    scheduler: str | None,
    workers: str | None,
    log: Path | None,
    as_json: bool,
    *,
    anew: bool,
) -> None:
    from .dossier import InputError

    if scheduler is not None and workers is not None:
        raise InputError(
            "--workers and --scheduler cannot both be given", expected="a scheduler's workers are its own"
        )
    count = (os.cpu_count() or 1) if workers is None else read_whole(workers, "--workers", 1)
    url = _url(plan, store)
    words = plan + (f" --store {store}" if store else "")
    again = f"midcourse study resume {words}"
    ran, where = _run(plan, url, scheduler, count, log, words, anew=anew)
    if as_json:
        import json

        from .output.study.ran import as_document

        sys.stdout.write(json.dumps(as_document(ran, str(where.place)), ensure_ascii=False, indent=2) + "\n")
    else:
        from rich.console import Console

        from .output.study.ran import print_ran

        print_ran(ran, str(where.place), again, Console())
    if ran.stopped == _CTRL_C:
        raise Interrupted
    if ran.whole < ran.units:
        raise typer.Exit(1)


_CTRL_C = "interrupted"


class Interrupted(Exception):
    """A study was stopped by Ctrl-C; all that is to be said of it has been."""


def _run(
    plan: str, url: str, scheduler: str | None, workers: int, log: Path | None, words: str, *, anew: bool
) -> tuple[Ran, Store]:
    from .survey.driver import Driver, engine_for, store_for
    from .survey.log import EventLog
    from .survey.plan import read_plan
    from .survey.working import Works

    with ExitStack() as stack:
        progress = stack.enter_context(ProgressLine())
        progress.say("reading the plan")
        works = Works(read_plan(plan))
        engine = stack.enter_context(engine_for(scheduler, workers, say))
        verb = "run" if anew else "resume"
        with _trouble(url, f"nothing has been computed; once that is mended: midcourse study {verb} {words}"):
            store = store_for(works, url, anew=anew)
        again = f"midcourse study resume {words}"
        if log is None and store.place.local is not None:
            log = store.place.local / "log.jsonl"
        events = stack.enter_context(EventLog(log))
        driver = Driver(works, store, engine, tell=_Telling(progress).tell, say=say, log=events)

        def stop() -> None:
            driver.stop(_CTRL_C)
            told = f"stopping once the units under way are committed; Ctrl-C again ends at once ({again})"
            # Not from here: Ctrl-C may have come while a line was being written.
            threading.Thread(target=say, args=(told,)).start()

        with _interruptible(stop), _trouble(url, f"what was committed is whole; go on with: {again}"):
            return driver.run(), store


@contextmanager
def _trouble(store: str, then: str) -> Iterator[None]:
    """Tell in one line of a store that takes no more, whatever the reason, and what is to be done."""
    from .store.holding import HoldLost
    from .store.place import DiskFull

    try:
        yield
    except (OSError, HoldLost) as error:
        told = str(error)
        if isinstance(error, OSError) and not isinstance(error, DiskFull) and error.strerror:
            told = f"{error.filename or store} cannot be used ({error.strerror.lower()})"
        say(f"midcourse: {told}; {then}")
        raise typer.Exit(1) from None


class _Telling:
    """How far the study is: a line that changes on a terminal, and elsewhere one now and then."""

    def __init__(self, progress: ProgressLine) -> None:
        self._progress = progress
        self._told = time.monotonic()

    def tell(self, progress: Progress) -> None:
        self._progress.tell(progress)
        now = time.monotonic()
        if not sys.stderr.isatty() and now - self._told > _EVERY_S:
            self._told = now
            say(words(progress))


@contextmanager
def _interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """Let the first Ctrl-C stop the study, and the second end the program there and then."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: Any) -> None:
        def end(_number: int, _frame: Any) -> None:
            # Nothing is lost that was committed, and nothing half-written is believed.
            os._exit(_INTERRUPTED)

        signal.signal(signal.SIGINT, end)
        stop()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _estimate(plan: str, workers: str | None, as_json: bool) -> None:
    from .survey.estimate import estimate
    from .survey.plan import read_plan
    from .survey.working import Works

    count = (os.cpu_count() or 1) if workers is None else read_whole(workers, "--workers", 1)
    with ProgressLine() as progress:
        progress.say("reading the plan")
        works = Works(read_plan(plan))
        found = estimate(works, progress.tell)
    if as_json:
        import json
        from dataclasses import asdict

        questions = [{**asdict(each), "work_s": each.work_s, "bytes": each.bytes} for each in found]
        total = {"units": works.cut.count, "evaluations": sum(each.evaluations for each in found),
                 "work_s": sum(each.work_s for each in found), "workers": count,
                 "bytes": sum(each.bytes for each in found)}  # fmt: skip
        document = {"plan_hash": works.plan.hash, **total, "questions": questions}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        return
    from rich.console import Console

    from .output.study.estimate import print_estimate

    print_estimate(found, works.cut.count, count, Console())
