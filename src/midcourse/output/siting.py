"""A search for a place, in words and in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from midcourse.output import numbers
from midcourse.output.listing import GAP, WIDEST, aligned, pair, print_lines, wrapped

if TYPE_CHECKING:
    from rich.console import Console

    from midcourse.analysis.sited import Candidate, Objective, Sited

#: Places listed where nobody says how many.
TOP = 10
#: What is counted, for the head of a column and for an axis.
COUNTED = {
    "people": ("people defended", "Million people defended"),
    "share": ("flights engaged", "Flights engaged, per cent"),
    "shots": ("shots a flight", "Shots at a flight, in the mean"),
}
READING = (
    "Every figure is nominal, with the first of a threat's missiles. A city counts as defended when every "
    "flight that reaches it can be engaged. Cells stand at sea level, at their centres, with nothing in the "
    "way; sites have their own height. Ground, law, cost and consent are not looked at."
)


def valued(value: float, objective: Objective) -> str:
    """What is ranked, with its unit."""
    if objective == "people":
        return f"{value / 1e6:.1f} million"
    if objective == "share":
        return per_cent(value)
    return f"{value:.2f}"


def per_cent(value: float | None) -> str:
    """A share, to a tenth of a per cent: flights are some hundreds."""
    return "" if value is None else f"{100.0 * value:.1f} %"


def moved(sited: Sited) -> str:
    """What moves, and what else there is."""
    others = "no other battery" if sited.place == "interceptor" else "no other radar"
    alone = f"with {others}" if sited.alone else "all else where it is"
    return f"{sited.moved}, from {sited.own_site}; {alone}"


def does(sited: Sited) -> str:
    """What the part does about the spared threat's flights."""
    return "engage" if sited.place == "interceptor" else "watch"


def own(sited: Sited) -> Candidate | None:
    """The place that the dossier gives the part."""
    return next((each for each in sited.named if each.site == sited.own_site), None)


def finding(sited: Sited) -> str:
    """What the search comes to."""
    s, best = sited, sited.allowed[0]
    at = valued(best.value(s.objective), s.objective)
    what = {
        "people": f"{at} of {s.people / 1e6:.1f} million people defended",
        "share": f"{at} of {s.flights} flights engaged",
        "shots": f"{at} shots at a flight in the mean",
    }[s.objective]
    alike = sum(each.rank == 1 for each in s.allowed)
    first = f"No place does better than {best.name}" + (
        f" and {numbers.counted(alike - 1, 'other')}" if alike > 1 else ""
    )
    words = f"{first}: {what}."
    sparing = s.sparing_place
    if sparing is None or sparing.reach is None:
        return words
    words += (
        f" To keep {100.0 * s.keep:g} % of that, the least that it must be able to {does(s)} of the spared "
        f"flights is {per_cent(sparing.reach)}, from {sparing.name}"
    )
    here = own(s)
    if here is not None and here is not sparing:
        words += f"; from {here.name} it is {per_cent(here.reach)}"
    return words + "."


def told_apart(sited: Sited) -> str:
    """How far ranks mean anything."""
    s, r = sited, sited.resolution
    step = "The smallest city within reach is" if s.objective == "people" else "One flight is"
    unit = {"people": f"{r.step:,.0f} people", "share": per_cent(r.step), "shots": f"{r.step:.3f} shots"}
    words = f"{step} {unit[s.objective]}"
    if r.neighbours is not None and r.neighbours < r.step:
        words += "; most cells side by side differ by less"
    elif r.neighbours is not None:
        words += f"; cells side by side differ by {valued(r.neighbours, s.objective)} in the median"
    many = len(s.allowed) - 1
    if many and r.level == many:
        return f"{words}. No place comes out better than another by more: their order says nothing."
    if not r.level:
        return f"{words}. No other place comes as near to the best as that."
    close = numbers.counted(r.level, "other place")
    verb = "comes" if r.level == 1 else "come"
    return f"{words}. {close} {verb} as near to the best as that: their order says nothing."


def off_front(each: Candidate, objective: Objective) -> str:
    """Where a place stands to the front."""
    if each.front:
        return "on the front"
    if each.more is None or each.less is None:
        return ""
    if not each.value(objective):
        return "defends nothing"
    if not each.more and not each.less:
        return "beyond the front: no place searched does as well"
    unit = {"people": " people", "share": " of flights", "shots": " shots"}[objective]
    ways = []
    if each.more:
        ways.append(f"{valued(each.more, objective)}{unit} more for the same reach")
    if each.less:
        ways.append(f"{per_cent(each.less)} of the spared flights less for the same defence")
    return f"elsewhere {' or '.join(ways)}"


def print_sited(sited: Sited, console: Console, top: int = TOP) -> None:
    """Print a search as lines, none wider than the terminal; nothing in it is taken for markup."""
    print_lines(lines(sited, min(console.width, WIDEST), top), console, titled=True)


def lines(sited: Sited, width: int, top: int) -> Iterable[str]:
    """What is printed of a search."""
    s = sited
    yield from wrapped(f"Where would it serve best? {s.title}", width, "")
    yield from wrapped(finding(s), width, "")
    yield ""
    yield from pair("moves", moved(s), width)
    yield from pair("against", f"{s.threat_title}: {s.missile}, {s.flights} flights", width)
    if s.spare_title is not None:
        spared = f"{s.spare_title}, {s.spare_flights} flights; reach is the share that it can {does(s)}"
        yield from pair("to be spared", spared, width)
    yield from pair("searched", where(s), width)
    yield from ("", "Best places", "")
    yield from table(s, s.allowed[:top], width)
    if s.spare is not None:
        order = sorted((each for each in s.allowed if each.sparing_rank), key=lambda c: c.sparing_rank or 0)
        yield from ("", f"Least reach while keeping {100.0 * s.keep:g} % of the best", "")
        yield from table(s, order[:top], width)
        front = [each for each in s.allowed if each.front]
        yield from ("", "The front: no place searched defends more with no more reach", "")
        yield from table(s, front, width)
    yield from ("", "Sites that the dossier names", "")
    yield from table(s, s.named, width)
    for each in s.named:
        remarks = [off_front(each, s.objective), each.barred or ""]
        if any(remarks):
            yield from pair(each.site or "", "; ".join(filter(None, remarks)), width, indent="  ")
    yield ""
    yield from wrapped(told_apart(s), width, "")
    yield from wrapped(READING, width, "")


def where(sited: Sited) -> str:
    """What was searched."""
    s = sited
    words = f"{len(s.allowed)} places in {s.region}, {s.grid_deg:g}° apart"
    if s.countries:
        words += f", in {', '.join(s.countries)}"
        without = sorted(set(s.countries) - {each.country for each in s.allowed})
        words += f" (no cell's centre lies in {', '.join(without)})" if without and not s.interrupted else ""
    if s.keep_out:
        words += f"; no nearer than {', '.join(s.keep_out)}"
    if s.interrupted:
        words += f"; interrupted: {s.searched} of {s.to_search} were looked at"
    return words


def table(sited: Sited, places: Sequence[Candidate], width: int) -> Iterable[str]:
    """Places with what is known of each, as columns."""
    s = sited
    ranks = ["rank", *(f"{each.rank:,}" for each in places)]
    names = ["place", *(each.name for each in places)]
    values = [[COUNTED[s.objective][0], *(valued(each.value(s.objective), s.objective) for each in places)]]
    if s.spare is not None:
        values.append([f"can {does(s)}", *(per_cent(each.reach) for each in places)])
    taken = sum(len(GAP) + max(map(len, cells)) for cells in (ranks, *values))
    room = max(12, min(max(map(len, names)), width - taken))
    shown = [name if len(name) <= room else f"{name[: room - 3]}..." for name in names]
    yield from aligned([ranks, [name.ljust(room) for name in shown], *values])
