"""A small dossier with a joint record, and assessments of it made up verdict by verdict."""

from __future__ import annotations

from pathlib import Path

from midcourse.analysis.assessment import (
    Assessment,
    ClaimResult,
    Decider,
    Disclosure,
    ParameterRow,
    Standpoint,
    Verdict,
)
from midcourse.dossier import Dossier, load, new

SECRET = "interceptor.gbi-2-stage.payload"
PUBLISHED = "motor.orion-50s-xlg.thrust"
PROBABILITIES: dict[Verdict, float] = {"supported": 0.97, "refuted": 0.02, "undecided": 0.4}

RECORD = """\
[party.alpha]
name = "Republic of Alpha"
short = "Alpha"

[party.beta]
name = "Kingdom of Beta"

[party.gamma]
name = "Gamma"

[source.speech]
title = "Speech <on> the site & its radar"
publisher = "The Herald"
date = "2007-05-01"
url = "https://example.org/speech"
note = "Read in quotation."

[element.site]
title = "The site"
kind = "site"
what = "Ten interceptors stand there."
architecture = ["my-shield"]
source = "speech"

[element.watching]
title = "Officers who watch"
kind = "access"
what = "Officers of Beta are at the site."
source = "my-estimate"

[element.talks]
title = "Talks"
kind = "procedure"
what = "The parties talk."
source = "speech"

[position.alpha-site]
party = "alpha"
element = "site"
speaker = "A minister"
stance = "supports"
statement = "It defends us, and nothing else."
date = "2007-05-01"
rests_on = "facts"
reason = "What it reaches."
premises = ["it-defends"]
source = "speech"

[position.beta-site]
party = "beta"
element = "site"
stance = "opposes"
statement = "It is faster than is said, and so reaches ours."
date = "2007-06"
rests_on = "facts"
reason = "How fast it is."
premises = ["it-is-fast"]
source = "speech"

[position.beta-watching]
party = "beta"
element = "watching"
stance = "asks"
statement = "We must see what happens there."
date = "2007-06-02"
rests_on = "facts"
reason = "How fast it is."
premises = ["it-is-fast"]
source = "my-estimate"

[position.gamma-watching]
party = "gamma"
element = "watching"
stance = "opposes"
statement = "No officers on our ground."
date = "2007-06-03"
rests_on = "values"
reason = "It is our ground."
source = "speech"

[position.alpha-talks]
party = "alpha"
element = "talks"
stance = "offers"
statement = "Let us talk."
date = "2007-07-01"
rests_on = "values"
reason = "A common wish."
source = "speech"

[position.beta-talks]
party = "beta"
element = "talks"
stance = "supports"
statement = "We shall."
date = "2007-07-02"
rests_on = "values"
reason = "A common wish."
source = "speech"
"""


def recorded(folder: Path, *changes: tuple[str, str]) -> Dossier:
    """The dossier that ``midcourse new`` starts, with the record above, some parts of it replaced."""
    text = RECORD
    for old, by in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, by)
    if not folder.exists():
        new(folder)
    (folder / "record.toml").write_text(text, encoding="utf-8")
    return load(folder)


def assessed(
    dossier: Dossier, verdicts: dict[str, Verdict] | None = None, disclosures: list[Disclosure] | None = None
) -> Assessment:
    """An assessment of a dossier with these verdicts, every other claim refuted."""
    header = dossier.dossier
    assert header is not None
    rows = [
        ParameterRow(SECRET, 120.0, 64.0, 300.0, "kg", "my-estimate", "", undisclosed=True),
        ParameterRow(PUBLISHED, 196.0, 190.0, 200.0, "kN", "my-estimate", ""),
    ]
    return Assessment(
        dossier=header.name,
        title=header.title,
        summary=header.summary,
        date=header.date,
        version="1.2.3",
        seed=7,
        samples=64,
        hash=dossier.hash,
        command="midcourse framework",
        seconds=1.0,
        claims=[result(dossier, name, (verdicts or {}).get(name, "refuted")) for name in dossier.claim],
        parameters=rows,
        disclosures=disclosures or [],
    )


def result(dossier: Dossier, name: str, verdict: Verdict) -> ClaimResult:
    claim = dossier.claim[name]
    probability = PROBABILITIES[verdict]
    return ClaimResult(
        id=name,
        party=claim.party,
        statement=claim.statement,
        source=dossier.cite(claim.source),
        source_url=None,
        quantity=claim.quantity,
        unit="km/s",
        method="By its motors.",
        holds=claim.holds,
        threshold=7.7,
        reason=claim.reason,
        value=8.0,
        low=6.5,
        high=8.9,
        verdict=verdict,
        probability=probability,
        probability_ci=(max(0.0, probability - 0.02), min(1.0, probability + 0.02)),
        decided_by=[Decider(PUBLISHED, 0.6, 195.0, "kN"), Decider(SECRET, 0.3, None, "kg")],
        samples=64,
        standpoints=[
            Standpoint(
                "theirs", "Their own figures", "", True, 8.5, 8.0, 9.0, "supported", 0.99, (0.95, 1.0)
            ),
            Standpoint("other", "Other figures", "", False, 8.0, 6.5, 8.9, verdict, 0.5, (0.4, 0.6)),
        ],
    )
