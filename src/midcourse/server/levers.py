"""Levers: the figures of a dossier that can be moved on the page, found from what its claims rest on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from ..analysis.quantity import asked
from ..dossier import Dossier, Parameter, from_si
from ..model.rocket import interceptor_vehicle, reference_burnout
from ..output.wording import parameter_name

Lever = dict[str, Any]

#: Of each kind of entry, the figures that get a lever.
_FIELDS = {
    "doctrine": ("decision_delay", "assessment_delay", "shot_interval"),
    "radar": ("minimum_elevation", "mean_power"),
    "missile": ("rcs.X", "rcs.UHF"),
}
_GROUPS = {
    "interceptor": "Interceptor", "doctrine": "Command", "radar": "Radar", "missile": "Missile",
    "satellite": "Warning", "link": "Command", "motor": "Interceptor",
}  # fmt: skip
# Stops of a slider, about.
_STOPS = 40
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def levers(dossier: Dossier, deciding: Iterable[str] = ()) -> list[Lever]:
    """A dossier's levers, those of one group together; parameters known to decide come among them, too."""
    parameters = dossier.parameters()
    found: dict[str, Lever] = {}
    for path in _paths(dossier):
        if path.endswith(".burnout_speed"):
            found[path] = _speed(dossier, path.split(".")[1])
        elif path in parameters:
            found[path] = of_parameter(dossier, path, parameters[path])
    for path in deciding:
        if path in parameters and path not in found:
            found[path] = of_parameter(dossier, path, parameters[path])
    found.update((each["path"], each) for each in (*_inventories(dossier), *_places(dossier)))
    order = list(dict.fromkeys(each["group"] for each in found.values()))
    return sorted(found.values(), key=lambda each: order.index(each["group"]))


def of_parameter(dossier: Dossier, path: str, parameter: Parameter) -> Lever:
    """The lever of a parameter over its published range; where none is published, it has no ends."""
    unit = parameter.unit
    low = from_si(parameter.lowest, unit) if parameter.ranged else None
    high = from_si(parameter.highest, unit) if parameter.ranged else None
    kind = path.partition(".")[0]
    return {
        "path": path, "group": _GROUPS.get(kind, "Other"), "label": parameter_name(path),
        "unit": unit, "kind": "number", "value": from_si(parameter.value, unit), "low": low, "high": high,
        "step": _step(low, high), "options": [], "source": dossier.cite(parameter.source or ""),
        "note": parameter.note, "undisclosed": parameter.undisclosed, "quick": parameter.ranged,
    }  # fmt: skip


def _paths(dossier: Dossier) -> Iterator[str]:
    """Paths that the claims' cases lead to, interceptors first."""
    cases = [asked(dossier, name).case for name in dossier.claim]
    names = dict.fromkeys(name for case in cases for name in (case.architecture, case.baseline) if name)
    whole = [dossier.resolved_architecture(name) for name in names]
    firing = dict.fromkeys(each.interceptor for one in whole for each in one.battery)
    firing.update(dict.fromkeys(case.interceptor for case in cases if case.interceptor))
    # What an interceptor carries is in dispute where its range is published.
    disputed = [name for name in firing if dossier.interceptor[name].payload.ranged]
    for name in disputed:
        if dossier.interceptor[name].burnout_speed is None:
            yield f"interceptor.{name}.burnout_speed"
        yield f"interceptor.{name}.payload"
    entries = {
        "doctrine": dict.fromkeys(one.doctrine for one in whole if one.doctrine),
        "radar": dict.fromkeys(each.radar for one in whole for each in one.sensor),
        "missile": dict.fromkeys(
            missile for case in cases if case.threat for missile in dossier.threat[case.threat].missile
        ),
    }
    parameters = dossier.parameters()
    for kind, owners in entries.items():
        for owner in owners:
            for field in _FIELDS[kind]:
                path = f"{kind}.{owner}.{field}"
                if path in parameters and (parameters[path].ranged or kind == "doctrine"):
                    yield path


def _speed(dossier: Dossier, interceptor: str) -> Lever:
    """The lever that scales an interceptor's payload to a burnout speed."""
    payload = dossier.interceptor[interceptor].payload
    speeds = [
        reference_burnout(interceptor_vehicle(dossier, interceptor, mass)).speed_m_s / 1e3
        for mass in (payload.value, payload.highest, payload.lowest)
    ]
    # To three digits: the motors' figures carry no more.
    value, low, high = float(f"{speeds[0]:.3g}"), speeds[1], speeds[2]
    known = math.isfinite(low) and math.isfinite(high)
    path = f"interceptor.{interceptor}.burnout_speed"
    return {
        "path": path, "group": _GROUPS["interceptor"], "label": parameter_name(path), "unit": "km/s",
        "kind": "number", "value": value, "low": math.ceil(100 * low) / 100 if known else None,
        "high": math.floor(100 * high) / 100 if known else None,
        "step": _step(low, high) if known else None, "options": [],
        "source": dossier.cite(payload.source or ""),
        "note": "From the motors and the range of the payload, which is scaled to meet the speed.",
        "undisclosed": payload.undisclosed, "quick": True,
    }  # fmt: skip


def _inventories(dossier: Dossier) -> Iterator[Lever]:
    """How many interceptors each battery has; a whole number, which nobody's range bounds."""
    for name, architecture in dossier.architecture.items():
        for place, battery in enumerate(architecture.battery, start=1):
            title = dossier.site[battery.site].name
            yield {
                "path": f"architecture.{name}.battery.{place}.inventory", "group": "Inventory",
                "label": f"interceptors at {title} ({architecture.name})", "unit": "", "kind": "number",
                "value": battery.inventory, "low": 1, "high": max(5 * battery.inventory, 50), "step": 1,
                "options": [], "source": dossier.cite(architecture.source), "note": None,
                "undisclosed": False, "quick": False,
            }  # fmt: skip


def _places(dossier: Dossier) -> Iterator[Lever]:
    """From where a threat is launched, and what it is aimed at: any of the dossier's lists of places."""
    options = [{"value": name, "label": places.name} for name, places in dossier.places.items()]
    for name, threat in dossier.threat.items():
        for key, value, what in (("from", threat.from_, "launched from"), ("to", threat.to, "aimed at")):
            yield {
                "path": f"threat.{name}.{key}", "group": "Threat", "label": f"{threat.name}: {what}",
                "unit": "", "kind": "choice", "value": value, "low": None, "high": None, "step": None,
                "options": options, "source": dossier.cite(threat.source), "note": None,
                "undisclosed": False, "quick": False,
            }  # fmt: skip


def _step(low: float | None, high: float | None) -> float | None:
    """A round step of which a slider's range has some forty."""
    if low is None or high is None or not high > low:
        return None
    rough = (high - low) / _STOPS
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(step for step in _STEPS if step * power >= rough * (1.0 - 1e-9))
