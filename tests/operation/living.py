"""Live runs in tests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from midcourse.operation import Scenario, Shield
from midcourse.operation.live import Live
from midcourse.operation.luck import Luck

SEED = 3
# As fast as it goes.
FAST = 1e6

Message = dict[str, Any]


def live_of(scenario: Scenario, speed: float = FAST, **options: Any) -> Live:
    """A live run; with ``running=False`` it stands still at first."""
    return Live(Shield(scenario, Luck(SEED)), speed, **options)


def bytes_of(shield: Shield) -> str:
    return json.dumps(shield.record.events)


def answers_to(live: Live, **command: Any) -> list[Message]:
    """Have a command carried out and run on until it is done; gives the answers."""
    answers: list[Message] = []
    live.command(command, answers.append)
    catch_up(live)
    return answers


def catch_up(live: Live) -> None:
    while live.turn() == 0.0 and not live.over:
        pass


def run_to(live: Live, at_s: float) -> None:
    """Run on to a time, and stand still."""
    if at_s > live.at_s:
        answers_to(live, do="step", seconds=at_s - live.at_s)
    assert live.at_s == pytest.approx(at_s, abs=1e-9)
