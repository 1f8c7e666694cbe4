"""The search for a place: which are searched, and that the dispute's sites come out as its claims do."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from typing import Any

import pytest

from midcourse.analysis import asked
from midcourse.analysis.grid import find_region, make_grid
from midcourse.analysis.quantity import QUANTITIES
from midcourse.analysis.setting import Setting
from midcourse.analysis.sited import Candidate, Sited
from midcourse.analysis.spots import KeepOut, find_country
from midcourse.analysis.world import World
from midcourse.dossier import Dossier, InputError
from midcourse.model.memory import Memory
from midcourse.study.siting import movable, search

EUROPE = find_region("europe")
COARSE = make_grid("10 deg", EUROPE)
Search = Callable[..., Sited]


@pytest.fixture(scope="module")
def look(third_site: Dossier, memory: Memory) -> Search:
    def run(kind: Any = "interceptor", architecture: str = "third-site", **asked: Any) -> Sited:
        given = {"threat": "iran-us", "objective": "share", "alone": True, **asked}
        return search(third_site, architecture, kind, COARSE, EUROPE, memory=memory, **given)

    return run


@pytest.fixture(scope="module")
def found(look: Search) -> Sited:
    return look(spare="russia-us")


def _site(found: Sited, name: str) -> Candidate:
    return next(each for each in found.named if each.site == name)


def _claimed(dossier: Dossier, memory: Memory, claim: str) -> float:
    """The nominal value of a claim."""
    question = asked(dossier, claim)
    world = World(Setting(dossier, (), memory, 1), {}, {}, 1)
    return float(question.quantity.compute(world, question.case)[0])


def test_redzikowo_is_what_the_claims_say(
    third_site: Dossier, memory: Memory, found: Sited, look: Search
) -> None:
    here = _site(found, "redzikowo")
    assert here.share == _claimed(third_site, memory, "mda-us-defended")
    assert here.reach == _claimed(third_site, memory, "moscow-can-engage")
    europe = look(threat="iran-europe-irbm", objective="people", alone=False, countries=["PL"])
    share = _claimed(third_site, memory, "washington-europe-people")
    assert _site(europe, "redzikowo").people == round(share * europe.people) > 0


def test_brdy_is_what_the_claims_say(third_site: Dossier, memory: Memory, look: Search) -> None:
    found = look("radar", threat="iran-europe-irbm", alone=False, spare="russia-us", countries=["CZ"])
    here = _site(found, "brdy")
    assert here.reach == _claimed(third_site, memory, "popovkin-radar-watches")
    case = replace(asked(third_site, "washington-europe-defended").case)
    world = World(Setting(third_site, (), memory, 1), {}, {}, 1)
    assert here.share == QUANTITIES["engageable_share"].compute(world, case)[0]


def test_gabala_is_looked_at_though_it_is_no_part_of_europe(found: Sited) -> None:
    gabala = _site(found, "gabala")
    assert gabala.barred == "outside the region"
    assert (gabala.front, gabala.sparing_rank) == (False, None)
    better = sum(each.share > gabala.share for each in found.allowed)
    assert gabala.rank == 1 + better


def test_ranks_and_front(found: Sited) -> None:
    allowed = found.allowed
    values = [each.share for each in allowed]
    assert values == sorted(values, reverse=True)
    assert found.best == allowed[0].name
    for each in allowed:
        assert each.rank == 1 + sum(value > each.share for value in values)
        beaten = any(
            (other.share >= each.share and other.reach < each.reach)
            or (other.share > each.share and other.reach <= each.reach)
            for other in allowed
        )
        assert each.front is (not beaten)
    kept = [each for each in allowed if each.share >= 0.95 * values[0]]
    sparing = found.sparing_place
    assert sparing is not None
    assert sparing.reach == min(each.reach for each in kept if each.reach is not None)
    assert {each.name for each in allowed if each.sparing_rank} == {each.name for each in kept}
    assert found.resolution.step == pytest.approx(1.0 / found.flights)


def test_keep_out_takes_places_away_and_changes_no_other(found: Sited, look: Search) -> None:
    best = found.allowed[0]
    less = look(spare="russia-us", keep_out=[KeepOut(best.lat, best.lon, 400e3)])
    gone = {each.name for each in found.allowed} - {each.name for each in less.allowed}
    assert best.name in gone
    assert {each.name for each in less.allowed} < {each.name for each in found.allowed}
    before = {each.name: each for each in found.candidates}
    for each in less.candidates:
        assert (each.share, each.reach) == (before[each.name].share, before[each.name].reach)
        assert each.rank <= before[each.name].rank


def test_countries(look: Search) -> None:
    for written in (["PL", "de"], ["poland", " Germany "]):
        found = look(countries=written)
        assert found.countries == ["Poland", "Germany"]
        assert {each.country for each in found.allowed} == {"Poland", "Germany"}
        assert _site(found, "brdy").barred == "not in these countries"
    assert find_country("XK").name == "Kosovo"
    with pytest.raises(InputError, match=r"unknown country \"Polnd\".*Poland"):
        find_country("Polnd")
    with pytest.raises(InputError, match="unknown country"):
        find_country("")


def test_no_land_left(look: Search) -> None:
    with pytest.raises(InputError, match="no land is left"):
        look(countries=["Japan"])
    with pytest.raises(InputError, match=r"^--keep-out: no land is left"):
        look(keep_out=[KeepOut(50.0, 15.0, 9e6)])


def test_what_moves(third_site: Dossier) -> None:
    def name(architecture: str, kind: Any, move: str | None = None) -> str:
        return movable(third_site, architecture, kind, EUROPE, move).name

    assert name("third-site", "interceptor") == "gbi-2-stage@redzikowo"
    assert name("third-site", "radar") == "emr@brdy"
    assert name("gabala", "radar") == "gabala@gabala"
    # It adds no interceptors; of those that it has, one battery stands in Europe.
    assert name("joint", "interceptor") == "gbi-2-stage@redzikowo"
    assert name("third-site", "interceptor", "fort-greely") == "gbi-3-stage@fort-greely"
    with pytest.raises(InputError, match=r"^--move: .*no battery"):
        name("third-site", "interceptor", "redzikow")
    with pytest.raises(InputError, match="more than one battery"):
        name("land-sm3", "interceptor")


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 3])
def test_the_same_whoever_works_it(found: Sited, third_site: Dossier, memory: Memory, workers: int) -> None:
    again = search(
        third_site, "third-site", "interceptor", COARSE, EUROPE, threat="iran-us", objective="share",
        alone=True, spare="russia-us", workers=workers, memory=memory,
    )  # fmt: skip
    assert again.to_json() == found.to_json()


class _Stopping:
    """Works one unit after the other, and is interrupted after some."""

    workers = 1

    def __init__(self, after: int) -> None:
        self._after = after

    def run(self, work: Callable[[Any], Any], units: Iterable[Any]) -> Generator[tuple[int, Any]]:
        import signal

        for place, unit in enumerate(units):
            yield place, work(unit)
            if place + 1 == self._after:
                signal.raise_signal(signal.SIGINT)


def test_interrupted_it_keeps_what_is_done(found: Sited, look: Search) -> None:
    some = look(spare="russia-us", engine=_Stopping(11))
    assert some.interrupted
    assert 0 < some.searched < some.to_search == found.to_search
    assert len(some.candidates) == some.searched
    whole = {each.name: each for each in found.candidates}
    assert all(each.share == whole[each.name].share for each in some.candidates)
    with pytest.raises(KeyboardInterrupt):
        look(engine=_Stopping(1), countries=["DE"])


def test_a_map_has_the_values_where_they_belong(found: Sited) -> None:
    data = found.to_map()
    shown = data["share"].values
    assert math.isnan(shown[0, 0])
    lat, lon = data["lat"].values, data["lon"].values
    for each in found.candidates:
        if each.site is None:
            row, column = abs(lat - each.lat).argmin(), abs(lon - each.lon).argmin()
            assert shown[row, column] == each.share
            assert data["reach"].values[row, column] == each.reach
    assert (~(shown != shown)).sum() == sum(each.site is None for each in found.candidates)
