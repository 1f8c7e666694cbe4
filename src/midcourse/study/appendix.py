"""What a report adds to the verdicts: parameters, sources, and what a reader must know of their use."""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis.assessment import ParameterRow, SourceEntry
from ..dossier import Dossier, from_si
from .asking import Inquiry


def parameter_rows(dossier: Dossier, claims: Sequence[Inquiry]) -> list[ParameterRow]:
    """The parameters that anything assessed rests on."""
    used: set[str] = set()
    for claim in claims:
        case = claim.asked.case
        for name in filter(None, (case.architecture, case.baseline)):
            architecture = dossier.resolved_architecture(name)
            used.update(f"radar.{each.radar}." for each in architecture.sensor)
            used.update(f"interceptor.{each.interceptor}." for each in architecture.battery)
            used.update(f"site.{each.site}." for each in (*architecture.sensor, *architecture.battery))
            used.update((f"doctrine.{architecture.doctrine}.", f"satellite.{architecture.satellite}."))
        if case.threat:
            used.update(f"missile.{each}." for each in dossier.threat[case.threat].missile)
        if case.radar:
            used.add(f"radar.{case.radar}.")
        if case.interceptor:
            used.add(f"interceptor.{case.interceptor}.")
    motors = {
        stage.motor
        for name, each in dossier.interceptor.items()
        if f"interceptor.{name}." in used
        for stage in each.stage
        if stage.motor
    }
    used.update(f"motor.{name}." for name in motors)
    rows = []
    for path, parameter in dossier.parameters().items():
        if not path.startswith(tuple(used)):
            continue
        ends = (None, None) if not parameter.ranged else (parameter.lowest, parameter.highest)
        low, high = (None if end is None else from_si(end, parameter.unit) for end in ends)
        rows.append(
            ParameterRow(
                path,
                from_si(parameter.value, parameter.unit),
                low,
                high,
                parameter.unit,
                parameter.source or "",
                dossier.cite(parameter.source or ""),
                "; ".join(filter(None, (parameter.figures_text, parameter.note))) or None,
                parameter.undisclosed,
            )
        )
    return rows


def _interceptors(claim: Inquiry) -> list[str]:
    """The interceptors that a claim is about, by its architectures or by name."""
    case, dossier = claim.asked.case, claim.setting.dossier
    defences = [dossier.resolved_architecture(each) for each in (case.architecture, case.baseline) if each]
    names = [battery.interceptor for each in defences for battery in each.battery]
    return list(dict.fromkeys([*names, *filter(None, [case.interceptor])]))


def notes_on(
    dossier: Dossier, claims: Sequence[Inquiry], sampled: Sequence[str], counts: Sequence[int]
) -> list[str]:
    """What a reader must know about how the figures were used."""
    notes: list[str] = []
    for claim in claims:
        for name in _interceptors(claim):
            data = claim.setting.dossier.interceptor[name]
            if data.burnout_speed is None:
                continue
            each = claim.setting.interceptor(name)
            viewpoint = dossier.claim[claim.id].viewpoint
            speed, span = f"{data.burnout_speed.value / 1e3:.1f} km/s", data.burnout_speed.range_text
            under = f" under {viewpoint}" if viewpoint else ""
            imposed = f"is imposed{under}" if not span else f"stands for its motors ({span} sampled)"
            text = (
                f"{each.title}: a burnout speed of {speed} {imposed}; it is met by scaling what the "
                f"last stage carries to {each.payload_kg:,.0f} kg."
            )
            if text not in notes:
                notes.append(text)
    rows = parameter_rows(dossier, claims)
    held = [row.path for row in rows if row.low is not None and row.path not in sampled]
    if held:
        notes.append(
            f"{len(sampled)} parameters are sampled over their published ranges; {len(held)} others "
            f"with a range are held at their nominal values: {', '.join(held)}."
        )
    costly = {
        claim.id: count
        for claim, count in zip(claims, counts, strict=True)
        if claim.asked.quantity.most_rows is not None and count < max(counts)
    }
    for count in sorted(set(costly.values())):
        names = ", ".join(name for name in costly if costly[name] == count)
        notes.append(f"{names}: over the first {count} samples only, for each takes long.")
    return notes


def sources(dossier: Dossier) -> dict[str, SourceEntry]:
    return {
        key: SourceEntry(each.title, each.author, each.publisher, each.date, each.url)
        for key, each in dossier.source.items()
    }
