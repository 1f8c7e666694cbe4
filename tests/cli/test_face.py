"""The same answers from Python: typed, in seconds and metres, with places in degrees."""

from __future__ import annotations

import numpy as np
import pytest

import midcourse as mc
from midcourse.analysis import single
from midcourse.dossier import Dossier

TEHRAN, NEW_YORK = (35.7, 51.4), (40.7, -74.0)


def test_watch(third_site: Dossier) -> None:
    """As the command answers, before rounding."""
    watching = mc.watch("third-site", "joint", "notional-icbm", TEHRAN, NEW_YORK)
    gabala = next(each for each in watching.sensors if each.sensor == "gabala@gabala")
    assert gabala.radar == "gabala"
    assert gabala.site.title == "Gabala, Azerbaijan"
    assert gabala.first_seen_s is not None
    assert 0.0 < gabala.first_seen_s < watching.burnout_s < watching.reentry_s < watching.impact_s
    assert watching.heights[:, 1].max() == pytest.approx(watching.engagement.flights.apogee_m[0], rel=1e-3)
    assert watching.confidence == third_site.doctrine["nominal"].confidence.value
    places = (0.6230825429619756, 0.8970992355250852), (0.7103490055616922, -1.2915436464758039)
    document = single.watch_document(third_site, "joint", "notional-icbm", *places, None)
    assert document["burnout_s"] == pytest.approx(watching.burnout_s, abs=0.06)
    assert document["commit_s"] == pytest.approx(watching.engagement.commit_s, abs=0.06)
    told = {each["sensor"]: each["first_seen_s"] for each in document["sensors"]}
    for each in watching.sensors:
        assert told[each.sensor] == (each.first_seen_s and pytest.approx(each.first_seen_s, abs=0.06))


def test_figures_imposed_on_a_watch() -> None:
    """A radar of no power to speak of sees nothing."""
    usual, deaf = (
        mc.watch("third-site", "gabala", "notional-icbm", TEHRAN, NEW_YORK, set=figures)
        for figures in ({}, {"radar.gabala.losses": "120 dB"})
    )
    assert next(w for w in usual.sensors if w.radar == "gabala").first_seen_s is not None
    assert next(w for w in deaf.sensors if w.radar == "gabala").first_seen_s is None


def test_timeline(third_site: Dossier) -> None:
    told: list[str] = []
    lines = mc.timeline("third-site", "iran-europe-mrbm", progress=told.append)
    assert list(lines) == list(third_site.architecture)
    for name, line in lines.items():
        assert (line.architecture, line.threat) == (name, "iran-europe-mrbm")
        assert line.flights > 0
        assert line.commit.flights <= line.track.flights <= line.first_sight.flights <= line.flights
    # Another radar takes no sight of a flight away.
    assert lines["joint"].first_sight.flights >= lines["third-site"].first_sight.flights
    one = mc.timeline("third-site", "iran-europe-mrbm", ["joint"])
    assert one == {"joint": lines["joint"]}


def test_names_are_checked() -> None:
    with pytest.raises(mc.InputError, match='did you mean "joint"'):
        mc.watch("third-site", "jiont", "notional-icbm", TEHRAN, NEW_YORK)
    with pytest.raises(mc.InputError, match='did you mean "iran-us"'):
        mc.timeline("third-site", "iran-uss")
    with pytest.raises(mc.InputError, match='did you mean "joint"'):
        mc.timeline("third-site", "iran-us", ["jiont"])


def test_defended_area(third_site: Dossier) -> None:
    """A map with what lies under it: more radars defend more, half the launch places ask for less."""
    asked = {
        "threat": "iran-europe-irbm", "launches": ("north-west", "centre", "west"),
        "region": (46.0, 0.0, 58.0, 24.0), "grid": "3 deg",
    }  # fmt: skip
    one, both = (mc.defended_area(third_site, name, **asked) for name in ("third-site", "joint"))
    assert one["defended"].dims == ("lat", "lon")
    assert set(np.unique(one["defended"])) == {0, 1}
    assert one["defended"].sum() < both["defended"].sum()
    assert bool((both["defended"] >= one["defended"]).all())
    half = mc.defended_area(third_site, "third-site", share=0.5, **asked)
    assert bool((half["defended"] >= one["defended"]).all())
    assert half["defended"].sum() > one["defended"].sum()
    assert float(one["population"].sum()) > 1e8


def test_other_maps() -> None:
    seen = mc.draw_map(
        "third-site", "third-site", "seen", region=(40.0, 0.0, 60.0, 30.0), grid="5 deg",
        altitudes=("100 km", "1000 km"),
    )  # fmt: skip
    assert set(np.unique(seen["seen"])) == {100.0, 1000.0}
    with pytest.raises(mc.InputError, match="about one place aimed at"):
        mc.draw_map("third-site", "third-site", "denied")
    with pytest.raises(mc.InputError, match="more than all"):
        mc.defended_area("third-site", "third-site", share=2.0)
    with pytest.raises(mc.InputError, match='did you mean "shots"'):
        mc.draw_map("third-site", "third-site", "shot")  # type: ignore[arg-type]
