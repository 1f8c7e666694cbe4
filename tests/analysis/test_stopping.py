"""Shots at one missile: what several make of the chance of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.analysis import asked
from midcourse.analysis.setting import Setting
from midcourse.analysis.stopping import salvo_hits, stop_probability
from midcourse.analysis.world import World
from midcourse.dossier import Dossier, InputError, load
from midcourse.model.memory import Memory

ARITHMETIC = "military-four-shots-arithmetic"


@pytest.fixture(scope="module")
def pacific() -> Dossier:
    return load("pacific")


def _value(dossier: Dossier, memory: Memory, **changes: object) -> float:
    figures = dossier.for_claim(ARITHMETIC)
    case = replace(asked(dossier, ARITHMETIC).case, **changes)  # type: ignore[arg-type]
    return float(stop_probability(World(Setting(figures, (), memory, 1), {}, {}, 1), case)[0])


@given(st.floats(0.0, 1.0), st.integers(1, 12))
def test_one_of_several_hits(hit: float, shots: int) -> None:
    """The complement of all missing, one after another."""
    missed = 1.0
    for _ in range(shots):
        missed *= 1.0 - hit
    assert salvo_hits(np.array([hit]), shots)[0] == pytest.approx(1.0 - missed, abs=1e-12)


def test_by_hand(pacific: Dossier, memory: Memory) -> None:
    """Every flight can be engaged and the warhead is always picked: only the shots are left."""
    hit = pacific.interceptor["gbi-2017"].kill_probability.value
    for shots in (1, 2, 4):
        assert _value(pacific, memory, shots=shots) == pytest.approx(1 - (1 - hit) ** shots)
    assert _value(pacific, memory, shots=4, missiles=9) == pytest.approx((1 - (1 - hit) ** 4) ** 9)


def test_a_wrong_object_is_missed_by_all(pacific: Dossier, memory: Memory) -> None:
    picked = pacific.with_overrides({"doctrine.nominal.pick_probability": 0.6})
    hit = pacific.interceptor["gbi-2017"].kill_probability.value
    assert _value(picked, memory, shots=8) == pytest.approx(0.6 * (1 - (1 - hit) ** 8))
    assert _value(picked, memory, shots=8) < 0.6


def test_no_more_interceptors_than_there_are(pacific: Dossier, memory: Memory) -> None:
    assert _value(pacific, memory, shots=4, missiles=11) > 0.0
    assert _value(pacific, memory, shots=4, missiles=12) == 0.0
    assert _value(pacific, memory, shots=4, missiles=2, battery="vandenberg") == 0.0


def test_blind_radars_stop_nothing(pacific: Dossier, memory: Memory) -> None:
    radars = {each.radar for each in pacific.resolved_architecture("gmd-2017").sensor}
    blind = pacific.with_overrides({f"radar.{name}.mean_power": "1 mW" for name in radars})
    assert _value(blind, memory) == 0.0


@pytest.mark.parametrize("shots", ["four", 0, -1, 1.5, True])
def test_shots_are_counted(pacific: Dossier, shots: object) -> None:
    cases = dict(pacific.claim[ARITHMETIC].cases, shots=shots)
    written = pacific.claim[ARITHMETIC].model_copy(update={"cases": cases})
    spoilt = replace(pacific, claim={**pacific.claim, ARITHMETIC: written})
    with pytest.raises(InputError, match="shots"):
        asked(spoilt, ARITHMETIC)
