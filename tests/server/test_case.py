"""A dossier on show: live verdicts are those of an assessment, come in steps, and leave nothing behind."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from midcourse.dossier import Dossier
from midcourse.model.memory import Memory
from midcourse.server.board import verdict_of
from midcourse.server.case import HEAVY, Case
from midcourse.server.desk import Desk, Order
from midcourse.server.figures import State
from midcourse.study.assess import assess

DELAY, RADAR = "doctrine.my-doctrine.decision_delay", "radar.my-radar.mean_power"


class _Heard:
    """What a page hears of one ask."""

    def __init__(
        self, case: Case, state: State, first: tuple[str, ...] = (), samples: int | None = None
    ) -> None:
        self.told: list[tuple[dict[str, dict[str, Any]], list[str], bool]] = []
        self.failed: Exception | None = None
        done = threading.Event()

        def tell(verdicts: list[dict[str, Any]], unaffected: list[str], final: bool) -> None:
            self.told.append(({each["id"]: each for each in verdicts}, unaffected, final))

        def ended(error: Exception | None) -> None:
            self.failed = error
            done.set()

        case.desk.take(Order(ended), case.judge(state, first, tell, samples=samples))
        assert done.wait(60)
        if self.failed is not None:
            raise self.failed

    @property
    def last(self) -> dict[str, dict[str, Any]]:
        return self.told[-1][0]


def _state(viewpoint: str | None = None, /, **figures: str) -> State:
    names = {"delay": DELAY, "power": RADAR}
    return State(
        dossier="small", viewpoint=viewpoint, set={names[key]: value for key, value in figures.items()}
    )


def test_what_is_judged_live_is_what_an_assessment_says(case: Case, small: Dossier, memory: Memory) -> None:
    live = _Heard(case, _state(delay="100 s"))
    figures = case.figures(_state(delay="100 s"))
    whole = assess(
        figures.full.dossier, held=figures.full.held, mapped=False, standpoints=False, memory=memory
    )
    assert live.told[-1][2]
    said = {each.id: verdict_of(each) for each in whole.claims}
    assert live.last == {name: said[name] for name in live.last}
    assert set(live.last) | set(live.told[-1][1]) == set(said)


def test_what_is_held_comes_to_what_is_imposed(case: Case, small: Dossier, memory: Memory) -> None:
    """The same nominal values, figure for figure, but for those of an interceptor's preview."""
    for state in (_state(delay="100 s"), _state(power="50 kW"), _state("makers", delay="45 s")):
        live = _Heard(case, state, samples=0)
        imposed = assess(case.figures(state).exact, samples=1, mapped=False, standpoints=False, memory=memory)
        for claim in imposed.claims:
            if claim.id in live.last:
                assert live.last[claim.id]["value"] == pytest.approx(claim.value, rel=1e-12), claim.id


def test_the_claim_looked_at_is_answered_first_and_worlds_come_after(case: Case) -> None:
    heard = _Heard(case, _state(delay="110 s"), ("it-defends",))
    counts = [{each["samples"] for each in told.values()} for told, _, _ in heard.told]
    assert list(heard.told[0][0]) == ["it-defends"]
    assert counts[0] == counts[1] == {0}
    assert [max(each) for each in counts[2:]] == sorted(max(each) for each in counts[2:])
    assert all(each["verdict"] is None for each in heard.told[0][0].values())
    assert [final for _, _, final in heard.told] == [False] * (len(heard.told) - 1) + [True]


def test_claims_that_a_lever_cannot_move_are_left_out(case: Case) -> None:
    heard = _Heard(case, _state(power="60 kW"), samples=0)
    assert "it-is-fast" in heard.told[-1][1]
    assert "it-is-fast" not in heard.last
    assert "radar-is-needed" in heard.told[-1][1]


def test_the_same_state_is_answered_from_memory(case: Case) -> None:
    first, second = (_Heard(case, _state(delay="70 s"), samples=0) for _ in range(2))
    assert len(second.told) == 1
    assert second.last == {name: each for told, _, _ in first.told for name, each in told.items()}


def test_a_dropped_ask_tells_nothing_more(case: Case) -> None:
    told: list[Any] = []
    order, heard = Order(), threading.Event()

    def tell(verdicts: list[Any], unaffected: list[str], final: bool) -> None:
        told.append(final)
        order.drop()
        heard.set()

    case.desk.take(order, case.judge(_state(delay="37 s"), ("it-defends",), tell, samples=None))
    assert heard.wait(60)
    _Heard(case, _state(delay="38 s"), samples=0)
    assert told == [False]


def test_hours_of_dragging_keep_few_boards(case: Case) -> None:
    known = len(case.memory._results)
    for i in range(HEAVY + 3):
        state = State(dossier="small", set={"site.my-hill.lat": f"{46 + 0.1 * i} deg"})
        _Heard(case, state, samples=0)
    assert len(case._heavy._held) == HEAVY
    # What belongs to a moved place is gone with its board.
    assert len(case.memory._results) == known


def test_all_about_a_claim_under_other_figures(case: Case) -> None:
    told = case.tell_claim(_state(delay="100 s"), "it-defends", Order(), lambda _: None)
    assert told["samples"] == 64
    assert {each["viewpoint"] for each in told["standpoints"]} == {"", "makers"}
    assert all(each["parameter"] != DELAY for each in told["decided_by"])
    assert len(told["sampled_values"]) == 64


def test_the_dossiers_own_assessment_is_kept_on_disk(small: Dossier, tmp_path: Any, desk: Desk) -> None:
    def assessed() -> tuple[Case, list[str]]:
        shown, stages, done = Case("small", small, desk, Memory(tmp_path)), list[str](), threading.Event()

        def hear(news: Any) -> None:
            if hasattr(news, "stage"):
                stages.append(news.stage)
            else:
                done.set()

        shown.when_assessed(hear)
        shown.start()
        assert done.wait(60)
        return shown, stages

    (first, worked), (second, again) = assessed(), assessed()
    assert worked
    assert not again
    assert second.baseline() == first.baseline()
    assert second.verdicts() == first.verdicts()
