"""A raid against an inventory, in words and in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from midcourse.output import numbers
from midcourse.output.listing import WIDEST, aligned, pair, print_lines, wrapped

if TYPE_CHECKING:
    from rich.console import Console

    from midcourse.analysis.raided import Count, Curve, Flown, Point, Raided

DOCTRINES = {
    "salvo": "salvo: up to {shots} at one missile, none waiting for outcomes",
    "look": "shoot-look-shoot: up to {shots} at one missile, each when the last is known to have missed",
}
BOUND = "at best"
METHODS = {
    "exact": "Exact in each world: what becomes of each missile is independent there.",
    "drawn": "Drawn in each world, too: missiles share what the batteries have left.",
}
BY_LOT = "Where a threat has several launch places and targets, each missile's are drawn by lot."
READING = (
    "Nominal has every figure at its nominal value. Expected numbers and 5 to 95 % ranges are over the "
    "published ranges and chance together: the kill probability is one unknown for all shots of an "
    "interceptor, drawn once a world, and so is all else that is published as a range."
)


def whole(value: float) -> str:
    """A number of missiles or interceptors, expected: to a tenth, or whole where it is large."""
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.1f}"


def span(low: int, high: int) -> str:
    """A range of whole numbers."""
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def told(count: Count | Point) -> str:
    """An expected number and its range."""
    return f"{whole(count.mean)} ({span(count.low, count.high)})"


def finding(raided: Raided) -> str:
    """What the raid comes to, in a sentence."""
    through, have = raided.leakers, numbers.counted(raided.interceptors, "interceptor")
    if raided.missiles == 1:
        return f"Against {have} the missile gets through with {numbers.share(through.mean, ' ')}."
    return (
        f"Of {raided.missiles} missiles {whole(through.mean)} get through {have}: "
        f"{span(through.low, through.high)} over the published ranges."
    )


def curve_name(curve: Curve) -> str:
    """What a curve is of."""
    return BOUND if curve.interceptors is None else numbers.counted(curve.interceptors, "interceptor")


def print_raid(raided: Raided, console: Console) -> None:
    """Print a raid as lines, none wider than the terminal; nothing in it is taken for markup."""
    print_lines(lines(raided, min(console.width, WIDEST)), console, titled=True)


def lines(raided: Raided, width: int) -> Iterable[str]:
    """What is printed of a raid."""
    r = raided
    yield from wrapped(f"{r.title}, against {numbers.counted(r.missiles, 'missile')}", width, "")
    yield from wrapped("; ".join(r.threats), width, "")
    yield from wrapped(finding(r), width, "")
    yield ""
    yield from pair("get through", amounts(r.leakers), width)
    yield from pair(BOUND, f"{amounts(r.bound)}, if no battery were ever empty or busy", width)
    yield from pair("interceptors spent", f"{amounts(r.spent)}, of {r.interceptors}", width)
    yield from pair("missiles leave", leaving(r), width)
    yield from pair("doctrine", DOCTRINES[r.doctrine].format(shots=r.shots), width)
    yield from ("", "Batteries")
    for each in r.batteries:
        kept = f", keeps {each.reserve}" if each.reserve else ""
        text = (
            f"has {each.inventory}{kept}; meets {each.engages} of {r.missiles} missiles; "
            f"spends {amounts(each.spent)}"
        )
        yield from pair(each.battery, text, width, indent="  ")
    yield from ("", "Interceptors planned for each missile, nominal")
    for shots, count in sorted(planned(r.flights).items(), reverse=True):
        yield from pair(
            numbers.counted(shots, "interceptor"), numbers.counted(count, "missile"), width, indent="  "
        )
    yield from curve_table(r, width)
    yield ""
    for text in (
        METHODS[r.leakers.method],
        READING,
        f"{r.samples} samples; seed {r.seed}. {BY_LOT}",
    ):
        yield from wrapped(text, width, "")
    yield from ("", "Rests on")
    for figure in r.figures:
        value = figure.value + (f" ({figure.span})" if figure.span else "")
        yield from wrapped(f"{figure.path} = {value}: {figure.source}", width, "  ", hanging="      ")


def leaving(raided: Raided) -> str:
    """When the missiles leave."""
    last = max(each.at_s for each in raided.flights)
    first = min(each.at_s for each in raided.flights)
    return "all at once" if last == first else f"over {last - first:,.0f} s"


def amounts(count: Count) -> str:
    """Nominal, expected and range."""
    return f"{whole(count.nominal)} nominal, {told(count)} expected (5 to 95 %)"


def planned(flights: Iterable[Flown]) -> Counter[int]:
    """How many missiles so many interceptors are planned for."""
    return Counter(sum(each.planned.values()) for each in flights)


def curve_table(raided: Raided, width: int) -> Iterable[str]:
    """Missiles that get through against missiles launched, a column for every inventory."""
    launched = [point.missiles for point in raided.curves[0].points]
    columns = [["launched", *(f"{n:,}" for n in launched)]]
    columns += [[curve_name(curve), *map(told, curve.points)] for curve in raided.curves]
    yield from ("", "Missiles that get through: expected (5 to 95 %)", "")
    yield from aligned(columns)
    for curve in raided.curves:
        if len(curve.by_battery) > 1:
            shared = ", ".join(f"{count} {name}" for name, count in curve.by_battery.items())
            yield from wrapped(f"{curve_name(curve)}: {shared}", width, "", hanging="  ")
