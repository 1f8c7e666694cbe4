"""What the claims on an interceptor's speed show beside it: the dossier's own figures, and nobody else's."""

from __future__ import annotations

from pathlib import Path

from midcourse.analysis import QUANTITIES, asked
from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.dossier import Dossier, load, new
from midcourse.model.memory import Memory


def _rows(dossier: Dossier, claim: str, memory: Memory) -> list[str]:
    world = World(Setting(dossier.for_claim(claim), (), memory, 1), {}, {}, 1)
    detail = QUANTITIES["burnout_speed"].detail
    assert detail is not None
    return [label for label, _ in detail(world, asked(dossier, claim).case)]


def test_the_dossiers_own_speeds(third_site: Dossier, memory: Memory, tmp_path: Path) -> None:
    rows = _rows(third_site, "lp-burnout-speed", memory)
    assert {f"payload for {speed} km/s" for speed in ("5.4", "6.3", "8.0", "8.8")} <= set(rows)
    new(tmp_path / "mine")
    mine = load(tmp_path / "mine")
    assert [row for row in _rows(mine, "it-is-fast", memory) if "for" in row] == ["payload for 6.3 km/s"]


def test_payloads_over_their_range(tmp_path: Path, memory: Memory) -> None:
    new(tmp_path / "mine")
    payload = "interceptor.gbi-2-stage.payload"
    ranged = {payload: "200 kg", f"{payload}.low": "100 kg", f"{payload}.high": "500 kg"}
    rows = _rows(load(tmp_path / "mine", ranged), "it-is-fast", memory)
    assert [row.split()[1] for row in rows if "beyond" in row] == ["100", "200", "300", "400", "500"]
    alone = _rows(load(tmp_path / "mine", {payload: "200 kg"}), "it-is-fast", memory)
    assert [row.split()[1] for row in alone if "beyond" in row] == ["200"]
