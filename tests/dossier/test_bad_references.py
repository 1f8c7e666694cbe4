"""Tables that are well formed but do not agree with one another are refused in one line as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from midcourse.dossier import InputError, load

Refused = Callable[[str, str], str]

CASES = {
    "unknown interceptor": (
        '{ interceptor = "two-stage"',
        '{ interceptor = "two-stge"',
        "(architecture.base.battery.1.interceptor)",
        ['unknown interceptor: "two-stge"', 'did you mean "two-stage"?'],
    ),
    "unknown radar": (
        'radar = "emr"',
        'radar = "emrr"',
        "sensor.1.radar)",
        ['unknown radar: "emrr"', '"emr"?'],
    ),
    "unknown site": ('site = "brdy"', 'site = "brdi"', "sensor.1.site)", ['unknown site: "brdi"', '"brdy"?']),
    "unknown missile": (
        'missile = "irbm"',
        'missile = "icbm"',
        "(threat.attack.missile.1)",
        ['mean "irbm"?'],
    ),
    "unknown places": (
        'from = "cities"',
        'from = "citis"',
        "(threat.attack.from)",
        ['did you mean "cities"?'],
    ),
    "unknown motor": (
        'motor = "orion-38"',
        'motor = "orion-39"',
        "stage.2.motor)",
        ['did you mean "orion-38"?'],
    ),
    "unknown drag": (
        'drag = "slender"\nrise_time = "5 s"',
        'drag = "slendr"\nrise_time = "5 s"',
        "(missile.irbm.drag)",
        ['unknown drag: "slendr"', '"slender"?'],
    ),
    "unknown satellite": (
        'satellite = "dsp"',
        'satellite = "dps"',
        "(architecture.base.satellite)",
        ['"dsp"?'],
    ),
    "unknown link": (
        'link = "shared"',
        'link = "shred"',
        "(architecture.more.sensor.1.link)",
        ['unknown link: "shred"', 'did you mean "shared"?'],
    ),
    "unknown transmitter": (
        'transmitter = "redzikowo"',
        'transmitter = "redzikow"',
        "(architecture.more.sensor.1.transmitter)",
        ['unknown site: "redzikow"', 'did you mean "redzikowo"?'],
    ),
    "radar placed in no architecture": (
        'sensor = [{ radar = "emr",',
        '# sensor = [{ radar = "emr",',
        "(radar.emr)",
        ['radar "emr" is placed in no architecture', "[[architecture.NAME.sensor]]"],
    ),
    "decided by what is gone": (
        'decides = ["interceptor.two-stage.payload"]',
        'decides = ["doctrine.nominal.track_time"]',
        "(claim.catch.decides.1)",
        ["track_time is gone: commits follow from the tracking filter; see confidence"],
    ),
    "viewpoint on what is gone": (
        '"interceptor.two-stage.burnout_speed" = "6.3 km/s"',
        '"doctrine.nominal.handover_error" = "20 km"',
        "(viewpoint.mda.set.doctrine.nominal.handover_error)",
        ["handover_error is gone: commits follow"],
    ),
    "unknown doctrine": (
        'doctrine = "nominal"',
        'doctrine = "x"',
        "(architecture.base.doctrine)",
        ["expected nominal"],
    ),
    "unknown viewpoint": (
        'viewpoint = "mda"',
        'viewpoint = "mdaa"',
        "(claim.catch.viewpoint)",
        ['mean "mda"?'],
    ),
    "unknown source": (
        'lon = "13.66 deg"\naltitude = "700 m"\nsource = "catalog"',
        'lon = "13.66 deg"\naltitude = "700 m"\nsource = "catalogue"',
        "(site.brdy.source)",
        ['unknown source: "catalogue"', 'did you mean "catalog"?'],
    ),
    "unknown parent": (
        'extends = "base"',
        'extends = "bas"',
        "(architecture.more.extends)",
        ['mean "base"?'],
    ),
    "architecture that extends itself": (
        'extends = "base"',
        'extends = "more"',
        "(architecture.more.extends)",
        ["more -> more"],
    ),
    "without naming nothing": (
        'without = ["two-stage@redzikowo"]',
        'without = ["two-stage@redzikow"]',
        "(architecture.more.without.1)",
        ["which base does not have", 'did you mean "two-stage@redzikowo"?'],
    ),
    "without and nothing extended": (
        'extends = "base"\n',
        "",
        "(architecture.more.without)",
        ["nothing is extended"],
    ),
    "empty inventory": (
        "inventory = 10",
        "inventory = 0",
        "battery.1.inventory)",
        ["0 is too small", "at least 1"],
    ),
    "quoted number": (
        "inventory = 10",
        'inventory = "10"',
        "battery.1.inventory)",
        ["a whole number such as 10"],
    ),
    "quoted flag": (
        "steerable = true",
        'steerable = "yes"',
        "(radar.emr.steerable)",
        ["expected true or false"],
    ),
    "country in words": (
        'country = "PL"',
        'country = "Poland"',
        "(site.redzikowo.country)",
        ['such as "PL"'],
    ),
    "empty text": ('name = "DSP"', 'name = " "', "(satellite.dsp.name)", ["an empty text"]),
    "stage without motor": (
        'motor = "orion-38"\n',
        "",
        "(interceptor.two-stage.stage.2)",
        ["a stage without gross_mass"],
    ),
    "vehicle without stage": (
        '  [[missile.irbm.stage]]\n  motor = "orion-50"\n  extra_mass = "100 kg"\n',
        "stage = []\n",
        "stage)",
        ["a vehicle without a stage"],
    ),
    "threat without missile": (
        'missile = "irbm"',
        "missile = []",
        "(threat.attack.missile)",
        ["without a missile"],
    ),
    "claim over no cases": (
        'cases = { architecture = "base", threat = "attack" }',
        "cases = {}",
        "(claim.catch.cases)",
        ["a claim over no cases"],
    ),
    "claim over empty cases": (
        'threat = "attack" }',
        "threat = [] }",
        "(claim.catch.cases.threat)",
        ["threat is empty"],
    ),
    "claim over an unknown case": (
        'threat = "attack" }',
        'threats = ["atack"] }',
        "cases.threats.1)",
        ['"attack"?'],
    ),
    "unknown comparison": ('holds = ">="', 'holds = "=>"', "(claim.catch.holds)", [">=, >, <= or <"]),
    "threshold in no unit": (
        'threshold = "50 %"',
        'threshold = "50 parsecs"',
        "threshold)",
        ['unknown unit "parsecs"'],
    ),
    "threshold of no kind": (
        'threshold = "50 %"',
        "threshold = true",
        "(claim.catch.threshold)",
        ['"7.7 km/s"'],
    ),
    "unknown deciding parameter": (
        'decides = ["interceptor.two-stage.payload"]',
        'decides = ["interceptor.two-stage.paylod"]',
        "(claim.catch.decides.1)",
        ['"interceptor.two-stage.payload"'],
    ),
    "viewpoint on an unknown path": (
        '"interceptor.two-stage.burnout_speed" = "6.3 km/s"',
        '"interceptor.two-stage.burnout_sped" = "6.3 km/s"',
        "(viewpoint.mda.set.interceptor.two-stage.burnout_sped)",
        ['did you mean "interceptor.two-stage.burnout_speed"?'],
    ),
    "viewpoint in the wrong dimension": (
        '"interceptor.two-stage.burnout_speed" = "6.3 km/s"',
        '"interceptor.two-stage.burnout_speed" = "6.3 kg"',
        "(viewpoint.mda.set.interceptor.two-stage.burnout_speed)",
        ['"6.3 kg" is not a speed'],
    ),
    "viewpoint on a claim": (
        '"interceptor.two-stage.burnout_speed" = "6.3 km/s"',
        '"claim.catch.threshold" = 0.1',
        "(viewpoint.mda.set.claim.catch.threshold)",
        ["cannot be set here"],
    ),
    "viewpoint without figures": (
        '"interceptor.two-stage.burnout_speed" = "6.3 km/s"\n',
        "",
        "(viewpoint.mda.set)",
        ["a viewpoint without figures"],
    ),
    "claim's own figures": (
        'viewpoint = "mda"',
        'set = { "radar.emr.dwell" = "1 m" }',
        "(claim.catch.set.radar.emr.dwell)",
        ['"1 m" is not a time but a length'],
    ),
    "judgement upside down": (
        'title = "A small dispute"',
        'title = "A small dispute"\nrefuted = 0.95',
        "(dossier.refuted)",
        ["refuted at 0.95 is not below supported at 0.9"],
    ),
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


def test_longer_cycle(tmp_path: Path) -> None:
    text = '[dossier]\nname = "x"\ntitle = "X"\n[source.s]\ntitle = "S"\n'
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        text += f'[architecture.{name}]\nname = "A"\nsource = "s"\nextends = "{parent}"\n'
    (tmp_path / "dossier.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="a -> b -> c -> a"):
        load(tmp_path)


def test_second_battery_of_one_name(refused: Refused) -> None:
    element = '{ interceptor = "two-stage", site = "redzikowo", inventory = 10 }'
    assert 'a second battery named "two-stage@redzikowo"' in refused(element, f"{element}, {element}")


def test_empty_places(refused: Refused) -> None:
    message = refused(
        """point = [
  { name = "Paris", lat = "48.85 deg", lon = "2.35 deg", population = 2000000 }, # the capital
  { name = "Berlin", lat = "52.52 deg", lon = "13.4 deg" },
]""",
        "point = []",
    )
    assert "(places.cities.point): places without a point" in message


def test_radar_that_a_claim_asks_of_need_not_be_placed(small_folder: Path, tmp_path: Path) -> None:
    text = (small_folder / "dossier.toml").read_text(encoding="utf-8")
    text = text.replace('sensor = [{ radar = "emr",', '# sensor = [{ radar = "emr",')
    cases = 'cases = { architecture = "base", threat = "attack" }'
    assert text.count(cases) == 1
    for asked in ('radar = "emr"', 'radars = ["emr"]'):
        asking = text.replace(cases, f"cases = {{ {asked} }}")
        (tmp_path / "dossier.toml").write_text(asking, encoding="utf-8")
        assert "emr" in load(tmp_path).radar


def test_only_a_dossiers_own_radars_need_a_place(
    small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (small_folder / "dossier.toml").read_text(encoding="utf-8")
    radar = text[text.index("[radar.emr]") : text.index("[satellite.dsp]")].replace("slides", "catalog")
    catalog, own = tmp_path / "catalog", tmp_path / "own"
    catalog.mkdir()
    own.mkdir()
    (catalog / "radars.toml").write_text(radar.replace("radar.emr", "radar.unused"), encoding="utf-8")
    monkeypatch.setattr("midcourse.dossier.loading.CATALOG", catalog)
    (own / "dossier.toml").write_text(text, encoding="utf-8")
    assert set(load(own).radar) == {"unused", "emr"}
    (own / "mine.toml").write_text(radar.replace("radar.emr", "radar.unused"), encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.toml:1 \(radar\.unused\): radar \"unused\" is placed in no"):
        load(own)
