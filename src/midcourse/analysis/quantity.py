"""Quantities: what a claim can be about. Adding one is a function of a world and a case, and a line above
it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dossier import InputError, nearest_names, parse_quantity
from ..dossier.dossier import Dossier
from .world import World

Array = NDArray[np.float64]
Detail = list[tuple[str, str]]

#: Samples of a usual run.
USUAL_SAMPLES = 256


@dataclass(frozen=True)
class Case:
    """The cases of a claim, checked and read.

    Attributes
    ----------
    threat, architecture, baseline, interceptor, radar, sensor, other_sensor, battery, alternatives : names
    delays_s : launch delays, the one that decides first
    rcs_m2, speed_m_s : imposed figures
    shots, missiles : interceptors sent at one missile, and how many missiles there are
    """

    threat: str = ""
    architecture: str = ""
    baseline: str = ""
    interceptor: str = ""
    radar: str = ""
    sensor: str = ""
    other_sensor: str = ""
    battery: str = ""
    alternatives: str = ""
    delays_s: tuple[float, ...] = ()
    rcs_m2: float | None = None
    speed_m_s: float | None = None
    shots: int = 1
    missiles: int = 1


@dataclass(frozen=True)
class Quantity:
    """A measurable quantity.

    Attributes
    ----------
    unit : of a value, for showing; values are in SI, shares between 0 and 1
    needs, takes : keys that a case must, and may, have
    compute : value in every sample, from a world and a case
    detail : rows of a small table about the nominal world
    reads : what its value depends on, from ``READS``
    most_rows : samples it is worth computing over in a usual run, where one costs much
    """

    name: str
    unit: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    compute: Callable[[World, Case], Array]
    method: str
    reads: tuple[str, ...]
    detail: Callable[[World, Case], Detail] | None = None
    most_rows: int | None = None

    def rows_of(self, samples: int) -> int:
        """Samples it is worth computing over in a run of so many; where one costs much, in a longer run than
        usual more by the root of its length.
        """
        if self.most_rows is None:
            return samples
        return min(samples, max(self.most_rows, round(self.most_rows * math.sqrt(samples / USUAL_SAMPLES))))


#: What a quantity's value can depend on: the reach of interceptors, the track that commits them, the sight of
#: sensors, their tracks, what they tell apart, the doctrine's time between shots, picking the warhead, kill
#: probability, a radar by itself, an interceptor's own motors.
READS = ("reach", "commit", "sensor", "track", "resolve", "shots", "pick", "kill", "radar", "vehicle")

QUANTITIES: dict[str, Quantity] = {}


def quantity(
    unit: str,
    needs: Sequence[str],
    takes: Sequence[str],
    reads: Sequence[str],
    detail: Callable[[World, Case], Detail] | None = None,
    most_rows: int | None = None,
) -> Callable[[Callable[[World, Case], Array]], Callable[[World, Case], Array]]:
    """Register a function as a quantity under its own name; its docstring tells a reader how it is
    computed.
    """

    def register(compute: Callable[[World, Case], Array]) -> Callable[[World, Case], Array]:
        method = " ".join((compute.__doc__ or "").split())
        name = compute.__name__
        QUANTITIES[name] = Quantity(
            name, unit, tuple(needs), tuple(takes), compute, method, tuple(reads), detail, most_rows
        )
        return compute

    return register


# Keys of a case, with the field each one fills and the kind of entry it names.
_KEYS = {
    "threat": ("threat", "threat"),
    "architecture": ("architecture", "architecture"),
    "baseline": ("baseline", "architecture"),
    "interceptor": ("interceptor", "interceptor"),
    "radar": ("radar", "radar"),
    "alternatives": ("alternatives", "places"),
    "sensor": ("sensor", ""),
    "radar_site_a": ("sensor", ""),
    "radar_site_b": ("other_sensor", ""),
    "battery": ("battery", ""),
    "launch_delay": ("delays_s", "s"),
    "rcs": ("rcs_m2", "m^2"),
    "speed": ("speed_m_s", "m/s"),
    "shots": ("shots", ""),
    "missiles": ("missiles", ""),
}


@dataclass(frozen=True)
class Asked:
    """What a claim asks: a quantity over a case."""

    quantity: Quantity
    case: Case
    keys: tuple[str, ...] = field(default=())


def asked(dossier: Dossier, claim_id: str) -> Asked:
    """The quantity and the case of a claim; InputError, with file and line, where they make no sense."""
    claim = dossier.claim[claim_id]
    where = dossier.where(f"claim.{claim_id}.quantity")
    name = claim.quantity.replace("-", "_")
    if name not in QUANTITIES:
        raise InputError(
            "unknown quantity",
            where=where,
            value=claim.quantity,
            expected=", ".join(QUANTITIES),
            nearest=nearest_names(name, QUANTITIES),
        )
    wanted = QUANTITIES[name]
    where = dossier.where(f"claim.{claim_id}.cases")
    allowed = (*wanted.needs, *wanted.takes)
    for key in claim.cases:
        if key not in allowed:
            raise InputError(
                f"{name} takes no case {{value}}",
                where=where,
                value=key,
                expected=", ".join(allowed),
                nearest=nearest_names(key, allowed),
            )
    for key in wanted.needs:
        if key not in claim.cases:
            raise InputError(
                f"{name} needs a case {{value}}", where=where, value=key, expected=", ".join(wanted.needs)
            )
    filled: dict[str, Any] = {}
    for key, written in claim.cases.items():
        slot, kind = _KEYS[key]
        place = dossier.where(f"claim.{claim_id}.cases.{key}")
        filled[slot] = _read(dossier, key, kind, written, place)
    case = Case(**filled)
    _check_parts(dossier, case, where)
    return Asked(wanted, case, tuple(claim.cases))


def _read(dossier: Dossier, key: str, kind: str, written: Any, where: str | None) -> Any:
    if key == "launch_delay":
        delays = written if isinstance(written, list | tuple) else [written]
        return tuple(_number(delay, kind, where) for delay in delays)
    if key in ("rcs", "speed"):
        return _number(written, kind, where)
    if key in ("shots", "missiles"):
        return _whole(written, key, where)
    if not isinstance(written, str):
        raise InputError(
            f"{key} {{value}} is not a name", where=where, value=written, expected="a name in quotes"
        )
    if kind:
        dossier.get(kind, written, where=where)
    return written


def _whole(written: Any, key: str, where: str | None) -> int:
    if isinstance(written, bool) or not isinstance(written, int) or written < 1:
        raise InputError(
            f"{key} {{value}} is not a number of them", where=where, value=written, expected="1, 2, 3 ..."
        )
    return written


def _number(written: Any, unit: str, where: str | None) -> float:
    try:
        return parse_quantity(written, unit)
    except InputError as error:
        raise error.placed(where) from None


def _check_parts(dossier: Dossier, case: Case, where: str | None) -> None:
    """That the architecture of a case has the sensors and the battery that the case names."""
    if not case.architecture:
        return
    architecture = dossier.resolved_architecture(case.architecture)
    wanted = [(name, "sensor", architecture.sensor) for name in (case.sensor, case.other_sensor)]
    for name, what, parts in (*wanted, (case.battery, "battery", architecture.battery)):
        known = {alias for part in parts for alias in (part.name, part.site)}
        if name and name not in known:
            names = [part.name for part in parts]
            raise InputError(
                f"{case.architecture} has no {what} {{value}}",
                where=where,
                value=name,
                expected=", ".join(names) or f"an architecture with a {what}",
                nearest=nearest_names(name, known),
            )


def read_threshold(dossier: Dossier, claim_id: str, unit: str) -> float:
    """A claim's threshold in SI; InputError where it is not of its quantity's dimension."""
    claim = dossier.claim[claim_id]
    where = dossier.where(f"claim.{claim_id}.threshold")
    if unit == "shots":
        return _number(claim.threshold, "1", where)
    return _number(claim.threshold, "1" if unit == "%" else unit, where)


def share(mask: NDArray[np.bool_], of: NDArray[np.bool_]) -> Array:
    """Part of the pairs that are in ``of`` which are also in ``mask``: (samples,); 0 where there are none."""
    total = of.sum(axis=1)
    return np.asarray((mask & of).sum(axis=1) / np.maximum(total, 1))
