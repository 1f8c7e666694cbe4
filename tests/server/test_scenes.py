"""A scene of one flight: it tells what the analysis finds, and draws what is known in its true shape."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from midcourse.analysis.engagement import Engagement, engage
from midcourse.analysis.play import Played, play
from midcourse.analysis.setting import Setting
from midcourse.dossier import Dossier, InputError
from midcourse.model import Battery, FlyoutFamily
from midcourse.model.flights import OutOfReach
from midcourse.model.memory import Memory
from midcourse.output import czml
from midcourse.output.globe.ground import FOLDERS
from midcourse.output.globe.turning import Ellipses, Ellipsoids, local_axes, quaternion
from midcourse.physics.earth import WGS84, to_ecef
from midcourse.server.scenes import SceneAsk, scene

Array = NDArray[np.float64]
Answer = dict[str, Any]

ASKED = SceneAsk("third-site", "iran-us", "north", "New York City")


@pytest.fixture(scope="module")
def answer(third_site: Dossier, memory: Memory) -> Answer:
    return scene(third_site, ASKED, memory, 1)


@pytest.fixture(scope="module")
def played(third_site: Dossier, memory: Memory) -> Played:
    return play(third_site, "third-site", "iran-us", "north", "New York City", memory=memory)


@pytest.fixture(scope="module")
def engagement(third_site: Dossier, memory: Memory, played: Played) -> Engagement:
    ends = [(each.lat.value, each.lon.value) for each in (played.launch, played.target)]
    return engage(third_site, "third-site", "notional-icbm", ends[0], ends[1], memory=memory)


def packets(answer: Answer) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in answer["czml"]}


def samples(of: dict[str, Any], key: str, width: int) -> tuple[Array, Array]:
    rows = np.array(of[key]).reshape(-1, 1 + width)
    return rows[:, 0], rows[:, 1:]


def seconds(text: str) -> float:
    return (datetime.fromisoformat(text) - czml.EPOCH).total_seconds()


def test_the_story_is_the_analysis_s(answer: Answer, engagement: Engagement) -> None:
    def at(kind: str, *words: str) -> list[float]:
        events = [each for each in answer["events"] if each["kind"] == kind]
        return [each["time_s"] for each in events if all(word in each["label"] for word in words)]

    assert at("launch") == [0.0]
    assert at("commit") == [pytest.approx(engagement.commit_s, abs=0.06)]
    assert at("impact") == [pytest.approx(engagement.flights.impact_s[0], abs=0.06)]
    assert at("other", "warning") == [pytest.approx(engagement.declared_s, abs=0.06)]
    for name, sensor in (("Fylingdales", "fylingdales@fylingdales"), ("Brdy", "emr@brdy")):
        seen = next(each for each in engagement.sensors if each.sensor == sensor)
        assert at("sight", name, "sees it") == [pytest.approx(seen.first_s, abs=0.06)]
        assert at("sight", name, "in track") == [pytest.approx(seen.first_warhead_s, abs=0.06)]
    site = next(each for each in engagement.sites if each.site == "redzikowo")
    assert site.launch_s is not None
    assert site.intercept_s is not None
    launches = [at("interceptor", "Redzikowo", which) for which in ("first", "last")]
    assert launches == [[pytest.approx(each, abs=0.06)] for each in site.launch_s]
    assert at("intercept", "Redzikowo") == [pytest.approx(site.intercept_s[0], abs=0.06)]
    assert [each["time_s"] for each in answer["events"]] == sorted(
        each["time_s"] for each in answer["events"]
    )
    assert answer["span"] == [0.0, pytest.approx(engagement.flights.impact_s[0])]
    assert "Interceptors can leave from 519" in answer["finding"]
    rows = {each["label"]: each["text"] for each in answer["rows"]}
    assert "launch 519 to 1,011" in rows["Redzikowo, Ground-Based Interceptor"]
    assert rows["Shemya"] == "never sees it"


def test_packets_refer_to_earlier_ones(answer: Answer) -> None:
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    seen: set[str] = set()
    for each in answer["czml"]:
        assert each["id"] not in seen
        if each["id"] not in ("document", *FOLDERS):
            assert each["parent"] in FOLDERS
            assert each["parent"] in seen
        told = [each.get("position", {}).get("reference"), *_references(each)]
        for reference in filter(None, told):
            assert reference.removesuffix("#position") in seen
        seen.add(each["id"])
    assert set(FOLDERS) < seen
    hidden = [name for name in FOLDERS if not packets(answer)[name]["properties"]["shown"]]
    assert hidden == ["fans", "coverage"]
    # Light enough to be sent at every move of a lever.
    assert len(json.dumps(answer)) < 250_000


def _references(packet: dict[str, Any]) -> list[str]:
    return list(packet.get("polyline", {}).get("positions", {}).get("references", []))


def test_errors_stand_as_they_are_known(answer: Answer, played: Played) -> None:
    """Axes and turn of the ellipsoids give back the covariance, and its size is that of the track."""
    spread = played.spread
    assert spread is not None
    packet = packets(answer)["belief/M1"]
    times, radii = samples(packet["ellipsoid"]["radii"], "cartesian", 3)
    turns = Rotation.from_quat(samples(packet["orientation"], "unitQuaternion", 4)[1])
    axes = turns.as_matrix()
    made = np.einsum("nij,nj,nkj->nik", axes, radii**2, axes)
    size = np.trace(spread.places, axis1=1, axis2=2)[:, None, None]
    assert np.abs((made - spread.places) / size).max() < 5e-3
    assert len(spread.times) > len(played.watching.fused)
    for known in played.watching.fused:
        (covariance,) = spread.places[spread.times == known.t_s]
        sigma = np.sqrt(np.trace(covariance))
        # None of the axes is told smaller than 10 m.
        assert known.position_error_m - 0.1 <= sigma <= np.hypot(known.position_error_m, 17.4)
    assert times == pytest.approx(spread.times, abs=1e-3)
    assert (np.abs(np.diff(turns.as_quat(), axis=0)).max(axis=1) < 1.5).all()


@pytest.mark.parametrize(("row", "radar"), [(0, "fylingdales"), (5, "brdy")])
def test_the_distance_from_the_radar_at_work_is_known_best(played: Played, row: int, radar: str) -> None:
    """Its angles are as coarse as its beam, its range is fine: the shortest axis lies along its line.

    Fylingdales sees the missile four seconds before Brdy does, whose beam is narrower.
    """
    spread = played.spread
    assert spread is not None
    line = played.flights.states(0, spread.times[row : row + 1])[0, :3]
    site = played.setting.defence("third-site").sensor(radar).site
    line -= np.array(to_ecef(site.lat, site.lon, site.altitude, WGS84))
    line /= np.linalg.norm(line)
    sizes, axes = np.linalg.eigh(spread.places[row])
    assert np.sqrt(sizes[0]) < 0.15 * np.sqrt(sizes[1])
    assert abs(axes[:, 0] @ line) == pytest.approx(1.0, abs=1e-5)


def test_the_place_of_impact_is_known_as_the_track_has_it(played: Played) -> None:
    """The radius that holds 95 % or so is between what one axis and what both would have."""
    spread, watching = played.spread, played.watching
    assert spread is not None
    compared = 0
    for known in watching.fused:
        (covariance,) = spread.impacts[spread.times == known.t_s]
        larger = float(np.sqrt(np.linalg.eigvalsh(covariance)[-1]))
        if known.impact_radius_m > 2e3:
            assert 1.5 < known.impact_radius_m / larger < 3.5
            compared += 1
    assert compared > 2


def test_a_fan_s_sector_is_the_face_s() -> None:
    lat, lon, azimuth, half = 0.9, -0.3, 2.0, 1.0
    axes = local_axes(lat, lon, azimuth + half)
    assert Rotation.from_quat(quaternion(axes[None])[0]).as_matrix() == pytest.approx(axes)
    # Cesium turns from the first axis by the clock toward the second: half of it leads to the middle.
    middle = np.cos(half) * axes[:, 0] + np.sin(half) * axes[:, 1]
    assert middle == pytest.approx(local_axes(lat, lon, azimuth)[:, 0])
    up = np.array(to_ecef(lat, lon, 1e3, WGS84)) - np.array(to_ecef(lat, lon, 0.0, WGS84))
    assert axes[:, 2] == pytest.approx(up / 1e3, abs=1e-9)


def test_axes_turn_steadily() -> None:
    """Where the larger axis becomes the smaller one, each keeps its place; so do chunks of what goes on."""
    angles = np.linspace(0.0, 7.0, 60)
    sizes = np.stack([2.0 - angles / 4.0, 0.5 + angles / 4.0, np.full(60, 5.0)], axis=1)
    turns = Rotation.from_rotvec(np.outer(angles, [0.0, 0.6, 0.8])).as_matrix()
    covariances = np.einsum("nij,nj,nkj->nik", turns, sizes**2, turns)
    radii, whole = Ellipsoids().of(covariances)
    assert np.abs(np.diff(radii, axis=0)).max() < 0.1
    assert np.abs(np.diff(whole, axis=0)).max() < 0.1
    going_on = Ellipsoids()
    parts = [going_on.of(covariances[a : a + 7])[1] for a in range(0, 60, 7)]
    assert np.concatenate(parts) == pytest.approx(whole)
    flat = covariances[:, :2, :2]
    axes, bearing = Ellipses().of(flat)
    long_axis = np.stack([-np.sin(bearing), np.cos(bearing)], axis=1)
    assert np.einsum("ni,nij,nj->n", long_axis, flat, long_axis) == pytest.approx(axes[:, 0] ** 2)
    assert np.abs(np.diff(bearing)).max() < 0.5 * np.pi


def test_interceptors_meet_the_missile(answer: Answer, played: Played) -> None:
    found = packets(answer)
    assert len(played.shots) == 6
    for shot in played.shots:
        times, places = samples(
            found[f"interceptor/{shot.battery.name}/{shot.which}"]["position"], "cartesian", 3
        )
        meets = played.flights.states(0, np.array([shot.meet_s]))[0, :3]
        site = shot.battery.site
        assert (times[0], times[-1]) == pytest.approx((shot.launch_s, shot.meet_s), abs=1e-3)
        assert np.linalg.norm(places[-1] - meets) < 1.0
        assert np.linalg.norm(places[0] - to_ecef(site.lat, site.lon, site.altitude, WGS84)) < 1.0


def test_a_scene_follows_from_what_is_asked_alone(
    third_site: Dossier, memory: Memory, answer: Answer
) -> None:
    kept = len(memory._results)
    with ThreadPoolExecutor(4) as pool:
        every = list(pool.map(lambda _: scene(third_site, ASKED, memory, 1), range(4)))
    assert all(each == answer for each in every)
    # Nothing about single flights stays: a page asks for thousands.
    assert len(memory._results) == kept


def test_tables_may_come_from_elsewhere(third_site: Dossier, memory: Memory, answer: Answer) -> None:
    """As those of bases that are dragged about do; then the memory is not asked for any."""
    setting, given = Setting(third_site, (), memory), []

    def tables(battery: Battery) -> FlyoutFamily:
        given.append(battery.name)
        return setting.family(battery)

    alone = Memory(None)
    assert scene(third_site, ASKED, alone, 1, tables) == answer
    assert set(given) == {each.name for each in setting.defence("third-site").batteries}
    assert not alone._results


def test_a_figure_changes_the_scene(third_site: Dossier, memory: Memory, answer: Answer) -> None:
    slow = third_site.with_overrides({"doctrine.nominal.decision_delay": "160 s"})
    later = scene(slow, ASKED, memory, 1)

    def commit(of: Answer) -> float:
        return float(next(each["time_s"] for each in of["events"] if each["kind"] == "commit"))

    # A little more than 100 s, for the track has to be better by then.
    assert 100.0 <= commit(later) - commit(answer) < 105.0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (SceneAsk("thrid-site", "iran-us", "north", "Chicago"), "architecture: unknown architecture"),
        (SceneAsk("third-site", "iran-u", "north", "Chicago"), 'did you mean "iran-us"?'),
        (SceneAsk("third-site", "iran-us", "nort", "Chicago"), 'launch "nort"; expected north-west'),
        (SceneAsk("third-site", "iran-us", "north", "chicago"), 'did you mean "Chicago"?'),
        (SceneAsk("third-site", "iran-us", "north", "Chicago", "notional-irbm"), "no missile"),
    ],
)
def test_unknown_names_are_told(third_site: Dossier, memory: Memory, asked: SceneAsk, told: str) -> None:
    with pytest.raises(InputError) as caught:
        scene(third_site, asked, memory, 1)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_flown_is_told(third_site: Dossier, memory: Memory) -> None:
    heavy = third_site.with_overrides({"missile.notional-icbm.payload": "4000 kg"})
    with pytest.raises(OutOfReach, match=r"out of reach: [\d,]+ km asked, .* flies at most [\d,]+ km"):
        scene(heavy, ASKED, memory, 1)
