"""Typesetting: the same bytes each time, in the package's own typeface, and a plain word when it fails."""

from __future__ import annotations

import io
from importlib import resources

import pypdf
import pytest

from midcourse.output import typesetting
from midcourse.output.typesetting import TypesettingError, in_typeface, title_of, typeset


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = typeset("base.typ", {"a": 1}), typeset("base.typ", {"a": 1})
    assert first == second
    assert len(pypdf.PdfReader(io.BytesIO(first)).pages) == 1


def test_a_template_that_is_not_there_is_named() -> None:
    with pytest.raises(TypesettingError, match=r"no template nothing\.typ"):
        typeset("nothing.typ", {})


def test_the_typeface_comes_with_the_package_and_its_licence() -> None:
    assert typesetting.FAMILY in typesetting.fonts().families()
    licence = (resources.files("midcourse.output") / "data" / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_pictures_take_the_documents_typeface() -> None:
    svg = '<svg font-family="system-ui, \'Segoe UI\', sans-serif"><text font-family="Arial">x</text></svg>'
    assert in_typeface(svg).count(f'font-family="{typesetting.FAMILY}"') == 2
    assert "Arial" not in in_typeface(svg)


def test_a_picture_is_known_by_its_title() -> None:
    assert (
        title_of("<svg><title id='a'>Speed &lt; 6 km/s\n</title><g><title>b</title></g></svg>").strip()
        == "Speed < 6 km/s"
    )
    assert title_of("<svg/>") == ""
