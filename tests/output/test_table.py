"""The table in the terminal: complete and legible at every width, with colour or without."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from midcourse.analysis.assessment import Assessment
from midcourse.output import wording
from midcourse.output.table import print_assessment


def printed(assessment: Assessment, encoding: str = "utf-8", **options: object) -> list[str]:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    print_assessment(assessment, Console(file=stream, legacy_windows=False, **options))  # type: ignore[arg-type]
    stream.seek(0)
    return stream.read().splitlines()


@pytest.mark.parametrize("width", [80, 100, 160, 240])
def test_every_row_fits_and_no_number_is_cut(assessment: Assessment, width: int) -> None:
    lines = printed(assessment, width=width, force_terminal=True, no_color=True, color_system=None)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    for claim in assessment.claims:
        assert wording.value(claim, " ") in text
        assert wording.value_range(claim, " ") in text
    assert text.count("supported") >= 9
    assert "…" not in text.replace("two sites…", "").replace("alone…", "") or width < 160


def test_a_pipe_gets_plain_text(assessment: Assessment) -> None:
    text = "\n".join(printed(assessment, _environ={}))
    assert "\x1b" not in text
    assert "8.63 km/s" in text


def test_a_terminal_of_ascii_gets_ascii(assessment: Assessment) -> None:
    text = "\n".join(printed(assessment, encoding="ascii", _environ={"COLUMNS": "100"}))
    assert "+ supported" in text
    assert "x refuted" in text
    assert "? undecided" in text
    assert ">= 7.7 km/s" in text


def test_markup_in_a_dossier_is_only_text(assessment: Assessment) -> None:
    text = "\n".join(printed(assessment, width=160, force_terminal=True, color_system=None))
    assert "<Moscow &" in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("interceptor.gbi-2-stage.payload", "payload of gbi-2-stage"),
        ("missile.notional-icbm.stage.1.thrust", "thrust, stage 1 of notional-icbm"),
        ("missile.notional-icbm.rcs.X", "radar cross-section X of notional-icbm"),
        ("doctrine.nominal.track_time", "track time of nominal doctrine"),
        ("places.russian-bases.point.3.lat", "latitude, point 3 of russian-bases places"),
    ],
)
def test_parameters_are_named_in_words(path: str, words: str) -> None:
    assert wording.parameter_name(path) == words
