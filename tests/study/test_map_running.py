"""Maps interrupted and taken up again, flights that are kept, and memory that chunks bound."""

from __future__ import annotations

import gc
import os
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray

from midcourse.analysis.grid import Grid, make_grid
from midcourse.analysis.mapping import Around, Field, Flown
from midcourse.dossier import Dossier
from midcourse.model.memory import Memory, read_arrays, write_arrays
from midcourse.study import mapping, partial
from midcourse.study.kept import Kept
from midcourse.study.mapping import MapQuestion, draw_map
from midcourse.study.running import Run

from ..analysis.shields import SHIELD, THREAT, Base, Radar, shield, spot

RADARS = [Radar("emr", 44.0, 26.0), Radar("tpy-2", 39.0, 37.0, (120.0,))]
SPOTS = (spot(35.7, 51.4), spot(38.0, 46.3))


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A map of 40 cells in 10 chunks, written after each."""
    monkeypatch.setattr(mapping, "CHUNK", 4)
    monkeypatch.setattr(partial, "OFTEN", 1)


@pytest.fixture(scope="module")
def grid() -> Grid:
    return make_grid("10 deg", (30.0, -30.0, 80.0, 50.0))


@pytest.fixture(scope="module")
def dossier(third_site: Dossier) -> Dossier:
    return shield(third_site, RADARS, [Base(20.0)])


@pytest.fixture(scope="module")
def question(grid: Grid) -> MapQuestion:
    return MapQuestion("warning", SHIELD, grid, THREAT, SPOTS)


@pytest.fixture(scope="module")
def whole(dossier: Dossier, question: MapQuestion, memory: Memory) -> xarray.Dataset:
    """The map drawn in one go, and in chunks of the usual size."""
    return _drawn(draw_map(dossier, question, memory=memory, workers=1))


class Stopping:
    """Counts the chunks worked, and stops the run after some, as Ctrl-C does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.worked: list[slice] = []
        self.after: int | None = None
        whole, runs = mapping.MapWork.chunk, []

        def run(*arguments: object) -> Run[slice, mapping.Layers]:
            runs.append(Run(*arguments))  # type: ignore[arg-type]
            return runs[-1]

        def chunk(work: mapping.MapWork, cells: slice, stopped: object = None) -> mapping.Layers:
            self.worked.append(cells)
            if self.after is not None and len(self.worked) >= self.after:
                runs[-1].stop()
            return whole(work, cells)

        monkeypatch.setattr(mapping, "Run", run)
        monkeypatch.setattr(mapping.MapWork, "chunk", chunk)


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> Stopping:
    return Stopping(monkeypatch)


def _same(one: xarray.Dataset | None, other: xarray.Dataset | None) -> bool:
    assert one is not None
    assert other is not None
    xarray.testing.assert_identical(one, other)
    return True


def _drawn(data: xarray.Dataset | None) -> xarray.Dataset:
    assert data is not None
    return data


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_an_interrupted_map_goes_on_where_it_was_left(
    dossier: Dossier,
    question: MapQuestion,
    memory: Memory,
    tmp_path: Path,
    stopping: Stopping,
    workers: int,
    whole: xarray.Dataset,
) -> None:
    partial = tmp_path / "map.partial"
    stopping.after = 5
    assert draw_map(dossier, question, memory=memory, workers=workers, partial=partial) is None
    done = len(stopping.worked)
    assert 5 <= done <= 5 + 2 * workers
    kept = _chunks_in(partial)
    # What came last may be lost with a chunk that was under way.
    assert done - workers <= kept <= done
    assert os.listdir(tmp_path) == ["map.partial"]
    stopping.worked.clear()
    stopping.after = None
    resumed = draw_map(dossier, question, memory=memory, workers=workers, partial=partial)
    assert len(stopping.worked) == 10 - kept
    assert _same(resumed, whole)
    assert os.listdir(tmp_path) == []


def _chunks_in(path: Path) -> int:
    """How many chunks a partial map holds."""
    arrays = read_arrays(path)
    assert arrays is not None
    done = arrays["chunks done"]
    # Cells of chunks that are not done stand empty, those of others are told in every layer.
    assert np.isfinite(arrays["warning"]).sum() <= 4 * done.sum()
    return int(done.sum())


def test_twice_interrupted_loses_nothing(
    dossier: Dossier,
    question: MapQuestion,
    memory: Memory,
    tmp_path: Path,
    stopping: Stopping,
    whole: xarray.Dataset,
) -> None:
    partial = tmp_path / "folder" / "to be made" / "map.partial"
    counts = []
    for _ in range(2):
        stopping.worked.clear()
        stopping.after = 3
        assert draw_map(dossier, question, memory=memory, workers=1, partial=partial) is None
        counts.append(_chunks_in(partial))
    assert 0 < counts[0] < counts[1]
    stopping.after = None
    assert _same(draw_map(dossier, question, memory=memory, workers=1, partial=partial), whole)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    """A few bytes of an array become others: its checksum tells."""
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 40] = bytes(255 - byte for byte in whole[middle : middle + 40])
    path.write_bytes(bytes(whole))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("not a map\n", encoding="utf-8")


def _array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.arange(3))


def _keyless(path: Path) -> None:
    arrays = {name: np.array(each) for name, each in (read_arrays(path) or {}).items()}
    write_arrays(path, {name: each for name, each in arrays.items() if name != "seal"})


# In the short tests, one that cannot be read, and one that can but lacks what it is of.
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_cut, marks=pytest.mark.slow),
        _flip,
        pytest.param(_empty, marks=pytest.mark.slow),
        pytest.param(_text, marks=pytest.mark.slow),
        pytest.param(_array, marks=pytest.mark.slow),
        _keyless,
    ],
)
def test_a_spoilt_partial_map_is_ignored(
    dossier: Dossier,
    question: MapQuestion,
    memory: Memory,
    tmp_path: Path,
    stopping: Stopping,
    whole: xarray.Dataset,
    spoil: Callable[[Path], None],
) -> None:
    partial = tmp_path / "map.partial"
    stopping.after = 4
    draw_map(dossier, question, memory=memory, workers=1, partial=partial)
    spoil(partial)
    stopping.worked.clear()
    stopping.after = None
    found = draw_map(dossier, question, memory=memory, workers=1, partial=partial)
    assert len(stopping.worked) == 10
    assert _same(found, whole)
    assert not partial.exists()


@pytest.mark.slow
def test_the_partial_map_of_another_question_is_ignored(
    dossier: Dossier, question: MapQuestion, memory: Memory, tmp_path: Path, stopping: Stopping
) -> None:
    partial = tmp_path / "map.partial"
    stopping.after = 8
    draw_map(dossier, question, memory=memory, workers=1, partial=partial)
    left = partial.read_bytes()
    stopping.after = None
    north = make_grid("10 deg", (40.0, -30.0, 80.0, 50.0))
    others = {
        "figures": (dossier.with_overrides({"satellite.dsp.declare_delay": "35 s"}), question),
        "launches": (dossier, replace(question, spots=SPOTS[:1])),
        "quantity": (dossier, replace(question, quantity="shots")),
        "grid": (dossier, replace(question, grid=north)),
        "samples": (dossier, replace(question, samples=2)),
    }
    for other, asked in others.values():
        partial.write_bytes(left)
        found = draw_map(other, asked, memory=memory, workers=1, partial=partial)
        assert _same(found, draw_map(other, asked, memory=memory, workers=1))


def test_a_map_that_cannot_be_set_aside_is_drawn(
    dossier: Dossier, question: MapQuestion, memory: Memory, tmp_path: Path, whole: xarray.Dataset
) -> None:
    """What stands in the way of its folder is a file."""
    (tmp_path / "maps").write_text("no folder", encoding="utf-8")
    found = draw_map(dossier, question, memory=memory, workers=1, partial=tmp_path / "maps" / "map.partial")
    assert _same(found, whole)
    assert os.listdir(tmp_path) == ["maps"]


@pytest.mark.slow
@pytest.mark.parametrize("quantity", ["shots", "warning"])
def test_kept_flights_give_the_map_that_new_ones_give(
    third_site: Dossier, grid: Grid, memory: Memory, monkeypatch: pytest.MonkeyPatch, quantity: str
) -> None:
    flown: list[int] = []
    fly = Around.fly

    def counted(self: Around, *arguments: object) -> Flown:
        flown.append(1)
        return fly(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Around, "fly", counted)
    kept = Kept()
    moved = [replace(RADARS[0], lat=48.0, lon=15.0), RADARS[1]]
    turned = [RADARS[0], replace(RADARS[1], azimuths=(60.0,))]
    changes = {
        "as it is": shield(third_site, RADARS, [Base(20.0)]),
        "radar moved": shield(third_site, moved, [Base(20.0)]),
        "radar turned": shield(third_site, turned, [Base(20.0)]),
        "base moved": shield(third_site, RADARS, [Base(5.0)]),
        "slower interceptor": shield(
            third_site, RADARS, [Base(20.0)], {"interceptor.gbi-2-stage.payload": "340 kg"}
        ),
        "other interceptor": shield(third_site, RADARS, [Base(20.0, interceptor="gbi-3-stage")]),
        "higher floor": shield(
            third_site, RADARS, [Base(20.0)], {"interceptor.gbi-2-stage.minimum_altitude": "200 km"}
        ),
        "fainter warhead": shield(
            third_site, RADARS, [Base(20.0)], {"missile.notional-irbm.rcs.X": "0.0001 m^2"}
        ),
        "slow to decide": shield(
            third_site, RADARS, [Base(20.0)], {"doctrine.nominal.decision_delay": "180 s"}
        ),
        "tumbling": shield(third_site, RADARS, [Base(20.0)], {"missile.notional-irbm.attitude": "tumbling"}),
        "as it was": shield(third_site, RADARS, [Base(20.0)]),
    }
    monkeypatch.setattr(mapping, "CHUNK", 25)
    question = MapQuestion(quantity, SHIELD, grid, THREAT, SPOTS)
    shown = {}
    for name, dossier in changes.items():
        flown.clear()
        with_kept = draw_map(dossier, question, memory=memory, kept=kept, workers=1)
        if name in ("as it is", "tumbling"):
            assert flown, name
        elif name == "as it was":
            assert not flown, name
        assert _same(with_kept, draw_map(dossier, question, memory=memory, workers=1)), name
        shown[name] = _drawn(with_kept)[quantity].values
    assert len({each.tobytes() for each in shown.values()}) >= 4


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_what_is_lost_from_one_place_is_not_flown_to_from_the_next(
    dossier: Dossier, question: MapQuestion, memory: Memory, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    asked = replace(question, quantity="defended", share=share)
    flown: list[int] = []
    fly = Around.fly

    def counted(self: Around, fields: Sequence[Field], where: np.ndarray) -> Flown:
        flown.append(len(where))
        return fly(self, fields, where)

    monkeypatch.setattr(Around, "fly", counted)
    found = draw_map(dossier, asked, memory=memory, workers=1)
    here = sum(flown)
    flown.clear()
    kept = Kept()
    assert _same(found, draw_map(dossier, asked, memory=memory, kept=kept, workers=1))
    assert sum(flown) == here
    assert (here < len(asked.grid) * len(SPOTS)) == (share == 1.0)
    # Kept flights grow by those that another shield needs.
    flown.clear()
    better = dossier.with_overrides({"doctrine.nominal.decision_delay": "1 s"})
    assert _same(
        draw_map(better, asked, memory=memory, kept=kept, workers=1),
        draw_map(better, asked, memory=memory, workers=1),
    )
    assert {0, 1} <= set(_drawn(found)["defended"].values.ravel().tolist())


def test_memory_is_let_go_with_each_chunk(
    dossier: Dossier, question: MapQuestion, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all flights, those of the chunk in hand alone are alive, and in the end none."""
    gc.collect()
    flown: list[weakref.ref[object]] = []
    alive: list[int] = []
    fly = Around.fly

    def watched(self: Around, *arguments: object) -> Flown:
        alive.append(sum(each() is not None for each in flown))
        found = fly(self, *arguments)  # type: ignore[arg-type]
        flown.extend((weakref.ref(found.memory), *(weakref.ref(each) for each in found.sets)))
        return found

    monkeypatch.setattr(Around, "fly", watched)
    gc.disable()
    try:
        assert draw_map(dossier, question, memory=memory, workers=1) is not None
        left = sum(each() is not None for each in flown)
    finally:
        gc.enable()
    assert len(flown) > 20
    # The last place's flights while the next are flown; no collector helps.
    assert max(alive) <= 4
    assert left == 0


def test_kept_flights_stay(dossier: Dossier, question: MapQuestion, memory: Memory) -> None:
    kept = Kept()
    draw_map(dossier, question, memory=memory, kept=kept, workers=1)
    assert len(kept.fields) == len(SPOTS)
    # Chunks of which nothing is left are not flown to from the second place.
    assert 10 < len(kept) <= 10 * len(SPOTS)
