"""How soon the board follows a lever or what is dragged. Run by ``make bench``; not a test."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from midcourse.dossier import load
from midcourse.model.memory import Memory
from midcourse.server.case import Case
from midcourse.server.desk import Desk, Order
from midcourse.server.figures import State

pytestmark = pytest.mark.benchmark

#: What is moved, and how far each time.
MOVES = {
    "decision delay": ("doctrine.nominal.decision_delay", lambda i: f"{40 + i} s"),
    "cross-section": ("missile.notional-icbm.rcs.X", lambda i: f"{0.015 + 0.001 * i} m^2"),
    "payload": ("interceptor.gbi-2-stage.payload", lambda i: f"{200 + 5 * i} kg"),
    "radar": ("site.brdy.lat", lambda i: f"{48 + 0.1 * i} deg"),
    "base": ("site.redzikowo.lat", lambda i: f"{50.5 + 0.1 * i} deg"),
}
FIRST = "moscow-can-engage"


@pytest.fixture(scope="module")
def case():
    desk = Desk(2)
    made = Case("third-site", load("third-site"), desk, Memory())
    answered(made, State(dossier="third-site"))
    answered(made, State(dossier="third-site"))
    yield made
    desk.close()


def answered(case, state):
    """When the claim looked at and the whole board have been answered at nominal figures [s]."""
    started, told, times, done = time.perf_counter(), set(), [], threading.Event()
    order = Order(lambda _: done.set())

    def hear(verdicts, unaffected, _):
        times.append(time.perf_counter() - started)
        told.update(each["id"] for each in verdicts)
        told.update(unaffected)
        if len(told) >= len(case.dossier.claim):
            # What is exact of a preview is for when nobody waits.
            order.drop()
            done.set()

    case.desk.take(order, case.judge(state, (FIRST,), hear, samples=0))
    done.wait()
    return times[0], times[-1]


@pytest.mark.parametrize("what", MOVES)
def test_the_board_follows(benchmark, case, what):
    path, value = MOVES[what]
    counter = itertools.count()
    first = []

    def move():
        state = State(dossier="third-site", set={path: value(next(counter))})
        first.append(answered(case, state)[0])

    benchmark.pedantic(move, rounds=15, warmup_rounds=2)
    benchmark.extra_info["first claim [s]"] = round(sorted(first)[len(first) // 2], 3)
