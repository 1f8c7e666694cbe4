"""Parties' figures as a distribution, and parameters that physics ties: drawn as asked, or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from midcourse.dossier import Dossier, InputError, entry_table, load, load_catalog, new
from midcourse.model.memory import Memory
from midcourse.study import sampling
from midcourse.study.assess import assess
from midcourse.study.distributions import quantile
from midcourse.study.tying import ties

PAYLOAD = "interceptor.gbi-2-stage.payload"
BY_PARTY = (
    '{ value = "120 kg", figures = ['
    '{ by = "Washington", value = "1040 kg", weight = 2, source = "midcourse-estimate" }, '
    '{ by = "the critics", value = "64 kg" }, { by = "nobody", value = "120 kg" }] }'
)

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A dossier of one's own with something more in it."""

    def write(text: str) -> Path:
        if not (tmp_path / "dossier.toml").exists():
            new(tmp_path)
        (tmp_path / "more.toml").write_text(f"# More.\n{text}", encoding="utf-8")
        return tmp_path

    return write


def test_figures_by_party(catalog: Dossier) -> None:
    dossier = catalog.with_overrides({PAYLOAD: BY_PARTY})
    payload = dossier.parameters()[PAYLOAD]
    assert (payload.value, payload.lowest, payload.highest) == (120.0, 64.0, 1040.0)
    assert payload.distribution == "discrete"
    assert payload.figures_text == "the critics 64 kg, nobody 120 kg, Washington 1040 kg (weight 2)"
    places = (np.arange(400) + 0.5) / 400.0
    drawn = quantile(payload, places, dossier.bounds(PAYLOAD))
    assert {value: (drawn == value).sum() for value in (64.0, 120.0, 1040.0)} == {
        64.0: 100,
        120.0: 100,
        1040.0: 200,
    }
    assert sampling.edges(dossier, PAYLOAD) == pytest.approx([0.25, 0.5])
    assert sampling.edges(dossier, "radar.emr.mean_power") is None
    rows = {row[0]: row for row in entry_table(dossier.interceptor["gbi-2-stage"])}
    assert rows["payload"][2] == "64 to 1040 kg"
    assert "the critics 64 kg" in rows["payload"][4]
    # Imposed, it is one figure and no longer anybody's.
    fixed = dossier.with_overrides({PAYLOAD: "200 kg"}).parameters()[PAYLOAD]
    assert (fixed.figures, fixed.ranged) == ((), False)
    assert dossier.with_values({PAYLOAD: 99.0}).parameters()[PAYLOAD].figures == ()


def test_a_claim_over_figures_by_party(written: Written, memory: Memory) -> None:
    """A speed that only the light figures reach holds with their weight; which figure it is settles it."""
    dossier = load(written(""), {PAYLOAD: BY_PARTY})
    result = assess(dossier, samples=256, standpoints=False, memory=memory)
    fast = next(claim for claim in result.claims if claim.id == "it-is-fast")
    assert fast.probability == pytest.approx(0.5, abs=1e-9)
    assert fast.decided_by[0].parameter == PAYLOAD
    assert fast.decided_by[0].share > 0.99


A, B = '{ by = "A", value = "1 kg" }', '{ by = "B", value = "2 kg" }'


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (f"figures = [{A}]", "two tables or more"),
        ('figures = "1 kg"', "two tables or more"),
        ('distribution = "discrete"', "without figures"),
        (f'low = "1 kg", figures = [{A}, {B}]', "low beside figures"),
        (f'distribution = "normal", figures = [{A}, {B}]', "figures are a discrete distribution"),
        (f"figures = [{A}, {B.replace('kg', 's')}]", "2 s"),
        (f'figures = [{A}, {{ value = "2 kg" }}]', "a figure without by"),
        (f'figures = [{A}, {{ by = "B" }}]', "a figure without value"),
        (f"figures = [{A}, {B[:-1]}, weight = 0 }}]", "not a weight"),
        (f"figures = [{A}, {B[:-1]}, wieght = 1 }}]", 'unknown key.*"weight"'),
        (f"figures = [{A.replace('1', '1.5')}, {B}]", "outside its own range"),
        (f'figures = [{A}, {B[:-1]}, source = "nobody" }}]', "unknown source"),
    ],
)
def test_figures_that_cannot_be(catalog: Dossier, written: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as error:
        catalog.with_overrides({PAYLOAD: f'{{ value = "1 kg", {written} }}'})
    assert "\n" not in str(error.value)
    assert PAYLOAD in str(error.value)


TIED = """
[correlation.tied]
parameters = ["radar.emr.mean_power", "radar.emr.dwell", "radar.emr.losses"]
rank = {rank}
reason = "For a test."
source = "midcourse-estimate"
"""


@pytest.mark.parametrize("rank", [0.8, 0.3, -0.4, 1.0])
def test_ranks_are_as_asked(written: Written, rank: float) -> None:
    dossier = load(written(TIED.format(rank=rank)))
    paths = [*dossier.correlation["tied"].parameters, PAYLOAD]
    drawn = sampling.design(dossier, paths, 4096, 1)
    columns = np.array([drawn.values[path][1:] for path in paths])
    found = stats.spearmanr(columns, axis=1).statistic
    expected = np.eye(4)
    expected[:3, :3] = np.where(np.eye(3) > 0.0, 1.0, rank)
    assert found == pytest.approx(expected, abs=0.03)
    # And each follows its own distribution all the same.
    free = sampling.design(load(written("")), paths, 4096, 1)
    for path in paths:
        assert stats.ks_2samp(drawn.values[path], free.values[path]).pvalue > 0.01


def test_ties_of_ties(written: Written) -> None:
    """What hangs together by way of another is exchanged with it."""
    text = TIED.format(rank=0.5).replace(', "radar.emr.losses"', "")
    more = text.replace("tied", "more").replace("mean_power", "losses")
    dossier = load(written(text + more))
    paths = tuple(sorted([*dossier.correlation["tied"].parameters, "radar.emr.losses", PAYLOAD]))
    found = ties(dossier, paths)
    together = {paths[i]: {paths[j] for j in others} for i, others in found.together.items()}
    radar = {"radar.emr.mean_power", "radar.emr.dwell", "radar.emr.losses"}
    assert together == dict.fromkeys(radar, radar)
    # A parameter that is not sampled ties nobody.
    assert ties(dossier, (PAYLOAD, "radar.emr.mean_power")).columns == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (TIED.format(rank=1.2), "1.2 is no correlation.*-1 to 1"),
        (TIED.format(rank=-0.9), "cannot be correlated so: -0.9.*positive definite"),
        (TIED.format(rank=0.5).replace("emr.dwell", "emr.dwel"), 'unknown parameter.*"radar.emr.dwell"'),
        (TIED.format(rank=0.5).replace("radar.emr.dwell", "site.brdy.lat"), "site.brdy.lat.*no range"),
        (TIED.format(rank=0.5).replace("emr.dwell", "emr.losses"), "each named once"),
        (TIED.format(rank=0.5) + TIED.format(rank=0.4).replace("tied", "more"), "0.4 here and 0.5 in tied"),
        (TIED.format(rank=0.5).replace("reason", "raeson"), 'unknown key.*"reason"'),
    ],
)
def test_ties_that_cannot_be(written: Written, text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as error:
        load(written(text))
    assert "more.toml" in str(error.value)
    assert "\n" not in str(error.value)


def test_an_imposed_figure_is_tied_to_nothing(third_site: Dossier) -> None:
    path = "missile.notional-icbm.rcs_side.X"
    fixed = third_site.with_overrides({path: "0.1 m^2"})
    assert any(path in each.parameters for each in fixed.correlation.values())
    paths = ["missile.notional-icbm.rcs_side.L", "missile.notional-icbm.rcs_side.UHF"]
    assert len(ties(fixed, sorted([*paths])).columns) == 2
    assert load_catalog().correlation == {}
