"""Values imposed by path: typed as in a file, refused with the option that gave them, and idempotent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midcourse.dossier import SET_BY_OPTION, Dossier, InputError, load, parse_override

PAYLOAD = "interceptor.two-stage.payload"


@pytest.mark.parametrize(
    ("path", "text", "si"),
    [
        (PAYLOAD, "800 kg", 800.0),
        ("interceptor.two-stage.burnout_speed", "6.3 km/s", 6300.0),
        ("interceptor.two-stage.stage.1.thrust", "700 kN", 700e3),
        ("missile.irbm.rcs.X", "0.02 m^2", 0.02),
        ("missile.irbm.rcs.S", "0.02 m^2", 0.02),
        ("radar.emr.efficiency", "90 %", 0.9),
        ("radar.emr.efficiency", "0.9", 0.9),
        ("radar.emr.losses", "7 dB", 7.0),
        ("places.cities.point.2.lat", "0 deg", 0.0),
        ("architecture.more.sensor.1.azimuth.1", "0 deg", 0.0),
        ("site.redzikowo.altitude", "50 m", 50.0),
        ("link.shared.delay", "1 min", 60.0),
        ("radar.emr.angle_floor", "0.05", 0.05),
        ("radar.emr.angle_bias", "0.01 deg", 1.7453292519943296e-4),
        ("radar.emr.beamwidth", "0.18 deg", 3.141592653589793e-3),
        ("radar.emr.slew_rate", "5 deg/s", 0.08726646259971647),
        ("satellite.dsp.heading_error", "1 deg", 0.017453292519943295),
        ("doctrine.nominal.confidence", "95 %", 0.95),
        ("missile.irbm.rcs_side.X", "0.5 m^2", 0.5),
        ("motor.orion-50.thrust", "700 kN", 700e3),
    ],
)
def test_parameter_takes_the_value_and_loses_its_range(
    small: Dossier, path: str, text: str, si: float
) -> None:
    changed = small.with_overrides({path: text})
    parameter = changed.parameters()[path]
    assert parameter.value == pytest.approx(si)
    assert not parameter.ranged
    assert parameter.source == SET_BY_OPTION
    assert changed.where(path) == f"--set {path}"
    assert changed.hash != small.hash
    assert small.parameters().get(path) != parameter


def test_range_set_beside_the_value(small: Dossier) -> None:
    pairs = [(f"{PAYLOAD}.low", "700 kg"), (f"{PAYLOAD}.high", "900 kg"), (PAYLOAD, "800 kg")]
    parameter = small.with_overrides(pairs).parameters()[PAYLOAD]
    assert (parameter.low, parameter.value, parameter.high) == (700.0, 800.0, 900.0)


def test_one_end_of_a_range(small: Dossier) -> None:
    parameter = small.with_overrides({f"{PAYLOAD}.low": "80 kg"}).parameters()[PAYLOAD]
    assert (parameter.low, parameter.value, parameter.high) == (80.0, 100.0, 120.0)
    assert parameter.undisclosed


def test_whole_parameter_as_a_table(small: Dossier) -> None:
    text = '{ value = "90 kg", low = "80 kg", high = "100 kg", note = "why" }'
    parameter = small.with_overrides({PAYLOAD: text}).parameters()[PAYLOAD]
    assert (parameter.low, parameter.high, parameter.note) == (80.0, 100.0, "why")


def test_fields_that_are_not_parameters(small: Dossier) -> None:
    changed = small.with_overrides(
        {
            "architecture.base.battery.1.inventory": "20",
            "radar.emr.steerable": "false",
            "dossier.samples": "8",
            "claim.catch.threshold": "30 %",
            "claim.catch.decides": "radar.emr.dwell",
            "claim.catch.cases.delay": "3",
            "claim.catch.cases.since": "2007-06-01",
            "threat.attack.missile": '["irbm"]',
            "missile.irbm.name": "12",
            "missile.irbm.swerling": "3",
            "missile.irbm.attitude": "tumbling",
            "radar.emr.coherent": "true",
            "doctrine.nominal.uplink": "false",
            "architecture.more.sensor.1.transmitter": "brdy",
        }
    )
    assert changed.architecture["base"].battery[0].inventory == 20
    assert changed.radar["emr"].steerable is False
    assert changed.dossier is not None
    assert changed.dossier.samples == 8
    assert changed.claim["catch"].threshold == "30 %"
    assert changed.claim["catch"].decides == ("radar.emr.dwell",)
    assert changed.claim["catch"].cases["delay"] == 3
    assert changed.threat["attack"].missile == ("irbm",)
    assert changed.missile["irbm"].name == "12"
    assert (changed.missile["irbm"].swerling, changed.missile["irbm"].attitude) == (3, "tumbling")
    assert changed.radar["emr"].coherent
    assert not changed.doctrine["nominal"].uplink
    assert changed.architecture["more"].sensor[0].transmitter == "brdy"


@pytest.mark.parametrize(
    ("overrides", "parts"),
    [
        ({PAYLOAD: "6.3 km"}, [f'--set {PAYLOAD}: "6.3 km" is not a mass but a length']),
        ({PAYLOAD: "800"}, ['"800" has no unit', '"800 kg"']),
        ({PAYLOAD: "0 kg"}, ['mass "0 kg" is zero']),
        ({f"{PAYLOAD}.low": "180 kg"}, [f"--set {PAYLOAD}.low: low 180 kg is above high 120 kg"]),
        ({"interceptor.two-stage.burnout_speed.low": "6 km/s"}, ["missing value"]),
        ({"interceptor.two-stage.paylod": "1 kg"}, [f'did you mean "{PAYLOAD}"?']),
        ({"interceptor.two-stag.payload": "1 kg"}, [f'did you mean "{PAYLOAD}"?']),
        ({"interceptr.two-stage.payload": "1 kg"}, [f'did you mean "{PAYLOAD}"?']),
        ({"two-stage.payload": "1 kg"}, [f'did you mean "{PAYLOAD}"?']),
        ({f"{PAYLOAD}.lo": "1 kg"}, [f'did you mean "{PAYLOAD}.low"?']),
        ({f"{PAYLOAD}.low.x": "1 kg"}, ["goes too deep", f"expected {PAYLOAD}.low"]),
        ({"interceptor.two-stage.drag.x": "1"}, ["goes too deep"]),
        ({"claim.catch.cases.threat.x": "1"}, ["goes too deep"]),
        ({"interceptor.two-stage": "1"}, ["is not a value", f"such as {PAYLOAD}"]),
        ({"interceptor": "1"}, ["is not a value"]),
        ({"dossier": "1"}, ["is not a value"]),
        ({"": "1"}, ["unknown path"]),
        ({"missile.irbm.stage.2.thrust": "1 N"}, ["expected missile.irbm.stage.1"]),
        ({"missile.irbm.stage.0.thrust": "1 N"}, ["unknown path"]),
        ({"missile.irbm.stage.1.thrust": "7 kN"}, ["--set missile.irbm.stage.1.thrust: does not lift off"]),
        ({"missile.irbm.rcs.Z": "1 m^2"}, ["--set missile.irbm.rcs.Z: unknown choice"]),
        (
            {"motor.orion-50.empty_mass": "17 t"},
            ["--set motor.orion-50.empty_mass (motor.orion-50.gross_mass)"],
        ),
        ({"places.cities.point.2.lat": "95 deg"}, ["--set places.cities.point.2.lat: latitude"]),
        ({"architecture.base.battery.1.inventory": "ten"}, ["a whole number such as 10"]),
        ({"threat.attack.missile": "irmb"}, ['unknown missile: "irmb"; did you mean "irbm"?']),
        ({"claim.catch.cases.threat": "atack"}, ['did you mean "attack"?']),
        (
            {"architecture.base.battery.1.name": "north"},
            ["battery.1.name, at ", "dossier.toml:", "(architecture.more.without.1)", "expected north"],
        ),
        ({"doctrine.nominal.track_time": "60 s"}, ["--set doctrine.nominal.track_time: track_time is gone"]),
        ({"doctrine.nominal.confidence": "1"}, ['probability "1" is out of bounds']),
        ({"radar.emr.search_share": "0.3"}, ["--set radar.emr.search_share: search_share 0.3 without frame"]),
        ({"missile.irbm.swerling": "5"}, ["--set missile.irbm.swerling: 5 is no Swerling model"]),
        ({"missile.irbm.attitude": "spinning"}, ['unknown choice: "spinning"']),
        ({"architecture.more.sensor.1.link": "national"}, ['unknown link: "national"; expected shared']),
        ({"radar.emr.angle_floor.low": "0.01"}, ["missing value"]),
        ({"viewpoint.mda.source": "slide"}, ['did you mean "slides"?']),
        (
            {"radar.emr.steerable": "false", "architecture.more.sensor.1.azimuth": "[]"},
            ["--set architecture.more.sensor.1.azimuth", "missing key: azimuth, for emr is not steerable"],
        ),
    ],
)
def test_refused_with_the_option(small: Dossier, overrides: dict[str, str], parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        small.with_overrides(overrides)
    message = str(caught.value)
    assert message.startswith("--set ")
    assert "\n" not in message
    for part in parts:
        assert part in message, message


def test_where_can_be_given(small: Dossier) -> None:
    with pytest.raises(InputError, match=r"^plan\.toml:3 \(radar\.emr\.dwell\): \"1 m\" is not a time"):
        small.with_overrides({"radar.emr.dwell": "1 m"}, where="plan.toml:3")


PATHS = {
    PAYLOAD: ("kg", 1.0, 500.0),
    "interceptor.two-stage.burnout_speed": ("km/s", 1.0, 9.0),
    "missile.irbm.rcs.X": ("m^2", 1e-3, 10.0),
    "radar.emr.losses": ("dB", 0.0, 30.0),
    "doctrine.nominal.decision_delay": ("min", 0.0, 9.0),
    "places.cities.point.1.lat": ("deg", -90.0, 90.0),
}
imposed = st.fixed_dictionaries(
    {},
    optional={
        path: st.floats(low, high).map(f"{{!r}} {unit}".format) for path, (unit, low, high) in PATHS.items()
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(imposed)
def test_imposing_twice_is_imposing_once(small_folder: Path, overrides: dict[str, str]) -> None:
    once = load(small_folder, overrides)
    assert once.with_overrides(overrides).hash == once.hash
    one_by_one = load(small_folder)
    for path, text in reversed(overrides.items()):
        one_by_one = one_by_one.with_overrides({path: text})
    assert one_by_one.hash == once.hash


def test_viewpoint_and_claim(small: Dossier) -> None:
    speed = "interceptor.two-stage.burnout_speed"
    seen = small.for_claim("catch")
    assert seen.parameters()[speed].value == 6300.0
    assert seen.parameters()[speed].source == "slides"
    assert small.with_viewpoint("mda").hash == seen.hash
    insisted = small.with_overrides({speed: "7 km/s"}).for_claim("catch")
    assert insisted.parameters()[speed].value == 7000.0


def test_viewpoint_with_a_range_and_dotted_keys(small_folder: Path, tmp_path: Path) -> None:
    text = (small_folder / "dossier.toml").read_text(encoding="utf-8")
    written = 'interceptor.two-stage.burnout_speed = { value = "6 km/s", low = "5 km/s", high = "7 km/s" }'
    text = text.replace('"interceptor.two-stage.burnout_speed" = "6.3 km/s"', written)
    (tmp_path / "dossier.toml").write_text(text, encoding="utf-8")
    parameter = load(tmp_path).with_viewpoint("mda").parameters()["interceptor.two-stage.burnout_speed"]
    assert (parameter.low, parameter.high, parameter.source) == (5000.0, 7000.0, "slides")


@pytest.mark.parametrize(
    ("option", "parsed"),
    [
        (f"{PAYLOAD}=800 kg", (PAYLOAD, "800 kg")),
        (f' {PAYLOAD} = "800 kg" ', (PAYLOAD, "800 kg")),
        ("a.b.c=x=y", ("a.b.c", "x=y")),
    ],
)
def test_option_in_two(option: str, parsed: tuple[str, str]) -> None:
    assert parse_override(option) == parsed


@pytest.mark.parametrize("option", [PAYLOAD, f"{PAYLOAD}=", "=800 kg", ""])
def test_option_that_sets_nothing(option: str) -> None:
    with pytest.raises(InputError, match=r"^--set: .* sets nothing; expected PATH=VALUE"):
        parse_override(option)
