"""The layer that shows best what a claim is about."""

from __future__ import annotations

from ..analysis.quantity import Case, asked
from ..analysis.watching import acting
from ..dossier import Dossier
from ..model.defence import Defence, Place, defence
from ..study.map_asking import Bounds, round_sites
from .layer import LayerAsk

#: What is shown of a claim by its quantity. Those that set an architecture against a baseline show where they
#: differ.
SHOWN = {
    "engageable_share": "defended",
    "engageable_ratio": "defended",
    "guided_share": "defended",
    "aimed_ratio": "defended",
    "defended_share": "defended",
    "defended_people_share": "defended",
    "layer_share": "defended",
    "stopped_share": "defended",
    "stop_probability": "defended",
    "shots_gained": "shots",
    "mean_shots": "shots",
    "battle_space": "shots",
    "warning_time": "warning",
    "sight_advantage": "warning",
    "sector_dwell": "seen",
    "watchable_share": "seen",
    "in_range_share": "seen",
    "resolved_share": "seen",
    "impact_error": "seen",
    "detection_range": "seen",
    "site_rank": "reach",
    "burnout_speed": "reach",
    "payload_for_speed": "reach",
}


def case_layer(dossier: Dossier, claim: str) -> LayerAsk | None:
    """The layer that shows a claim of a dossier best; None where no layer does."""
    question = asked(dossier, claim)
    case, quantity = question.case, SHOWN.get(question.quantity.name)
    if quantity is None:
        return None
    if quantity == "seen":
        return _seen(dossier, case)
    if quantity == "reach":
        return _reach(dossier, case)
    return LayerAsk(
        quantity=quantity,
        architecture=case.architecture,
        against=case.baseline or None,
        threat=case.threat,
        # What a battery adds to an architecture is seen by setting both against each other.
        battery=None if case.baseline or quantity == "warning" else case.battery or None,
    )


def _seen(dossier: Dossier, case: Case) -> LayerAsk | None:
    """What the architecture's radars see round the one that the claim is about."""
    for name in (case.architecture,) if case.architecture else acting(dossier):
        whole = defence(dossier, name)
        if case.sensor:
            about = [whole.sensor(case.sensor)]
        else:
            about = [each for each in whole.sensors if case.radar in ("", each.radar.name)]
        if about:
            return LayerAsk(quantity="seen", architecture=name, region=_round([each.site for each in about]))
    return None


def _reach(dossier: Dossier, case: Case) -> LayerAsk | None:
    """Where the interceptors that the claim is about get to, from the first base that has them."""
    for name in (case.architecture,) if case.architecture else acting(dossier):
        whole: Defence = defence(dossier, name)
        for battery in (whole.battery(case.battery),) if case.battery else whole.batteries:
            if case.interceptor in ("", battery.interceptor.name):
                return LayerAsk(
                    quantity="reach", architecture=name, battery=battery.name, region=_round([battery.site])
                )
    return None


def _round(sites: list[Place]) -> str:
    """A region in words, which stays where it is when a site is moved."""
    bounds: Bounds = round_sites(sites)
    return ",".join(f"{each:g}" for each in bounds)
