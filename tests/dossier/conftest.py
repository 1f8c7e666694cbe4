"""A small dossier that needs nothing of the built-in catalog, and a folder to spoil it in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from midcourse.dossier import Dossier, InputError, load

SMALL = """\
[dossier]
name = "small"
title = "A small dispute"

[source.catalog]
title = "Propulsion Products Catalog"
publisher = "ATK"
date = 2008-05-14

[source.slides]
title = "Slides"
author = "MDA"

[site.redzikowo]
name = "Redzikowo"
lat = "54.48 deg"
lon = "17.10 deg"
country = "PL"
source = "catalog"

[site.brdy]
name = "Brdy"
lat = "49.66 deg"
lon = "13.66 deg"
altitude = "700 m"
source = "catalog"

[motor.orion-50]
gross_mass = "16202 kg"
empty_mass = "1114 kg"
thrust = { value = "627 kN", low = "600 kN", high = "650 kN" }
burn_time = "68.4 s"
diameter = "1.27 m"
nozzle_diameter = "1.4 m"
source = "catalog"

[motor.orion-38]
gross_mass = "892 kg"
empty_mass = "110 kg"
thrust = "32.2 kN"
burn_time = "67.7 s"
diameter = "0.97 m"
nozzle_diameter = "0.9 m"
source = "catalog"

[drag.slender]
mach = [0, 1.1, 5]
coefficient = [0.2, 0.5, 0.2]
source = "catalog"

[missile.irbm]
name = "Notional"
payload = "1 t"
ballistic_coefficient = "5000 kg/m^2"
drag = "slender"
rise_time = "5 s"
pitch_time = "10 s"
rcs.X = { value = "0.03 m^2", low = "0.01 m^2", high = "0.1 m^2", distribution = "lognormal" }
source = "slides"

  [[missile.irbm.stage]]
  motor = "orion-50"
  extra_mass = "100 kg"

[interceptor.two-stage]
name = "Two-stage"
payload = { value = "100 kg", low = "64 kg", high = "120 kg", undisclosed = true, note = "not published" }
drag = "slender"
rise_time = "3 s"
pitch_time = "5 s"
divert = "600 m/s"
minimum_altitude = "100 km"
longest_flight = "1200 s"
kill_probability = { value = "70 %", low = 0.5, high = "90 %" }
source = "slides"

  [[interceptor.two-stage.stage]]
  motor = "orion-50"

  [[interceptor.two-stage.stage]]
  motor = "orion-38"
  coast = "1 s"

[radar.emr]
name = "EMR"
band = "X"
frequency = "9.5 GHz"
mean_power = "170 kW"
transmit_area = "105 m^2"
receive_area = "105 m^2"
efficiency = 0.8
noise_temperature = "500 K"
losses = "5 dB"
dwell = "0.1 s"
required_snr = "13 dB"
bandwidth = "500 MHz"
minimum_elevation = "2 deg"
maximum_elevation = "90 deg"
sector_half_width = "60 deg"
tilt = "20 deg"
steerable = true
source = "slides"

[satellite.dsp]
name = "DSP"
cloud_altitude = "10 km"
declare_delay = "30 s"
source = "slides"

[link.shared]
name = "Between two nations"
delay = "15 s"
source = "slides"

[doctrine.nominal]
name = "Nominal"
decision_delay = "60 s"
shot_interval = "10 s"
assessment_delay = "60 s"
source = "slides"

[places.cities]
name = "Cities"
source = "catalog"
point = [
  { name = "Paris", lat = "48.85 deg", lon = "2.35 deg", population = 2000000 }, # the capital
  { name = "Berlin", lat = "52.52 deg", lon = "13.4 deg" },
]

[architecture.base]
name = "Base"
satellite = "dsp"
doctrine = "nominal"
source = "slides"
battery = [{ interceptor = "two-stage", site = "redzikowo", inventory = 10 }]

[architecture.more]
name = "More"
extends = "base"
without = ["two-stage@redzikowo"]
sensor = [{ radar = "emr", site = "brdy", azimuth = ["120 deg"], transmitter = "redzikowo", link = "shared" }]
source = "slides"

[threat.attack]
name = "Attack"
missile = "irbm"
from = "cities"
to = "cities"
source = "slides"

[viewpoint.mda]
name = "MDA"
source = "slides"
[viewpoint.mda.set]
"interceptor.two-stage.burnout_speed" = "6.3 km/s"

[claim.catch]
party = "Moscow"
statement = "They can catch them."
source = "slides"
quantity = "engageable-share"
cases = { architecture = "base", threat = "attack" }
holds = ">="
threshold = "50 %"
reason = "half"
viewpoint = "mda"
decides = ["interceptor.two-stage.payload"]
"""


@pytest.fixture(autouse=True)
def bare_catalog(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty catalog, so that these tests hold whatever the built-in one says."""
    monkeypatch.setattr("midcourse.dossier.loading.CATALOG", tmp_path_factory.mktemp("catalog"))


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    (folder / "dossier.toml").write_text(SMALL, encoding="utf-8")
    return folder


@pytest.fixture
def small(small_folder: Path) -> Dossier:
    return load(small_folder)


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., str]:
    """Load the small dossier with one part replaced, and give the one line it is refused with."""

    def refuse(old: str, new: str) -> str:
        assert SMALL.count(old) == 1, f"{old!r} stands {SMALL.count(old)} times"
        (tmp_path / "dossier.toml").write_text(SMALL.replace(old, new), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load(tmp_path)
        message = str(caught.value)
        assert "\n" not in message
        assert message.startswith(str(tmp_path / "dossier.toml") + ":"), message
        return message.removeprefix(str(tmp_path) + "/")

    return refuse
