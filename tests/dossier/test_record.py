"""Parties, elements and positions are read strictly, and refused in one line that names file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from midcourse.dossier import Dossier, InputError, load

from .conftest import SMALL

RECORD = """
[party.alpha]
name = "Alpha"

[party.beta]
name = "Beta"

[element.site]
title = "The site"
kind = "site"
what = "Ten interceptors stand there."
architecture = "more"
radar = ["emr"]
source = "slides"

[position.alpha-site]
party = "alpha"
element = "site"
stance = "supports"
statement = "It defends us."
date = 2007-05-01
rests_on = "values"
reason = "We want it."
source = "slides"

[position.beta-site]
party = "beta"
element = "site"
stance = "opposes"
statement = "It reaches ours."
date = "2007-06"
rests_on = "both"
reason = "What it reaches."
premises = "catch"
untested = ["It will be made larger."]
source = "slides"

[position.beta-site-2008]
party = "beta"
element = "site"
stance = "conditional"
statement = "If we may look."
date = "2008"
rests_on = "facts"
reason = "What it reaches."
denies = ["catch"]
source = "slides"
"""


def read(folder: Path, old: str = "", new: str = "") -> Dossier:
    assert not old or RECORD.count(old) == 1, f"{old!r} stands {RECORD.count(old)} times"
    text = SMALL + (RECORD.replace(old, new) if old else RECORD)
    (folder / "dossier.toml").write_text(text, encoding="utf-8")
    return load(folder)


def test_a_record_is_read(tmp_path: Path) -> None:
    small = read(tmp_path)
    assert small.party["alpha"].name == "Alpha"
    assert small.element["site"].architecture == ("more",)
    assert small.position["alpha-site"].date == "2007-05-01"
    assert small.position["beta-site"].premises == ("catch",)
    assert small.position["beta-site-2008"].denies == ("catch",)


def test_positions_are_content(tmp_path: Path) -> None:
    before = read(tmp_path).hash
    assert read(tmp_path, "If we may look.", "If we may look closely.").hash != before


CASES = {
    "unknown claim": (
        'premises = "catch"',
        'premises = "cach"',
        "beta-site.premises.1",
        ['unknown claim: "cach"', 'mean "catch"?'],
    ),
    "unknown denied claim": (
        'denies = ["catch"]',
        'denies = ["catsh"]',
        "denies.1",
        ['unknown claim: "catsh"'],
    ),
    "unknown element": (
        'element = "site"\nstance = "supports"',
        'element = "sight"\nstance = "supports"',
        "(position.alpha-site.element)",
        ['unknown element: "sight"', 'mean "site"?'],
    ),
    "unknown party": (
        'party = "alpha"',
        'party = "alfa"',
        "(position.alpha-site.party)",
        ['unknown party: "alfa"', 'mean "alpha"?'],
    ),
    "unknown radar": (
        'radar = ["emr"]',
        'radar = ["emrr"]',
        "(element.site.radar.1)",
        ['unknown radar: "emrr"', 'mean "emr"?'],
    ),
    "unknown architecture": (
        'architecture = "more"',
        'architecture = "mor"',
        "(element.site.architecture.1)",
        ['mean "more"?'],
    ),
    "no party": (
        'party = "alpha"\n',
        "",
        "(position.alpha-site",
        ['missing key: "party"', "name of a party"],
    ),
    "no source": (
        'reason = "We want it."\nsource = "slides"',
        'reason = "We want it."',
        "(position.alpha-site",
        ["missing source"],
    ),
    "no source of an element": (
        'radar = ["emr"]\nsource = "slides"',
        'radar = ["emr"]',
        "(element.site",
        ["missing source"],
    ),
    "unknown source": (
        'reason = "We want it."\nsource = "slides"',
        'reason = "We want it."\nsource = "slide"',
        "(position.alpha-site.source)",
        ['unknown source: "slide"', 'mean "slides"?'],
    ),
    "unknown stance": (
        'stance = "supports"',
        'stance = "suports"',
        "(position.alpha-site.stance)",
        ['"suports"', 'mean "supports"?'],
    ),
    "unknown kind": ('kind = "site"', 'kind = "sites"', "(element.site.kind)", ['"sites"', '"site"']),
    "unknown key": ('what = "Ten', 'wat = "Ten', "(element.site.wat)", ["unknown key", '"what"?']),
    "not a date": (
        'date = "2007-06"',
        'date = "June 2007"',
        "(position.beta-site.date)",
        ['"June 2007" is not a date', "2007-10-12"],
    ),
    "no such day": (
        'date = "2007-06"',
        'date = "2007-02-30"',
        "(position.beta-site.date)",
        ['"2007-02-30" is not a date'],
    ),
    "values with facts": (
        'rests_on = "both"',
        'rests_on = "values"',
        "(position.beta-site.premises)",
        ["rests on values names facts", "both"],
    ),
    "facts without any": (
        'rests_on = "values"',
        'rests_on = "facts"',
        "(position.alpha-site.rests_on)",
        ["rests on facts names none"],
    ),
    "premise and denied": (
        'denies = ["catch"]',
        'denies = ["catch"]\npremises = ["catch"]',
        "(position.beta-site-2008.denies)",
        ["both a premise and denied"],
    ),
    "silent party": (
        "[party.beta]",
        '[party.gamma]\nname = "Gamma"\n[party.beta]',
        "(party.gamma)",
        ['party "gamma" says nothing', "[position.NAME]"],
    ),
    "element of nobody": (
        "[element.site]",
        '[element.door]\ntitle = "d"\nkind = "limit"\nwhat = "w"\nsource = "slides"\n[element.site]',
        "(element.door)",
        ['nobody takes a position on "door"'],
    ),
    "dates that do not order": (
        'date = "2008"',
        'date = "2007-06-04"',
        "(position.beta-site-2008.date)",
        ["does not tell whether", "position.beta-site"],
    ),
    "an empty statement": (
        'statement = "It defends us."',
        'statement = " "',
        "(position.alpha-site.statement)",
        ["an empty text"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_refused(tmp_path: Path, name: str) -> None:
    old, new, place, parts = CASES[name]
    with pytest.raises(InputError) as caught:
        read(tmp_path, old, new)
    message = str(caught.value)
    assert "\n" not in message
    assert re.match(re.escape(str(tmp_path / "dossier.toml")) + r":\d+ ", message), message
    assert place in message, message
    for part in parts:
        assert part in message, message


def test_the_line_is_that_of_the_key(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, 'date = "2007-06"', 'date = "yesterday"')
    line = int(re.findall(r":(\d+) ", str(caught.value))[0])
    text = (tmp_path / "dossier.toml").read_text(encoding="utf-8").splitlines()
    assert text[line - 1] == 'date = "yesterday"'
