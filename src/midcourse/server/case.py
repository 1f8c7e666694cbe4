"""A dossier on show: its own assessment, the boards of what is made of it, and what was answered before."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from ..analysis.assessment import Assessment
from ..dossier import Dossier
from ..model.defence import Place
from ..model.memory import Lately, Memory, Passing
from ..output.files import write_whole
from ..study.assess import assess
from ..study.relevance import depends, touches
from ..study.running import Progress
from .board import Board, Verdict, verdict_of
from .describe import Body, baseline, describe, told
from .desk import Crew, Desk, Dropped, Order, Stage, Urgency
from .figures import Basis, Figures, State, figures_of

#: Boards that stay ready: of figures that are held, which are light, and of others.
LIGHT, HEAVY = 32, 4
#: States whose verdicts are remembered, and those whose dossiers are.
ANSWERED, STOOD = 400, 16
Tell = Callable[[list[Verdict], list[str], bool], None]


class Case:
    """A dossier, shown to any number of people at once.

    Attributes
    ----------
    assessment : of the dossier as it stands, once it is there
    progress : how far that is
    """

    def __init__(self, key: str, dossier: Dossier, desk: Desk, memory: Memory) -> None:
        self.key, self.dossier, self.desk, self.memory = key, dossier, desk, memory
        self.assessment: Assessment | None = None
        self.progress: Progress | None = None
        self._order = Order()
        self._guard = threading.Lock()
        self._waiting: list[Callable[[Progress | Assessment | Exception], None]] = []
        self._failed: Exception | None = None
        self._base: Board | None = None
        self._light: Lately[Hashable, Board] = Lately(LIGHT)
        self._heavy: Lately[Hashable, Board] = Lately(HEAVY)
        self._answered: Lately[Hashable, list[Verdict]] = Lately(ANSWERED)
        self._stood: Lately[Hashable, Figures] = Lately(STOOD)
        self._hit: Lately[str, frozenset[str]] = Lately(ANSWERED)
        self._texts: Lately[bool, Body] = Lately(2)
        self._told: Lately[Hashable, Body] = Lately(ANSWERED)

    # The dossier as it stands.

    def start(self) -> None:
        """Begin to assess the dossier as it stands, unless that was done before."""
        threading.Thread(target=self._assess, name=f"assess {self.key}", daemon=True).start()

    def close(self) -> None:
        """Work on it no more."""
        self._order.drop()

    def _assess(self) -> None:
        path = _kept(self.dossier, self.memory)
        found = _read(path)
        try:
            if found is None:
                found = assess(
                    self.dossier, mapped=False, memory=self.memory, progress=self._tell,
                    workers=self.desk.workers, engine=Crew(self.desk, Urgency.BACKGROUND, self._order),
                )  # fmt: skip
                _write(path, found)
        except Dropped:
            return
        except Exception as error:
            self._failed = error
            self._tell(error)
            return
        self.assessment = found
        self._tell(found)
        self.text()
        # Whoever moves a lever first is not to wait for what all levers share.
        warmed = self.judge(State(dossier=self.key), (), lambda *_: None, samples=0)
        self.desk.take(self._order, _unhurried(warmed), Urgency.BACKGROUND)

    def _tell(self, news: Progress | Assessment | Exception) -> None:
        with self._guard:
            if isinstance(news, Progress):
                self.progress = news
            waiting = list(self._waiting)
            if not isinstance(news, Progress):
                self._waiting.clear()
        for each in waiting:
            each(news)

    def when_assessed(self, hear: Callable[[Progress | Assessment | Exception], None]) -> None:
        """Have progress told, and in the end the assessment or what it failed of; at once where it is
        there.
        """
        with self._guard:
            news = self.assessment or self._failed
            if news is None:
                self._waiting.append(hear)
                return
        hear(news)

    def hear_no_more(self, hear: Callable[[Progress | Assessment | Exception], None]) -> None:
        with self._guard, suppress(ValueError):
            self._waiting.remove(hear)

    def text(self) -> Body:
        """The page's ``Case``, in which levers know what they decide once the assessment is there."""
        found = self.assessment
        known = self._texts.get(found is not None)
        return known if known is not None else self._texts.put(found is not None, self._described(found))

    def _described(self, found: Assessment | None) -> Body:
        deciding = [each.parameter for each in found.deciders] if found else []
        body = describe(self.key, self.dossier, deciding)
        counts = {each.parameter: len(each.claims) for each in found.deciders} if found else {}
        for lever in body["levers"]:
            path = lever["path"]
            lever["decides"] = counts.get(path, counts.get(path.replace(".burnout_speed", ".payload"), 0))
        return body

    def baseline(self) -> Body | None:
        """The page's ``Baseline``; None while it is not there."""
        return None if self.assessment is None else baseline(self.assessment)

    def verdicts(self) -> list[Verdict] | None:
        """The verdicts of the dossier as it stands; None while they are not there."""
        if self.assessment is None:
            return None
        return [verdict_of(claim) for claim in self.assessment.claims]

    # What is made of it.

    def figures(self, state: State) -> Figures:
        """What a state stands for, the same as long as it is asked for; InputError as ``--set`` would have
        it.
        """
        known = self._stood.get(state.key)
        return known if known is not None else self._stood.put(state.key, figures_of(self.dossier, state))

    def affected(self, figures: Figures, state: State) -> list[str]:
        """The claims whose verdict a state may change."""
        hit = set[str]().union(*map(self._moved_by, figures.changed))
        view = state.viewpoint
        if view is not None:
            hit.update(name for name in self.dossier.claim if touches(self.dossier, name, view))
        return [name for name in self.dossier.claim if name in hit]

    def _moved_by(self, path: str) -> frozenset[str]:
        """The claims that what is written at a path may move."""
        found = self._hit.get(path)
        if found is None:
            names = (name for name in self.dossier.claim if depends(self.dossier, name, [path]))
            found = self._hit.put(path, frozenset(names))
        return found

    def judge(
        self, state: State, first: Sequence[str], tell: Tell, *, samples: int | None
    ) -> Iterator[Stage]:
        """Judge all that a state affects; ``tell`` gets verdicts, the claims that are as in the dossier, and
        whether these are the last.

        ``samples`` is the number of worlds, the dossier's own if None; none for the nominal figures alone.
        """
        header = self.dossier.dossier
        assert header is not None
        wanted = header.samples if samples is None else samples
        key = (state.key, wanted)
        known = self._answered.get(key)
        if known is not None:
            names = {each["id"] for each in known}
            tell(known, [name for name in self.dossier.claim if name not in names], True)
            return
        figures = self.figures(state)
        names_hit = list(self.dossier.claim) if state.untouched else self.affected(figures, state)
        others = [name for name in self.dossier.claim if name not in names_hit]
        gathered: dict[str, Verdict] = {}

        def hear(verdicts: list[Verdict], final: bool) -> None:
            gathered.update((each["id"], each) for each in verdicts)
            last = final or (not wanted and len(gathered) == len(names_hit))
            if last:
                self._answered.put(key, [gathered[name] for name in names_hit])
            tell(verdicts, others, last)

        def preview(verdicts: list[Verdict], _: bool) -> None:
            tell(verdicts, others, False)

        if not names_hit:
            hear([], True)
            return
        if figures.previews:
            board = self._board(figures, figures.quick, figures.borrowed)
            yield from board.judge(figures.quick.held, names_hit, first, preview, samples=0)
            # What takes tables is not for anybody else to wait for.
            yield Stage(Urgency.REFINED, [])
        board = self._board(figures, figures.full)
        urgency = Urgency.REFINED if figures.previews else Urgency.FIRST
        yield from board.judge(figures.full.held, names_hit, first, hear, samples=wanted, urgency=urgency)

    def _board(self, figures: Figures, basis: Basis, borrowed: Mapping[str, Place] | None = None) -> Board:
        """The board of some figures; with ``borrowed`` tables, for a preview."""
        with self._guard:
            if self._base is None:
                self._base = Board(self.dossier, self.memory, self.desk.workers)
        if basis.own and not borrowed:
            return self._base
        same = not basis.imposed and basis.viewpoint is None and not borrowed
        shelf = self._light if same else self._heavy
        key = (basis.key, tuple(borrowed or ()))
        found = shelf.get(key)
        if found is None:
            memory = self.memory if same else Passing(self.memory, self.memory.knows, on_disk=False)
            made = Board(basis.board, memory, self.desk.workers, self._base, figures, borrowed)
            found = shelf.put(key, made)
        return found

    def tell_claim(self, state: State, claim: str, order: Order, hear: Callable[[Progress], None]) -> Body:
        """All about one claim under a state, worked by the desk while this thread waits; Dropped where the
        order is.
        """
        self.dossier.get("claim", claim, where="claim")
        key = (state.key, claim)
        known = self._told.get(key)
        if known is not None:
            return known
        figures = self.figures(state)
        if state.untouched or claim not in self.affected(figures, state):
            done = threading.Event()

            def wait(news: Progress | Assessment | Exception) -> None:
                if isinstance(news, Progress):
                    hear(news)
                else:
                    done.set()

            self.when_assessed(wait)
            while not done.wait(0.2):
                if order.dropped:
                    self.hear_no_more(wait)
                    raise Dropped
            if self._failed is not None:
                raise self._failed
            assert self.assessment is not None
            whole = self.assessment
        else:
            board = self._board(figures, figures.full)
            whole = assess(
                figures.full.dossier, only=[claim], held=figures.full.held, mapped=False, memory=board.memory,
                workers=self.desk.workers, progress=hear, engine=Crew(self.desk, Urgency.REFINED, order),
            )  # fmt: skip
        result = next(each for each in whole.claims if each.id == claim)
        return self._told.put(key, told(result))


def _unhurried(stages: Iterator[Stage]) -> Iterator[Stage]:
    """The same work, for when nobody waits for any."""
    return (Stage(Urgency.BACKGROUND, stage.steps) for stage in stages)


@cache
def _sources() -> str:
    """A digest of the package's code: what was kept by other code is not taken for an answer."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _kept(dossier: Dossier, memory: Memory) -> Path | None:
    """Where a dossier's assessment is kept between two runs of the server."""
    if memory.folder is None:
        return None
    named = hashlib.sha256(f"{_sources()} {dossier.hash}".encode()).hexdigest()[:24]
    return memory.folder / f"assessed-{named}.json"


def _read(path: Path | None) -> Assessment | None:
    # Anything may be wrong with a file; then the work is done again.
    with suppress(OSError, ValueError):
        if path is not None:
            return TypeAdapter(Assessment).validate_json(path.read_bytes())
    return None


def _write(path: Path | None, assessment: Assessment) -> None:
    if path is None:
        return
    with suppress(OSError):
        write_whole(path, json.dumps(asdict(assessment)))
