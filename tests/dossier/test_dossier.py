"""A dossier as read: what it holds, what it says of its parameters, and the worlds sampled from it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midcourse.dossier import (
    NOT_GIVEN,
    Dossier,
    InputError,
    builtin_dossiers,
    catalog_entries,
    entry_table,
    load,
)

PAYLOAD = "interceptor.two-stage.payload"


def test_values_are_in_si_units_and_radians(small: Dossier) -> None:
    assert small.site["redzikowo"].lat.value == pytest.approx(math.radians(54.48))
    assert small.missile["irbm"].payload.value == 1000.0
    assert small.radar["emr"].losses.value == 5.0
    assert small.interceptor["two-stage"].kill_probability.value == pytest.approx(0.7)
    assert small.source["catalog"].date == "2008-05-14"
    assert small.threat["attack"].from_ == "cities"
    assert small.threat["attack"].missile == ("irbm",)


def test_parameters_have_paths_sources_and_one_order(small: Dossier) -> None:
    parameters = small.parameters()
    assert parameters["motor.orion-50.thrust"].source == "catalog"
    assert parameters["interceptor.two-stage.stage.2.coast"].source == "slides"
    assert parameters["interceptor.two-stage.stage.1.coast"].source == NOT_GIVEN
    assert parameters["places.cities.point.2.lon"].source == "catalog"
    assert parameters["architecture.more.sensor.1.azimuth.1"].value == pytest.approx(math.radians(120))
    assert "interceptor.two-stage.burnout_speed" not in parameters
    assert not any(path.startswith("dossier.") for path in parameters)
    assert {path for path, parameter in parameters.items() if parameter.ranged} == {
        "motor.orion-50.thrust",
        "missile.irbm.rcs.X",
        PAYLOAD,
        "interceptor.two-stage.kill_probability",
    }
    assert list(parameters) == list(small.parameters())


def test_every_parameters_path_is_found_in_the_file(small: Dossier) -> None:
    for path, parameter in small.parameters().items():
        place = small.where(path)
        assert place is not None
        if parameter.source != NOT_GIVEN:
            assert place.rpartition(":")[2].isdecimal()


def test_parameter_shows_itself_as_written(small: Dossier) -> None:
    probability = small.interceptor["two-stage"].kill_probability
    assert (probability.text, probability.range_text) == ("70 %", "50 to 90 %")
    assert small.interceptor["two-stage"].divert.range_text == ""


def test_get(small: Dossier) -> None:
    assert small.get("radar", "emr") is small.radar["emr"]
    with pytest.raises(InputError, match=r'^--radar: unknown radar: "emrr"; did you mean "emr"\?$'):
        small.get("radar", "emrr", where="--radar")
    with pytest.raises(InputError, match="unknown kind"):
        small.get("radars", "emr")


def test_motor_of_a_stage(small: Dossier) -> None:
    stage = small.interceptor["two-stage"].stage[1]
    assert small.motor_of(stage) is small.motor["orion-38"]
    changed = small.with_overrides({"interceptor.two-stage.stage.2.thrust": "40 kN"})
    motor = changed.motor_of(changed.interceptor["two-stage"].stage[1])
    assert (motor.thrust.value, motor.burn_time.value) == (40e3, 67.7)
    assert changed.motor["orion-38"].thrust.value == 32.2e3


def test_architecture_resolved(small: Dossier) -> None:
    resolved = small.resolved_architecture("more")
    assert [sensor.name for sensor in resolved.sensor] == ["emr@brdy"]
    assert resolved.battery == ()
    assert (resolved.satellite, resolved.doctrine) == ("dsp", "nominal")
    assert (resolved.extends, resolved.without) == (None, ())
    assert small.resolved_architecture("base") is small.architecture["base"]
    with pytest.raises(InputError, match='did you mean "more"'):
        small.resolved_architecture("mor")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_sampled_world(small: Dossier, data: st.DataObject) -> None:
    paths = sorted(small.parameters())
    values = data.draw(st.dictionaries(st.sampled_from(paths), st.floats(1.0, 2.0), max_size=5))
    world = small.with_values(values)
    parameters = world.parameters()
    for path, parameter in small.parameters().items():
        if path in values:
            assert parameters[path].value == values[path]
            assert not parameters[path].ranged
            assert parameters[path].source == parameter.source
        else:
            assert parameters[path] == parameter
    changed = any(values[path] != small.parameters()[path].value for path in values)
    assert not changed or world.hash != small.hash


def test_sampled_world_keeps_its_values_under_overrides(small: Dossier) -> None:
    world = small.with_values({PAYLOAD: 70.0, "interceptor.two-stage.divert": 500.0})
    changed = world.with_overrides({"interceptor.two-stage.divert": "400 m/s"})
    assert changed.interceptor["two-stage"].payload.value == 70.0
    assert changed.interceptor["two-stage"].divert.value == 400.0


DEFAULTS = {
    "radar.emr.false_alarm": (1e-6, "1e-06"),
    "radar.emr.scan_exponent": (2.5, "2.5"),
    "radar.emr.search_share": (0.0, "0"),
    "radar.emr.track_interval": (1.0, "1 s"),
    "radar.emr.other_tracks": (0.0, "0"),
    "radar.emr.angle_floor": (0.02, "0.02"),
    "radar.emr.angle_bias": (0.0, "0 deg"),
    "radar.emr.range_bias": (0.0, "0 m"),
    "radar.emr.bias_time": (1000.0, "1000 s"),
    "satellite.dsp.position_error": (3000.0, "3 km"),
    "satellite.dsp.heading_error": (math.radians(5.0), "5 deg"),
    "satellite.dsp.speed_error": (300.0, "300 m/s"),
    "doctrine.nominal.confidence": (0.9, "0.9"),
    "doctrine.nominal.detection_confidence": (0.9, "0.9"),
    "doctrine.nominal.pick_probability": (0.75, "0.75"),
    "doctrine.nominal.consultation": (0.0, "0 s"),
    "link.shared.loss": (0.0, "0"),
    "link.shared.report_interval": (5.0, "5 s"),
    "interceptor.two-stage.homing_time": (40.0, "40 s"),
    "interceptor.two-stage.seeker_view": (math.radians(2.0), "2 deg"),
    "missile.irbm.separation_speed": (3.0, "3 m/s"),
    "missile.irbm.warhead_length": (2.0, "2 m"),
    "missile.irbm.stage_length": (8.0, "8 m"),
}


def test_fields_left_out_are_parameters_all_the_same(small: Dossier) -> None:
    parameters = small.parameters()
    for path, (value, text) in DEFAULTS.items():
        assert parameters[path].value == pytest.approx(value)
        assert parameters[path].text == text
        assert parameters[path].source == NOT_GIVEN
        assert not parameters[path].ranged
    defaulted = {
        path
        for path, parameter in parameters.items()
        if parameter.source == NOT_GIVEN and parameter.unit != "kg"
    }
    assert {path for path in defaulted if path.split(".")[2] not in ("stage", "altitude")} == set(DEFAULTS)


def test_fields_left_out_that_are_no_parameters(small: Dossier) -> None:
    missile, radar = small.missile["irbm"], small.radar["emr"]
    assert (missile.swerling, missile.swerling_boost, missile.attitude) == (1, 1, "reentry")
    assert (missile.rcs_side, missile.rcs_boost_side) == ({}, {})
    assert (radar.beamwidth, radar.frame_time, radar.search_top, radar.slew_rate) == (None,) * 4
    assert not radar.coherent
    assert small.doctrine["nominal"].uplink
    for path in ("beamwidth", "frame_time", "search_top", "slew_rate"):
        assert f"radar.emr.{path}" not in small.parameters()
        assert small.takes_parameter(f"radar.emr.{path}")


def test_left_out_parameter_given_a_range(small: Dossier) -> None:
    text = '{ value = 0.02, low = 0.01, high = 0.05, source = "slides" }'
    parameter = small.with_overrides({"radar.emr.angle_floor": text}).parameters()["radar.emr.angle_floor"]
    assert parameter.ranged
    assert parameter.source == "slides"
    assert small.with_values({"radar.emr.angle_floor": 0.03}).radar["emr"].angle_floor.value == 0.03


def test_radar_that_searches(small: Dossier) -> None:
    radar = small.with_overrides(
        {
            "radar.emr.frame_time": "10 s",
            "radar.emr.search_share": '{ value = "30 %", low = "10 %", high = "99 %" }',
            "radar.emr.search_top": "10 deg",
            "radar.emr.slew_rate": "300 deg/min",
        }
    ).radar["emr"]
    assert radar.search_share.highest == pytest.approx(0.99)
    assert radar.slew_rate is not None
    assert radar.slew_rate.value == pytest.approx(math.radians(5.0))


def test_sensor_with_a_transmitter_and_a_link(small: Dossier) -> None:
    (sensor,) = small.resolved_architecture("more").sensor
    assert (sensor.site, sensor.transmitter, sensor.link) == ("brdy", "redzikowo", "shared")
    assert small.link["shared"].delay.value == 15.0
    assert ("link", "shared", "Between two nations") in catalog_entries(small)


@pytest.mark.parametrize(
    ("beamwidth", "contradicts"), [(0.10, True), (0.12, False), (0.2, False), (0.22, True)]
)
def test_beamwidth_that_contradicts_the_aperture(small: Dossier, beamwidth: float, contradicts: bool) -> None:
    # 105 m^2 are a disc of 11.56 m; 1.02 x 31.56 mm / 11.56 m = 2.784 mrad = 0.1595 deg.
    assert small.warnings == ()
    warnings = small.with_overrides({"radar.emr.beamwidth": f"{beamwidth} deg"}).warnings
    assert len(warnings) == contradicts
    for line in warnings:
        assert "\n" not in line
        assert line.startswith(f"--set radar.emr.beamwidth: beamwidth {beamwidth:g} deg contradicts")
        for part in ("receive_area 105 m^2", "9.5 GHz", "0.16 deg wide", "11.6 m"):
            assert part in line, line


def test_warning_names_the_line(small_folder: Path, tmp_path: Path) -> None:
    text = (small_folder / "dossier.toml").read_text(encoding="utf-8")
    text = text.replace('tilt = "20 deg"', 'tilt = "20 deg"\nbeamwidth = "2 deg"')
    (tmp_path / "dossier.toml").write_text(text, encoding="utf-8")
    (warning,) = load(tmp_path).warnings
    line = text[: text.index("beamwidth")].count("\n") + 1
    assert warning.startswith(f"{tmp_path / 'dossier.toml'}:{line} (radar.emr.beamwidth): beamwidth 2 deg")


def test_sampled_world_sets_what_was_absent(small: Dossier) -> None:
    world = small.with_values({"interceptor.two-stage.burnout_speed": 6300.0})
    assert world.parameters()["interceptor.two-stage.burnout_speed"].text == "6300 m/s"
    assert small.takes_parameter("interceptor.two-stage.burnout_speed")
    assert not small.takes_parameter("interceptor.two-stage.name")
    assert not small.takes_parameter("interceptor.two-stage.stage.9.coast")


@pytest.mark.parametrize(
    "path",
    [
        "interceptor.two-stage.paylod",
        "interceptor.two-stage.name",
        "interceptor.two-stage.stage.9.coast",
        "interceptor.two-stage.stage",
        "interceptor.two-stage.payload.low",
        "missile.irbm.rcs.S",
        "nothing",
        "interceptor.two-stage",
    ],
)
def test_no_world_on_an_unknown_path(small: Dossier, path: str) -> None:
    with pytest.raises(InputError, match="unknown parameter"):
        small.with_values({path: 1.0})


def test_no_world_of_infinite_values(small: Dossier) -> None:
    with pytest.raises(InputError, match="a finite number"):
        small.with_values({PAYLOAD: math.nan})


def test_bounds(small: Dossier) -> None:
    assert small.bounds(PAYLOAD) == (0.0, math.inf)
    assert small.bounds("interceptor.two-stage.kill_probability") == (0.0, 1.0)
    assert small.bounds("site.brdy.lat") == pytest.approx((-math.pi / 2, math.pi / 2))
    assert small.bounds("missile.irbm.stage.1.extra_mass") == (-math.inf, math.inf)
    assert small.bounds("missile.irbm.rcs.X") == (0.0, math.inf)
    assert small.bounds("radar.emr.losses") == (0.0, math.inf)
    assert small.bounds("radar.emr.search_share") == (0.0, 1.0)
    assert small.bounds("doctrine.nominal.confidence") == (0.0, 1.0)
    assert small.bounds("radar.emr.slew_rate") == (0.0, math.inf)
    assert small.bounds("radar.emr.angle_bias") == pytest.approx((0.0, math.pi))
    assert small.bounds("missile.irbm.rcs_side.X") == (0.0, math.inf)
    for path, parameter in small.parameters().items():
        least, most = small.bounds(path)
        assert least <= parameter.lowest <= parameter.highest <= most
    with pytest.raises(InputError, match="unknown parameter"):
        small.bounds("radar.emr.name")


def test_cite(small: Dossier) -> None:
    assert small.cite("catalog") == "Propulsion Products Catalog, ATK, 2008-05-14"
    assert small.cite(NOT_GIVEN) == NOT_GIVEN


def test_catalog_as_rows(small: Dossier) -> None:
    entries = catalog_entries(small)
    assert ("radar", "emr", "EMR") in entries
    assert ("source", "slides", "Slides") in entries
    assert ("claim", "catch", "They can catch them.") in entries
    rows = {row[0]: row[1:] for row in entry_table(small.interceptor["two-stage"])}
    assert rows["payload"] == ("100 kg", "64 to 120 kg", "slides", "undisclosed; not published")
    assert rows["stage.2.motor"][0] == "orion-38"
    assert "stage.1.coast" not in rows
    assert "homing_time" not in rows
    assert {row[0]: row[1] for row in entry_table(small.radar["emr"])}["steerable"] == "yes"


def test_built_in_dossiers_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for name in builtin_dossiers():
        dossier = load(name)
        assert dossier.dossier is not None
        assert dossier.warnings == ()
        assert all(parameter.source for parameter in dossier.parameters().values())
