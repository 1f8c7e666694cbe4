"""Which parameters are sampled, and the samples.

References
----------
.. [1] M. McKay, R. Beckman, W. Conover, "A comparison of three methods for selecting values of input
variables in the
   analysis of output from a computer code", Technometrics 21 (1979).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ..analysis.quantity import Asked, asked
from ..analysis.setting import vehicle_paths
from ..dossier import Dossier, InputError, Parameter, nearest_names

Array = NDArray[np.float64]

#: Half-width of the 5-95 % interval of a normal distribution, in standard deviations.
_NINETY = 1.6448536269514722

# Parameters that a claim's value may depend on, by what its architecture, threat or case names.
_RADAR = (
    "mean_power", "transmit_area", "receive_area", "efficiency", "noise_temperature", "losses", "dwell",
    "required_snr", "frequency", "minimum_elevation", "maximum_elevation", "sector_half_width", "tilt",
    "transmit_gain", "beamwidth", "false_alarm", "scan_exponent", "frame_time", "search_share", "search_top",
    "track_interval", "other_tracks", "slew_rate",
)  # fmt: skip
# What only the accuracy of a track depends on.
_ACCURACY = ("bandwidth", "angle_floor", "angle_bias", "range_bias", "bias_time")
# How warhead and spent stage part.
_APART = ("separation_speed", "warhead_length", "stage_length")
_SATELLITE = ("cloud_altitude", "declare_delay", "position_error", "heading_error", "speed_error")
_REACH = ("payload", "burnout_speed", "minimum_altitude", "longest_flight", "homing_time")


@dataclass(frozen=True)
class Design:
    """Samples of every sampled parameter.

    Attributes
    ----------
    paths : sampled parameters
    values : by path, (rows,) SI
    choices : by threat that may be one of several missiles, (rows,) which
    rows : how many
    """

    paths: tuple[str, ...]
    values: dict[str, Array]
    choices: dict[str, NDArray[np.int64]]
    rows: int

    def take(self, rows: slice | NDArray[np.int64]) -> Design:
        """Some of the samples."""
        values = {path: column[rows] for path, column in self.values.items()}
        choices = {threat: column[rows] for threat, column in self.choices.items()}
        kept = len(np.arange(self.rows)[rows])
        return Design(self.paths, values, choices, kept)


def relevant(dossier: Dossier, claim_id: str) -> tuple[str, ...]:
    """Ranged parameters that a claim's value can depend on, and its threats of several missiles.

    What the claim lists under ``decides``, or else all that belong to what its cases name: sensors, warning,
    doctrine and interceptors of its architectures, cross-sections of its missiles. Steering times and motors
    are sampled only where a claim lists them.
    """
    claim = dossier.claim[claim_id]
    case = asked(dossier, claim_id).case
    parameters = dossier.parameters()
    threats = (
        [f"threat.{case.threat}.missile"]
        if case.threat and len(dossier.threat[case.threat].missile) > 1
        else []
    )
    if claim.decides:
        for path in claim.decides:
            if path not in parameters:
                raise InputError(
                    "unknown parameter",
                    where=dossier.where(f"claim.{claim_id}.decides"),
                    value=path,
                    nearest=nearest_names(path, parameters),
                )
        return tuple(path for path in claim.decides if parameters[path].ranged) + tuple(threats)
    wanted = _read(dossier, asked(dossier, claim_id))
    return tuple(path for path in wanted if path in parameters and parameters[path].ranged) + tuple(threats)


def _read(dossier: Dossier, question: Asked) -> dict[str, None]:
    """Paths of the parameters that a quantity reads in a case, in a fixed order."""
    case, reads = question.case, set(question.quantity.reads)
    if case.delays_s:
        # Launched at a stated moment, whatever the sensors see.
        reads.discard("commit")
    wanted: dict[str, None] = {}
    for name in filter(None, (case.architecture, case.baseline)):
        architecture = dossier.resolved_architecture(name)
        doctrine, satellite = f"doctrine.{architecture.doctrine}.", f"satellite.{architecture.satellite}."
        looking = {
            each.radar: None
            for each in architecture.sensor
            # Radars hand what they find on to one another, so that each counts for what any of them sees.
            if reads & {"commit", "sensor", "track"}
        }
        fields = (*_RADAR, *_ACCURACY) if reads & {"commit", "track"} else _RADAR
        wanted.update({f"radar.{radar}.{field}": None for radar in looking for field in fields})
        if looking:
            wanted.update({satellite + field: None for field in _SATELLITE})
            wanted[f"{doctrine}detection_confidence"] = None
            links = dict.fromkeys(each.link for each in architecture.sensor if each.radar in looking)
            wanted.update({f"link.{link}.delay": None for link in links if link})
        bands = sorted({dossier.radar[radar].band for radar in looking})
        for missile in dossier.threat[case.threat].missile if case.threat else ():
            kinds = ("rcs", "rcs_side", "rcs_boost", "rcs_boost_side")
            wanted.update({f"missile.{missile}.{kind}.{b}": None for kind in kinds for b in bands})
            if reads & {"resolve", "pick", "kill"}:
                wanted.update({f"missile.{missile}.{field}": None for field in _APART})
                wanted.update({f"radar.{radar}.bandwidth": None for radar in looking})
        firing = [
            each.interceptor
            for each in architecture.battery
            if not case.battery or case.battery in (each.name, each.site)
        ]
        groups: tuple[tuple[str, list[str], tuple[str, ...]], ...] = (
            ("commit", [doctrine], ("decision_delay", "confidence")),
            ("track", [doctrine], ("confidence",)),
            ("commit", [f"interceptor.{each}." for each in firing], ("divert", "seeker_view")),
            ("shots", [doctrine], ("shot_interval", "assessment_delay")),
            ("reach", [f"interceptor.{each}." for each in firing], _REACH),
            ("kill", [f"interceptor.{each}." for each in firing], ("kill_probability",)),
            ("kill", [doctrine], ("pick_probability",)),
            ("pick", [doctrine], ("pick_probability",)),
        )
        for kind, prefixes, names in groups:
            if kind in reads:
                wanted.update({prefix + field: None for prefix in prefixes for field in names})
    if "vehicle" in reads:
        wanted.update(dict.fromkeys(sorted(vehicle_paths(dossier, case.interceptor))))
    if "radar" in reads:
        wanted.update({f"radar.{case.radar}.{field}": None for field in _RADAR})
    return wanted


def design(dossier: Dossier, paths: Sequence[str], rows: int, seed: int) -> Design:
    """The nominal world first, then ``rows`` points of a Latin hypercube [1]_ over the parameters'
    distributions.

    ``paths`` may hold ``threat.NAME.missile``: any of the threat's missiles, with equal weight. With many
    more parameters than a few hundred samples can tell apart, Sobol points would tie some of them to one
    another; a Latin hypercube pairs them at random.
    """
    parameters = dossier.parameters()
    ordered = tuple(sorted(set(paths)))
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    # One point in each of ``rows`` even strata of every parameter, the strata of different parameters paired
    # at random. (scipy.stats has this too, and takes half a second to import.)
    strata = np.argsort(rng.random((rows, len(ordered))), axis=0)
    # The edges of the unit interval belong to no sample of an unbounded distribution.
    unit = np.clip((strata + rng.random(strata.shape)) / max(rows, 1), 1e-9, 1.0 - 1e-9)
    values: dict[str, Array] = {}
    choices: dict[str, NDArray[np.int64]] = {}
    for path, column in zip(ordered, unit.T, strict=True):
        if path.endswith(".missile"):
            threat = path.split(".")[1]
            count = len(dossier.threat[threat].missile)
            choices[threat] = np.concatenate([[0], np.minimum((column * count).astype(np.int64), count - 1)])
        else:
            drawn = quantile(parameters[path], column, dossier.bounds(path))
            values[path] = np.concatenate([[parameters[path].value], drawn])
    return Design(tuple(values), values, choices, rows + 1)


def quantile(parameter: Parameter, unit: Array, bounds: tuple[float, float]) -> Array:
    """Values of a parameter's distribution at probabilities between 0 and 1."""
    low, high, value = parameter.lowest, parameter.highest, parameter.value
    if parameter.distribution == "uniform":
        drawn = low + (high - low) * unit
    elif parameter.distribution == "triangular":
        turn = (value - low) / (high - low)
        rising = low + np.sqrt(unit * (high - low) * (value - low))
        falling = high - np.sqrt((1.0 - unit) * (high - low) * (high - value))
        drawn = np.where(unit < turn, rising, falling)
    else:
        standard = np.array([NormalDist().inv_cdf(u) for u in unit])
        if parameter.distribution == "lognormal":
            middle, spread = 0.5 * math.log(low * high), 0.5 * math.log(high / low) / _NINETY
            drawn = np.exp(middle + spread * standard)
        else:
            drawn = 0.5 * (low + high) + 0.5 * (high - low) / _NINETY * standard
    return np.clip(drawn, *bounds)


def sweep(dossier: Dossier, path: str, points: int) -> Array:
    """Even values of one parameter over its range, ends included; logarithmic where its distribution is."""
    parameter = dossier.parameters()[path]
    if parameter.distribution == "lognormal":
        return np.geomspace(parameter.lowest, parameter.highest, points)
    return np.linspace(parameter.lowest, parameter.highest, points)
