"""Everything that can be wrong in a dossier's text is refused in one line that says where and what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from midcourse.dossier import load

Refused = Callable[[str, str], str]

TILT = 'tilt = "20 deg"'

CASES = {
    "wrong dimension": (
        'divert = "600 m/s"',
        'divert = "6.3 kg"',
        "(interceptor.two-stage.divert)",
        ['"6.3 kg" is not a speed but a mass', 'expected a speed such as "6.3 km/s"'],
    ),
    "bare number": (
        'divert = "600 m/s"',
        "divert = 600",
        "(interceptor.two-stage.divert)",
        ["600 has no unit", '"6.3 km/s"'],
    ),
    "unknown key": (
        'divert = "600 m/s"',
        'diverts = "600 m/s"',
        "(interceptor.two-stage.diverts)",
        ['unknown key: "diverts"', 'did you mean "divert"?'],
    ),
    "unknown key of a parameter": (
        'note = "not published"',
        'notes = "not published"',
        "(interceptor.two-stage.payload.notes)",
        ['unknown key: "notes"', 'did you mean "note"?'],
    ),
    "unknown kind": ("[source.catalog]", "[sorce.catalog]", ":", ['unknown key: "sorce"', '"source"?']),
    "bad name": ("[satellite.dsp]", '[satellite."d.p"]', "(satellite.d.p)", ['"d.p" is not a name']),
    "missing key": (
        'quantity = "engageable-share"\n',
        "",
        "(claim.catch.quantity)",
        ['missing key: "quantity"', 'quantity = "..."'],
    ),
    "missing quantity": (
        'divert = "600 m/s"\n',
        "",
        "(interceptor.two-stage.divert)",
        ['missing key: "divert"', 'divert = "6.3 km/s"'],
    ),
    "negative thrust": (
        'thrust = "32.2 kN"',
        'thrust = "-32.2 kN"',
        "(motor.orion-38.thrust)",
        ['thrust "-32.2 kN" is negative', "more than zero"],
    ),
    "zero burn time": (
        'burn_time = "67.7 s"',
        'burn_time = "0 s"',
        "(motor.orion-38.burn_time)",
        ['burn time "0 s" is zero', "more than zero"],
    ),
    "negative mass at the low end": (
        'low = "64 kg"',
        'low = "-64 kg"',
        "(interceptor.two-stage.payload.low)",
        ['low end of mass "-64 kg" is negative'],
    ),
    "motor without propellant": (
        'gross_mass = "892 kg"',
        'gross_mass = "92 kg"',
        "(motor.orion-38.gross_mass)",
        ["gross_mass 92 kg is not above empty_mass 110 kg"],
    ),
    "motor whose range leaves no propellant": (
        'empty_mass = "110 kg"',
        'empty_mass = { value = "110 kg", low = "100 kg", high = "900 kg" }',
        "(motor.orion-38.gross_mass)",
        ["gross_mass 892 kg is not above empty_mass 900 kg at its high end"],
    ),
    "burnout lighter than payload": (
        'extra_mass = "100 kg"',
        'extra_mass = "-2 t"',
        "(missile.irbm.stage.1.extra_mass)",
        ["burnout lighter than payload", "114 kg with the 1000 kg it carries", "above -1114 kg"],
    ),
    "too heavy to lift off": (
        'payload = "1 t"',
        'payload = "100 t"',
        "(missile.irbm.stage.1.thrust)",
        ["does not lift off", "627 kN"],
    ),
    "latitude 95": (
        'lat = "54.48 deg"',
        'lat = "95 deg"',
        "(site.redzikowo.lat)",
        ['latitude "95 deg" is out of bounds', "-90 to 90 deg"],
    ),
    "low above high": (
        'low = "64 kg"',
        'low = "164 kg"',
        "(interceptor.two-stage.payload.low)",
        ["low 164 kg is above high 120 kg"],
    ),
    "value outside its range": (
        'value = "100 kg"',
        'value = "10 kg"',
        "(interceptor.two-stage.payload.value)",
        ['"10 kg" is outside its own range, 64 kg to 120 kg'],
    ),
    "low without high": (
        'low = "64 kg", high = "120 kg"',
        'low = "64 kg"',
        "(interceptor.two-stage.payload.low)",
        ["low without high"],
    ),
    "distribution without a range": (
        'low = "64 kg", high = "120 kg"',
        'distribution = "normal"',
        "(interceptor.two-stage.payload.distribution)",
        ["a distribution without a range"],
    ),
    "unknown distribution": (
        'distribution = "lognormal"',
        'distribution = "lognorm"',
        "(missile.irbm.rcs.X.distribution)",
        ['did you mean "lognormal"?'],
    ),
    "lognormal from zero": (
        'minimum_altitude = "100 km"',
        'minimum_altitude = { value = "1 km", low = "0 km", high = "2 km", distribution = "lognormal" }',
        "(interceptor.two-stage.minimum_altitude.low)",
        ["a lognormal distribution cannot reach zero"],
    ),
    "flag of the wrong kind": (
        "undisclosed = true",
        "undisclosed = 1",
        "payload.undisclosed)",
        ["neither true nor"],
    ),
    "nan": ('payload = "1 t"', "payload = nan", "(missile.irbm.payload)", ["nan is not a finite number"]),
    "inf": ('payload = "1 t"', 'payload = "inf kg"', "(missile.irbm.payload)", ["not a finite number"]),
    "nan in a list": (
        "mach = [0, 1.1, 5]",
        "mach = [0, 1.1, nan]",
        "(drag.slender.mach.3)",
        ["a finite number"],
    ),
    "efficiency above one": ("efficiency = 0.8", "efficiency = 1.8", "(radar.emr.efficiency)", ["at most 1"]),
    "not a drag curve": (
        "mach = [0, 1.1, 5]",
        "mach = [0, 5]",
        "(drag.slender.coefficient)",
        ["3 coefficients for 2"],
    ),
    "Mach not ascending": (
        "mach = [0, 1.1, 5]",
        "mach = [0, 5, 5]",
        "(drag.slender.mach)",
        ["do not ascend"],
    ),
    "band and frequency": (
        'band = "X"',
        'band = "S"',
        "(radar.emr.frequency)",
        ["9.5 GHz is not in the S band"],
    ),
    "no transmit aperture": (
        'transmit_area = "105 m^2"',
        'transmit_area = "0 m^2"',
        "(radar.emr.transmit_area)",
        ['aperture area "0 m^2" is zero', 'more than zero, such as "105 m^2"'],
    ),
    "negative receive aperture": (
        'receive_area = "105 m^2"',
        'receive_area = "-105 m^2"',
        "(radar.emr.receive_area)",
        ['aperture area "-105 m^2" is negative'],
    ),
    "aperture left out": (
        'receive_area = "105 m^2"\n',
        "",
        "(radar.emr.receive_area)",
        ['missing key: "receive_area"', 'receive_area = "105 m^2"'],
    ),
    "sector of no width": (
        'sector_half_width = "60 deg"',
        'sector_half_width = "0 deg"',
        "(radar.emr.sector_half_width)",
        ['sector half-width "0 deg" is zero', "more than zero"],
    ),
    "bandwidth beyond the carrier": (
        'bandwidth = "500 MHz"',
        'bandwidth = "10 GHz"',
        "(radar.emr.bandwidth)",
        ["bandwidth 10 GHz is beyond the carrier, frequency 9.5 GHz"],
    ),
    "bandwidth whose range goes beyond the carrier": (
        'bandwidth = "500 MHz"',
        'bandwidth = { value = "1 GHz", low = "0.5 GHz", high = "10 GHz" }',
        "(radar.emr.bandwidth)",
        ["bandwidth 10 GHz at its high end is beyond the carrier, frequency 9.5 GHz"],
    ),
    "no elevation to see at": (
        'maximum_elevation = "90 deg"',
        'maximum_elevation = "2 deg"',
        "(radar.emr.minimum_elevation)",
        ["minimum_elevation 2 deg is not below maximum_elevation 2 deg"],
    ),
    "search that ends below its lowest elevation": (
        TILT,
        f'{TILT}\nsearch_top = {{ value = "3 deg", low = "1 deg", high = "9 deg" }}',
        "(radar.emr.search_top)",
        ["minimum_elevation 2 deg is not below search_top 1 deg at its low end"],
    ),
    "search with all of the radar's time": (
        TILT,
        f'{TILT}\nframe_time = "10 s"\nsearch_share = 1',
        "(radar.emr.search_share)",
        ["share 1 is out of bounds", "at least 0 and below 1"],
    ),
    "search with more than the radar's time": (
        TILT,
        f'{TILT}\nframe_time = "10 s"\nsearch_share = "130 %"',
        "(radar.emr.search_share)",
        ['share "130 %" is out of bounds', '0.3 or "30 %"'],
    ),
    "search that never comes round": (
        TILT,
        f"{TILT}\nsearch_share = 0.3",
        "(radar.emr.search_share)",
        ["search_share 0.3 without frame_time", 'frame_time = "10 s"'],
    ),
    "search with none of the radar's time": (
        TILT,
        f'{TILT}\nframe_time = "10 s"',
        "(radar.emr.frame_time)",
        ["frame_time 10 s with search_share 0", "search_share = 0.3"],
    ),
    "search that may have none of the radar's time": (
        TILT,
        f'{TILT}\nframe_time = "10 s"\nsearch_share = {{ value = 0.2, low = 0, high = 0.3 }}',
        "(radar.emr.frame_time)",
        ["frame_time 10 s with search_share 0 at its low end"],
    ),
    "antenna that turns and does not": (
        "steerable = true",
        'slew_rate = "5 deg/s"',
        "(radar.emr.slew_rate)",
        ["slew_rate 5 deg/s of an antenna that does not turn", "steerable = true"],
    ),
    "slew rate without an angle": (
        "steerable = true",
        'steerable = true\nslew_rate = "5 Hz"',
        "(radar.emr.slew_rate)",
        ['"5 Hz" is not an angular speed but a frequency', '"5 deg/s"'],
    ),
    "certain false alarm": (
        TILT,
        f"{TILT}\nfalse_alarm = 1",
        "(radar.emr.false_alarm)",
        ["probability 1 is out of bounds", "above 0 and below 1"],
    ),
    "confidence of zero": (
        'decision_delay = "60 s"',
        'decision_delay = "60 s"\nconfidence = 0',
        "(doctrine.nominal.confidence)",
        ["probability 0 is zero", "more than zero"],
    ),
    "certain confidence": (
        'decision_delay = "60 s"',
        'decision_delay = "60 s"\nconfidence = "100 %"',
        "(doctrine.nominal.confidence)",
        ['probability "100 %" is out of bounds', "above 0 and below 1"],
    ),
    "certain detection at its high end": (
        'decision_delay = "60 s"',
        'decision_delay = "60 s"\ndetection_confidence = { value = 0.9, low = 0.5, high = 1.0 }',
        "(doctrine.nominal.detection_confidence.high)",
        ["high end of probability 1.0 is out of bounds"],
    ),
    "track time": (
        'decision_delay = "60 s"',
        'decision_delay = "60 s"\ntrack_time = "60 s"',
        "(doctrine.nominal.track_time)",
        ["track_time is gone: commits follow from the tracking filter; see confidence"],
    ),
    "handover error": (
        'decision_delay = "60 s"',
        'decision_delay = "60 s"\nhandover_error = "20 km"',
        "(doctrine.nominal.handover_error)",
        ["handover_error is gone: commits follow from the tracking filter", "see confidence"],
    ),
    "negative cue error": (
        'declare_delay = "30 s"',
        'declare_delay = "30 s"\nposition_error = "-3 km"',
        "(satellite.dsp.position_error)",
        ['length "-3 km" is out of bounds', "at least 0 m"],
    ),
    "delay that is no time": (
        'delay = "15 s"',
        'delay = "15 km"',
        "(link.shared.delay)",
        ['"15 km" is not a time but a length'],
    ),
    "Swerling 5": (
        'pitch_time = "10 s"',
        'pitch_time = "10 s"\nswerling = 5',
        "(missile.irbm.swerling)",
        ["5 is no Swerling model", "expected 0 (steady), 1 or 2"],
    ),
    "Swerling in between": (
        'pitch_time = "10 s"',
        'pitch_time = "10 s"\nswerling_boost = 1.5',
        "(missile.irbm.swerling_boost)",
        ["1.5 is no Swerling model"],
    ),
    "attitude misspelt": (
        'pitch_time = "10 s"',
        'pitch_time = "10 s"\nattitude = "tumblin"',
        "(missile.irbm.attitude)",
        ['unknown choice: "tumblin"', 'did you mean "tumbling"?'],
    ),
    "no attitude": (
        'pitch_time = "10 s"',
        'pitch_time = "10 s"\nattitude = "x"',
        "(missile.irbm.attitude)",
        ["expected reentry, velocity or tumbling"],
    ),
    "unknown band of a side-on table": (
        'pitch_time = "10 s"',
        'pitch_time = "10 s"\nrcs_side.Q = "1 m^2"',
        "(missile.irbm.rcs_side.Q)",
        ["VHF, UHF"],
    ),
    "blind seeker": (
        'divert = "600 m/s"',
        'divert = "600 m/s"\nseeker_view = "0 deg"',
        "(interceptor.two-stage.seeker_view)",
        ['angle "0 deg" is zero'],
    ),
    "unknown band": ('band = "X"', 'band = "Q"', "(radar.emr.band)", ['unknown choice: "Q"', "VHF, UHF"]),
    "unknown band of a table": ("rcs.X = {", "rcs.Q = {", "(missile.irbm.rcs.Q)", ["VHF, UHF"]),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_in_one_line(refused: Refused, case: str) -> None:
    old, new, place, parts = CASES[case]
    message = refused(old, new)
    where = message.split(" ")[0]
    assert where.startswith("dossier.toml:")
    assert int(where.removeprefix("dossier.toml:").rstrip(":")) > 0
    for part in (place, *parts):
        assert part in message, message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('divert = "600 m/s"', 'divert = "600 kg"'),
        ('lat = "54.48 deg"', 'lat = "95 deg"'),
        ('lat = "52.52 deg"', 'lat = "95 deg"'),
        ('coast = "1 s"', 'coast = "1 m"'),
        ('threshold = "50 %"', "threshold = true"),
        ('publisher = "ATK"', 'publisher = "ATK'),
    ],
)
def test_line_is_that_of_the_key(refused: Refused, tmp_path: Path, old: str, new: str) -> None:
    message = refused(old, new)
    before, _, _ = (tmp_path / "dossier.toml").read_text(encoding="utf-8").partition(new)
    assert message.startswith(f"dossier.toml:{before.count(chr(10)) + 1}")


def test_syntax_error_names_line_and_column(refused: Refused) -> None:
    message = refused('publisher = "ATK"', "publisher = = 3")
    assert "dossier.toml:7: TOML syntax error, column 13: invalid value" in message


def test_syntax_error_at_the_end_names_the_last_line(refused: Refused) -> None:
    message = refused('decides = ["interceptor.two-stage.payload"]', 'decides = ["interceptor')
    assert message.startswith("dossier.toml:167: TOML syntax error")


def test_missing_source_of_an_entry(refused: Refused) -> None:
    old = 'declare_delay = "30 s"\nsource = "slides"'
    message = refused(old, 'declare_delay = "30 s"')
    assert "(satellite.dsp.cloud_altitude): missing source" in message
    assert "(and 1 more problem)" in message


def test_missing_source_of_a_claim(refused: Refused) -> None:
    message = refused('statement = "They can catch them."\nsource = "slides"', 'statement = "They can."')
    assert "(claim.catch.source): missing source" in message


def test_a_parameters_own_source_is_enough(tmp_path: Path) -> None:
    (tmp_path / "dossier.toml").write_text(
        '[dossier]\nname = "x"\ntitle = "X"\n[source.s]\ntitle = "S"\n'
        '[satellite.a]\nname = "A"\n'
        'cloud_altitude = { value = "1 km", source = "s" }\n'
        'declare_delay = { value = "1 s", source = "s" }\n',
        encoding="utf-8",
    )
    assert load(tmp_path).satellite["a"].declare_delay.source == "s"


def test_first_of_several_in_the_order_of_the_file(refused: Refused) -> None:
    message = refused('rise_time = "3 s"\npitch_time = "5 s"', 'pitch_time = "3 m"\nrise_time = "5 g"')
    assert message.startswith('dossier.toml:69 (interceptor.two-stage.pitch_time): "3 m" is not a time')
    assert message.endswith("(and 1 more problem)")
