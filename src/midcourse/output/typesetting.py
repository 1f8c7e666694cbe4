"""PDF documents: a typst template of this package, filled with data and pictures.

The template gets its data as JSON, and so takes every text as it stands: none is ever read as markup.
Nothing is fetched; the typeface comes with the package, and the reader's own fonts stand in for letters that
it lacks.
"""

from __future__ import annotations

import html
import json
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

FAMILY = "Midcourse Sans"


class TypesettingError(RuntimeError):
    """A document could not be typeset; the message says why, in one line."""


def typeset(template: str, data: Mapping[str, Any], pictures: Mapping[str, str] | None = None) -> bytes:
    """A document as PDF, the same bytes for the same input.

    Parameters
    ----------
    template : name of a template beside ``base.typ``, which it may import: ``"report.typ"``
    data : what ``json("data.json")`` gives in the template
    pictures : SVG by name; ``"map"`` is ``image("map.svg")`` in the template
    """
    try:
        import typst
    except ImportError as error:
        raise TypesettingError(
            f"no PDF was written: typst, which makes it, cannot be loaded ({error})"
        ) from error
    shipped = resources.files("midcourse.output") / "templates"
    # A document of several files is a dictionary to typst; its type stubs do not say so.
    files: Any = {each.name: each.read_bytes() for each in shipped.iterdir() if each.name.endswith(".typ")}
    if template not in files:
        raise TypesettingError(f"there is no template {template}")
    files["main.typ"] = files[template]
    files["data.json"] = json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    files |= {f"{name}.svg": in_typeface(svg).encode() for name, svg in (pictures or {}).items()}
    try:
        made: bytes
        made, complaints = typst.compile_with_warnings(files, font_paths=fonts(), timestamp=0)
    except typst.TypstError as error:
        raise TypesettingError(f"no PDF was written: {' '.join(str(error).split())}") from error
    for complaint in complaints:
        warnings.warn(f"{template}: {complaint}", stacklevel=2)
    return made


def in_typeface(svg: str) -> str:
    """A picture in the document's own typeface, whatever list of fonts it names for the screen."""
    return re.sub(r'font-family="[^"]*"', f'font-family="{FAMILY}"', svg)


def title_of(svg: str) -> str:
    """A picture in words, for those who cannot see it: its title."""
    found = re.search(r"<title[^>]*>(.*?)</title>", svg, re.DOTALL)
    return html.unescape(found[1]) if found else ""


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The package's typeface, and behind it what the machine has."""
    import typst

    with resources.as_file(resources.files("midcourse.output") / "data" / "fonts") as folder:
        return typst.Fonts(font_paths=[folder])


def png_of(svg: str, *, scale: float = 2.0) -> bytes:
    """A picture as PNG, ``scale`` dots to each of its px; the same bytes for the same input."""
    import typst

    # A px of the picture is a point of the page, of which an inch has 72.
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")'
    files: Any = {"main.typ": page, "picture.svg": _in_points(in_typeface(svg)).encode()}
    try:
        made: bytes = typst.compile(files, format="png", ppi=72.0 * scale, font_paths=fonts(), timestamp=0)
    except typst.TypstError as error:
        raise TypesettingError(f"no PNG was written: {' '.join(str(error).split())}") from error
    return made


def _in_points(svg: str) -> str:
    """A picture whose size is written in points, so that typst, to which a px is 1/96 inch, keeps it."""
    return re.sub(r'(<svg[^>]*? width="[\d.]+)("[^>]*? height="[\d.]+)(")', r"\1pt\2pt\3", svg, count=1)
