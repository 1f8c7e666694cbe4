"""The pictures of a claim: nothing covered, nothing cut off, nothing that the samples do not say."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.analysis.assessment import Assessment
from midcourse.output import charts, curves


def test_awkward_samples_are_drawn_or_left_out(assessment: Assessment) -> None:
    claim = assessment.claims[0]
    assert charts.distribution(replace(claim, sampled_values=[])) == ""
    assert charts.distribution(replace(claim, sampled_values=[float("nan")] * 3)) == ""
    some = charts.distribution(replace(claim, sampled_values=[1.0, float("inf"), 2.0, float("nan")]))
    assert "2 samples without a finite value" in some
    same = charts.distribution(
        replace(claim, sampled_values=[7.0] * 9, value=7.0, low=7.0, high=7.0, threshold=7.0)
    )
    assert same.count("#33424d") == 1


def test_bars_tell_the_samples_that_pass_from_those_that_fail(assessment: Assessment) -> None:
    claim = replace(
        assessment.claims[0], unit="s", holds=">=", threshold=5.0, value=6.0, low=1.0, high=9.0,
        sampled_values=[1.0, 2.0, 5.0, 9.0, 9.0],
    )  # fmt: skip
    values = np.array(claim.sampled_values)
    drawn = charts.bars(claim, values, 0.0, 10.0, lambda value: 10.0 * value)
    tallest = charts.HISTOGRAM_BOTTOM - charts.HISTOGRAM_TOP - charts.WORD_ROOM
    assert sum(bar.height for bar in drawn if bar.passes) == pytest.approx(1.5 * tallest)
    assert sum(bar.height for bar in drawn if not bar.passes) == pytest.approx(tallest)


def test_a_curve_marks_where_the_figure_stands_and_where_the_verdict_turns(assessment: Assessment) -> None:
    claim = next(claim for claim in assessment.claims if claim.curve)
    assert claim.curve is not None
    svg = curves.curve(claim.curve, claim, 200.0, 300.0)
    assert ">nominal 200" in svg
    assert ">turns at 300" in svg
    assert "turns at" not in curves.curve(claim.curve, claim, 200.0, 3000.0)


@given(
    st.lists(st.floats(curves.LEFT, charts.WIDTH - curves.RIGHT), min_size=1, max_size=2).map(sorted),
    st.lists(st.floats(20.0, 180.0), min_size=2, max_size=2),
)
def test_names_of_marks_stay_inside_and_clear_of_each_other(marks: list[float], widths: list[float]) -> None:
    widths = widths[: len(marks)]
    lefts = curves.beside(marks, widths)
    assert all(left >= 0.0 for left in lefts)
    assert all(left + width <= charts.WIDTH for left, width in zip(lefts, widths, strict=True))
    for left, width, following in zip(lefts, widths, lefts[1:], strict=False):
        assert left + width < following


def test_a_threshold_beyond_a_hundred_per_cent_is_on_the_axis(assessment: Assessment) -> None:
    full = replace(assessment.claims[0], unit="%", value=100.0, low=100.0, high=100.0, threshold=105.0)
    low, high = charts.axis(full, np.full(9, 100.0))
    assert low < 100.0
    assert high > 105.0
    assert charts.axis(replace(full, threshold=90.0), np.full(9, 100.0))[1] == 100.0


def test_samples_far_outside_the_range_are_counted_not_drawn(assessment: Assessment) -> None:
    values = [*np.linspace(100.0, 200.0, 200), 4000.0]
    claim = replace(
        assessment.claims[0],
        unit="%",
        value=150.0,
        low=105.0,
        high=195.0,
        threshold=95.0,
        sampled_values=values,
    )
    svg = charts.distribution(claim)
    assert "1 sample above, up to 4,000" in svg
    assert ">200</text>" in svg
    ticks = [float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="middle"', svg)]
    assert max(ticks) < charts.WIDTH - 10.0


def test_a_threshold_is_named_where_no_curve_passes() -> None:
    above = np.array([[curves.LEFT, 95.0], [charts.WIDTH - curves.RIGHT, 95.0]])
    place = curves.clearest("holds at 5 %", 100.0, [above])
    assert place.y > 100.0
    below = above + np.array([0.0, 10.0])
    assert curves.clearest("holds at 5 %", 100.0, [below]).y < 100.0
