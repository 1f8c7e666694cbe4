"""How results are put into words, the same in the terminal and in the report."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING

from midcourse.output import numbers

if TYPE_CHECKING:
    from midcourse.analysis.assessment import ClaimResult, Comparison, Decider, ParameterRow, Verdict

# A shape beside each word, so that neither colour nor reading is needed to tell them apart.
VERDICT_SHAPES: dict[Verdict, str] = {"supported": "●", "refuted": "✕", "undecided": "◐"}
VERDICT_LETTERS: dict[Verdict, str] = {"supported": "+", "refuted": "x", "undecided": "?"}
COMPARISONS: dict[Comparison, str] = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
COMPARE: dict[Comparison, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
MOST_EXTRA_DIGITS = 4
NO_TURN = "turns nowhere in its range"
NO_RANGE = "a choice, not a range"
OWN_FIGURES = "Nobody's: the published ranges"
NAMED_BY_KIND = {"interceptor", "missile", "radar", "motor", "satellite", "site", "drag", "link"}  # radar emr
BANDS = {"VHF", "UHF", "L", "S", "C", "X", "Ku"}
FIELD_WORDS = {
    "rcs": "radar cross-section",
    "rcs_side": "side-on radar cross-section",
    "rcs_boost": "radar cross-section in boost",
    "rcs_boost_side": "side-on radar cross-section in boost",
    "lat": "latitude",
    "lon": "longitude",
    "missile": "type of missile",
    "separation_speed": "speed between warhead and spent stage",
    "warhead_length": "length of the warhead",
    "stage_length": "length of the spent stage",
    "dwell": "dwell time",
    "required_snr": "required signal to noise",
    "beamwidth": "beam width",
    "false_alarm": "rate of false alarms",
    "scan_exponent": "loss off the face's normal",
    "frame_time": "time of a round of search",
    "search_share": "share of time for search",
    "search_top": "top of the search",
    "track_interval": "time between looks",
    "other_tracks": "other bodies in track",
    "angle_floor": "least angle error of a look",
    "angle_bias": "bias in angle",
    "range_bias": "bias in range",
    "bias_time": "time in which biases change",
    "slew_rate": "rate of turning",
    "position_error": "position error of the cue",
    "heading_error": "heading error of the cue",
    "speed_error": "speed error of the cue",
    "confidence": "confidence asked of a track",
    "detection_confidence": "chance that counts as seen",
    "pick_probability": "chance of picking the warhead",
    "homing_time": "homing time",
    "seeker_view": "seeker's field of view",
}
QUANTITY_WORDS = {
    "engageable_share": "flights that can be engaged",
    "engageable_ratio": "flights engaged, against the baseline's",
    "aimed_ratio": "flights engaged at the warhead, against the baseline's",
    "guided_share": "flights guided to",
    "defended_share": "targets defended",
    "defended_people_share": "people defended",
    "shots_gained": "shots gained for each flight",
    "stopped_share": "missiles stopped",
    "burnout_speed": "burnout speed",
    "payload_for_speed": "load for that speed",
    "watchable_share": "flights that can be watched",
    "in_range_share": "flights detected",
    "sector_dwell": "time in view",
    "impact_error": "error of the place of impact",
    "sight_advantage": "time gained in first sight",
    "resolved_share": "flights with the warhead told apart",
    "site_rank": "places that do no better",
}
COARSEST = 0.05  # of a value, that rounding may take from it
LEAST_SHARE = 0.005  # of the variance; less decides nothing


def threshold(claim: ClaimResult, space: str = numbers.NARROW_SPACE) -> str:
    """The test in short: ≥ 7.7 km/s."""
    text = numbers.with_unit(numbers.as_published(claim.threshold), claim.unit, space)
    return f"{COMPARISONS[claim.holds]}{space}{text}"


def value(claim: ClaimResult, space: str = numbers.NARROW_SPACE) -> str:
    """The nominal value with its unit, in the digits its range allows.

    A digit more is shown where rounding would carry the value across the threshold: 1,480 km, not 1,500 km,
    when the test is < 1,500 km.
    """
    if not math.isfinite(claim.value):
        return numbers.amount(claim.value, claim.unit, space=space)
    places = numbers.decimals(claim.value, claim.low, claim.high)
    for finer in range(places, places + MOST_EXTRA_DIGITS):
        if passes(claim, round(claim.value, finer)) == passes(claim, claim.value):
            places = finer
            break
    spread = (claim.low, claim.high)
    if places == numbers.decimals(claim.value, *spread):
        return numbers.amount(claim.value, claim.unit, *spread, space=space)
    return numbers.amount(claim.value, claim.unit, space=space, places=places)


def passes(claim: ClaimResult, at: float) -> bool:
    """Whether the claim holds at a value."""
    return COMPARE[claim.holds](at, claim.threshold)


def value_range(claim: ClaimResult, space: str = numbers.NARROW_SPACE) -> str:
    """The 5-95 % range; empty when the published ranges do not move the value."""
    if not (math.isfinite(claim.low) and math.isfinite(claim.high)):
        return ""
    if claim.low == claim.high:
        return ""
    return numbers.interval(claim.low, claim.high, claim.unit, near=claim.value, space=space)


def probability(claim: ClaimResult, space: str = numbers.NARROW_SPACE) -> str:
    """How likely the claim is to hold over the published ranges."""
    return numbers.share(claim.probability, space)


def deciders(claim: ClaimResult) -> list[Decider]:
    """The parameters worth naming, the most decisive first."""
    worth = [
        each
        for each in claim.decided_by
        if max(each.share, each.total or 0.0) >= LEAST_SHARE or each.flips_at is not None
    ]
    return sorted(worth, key=lambda decider: -decider.share)


def parameter_name(path: str) -> str:
    """A parameter's path as words: payload of interceptor gbi-2-stage; decision delay (nominal doctrine)."""
    parts = path.split(".")
    if len(parts) < 3:
        return path.replace("_", " ")
    kind, owner, *field = parts
    words: list[str] = []
    for part in field:
        belongs_to_last = part.isdigit() or part in BANDS
        if belongs_to_last and words:
            words[-1] += f" {part}"
        else:
            words.append(FIELD_WORDS.get(part, part.replace("_", " ")))
    named = ", ".join(reversed(words))
    return f"{named} of {kind} {owner}" if kind in NAMED_BY_KIND else f"{named} ({owner} {kind})"


def quantity_name(name: str) -> str:
    """What a claim is measured by, in words."""
    key = name.replace(" ", "_")
    return QUANTITY_WORDS.get(key, key.replace("_", " "))


def flip(decider: Decider, row: ParameterRow | None = None, space: str = numbers.NARROW_SPACE) -> str:
    """Where the verdict turns, in the digits that the parameter's range allows; empty when nowhere in it."""
    if decider.flips_at is None or not math.isfinite(decider.flips_at):
        return ""
    ends = (row.low, row.high) if row is not None and row.unit == decider.unit else (None, None)
    return f"turns at {within(decider.flips_at, decider.unit, *ends, space=space)}"


def within(
    value: float,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    *,
    space: str = numbers.NARROW_SPACE,
) -> str:
    """A value of a parameter in the digits that its range allows; two at least, for a range may span several
    powers of ten.
    """
    places = numbers.decimals(value, low, high)
    if value != 0.0 and abs(round(value, places) - value) > COARSEST * abs(value):
        places = 1 - numbers.magnitude(abs(value))
        return numbers.amount(value, unit, space=space, places=places)
    return numbers.amount(value, unit, low, high, space=space)


def decides(claim: ClaimResult, space: str = numbers.NARROW_SPACE) -> str:
    """The one parameter that decides most, its share of the spread and where the verdict turns, in a line."""
    named = deciders(claim)
    if not named:
        return "many figures together, none alone" if value_range(claim) else "nothing published moves it"
    first = named[0]
    parts = [f"{parameter_name(first.parameter)}, {numbers.share(first.share, space)} of the spread"]
    if turn := flip(first, space=space):
        parts.append(f"verdict {turn}")
    elif claim.verdict == "undecided":
        parts.append("does not settle it alone")
    return "; ".join(parts)
