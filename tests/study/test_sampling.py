"""Samples follow the published ranges, and the same seed gives the same samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from midcourse.analysis.quantity import asked
from midcourse.analysis.setting import Setting
from midcourse.analysis.world import World
from midcourse.dossier import Dossier, Parameter
from midcourse.model.memory import Memory
from midcourse.physics.acquisition import FIRST, FIRST_BODY, LAST, TOTAL
from midcourse.study import sampling
from midcourse.study.design import BATCH, Sampler
from midcourse.study.distributions import quantile, sweep
from midcourse.study.relevance import relevant

UNIT = np.array([1e-6, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0 - 1e-6])
OPEN = (-math.inf, math.inf)


def _parameter(distribution: str, value: float, low: float, high: float) -> Parameter:
    return Parameter(value=value, low=low, high=high, distribution=distribution, unit="")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parameter", "law"),
    [
        (_parameter("uniform", 3.0, 2.0, 7.0), stats.uniform(2.0, 5.0)),
        (_parameter("triangular", 3.0, 2.0, 7.0), stats.triang(0.2, 2.0, 5.0)),
        (_parameter("triangular", 2.0, 2.0, 7.0), stats.triang(0.0, 2.0, 5.0)),
        (_parameter("triangular", 7.0, 2.0, 7.0), stats.triang(1.0, 2.0, 5.0)),
        (_parameter("normal", 4.0, 2.0, 7.0), stats.norm(4.5, 2.5 / stats.norm.ppf(0.95))),
        (
            _parameter("lognormal", 3.0, 2.0, 7.0),
            stats.lognorm(math.log(3.5) / 2.0 / stats.norm.ppf(0.95), scale=math.sqrt(14.0)),
        ),
    ],
    ids=["uniform", "triangular", "triangular-low", "triangular-high", "normal", "lognormal"],
)
def test_quantiles(parameter: Parameter, law: stats.rv_continuous) -> None:
    drawn = quantile(parameter, UNIT, OPEN)
    assert np.allclose(drawn, law.ppf(UNIT), rtol=1e-9)
    assert (np.diff(drawn) > 0.0).all()


def test_ends_of_normal_laws_are_their_5_and_95_percent_points() -> None:
    for law in ("normal", "lognormal"):
        ends = quantile(_parameter(law, 3.0, 2.0, 7.0), np.array([0.05, 0.95]), OPEN)
        assert ends == pytest.approx([2.0, 7.0], rel=1e-9)


def test_bounds_of_sense_hold() -> None:
    drawn = quantile(_parameter("normal", 0.5, 0.1, 0.9), np.array([1e-9, 0.5, 1.0 - 1e-9]), (0.0, 1.0))
    assert drawn.tolist() == [0.0, pytest.approx(0.5), 1.0]


PATHS = (
    "radar.emr.mean_power",
    "doctrine.nominal.decision_delay",
    "interceptor.gbi-2-stage.payload",
    "threat.iran-us.missile",
)


def test_the_nominal_world_comes_first(third_site: Dossier) -> None:
    drawn = sampling.design(third_site, PATHS, 64, 0)
    parameters = third_site.parameters()
    assert drawn.rows == 65
    assert set(drawn.values) == set(PATHS[:3])
    for path in drawn.values:
        assert drawn.values[path][0] == parameters[path].value
        assert len(drawn.values[path]) == 65
    assert drawn.choices["iran-us"][0] == 0
    # A list of missiles is a choice with equal weights.
    assert np.bincount(drawn.choices["iran-us"][1:]).tolist() == [32, 32]


def test_seeds(third_site: Dossier) -> None:
    first, again, other = (sampling.design(third_site, PATHS, 50, seed) for seed in (4, 4, 5))
    for path in first.values:
        assert np.array_equal(first.values[path], again.values[path])
        assert not np.array_equal(first.values[path], other.values[path])
    # The order in which parameters are named is nothing to the samples.
    turned = sampling.design(third_site, PATHS[::-1], 50, 4)
    assert all(np.array_equal(first.values[path], turned.values[path]) for path in first.values)


@pytest.mark.parametrize("sampler", ["sobol", "latin"])
def test_samples_are_spread_evenly(third_site: Dossier, sampler: Sampler) -> None:
    """In every batch each of as many equal parts of a uniform range holds one sample."""
    path = "doctrine.nominal.decision_delay"
    parameter = third_site.parameters()[path]
    drawn = sampling.design(third_site, PATHS, 3 * BATCH, 1, sampler).values[path][1:]
    part = (drawn - parameter.lowest) / (parameter.highest - parameter.lowest) * BATCH
    for each in np.floor(part).astype(int).reshape(3, BATCH):
        assert sorted(each) == list(range(BATCH))


def test_more_samples_begin_with_the_same(third_site: Dossier) -> None:
    few, many = (sampling.design(third_site, PATHS, rows, 1) for rows in (50, 200))
    assert all(np.array_equal(few.values[path], many.values[path][:51]) for path in few.values)


def test_means(third_site: Dossier) -> None:
    drawn = sampling.design(third_site, PATHS, 256, 0)
    payload = third_site.parameters()["interceptor.gbi-2-stage.payload"]
    law = stats.triang(
        (payload.value - payload.lowest) / (payload.highest - payload.lowest),
        payload.lowest,
        payload.highest - payload.lowest,
    )
    sample = drawn.values["interceptor.gbi-2-stage.payload"][1:]
    assert sample.mean() == pytest.approx(law.mean(), rel=2e-3)
    assert sample.std() == pytest.approx(law.std(), rel=1e-2)
    power = np.log(drawn.values["radar.emr.mean_power"][1:])
    assert power.mean() == pytest.approx(math.log(math.sqrt(25e3 * 170e3)), rel=1e-3)


def test_nothing_to_sample(third_site: Dossier) -> None:
    assert sampling.design(third_site, (), 10, 0).rows == 11
    assert sampling.design(third_site, PATHS, 0, 0).rows == 1


def test_sweeps(third_site: Dossier) -> None:
    parameters = third_site.parameters()
    even = sweep(parameters["doctrine.nominal.decision_delay"], 5)
    assert even == pytest.approx([20.0, 60.0, 100.0, 140.0, 180.0])
    power = sweep(parameters["radar.emr.mean_power"], 3)
    assert power == pytest.approx([25e3, math.sqrt(25e3 * 170e3), 170e3])


def test_what_a_claim_depends_on(third_site: Dossier) -> None:
    """What a claim's value cannot depend on is not sampled for it."""
    speed = relevant(third_site, "lp-burnout-speed")
    assert "interceptor.gbi-2-stage.payload" in speed
    assert not any(path.startswith(("radar.", "doctrine.", "missile.")) for path in speed)
    reach = relevant(third_site, "lewis-emr-range")
    assert {path.split(".")[1] for path in reach} == {"emr"}
    parameters = third_site.parameters()
    for claim in third_site.claim:
        for path in relevant(third_site.for_claim(claim), claim):
            assert path.endswith(".missile") or parameters[path].ranged


def _fields(paths: tuple[str, ...], kind: str) -> dict[str, set[str]]:
    """Fields by entry of a kind."""
    found: dict[str, set[str]] = {}
    for path in paths:
        steps = path.split(".")
        if steps[0] == kind:
            found.setdefault(steps[1], set()).add(".".join(steps[2:]))
    return found


ACCURACY = {"angle_bias", "angle_floor", "bandwidth", "bias_time", "range_bias"}


def test_a_commit_depends_on_tracks(third_site: Dossier) -> None:
    """On every radar of the architecture, how well it measures, what it is told, and over which link."""
    paths = relevant(third_site, "moscow-can-engage")
    radars = _fields(paths, "radar")
    wanted = {each.radar for each in third_site.resolved_architecture("third-site").sensor}
    assert set(radars) == wanted
    for name, fields in radars.items():
        data = third_site.radar[name]
        assert {
            "mean_power",
            "dwell",
            "required_snr",
            "track_interval",
            "other_tracks",
            "false_alarm",
        } <= fields
        assert fields >= ACCURACY - ({"angle_floor"} if not data.angle_floor.ranged else set())
        assert ("frame_time" in fields) == (data.frame_time is not None)
        assert ("slew_rate" in fields) == (data.slew_rate is not None)
    assert _fields(paths, "link") == {"national": {"delay"}}
    assert _fields(paths, "satellite") == {
        "dsp": {"cloud_altitude", "declare_delay", "position_error", "heading_error", "speed_error"}
    }
    doctrine = {"decision_delay", "confidence", "detection_confidence"}
    assert _fields(paths, "doctrine") == {"nominal": doctrine}
    for fields in _fields(paths, "interceptor").values():
        assert {"divert", "seeker_view", "homing_time", "longest_flight", "minimum_altitude"} <= fields
        assert "kill_probability" not in fields
    bands = {third_site.radar[name].band for name in wanted}
    for missile, fields in _fields(paths, "missile").items():
        data = third_site.missile[missile]
        for kind in ("rcs", "rcs_side", "rcs_boost", "rcs_boost_side"):
            known = {f"{kind}.{band}" for band, value in getattr(data, kind).items() if value.ranged}
            assert fields >= {each for each in known if each.split(".")[1] in bands}
        assert {each.split(".")[1] for each in fields if each.startswith("rcs")} <= bands


def test_a_second_architecture_counts_too(third_site: Dossier) -> None:
    paths = relevant(third_site, "kremlin-gabala-replaces-europe")
    assert {"emr", "gabala"} <= set(_fields(paths, "radar"))
    assert set(_fields(paths, "link")) == {"national", "shared"}


def test_a_sight_depends_on_all_radars_and_on_no_track(third_site: Dossier) -> None:
    """They tell one another where to look; how well they measure, and what is decided, is nothing to it."""
    paths = relevant(third_site, "kremlin-gabala-earlier")
    radars = _fields(paths, "radar")
    assert set(radars) == {each.radar for each in third_site.resolved_architecture("joint").sensor}
    for fields in radars.values():
        assert not fields & ACCURACY
    assert set(_fields(paths, "link")) == {"national", "shared"}
    assert _fields(paths, "doctrine") == {"nominal": {"detection_confidence"}}
    assert not _fields(paths, "interceptor")


def test_a_radar_by_itself_depends_on_nothing_else(third_site: Dossier) -> None:
    paths = relevant(third_site, "lewis-emr-range")
    assert set(_fields(paths, "radar")) == {"emr"}
    assert len(paths) == len(_fields(paths, "radar")["emr"])


CLAIMS = (
    "moscow-can-engage",
    "lp-250-seconds",
    "washington-us-shots",
    "washington-europe-defended",
    "obering-ten-interceptors",
    "kremlin-gabala-earlier",
    "yakushin-gabala-sees",
    "kremlin-gabala-dwell",
    "kremlin-gabala-replaces-europe",
    "kremlin-gabala-replaces-warheads-europe",
    "obering-gabala-cannot-guide",
    "yakushin-gabala-lands",
    "lewis-emr-blind",
    "lewis-emr-range",
)


@pytest.mark.parametrize("claim", CLAIMS)
def test_nothing_else_changes_the_value(third_site: Dossier, memory: Memory, claim: str) -> None:
    """All parameters that are not sampled for a claim are drawn at random, and its value stays as it is."""
    dossier = third_site.for_claim(claim)
    wanted = set(relevant(dossier, claim))
    question = asked(dossier, claim)
    parameters = dossier.parameters()
    # Vehicles are left alone: they change flights, and are sampled only where a claim lists them.
    kinds = ("radar.", "doctrine.", "satellite.", "link.")
    ends = (".divert", ".seeker_view", ".kill_probability", ".separation_speed", "_length")
    others = [
        path
        for path, parameter in parameters.items()
        if parameter.ranged
        and path not in wanted
        and (path.startswith(kinds) or path.endswith(ends) or path.split(".")[-2].startswith("rcs"))
    ]
    assert len(others) > 20
    drawn = sampling.design(dossier, others, 5, 1)
    setting = Setting(dossier, others, memory, 1)
    world = World(setting, drawn.values, {}, drawn.rows)
    values = np.asarray(question.quantity.compute(world, question.case))
    assert len(set(setting.sampled)) == len(others)
    assert np.allclose(values, values[0], rtol=1e-12, equal_nan=True)
    # Shares of flights are blunt: what they rest on stays as it is, too.
    reads, case = question.quantity.reads, question.case
    if {"commit", "sensor"} & set(reads) and not case.delays_s:
        closely, defence = "commit" in reads, setting.defence(case.architecture)
        firing = (defence.battery(case.battery),) if case.battery else defence.batteries
        chances = world.chances(
            case.threat, case.architecture, firing if closely else (), closely=closely, sights=True
        )
        sights = chances.sights[..., [FIRST, FIRST_BODY, LAST, TOTAL]]
        assert (~np.isnan(sights[..., 0])).any()
        for every in (sights, chances.windows):
            assert np.allclose(every, every[:, :1], rtol=1e-12, equal_nan=True)
