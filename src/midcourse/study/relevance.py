"""Which parameters a claim's value can depend on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..analysis.quantity import Asked, Case, asked
from ..analysis.setting import vehicle_paths
from ..dossier import Dossier, InputError, nearest_names
from ..dossier.override import flatten

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
            ("commit", [doctrine], ("decision_delay", "consultation", "confidence")),
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


# Of a missile, what is nothing to its flight.
_SEEN_OF_MISSILE = ("rcs", "rcs_side", "rcs_boost", "rcs_boost_side", *_APART)


def touches(dossier: Dossier, claim_id: str, viewpoint: str) -> bool:
    """Whether any figure of a viewpoint is one that a claim's value depends on, and not imposed anyway."""
    imposed = [*dossier.insisted, *own_figures(dossier, claim_id)]
    # A payload is scaled to meet a speed, whatever it was.
    imposed += [path.replace(".burnout_speed", ".payload") for path in imposed if path.endswith("_speed")]
    paths = flatten(dossier.viewpoint[viewpoint].set)
    return depends(dossier, claim_id, [path for path in paths if not any(below(path, e) for e in imposed)])


def own_figures(dossier: Dossier, claim_id: str) -> list[str]:
    """Paths of the figures that a claim imposes itself: those of its viewpoint, and its own."""
    claim = dossier.claim[claim_id]
    viewed = flatten(dossier.viewpoint[claim.viewpoint].set) if claim.viewpoint else {}
    return [*viewed, *flatten(claim.set)]


def depends(dossier: Dossier, claim_id: str, paths: Iterable[str]) -> bool:
    """Whether a claim's value may depend on what is written at any of some paths."""
    question = asked(dossier, claim_id)
    wanted = list(_read(dossier, question))
    firing = [each for each in dossier.interceptor if f"interceptor.{each}.payload" in wanted]
    if "vehicle" in question.quantity.reads:
        firing.append(question.case.interceptor)
    for name in firing:
        wanted += [*vehicle_paths(dossier, name), f"interceptor.{name}.burnout_speed"]
    return any(_concerns(dossier, claim_id, question, wanted, path) for path in paths)


def below(path: str, other: str) -> bool:
    """Whether a path is another or lies inside it."""
    return path == other or path.startswith(f"{other}.")


def _concerns(dossier: Dossier, claim_id: str, question: Asked, wanted: Sequence[str], path: str) -> bool:
    """Whether a figure is one of those wanted; one that is no parameter, where anything of its entry is."""
    case = question.case
    kind, name, field, *_ = (*path.split("."), "", "")
    if kind == "claim":
        return name == claim_id
    if kind == "threat":
        return name == case.threat
    if kind == "places":
        flown_between = dossier.threat[case.threat] if case.threat else None
        return name == case.alternatives or (
            flown_between is not None and name in (flown_between.from_, flown_between.to)
        )
    if kind == "architecture":
        return name in _lineage(dossier, case)
    if kind == "site":
        return name in _sites(dossier, case)
    flown = dossier.threat[case.threat].missile if case.threat else ()
    if kind == "missile" and field not in _SEEN_OF_MISSILE:
        return name in flown
    if kind == "motor" and any(
        stage.motor == name for each in flown for stage in dossier.missile[each].stage
    ):
        return True
    if kind not in ("radar", "doctrine", "satellite", "link", "interceptor", "missile", "motor"):
        # Drag and the like: told apart by no list, and seldom in dispute.
        return True
    if any(below(path, each) or below(each, path) for each in wanted):
        return True
    return path not in dossier.parameters() and any(below(each, f"{kind}.{name}") for each in wanted)


def _lineage(dossier: Dossier, case: Case) -> set[str]:
    """The architectures of a case, with those they extend."""
    found: set[str] = set()
    for name in filter(None, (case.architecture, case.baseline)):
        following: str | None = name
        while following is not None and following not in found:
            found.add(following)
            following = dossier.architecture[following].extends
    return found


def _sites(dossier: Dossier, case: Case) -> set[str]:
    """Where the architectures of a case stand."""
    found: set[str] = set()
    for name in filter(None, (case.architecture, case.baseline)):
        whole = dossier.resolved_architecture(name)
        found.update(each.site for each in (*whole.sensor, *whole.battery))
        found.update(each.transmitter for each in whole.sensor if each.transmitter)
    return found
