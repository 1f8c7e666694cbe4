"""Everything that can be wrong in a dossier's text is refused in one line that says where and what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from midcourse.dossier import load

Refused = Callable[[str, str], str]

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
    assert message.startswith("dossier.toml:162: TOML syntax error")


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
