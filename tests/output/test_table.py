"""The table in the terminal: complete and legible at every width, with colour or without."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from rich.console import Console

from midcourse.analysis.assessment import Assessment
from midcourse.output import wording
from midcourse.output.table import FIVE_COLUMNS, print_assessment


def printed(assessment: Assessment, encoding: str = "utf-8", **options: object) -> list[str]:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    print_assessment(assessment, Console(file=stream, legacy_windows=False, **options))  # type: ignore[arg-type]
    stream.seek(0)
    return stream.read().splitlines()


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 240])
def test_nothing_is_cut_at_any_width(assessment: Assessment, width: int) -> None:
    lines = printed(assessment, width=width, force_terminal=True, no_color=True, color_system=None)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    for claim in assessment.claims:
        assert wording.value(claim, " ") in text
        assert wording.value_range(claim, " ") in text
        assert f"needs {wording.threshold(claim, ' ')}" in text
        assert text.count(f" {claim.verdict}") >= sum(c.verdict == claim.verdict for c in assessment.claims)
        if width < FIVE_COLUMNS:  # each text stands in lines of its own
            flowing = " ".join(text.split())
            assert all(word in flowing for word in (*claim.party.split(), *claim.statement.split()))
    written = [c.statement + c.party for c in assessment.claims]
    assert text.count("…") == sum(each.count("…") for each in written)


def test_a_narrow_terminal_has_the_verdict_in_the_margin(assessment: Assessment) -> None:
    lines = printed(assessment, width=80, force_terminal=True, no_color=True, color_system=None)
    verdicts = [line[2:].split()[0] for line in lines if line[:1] in wording.VERDICT_SHAPES.values()]
    assert verdicts == [claim.verdict for claim in assessment.claims]


def test_the_table_needs_no_kernels() -> None:
    code = "import sys, midcourse.output.table, midcourse.output.listing; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


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
        ("interceptor.gbi-2-stage.payload", "payload of interceptor gbi-2-stage"),
        ("missile.notional-icbm.stage.1.thrust", "thrust, stage 1 of missile notional-icbm"),
        ("missile.notional-icbm.rcs.X", "radar cross-section X of missile notional-icbm"),
        ("doctrine.nominal.confidence", "confidence asked of a track (nominal doctrine)"),
        ("link.shared.delay", "delay of link shared"),
        ("satellite.dsp.heading_error", "heading error of the cue of satellite dsp"),
        ("radar.emr.false_alarm", "rate of false alarms of radar emr"),
        ("interceptor.gbi-2-stage.seeker_view", "seeker's field of view of interceptor gbi-2-stage"),
        ("missile.notional-icbm.rcs_side.X", "side-on radar cross-section X of missile notional-icbm"),
        ("places.russian-bases.point.3.lat", "latitude, point 3 (russian-bases places)"),
    ],
)
def test_parameters_are_named_in_words(path: str, words: str) -> None:
    assert wording.parameter_name(path) == words
