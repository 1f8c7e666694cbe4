"""What a raid comes to when the shield runs, once or many times, in words and in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from midcourse.output import numbers
from midcourse.output.listing import WIDEST, aligned, pair, print_lines, total_width, wrapped
from midcourse.output.raid import whole

if TYPE_CHECKING:
    from rich.console import Console

    from midcourse.study.operated import Interval, Moments, Number, Operated, Target

NEVER = "never"
READING = (
    "Every figure is at its nominal value: what differs between the runs is chance alone. Ranges in brackets "
    "are 95 % intervals of what many more runs would come to."
)
ONCE = "One run shows how things can go, not how they go: --runs 1000 shows what chance does."


def print_operated(operated: Operated, console: Console) -> None:
    """Print what runs came to as lines, none wider than the terminal; nothing in it is taken for markup."""
    print_lines(lines(operated, min(console.width, WIDEST)), console, titled=True)


def lines(operated: Operated, width: int) -> Iterable[str]:
    """What is printed of runs."""
    o = operated
    yield from wrapped(f"{o.title}, against {numbers.counted(o.launched, 'missile')}", width, "")
    yield from wrapped("; ".join(o.threats), width, "")
    yield from wrapped(finding(o), width, "")
    yield ""
    yield from (once if o.fates else often)(o, width)


def finding(operated: Operated) -> str:
    """What the runs come to, in a sentence."""
    o = operated
    leaked, spent, have = o.leaked.mean, o.interceptors_spent.mean, sum(o.inventory.values())
    if o.fates:
        shots = f"{spent:.0f} of {numbers.counted(have, 'interceptor')} were spent"
        if o.launched == 1:
            return f"The missile {'got through' if leaked else 'was stopped'}; {shots}."
        return f"Of {o.launched} missiles {leaked:.0f} got through; {shots}."
    some = share(o.none_leaked.share, o.none_leaked.ci)
    if o.launched == 1:
        return f"Over {o.runs:,} runs the missile is stopped in {some} of them."
    return (
        f"Of {o.launched} missiles {mean(o.leaked)} get through on average over {o.runs:,} runs; "
        f"none does in {some} of them."
    )


def once(operated: Operated, width: int) -> Iterable[str]:
    """What is printed of a single run."""
    o = operated
    yield from fate_table(o.fates, width)
    yield ""
    for name, count in o.spent.items():
        yield from pair(name, f"{count.mean:.0f} of {o.inventory[name]} spent", width)
    yield from pair("ends of interceptors", counts(o.ends) or "none left", width)
    yield from pair("got through", counts(o.causes) or "none", width)
    yield ""
    yield from wrapped(f"Seed {o.seed}. {ONCE}", width, "")


def counts(numbers_by_name: Mapping[str, Number]) -> str:
    """How many of each in a single run."""
    return ", ".join(f"{each.mean:.0f} {name}" for name, each in numbers_by_name.items())


def fate_table(fates: Iterable[Moments], width: int) -> Iterable[str]:
    """When each missile was seen and shot at, and how it ended; seconds after the raid begins."""
    rows = [["", "from", "to", "leaves s", "seen s", "ordered s", "shots", "ends s", "how"]]
    for each in fates:
        how = each.end if each.cause is None else f"through, {each.cause}"
        rows.append(
            [
                each.missile, each.start, each.target, moment(each.launch_s), moment(first_seen(each)),
                moment(each.order_s), str(each.shots), moment(each.ended_s), how,
            ]
        )  # fmt: skip
    yield from table(rows, width)


def first_seen(fate: Moments) -> float | None:
    """When anybody first saw a missile: early warning or a radar."""
    return min((each for each in (fate.declared_s, fate.seen_s) if each is not None), default=None)


def moment(at_s: float | None) -> str:
    return NEVER if at_s is None else f"{at_s:,.0f}"


def often(operated: Operated, width: int) -> Iterable[str]:
    """What is printed of many runs."""
    o = operated
    rows = [["get through", "share of runs", ""]]
    for count, each in enumerate(o.leaked.distribution):
        low, high = o.leaked.distribution_ci[count]
        rows.append([f"{count}", numbers.share(each, " "), f"({numbers.share_interval(low, high, ' ')})"])
    yield from table(rows, width)
    yield from ("", "Why they get through, missiles a run")
    for cause, number in o.causes.items():
        yield from pair(cause, mean(number), width, indent="  ")
    if not o.causes:
        yield "  none does"
    yield from ("", "Interceptors spent a run")
    for name, number in o.spent.items():
        yield from pair(name, f"{mean(number)} of {o.inventory[name]}", width, indent="  ")
    yield from ("", "How interceptors end, interceptors a run")
    for end, number in o.ends.items():
        yield from pair(end, mean(number), width, indent="  ")
    yield ""
    yield from missile_table(o.missiles, width)
    yield ""
    yield from wrapped(READING, width, "")
    short = ", ended before its time" if o.interrupted else ""
    yield from wrapped(f"{o.runs:,} runs{short}; seed {o.seed}.", width, "")


def missile_table(missiles: Iterable[Target], width: int) -> Iterable[str]:
    """How often each missile gets through, and mostly why."""
    rows = [["", "from", "to", "leaves s", "shots", "through", "", "mostly"]]
    for each in missiles:
        low, high = each.through.ci
        most = max(each.causes, key=lambda cause: each.causes[cause].share, default="")
        rows.append(
            [
                each.missile, each.start, each.target, moment(each.launch_s), f"{each.shots:.1f}",
                numbers.share(each.through.share, " "), f"({numbers.share_interval(low, high, ' ')})", most,
            ]
        )  # fmt: skip
    yield from table(rows, width)


def table(rows: list[list[str]], width: int) -> Iterable[str]:
    """Rows beneath a header, columns flush right; closer together where there is little room."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    yield from aligned(columns, gap="  " if total_width(columns, "  ") <= width else " ")


def mean(number: Number) -> str:
    """An average over runs and its interval: 2.4 (2.3 to 2.6)."""
    return f"{whole(number.mean)}{_interval(number.ci)}"


def _interval(ci: Interval | None) -> str:
    if ci is None:
        return ""
    low, high = (whole(each) for each in ci)
    return "" if low == high else f" ({low} to {high})"


def share(value: float, ci: Interval) -> str:
    """A share of runs and its interval: 8 % (6 to 10 %)."""
    return f"{numbers.share(value, ' ')} ({numbers.share_interval(*ci, ' ')})"
