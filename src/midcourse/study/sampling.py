"""Which parameters are sampled, and the samples.

References
----------
.. [1] A. Owen, "Scrambled net variance for integrals of smooth functions", Annals of Statistics 25 (1997).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ..analysis import asked
from ..analysis.setting import vehicle_paths
from ..dossier import Dossier, InputError, Parameter, nearest_names

Array = NDArray[np.float64]

#: Half-width of the 5-95 % interval of a normal distribution, in standard deviations.
_NINETY = 1.6448536269514722

# Parameters that a claim's value may depend on, by what its architecture, threat or case names.
_RADAR = (
    "mean_power", "transmit_area", "receive_area", "efficiency", "noise_temperature", "losses", "dwell",
    "required_snr", "frequency", "minimum_elevation", "maximum_elevation", "sector_half_width",
    "transmit_gain",
)  # fmt: skip
_DOCTRINE = ("track_time", "decision_delay", "handover_error", "shot_interval", "assessment_delay")
_SATELLITE = ("cloud_altitude", "declare_delay")
_INTERCEPTOR = ("payload", "minimum_altitude", "longest_flight", "divert", "kill_probability")


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
    wanted: dict[str, None] = {}
    for name in filter(None, (case.architecture, case.baseline)):
        architecture = dossier.resolved_architecture(name)
        sensors = [each.radar for each in architecture.sensor]
        wanted.update({f"radar.{radar}.{field}": None for radar in sensors for field in _RADAR})
        wanted.update({f"doctrine.{architecture.doctrine}.{field}": None for field in _DOCTRINE})
        wanted.update({f"satellite.{architecture.satellite}.{field}": None for field in _SATELLITE})
        interceptors = [each.interceptor for each in architecture.battery]
        wanted.update(
            {f"interceptor.{each}.{field}": None for each in interceptors for field in _INTERCEPTOR}
        )
        if case.threat:
            bands = {dossier.radar[radar].band for radar in sensors}
            for missile in dossier.threat[case.threat].missile:
                wanted.update(
                    {f"missile.{missile}.{kind}.{b}": None for kind in ("rcs", "rcs_boost") for b in bands}
                )
    if case.interceptor:
        wanted.update(dict.fromkeys(sorted(vehicle_paths(dossier, case.interceptor))))
    if case.radar:
        wanted.update({f"radar.{case.radar}.{field}": None for field in _RADAR})
    return tuple(path for path in wanted if path in parameters and parameters[path].ranged) + tuple(threats)


def design(dossier: Dossier, paths: Sequence[str], rows: int, seed: int) -> Design:
    """The nominal world first, then ``rows`` scrambled Sobol points [1]_ over the parameters' distributions.

    ``paths`` may hold ``threat.NAME.missile``: any of the threat's missiles, with equal weight.
    """
    from scipy.stats import qmc

    parameters = dossier.parameters()
    ordered = tuple(sorted(set(paths)))
    if ordered and rows:
        points = qmc.Sobol(
            len(ordered), scramble=True, rng=np.random.default_rng(np.random.SeedSequence(seed))
        )
        # Powers of two keep the points balanced; what is over is left off.
        unit = points.random_base2(max(0, math.ceil(math.log2(rows))))[:rows]
        # The edges of the unit interval belong to no sample of an unbounded distribution.
        unit = np.clip(unit, 1e-9, 1.0 - 1e-9)
    else:
        unit = np.zeros((rows, len(ordered)))
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
