"""The table in the terminal: each claim, who makes it, its verdict, its value with range, what decides."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from midcourse.analysis.assessment import Assessment, ClaimResult, Verdict
from midcourse.output import wording

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

NARROWEST = 72  # columns
WIDEST = 180
PIPED = 120  # columns when nothing tells the width
VERDICT_COLUMNS = 12  # columns
SEPARATORS = 12  # columns between the five and round them
LONGEST_STATEMENT = 4  # lines
ASCII_SIGNS = {
    ord(sign): plain
    for sign, plain in [
        *[("≥", ">="), ("≤", "<="), ("–", "-"), ("−", "-"), ("…", "..."), ("°", " deg"), ("×", "x")],
        *[("²", "^2"), ("³", "^3"), ("·", "*"), ("’", "'"), ("“", '"'), ("”", '"')],
    ]
}
VERDICT_STYLES: dict[Verdict, str] = {
    "supported": "bold green",
    "refuted": "bold red",
    "undecided": "bold yellow",
}


def print_assessment(assessment: Assessment, console: Console) -> None:
    """Print the title, the table of claims and the counts, as wide as the terminal."""
    width = table_width(console)
    written = in_ascii if console.options.ascii_only else str
    console.print()
    console.print(written(assessment.title), style="bold", width=width, highlight=False, markup=False)
    console.print(claims_table(assessment, console, width=width), width=width)
    console.print(closing(assessment), style="dim", width=width, highlight=False, markup=False)


def table_width(console: Console) -> int:
    """The terminal's width within reason; a pipe has none of its own, unless COLUMNS says so."""
    if not console.is_terminal and "COLUMNS" not in console._environ:
        return PIPED
    return max(NARROWEST, min(console.width, WIDEST))


def claims_table(assessment: Assessment, console: Console, *, width: int) -> Table:
    """The claims as rows; lines and signs are plain ASCII where the terminal knows no more."""
    from rich import box
    from rich.table import Table

    plain = console.options.ascii_only
    widths = column_widths(assessment.claims, width)
    table = Table(box=box.ASCII2 if plain else box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name, columns in zip(
        ("Claim", "Who", "Verdict", "Value, 5-95 %", "What decides"), widths, strict=True
    ):
        table.add_column(name, width=columns)
    for number, claim in enumerate(assessment.claims):
        if number:
            table.add_row()
        table.add_row(*cells(claim, widths[0], plain=plain))
    return table


def column_widths(claims: list[ClaimResult], width: int) -> list[int]:
    """Who and value take what they need; the statement and what decides share the rest."""
    who = min(max((len(word) for claim in claims for word in claim.party.split()), default=8), 16)
    value = min(max((len(line) for c in claims for line in value_lines(c)), default=14), 26)
    value = max(value, len("Value, 5-95 %"))
    rest = width - who - value - VERDICT_COLUMNS - SEPARATORS
    statement = round(rest * 0.56)
    return [statement, who, VERDICT_COLUMNS, value, rest - statement]


def value_lines(claim: ClaimResult) -> list[str]:
    lines = (
        wording.value(claim, " "),
        wording.value_range(claim, " "),
        f"needs {wording.threshold(claim, ' ')}",
    )
    return [line for line in lines if line]


def cells(claim: ClaimResult, statement_columns: int, *, plain: bool) -> list[Text]:
    from rich.text import Text

    signs = wording.VERDICT_LETTERS if plain else wording.VERDICT_SHAPES
    verdict = Text(f"{signs[claim.verdict]} {claim.verdict}", VERDICT_STYLES[claim.verdict])
    if claim.verdict == "undecided":
        verdict += Text(f"\n  holds {wording.probability(claim, '')}", "not bold")
    value, *spread, needed = value_lines(claim)
    texts = [
        Text(shortened(claim.statement, statement_columns * LONGEST_STATEMENT)),
        Text(claim.party),
        verdict,
        Text(value, "bold")
        + Text("".join(f"\n{line}" for line in spread), "not bold")
        + Text(f"\n{needed}", "not bold dim"),
        Text(wording.decides(claim, " ")),
    ]
    return [as_ascii(text) for text in texts] if plain else texts


def shortened(text: str, room: int) -> str:
    """A text cut at a word's end to fit into so many characters."""
    if len(text) <= room:
        return text
    return f"{text[: room - 1].rpartition(' ')[0].rstrip(',;:')}…"


def as_ascii(text: Text) -> Text:
    """A styled text in signs that every terminal knows."""
    text.plain = in_ascii(text.plain)
    return text


def in_ascii(text: str) -> str:
    """Typographic signs written with ASCII ones."""
    return text.translate(ASCII_SIGNS).encode("ascii", "replace").decode()


def closing(assessment: Assessment) -> str:
    counts = Counter(claim.verdict for claim in assessment.claims)
    verdicts = ", ".join(f"{counts[v]} {v}" for v in wording.VERDICT_SHAPES if counts[v])
    return (
        f"{verdicts or 'no claims'}; {assessment.samples} samples over the published ranges, "
        f"seed {assessment.seed}, {assessment.seconds:.1f} s"
    )
