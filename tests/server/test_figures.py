"""States: what is imposed and what can be held, and that both come to the same."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from midcourse.dossier import Dossier, InputError
from midcourse.server.figures import MOST_FIGURES, State, figures_of

PAYLOAD, SPEED = "interceptor.gbi-2-stage.payload", "interceptor.gbi-2-stage.burnout_speed"
DELAY = "doctrine.my-doctrine.decision_delay"


def test_the_dossier_as_it_stands_is_left_alone(small: Dossier) -> None:
    found = figures_of(small, State(dossier="small"))
    assert found.exact is small
    assert not found.full.held
    assert not found.previews


def test_a_figure_within_its_range_is_held(small: Dossier) -> None:
    found = figures_of(small, State(dossier="small", set={DELAY: "90 s"}))
    assert found.full.held == found.quick.held == {DELAY: 90.0}
    assert found.full.dossier.parameters()[DELAY].ranged
    assert found.exact.parameters()[DELAY].value == 90.0
    assert not found.previews


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (DELAY, "600 s"),  # beyond its range
        (f"{DELAY}.low", "10 s"),  # a range of another width
        ("radar.my-radar.transmit_area", "30 m^2"),  # nothing published but one figure
        ("architecture.my-shield.battery.1.inventory", "5"),
    ],
)
def test_what_cannot_be_held_is_imposed(small: Dossier, path: str, value: str) -> None:
    found = figures_of(small, State(dossier="small", set={path: value}))
    assert not found.full.held
    assert found.full.dossier.hash == found.exact.hash


def test_an_interceptors_figures_are_held_for_a_preview_alone(small: Dossier) -> None:
    found = figures_of(small, State(dossier="small", set={SPEED: "6.5 km/s"}))
    assert found.previews
    assert not found.full.held
    # The payload that slows it to that speed.
    payload = small.parameters()[PAYLOAD]
    assert list(found.quick.held) == [PAYLOAD]
    assert payload.lowest < found.quick.held[PAYLOAD] < payload.highest
    # Whoever insists on a figure goes before what a claim's own viewpoint says of it.
    assert {PAYLOAD, SPEED} <= found.quick.dossier.insisted


def test_a_moved_battery_borrows_its_tables_for_a_preview(small: Dossier) -> None:
    found = figures_of(small, State(dossier="small", set={"site.redzikowo.lat": "50 deg"}))
    assert list(found.borrowed) == ["redzikowo"]
    assert not figures_of(small, State(dossier="small", set={"site.my-hill.lat": "47 deg"})).borrowed


def test_a_viewpoint_says_what_nobody_insists_on(small: Dossier) -> None:
    seen = figures_of(small, State(dossier="small", viewpoint="makers"))
    assert seen.exact.interceptor["gbi-2-stage"].burnout_speed is not None
    both = figures_of(small, State(dossier="small", viewpoint="makers", set={SPEED: "7 km/s"}))
    imposed = both.exact.interceptor["gbi-2-stage"].burnout_speed
    assert imposed is not None
    assert imposed.value == pytest.approx(7000.0)


def test_bad_figures_are_told_as_set_tells_them(small: Dossier) -> None:
    with pytest.raises(InputError, match=r"--set doctrine\.my-doctrine\.decision_delay: .*\"90 kg\""):
        figures_of(small, State(dossier="small", set={DELAY: "90 kg"}))
    with pytest.raises(InputError, match='did you mean "makers"'):
        figures_of(small, State(dossier="small", viewpoint="maker"))


def test_a_state_is_bounded() -> None:
    with pytest.raises(ValidationError):
        State(dossier="small", set={f"a.b.c{i}": "1" for i in range(MOST_FIGURES + 1)})
    with pytest.raises(ValidationError):
        State(dossier="small", set={DELAY: "9" * 500})
