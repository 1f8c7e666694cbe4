"""The table in the terminal: each claim, who makes it, its verdict, its value with range, what decides.

A wide terminal gets five columns; a narrow one the verdict in the margin and the rest under the statement.
Lines are broken here, not by the terminal: at spaces only, and never between a number and its unit.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from midcourse.output import numbers, wording

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from midcourse.analysis.assessment import Assessment, ClaimResult, Verdict

NARROWEST, WIDEST = 60, 180  # columns
PIPED = 120  # columns when nothing tells the width
FIVE_COLUMNS = 116  # columns from which the five parts fit side by side
MARGIN = 12  # columns of the verdict: its sign and the longest of its words
MOST_NAMED = 3  # parameters, or viewpoints, in a line
GUTTER = 3  # columns between two columns
NO_BREAK = "\u00a0"
ASCII_SIGNS = {
    ord(sign): plain
    for sign, plain in [
        *[("≥", ">="), ("≤", "<="), ("–", "-"), ("−", "-"), ("…", "..."), ("°", " deg"), ("×", "x")],
        *[("²", "^2"), ("³", "^3"), ("·", "*"), ("’", "'"), ("“", '"'), ("”", '"'), (NO_BREAK, " ")],
    ]
}
VERDICT_STYLES: dict[Verdict, str] = {
    "supported": "bold green",
    "refuted": "bold red",
    "undecided": "bold yellow",
}
Line = tuple[str, str]  # a text and its style


@dataclass(frozen=True, slots=True)
class Row:
    """A claim in words, before its lines are broken."""

    verdict: list[Line]
    statement: str
    party: str
    value: str
    spread: str
    test: str
    decides: str


def print_assessment(assessment: Assessment, console: Console) -> None:
    """Print the title, the table of claims and the counts, as wide as the terminal."""
    width = table_width(console)
    # Else rich would crop what is wider than the eighty columns it takes a pipe to have.
    console.width = width
    plain = console.options.ascii_only
    written = in_ascii if plain else str
    rows = [in_words(claim, plain=plain) for claim in assessment.claims]
    console.print()
    console.print(written(assessment.title), style="bold", width=width, highlight=False, markup=False)
    console.print(layout(rows, width, plain=plain), width=width)
    console.print(written(closing(assessment)), style="dim", width=width, highlight=False, markup=False)


def table_width(console: Console) -> int:
    """The terminal's width within reason; a pipe has none of its own, unless COLUMNS says so."""
    if not console.is_terminal and "COLUMNS" not in console._environ:
        return PIPED
    return max(NARROWEST, min(console.width, WIDEST))


def in_words(claim: ClaimResult, *, plain: bool) -> Row:
    """What the table says of a claim; signs are plain ASCII where the terminal knows no more."""
    written = in_ascii if plain else str
    signs = wording.VERDICT_LETTERS if plain else wording.VERDICT_SHAPES
    verdict = [(f"{signs[claim.verdict]} {claim.verdict}", VERDICT_STYLES[claim.verdict])]
    if claim.verdict == "undecided":
        verdict.append((f"  holds{NO_BREAK}{wording.probability(claim, '')}", ""))
    return Row(
        verdict=verdict,
        statement=written(claim.statement),
        party=written(claim.party),
        value=kept(wording.value(claim, NO_BREAK), plain=plain),
        spread=kept(wording.value_range(claim, NO_BREAK), plain=plain),
        test=kept(f"needs {wording.threshold(claim, NO_BREAK)}", plain=plain),
        decides=kept(why(claim), plain=plain, whole=False),
    )


def kept(text: str, *, plain: bool, whole: bool = True) -> str:
    """A text of figures that stays on one line (``whole``) or may break at its plain spaces."""
    if plain:
        text = NO_BREAK.join(in_ascii(part) for part in text.split(NO_BREAK))
    return text.replace(" ", NO_BREAK) if whole else text


def layout(rows: list[Row], width: int, *, plain: bool) -> Table:
    return side_by_side(rows, width, plain=plain) if width >= FIVE_COLUMNS else stacked(rows, width)


def side_by_side(rows: list[Row], width: int, *, plain: bool) -> Table:
    """Five columns: who and value take what they need, the statement and what decides share the rest."""
    from rich import box
    from rich.table import Table

    who = bounded(max((len(word) for row in rows for word in row.party.split()), default=0), 14, 20)
    who += 4 if width >= WIDEST - 20 else 0
    value = max((len(t) for row in rows for t in (row.value, row.spread, row.test)), default=0)
    value = bounded(value, len("Value, 5-95 %"), 26)
    rest = width - who - value - MARGIN - 4 * GUTTER
    statement = round(rest * 0.56)
    widths = (statement, who, MARGIN, value, rest - statement)
    table = Table(box=box.ASCII2 if plain else box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.show_edge = False  # the header's line is all there is
    for name, columns in zip(
        ("Claim", "Who", "Verdict", "Value, 5-95 %", "What decides"), widths, strict=True
    ):
        table.add_column(name, width=columns, no_wrap=True)
    for number, row in enumerate(rows):
        if number:
            table.add_row()
        figures = [(row.value, "bold"), (row.spread, ""), (row.test, "dim")]
        table.add_row(
            text(broken(row.statement, statement)),
            text(broken(row.party, who)),
            text(row.verdict),
            text([line for line in figures if line[0]]),
            text(broken(row.decides, widths[4])),
        )
    return table


def stacked(rows: list[Row], width: int) -> Table:
    """The verdict in the margin; the statement, who with the value, and what decides beneath each other."""
    from rich.table import Table

    table = Table.grid(padding=(0, GUTTER, 0, 0), pad_edge=False)
    room = width - MARGIN - GUTTER
    table.add_column(width=MARGIN, no_wrap=True)
    table.add_column(width=room, no_wrap=True)
    for row in rows:
        spread = f" ({row.spread})" if row.spread else ""
        lines = broken(row.statement, room, "bold")
        lines += broken(f"{row.party}. Computed: {row.value}{spread}; {row.test}", room)
        lines += broken(f"Decides: {row.decides}", room, "dim")
        table.add_row()
        table.add_row(text(row.verdict), text(lines))
    table.add_row()
    return table


def bounded(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def broken(words: str, columns: int, style: str = "") -> list[Line]:
    """A text in lines, broken at plain spaces; a word longer than the line is the only thing ever split."""
    return [(line, style) for line in textwrap.wrap(words, columns, break_on_hyphens=False)]


def text(lines: list[Line]) -> Text:
    """Lines with their styles as one cell; spaces that must not break have done their work."""
    from rich.text import Text

    return Text("\n").join(Text(line.replace(NO_BREAK, " "), style) for line, style in lines)


def in_ascii(words: str) -> str:
    """Typographic signs written with ASCII ones."""
    return words.translate(ASCII_SIGNS).encode("ascii", "replace").decode()


def why(claim: ClaimResult) -> str:
    """What decides a claim; and where it is undecided, by whose figures it holds and by whose it does not."""
    parts = [wording.decides(claim, NO_BREAK)]
    if claim.verdict == "undecided":
        for verdict, words in (("supported", "holds by the figures of"), ("refuted", "fails by those of")):
            names = [each.viewpoint for each in claim.standpoints if each.touches and each.verdict == verdict]
            if names:
                more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
                parts.append(f"{words} {', '.join(names[:MOST_NAMED])}{more}")
    return "; ".join(parts)


def on_the_whole(assessment: Assessment) -> list[str]:
    """What decides the dossier as a whole, and which disclosure would settle most of it: a line each."""
    lines = []
    deciding = [
        f"{wording.parameter_name(each.parameter)} ({numbers.share(each.share, NO_BREAK)})"
        for each in assessment.deciders[:MOST_NAMED]
    ]
    if deciding:
        lines.append(f"What decides most, over all claims: {', '.join(deciding)}.")
    worth = [each for each in assessment.disclosures if each.drop_ci[0] > 0.0]
    if worth:
        settled = ", ".join(
            f"{wording.parameter_name(each.parameter)} ({each.drop:.1g})" for each in worth[:MOST_NAMED]
        )
        lines.append(
            f"Of {assessment.undecidedness:.2g} verdicts that are to be expected wrong, publication would "
            f"settle: {settled}."
        )
    return lines


def closing(assessment: Assessment) -> str:
    counts = Counter(claim.verdict for claim in assessment.claims)
    verdicts = ", ".join(f"{counts[v]} {v}" for v in wording.VERDICT_SHAPES if counts[v])
    drawn = f"{assessment.samples:,} samples over the published ranges"
    lines = [
        f"{verdicts or 'no claims'}; {drawn}, seed {assessment.seed}, {assessment.seconds:.1f} s",
        "Ranges are 5 to 95 % of the samples; an undecided claim holds in the share of them given below it.",
    ]
    return "\n".join(lines + [written.replace(NO_BREAK, " ") for written in on_the_whole(assessment)])
