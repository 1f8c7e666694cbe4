"""The small commands' documents in a terminal: complete, within its width, with units and words unbroken."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from midcourse.output.listing import MOST_ROWS, plain, print_document, thinned, words

from .watched import GLIMPSED, TIMELINE, UNSEEN, WATCHED


def printed(document: dict[str, Any], command: str, width: int = 80, encoding: str = "utf-8") -> list[str]:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    print_document(document, command, Console(file=stream, width=width, legacy_windows=False))
    stream.seek(0)
    return stream.read().splitlines()


FLIGHT: dict[str, Any] = {
    "missile": "notional-icbm",
    "flight_time_s": 2040.04,
    "miss_km": 0.002,
    "impact": {"lat": 40.70001, "lon": -73.99998},
    "burnout": {"time_s": 236.5, "speed_km_s": 6.7719},
    "samples": [
        {"t_s": 20.0 * i, "lat": 35.7 + 0.05 * i, "lon": -51.4, "alt_km": 0.3 * i * (106 - i)}
        for i in range(107)
    ],
}
REACH = [
    {"altitude_km": altitude, "time_s": time, "range_km": 7.0 * time - altitude}
    for altitude in (120, 500, 2000)
    for time in (150, 200, 250, 300, 400, 500, 600, 800, 1000, 1200, 1500)
    if 7.0 * time > altitude
]
FLYOUT: dict[str, Any] = {
    "interceptor": "gbi-2-stage",
    "payload_scaled_to_km_s": None,
    "burnout": {"time_s": 138.1},
    "reach": REACH,
}
ENGAGEMENT: dict[str, Any] = {
    "architecture": "third-site",
    "missile": "notional-icbm",
    "engageable": True,
    "declared_s": 88.4,
    "commit_s": 462.5,
    "impact_s": 2040.0,
    "apogee_km": 1354.0,
    "shots": 1,
    "sites": [
        {
            "site": "redzikowo",
            "interceptor": "gbi-2-stage",
            "engageable": True,
            "launch_s": [462.5, 1013.5],
            "intercept_s": [698.3, 1988.8],
            "intercept_altitude_km": [124.7, 1354.0],
            "closing_speed_km_s": [2.23, 10.04],
            "shots": 1,
        },
        {
            "site": "vandenberg",
            "interceptor": "gbi-3-stage",
            "engageable": False,
            "launch_s": None,
            "intercept_s": None,
            "intercept_altitude_km": None,
            "closing_speed_km_s": None,
            "shots": 0,
        },
    ],
    "sensors": [
        {
            "sensor": "emr@brdy",
            "first_seen_s": 342.5,
            "last_seen_s": 1331.5,
            "in_view_s": 989.0,
            "first_warhead_s": 342.5,
            "resolved_s": 402.5,
        },
        {
            "sensor": "sbx@adak",
            "first_seen_s": None,
            "last_seen_s": None,
            "in_view_s": 0.0,
            "first_warhead_s": None,
            "resolved_s": None,
        },
    ],
}
RADAR: dict[str, Any] = {
    "radar": "emr",
    "rcs_m2": 0.01,
    "range_km": 2454.9,
    "snr_db_at_1000_km": 28.6,
    "needed_snr_db": 13.0,
    "beamwidth_deg": 0.1595,
    "range_resolution_m": 0.15,
    "wavelength_m": 0.03156,
    "dwell_s": 0.1,
    "track_interval_s": 0.6,
    "false_alarm": 1e-6,
    "detection": {
        "swerling": 1,
        "at_1000_km": 0.9811,
        "at_range": 0.5172,
        "by_range": [
            {"range_km": 1000, "snr_db": 28.6, "probability": 0.9811},
            {"range_km": 5000, "snr_db": 0.6, "probability": 0.0016},
        ],
    },
    "required_snr_db": [
        {"swerling": case, "probability": chance, "snr_db": 11.24 + case + 8 * (chance > 0.5)}
        for case in range(5)
        for chance in (0.5, 0.9)
    ],
    "search": {
        "solid_angle_sr": 0.2664,
        "frame_time_s": 10.0,
        "dwell_per_beam_s": 0.06282,
        "range_km": 2816.4,
        "frame_time_needed_at_2000_km_s": 1.247,
    },
}
ENTRY = {
    "shown": [
        {
            "kind": "interceptor",
            "name": "gbi-2-stage",
            "fields": [
                {
                    "path": "payload",
                    "value": "120 kg",
                    "range": "64 to 300 kg",
                    "source": "A [book]",
                    "note": "Why.",
                },
                {
                    "path": "stage.1.extra_mass",
                    "value": "60 kg",
                    "range": "",
                    "source": "A [book]",
                    "note": "",
                },
                {
                    "path": "stage.1.a_field_with_a_very_long_name",
                    "value": "",
                    "range": "",
                    "source": "",
                    "note": "",
                },
            ],
        }
    ]
}
ENTRIES = {
    "entries": [
        {"kind": "site", "name": "adak", "title": "Adak, Alaska"},
        {"kind": "radar", "name": "emr", "title": "R"},
    ]
}
CHECKED = {
    "dossier": "third-site",
    "claims": [f"claim-number-{i}" for i in range(30)],
    "threats": [],
    "parameters": 575,
    "warnings": [],
}

DOCUMENTS = [
    ("fly", FLIGHT),
    ("flyout", FLYOUT),
    ("engage", ENGAGEMENT),
    ("radar", RADAR),
    ("catalog", ENTRY),
    ("catalog", ENTRIES),
    ("check", CHECKED),
    ("watch", WATCHED),
    ("watch", UNSEEN),
    ("watch", GLIMPSED),
    ("timeline", TIMELINE),
]


@pytest.mark.parametrize(("command", "document"), DOCUMENTS)
def test_a_document_fits_eighty_columns(command: str, document: dict[str, Any]) -> None:
    lines = printed(document, command)
    assert max(map(len, lines)) <= 80
    assert "_s" not in "".join(lines)  # keys are told in words


def test_a_flight_is_told_from_launch_to_impact() -> None:
    lines = printed(FLIGHT, "fly")
    assert "flight time                 2,040 s" in lines
    assert "  latitude                  40.70°" in lines
    assert "  speed                     6.77 km/s" in lines
    rows = [line.split() for line in lines[-MOST_ROWS:]]
    assert [rows[0][0], rows[-1][0]] == ["0", "2,120"]
    assert any(line.split() == ["time", "s", "lat", "°", "lon", "°", "altitude", "km"] for line in lines)


def test_reach_is_a_matrix() -> None:
    lines = printed(FLYOUT, "flyout")
    header = next(line for line in lines if line.startswith("km"))
    assert header.split()[-3:] == ["1,000", "1,200", "1,500"]
    top = lines[lines.index(header) + 2].split()
    assert top[:3] == ["2,000", ".", "."]
    assert top[-1] == "8,500"
    assert "scaled" not in " ".join(lines)


def test_an_engagement_reads_as_a_story() -> None:
    text = "\n".join(printed(ENGAGEMENT, "engage"))
    assert "can be engaged, 1 shot one after another" in text
    assert "462 s (7.7 min)" in text
    flowing = " ".join(text.split())
    assert "342 to 1,332 s, in view 989 s; warhead in track from 342 s, told apart from 402 s" in flowing
    assert "2.2 to 10.0 km/s" in text
    assert "gbi-3-stage from vandenberg\n  cannot meet this flight" in text
    never = {**ENGAGEMENT, "engageable": False, "commit_s": None, "declared_s": None, "sites": []}
    assert "never: no track is good enough" in "\n".join(printed(never, "engage"))


def test_a_radar_is_told_with_its_units() -> None:
    text = "\n".join(printed(RADAR, "radar"))
    assert "S/N at 1,000 km             28.6 dB" in text
    assert "range in track              2,455 km, where S/N is 13 dB" in text
    assert "false alarms                one look in 1,000,000" in text
    flowing = " ".join(text.split())
    assert "each face goes over 0.266 sr in 10 s, 0.0628 s a beam" in flowing
    assert "to 2,816 km; 2,000 km would take 1.25 s at best" in flowing
    assert "1,000 28.6 98 %" in flowing
    assert "5,000 0.6 <1 %" in flowing
    assert "Swerling case 50 % of looks 90 % of looks" in flowing
    assert "0 11.2 19.2" in flowing
    still = "\n".join(printed({**RADAR, "search": None}, "radar"))
    assert "none: it looks only where it is told to" in still


def test_a_watched_flight_is_told_with_what_it_comes_to() -> None:
    text = "\n".join(printed(WATCHED, "watch"))
    flowing = " ".join(text.split())
    assert "Gabala sees it 122 s after launch and loses it at 247 s" in flowing
    assert "beale@beale never sees it" in flowing
    assert "sees it at 982 s, in track 1,070 to 1,660 s, S/N up to 19 dB; told apart from 1,070 s" in flowing
    assert "S/N up to 83 dB; not told from the spent stage" in flowing
    assert "gbi-2-stage, vandenberg launch 900 to 950 s, intercept 1,397 to 1,990 s, 1 shot" in flowing
    assert "gbi-2-stage, shemya cannot" in flowing
    header = next(line for line in text.splitlines() if line.startswith("time s"))
    assert header.split() == ["time", "s", "fylingdales", "thule", "gabala", "all"]
    last = text.splitlines()[text.splitlines().index(header) + 1 + MOST_ROWS]
    assert last.split()[0] == "1,990"
    assert "launch allowed from never" in " ".join(" ".join(printed(UNSEEN, "watch")).split())
    assert "sees it at 982 s, never in track" in " ".join(" ".join(printed(GLIMPSED, "watch")).split())


def test_a_timeline_has_a_row_for_every_architecture_at_every_step() -> None:
    lines = printed(TIMELINE, "timeline")
    assert "Launch allowed" in lines
    rows = lines[lines.index("Launch allowed") + 1 :][:3]
    assert [row.split() for row in rows] == [
        ["two-site", ".", ".", ".", "0", "%"],
        ["third-site-forward", "223", "247", "505", "78", "%"],
        ["joint", "241", "253", "397", "94", "%"],
    ]
    assert "seconds after launch" in lines[next(i for i, line in enumerate(lines) if "median  95" in line)]


def test_a_checked_dossier_lists_what_looks_wrong() -> None:
    lines = printed({**CHECKED, "warnings": ["a:1: odd", "b:2: odder"]}, "check")
    assert [line.split(maxsplit=1)[1] for line in lines if line.startswith("warning")] == [
        "a:1: odd",
        "b:2: odder",
    ]
    assert not [line for line in printed(CHECKED, "check") if line.startswith("warning")]


def test_an_entry_cites_each_source_once_and_keeps_its_paths() -> None:
    text = "\n".join(printed(ENTRY, "catalog"))
    assert "120 kg (64 to 300 kg) [1]" in text
    assert "stage.1.extra_mass" in text
    assert text.count("A [book]") == 1


def test_a_terminal_of_ascii_gets_ascii() -> None:
    text = "\n".join(printed(RADAR, "radar", encoding="ascii"))
    assert "0.01 m^2" in text
    assert "0.160 deg" in text


def test_words_and_values() -> None:
    assert words("burnout_speed_km_s") == "burnout speed [km/s]"
    assert plain([0.5, 12.25]) == "0.5 to 12.2"
    assert plain(True) == "yes"
    assert plain(None) == "none"
    assert plain(-0.0004) == "-0.0004"


def test_thinning_keeps_both_ends() -> None:
    rows = [{"i": i} for i in range(1000)]
    kept = thinned(rows)
    assert len(kept) == MOST_ROWS
    assert (kept[0], kept[-1]) == (rows[0], rows[-1])
