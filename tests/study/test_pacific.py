"""The second built-in dossier: sound, and its verdicts in words; nothing is wired to the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.dossier import Dossier, load
from midcourse.dossier.dispute import Source
from midcourse.model.memory import Memory
from midcourse.study.assess import assess

#: Verdicts with 48 samples. Each is far from its threshold: a word that changes is news.
VERDICTS = {
    "president-one-shot": "refuted",
    "president-two-shots": "refuted",
    "military-four-shots": "refuted",
    "military-four-shots-arithmetic": "undecided",
    "narang-nine-missiles": "supported",
    "robinson-mainland": "supported",
    "gortney-hawaii": "supported",
    "gortney-alaska": "supported",
    "wu-can-engage": "supported",
    "ucs-japan-radars": "supported",
    "agency-without-sbx": "supported",
    "sea-radar-in-port-gap": "supported",
    "agency-clear-radar": "supported",
    "agency-hawaii-radar-in-port": "refuted",
    "academies-x-band": "refuted",
    "agency-japan-radars": "refuted",
    "agency-japan-radars-hawaii": "undecided",
    "liang-one-is-enough": "supported",
    "japan-southern-radar-hawaii": "refuted",
    "beijing-southern-radar-watches": "refuted",
}
#: These lie at one chance in twenty from another word.
NEAR = {"academies-east": "refuted", "harris-hawaii-radar": "supported", "ucs-sea-radar": "refuted"}


@pytest.fixture(scope="module")
def pacific() -> Dossier:
    return load("pacific")


def _own_sources(pacific: Dossier, third_site: Dossier) -> Iterator[tuple[str, Source]]:
    return ((key, source) for key, source in pacific.source.items() if key not in third_site.source)


def test_it_is_another_dispute(pacific: Dossier, third_site: Dossier) -> None:
    for kind in ("architecture", "threat", "claim"):
        assert set(pacific.entries(kind)).isdisjoint(third_site.entries(kind))
    assert not pacific.warnings
    assert set(VERDICTS) | set(NEAR) == set(pacific.claim)
    assert len(pacific.viewpoint) >= 2


def test_every_position_has_a_document(pacific: Dossier, third_site: Dossier) -> None:
    """Published, with an address; or the dossier's own reasoning, with a note that says so."""
    own = dict(_own_sources(pacific, third_site))
    assert {claim.source for claim in pacific.claim.values()} <= set(own)
    for key, source in own.items():
        assert source.publisher, key
        assert source.note if source.publisher == "midcourse" else source.url, key


def test_ranges_hold_every_partys_figure(pacific: Dossier) -> None:
    """What a viewpoint sets lies within the range that the claims are drawn from."""
    parameters = pacific.parameters()
    for name, viewpoint in pacific.viewpoint.items():
        seen = pacific.with_viewpoint(name).parameters()
        for path in viewpoint.set:
            free = parameters[path]
            assert free.lowest <= seen[path].value <= free.highest, (name, path)


def test_the_missile_reaches_every_city(pacific: Dossier, memory: Memory) -> None:
    world = World(Setting(pacific, (), memory, 1), {}, {}, 1)
    for threat in pacific.threat:
        assert world.reachable(threat).all(), threat


def test_verdicts(pacific: Dossier, memory: Memory) -> None:
    result = assess(pacific, samples=48, seed=0, memory=memory)
    found = {claim.id: claim.verdict for claim in result.claims}
    assert {name: found[name] for name in VERDICTS} == VERDICTS
    for name, word in NEAR.items():
        assert found[name] in (word, "undecided")
    assert all(np.isfinite(claim.value) for claim in result.claims)


def test_four_shots_need_58_percent(pacific: Dossier, memory: Memory) -> None:
    """Where 1 - (1 - p)^4 is 0.965: p = 1 - 0.035^(1/4) = 0.5675."""
    name = "military-four-shots-arithmetic"
    only = replace(pacific, claim={name: pacific.claim[name]})
    (claim,) = assess(only, samples=64, architecture="gmd-2017", memory=memory).claims
    decider = claim.decided_by[0]
    assert decider.parameter == "interceptor.gbi-2017.kill_probability"
    assert decider.flips_at == pytest.approx(1 - 0.035**0.25, abs=0.01)
