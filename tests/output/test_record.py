"""The joint record: JSON under its schema, HTML and PDF with the same content, all of it or nothing."""

from __future__ import annotations

import io
import json
import os
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from pypdf import PdfReader
from rich.console import Console

from midcourse.analysis.assessment import Disclosure, Verdict
from midcourse.dossier import Dossier, InputError
from midcourse.output.files import write_together
from midcourse.output.record import wording
from midcourse.output.record.composing import compose
from midcourse.output.record.document import Document
from midcourse.output.record.terminal import print_record
from midcourse.output.record.writing import (
    SHIPPED_SCHEMA,
    record_dict,
    record_html,
    record_json,
    record_pdf,
    schema_json,
    write_record,
)
from midcourse.study.moved import moved
from midcourse.study.record import About, record

from ..recorded import SECRET, assessed, recorded

VERDICTS: dict[str, Verdict] = {"it-is-fast": "undecided", "it-defends": "supported"}
KNOWN = [Disclosure(SECRET, 0.3, (0.2, 0.4), [("it-is-fast", 0.3)])]
COMMAND = "midcourse framework mine --samples 64"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recorded") / "dossier"


@pytest.fixture(scope="module")
def small(folder: Path) -> Dossier:
    return recorded(folder)


@pytest.fixture(scope="module")
def plain(small: Dossier) -> Document:
    return compose(record(small, assessed(small, VERDICTS, KNOWN)), COMMAND)


@pytest.fixture(scope="module")
def compared(small: Dossier) -> Document:
    old = small.with_overrides({SECRET: "200 kg"})
    before = record(old, assessed(old, {"it-is-fast": "refuted"}))
    after = record(small, assessed(small, VERDICTS))
    return compose(after, COMMAND, moved(after, before), ("last year's", old))


@pytest.fixture(scope="module")
def built_in(third_site: Dossier) -> Document:
    return compose(record(third_site, assessed(third_site, {"moscow-can-engage": "supported"})), COMMAND)


@pytest.fixture(params=["plain", "compared", "built_in"])
def document(request: pytest.FixtureRequest) -> Document:
    found: Document = request.getfixturevalue(request.param)
    return found


def flat(text: str) -> str:
    """Letters and digits alone: neither line breaks nor hyphenation matter."""
    return re.sub(r"[^\w]", "", text)


def html_text(document: Document) -> str:
    return flat(unescape(re.sub(r"<[^>]*>", "", record_html(document).split("</style>")[1])))


def pdf_text(document: Document) -> str:
    pages = PdfReader(io.BytesIO(record_pdf(document))).pages
    footer = re.compile(r"Joint record: .*?\d+ / \d+\s*$", re.DOTALL)
    return flat("".join(footer.sub("", page.extract_text()) for page in pages))


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SHIPPED_SCHEMA.read_text(encoding="utf-8"))
    return found


def test_the_schema_ships_as_it_is() -> None:
    """Else: python scripts/make_schema.py"""
    Draft202012Validator.check_schema(schema())
    assert SHIPPED_SCHEMA.read_text(encoding="utf-8") == schema_json()
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_json_keeps_to_the_schema(document: Document) -> None:
    Draft202012Validator(schema()).validate(json.loads(record_json(document)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("elements"),
        lambda d: d["elements"][0].update(kind="castle"),
        lambda d: d["elements"][0]["positions"][0].update(stance="shrugs"),
        lambda d: d["elements"][0]["differences"][0].update(about="nonsense"),
        lambda d: d["premises"][0].update(probability=1.5),
        lambda d: d["premises"][0].update(verdict="maybe"),
        lambda d: d.update(mood="good"),
    ],
)
def test_the_schema_refuses(plain: Document, spoil: Any) -> None:
    spoilt = record_dict(plain)
    spoil(spoilt)
    with pytest.raises(ValidationError):
        Draft202012Validator(schema()).validate(spoilt)


def test_the_rules_name_every_class() -> None:
    assert {about for about, _ in wording.RULES} == set(get_args(About)) == set(wording.ABOUT)


def test_print_says_what_the_json_says(document: Document) -> None:
    """Every position, source and finding, word by word, in HTML and on paper."""
    said = [document.title, document.purpose, document.made.command, document.made.hash]
    said += [text for _, text in wording.RULES]
    for element in document.elements:
        said += [element.title, element.what, *(each.text for each in element.agreements)]
        for position in element.positions:
            said += [position.statement, position.reason, position.date, position.speaker or ""]
            said += [*position.untested, wording.STANCES[position.stance]]
        for difference in element.differences:
            said += [difference.text, wording.ABOUT[difference.about]]
            said += [
                each.text for each in (*difference.premises, *difference.settled_by, *difference.untested)
            ]
    for premise in document.premises:
        said += [premise.statement, premise.verdict_text, premise.value_text, premise.test, premise.method]
        said += [each.text for each in (*premise.decided_by, *premise.standpoints)]
    for source in document.sources:
        said += [source.title, source.publisher or "", source.date or "", source.note or ""]
    said += [each.text for each in document.disclosures]
    if document.moved is not None:
        said += [document.moved.against, *(each.text for each in document.moved.verdicts)]
        said += [each.text for each in document.moved.differences]
        said += [edit.before for each in document.moved.entries for edit in each.edits]
    for where, text in (("HTML", html_text(document)), ("PDF", pdf_text(document))):
        for part in said:
            assert flat(part) in text, f"{where} lacks {part!r}"


def test_every_reference_leads_somewhere(document: Document) -> None:
    page = record_html(document)
    wanted = set(re.findall(r'href="#([^"]+)"', page))
    assert wanted <= set(re.findall(r'id="([^"]+)"', page))
    assert {source.key for source in document.sources} == {
        key for e in document.elements for key in (e.source, *(p.source for p in e.positions))
    }
    assert not re.search(r'(?:src|href)="(?!#|https?://)', page)


def test_what_is_written_in_a_dossier_stays_text(plain: Document) -> None:
    assert "Speech &lt;on&gt; the site &amp; its radar" in record_html(plain)


def test_an_address_that_is_none_is_no_link(small: Dossier) -> None:
    source = small.source["speech"].model_copy(update={"url": "javascript:alert(1)"})
    evil = replace(small, source={**small.source, "speech": source})
    page = record_html(compose(record(evil, assessed(evil)), COMMAND))
    assert "javascript:" not in page


def test_of_values_nothing_is_computed(document: Document) -> None:
    for element in document.elements:
        for difference in element.differences:
            if difference.about == "values":
                assert not difference.settled_by
                assert not difference.untested
                assert all(each.finding == "holds" for each in difference.premises)
                assert "computation has nothing to say" in difference.text
                assert not re.search(r"\d", difference.text)


def test_counts_add_up(document: Document) -> None:
    found = [difference.about for element in document.elements for difference in element.differences]
    for about in get_args(About):
        assert getattr(document.counts, about) == found.count(about)


def test_what_would_settle_it(plain: Document) -> None:
    (difference,) = plain.elements[0].differences
    (figure,) = difference.settled_by
    assert (figure.parameter, figure.undecided_before) == (SECRET, pytest.approx(0.4))
    assert figure.undecided_after == pytest.approx(0.1)
    assert "from 40\u202f% to 10\u202f%" in figure.text


def test_no_disclosure_is_said_to_be_none(small: Dossier) -> None:
    assessment = assessed(small, VERDICTS)
    del assessment.parameters[:]
    assert wording.NO_DISCLOSURE in unescape(record_html(compose(record(small, assessment), COMMAND)))


def test_standpoints_that_touch_a_claim_are_shown(plain: Document) -> None:
    assert [each.title for each in plain.premises[0].standpoints] == ["Their own figures"]


def test_what_moved(compared: Document) -> None:
    assert compared.moved is not None
    assert compared.moved.anything
    assert [(each.claim, each.before, each.after) for each in compared.moved.verdicts] == [
        ("it-defends", "refuted", "supported"),
        ("it-is-fast", "refuted", "undecided"),
    ]
    assert [(each.kind, each.id) for each in compared.moved.entries] == [("interceptor", "gbi-2-stage")]


def test_nothing_moved(small: Dossier) -> None:
    found = record(small, assessed(small, VERDICTS))
    same = compose(found, COMMAND, moved(found, found), ("itself", small))
    assert same.moved is not None
    assert not same.moved.anything
    assert "Nothing moved." in record_html(same)


def test_the_same_record_gives_the_same_bytes(plain: Document, small: Dossier) -> None:
    again = compose(record(small, assessed(small, VERDICTS, KNOWN)), COMMAND)
    assert record_json(again) == record_json(plain)
    assert record_html(again) == record_html(plain)
    assert record_pdf(again) == record_pdf(plain)


def test_the_pdf_brings_its_fonts(plain: Document) -> None:
    fonts = {
        font.get_object()["/BaseFont"]
        for page in PdfReader(io.BytesIO(record_pdf(plain))).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert all(re.match(r"/[A-Z]{6}\+", font) for font in fonts), fonts


@pytest.mark.parametrize("width", [60, 100, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_table(compared: Document, width: int, encoding: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=stream, width=width, force_terminal=True, color_system=None, legacy_windows=False)
    print_record(compared, console)
    stream.seek(0)
    lines = stream.read().splitlines()
    assert max(map(len, lines)) <= width
    words = flat("".join(lines))
    for element in compared.elements:
        assert flat(element.title)[:12] in words
    assert flat("Compared with last year's") in words


def test_all_files_or_none(plain: Document, tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    assert write_record(plain, out) == out / "framework.html"
    assert sorted(os.listdir(out)) == [
        "framework.html",
        "framework.json",
        "framework.pdf",
        "framework.schema.json",
    ]
    # One of the four cannot be put in place: none of the others is touched.
    (out / "framework.html").unlink()
    (out / "framework.html").mkdir()
    (out / "framework.json").write_text("kept", encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot write framework\.html"):
        write_record(plain, out)
    assert (out / "framework.json").read_text(encoding="utf-8") == "kept"
    assert len(os.listdir(out)) == 4


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}\.txt", fullmatch=True), st.text() | st.binary(), min_size=1)
)
def test_what_is_written_together_is_read_again(contents: dict[str, str | bytes]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        write_together(Path(folder), contents)
        assert {name: (Path(folder) / name).read_bytes() for name in os.listdir(folder)} == {
            name: text if isinstance(text, bytes) else text.encode() for name, text in contents.items()
        }
